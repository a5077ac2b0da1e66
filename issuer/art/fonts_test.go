package art

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/go-fonts/dejavu/dejavusans"
)

func TestNewPassesOverWhatIsNoFont(t *testing.T) {
	dir := t.TempDir()
	for name, data := range map[string][]byte{
		"empty.ttf":   {},
		"broken.ttc":  []byte("ttcf\x00\x01\x00\x00\xff\xff\xff\xff"),
		"half.otf":    dejavusans.TTF[:len(dejavusans.TTF)/3],
		"readme.txt":  []byte("no font"),
		"a/b/c/d.ttf": []byte("deep"),
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := New(Config{FontDirs: []string{dir, filepath.Join(dir, "missing")}})
	if err != nil {
		t.Fatal(err)
	}
	if got := string(s.Missing("a云")); got != "云" {
		t.Errorf("Missing = %q, want 云", got)
	}
	want, _ := MustStudio(t).PNG(sampleBadge(Expert), 240)
	got, err := s.PNG(sampleBadge(Expert), 240)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("damaged fonts changed the picture (error %v)", err)
	}
}

func TestNewRefusesAFolderThatIsAFile(t *testing.T) {
	// A file in place of a folder is listed as itself: it must not be taken
	// for a font by its content.
	file := filepath.Join(t.TempDir(), "fonts")
	if err := os.WriteFile(file, dejavusans.TTF, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := New(Config{FontDirs: []string{file}}); err == nil {
		t.Error("a file was taken for a folder of fonts")
	}
}

func TestSystemFontsDrawChinese(t *testing.T) {
	s, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	if missing := s.Missing("云计算管理员"); len(missing) > 0 {
		t.Skipf("no font of this machine has %q: install %s", string(missing), PackageFor(missing[0]))
	}
	data, err := s.SVG(Badge{Title: "云计算管理员", Kind: Associate, Language: "zh-CN"})
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(data, []byte("<text")) {
		t.Error("Chinese is left to the reader's font although a font is here")
	}
}

func TestPackageFor(t *testing.T) {
	for r, want := range map[rune]string{'云': "fonts-noto-cjk", 'あ': "fonts-noto-cjk", 'अ': "fonts-noto-core", '🚀': "fonts-symbola"} {
		if got := PackageFor(r); got != want {
			t.Errorf("PackageFor(%q) = %s, want %s", r, got, want)
		}
	}
}
