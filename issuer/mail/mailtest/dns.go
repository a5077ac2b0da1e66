// Package mailtest is a name server for tests of what is looked up for mails:
// [MustDNS] starts one on this machine that knows the records that it is given.
package mailtest

import (
	"net"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// Zone is what a name server knows. Names are whole and without the last dot. A
// name that is in none of them does not exist.
type Zone struct {
	TXT map[string][]string // a text may be as long as it likes
	MX  map[string][]string // hosts, in order of preference; "." for a null MX
	A   map[string][]string // IPv4 addresses
	PTR map[string]string   // names by IPv4 address
}

// MustDNS starts a name server and returns its address. It ends with the test.
func MustDNS(tb testing.TB, z Zone) string {
	tb.Helper()
	conn, err := (&net.ListenConfig{}).ListenPacket(tb.Context(), "udp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = conn.Close() })
	go func() {
		buffer := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return // closed
			}
			if answer, err := z.answer(buffer[:n]); err == nil {
				_, _ = conn.WriteTo(answer, from) // whoever asked asks again
			}
		}
	}()
	return conn.LocalAddr().String()
}

func (z Zone) answer(question []byte) ([]byte, error) {
	var m dnsmessage.Message
	if err := m.Unpack(question); err != nil {
		return nil, err
	}
	m.Response, m.RecursionAvailable, m.Additionals = true, true, nil
	q := m.Questions[0]
	name := strings.ToLower(strings.TrimSuffix(q.Name.String(), "."))
	add := func(body dnsmessage.ResourceBody) {
		m.Answers = append(m.Answers, dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: q.Name, Class: dnsmessage.ClassINET, TTL: 1}, Body: body})
	}
	switch q.Type {
	case dnsmessage.TypeTXT:
		for _, text := range z.TXT[name] {
			add(&dnsmessage.TXTResource{TXT: pieces(text)})
		}
	case dnsmessage.TypeMX:
		for i, host := range z.MX[name] {
			add(&dnsmessage.MXResource{Pref: uint16(10 * i), MX: dnsmessage.MustNewName(strings.TrimSuffix(host, ".") + ".")})
		}
	case dnsmessage.TypeA:
		for _, a := range z.A[name] {
			add(&dnsmessage.AResource{A: [4]byte(net.ParseIP(a).To4())})
		}
	case dnsmessage.TypePTR:
		for address, host := range z.PTR {
			if reversed(address) == name {
				add(&dnsmessage.PTRResource{PTR: dnsmessage.MustNewName(host + ".")})
			}
		}
	}
	if m.Answers == nil && !z.knows(name) {
		m.RCode = dnsmessage.RCodeNameError
	}
	return m.Pack()
}

func (z Zone) knows(name string) bool {
	return z.TXT[name] != nil || z.MX[name] != nil || z.A[name] != nil
}

// pieces cuts a text into strings of at most 255 bytes, as a TXT record has it.
func pieces(text string) []string {
	const most = 255
	var list []string
	for len(text) > most {
		list, text = append(list, text[:most]), text[most:]
	}
	return append(list, text)
}

func reversed(address string) string {
	parts := strings.Split(address, ".")
	for i, j := 0, len(parts)-1; i < j; i, j = i+1, j-1 {
		parts[i], parts[j] = parts[j], parts[i]
	}
	return strings.Join(parts, ".") + ".in-addr.arpa"
}
