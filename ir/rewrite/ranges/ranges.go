// Package ranges holds the rule for variables of integer types that the target lacks.
package ranges

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

// Rule is PL0006.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: "PL0006", Name: "ranges",
		Doc: `A variable, parameter or result of TINYINT, MEDIUMINT or an UNSIGNED type takes no number out of its range: the source raises an error (MySQL Reference
Manual, "Out-of-Range and Overflow Handling"). Columns have a CHECK for this. What is declared in a routine gets a domain of the helper schema, unless all
that is stored in it fits.`,
		Examples: []rewrite.Example{
			{
				Source: "CREATE FUNCTION f(x INT) RETURNS INT SQL SECURITY INVOKER BEGIN DECLARE t TINYINT; SET t = x; RETURN t; END;",
				Target: "CREATE OR REPLACE FUNCTION f(x integer)\nRETURNS integer\nLANGUAGE plpgsql\nAS $$\nDECLARE\n  t godwit_mysql.tinyint;\nBEGIN\n  t := x;\n  RETURN t;\nEND;\n$$;",
			},
			{
				Source: "CREATE FUNCTION f(x INT) RETURNS INT SQL SECURITY INVOKER BEGIN DECLARE done TINYINT DEFAULT 0; SET done = 1; RETURN done; END;",
				Target: "CREATE OR REPLACE FUNCTION f(x integer)\nRETURNS integer\nLANGUAGE plpgsql\nAS $$\nDECLARE\n  done smallint := 0;\nBEGIN\n  done := 1;\n  RETURN done;\nEND;\n$$;",
			},
		},
		Fidelity: diag.Exact,
		Looks:    ir.Kinds(ir.KindRoutine, ir.KindCreateTrigger, ir.KindBlock),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	if p.Policy.NoRangeChecks {
		return
	}
	for _, s := range p.Unit.Stmts {
		stores, handed := assigned(s), passed(s)
		ir.Walk(s, func(n ir.Node) bool {
			d, ok := n.(*ir.VarDecl)
			switch {
			case !ok || d.TypeSQL != "" || d.RowOf != nil || name(d.Type) == "" || within(stores[d], d.Type):
			case handed[d]:
				out(p, s, d, d.Type)
			default:
				d.TypeSQL = Domain(p, d.Type)
			}
			return true
		})
		r, ok := s.(*ir.Routine)
		if !ok {
			continue
		}
		for _, d := range r.Params {
			switch {
			case d.TypeSQL != "" || name(d.Type) == "":
			case d.Mode == catalog.In:
				d.TypeSQL = Domain(p, d.Type)
			case d.Mode == catalog.InOut || !within(stores[d], d.Type):
				out(p, r, d, d.Type)
			}
		}
	}
}

// out checks what is stored in a parameter that the caller gets back, and in a variable that is handed to one: both have the type
// that is below the domain, for the target takes no other.
func out(p *rewrite.Pass, s ir.Stmt, d ir.Node, of types.Type) {
	t, ok := of.(types.Int)
	if !ok {
		return
	}
	checked := func(e ir.Expr) ir.Expr {
		if e == nil || control.FitsInt(e, t) {
			return e
		}
		c := &ir.Cast{X: e, To: types.Named{Name: Domain(p, of)}, Target: true}
		c.Span, c.Type = e.Base().Span, of
		c.Made(p.Rule.Code)
		return c
	}
	ir.Walk(s, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.VarDecl:
			if n == d {
				n.Default = checked(n.Default)
			}
		case *ir.SetItem:
			if control.Target(n.Target) == d {
				n.Value = checked(n.Value)
			}
		case *ir.Select:
			for k, e := range n.Into {
				if control.Target(e) == d && len(n.Into) == len(n.Items) {
					n.Items[k].Expr = checked(n.Items[k].Expr)
				}
			}
		}
		return true
	})
}

// Domain names the domain that keeps the range of an integer type, "" where the target's own type does.
func Domain(p *rewrite.Pass, t types.Type) string {
	n := name(t)
	if n == "" {
		return ""
	}
	p.Unit.NeedHelper(n)
	return p.HelperSchema() + "." + n
}

// Result names the domain of a function's result, "" where all that the function returns fits.
func Result(p *rewrite.Pass, r *ir.Routine) string {
	if name(r.Returns) == "" || p.Policy.NoRangeChecks {
		return ""
	}
	var list []ir.Expr
	ir.Walk(r, func(n ir.Node) bool {
		if x, ok := n.(*ir.Return); ok {
			list = append(list, x.Value)
		}
		return true
	})
	if within(list, r.Returns) {
		return ""
	}
	return Domain(p, r.Returns)
}

func name(t types.Type) string {
	i, ok := t.(types.Int)
	if !ok {
		return ""
	}
	size := ""
	switch {
	case i.Bits <= 8:
		size = "tinyint"
	case i.Bits == 16 && i.Unsigned:
		size = "smallint"
	case i.Bits == 24:
		size = "mediumint"
	case i.Bits == 32 && i.Unsigned:
		size = "int"
	case i.Bits == 64 && i.Unsigned:
		size = "bigint"
	}
	if size != "" && i.Unsigned {
		size += "_unsigned"
	}
	return size
}

// assigned lists what is stored in each variable and parameter; nil stands for what is not known.
func assigned(s ir.Stmt) map[ir.Node][]ir.Expr {
	out := map[ir.Node][]ir.Expr{}
	add := func(target, value ir.Expr) {
		if d := control.Target(target); d != nil {
			out[d] = append(out[d], value)
		}
	}
	ir.Walk(s, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.VarDecl:
			if n.Default != nil {
				out[n] = append(out[n], n.Default)
			}
		case *ir.SetItem:
			add(n.Target, n.Value)
		case *ir.Select:
			for k, e := range n.Into {
				if k < len(n.Items) && len(n.Into) == len(n.Items) {
					add(e, n.Items[k].Expr)
				} else {
					add(e, nil)
				}
			}
		default:
			for _, e := range control.Written(n) {
				add(e, nil)
			}
		}
		return true
	})
	return out
}

// passed are the variables that calls may change.
func passed(s ir.Stmt) map[ir.Node]bool {
	list := map[ir.Node]bool{}
	ir.Walk(s, func(n ir.Node) bool {
		if c, ok := n.(*ir.CallProc); ok {
			for _, e := range control.Written(c) {
				list[control.Target(e)] = true
			}
		}
		return true
	})
	return list
}

// within tells that all values are numbers of the type.
func within(list []ir.Expr, t types.Type) bool {
	i, ok := t.(types.Int)
	if !ok {
		return true
	}
	for _, e := range list {
		if e == nil || !control.FitsInt(e, i) {
			return false
		}
	}
	return true
}
