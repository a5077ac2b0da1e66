package verifier

import (
	"crypto"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// keyFinding is a key and how sure it is that it is the issuer's.
type keyFinding struct {
	key     crypto.PublicKey // nil when none could be got
	binding Binding
	code    string
	reason  string // a sentence
	source  string // where the key was found: an address, "did:key", "header" …
	// malformed tells that the proof names its key in a way that no standard has.
	malformed bool
}

func (f keyFinding) bound(b Binding, code, reason string) keyFinding {
	f.binding, f.code, f.reason = b, code, reason
	return f
}

// issuerDocument is what the issuer's own address says about their keys.
type issuerDocument struct {
	doc    *did.Document
	url    string
	code   string // why there is none
	reason string
}

// issuerDocument gets the DID or controller document of an issuer id: by
// expansion for did:key and did:jwk, else from its own address. The document
// must be about that id.
func (v *verification) issuerDocument(id string) issuerDocument {
	switch {
	case strings.HasPrefix(id, "did:key:"), strings.HasPrefix(id, "did:jwk:"):
		doc, err := v.options.Cache.keyDocument(id)
		if err != nil {
			return issuerDocument{code: CodeIssuerMalformed, reason: "The issuer's identifier holds no usable key: " + err.Error() + "."}
		}
		return issuerDocument{doc: doc, url: id}
	case strings.HasPrefix(id, "did:web:"):
		response, err := v.docs.didWeb(v.ctx, id)
		return v.controllerDocument(id, response, err)
	case strings.HasPrefix(id, "did:"):
		return issuerDocument{code: CodeMethodUnsupported, reason: "The issuer's identifier is of a DID method that cannot be looked up here; did:web, did:key and did:jwk can."}
	case strings.HasPrefix(id, "https://"), strings.HasPrefix(id, "http://"):
		response, err := v.docs.get(v.ctx, id, acceptDocument)
		return v.controllerDocument(id, response, err)
	}
	return issuerDocument{code: CodeIssuerNoAddress, reason: "The issuer is named by something that is neither a DID nor a web address, so their keys cannot be looked up."}
}

func (v *verification) controllerDocument(id string, response *response, err error) issuerDocument {
	if err == nil && response.Status == 200 {
		if doc, ok := v.options.Cache.get("document "+id, response.Body).(*did.Document); ok {
			return issuerDocument{doc: doc, url: response.URL}
		}
	}
	tree, url, why := v.parseAnswer(response, err)
	if why != "" {
		return issuerDocument{url: url, code: CodeIssuerUnreachable, reason: "The issuer's own document cannot be read: " + why + "."}
	}
	doc, err := did.ParseDocument(tree, id)
	switch {
	case errors.Is(err, did.ErrIdentifier), err == nil && doc.Kind != did.Controller:
		return issuerDocument{url: url, code: CodeIssuerDocumentOther, reason: "The document at the issuer's address is about somebody else."}
	case err != nil:
		return issuerDocument{url: url, code: CodeIssuerDocumentBad, reason: "The issuer's own document lists no usable keys: " + err.Error() + "."}
	}
	v.options.Cache.put("document "+id, response.Body, doc, 2*len(response.Body))
	return issuerDocument{doc: doc, url: url}
}

// methodKey finds the key that a proof names, and judges whether it is the
// issuer's. Only the issuer's own identifier or document can confirm; a key in a
// fragment is used for the mathematics and proves nothing else.
func (v *verification) methodKey(method, issuer, relation string) keyFinding {
	if !absolute(method) {
		return keyFinding{malformed: true}.bound(Contradicted, CodeMethodMalformed, "The proof does not name its key by an address.")
	}
	own := v.issuerDocument(issuer)
	if isKeyDID(issuer) {
		return ownKey(own, method, issuer, relation)
	}
	if own.doc != nil {
		found, err := own.doc.Method(method, relation)
		switch {
		case err == nil && found.Controller != "" && found.Controller != issuer:
			return keyFinding{key: found.Key, source: own.url}.bound(Contradicted, CodeKeyOfAnother, "The issuer's document says that this key is controlled by somebody else.")
		case err == nil:
			return keyFinding{key: found.Key, source: own.url}.bound(Confirmed, CodeKeyListed, "The issuer's own document lists this key for signing badges.")
		case errors.Is(err, did.ErrNotListed):
			f := keyFinding{source: own.url}
			if there := documentMethod(own.doc, method); there != nil {
				f.key = there.Key
			}
			return f.bound(Contradicted, CodeKeyNotForThis, "The issuer's own document has this key, but not, or no longer, for signing badges.")
		}
	}
	base := bare(method)
	switch {
	case base == issuer:
		return fragmentKey(own, method)
	case strings.HasPrefix(base, "did:"):
		return v.foreignDID(own, method)
	}
	return v.keyDocument(own, method, issuer, relation)
}

// ownKey judges a key against an identifier that is itself a key: any other key,
// wherever named, contradicts it.
func ownKey(own issuerDocument, method, issuer, relation string) keyFinding {
	if own.doc == nil {
		return keyFinding{malformed: true}.bound(Contradicted, own.code, own.reason)
	}
	f := keyFinding{key: soleKey(own.doc), source: issuer}
	base, fragment, _ := strings.Cut(method, "#")
	if base != issuer {
		return f.bound(Contradicted, CodeKeyOfAnother, "The proof names a key of somebody else than the issuer.")
	}
	if strings.HasPrefix(issuer, "did:key:") && fragment != "" && fragment != strings.TrimPrefix(issuer, "did:key:") {
		return f.bound(Contradicted, CodeKeyOfAnother, "The proof names another key than the one that the issuer's identifier is.")
	}
	if len(own.doc.Relations[relation]) == 0 {
		return f.bound(Contradicted, CodeKeyNotForThis, "The issuer's identifier is a key that is not for signing.")
	}
	return f.bound(Confirmed, CodeKeyIsIssuer, "The issuer's identifier is the key itself.")
}

func soleKey(doc *did.Document) crypto.PublicKey {
	if len(doc.Methods) == 0 {
		return nil
	}
	return doc.Methods[0].Key
}

// fragmentKey is for a method under the issuer's own id that their document does
// not confirm. A multibase fragment still gives a key to calculate with.
func fragmentKey(own issuerDocument, method string) keyFinding {
	f := keyFinding{}
	if _, fragment, _ := strings.Cut(method, "#"); strings.HasPrefix(fragment, "z") {
		if key, err := did.ParseMultikey(fragment); err == nil {
			f.key, f.source = key, "fragment"
		}
	}
	if own.doc != nil {
		return f.bound(Unconfirmed, CodeKeyNotListed, "The issuer's own document does not list this key.")
	}
	return f.bound(Unconfirmed, own.code, own.reason)
}

// foreignDID is for a key under another DID than the issuer: not theirs, since
// their document does not list it.
func (v *verification) foreignDID(own issuerDocument, method string) keyFinding {
	f := keyFinding{source: bare(method)}
	if isKeyDID(f.source) {
		if doc, err := did.KeyDocument(f.source); err == nil {
			f.key = soleKey(doc)
		}
	}
	return f.bound(Contradicted, CodeKeyOfAnother, "The proof names a key under an identifier that is not the issuer's, and the issuer does not list it.")
}

// keyDocument is for a key with a web address of its own: a bare Multikey or JWK,
// or a JWK Set. It must name the issuer as its controller, and the issuer must
// list it in turn.
func (v *verification) keyDocument(own issuerDocument, method, issuer, relation string) keyFinding {
	response, err := v.docs.get(v.ctx, method, acceptDocument)
	tree, address, why := v.parseAnswer(response, err)
	if why != "" {
		f := fragmentKey(own, method)
		return f.bound(Unconfirmed, CodeKeyUnreachable, "The key's own document cannot be read: "+why+".")
	}
	f := keyFinding{source: address}
	doc, err := did.ParseDocument(tree, bare(method))
	if err != nil {
		return f.bound(Unconfirmed, CodeKeyMalformed, "The key's own document holds no usable key: "+err.Error()+".")
	}
	found := documentMethod(doc, method)
	switch {
	case found == nil || found.Key == nil:
		return f.bound(Unconfirmed, CodeKeyMalformed, "The key's own document does not hold a usable key of that name.")
	case found.Controller != "" && found.Controller != issuer:
		f.key = found.Key
		return f.bound(Contradicted, CodeKeyOfAnother, "The key's own document says that it belongs to somebody else than the issuer.")
	}
	f.key = found.Key
	return v.listed(own, f, issuer, relation)
}

// documentMethod returns the method of that id; of a bare key or a set of one,
// the only one.
func documentMethod(doc *did.Document, method string) *did.Method {
	for i := range doc.Methods {
		if doc.Methods[i].ID == method {
			return &doc.Methods[i]
		}
	}
	if len(doc.Methods) == 1 && doc.Kind != did.Controller {
		return &doc.Methods[0]
	}
	return nil
}

// headerKey is for a token that brings its key along, or names none: the key is
// the issuer's only where their own documents have it.
func (v *verification) headerKey(key crypto.PublicKey, issuer, relation string) keyFinding {
	own := v.issuerDocument(issuer)
	f := keyFinding{key: key, source: "header"}
	if isKeyDID(issuer) {
		if own.doc == nil {
			return keyFinding{malformed: true}.bound(Contradicted, own.code, own.reason)
		}
		sole := soleKey(own.doc)
		if key != nil && !sameKey(key, sole) {
			return f.bound(Contradicted, CodeKeyOfAnother, "The token brings another key than the one that the issuer's identifier is.")
		}
		return ownKey(own, issuer, issuer, relation)
	}
	if key == nil {
		return v.onlyKey(own, issuer, relation)
	}
	return v.listed(own, f, issuer, relation)
}

// onlyKey is for a token that names no key at all: an issuer with a single key
// for assertions leaves no doubt.
func (v *verification) onlyKey(own issuerDocument, issuer, relation string) keyFinding {
	if own.doc != nil {
		if listed := own.doc.Relations[relation]; len(listed) == 1 {
			if found, err := own.doc.Method(listed[0], relation); err == nil {
				return keyFinding{key: found.Key, source: own.url}.bound(Confirmed, CodeKeyListed, "The issuer's own document lists one key for signing badges.")
			}
		}
	}
	if own.doc == nil && own.code != "" {
		return keyFinding{}.bound(Unconfirmed, CodeKeyUnnamed, "The token names no key. "+own.reason)
	}
	return keyFinding{}.bound(Unconfirmed, CodeKeyUnnamed, "The token names no key.")
}

// listed tells whether the issuer lists a key that was found elsewhere: the same
// key in their own document for the purpose, or in the JWK Set of their host
// (implementation guide, "Key provenance").
func (v *verification) listed(own issuerDocument, f keyFinding, issuer, relation string) keyFinding {
	if own.doc != nil {
		known := false
		for i := range own.doc.Methods {
			m := &own.doc.Methods[i]
			if !sameKey(m.Key, f.key) {
				continue
			}
			known = true
			if _, err := own.doc.Method(m.ID, relation); err == nil && (m.Controller == "" || m.Controller == issuer) {
				return f.bound(Confirmed, CodeKeyListed, "The issuer's own document lists this key for signing badges.")
			}
		}
		if known {
			return f.bound(Contradicted, CodeKeyNotForThis, "The issuer's own document has this key, but not, or no longer, for signing badges.")
		}
	}
	if set, ok := jwksURL(issuer); ok {
		response, err := v.docs.get(v.ctx, set, acceptDocument)
		if tree, _, why := v.parseAnswer(response, err); why == "" {
			if keys, err := did.ParseJWKSet(tree); err == nil {
				for _, k := range keys {
					switch {
					case !sameKey(k.Key, f.key):
					case k.Issuer == issuer || k.Issuer == "":
						return f.bound(Confirmed, CodeKeyInSet, "The key set at the issuer's host lists this key.")
					default:
						return f.bound(Contradicted, CodeKeyOfAnother, "The key set at the issuer's host gives this key to another issuer.")
					}
				}
			}
		}
	}
	if own.doc != nil {
		return f.bound(Unconfirmed, CodeKeyNotListed, "The issuer's own document does not list this key.")
	}
	return f.bound(Unconfirmed, own.code, own.reason)
}

// jwksURL is where the key set of an issuer's host lies.
func jwksURL(issuer string) (string, bool) {
	address := issuer
	if strings.HasPrefix(issuer, "did:web:") {
		var err error
		if address, err = did.WebURL(issuer); err != nil {
			return "", false
		}
	}
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return "", false
	}
	return u.Scheme + "://" + u.Host + "/.well-known/jwks.json", true
}

func isKeyDID(id string) bool {
	return strings.HasPrefix(id, "did:key:") || strings.HasPrefix(id, "did:jwk:")
}

// absolute tells whether s begins with a scheme.
func absolute(s string) bool {
	scheme, rest, ok := strings.Cut(s, ":")
	return ok && scheme != "" && rest != "" && !strings.ContainsAny(scheme, "/?#")
}

func sameKey(a, b crypto.PublicKey) bool {
	k, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && b != nil && k.Equal(b)
}

// parseAnswer turns what a fetch gave into a JSON tree and the address it came
// from, or a clause that says why not.
func (v *verification) parseAnswer(r *response, err error) (tree *strictjson.Value, address, why string) {
	switch {
	case err != nil:
		return nil, "", reasonOf(err)
	case r.Status != 200:
		return nil, r.URL, fmt.Sprintf("the server at %s answers with status %d", printable(r.URL), r.Status)
	}
	tree, err = strictjson.Parse(trimText(r.Body))
	if err != nil {
		return nil, r.URL, "the document at " + printable(r.URL) + " is not proper JSON: " + err.Error()
	}
	return tree, r.URL, ""
}
