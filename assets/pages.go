package assets

import (
	"embed"
	"io/fs"
)

//go:embed pages
var pageFiles embed.FS

// Pages returns the HTML templates: layout.html, which stands around most of
// them, and one file a page.
func Pages() fs.FS { return sub(pageFiles, "pages") }

//go:embed static
var staticFiles embed.FS

// Static returns what browsers load beside a page: the style sheet, scripts and
// pictures of the site itself.
func Static() fs.FS { return sub(staticFiles, "static") }

// sub returns one embedded folder.
func sub(files embed.FS, folder string) fs.FS {
	dir, err := fs.Sub(files, folder)
	if err != nil {
		panic(err) // the folders' names are constant
	}
	return dir
}
