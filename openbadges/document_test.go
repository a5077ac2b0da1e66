package openbadges_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accolade-badges/accolade/openbadges"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

func TestParseRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		code     strictjson.Code // "" for no JSON at all
	}{
		{"nothing", " \n", ""},
		{"a JWS", "eyJhbGciOiJub25lIn0.e30.c2ln", ""},
		{"a picture", "\x89PNG\r\n\x1a\n", ""},
		{"an array", "[]", ""},
		{"a member twice", `{"id":1,"id":2}`, strictjson.DuplicateMember},
		{"bad UTF-8", "{\"id\":\"\xff\"}", strictjson.BadUTF8},
		{"600 levels", strings.Repeat(`{"a":`, 600) + "1" + strings.Repeat("}", 600), strictjson.TooDeep},
		{"two mebibytes", `{"a":"` + strings.Repeat("x", 2<<20) + `"}`, strictjson.TooLarge},
		{"a missing comma", `{"a":1 "b":2}`, strictjson.BadSyntax},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := openbadges.Parse([]byte(tt.in))
			var e *strictjson.Error
			switch {
			case tt.code == "":
				if !errors.Is(err, openbadges.ErrNotJSON) {
					t.Errorf("Parse = %v, want ErrNotJSON", err)
				}
			case !errors.As(err, &e) || e.Code != tt.code:
				t.Errorf("Parse = %v, want the code %s", err, tt.code)
			}
		})
	}
}

func TestParseKeepsTheBytes(t *testing.T) {
	in := []byte(" {\"b\":1.0, \"a\":\"\\u00e9\"} ")
	doc, err := openbadges.Parse(in)
	if err != nil || string(doc.Raw) != string(in) {
		t.Errorf("Parse = %q, %v", doc.Raw, err)
	}
}

func TestDetect(t *testing.T) {
	const ob3 = `"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"`
	const v1, v2 = `"https://www.w3.org/2018/credentials/v1"`, `"https://www.w3.org/ns/credentials/v2"`
	for _, tt := range []struct {
		name, in string
		version  openbadges.Version
		kind     openbadges.Kind
	}{
		{"nothing", `{}`, openbadges.VersionUnknown, openbadges.KindUnknown},
		{"a report", `{"verdict":"valid","summary":"x"}`, openbadges.VersionUnknown, openbadges.KindUnknown},
		{"a wrapped credential", `{"0":{"type":["VerifiableCredential","OpenBadgeCredential"]}}`, openbadges.VersionUnknown, openbadges.KindUnknown},
		{"3.0", `{"@context":[` + v2 + `,` + ob3 + `],"type":["VerifiableCredential","AchievementCredential"]}`, openbadges.OB30VC2, openbadges.KindCredential},
		{"3.0 on 1.1", `{"@context":[` + v1 + `,` + ob3 + `],"type":["VerifiableCredential","OpenBadgeCredential"]}`, openbadges.OB30VC1, openbadges.KindCredential},
		{"the first context counts", `{"@context":[` + v1 + `,` + v2 + `],"type":["OpenBadgeCredential"]}`, openbadges.OB30VC1, openbadges.KindCredential},
		{"no context but dates", `{"type":["OpenBadgeCredential"],"issuanceDate":"x"}`, openbadges.OB30VC1, openbadges.KindCredential},
		{"a subject that achieved", `{"@context":[` + v2 + `],"type":["Other"],"credentialSubject":{"type":["AchievementSubject"]}}`, openbadges.OB30VC2, openbadges.KindCredential},
		{"an endorsement", `{"@context":[` + v2 + `],"type":["VerifiableCredential","EndorsementCredential"]}`, openbadges.OB30VC2, openbadges.KindEndorsement},
		{"a learner record", `{"@context":[` + v2 + `],"type":["VerifiableCredential","ClrCredential"]}`, openbadges.CLR20, openbadges.KindCLR},
		{"a status list", `{"@context":[` + v2 + `],"type":["VerifiableCredential","BitstringStatusListCredential"]}`, openbadges.VC20, openbadges.KindStatusList},
		{"another credential", `{"@context":[` + v2 + `],"type":["VerifiableCredential","Alumni"],"credentialSubject":{}}`, openbadges.VC20, openbadges.KindPlain},
		{"a presentation", `{"@context":[` + v1 + `],"type":"VerifiablePresentation"}`, openbadges.VC11, openbadges.KindPresentation},
		{"a profile", `{"@context":[` + v2 + `,` + ob3 + `],"type":["Profile"]}`, openbadges.OB30VC2, openbadges.KindProfile},
		{"an achievement", `{"type":["Achievement"],"name":"x"}`, openbadges.OB30VC2, openbadges.KindAchievement},
		{"a list of 1EdTech", `{"id":"x","revokedCredential":[]}`, openbadges.OB30VC2, openbadges.KindEdTechRevocations},
		{"a 2.0 assertion", `{"@context":"https://w3id.org/openbadges/v2","type":"Assertion"}`, openbadges.OB20, openbadges.KindAssertion},
		{"a 2.0 issuer", `{"@context":["https://w3id.org/openbadges/v2"],"type":["Issuer"]}`, openbadges.OB20, openbadges.KindProfile},
		{"a 2.0 key", `{"@context":"https://w3id.org/openbadges/v2","type":"CryptographicKey"}`, openbadges.OB20, openbadges.KindKey},
		{"a 2.0 revoked assertion", `{"@context":"https://w3id.org/openbadges/v2","id":"https://example.org/a","revoked":true}`, openbadges.OB20, openbadges.KindAssertion},
		{"1.1", `{"@context":"https://w3id.org/openbadges/v1","type":"Assertion"}`, openbadges.OB11, openbadges.KindAssertion},
		{"1.0", `{"uid":"1","recipient":{},"badge":"https://example.org/b","verify":{}}`, openbadges.OB10, openbadges.KindAssertion},
		{"a 1.0 badge class", `{"name":"B","criteria":"https://example.org/c","issuer":"https://example.org/i"}`, openbadges.OB10, openbadges.KindBadgeClass},
		{"a 1.0 issuer", `{"name":"I","url":"https://example.org"}`, openbadges.OB10, openbadges.KindProfile},
		{"0.5", `{"recipient":"a@example.org","badge":{"name":"B"}}`, openbadges.OB05, openbadges.KindAssertion},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := openbadges.Parse([]byte(tt.in))
			if err != nil || doc.Version != tt.version || doc.Kind != tt.kind {
				t.Errorf("Parse = %q, %q, %v, want %q, %q", doc.Version, doc.Kind, err, tt.version, tt.kind)
			}
		})
	}
}

