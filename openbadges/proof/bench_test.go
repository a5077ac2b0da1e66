//go:build unix

package proof

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// Costs are given as multiples of the bare signature, measured in turn with it,
// since a figure of another day or machine says nothing.

// cpu is what this process has used, the collector included.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// compare reports how many times raw a run of whole costs: the median of
// interleaved pairs.
func compare(b *testing.B, whole, raw func()) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		whole()
	}
	b.StopTimer()
	const pairs, runs = 11, 400
	measure := func(f func(), runs int) time.Duration {
		start := cpu(b)
		for range runs {
			f()
		}
		return cpu(b) - start
	}
	n := runs
	if measure(raw, 20) > 10*time.Millisecond {
		n = 40 // RSA
	}
	ratios := make([]float64, pairs)
	for i := range ratios {
		ratios[i] = float64(measure(whole, n)) / float64(measure(raw, n))
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[pairs/2], "x-raw")
	b.ReportMetric(100/ratios[pairs/2], "%-of-raw-rate")
}

// typical is the document that the goals are set for.
func typical(b *testing.B) []byte {
	return MustRead(b, shared(b, "fixtures", "bench", "typical.json"))
}

func BenchmarkSign(b *testing.B) {
	doc := MustParse(b, string(typical(b)))
	unsigned := doc.Without("proof")
	key := edKey(1)
	message := make([]byte, 64)
	o := Options{VerificationMethod: "did:web:badges.example.org:issuers:sample#key", Created: day}
	compare(b, func() {
		signed, err := Sign(&unsigned, key, o)
		if err != nil {
			b.Fatal(err)
		}
		_ = signed.Append(make([]byte, 0, 4096))
	}, func() { _ = ed25519.Sign(key, message) })
}

func BenchmarkCheck(b *testing.B) {
	doc := MustParse(b, string(typical(b)))
	unsigned := doc.Without("proof")
	key := edKey(1)
	text := MustSign(b, &unsigned, key, Options{Created: day}).Append(nil)
	public := key.Public().(ed25519.PublicKey)
	message := make([]byte, 64)
	signature := ed25519.Sign(key, message)
	compare(b, func() {
		read, err := strictjson.Parse(text)
		if err != nil {
			b.Fatal(err)
		}
		if err := Check(read, &Proofs(read)[0], public, CheckOptions{}); err != nil {
			b.Fatal(err)
		}
	}, func() {
		if !ed25519.Verify(public, message, signature) {
			b.Fatal("bad signature")
		}
	})
}

// forJWT is the typical document without what a JWT leaves out, and a token of
// it in its two parts: what is signed and the signature.
func forJWT(b *testing.B, signer crypto.Signer) (credential strictjson.Value, token string, input, signature []byte) {
	doc := MustParse(b, string(typical(b)))
	credential = doc.Without("proof")
	token = MustSignJWT(b, &credential, signer)
	cut := strings.LastIndexByte(token, '.')
	signature, err := decodePart(token[cut+1:], "signature")
	if err != nil {
		b.Fatal(err)
	}
	return credential, token, []byte(token[:cut]), signature
}

func BenchmarkSignJWT(b *testing.B) {
	b.Run("EdDSA", func(b *testing.B) {
		key := edKey(1)
		credential, _, input, _ := forJWT(b, key)
		compare(b, func() { MustSignJWT(b, &credential, key) }, func() { _ = ed25519.Sign(key, input) })
	})
	b.Run("RS256", func(b *testing.B) {
		key := keys()["RSA"].(*rsa.PrivateKey)
		credential, _, input, _ := forJWT(b, key)
		compare(b, func() { MustSignJWT(b, &credential, key) }, func() {
			sum := sha256.Sum256(input)
			if _, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:]); err != nil {
				b.Fatal(err)
			}
		})
	})
}

func BenchmarkVerifyJWT(b *testing.B) {
	for _, name := range []string{"Ed25519", "RSA", "P-256"} {
		b.Run(name, func(b *testing.B) {
			signer := keys()[name]
			_, token, input, signature := forJWT(b, signer)
			compare(b, func() {
				j := MustParseJWT(b, token)
				if err := j.Verify(signer.Public()); err != nil {
					b.Fatal(err)
				}
			}, func() {
				if !holds(signer.Public(), input, signature) {
					b.Fatal("bad signature")
				}
			})
		})
	}
}
