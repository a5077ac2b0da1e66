package web

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
)

// rule says who may use a route, and with that how its answers may travel.
type rule string

// The rules. Every route has one. Those from maybeSignedIn to owner read the
// cookie of a session, if there is one, and refuse what other sites send.
const (
	everybody     rule = "everybody"       // a page or service, the same for all who ask
	document      rule = "document"        // public, for the scripts of any site too
	whenPublic    rule = "when public"     // an award's forms: a document while it is public, else not there
	profile       rule = "profile"         // of an earner: a document while they made it public, else not there
	byLink        rule = "by link"         // whoever holds the secret in the address; kept by nobody
	byToken       rule = "by token"        // an API token with the scope beside it
	operator      rule = "operator"        // whoever runs the demo on this machine
	maybeSignedIn rule = "maybe signed in" // everybody, and it matters who is signed in
	linkHolder    rule = "link holder"     // whoever holds the secret in the address, and it matters who is signed in
	signedIn      rule = "signed in"       // an account, which sees what is its own; others are sent to sign in
	addressee     rule = "addressee"       // the account that owns the award, or for which it waits; else it is not there
	owner         rule = "owner"           // the account that owns the award; else it is not there
)

// route is one address that we answer.
type route struct {
	method, path string
	rule         rule
	scope        issuer.Scope // of byToken
	handler      echo.HandlerFunc
}

// claimCodes is the route whose answer is a secret, which is kept nowhere.
const claimCodes = "/api/v1/awards/:id/claim-code"

