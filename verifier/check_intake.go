package verifier

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/accolade-badges/accolade/openbadges"
	"github.com/accolade-badges/accolade/openbadges/bake"
	"github.com/accolade-badges/accolade/openbadges/proof"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
	"github.com/accolade-badges/accolade/verifier/fetch"
)

// intake recognises the input, gets it when it is an address, and takes the
// badge out. It reports whether there is one to judge.
func (b *badge) intake(in Input) bool {
	b.report.Format = formatText
	switch {
	case len(in.Data) > maxInput:
		b.fail(CheckIntake, Invalid, CodeTooLarge, fmt.Sprintf("The file is larger than the %d bytes that a badge has at most.", maxInput), nil)
		return false
	case in.URL == "" && len(trimText(in.Data)) == 0:
		b.fail(CheckIntake, Invalid, CodeEmpty, "The file is empty; perhaps it was not downloaded to its end.", nil)
		return false
	}
	address := in.URL
	if len(in.Data) > 0 {
		if address = ""; sniff(in.Data) == formatURL {
			address = string(trimText(in.Data))
		}
	}
	if address != "" {
		b.report.Format = formatURL
		return b.follow(address)
	}
	return b.open(in.Data, "")
}

// maxHops bounds how often what was fetched may itself be an address.
const maxHops = 3

// follow gets what lies at an address and opens it.
func (b *badge) follow(address string) bool {
	if b.depth > 0 {
		b.fail(CheckIntake, Invalid, CodeNotABadge, "An address stands in the place of a credential; only credentials themselves are looked at there.", nil)
		return false
	}
	if b.hops++; b.hops > maxHops {
		b.fail(CheckIntake, Invalid, CodeAddressLoop, "One address leads to the next without end.", nil)
		return false
	}
	if !isWeb(address) {
		b.fail(CheckIntake, Invalid, CodeAddressNotWeb, "This is an address, but not one of a web page or file ("+printable(address)+").", nil)
		return false
	}
	response, err := b.v.docs.get(b.v.ctx, address, acceptAnything)
	b.report.Source.URL = clean(address)
	switch {
	case err != nil:
		b.cannot(CheckIntake, codeOf(err), "The address could not be read. "+capital(reasonOf(err))+".", evidence{"url": clean(address)})
		return false
	case response.Status == 410:
		return b.gone(address, response)
	case response.Status != 200:
		b.cannot(CheckIntake, CodeAddressStatus, fmt.Sprintf("There is nothing at that address: the server answers with status %d.", response.Status), evidence{"url": clean(address), "status": response.Status})
		return false
	}
	return b.openAnswer(response, address)
}

func (b *badge) openAnswer(response *fetch.Response, address string) bool {
	b.from = address
	switch sniff(response.Body) {
	case formatHTML:
		return b.openPage(response)
	case formatPNG, formatSVG: // one that only shows a badge may lead to it
		if len(response.Link) > 0 && !b.promising(response.Body) {
			if opened, ok, _ := b.openHints(pageHints(nil, response.URL, response.Link)); opened {
				return ok
			}
		}
	}
	return b.open(response.Body, address)
}

// gone is for an address that answers 410, by which hosts of Open Badges 2.0 say
// that a badge was taken back.
func (b *badge) gone(address string, response *fetch.Response) bool {
	b.from = address
	if tree, err := strictjson.Parse(trimText(response.Body)); err == nil && tree.Get("badge") != nil {
		return b.open(response.Body, address)
	}
	e := evidence{"url": clean(address), "status": response.Status}
	if tree, err := strictjson.Parse(trimText(response.Body)); err == nil && tree.Get("revocationReason").Str() != "" {
		e["reason"] = clean(tree.Get("revocationReason").Str())
	}
	b.pass(CheckIntake, CodeRead, "The address was read.", evidence{"url": clean(address)})
	b.fail(CheckStatus, Revoked, CodeGone, "The issuer's server answers that this badge is gone, which is how a hosted badge is taken back.", e)
	return false
}

