package jsonld_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"github.com/piprate/json-gold/ld"
)

// oracle is json-gold, an independent processor, with the published contexts.
type oracle struct{ contexts map[string]any }

var published1 struct {
	sync.Once
	contexts map[string]any
}

func mustOracle(tb testing.TB) *oracle {
	tb.Helper()
	index := mustIndex(tb)
	published1.Do(func() {
		published1.contexts = map[string]any{}
		for _, f := range index {
			for _, url := range f.URLs {
				var doc any
				if err := json.Unmarshal(mustRead(tb, "standards/"+f.File), &doc); err != nil {
					tb.Fatal(err)
				}
				published1.contexts[url] = doc
			}
		}
	})
	return &oracle{published1.contexts}
}

func (o *oracle) LoadDocument(url string) (*ld.RemoteDocument, error) {
	doc, ok := o.contexts[url]
	if !ok {
		return nil, ld.NewJsonLdError(ld.LoadingDocumentFailed, url)
	}
	return &ld.RemoteDocument{DocumentURL: url, Document: doc}, nil
}

func (o *oracle) options() *ld.JsonLdOptions {
	opts := ld.NewJsonLdOptions("")
	opts.DocumentLoader = o
	opts.Algorithm = ld.AlgorithmURDNA2015
	opts.Format = "application/n-quads"
	return opts
}

// canonicalize returns the canonical form as json-gold sees it.
func (o *oracle) canonicalize(doc []byte) (out []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("json-gold panics: %v", r)
		}
	}()
	var tree any
	d := json.NewDecoder(bytes.NewReader(doc))
	if err := d.Decode(&tree); err != nil {
		return nil, err
	}
	nquads, err := ld.NewJsonLdProcessor().Normalize(tree, o.options())
	if err != nil {
		return nil, err
	}
	return []byte(nquads.(string)), nil
}
