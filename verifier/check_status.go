package verifier

import (
	"errors"
	"fmt"
	"strings"

	"github.com/accolade-badges/accolade/openbadges"
	"github.com/accolade-badges/accolade/openbadges/status"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// maxStatusEntries bounds how many status entries of one credential are asked.
const maxStatusEntries = 8

// standing is what one status entry came to.
type standing struct {
	kind    string
	effect  Verdict // "" when nothing is held against the badge
	unknown bool    // could not be asked
	code    string
	reason  string // a sentence
	detail  evidence
}

// checkStatus asks whether the badge was taken back or set aside, by every
// mechanism that it or its issuer names. A list that cannot be read, or that its
// signature does not vouch for, says nothing, and nothing is not good news.
func (b *badge) checkStatus() {
	switch {
	case b.notABadge() || !b.known():
		b.skip(CheckStatus, CodeNotApplicable, "There is no award here that could be taken back.")
		return
	case b.old:
		b.concludeStatus(b.standingOld())
		return
	}
	entries := b.json.Get("credentialStatus").List()
	if b.newer != nil {
		for _, e := range b.newer.Get("credentialStatus").List() {
			if !containsEqual(entries, &e) {
				entries = append(entries[:len(entries):len(entries)], e)
			}
		}
	}
	var all []standing
	for i := range entries {
		if i == maxStatusEntries {
			all = append(all, standing{kind: "more", unknown: true, code: CodeBudget, reason: fmt.Sprintf("The badge names more than %d status lists.", maxStatusEntries)})
			break
		}
		all = append(all, b.standing(&entries[i]))
	}
	b.concludeStatus(all)
}

func containsEqual(list []strictjson.Value, v *strictjson.Value) bool {
	for i := range list {
		if strictjson.Equal(&list[i], v) {
			return true
		}
	}
	return false
}

// standing asks one status entry.
func (b *badge) standing(v *strictjson.Value) standing {
	entry, err := status.ParseEntry(v)
	kind := firstOf(entry.Type, printable(strings.Join(v.Get("type").Strings(), " ")))
	var bad *status.Error
	switch {
	case errors.As(err, &bad) && bad.Code == status.UnknownType:
		return standing{kind: kind, unknown: true, code: CodeStatusUnknown, reason: "The badge's status is kept in a way that is not known here (" + kind + ")."}
	case err != nil:
		return standing{kind: kind, unknown: true, code: CodeStatusMalformed, reason: "Whether the badge was revoked is not known: it has " + sentence(err.Error()) + "."}
	case entry.Type == status.EdTechList:
		return b.standingNamed(kind, entry.List, issuerID(b.json), b.json.Get("id").Str())
	}
	return b.standingList(entry)
}

func (b *badge) concludeStatus(all []standing) {
	if len(all) == 0 {
		b.line(CheckStatus, NotApplicable, CodeStatusNone, "The issuer keeps no list of revoked badges for this one.", nil)
		return
	}
	for i := range all {
		all[i] = b.setAside(all[i])
	}
	list := make([]evidence, 0, len(all))
	var worst, unknown *standing
	for i := range all {
		s := &all[i]
		e := evidence{"type": s.kind, "code": s.code}
		for name, value := range s.detail {
			e[name] = value
		}
		list = append(list, e)
		switch {
		case s.effect != "" && (worst == nil || worse(s.effect, worst.effect) == s.effect):
			worst = s
		case s.unknown && unknown == nil:
			unknown = s
		}
	}
	e := evidence{"entries": list}
	switch {
	case worst != nil:
		if unknown != nil {
			b.effect(Undetermined)
		}
		b.fail(CheckStatus, worst.effect, worst.code, worst.reason, e)
	case unknown != nil:
		b.cannot(CheckStatus, unknown.code, unknown.reason, e)
	default:
		b.pass(CheckStatus, CodeStatusGood, b.asOf(all[0].reason), e)
	}
}

// setAside tells of our own badges what a list cannot say: that a set bit is a
// suspension and may be cleared again.
func (b *badge) setAside(s standing) standing {
	if s.effect != Revoked || b.v.options.SetAside == nil {
		return s
	}
	own, ok := b.own()
	if !ok {
		return s
	}
	if reason, suspended := b.v.options.SetAside(b.v.ctx, own); suspended {
		return s.held(Suspended, "The issuer has suspended this badge for now", reason)
	}
	return s
}

// asOf says of when a status is that was not asked for just now.
func (b *badge) asOf(reason string) string {
	if b.v.options.Bundle == nil {
		return reason
	}
	return strings.TrimSuffix(reason, ".") + ", as of " + day(b.v.options.Bundle.MadeAt) + ", when it was last asked."
}

// standingNamed asks a list that names the revoked badges: that of 1EdTech, of
// Open Badges 2.0, or of 1.x. names are those that the badge goes by.
func (b *badge) standingNamed(kind, address, issuer string, names ...string) standing {
	s := standing{kind: kind, detail: evidence{"list": clean(address)}}
	response, err := b.v.docs.get(b.v.ctx, address, acceptDocument)
	tree, _, why := b.v.parseAnswer(response, err)
	if why != "" {
		return s.lost(CodeStatusUnreachable, "Whether the badge was revoked is not known: "+why+".")
	}
	s.detail["fetchedAt"] = stamp(response.FetchedAt)
	list, err := status.ParseRevocations(tree)
	if b.doc.Version == openbadges.OB10 && err != nil {
		list, err = status.ParseRevocations10(tree)
	}
	if err != nil {
		return s.lost(CodeStatusMalformed, "Whether the badge was revoked is not known: "+sentence(err.Error())+".")
	}
	if list.Issuer != "" && list.Issuer != issuer {
		return s.lost(CodeStatusOther, "Whether the badge was revoked is not known: the list is another issuer's.")
	}
	if item, revoked := list.Find(names...); revoked {
		return s.held(Revoked, "The issuer has revoked this badge", item.Reason)
	}
	return s.good("The issuer has not revoked it.")
}

func (s standing) lost(code, reason string) standing {
	s.unknown, s.code, s.reason = true, code, reason
	return s
}

func (s standing) held(effect Verdict, sentence, why string) standing {
	s.effect, s.code, s.reason = effect, string(effect), sentence+"."
	if why = clean(why); why != "" {
		s.reason = sentence + ": " + strings.TrimRight(printable(why), ".") + "."
		s.detail["reason"] = why
	}
	return s
}

func (s standing) good(reason string) standing {
	s.code, s.reason = CodeStatusGood, reason
	return s
}

// standingOld is that of a badge before 3.0: of a hosted one its copy, of a
// signed one its issuer's revocation list.
func (b *badge) standingOld() []standing {
	if !isStatement(b.doc) {
		return nil
	}
	if h := b.hosted; h != nil {
		s := standing{kind: "HostedBadge", detail: evidence{"url": clean(h.url)}}
		switch {
		case h.revoked:
			reason := ""
			if h.doc != nil {
				reason = h.doc.JSON.Get("revocationReason").Str()
			}
			return []standing{s.held(Revoked, "The issuer has taken this badge back", reason)}
		case h.doc == nil:
			return []standing{s.lost(CodeHostedUnreachable, "Whether the badge was revoked is not known, because its copy could not be got.")}
		}
		return []standing{s.good("The issuer's server still has this badge.")}
	}
	if b.json.Get("revoked").True() {
		return []standing{standing{kind: string(b.doc.Kind), detail: evidence{}}.held(Revoked, "The badge itself says that it was revoked", b.json.Get("revocationReason").Str())}
	}
	if b.profile.view == nil {
		return []standing{{kind: "RevocationList", unknown: true, code: CodeProfileUnreachable, reason: "Whether the badge was revoked is not known, because its issuer's profile could not be got."}}
	}
	if b.profile.view.RevocationList == "" {
		return nil
	}
	id := b.said.id
	return []standing{b.standingNamed("RevocationList", b.profile.view.RevocationList, b.profile.id, id, b.said.uid, strings.TrimPrefix(id, "uid:"))}
}
