// Package assets holds what is embedded in the binary and rendered or served:
// templates, words in each language, example programmes. Each kind has a folder
// and a small Go file that embeds it and hands it out as an [io/fs.FS]:
// [Mail] for the layouts and words of mails, [Pages] for the templates of pages,
// [Locales] for their words, [Static] for what browsers load beside them, [OpenAPI] for the description of
// the API. The package has no logic; who reads
// a file knows what it means.
package assets
