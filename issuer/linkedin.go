package issuer

import (
	"strconv"
	"time"
)

// LinkedInEntry is what LinkedIn's form for licences and certifications asks of
// an award.
type LinkedInEntry struct {
	Name           string // of the credential
	Organization   string // name of the issuer
	OrganizationID string // number of the issuer's page on LinkedIn, or ""; with it the entry shows the issuer's logo
	Issued         Month
	Expires        Month // zero: it does not expire
	ID             string
	URL            string
}

// Month is a calendar month; January is 1. The zero Month is none.
type Month struct{ Year, Month int }

// MonthOf returns the month of a moment in UTC, whatever the zone that t is told
// in: what was awarded at New Year in Greenwich is of January everywhere.
func MonthOf(t time.Time) Month {
	if t.IsZero() {
		return Month{}
	}
	year, month, _ := t.UTC().Date()
	return Month{year, int(month)}
}

// IsZero tells whether m is none.
func (m Month) IsZero() bool { return m == Month{} }

// LinkedIn returns what LinkedIn is told of an award, whose page is at address.
func LinkedIn(p *Publication, address string) LinkedInEntry {
	return LinkedInEntry{
		Name: p.Facts.Title, Organization: p.Issuer.Name, OrganizationID: SettingsOf(p.Issuer).LinkedInID,
		Issued: MonthOf(p.Award.AttainedAt), Expires: MonthOf(p.Award.ExpiresAt),
		ID: LicenceNumber(p.Award.ID), URL: address,
	}
}

// AddURL returns the link that opens LinkedIn's form with the entry filled in.
// LinkedIn may ignore what it says; the entry itself is then there to copy.
func (e LinkedInEntry) AddURL() string {
	pairs := []string{"startTask", "CERTIFICATION_NAME", "name", e.Name}
	if e.OrganizationID != "" {
		pairs = append(pairs, "organizationId", e.OrganizationID)
	} else {
		pairs = append(pairs, "organizationName", e.Organization)
	}
	pairs = append(pairs, "issueYear", strconv.Itoa(e.Issued.Year), "issueMonth", strconv.Itoa(e.Issued.Month))
	if !e.Expires.IsZero() {
		pairs = append(pairs, "expirationYear", strconv.Itoa(e.Expires.Year), "expirationMonth", strconv.Itoa(e.Expires.Month))
	}
	return "https://www.linkedin.com/profile/add?" + encodeQuery(append(pairs, "certUrl", e.URL, "certId", e.ID)...)
}
