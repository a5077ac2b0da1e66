package verifier

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/accolade-badges/accolade/openbadges"
	"github.com/accolade-badges/accolade/openbadges/jsonld"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// ValidateW3C judges a credential or presentation by the W3C profile without
// looking at its proofs: its form, and that its contexts define every word that
// it uses. An issuer asks before it signs. A vocabulary that is not among our
// tables decides nothing; whoever signs or verifies such a document is told then.
func ValidateW3C(c *strictjson.Value) []openbadges.Problem {
	return append(validateW3C(c), vocabularyW3C(c)...)
}

// validateW3C judges a credential or presentation by the VC Data Model (2.0, and
// 1.1 where its context comes first), without any rule of Open Badges.
func validateW3C(c *strictjson.Value) []openbadges.Problem {
	w := &w3cReader{}
	w.contexts(c)
	types := c.Get("type")
	if types == nil {
		types = c.Get("@type")
	}
	presentation := types.Contains("VerifiablePresentation")
	w.types(c, "", presentation)
	if id := c.Get("id"); id != nil {
		w.url(id, "/id", "4.4 Identifiers")
	}
	if presentation {
		w.presentation(c)
		return w.problems
	}
	w.credential(c)
	return w.problems
}

// vocabularyW3C asks that every term and type of a token's payload is defined,
// once, by its contexts, as an RDF suite asks by itself. A vocabulary that is not
// among our tables decides nothing.
func vocabularyW3C(c *strictjson.Value) []openbadges.Problem {
	bare := c.Without("proof")
	_, err := jsonld.ToRDF(&bare, jsonld.Options{})
	var bad *jsonld.Error
	if err == nil || errors.As(err, &bad) && bad.Code == jsonld.UnknownContext {
		return nil
	}
	p := openbadges.Problem{Code: "vocabulary", Message: err.Error(), Section: "4.3 Contexts", Severity: openbadges.Error}
	if bad != nil {
		p.Path, p.Message = bad.Path, bad.Reason
	}
	return []openbadges.Problem{p}
}

// The first contexts of the two data models.
const (
	contextVC2 = "https://www.w3.org/ns/credentials/v2"
	contextVC1 = "https://www.w3.org/2018/credentials/v1"
)

type w3cReader struct {
	old      bool // VC 1.1
	problems []openbadges.Problem
}

func (w *w3cReader) problem(path, section, format string, args ...any) {
	w.problems = append(w.problems, openbadges.Problem{
		Path: path, Code: "vc_data_model", Message: fmt.Sprintf(format, args...), Section: section, Severity: openbadges.Error,
	})
}

func (w *w3cReader) contexts(c *strictjson.Value) {
	list := c.Get("@context").List()
	switch {
	case len(list) == 0:
		w.problem("/@context", "4.3 Contexts", "there is no @context")
	case list[0].Str() == contextVC1:
		w.old = true
	case list[0].Str() != contextVC2:
		w.problem("/@context/0", "4.3 Contexts", "the first @context must be %s", contextVC2)
	}
	for i := range list {
		if !list[i].Is(strictjson.String) && !list[i].Is(strictjson.Object) {
			w.problem(fmt.Sprintf("/@context/%d", i), "4.3 Contexts", "a @context is an address or an object")
		}
		if list[i].Is(strictjson.String) {
			w.url(&list[i], fmt.Sprintf("/@context/%d", i), "4.3 Contexts")
		}
	}
}

func (w *w3cReader) types(c *strictjson.Value, path string, presentation bool) {
	types := c.Get("type")
	if len(types.Strings()) == 0 || len(types.Strings()) != len(types.List()) {
		w.problem(path+"/type", "4.5 Types", "type must be one or more names")
		return
	}
	if !presentation && !types.Contains("VerifiableCredential") {
		w.problem(path+"/type", "4.5 Types", "type must contain VerifiableCredential")
	}
}

// url asks for an absolute address.
func (w *w3cReader) url(v *strictjson.Value, path, section string) {
	s := v.Str()
	u, err := url.Parse(s)
	if s == "" || err != nil || u.Scheme == "" || strings.ContainsAny(s, " <>\"{}|\\^`") {
		w.problem(path, section, "must be one absolute URL")
	}
}

