package issuer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// retryBatch is how many jobs are given back in one transaction.
const retryBatch = 500

// ErrNoDeadJob is returned where a job is to be tried again that was not given
// up.
var ErrNoDeadJob = errors.New("no such job was given up; `accolade jobs list` shows those that were")

// DeadJob is work that was given up after its last attempt.
type DeadJob struct {
	ID        string
	Work      string // what it was to do
	LastError string
	CreatedAt time.Time
}

// DeadJobs returns up to limit jobs that were given up, oldest first.
func (s *Service) DeadJobs(ctx context.Context, limit int) ([]DeadJob, error) {
	var list []DeadJob
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		dead, err := tx.DeadJobs(ctx, limit)
		if err != nil {
			return err
		}
		for _, j := range dead {
			work, err := workOf(ctx, tx, j)
			if err != nil {
				return err
			}
			list = append(list, DeadJob{j.ID, work, j.LastError, j.CreatedAt})
		}
		return nil
	})
	return list, err
}

// workOf says what a job is to do.
func workOf(ctx context.Context, tx *ledger.Tx, j ledger.Job) (string, error) {
	var subject string
	if err := json.Unmarshal(j.Args, &subject); err != nil {
		return "", fmt.Errorf("args of job %s: %w", j.ID, err)
	}
	switch j.Kind {
	case jobSign:
		return "sign award " + subject, nil
	case jobSeal:
		return "sign the other forms of award " + subject, nil
	case jobRemind:
		return "remind earners, " + subject, nil
	case jobMail:
		m, err := tx.Mail(ctx, subject)
		switch {
		case errors.Is(err, ledger.ErrNotFound):
			return "send a mail that is gone", nil
		case err != nil:
			return "", err
		case m.Award != "":
			return "send the " + m.Kind + " mail about award " + m.Award, nil
		}
		return "send a mail about an account, " + m.Kind, nil
	}
	return j.Kind + " " + subject, nil
}

// RetryJob lets one job that was given up be tried again, from now on.
// [ErrNoDeadJob] where none with this id was.
func (s *Service) RetryJob(ctx context.Context, actor, id string) error {
	err := s.ledger.Update(ctx, func(tx *ledger.Tx) error { return s.revive(ctx, tx, actor, id) })
	if errors.Is(err, ledger.ErrNotFound) || errors.Is(err, ledger.ErrConflict) {
		return ErrNoDeadJob
	}
	if err == nil {
		s.poke()
	}
	return err
}

func (s *Service) revive(ctx context.Context, tx *ledger.Tx, actor, id string) error {
	if err := tx.ReviveJob(ctx, id, time.Now()); err != nil {
		return err
	}
	return s.audit(ctx, tx, actor, "job.retried", id, "")
}

// RetryJobs lets every job that was given up be tried again, and queues a
// signature for each award that lacks one and has no job for it. It returns how
// many jobs that makes.
func (s *Service) RetryJobs(ctx context.Context, actor string) (int, error) {
	total := 0
	for {
		var n int
		err := s.ledger.Update(ctx, func(tx *ledger.Tx) error {
			var err error
			n, err = s.retrySome(ctx, tx, actor)
			return err
		})
		if err != nil || n == 0 {
			return total, err
		}
		total += n
		s.poke()
	}
}

// retrySome is one transaction of [Service.RetryJobs]. Dead jobs come first: an
// award of which one is left is not queued a second time.
func (s *Service) retrySome(ctx context.Context, tx *ledger.Tx, actor string) (int, error) {
	dead, err := tx.DeadJobs(ctx, retryBatch)
	if err != nil {
		return 0, err
	}
	for _, j := range dead {
		if err := s.revive(ctx, tx, actor, j.ID); err != nil {
			return 0, err
		}
	}
	if len(dead) > 0 {
		return len(dead), nil
	}
	unsigned, err := tx.UnsignedAwards(ctx, jobName(jobSign, ""), retryBatch)
	if err != nil {
		return 0, err
	}
	for _, id := range unsigned {
		if err := tx.AddJob(ctx, s.job(jobSign, id)); err != nil {
			return 0, err
		}
		if err := s.audit(ctx, tx, actor, "job.queued", id, jobSign); err != nil {
			return 0, err
		}
	}
	return len(unsigned), nil
}

// examineJobs tells of work that was given up, and of what waits.
func (s *Service) examineJobs(ctx context.Context) Finding {
	dead, err := s.DeadJobs(ctx, maxNamed)
	if err != nil {
		return Finding{Wrong, "jobs", err.Error()}
	}
	if len(dead) > 0 {
		parts := make([]string, len(dead))
		for i, j := range dead {
			parts[i] = j.Work + ": " + j.LastError
		}
		return Finding{Wrong, "jobs", "given up after the last attempt; mend the cause, then run `accolade jobs retry`: " + strings.Join(parts, "; ")}
	}
	waiting, err := s.pending(ctx, "")
	switch {
	case err != nil:
		return Finding{Wrong, "jobs", err.Error()}
	case waiting > 0:
		return Finding{Warning, "jobs", fmt.Sprintf("%d wait; a running `accolade serve` does them", waiting)}
	}
	return Finding{Fine, "jobs", "none waits"}
}

// examineAwards finds awards that nothing will ever sign.
func (s *Service) examineAwards(ctx context.Context) Finding {
	var unsigned []string
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		unsigned, err = tx.UnsignedAwards(ctx, jobName(jobSign, ""), maxNamed)
		return err
	})
	switch {
	case err != nil:
		return Finding{Wrong, "awards", err.Error()}
	case len(unsigned) > 0:
		return Finding{Wrong, "awards", fmt.Sprintf("not signed, and no job is queued to sign them; run `accolade jobs retry`: %s", strings.Join(unsigned, ", "))}
	}
	return Finding{Fine, "awards", "each is signed, or has a job that signs it"}
}
