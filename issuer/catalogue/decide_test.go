package catalogue

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// passes reads "AZ-304 2021-04-01, AZ-303 2021-05-04"; the ids are r1, r2, ….
func passes(s string) []Pass {
	var list []Pass
	for _, item := range strings.Split(s, ", ") {
		if exam, when, ok := strings.Cut(item, " "); ok {
			list = append(list, Pass{fmt.Sprintf("r%d", len(list)+1), exam, at(when)})
		}
	}
	return list
}

// held reads "azure-administrator 2021-02-01 2023-02-01 [revoked|suspended]";
// "-" for the expiry means never, a day after "revoked" that it was by hand then.
func held(s string) []Held {
	var list []Held
	for _, item := range strings.Split(s, ", ") {
		f := strings.Fields(item)
		if len(f) < 3 {
			continue
		}
		h := Held{Certification: f[0], AwardedAt: at(f[1])}
		if f[2] != "-" {
			h.ExpiresAt = at(f[2])
		}
		h.Revoked, h.Suspended = slices.Contains(f, "revoked"), slices.Contains(f, "suspended")
		if h.Revoked && len(f) == 5 {
			h.ByHand, h.RevokedAt = true, at(f[4])
		}
		list = append(list, h)
	}
	return list
}

// summary writes decisions as "id attained/expires [results]", "id held", or
// "id no".
func summary(decisions []Decision) []string {
	var list []string
	for _, d := range decisions {
		s := d.Certification
		switch {
		case d.Attained:
			s += " " + day(d.AttainedAt) + "/" + dateWords(d.ExpiresAt) + " " + strings.Join(d.Results, "+")
		case d.HeldAlready:
			s += " held"
		default:
			s += " no"
		}
		list = append(list, strings.TrimSpace(s))
	}
	return list
}

type decideTest struct {
	name, passes, held, only string
	want                     []string
	reason                   string // part of a reason, "" for any
}

func runDecide(t *testing.T, c *Catalogue, tests []decideTest) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var only []string
			if test.only != "" {
				only = strings.Fields(test.only)
			}
			decisions := c.Decide(passes(test.passes), held(test.held), only, at("2026-11-01"))
			if diff := cmp.Diff(test.want, summary(decisions)); diff != "" {
				t.Errorf("Decide: -want +got\n%s", diff)
			}
			var reasons []string
			for _, d := range decisions {
				if len(d.Reasons) == 0 {
					t.Errorf("no reason for %s", d.Certification)
				}
				reasons = append(reasons, d.Reasons...)
			}
			if !strings.Contains(strings.Join(reasons, "\n"), test.reason) {
				t.Errorf("no reason says %q in %q", test.reason, reasons)
			}
		})
	}
}

