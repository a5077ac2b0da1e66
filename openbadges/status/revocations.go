package status

import (
	"strings"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// Revocations is a list that names revoked badges: the plain list of 1EdTech,
// or the RevocationList of Open Badges 2.0 or 1.x.
type Revocations struct {
	ID     string
	Issuer string
	Items  []Revoked
	byName map[string]int
}

// Revoked is one badge of such a list, by its id or, in lists of 1.x and some of
// 2.0, by its uid.
type Revoked struct {
	ID     string
	UID    string
	Reason string
}

// ParseRevocations reads a list of 1EdTech or of Open Badges 1.1 or 2.0. Badges that a 1EdTech
// list names with revoked false are left out. The error is an [*Error]: a
// document that is no such list must not be taken for an empty one.
func ParseRevocations(v *strictjson.Value) (*Revocations, error) {
	if !v.Is(strictjson.Object) {
		return nil, fail(Malformed, "a revocation list that is a %s instead of an object", v.Kind())
	}
	r := &Revocations{ID: v.Get("id").Str(), Issuer: issuerOf(v.Get("issuer")), byName: map[string]int{}}
	for _, name := range []string{"revokedCredential", "revokedCredentials", "revokedAssertions"} {
		list := v.Get(name)
		if list == nil {
			continue
		}
		for _, item := range list.List() {
			if err := r.read(&item); err != nil {
				return nil, err
			}
		}
		return r, nil
	}
	return nil, fail(Malformed, "this is no revocation list: it has neither revokedAssertions nor revokedCredential")
}

// ParseRevocations10 reads a list of Open Badges 1.0, an object of reasons by
// uid or address. Any object of strings looks like one, so call it only where an
// issuer of 1.0 names the list.
func ParseRevocations10(v *strictjson.Value) (*Revocations, error) {
	if !v.Is(strictjson.Object) {
		return nil, fail(Malformed, "a revocation list that is a %s instead of an object", v.Kind())
	}
	r := &Revocations{byName: map[string]int{}}
	for _, m := range v.Members() {
		if !m.Value.Is(strictjson.String) {
			return nil, fail(Malformed, "this is no revocation list of 1.0: %q has no reason", m.Name)
		}
		e := Revoked{UID: m.Name, Reason: m.Value.Str()}
		if strings.Contains(m.Name, ":") {
			e.ID, e.UID = m.Name, ""
		}
		r.add(e)
	}
	return r, nil
}

func issuerOf(v *strictjson.Value) string {
	if v.Is(strictjson.Object) {
		return v.Get("id").Str()
	}
	return v.Str()
}

func (r *Revocations) read(item *strictjson.Value) *Error {
	e := Revoked{ID: item.Str()}
	if item.Is(strictjson.Object) {
		if revoked := item.Get("revoked"); revoked.Is(strictjson.Bool) && !revoked.True() {
			return nil
		}
		e = Revoked{ID: item.Get("id").Str(), UID: item.Get("uid").Str(), Reason: item.Get("revocationReason").Str()}
	}
	if e.ID == "" && e.UID == "" {
		return fail(Malformed, "a revocation list with an item that names no badge")
	}
	r.add(e)
	return nil
}

func (r *Revocations) add(e Revoked) {
	for _, name := range []string{e.ID, e.UID} {
		if _, there := r.byName[name]; name != "" && !there {
			r.byName[name] = len(r.Items)
		}
	}
	r.Items = append(r.Items, e)
}

// Find returns the entry of the badge that has one of the given names: its id,
// its uid, its address.
func (r *Revocations) Find(names ...string) (Revoked, bool) {
	for _, name := range names {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		if i, there := r.byName[name]; there {
			return r.Items[i], true
		}
	}
	return Revoked{}, false
}

// NewEdTechList returns the plain JSON document of 1EdTech Revocation List 1.0.
// It is not signed.
func NewEdTechList(id, issuer string, revoked []Revoked) strictjson.Value {
	items := make([]strictjson.Value, len(revoked))
	for i, r := range revoked {
		members := []strictjson.Member{member("id", r.ID), {Name: "revoked", Value: strictjson.NewBool(true)}}
		items[i] = strictjson.NewObject(withReason(members, r.Reason)...)
	}
	return strictjson.NewObject(member("id", id), member("issuer", issuer),
		strictjson.Member{Name: "revokedCredential", Value: strictjson.NewArray(items...)})
}

// NewOB2List returns the RevocationList of Open Badges 2.0.
func NewOB2List(id, issuer string, revoked []Revoked) strictjson.Value {
	items := make([]strictjson.Value, len(revoked))
	for i, r := range revoked {
		var members []strictjson.Member
		if r.ID != "" {
			members = append(members, member("id", r.ID))
		}
		if r.UID != "" {
			members = append(members, member("uid", r.UID))
		}
		items[i] = strictjson.NewObject(withReason(members, r.Reason)...)
	}
	return strictjson.NewObject(member("@context", "https://w3id.org/openbadges/v2"), member("type", "RevocationList"),
		member("id", id), member("issuer", issuer),
		strictjson.Member{Name: "revokedAssertions", Value: strictjson.NewArray(items...)})
}

func withReason(members []strictjson.Member, reason string) []strictjson.Member {
	if reason == "" {
		return members
	}
	return append(members, member("revocationReason", reason))
}
