package issuer_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/accolade-badges/accolade/issuer"
)

func TestLinkedInLinkEscapesOnce(t *testing.T) {
	e := issuer.LinkedInEntry{
		Name: "C# & .NET / Ünï", Organization: "Sample + Söhne", Issued: issuer.Month{Year: 2026, Month: 2}, Expires: issuer.Month{Year: 2027, Month: 12},
		ID: "7F3K-9Q2M-X4TD", URL: "https://badges.example.org/badges/x",
	}
	const want = "https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME&name=C%23%20%26%20.NET%20%2F%20%C3%9Cn%C3%AF" +
		"&organizationName=Sample%20%2B%20S%C3%B6hne&issueYear=2026&issueMonth=2&expirationYear=2027&expirationMonth=12" +
		"&certUrl=https%3A%2F%2Fbadges.example.org%2Fbadges%2Fx&certId=7F3K-9Q2M-X4TD"
	if got := e.AddURL(); got != want {
		t.Errorf("AddURL() = %s\nwant       %s", got, want)
	}
	u, err := url.Parse(e.AddURL())
	if err != nil || u.Query().Get("name") != e.Name || u.Query().Get("organizationName") != e.Organization {
		t.Errorf("read back: %v %v", u.Query(), err)
	}
	e.OrganizationID, e.Expires = "1035", issuer.Month{}
	got := e.AddURL()
	if !strings.Contains(got, "&organizationId=1035&") || strings.Contains(got, "organizationName") || strings.Contains(got, "expiration") {
		t.Errorf("with a page number and without end: %s", got)
	}
}

func TestNewYearInGreenwichIsJanuaryEverywhere(t *testing.T) {
	before := time.Local
	t.Cleanup(func() { time.Local = before })
	for hours := -12; hours <= 14; hours++ {
		zone := time.FixedZone("zone", hours*3600)
		time.Local = zone
		at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		for _, told := range []time.Time{at, at.In(zone), at.Local(), time.UnixMicro(at.UnixMicro())} {
			if got := issuer.MonthOf(told); got != (issuer.Month{Year: 2026, Month: 1}) {
				t.Errorf("in UTC%+d, %s is in %+v, want January 2026", hours, told, got)
			}
			if got := (issuer.LinkedInEntry{Issued: issuer.MonthOf(told)}).AddURL(); !strings.Contains(got, "issueYear=2026&issueMonth=1&") {
				t.Errorf("in UTC%+d: %s", hours, got)
			}
		}
	}
}

func TestLinkedInEntryOfAnAward(t *testing.T) {
	h := mustHouse(t, "", "2026-03-01T12:00:00Z")
	h.mustLoadDemo(t, unchanged)
	ctx := t.Context()
	out := h.mustRecord(t, pass("1", "CL-220", "2026-01-01T00:00:00Z"))
	id := out.Awards[0].ID
	read := func() issuer.LinkedInEntry {
		t.Helper()
		p, err := h.AnyPublication(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		return issuer.LinkedIn(p, h.URLs().Badge(id, ""))
	}
	e := read()
	want := issuer.LinkedInEntry{
		Name: e.Name, Organization: "Sample Institute", Issued: issuer.Month{Year: 2026, Month: 1}, Expires: issuer.Month{Year: 2027, Month: 1},
		ID: issuer.LicenceNumber(id), URL: base + "/badges/" + id,
	}
	if e != want || e.Name == "" {
		t.Errorf("the entry is %+v, want %+v", e, want)
	}
	set := func(number string) error {
		return h.ChangeSettings(ctx, "test", h.slug, func(s *issuer.Settings) { s.LinkedInID = number })
	}
	if err := set("my-page"); err == nil {
		t.Error("a page name is taken for a page number")
	}
	if err := set("1035"); err != nil || read().OrganizationID != "1035" {
		t.Errorf("with a page number: %v %+v", err, read())
	}
	h.mustDrain(t)
	d, err := h.Export(ctx, id, issuer.FormatJSON)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"identifier":"1035","identifierType":"ext:LinkedIn:organizationId"`, `"licenseNumber":"` + issuer.LicenceNumber(id) + `"`} {
		if !strings.Contains(string(d.Body), part) {
			t.Errorf("the credential lacks %s:\n%s", part, d.Body)
		}
	}
}
