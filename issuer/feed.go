package issuer

import (
	"context"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"time"
)

// FeedFilter chooses badges of a feed; empty fields choose all.
type FeedFilter struct {
	States  []Status
	Issuers []string // slugs
}

// check refuses a state that there is none of. An issuer that there is none of
// has no badges here, and that is no fault.
func (f FeedFilter) check() error {
	for _, state := range f.States {
		if !slices.Contains([]Status{Current, Expired, Suspended, Revoked}, state) {
			return &InvalidError{[]FieldError{{"state", fmt.Sprintf("%q is no state; use current, expired, suspended or revoked, several with commas between", state)}}}
		}
	}
	return nil
}

func (f FeedFilter) takes(p *Publication) bool {
	return (len(f.States) == 0 || slices.Contains(f.States, p.Status)) && (len(f.Issuers) == 0 || slices.Contains(f.Issuers, p.Issuer.Slug))
}

// feed returns a profile with those of its badges that a filter takes, in the
// earner's order.
func (s *Service) feed(ctx context.Context, handle string, f FeedFilter) (*Profile, error) {
	if err := f.check(); err != nil {
		return nil, err
	}
	p, err := s.Profile(ctx, handle)
	if err != nil {
		return nil, err
	}
	p.Badges = slices.DeleteFunc(p.Badges, func(b *Publication) bool { return !f.takes(b) })
	return p, nil
}

// Feed is the public badges of an earner as data.
type Feed struct {
	Earner FeedEarner  `json:"earner"`
	Badges []FeedBadge `json:"badges"` // in the earner's order
}

// FeedEarner is whose feed it is.
type FeedEarner struct {
	Name     string `json:"name"` // as the earner wants to be called; a badge has the name that it was issued to
	Headline string `json:"headline,omitempty"`
	URL      string `json:"url"`
	Picture  string `json:"picture,omitempty"`
}

// FeedBadge is one badge of a feed.
type FeedBadge struct {
	ID          string     `json:"id"` // address of its page, and of its credential by Accept; it stays for ever
	Name        string     `json:"name"`
	Description string     `json:"description,omitempty"`
	Kind        string     `json:"kind"`     // certification or exam
	IssuedTo    string     `json:"issuedTo"` // the name on the badge
	Issuer      FeedIssuer `json:"issuer"`
	Achievement string     `json:"achievement"` // address of what was achieved
	State       Status     `json:"state"`
	ExpiresSoon bool       `json:"expiresSoon"`
	AwardedAt   time.Time  `json:"awardedAt"`
	ExpiresAt   *time.Time `json:"expiresAt"`   // null: it does not expire
	Image       string     `json:"image"`       // live picture, which shows the state; ?size= in pixels
	Credential  string     `json:"credential"`  // signed, Open Badges 3.0
	Collections []string   `json:"collections"` // titles of the earner's public collections that it is in
}

// FeedIssuer is who issued a badge.
type FeedIssuer struct {
	Slug string `json:"slug"` // by which a feed is filtered
	Name string `json:"name"`
	URL  string `json:"url"`
}

// FeedJSON returns an earner's public badges as a [Feed]. [ErrNotPublished]
// unless the profile is public; [*InvalidError] for a filter that is wrong.
func (s *Service) FeedJSON(ctx context.Context, handle string, f FeedFilter) (*Document, error) {
	p, err := s.feed(ctx, handle, f)
	if err != nil {
		return nil, err
	}
	out := Feed{Earner: FeedEarner{Name: p.Name, Headline: p.Headline, URL: s.urls.Earner(p.Handle, "")}, Badges: []FeedBadge{}}
	if p.Picture != "" {
		out.Earner.Picture = s.urls.Earner(p.Handle, "/picture.png")
	}
	for _, b := range p.Badges {
		one := FeedBadge{
			ID: s.urls.Badge(b.Award.ID, ""), Name: b.Facts.Title, Description: b.Facts.Description, Kind: b.Achievement.Kind,
			IssuedTo: b.Award.Name, Issuer: FeedIssuer{b.Issuer.Slug, b.Issuer.Name, b.Issuer.URL},
			Achievement: s.urls.Achievement(b.Achievement.Slug, ""), State: b.Status, ExpiresSoon: ExpiresSoon(b.Award, s.Now()),
			AwardedAt: b.Award.AttainedAt.UTC(), Image: s.urls.Badge(b.Award.ID, "/image.png"),
			Credential: s.urls.Badge(b.Award.ID, ".json"), Collections: []string{},
		}
		if end := b.Award.ExpiresAt.UTC(); !end.IsZero() {
			one.ExpiresAt = &end
		}
		for _, c := range p.Collections {
			if slices.Contains(c.Badges, b) {
				one.Collections = append(one.Collections, c.Title)
			}
		}
		out.Badges = append(out.Badges, one)
	}
	return jsonDocument(TypeJSON, cacheRevalidate, out)
}