func (w *w3cReader) credential(c *strictjson.Value) {
	w.issuer(c.Get("issuer"))
	w.names(c, "")
	w.subjects(c.Get("credentialSubject"))
	from, until := "validFrom", "validUntil"
	if w.old {
		from, until = "issuanceDate", "expirationDate"
		if c.Get(from) == nil {
			w.problem("/"+from, "4.9 Validity Period", "is missing")
		}
	}
	for _, name := range []string{from, until} {
		if v := c.Get(name); v != nil {
			if _, err := parseTime(v.Str()); err != nil {
				w.problem("/"+name, "4.9 Validity Period", "must be a date and time with zone")
			}
		}
	}
	start, end := validity(c)
	if !start.IsZero() && !end.IsZero() && end.Before(start) {
		w.problem("/"+until, "4.9 Validity Period", "lies before %s", from)
	}
	for _, m := range []struct {
		name   string
		typeOf bool
		idOf   bool
	}{
		{"credentialStatus", true, false},
		{"termsOfUse", true, false},
		{"evidence", true, false},
		{"refreshService", true, w.old},
		{"credentialSchema", true, true},
		{"proof", true, false},
	} {
		w.typed(c, m.name, m.idOf)
	}
	if !w.old {
		w.related(c.Get("relatedResource"))
	}
}

func (w *w3cReader) issuer(v *strictjson.Value) {
	switch {
	case v == nil:
		w.problem("/issuer", "4.7 Issuer", "is missing")
	case v.Is(strictjson.Object):
		w.url(v.Get("id"), "/issuer/id", "4.7 Issuer")
		w.names(v, "/issuer")
	default:
		w.url(v, "/issuer", "4.7 Issuer")
	}
}

func (w *w3cReader) subjects(v *strictjson.Value) {
	list := v.List()
	if len(list) == 0 {
		w.problem("/credentialSubject", "4.8 Credential Subject", "is missing")
	}
	for i := range list {
		path := "/credentialSubject"
		if v.Is(strictjson.Array) {
			path = fmt.Sprintf("%s/%d", path, i)
		}
		s := &list[i]
		if !s.Is(strictjson.Object) || len(s.Members()) == 0 {
			w.problem(path, "4.8 Credential Subject", "must be an object that says something")
			continue
		}
		if id := s.Get("id"); id != nil {
			w.url(id, path+"/id", "4.8 Credential Subject")
		}
	}
}

// names asks that name and description are strings or language values (section
// 4.6, "Names and Descriptions").
func (w *w3cReader) names(v *strictjson.Value, path string) {
	if w.old {
		return
	}
	for _, name := range []string{"name", "description"} {
		for _, item := range v.Get(name).List() {
			w.languageValue(&item, path+"/"+name)
		}
	}
}

func (w *w3cReader) languageValue(v *strictjson.Value, path string) {
	if v.Is(strictjson.String) {
		return
	}
	ok := v.Is(strictjson.Object) && v.Get("@value").Is(strictjson.String)
	for _, m := range v.Members() {
		switch m.Name {
		case "@value", "@language":
			ok = ok && m.Value.Is(strictjson.String)
		case "@direction":
			ok = ok && (m.Value.Is(strictjson.Null) || m.Value.Str() == "ltr" || m.Value.Str() == "rtl")
		default:
			ok = false
		}
	}
	if !ok {
		w.problem(path, "11.1 Language and Base Direction", "must be a string or {@value, @language, @direction}")
	}
}

// typed asks that what an extension point holds are objects with a type.
func (w *w3cReader) typed(c *strictjson.Value, name string, needsID bool) {
	v := c.Get(name)
	list := v.List()
	for i := range list {
		path := "/" + name
		if v.Is(strictjson.Array) {
			path = fmt.Sprintf("%s/%d", path, i)
		}
		item := &list[i]
		if !item.Is(strictjson.Object) {
			w.problem(path, "4 Basic Concepts", "must be an object")
			continue
		}
		if types := item.Get("type"); len(types.Strings()) == 0 || len(types.Strings()) != len(types.List()) {
			w.problem(path+"/type", "4.5 Types", "is missing")
		}
		switch id := item.Get("id"); {
		case id != nil && name != "proof":
			w.url(id, path+"/id", "4.4 Identifiers")
		case id == nil && needsID:
			w.problem(path+"/id", "4.4 Identifiers", "is missing")
		}
	}
}

// presentation judges the outside of a presentation; what is inside is judged
// credential by credential.
func (w *w3cReader) presentation(c *strictjson.Value) {
	if holder := c.Get("holder"); holder != nil {
		id := holder
		if holder.Is(strictjson.Object) {
			id = holder.Get("id")
		}
		w.url(id, "/holder", "4.13 Verifiable Presentations")
	}
	list := c.Get("verifiableCredential").List()
	for i := range list {
		v := &list[i]
		path := fmt.Sprintf("/verifiableCredential/%d", i)
		types := v.Get("type")
		switch {
		case v.Is(strictjson.Object) && !types.Contains("VerifiableCredential") && !types.Contains("EnvelopedVerifiableCredential"):
			w.problem(path+"/type", "4.5 Types", "type must contain VerifiableCredential")
		case v.Is(strictjson.Object):
		case v.Is(strictjson.String) && w.old:
		default:
			w.problem(path, "4.13 Verifiable Presentations", "must be an object")
		}
	}
	w.typed(c, "proof", false)
}
