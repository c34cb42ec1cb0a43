// Package selfreferences holds the rule for changes of tables that refer to themselves.
package selfreferences

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/insertcolumns"
	"godwit/ir/rewrite/session"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

var later = &diag.Code{
	ID: "QY0143", Title: "foreign keys within a table are checked row by row", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: "The source checks a foreign key with each row that a statement changes, so that a row before its parent, or a parent that is deleted or renamed before its children, is an error. " +
		"PostgreSQL checks the rows as they are behind the statement, and takes more (MySQL Reference Manual, FOREIGN KEY Constraints; PostgreSQL manual, CREATE TABLE).",
	Next: "Nothing, unless the error is relied on.",
}

var nulled = &diag.Code{
	ID: "QY0842", Title: "DELETE that reads references which it sets to NULL itself", Severity: diag.Review, Fidelity: diag.Approximate,
	Doc: "The source looks at the condition row by row, and sets the references to a row to NULL as soon as it is deleted (ON DELETE SET NULL): whether a child is deleted depends on which of the two comes first. " +
		"PostgreSQL finds all rows first, as they are before the statement, and sets references to NULL behind it.",
	Next: "Find the keys of the rows in a statement before, and delete by them.", Each: 0.1,
}

const setup = "CREATE TABLE t (id INT PRIMARY KEY, parent INT, FOREIGN KEY (parent) REFERENCES t (id));"

// Rule is QY0047.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: "QY0047", Name: "self-references",
		Doc: `A table whose foreign key refers to itself takes rows in another order on the target: keys are checked behind the statement and not with each row.
Rows of an INSERT that may come before their parents become statements of their own, in one block; limited-change does the same for rows that are deleted,
and for keys that move. Statements for which that cannot be done are named.`,
		Examples: []rewrite.Example{
			{Setup: setup, Source: "INSERT INTO t VALUES (1, NULL), (2, 1);", Target: "INSERT INTO t VALUES (1, NULL), (2, 1);"},
			{Setup: setup, Source: "INSERT INTO t VALUES (2, 1), (1, NULL);", Target: "DO $$ BEGIN INSERT INTO t VALUES (2, 1); INSERT INTO t VALUES (1, NULL); END; $$;"},
		},
		Fidelity: diag.Assumed,
		Findings: []*diag.Code{later, nulled},
		After: map[string]string{
			"session":          "it follows whether keys are checked",
			"on-duplicate-key": "it makes the target's form of the statement",
			"insert-ignore":    "as above",
			"replace":          "as above",
			"limited-change":   "it changes rows one by one",
		},
		Looks: ir.Kinds(ir.KindInsert, ir.KindUpdate, ir.KindDelete),
		Run:   run,
	}
}

// maxRows is how many rows of one INSERT become statements of their own.
const maxRows = 1000

func run(p *rewrite.Pass) {
	if off(p) {
		return
	}
	p.Nodes(func(n ir.Node) ir.Node {
		switch n := n.(type) {
		case *ir.Insert:
			if n.Table != nil && Inserts(p, n) {
				return insert(p, n)
			}
		case *ir.Update:
			for _, x := range tree.Leaves(n.Tables) {
				if r, ok := x.(*ir.TableRef); ok && Moves(p, n, r.Table) && !pinned(p, n) {
					p.Report(later, n.Span, "keys of %s are assumed to fit as each row changes", r.Table.Name)
				}
			}
		case *ir.Delete:
			for _, x := range tree.Leaves(n.From) {
				if r, ok := x.(*ir.TableRef); ok && Holds(p, r.Table) && !inLoop(n) {
					p.Report(later, n.Span, "rows of %s are assumed to go before their parents", r.Table.Name)
				}
				if r, ok := x.(*ir.TableRef); ok && r.Table != nil && readsNulled(n.Where, r.Table) && !inLoop(n) {
					p.Report(nulled, n.Span, "the condition reads references of %s that deleting a row sets to NULL", r.Table.Name)
				}
			}
		}
		return n
	})
}

func off(p *rewrite.Pass) bool {
	return p.Session != nil && session.ChecksOff(p.Session, "foreign_key_checks")
}

