// Package verifier reads any Open Badge, of any vintage and from any issuer,
// and answers with one [Report]: a [Verdict], a sentence for a person, and every
// check with its evidence.
//
// [Verify] is the call: bytes or an address in, a report out. It takes PNG, SVG
// and our own PDF, JSON, JWS and JWT, pages that link to a badge; OB 0.5, 1.0,
// 1.1, 2.0 (hosted and signed), 3.0 (VC 1.1 and 2.0; Data Integrity and JWT),
// endorsements of 2.0 and 3.0, CLR 2.0 and presentations. An error means that the work could
// not be done; whatever is wrong with a badge is in the report.
//
// Authenticity and trust are two lines. "valid" means that the named issuer
// made this badge, that it was not altered, that it is in force now and not
// revoked; whether that issuer deserves belief is the check "trust", which
// knows only what the operator's list says.
//
// Endorsements inside a badge are judged by the same steps and reported beside it,
// whether or not they hold; they never change its verdict. One of which only the
// address is there is a link, and stays unchecked.
//
// What could not be checked is never taken for good: an unreachable status list
// or an issuer who cannot be tied to the key gives "undetermined". Contexts and
// schemas never come from the network, pictures, evidence and links are never
// fetched for a verdict, and a key is believed only where the issuer's own
// document lists it. The only network is package fetch.
package verifier
