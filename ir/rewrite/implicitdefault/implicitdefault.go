// Package implicitdefault holds the rule for values that the server makes up for NOT NULL columns.
package implicitdefault

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/insertcolumns"
	"godwit/ir/rewrite/tree"
	"godwit/ir/rewrite/triggers"
	"godwit/ir/types"
)

var none = &diag.Code{
	ID: "QY0114", Title: "an implicit default that the target cannot hold", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:   "Outside strict mode and under IGNORE a NOT NULL column without value gets an implicit default; for dates that is the zero date, and for NULL in an ENUM the empty text, which PostgreSQL does not have.",
	Next:  "Give the column a value or a default.",
	Learn: 0.3, Each: 0.2,
}

var early = &diag.Code{
	ID: "QY0144", Title: "a trigger sees the NULL in front of an implicit default", Severity: diag.Review, Fidelity: diag.Approximate,
	Doc:   "Where a trigger fires before the row is stored, the source keeps the NULL of a NOT NULL column that is given none until the trigger has run; the implicit default comes behind it. A trigger that reads the column sees NULL there, and fails or skips the row where it assigns NULL. The target's trigger sees the default.",
	Next:  "Give the column a value or a default.",
	Learn: 0.2, Each: 0.2,
}

// Rule is QY0014.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: "QY0014", Name: "implicit-default",
		Doc: `Outside strict mode, and under IGNORE, a NOT NULL column that is given NULL or nothing takes an implicit default: 0, the empty
string, the first value of an ENUM (MySQL Reference Manual, "Data Type Default Values"). An INSERT of a single row of VALUES still fails for NULL. An
ENUM column that is given nothing takes its first value in every mode. PostgreSQL raises an error, so the value is written out.`,
		Examples: []rewrite.Example{
			{Setup: "CREATE TABLE t (id INT PRIMARY KEY, n INT NOT NULL);", Source: "INSERT IGNORE INTO t (id) VALUES (1);", Target: "INSERT INTO t (id, n) VALUES (1, 0) ON CONFLICT DO NOTHING;"},
			{Setup: "CREATE TABLE t (id INT PRIMARY KEY, n INT NOT NULL);", Source: "INSERT INTO t (id, n) VALUES (1, NULL);", Target: "INSERT INTO t (id, n) VALUES (1, NULL);"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{none, early},
		After:    map[string]string{"insert-columns": "it writes the column list of tables with invisible columns"},
		Looks:    ir.Kinds(ir.KindInsert, ir.KindUpdate),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	strict := tree.Strict(p.Settings)
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Insert:
				if n.Table.Table != nil {
					insert(p, n, !strict || n.OnError == ir.IgnoreErrors)
				}
			case *ir.Update:
				lax := !strict || n.OnError == ir.IgnoreErrors
				setDefaults(p, n.Sets, lax)
				if lax && (n.OnError == ir.IgnoreErrors || !looksBefore(p, n)) {
					sets(p, n.Sets)
				}
			}
			return !p.Refused()
		})
	}
}

// looksBefore tells that a trigger fires before rows of the changed table change: NULL is looked at behind it then, and raises an error in every mode.
func looksBefore(p *rewrite.Pass, u *ir.Update) bool {
	for _, t := range tree.Leaves(u.Tables) {
		if r, ok := t.(*ir.TableRef); ok && triggers.Before(p, r.Name, "update") {
			return true
		}
	}
	return false
}

func insert(p *rewrite.Pass, i *ir.Insert, lax bool) {
	defaults(p, i, lax)
	if lax {
		// With such a trigger NULL is looked at behind it, and raises an error in every mode.
		if i.OnError == ir.IgnoreErrors || !triggers.Before(p, i.Table.Name, "insert") {
			given(p, i)
		}
		if i.OnError == ir.IgnoreErrors || !triggers.Before(p, i.Table.Name, "update") {
			sets(p, i.OnDuplicate)
		}
	}
	has := map[*catalog.Column]bool{}
	if i.Source != nil { // else none takes a value
		for _, c := range i.Takes() {
			has[c] = true
		}
	}
	for _, c := range i.Table.Table.Columns {
		_, enum := c.Type.(types.Enum)
		if has[c] || c.Nullable || c.HasDefault || c.AutoIncrement || c.Generated != catalog.NotGenerated || !lax && !enum {
			continue
		}
		add(p, i, c)
	}
}

// add gives a column that is not named its implicit default.
func add(p *rewrite.Pass, i *ir.Insert, c *catalog.Column) {
	d := value(p, i, c)
	if d == nil {
		return
	}
	seen(p, i, c)
	switch q := i.Source.(type) {
	case nil:
		row := &ir.RowExpr{Items: []ir.Expr{ir.Clone(d)}}
		v := &ir.Values{Rows: []*ir.RowExpr{row}}
		row.Span, v.Span = i.Span, i.Span
		i.Source = v
	case *ir.Values:
		insertcolumns.List(i)
		for _, r := range q.Rows {
			r.Items = append(r.Items, ir.Clone(d))
		}
	case *ir.Select:
		for _, it := range q.Items {
			if _, star := it.Expr.(*ir.Star); star || q.Distinct || len(q.GroupBy) > 0 {
				return
			}
		}
		insertcolumns.List(i)
		q.Items = append(q.Items, tree.Item(d, ""))
	default:
		return
	}
	i.Columns = append(i.Columns, tree.Column(i.Table.Table, c, nil, ""))
	i.Made(p.Rule.Code)
}

