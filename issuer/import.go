package issuer

import (
	"bufio"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// resultColumns are the columns of a result file in the order of its header.
var resultColumns = []string{
	"provider", "result_id", "exam", "taken_at", "outcome", "score", "candidate_number",
	"email", "given_name", "family_name", "locale", "delivery", "language",
}

// requiredColumns must stand in the header of a result file.
var requiredColumns = []string{"provider", "result_id", "exam", "taken_at", "outcome"}

// importWorkers is how many rows are recorded at once; the ledger commits
// whatever is queued together, so more callers mean fewer syncs.
const importWorkers = 64

// MaxImportBytes is the largest result file that ImportResults reads.
const MaxImportBytes = 1 << 30

// Row is what became of one row of a result file.
type Row struct {
	Line    int // in the file, from 1
	Status  string
	Result  Result
	Awards  []AwardRef
	Message string // why it was refused, or why nothing was awarded yet
}

// The statuses of a [Row].
const (
	RowNew     = "new"
	RowSeen    = "seen"
	RowChanged = "changed"
	RowRefused = "refused"
)

// ImportSummary counts what became of a result file.
type ImportSummary struct {
	Rows, New, Seen, Changed, Refused, Awards int
}

// FileError is a fault of a whole result file: nothing of it was recorded.
type FileError struct{ Message string }

func (e *FileError) Error() string { return e.Message }

// ImportResults records a file of results. Encoding (UTF-8, UTF-16, else
// Windows-1252), separator (comma, semicolon, tab or vertical bar) and byte
// order mark are detected. Rows of one candidate are recorded in the order of
// the file; a bad row is reported and stops nothing else. report is called once
// a row, in the order of the file.
//
// The error is a [*FileError] when the file or its header cannot be used, and
// the first ledger error when recording had to stop; rows reported until then
// are durable, and importing the same file again does the rest.
func (s *Service) ImportResults(ctx context.Context, issuer string, file io.Reader, report func(Row)) (ImportSummary, error) {
	var sum ImportSummary
	rows, err := openResultFile(file)
	if err != nil {
		return sum, err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)

	// Rows are spread over lanes by candidate, so that one candidate's stay in
	// order, and come back through a slot each, so that the report does too.
	type task struct {
		row  Row
		done chan Row
	}
	spread := NewLanes(importWorkers)
	var lanes [importWorkers]chan task
	var workers sync.WaitGroup
	for i := range lanes {
		lanes[i] = make(chan task, 4)
		workers.Go(func() {
			for t := range lanes[i] {
				t.done <- s.importRow(ctx, issuer, t.row, stop)
			}
		})
	}
	slots := make(chan chan Row, 4*importWorkers)
	go func() {
		defer close(slots)
		defer func() {
			for i := range lanes {
				close(lanes[i])
			}
		}()
		for {
			row, ok := rows.next()
			if !ok || ctx.Err() != nil {
				return
			}
			done := make(chan Row, 1)
			slots <- done
			if row.Status == RowRefused {
				done <- row
				continue
			}
			lanes[spread.Of(row.Result)] <- task{row, done}
		}
	}()
	for done := range slots {
		row := <-done
		if ctx.Err() != nil && row.Status == "" {
			continue
		}
		sum.add(row)
		report(row)
	}
	workers.Wait()
	if err := context.Cause(ctx); err != nil && ctx.Err() != nil {
		return sum, err
	}
	return sum, rows.err
}

func (sum *ImportSummary) add(row Row) {
	sum.Rows++
	switch row.Status {
	case RowNew:
		sum.New++
		sum.Awards += len(row.Awards)
	case RowChanged:
		sum.Changed++
		sum.Awards += len(row.Awards)
	case RowSeen:
		sum.Seen++
	case RowRefused:
		sum.Refused++
	}
}

func (s *Service) importRow(ctx context.Context, issuer string, row Row, stop func(error)) Row {
	recorded, err := s.RecordResult(ctx, issuer, row.Result)
	var invalid *InvalidError
	var conflict *ConflictError
	switch {
	case errors.As(err, &invalid), errors.As(err, &conflict):
		row.Status, row.Message = RowRefused, columnNames.Replace(err.Error())
	case err != nil:
		stop(fmt.Errorf("line %d: %w", row.Line, err))
	default:
		row.Status, row.Awards, row.Message = recorded.Status, recorded.Awards, recorded.Why()
	}
	return row
}

// columnNames turns the JSON names of an [InvalidError] into those of the
// columns.
var columnNames = strings.NewReplacer(
	"resultId:", "column result_id:", "takenAt:", "column taken_at:", "candidate.number:", "column candidate_number:",
	"candidate.email:", "column email:", "candidate.givenName:", "column given_name:", "candidate.familyName:", "column family_name:",
	"candidate.locale:", "column locale:", "provider:", "column provider:", "exam:", "column exam:", "outcome:", "column outcome:",
	"score:", "column score:", "delivery:", "column delivery:", "language:", "column language:",
)

// resultFile reads a result file row by row.
type resultFile struct {
	csv     *csv.Reader
	columns []string // of each field, in the file's order
	err     error    // what stopped next, if it was not the end
}

func openResultFile(r io.Reader) (*resultFile, error) {
	text, err := decodeText(&limitedFile{r, MaxImportBytes})
	if err != nil {
		return nil, err
	}
	head, err := text.Peek(64 << 10)
	if len(head) == 0 {
		return nil, &FileError{"the file is empty; its first line must name the columns: " + strings.Join(resultColumns, ",")}
	}
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, &FileError{fmt.Sprintf("the file cannot be read: %v", err)}
	}
	f := &resultFile{csv: csv.NewReader(text)}
	f.csv.Comma = separator(head)
	f.csv.FieldsPerRecord = -1
	header, err := f.csv.Read()
	if err != nil {
		return nil, &FileError{fmt.Sprintf("the first line cannot be read as a header: %v", err)}
	}
	return f, f.useHeader(header)
}

