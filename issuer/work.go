package issuer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/issuer/mail"
)

const (
	// maxAttempts is enough for mail to survive a server that is down for
	// days; see [mail.Delay] for the gaps.
	maxAttempts = 30

	jobBatch = 32
	idlePoll = 500 * time.Millisecond
	tidyGap  = time.Minute
	keepJobs = 24 * time.Hour
)

// leases are how long a job of each kind is its worker's, who renews them while
// it works. A killed worker's jobs wait that long for another one; a signature
// made twice does no harm, a mail sent twice would, so that its lease outlives a
// process that was held up for a while.
var leases = map[string]time.Duration{
	jobSign: 15 * time.Second, jobSeal: 15 * time.Second, jobMail: 45 * time.Second, jobRemind: 15 * time.Second,
}

// Work runs jobs until ctx ends: it signs what was awarded, sends what was queued,
// and writes to earners when it is time to. Any number of processes may work on one
// database; a job that a killed process held is taken over when its lease ends. Each
// kind has a worker of its own, so that a mail server that stalls holds up no
// signature.
func (s *Service) Work(ctx context.Context) error {
	var workers sync.WaitGroup
	for i, kind := range s.kinds() {
		workers.Go(func() { s.workLoop(ctx, i, kind) })
	}
	workers.Go(func() { s.tidyLoop(ctx) })
	workers.Go(func() { s.remindLoop(ctx) })
	workers.Wait()
	return context.Cause(ctx)
}

// tidyLoop forgets jobs that were done long ago, sessions, links and codes that
// ended, and answers that are kept no longer.
func (s *Service) tidyLoop(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(tidyGap):
		}
		err := s.ledger.Update(ctx, func(tx *ledger.Tx) error {
			_, err := tx.PruneJobs(ctx, time.Now().Add(-keepJobs), 10_000)
			_, err1 := tx.ForgetChallenges(ctx, s.Now().Add(-challengeLife))
			_, err2 := tx.ForgetAccountSessions(ctx, s.Now())
			_, err3 := tx.PruneIdempotency(ctx, s.Now().Add(-answersLast))
			return errors.Join(err, err1, err2, err3)
		})
		if err != nil && ctx.Err() == nil {
			s.log.Warn("what is over cannot be forgotten now", "error", err)
		}
	}
}

// Drain signs what was awarded, sends what was queued where there is a sender,
// and returns when nothing is left to do now, with the number of jobs that it
// finished. Signatures that another process has under way are waited for, also
// where it was killed and its lease must end first. The RSA-signed forms are
// left to Work, or to whoever asks first.
func (s *Service) Drain(ctx context.Context, progress func(done int)) (int, error) {
	var total int
	worker := s.workerName(0)
	idle := time.Now()
	for {
		var ran int
		for _, kind := range s.kinds()[1:] {
			jobs, err := s.claim(ctx, worker, kind)
			if err != nil {
				return total, err
			}
			s.runBatch(ctx, worker, kind, jobs)
			ran += len(jobs)
		}
		total += ran
		if ran > 0 {
			idle = time.Now()
			if progress != nil {
				progress(total)
			}
			continue
		}
		signing, err := s.pending(ctx, jobSign)
		if err != nil || signing == 0 || time.Since(idle) > leases[jobSign]+time.Second {
			return total, err
		}
		select {
		case <-ctx.Done():
			return total, context.Cause(ctx)
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// pending counts the jobs of a kind that are not done.
func (s *Service) pending(ctx context.Context, kind string) (int, error) {
	var n int
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		n, err = tx.PendingJobs(ctx, kind)
		return err
	})
	return n, err
}

// kinds lists the jobs that this process can run, the least urgent first:
// without a sender, mail waits.
func (s *Service) kinds() []string {
	if s.sender == nil {
		return []string{jobSeal, jobSign}
	}
	return []string{jobSeal, jobSign, jobRemind, jobMail}
}

// workerName names one worker of one process: without the random part a process
// that was killed and started again, with the same number, would renew leases
// that are its predecessor's.
func (s *Service) workerName(i int) string {
	host, err := os.Hostname()
	if err != nil {
		host = "localhost"
	}
	return fmt.Sprintf("%s:%d:%d:%x", host, os.Getpid(), i, s.random(4))
}

func (s *Service) workLoop(ctx context.Context, i int, kind string) {
	worker := s.workerName(i)
	for ctx.Err() == nil {
		jobs, err := s.claim(ctx, worker, kind)
		if err != nil && ctx.Err() == nil {
			s.log.Error("jobs cannot be claimed", "kind", kind, "error", err)
		}
		if len(jobs) > 0 {
			s.runBatch(ctx, worker, kind, jobs)
			continue
		}
		select {
		case <-ctx.Done():
		case <-s.wake[kind]:
		case <-time.After(idlePoll):
		}
	}
}

func (s *Service) claim(ctx context.Context, worker, kind string) ([]ledger.Job, error) {
	var jobs []ledger.Job
	err := s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		var err error
		jobs, err = tx.ClaimJobs(ctx, []string{kind}, jobBatch, worker, leases[kind])
		return err
	})
	return jobs, err
}

