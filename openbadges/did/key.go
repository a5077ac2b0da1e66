package did

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"fmt"
	"math/big"
	"slices"
)

// CheckKey tells whether pub is a public key whose signatures mean something:
// Ed25519 in canonical form and not small-order, ECDSA on P-256, P-384 or P-521,
// RSA of 2048 to 16384 bits. Every key that this package parses has passed it,
// and an Ed25519 key has been found to be on its curve besides.
func CheckKey(pub crypto.PublicKey) error {
	switch k := pub.(type) {
	case ed25519.PublicKey:
		return checkEd25519(k)
	case *ecdsa.PublicKey:
		return checkECDSA(k)
	case *rsa.PublicKey:
		return checkRSA(k)
	}
	return &kindError{ErrUnsupported, fmt.Sprintf("a key of type %T; use Ed25519, ECDSA or RSA", pub)}
}

func checkECDSA(k *ecdsa.PublicKey) error {
	switch k.Curve {
	case elliptic.P256(), elliptic.P384(), elliptic.P521():
	default:
		return &kindError{ErrUnsupported, "an ECDSA key on another curve than P-256, P-384 or P-521"}
	}
	// Bytes refuses points that are not on the curve, and the point at infinity.
	if _, err := k.Bytes(); err != nil {
		return &kindError{ErrWeakKey, "the ECDSA public key is not a point on its curve"}
	}
	return nil
}

func checkRSA(k *rsa.PublicKey) error {
	switch bits := k.N.BitLen(); {
	case bits < 2048:
		return &kindError{ErrWeakKey, fmt.Sprintf("the RSA key has %d bits, at least 2048 are needed", bits)}
	case bits > 16384:
		return &kindError{ErrUnsupported, fmt.Sprintf("the RSA key has %d bits, more than the 16384 that are read", bits)}
	case k.N.Bit(0) == 0:
		return &kindError{ErrWeakKey, "the RSA modulus is even"}
	case k.E < 3 || k.E&1 == 0:
		return &kindError{ErrWeakKey, "the RSA exponent must be odd and at least 3"}
	}
	return nil
}

// smallOrder holds the y coordinates of the eight small-order points (RFC 8032
// section 5.1): of order 4, 1, 2 and 8, little-endian as keys are.
var smallOrder = [...][ed25519.PublicKeySize]byte{
	{},
	{1},
	littleEndian(new(big.Int).Sub(ed25519P, one)),
	littleEndian(ed25519Y),
	littleEndian(new(big.Int).Sub(ed25519P, ed25519Y)),
}

// The field prime 2^255 - 19, the curve constant d, and the y coordinate of four
// of the points of order eight (the other four have its negative).
var (
	ed25519P = fromHex("7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed")
	ed25519D = fromHex("52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3")
	ed25519Y = fromHex("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7")
	one      = big.NewInt(1)
)

func fromHex(s string) *big.Int {
	n, _ := new(big.Int).SetString(s, 16)
	return n
}

func littleEndian(n *big.Int) (out [ed25519.PublicKeySize]byte) {
	n.FillBytes(out[:])
	slices.Reverse(out[:])
	return out
}

// checkEd25519 refuses keys for which a signature can be found without knowing
// any secret, or that have a second spelling (RFC 8032 section 5.1.3). It does
// not decide whether there is such a point: no signature holds under a key that
// is none, and parseEd25519 has asked.
func checkEd25519(k ed25519.PublicKey) error {
	if len(k) != ed25519.PublicKeySize {
		return &kindError{ErrMalformed, fmt.Sprintf("an Ed25519 key has 32 bytes, this one has %d", len(k))}
	}
	y := [ed25519.PublicKeySize]byte(k)
	y[31] &= 0x7f // the sign of x
	if y[31] == 0x7f && y[0] >= 0xed && allOnes(y[1:31]) {
		return &kindError{ErrWeakKey, "the Ed25519 key is not in canonical form"}
	}
	if slices.Contains(smallOrder[:], y) {
		return &kindError{ErrWeakKey, "the Ed25519 key is a small-order point, for which anybody can sign"}
	}
	return nil
}

func allOnes(b []byte) bool {
	for _, c := range b {
		if c != 0xff {
			return false
		}
	}
	return true
}

// parseEd25519 checks 32 bytes of a stranger.
func parseEd25519(raw []byte) (crypto.PublicKey, error) {
	key := ed25519.PublicKey(raw)
	if err := checkEd25519(key); err != nil {
		return nil, err
	}
	bigEndian := slices.Clone(raw)
	slices.Reverse(bigEndian)
	bigEndian[0] &= 0x7f
	// x^2 = (y^2 - 1) / (d y^2 + 1), and a quotient is a square when the product is.
	y2 := new(big.Int).SetBytes(bigEndian)
	y2.Mul(y2, y2).Mod(y2, ed25519P)
	product := new(big.Int).Mul(ed25519D, y2)
	product.Add(product, one).Mul(product, y2.Sub(y2, one)).Mod(product, ed25519P)
	if big.Jacobi(product, ed25519P) < 0 {
		return nil, &kindError{ErrWeakKey, "the Ed25519 key is not a point on its curve"}
	}
	return key, nil
}
