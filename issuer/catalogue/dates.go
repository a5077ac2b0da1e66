package catalogue

import (
	"fmt"
	"time"
)

// ParseDate reads a day ("2021-06-30", its midnight in UTC) or an instant of
// RFC 3339, which is turned into UTC.
func ParseDate(s string) (time.Time, error) {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t, nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.UTC(), nil
	}
	return time.Time{}, fmt.Errorf("%q is no date", s)
}

// AddMonths adds n calendar months in UTC. The day is clamped to the last of
// the month: 31 August less six months is 28 or 29 February.
func AddMonths(t time.Time, n int) time.Time {
	t = t.UTC()
	year, month, day := t.Date()
	first := time.Date(year, month+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	hour, minute, second := t.Clock()
	return time.Date(first.Year(), first.Month(), min(day, last), hour, minute, second, t.Nanosecond(), time.UTC)
}

// day writes a moment for a reader: its day, and its hour where it has one.
func day(t time.Time) string {
	t = t.UTC()
	if t.Equal(t.Truncate(24 * time.Hour)) {
		return t.Format(time.DateOnly)
	}
	return t.Format("2006-01-02 15:04") + " UTC"
}
