package issuer

import (
	"context"

	"github.com/accolade-badges/accolade/issuer/mail"
)

// MailCheck is what to look at beside an issuer's own settings.
type MailCheck struct {
	Server     string // host that mails are handed to; default: not looked at
	Selector   string // of the DKIM key that the mail server signs with; default: the one that signs here
	NameServer string // HOST:PORT; default: the system's
}

// CheckMail looks at what decides whether an issuer's mails arrive: the records
// of its sender's domain, and the programme's own texts.
func (s *Service) CheckMail(ctx context.Context, issuer string, c MailCheck) ([]mail.Record, error) {
	is, err := s.OnlyIssuer(ctx, issuer)
	if err != nil {
		return nil, err
	}
	from := SenderOf(is)
	check := mail.DomainCheck{
		From: from.From, ReturnPath: from.ReturnPath, ReplyTo: from.ReplyTo, Server: c.Server, Selector: c.Selector, NameServer: c.NameServer,
	}
	k, ours, err := s.DomainKey(ctx, mail.Domain(from.From))
	if err != nil {
		return nil, err
	}
	if ours && (c.Selector == "" || c.Selector == k.Selector) {
		check.Selector = k.Selector
		if check.KeyRecord, err = k.Record(); err != nil {
			return nil, err
		}
	}
	list, err := mail.CheckDomain(ctx, check)
	if err != nil {
		return nil, err
	}
	words, err := s.checkWords(ctx, is.Slug)
	return append(list, words...), err
}

// checkWords looks at the programme's own texts as they are loaded.
func (s *Service) checkWords(ctx context.Context, issuer string) ([]mail.Record, error) {
	own, err := s.ownWords(ctx, issuer)
	if err != nil {
		return nil, err
	}
	var list []mail.Record
	given := false
	for _, part := range own.kinds() {
		given = given || len(part.Wording) > 0
		for _, fault := range part.Check(part.kind) {
			list = append(list, mail.Record{Thing: "text", State: mail.Missing, Message: part.kind + " mail: " + fault})
		}
	}
	switch {
	case list != nil:
		return list, nil
	case given:
		return []mail.Record{{Thing: "text", State: mail.There, Message: "the programme's own texts have claim link, issuer, contact and opt-out"}}, nil
	}
	return []mail.Record{{Thing: "text", State: mail.There, Message: "the house's words; the programme has none of its own"}}, nil
}
