package openbadges

import (
	"encoding/json"
	"reflect"
	"strconv"
	"time"
)

// The type names of Open Badges 2.0.
const (
	TypeOB2Assertion        = "Assertion"
	TypeOB2BadgeClass       = "BadgeClass"
	TypeOB2Profile          = "Profile"
	TypeOB2Issuer           = "Issuer"
	TypeOB2CryptographicKey = "CryptographicKey"
	TypeOB2RevocationList   = "RevocationList"
	TypeOB2Endorsement      = "Endorsement"
)

// OB2Assertion is a badge of version 2.0: one achievement, one earner. Open
// Badges 2.0, section "Assertion". Context, Type, ID, Recipient, Badge,
// Verification and IssuedOn are required.
type OB2Assertion struct {
	Context          Contexts             `json:"@context,omitempty"`
	Type             Some[string]         `json:"type,omitempty"`
	ID               string               `json:"id,omitempty"`
	UID              string               `json:"uid,omitempty"`
	Recipient        OB2Identity          `json:"recipient"`
	Badge            OB2BadgeClass        `json:"badge"`
	Verification     OB2Verification      `json:"verification"`
	IssuedOn         OB2DateTime          `json:"issuedOn,omitempty"`
	Expires          OB2DateTime          `json:"expires,omitempty"`
	Image            *OB2Image            `json:"image,omitempty"`
	Evidence         List[OB2Evidence]    `json:"evidence,omitempty"`
	Narrative        string               `json:"narrative,omitempty"`
	Related          List[OB2Related]     `json:"related,omitempty"`
	Endorsement      List[OB2Endorsement] `json:"endorsement,omitempty"`
	Revoked          bool                 `json:"revoked,omitempty"`
	RevocationReason string               `json:"revocationReason,omitempty"`
}

// UnmarshalJSON implements [json.Unmarshaler]. The alias verify is read as
// verification, a bare address as the id.
func (a *OB2Assertion) UnmarshalJSON(data []byte) error {
	type plain OB2Assertion
	in := struct {
		*plain
		Verify *OB2Verification `json:"verify"`
	}{plain: (*plain)(a)}
	err := unmarshalFirst(data, &in, func(s string) { a.ID = s })
	if in.Verify != nil && a.Verification.empty() {
		a.Verification = *in.Verify
	}
	return err
}

// MarshalJSON implements [json.Marshaler].
func (a OB2Assertion) MarshalJSON() ([]byte, error) {
	type plain OB2Assertion
	return marshal(plain(a))
}

// OB2DateTime is a moment as versions 2.0 and older spell it: ISO 8601, in 1.x
// also without time or zone, or seconds since 1970. A number is read and kept
// as its ISO form.
type OB2DateTime string

// UnmarshalJSON implements [json.Unmarshaler].
func (d *OB2DateTime) UnmarshalJSON(data []byte) error {
	if c := first(data); c != '"' && c != 'n' {
		var n json.Number
		if err := json.Unmarshal(data, &n); err != nil {
			return err
		}
		*d = OB2DateTime(n)
	} else if err := json.Unmarshal(data, (*string)(d)); err != nil {
		return err
	}
	if seconds, err := strconv.ParseInt(string(*d), 10, 64); err == nil && len(*d) > 4 {
		*d = OB2DateTime(At(time.Unix(seconds, 0)))
	}
	return nil
}

// Time returns the moment. What has no zone is taken for UTC, what has no time
// for midnight.
func (d OB2DateTime) Time() (time.Time, error) {
	for _, layout := range []string{
		time.RFC3339Nano, "2006-01-02T15:04:05.999999999Z0700", "2006-01-02T15:04Z07:00",
		"2006-01-02T15:04:05.999999999", "2006-01-02T15:04", time.DateOnly,
	} {
		if t, err := time.Parse(layout, string(d)); err == nil {
			return t.UTC(), nil
		}
	}
	return DateTime(d).Time()
}

// OB2Identity says who earned the badge. Open Badges 2.0, section
// "IdentityObject". Type and Identity are required; with Hashed, Identity is
// what [HashIdentity] gives.
type OB2Identity struct {
	Type     TypeName `json:"type"`
	Hashed   bool     `json:"hashed"`
	Salt     string   `json:"salt,omitempty"`
	Identity string   `json:"identity"`
}

// UnmarshalJSON implements [json.Unmarshaler]. A bare string, as in version
// 0.5, is taken for a plain address or a hash.
func (o *OB2Identity) UnmarshalJSON(data []byte) error {
	type plain OB2Identity
	in := struct {
		*plain
		Hashed looseBool `json:"hashed"`
	}{plain: (*plain)(o)}
	bare := false
	err := unmarshalFirst(data, &in, func(s string) {
		bare = true
		*o = legacyRecipient(s, "")
	})
	if !bare {
		o.Hashed = bool(in.Hashed)
	}
	return err
}

