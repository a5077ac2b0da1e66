package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/dom"

	"github.com/accolade-badges/accolade/web/browsertest"
)

// The story of a badge, from an exam result to the employer who looks at it: the
// program, a mail server and a browser. It is written once, and lived by people
// who use a browser in different ways, from different sides of the date line: a
// badge of the first second of 2026 is of January 2026 for all of them.
func TestFromResultToSharedBadgeInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("runs a browser")
	}
	browser := browsertest.Start(t)
	h := mustHome(t, "", "2026-08-01T10:00:00Z")
	h.env = append(h.env, "TZ=America/Los_Angeles") // where it is 2025 at that second
	h.must(t, "programme", "load", "-q", h.demoProgramme(t))
	mails := mustMailServer(t)
	mails.up(t)
	h.serve(t, h.port, "--smtp", mails.url())
	for i, m := range []manner{
		{name: "at a desk", language: "en", width: 1280, script: true, zone: "America/Los_Angeles"},
		{name: "Chinese on a small screen", language: "zh-CN", width: 320, script: true, zone: "Asia/Shanghai"},
		{name: "with a keyboard", language: "en", width: 1280, keys: true, script: true, zone: "Pacific/Kiritimati"},
		{name: "without scripts", language: "en", width: 390, zone: "Pacific/Pago_Pago"},
	} {
		t.Run(m.name, func(t *testing.T) {
			s := story{home: h, mails: mails, result: fmt.Sprint(i + 1), email: fmt.Sprintf("kim%d@example.org", i+1)}
			s.owner = mustReader(browser, t, h.base, m, "Kim Sample", "Sample Institute", "Sample Certified: Data Engineer Associate", "DL-210", "Data Engineering", "English")
			m.name += ", a stranger"
			s.stranger = mustReader(browser, t, h.base, m, s.owner.data...)
			s.live(t)
		})
	}
}

// story is one badge, its owner, and somebody who has nothing to do with it.
type story struct {
	*home
	mails           *mailServer
	result, email   string
	owner, stranger *reader
	id              string // of the award
	title           string // of the badge, in the language of both
}

func (s *story) live(t *testing.T) {
	s.claim(t)
	if t.Failed() {
		return // what comes after has nothing to stand on
	}
	s.publish(t)
	s.checkLinkedIn(t)
	s.embed(t)
	link := s.share(t)
	s.withdraw(t, link)
}

// award is the story's award, as the program shows it.
func (s *story) award(t *testing.T) shownAward {
	t.Helper()
	list := s.awards(t)
	at := slices.IndexFunc(list, func(w shownAward) bool { return w.ResultID == s.result })
	if at < 0 {
		t.Fatalf("result %s has no award among %d", s.result, len(list))
	}
	return list[at]
}

// expect fails unless the award is so.
func (s *story) expect(t *testing.T, visibility string) {
	t.Helper()
	if w := s.award(t); w.Acceptance != "claimed" || w.Visibility != visibility {
		t.Errorf("the badge is %s and %s, want claimed and %s", w.Acceptance, w.Visibility, visibility)
	}
}

// mail waits for the mail with a link of a kind, and returns its path.
func (s *story) mail(t *testing.T, kind string) string {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), 2*time.Minute)
	defer stop()
	link, err := s.mails.letter(ctx, s.email, kind)
	if err != nil {
		t.Fatal(err)
	}
	return link
}

// claim goes the four steps: the link, the account, its mail, and the link there.
func (s *story) claim(t *testing.T) {
	t.Helper()
	r := s.owner
	s.title = map[string]string{"en": "Sample Certified: Data Engineer Associate", "zh-CN": "示例认证：数据工程师（助理级）"}[r.language]
	s.must(t, "results", "record", "--provider", "sample-centre", "--result-id", s.result, "--exam", "DL-210", "--taken-at", "2026-01-01T00:00:00Z",
		"--email", s.email, "--given-name", "Kim", "--family-name", "Sample", "--locale", r.language)
	r.open(t, s.mail(t, "/claim/")) // 1
	s.id = s.award(t).ID
	r.sees(t, "Kim Sample", s.title, "…@e….org", r.say(t, "claim.becomes.stranger"))
	r.follow(t, r.say(t, "claim.start"), "/sign-in/code") // 2
	r.sees(t, "…@e….org")
	r.open(t, s.mail(t, "/confirm/")) // 3
	r.sees(t, s.title, r.say(t, "confirm.private"))
	if w := s.award(t); w.Acceptance == "claimed" {
		t.Error("the badge is claimed by looking at the link")
	}
	r.follow(t, r.say(t, "confirm.claim.button"), "/me/badges/"+s.id) // 4
	r.sees(t, s.title, "Kim Sample", r.say(t, "sharing.private"))
	s.expect(t, "private")
	r.follow(t, r.say(t, "me.title"), "/me")
	r.sees(t, s.title, r.say(t, "me.private"))
	s.closed(t, "/badges/"+s.id)
	r.follow(t, s.title, "/me/badges/"+s.id)
}

// show lets the owner decide, on the badge's page, who may see it.
func (s *story) show(t *testing.T, visibility string) {
	t.Helper()
	r := s.owner
	r.choose(t, "visibility", r.say(t, "share."+visibility))
	r.follow(t, r.say(t, "share.save"), "/me/badges/"+s.id)
	r.sees(t, r.say(t, "share.said.visibility"))
	s.expect(t, visibility)
}

