package verifier

import (
	"bytes"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// hint is one place in a page where its credential may be: an address, or the
// credential itself.
type hint struct {
	url  string
	data []byte
}

// maxHints bounds how many hints of one page are followed.
const maxHints = 4

// pageHints returns where the page at base says that its credential is, the
// most telling first: an alternate form by Link header or <link>, JSON-LD in
// the page, then the picture that Open Graph names. Pages of any platform are
// read; nothing in them is run.
func pageHints(page []byte, base string, headers []string) []hint {
	p := &pageReader{}
	if u, err := url.Parse(base); err == nil {
		p.base = u
	}
	for _, h := range headers {
		p.linkHeader(h)
	}
	p.read(page)
	var out []hint
	seen := make(map[string]bool)
	for _, list := range [][]hint{p.alternates, p.embedded, p.pictures} {
		for _, h := range list {
			if key := h.url + string(h.data); !seen[key] && len(out) < maxHints {
				seen[key] = true
				out = append(out, h)
			}
		}
	}
	return out
}

type pageReader struct {
	base                           *url.URL
	alternates, embedded, pictures []hint
}

func (p *pageReader) read(page []byte) {
	z := html.NewTokenizer(bytes.NewReader(page))
	z.SetMaxBuf(1 << 20)
	jsonLD := false
	for {
		switch z.Next() {
		case html.ErrorToken:
			return
		case html.TextToken:
			if jsonLD {
				p.json(z.Text())
			}
		case html.EndTagToken:
			jsonLD = false
		case html.StartTagToken, html.SelfClosingTagToken:
			token := z.Token()
			a := attributes(token.Attr)
			switch token.DataAtom {
			case atom.Base:
				if u, ok := p.resolve(a["href"]); ok {
					p.base, _ = url.Parse(u)
				}
			case atom.Link:
				if hasWord(a["rel"], "alternate") && credentialType(a["type"]) {
					p.alternate(a["href"])
				}
			case atom.Meta:
				switch name := a["property"] + a["name"]; name {
				case "og:image", "og:image:url", "og:image:secure_url", "twitter:image":
					if u, ok := p.resolve(a["content"]); ok {
						p.pictures = append(p.pictures, hint{url: u})
					}
				}
			case atom.Script:
				jsonLD = mediaType(a["type"]) == "application/ld+json"
			}
		}
	}
}

// json takes a JSON-LD block: the credential itself, or something that names it.
func (p *pageReader) json(text []byte) {
	v, err := strictjson.Parse(bytes.TrimSpace(text))
	if err != nil {
		return
	}
	for _, item := range v.List() {
		if types := item.Get("type"); types.Contains("VerifiableCredential") || types.Contains("Assertion") {
			p.embedded = append(p.embedded, hint{data: item.Append(nil)})
			continue
		}
		for _, name := range []string{"contentUrl", "encoding", "url", "sameAs", "identifier", "@id", "image"} {
			for _, s := range item.Get(name).Strings() {
				if path, _, _ := strings.Cut(s, "?"); hasSuffix(path, ".json", ".jsonld", ".jwt", ".jws", ".png", ".svg") {
					if u, ok := p.resolve(s); ok {
						p.embedded = append(p.embedded, hint{url: u})
					}
				}
			}
		}
	}
}

// linkHeader takes one Link header field (RFC 8288).
func (p *pageReader) linkHeader(field string) {
	for _, link := range strings.Split(field, ",") {
		target, rest, ok := strings.Cut(strings.TrimSpace(link), ">")
		if !ok || !strings.HasPrefix(target, "<") {
			continue
		}
		a := make(map[string]string)
		for _, parameter := range strings.Split(rest, ";") {
			name, value, _ := strings.Cut(strings.TrimSpace(parameter), "=")
			a[strings.ToLower(name)] = strings.Trim(value, `"`)
		}
		if hasWord(a["rel"], "alternate") && credentialType(a["type"]) {
			p.alternate(target[1:])
		}
	}
}

func (p *pageReader) alternate(href string) {
	if u, ok := p.resolve(href); ok {
		p.alternates = append(p.alternates, hint{url: u})
	}
}

func (p *pageReader) resolve(href string) (string, bool) {
	if href == "" || len(href) > 2048 || p.base == nil {
		return "", false
	}
	u, err := p.base.Parse(strings.TrimSpace(href))
	if err != nil || u.Scheme != "https" && u.Scheme != "http" {
		return "", false
	}
	return u.String(), true
}

func attributes(list []html.Attribute) map[string]string {
	a := make(map[string]string, len(list))
	for _, attribute := range list {
		if _, there := a[attribute.Key]; !there {
			a[attribute.Key] = attribute.Val
		}
	}
	return a
}

// credentialType tells whether a media type is one in which credentials travel.
func credentialType(t string) bool {
	switch mediaType(t) {
	case "application/vc", "application/vc+ld+json", "application/vc+jwt", "application/vc+ld+json+jwt", "application/jwt",
		"application/ld+json", "application/json", "text/plain", "image/png", "image/svg+xml":
		return true
	}
	return false
}

// mediaType is the type without its parameters, in lower case.
func mediaType(t string) string {
	t, _, _ = strings.Cut(t, ";")
	return strings.ToLower(strings.TrimSpace(t))
}

func hasWord(list, word string) bool {
	for _, w := range strings.Fields(list) {
		if strings.EqualFold(w, word) {
			return true
		}
	}
	return false
}

func hasSuffix(s string, suffixes ...string) bool {
	s = strings.ToLower(s)
	for _, suffix := range suffixes {
		if strings.HasSuffix(s, suffix) {
			return true
		}
	}
	return false
}
