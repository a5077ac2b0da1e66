package proof

import "github.com/accolade-badges/accolade/openbadges/strictjson"

// maxProofs bounds the proofs of one document.
const maxProofs = 20

// unsecured returns what a proof signs: the document without proofs, or with
// those that previousProof names (Data Integrity section 4.5, proof sets and
// chains).
func unsecured(doc, proof *strictjson.Value) (*strictjson.Value, *Error) {
	previous, err := previousProofs(doc, proof)
	if err != nil {
		return nil, err
	}
	if len(previous) == 0 {
		v := doc.Without("proof")
		return &v, nil
	}
	v := doc.With("proof", strictjson.NewArray(previous...))
	return &v, nil
}

// previousProofs returns the proofs that one proof names, in their order in the
// document.
func previousProofs(doc, proof *strictjson.Value) ([]strictjson.Value, *Error) {
	named := proof.Get("previousProof")
	if named == nil {
		return nil, nil
	}
	ids := named.Strings()
	if len(ids) == 0 || len(ids) != len(named.List()) {
		return nil, refuse(Malformed, "previousProof must be the id of a proof, or a list of them")
	}
	all := Proofs(doc)
	if len(all) > maxProofs {
		return nil, refuse(Malformed, "the document has more than %d proofs", maxProofs)
	}
	wanted := make(map[string]int, len(ids))
	for _, id := range ids {
		wanted[id] = 0
	}
	var found []strictjson.Value
	for i := range all {
		id := all[i].Get("id").Str()
		if n, is := wanted[id]; is {
			wanted[id] = n + 1
			found = append(found, all[i])
		}
	}
	for _, id := range ids {
		if wanted[id] != 1 {
			return nil, refuse(MissingPrevious, "previousProof names %.200q, of which the document has %d", id, wanted[id])
		}
	}
	return found, nil
}

// Chain returns the proofs that proof stands on, directly or through others,
// each once. A proof that ends a chain is only as good as every one of these.
func Chain(doc, proof *strictjson.Value) ([]strictjson.Value, error) {
	var out []strictjson.Value
	seen := map[string]bool{}
	// below holds the ids between the proof at hand and the first one.
	var walk func(p *strictjson.Value, below map[string]bool) *Error
	walk = func(p *strictjson.Value, below map[string]bool) *Error {
		previous, err := previousProofs(doc, p)
		if err != nil {
			return err
		}
		for i := range previous {
			id := previous[i].Get("id").Str()
			if below[id] {
				return refuse(MissingPrevious, "the chain of previous proofs leads back to %.200q", id)
			}
			if seen[id] {
				continue
			}
			seen[id] = true
			out = append(out, previous[i])
			below[id] = true
			if err := walk(&previous[i], below); err != nil {
				return err
			}
			delete(below, id)
		}
		return nil
	}
	start := map[string]bool{}
	if id := proof.Get("id").Str(); id != "" {
		start[id] = true
	}
	if err := walk(proof, start); err != nil {
		return nil, err
	}
	return out, nil
}
