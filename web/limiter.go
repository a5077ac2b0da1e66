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
	store     int // how much a client may have asked for at once
	slots     chan struct{}

	mu      sync.Mutex
	clients map[string]*rate.Limiter
}

func newLimiter(perMinute int) *limiter { return newStore(perMinute, perMinute) }

// newStore bounds what is asked for in lots: a client may take all of the store at
// once, and it fills again by so much a minute.
func newStore(perMinute, store int) *limiter {
	return &limiter{perMinute: perMinute, store: store, slots: make(chan struct{}, verifySlots), clients: map[string]*rate.Limiter{}}
}

// allow tells whether the client at address may ask now.
func (l *limiter) allow(address string, now time.Time) bool { return l.wait(address, now, 1) == 0 }

// wait takes n of what the client at address has left, or tells how long it will
// be until there is so much, and takes nothing.
func (l *limiter) wait(address string, now time.Time, n int) time.Duration {
	if l.perMinute <= 0 {
		return 0
	}
	name := client(address)
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.clients) >= maxClients {
		clear(l.clients)
	}
	c := l.clients[name]
	if c == nil {
		c = rate.NewLimiter(rate.Limit(float64(l.perMinute)/60), l.store)
		l.clients[name] = c
	}
	if missing := float64(n) - c.TokensAt(now); missing > 0 {
		return time.Duration(missing / float64(c.Limit()) * float64(time.Second))
	}
	c.AllowN(now, n)
	return 0
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
