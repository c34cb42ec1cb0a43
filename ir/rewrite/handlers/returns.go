package handlers

import (
	"slices"

	"godwit/ir"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/ranges"
	"godwit/ir/types"
)

// returned lets RETURN of a function with handlers that leave a block take its value by a variable, where the type of the result is one whose bounds the
// target checks behind the function: there no handler would see the error.
func (r *run) returned(f *ir.Routine) {
	t, ok := f.Returns.(types.Int)
	if _, narrow := control.Narrow(t); !ok || !narrow || !leaves(f.Body) || r.p.Policy.NoRangeChecks {
		return
	}
	var v *ir.VarDecl
	take := func(list []ir.Stmt) []ir.Stmt {
		var out []ir.Stmt
		for _, s := range list {
			x, ok := s.(*ir.Return)
			if c, cast := valueOf(x, ok).(*ir.Cast); cast && c.Store && c.Fail == ir.FailError {
				if v == nil {
					v = &ir.VarDecl{Name: ir.Ident{Text: control.Unused(f, "returned")}, Type: t, TypeSQL: ranges.Domain(r.p, t)}
					v.Made(code)
				}
				set := control.Set(control.Var(v), x.Value)
				set.Span = x.Span
				set.Lead, x.Lead = x.Lead, nil
				set.Made(code)
				x.Value = control.Var(v)
				out = append(out, set)
			}
			out = append(out, s)
		}
		return out
	}
	control.EachList(f.Body, take)
	ir.Walk(f.Body, func(n ir.Node) bool {
		if h, ok := n.(*ir.Handler); ok {
			h.Body = listed(h.Body, take)
		}
		return true
	})
	if b, ok := f.Body.(*ir.Block); ok && v != nil {
		b.Decls = append([]ir.Decl{v}, b.Decls...)
	}
}

func valueOf(x *ir.Return, ok bool) ir.Expr {
	if !ok {
		return nil
	}
	return x.Value
}

// listed gives f the body of a handler that is one statement.
func listed(s ir.Stmt, f func([]ir.Stmt) []ir.Stmt) ir.Stmt {
	if _, ok := s.(*ir.Return); !ok {
		return s
	}
	list := f([]ir.Stmt{s})
	if len(list) == 1 {
		return s
	}
	b := &ir.Block{Body: list}
	b.Span = s.Base().Span
	return b
}

// leaves tells a body with a handler for errors that does not go on.
func leaves(s ir.Stmt) bool {
	return ir.Find(s, func(n ir.Node) bool {
		h, ok := n.(*ir.Handler)
		return ok && h.Action == ir.ExitHandler && slices.ContainsFunc(h.Conditions, func(c ir.Condition) bool {
			return c.Kind != ir.NotFound && c.Kind != ir.SQLWarning && !(c.Kind == ir.ByState && (control.IsNotFound(c.State) || control.IsWarning(c.State)))
		})
	})
}
