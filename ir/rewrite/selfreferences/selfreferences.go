// Package selfreferences holds the rule for changes of tables that refer to themselves.
package selfreferences

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/session"
	"godwit/ir/rewrite/tree"
)

var later = &diag.Code{
	ID: "QY0143", Title: "foreign keys within a table are checked row by row", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: "The source checks a foreign key with each row that a statement changes, so that a row before its parent, or a parent that is deleted or renamed before its children, is an error. " +
		"PostgreSQL checks the rows as they are behind the statement, and takes more (MySQL Reference Manual, FOREIGN KEY Constraints; PostgreSQL manual, CREATE TABLE).",
	Next: "Nothing, unless the error is relied on.",
}

const setup = "CREATE TABLE t (id INT PRIMARY KEY, parent INT, FOREIGN KEY (parent) REFERENCES t (id));"

// Rule is QY0047.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: "QY0047", Name: "self-references",
		Doc: `A table whose foreign key refers to itself takes rows in another order on the target: keys are checked behind the statement and not with each row.
The statements stay; those for which it can matter are named.`,
		Examples: []rewrite.Example{
			{Setup: setup, Source: "INSERT INTO t VALUES (1, NULL), (2, 1);", Target: "INSERT INTO t VALUES (1, NULL), (2, 1);"},
			{Setup: setup, Source: "INSERT INTO t VALUES (2, 1), (1, NULL);", Target: "INSERT INTO t VALUES (2, 1), (1, NULL);"},
		},
		Fidelity: diag.Assumed,
		Findings: []*diag.Code{later},
		After:    map[string]string{"session": "it follows whether keys are checked"},
		Looks:    ir.Kinds(ir.KindInsert, ir.KindUpdate, ir.KindDelete),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	if p.Session != nil && p.Session.InOrder && session.ChecksOff(p.Session, "foreign_key_checks") {
		return
	}
	p.Nodes(func(n ir.Node) ir.Node {
		switch n := n.(type) {
		case *ir.Insert:
			if n.Table != nil {
				each(n.Table.Table, func(t *catalog.Table, f *catalog.ForeignKey) {
					if inserts(n, t, f) {
						p.Report(later, n.Span, "rows of %s are assumed to come behind their parents", t.Name)
					}
				})
			}
		case *ir.Update:
			for _, x := range tree.Leaves(n.Tables) {
				if r, ok := x.(*ir.TableRef); ok {
					each(r.Table, func(t *catalog.Table, f *catalog.ForeignKey) {
						if updates(n, t, f) {
							p.Report(later, n.Span, "keys of %s are assumed to fit as each row changes", t.Name)
						}
					})
				}
			}
		case *ir.Delete:
			for _, x := range tree.Leaves(n.From) {
				if r, ok := x.(*ir.TableRef); ok {
					each(r.Table, func(t *catalog.Table, f *catalog.ForeignKey) {
						if !acts(f.OnDelete) {
							p.Report(later, n.Span, "rows of %s are assumed to go before their parents", t.Name)
						}
					})
				}
			}
		}
		return n
	})
}

// each looks at the foreign keys of a table to itself.
func each(t *catalog.Table, f func(*catalog.Table, *catalog.ForeignKey)) {
	if t == nil {
		return
	}
	for _, k := range t.ForeignKeys {
		if strings.EqualFold(k.RefTable, t.Name) && len(k.RefColumns) == len(k.Columns) {
			f(t, k)
			return
		}
	}
}

// acts tells an action that leaves no row without its parent.
func acts(action string) bool {
	return strings.EqualFold(action, "cascade") || strings.EqualFold(action, "set null")
}

// inserts tells that a row may come before its parent.
func inserts(i *ir.Insert, t *catalog.Table, f *catalog.ForeignKey) bool {
	v, ok := i.Source.(*ir.Values)
	if !ok {
		return i.Source != nil
	}
	rows := tree.Rows(i, v)
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
			return false // it takes a number that the script does not know
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
		for k := range f.Columns {
			if r.Column == t.Column(f.RefColumns[k]) || r.Column == t.Column(f.Columns[k]) && !tree.IsNull(a.Value) {
				return true
			}
		}
	}
	return false
}
