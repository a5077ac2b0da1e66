package openbadges

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// List is a value that may stand any number of times. It is written as an array
// always, as section "Serialization/JSON" demands, and left out when empty. It
// is read from an array or from a single value: older issuers write those.
type List[T any] []T

// UnmarshalJSON implements [json.Unmarshaler].
func (l *List[T]) UnmarshalJSON(data []byte) error {
	items, err := unmarshalMany[T](data)
	*l = items
	return err
}

// Some is a value of which the schemas allow one and the data model several:
// one is written as itself, more as an array. Both are read.
type Some[T any] []T

// MarshalJSON implements [json.Marshaler].
func (s Some[T]) MarshalJSON() ([]byte, error) {
	if len(s) == 1 {
		return marshal(s[0])
	}
	return marshal([]T(s))
}

// UnmarshalJSON implements [json.Unmarshaler].
func (s *Some[T]) UnmarshalJSON(data []byte) error {
	items, err := unmarshalMany[T](data)
	*s = items
	return err
}

// unmarshalMany reads an array or a single value. What could be read comes back
// beside an error.
func unmarshalMany[T any](data []byte) ([]T, error) {
	switch first(data) {
	case 'n':
		return nil, nil
	case '[':
		var items []T
		err := json.Unmarshal(data, &items)
		return items, err
	}
	var item T
	if err := json.Unmarshal(data, &item); err != nil {
		return nil, err
	}
	return []T{item}, nil
}

// first returns the byte that tells the type of a JSON value.
func first(data []byte) byte {
	data = bytes.TrimLeft(data, " \t\r\n")
	if len(data) == 0 {
		return 'n'
	}
	return data[0]
}

// TypeName is a type where the schemas want one string. It is also read from an
// array, of which the first string is kept.
type TypeName string

// UnmarshalJSON implements [json.Unmarshaler].
func (t *TypeName) UnmarshalJSON(data []byte) error {
	names, err := unmarshalMany[string](data)
	if len(names) > 0 {
		*t = TypeName(names[0])
	}
	return err
}

// DateTime is a moment as it was spelled: ISO 8601 with seconds and a zone
// (section "Serialization/JSON"). [At] makes one, Time reads it.
type DateTime string

// At spells t as the credentials of this library do: UTC with Z, whole seconds,
// never rounded up, so that a verifier whose clock is right does not find it in
// the future. The zero time gives "".
func At(t time.Time) DateTime {
	if t.IsZero() {
		return ""
	}
	return DateTime(t.UTC().Truncate(time.Second).Format(time.RFC3339))
}

// Time returns the moment, in UTC. The error says what is wrong with the
// spelling.
func (d DateTime) Time() (time.Time, error) {
	t, err := parseMoment(string(d))
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is %w, such as 2026-01-05T10:00:00Z", string(d), err)
	}
	return t, nil
}

// Contexts is the @context of a document: addresses, and rarely objects, kept
// as they stand.
type Contexts []strictjson.Value

// NewContexts returns the @context with the given addresses in that order.
func NewContexts(addresses ...string) Contexts {
	c := make(Contexts, len(addresses))
	for i, a := range addresses {
		c[i] = strictjson.NewString(a)
	}
	return c
}

// UnmarshalJSON implements [json.Unmarshaler]; one address need not be an array.
func (c *Contexts) UnmarshalJSON(data []byte) error {
	items, err := unmarshalMany[strictjson.Value](data)
	*c = items
	return err
}

// marshal writes v without escaping what only HTML needs escaped.
func marshal(v any) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n")), nil
}

// Tree turns one of this package's types into the tree that openbadges/proof
// signs and that [Document.Validate] judges. Members without a value and empty
// arrays are left out (section "Serialization/JSON").
func Tree(v any) (*strictjson.Value, error) {
	data, err := marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write %T as JSON: %w", v, err)
	}
	tree, err := strictjson.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("write %T as JSON: %w", v, err)
	}
	return tree, nil
}
