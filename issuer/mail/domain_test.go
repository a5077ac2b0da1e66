package mail_test

import (
	"context"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer/mail"
	"github.com/accolade-badges/accolade/issuer/mail/mailtest"
)

// goodZone is a domain that has all that receivers ask for.
func goodZone(keyRecord string) mailtest.Zone {
	return mailtest.Zone{
		TXT: map[string][]string{
			"example.org":                   {"unrelated=1", "v=spf1 include:_spf.example.net mx ip4:198.51.100.0/24 ~all"},
			"_spf.example.net":              {"v=spf1 ip4:192.0.2.0/24 -all"},
			"badges._domainkey.example.org": {keyRecord},
			"_dmarc.example.org":            {"v=DMARC1; p=quarantine; rua=mailto:dmarc@example.org"},
		},
		MX:  map[string][]string{"example.org": {"mx1.example.org", "mx2.example.org"}},
		A:   map[string][]string{"mx1.example.org": {"203.0.113.1"}, "mx2.example.org": {"203.0.113.2"}, "mail.example.org": {"192.0.2.25"}},
		PTR: map[string]string{"192.0.2.25": "mail.example.org"},
	}
}

func checkOf(dns, keyRecord string) mail.DomainCheck {
	return mail.DomainCheck{
		From: "badges@example.org", ReplyTo: "desk@example.org", Server: "mail.example.org", Selector: "badges", KeyRecord: keyRecord, NameServer: dns,
	}
}

