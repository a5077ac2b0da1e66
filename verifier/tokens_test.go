package verifier

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"
)

func base64url(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

func tokenPayload(tb testing.TB, token string) []byte {
	tb.Helper()
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[1])
	if err != nil {
		tb.Fatal(err)
	}
	return payload
}

// signCompact signs any payload, also one that package proof would refuse, as
// the sample issuer's VC-JWT.
func signCompact(tb testing.TB, w *world, payload []byte) string {
	tb.Helper()
	return signHeader(tb, w, `{"alg":"RS256","kid":"`+w.kid()+`","typ":"JWT"}`, payload)
}

// signHeader signs any header with any payload.
func signHeader(tb testing.TB, w *world, header string, payload []byte) string {
	tb.Helper()
	signed := base64url([]byte(header)) + "." + base64url(payload)
	sum := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, w.rsa, crypto.SHA256, sum[:])
	if err != nil {
		tb.Fatal(err)
	}
	return signed + "." + base64url(signature)
}
