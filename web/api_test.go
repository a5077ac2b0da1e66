package web_test

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/web"
)

// problem is a refusal as the API gives it (RFC 9457).
type problem struct {
	Type, Title, Detail string
	Status              int
	Errors              []struct{ Field, Message string }
}

// recorded is the answer to a reported result.
type recorded struct {
	Decisions []struct {
		Certification string
		Attained      bool
		Reasons       []string
	}
	Awards  []struct{ ID, URL, Achievement string }
	Problem *problem
}

// award is an award as the API shows it.
type award struct {
	ID, URL, Achievement, Status, Visibility, Provider, ResultID, Name, Reason string
	ValidUntil                                                                 *time.Time
	URLs                                                                       map[string]string
	Mail                                                                       []struct {
		Kind   string
		SentAt *time.Time
	}
}

func TestRecordResult(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	token := h.mustToken(t, issuer.ResultsWrite)
	r := passed("1", "CL-100", 3, kim)
	first := h.call(t, "POST", "/api/v1/results", token, r)
	got := mustJSON[recorded](t, first, http.StatusCreated)
	if len(got.Awards) != 2 || got.Awards[0].URL != h.base+"/badges/"+got.Awards[0].ID {
		t.Errorf("CL-100 earns %+v, want its certification and its exam badge with their addresses", got.Awards)
	}
	again := h.call(t, "POST", "/api/v1/results", token, r)
	if seen := mustJSON[recorded](t, again, http.StatusOK); len(seen.Awards) != 2 || !slices.Contains(seen.Awards, got.Awards[0]) || !slices.Contains(seen.Awards, got.Awards[1]) {
		t.Errorf("the same result again: %+v, want the awards that were answered first: %+v", seen.Awards, got.Awards)
	}
	r.Exam = "DL-100"
	if p := mustJSON[problem](t, h.call(t, "POST", "/api/v1/results", token, r), http.StatusConflict); p.Detail == "" {
		t.Error("the same id for another exam: no detail in the problem")
	}
	why := mustJSON[recorded](t, h.call(t, "POST", "/api/v1/results", token, passed("2", "CL-301", 2, kim)), http.StatusCreated)
	if len(why.Awards) != 0 || len(why.Decisions) == 0 || why.Decisions[0].Attained || len(why.Decisions[0].Reasons) == 0 {
		t.Errorf("one exam of an expert certification: %+v, want reasons why not yet", why)
	}
}

func TestRecordResultRefusals(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	token := h.mustToken(t, issuer.ResultsWrite)
	const good = `{"provider":"sample-centre","resultId":"1","exam":"CL-100","takenAt":"2026-02-01T10:00:00Z","outcome":"passed","score":"812","candidate":{"email":"kim@example.org","givenName":"Kim","familyName":"Sample"}}`
	for _, c := range []struct {
		name, from, to string
		status         int
		field          string
	}{
		{"unknown exam", `"CL-100"`, `"XX-999"`, 422, "exam"},
		{"date in the future", "2026-02-01", "2027-02-01", 422, "takenAt"},
		{"no date", "2026-02-01T10:00:00Z", "yesterday", 422, "takenAt"},
		{"a score that is no number", `"812"`, `"high"`, 422, "score"},
		{"an address that is none", "kim@example.org", "kim at example", 422, "candidate.email"},
		{"two addresses", "kim@example.org", "kim@example.org, eve@example.org", 422, "candidate.email"},
		{"a line break in a name", `"Kim"`, `"Kim\r\nBcc: eve@example.org"`, 422, "candidate.givenName"},
		{"unknown outcome", `"passed"`, `"excellent"`, 422, "outcome"},
		{"bad provider", "sample-centre", "Sample Centre!", 422, "provider"},
		{"no candidate", `,"candidate":{"email":"kim@example.org","givenName":"Kim","familyName":"Sample"}`, ``, 422, "candidate.email"},
		{"unknown member", `"resultId"`, `"colour":"blue","resultId"`, 400, ""},
		{"a member twice", `"resultId"`, `"exam":"DL-100","resultId"`, 400, ""},
		{"a number for a name", `"Kim"`, `7`, 400, ""},
		{"not JSON", `{"provider"`, `provider`, 400, ""},
		{"two documents", `"Sample"}}`, `"Sample"}} {}`, 400, ""},
		{"broken UTF-8", `"Kim"`, "\"K\xffm\"", 400, ""},
		{"empty", good, "", 400, ""},
		{"null", good, "null", 422, "exam"},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := strings.Replace(good, c.from, c.to, 1)
			got := h.call(t, "POST", "/api/v1/results", token, body)
			p := mustJSON[problem](t, got, c.status)
			if got.mediaType() != "application/problem+json" || p.Status != c.status || p.Title == "" || p.Detail == "" {
				t.Errorf("%s: %s %+v is no complete problem", body, got.mediaType(), p)
			}
			found := c.field == ""
			for _, e := range p.Errors {
				found = found || e.Field == c.field && e.Message != ""
			}
			if !found {
				t.Errorf("%s: errors %+v do not name %s", body, p.Errors, c.field)
			}
		})
	}
	if got := h.call(t, "POST", "/api/v1/results", token, strings.Repeat(" ", 5<<20+1)); got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("a body of 5 MiB and one byte: %d, want 413", got.status)
	}
	if list := mustJSON[struct{ Items []award }](t, h.call(t, "GET", "/api/v1/awards", h.mustToken(t, issuer.AwardsRead), nil), 200); len(list.Items) != 0 {
		t.Errorf("refused results left %d awards", len(list.Items))
	}
	number := strings.Replace(good, `"812"`, `812.5`, 1)
	if got := h.call(t, "POST", "/api/v1/results", token, number); got.status != http.StatusCreated {
		t.Errorf("a score as a JSON number: %d %s, want 201", got.status, got.body)
	}
}

