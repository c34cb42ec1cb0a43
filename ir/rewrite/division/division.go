// Package division holds the rule for / and DIV, % and the digits of averages.
package division

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

const code = "EX0300"

var negative = &diag.Code{
	ID: "EX0323", Title: "unsigned quotients", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `MySQL raises an error when the integer quotient (DIV) of numbers, one of which is UNSIGNED, is below zero (Reference Manual, "Arithmetic Operators");
the converted code yields the negative number. Assumed: no such quotient occurs.`,
	Each: 0.02,
}

var digits = &diag.Code{
	ID: "EX0325", Title: "digits of quotients inside expressions", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `MySQL cuts an exact quotient that is computed with or compared behind its ninth digit, or a multiple of nine for longer operands (Reference Manual, "Arithmetic Operators"):
there 1/3*1000000000000 is 333333333000.0000 and 2/5000000000 equals 0. The converted code keeps more digits. Assumed: nothing depends on them.`,
}

// Rule is EX0300.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "division",
		Doc: `MySQL divides exact numbers exactly and shows four more digits than the dividend has (MySQL Reference Manual, "Arithmetic Operators");
PostgreSQL's / on integers drops the remainder. The dividend becomes numeric, and the value is rounded to MySQL's digits where it is seen: in
a result, a store or a text, but not inside further arithmetic or a comparison, where MySQL keeps more digits as well. AVG is treated the
same way, and so are derived tables that the source merges into the query around them: the rounding moves out to where the column is seen. A zero divisor gives NULL, so the divisor is wrapped in nullif unless it is a literal. DIV is integer division, which both round toward
zero; the remainder has the sign of the dividend in both. A quotient of more than 16 digits has fewer digits behind the point on PostgreSQL.`,
		Fidelity: diag.Exact,
		Examples: []rewrite.Example{
			{
				Setup:  "CREATE TABLE q (a INT, b INT);",
				Source: "SELECT a / b AS x FROM q WHERE a / b > 2;",
				Target: `SELECT round(a::numeric / nullif(b, 0), 4) AS x FROM q WHERE a::numeric / nullif(b, 0) > 2;`,
			},
			{
				Setup:  "CREATE TABLE q (a INT, b INT);",
				Source: "SELECT r, r * 100 AS p FROM (SELECT IFNULL(a / b, 0) AS r FROM q) t;",
				Target: "SELECT round(r, 4) AS r, round(r * 100, 4) AS p FROM (SELECT coalesce(a::numeric / nullif(b, 0), 0.0000) AS r FROM q) AS t;",
			},
			{
				Setup:  "CREATE TABLE q (a INT, b INT);",
				Source: "SELECT a DIV 2 AS h, a % b AS r FROM q;",
				Target: "SELECT a / 2 AS h, a % nullif(b, 0) AS r FROM q;",
			},
		},
		Findings: []*diag.Code{negative, digits},
		Looks:    ir.Kinds(ir.KindDiv, ir.KindMod, ir.KindAggregate),
		Run:      run,
	}
}

// run remembers for each visible, rounded value the value with all of its digits.
func run(p *rewrite.Pass) {
	r := rounder{p: p, full: map[ir.Expr]ir.Expr{}, noted: new(bool)}
	p.Exprs(r.expr)
	r.united()
	r.merged()
}

// united: a quotient that a set operation makes a double goes there with all of its digits.
func (r rounder) united() {
	var branch func(ir.Query, int)
	branch = func(q ir.Query, i int) {
		switch q := q.(type) {
		case *ir.SetOp:
			branch(q.L, i)
			branch(q.R, i)
		case *ir.Select:
			if i < len(q.Items) {
				it := q.Items[i]
				if x := r.open(it.Expr); x != it.Expr {
					it.Expr = build.Float(x, code)
				}
			}
		}
	}
	for _, s := range r.p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			if u, ok := n.(*ir.SetOp); ok && u.Row != nil {
				for i, t := range u.Row.Types {
					if _, double := t.(types.Float); double {
						branch(u, i)
					}
				}
			}
			return true
		})
	}
}

type rounder struct {
	p    *rewrite.Pass
	full map[ir.Expr]ir.Expr
	// noted tells that the digits of quotients have been reported.
	noted *bool
}

