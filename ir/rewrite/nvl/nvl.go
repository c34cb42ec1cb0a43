// Package nvl holds the rule for NVL whose second value does something.
package nvl

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/plsql"
)

const code = "PL0571"

// Rule is PL0571.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "nvl",
		Doc: `NVL computes both values, COALESCE only those that it needs (SQL Language Reference, "COALESCE"). Where the second value takes a number of a sequence, or calls a function that changes rows, variables
of a package or variables around it, a function of its own computes both.`,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE SEQUENCE s;\nCREATE TABLE t (id NUMBER, v NUMBER);",
			Source: "UPDATE t SET id = NVL(id, s.NEXTVAL), v = NVL(v, 0);",
			Target: "UPDATE t SET id = godwit_oracle.nvl(id, nextval('s')), v = coalesce(v, 0);",
		}},
		Fidelity: diag.Exact,
		Looks:    ir.Kinds(ir.KindNextValue, ir.KindRoutineCall),
		Needed:   func(p *rewrite.Pass) bool { return p.Unit.PLSQL },
		Prepare:  plsql.Note,
		Run: func(p *rewrite.Pass) {
			for i, s := range p.Unit.Stmts {
				known := plsql.Of(p, s)
				p.Unit.Stmts[i] = ir.MapExprs(s, func(e ir.Expr) ir.Expr {
					c, ok := e.(*ir.Call)
					if !ok || c.Op != op.Coalesce || c.Name != "NVL" || len(c.Args) != 2 || !acts(known, c.Args[1], map[*catalog.Routine]bool{}) {
						return e
					}
					return p.Helper("nvl", c, c.Args...)
				})
			}
		},
	}
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
