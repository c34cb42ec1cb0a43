package altertable

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
)

var boundColumn = &diag.Code{
	ID: "DD0791", Title: "change of a column that a generated column or a trigger reads", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "The target changes no type of a column that a generated column is computed from, or that UPDATE OF or WHEN of a trigger name (PostgreSQL: \"cannot alter type of a column used by a generated column\"). The source does.",
	Next: "Make the column with its last type, or drop the generated column or the trigger first and make it again behind the change.", Each: 0.25,
}

// bound tells what keeps the target from changing the type of a column: a generated column, or a trigger that is there already.
func (l *lowering) bound(c *catalog.Column) string {
	if l.p.Session == nil || c == nil || l.s.Table == nil {
		return ""
	}
	script := l.p.Session.Script
	if l.p.Session.InOrder {
		script = script[:min(l.p.Session.At, len(script))]
	}
	for _, u := range script {
		for _, s := range u.Stmts {
			if why := l.binds(s, c); why != "" {
				return why
			}
		}
	}
	return ""
}

func (l *lowering) binds(s ir.Stmt, c *catalog.Column) string {
	switch s := s.(type) {
	case *ir.CreateTable:
		return computedFrom(s.Columns, c)
	case *ir.AlterTable:
		for _, a := range s.Actions {
			if a.Column != nil {
				if why := computedFrom([]*ir.ColumnDef{a.Column}, c); why != "" {
					return why
				}
			}
		}
	case *ir.CreateTrigger:
		if !l.p.Session.InOrder || s.Table == nil || s.Table.Table != l.s.Table { // in a folder triggers are made behind tables
			return ""
		}
		reads := s.When != nil && ir.Find(s.When, func(n ir.Node) bool {
			x, ok := n.(*ir.Name)
			return ok && strings.EqualFold(x.Parts[len(x.Parts)-1].Text, c.Name)
		})
		for _, x := range s.Columns {
			reads = reads || strings.EqualFold(x.Text, c.Name)
		}
		if reads {
			return "trigger " + s.Name.Name()
		}
	}
	return ""
}

func computedFrom(list []*ir.ColumnDef, c *catalog.Column) string {
	for _, d := range list {
		if d.Generated != nil && ir.Find(d.Generated, func(n ir.Node) bool {
			x, ok := n.(*ir.Name)
			return ok && x.Column() == c
		}) {
			return "column " + d.Name.Text
		}
	}
	return ""
}

// computed is the generated column that is computed from a column of the table.
func (l *lowering) computed(c *catalog.Column) string {
	if l.s.Table == nil || c == nil {
		return ""
	}
	for _, g := range l.s.Table.Columns {
		if g.Generated == catalog.NotGenerated || g == c {
			continue
		}
		formula, ok := g.Formula.(ir.Expr)
		if !ok || ir.Find(formula, func(n ir.Node) bool {
			x, ok := n.(*ir.Name)
			return ok && len(x.Parts) > 0 && strings.EqualFold(x.Parts[len(x.Parts)-1].Text, c.Name)
		}) {
			return "column " + g.Name
		}
	}
	return ""
}
