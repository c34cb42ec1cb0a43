package catches

import (
	"strings"

	"godwit/ir"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/plsql"
	"godwit/ir/types"
)

// saved are the variables that keep the error for a handler that runs behind its block.
type saved struct {
	state, message       bool
	stateVar, messageVar *ir.VarDecl
}

// look finds out what a handler asks about the error.
func (s *saved) look(list []ir.Stmt) {
	for _, x := range list {
		ir.Walk(x, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.RaiseNamed:
				if len(n.Name.Parts) == 0 {
					s.state, s.message = true, true
				}
			case ir.Expr:
				if name, _ := plsql.ErrorWord(n); name != "" {
					s.state, s.message = true, true
				}
			}
			return true
		})
	}
}

func (s *saved) stores() []ir.Stmt {
	var out []ir.Stmt
	if s.stateVar != nil {
		out = append(out, control.Set(control.Var(s.stateVar), control.State()))
	}
	if s.messageVar != nil {
		out = append(out, control.Set(control.Var(s.messageVar), control.Message()))
	}
	return out
}

func (s *saved) values() (state, message ir.Expr) {
	if s == nil {
		return control.State(), control.Message()
	}
	return control.Var(s.stateVar), control.Var(s.messageVar)
}

// arm gives what a handler asks about the error its form: in an exception arm (s is nil), or behind the block.
func (r *run) arm(h *handler, list []ir.Stmt, s *saved) []ir.Stmt {
	at := h.context
	assigned, overflow, updated := h.catch.Assigned, h.catch.Overflow, h.catch.Updated
	out := ir.MapStmts(append([]ir.Stmt(nil), list...), nil, func(n ir.Node) ir.Node {
		switch n := n.(type) {
		case *ir.RaiseNamed:
			if len(n.Name.Parts) > 0 {
				return n
			}
			x := &ir.Raise{}
			x.Meta = n.Meta
			if s != nil {
				x.Level = "EXCEPTION"
				x.Code, x.Message = s.values()
			}
			x.Made(code)
			return x
		case ir.Expr:
			name, arg := plsql.ErrorWord(n)
			if name == "" || arg != nil {
				return n
			}
			state, message := s.values()
			h := r.Helper(strings.ToLower(name), n, state, message)
			switch {
			case at != nil:
				h.Args = append(h.Args, r.ofVariable(at, n))
			case assigned:
				h.Args = append(h.Args, truth())
			case overflow:
				h.Args = append(h.Args, integerRange(ir.Clone(message)))
			case updated:
				h.Args = append(h.Args, boolean(false))
			}
			if updated {
				h.Args = append(h.Args, truth())
			}
			h.Type = types.Type(types.Int{Bits: 32})
			if name == "SQLERRM" {
				h.Type = types.Text{EmptyIsNull: true}
			}
			return h
		}
		return n
	})
	if s == nil {
		out = append(h.stores(), out...)
	}
	return out
}

// placed declares the variable for the place of an error where a handler asks whether it is one of a column.
func (r *run) placed(g *guard, bodies map[*handler][]ir.Stmt) {
	var v *ir.VarDecl
	for _, h := range g.handlers {
		asked := &saved{}
		asked.look(bodies[h])
		if !h.catch.Mixed || !asked.state || h.uses == 0 {
			continue
		}
		if v == nil {
			v = textVar(control.Unused(r.root, "error_context"), g.block)
			g.block.Decls = append(g.block.Decls, v)
		}
		h.context = v
	}
}

// stores notes the place of the error.
func (h *handler) stores() []ir.Stmt {
	if h.context == nil {
		return nil
	}
	d := &ir.GetDiagnostics{Stacked: true, Items: []*ir.DiagItem{{Target: control.Var(h.context), Name: "PG_EXCEPTION_CONTEXT"}}}
	d.Span = h.catch.Span
	d.Made(code)
	return []ir.Stmt{d}
}

// ofVariable tells an error that arose outside of statements that change rows.
func (r *run) ofVariable(place *ir.VarDecl, like ir.Expr) ir.Expr {
	h := r.Helper("of_column", like, control.Var(place))
	h.Type = types.Bool{}
	e := &ir.Unary{Op: ir.Not, X: h}
	e.Type = types.Bool{}
	return e
}

// integerRange tells the target's error of a whole number of 32 bits by its message.
func integerRange(message ir.Expr) ir.Expr {
	e := &ir.Compare{Op: ir.Eq, L: message, R: control.Text("integer out of range")}
	e.Type = types.Bool{}
	return e
}
