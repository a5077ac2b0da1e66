package web

import "sync"

// maxRendered bounds how many pages are kept, some 20 KB each.
const maxRendered = 1000

// renderedPages keeps pages under a key that names all that they depend on. It
// may forget any of them at any time.
type renderedPages struct {
	mu   sync.Mutex
	kept map[string][]byte
}

// get returns the kept page of key, or renders and keeps it.
func (r *renderedPages) get(key string, render func() ([]byte, error)) ([]byte, error) {
	r.mu.Lock()
	body, ok := r.kept[key]
	r.mu.Unlock()
	if ok {
		return body, nil
	}
	body, err := render()
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.kept == nil || len(r.kept) >= maxRendered {
		r.kept = map[string][]byte{}
	}
	r.kept[key] = body
	return body, nil
}
