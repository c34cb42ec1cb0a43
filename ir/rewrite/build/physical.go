package build

import (
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/types"
)

// Width is the number of bits of the target's integer that an expression yields, 0 when it is no integer there.
// A BIGINT UNSIGNED is a decimal on the target.
func Width(e ir.Expr) int {
	t, ok := e.TypeOf().(types.Int)
	switch e := e.(type) {
	case *ir.Number:
		return literalWidth(e)
	case *ir.Unary:
		if v, ok := IntLiteral(e); ok && v == -1<<31 {
			return 32
		}
		if e.Op == ir.Neg {
			return Width(e.X)
		}
	case *ir.Binary:
		if e.Op == ir.Sub && types.IsTemporal(e.L.TypeOf()) && types.IsTemporal(e.R.TypeOf()) {
			return 32 // days
		}
		return sumWidth(e, Width(e.L), Width(e.R))
	case *ir.Mod:
		r := e.R
		if c, ok := r.(*ir.TargetCall); ok && c.Name == "nullif" {
			r = c.Args[0]
		}
		a, b := Width(e.L), Width(r)
		if a == 0 || b == 0 {
			return 0
		}
		return max(a, b)
	case *ir.BoolValue:
		return 32
	case *ir.Cast:
		if e.Target {
			return namedWidth(e)
		}
	case *ir.Aggregate:
		if (e.Op == op.Min || e.Op == op.Max) && len(e.Args) == 1 {
			return Width(e.Args[0])
		}
		return 0
	case *ir.TargetCall, *ir.HelperCall, *ir.TargetOp:
		return 0
	}
	if _, year := e.TypeOf().(types.Year); year {
		return 16
	}
	if !ok {
		return 0
	}
	return intWidth(t)
}

// sumWidth is the Width of an operation on integers, given those of its operands.
func sumWidth(e *ir.Binary, l, r int) int {
	if l == 0 || r == 0 || e.Bits != 0 {
		return 0
	}
	return max(l, r)
}

// Bounded tells an integer of the target that is surely not within a million of the limits of 32 bits, if it has no more.
func Bounded(e ir.Expr) bool {
	_, ok := bounds(e)
	return ok
}

// bounds is Width and Bounded at once: sums nest deeply, and asking both at each level would take the square of the depth.
func bounds(e ir.Expr) (width int, bounded bool) {
	if v, ok := IntLiteral(e); ok {
		return Width(e), v > -1<<30 && v < 1<<30
	}
	switch x := e.(type) {
	case *ir.Unary:
		w, ok := bounds(x.X)
		if x.Op != ir.Neg {
			w = Width(x)
		}
		return w, ok || w == 16 || w == 64
	case *ir.Binary:
		if x.Op == ir.Sub && types.IsTemporal(x.L.TypeOf()) && types.IsTemporal(x.R.TypeOf()) {
			return 32, true
		}
		l, left := bounds(x.L)
		r, right := bounds(x.R)
		w := sumWidth(x, l, r)
		return w, w == 16 || w == 64 || (x.Op == ir.Add || x.Op == ir.Sub) && left && right
	}
	w := Width(e)
	return w, w == 16 || w == 64 || small(e)
}

// small tells an expression, no operation on others, whose values are far from the limits of 32 bits.
func small(e ir.Expr) bool {
	switch e := e.(type) {
	case *ir.BoolValue:
		return true
	case *ir.Mod:
		v, ok := IntLiteral(e.R)
		return ok && v > -1<<30 && v < 1<<30
	case *ir.Case:
		for _, w := range e.Whens {
			if !Bounded(w.Then) {
				return false
			}
		}
		return e.Else == nil || Bounded(e.Else)
	case *ir.Call:
		switch e.Op {
		case op.Coalesce, op.IfNull, op.Greatest, op.Least, op.NullIf:
			for _, a := range e.Args {
				if !Bounded(a) {
					return false
				}
			}
			return true
		case op.OctetLength, op.CharLength, op.BitLength, op.ASCII, op.Ord, op.Locate, op.Instr, op.Field, op.FindInSet, op.Strcmp, op.Year, op.Month, op.DayOfMonth,
			op.DayOfWeek, op.Weekday, op.DayOfYear, op.Quarter, op.Week, op.YearWeek, op.Hour, op.Minute, op.Second, op.Microsecond, op.DateDiff, op.ToDays,
			op.TimeToSec, op.Sign, op.BitCount, op.Extract:
			return true
		}
	case *ir.TargetCall:
		switch e.Name {
		case "length", "char_length", "octet_length", "strpos", "position", "ascii", "extract", "sign", "array_position", "jsonb_array_length":
			return true
		}
	case *ir.Null:
		return true
	}
	return false
}

func intWidth(t types.Int) int {
	switch {
	case t.Bits <= 8, t.Bits == 16 && !t.Unsigned:
		return 16
	case t.Bits <= 24, t.Bits == 32 && !t.Unsigned:
		return 32
	case t.Bits == 64 && t.Unsigned:
		return 0
	}
	return 64
}

func literalWidth(n *ir.Number) int {
	if n.Kind != ir.IntNumber {
		return 0
	}
	s := strings.TrimLeft(n.Text, "0")
	switch {
	case len(s) < 10 || len(s) == 10 && s <= "2147483647":
		return 32
	case len(s) < 19 || len(s) == 19 && s <= "9223372036854775807":
		return 64
	}
	return 0
}

