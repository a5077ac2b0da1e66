package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/labstack/echo/v4"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// sessionLife is how long somebody stays signed in.
const sessionLife = 30 * 24 * time.Hour

// What a session knows.
const (
	sessionAccount = "account"
	sessionAgent   = "agent"
)

// newSessions keeps sessions in the ledger, under the hash of what the cookie
// says. Only somebody who is signed in has one.
func newSessions(s *issuer.Service) *scs.SessionManager {
	m := scs.New()
	m.Lifetime = sessionLife
	m.Store = sessionStore{s}
	m.Codec = sessionCodec{}
	m.HashTokenInStore = true
	m.Cookie = scs.SessionCookie{Name: cookieName(s, "accolade"), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: secure(s), Persist: true}
	return m
}

// secure tells whether browsers come by https.
func secure(s *issuer.Service) bool { return strings.HasPrefix(s.URLs().Base(), "https://") }

// cookieName binds a cookie to this host where browsers can be asked to: no
// other host of the domain can set one of that name then.
func cookieName(s *issuer.Service, name string) string {
	if secure(s) {
		return "__Host-" + name
	}
	return name
}

// sessionRecord is a session as it is kept.
type sessionRecord struct {
	Deadline time.Time         `json:"deadline"`
	Values   map[string]string `json:"values"`
}

// sessionCodec keeps sessions as JSON; all that they know is text.
type sessionCodec struct{}

// Encode is scs's.
func (sessionCodec) Encode(deadline time.Time, values map[string]any) ([]byte, error) {
	r := sessionRecord{Deadline: deadline, Values: map[string]string{}}
	for k, v := range values {
		text, ok := v.(string)
		if !ok {
			return nil, errors.New("a session keeps text only, not " + k)
		}
		r.Values[k] = text
	}
	return json.Marshal(r)
}

// Decode is scs's.
func (sessionCodec) Decode(body []byte) (time.Time, map[string]any, error) {
	var r sessionRecord
	err := json.Unmarshal(body, &r)
	values := map[string]any{}
	for k, v := range r.Values {
		values[k] = v
	}
	return r.Deadline, values, err
}

// sessionStore is scs's store over the ledger. Its times are the programme's.
type sessionStore struct{ s *issuer.Service }

// FindCtx is scs's.
func (st sessionStore) FindCtx(ctx context.Context, hash string) ([]byte, bool, error) {
	v, err := st.s.Session(ctx, hash)
	if errors.Is(err, issuer.ErrNoSession) {
		return nil, false, nil
	}
	return v.Data, err == nil, err
}

// CommitCtx is scs's.
func (st sessionStore) CommitCtx(ctx context.Context, hash string, body []byte, expiry time.Time) error {
	var r sessionRecord
	if err := json.Unmarshal(body, &r); err != nil {
		return err
	}
	now := st.s.Now()
	return st.s.SaveSession(ctx, ledger.AccountSession{
		Hash: hash, Account: r.Values[sessionAccount], Data: body, Agent: r.Values[sessionAgent],
		CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(time.Until(expiry)),
	})
}

// DeleteCtx is scs's.
func (st sessionStore) DeleteCtx(ctx context.Context, hash string) error {
	return st.s.EndSession(ctx, hash)
}

// Find, Commit and Delete are never called: the three above take their place.
func (st sessionStore) Find(hash string) ([]byte, bool, error) {
	return st.FindCtx(context.Background(), hash)
}

// Commit is scs's.
func (st sessionStore) Commit(hash string, body []byte, expiry time.Time) error {
	return st.CommitCtx(context.Background(), hash, body, expiry)
}

// Delete is scs's.
func (st sessionStore) Delete(hash string) error { return st.DeleteCtx(context.Background(), hash) }

var _ scs.CtxStore = sessionStore{}

// Where a request keeps who is signed in, and the award that its route is about.
const accountKey, ownedKey = "account", "owned award"

// account returns who is signed in, or nil. Only routes whose rule reads the
// session have anybody.
func account(c echo.Context) *issuer.Account {
	a, _ := c.Get(accountKey).(*issuer.Account)
	return a
}

