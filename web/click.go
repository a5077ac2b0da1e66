package web

import (
	"crypto/rand"
	"encoding/base64"
)

// newClick is a random text for the form of one page, by which a button that is
// pressed twice is known to be the same one.
func newClick() string {
	b := make([]byte, 16)
	if _, err := rand.Read(b); err != nil {
		panic("web: the source of randomness failed: " + err.Error())
	}
	return base64.RawURLEncoding.EncodeToString(b)
}
