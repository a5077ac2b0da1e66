package openbadges

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// Version is the edition of the standard that a document follows.
type Version string

// The versions that [Parse] tells apart. The 3.0 of a credential depends on the
// data model of verifiable credentials beneath it; VC11 and VC20 are such
// credentials without anything of Open Badges in them.
const (
	VersionUnknown Version = ""
	OB05           Version = "0.5"
	OB10           Version = "1.0"
	OB11           Version = "1.1"
	OB20           Version = "2.0"
	OB30VC1        Version = "3.0 (VC 1.1)"
	OB30VC2        Version = "3.0"
	CLR20VC1       Version = "CLR 2.0 (VC 1.1)"
	CLR20          Version = "CLR 2.0"
	VC11           Version = "VC 1.1"
	VC20           Version = "VC 2.0"
)

// DataModel1 tells whether the document stands on VC Data Model 1.1.
func (v Version) DataModel1() bool { return v == OB30VC1 || v == CLR20VC1 || v == VC11 }

// Verifiable tells whether the document is built on verifiable credentials.
func (v Version) Verifiable() bool {
	return v == OB30VC1 || v == OB30VC2 || v == CLR20 || v == CLR20VC1 || v == VC11 || v == VC20
}

// Kind is what a document is.
type Kind string

// The kinds that [Parse] tells apart. KindProfile is a profile of any version,
// KindEndorsement an Endorsement of 2.0 or an EndorsementCredential, KindPlain a
// verifiable credential of another vocabulary.
const (
	KindUnknown           Kind = ""
	KindAssertion         Kind = "Assertion"
	KindBadgeClass        Kind = "BadgeClass"
	KindProfile           Kind = "Profile"
	KindKey               Kind = "CryptographicKey"
	KindRevocationList    Kind = "RevocationList"
	KindEndorsement       Kind = "Endorsement"
	KindCredential        Kind = "AchievementCredential"
	KindAchievement       Kind = "Achievement"
	KindCLR               Kind = "ClrCredential"
	KindPresentation      Kind = "VerifiablePresentation"
	KindStatusList        Kind = "StatusListCredential"
	KindEdTechRevocations Kind = "1EdTechRevocationList"
	KindPlain             Kind = "VerifiableCredential"
)

// Document is one document as it came.
type Document struct {
	Raw     []byte            // the bytes that were parsed, unchanged
	JSON    *strictjson.Value // the same as a tree; its root is an object
	Version Version
	Kind    Kind
}

// ErrNotJSON is wrapped by the error of [Parse] when the input is something
// else altogether, such as a JWS or an image.
var ErrNotJSON = errors.New("not JSON")

// Parse reads one JSON document of any version within the default limits of
// [strictjson.Limits]: it refuses duplicate members, invalid UTF-8, and what is
// nested too deep or too large. The error wraps a [*strictjson.Error], or
// [ErrNotJSON]. A document whose version or kind cannot be told is no error.
//
// The claims of a JWT are read by openbadges/proof; hand the credential that it
// returns to [FromTree].
func Parse(data []byte) (*Document, error) {
	trimmed := bytes.TrimSpace(data)
	if len(trimmed) == 0 {
		return nil, fmt.Errorf("%w: the input is empty", ErrNotJSON)
	}
	if trimmed[0] != '{' && trimmed[0] != '[' {
		if looksLikeJWS(trimmed) {
			return nil, fmt.Errorf("%w: the input is a JWS; its payload is the document", ErrNotJSON)
		}
		return nil, fmt.Errorf("%w: a badge begins with '{', this begins with %q", ErrNotJSON, clip(trimmed, 12))
	}
	tree, err := strictjson.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("parse document: %w", err)
	}
	if !tree.Is(strictjson.Object) {
		return nil, fmt.Errorf("%w: the document is an %s where an object should stand", ErrNotJSON, tree.Kind())
	}
	d := &Document{Raw: data, JSON: tree}
	d.Version, d.Kind = detect(tree)
	return d, nil
}

// FromTree makes a document of a tree that was parsed elsewhere; Raw is the
// tree's compact spelling.
func FromTree(tree *strictjson.Value) *Document {
	d := &Document{Raw: tree.Append(make([]byte, 0, 2048)), JSON: tree} // a badge has two to four kilobytes
	d.Version, d.Kind = detect(tree)
	return d
}

func looksLikeJWS(data []byte) bool {
	return bytes.HasPrefix(data, []byte("ey")) && bytes.Count(data, []byte(".")) == 2
}

func clip(data []byte, n int) string {
	if len(data) > n {
		data = data[:n]
	}
	return string(bytes.ToValidUTF8(data, []byte("?")))
}

// decode reads the document into one of the typed views. Members that have the
// wrong type are skipped: the view holds the rest and the error names the first.
func decode[T any](d *Document) (*T, error) {
	v := new(T)
	if err := json.Unmarshal(d.Raw, v); err != nil {
		return v, fmt.Errorf("read document: %w", err)
	}
	return v, nil
}

// Credential returns the typed view of an AchievementCredential, in both forms.
// The view is never nil: beside an error it holds what could be read.
func (d *Document) Credential() (*AchievementCredential, error) {
	return decode[AchievementCredential](d)
}

// EndorsementCredential returns the typed view of an EndorsementCredential, as
// [Document.Credential] does.
func (d *Document) EndorsementCredential() (*EndorsementCredential, error) {
	return decode[EndorsementCredential](d)
}

// Profile returns the typed view of a Profile of version 3.0.
func (d *Document) Profile() (*Profile, error) { return decode[Profile](d) }

// Achievement returns the typed view of an Achievement of version 3.0.
func (d *Document) Achievement() (*Achievement, error) { return decode[Achievement](d) }
