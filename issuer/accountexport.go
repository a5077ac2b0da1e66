package issuer

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// accountRecord is all that is kept about an account, as its owner gets it.
type accountRecord struct {
	ID                string           `json:"id"`
	Handle            string           `json:"handle,omitempty"`
	Name              string           `json:"name,omitempty"`
	Headline          string           `json:"headline,omitempty"`
	Language          string           `json:"language,omitempty"`
	TimeZone          string           `json:"timeZone,omitempty"`
	ProfilePublic     bool             `json:"profilePublic"`
	DefaultVisibility string           `json:"defaultVisibility"`
	AutoAccept        bool             `json:"autoAccept"`
	AutoAcceptOf      []string         `json:"autoAcceptOf,omitempty"`
	CreatedAt         time.Time        `json:"createdAt"`
	Addresses         []addressRecord  `json:"addresses"`
	Passkeys          []keptRecord     `json:"passkeys,omitempty"`
	SignIns           []keptRecord     `json:"signIns,omitempty"`
	Sessions          []sessionRecord  `json:"sessions,omitempty"`
	Badges            []badgeRecord    `json:"badges"`
	Collections       []collectionItem `json:"collections,omitempty"`
	NameRequests      []requestRecord  `json:"nameRequests,omitempty"`
	Mails             []mailRecord     `json:"mails,omitempty"`
}

type addressRecord struct {
	Address  string    `json:"address"`
	ProvenAt time.Time `json:"provenAt"`
	Primary  bool      `json:"primary"`
}

type keptRecord struct {
	Name      string    `json:"name"`
	CreatedAt time.Time `json:"createdAt"`
}

type sessionRecord struct {
	Agent     string    `json:"agent"`
	CreatedAt time.Time `json:"createdAt"`
	SeenAt    time.Time `json:"seenAt"`
}

type badgeRecord struct {
	ID          string        `json:"id"`
	URL         string        `json:"url"`
	Issuer      string        `json:"issuer"`
	Achievement string        `json:"achievement"`
	Name        string        `json:"name"`
	Address     string        `json:"address"`
	Named       []string      `json:"namedAddresses,omitempty"` // that its owner has it name, too
	AttainedAt  time.Time     `json:"attainedAt"`
	ExpiresAt   time.Time     `json:"expiresAt,omitzero"`
	ClaimedAt   time.Time     `json:"claimedAt,omitzero"`
	Visibility  string        `json:"visibility"`
	Status      Status        `json:"status"`
	Score       string        `json:"score,omitempty"`
	Shares      []shareRecord `json:"shares,omitempty"`
}

type shareRecord struct {
	Label     string    `json:"label"`
	CreatedAt time.Time `json:"createdAt"`
	ExpiresAt time.Time `json:"expiresAt,omitzero"`
	RevokedAt time.Time `json:"revokedAt,omitzero"`
	Views     int       `json:"views"`
}

type collectionItem struct {
	Slug        string   `json:"slug"`
	Title       string   `json:"title"`
	Description string   `json:"description,omitempty"`
	Public      bool     `json:"public"`
	Badges      []string `json:"badges"`
}

type requestRecord struct {
	Badge     string    `json:"badge"`
	Name      string    `json:"name"`
	Note      string    `json:"note,omitempty"`
	CreatedAt time.Time `json:"createdAt"`
	DecidedAt time.Time `json:"decidedAt,omitzero"`
	Accepted  bool      `json:"accepted"`
	Reason    string    `json:"reason,omitempty"`
}

type mailRecord struct {
	Badge     string    `json:"badge"`
	Kind      string    `json:"kind"`
	Recipient string    `json:"recipient"`
	SentAt    time.Time `json:"sentAt,omitzero"`
}

// ExportAccount writes all that belongs to an account as one ZIP file to w:
// account.json with everything that is kept about it, its picture, and each of
// its badges in every form. note is as for [Service.Archive]. [ErrNoAccount]
// where there is no such account.
func (s *Service) ExportAccount(ctx context.Context, w io.Writer, account string, note func(*Publication) string) error {
	record, picture, err := s.accountRecord(ctx, account)
	if err != nil {
		return err
	}
	body, err := json.MarshalIndent(record, "", "  ")
	if err != nil {
		return fmt.Errorf("export of account %s: %w", account, err)
	}
	z := zip.NewWriter(w)
	files := []struct {
		name string
		body []byte
	}{{"account.json", append(body, '\n')}, {"picture.png", picture}}
	for _, f := range files {
		if f.body == nil {
			continue
		}
		out, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, Modified: s.Now().Truncate(time.Second)})
		if err == nil {
			_, err = out.Write(f.body)
		}
		if err != nil {
			return fmt.Errorf("export of account %s: %w", account, err)
		}
	}
	for _, b := range record.Badges {
		if err := s.AddToArchive(ctx, z, "badge-"+b.ID+"/", note, b.ID); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return fmt.Errorf("export of account %s: %w", account, err)
	}
	return nil
}

