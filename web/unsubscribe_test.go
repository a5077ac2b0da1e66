package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/issuer"
)

var optOutLink = regexp.MustCompile(`/u/[A-Za-z0-9_-]+`)

const formType = "application/x-www-form-urlencoded"

// stopped tells whether the reminders that a link is about are stopped.
func (h *house) stopped(tb testing.TB, link string) bool {
	tb.Helper()
	out, err := h.OptOut(tb.Context(), strings.TrimPrefix(link, "/u/"))
	if err != nil {
		tb.Fatal(err)
	}
	return out.Stopped
}

// TestOneClickOptOut posts as mail programs do (RFC 8058): no cookie, no Origin
// or another's, a form of either kind, and no way to follow a redirect.
func TestOneClickOptOut(t *testing.T) {
	t.Parallel()
	const multipart = "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n"
	for name, c := range map[string]struct {
		kind, body string
		header     []string
	}{
		"a form":                {formType, "List-Unsubscribe=One-Click", nil},
		"a form in parts":       {"multipart/form-data; boundary=x", multipart, nil},
		"from another site":     {formType, "List-Unsubscribe=One-Click", []string{"Origin", "https://mail.example.com", "Sec-Fetch-Site", "cross-site"}},
		"an origin that is nil": {formType, "List-Unsubscribe=One-Click", []string{"Origin", "null"}},
		"nothing at all":        {formType, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := mustHouse(t, nil)
			h.mustAward(t, "exam-dl-100", passed("1", "DL-100", 5, kim))
			link := h.newest(t, kim.Email).link(t, optOutLink)
			got := h.do(t, "POST", link, []byte(c.body), append([]string{"Content-Type", c.kind}, c.header...)...)
			if got.status != http.StatusOK || got.header.Get("Location") != "" || len(got.header.Values("Set-Cookie")) > 0 {
				t.Errorf("answer %d, Location %q, %d cookies; want 200 and nothing to follow or keep", got.status, got.header.Get("Location"), len(got.header.Values("Set-Cookie")))
			}
			if !h.stopped(t, link) {
				t.Error("the reminders were not stopped")
			}
		})
	}
}

// TestLookingAtAnOptOutChangesNothing however often scanners do it.
func TestLookingAtAnOptOutChangesNothing(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	h.mustAward(t, "exam-dl-100", passed("1", "DL-100", 5, kim))
	link := h.newest(t, kim.Email).link(t, optOutLink)
	for range 10 {
		for _, method := range []string{"GET", "HEAD"} {
			got := h.do(t, method, link, nil, "Accept", browser, "Purpose", "prefetch")
			if got.status != http.StatusOK || got.header.Get("Cache-Control") != "no-store" || got.header.Get("X-Robots-Tag") != "noindex" || got.header.Get("Referrer-Policy") != "no-referrer" {
				t.Fatalf("%s: %d %v", method, got.status, got.header)
			}
		}
	}
	page := h.page(t, link)
	if h.stopped(t, link) {
		t.Error("looking stopped the reminders")
	}
	if strings.Contains(page, kim.Email) || !strings.Contains(page, "k…@e….org") {
		t.Error("the page shows the whole address to whoever has the link, or none of it")
	}
	if !strings.Contains(page, `<form method="post" action="`+link+`">`) {
		t.Error("the page has no button")
	}
}

func TestOptOutCanBeUndone(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	h.mustAward(t, "exam-dl-100", passed("1", "DL-100", 5, kim))
	link := h.newest(t, kim.Email).link(t, optOutLink)
	for _, step := range []struct {
		body    string
		stopped bool
		says    string
	}{
		{"", true, "Done. No more reminders."},
		{"act=resume", false, "Reminders are on again"},
		{"act=resume", false, "Reminders are on again"},
		{"List-Unsubscribe=One-Click", true, "Done. No more reminders."},
	} {
		got := h.do(t, "POST", link, []byte(step.body), "Content-Type", formType, "Accept", browser)
		if got.status != http.StatusOK || !strings.Contains(string(got.body), step.says) || h.stopped(t, link) != step.stopped {
			t.Errorf("%q: %d, stopped %v; want 200, %v and %q", step.body, got.status, h.stopped(t, link), step.stopped, step.says)
		}
	}
	if page := h.page(t, link+"?lang=zh-CN"); !strings.Contains(page, "提醒已停止") {
		t.Error("the page is not in Chinese")
	}
}

