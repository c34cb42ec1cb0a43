package plsql

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// KeepsDefault tells that the target keeps the default of a parameter: all parameters behind it that take a value have one as well, and
// none of a procedure gives a value back only.
func KeepsDefault(r *catalog.Routine, i int) bool {
	for _, p := range r.Params[i:] {
		if p.Mode == catalog.Out && r.Kind == catalog.Procedure || p.Mode != catalog.Out && !p.Default {
			return false
		}
	}
	return true
}

// HasOut tells that a routine gives values back through parameters.
func HasOut(r *catalog.Routine) bool {
	if r == nil {
		return false
	}
	for _, p := range r.Params {
		if p.Mode != catalog.In {
			return true
		}
	}
	return false
}

// Unlimited is a type without limits of length and digits, as parameters and results have it.
func Unlimited(t types.Type) types.Type {
	switch t := t.(type) {
	case types.Text:
		t.N, t.Fixed = 0, false
		return t
	case types.Decimal:
		return types.Decimal{}
	case types.Binary:
		t.N = 0
		return t
	}
	return t
}

// ParamType is the type of a parameter on the target. One that gives a text back has the type of variables, as CALL takes no other.
func ParamType(mode catalog.ParamMode, t types.Type, spell func(types.Type) (string, bool)) (string, bool) {
	sql, ok := spell(Unlimited(t))
	if x, text := t.(types.Text); text && mode != catalog.In && x.EmptyIsNull && sql == "text" {
		return "varchar", ok
	}
	return sql, ok
}

// InUse tells that an expression is one that a call may leave to its place: it reads no variable and no parameter.
func InUse(e ir.Expr) bool {
	return ir.Find(e, func(n ir.Node) bool {
		x, ok := n.(*ir.Name)
		if !ok {
			return false
		}
		switch x.Ref.(type) {
		case *ir.VarRef, *ir.ParamRef:
			return true
		}
		return false
	})
}
