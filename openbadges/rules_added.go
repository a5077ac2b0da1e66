package openbadges

import (
	"slices"
	"strconv"
	"strings"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// envelopeExtra judges a credential as a whole.
func (d dataModel) envelopeExtra(c *checker, v *strictjson.Value) {
	c.order(v, d.from, d.until)
	contexts := v.Get("@context")
	if contextAnywhere(contexts, ContextOB2) || v.Get("type").Contains(TypeOB2Assertion) {
		c.report(CodeVersionMixed, Warning, "the document tries to be an assertion of version 2.0 at the same time")
	}
	if contexts == nil || contextAnywhere(contexts, ContextOB3Ext) || len(c.path) > 0 {
		return
	}
	for _, e := range []struct{ member, name string }{
		{"credentialStatus", TypeRevocationList}, {"refreshService", TypeCredentialRefresh}, {"credentialSchema", TypeSchemaValidator},
	} {
		for _, item := range v.Get(e.member).List() {
			if item.Get("type").Contains(e.name) {
				c.at(e.member, func() {
					c.report(CodeNoExtension, Warning, "%s is defined by the context %s alone, which is missing", e.name, ContextOB3Ext)
				})
				break
			}
		}
	}
}

// order wants the second moment not to lie before the first. Spellings that are
// wrong are reported elsewhere.
func (c *checker) order(v *strictjson.Value, from, until string) {
	a, errA := parseMoment(v.Get(from).Str())
	b, errB := parseMoment(v.Get(until).Str())
	if errA == nil && errB == nil && b.Before(a) {
		c.at(until, func() { c.report(CodeDateOrder, Error, "%s lies before %s", until, from) })
	}
}

func subjectExtra(c *checker, v *strictjson.Value) {
	if v.Get("id") == nil && v.Get("identifier") == nil {
		c.report(CodeNoEarner, Warning, "the earner has neither id nor identifier")
	}
	c.order(v, "activityStartDate", "activityEndDate")
	descriptions := v.Get("achievement").Get("resultDescription").List()
	for i, r := range v.Get("result").List() {
		c.at("result", func() { c.at(strconv.Itoa(i), func() { c.result(&r, descriptions) }) })
	}
}

// result holds a result against its description (sections "Result" and
// "ResultDescription").
func (c *checker) result(r *strictjson.Value, descriptions []strictjson.Value) {
	id := r.Get("resultDescription").Str()
	if id == "" {
		return
	}
	i := slices.IndexFunc(descriptions, func(d strictjson.Value) bool { return d.Get("id").Str() == id })
	if i < 0 {
		c.at("resultDescription", func() {
			c.report(CodeUnknownResult, Warning, "the achievement has no resultDescription with the id %q", id)
		})
		return
	}
	d := &descriptions[i]
	if level := r.Get("achievedLevel").Str(); level != "" {
		known := slices.ContainsFunc(d.Get("rubricCriterionLevel").List(), func(l strictjson.Value) bool { return l.Get("id").Str() == level })
		if !known {
			c.at("achievedLevel", func() {
				c.report(CodeUnknownResult, Warning, "the result description has no level with the id %q", level)
			})
		}
	}
	value := r.Get("value")
	if value == nil {
		if d.Get("resultType").Str() == "Status" && r.Get("status") == nil {
			c.report(CodeResultValue, Warning, "a result of type Status has no status")
		}
		return
	}
	c.at("value", func() { c.resultValue(value.Str(), d) })
}

func (c *checker) resultValue(value string, d *strictjson.Value) {
	if allowed := d.Get("allowedValue"); allowed != nil && !allowed.Contains(value) {
		c.report(CodeResultValue, Warning, "the value %q is none of those that are allowed", value)
	}
	n, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return
	}
	if low, err := strconv.ParseFloat(d.Get("valueMin").Str(), 64); err == nil && n < low {
		c.report(CodeResultValue, Warning, "the value %s is below the least, %s", value, d.Get("valueMin").Str())
	}
	if high, err := strconv.ParseFloat(d.Get("valueMax").Str(), 64); err == nil && n > high {
		c.report(CodeResultValue, Warning, "the value %s is above the greatest, %s", value, d.Get("valueMax").Str())
	}
}

func criteriaExtra(c *checker, v *strictjson.Value) {
	if v.Get("id").Str() == "" && v.Get("narrative").Str() == "" {
		c.report(CodeNoCriteria, Warning, "the criteria have neither narrative nor id")
	}
}

// identityExtra judges the value itself: section "IdentityHash".
func identityExtra(c *checker, v *strictjson.Value) {
	value := v.Get("identityHash")
	if !value.Is(strictjson.String) || !v.Get("hashed").Is(strictjson.Bool) {
		return
	}
	s := value.Str()
	switch {
	case v.Get("hashed").True():
		if !isHash(s, "sha256", "md5") {
			c.at("identityHash", func() { c.report(CodeBadIdentity, Warning, "identityHash is no sha256$ or md5$ hash") })
		}
	case v.Get("identityType").Str() == "emailAddress" && !strings.Contains(s, "@"):
		c.at("identityHash", func() { c.report(CodeBadIdentity, Warning, "identityHash is no mail address") })
	}
}

// isHash tells whether s is a hash by one of the algorithms.
func isHash(s string, algorithms ...string) bool {
	algorithm, digits, _ := strings.Cut(s, "$")
	if !slices.Contains(algorithms, algorithm) || len(digits) != map[string]int{"sha256": 64, "sha1": 40, "md5": 32}[algorithm] {
		return false
	}
	for i := range len(digits) {
		if d := digits[i]; !(d >= '0' && d <= '9' || d|0x20 >= 'a' && d|0x20 <= 'f') {
			return false
		}
	}
	return true
}

// statusExtra judges an entry of a status list: Bitstring Status List v1.0,
// section 2.1. Reading one is the business of openbadges/status.
func statusExtra(c *checker, v *strictjson.Value) {
	kind := v.Get("type")
	if !kind.Contains(TypeBitstringStatusListEntry) && !kind.Contains(TypeStatusList2021Entry) {
		return
	}
	index, list := v.Get("statusListIndex"), v.Get("statusListCredential").Str()
	if _, err := strconv.ParseUint(index.Str(), 10, 31); err != nil {
		c.at("statusListIndex", func() {
			c.report(CodeStatusEntry, Warning, "statusListIndex is no decimal number in a string")
		})
	}
	if !isAbsolute(list) {
		c.at("statusListCredential", func() { c.report(CodeStatusEntry, Warning, "statusListCredential is no absolute URI") })
	}
	if v.Get("statusPurpose").Str() == "" {
		c.at("statusPurpose", func() { c.report(CodeStatusEntry, Warning, "statusPurpose is missing") })
	}
	if list != "" && v.Get("id").Str() == list {
		c.at("id", func() { c.report(CodeStatusEntry, Warning, "the id of the entry is the address of the list") })
	}
}