func TestDecideOnTheMicrosoftCatalogue(t *testing.T) {
	const architect = "azure-solutions-architect"
	runDecide(t, mustParse(t, mustRead(t, "microsoft.json")), []decideTest{
		{"S-04, one of two exams", "AZ-304 2021-04-01", "", "", []string{architect + " no"}, "needs exam AZ-303"},
		{
			"S-04, both exams, dated with the later", "AZ-304 2021-04-01, AZ-303 2021-05-04", "", "",
			[]string{architect + " 2021-05-04/2023-05-04 r1+r2"},
			"requirement of 2020-07-20",
		},
		{
			"S-65, the last day of the longer term", "AZ-304 2021-04-01, AZ-303 2021-06-29", "", "",
			[]string{architect + " 2021-06-29/2023-06-29 r1+r2"},
			"24 months",
		},
		{
			"S-65, the last second of the longer term", "AZ-900 2021-06-01, AZ-304 2021-04-01, AZ-303 2021-06-29T23:59:59Z", "", architect,
			[]string{architect + " 2021-06-29 23:59 UTC/2023-06-29 23:59 UTC r2+r3"},
			"24 months",
		},
		{
			"S-65, the first day of the shorter term", "AZ-304 2021-04-01, AZ-303 2021-06-30", "", "",
			[]string{architect + " 2021-06-30/2022-06-30 r1+r2"},
			"12 months",
		},
		{"S-67, fundamentals never expire", "AZ-900 2021-07-01", "", "", []string{"azure-fundamentals 2021-07-01/ r1"}, "does not expire"},
		{
			"S-09, the exam without the prerequisite", "AZ-305 2023-05-01", "", "",
			[]string{architect + " no"},
			"needs the certification azure-administrator, active on 2023-05-01; it is not held",
		},
		{
			"S-09, the prerequisite is held", "AZ-305 2023-05-01", "azure-administrator 2022-06-01 2023-06-01", "",
			[]string{architect + " 2023-05-01/2024-05-01 r1"},
			"",
		},
		{
			"S-09, the prerequisite lapsed", "AZ-305 2023-05-01", "azure-administrator 2021-02-01 2023-02-01", "",
			[]string{architect + " no"},
			"needs the certification azure-administrator, active on 2023-05-01; it expired on 2023-02-01",
		},
		{"S-09, it lapsed at that instant", "AZ-305 2023-05-01", "azure-administrator 2022-05-01 2023-05-01", "", []string{architect + " no"}, "it expired on 2023-05-01"},
		{"S-09, it is revoked", "AZ-305 2023-05-01", "azure-administrator 2022-06-01 2023-06-01 revoked", "", []string{architect + " no"}, "it is revoked"},
		{"S-09, it is suspended", "AZ-305 2023-05-01", "azure-administrator 2022-06-01 2023-06-01 suspended", "", []string{architect + " no"}, "it is suspended"},
		{
			"S-09, the prerequisite comes in the same call", "AZ-104 2022-06-01, AZ-305 2023-05-01", "", "azure-administrator " + architect,
			[]string{"azure-administrator 2022-06-01/2023-06-01 r1", architect + " 2023-05-01/2024-05-01 r2"},
			"azure-administrator, active from 2022-06-01",
		},
		{
			"S-09, the prerequisite comes after the exam", "AZ-305 2023-05-01, AZ-104 2023-06-10", "", architect,
			[]string{architect + " 2023-06-10/2024-06-10 r1"},
			"",
		},
		{"a replaced requirement still counts for a year", "AZ-304 2022-03-01, AZ-303 2023-04-05", "", "", []string{architect + " 2023-04-05/2024-04-05 r1+r2"}, ""},
		{"and not for longer", "AZ-304 2022-03-01, AZ-303 2023-04-06", "", "", []string{architect + " no"}, "AZ-303 counted towards it until 2023-04-06"},
		{
			"a retired exam counts for a year after its day", "DP-200 2021-08-01, DP-201 2022-08-31", "", "",
			[]string{"azure-data-engineer 2022-08-31/2023-08-31 r1+r2"},
			"",
		},
		{"and not for longer", "DP-200 2021-08-01, DP-201 2022-09-01", "", "", []string{"azure-data-engineer no"}, "counted towards it until 2022-09-01"},
		{"before the first requirement was seen", "AZ-104 2020-05-26", "", "azure-administrator", []string{"azure-administrator no"}, ""},
		{"two exams into one, the old way", "MD-100 2023-06-01, MD-101 2023-07-01", "", "modern-desktop", []string{"modern-desktop 2023-07-01/2024-07-01 r1+r2"}, ""},
		{"two exams into one, the new way", "MD-102 2023-06-01", "", "modern-desktop", []string{"modern-desktop 2023-06-01/2024-06-01 r1"}, ""},
		{
			"two exams into one, under the new page", "MD-102 2023-11-01", "", "modern-desktop m365-endpoint-administrator",
			[]string{"m365-endpoint-administrator 2023-11-01/2024-11-01 r1", "modern-desktop no"},
			"since 2023-10-08 it goes on as m365-endpoint-administrator",
		},
		{
			"the earlier page of the line counts as the prerequisite", "MS-102 2024-01-10", "modern-desktop 2023-07-01 2024-07-01", "m365-enterprise-administrator m365-administrator-expert",
			[]string{"m365-administrator-expert 2024-01-10/2025-01-10 r1", "m365-enterprise-administrator no"},
			"",
		},
		{
			"hidden legacy versions are not awarded", "MB-200 2020-12-01, MB-230 2021-12-01", "", "d365-functional-consultant-customer-service-legacy",
			[]string{"d365-functional-consultant-customer-service-legacy no"},
			"hidden legacy version",
		},
		{
			"a retired certification is not attained any more", "70-740 2020-12-01, 70-741 2021-01-15, 70-742 2021-02-01", "", "mcsa-windows-server-2016-certification",
			[]string{"mcsa-windows-server-2016-certification no"},
			"it retired on 2021-01-31",
		},
		{
			"n of m", "MO-100 2021-01-10, MO-300 2021-02-10", "", "microsoft-office-specialist-associate-2019",
			[]string{"microsoft-office-specialist-associate-2019 no"},
			"needs 3 of 4, has 2",
		},
		{
			"n of m, met", "MO-100 2021-01-10, MO-300 2021-02-10, MO-400 2021-03-10", "", "microsoft-office-specialist-associate-2019",
			[]string{"microsoft-office-specialist-associate-2019 2021-03-10/ r1+r2+r3"},
			"",
		},
		{
			"alternative tracks", "77-425 2021-01-01, 77-426 2021-01-02, 77-427 2021-01-03, 77-428 2021-01-04", "", "microsoft-office-specialist-master-certification-2013",
			[]string{"microsoft-office-specialist-master-certification-2013 2021-01-04/ r1+r2+r3+r4"},
			"",
		},
		{"one of two prerequisites", "AZ-400 2023-01-10, AZ-204 2023-02-01", "", "devops-engineer", []string{"devops-engineer 2023-02-01/2024-02-01 r1"}, "azure-developer"},
		{"unknown validity has no expiry", "GH-100 2026-09-01", "", "exam-gh-100", []string{"exam-gh-100 2026-09-01/ r1"}, "no source tells its validity"},
		{"a pass in the future", "AZ-900 2030-01-01", "", "", []string{"azure-fundamentals no"}, "in the future"},
		{"an exam without a certification", "77-419 2021-01-01", "", "azure-fundamentals", []string{"azure-fundamentals no"}, "needs exam AZ-900"},
		{"an unknown certification", "", "", "nothing", []string{"nothing no"}, "no certification nothing"},
		{"an unknown exam touches nothing", "XX-1 2021-01-01", "", "", nil, ""},
		{
			"S-80, the lapse of the prerequisite ends nothing", "AZ-305 2023-05-01", "azure-administrator 2022-06-01 2023-06-01, " + architect + " 2023-05-01 2027-05-01", "",
			[]string{architect + " held"},
			"until 2027-05-01",
		},
	})
}

