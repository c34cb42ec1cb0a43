// Package partitionedjoins holds the rule for outer joins of one table's rows in groups.
package partitionedjoins

import (
	"slices"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

const code = "QY0720"

var unclear = &diag.Code{
	ID: "QY0721", Title: "Partitioned outer join in a form that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
	Doc: "The groups of a partitioned outer join must be columns of a table or query that may be read twice, on the side that gets NULLs, with ON (SQL Language Reference, SELECT, outer_join_clause). " +
		"An asterisk in the select list is not converted beside it.",
	Next: "Join each of the distinct groups with the other table first, and then the rows with LEFT JOIN.", Each: 0.25,
}

// Rule is QY0720.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "partitioned-joins",
		Doc: `A partitioned outer join fills up each group of one table's rows by itself (SQL Language Reference, SELECT, outer_join_clause): each of the distinct groups is joined with every row of the other
table, and the rows are joined to that by LEFT JOIN. What names the columns of the groups outside of ON gets those of the distinct groups, which are there for missing rows as well.`,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE TABLE s (p NUMBER NOT NULL, m NUMBER, v NUMBER);\nCREATE TABLE t (m NUMBER);",
			Source: "SELECT s.p, t.m, s.v FROM s PARTITION BY (s.p) RIGHT OUTER JOIN t ON s.m = t.m;",
			Target: "SELECT partitions.p, t.m, s.v\nFROM (SELECT DISTINCT s.p FROM s) AS partitions CROSS JOIN t LEFT JOIN s ON partitions.p = s.p AND s.m = t.m;",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{unclear},
		After:    map[string]string{"outerjoins": "it makes joins"},
		Looks:    ir.Kinds(ir.KindJoin),
		Run: func(p *rewrite.Pass) {
			p.Nodes(func(n ir.Node) ir.Node {
				s, ok := n.(*ir.Select)
				if !ok {
					return n
				}
				for i, t := range s.From {
					s.From[i] = rewritten(p, s, t)
				}
				return s
			})
		},
	}
}

// rewritten is an item of FROM without partitioned joins.
func rewritten(p *rewrite.Pass, s *ir.Select, t ir.TableExpr) ir.TableExpr {
	j, ok := t.(*ir.Join)
	if !ok {
		return t
	}
	j.L, j.R = rewritten(p, s, j.L), rewritten(p, s, j.R)
	var rows, all ir.TableExpr
	var by []ir.Expr
	switch {
	case len(j.PartitionL)+len(j.PartitionR) == 0:
		return j
	case j.Kind == ir.RightJoin && len(j.PartitionL) > 0 && len(j.PartitionR) == 0:
		rows, all, by = j.L, j.R, j.PartitionL
	case j.Kind == ir.LeftJoin && len(j.PartitionR) > 0 && len(j.PartitionL) == 0:
		rows, all, by = j.R, j.L, j.PartitionR
	}
	keys := columns(rows, by)
	if keys == nil || j.On == nil || j.Natural || len(j.Using) > 0 || starred(s) {
		rewrite.Refuse(p, unclear, j.Span, "a partitioned outer join")
		return j
	}
	d := distinct(p, rows, keys, j)
	for _, k := range keys {
		qualify(k, rows)
	}
	qualify(j.On, rows)
	match := j.On
	for i := len(keys) - 1; i >= 0; i-- {
		op := ir.NullSafeEq
		if c := keys[i].Column(); c != nil && !c.Nullable {
			op = ir.Eq
		}
		match = tree.And(build.Compare(op, d.name(i, keys[i]), ir.Clone(keys[i]), keys[i], code), match)
	}
	d.replace(s, rows, j)
	pairs := &ir.Join{Kind: ir.CrossJoin, L: d.table, R: all}
	pairs.Span = j.Span
	pairs.Made(code)
	j.Kind, j.L, j.R, j.On, j.PartitionL, j.PartitionR = ir.LeftJoin, pairs, rows, match, nil, nil
	j.Made(code)
	return j
}

