// Package fetch is the only way in which the verifier reaches the network.
//
// Every address in a badge was written by a stranger. A [Client] therefore
// speaks https to port 443 and nothing else, asks the operating system which
// address a name stands for and refuses private, loopback, link-local,
// metadata and translated addresses at the moment of dialling, follows at most
// three redirects with the same checks at each, sends no credentials, uses no
// proxy from the environment, and reads at most one mebibyte a document.
//
// The call most readers need is [Client.Session] followed by [Session.Get]: a
// Session is the budget of one verification, 16 requests and 10 seconds in all,
// 3 seconds to the first byte of each answer. Answers are kept, for as long as
// their server says, in one bounded cache that all sessions of a Client share.
//
// It knows nothing of badges: an answer of any status is a [Response], and an
// [Error] with a [Code] says why there is none.
package fetch
