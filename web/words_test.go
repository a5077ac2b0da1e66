package web

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer/catalogue"
	"github.com/accolade-badges/accolade/verifier"
)

// mustLanguages reads the words of all languages: English, then Chinese.
func mustLanguages(t *testing.T) (english, chinese *locale) {
	t.Helper()
	all, err := newLanguages()
	if err != nil {
		t.Fatal(err)
	}
	return all.list[0], all.list[1]
}

func TestVerdictsAndChecksHaveNames(t *testing.T) {
	t.Parallel()
	english, chinese := mustLanguages(t)
	for _, l := range []*locale{english, chinese} {
		for prefix, names := range map[string][]string{
			"verify.verdict.": {"invalid", "revoked", "suspended", "not_yet_valid", "expired", "undetermined", "valid"},
			"verify.outcome.": {"passed", "failed", "unchecked", "not_applicable"},
			"verify.binding.": {"confirmed", "unconfirmed", "contradicted"},
			"verify.check.":   {"intake", "structure", "proof", "issuer", "hosted", "refresh", "supersession", "dates", "status", "recipient", "endorsements", "contents", "trust"},
			"status.":         {"current", "expired", "suspended", "revoked"},
		} {
			for _, name := range names {
				if !l.known(prefix + name) {
					t.Errorf("%s has no text %s%s", l.Tag, prefix, name)
				}
			}
		}
	}
	if got := english.named("verify.check.", "some_new_check"); got != "Some new check" {
		t.Errorf("a check without a name is called %q", got)
	}
}

func TestSentenceInEnglishIsTheVerifiers(t *testing.T) {
	t.Parallel()
	english, _ := mustLanguages(t)
	for summary, want := range map[string]string{
		"Valid: “A: B” is genuine.": "“A: B” is genuine.", "Invalid: the signature is broken.": "The signature is broken.",
		"A badge. Note: this": "A badge. Note: this", "": "", "Undetermined: https://example.org cannot be reached.": "https://example.org cannot be reached.",
	} {
		if got := english.sentence(&verifier.Report{Summary: summary}); got != want {
			t.Errorf("sentence of %q is %q, want %q", summary, got, want)
		}
	}
}

func TestSentenceInChinese(t *testing.T) {
	t.Parallel()
	_, chinese := mustLanguages(t)
	day := time.Date(2027, 2, 9, 0, 0, 0, 0, time.UTC)
	kim := &verifier.Recipient{Name: "金示例"}
	institute := &verifier.Issuer{ID: "https://badges.example.org/issuers/x", Name: "示例机构"}
	cloud := &verifier.Achievement{Name: "云管理员"}
	for _, c := range []struct {
		report verifier.Report
		want   string
	}{
		{verifier.Report{Verdict: verifier.Valid, Achievement: cloud, Issuer: institute, Recipient: kim, ValidUntil: day}, "“云管理员”，由示例机构（badges.example.org）颁发，授予金示例，真实有效，有效期至2027年2月9日。"},
		{verifier.Report{Verdict: verifier.Valid, Issuer: &verifier.Issuer{ID: "did:web:example.org%3A8443:x"}}, "此徽章，由 example.org:8443 颁发，真实有效。"},
		{verifier.Report{Verdict: verifier.Valid, Kind: "clr", Name: "x", Recipient: &verifier.Recipient{Email: "kim@example.org"}}, "此学习记录，授予kim@example.org，真实有效。"},
		{verifier.Report{Verdict: verifier.Expired, Name: "云管理员", ValidUntil: day}, "“云管理员”，已于2027年2月9日到期。"},
		{verifier.Report{Verdict: verifier.NotYetValid, ValidFrom: day}, "此徽章，自2027年2月9日起生效。"},
		{verifier.Report{Verdict: verifier.Revoked}, "颁发机构已撤销此徽章。"},
		{verifier.Report{
			Verdict: verifier.Invalid, Summary: "Invalid: the signature does not hold: it is of something else.",
			Checks: []verifier.Check{
				{ID: "structure", Outcome: verifier.Passed, Code: "well_formed", Message: "Fine."},
				{ID: "proof", Outcome: verifier.Failed, Code: "bad_signature", Message: "The signature does not hold: it is of something else. Really."},
			},
		}, "签名无效：内容可能被改动过，或者并非由该密钥签发。"},
		{verifier.Report{
			Verdict: verifier.Invalid, Summary: "Invalid: something new.", Checks: []verifier.Check{{ID: "proof", Outcome: verifier.Failed, Code: "something_new", Message: "Something new."}},
		}, "Something new."},
	} {
		if got := chinese.sentence(&c.report); got != c.want {
			t.Errorf("the sentence is %q, want %q", got, c.want)
		}
	}
}

