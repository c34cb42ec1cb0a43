// Package idioms holds the rule that writes procedural code the way PL/pgSQL is written by hand, where that means the same.
package idioms

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
)

const code = "PL0190"

// Rule is PL0190.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "idioms",
		Doc: `Writes what other rules leave in the forms of PL/pgSQL (PostgreSQL manual, 41.6 Control Structures). A cursor that is opened in front of a loop, fetched at its
head and used nowhere else is FOR ... IN query LOOP, which opens, fetches and closes by itself, and goes on behind COMMIT and ROLLBACK (41.8 Transaction
Management); not where the loop can be left for the next pass of a loop around it. IF with nothing but a jump is EXIT WHEN or CONTINUE WHEN. A block in which one statement alone can fail takes that statement's exception arms. A sum of two variables that goes into one of the same width is computed in that width:
what does not fit is the same error.`,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE t (id INT PRIMARY KEY, v INT);",
			Source: "DELIMITER //\nCREATE PROCEDURE p() SQL SECURITY INVOKER BEGIN DECLARE d INT DEFAULT 0; DECLARE x INT; DECLARE c CURSOR FOR SELECT id FROM t; DECLARE CONTINUE HANDLER FOR NOT FOUND SET d = 1; OPEN c; l: LOOP FETCH c INTO x; IF d THEN LEAVE l; END IF; IF x = 3 THEN ITERATE l; END IF; UPDATE t SET v = 1 WHERE id = x; END LOOP; CLOSE c; END//",
			Target: "CREATE OR REPLACE PROCEDURE p()\nLANGUAGE plpgsql\nAS $$\nDECLARE\n  x integer;\nBEGIN\n  <<l>>\n  FOR x IN SELECT id FROM t LOOP\n    CONTINUE l WHEN x = 3;\n    UPDATE t SET v = 1 WHERE id = x;\n  END LOOP l;\nEND;\n$$;",
		}},
		Fidelity: diag.Exact,
		Looks:    ir.Kinds(ir.KindLeave, ir.KindIterate, ir.KindOpenCursor, ir.KindExceptArm, ir.HasLabel, ir.HasArithmetic),
		After: map[string]string{
			"cursors": "a cursor's query stands at OPEN",
			"names":   "a query and its variables are told apart",
		},
		Run: func(p *rewrite.Pass) {
			for i, s := range p.Unit.Stmts {
				if control.IsProgram(s) {
					p.Unit.Stmts[i] = jumps(s)
					loops(p.Unit.Stmts[i])
					sums(p.Unit.Stmts[i])
					blocks(p.Unit.Stmts[i])
				}
			}
		},
	}
}

// jumps makes EXIT WHEN and CONTINUE WHEN of IF with nothing but a jump.
func jumps(s ir.Stmt) ir.Stmt {
	return ir.Map(s, func(n ir.Node) ir.Node {
		f, ok := n.(*ir.If)
		if !ok || len(f.Branches) != 1 || f.Else != nil || len(f.Branches[0].Body) != 1 {
			return n
		}
		b := f.Branches[0]
		switch j := b.Body[0].(type) {
		case *ir.Leave:
			if j.When == nil {
				j.When = b.Cond
				return jump(f, j)
			}
		case *ir.Iterate:
			if j.When == nil {
				j.When = b.Cond
				return jump(f, j)
			}
		}
		return n
	})
}

// jump takes the comments of the IF around a jump.
func jump(f *ir.If, j ir.Stmt) ir.Node {
	b, m := f.Branches[0], j.Base()
	lead := append(append([]ir.Comment(nil), f.Lead...), b.Lead...)
	m.Lead = append(lead, m.Lead...)
	m.Trail = append(append(m.Trail, b.Trail...), f.Trail...)
	m.Span = f.Span
	m.Made(code)
	return j
}

// place is a list of statements and what is around it.
type place struct {
	list *[]ir.Stmt
	// inLoop tells that a loop is around the list, guarded that exception arms are between the two.
	inLoop, guarded bool
}

// walk finds the lists of statements at and below a statement, the inner ones first.
func walk(s ir.Stmt, at place, f func(place)) {
	each := func(list *[]ir.Stmt, at place) {
		for _, x := range *list {
			walk(x, at, f)
		}
		at.list = list
		f(at)
	}
	switch n := s.(type) {
	case *ir.Block:
		in := at
		in.guarded = at.guarded || at.inLoop && len(n.Except) > 0
		each(&n.Body, in)
		for _, a := range n.Except {
			each(&a.Body, at)
		}
	case *ir.If:
		for _, b := range n.Branches {
			each(&b.Body, at)
		}
		each(&n.Else, at)
	case *ir.CaseStmt:
		for _, b := range n.Branches {
			each(&b.Body, at)
		}
		each(&n.Else, at)
	case *ir.Loop:
		each(&n.Body, place{inLoop: true})
	}
}

func isFound(e ir.Expr) bool {
	n, ok := e.(*ir.Name)
	if !ok {
		return false
	}
	r, ok := n.Ref.(*ir.VarRef)
	return ok && r.Decl != nil && r.Decl.TargetName == "found"
}

func isNotFound(e ir.Expr) bool {
	u, ok := e.(*ir.Unary)
	return ok && u.Op == ir.Not && isFound(u.X)
}

func same(a, b string) bool { return strings.EqualFold(a, b) }
