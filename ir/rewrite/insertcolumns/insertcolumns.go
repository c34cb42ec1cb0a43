// Package insertcolumns holds the rule for INSERT without a column list, and with columns that take no value.
package insertcolumns

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/resolve"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/tree"
)

// Rule is QY0012.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: "QY0012", Name: "insert-columns",
		Doc: `INSERT without a column list gives values to the visible columns (MySQL Reference Manual, "INSERT Statement", "Invisible Columns"); a
generated column takes DEFAULT. PostgreSQL has no invisible columns: where the table has some, the list is written out. INSERT
without any value becomes DEFAULT VALUES. Values that a dump has for generated columns are left out: the server ignores them outside of
strict mode.`,
		Examples: []rewrite.Example{
			{Setup: "CREATE TABLE t (id INT PRIMARY KEY, h INT INVISIBLE);", Source: "INSERT INTO t VALUES (1);", Target: "INSERT INTO t (id) VALUES (1);"},
			{Setup: "CREATE TABLE t (id INT PRIMARY KEY DEFAULT 5);", Source: "INSERT INTO t () VALUES ();", Target: "INSERT INTO t DEFAULT VALUES;"},
		},
		Fidelity: diag.Exact,
		After:    map[string]string{"visible-columns": "an asterisk gives the visible columns"},
		Looks:    ir.Kinds(ir.KindInsert),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			if i, ok := n.(*ir.Insert); ok && i.Table.Table != nil {
				if resolve.DumpMode(p.Settings) {
					computed(i)
				}
				insert(i)
			}
			return true
		})
	}
}

func insert(i *ir.Insert) {
	if v, ok := i.Source.(*ir.Values); ok && len(i.Columns) == 0 && empty(v) {
		if len(v.Rows) == 1 {
			i.Source, i.Columns = nil, nil
			return
		}
		defaults(i, v)
		return
	}
	if i.Columns != nil {
		return
	}
	if i.Table.Table.Reordered {
		List(i)
		return
	}
	for _, c := range i.Table.Table.Columns {
		if c.Invisible {
			List(i)
			return
		}
	}
}

// computed leaves out the values that a dump has for generated columns.
func computed(i *ir.Insert) {
	v, ok := i.Source.(*ir.Values)
	if !ok || empty(v) {
		return
	}
	given := make([]bool, 0, len(i.Table.Table.Columns))
	some := false
	note := func(c *catalog.Column) {
		g := c != nil && c.Generated != catalog.NotGenerated
		given, some = append(given, !g), some || g
	}
	if i.Columns == nil {
		for _, c := range i.Table.Table.Columns {
			if !c.Hidden() {
				note(c)
			}
		}
	}
	for _, n := range i.Columns {
		r, _ := n.Ref.(*ir.ColumnRef)
		if r == nil {
			return
		}
		note(r.Column)
	}
	for _, r := range v.Rows {
		if len(r.Items) != len(given) {
			return
		}
	}
	if !some {
		return
	}
	List(i)
	i.Columns = kept(i.Columns, given)
	for _, r := range v.Rows {
		r.Items = kept(r.Items, given)
	}
}

func kept[T any](l []T, given []bool) []T {
	out := l[:0:0]
	for i, x := range l {
		if given[i] {
			out = append(out, x)
		}
	}
	return out
}

func empty(v *ir.Values) bool {
	for _, r := range v.Rows {
		if len(r.Items) > 0 {
			return false
		}
	}
	return len(v.Rows) > 0
}

// defaults writes several empty rows as DEFAULT for the first column.
func defaults(i *ir.Insert, v *ir.Values) {
	for _, c := range i.Table.Table.Columns {
		if c.Generated != catalog.NotGenerated {
			continue
		}
		i.Columns = []*ir.Name{tree.Column(i.Table.Table, c, nil, "")}
		for _, r := range v.Rows {
			r.Items = []ir.Expr{tree.Default(c.Type)}
		}
		return
	}
}

// List writes the column list of an INSERT that has none: the visible columns.
func List(i *ir.Insert) {
	if i.Columns != nil || i.Table.Table == nil {
		return
	}
	i.Columns = []*ir.Name{}
	for _, c := range i.Table.Table.Columns {
		if !c.Invisible {
			n := tree.Column(i.Table.Table, c, nil, "")
			n.Span = i.Table.Span
			i.Columns = append(i.Columns, n)
		}
	}
}