// The elements of RSS 2.0 that a feed has.
type (
	rss struct {
		XMLName xml.Name   `xml:"rss"`
		Version string     `xml:"version,attr"`
		Atom    string     `xml:"xmlns:atom,attr"`
		Channel rssChannel `xml:"channel"`
	}
	rssChannel struct {
		Title       string    `xml:"title"`
		Link        string    `xml:"link"`
		Description string    `xml:"description"`
		Self        rssSelf   `xml:"atom:link"`
		Items       []rssItem `xml:"item"`
	}
	rssSelf struct {
		Href string `xml:"href,attr"`
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr"`
	}
	rssItem struct {
		Title       string   `xml:"title"`
		Link        string   `xml:"link"`
		Description string   `xml:"description,omitempty"`
		Category    []string `xml:"category"`
		GUID        rssGUID  `xml:"guid"`
		Date        string   `xml:"pubDate"`
	}
	rssGUID struct {
		Permanent bool   `xml:"isPermaLink,attr"`
		ID        string `xml:",chardata"`
	}
)

// TypeRSS is the media type of RSS 2.0.
const TypeRSS = "application/rss+xml; charset=utf-8"

// FeedRSS returns an earner's public badges as RSS 2.0, in the earner's order;
// readers sort by date themselves. Errors as for [Service.FeedJSON].
func (s *Service) FeedRSS(ctx context.Context, handle string, f FeedFilter) (*Document, error) {
	p, err := s.feed(ctx, handle, f)
	if err != nil {
		return nil, err
	}
	page := s.urls.Earner(p.Handle, "")
	out := rss{Version: "2.0", Atom: "http://www.w3.org/2005/Atom", Channel: rssChannel{
		Title: p.Name, Link: page, Description: p.Headline, Self: rssSelf{s.urls.Earner(p.Handle, "/badges.rss"), "self", "application/rss+xml"},
	}}
	if out.Channel.Description == "" {
		out.Channel.Description = p.Name
	}
	for _, b := range p.Badges {
		address := s.urls.Badge(b.Award.ID, "")
		out.Channel.Items = append(out.Channel.Items, rssItem{
			Title: b.Facts.Title + " · " + b.Issuer.Name, Link: address, Description: b.Facts.Description,
			Category: []string{string(b.Status), b.Achievement.Kind}, GUID: rssGUID{true, address}, Date: b.Award.AttainedAt.UTC().Format(time.RFC1123Z),
		})
	}
	body, err := xml.MarshalIndent(out, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write a feed: %w", err)
	}
	return document(TypeRSS, cacheRevalidate, append([]byte(xml.Header), append(body, '\n')...)), nil
}

// StripSizes are the sides in pixels at which a strip shows badges.
func StripSizes() []int { return []int{64, 96, 120} }

// stripRow is how many badges stand beside each other in a strip.
const stripRow = 8

// FeedStrip returns an earner's public badges as one SVG with every picture in
// it, each of a side that is one of [StripSizes], with its state, and with its
// title for who cannot see it. word names a state. Errors as for
// [Service.FeedJSON].
func (s *Service) FeedStrip(ctx context.Context, handle string, f FeedFilter, size int, word func(Status) string) (*Document, error) {
	p, err := s.feed(ctx, handle, f)
	if err != nil {
		return nil, err
	}
	side := StripSizes()[len(StripSizes())-1]
	for _, n := range StripSizes() {
		if n >= size {
			side = n
			break
		}
	}
	now := s.Now()
	var strip strip
	for _, b := range p.Badges {
		state, _ := stateOf(b, now)
		png, err := s.picture(b, 2*side, state)
		if err != nil {
			return nil, err
		}
		strip.add(fmt.Sprint(b.Achievement.Slug, "/", b.Achievement.Version, "/", state), png,
			strings.Join([]string{b.Facts.Title, b.Issuer.Name, word(b.Status)}, ", "))
	}
	return document(TypeSVG, cacheRevalidate, strip.svg(p.Name, side)), nil
}
