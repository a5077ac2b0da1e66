package openbadges

import "encoding/json"

// Achievement is what was achieved, the same for all who achieved it. Section
// "Achievement". ID, Type, Name, Description and Criteria are required.
// HumanCode carries the code of an exam or certification; CreditsAvailable is a
// plain decimal.
type Achievement struct {
	ID                string                      `json:"id,omitempty"`
	Type              List[string]                `json:"type,omitempty"`
	AchievementType   string                      `json:"achievementType,omitempty"`
	Name              string                      `json:"name,omitempty"`
	Description       string                      `json:"description,omitempty"`
	Criteria          Criteria                    `json:"criteria"`
	Creator           *Profile                    `json:"creator,omitempty"`
	Image             *Image                      `json:"image,omitempty"`
	Alignment         List[Alignment]             `json:"alignment,omitempty"`
	Tag               List[string]                `json:"tag,omitempty"`
	FieldOfStudy      string                      `json:"fieldOfStudy,omitempty"`
	Specialization    string                      `json:"specialization,omitempty"`
	HumanCode         string                      `json:"humanCode,omitempty"`
	InLanguage        string                      `json:"inLanguage,omitempty"`
	Version           string                      `json:"version,omitempty"`
	Related           List[Related]               `json:"related,omitempty"`
	OtherIdentifier   List[IdentifierEntry]       `json:"otherIdentifier,omitempty"`
	ResultDescription List[ResultDescription]     `json:"resultDescription,omitempty"`
	CreditsAvailable  json.Number                 `json:"creditsAvailable,omitempty"`
	Endorsement       List[EndorsementCredential] `json:"endorsement,omitempty"`
	EndorsementJWT    List[string]                `json:"endorsementJwt,omitempty"`
}

// UnmarshalJSON implements [json.Unmarshaler]; a bare address is taken for the id.
func (a *Achievement) UnmarshalJSON(data []byte) error {
	type plain Achievement
	return unmarshalFirst(data, (*plain)(a), func(s string) { a.ID = s })
}

// Criteria says what had to be done. Section "Criteria": it should have a
// narrative (Markdown), an address, or both.
type Criteria struct {
	ID        string `json:"id,omitempty"`
	Narrative string `json:"narrative,omitempty"`
}

// UnmarshalJSON implements [json.Unmarshaler]; a bare address is taken for the id.
func (c *Criteria) UnmarshalJSON(data []byte) error {
	type plain Criteria
	return unmarshalFirst(data, (*plain)(c), func(s string) { c.ID = s })
}

// Alignment ties an achievement or result to a node of an outside framework.
// Section "Alignment". Type, TargetName and TargetURL are required.
type Alignment struct {
	Type              List[string] `json:"type,omitempty"`
	TargetName        string       `json:"targetName,omitempty"`
	TargetURL         string       `json:"targetUrl,omitempty"`
	TargetCode        string       `json:"targetCode,omitempty"`
	TargetDescription string       `json:"targetDescription,omitempty"`
	TargetFramework   string       `json:"targetFramework,omitempty"`
	TargetType        string       `json:"targetType,omitempty"`
}

// Related points at another edition of an achievement: a translation, an older
// version, its Open Badges 2.0 BadgeClass. Section "Related". ID and Type are
// required.
type Related struct {
	ID         string       `json:"id,omitempty"`
	Type       List[string] `json:"type,omitempty"`
	InLanguage string       `json:"inLanguage,omitempty"`
	Version    string       `json:"version,omitempty"`
}