func TestDecideOnTheOtherCatalogues(t *testing.T) {
	runDecide(t, mustParse(t, mustRead(t, "second.json")), []decideTest{
		{"the longer term of the first policy", "CKAD 2024-03-31T23:59:59Z", "", "ckad", []string{"ckad 2024-03-31 23:59 UTC/2027-03-31 23:59 UTC r1"}, "36 months"},
		{"the shorter term from the instant on", "CKAD 2024-04-01", "", "ckad", []string{"ckad 2024-04-01/2026-04-01 r1"}, "24 months"},
		{"active when the exam was taken", "CKA 2023-06-01, CKS 2023-07-04", "", "cks", []string{"cks 2023-07-04/2025-07-04 r2"}, ""},
		{"not yet active when the exam was taken", "CKS 2023-05-04, CKA 2023-06-01", "", "cks", []string{"cks no"}, "the pass of exam CKS does not count"},
		{"taken again once it was active", "CKS 2023-05-04, CKA 2023-06-01, CKS 2023-06-02", "", "cks", []string{"cks 2023-06-02/2025-06-02 r3"}, ""},
		{"lapsed when the exam was taken", "CKS 2026-06-01", "cka 2023-06-01 2026-06-01", "cks", []string{"cks no"}, "it expired on 2026-06-01"},
		{"a title needs all at once", "CKA 2023-06-01, CKS 2023-07-04, CKAD 2023-08-01, KCNA 2023-09-01", "", "kubestronaut", []string{"kubestronaut no"}, "kcsa"},
		{
			"a title ends with the first of them", "CKA 2023-06-01, CKS 2023-07-04, CKAD 2023-08-01, KCNA 2023-09-01, KCSA 2024-05-01", "", "kubestronaut",
			[]string{"kubestronaut 2024-05-01/2025-07-04"},
			"holds while",
		},
		{"one lapsed before the last came", "CKA 2023-06-01, CKS 2023-07-04, CKAD 2023-08-01, KCNA 2023-09-01, KCSA 2025-07-04", "", "kubestronaut", []string{"kubestronaut no"}, "cks"},
		{
			"a title goes on when what it needs was renewed", "KCSA 2026-01-01", "cka 2023-06-01 2028-06-01, cks 2023-07-04 2027-07-04, ckad 2023-08-01 2028-01-01, kcna 2023-09-01 2028-01-01, kcsa 2024-05-01 2028-01-01, kubestronaut 2024-05-01 2025-07-04",
			"kubestronaut",
			[]string{"kubestronaut 2025-07-04/2027-07-04"},
			"",
		},
	})
	runDecide(t, mustParse(t, mustRead(t, "third.json")), []decideTest{
		{"core and one elective", "350-401 2023-01-01, 300-415 2023-05-31", "", "ccnp-enterprise", []string{"ccnp-enterprise 2023-05-31/2026-05-31 r1+r2"}, ""},
		{"an elective added later", "350-401 2024-05-01, 300-440 2024-05-21", "", "ccnp-enterprise", []string{"ccnp-enterprise 2024-05-21/2027-05-21 r1+r2"}, ""},
		{"an elective before it was added", "350-401 2023-01-01, 300-440 2023-05-31", "", "ccnp-enterprise", []string{"ccnp-enterprise no"}, "needs one of"},
		{"a practical is never met", "350-401 2023-01-01", "", "ccie-enterprise", []string{"ccie-enterprise no"}, `the practical "lab exam"`},
		{"no requirement is never met", "350-401 2023-01-01", "", "ccna", []string{"ccna no"}, "no rule awards it"},
	})
}

