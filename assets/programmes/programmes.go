// Package programmes holds the certification programmes that come with
// accolade, as files in the catalogue/1 form.
//
// [Demo] is the one sample programme. It is made up for showing the program at
// work and touches every rule that a catalogue can state; its addresses are at
// example.org. The package reads nothing: [issuer/catalogue.Parse] does.
package programmes

import _ "embed"

//go:embed demo.json
var demo []byte

// Demo gives the bytes of the sample programme. The caller may keep and change
// them: each call makes a copy.
func Demo() []byte { return append([]byte(nil), demo...) }
