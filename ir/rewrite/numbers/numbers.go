// Package numbers holds the rule for mathematical functions.
package numbers

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/types"
)

const code = "FN0400"

var (
	refused = &diag.Code{
		ID: "FN0401", Title: "mathematical function that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc: `The function gives other values on PostgreSQL and has no counterpart (MySQL Reference Manual, "Mathematical Functions"): RAND with a seed yields MySQL's own series of numbers, and
a function that is NULL outside its domain needs its argument twice, which a value that changes with each evaluation does not allow.`,
		Next: "take RAND without a seed, or put the argument into a variable or a derived table first", Learn: 0.25, Each: 0.2,
	}
	shownPi = &diag.Code{
		ID: "FN0402", Title: "PI() is shown with all digits", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `MySQL shows PI() with six digits and computes with all of them (MySQL Reference Manual, "Mathematical Functions"); PostgreSQL shows all.`,
	}
)

// sixDigits is the finding about FLOAT in results.
var sixDigits = &diag.Code{
	ID: "FN0403", Title: "FLOAT is shown with all digits", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `MySQL shows six digits of a FLOAT and computes with all of them (MySQL Reference Manual, "Problems with Floating-Point Values"); PostgreSQL shows as many as give the value back.
Assumed: the values have no more than six digits, or nobody compares what is shown.`,
}

// lastDigit is the finding about LOG2.
var lastDigit = &diag.Code{
	ID: "FN0404", Title: "the last digit of LOG2", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `MySQL 8 computes LOG2 by a function of its own, and the converted code by ln(x) / ln(2), which may differ in the last of 16 digits (MySQL Reference Manual, "Mathematical
Functions"). Assumed: nobody compares that digit.`,
}

// nearLimit is the finding about large integers that are rounded.
var nearLimit = &diag.Code{
	ID: "FN0405", Title: "large integers that are rounded to tens", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: `ROUND of an integer to tens or hundreds may leave the range of 64 bits, where the source wraps around (MySQL Reference Manual, "Mathematical Functions") and the converted code raises
an error. Assumed: no such number occurs.`,
	Each: 0.01,
}

// shown notes that a result has a column of the type FLOAT.
func shown(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		q, ok := s.(*ir.QueryStmt)
		if !ok {
			continue
		}
		if shownIn(p, q.Query) {
			return
		}
	}
}

// literalItems writes PI() and literals such as 1e0 as results as the source shows them.
func literalItems(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		q, ok := s.(*ir.QueryStmt)
		if !ok {
			continue
		}
		sel, ok := q.Query.(*ir.Select)
		for i := 0; ok && i < len(sel.Items); i++ {
			switch e := sel.Items[i].Expr.(type) {
			case *ir.Call:
				if e.Op == op.Pi {
					sel.Items[i].Expr = build.Call("round", e, types.Decimal{Precision: 7, Scale: 6}, code, build.As(build.Call("pi", e, e.Type, code), "numeric", types.Decimal{}, code), build.Int(6))
				}
			case *ir.Number, *ir.Unary:
				if build.IsFloat(e) && literals(e) {
					sel.Items[i].Expr = build.As(e, "double precision", types.Float{Bits: 64}, code)
				}
			}
		}
	}
}

// shownIn reports the first FLOAT among the columns of a query, also one that a set operation makes a double.
func shownIn(p *rewrite.Pass, q ir.Query) bool {
	switch q := q.(type) {
	case *ir.SetOp:
		return shownIn(p, q.L) || shownIn(p, q.R)
	case *ir.Select:
		for _, it := range q.Items {
			e := it.Expr
			if c, ok := e.(*ir.Cast); ok && build.IsFloat(c) {
				e = c.X
			}
			if hasSingle(e.TypeOf()) || build.IsFloat(e) && ir.Find(e, chosenSingle) {
				p.Report(sixDigits, it.Span, "a FLOAT is shown with all of its digits")
				return true
			}
		}
	}
	return false
}

