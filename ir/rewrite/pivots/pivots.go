// Package pivots holds the rule for PIVOT and UNPIVOT.
package pivots

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

const code = "QY0355"

var unclear = &diag.Code{
	ID: "QY0356", Title: "PIVOT or UNPIVOT that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  `PIVOT XML, PIVOT and UNPIVOT of joins, values that are no constants or of another type than the column, and tables with unknown columns are not converted (Oracle SQL Language Reference, "SELECT", pivot_clause).`,
	Next: "Write the aggregates with FILTER (WHERE ...).", Each: 0.5,
}

// Rule makes aggregates with FILTER of PIVOT, and rows of UNPIVOT.
func Rule() *rewrite.Rule {
	setup := "CREATE TABLE s (yr NUMBER, q VARCHAR2(2), a NUMBER);\nCREATE TABLE w (id NUMBER, a NUMBER, b NUMBER);"
	return &rewrite.Rule{
		Code: code, Name: "pivots",
		Doc: `PIVOT groups by the columns that it does not name, and has a column for each value and aggregate: aggregates with FILTER. UNPIVOT makes a row of each column or group of columns: a cross join with VALUES; rows whose values are all NULL are left out without INCLUDE NULLS (SQL Language Reference, "SELECT", pivot_clause).`,
		Examples: []rewrite.Example{
			{From: dialect.Oracle, Setup: setup, Source: "SELECT yr, x_t FROM s PIVOT (SUM(a) AS t FOR q IN ('Q1' AS x));",
				Target: "SELECT yr, x_t FROM (SELECT s.yr, sum(a) FILTER (WHERE q = 'Q1') AS x_t FROM s GROUP BY s.yr) AS q_2;"},
			{From: dialect.Oracle, Setup: setup, Source: "SELECT id, c, v FROM w UNPIVOT (v FOR c IN (a AS 'A', b AS 'B'));",
				Target: "SELECT id, c, v FROM (SELECT w.id, u.c, u.v FROM w CROSS JOIN LATERAL (VALUES ('A', a), ('B', b)) AS u (c, v) WHERE u.v IS NOT NULL) AS q;"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{unclear},
		Looks:    ir.Kinds(ir.KindPivot, ir.KindUnpivot),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	became := map[ir.TableExpr]ir.TableExpr{}
	p.Nodes(func(n ir.Node) ir.Node {
		var q *ir.Select
		var alias ir.Ident
		switch n := n.(type) {
		case *ir.Pivot:
			q, alias = pivot(p, n), n.Alias
		case *ir.Unpivot:
			q, alias = unpivot(p, n), n.Alias
		default:
			return n
		}
		if q == nil {
			rewrite.Refuse(p, unclear, n.Base().Span, "PIVOT or UNPIVOT")
			return n
		}
		d := &ir.Derived{Query: q, Alias: alias}
		d.Meta = *n.Base()
		d.Made(code)
		became[n.(ir.TableExpr)] = d
		return d
	})
	p.NamesFollow(became)
}

// source gives what is turned a name and tells its columns; ok is false if they are not known.
func source(t ir.TableExpr) (columns []*ir.Name, ok bool) {
	switch t := t.(type) {
	case *ir.TableRef:
		if t.Table != nil && t.CTE == nil {
			for _, c := range t.Table.Columns {
				if !c.Hidden() {
					columns = append(columns, tree.Column(t.Table, c, t, tree.NameOf(t)))
				}
			}
			return columns, true
		}
		if t.CTE != nil && t.CTE.Query != nil {
			return outputs(t, t.CTE.Query, t.CTE.Columns)
		}
	case *ir.Derived:
		if t.Alias.Text == "" {
			t.Alias = ir.Ident{Text: "turned"}
		}
		return outputs(t, t.Query, t.Columns)
	}
	return nil, false
}

func outputs(t ir.TableExpr, q ir.Query, names []ir.Ident) (out []*ir.Name, ok bool) {
	row := q.Columns()
	if row == nil {
		return nil, false
	}
	for i, typ := range row.Types {
		name := row.Names[i]
		if i < len(names) {
			name = names[i].Text
		}
		if name == "" {
			return nil, false
		}
		n := tree.Output(tree.NameOf(t), name, typ)
		n.Ref.(*ir.OutputRef).From = t
		out = append(out, n)
	}
	return out, true
}

// others are the columns that are not named by what is turned.
func others(columns []*ir.Name, used map[string]bool) (out []*ir.Name) {
	for _, c := range columns {
		if !used[last(c)] {
			out = append(out, c)
		}
	}
	return out
}

func last(n *ir.Name) string { return n.Parts[len(n.Parts)-1].Text }

func names(used map[string]bool, n ir.Node) {
	ir.Walk(n, func(n ir.Node) bool {
		if x, ok := n.(*ir.Name); ok {
			used[last(x)] = true
		}
		return true
	})
}

func selecting(n ir.Node, from []ir.TableExpr) *ir.Select {
	s := &ir.Select{From: from}
	s.Span = n.Base().Span
	s.Row = &types.Row{}
	return s
}

func add(s *ir.Select, e ir.Expr, alias, name string) {
	e.Base().Span = s.Span
	it := tree.Item(e, alias)
	it.Span = s.Span
	s.Items = append(s.Items, it)
	s.Row.Names, s.Row.Types = append(s.Row.Names, name), append(s.Row.Types, e.TypeOf())
}

func pivot(p *rewrite.Pass, n *ir.Pivot) *ir.Select {
	columns, ok := source(n.X)
	if !ok || n.XML || len(n.In) == 0 {
		return nil
	}
	used := map[string]bool{}
	for _, it := range n.Items {
		names(used, it)
	}
	for _, f := range n.For {
		names(used, f)
	}
	s := selecting(n, []ir.TableExpr{n.X})
	for _, c := range others(columns, used) {
		add(s, c, "", last(c))
		o := &ir.OrderItem{Expr: ir.Clone(c), Nulls: ir.NullsAny}
		o.Span = s.Span
		s.GroupBy = append(s.GroupBy, o)
	}
	for _, v := range n.In {
		cond, ok := matches(n.For, v.Expr)
		if !ok {
			return nil
		}
		for _, it := range n.Items {
			a, ok := it.Expr.(*ir.Aggregate)
			if !ok || a.Over != nil || a.Filter != nil || a.Keep != nil {
				return nil
			}
			x := ir.Clone(a)
			x.Filter = ir.Clone(cond)
			name := v.Alias.Text
			if name == "" {
				name = label(v.Expr)
			}
			if it.Alias.Text != "" {
				name += "_" + it.Alias.Text
			}
			add(s, x, name, name)
		}
	}
	return s
}

// matches is the condition of the rows of a value.
func matches(columns []*ir.Name, v ir.Expr) (ir.Expr, bool) {
	list := []ir.Expr{v}
	switch x := v.(type) {
	case *ir.RowExpr:
		list = x.Items
	case *ir.GroupingSet:
		list = x.Items
	}
	if len(list) != len(columns) {
		return nil, false
	}
	var out ir.Expr
	for i, x := range list {
		c := columns[i]
		if !constant(x) || types.IsText(c.TypeOf()) != types.IsText(x.TypeOf()) {
			return nil, false
		}
		if t, ok := c.TypeOf().(types.Text); ok && t.Fixed {
			return nil, false
		}
		cmp := tree.Compare(ir.Eq, ir.Clone(c), ir.Clone(x))
		cmp.Span = x.Base().Span
		out = tree.And(out, cmp)
	}
	return out, true
}

func constant(x ir.Expr) bool {
	if _, null := x.(*ir.Null); null {
		return false
	}
	return build.IsConstant(x)
}

// label is the name that a value without alias gives its columns: the value as written, texts with their quotes.
func label(e ir.Expr) string {
	var parts []ir.Expr
	switch e := e.(type) {
	case *ir.String:
		return "'" + e.Value + "'"
	case *ir.Number:
		return e.Text
	case *ir.RowExpr:
		parts = e.Items
	case *ir.GroupingSet:
		parts = e.Items
	default:
		return strings.ToUpper(e.Base().Span.Text())
	}
	list := make([]string, len(parts))
	for i, x := range parts {
		list[i] = label(x)
	}
	return strings.Join(list, "_")
}

func unpivot(p *rewrite.Pass, n *ir.Unpivot) *ir.Select {
	columns, ok := source(n.X)
	if !ok || len(n.In) == 0 {
		return nil
	}
	used := map[string]bool{}
	rows := &ir.Values{}
	rows.Span = n.Span
	for _, it := range n.In {
		r := &ir.RowExpr{}
		r.Span, r.Type = it.Span, types.Row{}
		written := ""
		for i, c := range it.Columns {
			names(used, c)
			if i > 0 {
				written += "_"
			}
			written += last(c)
		}
		for i := range n.For {
			if i < len(it.Values) {
				if !constant(it.Values[i]) {
					return nil
				}
				r.Items = append(r.Items, it.Values[i])
				continue
			}
			x := tree.Text(written)
			x.Span = it.Span
			r.Items = append(r.Items, x)
		}
		for _, c := range it.Columns {
			r.Items = append(r.Items, c)
		}
		if len(r.Items) != len(n.For)+len(n.Columns) {
			return nil
		}
		rows.Rows = append(rows.Rows, r)
	}
	u := &ir.Derived{Query: rows, Alias: ir.Ident{Text: "u"}, Lateral: true}
	if strings.EqualFold(tree.NameOf(n.X), "u") {
		u.Alias.Text = "u_2"
	}
	u.Span = n.Span
	u.Columns = append(append([]ir.Ident(nil), n.For...), n.Columns...)
	rows.Row = &types.Row{}
	j := &ir.Join{Kind: ir.CrossJoin, L: n.X, R: u}
	j.Span = n.Span
	s := selecting(n, []ir.TableExpr{j})
	for _, c := range others(columns, used) {
		add(s, c, "", last(c))
	}
	var some []ir.Expr
	for i, c := range u.Columns {
		t := rows.Rows[0].Items[i].TypeOf()
		if x, ok := t.(types.Text); ok {
			x.N, x.Fixed = 0, false
			t = x
		}
		if _, ok := t.(types.Int); ok {
			t = types.Decimal{}
		}
		rows.Row.Names, rows.Row.Types = append(rows.Row.Names, c.Text), append(rows.Row.Types, t)
		x := tree.Output(u.Alias.Text, c.Text, t)
		x.Ref.(*ir.OutputRef).From = u
		add(s, x, "", c.Text)
		if i >= len(n.For) {
			test := &ir.IsNull{Not: true, X: ir.Clone(x)}
			test.Span, test.Type = n.Span, types.Bool{}
			some = append(some, test)
		}
	}
	if !n.IncludeNulls {
		s.Where = tree.Or(some...)
	}
	return s
}
