package verifier

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/accolade-badges/accolade/openbadges/status"
)

// standingList asks a Bitstring Status List, StatusList2021 or RevocationList2020
// (Bitstring Status List v1.0, section 3.2 "Validate Algorithm"): the list is a
// credential of its own whose signature must hold, for the same purpose, long
// enough, and the index must lie in it.
func (b *badge) standingList(entry status.Entry) standing {
	s := standing{kind: entry.Type, detail: evidence{"purpose": clean(entry.Purpose), "list": clean(entry.List), "index": entry.Index}}
	response, err := b.v.docs.get(b.v.ctx, entry.List, acceptCredential)
	if err != nil {
		return s.lost(CodeStatusUnreachable, "Whether the badge was revoked is not known: "+reasonOf(err)+".")
	}
	if response.Status != 200 {
		return s.lost(CodeStatusUnreachable, fmt.Sprintf("Whether the badge was revoked is not known: the server of the list answers with status %d.", response.Status))
	}
	s.detail["fetchedAt"] = stamp(response.FetchedAt)
	list, why, unconfirmed := b.statusList(response)
	if why != "" {
		return s.lost(CodeStatusUntrusted, "Whether the badge was revoked is not known: "+why+".")
	}
	if !slices.Contains(list.Purposes, entry.Purpose) {
		return s.lost(CodeStatusMalformed, "Whether the badge was revoked is not known: the list is for another purpose.")
	}
	// Issuers in good standing publish lists that are a little too short to hide
	// among; only the W3C profile minds.
	var state status.State
	bits, err := b.v.options.Cache.list(entry.List, response.Body, list, status.Limits{ShortLists: b.v.options.Profile != W3C})
	if err == nil {
		state, err = entry.In(bits)
	}
	if err != nil {
		code := CodeStatusMalformed
		var bad *status.Error
		if errors.As(err, &bad) && bad.Code == status.OutOfRange {
			code = CodeStatusRange
		}
		return s.lost(code, "Whether the badge was revoked is not known: "+sentence(err.Error())+".")
	}
	if entry.Size > 1 || entry.Purpose == status.Message {
		s.detail["value"] = state.Value
	}
	return s.state(entry.Purpose, state, unconfirmed)
}

// state judges what the list has for the badge. A set bit counts also when it is
// not certain whose list it is; a clear one does not.
func (s standing) state(purpose string, state status.State, unconfirmed string) standing {
	message := clean(state.Message)
	if message != "" {
		s.detail["message"] = message
	}
	switch {
	case state.Set && purpose == status.Revocation:
		return s.held(Revoked, "The issuer has revoked this badge", message)
	case state.Set && purpose == status.Suspension:
		return s.held(Suspended, "The issuer has suspended this badge for now", message)
	case unconfirmed != "":
		return s.lost(CodeStatusUntrusted, "Whether the badge was revoked is not known: "+unconfirmed+".")
	case state.Set && purpose == status.Refresh:
		return s.good("The issuer has not revoked it, and says that there is a newer edition.")
	case message != "":
		return s.good("The issuer says of it: " + printable(message) + ".")
	case purpose == status.Revocation:
		return s.good("The issuer has not revoked it.")
	case purpose == status.Suspension:
		return s.good("The issuer has not suspended it.")
	case state.Set && purpose != status.Message:
		return s.lost(CodeStatusUnknown, "The issuer marked this badge for a purpose that is not known here ("+printable(purpose)+").")
	}
	return s.good("The issuer's list for " + printable(purpose) + " was read.")
}

// statusList verifies a list's credential and unpacks it. unconfirmed says that
// its signature holds, but not certainly by the issuer whom it names.
func (b *badge) statusList(response *response) (list status.Subject, why, unconfirmed string) {
	l := &badge{v: b.v, report: b.v.newReport(), depth: b.depth + 1, inner: true}
	l.report.Source = &Source{}
	if sniff(response.Body) == formatHTML || !l.open(response.Body, "") {
		return list, "what lies at the address of the list is no list", ""
	}
	list, err := status.ParseList(l.json)
	if l.old || err != nil {
		return list, "what lies at the address of the list is no list", ""
	}
	l.from = response.URL
	l.describe()
	l.checkProof()
	l.checkIssuer()
	switch proofLine := l.report.Check(CheckProof); {
	case l.effects[Invalid] && l.report.Issuer != nil && l.report.Issuer.Binding == Contradicted:
		return list, "the list is not signed by the issuer whom it names", ""
	case l.effects[Invalid]:
		return list, "the signature of the list does not hold (" + sentence(proofLine.Message) + ")", ""
	case proofLine.Outcome != Passed:
		return list, "the signature of the list could not be checked (" + sentence(proofLine.Message) + ")", ""
	case l.effects[Undetermined]:
		unconfirmed = "it is not certain that the named issuer made the list"
	}
	// A list that was kept in a bundle is read as of the day on which it was kept.
	when := b.v.now
	if kept := b.v.options.Bundle; kept != nil {
		when = kept.MadeAt
	}
	from, until := validity(l.json)
	switch {
	case !until.IsZero() && !when.Before(until):
		return list, "the list has ended on " + day(until), ""
	case from.After(when.Add(skew)):
		return list, "the list begins only on " + day(from), ""
	}
	return list, "", unconfirmed
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
