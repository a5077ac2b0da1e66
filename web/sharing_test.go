package web_test

import (
	"archive/zip"
	"bytes"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// mustMine awards a badge to somebody who signs in and accepts it.
func (h *house) mustMine(tb testing.TB, achievement string, r issuer.Result) (id string, v *visitor) {
	tb.Helper()
	id = h.mustAward(tb, achievement, r)
	v = h.mustSignIn(tb, r.Candidate.Email)
	v.open(tb, "/me/badges/"+id)
	v.press(tb, "Accept this badge")
	h.mustOwner(tb, id, r.Candidate.Email)
	return id, v
}

// field is the value of a field of the open page, by its id.
func (v *visitor) field(tb testing.TB, id string) string {
	tb.Helper()
	for _, form := range []string{`(?s)<textarea id="` + id + `"[^>]*>(.*?)</textarea>`, `<input id="` + id + `"[^>]* value="([^"]*)"`, `<bdi id="` + id + `">(.*?)</bdi>`} {
		if m := regexp.MustCompile(form).FindStringSubmatch(v.page); m != nil {
			return html.UnescapeString(m[1])
		}
	}
	tb.Fatalf("the page %s has no field %s:\n%s", v.at, id, v.text())
	return ""
}

// links are the addresses that the open page links to and that begin so.
func (v *visitor) links(begin string) []string {
	var list []string
	for _, m := range regexp.MustCompile(`href="([^"]+)"`).FindAllStringSubmatch(v.page, -1) {
		if address := html.UnescapeString(m[1]); strings.HasPrefix(address, begin) {
			list = append(list, address)
		}
	}
	return list
}

func TestOwnerSharesAPublicBadge(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	if err := h.ChangeSettings(t.Context(), "test", h.slug, func(s *issuer.Settings) { s.LinkedInID = "1035" }); err != nil {
		t.Fatal(err)
	}
	id, v := h.mustMine(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	v.open(t, "/me/badges/"+id)
	if got := append(v.links("https://www.linkedin.com"), v.links("https://twitter.com")...); len(got) > 0 {
		t.Errorf("a private badge is offered to %v", got)
	}
	v.sees(t, "Only you can see this badge")
	h.mustShow(t, id, ledger.Public)
	v.open(t, "/me/badges/"+id)
	address := h.base + "/badges/" + id
	add := v.links("https://www.linkedin.com/profile/add?")
	if len(add) != 1 {
		t.Fatalf("the links to LinkedIn's form: %v", add)
	}
	u, err := url.Parse(add[0])
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	for name, want := range map[string]string{
		"startTask": "CERTIFICATION_NAME", "name": v.field(t, "linkedin-name"), "organizationId": "1035", "organizationName": "", "issueYear": "2026", "issueMonth": "2",
		"expirationYear": "2027", "expirationMonth": "2", "certUrl": address, "certId": issuer.LicenceNumber(id),
	} {
		if q.Get(name) != want {
			t.Errorf("LinkedIn's %s is %q, want %q", name, q.Get(name), want)
		}
	}
	for name, want := range map[string]string{
		"linkedin-organization": "Sample Certification Institute", "linkedin-issued": "February 2026", "linkedin-expires": "February 2027",
		"linkedin-id": issuer.LicenceNumber(id), "linkedin-url": address, "share-address": address,
	} {
		if got := v.field(t, name); got != want {
			t.Errorf("the field %s holds %q, want %q", name, got, want)
		}
	}
	for _, begin := range []string{
		"https://www.linkedin.com/sharing/share-offsite/?url=" + escape(address), "https://www.facebook.com/sharer/sharer.php?u=" + escape(address),
		"https://twitter.com/intent/tweet?text=", "mailto:?subject=", "https://www.linkedin.com/post-inspector/inspect/http", "https://developers.facebook.com/tools/debug/?q=" + escape(address),
	} {
		if len(v.links(begin)) != 1 {
			t.Errorf("the page has no link to %s", begin)
		}
	}
	v.sees(t, "LinkedIn keeps the entry when your badge has expired")
	for name, want := range map[string]string{
		"embed-auto": `src="` + address + `/embed"`, "embed-light": `src="` + address + `/embed?theme=light"`, "embed-dark": `src="` + address + `/embed?theme=dark"`,
		"embed-live": `<img src="` + address + `/image.png?size=240" width="120" height="120" alt="`, "embed-fixed": `<img src="` + h.base + `/achievements/cloud-developer/image.png?size=240"`,
		"embed-markdown": `](` + address + `/image.png?size=240)](` + address + `)`,
	} {
		if got := v.field(t, name); !strings.Contains(got, want) {
			t.Errorf("the snippet %s is %s, want %s in it", name, got, want)
		}
	}
	if strings.Count(v.page, "<script") != 1 || !strings.Contains(v.page, `/share.js" defer></script>`) {
		t.Error("the page has another script than its own")
	}
}

func TestEmbedHasThemes(t *testing.T) {
	t.Parallel()
	s := mustSamples(t)
	for query, class := range map[string]string{"": "embed", "?theme=auto": "embed", "?theme=light": "embed light", "?theme=dark": "embed dark", `?theme="><script>`: "embed"} {
		page := s.page(t, "/badges/"+s.id+"/embed"+strings.ReplaceAll(query, `"><`, "%22%3E%3C"))
		if !strings.Contains(page, `class="`+class+`"`) {
			t.Errorf("the frame %s has another class than %q", query, class)
		}
	}
}

func TestOwnerTakesTheBadgeAlong(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id, v := h.mustMine(t, "data-engineer", passed("1", "DL-210", 10, li))
	other := h.mustSignIn(t, "kim@example.org")
	get := func(path string) []byte {
		t.Helper()
		v.open(t, path)
		want := `attachment; filename="badge-` + id
		if got := v.header.Get("Content-Disposition"); !strings.HasPrefix(got, want) || v.header.Get("Cache-Control") != "no-store" {
			t.Errorf("GET %s: %s, %s", path, got, v.header.Get("Cache-Control"))
		}
		body := []byte(v.page)
		for _, stranger := range []*visitor{other, h.mustVisitor(t)} {
			if stranger.send(t, "GET", path, nil); strings.HasPrefix(stranger.at, path) && stranger.status != http.StatusNotFound {
				t.Errorf("somebody else gets %s: %d", path, stranger.status)
			}
		}
		return body
	}
	at := "/me/badges/" + id
	v.open(t, at)
	files := v.links(at + "/files/")
	if len(files) != 6 {
		t.Fatalf("the page offers %v, want six files", files)
	}
	cv := v.field(t, "cv-text")
	if !strings.Contains(cv, "Sample Certification Institute · awarded February 2026, valid until February 2027\nLicence number "+issuer.LicenceNumber(id)) || strings.Contains(cv, "http") {
		t.Errorf("the lines for a CV of a private badge: %q", cv)
	}
	for _, path := range files {
		if r := mustJSON[report](t, h.do(t, "POST", "/api/v1/verify", get(path)), 200); r.Verdict != "valid" {
			t.Errorf("the file %s of a private badge is %s: %s", path, r.Verdict, r.Summary)
		}
	}
	body := get(at + "/archive.zip")
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	if len(z.File) != 8 {
		t.Errorf("the archive has %d files, want every form, the QR code and a note", len(z.File))
	}
	if v.send(t, "GET", at+"/files/exe", nil); v.status != http.StatusNotFound {
		t.Errorf("a form that is not there: %d", v.status)
	}
	h.mustShow(t, id, ledger.Public)
	v.open(t, at)
	if got := v.field(t, "cv-text"); !strings.HasSuffix(got, "\n"+h.base+"/badges/"+id) {
		t.Errorf("the lines for a CV of a public badge: %q", got)
	}
	if got := v.field(t, "cv-html"); !strings.Contains(got, `src="`+h.base+"/badges/"+id+`/qr.png?size=288" width="96" height="96"`) {
		t.Errorf("the HTML for a CV: %s", got)
	}
}
