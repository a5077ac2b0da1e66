package mail

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// State says how one record of a domain is.
type State string

// How a record can be.
const (
	There   State = "ok"
	Doubt   State = "warning" // mails may arrive without it
	Missing State = "error"   // mails land in spam, or are refused
	Unasked State = "unknown" // no name server answered
)

// Record is what was found of one thing that receivers look up, and the exact
// record to add or change.
type Record struct {
	Thing   string // SPF, DKIM, DMARC, MX, PTR
	State   State
	Message string
	Name    string // of the record to add; "" where none is needed
	Type    string
	Value   string
}

// DomainCheck says which records of a sender are looked up. From is required.
type DomainCheck struct {
	From       string // address in From
	ReturnPath string // address of the envelope; default: From
	ReplyTo    string // default: none
	Server     string // host that delivers, or to which mails are handed; default: not asked about
	Selector   string // where the DKIM key is published; default: not asked about
	KeyRecord  string // what stands there, see [KeyRecord]; default: only its form is looked at

	// NameServer is whom to ask, HOST:PORT. Default: the system's.
	NameServer string

	// Timeout bounds each question. Default: 5 s.
	Timeout time.Duration
}

type domainCheck struct {
	DomainCheck
	resolver       *net.Resolver
	from, envelope string // domains
}

const questionTimeout = 5 * time.Second

// CheckDomain looks up what receivers ask of a sender's domain: SPF (RFC 7208),
// DKIM (RFC 6376), DMARC (RFC 7489), MX, and the name of the server's address.
// Where no name server answers, it says so and nothing else.
func CheckDomain(ctx context.Context, c DomainCheck) ([]Record, error) {
	d := domainCheck{DomainCheck: c, resolver: resolverAt(c.NameServer)}
	if d.Timeout == 0 {
		d.Timeout = questionTimeout
	}
	if d.ReturnPath == "" {
		d.ReturnPath = d.From
	}
	var err error
	if d.from, err = asciiDomain(d.From); err != nil {
		return nil, err
	}
	if d.envelope, err = asciiDomain(d.ReturnPath); err != nil {
		return nil, err
	}
	if err := d.reach(ctx); err != nil {
		return []Record{{Thing: "DNS", State: Unasked, Message: fmt.Sprintf(
			"no name server answers (%s); nothing was looked up. Try again where there is a network, or name a server with --dns HOST:PORT", dnsCause(err))}}, nil
	}
	var list []Record
	for _, look := range []func(context.Context) []Record{d.spf, d.dkim, d.dmarc, d.mx, d.ptr} {
		list = append(list, look(ctx)...)
	}
	return list, nil
}

// resolverAt asks the name server at an address; "" is the system's.
func resolverAt(address string) *net.Resolver {
	if address == "" {
		return net.DefaultResolver
	}
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, network, address)
	}}
}

func asciiDomain(address string) (string, error) {
	domain, err := idna.Lookup.ToASCII(Domain(address))
	if err != nil || domain == "" {
		return "", fmt.Errorf("%q has no domain that can be looked up", clip(address))
	}
	return domain, nil
}

// reach tells whether a name server answers at all: "there is no such record" is
// an answer.
func (d *domainCheck) reach(ctx context.Context) error {
	_, err := d.txt(ctx, d.from)
	return err
}

// txt returns the TXT records of a name; none is no error.
func (d *domainCheck) txt(ctx context.Context, name string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, d.Timeout)
	defer cancel()
	return notFoundIsNone(d.resolver.LookupTXT(ctx, name+"."))
}

func (d *domainCheck) addresses(ctx context.Context, name string) ([]netip.Addr, error) {
	ctx, cancel := context.WithTimeout(ctx, d.Timeout)
	defer cancel()
	found, err := notFoundIsNone(d.resolver.LookupNetIP(ctx, "ip", name+"."))
	for i := range found {
		found[i] = found[i].Unmap()
	}
	return found, err
}

func (d *domainCheck) mailServers(ctx context.Context, name string) ([]*net.MX, error) {
	ctx, cancel := context.WithTimeout(ctx, d.Timeout)
	defer cancel()
	return notFoundIsNone(d.resolver.LookupMX(ctx, name+"."))
}

func notFoundIsNone[T any](list []T, err error) ([]T, error) {
	var dns *net.DNSError
	if errors.As(err, &dns) && dns.IsNotFound {
		return list, nil
	}
	return list, err
}

func dnsCause(err error) string {
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return visible(dns.Err)
	}
	return visible(err.Error())
}

