package openbadges

import "encoding/json"

// AchievementSubject is the earner and what they achieved. Section
// "AchievementSubject". Type and Achievement are required, and at least one of
// ID and Identifier. CreditsEarned is a plain decimal. Image is the picture
// that the credential is baked into.
type AchievementSubject struct {
	ID                string               `json:"id,omitempty"`
	Type              List[string]         `json:"type,omitempty"`
	Identifier        List[IdentityObject] `json:"identifier,omitempty"`
	ActivityStartDate DateTime             `json:"activityStartDate,omitempty"`
	ActivityEndDate   DateTime             `json:"activityEndDate,omitempty"`
	Achievement       Achievement          `json:"achievement"`
	CreditsEarned     json.Number          `json:"creditsEarned,omitempty"`
	Image             *Image               `json:"image,omitempty"`
	LicenseNumber     string               `json:"licenseNumber,omitempty"`
	Narrative         string               `json:"narrative,omitempty"`
	Result            List[Result]         `json:"result,omitempty"`
	Role              string               `json:"role,omitempty"`
	Source            *Profile             `json:"source,omitempty"`
	Term              string               `json:"term,omitempty"`
}

// UnmarshalJSON implements [json.Unmarshaler]. The data model of credentials
// allows several subjects, Open Badges one: of an array the first is kept.
func (s *AchievementSubject) UnmarshalJSON(data []byte) error {
	type plain AchievementSubject
	return unmarshalFirst(data, (*plain)(s), nil)
}

// unmarshalFirst reads an object, or the first item of an array, into v. A
// string is handed to bare when that is given.
func unmarshalFirst[T any](data []byte, v *T, bare func(string)) error {
	if first(data) == '[' {
		var items []json.RawMessage
		if err := json.Unmarshal(data, &items); err != nil || len(items) == 0 || first(items[0]) == '[' {
			return err
		}
		data = items[0]
	}
	if bare != nil && first(data) == '"' {
		var s string
		if err := json.Unmarshal(data, &s); err != nil {
			return err
		}
		bare(s)
		return nil
	}
	return json.Unmarshal(data, v)
}

// IdentityObject is one way to recognise the earner: an address, a name or a
// number, usually hashed. Section "IdentityObject". All but Salt are required.
// IdentityHash holds the plain value when Hashed is false, else what
// [HashIdentity] gives. See [MatchIdentity].
type IdentityObject struct {
	Type         TypeName `json:"type"`
	Hashed       bool     `json:"hashed"`
	IdentityHash string   `json:"identityHash"`
	IdentityType string   `json:"identityType"`
	Salt         string   `json:"salt,omitempty"`
}

// UnmarshalJSON implements [json.Unmarshaler]. Some issuers write the boolean
// as a string; it is read and reported by [Document.Validate].
func (o *IdentityObject) UnmarshalJSON(data []byte) error {
	type plain IdentityObject
	var in struct {
		plain
		Hashed looseBool `json:"hashed"`
	}
	err := json.Unmarshal(data, &in)
	*o = IdentityObject(in.plain)
	o.Hashed = bool(in.Hashed)
	return err
}

// looseBool also reads "true" and "false".
type looseBool bool

func (b *looseBool) UnmarshalJSON(data []byte) error {
	switch string(data) {
	case `"true"`:
		*b = true
		return nil
	case `"false"`:
		*b = false
		return nil
	}
	return json.Unmarshal(data, (*bool)(b))
}
