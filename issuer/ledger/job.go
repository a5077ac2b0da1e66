package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"
)

// Job is work that was queued in the transaction that made it necessary. A job
// runs at least once: whoever runs it may die before saying so.
type Job struct {
	ID          string // a periodic job uses its slot, which then runs once for ever
	Kind        string
	Args        []byte    // JSON
	Unique      string    // "", or a key that one unfinished job has
	RunAt       time.Time // not before; by the real clock, as are leases
	Attempt     int       // how often it was claimed
	MaxAttempts int
	LeaseUntil  time.Time // zero: nobody runs it
	LeaseBy     string
	LastError   string
	CreatedAt   time.Time
	DoneAt      time.Time
}

func scanJob(rows *sql.Rows, j *Job) error {
	var lease int64
	err := rows.Scan(&j.ID, &j.Kind, &j.Args, textColumn{&j.Unique}, timeColumn{&j.RunAt}, &j.Attempt, &j.MaxAttempts, &lease,
		&j.LeaseBy, &j.LastError, timeColumn{&j.CreatedAt}, timeColumn{&j.DoneAt})
	if lease != 0 {
		j.LeaseUntil = time.UnixMicro(lease).UTC()
	}
	return err
}

const jobColumns = `id, kind, args, uniq, run_at, attempt, max_attempts, lease_until, lease_by, last_error, created_at, done_at`

// AddJob queues a job. It changes nothing where a job has this id, or an
// unfinished one this unique key.
func (tx *Tx) AddJob(ctx context.Context, j Job) error { return tx.AddJobs(ctx, j) }

// AddJobs is [Tx.AddJob] for several.
func (tx *Tx) AddJobs(ctx context.Context, jobs ...Job) error {
	if len(jobs) == 0 {
		return nil
	}
	const width = 7
	args := make([]any, 0, width*len(jobs))
	for i := range jobs {
		j := &jobs[i]
		args = append(args, j.ID, j.Kind, string(j.Args), optional(j.Unique), j.RunAt.UnixMicro(), j.MaxAttempts, j.CreatedAt.UnixMicro())
	}
	rows := make([]byte, 0, 60*len(jobs))
	for i := range jobs {
		if i > 0 {
			rows = append(rows, ',')
		}
		rows = append(rows, '(')
		rows = append(rows, placeholders(i*width+1, width)...)
		rows = append(rows, `, 0, 0, '', '')`...)
	}
	_, err := tx.exec(ctx, `insert into job (id, kind, args, uniq, run_at, max_attempts, created_at, attempt, lease_until, lease_by, last_error)
		values `+string(rows)+` on conflict do nothing`, args...)
	return err
}

// ClaimJobs takes up to n jobs of the kinds that are due and that nobody runs,
// for the time of a lease: until then nobody else gets them. Each claim is an
// attempt; a job whose attempts are used up is claimed no more.
func (tx *Tx) ClaimJobs(ctx context.Context, kinds []string, n int, worker string, lease time.Duration) ([]Job, error) {
	if len(kinds) == 0 || n <= 0 {
		return nil, nil
	}
	now := tx.t.lease
	args := []any{now.Add(lease).UnixMicro(), worker, now.UnixMicro(), n}
	for _, k := range kinds {
		args = append(args, k)
	}
	var jobs []Job
	err := tx.each(ctx, true, func(rows *sql.Rows) error {
		var j Job
		if err := scanJob(rows, &j); err != nil {
			return err
		}
		jobs = append(jobs, j)
		return nil
	}, `update job set attempt = attempt + 1, lease_until = $1, lease_by = $2
		where id in (select id from job where done_at is null and run_at <= $3 and lease_until < $3 and attempt < max_attempts
			and kind in (`+placeholders(5, len(kinds))+`) order by run_at, id limit $4 /*lock*/)
		returning `+jobColumns, args...)
	slices.SortFunc(jobs, func(a, b Job) int { return cmp.Or(a.RunAt.Compare(b.RunAt), cmp.Compare(a.ID, b.ID)) })
	return jobs, err
}

