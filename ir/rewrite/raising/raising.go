// Package raising holds the rule for RAISE and RAISE_APPLICATION_ERROR.
package raising

import (
	"fmt"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/plsql"
	"godwit/ir/types"
)

const code = "EH0210"

var (
	unknownException = &diag.Code{
		ID: "EH0211", Title: "RAISE of an exception that is not known", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The exception is no predefined one and no declared one that is known.",
		Next: "Convert the package that declares the exception together with the routine.", Each: 0.2,
	}
	stack = &diag.Code{
		ID: "EH0212", Title: "RAISE_APPLICATION_ERROR keeps the errors before", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "With TRUE as the third argument the error is put on the stack of those before it, which SQLERRM then tells in several lines. On the target it replaces them.",
		Next: "Nothing, unless the lines of SQLERRM are read.",
	}
)

// Rule is EH0210.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "raising",
		Doc: `RAISE name and RAISE_APPLICATION_ERROR (PL/SQL Language Reference, "Raising Exceptions Explicitly"). The numbers -20000 to -20999 are the SQLSTATEs ZX000 to ZX999, other
exceptions of the user have states of their own that begin with ZY, predefined ones those of the target's conditions with the same meaning.`,
		Examples: []rewrite.Example{
			{From: dialect.Oracle,
				Source: "CREATE PROCEDURE p AUTHID CURRENT_USER IS\nBEGIN\n  RAISE_APPLICATION_ERROR(-20001, 'no');\nEND;\n/",
				Target: "CREATE OR REPLACE PROCEDURE p()\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  RAISE EXCEPTION 'no' USING ERRCODE = 'ZX001';\nEND;\n$$;"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{unknownException, stack},
		After:    map[string]string{"out-calls": "calls are told from RAISE_APPLICATION_ERROR"},
		Looks:    ir.Kinds(ir.KindRaiseNamed, ir.KindCallProc, ir.KindInvocation),
		Run: func(p *rewrite.Pass) {
			p.Statements(func(n ir.Node) ir.Node {
				if s, ok := n.(ir.Stmt); ok {
					return statement(p, s)
				}
				return n
			})
		},
	}
}

func statement(p *rewrite.Pass, s ir.Stmt) ir.Node {
	switch n := s.(type) {
	case *ir.RaiseNamed:
		if len(n.Name.Parts) > 0 {
			return named(p, n)
		}
	default:
		if args, ok := plsql.ApplicationError(s); ok {
			return application(p, s, args)
		}
	}
	return s
}

// named is RAISE of an exception.
func named(p *rewrite.Pass, n *ir.RaiseNamed) ir.Node {
	r := &ir.Raise{Level: "EXCEPTION", Message: control.Text("User-Defined Exception")}
	if x := n.Exception; x != nil && x.State != "" {
		r.State = x.State
		if x.Code != 0 {
			r.Message = control.Text(fmt.Sprintf("ORA-%05d: ", abs(x.Code)))
		}
		if e, ok := plsql.ByNumber(x.Code); ok {
			r.Message = control.Text(e.Text())
		}
		return control.Take(code, n, r)
	}
	e, ok := plsql.Predefined(n.Name.Name())
	if !ok || n.Exception != nil {
		rewrite.Refuse(p, unknownException, n.Span, "the exception %s is not known", n.Name)
		return n
	}
	r.State, r.Message = e.State, control.Text(e.Text())
	return control.Take(code, n, r)
}

func abs(n int) int {
	if n < 0 {
		return -n
	}
	return n
}

// application is RAISE_APPLICATION_ERROR(number, text [, keep]).
func application(p *rewrite.Pass, s ir.Stmt, args []ir.Expr) ir.Node {
	if len(args) > 2 {
		if b, ok := args[2].(*ir.Bool); !ok || b.Value {
			p.Report(stack, s.Base().Span, "the errors before are not kept")
		}
	}
	number, ok := build.IntLiteral(bare(args[0]))
	if !ok || number > -20000 || number < -20999 {
		h := p.Helper("raise_application_error", args[0], args[0], args[1])
		h.Type = types.Null{}
		return control.Take(code, s, &ir.Perform{Expr: h})
	}
	r := &ir.Raise{Level: "EXCEPTION", State: "ZX" + fmt.Sprintf("%03d", -number-20000), Message: message(args[1])}
	return control.Take(code, s, r)
}

func bare(e ir.Expr) ir.Expr {
	for {
		c, ok := e.(*ir.Cast)
		if !ok || !c.Implicit {
			return e
		}
		e = c.X
	}
}

// message is a text that is not NULL.
func message(e ir.Expr) ir.Expr {
	if c, ok := e.(*ir.Cast); ok && c.Implicit {
		if s, ok := c.X.(*ir.String); ok {
			return s
		}
	}
	switch x := e.(type) {
	case *ir.String:
		return x
	case *ir.Null:
		return control.Text("")
	case *ir.Number:
		return control.Text(strings.TrimSpace(x.Text))
	case *ir.Concat:
		for _, a := range x.Args {
			if s, ok := a.(*ir.String); ok && s.Value != "" {
				return x
			}
		}
	}
	t := build.Call("coalesce", e, types.Text{}, code, e, control.Text(""))
	return t
}
