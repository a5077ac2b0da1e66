package web

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	i18ntemplate "github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/language"

	"github.com/accolade-badges/accolade/assets"
)

// languageTags are the languages of pages (BCP 47). Who reads none of them gets
// the first.
var languageTags = []language.Tag{language.English, language.MustParse("zh-CN")}

// languages are the words of every language, read once.
type languages struct {
	list    []*locale // in the order of languageTags
	matcher language.Matcher
	edition string // changes with every word
}

// locale is one language: its words, and how it writes a date.
type locale struct {
	Tag  string // BCP 47, for the attribute lang
	Name string // what its readers call it

	words *i18n.Localizer
}

// newLanguages reads the words of all languages.
func newLanguages() (*languages, error) {
	bundle := i18n.NewBundle(languageTags[0])
	names, err := fs.Glob(assets.Locales(), "*.json")
	if err != nil {
		return nil, err
	}
	sum := sha256.New()
	for _, name := range names {
		body, err := fs.ReadFile(assets.Locales(), name)
		if err != nil {
			return nil, err
		}
		_, _ = sum.Write(body)
		if _, err := bundle.ParseMessageFileBytes(body, name); err != nil {
			return nil, fmt.Errorf("words %s: %w", name, err)
		}
	}
	l := &languages{matcher: language.NewMatcher(languageTags), edition: hex.EncodeToString(sum.Sum(nil))}
	for _, tag := range languageTags {
		one := &locale{Tag: tag.String(), words: i18n.NewLocalizer(bundle, tag.String())}
		one.Name = one.T("site.language")
		l.list = append(l.list, one)
	}
	return l, nil
}

// best returns the language that a reader of the wanted ones (tags, or an
// Accept-Language header) reads best; ok is false when that is none of ours.
func (l *languages) best(wanted string) (best *locale, ok bool) {
	tags, _, err := language.ParseAcceptLanguage(wanted)
	if err != nil || len(tags) == 0 {
		return l.list[0], false
	}
	_, index, confidence := l.matcher.Match(tags...)
	return l.list[index], confidence > language.No
}

// plainWords fills in the fields of a text; a field without a value is an error.
var plainWords = &i18ntemplate.TextParser{Option: "missingkey=error"}

// text looks a key up and fills in pairs of name and value. The value of Count
// picks the plural form.
func (l *locale) text(key string, pairs []any) (string, error) {
	config := i18n.LocalizeConfig{MessageID: key, TemplateParser: plainWords}
	fields := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok || i+1 == len(pairs) {
			return "", fmt.Errorf("text %s: names and values must come in pairs, not as %v", key, pairs)
		}
		fields[name] = pairs[i+1]
	}
	config.TemplateData, config.PluralCount = fields, fields["Count"]
	text, err := l.words.Localize(&config)
	var missing *i18n.MessageNotFoundErr
	if errors.As(err, &missing) && text != "" {
		return text, nil // in English
	}
	return text, err
}

// T returns the text of a key, with pairs of field name and value filled in. A
// key that is not known stands for itself.
func (l *locale) T(key string, pairs ...any) string {
	text, err := l.text(key, pairs)
	if err != nil {
		return key
	}
	return text
}

// known tells whether a key has a text.
func (l *locale) known(key string) bool {
	_, _, err := l.words.LocalizeWithTag(&i18n.LocalizeConfig{MessageID: key})
	var missing *i18n.MessageNotFoundErr
	return !errors.As(err, &missing)
}

// Date writes a day, as of UTC.
func (l *locale) Date(t time.Time) string { return t.UTC().Format(l.T("site.date")) }

// Moment writes a day and a minute, as of UTC.
func (l *locale) Moment(t time.Time) string { return t.UTC().Format(l.T("site.moment")) }

