package bake

import "bytes"

// Format tells from its first bytes what data is: "png", "svg" or "". It says
// nothing about whether the rest is in order.
func Format(data []byte) string {
	if bytes.HasPrefix(data, []byte(signature)) {
		return "png"
	}
	head := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\ufeff")), " \t\r\n")
	if len(head) == 0 || head[0] != '<' {
		return ""
	}
	if len(head) > 16<<10 {
		head = head[:16<<10]
	}
	if bytes.Contains(head, []byte("<svg")) || bytes.Contains(head, []byte(":svg")) {
		return "svg"
	}
	return ""
}

// notPicture names what data is instead, as far as its first bytes tell.
func notPicture(data []byte, want string) *Error {
	for _, f := range []struct{ magic, name string }{
		{"\xff\xd8\xff", "a JPEG"},
		{"GIF8", "a GIF"},
		{"RIFF", "a WebP"},
		{"\x00\x00\x00", "an AVIF or HEIC"},
		{"BM", "a BMP"},
		{"%PDF", "a PDF"},
	} {
		if bytes.HasPrefix(data, []byte(f.magic)) {
			return fail(NotPicture, 0, original, "this is %s file, not a %s picture", f.name, want)
		}
	}
	switch {
	case len(data) == 0:
		return fail(NotPicture, 0, again, "the file is empty")
	case bytes.HasPrefix(data, []byte("\x89PNG\n\x1a\n")), bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\r\n")),
		bytes.HasPrefix(data, []byte("\x09PNG")), bytes.HasPrefix(data, []byte("\xef\xbf\xbdPNG")):
		return fail(Damaged, 0, again, "this PNG was transferred as text, which breaks it")
	case bytes.HasPrefix([]byte(signature), data):
		return fail(Truncated, len(data), again, "the file ends within its first eight bytes")
	}
	return fail(NotPicture, 0, "", "this is not a %s picture", want)
}
