package resolve

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/types"
)

// What early versions of a source get wrong: their answers differ from what the manual says, and from the converted code's.
var (
	innerTruth = &diag.Code{
		ID: "QY0190", Title: "truth tests and functions of NULL over the inner side of an outer join", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `IS NOT TRUE and IS NOT FALSE are true for the rows that an outer join adds (MySQL Reference Manual, "Comparison Functions and Operators"). Early versions of MySQL 8.0 leave those
rows out where such a test over the inner side stands in WHERE, a comparison of rows other than =, or a function that has a value for NULL: ELT, FIELD, INTERVAL, CHAR, QUOTE, JSON_ARRAY and
JSON_OBJECT. Assumed: what the manual says is wanted.`,
		Next: "Nothing, or write COALESCE(condition, FALSE) instead of the test.",
		Each: 0.01,
	}
	equalNull = &diag.Code{
		ID: "QY0191", Title: "IS NOT NULL over <=>", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `a <=> b is never NULL (MySQL Reference Manual, "Comparison Functions and Operators"). Early versions of MySQL 8.0 answer (a <=> b) IS NOT NULL as if it asked whether both
values are not NULL. Assumed: what the manual says is wanted.`,
		Next: "Nothing, or leave the test out, which is always true.",
		Each: 0.01,
	}
	narrowKey = &diag.Code{
		ID: "QY0192", Title: "values beyond an indexed column that may be NULL", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `x NOT IN (SELECT c ...) is NULL where x is not among the values and c is NULL in a row (MySQL Reference Manual, "Subqueries with ANY, IN, or SOME"). Early versions of MySQL 8.0
look x up in an index over c, and answer 1 where x is beyond the numbers of c's type. Assumed: no x is.`,
		Next: "Nothing, or leave NULLs out of the subquery.",
		Each: 0.01,
	}
	peers = &diag.Code{
		ID: "QY0709", Title: "a window in the order of a TIME or a SET", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `A window without a frame ends at the last row of equal order (MySQL Reference Manual, "Window Function Frame Specification"). Early versions of MySQL 8.0 take all rows for equal, up to NULL and the
empty set, where the order is that of a TIME or a SET: a running sum is the sum of all rows. Assumed: what the manual says is wanted.`,
		Next: "Nothing, or order by TIME_TO_SEC(time) or set + 0.",
		Each: 0.01,
	}
	emptyKey = &diag.Code{
		ID: "QY0193", Title: "an order by texts without length", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `NULL comes before all texts in ascending order (MySQL Reference Manual, "Working with NULL Values"). Early versions of MySQL 8.0 sort it among texts that cannot have a character,
such as LEFT(x, 0). Assumed: what the manual says is wanted.`,
		Next: "Nothing, or order by something else.",
		Each: 0.01,
	}
)

// nullOfEqual notes IS NULL and IS NOT NULL over <=>.
func (r *Resolver) nullOfEqual(e *ir.IsNull) {
	b, ok := e.X.(*ir.BoolValue)
	if !ok || !r.sem.EarlyErrors {
		return
	}
	if c, ok := b.X.(*ir.Compare); ok && c.Op == ir.NullSafeEq {
		r.note(equalNull, e.Span, "%s is assumed to be never NULL", c.Span.Text())
	}
}

// truthTests notes tests in WHERE that early versions take for a sign that an outer join adds no rows.
func (r *Resolver) truthTests(s *ir.Select) {
	if s.Where == nil || !r.sem.EarlyErrors {
		return
	}
	added := map[ir.TableExpr]bool{}
	for _, t := range s.From {
		addedRows(t, false, added)
	}
	if len(added) == 0 {
		return
	}
	r.truthTest(s.Where, false, added)
}

// addedRows are the items of FROM for which outer joins add NULLs.
func addedRows(t ir.TableExpr, inner bool, out map[ir.TableExpr]bool) {
	j, ok := t.(*ir.Join)
	if !ok {
		if inner {
			out[t] = true
		}
		return
	}
	addedRows(j.L, inner || j.Kind == ir.RightJoin, out)
	addedRows(j.R, inner || j.Kind == ir.LeftJoin, out)
}

