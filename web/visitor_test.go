package web_test

import (
	"bytes"
	"io"
	"mime/quotedprintable"
	"net/http"
	"net/http/cookiejar"
	netmail "net/mail"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// visitor is a person with a browser in which no script runs: it keeps cookies,
// follows redirects and sends the forms of pages.
type visitor struct {
	h      *house
	client *http.Client
	lang   string // Accept-Language

	at     string // path and query of the page that is open
	status int
	header http.Header
	page   string
}

// mustVisitor opens a new browser.
func (h *house) mustVisitor(tb testing.TB) *visitor {
	tb.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		tb.Fatal(err)
	}
	return &visitor{h: h, client: &http.Client{Jar: jar}, lang: "en"}
}

func (v *visitor) send(tb testing.TB, method, path string, form url.Values, header ...string) {
	tb.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(tb.Context(), method, v.h.base+path, body)
	if err != nil {
		tb.Fatal(err)
	}
	req.Header.Set("Accept", browser)
	req.Header.Set("Accept-Language", v.lang)
	req.Header.Set("User-Agent", "test browser")
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", v.h.base)
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	res, err := v.client.Do(req)
	if err != nil {
		tb.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		tb.Fatalf("%s %s: %v", method, path, err)
	}
	v.at, v.status, v.header, v.page = res.Request.URL.RequestURI(), res.StatusCode, res.Header, string(text)
}

// open opens a page, which has to be there.
func (v *visitor) open(tb testing.TB, path string) {
	tb.Helper()
	if v.send(tb, "GET", path, nil); v.status != http.StatusOK {
		tb.Fatalf("open %s: %d\n%s", path, v.status, v.text())
	}
}

// press sends the form of the open page whose button says what is given, with
// values (name, value, …) typed into its fields.
func (v *visitor) press(tb testing.TB, button string, typed ...string) {
	tb.Helper()
	action, form := v.form(tb, button, typed...)
	v.send(tb, "POST", action, form)
}

// form returns what pressing a button would send, and where to.
func (v *visitor) form(tb testing.TB, button string, typed ...string) (string, url.Values) {
	tb.Helper()
	root, err := html.Parse(strings.NewReader(v.page))
	if err != nil {
		tb.Fatal(err)
	}
	for f := range root.Descendants() {
		if f.Type != html.ElementNode || f.Data != "form" {
			continue
		}
		form := url.Values{}
		found := false
		for n := range f.Descendants() {
			switch {
			case n.Type != html.ElementNode:
			case n.Data == "input":
				form.Set(attribute(n, "name"), attribute(n, "value"))
			case n.Data == "button" && strings.HasPrefix(strings.Join(strings.Fields(textOf(n)), " "), button):
				found = true
				if name := attribute(n, "name"); name != "" {
					form.Set(name, attribute(n, "value"))
				}
			}
		}
		if !found {
			continue
		}
		for i := 0; i < len(typed); i += 2 {
			if _, there := form[typed[i]]; !there {
				tb.Fatalf("%s: the form of %q has no field %q", v.at, button, typed[i])
			}
			form.Set(typed[i], typed[i+1])
		}
		action := attribute(f, "action")
		if action == "" {
			action = v.at
		}
		return action, form
	}
	tb.Fatalf("%s has no button %q:\n%s", v.at, button, v.text())
	return "", nil
}

// text is what the page says.
func (v *visitor) text() string {
	root, err := html.Parse(strings.NewReader(v.page))
	if err != nil {
		return v.page
	}
	return strings.Join(strings.Fields(textOf(root)), " ")
}

// sees fails where the open page does not say something.
func (v *visitor) sees(tb testing.TB, words ...string) {
	tb.Helper()
	text := v.text()
	for _, want := range words {
		if !strings.Contains(text, want) {
			tb.Errorf("%s (%d) does not say %q:\n%s", v.at, v.status, want, text)
		}
	}
}

// cookies returns the names and values that the browser keeps.
func (v *visitor) cookies(tb testing.TB) map[string]string {
	tb.Helper()
	u, err := url.Parse(v.h.base)
	if err != nil {
		tb.Fatal(err)
	}
	all := map[string]string{}
	for _, c := range v.client.Jar.Cookies(u) {
		all[c.Name] = c.Value
	}
	return all
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// textOf is what a reader sees of an element.
func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode && d.Parent.Data != "script" && d.Parent.Data != "style" {
			b.WriteString(d.Data)
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// post is one mail that was sent.
type post struct{ name, to, subject, text string }

// drain sends what waits in the outbox, and returns all mails to an address, the
// oldest first.
func (h *house) drain(tb testing.TB, to string) []post {
	tb.Helper()
	if _, err := h.Drain(tb.Context(), nil); err != nil {
		tb.Fatal(err)
	}
	names, err := filepath.Glob(filepath.Join(h.outbox, "*.eml"))
	if err != nil {
		tb.Fatal(err)
	}
	slices.Sort(names)
	var list []post
	for _, name := range names {
		body, err := os.ReadFile(name)
		if err != nil {
			tb.Fatal(err)
		}
		m, err := netmail.ReadMessage(bytes.NewReader(body))
		if err != nil {
			tb.Fatal(err)
		}
		if !strings.Contains(m.Header.Get("To"), to) {
			continue
		}
		whole, err := io.ReadAll(quotedprintable.NewReader(m.Body))
		if err != nil {
			tb.Fatal(err)
		}
		text, _, _ := strings.Cut(string(whole), "text/html")
		list = append(list, post{name, m.Header.Get("To"), m.Header.Get("Subject"), text})
	}
	return list
}

// newest returns the newest mail to an address.
func (h *house) newest(tb testing.TB, to string) post {
	tb.Helper()
	list := h.drain(tb, to)
	if len(list) == 0 {
		tb.Fatalf("there is no mail to %s", to)
	}
	return list[len(list)-1]
}

var (
	confirmLink = regexp.MustCompile(`/confirm/[A-Za-z0-9_-]+`)
	claimLink   = regexp.MustCompile(`/claim/[A-Za-z0-9_-]+`)
	mailedCode  = regexp.MustCompile(`\b([0-9]{3}) ([0-9]{3})\b`)
)

// link returns the address of ours in a mail that a pattern describes.
func (p post) link(tb testing.TB, pattern *regexp.Regexp) string {
	tb.Helper()
	found := pattern.FindString(p.text)
	if found == "" {
		tb.Fatalf("the mail %q has no %s:\n%s", p.subject, pattern, p.text)
	}
	return found
}

// code returns the six digits of a mail.
func (p post) code(tb testing.TB) string {
	tb.Helper()
	found := mailedCode.FindStringSubmatch(p.text)
	if found == nil {
		tb.Fatalf("the mail %q has no code:\n%s", p.subject, p.text)
	}
	return found[1] + found[2]
}

// mustSignIn signs in with an address, in a new browser.
func (h *house) mustSignIn(tb testing.TB, address string) *visitor {
	tb.Helper()
	v := h.mustVisitor(tb)
	v.open(tb, "/sign-in")
	v.press(tb, "Mail me a link", "email", address)
	v.press(tb, "Confirm", "code", h.newest(tb, address).code(tb))
	if !strings.HasPrefix(v.at, "/me") {
		tb.Fatalf("signing in as %s leads to %s: %s", address, v.at, v.text())
	}
	return v
}
