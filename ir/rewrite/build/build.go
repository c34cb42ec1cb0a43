// Package build makes expressions of the target for rules, and answers what rules ask about operands.
package build

import (
	"strconv"

	"godwit/ir"
	"godwit/ir/types"
)

// Make gives a new expression the place of the one it replaces, a type, and the code of the rule that made it.
func Make[T ir.Expr](e T, like ir.Expr, t types.Type, code string) T {
	m := e.Base()
	m.Span = like.Base().Span
	m.Origin = append(m.Origin, like.Base().Origin...)
	if code != "" {
		m.Made(code)
	}
	e.SetType(t)
	return e
}

// Call is a call of a function of the target.
func Call(name string, like ir.Expr, t types.Type, code string, args ...ir.Expr) *ir.TargetCall {
	return Make(&ir.TargetCall{Name: name, Args: args}, like, t, code)
}

// Op is an operator of the target; l is nil for a prefix operator.
func Op(o string, like ir.Expr, t types.Type, code string, l, r ir.Expr) *ir.TargetOp {
	return Make(&ir.TargetOp{Op: o, L: l, R: r}, like, t, code)
}

// Int is an integer literal.
func Int(v int64) ir.Expr {
	t := types.Int{Bits: 32}
	if v > 1<<31-1 || v < -1<<31 {
		t.Bits = 64
	}
	if v < 0 {
		n := &ir.Number{Text: strconv.FormatInt(v, 10)[1:]}
		n.Type = t
		u := &ir.Unary{Op: ir.Neg, X: n}
		u.Type = t
		return u
	}
	n := &ir.Number{Text: strconv.FormatInt(v, 10)}
	n.Type = t
	return n
}

// Text is a character literal.
func Text(s string) *ir.String {
	x := &ir.String{Value: s}
	x.Type = types.Text{N: len([]rune(s))}
	return x
}

// Null is NULL.
func Null(like ir.Expr, t types.Type) *ir.Null { return Make(&ir.Null{}, like, t, "") }

// As is the target's own cast to a type of the target by its name; t is the type of the source that the value has.
func As(x ir.Expr, target string, t types.Type, code string) ir.Expr {
	return Make(&ir.Cast{X: x, To: types.Named{Name: target}, Target: true}, x, t, code)
}

// Cast is the target's own cast to a type as it maps there.
func Cast(x ir.Expr, t types.Type, code string) ir.Expr {
	return Make(&ir.Cast{X: x, To: t, Target: true}, x, t, code)
}

// Compare is a predicate.
func Compare(o ir.CompareOp, l, r ir.Expr, like ir.Expr, code string) *ir.Compare {
	return Make(&ir.Compare{Op: o, L: l, R: r}, like, types.Bool{}, code)
}

// If is CASE WHEN cond THEN then ELSE other END; other is nil for NULL.
func If(cond, then, other ir.Expr, like ir.Expr, t types.Type, code string) *ir.Case {
	w := &ir.When{Cond: cond, Then: then}
	w.Span = like.Base().Span
	return Make(&ir.Case{Whens: []*ir.When{w}, Else: other}, like, t, code)
}

// IntLiteral reads an integer literal with its sign.
func IntLiteral(e ir.Expr) (int64, bool) {
	switch e := e.(type) {
	case *ir.Number:
		if e.Kind != ir.IntNumber {
			return 0, false
		}
		v, err := strconv.ParseInt(e.Text, 10, 64)
		return v, err == nil
	case *ir.Unary:
		if e.Op != ir.Neg {
			return 0, false
		}
		v, ok := IntLiteral(e.X)
		return -v, ok
	case *ir.Cast:
		if e.Implicit {
			return IntLiteral(e.X)
		}
	}
	return 0, false
}

// TextLiteral reads a character literal.
func TextLiteral(e ir.Expr) (string, bool) {
	switch e := e.(type) {
	case *ir.String:
		return e.Value, true
	case *ir.Collate:
		return TextLiteral(e.X)
	}
	return "", false
}

// IsConstant tells that an expression is a literal, with a sign at most.
func IsConstant(e ir.Expr) bool {
	switch e := e.(type) {
	case *ir.Number, *ir.String, *ir.Bytes, *ir.Bool, *ir.Temporal, *ir.Null:
		return true
	case *ir.Unary:
		return e.Op == ir.Neg && IsConstant(e.X)
	}
	return false
}

// IsZero tells whether a number literal is zero; known is false for everything else.
func IsZero(e ir.Expr) (zero, known bool) {
	switch e := e.(type) {
	case *ir.Number:
		v, err := strconv.ParseFloat(e.Text, 64)
		return v == 0, err == nil
	case *ir.Unary:
		if e.Op == ir.Neg {
			return IsZero(e.X)
		}
	}
	return false, false
}

// IsSimple tells that an expression may be written twice: a name or a literal.
func IsSimple(e ir.Expr) bool {
	switch e.(type) {
	case *ir.Name, *ir.Param:
		return true
	}
	return IsConstant(e)
}
