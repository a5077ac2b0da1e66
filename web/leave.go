package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
)

// exportPage is what export.html shows.
type exportPage struct {
	accountBase
	Badges int
}

func (s *server) exportPage(c echo.Context) error {
	list, err := s.Issuer.Owned(c.Request().Context(), account(c).ID)
	if err != nil {
		return err
	}
	return s.page(c, http.StatusOK, "export.html", exportPage{s.accountBase(c, "account.export.title"), len(list)})
}

// exportFile sends all that belongs to an account. It is written as it is made;
// what fails on the way cuts it short, which archive programs notice.
func (s *server) exportFile(c echo.Context) error {
	h := c.Response().Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="accolade-account.zip"`)
	if c.Request().Method == http.MethodHead {
		c.Response().WriteHeader(http.StatusOK)
		return nil
	}
	return s.Issuer.ExportAccount(c.Request().Context(), c.Response(), account(c).ID, nil)
}

// deletePage is what delete.html shows.
type deletePage struct {
	accountBase
	Badges int
}

func (s *server) deletePage(c echo.Context) error { return s.showDelete(c, http.StatusOK, false) }

func (s *server) showDelete(c echo.Context, status int, wrong bool) error {
	list, err := s.Issuer.Owned(c.Request().Context(), account(c).ID)
	if err != nil {
		return err
	}
	page := deletePage{s.accountBase(c, "account.delete.title"), len(list)}
	if wrong {
		page.Wrong, page.Fault = "address", page.l.T("account.wrong.address")
	}
	return s.page(c, status, "delete.html", page)
}

// deleteAccount deletes the account, once its owner has typed its address.
func (s *server) deleteAccount(c echo.Context) error {
	if err := readForm(c); err != nil {
		return err
	}
	me := account(c)
	if folded, err := issuer.FoldAddress(c.FormValue("address")); err != nil || !me.Has(folded) {
		return s.showDelete(c, http.StatusUnprocessableEntity, true)
	}
	if err := s.Issuer.DeleteAccount(c.Request().Context(), me.ID, me.ID); err != nil {
		return err
	}
	return s.leaveFor(c, "/?said=deleted")
}
