package web

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// sessionsPage is what sessions.html shows: where somebody is signed in.
type sessionsPage struct {
	accountBase
	Sessions []openSession
}

type openSession struct {
	ledger.AccountSession
	Browser string
	Mine    bool // the one that asks
}

func (s *server) sessionsPage(c echo.Context) error {
	list, err := s.Issuer.Sessions(c.Request().Context(), account(c).ID)
	if err != nil {
		return err
	}
	page := sessionsPage{accountBase: s.accountBase(c, "account.sessions.title")}
	mine := s.sessionHash(c)
	for _, v := range list {
		page.Sessions = append(page.Sessions, openSession{v, s.language(c).browser(v.Agent), v.Hash == mine})
	}
	return s.page(c, http.StatusOK, "sessions.html", page)
}

// endSession ends one session of the account.
func (s *server) endSession(c echo.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	if err := s.Issuer.EndSessionOf(c.Request().Context(), account(c).ID, c.FormValue("session")); err != nil {
		return err
	}
	return seeOther(c, "/me/sessions?said=ended")
}

// endOtherSessions ends all sessions of the account but the one that asks.
func (s *server) endOtherSessions(c echo.Context) error {
	if _, err := s.Issuer.EndOtherSessions(c.Request().Context(), account(c).ID, s.sessionHash(c)); err != nil {
		return err
	}
	return seeOther(c, "/me/sessions?said=ended")
}

// agentNames are what browsers and systems write in User-Agent, those first that
// others also claim to be.
var agentNames = [][][2]string{
	{{"Edg", "Edge"}, {"OPR", "Opera"}, {"Firefox", "Firefox"}, {"CriOS", "Chrome"}, {"Chrome", "Chrome"}, {"Safari", "Safari"}},
	{{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"}, {"Mac OS", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}},
}

// browser names a browser as its owner knows it: "Firefox, Windows".
func (l *locale) browser(agent string) string {
	var names []string
	for _, list := range agentNames {
		for _, n := range list {
			if strings.Contains(agent, n[0]) {
				names = append(names, n[1])
				break
			}
		}
	}
	if names == nil {
		return l.T("account.sessions.unknown")
	}
	return strings.Join(names, ", ")
}
