// Package flow holds the rule for functions that choose between values.
package flow

import (
	"strconv"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

const code = "FN0410"

var refused = &diag.Code{
	ID: "FN0411", Title: "choice between values that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
	Doc: `The values have types that MySQL and its versions compare in different ways (MySQL Reference Manual, "Comparison Functions and Operators"): text with numbers, bit strings; or
the conversion needs a value twice that changes with each evaluation; or the bounds of INTERVAL() are not sorted.`,
	Next: "give all arguments one type by CAST, and put values that change into variables first", Learn: 0.1, Each: 0.1,
}

// Rule is FN0410.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "flow-functions",
		Doc: `Functions that choose between values (MySQL Reference Manual, "Flow Control Functions" and "Comparison Functions and Operators"). GREATEST and LEAST are
NULL when any argument is, where PostgreSQL passes NULLs over: arguments that may be NULL are tested first. INTERVAL() becomes a CASE over its bounds, NVL2 a CASE.
Text compares by the collation that MySQL finds.`,
		Fidelity: diag.Exact,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE g (a INT NOT NULL, b INT NOT NULL, c INT);",
			Source: "SELECT GREATEST(a, b) AS x, LEAST(a, c, 3) AS y, IFNULL(c, 0) AS z, NULLIF(a, 0) AS n, INTERVAL(a, 1, 10) AS i FROM g;",
			Target: `SELECT greatest(a, b) AS x, CASE WHEN c IS NOT NULL THEN least(a, c, 3) END AS y, coalesce(c, 0) AS z, nullif(a, 0) AS n,
CASE WHEN a < 1 THEN 0 WHEN a < 10 THEN 1 ELSE 2 END AS i FROM g;`,
		}},
		Findings: []*diag.Code{refused},
		After:    map[string]string{"cast": "arguments have been converted to what they are compared as"},
		Looks:    ir.Kinds(ir.CallsFlow, ir.KindCase),
		Run:      run,
	}
}

type lowering struct {
	p *rewrite.Pass
	d *build.Deriver
	// never are arguments that are never NULL where they stand.
	never map[ir.Expr]bool
}

func run(p *rewrite.Pass) {
	l := &lowering{p, &build.Deriver{P: p}, map[ir.Expr]bool{}}
	for _, s := range p.Unit.Stmts {
		tree.InSelects(s, l.mark)
	}
	p.Exprs(func(e ir.Expr) ir.Expr {
		if c, ok := e.(*ir.Call); ok {
			return l.call(c)
		}
		if c, ok := e.(*ir.Case); ok && neverAny(c) {
			return build.Null(c, c.Type)
		}
		return e
	})
}

// neverAny tells a choice among NULLs, which the target takes for texts.
func neverAny(c *ir.Case) bool {
	for _, w := range c.Whens {
		if !tree.IsNull(w.Then) {
			return false
		}
	}
	return c.Else == nil || tree.IsNull(c.Else)
}

// mark finds the arguments that are never NULL by the query that they stand in.
func (l *lowering) mark(n ir.Node, s *ir.Select) bool {
	if c, ok := n.(*ir.Call); ok && chooses(c.Op) {
		for _, a := range c.Args {
			if tree.Literal(a) && !tree.IsNull(a) || s != nil && tree.NotNull(a, s) {
				l.never[a] = true
			}
		}
	}
	return true
}

func chooses(o op.Op) bool { return o == op.Greatest || o == op.Least || o == op.Bucket }

func (l *lowering) refuse(e *ir.Call, format string, args ...any) ir.Expr {
	rewrite.Refuse(l.p, refused, e.Span, format, args...)
	return e
}

func (l *lowering) call(e *ir.Call) ir.Expr {
	switch e.Op {
	case op.Greatest:
		return l.extreme(e, "greatest")
	case op.Least:
		return l.extreme(e, "least")
	case op.Coalesce, op.IfNull:
		if t, ok := e.Type.(types.Decimal); ok && t.Precision > 0 && !quotients(e.Args) && whole(e.Args, t.Scale) {
			return build.Call("round", e, e.Type, code, e, build.Int(int64(t.Scale)))
		}
	case op.NullIf:
		l.agree(e)
		if x := e.Args[0]; build.IsFloat(e.Args[1]) && !build.IsFloat(e) && build.IsSimple(x) {
			// The target's nullif would be a double.
			equal := build.Compare(ir.Eq, x, e.Args[1], e, code)
			return build.If(equal, build.Null(e, e.Type), ir.Clone(x), e, e.Type, code)
		}
		if build.Width(e.Args[0]) > 0 && build.IsNumeric(e.Args[1]) {
			return build.As(build.Call("nullif", e, types.Decimal{}, code, e.Args...), "bigint", e.Type, code)
		}
		if build.IsFloat(e.Args[1]) && !build.IsFloat(e) && !types.IsText(e.Type) {
			e.Args[1] = build.Numeric(e.Args[1], code)
		}
		return build.Call("nullif", e, e.Type, code, e.Args...)
	case op.NVL2:
		cond := build.Make(&ir.IsNull{Not: true, X: e.Args[0]}, e, types.Bool{}, code)
		return build.If(cond, e.Args[1], e.Args[2], e, e.Type, code)
	case op.Bucket:
		return l.bucket(e)
	}
	return e
}

