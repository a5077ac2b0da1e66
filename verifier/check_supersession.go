package verifier

// checkSupersession tells whether the edition in hand has been replaced. The
// report then describes the newest one, where it may be seen.
func (b *badge) checkSupersession() {
	switch c := b.report.Check(CheckRefresh); {
	case b.newer != nil:
		from, _ := validity(b.json)
		newest, _ := validity(b.newer)
		name := b.report.Achievement
		b.describeCredential(b.newer)
		b.report.Issuer.Binding = Confirmed
		b.report.Credential = b.newer.Append(nil)
		e := evidence{"validFrom": from.Format("2006-01-02T15:04:05Z07:00"), "newestValidFrom": newest.Format("2006-01-02T15:04:05Z07:00")}
		if name != nil && b.report.Achievement != nil && name.Name != b.report.Achievement.Name {
			e["name"] = name.Name
		}
		b.line(CheckSupersession, Passed, CodeSuperseded, "The file in hand is an older edition, of "+day(from)+"; this report is about the newest, of "+day(newest)+".", e)
	case c != nil && c.Code == CodeRefreshCurrent:
		b.pass(CheckSupersession, CodeNewest, "No newer edition replaces this one.", nil)
	case b.superseded():
		b.line(CheckSupersession, Passed, CodeSupersededUnseen, "The issuer has issued this badge anew since; the edition in hand is judged. Ask for its newest file or link.", nil)
	case c != nil && c.Outcome == Unchecked:
		b.line(CheckSupersession, Unchecked, CodeSupersessionUnknown, "Whether a newer edition exists is not known.", nil)
	default:
		b.skip(CheckSupersession, CodeNone, "Nothing says that there could be a newer edition.")
	}
}

// superseded tells whether the edition in hand is one of our own that was issued anew
// since, although no refresh service has said so.
func (b *badge) superseded() bool {
	own, ok := b.own()
	return ok && b.v.options.Superseded != nil && b.v.options.Profile != W3C && b.v.options.Superseded(b.v.ctx, own)
}

// own returns what a ledger compares with its own credentials. It reports false where
// anybody could have made it, who would only learn what the ledger has.
func (b *badge) own() (Own, bool) {
	if b.depth > 0 || !b.signed() || b.report.Issuer == nil {
		return Own{}, false
	}
	from, _ := validity(b.json)
	return Own{b.report.ID, b.report.Issuer.ID, from, b.report.Token}, true
}
