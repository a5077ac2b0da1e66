package web_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/web"
)

// report is what the verifier answers.
type report struct {
	Verdict, Summary string
	Recipient        *struct{ Match string }
	Checks           []struct{ ID, Outcome string }
}

// form writes a multipart form of one file and fields by name, value, …
func form(tb testing.TB, fileName string, file []byte, fields ...string) (body []byte, contentType string) {
	tb.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	if file != nil {
		part, err := w.CreateFormFile("file", fileName)
		if err != nil {
			tb.Fatal(err)
		}
		_, _ = part.Write(file)
	}
	for i := 0; i < len(fields); i += 2 {
		if err := w.WriteField(fields[i], fields[i+1]); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes(), w.FormDataContentType()
}

func TestVerifyAPI(t *testing.T) {
	t.Parallel()
	s := mustSamples(t)
	get := func(path string) []byte { return s.do(t, "GET", path, nil).body }
	credential, token, png, svg := get("/badges/"+s.id+".json"), get("/badges/"+s.id+".jwt"), get("/badges/"+s.id+".png"), get("/badges/"+s.id+".svg")
	pdf, ob2 := get("/badges/"+s.id+"/certificate.pdf"), get("/ob2/assertions/"+s.id)
	forged := bytes.Replace(credential, []byte("Kim Sample"), []byte("Eve Sample"), 1)
	quoted := func(v []byte) string { return fmt.Sprintf("%q", v) }
	for _, c := range []struct {
		name, contentType string
		body              []byte
		verdict           string
	}{
		{"raw credential", "application/json", credential, "valid"},
		{"raw credential, no type", "", credential, "valid"},
		{"raw token", "text/plain", token, "valid"},
		{"raw picture", "image/png", png, "valid"},
		{"raw drawing", "image/svg+xml", svg, "valid"},
		{"raw certificate", "application/pdf", pdf, "valid"},
		{"raw assertion", "application/ld+json", ob2, "valid"},
		{"raw address", "text/plain", []byte(s.base + "/badges/" + s.id + ".json\n"), "valid"},
		{"address", "application/json", []byte(`{"input":"` + s.base + `/badges/` + s.id + `.json"}`), "valid"},
		{"token as input", "application/json", []byte(`{"input":` + quoted(token) + `}`), "valid"},
		{"credential as input", "application/json", []byte(`{"input":` + string(credential) + `}`), "valid"},
		{"credential as text", "application/json", []byte(`{"input":` + strings.ReplaceAll(quoted(credential), `\x`, `\u00`) + `}`), "valid"},
		{"right recipient", "application/json", []byte(`{"input":` + quoted(token) + `,"recipient":" KIM@example.org "}`), "valid"},
		{"wrong recipient", "application/json", []byte(`{"input":` + quoted(token) + `,"recipient":"eve@example.org"}`), "invalid"},
		{"forged", "application/json", forged, "invalid"},
		{"no badge", "application/json", []byte(`{"hello":"world"}`), "invalid"},
		{"no JSON", "text/plain", []byte("hello"), "invalid"},
		{"bytes", "application/octet-stream", []byte{0, 1, 2, 3, 255}, "invalid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var header []string
			if c.contentType != "" {
				header = []string{"Content-Type", c.contentType}
			}
			got := s.do(t, "POST", "/api/v1/verify", c.body, header...)
			if r := mustJSON[report](t, got, 200); r.Verdict != c.verdict {
				t.Errorf("verdict %s, want %s: %s", r.Verdict, c.verdict, r.Summary)
			}
			if got.header.Get("Access-Control-Allow-Origin") != "*" || got.header.Get("Cache-Control") != "no-store" {
				t.Errorf("headers %v", got.header)
			}
		})
	}
	for name, file := range map[string][]byte{"badge.png": png, "badge.svg": svg, "badge.json": credential, "badge.jwt": token, "badge.pdf": pdf, "../../etc/passwd<b>": png} {
		body, contentType := form(t, name, file, "recipient", "kim@example.org")
		r := mustJSON[report](t, s.do(t, "POST", "/api/v1/verify", body, "Content-Type", contentType), 200)
		if r.Verdict != "valid" || r.Recipient == nil || r.Recipient.Match != "yes" {
			t.Errorf("form with %q: %+v, want valid and a matching recipient", name, r)
		}
	}
}

