package plsql

import (
	"slices"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite/control"
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

// GivesBack tells a parameter that hands a value to a variable that may be too small for it, or that takes no NULL.
func GivesBack(r *catalog.Routine, i int, a ir.Expr) bool {
	if n, ok := a.(*ir.NamedArg); ok {
		i, a = slices.IndexFunc(r.Params, func(p catalog.Param) bool { return p.Name == n.Name.Text }), n.Value
	}
	if a == nil || i < 0 || i >= len(r.Params) || r.Params[i].Mode == catalog.In {
		return false
	}
	if v, ok := control.Target(a).(*ir.VarDecl); ok && v.NotNull {
		return true
	}
	to := a.TypeOf()
	value := ir.Clone(a)
	value.SetType(r.Params[i].Type)
	return to != nil && !Fits(value, to)
}

// ofBack is what the values raise that a call gives back: the body of the routine may be quiet.
func ofBack(r *catalog.Routine, args []ir.Expr) Kinds {
	if r == nil {
		return 0
	}
	for i, a := range args {
		if GivesBack(r, i, a) {
			return Other
		}
	}
	return 0
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
