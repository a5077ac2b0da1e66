package assets

import (
	"embed"
	"io/fs"
)

//go:embed mail
var mailFiles embed.FS

// Mail returns the layouts of mails (layout.html, layout.txt) and the words in
// each language (words.LANGUAGE.json).
func Mail() fs.FS {
	sub, err := fs.Sub(mailFiles, "mail")
	if err != nil {
		panic(err) // the folder's name is constant
	}
	return sub
}
