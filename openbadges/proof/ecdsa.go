package proof

import (
	"crypto/ecdsa"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/cryptobyte/asn1"
)

// Signers give and ecdsa.VerifyASN1 takes an ASN.1 sequence of r and s; proofs
// and tokens hold both at the full width of the curve (IEEE P1363), where each
// signature has one spelling.

// rawSignature turns ASN.1 into r || s for a curve whose order has size bytes.
func rawSignature(der []byte, size int) ([]byte, bool) {
	in := cryptobyte.String(der)
	var sequence cryptobyte.String
	if !in.ReadASN1(&sequence, asn1.SEQUENCE) || !in.Empty() {
		return nil, false
	}
	out := make([]byte, 2*size)
	for i := range 2 {
		var n []byte
		if !sequence.ReadASN1Integer(&n) || len(n) > size {
			return nil, false
		}
		copy(out[(i+1)*size-len(n):], n)
	}
	return out, sequence.Empty()
}

// verifyECDSA checks r || s of exactly the curve's width over a digest.
func verifyECDSA(key *ecdsa.PublicKey, digest, raw []byte) bool {
	size := (key.Curve.Params().N.BitLen() + 7) / 8
	if len(raw) != 2*size {
		return false
	}
	var b cryptobyte.Builder
	b.AddASN1(asn1.SEQUENCE, func(b *cryptobyte.Builder) {
		for _, half := range [][]byte{raw[:size], raw[size:]} {
			b.AddASN1(asn1.INTEGER, func(b *cryptobyte.Builder) {
				for len(half) > 1 && half[0] == 0 {
					half = half[1:]
				}
				if half[0] >= 0x80 {
					b.AddUint8(0)
				}
				b.AddBytes(half)
			})
		}
	})
	der, err := b.Bytes()
	return err == nil && ecdsa.VerifyASN1(key, digest, der)
}
