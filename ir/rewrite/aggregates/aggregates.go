// Package aggregates holds the rule for aggregate and window functions.
package aggregates

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

const code = "FN0460"

var (
	length = &diag.Code{
		ID: "FN0461", Title: "GROUP_CONCAT without its limit", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `The source cuts the result of GROUP_CONCAT at group_concat_max_len bytes (1,024 in MySQL, 1,048,576 in MariaDB unless set otherwise), with a
warning that hardly anyone reads. The converted code gives the whole text. A limit below 1,024, which somebody must have set on purpose, is kept.`,
		Each: 0.01,
	}
	joined = &diag.Code{
		ID: "FN0462", Title: "GROUP_CONCAT in a form that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "DISTINCT rows of several arguments, or an order by something that is no argument, have no counterpart in PostgreSQL's aggregates with DISTINCT.",
		Next: "make the rows distinct in a derived table, and join them outside", Learn: 0.2, Each: 0.3,
	}
	firstPlace = &diag.Code{
		ID: "FN0469", Title: "GROUP_CONCAT(DISTINCT ...) in the order of something else", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "Where equal values have different places in the order, the source takes any of them; the target takes the first.",
		Each: 0.01,
	}
	unordered = &diag.Code{
		ID: "FN0463", Title: "GROUP_CONCAT without ORDER BY", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "The order of the values is open on both sides; it may differ.",
		Each: 0.01,
	}
	noOrder = &diag.Code{
		ID: "FN0464", Title: "MIN or MAX of a type that PostgreSQL does not sort so", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "PostgreSQL has no smallest and largest value of JSON documents and spatial values, and before version 18 none of byte strings in a window.",
		Next: "convert the values to text or numbers first", Learn: 0.2, Each: 0.2,
	}
	percentile = &diag.Code{
		ID: "FN0465", Title: "a percentile over a window", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "MariaDB's MEDIAN, PERCENTILE_CONT and PERCENTILE_DISC are window functions; PostgreSQL has percentiles for groups only.",
		Next: "compute percentile_cont in a query with GROUP BY, and join it", Learn: 0.3, Each: 0.4,
	}
	spread = &diag.Code{
		ID: "FN0470", Title: "the last digits of variances", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "Variances and standard deviations are computed row by row in doubles on both sides; where the rows come in another order, the last of 16 digits may differ.",
		Each: 0.01,
	}
	equalTexts = &diag.Code{
		ID: "FN0472", Title: "MIN or MAX among equal texts", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `Of texts that differ in case or accents only, MIN and MAX give the first that MySQL reads and the last that PostgreSQL reads (MySQL Reference Manual, "Aggregate Function
Descriptions"). Assumed: it does not matter which of them.`,
		Each: 0.01,
	}
	countedNulls = &diag.Code{
		ID: "FN0471", Title: "COUNT of a date that is cast", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `Early versions of MySQL 8.0 count NULLs too in COUNT(CAST(d AS DATETIME)), COUNT(TIMESTAMP(d)) and the like, where the query has other aggregates as well;
the converted code counts what the manual says (MySQL Reference Manual, "Aggregate Function Descriptions").`,
		Next: "Nothing; compare with a later version of the source if the results differ.", Each: 0.01,
	}
	frame = &diag.Code{
		ID: "FN0466", Title: "a window frame by an interval that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The distance of a RANGE frame is no literal, or its unit has several parts.",
		Next: "write the distance as a literal of one unit", Learn: 0.2, Each: 0.2,
	}
)

