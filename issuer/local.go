package issuer

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/accolade-badges/accolade/verifier/fetch"
)

// Local is the verifier's way to our own documents: what a stranger would get
// over the network, without the network.
func (s *Service) Local(ctx context.Context, address string) (*fetch.Response, bool) {
	doc, ours, err := s.local(ctx, address)
	if !ours {
		return nil, false
	}
	response := &fetch.Response{URL: address, Status: http.StatusNotFound, FetchedAt: s.Now()}
	switch {
	case err == nil:
		response.Status, response.ContentType, response.Body = doc.Status, doc.Type, doc.Body
	case !errors.Is(err, ErrNotPublished):
		s.log.Error("own document cannot be answered", "url", address, "error", err)
		response.Status = http.StatusServiceUnavailable
	}
	return response, true
}

// local answers a request for one of our own documents from the ledger, as a
// stranger would get it over the network. ok is false for addresses that are
// not ours.
func (s *Service) local(ctx context.Context, address string) (doc *Document, ok bool, err error) {
	path, ok := s.urls.Path(address)
	if !ok {
		if path, ok = s.localDID(address); !ok {
			return nil, false, nil
		}
	}
	path, _, _ = strings.Cut(path, "#")
	path, _, _ = strings.Cut(path, "?")
	part := strings.Split(strings.TrimPrefix(path, "/"), "/")
	switch {
	case path == "/.well-known/jwks.json":
		doc, err = s.JWKSet(ctx)
	case len(part) == 3 && part[0] == "issuers" && part[2] == "did.json":
		doc, err = s.DID(ctx, part[1])
	case len(part) == 3 && part[0] == "ob2":
		doc, err = s.ob2Document(ctx, part[1], part[2])
	case len(part) == 3 && part[0] == "badges":
		doc, err = s.badgeView(ctx, part[1], part[2])
	case part[0] == "s":
		doc, err = s.sharedDocument(ctx, strings.TrimPrefix(path, "/s/"))
	case len(part) == 2:
		doc, err = s.plainDocument(ctx, part[0], part[1])
	default:
		return nil, false, nil
	}
	return doc, true, err
}

// localDID maps the https address that did:web gives our own did.json to a path
// also where the installation is served over http.
func (s *Service) localDID(address string) (string, bool) {
	rest, ok := strings.CutPrefix(address, "https://"+s.urls.Origin())
	if !ok || !strings.HasSuffix(rest, "/did.json") {
		return "", false
	}
	return rest, true
}

func (s *Service) plainDocument(ctx context.Context, kind, name string) (*Document, error) {
	switch kind {
	case "issuers":
		return s.IssuerProfile(ctx, name)
	case "keys":
		return s.Key(ctx, name)
	case "achievements":
		return s.Achievement(ctx, name)
	case "status":
		return s.StatusList(ctx, name)
	case "revocations":
		return s.Revocations(ctx, name)
	case "refresh":
		return s.CredentialJSON(ctx, name)
	case "badges":
		return s.badgeDocument(ctx, name)
	}
	return nil, ErrNotPublished
}

// badgeView is what the view of an award at an address leads to: the
// certificate has the credential inside, to which its pictures and the embedded
// form only point.
func (s *Service) badgeView(ctx context.Context, id, view string) (*Document, error) {
	switch view {
	case "certificate.pdf":
		return s.Certificate(ctx, id)
	case "image.png", "card.png", "embed":
		return s.CredentialJSON(ctx, id)
	}
	return nil, ErrNotPublished
}

// badgeDocument is an award in the form that the suffix of its address names.
func (s *Service) badgeDocument(ctx context.Context, name string) (*Document, error) {
	id, suffix, _ := strings.Cut(name, ".")
	switch suffix {
	case "", "json":
		return s.CredentialJSON(ctx, id)
	case "jwt":
		return s.CredentialJWT(ctx, id)
	case "png":
		return s.BakedPNG(ctx, id)
	case "svg":
		return s.BakedSVG(ctx, id)
	case "ob2.svg":
		return s.BakedOB2SVG(ctx, id)
	case "ob2.json":
		return s.Assertion(ctx, id)
	}
	return nil, ErrNotPublished
}

func (s *Service) ob2Document(ctx context.Context, kind, name string) (*Document, error) {
	switch kind {
	case "assertions":
		return s.Assertion(ctx, name)
	case "badges":
		return s.BadgeClass(ctx, name)
	case "issuers":
		return s.OB2Issuer(ctx, name)
	case "keys":
		return s.OB2Key(ctx, name)
	case "revocations":
		return s.OB2Revocations(ctx, name)
	}
	return nil, ErrNotPublished
}