// rowCode marks what limited-change does row by row.
const rowCode = "QY0022"

// guarded marks what stands behind a guard.
const guarded = "QY0047"

// inLoop tells a DELETE that limited-change has put into a loop over its rows.
func inLoop(d *ir.Delete) bool {
	return slices.Contains(d.Origin, guarded) || slices.Contains(d.Origin, rowCode) && len(d.OrderBy) == 0 && d.Limit == nil
}

func pinned(p *rewrite.Pass, u *ir.Update) bool { return slices.Contains(u.Origin, rowCode) }

// Inserts tells that a row of an INSERT may come before its parent.
func Inserts(p *rewrite.Pass, i *ir.Insert) bool {
	found := false
	if i.Table.Table != nil && !off(p) {
		each(i.Table.Table, func(t *catalog.Table, f *catalog.ForeignKey) { found = found || inserts(i, t, f) })
	}
	return found
}

// Holds tells that a row of the table keeps another from being deleted.
func Holds(p *rewrite.Pass, t *catalog.Table) bool {
	found := false
	if !off(p) {
		each(t, func(_ *catalog.Table, f *catalog.ForeignKey) { found = found || !acts(f.OnDelete) })
	}
	return found
}

// readsNulled tells that a condition reads references within the table that are set to NULL with their parents. One for the children of a given row does
// not change by that.
func readsNulled(where ir.Expr, t *catalog.Table) bool {
	found := false
	each(t, func(_ *catalog.Table, f *catalog.ForeignKey) {
		if !strings.EqualFold(f.OnDelete, "SET NULL") {
			return
		}
		of := func(e ir.Expr) bool {
			n, ok := ir.Bare(e).(*ir.Name)
			if !ok {
				return false
			}
			c, ok := n.Ref.(*ir.ColumnRef)
			return ok && c.Column != nil && slices.ContainsFunc(f.Columns, func(name string) bool { return strings.EqualFold(name, c.Column.Name) })
		}
		for _, e := range tree.Conjuncts(where) {
			if b, ok := ir.Bare(e).(*ir.Compare); ok && b.Op == ir.Eq && (of(b.L) && isValue(b.R) || of(b.R) && isValue(b.L)) {
				return
			}
		}
		found = found || ir.Find(where, func(n ir.Node) bool {
			e, ok := n.(ir.Expr)
			return ok && of(e)
		})
	})
	return found
}

// isValue tells an expression that is the same for all rows.
func isValue(e ir.Expr) bool {
	return !ir.Find(e, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Name:
			_, column := n.Ref.(*ir.ColumnRef)
			return column
		case *ir.Subquery, *ir.RoutineCall:
			return true
		}
		return false
	})
}

// Guard is the error for a row that refers to itself: the source does not delete one, the target does. where finds the row.
func Guard(p *rewrite.Pass, t *catalog.Table, where ir.Expr, at ir.Node) ir.Stmt {
	var any []ir.Expr
	from := &ir.TableRef{Name: ir.Qualified("", t.Name), Table: t}
	each(t, func(_ *catalog.Table, f *catalog.ForeignKey) {
		if acts(f.OnDelete) {
			return
		}
		var same []ir.Expr
		for k, name := range f.Columns {
			c, r := t.Column(name), t.Column(f.RefColumns[k])
			if c == nil || r == nil {
				return
			}
			same = append(same, tree.Compare(ir.Eq, tree.Column(t, c, from, t.Name), tree.Column(t, r, from, t.Name)))
		}
		any = append(any, tree.And(same...))
	})
	there := &ir.Exists{Query: tree.Select([]*ir.SelectItem{tree.Item(tree.Int("1"), "")}, []ir.TableExpr{from}, tree.And(where, tree.Or(any...)))}
	there.Type = types.Bool{}
	r := &ir.Raise{Level: "EXCEPTION", State: "23503", Message: tree.Text("a row of " + t.Name + " refers to itself")}
	s := control.When(there, r)
	r.Span, s.Span, s.Branches[0].Span = at.Base().Span, at.Base().Span, at.Base().Span
	s.Made(p.Rule.Code)
	return s
}

