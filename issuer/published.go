package issuer

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/accolade-badges/accolade/issuer/catalogue"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/openbadges"
	"github.com/accolade-badges/accolade/openbadges/bake"
)

// Status is what an award is at the moment, derived from dates and facts and
// never stored.
type Status string

// The statuses of an award.
const (
	Current   Status = "current"
	Expired   Status = "expired"
	Suspended Status = "suspended"
	Revoked   Status = "revoked"
)

// StatusOf derives the status of an award at a moment.
func StatusOf(w ledger.Award, at time.Time) Status {
	switch {
	case !w.RevokedAt.IsZero():
		return Revoked
	case !w.SuspendedAt.IsZero():
		return Suspended
	case !w.ExpiresAt.IsZero() && !at.Before(w.ExpiresAt):
		return Expired
	}
	return Current
}

// ExpiresSoon tells whether an award is in force at a moment but ends within the
// next thirty days.
func ExpiresSoon(w ledger.Award, at time.Time) bool {
	return StatusOf(w, at) == Current && !w.ExpiresAt.IsZero() && w.ExpiresAt.Sub(at) < soon
}

// Publication is an award with all that its page shows.
type Publication struct {
	Award       ledger.Award
	Issuer      ledger.Issuer
	Achievement ledger.Achievement
	Facts       catalogue.AchievementFacts
	Status      Status
	Edition     ledger.Edition // the newest; its number is 0 while none is signed
	Language    string         // of its pictures and certificate (BCP 47), "" when nobody said
}

// Publication returns the award to a stranger: [ErrNotPublished] unless it is
// public.
func (s *Service) Publication(ctx context.Context, id string) (*Publication, error) {
	p, err := s.AnyPublication(ctx, id)
	if errors.Is(err, ErrNoAward) {
		return nil, ErrNotPublished
	}
	if err == nil && p.Award.Visibility != ledger.Public {
		return nil, ErrNotPublished
	}
	return p, err
}

// AnyPublication returns the award to somebody who may see it whatever its
// visibility: its earner, or the programme.
func (s *Service) AnyPublication(ctx context.Context, id string) (*Publication, error) {
	d := draft{}
	p := &Publication{}
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		if d.award, err = tx.Award(ctx, id); err != nil {
			if errors.Is(err, ledger.ErrNotFound) {
				return ErrNoAward
			}
			return err
		}
		if !d.award.ErasedAt.IsZero() { // a tombstone says nothing
			return ErrNoAward
		}
		p.Edition, err = tx.Edition(ctx, id)
		if err != nil && !errors.Is(err, ledger.ErrNotFound) {
			return err
		}
		return s.readParts(ctx, tx, &d)
	})
	if err != nil {
		return nil, err
	}
	p.Award, p.Issuer, p.Achievement, p.Facts = d.award, d.issuer, d.achievement, d.facts
	p.Status = StatusOf(d.award, s.Now())
	return p, nil
}

// signedPublication is Publication of an award that must be signed by now; one
// that still waits for its job is signed here.
func (s *Service) signedPublication(ctx context.Context, id string, see seer) (*Publication, error) {
	p, err := see(ctx, id)
	if err != nil {
		return nil, err
	}
	if p.Edition.Number >= p.Award.Edition {
		return p, nil
	}
	if err := s.signAward(ctx, id, func(*ledger.Tx) error { return nil }); err != nil {
		return nil, err
	}
	return see(ctx, id)
}

// seer decides whether somebody may see an award: Publication, AnyPublication, or
// what a [Sight] sees.
type seer func(ctx context.Context, id string) (*Publication, error)

// CredentialJSON returns the newest edition of a public award as OB 3.0 with
// its Data Integrity proof, byte for byte as it was signed.
func (s *Service) CredentialJSON(ctx context.Context, id string) (*Document, error) {
	return s.credentialJSON(ctx, id, s.Publication)
}

