package web

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/labstack/echo/v4"
	"golang.org/x/oauth2"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/verifier/fetch"
)

// Provider is an OpenID provider with which people can sign in. An address that
// it calls verified counts as proved: name only providers that check them.
type Provider struct {
	Name         string // as it stands on the button, and in the ledger; fixed once people have signed in with it
	Issuer       string // its address, where /.well-known/openid-configuration is
	ClientID     string
	ClientSecret string
}

// path is where signing in with the provider begins.
func (p Provider) path() string { return "/sign-in/with/" + url.PathEscape(p.Name) }

// providerWait is how long an answer of a provider is waited for.
const providerWait = 10 * time.Second

// providers finds the endpoints of providers when they are first needed, and
// keeps them.
type providers struct {
	mu    sync.Mutex
	found map[string]*oidc.Provider
}

// providerContext is how a provider is called.
func providerContext(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, stop := context.WithTimeout(ctx, providerWait)
	return oidc.ClientContext(ctx, fetch.Named(providerWait)), stop
}

// provider returns the provider of a route and its endpoints.
func (s *server) provider(ctx context.Context, name string) (Provider, *oidc.Provider, error) {
	for _, p := range s.Providers {
		if p.Name != name {
			continue
		}
		s.known.mu.Lock()
		found := s.known.found[name]
		s.known.mu.Unlock()
		if found != nil {
			return p, found, nil
		}
		found, err := oidc.NewProvider(ctx, p.Issuer)
		if err != nil {
			return p, nil, err
		}
		s.known.mu.Lock()
		s.known.found[name] = found
		s.known.mu.Unlock()
		return p, found, nil
	}
	return Provider{}, nil, nil
}

// providerState is what a browser that goes to a provider brings back in a
// cookie. Only that browser has it, so that nobody can be signed in by a link of
// somebody else's.
type providerState struct {
	Provider, State, Nonce, Verifier, Next string
}

// providerCookie holds the state.
const providerCookie = "accolade-provider"

func (s *server) setProviderState(c echo.Context, st *providerState) error {
	cookie := &http.Cookie{ //nolint:gosec // it is Secure wherever the installation is reached by https
		Name: cookieName(s.Issuer, providerCookie), Path: "/", MaxAge: -1,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: secure(s.Issuer),
	}
	if st != nil {
		data, err := json.Marshal(st)
		if err != nil {
			return err
		}
		cookie.Value, cookie.MaxAge = base64.RawURLEncoding.EncodeToString(data), int((15 * time.Minute).Seconds())
	}
	c.SetCookie(cookie)
	return nil
}

func (s *server) providerState(c echo.Context) (st providerState, ok bool) {
	cookie, err := c.Cookie(cookieName(s.Issuer, providerCookie))
	if err != nil {
		return st, false
	}
	data, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	return st, err == nil && json.Unmarshal(data, &st) == nil && st.State != ""
}

// oauth is what a provider is asked with (RFC 6749, with PKCE of RFC 7636).
func (s *server) oauth(p Provider, at *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.ClientID, ClientSecret: p.ClientSecret, Endpoint: at.Endpoint(),
		RedirectURL: s.Issuer.URLs().Base() + p.path() + "/back", Scopes: []string{oidc.ScopeOpenID, "email", "profile"},
	}
}

// toProvider sends a browser to a provider. It changes nothing here.
func (s *server) toProvider(c echo.Context) error {
	ctx, stop := providerContext(c.Request().Context())
	defer stop()
	p, at, err := s.provider(ctx, c.Param("provider"))
	switch {
	case p.Name == "":
		return seeOther(c, "/sign-in")
	case err != nil:
		return s.providerDown(p, err)
	}
	st := &providerState{Provider: p.Name, State: newClick(), Nonce: newClick(), Verifier: oauth2.GenerateVerifier(), Next: nextPath(c.QueryParam("next"))}
	if err := s.setProviderState(c, st); err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.Redirect(http.StatusSeeOther, s.oauth(p, at).AuthCodeURL(st.State, oidc.Nonce(st.Nonce), oauth2.S256ChallengeOption(st.Verifier)))
}

