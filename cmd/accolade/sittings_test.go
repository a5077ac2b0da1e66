package main

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// sittings are generated exam results with what they must lead to, by a model of
// its own: one certification an exam, and one that needs two.
type sittings struct {
	rows [][]string
	want map[string]string // "address slug" → the moment that decides, RFC 3339
}

var sittingColumns = []string{
	"provider", "result_id", "exam", "taken_at", "outcome", "score", "candidate_number",
	"email", "given_name", "family_name", "locale", "delivery", "language",
}

// oneExam are certifications of one exam that were open in the first half of
// 2026.
var oneExam = map[string]string{
	"AZ-900": "azure-fundamentals", "SC-900": "security-compliance-and-identity-fundamentals", "DP-900": "azure-data-fundamentals",
	"PL-900": "power-platform-fundamentals", "AZ-104": "azure-administrator", "PL-300": "power-bi-data-analyst-associate",
	"MS-721": "m365-collaboration-communications-systems-engineer", "MO-110": "mos-word-associate-m365-apps",
	"MO-210": "mos-excel-associate-m365-apps", "MO-310": "mos-powerpoint-associate-m365-apps",
}

// examPool is what people sit; the expert exam needs the administrator too.
var examPool = []string{"AZ-900", "SC-900", "DP-900", "PL-900", "AZ-104", "PL-300", "MS-721", "MO-110", "MO-210", "MO-310", "AZ-305"}

var (
	sampleGiven  = []string{"Kim", "Alex", "Noor", "Zoë", "明", "نور", "Ana", "Uwe"}
	sampleFamily = []string{"Sample", "Beispiel", "示例", "المثال", "Muestra", "Müller; Söhne", `O"Neil, the elder`, "Ejemplo"}
)

// generate makes n results of people who sit several exams, some of them again
// and again, with a pass in about one of passEvery.
func generate(n, people, passEvery int, seed uint64) sittings {
	r := rand.New(rand.NewPCG(seed, seed))
	s := sittings{want: map[string]string{}}
	first := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)
	passed := map[string]string{} // "address exam" → first pass in the order of the file
	for i := range n {
		person := r.IntN(people)
		email := fmt.Sprintf("candidate-%d@example.org", person)
		exam := examPool[r.IntN(len(examPool))]
		taken := first.Add(time.Duration(i) * 20 * time.Minute).Format(time.RFC3339)
		outcome, score := "failed", strconv.Itoa(300+r.IntN(399))
		if r.IntN(passEvery) == 0 {
			outcome, score = "passed", strconv.Itoa(700+r.IntN(300))
			if _, again := passed[email+" "+exam]; !again {
				passed[email+" "+exam] = taken
			}
		}
		s.rows = append(s.rows, []string{
			"sample-centre", fmt.Sprintf("S%d-%d", seed, i), exam, taken, outcome, score, fmt.Sprintf("C-%d", person), email,
			sampleGiven[person%len(sampleGiven)], sampleFamily[person/3%len(sampleFamily)], []string{"en", "zh-CN", ""}[person%3], "online", "en",
		})
	}
	for key, at := range passed {
		var email, exam string
		_, _ = fmt.Sscan(key, &email, &exam) // both are without spaces
		if slug, ok := oneExam[exam]; ok {
			s.want[email+" "+slug] = at
			continue
		}
		if admin, ok := passed[email+" AZ-104"]; ok {
			s.want[email+" azure-solutions-architect"] = max(at, admin)
		}
	}
	return s
}

// file writes the results as CSV.
func (s sittings) file(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "results.csv")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	w := csv.NewWriter(f)
	if err := w.WriteAll(append([][]string{sittingColumns}, s.rows...)); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// check compares what was awarded with what the results must lead to.
func (s sittings) check(t *testing.T, awards []shownAward) {
	t.Helper()
	emails := map[string]string{} // by result id
	for _, row := range s.rows {
		emails[row[1]] = row[7]
	}
	got := map[string]int{}
	for _, w := range awards {
		key := emails[w.ResultID] + " " + w.Achievement
		got[key]++
		want, ok := s.want[key]
		switch {
		case got[key] > 1:
			t.Errorf("%s was awarded %d times", key, got[key])
		case !ok:
			t.Errorf("%s was awarded and should not be", key)
		case w.AwardedDate.Format(time.RFC3339) != want:
			t.Errorf("%s is dated %s, want %s", key, w.AwardedDate.Format(time.RFC3339), want)
		}
	}
	for key := range s.want {
		if got[key] == 0 {
			t.Errorf("%s was not awarded", key)
		}
	}
}