// openPage looks in a page for the credential that it shows.
func (b *badge) openPage(response *fetch.Response) bool {
	opened, ok, tried := b.openHints(pageHints(response.Body, response.URL, response.Link))
	if opened {
		return ok
	}
	b.fromPage = true
	b.report.Format = formatHTML
	e := evidence{"page": clean(response.URL)}
	if tried != nil {
		e["tried"] = tried
	}
	b.cannot(CheckIntake, CodePageWithoutBadge, "This is a page, and it does not lead to a badge that could be checked; try the badge's file or its own address.", e)
	return false
}

// openHints opens the first of the hints that leads to a badge. Where none does
// it says which addresses it has tried.
func (b *badge) openHints(hints []hint) (opened, ok bool, tried []string) {
	for _, h := range hints {
		if h.url == "" {
			b.fromPage = true
			return true, b.open(h.data, ""), nil
		}
		found, err := b.v.docs.get(b.v.ctx, h.url, acceptCredential)
		tried = append(tried, clean(h.url))
		if err != nil || found.Status != 200 || !b.promising(found.Body) {
			continue
		}
		b.from, b.fromPage = h.url, true
		b.report.Source.URL = clean(h.url)
		return true, b.open(found.Body, h.url), nil
	}
	return false, false, tried
}

// promising tells whether what a page led to may hold a badge: a picture must
// have one inside.
func (b *badge) promising(body []byte) bool {
	switch sniff(body) {
	case formatPNG, formatSVG:
		found, err := bake.Extract(body, bake.Limits{})
		return err == nil && len(found) > 0
	case formatJSON:
		doc, err := openbadges.Parse(body)
		return err == nil && doc.Kind != openbadges.KindUnknown
	case formatJWT:
		return true
	}
	return false
}

// open takes the badge out of bytes of any format. Where they came from is the
// address from, if any.
func (b *badge) open(data []byte, from string) bool {
	format := sniff(data)
	if b.report.Format == formatText || b.report.Format == formatURL || b.report.Format == "" {
		b.report.Format = format
	}
	switch format {
	case formatPNG, formatSVG:
		return b.openPicture(data)
	case formatPDF:
		return b.openPDF(data)
	case formatJSON:
		return b.openJSON(trimText(data))
	case formatJWT:
		return b.openToken(data)
	case formatHTML:
		if hints := pageHints(data, from, nil); len(hints) > 0 && hints[0].data != nil {
			return b.open(hints[0].data, "")
		}
		b.cannot(CheckIntake, CodePageWithoutBadge, "This is a page without a badge inside; give the badge's file or the address of the page.", nil)
		return false
	case formatURL:
		return b.follow(string(trimText(data)))
	}
	b.fail(CheckIntake, Invalid, CodeNotABadge, "This is neither a picture, nor JSON, nor a token, nor an address: there is no badge in it. Pictures hold badges as PNG and SVG only: use the file as it was issued, or the badge's link.", nil)
	return false
}

