package issuer

import (
	"context"
	"errors"

	"github.com/accolade-badges/accolade/issuer/catalogue"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/issuer/mail"
)

// ownWords are a programme's own texts for its mails.
type ownWords struct{ Note, Badge, Reminder mail.Wording }

// ownWords returns the texts of the issuer's programme; none where it has no
// programme, such as an issuer that awards by hand.
func (s *Service) ownWords(ctx context.Context, issuer string) (ownWords, error) {
	c, err := s.currentCatalogue(ctx, issuer)
	var none *InvalidError
	switch {
	case errors.As(err, &none):
		return ownWords{}, nil
	case err != nil:
		return ownWords{}, err
	}
	return wordsOf(c.Catalogue), nil
}

func wordsOf(c *catalogue.Catalogue) ownWords {
	return ownWords{Note: wording(c.Mail.Note), Badge: wording(c.Mail.Badge), Reminder: wording(c.Mail.Reminder)}
}

// kindWords are the texts for one kind of mail.
type kindWords struct {
	kind string
	mail.Wording
}

func (o ownWords) kinds() []kindWords {
	return []kindWords{{mail.NoteWording, o.Note}, {mail.BadgeWording, o.Badge}, {mail.ReminderWording, o.Reminder}}
}

// firstMail is the kind of mail that tells of an award: the programme's own note
// where it has one, which the badge mail then follows.
func firstMail(c *catalogue.Catalogue) string {
	if len(c.Mail.Note) > 0 {
		return mailNote
	}
	return mailBadge
}

// firstMailOf is [firstMail] of the programme of an award's issuer.
func (s *Service) firstMailOf(ctx context.Context, award string) (string, error) {
	var w ledger.Award
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		w, err = tx.Award(ctx, award)
		return err
	})
	if errors.Is(err, ledger.ErrNotFound) {
		return "", ErrNoAward
	}
	if err != nil {
		return "", err
	}
	own, err := s.ownWords(ctx, w.Issuer)
	if err == nil && len(own.Note) > 0 {
		return mailNote, nil
	}
	return mailBadge, err
}

func wording(texts map[string]catalogue.MailText) mail.Wording {
	w := mail.Wording{}
	for language, t := range texts {
		w[language] = mail.Template{Subject: t.Subject, Paragraphs: t.Text}
	}
	return w
}

// ReadProgramme reads a catalogue and what it says in its mails. The catalogue
// is nil where a finding is an error.
func ReadProgramme(source []byte) (*catalogue.Catalogue, []catalogue.Finding) {
	c, findings := catalogue.Parse(source)
	if c == nil {
		return nil, findings
	}
	refused := false
	for _, part := range wordsOf(c).kinds() {
		for _, fault := range part.Check(part.kind) {
			refused = true
			findings = append(findings, catalogue.Finding{
				Level: catalogue.Error, Row: "mail." + part.kind, Rule: "mail", Message: fault, Remedy: "mend the text, or take it out for the house's words",
			})
		}
	}
	if refused {
		return nil, findings
	}
	return c, findings
}
