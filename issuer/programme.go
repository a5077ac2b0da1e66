package issuer

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/accolade-badges/accolade/issuer/catalogue"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// CatalogueError lists why a catalogue was refused. Nothing of it was loaded.
type CatalogueError struct{ Findings []catalogue.Finding }

func (e *CatalogueError) Error() string {
	errs := 0
	for _, f := range e.Findings {
		if f.Level == catalogue.Error {
			errs++
		}
	}
	return fmt.Sprintf("the catalogue has %d errors; nothing was loaded", errs)
}

// Loaded is what loading a catalogue did.
type Loaded struct {
	Catalogue    *catalogue.Catalogue
	Number       int // version of the issuer's catalogue, from 1
	Unchanged    bool
	Achievements int // made or given a new version
	Findings     []catalogue.Finding
}

// LoadProgramme makes source the issuer's catalogue and writes its achievements.
// Loading the same file again changes nothing. A catalogue with errors is
// refused whole with a [*CatalogueError].
func (s *Service) LoadProgramme(ctx context.Context, actor, issuer string, source []byte) (*Loaded, error) {
	cat, findings := ReadProgramme(source)
	if cat == nil {
		return nil, &CatalogueError{findings}
	}
	now := s.Now()
	out := &Loaded{Catalogue: cat, Findings: findings}
	err := s.ledger.Update(ctx, func(tx *ledger.Tx) error {
		out.Achievements = 0
		number, added, err := tx.AddCatalogue(ctx, ledger.Catalogue{
			Issuer: issuer, SHA256: sum256(source), Source: source, LoadedAt: now,
		})
		if err != nil {
			return err
		}
		out.Number, out.Unchanged = number, !added
		if !added {
			return nil
		}
		for _, a := range achievementsOf(cat, now) {
			a.Issuer = issuer
			if a.Slug, err = freeSlug(ctx, tx, a); err != nil {
				return err
			}
			version, err := tx.PutAchievement(ctx, a)
			if err != nil {
				return err
			}
			if version {
				out.Achievements++
			}
		}
		return s.audit(ctx, tx, actor, "programme.loaded", issuer, fmt.Sprintf("version %d, %s", number, cat.Programme.Name))
	})
	if err != nil {
		return nil, err
	}
	s.catalogue.latest.Delete(issuer)
	s.log.Info("programme loaded", "issuer", issuer, "version", out.Number, "unchanged", out.Unchanged)
	return out, nil
}

// achievementsOf lists what the catalogue gives badges for.
func achievementsOf(cat *catalogue.Catalogue, now time.Time) []ledger.Achievement {
	var out []ledger.Achievement
	add := func(kind, code, slug string) {
		facts, ok := cat.AchievementOf(kind, code, now)
		if !ok {
			return
		}
		data, err := json.Marshal(facts)
		if err != nil {
			panic("issuer: achievement facts always marshal: " + err.Error())
		}
		out = append(out, ledger.Achievement{
			Slug: slug, Kind: kind, Code: code, Name: facts.Title, Data: data, CreatedAt: now,
		})
	}
	for i := range cat.Certifications {
		c := &cat.Certifications[i]
		if _, has := c.BadgeFrom(); has {
			add(ledger.KindCertification, c.ID, Slug(c.ID))
		}
	}
	for i := range cat.Exams {
		e := &cat.Exams[i]
		if _, has := e.BadgeFrom(); has {
			add(ledger.KindExam, e.Code, "exam-"+Slug(e.Code))
		}
	}
	return out
}

