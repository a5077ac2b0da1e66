package issuer

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/accolade-badges/accolade/issuer/art"
	"github.com/accolade-badges/accolade/issuer/catalogue"
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
	mu   sync.Mutex
	kept map[string][]byte
}

// get returns the kept picture of key, or draws and keeps it.
func (p *pictures) get(key string, draw func() ([]byte, error)) ([]byte, error) {
	p.mu.Lock()
	body, ok := p.kept[key]
	p.mu.Unlock()
	if ok {
		return body, nil
	}
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
}

// badge turns an achievement into what the studio draws.
func (s *Service) badge(is ledger.Issuer, a ledger.Achievement, f catalogue.AchievementFacts) art.Badge {
	b := art.Badge{
		Title: f.Title, Level: levelWord(f, a.Kind), Issuer: is.Name, Kind: art.Kind(f.Shape),
		Colour: is.Colour, Language: "en",
	}
	if a.Kind == ledger.KindExam {
		b.Code = f.Code
	}
	return b
}

// levelWord is the small line of a badge picture.
func levelWord(f catalogue.AchievementFacts, kind string) string {
	if kind == ledger.KindExam {
		return "Exam"
	}
	if f.Level == "" {
		return "Certification"
	}
	return strings.ToUpper(f.Level[:1]) + f.Level[1:]
}

// stateOf is what a live picture shows of an award.
func stateOf(p *Publication, now time.Time) (art.State, string) {
	switch p.Status {
	case Revoked:
		return art.Revoked, "Revoked"
	case Suspended:
		return art.Suspended, "Suspended"
	case Expired:
		return art.Expired, "Expired"
	}
	if ExpiresSoon(p.Award, now) {
		return art.ExpiresSoon, "Expires soon"
	}
	return art.Current, ""
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
	key := fmt.Sprint(p.Achievement.Slug, "/", p.Achievement.Version, "/", p.Issuer.Name, p.Issuer.Colour, "/", side, "/", state)
	return s.pictures.get(key, func() ([]byte, error) {
		studio, err := s.studio()
		if err != nil {
			return nil, err
		}
		b := s.badge(p.Issuer, p.Achievement, p.Facts)
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

// AchievementPicture returns the picture of an achievement.
func (s *Service) AchievementPicture(ctx context.Context, slug string, size int) (*Document, error) {
	a, is, err := s.achievementAndIssuer(ctx, slug)
	if err != nil {
		return nil, err
	}
	facts, err := factsOf(a)
	if err != nil {
		return nil, err
	}
	body, err := s.picture(&Publication{Issuer: is, Achievement: a, Facts: facts}, size, art.Current)
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
	key := fmt.Sprint("card/", id, "/", p.Award.Version, "/", p.Issuer.Name, p.Issuer.Colour, "/", state)
	body, err := s.pictures.get(key, func() ([]byte, error) {
		studio, err := s.studio()
		if err != nil {
			return nil, err
		}
		b := s.badge(p.Issuer, p.Achievement, p.Facts)
		b.State, b.StateText = state, word
		return studio.Card(art.Card{
			Badge: b, Earner: p.Award.Name, Headline: "Open Badge", Line: "Awarded " + longDate(p.Award.AttainedAt), URL: s.urls.Badge(id, ""),
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

// Certificate returns a public award as a PDF to print, its credential attached.
func (s *Service) Certificate(ctx context.Context, id string) (*Document, error) {
	return s.certificate(ctx, id, s.Publication)
}

func (s *Service) certificate(ctx context.Context, id string, see seer) (*Document, error) {
	p, err := s.signedPublication(ctx, id, see)
	if err != nil {
		return nil, err
	}
	state, word := stateOf(p, s.Now())
	key := fmt.Sprint("pdf/", id, "/", p.Award.Version, "/", p.Edition.Number, "/", p.Issuer.Name, p.Issuer.Colour, "/", state)
	body, err := s.pictures.get(key, func() ([]byte, error) {
		studio, err := s.studio()
		if err != nil {
			return nil, err
		}
		c := s.certificateOf(p)
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
	lines := []string{"Awarded " + longDate(p.Award.AttainedAt) + " by " + p.Issuer.Name}
	if p.Award.ExpiresAt.IsZero() {
		lines = append(lines, "Does not expire")
	} else {
		lines = append(lines, "Valid until "+longDate(p.Award.ExpiresAt))
	}
	lines = append(lines, "Licence number "+LicenceNumber(p.Award.ID))
	achieved := "has earned the certification"
	if p.Achievement.Kind == ledger.KindExam {
		achieved = "has passed the exam"
	}
	id := p.Award.ID
	return art.Certificate{
		Badge: s.badge(p.Issuer, p.Achievement, p.Facts), Earner: p.Award.Name, Statement: "This certifies that", Achieved: achieved, Lines: lines,
		URL: s.urls.Badge(id, ""), Verify: "Verify at", Credential: p.Edition.Credential,
		CredentialName: "badge-" + id + ".json", Issued: p.Edition.SignedAt,
	}
}

func longDate(t time.Time) string { return t.UTC().Format("2 January 2006") }