func TestDecideOnTerms(t *testing.T) {
	c := mustParse(t, mustDemo(t))
	runDecide(t, c, []decideTest{
		{"held and current", "CL-220 2026-03-01, CL-220 2026-05-01", "cloud-developer 2026-03-01 2027-03-01", "cloud-developer", []string{"cloud-developer held"}, "until 2027-03-01"},
		{"held and suspended", "CL-220 2026-03-01", "cloud-developer 2026-03-01 2027-03-01 suspended", "cloud-developer", []string{"cloud-developer held"}, "suspended"},
		{"held without expiry", "CL-100 2022-03-01, CL-100 2025-03-01", "cloud-foundations 2022-03-01 -", "", []string{"cloud-foundations held"}, "without expiry"},
		{
			"S-72, a pass before the expiry does not count again", "CL-220 2022-01-10, CL-220 2024-01-09", "cloud-developer 2022-01-10 2024-01-10", "cloud-developer",
			[]string{"cloud-developer no"},
			"all required exams must be passed again",
		},
		{
			"S-72, a pass at the moment of expiry does", "CL-220 2022-01-10, CL-220 2024-01-10", "cloud-developer 2022-01-10 2024-01-10", "cloud-developer",
			[]string{"cloud-developer 2024-01-10/2025-01-10 r2"},
			"",
		},
		{
			"S-72, all exams again, not one of them", "CL-301 2023-01-10, CL-302 2023-01-10, CL-301 2025-06-01", "cloud-administrator 2022-12-01 2027-01-01, cloud-architect 2023-01-10 2025-01-10", "cloud-architect",
			[]string{"cloud-architect no"},
			"needs exam CL-302 (Cloud Solution Delivery) again: last passed on 2023-01-10",
		},
		{
			"S-72, all exams again", "CL-301 2023-01-10, CL-302 2023-01-10, CL-301 2025-06-01, CL-302 2025-07-01", "cloud-administrator 2022-12-01 2027-01-01, cloud-architect 2023-01-10 2025-01-10", "cloud-architect",
			[]string{"cloud-architect 2025-07-01/2026-07-01 r3+r4"},
			"",
		},
		{
			"two terms found in one call", "CL-220 2021-02-01, CL-220 2022-02-01, CL-220 2024-02-01", "", "cloud-developer",
			[]string{"cloud-developer 2021-02-01/2023-02-01 r1", "cloud-developer 2024-02-01/2025-02-01 r3"},
			"",
		},
		{
			"an older term found late", "CL-220 2021-02-01, CL-220 2024-02-01", "cloud-developer 2024-02-01 2027-02-01", "cloud-developer",
			[]string{"cloud-developer 2021-02-01/2023-02-01 r1"},
			"",
		},
		{"an older pass whose term would overlap", "CL-220 2023-02-01, CL-220 2024-02-01", "cloud-developer 2024-02-01 2027-02-01", "cloud-developer", []string{"cloud-developer held"}, ""},
		{"a renewed term is the one that is held", "CL-220 2022-01-10, CL-220 2025-01-10", "cloud-developer 2022-01-10 2027-01-10", "cloud-developer", []string{"cloud-developer held"}, ""},
		{"S-26, revoked, and the same pass again", "CL-220 2026-03-01", "cloud-developer 2026-03-01 2027-03-01 revoked", "cloud-developer", []string{"cloud-developer no"}, "revoked"},
		{
			"S-26, revoked, and a later pass", "CL-301 2026-01-01, CL-302 2026-03-01", "cloud-administrator 2025-06-01 2026-06-01, cloud-architect 2026-02-01 2027-02-01 revoked", "cloud-architect",
			[]string{"cloud-architect 2026-03-01/2027-03-01 r1+r2"},
			"",
		},
		{
			"revoked by hand, and a retake before that", "CL-220 2026-03-01, CL-220 2026-04-01", "cloud-developer 2026-03-01 2027-03-01 revoked 2026-05-01", "cloud-developer",
			[]string{"cloud-developer no"},
			"it was revoked by hand on 2026-05-01; all required exams must be passed again after that",
		},
		{
			"revoked by hand, and a pass at that moment", "CL-220 2026-03-01, CL-220 2026-05-01", "cloud-developer 2026-03-01 2027-03-01 revoked 2026-05-01", "cloud-developer",
			[]string{"cloud-developer no"},
			"needs exam CL-220",
		},
		{
			"revoked by hand, and a pass after that", "CL-220 2026-03-01, CL-220 2026-04-01, CL-220 2026-05-01T00:00:01Z", "cloud-developer 2026-03-01 2027-03-01 revoked 2026-05-01", "cloud-developer",
			[]string{"cloud-developer 2026-05-01 00:00 UTC/2027-05-01 00:00 UTC r3"},
			"",
		},
		{
			"revoked by hand, and one of two exams again", "CL-301 2026-01-01, CL-302 2026-02-01, CL-302 2026-04-01", "cloud-administrator 2025-12-01 2026-12-01, cloud-architect 2026-02-01 2027-02-01 revoked 2026-03-01", "cloud-architect",
			[]string{"cloud-architect no"},
			"needs exam CL-301 (Cloud Solution Design) again: last passed on 2026-01-01",
		},
		{
			"revoked by hand, and both exams again", "CL-301 2026-01-01, CL-302 2026-02-01, CL-302 2026-04-01, CL-301 2026-05-01", "cloud-administrator 2025-12-01 2026-12-01, cloud-architect 2026-02-01 2027-02-01 revoked 2026-03-01", "cloud-architect",
			[]string{"cloud-architect 2026-05-01/2027-05-01 r3+r4"},
			"",
		},
		{
			"revoked by hand, and what it needs attained again", "CL-301 2026-01-01, CL-302 2026-01-01, CL-210 2026-04-01", "cloud-administrator 2025-03-01 2026-03-01, cloud-architect 2026-01-01 2027-01-01 revoked 2026-02-01", "cloud-architect",
			[]string{"cloud-architect no"},
			"revoked by hand",
		},
		{
			"revoked by hand, which bars from nothing else", "CL-301 2026-01-01, CL-302 2026-01-02", "cloud-administrator 2025-03-01 2027-03-01, cloud-developer 2025-03-01 2026-03-01 revoked 2026-06-01", "cloud-architect",
			[]string{"cloud-architect 2026-01-02/2027-01-02 r1+r2"},
			"",
		},
		{"a replaced exam until a year after it retired", "CL-200 2024-06-30", "", "cloud-administrator", []string{"cloud-administrator 2024-06-30/2025-06-30 r1"}, ""},
		{"and not after", "CL-200 2024-07-01", "", "cloud-administrator", []string{"cloud-administrator no"}, "counted towards it until 2024-07-01"},
		{"an exam before it was available", "CL-210 2022-12-31", "", "cloud-administrator", []string{"cloud-administrator no"}, ""},
		{
			"n of m takes the earliest", "CL-230 2025-01-01, CL-240 2025-02-01, CL-250 2025-03-01, CL-260 2025-03-01", "", "cloud-platform-professional",
			[]string{"cloud-platform-professional 2025-03-01/2026-03-01 r1+r2+r3"},
			"",
		},
	})
}