func namedWidth(c *ir.Cast) int {
	switch t := c.To.(type) {
	case types.Named:
		switch t.Name {
		case "smallint":
			return 16
		case "integer":
			return 32
		case "bigint":
			return 64
		}
	case types.Int:
		return intWidth(t)
	}
	return 0
}

// IsNumeric tells that an expression surely yields the target's decimal type.
func IsNumeric(e ir.Expr) bool {
	switch e := e.(type) {
	case *ir.Name:
		switch t := e.Type.(type) {
		case types.Decimal:
			return true
		case types.Int:
			return t.Bits == 64 && t.Unsigned
		}
		return false
	case *ir.Number:
		return e.Kind == ir.DecimalNumber
	case *ir.Unary:
		return e.Op == ir.Neg && IsNumeric(e.X)
	case *ir.Binary:
		return (e.Op == ir.Add || e.Op == ir.Sub || e.Op == ir.Mul) && (IsNumeric(e.L) || IsNumeric(e.R)) && !IsFloat(e)
	case *ir.Div:
		return e.Kind == ir.DivTarget && (IsNumeric(e.L) || IsNumeric(e.R)) && !IsFloat(e)
	case *ir.Cast:
		if !e.Target {
			return false
		}
		switch t := e.To.(type) {
		case types.Named:
			return t.Name == "numeric"
		case types.Decimal:
			return true
		}
	case *ir.TargetCall:
		switch e.Name {
		case "round", "trunc", "nullif", "abs", "mod":
			return len(e.Args) > 0 && IsNumeric(e.Args[0])
		case "div":
			return true
		}
	case *ir.Aggregate:
		if e.Op == op.Avg && !IsFloat(e) {
			return true
		}
		return (e.Op == op.Sum || e.Op == op.Min || e.Op == op.Max) && len(e.Args) == 1 && IsNumeric(e.Args[0])
	}
	return false
}

// IsFloat tells that the type of an expression is binary floating point.
func IsFloat(e ir.Expr) bool {
	_, ok := e.TypeOf().(types.Float)
	return ok
}

// IsInt tells that the type of an expression is an integer.
func IsInt(e ir.Expr) bool {
	switch e.TypeOf().(type) {
	case types.Int, types.Year:
		return true
	}
	return false
}

// Numeric makes a decimal of the target of a number.
func Numeric(e ir.Expr, code string) ir.Expr {
	if IsNumeric(e) {
		return e
	}
	if n, ok := e.(*ir.Number); ok && n.Kind == ir.IntNumber {
		return Make(&ir.Number{Text: n.Text + ".0", Kind: ir.DecimalNumber}, n, n.Type, "")
	}
	return As(e, "numeric", e.TypeOf(), code)
}

// Bigint makes a 64-bit integer of the target of a number.
func Bigint(e ir.Expr, code string) ir.Expr {
	if w := Width(e); w == 64 || w > 0 && IsConstant(e) {
		return e
	}
	return As(e, "bigint", types.Int{Bits: 64}, code)
}

// Integer makes a 32-bit integer of the target of a number; a literal stays.
func Integer(e ir.Expr, code string) ir.Expr {
	if w := Width(e); w > 0 && w <= 32 {
		return e
	}
	return As(e, "integer", types.Int{Bits: 32}, code)
}

// Float makes a double of the target of a number.
func Float(e ir.Expr, code string) ir.Expr {
	if n, ok := e.(*ir.Name); ok && IsFloat(n) {
		return e
	}
	if c, ok := e.(*ir.Cast); ok && c.Target && IsFloat(c) {
		return e
	}
	return As(e, "double precision", types.Float{Bits: 64}, code)
}

// NotZero makes a divisor NULL when it is zero; a literal other than zero stays.
func NotZero(e ir.Expr, code string) ir.Expr {
	if zero, known := IsZero(e); known && !zero {
		return e
	}
	return Call("nullif", e, e.TypeOf(), code, e, Int(0))
}

// Moment makes a date and time without zone of a temporal value.
func Moment(e ir.Expr, code string) ir.Expr {
	switch e.TypeOf().(type) {
	case types.Timestamp, types.Date:
		return As(e, "timestamp", types.DateTime{Precision: op.Precision(e.TypeOf())}, code)
	}
	return e
}

// bins are the widths of the digits that date_trunc has no name for.
var bins = map[int]string{1: "100 milliseconds", 2: "10 milliseconds", 4: "100 microseconds", 5: "10 microseconds"}

// CutFraction drops digits of the fraction of a moment's second; of a duration only with a precision of 0 or 3.
func CutFraction(x ir.Expr, precision int, code string) ir.Expr {
	switch precision {
	case 0:
		return Call("date_trunc", x, x.TypeOf(), code, Text("second"), x)
	case 3:
		return Call("date_trunc", x, x.TypeOf(), code, Text("milliseconds"), x)
	}
	if w := bins[precision]; w != "" {
		return Call("date_bin", x, x.TypeOf(), code, Text(w), x, Text("epoch"))
	}
	return x
}

// Day makes a date of a temporal value.
func Day(e ir.Expr, code string) ir.Expr {
	if _, ok := e.TypeOf().(types.Date); ok {
		return e
	}
	return As(e, "date", types.Date{}, code)
}
