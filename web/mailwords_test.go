package web_test

import (
	"context"
	"html"
	"os"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

// TestBadgeHasOneNameOnTheWayIn follows somebody who reads Chinese from mail to
// mail: each names the badge as the pages do, under the same picture.
func TestBadgeHasOneNameOnTheWayIn(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	const name = "示例认证：数据工程师（助理级）"
	_, link := h.mustLetter(t, "data-engineer", passed("1", "DL-210", 30, li))
	v := h.mustVisitor(t)
	v.lang = "zh-CN"
	v.open(t, "/find")
	v.press(t, "寄给我", "email", li.Email)
	v.open(t, link)
	v.sees(t, name)
	v.press(t, "领取这枚徽章")
	v.sees(t, name)
	mails := h.drain(t, li.Email)
	v.open(t, mails[2].link(t, confirmLink))
	v.sees(t, name)
	if !strings.Contains(html.UnescapeString(v.page), "size=240&lang=zh-CN") {
		t.Error("the page that confirms shows the picture in another language")
	}
	for i, m := range mails {
		body, err := os.ReadFile(m.name)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(m.text, name) {
			t.Errorf("the mail %q does not call the badge %s:\n%s", m.subject, name, m.text)
		}
		if i != 1 && !strings.Contains(strings.ReplaceAll(string(body), "=\r\n", ""), "lang=3Dzh-CN") { // the list of what waits has no pictures
			t.Errorf("the mail %q shows the picture in another language", m.subject)
		}
	}
}

// TestNoStrangersWordsInMailsToOthers has somebody with a made-up name ask for a
// mail to an address that is not theirs.
func TestNoStrangersWordsInMailsToOthers(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	_, link := h.mustLetter(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	v := h.mustSignIn(t, "private@example.com")
	err := h.ledger.Update(t.Context(), func(tx *ledger.Tx) error { return renameAccount(t.Context(), tx, "private@example.com") })
	if err != nil {
		t.Fatal(err)
	}
	v.open(t, link)
	v.press(t, "Yes, mail me a code")
	v.open(t, "/me/addresses")
	v.press(t, "Mail me a link", "email", "other@example.org")
	v.open(t, "/me/merge")
	v.press(t, "Mail me a link", "email", "third@example.org")
	for _, to := range []string{kim.Email, "other@example.org", "third@example.org"} {
		if got := h.newest(t, to); strings.Contains(got.text, "lottery") || strings.Contains(got.to, "lottery") {
			t.Errorf("a stranger writes to %s by way of us:\n%s\n%s", to, got.to, got.text)
		}
	}
}

// renameAccount calls the account of an address what a swindler would.
func renameAccount(ctx context.Context, tx *ledger.Tx, address string) error {
	a, err := tx.AccountByAddress(ctx, address)
	if err != nil {
		return err
	}
	a.Name = "You won the lottery"
	return tx.ChangeAccount(ctx, a)
}
