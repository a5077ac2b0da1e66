package issuer

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/language"

	"github.com/accolade-badges/accolade/issuer/art"
	"github.com/accolade-badges/accolade/issuer/catalogue"
	"github.com/accolade-badges/accolade/issuer/ledger"
)

// drawnWords are what pictures and certificates say in one language. Verbs are
// filled in by package fmt.
type drawnWords struct {
	tag, date                                string // BCP 47; layout of a day
	exam, certification                      string
	levels                                   map[string]string // by the programme's word; others stand as they are
	revoked, suspended, expired, expiresSoon string
	headline, awarded                        string
	certifies, earned, passed                string
	revokedFrom, suspendedFrom               string // statements of what is not in force
	awardedBy                                string // day, issuer
	never, until, ended, takenBack, setAside string // each but never of a day
	licence, verify                          string
}

// drawnLanguages are the languages of pictures; the first is the fallback.
var drawnLanguages = []drawnWords{
	{
		tag: "en", date: "2 January 2006", exam: "Exam", certification: "Certification",
		revoked: "Revoked", suspended: "Suspended", expired: "Expired", expiresSoon: "Expires soon",
		headline: "Open Badge", awarded: "Awarded %s",
		certifies: "This certifies that", earned: "has earned the certification", passed: "has passed the exam",
		revokedFrom: "Revoked. It no longer certifies that", suspendedFrom: "Suspended. For now it does not certify that",
		awardedBy: "Awarded %s by %s", never: "Does not expire", until: "Valid until %s", ended: "Expired on %s", takenBack: "Revoked on %s", setAside: "Suspended since %s",
		licence: "Licence number %s", verify: "Verify at",
	},
	{
		tag: "zh-CN", date: "2006年1月2日", exam: "考试", certification: "认证",
		levels: map[string]string{
			"beginner": "入门级", "fundamentals": "基础级", "foundational": "基础级", "associate": "助理级", "intermediate": "中级",
			"advanced": "高级", "professional": "专业级", "expert": "专家级", "specialty": "专项",
		},
		revoked: "已撤销", suspended: "已暂停", expired: "已过期", expiresSoon: "即将到期",
		headline: "开放徽章", awarded: "获得日期：%s",
		certifies: "兹证明", earned: "已获得以下认证", passed: "已通过以下考试",
		revokedFrom: "已撤销，不再证明", suspendedFrom: "已暂停，目前不能证明",
		awardedBy: "%s由%s颁发", never: "长期有效", until: "有效期至%s", ended: "已于%s过期", takenBack: "已于%s撤销", setAside: "自%s起暂停",
		licence: "证书编号：%s", verify: "验证网址",
	},
}

// drawnMatcher finds the language of pictures for a reader.
var drawnMatcher = language.NewMatcher([]language.Tag{language.English, language.MustParse("zh-CN")})

// drawn returns the words of pictures for a reader of a language (BCP 47).
func drawn(tag string) *drawnWords {
	_, index := language.MatchStrings(drawnMatcher, tag)
	return &drawnLanguages[index]
}

func (w *drawnWords) day(t time.Time) string { return t.UTC().Format(w.date) }

// title is an achievement's title, in the language where the programme has one.
func (w *drawnWords) title(f catalogue.AchievementFacts) string {
	if own := f.Titles[w.tag]; own != "" {
		return own
	}
	return f.Title
}

// level is the small line of a badge picture.
func (w *drawnWords) level(f catalogue.AchievementFacts, kind string) string {
	switch {
	case kind == ledger.KindExam:
		return w.exam
	case f.Level == "":
		return w.certification
	case w.levels[f.Level] != "":
		return w.levels[f.Level]
	}
	return strings.ToUpper(f.Level[:1]) + f.Level[1:]
}

// state is the word for what a live picture shows.
func (w *drawnWords) state(s art.State) string {
	switch s {
	case art.Revoked:
		return w.revoked
	case art.Suspended:
		return w.suspended
	case art.Expired:
		return w.expired
	case art.ExpiresSoon:
		return w.expiresSoon
	}
	return ""
}

// statement is what a certificate says above the name: it certifies nothing of an
// award that is not in force by its issuer's will.
func (w *drawnWords) statement(p *Publication) string {
	switch p.Status {
	case Revoked:
		return w.revokedFrom
	case Suspended:
		return w.suspendedFrom
	}
	return w.certifies
}

// lines are what a certificate says below the title.
func (w *drawnWords) lines(p *Publication) []string {
	end := w.never
	switch {
	case p.Status == Revoked:
		end = fmt.Sprintf(w.takenBack, w.day(p.Award.RevokedAt))
	case p.Status == Suspended:
		end = fmt.Sprintf(w.setAside, w.day(p.Award.SuspendedAt))
	case p.Status == Expired:
		end = fmt.Sprintf(w.ended, w.day(p.Award.ExpiresAt))
	case !p.Award.ExpiresAt.IsZero():
		end = fmt.Sprintf(w.until, w.day(p.Award.ExpiresAt))
	}
	return []string{
		fmt.Sprintf(w.awardedBy, w.day(p.Award.AttainedAt), p.Issuer.Name), end, fmt.Sprintf(w.licence, LicenceNumber(p.Award.ID)),
	}
}

// earnersLanguage is the language in which whoever was examined reads, "" where
// nobody said.
func (s *Service) earnersLanguage(ctx context.Context, w ledger.Award) (string, error) {
	var candidate ledger.Candidate
	err := s.ledger.View(ctx, func(tx *ledger.Tx) error {
		var err error
		candidate, err = tx.Candidate(ctx, w.Candidate)
		return err
	})
	if errors.Is(err, ledger.ErrNotFound) {
		err = nil
	}
	return candidate.Locale, err
}