func TestAssertionIsRaised(t *testing.T) {
	for _, tt := range []struct {
		name, in string
		want     map[string]string
	}{
		{
			"0.5", `{"recipient":"sha256$ab","salt":"s","issued_on":"2012-01-05","evidence":"/e","badge":{"name":"B","image":"/b.png","description":"D","criteria":"https://example.org/c",
			"issuer":{"origin":"https://example.org","name":"I","org":"O","contact":"a@example.org"}}}`,
			map[string]string{
				"id": "", "identity": "sha256$ab", "hashed": "true", "salt": "s", "issued": "2012-01-05T00:00:00Z", "image": "https://example.org/b.png",
				"criteria": "https://example.org/c", "issuer": "I", "evidence": "https://example.org/e", "hosted": "true", "badge": "B",
			},
		},
		{
			"0.5 in plain", `{"recipient":"a@example.org","badge":{"name":"B","issuer":{}}}`,
			map[string]string{"id": "", "identity": "a@example.org", "hashed": "false", "salt": "", "issued": "", "image": "", "criteria": "", "issuer": "", "evidence": "", "hosted": "true", "badge": "B"},
		},
		{
			"1.0 by its address", `{"uid":"7","recipient":{"type":"email","hashed":false,"identity":"a@example.org"},"badge":"https://example.org/b","issuedOn":1420070400,
			"evidence":"https://example.org/e","verify":{"type":"hosted","url":"https://example.org/a"}}`,
			map[string]string{
				"id": "https://example.org/a", "identity": "a@example.org", "hashed": "false", "salt": "", "issued": "2015-01-01T00:00:00Z", "image": "", "criteria": "",
				"issuer": "", "evidence": "https://example.org/e", "hosted": "true", "badge": "https://example.org/b",
			},
		},
		{
			"1.0 by its uid", `{"uid":"7","recipient":{"type":"email","hashed":false,"identity":"a@example.org"},"badge":"https://example.org/b","issuedOn":"1420070400",
			"verify":{"type":"signed","url":"https://example.org/key"}}`,
			map[string]string{
				"id": "uid:7", "identity": "a@example.org", "hashed": "false", "salt": "", "issued": "2015-01-01T00:00:00Z", "image": "", "criteria": "",
				"issuer": "", "evidence": "", "hosted": "false", "badge": "https://example.org/b",
			},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := openbadges.Parse([]byte(tt.in))
			if err != nil {
				t.Fatal(err)
			}
			a, err := doc.Assertion()
			if err != nil {
				t.Fatal(err)
			}
			got := map[string]string{
				"id": a.ID, "identity": a.Recipient.Identity, "hashed": "false", "salt": a.Recipient.Salt, "issued": "", "image": "", "criteria": "",
				"issuer": "", "evidence": "", "hosted": "false", "badge": a.Badge.Name + a.Badge.ID,
			}
			if a.Recipient.Hashed {
				got["hashed"] = "true"
			}
			if a.Verification.Hosted() {
				got["hosted"] = "true"
			}
			if at, err := a.IssuedOn.Time(); err == nil {
				got["issued"] = string(openbadges.At(at))
			}
			if a.Badge.Image != nil {
				got["image"] = a.Badge.Image.ID
			}
			if a.Badge.Criteria != nil {
				got["criteria"] = a.Badge.Criteria.ID
			}
			if a.Badge.Issuer != nil {
				got["issuer"] = a.Badge.Issuer.Name
			}
			if len(a.Evidence) > 0 {
				got["evidence"] = a.Evidence[0].ID
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("the raised assertion differs (-want +got):\n%s", diff)
			}
		})
	}
}