func mustCheckDomain(t *testing.T, c mail.DomainCheck) []mail.Record {
	t.Helper()
	records, err := mail.CheckDomain(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return records
}

func TestDomainWithEverythingIsFine(t *testing.T) {
	t.Parallel()
	key := mustKeyRecord(t, mustRSA(t, 2048).Public()) // longer than one string of a TXT record
	records := mustCheckDomain(t, checkOf(mailtest.MustDNS(t, goodZone(key)), key))
	var things []string
	for _, r := range records {
		if r.State != mail.There || r.Value != "" {
			t.Errorf("%s is %s: %s, add %q", r.Thing, r.State, r.Message, r.Value)
		}
		things = append(things, r.Thing)
	}
	if want := []string{"SPF", "DKIM", "DMARC", "MX", "PTR"}; !slices.Equal(things, want) {
		t.Errorf("looked at %v, want %v", things, want)
	}
}

// TestDomainCheckSaysWhatIsMissing: each lack alone, with the record to add.
func TestDomainCheckSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	key := mustKeyRecord(t, mustRSA(t, 2048).Public())
	short := mustKeyRecord(t, mustRSA(t, 1024).Public()) // the least that is taken
	many := "v=spf1"
	for i := range 11 {
		many += " exists:" + string(rune('a'+i)) + ".example.net"
	}
	for name, c := range map[string]struct {
		change func(*mailtest.Zone)
		ask    func(*mail.DomainCheck)
		thing  string
		state  mail.State
		says   string // in the message
		add    string // record: name, type, value
	}{
		"no SPF": {
			func(z *mailtest.Zone) { z.TXT["example.org"] = nil }, nil, "SPF", mail.Missing, "who may send for example.org",
			"example.org TXT v=spf1 a:mail.example.org mx ~all",
		},
		"two SPF": {
			func(z *mailtest.Zone) { z.TXT["example.org"] = append(z.TXT["example.org"], "v=spf1 -all") }, nil, "SPF", mail.Missing, "2 records", "",
		},
		"SPF without the server": {
			func(z *mailtest.Zone) { z.TXT["example.org"] = []string{"v=spf1 mx -all"} }, nil, "SPF", mail.Doubt, "does not name mail.example.org",
			"example.org TXT v=spf1 a:mail.example.org mx -all",
		},
		"SPF for everybody": {
			func(z *mailtest.Zone) { z.TXT["example.org"] = []string{"v=spf1 mx +all"} }, nil, "SPF", mail.Missing, "anybody", "example.org TXT v=spf1 mx ~all",
		},
		"SPF without an end": {
			func(z *mailtest.Zone) { z.TXT["example.org"] = []string{"v=spf1 ip4:192.0.2.25"} }, nil, "SPF", mail.Doubt, "refuses nobody", "example.org TXT v=spf1 ip4:192.0.2.25 ~all",
		},
		"SPF that asks too much": {
			func(z *mailtest.Zone) { z.TXT["example.org"] = []string{many + " ~all"} }, nil, "SPF", mail.Missing, "more than 10 names", "",
		},
		"SPF in a circle": {
			func(z *mailtest.Zone) { z.TXT["_spf.example.net"] = []string{"v=spf1 include:_spf.example.net -all"} }, nil, "SPF", mail.Missing, "broken", "",
		},
		"SPF that leads nowhere": {
			func(z *mailtest.Zone) { delete(z.TXT, "_spf.example.net") }, nil, "SPF", mail.Missing, "no SPF record", "",
		},
		"SPF with a misspelling": {
			func(z *mailtest.Zone) { z.TXT["example.org"] = []string{"v=spf1 ipv4:192.0.2.25 ~all"} }, nil, "SPF", mail.Missing, "no term of SPF", "",
		},
		"SPF by another record": {
			func(z *mailtest.Zone) { z.TXT["example.org"] = []string{"v=spf1 redirect=_spf.example.net"} }, nil, "SPF", mail.There, "lets mail.example.org send", "",
		},
		"no DKIM": {
			func(z *mailtest.Zone) { delete(z.TXT, "badges._domainkey.example.org") }, nil, "DKIM", mail.Missing, "not there",
			"badges._domainkey.example.org TXT " + key,
		},
		"another DKIM key": {
			func(z *mailtest.Zone) { z.TXT["badges._domainkey.example.org"] = []string{short} }, nil, "DKIM", mail.Missing, "another key",
			"badges._domainkey.example.org TXT " + key,
		},
		"a DKIM key that was cut off": {
			func(z *mailtest.Zone) { z.TXT["badges._domainkey.example.org"] = []string{key[:200]} }, nil, "DKIM", mail.Missing, "cut off",
			"badges._domainkey.example.org TXT " + key,
		},
		"a DKIM key that was withdrawn": {
			func(z *mailtest.Zone) { z.TXT["badges._domainkey.example.org"] = []string{"v=DKIM1; p="} }, nil, "DKIM", mail.Missing, "withdrawn",
			"badges._domainkey.example.org TXT " + key,
		},
		"the server's own DKIM": {
			nil, func(c *mail.DomainCheck) { c.KeyRecord = "" }, "DKIM", mail.There, "publishes the key", "",
		},
		"no selector": {
			nil, func(c *mail.DomainCheck) { c.Selector, c.KeyRecord = "", "" }, "DKIM", mail.Doubt, "--selector", "",
		},
		"no DMARC": {
			func(z *mailtest.Zone) { delete(z.TXT, "_dmarc.example.org") }, nil, "DMARC", mail.Missing, "no policy",
			"_dmarc.example.org TXT v=DMARC1; p=none; rua=mailto:badges@example.org",
		},
		"a DMARC policy that means nothing": {
			func(z *mailtest.Zone) {
				z.TXT["_dmarc.example.org"] = []string{"v=DMARC1; p=maybe; rua=mailto:a@example.org"}
			}, nil, "DMARC", mail.Missing, "means nothing",
			"_dmarc.example.org TXT v=DMARC1; p=none",
		},
		"DMARC without reports": {
			func(z *mailtest.Zone) { z.TXT["_dmarc.example.org"] = []string{"v=DMARC1; p=reject;"} }, nil, "DMARC", mail.Doubt, "reports",
			"_dmarc.example.org TXT v=DMARC1; p=reject; rua=mailto:badges@example.org",
		},
		"a return path elsewhere": {
			func(z *mailtest.Zone) {
				z.TXT["bounces.example.com"] = []string{"v=spf1 ip4:192.0.2.25 -all"}
				z.MX["bounces.example.com"] = []string{"mx1.example.org"}
			},
			func(c *mail.DomainCheck) { c.ReturnPath = "b+*@bounces.example.com" }, "DMARC", mail.Doubt, "only DKIM can agree", "",
		},
		"the organization's DMARC": {
			func(z *mailtest.Zone) {
				z.TXT["mail.badges.example.org"], z.MX["mail.badges.example.org"] = []string{"v=spf1 a:mail.example.org ~all"}, []string{"mx1.example.org"}
				z.TXT["badges._domainkey.mail.badges.example.org"] = []string{key}
			},
			func(c *mail.DomainCheck) { c.From = "a@mail.badges.example.org" }, "DMARC", mail.There, "_dmarc.example.org says p=quarantine", "",
		},
		"no MX": {
			func(z *mailtest.Zone) { z.MX = nil; z.TXT["example.org"] = []string{"v=spf1 ip4:192.0.2.25 ~all"} }, nil, "MX", mail.Missing, "takes no mail",
			"example.org MX 10 mail.example.org.",
		},
		"a null MX": {
			func(z *mailtest.Zone) {
				z.MX["example.org"], z.TXT["example.org"] = []string{"."}, []string{"v=spf1 ip4:192.0.2.25 ~all"}
			}, nil, "MX", mail.Missing, "null MX", "",
		},
		"no PTR": {
			func(z *mailtest.Zone) { z.PTR = nil }, nil, "PTR", mail.Missing, "has no name", "192.0.2.25 PTR mail.example.org.",
		},
		"a PTR that does not lead back": {
			func(z *mailtest.Zone) { z.PTR["192.0.2.25"] = "host-25.example.net" }, nil, "PTR", mail.Missing, "does not lead back", "192.0.2.25 PTR mail.example.org.",
		},
		"a server on this machine": {
			nil, func(c *mail.DomainCheck) { c.Server = "127.0.0.1" }, "PTR", mail.Doubt, "on this machine", "",
		},
		"a server that is not there": {
			nil, func(c *mail.DomainCheck) { c.Server = "no.example.org" }, "PTR", mail.Missing, "has no address", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			zone := goodZone(key)
			if c.change != nil {
				c.change(&zone)
			}
			check := checkOf(mailtest.MustDNS(t, zone), key)
			if c.ask != nil {
				c.ask(&check)
			}
			found := false
			for _, r := range mustCheckDomain(t, check) {
				if r.Thing != c.thing || r.State != c.state || !strings.Contains(r.Message, c.says) {
					continue
				}
				found = true
				if add := strings.TrimSpace(r.Name + " " + r.Type + " " + r.Value); add != c.add {
					t.Errorf("add %q, want %q", add, c.add)
				}
			}
			if !found {
				t.Errorf("want %s %s that says %q, got %+v", c.thing, c.state, c.says, mustCheckDomain(t, check))
			}
		})
	}
}

func TestDomainCheckWithoutANetworkSaysSo(t *testing.T) {
	t.Parallel()
	silent, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	for name, server := range map[string]string{"nobody there": "127.0.0.1:1", "nobody answers": silent.LocalAddr().String()} {
		check := checkOf(server, "")
		check.Timeout = 300 * time.Millisecond
		records := mustCheckDomain(t, check)
		if len(records) != 1 || records[0].State != mail.Unasked || !strings.Contains(records[0].Message, "nothing was looked up") {
			t.Errorf("%s: %+v, want that nothing was looked up and nothing else", name, records)
		}
	}
	if _, err := mail.CheckDomain(context.Background(), mail.DomainCheck{From: "badges@"}); err == nil {
		t.Error("an address without a domain is looked up")
	}
}