// chosenSingle tells a choice in which a FLOAT has become a double: versions of the source choose a FLOAT, and show six digits.
func chosenSingle(n ir.Node) bool {
	single := func(e ir.Expr) bool {
		c, ok := e.(*ir.Cast)
		return ok && build.IsFloat(c) && hasSingle(c.X.TypeOf())
	}
	switch e := n.(type) {
	case *ir.Case:
		for _, w := range e.Whens {
			if single(w.Then) {
				return true
			}
		}
		return e.Else != nil && single(e.Else)
	case *ir.Call:
		for _, a := range e.Args {
			if single(a) && (e.Op == op.Coalesce || e.Op == op.IfNull || e.Op == op.Greatest || e.Op == op.Least) {
				return true
			}
		}
	}
	return false
}

func hasSingle(t types.Type) bool {
	switch t := t.(type) {
	case types.Float:
		return t.Bits == 32 && t.Digits == 0
	case types.Row:
		for _, x := range t.Types {
			if hasSingle(x) {
				return true
			}
		}
	}
	return false
}

// Rule is FN0400.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "number-functions",
		Doc: `Mathematical functions (MySQL Reference Manual, "Mathematical Functions"). Decimals round half away from zero on both sides; doubles round to
even after scaling, which a helper routine does for a number of digits. CEIL, FLOOR, ROUND and TRUNCATE of exact numbers keep MySQL's integers. Roots, logarithms and arcs are
NULL outside their domain, where PostgreSQL raises an error. RAND() is random(). A result too small for a double is 0 in MySQL and an error on PostgreSQL.`,
		Fidelity: diag.Exact,
		Examples: []rewrite.Example{
			{
				Setup:  "CREATE TABLE m (i INT, n DECIMAL(10,2), f DOUBLE);",
				Source: "SELECT ROUND(n, 1) AS a, ROUND(f, 2) AS b, TRUNCATE(n, 1) AS c, CEIL(n) AS d, FLOOR(f) AS e, SQRT(f) AS g, LN(2) AS h FROM m;",
				Target: `SELECT round(n, 1) AS a, godwit_mysql.round_float(f, 2) AS b, trunc(n, 1) AS c, ceil(n)::bigint AS d, floor(f) AS e,
CASE WHEN f >= 0 THEN sqrt(f) END AS g, ln(2::double precision) AS h FROM m;`,
			},
			{
				Source: "SELECT RAND() AS r;",
				Target: "SELECT random() AS r;",
			},
		},
		Findings: []*diag.Code{refused, shownPi, sixDigits, lastDigit, nearLimit},
		Looks:    ir.Kinds(ir.CallsNumber, ir.KindQueryStmt),
		Run:      run,
	}
}

type lowering struct {
	p *rewrite.Pass
	// wide are calls inside arithmetic, where an integer has to have its 64 bits.
	wide map[ir.Expr]bool
}

func run(p *rewrite.Pass) {
	shown(p)
	literalItems(p)
	l := &lowering{p, map[ir.Expr]bool{}}
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Binary:
				l.wide[n.L], l.wide[n.R] = true, true
			case *ir.Aggregate:
				for _, a := range n.Args {
					l.wide[a] = n.Op != op.Grouping // its argument is that of GROUP BY
				}
			}
			return true
		})
	}
	p.Exprs(func(e ir.Expr) ir.Expr {
		if u, ok := e.(*ir.Unary); ok && u.Op == ir.Neg {
			if n, null := u.X.(*ir.Null); null { // the target has many minus signs, and none for NULL
				return n
			}
		}
		c, ok := e.(*ir.Call)
		if !ok {
			return e
		}
		for _, a := range c.Args {
			if _, null := a.TypeOf().(types.Null); null && numeric(c.Op) {
				return build.As(build.Null(c, c.Type), l.nullOf(c.Type), c.Type, code)
			}
		}
		if numeric(c.Op) {
			for i, a := range c.Args {
				if build.IsFloat(a) && literals(a) {
					c.Args[i] = build.Float(a, code)
				}
			}
		}
		return l.call(c)
	})
}

