package web

import (
	"fmt"
	"html"
	"net/url"
	"strings"
	"time"

	"github.com/accolade-badges/accolade/issuer"
)

// sharing is what the owner of a public badge can tell others of it.
type sharing struct {
	URL, Title, Text string
	Links            issuer.ShareLinks
	LinkedIn         string    // opens LinkedIn's form, filled in
	Entry            []snippet // the same values, to copy
	Ends             bool      // the badge ends some day, what was written elsewhere does not
	Inspectors       [2]string // of LinkedIn and Facebook: they refresh a kept preview
	Snippets         []snippet // to put it on a page
	QR               string
}

// snippet is a text to copy.
type snippet struct {
	ID, Name, Text string
	Long           bool // it has several lines, or more than fits in one
}

// share gathers what the owner of a public badge can tell others of it.
func (s *server) share(l *locale, p *issuer.Publication) *sharing {
	u := s.Issuer.URLs()
	page := u.Badge(p.Award.ID, "")
	title := l.title(p.Facts)
	entry := issuer.LinkedIn(p, page)
	sh := &sharing{
		URL: page, Title: title, Text: l.T("sharing.text", "Title", title, "Issuer", p.Issuer.Name),
		LinkedIn: entry.AddURL(), Ends: !p.Award.ExpiresAt.IsZero(),
		Inspectors: [2]string{
			"https://www.linkedin.com/post-inspector/inspect/" + url.PathEscape(page),
			"https://developers.facebook.com/tools/debug/?q=" + url.QueryEscape(page),
		},
		Snippets: s.embedSnippets(l, p), QR: s.here(u.Badge(p.Award.ID, "/qr.png")),
	}
	sh.Links = issuer.NewShareLinks(page, title, sh.Text)
	add := func(id, text string) {
		sh.Entry = append(sh.Entry, snippet{ID: "linkedin-" + id, Name: l.T("sharing.linkedin." + id), Text: text})
	}
	add("name", entry.Name)
	add("organization", entry.Organization)
	add("issued", l.month(entry.Issued))
	if !entry.Expires.IsZero() {
		add("expires", l.month(entry.Expires))
	}
	add("id", entry.ID)
	add("url", entry.URL)
	return sh
}

// month writes a calendar month.
func (l *locale) month(m issuer.Month) string {
	return time.Date(m.Year, time.Month(m.Month), 1, 0, 0, 0, 0, time.UTC).Format(l.T("sharing.month"))
}

// embedSnippets are the ways to put a public badge on a page of another site.
func (s *server) embedSnippets(l *locale, p *issuer.Publication) []snippet {
	u := s.Issuer.URLs()
	page, title := u.Badge(p.Award.ID, ""), l.title(p.Facts)
	picture := func(address string, side int, alt string) string {
		return fmt.Sprintf(`<a href="%s"><img src="%s?size=%d%s" width="%d" height="%d" alt="%s"></a>`,
			html.EscapeString(page), html.EscapeString(address), 2*side, html.EscapeString(string(l.pictureQuery())), side, side, html.EscapeString(alt))
	}
	var list []snippet
	add := func(id, text string) {
		list = append(list, snippet{ID: "embed-" + id, Name: l.T("sharing.embed." + id), Text: text, Long: true})
	}
	for _, theme := range []string{"auto", "light", "dark"} {
		address := u.Badge(p.Award.ID, "/embed")
		if theme != "auto" {
			address += "?theme=" + theme
		}
		add(theme, embedFrame(address, embedWidth, embedHeight, title+" – "+p.Award.Name))
	}
	add("live", picture(u.Badge(p.Award.ID, "/image.png"), 120, s.caption(l, p)))
	add("fixed", picture(u.Achievement(p.Achievement.Slug, "/image.png"), 120, l.T("badge.picture", "Title", title)))
	add("markdown", "[!["+markdownText(s.caption(l, p))+"]("+u.Badge(p.Award.ID, "/image.png?size=240")+string(l.pictureQuery())+")]("+page+")")
	return list
}

