package openbadges

import "encoding/json"

// The types of status, refresh and schema entries that this house knows.
const (
	TypeBitstringStatusListEntry = "BitstringStatusListEntry"
	TypeStatusList2021Entry      = "StatusList2021Entry"
	TypeRevocationList           = "1EdTechRevocationList"
	TypeCredentialRefresh        = "1EdTechCredentialRefresh"
	TypeSchemaValidator          = "1EdTechJsonSchemaValidator2019"
)

// CredentialStatus says where the status of a credential is published. Section
// "CredentialStatus"; the members after Type are those of a
// BitstringStatusListEntry (Bitstring Status List v1.0, section 2.1). ID and
// Type are required. StatusListIndex is a decimal number as a string.
type CredentialStatus struct {
	ID                   string   `json:"id,omitempty"`
	Type                 TypeName `json:"type"`
	StatusPurpose        string   `json:"statusPurpose,omitempty"`
	StatusListIndex      Digits   `json:"statusListIndex,omitempty"`
	StatusListCredential string   `json:"statusListCredential,omitempty"`
}

// Digits is a whole number that the standard writes as a string. It is read
// from a number too.
type Digits string

// UnmarshalJSON implements [json.Unmarshaler].
func (d *Digits) UnmarshalJSON(data []byte) error {
	if first(data) == '"' {
		return json.Unmarshal(data, (*string)(d))
	}
	var n json.Number
	err := json.Unmarshal(data, &n)
	*d = Digits(n)
	return err
}

// RefreshService says where the newest edition of a credential is to be had.
// Section "RefreshService". ID and Type are required.
type RefreshService struct {
	ID   string   `json:"id,omitempty"`
	Type TypeName `json:"type"`
}

// CredentialSchema names a schema that the credential claims to follow. Section
// "CredentialSchema". ID and Type are required.
type CredentialSchema struct {
	ID   string   `json:"id,omitempty"`
	Type TypeName `json:"type"`
}

// TermsOfUse names the terms under which a credential was issued. Section
// "TermsOfUse". Type is required.
type TermsOfUse struct {
	ID   string   `json:"id,omitempty"`
	Type TypeName `json:"type"`
}
