package verifier

import "testing"

func TestRefresh(t *testing.T) {
	refreshURL := base + "/refresh/1"
	w := newWorld(t)
	old := w.credential()
	old = old.With("refreshService", w.parse(`{"id": "`+refreshURL+`", "type": "1EdTechCredentialRefresh"}`))
	old = replace(t, old, `"validUntil":"2027-01-05`, `"validUntil":"2026-02-05`)
	newer := replace(t, replace(t, old, `"validFrom":"2026-01-05`, `"validFrom":"2026-02-01`), `"validUntil":"2026-02-05`, `"validUntil":"2027-02-05`)
	newer = replace(t, newer, "Sample Earner", "Renamed Earner")
	inHand := w.signed(old)
	id, method := didKey(t, "stranger")
	for _, c := range []struct {
		name    string
		answer  func(w *world)
		verdict Verdict
		code    string
	}{
		{"a newer edition counts", func(w *world) { w.put(refreshURL, w.signed(newer)) }, Valid, CodeRefreshed},
		{"a newer edition as a token", func(w *world) { w.putText(refreshURL, w.token(newer)) }, Valid, CodeRefreshed},
		{"the same edition", func(w *world) { w.put(refreshURL, inHand) }, Expired, CodeRefreshCurrent},
		{"an older edition", func(w *world) {
			w.put(refreshURL, w.signed(replace(t, newer, `"validFrom":"2026-02-01`, `"validFrom":"2025-02-01`)))
		}, Expired, CodeRefreshOlder},
		{"another badge", func(w *world) { w.put(refreshURL, w.signed(replace(t, newer, "/badges/1", "/badges/2"))) }, Expired, CodeRefreshUnusable},
		{"unsigned", func(w *world) { w.put(refreshURL, newer) }, Expired, CodeRefreshUnusable},
		{"signed by a stranger", func(w *world) {
			w.put(refreshURL, w.signedBy(replace(t, newer, issuerDW, id), edKey("stranger"), method))
		}, Expired, CodeRefreshUnusable},
		{"not JSON", func(w *world) { w.putText(refreshURL, "sorry") }, Expired, CodeRefreshUnusable},
		{"unreachable", func(*world) {}, Expired, CodeRefreshUnreachable},
	} {
		t.Run(c.name, func(t *testing.T) {
			clone := w.clone()
			c.answer(clone)
			r := clone.verifyTree(inHand)
			wantVerdict(t, r, c.verdict, CheckRefresh, c.code)
			if c.code == CodeRefreshed && (r.Check(CheckSupersession).Code != CodeSuperseded || r.Recipient.Name != "Renamed Earner" || r.ValidUntil.Year() != 2027) {
				t.Errorf("the report is about the old edition: %s", show(r))
			}
		})
	}
	t.Run("a forged file is not refreshed", func(t *testing.T) {
		clone := w.clone()
		clone.put(refreshURL, w.signed(newer))
		wantVerdict(t, clone.verifyTree(replace(t, inHand, "Sample Earner", "Sample Forger")), Invalid, CheckRefresh, CodeRefreshUnsigned)
	})
	t.Run("the newer edition is revoked", func(t *testing.T) {
		clone := w.clone()
		clone.put(refreshURL, w.signed(newer))
		clone.list("revocation", 7)
		wantVerdict(t, clone.verifyTree(inHand), Revoked, CheckRefresh, CodeRefreshed)
	})
	t.Run("another kind of service", func(t *testing.T) {
		v := w.credential()
		other := v.With("refreshService", w.parse(`{"id": "`+refreshURL+`", "type": "OtherRefresh"}`))
		r := w.verify([]byte(w.token(other)))
		if c := r.Check(CheckRefresh); c.Code != CodeRefreshUnknown {
			t.Errorf("check refresh %+v", c)
		}
	})
}
