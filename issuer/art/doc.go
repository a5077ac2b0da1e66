// Package art draws what a programme shows: badge pictures, social cards, QR
// codes and printable certificates. Everything is an outline, drawn from the
// programme's own data: no template pictures, no fonts needed by the viewer.
//
// Most readers need one [Studio], made once, and [Studio.PNG]:
//
//	studio, err := art.New(art.Config{})
//	picture, err := studio.PNG(art.Badge{
//		Title: "Cloud Administrator Associate", Level: "Associate",
//		Issuer: "Example Programme", Kind: art.Associate, Colour: "#0f5ea8",
//	}, 240)
//
// One drawing goes out as PNG ([Studio.PNG]), SVG ([Studio.SVG]) and, within
// [Studio.Certificate], PDF. The same data always gives the same bytes.
//
// Each [Kind] has a silhouette of its own, and each [State] a form of its own
// (a band, a cross, a seal) beside its colour, so that neither depends on
// seeing colours. The number of pixels chooses the composition: up to 128 a
// mark and one or two words, up to 256 the title and the level, above that
// all of it.
//
// Text of any script is shaped, ordered and joined. DejaVu is inside; what it
// lacks comes from the fonts of Config.FontDirs. [Studio.Missing] tells which
// characters no font has. Such text is never drawn as boxes: pictures and PDF
// take the Latin form or the code instead, SVG leaves it to the reader's font.
//
// The package holds no language: words such as "Expired" are passed in. It
// has no clock, no network, and refuses sizes out of range and text that it
// was given in place of a URL; any title or name, however hostile, is drawn
// within its shape.
package art
