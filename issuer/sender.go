package issuer

import (
	"cmp"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/accolade-badges/accolade/issuer/keys"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/issuer/mail"
)

// MailSettings are how an issuer's mails are sent. The zero value is a useful
// default.
type MailSettings struct {
	FromName   string `json:"fromName,omitempty"`   // default: the issuer's name
	From       string `json:"from,omitempty"`       // default: the issuer's address
	ReplyTo    string `json:"replyTo,omitempty"`    // where answers go; default: the first contact about claims
	ReturnPath string `json:"returnPath,omitempty"` // where bounces go; a * in it becomes the mail's id; default: From

	// RemindAfterDays says when earners are reminded of a badge that they have
	// not claimed, in days since it was awarded, rising. Default: 7, 30, 90.
	RemindAfterDays []int `json:"remindAfterDays,omitempty"`
	NoReminders     bool  `json:"noReminders,omitempty"` // none at all
}

// The bounds of a reminder schedule.
const (
	maxReminders    = 12
	maxReminderDays = 3650
)

// Schedule returns when earners are reminded, in days since the award.
func (m MailSettings) Schedule() []int {
	switch {
	case m.NoReminders:
		return nil
	case len(m.RemindAfterDays) == 0:
		return []int{7, 30, 90}
	}
	return m.RemindAfterDays
}

// check lists what cannot be used.
func (m MailSettings) check() (bad []FieldError) {
	if len([]rune(m.FromName)) > 120 || strings.ContainsFunc(m.FromName, isControl) {
		bad = append(bad, FieldError{"mail.fromName", "must be plain text of at most 120 characters"})
	}
	for _, a := range []struct{ field, address string }{
		{"mail.from", m.From}, {"mail.replyTo", m.ReplyTo}, {"mail.returnPath", strings.Replace(m.ReturnPath, "*", "id", 1)},
	} {
		if a.address == "" {
			continue
		}
		if _, err := FoldAddress(a.address); err != nil {
			bad = append(bad, FieldError{a.field, err.Error()})
		} else if err := mail.CheckAddress(a.address); err != nil {
			bad = append(bad, FieldError{a.field, err.Error()})
		}
	}
	if local, _, _ := strings.Cut(m.ReturnPath, "@"); strings.Contains(m.ReturnPath, "*") && !strings.Contains(local, "*") {
		bad = append(bad, FieldError{"mail.returnPath", "the * stands for the mail's id and belongs before the @, like bounces+*@example.org"})
	}
	if len(m.RemindAfterDays) > maxReminders || !slices.IsSorted(m.RemindAfterDays) || len(slices.Compact(slices.Clone(m.RemindAfterDays))) != len(m.RemindAfterDays) ||
		len(m.RemindAfterDays) > 0 && (m.RemindAfterDays[0] < 1 || slices.Max(m.RemindAfterDays) > maxReminderDays) {
		bad = append(bad, FieldError{"mail.remindAfterDays", fmt.Sprintf("must be up to %d rising numbers of days from 1 to %d, like 7, 30, 90", maxReminders, maxReminderDays)})
	}
	return bad
}

func (m *MailSettings) clean() { m.FromName = strings.TrimSpace(norm.NFC.String(m.FromName)) }

// Sender is the sender of an issuer's mails with every default filled in.
type Sender struct {
	FromName, From, ReplyTo string
	ReturnPath              string // with its *
}

// SenderOf returns who an issuer's mails are from.
func SenderOf(is ledger.Issuer) Sender {
	settings := SettingsOf(is)
	m := settings.Mail
	from := cmp.Or(m.From, is.Email)
	return Sender{
		FromName: cmp.Or(m.FromName, is.Name), From: from,
		ReplyTo:    cmp.Or(m.ReplyTo, settings.Desks(AboutClaims, is)[0].Email),
		ReturnPath: cmp.Or(m.ReturnPath, from),
	}
}

// DomainKey is the key with which mails of a domain are signed (DKIM).
type DomainKey struct {
	Domain   string `json:"domain"`
	Selector string `json:"selector"`
	Public   []byte `json:"public"`  // PKIX, DER
	Private  []byte `json:"private"` // PKCS #8, sealed under the master key
}

// Name is where the key's record stands in the DNS.
func (k DomainKey) Name() string { return k.Selector + "._domainkey." + k.Domain }

// Record is the text of its TXT record.
func (k DomainKey) Record() (string, error) {
	public, err := x509.ParsePKIXPublicKey(k.Public)
	if err != nil {
		return "", fmt.Errorf("mail key of %s: %w; make another with `accolade issuer mail --dkim SELECTOR`", k.Domain, err)
	}
	return mail.KeyRecord(public, k.Public), nil
}

// settingDomainKey begins the names of the ledger's settings that hold DKIM keys;
// the domain follows.
const settingDomainKey = "dkim:"