func (r rounder) open(e ir.Expr) ir.Expr {
	if x, ok := r.full[e]; ok {
		q, ok := x.(*ir.Div)
		_, name := x.(*ir.Name)
		a, average := x.(*ir.Aggregate)
		if (name || average && a.Op == op.Avg || ok && !short(q.R)) && !*r.noted {
			*r.noted = true
			r.p.Report(digits, e.Base().Span, "the digits of quotients behind the ninth are assumed not to count")
		}
		return x
	}
	return e
}

func (r rounder) expr(e ir.Expr) ir.Expr {
	switch e := e.(type) {
	case *ir.Div:
		return r.div(e)
	case *ir.Mod:
		l, rt := r.open(e.L), r.open(e.R)
		opened := l != e.L || rt != e.R
		e.L, e.R = l, rt
		if m := r.mod(e); opened {
			return r.seen(m)
		} else {
			return m
		}
	case *ir.Case:
		return r.choice(e)
	case *ir.Subquery:
		if s, ok := e.Query.(*ir.Select); ok && len(s.Items) == 1 && !s.Distinct && len(s.GroupBy) == 0 && r.opens(&s.Items[0].Expr) {
			return r.seen(e)
		}
	case *ir.Binary:
		if e.Op == ir.Add || e.Op == ir.Sub || e.Op == ir.Mul {
			l, rt := r.open(e.L), r.open(e.R)
			if l != e.L || rt != e.R {
				e.L, e.R = l, rt
				return r.seen(e)
			}
		}
	case *ir.Unary:
		if x := r.open(e.X); e.Op == ir.Neg && x != e.X {
			e.X = x
			return r.seen(e)
		}
	case *ir.Compare:
		e.L, e.R = r.open(e.L), r.open(e.R)
	case *ir.Between:
		e.X, e.Lo, e.Hi = r.open(e.X), r.open(e.Lo), r.open(e.Hi)
	case *ir.In:
		e.X = r.open(e.X)
		for i := range e.List {
			e.List[i] = r.open(e.List[i])
		}
	case *ir.Truth:
		e.X = r.open(e.X)
	case *ir.IsNull:
		e.X = r.open(e.X)
	case *ir.Cast:
		if types.IsNumeric(e.To) {
			e.X = r.open(e.X)
		}
	case *ir.Call:
		switch e.Op {
		case op.Round, op.Truncate, op.Floor, op.Ceil, op.Sign:
			e.Args[0] = r.open(e.Args[0])
		case op.Abs:
			if r.opens(&e.Args[0]) {
				return r.seen(e)
			}
		case op.JSONArray, op.JSONObject, op.JSONSet, op.JSONInsert, op.JSONReplace, op.JSONArrayAppend, op.JSONArrayInsert:
			if e.Word != "text" {
				for i := range e.Args {
					e.Args[i] = r.document(e.Args[i])
				}
			}
		case op.Coalesce, op.IfNull, op.Greatest, op.Least, op.NullIf, op.NVL2:
			return r.choose(e)
		}
	case *ir.Aggregate:
		return r.aggregate(e)
	}
	return e
}

// short tells a literal by which whole numbers divide into at most nine digits behind the point.
func short(e ir.Expr) bool {
	v, ok := build.IntLiteral(e)
	return ok && v != 0 && 1_000_000_000%v == 0
}

// opens gives a value all of its digits back; false if it has them.
func (r rounder) opens(e *ir.Expr) bool {
	x := r.open(*e)
	opened := x != *e
	*e = x
	return opened
}

// choice: a value goes through CASE with all of its digits.
func (r rounder) choice(e *ir.Case) ir.Expr {
	if e.Operand != nil {
		e.Operand = r.open(e.Operand)
		for _, w := range e.Whens {
			w.Cond = r.open(w.Cond)
		}
	}
	if d, ok := e.Type.(types.Decimal); (!ok || d.Precision == 0) && !build.IsFloat(e) {
		return e
	}
	opened := false
	for _, w := range e.Whens {
		opened = r.opens(&w.Then) || opened
	}
	if e.Else != nil {
		opened = r.opens(&e.Else) || opened
	}
	if opened {
		return r.seen(e)
	}
	return e
}

// choose: a value goes through COALESCE, GREATEST and the like with all of its digits.
func (r rounder) choose(e *ir.Call) ir.Expr {
	if d, ok := e.Type.(types.Decimal); (!ok || d.Precision == 0) && !build.IsFloat(e) {
		return e
	}
	opened := false
	for i := range e.Args {
		opened = r.opens(&e.Args[i]) || opened
	}
	if opened {
		return r.seen(e)
	}
	return e
}

