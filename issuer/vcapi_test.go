package issuer_test

import (
	"errors"
	"maps"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/keys"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// TestFreeIssuersAreMadeOnce asks several processes at once that have no keys yet.
func TestFreeIssuersAreMadeOnce(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, "", "2026-03-01T12:00:00Z")
	const processes = 4
	var got [processes]map[string]string
	var wait sync.WaitGroup
	for i := range processes {
		s := h.mustService(t, nil)
		wait.Go(func() {
			var err error
			if got[i], err = s.FreeIssuers(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	for i := range processes {
		if len(got[i]) != 3 || !maps.Equal(got[i], got[0]) {
			t.Errorf("process %d signs as %v, process 0 as %v", i, got[i], got[0])
		}
	}
}

func TestFreeKeysAreSealed(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, "", "2026-03-01T12:00:00Z")
	if _, err := h.FreeIssuers(t.Context()); err != nil {
		t.Fatal(err)
	}
	other, err := keys.CreateMaster(filepath.Join(t.TempDir(), "master.key"), "")
	if err != nil {
		t.Fatal(err)
	}
	thief, err := issuer.New(issuer.Config{Ledger: h.ledger, Master: other, BaseURL: base, Now: h.clock.now})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := thief.FreeIssuers(t.Context()); !errors.Is(err, keys.ErrForeign) {
		t.Errorf("with another master key: %v", err)
	}
}

func TestIssueFreeIsAudited(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, "", "2026-03-01T12:00:00Z")
	ids, err := h.FreeIssuers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c, err := strictjson.Parse([]byte(`{"@context": "https://www.w3.org/ns/credentials/v2", "type": "VerifiableCredential", "issuer": "` + ids["P-384"] + `", "credentialSubject": {"id": "urn:uuid:1"}}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.IssueFree(t.Context(), "token:sample", c, ""); err != nil {
		t.Fatal(err)
	}
	unknown := c.With("issuer", strictjson.NewString("https://example.org/issuer"))
	var refused *issuer.UnknownIssuerError
	if _, err := h.IssueFree(t.Context(), "token:sample", &unknown, ""); !errors.As(err, &refused) {
		t.Errorf("an unknown issuer: %v", err)
	}
	var log []ledger.Audit
	err = h.ledger.View(t.Context(), func(tx *ledger.Tx) (err error) {
		log, err = tx.Audits(t.Context(), 0, 100)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	issued, made := 0, 0
	for _, a := range log {
		switch {
		case a.Action == "vcapi.issued" && a.Actor == "token:sample" && a.Subject == ids["P-384"] && len(a.Detail) == 64:
			issued++
		case strings.HasPrefix(a.Action, "vcapi.key_made"):
			made++
		}
	}
	if issued != 1 || made != 3 {
		t.Errorf("%d credentials and %d keys are in the log, want 1 and 3", issued, made)
	}
}
