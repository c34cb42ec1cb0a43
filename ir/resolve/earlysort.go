package resolve

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/types"
)

var equalKeys = &diag.Code{
	ID: "QY0650", Title: "NULL and texts without characters in an order by expressions", Severity: diag.Review, Fidelity: diag.Approximate,
	Doc: `NULL comes before all texts in ascending order (MySQL Reference Manual, "Working with NULL Values"), on the target too. Early versions of MySQL 8.0 (8.0.15 among them; MySQL 5.7 and
MariaDB do not) sort NULL as the text without characters where the key is computed and not a column, so that the next key decides between the two.`,
	Next: "Nothing if the manual's order is wanted, or if no key is NULL; otherwise write COALESCE(key, '').",
	Each: 0.02,
}

// sortedAlike reports sort keys that may be NULL in one row and a text without characters in another, and that are not the last ones.
func (r *Resolver) sortedAlike(keys []*ir.OrderItem, items []*ir.SelectItem) {
	if !r.sem.EarlyErrors {
		return
	}
	for i, o := range keys {
		if i == len(keys)-1 {
			return
		}
		x := o.Expr
		if o.Position > 0 && o.Position <= len(items) {
			x = items[o.Position-1].Expr
		}
		x = behind(x)
		if c, ok := x.(*ir.Collate); ok {
			x = c.X
		}
		if _, column := x.(*ir.Name); column || x == nil || kindOf(x.TypeOf()) != textKind && kindOf(x.TypeOf()) != binaryKind {
			continue
		}
		if mayBeNull(x) && mayBeEmpty(x) {
			r.note(equalKeys, o.Span, "%s sorts NULL with texts that have no characters in early versions", x.Base().Span.Text())
		}
	}
}

// behind is the expression that a name of a select list or of a derived table stands for; other expressions stay.
func behind(e ir.Expr) ir.Expr {
	n, ok := e.(*ir.Name)
	if !ok {
		return e
	}
	switch ref := n.Ref.(type) {
	case *ir.AliasRef:
		return behind(ref.Item.Expr)
	case *ir.OutputRef:
		if ref.Of != nil {
			return e
		}
		var q ir.Query
		switch f := ref.From.(type) {
		case *ir.Derived:
			q = f.Query
		case *ir.TableRef:
			if f.CTE != nil {
				q = f.CTE.Query
			}
		}
		s, ok := q.(*ir.Select)
		if !ok || s.Columns() == nil || len(s.Columns().Names) != len(s.Items) {
			return e
		}
		for i, name := range s.Columns().Names {
			if strings.EqualFold(name, ref.Column) {
				return s.Items[i].Expr
			}
		}
	}
	return e
}

// mayBeNull tells an expression that is not known to have a value in all rows.
func mayBeNull(e ir.Expr) bool {
	switch n := e.(type) {
	case *ir.String, *ir.Number, *ir.Bytes, *ir.Temporal, *ir.Now:
		return false
	case *ir.Name:
		ref, ok := n.Ref.(*ir.ColumnRef)
		return !ok || ref.Column == nil || ref.Column.Nullable
	case *ir.Cast:
		return n.Fail == ir.FailNull || mayBeNull(n.X)
	case *ir.Collate:
		return mayBeNull(n.X)
	case *ir.Concat:
		return anyOf(n.Args, mayBeNull)
	case *ir.Case:
		if n.Else == nil || mayBeNull(n.Else) {
			return true
		}
		for _, w := range n.Whens {
			if mayBeNull(w.Then) {
				return true
			}
		}
		return false
	case *ir.Call:
		switch info := op.Lookup(n.Op); {
		case n.Op == op.Coalesce || n.Op == op.IfNull:
			for _, a := range n.Args {
				if !mayBeNull(a) {
					return false
				}
			}
			return true
		case n.Op == op.ConcatWS:
			return len(n.Args) > 0 && mayBeNull(n.Args[0])
		case info != nil && info.Nulls == op.NullNever:
			return false
		case textOps[n.Op]:
			return anyOf(n.Args, mayBeNull)
		}
	}
	return true
}

// textOps are functions of texts that are NULL for arguments that are NULL only.
var textOps = map[op.Op]bool{
	op.Lower: true, op.Upper: true, op.Left: true, op.Right: true, op.Substring: true, op.SubstringIndex: true, op.Trim: true, op.LTrim: true,
	op.RTrim: true, op.Replace: true, op.Reverse: true, op.Hex: true, op.MD5: true, op.SHA1: true, op.Repeat: true,
}

// mayBeEmpty tells a text expression that may have no characters.
func mayBeEmpty(e ir.Expr) bool {
	switch n := e.(type) {
	case *ir.String:
		return n.Value == ""
	case *ir.Cast:
		switch kindOf(n.X.TypeOf()) {
		case numberKind, temporalKind, bitKind, jsonKind:
			return false
		}
		return mayBeEmpty(n.X)
	case *ir.Collate:
		return mayBeEmpty(n.X)
	case *ir.Concat:
		for _, a := range n.Args {
			if !mayBeEmpty(a) {
				return false
			}
		}
		return true
	case *ir.Case:
		some := n.Else != nil && mayBeEmpty(n.Else)
		for _, w := range n.Whens {
			some = some || mayBeEmpty(w.Then)
		}
		return some
	case *ir.Call:
		switch n.Op {
		case op.MD5, op.SHA1, op.DayName, op.DateFormat:
			return false
		case op.Lower, op.Upper, op.Reverse, op.Hex:
			return anyOf(n.Args, mayBeEmpty)
		}
	}
	if _, null := e.TypeOf().(types.Null); null {
		return false
	}
	return true
}

func anyOf(es []ir.Expr, f func(ir.Expr) bool) bool {
	for _, e := range es {
		if f(e) {
			return true
		}
	}
	return false
}
