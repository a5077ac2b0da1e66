package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
)

// share is a share link as its owner sees it.
type share struct {
	issuer.ShareLink
	Open  bool
	Ended bool      // its time is over; otherwise, when it is not open, it was closed
	Badge link      // that it shows, where that is not plain
	Until time.Time // the last day on which it works, where its owner lives; zero: no end
}

func (s *server) shares(list []issuer.ShareLink, zone string) []share {
	now := s.Issuer.Now()
	out := make([]share, len(list))
	for i, h := range list {
		out[i] = share{ShareLink: h, Open: h.Open(now), Ended: !h.Open(now) && (h.RevokedAt.IsZero() || !h.ExpiresAt.IsZero() && h.RevokedAt.After(h.ExpiresAt))}
		if !h.ExpiresAt.IsZero() {
			y, m, d := h.ExpiresAt.Add(-time.Second).In(place(zone)).Date()
			out[i].Until = time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
		}
	}
	return out
}

// place is where an account's days begin and end.
func place(zone string) *time.Location {
	where, err := time.LoadLocation(zone)
	if err != nil {
		return time.UTC
	}
	return where
}

// makeShare makes a share link to a badge.
func (s *server) makeShare(c echo.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	me, id := account(c), owned(c).Award.ID
	until, err := lastMoment(c.FormValue("until"), me.TimeZone)
	if err != nil {
		return err
	}
	h, err := s.Issuer.CreateShare(c.Request().Context(), me.ID, id, issuer.NewShare{
		Label: c.FormValue("label"), ExpiresAt: until, Score: c.FormValue("score") != "", Evidence: c.FormValue("evidence") != "",
		Click: c.FormValue("click"),
	})
	if err != nil {
		return err
	}
	return seeOther(c, "/me/badges/"+id+"#share-"+h.ID)
}

// lastMoment is the end of a day, written as 2027-01-31, where the earner lives.
// An empty one is none.
func lastMoment(day, zone string) (time.Time, error) {
	day = strings.TrimSpace(day)
	if day == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, day, place(zone))
	if err != nil {
		return time.Time{}, &issuer.EarnerError{Field: "until", Code: "until-form"}
	}
	return t.AddDate(0, 0, 1).UTC(), nil
}

// closeShare ends a share link, then goes back to where its button was.
func (s *server) closeShare(c echo.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	if err := s.Issuer.RevokeShare(c.Request().Context(), account(c).ID, c.Param("share")); err != nil {
		return err
	}
	if id := c.FormValue("badge"); id != "" && !strings.ContainsAny(id, "/\\?#.%") {
		return seeOther(c, "/me/badges/"+id+"?said=closed#links")
	}
	return seeOther(c, "/me/shares?said=closed")
}

// sharesPage is what shares.html shows: every link that somebody has made.
type sharesPage struct {
	base
	Open, Over []share
	Said       string
}

func (s *server) myShares(c echo.Context) error {
	ctx, l := c.Request().Context(), s.language(c)
	links, err := s.Issuer.SharesOf(ctx, account(c).ID)
	if err != nil {
		return err
	}
	badges, err := s.Issuer.Owned(ctx, account(c).ID)
	if err != nil {
		return err
	}
	titles := map[string]string{}
	for _, p := range badges {
		titles[p.Award.ID] = l.title(p.Facts)
	}
	page := sharesPage{base: s.base(c, l.T("share.all")), Said: said(c)}
	for _, h := range s.shares(links, account(c).TimeZone) {
		title, mine := titles[h.Award]
		if !mine { // the badge is another account's now, and the link ended with that
			continue
		}
		h.Badge = link{title, "/me/badges/" + h.Award}
		if h.Open {
			page.Open = append(page.Open, h)
		} else {
			page.Over = append(page.Over, h)
		}
	}
	return s.page(c, http.StatusOK, "shares.html", page)
}

// errClosed is the answer for every share link that does not work: one that was
// closed, one whose time is over, and one that never was are the same.
var errClosed = &fault{status: http.StatusNotFound, key: "share.closed"}

// closed turns "not published" into the page that explains closed links.
func closed(err error) error {
	if errors.Is(err, issuer.ErrNotPublished) {
		return errClosed
	}
	return err
}