// Rule is FN0460.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "aggregates", Language: rewrite.PSM,
		Doc: `Aggregate and window functions (MySQL Reference Manual, "Aggregate Function Descriptions", "Window Function Descriptions"). COUNT(DISTINCT a, b) does not
count a combination with a NULL in it. GROUP_CONCAT skips rows with a NULL and becomes string_agg. BIT_AND, BIT_OR and BIT_XOR work on 64 unsigned bits, and have a value without rows.
MIN and MAX compare ENUM and SET as text. SUM of FLOAT is computed in double precision. Text compares by its collation, which results of functions
get explicitly.`,
		Fidelity: diag.Exact,
		Examples: examples(),
		Findings: []*diag.Code{length, joined, unordered, firstPlace, noOrder, percentile, frame, members, spacing, spread, countedNulls, equalTexts},
		After: map[string]string{
			"cast":          "arguments have been converted to what the function takes",
			"concat":        "several arguments of GROUP_CONCAT are joined without further looks",
			"division":      "it rounds averages",
			"collation":     "explicit collations have the target's names",
			"lax-group-by":  "aggregates that become subqueries do not tell it that there are groups",
			"locking-read":  "aggregates that become subqueries do not tell it that there are groups",
			"null-order":    "NULLs are judged by the columns as they stand",
			"like":          "it looks at aggregates as text",
			"session":       "it reads group_concat_max_len",
			"column-labels": "labels name the source's expressions",
		},
		Looks: ir.Kinds(ir.KindAggregate, ir.KindWindowDef, ir.KindFrameBound),
		Run:   run,
	}
}

func examples() []rewrite.Example {
	const t = "CREATE TABLE t (id INT PRIMARY KEY, a INT, b INT, s VARCHAR(20) COLLATE utf8mb4_0900_ai_ci, e ENUM('x','y'), d DATE);"
	return []rewrite.Example{
		{Setup: t, Source: "SELECT COUNT(DISTINCT a, b) FROM t;", Target: "SELECT count(DISTINCT (a, b)) FILTER (WHERE a IS NOT NULL AND b IS NOT NULL) FROM t;"},
		{Setup: t, Source: "SELECT GROUP_CONCAT(s ORDER BY id SEPARATOR '; ') FROM t;", Target: "SELECT string_agg(s, '; ' ORDER BY id) FROM t;"},
		{Setup: t, Source: "SELECT GROUP_CONCAT(DISTINCT a ORDER BY a DESC) FROM t;", Target: "SELECT array_to_string(array_agg(DISTINCT a ORDER BY a DESC) FILTER (WHERE a IS NOT NULL), ',') FROM t;"},
		{Setup: t, Source: "SET SESSION group_concat_max_len = 12;\nSELECT GROUP_CONCAT(s ORDER BY id) FROM t;", Target: "-- SET SESSION group_concat_max_len = 12;\nSELECT godwit_mysql.cut_bytes(string_agg(s, ',' ORDER BY id), 12) FROM t;"},
		{Setup: t, Source: "SELECT BIT_OR(a) FROM t;", Target: "SELECT godwit_mysql.from_bits(coalesce(bit_or(a::bigint), 0)) FROM t;"},
		{Setup: t, Source: "SELECT MAX(e) FROM t;", Target: `SELECT max(e::text COLLATE godwit_mysql.ai_ci)::t_e FROM t;`},
		{Setup: t, Source: "SELECT SUM(a) OVER (ORDER BY d RANGE BETWEEN INTERVAL 7 DAY PRECEDING AND CURRENT ROW) FROM t;",
			Target: "SELECT sum(a) OVER (ORDER BY d NULLS FIRST RANGE BETWEEN interval '7 day' PRECEDING AND CURRENT ROW) FROM t;"},
	}
}

type lowering struct {
	p     *rewrite.Pass
	d     *build.Deriver
	owner map[*ir.Aggregate]*ir.Select
	told  map[*diag.Code]bool
}

func run(p *rewrite.Pass) {
	l := &lowering{p: p, d: &build.Deriver{P: p}, owner: map[*ir.Aggregate]*ir.Select{}, told: map[*diag.Code]bool{}}
	for _, s := range p.Unit.Stmts {
		tree.InSelects(s, l.owners)
	}
	p.Nodes(func(n ir.Node) ir.Node {
		switch n := n.(type) {
		case *ir.Aggregate:
			if n.TargetName == "" || n.Op != "" {
				return l.aggregate(n)
			}
		case *ir.WindowDef:
			for i, e := range n.PartitionBy {
				n.PartitionBy[i] = l.collated(e)
			}
			fractions(n)
		case *ir.FrameBound:
			l.bound(n)
		}
		return n
	})
}

