// Package insertreferences holds the rule for values of an INSERT that read columns of the row they belong to.
package insertreferences

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/tree"
)

var unknown = &diag.Code{
	ID: "QY0132", Title: "an inserted value reads a column whose value is not known before", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:   "A value may read columns of its own row: those before it have their values, the others their defaults. A counted number, a default, and a value that differs at each evaluation are not known before the row is stored.",
	Next:  "Write the value out.",
	Learn: 0.2, Each: 0.2,
}

// Rule is QY0023.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: "QY0023", Name: "insert-references",
		Doc: `An expression of VALUES or of INSERT ... SET may read columns of the row: columns that were set before have their new value, the others
their default (MySQL Reference Manual, "INSERT Statement"). PostgreSQL sees no row there, so the value takes the place of the column.`,
		Examples: []rewrite.Example{
			{Setup: "CREATE TABLE k (a INT, b INT);", Source: "INSERT INTO k (a, b) VALUES (5, a * 2);", Target: "INSERT INTO k (a, b) VALUES (5, 5::bigint * 2);"},
			{Setup: "CREATE TABLE k (a INT, b INT);", Source: "INSERT INTO k (a, b) VALUES (5, 6);", Target: "INSERT INTO k (a, b) VALUES (5, 6);"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{unknown},
		Looks:    ir.Kinds(ir.KindInsert),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			if i, ok := n.(*ir.Insert); ok && i.Table.Table != nil {
				if v, ok := i.Source.(*ir.Values); ok {
					values(p, i, v)
				}
			}
			return !p.Refused()
		})
	}
}

func values(p *rewrite.Pass, i *ir.Insert, v *ir.Values) {
	cols := i.Takes()
	for _, r := range v.Rows {
		now := map[*catalog.Column]ir.Expr{}
		for k := range r.Items {
			r.Items[k] = value(p, i, r.Items[k], now)
			if k < len(cols) && cols[k] != nil {
				now[cols[k]] = r.Items[k]
			}
		}
	}
}

func value(p *rewrite.Pass, i *ir.Insert, e ir.Expr, now map[*catalog.Column]ir.Expr) ir.Expr {
	if d, ok := e.(*ir.Default); ok && d.Column != nil {
		return e
	}
	notDefault := func(n ir.Node) bool { _, d := n.(*ir.Default); return !d }
	return ir.MapPre(e, notDefault, func(n ir.Node) ir.Node {
		nm, ok := n.(*ir.Name)
		if !ok {
			return n
		}
		r, ok := nm.Ref.(*ir.ColumnRef)
		if !ok || r.Column == nil || r.Table != i.Table.Table || r.From != nil && r.From != ir.TableExpr(i.Table) {
			return n
		}
		v, given := now[r.Column]
		switch {
		case given && !tree.IsDefault(v) && !tree.Volatile(v) && !r.Column.AutoIncrement:
			x := tree.Stored(ir.Clone(v), r.Column.Type)
			if tree.IsNull(x) {
				x.SetType(r.Column.Type)
			}
			x.Base().Made(p.Rule.Code)
			return x
		case !r.Column.AutoIncrement && !r.Column.HasDefault && r.Column.Nullable && r.Column.Generated == catalog.NotGenerated && (!given || tree.IsDefault(v)):
			x := &ir.Null{}
			x.Span, x.Type = nm.Span, r.Column.Type
			x.Made(p.Rule.Code)
			return x
		case !given || tree.IsDefault(v):
			if x := tree.DefaultOf(r.Column); x != nil {
				x.Base().Span = nm.Span
				x.Base().Made(p.Rule.Code)
				return x
			}
		}
		rewrite.Refuse(p, unknown, nm.Span, "%s is read", r.Column.Name)
		return n
	})
}