func TestVerifyAPIRefusals(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	body, contentType := form(t, "big.png", make([]byte, 5<<20+1))
	empty, emptyType := form(t, "empty.png", []byte{})
	for _, c := range []struct {
		name, contentType string
		body              []byte
		status            int
	}{
		{"nothing", "application/json", []byte(" \n"), 400},
		{"empty input", "application/json", []byte(`{"input":""}`), 400},
		{"null input", "application/json", []byte(`{"input":null}`), 400},
		{"unknown member", "application/json", []byte(`{"input":"x","recipent":"y"}`), 400},
		{"member twice", "application/json", []byte(`{"input":"x","input":"y"}`), 400},
		{"an empty one among several", "application/json", []byte(`{"inputs":[{"input":"x"},{"input":" "}]}`), 400},
		{"an empty file", emptyType, empty, 400},
		{"a form that is none", "multipart/form-data; boundary=x", []byte("hello"), 400},
		{"a form without boundary", "multipart/form-data", []byte("hello"), 400},
		{"too large", "image/png", make([]byte, 5<<20+1), 413},
		{"too large a file", contentType, body, 413},
		{"far too large a file", contentType, append(body, make([]byte, 1<<20)...), 413},
		{"too many", "application/json", []byte(`{"inputs":[` + strings.Repeat(`{"input":"x"},`, 1000) + `{"input":"x"}]}`), 413},
	} {
		got := h.do(t, "POST", "/api/v1/verify", c.body, "Content-Type", c.contentType)
		p := mustJSON[problem](t, got, c.status)
		if got.mediaType() != "application/problem+json" || p.Detail == "" {
			t.Errorf("%s: %s %+v", c.name, got.mediaType(), p)
		}
	}
}

func TestVerifyManyAtOnce(t *testing.T) {
	t.Parallel()
	s := mustSamples(t)
	credential := string(s.do(t, "GET", "/badges/"+s.id+".json", nil).body)
	var inputs []string
	for i := range 30 {
		switch i % 3 {
		case 0:
			inputs = append(inputs, `{"input":`+credential+`}`)
		case 1:
			inputs = append(inputs, `{"input":`+credential+`,"recipient":"eve@example.org"}`)
		default:
			inputs = append(inputs, `{"input":"hello"}`)
		}
	}
	got := mustJSON[struct{ Reports []report }](t, s.do(t, "POST", "/api/v1/verify", []byte(`{"inputs":[`+strings.Join(inputs, ",")+`]}`)), 200)
	if len(got.Reports) != len(inputs) {
		t.Fatalf("%d reports for %d inputs", len(got.Reports), len(inputs))
	}
	for i, r := range got.Reports {
		if want := []string{"valid", "invalid", "invalid"}[i%3]; r.Verdict != want {
			t.Errorf("report %d: %s, want %s", i, r.Verdict, want)
		}
		if asked := r.Recipient != nil && r.Recipient.Match == "no"; asked != (i%3 == 1) {
			t.Errorf("report %d: recipient %+v", i, r.Recipient)
		}
	}
	if none := s.do(t, "POST", "/api/v1/verify", []byte(`{"inputs":[]}`)); strings.TrimSpace(string(none.body)) != `{"reports":[]}` {
		t.Errorf("no inputs: %d %s, want no reports", none.status, none.body)
	}
}

