package verifier

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/accolade-badges/accolade/verifier/fetch"
)

// Documents answers for addresses from a fixed map in place of the network, for
// archives and tests. The rules for schemes, ports and addresses do not apply to
// what is listed; what is not is unreachable.
type Documents struct {
	entries map[string]Document
}

// Document is the answer for one address. The zero value is an address that
// nobody answers at.
type Document struct {
	Body        []byte
	File        string // read when asked for, in place of Body
	ContentType string // may be empty
	Status      int    // default 200
	Location    string // where a redirect (Status 3xx) leads
	FetchedAt   time.Time
	Found       bool // false: nobody answers
}

// NewDocuments returns Documents with the given answers by address.
func NewDocuments(entries map[string]Document) *Documents {
	d := &Documents{entries: make(map[string]Document, len(entries))}
	for url, e := range entries {
		d.entries[bare(url)] = e
	}
	return d
}

// LoadDocuments reads maps of the form {URL: {"file": PATH, "contentType": TYPE}};
// of an address that stands in several, the last counts. A relative file is
// relative to its map's folder, contentType may be left out, and a file that is
// null is an address that nobody answers at. The optional members "status" and
// "location" give an answer other than 200. An error names the map and what to
// mend.
func LoadDocuments(paths ...string) (*Documents, error) {
	all := &Documents{entries: make(map[string]Document)}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read documents: %w", err)
		}
		var listed map[string]struct {
			File        *string `json:"file"`
			ContentType string  `json:"contentType"`
			Status      int     `json:"status"`
			Location    string  `json:"location"`
		}
		if err := json.Unmarshal(data, &listed); err != nil {
			return nil, fmt.Errorf("read documents %s: not a map of URL to {file, contentType}: %w", path, err)
		}
		for url, l := range listed {
			e := Document{ContentType: l.ContentType, Status: l.Status, Location: l.Location}
			if l.File != nil {
				e.Found, e.File = true, *l.File
				if !filepath.IsAbs(e.File) {
					e.File = filepath.Join(filepath.Dir(path), filepath.FromSlash(e.File))
				}
				if _, err := os.Stat(e.File); err != nil {
					return nil, fmt.Errorf("read documents %s: the file of %s: %w", path, url, err)
				}
			}
			e.Found = e.Found || l.Status != 0
			all.entries[bare(url)] = e
		}
	}
	return all, nil
}

// bare is an address without its fragment, which no server ever sees.
func bare(url string) string {
	url, _, _ = strings.Cut(url, "#")
	return url
}

// errUnlisted is why there is no answer.
var errUnlisted = errors.New("not among the documents at hand")

// get answers for url, following at most three listed redirects.
func (d *Documents) get(url string, now time.Time) (*fetch.Response, error) {
	const redirects, largest = 3, 1 << 20
	var passed []string
	for at := bare(url); ; {
		e, listed := d.entries[at]
		if !listed || !e.Found {
			return nil, &fetch.Error{Code: fetch.Unreachable, URL: at, Reason: errUnlisted.Error(), Err: errUnlisted}
		}
		if e.Location != "" {
			if len(passed) == redirects {
				return nil, &fetch.Error{Code: fetch.TooManyRedirects, URL: at, Reason: "too many redirects"}
			}
			passed, at = append(passed, at), bare(e.Location)
			continue
		}
		body := e.Body
		if e.File != "" {
			var err error
			if body, err = readFile(e.File, largest); err != nil {
				return nil, &fetch.Error{Code: fetch.BadAnswer, URL: at, Reason: "the file kept for it cannot be read: " + err.Error(), Err: err}
			}
		}
		r := &fetch.Response{URL: at, Status: 200, ContentType: e.ContentType, Body: body, FetchedAt: now, Redirects: passed}
		if e.Status != 0 {
			r.Status = e.Status
		}
		if !e.FetchedAt.IsZero() {
			r.FetchedAt = e.FetchedAt
		}
		return r, nil
	}
}

// readFile reads a file of at most limit bytes.
func readFile(path string, limit int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "read", Path: path, Err: errors.New("not a regular file")}
	}
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err == nil && int64(len(data)) > limit {
		err = fmt.Errorf("more than %d bytes", limit)
	}
	return data, err
}
