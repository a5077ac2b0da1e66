package issuer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// Settings are what an issuer decides beside its name and identifier. The zero
// value is a useful default.
type Settings struct {
	// LinkedInID is the number of the issuer's page on LinkedIn, digits only.
	// Default: none, and LinkedIn is told the issuer's name.
	LinkedInID string `json:"linkedInId,omitempty"`

	// Contacts are where questions go. Default: all go to the issuer's address.
	Contacts []Contact `json:"contacts,omitempty"`

	// Mail is how the issuer's mails are sent.
	Mail MailSettings `json:"mail,omitzero"`
}

// The kinds of question that a [Contact] answers.
const (
	AboutEligibility = "eligibility" // exams, requirements, results: the certifying body
	AboutClaims      = "claims"      // the badge itself, its mail, this site
)

// Contact is where one kind of question goes.
type Contact struct {
	About  string `json:"about"`            // AboutEligibility or AboutClaims
	Region string `json:"region,omitempty"` // whom it is for, such as "Europe"; "" for all
	Email  string `json:"email"`
}

// SettingsOf reads an issuer's settings; what cannot be read is as if it were not
// set, since [Service.ChangeSettings] writes nothing that cannot.
func SettingsOf(is ledger.Issuer) Settings {
	var s Settings
	if len(is.Settings) > 0 && json.Unmarshal(is.Settings, &s) != nil {
		return Settings{}
	}
	return s
}

// Desks returns the contacts for one kind of question, the issuer's own address
// where there are none.
func (s Settings) Desks(about string, is ledger.Issuer) []Contact {
	var list []Contact
	for _, c := range s.Contacts {
		if c.About == about {
			list = append(list, c)
		}
	}
	if list == nil {
		list = []Contact{{About: about, Email: is.Email}}
	}
	return list
}

var linkedInForm = regexp.MustCompile(`^[1-9][0-9]{0,18}$`)

// check refuses settings that cannot be used.
func (s Settings) check() error {
	var bad []FieldError
	if s.LinkedInID != "" && !linkedInForm.MatchString(s.LinkedInID) {
		bad = append(bad, FieldError{"linkedInId", fmt.Sprintf("%q is no page number; it is the number in the address of the page's admin view, like 1035", s.LinkedInID)})
	}
	for _, c := range s.Contacts {
		if c.About != AboutEligibility && c.About != AboutClaims {
			bad = append(bad, FieldError{"contacts", fmt.Sprintf("%q is no kind of question; use %s or %s", c.About, AboutEligibility, AboutClaims)})
		}
		if _, err := FoldAddress(c.Email); err != nil {
			bad = append(bad, FieldError{"contacts", err.Error()})
		}
		if len([]rune(c.Region)) > 80 || strings.ContainsFunc(c.Region, isControl) {
			bad = append(bad, FieldError{"contacts", "a region must be plain text of at most 80 characters"})
		}
	}
	bad = append(bad, s.Mail.check()...)
	if bad != nil {
		return &InvalidError{bad}
	}
	return nil
}

// ChangeSettings lets change alter an issuer's settings and keeps them, with one
// line in the audit log. change may run again. Badges that are signed already
// stay as they are.
func (s *Service) ChangeSettings(ctx context.Context, actor, issuer string, change func(*Settings)) error {
	return s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		is, err := tx.Issuer(ctx, issuer)
		if errors.Is(err, ledger.ErrNotFound) {
			return &InvalidError{[]FieldError{{"issuer", fmt.Sprintf("there is no issuer %q", issuer)}}}
		}
		if err != nil {
			return err
		}
		settings := SettingsOf(is)
		change(&settings)
		for i := range settings.Contacts {
			settings.Contacts[i].Region = strings.TrimSpace(norm.NFC.String(settings.Contacts[i].Region))
		}
		settings.Mail.clean()
		if err := settings.check(); err != nil {
			return err
		}
		if is.Settings, err = json.Marshal(settings); err != nil {
			return fmt.Errorf("settings of %s: %w", issuer, err)
		}
		if err := tx.PutIssuer(ctx, is); err != nil {
			return err
		}
		return s.audit(ctx, tx, actor, "issuer.settings_changed", issuer, string(is.Settings))
	})
}
