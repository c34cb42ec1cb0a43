// Package insertignore holds the rule for INSERT IGNORE, UPDATE IGNORE and DELETE IGNORE.
package insertignore

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/tree"
)

var (
	orphan = &diag.Code{
		ID: "QY0115", Title: "IGNORE also skips rows without parent", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:   "Under IGNORE the source skips a row whose foreign key has no parent. The conversion tests for the parent, but not for the rows of grouped or limited queries, for tables that refer to themselves, and for keys with defaults: there PostgreSQL raises an error.",
		Next:  "Check that the rows have parents, or add a condition that tests it.",
		Learn: 0.3, Each: 0.3,
	}
	checks = &diag.Code{
		ID: "QY0139", Title: "IGNORE also skips rows that break a CHECK", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:   "Under IGNORE the source skips a row that breaks a CHECK constraint; PostgreSQL raises an error.",
		Next:  "Add a condition that tests it.",
		Learn: 0.2, Each: 0.2,
	}
	skipped = &diag.Code{
		ID: "QY0116", Title: "UPDATE IGNORE or DELETE IGNORE that may skip rows", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "Under IGNORE the source leaves out rows whose change would break a unique or foreign key. PostgreSQL fails with the whole statement.",
		Next:  "Add a condition that leaves those rows out.",
		Learn: 0.5, Each: 0.5,
	}
)

// Rule is QY0015.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: "QY0015", Name: "insert-ignore",
		Doc: `IGNORE skips rows with a key that is there already and adjusts values that do not fit (MySQL Reference Manual, "The Effect of IGNORE on
Statement Execution"). The values are adjusted by casts, which name resolution made explicit; ON CONFLICT DO NOTHING skips the rows,
whichever unique key they meet, also within one statement. Rows whose foreign keys have no parent are left out by a condition.`,
		Examples: []rewrite.Example{
			{Setup: "CREATE TABLE k (a INT PRIMARY KEY, b INT UNIQUE);", Source: "INSERT IGNORE INTO k VALUES (1, 1), (2, 1);", Target: "INSERT INTO k VALUES (1, 1), (2, 1) ON CONFLICT DO NOTHING;"},
			{Setup: "CREATE TABLE p (id INT PRIMARY KEY); CREATE TABLE c (id INT PRIMARY KEY, pid INT, FOREIGN KEY (pid) REFERENCES p (id));", Source: "INSERT IGNORE INTO c VALUES (1, 5);", Target: "INSERT INTO c (id, pid) SELECT 1, 5 WHERE 5 IN (SELECT p.id FROM p) ON CONFLICT DO NOTHING;"},
			{Setup: "CREATE TABLE k (a INT PRIMARY KEY, b INT UNIQUE);", Source: "INSERT INTO k VALUES (1, 1);", Target: "INSERT INTO k VALUES (1, 1);"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{orphan, checks, skipped},
		After: map[string]string{
			"implicit-default": "it reads IGNORE",
			"auto-increment":   "rows that take numbers are told apart",
		},
		Looks: ir.Kinds(ir.KindInsert, ir.KindUpdate, ir.KindDelete),
		Run:   run,
	}
}

func run(p *rewrite.Pass) {
	p.Nodes(func(n ir.Node) ir.Node {
		if p.Refused() {
			return n
		}
		switch n := n.(type) {
		case *ir.Insert:
			if n.OnError == ir.IgnoreErrors && !n.Replace && len(n.OnDuplicate) == 0 {
				return insert(p, n)
			}
		case *ir.Update:
			if n.OnError == ir.IgnoreErrors {
				update(p, n)
			}
		case *ir.Delete:
			if n.OnError == ir.IgnoreErrors {
				remove(p, n)
			}
		}
		return n
	})
}

func insert(p *rewrite.Pass, i *ir.Insert) ir.Node {
	i.OnError = ir.RaiseErrors
	i.Conflict = &ir.Conflict{Nothing: true}
	i.Conflict.Span = i.Span
	i.Made(p.Rule.Code)
	if i.Table.Table != nil && i.Table.Table.Checked {
		p.Report(checks, i.Span, "%s has CHECK constraints", i.Table.Table.Name)
	}
	if i.Table.Table != nil && i.Table.Table.Kind == catalog.ViewTable {
		p.Report(checks, i.Span, "%s is a view, which may take some rows only", i.Table.Table.Name)
	}
	if i.Table.Table == nil || len(i.Table.Table.ForeignKeys) == 0 {
		return i
	}
	s, ok := parents(p, i)
	if !ok {
		p.Report(orphan, i.Span, "%s has foreign keys", i.Table.Table.Name)
		return i
	}
	return s
}

func update(p *rewrite.Pass, u *ir.Update) {
	for _, a := range u.Sets {
		r, ok := a.Column.Ref.(*ir.ColumnRef)
		if !ok || r.Table.Kind == catalog.ViewTable || tree.Touches(r.Table, u.Sets) || len(r.Table.ForeignKeys) > 0 || tree.Referenced(p.Catalog, r.Table) {
			rewrite.Refuse(p, skipped, u.Span, "UPDATE IGNORE changes keys, or rows of a view")
			return
		}
	}
	u.OnError = ir.RaiseErrors
}

func remove(p *rewrite.Pass, d *ir.Delete) {
	for _, t := range tree.Leaves(d.From) {
		if r, ok := t.(*ir.TableRef); !ok || r.Table == nil || tree.Referenced(p.Catalog, r.Table) {
			rewrite.Refuse(p, skipped, d.Span, "DELETE IGNORE from a table that others refer to")
			return
		}
	}
	d.OnError = ir.RaiseErrors
}
