package issuer

import (
	"slices"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

func TestCertificateSaysHowTheAwardStands(t *testing.T) {
	t.Parallel()
	day := func(month time.Month) time.Time { return time.Date(2026, month, 4, 9, 0, 0, 0, time.UTC) }
	award := ledger.Award{ID: "2k9Re4Vf9WHNviVR7hoUwM", AttainedAt: day(1), ExpiresAt: day(6)}
	revoked, suspended := award, award
	revoked.RevokedAt, suspended.SuspendedAt = day(3), day(2)
	for _, c := range []struct {
		award           ledger.Award
		at              time.Time
		language        string
		statement, line string
	}{
		{award, day(5), "en", "This certifies that", "Valid until 4 June 2026"},
		{award, day(7), "en", "This certifies that", "Expired on 4 June 2026"},
		{revoked, day(5), "en", "Revoked. It no longer certifies that", "Revoked on 4 March 2026"},
		{suspended, day(5), "en", "Suspended. For now it does not certify that", "Suspended since 4 February 2026"},
		{revoked, day(7), "zh-CN", "已撤销，不再证明", "已于2026年3月4日撤销"},
		{award, day(7), "zh-CN", "兹证明", "已于2026年6月4日过期"},
	} {
		p := &Publication{Award: c.award, Status: StatusOf(c.award, c.at)}
		words := drawn(c.language)
		if got := words.statement(p); got != c.statement {
			t.Errorf("%s %s: it says %q, want %q", p.Status, c.language, got, c.statement)
		}
		if lines := words.lines(p); lines[1] != c.line {
			t.Errorf("%s %s: it says %q, want %q", p.Status, c.language, lines[1], c.line)
		}
		if until := "Valid until 4 June 2026"; p.Status != Current && slices.Contains(words.lines(p), until) {
			t.Errorf("%s: it says %q", p.Status, until)
		}
	}
}
