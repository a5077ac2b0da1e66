package issuer_test

import (
	"context"
	"strings"
	"testing"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
	"github.com/accolade-badges/accolade/openbadges/did"
	"github.com/accolade-badges/accolade/openbadges/jsonld"
	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

func TestPublishedLinkedDataDefinesEveryTerm(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, "", "2025-06-01T12:00:00Z")
	ctx := context.Background()
	byHTTPS, err := h.CreateIssuer(ctx, "test", issuer.NewIssuer{Name: "Sample Board", HTTPS: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, slug := range []string{h.slug, byHTTPS.Slug} {
		h.slug = slug
		h.mustLoadDemo(t, unchanged)
		id := h.mustRecord(t, pass("1", "CL-220", "2025-02-01T10:00:00Z")).Awards[0]
		h.mustDrain(t)
		if err := h.SetVisibility(ctx, "test", id.ID, ledger.Public); err != nil {
			t.Fatal(err)
		}
		w, err := h.Award(ctx, id.ID)
		if err != nil {
			t.Fatal(err)
		}
		documents := map[string]func() (*issuer.Document, error){
			"issuer":         func() (*issuer.Document, error) { return h.IssuerProfile(ctx, slug) },
			"did":            func() (*issuer.Document, error) { return h.DID(ctx, slug) },
			"achievement":    func() (*issuer.Document, error) { return h.Achievement(ctx, id.Achievement) },
			"credential":     func() (*issuer.Document, error) { return h.CredentialJSON(ctx, id.ID) },
			"status list":    func() (*issuer.Document, error) { return h.StatusList(ctx, w.StatusList) },
			"ob2 issuer":     func() (*issuer.Document, error) { return h.OB2Issuer(ctx, slug) },
			"ob2 badge":      func() (*issuer.Document, error) { return h.BadgeClass(ctx, id.Achievement) },
			"ob2 assertion":  func() (*issuer.Document, error) { return h.Assertion(ctx, id.ID) },
			"ob2 revocation": func() (*issuer.Document, error) { return h.OB2Revocations(ctx, slug) },
		}
		keys := 0
		err = h.ledger.View(ctx, func(tx *ledger.Tx) error {
			list, err := tx.Keys(ctx, slug)
			for _, k := range list {
				if k.Algorithm == "Ed25519" {
					documents["key"] = func() (*issuer.Document, error) { return h.Key(ctx, k.Name) }
				} else {
					documents["ob2 key"] = func() (*issuer.Document, error) { return h.OB2Key(ctx, k.Name) }
				}
				keys++
			}
			return err
		})
		if err != nil || keys != 2 {
			t.Fatalf("%d keys, %v; want two", keys, err)
		}
		for name, get := range documents {
			d, err := get()
			if err != nil {
				t.Fatalf("%s %s: %v", slug, name, err)
			}
			doc, err := strictjson.Parse(d.Body)
			if err != nil {
				t.Fatalf("%s %s: %v", slug, name, err)
			}
			bare := doc.Without("proof")
			if _, err := jsonld.Canonicalize(&bare, jsonld.Options{}); err != nil {
				t.Errorf("%s %s: %v\n%s", slug, name, err, d.Body)
			}
		}
	}
	d, err := h.IssuerProfile(ctx, byHTTPS.Slug)
	if err != nil {
		t.Fatal(err)
	}
	v, err := strictjson.Parse(d.Body)
	if err != nil {
		t.Fatal(err)
	}
	controller, err := did.ParseDocument(v, byHTTPS.ID)
	if err != nil || len(controller.Methods) != 2 || !strings.HasPrefix(controller.Methods[0].ID, base+"/keys/") {
		t.Errorf("the controller document of an https issuer: %+v, %v; want both keys by their addresses", controller, err)
	}
}
