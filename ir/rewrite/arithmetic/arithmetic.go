// Package arithmetic holds the rule for the width of sums and products of integers.
package arithmetic

import (
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

const code = "EX0302"

var unsignedSub = &diag.Code{
	ID: "EX0303", Title: "subtraction of unsigned numbers", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `MySQL raises an error when the difference of numbers, one of which is UNSIGNED, is below zero (Reference Manual, "Arithmetic Operators");
the converted code yields the negative number. Assumed: no such difference occurs.`,
	Each: 0.02,
}

var unsignedRange = &diag.Code{
	ID: "EX0322", Title: "range of unsigned results", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `The sum, product or quotient of numbers, one of which is UNSIGNED (as are the results of bit operators), is an error in MySQL when it is below zero or has more
than 64 bits (Reference Manual, "Out-of-Range and Overflow Handling"), versions squeeze unsigned numbers into the range of signed ones in a UNION, and versions compare such numbers above 2^63 with signed bounds in different ways. The converted code
computes and compares them exactly. Assumed: no such number occurs.`,
	Each: 0.02,
}

var shownDigits = &diag.Code{
	ID: "EX0324", Title: "digits of rounded doubles in products and quotients", Severity: diag.Info, Fidelity: diag.Approximate,
	Doc: `ROUND(x, n) of a DOUBLE has n digits behind the point, and MySQL shows products and quotients of it with so many digits too (or as many as the other operand has),
though the number itself has more (MySQL Reference Manual, "Rounding Behavior"). PostgreSQL shows all digits.`,
	Next: "round the result, or use DECIMAL", Learn: 0.05, Each: 0.02,
}

// Rule is EX0302.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "integer-arithmetic",
		Doc: `MySQL computes with 64 bits whatever the columns are (Reference Manual, "Arithmetic Operators"); PostgreSQL computes with the wider of the
two operands, so that the sum or product of two INT columns can overflow. One operand is widened, except where a literal of up to a million is added and the other operand
cannot be at its limit, or where the sum is stored in an INT, which is an error beyond its range on both sides. A literal with an exponent is a double, as on the source.`,
		Fidelity: diag.Exact,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE t (a INT, b INT, s SMALLINT);",
			Source: "SELECT a * b AS p, a + 1 AS n, s + s AS d FROM t;",
			Target: "SELECT a::bigint * b AS p, a::bigint + 1 AS n, s::integer + s AS d FROM t;",
		}, {
			Setup:  "CREATE TABLE t (a INT, s SMALLINT);",
			Source: "UPDATE t SET a = a + 1 WHERE s + 1 > 3;",
			Target: "UPDATE t SET a = a + 1 WHERE s + 1 > 3;",
		}},
		Findings: []*diag.Code{unsignedSub, unsignedRange, shownDigits},
		After:    map[string]string{"division": "quotients have no width"},
		Looks:    ir.Kinds(ir.HasArithmetic, ir.KindDiv, ir.HasFloat, ir.KindIn, ir.KindCase, ir.KindBetween, ir.KindSetOp),
		Run:      run,
	}
}

