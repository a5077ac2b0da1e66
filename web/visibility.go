package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// control is what the owner of a badge decides about who sees it.
type control struct {
	Visibility string
	Open       int     // links that are open
	Links      []share // all that were made
	Shelves    string  // titles of the account's public collections that the badge is in
	OnProfile  bool    // the profile page is public, and shows the badge while it is public
	Beside     bool    // and badges that were issued to another name stand there
	Disclosure ledger.Disclosure
	Exams      []shownExam // all that there is to show
	Scored     bool        // one of them has a score
	Click      string
	Tomorrow   string // the first day on which a link may end
	Said       string // what was done a moment ago, a key of the texts share.said
}

// shownExam is an exam behind a badge, as far as it is shown.
type shownExam struct {
	issuer.ShownExam
	Title string // in the reader's language where there is one
}

// exams names exams in the reader's language.
func (l *locale) exams(list []issuer.ShownExam) []shownExam {
	out := make([]shownExam, len(list))
	for i, e := range list {
		out[i] = shownExam{e, e.Title}
		if own := e.Titles[l.Tag]; own != "" {
			out[i].Title = own
		}
	}
	return out
}

// saids are what a page may be asked to say that was done.
var saids = []string{"visibility", "disclosure", "closed", "profile", "published", "hidden", "picture", "collection", "removed"}

// said reads what was done a moment ago from the address.
func said(c echo.Context) string {
	if said := c.QueryParam("said"); slices.Contains(saids, said) {
		return said
	}
	return ""
}

// control gathers what the owner of a badge decides about who sees it.
func (s *server) control(c echo.Context, p *issuer.Publication) (*control, error) {
	ctx, me, l := c.Request().Context(), account(c), s.language(c)
	k := &control{Visibility: p.Award.Visibility, Click: newClick(), Tomorrow: s.Issuer.Now().AddDate(0, 0, 1).Format(time.DateOnly), Said: said(c)}
	var err error
	if k.Disclosure, err = s.Issuer.Disclosure(ctx, me.ID, p.Award.ID); err != nil {
		return nil, err
	}
	exams, err := s.Issuer.ToShow(ctx, me.ID, p.Award.ID)
	if err != nil {
		return nil, err
	}
	k.Exams = l.exams(exams)
	k.Scored = slices.ContainsFunc(exams, func(e issuer.ShownExam) bool { return e.Score != "" })
	links, err := s.Issuer.Shares(ctx, me.ID, p.Award.ID)
	if err != nil {
		return nil, err
	}
	k.Links = s.shares(links, me.TimeZone)
	for _, h := range k.Links {
		if h.Open {
			k.Open++
		}
	}
	arranged, err := s.Issuer.Arrangement(ctx, me.ID)
	if err != nil {
		return nil, err
	}
	for _, item := range arranged.Items {
		k.OnProfile = k.OnProfile || item.Award.ID == p.Award.ID && !item.Hidden && arranged.Account.ProfilePublic
	}
	k.Beside = k.OnProfile && len(arranged.Names(p.Award.Name)) > 1
	var shelves []string
	for _, one := range arranged.Collections {
		if k.OnProfile && one.Public && slices.ContainsFunc(one.Badges, func(b *issuer.Publication) bool { return b.Award.ID == p.Award.ID }) {
			shelves = append(shelves, one.Title)
		}
	}
	k.Shelves = strings.Join(shelves, ", ")
	return k, nil
}

// setVisibility decides who may see a badge.
func (s *server) setVisibility(c echo.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	id := owned(c).Award.ID
	if err := s.Issuer.Show(c.Request().Context(), account(c).ID, id, c.FormValue("visibility")); err != nil {
		return err
	}
	return seeOther(c, "/me/badges/"+id+"?said=visibility#visibility")
}

// setDisclosure decides what of a badge is shown beside it.
func (s *server) setDisclosure(c echo.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	id := owned(c).Award.ID
	d := ledger.Disclosure{Award: id, Score: c.FormValue("score") != "", Evidence: c.FormValue("evidence") != ""}
	if err := s.Issuer.Disclose(c.Request().Context(), account(c).ID, d); err != nil {
		return err
	}
	return seeOther(c, "/me/badges/"+id+"?said=disclosure#shown")
}

// earnerFault tells an earner in their language what was wrong with what they
// typed or chose.
func (s *server) earnerFault(c echo.Context, e *issuer.EarnerError) *statusError {
	l := s.language(c)
	return &statusError{
		http.StatusUnprocessableEntity, l.T("profile.fault"), l.faultText(e),
		[]issuer.FieldError{{Field: e.Field, Message: strings.TrimPrefix(e.Error(), e.Field+" ")}},
	}
}

// faultText says in a sentence what an earner has to change.
func (l *locale) faultText(e *issuer.EarnerError) string {
	if key := "profile.fault." + e.Field + "." + e.Code; l.known(key) {
		return l.T(key, "Most", strconv.Itoa(e.Most))
	}
	return l.T("profile.fault."+e.Code, "Most", strconv.Itoa(e.Most))
}