// Moves tells that an UPDATE changes keys that other rows of the table refer to.
func Moves(p *rewrite.Pass, u *ir.Update, t *catalog.Table) bool {
	found := false
	if !off(p) {
		each(t, func(t *catalog.Table, f *catalog.ForeignKey) { found = found || updates(u, t, f) })
	}
	return found
}

// insert gives each row a statement of its own.
func insert(p *rewrite.Pass, i *ir.Insert) ir.Node {
	v, isValues := i.Source.(*ir.Values)
	cols := i.Takes()
	if len(i.Returning) > 0 || i.With != nil || isValues && len(v.Rows) > maxRows || slices.Contains(cols, nil) || p.Counted(i) {
		p.Report(later, i.Span, "rows of %s are assumed to come behind their parents", i.Table.Table.Name)
		return i
	}
	i.Made(p.Rule.Code)
	if !isValues {
		insertcolumns.List(i)
		return tree.EachSource(p.Unit.Stmts, i, p.Rule.Code, func(row *ir.Values) []ir.Stmt {
			i.Source = row
			return []ir.Stmt{i}
		})
	}
	b := tree.InPlace(i, p.Rule.Code)
	for _, one := range tree.Apart(i, v) {
		b.Body = append(b.Body, one)
	}
	return b
}

// each looks at the foreign keys of a table to itself.
func each(t *catalog.Table, f func(*catalog.Table, *catalog.ForeignKey)) {
	if t == nil {
		return
	}
	for _, k := range t.ForeignKeys {
		if strings.EqualFold(k.RefTable, t.Name) && len(k.RefColumns) == len(k.Columns) {
			f(t, k)
		}
	}
}

// acts tells an action that leaves no row without its parent.
func acts(action string) bool {
	return strings.EqualFold(action, "cascade") || strings.EqualFold(action, "set null")
}

// inserts tells that a row may come before its parent.
func inserts(i *ir.Insert, t *catalog.Table, f *catalog.ForeignKey) bool {
	switch q := i.Source.(type) {
	case nil:
		return false
	case *ir.Values:
		rows := tree.Rows(i, q)
		for k, row := range rows {
			if !given(t, f.Columns, row) {
				continue
			}
			for _, other := range rows[k+1:] {
				if mayBe(t, f, row, other) {
					return true
				}
			}
		}
		return false
	case *ir.Select:
		if len(q.From) == 0 {
			return false
		}
		row := tree.Row{}
		cols := i.Takes()
		for k, it := range q.Items {
			if _, star := it.Expr.(*ir.Star); star || k >= len(cols) || cols[k] == nil {
				return true
			}
			row[cols[k]] = ir.Bare(it.Expr)
		}
		return given(t, f.Columns, row)
	}
	return true
}

// given tells that a row has the key: no column of it is NULL or missing.
func given(t *catalog.Table, names []string, row tree.Row) bool {
	for _, name := range names {
		if e := row[t.Column(name)]; e == nil || tree.IsNull(e) || tree.IsDefault(e) {
			return false
		}
	}
	return true
}

// mayBe tells that a row may be the parent of another.
func mayBe(t *catalog.Table, f *catalog.ForeignKey, row, parent tree.Row) bool {
	for k, name := range f.Columns {
		child, own := row[t.Column(name)], parent[t.Column(f.RefColumns[k])]
		if own == nil || tree.IsDefault(own) || tree.IsNull(own) {
			continue // it takes a number that the script does not know
		}
		if tree.Literal(child) && tree.Literal(own) && !tree.Equal(child, own) {
			return false
		}
	}
	return true
}

func updates(u *ir.Update, t *catalog.Table, f *catalog.ForeignKey) bool {
	for _, a := range u.Sets {
		r, ok := a.Column.Ref.(*ir.ColumnRef)
		if !ok || r.Table != t {
			continue
		}
		for _, name := range f.RefColumns {
			if r.Column == t.Column(name) {
				return true
			}
		}
	}
	return false
}
