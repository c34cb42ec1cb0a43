package aggregates

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

var (
	members = &diag.Code{
		ID: "FN0467", Title: "values of rows in a JSON document that are not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "JSON_ARRAYAGG and JSON_OBJECTAGG take numbers, texts, dates and documents; times, byte strings and dates with times look different on PostgreSQL. LIMIT has no counterpart.",
		Next: "convert the values to text by DATE_FORMAT, HEX or the like first", Learn: 0.2, Each: 0.2,
	}
	spacing = &diag.Code{
		ID: "FN0468", Title: "blanks in the text of JSON documents", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "MariaDB writes arrays without blanks behind commas and keeps equal keys of objects; MySQL and PostgreSQL write blanks and keep the last of equal keys. Assumed: the document is read as JSON, not compared as text.",
		Each: 0.01,
	}
)

// document is JSON_ARRAYAGG or JSON_OBJECTAGG.
func (l *lowering) document(e *ir.Aggregate) ir.Expr {
	last := len(e.Args) - 1
	x, ok := member(e.Args[last])
	if !ok || e.Limit != nil {
		return l.refuse(members, e, "%s of %s", e.Name, e.Args[last].TypeOf())
	}
	e.Args[last], e.TargetName = x, "jsonb_agg"
	if e.Op == op.JSONObjectAgg {
		e.TargetName = "jsonb_object_agg"
	}
	e.Made(code)
	l.once(spacing, e, "the text of a JSON document may have other blanks")
	return e
}

// member is a value as the target puts it into a document.
func member(e ir.Expr) (ir.Expr, bool) {
	switch t := e.TypeOf().(type) {
	case types.Int, types.Year, types.Decimal, types.Text, types.Date:
		return e, true
	case types.Null:
		return build.As(e, "text", types.Text{}, code), true
	case types.Float:
		return e, t.Bits == 64 && t.Digits == 0
	case types.Enum, types.Set:
		return build.As(e, "text", types.Text{}, code), true
	case types.JSON:
		if t.Kind == types.JSONText {
			return build.Cast(e, types.JSON{Kind: types.JSONBinary}, code), true
		}
		return e, true
	}
	return nil, false
}
