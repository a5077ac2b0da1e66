package web_test

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer"
)

const repeatKey = "Idempotency-Key"

func TestACallIsAnsweredOncePerKey(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	token := h.mustToken(t, issuer.ResultsWrite)
	r := passed("1", "CL-100", 3, kim)
	first := h.call(t, "POST", "/api/v1/results", token, r, repeatKey, "one")
	mustJSON[recorded](t, first, http.StatusCreated)
	again := h.call(t, "POST", "/api/v1/results", token, r, repeatKey, `"one"`)
	if again.status != http.StatusCreated || !bytes.Equal(again.body, first.body) || again.header.Get("Idempotency-Replayed") != "true" {
		t.Errorf("the same again: %d, replayed %q, want the answer that was given first:\n%s\n%s", again.status, again.header.Get("Idempotency-Replayed"), first.body, again.body)
	}
	other := h.call(t, "POST", "/api/v1/results", token, passed("2", "CL-100", 3, kim), repeatKey, "one")
	mustJSON[problem](t, other, http.StatusUnprocessableEntity)
	unkeyed := h.call(t, "POST", "/api/v1/results", token, r)
	mustJSON[recorded](t, unkeyed, http.StatusOK)
	// Keys of two tokens never meet.
	stranger := h.call(t, "POST", "/api/v1/results", h.mustToken(t, issuer.ResultsWrite), passed("3", "CL-100", 3, kim), repeatKey, "one")
	mustJSON[recorded](t, stranger, http.StatusCreated)
	// Whoever lacks the scope sees no kept answer.
	if got := h.call(t, "POST", "/api/v1/results", "acc_wrong", r, repeatKey, "one"); got.status != http.StatusUnauthorized {
		t.Errorf("without a token: %d", got.status)
	}
	h.clock.add(25 * time.Hour)
	mustJSON[recorded](t, h.call(t, "POST", "/api/v1/results", token, r, repeatKey, "one"), http.StatusOK)
}

func TestARefusedCallMayBeMendedUnderItsKey(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	token := h.mustToken(t, issuer.ResultsWrite)
	mustJSON[problem](t, h.call(t, "POST", "/api/v1/results", token, passed("1", "XX-999", 3, kim), repeatKey, "k"), http.StatusUnprocessableEntity)
	mustJSON[recorded](t, h.call(t, "POST", "/api/v1/results", token, passed("1", "CL-100", 3, kim), repeatKey, "k"), http.StatusCreated)
}

func TestHostileIdempotencyKeys(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	token := h.mustToken(t, issuer.ResultsWrite)
	for _, key := range []string{"", " ", `""`, "a b", strings.Repeat("k", 256), "schlüssel", "a\tb"} {
		got := h.call(t, "POST", "/api/v1/results", token, passed("1", "CL-100", 3, kim), repeatKey, key)
		if p := mustJSON[problem](t, got, http.StatusBadRequest); p.Detail == "" {
			t.Errorf("%q: no detail", key)
		}
	}
}

func TestSameKeyAtTheSameTime(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	token := h.mustToken(t, issuer.ResultsWrite)
	statuses := make([]int, 16)
	var group sync.WaitGroup
	for i := range statuses {
		group.Go(func() {
			statuses[i] = h.call(t, "POST", "/api/v1/results", token, passed("1", "CL-100", 3, kim), repeatKey, "k").status
		})
	}
	group.Wait()
	for _, status := range statuses {
		if status != http.StatusCreated && status != http.StatusConflict {
			t.Errorf("%d, want the one answer or that it is under way: %v", status, statuses)
		}
	}
	if !slices.Contains(statuses, http.StatusCreated) {
		t.Errorf("nobody was answered: %v", statuses)
	}
}

func TestDeletionForgetsKeptAnswers(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	token := h.mustToken(t, issuer.ResultsWrite)
	r := passed("1", "CL-100", 3, kim)
	mustJSON[recorded](t, h.call(t, "POST", "/api/v1/results", token, r, repeatKey, "k"), http.StatusCreated)
	h.mustAccount(t, "kim", kim.Email)
	if err := h.DeleteAccount(t.Context(), "test", "kim"); err != nil {
		t.Fatal(err)
	}
	if got := h.call(t, "POST", "/api/v1/results", token, r, repeatKey, "k"); got.header.Get("Idempotency-Replayed") != "" {
		t.Error("an answer that names a deleted account's owner is given again")
	}
}
