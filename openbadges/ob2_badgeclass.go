package openbadges

// OB2BadgeClass is what was achieved. Open Badges 2.0, section "BadgeClass".
// Type, ID, Name, Description, Image, Criteria and Issuer are required where it
// is a document of its own; in an assertion one that has only an id is written
// as that address.
type OB2BadgeClass struct {
	Context     Contexts             `json:"@context,omitempty"`
	Type        Some[string]         `json:"type,omitempty"`
	ID          string               `json:"id,omitempty"`
	Name        string               `json:"name,omitempty"`
	Description string               `json:"description,omitempty"`
	Image       *OB2Image            `json:"image,omitempty"`
	Criteria    *OB2Criteria         `json:"criteria,omitempty"`
	Issuer      *OB2Profile          `json:"issuer,omitempty"`
	Alignment   List[OB2Alignment]   `json:"alignment,omitempty"`
	Tags        List[string]         `json:"tags,omitempty"`
	Version     string               `json:"version,omitempty"`
	Language    string               `json:"@language,omitempty"`
	Related     List[OB2Related]     `json:"related,omitempty"`
	Endorsement List[OB2Endorsement] `json:"endorsement,omitempty"`
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]; a bare address is taken
// for the id.
func (b *OB2BadgeClass) UnmarshalJSON(data []byte) error {
	type plain OB2BadgeClass
	return unmarshalFirst(data, (*plain)(b), func(s string) { b.ID = s })
}

// MarshalJSON implements [encoding/json.Marshaler].
func (b OB2BadgeClass) MarshalJSON() ([]byte, error) {
	type plain OB2BadgeClass
	return marshalReference(b.ID, plain{ID: b.ID}, plain(b))
}

// OB2Criteria says what had to be done: an address, Markdown, or both. One that
// has only an id is written as that address.
type OB2Criteria struct {
	ID        string       `json:"id,omitempty"`
	Type      Some[string] `json:"type,omitempty"`
	Narrative string       `json:"narrative,omitempty"`
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]; a bare address is taken
// for the id.
func (c *OB2Criteria) UnmarshalJSON(data []byte) error {
	type plain OB2Criteria
	return unmarshalFirst(data, (*plain)(c), func(s string) { c.ID = s })
}

// MarshalJSON implements [encoding/json.Marshaler].
func (c OB2Criteria) MarshalJSON() ([]byte, error) {
	type plain OB2Criteria
	return marshalReference(c.ID, plain{ID: c.ID}, plain(c))
}

// OB2Alignment ties a badge class to a node of an outside framework. Open
// Badges 2.0, section "AlignmentObject". TargetName and TargetURL are required.
type OB2Alignment struct {
	Type              Some[string] `json:"type,omitempty"`
	TargetName        string       `json:"targetName,omitempty"`
	TargetURL         string       `json:"targetUrl,omitempty"`
	TargetDescription string       `json:"targetDescription,omitempty"`
	TargetFramework   string       `json:"targetFramework,omitempty"`
	TargetCode        string       `json:"targetCode,omitempty"`
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]. The names of versions
// 1.x (name, url, description) are read as those of 2.0.
func (a *OB2Alignment) UnmarshalJSON(data []byte) error {
	type plain OB2Alignment
	var in struct {
		plain
		Name        string `json:"name"`
		URL         string `json:"url"`
		Description string `json:"description"`
	}
	err := unmarshalFirst(data, &in, func(s string) { in.TargetURL = s })
	*a = OB2Alignment(in.plain)
	for _, old := range []struct{ to, from *string }{
		{&a.TargetName, &in.Name}, {&a.TargetURL, &in.URL}, {&a.TargetDescription, &in.Description},
	} {
		if *old.to == "" {
			*old.to = *old.from
		}
	}
	return err
}
