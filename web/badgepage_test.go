package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

func TestAPageOfABadgeNotInForceSaysSoFirst(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	ids := map[string]string{
		"Expired": h.mustAward(t, "cloud-security-engineer", passed("1", "SL-210", 700, noor)),
		"Suspend": h.mustAward(t, "cloud-developer", passed("2", "CL-220", 100, kim)),
		"Revoked": h.mustAward(t, "data-engineer", passed("3", "DL-210", 10, li)),
	}
	if err := h.Suspend(t.Context(), "test", ids["Suspend"], "The sitting is being looked into"); err != nil {
		t.Fatal(err)
	}
	if err := h.Revoke(t.Context(), "test", ids["Revoked"], "The result was voided"); err != nil {
		t.Fatal(err)
	}
	for state, id := range ids {
		h.mustShow(t, id, ledger.Public)
		page := h.page(t, "/badges/"+id)
		for _, name := range []string{"description", "og:description", "twitter:description"} {
			if got := meta(page, name); !strings.HasPrefix(got, state) || !strings.Contains(got, "Sample Certification Institute") {
				t.Errorf("%s: %s is %q", state, name, got)
			}
		}
		if until := strings.Contains(page, "<dt>Valid until</dt>"); until != (state == "Suspend") {
			t.Errorf("%s: the page says until when it is valid: %v", state, until)
		}
		if reason := strings.Count(page, "The sitting is being looked into") + strings.Count(page, "The result was voided"); (reason > 0) != (state != "Expired") {
			t.Errorf("%s: the page gives %d reasons", state, reason)
		}
	}
}

func TestAnIssuersExamsStandAfterItsCertifications(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	page := h.page(t, "/issuers/"+h.slug)
	exam, certification := strings.Index(page, `"/achievements/exam-`), strings.LastIndex(page, `"/achievements/reliability-engineer"`)
	if exam < 0 || certification < 0 || exam < certification {
		t.Errorf("the first exam stands at %d, a certification at %d:\n%s", exam, certification, page)
	}
}

func TestWhatABadgePageOffersIsAFileThatVerifies(t *testing.T) {
	t.Parallel()
	s := mustSamples(t)
	page := s.page(t, "/badges/"+s.id)
	_, list, _ := strings.Cut(page, `<ul class="files">`)
	list, _, _ = strings.Cut(list, "</ul>")
	links := regexp.MustCompile(`href="([^"]+)"`).FindAllStringSubmatch(list, -1)
	if len(links) != 6 {
		t.Fatalf("the page offers %d files, want 6: %s", len(links), list)
	}
	for _, link := range links {
		got := s.do(t, "GET", link[1], nil, "Accept", browser)
		if got.status != 200 || got.mediaType() == "text/html" {
			t.Errorf("a browser that follows %s gets %d %s", link[1], got.status, got.mediaType())
		}
		for _, input := range []string{s.base + link[1], string(got.body)} {
			if r := mustJSON[struct{ Verdict string }](t, s.do(t, "POST", "/api/v1/verify", []byte(input)), http.StatusOK); r.Verdict != "valid" {
				t.Errorf("what is at %s is %s", link[1], r.Verdict)
			}
		}
	}
}
