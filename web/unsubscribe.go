package web

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
)

// optOutPage is what unsubscribe.html shows to whoever holds an opt-out link.
type optOutPage struct {
	base
	Token   string
	Address string // masked
	Issuer  string
	Contact string
	Stopped bool
	Done    bool // a button was pressed just now
}

// optOutAct is what the form of the page sends to undo an opt-out. Whatever else
// is posted to the address stops the mails: mail programs post
// List-Unsubscribe=One-Click (RFC 8058), as a form of either kind.
const optOutAct = "resume"

// optOut shows what the link would stop. Opening it changes nothing, so that mail
// scanners that follow it do no harm.
func (s *server) optOut(c echo.Context) error { return s.showOptOut(c, false) }

// optOutForm stops the mails, or undoes that. It reads no cookie and sends nobody
// elsewhere: a mail program has neither.
func (s *server) optOutForm(c echo.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	do := s.Issuer.StopMail
	if c.FormValue("act") == optOutAct {
		do = s.Issuer.ResumeMail
	}
	if err := do(c.Request().Context(), c.Param("token")); err != nil {
		return optOutFault(err)
	}
	return s.showOptOut(c, true)
}

func (s *server) showOptOut(c echo.Context, done bool) error {
	token := c.Param("token")
	out, err := s.Issuer.OptOut(c.Request().Context(), token)
	if err != nil {
		return optOutFault(err)
	}
	return s.page(c, http.StatusOK, "unsubscribe.html", optOutPage{
		base: s.base(c, s.language(c).T("mailpages.title")), Token: token,
		Address: issuer.MaskAddress(out.Address), Issuer: out.Issuer.Name, Contact: issuer.SenderOf(out.Issuer).ReplyTo,
		Stopped: out.Stopped, Done: done,
	})
}

func optOutFault(err error) error {
	if errors.Is(err, issuer.ErrNoOptOut) {
		return &fault{status: http.StatusNotFound, key: "mailpages.unknown"}
	}
	return err
}
