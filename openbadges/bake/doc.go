// Package bake puts badges into PNG and SVG pictures and takes them out again.
//
// [PNG] and [SVG] bake, [Extract] takes out of whichever picture it is given.
// Pictures are never decoded: a badge is spliced into the bytes, and all else in
// the picture stays as it is. Baking a baked picture replaces the badge of that
// generation and keeps that of the other.
//
// Strangers' pictures are hostile until shown otherwise. The readers refuse
// broken order and checksums, text that unpacks beyond [Limits], XML with an
// internal DTD, entities or encodings of its own, and report every badge that
// they find: a picture should carry one per generation, and whether a second
// one matters is for the verifier to say. They do not judge what they take out.
//
// Rules: Open Badges 3.0, section "Baked Badge"; Open Badges 2.0 Baking
// Specification; PNG (Third Edition), sections 5 and 11.
package bake