func TestEveryCodeOfTheVerifierHasAChineseText(t *testing.T) {
	t.Parallel()
	_, chinese := mustLanguages(t)
	for file, checks := range map[string][]string{
		"../verifier/codes.go":          {"any"},
		"../openbadges/proof/errors.go": {"proof"},
		"../verifier/fetch/errors.go":   {"intake"},
	} {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		codes := regexp.MustCompile(`(?m)^\t\w+\s+(?:Code )?= "([a-z_]+)"`).FindAllStringSubmatch(string(source), -1)
		if len(codes) < 10 {
			t.Fatalf("%s: found %d codes", file, len(codes))
		}
		for _, code := range codes {
			for _, check := range checks {
				if chinese.codeKey(verifier.Check{ID: check, Code: code[1]}) == "" {
					t.Errorf("the code %s of %s has no Chinese text", code[1], file)
				}
			}
		}
	}
	for code, want := range map[string]string{"exp_missing": "令牌缺少必需的内容。", "iss_mismatch": "令牌的内容与徽章不一致。", "wholly_new": "In English."} {
		if got := chinese.message(verifier.Check{ID: "proof", Code: code, Message: "In English."}); got != want {
			t.Errorf("the code %s says %q, want %q", code, got, want)
		}
	}
}

// TestSummaryOfWhatHasNoDates: a presentation has none of its own, and ends with
// what is inside.
func TestSummaryOfWhatHasNoDates(t *testing.T) {
	t.Parallel()
	_, chinese := mustLanguages(t)
	inside := verifier.Check{ID: verifier.CheckContents, Outcome: verifier.Failed, Code: verifier.CodeContentsBad, Message: "1 of 1 badges inside have expired."}
	for _, verdict := range []verifier.Verdict{verifier.Expired, verifier.NotYetValid} {
		got := chinese.summary(&verifier.Report{Verdict: verdict, Checks: []verifier.Check{inside}})
		if want := chinese.message(inside); got != want {
			t.Errorf("%s: %q, want %q", verdict, got, want)
		}
	}
}

func TestParticularsStayInEnglish(t *testing.T) {
	t.Parallel()
	english, chinese := mustLanguages(t)
	lost := verifier.Check{ID: "status", Outcome: verifier.Unchecked, Code: "status_unreachable", Message: "Not known: https://example.org/list: no answer."}
	if got := chinese.particulars(lost); got != lost.Message {
		t.Errorf("which list was out of reach is not said: %q", got)
	}
	if got := english.particulars(lost); got != "" {
		t.Errorf("English says twice: %q", got)
	}
	for _, c := range []verifier.Check{
		{ID: "status", Outcome: verifier.Passed, Code: "not_revoked", Message: "Not revoked."},
		{ID: "dates", Outcome: verifier.Failed, Code: "expired", Message: "Ended."},
		{ID: "proof", Outcome: verifier.Failed, Code: "wholly_new", Message: "New."},
	} {
		if got := chinese.particulars(c); got != "" {
			t.Errorf("%s: particulars %q beside a text that says it all", c.Code, got)
		}
	}
}

func TestWordsOfAProgramme(t *testing.T) {
	t.Parallel()
	english, chinese := mustLanguages(t)
	facts := catalogue.AchievementFacts{
		Kind: catalogue.KindCertification, Title: "Cloud", Titles: map[string]string{"zh-CN": "云"}, Description: "Words", Descriptions: map[string]string{"fr": "Mots"},
		Months: 12, Validity: "valid for 12 months from the day earned",
	}
	for got, want := range map[string]string{
		english.title(facts): "Cloud", chinese.title(facts): "云", chinese.description(facts): "Words",
		english.validity(facts): "Valid for 12 months from the day earned", chinese.validity(facts): "自获得之日起 12 个月内有效",
		chinese.validity(catalogue.AchievementFacts{Validity: "does not expire"}): "长期有效",
		english.named("badge.level.", "expert"):                                   "Expert", chinese.named("badge.level.", "expert"): "专家级", chinese.named("badge.level.", "grand_master"): "Grand master",
		chinese.Date(time.Date(2026, 3, 1, 23, 0, 0, 0, time.UTC)): "2026年3月1日",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := chinese.validity(catalogue.AchievementFacts{}); strings.TrimSpace(got) != "" {
		t.Errorf("an unknown validity says %q", got)
	}
}