func (s *Service) credentialJSON(ctx context.Context, id string, see seer) (*Document, error) {
	p, err := s.signedPublication(ctx, id, see)
	if err != nil {
		return nil, err
	}
	return document(TypeOB3, cacheRevalidate, p.Edition.Credential), nil
}

// CredentialJWT returns the newest edition of a public award as OB 3.0 VC-JWT.
func (s *Service) CredentialJWT(ctx context.Context, id string) (*Document, error) {
	return s.credentialJWT(ctx, id, s.Publication)
}

func (s *Service) credentialJWT(ctx context.Context, id string, see seer) (*Document, error) {
	if _, err := s.signedPublication(ctx, id, see); err != nil {
		return nil, err
	}
	e, err := s.sealed(ctx, id)
	if err != nil {
		return nil, err
	}
	return document(TypeText, cacheRevalidate, []byte(e.JWT)), nil
}

// Assertion returns a public award as a hosted OB 2.0 Assertion, or, with
// status 410, the fact that it was revoked or is suspended.
func (s *Service) Assertion(ctx context.Context, id string) (*Document, error) {
	return s.hosted(ctx, id, s.Publication)
}

func (s *Service) hosted(ctx context.Context, id string, see seer) (*Document, error) {
	p, err := s.signedPublication(ctx, id, see)
	if err != nil {
		return nil, err
	}
	if p.Status == Revoked || p.Status == Suspended {
		gone, err := jsonDocument(TypeLD, cacheRevalidate, struct {
			Context openbadges.Contexts `json:"@context"`
			ID      string              `json:"id"`
			Type    string              `json:"type"`
			Revoked bool                `json:"revoked"`
			Reason  string              `json:"revocationReason"`
		}{ob2Contexts(), s.urls.Assertion(id), "Assertion", true, endReason(p.Award)})
		if err == nil {
			gone.Status = http.StatusGone
		}
		return gone, err
	}
	return jsonDocument(TypeLD, cacheRevalidate, s.hostedAssertion(p.draft()))
}

func (p *Publication) draft() draft {
	return draft{
		award: p.Award, issuer: p.Issuer, achievement: p.Achievement, facts: p.Facts,
		ids: subjectIDs{p.Edition.Subject, p.Edition.Salt}, validFrom: p.Edition.ValidFrom,
	}
}

// signedOB2 returns the award as an OB 2.0 JWS (OB 2.0, Signed Badges).
func (s *Service) signedOB2(ctx context.Context, id string, see seer) (*Document, error) {
	if _, err := s.signedPublication(ctx, id, see); err != nil {
		return nil, err
	}
	e, err := s.sealed(ctx, id)
	if err != nil {
		return nil, err
	}
	return document(TypeText, cacheRevalidate, []byte(e.OB2)), nil
}

// BakedPNG returns a public award's picture with both credentials in it: the OB
// 3.0 JSON and the OB 2.0 JWS, each under its own keyword.
func (s *Service) BakedPNG(ctx context.Context, id string) (*Document, error) {
	return s.bakedPNG(ctx, id, s.Publication)
}

func (s *Service) bakedPNG(ctx context.Context, id string, see seer) (*Document, error) {
	p, err := s.signedPublication(ctx, id, see)
	if err != nil {
		return nil, err
	}
	e, err := s.sealed(ctx, id)
	if err != nil {
		return nil, err
	}
	picture, err := s.picture(p, bakedSize, "")
	if err != nil {
		return nil, err
	}
	baked, err := bake.PNG(nil, picture,
		bake.Chunk{Keyword: bake.KeywordOB3, Text: e.Credential}, bake.Chunk{Keyword: bake.KeywordOB2, Text: []byte(e.OB2)})
	if err != nil {
		return nil, fmt.Errorf("bake award %s: %w", id, err)
	}
	return document(TypePNG, cacheRevalidate, baked), nil
}

