package issuer_test

import (
	"archive/zip"
	"bytes"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/verifier"
)

// unzip reads an archive into its files.
func unzip(t *testing.T, data []byte) (names []string, files map[string][]byte) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	files = map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(f.Name, err)
		}
		names = append(names, f.Name)
	}
	return names, files
}

func TestArchiveHasEveryFormThatVerifies(t *testing.T) {
	h := mustHouse(t, "", "2026-03-01T12:00:00Z")
	h.mustLoadDemo(t, unchanged)
	ctx := t.Context()
	var ids []string
	for _, r := range []issuer.Result{pass("1", "CL-100", "2026-01-10T10:00:00Z"), pass("2", "CL-220", "2026-02-10T10:00:00Z")} {
		for _, w := range h.mustRecord(t, r).Awards {
			ids = append(ids, w.ID)
		}
	}
	if err := h.SetVisibility(ctx, "test", ids[0], ledger.Public); err != nil {
		t.Fatal(err)
	}
	note := func(p *issuer.Publication) string { return p.Facts.Title + "\nÜnï 示例" }
	var b bytes.Buffer
	if err := h.Archive(ctx, &b, note, ids...); err != nil {
		t.Fatal(err)
	}
	names, files := unzip(t, b.Bytes())
	form := regexp.MustCompile(`^(badge-[1-9A-HJ-NP-Za-km-z]{20,24}/)badge-[1-9A-HJ-NP-Za-km-z]{20,24}(-qr)?(\.[a-z0-9]+){1,2}$`)
	folded := map[string]bool{}
	for _, name := range names {
		if !form.MatchString(name) || len(name) > 80 || folded[strings.ToLower(name)] {
			t.Errorf("the archive has %q, want short names of letters, digits and hyphens, each once", name)
		}
		folded[strings.ToLower(name)] = true
		if strings.HasSuffix(name, ".txt") || strings.HasSuffix(name, "-qr.png") {
			continue
		}
		r, err := verifier.Verify(ctx, verifier.Input{Data: files[name]}, h.VerifierOptions())
		if err != nil || r.Verdict != verifier.Valid {
			t.Errorf("%s: %v, %s: %s", name, err, r.Verdict, r.Summary)
		}
	}
	if got := string(files["badge-"+ids[1]+"/badge-"+ids[1]+".txt"]); !strings.HasSuffix(got, "\r\nÜnï 示例") {
		t.Errorf("the note is %q", got)
	}
	for i, id := range ids {
		for _, f := range []issuer.Format{issuer.FormatPDF, issuer.FormatPNG, issuer.FormatSVG, issuer.FormatJSON, issuer.FormatJWT, issuer.FormatOB2JWS, issuer.FormatOB2} {
			has := slices.Contains(names, "badge-"+id+"/"+issuer.FileName(id, f))
			if hosted := f == issuer.FormatOB2; has != (!hosted || i == 0) {
				t.Errorf("award %d as %s: in the archive %v", i, f, has)
			}
		}
	}
	b.Reset()
	if err := h.Archive(ctx, &b, nil, ids[1]); err != nil {
		t.Fatal(err)
	}
	if names, _ := unzip(t, b.Bytes()); len(names) != 7 || strings.Contains(names[0], "/") {
		t.Errorf("the archive of one private award has %v, want seven files in no folder", names)
	}
	if err := h.Archive(ctx, io.Discard, nil, "unknown"); err == nil {
		t.Error("an award that is not there has an archive")
	}
}