// unasked is the record for a question that got no answer.
func unasked(thing, name string, err error) []Record {
	return []Record{{Thing: thing, State: Unasked, Message: fmt.Sprintf("%s could not be looked up: %s", name, dnsCause(err))}}
}

// dkim looks at the published key.
func (d *domainCheck) dkim(ctx context.Context) []Record {
	if d.Selector == "" {
		return []Record{{Thing: "DKIM", State: Doubt, Message: "mails are not signed here, so that the mail server must sign them as " + d.from +
			"; name its selector with --selector to have the key looked at, or sign here with `accolade issuer mail --dkim SELECTOR`"}}
	}
	name := d.Selector + "._domainkey." + d.from
	found, err := d.txt(ctx, name)
	if err != nil {
		return unasked("DKIM", name, err)
	}
	add := Record{Thing: "DKIM", State: Missing, Name: name, Type: "TXT", Value: d.KeyRecord}
	switch {
	case len(found) == 0:
		add.Message = name + " is not there: nobody can check the signatures"
		if add.Value == "" {
			add.Value = "v=DKIM1; k=rsa; p=… (the public key that the mail server signs with)"
		}
		return []Record{add}
	case len(found) > 1:
		add.Message = name + " has several records; receivers take none. Leave one"
		return []Record{add}
	}
	key, err := parseKeyRecord(found[0])
	switch {
	case err != nil:
		add.Message = name + ": " + err.Error()
		return []Record{add}
	case d.KeyRecord != "" && strings.ReplaceAll(tags(found[0])["p"], " ", "") != tags(d.KeyRecord)["p"]:
		add.Message = name + " publishes another key than the one that signs here"
		return []Record{add}
	}
	if rsaKey, ok := key.(*rsa.PublicKey); ok && rsaKey.N.BitLen() < 1024 {
		add.Message = fmt.Sprintf("%s has a key of %d bits, which receivers refuse; make one of 2048", name, rsaKey.N.BitLen())
		return []Record{add}
	}
	return []Record{{Thing: "DKIM", State: There, Message: name + " publishes the key"}}
}

// parseKeyRecord reads a DKIM key record.
func parseKeyRecord(text string) (crypto.PublicKey, error) {
	t := tags(text)
	if v, ok := t["v"]; ok && v != "DKIM1" {
		return nil, fmt.Errorf("its version is %q and must be DKIM1", clip(v))
	}
	p := strings.ReplaceAll(t["p"], " ", "")
	if p == "" {
		return nil, errors.New("the key is empty, which means that it was withdrawn")
	}
	der, err := base64.StdEncoding.DecodeString(p)
	if err != nil {
		return nil, errors.New("the key is no base64; it may have been cut off")
	}
	switch t["k"] {
	case "ed25519":
		if len(der) != 32 {
			return nil, errors.New("the Ed25519 key has not 32 bytes")
		}
		return der, nil
	case "", "rsa":
		key, err := x509.ParsePKIXPublicKey(der)
		if err != nil {
			if key, err := x509.ParsePKCS1PublicKey(der); err == nil {
				return key, nil
			}
			return nil, errors.New("the key cannot be read; it may have been cut off")
		}
		return key, nil
	}
	return nil, fmt.Errorf("the kind of key %q is not known", clip(t["k"]))
}

// tags reads "v=DKIM1; p=…".
func tags(text string) map[string]string {
	t := map[string]string{}
	for part := range strings.SplitSeq(text, ";") {
		if name, value, ok := strings.Cut(part, "="); ok {
			t[strings.ToLower(strings.TrimSpace(name))] = strings.TrimSpace(value)
		}
	}
	return t
}

// dmarc looks at the policy, and whether what it asks for can agree.
func (d *domainCheck) dmarc(ctx context.Context) []Record {
	organization := organizationOf(d.from)
	name, policy := "_dmarc."+d.from, ""
	for _, domain := range slices.Compact([]string{d.from, organization}) {
		found, err := d.txt(ctx, "_dmarc."+domain)
		if err != nil {
			return unasked("DMARC", "_dmarc."+domain, err)
		}
		for _, text := range found {
			if strings.EqualFold(tags(text)["v"], "DMARC1") && policy == "" {
				policy, name = text, "_dmarc."+domain
			}
		}
	}
	if policy == "" {
		return []Record{{
			Thing: "DMARC", State: Missing, Name: name, Type: "TXT", Value: "v=DMARC1; p=none; rua=mailto:" + d.From,
			Message: "no policy is published; large receivers want one. Begin with p=none and tighten it when the reports are clean",
		}}
	}
	t := tags(policy)
	var list []Record
	switch p := strings.ToLower(t["p"]); p {
	case "none", "quarantine", "reject":
		list = append(list, Record{Thing: "DMARC", State: There, Message: name + " says p=" + p})
	default:
		list = append(list, Record{
			Thing: "DMARC", State: Missing, Name: name, Type: "TXT", Value: "v=DMARC1; p=none",
			Message: fmt.Sprintf("%s has the policy %q, which means nothing; use none, quarantine or reject", name, clip(p)),
		})
	}
	if t["rua"] == "" {
		list = append(list, Record{
			Thing: "DMARC", State: Doubt, Name: name, Type: "TXT", Value: strings.TrimRight(strings.TrimSpace(policy), ";") + "; rua=mailto:" + d.From,
			Message: "nobody is sent reports on what fails; add rua",
		})
	}
	if !aligned(d.from, d.envelope, strings.EqualFold(t["aspf"], "s")) {
		list = append(list, Record{Thing: "DMARC", State: Doubt, Message: fmt.Sprintf(
			"SPF counts for %s and From says %s, so that only DKIM can agree with From; give the return path an address at %s", d.envelope, d.from, organization)})
	}
	return list
}