func TestVerifyRate(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, func(c *web.Config) { c.VerifyRate = 3 })
	for i, forwarded := range []string{"", "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"} {
		got := h.do(t, "POST", "/api/v1/verify", []byte("hello"), "X-Forwarded-For", forwarded, "X-Real-IP", forwarded)
		if want := 200; i >= 3 {
			p := mustJSON[problem](t, got, http.StatusTooManyRequests)
			if got.header.Get("Retry-After") == "" || p.Detail == "" {
				t.Errorf("call %d: Retry-After %q %+v", i, got.header.Get("Retry-After"), p)
			}
		} else if got.status != want {
			t.Errorf("call %d: %d, want %d", i, got.status, want)
		}
	}
	if got := h.do(t, "GET", "/verify?url=https://example.org", nil, "Accept", browser); got.status != 429 || got.mediaType() != "text/html" {
		t.Errorf("the page of the same client: %d %s, want a 429 page", got.status, got.mediaType())
	}
	if got := h.do(t, "GET", "/", nil); got.status != 200 {
		t.Errorf("another page of the same client: %d, want 200", got.status)
	}
}

// TestReportSaysWhatIsMissing reads reports in Chinese, whose texts are those of
// the check that decided.
func TestReportSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	missing := h.page(t, "/verify?lang=zh-CN&url="+escape("https://127.0.0.1/badge.json"))
	if strings.Contains(missing, "有些内容未能检查") || strings.Contains(missing, "<dt>徽章</dt>") {
		t.Error("the report of an address that may not be reached does not say so, or describes a badge")
	}
	body, contentType := form(t, "x.json", []byte(`{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiablePresentation"]}`))
	if got := h.do(t, "POST", "/verify", body, "Content-Type", contentType, "Accept", browser); strings.Contains(string(got.body), "Open Badges VC") || !strings.Contains(string(got.body), "VC 2.0") {
		t.Error("the report of a presentation calls its standard Open Badges VC 2.0")
	}
}

// TestBatchCountsEachBadge sends a full batch, which any client may, and a second
// one at once, which would be a thousand verifications more.
func TestBatchCountsEachBadge(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, func(c *web.Config) { c.VerifyRate = 100 })
	batch := func(n int) []byte {
		return []byte(`{"inputs":[` + strings.Repeat(`{"input":"hello"},`, n-1) + `{"input":"hello"}]}`)
	}
	if got := h.do(t, "POST", "/api/v1/verify", batch(1000)); got.status != 200 {
		t.Fatalf("a full batch: %d %s, want 200", got.status, got.body)
	}
	got := h.do(t, "POST", "/api/v1/verify", batch(1000))
	p := mustJSON[problem](t, got, http.StatusTooManyRequests)
	if wait, err := strconv.Atoi(got.header.Get("Retry-After")); err != nil || wait < 540 || wait > 600 || !strings.Contains(p.Detail, "10 min") {
		t.Errorf("a second batch: Retry-After %q %+v, want 10 minutes", got.header.Get("Retry-After"), p)
	}
	if got := h.do(t, "POST", "/api/v1/verify", []byte("hello")); got.status != 200 {
		t.Errorf("a single badge after a batch: %d, want 200", got.status)
	}
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	large := bytes.Repeat([]byte("x"), 5<<20+1)
	for _, path := range []string{"/verify", "/api/v1/verify", "/credentials/verify", "/presentations/verify"} {
		for _, kind := range []string{"application/octet-stream", "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"} {
			got := h.do(t, "POST", path, large, "Content-Type", kind)
			mustJSON[problem](t, got, http.StatusRequestEntityTooLarge)
		}
	}
}