// owners notes the select that each aggregate belongs to.
func (l *lowering) owners(n ir.Node, s *ir.Select) bool {
	if a, ok := n.(*ir.Aggregate); ok {
		l.owner[a] = s
	}
	return true
}

// once reports a finding that would be the same for every aggregate of the unit.
func (l *lowering) once(c *diag.Code, at ir.Expr, format string, args ...any) {
	if !l.told[c] {
		l.told[c] = true
		l.p.Report(c, at.Base().Span, format, args...)
	}
}

func (l *lowering) refuse(c *diag.Code, e ir.Expr, format string, args ...any) ir.Expr {
	rewrite.Refuse(l.p, c, e.Base().Span, format, args...)
	return e
}

// collated gives text the collation of its type where the target would derive another one.
func (l *lowering) collated(e ir.Expr) ir.Expr {
	t, ok := e.TypeOf().(types.Text)
	if !ok || t.Collation.IsZero() || build.IsConstant(e) {
		return e
	}
	want, got := l.d.Of(t.Collation, build.Implicit), l.d.Derive(e)
	if want.Name == "" || got.Name == want.Name && got.Strength < build.Conflict {
		return e
	}
	name, _, _ := l.p.Lower.Collation(t.Collation)
	return build.Collated(e, name, types.Collation{}, code)
}

func (l *lowering) aggregate(e *ir.Aggregate) ir.Expr {
	switch e.Op {
	case op.Count:
		return l.count(e)
	case op.Sum, op.Avg:
		l.number(e)
	case op.StdDevPop, op.StdDevSamp, op.VarPop, op.VarSamp:
		l.typedNull(e, "double precision")
		name := varianceNames[e.Op]
		l.once(spread, e, "the last digits of %s depend on the order of the rows", e.Name)
		l.p.Unit.NeedHelper(name)
		e.TargetName = l.p.HelperSchema() + "." + name
		e.Made(code)
	case op.Min, op.Max:
		return l.extreme(e)
	case op.AnyValue:
		return l.any(e)
	case op.BitAndAgg, op.BitOrAgg, op.BitXorAgg:
		return l.bits(e)
	case op.GroupConcat:
		return l.groupConcat(e)
	case op.JSONArrayAgg, op.JSONObjectAgg:
		return l.document(e)
	case op.Median, op.PercentileCont, op.PercentileDisc:
		return l.refuse(percentile, e, "%s is a percentile over a window", e.Name)
	case op.FirstValue, op.LastValue:
		l.typedLiterals(e)
	case op.Lag, op.Lead, op.NthValue:
		l.typedLiterals(e)
		if len(e.Args) > 1 {
			e.Args[1] = build.Integer(e.Args[1], code)
		}
		l.lagged(e)
	case op.NTile:
		e.Args[0] = build.Integer(e.Args[0], code)
	}
	return e
}

// typedLiterals gives text literals and NULL a type, without which the target cannot tell the type of the result.
func (l *lowering) typedLiterals(e *ir.Aggregate) {
	for i, a := range e.Args {
		if _, text := a.(*ir.String); text && i != 1 {
			e.Args[i] = build.As(a, "text", a.TypeOf(), code)
		}
		if c, collated := a.(*ir.Collate); collated && tree.Literal(c.X) {
			c.X = build.As(c.X, "text", c.X.TypeOf(), code)
		}
	}
	if n, null := e.Args[0].(*ir.Null); null {
		name, t := "text", n.Type
		if len(e.Args) > 2 && !tree.IsNull(e.Args[2]) {
			t = e.Args[2].TypeOf()
		}
		if sql, ok := l.p.Lower.TypeSQL(t); ok && t != (types.Null{}) {
			name = sql
		}
		e.Args[0] = build.As(n, name, n.Type, code)
	}
}

// varianceNames are the helper aggregates for variances: those of the target round the last digits in another way.
var varianceNames = map[op.Op]string{op.StdDevPop: "stddev_pop", op.StdDevSamp: "stddev_samp", op.VarPop: "var_pop", op.VarSamp: "var_samp"}

