package openbadges

import "github.com/accolade-badges/accolade/openbadges/strictjson"

// The type names of credentials.
const (
	TypeVerifiableCredential   = "VerifiableCredential"
	TypeOpenBadgeCredential    = "OpenBadgeCredential"
	TypeAchievementCredential  = "AchievementCredential"
	TypeEndorsementCredential  = "EndorsementCredential"
	TypeClrCredential          = "ClrCredential"
	TypeVerifiablePresentation = "VerifiablePresentation"
)

// AchievementCredential is a badge: one achievement, one earner, one issuer.
// Section "AchievementCredential"; its alias is OpenBadgeCredential.
//
// Context, ID, Type, Issuer, ValidFrom and Subject are required. IssuanceDate
// and ExpirationDate belong to the form on VC Data Model 1.1, which is read and
// never written by this house; From and Until return whichever pair stands
// there.
type AchievementCredential struct {
	Context          Contexts                    `json:"@context,omitempty"`
	ID               string                      `json:"id,omitempty"`
	Type             List[string]                `json:"type,omitempty"`
	Name             string                      `json:"name,omitempty"`
	Description      string                      `json:"description,omitempty"`
	Image            *Image                      `json:"image,omitempty"`
	Issuer           Profile                     `json:"issuer"`
	ValidFrom        DateTime                    `json:"validFrom,omitempty"`
	ValidUntil       DateTime                    `json:"validUntil,omitempty"`
	AwardedDate      DateTime                    `json:"awardedDate,omitempty"`
	IssuanceDate     DateTime                    `json:"issuanceDate,omitempty"`
	ExpirationDate   DateTime                    `json:"expirationDate,omitempty"`
	Subject          AchievementSubject          `json:"credentialSubject"`
	Evidence         List[Evidence]              `json:"evidence,omitempty"`
	Endorsement      List[EndorsementCredential] `json:"endorsement,omitempty"`
	EndorsementJWT   List[string]                `json:"endorsementJwt,omitempty"`
	CredentialStatus Some[CredentialStatus]      `json:"credentialStatus,omitempty"`
	RefreshService   Some[RefreshService]        `json:"refreshService,omitempty"`
	CredentialSchema List[CredentialSchema]      `json:"credentialSchema,omitempty"`
	TermsOfUse       List[TermsOfUse]            `json:"termsOfUse,omitempty"`
	Proof            List[strictjson.Value]      `json:"proof,omitempty"`
}

// From returns when the credential begins to hold: validFrom, or issuanceDate
// in the form on VC Data Model 1.1.
func (c *AchievementCredential) From() DateTime { return either(c.ValidFrom, c.IssuanceDate) }

// Until returns when it ceases to hold, "" for never: validUntil, or
// expirationDate in the form on VC Data Model 1.1.
func (c *AchievementCredential) Until() DateTime { return either(c.ValidUntil, c.ExpirationDate) }

func either(a, b DateTime) DateTime {
	if a != "" {
		return a
	}
	return b
}
