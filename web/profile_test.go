package web_test

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// mustProfile makes a house in which Kim owns three public badges, one of them
// expired, and her browser. Her profile page is private.
func mustProfile(t *testing.T) (h *house, v *visitor, ids []string) {
	t.Helper()
	h = mustHouse(t, nil)
	for i, sat := range []struct {
		achievement, exam string
		days              int
	}{{"cloud-developer", "CL-220", 10}, {"database-migration-specialty", "CL-410", 40}, {"cloud-security-engineer", "SL-210", 700}} {
		id, browser := h.mustMine(t, sat.achievement, passed(string(rune('1'+i)), sat.exam, sat.days, kim))
		h.mustShow(t, id, ledger.Public)
		ids, v = append(ids, id), browser
	}
	return h, v, ids
}

// mustPublish makes Kim's profile public at /earners/kim-sample.
func mustPublish(t *testing.T, v *visitor) {
	t.Helper()
	v.open(t, "/me/profile")
	v.press(t, "Save", "name", "Kim Sample", "headline", "Builds clouds", "handle", "Kim-Sample")
	v.press(t, "Make the page public")
	v.sees(t, "Your page is public.")
}

func TestProfileIsPrivateUntilItsEarnerSaysOtherwise(t *testing.T) {
	t.Parallel()
	h, v, ids := mustProfile(t)
	v.open(t, "/me/profile")
	v.sees(t, "The page is private", "3 badges")
	if !strings.Contains(v.page, `value="kim-sample"`) {
		t.Error("no handle is suggested that goes with the name")
	}
	v.press(t, "Save", "handle", "kim-sample")
	if got := h.do(t, "GET", "/earners/kim-sample", nil, "Accept", browser); got.status != 404 {
		t.Errorf("a profile that nobody has published: %d, want 404", got.status)
	}
	mustPublish(t, v)
	page := h.page(t, "/earners/kim-sample")
	for _, want := range []string{
		"Kim Sample", "Builds clouds", `property="og:title" content="Kim Sample"`, `rel="canonical" href="` + h.base + `/earners/kim-sample"`,
		"The name is the one that the badges were issued to", "application/rss+xml", ">Expired<", "/badges/" + ids[0],
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the profile page lacks %q", want)
		}
	}
	if strings.Contains(page, "noindex") || strings.Contains(page, kim.Email) {
		t.Error("the public profile is hidden from search engines, or tells the address")
	}
	if person := schemaOf(t, page); person["@type"] != "Person" || len(person["hasCredential"].([]any)) != 3 {
		t.Errorf("schema.org: %v", person)
	}
	v.press(t, "Save", "name", "Somebody Else")
	if page := h.page(t, "/earners/kim-sample"); !strings.Contains(page, "The name is chosen by the person") || !strings.Contains(page, "Issued to Kim Sample") {
		t.Error("a chosen name looks like one that was verified")
	}
	v.open(t, "/me/profile")
	v.press(t, "Make it private")
	for _, suffix := range []string{"", "/badges.json", "/badges.rss", "/strip.svg", "/picture.png"} {
		got, never := h.do(t, "GET", "/earners/kim-sample"+suffix, nil), h.do(t, "GET", "/earners/nobody-here"+suffix, nil)
		if got.status != 404 || string(got.body) != string(never.body) {
			t.Errorf("a private profile%s: %d, want the 404 of one that never was", suffix, got.status)
		}
	}
}

func TestBadgePageLeadsToTheFeedsOfAPublicProfile(t *testing.T) {
	t.Parallel()
	h, v, ids := mustProfile(t)
	path, feed := "/badges/"+ids[0], `<link rel="alternate" type="application/rss+xml" href="`+h.base+`/earners/kim-sample/badges.rss" title="Kim Sample">`
	tag := ""
	check := func(when string, want bool) {
		t.Helper()
		got := h.do(t, "GET", path, nil, "Accept", browser, "If-None-Match", tag)
		if got.status != 200 || strings.Contains(string(got.body), feed) != want || strings.Contains(string(got.body), "/earners/") != want {
			t.Errorf("%s: %d, and the page of the badge names the feed: %t, want %t", when, got.status, !want, want)
		}
		tag = got.header.Get("ETag")
	}
	check("before the profile is public", false)
	mustPublish(t, v)
	check("while the profile is public", true)
	v.send(t, "POST", "/me/profile/hidden", url.Values{"badge": {ids[0]}, "hidden": {"1"}})
	check("when the profile hides the badge", false)
	v.send(t, "POST", "/me/profile/hidden", url.Values{"badge": {ids[0]}, "hidden": {"0"}})
	check("when it does not any more", true)
	v.open(t, "/me/profile")
	v.press(t, "Make it private")
	check("when the profile is private again", false)
}

