package openbadges

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

// Assertion returns the typed view of an assertion of version 2.0, 1.1, 1.0 or
// 0.5, raised to the shape of 2.0 (the map is that of the reference validator of
// 2.0): uid and verify.url become the id, seconds become dates, a recipient
// that is a string becomes an identity, an inline badge with an origin becomes
// a badge class with its issuer. As with [Document.Credential] the view is
// never nil.
func (d *Document) Assertion() (*OB2Assertion, error) {
	if d.Version == OB05 {
		return d.raise05()
	}
	a, err := decode[OB2Assertion](d)
	if a.ID == "" {
		switch {
		case a.Verification.URL != "" && a.Verification.Hosted():
			a.ID = a.Verification.URL
		case a.UID != "":
			a.ID = "uid:" + a.UID
		}
	}
	if len(a.Type) == 0 {
		a.Type = Some[string]{TypeOB2Assertion}
	}
	return a, err
}

// BadgeClass returns the typed view of a badge class of version 2.0 or 1.x.
func (d *Document) BadgeClass() (*OB2BadgeClass, error) { return decode[OB2BadgeClass](d) }

// OB2Profile returns the typed view of a profile of version 2.0 or an
// organization of 1.x.
func (d *Document) OB2Profile() (*OB2Profile, error) { return decode[OB2Profile](d) }

// OB2Key returns the typed view of a key of version 2.0.
func (d *Document) OB2Key() (*OB2Key, error) { return decode[OB2Key](d) }

// OB2Endorsement returns the typed view of an endorsement of version 2.0.
func (d *Document) OB2Endorsement() (*OB2Endorsement, error) { return decode[OB2Endorsement](d) }

// assertion05 is the flat object of version 0.5.
type assertion05 struct {
	Recipient string      `json:"recipient"`
	Salt      string      `json:"salt"`
	Evidence  string      `json:"evidence"`
	Expires   OB2DateTime `json:"expires"`
	IssuedOn  OB2DateTime `json:"issued_on"`
	Badge     struct {
		Name        string `json:"name"`
		Image       string `json:"image"`
		Description string `json:"description"`
		Criteria    string `json:"criteria"`
		Issuer      struct {
			Origin  string `json:"origin"`
			Name    string `json:"name"`
			Org     string `json:"org"`
			Contact string `json:"contact"`
		} `json:"issuer"`
	} `json:"badge"`
}

func (d *Document) raise05() (*OB2Assertion, error) {
	var old assertion05
	err := json.Unmarshal(d.Raw, &old)
	if err != nil {
		err = fmt.Errorf("read assertion of version 0.5: %w", err)
	}
	b, origin := old.Badge, old.Badge.Issuer.Origin
	a := &OB2Assertion{
		Type:         Some[string]{TypeOB2Assertion},
		Recipient:    legacyRecipient(old.Recipient, old.Salt),
		IssuedOn:     old.IssuedOn,
		Expires:      old.Expires,
		Verification: OB2Verification{Type: "HostedBadge"},
		Badge: OB2BadgeClass{
			Type:        Some[string]{TypeOB2BadgeClass},
			Name:        b.Name,
			Description: b.Description,
			Issuer: &OB2Profile{
				Type:        Some[string]{TypeOB2Issuer},
				Name:        b.Issuer.Name,
				Description: b.Issuer.Org,
				URL:         origin,
				Email:       b.Issuer.Contact,
			},
		},
	}
	if b.Image != "" {
		a.Badge.Image = &OB2Image{ID: underOrigin(origin, b.Image)}
	}
	if b.Criteria != "" {
		a.Badge.Criteria = &OB2Criteria{ID: underOrigin(origin, b.Criteria)}
	}
	if old.Evidence != "" {
		a.Evidence = List[OB2Evidence]{{ID: underOrigin(origin, old.Evidence)}}
	}
	return a, err
}

// legacyRecipient reads the recipient of version 0.5: an address, or its hash.
func legacyRecipient(s, salt string) OB2Identity {
	return OB2Identity{Type: "email", Identity: s, Hashed: !strings.Contains(s, "@"), Salt: salt}
}

// underOrigin resolves an address of version 0.5, which may be a mere path on
// the issuer's origin.
func underOrigin(origin, address string) string {
	base, err := url.Parse(origin)
	if err != nil {
		return address
	}
	u, err := base.Parse(address)
	if err != nil {
		return address
	}
	return u.String()
}