// lagged gives the value and the default of LAG and LEAD the same digits behind the point.
func (l *lowering) lagged(e *ir.Aggregate) {
	d, ok := e.Type.(types.Decimal)
	if !ok || len(e.Args) < 3 || d.Precision == 0 {
		return
	}
	for _, i := range []int{0, 2} {
		switch t := e.Args[i].TypeOf().(type) {
		case types.Decimal:
			if t.Scale != d.Scale {
				e.Args[i] = build.Cast(e.Args[i], d, code)
			}
		case types.Int:
			e.Args[i] = build.Cast(e.Args[i], d, code)
		}
	}
}

func (l *lowering) count(e *ir.Aggregate) ir.Expr {
	for _, a := range e.Args {
		if c, ok := a.(*ir.Cast); ok && types.IsTemporal(c.X.TypeOf()) && types.IsTemporal(c.TypeOf()) {
			l.once(countedNulls, e, "%s is assumed not to count NULLs", e.Span.Text())
		}
	}
	if !e.Distinct {
		return e
	}
	for i, a := range e.Args {
		e.Args[i] = l.collated(a)
	}
	if len(e.Args) < 2 {
		return e
	}
	for i, a := range e.Args {
		if _, literal := build.TextLiteral(a); literal {
			e.Args[i] = build.As(a, "text", a.TypeOf(), code) // rows of literals have no type to compare by
		}
	}
	row := &ir.RowExpr{Items: e.Args}
	row.Span = e.Span
	e.Filter = tree.And(e.Filter, l.present(e, e.Args))
	e.Args = []ir.Expr{row}
	e.Made(code)
	return e
}

// present is the condition that no value is NULL; nil if none can be.
func (l *lowering) present(e *ir.Aggregate, values []ir.Expr) ir.Expr {
	var out ir.Expr
	for _, a := range values {
		if s := l.owner[e]; s != nil && tree.NotNull(a, s) {
			continue
		}
		x := a
		if c, ok := a.(*ir.Collate); ok {
			x = c.X
		}
		n := build.Make(&ir.IsNull{Not: true, X: ir.Clone(x)}, a, types.Bool{}, code)
		out = tree.And(out, n)
	}
	return out
}

// number: FLOAT adds up in double precision; the average of large exact numbers keeps its digits behind the point.
func (l *lowering) number(e *ir.Aggregate) {
	l.typedNull(e, "double precision")
	if len(e.Args) != 1 {
		return
	}
	x := e.Args[0]
	if build.IsFloat(x) && tree.Literal(x) {
		e.Args[0] = build.As(x, "double precision", types.Float{Bits: 64}, code)
	}
	if f, ok := x.TypeOf().(types.Float); ok && f.Bits == 32 && f.Digits == 0 {
		e.Args[0] = build.As(x, "double precision", types.Float{Bits: 64}, code)
	}
	if d, ok := e.Type.(types.Decimal); ok && e.Op == op.Avg && d.Precision > 0 {
		if whole := wholeDigits(x); 20-4*((whole+3)/4) < d.Scale {
			e.Args[0] = build.Cast(x, types.Decimal{Precision: whole + d.Scale, Scale: d.Scale}, code)
		}
	}
}

// wholeDigits is the number of digits before the point that a value can have.
func wholeDigits(e ir.Expr) int {
	switch t := e.TypeOf().(type) {
	case types.Int:
		if t.Bits == 64 && build.Width(e) != 32 {
			return 20
		}
		return 10
	case types.Decimal:
		return t.Precision - t.Scale
	}
	return 5
}

// typedNull gives a literal NULL a type, without which the target cannot choose the function.
func (l *lowering) typedNull(e *ir.Aggregate, name string) {
	for i, a := range e.Args {
		if _, null := a.TypeOf().(types.Null); null || tree.IsNull(a) {
			if _, text := a.TypeOf().(types.Text); text && e.Op != op.Sum && e.Op != op.Avg {
				name = "text" // what a function of NULL has become
			}
			e.Args[i] = build.As(a, name, types.Null{}, code)
		}
	}
}

