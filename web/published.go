package web

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
)

// The documents that verifiers and wallets fetch. Each handler names its
// document; package issuer makes it.

type documentFunc func(ctx context.Context, name string) (*issuer.Document, error)

func named(param string, get documentFunc) func(echo.Context) error {
	return func(c echo.Context) error {
		d, err := get(c.Request().Context(), c.Param(param))
		return serve(c, d, err)
	}
}

func (s *server) did(c echo.Context) error { return named("slug", s.Issuer.DID)(c) }
func (s *server) key(c echo.Context) error { return named("key", s.Issuer.Key)(c) }
func (s *server) revocations(c echo.Context) error {
	return named("slug", s.Issuer.Revocations)(c)
}
func (s *server) badgeClass(c echo.Context) error { return s.ob2("slug", s.Issuer.BadgeClass)(c) }
func (s *server) ob2Issuer(c echo.Context) error  { return s.ob2("slug", s.Issuer.OB2Issuer)(c) }
func (s *server) ob2Key(c echo.Context) error     { return s.ob2("key", s.Issuer.OB2Key)(c) }
func (s *server) ob2Revocations(c echo.Context) error {
	return s.ob2("slug", s.Issuer.OB2Revocations)(c)
}

func (s *server) jwks(c echo.Context) error {
	d, err := s.Issuer.JWKSet(c.Request().Context())
	return serve(c, d, err)
}

// status serves a status list as the media type that is asked for.
func (s *server) status(c echo.Context) error {
	d, err := s.Issuer.StatusList(c.Request().Context(), c.Param("list"))
	if err != nil {
		return err
	}
	c.Response().Header().Set("Vary", "Accept")
	return serveAs(c, d, credentialType(c))
}

// refresh serves the newest edition of an award (OB 3.0, Refresh Service).
func (s *server) refresh(c echo.Context) error {
	d, err := s.Issuer.CredentialJSON(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	c.Response().Header().Set("Vary", "Accept")
	return serveAs(c, d, credentialType(c))
}

// ob2 serves an OB 2.0 document: JSON-LD, plain JSON if only that is asked for.
func (s *server) ob2(param string, get documentFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		d, err := get(c.Request().Context(), c.Param(param))
		if err != nil {
			return err
		}
		c.Response().Header().Set("Vary", "Accept")
		mediaType, _ := preferred(c.Request().Header.Get("Accept"), issuer.TypeLD, issuer.TypeJSON)
		return serveAs(c, d, mediaType)
	}
}

