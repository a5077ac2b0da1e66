package web

import (
	"net/netip"
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

// allow tells whether the client at address may ask now.
func (l *limiter) allow(address string, now time.Time) bool {
	if l.perMinute <= 0 {
		return true
	}
	name := client(address)
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.clients) >= maxClients {
		clear(l.clients)
	}
	c := l.clients[name]
	if c == nil {
		c = rate.NewLimiter(rate.Limit(float64(l.perMinute)/60), l.perMinute)
		l.clients[name] = c
	}
	return c.AllowN(now, 1)
}

// client names who is behind an address: with IPv6 one household has 2^64 of
// them.
func client(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	a = a.Unmap().WithZone("")
	if a.Is4() {
		return a.String()
	}
	p, err := a.Prefix(64)
	if err != nil {
		return address
	}
	return p.String()
}
