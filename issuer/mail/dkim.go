package mail

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"

	"github.com/emersion/go-msgauth/dkim"
)

// Signature says how mails of a domain are signed (DKIM, RFC 6376). All fields
// are required.
type Signature struct {
	Domain   string        // the domain in From
	Selector string        // where its key is published: SELECTOR._domainkey.DOMAIN
	Key      crypto.Signer // RSA or Ed25519; receivers know RSA everywhere
}

// signed are the headers that a signature covers. Receivers honour one-click
// opt-out only where both of its headers are among them (RFC 8058 section 4).
var signed = []string{
	"From", "To", "Reply-To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type",
	"Auto-Submitted", "Content-Language", "Feedback-ID", "List-Unsubscribe", "List-Unsubscribe-Post",
}

// sign puts the signature's header before a message.
func (s *Signature) sign(message []byte) ([]byte, error) {
	var out bytes.Buffer
	err := dkim.Sign(&out, bytes.NewReader(message), &dkim.SignOptions{
		Domain: s.Domain, Selector: s.Selector, Signer: s.Key, Hash: crypto.SHA256, HeaderKeys: signed,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
	})
	if err != nil {
		return nil, fmt.Errorf("sign mail for %s: %w", s.Domain, err)
	}
	return out.Bytes(), nil
}

// KeyRecord returns the text of the TXT record that publishes the public half of
// a DKIM key: an RSA one as PKIX in DER (RFC 6376 section 3.6.1), an Ed25519 one
// as its 32 bytes (RFC 8463 section 4).
func KeyRecord(public crypto.PublicKey, der []byte) string {
	if _, ok := public.(*rsa.PublicKey); ok {
		return "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der)
	}
	raw := der[max(0, len(der)-32):] // the key ends its PKIX form
	return "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(raw)
}

var labelForm = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// CheckSelector tells what is wrong with a DKIM selector.
func CheckSelector(selector string) error {
	for label := range strings.SplitSeq(selector, ".") {
		if !labelForm.MatchString(label) {
			return fmt.Errorf("%q is no DKIM selector; use a-z, 0-9 and hyphens, like badges2026", clip(selector))
		}
	}
	return nil
}
