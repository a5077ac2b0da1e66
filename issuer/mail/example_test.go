package mail_test

import (
	"fmt"
	"log"
	"time"

	"github.com/accolade-badges/accolade/issuer/mail"
)

func ExampleComposeAward() {
	m, err := mail.ComposeAward("en", mail.Award{
		Letter: mail.Letter{
			ID: "outbox-1@badges.example.org", Date: time.Date(2026, 11, 25, 9, 30, 0, 0, time.UTC),
			From: "badges@example.org", ReplyTo: "desk@example.org", To: "alex@example.org", ToName: "Alex Sample",
			Issuer: "Sample Programme", IssuerSlug: "sample",
		},
		Achievement: "Network Associate",
		AttainedAt:  time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC),
		ClaimURL:    "https://badges.example.org/claim/token", BadgeURL: "https://badges.example.org/badges/id",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(m.Subject)
	fmt.Println(m.Headers["Feedback-ID"])
	// Output:
	// Network Associate: claim your badge
	// award:sample:badges:accolade
}
