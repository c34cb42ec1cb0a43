// Package selectinto holds the rule that keeps variables when SELECT ... INTO finds no row.
package selectinto

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
)

const code = "PL0102"

// Rule is PL0102.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "select-into",
		Doc: `SELECT ... INTO (MySQL Reference Manual, "SELECT ... INTO Statement") leaves the variables as they are when no row is found and
raises the condition "no data", and raises error 1172 when there are several rows. PL/pgSQL sets the variables to NULL and takes
the first row. INTO STRICT raises in both cases before it assigns anything; an arm for no_data_found then does what the source's handler
does, or nothing. A query that surely yields one row stays as it is; one that yields at most one row into variables that are still NULL does too.`,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE t (id INT PRIMARY KEY, v INT);",
			Source: "DELIMITER //\nCREATE PROCEDURE p(INOUT n INT) SQL SECURITY INVOKER BEGIN SELECT v INTO n FROM t WHERE id = 1; END//",
			Target: "CREATE OR REPLACE PROCEDURE p(INOUT n integer)\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  BEGIN\n    SELECT v INTO STRICT n FROM t WHERE id = 1;\n  EXCEPTION\n    WHEN no_data_found THEN\n      NULL;\n  END;\nEND;\n$$;",
		}},
		Fidelity: diag.Exact,
		After: map[string]string{
			"row-count":   "it looks for the query before",
			"cursor-loop": "it looks at the statements of a loop as they were written",
		},
		Looks: ir.Kinds(ir.KindSelectInto, ir.HasInto),
		Run: func(p *rewrite.Pass) {
			for i, s := range p.Unit.Stmts {
				s = block(s)
				p.Unit.Stmts[i] = s
				if control.IsProgram(s) {
					p.Unit.Stmts[i] = program(s)
				}
			}
		},
	}
}

// block puts a query INTO user variables, which stands at the top level, into a block: it becomes DO.
func block(s ir.Stmt) ir.Stmt {
	if into, ok := s.(*ir.SelectInto); ok {
		b := &ir.Block{}
		control.Take(code, s, b)
		b.Body = []ir.Stmt{into}
		return b
	}
	q, ok := s.(*ir.QueryStmt)
	if !ok || len(control.Into(q.Query)) == 0 {
		return s
	}
	into := &ir.SelectInto{Query: q.Query}
	into.Span = q.Span
	b := &ir.Block{Body: []ir.Stmt{into}}
	return control.Take(code, s, b)
}

func program(s ir.Stmt) ir.Stmt {
	if !ir.Find(s, func(n ir.Node) bool { return n.NodeKind() == ir.KindSelectInto }) {
		return s
	}
	r := &run{root: s, fresh: map[*ir.SelectInto]bool{}}
	r.findFresh()
	return ir.Map(s, func(n ir.Node) ir.Node {
		if x, ok := n.(*ir.SelectInto); ok {
			return r.rewrite(x)
		}
		return n
	})
}

type run struct {
	root ir.Stmt
	// fresh are the statements whose variables are all NULL when they run.
	fresh map[*ir.SelectInto]bool
}

func (r *run) rewrite(n *ir.SelectInto) ir.Node {
	if control.ExactlyOne(n.Query) {
		return assignments(n)
	}
	mark := control.NoRowSignal(control.SelectMark, n)
	if r.fresh[n] && control.AtMostOne(n.Query) {
		test := control.When(control.Negate(control.Found()), mark)
		test.Span = n.Span
		return control.Take(code, n, n, test)
	}
	n.Strict = true
	arm := &ir.ExceptArm{Conditions: []string{"no_data_found"}, Body: []ir.Stmt{mark}}
	arm.Span = n.Span
	b := &ir.Block{Except: []*ir.ExceptArm{arm}}
	b.Body = []ir.Stmt{n}
	control.Take(code, n, b)
	return b
}

// findFresh looks for statements that are the first to assign their variables: declared without a value (or OUT
// parameters), not in a loop inside the declaring block, nothing assigned before in the text or in a handler.
func (r *run) findFresh() {
	var walk func(n ir.Node, loops int, depth map[ir.Node]int)
	walk = func(n ir.Node, loops int, depth map[ir.Node]int) {
		switch x := n.(type) {
		case *ir.VarDecl:
			if x.Default == nil {
				depth[x] = loops
			}
		case *ir.ParamDecl:
			if x.Mode == catalog.Out {
				depth[x] = loops
			}
		case *ir.Loop:
			loops++
		case *ir.SelectInto:
			r.fresh[x] = r.isFresh(x, loops, depth)
		}
		ir.Children(n, func(c ir.Node) {
			if ir.HoldsStatements(c) || c.NodeKind() == ir.KindParamDecl {
				walk(c, loops, depth)
			}
		})
	}
	walk(r.root, 0, map[ir.Node]int{})
}

func (r *run) isFresh(n *ir.SelectInto, loops int, depth map[ir.Node]int) bool {
	into := control.Into(n.Query)
	if len(into) == 0 {
		return false
	}
	for _, e := range into {
		d := control.Target(e)
		at, known := depth[d]
		if d == nil || !known || at != loops || assignedBefore(r.root, d, e) {
			return false
		}
	}
	return true
}

func assignedBefore(root ir.Node, d ir.Node, e ir.Expr) bool {
	_, writes := control.Uses(root, d)
	return len(writes) == 0 || ir.Node(writes[0]) != ir.Node(e)
}

// assignments makes v := x of SELECT x INTO v, where no table is read and no value depends on an earlier target.
func assignments(n *ir.SelectInto) ir.Node {
	s, ok := n.Query.(*ir.Select)
	if !ok || len(s.From) > 0 || s.With != nil || len(s.Items) != len(s.Into) || len(s.OrderBy) > 0 || s.Limit != nil {
		return n
	}
	set := &ir.SetVar{}
	for i, it := range s.Items {
		if ir.Find(it.Expr, func(x ir.Node) bool { _, agg := x.(*ir.Aggregate); return agg }) {
			return n
		}
		for _, before := range s.Into[:i] {
			if reads, _ := control.Uses(it.Expr, control.Target(before)); len(reads) > 0 || control.Target(before) == nil {
				return n
			}
		}
		item := &ir.SetItem{Target: s.Into[i], Value: it.Expr}
		item.Span = it.Span
		set.Items = append(set.Items, item)
	}
	return control.Take(code, n, set)
}
