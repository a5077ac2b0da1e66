package web_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

const home = "kim.private@example.com"

// mustAdd adds an address to the account that is signed in.
func (v *visitor) mustAdd(tb testing.TB, address string) {
	tb.Helper()
	v.open(tb, "/me/addresses")
	v.press(tb, "Mail me a link", "email", address)
	v.press(tb, "Confirm", "code", v.h.newest(tb, address).code(tb))
}

// upload sends a picture.
func (v *visitor) upload(tb testing.TB, data []byte) {
	tb.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("picture", "me.png")
	if err != nil {
		tb.Fatal(err)
	}
	_, _ = part.Write(data)
	_ = w.Close()
	req, err := http.NewRequestWithContext(tb.Context(), "POST", v.h.base+"/me/account/picture", &body)
	if err != nil {
		tb.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.Header.Set("Accept", browser)
	req.Header.Set("Origin", v.h.base)
	res, err := v.client.Do(req)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		tb.Fatal(err)
	}
	v.at, v.status, v.header, v.page = res.Request.URL.RequestURI(), res.StatusCode, res.Header, string(text)
}

func picture(tb testing.TB, width, height int) []byte {
	tb.Helper()
	img := image.NewPaletted(image.Rect(0, 0, width, height), color.Palette{color.White, color.Black})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// bomb is a small file that says it holds 400 million pixels.
func bomb(tb testing.TB) []byte {
	tb.Helper()
	b := picture(tb, 1, 1)
	binary.BigEndian.PutUint32(b[16:], 20_000)
	binary.BigEndian.PutUint32(b[20:], 20_000)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

func TestAddressesAreAddedMovedFirstAndRemoved(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	v := h.mustSignIn(t, kim.Email)
	v.mustAdd(t, home)
	v.sees(t, home, "Added.")
	if got := h.newest(t, kim.Email); !strings.Contains(got.subject, "added to your account") || !strings.Contains(got.text, home) {
		t.Errorf("the old address is told %q:\n%s", got.subject, got.text)
	}
	v.press(t, "Use for mails")
	v.sees(t, "Mails go to that address from now on.")
	v.press(t, "Remove "+kim.Email)
	v.sees(t, "Removed.")
	for _, to := range []string{kim.Email, home} { // whoever did it, both hear of it
		if got := h.newest(t, to); !strings.Contains(got.subject, "removed from your account") {
			t.Errorf("%s is told %q", to, got.subject)
		}
	}
	if strings.Contains(v.page, ">Remove<") {
		t.Error("the last address can be removed")
	}
	v.send(t, "POST", "/me/addresses/remove", url.Values{"address": {home}})
	if v.status != http.StatusConflict {
		t.Errorf("removing the last address: %d", v.status)
	}
	v.sees(t, "This is your only address")
	// The removed one makes a new account; the other still has this one.
	h.mustSignIn(t, kim.Email).sees(t, "no badge here yet")
}

func TestWhoHasOneAddressIsToldToAddAnother(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id, v := h.mustMine(t, "exam-cl-100", passed("1", "CL-100", 3, kim))
	v.sees(t, "Only "+kim.Email+" leads to your account.", "Add a private address")
	v.mustAdd(t, home)
	v.open(t, "/me/badges/"+id)
	if strings.Contains(v.text(), "leads to your account") {
		t.Error("who has two addresses is told to add another")
	}
}

func TestAddressOfAnotherAccountIsNotTakenOver(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	victim := h.mustSignIn(t, kim.Email)
	v := h.mustSignIn(t, home)
	v.open(t, "/me/addresses")
	v.press(t, "Mail me a link", "email", strings.ToUpper(kim.Email))
	link := h.newest(t, "KIM").link(t, confirmLink)
	// The victim opens the mail in their own browser: nothing is given away.
	victim.open(t, link)
	victim.send(t, "POST", link, url.Values{"click": {"x"}})
	if victim.status != http.StatusForbidden {
		t.Errorf("a stranger's request was confirmed by its reader: %d", victim.status)
	}
	victim.open(t, "/me/addresses")
	victim.sees(t, kim.Email)
}

func TestAccountsAreJoinedAndApartAgain(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id, old := h.mustMine(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	v := h.mustSignIn(t, home)
	v.open(t, "/me/merge")
	v.press(t, "Mail me a link", "email", kim.Email)
	asked := h.newest(t, kim.Email)
	if !strings.Contains(asked.subject, "both accounts") || !strings.Contains(asked.text, "joins nothing yet") {
		t.Errorf("the other mailbox is asked %q:\n%s", asked.subject, asked.text)
	}
	v.press(t, "Confirm", "code", asked.code(t))
	v.sees(t, "Two accounts are yours", kim.Email, "Cloud Developer")
	preview := v.at
	v.press(t, "Join the two accounts")
	v.sees(t, "The two accounts are one.", "Can be undone until")
	if v.open(t, "/me/badges/"+id); v.status != http.StatusOK {
		t.Errorf("the badge did not move: %d", v.status)
	}
	if old.send(t, "GET", "/me", nil); !strings.HasPrefix(old.at, "/sign-in") {
		t.Errorf("the account that is gone is still signed in at %s", old.at)
	}
	for _, to := range []string{kim.Email, home} {
		if got := h.newest(t, to); !strings.Contains(got.subject, "now one") {
			t.Errorf("%s is told %q", to, got.subject)
		}
	}
	if v.send(t, "POST", preview, url.Values{"act": {"merge"}}); v.at != "/me/merge" { // pressed twice
		t.Errorf("joining twice leads to %s (%d)", v.at, v.status)
	}
	stranger := h.mustSignIn(t, noor.Email)
	v.open(t, "/me/merge")
	action, form := v.form(t, "Undo")
	if stranger.send(t, "POST", action, form); stranger.status != http.StatusNotFound {
		t.Errorf("a stranger takes accounts apart: %d", stranger.status)
	}
	v.press(t, "Undo")
	v.sees(t, "apart again")
	if v.send(t, "GET", "/me/badges/"+id, nil); v.status != http.StatusNotFound {
		t.Errorf("the badge did not move back: %d", v.status)
	}
	h.mustSignIn(t, kim.Email).sees(t, "Cloud Developer")
}

func TestJoiningCannotBeUndoneForEver(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	h.mustSignIn(t, kim.Email)
	v := h.mustSignIn(t, home)
	v.open(t, "/me/merge")
	v.press(t, "Mail me a link", "email", kim.Email)
	v.press(t, "Confirm", "code", h.newest(t, kim.Email).code(t))
	v.press(t, "Join the two accounts")
	action, form := v.form(t, "Undo")
	h.clock.add(15 * 24 * time.Hour)
	v.open(t, "/me/merge")
	v.sees(t, "Cannot be undone any more.")
	if v.send(t, "POST", action, form); v.status != http.StatusConflict {
		t.Errorf("undone after 14 days: %d", v.status)
	}
}

func TestOnlyAnAddressMoves(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	other := h.mustSignIn(t, kim.Email)
	other.mustAdd(t, "second@example.org")
	v := h.mustSignIn(t, home)
	v.mustAdd(t, "second@example.org")
	v.sees(t, "Two accounts are yours")
	v.press(t, "Move only the address")
	v.sees(t, "The address is yours here now.", "second@example.org")
	other.open(t, "/me/addresses")
	if strings.Contains(other.text(), "second@example.org") {
		t.Error("the address is two accounts'")
	}
}

func TestDevicesAreListedAndSignedOut(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	first, second := h.mustSignIn(t, kim.Email), h.mustSignIn(t, kim.Email)
	stranger := h.mustSignIn(t, noor.Email)
	first.open(t, "/me/sessions")
	action, form := first.form(t, "Sign out A device")
	stranger.send(t, "POST", action, form)
	second.open(t, "/me")
	first.press(t, "Sign out everywhere else")
	first.sees(t, "You are signed in nowhere else.")
	if second.send(t, "GET", "/me", nil); !strings.HasPrefix(second.at, "/sign-in") {
		t.Errorf("the other device is still signed in at %s", second.at)
	}
}

func TestPicturesAreCutAndBounded(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	v := h.mustSignIn(t, kim.Email)
	v.upload(t, picture(t, 900, 400))
	v.sees(t, "This is your picture now.")
	v.open(t, "/me/picture.png")
	config, err := png.DecodeConfig(strings.NewReader(v.page))
	if err != nil || config.Width != 512 || config.Height != 512 {
		t.Errorf("the picture is %+v, %v", config, err)
	}
	for name, data := range map[string][]byte{
		"text":               []byte("<svg onload=alert(1)>"),
		"bomb":               bomb(t),
		"broken":             picture(t, 90, 90)[:60],
		"no file whatsoever": nil,
	} {
		if v.upload(t, data); v.status != http.StatusUnprocessableEntity {
			t.Errorf("%s: %d", name, v.status)
		}
	}
	if v.upload(t, bytes.Repeat([]byte{7}, 40<<20)); v.status != http.StatusRequestEntityTooLarge {
		t.Errorf("40 MB: %d", v.status)
	}
	v.sees(t, "That picture is too large")
	v.open(t, "/me/account")
	v.press(t, "Remove the picture")
	if strings.Contains(v.page, "/me/picture.png") {
		t.Error("the picture is still there")
	}
}

func TestSettingsAreKeptAndChecked(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	v := h.mustSignIn(t, kim.Email)
	settings := url.Values{"language": {"zh-CN"}, "timeZone": {"Asia/Shanghai"}, "visibility": {"public"}, "accept": {"some"}, "issuer": {h.slug}}
	v.send(t, "POST", "/me/account", settings)
	v.sees(t, "已保存")
	v.open(t, "/me/sessions")
	v.sees(t, "CST")
	for name, value := range map[string]string{"timeZone": "../../etc/passwd", "visibility": "everyone", "language": "<script>", "issuer": "no-such"} {
		wrong := url.Values{}
		for k, x := range settings {
			wrong[k] = x
		}
		wrong.Set(name, value)
		if v.send(t, "POST", "/me/account", wrong); v.status != http.StatusUnprocessableEntity {
			t.Errorf("%s %q: %d", name, value, v.status)
		}
	}
	// Accepted by itself from then on: also what comes later, if it is this person's.
	h.clock.add(time.Minute)
	h.mustAward(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	h.mustSignIn(t, kim.Email)
	id := h.mustAward(t, "cloud-foundations", passed("2", "CL-100", 10, kim))
	if got := h.do(t, "GET", "/badges/"+id, nil); got.status != http.StatusOK {
		t.Errorf("the next badge was not accepted as public: %d", got.status)
	}
}

// findings returns what the doctor says of a subject.
func (h *house) findings(tb testing.TB, subject string) string {
	tb.Helper()
	for _, f := range h.Examine(tb.Context(), nil) {
		if f.Subject == subject {
			return f.Message
		}
	}
	tb.Fatalf("the doctor says nothing of %s", subject)
	return ""
}

// mustTellDesk tells desks what waits, and wants so many mails of it.
func (h *house) mustTellDesk(tb testing.TB, want int) {
	tb.Helper()
	if n, err := h.TellDesks(tb.Context()); err != nil || n != want {
		tb.Errorf("%d desks are told (%v), want %d", n, err, want)
	}
}

// TestDeskHearsOfEveryRequest, once a day at most.
func TestDeskHearsOfEveryRequest(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	for i, hours := range []int{0, 23, 23, 2} { // after the one before
		h.clock.add(time.Duration(hours) * time.Hour)
		who := kim
		who.Email, who.Number = fmt.Sprintf("kim%d@example.org", i), fmt.Sprint("S-", 100+i)
		id, v := h.mustMine(t, "cloud-developer", passed(fmt.Sprint(i), "CL-220", 200-i, who))
		v.send(t, "POST", "/me/badges/"+id+"/name", url.Values{"name": {"Kimberly Sample"}, "note": {"Married.\r\nSee the register."}})
		v.sees(t, "The issuer has your request.")
		h.mustTellDesk(t, []int{1, 0, 1, 0}[i])
	}
	h.mustTellDesk(t, 0)
	h.clock.add(23 * time.Hour)
	h.mustTellDesk(t, 1) // of the last one, when the day is over
	h.clock.add(48 * time.Hour)
	h.mustTellDesk(t, 0)
}

// TestOddNamesAreExplained: what cannot be a name is told where it was typed.
func TestOddNamesAreExplained(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id, v := h.mustMine(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	for field, texts := range map[string][]string{"name": {"Kim\u202eSample", strings.Repeat("x", 201), ""}, "note": {strings.Repeat("x", 501), "\u0007"}} {
		for _, text := range texts {
			form := url.Values{"name": {"Kimberly Sample"}, "note": {""}}
			form.Set(field, text)
			if v.send(t, "POST", "/me/badges/"+id+"/name", form); v.status != http.StatusUnprocessableEntity || !strings.Contains(v.page, `id="fault"`) {
				t.Errorf("%s %q: %d", field, text, v.status)
			}
		}
	}
	for _, text := range []string{"a\x07b", strings.Repeat("x", 61)} {
		if v.send(t, "POST", "/me/passkeys/name", url.Values{"passkey": {"x"}, "name": {text}}); v.status != http.StatusUnprocessableEntity {
			t.Errorf("a passkey called %q: %d", text, v.status)
		}
	}
}

func TestNameIsCorrectedByTheIssuer(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id, v := h.mustMine(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	ask := func(name string) string {
		v.open(t, "/me/badges/"+id+"/name")
		v.press(t, "Ask the issuer", "name", name)
		v.sees(t, "The issuer has your request.", name)
		list, err := h.NameRequests(t.Context(), h.slug, true)
		if err != nil || len(list) != 1 {
			t.Fatalf("requests: %v %v", list, err)
		}
		return list[0].ID
	}
	request := ask("Kimberly <Sample>")
	h.mustTellDesk(t, 1)
	desk := h.newest(t, "badges@example.org")
	if !strings.Contains(desk.text, id) || strings.Contains(desk.text, "Sample>") || strings.Contains(desk.text, kim.Email) {
		t.Errorf("the desk reads %q:\n%s", desk.subject, desk.text)
	}
	if waits := h.findings(t, "name requests"); !strings.HasPrefix(waits, "1 wait") {
		t.Errorf("the doctor says %q", waits)
	}
	v.send(t, "POST", "/me/badges/"+id+"/name", url.Values{"name": {"Another"}})
	v.sees(t, "Waits for the issuer")
	if err := h.DeclineName(t.Context(), "test", h.slug, request, "The register says otherwise."); err != nil {
		t.Fatal(err)
	}
	if got := h.newest(t, kim.Email); !strings.Contains(got.text, "The register says otherwise.") {
		t.Errorf("the earner reads %q:\n%s", got.subject, got.text)
	}
	request = ask("Kimberly Sample")
	for range 2 {
		err := h.AcceptName(t.Context(), "test", h.slug, request, "Married.")
		if request != "" && err != nil {
			t.Fatal(err)
		}
		if request == "" && err == nil {
			t.Error("decided twice")
		}
		request = ""
	}
	h.drain(t, kim.Email)
	h.mustTellDesk(t, 0) // nothing waits
	h.mustShow(t, id, ledger.Public)
	if got := h.page(t, "/badges/"+id); !strings.Contains(got, "Kimberly Sample") {
		t.Error("the badge has its old name")
	}
	v.open(t, "/me/badges/"+id+"/name")
	v.sees(t, "Corrected")
	stranger := h.mustSignIn(t, noor.Email)
	if stranger.send(t, "POST", "/me/badges/"+id+"/name", url.Values{"name": {"Mine"}}); stranger.status != http.StatusNotFound {
		t.Errorf("a stranger asks for another's badge: %d", stranger.status)
	}
}

func TestEverythingIsTakenAlong(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id, v := h.mustMine(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	v.upload(t, picture(t, 100, 100))
	v.open(t, "/me/export")
	v.open(t, "/me/export/account.zip")
	z, err := zip.NewReader(strings.NewReader(v.page), int64(len(v.page)))
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, f := range z.File {
		names[f.Name] = true
	}
	for _, want := range []string{"account.json", "picture.png", "badge-" + id + "/badge-" + id + ".pdf", "badge-" + id + "/badge-" + id + ".json"} {
		if !names[want] {
			t.Errorf("the archive has no %s: %v", want, names)
		}
	}
	f, err := z.Open("account.json")
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(f)
	if err != nil || !bytes.Contains(body, []byte(kim.Email)) || !bytes.Contains(body, []byte(id)) {
		t.Errorf("account.json: %s %v", body, err)
	}
}

func TestDeletedAccountLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	who := issuer.Candidate{Number: "Z-777", Email: "zaphira@quillfeather.example.org", GivenName: "Zaphira", FamilyName: "Quillfeather", Locale: "en"}
	id, v := h.mustMine(t, "cloud-developer", passed("1", "CL-220", 20, who))
	h.mustShow(t, id, ledger.Public)
	v.upload(t, picture(t, 100, 100))
	v.open(t, "/me/badges/"+id+"/name")
	v.press(t, "Ask the issuer", "name", "Zaphira Q.")
	credential := h.do(t, "GET", "/badges/"+id+".json", nil)
	v.open(t, "/me/delete")
	v.press(t, "Delete my account for ever", "address", "someone@example.org")
	v.sees(t, "Nothing was deleted.")
	v.press(t, "Delete my account for ever", "address", "Zaphira@Quillfeather.example.org")
	if v.at != "/?said=deleted" {
		t.Errorf("after deleting: %s %d", v.at, v.status)
	}
	if v.send(t, "GET", "/me", nil); !strings.HasPrefix(v.at, "/sign-in") {
		t.Errorf("still signed in at %s", v.at)
	}
	if got := h.newest(t, who.Email); !strings.Contains(got.subject, "deleted") {
		t.Errorf("the last mail says %q", got.subject)
	}
	for _, form := range []string{"", ".json", ".png", "/embed", "/certificate.pdf"} {
		if got := h.do(t, "GET", "/badges/"+id+form, nil); got.status != http.StatusNotFound && bytes.Contains(got.body, []byte("Zaphira")) {
			t.Errorf("%s: %d", form, got.status)
		}
	}
	// The copy that its owner keeps can still be told to be good, or revoked.
	if got := h.do(t, "POST", "/api/v1/verify", credential.body, "Content-Type", "application/json"); !bytes.Contains(got.body, []byte("valid")) {
		t.Errorf("the file that was kept: %s", got.body)
	}
	// The same report again brings nothing of it back.
	if _, err := h.RecordResult(context.Background(), h.slug, passed("1", "CL-220", 20, who)); err != nil {
		t.Errorf("the report again: %v", err)
	}
	if _, err := h.Drain(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	for _, f := range h.Examine(t.Context(), nil) {
		if f.Level == issuer.Wrong {
			t.Errorf("the doctor says of %s: %s", f.Subject, f.Message)
		}
	}
	if err := h.ledger.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(filepath.Join(h.folder, "ledger.db"))
	if err != nil {
		t.Fatal(err)
	}
	for _, mark := range []string{"Zaphira", "zaphira", "Quillfeather", "quillfeather", "Z-777"} {
		if i := bytes.Index(data, []byte(mark)); i >= 0 {
			t.Errorf("the ledger still holds %q: …%q…", mark, data[max(0, i-80):min(len(data), i+80)])
		}
	}
	if strings.Contains(h.log.String(), "aphira") {
		t.Errorf("the log names the person:\n%s", h.log.String())
	}
}
