package did

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"fmt"

	"github.com/mr-tron/base58"
)

// Multicodec prefixes of public keys (Controlled Identifiers section 2.2.2), as
// the varints that stand in front of the key.
var multicodec = [...]struct {
	prefix [2]byte
	name   string
	curve  elliptic.Curve // nil for Ed25519
}{
	{[2]byte{0xed, 0x01}, "Ed25519", nil},
	{[2]byte{0x80, 0x24}, "P-256", elliptic.P256()},
	{[2]byte{0x81, 0x24}, "P-384", elliptic.P384()},
}

// maxMultikey bounds the text: a P-384 key has 71 characters.
const maxMultikey = 128

// ParseMultikey reads a publicKeyMultibase value ("z6Mk…", "zDna…", "z82L…") of
// an Ed25519, P-256 or P-384 key.
func ParseMultikey(multibase string) (crypto.PublicKey, error) {
	raw, err := decodeBase58(multibase)
	if err != nil {
		return nil, err
	}
	if len(raw) < 2 {
		return nil, &kindError{ErrMalformed, "the multibase value is too short to be a key"}
	}
	body := raw[2:]
	for _, c := range multicodec {
		if [2]byte(raw[:2]) != c.prefix {
			continue
		}
		if c.curve == nil {
			return parseEd25519(body)
		}
		return compressedPoint(c.curve, c.name, body)
	}
	return nil, &kindError{ErrUnsupported, fmt.Sprintf("a multibase value with the type prefix %x; Ed25519, P-256 and P-384 public keys are read", raw[:2])}
}

func decodeBase58(multibase string) ([]byte, error) {
	if len(multibase) == 0 || multibase[0] != 'z' {
		return nil, &kindError{ErrMalformed, "the multibase value must begin with z (base58btc)"}
	}
	if len(multibase) > maxMultikey {
		return nil, &kindError{ErrMalformed, fmt.Sprintf("the multibase value has %d characters, more than any key has", len(multibase))}
	}
	raw, err := base58.Decode(multibase[1:])
	if err != nil {
		return nil, &kindError{ErrMalformed, fmt.Sprintf("the multibase value is not base58: %v", err)}
	}
	return raw, nil
}

func compressedPoint(curve elliptic.Curve, name string, body []byte) (crypto.PublicKey, error) {
	if want := 1 + (curve.Params().BitSize+7)/8; len(body) != want {
		return nil, &kindError{ErrMalformed, fmt.Sprintf("a compressed %s key has %d bytes, this one has %d", name, want, len(body))}
	}
	x, y := elliptic.UnmarshalCompressed(curve, body)
	if x == nil {
		return nil, &kindError{ErrWeakKey, fmt.Sprintf("the key is not a point on %s", name)}
	}
	size := len(body) - 1
	point := make([]byte, 1+2*size)
	point[0] = 4 // uncompressed, SEC 1 section 2.3.3
	x.FillBytes(point[1 : 1+size])
	y.FillBytes(point[1+size:])
	key, err := ecdsa.ParseUncompressedPublicKey(curve, point)
	if err != nil {
		return nil, &kindError{ErrWeakKey, fmt.Sprintf("the key is not a point on %s", name)}
	}
	return key, nil
}

// Multikey writes pub as a publicKeyMultibase value, the reverse of [ParseMultikey].
func Multikey(pub crypto.PublicKey) (string, error) {
	if err := CheckKey(pub); err != nil {
		return "", err
	}
	switch k := pub.(type) {
	case ed25519.PublicKey:
		return "z" + base58.Encode(append(multicodec[0].prefix[:], k...)), nil
	case *ecdsa.PublicKey:
		for _, c := range multicodec[1:] {
			if c.curve == k.Curve {
				return "z" + base58.Encode(append(c.prefix[:], compress(k)...)), nil
			}
		}
	}
	return "", &kindError{ErrUnsupported, "a Multikey can hold an Ed25519, P-256 or P-384 key; publish this one as a JWK"}
}

// compress writes a checked key as SEC 1 section 2.3.3 compresses points.
func compress(k *ecdsa.PublicKey) []byte {
	point, err := k.Bytes()
	if err != nil {
		return nil
	}
	half := len(point) / 2
	return append([]byte{2 | point[len(point)-1]&1}, point[1:1+half]...)
}
