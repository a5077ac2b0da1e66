package openbadges

// Evidence is what the earner did or made. Section "Evidence". Type is
// required; Narrative is Markdown.
type Evidence struct {
	ID          string       `json:"id,omitempty"`
	Type        List[string] `json:"type,omitempty"`
	Name        string       `json:"name,omitempty"`
	Description string       `json:"description,omitempty"`
	Narrative   string       `json:"narrative,omitempty"`
	Genre       string       `json:"genre,omitempty"`
	Audience    string       `json:"audience,omitempty"`
}

// UnmarshalJSON implements [encoding/json.Unmarshaler]; a bare address is taken
// for the id.
func (e *Evidence) UnmarshalJSON(data []byte) error {
	type plain Evidence
	return unmarshalFirst(data, (*plain)(e), func(s string) { e.ID = s })
}
