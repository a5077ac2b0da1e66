package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accolade-badges/accolade/assets/programmes"
	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/web"
)

// The table of every route against every actor and visibility. It is made from
// the table of routes: a route without a line here fails.

// line says how a route is asked for. Its rule says what is to come of it.
type line struct {
	query  string   // behind the path
	form   string   // of a POST, as a form sends it; JSON where it begins with a brace
	theirs bool     // its path names what is the owner's: for everybody else it is not there
	shows  string   // what it may show of the owner, whoever asks; see reveals
	files  []string // values of :file
}

// What an answer may show of the owner whoever asks.
const (
	nothing    = ""
	everything = "everything" // the one who asks holds a secret that opens it, or is the operator
	persons    = "person"     // what the owner's public profile says of them; of a badge only while it is public
)

var lines = map[string]line{
	"GET /":                                   {},
	"GET /about":                              {},
	"GET /verify":                             {query: "?url=BADGE"},
	"POST /verify":                            {form: "input=BADGE"},
	"POST /language":                          {form: "lang=en&to=%2F"},
	"GET /badges/:id":                         {},
	"GET /badges/:id/image.png":               {},
	"GET /badges/:id/card.png":                {},
	"GET /badges/:id/qr.png":                  {},
	"GET /badges/:id/embed":                   {},
	"GET /badges/:id/certificate.pdf":         {},
	"GET /oembed":                             {query: "?url=BADGE"},
	"GET /refresh/:id":                        {},
	"GET /ob2/assertions/:id":                 {},
	"GET /claim/:token":                       {}, // the link is used
	"POST /claim/:token":                      {form: "click=x"},
	"GET /claim/:token/:file":                 {files: []string{"json", "pdf", "ob2-jws"}},
	"GET /earners/:handle":                    {shows: persons},
	"GET /earners/:handle/picture.png":        {shows: persons},
	"GET /earners/:handle/badges.json":        {shows: persons},
	"GET /earners/:handle/badges.rss":         {shows: persons},
	"GET /earners/:handle/strip.svg":          {shows: persons},
	"GET /s/:token":                           {shows: everything},
	"GET /s/:token/:file":                     {shows: everything, files: []string{"image.png", "qr.png", "certificate.pdf", "assertion"}},
	"GET /u/:token":                           {},
	"POST /u/:token":                          {form: "List-Unsubscribe=One-Click"},
	"GET /sign-in":                            {},
	"POST /sign-in":                           {form: "email=stranger%40example.org"},
	"GET /sign-in/code":                       {},
	"POST /sign-in/code":                      {form: "code=000000"},
	"GET /confirm/:token":                     {},
	"POST /confirm/:token":                    {form: "click=x"},
	"POST /sign-out":                          {form: "x=1"},
	"POST /sign-in/passkey/options":           {form: `{}`},
	"POST /sign-in/passkey":                   {form: `{}`},
	"GET /sign-in/with/:provider":             {},
	"GET /sign-in/with/:provider/back":        {query: "?state=x&code=x"},
	"GET /me/account":                         {},
	"POST /me/account":                        {form: "name=X"},
	"POST /me/account/picture":                {form: "x=1"},
	"POST /me/account/picture/remove":         {form: "x=1"},
	"GET /me/picture.png":                     {theirs: true}, // a stranger has none
	"GET /me/addresses":                       {},
	"POST /me/addresses":                      {form: "email=stranger%40example.org"},
	"POST /me/addresses/primary":              {form: "address=zephyrine%40example.org"},
	"POST /me/addresses/remove":               {form: "address=zephyrine%40example.org"},
	"POST /me/addresses/unlink":               {form: "provider=x&subject=x"},
	"GET /me/sessions":                        {},
	"POST /me/sessions/end":                   {form: "session=x"},
	"POST /me/sessions/end-others":            {form: "x=1"},
	"GET /me/passkeys":                        {},
	"POST /me/passkeys":                       {form: `{}`},
	"POST /me/passkeys/options":               {form: `{}`},
	"POST /me/passkeys/name":                  {form: "id=x&name=x"},
	"POST /me/passkeys/remove":                {form: "id=x"},
	"GET /me/merge":                           {},
	"POST /me/merge":                          {form: "email=stranger%40example.org"},
	"GET /me/merge/:proof":                    {theirs: true},
	"POST /me/merge/:proof":                   {form: "click=x", theirs: true},
	"POST /me/merges/:merge/undo":             {form: "x=1", theirs: true},
	"GET /me/export":                          {},
	"GET /me/export/account.zip":              {},
	"GET /me/delete":                          {},
	"POST /me/delete":                         {form: "x=1"},
	"GET /me/badges/:id/name":                 {},
	"POST /me/badges/:id/name":                {form: "name=X"},
	"GET /me/badges/:id/addresses":            {},
	"POST /me/badges/:id/addresses":           {form: "address=x"},
	"GET /find":                               {},
	"POST /find":                              {form: "email=stranger%40example.org"},
	"GET /me":                                 {},
	"GET /me/badges/:id":                      {},
	"POST /me/badges/:id/accept":              {form: "x=1"},
	"POST /me/badges/:id/decline":             {form: "x=1"},
	"POST /me/badges/:id/undecline":           {form: "x=1"},
	"POST /me/badges/:id/visibility":          {form: "visibility=private"},
	"POST /me/badges/:id/disclosure":          {form: "score=1"},
	"POST /me/badges/:id/shares":              {form: "label=Mine"},
	"GET /me/badges/:id/signature":            {},
	"GET /me/badges/:id/signature/:file":      {files: []string{"badge.png", "signature.html"}},
	"GET /me/badges/:id/signature/preview":    {},
	"GET /me/badges/:id/files/:file":          {files: []string{"json", "pdf"}},
	"GET /me/badges/:id/archive.zip":          {},
	"GET /me/shares":                          {},
	"POST /me/shares/:share/close":            {form: "x=1", theirs: true},
	"GET /me/profile":                         {},
	"POST /me/profile":                        {form: "name=X&headline=&handle="},
	"POST /me/profile/public":                 {form: "public=0"},
	"POST /me/profile/order":                  {form: "badge=ID&move=up", theirs: true},
	"POST /me/profile/hidden":                 {form: "badge=ID&hidden=1", theirs: true},
	"POST /me/collections":                    {form: "title=Mine"},
	"GET /me/collections/:collection":         {theirs: true},
	"POST /me/collections/:collection":        {form: "title=Taken", theirs: true},
	"POST /me/collections/:collection/badges": {form: "badge=ID&in=0", theirs: true},
	"POST /me/collections/:collection/move":   {form: "move=up", theirs: true},
	"POST /me/collections/:collection/public": {form: "public=1&sure=1", theirs: true},
	"POST /me/collections/:collection/remove": {form: "x=1"}, // removing what is not there is no error
	"GET /achievements/:slug":                 {},
	"GET /achievements/:slug/image.png":       {},
	"GET /issuers/:slug":                      {},
	"GET /issuers/:slug/image.png":            {},
	"GET /issuers/:slug/did.json":             {},
	"GET /keys/:key":                          {},
	"GET /.well-known/jwks.json":              {},
	"GET /status/:list":                       {},
	"GET /revocations/:slug":                  {},
	"GET /ob2/badges/:slug":                   {},
	"GET /ob2/issuers/:slug":                  {},
	"GET /ob2/keys/:key":                      {},
	"GET /ob2/revocations/:slug":              {},
	"GET /api":                                {},
	"GET /api/v1/openapi.json":                {},
	"POST /api/v1/results":                    {form: `{"provider":"x"}`},
	"GET /api/v1/awards":                      {},
	"GET /api/v1/awards/:id":                  {theirs: true},
	"POST /api/v1/awards/:id/revoke":          {form: `{"reason":"No"}`, theirs: true},
	"POST /api/v1/awards/:id/suspend":         {form: `{"reason":"No"}`, theirs: true},
	"POST /api/v1/awards/:id/reinstate":       {form: `{"reason":"No"}`, theirs: true},
	"POST /api/v1/awards/:id/correct":         {form: `{"reason":"No","givenName":"X","familyName":"Y"}`, theirs: true},
	"POST /api/v1/awards/:id/claim-code":      {form: `{}`, theirs: true},
	"POST /api/v1/mail/bounces":               {form: `{}`},
	"POST /api/v1/verify":                     {form: `{"input":"BADGE"}`},
	"OPTIONS /api/v1/verify":                  {},
	"GET /issuers":                            {},
	"POST /credentials/issue":                 {form: `{}`},
	"POST /credentials/verify":                {form: `{}`},
	"OPTIONS /credentials/verify":             {},
	"POST /presentations/verify":              {form: `{}`},
	"OPTIONS /presentations/verify":           {},
	"GET /healthz":                            {},
	"GET /readyz":                             {},
	"GET /static/:hash/:file":                 {},
	"GET /favicon.svg":                        {},
	"GET /robots.txt":                         {},
	"GET /mailbox":                            {shows: everything},
	"GET /mailbox/:name":                      {shows: everything},
	"GET /mailbox/:name/html":                 {shows: everything},
}

