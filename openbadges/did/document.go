package did

import (
	"crypto"
	"crypto/ed25519"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// Kind tells which form a [Document] had.
type Kind string

// The forms that [ParseDocument] reads.
const (
	Controller Kind = "controller" // a DID document, or one behind an https identifier
	BareMethod Kind = "method"     // one verification method alone: Multikey, JsonWebKey, CryptographicKey, …
	BareJWK    Kind = "jwk"        // one JWK alone
	JWKSet     Kind = "jwks"       // a JWK Set
)

// Document is what an identifier's document says about keys.
type Document struct {
	ID          string
	Kind        Kind
	AlsoKnownAs []string
	Methods     []Method
	// Relations lists by name (assertionMethod, authentication, …) the absolute ids
	// of the methods that may be used so. A bare key has none: it only names its
	// controller, whose own document must list it.
	Relations map[string][]string
}

// Method is one verification method. When its key is of a kind that is not read,
// or not fit for use, Key is nil and Err says why; the rest of the document is
// still of use.
type Method struct {
	ID         string // absolute
	Type       string
	Controller string // "" when the form has none, as in a bare JWK without iss
	Key        crypto.PublicKey
	JWK        *JWK // when the key was given as one
	Err        error
}

const (
	maxMethods = 100 // in one document
	maxNames   = 100 // alsoKnownAs, or one relation
)

// relations that Controlled Identifiers section 2.3 defines.
var relations = [...]string{"assertionMethod", "authentication", "keyAgreement", "capabilityInvocation", "capabilityDelegation"}

// ParseDocument reads a DID document, the controller document of an https
// identifier (an Open Badges Profile may be one), a bare verification method, a
// bare JWK, or a JWK Set. base is the identifier by which it was asked for; a
// document that names another as its id is refused with [ErrIdentifier]. Methods
// may be embedded or referred to, by absolute or relative ids.
func ParseDocument(data *strictjson.Value, base string) (*Document, error) {
	if !data.Is(strictjson.Object) {
		return nil, &kindError{ErrMalformed, "the key document must be a JSON object"}
	}
	switch {
	case data.Get("kty") != nil:
		return jwkDocument(data, base)
	case data.Get("keys").Is(strictjson.Array) && data.Get("verificationMethod") == nil:
		return setDocument(data, base)
	}
	id := data.Get("id")
	if !id.Is(strictjson.String) || id.Str() == "" {
		return nil, &kindError{ErrMalformed, "the key document has no id"}
	}
	if base != "" && id.Str() != base {
		return nil, &kindError{ErrIdentifier, fmt.Sprintf("the document asked for as %.200q says that its id is %.200q", base, id.Str())}
	}
	d := &Document{ID: id.Str(), Kind: Controller, Relations: map[string][]string{}}
	if isMethod(data) {
		d.Kind, d.Relations = BareMethod, nil
		m, err := d.method(data)
		if err != nil {
			return nil, err
		}
		d.Methods = []Method{m}
		return d, nil
	}
	d.AlsoKnownAs = data.Get("alsoKnownAs").Strings()
	if len(d.AlsoKnownAs) > maxNames {
		return nil, &kindError{ErrMalformed, fmt.Sprintf("the document has more than %d other names", maxNames)}
	}
	for _, v := range data.Get("verificationMethod").List() {
		if err := d.add(&v); err != nil {
			return nil, err
		}
	}
	for _, relation := range relations {
		if err := d.relate(relation, data.Get(relation).List()); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// isMethod tells whether a document is one key rather than a list of them. A
// controller document that lists methods is none, whatever else it holds.
func isMethod(v *strictjson.Value) bool {
	for _, list := range append([]string{"verificationMethod"}, relations[:]...) {
		if v.Get(list) != nil {
			return false
		}
	}
	for _, member := range keyMembers {
		if v.Get(member) != nil {
			return true
		}
	}
	return false
}

func (d *Document) relate(relation string, entries []strictjson.Value) error {
	if len(entries) > maxNames {
		return &kindError{ErrMalformed, fmt.Sprintf("the document has more than %d entries under %s", maxNames, relation)}
	}
	for i := range entries {
		var ref string
		switch entry := &entries[i]; entry.Kind() {
		case strictjson.String:
			ref = d.absolute(entry.Str())
		case strictjson.Object:
			ref = d.absolute(entry.Get("id").Str())
			if err := d.add(entry); err != nil {
				return fmt.Errorf("%s: %w", relation, err)
			}
		default:
			return &kindError{ErrMalformed, fmt.Sprintf("%s may hold ids and verification methods only", relation)}
		}
		if ref == "" {
			return &kindError{ErrMalformed, relation + " has an entry without id"}
		}
		if !slices.Contains(d.Relations[relation], ref) {
			d.Relations[relation] = append(d.Relations[relation], ref)
		}
	}
	return nil
}

// add appends a method. A repeated id must stand for the same key: otherwise
// which of the two is meant would depend on the reader.
func (d *Document) add(v *strictjson.Value) error {
	if v.Is(strictjson.String) {
		return nil // a reference to a method of another document
	}
	m, err := d.method(v)
	if err != nil {
		return err
	}
	for i := range d.Methods {
		if known := &d.Methods[i]; known.ID == m.ID {
			if known.Controller != m.Controller || !sameKey(known.Key, m.Key) {
				return &kindError{ErrMalformed, fmt.Sprintf("the document gives two different keys for %.200q", m.ID)}
			}
			return nil
		}
	}
	if len(d.Methods) == maxMethods {
		return &kindError{ErrMalformed, fmt.Sprintf("the document has more than %d verification methods", maxMethods)}
	}
	d.Methods = append(d.Methods, m)
	return nil
}

func sameKey(a, b crypto.PublicKey) bool {
	k, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && b != nil && k.Equal(b) || a == nil && b == nil
}

// method reads one verification method; only its shape can fail here, a key that
// cannot be used is noted in it.
func (d *Document) method(v *strictjson.Value) (Method, error) {
	if !v.Is(strictjson.Object) {
		return Method{}, &kindError{ErrMalformed, "a verification method must be a JSON object"}
	}
	m := Method{ID: d.absolute(v.Get("id").Str()), Controller: v.Get("controller").Str()}
	if types := v.Get("type").Strings(); len(types) > 0 {
		m.Type = types[0]
	}
	if m.Controller == "" {
		m.Controller = v.Get("owner").Str() // Open Badges 2.0 CryptographicKey
	}
	if m.ID == "" || m.Type == "" {
		return Method{}, &kindError{ErrMalformed, "a verification method needs id and type"}
	}
	m.Key, m.JWK, m.Err = methodKey(v, m.Type)
	return m, nil
}

// keyMembers are the ways to write a public key into a method, and
// secretMembers those to give the private one away.
var (
	keyMembers    = [...]string{"publicKeyMultibase", "publicKeyJwk", "publicKeyPem", "publicKeyBase58"}
	secretMembers = [...]string{"secretKeyMultibase", "secretKeyJwk", "privateKeyMultibase", "privateKeyJwk", "privateKeyPem", "privateKeyBase58"}
)

func methodKey(v *strictjson.Value, kind string) (crypto.PublicKey, *JWK, error) {
	for _, name := range secretMembers {
		if v.Get(name) != nil {
			return nil, nil, &kindError{ErrPrivateKey, fmt.Sprintf("the verification method publishes its private key as %q", name)}
		}
	}
	var form string
	for _, name := range keyMembers {
		if v.Get(name) == nil {
			continue
		}
		if form != "" {
			return nil, nil, &kindError{ErrMalformed, fmt.Sprintf("the verification method has both %s and %s", form, name)}
		}
		form = name
	}
	switch form {
	case "publicKeyMultibase":
		key, err := ParseMultikey(v.Get(form).Str())
		if _, is := key.(ed25519.PublicKey); err == nil && strings.HasPrefix(kind, "Ed25519") && !is {
			return nil, nil, &kindError{ErrMalformed, "the verification method of type " + kind + " holds another kind of key"}
		}
		return key, nil, err
	case "publicKeyJwk":
		j, err := ParseJWK(v.Get(form))
		if err != nil {
			return nil, nil, err
		}
		return j.Key, &j, nil
	case "publicKeyPem":
		key, err := ParsePEM(v.Get(form).Str())
		return key, nil, err
	case "publicKeyBase58":
		key, err := base58Key(v.Get(form).Str(), kind)
		return key, nil, err
	}
	return nil, nil, &kindError{ErrUnsupported, fmt.Sprintf("a verification method of type %.100q without a public key that is read here", kind)}
}

// base58Key reads the bare base58 of Ed25519VerificationKey2018.
func base58Key(text, kind string) (crypto.PublicKey, error) {
	if kind != "Ed25519VerificationKey2018" {
		return nil, &kindError{ErrUnsupported, fmt.Sprintf("publicKeyBase58 in a verification method of type %.100q", kind)}
	}
	raw, err := decodeBase58("z" + text)
	if err != nil {
		return nil, err
	}
	return parseEd25519(raw)
}

func jwkDocument(data *strictjson.Value, base string) (*Document, error) {
	j, err := ParseJWK(data)
	if err != nil {
		return nil, err
	}
	return &Document{ID: base, Kind: BareJWK, Methods: []Method{{ID: base, Type: "JsonWebKey", Controller: j.Issuer, Key: j.Key, JWK: &j}}}, nil
}

func setDocument(data *strictjson.Value, base string) (*Document, error) {
	keys, err := ParseJWKSet(data)
	if err != nil {
		return nil, err
	}
	if len(keys) > maxMethods {
		return nil, &kindError{ErrMalformed, fmt.Sprintf("the JWK Set has more than %d keys", maxMethods)}
	}
	d := &Document{ID: base, Kind: JWKSet}
	for _, j := range keys {
		id := j.KeyID
		if u, err := url.Parse(id); id != "" && (err != nil || !u.IsAbs()) {
			id = base + "#" + strings.TrimPrefix(id, "#")
		}
		d.Methods = append(d.Methods, Method{ID: id, Type: "JsonWebKey", Controller: j.Issuer, Key: j.Key, JWK: &j})
	}
	return d, nil
}

// absolute resolves a method id against the document: a fragment belongs to the
// document's own id, anything else must be absolute already.
func (d *Document) absolute(id string) string {
	switch {
	case strings.HasPrefix(id, "#"):
		return d.ID + id
	case strings.Contains(id, ":"):
		return id
	case id == "":
		return ""
	}
	if u, err := url.Parse(d.ID); err == nil && u.Scheme == "https" {
		if ref, err := url.Parse(id); err == nil {
			return u.ResolveReference(ref).String()
		}
	}
	return ""
}

// Method returns the verification method called id (absolute, or "#fragment"),
// which must be listed under relation (usually assertionMethod) and have a key
// that can be used. An empty relation asks for no listing, as is needed for a
// bare key. In a did:key or did:jwk document the identifier alone names the one
// key; in a did:jwk document so does any fragment.
func (d *Document) Method(id, relation string) (*Method, error) {
	name := d.absolute(id)
	if did, fragment := Split(name); len(d.Methods) == 1 && did == d.ID &&
		(Name(d.ID) == "jwk" || Name(d.ID) == "key" && fragment == "") {
		name = d.Methods[0].ID
	}
	for i := range d.Methods {
		m := &d.Methods[i]
		if m.ID != name || name == "" {
			continue
		}
		if relation != "" && !slices.Contains(d.Relations[relation], name) {
			return nil, &kindError{ErrNotListed, fmt.Sprintf("%.200q does not list the key %.200q under %s", d.ID, name, relation)}
		}
		if m.Err != nil {
			return nil, fmt.Errorf("key %.200q: %w", name, m.Err)
		}
		return m, nil
	}
	return nil, &kindError{ErrNoMethod, fmt.Sprintf("%.200q has no key called %.200q", d.ID, id)}
}