func TestOptOutLinkThatIsNone(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	for _, link := range []string{"/u/x", "/u/" + strings.Repeat("A", 43), "/u/" + strings.Repeat("A", 5000), "/u/%00"} {
		for _, method := range []string{"GET", "POST"} {
			got := h.do(t, method, link, nil, "Accept", browser)
			if got.status != http.StatusNotFound || !strings.Contains(string(got.body), "This link is not complete") {
				t.Errorf("%s %.20s: %d, want 404 that says what to do", method, link, got.status)
			}
		}
	}
}

// mails are what the API shows of an award's mails.
type mails struct {
	Mail []struct {
		Kind, State, Cause, MessageID string
	}
}

func TestReportBounces(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id := h.mustAward(t, "exam-dl-100", passed("1", "DL-100", 5, kim))
	reader, token := h.mustToken(t, issuer.AwardsRead), h.mustToken(t, issuer.MailWrite)
	before := mustJSON[mails](t, h.call(t, "GET", "/api/v1/awards/"+id, reader, nil), 200)
	if len(before.Mail) != 1 || before.Mail[0].State != "accepted" {
		t.Fatalf("mails %+v, want one that was accepted", before.Mail)
	}
	type report map[string]string
	type taken struct {
		MessageID string
		Known     bool
	}
	hard := report{"messageId": "<" + before.Mail[0].MessageID + ">", "kind": "hard", "reason": "550 5.1.1\r\nno such user", "at": "2026-03-01T09:00:00Z"}
	for range 2 {
		if got := mustJSON[taken](t, h.call(t, "POST", "/api/v1/mail/bounces", token, hard), 200); !got.Known || got.MessageID != hard["messageId"] {
			t.Errorf("%+v, want that the mail is known", got)
		}
	}
	many := mustJSON[[]taken](t, h.call(t, "POST", "/api/v1/mail/bounces", token, []report{hard, {"messageId": "other@example.net", "kind": "soft"}}), 200)
	if len(many) != 2 || !many[0].Known || many[1].Known {
		t.Errorf("%+v, want the first known and the second not", many)
	}
	after := mustJSON[mails](t, h.call(t, "GET", "/api/v1/awards/"+id, reader, nil), 200)
	if len(after.Mail) != 1 || after.Mail[0].State != "bounced" || after.Mail[0].Cause != "550 5.1.1 no such user" {
		t.Errorf("mails %+v, want one that bounced, with the cause on one line", after.Mail)
	}
	for name, c := range map[string]struct {
		token, body string
		status      int
	}{
		"no token":          {"", `{}`, 401},
		"another scope":     {reader, `{}`, 403},
		"no id":             {token, `{"kind": "hard"}`, 422},
		"an unknown kind":   {token, `{"messageId": "a@b", "kind": "odd"}`, 422},
		"an unknown member": {token, `{"messageId": "a@b", "kind": "hard", "colour": "blue"}`, 400},
		"no JSON":           {token, `hello`, 400},
		"null":              {token, `null`, 422},
		"too many":          {token, "[" + strings.Repeat(`{"messageId": "a@b", "kind": "soft"},`, 1000) + `{"messageId": "a@b", "kind": "soft"}]`, 422},
	} {
		if got := h.call(t, "POST", "/api/v1/mail/bounces", c.token, c.body); got.status != c.status {
			t.Errorf("%s: %d %s, want %d", name, got.status, got.body, c.status)
		}
	}
}
