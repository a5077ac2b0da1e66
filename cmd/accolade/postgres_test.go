package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger/ledgertest"
	"github.com/accolade-badges/accolade/verifier"
)

// recorded is the answer to a posted result.
type recorded struct {
	Awards []struct{ ID, URL, Achievement string }
}

// post reports a result to one of several servers.
func post(t *testing.T, base, token string, result map[string]any) (int, recorded) {
	t.Helper()
	body, err := json.Marshal(result)
	if err != nil {
		t.Fatal(err)
	}
	status, answer := do(t, http.MethodPost, base+"/api/v1/results", token, body)
	var r recorded
	if status == http.StatusCreated || status == http.StatusOK {
		if err := json.Unmarshal(answer, &r); err != nil {
			t.Errorf("POST /api/v1/results: %v in %s", err, answer)
		}
	}
	return status, r
}

func sitting(id, exam string, person int) map[string]any {
	return map[string]any{
		"provider": "sample-centre", "resultId": id, "exam": exam, "takenAt": "2026-08-01T10:00:00Z", "outcome": "passed",
		"candidate": map[string]any{"number": fmt.Sprintf("C-%d", person), "email": fmt.Sprintf("candidate-%d@example.org", person), "givenName": "Kim", "familyName": fmt.Sprintf("Sample %d", person)},
	}
}

// Two processes on one PostgreSQL take results side by side: two at once for one
// candidate give one award, both sign and mail, and when one of them is killed
// the other goes on.
func TestTwoServersOnePostgres(t *testing.T) {
	t.Parallel()
	database := ledgertest.Postgres(t)
	h := mustHome(t, database, asOf)
	h.mustLoadSample(t)
	token := strings.TrimSpace(h.must(t, "token", "create", "--scope", "results:write,awards:read"))
	mails := mustMailServer(t)
	mails.up(t)
	ports := []string{h.port, freePort(t)}
	first := h.serve(t, ports[0], "--smtp", mails.url())
	second := h.serve(t, ports[1], "--smtp", mails.url())
	_ = first

	// Each person has three passes; each is reported to both servers at once, so
	// that one of the two is told that it was seen, and the two that make an
	// expert meet in the middle.
	const people = 40
	var wrong sync.Map
	var all sync.WaitGroup
	for person := range people {
		all.Go(func() {
			var reports sync.WaitGroup
			var mu sync.Mutex
			created := map[string]int{}
			for n, exam := range []string{"AB-1", "AB-2", "AB-3"} {
				id := fmt.Sprintf("R%d-%d", person, n)
				for _, port := range ports {
					reports.Go(func() {
						status, _ := post(t, "http://localhost:"+port, token, sitting(id, exam, person))
						mu.Lock()
						defer mu.Unlock()
						switch status {
						case http.StatusCreated:
							created[id]++
						case http.StatusOK:
						default:
							wrong.Store(id, status)
						}
					})
				}
			}
			reports.Wait()
			for n := range 3 {
				if id := fmt.Sprintf("R%d-%d", person, n); created[id] != 1 {
					t.Errorf("result %s was new to %d of two servers, want one", id, created[id])
				}
			}
		})
	}
	all.Wait()
	wrong.Range(func(id, status any) bool {
		t.Errorf("result %s: status %d", id, status)
		return true
	})
	check := func(wantAwards int) []shownAward {
		t.Helper()
		list := h.awards(t)
		seen := map[string]int{}
		for _, w := range list {
			seen[w.Name+" "+w.Achievement]++
		}
		for key, n := range seen {
			if n != 1 {
				t.Errorf("%s was awarded %d times", key, n)
			}
		}
		if len(list) != wantAwards {
			t.Errorf("%d awards, want %d", len(list), wantAwards)
		}
		return list
	}
	check(2 * people)

	// More work, and one of the two dies in it, while it holds mails that a
	// stalling mail server does not take.
	mails.become(stalling)
	var posted sync.WaitGroup
	posted.Go(func() {
		eventually(t, time.Minute, "a mail stalled", func() bool { _, stalled := mails.failures(); return stalled > 0 })
		kill(t, second)
	})
	for person := people; person < 2*people; person++ {
		posted.Go(func() { // reported to the survivor, as a client behind a balancer would after an error
			for n, exam := range []string{"AB-2", "AB-3"} {
				if status, _ := post(t, h.base, token, sitting(fmt.Sprintf("R%d-%d", person, n), exam, person)); status != http.StatusCreated {
					t.Errorf("result R%d-%d: status %d", person, n, status)
				}
			}
		})
	}
	posted.Wait()
	mails.become(willing)
	list := check(3 * people)

	// The survivor takes over what the other held when its lease ends.
	mails.wait(t, h, list)
	ids := make([]string, 0, 10)
	var forms []string
	for _, w := range list[:cap(ids)] {
		ids = append(ids, w.ID)
		forms = append(forms, h.forms(w.ID)...)
	}
	h.publish(t, database, ids...)
	h.expect(t, verifier.Valid, forms...)

	// The second comes back, sees what was done meanwhile, and changes reach it.
	third := freePort(t)
	h.serve(t, third)
	h.must(t, "revoke", ids[0], "--reason", "Sample reason.")
	time.Sleep(time.Second)
	for _, port := range []string{h.port, third} {
		if status, _ := get(t, "http://localhost:"+port+"/ob2/assertions/"+ids[0]); status != http.StatusGone {
			t.Errorf("revoked: the server on port %s answers %d, want 410", port, status)
		}
	}
	h.expect(t, verifier.Revoked, h.forms(ids[0])...)
	h.expect(t, verifier.Valid, h.forms(ids[1])...)
	if out := h.must(t, "doctor"); !strings.Contains(out, fmt.Sprintf("editions       %d, each verified", len(list))) {
		t.Errorf("doctor, want %d editions: %s", len(list), out)
	}
}

// The whole import story holds on PostgreSQL too.
func TestImportOnPostgres(t *testing.T) {
	t.Parallel()
	catalogue := sharedCatalogue(t, "microsoft.json")
	h := mustHome(t, ledgertest.Postgres(t), asOf)
	h.must(t, "programme", "load", "-q", catalogue)
	s := generate(1_000, 100, 5, 4)
	file := s.file(t)
	cmd := h.command("results", "import", file)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(400 * time.Millisecond)
	kill(t, cmd)
	_ = cmd.Wait() // killed
	h.must(t, "results", "import", file)
	s.check(t, h.awards(t))
	if status, _, told := h.run(t, "results", "import", file); status != 0 || !strings.Contains(told, "1000 rows: 0 new, 1000 seen before") {
		t.Errorf("the same import again: exit status %d: %s", status, told)
	}
}
