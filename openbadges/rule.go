package openbadges

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// text is any string.
func text(c *checker, v *strictjson.Value) {
	if !v.Is(strictjson.String) {
		c.wrongType(v, "a string")
		return
	}
	c.control(v.Str())
}

func number(c *checker, v *strictjson.Value) {
	if !v.Is(strictjson.Number) {
		c.wrongType(v, "a number")
		return
	}
	if strings.ContainsAny(v.Literal(), "eE") {
		c.report(CodeNumberSpelling, Warning, "%s is spelled with an exponent, which other software may sign differently", c.name())
	}
}

func boolean(c *checker, v *strictjson.Value) {
	if !v.Is(strictjson.Bool) {
		c.wrongType(v, "true or false")
	}
}

func moment(c *checker, v *strictjson.Value) {
	if !v.Is(strictjson.String) {
		c.wrongType(v, "a date and time")
		return
	}
	if _, err := parseMoment(v.Str()); err != nil {
		c.report(CodeBadDate, Error, "%s %q is no date and time with a zone, such as 2026-01-05T10:00:00Z", c.name(), v.Str())
	}
}

func date(c *checker, v *strictjson.Value) {
	if !v.Is(strictjson.String) {
		c.wrongType(v, "a date")
		return
	}
	if !isDate(v.Str()) {
		c.report(CodeBadDate, Error, "%s %q is no date, such as 2026-01-05", c.name(), v.Str())
	}
}

// address is a string that must be an absolute URI, by our own judgement: the
// schemas of 3.0 take any string.
func address(s Severity) rule {
	return func(c *checker, v *strictjson.Value) {
		text(c, v)
		if v.Is(strictjson.String) && !isAbsolute(v.Str()) {
			c.report(CodeBadAddress, s, "%s %q is no absolute URI", c.name(), v.Str())
		}
	}
}

// isAbsolute tells whether s is a URI with a scheme. The usual ones are told at
// once; package url decides about ports, escapes and address literals.
func isAbsolute(s string) bool {
	if plainURI(s) {
		return true
	}
	u, err := url.Parse(s)
	return err == nil && u.IsAbs() && !strings.ContainsAny(s, " \t\r\n<>\"{}|\\^`")
}

// plainURI tells whether s is a scheme, a colon, and only characters that mean
// nothing special where they stand.
func plainURI(s string) bool {
	scheme, rest, ok := strings.Cut(s, ":")
	if !ok || scheme == "" || !isLetter(scheme[0]) {
		return false
	}
	for i := range len(scheme) {
		if c := scheme[i]; !isAlphanumeric(c) && c != '+' && c != '-' && c != '.' {
			return false
		}
	}
	authority := strings.HasPrefix(rest, "//")
	for i := range len(rest) {
		switch c := rest[i]; {
		case isAlphanumeric(c), strings.IndexByte("-._~!$&'()*+,;=", c) >= 0:
		case c == '/' || c == '?' || c == '#':
			authority = authority && i < len("//")
		case (c == ':' || c == '@') && !authority:
		default:
			return false
		}
	}
	return true
}

// list is an array, each item of which follows r.
func list(r rule) rule {
	return func(c *checker, v *strictjson.Value) {
		if !v.Is(strictjson.Array) {
			if v.Is(strictjson.Null) {
				c.wrongType(v, "an array")
				return
			}
			c.report(CodeNotAnArray, Warning, "%s is a single value where an array should stand", c.name())
			r(c, v)
			return
		}
		items := v.Items()
		if len(items) == 0 {
			c.report(CodeEmptyArray, Warning, "%s is an empty array; leave it out", c.name())
		}
		for i := range items {
			c.at(strconv.Itoa(i), func() { r(c, &items[i]) })
		}
	}
}

// oneOrMore follows r, or is an array of what does.
func oneOrMore(r rule) rule {
	return func(c *checker, v *strictjson.Value) {
		if v.Is(strictjson.Array) {
			list(r)(c, v)
			return
		}
		r(c, v)
	}
}

// one is an object of the class.
func one(name string) rule {
	return func(c *checker, v *strictjson.Value) { c.object(c.model.classes[name], v) }
}

// addressOr is an address, or an object of the class.
func addressOr(name string, s Severity) rule {
	return func(c *checker, v *strictjson.Value) {
		if v.Is(strictjson.String) {
			address(s)(c, v)
			return
		}
		c.object(c.model.classes[name], v)
	}
}

// anyOf is one of the words, or one of the issuer's own behind "ext:". The
// published pattern finds "ext:" anywhere in the word; that it should stand in
// front is ours.
func anyOf(words ...string) rule {
	return func(c *checker, v *strictjson.Value) {
		if !v.Is(strictjson.String) {
			c.wrongType(v, "a word")
			return
		}
		s := v.Str()
		if slices.Contains(words, s) || hasExtension(s) {
			return
		}
		c.report(CodeWrongWord, Warning, "%s %q is not in the vocabulary of the standard; words of one's own begin with ext:", c.name(), s)
	}
}

