package verifier

import (
	"encoding/json"
	"errors"
	"fmt"
)

// Registry is a list of issuers kept by somebody whom the operator believes.
type Registry struct {
	Name    string
	entries map[string]RegistryEntry
}

// RegistryEntry is what a registry says of one issuer.
type RegistryEntry struct {
	Name, Location, URL string
}

// ParseRegistry reads a list in the form of the Digital Credentials Consortium:
// {"registry": {DID: {"name", "location", "url"}}}, optionally with a "meta".
// name is what reports call it.
func ParseRegistry(name string, data []byte) (*Registry, error) {
	const largest = 8 << 20
	if len(data) > largest {
		return nil, fmt.Errorf("read registry %s: more than %d bytes", name, largest)
	}
	var f struct {
		Registry map[string]struct {
			Name     string `json:"name"`
			Location string `json:"location"`
			URL      string `json:"url"`
		} `json:"registry"`
	}
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("read registry %s: %w", name, err)
	}
	if f.Registry == nil {
		return nil, fmt.Errorf("read registry %s: %w", name, errors.New(`it has no member "registry"`))
	}
	r := &Registry{Name: name, entries: make(map[string]RegistryEntry, len(f.Registry))}
	for id, e := range f.Registry {
		r.entries[id] = RegistryEntry{e.Name, e.Location, e.URL}
	}
	return r, nil
}

// Find returns what the registry says of the issuer with that id.
func (r *Registry) Find(id string) (RegistryEntry, bool) {
	e, ok := r.entries[id]
	return e, ok
}
