package issuer

import (
	"github.com/accolade-badges/accolade/issuer/catalogue"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/openbadges"
)

// ob2Contexts is the context of every OB 2.0 document.
func ob2Contexts() openbadges.Contexts { return openbadges.NewContexts(openbadges.ContextOB2) }

// hostedAssertion is the award as OB 2.0 hosts it (OB 2.0, Assertion).
func (s *Service) hostedAssertion(d draft) openbadges.OB2Assertion {
	a := s.assertion(d)
	a.Verification = openbadges.OB2Verification{Type: "HostedBadge"}
	return a
}

// signedAssertion is the payload of the award's OB 2.0 JWS; it verifies while
// the award is private.
func (s *Service) signedAssertion(d draft, key string) openbadges.OB2Assertion {
	a := s.assertion(d)
	a.Verification = openbadges.OB2Verification{Type: "SignedBadge", Creator: s.urls.OB2Key(key)}
	return a
}

func (s *Service) assertion(d draft) openbadges.OB2Assertion {
	recipient := openbadges.OB2Identity{
		Type: "email", Hashed: true, Salt: d.ids.salt, Identity: openbadges.HashIdentity(folded(d.award.Address), d.ids.salt),
	}
	if d.award.Address == "" { // by the opaque id that the OB 3.0 credential has for its subject
		recipient = openbadges.OB2Identity{Type: "id", Identity: d.ids.subject}
	}
	return openbadges.OB2Assertion{
		Context:   ob2Contexts(),
		ID:        s.urls.Assertion(d.award.ID),
		Type:      openbadges.Some[string]{"Assertion"},
		Recipient: recipient,
		Badge:     openbadges.OB2BadgeClass{ID: s.urls.BadgeClass(d.achievement.Slug)},
		IssuedOn:  openbadges.OB2DateTime(openbadges.At(d.award.AttainedAt)),
		Expires:   openbadges.OB2DateTime(openbadges.At(d.award.ExpiresAt)),
		Image:     &openbadges.OB2Image{ID: s.urls.Badge(d.award.ID, ".png")},
	}
}

// badgeClass is an achievement as OB 2.0 has it.
func (s *Service) badgeClass(is ledger.Issuer, a ledger.Achievement, f catalogue.AchievementFacts) openbadges.OB2BadgeClass {
	return openbadges.OB2BadgeClass{
		Context: ob2Contexts(), ID: s.urls.BadgeClass(a.Slug), Type: openbadges.Some[string]{"BadgeClass"},
		Name: f.Title, Description: f.Description, Tags: skillTexts(f),
		Image:    &openbadges.OB2Image{ID: s.urls.Achievement(a.Slug, "/image.png")},
		Criteria: &openbadges.OB2Criteria{ID: s.urls.Achievement(a.Slug, ""), Narrative: f.Criteria},
		Issuer:   &openbadges.OB2Profile{ID: s.urls.OB2Issuer(is.Slug)},
		Related: []openbadges.OB2Related{{
			ID: s.urls.Achievement(a.Slug, ""), Type: []string{"https://purl.imsglobal.org/spec/vc/ob/vocab.html#Achievement"}, Version: "Open Badges v3p0",
		}},
	}
}

// ob2Profile is the issuer as OB 2.0 has it, with every RSA key it ever had.
func (s *Service) ob2Profile(is ledger.Issuer, all []ledger.Key) openbadges.OB2Profile {
	var names openbadges.Some[openbadges.OB2Key]
	for _, k := range all {
		if signsOB2(k) {
			names = append(names, openbadges.OB2Key{ID: s.urls.OB2Key(k.Name)})
		}
	}
	return openbadges.OB2Profile{
		Context: ob2Contexts(), ID: s.urls.OB2Issuer(is.Slug), Type: openbadges.Some[string]{"Profile"},
		Name: is.Name, URL: is.URL, Email: is.Email, Description: is.Description,
		Image: &openbadges.OB2Image{ID: s.urls.Issuer(is.Slug, "/image.png")}, PublicKey: names,
		RevocationList: s.urls.OB2Revocations(is.Slug),
	}
}
