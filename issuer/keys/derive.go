package keys

import (
	"crypto/hkdf"
	"crypto/sha256"
)

// Derive returns 32 bytes that only m yields, for one purpose: the same in every
// process that has m, different for every purpose, and telling nothing of m
// (HKDF, RFC 5869). Secrets made from them need not be stored.
func (m *Master) Derive(purpose string) []byte {
	key, err := hkdf.Key(sha256.New, []byte(m.identity.String()), nil, purpose, 32)
	if err != nil {
		panic("keys: 32 bytes can always be derived: " + err.Error())
	}
	return key
}
