// Package merges holds the rule for MERGE.
package merges

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/tree"
)

const code = "QY0350"

var unclear = &diag.Code{
	ID: "QY0351", Title: "MERGE that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  `MERGE changes a table. Before PostgreSQL 17 it cannot change a view, and LOG ERRORS has no equivalent (Oracle SQL Language Reference, "MERGE").`,
	Next: "Write UPDATE and INSERT on the table.", Each: 0.5,
}

var notUpdated = &diag.Code{
	ID: "QY0352", Title: "Rows that MERGE deletes are not updated first", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc:  "The source updates the rows that DELETE WHERE takes, and then deletes them: update triggers fire, and the new values are checked. The target deletes them at once.",
	Next: "Nothing, unless the table has update triggers that have to see these rows.",
}

// Rule lowers MERGE.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "merges",
		Doc: `The branches of MERGE are those of PostgreSQL. DELETE WHERE takes the rows that were updated, and sees their new values: its condition, with the assigned values in place of the columns, stands in a branch of its own before the update. WHERE of a branch is its condition.
A row that is matched twice is an error on both sides (SQL Language Reference, "MERGE").`,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE TABLE t (id NUMBER, q NUMBER);\nCREATE TABLE s (id NUMBER, d NUMBER);",
			Source: "MERGE INTO t USING s ON (t.id = s.id) WHEN MATCHED THEN UPDATE SET t.q = s.d WHERE t.id > 1 DELETE WHERE t.q = 0 WHEN NOT MATCHED THEN INSERT (id, q) VALUES (s.id, s.d);",
			Target: "MERGE INTO t USING s ON t.id = s.id WHEN MATCHED AND t.id > 1 AND s.d = 0 THEN DELETE WHEN MATCHED AND t.id > 1 THEN UPDATE SET q = s.d WHEN NOT MATCHED THEN INSERT (id, q) VALUES (s.id, s.d);",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{unclear, notUpdated},
		After:    map[string]string{"error-logs": "LOG ERRORS is gone"},
		Looks:    ir.Kinds(ir.KindMerge),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			if m, ok := n.(*ir.Merge); ok && !p.Refused() {
				merge(p, m)
			}
			return !p.Refused()
		})
	}
}

func merge(p *rewrite.Pass, m *ir.Merge) {
	into, ok := m.Into.(*ir.TableRef)
	if !ok || into.Table == nil || into.Table.Kind == catalog.ViewTable || m.LogErrors != nil {
		rewrite.Refuse(p, unclear, m.Span, "MERGE into a view or query, or with LOG ERRORS")
		return
	}
	dual(m)
	if u := m.Update; u != nil && u.DeleteWhere != nil {
		if !deleted(u, into) {
			rewrite.Refuse(p, unclear, u.Span, "DELETE WHERE that reads what several columns are assigned together")
			return
		}
		p.Report(notUpdated, u.Span, "DELETE WHERE of table %s", into.Table.Name)
	}
	if n := m.Insert; n != nil && len(n.Columns) == 0 {
		columns(n, into.Table)
	}
}

// dual puts a query of one row in the place of DUAL.
func dual(m *ir.Merge) {
	t, ok := m.Using.(*ir.TableRef)
	if !ok || t.CTE != nil || len(t.Name.Parts) == 0 || t.Name.Name() != "DUAL" || t.Table != nil && len(t.Table.Columns) != 1 {
		return
	}
	x := tree.Text("X")
	x.Span = t.Span
	s := tree.Select([]*ir.SelectItem{tree.Item(x, "dummy")}, nil, nil)
	s.Span = t.Span
	d := &ir.Derived{Query: s, Alias: t.Alias}
	d.Meta = t.Meta
	if d.Alias.Text == "" {
		d.Alias = ir.Ident{Text: "dual"}
	}
	d.Made(code)
	m.Using = d
}

// deleted makes the condition of the rows that are deleted: that of the update, and that of the delete with the new values.
func deleted(u *ir.MergeUpdate, into *ir.TableRef) bool {
	values := map[*catalog.Column]ir.Expr{}
	for _, a := range u.Sets {
		if len(a.Columns) > 0 {
			return false
		}
		r, ok := a.Column.Ref.(*ir.ColumnRef)
		if !ok {
			return false
		}
		values[r.Column] = stored(a.Value, r.Column)
	}
	u.DeleteWhere = ir.MapExprs(u.DeleteWhere, func(e ir.Expr) ir.Expr {
		n, ok := e.(*ir.Name)
		if !ok {
			return e
		}
		r, ok := n.Ref.(*ir.ColumnRef)
		if !ok || r.From != ir.TableExpr(into) || values[r.Column] == nil {
			return e
		}
		return ir.Clone(values[r.Column])
	})
	if u.Where != nil {
		u.DeleteWhere = tree.And(ir.Clone(u.Where), u.DeleteWhere)
	}
	return true
}

// stored is a value as the column holds it: with its limits of digits.
func stored(v ir.Expr, c *catalog.Column) ir.Expr {
	if n, ok := v.(*ir.Name); ok && n.Type == c.Type || build.IsConstant(v) {
		return v
	}
	if unlimited(c) {
		return v
	}
	return build.Cast(v, c.Type, code)
}

// columns writes the columns of INSERT out where those of the target differ.
func columns(n *ir.MergeInsert, t *catalog.Table) {
	differ := t.Reordered
	for _, c := range t.Columns {
		differ = differ || c.Invisible
	}
	if !differ {
		return
	}
	for _, c := range t.Columns {
		if !c.Hidden() {
			n.Columns = append(n.Columns, tree.Column(t, c, nil, ""))
		}
	}
}