// assertion serves a hosted OB 2.0 assertion; a browser is led to the page.
func (s *server) assertion(c echo.Context) error {
	d, err := s.Issuer.Assertion(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	c.Response().Header().Set("Vary", "Accept")
	offer, _ := preferred(c.Request().Header.Get("Accept"), issuer.TypeLD, issuer.TypeJSON, "text/html")
	if offer == "text/html" {
		return c.Redirect(http.StatusSeeOther, s.Issuer.URLs().Badge(c.Param("id"), ""))
	}
	return serveAs(c, d, offer)
}

// credentialType picks the media type of a Data Integrity credential: what OB
// 3.0 says unless another is asked for.
func credentialType(c echo.Context) string {
	t, _ := preferred(c.Request().Header.Get("Accept"), issuer.TypeOB3, issuer.TypeVC, issuer.TypeLD, issuer.TypeJSON)
	return t
}

// badge serves every form of an award that its address has: by suffix, or by
// what the one who asks accepts. Without an Accept header that is the
// credential, as the OB implementation guide asks for.
func (s *server) badge(c echo.Context) error {
	id, suffix, has := strings.Cut(c.Param("id"), ".")
	if has {
		return s.badgeFile(c, id, suffix)
	}
	c.Response().Header().Set("Vary", "Accept")
	accept := c.Request().Header.Get("Accept")
	if accept == "" {
		accept = issuer.TypeOB3
	}
	offer, _ := preferred(accept, "text/html", issuer.TypeOB3, issuer.TypeVC, issuer.TypeLD, issuer.TypeJSON,
		issuer.TypeVCJWT, typeJWT, "text/plain", issuer.TypePNG, issuer.TypeSVG)
	switch offer {
	case "text/html":
		return s.badgePage(c, id)
	case issuer.TypeVCJWT, typeJWT:
		return form(c, id, s.Issuer.CredentialJWT, offer)
	case "text/plain":
		return form(c, id, s.Issuer.CredentialJWT, issuer.TypeText)
	case issuer.TypePNG:
		return form(c, id, s.Issuer.BakedPNG, offer)
	case issuer.TypeSVG:
		return form(c, id, s.Issuer.BakedSVG, offer)
	}
	return form(c, id, s.Issuer.CredentialJSON, offer)
}

// typeJWT is what some wallets call a token.
const typeJWT = "application/jwt"

// badgeFile serves the form of an award that a suffix names.
func (s *server) badgeFile(c echo.Context, id, suffix string) error {
	switch suffix {
	case "json":
		c.Response().Header().Set("Vary", "Accept")
		return form(c, id, s.Issuer.CredentialJSON, credentialType(c))
	case "jwt":
		return form(c, id, s.Issuer.CredentialJWT, issuer.TypeText)
	case "png":
		return form(c, id, s.Issuer.BakedPNG, issuer.TypePNG)
	case "svg":
		return form(c, id, s.Issuer.BakedSVG, issuer.TypeSVG)
	case "ob2.svg":
		return form(c, id, s.Issuer.BakedOB2SVG, issuer.TypeSVG)
	case "ob2.json": // the assertion for people: its own address leads them to the page
		return form(c, id, s.Issuer.Assertion, issuer.TypeJSON)
	}
	return issuer.ErrNotPublished
}

// form serves one form of an award as one media type.
func form(c echo.Context, id string, get documentFunc, mediaType string) error {
	d, err := get(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return serveAs(c, d, mediaType)
}

// The pictures.

func (s *server) livePicture(c echo.Context) error {
	d, err := s.inLanguage(c).LivePicture(c.Request().Context(), c.Param("id"), size(c, 240))
	if err != nil {
		return err
	}
	s.leadToBadge(c)
	return serve(c, d, nil)
}

func (s *server) card(c echo.Context) error {
	d, err := s.inLanguage(c).Card(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	s.leadToBadge(c)
	return serve(c, d, nil)
}

// leadToBadge tells where the credential is of which an answer is only a view,
// for verifiers that are given its address.
func (s *server) leadToBadge(c echo.Context) {
	c.Response().Header().Set("Link", "<"+s.Issuer.URLs().Badge(c.Param("id"), ".json")+`>; rel="alternate"; type="`+issuer.TypeOB3+`"`)
}

// inLanguage draws what a stranger may see in the language of the query, and of
// nothing else: a picture is the same for all who ask for its address.
func (s *server) inLanguage(c echo.Context) issuer.Sight {
	return s.Issuer.As(issuer.Viewer{}).In(c.QueryParam("lang"))
}

func (s *server) certificate(c echo.Context) error {
	d, err := s.inLanguage(c).Certificate(c.Request().Context(), c.Param("id"))
	if err != nil {
		return err
	}
	c.Response().Header().Set("Content-Disposition", `inline; filename="certificate-`+c.Param("id")+`.pdf"`)
	return serve(c, d, nil)
}

func (s *server) qr(c echo.Context) error {
	d, err := s.Issuer.QR(c.Request().Context(), c.Param("id"), size(c, 300))
	return serve(c, d, err)
}

func (s *server) achievementPicture(c echo.Context) error {
	d, err := s.Issuer.AchievementPictureIn(c.Request().Context(), c.QueryParam("lang"), c.Param("slug"), size(c, 400))
	return serve(c, d, err)
}

func (s *server) issuerPicture(c echo.Context) error {
	return named("slug", s.Issuer.IssuerPicture)(c)
}

// size reads ?size=, the side in pixels; what is no number is the usual one.
func size(c echo.Context, usual int) int {
	n, err := strconv.Atoi(c.QueryParam("size"))
	if err != nil || n < 1 {
		return usual
	}
	return n
}
