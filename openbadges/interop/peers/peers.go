// Package peers lets tests ask other people's software: the npm packages
// @digitalbazaar/vc with its Data Integrity suites, vc-bitstring-status-list and
// jose, in one node process.
//
// [Start] starts them, and [Peers.VerifyCredential] is the call that most tests
// need. What a peer wants to read comes from a [Web]: documents in memory, or a
// server on this machine. The packages are not part of the project; the set-up
// installs them into a cache. Where they are not there, Start skips the test, or
// fails it when ACCOLADE_REQUIRE_PEERS is 1. No product code imports this.
package peers

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

//go:embed peers.mjs
var program []byte

// ErrRevoked is wrapped by a refusal whose only reason is the status list.
var ErrRevoked = errors.New("revoked")

// Peers is a running node process. Its methods fail the test when the process
// itself breaks, and return an error when a peer refuses what it was given.
type Peers struct {
	mu      sync.Mutex
	in      io.Writer
	out     *bufio.Scanner
	trouble *bytes.Buffer
}

// Web is all that a peer can read besides the contexts.
type Web struct {
	Documents map[string][]byte // JSON by address; did:web is looked up under its https address
	Hosts     []string          // "localhost:8080": read by plain HTTP, whatever scheme the address has
}

// Start runs the peers until the test ends.
func Start(tb testing.TB) *Peers {
	tb.Helper()
	dir, err := installed()
	if err != nil {
		if os.Getenv("ACCOLADE_REQUIRE_PEERS") == "1" {
			tb.Fatal(err)
		}
		tb.Skip(err)
	}
	script := filepath.Join(dir, fmt.Sprintf("peers-%x.mjs", sha256.Sum256(program))) // beside node_modules, where node looks
	if err := write(script); err != nil {
		tb.Fatal(err)
	}
	p := &Peers{trouble: &bytes.Buffer{}}
	cmd := exec.Command("node", script)
	cmd.Stderr = p.trouble
	in, err := cmd.StdinPipe()
	if err != nil {
		tb.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		_ = in.Close() // node ends with its input
		_ = cmd.Wait() // it has nothing more to say
	})
	const longest = 64 << 20
	p.in, p.out = in, bufio.NewScanner(out)
	p.out.Buffer(nil, longest)
	if err := p.ask(tb, "ready", nil, nil); err != nil {
		tb.Fatal(err)
	}
	return p
}

// installed returns the folder that holds node_modules.
func installed() (string, error) {
	dir := os.Getenv("ACCOLADE_PEERS")
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("npm peers: %w", err)
		}
		dir = filepath.Join(cache, "accolade", "peers")
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "@digitalbazaar", "vc")); err != nil {
		return "", errors.New("the npm peers are not installed; run: sh .ci/setup peers")
	}
	if _, err := exec.LookPath("node"); err != nil {
		return "", errors.New("the npm peers need node, which is not installed")
	}
	return dir, nil
}

// write puts the program where node finds its packages. Test processes run side
// by side, hence the rename.
func write(path string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "peers-*.tmp")
	if err != nil {
		return err
	}
	_, err = tmp.Write(program)
	if err := errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}