func (r *Resolver) truthTest(e ir.Node, negated bool, added map[ir.TableExpr]bool) {
	if u, ok := e.(*ir.Unary); ok && u.Op == ir.Not {
		r.truthTest(u.X, !negated, added)
		return
	}
	t, ok := e.(*ir.IsTruth)
	if ok && t.Not != negated && ir.Find(t.X, func(n ir.Node) bool { return added[fromOf(n)] }) {
		r.note(innerTruth, t.Span, "%s is assumed to hold for the rows that the outer join adds", t.Span.Text())
	}
	if rowsApart(e, negated) && ir.Find(e, func(n ir.Node) bool { return added[fromOf(n)] }) {
		r.note(innerTruth, e.(ir.Expr).Base().Span, "%s is assumed to hold for the rows that the outer join adds", e.(ir.Expr).Base().Span.Text())
		return
	}
	if c, ok := e.(*ir.Call); ok && hasValueForNull(c.Op) && ir.Find(c, func(n ir.Node) bool { return added[fromOf(n)] }) {
		r.note(innerTruth, c.Span, "%s is assumed to have a value for the rows that the outer join adds", c.Span.Text())
		return
	}
	ir.Children(e, func(n ir.Node) { r.truthTest(n, negated, added) })
}

// rowsApart tells a comparison of rows that may hold though one of their values is NULL.
func rowsApart(e ir.Node, negated bool) bool {
	switch e := e.(type) {
	case *ir.Compare:
		_, row := e.L.(*ir.RowExpr)
		return row && (e.Op == ir.Eq) == negated && e.Op != ir.NullSafeEq
	case *ir.In:
		_, row := e.X.(*ir.RowExpr)
		return row && e.Not != negated
	}
	return false
}

// hasValueForNull tells functions that are not NULL for NULL, which early versions take for such that are.
func hasValueForNull(o op.Op) bool {
	switch o {
	case op.Elt, op.Field, op.Bucket, op.Char, op.Quote, op.JSONArray, op.JSONObject:
		return true
	}
	return false
}

// peersOf notes windows up to the last row of equal order whose order is that of a TIME or a SET.
func (r *Resolver) peersOf(w *ir.WindowDef, o ir.Expr) {
	if !r.sem.EarlyErrors || w.Frame != nil && w.Frame.Unit != "range" {
		return
	}
	switch o.TypeOf().(type) {
	case types.Time, types.Set:
		r.note(peers, w.Span, "a window in the order of %s is assumed to end at the current row", o.Base().Span.Text())
	}
}

// fromOf is the item of FROM that a name comes from; nil for everything else.
func fromOf(n ir.Node) ir.TableExpr {
	name, ok := n.(*ir.Name)
	if !ok {
		return nil
	}
	switch ref := name.Ref.(type) {
	case *ir.ColumnRef:
		return ref.From
	case *ir.OutputRef:
		return ref.From
	}
	return nil
}

// lookups notes a search among the values of an indexed column that may be NULL by numbers of a wider type.
func (r *Resolver) lookups(at, x ir.Expr, q ir.Query) {
	s, ok := q.(*ir.Select)
	if !ok || len(s.Items) != 1 || !r.sem.EarlyErrors {
		return
	}
	n, _ := s.Items[0].Expr.(*ir.Name)
	if n == nil {
		return
	}
	ref, ok := n.Ref.(*ir.ColumnRef)
	if !ok || ref.Column == nil || ref.Table == nil {
		return
	}
	if d, dec := x.TypeOf().(types.Decimal); !ref.Column.Nullable && (!dec || d.Scale == 0) { // a fraction is rounded for any index
		return
	}
	c, whole := ref.Column.Type.(types.Int)
	if from, ok := x.TypeOf().(types.Int); !whole || ok && (from.Bits < c.Bits || from.Bits == c.Bits && from.Unsigned == c.Unsigned) {
		return
	}
	if kindOf(x.TypeOf()) != numberKind {
		return
	}
	for _, k := range ref.Table.Keys {
		if len(k.Parts) > 0 && strings.EqualFold(k.Parts[0].Column, ref.Column.Name) {
			r.note(narrowKey, at.Base().Span, "no value is assumed to be beyond the numbers of %s", n.Span.Text())
			return
		}
	}
	for _, f := range ref.Table.ForeignKeys { // they have an index as well
		if len(f.Columns) > 0 && strings.EqualFold(f.Columns[0], ref.Column.Name) {
			r.note(narrowKey, at.Base().Span, "no value is assumed to be beyond the numbers of %s", n.Span.Text())
			return
		}
	}
}

// emptyTexts notes an order by texts that never have a character.
func (r *Resolver) emptyTexts(e ir.Expr) {
	c, ok := e.(*ir.Call)
	if !ok || !r.sem.EarlyErrors || len(c.Args) < 2 {
		return
	}
	switch c.Op {
	case op.Left, op.Right, op.Repeat, op.Substring:
		if v, known := intLiteral(c.Args[len(c.Args)-1]); known && v <= 0 && (c.Op != op.Substring || len(c.Args) == 3 || v == 0) {
			r.note(emptyKey, c.Span, "%s is assumed to be sorted behind NULL", c.Span.Text())
		}
	}
}