// openPicture takes the first badge of the newest generation out of a picture.
// A second one of its keyword that is another credential makes the picture
// ambiguous; anything else is only told.
func (b *badge) openPicture(data []byte) bool {
	found, err := bake.Extract(data, bake.Limits{Picture: maxInput})
	if err != nil {
		e, message := evidence{}, capital(printable(err.Error()))+"."
		var bad *bake.Error
		if errors.As(err, &bad) {
			e["reason"], message = string(bad.Code), damage(bad)
		}
		b.fail(CheckIntake, Invalid, CodePictureBad, message, e)
		return false
	}
	if len(found) == 0 {
		b.fail(CheckIntake, Invalid, CodePictureEmpty, "This picture has no badge inside. Pictures that went through a photo library or a social network lose it: use the file as it was issued, or its JSON or link.", nil)
		return false
	}
	first := pick(found)
	e := evidence{"where": first.Where, "keyword": clean(first.Keyword)}
	others := 0
	for i := range found {
		f := &found[i]
		if f == first || f.Generation != first.Generation {
			continue
		}
		others++
		if other := parsedCredential(f.Payload()); other != nil && !strictjson.Equal(other, parsedCredential(first.Payload())) {
			b.fail(CheckIntake, Invalid, CodePictureAmbiguous, "This picture has two different badges inside, so it proves neither.", e)
			return false
		}
	}
	if others > 0 {
		e["alsoInside"] = others
	}
	b.picture = e
	payload := first.Payload()
	switch sniff(payload) {
	case formatPNG, formatSVG, formatPDF, formatHTML, formatText:
		b.fail(CheckIntake, Invalid, CodeNotABadge, "What is inside this picture in the place of a badge is none.", e)
		return false
	case formatJSON:
		// Some bakers of OB 1.0 wrote only where the assertion lies.
		if tree, err := strictjson.Parse(payload); err == nil && first.Generation == bake.OB2 && tree.Get("badge") == nil {
			if address := tree.Get("verify").Get("url").Str(); isWeb(address) {
				return b.follow(address)
			}
		}
	}
	return b.open(payload, "")
}

// damage says what is wrong with a picture, for whoever holds it first. What
// package bake advises is for pictures to put a badge into: a picture that is saved
// anew loses the one it has.
func damage(bad *bake.Error) string {
	reason := printable(strings.TrimSuffix(bad.Error(), "; "+bad.Advice))
	switch bad.Code {
	case bake.Truncated, bake.Damaged, bake.BadChunk:
		return "The file was cut short or changed on its way; take it anew from where it was issued. What is wrong: " + reason + "."
	}
	return "This picture cannot be read: " + reason + ". Use the badge's file as it was issued, or its JSON or link."
}

// pick returns the first badge of the newest generation.
func pick(found []bake.Found) *bake.Found {
	for _, g := range []bake.Generation{bake.OB3, bake.CLR, bake.OB2} {
		for i := range found {
			if found[i].Generation == g {
				return &found[i]
			}
		}
	}
	return &found[0]
}

// parsedCredential is what a baked text says, when it parses as a credential.
func parsedCredential(text []byte) *strictjson.Value {
	text = trimText(text)
	if isToken(text) {
		parts := strings.Split(string(text), ".")
		payload, err := base64.RawURLEncoding.Strict().DecodeString(parts[1])
		if err != nil {
			return nil
		}
		text = payload
	}
	if doc, err := openbadges.Parse(text); err == nil && doc.Kind != openbadges.KindUnknown {
		return doc.JSON
	}
	return nil
}

func (b *badge) openJSON(data []byte) bool {
	doc, err := openbadges.Parse(data)
	if err != nil {
		e, reason := evidence{}, err.Error()
		var bad *strictjson.Error
		if errors.As(err, &bad) {
			reason = bad.Error()
			e["reason"], e["line"], e["column"] = string(bad.Code), bad.Line, bad.Column
		}
		b.fail(CheckIntake, Invalid, CodeJSONBad, "The badge cannot be read as JSON: "+printable(reason)+". If it was cut short or edited on its way, take it anew from where it was issued.", e)
		return false
	}
	return b.openTree(doc)
}

// openTree makes a parsed document the badge, and unwraps an enveloped one (VC
// Data Model 2.0, sections 4.12 and 4.13).
func (b *badge) openTree(doc *openbadges.Document) bool {
	types := doc.JSON.Get("type")
	if types.Contains("EnvelopedVerifiableCredential") || types.Contains("EnvelopedVerifiablePresentation") {
		media, content, ok := strings.Cut(strings.TrimPrefix(doc.JSON.Get("id").Str(), "data:"), ",")
		if !ok || !isToken([]byte(content)) {
			b.fail(CheckIntake, Invalid, CodeEnvelopeBad, "This is an envelope without a token inside.", evidence{"mediaType": clean(media)})
			return false
		}
		b.enveloped = true
		return b.openToken([]byte(content))
	}
	b.doc, b.json = doc, doc.JSON
	b.old = !doc.Version.Verifiable()
	b.opened(CodeRead, b.what()+" was found in the input.")
	return true
}

