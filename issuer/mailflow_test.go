package issuer_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/mail"
)

// letterbox is a mail server of a test: it keeps what it takes, and refuses what
// refuse says.
type letterbox struct {
	mu     sync.Mutex
	taken  []*mail.Message
	refuse func(*mail.Message) error
}

func (b *letterbox) Send(_ context.Context, m *mail.Message) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.refuse != nil {
		if err := b.refuse(m); err != nil {
			return err
		}
	}
	if _, err := m.Bytes(); err != nil {
		return err
	}
	b.taken = append(b.taken, m)
	return nil
}

// kinds lists what was taken, by the first part of Feedback-ID.
func (b *letterbox) kinds() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []string
	for _, m := range b.taken {
		kind, _, _ := strings.Cut(m.Headers["Feedback-ID"], ":")
		list = append(list, kind)
	}
	return list
}

func (b *letterbox) last(tb testing.TB) *mail.Message {
	tb.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.taken) == 0 {
		tb.Fatal("no mail was sent")
	}
	return b.taken[len(b.taken)-1]
}

// mustMailHouse is a house with the demo's programme whose mails go into a box.
func mustMailHouse(tb testing.TB, edit func([]byte) []byte) (*house, *letterbox) {
	tb.Helper()
	h := mustHouse(tb, "", "2025-06-01T12:00:00Z")
	box := &letterbox{}
	h.Service = h.mustService(tb, box)
	h.mustLoadDemo(tb, edit)
	return h, box
}

// withMail puts a programme's own texts into a catalogue.
func withMail(member string) func([]byte) []byte {
	return func(source []byte) []byte {
		return bytes.Replace(source, []byte("{"), []byte(`{"mail": `+member+`,`), 1)
	}
}

const ownNote = `{"note": {"en": {"subject": "Well done: {{.Achievement}}", "text": ["{{.Issuer}} congratulates you.", "Another mail with your badge follows.", "{{.Contact}} {{.OptOut}}"]}}}`

func (h *house) mustSettings(tb testing.TB, change func(*issuer.MailSettings)) {
	tb.Helper()
	err := h.ChangeSettings(context.Background(), "test", h.slug, func(s *issuer.Settings) { change(&s.Mail) })
	if err != nil {
		tb.Fatal(err)
	}
}

// pass days, and send what is due then.
func (h *house) mustPass(tb testing.TB, days int) {
	tb.Helper()
	h.clock.at = h.clock.at.AddDate(0, 0, days)
	if _, err := h.Remind(context.Background()); err != nil {
		tb.Fatal(err)
	}
	h.mustDrain(tb)
}

func wantKinds(tb testing.TB, b *letterbox, want ...string) {
	tb.Helper()
	if got := b.kinds(); !slices.Equal(got, want) {
		tb.Errorf("mails %v, want %v", got, want)
	}
}