// extreme is MIN or MAX.
func (l *lowering) extreme(e *ir.Aggregate) ir.Expr {
	l.typedNull(e, "numeric") // it is rather computed and compared with numbers than with texts
	if len(e.Args) != 1 {
		return e
	}
	x := e.Args[0]
	switch t := x.TypeOf().(type) {
	case types.Text, types.Set:
		if t, text := t.(types.Text); text && t.Collation.CaseInsensitive && !build.IsConstant(x) {
			l.once(equalTexts, e, "of texts that are equal by %s, %s gives any", t.Collation.Name, e.Name)
		}
		e.Args[0] = l.collated(x)
	case types.Enum:
		text := types.Text{Charset: t.Charset, Collation: t.Collation}
		return l.through(e, "text", text, t.Name, func(x ir.Expr) ir.Expr { return l.collated(x) })
	case types.Bit:
		if sql, ok := l.p.Lower.TypeSQL(t); ok && t.N < 64 {
			return l.through(e, "bigint", types.Int{Bits: 64}, sql, nil)
		}
		return l.refuse(noOrder, e, "%s of %s", e.Name, t)
	case types.UUID:
		return l.through(e, "text", types.Text{}, "uuid", nil)
	case types.Binary:
		return l.bytes(e)
	case types.JSON:
		if t.Kind == types.JSONBinary {
			return l.refuse(noOrder, e, "%s of %s", e.Name, t)
		}
	case types.Geometry, types.Row, types.Unknown:
		return l.refuse(noOrder, e, "%s of %s", e.Name, t)
	}
	return e
}

// through computes an aggregate on another type of the target, and converts the result back.
func (l *lowering) through(e *ir.Aggregate, name string, as types.Type, back string, wrap func(ir.Expr) ir.Expr) ir.Expr {
	t := e.Type
	x := build.As(e.Args[0], name, as, code)
	if wrap != nil {
		x = wrap(x)
	}
	e.Args[0], e.Type = x, as
	e.Made(code)
	if back == "" {
		return e
	}
	return build.As(e, back, t, code)
}

// bytes is MIN or MAX of byte strings, which the target has from version 18 on.
func (l *lowering) bytes(e *ir.Aggregate) ir.Expr {
	if l.p.Target.Major >= 18 {
		return e
	}
	if e.Over != nil {
		return l.refuse(noOrder, e, "%s of byte strings over a window", e.Name)
	}
	o := &ir.OrderItem{Expr: ir.Clone(e.Args[0]), Desc: e.Op == op.Max, Nulls: ir.NullsAny}
	return l.first(e, o)
}

// first is the first element of an array of the values other than NULL.
func (l *lowering) first(e *ir.Aggregate, order *ir.OrderItem) ir.Expr {
	a := build.Make(&ir.Aggregate{Name: e.Name, Args: e.Args, TargetName: "array_agg"}, e, types.Array{Elem: e.Type}, code)
	if order != nil {
		a.OrderBy = []*ir.OrderItem{order}
		a.Filter = tree.And(e.Filter, l.present(e, e.Args))
	}
	return build.Make(&ir.Subscript{X: a, Index: build.Int(1)}, e, e.Type, code)
}

func (l *lowering) any(e *ir.Aggregate) ir.Expr {
	if s := l.owner[e]; s != nil && len(s.GroupBy) == 0 && !l.grouped(s) {
		return e.Args[0] // it makes no groups
	}
	if _, null := e.Args[0].(*ir.Null); tree.Literal(e.Args[0]) && !null {
		return e.Args[0] // also without rows
	}
	l.typedNull(e, "text")
	e.Made(code)
	if l.p.Target.Major >= 16 {
		e.TargetName = "any_value"
		return e
	}
	switch e.Args[0].TypeOf().(type) {
	case types.Int, types.Decimal, types.Float, types.Year, types.Date, types.DateTime, types.Timestamp, types.Time, types.Text, types.Set, types.Enum:
		e.TargetName = "min"
		return e
	}
	return l.first(e, nil)
}

