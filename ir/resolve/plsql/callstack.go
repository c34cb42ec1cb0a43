package plsql

import (
	"slices"
	"strings"

	"godwit/ir"
)

// callStack is UTL_CALL_STACK.CONCATENATE_SUBPROGRAM(UTL_CALL_STACK.SUBPROGRAM(1)): the name of the subprogram that the call stands in, which is known
// here (PL/SQL Packages and Types Reference, UTL_CALL_STACK). It is nil for everything else: the stack above is known at run time only.
func (r *Resolver) callStack(sc *scope, inv *ir.Invoke, name string) ir.Expr {
	if name != "UTL_CALL_STACK.CONCATENATE_SUBPROGRAM" || len(inv.Args) != 1 || sc.sql || sc.given || !current(inv.Args[0]) {
		return nil
	}
	program := r.subprogram(sc.block)
	if program == "" {
		return nil
	}
	s := &ir.String{Value: program}
	s.Meta, s.Type = inv.Meta, varchar(len(program))
	return s
}

// current tells that an expression is UTL_CALL_STACK.SUBPROGRAM(1), the subprogram that runs.
func current(e ir.Expr) bool {
	inv, ok := e.(*ir.Invoke)
	if !ok || len(inv.Args) != 1 {
		return false
	}
	x, ok := inv.X.(*ir.Name)
	if !ok || strings.TrimPrefix(strings.ToUpper(x.Dotted()), "SYS.") != "UTL_CALL_STACK.SUBPROGRAM" {
		return false
	}
	depth, ok := inv.Args[0].(*ir.Number)
	return ok && depth.Text == "1"
}

// subprogram is the name of the subprogram that the statements of a frame belong to, with that of its unit and of the subprograms around it; "" where
// it is not certain (triggers, methods, subprograms of anonymous blocks, what initialises a package).
func (r *Resolver) subprogram(f *frame) string {
	var names []string
	var outermost *ir.Routine
	pack := ""
	for ; f != nil; f = f.outer {
		switch {
		case f.trigger != nil || f.object != nil:
			return ""
		case f.routine != nil:
			names, outermost = append(names, f.label), f.routine
		case f.pack != nil:
			pack = f.pack.Name
		}
	}
	switch {
	case pack != "" && outermost != nil:
		names = append(names, pack)
	case pack != "" || r.unit == nil || len(r.unit.Stmts) != 1:
		return ""
	case outermost == nil:
		if _, ok := r.unit.Stmts[0].(*ir.Block); !ok {
			return ""
		}
		names = append(names, "__anonymous_block")
	case r.unit.Stmts[0] != ir.Stmt(outermost): // a method, or a subprogram of a trigger or a block
		return ""
	}
	slices.Reverse(names)
	return strings.Join(names, ".")
}
