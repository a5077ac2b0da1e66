package jsonld

import (
	"crypto"
	"sync"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// Options changes how a document is read and canonicalized. The zero value is
// right for eddsa-rdfc-2022 and for ecdsa-rdfc-2019 with P-256.
type Options struct {
	// Hash is what RDFC-1.0 hashes with: SHA256, the default, or SHA384, which
	// ecdsa-rdfc-2019 wants with P-384.
	Hash crypto.Hash
	// MaxCalls bounds the calls of the Hash N-Degree Quads algorithm, which take
	// exponential time on hostile graphs; the other steps are bounded in
	// proportion. Default 4096.
	MaxCalls int
	// Edition chooses among the editions that were published under one address.
	// The default is the one that libraries carry; "validator" is the Open Badges
	// 3.0.3 context of the 1EdTech validator, with endorsementJwt and jti.
	Edition string
	// Context, when set, is used in place of the document's own @context. Proof
	// options are canonicalized under the context of the document they belong to.
	Context *strictjson.Value
}

// defaultMaxCalls is far beyond any real badge and still ends within 50 ms.
const defaultMaxCalls = 4096

// Canonicalize returns the canonical N-Quads of a JSON-LD document: what a Data
// Integrity proof with an rdfc suite hashes (vc-di-eddsa, section 3.2.3). It
// leaves nothing out, so the caller takes "proof" away first. The error is an
// [*Error]. Safe for concurrent use.
func Canonicalize(doc *strictjson.Value, o Options) ([]byte, error) {
	return AppendCanonical(nil, doc, o)
}

// AppendCanonical is [Canonicalize] for callers that only hash the result and
// reuse its memory: it appends to dst and returns the extended slice.
func AppendCanonical(dst []byte, doc *strictjson.Value, o Options) ([]byte, error) {
	w := writers.Get().(*writer)
	defer w.release()
	if err := w.document(doc, o); err != nil {
		return nil, err
	}
	out, _, err := canonicalForm(dst, w.quads, int(w.blanks), false, o)
	return out, err
}

// ToRDF returns the RDF dataset of a JSON-LD document under the same refusals
// as [Canonicalize]. A statement may be in it twice.
func ToRDF(doc *strictjson.Value, o Options) (*Dataset, error) {
	w := writers.Get().(*writer)
	defer w.release()
	if err := w.document(doc, o); err != nil {
		return nil, err
	}
	return &Dataset{quads: append([]quad(nil), w.quads...), blanks: int(w.blanks)}, nil
}

// writers keeps the memory of finished calls.
var writers = sync.Pool{New: func() any { return new(writer) }}

// release gives back a writer, but not the memory of an unusually large document.
func (w *writer) release() {
	if cap(w.quads) > 4096 {
		return
	}
	clear(w.quads)
	*w = writer{quads: w.quads[:0]}
	writers.Put(w)
}