// literals tells an expression over nothing but literals: one such as 1e0 is a decimal on the target.
func literals(e ir.Expr) bool {
	switch e := e.(type) {
	case *ir.Number:
		return true
	case *ir.Unary:
		return literals(e.X)
	case *ir.Binary:
		return literals(e.L) && literals(e.R)
	case *ir.Div:
		return literals(e.L) && literals(e.R)
	}
	return false
}

// numeric tells the functions of this rule, all of which are NULL for NULL.
func numeric(o op.Op) bool {
	switch o {
	case op.Abs, op.ACos, op.ASin, op.ATan, op.ATan2, op.Ceil, op.Cos, op.Cot, op.Degrees, op.Exp, op.Floor, op.Ln, op.Log, op.Log10, op.Log2,
		op.Pow, op.Radians, op.Round, op.Sign, op.Sin, op.Sqrt, op.Tan, op.Truncate:
		return true
	}
	return false
}

func (l *lowering) call(e *ir.Call) ir.Expr {
	switch e.Op {
	case op.Cot:
		// cot(0) is infinite on the target and an error in MySQL, as a quotient is.
		return quotient(e, build.Int(1), build.Call("tan", e, e.Type, code, e.Args[0]))
	case op.Abs:
		x := e.Args[0]
		if t, ok := x.TypeOf().(types.Float); ok && t.Bits == 32 {
			x = build.As(x, "double precision", types.Float{Bits: 64}, code)
		}
		if t, ok := x.TypeOf().(types.Int); ok && t.Bits == 16 && build.Width(x) == 16 {
			return l.fit(e, build.Call("abs", e, e.Type, code, build.As(x, "integer", types.Int{Bits: 32}, code)))
		}
		if build.Width(x) == 32 && !build.Bounded(x) {
			return build.Call("abs", e, e.Type, code, build.As(x, "bigint", types.Int{Bits: 64}, code))
		}
		return l.fit(e, build.Call("abs", e, e.Type, code, x))
	case op.Ceil:
		return l.whole(e, "ceil")
	case op.Floor:
		return l.whole(e, "floor")
	case op.Round:
		return l.round(e)
	case op.Truncate:
		return l.truncate(e)
	case op.Rand:
		if len(e.Args) > 0 {
			return l.refuse(e, "RAND with a seed")
		}
		return build.Call("random", e, e.Type, code)
	case op.Pi:
		l.p.Report(shownPi, e.Span, "PI() is shown with all of its digits")
		return e
	}
	return l.domain(e)
}

// nullOf is the target's type of a function's NULL.
func (l *lowering) nullOf(t types.Type) string {
	switch t := t.(type) {
	case types.Int:
		return "bigint"
	case types.Decimal:
		if sql, ok := l.p.Lower.TypeSQL(t); ok {
			return sql
		}
	}
	return "double precision"
}

func (l *lowering) refuse(e *ir.Call, what string) ir.Expr {
	rewrite.Refuse(l.p, refused, e.Span, "%s is not converted", what)
	return e
}

// fit gives an integer inside arithmetic 64 bits.
func (l *lowering) fit(e, x ir.Expr) ir.Expr {
	t, ok := e.TypeOf().(types.Int)
	if ok && !t.Unsigned && l.wide[e] && build.Width(x) != 64 {
		return build.As(x, "bigint", e.TypeOf(), code)
	}
	return x
}

// asInt makes MySQL's integer of a whole decimal; a 64-bit unsigned number is a decimal on the target.
func asInt(e, x ir.Expr) ir.Expr {
	if t, ok := e.TypeOf().(types.Int); ok && !t.Unsigned {
		return build.As(x, "bigint", e.TypeOf(), code)
	}
	return x
}

// exact is a decimal of the target, so that no function for doubles is chosen.
func exact(x ir.Expr) ir.Expr {
	switch y := x.(type) {
	case *ir.Binary, *ir.Div, *ir.Mod, *ir.Aggregate, *ir.Unary, *ir.Case, *ir.Call, *ir.Subquery:
		return build.Numeric(x, code)
	case *ir.TargetCall:
		if y.Name != "sum" {
			return x
		}
	case *ir.Name, *ir.Cast, *ir.HelperCall:
		return x
	}
	return build.Numeric(x, code)
}