// seen tells of a trigger before the INSERT that sets the column: it is taken to read it as well.
func seen(p *rewrite.Pass, i *ir.Insert, c *catalog.Column) {
	set, _ := triggers.Sets(p, i.Table.Name, "insert")
	if set[strings.ToLower(c.Name)] && triggers.Before(p, i.Table.Name, "insert") {
		p.Report(early, i.Span, "%s of %s", c.Name, i.Table.Table.Name)
	}
}

// defaults writes out what DEFAULT is for a column that has none.
func defaults(p *rewrite.Pass, i *ir.Insert, lax bool) {
	q, ok := i.Source.(*ir.Values)
	if !ok {
		return
	}
	cols := i.Takes()
	for _, r := range q.Rows {
		for k, e := range r.Items {
			if k < len(cols) && cols[k] != nil && tree.IsDefault(e) {
				r.Items[k] = implicit(p, e, cols[k], lax)
			}
		}
	}
}

// implicit is the implicit default that DEFAULT stands for: in every mode that of an ENUM, of other types outside strict mode.
func implicit(p *rewrite.Pass, e ir.Expr, c *catalog.Column, lax bool) ir.Expr {
	_, enum := c.Type.(types.Enum)
	if c.Nullable || c.HasDefault || c.AutoIncrement || c.Generated != catalog.NotGenerated || !lax && !enum {
		return e
	}
	if d := value(p, e, c); d != nil {
		return d
	}
	return e
}

// given replaces NULLs that are given to NOT NULL columns. One row of VALUES keeps them, and fails, unless IGNORE is there.
func given(p *rewrite.Pass, i *ir.Insert) {
	cols := i.Takes()
	switch q := i.Source.(type) {
	case *ir.Values:
		if len(q.Rows) == 1 && i.OnError != ir.IgnoreErrors {
			return
		}
		for _, r := range q.Rows {
			for k := range r.Items {
				if k < len(cols) && cols[k] != nil {
					e := r.Items[k]
					if r.Items[k] = filled(p, e, cols[k], nil); r.Items[k] != e {
						seen(p, i, cols[k])
					}
				}
			}
		}
	case *ir.Select:
		if len(q.Items) != len(cols) {
			return
		}
		for k, it := range q.Items {
			if _, star := it.Expr.(*ir.Star); !star && cols[k] != nil {
				e := it.Expr
				if it.Expr = filled(p, e, cols[k], q); it.Expr != e {
					seen(p, i, cols[k])
				}
			}
		}
	}
}

func setDefaults(p *rewrite.Pass, list []*ir.Assign, lax bool) {
	for _, a := range list {
		if r, ok := a.Column.Ref.(*ir.ColumnRef); ok && r.Column != nil && tree.IsDefault(a.Value) {
			a.Value = implicit(p, a.Value, r.Column, lax)
		}
	}
}

func sets(p *rewrite.Pass, list []*ir.Assign) {
	for _, a := range list {
		if r, ok := a.Column.Ref.(*ir.ColumnRef); ok && r.Column != nil {
			a.Value = filled(p, a.Value, r.Column, nil)
		}
	}
}

// filled is a value that is never NULL.
func filled(p *rewrite.Pass, e ir.Expr, c *catalog.Column, s *ir.Select) ir.Expr {
	if c.Nullable || c.AutoIncrement || tree.NotNull(e, s) || tree.IsDefault(e) {
		return e
	}
	if n, ok := e.(*ir.Name); ok && s == nil {
		if r, ok := n.Ref.(*ir.ColumnRef); ok && !r.Column.Nullable {
			return e
		}
	}
	if _, enum := c.Type.(types.Enum); enum {
		rewrite.Refuse(p, none, e.Base().Span, "NULL becomes the empty text in %s, which is no value of the ENUM", c.Name)
		return e
	}
	d := value(p, e, c)
	if d == nil {
		return e
	}
	if tree.IsNull(e) {
		return d
	}
	x := tree.Call("coalesce", c.Type, e, d)
	x.Span = e.Base().Span
	x.Made(p.Rule.Code)
	return x
}

// value is the implicit default of a column; nil with a refusal where the target has none.
func value(p *rewrite.Pass, at ir.Node, c *catalog.Column) ir.Expr {
	var d ir.Expr
	switch t := c.Type.(type) {
	case types.Int, types.Decimal, types.Float, types.Year:
		d = tree.Int("0")
	case types.Text, types.Set:
		d = tree.Text("")
	case types.Binary:
		d = &ir.Bytes{}
		d.SetType(t)
	case types.Enum:
		if len(t.Values) > 0 {
			d = tree.Text(t.Values[0])
			d.SetType(t)
		}
	case types.Time:
		x := &ir.Temporal{Kind: t, Value: "00:00:00"}
		x.Type = t
		d = x
	}
	if d == nil {
		rewrite.Refuse(p, none, at.Base().Span, "%s has no implicit default on the target", c.Name)
		return nil
	}
	d.Base().Span = at.Base().Span
	d.Base().Made(p.Rule.Code)
	return d
}
