package web_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"html"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// meta reads the content of a meta element by its name or property.
func meta(page, name string) string {
	m := regexp.MustCompile(`<meta (?:name|property)="` + regexp.QuoteMeta(name) + `" content="([^"]*)">`).FindStringSubmatch(page)
	if m == nil {
		return ""
	}
	return html.UnescapeString(m[1])
}

func TestSharePreview(t *testing.T) {
	t.Parallel()
	s := mustSamples(t)
	page := s.page(t, "/badges/"+s.id)
	address := s.base + "/badges/" + s.id
	for name, want := range map[string]string{
		"og:type": "website", "og:url": address, "og:title": "Sample Certified: Cloud Administrator Associate", "og:site_name": "accolade",
		"og:description": "Kim Sample earned this from Sample Certification Institute on 9 February 2026.",
		"og:image:type":  "image/png", "og:image:width": "1200", "og:image:height": "630",
		"og:image:alt": "Sample Certified: Cloud Administrator Associate, earned by Kim Sample, valid until 9 February 2027", "twitter:card": "summary_large_image", "robots": "",
	} {
		if got := meta(page, name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	card := meta(page, "og:image")
	if !strings.HasPrefix(card, address+"/card.png?v=") || meta(page, "twitter:image") != card {
		t.Errorf("og:image %q, twitter:image %q; want the card with a version", card, meta(page, "twitter:image"))
	}
	if got := s.do(t, "GET", card, nil); got.status != 200 || len(got.body) > 1<<20 {
		t.Errorf("the card: %d, %d bytes", got.status, len(got.body))
	}
	for _, link := range []string{`<link rel="canonical" href="` + address + `">`, `type="application/vc+ld+json" href="` + address + `.json"`} {
		if !strings.Contains(page, link) {
			t.Errorf("the head lacks %s", link)
		}
	}
	head, _, _ := strings.Cut(page, "</head>")
	for _, kind := range []string{"application/json+oembed", "text/xml+oembed"} {
		m := regexp.MustCompile(`<link rel="alternate" type="` + regexp.QuoteMeta(kind) + `" href="([^"]+)" title=`).FindStringSubmatch(html.UnescapeString(head))
		if m == nil {
			t.Errorf("the head has no %s", kind)
		} else if got := s.do(t, "GET", m[1], nil); got.status != 200 {
			t.Errorf("GET %s: %d, want 200", m[1], got.status)
		}
	}
}

// schemaOf reads the JSON-LD of a page.
func schemaOf(t *testing.T, page string) map[string]any {
	t.Helper()
	_, rest, ok := strings.Cut(page, `<script type="application/ld+json">`)
	body, _, _ := strings.Cut(rest, "</script>")
	var v map[string]any
	if err := json.Unmarshal([]byte(body), &v); !ok || err != nil {
		t.Fatalf("schema.org: %v in %q", err, body)
	}
	return v
}

func TestSchemaOrg(t *testing.T) {
	t.Parallel()
	s := mustSamples(t)
	v := schemaOf(t, s.page(t, "/badges/"+s.id))
	credential, _ := v["hasCredential"].(map[string]any)
	if v["@type"] != "Person" || v["name"] != "Kim Sample" || credential["@type"] != "EducationalOccupationalCredential" ||
		credential["dateCreated"] != "2026-02-09" || credential["expires"] != "2027-02-09" || credential["url"] != s.base+"/badges/"+s.id {
		t.Errorf("schema.org: %v", v)
	}
	category, _ := credential["credentialCategory"].(map[string]any)
	skills, _ := credential["competencyRequired"].([]any)
	if category["@type"] != "DefinedTerm" || category["name"] != "certification" || len(skills) == 0 || credential["educationalLevel"] != "associate" ||
		credential["validFor"] != "P1Y" || credential["identifier"] != issuer.LicenceNumber(s.id) {
		t.Errorf("schema.org: %v", credential)
	}
	if v := schemaOf(t, s.page(t, "/achievements/cloud-administrator")); v["@type"] != "EducationalOccupationalCredential" || v["validFor"] != "P1Y" || v["dateCreated"] != nil {
		t.Errorf("schema.org of an achievement: %v", v)
	}
}

func TestHostileNamesAreText(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	h.slug = h.mustIssuer(t, hostileText, hostileProgramme())
	id := h.mustAward(t, "long-1", passed("1", "LONG-1", 1, issuer.Candidate{Email: "x@example.org", GivenName: hostileText, FamilyName: "</script><script>alert(3)</script>"}))
	h.mustShow(t, id, ledger.Public)
	if v := schemaOf(t, h.page(t, "/badges/"+id)); !strings.Contains(v["name"].(string), hostileText) {
		t.Errorf("schema.org names %q", v["name"])
	}
	if err := h.Suspend(t.Context(), "test", id, hostileText); err != nil {
		t.Fatal(err)
	}
	pages := []string{
		"/", "/badges/" + id, "/badges/" + id + "/embed", "/achievements/long-1", "/issuers/" + h.slug, h.mustClaimLink(t),
		"/verify?url=" + escape(h.base+"/badges/"+id), "/mailbox",
	}
	for _, path := range pages {
		page := h.page(t, path)
		for _, markup := range []string{"<script>alert", "<img src=x", "</script><script>"} {
			if strings.Contains(page, markup) {
				t.Errorf("GET %s: a name became markup: %s", path, markup)
			}
		}
		if !strings.Contains(page, "&lt;script&gt;alert(1)") {
			t.Errorf("GET %s does not show the name as text", path)
		}
	}
	if strings.Contains(h.page(t, "/badges/"+id), "application/ld+json\">{") {
		t.Error("schema.org is told of a badge that is suspended")
	}
	answer := mustJSON[map[string]any](t, h.do(t, "GET", "/oembed?url="+escape(h.base+"/badges/"+id), nil), 200)
	if strings.Contains(answer["html"].(string), "<script>") {
		t.Errorf("oEmbed: a name became markup: %s", answer["html"])
	}
	svg := h.do(t, "GET", "/badges/"+id+".svg", nil)
	if !strings.Contains(svg.header.Get("Content-Security-Policy"), "sandbox") {
		t.Error("the drawing has no sandbox")
	}
	for d := xml.NewDecoder(bytes.NewReader(svg.body)); ; {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal("the drawing is not XML: ", err)
		}
		if e, ok := token.(xml.StartElement); ok && (e.Name.Local == "script" || e.Name.Local == "img") {
			t.Errorf("the drawing has an element %s", e.Name.Local)
		}
	}
}

func TestOEmbed(t *testing.T) {
	t.Parallel()
	s := mustSamples(t)
	badge := escape(s.base + "/badges/" + s.id)
	type oembed struct {
		XMLName         xml.Name `json:"-" xml:"oembed"`
		Version         string   `json:"version" xml:"version"`
		Type            string   `json:"type" xml:"type"`
		Title           string   `json:"title" xml:"title"`
		HTML            string   `json:"html" xml:"html"`
		Width           int      `json:"width" xml:"width"`
		Height          int      `json:"height" xml:"height"`
		ThumbnailURL    string   `json:"thumbnail_url" xml:"thumbnail_url"`
		ThumbnailWidth  int      `json:"thumbnail_width" xml:"thumbnail_width"`
		ThumbnailHeight int      `json:"thumbnail_height" xml:"thumbnail_height"`
	}
	for _, c := range []struct {
		query                    string
		width, height, thumbnail int
	}{
		{"", 420, 180, 240},
		{"&format=json", 420, 180, 240},
		{"&maxwidth=300", 300, 180, 240},
		{"&maxheight=120", 420, 120, 120 - 24},
		{"&maxwidth=200&maxheight=100", 200, 100, 96},
		{"&maxwidth=50&maxheight=40", 50, 40, 0},
		{"&maxwidth=9999&maxheight=9999", 420, 180, 240},
	} {
		got := s.do(t, "GET", "/oembed?url="+badge+c.query, nil)
		o := mustJSON[oembed](t, got, 200)
		if got.mediaType() != "application/json" || o.Version != "1.0" || o.Type != "rich" || o.Width != c.width || o.Height != c.height || o.ThumbnailWidth != c.thumbnail || o.ThumbnailHeight != c.thumbnail {
			t.Errorf("oembed%s: %s %+v, want %d by %d with a thumbnail of %d", c.query, got.mediaType(), o, c.width, c.height, c.thumbnail)
		}
		if !strings.Contains(o.HTML, `src="`+s.base+"/badges/"+s.id+`/embed"`) {
			t.Errorf("oembed%s: html %s", c.query, o.HTML)
		}
		if o.ThumbnailURL != "" {
			if picture := s.do(t, "GET", o.ThumbnailURL, nil); picture.status != 200 || int(picture.body[18])<<8|int(picture.body[19]) != o.ThumbnailWidth {
				t.Errorf("oembed%s: the thumbnail is not %d wide", c.query, o.ThumbnailWidth)
			}
		}
	}
	for _, more := range []string{"?lang=zh-CN", "?utm_source=x", "#main", "/"} {
		if got := s.do(t, "GET", "/oembed?url="+badge+escape(more), nil); got.status != 200 {
			t.Errorf("the address of the badge with %s: %d", more, got.status)
		}
	}
	got := s.do(t, "GET", "/oembed?format=xml&maxwidth=300&url="+badge, nil)
	var o oembed
	if err := xml.Unmarshal(got.body, &o); err != nil || got.mediaType() != "text/xml" || o.Type != "rich" || o.Width != 300 || o.HTML == "" {
		t.Errorf("as XML: %v %s %+v", err, got.mediaType(), o)
	}
	for query, want := range map[string]int{
		"url=" + badge + "&format=yaml": 501, "url=" + escape(s.base+"/badges/unknown"): 404, "url=" + escape("https://example.org/badges/"+s.id): 404,
		"url=" + escape(s.base+"/issuers/"+s.slug): 404, "url=" + badge + "&maxwidth=x": 400, "url=" + badge + "&maxheight=-1": 400, "": 400,
	} {
		if got := s.do(t, "GET", "/oembed?"+query, nil); got.status != want {
			t.Errorf("oembed?%s: %d, want %d", query, got.status, want)
		}
	}
}

func TestClaimLink(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id := h.mustAward(t, "cloud-developer", passed("1", "CL-220", 20, li))
	link := h.mustClaimLink(t)
	before, err := h.Award(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	first := h.do(t, "GET", link, nil, "Accept", browser)
	for range 50 {
		for _, method := range []string{"GET", "HEAD"} {
			if got := h.do(t, method, link, nil, "Accept", browser, "Sec-Purpose", "prefetch"); got.status != 200 {
				t.Fatalf("%s %s: %d, want 200 again and again", method, link, got.status)
			}
		}
	}
	for _, file := range []string{"json", "jwt", "png", "svg", "pdf", "ob2", "ob2-jws"} {
		got := h.do(t, "GET", link+"/"+file, nil)
		if got.status != 200 || got.header.Get("Cache-Control") != "no-store" || !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment; filename=\"badge-"+id) {
			t.Errorf("GET claim/%s: %d %v", file, got.status, got.header)
		}
		if r := mustJSON[report](t, h.do(t, "POST", "/api/v1/verify", got.body), 200); file != "ob2" && r.Verdict != "valid" {
			t.Errorf("the file claim/%s of a private badge is %s: %s", file, r.Verdict, r.Summary)
		}
	}
	after, err := h.Award(t.Context(), id)
	if err != nil || after.Version != before.Version || !after.ClaimedAt.Equal(before.ClaimedAt) {
		t.Errorf("opening the link changed the award: %+v, before %+v", after.Award, before.Award)
	}
	if first.header.Get("Cache-Control") != "no-store" || first.header.Get("Referrer-Policy") != "no-referrer" || first.header.Get("X-Robots-Tag") != "noindex" {
		t.Errorf("the claim page's headers: %v", first.header)
	}
	if regexp.MustCompile(`(src|href)="https?://`).MatchString(strings.Replace(string(first.body), "https://www.1edtech.org/standards/open-badges", "", 1)) {
		t.Error("the claim page refers to another address")
	}
	unknown := h.do(t, "GET", "/claim/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", nil, "Accept", browser)
	h.clock.add(15 * 24 * time.Hour)
	late := h.do(t, "GET", link, nil, "Accept", browser)
	if unknown.status != 404 || late.status != 404 || string(unknown.body) != string(late.body) || late.header.Get("Cache-Control") != "no-store" {
		t.Errorf("unknown link %d, old link %d; want the same 404 page", unknown.status, late.status)
	}
	if got := h.do(t, "GET", link+"/exe", nil); got.status != 404 {
		t.Errorf("GET claim/exe: %d, want 404", got.status)
	}
	if token := strings.TrimPrefix(link, "/claim/"); strings.Contains(h.log.String(), token) {
		t.Error("the claim token is in the log")
	}
}

func TestMailLinksUseTheBaseURL(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	token := h.mustToken(t, issuer.ResultsWrite)
	got := h.do(t, "POST", "/api/v1/results", []byte(`{"provider":"sample-centre","resultId":"1","exam":"CL-100","takenAt":"2026-02-01T10:00:00Z","outcome":"passed","candidate":{"email":"kim@example.org","givenName":"Kim","familyName":"Sample"}}`),
		"Authorization", "Bearer "+token, "Host", "127.0.0.1:1", "X-Forwarded-Host", "evil.example.org", "Forwarded", "host=evil.example.org")
	if got.status != 201 || strings.Contains(string(got.body), "evil") || strings.Contains(string(got.body), "127.0.0.1:1") {
		t.Errorf("a result with foreign host headers: %d %s", got.status, got.body)
	}
	if _, err := h.Drain(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	link := h.mustClaimLink(t)
	if !strings.Contains(h.page(t, "/mailbox"), "claim your badge") || link == "" {
		t.Error("no mail came")
	}
}

func TestKeptPageFollowsItsAward(t *testing.T) {
	t.Parallel()
	s := mustSamples(t)
	path := "/badges/" + s.id
	first := s.do(t, "GET", path, nil, "Accept", browser)
	if again := s.do(t, "GET", path, nil, "Accept", browser); string(again.body) != string(first.body) || again.header.Get("ETag") != first.header.Get("ETag") {
		t.Error("the page changes by itself")
	}
	changes := []struct {
		name, shows string
		do          func() error
	}{
		{"suspended", ">Suspended<", func() error { return s.Suspend(t.Context(), "test", s.id, "Under review") }},
		{"reinstated", "Genuine and in force", func() error { return s.Reinstate(t.Context(), "test", s.id, "Reviewed") }},
		{"corrected", "Kim Example", func() error {
			return s.Correct(t.Context(), "test", s.id, issuer.Correction{GivenName: "Kim", FamilyName: "Example"}, "Married")
		}},
		{"expired", "Genuine, but expired", func() error { s.clock.add(366 * 24 * time.Hour); return nil }},
	}
	for _, c := range changes {
		if err := c.do(); err != nil {
			t.Fatal(err)
		}
		got := s.do(t, "GET", path, nil, "Accept", browser, "If-None-Match", first.header.Get("ETag"))
		if got.status != 200 || !strings.Contains(string(got.body), c.shows) {
			t.Errorf("%s: %d, and the page does not say %q", c.name, got.status, c.shows)
		}
		first = got
	}
}