func TestBadgeMailWaitsUntilTheNoteWasAccepted(t *testing.T) {
	t.Parallel()
	h, box := mustMailHouse(t, withMail(ownNote))
	down := &mail.DeliveryError{Step: "connect", Temp: true, Err: errors.New("nobody answers")}
	box.refuse = func(*mail.Message) error { return down }
	id := h.mustRecord(t, pass("1", "CL-220", "2025-02-01T10:00:00Z")).Awards[0].ID
	if _, err := h.Drain(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	w, err := h.Award(context.Background(), id)
	if err != nil || len(w.Mails) != 1 || w.Mails[0].Kind != "note" {
		t.Fatalf("while the note waits there are the mails %+v (%v), want the note alone", w.Mails, err)
	}
	box.refuse = nil
	deadline := time.Now().Add(20 * time.Second)
	for len(box.kinds()) < 2 && time.Now().Before(deadline) {
		if _, err := h.Drain(context.Background(), nil); err != nil {
			t.Fatal(err)
		}
		time.Sleep(50 * time.Millisecond)
	}
	wantKinds(t, box, "note", "award")
	if note := box.taken[0]; !strings.HasPrefix(note.Subject, "Well done: ") || !strings.Contains(note.Text, "Another mail with your badge follows.") {
		t.Errorf("the note is %q: %s", note.Subject, note.Text)
	}
	if !strings.Contains(box.taken[1].Text, base+"/claim/") {
		t.Error("the badge mail has no claim link")
	}
}

func TestBadgeMailDoesNotFollowANoteThatWasRefusedForGood(t *testing.T) {
	t.Parallel()
	h, box := mustMailHouse(t, withMail(ownNote))
	box.refuse = func(*mail.Message) error {
		return &mail.DeliveryError{Step: "recipient", Code: 550, Err: errors.New("550 no such user")}
	}
	id := h.mustRecord(t, pass("1", "CL-220", "2025-02-01T10:00:00Z")).Awards[0].ID
	h.mustDrain(t)
	w, err := h.Award(context.Background(), id)
	if err != nil || len(w.Mails) != 1 {
		t.Fatalf("%+v %v, want one mail", w.Mails, err)
	}
	if state, cause := issuer.StateOf(w.Mails[0]); state != issuer.MailBounced || !strings.Contains(cause, "550 no such user") {
		t.Errorf("the note is %s (%s), want bounced with the server's words", state, cause)
	}
	box.refuse = nil
	if err := h.Resend(context.Background(), "test", id); err != nil {
		t.Fatal(err)
	}
	h.mustDrain(t)
	wantKinds(t, box, "note", "award")
}

func TestProgrammeWithoutItsEssentialsInAMailIsNotLoaded(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, "", "2025-06-01T12:00:00Z")
	for name, text := range map[string]string{
		"no claim link": `{"badge": {"en": {"subject": "s", "text": ["{{.Issuer}} {{.Contact}} {{.OptOut}}"]}}}`,
		"no issuer":     `{"badge": {"en": {"subject": "s", "text": ["{{.ClaimLink}}", "{{.Contact}} {{.OptOut}}"]}}}`,
		"no contact":    `{"badge": {"en": {"subject": "s", "text": ["{{.ClaimLink}}", "{{.Issuer}} {{.OptOut}}"]}}}`,
		"no opt-out":    `{"reminder": {"zh-CN": {"subject": "s", "text": ["{{.ClaimLink}}", "{{.Issuer}} {{.Contact}}"]}}}`,
		"a bare note":   `{"note": {"en": {"subject": "s", "text": ["Well done."]}}}`,
	} {
		source := withMail(text)([]byte(`{"format": "catalogue/1", "programme": {"id": "p", "name": "P"}, "exams": [], "certifications": []}`))
		_, err := h.LoadProgramme(context.Background(), "test", h.slug, source)
		var refused *issuer.CatalogueError
		if !errors.As(err, &refused) || !strings.HasPrefix(refused.Findings[len(refused.Findings)-1].Row, "mail.") {
			t.Errorf("%s: %v, want a refusal that names the mail", name, err)
		}
	}
}

// TestRemindersKeepToTheSchedule of 7, 30 and 90 days, in the state that each
// ends them in.
func TestRemindersKeepToTheSchedule(t *testing.T) {
	t.Parallel()
	h, box := mustMailHouse(t, unchanged)
	h.mustRecord(t, pass("1", "CL-220", "2025-05-01T10:00:00Z"))
	h.mustDrain(t)
	for days := range 200 {
		h.mustPass(t, 1)
		want := []string{"award"}
		for _, at := range []int{7, 30, 90} {
			if days+1 >= at {
				want = append(want, "reminder")
			}
		}
		if got := box.kinds(); !slices.Equal(got, want) {
			t.Fatalf("after %d days: %v, want %v", days+1, got, want)
		}
	}
	links := map[string]bool{}
	for _, m := range box.taken {
		link := m.Text[strings.Index(m.Text, base+"/claim/"):]
		links[strings.Fields(link)[0]] = true
	}
	if len(links) != 4 {
		t.Errorf("%d claim links in 4 mails, want a fresh one in each", len(links))
	}
}

func TestRemindersOfAnotherSchedule(t *testing.T) {
	t.Parallel()
	h, box := mustMailHouse(t, unchanged)
	h.mustSettings(t, func(m *issuer.MailSettings) { m.RemindAfterDays = []int{1, 2} })
	h.mustRecord(t, pass("1", "CL-220", "2025-05-01T10:00:00Z"))
	h.mustDrain(t)
	for range 5 {
		h.mustPass(t, 1)
	}
	wantKinds(t, box, "award", "reminder", "reminder")
	h.mustSettings(t, func(m *issuer.MailSettings) { m.NoReminders = true })
	h.mustRecord(t, pass("2", "CL-210", "2025-05-02T10:00:00Z"))
	h.mustDrain(t)
	for range 5 {
		h.mustPass(t, 1)
	}
	wantKinds(t, box, "award", "reminder", "reminder", "award", "award")
}