func TestS79TermsOfOneCertificationLeaveAnother(t *testing.T) {
	c := mustParse(t, mustDemo(t))
	renewed := held("cloud-architect 2023-02-01 2028-02-01, cloud-administrator 2022-12-01 2024-12-01")
	decisions := c.Decide(passes("CL-301 2023-01-10, CL-302 2023-02-01"), renewed, []string{"cloud-administrator", "cloud-architect"}, at("2026-11-01"))
	want := []string{"cloud-administrator no", "cloud-architect held"}
	if diff := cmp.Diff(want, summary(decisions)); diff != "" {
		t.Errorf("Decide: -want +got\n%s", diff)
	}
}

func TestS66ANewPolicyRowKeepsWhatWasGiven(t *testing.T) {
	shorter := strings.Replace(string(mustDemo(t)), `"months": 24}`, `"months": 6}`, 1)
	c := mustParse(t, []byte(shorter))
	given := held("cloud-developer 2023-12-01 2025-12-01")
	decisions := c.Decide(passes("CL-220 2023-12-01"), given, []string{"cloud-developer"}, at("2025-01-01"))
	if len(decisions) != 1 || !decisions[0].HeldAlready || !decisions[0].ExpiresAt.Equal(at("2025-12-01")) {
		t.Errorf("Decide = %+v, want held until 2025-12-01", decisions)
	}
	if got := c.ExpiryOf("cloud-developer", at("2023-12-01")); !got.Equal(at("2024-06-01")) {
		t.Errorf("ExpiryOf under the new row = %v", got)
	}
}

