package issuer

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// A handle is the name of an earner in the address of their profile page. It is
// a row of lower-case Latin letters and digits, with single hyphens between:
// nothing that a reader could take for another handle's letters.
const (
	minHandle = 3
	maxHandle = 30
)

// handleKept is for how long a handle that was given up is kept for whoever had
// it: their old address stands in places that they do not control.
const handleKept = 365 * 24 * time.Hour

// reservedHandles are words that would speak for the site, or that are the names
// of its parts.
var reservedHandles = []string{
	"about", "accolade", "account", "accounts", "admin", "administrator", "api", "apps", "auth", "badge", "badges", "billing", "blog",
	"catalog", "certificate", "certificates", "certification", "certifications", "certified", "claim", "contact", "credential",
	"credentials", "demo", "docs", "earner", "earners", "embed", "exam", "exams", "example", "feed", "find", "genuine", "help", "home",
	"info", "issuer", "issuers", "legal", "login", "logout", "mail", "mailbox", "mailer", "me", "moderator", "news", "noreply", "null",
	"oembed", "official", "operator", "owner", "password", "postmaster", "press", "privacy", "profile", "programme", "public", "robots",
	"root", "search", "security", "settings", "share", "shop", "sign-in", "sign-out", "signin", "signup", "site", "staff", "static",
	"status", "support", "system", "team", "terms", "test", "trust", "trusted", "undefined", "unsubscribe", "user", "users", "valid",
	"verified", "verify", "verifier", "webmaster", "well-known", "www",
}

// Letters and digits that are taken for others, each with the one that stands for
// both, and pairs of letters that are taken for one. A hyphen is overlooked.
var (
	alike      = strings.NewReplacer("-", "", "0", "o", "1", "l", "i", "l", "3", "e", "4", "a", "5", "s", "7", "t", "8", "b")
	pairsAlike = strings.NewReplacer("rn", "m", "vv", "w", "cl", "d")
)

// skeleton is what a handle looks like at a glance: two that look alike have the
// same. The ledger keeps it beside the handle; its migration 5 makes it in SQL.
func skeleton(handle string) string { return pairsAlike.Replace(alike.Replace(handle)) }

// cleanHandle reads a handle as it was typed and says what is wrong with it.
func cleanHandle(typed string) (string, error) {
	handle := strings.TrimPrefix(strings.ToLower(strings.TrimSpace(norm.NFKC.String(typed))), "@")
	fault := func(code string) (string, error) { return "", &EarnerError{Field: "handle", Code: code} }
	for _, r := range handle {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' {
			return fault("letters")
		}
	}
	switch {
	case len(handle) < minHandle || len(handle) > maxHandle:
		return "", &EarnerError{Field: "handle", Code: "length", Most: maxHandle}
	case strings.HasPrefix(handle, "-") || strings.HasSuffix(handle, "-") || strings.Contains(handle, "--"):
		return fault("hyphens")
	case !strings.ContainsAny(handle, "abcdefghijklmnopqrstuvwxyz"):
		return fault("digits")
	case slices.ContainsFunc(reservedHandles, func(word string) bool { return skeleton(word) == skeleton(handle) }):
		return fault("reserved")
	}
	return handle, nil
}

// takeHandle says whether an account may have a handle, and keeps the one that
// it gives up. It must differ from what the account has.
func (s *Service) takeHandle(ctx context.Context, tx *ledger.Tx, a ledger.Account, handle string) error {
	taken := func(other string) error {
		if other != handle {
			return &EarnerError{Field: "handle", Code: "alike"}
		}
		return &EarnerError{Field: "handle", Code: "taken"}
	}
	for _, find := range []func() (ledger.Account, error){
		func() (ledger.Account, error) { return tx.AccountByHandle(ctx, handle) },
		func() (ledger.Account, error) { return tx.AccountByLook(ctx, skeleton(handle)) },
	} {
		switch other, err := find(); {
		case err == nil && other.ID != a.ID:
			return taken(other.Handle)
		case err != nil && !errors.Is(err, ledger.ErrNotFound):
			return err
		}
	}
	now := s.Now()
	kept, err := tx.HandleKept(ctx, a.ID, skeleton(handle), now.Add(-handleKept))
	if err != nil {
		return err
	}
	if kept != "" {
		return taken(kept)
	}
	all, err := tx.Issuers(ctx)
	if err != nil {
		return err
	}
	for _, is := range all {
		if skeleton(is.Slug) == skeleton(handle) {
			return &EarnerError{Field: "handle", Code: "imitates"}
		}
	}
	if a.Handle == "" {
		return nil
	}
	return tx.LeaveHandle(ctx, a.ID, a.Handle, skeleton(a.Handle), now)
}

// SuggestHandle returns a handle that goes with a name, or "" where none does. It
// may be taken.
func SuggestHandle(name string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(name)) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && (r == ' ' || r == '-' || r == '_' || r == '.') && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	text := b.String()
	handle, err := cleanHandle(strings.Trim(text[:min(len(text), maxHandle)], "-"))
	if err != nil {
		return ""
	}
	return handle
}