func TestTimeWithoutAServerIsNotMadeUpFor(t *testing.T) {
	t.Parallel()
	h, box := mustMailHouse(t, unchanged)
	h.mustRecord(t, pass("1", "CL-220", "2025-05-01T10:00:00Z"))
	h.mustDrain(t)
	h.mustPass(t, 60) // the reminders of day 7 and 30 are overdue
	h.mustPass(t, 0)
	wantKinds(t, box, "award", "reminder")
	h.mustPass(t, 31)
	wantKinds(t, box, "award", "reminder", "reminder")
}

// TestRemindersStop for each reason to, also where one is queued already and not
// sent.
func TestRemindersStop(t *testing.T) {
	t.Parallel()
	for name, stop := range map[string]func(t *testing.T, h *house, box *letterbox, id string) error{
		"revoked": func(_ *testing.T, h *house, _ *letterbox, id string) error {
			return h.Revoke(context.Background(), "test", id, "A mistake.")
		},
		"suspended": func(_ *testing.T, h *house, _ *letterbox, id string) error {
			return h.Suspend(context.Background(), "test", id, "A review.")
		},
		"declined": func(t *testing.T, h *house, box *letterbox, _ string) error {
			return h.DeclineLink(context.Background(), claimToken(t, box))
		},
		"opted out": func(t *testing.T, h *house, box *letterbox, _ string) error {
			return h.StopMail(context.Background(), optOutToken(t, box))
		},
		"claimed": func(t *testing.T, h *house, box *letterbox, id string) error { return h.claimByMail(t, box, id) },
		"bounced": func(t *testing.T, h *house, box *letterbox, _ string) error {
			return h.bounceLast(t, box, issuer.BounceHard)
		},
		"complained": func(t *testing.T, h *house, box *letterbox, _ string) error {
			return h.bounceLast(t, box, issuer.Complaint)
		},
	} {
		for _, queued := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, queued %v", name, queued), func(t *testing.T) {
				t.Parallel()
				h, box := mustMailHouse(t, unchanged)
				id := h.mustRecord(t, pass("1", "CL-220", "2025-05-01T10:00:00Z")).Awards[0].ID
				h.mustDrain(t)
				if queued && name != "bounced" && name != "claimed" { // those need a mail to be sent first
					h.clock.at = h.clock.at.AddDate(0, 0, 7)
					if n, err := h.Remind(context.Background()); err != nil || n != 1 {
						t.Fatalf("%d reminders queued (%v), want 1", n, err)
					}
				}
				sent := len(box.kinds())
				if err := stop(t, h, box, id); err != nil {
					t.Fatal(err)
				}
				for range 20 {
					h.mustPass(t, 10)
				}
				if late := slices.Contains(box.kinds()[sent:], "reminder"); late {
					t.Errorf("mails after that: %v", box.kinds()[sent:])
				}
			})
		}
	}
}

func claimToken(tb testing.TB, box *letterbox) string {
	tb.Helper()
	_, rest, found := strings.Cut(box.last(tb).Text, base+"/claim/")
	if !found {
		tb.Fatal("the mail has no claim link")
	}
	return strings.Fields(rest)[0]
}

func optOutToken(tb testing.TB, box *letterbox) string {
	tb.Helper()
	_, rest, found := strings.Cut(box.last(tb).Text, base+"/u/")
	if !found {
		tb.Fatal("the mail has no opt-out link")
	}
	return strings.Fields(rest)[0]
}

// claimByMail claims a badge as its earner does: link, confirmation, link.
func (h *house) claimByMail(tb testing.TB, box *letterbox, id string) error {
	tb.Helper()
	ctx := context.Background()
	if _, err := h.StartClaim(ctx, claimToken(tb, box), "", issuer.Asked{Language: "en"}); err != nil {
		return err
	}
	if _, err := h.Drain(ctx, nil); err != nil {
		return err
	}
	_, rest, _ := strings.Cut(box.last(tb).Text, base+"/confirm/")
	done, err := h.Confirm(ctx, issuer.Proof{Token: strings.Fields(rest + " x")[0], Language: "en"})
	if err == nil && done.Award != id {
		err = fmt.Errorf("confirming claimed %q", done.Award)
	}
	return err
}

func (h *house) bounceLast(tb testing.TB, box *letterbox, kind string) error {
	tb.Helper()
	known, err := h.RecordBounce(context.Background(), "test", h.slug, issuer.Bounce{MessageID: "<" + box.last(tb).ID + ">", Kind: kind, Reason: "550 5.1.1 no such user"})
	if err == nil && !known {
		err = errors.New("the mail is not known")
	}
	return err
}

