package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
)

// rule says who may use a route.
type rule string

// The rules. Every route has one.
const (
	everybody  rule = "everybody"   // the same for all who ask
	whenPublic rule = "when public" // an award's forms: there only while it is public
	byLink     rule = "by link"     // whoever holds the secret in the address
	byToken    rule = "by token"    // an API token with the scope beside it
)

// route is one address that we answer.
type route struct {
	method, path string
	rule         rule
	scope        issuer.Scope // of byToken
	handler      echo.HandlerFunc
}

// routes is the one table of addresses.
func (s *server) routes() []route {
	list := []route{
		{"GET", "/", everybody, "", s.home},
		{"GET", "/verify", everybody, "", s.verifyPage},
		{"POST", "/verify", everybody, "", s.verifyForm},
		{"GET", "/badges/:id", whenPublic, "", s.badge},
		{"GET", "/badges/:id/image.png", whenPublic, "", s.livePicture},
		{"GET", "/badges/:id/card.png", whenPublic, "", s.card},
		{"GET", "/badges/:id/qr.png", whenPublic, "", s.qr},
		{"GET", "/badges/:id/embed", whenPublic, "", s.embed},
		{"GET", "/badges/:id/certificate.pdf", whenPublic, "", s.certificate},
		{"GET", "/oembed", whenPublic, "", s.oembed},
		{"GET", "/refresh/:id", whenPublic, "", s.refresh},
		{"GET", "/claim/:token", byLink, "", s.claim},
		{"GET", "/claim/:token/:file", byLink, "", s.claimFile},

		{"GET", "/achievements/:slug", everybody, "", s.achievement},
		{"GET", "/achievements/:slug/image.png", everybody, "", s.achievementPicture},
		{"GET", "/issuers/:slug", everybody, "", s.issuer},
		{"GET", "/issuers/:slug/image.png", everybody, "", s.issuerPicture},
		{"GET", "/issuers/:slug/did.json", everybody, "", s.did},
		{"GET", "/keys/:key", everybody, "", s.key},
		{"GET", "/.well-known/jwks.json", everybody, "", s.jwks},
		{"GET", "/status/:list", everybody, "", s.status},
		{"GET", "/revocations/:slug", everybody, "", s.revocations},
		{"GET", "/ob2/assertions/:id", whenPublic, "", s.assertion},
		{"GET", "/ob2/badges/:slug", everybody, "", s.badgeClass},
		{"GET", "/ob2/issuers/:slug", everybody, "", s.ob2Issuer},
		{"GET", "/ob2/keys/:key", everybody, "", s.ob2Key},
		{"GET", "/ob2/revocations/:slug", everybody, "", s.ob2Revocations},

		{"GET", "/api", everybody, "", s.apiPage},
		{"GET", "/api/v1/openapi.json", everybody, "", s.openAPI},
		{"POST", "/api/v1/results", byToken, issuer.ResultsWrite, s.postResults},
		{"GET", "/api/v1/awards", byToken, issuer.AwardsRead, s.listAwards},
		{"GET", "/api/v1/awards/:id", byToken, issuer.AwardsRead, s.getAward},
		{"POST", "/api/v1/awards/:id/revoke", byToken, issuer.AwardsWrite, s.revokeAward},
		{"POST", "/api/v1/awards/:id/suspend", byToken, issuer.AwardsWrite, s.suspendAward},
		{"POST", "/api/v1/awards/:id/reinstate", byToken, issuer.AwardsWrite, s.reinstateAward},
		{"POST", "/api/v1/awards/:id/correct", byToken, issuer.AwardsWrite, s.correctAward},
		{"POST", "/api/v1/verify", everybody, "", s.postVerify},
		{"OPTIONS", "/api/v1/verify", everybody, "", s.allowVerify},

		{"GET", "/healthz", everybody, "", s.healthy},
		{"GET", "/readyz", everybody, "", s.ready},
		{"GET", "/static/:hash/:file", everybody, "", s.static},
		{"GET", "/favicon.svg", everybody, "", s.favicon},
		{"GET", "/robots.txt", everybody, "", s.robots},
	}
	if s.Mailbox != "" {
		list = append(list,
			route{"GET", "/mailbox", everybody, "", s.mailbox},
			route{"GET", "/mailbox/:name", everybody, "", s.mailboxMessage},
			route{"GET", "/mailbox/:name/html", everybody, "", s.mailboxHTML},
		)
	}
	return list
}

// add registers the route, its rule before its handler, and HEAD beside GET.
func (r route) add(e *echo.Echo) {
	e.Add(r.method, r.path, r.handler)
	if r.method == http.MethodGet {
		e.Add(http.MethodHead, r.path, r.handler)
	}
}
