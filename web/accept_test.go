package web

import (
	"net/http"
	"net/netip"
	"testing"
	"time"
)

func FuzzPreferred(f *testing.F) {
	for _, seed := range []string{"", "*/*", "text/html;q=0.5, */*;q=0.1", "application/*", ";;,,q=", "text/html;q=NaN", "image/png;q=1e309"} {
		f.Add(seed)
	}
	offers := []string{"text/html", "application/json", "image/png"}
	f.Fuzz(func(t *testing.T, accept string) {
		got, q := preferred(accept, offers...)
		if !(q >= 0 && q <= 1) {
			t.Errorf("preferred(%q) likes %s by %v", accept, got, q)
		}
		for _, offer := range offers {
			if liked, _ := quality(accept, offer); liked > q {
				t.Errorf("preferred(%q) = %s by %v, but likes %s by %v", accept, got, q, offer, liked)
			}
		}
	})
}

func TestClientsAreLimitedByNetwork(t *testing.T) {
	t.Parallel()
	l := newLimiter(2)
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		address string
		want    bool
	}{
		{"192.0.2.1", true},
		{"192.0.2.1", true},
		{"192.0.2.1", false},
		{"::ffff:192.0.2.1", false}, // the same client
		{"192.0.2.2", true},
		{"2001:db8::1", true},
		{"2001:db8::2", true},
		{"2001:db8::ffff:3", false}, // the same household
		{"2001:db8:0:1::1", true},
		{"not an address", true},
	} {
		if got := l.allow(c.address, now); got != c.want {
			t.Errorf("allow(%s) = %v, want %v", c.address, got, c.want)
		}
	}
	if !l.allow("192.0.2.1", now.Add(31*time.Second)) {
		t.Error("half a minute later one of two a minute is still refused")
	}
	if unlimited := newLimiter(0); !unlimited.allow("192.0.2.1", now) {
		t.Error("no limit refuses")
	}
}

func TestClientAddress(t *testing.T) {
	t.Parallel()
	r := &http.Request{RemoteAddr: "192.0.2.1:1234", Header: http.Header{"X-Forwarded-For": {"198.51.100.7, 203.0.113.9"}, "X-Real-Ip": {"198.51.100.8"}}}
	for _, c := range []struct {
		name    string
		proxies []netip.Prefix
		want    string
	}{
		{"nobody is trusted", nil, "192.0.2.1"},
		{"somebody else is trusted", []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, "192.0.2.1"},
		{"the proxy is trusted", []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}, "203.0.113.9"},
		{"two proxies are trusted", []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("203.0.113.9/32")}, "198.51.100.7"},
	} {
		if got := clientAddress(c.proxies)(r); got != c.want {
			t.Errorf("%s: the client is %s, want %s", c.name, got, c.want)
		}
	}
}
