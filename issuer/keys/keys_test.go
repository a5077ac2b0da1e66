package keys_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"filippo.io/age"

	"github.com/accolade-badges/accolade/issuer/keys"
)

func mustMaster(tb testing.TB) (*keys.Master, string) {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "master.key")
	m, err := keys.CreateMaster(path, "")
	if err != nil {
		tb.Fatal(err)
	}
	return m, path
}

func mustGenerate(tb testing.TB, m *keys.Master, alg keys.Algorithm) keys.Sealed {
	tb.Helper()
	s, err := m.Generate(alg, rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// privateBytes opens a sealed key by age alone, with what the master file says.
func privateBytes(tb testing.TB, masterFile string, s keys.Sealed) []byte {
	tb.Helper()
	f, err := os.Open(masterFile)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	identities, err := age.ParseIdentities(f)
	if err != nil {
		tb.Fatal(err)
	}
	r, err := age.Decrypt(bytes.NewReader(s.Private), identities...)
	if err != nil {
		tb.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		tb.Fatal(err)
	}
	return plain
}

func verify(public crypto.PublicKey, message, signature []byte) bool {
	digest := sha256.Sum256(message)
	switch k := public.(type) {
	case ed25519.PublicKey:
		return ed25519.Verify(k, message, signature)
	case *rsa.PublicKey:
		return rsa.VerifyPKCS1v15(k, crypto.SHA256, digest[:], signature) == nil
	case *ecdsa.PublicKey:
		return ecdsa.VerifyASN1(k, digest[:], signature)
	}
	return false
}

func sign(tb testing.TB, s crypto.Signer, message []byte) []byte {
	tb.Helper()
	var opts crypto.SignerOpts = crypto.SHA256
	digest := sha256.Sum256(message)
	input := digest[:]
	if _, ok := s.Public().(ed25519.PublicKey); ok {
		opts, input = crypto.Hash(0), message
	}
	signature, err := s.Sign(rand.Reader, input, opts)
	if err != nil {
		tb.Fatal(err)
	}
	return signature
}

func TestSealedKeysSignAfterARestart(t *testing.T) {
	t.Parallel()
	for _, passphrase := range []string{"", "correct horse battery staple"} {
		for _, alg := range []keys.Algorithm{keys.Ed25519, keys.RS256, keys.ES256, keys.ES384} {
			t.Run(fmt.Sprintf("%s locked=%t", alg, passphrase != ""), func(t *testing.T) {
				t.Parallel()
				path := filepath.Join(t.TempDir(), "master.key")
				m, err := keys.CreateMaster(path, passphrase)
				if err != nil {
					t.Fatal(err)
				}
				sealed := mustGenerate(t, m, alg)

				again, err := keys.OpenMaster(path, passphrase)
				if err != nil {
					t.Fatal(err)
				}
				if again.Recipient() != m.Recipient() || again.Locked() != (passphrase != "") {
					t.Errorf("reopened master: got %s locked=%t, want %s locked=%t", again, again.Locked(), m, passphrase != "")
				}
				signer, err := again.Open(sealed)
				if err != nil {
					t.Fatal(err)
				}
				public, err := sealed.PublicKey()
				if err != nil {
					t.Fatal(err)
				}
				message := []byte("an award")
				if !verify(public, message, sign(t, signer, message)) {
					t.Error("the signature does not verify with the stored public key")
				}
				if verify(public, []byte("another award"), sign(t, signer, message)) {
					t.Error("the signature verifies for another message")
				}
			})
		}
	}
}

func TestOpenDecryptsOncePerProcess(t *testing.T) {
	t.Parallel()
	m, _ := mustMaster(t)
	sealed := mustGenerate(t, m, keys.Ed25519)
	signers := make([]crypto.Signer, 8)
	var wg sync.WaitGroup
	for i := range signers {
		wg.Go(func() {
			s, err := m.Open(sealed)
			if err != nil {
				t.Error(err)
			}
			signers[i] = s
		})
	}
	wg.Wait()
	for _, s := range signers[1:] {
		if s != signers[0] {
			t.Fatal("the same sealed key gave two signers")
		}
	}
}

func TestMasterFileIsPrivateAndWhole(t *testing.T) {
	t.Parallel()
	_, path := mustMaster(t)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o600 {
		t.Errorf("mode %04o, want 0600", got)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 {
		t.Errorf("left beside the master key: %v", entries)
	}
	if err := keys.Permissions(path); err != nil {
		t.Errorf("fresh file: %v", err)
	}
	for _, mode := range []os.FileMode{0o640, 0o604, 0o620} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		if err := keys.Permissions(path); err == nil || !strings.Contains(err.Error(), "chmod 600") {
			t.Errorf("mode %04o: got %v, want a warning that says chmod 600", mode, err)
		}
	}
}

func TestCreateMaster_NeverOverwrites(t *testing.T) {
	t.Parallel()
	_, path := mustMaster(t)
	before, _ := os.ReadFile(path)
	if _, err := keys.CreateMaster(path, ""); !errors.Is(err, keys.ErrExists) {
		t.Errorf("got %v, want ErrExists", err)
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("the file changed")
	}
}

func TestCreateMaster_TwoAtOnceMakeOne(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "master.key")
	made := make([]*keys.Master, 6)
	var wg sync.WaitGroup
	for i := range made {
		wg.Go(func() {
			m, err := keys.CreateMaster(path, "")
			if err != nil && !errors.Is(err, keys.ErrExists) {
				t.Error(err)
			}
			made[i] = m
		})
	}
	wg.Wait()
	onDisk, err := keys.OpenMaster(path, "")
	if err != nil {
		t.Fatal(err)
	}
	var winners int
	for _, m := range made {
		if m != nil {
			winners++
			if m.Recipient() != onDisk.Recipient() {
				t.Error("a caller was told of a master key that is not the one on disk")
			}
		}
	}
	if winners != 1 {
		t.Errorf("%d callers were told that they made it, want 1", winners)
	}
}

func TestOpenMasterRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	locked := filepath.Join(dir, "locked.key")
	if _, err := keys.CreateMaster(locked, "right"); err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile(locked)
	if err != nil {
		t.Fatal(err)
	}
	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	_, open := mustMaster(t)
	plain, err := os.ReadFile(open)
	if err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name, path, passphrase string
		want                   error
		remedy                 string
	}{
		{"missing file", filepath.Join(dir, "none.key"), "", keys.ErrMissing, "--key-file"},
		{"locked file without a passphrase", locked, "", keys.ErrPassphrase, "ACCOLADE_PASSPHRASE"},
		{"wrong passphrase", locked, "wrong", keys.ErrPassphrase, "ACCOLADE_PASSPHRASE"},
		{"cut short", write("cut.key", body[:len(body)/2]), "right", keys.ErrDamaged, "copy of the original"},
		{"empty", write("empty.key", nil), "", keys.ErrDamaged, "copy of the original"},
		{"plain file with a letter changed", write("flip.key", bytes.Replace(plain, []byte("SECRET-KEY-1"), []byte("SECRET-KEY-1Q"), 1)), "", keys.ErrDamaged, "copy of the original"},
		{"two identities", write("two.key", append(plain, plain...)), "", keys.ErrDamaged, "copy of the original"},
		{"not a key at all", write("other.key", []byte("hello\n")), "", keys.ErrDamaged, "copy of the original"},
		{"far too long", write("long.key", bytes.Repeat([]byte("# x\n"), 10_000)), "", keys.ErrDamaged, "longer than"},
	}
	secret := secretOf(t, plain)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := keys.OpenMaster(c.path, c.passphrase)
			if !errors.Is(err, c.want) {
				t.Fatalf("got %v, want %v", err, c.want)
			}
			if !strings.Contains(err.Error(), c.remedy) || !strings.Contains(err.Error(), c.path) {
				t.Errorf("%q names neither file nor remedy %q", err, c.remedy)
			}
			if strings.Contains(err.Error(), secret[:20]) || strings.Contains(err.Error(), "wrong") {
				t.Errorf("the error shows a secret: %q", err)
			}
		})
	}
}

