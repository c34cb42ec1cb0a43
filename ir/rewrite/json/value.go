package json

import (
	encoding "encoding/json"
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

var document = types.JSON{Kind: types.JSONBinary}

// truth tells a literal TRUE or FALSE, which the source keeps apart from 1 and 0 in documents only.
func truth(e ir.Expr) (v, ok bool) {
	n, ok := e.(*ir.Number)
	if !ok || n.Kind != ir.IntNumber {
		return false, false
	}
	s := n.Span.Text()
	return strings.EqualFold(s, "true"), strings.EqualFold(s, "true") || strings.EqualFold(s, "false")
}

// item is a value as the target's functions that build documents take it; ok is false for types without a counterpart.
func (l *lowering) item(e ir.Expr, asText bool) (x ir.Expr, ok bool) {
	if v, is := truth(e); is {
		return build.Make(&ir.Bool{Value: v}, e, types.Bool{}, code), true
	}
	switch t := e.TypeOf().(type) {
	case types.Int, types.Year, types.Null, types.Decimal:
		return e, true
	case types.Text:
		return e, true
	case types.Float:
		l.note(numbers, e, "doubles in documents are assumed not to be compared as text")
		if t.Bits == 64 && t.Digits == 0 {
			return e, true
		}
		return build.As(e, "double precision", types.Float{Bits: 64}, code), true
	case types.Enum, types.Set:
		return build.As(e, "text", types.Text{}, code), true
	case types.Date:
		return e, true
	case types.DateTime, types.Timestamp:
		if c, ok := e.(*ir.Call); ok && c.Op == op.NullIf {
			return nil, false // it is a text there
		}
		return moment(e, asText)
	case types.Time:
		if asText {
			return nil, false
		}
		l.note(hours, e, "times in documents are assumed to be below 32 hours")
		h := l.p.Helper("time_text", e, e, build.Int(6))
		h.SetType(types.Text{})
		return h, true
	case types.JSON:
		if t.Kind == types.JSONText {
			return build.Cast(e, document, code), true
		}
		return e, true
	case types.Bool:
		return e, true
	}
	return nil, false
}

// moment is the text of a date and time in a document: with six digits where documents are no texts.
func moment(e ir.Expr, asText bool) (ir.Expr, bool) {
	mask := "YYYY-MM-DD HH24:MI:SS.US"
	if asText {
		switch t := e.TypeOf().(type) {
		case types.DateTime:
			if t.Precision > 0 && t.Precision < 6 {
				return nil, false
			}
			if t.Precision == 0 {
				mask = "YYYY-MM-DD HH24:MI:SS"
			}
		default:
			return nil, false
		}
	}
	return build.Call("to_char", e, types.Text{}, code, e, build.Text(mask)), true
}

// value is a value as a document. strict keeps NULL, which otherwise becomes the document null.
func (l *lowering) value(e ir.Expr, asText, strict bool) (ir.Expr, bool) {
	doc := func(text string) (ir.Expr, bool) { return build.Cast(build.Text(text), document, code), true }
	if v, is := truth(e); is {
		return doc(map[bool]string{true: "true", false: "false"}[v])
	}
	switch x := e.(type) {
	case *ir.String:
		b := &strings.Builder{}
		enc := encoding.NewEncoder(b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(x.Value); err != nil {
			return nil, false
		}
		return doc(strings.TrimSpace(b.String()))
	case *ir.Number:
		if x.Kind != ir.FloatNumber {
			return doc(x.Text)
		}
	case *ir.Null:
		if strict {
			return build.Cast(x, document, code), true
		}
		return doc("null")
	}
	x, ok := l.item(e, asText)
	if !ok {
		return nil, false
	}
	if j, is := x.TypeOf().(types.JSON); !is || j.Kind != types.JSONBinary {
		x = build.Call("to_jsonb", e, document, code, x)
	}
	if strict || l.never[e] {
		return x, true
	}
	null, _ := doc("null")
	return build.Call("coalesce", e, document, code, x, null), true
}