// agree makes text arguments compare by the collation of the comparison, which is that of the result where none is given.
func (l *lowering) agree(e *ir.Call) {
	t, ok := e.Type.(types.Text)
	if ok && !e.Collation.IsZero() {
		t.Collation = e.Collation
	}
	if !ok || t.Collation.IsZero() {
		return
	}
	if l.d.Citext() {
		for i, a := range e.Args {
			l.d.Agree(t.Collation, true, code, &e.Args[i])
			l.never[e.Args[i]] = l.never[a]
		}
		return
	}
	want, got := l.d.Of(t.Collation, build.Implicit), l.d.Merge(e.Args...)
	if want.Name == "" || got.Strength == build.NoText || got.Strength < build.Conflict && got.Name == want.Name {
		return
	}
	name, _, ok := l.p.Lower.Collation(t.Collation)
	if !ok {
		return
	}
	wrapped := false
	for i, a := range e.Args {
		if x := l.d.Derive(a); x.Strength == build.Explicit && x.Name != want.Name {
			e.Args[i], wrapped = build.Collated(a, name, t.Collation, code), true
		}
	}
	if !wrapped {
		i := len(e.Args) - 1
		never := l.never[e.Args[i]]
		e.Args[i] = build.Collated(e.Args[i], name, t.Collation, code)
		l.never[e.Args[i]] = never
	}
}

func (l *lowering) extreme(e *ir.Call, name string) ir.Expr {
	if why := comparable(e); why != "" {
		return l.refuse(e, "%s of %s", e.Name, why)
	}
	l.agree(e)
	x := shown(e, build.Call(name, e, e.Type, code, e.Args...))
	var cond ir.Expr
	seen := map[string]bool{}
	for _, a := range e.Args {
		if _, null := a.TypeOf().(types.Null); null {
			return build.Null(e, e.Type)
		}
		if l.never[a] {
			continue
		}
		if !build.Repeatable(a) {
			return l.refuse(e, "%s of a value that changes with each evaluation", e.Name)
		}
		a = inner(a)
		if n, ok := a.(*ir.Name); ok {
			key := spelled(n)
			if seen[key] {
				continue
			}
			seen[key] = true
		}
		test := build.Make(&ir.IsNull{Not: true, X: ir.Clone(a)}, e, types.Bool{}, code)
		if cond == nil {
			cond = test
			continue
		}
		cond = build.Make(&ir.Binary{Op: ir.And, L: cond, R: test}, e, types.Bool{}, code)
	}
	if cond == nil {
		return x
	}
	return build.If(cond, x, nil, e, e.Type, code)
}

// shown gives a decimal the digits of its type where the arguments have different ones.
func shown(e *ir.Call, x ir.Expr) ir.Expr {
	t, ok := e.Type.(types.Decimal)
	if !ok || t.Precision == 0 || quotients(e.Args) {
		return x
	}
	for _, a := range e.Args {
		if d, ok := a.TypeOf().(types.Decimal); !ok || d.Scale != t.Scale {
			return build.Call("round", e, e.Type, code, x, build.Int(int64(t.Scale)))
		}
	}
	return x
}

// whole tells that numbers with fewer digits behind the point are among the values, literals aside, which have their digits already.
func whole(args []ir.Expr, scale int) bool {
	for _, a := range args {
		d, dec := a.TypeOf().(types.Decimal)
		if _, ok := a.TypeOf().(types.Int); (ok || dec && d.Precision > 0 && d.Scale < scale) && !build.IsConstant(a) {
			return true
		}
	}
	return false
}

// quotients tells that there are quotients with all of their digits among the values: the choice is rounded where it is seen.
func quotients(args []ir.Expr) bool {
	for _, a := range args {
		found := false
		ir.Walk(a, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.TargetCall:
				return n.Name != "round"
			case *ir.Div:
				_, whole := n.Type.(types.Int)
				found = !whole
			}
			return !found
		})
		if found {
			return true
		}
	}
	return false
}

// inner is the value below collations and casts of the target, which are NULL where the value is.
func inner(a ir.Expr) ir.Expr {
	switch x := a.(type) {
	case *ir.Collate:
		return inner(x.X)
	case *ir.Cast:
		if x.Target {
			return inner(x.X)
		}
	}
	return a
}

func spelled(n *ir.Name) string {
	s := ""
	for _, p := range n.Parts {
		s += p.Text + "."
	}
	return s
}

