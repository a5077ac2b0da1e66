package assets

import (
	"embed"
	"io/fs"
)

//go:embed locales
var localeFiles embed.FS

// Locales returns the words of pages: one file AREA.LANGUAGE.json for each area
// and language, a JSON object of key and text. Keys begin with their area.
func Locales() fs.FS { return sub(localeFiles, "locales") }
