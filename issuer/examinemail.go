package issuer

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// bouncesAgo is how far back an examination looks for mails that came back.
const bouncesAgo = 30 * 24 * time.Hour

// maxBounced is how many of them it counts.
const maxBounced = 1000

// examineMail tells of mails that came back lately, and what that asks for.
func (s *Service) examineMail(ctx context.Context) Finding {
	var list []ledger.Mail
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		list, err = tx.BouncedMails(ctx, s.Now().Add(-bouncesAgo), maxBounced)
		return err
	})
	switch {
	case err != nil:
		return Finding{Wrong, "bounces", err.Error()}
	case len(list) == 0:
		return Finding{Fine, "bounces", "no mail came back in the last 30 days"}
	}
	count := fmt.Sprint(len(list))
	if len(list) == maxBounced {
		count = "at least " + count
	}
	var named []string
	for _, m := range list[:min(len(list), maxNamed)] {
		about := "an account"
		if m.Award != "" {
			about = "award " + m.Award
		}
		named = append(named, fmt.Sprintf("%s mail about %s: %s", m.Kind, about, m.BounceReason))
	}
	return Finding{Warning, "bounces", fmt.Sprintf("%s mails came back in the last 30 days; correct the address with `accolade correct`, or look at `accolade mail check`: %s",
		count, strings.Join(named, "; "))}
}