func secretOf(tb testing.TB, master []byte) string {
	tb.Helper()
	for line := range strings.Lines(string(master)) {
		if strings.HasPrefix(line, "AGE-SECRET-KEY-1") {
			return strings.TrimSpace(line)
		}
	}
	tb.Fatal("no secret key line in the master key file")
	return ""
}

func TestLockedFileShowsNothingOfItsKey(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "master.key")
	if _, err := keys.CreateMaster(path, "right"); err != nil {
		t.Fatal(err)
	}
	body, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(body, []byte("AGE-SECRET-KEY")) {
		t.Error("the locked file holds its secret in the clear")
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	m, _ := mustMaster(t)
	other, _ := mustMaster(t)
	good := mustGenerate(t, m, keys.Ed25519)
	second := mustGenerate(t, m, keys.Ed25519)
	flipped := bytes.Clone(good.Private)
	flipped[len(flipped)-1] ^= 1
	cases := []struct {
		name   string
		master *keys.Master
		sealed keys.Sealed
		want   error
	}{
		{"sealed under another master key", other, good, keys.ErrForeign},
		{"one bit flipped", m, keys.Sealed{Algorithm: keys.Ed25519, Public: good.Public, Private: flipped}, keys.ErrDamaged},
		{"cut short", m, keys.Sealed{Algorithm: keys.Ed25519, Public: good.Public, Private: good.Private[:60]}, keys.ErrDamaged},
		{"empty", m, keys.Sealed{Algorithm: keys.Ed25519, Public: good.Public}, keys.ErrDamaged},
		{"private half of another key", m, keys.Sealed{Algorithm: keys.Ed25519, Public: good.Public, Private: second.Private}, keys.ErrDamaged},
		{"labelled as another algorithm", m, keys.Sealed{Algorithm: keys.RS256, Public: good.Public, Private: good.Private}, keys.ErrDamaged},
		{"absurdly long", m, keys.Sealed{Algorithm: keys.Ed25519, Public: good.Public, Private: make([]byte, 1<<20)}, keys.ErrDamaged},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if _, err := c.master.Open(c.sealed); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func TestGenerate_UnknownAlgorithm(t *testing.T) {
	t.Parallel()
	m, _ := mustMaster(t)
	if _, err := m.Generate("HS256", rand.Reader); err == nil || !strings.Contains(err.Error(), "RS256") {
		t.Errorf("got %v, want an error that lists the algorithms", err)
	}
}

func TestGenerate_RandomnessThatEnds(t *testing.T) {
	t.Parallel()
	m, _ := mustMaster(t)
	if _, err := m.Generate(keys.Ed25519, strings.NewReader("short")); err == nil {
		t.Error("a key was made of five bytes")
	}
}

// TestNothingShowsAPrivateKey prints signers and the master key in every way
// that a log line or an error could, and looks for the key's bytes.
func TestNothingShowsAPrivateKey(t *testing.T) {
	t.Parallel()
	m, path := mustMaster(t)
	masterFile, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, alg := range []keys.Algorithm{keys.Ed25519, keys.RS256, keys.ES256, keys.ES384} {
		sealed := mustGenerate(t, m, alg)
		private := privateBytes(t, path, sealed)
		signer, err := m.Open(sealed)
		if err != nil {
			t.Fatal(err)
		}
		type holder struct {
			Shown  crypto.Signer
			hidden crypto.Signer
			master *keys.Master
		}
		held := holder{Shown: signer, hidden: signer, master: m}
		var out bytes.Buffer
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%p", "%T"} {
			for _, v := range []any{signer, m, held, &held, []any{signer, m}, map[string]any{"k": signer, "m": m}} {
				fmt.Fprintf(&out, verb+"\n", v)
			}
		}
		for _, v := range []any{signer, m, held, sealed} {
			encoded, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			out.Write(encoded)
		}
		for _, h := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
			slog.New(h).Info("signed", "signer", signer, "master", m, "held", held)
		}
		fmt.Fprintln(&out, fmt.Errorf("sign with %v and %+v: %w", signer, m, io.EOF))
		for name, secret := range secretForms(t, private, secretOf(t, masterFile)) {
			if bytes.Contains(out.Bytes(), []byte(secret)) {
				t.Errorf("%s: the output shows %s", alg, name)
			}
			if bytes.Contains(sealed.Private, []byte(secret)) {
				t.Errorf("%s: the sealed key shows %s", alg, name)
			}
		}
		if !strings.Contains(out.String(), string(alg)+" signing key") {
			t.Errorf("%s: the output does not name the signer", alg)
		}
	}
}

