package issuer

import (
	"fmt"
	"net/url"
	"strings"
)

// URLs builds every address that an installation publishes from its base URL.
type URLs struct{ base string }

// NewURLs checks a base URL: http or https, a host, and nothing after it.
func NewURLs(base string) (URLs, error) {
	base = strings.TrimRight(base, "/")
	u, err := url.Parse(base)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return URLs{}, fmt.Errorf("base URL %q: give scheme and host only, like https://badges.example.org", base)
	}
	return URLs{base: u.Scheme + "://" + strings.ToLower(u.Host)}, nil
}

// Base returns the base URL, without a trailing slash.
func (u URLs) Base() string { return u.base }

// Origin returns the host, with its port if it has one.
func (u URLs) Origin() string {
	_, host, _ := strings.Cut(u.base, "://")
	return host
}

// Path strips the base URL from address; ok tells whether it was ours.
func (u URLs) Path(address string) (path string, ok bool) {
	rest, ok := strings.CutPrefix(address, u.base)
	if !ok || rest != "" && rest[0] != '/' && rest[0] != '?' && rest[0] != '#' {
		return "", false
	}
	return rest, true
}

// The addresses of an award; suffix is "", ".json", ".jwt", ".png", ".svg", or
// a sub-page such as "/image.png".

// Badge returns the permanent address of an award, which is also its
// credential's id.
func (u URLs) Badge(id, suffix string) string { return u.base + "/badges/" + id + suffix }

// Assertion returns the id of an award's OB 2.0 assertion.
func (u URLs) Assertion(id string) string { return u.base + "/ob2/assertions/" + id }

// BadgeClass returns the id of an achievement's OB 2.0 BadgeClass.
func (u URLs) BadgeClass(slug string) string { return u.base + "/ob2/badges/" + slug }

// OB2Issuer returns the id of an issuer's OB 2.0 Profile.
func (u URLs) OB2Issuer(slug string) string { return u.base + "/ob2/issuers/" + slug }

// OB2Revocations returns the id of an issuer's OB 2.0 revocation list.
func (u URLs) OB2Revocations(slug string) string { return u.base + "/ob2/revocations/" + slug }

// OB2Key returns the id of an OB 2.0 CryptographicKey.
func (u URLs) OB2Key(name string) string { return u.base + "/ob2/keys/" + name }

// Achievement returns the id of an achievement; suffix may be "/image.png".
func (u URLs) Achievement(slug, suffix string) string {
	return u.base + "/achievements/" + slug + suffix
}

// Issuer returns the page of an issuer; suffix may be "/did.json" or
// "/image.png".
func (u URLs) Issuer(slug, suffix string) string { return u.base + "/issuers/" + slug + suffix }

// Key returns the address of one bare Multikey or JWK.
func (u URLs) Key(name string) string { return u.base + "/keys/" + name }

// Status returns the address of a status list credential.
func (u URLs) Status(list string) string { return u.base + "/status/" + list }

// Revocations returns the address of an issuer's 1EdTech revocation list.
func (u URLs) Revocations(slug string) string { return u.base + "/revocations/" + slug }

// Refresh returns the address that hands out the newest edition of an award.
func (u URLs) Refresh(id string) string { return u.base + "/refresh/" + id }

// Claim returns the address of a claim link.
func (u URLs) Claim(token string) string { return u.base + "/claim/" + token }

// MyBadge returns the page of an award for the account that owns it.
func (u URLs) MyBadge(id string) string { return u.base + "/me/badges/" + id }

// Confirm returns the address of the link with which somebody proves an address.
func (u URLs) Confirm(token string) string { return u.base + "/confirm/" + token }

// Find returns the page where one asks what waits for an address.
func (u URLs) Find() string { return u.base + "/find" }

// OptOut returns the address where mails of a kind are stopped with one click.
func (u URLs) OptOut(token string) string { return u.base + "/u/" + token }

// Share returns the address of a share link; suffix may be ".json" or another of
// those of [URLs.Badge].
func (u URLs) Share(token, suffix string) string { return u.base + "/s/" + token + suffix }

// Earner returns the address of an earner's profile page; suffix may be
// "/badges.json", "/badges.rss", "/strip.svg" or "/picture.png".
func (u URLs) Earner(handle, suffix string) string { return u.base + "/earners/" + handle + suffix }

// addressSuffixes are the forms under an award's own address, by name.
var addressSuffixes = map[string]string{
	"page": "", "json": ".json", "jwt": ".jwt", "png": ".png", "svg": ".svg", "image": "/image.png",
	"card": "/card.png", "qr": "/qr.png", "embed": "/embed", "certificate": "/certificate.pdf",
}

// All names every address of an award; [AddressNames] lists the names.
func (u URLs) All(id string) map[string]string {
	all := map[string]string{"ob2": u.Assertion(id), "refresh": u.Refresh(id)}
	for name, suffix := range addressSuffixes {
		all[name] = u.Badge(id, suffix)
	}
	return all
}

// AddressNames lists the names of an award's addresses in a sensible order.
func AddressNames() []string {
	return []string{"page", "json", "jwt", "png", "svg", "ob2", "certificate", "image", "card", "qr", "embed", "refresh"}
}

// mailDomain is the host of the base URL without its port.
func (u URLs) mailDomain() string {
	parsed, err := url.Parse(u.base)
	if err != nil {
		return "localhost"
	}
	return parsed.Hostname()
}
