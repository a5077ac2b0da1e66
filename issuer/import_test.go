package issuer_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"

	"github.com/accolade-badges/accolade/issuer"
)

const header = "provider,result_id,exam,taken_at,outcome,score,candidate_number,email,given_name,family_name,locale,delivery,language\n"

// importAll imports text and returns the rows in the order of their reports.
func (h *house) importAll(t *testing.T, text string) ([]issuer.Row, issuer.ImportSummary, error) {
	t.Helper()
	var rows []issuer.Row
	sum, err := h.ImportResults(context.Background(), h.slug, strings.NewReader(text), func(r issuer.Row) { rows = append(rows, r) })
	return rows, sum, err
}

func TestImport(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, "", "2023-05-01T12:00:00Z")
	h.mustLoad(t, "microsoft.json")
	file := header +
		"sample-centre,1,AZ-900,2023-03-01T10:00:00Z,passed,801,C-1,kim@example.org,Kim,Sample,en,online,en\n" +
		"sample-centre,2,AZ-000,2023-03-01T10:00:00Z,passed,,C-2,alex@example.org,Alex,Sample,,,\n" +
		"sample-centre,3,AZ-900,2023-03-01T10:00:00Z\n" +
		"sample-centre,4,AZ-900,yesterday,perhaps,high,C-4,nobody,Noor,Sample,,,\n" +
		"\n" +
		"sample-centre,5,DP-900,2023-03-01T10:00:00Z,passed,,C-1,kim@example.org,Kim,Sample,,,\n"
	rows, sum, err := h.importAll(t, file)
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		line    int
		status  string
		message string
	}{
		{2, issuer.RowNew, ""},
		{3, issuer.RowRefused, "column exam: "},
		{4, issuer.RowRefused, "has 4 fields"},
		{5, issuer.RowRefused, "column taken_at: "},
		{7, issuer.RowNew, ""},
	}
	if len(rows) != len(want) || sum != (issuer.ImportSummary{Rows: 5, New: 2, Refused: 3, Awards: 2}) {
		t.Fatalf("%d rows, %+v", len(rows), sum)
	}
	for i, w := range want {
		if r := rows[i]; r.Line != w.line || r.Status != w.status || !strings.Contains(r.Message, w.message) {
			t.Errorf("row %d: line %d, %s, %q; want %+v", i, r.Line, r.Status, r.Message, w)
		}
	}
	for _, column := range []string{"column taken_at", "column outcome", "column score", "column email"} {
		if !strings.Contains(rows[3].Message, column) {
			t.Errorf("row with four faults: %q lacks %s", rows[3].Message, column)
		}
	}
	_, again, err := h.importAll(t, file)
	if err != nil || again != (issuer.ImportSummary{Rows: 5, Seen: 2, Refused: 3}) {
		t.Errorf("the same file again: %+v, %v; want nothing new", again, err)
	}
}

func TestImportReadsEncodings(t *testing.T) {
	t.Parallel()
	row := "sample-centre,1,AZ-900,2023-03-01T10:00:00Z,passed,,C-1,zoe@example.org,Zoë,Müller,,,\n"
	text := header + row
	latin, err := charmap.Windows1252.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	wide := func(big bool, mark bool) string {
		var b strings.Builder
		units := utf16.Encode([]rune(text))
		if mark {
			units = append([]uint16{0xfeff}, units...)
		}
		for _, u := range units {
			if big {
				b.WriteByte(byte(u >> 8))
				b.WriteByte(byte(u))
			} else {
				b.WriteByte(byte(u))
				b.WriteByte(byte(u >> 8))
			}
		}
		return b.String()
	}
	for name, file := range map[string]string{
		"UTF-8":                  text,
		"UTF-8 with a mark":      "\ufeff" + text,
		"Windows-1252":           latin,
		"UTF-16 LE with a mark":  wide(false, true),
		"UTF-16 BE with a mark":  wide(true, true),
		"UTF-16 LE":              wide(false, false),
		"semicolons":             strings.ReplaceAll(text, ",", ";"),
		"tabs":                   strings.ReplaceAll(text, ",", "\t"),
		"carriage returns":       strings.ReplaceAll(text, "\n", "\r\n"),
		"headings in other case": strings.Replace(text, "provider,result_id", "Provider,Result ID", 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := mustHouse(t, "", "2023-05-01T12:00:00Z")
			h.mustLoad(t, "microsoft.json")
			rows, _, err := h.importAll(t, file)
			if err != nil || len(rows) != 1 || rows[0].Status != issuer.RowNew {
				t.Fatalf("rows %+v, %v; want one new", rows, err)
			}
			if c := rows[0].Result.Candidate; c.GivenName != "Zoë" || c.FamilyName != "Müller" {
				t.Errorf("name %q %q, want Zoë Müller", c.GivenName, c.FamilyName)
			}
		})
	}
}

func TestImportRefusesFiles(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, "", "2023-05-01T12:00:00Z")
	h.mustLoad(t, "microsoft.json")
	for name, tt := range map[string]struct{ file, message string }{
		"empty":             {"", "empty"},
		"an unknown column": {"provider,result_id,exam,taken_at,outcome,email,shoe_size\n", `"shoe_size"`},
		"a missing column":  {"provider,result_id,exam,taken_at,outcome\n", "email is missing"},
		"a column twice":    {"provider,result_id,exam,taken_at,outcome,email,email\n", "twice"},
		"nothing but NULs":  {strings.Repeat("\x00", 64), "save the sheet as CSV"},
		"a spreadsheet":     {"PK\x03\x04\x00\x00\x00\x00binary", "save the sheet as CSV"},
	} {
		t.Run(name, func(t *testing.T) {
			rows, _, err := h.importAll(t, tt.file)
			var refused *issuer.FileError
			if !errors.As(err, &refused) || !strings.Contains(err.Error(), tt.message) || len(rows) != 0 {
				t.Errorf("ImportResults: %v, want a file error that says %s", err, tt.message)
			}
		})
	}
}

func FuzzImport(f *testing.F) {
	f.Add([]byte(header + "sample-centre,1,AZ-900,2023-03-01T10:00:00Z,passed,801,C-1,kim@example.org,Kim,Sample,en,online,en\n"))
	f.Add([]byte("\xff\xfep\x00r\x00"))
	f.Add([]byte(header + "\"open,1\n"))
	h := mustHouse(f, "", "2023-05-01T12:00:00Z")
	h.mustLoad(f, "microsoft.json")
	f.Fuzz(func(t *testing.T, file []byte) {
		rows, _, _ := h.importAll(t, string(file)) // any error is an answer; a panic is not
		for _, r := range rows {
			if r.Status == "" || r.Line < 1 {
				t.Errorf("a row without an answer: %+v", r)
			}
		}
	})
}