// TestTwoProcessesRemindOnce: any number of services look for the same
// reminders at once, and again after each.
func TestTwoProcessesRemindOnce(t *testing.T) {
	t.Parallel()
	h, box := mustMailHouse(t, unchanged)
	const earners = 12
	for i := range earners {
		r := pass(fmt.Sprint(i), "CL-220", "2025-05-01T10:00:00Z")
		r.Candidate.Number, r.Candidate.Email = fmt.Sprint("C-", i), fmt.Sprintf("earner%d@example.org", i)
		h.mustRecord(t, r)
	}
	h.mustDrain(t)
	h.clock.at = h.clock.at.AddDate(0, 0, 7)
	services := []*issuer.Service{h.Service, h.mustService(t, box), h.mustService(t, box)}
	var all sync.WaitGroup
	for _, s := range services {
		for range 3 {
			all.Go(func() {
				if _, err := s.Remind(context.Background()); err != nil {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
	for _, s := range services {
		all.Go(func() {
			if _, err := s.Drain(context.Background(), nil); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	perEarner := map[string]int{}
	for _, m := range box.taken {
		if strings.HasPrefix(m.Headers["Feedback-ID"], "reminder:") {
			perEarner[m.To]++
		}
	}
	for to, n := range perEarner {
		if n != 1 {
			t.Errorf("%s was reminded %d times", to, n)
		}
	}
	if len(perEarner) != earners {
		t.Errorf("%d of %d were reminded", len(perEarner), earners)
	}
}

// TestWorkRemindsByItself also where several processes work, and where one is
// started again within the same minute of the programme's clock.
func TestWorkRemindsByItself(t *testing.T) {
	t.Parallel()
	h, box := mustMailHouse(t, unchanged)
	h.mustRecord(t, pass("1", "CL-220", "2025-05-01T10:00:00Z"))
	h.mustDrain(t)
	h.clock.at = h.clock.at.AddDate(0, 0, 7)
	for range 2 {
		ctx, stop := context.WithCancel(context.Background())
		var working sync.WaitGroup
		for range 3 {
			s := h.mustService(t, box)
			working.Go(func() { _ = s.Work(ctx) }) // ends with ctx
		}
		for deadline := time.Now().Add(20 * time.Second); len(box.kinds()) < 2 && time.Now().Before(deadline); {
			time.Sleep(20 * time.Millisecond)
		}
		time.Sleep(300 * time.Millisecond) // in which a second one would come
		stop()
		working.Wait()
	}
	wantKinds(t, box, "award", "reminder")
}

func TestBouncesAreShownWithTheAward(t *testing.T) {
	t.Parallel()
	h, box := mustMailHouse(t, unchanged)
	h.mustSettings(t, func(m *issuer.MailSettings) { m.ReturnPath = "bounces+*@example.org" })
	ctx := context.Background()
	id := h.mustRecord(t, pass("1", "CL-220", "2025-05-01T10:00:00Z")).Awards[0].ID
	h.mustDrain(t)
	sent := box.last(t)
	outbox, _, _ := strings.Cut(sent.ID, "@")
	if want := "bounces+" + outbox + "@example.org"; sent.ReturnPath != want {
		t.Errorf("return path %q, want %q", sent.ReturnPath, want)
	}
	report := func(to, original string) string {
		return "To: " + to + "\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n" +
			"Reporting-MTA: dns; mx.example.net\n\nFinal-Recipient: rfc822; kim@example.org\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no such\x1b[31m user\n\n" +
			"--x\nContent-Type: text/rfc822-headers\n\n" + original + "\n\n--x--\n"
	}
	for name, text := range map[string]string{
		"of somebody else's mail": report("bounces@example.org", "Message-ID: <other@example.net>"),
		"without any id":          report("bounces@example.org", "Subject: x"),
		"with a made up id":       report("bounces+"+strings.Repeat("0", 32)+"@example.org", "Subject: x"),
	} {
		if _, err := h.TakeReturned(ctx, "test", strings.NewReader(text)); !errors.Is(err, issuer.ErrNoMail) {
			t.Errorf("a report %s: %v, want ErrNoMail", name, err)
		}
	}
	if _, err := h.TakeReturned(ctx, "test", strings.NewReader("Subject: Away\n\nI am away.\n")); !errors.Is(err, mail.ErrNotReturned) {
		t.Errorf("a holiday notice: %v, want ErrNotReturned", err)
	}
	for _, text := range []string{report(sent.ReturnPath, "Subject: x"), report("bounces@example.org", "Message-ID: <"+sent.ID+">")} {
		if done, err := h.TakeReturned(ctx, "test", strings.NewReader(text)); err != nil || !strings.Contains(done, "hard") {
			t.Errorf("%q %v, want that it was noted as hard", done, err)
		}
	}
	w, err := h.Award(ctx, id)
	if err != nil || len(w.Mails) != 1 {
		t.Fatalf("%+v %v", w.Mails, err)
	}
	if state, cause := issuer.StateOf(w.Mails[0]); state != issuer.MailBounced || cause != "5.1.1 550 no such[31m user" {
		t.Errorf("%s: %q, want bounced with the server's words on one line", state, cause)
	}
	told := false
	for _, f := range h.Examine(ctx, nil) {
		told = told || f.Subject == "bounces" && f.Level == issuer.Warning && strings.Contains(f.Message, id) && strings.Contains(f.Message, "550 no such")
	}
	if !told {
		t.Error("an examination does not tell of the bounce")
	}
	other, err := h.CreateIssuer(ctx, "test", issuer.NewIssuer{Name: "Another Institute"})
	if err != nil {
		t.Fatal(err)
	}
	known, err := h.RecordBounce(ctx, "test", other.Slug, issuer.Bounce{MessageID: sent.ID, Kind: issuer.BounceHard})
	if err != nil || known {
		t.Errorf("another issuer knows the mail: %v %v", known, err)
	}
	var invalid *issuer.InvalidError
	for _, b := range []issuer.Bounce{{Kind: issuer.BounceHard}, {MessageID: sent.ID}, {MessageID: sent.ID, Kind: "odd"}} {
		if _, err := h.RecordBounce(ctx, "test", "", b); !errors.As(err, &invalid) {
			t.Errorf("%+v: %v, want an InvalidError", b, err)
		}
	}
}

func TestSenderOfAnIssuer(t *testing.T) {
	t.Parallel()
	h, box := mustMailHouse(t, unchanged)
	ctx := context.Background()
	h.mustSettings(t, func(m *issuer.MailSettings) {
		*m = issuer.MailSettings{FromName: "Sample Badges", From: "badges@mail.example.org", ReplyTo: "desk@example.org", ReturnPath: "bounces@mail.example.org"}
	})
	if _, err := h.NewDomainKey(ctx, "test", h.slug, "badges2026"); err != nil {
		t.Fatal(err)
	}
	h.mustRecord(t, pass("1", "CL-220", "2025-05-01T10:00:00Z"))
	h.mustDrain(t)
	m := box.last(t)
	if m.FromName != "Sample Badges" || m.From != "badges@mail.example.org" || m.ReplyTo != "desk@example.org" || m.ReturnPath != "bounces@mail.example.org" {
		t.Errorf("from %s <%s>, answers to %s, bounces to %s", m.FromName, m.From, m.ReplyTo, m.ReturnPath)
	}
	body, err := m.Bytes()
	if err != nil || !bytes.HasPrefix(body, []byte("DKIM-Signature:")) || !bytes.Contains(body, []byte("s=badges2026;")) {
		t.Errorf("the mail is not signed by the issuer's key (%v):\n%.200s", err, body)
	}
	if err := h.RemoveDomainKey(ctx, "test", h.slug); err != nil {
		t.Fatal(err)
	}
	h.mustRecord(t, pass("2", "CL-210", "2025-05-02T10:00:00Z"))
	h.mustDrain(t)
	if box.last(t).Signature != nil {
		t.Error("mails are signed by a key that was taken away")
	}
	var invalid *issuer.InvalidError
	for name, change := range map[string]func(*issuer.MailSettings){
		"a name on two lines":      func(m *issuer.MailSettings) { m.FromName = "a\r\nBcc: b@example.org" },
		"no address":               func(m *issuer.MailSettings) { m.From = "badges" },
		"two addresses":            func(m *issuer.MailSettings) { m.ReplyTo = "a@example.org, b@example.org" },
		"a star in the domain":     func(m *issuer.MailSettings) { m.ReturnPath = "bounces@*.example.org" },
		"days that fall":           func(m *issuer.MailSettings) { m.RemindAfterDays = []int{30, 7} },
		"a day twice":              func(m *issuer.MailSettings) { m.RemindAfterDays = []int{7, 7} },
		"a reminder on day naught": func(m *issuer.MailSettings) { m.RemindAfterDays = []int{0} },
	} {
		err := h.ChangeSettings(ctx, "test", h.slug, func(s *issuer.Settings) { change(&s.Mail) })
		if !errors.As(err, &invalid) {
			t.Errorf("%s: %v, want an InvalidError", name, err)
		}
	}
	if _, err := h.NewDomainKey(ctx, "test", h.slug, "a b"); !errors.As(err, &invalid) {
		t.Errorf("a selector that is none: %v", err)
	}
}
