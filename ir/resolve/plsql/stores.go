package plsql

import (
	"fmt"
	"strings"

	"godwit/ir"
	"godwit/ir/types"
)

// storeRaises tells that giving a target a value that is a name or a literal may raise: it is too long or too large, or NULL for one that
// is NOT NULL. Other values count as raising anyway.
func storeRaises(target, value ir.Expr) bool {
	to, from := target.TypeOf(), value.TypeOf()
	switch v := value.(type) {
	case *ir.Null:
		return declaredNotNull(target)
	case *ir.Bool:
		return false
	case *ir.String:
		t, ok := to.(types.Text)
		return !ok || t.N > 0 && len(v.Value) > t.N
	case *ir.Number:
		return tooLarge(v, to)
	}
	return declaredNotNull(target) || narrower(from, to)
}

// declaredNotNull tells that a variable is declared NOT NULL.
func declaredNotNull(target ir.Expr) bool {
	n, ok := target.(*ir.Name)
	if !ok {
		return false
	}
	var decl any
	switch r := n.Ref.(type) {
	case *ir.VarRef:
		decl = r.Decl
	case *ir.PackageRef:
		if r.Member != nil {
			decl = r.Member.Decl
		}
	}
	d, ok := decl.(*ir.VarDecl)
	return ok && d.NotNull
}

// tooLarge tells that a literal may not fit a number type: what is no short integer is not looked at.
func tooLarge(n *ir.Number, to types.Type) bool {
	digits := strings.TrimLeft(n.Text, "0")
	if strings.Trim(digits, "0123456789") != "" {
		t, ok := to.(types.Decimal)
		return !ok || t.Precision > 0
	}
	switch t := to.(type) {
	case types.Decimal:
		return t.Precision > 0 && len(digits) > t.Precision-t.Scale
	case types.Int:
		return t.Bits < 32 || len(digits) > 9
	case types.Float:
		return false
	}
	return true
}

// narrower tells that values of a type may not fit another one.
func narrower(from, to types.Type) bool {
	switch t := to.(type) {
	case types.Text:
		f, ok := from.(types.Text)
		return !ok || t.N > 0 && (f.N == 0 || f.N > t.N || f.Unit != t.Unit)
	case types.Decimal:
		f, ok := from.(types.Decimal)
		if t.Precision == 0 {
			return !types.IsNumeric(from)
		}
		return !ok || f.Precision == 0 || f.Precision-f.Scale > t.Precision-t.Scale
	case types.Int: // a subtype may have a range
		return true
	}
	return fmt.Sprint(from) != fmt.Sprint(to)
}

// mayBeNull tells a bound of a loop that may be NULL, which is an error.
func mayBeNull(e ir.Expr) bool {
	_, literal := e.(*ir.Number)
	return e != nil && !literal
}
