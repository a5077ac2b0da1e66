// Package did reads and writes what says whose key a key is: did:web, did:key
// and did:jwk identifiers, the documents behind them and behind https issuers,
// and the key forms inside (Multikey, JWK, PEM).
//
// Most readers need two calls: [ParseDocument] turns a fetched document into
// keys, and [Document.Method] hands out one of them if, and only if, the
// document lists it for the purpose at hand. [KeyDocument] does the same for
// did:key and did:jwk, whose documents need no fetching. Issuers write their own
// document with [NewDocument].
//
// The package fetches nothing: [WebURL] says where a did:web document lies, and
// getting it is the caller's work. It refuses weak keys wherever they come from:
// RSA below 2048 bits, points that are not on their curve, Ed25519 keys that are
// small-order or not canonical, and every JWK that carries a private member.
package did
