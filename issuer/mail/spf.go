package mail

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
)

// spfLookups is how many names one SPF record may have receivers look up (RFC
// 7208 section 4.6.4).
const spfLookups = 10

// spf looks at who may send for the envelope's domain.
func (d *domainCheck) spf(ctx context.Context) []Record {
	record, fault := d.spfRecord(ctx, d.envelope)
	if fault != nil {
		return fault
	}
	w := spfWalk{d: d, servers: nil}
	if d.Server != "" {
		var err error
		if ip, parse := netip.ParseAddr(d.Server); parse == nil {
			w.servers = []netip.Addr{ip.Unmap()}
		} else if w.servers, err = d.addresses(ctx, d.Server); err != nil {
			return unasked("SPF", d.Server, err)
		}
	}
	if err := w.walk(ctx, d.envelope, record, 0); err != nil {
		var question *questionError
		if errors.As(err, &question) {
			return unasked("SPF", question.name, question.err)
		}
		return []Record{{Thing: "SPF", State: Missing, Message: d.envelope + ": " + err.Error() + "; receivers treat the record as broken"}}
	}
	switch {
	case w.all == "":
		return []Record{{Thing: "SPF", State: Doubt, Name: d.envelope, Type: "TXT", Value: record + " ~all", Message: "the record does not end in ~all or -all, so that it refuses nobody"}}
	case w.all == "+":
		return []Record{{Thing: "SPF", State: Missing, Name: d.envelope, Type: "TXT", Value: strings.ReplaceAll(record, "+all", "~all"), Message: "the record lets anybody send for the domain"}}
	case len(w.servers) > 0 && !w.passed:
		return []Record{{
			Thing: "SPF", State: Doubt, Name: d.envelope, Type: "TXT", Value: strings.Replace(record, "v=spf1", "v=spf1 "+mechanismFor(d.Server), 1),
			Message: fmt.Sprintf("the record does not name %s; where that server delivers itself, add it", d.Server),
		}}
	}
	message := d.envelope + " has one: " + record
	if w.passed {
		message = d.envelope + " lets " + d.Server + " send"
	}
	return []Record{{Thing: "SPF", State: There, Message: message}}
}

func mechanismFor(server string) string {
	ip, err := netip.ParseAddr(server)
	switch {
	case err != nil:
		return "a:" + server
	case ip.Is4():
		return "ip4:" + server
	}
	return "ip6:" + server
}

// spfRecord returns the one record of a domain, or what is wrong.
func (d *domainCheck) spfRecord(ctx context.Context, domain string) (string, []Record) {
	found, err := d.txt(ctx, domain)
	if err != nil {
		return "", unasked("SPF", domain, err)
	}
	var records []string
	for _, text := range found {
		if lower := strings.ToLower(text); lower == "v=spf1" || strings.HasPrefix(lower, "v=spf1 ") {
			records = append(records, text)
		}
	}
	switch len(records) {
	case 1:
		return records[0], nil
	case 0:
		value := "v=spf1 mx ~all"
		if d.Server != "" {
			value = "v=spf1 " + mechanismFor(d.Server) + " mx ~all"
		}
		return "", []Record{{Thing: "SPF", State: Missing, Name: domain, Type: "TXT", Value: value, Message: "nobody is named who may send for " + domain}}
	}
	return "", []Record{{Thing: "SPF", State: Missing, Message: fmt.Sprintf("%s has %d records; receivers take none. Join them into one", domain, len(records))}}
}

// spfWalk follows a record as receivers do, and counts what they look up.
type spfWalk struct {
	d       *domainCheck
	servers []netip.Addr // whose mails are to pass
	passed  bool
	all     string // qualifier of the first record's "all"
	lookups int
}

// questionError is a question that got no answer.
type questionError struct {
	name string
	err  error
}

func (e *questionError) Error() string { return e.name + ": " + e.err.Error() }

// maxIncludes bounds how deep records may include one another.
const maxIncludes = 10

