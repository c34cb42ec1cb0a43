// Package replace holds the rule for REPLACE.
package replace

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/insertcolumns"
	"godwit/ir/rewrite/rowcount"
	"godwit/ir/rewrite/selfreferences"
	"godwit/ir/rewrite/tree"
	"godwit/ir/rewrite/triggers"
	"godwit/ir/types"
)

var (
	unclear = &diag.Code{
		ID: "QY0117", Title: "REPLACE through a key whose value is not known", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "The rows to delete are found by the unique keys. A key over a prefix or an expression, with a default, or with a value that differs at each evaluation cannot be compared before the row is stored. Several rows become several statements, which return no rows together.",
		Next:  "Write a DELETE of the rows and an INSERT.",
		Learn: 0.5, Each: 0.5,
	}
	selfClash = &diag.Code{
		ID: "QY0118", Title: "rows of one REPLACE that meet one another", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "The source inserts row by row, and a later row replaces an earlier one with the same key. On the target all rows are inserted at once, and two with the same key raise a unique violation.",
		Next: "Check that the query returns each key once.",
	}
)

// Rule is QY0016.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: "QY0016", Name: "replace",
		Doc: `REPLACE deletes every row that has a unique key in common with the new one, and inserts it: columns that are not named go back to their
defaults, delete triggers fire, foreign keys cascade (MySQL Reference Manual, "REPLACE Statement"). It becomes one statement that does the same: a
DELETE by all unique keys in a common table expression, which the INSERT waits for. Several rows become several statements, in one
block; so does a row that a foreign key without an action may hold, as the source looks at it before the new row is there. An upsert would keep columns that are not named, and knows one key only.`,
		Examples: []rewrite.Example{
			{Setup: "CREATE TABLE a (id INT PRIMARY KEY, n INT DEFAULT 7);", Source: "REPLACE INTO a (id) VALUES (1);", Target: "WITH deleted AS (DELETE FROM a WHERE id = 1 RETURNING 1) INSERT INTO a (id) SELECT 1 WHERE (SELECT count(*) FROM deleted) >= 0;"},
			{Setup: "CREATE TABLE a (id INT, n INT DEFAULT 7);", Source: "REPLACE INTO a (id) VALUES (1);", Target: "INSERT INTO a (id) VALUES (1);"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{unclear, selfClash},
		After: map[string]string{
			"implicit-default": "all columns that take values are listed",
			"auto-increment":   "0 and NULL have become DEFAULT",
			"insert-columns":   "the column list is complete",
		},
		Looks: ir.Kinds(ir.KindInsert),
		Run:   run,
	}
}

func run(p *rewrite.Pass) {
	p.Nodes(func(n ir.Node) ir.Node {
		if i, ok := n.(*ir.Insert); ok && i.Replace && i.Table.Table != nil {
			return lower(p, i)
		}
		return n
	})
}

func lower(p *rewrite.Pass, i *ir.Insert) ir.Node {
	i.Replace = false
	i.OnError = ir.RaiseErrors
	i.Made(p.Rule.Code)
	if i.Table.Table.Kind == catalog.ViewTable {
		rewrite.Refuse(p, unclear, i.Span, "%s is a view, whose table has the keys", i.Table.Table.Name)
		return i
	}
	if len(i.Table.Table.UniqueKeys()) == 0 || i.Source == nil {
		return i
	}
	v, ok := i.Source.(*ir.Values)
	if !ok {
		return fromQuery(p, i)
	}
	list := tree.Rows(i, v)
	for k := range list {
		list[k] = tree.Keyed(tree.Complete(i.Table.Table, list[k]))
	}
	keys, ok := active(p, i, list)
	if !ok || len(keys) == 0 {
		return i
	}
	insertcolumns.List(i)
	apart := apart(p, i)
	if len(v.Rows) == 1 && !apart {
		return row(p, i, v, keys)
	}
	if len(i.Returning) > 0 {
		rewrite.Refuse(p, unclear, i.Span, "several rows of REPLACE are returned")
		return i
	}
	b := tree.InPlace(i, p.Rule.Code)
	fires := triggers.On(p, i.Table.Name, "delete")
	for k, one := range tree.Apart(i, v) {
		b.Body = append(b.Body, steps(p, one, keys, list[k], fires)...)
	}
	return b
}

