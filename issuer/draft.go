package issuer

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/accolade-badges/accolade/issuer/catalogue"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/openbadges"
)

// schemaURL is the schema that our credentials name, and conform to.
const schemaURL = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"

// subjectIDs are the opaque values of an edition.
type subjectIDs struct {
	subject string // urn:uuid:…, the same in all editions of an award
	salt    string // of the hashed address; never used again, for the address may be another one
}

// draft is everything that a credential is made of.
type draft struct {
	award       ledger.Award
	issuer      ledger.Issuer
	achievement ledger.Achievement
	facts       catalogue.AchievementFacts
	ids         subjectIDs
	validFrom   time.Time
	list        ledger.StatusList
	others      []hashedAddress // the candidate's addresses beside the award's
}

// hashedAddress is an address as a credential carries it.
type hashedAddress struct{ folded, salt string }

// newSubjectIDs makes the opaque values of an award's first edition.
func (s *Service) newSubjectIDs() subjectIDs {
	u := s.random(16)
	u[6], u[8] = u[6]&0x0f|0x40, u[8]&0x3f|0x80 // RFC 9562, version 4
	return subjectIDs{
		subject: fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:]),
		salt:    s.newSalt(),
	}
}

// newSalt makes the salt of one hashed address.
func (s *Service) newSalt() string { return hex.EncodeToString(s.random(16)) }

// credential builds the OB 3.0 AchievementCredential of a draft (OB 3.0, Data
// Models). It holds nothing that the programme did not decide to publish: no
// score, no plain address, no candidate number.
func (s *Service) credential(d draft) *openbadges.AchievementCredential {
	return &openbadges.AchievementCredential{
		Context:     openbadges.CredentialContexts(true),
		ID:          s.urls.Badge(d.award.ID, ""),
		Type:        []string{openbadges.TypeVerifiableCredential, openbadges.TypeOpenBadgeCredential},
		Name:        d.facts.Title,
		Image:       image(s.urls.Badge(d.award.ID, "/image.png"), d.facts.Title),
		Issuer:      s.profile(d.issuer),
		ValidFrom:   openbadges.At(d.validFrom),
		ValidUntil:  openbadges.At(d.award.ExpiresAt),
		AwardedDate: openbadges.At(d.award.AttainedAt),
		Subject: openbadges.AchievementSubject{
			ID:            d.ids.subject,
			Type:          []string{"AchievementSubject"},
			Identifier:    identifiers(d),
			Achievement:   s.achievement(d.issuer, d.achievement, d.facts),
			LicenseNumber: LicenceNumber(d.award.ID),
		},
		Evidence: []openbadges.Evidence{{
			ID:          s.urls.Assertion(d.award.ID),
			Type:        []string{"Evidence", "https://w3id.org/openbadges#Assertion"},
			Name:        "Open Badges 2.0 assertion",
			Description: "The same award as an Open Badges 2.0 assertion.",
		}},
		CredentialStatus: openbadges.Some[openbadges.CredentialStatus]{{
			ID:                   fmt.Sprintf("%s#%d", s.urls.Status(d.list.ID), d.award.StatusIndex),
			Type:                 openbadges.TypeBitstringStatusListEntry,
			StatusPurpose:        d.list.Purpose,
			StatusListIndex:      openbadges.Digits(fmt.Sprint(d.award.StatusIndex)),
			StatusListCredential: s.urls.Status(d.list.ID),
		}},
		RefreshService:   openbadges.Some[openbadges.RefreshService]{{ID: s.urls.Refresh(d.award.ID), Type: openbadges.TypeCredentialRefresh}},
		CredentialSchema: []openbadges.CredentialSchema{{ID: schemaURL, Type: openbadges.TypeSchemaValidator}},
	}
}