// runBatch runs claimed jobs of a kind side by side; each commits on its own, and
// the ledger groups the commits.
func (s *Service) runBatch(ctx context.Context, worker, kind string, jobs []ledger.Job) {
	if len(jobs) == 0 {
		return
	}
	working, done := context.WithCancel(ctx)
	var keeping sync.WaitGroup
	keeping.Go(func() { s.keepLeases(working, worker, leases[kind], jobs) })
	var running sync.WaitGroup
	for _, j := range jobs {
		running.Go(func() { s.runJob(ctx, worker, j) })
	}
	running.Wait()
	done()
	keeping.Wait()
}

// keepLeases renews the leases of jobs until ctx ends.
func (s *Service) keepLeases(ctx context.Context, worker string, lease time.Duration, jobs []ledger.Job) {
	ids := make([]string, len(jobs))
	for i, j := range jobs {
		ids[i] = j.ID
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(lease / 3):
		}
		err := s.ledger.Update(ctx, func(tx *ledger.Tx) error { return tx.KeepJobs(ctx, ids, worker, lease) })
		if err != nil && ctx.Err() == nil {
			s.log.Warn("leases cannot be renewed now", "error", err)
		}
	}
}

func (s *Service) runJob(ctx context.Context, worker string, j ledger.Job) {
	err := s.perform(ctx, worker, j)
	switch {
	case err == nil:
		return
	case ctx.Err() != nil:
		return // the lease ends by itself
	case errors.Is(err, ledger.ErrConflict):
		s.log.Warn("job was taken over", "job", j.ID, "kind", j.Kind)
		return
	}
	s.log.Warn("job failed, and will be tried again", "job", j.ID, "kind", j.Kind, "attempt", j.Attempt, "error", err)
	at := time.Now().Add(mail.Delay(j.Attempt, s.fraction()))
	retry := s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		return tx.RetryJob(ctx, j.ID, worker, at, err.Error())
	})
	if retry != nil && ctx.Err() == nil {
		s.log.Error("job cannot be put back; its lease ends by itself", "job", j.ID, "error", retry)
	}
}

// fraction returns a random number in [0, 1), for jitter.
func (s *Service) fraction() float64 {
	b := s.random(2)
	return float64(uint16(b[0])<<8|uint16(b[1])) / 65536
}

func (s *Service) perform(ctx context.Context, worker string, j ledger.Job) error {
	var subject string
	if err := json.Unmarshal(j.Args, &subject); err != nil {
		return fmt.Errorf("args of job %s: %w", j.ID, err)
	}
	// What was done is noted also where the program is told to stop meanwhile.
	noting := context.WithoutCancel(ctx)
	finish := func(tx *ledger.Tx) error { return tx.FinishJob(noting, j.ID, worker) }
	switch j.Kind {
	case jobSign:
		return s.signAward(ctx, subject, finish)
	case jobSeal:
		return s.sealAward(ctx, subject, finish)
	case jobMail:
		return s.sendMail(ctx, subject, finish)
	case jobRemind:
		_, err := s.Remind(ctx)
		_, err1 := s.TellEnded(ctx)
		_, err2 := s.AskAddresses(ctx)
		_, err3 := s.TellDesks(ctx)
		if err := errors.Join(err, err1, err2, err3); err != nil {
			return err
		}
		return s.ledger.Update(noting, finish)
	}
	return fmt.Errorf("job %s: no such kind %q; it was queued by a newer version", j.ID, j.Kind)
}
