package jsonld

import "github.com/accolade-badges/accolade/openbadges/strictjson"

// scalar turns a string, number or boolean that is a value of b into an RDF term
// (json-ld11-api, section 5.3.2).
func (w *writer) scalar(ctx *context, b *binding, v *strictjson.Value) (object, *Error) {
	if b.led != nil {
		inner, err := w.scoped(ctx, b, false)
		if err != nil {
			return object{}, err
		}
		ctx, b = inner, rebind(inner, b)
	}
	if !v.Is(strictjson.String) {
		o, err := plain(v, b.datatype)
		if b.coercion == toLiteral {
			o.suffix = b.suffix
		}
		return o, err
	}
	s := v.Str()
	switch b.coercion {
	case toID:
		r, err := w.reference(ctx, s)
		return object{text: r.iri, blank: r.blank}, err
	case toVocab:
		r, err := w.word(ctx, s)
		return object{text: r.iri, blank: r.blank}, err
	case toLiteral:
		text, err := content(s)
		return object{text: text, suffix: b.suffix, literal: true}, err
	}
	language, direction := ctx.language, ctx.textDir
	if b.language.set {
		language = b.language.value
	}
	if b.textDir.set {
		direction = b.textDir.value
	}
	return tagged(s, language, direction)
}

// plain turns a number or a boolean into a literal.
func plain(v *strictjson.Value, datatype string) (object, *Error) {
	switch v.Kind() {
	case strictjson.Bool:
		if v.True() {
			return object{text: "true", suffix: booleanSuffix, literal: true}, nil
		}
		return object{text: "false", suffix: booleanSuffix, literal: true}, nil
	case strictjson.Number:
		text, suffix, err := number(v.Literal(), datatype)
		return object{text: text, suffix: suffix, literal: true}, err
	}
	return object{}, refuse(BadValue, "a %s is no text, number or boolean", v.Kind())
}

// valueObject writes an object with @value (json-ld11-api, section 5.1.2, step
// 15, and section 8.2.2).
func (w *writer) valueObject(ctx, typed *context, v *strictjson.Value, l *link) *Error {
	parts, err := valueParts(ctx, v)
	if err != nil {
		return err
	}
	value, datatype := parts[atValue], parts[atType]
	language, direction, err := valueLanguage(parts)
	if err != nil {
		return err
	}
	var o object
	switch {
	case datatype != nil && (language != "" || direction != ""):
		err = refuse(BadValue, "a value has a type, or a language and a direction, not both")
	case datatype != nil && datatype.Str() == "@json":
		o, err = jsonText(value)
	case datatype != nil:
		o, err = w.typedValue(typed, value, datatype)
	case value.Is(strictjson.String):
		o, err = tagged(value.Str(), language, direction)
	case language != "" || direction != "":
		err = refuse(BadValue, "only a text has a language or a direction")
	default:
		o, err = plain(value, "")
	}
	if err == nil {
		w.put(l, o)
	}
	return err
}

// valueParts sorts the members of a value object by keyword.
func valueParts(ctx *context, v *strictjson.Value) (parts [atOther + 1]*strictjson.Value, err *Error) {
	for i := range v.Members() {
		m := &v.Members()[i]
		kw := ctx.keyword(m.Name)
		switch kw {
		case atValue, atType, atLanguage, atDirection, atContext:
		default:
			return parts, refuse(BadValue, "an object with @value has no such member").under(m.Name)
		}
		if parts[kw] != nil {
			return parts, refuse(BadValue, "the same keyword stands twice in one value").under(m.Name)
		}
		parts[kw] = &m.Value
	}
	return parts, nil
}

func valueLanguage(parts [atOther + 1]*strictjson.Value) (language, direction string, err *Error) {
	if v := parts[atLanguage]; v != nil {
		if language, err = languageTag(v.Str(), false); err != nil {
			return "", "", err
		}
	}
	if v := parts[atDirection]; v != nil {
		if direction = v.Str(); direction != "ltr" && direction != "rtl" {
			return "", "", refuse(BadValue, "a direction is ltr or rtl")
		}
	}
	return language, direction, nil
}

func (w *writer) typedValue(ctx *context, value, datatype *strictjson.Value) (object, *Error) {
	if !datatype.Is(strictjson.String) {
		return object{}, refuse(BadValue, "the type of a value is one string, not a %s", datatype.Kind())
	}
	r, err := w.word(ctx, datatype.Str())
	if err != nil {
		return object{}, err
	}
	if r.blank != 0 {
		return object{}, refuse(BadValue, "a blank node is no datatype")
	}
	if value.Is(strictjson.String) {
		text, err := content(value.Str())
		return object{text: text, suffix: datatypeSuffix(r.iri), literal: true}, err
	}
	o, err := plain(value, r.iri)
	o.suffix = datatypeSuffix(r.iri)
	return o, err
}
