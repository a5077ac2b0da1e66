package verifier

import "github.com/accolade-badges/accolade/openbadges"

// checkIssuer says whether the issuer whom the badge names is the one who signed
// it. The mathematics of a signature holds for any key; the issuer is confirmed
// only by their own identifier or document. For a hosted badge the host of its
// copy is what binds.
func (b *badge) checkIssuer() {
	if b.notABadge() || !b.known() {
		b.skip(CheckIssuer, CodeNotApplicable, "Nothing is signed or hosted here that would tie the issuer to it.")
		return
	}
	if b.doc.Kind == openbadges.KindPresentation && len(b.signatures) == 0 {
		b.skip(CheckIssuer, CodeNotApplicable, "Nobody signed the presentation itself.")
		return
	}
	b.holderBySignature()
	if b.report.Issuer == nil {
		if why := firstOf(b.class.why, b.profile.why); why != "" {
			b.cannot(CheckIssuer, CodeProfileUnreachable, "Who issued the badge is not known: "+why+".", nil)
			return
		}
		b.fail(CheckIssuer, Invalid, CodeIssuerMissing, "The badge names no issuer.", nil)
		return
	}
	switch {
	case b.hosted != nil && len(b.signatures) == 0:
		b.hostedIssuer()
	case b.byHolder && len(b.signatures) == 0:
		b.report.Issuer.Binding = Confirmed
		b.pass(CheckIssuer, CodeHolderIsIssuer, "The holder who signed the presentation issued this themselves.", evidence{"issuer": b.report.Issuer.ID})
	case len(b.signatures) == 0:
		b.cannot(CheckIssuer, CodeIssuerUnsigned, "Without a signature nothing ties the badge to the issuer that it names.", nil)
	default:
		b.signedIssuer()
	}
}

// hostedIssuer binds by the rules of hosting, which check hosted reports in full.
func (b *badge) hostedIssuer() {
	e := evidence{"issuer": b.report.Issuer.ID}
	h := b.hosted
	if h.doc == nil && !h.revoked || b.profile.view == nil {
		b.line(CheckIssuer, Unchecked, CodeIssuerUnreachable, "Only the issuer's own server could tell who issued this badge, and not all of it answered.", e)
		b.effect(Undetermined)
		return
	}
	if ok, _ := b.inScope(h.url); !ok {
		b.report.Issuer.Binding = Contradicted
		b.fail(CheckIssuer, Invalid, CodeHostedOutOfScope, "The badge is not hosted where the named issuer hosts badges.", e)
		return
	}
	b.report.Issuer.Binding = Confirmed
	b.pass(CheckIssuer, CodeIssuerHosts, "The named issuer hosts this badge themselves.", e)
}

// signedIssuer takes the best of the signatures that hold; one made with
// somebody else's key contradicts all.
func (b *badge) signedIssuer() {
	best := keyFinding{}
	for _, s := range b.signatures {
		f := s.finding
		if f.binding == Contradicted {
			best = f
			break
		}
		if s.outcome == signatureGood && f.binding == Confirmed || best.binding == "" {
			best = f
			best.binding = f.binding
			if s.outcome != signatureGood && f.binding == Confirmed {
				best.binding = Unconfirmed
			}
		}
	}
	e := evidence{"issuer": b.report.Issuer.ID}
	if best.source != "" {
		e["keyFrom"] = clean(best.source)
	}
	b.report.Issuer.Binding = best.binding
	switch best.binding {
	case Confirmed:
		b.pass(CheckIssuer, best.code, best.reason, e)
	case Contradicted:
		b.fail(CheckIssuer, Invalid, best.code, best.reason, e)
	default:
		b.cannot(CheckIssuer, best.code, "It is not certain that the named issuer made this badge. "+best.reason, e)
	}
}
