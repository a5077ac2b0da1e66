package openbadges

// OB2Endorsement is a recommendation by a third party. Open Badges 2.0,
// "Endorsement" extension of the main text. Type, ID, Claim, Issuer, IssuedOn
// and Verification are required where it is a document of its own; one that has
// only an id is written as that address.
type OB2Endorsement struct {
	Context      Contexts         `json:"@context,omitempty"`
	Type         Some[string]     `json:"type,omitempty"`
	ID           string           `json:"id,omitempty"`
	Claim        *OB2Claim        `json:"claim,omitempty"`
	Issuer       *OB2Profile      `json:"issuer,omitempty"`
	IssuedOn     OB2DateTime      `json:"issuedOn,omitempty"`
	Verification *OB2Verification `json:"verification,omitempty"`
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]; a bare address is taken
// for the id.
func (e *OB2Endorsement) UnmarshalJSON(data []byte) error {
	type plain OB2Endorsement
	return unmarshalFirst(data, (*plain)(e), func(s string) { e.ID = s })
}

// MarshalJSON implements [encoding/json.Marshaler].
func (e OB2Endorsement) MarshalJSON() ([]byte, error) {
	type plain OB2Endorsement
	return marshalReference(e.ID, plain{ID: e.ID}, plain(e))
}

// OB2Claim is what is endorsed, by its id, and what is said of it.
type OB2Claim struct {
	ID                 string       `json:"id,omitempty"`
	Type               Some[string] `json:"type,omitempty"`
	EndorsementComment string       `json:"endorsementComment,omitempty"`
}
