package art

import "time"

// Certificate is what a printable certificate is made from. All words are
// the caller's, in the language of Badge.Language.
type Certificate struct {
	Badge
	Earner      string   // the earner's name, any script
	LatinEarner string   // drawn in its place when no font has its letters
	Statement   string   // line above the name, such as "This certifies that"
	Achieved    string   // line below the name, such as "has earned the certification"
	Lines       []string // facts below the title, such as "Awarded 5 March 2026"; four are drawn
	URL         string   // where the award is verified; also the QR code
	Verify      string   // words above URL, such as "Verify at"

	Credential     []byte // the signed credential, attached as a file; nil attaches none
	CredentialName string // its file name; default "credential.json"

	Issued time.Time // date of the document, part of its bytes; zero means the year 2000
}