// document: a quotient in a document shows the digits that MySQL computes with, a multiple of nine, and is not rounded.
func (r rounder) document(e ir.Expr) ir.Expr {
	x, ok := r.full[e]
	if !ok {
		return e
	}
	shown, ok := e.TypeOf().(types.Decimal)
	if !ok {
		return e
	}
	scale := 0
	switch q := x.(type) {
	case *ir.Div:
		if d, ok := q.R.TypeOf().(types.Decimal); ok {
			scale = d.Scale
		}
	case *ir.Aggregate:
		if q.Op != op.Avg {
			return e
		}
	default:
		return e
	}
	nines := func(n int) int { return (n + 8) / 9 * 9 }
	l := max(shown.Scale-4, 0)
	behind := nines(nines(l) + nines(scale) + max(4-(nines(l)-l)-(nines(scale)-scale), 0))
	return build.Call("trunc", e, types.Decimal{Precision: 65, Scale: behind}, code, x, build.Int(int64(behind)))
}

func (r rounder) aggregate(e *ir.Aggregate) ir.Expr {
	if t, ok := e.Type.(types.JSON); ok && t.Kind != types.JSONText && (e.Op == op.JSONArrayAgg || e.Op == op.JSONObjectAgg) {
		for i := range e.Args {
			e.Args[i] = r.document(e.Args[i])
		}
		return e
	}
	if len(e.Args) != 1 || e.Op != op.Avg && e.Op != op.Sum && e.Op != op.Min && e.Op != op.Max {
		return e
	}
	x := r.open(e.Args[0])
	opened := x != e.Args[0]
	e.Args[0] = x
	if _, ok := e.Type.(types.Decimal); ok && (e.Op == op.Avg || opened) {
		return r.seen(e)
	}
	return e
}

// seen rounds a value to the digits that its type shows, and remembers the value itself.
func (r rounder) seen(e ir.Expr) ir.Expr {
	d, ok := e.TypeOf().(types.Decimal)
	if !ok || d.Precision == 0 {
		return e
	}
	out := build.Call("round", e, e.TypeOf(), code, e, build.Int(int64(d.Scale)))
	r.full[out] = e
	return out
}

func (r rounder) div(e *ir.Div) ir.Expr {
	l, rt := r.open(e.L), r.open(e.R)
	if e.Zero == ir.ZeroNull {
		rt = build.NotZero(rt, code)
	}
	switch e.Kind {
	case ir.DivExact:
		q := build.Make(&ir.Div{Kind: ir.DivTarget, L: spread(exact(l, rt), rt, e.Type), R: rt}, e, e.Type, code)
		return r.seen(q)
	case ir.DivFloat:
		if !build.IsFloat(l) && !build.IsFloat(rt) {
			l = build.Float(l, code)
		}
		return build.Make(&ir.Div{Kind: ir.DivTarget, L: floating(l), R: rt}, e, e.Type, code)
	case ir.DivInt:
		if t, ok := e.Type.(types.Int); (ok && t.Unsigned || isYear(e.L) || isYear(e.R)) && (below(e.L) && !isYear(e.L) || below(e.R) && !isYear(e.R)) {
			r.p.Report(negative, e.Span, "the quotient %s is assumed not to be below zero", e.Span.Text())
		}
		return intDiv(e, l, rt)
	}
	return e
}

// isYear tells the function YEAR, whose result is unsigned.
func isYear(e ir.Expr) bool {
	c, ok := e.(*ir.Call)
	return ok && c.Op == op.Year
}

// below tells a value that may be below zero.
func below(e ir.Expr) bool {
	if v, ok := build.IntLiteral(e); ok {
		return v < 0
	}
	t, ok := e.TypeOf().(types.Int)
	return !ok || !t.Unsigned
}

// spread gives a dividend that may be large the digits behind the point that its quotient shows: the target's own quotient has 16
// significant digits.
func spread(l, rt ir.Expr, t types.Type) ir.Expr {
	d, ok := t.(types.Decimal)
	if !ok || d.Precision == 0 {
		return l
	}
	whole := wholeDigits(l)
	if r, ok := rt.TypeOf().(types.Decimal); ok && !build.IsConstant(rt) {
		whole += r.Scale
	}
	if 20-4*((whole+3)/4) >= d.Scale {
		return l
	}
	if c, ok := l.(*ir.Cast); ok && c.Target {
		if n, ok := c.To.(types.Named); ok && n.Name == "numeric" {
			l = c.X
		}
	}
	scale := max(d.Scale, 9) // inside expressions MySQL keeps so many
	return build.Cast(l, types.Decimal{Precision: min(wholeDigits(l)+scale, 1000), Scale: scale}, code)
}