func run(p *rewrite.Pass) {
	united(p)
	kept, checked := stored(p)
	p.Exprs(func(e ir.Expr) ir.Expr {
		operands(e)
		switch b := e.(type) {
		case *ir.Unary:
			if b.Op == ir.Neg && (wide(b.X) || full(b.X)) && !build.IsConstant(b.X) {
				p.Report(unsignedRange, b.Span, "the number in %s is assumed to have less than 64 bits", b.Span.Text())
			}
			if b.Op == ir.Neg && single(b.X) {
				b.X = build.As(b.X, "double precision", types.Float{Bits: 64}, code)
			}
			if t, ok := b.X.TypeOf().(types.Int); ok && b.Op == ir.Neg && t.Bits == 16 && build.Width(b.X) == 16 && !kept[b] {
				b.X = build.As(b.X, "integer", types.Int{Bits: 32}, code)
			}
			if b.Op == ir.Neg && build.Width(b.X) == 32 && !build.Bounded(b.X) && !kept[b] {
				b.X = build.As(b.X, "bigint", types.Int{Bits: 64}, code)
			}
		case *ir.Compare:
			if !single(b.L) || !single(b.R) {
				b.L, b.R = double(b.L, b.R)
			}
		case *ir.Binary:
			b.L, b.R = double(b.L, b.R)
			if b.Op == ir.Add || b.Op == ir.Sub || b.Op == ir.Mul {
				inRange(p, b, b.L, b.R)
				widen(p, b, kept[b], checked[b])
			}
			if t, ok := b.Type.(types.Int); ok && t.Unsigned && b.Op == ir.Sub && !checked[b] {
				return p.Helper("not_below_zero", b, build.As(b, "numeric", t, code))
			}
			if t, ok := b.Type.(types.Float); ok && t.Decimals == 0 && b.Op == ir.Mul && fixed(b.L, b.R) {
				p.Report(shownDigits, b.Span, "%s is shown with all of its digits", b.Span.Text())
			}
		case *ir.Div:
			b.L, b.R = double(b.L, b.R)
			if fixed(b.L, b.R) || whole(b.L) || whole(b.R) {
				p.Report(shownDigits, b.Span, "%s is shown with all of its digits", b.Span.Text())
			}
		case *ir.HelperCall:
			if b.Name == "float_mod" && len(b.Args) == 2 && fixed(uncast(b.Args[0]), uncast(b.Args[1])) {
				p.Report(shownDigits, b.Span, "%s is shown with all of its digits", b.Span.Text())
			}
		case *ir.In:
			if full(b.X) || wide(b.X) {
				belowZero(p, b, b.List...)
			}
		case *ir.Case:
			if b.Operand != nil && (full(b.Operand) || wide(b.Operand)) {
				for _, w := range b.Whens {
					belowZero(p, b, w.Cond)
				}
			}
		case *ir.Between:
			if (full(b.Lo) || full(b.Hi)) && !full(b.X) || wide(b.X) || wide(b.Lo) || wide(b.Hi) || full(b.X) && (signed(b.Lo) || signed(b.Hi)) {
				p.Report(unsignedRange, b.Span, "the numbers of %s are assumed to have less than 64 bits", b.Span.Text())
			}
		}
		return e
	})
}

// belowZero reports signed numbers that a list compares with numbers of 64 unsigned bits.
func belowZero(p *rewrite.Pass, at ir.Expr, list ...ir.Expr) {
	for _, v := range list {
		if signed(v) {
			p.Report(unsignedRange, at.Base().Span, "the numbers compared with %s are assumed not to be below zero", v.Base().Span.Text())
			return
		}
	}
}

// double makes a literal like 0.1E0 binary floating point, which it is on the source; the target reads it as a decimal
// unless the other side is a double.
func double(l, r ir.Expr) (ir.Expr, ir.Expr) {
	left, right := floatLiteral(l), floatLiteral(r)
	switch {
	case single(l) && single(r):
		l = build.As(l, "double precision", types.Float{Bits: 64}, code)
	case left && (right || !build.IsFloat(r)):
		l = build.As(l, "double precision", types.Float{Bits: 64}, code)
	case right && !left && !build.IsFloat(l):
		r = build.As(r, "double precision", types.Float{Bits: 64}, code)
	}
	return l, r
}

// single tells a FLOAT, which MySQL computes with as with a double.
func single(e ir.Expr) bool {
	t, ok := e.TypeOf().(types.Float)
	return ok && t.Bits == 32 && t.Digits == 0
}

func floatLiteral(e ir.Expr) bool {
	switch n := e.(type) {
	case *ir.Number:
		return n.Kind == ir.FloatNumber
	case *ir.Unary:
		return n.Op == ir.Neg && floatLiteral(n.X)
	}
	return false
}

// whole tells a double that is rounded to a whole number.
func whole(e ir.Expr) bool {
	c, ok := e.(*ir.Call)
	if !ok || !build.IsFloat(c) {
		return false
	}
	switch c.Op {
	case op.Round, op.Truncate, op.Floor, op.Ceil:
		return true
	}
	return false
}

// uncast is a value as it was before it became a double for a function of the target.
func uncast(e ir.Expr) ir.Expr {
	if c, ok := e.(*ir.Cast); ok && c.Target {
		return c.X
	}
	return e
}

// fixed tells that a rounded double meets another number with a fixed count of digits.
func fixed(l, r ir.Expr) bool {
	digits := func(e ir.Expr) (ok, rounded bool) {
		switch t := e.TypeOf().(type) {
		case types.Int, types.Decimal:
			return true, false
		case types.Float:
			return t.Decimals > 0, t.Decimals > 0
		}
		return false, false
	}
	a, ra := digits(l)
	b, rb := digits(r)
	return a && b && (ra || rb)
}

// wide tells the result of a computation with 64 unsigned bits.
func wide(e ir.Expr) bool {
	t, ok := e.TypeOf().(types.Int)
	if !ok || !t.Unsigned || t.Bits < 64 {
		return false
	}
	switch n := e.(type) {
	case *ir.Number:
		return false
	case *ir.Name:
		_, computed := n.Ref.(*ir.OutputRef)
		return computed
	}
	return true
}