// limitedFile fails, instead of ending, where a file goes beyond its limit: a row
// that was cut must not be taken for a whole one.
type limitedFile struct {
	r    io.Reader
	left int64
}

func (l *limitedFile) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, fmt.Errorf("it has more than %d bytes; split it, and import its parts", MaxImportBytes)
	}
	n, err := l.r.Read(p[:min(int64(len(p)), l.left)])
	l.left -= int64(n)
	return n, err
}

func (f *resultFile) useHeader(header []string) error {
	seen := map[string]bool{}
	var unknown, twice, missing []string
	for _, name := range header {
		name = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), " ", "_")
		known := false
		for _, c := range resultColumns {
			known = known || c == name
		}
		switch {
		case !known:
			unknown = append(unknown, fmt.Sprintf("%.40q", name))
		case seen[name]:
			twice = append(twice, name)
		}
		seen[name] = true
		f.columns = append(f.columns, name)
	}
	for _, name := range requiredColumns {
		if !seen[name] {
			missing = append(missing, name)
		}
	}
	if !seen["email"] && !seen["candidate_number"] {
		missing = append(missing, "email")
	}
	var faults []string
	if unknown != nil {
		faults = append(faults, "unknown column "+strings.Join(unknown, ", "))
	}
	if twice != nil {
		faults = append(faults, "column "+strings.Join(twice, ", ")+" stands twice")
	}
	if missing != nil {
		faults = append(faults, "column "+strings.Join(missing, ", ")+" is missing")
	}
	if faults != nil {
		return &FileError{"line 1: " + strings.Join(faults, "; ") + ". The columns are " + strings.Join(resultColumns, ",") + "; nothing was recorded"}
	}
	return nil
}

