package web

import (
	"io/fs"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/assets"
	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/catalogue"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/verifier"
)

// Every page is rendered with all that it can show and with as little as it may
// get: a template that names what is not there fails here, not before a reader.
func TestEveryPageRenders(t *testing.T) {
	t.Parallel()
	p, err := newPages()
	if err != nil {
		t.Fatal(err)
	}
	api, err := newAPIDescription()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	full := base{
		Title: "Title", Site: "https://badges.example.org", Canonical: "https://badges.example.org/x", Description: "Words",
		Share: &shareHead{Title: "T", Image: "https://badges.example.org/card.png", SecureImage: "https://badges.example.org/card.png", Schema: "{}"},
	}
	facts := catalogue.AchievementFacts{
		Code: "CL-100", Title: "Title", Description: "Words", Criteria: "Pass **CL-100**.", Level: "beginner", Validity: "for a year",
		Skills: []catalogue.Skill{{Lang: "en", Text: "Skill"}, {Text: "Skill"}}, Preparation: []catalogue.Preparation{{Title: "Course", URL: "https://example.org/"}},
	}
	shown := badgePage{
		base: full, URL: "https://badges.example.org/x", Criteria: "Pass", Kind: "exam", ExpiresSoon: true, Files: []file{{"Picture", "PNG", "/x.png"}},
		Badge: &issuer.Publication{
			Award:  ledger.Award{Name: "Kim", AttainedAt: now, ExpiresAt: now, RevokedAt: now, RevocationReason: "Voided", SuspendedAt: now, Visibility: ledger.Public},
			Issuer: ledger.Issuer{Email: "badges@example.org"}, Status: issuer.Current, Facts: facts,
		},
	}
	trusted := true
	inner := &verifier.Report{Verdict: verifier.Invalid, Name: "Inner"}
	shown.Report = &verifier.Report{
		Verdict: verifier.Valid, Summary: "Valid: a badge.", Version: "3.0", CheckedAt: now, AwardedDate: now, ValidFrom: now, ValidUntil: now, Name: "Badge",
		Issuer:      &verifier.Issuer{ID: "did:web:x", Name: "Issuer", Binding: verifier.Confirmed, Trusted: &trusted},
		Achievement: &verifier.Achievement{Name: "Achievement"}, Recipient: &verifier.Recipient{Name: "Kim", Match: verifier.MatchNo},
		Checks:   []verifier.Check{{ID: verifier.CheckProof, Outcome: verifier.Passed, Message: "Holds."}, {ID: "new_check", Outcome: verifier.NotApplicable}},
		Contains: []*verifier.Report{inner}, Endorsements: []*verifier.Report{inner},
	}
	bare := badgePage{base: base{Title: "Title"}, Badge: &issuer.Publication{Status: issuer.Revoked}, Report: &verifier.Report{Verdict: verifier.Revoked}}
	cards := []badgeCard{{Badge: shown.Badge, Title: "Title", Undo: now, ExpiresSoon: true}}
	apiShown := api.page
	apiShown.base = full
	shownBadges := []profileBadge{{Badge: shown.Badge, Title: "A", IssuedTo: "Kim"}, {Badge: shown.Badge, ExpiresSoon: true}}
	links := []share{{Open: true}, {ShareLink: issuer.ShareLink{Share: ledger.Share{Label: "A", Views: 2, Score: true, Evidence: true, ExpiresAt: now}}, Ended: true}}
	arranged := []arrangedBadge{{badgeCard: cards[0], OnPage: true, First: true}, {badgeCard: cards[0], Hidden: true}, {badgeCard: cards[0], Last: true}}
	shelves := []issuer.ProfileCollection{{Collection: ledger.Collection{Title: "A", Public: true}}}
	mine := accountBase{base: full, Account: &issuer.Account{}, zone: time.UTC, l: p.languages.list[0]}
	pages := map[string][]any{
		"about.html":       {full, base{}},
		"achievement.html": {achievementPage{base: full, Facts: issuer.AchievementPage{Facts: facts}, Kind: "exam", Criteria: "Pass"}, achievementPage{}},
		"api.html":         {apiShown, apiPage{}},
		"badge.html":       {shown, bare},
		"claim.html": {
			claimPage{badgePage: shown, Token: "token", IssuedTo: "k…@e….org"},
			claimPage{badgePage: shown, Me: "kim@example.com", IssuedTo: "k…@e….org"},
			claimPage{badgePage: shown, Me: "kim@example.org", MayClaim: true},
			claimPage{badgePage: shown, Email: "x", Wrong: true},
			claimPage{badgePage: shown, Claimed: true},
			claimPage{badgePage: shown, Undo: now},
			claimPage{badgePage: bare},
		},
		"code.html": {
			codePage{base: full, Pending: &issuer.Pending{Left: 5, Award: shown.Badge}, Address: "k…@e….org"}, codePage{Pending: &issuer.Pending{Left: 1}, Wrong: true}, codePage{Pending: &issuer.Pending{}},
		},
		"confirm.html": {
			confirmPage{base: full, Pending: &issuer.Pending{Award: shown.Badge}, Picture: "/x.png", Now: "noor@example.org"},
			confirmPage{Pending: &issuer.Pending{New: true}},
			confirmPage{Pending: &issuer.Pending{Purpose: issuer.PurposeAddress}},
			confirmPage{Foreign: true, Pending: &issuer.Pending{Purpose: issuer.PurposeMerge}},
			confirmPage{Pending: &issuer.Pending{}},
		},
		"find.html": {findPage{base: full, Closed: true}, findPage{Sent: true}, findPage{Email: "x", Wrong: true}, findPage{Code: "x", NoCode: true}},
		"me.html": {
			mePage{base: full, Account: &issuer.Account{}, Waiting: cards, Badges: cards, Declined: cards, Note: "lost"}, mePage{Note: "elsewhere"}, mePage{Note: "taken", Waiting: cards},
		},
		"mebadge.html": {
			myBadgePage{badgePage: shown, Path: "/me/badges/x", Mine: true, Control: &control{Visibility: "private", Links: links, Said: "visibility", Exams: []shownExam{{}}, Scored: true}}, myBadgePage{badgePage: shown, Undo: now}, myBadgePage{badgePage: bare},
		},
		"signature.html": {
			signaturePage{base: full, Path: "/me/badges/x", Public: true, Choice: "live", Size: 96, Sizes: []int{64, 96}, HTML: "<table>", Ended: "revoked"},
			signaturePage{Links: []issuer.ShareLink{{}, {Share: ledger.Share{ID: "x", Label: "Kim"}}}, Choice: "x"},
		},
		"signin.html": {signInPage{base: full, Next: "/me"}, signInPage{Email: "x", Wrong: true}},
		"earner.html": {
			earnerPage{base: full, Headline: "Words", Picture: "/p.png", Verified: true, Badges: shownBadges, Collections: []shelf{{"A", "B", shownBadges}}}, earnerPage{Badges: shownBadges}, earnerPage{},
		},
		"shares.html": {sharesPage{base: full, Open: links, Over: links, Said: "closed"}, sharesPage{}},
		"profile.html": {
			myProfilePage{base: full, Account: &issuer.Account{Account: ledger.Account{Handle: "kim", ProfilePublic: true, Picture: "x"}}, Badges: arranged, Collections: shelves, Snippets: []snippet{{ID: "a"}}, Said: "published"},
			myProfilePage{Account: &issuer.Account{}, Wrong: "handle", Fault: "Fault"},
		},
		"collection.html": {
			collectionPage{base: full, Collection: shelves[0], Badges: arranged, Others: cards, Asking: true, Seen: cards, Unseen: cards, Public: true, Said: "collection"}, collectionPage{Wrong: "title", Fault: "Fault"},
		},
		"account.html": {
			accountPage{accountBase: mine, Issuers: []acceptedIssuer{{"a", "A", true}, {Slug: "b"}}, Zones: []string{"UTC"}}, accountPage{accountBase: mine},
		},
		"addresses.html": {
			addressPage{accountBase: mine, Email: "x", Wrong: true, SignIns: []linkedSignIn{{Title: "Sample"}}, Providers: []link{{"Sample", "/x"}}},
		},
		"delete.html":      {deletePage{mine, 2}, deletePage{mine, 0}},
		"export.html":      {exportPage{mine, 1}, exportPage{}},
		"merge.html":       {mergePage{accountBase: mine, Email: "x", Wrong: true, Merges: []pastMerge{{Undo: true}, {}}}, mergePage{}},
		"merging.html":     {mergingPage{accountBase: mine, Merging: &issuer.Merging{Other: &issuer.Account{}}, Badges: cards, Until: now}},
		"name.html":        {namePage{accountBase: mine, Badge: shown.Badge, Name: "x", Requests: []ledger.NameRequest{{Name: "Kim"}, {DecidedAt: now, Reason: "No"}}, Open: true}},
		"tied.html":        {tiedPage{accountBase: mine, Badge: shown.Badge, List: []issuer.TiedAddress{{Named: true}, {Named: true, Own: true}, {}}}},
		"passkeys.html":    {passkeysPage{mine, []ledger.Passkey{{Name: "Phone", CreatedAt: now}}}, passkeysPage{}},
		"sessions.html":    {sessionsPage{accountBase: mine, Sessions: []openSession{{Mine: true}, {Browser: "Firefox"}}}, sessionsPage{}},
		"unsubscribe.html": {optOutPage{base: full, Token: "t", Address: "k…", Issuer: "A", Contact: "a@example.org", Stopped: true, Done: true}, optOutPage{}},
		"embed.html":       {shown, badgePage{}},
		"error.html":       {errorPage{full, "Detail", 422, "/me"}, errorPage{}},
		"home.html":        {homePage{base: full, Issuers: []link{{"Issuer", "/issuers/x"}}, Mailbox: true, Deleted: true}, homePage{}},
		"issuer.html":      {issuerPage{base: full, Issuer: ledger.Issuer{Description: "Words"}, Achievements: []achievementLink{{link{"A", "/a"}, "/a.png", "exam"}}}, issuerPage{}},
		"letter.html":      {letterPage{full, letter{Date: now, Text: "Hello"}, true}, letterPage{}},
		"mailbox.html":     {mailboxPage{full, []letter{{Subject: "Hello"}}, 3}, mailboxPage{}},
		"verify.html":      {verifyPage{base: full, Report: shown.Report, Credential: "{}"}, verifyPage{Report: &verifier.Report{Verdict: verifier.Undetermined}}, verifyPage{}},
	}
	names, err := fs.Glob(assets.Pages(), "*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if section, _ := path.Match(sectionPattern, name); section || name == layout || name == parts {
			continue
		}
		if len(pages[name]) == 0 {
			t.Errorf("%s is rendered by no test", name)
		}
		for i, data := range pages[name] {
			for _, l := range p.languages.list {
				body, err := p.render(l, name, data)
				switch text := string(body); {
				case err != nil:
					t.Errorf("%s, value %d in %s: %v", name, i, l.Tag, err)
				case !strings.HasPrefix(text, "<!doctype html>") || !strings.Contains(text, "</html>"):
					t.Errorf("%s, value %d in %s is no whole page", name, i, l.Tag)
				case strings.Contains(text, "style=") || strings.Contains(text, "onclick") || strings.Contains(text, "<style"):
					t.Errorf("%s, value %d in %s has a style or script in the page, which the policy forbids", name, i, l.Tag)
				case strings.Contains(text, "ZgotmplZ") || strings.Contains(text, "%!"):
					t.Errorf("%s, value %d in %s has a value that could not be written", name, i, l.Tag)
				}
			}
		}
	}
	if _, err := p.render(p.languages.list[0], "nothing.html", nil); err == nil {
		t.Error("a page that is not there renders")
	}
}

func TestMarkdownIsAStrictSubset(t *testing.T) {
	t.Parallel()
	p, err := newPages()
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"Pass **AZ-1** and `x`.":                "<p>Pass <strong>AZ-1</strong> and <code>x</code>.</p>\n",
		"- one\n- two":                          "<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n",
		"<script>alert(1)</script>":             "",
		"![x](https://example.org/x.png)":       "<p></p>\n",
		"[x](javascript:alert(1))":              "<p>x</p>\n",
		"<img src=x onerror=alert(1)>":          "",
		`<p style="position:fixed">Hello</p>`:   "",
		"# Heading":                             "Heading\n",
		"a &lt;script&gt; b":                    "<p>a &lt;script&gt; b</p>\n",
		"[x](https://example.org/?a=1 \"t\") y": "<p>x y</p>\n",
	} {
		got, err := p.markdown(text)
		if err != nil || strings.TrimSpace(string(got)) != strings.TrimSpace(want) {
			t.Errorf("markdown(%q) = %q %v, want %q", text, got, err, want)
		}
	}
}
