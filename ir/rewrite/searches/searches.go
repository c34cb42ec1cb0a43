// Package searches holds the rule for SEARCH and CYCLE of recursive queries.
package searches

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

const code = "QY0370"

var unclear = &diag.Code{
	ID: "QY0371", Title: "SEARCH or CYCLE of a recursive query that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "The column of SEARCH becomes an array that sorts as its number does, so that it can stand in ORDER BY only. SELECT * over a recursive query with SEARCH or CYCLE, and parts that are no plain queries, are not converted.",
	Next: "List the columns, and sort by the column of SEARCH without selecting it.", Each: 0.25,
}

var numbers = types.Array{Elem: types.Int{Bits: 64}}

// Rule gives rows of recursive queries the array by which SEARCH sorts them.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "searches",
		Doc: `SEARCH DEPTH FIRST BY numbers rows so that children follow their parents: each row has the array of the numbers that its ancestors and it have among the rows of their depth. BREADTH FIRST sorts by the depth, then by the number. CYCLE is that of PostgreSQL (SQL Language Reference, "SELECT", search_clause, cycle_clause).`,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE TABLE n (id NUMBER, parent NUMBER);",
			Source: "WITH r (id) AS (SELECT id FROM n WHERE parent IS NULL UNION ALL SELECT n.id FROM n JOIN r ON n.parent = r.id) SEARCH DEPTH FIRST BY id SET ord SELECT id FROM r ORDER BY ord;",
			Target: "WITH RECURSIVE r (id, ord) AS (SELECT id, ARRAY[row_number() OVER (ORDER BY id)] FROM n WHERE parent IS NULL UNION ALL SELECT n.id, r.ord || row_number() OVER (ORDER BY n.id) FROM n JOIN r ON n.parent = r.id) SELECT id FROM r ORDER BY ord;",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{unclear},
		Looks:    ir.Kinds(ir.KindSearchClause, ir.KindCycleClause),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	var found []*ir.CTE
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			if c, ok := n.(*ir.CTE); ok && (c.Search != nil || c.Cycle != nil) {
				found = append(found, c)
			}
			return true
		})
	}
	for _, c := range found {
		if starred(p, c) || c.Search != nil && (shown(p, c) || !search(p, c)) {
			rewrite.Refuse(p, unclear, c.Span, "the recursive query %s", c.Name.Text)
			return
		}
	}
}

// over tells that an item of FROM is the common table expression.
func over(t ir.TableExpr, c *ir.CTE) bool {
	r, ok := t.(*ir.TableRef)
	return ok && (r.CTE == c || r.CTE != nil && len(r.Name.Parts) == 1 && r.Name.Name() == c.Name.Text)
}

// starred tells that * stands for the columns of the expression.
func starred(p *rewrite.Pass, c *ir.CTE) bool {
	found := false
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			q, ok := n.(*ir.Select)
			if !ok {
				return true
			}
			for _, it := range q.Items {
				if _, star := it.Expr.(*ir.Star); !star {
					continue
				}
				for _, t := range tree.Leaves(q.From) {
					found = found || over(t, c)
				}
			}
			return true
		})
	}
	return found
}

// shown tells that the column of SEARCH stands elsewhere than in ORDER BY.
func shown(p *rewrite.Pass, c *ir.CTE) bool {
	sorted := map[ir.Node]bool{}
	found := false
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Select:
				for _, o := range n.OrderBy {
					sorted[o.Expr] = true
				}
			case *ir.SearchClause:
				return false
			case *ir.Name:
				if n.Parts[len(n.Parts)-1].Text == c.Search.Set.Text && !sorted[n] {
					found = true
				}
			}
			return true
		})
	}
	return found
}

func search(p *rewrite.Pass, c *ir.CTE) bool {
	u, ok := c.Query.(*ir.SetOp)
	if !ok || u.Kind != ir.Union || !u.All {
		return false
	}
	l, lok := u.L.(*ir.Select)
	r, rok := u.R.(*ir.Select)
	if !lok || !rok || l.Distinct || r.Distinct || len(l.GroupBy)+len(r.GroupBy) > 0 || len(l.Items) != len(r.Items) {
		return false
	}
	above := ""
	for _, t := range tree.Leaves(r.From) {
		if over(t, c) {
			above = tree.NameOf(t)
		}
	}
	if above == "" {
		return false
	}
	lo, lok := keys(c, l)
	ro, rok := keys(c, r)
	if !lok || !rok {
		return false
	}
	if c.Cycle != nil && !cycle(c, l, r, above) {
		return false
	}
	a, b := number(l, lo), number(r, ro)
	up := tree.Output(above, c.Search.Set.Text, numbers)
	up.Span = r.Span
	one := build.Int(1)
	if c.Search.Breadth {
		depth := build.Make(&ir.Subscript{X: up, Index: build.Int(1)}, b, types.Int{Bits: 64}, code)
		next := build.Make(&ir.TargetOp{Op: "+", L: depth, R: one}, b, types.Int{Bits: 64}, code)
		add(l, build.Make(&ir.ArrayExpr{Items: []ir.Expr{one, a}}, a, numbers, code), c)
		add(r, build.Make(&ir.ArrayExpr{Items: []ir.Expr{next, b}}, b, numbers, code), c)
	} else {
		add(l, build.Make(&ir.ArrayExpr{Items: []ir.Expr{a}}, a, numbers, code), c)
		add(r, build.Op("||", b, numbers, code, up, b), c)
	}
	if c.Columns != nil {
		c.Columns = append(c.Columns, c.Search.Set)
	}
	c.Search = nil
	c.Made(code)
	return true
}

