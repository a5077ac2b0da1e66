package mail

import (
	"errors"
	"fmt"
	"time"
)

// DeliveryError is what a server, or the way to it, answered.
type DeliveryError struct {
	Step string // what was being done, such as "connect" or "recipient"
	Code int    // SMTP reply code; 0 when there was no reply
	Temp bool   // trying again later may help
	Err  error
}

// Error says what was being done, what came of it, and whether it will be tried again.
func (e *DeliveryError) Error() string {
	kind := "refused for good"
	if e.Temp {
		kind = "not delivered now"
	}
	return fmt.Sprintf("mail %s: %s: %v", kind, e.Step, e.Err)
}

// Unwrap returns the cause.
func (e *DeliveryError) Unwrap() error { return e.Err }

// Temporary tells whether sending the same message again may succeed. A reply of
// 5xx about this message or its recipient is final, and so is [ErrInvalid];
// everything else is worth another try: a reply of 4xx, a server that cannot be
// reached, stalls or drops the connection, a refused sign-in or sender (somebody
// will mend the settings), a full disk.
func Temporary(err error) bool {
	if err == nil || errors.Is(err, ErrInvalid) {
		return false
	}
	var delivery *DeliveryError
	if errors.As(err, &delivery) {
		return delivery.Temp
	}
	return true
}

// The gaps between attempts: two seconds at first, doubling, six hours at most.
// Thirty attempts then span four days, as mail servers themselves do.
const (
	firstDelay = 2 * time.Second
	maxDelay   = 6 * time.Hour
	jitter     = 0.2
)

// Delay returns how long to wait after the given attempt, counted from 1. The
// gaps double from 2 s up to 6 h; fraction, a random number in [0, 1), moves each
// by up to a fifth either way, so that a thousand mails do not come back at once.
func Delay(attempt int, fraction float64) time.Duration {
	delay := maxDelay
	if shift := max(attempt, 1) - 1; shift < 14 {
		delay = min(firstDelay<<shift, maxDelay)
	}
	return time.Duration(float64(delay) * (1 - jitter + 2*jitter*fraction))
}
