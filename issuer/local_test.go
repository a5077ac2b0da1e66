package issuer_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/accolade-badges/accolade/issuer"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

func TestLocalAnswersWhatAStrangerGets(t *testing.T) {
	t.Parallel()
	h := mustHouse(t, "", "2025-06-01T12:00:00Z")
	h.mustLoadDemo(t, unchanged)
	ctx := context.Background()
	id := h.mustRecord(t, pass("1", "CL-220", "2025-02-01T10:00:00Z")).Awards[0].ID
	badge := h.URLs().Badge(id, "")
	for _, visibility := range []string{ledger.Private, ledger.Public} {
		if err := h.SetVisibility(ctx, "test", id, visibility); err != nil {
			t.Fatal(err)
		}
		for address, mediaType := range map[string]string{
			badge: issuer.TypeOB3, badge + ".json": issuer.TypeOB3, badge + ".jwt": issuer.TypeText, badge + ".png": issuer.TypePNG,
			badge + ".svg": issuer.TypeSVG, badge + ".ob2.svg": issuer.TypeSVG, badge + ".ob2.json": issuer.TypeLD, badge + "/certificate.pdf": issuer.TypePDF, h.URLs().Assertion(id): issuer.TypeLD, h.URLs().Refresh(id): issuer.TypeOB3,
			badge + "/image.png": issuer.TypeOB3, badge + "/card.png": issuer.TypeOB3, badge + "/embed": issuer.TypeOB3,
			badge + ".exe": "", badge + "/qr.png": "",
		} {
			want := http.StatusOK
			if visibility == ledger.Private || mediaType == "" {
				want, mediaType = http.StatusNotFound, ""
			}
			r, ours := h.Local(ctx, address)
			if !ours || r.Status != want || r.ContentType != mediaType {
				t.Errorf("%s, %s: %d %q (ours: %v), want %d %q", address, visibility, r.Status, r.ContentType, ours, want, mediaType)
			}
		}
	}
	for _, address := range []string{"https://example.org/badges/" + id, "http://localhost:80801/badges/" + id, h.URLs().Base() + "/verify"} {
		if _, ours := h.Local(ctx, address); ours {
			t.Errorf("%s is answered as our own document", address)
		}
	}
}
