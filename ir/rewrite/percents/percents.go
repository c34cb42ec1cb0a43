// Package percents holds the rule for the numbers of FETCH and OFFSET, for PERCENT and for WITH TIES.
package percents

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

const code = "QY0346"

var twice = &diag.Code{
	ID: "QY0347", Title: "share of the rows of a query that cannot be counted", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "FETCH FIRST n PERCENT counts the rows of the query first, by the same query in a subquery. A query that locks rows or takes numbers of a sequence cannot stand there.",
	Next: "Count the rows in a statement of its own.", Each: 0.25,
}

// Rule counts rows for FETCH ... PERCENT.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "percents",
		Doc: `FETCH FIRST n PERCENT ROWS takes that share of all rows, rounded up: the limit is a subquery that counts them. WITH TIES without ORDER BY is ROWS ONLY.
A number of rows that is NULL or negative is 0, and fractions are cut; OFFSET NULL leaves no row (SQL Language Reference, "SELECT", row_limiting_clause).`,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE TABLE t (id NUMBER);", Source: "SELECT id FROM t ORDER BY id FETCH FIRST 50 PERCENT ROWS ONLY;",
			Target: "SELECT id FROM t ORDER BY id LIMIT (SELECT ceil(count(*) * 50 / 100.0) FROM (SELECT id FROM t) AS counted);",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{twice},
		Looks:    ir.Kinds(ir.KindFetch),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	p.Nodes(func(n ir.Node) ir.Node {
		q, ok := n.(ir.Query)
		if !ok {
			return n
		}
		m := ir.Common(q)
		if m == nil || m.Fetch == nil {
			return n
		}
		bounds(m)
		if len(m.OrderBy) == 0 {
			m.Fetch.WithTies = false
		}
		if m.Fetch.Percent {
			share(p, q, m)
		}
		if !m.Fetch.WithTies {
			m.Fetch = nil
		}
		return n
	})
}

func share(p *rewrite.Pass, q ir.Query, m *ir.QueryMeta) {
	if len(m.Lock) > 0 || len(m.Into) > 0 || ir.Find(q, func(n ir.Node) bool { _, next := n.(*ir.NextValue); return next }) {
		rewrite.Refuse(p, twice, q.Base().Span, "FETCH ... PERCENT")
		return
	}
	all := ir.Clone(q)
	c := ir.Common(all)
	c.OrderBy, c.Limit, c.Offset, c.Fetch, c.With = nil, nil, nil, nil, nil
	d := &ir.Derived{Query: all, Alias: ir.Ident{Text: "counted"}}
	d.Span = q.Base().Span
	d.Made(code)
	like := m.Limit
	number := &ir.Number{Text: "100.0", Kind: ir.DecimalNumber}
	number.Type = types.Decimal{Precision: 4, Scale: 1}
	part := build.Op("*", like, types.Decimal{}, code, tree.CountStar(), like)
	var x ir.Expr = build.Call("ceil", like, types.Decimal{}, code, build.Op("/", like, types.Decimal{}, code, part, number))
	if r, ok := literal(like); !ok || r.Sign() < 0 {
		x = build.Call("greatest", like, types.Decimal{}, code, x, build.Int(0))
	}
	s := tree.Select([]*ir.SelectItem{tree.Item(x, "")}, []ir.TableExpr{d}, nil)
	s.Span = q.Base().Span
	m.Limit = build.Make(&ir.Subquery{Query: s}, like, types.Decimal{}, code)
	m.Fetch.Percent = false
}