// aligned tells whether two domains agree (RFC 7489 section 3.1).
func aligned(from, other string, strict bool) bool {
	if strict {
		return from == other
	}
	return organizationOf(from) == organizationOf(other)
}

func organizationOf(domain string) string {
	if o, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil {
		return o
	}
	return domain
}

// mx looks at whether answers and bounces can arrive.
func (d *domainCheck) mx(ctx context.Context) []Record {
	domains := []string{d.from, d.envelope}
	if d.ReplyTo != "" {
		if reply, err := asciiDomain(d.ReplyTo); err == nil {
			domains = append(domains, reply)
		}
	}
	slices.Sort(domains)
	var list []Record
	for _, domain := range slices.Compact(domains) {
		found, err := d.mailServers(ctx, domain)
		if err != nil {
			list = append(list, unasked("MX", domain, err)...)
			continue
		}
		switch {
		case len(found) == 0:
			list = append(list, Record{
				Thing: "MX", State: Missing, Name: domain, Type: "MX", Value: "10 mail." + domain + ".",
				Message: domain + " takes no mail: answers and bounces are lost, and receivers are wary of senders that cannot be answered",
			})
		case found[0].Host == ".":
			list = append(list, Record{Thing: "MX", State: Missing, Message: domain + " says that it takes no mail at all (a null MX); use another address, or change the record"})
		default:
			list = append(list, Record{Thing: "MX", State: There, Message: domain + " takes mail at " + strings.TrimSuffix(found[0].Host, ".")})
		}
	}
	return list
}

// ptr looks at whether the server's address has a name that leads back to it.
func (d *domainCheck) ptr(ctx context.Context) []Record {
	if d.Server == "" {
		return nil
	}
	if ip, err := netip.ParseAddr(d.Server); err == nil && !ip.IsGlobalUnicast() || d.Server == "localhost" {
		return []Record{{Thing: "PTR", State: Doubt, Message: d.Server + " is on this machine; look at the server that it hands mails on to"}}
	}
	addresses, err := d.addresses(ctx, d.Server)
	if err != nil {
		return unasked("PTR", d.Server, err)
	}
	if len(addresses) == 0 {
		return []Record{{Thing: "PTR", State: Missing, Message: d.Server + " has no address; check --smtp"}}
	}
	var list []Record
	for _, a := range addresses {
		list = append(list, d.reverse(ctx, a))
	}
	return list
}

func (d *domainCheck) reverse(ctx context.Context, a netip.Addr) Record {
	asking, cancel := context.WithTimeout(ctx, d.Timeout)
	defer cancel()
	names, err := notFoundIsNone(d.resolver.LookupAddr(asking, a.String()))
	if err != nil {
		return unasked("PTR", a.String(), err)[0]
	}
	if len(names) == 0 {
		return Record{
			Thing: "PTR", State: Missing, Name: a.String(), Type: "PTR", Value: d.Server + ".",
			Message: "the address of " + d.Server + " has no name; if it delivers itself, whoever gave out the address sets one",
		}
	}
	for _, name := range names {
		back, err := d.addresses(ctx, strings.TrimSuffix(name, "."))
		if err == nil && slices.Contains(back, a) {
			return Record{Thing: "PTR", State: There, Message: a.String() + " is " + strings.TrimSuffix(name, ".") + ", and back"}
		}
	}
	return Record{
		Thing: "PTR", State: Missing, Name: a.String(), Type: "PTR", Value: d.Server + ".",
		Message: fmt.Sprintf("%s is called %s, which does not lead back to it", a, visible(strings.TrimSuffix(names[0], "."))),
	}
}