// wholeDigits is the number of digits before the point that a value has: of counts and the like, and of sums of small numbers,
// those that they have in practice.
func wholeDigits(e ir.Expr) int {
	switch x := e.(type) {
	case *ir.Number:
		whole, _, _ := strings.Cut(x.Text, ".")
		return len(whole)
	case *ir.Cast:
		if n, ok := x.To.(types.Named); ok && x.Target && n.Name == "numeric" {
			return wholeDigits(x.X)
		}
	case *ir.Aggregate:
		switch x.Op {
		case op.Count:
			return 12
		case op.Sum:
			return wholeDigits(x.Args[0]) + 4
		}
	case *ir.Call, *ir.TargetCall:
		if c, ok := e.(*ir.Call); ok {
			switch c.Op {
			case op.Floor, op.Ceil, op.Round, op.Truncate, op.Abs:
				return wholeDigits(c.Args[0])
			}
		}
		if _, ok := e.TypeOf().(types.Int); ok {
			return 12
		}
	}
	switch t := e.TypeOf().(type) {
	case types.Int:
		if w := build.Width(e); w > 0 && w < 64 {
			return 10
		}
		return 20
	case types.Decimal:
		return t.Precision - t.Scale
	}
	return 5
}

// exact makes one operand a decimal.
func exact(l, rt ir.Expr) ir.Expr {
	if build.IsNumeric(rt) {
		return l
	}
	return build.Numeric(l, code)
}

// floating keeps a literal such as 1e0 from becoming a decimal on the target.
func floating(e ir.Expr) ir.Expr {
	if n, ok := e.(*ir.Number); ok && n.Kind == ir.FloatNumber {
		return build.Float(n, code)
	}
	return e
}

func intDiv(e *ir.Div, l, rt ir.Expr) ir.Expr {
	if isTargetInt(l) && isTargetInt(e.R) {
		if v, lit := build.IntLiteral(e.R); (!lit || v == -1) && build.Width(l) == 32 && build.Width(e.R) <= 32 && !build.Bounded(l) && below(e.R) {
			l = build.As(l, "bigint", types.Int{Bits: 64}, code) // the least number by -1
		}
		return build.Make(&ir.Div{Kind: ir.DivTarget, L: l, R: rt}, e, e.Type, code)
	}
	q := build.Call("div", e, e.Type, code, build.Numeric(allDigits(l), code), build.Numeric(allDigits(rt), code))
	if t, ok := e.Type.(types.Int); ok && t.Unsigned {
		return q
	}
	return build.As(q, "bigint", e.Type, code)
}

// allDigits is a FLOAT with all of the digits with which the source computes.
func allDigits(e ir.Expr) ir.Expr {
	if t, ok := e.TypeOf().(types.Float); ok && t.Bits == 32 {
		return build.As(build.As(e, "double precision", types.Float{Bits: 64}, code), "text", types.Text{}, code)
	}
	return e
}

// isTargetInt tells that a value is an integer on the target: what is typed so and is no 64-bit unsigned number.
func isTargetInt(e ir.Expr) bool {
	if build.Width(e) > 0 {
		return true
	}
	t, ok := e.TypeOf().(types.Int)
	return ok && !(t.Bits == 64 && t.Unsigned)
}

func (r rounder) mod(e *ir.Mod) ir.Expr {
	if build.IsFloat(e) && e.Zero == ir.ZeroNull {
		return r.p.Helper("float_mod", e, build.Float(e.L, code), build.Float(e.R, code))
	}
	rt := e.R
	if e.Zero == ir.ZeroNull {
		rt = build.NotZero(rt, code)
	}
	if build.IsFloat(e) {
		m := build.Make(&ir.Mod{Zero: ir.ZeroError, L: build.Numeric(e.L, code), R: build.Numeric(rt, code)}, e, e.Type, code)
		return build.As(m, "double precision", e.Type, code)
	}
	return build.Make(&ir.Mod{Zero: ir.ZeroError, L: e.L, R: rt}, e, e.Type, code)
}