// NewDomainKey makes a key that signs the mails of the issuer's domain from now
// on, in place of one that may be there. Receivers trust it once its record is
// published.
func (s *Service) NewDomainKey(ctx context.Context, actor, issuer, selector string) (DomainKey, error) {
	if err := mail.CheckSelector(selector); err != nil {
		return DomainKey{}, &InvalidError{[]FieldError{{"selector", err.Error()}}}
	}
	is, err := s.OnlyIssuer(ctx, issuer)
	if err != nil {
		return DomainKey{}, err
	}
	sealed, err := s.master.Generate(keys.RS256, s.rand)
	if err != nil {
		return DomainKey{}, fmt.Errorf("make a mail key: %w", err)
	}
	k := DomainKey{Domain: mail.Domain(SenderOf(is).From), Selector: selector, Public: sealed.Public, Private: sealed.Private}
	value, err := json.Marshal(k)
	if err != nil {
		return DomainKey{}, fmt.Errorf("mail key of %s: %w", k.Domain, err)
	}
	return k, s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		if err := tx.PutSetting(ctx, settingDomainKey+k.Domain, string(value)); err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, "mail.key_made", is.Slug, k.Name())
	})
}

// RemoveDomainKey leaves the mails of the issuer's domain unsigned from now on:
// the mail server signs them instead.
func (s *Service) RemoveDomainKey(ctx context.Context, actor, issuer string) error {
	is, err := s.OnlyIssuer(ctx, issuer)
	if err != nil {
		return err
	}
	domain := mail.Domain(SenderOf(is).From)
	return s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		if err := tx.PutSetting(ctx, settingDomainKey+domain, ""); err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, "mail.key_removed", is.Slug, domain)
	})
}

// DomainKey returns the key that signs mails from a domain; ok is false where
// they are not signed here.
func (s *Service) DomainKey(ctx context.Context, domain string) (k DomainKey, ok bool, err error) {
	err = s.ledger.View(ctx, func(tx *ledger.Tx) error {
		value, err := tx.Setting(ctx, settingDomainKey+domain)
		if errors.Is(err, ledger.ErrNotFound) || err == nil && value == "" {
			return nil
		}
		if err != nil {
			return err
		}
		ok = true
		return json.Unmarshal([]byte(value), &k)
	})
	return k, ok, err
}

// signature returns how mails from an address are signed, or nil.
func (s *Service) signature(ctx context.Context, from string) (*mail.Signature, error) {
	k, ok, err := s.DomainKey(ctx, mail.Domain(from))
	if err != nil || !ok {
		return nil, err
	}
	key, err := s.master.Open(keys.Sealed{Algorithm: keys.RS256, Public: k.Public, Private: k.Private})
	if err != nil {
		return nil, fmt.Errorf("mail key of %s: %w", k.Domain, err)
	}
	return &mail.Signature{Domain: k.Domain, Selector: k.Selector, Key: key}, nil
}

// letterOf is the frame of a mail in an issuer's name.
func (s *Service) letterOf(is ledger.Issuer, m ledger.Mail, name string) mail.Letter {
	from := SenderOf(is)
	return mail.Letter{
		ID: m.MessageID, Date: s.Now(), From: from.From, FromName: from.FromName, ReplyTo: from.ReplyTo,
		ReturnPath: strings.Replace(from.ReturnPath, "*", m.ID, 1), To: m.Recipient, ToName: name,
		Issuer: is.Name, IssuerSlug: is.Slug, IssuerURL: is.URL, Colour: is.Colour,
	}
}

// operatorLetter is the frame of a mail about an account, which belongs to no
// issuer: it speaks in the operator's name. Without an address of its own it
// uses the first issuer's.
func (s *Service) operatorLetter(ctx context.Context, m ledger.Mail, name string) (mail.Letter, error) {
	o, err := s.Operator(ctx)
	if err != nil {
		return mail.Letter{}, err
	}
	list, err := s.Issuers(ctx)
	if err != nil {
		return mail.Letter{}, err
	}
	first := ledger.Issuer{Name: o.Name, Email: "badges@" + s.urls.mailDomain()}
	if len(list) > 0 {
		first = slices.MinFunc(list, func(a, b ledger.Issuer) int { return a.CreatedAt.Compare(b.CreatedAt) })
	}
	l := s.letterOf(first, m, name)
	l.FromName, l.Issuer, l.IssuerSlug, l.IssuerURL = o.Name, o.Name, "accounts", o.URL
	if o.Email != "" {
		l.From, l.ReplyTo = o.Email, o.Email
		if mail.Domain(o.Email) != mail.Domain(l.ReturnPath) { // the domains must agree for SPF to count
			l.ReturnPath = o.Email
		}
	}
	return l, nil
}
