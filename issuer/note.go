package issuer

import (
	"context"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// Note adds a note about an award to the audit log; nobody else reads it.
func (s *Service) Note(ctx context.Context, actor, id, note string) error {
	note = strings.TrimSpace(norm.NFC.String(note))
	return s.change(ctx, id, func(tx *ledger.Tx, w ledger.Award) error {
		return s.audit(ctx, tx, actor, "award.noted", w.ID, note)
	})
}
