package verifier

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
	"github.com/accolade-badges/accolade/verifier/fetch"
)

// mustServe starts a server on this machine and returns its address and
// HOST:PORT.
func mustServe(tb testing.TB, h http.HandlerFunc) (address, hostport string) {
	tb.Helper()
	s := httptest.NewServer(h)
	tb.Cleanup(s.Close)
	return s.URL, strings.TrimPrefix(s.URL, "http://")
}

// mustPNG draws a picture without a badge inside.
func mustPNG(tb testing.TB) []byte {
	tb.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 1, 1))); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

// onNetwork publishes the sample badge and its issuer on a server of this
// machine, over plain http, did:web included.
func onNetwork(tb testing.TB, wrap func(next http.HandlerFunc) http.HandlerFunc) (address, hostport string, badge []byte) {
	tb.Helper()
	w := &world{tb: tb, ed: edKey("network issuer"), docs: make(map[string]Document)}
	var files map[string][]byte
	address, hostport = mustServe(tb, wrap(func(out http.ResponseWriter, r *http.Request) {
		body, ok := files[r.URL.Path]
		if !ok {
			http.NotFound(out, r)
			return
		}
		if strings.HasSuffix(r.URL.Path, ".png") {
			out.Header().Set("Link", `</badges/1.json>; rel="alternate"; type="application/vc+ld+json"`)
		}
		_, _ = out.Write(body)
	}))
	issuer, err := did.Web(address, "issuers", "a")
	w.must(err)
	multikey, err := did.Multikey(w.ed.Public())
	w.must(err)
	method := issuer + "#" + multikey
	v := replace(tb, w.statusless(issuer), base, address)
	signed := w.signedBy(v, w.ed, method)
	document := did.NewDocument(issuer, nil, []did.WebKey{{ID: method, Controller: issuer, Key: w.ed.Public()}})
	badge = signed.Append(nil)
	files = map[string][]byte{
		"/issuers/a/did.json": document.Append(nil),
		"/badges/1.json":      badge,
		"/badges/1": []byte(`<!doctype html><html><head><title>Sample</title>
			<link rel="alternate" type="application/vc+ld+json" href="/badges/1.json"></head><body>Sample</body></html>`),
		"/badges/1/image.png": mustPNG(tb),
		"/empty":              []byte(`<!doctype html><html><head><title>Nothing</title></head></html>`),
	}
	return address, hostport, badge
}

func plainly(next http.HandlerFunc) http.HandlerFunc { return next }

func atNoon() time.Time { return noon }

func TestAllowedHost(t *testing.T) {
	address, hostport, badge := onNetwork(t, plainly)
	verify := func(in Input, allow ...string) *Report {
		r, err := Verify(context.Background(), in, Options{Now: atNoon, AllowHosts: allow})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	wantVerdict(t, verify(Input{Data: badge}, hostport), Valid, CheckIssuer, CodeKeyListed)
	for _, path := range []string{"/badges/1.json", "/badges/1", "/badges/1/image.png"} {
		r := verify(Input{URL: address + path}, hostport)
		wantVerdict(t, r, Valid, CheckIssuer, CodeKeyListed)
		if r.Source.URL != address+"/badges/1.json" {
			t.Errorf("source %q", r.Source.URL)
		}
	}
	wantVerdict(t, verify(Input{URL: address + "/empty"}, hostport), Undetermined, CheckIntake, CodePageWithoutBadge)
	wantVerdict(t, verify(Input{URL: address + "/absent"}, hostport), Undetermined, CheckIntake, CodeAddressStatus)
	wantVerdict(t, verify(Input{URL: address + "/badges/1.json"}), Undetermined, CheckIntake, string(fetch.SchemeForbidden))
	wantVerdict(t, verify(Input{Data: badge}), Undetermined, CheckIssuer, CodeIssuerUnreachable)
}

// TestNeverConnects puts the address of a server of this machine wherever a
// badge can carry one, and counts what reaches it.
func TestNeverConnects(t *testing.T) {
	var reached atomic.Int32
	canary, _ := mustServe(t, func(http.ResponseWriter, *http.Request) { reached.Add(1) })
	w := newWorld(t)
	signed := w.signed(w.credential())
	credential := string(signed.Append(nil))
	a := w.assertion("hosted")
	for name, data := range map[string]string{
		"the input":       canary + "/a",
		"contexts":        strings.Replace(credential, "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json", canary+"/context.json", 1),
		"schema":          strings.Replace(credential, `"credentialStatus":`, `"credentialSchema":[{"id":"`+canary+`/s.json","type":"1EdTechJsonSchemaValidator2019"}],"credentialStatus":`, 1),
		"status list":     strings.ReplaceAll(credential, listURL, canary+"/status"),
		"issuer":          strings.ReplaceAll(credential, issuerDW, canary+"/issuer"),
		"did:web":         strings.ReplaceAll(credential, issuerDW, "did:web:"+strings.Replace(strings.TrimPrefix(canary, "http://"), ":", "%3A", 1)),
		"all addresses":   strings.ReplaceAll(credential, base, canary),
		"OB 2.0":          strings.ReplaceAll(string(a.Append(nil)), base, canary),
		"header of token": signHeader(t, w, `{"alg":"RS256","jku":"`+canary+`/jwks","x5u":"`+canary+`/x5u","kid":"`+canary+`/kid"}`, tokenPayload(t, w.token(w.credential()))),
		"page":            `<!doctype html><html><link rel="alternate" type="application/json" href="` + canary + `/x"><meta property="og:image" content="` + canary + `/x.png"></html>`,
	} {
		r, err := Verify(context.Background(), Input{Data: []byte(data)}, Options{Now: atNoon})
		if err != nil {
			t.Fatal(err)
		}
		if r.Verdict == Valid {
			t.Errorf("%s: valid", name)
		}
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("%d requests reached the server", n)
	}
}

// TestHostileServers lets the issuer's own host misbehave in every way: each
// verification ends in time, and never in valid.
func TestHostileServers(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	wait := func(r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}
	for name, misbehave := range map[string]http.HandlerFunc{
		"silent":        func(_ http.ResponseWriter, r *http.Request) { wait(r) },
		"endless":       func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(bytes.Repeat([]byte(" "), 3<<20)) },
		"redirect loop": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, r.URL.Path, http.StatusFound) },
		"redirect inside": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://169.254.169.254/latest/meta-data", http.StatusFound)
		},
		"deep JSON": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, strings.Repeat(`{"a":`, 100_000)+"1"+strings.Repeat("}", 100_000))
		},
		"not JSON":     func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "\x00\xff\xfe") },
		"server error": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) },
		"many keys": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `{"id":"x","verificationMethod":[`+strings.Repeat(`{"id":"#a","type":"Multikey"},`, 20_000)+`{}]}`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, hostport, badge := onNetwork(t, func(http.HandlerFunc) http.HandlerFunc { return misbehave })
			client, err := fetch.New(fetch.Config{AllowHosts: []string{hostport}, FirstByte: 200 * time.Millisecond, Total: time.Second})
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			start := time.Now()
			r, err := Verify(context.Background(), Input{Data: badge}, Options{Now: atNoon, Fetch: client})
			if err != nil {
				t.Fatal(err)
			}
			wantVerdict(t, r, Undetermined, "", "")
			if spent := time.Since(start); spent > 3*time.Second {
				t.Errorf("took %v", spent)
			}
		})
	}
}

