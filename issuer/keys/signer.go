package keys

import (
	"crypto"
	"fmt"
	"io"
)

// signer is a crypto.Signer that tells nobody its key. The key itself lives in
// a closure, so that no printer that walks fields can reach it, not even through
// an unexported field of somebody else's struct.
type signer struct {
	algorithm Algorithm
	public    crypto.PublicKey
	sign      func(random io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error)
}

var (
	_ crypto.Signer = (*signer)(nil)
	_ fmt.Formatter = (*signer)(nil)
)

func newSigner(alg Algorithm, key crypto.Signer) *signer {
	return &signer{algorithm: alg, public: key.Public(), sign: key.Sign}
}

func (s *signer) Public() crypto.PublicKey { return s.public }

func (s *signer) Sign(random io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	return s.sign(random, digest, opts)
}

func (s *signer) String() string   { return string(s.algorithm) + " signing key (not shown)" }
func (s *signer) GoString() string { return s.String() }

func (s *signer) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) } // fmt reports its own write errors

func (s *signer) MarshalJSON() ([]byte, error) { return fmt.Appendf(nil, "%q", s.String()), nil }
