package web

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/accolade-badges/accolade/verifier"
)

// What the verifier found, in words for people who have never seen a badge.

// headlines are the verdicts.
var headlines = map[verifier.Verdict]string{
	verifier.Valid: "Genuine and in force", verifier.Expired: "Genuine, but expired", verifier.NotYetValid: "Not valid yet",
	verifier.Suspended: "Suspended", verifier.Revoked: "Revoked", verifier.Invalid: "Not valid", verifier.Undetermined: "Could not be decided",
}

// bindings tell how sure it is who signed.
var bindings = map[verifier.Binding]string{
	verifier.Confirmed:    "Confirmed: the issuer’s own document names the key",
	verifier.Unconfirmed:  "Not confirmed: nothing ties the key to the issuer",
	verifier.Contradicted: "Somebody else: the key is not the issuer’s",
}

// checkNames are the checks; one without a name here is called by its id.
var checkNames = map[string]string{
	verifier.CheckIntake: "A badge was found", verifier.CheckStructure: "Form", verifier.CheckProof: "Signature", verifier.CheckIssuer: "Issuer’s key",
	verifier.CheckHosted: "Hosted copy", verifier.CheckRefresh: "Newest edition", verifier.CheckSupersession: "Not replaced", verifier.CheckDates: "Dates",
	verifier.CheckStatus: "Not revoked", verifier.CheckRecipient: "Recipient", verifier.CheckEndorsements: "Endorsements",
	verifier.CheckContents: "Contents", verifier.CheckTrust: "Trust in the issuer",
}

func headline(v verifier.Verdict) string { return headlines[v] }

func checkName(id string) string {
	if name, ok := checkNames[id]; ok {
		return name
	}
	return capital(strings.ReplaceAll(id, "_", " "))
}

// sentence is a report's summary without the verdict in front of it, which
// stands above it.
func sentence(r *verifier.Report) string {
	verdict, rest, _ := strings.Cut(r.Summary, ": ")
	if rest == "" || strings.ContainsAny(verdict, ".“") {
		return r.Summary
	}
	return capital(rest)
}

// capital begins text with a capital letter, unless it begins with an address.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	if strings.HasPrefix(text, "http") {
		return text
	}
	return string(unicode.ToUpper(first)) + text[size:]
}
