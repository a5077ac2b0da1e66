package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/accolade-badges/accolade/assets"
)

// manner is how somebody uses a browser.
type manner struct {
	name, language string
	width          int64
	keys           bool   // the keyboard alone; else the mouse
	script         bool   // scripts run
	zone           string // time zone of the browser
}

// reader is somebody at a window of a browser.
type reader struct {
	manner
	ctx   context.Context
	base  string
	words map[string]string // of pages, in the reader's language
	data  []string          // names that are the same in every language
	shots int
}

// mustReader opens a window that shares no cookie with any other. Names are what
// its pages show that is the same in every language.
func mustReader(browser context.Context, t *testing.T, base string, m manner, names ...string) *reader {
	t.Helper()
	ctx, stop := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(stop)
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank"), chromedp.EmulateViewport(m.width, 640)); err != nil {
		t.Fatal("open a window: ", err)
	}
	tell(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !m.script})
	tell(ctx, t, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: m.zone})
	tell(ctx, t, network.Enable, network.EnableParams{})
	tell(ctx, t, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": m.language}})
	return &reader{manner: m, ctx: ctx, base: base, words: mustWords(t, m.language), data: names}
}

// tell gives the browser a command.
func tell[P, R any](ctx context.Context, t *testing.T, command cdp.Command[P, R], params P) R {
	t.Helper()
	result, err := chromedp.Call(ctx, command, params)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// mustWords reads the words of pages in a language.
func mustWords(t *testing.T, language string) map[string]string {
	t.Helper()
	names, err := fs.Glob(assets.Locales(), "*."+language+".json")
	if err != nil {
		t.Fatal(err)
	}
	words := map[string]string{}
	for _, name := range names {
		body, err := fs.ReadFile(assets.Locales(), name)
		if err != nil {
			t.Fatal(err)
		}
		texts := map[string]any{}
		if err := json.Unmarshal(body, &texts); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for key, text := range texts {
			words[key] = fmt.Sprint(text)
		}
	}
	return words
}

// say returns what pages say under a key.
func (r *reader) say(t *testing.T, key string) string {
	t.Helper()
	text := r.words[key]
	if text == "" {
		t.Fatalf("there is no text %q in %s", key, r.language)
	}
	return text
}

func (r *reader) open(t *testing.T, address string) {
	t.Helper()
	if strings.HasPrefix(address, "/") {
		address = r.base + address
	}
	if err := chromedp.Do(r.ctx, chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
}

// ask evaluates an expression in the page.
func ask[T any](t *testing.T, r *reader, expression string) T {
	t.Helper()
	v, err := chromedp.Run(r.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// nameOf is what something on a page is called, for ears and for eyes; named
// lists what can be used and is called so.
const (
	nameOf = `const nameOf = e => (e.getAttribute("aria-label") ?? (e.labels?.[0] ?? e).innerText ?? "").trim();`
	named  = nameOf + `const named = want => [...document.querySelectorAll("a[href], button, summary, textarea, input:not([type=hidden])")]
		.filter(e => e.checkVisibility() && nameOf(e).startsWith(want));`
)

// stop is where the Tab key leads.
type stop struct {
	Name, Group, Is string
	Ringed          bool // a reader sees that the focus is there
}

// here tells where the focus is.
const here = `(() => { ` + nameOf + `
	const e = document.activeElement, style = getComputedStyle(e), at = e.getBoundingClientRect();
	const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
		|| e.type === "date" && !e.matches(":focus"); // on the calendar in the field, around which the browser puts a ring of its own
	const inView = at.bottom > 0 && at.top < innerHeight && at.right > 0 && at.left < innerWidth;
	return { Name: nameOf(e), Group: e.type === "radio" ? e.name : "", Is: e.outerHTML.slice(0, 200), Ringed: e === document.body || ring && inView }
})()`

// press presses a key.
func (r *reader) press(t *testing.T, key string) {
	t.Helper()
	if err := chromedp.Do(r.ctx, chromedp.KeyEvent(key)); err != nil {
		t.Fatal(err)
	}
}

// reach moves the focus with the Tab key to what is wanted, and fails where it is
// not to be seen on its way.
func (r *reader) reach(t *testing.T, what string, wanted func(stop) bool) {
	t.Helper()
	for range 150 {
		r.press(t, kb.Tab)
		at := ask[stop](t, r, here)
		if !at.Ringed {
			t.Errorf("%s: nobody sees that the focus is on %s", ask[string](t, r, "location.pathname"), at.Is)
		}
		if wanted(at) {
			return
		}
	}
	t.Fatalf("the Tab key does not reach %s on %s:\n%s", what, ask[string](t, r, "location.href"), ask[string](t, r, "document.body.innerText"))
}

// focus puts the focus on what is called so; with the mouse, that is a click.
func (r *reader) focus(t *testing.T, called string) {
	t.Helper()
	if r.keys {
		r.reach(t, strconv.Quote(called), func(at stop) bool { return strings.HasPrefix(at.Name, called) })
		return
	}
	r.click(t, called)
}

// click clicks with the mouse in the middle of the first that is called so. What
// lies over it would take the click, and fails the test.
func (r *reader) click(t *testing.T, called string) {
	t.Helper()
	found := ask[struct {
		X, Y float64
		Over string
	}](t, r, `(() => { `+named+`
		const e = named(`+strconv.Quote(called)+`)[0];
		if (!e) return { Over: "it is not there: " + document.body.innerText };
		e.scrollIntoView({ block: "center" });
		const box = e.getClientRects()[0], X = box.x + box.width / 2, Y = box.y + box.height / 2, top = document.elementFromPoint(X, Y);
		return { X, Y, Over: e.contains(top) || e.labels?.[0]?.contains(top) ? "" : "over it lies " + (top?.outerHTML ?? "nothing") };
	})()`)
	if found.Over != "" {
		t.Fatalf("%q on %s cannot be clicked: %s", called, ask[string](t, r, "location.href"), found.Over)
	}
	if err := chromedp.Do(r.ctx, chromedp.MouseClickXY(found.X, found.Y)); err != nil {
		t.Fatal(err)
	}
}

// follow uses a link or a button, and waits for the page that it leads to.
func (r *reader) follow(t *testing.T, called, leads string) {
	t.Helper()
	left := ask[float64](t, r, "performance.timeOrigin")
	r.focus(t, called)
	if r.keys {
		r.press(t, kb.Enter)
	}
	r.await(t, fmt.Sprintf("%q leads to %s", called, leads), func() bool {
		// While a page gives way to another there is nothing to ask.
		at, err := chromedp.Run(r.ctx, chromedp.Evaluate[string](fmt.Sprintf(`performance.timeOrigin === %f || document.readyState !== "complete" ? "" : location.pathname`, left)))
		return err == nil && at == leads
	})
}

// choose takes one of several: with the arrow keys, or with the mouse.
func (r *reader) choose(t *testing.T, group, called string) {
	t.Helper()
	if !r.keys {
		r.click(t, called)
	} else {
		r.reach(t, group, func(at stop) bool { return at.Group == group })
		for range 5 {
			if strings.HasPrefix(ask[stop](t, r, here).Name, called) {
				break
			}
			r.press(t, kb.ArrowDown)
		}
	}
	r.await(t, called+" is chosen", func() bool {
		return ask[bool](t, r, `(() => { `+named+` return named(`+strconv.Quote(called)+`)[0].checked })()`)
	})
}

// tick ticks a box.
func (r *reader) tick(t *testing.T, called string) {
	t.Helper()
	r.focus(t, called)
	if r.keys {
		r.press(t, " ")
	}
	r.await(t, called+" is ticked", func() bool {
		return ask[bool](t, r, `(() => { `+named+` return named(`+strconv.Quote(called)+`)[0].checked })()`)
	})
}

// unfold opens a part of the page that is folded.
func (r *reader) unfold(t *testing.T, called string) {
	t.Helper()
	r.focus(t, called)
	if r.keys {
		r.press(t, kb.Enter)
	}
	r.await(t, called+" opens", func() bool {
		return ask[bool](t, r, `(() => { `+named+` return named(`+strconv.Quote(called)+`)[0].parentElement.open })()`)
	})
}

// fill types into a field.
func (r *reader) fill(t *testing.T, called, text string) {
	t.Helper()
	r.focus(t, called)
	r.press(t, text)
	r.await(t, "the field holds "+text, func() bool { return ask[string](t, r, "document.activeElement.value") == text })
}

// await waits until something is so.
func (r *reader) await(t *testing.T, what string, so func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !so(); time.Sleep(30 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("not within half a minute: %s; at %s: %s", what, ask[string](t, r, "location.href"), ask[string](t, r, "document.body.innerText"))
		}
	}
}

// sees fails where the page does not say something, is wider than its window, or
// says something in another language than the reader's.
func (r *reader) sees(t *testing.T, words ...string) {
	t.Helper()
	page := ask[struct {
		At, Text, Lang string
		Width          int64
		Said           []string
	}](t, r, `(() => { const root = document.documentElement; return { At: location.pathname, Text: document.body.innerText, Lang: root.lang, Width: root.scrollWidth, Said: `+allWords+` } })()`)
	for _, want := range words {
		if !strings.Contains(page.Text, want) {
			t.Errorf("%s does not say %q:\n%s", page.At, want, page.Text)
		}
	}
	if page.Width > r.width {
		t.Errorf("%s is %d pixels wide in a window of %d", page.At, page.Width, r.width)
	}
	if page.Lang != r.language {
		t.Errorf("%s is in %q, want %q", page.At, page.Lang, r.language)
	}
	if r.language != "en" {
		for _, left := range r.foreign(page.Said) {
			t.Errorf("%s says in English: %s", page.At, left)
		}
	}
	r.keep(t)
}

// allWords are the words of the page, for eyes and for ears, without what it says
// is in another language, and without text to copy.
const allWords = `(() => {
	const said = [document.title], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	const ours = e => e.checkVisibility() && !e.closest("textarea, script, style, [lang]:not(html):not([lang^=zh])");
	while (walk.nextNode()) if (ours(walk.currentNode.parentElement)) said.push(walk.currentNode.data);
	for (const e of document.querySelectorAll("[alt], [title], [aria-label], [placeholder]"))
		if (ours(e)) said.push(...["alt", "title", "aria-label", "placeholder"].map(name => e.getAttribute(name) ?? ""));
	return said;
})()`

var (
	// What is no word of a language: addresses, mail addresses, licence numbers, and
	// names of ours and of others.
	noWord = regexp.MustCompile(`https?://\S+|localhost:\S+|\S+@\S+|[0-9A-Z]{4}(-[0-9A-Z]{4})+|` +
		`\b(accolade|Open Badges|LinkedIn|Post Inspector|Facebook|WordPress|Markdown|Outlook|Gmail|Apple|API|UTC|CV|QR|X|PNG|SVG|PDF|JSON|JWT|ZIP|HTML|JWS|JSON-LD|Language)\b`)
	latin = regexp.MustCompile(`[A-Za-z]{2,}`)
)

// foreign returns those of the texts that have a word of another language.
func (r *reader) foreign(texts []string) (list []string) {
	for _, text := range texts {
		rest := text
		for _, name := range r.data {
			rest = strings.ReplaceAll(rest, name, "")
		}
		if latin.MatchString(noWord.ReplaceAllString(rest, "")) {
			list = append(list, strings.TrimSpace(text))
		}
	}
	return list
}

// keep writes a picture of the page where ACCOLADE_SCREENSHOTS asks for it.
func (r *reader) keep(t *testing.T) {
	t.Helper()
	dir := os.Getenv("ACCOLADE_SCREENSHOTS")
	if dir == "" {
		return
	}
	picture, err := chromedp.Run(r.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	r.shots++
	name := fmt.Sprintf("story-%s-%02d.png", strings.ReplaceAll(r.name, " ", "-"), r.shots)
	if err := os.WriteFile(filepath.Join(dir, name), picture, 0o600); err != nil {
		t.Fatal(err)
	}
}