func TestProfileCountsNoBadgeThatIsWithdrawn(t *testing.T) {
	t.Parallel()
	h, v, ids := mustProfile(t)
	mustPublish(t, v)
	if err := h.Revoke(t.Context(), "test", ids[0], "The result was voided"); err != nil {
		t.Fatal(err)
	}
	page := h.page(t, "/earners/kim-sample")
	if person := schemaOf(t, page); len(person["hasCredential"].([]any)) != 2 || !strings.Contains(page, ">Revoked<") {
		t.Errorf("a revoked badge is a credential to search engines, or not shown as revoked: %v", person)
	}
	v.open(t, "/me/profile")
	v.sees(t, "On your page · Revoked", "On your page · Expired")
}

func TestHandlesAreStrict(t *testing.T) {
	t.Parallel()
	h, v, _ := mustProfile(t)
	for handle, want := range map[string]string{
		"ab": "Use 3 to 30", strings.Repeat("a", 31): "Use 3 to 30", "kim sample": "letters a to z", "../admin": "letters a to z", "<script>": "letters a to z",
		"кim": "letters a to z", "kım": "letters a to z", "kim\u202e": "letters a to z", "-kim": "hyphen only", "kim--s": "hyphen only", "12345": "at least one letter",
		"admin": "kept for the site", "Adm1n": "kept for the site", "supp0rt": "kept for the site", "acco1ade": "kept for the site", "verlfy": "kept for the site",
		"sample-certification-institute": "name of an issuer", "sample-certificati0n-institut3": "name of an issuer",
	} {
		v.open(t, "/me/profile")
		v.press(t, "Save", "handle", handle)
		if v.status != http.StatusUnprocessableEntity || !strings.Contains(v.text(), want) {
			t.Errorf("the handle %q: %d, want 422 with %q", handle, v.status, want)
		}
		if strings.Contains(v.page, "<script>\"") {
			t.Errorf("the handle %q became markup", handle)
		}
	}
	v.open(t, "/me/profile")
	v.press(t, "Save", "handle", "first-name")
	v.press(t, "Save", "handle", "second-name")
	if v.status != 200 {
		t.Fatalf("another handle: %d %s", v.status, v.text())
	}
	other := h.mustAccount(t, "other", "other@example.org")
	take := func(handle string) error {
		return h.DescribeProfile(t.Context(), other, issuer.ProfileText{Name: "Other", Handle: handle})
	}
	for _, handle := range []string{"first-name", "second-name", "SECOND-name"} {
		if err := take(handle); err == nil {
			t.Errorf("somebody else takes %q, which is Kim's or was a moment ago", handle)
		}
	}
	for _, handle := range []string{"firstname", "f1rst-name", "first-narne", "First-Nam3", "sec0nd-name"} {
		if err := take(handle); err == nil || !strings.Contains(err.Error(), "looks like one that is taken") {
			t.Errorf("somebody else takes %q, which looks like one that Kim has or had a moment ago: %v", handle, err)
		}
	}
	v.press(t, "Save", "handle", "second--name", "name", "Kim")
	v.press(t, "Save", "handle", "se-cond-name") // one's own may look like what one had
	if v.status != 200 {
		t.Errorf("a handle that looks like one's own: %d %s", v.status, v.text())
	}
	v.press(t, "Save", "handle", "first-name") // back again
	h.clock.add(366 * 24 * time.Hour)
	if err := take("sec0nd-name"); err != nil {
		t.Errorf("a year after it was given up the handle is not free: %v", err)
	}
}

