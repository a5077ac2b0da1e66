package status

import (
	"strconv"
	"strings"

	"github.com/accolade-badges/accolade/openbadges/strictjson"
)

// The types of entries that are read. Bitstring is the one that this house
// writes.
const (
	Bitstring  = "BitstringStatusListEntry"
	List2021   = "StatusList2021Entry"
	List2020   = "RevocationList2020Status"
	EdTechList = "1EdTechRevocationList"
)

// The purposes of lists. A revocation cannot be undone, a suspension can.
const (
	Revocation = "revocation"
	Suspension = "suspension"
	Refresh    = "refresh"
	Message    = "message"
)

// Entry is one credentialStatus. List is the address to fetch: a list
// credential, or for EdTechList the plain revocation list. Index, Purpose and
// Size have no meaning for EdTechList. Size is the width of an entry in bits,
// nearly always 1.
type Entry struct {
	ID       string
	Type     string
	Purpose  string
	List     string
	Index    int
	Size     int
	Messages map[string]string // statusMessage: value in hexadecimal, such as "0x1", to text
}

// ParseEntry reads one credentialStatus object. The error is an [*Error] with
// code [UnknownType] for a mechanism that this package does not know, and
// [Malformed] for one that breaks its rules: Bitstring Status List v1.0, section
// 2.1; 1EdTech Revocation List 1.0.
func ParseEntry(v *strictjson.Value) (Entry, error) {
	if !v.Is(strictjson.Object) {
		return Entry{}, fail(Malformed, "a credentialStatus that is a %s instead of an object", v.Kind())
	}
	e := Entry{ID: v.Get("id").Str(), Size: 1}
	types := v.Get("type")
	for _, t := range []string{Bitstring, List2021, List2020, EdTechList} {
		if types.Contains(t) {
			e.Type = t
			break
		}
	}
	switch e.Type {
	case "":
		return e, fail(UnknownType, "a credentialStatus of type %s, which we do not know", strings.Join(types.Strings(), ", "))
	case EdTechList:
		if e.ID == "" {
			return e, fail(Malformed, "a %s without the id that is its address", EdTechList)
		}
		e.List, e.Purpose = e.ID, Revocation
		return e, nil
	}
	index, list := v.Get("statusListIndex"), v.Get("statusListCredential")
	e.Purpose = v.Get("statusPurpose").Str()
	if e.Type == List2020 {
		index, list, e.Purpose = v.Get("revocationListIndex"), v.Get("revocationListCredential"), Revocation
	}
	if e.List = list.Str(); e.List == "" {
		return e, fail(Malformed, "a credentialStatus without the address of its list (statusListCredential)")
	}
	if e.ID != "" && e.ID == e.List {
		return e, fail(Malformed, "a credentialStatus whose id is the address of the list")
	}
	if e.Purpose == "" {
		return e, fail(Malformed, "a credentialStatus without statusPurpose")
	}
	var err *Error
	if e.Index, err = parseIndex(index); err != nil {
		return e, err
	}
	if err := e.parseSize(v); err != nil {
		return e, err
	}
	return e, nil
}

// parseIndex reads a decimal number as a string. Some issuers write a number.
func parseIndex(v *strictjson.Value) (int, *Error) {
	text := v.Str()
	if v.Is(strictjson.Number) {
		text = v.Literal()
	}
	n, err := strconv.ParseUint(text, 10, 31)
	if err != nil || len(text) > 1 && text[0] == '0' {
		return 0, fail(Malformed, "a statusListIndex, %q, that is not a decimal number from 0 up", text)
	}
	return int(n), nil
}

func (e *Entry) parseSize(v *strictjson.Value) *Error {
	if size := v.Get("statusSize"); size != nil {
		n, err := strconv.ParseUint(size.Literal(), 10, 8)
		if err != nil || n < 1 || n > 31 {
			return fail(Malformed, "a statusSize that is not a whole number from 1 to 31")
		}
		e.Size = int(n)
	}
	for _, m := range v.Get("statusMessage").Items() {
		if e.Messages == nil {
			e.Messages = map[string]string{}
		}
		e.Messages[m.Get("status").Str()] = m.Get("message").Str()
	}
	if e.Size > 1 && len(e.Messages) != 1<<e.Size {
		return fail(Malformed, "a statusSize of %d, which needs %d entries in statusMessage, and has %d", e.Size, 1<<e.Size, len(e.Messages))
	}
	return nil
}

// NewEntry returns the credentialStatus object of badge number index in the
// list at the given address: one BitstringStatusListEntry with an id, the form
// that every reader of Open Badges accepts.
func NewEntry(list string, index int, purpose string) strictjson.Value {
	n := strconv.Itoa(index)
	return strictjson.NewObject(
		member("id", list+"#"+n),
		member("type", Bitstring),
		member("statusPurpose", purpose),
		member("statusListIndex", n),
		member("statusListCredential", list),
	)
}

func member(name, value string) strictjson.Member {
	return strictjson.Member{Name: name, Value: strictjson.NewString(value)}
}
