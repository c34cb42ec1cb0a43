// Package outerjoins holds the rule for outer joins that are written with (+).
package outerjoins

import (
	"slices"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/tree"
)

const code = "QY0310"

var unclear = &diag.Code{
	ID: "QY0311", Title: "outer join that cannot be told from its conditions", Severity: diag.Error, Fidelity: diag.Refused,
	Doc: "Each condition with (+) must mark columns of one table only, and the tables must not be joined in a circle. The source refuses most of the others " +
		"(Oracle SQL Language Reference, Outer Joins).",
	Next: "Write the join with LEFT JOIN ... ON.", Each: 0.25,
}

// Rule makes joins with ON of the operator (+).
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "outerjoins",
		Doc: "A table whose columns are marked with (+) in WHERE is joined by LEFT JOIN, and all conditions with marks of that table are its ON. Conditions without a mark stay in WHERE, also those on the joined table " +
			"(Oracle SQL Language Reference, Outer Joins).",
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE TABLE a (id NUMBER, b_id NUMBER);\nCREATE TABLE b (id NUMBER, k NUMBER);",
			Source: "SELECT a.id, b.id AS other FROM a, b WHERE a.b_id = b.id(+) AND b.k(+) = 1 AND a.id > 0;",
			Target: "SELECT a.id, b.id AS other FROM a LEFT JOIN b ON a.b_id = b.id AND b.k = 1 WHERE a.id > 0;",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{unclear},
		Looks:    ir.Kinds(ir.KindOuterMark),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	p.Nodes(func(n ir.Node) ir.Node {
		s, ok := n.(*ir.Select)
		if !ok || s.Where == nil || !marked(s.Where) {
			return n
		}
		if !join(s) {
			rewrite.Refuse(p, unclear, s.Where.Base().Span, "the conditions of the query")
		}
		return s
	})
}

// marked tells that the expression has a mark of its own query.
func marked(e ir.Expr) bool {
	return ir.Find(e, func(n ir.Node) bool { _, ok := n.(*ir.OuterMark); return ok })
}

// edge is what joins a table: its conditions, and the tables that they need.
type edge struct {
	on    []ir.Expr
	needs []ir.TableExpr
}

// join takes the marked conditions out of WHERE; false if they cannot be told apart.
func join(s *ir.Select) bool {
	edges := map[ir.TableExpr]*edge{}
	var rest []ir.Expr
	for _, c := range tree.Conjuncts(s.Where) {
		if !marked(c) {
			rest = append(rest, c)
			continue
		}
		table, others, ok := tables(c)
		if !ok || !slices.Contains(s.From, table) {
			return false
		}
		e := edges[table]
		if e == nil {
			e = &edge{}
			edges[table] = e
		}
		e.on = append(e.on, unmarked(c))
		for _, o := range others {
			if !slices.Contains(e.needs, o) {
				e.needs = append(e.needs, o)
			}
		}
	}
	from, ok := arrange(s.From, edges)
	if !ok {
		return false
	}
	s.From, s.Where = from, together(rest)
	return true
}

// tables are the table that is marked in a condition, and the others of it.
func tables(c ir.Expr) (table ir.TableExpr, others []ir.TableExpr, ok bool) {
	ok = true
	var visit func(n ir.Node, mark bool)
	visit = func(n ir.Node, mark bool) {
		switch n := n.(type) {
		case *ir.OuterMark:
			visit(n.X, true)
			return
		case *ir.Name:
			t := tree.From(n)
			switch {
			case t == nil:
			case mark && table != nil && table != t:
				ok = false
			case mark:
				table = t
			case !slices.Contains(others, t):
				others = append(others, t)
			}
		case ir.Query:
			ok = false // a query among marked conditions
			return
		}
		ir.Children(n, func(x ir.Node) { visit(x, mark) })
	}
	visit(c, false)
	if table == nil || slices.Contains(others, table) {
		return nil, nil, false
	}
	return table, others, ok
}

func unmarked(e ir.Expr) ir.Expr {
	return ir.MapExprs(e, func(x ir.Expr) ir.Expr {
		if m, ok := x.(*ir.OuterMark); ok {
			return m.X
		}
		return x
	})
}

// together joins conditions by AND; nil for none.
func together(list []ir.Expr) ir.Expr {
	var out ir.Expr
	for _, c := range list {
		if out == nil {
			out = c
			continue
		}
		b := &ir.Binary{Op: ir.And, L: out, R: c}
		b.Span, b.Type = out.Base().Span, c.TypeOf()
		out = b
	}
	return out
}

// arrange joins the tables: those without marks stay as they are, and each other one is joined behind what it needs.
func arrange(from []ir.TableExpr, edges map[ir.TableExpr]*edge) ([]ir.TableExpr, bool) {
	var trees []ir.TableExpr
	holds := map[ir.TableExpr]map[ir.TableExpr]bool{} // by tree, its tables
	var waiting []ir.TableExpr
	for _, t := range from {
		if edges[t] != nil {
			waiting = append(waiting, t)
			continue
		}
		trees = append(trees, t)
		holds[t] = inside(t)
	}
	for len(waiting) > 0 {
		progress := false
		for i, t := range waiting {
			e := edges[t]
			if !reachable(trees, holds, e.needs) {
				continue
			}
			trees = attach(trees, holds, t, e)
			waiting = slices.Delete(slices.Clone(waiting), i, i+1)
			progress = true
			break
		}
		if !progress {
			return nil, false
		}
	}
	return trees, true
}

// inside are the tables of an item of FROM.
func inside(t ir.TableExpr) map[ir.TableExpr]bool {
	out := map[ir.TableExpr]bool{t: true}
	if j, ok := t.(*ir.Join); ok {
		for _, side := range []ir.TableExpr{j.L, j.R} {
			for x := range inside(side) {
				out[x] = true
			}
		}
	}
	return out
}

func reachable(trees []ir.TableExpr, holds map[ir.TableExpr]map[ir.TableExpr]bool, needs []ir.TableExpr) bool {
	if len(trees) == 0 {
		return false // marks without a table that is joined to
	}
	for _, n := range needs {
		if !slices.ContainsFunc(trees, func(t ir.TableExpr) bool { return holds[t][n] }) {
			return false
		}
	}
	return true
}

// attach joins a table to the tree that holds what it needs; several trees become one first.
func attach(trees []ir.TableExpr, holds map[ir.TableExpr]map[ir.TableExpr]bool, t ir.TableExpr, e *edge) []ir.TableExpr {
	at := -1
	var out []ir.TableExpr
	for _, tree := range trees {
		needed := slices.ContainsFunc(e.needs, func(n ir.TableExpr) bool { return holds[tree][n] }) || len(e.needs) == 0 && at < 0
		switch {
		case !needed:
			out = append(out, tree)
		case at < 0:
			at = len(out)
			out = append(out, tree)
		default:
			out[at] = joined(holds, out[at], tree, ir.CrossJoin, nil)
		}
	}
	out[at] = joined(holds, out[at], t, ir.LeftJoin, together(e.on))
	return out
}

func joined(holds map[ir.TableExpr]map[ir.TableExpr]bool, l, r ir.TableExpr, kind ir.JoinKind, on ir.Expr) ir.TableExpr {
	j := &ir.Join{Kind: kind, L: l, R: r, On: on}
	j.Span = r.Base().Span
	j.Made(code)
	all := holds[l]
	if all == nil {
		all = inside(l)
	}
	for x := range inside(r) {
		all[x] = true
	}
	all[j] = true
	holds[j] = all
	return j
}