// achievementAt returns the version of an achievement that says what it was at a
// moment: its title and its validity then, and the criteria of the requirement
// in force at the moment rule. A version that is not there yet is made, and the
// latest one put behind it again.
func achievementAt(ctx context.Context, tx *ledger.Tx, cat *catalogue.Catalogue, latest ledger.Achievement, at, rule time.Time) (ledger.Achievement, error) {
	facts, ok := cat.AchievementUnder(latest.Kind, latest.Code, at, rule)
	if !ok {
		return latest, nil
	}
	then := latest
	then.Name = facts.Title
	var err error
	if then.Data, err = json.Marshal(facts); err != nil {
		return then, fmt.Errorf("achievement %s: %w", latest.Slug, err)
	}
	for found := latest; ; {
		if found.Name == then.Name && bytes.Equal(found.Data, then.Data) {
			return found, nil
		}
		if found.Version == 1 {
			break
		}
		if found, err = tx.AchievementVersion(ctx, latest.Slug, found.Version-1); err != nil {
			return then, err
		}
	}
	if _, err := tx.PutAchievement(ctx, then); err != nil {
		return then, err
	}
	if then, err = tx.Achievement(ctx, latest.Slug); err != nil {
		return then, err
	}
	_, err = tx.PutAchievement(ctx, latest)
	return then, err
}

// freeSlug keeps the slug that the achievement has, or finds one that no other
// achievement of the installation uses.
func freeSlug(ctx context.Context, tx *ledger.Tx, a ledger.Achievement) (string, error) {
	had, err := tx.AchievementByCode(ctx, a.Issuer, a.Kind, a.Code)
	if err == nil {
		return had.Slug, nil
	}
	if !errors.Is(err, ledger.ErrNotFound) {
		return "", err
	}
	for _, slug := range []string{a.Slug, a.Issuer + "-" + a.Slug, a.Issuer + "-" + a.Kind + "-" + a.Slug} {
		_, err := tx.Achievement(ctx, slug)
		if errors.Is(err, ledger.ErrNotFound) {
			return slug, nil
		}
		if err != nil {
			return "", err
		}
	}
	return "", fmt.Errorf("%s %s: every address made from its id is taken; give it another id", a.Kind, a.Code)
}

// currentCatalogue returns the issuer's catalogue, parsed once a version.
func (s *Service) currentCatalogue(ctx context.Context, issuer string) (*loadedCatalogue, error) {
	kept, _ := s.catalogue.latest.Load(issuer)
	if have, ok := kept.(*loadedCatalogue); ok && time.Since(time.UnixMilli(have.asked.Load())) < catalogueAge {
		return have, nil
	}
	var number int
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		number, err = tx.CatalogueNumber(ctx, issuer)
		return err
	})
	if errors.Is(err, ledger.ErrNotFound) {
		return nil, &InvalidError{[]FieldError{{"exam", "the issuer has no programme yet; load one with `accolade programme load FILE`"}}}
	}
	if err != nil {
		return nil, err
	}
	if kept, ok := s.catalogue.get(issuer, number); ok {
		kept.asked.Store(time.Now().UnixMilli())
		return kept, nil
	}
	s.catalogue.parsing.Lock()
	defer s.catalogue.parsing.Unlock()
	if kept, ok := s.catalogue.get(issuer, number); ok {
		return kept, nil
	}
	var stored ledger.Catalogue
	err = s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		stored, err = tx.Catalogue(ctx, issuer)
		return err
	})
	if err != nil {
		return nil, err
	}
	cat, findings := catalogue.Parse(stored.Source)
	if cat == nil {
		return nil, fmt.Errorf("stored catalogue %d of %s: %s; load the programme again", stored.Number, issuer, findings[0])
	}
	loaded := &loadedCatalogue{number: stored.Number, Catalogue: cat}
	loaded.asked.Store(time.Now().UnixMilli())
	s.catalogue.latest.Store(issuer, loaded)
	return loaded, nil
}

// get returns the kept catalogue when it is of the given version.
func (c *catalogues) get(issuer string, number int) (*loadedCatalogue, bool) {
	kept, _ := c.latest.Load(issuer)
	have, ok := kept.(*loadedCatalogue)
	return have, ok && have.number == number
}

// Catalogue returns the issuer's current catalogue.
func (s *Service) Catalogue(ctx context.Context, issuer string) (*catalogue.Catalogue, error) {
	c, err := s.currentCatalogue(ctx, issuer)
	if err != nil {
		return nil, err
	}
	return c.Catalogue, nil
}
