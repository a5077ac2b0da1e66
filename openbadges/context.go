package openbadges

// The contexts that documents begin with. Sections "Serialization/JSON-LD" of
// Open Badges 3.0, 4 of VC Data Model 2.0, "JSON-LD Serialization" of 2.0.
const (
	ContextVC1      = "https://www.w3.org/2018/credentials/v1"
	ContextVC2      = "https://www.w3.org/ns/credentials/v2"
	ContextOB3      = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
	ContextOB3Ext   = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
	ContextCLR2     = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
	ContextOB2      = "https://w3id.org/openbadges/v2"
	ContextOB1      = "https://w3id.org/openbadges/v1"
	prefixOB3       = "https://purl.imsglobal.org/spec/ob/v3p0/context"
	prefixCLR2      = "https://purl.imsglobal.org/spec/clr/v2p0/context"
	secureOB1Prefix = "https://openbadgespec.org/v1"
)

// CredentialContexts returns the @context that an Open Badges 3.0 credential on
// VC Data Model 2.0 begins with. With extensions the third entry is added that
// defines 1EdTechRevocationList, 1EdTechCredentialRefresh and
// 1EdTechJsonSchemaValidator2019: without it these types are undefined and a
// Data Integrity proof cannot be made.
func CredentialContexts(extensions bool) Contexts {
	if extensions {
		return NewContexts(ContextVC2, ContextOB3, ContextOB3Ext)
	}
	return NewContexts(ContextVC2, ContextOB3)
}
