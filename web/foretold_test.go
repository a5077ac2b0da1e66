package web_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// Pages before a button say what it will do, also where the account is not as
// accounts are at first.

func TestClaimingSaysWhoWillSeeTheBadge(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	first, v := h.mustMine(t, "cloud-foundations", passed("1", "CL-100", 20, kim))
	w, err := h.Award(t.Context(), first)
	if err != nil {
		t.Fatal(err)
	}
	id, link := h.mustLetter(t, "cloud-developer", passed("2", "CL-220", 10, kim))
	mustDefault := func(visibility string) {
		t.Helper()
		if err := h.ChangeAccount(t.Context(), w.Account, issuer.AccountSettings{DefaultVisibility: visibility}); err != nil {
			t.Fatal(err)
		}
	}
	for visibility, says := range map[string]string{
		ledger.Private: "Nobody else can see it", ledger.Unlisted: "show new badges to who gets a link", ledger.Public: "make new badges public",
	} {
		mustDefault(visibility)
		for _, path := range []string{"/me/badges/" + id, link, "/me"} {
			v.open(t, path)
			if path != "/me" || visibility != ledger.Private {
				v.sees(t, says)
			}
		}
	}
	mustDefault(ledger.Public)
	if err := h.SetVisibility(t.Context(), "test", id, ledger.Public); err != nil {
		t.Fatal(err)
	}
	v.open(t, link)
	v.sees(t, "Its issuer has made it public")
	early := h.mustVisitor(t)
	early.open(t, link)
	early.press(t, "Claim this badge")
	early.sees(t, "Its issuer has made it public")
	early.open(t, h.newest(t, kim.Email).link(t, confirmLink))
	early.sees(t, "Its issuer has made it public")
	if err := h.SetVisibility(t.Context(), "test", id, ledger.Private); err != nil {
		t.Fatal(err)
	}
	// Who is not signed in reads it where the mail is proved to be theirs.
	other := h.mustVisitor(t)
	other.open(t, link)
	other.sees(t, "Nobody else can see it until you say otherwise, here or in the settings", "This link works until 15 March 2026")
	other.press(t, "Claim this badge")
	other.sees(t, "It works until 2 March 2026", "on this device or another one", "where the settings of your account say so for new badges")
	if strings.Contains(other.text(), "make new badges public") {
		t.Error("before the mailbox is proved, the page tells how an account is set")
	}
	other.open(t, h.newest(t, kim.Email).link(t, confirmLink))
	other.sees(t, "make new badges public: everybody can see it when you go on")
	other.press(t, "Confirm and claim")
	confirm := h.newest(t, kim.Email).link(t, confirmLink)
	if other.open(t, confirm); other.at != "/me/badges/"+id { // again, from the mail
		t.Errorf("the link that has done its work leads to %s", other.at)
	}
	stranger := h.mustSignIn(t, noor.Email)
	if stranger.send(t, "GET", confirm, nil); stranger.status != http.StatusNotFound {
		t.Errorf("it leads a stranger to %s: %d", stranger.at, stranger.status)
	}
	if w, err := h.Award(t.Context(), id); err != nil || w.Visibility != ledger.Public {
		t.Errorf("it is %s (%v), want public as the page said", w.Visibility, err)
	}
}

func TestProvingAnotherAccountSaysSo(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	h.mustSignIn(t, noor.Email)
	v := h.mustSignIn(t, kim.Email)
	v.open(t, "/me/merge")
	v.press(t, "Mail me a link", "email", noor.Email)
	v.sees(t, "open its link in this browser")
	v.open(t, h.newest(t, noor.Email).link(t, confirmLink))
	v.sees(t, "Is this account yours, too?", "Nothing is joined yet")
	v.press(t, "Yes, both are mine")
	v.sees(t, noor.Email)
}

func TestBadgeOfAnotherAccountSaysWhereOneIs(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id, _ := h.mustMine(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	v := h.mustSignIn(t, noor.Email)
	v.send(t, "GET", "/me/badges/"+id, nil)
	v.sees(t, "not in your account", "You are signed in as "+noor.Email)
	if v.status != http.StatusNotFound {
		t.Errorf("it answers %d", v.status)
	}
}
