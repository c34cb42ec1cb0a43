// Package foundrows holds the rule for FOUND_ROWS().
package foundrows

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

var (
	recount = &diag.Code{
		ID: "QY0109", Title: "FOUND_ROWS() counts again", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "The count comes from a second query; it differs from the source's if rows are changed between the two statements.",
		Next: "Run both statements in one REPEATABLE READ transaction if that matters.",
	}
	unseen = &diag.Code{
		ID: "QY0110", Title: "FOUND_ROWS() refers to a query that is not known", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "FOUND_ROWS() counts the rows of the query that ran just before it; the target keeps no such count, and that query is not the statement before this one.",
		Next:  "Count with a query of its own.",
		Learn: 0.2, Each: 0.3,
	}
)

// last is the key of the session under which the query before is kept.
const last = "found-rows"

// Rule is QY0009.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: "QY0009", Name: "found-rows",
		Doc: `FOUND_ROWS() gives the number of rows of the query before: without its LIMIT if it asked for SQL_CALC_FOUND_ROWS (MySQL Reference Manual,
"Information Functions"). The query is counted again where the number is read, in the statement right behind it; elsewhere it is
refused.`,
		Examples: []rewrite.Example{{
			Setup: "CREATE TABLE t (id INT PRIMARY KEY);", Source: "SELECT SQL_CALC_FOUND_ROWS id FROM t LIMIT 2;\nSELECT FOUND_ROWS();", Target: "SELECT id FROM t LIMIT 2;\nSELECT (SELECT count(*) FROM (SELECT id FROM t) AS found);",
		}},
		Fidelity: diag.Assumed,
		Findings: []*diag.Code{recount, unseen},
		Needed: func(p *rewrite.Pass) bool {
			return p.Session.State[last] != nil || p.May(ir.KindQueryStmt, ir.CallsInfo)
		},
		Run: run,
	}
}

func run(p *rewrite.Pass) {
	before, _ := p.Session.State[last].(ir.Query)
	delete(p.Session.State, last)
	if len(p.Unit.Stmts) != 1 {
		return
	}
	s, isQuery := p.Unit.Stmts[0].(*ir.QueryStmt)
	if isQuery {
		p.Session.State[last] = counted(s.Query)
	}
	reads := ir.Find(p.Unit.Stmts[0], isCall)
	if !reads {
		return
	}
	if before == nil {
		rewrite.Refuse(p, unseen, p.Unit.Span, "FOUND_ROWS() stands where the query before it is not known")
		return
	}
	p.Report(recount, p.Unit.Span, "FOUND_ROWS() counts the rows of the query before again")
	p.Exprs(func(e ir.Expr) ir.Expr {
		if !isCall(e) {
			return e
		}
		d := &ir.Derived{Query: ir.Clone(before), Alias: ir.Ident{Text: "found"}}
		d.Span = e.Base().Span
		x := tree.Scalar(tree.Select([]*ir.SelectItem{tree.Item(tree.CountStar(), "")}, []ir.TableExpr{d}, nil), types.Int{Bits: 64})
		x.Span = e.Base().Span
		x.Made(p.Rule.Code)
		return x
	})
}

func isCall(n ir.Node) bool {
	c, ok := n.(*ir.Call)
	return ok && c.Op == op.FoundRows
}

// counted is the query whose rows FOUND_ROWS() counts.
func counted(q ir.Query) ir.Query {
	q = ir.Clone(q)
	m := ir.Common(q)
	if m == nil || len(m.Into) > 0 {
		return nil
	}
	m.Lock = nil
	s, ok := q.(*ir.Select)
	if !ok {
		return q
	}
	kept := s.Hints[:0:0]
	calc := false
	for _, h := range s.Hints {
		if strings.EqualFold(h, "SQL_CALC_FOUND_ROWS") {
			calc = true
			continue
		}
		kept = append(kept, h)
	}
	s.Hints = nil
	if calc {
		m.Limit, m.Offset = nil, nil
	}
	if m.Limit == nil {
		m.OrderBy = nil
	}
	return q
}
