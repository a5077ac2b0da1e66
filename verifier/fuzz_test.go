package verifier

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// FuzzVerify feeds anything to the whole verifier: it must answer, in time, with
// a report that is complete, and without network nothing but what a key issuer
// signed can be valid.
func FuzzVerify(f *testing.F) {
	w := newWorld(f)
	signed := w.signed(w.credential())
	f.Add(signed.Append(nil))
	f.Add([]byte(w.token(w.credential())))
	f.Add(w.jws(w.assertion("signed")))
	hosted := w.assertion("hosted")
	f.Add(hosted.Append(nil))
	record := w.signed(w.clr(signed))
	f.Add(record.Append(nil))
	for _, text := range []string{"", "{}", "ey.ey.", "https://example.org", "<svg/>", "%PDF-1.7 /EmbeddedFile stream\n{}endstream", `{"type":"EnvelopedVerifiableCredential","id":"data:,ey.ey."}`, ob2Assertion, ob2Class} {
		f.Add([]byte(text))
	}
	for _, folder := range []string{"hostile/inputs", "badges/made", "badges/legacy/validator-core"} {
		files, _ := filepath.Glob(filepath.Join(shared, filepath.FromSlash(folder), "*"))
		for _, file := range files {
			if data, err := os.ReadFile(file); err == nil && len(data) < 64<<10 {
				f.Add(data)
			}
		}
	}
	o := w.options()
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) == 0 {
			return
		}
		start := time.Now()
		r, err := Verify(context.Background(), Input{Data: data}, o)
		if err != nil {
			t.Fatal(err)
		}
		if spent := time.Since(start); spent > 5*time.Second {
			t.Errorf("took %v", spent)
		}
		if len(r.Checks) != 13 || r.Summary == "" || r.Verdict == "" {
			t.Errorf("incomplete: %s", show(r))
		}
		if r.Verdict == Valid && r.Issuer != nil && r.Issuer.Binding != Confirmed {
			t.Errorf("valid without a confirmed issuer: %s", show(r))
		}
		if _, err := json.Marshal(r); err != nil {
			t.Error(err)
		}
		if strings.ContainsAny(r.Summary, "\n\r\x1b\x00") {
			t.Errorf("summary %q", r.Summary)
		}
	})
}

// FuzzPageHints reads anything as a page.
func FuzzPageHints(f *testing.F) {
	f.Add([]byte(`<link rel="alternate" type="application/json" href="/x"><meta property="og:image" content="a.png">`), `<a>; rel=alternate; type="application/json"`)
	f.Add([]byte(`<script type="application/ld+json">{"type":"VerifiableCredential"}</script>`), "")
	f.Fuzz(func(t *testing.T, page []byte, header string) {
		hints := pageHints(page, "https://example.org/b/1", []string{header})
		if len(hints) > maxHints {
			t.Errorf("%d hints", len(hints))
		}
		for _, h := range hints {
			if h.url != "" && !isWeb(h.url) {
				t.Errorf("hint %q", h.url)
			}
		}
	})
}

// FuzzPDFAttachments reads anything as a PDF.
func FuzzPDFAttachments(f *testing.F) {
	f.Add([]byte("%PDF-1.7 /EmbeddedFile /FlateDecode stream\nx\nendstream"))
	f.Add([]byte("/EmbeddedFile stream"))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, attached := range pdfAttachments(data) {
			if len(attached) > max(len(data), 1<<20) {
				t.Errorf("an attachment of %d bytes", len(attached))
			}
		}
	})
}

// FuzzOpenBundle reads anything as a bundle.
func FuzzOpenBundle(f *testing.F) {
	f.Add([]byte(`{"format":"accolade-bundle/1","data":"e30=","documents":[{"url":"https://example.org","status":200,"body":"e30="}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := OpenBundle(data)
		if err != nil {
			return
		}
		if _, err := json.Marshal(b); err != nil {
			t.Error(err)
		}
	})
}
