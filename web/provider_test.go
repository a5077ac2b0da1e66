package web_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/accolade-badges/accolade/web"
)

// provider is a small OpenID provider. What it says of the person is claims.
type provider struct {
	*httptest.Server
	mu     sync.Mutex
	claims map[string]any
	nonce  string // overrides the one that was asked for
	asked  map[string]url.Values
}

func mustProvider(t *testing.T, now func() time.Time) *provider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &provider{asked: map[string]url.Values{}}
	mux := http.NewServeMux()
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	answer := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(v)
	}
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{
			"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256"},
		})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		b64 := base64.RawURLEncoding.EncodeToString
		answer(w, map[string]any{"keys": []map[string]string{{
			"kty": "RSA", "kid": "1", "alg": "RS256", "use": "sig", "n": b64(key.N.Bytes()), "e": b64(big.NewInt(int64(key.E)).Bytes()),
		}}})
	})
	mux.HandleFunc("/authorize", func(w http.ResponseWriter, r *http.Request) {
		code := rand.Text()
		p.mu.Lock()
		p.asked[code] = r.URL.Query()
		p.mu.Unlock()
		http.Redirect(w, r, r.URL.Query().Get("redirect_uri")+"?code="+code+"&state="+url.QueryEscape(r.URL.Query().Get("state")), http.StatusFound)
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		asked, ok := p.asked[r.FormValue("code")]
		delete(p.asked, r.FormValue("code"))
		sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
		if id, secret, basic := r.BasicAuth(); !ok || !basic || id != "me" || secret != "s3cret" || asked.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]) {
			http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
			return
		}
		claims := map[string]any{"iss": p.URL, "aud": "me", "iat": now().Unix(), "exp": now().Add(time.Minute).Unix(), "nonce": asked.Get("nonce")}
		for k, v := range p.claims {
			claims[k] = v
		}
		if p.nonce != "" {
			claims["nonce"] = p.nonce
		}
		payload, err := json.Marshal(claims)
		if err != nil {
			t.Error(err)
			return
		}
		signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: key, KeyID: "1"}}, nil)
		if err != nil {
			t.Error(err)
			return
		}
		token, err := signer.Sign(payload)
		if err != nil {
			t.Error(err)
			return
		}
		signed, err := token.CompactSerialize()
		if err != nil {
			t.Error(err)
			return
		}
		answer(w, map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": signed})
	})
	return p
}

// mustHouseWith serves an installation with one sign-in provider.
func mustHouseWith(t *testing.T) (*house, *provider) {
	t.Helper()
	var p *provider
	h := mustHouse(t, func(c *web.Config) {
		p = mustProvider(t, c.Issuer.Now)
		c.Providers = []web.Provider{{Name: "Sample ID", Issuer: p.URL, ClientID: "me", ClientSecret: "s3cret"}}
	})
	return h, p
}

const withProvider = "/sign-in/with/Sample%20ID"

func TestProviderWithConfirmedAddressSignsIn(t *testing.T) {
	t.Parallel()
	h, p := mustHouseWith(t)
	h.mustSignIn(t, kim.Email) // there is an account
	p.claims = map[string]any{"sub": "42", "email": "KIM@example.org", "email_verified": true, "name": "Kim"}
	v := h.mustVisitor(t)
	v.open(t, "/sign-in")
	if !strings.Contains(v.page, withProvider) {
		t.Error("the sign-in page does not offer the provider")
	}
	v.open(t, withProvider+"?next=/me/addresses")
	v.sees(t, kim.Email, "Sample ID")
	if v.at != "/me/addresses" {
		t.Errorf("signed in at %s", v.at)
	}
	if got := h.newest(t, kim.Email); !strings.Contains(got.text, "Sample ID") {
		t.Errorf("the account's owner is told %q", got.subject)
	}
	// Known from now on, whatever the provider says of the address.
	p.claims = map[string]any{"sub": "42"}
	again := h.mustVisitor(t)
	again.open(t, withProvider)
	again.open(t, "/me/addresses")
	again.sees(t, kim.Email)
	again.press(t, "Remove Sample ID")
	if again = h.mustVisitor(t); true {
		again.send(t, "GET", withProvider, nil)
	}
	if again.status != http.StatusForbidden {
		t.Errorf("a person who was unlinked signs in: %d", again.status)
	}
}

