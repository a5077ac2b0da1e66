package openbadges

import "github.com/accolade-badges/accolade/openbadges/strictjson"

// EndorsementCredential is a credential by which one party recommends an
// achievement, a badge or an issuer. Section "EndorsementCredential". Context,
// ID, Type, Name, Issuer, ValidFrom and Subject are required.
type EndorsementCredential struct {
	Context          Contexts               `json:"@context,omitempty"`
	ID               string                 `json:"id,omitempty"`
	Type             List[string]           `json:"type,omitempty"`
	Name             string                 `json:"name,omitempty"`
	Description      string                 `json:"description,omitempty"`
	Subject          EndorsementSubject     `json:"credentialSubject"`
	AwardedDate      DateTime               `json:"awardedDate,omitempty"`
	Issuer           Profile                `json:"issuer"`
	ValidFrom        DateTime               `json:"validFrom,omitempty"`
	ValidUntil       DateTime               `json:"validUntil,omitempty"`
	IssuanceDate     DateTime               `json:"issuanceDate,omitempty"`
	ExpirationDate   DateTime               `json:"expirationDate,omitempty"`
	CredentialStatus Some[CredentialStatus] `json:"credentialStatus,omitempty"`
	RefreshService   Some[RefreshService]   `json:"refreshService,omitempty"`
	CredentialSchema List[CredentialSchema] `json:"credentialSchema,omitempty"`
	TermsOfUse       List[TermsOfUse]       `json:"termsOfUse,omitempty"`
	Proof            List[strictjson.Value] `json:"proof,omitempty"`
}

// From returns when the endorsement begins to hold, in either form.
func (c *EndorsementCredential) From() DateTime { return either(c.ValidFrom, c.IssuanceDate) }

// Until returns when it ceases to hold, "" for never, in either form.
func (c *EndorsementCredential) Until() DateTime { return either(c.ValidUntil, c.ExpirationDate) }

// EndorsementSubject is what is endorsed, by its id, and what is said of it.
// Section "EndorsementSubject". ID and Type are required.
type EndorsementSubject struct {
	ID                 string       `json:"id,omitempty"`
	Type               List[string] `json:"type,omitempty"`
	EndorsementComment string       `json:"endorsementComment,omitempty"`
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]; of an array the first
// subject is kept.
func (s *EndorsementSubject) UnmarshalJSON(data []byte) error {
	type plain EndorsementSubject
	return unmarshalFirst(data, (*plain)(s), nil)
}