// full tells a column or literal with 64 unsigned bits.
func full(e ir.Expr) bool {
	t, ok := e.TypeOf().(types.Int)
	return ok && t.Unsigned && t.Bits == 64
}

// literal is the value of an integer literal, or a large one for everything else.
func literal(e ir.Expr) int64 {
	if v, ok := build.IntLiteral(e); ok {
		return v
	}
	return 1 << 62
}

// signed tells a value that may be below zero.
func signed(e ir.Expr) bool {
	if v, ok := build.IntLiteral(e); ok {
		return v < 0
	}
	if _, literal := e.(*ir.Number); literal {
		return false // too large for 64 bits with a sign
	}
	t, ok := e.TypeOf().(types.Int)
	return ok && !t.Unsigned
}

// inRange reports unsigned results that the source checks.
func inRange(p *rewrite.Pass, at *ir.Binary, l, r ir.Expr) {
	t, ok := at.Type.(types.Int)
	if !ok || !t.Unsigned || at.Op == ir.Sub {
		return
	}
	if at.Op == ir.Mul && build.Width(l) == 64 && build.Width(r) == 64 && !signed(l) && !signed(r) && !small(ir.Add, literal(l)) && !small(ir.Add, literal(r)) {
		p.Report(unsignedRange, at.Span, "the result of %s is assumed not to have more than 64 bits", at.Span.Text())
		if _, lit := build.IntLiteral(l); lit {
			at.R = build.Numeric(r, code)
		} else {
			at.L = build.Numeric(l, code) // up to 64 bits
		}
	}
	if wide(l) || wide(r) || signed(l) || signed(r) || full(l) || full(r) {
		p.Report(unsignedRange, at.Span, "the result of %s is assumed to be neither below zero nor to have more than 64 bits", at.Span.Text())
	}
}

// united reports columns of a set operation in which results with 64 unsigned bits meet signed numbers.
func united(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			o, ok := n.(*ir.SetOp)
			if !ok {
				return true
			}
			l, left := o.L.(*ir.Select)
			r, right := o.R.(*ir.Select)
			for i := 0; left && right && i < min(len(l.Items), len(r.Items)); i++ {
				if a, b := l.Items[i].Expr, r.Items[i].Expr; (wide(a) || full(a) || reaches(a, b)) && signedType(b) || (wide(b) || full(b) || reaches(b, a)) && signedType(a) {
					p.Report(unsignedRange, o.Span, "the unsigned numbers of column %d of the set operation are assumed to be in the range of the signed ones", i+1)
				}
			}
			return true
		})
	}
}

// reaches tells an unsigned column of 32 bits that early versions of the source squeeze into the range of a narrower signed one.
func reaches(e, other ir.Expr) bool {
	t, ok := e.TypeOf().(types.Int)
	o, ok2 := other.TypeOf().(types.Int)
	return ok && ok2 && t.Unsigned && t.Bits <= 32 && t.Bits >= o.Bits
}

func signedType(e ir.Expr) bool {
	t, ok := e.TypeOf().(types.Int)
	return ok && !t.Unsigned
}

// operands gives choices between integers and decimals that are computed with the digits behind the point that their type has: the
// result shows them.
func operands(e ir.Expr) {
	switch x := e.(type) {
	case *ir.Unary:
		if x.Op == ir.Neg {
			spread(x.X)
		}
	case *ir.Binary:
		if x.Op == ir.Add || x.Op == ir.Sub || x.Op == ir.Mul {
			spread(x.L)
			spread(x.R)
		}
	case *ir.Call:
		if x.Op == op.Abs {
			spread(x.Args[0])
		}
	case *ir.Aggregate:
		if (x.Op == op.Sum || x.Op == op.Min || x.Op == op.Max) && len(x.Args) == 1 {
			spread(x.Args[0])
		}
	}
}

// spread casts integers among the results of a choice between decimals.
func spread(e ir.Expr) {
	c, ok := e.(*ir.Case)
	if !ok {
		return
	}
	t, ok := c.Type.(types.Decimal)
	if !ok || t.Precision == 0 || t.Scale == 0 || ir.Find(c, isQuotient) {
		return
	}
	for _, w := range c.Whens {
		w.Then = spreadInt(w.Then, t)
	}
	if c.Else != nil {
		c.Else = spreadInt(c.Else, t)
	}
}

func isQuotient(n ir.Node) bool {
	d, ok := n.(*ir.Div)
	if !ok {
		return false
	}
	_, whole := d.Type.(types.Int)
	return !whole
}

