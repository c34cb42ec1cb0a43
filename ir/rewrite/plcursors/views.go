package plcursors

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
)

var currentOfView = &diag.Code{
	ID: "PL0759", Title: "WHERE CURRENT OF in a change of a view", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "The target finds the row that a cursor is on in a table only, not in a view (PostgreSQL manual, UPDATE, WHERE CURRENT OF).",
	Next: "Change the table of the view, or name the row by its key.", Each: 0.25,
}

// currentViews refuses changes of views at a cursor's row.
func currentViews(p *rewrite.Pass, s ir.Stmt) {
	ir.Walk(s, func(n ir.Node) bool {
		var list []ir.TableExpr
		switch n := n.(type) {
		case *ir.Update:
			if n.WhereCurrentOf != "" {
				list = n.Tables
			}
		case *ir.Delete:
			if n.WhereCurrentOf != "" {
				list = n.From
			}
		}
		for _, x := range list {
			if t, ok := x.(*ir.TableRef); ok && t.Table != nil && t.Table.Kind == catalog.ViewTable {
				rewrite.Refuse(p, currentOfView, t.Span, "a change of the view %s", t.Name)
			}
		}
		return true
	})
}
