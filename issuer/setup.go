package issuer

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/accolade-badges/accolade/issuer/keys"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/openbadges/did"
)

// NewIssuer describes an organization that shall sign here. Only Name is
// required.
type NewIssuer struct {
	Name        string
	Slug        string // in addresses; default: the folded name
	URL         string // home page; default: the base URL
	Email       string // contact; default: badges@ the base URL's host
	Description string
	Colour      string // #rrggbb, for badge pictures; default: the house colour
	HTTPS       bool   // identify by https instead of did:web; cannot change later
}

var (
	slugForm   = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	colourForm = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)
)

// CreateIssuer makes an issuer and its first signing keys, one a signature
// algorithm.
func (s *Service) CreateIssuer(ctx context.Context, actor string, n NewIssuer) (ledger.Issuer, error) {
	is, err := s.newIssuer(n)
	if err != nil {
		return ledger.Issuer{}, err
	}
	fresh, err := s.generateKeys(is.Slug)
	if err != nil {
		return ledger.Issuer{}, err
	}
	err = s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		_, err := tx.Issuer(ctx, is.Slug)
		if err == nil {
			return &ConflictError{fmt.Sprintf("there is an issuer %q already; choose another slug", is.Slug)}
		}
		if !errors.Is(err, ledger.ErrNotFound) {
			return err
		}
		if err := tx.PutIssuer(ctx, is); err != nil {
			return err
		}
		for _, k := range fresh {
			if err := tx.AddKey(ctx, k); err != nil {
				return err
			}
		}
		return s.audit(ctx, tx, actor, "issuer.created", is.Slug, is.ID)
	})
	return is, err
}

func (s *Service) newIssuer(n NewIssuer) (ledger.Issuer, error) {
	var bad []FieldError
	fault := func(field, format string, args ...any) {
		bad = append(bad, FieldError{field, fmt.Sprintf(format, args...)})
	}
	is := ledger.Issuer{
		Slug: n.Slug, Name: strings.TrimSpace(norm.NFC.String(n.Name)), URL: n.URL, Email: n.Email,
		Description: strings.TrimSpace(norm.NFC.String(n.Description)), Colour: n.Colour, CreatedAt: s.Now(),
	}
	if is.Name == "" || len([]rune(is.Name)) > 200 || strings.ContainsFunc(is.Name, isControl) {
		fault("name", "must be plain text of 1 to 200 characters")
	}
	if is.Slug == "" {
		is.Slug = Slug(is.Name)
	}
	if !slugForm.MatchString(is.Slug) || len(is.Slug) > 64 {
		fault("slug", "%q is no slug; use 1 to 64 of a-z, 0-9 and single hyphens", is.Slug)
	}
	if is.URL == "" {
		is.URL = s.urls.Base()
	}
	if u, err := url.Parse(is.URL); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		fault("url", "%q is no web address; write it like https://example.org", is.URL)
	}
	if is.Email == "" {
		is.Email = "badges@" + s.urls.mailDomain()
	}
	if _, err := FoldAddress(is.Email); err != nil {
		fault("email", "%s", err)
	}
	if is.Colour != "" && !colourForm.MatchString(is.Colour) {
		fault("colour", "%q is no colour; write it like #1b5fa8", is.Colour)
	}
	if bad != nil {
		return ledger.Issuer{}, &InvalidError{bad}
	}
	is.ID = s.urls.Issuer(is.Slug, "")
	if !n.HTTPS {
		id, err := did.Web(s.urls.Base(), "issuers", is.Slug)
		if err != nil {
			return ledger.Issuer{}, err
		}
		is.ID = id
	}
	return is, nil
}

// Slug folds a name to a-z, 0-9 and hyphens. A name without any of these
// becomes "issuer".
func Slug(name string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(strings.ToLower(name)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		case !unicode.Is(unicode.Mn, r):
			gap = true
		}
		if b.Len() >= 60 {
			break
		}
	}
	if b.Len() == 0 {
		return "issuer"
	}
	return b.String()
}

// Issuers lists the issuers of the installation.
func (s *Service) Issuers(ctx context.Context) ([]ledger.Issuer, error) {
	var list []ledger.Issuer
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		list, err = tx.Issuers(ctx)
		return err
	})
	return list, err
}

// OnlyIssuer returns the issuer called slug, or the only one where slug is "".
// Its error tells what to give.
func (s *Service) OnlyIssuer(ctx context.Context, slug string) (ledger.Issuer, error) {
	list, err := s.Issuers(ctx)
	if err != nil {
		return ledger.Issuer{}, err
	}
	var names []string
	for _, is := range list {
		if is.Slug == slug || slug == "" && len(list) == 1 {
			return is, nil
		}
		names = append(names, is.Slug)
	}
	switch {
	case len(list) == 0:
		return ledger.Issuer{}, errors.New("the installation has no issuer yet; make one with `accolade issuer create --name NAME`")
	case slug == "":
		return ledger.Issuer{}, fmt.Errorf("the installation has several issuers; name one with --issuer: %s", strings.Join(names, ", "))
	}
	return ledger.Issuer{}, fmt.Errorf("there is no issuer %q; there is %s", slug, strings.Join(names, ", "))
}

// signingAlgorithms are the keys that an issuer has from the start: Ed25519 for
// Data Integrity, RSA for the OB 3.0 VC-JWT and the OB 2.0 JWS.
var signingAlgorithms = []keys.Algorithm{keys.Ed25519, keys.RS256}

func (s *Service) generateKeys(issuer string) ([]ledger.Key, error) {
	var out []ledger.Key
	for _, alg := range signingAlgorithms {
		sealed, err := s.master.Generate(alg, s.rand)
		if err != nil {
			return nil, fmt.Errorf("make a key for %s: %w", alg, err)
		}
		public, err := publicKey(sealed.Public)
		if err != nil {
			return nil, err
		}
		name, err := keyName(public)
		if err != nil {
			return nil, err
		}
		out = append(out, ledger.Key{
			ID: s.newID(), Issuer: issuer, Algorithm: string(alg), Name: name,
			Public: sealed.Public, Private: sealed.Private, CreatedAt: s.Now(),
		})
	}
	return out, nil
}

// RotateKeys gives the issuer a new key for every algorithm and returns them.
// The old ones sign nothing more, stay published, and keep verifying what they
// signed.
func (s *Service) RotateKeys(ctx context.Context, actor, issuer string) ([]ledger.Key, error) {
	fresh, err := s.generateKeys(issuer)
	if err != nil {
		return nil, err
	}
	at := s.Now().Truncate(time.Microsecond)
	err = s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		for _, k := range fresh {
			if err := tx.RetireKeys(ctx, issuer, k.Algorithm, at); err != nil {
				return err
			}
			if err := tx.AddKey(ctx, k); err != nil {
				return err
			}
			if err := s.audit(ctx, tx, actor, "key.rotated", issuer, k.Name); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		s.log.Info("keys rotated", "issuer", issuer, "actor", actor)
	}
	return fresh, err
}
