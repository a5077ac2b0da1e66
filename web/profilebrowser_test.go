package web_test

import (
	"bytes"
	"image/color"
	"image/png"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

func TestProfilePagesInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("opens pages in a browser")
	}
	chrome := mustChromium(t)
	h, v, ids := mustProfile(t)
	h.mustShow(t, ids[1], ledger.Unlisted)
	mustPublish(t, v)
	v.press(t, "Make a collection", "title", "Clouds")
	collection := v.at
	for _, id := range ids[:2] {
		v.send(t, "POST", collection+"/badges", url.Values{"badge": {id}, "in": {"1"}})
	}
	v.send(t, "POST", collection+"/public", url.Values{"public": {"1"}, "sure": {"1"}})
	owner := accountOf(t, h, ids[0])
	if err := h.SetPortrait(t.Context(), owner, mustSquare(t)); err != nil {
		t.Fatal(err)
	}
	var share issuer.ShareLink
	for _, label := range []string{"Example Works, Ms Recruiter", "An employer whose name is so very long that it takes more than a line"} {
		var err error
		if share, err = h.CreateShare(t.Context(), owner, ids[1], issuer.NewShare{Label: label, ExpiresAt: h.clock.now().AddDate(0, 1, 0), Evidence: true}); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Correct(t.Context(), "test", ids[2], issuer.Correction{GivenName: "Kimberly", FamilyName: "Other"}, "Married."); err != nil { // two names side by side
		t.Fatal(err)
	}
	path, err := url.Parse(share.URL)
	if err != nil {
		t.Fatal(err)
	}
	chrome.look(t, h, visits(v.cookies(t), map[string]string{
		"earner-collections": "/earners/kim-sample", "earner-chinese": "/earners/kim-sample?lang=zh-CN", "profile-chinese": "/me/profile?lang=zh-CN",
		"profile-names": "/me/profile", "collection-full": collection, "shares-many": "/me/shares", "visibility": "/me/badges/" + ids[1], "shared": path.Path, "closed": "/s/never-was", "visibility-chinese": "/me/badges/" + ids[1] + "?lang=zh-CN",
	}))
}

// TestStripOpenedByItself: with no page around it, it is held to its own policy, and
// shows its pictures all the same.
func TestStripOpenedByItself(t *testing.T) {
	chrome := mustChromium(t)
	h, v, _ := mustProfile(t)
	mustPublish(t, v)
	tab := chrome.mustTab(t, h.base)
	if err := chromedp.Do(tab.ctx, chromedp.Navigate(h.base+"/earners/kim-sample/strip.svg")); err != nil {
		t.Fatal(err)
	}
	tab.keep(t, "strip")
	shot, err := chromedp.Run(tab.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(shot))
	if err != nil {
		t.Fatal(err)
	}
	colours := map[color.Color]bool{}
	for y := range 100 {
		for x := range 100 {
			colours[picture.At(x, y)] = true
		}
	}
	if len(colours) < 50 { // the sign of a broken picture has a handful
		t.Errorf("where the first badge should be there are %d colours", len(colours))
	}
}

// TestArrangingAProfileWithScript moves a badge by its button and by dragging it:
// the page stays, and the order is kept.
func TestArrangingAProfileWithScript(t *testing.T) {
	chrome := mustChromium(t)
	h, v, ids := mustProfile(t)
	mustPublish(t, v)
	tab := chrome.mustTab(t, h.base)
	tab.wear(t, h, v.cookies(t))
	if _, err := chromedp.Call(tab.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: false}); err != nil {
		t.Fatal(err)
	}
	first := func() string {
		feed := mustJSON[issuer.Feed](t, h.do(t, "GET", "/earners/kim-sample/badges.json", nil), 200)
		return feed.Badges[0].ID[len(h.base+"/badges/"):]
	}
	becomes := func(want string) {
		t.Helper()
		for range 100 {
			if first() == want {
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
		t.Errorf("the first badge is %s, want %s", first(), want)
	}
	if err := chromedp.Do(tab.ctx, chromedp.Navigate(h.base+"/me/profile"), chromedp.WaitVisible(".grip"), chromedp.Click("#badge-"+ids[1]+" button[value=up]")); err != nil {
		t.Fatal(err)
	}
	becomes(ids[1])
	said, err := chromedp.Run(tab.ctx, chromedp.Evaluate[string](`[...document.querySelectorAll("p[role=status].unseen")].map(p => p.textContent).join("")`))
	if err != nil || said == "" {
		t.Errorf("a screen reader is told %q, %v", said, err)
	}
	const drag = `(() => {
		const row = document.getElementById("badge-%ID%"), grip = row.querySelector(".grip"), top = row.parentElement.firstElementChild.getBoundingClientRect();
		grip.setPointerCapture = () => {};
		const send = (type, y) => grip.dispatchEvent(new PointerEvent(type, { pointerId: 1, bubbles: true, clientX: top.left + 5, clientY: y }));
		send("pointerdown", row.getBoundingClientRect().top + 5);
		send("pointermove", top.top + 5);
		send("lostpointercapture", top.top + 5);
		return true;
	})()`
	if _, err := chromedp.Run(tab.ctx, chromedp.Evaluate[bool](strings.ReplaceAll(drag, "%ID%", ids[2]))); err != nil {
		t.Fatal(err)
	}
	becomes(ids[2])
}
