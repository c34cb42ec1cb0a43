package tree

import (
	"godwit/ir"
	"godwit/ir/types"
)

// Apart gives each row of VALUES an INSERT of its own, without comments. The table stays the same node, because columns of assignments refer
// to it.
func Apart(i *ir.Insert, v *ir.Values) []*ir.Insert {
	all := i.Source
	i.Source = nil // each statement gets its own row only
	defer func() { i.Source = all }()
	out := make([]*ir.Insert, len(v.Rows))
	for k, r := range v.Rows {
		row := &ir.Values{Rows: []*ir.RowExpr{r}}
		row.Span = r.Span
		out[k] = ir.Clone(i)
		out[k].Lead, out[k].Trail = nil, nil
		out[k].Table, out[k].Source = i.Table, row
	}
	return out
}

// InPlace is an empty block that stands where a statement stood, with its comments.
func InPlace(s ir.Stmt, code string) *ir.Block {
	b := &ir.Block{}
	m := s.Base()
	b.Span, b.Lead, b.Trail = m.Span, m.Lead, m.Trail
	m.Lead, m.Trail = nil, nil
	b.Made(code)
	return b
}

// EachSource is a block with a loop over the rows of the query that an INSERT takes its rows from; row is one of them, as VALUES of the loop's
// variable, and body what is done with it. All columns that take values must be known.
func EachSource(list []ir.Stmt, i *ir.Insert, code string, body func(row *ir.Values) []ir.Stmt) *ir.Block {
	name := Unused(list, "source")
	TypeLiterals(i)
	row := &ir.Values{Rows: []*ir.RowExpr{{}}}
	from := &ir.Derived{Query: i.Source, Alias: ir.Ident{Text: name}}
	for _, c := range i.Takes() {
		from.Columns = append(from.Columns, ir.Ident{Text: c.Name})
		row.Rows[0].Items = append(row.Rows[0].Items, Output(name, c.Name, c.Type))
	}
	star := &ir.Star{}
	star.Type = types.Row{}
	q := Select([]*ir.SelectItem{Item(star, "")}, []ir.TableExpr{from}, nil)
	q.Span, row.Span = i.Span, i.Span
	record := &ir.VarDecl{Name: ir.Ident{Text: name}, TypeSQL: "record", Type: types.Row{}}
	record.Span = i.Span
	b := InPlace(i, code)
	b.Decls = []ir.Decl{record}
	loop := &ir.Loop{Kind: ir.QueryLoop, Var: record, Query: q, Body: body(row)}
	loop.Span = i.Span
	b.Body = []ir.Stmt{loop}
	return b
}

// TypeLiterals gives literals and NULLs of the query that an INSERT takes its rows from the types of their columns: where the query stands in
// a statement of its own, the target takes them for text.
func TypeLiterals(i *ir.Insert) {
	cols := i.Takes()
	var in func(q ir.Query)
	in = func(q ir.Query) {
		switch q := q.(type) {
		case *ir.SetOp:
			in(q.L)
			in(q.R)
		case *ir.Select:
			for k, it := range q.Items {
				if k < len(cols) && cols[k] != nil {
					it.Expr = typed(it.Expr, cols[k].Type)
				}
			}
		}
	}
	in(i.Source)
}

func typed(e ir.Expr, t types.Type) ir.Expr {
	switch e.(type) {
	case *ir.Null, *ir.String, *ir.Bytes:
	default:
		return e
	}
	if _, text := t.(types.Text); text || t == nil {
		return e
	}
	c := &ir.Cast{X: e, To: t, Target: true}
	c.Span, c.Type = e.Base().Span, t
	return c
}
