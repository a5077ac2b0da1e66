package fetch

import (
	"container/list"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// longest bounds how long an answer is kept, whatever its server says.
const longest = 24 * time.Hour

// freshUntil tells until when the server lets an answer be used again: max-age
// less Age, else Expires (RFC 9111, section 4.2). Nothing is guessed.
func freshUntil(r *http.Response, now time.Time) time.Time {
	if r.StatusCode != http.StatusOK || r.Header.Get("Vary") == "*" {
		return time.Time{}
	}
	age := time.Duration(-1)
	for _, directive := range strings.Split(strings.ToLower(strings.Join(r.Header.Values("Cache-Control"), ",")), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
		switch name {
		case "no-store", "no-cache", "private":
			return time.Time{}
		case "max-age":
			if n, err := strconv.Atoi(strings.Trim(value, `"`)); err == nil && n >= 0 {
				age = min(time.Duration(n)*time.Second, longest)
			}
		}
	}
	if age < 0 {
		expires, err := http.ParseTime(r.Header.Get("Expires"))
		if err != nil {
			return time.Time{}
		}
		date, err := http.ParseTime(r.Header.Get("Date"))
		if err != nil {
			date = now
		}
		age = min(expires.Sub(date), longest)
	}
	if spent, err := strconv.Atoi(r.Header.Get("Age")); err == nil && spent > 0 {
		age -= time.Duration(min(spent, int(longest/time.Second))) * time.Second
	}
	return now.Add(age)
}

// cache keeps answers up to a number of bytes and drops the one that was used
// longest ago.
type cache struct {
	mu     sync.Mutex
	limit  int64
	size   int64
	order  *list.List // of *entry, most recently used first
	byName map[string]*list.Element
}

type entry struct {
	key      string
	response Response
	until    time.Time
}

func (e *entry) size() int64 { return int64(len(e.key)+len(e.response.Body)) + 512 }

func newCache(limit int64) *cache {
	return &cache{limit: limit, order: list.New(), byName: make(map[string]*list.Element)}
}

func (c *cache) get(key string, now time.Time) *Response {
	c.mu.Lock()
	defer c.mu.Unlock()
	element, ok := c.byName[key]
	if !ok {
		return nil
	}
	kept := element.Value.(*entry)
	if !now.Before(kept.until) || now.Before(kept.response.FetchedAt) {
		c.remove(element)
		return nil
	}
	c.order.MoveToFront(element)
	return &kept.response
}

func (c *cache) put(key string, r Response, until time.Time) {
	r.Redirects = nil
	fresh := &entry{key, r, until}
	if !until.After(r.FetchedAt) || fresh.size() > c.limit/4 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if old, ok := c.byName[key]; ok {
		c.remove(old)
	}
	c.byName[key] = c.order.PushFront(fresh)
	c.size += fresh.size()
	for c.size > c.limit {
		c.remove(c.order.Back())
	}
}

func (c *cache) remove(element *list.Element) {
	dropped := c.order.Remove(element).(*entry)
	delete(c.byName, dropped.key)
	c.size -= dropped.size()
}