// fromProvider signs in whom a provider sends back.
func (s *server) fromProvider(c echo.Context) error {
	ctx, stop := providerContext(c.Request().Context())
	defer stop()
	st, ok := s.providerState(c)
	if err := s.setProviderState(c, nil); err != nil {
		return err
	}
	if !ok || st.Provider != c.Param("provider") || subtle.ConstantTimeCompare([]byte(st.State), []byte(c.QueryParam("state"))) != 1 {
		return seeOther(c, "/sign-in")
	}
	p, at, err := s.provider(ctx, st.Provider)
	switch {
	case p.Name == "" || c.QueryParam("code") == "": // they changed their mind there
		return seeOther(c, "/sign-in")
	case err != nil:
		return s.providerDown(p, err)
	}
	person, err := s.person(ctx, p, at, st, c.QueryParam("code"))
	if err != nil {
		return s.providerDown(p, err)
	}
	person.Language = s.language(c).Tag
	me := ""
	if a := account(c); a != nil {
		me = a.ID
	}
	id, err := s.Issuer.SignInAs(c.Request().Context(), person, me)
	switch {
	case errors.Is(err, issuer.ErrUnproven):
		return &fault{status: http.StatusForbidden, key: "account.unproven", pairs: []any{"Provider", p.Name}}
	case errors.Is(err, issuer.ErrIdentityTaken):
		return &fault{status: http.StatusConflict, key: "account.taken", pairs: []any{"Provider", p.Name}}
	case err != nil:
		return err
	}
	if id != me {
		if err := s.signIn(c, id); err != nil {
			return err
		}
	}
	return seeOther(c, orMe(st.Next))
}

// person exchanges the code for an ID token and reads it (OpenID Connect Core
// 1.0, section 3.1.3.7).
func (s *server) person(ctx context.Context, p Provider, at *oidc.Provider, st providerState, code string) (issuer.Person, error) {
	token, err := s.oauth(p, at).Exchange(ctx, code, oauth2.VerifierOption(st.Verifier))
	if err != nil {
		return issuer.Person{}, err
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return issuer.Person{}, errors.New("the provider sends no ID token")
	}
	id, err := at.VerifierContext(ctx, &oidc.Config{ClientID: p.ClientID, Now: s.Issuer.Now}).Verify(ctx, raw)
	if err != nil {
		return issuer.Person{}, err
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(st.Nonce)) != 1 {
		return issuer.Person{}, errors.New("the ID token is for another sign-in")
	}
	var claims struct {
		Email    string `json:"email"`
		Verified any    `json:"email_verified"`
		Name     string `json:"name"`
	}
	if err := id.Claims(&claims); err != nil {
		return issuer.Person{}, err
	}
	person := issuer.Person{Provider: p.Name, Subject: id.Subject, Name: claims.Name}
	if claims.Verified == true || claims.Verified == "true" {
		person.Email = claims.Email
	}
	return person, nil
}

// providerDown tells that a provider cannot be used now.
func (s *server) providerDown(p Provider, err error) error {
	s.Log.Warn("sign-in provider failed", "provider", p.Name, "error", err)
	return &fault{status: http.StatusBadGateway, key: "account.provider", pairs: []any{"Provider", p.Name}}
}

// ParseProvider reads NAME=ISSUER,CLIENT_ID,CLIENT_SECRET.
func ParseProvider(text string) (Provider, error) {
	name, rest, ok := strings.Cut(text, "=")
	parts := strings.SplitN(rest, ",", 3)
	if !ok || len(parts) != 3 || name == "" || strings.ContainsAny(name, "/?#%\\") || len(name) > 40 {
		return Provider{}, errors.New("write it like Name=https://login.example.org,CLIENT_ID,CLIENT_SECRET")
	}
	u, err := url.Parse(parts[0])
	if err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && isLoopback(u.Host)) {
		return Provider{}, fmt.Errorf("%q is no https address of a provider", parts[0])
	}
	return Provider{Name: name, Issuer: parts[0], ClientID: parts[1], ClientSecret: parts[2]}, nil
}