func TestArrangingAProfileWithoutScript(t *testing.T) {
	t.Parallel()
	h, v, ids := mustProfile(t)
	mustPublish(t, v)
	order := func() []string {
		feed := mustJSON[issuer.Feed](t, h.do(t, "GET", "/earners/kim-sample/badges.json", nil), 200)
		var list []string
		for _, b := range feed.Badges {
			list = append(list, strings.TrimPrefix(b.ID, h.base+"/badges/"))
		}
		return list
	}
	if got := order(); !slices.Equal(got, ids) {
		t.Fatalf("the order at first is %v, want the latest first: %v", got, ids)
	}
	post := func(path string, form url.Values) { t.Helper(); v.send(t, "POST", path, form) }
	post("/me/profile/order", url.Values{"badge": {ids[2]}, "move": {"up"}})
	post("/me/profile/order", url.Values{"badge": {ids[0]}, "move": {"up"}}) // is the first already
	if got, want := order(), []string{ids[0], ids[2], ids[1]}; !slices.Equal(got, want) {
		t.Errorf("after one badge moved up: %v, want %v", got, want)
	}
	post("/me/profile/order", url.Values{"order": {ids[1] + " nobodys " + ids[0]}})
	if got, want := order(), []string{ids[1], ids[0], ids[2]}; !slices.Equal(got, want) {
		t.Errorf("after a whole order was sent: %v, want %v", got, want)
	}
	post("/me/profile/hidden", url.Values{"badge": {ids[0]}, "hidden": {"1"}})
	if got, want := order(), []string{ids[1], ids[2]}; !slices.Equal(got, want) {
		t.Errorf("with one badge hidden: %v, want %v", got, want)
	}
	if got := h.do(t, "GET", "/badges/"+ids[0], nil, "Accept", browser); got.status != 200 {
		t.Errorf("a badge that is hidden on the profile has its own page: %d", got.status)
	}
	h.mustShow(t, ids[1], ledger.Private)
	if got, want := order(), []string{ids[2]}; !slices.Equal(got, want) {
		t.Errorf("with one private: %v, want %v", got, want)
	}
}

// TestCollectionsOfSeveralNamesAskFirst, also where the collection is public already:
// two names side by side tell that one person has both.
func TestCollectionsOfSeveralNamesAskFirst(t *testing.T) {
	t.Parallel()
	h, v, ids := mustProfile(t)
	mustPublish(t, v)
	if err := h.Correct(t.Context(), "test", ids[1], issuer.Correction{GivenName: "Kimberly", FamilyName: "Other"}, "Married."); err != nil {
		t.Fatal(err)
	}
	h.drain(t, kim.Email)
	v.open(t, "/me/profile")
	v.press(t, "Make a collection", "title", "Clouds")
	path := v.at
	v.send(t, "POST", path+"/badges", url.Values{"badge": {ids[0]}, "in": {"1"}})
	v.open(t, path)
	v.press(t, "Show it on my page") // the collection has one name, and asks nothing
	other := url.Values{"badge": {ids[1]}, "in": {"1"}}
	v.send(t, "POST", path+"/badges", other)
	v.sees(t, "Together they tell more", "Kimberly Other")
	shelf := func() string {
		_, shelf, _ := strings.Cut(h.page(t, "/earners/kim-sample"), "Clouds</bdi></h2>")
		shelf, _, _ = strings.Cut(shelf, "</section>")
		return shelf
	}
	if got := shelf(); !strings.Contains(got, ids[0]) || strings.Contains(got, ids[1]) {
		t.Errorf("before its owner said so the shelf is %s", got)
	}
	v.open(t, "/me/profile")
	v.sees(t, "issued to different names", "Kimberly Other")
	v.open(t, "/me/badges/"+ids[1])
	v.sees(t, "Badges issued to another name stand there")
	v.send(t, "POST", path+"/badges", other)
	v.press(t, "Show it all the same")
	if got := shelf(); !strings.Contains(got, ids[1]) {
		t.Errorf("after its owner said so the shelf is %s", got)
	}
}

func TestMixedCollectionsAskFirst(t *testing.T) {
	t.Parallel()
	h, v, ids := mustProfile(t)
	mustPublish(t, v)
	h.mustShow(t, ids[1], ledger.Private)
	v.open(t, "/me/profile")
	v.press(t, "Make a collection", "title", "Databases and clouds")
	path := v.at
	for _, id := range ids[:2] {
		v.send(t, "POST", path+"/badges", url.Values{"badge": {id}, "in": {"1"}})
	}
	v.open(t, path)
	v.press(t, "Show it on my page")
	v.sees(t, "Not all of it can be seen", "Nobody would see")
	if strings.Contains(v.text(), "different names") {
		t.Error("one name is taken for several")
	}
	if strings.Contains(h.page(t, "/earners/kim-sample"), "Databases and clouds") {
		t.Error("a mixed collection is published before its earner was asked")
	}
	v.press(t, "Show it all the same")
	page := h.page(t, "/earners/kim-sample")
	_, shelf, _ := strings.Cut(page, "Databases and clouds</bdi></h2>")
	shelf, _, _ = strings.Cut(shelf, "</section>")
	if !strings.Contains(shelf, ids[0]) || strings.Contains(page, ids[1]) {
		t.Errorf("the published collection shows what is private, or not what is public:\n%s", shelf)
	}
	feed := mustJSON[issuer.Feed](t, h.do(t, "GET", "/earners/kim-sample/badges.json", nil), 200)
	if got := feed.Badges[0].Collections; !slices.Equal(got, []string{"Databases and clouds"}) {
		t.Errorf("the feed names the collections %v", got)
	}
	v.open(t, "/me/badges/"+ids[1])
	v.sees(t, "it also stands in your collections: Databases and clouds")
	h.mustShow(t, ids[0], ledger.Private)
	if strings.Contains(h.page(t, "/earners/kim-sample"), "Databases and clouds") {
		t.Error("a collection with nothing to see shows its title")
	}
	v.open(t, path)
	v.press(t, "Remove the collection")
	v.sees(t, "The collection is removed")
	if v.send(t, "GET", path, nil); v.status != 404 {
		t.Errorf("a collection that was removed: %d, want 404", v.status)
	}
}

