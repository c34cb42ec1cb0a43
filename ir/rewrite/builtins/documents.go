package builtins

import "godwit/ir"

// json lowers a JSON function.
func (l *lowering) json(e *ir.JSONExpr) ir.Expr {
	return l.refuse(refusedFunction, e, "%s", e.Name)
}

// xml lowers an XML function.
func (l *lowering) xml(e *ir.XMLExpr) ir.Expr {
	return l.refuse(refusedFunction, e, "%s", e.Name)
}