// match compares a key with the values of a row, by the collations of the columns.
func match(p *rewrite.Pass, t *catalog.Table, k *catalog.Key, given tree.Row) ir.Expr {
	d := &build.Deriver{P: p}
	return ir.Map(tree.KeyMatch(t, k, nil, "", func(c *catalog.Column) ir.Expr { return ir.Clone(given[c]) }), func(n ir.Node) ir.Node {
		if c, ok := n.(*ir.Compare); ok {
			d.Agree(c.Collation, true, p.Rule.Code, &c.L, &c.R)
		}
		return n
	})
}

// apart tells that the DELETE has to be a statement of its own: the script asks how many rows were deleted, or foreign keys are looked at
// before the new row is there.
func apart(p *rewrite.Pass, i *ir.Insert) bool {
	asked := p.Session != nil && p.Session.InOrder && rowcount.Asked(p) || triggers.On(p, i.Table.Name, "delete")
	return len(i.Returning) == 0 && !p.Counted(i) && (asked || tree.Held(p.Catalog, i.Table.Table))
}

// steps are the DELETE of the rows in the way, and the INSERT.
func steps(p *rewrite.Pass, i *ir.Insert, keys []*catalog.Key, given tree.Row, fires bool) []ir.Stmt {
	t := i.Table.Table
	var conds []ir.Expr
	for _, k := range keys {
		if tree.Clashes(t, k, given) == tree.Always {
			conds = append(conds, match(p, t, k, given))
		}
	}
	if len(conds) == 0 {
		return []ir.Stmt{i}
	}
	if !fires {
		conds = []ir.Expr{tree.Or(conds...)}
	}
	var out []ir.Stmt
	for _, c := range conds { // triggers see the rows in the order of the keys
		del := &ir.Delete{From: []ir.TableExpr{plain(i.Table)}, Where: c}
		del.Span = i.Span
		if selfreferences.Holds(p, t) {
			out = append(out, selfreferences.Guard(p, t, ir.Clone(c), i))
			del.Made("QY0047")
		}
		out = append(out, del)
	}
	return append(out, i)
}

// eachRow replaces the rows of a query one after another.
func eachRow(p *rewrite.Pass, i *ir.Insert, keys []*catalog.Key) ir.Node {
	fires := triggers.On(p, i.Table.Name, "delete")
	return tree.EachSource(p.Unit.Stmts, i, p.Rule.Code, func(row *ir.Values) []ir.Stmt {
		i.Source = row
		return steps(p, i, keys, tree.Complete(i.Table.Table, tree.Rows(i, row)[0]), fires)
	})
}

// active are the keys through which one of the rows can meet another; ok is false after a refusal.
func active(p *rewrite.Pass, i *ir.Insert, rows []tree.Row) (keys []*catalog.Key, ok bool) {
	for _, k := range tree.KeysInOrder(i.Table.Table) {
		can := false
		for _, row := range rows {
			switch tree.Clashes(i.Table.Table, k, row) {
			case tree.Unclear:
				rewrite.Refuse(p, unclear, i.Span, "the key %s of %s is not given plainly", k.Name, i.Table.Table.Name)
				return nil, false
			case tree.Always:
				can = true
				for _, c := range tree.KeyColumns(i.Table.Table, k) {
					if tree.Volatile(row[c]) {
						rewrite.Refuse(p, unclear, i.Span, "the value of %s differs at each evaluation", c.Name)
						return nil, false
					}
				}
			}
		}
		if can {
			keys = append(keys, k)
		}
	}
	return keys, true
}