func TestProviderWithoutConfirmedAddressProvesNothing(t *testing.T) {
	t.Parallel()
	h, p := mustHouseWith(t)
	h.mustSignIn(t, kim.Email)
	for name, verified := range map[string]any{"false": false, "absent": nil, "a word": "yes", "a number": 1} {
		p.claims = map[string]any{"sub": "thief", "email": kim.Email, "email_verified": verified}
		v := h.mustVisitor(t)
		if v.send(t, "GET", withProvider, nil); v.status != http.StatusForbidden {
			t.Errorf("email_verified %s: %d at %s", name, v.status, v.at)
		}
		v.sees(t, "has not confirmed your address")
		if v.send(t, "GET", "/me", nil); !strings.HasPrefix(v.at, "/sign-in") {
			t.Errorf("email_verified %s: signed in", name)
		}
	}
}

func TestProviderIsLinkedToWhoIsSignedIn(t *testing.T) {
	t.Parallel()
	h, p := mustHouseWith(t)
	p.claims = map[string]any{"sub": "42"}
	v := h.mustSignIn(t, kim.Email)
	v.open(t, withProvider+"?next=/me/addresses")
	v.sees(t, "Sample ID")
	other := h.mustSignIn(t, noor.Email)
	if other.send(t, "GET", withProvider, nil); other.status != http.StatusConflict {
		t.Errorf("one person is linked to two accounts: %d", other.status)
	}
	stranger := h.mustVisitor(t)
	stranger.open(t, withProvider)
	stranger.open(t, "/me/addresses")
	stranger.sees(t, kim.Email)
}

func TestProviderAnswersAreBoundToTheBrowser(t *testing.T) {
	t.Parallel()
	h, p := mustHouseWith(t)
	p.claims = map[string]any{"sub": "42", "email": kim.Email, "email_verified": true}
	noRedirect := func(v *visitor) {
		v.client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
			if strings.HasPrefix(r.URL.Path, "/sign-in/with/") {
				return http.ErrUseLastResponse
			}
			return nil
		}
	}
	// Somebody begins, and makes another one finish: nobody is signed in.
	attacker := h.mustVisitor(t)
	noRedirect(attacker)
	attacker.send(t, "GET", withProvider, nil)
	back, err := url.Parse(attacker.header.Get("Location"))
	if err != nil || back.Query().Get("code") == "" {
		t.Fatalf("the provider sends back to %v, %v", back, err)
	}
	victim := h.mustVisitor(t)
	victim.open(t, back.RequestURI())
	if !strings.HasPrefix(victim.at, "/sign-in") {
		t.Errorf("a foreign answer leads to %s", victim.at)
	}
	// A token that was made for another sign-in is refused.
	p.nonce = "another"
	v := h.mustVisitor(t)
	if v.send(t, "GET", withProvider, nil); v.status != http.StatusBadGateway {
		t.Errorf("a foreign ID token: %d", v.status)
	}
	p.nonce = ""
	// Next is a path of ours.
	v.open(t, withProvider+"?next=//evil.example.org/")
	if v.at != "/me" {
		t.Errorf("next leads to %s", v.at)
	}
}

func TestProviderThatIsAwayIsSaidSo(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone := "http://" + l.Addr().String()
	_ = l.Close()
	h := mustHouse(t, func(c *web.Config) { c.Providers = []web.Provider{{Name: "Sample ID", Issuer: gone, ClientID: "me"}} })
	v := h.mustVisitor(t)
	if v.send(t, "GET", withProvider, nil); v.status != http.StatusBadGateway {
		t.Errorf("%d", v.status)
	}
	v.sees(t, "Sample ID cannot be reached")
	v.open(t, "/sign-in/with/nobody")
	if v.at != "/sign-in" {
		t.Errorf("an unknown provider leads to %s", v.at)
	}
}

func TestProviderSettings(t *testing.T) {
	t.Parallel()
	p, err := web.ParseProvider("Sample ID=https://login.example.org/x,me,s3,cret")
	if want := (web.Provider{Name: "Sample ID", Issuer: "https://login.example.org/x", ClientID: "me", ClientSecret: "s3,cret"}); err != nil || p != want {
		t.Errorf("%+v %v", p, err)
	}
	for _, bad := range []string{"", "x", "x=https://a.example.org", "x=http://login.example.org,a,b", "a/b=https://a.example.org,a,b", "=https://a.example.org,a,b"} {
		if _, err := web.ParseProvider(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}
