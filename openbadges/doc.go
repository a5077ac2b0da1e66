// Package openbadges is the Open Badges standard as Go: the documents of
// versions 3.0 and 2.0 as types, and readers and rules for those and all older
// ones.
//
// [Parse] reads one document of any version, keeps its bytes, and tells its
// version and kind; [Document.Validate] judges it by the published schemas and
// by the rules that no schema can state. Issuers fill an
// [AchievementCredential] and turn it into a tree for signing with [Tree].
//
// The package has no network, clock, database or files. It judges the shape of
// a document only: signatures are the business of openbadges/proof, status of
// openbadges/status, pictures of openbadges/bake, and the whole verdict that of
// the verifier.
//
// Sections cited in comments are those of "Open Badges Specification 3.0",
// document version 1.2, unless another text is named.
package openbadges