func TestPolicyWinsOverMonths(t *testing.T) {
	data := strings.Replace(string(file(`{"code":"A","title":"A"}`,
		`{"id":"k","title":"K","requires":{"exam":"A"},"validity":{"policy":"p","months":12}},
		 {"id":"m","title":"M","requires":{"exam":"A"},"validity":{"policy":"plain","months":12}},
		 {"id":"own","title":"O","requires":{"exam":"A"},"validity":{"policy":"p","validityMonths":[{"earnedFrom":"2020-01-01","earnedBefore":null,"months":3}]}},
		 {"id":"typed","title":"T","type":"short","requires":{"exam":"A"}}`)),
		`"policies":[]`, `"policies":[{"id":"p","appliesTo":["short"],"validityMonths":[{"earnedFrom":null,"earnedBefore":"2022-01-01","months":36}]},{"id":"plain","rule":"x"}]`, 1)
	c := mustParse(t, []byte(data))
	for _, test := range []struct{ name, id, earned, want string }{
		{"the policy's row", "k", "2021-12-31", "2024-12-31"},
		{"no row of the policy for that day", "k", "2022-01-01", "2023-01-01"},
		{"a policy without rows", "m", "2021-12-31", "2022-12-31"},
		{"rows of its own", "own", "2021-12-31", "2022-03-31"},
		{"no row of its own for that day", "own", "2019-12-31", "2022-12-31"},
		{"a policy by type", "typed", "2019-12-31", "2022-12-31"},
	} {
		if got := c.ExpiryOf(test.id, at(test.earned)); !got.Equal(at(test.want)) {
			t.Errorf("%s: ExpiryOf(%s, %s) = %v, want %s", test.name, test.id, test.earned, got, test.want)
		}
	}
}