// columns are the columns of an item of FROM that PARTITION BY names; nil if something else stands there, or if the item cannot be read twice.
func columns(t ir.TableExpr, by []ir.Expr) []*ir.Name {
	switch t.(type) {
	case *ir.TableRef, *ir.Derived:
	default:
		return nil
	}
	if tree.Volatile(t) {
		return nil
	}
	var out []*ir.Name
	for _, e := range by {
		n, ok := ir.Bare(e).(*ir.Name)
		if !ok || tree.From(n) != t {
			return nil
		}
		if !slices.ContainsFunc(out, func(o *ir.Name) bool { return column(o) == column(n) }) {
			out = append(out, n)
		}
	}
	return out
}

// column is the name of a column in its item of FROM.
func column(n *ir.Name) string {
	switch r := n.Ref.(type) {
	case *ir.ColumnRef:
		return r.Column.Name
	case *ir.OutputRef:
		return r.Column
	}
	return ""
}

// starred tells that a query shows all columns, among which the groups' are those of rows that may be missing.
func starred(s *ir.Select) bool {
	return slices.ContainsFunc(s.Items, func(it *ir.SelectItem) bool { _, star := it.Expr.(*ir.Star); return star })
}

// qualify names the rows with their columns, as the groups have columns of the same names.
func qualify(e ir.Expr, rows ir.TableExpr) {
	ir.Walk(e, func(n ir.Node) bool {
		if c, ok := n.(*ir.Name); ok && len(c.Parts) == 1 && tree.From(c) == rows {
			c.Parts = []ir.Ident{{Text: tree.NameOf(rows)}, c.Parts[0]}
		}
		return true
	})
}

// groups are the distinct groups.
type groups struct {
	table *ir.Derived
	keys  []*ir.Name
}

func distinct(p *rewrite.Pass, rows ir.TableExpr, keys []*ir.Name, like *ir.Join) *groups {
	again := ir.Clone(rows)
	var items []*ir.SelectItem
	for _, k := range keys {
		c := ir.Clone(k)
		switch r := k.Ref.(type) {
		case *ir.ColumnRef:
			c.Ref = &ir.ColumnRef{Table: r.Table, Column: r.Column, From: again}
		case *ir.OutputRef:
			c.Ref = &ir.OutputRef{From: again, Column: r.Column, Of: r.Of}
		}
		it := tree.Item(c, "")
		it.Label = column(k)
		items = append(items, it)
	}
	q := tree.Select(items, []ir.TableExpr{again}, nil)
	q.Distinct, q.Span = true, like.Span
	for i, k := range keys {
		q.Row.Names[i] = column(k)
	}
	d := &ir.Derived{Query: q, Alias: ir.Ident{Text: tree.Unused(p.Unit.Stmts, "partitions")}}
	d.Span = like.Span
	d.Made(code)
	return &groups{table: d, keys: keys}
}

// name is a column of the groups.
func (g *groups) name(i int, like ir.Expr) *ir.Name {
	n := &ir.Name{Parts: []ir.Ident{g.table.Alias, {Text: column(g.keys[i])}}}
	n.Ref = &ir.OutputRef{From: g.table, Column: column(g.keys[i]), Of: g.keys[i].Column()}
	return build.Make(n, like, types.Type(like.TypeOf()), code)
}

// replace names the columns of the groups instead of the rows', but in the join's own condition.
func (g *groups) replace(s *ir.Select, rows ir.TableExpr, j *ir.Join) {
	enter := func(n ir.Node) bool { return n != ir.Node(j.On) && n != ir.Node(rows) }
	ir.MapPre[ir.Node](s, enter, func(n ir.Node) ir.Node {
		c, ok := n.(*ir.Name)
		if !ok || tree.From(c) != rows {
			return n
		}
		for i, k := range g.keys {
			if column(k) == column(c) {
				return g.name(i, c)
			}
		}
		return n
	})
}
