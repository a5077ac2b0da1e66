package openbadges

import (
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// modelOB1 is the tables of versions 0.5, 1.0 and 1.1. Those of 0.5 and 1.1
// follow the published schemas; 1.0 had none and is 1.1 without its JSON-LD.
var modelOB1 = &model{classes: map[string]*class{
	"Assertion": {section: "Open Badges 1.1, Assertion", extra: assertion1Extra, members: []memberRule{
		{"@context", contexts1, required},
		{"type", types1, wanted},
		{"id", uri, optional},
		{"uid", text, wanted},
		{"recipient", one("IdentityObject"), required},
		{"badge", uri, required},
		{"verify", one("VerificationObject"), wanted},
		{"issuedOn", moment1, required},
		{"evidence", uri, optional},
		{"expires", moment1, optional},
	}},
	"Assertion 1.0": {section: "Open Badges 1.0, Badge Assertion", extra: assertion1Extra, members: []memberRule{
		{"uid", text, wanted},
		{"recipient", one("IdentityObject"), required},
		{"badge", uri, required},
		{"verify", one("VerificationObject"), required},
		{"issuedOn", moment1, required},
		{"image", text, optional},
		{"evidence", text, optional},
		{"expires", moment1, optional},
	}},
	"IdentityObject": {section: "Open Badges 1.1, IdentityObject", members: []memberRule{
		{"identity", identity1, required},
		{"type", word(Error, "email"), required},
		{"hashed", boolean, required},
		{"salt", text, optional},
	}},
	"VerificationObject": {section: "Open Badges 1.1, VerificationObject", members: []memberRule{
		{"type", word(Error, "hosted", "signed"), required},
		{"url", uri, optional},
	}},
	"BadgeClass": {section: "Open Badges 1.1, BadgeClass", members: []memberRule{
		{"@context", contexts1, optional},
		{"type", types1, optional},
		{"id", uri, optional},
		{"name", text, required},
		{"description", text, wanted},
		{"image", image1, wanted},
		{"criteria", uri, wanted},
		{"issuer", uri, required},
		{"alignment", list(one("AlignmentObject")), optional},
		{"tags", tags1, optional},
	}},
	"AlignmentObject": {section: "Open Badges 1.1, AlignmentObject", members: []memberRule{
		{"name", text, required},
		{"url", uri, required},
		{"description", text, optional},
	}},
	"Issuer": {section: "Open Badges 1.1, Issuer", members: []memberRule{
		{"@context", contexts1, optional},
		{"type", types1, optional},
		{"id", uri, optional},
		{"name", text, required},
		{"url", uri, required},
		{"description", text, optional},
		{"image", image1, optional},
		{"email", email, optional},
		{"revocationList", uri, optional},
	}},
	"Assertion 0.5": {section: "Open Badges 0.5, Badge Assertion", members: []memberRule{
		{"recipient", recipient05, required},
		{"salt", salt05, optional},
		{"badge", one("Badge 0.5"), required},
		{"issued_on", moment05, optional},
		{"expires", moment05, optional},
		{"evidence", path05, optional},
	}},
	"Badge 0.5": {section: "Open Badges 0.5, Badge", members: []memberRule{
		{"version", version05, optional},
		{"name", text, required},
		{"description", text, required},
		{"image", path05, required},
		{"criteria", path05, required},
		{"issuer", one("Issuer 0.5"), required},
	}},
	"Issuer 0.5": {section: "Open Badges 0.5, Issuer", members: []memberRule{
		{"origin", uri, required},
		{"name", text, required},
		{"org", text, optional},
		{"contact", email, optional},
	}},
}}

// contexts1 is an address, or an array of anything that JSON-LD can read.
func contexts1(c *checker, v *strictjson.Value) {
	if v.Is(strictjson.String) {
		return
	}
	if !v.Is(strictjson.Array) {
		c.wrongType(v, "an address or an array")
		return
	}
	items := v.Items()
	for i := range items {
		if k := items[i].Kind(); k != strictjson.String && k != strictjson.Object && k != strictjson.Array {
			c.at(strconv.Itoa(i), func() { c.wrongType(&items[i], "an address or an object") })
		}
	}
}

// types1 is a string, or an array of strings, even an empty one.
func types1(c *checker, v *strictjson.Value) {
	if v.Is(strictjson.String) || v.Is(strictjson.Array) && len(v.Items()) == 0 {
		return
	}
	stringsOnly(c, v)
}

func tags1(c *checker, v *strictjson.Value) {
	list(text)(c, v)
	seen := map[string]bool{}
	for _, tag := range v.Strings() {
		if seen[tag] && v.Is(strictjson.Array) {
			c.report(CodeDuplicateItem, Warning, "the tag %q stands twice", tag)
		}
		seen[tag] = true
	}
}

// uri is an absolute address, as the schemas mean it.
func uri(c *checker, v *strictjson.Value) {
	if !v.Is(strictjson.String) {
		c.wrongType(v, "an address")
		return
	}
	if u, err := url.Parse(v.Str()); err != nil || !u.IsAbs() {
		c.report(CodeBadAddress, Error, "%s %q is no absolute URI", c.name(), v.Str())
	}
}

// path05 is an address that version 0.5 also allows to be a path on the origin
// of the issuer; its schema, written later, does not.
func path05(c *checker, v *strictjson.Value) {
	if v.Is(strictjson.String) && strings.HasPrefix(v.Str(), "/") {
		c.report(CodeBadAddress, Warning, "%s %q is a path on the issuer's origin", c.name(), v.Str())
		return
	}
	uri(c, v)
}

// image1 is a data URI or an address.
func image1(c *checker, v *strictjson.Value) {
	if v.Is(strictjson.String) && strings.HasPrefix(v.Str(), "data:") {
		return
	}
	uri(c, v)
}

// moment1 is a date of 1.x: ISO 8601 with or without time and zone, or seconds.
func moment1(c *checker, v *strictjson.Value) {
	switch {
	case v.Is(strictjson.Number):
		if !isSeconds(v.Literal()) {
			c.report(CodeBadDate, Error, "%s %s is no number of seconds", c.name(), v.Literal())
		}
	case v.Is(strictjson.String):
		if !isISODate(v.Str()) {
			c.report(CodeBadDate, Error, "%s %q is no date", c.name(), v.Str())
		}
	default:
		c.wrongType(v, "a date")
	}
}

// moment05 also takes seconds in a string.
func moment05(c *checker, v *strictjson.Value) {
	if v.Is(strictjson.String) && digitsAt(v.Str(), "dddddddddd") {
		return
	}
	moment1(c, v)
}

// isSeconds wants a whole number from 0 to 9,999,999,999.
func isSeconds(literal string) bool {
	f, err := strconv.ParseFloat(literal, 64)
	return err == nil && f >= 0 && f <= 9_999_999_999 && f == float64(int64(f))
}

// isISODate follows the published pattern: a date, perhaps with a time to the
// minute, second or millisecond, which perhaps has a zone.
func isISODate(s string) bool {
	if len(s) < 10 || !digitsAt(s[:10], "dddd-dd-dd") || s[5] > '1' || s[8] > '3' {
		return false
	}
	if s = s[10:]; s == "" {
		return true
	}
	if len(s) < 6 || !digitsAt(s[:6], "Tdd:dd") || s[1] > '2' || s[4] > '5' {
		return false
	}
	s = s[6:]
	if len(s) >= 3 && digitsAt(s[:3], ":dd") && s[1] <= '5' {
		s = s[3:]
	}
	if s != "" && (s[0] == '.' || s[0] == ',') {
		n := 1
		for n < len(s) && n < 4 && s[n] >= '0' && s[n] <= '9' {
			n++
		}
		if n == 1 {
			return false
		}
		s = s[n:]
	}
	if s == "" || s == "Z" {
		return true
	}
	if s[0] != '+' && s[0] != '-' {
		return false
	}
	s = s[1:]
	for _, shape := range []string{"dd", "dddd", "dd:dd"} {
		if digitsAt(s, shape) {
			return s[0] <= '2' && (len(s) == 2 || s[len(s)-2] <= '5')
		}
	}
	return false
}

// identity1 is a hash or a mail address.
func identity1(c *checker, v *strictjson.Value) {
	if !v.Is(strictjson.String) {
		c.wrongType(v, "a mail address or a hash")
		return
	}
	if !isHash(v.Str(), "sha1", "sha256") && !isEmail(v.Str()) {
		c.report(CodeBadIdentity, Error, "identity is no mail address and no hash")
	}
}

func recipient05(c *checker, v *strictjson.Value) {
	if !v.Is(strictjson.String) {
		c.wrongType(v, "a mail address or a hash")
		return
	}
	if !isHash(v.Str(), "sha1", "sha256", "md5") && !isEmail(v.Str()) {
		c.report(CodeBadIdentity, Error, "recipient is no mail address and no hash")
	}
}

// salt05 is a string where it belongs to a hash; a plain address has none.
func salt05(c *checker, v *strictjson.Value) {
	if !isEmail(c.doc.JSON.Get("recipient").Str()) {
		text(c, v)
	}
}

func version05(c *checker, v *strictjson.Value) {
	text(c, v)
	if v.Is(strictjson.String) && !strings.Contains(v.Str(), "0.5.0") {
		c.report(CodeWrongWord, Warning, "version is %q and should be 0.5.0", v.Str())
	}
}

func email(c *checker, v *strictjson.Value) {
	if !v.Is(strictjson.String) {
		c.wrongType(v, "a mail address")
		return
	}
	if !isEmail(v.Str()) {
		c.report(CodeBadIdentity, Warning, "%s %q is no mail address", c.name(), v.Str())
	}
}

// isEmail wants a mailbox of RFC 5321, section 4.1.2, without the forms that are
// only there for history, but with quoted local parts and address literals.
func isEmail(s string) bool {
	at := strings.LastIndexByte(s, '@')
	if at < 0 || at > 64 || len(s) > 254 {
		return false
	}
	local, domain := s[:at], s[at+1:]
	if len(local) > 1 && local[0] == '"' && local[len(local)-1] == '"' {
		if strings.ContainsAny(local[1:len(local)-1], `\"`) {
			return false
		}
	} else {
		if strings.HasPrefix(local, ".") || strings.HasSuffix(local, ".") || strings.Contains(local, "..") {
			return false
		}
		for i := range len(local) {
			if !isAlphanumeric(local[i]) && strings.IndexByte(".!#$%&'*+-/=?^_`{|}~", local[i]) < 0 {
				return false
			}
		}
	}
	if strings.HasPrefix(domain, "[") && strings.HasSuffix(domain, "]") {
		literal, six := strings.CutPrefix(domain[1:len(domain)-1], "IPv6:")
		ip, err := netip.ParseAddr(literal)
		return err == nil && ip.Zone() == "" && (six == ip.Is6())
	}
	return isHostname(domain)
}

func isHostname(s string) bool {
	s = strings.TrimSuffix(s, ".")
	if len(s) > 253 {
		return false
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for i := range len(label) {
			if !isAlphanumeric(label[i]) && label[i] != '-' {
				return false
			}
		}
	}
	return true
}

func assertion1Extra(c *checker, v *strictjson.Value) {
	if v.Get("verify") == nil && v.Get("verification") == nil {
		c.at("verify", func() { c.report(CodeMissing, Error, "verify is missing") })
	}
	if v.Get("uid") == nil && v.Get("id") == nil {
		c.report(CodeMissing, Error, "the assertion has neither id nor uid")
	}
	from, errFrom := OB2DateTime(v.Get("issuedOn").Str()).Time()
	until, errUntil := OB2DateTime(v.Get("expires").Str()).Time()
	if errFrom == nil && errUntil == nil && until.Before(from) {
		c.at("expires", func() { c.report(CodeDateOrder, Error, "expires lies before issuedOn") })
	}
}