func TestDecidingResultIsTheLastNeeded(t *testing.T) {
	c := mustParse(t, mustDemo(t))
	d := c.Decide(passes("CL-301 2025-01-01, CL-302 2025-02-01, CL-210 2025-03-01"), nil, []string{"cloud-architect"}, at("2026-11-01"))
	if len(d) != 1 || d[0].Deciding != "r3" || !slices.Equal(d[0].Results, []string{"r1", "r2"}) || !slices.Equal(d[0].Through, []string{"cloud-administrator"}) {
		t.Errorf("Decide = %+v", d)
	}
}

func TestHeldOnceIsEnoughWhereTheDataSaysSo(t *testing.T) {
	c := mustParse(t, file(`{"code":"A","title":"A"},{"code":"B","title":"B"}`,
		`{"id":"base","title":"Base","requires":{"exam":"A"},"validity":{"months":12}},
		 {"id":"top","title":"Top","requires":{"all":[{"certification":"base","mustBe":"held"},{"exam":"B"}]}}`))
	d := c.Decide(passes("A 2020-01-01, B 2024-01-01"), nil, []string{"top"}, at("2026-01-01"))
	if got := summary(d); !slices.Equal(got, []string{"top 2024-01-01/ r2"}) {
		t.Errorf("Decide = %q", got)
	}
}

func TestRequirementsThatTurnAroundOverTime(t *testing.T) {
	// Each of the two once needed the other, never on the same day.
	c := mustParse(t, file(`{"code":"A","title":"A"},{"code":"B","title":"B"}`,
		`{"id":"a","title":"A","requires":{"exam":"A"},"requirementsHistory":[
			{"seenFrom":"2020-01-01","requires":{"all":[{"exam":"A"},{"certification":"b"}]}},{"seenFrom":"2022-01-01","requires":{"exam":"A"}}]},
		 {"id":"b","title":"B","requires":{"all":[{"exam":"B"},{"certification":"a"}]},"requirementsHistory":[
			{"seenFrom":"2020-01-01","requires":{"exam":"B"}},{"seenFrom":"2022-01-01","requires":{"all":[{"exam":"B"},{"certification":"a"}]}}]}`))
	for in, want := range map[string][]string{
		"B 2020-05-01, A 2020-06-01": {"a 2020-06-01/ r2", "b 2020-05-01/ r1"},
		"A 2024-05-01, B 2024-06-01": {"a 2024-05-01/ r1", "b 2024-06-01/ r2"},
	} {
		if diff := cmp.Diff(want, summary(c.Decide(passes(in), nil, nil, at("2026-01-01")))); diff != "" {
			t.Errorf("Decide(%s): -want +got\n%s", in, diff)
		}
	}
}

func TestDecideTakesAnyTimeZone(t *testing.T) {
	c := mustParse(t, mustDemo(t))
	east := time.FixedZone("east", 8*3600)
	d := c.Decide([]Pass{{"r", "CL-220", at("2023-12-31T23:00:00Z").In(east)}}, nil, []string{"cloud-developer"}, at("2026-01-01").In(east))
	if len(d) != 1 || d[0].AttainedAt.Location() != time.UTC || !d[0].ExpiresAt.Equal(at("2025-12-31T23:00:00Z")) {
		t.Errorf("Decide = %+v", d)
	}
}

func TestTwoAwardsOfOneTermInEitherOrder(t *testing.T) {
	c := mustParse(t, mustDemo(t))
	given := held("cloud-developer 2026-03-01 2027-03-01, cloud-developer 2026-03-01 2027-03-01 suspended")
	want := c.Decide(nil, given, []string{"cloud-developer"}, at("2026-11-01"))
	slices.Reverse(given)
	if diff := cmp.Diff(want, c.Decide(nil, given, []string{"cloud-developer"}, at("2026-11-01"))); diff != "" {
		t.Errorf("in the other order: -want +got\n%s", diff)
	}
}