// routes is the one table of addresses.
func (s *server) routes() []route {
	list := []route{
		{"GET", "/", everybody, "", s.home},
		{"GET", "/about", everybody, "", s.about},
		{"GET", "/verify", everybody, "", s.verifyPage},
		{"POST", "/verify", everybody, "", s.verifyForm},
		{"POST", "/language", everybody, "", s.setLanguage},

		{"GET", "/badges/:id", whenPublic, "", s.badge},
		{"GET", "/badges/:id/image.png", whenPublic, "", s.livePicture},
		{"GET", "/badges/:id/card.png", whenPublic, "", s.card},
		{"GET", "/badges/:id/qr.png", whenPublic, "", s.qr},
		{"GET", "/badges/:id/embed", whenPublic, "", s.embed},
		{"GET", "/badges/:id/certificate.pdf", whenPublic, "", s.certificate},
		{"GET", "/oembed", whenPublic, "", s.oembed},
		{"GET", "/refresh/:id", whenPublic, "", s.refresh},
		{"GET", "/ob2/assertions/:id", whenPublic, "", s.assertion},
		{"GET", "/claim/:token", linkHolder, "", s.claim},
		{"POST", "/claim/:token", linkHolder, "", s.claimForm},
		{"GET", "/claim/:token/:file", byLink, "", s.claimFile},

		{"GET", "/earners/:handle", profile, "", s.earner},
		{"GET", "/earners/:handle/picture.png", profile, "", s.earnerPicture},
		{"GET", "/earners/:handle/badges.json", profile, "", s.feedJSON},
		{"GET", "/earners/:handle/badges.rss", profile, "", s.feedRSS},
		{"GET", "/earners/:handle/strip.svg", profile, "", s.feedStrip},

		{"GET", "/s/:token", byLink, "", s.shared},
		{"GET", "/s/:token/:file", byLink, "", s.sharedFile},

		{"GET", "/u/:token", byLink, "", s.optOut},
		{"POST", "/u/:token", byLink, "", s.optOutForm},

		{"GET", "/sign-in", maybeSignedIn, "", s.signInPage},
		{"POST", "/sign-in", maybeSignedIn, "", s.signInForm},
		{"GET", "/sign-in/code", maybeSignedIn, "", s.codePage},
		{"POST", "/sign-in/code", maybeSignedIn, "", s.codeForm},
		{"GET", "/confirm/:token", linkHolder, "", s.confirmPage},
		{"POST", "/confirm/:token", linkHolder, "", s.confirmForm},
		{"POST", "/sign-out", maybeSignedIn, "", s.signOut},
		{"GET", "/find", maybeSignedIn, "", s.findPage},
		{"POST", "/find", maybeSignedIn, "", s.findForm},

		{"POST", "/sign-in/passkey/options", maybeSignedIn, "", s.passkeySignInOptions},
		{"POST", "/sign-in/passkey", maybeSignedIn, "", s.passkeySignIn},
		{"GET", "/sign-in/with/:provider", maybeSignedIn, "", s.toProvider},
		{"GET", "/sign-in/with/:provider/back", maybeSignedIn, "", s.fromProvider},

		{"GET", "/me", signedIn, "", s.me},
		{"GET", "/me/account", signedIn, "", s.accountPage},
		{"POST", "/me/account", signedIn, "", s.changeAccount},
		{"POST", "/me/account/picture", signedIn, "", s.setPicture},
		{"POST", "/me/account/picture/remove", signedIn, "", s.removePicture},
		{"GET", "/me/picture.png", signedIn, "", s.myPicture},
		{"GET", "/me/addresses", signedIn, "", s.addressesPage},
		{"POST", "/me/addresses", signedIn, "", s.addAddress},
		{"POST", "/me/addresses/primary", signedIn, "", s.primaryAddress},
		{"POST", "/me/addresses/remove", signedIn, "", s.removeAddress},
		{"POST", "/me/addresses/unlink", signedIn, "", s.unlink},
		{"GET", "/me/sessions", signedIn, "", s.sessionsPage},
		{"POST", "/me/sessions/end", signedIn, "", s.endSession},
		{"POST", "/me/sessions/end-others", signedIn, "", s.endOtherSessions},
		{"GET", "/me/passkeys", signedIn, "", s.passkeysPage},
		{"POST", "/me/passkeys", signedIn, "", s.addPasskey},
		{"POST", "/me/passkeys/options", signedIn, "", s.passkeyOptions},
		{"POST", "/me/passkeys/name", signedIn, "", s.namePasskey},
		{"POST", "/me/passkeys/remove", signedIn, "", s.removePasskey},
		{"GET", "/me/merge", signedIn, "", s.mergePage},
		{"POST", "/me/merge", signedIn, "", s.startMerge},
		{"GET", "/me/merge/:proof", signedIn, "", s.mergingPage},
		{"POST", "/me/merge/:proof", signedIn, "", s.merge},
		{"POST", "/me/merges/:merge/undo", signedIn, "", s.unmerge},
		{"GET", "/me/export", signedIn, "", s.exportPage},
		{"GET", "/me/export/account.zip", signedIn, "", s.exportFile},
		{"GET", "/me/delete", signedIn, "", s.deletePage},
		{"POST", "/me/delete", signedIn, "", s.deleteAccount},
		{"GET", "/me/badges/:id/name", owner, "", s.namePage},
		{"POST", "/me/badges/:id/name", owner, "", s.requestName},
		{"GET", "/me/badges/:id/addresses", owner, "", s.tiedPage},
		{"POST", "/me/badges/:id/addresses", owner, "", s.tieAddress},
		{"GET", "/me/badges/:id", addressee, "", s.myBadge},
		{"POST", "/me/badges/:id/accept", addressee, "", s.acceptBadge},
		{"POST", "/me/badges/:id/decline", addressee, "", s.declineBadge},
		{"POST", "/me/badges/:id/undecline", addressee, "", s.undeclineBadge},
		{"POST", "/me/badges/:id/visibility", owner, "", s.setVisibility},
		{"POST", "/me/badges/:id/disclosure", owner, "", s.setDisclosure},
		{"POST", "/me/badges/:id/shares", owner, "", s.makeShare},
		{"GET", "/me/badges/:id/signature", owner, "", s.signaturePage},
		{"GET", "/me/badges/:id/signature/preview", owner, "", s.signaturePreview},
		{"GET", "/me/badges/:id/signature/:file", owner, "", s.signatureFile},
		{"GET", "/me/badges/:id/files/:file", owner, "", s.myFile},
		{"GET", "/me/badges/:id/archive.zip", owner, "", s.myArchive},
		{"GET", "/me/shares", signedIn, "", s.myShares},
		{"POST", "/me/shares/:share/close", signedIn, "", s.closeShare},
		{"GET", "/me/profile", signedIn, "", s.myProfile},
		{"POST", "/me/profile", signedIn, "", s.describeProfile},
		{"POST", "/me/profile/public", signedIn, "", s.publishProfile},
		{"POST", "/me/profile/order", signedIn, "", s.orderProfile},
		{"POST", "/me/profile/hidden", signedIn, "", s.hideOnProfile},
		{"POST", "/me/collections", signedIn, "", s.addCollection},
		{"GET", "/me/collections/:collection", signedIn, "", s.myCollection},
		{"POST", "/me/collections/:collection", signedIn, "", s.describeCollection},
		{"POST", "/me/collections/:collection/badges", signedIn, "", s.collect},
		{"POST", "/me/collections/:collection/move", signedIn, "", s.moveCollection},
		{"POST", "/me/collections/:collection/public", signedIn, "", s.publishCollection},
		{"POST", "/me/collections/:collection/remove", signedIn, "", s.removeCollection},

		{"GET", "/achievements/:slug", document, "", s.achievement},
		{"GET", "/achievements/:slug/image.png", document, "", s.achievementPicture},
		{"GET", "/issuers/:slug", document, "", s.issuer},
		{"GET", "/issuers/:slug/image.png", document, "", s.issuerPicture},
		{"GET", "/issuers/:slug/did.json", document, "", s.did},
		{"GET", "/keys/:key", document, "", s.key},
		{"GET", "/.well-known/jwks.json", document, "", s.jwks},
		{"GET", "/status/:list", document, "", s.status},
		{"GET", "/revocations/:slug", document, "", s.revocations},
		{"GET", "/ob2/badges/:slug", document, "", s.badgeClass},
		{"GET", "/ob2/issuers/:slug", document, "", s.ob2Issuer},
		{"GET", "/ob2/keys/:key", document, "", s.ob2Key},
		{"GET", "/ob2/revocations/:slug", document, "", s.ob2Revocations},

		{"GET", "/api", everybody, "", s.apiPage},
		{"GET", "/api/v1/openapi.json", document, "", s.openAPI},
		{"POST", "/api/v1/results", byToken, issuer.ResultsWrite, s.postResults},
		{"GET", "/api/v1/awards", byToken, issuer.AwardsRead, s.listAwards},
		{"GET", "/api/v1/awards/:id", byToken, issuer.AwardsRead, s.getAward},
		{"POST", "/api/v1/awards/:id/revoke", byToken, issuer.AwardsWrite, s.revokeAward},
		{"POST", "/api/v1/awards/:id/suspend", byToken, issuer.AwardsWrite, s.suspendAward},
		{"POST", "/api/v1/awards/:id/reinstate", byToken, issuer.AwardsWrite, s.reinstateAward},
		{"POST", "/api/v1/awards/:id/correct", byToken, issuer.AwardsWrite, s.correctAward},
		{"POST", claimCodes, byToken, issuer.AwardsWrite, s.postClaimCode},
		{"POST", "/api/v1/mail/bounces", byToken, issuer.MailWrite, s.postBounces},
		{"POST", "/api/v1/verify", document, "", s.postVerify},
		{"OPTIONS", "/api/v1/verify", document, "", s.allowVerify},

		{"GET", "/issuers", byToken, issuer.VCIssue, s.vcIssuers},
		{"POST", "/credentials/issue", byToken, issuer.VCIssue, s.vcIssue},
		{"POST", "/credentials/verify", document, "", s.vcVerify},
		{"OPTIONS", "/credentials/verify", document, "", s.allowVerify},
		{"POST", "/presentations/verify", document, "", s.vpVerify},
		{"OPTIONS", "/presentations/verify", document, "", s.allowVerify},

		{"GET", "/healthz", everybody, "", s.healthy},
		{"GET", "/readyz", everybody, "", s.ready},
		{"GET", "/static/:hash/:file", everybody, "", s.static},
		{"GET", "/favicon.svg", everybody, "", s.favicon},
		{"GET", "/robots.txt", everybody, "", s.robots},
	}
	if s.Mailbox != "" {
		list = append(list,
			route{"GET", "/mailbox", operator, "", s.mailbox},
			route{"GET", "/mailbox/:name", operator, "", s.mailboxMessage},
			route{"GET", "/mailbox/:name/html", operator, "", s.mailboxHTML},
		)
	}
	return list
}

