package issuer

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// Operator is whoever runs the installation. It hosts what the issuers sign and
// speaks for none of them; an issuer that moves elsewhere takes its keys along.
type Operator struct {
	Name  string // default: the host of the base URL
	URL   string // default: the base URL
	Email string // default: none; questions about claims then go to the issuer
}

// The ledger's settings that hold the operator.
const (
	settingOperatorName  = "operator_name"
	settingOperatorURL   = "operator_url"
	settingOperatorEmail = "operator_email"
)

// Operator returns who runs the installation.
func (s *Service) Operator(ctx context.Context) (Operator, error) {
	o := Operator{Name: s.urls.Origin(), URL: s.urls.Base()}
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		list, err := tx.Settings(ctx)
		for _, set := range list {
			switch {
			case set.Value == "":
			case set.Name == settingOperatorName:
				o.Name = set.Value
			case set.Name == settingOperatorURL:
				o.URL = set.Value
			case set.Name == settingOperatorEmail:
				o.Email = set.Value
			}
		}
		return err
	})
	return o, err
}

// SetOperator says who runs the installation; an empty field is its default.
func (s *Service) SetOperator(ctx context.Context, actor string, o Operator) error {
	o.Name = strings.TrimSpace(norm.NFC.String(o.Name))
	var bad []FieldError
	if len([]rune(o.Name)) > 200 || strings.ContainsFunc(o.Name, isControl) {
		bad = append(bad, FieldError{"name", "must be plain text of at most 200 characters"})
	}
	if u, err := url.Parse(o.URL); o.URL != "" && (err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "") {
		bad = append(bad, FieldError{"url", fmt.Sprintf("%q is no web address; write it like https://example.org", o.URL)})
	}
	if o.Email != "" {
		if _, err := FoldAddress(o.Email); err != nil {
			bad = append(bad, FieldError{"email", err.Error()})
		}
	}
	if bad != nil {
		return &InvalidError{bad}
	}
	return s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		for _, set := range []ledger.Setting{{Name: settingOperatorName, Value: o.Name}, {Name: settingOperatorURL, Value: o.URL}, {Name: settingOperatorEmail, Value: o.Email}} {
			if err := tx.PutSetting(ctx, set.Name, set.Value); err != nil {
				return err
			}
		}
		return s.audit(ctx, tx, actor, "operator.changed", o.Name, o.URL)
	})
}
