package proof

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// TestPublishedBadges checks every proof of the Open Badges 3.0 and CLR samples
// against what other implementations say about it. Keys are those that the
// methods spell out.
func TestPublishedBadges(t *testing.T) {
	root := shared(t, "fixtures", "badges")
	var manifest struct {
		Cases []struct {
			ID, File, Format string
			Expect           struct {
				Signature string
				Proofs    []struct {
					Type, KeyFrom string
					OK            *bool
				}
			}
		}
	}
	if err := json.Unmarshal(MustRead(t, filepath.Join(root, "manifest.json")), &manifest); err != nil {
		t.Fatal(err)
	}
	checked := 0
	for _, c := range manifest.Cases {
		if c.Format != "json" || !strings.HasPrefix(c.File, "ob30/") && !strings.HasPrefix(c.File, "clr20/") {
			continue
		}
		t.Run(c.ID, func(t *testing.T) {
			doc := MustParse(t, string(MustRead(t, filepath.Join(root, filepath.FromSlash(c.File)))))
			proofs := Proofs(doc)
			if len(proofs) != len(c.Expect.Proofs) {
				t.Fatalf("%d proofs, want %d", len(proofs), len(c.Expect.Proofs))
			}
			for i := range proofs {
				want := c.Expect.Proofs[i].OK
				if want == nil {
					continue // its method leads nowhere
				}
				checked++
				key := keyOfFragment(t, &proofs[i])
				err := Check(doc, &proofs[i], key, CheckOptions{})
				if codeOf(t, err) == InlineContext { // the others have no such rule
					err = Check(doc, &proofs[i], key, CheckOptions{InlineContextsUnsafe: true})
				}
				if (err == nil) != *want {
					t.Errorf("proof %d: %v, want it to be good: %v", i, err, *want)
				}
				if *want {
					twin := doc.With("name", strictjson.NewString("Another name"))
					if Check(&twin, &proofs[i], key, CheckOptions{}) == nil {
						t.Errorf("proof %d passes for a twin with another name", i)
					}
				}
			}
		})
	}
	if checked < 60 {
		t.Errorf("%d proofs checked, want at least 60", checked)
	}
}

