package web

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxClients bounds how many clients a limiter remembers; beyond it all are
// forgotten, which errs on their side.
const maxClients = 100_000

// limiter bounds how often a client may ask for work, and how much of it runs
// at once.
type limiter struct {
	perMinute int
	slots     chan struct{}

	mu      sync.Mutex
	clients map[string]*rate.Limiter
}

func newLimiter(perMinute int) *limiter {
	return &limiter{perMinute: perMinute, slots: make(chan struct{}, verifySlots), clients: map[string]*rate.Limiter{}}
}

// allow tells whether client may ask now.
func (l *limiter) allow(client string, now time.Time) bool {
	if l.perMinute <= 0 {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.clients) >= maxClients {
		clear(l.clients)
	}
	c := l.clients[client]
	if c == nil {
		c = rate.NewLimiter(rate.Limit(float64(l.perMinute)/60), l.perMinute)
		l.clients[client] = c
	}
	return c.AllowN(now, 1)
}
