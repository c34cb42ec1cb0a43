// Package returnedaggregates holds the rule for RETURNING of aggregates.
package returnedaggregates

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

const code = "QY0365"

var counted = &diag.Code{
	ID: "QY0366", Title: "RETURNING of aggregates beside SQL%ROWCOUNT", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "RETURNING of aggregates becomes a query over the rows that a common table expression changes, whose number of rows is 1. A routine that asks for the number of changed rows is not converted.",
	Next: "Count the rows with COUNT(*) in RETURNING.", Each: 0.25,
}

// Rule aggregates the rows that a change returns by a query around it.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "returned-aggregates",
		Doc: `RETURNING may aggregate over all changed rows (PL/SQL Language Reference, "RETURNING INTO Clause"). PostgreSQL returns rows only: a common table expression changes and returns them, and the query around it aggregates.`,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE TABLE t (g NUMBER, n NUMBER);",
			Source: "DECLARE s NUMBER; BEGIN DELETE FROM t WHERE g = 2 RETURNING SUM(n) INTO s; END;",
			Target: "DO $$ DECLARE s numeric; BEGIN WITH changed AS (DELETE FROM t WHERE g = 2 RETURNING n) SELECT sum(n) INTO s FROM changed; END; $$;",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{counted},
		Looks:    ir.Kinds(ir.KindInsert, ir.KindUpdate, ir.KindDelete),
		Needed:   func(p *rewrite.Pass) bool { return p.Unit.PLSQL && p.May(ir.KindAggregate) },
		After:    map[string]string{"pl-cursors": "it asks for the number of changed rows behind the statement"},
		Run:      run,
	}
}

// Aggregates tells that a change returns aggregates.
func Aggregates(s ir.Stmt) bool {
	switch s := s.(type) {
	case *ir.Insert:
		return aggregates(s.Returning)
	case *ir.Update:
		return aggregates(s.Returning)
	case *ir.Delete:
		return aggregates(s.Returning)
	}
	return false
}

func run(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		control.EachList(s, func(list []ir.Stmt) []ir.Stmt { return counting(p, list) })
	}
	p.Statements(func(n ir.Node) ir.Node {
		switch s := n.(type) {
		case *ir.Insert:
			if aggregates(s.Returning) {
				items, into, bulk := s.Returning, s.Into, s.Bulk
				s.Into, s.Bulk = nil, false
				s.Returning = columns(items)
				return query(p, s, items, into, bulk)
			}
		case *ir.Update:
			if aggregates(s.Returning) {
				items, into, bulk := s.Returning, s.Into, s.Bulk
				s.Into, s.Bulk = nil, false
				s.Returning = columns(items)
				return query(p, s, items, into, bulk)
			}
		case *ir.Delete:
			if aggregates(s.Returning) {
				items, into, bulk := s.Returning, s.Into, s.Bulk
				s.Into, s.Bulk = nil, false
				s.Returning = columns(items)
				return query(p, s, items, into, bulk)
			}
		}
		return n
	})
}

// counting takes the number of changed rows from the rows where the statement behind asks for it: the query around them has one row.
func counting(p *rewrite.Pass, list []ir.Stmt) []ir.Stmt {
	var out []ir.Stmt
	for i := 0; i < len(list); i++ {
		s := list[i]
		out = append(out, s)
		if !Aggregates(s) {
			continue
		}
		for i+1 < len(list) {
			g, ok := list[i+1].(*ir.GetDiagnostics)
			if !ok || g.Stacked || len(g.Items) != 1 || g.Items[0].Name != "ROW_COUNT" {
				break
			}
			if !counts(s, g.Items[0].Target) {
				rewrite.Refuse(p, counted, s.Base().Span, "SQL%%ROWCOUNT of a statement with BULK COLLECT")
				return list
			}
			i++
		}
	}
	return out
}

// counts adds COUNT(*) to what a statement returns.
func counts(s ir.Stmt, target ir.Expr) bool {
	star := &ir.Star{}
	n := &ir.Aggregate{Op: op.Count, Name: "COUNT", TargetName: "count", Args: []ir.Expr{star}}
	star.Span, n.Span, n.Type = s.Base().Span, s.Base().Span, types.Int{Bits: 64}
	n.Made(code)
	it := tree.Item(n, "")
	switch s := s.(type) {
	case *ir.Insert:
		if s.Bulk {
			return false
		}
		s.Returning, s.Into = append(s.Returning, it), append(s.Into, target)
	case *ir.Update:
		if s.Bulk {
			return false
		}
		s.Returning, s.Into = append(s.Returning, it), append(s.Into, target)
	case *ir.Delete:
		if s.Bulk {
			return false
		}
		s.Returning, s.Into = append(s.Returning, it), append(s.Into, target)
	}
	return true
}

func aggregates(items []*ir.SelectItem) bool {
	for _, it := range items {
		if ir.Find(it, func(n ir.Node) bool { a, ok := n.(*ir.Aggregate); return ok && a.Over == nil }) {
			return true
		}
	}
	return false
}

// columns are those that the aggregates read.
func columns(items []*ir.SelectItem) (out []*ir.SelectItem) {
	seen := map[string]bool{}
	for _, it := range items {
		ir.Walk(it, func(n ir.Node) bool {
			x, ok := n.(*ir.Name)
			if !ok {
				return true
			}
			if _, column := x.Ref.(*ir.ColumnRef); column && !seen[x.Parts[len(x.Parts)-1].Text] {
				seen[x.Parts[len(x.Parts)-1].Text] = true
				out = append(out, tree.Item(ir.Clone(x), ""))
			}
			return true
		})
	}
	if len(out) == 0 {
		out = append(out, tree.Item(build.Int(1), ""))
	}
	return out
}

func query(p *rewrite.Pass, s ir.Stmt, items []*ir.SelectItem, into []ir.Expr, bulk bool) ir.Stmt {
	for _, x := range p.Unit.Stmts {
		if ir.Find(x, func(n ir.Node) bool { c, ok := n.(*ir.CursorAttr); return ok && c.Cursor == nil }) {
			rewrite.Refuse(p, counted, s.Base().Span, "SQL%%ROWCOUNT in the same routine")
			return s
		}
	}
	c := &ir.CTE{Name: ir.Ident{Text: "changed"}, Stmt: s}
	c.Span = s.Base().Span
	c.Made(code)
	ref := tree.CTERef("changed")
	ref.CTE, ref.Span = c, c.Span
	for _, it := range items {
		it.Expr = ir.MapExprs(it.Expr, func(e ir.Expr) ir.Expr {
			n, ok := e.(*ir.Name)
			if !ok {
				return e
			}
			if r, ok := n.Ref.(*ir.ColumnRef); ok {
				n.Parts = []ir.Ident{{Text: "changed"}, n.Parts[len(n.Parts)-1]}
				n.Ref = &ir.OutputRef{From: ref, Column: n.Parts[1].Text, Of: r.Column}
			}
			return n
		})
	}
	q := &ir.Select{Items: items, From: []ir.TableExpr{ref}}
	q.Span = c.Span
	q.With = &ir.With{CTEs: []*ir.CTE{c}}
	q.With.Span = c.Span
	q.Into, q.Bulk = into, bulk
	q.Row = &types.Row{}
	for _, it := range items {
		q.Row.Names, q.Row.Types = append(q.Row.Names, it.Alias.Text), append(q.Row.Types, it.Expr.TypeOf())
	}
	out := &ir.SelectInto{Query: q}
	out.Meta = *s.Base()
	s.Base().Lead, s.Base().Trail = nil, nil
	out.Made(code)
	return out
}
