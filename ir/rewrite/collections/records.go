package collections

import (
	"strconv"

	"godwit/ir"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/types"
)

// record is a row of these values as an element of a collection of records.
func (r *run) record(elem types.Type, items []ir.Expr, at ir.Node) ir.Expr {
	row := &ir.RowExpr{Items: items}
	row.Type, row.Span = elem, at.Base().Span
	return build.As(row, datatypes.SQL(r.Pass, elem), elem, code)
}

// fields are the columns of a query as the fields of a record. The cast of a row cuts texts that are too long and leaves out the blanks of a
// CHAR, so that columns for which that may be are named one by one.
func (r *run) fields(elem types.Type, from *types.Row, source ir.Ident, names *[]ir.Ident, at ir.Node) []ir.Expr {
	to := elem.(types.Record).Fields
	plain := from == nil || len(from.Types) != len(to)
	if !plain {
		plain = true
		for i, f := range to {
			plain = plain && fits(from.Types[i], f.Type)
		}
	}
	if plain {
		star := &ir.Star{Qualifier: []ir.Ident{source}}
		star.Type = types.Null{}
		return []ir.Expr{star}
	}
	var out []ir.Expr
	for i, f := range to {
		name := ir.Ident{Text: "c" + strconv.Itoa(i+1), Quoted: true}
		*names = append(*names, name)
		c := &ir.Name{Parts: []ir.Ident{source, name}}
		c.Span, c.Type = at.Base().Span, from.Types[i]
		out = append(out, r.fitted(c, f.Type))
	}
	return out
}

// fits tells that a cast to the type loses nothing of a text.
func fits(from, to types.Type) bool {
	f, ok := from.(types.Text)
	t, text := to.(types.Text)
	if !ok || !text {
		return true
	}
	return (!f.Fixed || t.Fixed) && (t.N == 0 || f.N > 0 && f.N <= t.N)
}

// fitted is a text that a field takes: with the blanks of a CHAR, and an error where it is too long.
func (r *run) fitted(e ir.Expr, to types.Type) ir.Expr {
	if fits(e.TypeOf(), to) {
		return e
	}
	f, t := e.TypeOf().(types.Text), to.(types.Text)
	if f.Fixed && !t.Fixed && f.N > 0 {
		e = build.Call("rpad", e, types.Text{N: f.N, EmptyIsNull: true}, code, e, control.Int(strconv.Itoa(f.N)))
	}
	if t.N == 0 || f.N > 0 && f.N <= t.N {
		return e
	}
	h := r.Helper("fitting", e, e, control.Int(strconv.Itoa(t.N)))
	h.Type = types.Text{N: t.N, EmptyIsNull: t.EmptyIsNull}
	return h
}

// returnedRecords gathers the rows that a statement changes as records.
func (r *run) returnedRecords(n ir.Stmt, cte *ir.CTE, q *ir.Select, returning []*ir.SelectItem, target ir.Expr) []ir.Stmt {
	t, elem := elemOf(target)
	f := form(r, target)
	row, columns := elem.(types.Record), &types.Row{}
	if len(row.Fields) != len(returning) || f == datatypes.Unknown {
		rewrite.Refuse(r.Pass, bulk, cte.Span, "RETURNING ... BULK COLLECT into records")
		return []ir.Stmt{n}
	}
	var items []ir.Expr
	for i, it := range returning {
		if _, star := it.Expr.(*ir.Star); star {
			rewrite.Refuse(r.Pass, bulk, cte.Span, "RETURNING * BULK COLLECT")
			return []ir.Stmt{n}
		}
		it.Alias = ir.Ident{Text: "c" + strconv.Itoa(i+1), Quoted: true}
		columns.Types = append(columns.Types, it.Expr.TypeOf())
		c := &ir.Name{Parts: []ir.Ident{it.Alias}}
		c.Span, c.Type = cte.Span, columns.Types[i]
		items = append(items, r.fitted(c, row.Fields[i].Type))
	}
	list := r.array("list", elem, n)
	x := r.record(elem, items, n)
	empty := build.Make(control.Text("{}"), x, types.Text{}, "")
	q.Items = []*ir.SelectItem{{Expr: build.Call("coalesce", x, types.Array{Elem: elem}, code, build.Call("array_agg", x, types.Array{Elem: elem}, code, x), empty)}}
	into := control.Var(list)
	into.Span = cte.Span
	q.Into = []ir.Expr{into}
	s := &ir.SelectInto{Query: q}
	s.Span = cte.Span
	return append([]ir.Stmt{s}, r.assign(target, r.gathered(t, f, control.Var(list), n), n)...)
}
