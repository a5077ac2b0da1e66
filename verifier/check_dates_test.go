package verifier

import "testing"

// TestTokenWindow ends a token before its credential, which says no end.
func TestTokenWindow(t *testing.T) {
	w := newWorld(t)
	c := w.credential()
	payload := tokenPayload(t, w.token(c.Without("validUntil")))
	ended := replaceOnce(t, payload, `"nbf":`, `"exp":1769000000,"nbf":`)
	wantVerdict(t, w.verify([]byte(signCompact(t, w, payload))), Valid, CheckDates, CodeInForce)
	wantVerdict(t, w.verify([]byte(signCompact(t, w, ended))), Expired, CheckDates, CodeExpired)
}
