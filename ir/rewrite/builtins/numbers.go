package builtins

import (
	"math"
	"math/big"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

// binary computes +, - and * of numbers exactly: an integer whose result could leave its range becomes a decimal first. PLS_INTEGER overflows
// in the source too.
func (l *lowering) binary(e *ir.Binary) ir.Expr {
	switch e.Op {
	case ir.Add, ir.Sub, ir.Mul:
	default:
		return e
	}
	if _, ok := e.Type.(types.Interval); ok {
		return l.intervalSum(e)
	}
	if !types.IsNumeric(e.Type) {
		return e
	}
	if isFloat(e) {
		return l.binaryFloat(e)
	}
	if isNull(e.L) || isNull(e.R) {
		return build.As(build.Null(e, e.Type), "numeric", e.Type, code)
	}
	if _, ok := e.Type.(types.Int); ok {
		return e
	}
	k := widest(kindOf(e.L), kindOf(e.R))
	a, b := l.long(e.L), l.long(e.R)
	if e.Op == ir.Mul && (a || b) || a && b { // more digits than a number has
		h := l.p.Helper("round_digits", e, e)
		l.quotients[h] = e
		return h
	}
	if k == decimal || k == double || k.whole() && k.fits(limit(e)) {
		return e
	}
	if build.IsConstant(e.L) && !build.IsConstant(e.R) {
		e.R = numeric(e.R)
	} else {
		e.L = numeric(e.L)
	}
	return e
}

// binaryFloat computes with doubles; a number beside one becomes a double by itself.
func (l *lowering) binaryFloat(e *ir.Binary) ir.Expr {
	if t := e.Type.(types.Float); t.Bits == 32 {
		return build.Cast(e, t, code)
	}
	return e
}

// double makes an operand of a binary computation a double, or a real where the result is one.
func (l *lowering) double(x, like ir.Expr) ir.Expr {
	if isFloat(x) || isNull(x) {
		return x
	}
	return build.Cast(x, like.TypeOf(), code)
}

// single rounds a double to the BINARY_FLOAT that the source computes: of a quotient, a remainder and a root that is the same as computing in it.
func single(e ir.Expr, t types.Type) ir.Expr {
	if f, ok := t.(types.Float); ok && f.Bits == 32 {
		return build.Cast(e, f, code)
	}
	return e
}

// divide: quotients have up to 40 digits in the source and at least 16 on the target. Where they cannot be seen, the target's division stands.
func (l *lowering) divide(e *ir.Div) ir.Expr {
	if _, ok := e.Type.(types.Interval); ok {
		return l.intervalTimes(e, e.L, e.R, true)
	}
	if isFloat(e) {
		if zero, known := build.IsZero(e.R); known && !zero {
			x := build.Make(&ir.Div{Kind: ir.DivTarget, L: e.L, R: e.R}, e, e.Type, code)
			if t := e.Type.(types.Float); t.Bits == 32 {
				return build.Cast(x, t, code)
			}
			return x
		}
		h := l.helper("divide_float", e, l.double(e.L, build.As(e, "double precision", types.Float{Bits: 64}, code)), l.double(e.R, build.As(e, "double precision", types.Float{Bits: 64}, code)))
		return single(h, e.Type)
	}
	if isNull(e.L) || isNull(e.R) {
		return build.As(build.Null(e, e.Type), "numeric", e.Type, code)
	}
	if v, ok := constant(e); ok && v != nil { // one with few digits
		if s, exact := decimalText(v); exact {
			n := &ir.Number{Text: s, Kind: ir.DecimalNumber}
			if v.Sign() < 0 {
				n.Text = s[1:]
				return build.Make(&ir.Unary{Op: ir.Neg, X: build.Make(n, e, e.Type, code)}, e, e.Type, code)
			}
			_ = n
			plain := build.Make(&ir.Div{Kind: ir.DivTarget, L: withPoint(e.L), R: e.R}, e, e.Type, code)
			if simpleQuotient(e) {
				return plain
			}
			return build.Make(n, e, e.Type, code)
		}
	}
	plain := build.Make(&ir.Div{Kind: ir.DivTarget, L: e.L, R: e.R}, e, e.Type, code)
	if kindOf(e.L) != decimal && kindOf(e.R) != decimal {
		plain.L = numeric(e.L)
	}
	if l.terminates(e) {
		return plain
	}
	h := l.p.Helper("divide", e, argument(e.L), argument(e.R))
	l.quotients[h] = plain
	return h
}

// withPoint makes a decimal of a whole literal: 1 becomes 1.0.
func withPoint(e ir.Expr) ir.Expr {
	switch x := e.(type) {
	case *ir.Number:
		if x.Kind == ir.IntNumber {
			return build.Make(&ir.Number{Text: x.Text + ".0", Kind: ir.DecimalNumber}, x, x.Type, code)
		}
	case *ir.Unary:
		return build.Make(&ir.Unary{Op: x.Op, X: withPoint(x.X)}, x, x.Type, code)
	}
	return numeric(e)
}

func simpleQuotient(e *ir.Div) bool {
	_, a := e.L.(*ir.Number)
	_, b := e.R.(*ir.Number)
	return a && b
}

// terminates tells that the target's quotient has all digits: an integer of few digits is divided by 2, 4, 5, 8, 10, ...
func (l *lowering) terminates(e *ir.Div) bool {
	v, ok := literalInt(e.R)
	if !ok || v == 0 {
		return false
	}
	n, scale := v, 0
	if n < 0 {
		n = -n
	}
	for n%10 == 0 {
		n, scale = n/10, scale+1
	}
	for n%5 == 0 || n%2 == 0 {
		if n%5 == 0 {
			n /= 5
		} else {
			n /= 2
		}
		scale++
	}
	if n != 1 {
		return false
	}
	d, ok := e.L.TypeOf().(types.Decimal)
	behind := 0
	if ok && d.Precision > 0 && d.Scale > 0 {
		behind = d.Scale
	} else if !kindOf(e.L).whole() {
		if !ok || d.Precision == 0 {
			return false
		}
	}
	m := limit(e.L)
	if math.IsInf(m, 1) {
		return false
	}
	// The quotient has at least 16 significant digits.
	front := 1
	for m >= 10 {
		m, front = m/10, front+1
	}
	return front+behind+scale <= 16
}

// long tells a value that may have all digits of a number: a quotient, and a difference of dates in days.
func (l *lowering) long(e ir.Expr) bool {
	if _, ok := l.quotients[e]; ok {
		return true
	}
	h, ok := e.(*ir.HelperCall)
	return ok && h.Name == "days_between"
}

// few takes the plain form of a quotient where no more than 16 digits count, and the value inside of nullif stays.
func (l *lowering) few(e ir.Expr) ir.Expr {
	if x, ok := l.quotients[e]; ok {
		return x
	}
	return e
}

// coarse tells a value of so few digits that it is on the same side of a quotient as of the quotient's first 16 digits.
func coarse(e ir.Expr) bool {
	const most = 15
	switch x := e.(type) {
	case *ir.Null:
		return true
	case *ir.Number:
		return x.Kind == ir.FloatNumber || len(x.Text) <= most
	case *ir.Unary:
		return coarse(x.X)
	}
	switch t := e.TypeOf().(type) {
	case types.Int, types.Float:
		return true
	case types.Decimal:
		return t.Precision > 0 && t.Precision <= most
	}
	return false
}

// plain is few for comparisons; products and sums of quotients keep their rounding, which may make them whole.
func (l *lowering) plain(e ir.Expr) ir.Expr {
	if _, product := l.quotients[e].(*ir.Binary); product {
		return e
	}
	return l.few(e)
}

// constant computes an expression of literals exactly.
func constant(e ir.Expr) (*big.Rat, bool) {
	switch x := e.(type) {
	case *ir.Number:
		return new(big.Rat).SetString(x.Text)
	case *ir.Unary:
		if v, ok := constant(x.X); ok && x.Op == ir.Neg {
			return v.Neg(v), true
		}
	case *ir.Cast:
		if x.Target && castKind(x) == decimal {
			if _, plain := x.To.(types.Named); plain {
				return constant(x.X)
			}
		}
	case *ir.Div:
		return ratio(x.L, x.R)
	case *ir.HelperCall:
		if x.Name == "divide" && len(x.Args) == 2 {
			return ratio(x.Args[0], x.Args[1])
		}
	case *ir.Binary:
		a, ok := constant(x.L)
		b, ok2 := constant(x.R)
		if !ok || !ok2 {
			return nil, false
		}
		switch x.Op {
		case ir.Add:
			return a.Add(a, b), true
		case ir.Sub:
			return a.Sub(a, b), true
		case ir.Mul:
			return a.Mul(a, b), true
		}
	}
	return nil, false
}

func ratio(l, r ir.Expr) (*big.Rat, bool) {
	a, ok := constant(l)
	b, ok2 := constant(r)
	if !ok || !ok2 || b.Sign() == 0 {
		return nil, false
	}
	return a.Quo(a, b), true
}

// decimalText writes a number with at most 15 digits; exact is false for all others.
func decimalText(v *big.Rat) (s string, exact bool) {
	for n := 1; n <= 15; n++ {
		s = v.FloatString(n)
		if x, ok := new(big.Rat).SetString(s); ok && x.Cmp(v) == 0 {
			return s, len(s) <= 17
		}
	}
	return "", false
}

// round: ROUND and TRUNC of numbers.
func (l *lowering) round(c *ir.Call) ir.Expr {
	name := "round"
	if c.Op == op.OraTrunc {
		name = "trunc"
	}
	x := c.Args[0]
	places, known := int64(0), true
	if len(c.Args) == 2 {
		places, known = literalInt(c.Args[1])
	}
	switch k := kindOf(x); {
	case isNull(x) || len(c.Args) == 2 && isNull(c.Args[1]):
		return build.As(build.Null(c, c.Type), "numeric", c.Type, code)
	case k == double:
		if len(c.Args) == 1 {
			return l.target(name, c, x)
		}
		return numericOf(l.helper(name+"_float", c, x, count(c.Args[1])), c)
	case k.whole() && known && places >= 0:
		return x
	}
	if name == "trunc" && len(c.Args) == 1 {
		if d, ok := l.quotients[x].(*ir.Div); ok {
			return l.target("div", c, numeric(d.L), d.R)
		}
	}
	if name == "round" && known && places >= -20 && places <= 6 && l.narrow(x) {
		x = l.few(x)
	}
	if len(c.Args) == 1 {
		return l.target(name, c, numericUnsure(x))
	}
	return l.target(name, c, numericUnsure(x), count(c.Args[1]))
}

// narrow tells a quotient whose rounding to few places is the same with 16 digits: the divisor has few digits, and the quotient too.
func (l *lowering) narrow(x ir.Expr) bool {
	if a, ok := l.quotients[x].(*ir.Aggregate); ok {
		return a.Op == op.Avg
	}
	if m, ok := l.quotients[x].(*ir.Binary); ok {
		return m.Op == ir.Mul && (tenfold(m.L) || tenfold(m.R))
	}
	d, ok := l.quotients[x].(*ir.Div)
	if !ok {
		return true
	}
	return limit(d.R) <= 1e6 && limit(d.L) <= 1e9
}

// tenfold tells a constant factor without other prime factors than 2 and 5: times it, only a quotient that ends lies half way between two numbers.
func tenfold(e ir.Expr) bool {
	v, ok := constant(e)
	if !ok || v.Sign() == 0 {
		return false
	}
	n := new(big.Int).Abs(v.Num())
	for _, f := range []int64{2, 5} {
		for q, m := new(big.Int), new(big.Int); ; {
			if q.QuoRem(n, big.NewInt(f), m); m.Sign() != 0 {
				break
			}
			n.Set(q)
		}
	}
	return n.IsInt64() && n.Int64() == 1
}

func numericOf(x, like ir.Expr) ir.Expr {
	if isFloat(like) {
		return x
	}
	return build.As(x, "numeric", like.TypeOf(), code)
}

// numericUnsure makes a decimal of what may be an integer, for functions that exist for doubles and decimals.
func numericUnsure(x ir.Expr) ir.Expr {
	switch kindOf(x) {
	case decimal, double:
		return x
	}
	return numeric(x)
}

// number lowers the functions of numbers; ok is false for others.
func (l *lowering) number(c *ir.Call) (ir.Expr, bool) {
	switch c.Op {
	case op.OraRound, op.OraTrunc:
		return l.round(c), true
	}
	for _, a := range c.Args {
		if isNull(a) && numberOps[c.Op] {
			return build.As(build.Null(c, c.Type), "numeric", c.Type, code), true
		}
	}
	x := func(i int) ir.Expr { return c.Args[i] }
	switch c.Op {
	case op.OraAbs:
		if kindOf(x(0)) == unsure {
			return l.target("abs", c, numeric(x(0))), true
		}
		if k := kindOf(x(0)); k.whole() && !k.fits(limit(x(0))) {
			return l.target("abs", c, numeric(x(0))), true
		}
		return l.target("abs", c, x(0)), true
	case op.OraSign:
		return l.target("sign", c, numericUnsure(x(0))), true
	case op.OraCeil, op.OraFloor:
		if kindOf(x(0)).whole() {
			return x(0), true
		}
		if c.Op == op.OraCeil {
			return l.target("ceil", c, numericUnsure(x(0))), true
		}
		return l.target("floor", c, numericUnsure(x(0))), true
	case op.OraMod:
		return l.mod(c), true
	case op.OraBitAnd:
		if a, b := kindOf(x(0)), kindOf(x(1)); a.whole() && b.whole() {
			return build.Op("&", c, types.Int{Bits: 64}, code, x(0), x(1)), true
		}
		return l.helper("bitand", c, argument(x(0)), argument(x(1))), true
	case op.OraPower, op.OraSqrt, op.OraExp, op.OraLn, op.OraLog, op.OraRemainder, op.OraWidthBucket:
		return l.mathHelper(c), true
	case op.OraMath:
		return l.trigonometry(c), true
	case op.OraNaNVL:
		if _, constant := x(1).(*ir.Number); !isFloat(x(0)) && !isFloat(x(1)) { // decimal numbers are numbers
			if !constant {
				return l.refuse(refusedFunction, c, "NANVL of decimal numbers"), true
			}
			return x(0), true
		}
		return l.helper("nanvl", c, l.double(x(0), floatLike(c)), l.double(x(1), floatLike(c))), true
	case op.OraIsNaN:
		if !isFloat(x(0)) {
			return l.refuse(refusedFunction, c, "IS NAN of a decimal number"), true
		}
		return l.special(c, "NaN"), true
	case op.OraIsInfinite:
		if !isFloat(x(0)) {
			return l.refuse(refusedFunction, c, "IS INFINITE of a decimal number"), true
		}
		return l.special(c, "Infinity"), true
	case op.OraBinToNum:
		args := make([]ir.Expr, len(c.Args))
		for i, a := range c.Args {
			args[i] = argument(a)
		}
		return l.helper("bin_to_num", c, args...), true
	}
	return nil, false
}

var numberOps = map[op.Op]bool{op.OraAbs: true, op.OraSign: true, op.OraCeil: true, op.OraFloor: true, op.OraMod: true, op.OraBitAnd: true, op.OraPower: true, op.OraSqrt: true, op.OraExp: true,
	op.OraLn: true, op.OraLog: true, op.OraRemainder: true, op.OraWidthBucket: true, op.OraMath: true, op.OraBinToNum: true}

func floatLike(e ir.Expr) ir.Expr {
	return build.As(e, "double precision", types.Float{Bits: 64}, code)
}

// special compares with a value that is no number, or infinite of either sign.
func (l *lowering) special(c *ir.Call, value string) ir.Expr {
	x := c.Args[0]
	if value == "Infinity" {
		x = l.target("abs", x, x)
	}
	return build.Compare(ir.Eq, x, build.Text(value), c, code)
}

// mod: MOD(x, 0) is x; a divisor other than zero needs no helper.
func (l *lowering) mod(c *ir.Call) ir.Expr {
	a, b := c.Args[0], c.Args[1]
	if isFloat(c) {
		return single(l.helper("mod_float", c, l.double(a, floatLike(c)), l.double(b, floatLike(c))), c.Type)
	}
	if zero, known := build.IsZero(b); known {
		if zero {
			return a
		}
		if kindOf(a) == unsure {
			a = numeric(a)
		}
		return build.Make(&ir.Mod{Zero: ir.ZeroError, L: a, R: b}, c, c.Type, code)
	}
	return l.helper("mod", c, decimalArgument(a), decimalArgument(b))
}

// decimalArgument is argument for helper routines that take numeric only.
func decimalArgument(e ir.Expr) ir.Expr {
	if k := kindOf(e); k.whole() || k == decimal || isNull(e) {
		return e
	}
	return numeric(e)
}

var mathNames = map[op.Op]string{op.OraPower: "power", op.OraSqrt: "sqrt", op.OraExp: "exp", op.OraLn: "ln", op.OraLog: "log", op.OraRemainder: "remainder", op.OraWidthBucket: "width_bucket"}

func (l *lowering) mathHelper(c *ir.Call) ir.Expr {
	name := mathNames[c.Op]
	if isFloat(c) {
		args := make([]ir.Expr, len(c.Args))
		for i, a := range c.Args {
			args[i] = l.double(a, floatLike(c))
		}
		switch c.Op {
		case op.OraRemainder:
			return l.helper("remainder_float", c, args...)
		case op.OraSqrt:
			return single(l.target(name, c, args...), c.Type)
		case op.OraPower, op.OraExp, op.OraLn:
			return l.target(name, c, args...)
		}
		return l.refuse(refusedFunction, c, "%s of binary numbers", c.Name)
	}
	args := make([]ir.Expr, len(c.Args))
	for i, a := range c.Args {
		args[i] = decimalArgument(a)
	}
	return l.helper(name, c, args...)
}

// trigonometry computes with doubles; the result has fewer digits than NUMBER.
func (l *lowering) trigonometry(c *ir.Call) ir.Expr {
	names := map[string]string{"SIN": "sin", "COS": "cos", "TAN": "tan", "ASIN": "asin", "ACOS": "acos", "ATAN": "atan", "ATAN2": "atan2", "SINH": "sinh", "COSH": "cosh", "TANH": "tanh"}
	name := names[c.Name]
	if name == "" {
		return l.refuse(refusedFunction, c, "%s", c.Name)
	}
	args := make([]ir.Expr, len(c.Args))
	for i, a := range c.Args {
		args[i] = l.double(a, floatLike(c))
		if !isFloat(a) {
			args[i] = build.As(a, "double precision", types.Float{Bits: 64}, code)
		}
	}
	x := build.Call(name, c, types.Float{Bits: 64}, code, args...)
	if isFloat(c) {
		return x
	}
	l.note(digits, c.Span, "%s has 15 digits", c.Name)
	return build.As(x, "numeric", c.Type, code)
}

// extreme: GREATEST and LEAST are NULL when one argument is.
func (l *lowering) extreme(c *ir.Call) ir.Expr {
	name := "greatest"
	if c.Op == op.OraLeast {
		name = "least"
	}
	if len(c.Args) == 1 {
		return c.Args[0]
	}
	var nullable []ir.Expr
	simple := true
	for i, a := range c.Args {
		if isNull(a) {
			return build.Make(&ir.Null{}, c, c.Type, code)
		}
		c.Args[i] = l.blanks(a)
		if !l.notNull(a) {
			nullable = append(nullable, a)
			simple = simple && build.IsSimple(a)
		}
	}
	if isText(c) {
		for i := range c.Args {
			if !build.IsConstant(c.Args[i]) || i == len(c.Args)-1 {
				c.Args[i] = collated(c.Args[i])
				break
			}
		}
	}
	plain := l.target(name, c, c.Args...)
	if len(nullable) == 0 {
		return plain
	}
	if simple && len(nullable) <= 3 {
		var cond ir.Expr
		for _, a := range nullable {
			n := build.Make(&ir.IsNull{Not: true, X: ir.Clone(a)}, c, types.Bool{}, code)
			if cond == nil {
				cond = n
			} else {
				cond = build.Make(&ir.Binary{Op: ir.And, L: cond, R: n}, c, types.Bool{}, code)
			}
		}
		return build.If(cond, plain, nil, c, c.Type, code)
	}
	h := l.p.Helper(name+"_of", c, build.Make(&ir.ArrayExpr{Items: c.Args}, c, types.Array{Elem: c.Type}, code))
	h.Variadic = true
	return h
}
