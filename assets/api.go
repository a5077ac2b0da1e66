package assets

import _ "embed"

//go:embed api/openapi.json
var openAPI []byte

// OpenAPI returns the description of the API (OpenAPI 3.1). The caller may keep
// and change the bytes: each call makes a copy.
func OpenAPI() []byte { return append([]byte(nil), openAPI...) }