func (l *lowering) whole(e *ir.Call, name string) ir.Expr {
	x := e.Args[0]
	switch x.TypeOf().(type) {
	case types.Int, types.Year, types.Bool:
		return l.fit(e, x)
	case types.Decimal:
		return asInt(e, build.Call(name, e, e.Type, code, exact(x)))
	}
	return build.Call(name, e, e.Type, code, x)
}

// digits reads the second argument: a literal, or a value. none tells that there is none.
func digits(e *ir.Call) (v int64, known, none bool) {
	if len(e.Args) < 2 {
		return 0, true, true
	}
	v, known = build.IntLiteral(e.Args[1])
	if n, ok := e.Args[1].(*ir.Number); ok && !known && n.Kind == ir.IntNumber { // more than 64 bits
		return 400, true, false
	}
	return max(min(v, 400), -400), known, false
}

func (l *lowering) round(e *ir.Call) ir.Expr {
	x := e.Args[0]
	v, known, none := digits(e)
	switch x.TypeOf().(type) {
	case types.Int, types.Year, types.Bool:
		return l.roundInt(e, "round", v, known)
	case types.Decimal:
		if none || known && v == 0 {
			return build.Call("round", e, e.Type, code, exact(x))
		}
		return roundDecimal(e, "round", v, known)
	}
	if none || known && v == 0 {
		return build.Call("round", e, e.Type, code, x)
	}
	return l.p.Helper("round_float", e, x, count(e.Args[1], v, known))
}

func (l *lowering) truncate(e *ir.Call) ir.Expr {
	x := e.Args[0]
	v, known, _ := digits(e)
	switch x.TypeOf().(type) {
	case types.Int, types.Year, types.Bool:
		return l.roundInt(e, "trunc", v, known)
	case types.Decimal:
		return roundDecimal(e, "trunc", v, known)
	}
	if known && v == 0 {
		return build.Call("trunc", e, e.Type, code, x)
	}
	return l.p.Helper("truncate_float", e, x, count(e.Args[1], v, known))
}

func count(d ir.Expr, v int64, known bool) ir.Expr {
	if known {
		return build.Int(v)
	}
	if w := build.Width(d); w == 0 || w == 64 {
		x := d
		low := build.Call("greatest", d, d.TypeOf(), code, d, build.Int(-400))
		d = build.Call("least", d, d.TypeOf(), code, low, build.Int(400))
		return build.As(build.If(build.Make(&ir.IsNull{Not: true, X: ir.Clone(x)}, x, types.Bool{}, code), d, nil, d, d.TypeOf(), code), "integer", types.Int{Bits: 32}, code)
	}
	return build.Integer(d, code)
}

func (l *lowering) roundInt(e *ir.Call, name string, v int64, known bool) ir.Expr {
	if known && v >= 0 {
		return l.fit(e, e.Args[0])
	}
	if t, ok := e.Args[0].TypeOf().(types.Int); ok && t.Bits == 64 && name == "round" || ok && t.Bits == 64 && t.Unsigned {
		l.p.Report(nearLimit, e.Span, "%s is assumed not to leave the range of 64 bits", e.Span.Text())
	}
	return asInt(e, build.Call(name, e, e.Type, code, e.Args[0], count(e.Args[1], v, known)))
}

// roundDecimal keeps the scale of the source's type where the digits are not a literal.
func roundDecimal(e *ir.Call, name string, v int64, known bool) ir.Expr {
	x := exact(e.Args[0])
	if known {
		return build.Call(name, e, e.Type, code, x, build.Int(max(min(v, 30), -400)))
	}
	out := build.Call(name, e, e.Type, code, x, count(e.Args[1], v, known))
	if t, ok := e.Type.(types.Decimal); ok && t.Precision > 0 {
		return build.Call("round", e, e.Type, code, out, build.Int(int64(t.Scale)))
	}
	return out
}
