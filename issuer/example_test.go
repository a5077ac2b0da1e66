package issuer_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/keys"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/verifier"
)

// A programme in a file is loaded, a result is recorded, and the badge that it
// earns is signed and verified.
func ExampleService_RecordResult() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "example-")
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	l, err := ledger.Open(ctx, ledger.Config{URL: filepath.Join(dir, "ledger.db")})
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	master, err := keys.CreateMaster(filepath.Join(dir, "master.key"), "")
	if err != nil {
		log.Fatal(err)
	}
	s, err := issuer.New(issuer.Config{Ledger: l, Master: master, BaseURL: "https://badges.example.org"})
	if err != nil {
		log.Fatal(err)
	}
	is, err := s.CreateIssuer(ctx, "example", issuer.NewIssuer{Name: "Sample Institute"})
	if err != nil {
		log.Fatal(err)
	}
	programme := `{
		"format": "catalogue/1", "programme": {"id": "sample", "name": "Sample Programme"}, "asOf": "2026-01-01",
		"exams": [{"code": "EX-1", "title": "Sample Exam", "status": "active"}],
		"certifications": [{"id": "sample-associate", "title": "Sample Associate", "type": "role-based", "level": "associate",
			"requires": {"exam": "EX-1"}, "validity": {"months": 24}, "status": "active"}]}`
	if _, err := s.LoadProgramme(ctx, "example", is.Slug, []byte(programme)); err != nil {
		log.Fatal(err)
	}
	recorded, err := s.RecordResult(ctx, is.Slug, issuer.Result{
		Provider: "sample-centre", ResultID: "1", Exam: "EX-1", TakenAt: "2026-03-14T09:26:53Z", Outcome: issuer.Passed,
		Candidate: issuer.Candidate{Email: "kim@example.org", GivenName: "Kim", FamilyName: "Sample"},
	})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := s.Drain(ctx, nil); err != nil {
		log.Fatal(err)
	}
	badge, err := s.Export(ctx, recorded.Awards[0].ID, issuer.FormatJSON)
	if err != nil {
		log.Fatal(err)
	}
	report, err := verifier.Verify(ctx, verifier.Input{Data: badge.Body}, s.VerifierOptions())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(recorded.Awards[0].Achievement, "for", report.Recipient.Name, "is", report.Verdict)
	// Output: sample-associate for Kim Sample is valid
}