// TestStalledVerificationsDelayNobody runs 64 verifications into a silent host
// and an honest one beside them.
func TestStalledVerificationsDelayNobody(t *testing.T) {
	release := make(chan struct{})
	_, silent, stalled := onNetwork(t, func(http.HandlerFunc) http.HandlerFunc {
		return func(_ http.ResponseWriter, r *http.Request) {
			select {
			case <-release:
			case <-r.Context().Done():
			}
		}
	})
	_, honest, badge := onNetwork(t, plainly)
	client, err := fetch.New(fetch.Config{AllowHosts: []string{silent, honest}, FirstByte: 2 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	var group sync.WaitGroup
	for range 64 {
		group.Go(func() {
			if r, err := Verify(context.Background(), Input{Data: stalled}, Options{Now: atNoon, Fetch: client}); err != nil || r.Verdict != Undetermined {
				t.Errorf("stalled: %v, %v", r, err)
			}
		})
	}
	time.Sleep(50 * time.Millisecond)
	start := time.Now()
	r, err := Verify(context.Background(), Input{Data: badge}, Options{Now: atNoon, Fetch: client})
	if err != nil {
		t.Fatal(err)
	}
	wantVerdict(t, r, Valid, "", "")
	if spent := time.Since(start); spent > 1500*time.Millisecond {
		t.Errorf("an honest badge waited %v", spent)
	}
	group.Wait()
	close(release)
}

// TestRequestBudget gives a presentation more issuers than one verification may
// ask.
func TestRequestBudget(t *testing.T) {
	var asked atomic.Int32
	address, hostport := mustServe(t, func(out http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		http.NotFound(out, r)
	})
	w := newWorld(t)
	var list []strictjson.Value
	for i := range 40 {
		issuer := fmt.Sprintf("%s/issuers/%d", address, i)
		list = append(list, w.signedBy(w.statusless(issuer), w.ed, issuer+"#key"))
	}
	v := w.parse(`{"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiablePresentation"]}`)
	v = v.With("verifiableCredential", strictjson.NewArray(list...))
	r, err := Verify(context.Background(), Input{Data: v.Append(nil)}, Options{Now: atNoon, AllowHosts: []string{hostport}})
	w.must(err)
	wantVerdict(t, r, Undetermined, CheckContents, CodeContentsUnknown)
	if n := asked.Load(); n != 16 {
		t.Errorf("%d requests, want 16", n)
	}
}

func TestSharedCacheAsksOnce(t *testing.T) {
	var asked atomic.Int32
	_, hostport, badge := onNetwork(t, func(next http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			asked.Add(1)
			w.Header().Set("Cache-Control", "max-age=300")
			next(w, r)
		}
	})
	client, err := fetch.New(fetch.Config{AllowHosts: []string{hostport}, Now: atNoon})
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	before := asked.Load()
	for range 3 {
		r, err := Verify(context.Background(), Input{Data: badge}, Options{Now: atNoon, Fetch: client})
		if err != nil {
			t.Fatal(err)
		}
		wantVerdict(t, r, Valid, "", "")
	}
	if n := asked.Load() - before; n != 1 {
		t.Errorf("the issuer was asked %d times", n)
	}
}
