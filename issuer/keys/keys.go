// Package keys keeps an installation's signing keys.
//
// A [Master] key, an age X25519 identity in a file of its own, encrypts every
// signing key at rest. [CreateMaster] makes that file once, [OpenMaster] reads it
// at every start, [Master.Generate] makes a signing key and returns it sealed,
// and [Master.Open] turns a sealed key into a [crypto.Signer]. Whoever stores the
// [Sealed] values never sees a private key, and neither does whoever signs.
//
// The package asks nobody anything: a passphrase is a parameter. It refuses to
// overwrite a master key, to open a key sealed under another one, and to print,
// format or marshal a private key in any form. Keys in a hardware module can
// stand beside these later: the rest of the program knows only [crypto.Signer].
package keys

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"io"

	"filippo.io/age"
)

// Algorithm names what a signing key is for, by its kind of signature.
type Algorithm string

// The algorithms that [Master.Generate] knows.
const (
	Ed25519 Algorithm = "Ed25519" // Data Integrity, eddsa-rdfc-2022
	RS256   Algorithm = "RS256"   // RSA with 2048 bits: VC-JWT and OB 2.0 signed badges
	ES256   Algorithm = "ES256"   // ECDSA on P-256: VC-JWT where a programme prefers it
	ES384   Algorithm = "ES384"   // ECDSA on P-384: W3C credentials, ecdsa-rdfc-2019
)

// rsaBits is what Open Badges 3.0 section 8.2.4 asks for at least, and what
// every verifier in the field accepts.
const rsaBits = 2048

// maxSealed bounds a sealed key before it is decrypted: an RSA-2048 key takes
// about 1,500 bytes.
const maxSealed = 64 << 10

// Sealed is a signing key as it is stored.
type Sealed struct {
	Algorithm Algorithm
	Public    []byte // PKIX, DER
	Private   []byte // PKCS #8, DER, encrypted to the master key in the age format
}

// PublicKey parses the public half: [ed25519.PublicKey], [*rsa.PublicKey] or
// [*ecdsa.PublicKey]. It needs no master key.
func (s Sealed) PublicKey() (crypto.PublicKey, error) {
	key, err := x509.ParsePKIXPublicKey(s.Public)
	if err != nil {
		return nil, fmt.Errorf("public half of a %s key: %w; restore the ledger from a backup", s.Algorithm, ErrDamaged)
	}
	return key, nil
}

// Generate makes a signing key from random and returns it sealed. The Go
// runtime may prefer its own secure source for RSA and ECDSA.
func (m *Master) Generate(alg Algorithm, random io.Reader) (Sealed, error) {
	key, err := generate(alg, random)
	if err != nil {
		return Sealed{}, fmt.Errorf("generate a signing key: %w", err)
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return Sealed{}, fmt.Errorf("generate a signing key: %w", err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return Sealed{}, fmt.Errorf("generate a signing key: %w", err)
	}
	defer clear(private)
	sealed, err := m.seal(private)
	if err != nil {
		return Sealed{}, fmt.Errorf("seal a signing key: %w", err)
	}
	return Sealed{Algorithm: alg, Public: public, Private: sealed}, nil
}

func generate(alg Algorithm, random io.Reader) (crypto.Signer, error) {
	switch alg {
	case Ed25519:
		_, key, err := ed25519.GenerateKey(random)
		return key, err
	case RS256:
		return rsa.GenerateKey(random, rsaBits)
	case ES256:
		return ecdsa.GenerateKey(elliptic.P256(), random)
	case ES384:
		return ecdsa.GenerateKey(elliptic.P384(), random)
	}
	return nil, fmt.Errorf("algorithm %q is unknown; use %s, %s, %s or %s", alg, Ed25519, RS256, ES256, ES384)
}

func (m *Master) seal(plain []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := age.Encrypt(&out, m.identity.Recipient())
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// Open returns the signer of a sealed key. Signers are kept, so that a key is
// decrypted once per process. A key that belongs to another master key is
// [ErrForeign]; a damaged one, or one whose halves do not fit together, is
// [ErrDamaged].
func (m *Master) Open(s Sealed) (crypto.Signer, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if kept, ok := m.open[string(s.Public)]; ok && kept.algorithm == s.Algorithm {
		return kept, nil
	}
	opened, err := m.unseal(s)
	if err != nil {
		return nil, fmt.Errorf("open a %s signing key: %w", s.Algorithm, err)
	}
	m.open[string(s.Public)] = opened
	return opened, nil
}

func (m *Master) unseal(s Sealed) (*signer, error) {
	if len(s.Private) > maxSealed {
		return nil, fmt.Errorf("%w: it is %d bytes long; restore the ledger from a backup", ErrDamaged, len(s.Private))
	}
	r, err := age.Decrypt(bytes.NewReader(s.Private), m.identity)
	var foreign *age.NoIdentityMatchError
	switch {
	case errors.As(err, &foreign):
		return nil, fmt.Errorf("%w; start with the master key file that was in use when the key was made", ErrForeign)
	case err != nil:
		return nil, fmt.Errorf("%w; restore the ledger from a backup", ErrDamaged)
	}
	plain, err := io.ReadAll(io.LimitReader(r, maxSealed))
	defer clear(plain)
	if err != nil {
		return nil, fmt.Errorf("%w; restore the ledger from a backup", ErrDamaged)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(plain)
	if err != nil {
		// The parser's own words may quote what it read.
		return nil, fmt.Errorf("%w: no PKCS #8 key inside; restore the ledger from a backup", ErrDamaged)
	}
	key, ok := parsed.(crypto.Signer)
	if !ok || !fits(s.Algorithm, key) {
		return nil, fmt.Errorf("%w: another kind of key inside; restore the ledger from a backup", ErrDamaged)
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil || !bytes.Equal(public, s.Public) {
		return nil, fmt.Errorf("%w: the private half belongs to another public key; restore the ledger from a backup", ErrDamaged)
	}
	return newSigner(s.Algorithm, key), nil
}

func fits(alg Algorithm, key crypto.Signer) bool {
	switch k := key.(type) {
	case ed25519.PrivateKey:
		return alg == Ed25519
	case *rsa.PrivateKey:
		return alg == RS256 && k.N.BitLen() >= rsaBits
	case *ecdsa.PrivateKey:
		return alg == ES256 && k.Curve == elliptic.P256() || alg == ES384 && k.Curve == elliptic.P384()
	}
	return false
}