// BakedSVG returns a public award's picture as SVG with its OB 3.0 credential.
func (s *Service) BakedSVG(ctx context.Context, id string) (*Document, error) {
	return s.bakedSVG(ctx, id, s.Publication)
}

func (s *Service) bakedSVG(ctx context.Context, id string, see seer) (*Document, error) {
	p, err := s.signedPublication(ctx, id, see)
	if err != nil {
		return nil, err
	}
	return s.bakeSVG(p, bake.Element{Generation: bake.OB3, JSON: p.Edition.Credential})
}

// BakedOB2SVG returns a public award's picture as SVG with its OB 2.0 JWS: one
// element cannot carry the namespaces of both generations.
func (s *Service) BakedOB2SVG(ctx context.Context, id string) (*Document, error) {
	return s.bakedOB2SVG(ctx, id, s.Publication)
}

func (s *Service) bakedOB2SVG(ctx context.Context, id string, see seer) (*Document, error) {
	p, err := s.signedPublication(ctx, id, see)
	if err != nil {
		return nil, err
	}
	e, err := s.sealed(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.bakeSVG(p, bake.Element{Generation: bake.OB2, Verify: e.OB2})
}

func (s *Service) bakeSVG(p *Publication, e bake.Element) (*Document, error) {
	key := fmt.Sprint("svg/", p.Achievement.Slug, "/", p.Achievement.Version, "/", p.Issuer.Name, p.Issuer.Colour)
	picture, err := s.pictures.get(key, func() ([]byte, error) {
		studio, err := s.studio()
		if err != nil {
			return nil, err
		}
		return studio.SVG(s.badge(p))
	})
	if err != nil {
		return nil, err
	}
	baked, err := bake.SVG(picture, e)
	if err != nil {
		return nil, fmt.Errorf("bake award %s: %w", p.Award.ID, err)
	}
	return document(TypeSVG, cacheRevalidate, baked), nil
}

// Format names a form in which an award can be exported.
type Format string

// The forms of an award.
const (
	FormatJSON   Format = "json"    // OB 3.0, Data Integrity
	FormatJWT    Format = "jwt"     // OB 3.0, VC-JWT
	FormatPNG    Format = "png"     // both baked in
	FormatSVG    Format = "svg"     // OB 3.0 baked in
	FormatOB2    Format = "ob2"     // OB 2.0 assertion as hosted
	FormatOB2JWS Format = "ob2-jws" // OB 2.0, signed
	FormatPDF    Format = "pdf"     // certificate to print
)

// Formats lists every form, with the file ending that goes with it.
func Formats() map[Format]string {
	return map[Format]string{
		FormatJSON: ".json", FormatJWT: ".jwt", FormatPNG: ".png", FormatSVG: ".svg",
		FormatOB2: ".ob2.json", FormatOB2JWS: ".ob2.jws", FormatPDF: ".pdf",
	}
}

// Export returns an award in one form whatever its visibility: for its earner,
// or the programme.
func (s *Service) Export(ctx context.Context, id string, f Format) (*Document, error) {
	switch f {
	case FormatJSON:
		return s.credentialJSON(ctx, id, s.AnyPublication)
	case FormatJWT:
		return s.credentialJWT(ctx, id, s.AnyPublication)
	case FormatPNG:
		return s.bakedPNG(ctx, id, s.AnyPublication)
	case FormatSVG:
		return s.bakedSVG(ctx, id, s.AnyPublication)
	case FormatOB2:
		return s.hosted(ctx, id, s.AnyPublication)
	case FormatOB2JWS:
		return s.signedOB2(ctx, id, s.AnyPublication)
	case FormatPDF:
		return s.certificate(ctx, id, s.AnyPublication, s.urls.Badge(id, ""))
	}
	return nil, &InvalidError{[]FieldError{{"format", fmt.Sprintf("%q is no format; use json, jwt, png, svg, ob2, ob2-jws or pdf", f)}}}
}