// opened adds the line on what was read.
func (b *badge) opened(code, message string) {
	e := b.picture
	if b.from != "" {
		if e == nil {
			e = evidence{}
		}
		e["url"] = clean(b.from)
	}
	b.pass(CheckIntake, code, message, e)
}

// what names what was found, for a person.
func (b *badge) what() string {
	switch b.doc.Kind {
	case openbadges.KindAssertion, openbadges.KindCredential:
		return "A badge"
	case openbadges.KindEndorsement:
		return "An endorsement"
	case openbadges.KindCLR:
		return "A learner record"
	case openbadges.KindPresentation:
		return "A presentation"
	case openbadges.KindBadgeClass, openbadges.KindAchievement:
		return "The description of a badge"
	case openbadges.KindProfile:
		return "The profile of an issuer"
	}
	return "A document"
}

// openToken reads a compact JWS: a credential of 3.0, or an assertion of 1.x or
// 2.0.
func (b *badge) openToken(data []byte) bool {
	compact := string(data)
	if strings.ContainsAny(compact, " \t\r\n") {
		compact = strings.Join(strings.Fields(compact), "") // broken into lines by a mailer or a terminal
	}
	b.text = compact
	if strings.Count(compact, ".") != 2 {
		b.fail(CheckIntake, Invalid, CodeTokenBad, "This is a token of another kind than a signed badge; encrypted ones are not accepted.", nil)
		return false
	}
	token, err := proof.ParseJWT(compact)
	if err != nil {
		b.refuse(err)
		return false
	}
	if isOldPayload(token.Claims) {
		if b.report.Format == formatJWT {
			b.report.Format = formatJWS
		}
		return b.openJWS(compact)
	}
	b.token = token
	credential, err := token.Credential()
	if err != nil {
		b.refuse(err)
		return false
	}
	if vp := token.Claims.Get("vp"); vp.Is(strictjson.Object) && token.Claims.Get("vc") == nil {
		credential = vp
	}
	doc := openbadges.FromTree(credential)
	if doc.JSON.Get("type").Contains("EnvelopedVerifiableCredential") {
		b.fail(CheckIntake, Invalid, CodeEnvelopeBad, "This is a token around an envelope; a signed badge has one signature around it.", nil)
		return false
	}
	b.doc, b.json = doc, doc.JSON
	b.old = false
	b.opened(CodeRead, b.what()+" was found in the input, as a signed token.")
	return true
}

// refuse reports a token that cannot be read, or that its own header forbids to
// accept: not secured, an algorithm that is not on the list, a critical header
// that nobody understands.
func (b *badge) refuse(err error) {
	code := CodeTokenBad
	e := evidence{}
	var bad *proof.Error
	if errors.As(err, &bad) {
		e["reason"] = string(bad.Code)
	}
	b.fail(CheckIntake, Invalid, code, "The token cannot be accepted: "+printable(err.Error())+".", e)
}

// isOldPayload tells whether a token's payload is an assertion of 1.x or 2.0, or
// an endorsement of 2.0.
func isOldPayload(claims *strictjson.Value) bool {
	if claims.Get("vc") != nil || claims.Get("vp") != nil || claims.Get("credentialSubject") != nil {
		return false
	}
	return claims.Get("badge") != nil && claims.Get("recipient") != nil ||
		claims.Get("claim") != nil && claims.Get("type").Contains(openbadges.TypeOB2Endorsement)
}

// capital begins a sentence; an address keeps its spelling.
func capital(s string) string {
	if s == "" || s[0] >= utf8.RuneSelf || strings.HasPrefix(s, "http") {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
