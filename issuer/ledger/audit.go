package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"time"
)

// Audit is an entry of the audit chain: who did what, in the transaction that
// did it. Each entry's hash covers the one before, so that a history that was
// rewritten is found by [Tx.VerifyAudit].
type Audit struct {
	Seq     int64 // from 1, without gaps; given by [Tx.AppendAudit]
	At      time.Time
	Actor   string
	Action  string // such as award.revoked
	Subject string // id of what it was done to
	Detail  string
	Hash    string // SHA-256, hexadecimal; given by [Tx.AppendAudit]
}

func scanAudit(rows *sql.Rows, a *Audit) error {
	return rows.Scan(&a.Seq, timeColumn{&a.At}, &a.Actor, &a.Action, &a.Subject, &a.Detail, &a.Hash)
}

const auditColumns = `seq, at, actor, action, subject, detail, hash`

// digest is the hash of an entry behind prev. Each text is preceded by its
// length, so that no two entries have the same bytes.
func (a *Audit) digest(prev string) string {
	b := make([]byte, 0, 512)
	text := func(s string) {
		b = binary.BigEndian.AppendUint64(b, uint64(len(s)))
		b = append(b, s...)
	}
	text(prev)
	b = binary.BigEndian.AppendUint64(b, uint64(a.Seq))
	b = binary.BigEndian.AppendUint64(b, uint64(a.At.UnixMicro()))
	for _, s := range []string{a.Actor, a.Action, a.Subject, a.Detail} {
		text(s)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// chain is the end of the audit chain. A transaction reads it once and writes it
// back once, before the commit; writers take turns, so that nobody else moves it
// meanwhile.
type chain struct {
	loaded, moved bool
	seq           int64
	hash          string
}

// AppendAudit adds an entry to the audit chain.
func (tx *Tx) AppendAudit(ctx context.Context, a Audit) error {
	c := &tx.t.chain
	if !c.loaded {
		head, err := tx.auditHead(ctx)
		if err != nil {
			return err
		}
		*c = head
	}
	a.Seq = c.seq + 1
	a.Hash = a.digest(c.hash)
	_, err := tx.exec(ctx, `insert into audit (`+auditColumns+`) values ($1, $2, $3, $4, $5, $6, $7)`,
		a.Seq, a.At.UnixMicro(), a.Actor, a.Action, a.Subject, a.Detail, a.Hash)
	if err == nil {
		c.seq, c.hash, c.moved = a.Seq, a.Hash, true
	}
	return err
}

func (tx *Tx) auditHead(ctx context.Context) (chain, error) {
	return one(ctx, tx, func(rows *sql.Rows, c *chain) error {
		c.loaded = true
		return rows.Scan(&c.seq, &c.hash)
	}, "head of the audit chain", "", `select seq, hash from audit_head where id = 1`)
}

// store writes the end of the chain back.
func (c *chain) store(t *transaction) error {
	if !c.moved {
		return nil
	}
	_, err := (&Tx{t: t}).exec(t.ctx, `update audit_head set seq = $1, hash = $2 where id = 1`, c.seq, c.hash)
	return err
}

// Audits returns up to limit entries from the one after seq on.
func (tx *Tx) Audits(ctx context.Context, after int64, limit int) ([]Audit, error) {
	return list(ctx, tx, scanAudit, `select `+auditColumns+` from audit where seq > $1 order by seq limit $2`, after, limit)
}

// AuditReport is what [Tx.VerifyAudit] found.
type AuditReport struct {
	Entries int64
	Head    string // hash of the last entry; compare it with one noted elsewhere
	Broken  int64  // sequence number of the first entry that is missing or altered; 0 for none
	Reason  string // what is wrong with it
}

// VerifyAudit checks the whole audit chain.
func (tx *Tx) VerifyAudit(ctx context.Context) (AuditReport, error) {
	var r AuditReport
	head, err := tx.auditHead(ctx)
	if err != nil {
		return r, err
	}
	broken := func(seq int64, format string, args ...any) {
		if r.Broken == 0 {
			r.Broken, r.Reason = seq, fmt.Sprintf(format, args...)
		}
	}
	err = tx.each(ctx, false, func(rows *sql.Rows) error {
		var a Audit
		if err := scanAudit(rows, &a); err != nil {
			return err
		}
		switch {
		case a.Seq != r.Entries+1:
			broken(r.Entries+1, "entry %d is missing", r.Entries+1)
		case a.Hash != a.digest(r.Head):
			broken(a.Seq, "entry %d was altered, or the one before it", a.Seq)
		}
		r.Entries, r.Head = a.Seq, a.Hash
		return nil
	}, `select `+auditColumns+` from audit order by seq`)
	if err == nil && (head.seq != r.Entries || head.hash != r.Head) {
		broken(r.Entries+1, "the chain should end with entry %d", head.seq)
	}
	return r, err
}
