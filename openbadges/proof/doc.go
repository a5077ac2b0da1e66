// Package proof signs badges and checks signatures, in the three ways that Open
// Badges use: Data Integrity proofs inside a 3.0 credential, the 3.0 VC-JWT, and
// the JWS of Open Badges 2.0.
//
// An issuer calls [Sign], [SignJWT] and [SignOB2] with a [crypto.Signer]. A
// verifier finds the key by itself (package did says whether a document lists
// it) and calls [Check], or [ParseJWT] and [JWT.Verify]. A nil error means that
// the holder of that key signed exactly this document; whose key it is, whether
// the credential is in force, and what it says are questions for others.
//
// Signing: eddsa-rdfc-2022 and ecdsa-rdfc-2019; RS256, ES256 and EdDSA. Checking
// adds Ed25519Signature2020, eddsa-2022 and eddsa-jcs-2022, and ES384 and ES512
// for the W3C profile. The key's type decides the algorithm, never the other way
// round; HMAC and unsigned tokens are not there to be chosen. Encodings are
// strict, so that a signature has one spelling.
package proof
