package art

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// tool runs a program of poppler on a PDF, or skips where it is missing.
func tool(t *testing.T, pdf []byte, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not installed (package poppler-utils)", name)
	}
	file := filepath.Join(t.TempDir(), "certificate.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		if a == "FILE" {
			args[i] = file
		}
	}
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", name, err, out)
	}
	return string(out)
}

func mustCertificate(t *testing.T, c Certificate) []byte {
	t.Helper()
	data, err := MustStudio(t).Certificate(c)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestCertificateHasItsPropertiesAndAttachment(t *testing.T) {
	c := sampleCertificate()
	c.Issued = time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)
	data := mustCertificate(t, c)
	for _, want := range []string{"/Lang (en)", "/Type /EmbeddedFile", "/Subtype /XML", "<dc:language><rdf:Bag><rdf:li>en<", "2026-03-05T10:00:00Z", sampleURL} {
		if !bytes.Contains(data, []byte(want)) {
			t.Errorf("no %s", want)
		}
	}
	if bytes.Contains(data, []byte("/JavaScript")) {
		t.Error("a certificate with script")
	}
	c.Credential = nil
	if bytes.Contains(mustCertificate(t, c), []byte("/EmbeddedFile /Length")) {
		t.Error("an attachment without a credential")
	}
}

func TestCertificateGivesItsCredentialBack(t *testing.T) {
	c := sampleCertificate()
	c.CredentialName = "badge.json"
	out := filepath.Join(t.TempDir(), "out.json")
	tool(t, mustCertificate(t, c), "pdfdetach", "-save", "1", "-o", out, "FILE")
	got, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, c.Credential) {
		t.Errorf("attached %q, want %q", got, c.Credential)
	}
}

func TestCertificateTextIsFoundAndCopied(t *testing.T) {
	for _, name := range []string{"Zoë Nguyễn-Muster", "محمد بن عبد الله", "דוגמה לשם", "Пример Примеров", "Ωμέγα Δείγμα"} {
		c := sampleCertificate()
		c.Earner = name
		text := tool(t, mustCertificate(t, c), "pdftotext", "-enc", "UTF-8", "FILE", "-")
		text = strings.NewReplacer("\u202a", "", "\u202b", "", "\u202c", "").Replace(text)
		for _, want := range []string{name, "This certifies that", "has earned the certification", "Awarded 5 March 2026", sampleURL} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not in %q", want, text)
			}
		}
	}
}

func TestCertificateTakesTheLatinNameWhereNoFontHasTheLetters(t *testing.T) {
	c := sampleCertificate()
	c.Earner, c.LatinEarner = "王小明", "Wang Xiaoming"
	text := tool(t, mustCertificate(t, c), "pdftotext", "FILE", "-")
	if !strings.Contains(text, "Wang Xiaoming") {
		t.Errorf("no Latin name in %q", text)
	}
}

func TestCertificateTakesAnyText(t *testing.T) {
	for name, text := range hostile {
		c := Certificate{
			Badge:  Badge{Title: text, Issuer: text, Level: text, Language: text, State: Revoked, StateText: text},
			Earner: text, Statement: text, Achieved: text, Lines: []string{text, text, text, text, text}, Verify: text, URL: sampleURL,
			Credential: []byte("{}"), CredentialName: "badge.json",
		}
		data := mustCertificate(t, c)
		if !bytes.HasPrefix(data, []byte("%PDF-")) {
			t.Errorf("%s: no PDF", name)
		}
	}
}

func TestCertificateRefusesAnAddressThatIsNone(t *testing.T) {
	c := sampleCertificate()
	c.URL = "file:///etc/passwd"
	if _, err := MustStudio(t).Certificate(c); err == nil {
		t.Error("a certificate with a file address was made")
	}
}
