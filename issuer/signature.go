package issuer

import (
	"fmt"
	"html"
	"strings"
)

// SignatureSizes are the sides in pixels at which a badge stands in a mail
// signature.
func SignatureSizes() []int { return []int{64, 96, 120} }

// Signature is a badge in a mail signature. All words are the caller's, in the
// language of the mails.
type Signature struct {
	Title   string // of the badge
	Line    string // issuer and state, such as "Sample Institute · valid until 9 February 2027"
	Alt     string // what stands in place of the picture: title, issuer, state
	Link    string // what stands before the address, such as "Verify: "
	Page    string // address that the picture and the line lead to; without tracking
	Picture string // address of a PNG of twice Size
	Size    int    // one of [SignatureSizes]
	Lang    string // BCP 47
}

// The widths of a signature's cells beside the picture, in pixels: fixed, so
// that mail programs that scale pixels wrap nothing.
const (
	signatureGap  = 14
	signatureText = 380
)

// maxSignatureText bounds each text, so that a signature stays far below the 8 KB
// that it may have: long mails are cut, and a thread repeats it.
const maxSignatureText = 240

// HTML returns the signature as mail programs keep it: one table, inline styles,
// sizes as attributes, no class, no background, no comment. It sets no colour of
// its own, and its links none either, so that all of it stands on white and on
// dark alike.
func (g Signature) HTML() string {
	text := func(s string) string { return html.EscapeString(bounded(s, maxSignatureText)) }
	page, size := html.EscapeString(g.Page), g.Size
	_, short, _ := strings.Cut(g.Page, "://")
	var b strings.Builder
	fmt.Fprintf(&b, `<table role="presentation" cellpadding="0" cellspacing="0" border="0" lang="%s" style="border-collapse:collapse;"><tr>`, html.EscapeString(g.Lang))
	fmt.Fprintf(&b, `<td width="%d" valign="middle" style="width:%dpx;padding:0;"><a href="%s" style="color:inherit;text-decoration:none;">`, size, size, page)
	fmt.Fprintf(&b, `<img src="%s" width="%d" height="%d" border="0" alt="%s" style="display:block;width:%dpx;height:%dpx;border:0;font-family:Arial,Helvetica,sans-serif;font-size:10px;line-height:12px;"></a></td>`,
		html.EscapeString(g.Picture), size, size, text(g.Alt), size, size)
	fmt.Fprintf(&b, `<td width="%d" style="width:%dpx;padding:0;font-size:1px;line-height:1px;">&nbsp;</td>`, signatureGap, signatureGap)
	fmt.Fprintf(&b, `<td width="%d" valign="middle" style="width:%dpx;padding:0;text-align:left;font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:20px;">`, signatureText, signatureText)
	fmt.Fprintf(&b, `<strong dir="auto">%s</strong><br><span dir="auto" style="font-size:13px;">%s</span><br>`, text(g.Title), text(g.Line))
	fmt.Fprintf(&b, `<span style="font-size:12px;">%s<a href="%s" style="color:inherit;">%s</a></span></td></tr></table>`, text(g.Link), page, text(short))
	return b.String()
}

// bounded cuts text to most characters, with an ellipsis where it had more.
func bounded(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return text
}
