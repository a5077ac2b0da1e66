package issuer

import (
	"context"
	"errors"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// Viewer is who looks at an award. The zero Viewer is a stranger.
type Viewer struct {
	Account string // id of the account that is signed in, or ""
	Share   string // secret of the share link that was followed, or ""
}

// See returns an award to a viewer who may see it: anybody while it is public,
// its owner always, and whoever follows a live share link to it, private or
// not, for that is what giving somebody a link means. All others get
// [ErrNotPublished], the same as for an award that never was.
func (s *Service) See(ctx context.Context, v Viewer, id string) (*Publication, error) {
	p, err := s.AnyPublication(ctx, id)
	switch {
	case errors.Is(err, ErrNoAward):
		return nil, ErrNotPublished
	case err != nil:
		return nil, err
	case p.Award.Visibility == ledger.Public:
		return p, nil
	}
	err = s.ledger.View(ctx, func(tx *ledger.Tx) error { return s.admit(ctx, tx, v, p.Award) })
	if err != nil {
		return nil, err
	}
	return p, nil
}

// admit answers nil where a viewer may see an award that is not public.
func (s *Service) admit(ctx context.Context, tx *ledger.Tx, v Viewer, w ledger.Award) error {
	if v.Account != "" && v.Account == w.Account {
		return nil
	}
	if v.Share == "" {
		return ErrNotPublished
	}
	share, err := tx.LiveShare(ctx, tokenHash(v.Share), s.Now())
	if err == nil && share.Award != w.ID {
		err = ErrNotPublished
	}
	return unpublished(err)
}

// Sight is what one viewer sees of awards: each of its methods answers as
// [Service.See] decides. What a stranger would not see is kept by no cache.
type Sight struct {
	s        *Service
	v        Viewer
	language string
}

// As returns what a viewer sees.
func (s *Service) As(v Viewer) Sight { return Sight{s: s, v: v} }

// In returns the same with pictures and certificates in a language (BCP 47);
// readers of a language that is not spoken here get English.
func (g Sight) In(language string) Sight {
	g.language = language
	return g
}

// cachePrivate is for what only some may see.
const cachePrivate = "private, no-store"

func (g Sight) see(ctx context.Context, id string) (*Publication, error) {
	p, err := g.s.See(ctx, g.v, id)
	if err != nil {
		return nil, err
	}
	p.Language = g.language
	return p, nil
}

// kept says of a document that is not for everybody that nobody keeps it.
func (g Sight) kept(ctx context.Context, id string, d *Document, err error) (*Document, error) {
	if err != nil || g.v == (Viewer{}) {
		return d, err
	}
	if _, err := g.s.Publication(ctx, id); errors.Is(err, ErrNotPublished) {
		d.Cache = cachePrivate
	} else if err != nil {
		return nil, err
	}
	return d, nil
}

// Publication returns the award with all that its page shows.
func (g Sight) Publication(ctx context.Context, id string) (*Publication, error) {
	return g.see(ctx, id)
}

// CredentialJSON is [Service.CredentialJSON] for the viewer.
func (g Sight) CredentialJSON(ctx context.Context, id string) (*Document, error) {
	d, err := g.s.credentialJSON(ctx, id, g.see)
	return g.kept(ctx, id, d, err)
}

// CredentialJWT is [Service.CredentialJWT] for the viewer.
func (g Sight) CredentialJWT(ctx context.Context, id string) (*Document, error) {
	d, err := g.s.credentialJWT(ctx, id, g.see)
	return g.kept(ctx, id, d, err)
}

// Assertion is [Service.Assertion] for the viewer.
func (g Sight) Assertion(ctx context.Context, id string) (*Document, error) {
	d, err := g.s.hosted(ctx, id, g.see)
	return g.kept(ctx, id, d, err)
}

// BakedPNG is [Service.BakedPNG] for the viewer.
func (g Sight) BakedPNG(ctx context.Context, id string) (*Document, error) {
	d, err := g.s.bakedPNG(ctx, id, g.see)
	return g.kept(ctx, id, d, err)
}

// BakedSVG is [Service.BakedSVG] for the viewer.
func (g Sight) BakedSVG(ctx context.Context, id string) (*Document, error) {
	d, err := g.s.bakedSVG(ctx, id, g.see)
	return g.kept(ctx, id, d, err)
}

// BakedOB2SVG is [Service.BakedOB2SVG] for the viewer.
func (g Sight) BakedOB2SVG(ctx context.Context, id string) (*Document, error) {
	d, err := g.s.bakedOB2SVG(ctx, id, g.see)
	return g.kept(ctx, id, d, err)
}

// Certificate is [Service.Certificate] for the viewer. The code on one that is
// had by a share link leads to where the link does.
func (g Sight) Certificate(ctx context.Context, id string) (*Document, error) {
	page := g.s.urls.Badge(id, "")
	if g.v.Share != "" {
		page = g.s.urls.Share(g.v.Share, "")
	}
	d, err := g.s.certificate(ctx, id, g.see, page)
	return g.kept(ctx, id, d, err)
}

// LivePicture is [Service.LivePicture] for the viewer.
func (g Sight) LivePicture(ctx context.Context, id string, size int) (*Document, error) {
	d, err := g.s.livePicture(ctx, id, size, g.see)
	return g.kept(ctx, id, d, err)
}

// Card is [Service.Card] for the viewer.
func (g Sight) Card(ctx context.Context, id string) (*Document, error) {
	d, err := g.s.card(ctx, id, g.see)
	return g.kept(ctx, id, d, err)
}

// QR is [Service.QR] for the viewer.
func (g Sight) QR(ctx context.Context, id string, size int) (*Document, error) {
	d, err := g.s.qr(ctx, id, size, g.see)
	return g.kept(ctx, id, d, err)
}