func TestPublishedTokens(t *testing.T) {
	read := func(parts ...string) string {
		return strings.TrimSpace(string(MustRead(t, shared(t, append([]string{"fixtures", "badges"}, parts...)...))))
	}
	keyOfDID := func(j *JWT) *did.Method {
		identifier, _ := did.Split(j.KeyID)
		d, err := did.KeyDocument(identifier)
		if err != nil {
			t.Fatal(err)
		}
		m, err := d.Method(j.KeyID, "assertionMethod")
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	for file, want := range map[string]Code{
		"ob30-jwt-eddsa-didkey.jwt":   "",
		"ob30-jwt-kid-not-issuer.jwt": "", // good mathematics; the issuer is another
		"ob30-jwt-alg-none.jwt":       UnsupportedAlgorithm,
	} {
		j := MustParseJWT(t, read("made", file))
		if got := codeOf(t, j.Verify(keyOfDID(j).Key)); got != want {
			t.Errorf("%s: code %q, want %q", file, got, want)
		}
		if errs := j.CheckClaims(); len(errs) != 0 {
			t.Errorf("%s: claims %v", file, errs)
		}
	}
	clr := MustParseJWT(t, read("clr20", "1edtech", "simple.jwt"))
	if err := clr.Verify(clr.JWK.Key); err != nil || len(clr.CheckClaims()) != 0 {
		t.Errorf("clr20: %v, claims %v", err, clr.CheckClaims())
	}
	simple := MustParseJWT(t, read("ob30", "1edtech", "simple.jwt"))
	if simple.KeyID != "" || simple.JWK != nil || codeOf(t, simple.CheckHeader(OpenBadges)) != "" || len(simple.CheckClaims()) != 0 {
		t.Errorf("ob30 without key: %+v, claims %v", simple.Header, simple.CheckClaims())
	}

	pem, err := did.ParsePEM(read("documents", "issuer.example.org_public-key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	keyFile := func(file, base string) any {
		d, err := did.ParseDocument(MustParse(t, read("documents", file)), base)
		if err != nil {
			t.Fatal(err)
		}
		m, err := d.Method(base, "")
		if err != nil {
			t.Fatal(err)
		}
		return m.Key
	}
	for _, tt := range []struct {
		path []string
		key  any
		want Code
	}{
		{[]string{"made", "ob10-signed-valid.jws"}, pem, ""},
		{[]string{"made", "ob10-signed-tampered.jws"}, pem, BadSignature},
		{[]string{"ob20", "1edtech", "simple.jwt"}, keyFile("example.org_key1.json", "http://example.org/key1.json"), ""},
		{[]string{"ob20", "1edtech", "simple-revoked.jwt"}, keyFile("example.org_key3.json", "http://example.org/key3.json"), ""},
	} {
		j, err := ParseJWS(read(tt.path...))
		if err != nil {
			t.Fatal(err)
		}
		if got := codeOf(t, j.Verify(tt.key)); got != tt.want {
			t.Errorf("%v: code %q, want %q", tt.path, got, tt.want)
		}
	}
}

// TestW3CTokens runs the inputs of the W3C's own suite for VC-JOSE.
func TestW3CTokens(t *testing.T) {
	dir := func(name string) string {
		return shared(t, "standards", "vectors", "w3c-vc-jose-cose", "input", name)
	}
	key := func(name string) did.JWK {
		v := MustParse(t, string(MustRead(t, dir(name))))
		j, err := did.ParseJWK(v.Get("publicKeyJwk"))
		if err != nil {
			t.Fatal(err)
		}
		return j
	}
	byID := map[string]did.JWK{}
	for _, name := range []string{"vm-ed25519.json", "vm-p256.json", "vm-p384.json", "vm-p521.json"} {
		j := key(name)
		byID[j.KeyID] = j
		if print, err := did.Thumbprint(j.Key); err != nil || print != j.KeyID {
			t.Errorf("Thumbprint of %s = %q, %v, want its kid %q", name, print, err, j.KeyID)
		}
	}
	for name, want := range map[string]struct{ w3c, badges Code }{
		"credential-jose-minimal.txt":            {"", WrongType},
		"credential-jose-unknown-extensions.txt": {"", UnsupportedAlgorithm},
		"credential-jose-bad-signature.txt":      {BadSignature, WrongType},
		"credential-jose-bad-media-type.txt":     {WrongType, WrongType},
		"credential-jose-vc-vp-claims.txt":       {Ambiguous, WrongType},
		"presentation-jose-multiple.txt":         {"", UnsupportedAlgorithm},
		"presentation-jose-bad-credential.txt":   {"", WrongType}, // what is inside is bad, not the presentation
		"presentation-jose-bad-media-type.txt":   {WrongType, WrongType},
	} {
		j := MustParseJWT(t, string(bytes.TrimSpace(MustRead(t, dir(name)))))
		if got := codeOf(t, j.VerifyProfile(byID[j.KeyID].Key, W3C)); got != want.w3c {
			t.Errorf("%s by W3C: code %q, want %q", name, got, want.w3c)
		}
		if got := codeOf(t, j.Verify(byID[j.KeyID].Key)); got != want.badges {
			t.Errorf("%s by Open Badges: code %q, want %q", name, got, want.badges)
		}
	}
}

// TestHostileInputs runs the hostile tokens and credentials as far as keys and
// proofs are concerned; the code is what this package has to say about each, ""
// where others must refuse (issuer, dates, status).
func TestHostileInputs(t *testing.T) {
	dir := shared(t, "fixtures", "hostile", "inputs")
	for file, want := range map[string]Code{
		"h01-token.jwt": "", "h05-token.jwt": UnsupportedAlgorithm, "h06-token.jwt": UnsupportedAlgorithm,
		"h10-token.jwt": CriticalHeader, "h11-token.jwt": "", "h12-token.jwt": "",
		"h13-token.jwt": BadSignature, "h14-token.jwt": BadSignature, "h15-token.jwt": "",
		"h16-token.jwt": Malformed, "h17-token.jwt": TooLarge, "h18-token.jwt": Malformed,
		"h19-token.jwt": Malformed, "h20-token.jwt": WrongType,
	} {
		j, err := ParseJWT(strings.TrimSpace(string(MustRead(t, filepath.Join(dir, file)))))
		if err == nil {
			d, failure := did.KeyDocument(strings.Split(j.KeyID, "#")[0])
			if failure != nil {
				t.Fatalf("%s: %v", file, failure)
			}
			err = j.Verify(d.Methods[0].Key)
		}
		if got := codeOf(t, err); got != want {
			t.Errorf("%s: %v (code %q), want code %q", file, err, got, want)
		}
	}
	// Exchanging the issuer in one of its two places is seen in the claims.
	j := MustParseJWT(t, strings.TrimSpace(string(MustRead(t, filepath.Join(dir, "h15-token.jwt")))))
	if errs := j.CheckClaims(); len(errs) != 1 || errs[0].Code != "iss_mismatch" {
		t.Errorf("h15: claims %v, want iss_mismatch", errs)
	}
	for file, want := range map[string]Code{
		"h02-credential.json": "", "h21-credential.json": BadSignature, "h22-credential.json": BadSignature,
		"h23-credential.json": Transformation, "h24-credential.json": InlineContext, "h25-credential.json": Transformation,
		"h27-credential.json": WrongPurpose, "h28-credential.json": Malformed,
		"h30-credential.json": Transformation, "h31-credential.json": Transformation,
	} {
		doc := MustParse(t, string(MustRead(t, filepath.Join(dir, file))))
		proof := Proofs(doc)[0]
		err := Check(doc, &proof, keyOfFragment(t, &proof), CheckOptions{})
		if got := codeOf(t, err); got != want {
			t.Errorf("%s: %v (code %q), want code %q", file, err, got, want)
		}
		if want == InlineContext {
			if err := Check(doc, &proof, keyOfFragment(t, &proof), CheckOptions{InlineContextsUnsafe: true}); err != nil {
				t.Errorf("%s with inline contexts allowed: %v", file, err)
			}
		}
	}
}