// row is the statement for one row of values.
func row(p *rewrite.Pass, i *ir.Insert, v *ir.Values, keys []*catalog.Key) *ir.Insert {
	t := i.Table.Table
	given := tree.Keyed(tree.Complete(t, tree.Rows(i, v)[0]))
	var conds []ir.Expr
	for _, k := range keys {
		if tree.Clashes(t, k, given) == tree.Always {
			conds = append(conds, match(p, t, k, given))
		}
	}
	q := &ir.Select{}
	q.Span = i.Span
	var cols []*ir.Name
	for k, e := range v.Rows[0].Items {
		if tree.IsDefault(e) {
			continue
		}
		cols = append(cols, i.Columns[k])
		q.Items = append(q.Items, tree.Item(e, ""))
	}
	if len(conds) == 0 || len(cols) == 0 {
		i.Source = v
		return i
	}
	i.Columns, i.Source = cols, q
	del := &ir.Delete{From: []ir.TableExpr{plain(i.Table)}, Where: tree.Or(conds...)}
	attach(i, q, del)
	return i
}

func plain(t *ir.TableRef) *ir.TableRef {
	c := ir.Clone(t)
	c.Alias = ir.Ident{}
	return c
}

// attach puts the DELETE in front of the INSERT, which waits for it by counting its rows.
func attach(i *ir.Insert, q *ir.Select, del *ir.Delete) {
	del.Span = i.Span
	if i.With == nil {
		i.With = &ir.With{}
	}
	i.With.CTEs = append(i.With.CTEs, tree.Changing("deleted", del))
	count := tree.Scalar(tree.Select([]*ir.SelectItem{tree.Item(tree.CountStar(), "")}, []ir.TableExpr{tree.CTERef("deleted")}, nil), types.Int{Bits: 64})
	q.Where = tree.And(q.Where, tree.Compare(ir.Ge, count, tree.Int("0")))
}

// fromQuery is REPLACE ... SELECT: the rows come from a common table expression that the DELETE reads as well.
func fromQuery(p *rewrite.Pass, i *ir.Insert) ir.Node {
	t := i.Table.Table
	insertcolumns.List(i)
	cols := i.Takes()
	any := tree.Row{}
	names := make([]ir.Ident, len(cols))
	for k, c := range cols {
		if c == nil {
			return i
		}
		names[k] = ir.Ident{Text: c.Name}
		any[c] = tree.Output("source", c.Name, c.Type)
	}
	any = tree.Complete(t, any)
	keys, ok := active(p, i, []tree.Row{any})
	if !ok || len(keys) == 0 {
		return i
	}
	if i.With == nil && len(i.Returning) == 0 && !p.Counted(i) {
		return eachRow(p, i, keys)
	}
	tree.TypeLiterals(i)
	p.Report(selfClash, i.Span, "the rows of REPLACE ... SELECT are inserted at once")
	var conds []ir.Expr
	for _, k := range keys {
		conds = append(conds, tree.KeyMatch(t, k, plain(i.Table), tree.NameOf(plain(i.Table)), func(c *catalog.Column) ir.Expr { return ir.Clone(any[c]) }))
	}
	yes := true
	if i.With == nil {
		i.With = &ir.With{}
	}
	i.With.CTEs = append(i.With.CTEs, &ir.CTE{Name: ir.Ident{Text: "source"}, Columns: names, Query: i.Source, Materialized: &yes})
	del := &ir.Delete{From: []ir.TableExpr{plain(i.Table)}, Using: []ir.TableExpr{tree.CTERef("source")}, Where: tree.Or(conds...)}
	star := &ir.Star{}
	star.Type = types.Row{}
	q := &ir.Select{Items: []*ir.SelectItem{tree.Item(star, "")}, From: []ir.TableExpr{tree.CTERef("source")}}
	q.Span = i.Span
	i.Source = q
	attach(i, q, del)
	return i
}