// markup is a text that is HTML of ours; what is filled in is text, and escaped.
func (l *locale) markup(key string, pairs ...any) (template.HTML, error) {
	escaped := make([]any, len(pairs))
	for i, v := range pairs {
		switch v := v.(type) {
		case template.HTML:
			escaped[i] = string(v)
		case string:
			if i%2 == 1 {
				v = template.HTMLEscapeString(v)
			}
			escaped[i] = v
		case int:
			escaped[i] = v
		default:
			escaped[i] = template.HTMLEscapeString(fmt.Sprint(v))
		}
	}
	text, err := l.text(key, escaped)
	return template.HTML(text), err //nolint:gosec // the text is ours, its values are escaped above
}

// functions are what templates say words with.
func (l *locale) functions(all *languages) template.FuncMap {
	f := template.FuncMap{
		"t":         func(key string, pairs ...any) (string, error) { return l.text(key, pairs) },
		"markup":    l.markup,
		"date":      l.Date,
		"moment":    l.Moment,
		"lang":      func() string { return l.Tag },
		"languages": func() []*locale { return all.list },
	}
	maps.Copy(f, l.findings())
	return f
}

// Where a request keeps its language, and that of the account that is signed in.
const localeKey, accountLanguageKey = "locale", "account language"

// languageCookie remembers the language that a reader has picked.
const languageCookie = "lang"

// speak says which language the account that is signed in has chosen; it is for
// whoever reads the session, before the first word of the answer is written.
func speak(c echo.Context, tag string) { c.Set(accountLanguageKey, tag) }

// language returns the language of an answer: that of the query, else the one
// that the reader has picked, else the account's, else what the browser asks
// for. The answer is told to vary by it.
func (s *server) language(c echo.Context) *locale {
	if l, ok := c.Get(localeKey).(*locale); ok {
		return l
	}
	c.Response().Header().Add("Vary", "Accept-Language, Cookie")
	l := s.pages.languages.list[0]
	account, _ := c.Get(accountLanguageKey).(string)
	picked := ""
	if cookie, err := c.Cookie(languageCookie); err == nil {
		picked = cookie.Value
	}
	for _, wanted := range []string{c.QueryParam("lang"), picked, account, c.Request().Header.Get("Accept-Language")} {
		if best, ok := s.pages.languages.best(wanted); ok {
			l = best
			break
		}
	}
	c.Set(localeKey, l)
	return l
}

// setLanguage remembers the language that a reader picks, and goes back to the
// page where they did.
func (s *server) setLanguage(c echo.Context) error {
	r := c.Request()
	r.Body = http.MaxBytesReader(c.Response(), r.Body, formRoom)
	l, ok := s.pages.languages.best(c.FormValue("lang"))
	if ok && r.Header.Get("Sec-Fetch-Site") != "cross-site" {
		s.pickLanguage(c, l.Tag, 365*24*time.Hour)
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.Redirect(http.StatusSeeOther, ownPath(c.FormValue("to")))
}

// forgetLanguage drops what a reader has picked, so that the language of their
// account holds.
func (s *server) forgetLanguage(c echo.Context) { s.pickLanguage(c, "", -time.Second) }

// pickLanguage keeps a language in the reader's browser for a while.
func (s *server) pickLanguage(c echo.Context, tag string, long time.Duration) {
	c.SetCookie(&http.Cookie{ //nolint:gosec // Secure wherever the site is on https
		Name: languageCookie, Value: tag, Path: "/", MaxAge: int(long.Seconds()),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: strings.HasPrefix(s.Issuer.URLs().Base(), "https://"),
	})
}

// ownPath returns a path and query of ours that a form gives back to us, or the
// front page when it leads anywhere else.
func ownPath(to string) string {
	u, err := url.Parse(to)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" || !strings.HasPrefix(u.Path, "/") ||
		strings.HasPrefix(u.Path, "//") || strings.ContainsAny(u.Path, "\\\r\n\t") {
		return "/"
	}
	return u.RequestURI()
}

// comeBack is where the reader of a page returns to after choosing another
// language: its own address, with those parameters of its query that count.
func comeBack(c echo.Context, params ...string) string {
	u := url.URL{Path: c.Request().URL.Path}
	q := url.Values{}
	for _, name := range params {
		if v := c.QueryParam(name); v != "" {
			q.Set(name, v)
		}
	}
	u.RawQuery = q.Encode()
	return u.RequestURI()
}