// walk follows the terms of a record. Macros are passed over: they say something
// about one mail only.
func (w *spfWalk) walk(ctx context.Context, domain, record string, depth int) error {
	if depth > maxIncludes {
		return errors.New("records include one another in a circle")
	}
	terms := strings.Fields(record)[1:]
	redirect := ""
	for _, term := range terms {
		if name, value, ok := strings.Cut(term, "="); ok && !strings.ContainsAny(name, ":/") {
			if strings.EqualFold(name, "redirect") {
				redirect = value
			}
			continue
		}
		qualifier := "+"
		if strings.ContainsRune("+-~?", rune(term[0])) {
			qualifier, term = term[:1], term[1:]
		}
		name, argument, _ := strings.Cut(term, ":")
		name, _, _ = strings.Cut(strings.ToLower(name), "/")
		if name == "all" {
			if depth == 0 {
				w.all = qualifier
			}
			return nil
		}
		if err := w.mechanism(ctx, domain, name, argument, qualifier, depth); err != nil {
			return err
		}
	}
	if redirect == "" || strings.Contains(redirect, "%") {
		return nil
	}
	if err := w.lookup(); err != nil {
		return err
	}
	return w.follow(ctx, redirect, depth) // in the place of this record, "all" included
}

// lookup counts one name that receivers look up.
func (w *spfWalk) lookup() error {
	if w.lookups++; w.lookups > spfLookups {
		return fmt.Errorf("the record makes receivers look up more than %d names; take includes out", spfLookups)
	}
	return nil
}

func (w *spfWalk) follow(ctx context.Context, domain string, depth int) error {
	found, err := w.d.txt(ctx, domain)
	if err != nil {
		return &questionError{domain, err}
	}
	for _, text := range found {
		if lower := strings.ToLower(text); lower == "v=spf1" || strings.HasPrefix(lower, "v=spf1 ") {
			return w.walk(ctx, domain, text, depth)
		}
	}
	return fmt.Errorf("it refers to %s, which has no SPF record", clip(domain))
}

func (w *spfWalk) mechanism(ctx context.Context, domain, name, argument, qualifier string, depth int) error {
	switch name {
	case "ip4", "ip6":
		prefix, err := netip.ParsePrefix(argument)
		if err != nil {
			ip, err := netip.ParseAddr(argument)
			if err != nil {
				return fmt.Errorf("%s:%s is no address", name, clip(argument))
			}
			prefix = netip.PrefixFrom(ip, ip.BitLen())
		}
		w.match(qualifier, prefix)
		return nil
	case "include", "a", "mx", "ptr", "exists":
	default:
		return fmt.Errorf("%q is no term of SPF", clip(name))
	}
	if err := w.lookup(); err != nil {
		return err
	}
	if strings.Contains(argument, "%") || name == "ptr" || name == "exists" {
		return nil
	}
	target, bits, _ := strings.Cut(argument, "/")
	if target == "" {
		target = domain
	}
	if name == "include" {
		return w.follow(ctx, target, depth+1)
	}
	hosts := []string{target}
	if name == "mx" {
		found, err := w.d.mailServers(ctx, target)
		if err != nil {
			return &questionError{target, err}
		}
		hosts = nil
		for _, mx := range found {
			hosts = append(hosts, strings.TrimSuffix(mx.Host, "."))
		}
	}
	for _, host := range hosts {
		addresses, err := w.d.addresses(ctx, host)
		if err != nil {
			return &questionError{host, err}
		}
		for _, a := range addresses {
			length := a.BitLen()
			if _, err := fmt.Sscanf(bits, "%d", &length); err != nil || length < 0 || length > a.BitLen() {
				length = a.BitLen()
			}
			w.match(qualifier, netip.PrefixFrom(a, length))
		}
	}
	return nil
}

func (w *spfWalk) match(qualifier string, p netip.Prefix) {
	for _, server := range w.servers {
		if qualifier == "+" && p.Masked().Contains(server) {
			w.passed = true
		}
	}
}
