package openbadges

import (
	"errors"
	"strings"
	"time"
)

var errMoment = errors.New("not a date and time with a zone")

// parseMoment reads a date-time of RFC 3339, section 5.6, which is what the
// schemas mean by their format: T and Z in either case, a fraction of any
// length, a zone, and a leap second where one can be.
func parseMoment(s string) (time.Time, error) {
	if len(s) < len("2006-01-02T15:04:05Z") || s[10]|0x20 != 't' {
		return time.Time{}, errMoment
	}
	shape, leap := s[:19], 0
	rest := s[19:]
	if !digitsAt(shape, "dddd-dd-dd?dd:dd:dd") {
		return time.Time{}, errMoment
	}
	if shape[17:19] == "60" {
		shape, leap = shape[:17]+"59", 1
	}
	t, err := time.Parse("2006-01-02T15:04:05", shape[:10]+"T"+shape[11:])
	if err != nil {
		return time.Time{}, errMoment
	}
	if rest[0] == '.' {
		n := 1
		for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
			n++
		}
		if n == 1 {
			return time.Time{}, errMoment
		}
		nanos := 0
		for i := range 9 {
			nanos *= 10
			if 1+i < n {
				nanos += int(rest[1+i] - '0')
			}
		}
		t = t.Add(time.Duration(nanos))
		rest = rest[n:]
	}
	zone, err := parseZone(rest)
	if err != nil {
		return time.Time{}, err
	}
	t = t.Add(-zone).UTC()
	if leap == 1 {
		if t.Hour() != 23 || t.Minute() != 59 {
			return time.Time{}, errMoment
		}
		t = t.Add(time.Second)
	}
	return t, nil
}

func parseZone(s string) (time.Duration, error) {
	if s == "Z" || s == "z" {
		return 0, nil
	}
	if len(s) != 6 || s[0] != '+' && s[0] != '-' || !digitsAt(s[1:], "dd:dd") {
		return 0, errMoment
	}
	hours, minutes := int(s[1]-'0')*10+int(s[2]-'0'), int(s[4]-'0')*10+int(s[5]-'0')
	if hours > 23 || minutes > 59 {
		return 0, errMoment
	}
	d := time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if s[0] == '-' {
		d = -d
	}
	return d, nil
}

// digitsAt compares s to a shape in which d stands for a digit and ? for
// anything.
func digitsAt(s, shape string) bool {
	if len(s) != len(shape) {
		return false
	}
	for i := range len(s) {
		switch shape[i] {
		case 'd':
			if s[i] < '0' || s[i] > '9' {
				return false
			}
		case '?':
		default:
			if s[i] != shape[i] {
				return false
			}
		}
	}
	return true
}

// isDate tells whether s is a date of RFC 3339, such as 2026-01-05.
func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil && !strings.ContainsAny(s, " ")
}
