// Package status reads and writes the documents that say whether a badge still
// holds: Bitstring Status Lists, the revocation list of 1EdTech and that of Open
// Badges 2.0 and older.
//
// A verifier calls [ParseEntry] on each credentialStatus, fetches what the entry
// names, and asks [ParseList] and [Subject.Status], or [ParseRevocations] and
// [Revocations.Find]. An issuer draws a [RandomIndex] per badge and publishes
// what [EncodeIndexes] and [NewListCredential] give.
//
// Lists are compressed by strangers, so unpacking is bounded by [Limits]. The
// package fetches nothing and checks no signature: a list credential must be
// verified like any other before it is believed.
//
// Rules: W3C Bitstring Status List v1.0; 1EdTech Revocation List 1.0; Open
// Badges 2.0, section "RevocationList".
package status