func TestMatchIdentity(t *testing.T) {
	hashed := func(hash string) openbadges.IdentityObject {
		return openbadges.IdentityObject{Hashed: true, IdentityHash: hash, Salt: "s"}
	}
	for _, tt := range []struct {
		name string
		o    openbadges.IdentityObject
		in   string
		want bool
	}{
		{"as typed", hashed(openbadges.HashIdentity("Ann@Example.org", "s")), "Ann@Example.org", true},
		{"lower-cased", hashed(openbadges.HashIdentity("ann@example.org", "s")), " Ann@Example.org ", true},
		{"digits in capitals", hashed(strings.ToUpper(openbadges.HashIdentity("a@b.org", "s"))), "a@b.org", true},
		{"md5", openbadges.IdentityObject{Hashed: true, IdentityHash: "md5$0cc175b9c0f1b6a831c399e269772661"}, "a", true},
		{"sha1", openbadges.IdentityObject{Hashed: true, IdentityHash: "sha1$86f7e437faa5a7fce15d1ddcb9eaeaea377667b8"}, "a", true},
		{"plain", openbadges.IdentityObject{IdentityHash: "Ann@example.org"}, "ann@Example.org", true},
		{"a domain in ASCII", hashed(openbadges.HashIdentity("ann@münchen.example", "s")), "Ann@xn--mnchen-3ya.example", true},
		{"a domain in Unicode", hashed(openbadges.HashIdentity("ann@xn--mnchen-3ya.example", "s")), "ann@München.example", true},
		{"a plain domain in ASCII", openbadges.IdentityObject{IdentityHash: "ann@münchen.example"}, "ann@xn--mnchen-3ya.example", true},
		{"a domain that looks alike", hashed(openbadges.HashIdentity("ann@glass.example", "s")), "ann@glaß.example", false},
		{"another address", hashed(openbadges.HashIdentity("a@b.org", "s")), "b@b.org", false},
		{"another salt", hashed(openbadges.HashIdentity("a@b.org", "t")), "a@b.org", false},
		{"an unknown algorithm", hashed("sha3$00"), "a@b.org", false},
		{"no algorithm", hashed("00"), "a@b.org", false},
		{"a cut hash", hashed(openbadges.HashIdentity("a@b.org", "s")[:20]), "a@b.org", false},
		{"a hash that is taken for plain", openbadges.IdentityObject{IdentityHash: openbadges.HashIdentity("a@b.org", "")}, "a@b.org", false},
		{"nothing typed", openbadges.IdentityObject{IdentityHash: ""}, "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := openbadges.MatchIdentity(tt.o, tt.in); got != tt.want {
				t.Errorf("MatchIdentity(%+v, %q) = %v", tt.o, tt.in, got)
			}
		})
	}
}

// FuzzParse wants no panic from anything that is done with a document, and that
// what the types write is read as the same.
func FuzzParse(f *testing.F) {
	for _, s := range ownSamples {
		f.Add(s.data)
	}
	paths, err := filepath.Glob(shared + "fixtures/badges/ob30/1edtech/*.json")
	if err == nil {
		for _, path := range paths {
			if data, err := os.ReadFile(path); err == nil {
				f.Add(data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		doc, err := openbadges.Parse(in)
		if err != nil {
			return
		}
		if problems := doc.Validate(); len(problems) > 101 {
			t.Fatalf("%d problems", len(problems))
		}
		_, _ = doc.Assertion() // only that they do not panic
		_, _ = doc.BadgeClass()
		_, _ = doc.OB2Profile()
		_, _ = doc.EndorsementCredential()
		c, err := doc.Credential()
		if err != nil {
			return
		}
		tree, err := openbadges.Tree(c)
		if err != nil {
			return // a number that is none, such as credits of "-"
		}
		again, err := openbadges.FromTree(tree).Credential()
		if err != nil {
			t.Fatalf("the types do not read what they wrote, %s: %v", tree.Append(nil), err)
		}
		second, err := openbadges.Tree(again)
		if err != nil || string(second.Append(nil)) != string(tree.Append(nil)) {
			t.Fatalf("read and written again,\n%s became\n%s", tree.Append(nil), second.Append(nil))
		}
	})
}

func BenchmarkValidate(b *testing.B) {
	tree, err := openbadges.Tree(sampleCredential())
	if err != nil {
		b.Fatal(err)
	}
	data := tree.Append(nil)
	b.Run("parse", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := openbadges.Parse(data); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("validate", func(b *testing.B) {
		doc := openbadges.FromTree(tree)
		b.ReportAllocs()
		for b.Loop() {
			if p := doc.Validate(); len(p) != 0 {
				b.Fatal(p)
			}
		}
	})
	b.Run("typed view", func(b *testing.B) {
		doc := openbadges.FromTree(tree)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := doc.Credential(); err != nil {
				b.Fatal(err)
			}
		}
	})
}
