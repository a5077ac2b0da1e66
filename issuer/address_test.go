package issuer_test

import (
	"context"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/issuer"
)

// TestFoldAddress: one mailbox has one form, and two never share one.
func TestFoldAddress(t *testing.T) {
	t.Parallel()
	forms := func(addresses ...string) map[string]bool {
		got := map[string]bool{}
		for _, a := range addresses {
			f, err := issuer.FoldAddress(a)
			if err != nil {
				t.Fatal(err)
			}
			got[f] = true
		}
		return got
	}
	for _, same := range [][]string{
		{"kim@example.org", "Kim@Example.ORG", " KIM@EXAMPLE.ORG ", "\u212aim@example.org"}, // the sign of kelvins is a K, also to who mails
		{"kim@münchen.example", "KIM@MÜNCHEN.EXAMPLE", "kim@xn--mnchen-3ya.example", "kim@mu\u0308nchen.example"},
		{"kim@例子.example", "Kim@xn--fsqu00a.example"},
		{"kim@straße.example", "kim@xn--strae-oqa.example"},
		{"ÉLODIE@example.org", "élodie@example.org", "e\u0301lodie@example.org"},
		{"kim@ex_ample.org", "KIM@EX_AMPLE.ORG"},
	} {
		if got := forms(same...); len(got) != 1 {
			t.Errorf("one mailbox has the forms %v", got)
		}
	}
	for _, apart := range [][]string{
		{"kim@glass.example", "kim@glaß.example"},
		{"weiss@example.org", "weiß@example.org", "wei\u017fs@example.org"},
		{"office@example.org", "o\ufb03ce@example.org"},
		{"ismail@example.org", "\u0130smail@example.org", "\u0131smail@example.org"},
	} {
		if got := forms(apart...); len(got) != len(apart) {
			t.Errorf("%d mailboxes have the forms %v", len(apart), got)
		}
	}
}

// TestLookAlikeMailboxIsNoKey: who registers a domain that only looks like another
// one gets no further than into an account of their own.
func TestLookAlikeMailboxIsNoKey(t *testing.T) {
	t.Parallel()
	h, box := mustMailHouse(t, unchanged)
	h.clock.at = h.clock.at.AddDate(1, 0, 0)
	id := h.mustAwardTo(t, "1", "CL-220", "kim@glass.example")
	owner := h.signIn(t, box, "kim@glass.example")
	other := h.signIn(t, box, "kim@glaß.example")
	if other.Account == owner.Account {
		t.Fatal("the other mailbox opens the account")
	}
	if err := h.ClaimAs(context.Background(), other.Account, id); err == nil {
		t.Error("the other mailbox claims the badge")
	}
	if err := h.ClaimAs(context.Background(), owner.Account, id); err != nil {
		t.Error(err)
	}
}

// FuzzFoldAddress: a form is its own form, in whatever ASCII letters it is written.
func FuzzFoldAddress(f *testing.F) {
	for _, seed := range []string{"kim@example.org", "Kim@xn--mnchen-3ya.example", "weiß@glaß.example", "\u0130@ex_ample.org", "a@xn--a.org", "x@ｅxample.org"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		form, err := issuer.FoldAddress(address)
		if err != nil {
			return
		}
		for _, other := range []string{form, asciiCapitals(form), asciiCapitals(address)} {
			if again, err := issuer.FoldAddress(other); err != nil || again != form {
				t.Errorf("%q has the form %q, and %q %q (%v)", address, form, other, again, err)
			}
		}
	})
}

func asciiCapitals(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r - 'a' + 'A'
		}
		return r
	}, s)
}