// identifiers say to whom it was issued: the name in clear, and every address,
// if any is known, hashed with a salt of its own.
func identifiers(d draft) []openbadges.IdentityObject {
	ids := []openbadges.IdentityObject{{
		Type: "IdentityObject", IdentityType: "name", Hashed: false, IdentityHash: d.award.Name,
	}}
	addresses := d.others
	if d.award.Address != "" {
		addresses = append([]hashedAddress{{folded(d.award.Address), d.ids.salt}}, d.others...)
	}
	for _, h := range addresses {
		ids = append(ids, openbadges.IdentityObject{
			Type: "IdentityObject", IdentityType: "emailAddress", Hashed: true,
			IdentityHash: openbadges.HashIdentity(h.folded, h.salt), Salt: h.salt,
		})
	}
	return ids
}

// folded is an address that was checked when it was recorded.
func folded(address string) string {
	f, err := FoldAddress(address)
	if err != nil {
		return address
	}
	return f
}

// otherAddresses salts the addresses beside the award's own: its candidate's, and
// those that its owner has it name.
func (s *Service) otherAddresses(ctx context.Context, tx *ledger.Tx, w ledger.Award) ([]hashedAddress, error) {
	all, err := tx.Addresses(ctx, w.Candidate)
	if err != nil {
		return nil, err
	}
	own, err := tx.TiedAddresses(ctx, w.ID)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{folded(w.Address): true}
	var others []hashedAddress
	for _, a := range append(all, own...) {
		if !seen[a.Folded] {
			seen[a.Folded] = true
			others = append(others, hashedAddress{a.Folded, s.newSalt()})
		}
	}
	return others, nil
}

// profile is the issuer as it stands in credentials.
func (s *Service) profile(is ledger.Issuer) openbadges.Profile {
	others := []openbadges.IdentifierEntry{{
		Type: "IdentifierEntry", Identifier: s.urls.OB2Issuer(is.Slug), IdentifierType: "identifier",
	}}
	if page := SettingsOf(is).LinkedInID; page != "" { // wallets find the issuer's logo by it
		others = append(others, openbadges.IdentifierEntry{
			Type: "IdentifierEntry", Identifier: page, IdentifierType: "ext:LinkedIn:organizationId",
		})
	}
	return openbadges.Profile{
		ID: is.ID, Type: []string{"Profile"}, Name: is.Name, URL: is.URL, Email: is.Email, Description: is.Description,
		Image:           image(s.urls.Issuer(is.Slug, "/image.png"), is.Name),
		OtherIdentifier: others,
	}
}

// achievement is what was achieved, as it stands in credentials and at its own
// address.
func (s *Service) achievement(is ledger.Issuer, a ledger.Achievement, f catalogue.AchievementFacts) openbadges.Achievement {
	kind := "Certification"
	if a.Kind == ledger.KindExam {
		kind = "Assessment"
	}
	language := ""
	if len(f.Languages) == 1 {
		language = f.Languages[0]
	}
	return openbadges.Achievement{
		ID: s.urls.Achievement(a.Slug, ""), Type: []string{"Achievement"}, AchievementType: kind,
		Name: f.Title, Description: f.Description, HumanCode: f.Code, InLanguage: language,
		Version:  fmt.Sprint(a.Version),
		Criteria: openbadges.Criteria{ID: s.urls.Achievement(a.Slug, ""), Narrative: f.Criteria},
		Image:    image(s.urls.Achievement(a.Slug, "/image.png"), f.Title),
		Tag:      skillTexts(f),
		Related: []openbadges.Related{{
			ID: s.urls.BadgeClass(a.Slug), Type: []string{"Related", "https://w3id.org/openbadges#BadgeClass"}, Version: "Open Badges v2p0",
		}},
	}
}

// skillTexts lists an achievement's skills, each once: equal tags say nothing
// more.
func skillTexts(f catalogue.AchievementFacts) []string {
	var list []string
	for _, k := range f.Skills {
		if !slices.Contains(list, k.Text) {
			list = append(list, k.Text)
		}
	}
	return list
}

func image(url, caption string) *openbadges.Image {
	return &openbadges.Image{ID: url, Type: "Image", Caption: caption}
}