// shared serves what a share link leads to: the page of the badge, or a form of
// the badge by suffix or by what the one who asks accepts, as the badge's own
// address does while it is public.
func (s *server) shared(c echo.Context) error {
	token, suffix, has := strings.Cut(c.Param("token"), ".")
	h := c.Response().Header()
	h.Add("Vary", "Accept")
	ctx := c.Request().Context()
	p, err := s.Issuer.FollowShare(ctx, token)
	if err != nil {
		return closed(err)
	}
	if !has {
		accept := c.Request().Header.Get("Accept")
		if accept == "" {
			accept = issuer.TypeOB3
		}
		offer, _ := preferred(accept, "text/html", issuer.TypeOB3, issuer.TypeVC, issuer.TypeLD, issuer.TypeJSON,
			issuer.TypeVCJWT, typeJWT, "text/plain", issuer.TypePNG, issuer.TypeSVG)
		if offer == "text/html" {
			return s.sharedPage(c, token, p)
		}
		suffix = sharedSuffixes[offer]
	}
	sight := s.Issuer.As(issuer.Viewer{Share: token})
	get, ok := map[string]documentFunc{
		"json": sight.CredentialJSON, "jwt": sight.CredentialJWT, "png": sight.BakedPNG, "svg": sight.BakedSVG, "ob2.svg": sight.BakedOB2SVG,
	}[suffix]
	if !ok {
		return errClosed
	}
	return s.sharedForm(c, p.Award.ID, get)
}

// sharedSuffixes are the forms of a badge by their media types.
var sharedSuffixes = map[string]string{
	issuer.TypeOB3: "json", issuer.TypeVC: "json", issuer.TypeLD: "json", issuer.TypeJSON: "json",
	issuer.TypeVCJWT: "jwt", typeJWT: "jwt", "text/plain": "jwt", issuer.TypePNG: "png", issuer.TypeSVG: "svg",
}

// sharedFile serves what a share link has beside the forms of the badge.
func (s *server) sharedFile(c echo.Context) error {
	ctx, token := c.Request().Context(), c.Param("token")
	sight := s.Issuer.As(issuer.Viewer{Share: token}).In(c.QueryParam("lang"))
	p, err := s.Issuer.FollowShare(ctx, token)
	if err != nil {
		return closed(err)
	}
	switch c.Param("file") {
	case "image.png":
		return s.sharedForm(c, p.Award.ID, func(ctx context.Context, id string) (*issuer.Document, error) {
			return sight.LivePicture(ctx, id, size(c, 240))
		})
	case "qr.png":
		return s.sharedForm(c, token, func(_ context.Context, token string) (*issuer.Document, error) {
			return s.Issuer.ShareQR(token, size(c, 300))
		})
	case "certificate.pdf":
		c.Response().Header().Set("Content-Disposition", `inline; filename="`+issuer.FileName(p.Award.ID, issuer.FormatPDF)+`"`)
		return s.sharedForm(c, p.Award.ID, sight.Certificate)
	case "assertion":
		return s.sharedForm(c, token, s.Issuer.SharedAssertion)
	}
	return errClosed
}

// sharedForm sends a document that is for the holder of a link alone: nobody
// keeps it, so nobody asks whether it has changed.
func (s *server) sharedForm(c echo.Context, name string, get documentFunc) error {
	d, err := get(c.Request().Context(), name)
	if err != nil {
		return closed(err)
	}
	h := c.Response().Header()
	if policy, ok := documentPolicies[d.Type]; ok {
		h.Set("Content-Security-Policy", policy)
	}
	return write(c, d.Status, d.Type, d.Body)
}

// sharedPage shows a badge to whoever follows a share link to it. It is the
// badge's page, without what is for search engines and previews, and leads to
// nothing that the link does not open.
func (s *server) sharedPage(c echo.Context, token string, p *issuer.Shared) error {
	ctx, l := c.Request().Context(), s.language(c)
	doc, err := s.Issuer.As(issuer.Viewer{Share: token}).CredentialJSON(ctx, p.Award.ID)
	if err != nil {
		return closed(err)
	}
	page := s.describe(l, p.Publication)
	if err := s.judge(ctx, l, &page, doc.Body); err != nil {
		return err
	}
	u := s.Issuer.URLs()
	page.NoIndex, page.Canonical, page.Description, page.Share, page.Back = true, "", "", nil, comeBack(c)
	page.ByLink, page.URL, page.Shown = true, u.Share(token, ""), l.exams(p.Shown)
	page.Picture, page.QR = s.here(u.Share(token, "/image.png")), s.here(u.Share(token, "/qr.png"))
	page.Files = fileList(l, func(f issuer.Format) string {
		switch f {
		case issuer.FormatOB2:
			return s.here(u.Share(token, "/assertion"))
		case issuer.FormatPDF:
			return s.here(u.Share(token, "/certificate.pdf"))
		}
		return s.here(u.Share(token, issuer.Formats()[f]))
	}, issuer.FormatOB2)
	r := c.Request()
	if r.Method == http.MethodGet && !strings.Contains(r.Header.Get("Sec-Purpose"), "prefetch") {
		if err := s.Issuer.CountView(ctx, token); err != nil { // the page can be read also while nothing can be written
			s.Log.Warn("the view of a share link cannot be counted now", "error", err)
		}
	}
	return s.page(c, http.StatusOK, "badge.html", page)
}
