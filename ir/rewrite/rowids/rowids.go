// Package rowids holds the rule for ROWID.
package rowids

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

const code = "QY0390"

var kept = &diag.Code{
	ID: "QY0391", Title: "ROWID that leaves its statement", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  `ROWID becomes ctid, which another statement may not find again: PostgreSQL gives a row that is updated another one. A ROWID that is kept is converted for tables with a primary key of one column, a number or a short text, which the unit does not change; others inside of one statement only (Oracle SQL Language Reference, "ROWID Pseudocolumn").`,
	Next: "Find the row again by its key.", Each: 0.5,
}

// Rule makes ctid of ROWID inside of one statement.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "rowids",
		Doc: `ROWID is the place of a row, and ctid is that in PostgreSQL as long as the row is not changed: inside of one statement, that compares, sorts or groups by it. Which of equal rows has the lesser one is not defined on either side (SQL Language Reference, "ROWID Pseudocolumn").`,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE TABLE t (k NUMBER);", Source: "DELETE FROM t x WHERE x.ROWID > (SELECT MIN(y.ROWID) FROM t y WHERE y.k = x.k);",
			Target: "DELETE FROM t AS x WHERE x.ctid > (SELECT min(y.ctid) FROM t AS y WHERE y.k = x.k);",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{kept, asKey},
		Looks:    ir.Kinds(ir.KindPseudo),
		Run:      run,
	}
}

func isRowid(n ir.Node) bool {
	x, ok := n.(*ir.Pseudo)
	return ok && x.Name == "rowid"
}

func has(n ir.Node) bool { return ir.Find(n, isRowid) }

func run(p *rewrite.Pass) {
	if len(p.Unit.Stmts) != 1 || !has(p.Unit.Stmts[0]) {
		return
	}
	s := p.Unit.Stmts[0]
	if !inside(s) {
		if keyed(p, s) {
			return
		}
		rewrite.Refuse(p, kept, s.Base().Span, "ROWID")
		return
	}
	p.Exprs(func(e ir.Expr) ir.Expr {
		if c, ok := e.(*ir.Cast); ok && c.Implicit {
			if t, ok := c.X.TypeOf().(types.Named); ok && t.Name == "tid" {
				return c.X
			}
		}
		if c, ok := e.(*ir.Collate); ok { // of the rule text-order
			if t, ok := c.X.TypeOf().(types.Named); ok && t.Name == "tid" {
				return c.X
			}
		}
		if a, ok := e.(*ir.Aggregate); ok && len(a.Args) == 1 && (a.Name == "MIN" || a.Name == "MAX") {
			if t, ok := ir.Bare(a.Args[0]).TypeOf().(types.Named); ok && t.Name == "tid" {
				a.Type = t
			}
		}
		if !isRowid(e) {
			return e
		}
		x := e.(*ir.Pseudo)
		n := &ir.Name{Parts: append(append([]ir.Ident(nil), x.Qualifier...), ir.Ident{Text: "ctid"})}
		n.Span, n.Type = x.Span, types.Named{Name: "tid"}
		n.Made(code)
		return n
	})
}

// inside tells that no ROWID leaves the statement or is compared with a value from elsewhere, and that each belongs to a table.
func inside(s ir.Stmt) bool {
	ok := true
	switch s := s.(type) {
	case *ir.Delete:
		ok = len(s.Returning) == 0
	case *ir.Update:
		ok = len(s.Returning) == 0
		for _, a := range s.Sets {
			ok = ok && !has(a)
		}
	case *ir.QueryStmt:
		q, sel := s.Query.(*ir.Select)
		ok = sel
		for i := 0; sel && i < len(q.Items); i++ {
			ok = ok && !has(q.Items[i])
		}
	default:
		return false
	}
	ir.Walk(s, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Select:
			if own(n) {
				for _, t := range tree.Leaves(n.From) {
					r, table := t.(*ir.TableRef)
					ok = ok && table && r.CTE == nil && r.Table != nil
				}
			}
		case *ir.Compare:
			ok = ok && (!isRowid(ir.Bare(n.L)) || place(n.R)) && (!isRowid(ir.Bare(n.R)) || place(n.L))
		case *ir.Cast:
			ok = ok && (n.Implicit || !isRowid(n.X))
		case *ir.Call, *ir.Concat, *ir.Like, *ir.HelperCall:
			found := false
			ir.Children(n, func(c ir.Node) { found = found || isRowid(c) })
			ok = ok && !found
		case *ir.In:
			if isRowid(ir.Bare(n.X)) {
				ok = ok && n.Query != nil
			}
		}
		return ok
	})
	return ok
}

// own tells that a ROWID of the select itself is in it.
func own(q *ir.Select) bool {
	found := false
	tree.InSelects(q, func(n ir.Node, in *ir.Select) bool {
		found = found || in == q && isRowid(n)
		return true
	})
	return found
}

// place tells a value that is a ROWID or comes from a query inside of the statement.
func place(e ir.Expr) bool {
	switch x := ir.Bare(e).(type) {
	case *ir.Pseudo:
		return x.Name == "rowid"
	case *ir.Subquery:
		return true
	case *ir.Name:
		_, output := x.Ref.(*ir.OutputRef)
		return output
	}
	return false
}
