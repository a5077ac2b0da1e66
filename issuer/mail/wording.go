package mail

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	texttemplate "text/template"
	"text/template/parse"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// Wording is a programme's own text for a kind of mail, by language (BCP 47). An
// empty one leaves the house's words.
type Wording map[string]Template

// Template is the text of one mail in one language. Subject and paragraphs may
// hold the fields {{.Name}}, {{.Issuer}}, {{.Achievement}}, {{.ClaimLink}},
// {{.ClaimUntil}}, {{.AttainedAt}}, {{.ExpiresAt}}, {{.Contact}}, {{.OptOut}} and
// {{.BadgeURL}}, and {{if .Name}}…{{else}}…{{end}}. A paragraph that is
// {{.ClaimLink}} alone becomes the button.
type Template struct {
	Subject    string
	Paragraphs []string
}

// The kinds of mail that a programme may word itself.
const (
	NoteWording     = "note"     // goes out before the badge mail, which waits until it was accepted
	BadgeWording    = "badge"    // the mail with the claim link
	ReminderWording = "reminder" // likewise, for a badge that nobody has claimed
)

// fields are what a template may name.
var fields = []string{
	"Name", "Issuer", "Achievement", "ClaimLink", "ClaimUntil", "AttainedAt", "ExpiresAt", "Contact", "OptOut", "BadgeURL",
}

// essential lists what a mail of a kind must tell whoever reads it, and why.
func essential(kind string) map[string]string {
	need := map[string]string{
		"Issuer":  "or nobody knows who writes",
		"Contact": "or nobody knows whom to ask",
		"OptOut":  "or reminders can only be stopped by marking them as spam",
	}
	if kind != NoteWording {
		need["ClaimLink"] = "or the badge cannot be claimed"
	}
	return need
}

const (
	maxSubject    = 200   // characters
	maxWording    = 8_000 // characters of one template
	maxParagraphs = 60
)

// shorteners hide where a link leads, which is why filters refuse mails with
// them.
var shorteners = []string{"bit.ly", "buff.ly", "cutt.ly", "goo.gl", "is.gd", "lnkd.in", "ow.ly", "rb.gy", "rebrand.ly", "t.co", "t.ly", "tiny.cc", "tinyurl.com"}

var addressForm = regexp.MustCompile(`(?i)\b(?:https?|ftp)://[^\s<>"'）】]+`)

// Check lists what is wrong with a programme's wording for a kind of mail, in
// order: a mail without claim link, issuer, contact or opt-out must not go out.
// No faults: it can be used.
func (w Wording) Check(kind string) []string {
	var list []string
	for _, tag := range slices.Sorted(maps.Keys(w)) {
		if _, err := language.Parse(tag); err != nil {
			list = append(list, fmt.Sprintf("%q is no language; write it like en or zh-CN", clip(tag)))
			continue
		}
		t := w[tag]
		for _, fault := range t.check(kind) {
			list = append(list, tag+": "+fault)
		}
	}
	return list
}

func (t *Template) check(kind string) (list []string) {
	size := utf8.RuneCountInString(strings.Join(t.Paragraphs, ""))
	switch {
	case strings.TrimSpace(t.Subject) == "" || utf8.RuneCountInString(t.Subject) > maxSubject:
		list = append(list, fmt.Sprintf("the subject must have 1 to %d characters", maxSubject))
	case len(t.Paragraphs) == 0 || len(t.Paragraphs) > maxParagraphs || size > maxWording:
		list = append(list, fmt.Sprintf("there must be 1 to %d paragraphs of %d characters together", maxParagraphs, maxWording))
	}
	named := map[string]bool{}
	for i, text := range append([]string{t.Subject}, t.Paragraphs...) {
		where := fmt.Sprintf("paragraph %d", i)
		if i == 0 {
			where = "the subject"
		}
		if !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }) {
			list = append(list, where+" holds a line break or another control character; a paragraph is one line")
		}
		found, err := namedFields(text)
		if err != nil {
			list = append(list, where+": "+err.Error())
		}
		if i > 0 {
			maps.Copy(named, found)
			if found["ClaimLink"] && !isButton(text) {
				list = append(list, where+": {{.ClaimLink}} stands alone in its paragraph, so that it becomes the button")
			}
		}
		for _, link := range addressForm.FindAllString(text, -1) {
			if why := badLink(link); why != "" {
				list = append(list, fmt.Sprintf("%s: %s %s", where, clip(link), why))
			}
		}
	}
	need := essential(kind)
	for _, field := range slices.Sorted(maps.Keys(need)) {
		if !named[field] {
			list = append(list, fmt.Sprintf("{{.%s}} is missing outside of {{if}}, %s", field, need[field]))
		}
	}
	return list
}

