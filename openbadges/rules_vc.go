package openbadges

import (
	"strconv"
	"strings"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// The tables of Open Badges 3.0 and CLR 2.0 on both data models. The two agree
// in nearly everything: [dataModel] holds the rest.
var (
	modelVC2 = newModel(dataModel2())
	modelVC1 = newModel(dataModel1())
)

// dataModel is what the two data models of verifiable credentials do
// differently, as the published schemas have it.
type dataModel struct {
	one           bool // VC Data Model 1.1
	from, until   string
	contexts      rule
	types         func(groups ...string) rule
	fixedType     func(name string) rule // where 2.0 wants the name alone
	proof         rule
	birth         rule
	language      string
	closed        bool
	resultStates  []string
	identityTypes []string
}

func dataModel2() dataModel {
	return dataModel{
		from: "validFrom", until: "validUntil",
		contexts:      contextsVC2,
		types:         types,
		fixedType:     func(name string) rule { return fixedType(name) },
		proof:         list(one("Proof")),
		birth:         date,
		language:      "inLanguage",
		resultStates:  []string{"Completed", "Enrolled", "Failed", "InProgress", "OnHold", "Provisional", "Withdrew"},
		identityTypes: append([]string{"name"}, identityTypes...),
	}
}

func dataModel1() dataModel {
	return dataModel{
		one:  true,
		from: "issuanceDate", until: "expirationDate",
		contexts:      contextsVC1,
		types:         typesLoose,
		fixedType:     func(string) rule { return typeWord },
		proof:         oneOrMore(one("Proof")),
		birth:         text,
		language:      "@language",
		closed:        true,
		resultStates:  []string{"Completed", "Enrolled", "Failed", "InProgress", "OnHold", "Withdrew"},
		identityTypes: identityTypes,
	}
}

func newModel(d dataModel) *model {
	m := &model{classes: map[string]*class{}}
	d.credentials(m.classes)
	d.achievements(m.classes)
	d.profiles(m.classes)
	d.results(m.classes)
	d.services(m.classes)
	d.learnerRecords(m.classes)
	return m
}

// fixedType is a type that is one string and nothing else. An array with that
// string in it means the same to JSON-LD.
func fixedType(name string) rule {
	return func(c *checker, v *strictjson.Value) {
		switch {
		case v.Is(strictjson.String) && v.Str() == name:
		case v.Is(strictjson.Array) && v.Contains(name):
			c.report(CodeWrongType, Warning, "type is an array where the string %q should stand", name)
		default:
			c.report(CodeMissingType, Error, "type should be %q", name)
		}
	}
}

// typeWord is a type that is one string, whichever.
func typeWord(c *checker, v *strictjson.Value) {
	if v.Is(strictjson.Array) && len(v.Strings()) > 0 {
		c.report(CodeWrongType, Warning, "type is an array where a string should stand")
		return
	}
	text(c, v)
}

// single is one object. Several, which the data model of credentials allows and
// Open Badges does not, are judged one by one.
func single(name string) rule {
	return func(c *checker, v *strictjson.Value) {
		if !v.Is(strictjson.Array) {
			c.object(c.model.classes[name], v)
			return
		}
		c.report(CodeWrongType, Warning, "%s is an array where one object should stand", c.name())
		items := v.Items()
		for i := range items {
			c.at(strconv.Itoa(i), func() { c.object(c.model.classes[name], &items[i]) })
		}
	}
}

// profileOr is a profile. The schema of 3.0 takes its bare address too, the text
// and the reference validator do not.
func profileOr(c *checker, v *strictjson.Value) {
	if v.Is(strictjson.String) {
		c.report(CodeNotAnObject, Warning, "%s is an address where an object with its id, type and name should stand", c.name())
		return
	}
	c.object(c.model.classes["Profile"], v)
}

// picture is an Image. Its bare address, as version 2.0 had it, is still met.
func picture(c *checker, v *strictjson.Value) {
	if v.Is(strictjson.String) {
		c.report(CodeWrongType, Warning, "%s is an address where an object with its id and the type Image should stand", c.name())
		return
	}
	c.object(c.model.classes["Image"], v)
}

// contextsVC2 is the @context of a credential on VC Data Model 2.0: section
// "Serialization/JSON-LD" fixes the first two by position.
func contextsVC2(c *checker, v *strictjson.Value) {
	items, ok := contextItems(c, v)
	if !ok {
		return
	}
	if len(items) < 2 {
		c.report(CodeTooFew, Error, "@context has %d items, it begins with %s and that of Open Badges", len(items), ContextVC2)
	}
	for i := range items {
		c.at(strconv.Itoa(i), func() {
			switch s := items[i].Str(); {
			case i == 0 && s != ContextVC2:
				c.report(CodeContext, Error, "the first context should be %s", ContextVC2)
			case i == 1:
				c.openBadgesContext(s)
			case i > 1 && !items[i].Is(strictjson.String) && !items[i].Is(strictjson.Object):
				c.wrongType(&items[i], "an address or an object")
			}
		})
	}
}

// openBadgesContext wants one of the editions of the context of 3.0.
func (c *checker) openBadgesContext(s string) {
	middle, ok := strings.CutPrefix(s, prefixOB3)
	if ok {
		middle, ok = strings.CutSuffix(middle, ".json")
	}
	for ok && middle != "" {
		if len(middle) < len("-3.0.3") || !digitsAt(middle[:6], "-3.d.d") {
			ok = false
			break
		}
		middle = middle[6:]
	}
	switch {
	case !ok:
		severity := Error
		if contextAnywhere(c.doc.JSON.Get("@context"), prefixOB3) {
			severity = Warning
		}
		c.report(CodeContext, severity, "the second context should be %s", ContextOB3)
	case s != ContextOB3:
		c.report(CodeOldContext, Warning, "%s has a newer edition, %s", s, ContextOB3)
	}
}

func contextAnywhere(contexts *strictjson.Value, prefix string) bool {
	return anyPrefix(contexts.Strings(), prefix)
}

func contextItems(c *checker, v *strictjson.Value) ([]strictjson.Value, bool) {
	if v.Is(strictjson.String) {
		c.report(CodeNotAnArray, Error, "@context is a single value where an array should stand")
		return nil, false
	}
	if !v.Is(strictjson.Array) {
		c.wrongType(v, "an array")
		return nil, false
	}
	return v.Items(), true
}

// contextsVC1 is the @context of a credential on VC Data Model 1.1. The schema
// wants addresses only; which ones is said by the texts.
func contextsVC1(c *checker, v *strictjson.Value) {
	items, ok := contextItems(c, v)
	if !ok {
		return
	}
	if len(items) == 0 {
		c.report(CodeTooFew, Error, "@context is an empty array")
		return
	}
	if items[0].Str() != ContextVC1 {
		c.at("0", func() { c.report(CodeContext, Error, "the first context should be %s", ContextVC1) })
	}
	for i := range items {
		if !items[i].Is(strictjson.String) {
			c.at(strconv.Itoa(i), func() {
				c.report(CodeWrongType, Warning, "a context is a %s where an address should stand", items[i].Kind())
			})
		}
	}
}
