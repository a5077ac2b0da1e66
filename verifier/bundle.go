package verifier

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sort"
	"time"
)

// Bundle is a badge together with the documents that its verification needs: the
// issuer's keys, hosted copies and a snapshot of its status. With it a badge
// can be verified without network; a report made from it says of when the
// status is. Make one with [MakeBundle], read one with [OpenBundle].
type Bundle struct {
	MadeAt    time.Time
	input     Input
	documents *Documents
}

// bundleFormat names the file format and its edition.
const bundleFormat = "accolade-bundle/1"

type bundleFile struct {
	Format    string           `json:"format"`
	MadeAt    time.Time        `json:"madeAt"`
	Name      string           `json:"name,omitempty"`
	URL       string           `json:"url,omitempty"`
	Data      []byte           `json:"data,omitempty"`
	Documents []bundleDocument `json:"documents"`
}

type bundleDocument struct {
	URL         string    `json:"url"`
	Status      int       `json:"status"`
	ContentType string    `json:"contentType,omitempty"`
	FetchedAt   time.Time `json:"fetchedAt"`
	Body        []byte    `json:"body"`
}

// Input returns the badge in the bundle.
func (b *Bundle) Input() Input { return b.input }

// MakeBundle verifies in and keeps whatever was fetched for it. The report is
// that of this verification; a bundle is made of a bad badge too.
func MakeBundle(ctx context.Context, in Input, o Options) (*Bundle, *Report, error) {
	v, report, err := verify(ctx, in, o)
	if err != nil {
		return nil, nil, err
	}
	b := &Bundle{MadeAt: report.CheckedAt, input: in, documents: NewDocuments(nil)}
	for url, r := range v.docs.got {
		b.documents.entries[url] = Document{
			Body: r.Body, ContentType: r.ContentType, Status: r.Status, FetchedAt: r.FetchedAt.UTC(), Found: true,
		}
	}
	return b, report, nil
}

// MarshalJSON writes the bundle as the file that OpenBundle reads.
func (b *Bundle) MarshalJSON() ([]byte, error) {
	f := bundleFile{Format: bundleFormat, MadeAt: b.MadeAt, Name: b.input.Name, URL: b.input.URL, Data: b.input.Data}
	for url, d := range b.documents.entries {
		f.Documents = append(f.Documents, bundleDocument{url, d.Status, d.ContentType, d.FetchedAt, d.Body})
	}
	sort.Slice(f.Documents, func(i, j int) bool { return f.Documents[i].URL < f.Documents[j].URL })
	return json.Marshal(f)
}

// OpenBundle reads a bundle of at most 24 MiB.
func OpenBundle(data []byte) (*Bundle, error) {
	const largest = 24 << 20
	if len(data) > largest {
		return nil, fmt.Errorf("open bundle: more than %d bytes", largest)
	}
	var f bundleFile
	if err := json.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("open bundle: not a bundle file: %w", err)
	}
	if f.Format != bundleFormat {
		return nil, fmt.Errorf("open bundle: its format is %q, not %q; make it again with this version", f.Format, bundleFormat)
	}
	if len(f.Data) == 0 && f.URL == "" {
		return nil, errors.New("open bundle: there is no badge in it")
	}
	b := &Bundle{MadeAt: f.MadeAt.UTC(), input: Input{Data: f.Data, URL: f.URL, Name: f.Name}, documents: NewDocuments(nil)}
	for _, d := range f.Documents {
		b.documents.entries[bare(d.URL)] = Document{
			Body: d.Body, ContentType: d.ContentType, Status: d.Status, FetchedAt: d.FetchedAt, Found: true,
		}
	}
	return b, nil
}
