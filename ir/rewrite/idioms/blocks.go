package idioms

import (
	"reflect"
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

// blocks gives a block the exception arms of the only statement in it that can fail, and takes away labels that nothing leaves.
func blocks(s ir.Stmt) {
	r, _ := s.(*ir.Routine)
	ir.Walk(s, func(n ir.Node) bool {
		if b, ok := n.(*ir.Block); ok {
			if strings.HasPrefix(b.Label, "handled") && !jumpsTo(b, b.Label) {
				b.Label = ""
			}
			if r != nil && r.Returns != nil {
				join(b, r.Returns)
			}
		}
		_, expr := n.(ir.Expr)
		return !expr
	})
}

// join moves the arms of an inner block of a function to the block around it, where that does nothing else but return a variable.
func join(b *ir.Block, returns types.Type) {
	if len(b.Except) > 0 {
		return
	}
	at := slices.IndexFunc(b.Body, func(s ir.Stmt) bool {
		in, ok := s.(*ir.Block)
		return ok && len(in.Except) > 0
	})
	if at < 0 {
		return
	}
	in := b.Body[at].(*ir.Block)
	if in.Label != "" || len(in.Decls) > 0 || !quiet(b.Body[:at], returns) || !quiet(b.Body[at+1:], returns) {
		return
	}
	for _, a := range in.Except {
		if at+1 < len(b.Body) && !control.Leaves(a.Body) {
			return
		}
	}
	if len(in.Body) > 0 {
		first := in.Body[0].Base()
		first.Lead = append(in.Lead, first.Lead...)
		last := in.Body[len(in.Body)-1].Base()
		last.Trail = append(last.Trail, in.Trail...)
	}
	body := append([]ir.Stmt(nil), b.Body[:at]...)
	body = append(body, in.Body...)
	b.Body = append(body, b.Body[at+1:]...)
	b.Except = in.Except
}

// quiet tells that statements return a variable or NULL and do nothing else.
func quiet(list []ir.Stmt, returns types.Type) bool {
	for _, s := range list {
		switch n := s.(type) {
		case *ir.Return:
			if !plain(n.Value, returns) {
				return false
			}
		case *ir.Nothing, *ir.CommentStmt:
		default:
			return false
		}
	}
	return true
}

func plain(e ir.Expr, returns types.Type) bool {
	switch e.(type) {
	case *ir.Null:
		return true
	case *ir.Name:
		return control.Target(e) != nil && reflect.DeepEqual(e.TypeOf(), returns)
	}
	return false
}
