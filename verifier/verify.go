package verifier

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// maxInput bounds what is looked at; uploads end at 5 MiB anyway.
const maxInput = 8 << 20

// Verify finds the badge in the input, runs every check on it, and reports. The
// error means that the work could not be done: nothing was put in, an allowed
// host is none, or ctx ended. Whatever is wrong with a badge is in the report.
func Verify(ctx context.Context, in Input, o Options) (*Report, error) {
	_, report, err := verify(ctx, in, o)
	return report, err
}

func verify(ctx context.Context, in Input, o Options) (*verification, *Report, error) {
	if in.Data == nil && in.URL == "" {
		return nil, nil, errors.New("verify: there is no input; give a file, text or an address")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	v := &verification{ctx: ctx, options: &o, now: o.Now().UTC()}
	v.at = v.now
	if !o.At.IsZero() {
		v.at = o.At.UTC()
	}
	v.docs = &resolver{options: &o, now: v.now}
	defer v.docs.close()
	if o.Fetch == nil && len(o.AllowHosts) > 0 {
		if err := v.docs.connect(); err != nil {
			return nil, nil, fmt.Errorf("verify: %w", err)
		}
	}
	v.started = time.Now()
	report := v.judgeInput(in)
	if err := ctx.Err(); err != nil {
		return nil, nil, fmt.Errorf("verify: %w", err)
	}
	return v, report, nil
}

// verification is what all credentials of one call share.
type verification struct {
	ctx     context.Context // of the one call that this value lives for
	options *Options
	now, at time.Time
	docs    *resolver
	started time.Time
	judged  int // credentials so far, see maxCredentials
}

// Budgets of one verification besides those of package fetch.
const (
	maxCredentials = 256             // in one input, embedded ones included
	maxDepth       = 4               // of credentials within credentials
	maxWork        = 2 * time.Second // of our own, not counting waiting for documents
)

// exhausted tells whether the work of this verification is used up.
func (v *verification) exhausted() bool {
	return v.judged >= maxCredentials || v.ctx.Err() != nil || time.Since(v.started)-v.docs.waited > maxWork
}

func (v *verification) newReport() *Report {
	r := &Report{CheckedAt: v.now.Truncate(time.Second), Checks: make([]Check, 0, 13)}
	if !v.options.At.IsZero() {
		r.At = v.at
	}
	return r
}

// judgeInput runs the checks on whatever the input holds.
func (v *verification) judgeInput(in Input) *Report {
	b := &badge{v: v, report: v.newReport()}
	b.report.Source = &Source{Name: in.Name, URL: in.URL, Bytes: len(in.Data)}
	if len(in.Data) > 0 {
		sum := sha256.Sum256(in.Data)
		b.report.Source.SHA256 = hex.EncodeToString(sum[:])
	}
	if b.intake(in) {
		b.judge()
	} else {
		b.nothing()
	}
	b.conclude()
	return b.report
}