// next returns the next row; a row that is no record of the file's columns
// comes back refused.
func (f *resultFile) next() (Row, bool) {
	for {
		record, err := f.csv.Read()
		var broken *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return Row{}, false
		case errors.As(err, &broken):
			return Row{Line: broken.StartLine, Status: RowRefused, Message: fmt.Sprintf("column %d: %v; mend the quotes of this row", broken.Column, broken.Err)}, true
		case err != nil:
			f.err = fmt.Errorf("read the file: %w", err)
			return Row{}, false
		}
		if len(record) == 1 && strings.TrimSpace(record[0]) == "" {
			continue
		}
		line, _ := f.csv.FieldPos(0)
		row := Row{Line: line}
		fields := map[string]string{}
		for i, value := range record {
			if i < len(f.columns) {
				fields[f.columns[i]] = value
			}
		}
		row.Result = resultOf(fields)
		if len(record) != len(f.columns) {
			row.Status = RowRefused
			row.Message = fmt.Sprintf("has %d fields where the header has %d; put text that holds the separator in quotes", len(record), len(f.columns))
		}
		return row, true
	}
}

func resultOf(fields map[string]string) Result {
	return Result{
		Provider: fields["provider"], ResultID: fields["result_id"], Exam: fields["exam"],
		TakenAt: fields["taken_at"], Outcome: Outcome(fields["outcome"]), Score: fields["score"],
		Delivery: fields["delivery"], Language: fields["language"],
		Candidate: Candidate{
			Number: fields["candidate_number"], Email: fields["email"], GivenName: fields["given_name"],
			FamilyName: fields["family_name"], Locale: fields["locale"],
		},
	}
}

// separator picks the one of the usual four that stands most often in the
// header.
func separator(head []byte) rune {
	line, _, _ := bytes.Cut(head, []byte("\n"))
	best, most := ',', 0
	for _, c := range []rune{',', ';', '\t', '|'} {
		if n := bytes.Count(line, []byte(string(c))); n > most {
			best, most = c, n
		}
	}
	return best
}

// decodeText returns r as UTF-8 without a byte order mark.
func decodeText(r io.Reader) (*bufio.Reader, error) {
	in := bufio.NewReaderSize(r, 1<<20)
	head, err := in.Peek(1 << 20)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, &FileError{fmt.Sprintf("the file cannot be read: %v", err)}
	}
	switch {
	case bytes.HasPrefix(head, []byte("\xef\xbb\xbf")):
		_, err := in.Discard(3)
		return in, err
	case bytes.HasPrefix(head, []byte("\xff\xfe")), len(head) > 3 && head[0] != 0 && head[1] == 0 && head[2] != 0 && head[3] == 0:
		return utf16Text(in, false)
	case bytes.HasPrefix(head, []byte("\xfe\xff")), len(head) > 3 && head[0] == 0 && head[1] != 0 && head[2] == 0 && head[3] != 0:
		return utf16Text(in, true)
	case bytes.IndexByte(head, 0) >= 0:
		return nil, &FileError{"the file is not text (it holds NUL bytes); save the sheet as CSV, UTF-8"}
	case validPrefix(head):
		return in, nil
	}
	return bufio.NewReaderSize(charmap.Windows1252.NewDecoder().Reader(in), 64<<10), nil
}

// validPrefix tells whether head is UTF-8, but for a character that its end
// may have cut.
func validPrefix(head []byte) bool {
	for cut := range min(utf8.UTFMax, len(head)+1) {
		if utf8.Valid(head[:len(head)-cut]) {
			return cut == 0 || len(head) >= 1<<20
		}
	}
	return false
}

func utf16Text(in io.Reader, big bool) (*bufio.Reader, error) {
	data, err := io.ReadAll(in)
	if err != nil {
		return nil, &FileError{fmt.Sprintf("the file cannot be read: %v", err)}
	}
	if len(data)%2 != 0 {
		return nil, &FileError{"the file looks like UTF-16 but ends in half a character; save the sheet as CSV, UTF-8"}
	}
	units := make([]uint16, 0, len(data)/2)
	for i := 0; i < len(data); i += 2 {
		u := uint16(data[i]) | uint16(data[i+1])<<8
		if big {
			u = u<<8 | u>>8
		}
		units = append(units, u)
	}
	if len(units) > 0 && units[0] == 0xfeff {
		units = units[1:]
	}
	return bufio.NewReaderSize(strings.NewReader(string(utf16.Decode(units))), 64<<10), nil
}