// Object returns o as the identity object of version 3.0, so that one
// [MatchIdentity] serves both.
func (o OB2Identity) Object() IdentityObject {
	kind := string(o.Type)
	if kind == "email" {
		kind = "emailAddress"
	}
	return IdentityObject{Type: "IdentityObject", Hashed: o.Hashed, IdentityHash: o.Identity, IdentityType: kind, Salt: o.Salt}
}

// OB2Verification says how an assertion, or all of a profile, is verified. Open
// Badges 2.0, section "VerificationObject". Type is HostedBadge or SignedBadge
// in an assertion (aliases hosted and signed); URL is that of versions 1.x;
// Creator names the signing key.
type OB2Verification struct {
	Type                 TypeName     `json:"type,omitempty"`
	URL                  string       `json:"url,omitempty"`
	Creator              string       `json:"creator,omitempty"`
	VerificationProperty string       `json:"verificationProperty,omitempty"`
	StartsWith           List[string] `json:"startsWith,omitempty"`
	AllowedOrigins       List[string] `json:"allowedOrigins,omitempty"`
}

// UnmarshalJSON implements [json.Unmarshaler]; a bare string is taken for the type.
func (v *OB2Verification) UnmarshalJSON(data []byte) error {
	type plain OB2Verification
	return unmarshalFirst(data, (*plain)(v), func(s string) { v.Type = TypeName(s) })
}

func (v *OB2Verification) empty() bool { return reflect.ValueOf(*v).IsZero() }

// Hosted tells whether the document is verified by fetching it from its issuer.
func (v OB2Verification) Hosted() bool { return v.Type == "HostedBadge" || v.Type == "hosted" }

// Signed tells whether the document is verified by its signature.
func (v OB2Verification) Signed() bool { return v.Type == "SignedBadge" || v.Type == "signed" }

// OB2Evidence is what the earner did or made. Open Badges 2.0, section
// "Evidence". One that has only an id is written as that address.
type OB2Evidence struct {
	ID          string       `json:"id,omitempty"`
	Type        Some[string] `json:"type,omitempty"`
	Narrative   string       `json:"narrative,omitempty"`
	Name        string       `json:"name,omitempty"`
	Description string       `json:"description,omitempty"`
	Genre       string       `json:"genre,omitempty"`
	Audience    string       `json:"audience,omitempty"`
}

// UnmarshalJSON implements [json.Unmarshaler]; a bare address is taken for the id.
func (e *OB2Evidence) UnmarshalJSON(data []byte) error {
	type plain OB2Evidence
	return unmarshalFirst(data, (*plain)(e), func(s string) { e.ID = s })
}

// MarshalJSON implements [json.Marshaler].
func (e OB2Evidence) MarshalJSON() ([]byte, error) {
	type plain OB2Evidence
	return marshalReference(e.ID, plain{ID: e.ID}, plain(e))
}

// OB2Image is a picture. Open Badges 2.0, section "Image". One that has only an
// id is written as that address.
type OB2Image struct {
	ID      string       `json:"id,omitempty"`
	Type    Some[string] `json:"type,omitempty"`
	Caption string       `json:"caption,omitempty"`
	Author  string       `json:"author,omitempty"`
}

// UnmarshalJSON implements [json.Unmarshaler]; a bare address is taken for the id.
func (i *OB2Image) UnmarshalJSON(data []byte) error {
	type plain OB2Image
	return unmarshalFirst(data, (*plain)(i), func(s string) { i.ID = s })
}

// MarshalJSON implements [json.Marshaler].
func (i OB2Image) MarshalJSON() ([]byte, error) {
	type plain OB2Image
	return marshalReference(i.ID, plain{ID: i.ID}, plain(i))
}

// OB2Related points at another edition of a document, such as its Open Badges
// 3.0 achievement.
type OB2Related struct {
	ID      string       `json:"id,omitempty"`
	Type    List[string] `json:"type,omitempty"`
	Version string       `json:"version,omitempty"`
}

// UnmarshalJSON implements [json.Unmarshaler]; a bare address is taken for the id.
func (r *OB2Related) UnmarshalJSON(data []byte) error {
	type plain OB2Related
	return unmarshalFirst(data, (*plain)(r), func(s string) { r.ID = s })
}

// marshalReference writes v as its bare id when nothing but the id is set.
func marshalReference[T any](id string, onlyID, v T) ([]byte, error) {
	if id != "" && reflect.DeepEqual(onlyID, v) {
		return marshal(id)
	}
	return marshal(v)
}