// TestRecipientsOfABadgeAreNotGuessed, by however many clients together; another
// badge is not in their way.
func TestRecipientsOfABadgeAreNotGuessed(t *testing.T) {
	t.Parallel()
	s := mustSamples(t)
	other := s.mustAward(t, "cloud-foundations", passed("other", "CL-100", 10, kim))
	s.mustShow(t, other, ledger.Public)
	ask := func(i int, id, recipient string) report {
		t.Helper()
		token := s.do(t, "GET", "/badges/"+id+".jwt", nil).body
		return mustJSON[report](t, s.do(t, "POST", "/api/v1/verify", fmt.Appendf(nil, `{"input":%q,"recipient":%q}`, token, recipient),
			"X-Forwarded-For", fmt.Sprintf("192.0.2.%d", i)), 200)
	}
	for i := range 30 {
		if r := ask(i, s.id, fmt.Sprintf("guess%d@example.org", i)); r.Verdict != "invalid" {
			t.Fatalf("guess %d: %s", i, r.Verdict)
		}
	}
	if r := ask(31, s.id, kim.Email); r.Verdict != "undetermined" || r.Recipient.Match != "not_asked" {
		t.Errorf("after 30 guesses: %s, %s", r.Verdict, r.Recipient.Match)
	}
	if r := ask(32, other, kim.Email); r.Verdict != "valid" || r.Recipient.Match != "yes" {
		t.Errorf("another badge: %s, %s", r.Verdict, r.Recipient.Match)
	}
	s.clock.add(time.Minute)
	if r := ask(33, s.id, kim.Email); r.Verdict != "valid" {
		t.Errorf("a minute later: %s", r.Verdict)
	}
	body, contentType := form(t, "x.png", s.do(t, "GET", "/badges/"+s.id+".png", nil).body, "recipient", "eve@example.org", "input", "")
	if got := string(s.do(t, "POST", "/verify", body, "Content-Type", contentType, "Accept", browser).body); !strings.Contains(got, "not as that person’s") || strings.Contains(got, "damaged") {
		t.Error("a badge of somebody else is called damaged")
	}
}

func TestVerifyPage(t *testing.T) {
	t.Parallel()
	s := mustSamples(t)
	png := s.do(t, "GET", "/badges/"+s.id+".png", nil).body
	body, contentType := form(t, "x.png", png, "recipient", "kim@example.org", "input", "")
	got := s.do(t, "POST", "/verify", body, "Content-Type", contentType, "Accept", browser)
	for _, want := range []string{"Genuine and in force", "Yes, it was issued to them", "Kim Sample", "Cloud Administrator", "Signature"} {
		if !strings.Contains(string(got.body), want) {
			t.Errorf("the report page of a picture lacks %q", want)
		}
	}
	linked := s.page(t, "/verify?url="+escape(s.base+"/badges/"+s.id))
	if !strings.Contains(linked, "Genuine and in force") {
		t.Error("the report of an address by link does not say that it is genuine")
	}
	s.mustShow(t, s.id, ledger.Private)
	if again := s.page(t, "/verify?url="+escape(s.base+"/badges/"+s.id)); strings.Contains(again, "Kim Sample") {
		t.Error("the report of a private badge's address tells whose it is")
	}
	hostile := s.page(t, "/verify?url="+escape(`https://example.org/"><script>alert(1)</script>`))
	if strings.Contains(hostile, "<script>alert") {
		t.Error("the report page repeats markup from its address")
	}
	empty, emptyType := form(t, "", nil, "input", " ")
	if got := s.do(t, "POST", "/verify", empty, "Content-Type", emptyType, "Accept", browser); got.status != 400 || got.mediaType() != "text/html" {
		t.Errorf("an empty form: %d %s, want a page with 400", got.status, got.mediaType())
	}
}

func TestCrossOriginVerify(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	got := h.do(t, "OPTIONS", "/api/v1/verify", nil, "Origin", "https://example.org", "Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type")
	if got.status != 204 || got.header.Get("Access-Control-Allow-Origin") != "*" || !strings.Contains(got.header.Get("Access-Control-Allow-Headers"), "Content-Type") {
		t.Errorf("preflight: %d %v", got.status, got.header)
	}
	got = h.do(t, "OPTIONS", "/api/v1/results", nil, "Origin", "https://example.org", "Access-Control-Request-Method", "POST")
	if got.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("preflight of the results: %v, want no permission", got.header)
	}
}