// add registers the route, and HEAD beside GET. What its rule says of an answer
// holds for refusals too.
func (s *server) add(e *echo.Echo, r route) {
	handler := r.handler
	switch r.rule {
	case document, whenPublic, profile:
		handler = withHeaders(s.limitMisses(handler), "Access-Control-Allow-Origin", "*")
	case byLink, operator:
		handler = withHeaders(s.limitMisses(handler), "Cache-Control", "no-store", "X-Robots-Tag", "noindex")
	case byToken:
		if r.method == http.MethodPost && strings.HasPrefix(r.path, "/api/") && r.path != claimCodes {
			handler = s.onceByKey(r.scope, handler)
		}
	case maybeSignedIn:
		handler = s.withSession(handler)
	case linkHolder:
		handler = withHeaders(s.withSession(handler), "Cache-Control", "no-store", "X-Robots-Tag", "noindex")
	case signedIn:
		handler = s.withSession(s.needAccount(handler))
	case addressee:
		handler = s.withSession(s.needAccount(s.needAward(s.Issuer.EarnerPublication, handler)))
	case owner:
		handler = s.withSession(s.needAccount(s.needAward(s.Issuer.OwnPublication, handler)))
	}
	e.Add(r.method, r.path, handler)
	if r.method == http.MethodGet {
		e.Add(http.MethodHead, r.path, handler)
	}
}

// withHeaders sets headers, given as names and values, before a handler runs.
func withHeaders(next echo.HandlerFunc, pairs ...string) echo.HandlerFunc {
	return func(c echo.Context) error {
		for i := 0; i < len(pairs); i += 2 {
			c.Response().Header().Set(pairs[i], pairs[i+1])
		}
		return next(c)
	}
}