// embedFrame is the element with which a page of another site shows a badge.
func embedFrame(address string, width, height int, title string) string {
	return fmt.Sprintf(`<iframe src="%s" width="%d" height="%d" title="%s" style="border:0;border-radius:12px" loading="lazy"></iframe>`,
		html.EscapeString(address), width, height, html.EscapeString(title))
}

// caption is what stands in place of a badge's picture: its title, its issuer and
// its state with its day, so that it stays true where it is not refreshed.
func (s *server) caption(l *locale, p *issuer.Publication) string {
	return l.T("sharing.caption", "Title", l.title(p.Facts), "Issuer", p.Issuer.Name, "State", l.state(p))
}

// state says in a few words how an award stands, with the day that matters.
func (l *locale) state(p *issuer.Publication) string {
	switch p.Status {
	case issuer.Revoked:
		return l.T("sharing.state.revoked", "Date", l.Date(p.Award.RevokedAt))
	case issuer.Suspended:
		return l.T("sharing.state.suspended", "Date", l.Date(p.Award.SuspendedAt))
	case issuer.Expired:
		return l.T("sharing.state.expired", "Date", l.Date(p.Award.ExpiresAt))
	}
	if p.Award.ExpiresAt.IsZero() {
		return l.T("sharing.state.valid")
	}
	return l.T("sharing.state.until", "Date", l.Date(p.Award.ExpiresAt))
}

// takeAlong are the forms in which the owner of a badge keeps it.
type takeAlong struct {
	Files   []file
	Archive string
	Licence string
	CV      []snippet
	Public  bool // the address in a CV opens for everybody
}

// along gathers the forms of an award for its owner; address tells where each is
// fetched.
func (s *server) along(l *locale, p *issuer.Publication, public bool) *takeAlong {
	at := "/me/badges/" + p.Award.ID
	form := issuer.FormatOB2JWS
	if public {
		form = issuer.FormatOB2
	}
	return &takeAlong{
		Files:   fileList(l, func(f issuer.Format) string { return at + "/files/" + string(f) }, form),
		Archive: at + "/archive.zip", Licence: issuer.LicenceNumber(p.Award.ID), CV: s.cv(l, p, public), Public: public,
	}
}

// cv are the lines with which a badge stands in a CV: as text, and, where its
// address opens for everybody, as HTML with the QR code.
func (s *server) cv(l *locale, p *issuer.Publication, public bool) []snippet {
	text := s.cvText(l, p, public)
	list := []snippet{{ID: "cv-text", Name: l.T("sharing.cv.text"), Text: text, Long: true}}
	if !public {
		return list
	}
	u := s.Issuer.URLs()
	page := html.EscapeString(u.Badge(p.Award.ID, ""))
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		lines[i] = html.EscapeString(line)
	}
	lines[0] = "<strong>" + lines[0] + "</strong>"
	lines[len(lines)-1] = `<a href="` + page + `">` + page + `</a>`
	markup := `<p><img src="` + html.EscapeString(u.Badge(p.Award.ID, "/qr.png?size=288")) + `" width="96" height="96" alt="` +
		html.EscapeString(l.T("sharing.cv.qr", "Title", l.title(p.Facts))) + `" align="left">` + strings.Join(lines, "<br>\n") + `</p>`
	return append(list, snippet{ID: "cv-html", Name: l.T("sharing.cv.html"), Text: markup, Long: true})
}

// cvText says what a badge is in a few lines of plain text, its address last.
func (s *server) cvText(l *locale, p *issuer.Publication, public bool) string {
	issued := l.month(issuer.MonthOf(p.Award.AttainedAt))
	when := l.T("sharing.cv.awarded", "Month", issued)
	if !p.Award.ExpiresAt.IsZero() {
		when = l.T("sharing.cv.until", "Month", issued, "Until", l.month(issuer.MonthOf(p.Award.ExpiresAt)))
	}
	lines := []string{l.title(p.Facts), p.Issuer.Name + " · " + when, l.T("sharing.licence", "Number", issuer.LicenceNumber(p.Award.ID))}
	if public {
		lines = append(lines, s.Issuer.URLs().Badge(p.Award.ID, ""))
	}
	return strings.Join(lines, "\n")
}
