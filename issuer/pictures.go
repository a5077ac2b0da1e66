package issuer

import (
	"context"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/accolade-badges/accolade/issuer/art"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// bakedSize is the side of a baked picture in pixels.
const bakedSize = 600

// soon is how long before its end an award "expires soon".
const soon = 30 * 24 * time.Hour

// pictureSizes are the sides in which live pictures are drawn; a request for
// another gets the next larger one, so that strangers cannot fill the cache.
var pictureSizes = []int{64, 96, 120, 128, 192, 240, 300, 400, 600, 800, 1200}

// maxKeptPictures bounds the cache: some 40 KB each.
const maxKeptPictures = 2000

// pictures keeps what was drawn. A drawing depends on nothing but its key.
type pictures struct {
	mu      sync.Mutex
	kept    map[string][]byte
	drawing singleflight.Group
}

// get returns the kept picture of key, or draws and keeps it. Whoever asks while
// it is drawn waits for that drawing: a badge that is shared widely is asked for
// many times at once.
func (p *pictures) get(key string, draw func() ([]byte, error)) ([]byte, error) {
	p.mu.Lock()
	body, ok := p.kept[key]
	p.mu.Unlock()
	if ok {
		return body, nil
	}
	drawn, err, _ := p.drawing.Do(key, func() (any, error) {
		body, err := draw()
		if err != nil {
			return nil, err
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.kept == nil || len(p.kept) >= maxKeptPictures {
			p.kept = map[string][]byte{}
		}
		p.kept[key] = body
		return body, nil
	})
	if err != nil {
		return nil, err
	}
	return drawn.([]byte), nil
}

// badge turns an achievement into what the studio draws, in the publication's
// language.
func (s *Service) badge(p *Publication) art.Badge {
	words := drawn(p.Language)
	b := art.Badge{
		Title: words.title(p.Facts), Level: words.level(p.Facts, p.Achievement.Kind), Issuer: p.Issuer.Name, Kind: art.Kind(p.Facts.Shape),
		Colour: p.Issuer.Colour, Language: words.tag, Figure: p.Achievement.Slug,
	}
	if p.Achievement.Kind == ledger.KindExam {
		b.Code = p.Facts.Code
	}
	return b
}

// stateOf is what a live picture shows of an award, with the word for it.
func stateOf(p *Publication, now time.Time) (art.State, string) {
	state := art.Current
	switch p.Status {
	case Revoked:
		state = art.Revoked
	case Suspended:
		state = art.Suspended
	case Expired:
		state = art.Expired
	default:
		if ExpiresSoon(p.Award, now) {
			state = art.ExpiresSoon
		}
	}
	return state, drawn(p.Language).state(state)
}

// picture draws a publication's badge at the next size that is drawn; with a
// state it shows it.
func (s *Service) picture(p *Publication, size int, state art.State) ([]byte, error) {
	side := pictureSizes[len(pictureSizes)-1]
	for _, n := range pictureSizes {
		if n >= size {
			side = n
			break
		}
	}
	key := fmt.Sprint(p.Achievement.Slug, "/", p.Achievement.Version, "/", p.Issuer.Name, p.Issuer.Colour, "/", side, "/", state, "/", drawn(p.Language).tag)
	return s.pictures.get(key, func() ([]byte, error) {
		studio, err := s.studio()
		if err != nil {
			return nil, err
		}
		b := s.badge(p)
		if state != art.Current {
			b.State, b.StateText = stateOf(p, s.Now())
		}
		return studio.PNG(b, side)
	})
}

// LivePicture returns the picture of a public award as it stands now: plain,
// or marked as expiring soon, expired, suspended or revoked.
func (s *Service) LivePicture(ctx context.Context, id string, size int) (*Document, error) {
	return s.livePicture(ctx, id, size, s.Publication)
}

func (s *Service) livePicture(ctx context.Context, id string, size int, see seer) (*Document, error) {
	p, err := see(ctx, id)
	if err != nil {
		return nil, err
	}
	state, _ := stateOf(p, s.Now())
	body, err := s.picture(p, size, state)
	if err != nil {
		return nil, err
	}
	return document(TypePNG, cacheMinutes, body), nil
}

// AchievementPictureIn returns the picture of an achievement in a language (BCP
// 47).
func (s *Service) AchievementPictureIn(ctx context.Context, language, slug string, size int) (*Document, error) {
	a, is, err := s.achievementAndIssuer(ctx, slug)
	if err != nil {
		return nil, err
	}
	facts, err := factsOf(a)
	if err != nil {
		return nil, err
	}
	body, err := s.picture(&Publication{Issuer: is, Achievement: a, Facts: facts, Language: language}, size, art.Current)
	if err != nil {
		return nil, err
	}
	return document(TypePNG, cacheMinutes, body), nil
}

// IssuerPicture returns a picture that stands for an issuer.
func (s *Service) IssuerPicture(ctx context.Context, slug string) (*Document, error) {
	is, _, err := s.issuerAndKeys(ctx, slug)
	if err != nil {
		return nil, err
	}
	body, err := s.pictures.get("issuer/"+is.Slug+"/"+is.Name+is.Colour, func() ([]byte, error) {
		studio, err := s.studio()
		if err != nil {
			return nil, err
		}
		return studio.PNG(art.Badge{Title: is.Name, Kind: art.Professional, Colour: is.Colour, Language: "en"}, 400)
	})
	if err != nil {
		return nil, err
	}
	return document(TypePNG, cacheMinutes, body), nil
}

// Card returns the social card of a public award, 1200 by 630.
func (s *Service) Card(ctx context.Context, id string) (*Document, error) {
	return s.card(ctx, id, s.Publication)
}

func (s *Service) card(ctx context.Context, id string, see seer) (*Document, error) {
	p, err := see(ctx, id)
	if err != nil {
		return nil, err
	}
	state, word := stateOf(p, s.Now())
	words := drawn(p.Language)
	key := fmt.Sprint("card/", id, "/", p.Award.Version, "/", p.Issuer.Name, p.Issuer.Colour, "/", state, "/", words.tag)
	body, err := s.pictures.get(key, func() ([]byte, error) {
		studio, err := s.studio()
		if err != nil {
			return nil, err
		}
		b := s.badge(p)
		b.State, b.StateText = state, word
		return studio.Card(art.Card{
			Badge: b, Earner: p.Award.Name, Headline: words.headline, Line: fmt.Sprintf(words.awarded, words.day(p.Award.AttainedAt)), URL: s.urls.Badge(id, ""),
		})
	})
	if err != nil {
		return nil, err
	}
	return document(TypePNG, cacheMinutes, body), nil
}

// QR returns the QR code of a public award's address as PNG.
func (s *Service) QR(ctx context.Context, id string, size int) (*Document, error) {
	return s.qr(ctx, id, size, s.Publication)
}

func (s *Service) qr(ctx context.Context, id string, size int, see seer) (*Document, error) {
	if _, err := see(ctx, id); err != nil {
		return nil, err
	}
	side := min(max(size, 100), 1200)
	body, err := s.pictures.get(fmt.Sprint("qr/", id, "/", side), func() ([]byte, error) {
		studio, err := s.studio()
		if err != nil {
			return nil, err
		}
		return studio.QR(s.urls.Badge(id, ""), side)
	})
	if err != nil {
		return nil, err
	}
	return document(TypePNG, cacheMinutes, body), nil
}

// Certificate returns a public award as a PDF to print, its credential attached,
// in its earner's language.
func (s *Service) Certificate(ctx context.Context, id string) (*Document, error) {
	return s.certificate(ctx, id, s.Publication, s.urls.Badge(id, ""))
}

// certificate draws the certificate of an award; its code leads to page.
func (s *Service) certificate(ctx context.Context, id string, see seer, page string) (*Document, error) {
	p, err := s.signedPublication(ctx, id, see)
	if err != nil {
		return nil, err
	}
	if p.Language == "" {
		if p.Language, err = s.earnersLanguage(ctx, p.Award); err != nil {
			return nil, err
		}
	}
	state, word := stateOf(p, s.Now())
	key := fmt.Sprint("pdf/", id, "/", p.Award.Version, "/", p.Edition.Number, "/", p.Issuer.Name, p.Issuer.Colour, "/", state, "/", drawn(p.Language).tag, "/", page)
	body, err := s.pictures.get(key, func() ([]byte, error) {
		studio, err := s.studio()
		if err != nil {
			return nil, err
		}
		c := s.certificateOf(p)
		c.URL = page
		c.State, c.StateText = state, word
		return studio.Certificate(c)
	})
	if err != nil {
		return nil, fmt.Errorf("certificate of award %s: %w", id, err)
	}
	return document(TypePDF, cacheRevalidate, body), nil
}

// certificateOf says in words what the certificate of an award shows.
func (s *Service) certificateOf(p *Publication) art.Certificate {
	words, id := drawn(p.Language), p.Award.ID
	achieved := words.earned
	if p.Achievement.Kind == ledger.KindExam {
		achieved = words.passed
	}
	return art.Certificate{
		Badge: s.badge(p), Earner: p.Award.Name, Statement: words.statement(p), Achieved: achieved, Lines: words.lines(p),
		URL: s.urls.Badge(id, ""), Verify: words.verify, Credential: p.Edition.Credential,
		CredentialName: "badge-" + id + ".json", Issued: p.Edition.SignedAt,
	}
}
