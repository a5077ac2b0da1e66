// Package jsonld turns the JSON-LD of badges into canonical N-Quads, which is
// what Data Integrity proofs sign.
//
// [Canonicalize] is the call that most readers need: JSON-LD 1.1 to RDF
// (json-ld11-api, sections 5.1 and 8.1) and RDFC-1.0 over the result, in one
// pass over the parsed tree. The contexts that real badges use are vocabulary
// tables of this package, compiled once; nothing is ever fetched. Contexts
// written into a document are compiled for that document alone.
//
// It refuses and never drops: what would leave no trace in the signed bytes
// could be altered after signing. So an undefined term or type, a relative IRI,
// an unknown context, or a redefined protected term is an [*Error] that says
// where it stands. So is a graph whose canonical form would take too long.
//
// It does not frame, compact, or resolve anything against a base, and it takes
// none of @import, @base, @reverse, @nest, @included, @index and the containers
// keyed by id, type or index: no context that badges use has them.
package jsonld