// owned returns the award of a route with the rule owner or addressee.
func owned(c echo.Context) *issuer.Publication {
	p, _ := c.Get(ownedKey).(*issuer.Publication)
	return p
}

// viewer is who asks, for whatever shows an award.
func viewer(c echo.Context) issuer.Viewer {
	if a := account(c); a != nil {
		return issuer.Viewer{Account: a.ID}
	}
	return issuer.Viewer{}
}

// withSession reads who is signed in, and refuses requests that another site
// makes in their name. What it answers somebody is kept by no cache.
func (s *server) withSession(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Add("Vary", "Cookie")
		if err := s.origin.Check(c.Request()); err != nil {
			return errForeignForm
		}
		token := ""
		if cookie, err := c.Cookie(s.sessions.Cookie.Name); err == nil {
			token = cookie.Value
		}
		ctx, err := s.sessions.Load(c.Request().Context(), token)
		if err != nil {
			return err
		}
		c.SetRequest(c.Request().WithContext(ctx))
		if id := s.sessions.GetString(ctx, sessionAccount); id != "" {
			a, err := s.Issuer.Account(ctx, id)
			if err != nil && !errors.Is(err, issuer.ErrNoAccount) {
				return err
			}
			if err == nil {
				c.Set(accountKey, a)
				speak(c, a.Language)
				c.Response().Header().Set("Cache-Control", "no-store")
			}
		}
		return next(c)
	}
}

// errForeignForm is the answer to a form that another site has sent.
var errForeignForm = &fault{status: http.StatusForbidden, key: "signin.foreign"}

// needAccount sends whoever is not signed in to do so, and back.
func (s *server) needAccount(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Robots-Tag", "noindex")
		if account(c) != nil {
			return next(c)
		}
		to := "/sign-in"
		if m := c.Request().Method; m == http.MethodGet || m == http.MethodHead {
			to += "?next=" + url.QueryEscape(c.Request().URL.RequestURI())
		}
		return c.Redirect(http.StatusSeeOther, to)
	}
}

// needAward answers 404, as for an award that never was, unless the award of
// the route is what see says that the account may have. Who has signed in with
// another account of theirs reads where they are.
func (s *server) needAward(see func(ctx context.Context, account, award string) (*issuer.Publication, error), next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		p, err := see(c.Request().Context(), account(c).ID, c.Param("id"))
		if errors.Is(err, issuer.ErrNotPublished) && wantsPage(c) {
			return &fault{status: http.StatusNotFound, key: "me.elsewhere", pairs: []any{"Address", account(c).Primary()}}
		}
		if err != nil {
			return err
		}
		c.Set(ownedKey, p)
		return next(c)
	}
}

// signIn makes a new session for an account in this browser. A session id from
// before is worth nothing from then on.
func (s *server) signIn(c echo.Context, account string) error {
	ctx := c.Request().Context()
	if err := s.sessions.RenewToken(ctx); err != nil {
		return err
	}
	s.sessions.Put(ctx, sessionAccount, account)
	s.sessions.Put(ctx, sessionAgent, shorten(c.Request().UserAgent(), 300))
	token, expiry, err := s.sessions.Commit(ctx)
	if err != nil {
		return err
	}
	s.sessions.WriteSessionCookie(ctx, c.Response(), token, expiry)
	c.Response().Header().Set("Cache-Control", "no-store")
	return nil
}

// sessionHash names the session of a request as the ledger does.
func (s *server) sessionHash(c echo.Context) string {
	return issuer.SessionHash(s.sessions.Token(c.Request().Context()))
}

// signOut ends the session of this browser.
func (s *server) signOut(c echo.Context) error { return s.leaveFor(c, "/") }

// leaveFor ends the session of this browser and sends it to a page.
func (s *server) leaveFor(c echo.Context, to string) error {
	ctx := c.Request().Context()
	if err := s.sessions.Destroy(ctx); err != nil {
		return err
	}
	s.sessions.WriteSessionCookie(ctx, c.Response(), "", time.Time{})
	c.Response().Header().Set("Cache-Control", "no-store")
	c.Response().Header().Set("Clear-Site-Data", `"cache"`)
	return c.Redirect(http.StatusSeeOther, to)
}
