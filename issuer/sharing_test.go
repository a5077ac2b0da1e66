package issuer_test

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/accolade-badges/accolade/issuer"
)

func TestShareLinksCarryTheAddressAndTheText(t *testing.T) {
	const address = "https://badges.example.org/badges/x?a=1&b=2"
	const text = "I earned “C# & .NET / Ünï” +1 from 示例认证机构."
	l := issuer.NewShareLinks(address, "C# & .NET", text)
	for _, c := range []struct{ link, begins, name, want string }{
		{l.LinkedIn, "https://www.linkedin.com/sharing/share-offsite/?url=", "url", address},
		{l.Facebook, "https://www.facebook.com/sharer/sharer.php?u=", "u", address},
		{l.X, "https://twitter.com/intent/tweet?text=", "text", text},
		{l.X, "https://twitter.com/intent/tweet?text=", "url", address},
		{l.Mail, "mailto:?subject=", "subject", "C# & .NET"},
		{l.Mail, "mailto:?subject=", "body", text + "\r\n\r\n" + address},
	} {
		u, err := url.Parse(c.link)
		if err != nil || !strings.HasPrefix(c.link, c.begins) || u.Query().Get(c.name) != c.want {
			t.Errorf("%s: %v, %s is %q, want %q", c.link, err, c.name, u.Query().Get(c.name), c.want)
		}
		if strings.Contains(c.link, "+") {
			t.Errorf("%s has a plus, which some take for a plus", c.link)
		}
	}
}

func TestPostsFitX(t *testing.T) {
	const address = "https://badges.example.org/badges/4xKhVq2wz6mC9nBbTtYpRs"
	for _, c := range []struct{ name, text string }{
		{"short", "Hello"},
		{"long", strings.Repeat("A rather long sentence about a certification, ", 20)},
		{"one word", strings.Repeat("x", 400)},
		{"Chinese, which counts twice", strings.Repeat("我通过了示例认证机构的云管理员认证", 30)},
		{"emoji of several parts", strings.Repeat("👩‍🚀", 100)},
		{"empty", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			u, err := url.Parse(issuer.NewShareLinks(address, "", c.text).X)
			if err != nil {
				t.Fatal(err)
			}
			post := u.Query().Get("text")
			weight := 0
			for _, r := range post {
				if weight++; r > 0x10ff && (r < 0x2000 || r > 0x2037) {
					weight++
				}
			}
			if weight+1+len(address) >= 280 || !utf8.ValidString(post) || strings.ContainsRune(post, utf8.RuneError) {
				t.Errorf("the post counts %d with a link of %d: %q", weight, len(address), post)
			}
			if short := len(c.text) < 200; short && post != c.text || !short && (!strings.HasSuffix(post, "…") || strings.HasSuffix(post, "\u200d…")) {
				t.Errorf("%q became %q", c.text, post)
			}
		})
	}
}
