package openbadges

import "encoding/json"

// Profile describes an issuer, a creator or another person or organization.
// Section "Profile". ID and Type are required. DateOfBirth is a date without
// time; Official is the name of an official in charge.
type Profile struct {
	ID               string                      `json:"id,omitempty"`
	Type             List[string]                `json:"type,omitempty"`
	Name             string                      `json:"name,omitempty"`
	URL              string                      `json:"url,omitempty"`
	Phone            string                      `json:"phone,omitempty"`
	Description      string                      `json:"description,omitempty"`
	Image            *Image                      `json:"image,omitempty"`
	Email            string                      `json:"email,omitempty"`
	Address          *Address                    `json:"address,omitempty"`
	OtherIdentifier  List[IdentifierEntry]       `json:"otherIdentifier,omitempty"`
	Official         string                      `json:"official,omitempty"`
	ParentOrg        *Profile                    `json:"parentOrg,omitempty"`
	FamilyName       string                      `json:"familyName,omitempty"`
	GivenName        string                      `json:"givenName,omitempty"`
	AdditionalName   string                      `json:"additionalName,omitempty"`
	PatronymicName   string                      `json:"patronymicName,omitempty"`
	HonorificPrefix  string                      `json:"honorificPrefix,omitempty"`
	HonorificSuffix  string                      `json:"honorificSuffix,omitempty"`
	FamilyNamePrefix string                      `json:"familyNamePrefix,omitempty"`
	DateOfBirth      string                      `json:"dateOfBirth,omitempty"`
	Endorsement      List[EndorsementCredential] `json:"endorsement,omitempty"`
	EndorsementJWT   List[string]                `json:"endorsementJwt,omitempty"`
}

// UnmarshalJSON implements [json.Unmarshaler]; a bare address is taken for the id.
func (p *Profile) UnmarshalJSON(data []byte) error {
	type plain Profile
	return unmarshalFirst(data, (*plain)(p), func(s string) { p.ID = s })
}

// IdentifierEntry is another identifier of a profile or achievement. Section
// "IdentifierEntry". All members are required.
type IdentifierEntry struct {
	Type           TypeName `json:"type"`
	Identifier     string   `json:"identifier"`
	IdentifierType string   `json:"identifierType"`
}

// Address is a postal address. Section "Address". Type is required;
// AddressCountryCode is two letters of ISO 3166-1.
type Address struct {
	Type                List[string]    `json:"type,omitempty"`
	AddressCountry      string          `json:"addressCountry,omitempty"`
	AddressCountryCode  string          `json:"addressCountryCode,omitempty"`
	AddressRegion       string          `json:"addressRegion,omitempty"`
	AddressLocality     string          `json:"addressLocality,omitempty"`
	StreetAddress       string          `json:"streetAddress,omitempty"`
	PostOfficeBoxNumber string          `json:"postOfficeBoxNumber,omitempty"`
	PostalCode          string          `json:"postalCode,omitempty"`
	Geo                 *GeoCoordinates `json:"geo,omitempty"`
}

// GeoCoordinates is a place on Earth, in degrees as plain decimals. Section
// "GeoCoordinates". All members are required.
type GeoCoordinates struct {
	Type      TypeName    `json:"type"`
	Latitude  json.Number `json:"latitude"`
	Longitude json.Number `json:"longitude"`
}

// Image is a picture by its address or as a data URI. Section "Image". ID and
// Type are required.
type Image struct {
	ID      string   `json:"id"`
	Type    TypeName `json:"type"`
	Caption string   `json:"caption,omitempty"`
}

// NewImage returns the Image at address.
func NewImage(address, caption string) *Image {
	return &Image{ID: address, Type: "Image", Caption: caption}
}

// UnmarshalJSON implements [json.Unmarshaler]; a bare address is taken for the id.
func (i *Image) UnmarshalJSON(data []byte) error {
	type plain Image
	return unmarshalFirst(data, (*plain)(i), func(s string) { i.ID = s })
}
