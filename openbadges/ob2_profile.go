package openbadges

// OB2Profile describes an issuer. Open Badges 2.0, section "Profile". Type, ID,
// Name, URL and Email are required of an issuer; one that has only an id is
// written as that address.
type OB2Profile struct {
	Context        Contexts             `json:"@context,omitempty"`
	Type           Some[string]         `json:"type,omitempty"`
	ID             string               `json:"id,omitempty"`
	Name           string               `json:"name,omitempty"`
	URL            string               `json:"url,omitempty"`
	Email          string               `json:"email,omitempty"`
	Telephone      string               `json:"telephone,omitempty"`
	Description    string               `json:"description,omitempty"`
	Image          *OB2Image            `json:"image,omitempty"`
	PublicKey      Some[OB2Key]         `json:"publicKey,omitempty"`
	Verification   *OB2Verification     `json:"verification,omitempty"`
	RevocationList string               `json:"revocationList,omitempty"`
	Related        List[OB2Related]     `json:"related,omitempty"`
	Endorsement    List[OB2Endorsement] `json:"endorsement,omitempty"`
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]; a bare address is taken
// for the id.
func (p *OB2Profile) UnmarshalJSON(data []byte) error {
	type plain OB2Profile
	return unmarshalFirst(data, (*plain)(p), func(s string) { p.ID = s })
}

// MarshalJSON implements [encoding/json.Marshaler].
func (p OB2Profile) MarshalJSON() ([]byte, error) {
	type plain OB2Profile
	return marshalReference(p.ID, plain{ID: p.ID}, plain(p))
}

// OB2Key is a public key of an issuer. Open Badges 2.0, section
// "CryptographicKey". All are required where it is a document of its own;
// Owner is the id of the profile that names the key in turn. One that has only
// an id is written as that address.
type OB2Key struct {
	Context      Contexts     `json:"@context,omitempty"`
	Type         Some[string] `json:"type,omitempty"`
	ID           string       `json:"id,omitempty"`
	Owner        string       `json:"owner,omitempty"`
	PublicKeyPEM string       `json:"publicKeyPem,omitempty"`
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]; a bare address is taken
// for the id.
func (k *OB2Key) UnmarshalJSON(data []byte) error {
	type plain OB2Key
	return unmarshalFirst(data, (*plain)(k), func(s string) { k.ID = s })
}

// MarshalJSON implements [encoding/json.Marshaler].
func (k OB2Key) MarshalJSON() ([]byte, error) {
	type plain OB2Key
	return marshalReference(k.ID, plain{ID: k.ID}, plain(k))
}

// OB2RevocationList names the signed assertions that an issuer has revoked.
// Open Badges 2.0, section "RevocationList". Context, Type, ID, Issuer and
// RevokedAssertions are required, the last also when it is empty. Reading a
// list that an issuer published is the business of openbadges/status.
type OB2RevocationList struct {
	Context           Contexts       `json:"@context,omitempty"`
	Type              Some[string]   `json:"type,omitempty"`
	ID                string         `json:"id,omitempty"`
	Issuer            string         `json:"issuer,omitempty"`
	RevokedAssertions List[OB2Ended] `json:"revokedAssertions"`
}

// MarshalJSON implements [encoding/json.Marshaler]; no assertions are written
// as an empty array.
func (r OB2RevocationList) MarshalJSON() ([]byte, error) {
	type plain OB2RevocationList
	if r.RevokedAssertions == nil {
		r.RevokedAssertions = List[OB2Ended]{}
	}
	return marshal(plain(r))
}

// OB2Ended is one revoked assertion, by its id or, in older lists, its uid. One
// that has only an id is written as that address.
type OB2Ended struct {
	ID               string `json:"id,omitempty"`
	UID              string `json:"uid,omitempty"`
	RevocationReason string `json:"revocationReason,omitempty"`
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]; a bare address is taken
// for the id.
func (e *OB2Ended) UnmarshalJSON(data []byte) error {
	type plain OB2Ended
	return unmarshalFirst(data, (*plain)(e), func(s string) { e.ID = s })
}

// MarshalJSON implements [encoding/json.Marshaler].
func (e OB2Ended) MarshalJSON() ([]byte, error) {
	type plain OB2Ended
	return marshalReference(e.ID, plain{ID: e.ID}, plain(e))
}
