package verifier

import (
	"bytes"
	"crypto"
	"sync"

	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/openbadges/status"
)

// Cache keeps what was worked out from documents, so that many badges of one
// issuer cost it once: parsed key documents, the signature of a status list, its
// unpacked bits. It never stands in for a document: every verification gets its
// documents anew, and what is kept counts only for exactly the same bytes. Safe
// for concurrent use; make it with [NewCache] and share it in Options.Cache.
type Cache struct {
	mu    sync.Mutex
	size  int
	kept  map[string]keptWork
	limit int
}

// keptWork is what was made of body.
type keptWork struct {
	body []byte
	work any
	size int
}

// NewCache returns an empty Cache that keeps at most 32 MiB.
func NewCache() *Cache { return &Cache{kept: make(map[string]keptWork), limit: 32 << 20} }

// get returns what was made of exactly this body, or nil.
func (c *Cache) get(name string, body []byte) any {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	k, ok := c.kept[name]
	c.mu.Unlock()
	if !ok || !bytes.Equal(k.body, body) {
		return nil
	}
	return k.work
}

// put keeps work, made of body, which took about extra bytes besides. A full
// cache starts over: what is in use comes back at once.
func (c *Cache) put(name string, body []byte, work any, extra int) {
	if c == nil {
		return
	}
	k := keptWork{body, work, len(name) + len(body) + extra + 128}
	if k.size > c.limit/4 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.size += k.size - c.kept[name].size
	if c.size > c.limit {
		clear(c.kept)
		c.size = k.size
	}
	c.kept[name] = k
}

// keyDocument is [did.KeyDocument] through the cache.
func (c *Cache) keyDocument(id string) (*did.Document, error) {
	if doc, ok := c.get("key "+id, nil).(*did.Document); ok {
		return doc, nil
	}
	doc, err := did.KeyDocument(id)
	if err == nil {
		c.put("key "+id, nil, doc, 1024)
	}
	return doc, err
}

// keptSignature is a key by which a signature was found to hold.
type keptSignature struct{ key crypto.PublicKey }

// holds tells whether a signature over body was found to hold by key before.
func (c *Cache) holds(name string, body []byte, key crypto.PublicKey) bool {
	s, ok := c.get("signature "+name, body).(keptSignature)
	return ok && sameKey(s.key, key)
}

func (c *Cache) keepSignature(name string, body []byte, key crypto.PublicKey) {
	c.put("signature "+name, body, keptSignature{key}, 64)
}

// list unpacks a status list through the cache. body is the list's document.
func (c *Cache) list(name string, body []byte, s status.Subject, l status.Limits) (*status.List, error) {
	if list, ok := c.get("list "+name, body).(*status.List); ok {
		return list, nil
	}
	list, err := l.Decode(s.Encoded)
	if err == nil {
		c.put("list "+name, body, list, list.Len()/8)
	}
	return list, err
}