func TestRecordManyResults(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	token := h.mustToken(t, issuer.ResultsWrite)
	var list []issuer.Result
	for i := range 40 {
		who := issuer.Candidate{Email: fmt.Sprintf("person%d@example.org", i), GivenName: "Person", FamilyName: fmt.Sprint(i)}
		list = append(list, passed(fmt.Sprint("r", i), "DL-100", 5, who))
	}
	list[7].Exam, list[23].Candidate.Email = "XX-1", "none"
	answers := mustJSON[[]recorded](t, h.call(t, "POST", "/api/v1/results", token, list), http.StatusOK)
	if len(answers) != len(list) {
		t.Fatalf("%d answers to %d results", len(answers), len(list))
	}
	for i, a := range answers {
		switch bad := i == 7 || i == 23; {
		case bad && (a.Problem == nil || a.Problem.Status != 422 || len(a.Problem.Errors) == 0):
			t.Errorf("result %d: %+v, want a problem", i, a)
		case !bad && (a.Problem != nil || len(a.Awards) != 2):
			t.Errorf("result %d: %+v, want two awards", i, a)
		}
	}
	if got := h.call(t, "POST", "/api/v1/results", token, "[]"); got.status != 200 || strings.TrimSpace(string(got.body)) != "[]" {
		t.Errorf("no results: %d %s, want an empty list", got.status, got.body)
	}
	if got := h.call(t, "POST", "/api/v1/results", token, "["+strings.Repeat(`{},`, 1000)+"{}]"); got.status != http.StatusRequestEntityTooLarge {
		t.Errorf("1001 results: %d, want 413", got.status)
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id := h.mustAward(t, "cloud-foundations", passed("1", "CL-100", 3, kim))
	other, err := h.CreateIssuer(t.Context(), "test", issuer.NewIssuer{Name: "Other Sample Institute", Email: "other@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := h.CreateToken(t.Context(), "test", other.Slug, "test", issuer.Scopes(), time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	ended, err := h.CreateToken(t.Context(), "test", h.slug, "test", issuer.Scopes(), start.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	h.clock.add(2 * time.Hour)
	for _, r := range web.Routes() {
		if r.Rule != "by token" || !strings.HasPrefix(r.Path, "/api/") {
			continue
		}
		path := strings.Replace(r.Path, ":id", id, 1)
		var without []issuer.Scope
		for _, scope := range issuer.Scopes() {
			if string(scope) != r.Scope {
				without = append(without, scope)
			}
		}
		for name, c := range map[string]struct {
			token  string
			status int
		}{
			"none": {"", 401}, "unknown": {"acc_unknown", 401}, "expired": {ended, 401}, "wrong scope": {h.mustToken(t, without...), 403},
		} {
			got := h.call(t, r.Method, path, c.token, `{"reason":"x"}`)
			p := mustJSON[problem](t, got, c.status)
			if got.mediaType() != "application/problem+json" || p.Detail == "" {
				t.Errorf("%s %s, token %s: %s %+v", r.Method, path, name, got.mediaType(), p)
			}
			if c.status == 401 && got.header.Get("WWW-Authenticate") == "" {
				t.Errorf("%s %s, token %s: no WWW-Authenticate", r.Method, path, name)
			}
		}
		if strings.Contains(r.Path, ":id") {
			if got := h.call(t, r.Method, path, foreign, `{"reason":"x"}`); got.status != 404 {
				t.Errorf("%s %s with another issuer's token: %d, want 404", r.Method, path, got.status)
			}
		}
	}
	if list := mustJSON[struct{ Items []award }](t, h.call(t, "GET", "/api/v1/awards", foreign, nil), 200); len(list.Items) != 0 {
		t.Errorf("another issuer's token lists %d awards", len(list.Items))
	}
	w, err := h.Award(t.Context(), id)
	if err != nil || !w.RevokedAt.IsZero() || !w.SuspendedAt.IsZero() {
		t.Errorf("refused calls changed the award: %+v %v", w, err)
	}
	if strings.Contains(h.log.String(), "acc_") {
		t.Error("a token is in the log")
	}
}

func TestListAwardsInPages(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	for i := range 7 {
		h.mustAward(t, "data-engineer", passed(fmt.Sprint(i), "DL-210", 3, issuer.Candidate{Email: fmt.Sprintf("p%d@example.org", i), GivenName: "P", FamilyName: fmt.Sprint(i)}))
		h.clock.add(time.Minute)
	}
	token := h.mustToken(t, issuer.AwardsRead)
	type page struct {
		Items []award
		Next  *string
	}
	var results []string
	seen := map[string]bool{}
	path := "/api/v1/awards?limit=3"
	for pages := 1; ; pages++ {
		got := mustJSON[page](t, h.call(t, "GET", path, token, nil), 200)
		for _, w := range got.Items {
			if seen[w.ID] {
				t.Errorf("award %s is on two pages", w.ID)
			}
			seen[w.ID] = true
			results = append(results, w.ResultID)
			if w.Status != "current" || w.Achievement != "data-engineer" || w.Provider != "sample-centre" || w.URL != h.base+"/badges/"+w.ID || w.Visibility != "private" {
				t.Errorf("award %+v", w)
			}
		}
		if got.Next == nil {
			if pages != 3 {
				t.Errorf("7 awards by 3 came on %d pages, want 3", pages)
			}
			break
		}
		path = "/api/v1/awards?limit=3&cursor=" + escape(*got.Next)
	}
	if got := strings.Join(results, ""); got != "6543210" {
		t.Errorf("results %s, want newest first: 6543210", got)
	}
	if got := mustJSON[page](t, h.call(t, "GET", "/api/v1/awards?limit=1000000", token, nil), 200); len(got.Items) != 7 || got.Next != nil {
		t.Errorf("limit 1000000: %d awards and next %v, want all and null", len(got.Items), got.Next)
	}
	if got := mustJSON[page](t, h.call(t, "GET", "/api/v1/awards?acceptance=pending&limit=2", token, nil), 200); len(got.Items) != 2 || got.Next == nil {
		t.Errorf("pending: %d awards and next %v, want two and more", len(got.Items), got.Next)
	}
	if got := mustJSON[page](t, h.call(t, "GET", "/api/v1/awards?acceptance=claimed", token, nil), 200); len(got.Items) != 0 {
		t.Errorf("claimed: %d awards, want none", len(got.Items))
	}
	for _, query := range []string{"limit=0", "limit=-1", "limit=many", "cursor=%21", "cursor=bm9uZQ", "acceptance=taken"} {
		if p := mustJSON[problem](t, h.call(t, "GET", "/api/v1/awards?"+query, token, nil), 400); len(p.Errors) == 0 {
			t.Errorf("%s: %+v names no field", query, p)
		}
	}
}

func TestActsOnAwards(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id := h.mustAward(t, "cloud-foundations", passed("1", "CL-100", 3, kim))
	token := h.mustToken(t, issuer.AwardsWrite, issuer.AwardsRead)
	act := func(name, body string, status int) answer {
		t.Helper()
		got := h.call(t, "POST", "/api/v1/awards/"+id+"/"+name, token, body)
		if got.status != status {
			t.Fatalf("%s %s: %d %s, want %d", name, body, got.status, got.body, status)
		}
		return got
	}
	if w := mustJSON[award](t, act("suspend", `{"reason":"Under review","note":"case 7"}`, 200), 200); w.Status != "suspended" || w.Reason != "Under review" {
		t.Errorf("after suspend: %+v", w)
	}
	if w := mustJSON[award](t, act("reinstate", `{"reason":"Review done"}`, 200), 200); w.Status != "current" || w.Reason != "" {
		t.Errorf("after reinstate: %+v", w)
	}
	if w := mustJSON[award](t, act("correct", `{"reason":"Married","givenName":"Kim","familyName":"Example"}`, 200), 200); w.Name != "Kim Example" {
		t.Errorf("after correct: %+v", w)
	}
	act("correct", `{"reason":"Nothing"}`, 422)
	act("correct", `{"reason":"Bad","email":"none"}`, 422)
	act("revoke", `{"reason":""}`, 422)
	act("revoke", `{"reason":"x","note":"`+strings.Repeat("n", 2001)+`"}`, 422)
	act("revoke", `{"why":"x"}`, 400)
	if w := mustJSON[award](t, act("revoke", `{"reason":"Voided"}`, 200), 200); w.Status != "revoked" || w.Reason != "Voided" || len(w.URLs) != 12 {
		t.Errorf("after revoke: %+v", w)
	}
	act("revoke", `{"reason":"Again"}`, 200)
	act("reinstate", `{"reason":"Mistake"}`, 409)
	act("suspend", `{"reason":"Late"}`, 409)
	act("correct", `{"reason":"Late","givenName":"Kim"}`, 409)
	if _, err := h.Drain(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	w := mustJSON[award](t, h.call(t, "GET", "/api/v1/awards/"+id, token, nil), 200)
	if w.Reason != "Voided" || len(w.Mail) < 2 || w.Mail[0].SentAt == nil {
		t.Errorf("the award with its mails: %+v", w)
	}
	var notes []string
	err := h.ledger.View(t.Context(), func(tx *ledger.Tx) error {
		list, err := tx.Audits(t.Context(), 0, 1000)
		for _, a := range list {
			if a.Action == "award.noted" {
				notes = append(notes, a.Detail)
			}
		}
		return err
	})
	if err != nil || len(notes) != 1 || notes[0] != "case 7" {
		t.Errorf("notes in the audit log: %v %v, want case 7", notes, err)
	}
	if got := h.call(t, "GET", "/api/v1/awards/unknown", token, nil); got.status != 404 {
		t.Errorf("an unknown award: %d, want 404", got.status)
	}
}

// A second program that writes holds the ledger for longer than a request waits:
// the write is refused in whole, reading goes on, and writing works again after.
func TestLedgerLockedByAnotherProgram(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id := h.mustAward(t, "cloud-foundations", passed("1", "CL-100", 3, kim))
	h.mustShow(t, id, ledger.Public)
	other, err := ledger.Open(t.Context(), ledger.Config{URL: filepath.Join(h.folder, "ledger.db"), Now: h.clock.now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = other.Close() })
	token := h.mustToken(t, issuer.ResultsWrite)
	held, release, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		var once bool
		done <- other.Update(context.Background(), func(tx *ledger.Tx) error {
			if !once {
				once = true
				close(held)
			}
			<-release
			return nil
		})
	}()
	<-held
	got := h.call(t, "POST", "/api/v1/results", token, passed("2", "DL-100", 3, kim))
	if p := mustJSON[problem](t, got, http.StatusServiceUnavailable); got.header.Get("Retry-After") == "" || p.Detail == "" {
		t.Errorf("a locked ledger: Retry-After %q, %+v", got.header.Get("Retry-After"), p)
	}
	for _, path := range []string{"/", "/badges/" + id, "/badges/" + id + "/image.png", "/readyz"} {
		if got := h.do(t, "GET", path, nil, "Accept", browser); got.status != 200 {
			t.Errorf("GET %s while the ledger is locked: %d, want 200", path, got.status)
		}
	}
	close(release)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if got := h.call(t, "POST", "/api/v1/results", token, passed("2", "DL-100", 3, kim)); got.status != http.StatusCreated {
		t.Errorf("after the lock: %d %s, want 201 without a restart", got.status, got.body)
	}
}