// spreadInt gives an integer the digits of a decimal.
func spreadInt(e ir.Expr, t types.Decimal) ir.Expr {
	d, dec := e.TypeOf().(types.Decimal)
	if _, whole := e.TypeOf().(types.Int); !whole && !(dec && d.Precision > 0 && d.Scale < t.Scale && !build.IsConstant(e)) {
		return e
	}
	if v, ok := build.IntLiteral(e); ok && v >= 0 {
		n := &ir.Number{Text: strconv.FormatInt(v, 10) + "." + strings.Repeat("0", t.Scale), Kind: ir.DecimalNumber}
		return build.Make(n, e, t, code)
	}
	return build.Cast(e, t, code)
}

// stored are the sums and the like that are stored in an INT as they are, and those that are stored in an unsigned one, which is checked.
func stored(p *rewrite.Pass) (out, checked map[ir.Expr]bool) {
	out, checked = map[ir.Expr]bool{}, map[ir.Expr]bool{}
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			if c, ok := n.(*ir.Cast); ok && c.Store && c.Fail == ir.FailError {
				if t, ok := c.To.(types.Int); ok && t.Bits <= 32 && !t.Unsigned {
					out[c.X] = true
				} else if ok && t.Unsigned {
					checked[c.X] = true
				}
			}
			return true
		})
	}
	return out, checked
}

func widen(p *rewrite.Pass, b *ir.Binary, stored, checked bool) {
	if t, ok := b.Type.(types.Int); ok && t.Unsigned && b.Op == ir.Sub && checked {
		p.Report(unsignedSub, b.Span, "the difference %s is assumed not to be below zero", b.Span.Text())
	}
	if b.Op == ir.Sub && (countsUp(b.L) || countsUp(b.R)) {
		p.Report(unsignedSub, b.Span, "the difference %s is assumed not to be below zero", b.Span.Text())
	}
	if (b.Op == ir.Mul || b.Op == ir.Add) && (countsUp(b.L) && signed(b.R) || countsUp(b.R) && signed(b.L)) {
		p.Report(unsignedRange, b.Span, "the result of %s is assumed not to be below zero", b.Span.Text())
	}
	b.L, b.R = counted(b.Op, b.L, b.R), counted(b.Op, b.R, b.L)
	l, r := build.Width(b.L), build.Width(b.R)
	w := max(l, r)
	if l == 0 || r == 0 || w == 64 {
		return
	}
	vl, constL := build.IntLiteral(b.L)
	vr, constR := build.IntLiteral(b.R)
	if constL && constR && b.Op == ir.Mul && small(ir.Add, vl) && small(ir.Add, vr) && vl*vr < 1<<30 && vl*vr > -1<<30 {
		return
	}
	if constL && small(b.Op, vl) && (stored || build.Bounded(b.R)) || constR && small(b.Op, vr) && (stored || build.Bounded(b.L)) {
		return
	}
	if w == 16 {
		b.L = build.As(b.L, "integer", types.Int{Bits: 32}, code)
		return
	}
	if constL || r == 64 {
		b.R = build.As(b.R, "bigint", types.Int{Bits: 64}, code)
		return
	}
	b.L = build.As(b.L, "bigint", types.Int{Bits: 64}, code)
}

// counted gives a literal 64 bits with which a length or a number of days could leave the 32 bits that those have on the target.
func counted(o ir.BinaryOp, e, other ir.Expr) ir.Expr {
	v, ok := build.IntLiteral(e)
	c, call := other.(*ir.Call)
	if !ok || !call || build.Width(e) > 32 || o == ir.Mul && v > -1000 && v < 1000 || o != ir.Mul && v > -1<<30 && v < 1<<30 {
		return e
	}
	switch c.Op {
	case op.DateDiff, op.OctetLength, op.CharLength, op.BitLength, op.ToDays:
		return build.As(e, "bigint", types.Int{Bits: 64}, code)
	}
	return e
}

// countsUp tells functions whose results are unsigned by versions of the source.
func countsUp(e ir.Expr) bool {
	switch e := e.(type) {
	case *ir.Call:
		return e.Op == op.Year || e.Op == op.CRC32
	case *ir.Aggregate:
		return e.Op == op.RowNumber || e.Op == op.Rank || e.Op == op.DenseRank || e.Op == op.NTile
	}
	return false
}

// small tells a literal with which the sum or product of usual values stays in 32 bits; beyond them the target raises an error.
func small(o ir.BinaryOp, v int64) bool {
	if o == ir.Mul {
		return v >= -1 && v <= 1
	}
	return v >= -1000000 && v <= 1000000
}
