package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/issuer/ledger"
)

func TestWhatWasRefusedIsToldInAnotherLanguageToo(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	v := h.mustSignIn(t, kim.Email)
	v.upload(t, []byte("no picture"))
	v.sees(t, "This file is no picture that can be used.")
	v.press(t, "简体中文")
	if v.status != http.StatusOK {
		t.Errorf("the page of a refused picture in another language: %d at %s", v.status, v.at)
	}
	v.sees(t, "无法使用此文件")
	v.press(t, "English")
	v.sees(t, "This file is no picture that can be used.")
	v.open(t, "/me/account")
	if strings.Contains(v.page, "no picture that can be used") {
		t.Error("the page says for ever that a picture was refused")
	}
}

func TestRefusedFormsLeadBackToTheirPage(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id, v := h.mustMine(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	for path, c := range map[string]struct {
		form url.Values
		back string
	}{
		"/me/badges/" + id + "/shares":     {url.Values{"until": {"2001-01-01"}, "click": {"a"}}, "/me/badges/" + id},
		"/me/badges/" + id + "/visibility": {url.Values{"visibility": {"nobody"}}, "/me/badges/" + id},
		"/me/collections":                  {url.Values{"title": {""}, "click": {"b"}}, "/me"},
		"/me/profile/public":               {url.Values{"public": {"1"}}, "/me/profile"},
	} {
		v.send(t, "POST", path, c.form)
		if v.status != http.StatusUnprocessableEntity || !strings.Contains(v.page, `<a href="`+c.back+`">Go back and try again</a>`) {
			t.Errorf("%s: %d, and no way back to %s", path, v.status, c.back)
		}
		v.press(t, "简体中文")
		if v.status != http.StatusOK || v.at != c.back {
			t.Errorf("%s: its answer in another language is %d at %s, want the page %s", path, v.status, v.at, c.back)
		}
		v.press(t, "English")
	}
	v.send(t, "POST", "/me/badges/none/visibility", url.Values{"visibility": {"public"}})
	if v.status != http.StatusNotFound || strings.Contains(v.page, "Go back") || strings.Contains(v.page, `name="to"`) {
		t.Errorf("a badge that is not there: %d, and its page differs from that of others", v.status)
	}
}

func TestLanguageOfTheSettingsHoldsAfterAnotherWasPicked(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	v := h.mustSignIn(t, kim.Email)
	v.open(t, "/me/account")
	v.press(t, "简体中文")
	v.sees(t, "语言与时间")
	settings := url.Values{"language": {"en"}, "visibility": {"private"}, "accept": {"ask"}}
	v.send(t, "POST", "/me/account", settings)
	v.sees(t, "Language and time")
	settings.Set("language", "zh-CN")
	v.send(t, "POST", "/me/account", settings)
	v.sees(t, "语言与时间")
}

func TestOwnersPageSaysWhoSeesABadgeAndWhatToDo(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	id, v := h.mustMine(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	path := "/me/badges/" + id
	h.mustShow(t, id, ledger.Unlisted)
	v.open(t, path)
	v.sees(t, "Those who have a link from you can see this badge.")
	if strings.Contains(v.text(), "Only you can see this badge") || strings.Contains(v.text(), "for only you") {
		t.Error("the page says that nobody else sees a badge that people with a link see")
	}
	if err := h.Suspend(t.Context(), "test", id, "The sitting is being looked into"); err != nil {
		t.Fatal(err)
	}
	v.open(t, path)
	v.sees(t, "out of force for now", "It can come back.")
	if err := h.Revoke(t.Context(), "test", id, "The result was voided"); err != nil {
		t.Fatal(err)
	}
	v.open(t, path)
	v.sees(t, "withdrawn it for good", "If you think that is a mistake, write to")
	if strings.Contains(v.text(), "at the moment") {
		t.Error("the page says of a revoked badge that it is out of force for the moment")
	}
}

func TestAccountWithoutBadgesIsDeletedWithoutTalkOfBadges(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, nil)
	v := h.mustSignIn(t, kim.Email)
	v.open(t, "/me/delete")
	v.sees(t, "This deletes your account, which holds no badge.")
	if strings.Contains(v.text(), "0 badges") || strings.Contains(v.text(), "Make them private") {
		t.Errorf("it speaks of badges that are not there: %s", v.text())
	}
	v.open(t, "/me/profile")
	if strings.Contains(v.text(), "0 badges") {
		t.Errorf("the page counts badges that are not there: %s", v.text())
	}
	waiting := h.mustAward(t, "cloud-developer", passed("1", "CL-220", 20, kim))
	v.open(t, "/me/delete")
	v.press(t, "Delete my account for ever", "address", kim.Email)
	again := h.mustSignIn(t, kim.Email)
	again.open(t, "/me/badges/"+waiting)
	again.press(t, "Accept this badge")
	h.mustOwner(t, waiting, kim.Email)
}
