package catches

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/plsql"
	"godwit/ir/types"
)

// A routine that reads SQLCODE or SQLERRM outside of its handlers is told of the exception that is being handled when it is called (PL/SQL
// Language Reference, "Retrieving Error Code and Error Message"). A setting of the session holds that: a handler sets it around the calls that lead
// to such a routine, and where it is undone the setting is as well.

const firstKey = "catches.first"

// Renew does what is done before any unit is rewritten for one that is converted again: its routines have new entries in the catalog.
func Renew(p *rewrite.Pass) { prepare(p) }

// prepare keeps the bodies of routines.
func prepare(p *rewrite.Pass) {
	plsql.Note(p)
	mentionsOf(p).scan(p)
}

// isSecond notes of which routine an entry is the second form.
func isSecond(p *rewrite.Pass, x, o *catalog.Routine) {
	m, _ := p.Session.Values[firstKey].(map[*catalog.Routine]*catalog.Routine)
	if m == nil {
		m = map[*catalog.Routine]*catalog.Routine{}
		p.Session.Values[firstKey] = m
	}
	m[x] = o
}

// reads tells that a routine asks for the error that its caller handles.
func (r *run) reads(o *catalog.Routine) bool {
	if first, _ := r.Session.Values[firstKey].(map[*catalog.Routine]*catalog.Routine); first[o] != nil {
		o = first[o]
	}
	return r.code.AsksCaller(o)
}

// shown tells the routines that a handler calls of its error.
func (r *run) shown(list []ir.Stmt) []ir.Stmt {
	var out []ir.Stmt
	inside := false // the last statement of out ends what this handler told
	for i, s := range list {
		if i > 0 && isHelper(list[i-1], "error_enter") { // an inner handler's
			out, inside = append(out, s), false
			continue
		}
		switch n := s.(type) {
		case *ir.Block:
			n.Body = r.shown(n.Body)
			for _, d := range n.Decls {
				if v, ok := d.(*ir.VarDecl); ok {
					r.unseen(v.Default)
				}
			}
		case *ir.If:
			for _, b := range n.Branches {
				r.unseen(b.Cond)
				b.Body = r.shown(b.Body)
			}
			n.Else = r.shown(n.Else)
		case *ir.CaseStmt:
			r.unseen(n.Operand)
			for _, b := range n.Branches {
				r.unseen(b.Cond)
				b.Body = r.shown(b.Body)
			}
			n.Else = r.shown(n.Else)
		case *ir.Loop:
			r.unseen(n.Cond)
			r.unseen(n.Lo)
			r.unseen(n.Hi)
			if n.Query != nil {
				r.unseen(n.Query)
			}
			n.Body = r.shown(n.Body)
		case *ir.Return:
			if n.Value != nil && r.asksIn(n.Value) {
				s = r.returned(n)
			}
		case *ir.Leave:
			r.unseen(n.When)
		case *ir.Iterate:
			r.unseen(n.When)
		default:
			if r.asksIn(s) {
				if inside {
					out = out[:len(out)-1]
				} else {
					out = append(out, r.enter(s))
				}
				out, inside = append(out, s, r.leave(s)), true
				continue
			}
		}
		out, inside = append(out, s), false
	}
	return out
}

// returned computes the value of a RETURN first.
func (r *run) returned(n *ir.Return) ir.Stmt {
	v := &ir.VarDecl{Name: ir.Ident{Text: control.Unused(r.root, "result")}, Type: n.Value.TypeOf()}
	v.Span = n.Span
	v.Made(code)
	set := control.Set(control.Var(v), n.Value)
	set.Span = n.Span
	set.Made(code)
	n.Value = control.Var(v)
	return with([]ir.Decl{v}, []ir.Stmt{r.enter(n), set, r.leave(n), n}, n)[0]
}

// unseen reports a call that is not told of the error.
func (r *run) unseen(n ir.Node) {
	if e, ok := n.(ir.Expr); n == nil || ok && e == nil {
		return
	}
	if r.asksIn(n) {
		r.Report(outside, n.Base().Span, "a routine that reads SQLCODE or SQLERRM is called in an expression of the handler, and is told that there is no error")
	}
}

// asksIn tells that a node calls a routine that asks for the error.
func (r *run) asksIn(n ir.Node) bool {
	return ir.Find(n, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.CallProc:
			return r.reads(n.Routine)
		case *ir.RoutineCall:
			return r.reads(n.Routine)
		}
		return false
	})
}

func isHelper(s ir.Stmt, name string) bool {
	p, ok := s.(*ir.Perform)
	if !ok {
		return false
	}
	h, ok := p.Expr.(*ir.HelperCall)
	return ok && h.Name == name
}

func (r *run) enter(s ir.Stmt) ir.Stmt {
	number := &ir.Call{Name: "SQLCODE"}
	number.Type, number.Span = types.Int{Bits: 32}, s.Base().Span
	message := &ir.Call{Name: "SQLERRM"}
	message.Type, message.Span = types.Text{EmptyIsNull: true}, s.Base().Span
	return r.perform("error_enter", s, number, message)
}

func (r *run) leave(s ir.Stmt) ir.Stmt { return r.perform("error_leave", s) }

func (r *run) perform(name string, like ir.Stmt, args ...ir.Expr) ir.Stmt {
	h := r.Helper(name, nil, args...)
	h.Span, h.Type = like.Base().Span, types.Text{}
	p := &ir.Perform{Expr: h}
	p.Span = like.Base().Span
	p.Made(code)
	return p
}

// leftovers are SQLCODE and SQLERRM outside of handlers: a routine asks for the error of its callers, elsewhere there is none.
func (r *run) leftovers(s ir.Stmt) {
	for _, d := range nested(s) {
		r.outside(d, true)
	}
	_, routine := s.(*ir.Routine)
	r.outside(s, routine)
}

func (r *run) outside(s ir.Node, routine bool) {
	_ = ir.Map(s, func(n ir.Node) ir.Node {
		e, ok := n.(ir.Expr)
		if !ok {
			return n
		}
		name, arg := plsql.ErrorWord(e)
		switch {
		case name == "":
			return n
		case arg != nil:
			h := r.Helper("sqlerrm_of", e, arg)
			h.Type = types.Text{EmptyIsNull: true}
			return h
		case routine && name == "SQLCODE":
			h := r.Helper("error_code", e)
			h.Type = types.Int{Bits: 32}
			return h
		case routine:
			h := r.Helper("error_message", e)
			h.Type = types.Text{EmptyIsNull: true}
			return h
		}
		if _, ok := s.(*ir.CreateTrigger); ok {
			r.Report(inTrigger, e.Base().Span, "%s outside of a handler of the trigger", name)
		}
		if name == "SQLCODE" {
			x := control.Int("0")
			x.Span = e.Base().Span
			return x
		}
		x := control.Text("ORA-0000: normal, successful completion")
		x.Span = e.Base().Span
		return x
	})
}
