package did

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"strings"
)

// ParsePEM reads a publicKeyPem value: one PUBLIC KEY (PKIX) or RSA PUBLIC KEY
// (PKCS #1) block, as Open Badges 1.0 to 2.0 publish keys.
func ParsePEM(text string) (crypto.PublicKey, error) {
	if len(text) > 16<<10 {
		return nil, &kindError{ErrMalformed, "the PEM key is longer than 16 KiB"}
	}
	block, rest := pem.Decode([]byte(text))
	if block == nil || strings.TrimSpace(string(rest)) != "" {
		return nil, &kindError{ErrMalformed, "the key must be one PEM block"}
	}
	var key crypto.PublicKey
	var err error
	switch {
	case strings.Contains(block.Type, "PRIVATE"):
		return nil, &kindError{ErrPrivateKey, "the PEM block is a private key"}
	case block.Type == "PUBLIC KEY":
		key, err = x509.ParsePKIXPublicKey(block.Bytes)
	case block.Type == "RSA PUBLIC KEY":
		key, err = x509.ParsePKCS1PublicKey(block.Bytes)
	default:
		return nil, &kindError{ErrUnsupported, "a PEM block of type " + block.Type + "; PUBLIC KEY and RSA PUBLIC KEY are read"}
	}
	if err != nil {
		return nil, &kindError{ErrMalformed, "the PEM block does not hold a public key: " + err.Error()}
	}
	if err := CheckKey(key); err != nil {
		return nil, err
	}
	return key, nil
}