// publish makes the badge public; a stranger sees it, and that it is genuine.
func (s *story) publish(t *testing.T) {
	t.Helper()
	s.show(t, "public")
	s.stranger.open(t, "/badges/"+s.id)
	s.stranger.sees(t, s.title, "Kim Sample", "Sample Institute", s.stranger.say(t, "verify.verdict.valid"))
}

// checkLinkedIn reads the link to LinkedIn's form, and the values to copy into it.
func (s *story) checkLinkedIn(t *testing.T) {
	t.Helper()
	r := s.owner
	link := ask[string](t, r, `(() => { `+named+` return named(`+fmt.Sprintf("%q", r.say(t, "sharing.linkedin.go"))+`)[0].href })()`)
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	copied := func(field string) string {
		return ask[string](t, r, `document.getElementById("linkedin-`+field+`").innerText`)
	}
	badge := s.base + "/badges/" + s.id
	want := url.Values{
		"startTask": {"CERTIFICATION_NAME"}, "name": {copied("name")}, "organizationName": {"Sample Institute"}, "issueYear": {"2026"}, "issueMonth": {"1"},
		"expirationYear": {"2027"}, "expirationMonth": {"1"}, "certUrl": {badge}, "certId": {copied("id")},
	}
	if got := u.Query(); got.Encode() != want.Encode() || u.Host != "www.linkedin.com" || u.Path != "/profile/add" {
		t.Errorf("the link to LinkedIn is %s\nwith %v\nwant %v", link, got, want)
	}
	month := map[string]string{"en": "January 2026", "zh-CN": "2026年1月"}[r.language]
	for field, want := range map[string]string{"name": "Sample Certified: Data Engineer Associate", "organization": "Sample Institute", "issued": month, "url": badge} {
		if got := copied(field); got != want {
			t.Errorf("to copy into LinkedIn's %s there is %q, want %q", field, got, want)
		}
	}
}

// embed takes the snippet for a page, and a stranger sees the badge in it.
func (s *story) embed(t *testing.T) {
	t.Helper()
	r := s.owner
	r.unfold(t, r.say(t, "sharing.embed.auto"))
	r.sees(t)
	snippet := ask[string](t, r, `document.getElementById("embed-auto").value`)
	blog := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, `<!doctype html><html lang="%s"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Blog</title><link rel="icon" href="data:,">%s`, r.language, snippet)
	}))
	defer blog.Close()
	v := s.stranger
	v.open(t, strings.Replace(blog.URL, "127.0.0.1", "localhost", 1)) // as ours is, so that the frame can be read
	v.await(t, "the frame shows the badge", func() bool {
		whole, pierce := int64(-1), true
		page := tell(v.ctx, t, dom.GetDocument, dom.GetDocumentParams{Depth: &whole, Pierce: &pierce})
		said := textIn(page.Root)
		return strings.Contains(said, s.title) && strings.Contains(said, "Kim Sample") && strings.Contains(said, v.say(t, "status.current"))
	})
	v.keep(t)
}

// textIn is the text of a node, of all that it has, and of frames in it.
func textIn(n *cdp.Node) string {
	text := n.NodeValue
	for _, child := range append(slices.Clone(n.Children), n.ContentDocument) {
		if child != nil {
			text += textIn(child)
		}
	}
	return text
}

// share makes a link for one person, who opens it and sees the badge, with the
// exams as the owner chose.
func (s *story) share(t *testing.T) (path string) {
	t.Helper()
	r, v := s.owner, s.stranger
	r.fill(t, r.say(t, "share.label"), "Example")
	r.tick(t, r.say(t, "share.with-exams"))
	r.follow(t, r.say(t, "share.make"), "/me/badges/"+s.id)
	r.data = append(r.data, "Example")
	r.sees(t, "Example", r.say(t, "share.views.none"), r.say(t, "share.shows-exams"))
	link := ask[string](t, r, `document.querySelector("input[id^=link-]").value`)
	path, ours := strings.CutPrefix(link, s.base)
	if !ours || !strings.HasPrefix(path, "/s/") {
		t.Fatalf("the share link is %q", link)
	}
	v.open(t, path)
	v.sees(t, s.title, "Kim Sample", v.say(t, "share.seen"), v.say(t, "share.exams"), v.say(t, "verify.verdict.valid"))
	return path
}

// withdraw makes the badge private: a stranger finds a closed page, at the badge's
// address and at the link.
func (s *story) withdraw(t *testing.T, link string) {
	t.Helper()
	s.owner.open(t, "/me/badges/"+s.id)
	s.show(t, "private")
	s.closed(t, "/badges/"+s.id)
	s.closed(t, link)
	s.owner.follow(t, s.owner.say(t, "me.title"), "/me")
	s.owner.sees(t, s.title, s.owner.say(t, "me.private"))
}

// closed fails unless an address tells a stranger nothing of the badge, but what
// to do next.
func (s *story) closed(t *testing.T, path string) {
	t.Helper()
	v := s.stranger
	v.open(t, path)
	v.sees(t, v.say(t, "errors.home"))
	said := ask[string](t, v, "document.documentElement.outerHTML")
	for _, secret := range []string{"Kim", s.title, "Data Engineer"} {
		if strings.Contains(said, secret) {
			t.Errorf("%s tells a stranger of %q:\n%s", path, secret, said)
		}
	}
}
