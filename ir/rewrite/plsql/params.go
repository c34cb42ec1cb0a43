package plsql

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// KeepsDefault tells that the target keeps the default of a parameter: all parameters behind it that take a value have one as well.
func KeepsDefault(params []catalog.Param, i int) bool {
	for _, p := range params[i:] {
		if p.Mode != catalog.Out && !p.Default {
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

// ResultName is the parameter of the target that holds the result of a function with OUT parameters.
func ResultName(params []catalog.Param) string {
	name := "result"
	for i := 0; i < len(params); i++ {
		for _, p := range params {
			if p.Name == "RESULT" {
				name = "function_result"
			}
		}
	}
	return name
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
