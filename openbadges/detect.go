package openbadges

import (
	"strings"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// detect tells version and kind: of a credential by the first item of its
// @context (Open Badges 3.0, section "Serialization/JSON-LD"), of the older
// documents by @context, and by their members where they have none. It is
// generous, so that validation has something to complain about.
func detect(doc *strictjson.Value) (Version, Kind) {
	contexts := doc.Get("@context").Strings()
	types := doc.Get("type")
	if types == nil {
		types = doc.Get("@type")
	}
	if kind, model := verifiable(doc, types, contexts); model != "" {
		return versionOf(kind, model, contexts), kind
	}
	if isEdTechList(doc) {
		return OB30VC2, KindEdTechRevocations
	}
	if kind := kindOB2(types); kind != "" && !anyPrefix(contexts, prefixOB3) {
		switch {
		case isOB1(contexts):
			return OB11, kind
		case doc.Get("@context") != nil:
			return OB20, kind
		}
	}
	switch {
	case isOB1(contexts):
		return OB11, guessOB1(doc)
	case anyPrefix(contexts, ContextOB2):
		return OB20, guessOB1(doc)
	case anyPrefix(contexts, prefixOB3), types.Contains("Achievement"), types.Contains("Profile"):
		return OB30VC2, kindOB3(types)
	case doc.Get("@context") != nil:
		return VersionUnknown, KindUnknown
	}
	kind := guessOB1(doc)
	switch {
	case kind == KindUnknown:
		return VersionUnknown, KindUnknown
	case kind == KindAssertion && doc.Get("badge").Is(strictjson.Object):
		if doc.Get("uid") == nil {
			return OB05, kind
		}
	}
	return OB10, kind
}

// verifiable tells kind and data model ("1" or "2") of what is built on
// verifiable credentials; the model is empty for all else.
func verifiable(doc, types *strictjson.Value, contexts []string) (kind Kind, model string) {
	kind = kindVC(types)
	for _, c := range contexts {
		if c == ContextVC2 || c == ContextVC1 {
			model = map[string]string{ContextVC1: "1", ContextVC2: "2"}[c]
			break
		}
	}
	subject := doc.Get("credentialSubject") != nil
	if kind == KindUnknown {
		switch {
		case subject && (model != "" || anyPrefix(contexts, prefixOB3)):
			kind = KindPlain
		case doc.Get("verifiableCredential") != nil && model != "":
			kind = KindPresentation
		default:
			return KindUnknown, ""
		}
	}
	if kind == KindPlain && doc.Get("credentialSubject").Get("type").Contains("AchievementSubject") {
		kind = KindCredential // whose type is wrong
	}
	if model == "" {
		model = "2"
		if doc.Get("issuanceDate") != nil && doc.Get("validFrom") == nil {
			model = "1"
		}
	}
	return kind, model
}

func kindVC(types *strictjson.Value) Kind {
	for _, k := range []struct {
		name string
		kind Kind
	}{
		{TypeClrCredential, KindCLR},
		{TypeAchievementCredential, KindCredential},
		{TypeOpenBadgeCredential, KindCredential},
		{TypeEndorsementCredential, KindEndorsement},
		{"BitstringStatusListCredential", KindStatusList},
		{"StatusList2021Credential", KindStatusList},
		{TypeVerifiablePresentation, KindPresentation},
		{TypeVerifiableCredential, KindPlain},
	} {
		if types.Contains(k.name) {
			return k.kind
		}
	}
	return KindUnknown
}

func versionOf(kind Kind, model string, contexts []string) Version {
	open := kind == KindCredential || kind == KindEndorsement || anyPrefix(contexts, prefixOB3)
	switch {
	case kind == KindCLR && model == "1":
		return CLR20VC1
	case kind == KindCLR:
		return CLR20
	case open && model == "1":
		return OB30VC1
	case open:
		return OB30VC2
	case model == "1":
		return VC11
	}
	return VC20
}

func kindOB3(types *strictjson.Value) Kind {
	switch {
	case types.Contains("Achievement"):
		return KindAchievement
	case types.Contains("Profile"):
		return KindProfile
	}
	return KindUnknown
}

func kindOB2(types *strictjson.Value) Kind {
	for _, k := range []struct {
		name string
		kind Kind
	}{
		{TypeOB2Assertion, KindAssertion},
		{TypeOB2BadgeClass, KindBadgeClass},
		{TypeOB2Issuer, KindProfile},
		{TypeOB2Profile, KindProfile},
		{"IssuerOrg", KindProfile},
		{TypeOB2CryptographicKey, KindKey},
		{TypeOB2RevocationList, KindRevocationList},
		{TypeOB2Endorsement, KindEndorsement},
	} {
		if types.Contains(k.name) {
			return k.kind
		}
	}
	return KindUnknown
}

// guessOB1 tells the kind of a document that does not name it.
func guessOB1(doc *strictjson.Value) Kind {
	has := func(names ...string) bool {
		for _, n := range names {
			if doc.Get(n) == nil {
				return false
			}
		}
		return true
	}
	switch {
	case has("badge") && (has("recipient") || has("verify") || has("verification") || has("uid")):
		return KindAssertion
	case has("verify") && has("recipient"), doc.Get("revoked").True() && has("id"):
		return KindAssertion
	case has("revokedAssertions"):
		return KindRevocationList
	case has("publicKeyPem"):
		return KindKey
	case has("name", "criteria"), has("name", "issuer", "image"):
		return KindBadgeClass
	case has("name", "url"):
		return KindProfile
	}
	return KindUnknown
}

func isEdTechList(doc *strictjson.Value) bool {
	return doc.Get("revokedCredential").Is(strictjson.Array) ||
		doc.Get("revokedCredentials").Is(strictjson.Array)
}

func isOB1(contexts []string) bool {
	return anyPrefix(contexts, ContextOB1) || anyPrefix(contexts, secureOB1Prefix) ||
		anyPrefix(contexts, "http://w3id.org/openbadges/v1")
}

func anyPrefix(list []string, prefix string) bool {
	for _, s := range list {
		if strings.HasPrefix(s, prefix) {
			return true
		}
	}
	return false
}