func TestFeeds(t *testing.T) {
	t.Parallel()
	h, v, ids := mustProfile(t)
	mustPublish(t, v)
	for path, kind := range map[string]string{"badges.json": "application/json", "badges.rss": "application/rss+xml", "strip.svg": "image/svg+xml"} {
		got := h.do(t, "GET", "/earners/kim-sample/"+path, nil, "Origin", "https://example.org")
		if got.status != 200 || got.mediaType() != kind || got.header.Get("Access-Control-Allow-Origin") != "*" || got.header.Get("ETag") == "" {
			t.Errorf("%s: %d %s %v", path, got.status, got.mediaType(), got.header)
		}
		if again := h.do(t, "GET", "/earners/kim-sample/"+path, nil, "If-None-Match", got.header.Get("ETag")); again.status != 304 || len(again.body) != 0 {
			t.Errorf("%s asked for again: %d, want 304", path, again.status)
		}
		if bad := h.do(t, "GET", "/earners/kim-sample/"+path+"?state=fine", nil); bad.status != 422 {
			t.Errorf("%s with a state that there is none of: %d, want 422", path, bad.status)
		}
		if none := h.do(t, "GET", "/earners/kim-sample/"+path+"?issuer=nobody", nil); none.status != 200 || strings.Contains(string(none.body), ids[0]) {
			t.Errorf("%s of an issuer that there is none of: %d", path, none.status)
		}
	}
	for query, want := range map[string]int{"": 3, "?state=current": 2, "?state=expired": 1, "?state=current,expired": 3, "?state=revoked": 0, "?state=expired&state=current": 3, "?issuer=" + h.slug: 3, "?issuer=" + h.slug + "&state=expired": 1, "?unknown=x": 3} {
		if feed := mustJSON[issuer.Feed](t, h.do(t, "GET", "/earners/kim-sample/badges.json"+query, nil), 200); len(feed.Badges) != want {
			t.Errorf("badges.json%s has %d badges, want %d", query, len(feed.Badges), want)
		}
		svg := h.do(t, "GET", "/earners/kim-sample/strip.svg"+query, nil).body
		if n := strings.Count(string(svg), "<use "); n != want {
			t.Errorf("strip.svg%s has %d pictures, want %d", query, n, want)
		}
	}
	var rss struct {
		Items []struct {
			Link string `xml:"link"`
			GUID string `xml:"guid"`
			Date string `xml:"pubDate"`
		} `xml:"channel>item"`
	}
	if err := xml.Unmarshal(h.do(t, "GET", "/earners/kim-sample/badges.rss", nil).body, &rss); err != nil || len(rss.Items) != 3 || rss.Items[0].GUID != h.base+"/badges/"+ids[0] {
		t.Errorf("RSS: %v %+v", err, rss)
	}
	if _, err := time.Parse(time.RFC1123Z, rss.Items[0].Date); err != nil {
		t.Error(err)
	}
	strip := string(h.do(t, "GET", "/earners/kim-sample/strip.svg?size=64", nil).body)
	if strings.Contains(strings.ReplaceAll(strip, "http://www.w3.org/", ""), "http://") || !strings.Contains(strip, "<title>") || !strings.Contains(strip, ", Expired") {
		t.Error("the strip loads something, or does not say its badges and their states")
	}
	if len(strip) > 200_000 {
		t.Errorf("a strip of three badges has %d bytes", len(strip))
	}
}