func add(s *ir.Select, e ir.Expr, c *ir.CTE) {
	it := tree.Item(e, "")
	if c.Columns == nil {
		it.Alias = c.Search.Set
	}
	it.Span = s.Span
	s.Items = append(s.Items, it)
}

// cycle writes CYCLE out where SEARCH stands beside it: the planner of PostgreSQL finds no place for the order of a window in the columns that its CYCLE adds
// ("could not find replacement targetlist entry"). Each row has the array of what its ancestors and it have in the columns, and a mark.
func cycle(c *ir.CTE, l, r *ir.Select, above string) bool {
	if c.Columns == nil || len(l.Items) != len(c.Columns) {
		return false
	}
	list := types.Array{Elem: types.Unknown{}}
	path := ir.Ident{Text: c.Cycle.Set.Text + "_PATH"}
	first, again := row(c, l), row(c, r)
	if first == nil || again == nil {
		return false
	}
	for i, x := range first.Items {
		if x.TypeOf().String() != again.Items[i].TypeOf().String() { // rows of other types cannot be compared
			return false
		}
	}
	mark := tree.Output(above, c.Cycle.Set.Text, c.Cycle.Default.TypeOf())
	up := tree.Output(above, path.Text, list)
	mark.Span, up.Span = r.Span, r.Span
	loop := build.Op("=", again, types.Bool{}, code, again, build.Call("ANY", again, types.Bool{}, code, up))
	value := build.If(loop, c.Cycle.Value, c.Cycle.Default, again, c.Cycle.Default.TypeOf(), code)
	items := func(s *ir.Select, es ...ir.Expr) {
		for _, e := range es {
			it := tree.Item(e, "")
			it.Span = s.Span
			s.Items = append(s.Items, it)
		}
	}
	items(l, ir.Clone(c.Cycle.Default), build.Make(&ir.ArrayExpr{Items: []ir.Expr{first}}, first, list, code))
	items(r, value, build.Op("||", again, list, code, ir.Clone(up), ir.Clone(again)))
	r.Where = tree.And(r.Where, build.Compare(ir.Eq, mark, ir.Clone(c.Cycle.Default), again, code))
	c.Columns = append(c.Columns, c.Cycle.Set, path)
	c.Cycle = nil
	return true
}

// row is what one part of the query gives for the columns of CYCLE, nil if that is not known.
func row(c *ir.CTE, s *ir.Select) *ir.RowExpr {
	out := &ir.RowExpr{}
	for _, name := range c.Cycle.Columns {
		for i, col := range c.Columns {
			if col.Text == name.Text && i < len(s.Items) {
				out.Items = append(out.Items, ir.Clone(s.Items[i].Expr))
			}
		}
	}
	if len(out.Items) != len(c.Cycle.Columns) {
		return nil
	}
	return build.Make(out, out.Items[0], types.Unknown{}, code)
}

// keys are the values of BY in one part of the query.
func keys(c *ir.CTE, s *ir.Select) (out []*ir.OrderItem, ok bool) {
	for _, o := range c.Search.By {
		n, ok := o.Expr.(*ir.Name)
		if !ok {
			return nil, false
		}
		at := -1
		for i, it := range s.Items {
			name := it.Alias.Text
			if x, ok := it.Expr.(*ir.Name); ok && name == "" {
				name = x.Parts[len(x.Parts)-1].Text
			}
			if i < len(c.Columns) {
				name = c.Columns[i].Text
			}
			if name == n.Parts[len(n.Parts)-1].Text {
				at = i
			}
		}
		if at < 0 {
			return nil, false
		}
		k := ir.Clone(o)
		k.Expr = ir.Clone(s.Items[at].Expr)
		out = append(out, k)
	}
	return out, true
}

func number(s *ir.Select, by []*ir.OrderItem) ir.Expr {
	a := &ir.Aggregate{Name: "ROW_NUMBER", TargetName: "row_number", Over: &ir.WindowDef{OrderBy: by}}
	a.Span, a.Over.Span, a.Type = s.Span, s.Span, types.Int{Bits: 64}
	a.Made(code)
	return a
}
