package verifier

import (
	"testing"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// TestRecipientIsNotGuessedWithoutEnd: who may not ask any more learns nothing, also
// of the right one.
func TestRecipientIsNotGuessedWithoutEnd(t *testing.T) {
	w := newWorld(t)
	signed := w.signed(w.credential())
	di := signed.Append(nil)
	left := 2
	o := w.options()
	keys := map[string]bool{}
	o.MayAsk = func(named string) bool {
		keys[named] = true
		left--
		return left >= 0
	}
	for _, c := range []struct {
		asked   string
		verdict Verdict
		match   Match
	}{
		{"", Valid, MatchNotAsked},
		{"forger@example.org", Invalid, MatchNo},
		{"earner@example.org", Valid, MatchYes},
		{"earner@example.org", Undetermined, MatchNotAsked},
		{"forger@example.org", Undetermined, MatchNotAsked},
		{"", Valid, MatchNotAsked},
	} {
		o.Recipient = c.asked
		r := w.verifyWith(di, o)
		wantVerdict(t, r, c.verdict, "", "")
		if r.Recipient.Match != c.match {
			t.Errorf("%q with %d left: match %s, want %s", c.asked, left, r.Recipient.Match, c.match)
		}
	}
	// Another id in front of the same hashes is no other badge.
	forged := signed.With("id", strictjson.NewString("https://example.org/another"))
	o.Recipient = "earner@example.org"
	if r := w.verifyWith(forged.Append(nil), o); r.Recipient.Match != MatchNotAsked || len(keys) != 1 {
		t.Errorf("a copy with another id: match %s, %d badges are counted", r.Recipient.Match, len(keys))
	}
}

func TestRecipient(t *testing.T) {
	w := newWorld(t)
	di := w.signed(w.credential())
	jws := w.jws(w.assertion("signed"))
	bare := w.statusless(issuerDW)
	subject := bare.Get("credentialSubject").Without("identifier")
	opaque := w.signed(bare.With("credentialSubject", subject))
	for _, c := range []struct {
		name, asked string
		data        []byte
		verdict     Verdict
		match       Match
	}{
		{"address", "earner@example.org", di.Append(nil), Valid, MatchYes},
		{"address in other letters", " Earner@Example.org ", di.Append(nil), Valid, MatchYes},
		{"name", "sample  EARNER", di.Append(nil), Valid, MatchYes},
		{"address as a link", "mailto:earner@example.org", di.Append(nil), Valid, MatchYes},
		{"id", "urn:uuid:7f3a9f0e-0a3c-4c5e-9d53-0f6a3f1f7a01", di.Append(nil), Valid, MatchYes},
		{"other address", "forger@example.org", di.Append(nil), Invalid, MatchNo},
		{"other name", "Sample Forger", di.Append(nil), Invalid, MatchNo},
		{"other id", "urn:uuid:00000000-0000-0000-0000-000000000000", di.Append(nil), Invalid, MatchNo},
		{"hash of 2.0", "earner@example.org", jws, Valid, MatchYes},
		{"other hash of 2.0", "forger@example.org", jws, Invalid, MatchNo},
		{"nobody named", "earner@example.org", opaque.Append(nil), Undetermined, MatchNo},
		{"not asked", "", di.Append(nil), Valid, MatchNotAsked},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := w.options()
			o.Recipient = c.asked
			r := w.verifyWith(c.data, o)
			wantVerdict(t, r, c.verdict, "", "")
			if r.Recipient.Match != c.match {
				t.Errorf("match %s, want %s", r.Recipient.Match, c.match)
			}
		})
	}
}
