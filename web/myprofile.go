package web

import (
	"errors"
	"html"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
)

// myProfilePage is what profile.html shows: where an earner arranges their page.
type myProfilePage struct {
	base
	Account     *issuer.Account
	Typed       issuer.ProfileText // as typed, where it was refused
	Wrong       string             // field that was refused, or ""
	Fault       string             // what is wrong with it
	Suggestion  string             // a handle that goes with the name
	Address     string             // of the page, once it has one
	Prefix      string             // what stands before a handle in it
	OnPage      int                // badges that the page shows
	Names       []string           // that those were issued to, where they differ
	Badges      []arrangedBadge
	Collections []issuer.ProfileCollection
	Snippets    []snippet
	JSON, RSS   string
	Click       string
	Said        string
}

// arrangedBadge is a badge in the order of a profile page.
type arrangedBadge struct {
	badgeCard
	Hidden, OnPage, First, Last bool
}

func (s *server) myProfile(c echo.Context) error {
	return s.showMyProfile(c, http.StatusOK, nil, issuer.ProfileText{})
}

// arrangeCSP lets the script of a page send its forms in the background.
const arrangeCSP = pageCSP + "; connect-src 'self'"

// showMyProfile shows the page; where a fault is given it stands beside its field,
// with what was typed.
func (s *server) showMyProfile(c echo.Context, status int, fault *issuer.EarnerError, typed issuer.ProfileText) error {
	l, u := s.language(c), s.Issuer.URLs()
	a, err := s.Issuer.Arrangement(c.Request().Context(), account(c).ID)
	if err != nil {
		return err
	}
	page := myProfilePage{
		base: s.base(c, l.T("profile.title")), Account: a.Account, Typed: issuer.ProfileText{Name: a.Account.Name, Headline: a.Account.Headline, Handle: a.Account.Handle},
		Prefix: strings.TrimPrefix(strings.TrimPrefix(u.Earner("", ""), "https://"), "http://"), Collections: a.Collections, Click: newClick(), Said: said(c),
	}
	if fault != nil {
		page.Typed, page.Wrong, page.Fault, page.Said = typed, fault.Field, l.faultText(fault), ""
	}
	if fault == nil && page.Typed.Name == "" && len(a.Items) > 0 { // until something else is chosen
		page.Typed.Name = a.Items[0].Award.Name
	}
	if page.Typed.Handle == "" {
		page.Suggestion = issuer.SuggestHandle(page.Typed.Name)
	}
	all := make([]*issuer.Publication, len(a.Items))
	for i, item := range a.Items {
		all[i] = item.Publication
	}
	for i, card := range s.cards(l, all) {
		item := a.Items[i]
		if item.OnPage() {
			page.OnPage++
		}
		page.Badges = append(page.Badges, arrangedBadge{card, item.Hidden, item.OnPage(), i == 0, i == len(all)-1})
	}
	if names := a.Names(); len(names) > 1 {
		page.Names = names
	}
	if h := a.Account.Handle; h != "" {
		page.Address = u.Earner(h, "")
	}
	if a.Account.ProfilePublic {
		page.Snippets, page.JSON, page.RSS = s.feedSnippets(l, a.Account), u.Earner(a.Account.Handle, "/badges.json"), u.Earner(a.Account.Handle, "/badges.rss")
	}
	c.Response().Header().Set("Content-Security-Policy", arrangeCSP)
	return s.page(c, status, "profile.html", page)
}

// feedSnippets are the ways to put an earner's badges on a page of theirs.
func (s *server) feedSnippets(l *locale, a *issuer.Account) []snippet {
	u := s.Issuer.URLs()
	page, strip, alt := u.Earner(a.Handle, ""), u.Earner(a.Handle, "/strip.svg"), l.T("profile.site.alt", "Name", a.Name)
	return []snippet{
		{ID: "site-html", Name: l.T("profile.site.html"), Text: `<a href="` + page + `"><img src="` + strip + `" alt="` + html.EscapeString(alt) + `"></a>`, Long: true},
		{ID: "site-markdown", Name: l.T("profile.site.markdown"), Text: "[![" + markdownText(alt) + "](" + strip + ")](" + page + ")", Long: true},
	}
}

// markdownText writes text as Markdown that means nothing else.
func markdownText(text string) string {
	return strings.NewReplacer(`\`, `\\`, "[", `\[`, "]", `\]`, "*", `\*`, "_", `\_`, "`", "\\`", "<", `\<`).Replace(text)
}

// describeProfile stores what an earner says of themselves.
func (s *server) describeProfile(c echo.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	t := issuer.ProfileText{Name: c.FormValue("name"), Headline: c.FormValue("headline"), Handle: c.FormValue("handle")}
	err := s.Issuer.DescribeProfile(c.Request().Context(), account(c).ID, t)
	var fault *issuer.EarnerError
	if errors.As(err, &fault) {
		return s.showMyProfile(c, http.StatusUnprocessableEntity, fault, t)
	}
	if err != nil {
		return err
	}
	return seeOther(c, "/me/profile?said=profile#about")
}

// publishProfile shows a profile page to everybody, or to nobody.
func (s *server) publishProfile(c echo.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	public := c.FormValue("public") == "1"
	if err := s.Issuer.PublishProfile(c.Request().Context(), account(c).ID, public); err != nil {
		return err
	}
	if public {
		return seeOther(c, "/me/profile?said=published#seen")
	}
	return seeOther(c, "/me/profile?said=hidden#seen")
}

// orderProfile moves one badge up or down, or stores a whole order, which a
// script sends: the ids of all badges.
func (s *server) orderProfile(c echo.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	ctx, me := c.Request().Context(), account(c).ID
	if order := c.FormValue("order"); order != "" {
		if err := s.Issuer.OrderBadges(ctx, me, strings.Fields(order)); err != nil {
			return err
		}
		return seeOther(c, "/me/profile#badges")
	}
	id := c.FormValue("badge")
	if err := s.Issuer.MoveBadge(ctx, me, id, steps(c)); err != nil {
		return err
	}
	return seeOther(c, "/me/profile#badge-"+id)
}

// steps is how far a button moves something.
func steps(c echo.Context) int {
	switch c.FormValue("move") {
	case "up":
		return -1
	case "down":
		return 1
	}
	return 0
}

// hideOnProfile leaves a badge out of the page and its feeds, or puts it back.
func (s *server) hideOnProfile(c echo.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	id := c.FormValue("badge")
	if err := s.Issuer.HideBadge(c.Request().Context(), account(c).ID, id, c.FormValue("hidden") == "1"); err != nil {
		return err
	}
	return seeOther(c, "/me/profile#badge-"+id)
}
