package issuer

import (
	"context"
	"fmt"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// auditPage is how many entries are read at a time.
const auditPage = 500

// EachAudit calls fn for every entry of the audit log, oldest first, or for those
// about subject, until fn returns an error.
func (s *Service) EachAudit(ctx context.Context, subject string, fn func(ledger.Audit) error) error {
	for after := int64(0); ; {
		var page []ledger.Audit
		err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
			var err error
			page, err = tx.Audits(ctx, after, auditPage)
			return err
		})
		if err != nil || len(page) == 0 {
			return err
		}
		for _, a := range page {
			if subject != "" && a.Subject != subject {
				continue
			}
			if err := fn(a); err != nil {
				return err
			}
		}
		after = page[len(page)-1].Seq
	}
}

// CheckAudit checks the chain of the audit log and returns the number of its
// entries and the hash of the last one. The error says where the log was altered.
func (s *Service) CheckAudit(ctx context.Context) (entries int64, head string, err error) {
	err = s.ledger.View(ctx, func(tx *ledger.Tx) error {
		report, err := tx.VerifyAudit(ctx)
		entries, head = report.Entries, report.Head
		if err == nil && report.Broken != 0 {
			err = fmt.Errorf("the log was altered, from entry %d on: %s; compare with a backup", report.Broken, report.Reason)
		}
		return err
	})
	return entries, head, err
}
