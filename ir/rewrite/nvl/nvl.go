// Package nvl holds the rule for NVL whose second value does something, or may fail.
package nvl

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/plsql"
	"godwit/ir/types"
)

const code = "PL0571"

// Rule is PL0571.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "nvl",
		Doc: `NVL computes both values, COALESCE only those that it needs (SQL Language Reference, "COALESCE"). Where the second value takes a number of a sequence, calls a function that changes rows, variables
of a package or variables around it, or may raise an error (a call, a division, a conversion of a text), a function of its own computes both.`,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE SEQUENCE s;\nCREATE TABLE t (id NUMBER, v NUMBER);",
			Source: "UPDATE t SET id = NVL(id, s.NEXTVAL), v = NVL(v, 0);",
			Target: "UPDATE t SET id = godwit_oracle.nvl(id, nextval('s')), v = coalesce(v, 0);",
		}, {
			From: dialect.Oracle, Setup: "CREATE TABLE t (id NUMBER, v NUMBER);",
			Source: "SELECT NVL(id, v / 2) AS a, NVL(id, 1 / v) AS b FROM t;",
			Target: "SELECT coalesce(id, godwit_oracle.divide(v, 2)) AS a, godwit_oracle.nvl(id, godwit_oracle.divide(1, v)) AS b FROM t;",
		}},
		Fidelity: diag.Exact,
		Looks:    ir.Kinds(ir.KindNextValue, ir.KindRoutineCall, ir.KindDiv, ir.KindCall),
		Needed: func(p *rewrite.Pass) bool {
			return p.Unit.PLSQL && slices.ContainsFunc(p.Unit.Stmts, func(s ir.Stmt) bool { return ir.Find(s, func(n ir.Node) bool { return isNVL(n) }) })
		},
		Prepare: plsql.Note,
		Run: func(p *rewrite.Pass) {
			for i, s := range p.Unit.Stmts {
				known := plsql.Of(p, s)
				p.Unit.Stmts[i] = ir.MapExprs(s, func(e ir.Expr) ir.Expr {
					if !isNVL(e) {
						return e
					}
					c := e.(*ir.Call)
					if !acts(known, c.Args[1], map[*catalog.Routine]bool{}) && !raises(known, c.Args[1]) {
						return e
					}
					return p.Helper("nvl", c, c.Args...)
				})
			}
		},
	}
}

func isNVL(n ir.Node) bool {
	c, ok := n.(*ir.Call)
	return ok && c.Op == op.Coalesce && c.Name == "NVL" && len(c.Args) == 2
}

// raises tells that computing a value may raise an error that depends on what is computed: not one that a number has, or a text that is written down.
func raises(known *plsql.Code, e ir.Expr) bool {
	found := false
	ir.Walk(e, func(n ir.Node) bool {
		switch n := n.(type) {
		case ir.Query: // on its own
			return false
		case *ir.RoutineCall:
			found = found || known.OfExpr(n) != 0
		case *ir.Div:
			x, literal := ir.Bare(n.R).(*ir.Number)
			c, _ := ir.Bare(n.R).(*ir.Call) // x / NULLIF(y, 0) is NULL
			never := literal && strings.Trim(x.Text, "0.") != "" || c != nil && strings.EqualFold(c.Name, "NULLIF")
			found = found || !never
		case *ir.Call:
			switch n.Op {
			case op.OraToNumber, op.OraToDate, op.OraToTimestamp, op.OraToTimestampTZ:
				found = found || varies(n.Args[0]) && types.IsText(n.Args[0].TypeOf())
			}
		case *ir.Cast:
			found = found || n.Implicit && varies(n.X) && types.IsText(n.X.TypeOf()) && !types.IsText(n.To)
		}
		return !found
	})
	return found
}

// varies tells that a value is not written down.
func varies(e ir.Expr) bool {
	return ir.Find(e, func(n ir.Node) bool {
		switch n.(type) {
		case *ir.Name, *ir.RoutineCall, *ir.Element, *ir.Field:
			return true
		}
		return false
	})
}

// acts tells that computing a value leaves something behind.
func acts(known *plsql.Code, n ir.Node, seen map[*catalog.Routine]bool) bool {
	return known.Writes(n) || ir.Find(n, func(x ir.Node) bool {
		var o *catalog.Routine
		switch x := x.(type) {
		case *ir.NextValue:
			return !x.Previous
		case *ir.RoutineCall:
			o = x.Routine
		case *ir.CallProc:
			o = x.Routine
		default:
			return false
		}
		if o == nil || seen[o] {
			return false
		}
		seen[o] = true
		d := known.Body(o)
		return d != nil && d.Body != nil && (outside(d) || acts(known, d.Body, seen))
	})
}

// outside tells that a routine assigns something that it does not declare.
func outside(d *ir.Routine) bool {
	own := map[ir.Node]bool{}
	ir.Walk(d, func(n ir.Node) bool {
		switch n.(type) {
		case *ir.VarDecl, *ir.ParamDecl:
			own[n] = true
		}
		return true
	})
	return ir.Find(d.Body, func(n ir.Node) bool {
		for _, e := range control.Written(n) {
			if root := control.Root(e); root == nil || !own[control.DeclOf(root)] {
				return true
			}
		}
		return false
	})
}