// KeepJobs makes the leases of jobs that worker has claimed last for lease from
// now on. It passes over those that are done or were taken over.
func (tx *Tx) KeepJobs(ctx context.Context, ids []string, worker string, lease time.Duration) error {
	if len(ids) == 0 {
		return nil
	}
	args := []any{tx.t.lease.Add(lease).UnixMicro(), worker}
	for _, id := range ids {
		args = append(args, id)
	}
	_, err := tx.exec(ctx, `update job set lease_until = $1 where lease_by = $2 and done_at is null and id in (`+placeholders(3, len(ids))+`)`, args...)
	return err
}

// FinishJob ends a job that worker has claimed. [ErrConflict] where its lease
// was lost to another worker, who finishes it then.
func (tx *Tx) FinishJob(ctx context.Context, id, worker string) error {
	n, err := tx.exec(ctx, `update job set done_at = $1, lease_until = 0, last_error = '' where id = $2 and lease_by = $3 and done_at is null`,
		tx.t.lease.UnixMicro(), id, worker)
	return tx.owned(ctx, n, err, id)
}

// RetryJob gives a claimed job back, to be run again from runAt on. Where its
// attempts are used up it is dead; see [Tx.DeadJobs]. [ErrConflict] as with
// [Tx.FinishJob].
func (tx *Tx) RetryJob(ctx context.Context, id, worker string, runAt time.Time, reason string) error {
	n, err := tx.exec(ctx, `update job set run_at = $1, last_error = $2, lease_until = 0, lease_by = '' where id = $3 and lease_by = $4 and done_at is null`,
		runAt.UnixMicro(), reason, id, worker)
	return tx.owned(ctx, n, err, id)
}

func (tx *Tx) owned(ctx context.Context, n int64, err error, id string) error {
	if err != nil || n > 0 {
		return err
	}
	if _, err := tx.Job(ctx, id); err != nil {
		return err
	}
	return conflict("job %s was taken over by another worker", id)
}

// Job returns the job with an id.
func (tx *Tx) Job(ctx context.Context, id string) (Job, error) {
	return one(ctx, tx, scanJob, "job", id, `select `+jobColumns+` from job where id = $1`, id)
}

// PendingJobs counts the jobs of a kind, or of all kinds for "", that can still
// run, claimed ones included.
func (tx *Tx) PendingJobs(ctx context.Context, kind string) (int, error) {
	return one(ctx, tx, scanOne[int], "job", kind,
		`select count(*) from job where done_at is null and (attempt < max_attempts or lease_until >= $1) and ($2 = '' or kind = $2)`,
		tx.t.lease.UnixMicro(), kind)
}

// DeadJobs returns up to limit jobs that failed in their last attempt, or whose
// worker died in it, oldest first. Nothing runs them until [Tx.ReviveJob].
func (tx *Tx) DeadJobs(ctx context.Context, limit int) ([]Job, error) {
	return list(ctx, tx, scanJob, `select `+jobColumns+` from job where done_at is null and attempt >= max_attempts and lease_until < $1
		order by run_at, id limit $2`, tx.t.lease.UnixMicro(), limit)
}

// ReviveJob gives a dead job all its attempts again, from runAt on.
// [ErrConflict] where it is not dead.
func (tx *Tx) ReviveJob(ctx context.Context, id string, runAt time.Time) error {
	n, err := tx.exec(ctx, `update job set attempt = 0, run_at = $1, lease_until = 0, lease_by = ''
		where id = $2 and done_at is null and attempt >= max_attempts and lease_until < $3`, runAt.UnixMicro(), id, tx.t.lease.UnixMicro())
	if err != nil || n > 0 {
		return err
	}
	if _, err := tx.Job(ctx, id); err != nil {
		return err
	}
	return conflict("job %s is not dead", id)
}

// PruneJobs forgets up to limit jobs that were finished before a time, and
// returns how many. A periodic job must be kept for longer than its slot.
func (tx *Tx) PruneJobs(ctx context.Context, before time.Time, limit int) (int, error) {
	n, err := tx.exec(ctx, `delete from job where id in (select id from job where done_at < $1 limit $2)`, before.UnixMicro(), limit)
	return int(n), err
}
