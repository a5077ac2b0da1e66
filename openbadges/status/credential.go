package status

import (
	"slices"
	"strconv"
	"time"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// DefaultTTL is how long a list may be kept when it does not say.
const DefaultTTL = 5 * time.Minute

// Subject is what a list credential says, still packed.
type Subject struct {
	ID       string
	Type     string // BitstringStatusList, StatusList2021 or RevocationList2020
	Purposes []string
	Encoded  string
	TTL      time.Duration
}

// ParseList reads the subject of a list credential. Whether the credential is
// genuine and in force is not judged here. The error is an [*Error].
func ParseList(credential *strictjson.Value) (Subject, error) {
	subjects := credential.Get("credentialSubject").List()
	if len(subjects) != 1 {
		return Subject{}, fail(Malformed, "a status list credential with %d subjects", len(subjects))
	}
	v := &subjects[0]
	s := Subject{ID: v.Get("id").Str(), Purposes: v.Get("statusPurpose").Strings(), Encoded: v.Get("encodedList").Str(), TTL: DefaultTTL}
	for _, t := range []string{"BitstringStatusList", "StatusList2021", "RevocationList2020"} {
		if v.Get("type").Contains(t) {
			s.Type = t
			break
		}
	}
	switch {
	case s.Type == "":
		return s, fail(UnknownType, "a credential whose subject is no status list")
	case s.Encoded == "":
		return s, fail(Malformed, "a status list without encodedList")
	case s.Type == "RevocationList2020":
		s.Purposes = []string{Revocation}
	case len(s.Purposes) == 0:
		return s, fail(Malformed, "a status list without statusPurpose")
	}
	if ttl := v.Get("ttl"); ttl != nil {
		ms, err := strconv.ParseUint(ttl.Literal(), 10, 63)
		if err != nil {
			return s, fail(Malformed, "ttl is not a whole number of milliseconds")
		}
		s.TTL = time.Duration(min(ms, uint64(24*time.Hour/time.Millisecond))) * time.Millisecond
	}
	return s, nil
}

// State is the status of one badge in one list.
type State struct {
	Set     bool   // the bit is set, or the value is not 0
	Value   int    // of an entry that is wider than a bit
	Message string // of that value, where the entry has messages
}

// Status unpacks the list within l and looks up e. The error is an [*Error]:
// purposes differ, the list is malformed, too short or too large, or has no such
// entry. Keep what [Decode] gives and call [Entry.In] to look up many.
func (s Subject) Status(e Entry, l Limits) (State, error) {
	if !slices.Contains(s.Purposes, e.Purpose) {
		return State{}, fail(Purpose, "the badge names a list for %s, the list is for %v", e.Purpose, s.Purposes)
	}
	list, err := l.Decode(s.Encoded)
	if err != nil {
		return State{}, err
	}
	return e.In(list)
}

// In looks e up in a list that is already unpacked.
func (e Entry) In(list *List) (State, error) {
	value, err := list.Value(e.Index, max(e.Size, 1))
	if err != nil {
		return State{}, err
	}
	s := State{Set: value != 0, Value: value}
	if e.Messages != nil {
		s.Message = e.Messages["0x"+strconv.FormatInt(int64(value), 16)]
	}
	return s, nil
}

// ListCredential is what [NewListCredential] needs. ID is the address at which
// the list is published; TTL is left out when it is 0, ValidUntil when zero.
type ListCredential struct {
	ID         string
	Issuer     string
	Purpose    string
	Encoded    string // of EncodeIndexes or its kin
	ValidFrom  time.Time
	ValidUntil time.Time
	TTL        time.Duration
}

// NewListCredential returns the BitstringStatusListCredential, not yet signed.
// Bitstring Status List v1.0, section 2.2.
func NewListCredential(c ListCredential) strictjson.Value {
	subject := []strictjson.Member{
		member("id", c.ID+"#list"),
		member("type", "BitstringStatusList"),
		member("statusPurpose", c.Purpose),
		member("encodedList", c.Encoded),
	}
	if c.TTL > 0 {
		subject = append(subject, strictjson.Member{Name: "ttl", Value: strictjson.NewInt(c.TTL.Milliseconds())})
	}
	members := []strictjson.Member{
		{Name: "@context", Value: strictjson.NewArray(strictjson.NewString("https://www.w3.org/ns/credentials/v2"))},
		member("id", c.ID),
		{Name: "type", Value: strictjson.NewArray(strictjson.NewString("VerifiableCredential"), strictjson.NewString("BitstringStatusListCredential"))},
		member("issuer", c.Issuer),
		member("validFrom", seconds(c.ValidFrom)),
	}
	if !c.ValidUntil.IsZero() {
		members = append(members, member("validUntil", seconds(c.ValidUntil)))
	}
	return strictjson.NewObject(append(members, strictjson.Member{Name: "credentialSubject", Value: strictjson.NewObject(subject...)})...)
}

func seconds(t time.Time) string { return t.UTC().Truncate(time.Second).Format(time.RFC3339) }