// secretForms gives telling parts of a private key in the spellings of fmt,
// encoding/json and encoding/hex.
func secretForms(tb testing.TB, pkcs8 []byte, masterSecret string) map[string]string {
	tb.Helper()
	parsed, err := x509.ParsePKCS8PrivateKey(pkcs8)
	if err != nil {
		tb.Fatal(err)
	}
	var secret []byte
	switch k := parsed.(type) {
	case ed25519.PrivateKey:
		secret = k.Seed()
	case *rsa.PrivateKey:
		secret = k.Primes[0].Bytes()
	case *ecdsa.PrivateKey:
		if secret, err = k.Bytes(); err != nil {
			tb.Fatal(err)
		}
	}
	secret = secret[:16]
	decimal := strings.Trim(fmt.Sprint(secret), "[]")
	goSyntax := strings.TrimSuffix(strings.TrimPrefix(fmt.Sprintf("%#v", secret), "[]byte{"), "}")
	return map[string]string{
		"raw bytes":         string(secret),
		"decimal bytes":     decimal,
		"Go syntax":         goSyntax,
		"hex":               hex.EncodeToString(secret),
		"HEX":               strings.ToUpper(hex.EncodeToString(secret)),
		"base64":            base64.StdEncoding.EncodeToString(pkcs8)[:40],
		"the master secret": masterSecret[:30],
	}
}