// comparable tells why values are not compared in the way that all versions agree on; "" if they are.
func comparable(e *ir.Call) string {
	if e.Word == "text" {
		return "" // the resolver has made texts of them
	}
	var number, text, moment, bytes, other bool
	for _, a := range e.Args {
		t := inner(a).TypeOf()
		if x := written(a); x != nil {
			t = x.TypeOf()
		}
		if types.IsText(a.TypeOf()) && types.IsNumeric(t) {
			t = a.TypeOf() // a number that has become text
		}
		switch {
		case types.IsText(t):
			text = text || !isMoment(inner(a))
			_, enum := t.(types.Enum)
			other = other || enum && !types.IsText(a.TypeOf())
		case types.IsNumeric(t):
			_, bits := t.(types.Bit)
			number, other = true, other || bits
		case types.IsTemporal(t):
			moment = true
		default:
			_, null := t.(types.Null)
			_, binary := t.(types.Binary)
			bytes = bytes || binary
			other = other || !null && !binary
		}
	}
	switch {
	case other:
		return "these types"
	case number && (text || moment || literalMoment(e.Args)), text && moment, bytes && (number || moment):
		return "values of different types"
	case moment && mixedMoments(e):
		return "dates and times of different types"
	}
	return ""
}

// literalMoment tells that there is a text literal that looks like a date.
func literalMoment(args []ir.Expr) bool {
	for _, a := range args {
		if types.IsText(inner(a).TypeOf()) && isMoment(inner(a)) {
			return true
		}
	}
	return false
}

// isMoment tells a literal date or date and time in the format in which the source writes them.
func isMoment(e ir.Expr) bool {
	s, ok := build.TextLiteral(e)
	if !ok || len(s) != 10 && len(s) != 19 && (len(s) < 21 || len(s) > 26) {
		return false
	}
	for i, r := range "0000-00-00 00:00:00.000000"[:len(s)] {
		c := rune(s[i])
		if r == '0' && (c < '0' || c > '9') || r != '0' && c != r {
			return false
		}
	}
	return true
}

// mixedMoments tells that times stand beside dates, or that a literal is written in another length than the type.
func mixedMoments(e *ir.Call) bool {
	n := 0
	for _, a := range e.Args {
		a = inner(a)
		if x := written(a); x != nil {
			a = x
		}
		w := 0
		switch a.TypeOf().(type) {
		case types.Date:
			w = 10
		case types.DateTime, types.Timestamp:
			w = 19
			if n := op.Precision(a.TypeOf()); n > 0 {
				w += 1 + n // a text beside it is shown with as many digits
			}
		case types.Time:
			w = 8
		default:
			if s, ok := build.TextLiteral(a); ok {
				w = len(s)
			}
		}
		if n > 0 && w != n {
			if _, text := e.Type.(types.Text); text || n == 8 || w == 8 || hasText(e.Args) {
				return true
			}
		}
		n = w
	}
	return false
}

// written is the moment that the target writes as a text with parts of a second, nil if the value is none.
func written(a ir.Expr) ir.Expr {
	c, ok := inner(a).(*ir.TargetCall)
	if !ok || c.Name != "to_char" || len(c.Args) != 2 {
		return nil
	}
	switch c.Args[0].TypeOf().(type) {
	case types.DateTime, types.Timestamp:
		return c.Args[0]
	}
	return nil
}

// hasText tells that there is a text among the values.
func hasText(args []ir.Expr) bool {
	for _, a := range args {
		if types.IsText(inner(a).TypeOf()) {
			return true
		}
	}
	return false
}

// bucket is INTERVAL(n, a, b, ...).
func (l *lowering) bucket(e *ir.Call) ir.Expr {
	x := e.Args[0]
	if _, null := x.TypeOf().(types.Null); null {
		return build.Int(-1)
	}
	if !build.Repeatable(x) {
		return l.refuse(e, "INTERVAL() of a value that changes with each evaluation")
	}
	if len(e.Args) > 8 && !sorted(e.Args[1:]) {
		return l.refuse(e, "INTERVAL() with bounds that are not sorted literals")
	}
	out := build.Make(&ir.Case{Else: build.Int(int64(len(e.Args) - 1))}, e, e.Type, code)
	when := func(cond ir.Expr, v int64) {
		w := &ir.When{Cond: cond, Then: build.Int(v)}
		w.Span = e.Span
		out.Whens = append(out.Whens, w)
	}
	if !l.never[x] {
		when(build.Make(&ir.IsNull{X: ir.Clone(x)}, e, types.Bool{}, code), -1)
	}
	for i, a := range e.Args[1:] {
		when(build.Compare(ir.Lt, ir.Clone(x), a, e, code), int64(i))
	}
	return out
}

// sorted tells that the bounds are literals in ascending order: MySQL searches a longer list by halves.
func sorted(bounds []ir.Expr) bool {
	last := 0.0
	for i, b := range bounds {
		v, ok := literal(b)
		if !ok || i > 0 && v < last {
			return false
		}
		last = v
	}
	return true
}

func literal(e ir.Expr) (float64, bool) {
	switch e := e.(type) {
	case *ir.Number:
		v, err := strconv.ParseFloat(e.Text, 64)
		return v, err == nil
	case *ir.Unary:
		v, ok := literal(e.X)
		return -v, ok && e.Op == ir.Neg
	}
	return 0, false
}
