package issuer

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/mr-tron/base58"
	"golang.org/x/text/unicode/norm"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// Bounds of share links.
const (
	maxShareLabel = 80                        // characters
	maxShareLife  = 10 * 365 * 24 * time.Hour // then the earner had better think again
	maxShares     = 200                       // of one badge that are open at a time
)

// NewShare is what an earner says of a link that they make.
type NewShare struct {
	Label     string    // for whom; nobody else reads it
	ExpiresAt time.Time // zero: when it is closed
	Score     bool      // show the score to whoever has the link
	Evidence  bool      // and the exams behind the badge
	Click     string    // random text of the form that was sent: sending it twice makes one link
}

// ShareLink is a share link as the earner who made it sees it.
type ShareLink struct {
	ledger.Share
	URL string // with its secret
}

// Open tells whether the link works at a moment.
func (l ShareLink) Open(at time.Time) bool {
	return l.RevokedAt.IsZero() && (l.ExpiresAt.IsZero() || at.Before(l.ExpiresAt))
}

// shareLink adds the address to a share. The secret in it is made from the
// master key, so that its owner can copy the link again while the ledger holds
// nothing but its hash.
func (s *Service) shareLink(h ledger.Share) ShareLink {
	return ShareLink{h, s.urls.Share(s.shareToken(h.ID), "")}
}

// shareToken is the secret of a share link: 160 bits.
func (s *Service) shareToken(id string) string { return base58.Encode(s.derived("share", id)[:20]) }

// CreateShare makes a link with which whoever has it sees one badge of the
// account. A private badge becomes unlisted by that: somebody may see it now.
// Errors: [*EarnerError], and [ErrNotPublished] where the account does not own the
// badge.
func (s *Service) CreateShare(ctx context.Context, account, award string, n NewShare) (ShareLink, error) {
	label, err := plainText("label", n.Label, maxShareLabel)
	if err != nil {
		return ShareLink{}, err
	}
	now := s.Now()
	switch {
	case n.ExpiresAt.IsZero():
	case !n.ExpiresAt.After(now):
		return ShareLink{}, &EarnerError{Field: "until", Code: "until-over"}
	case n.ExpiresAt.Sub(now) > maxShareLife:
		return ShareLink{}, &EarnerError{Field: "until", Code: "until-far"}
	}
	id := s.newID()
	if n.Click != "" {
		sum := sha256.Sum256([]byte(account + "\n" + award + "\n" + n.Click))
		id = base58.Encode(sum[:16])
	}
	h := ledger.Share{
		ID: id, Hash: tokenHash(s.shareToken(id)), Account: account, Award: award, Label: label,
		Score: n.Score, Evidence: n.Evidence, CreatedAt: now, ExpiresAt: n.ExpiresAt,
	}
	err = s.changeOwn(ctx, account, award, func(tx *ledger.Tx, w ledger.Award) error {
		made, err := tx.Shares(ctx, account, award)
		if err != nil {
			return err
		}
		open := 0
		for _, old := range made {
			if old.ID == h.ID {
				h = old
				return nil
			}
			if s.shareLink(old).Open(now) {
				open++
			}
		}
		if open >= maxShares {
			return &EarnerError{Field: "label", Code: "many-shares", Most: open}
		}
		if err := tx.AddShare(ctx, h); err != nil {
			return err
		}
		if err := s.audit(ctx, tx, account, "share.created", h.ID, award); err != nil {
			return err
		}
		if w.Visibility != ledger.Private {
			return nil
		}
		return s.show(ctx, tx, account, w, ledger.Unlisted)
	})
	return s.shareLink(h), err
}

// Shares returns the links to one badge that an account has made, newest first,
// closed ones too.
func (s *Service) Shares(ctx context.Context, account, award string) ([]ShareLink, error) {
	return s.shareLinks(ctx, func(tx *ledger.Tx) ([]ledger.Share, error) { return tx.Shares(ctx, account, award) })
}

// SharesOf returns all links that an account has made, newest first.
func (s *Service) SharesOf(ctx context.Context, account string) ([]ShareLink, error) {
	return s.shareLinks(ctx, func(tx *ledger.Tx) ([]ledger.Share, error) { return tx.SharesOfAccount(ctx, account) })
}

func (s *Service) shareLinks(ctx context.Context, read func(*ledger.Tx) ([]ledger.Share, error)) ([]ShareLink, error) {
	var list []ShareLink
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		made, err := read(tx)
		list = make([]ShareLink, len(made))
		for i, h := range made {
			list[i] = s.shareLink(h)
		}
		return err
	})
	return list, err
}

// RevokeShare closes a link that an account has made; closing it twice is
// closing it once. [ErrNotPublished] where it has made none of that id.
func (s *Service) RevokeShare(ctx context.Context, account, id string) error {
	return s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		if err := tx.RevokeShare(ctx, account, id, s.Now()); err != nil {
			return unpublished(err)
		}
		return s.audit(ctx, tx, account, "share.revoked", id, "")
	})
}