// hasExtension follows the published pattern (ext:)[a-z|A-Z|0-9|.|-|_]+, in
// which "|-|" is a range that holds the bar alone.
func hasExtension(s string) bool {
	for rest := s; ; {
		i := strings.Index(rest, "ext:")
		if i < 0 {
			return false
		}
		rest = rest[i+len("ext:"):]
		if rest != "" && (isAlphanumeric(rest[0]) || strings.IndexByte(".|_", rest[0]) >= 0) {
			return true
		}
	}
}

func isAlphanumeric(b byte) bool { return isLetter(b) || b >= '0' && b <= '9' }

func isLetter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }

// word is exactly one of the words.
func word(s Severity, words ...string) rule {
	return func(c *checker, v *strictjson.Value) {
		if !v.Is(strictjson.String) {
			c.wrongType(v, "a word")
			return
		}
		if !slices.Contains(words, v.Str()) {
			c.report(CodeWrongWord, s, "%s is %q and should be %s", c.name(), v.Str(), strings.Join(words, " or "))
		}
	}
}

// types is an array of strings with at least one of each group of names, which
// are separated by blanks.
func types(groups ...string) rule {
	wanted := fields(groups)
	return func(c *checker, v *strictjson.Value) {
		if v.Is(strictjson.String) {
			c.report(CodeNotAnArray, Warning, "%s is a single value where an array should stand", c.name())
		} else if !stringsOnly(c, v) {
			return
		}
		containsTypes(c, v, wanted)
	}
}

// typesLoose is a string or an array of strings, as version 1.1 of the data
// model has it. That the name of the class is among them is ours.
func typesLoose(groups ...string) rule {
	wanted := fields(groups)
	return func(c *checker, v *strictjson.Value) {
		if v.Is(strictjson.String) || stringsOnly(c, v) {
			containsTypes(c, v, wanted)
		}
	}
}

func fields(groups []string) [][]string {
	out := make([][]string, len(groups))
	for i := range groups {
		out[i] = strings.Fields(groups[i])
	}
	return out
}

func stringsOnly(c *checker, v *strictjson.Value) bool {
	if !v.Is(strictjson.Array) {
		c.wrongType(v, "an array of names")
		return false
	}
	items := v.Items()
	if len(items) == 0 {
		c.report(CodeTooFew, Error, "%s is an empty array", c.name())
		return false
	}
	good := true
	for i := range items {
		if !items[i].Is(strictjson.String) {
			good = false
			c.at(strconv.Itoa(i), func() { c.wrongType(&items[i], "a name") })
		}
	}
	return good
}

func containsTypes(c *checker, v *strictjson.Value, groups [][]string) {
	for _, names := range groups {
		if !slices.ContainsFunc(names, v.Contains) {
			c.report(CodeMissingType, Error, "%s does not contain %s", c.name(), strings.Join(names, " or "))
		}
	}
}

// language is a tag as the schemas spell it: en, en-US, zh-Hans-CN.
func language(c *checker, v *strictjson.Value) {
	if !v.Is(strictjson.String) {
		c.wrongType(v, "a language tag")
		return
	}
	if !isLanguage(v.Str()) {
		c.report(CodeBadLanguage, Warning, "%s %q is no language tag such as en or zh-Hans-CN", c.name(), v.Str())
	}
}

func isLanguage(s string) bool {
	parts := strings.Split(s, "-")
	if n := len(parts[0]); n < 2 || n > 4 || !all(parts[0], 'a', 'z') {
		return false
	}
	parts = parts[1:]
	if len(parts) > 0 && len(parts[0]) == 4 && all(parts[0][:1], 'A', 'Z') && all(parts[0][1:], 'a', 'z') {
		parts = parts[1:]
	}
	if len(parts) > 0 && (len(parts[0]) == 2 && all(parts[0], 'A', 'Z') || len(parts[0]) == 3 && all(parts[0], '0', '9')) {
		parts = parts[1:]
	}
	return len(parts) == 0
}

func all(s string, low, high byte) bool {
	for i := range len(s) {
		if s[i] < low || s[i] > high {
			return false
		}
	}
	return true
}

// token is a compact JWS, the payload of which may be empty.
func token(c *checker, v *strictjson.Value) {
	if !v.Is(strictjson.String) {
		c.wrongType(v, "a compact JWS")
		return
	}
	parts := strings.Split(v.Str(), ".")
	good := len(parts) == 3 && parts[0] != "" && parts[2] != ""
	for _, p := range parts {
		for i := range len(p) {
			good = good && (isAlphanumeric(p[i]) || p[i] == '-' || p[i] == '_')
		}
	}
	if !good {
		c.report(CodeBadToken, Error, "%s is no compact JWS", c.name())
	}
}