// accountRecord gathers all that is kept about an account.
func (s *Service) accountRecord(ctx context.Context, account string) (r accountRecord, picture []byte, err error) {
	err = s.ledger.View(ctx, func(tx *ledger.Tx) error {
		a, err := accountIn(ctx, tx, account)
		if err != nil {
			return err
		}
		r = accountRecord{
			ID: a.ID, Handle: a.Handle, Name: a.Name, Headline: a.Headline, Language: a.Language, TimeZone: a.TimeZone,
			ProfilePublic: a.ProfilePublic, DefaultVisibility: a.DefaultVisibility, AutoAccept: !a.AutoAcceptSince.IsZero(), CreatedAt: a.CreatedAt,
		}
		for _, x := range a.Addresses {
			r.Addresses = append(r.Addresses, addressRecord{x.Address, x.ProvenAt, x.Primary})
		}
		if picture, err = tx.AccountPicture(ctx, account); notMissing(err) != nil {
			return err
		}
		if r.AutoAcceptOf, err = tx.AutoAccept(ctx, account); err != nil {
			return err
		}
		return errors.Join(s.recordWays(ctx, tx, account, &r), s.recordBadges(ctx, tx, account, &r), s.recordRest(ctx, tx, account, &r))
	})
	return r, picture, err
}

// recordWays lists how an account is signed in to.
func (s *Service) recordWays(ctx context.Context, tx *ledger.Tx, account string, r *accountRecord) error {
	keys, err := tx.Passkeys(ctx, account)
	if err != nil {
		return err
	}
	for _, k := range keys {
		r.Passkeys = append(r.Passkeys, keptRecord{k.Name, k.CreatedAt})
	}
	identities, err := tx.Identities(ctx, account)
	if err != nil {
		return err
	}
	for _, i := range identities {
		r.SignIns = append(r.SignIns, keptRecord{i.Provider, i.CreatedAt})
	}
	sessions, err := tx.AccountSessions(ctx, account, s.Now())
	for _, v := range sessions {
		r.Sessions = append(r.Sessions, sessionRecord{v.Agent, v.CreatedAt, v.SeenAt})
	}
	return err
}

// recordBadges lists the badges of an account with what belongs to them.
func (s *Service) recordBadges(ctx context.Context, tx *ledger.Tx, account string, r *accountRecord) error {
	a, err := accountIn(ctx, tx, account)
	if err != nil {
		return err
	}
	awards, err := tx.AwardsOfAccount(ctx, account)
	if err != nil {
		return err
	}
	for _, w := range awards {
		p, err := s.publicationOf(ctx, tx, w)
		if err != nil {
			return err
		}
		b := badgeRecord{
			ID: w.ID, URL: s.urls.Badge(w.ID, ""), Issuer: p.Issuer.Name, Achievement: p.Facts.Title, Name: w.Name, Address: w.Address,
			AttainedAt: w.AttainedAt, ExpiresAt: w.ExpiresAt, ClaimedAt: w.ClaimedAt, Visibility: w.Visibility, Status: p.Status,
		}
		named, err := tx.TiedAddresses(ctx, w.ID)
		if err != nil {
			return err
		}
		for _, a := range named {
			b.Named = append(b.Named, a.Address)
		}
		if w.Result != "" {
			result, err := tx.ResultByID(ctx, w.Result)
			if err != nil {
				return err
			}
			b.Score = result.Score
		}
		shares, err := tx.Shares(ctx, account, w.ID)
		if err != nil {
			return err
		}
		for _, h := range shares {
			b.Shares = append(b.Shares, shareRecord{h.Label, h.CreatedAt, h.ExpiresAt, h.RevokedAt, h.Views})
		}
		r.Badges = append(r.Badges, b)
		mails, err := tx.MailsOf(ctx, w.ID)
		if err != nil {
			return err
		}
		for _, m := range mails {
			if m.Recipient != w.Address && !a.Has(folded(m.Recipient)) {
				continue // it went to somebody else, before the badge was theirs
			}
			r.Mails = append(r.Mails, mailRecord{w.ID, m.Kind, m.Recipient, m.SentAt})
		}
	}
	return nil
}

// recordRest lists collections and requests.
func (s *Service) recordRest(ctx context.Context, tx *ledger.Tx, account string, r *accountRecord) error {
	collections, err := tx.Collections(ctx, account)
	if err != nil {
		return err
	}
	for _, c := range collections {
		item := collectionItem{Slug: c.Slug, Title: c.Title, Description: c.Description, Public: c.Public, Badges: []string{}}
		awards, err := tx.CollectionAwards(ctx, c.ID)
		if err != nil {
			return err
		}
		for _, w := range awards {
			item.Badges = append(item.Badges, w.ID)
		}
		r.Collections = append(r.Collections, item)
	}
	requests, err := tx.NameRequestsOf(ctx, account)
	for _, n := range requests {
		r.NameRequests = append(r.NameRequests, requestRecord{n.Award, n.Name, n.Note, n.CreatedAt, n.DecidedAt, n.Accepted, n.Reason})
	}
	return err
}