// Shared is a badge as a share link shows it.
type Shared struct {
	*Publication
	Shown []ShownExam
}

// FollowShare returns the badge that a share link leads to. A link that was
// closed, whose time is over, or that never was: [ErrNotPublished].
func (s *Service) FollowShare(ctx context.Context, token string) (*Shared, error) {
	out := &Shared{}
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		h, err := s.liveShare(ctx, tx, token)
		if err != nil {
			return err
		}
		w, err := tx.Award(ctx, h.Award)
		if err != nil {
			return err
		}
		if out.Publication, err = s.publicationOf(ctx, tx, w); err != nil {
			return err
		}
		out.Shown, err = s.shown(ctx, tx, w, h.Score, h.Evidence)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, s.nameExams(ctx, out.Issuer.Slug, out.Shown)
}

// liveShare finds the share of a link that works now.
func (s *Service) liveShare(ctx context.Context, tx *ledger.Tx, token string) (ledger.Share, error) {
	h, err := tx.LiveShare(ctx, tokenHash(token), s.Now())
	return h, unpublished(err)
}

// CountView notes that somebody has opened a share link's page. A link that is
// closed is not counted, and that is no error.
func (s *Service) CountView(ctx context.Context, token string) error {
	err := s.ledger.Update(ctx, func(tx *ledger.Tx) error { return tx.ViewShare(ctx, tokenHash(token), s.Now()) })
	if errors.Is(err, ledger.ErrNotFound) {
		return nil
	}
	return err
}

// SharedAssertion returns a badge as a hosted OB 2.0 Assertion whose id is the
// address under the share link: so it verifies for as long as the link is open
// (OB 2.0, Hosted Badges).
func (s *Service) SharedAssertion(ctx context.Context, token string) (*Document, error) {
	sight := s.As(Viewer{Share: token})
	shared, err := s.FollowShare(ctx, token)
	if err != nil {
		return nil, err
	}
	d, err := sight.Assertion(ctx, shared.Award.ID)
	if err != nil || d.Status != 200 {
		return s.addressed(d, token, shared.Award.ID), err
	}
	p, err := sight.Publication(ctx, shared.Award.ID)
	if err != nil {
		return nil, err
	}
	a := s.hostedAssertion(p.draft())
	a.ID = s.urls.Share(token, "/assertion")
	a.Image.ID = s.urls.Share(token, ".png")
	return jsonDocument(TypeLD, cachePrivate, a)
}

// ShareQR returns the QR code of a share link as PNG, of a side between 100 and
// 1200 pixels. The caller has followed the link.
func (s *Service) ShareQR(token string, size int) (*Document, error) {
	studio, err := s.studio()
	if err != nil {
		return nil, err
	}
	body, err := studio.QR(s.urls.Share(token, ""), min(max(size, 100), 1200))
	if err != nil {
		return nil, fmt.Errorf("QR code of a share link: %w", err)
	}
	return document(TypePNG, cachePrivate, body), nil
}

// sharedDocument is a badge in the form that an address under a share link
// names, for the verifier.
func (s *Service) sharedDocument(ctx context.Context, name string) (*Document, error) {
	if token, ok := strings.CutSuffix(name, "/assertion"); ok {
		return s.SharedAssertion(ctx, token)
	}
	token, suffix, _ := strings.Cut(name, ".")
	shared, err := s.FollowShare(ctx, token)
	if err != nil {
		return nil, err
	}
	sight, id := s.As(Viewer{Share: token}), shared.Award.ID
	switch suffix {
	case "", "json":
		return sight.CredentialJSON(ctx, id)
	case "jwt":
		return sight.CredentialJWT(ctx, id)
	case "png":
		return sight.BakedPNG(ctx, id)
	case "svg":
		return sight.BakedSVG(ctx, id)
	case "ob2.svg":
		return sight.BakedOB2SVG(ctx, id)
	}
	return nil, ErrNotPublished
}

// addressed names a document that tells of an ended award by the address under
// a share link.
func (s *Service) addressed(d *Document, token, award string) *Document {
	if d == nil {
		return nil
	}
	body := strings.ReplaceAll(string(d.Body), s.urls.Assertion(award), s.urls.Share(token, "/assertion"))
	out := document(d.Type, cachePrivate, []byte(body))
	out.Status = d.Status
	return out
}

// plainText checks one line of text that an earner writes: it is trimmed and
// normalised, and refused where it is too long or has control characters, or
// characters that turn the text around it.
func plainText(field, text string, most int) (string, error) {
	text = strings.TrimSpace(norm.NFC.String(text))
	switch {
	case len([]rune(text)) > most:
		return "", &EarnerError{Field: field, Code: "long", Most: most}
	case strings.ContainsFunc(text, isControl), strings.ContainsFunc(text, isDirection):
		return "", &EarnerError{Field: field, Code: "control"}
	}
	return text, nil
}

// isDirection holds for characters that change the direction of what stands
// behind them, so that a text reads as another.
func isDirection(r rune) bool {
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}
