// Package insertignore holds the rule for INSERT IGNORE, UPDATE IGNORE and DELETE IGNORE.
package insertignore

import (
	"encoding/json"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/autoincrement"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/partitions"
	"godwit/ir/rewrite/session"
	"godwit/ir/rewrite/tree"
	"godwit/ir/rewrite/triggers"
	"godwit/ir/types"
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
		Doc:   "Under IGNORE the source skips a row that breaks a CHECK constraint, or that no partition takes; PostgreSQL raises an error.",
		Next:  "Add a condition that tests it.",
		Learn: 0.2, Each: 0.2,
	}
	skipped = &diag.Code{
		ID: "QY0116", Title: "UPDATE IGNORE or DELETE IGNORE that may skip rows", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "Under IGNORE the source leaves out rows whose change would break a unique or foreign key. PostgreSQL fails with the whole statement. A loop passes over such rows of one table; rows of joins, of views, of tables without a primary key or with triggers cannot be changed so.",
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
whichever unique key they meet, also within one statement. Rows whose foreign keys have no parent are left out by a condition. UPDATE IGNORE and DELETE
IGNORE that may break a key go row by row, in the order of the primary key, and pass over the rows that do.`,
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
			"session":          "it follows whether keys are checked",
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
	} else if c := document(i); c != nil {
		p.Report(checks, i.Span, "%s takes valid documents only", c.Name)
	}
	if i.Table.Table != nil && i.Table.Table.Kind == catalog.ViewTable {
		p.Report(checks, i.Span, "%s is a view, which may take some rows only", i.Table.Table.Name)
	}
	if partitions.Narrow(p, i.Table.Table) {
		p.Report(checks, i.Span, "%s has partitions that do not take every row", i.Table.Table.Name)
	}
	if i.Table.Table == nil {
		return i
	}
	if len(i.Table.Table.ForeignKeys) == 0 || p.Session != nil && session.ChecksOff(p.Session, "foreign_key_checks") {
		return oneByOne(p, i)
	}
	s, ok := parents(p, i)
	if !ok {
		p.Report(orphan, i.Span, "%s has foreign keys", i.Table.Table.Name)
		return i
	}
	return s
}

// document is a column of documents kept as text that gets something which may be none; the source checks it like a CHECK.
func document(i *ir.Insert) *catalog.Column {
	v, values := i.Source.(*ir.Values)
	cols := i.Takes()
	for k, c := range cols {
		if c == nil {
			continue
		}
		if t, ok := c.Type.(types.JSON); !ok || t.Kind != types.JSONText {
			continue
		}
		if !values {
			return c
		}
		for _, r := range v.Rows {
			if k >= len(r.Items) {
				return c
			}
			switch x := ir.Bare(r.Items[k]).(type) {
			case *ir.Null, *ir.Default:
			case *ir.String:
				if !json.Valid([]byte(x.Value)) {
					return c
				}
			default:
				return c
			}
		}
	}
	return nil
}

// oneByOne inserts rows that share the numbers of a counter one after another: one that is there already leaves its number to the next.
func oneByOne(p *rewrite.Pass, i *ir.Insert) ir.Node {
	c := shared(p, i)
	if c == nil {
		return i
	}
	b := tree.InPlace(i, p.Rule.Code)
	v := i.Source.(*ir.Values)
	for k, one := range tree.Apart(i, v) {
		b.Body = append(b.Body, one)
		if k < len(v.Rows)-1 {
			b.Body = append(b.Body, back(p, i, c, nil))
		}
	}
	return b
}

// shared is the column whose numbers the rows share so, nil where they do not.
func shared(p *rewrite.Pass, i *ir.Insert) *catalog.Column {
	c := tree.AutoIncrement(i.Table.Table)
	if c == nil || len(i.Table.Table.UniqueKeys()) < 2 || !autoincrement.Shares(p, i) {
		return nil
	}
	return c
}

// back gives the number of the row before back: it is there already, and its parents are, without which it took none.
func back(p *rewrite.Pass, i *ir.Insert, c *catalog.Column, parents []ir.Expr) ir.Stmt {
	cond := control.Negate(control.Found())
	for _, e := range parents {
		cond = tree.And(cond, ir.Clone(e))
	}
	missing := control.When(cond, autoincrement.Back(p, i, i.Table.Table, c))
	missing.Span = i.Span
	return missing
}

func update(p *rewrite.Pass, u *ir.Update) {
	skips := false
	for _, a := range u.Sets {
		r, ok := a.Column.Ref.(*ir.ColumnRef)
		if !ok || r.Table.Kind == catalog.ViewTable {
			rewrite.Refuse(p, skipped, u.Span, "UPDATE IGNORE changes rows of a view")
			return
		}
		if r.Table.Checked || partitions.Narrow(p, r.Table) {
			rewrite.Refuse(p, skipped, u.Span, "UPDATE IGNORE of %s, which has CHECK constraints or partitions that do not take every row", r.Table.Name)
			return
		}
		if tree.CascadesIntoKeys(p.Catalog, r.Table, u.Sets) {
			rewrite.Refuse(p, skipped, u.Span, "UPDATE IGNORE changes a column that the key of another table follows: a duplicate there ends the statement on the source")
			return
		}
		skips = skips || tree.SetsKeys(p.Catalog, r.Table, u.Sets)
	}
	if skips && !rowByRow(p, u, u.Tables, "update") {
		rewrite.Refuse(p, skipped, u.Span, "UPDATE IGNORE changes keys")
		return
	}
	if skips {
		u.Made(p.Rule.Code) // limited-change makes a loop of it
	}
	u.OnError = ir.RaiseErrors
}

func remove(p *rewrite.Pass, d *ir.Delete) {
	skips := false
	for _, t := range tree.Leaves(d.From) {
		r, ok := t.(*ir.TableRef)
		if !ok || r.Table == nil {
			rewrite.Refuse(p, skipped, d.Span, "DELETE IGNORE from a table that is not known")
			return
		}
		skips = skips || tree.HeldBelow(p.Catalog, r.Table)
	}
	if skips && (len(d.Targets) > 0 || !rowByRow(p, d, d.From, "delete")) {
		rewrite.Refuse(p, skipped, d.Span, "DELETE IGNORE from a table that others refer to")
		return
	}
	if skips {
		d.Made(p.Rule.Code)
	}
	d.OnError = ir.RaiseErrors
}

// rowByRow tells that the rows of one table can be changed in a loop that passes over errors, without triggers whose changes would be undone.
func rowByRow(p *rewrite.Pass, s ir.Stmt, list []ir.TableExpr, event string) bool {
	if len(list) != 1 || p.Counted(s) {
		return false
	}
	t, ok := tree.Changeable(list[0])
	if !ok || t.Table.PrimaryKey() == nil {
		return false
	}
	_, fires := triggers.Sets(p, t.Name, event)
	return !fires
}