// badLink tells why a link must not stand in a mail.
func badLink(link string) string {
	u, err := url.Parse(strings.TrimRight(link, sentenceEnd))
	if err != nil || u.Scheme != "https" || u.User != nil {
		return "must be a plain https address"
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	if slices.Contains(shorteners, host) {
		return "hides where it leads; write the whole address"
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return "has a number for a host, which filters refuse"
	}
	return ""
}

func isButton(paragraph string) bool { return strings.TrimSpace(paragraph) == "{{.ClaimLink}}" }

// namedFields returns the fields that stand in a text whatever holds. It refuses
// everything but fields and if: the text is a stranger's, and templates can loop.
func namedFields(text string) (map[string]bool, error) {
	t, err := texttemplate.New("text").Parse(text)
	if err != nil {
		_, reason, _ := strings.Cut(err.Error(), "template: text:")
		return nil, fmt.Errorf("cannot be read: %s", clip(cmp.Or(reason, err.Error())))
	}
	if len(t.Templates()) > 1 {
		return nil, fmt.Errorf("defines a template; only fields and {{if}} are known")
	}
	always := map[string]bool{}
	if t.Tree == nil { // nothing but space
		return always, nil
	}
	return always, walk(t.Root, func(field string, certain bool) {
		if certain {
			always[field] = true
		}
	}, true)
}

func walk(list *parse.ListNode, name func(field string, certain bool), certain bool) error {
	if list == nil {
		return nil
	}
	for _, n := range list.Nodes {
		switch n := n.(type) {
		case *parse.TextNode, *parse.CommentNode:
		case *parse.ActionNode:
			field, err := onlyField(n.Pipe)
			if err != nil {
				return err
			}
			name(field, certain)
		case *parse.IfNode:
			if _, err := onlyField(n.Pipe); err != nil {
				return err
			}
			for _, branch := range []*parse.ListNode{n.List, n.ElseList} {
				if err := walk(branch, name, false); err != nil {
					return err
				}
			}
		default:
			return fmt.Errorf("%s is not known here; only fields and {{if}} are", clip(n.String()))
		}
	}
	return nil
}

// onlyField is the field that a pipeline consists of.
func onlyField(p *parse.PipeNode) (string, error) {
	if len(p.Decl) == 0 && len(p.Cmds) == 1 && len(p.Cmds[0].Args) == 1 {
		if f, ok := p.Cmds[0].Args[0].(*parse.FieldNode); ok && len(f.Ident) == 1 && slices.Contains(fields, f.Ident[0]) {
			return f.Ident[0], nil
		}
	}
	return "", fmt.Errorf("{{%s}} is no field; there are %s", clip(p.String()), strings.Join(fields, ", "))
}

// in returns the template for the best language, and that language. Where there
// is none for locale at all, ok tells whether any may stand in for it.
func (w Wording) in(locale string, any bool) (t Template, tag string, ok bool) {
	names := slices.Sorted(maps.Keys(w))
	if len(names) == 0 {
		return t, "", false
	}
	tags := make([]language.Tag, len(names))
	for i, name := range names {
		tags[i] = language.Make(name)
	}
	wanted, _, err := language.ParseAcceptLanguage(locale)
	if err == nil {
		if _, i, confidence := language.NewMatcher(tags).Match(wanted...); confidence > language.No {
			return w[names[i]], names[i], true
		}
	}
	if !any {
		return t, "", false
	}
	tag = names[0]
	if _, en := w["en"]; en {
		tag = "en"
	}
	return w[tag], tag, true
}
