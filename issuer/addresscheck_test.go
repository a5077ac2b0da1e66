package issuer_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer"
)

// mustAsk queues and sends the yearly questions.
func (h *house) mustAsk(tb testing.TB, want int) {
	tb.Helper()
	if n, err := h.AskAddresses(context.Background()); err != nil || n != want {
		tb.Fatalf("%d addresses are asked (%v), want %d", n, err, want)
	}
	h.mustDrain(tb)
}

// signIn signs in by a mail to an address.
func (h *house) signIn(tb testing.TB, box *letterbox, address string) *issuer.Confirmed {
	tb.Helper()
	ctx := context.Background()
	if _, err := h.StartSignIn(ctx, issuer.Asked{Address: address, Language: "en"}); err != nil {
		tb.Fatal(err)
	}
	h.mustDrain(tb)
	_, rest, _ := strings.Cut(box.last(tb).Text, base+"/confirm/")
	done, err := h.Confirm(ctx, issuer.Proof{Token: strings.Fields(rest + " x")[0], Language: "en"})
	if err != nil {
		tb.Fatal(err)
	}
	return done
}

func TestAddressesAreAskedOnceAYear(t *testing.T) {
	t.Parallel()
	h, box := mustMailHouse(t, unchanged)
	h.signIn(t, box, "kim@example.org")
	h.clock.at = h.clock.at.AddDate(1, 0, -1)
	h.mustAsk(t, 0)
	h.signIn(t, box, "Kim@example.org") // she reads it, so there is nothing to ask for a year
	h.clock.at = h.clock.at.AddDate(1, 0, -1)
	h.mustAsk(t, 0)
	h.clock.at = h.clock.at.AddDate(0, 0, 1)
	h.mustAsk(t, 1)
	if m := box.last(t); m.To != "kim@example.org" || !strings.Contains(m.Text, base+"/me/addresses") {
		t.Errorf("the mail to %s says %s", m.To, m.Text)
	}
	h.mustAsk(t, 0)
	h.clock.at = h.clock.at.AddDate(1, 0, 0)
	h.mustAsk(t, 1)
}

// TestTwoProcessesAskOnce: any number of services look for the same addresses at
// once, while time goes by.
func TestTwoProcessesAskOnce(t *testing.T) {
	t.Parallel()
	h, box := mustMailHouse(t, unchanged)
	const earners = 12
	for i := range earners {
		h.signIn(t, box, fmt.Sprintf("earner%d@example.org", i))
	}
	sent := len(box.kinds())
	h.clock.at = h.clock.at.AddDate(1, 0, 1)
	var moments atomic.Int64
	later := func() time.Time { return h.clock.at.Add(time.Duration(moments.Add(1)) * time.Millisecond) }
	var all sync.WaitGroup
	for range 3 {
		s, err := issuer.New(issuer.Config{Ledger: h.ledger, Master: h.master, BaseURL: base, Now: later, Sender: box})
		if err != nil {
			t.Fatal(err)
		}
		all.Go(func() {
			if _, err := s.AskAddresses(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	h.mustDrain(t)
	if got := len(box.kinds()) - sent; got != earners {
		t.Errorf("%d mails went to %d addresses", got, earners)
	}
}

func TestAddressThatAnIssuerVouchesFor(t *testing.T) {
	t.Parallel()
	h, box := mustMailHouse(t, unchanged)
	ctx := context.Background()
	old := h.signIn(t, box, "kim@old.example.org")
	other := h.signIn(t, box, "noor@example.org")
	if err := h.VouchForAddress(ctx, "test", old.Account, "kim@new.example.org", "Seen with her passport."); err != nil {
		t.Fatal(err)
	}
	h.mustDrain(t)
	if m := box.last(t); m.To != "kim@old.example.org" || !strings.Contains(m.Text, "kim@new.example.org") {
		t.Errorf("the old address is not told, but %s: %s", m.To, m.Text)
	}
	sent := len(box.kinds())
	if err := h.VouchForAddress(ctx, "test", old.Account, "Kim@new.example.org", "Again."); err != nil {
		t.Error("a second time: ", err)
	}
	h.mustDrain(t)
	if got := len(box.kinds()); got != sent {
		t.Errorf("a second time sends %d mails more", got-sent)
	}
	if in := h.signIn(t, box, "kim@new.example.org"); in.Account != old.Account || in.New {
		t.Errorf("the new address leads to %+v, want %s", in, old.Account)
	}
	var conflict *issuer.ConflictError
	if err := h.VouchForAddress(ctx, "test", old.Account, "noor@example.org", "A mistake."); !errors.As(err, &conflict) {
		t.Errorf("another account's address: %v", err)
	}
	if a, err := h.Account(ctx, other.Account); err != nil || len(a.Addresses) != 1 {
		t.Errorf("the other account has %v (%v)", a, err)
	}
	var invalid *issuer.InvalidError
	if err := h.VouchForAddress(ctx, "test", old.Account, "kim", "A mistake."); !errors.As(err, &invalid) {
		t.Errorf("no address: %v", err)
	}
	if err := h.VouchForAddress(ctx, "test", old.Account, "kim@third.example.org", " "); !errors.As(err, &invalid) {
		t.Errorf("no reason: %v", err)
	}
}