// grouped tells that a query without GROUP BY has aggregates, so that its rows are one group. ANY_VALUE is none.
func (l *lowering) grouped(s *ir.Select) bool {
	for a, owner := range l.owner {
		if owner == s && a.Op != op.AnyValue && a.Over == nil {
			return true
		}
	}
	return false
}

var bitNames = map[op.Op]string{op.BitAndAgg: "bit_and", op.BitOrAgg: "bit_or", op.BitXorAgg: "bit_xor"}

// bits computes on 64 bits with sign, and makes an unsigned number of them; without values it is 0, or all bits for BIT_AND.
func (l *lowering) bits(e *ir.Aggregate) ir.Expr {
	l.typedNull(e, "bigint")
	x := e.Args[0]
	plain := positive(x) && e.Op != op.BitAndAgg
	switch {
	case build.Width(x) > 0:
		x = build.Bigint(x, code)
	case !isTargetInt(x):
		if build.IsFloat(x) {
			x = build.As(x, "numeric", types.Decimal{}, code)
		}
		x = l.p.Helper("to_bits", x, x)
	default:
		x = build.As(x, "bigint", types.Int{Bits: 64}, code)
	}
	t := e.Type
	e.Args[0], e.TargetName, e.Type = x, bitNames[e.Op], types.Int{Bits: 64}
	e.Made(code)
	empty := build.Int(0)
	if e.Op == op.BitAndAgg {
		empty = build.Int(-1)
	}
	c := build.Call("coalesce", e, types.Int{Bits: 64}, code, e, empty)
	if plain {
		c.Type = t
		return c
	}
	h := l.p.Helper("from_bits", e, c)
	h.Type = t
	return h
}

func positive(e ir.Expr) bool {
	switch e := e.(type) {
	case *ir.BoolValue:
		return true
	case *ir.Name:
		t, ok := e.Type.(types.Int)
		return ok && t.Unsigned && t.Bits < 64
	}
	return false
}

// isTargetInt tells that a value is an integer on the target, whatever its width.
func isTargetInt(e ir.Expr) bool {
	switch t := e.TypeOf().(type) {
	case types.Int:
		if _, agg := e.(*ir.Aggregate); agg {
			return true
		}
		return !(t.Bits == 64 && t.Unsigned)
	case types.Null, types.Year:
		return true
	}
	return false
}

// fractions makes the integers that a RANGE frame sorts by decimals where it takes a distance with a fraction: the target wants one type.
func fractions(w *ir.WindowDef) {
	if w.Frame == nil || w.Frame.Unit != "range" || len(w.OrderBy) != 1 {
		return
	}
	for _, b := range []*ir.FrameBound{w.Frame.Start, w.Frame.End} {
		if b == nil || b.Amount == nil || b.Unit != "" {
			continue
		}
		_, distance := b.Amount.TypeOf().(types.Decimal)
		if t := w.OrderBy[0].Expr.TypeOf(); distance && (types.IsNumeric(t) && !build.IsFloat(w.OrderBy[0].Expr)) {
			if _, already := t.(types.Decimal); !already {
				w.OrderBy[0].Expr = build.As(w.OrderBy[0].Expr, "numeric", types.Decimal{}, code)
			}
		}
	}
}

// bound makes an interval of the distance of a RANGE frame.
func (l *lowering) bound(b *ir.FrameBound) {
	if b.Unit == "" || b.Amount == nil {
		return
	}
	text := amount(b.Amount)
	switch b.Unit {
	case "microsecond", "second", "minute", "hour", "day", "week", "month", "year":
	case "quarter":
		text = ""
	default:
		text = ""
	}
	if text == "" {
		rewrite.Refuse(l.p, frame, b.Span, "a frame of %s", b.Unit)
		return
	}
	b.Amount = build.Make(&ir.Temporal{Kind: types.Interval{}, Value: text + " " + b.Unit}, b.Amount, types.Interval{}, code)
	b.Unit = ""
}

func amount(e ir.Expr) string {
	switch e := e.(type) {
	case *ir.Number:
		return e.Text
	case *ir.String:
		for _, c := range e.Value {
			if c < '0' || c > '9' {
				return ""
			}
		}
		return e.Value
	}
	return ""
}