// ask sends one request and reads its answer into result, unless that is nil.
func (p *Peers) ask(tb testing.TB, op string, args map[string]any, result any) error {
	tb.Helper()
	request := map[string]any{"op": op}
	for name, v := range args {
		if b, ok := v.([]byte); ok {
			v = string(b)
		}
		request[name] = v
	}
	line, err := json.Marshal(request)
	if err != nil {
		tb.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := p.in.Write(append(line, '\n')); err != nil {
		tb.Fatalf("npm peers: %v: %s", err, p.trouble)
	}
	if !p.out.Scan() {
		tb.Fatalf("npm peers ended during %s: %v: %s", op, p.out.Err(), p.trouble)
	}
	var answer struct {
		Result  json.RawMessage
		Error   string
		Revoked bool
	}
	if err := json.Unmarshal(p.out.Bytes(), &answer); err != nil {
		tb.Fatalf("npm peers: %v in %.200q", err, p.out.Bytes())
	}
	switch {
	case answer.Revoked:
		return fmt.Errorf("npm peer: %w: %s", ErrRevoked, answer.Error)
	case answer.Error != "":
		return fmt.Errorf("npm peer: %s", answer.Error)
	case result != nil:
		if err := json.Unmarshal(answer.Result, result); err != nil {
			tb.Fatalf("npm peers: %v", err)
		}
	}
	return nil
}

// web writes w as the script takes it.
func (w Web) json() map[string]any {
	documents := map[string]string{}
	for address, body := range w.Documents {
		documents[address] = string(body)
	}
	return map[string]any{"documents": documents, "hosts": append([]string{}, w.Hosts...)}
}

// at is the time that a peer shall think it is; zero is its own clock.
func at(now time.Time) string {
	if now.IsZero() {
		return ""
	}
	return now.UTC().Format(time.RFC3339)
}

// arguments drops what is empty, so that the peers' own defaults hold.
func arguments(pairs map[string]any) map[string]any {
	for name, v := range pairs {
		if v == "" {
			delete(pairs, name)
		}
	}
	return pairs
}

// VerifyCredential asks @digitalbazaar/vc about a Data Integrity credential, and
// vc-bitstring-status-list about its status where it has one. It judges by now,
// or by the real clock when now is zero.
func (p *Peers) VerifyCredential(tb testing.TB, credential []byte, w Web, now time.Time) error {
	tb.Helper()
	return p.ask(tb, "verifyCredential", arguments(map[string]any{"credential": credential, "web": w.json(), "now": at(now)}), nil)
}

// VerifyStatus asks vc-bitstring-status-list alone: it fetches and verifies the
// list that the credential names, and looks its bit up.
func (p *Peers) VerifyStatus(tb testing.TB, credential []byte, w Web) error {
	tb.Helper()
	return p.ask(tb, "verifyStatus", map[string]any{"credential": credential, "web": w.json()}, nil)
}

// VerifyJWT asks jose about a VC-JWT and returns its claims. The key is what its
// kid names: a bare JWK, or a method of a controller document; or, when jwks is
// not empty, the key of that name in the JWK Set at that address.
func (p *Peers) VerifyJWT(tb testing.TB, token string, w Web, jwks string, now time.Time) (claims []byte, err error) {
	tb.Helper()
	var raw json.RawMessage
	err = p.ask(tb, "verifyJWT", arguments(map[string]any{"token": strings.TrimSpace(token), "web": w.json(), "jwks": jwks, "now": at(now)}), &raw)
	return raw, err
}

// VerifyJWS asks jose about a compact JWS with a public key in PEM, as Open
// Badges 2.0 signs, and returns its payload.
func (p *Peers) VerifyJWS(tb testing.TB, token, pem string) (payload []byte, err error) {
	tb.Helper()
	var text string
	err = p.ask(tb, "verifyJWS", map[string]any{"token": strings.TrimSpace(token), "pem": pem}, &text)
	return []byte(text), err
}

// Signed is what a peer signed.
type Signed struct {
	Credential []byte
	Multikey   string // public key, "z…"
}

// Sign lets @digitalbazaar/vc sign a credential with a fresh key. The cryptosuite
// is eddsa-rdfc-2022 or ecdsa-rdfc-2019, then with curve P-256 or P-384. The
// credential's issuer becomes issuer, or the key's did:key when that is empty.
func (p *Peers) Sign(tb testing.TB, credential []byte, cryptosuite, curve, issuer string, now time.Time) (Signed, error) {
	tb.Helper()
	var answer struct{ Credential, Multikey string }
	err := p.ask(tb, "sign", arguments(map[string]any{"credential": credential, "cryptosuite": cryptosuite, "curve": curve, "did": issuer, "now": at(now)}), &answer)
	return Signed{Credential: []byte(answer.Credential), Multikey: answer.Multikey}, err
}

// SignJWT lets jose sign claims with a fresh key, and returns the public JWK.
func (p *Peers) SignJWT(tb testing.TB, claims []byte, alg, kid string) (token string, jwk []byte, err error) {
	tb.Helper()
	var answer struct{ Token, JWK string }
	err = p.ask(tb, "signJWT", map[string]any{"claims": claims, "alg": alg, "kid": kid}, &answer)
	return answer.Token, []byte(answer.JWK), err
}

// StatusList lets vc-bitstring-status-list make an unsigned list credential of
// the given length with the given bits set.
func (p *Peers) StatusList(tb testing.TB, id string, length int, indexes []int) ([]byte, error) {
	tb.Helper()
	var answer struct{ Credential string }
	err := p.ask(tb, "statusList", map[string]any{"id": id, "length": length, "indexes": append([]int{}, indexes...)}, &answer)
	return []byte(answer.Credential), err
}