// zephyrine is the owner of the matrix. Nobody else has any of her names.
var zephyrine = issuer.Candidate{Number: "S-7777", Email: "zephyrine@example.org", GivenName: "Zephyrine", FamilyName: "Quillfeather", Locale: "en"}

// matrix is a house with an owner, her badge, and all that she has made of it.
type matrix struct {
	samples
	owner, id, handle        string
	share, shareID           string
	collection, usedClaim    string
	staff                    string // API token of another issuer, with every scope
	strangers                int
	privateMarks, badgeMarks []string
}

// mustAccount makes an account that has proved an address.
func (h *house) mustAccount(tb testing.TB, id, address string) string {
	tb.Helper()
	err := h.ledger.Update(tb.Context(), func(tx *ledger.Tx) error {
		if err := tx.AddAccount(tb.Context(), ledger.Account{ID: id, Language: "en", CreatedAt: h.clock.now()}); err != nil {
			return err
		}
		_, err := tx.AddAccountAddress(tb.Context(), ledger.AccountAddress{Account: id, Address: address, Folded: address, ProvenAt: h.clock.now()})
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return id
}

// mustSession signs an account in and returns the header that says so.
func (h *house) mustSession(tb testing.TB, account string) []string {
	tb.Helper()
	token := fmt.Sprint("session-of-", account, "-", time.Now().UnixNano())
	end := time.Now().Add(time.Hour)
	data, err := json.Marshal(map[string]any{"deadline": end, "values": map[string]string{"account": account, "agent": "test"}})
	if err != nil {
		tb.Fatal(err)
	}
	now := h.clock.now()
	err = h.SaveSession(tb.Context(), ledger.AccountSession{
		Hash: issuer.SessionHash(token), Account: account, Data: data, CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(time.Hour),
	})
	if err != nil {
		tb.Fatal(err)
	}
	return []string{"Cookie", "accolade=" + token}
}

// mustOwnAward makes an account that owns the award which is tied to its address.
func (h *house) mustOwnAward(tb testing.TB, account, address, award string) {
	tb.Helper()
	h.mustAccount(tb, account, address)
	if err := h.ClaimAs(tb.Context(), account, award); err != nil {
		tb.Fatal(err)
	}
}

func mustMatrix(t *testing.T) *matrix {
	t.Helper()
	s := mustSamples(t)
	m := &matrix{samples: s, owner: "ownerAccount7Q", handle: "zephyrine-q"}
	sat := passed("77", "DL-210", 20, zephyrine)
	sat.Score = "87654.25"
	m.id = s.mustAward(t, "data-engineer", sat)
	m.usedClaim = strings.TrimPrefix(s.newest(t, zephyrine.Email).link(t, claimLink), "/claim/")
	s.mustOwnAward(t, m.owner, zephyrine.Email, m.id)
	ctx := t.Context()
	share, err := s.CreateShare(ctx, m.owner, m.id, issuer.NewShare{Label: "Recruiterlabel at Example Works"})
	if err != nil {
		t.Fatal(err)
	}
	m.shareID, m.share = share.ID, share.URL[strings.LastIndex(share.URL, "/")+1:]
	if err := s.DescribeProfile(ctx, m.owner, issuer.ProfileText{Name: "Zephyrine Q", Headline: "Headlineword", Handle: m.handle}); err != nil {
		t.Fatal(err)
	}
	if err := s.SetPortrait(ctx, m.owner, mustSquare(t)); err != nil {
		t.Fatal(err)
	}
	if err := s.PublishProfile(ctx, m.owner, true); err != nil {
		t.Fatal(err)
	}
	if m.collection, err = s.CreateCollection(ctx, m.owner, issuer.CollectionText{Title: "Collectiontitle"}, ""); err != nil {
		t.Fatal(err)
	}
	if err := s.Collect(ctx, m.owner, m.collection, m.id, true); err != nil {
		t.Fatal(err)
	}
	other := s.mustIssuer(t, "Other Institute", programmes.Demo())
	if m.staff, err = s.CreateToken(ctx, "test", other, "test", issuer.Scopes(), time.Time{}); err != nil {
		t.Fatal(err)
	}
	m.privateMarks = []string{zephyrine.Email, "zephyrine%40example.org", zephyrine.Number, "87654", "Recruiterlabel", "Collectiontitle", m.owner, m.share, m.usedClaim}
	m.badgeMarks = []string{m.id, zephyrine.GivenName + " " + zephyrine.FamilyName, zephyrine.FamilyName}
	return m
}

// actor is somebody who asks.
type actor struct {
	name   string
	header func(t *testing.T, m *matrix) []string
}

var actors = []actor{
	{"another earner", func(t *testing.T, m *matrix) []string {
		m.strangers++
		return m.mustSession(t, m.mustAccount(t, fmt.Sprint("stranger", m.strangers), fmt.Sprint("stranger", m.strangers, "@example.org")))
	}},
	{"staff of another issuer", func(_ *testing.T, m *matrix) []string { return []string{"Authorization", "Bearer " + m.staff} }},
	{"anonymous", func(*testing.T, *matrix) []string { return nil }},
	{"crawler", func(*testing.T, *matrix) []string {
		return []string{"User-Agent", "Mozilla/5.0 (compatible; Samplebot/2.1; +https://example.org/bot)", "From", "bot@example.org"}
	}},
	{"owner", func(t *testing.T, m *matrix) []string { return m.mustSession(t, m.owner) }},
}

// requests are the addresses of a route: of what is the owner's, and of what
// never was.
func (m *matrix) requests(r web.Route, l line) (real, unknown []string) {
	files := l.files
	if files == nil {
		files = []string{""}
	}
	badge := m.base + "/badges/" + m.id
	const none = "9ZZZZZZZZZZZZZZZZZZZZZ"
	for _, file := range files {
		fill := func(id, share, shareID, collection, handle, claim string) string {
			path := r.Path
			if file != "" {
				path = strings.Replace(path, ":file", file, 1)
			}
			switch {
			case strings.HasPrefix(path, "/s/"):
				path = strings.Replace(path, ":token", share, 1)
			case strings.HasPrefix(path, "/claim/"):
				path = strings.Replace(path, ":token", claim, 1)
			case strings.HasPrefix(path, "/u/"), strings.HasPrefix(path, "/confirm/"):
				path = strings.Replace(path, ":token", none, 1)
			}
			path = strings.NewReplacer(":provider", none, ":proof", none, ":merge", none, ":id", id, ":share", shareID, ":collection", collection, ":handle", handle).Replace(path)
			return m.fill.Replace(path) + strings.ReplaceAll(l.query, "BADGE", escape(strings.ReplaceAll(badge, m.id, id)))
		}
		real = append(real, fill(m.id, m.share, m.shareID, m.collection, m.handle, m.usedClaim))
		unknown = append(unknown, fill(none, none, none, none, "nobody-here", none))
	}
	return real, unknown
}

// send asks for one address as one actor does who uses our pages.
func (m *matrix) send(t *testing.T, method, path string, l line, id string, header []string) answer {
	t.Helper()
	if method != "POST" {
		return m.do(t, method, path, nil, append([]string{"Accept", browser}, header...)...)
	}
	body := strings.NewReplacer("BADGE", m.base+"/badges/"+id, "ID", id).Replace(l.form)
	kind := "application/x-www-form-urlencoded"
	if strings.HasPrefix(body, "{") {
		kind = "application/json"
	}
	return m.do(t, method, path, []byte(body), append([]string{"Accept", browser, "Content-Type", kind, "Origin", m.base, "Sec-Fetch-Site", "same-origin"}, header...)...)
}

// state is all of the owner's that nobody else may change.
func (m *matrix) state(t *testing.T) string {
	t.Helper()
	ctx := t.Context()
	award, err := m.Award(ctx, m.id)
	if err != nil {
		t.Fatal(err)
	}
	account, err := m.Account(ctx, m.owner)
	if err != nil {
		t.Fatal(err)
	}
	shares, err := m.Shares(ctx, m.owner, m.id)
	if err != nil {
		t.Fatal(err)
	}
	for i := range shares {
		shares[i].Views, shares[i].LastViewAt = 0, time.Time{} // looking counts
	}
	arranged, err := m.Arrangement(ctx, m.owner)
	if err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("%d %s %d %+v", award.Version, award.Visibility, account.Version, shares)
	for _, i := range arranged.Items {
		text += fmt.Sprint(" ", i.Award.ID, i.Hidden)
	}
	for _, c := range arranged.Collections {
		text += fmt.Sprintf(" %+v %d", c.Collection, len(c.Badges))
	}
	return text
}

// askers are the strangers who ask, whom a page may call by their address.
var askers = regexp.MustCompile(`stranger[0-9]+@example\.org`)

// leaks lists what an answer tells that it may not: asked are the address and
// body of the request, whose words it may repeat.
func (m *matrix) leaks(got answer, asked string, marks ...string) []string {
	var text strings.Builder
	_ = got.header.Write(&text)
	text.Write(got.body)
	var found []string
	for _, mark := range marks {
		if strings.Contains(text.String(), mark) && !strings.Contains(asked, mark) {
			found = append(found, mark)
		}
	}
	return found
}

func TestEveryRouteAgainstEveryActor(t *testing.T) {
	t.Parallel()
	m := mustMatrix(t)
	known := map[string]bool{}
	for _, r := range web.Routes() {
		name := r.Method + " " + r.Path
		known[name] = true
		if _, ok := lines[name]; !ok {
			t.Errorf("%s (%s) has no line in the matrix: say there how it is asked for", name, r.Rule)
		}
	}
	for name := range lines {
		if !known[name] {
			t.Errorf("the matrix has a line for %s, which is no route", name)
		}
	}
	before := map[string]string{}
	for _, visibility := range []string{ledger.Private, ledger.Unlisted, ledger.Public} {
		m.mustShow(t, m.id, visibility)
		before[visibility] = m.state(t)
		for _, r := range web.Routes() {
			l, ok := lines[r.Method+" "+r.Path]
			if !ok {
				continue
			}
			for _, a := range actors {
				m.check(t, r, l, a, visibility)
			}
			if now := m.state(t); now != before[visibility] {
				t.Errorf("%s: %s %s: somebody changed what is the owner's:\n%s", visibility, r.Method, r.Path, cmp.Diff(before[visibility], now))
				before[visibility] = now
			}
		}
	}
	if logged := m.log.String(); strings.Contains(logged, "request failed") || len(m.leaks(answer{body: []byte(logged)}, "", m.privateMarks...)) > 0 {
		t.Errorf("the log has a failure, or tells of the owner:\n%s", logged)
	}
}

// check asks for a route as one actor, and holds the answer to the route's rule.
func (m *matrix) check(t *testing.T, r web.Route, l line, a actor, visibility string) {
	t.Helper()
	owner := a.name == "owner"
	if owner && r.Method == "POST" { // what she may do is tested where it is made
		return
	}
	real, unknown := m.requests(r, l)
	for i := range real {
		asked := real[i] + " " + strings.ReplaceAll(l.form, "BADGE", m.base+"/badges/"+m.id)
		got := m.send(t, r.Method, real[i], l, m.id, a.header(t, m))
		fail := func(format string, args ...any) {
			t.Helper()
			t.Errorf("%s, %s, %s %s: "+format, append([]any{visibility, a.name, r.Method, real[i]}, args...)...)
		}
		if got.status >= 500 {
			fail("%d: %s", got.status, got.body)
		}
		public := visibility == ledger.Public
		open, hidden := false, false // it must be there, it must not be there
		switch r.Rule {
		case "when public":
			open, hidden = public, !public
		case "profile":
			open = true
		case "by link":
			open = strings.HasPrefix(r.Path, "/s/")
			hidden = strings.HasPrefix(r.Path, "/claim/")
		case "signed in", "addressee", "owner":
			switch {
			case owner:
				open = r.Method == "GET" && r.Path != "/me/merge/:proof" // nothing has been proved
			case a.name != "another earner":
				if got.status != http.StatusSeeOther || !strings.HasPrefix(got.header.Get("Location"), "/sign-in") {
					fail("%d to %q, want 303 to sign in", got.status, got.header.Get("Location"))
				}
			default:
				hidden = l.theirs || r.Rule != "signed in"
			}
		case "by token":
			switch {
			case a.name != "staff of another issuer":
				if got.status != http.StatusUnauthorized {
					fail("%d, want 401 without a token", got.status)
				}
			default:
				hidden = l.theirs
			}
		}
		if open && got.status != http.StatusOK && got.status != http.StatusSeeOther {
			fail("%d, want it to be there: %s", got.status, got.body)
		}
		if hidden {
			never := m.send(t, r.Method, unknown[i], l, "9ZZZZZZZZZZZZZZZZZZZZZ", a.header(t, m))
			if got.status != never.status || !bytes.Equal(askers.ReplaceAll(got.body, nil), askers.ReplaceAll(never.body, nil)) {
				fail("%d, but %d for what never was:\n%s\nand\n%s", got.status, never.status, got.body, never.body)
			}
			if got.status < 300 {
				fail("%d, want it not to be there", got.status)
			}
		}
		if !owner && l.shows != everything {
			marks := append(slices.Clone(m.privateMarks), "Headlineword")
			if l.shows == persons {
				marks = m.privateMarks
			}
			if !public {
				marks = append(slices.Clone(marks), m.badgeMarks...)
			}
			if found := m.leaks(got, asked, marks...); found != nil {
				fail("tells %q", found)
			}
		}
		m.checkPrivacyHeaders(t, r, a, got, visibility)
	}
}

// checkPrivacyHeaders holds an answer to what its rule says of its headers.
func (m *matrix) checkPrivacyHeaders(t *testing.T, r web.Route, a actor, got answer, visibility string) {
	t.Helper()
	h := got.header
	fail := func(format string, args ...any) {
		t.Helper()
		t.Errorf("%s, %s, %s %s: "+format, append([]any{visibility, a.name, r.Method, r.Path}, args...)...)
	}
	if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" {
		fail("nosniff %q, Referrer-Policy %q", h.Get("X-Content-Type-Options"), h.Get("Referrer-Policy"))
	}
	wantFrames := "frame-ancestors 'none'"
	switch r.Path {
	case "/badges/:id/embed":
		wantFrames = "frame-ancestors *"
	case "/mailbox/:name/html", "/me/badges/:id/signature/preview":
		wantFrames = "frame-ancestors 'self'"
	}
	if got.status == http.StatusOK && !strings.Contains(h.Get("Content-Security-Policy"), wantFrames) {
		fail("Content-Security-Policy %q lacks %s", h.Get("Content-Security-Policy"), wantFrames)
	}
	switch r.Rule {
	case "by link", "link holder", "operator", "signed in", "addressee", "owner":
		if !strings.Contains(h.Get("Cache-Control"), "no-store") {
			fail("Cache-Control %q, want no-store", h.Get("Cache-Control"))
		}
		if h.Get("X-Robots-Tag") != "noindex" {
			fail("X-Robots-Tag %q, want noindex", h.Get("X-Robots-Tag"))
		}
		if h.Get("Access-Control-Allow-Origin") != "" {
			fail("scripts of any site may read it")
		}
		if h.Get("ETag") != "" {
			fail("it can be asked for whether it changed, so somebody is to keep it")
		}
	case "document", "when public", "profile":
		if h.Get("Access-Control-Allow-Origin") != "*" {
			fail("Access-Control-Allow-Origin %q, want *", h.Get("Access-Control-Allow-Origin"))
		}
		if h.Get("Set-Cookie") != "" || strings.Contains(h.Get("Access-Control-Allow-Credentials"), "true") {
			fail("a document for everybody sets a cookie, or takes one")
		}
	}
	if got.status >= 400 && h.Get("Cache-Control") != "no-store" {
		fail("%d with Cache-Control %q, want no-store", got.status, h.Get("Cache-Control"))
	}
	if strings.Contains(string(got.body), "schema.org") && !slices.Contains([]string{"when public", "profile", "document"}, r.Rule) && got.mediaType() == "text/html" && !strings.HasPrefix(r.Path, "/mailbox") {
		fail("schema.org on a page that is not public")
	}
}
