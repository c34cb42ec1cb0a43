package builtins

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/feature"
	"godwit/ir/op"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/tree"
	"godwit/ir/types"
)

// helperAggregate names an aggregate of the helper schema.
func (l *lowering) helperAggregate(name string) string {
	l.p.Unit.NeedHelper(name)
	return l.schema() + "." + name
}

func (l *lowering) schema() string {
	if s := l.p.Policy.HelperSchema; s != "" {
		return s
	}
	return "godwit_oracle"
}

var plainAggregates = map[op.Op]string{
	op.Count: "count", op.Sum: "sum", op.Min: "min", op.Max: "max", op.RowNumber: "row_number", op.Rank: "rank", op.DenseRank: "dense_rank", op.NTile: "ntile",
	op.Grouping: "grouping", op.OraGroupingID: "grouping", op.OraCovarPop: "covar_pop", op.OraCovarSamp: "covar_samp", op.OraCorr: "corr",
}

// aggregate lowers an aggregate or window function.
func (l *lowering) aggregate(e *ir.Aggregate) ir.Expr {
	if e.TargetName != "" {
		return e
	}
	l.sortKeys(e.OrderBy)
	if e.Keep != nil {
		return l.keep(e)
	}
	switch e.Op {
	case op.Count:
		return l.count(e)
	case op.Sum:
		e.TargetName = "sum"
		if e.Distinct && e.Over != nil && !isFloat(e) {
			list := build.Make(&ir.Aggregate{Name: e.Name, TargetName: "array_agg", Args: []ir.Expr{numeric(e.Args[0])}, Over: e.Over, Filter: e.Filter}, e, types.Array{Elem: e.Type}, code)
			return l.helper("sum_distinct", e, list)
		}
		return l.distinctOver(e)
	case op.Min, op.Max:
		e.TargetName = plainAggregates[e.Op]
		if isText(e.Args[0]) {
			e.Args[0] = collated(e.Args[0])
		}
		e.Distinct = false
		return e
	case op.Avg:
		return l.average(e)
	case op.RowNumber, op.Grouping, op.OraGroupingID:
		e.TargetName = plainAggregates[e.Op]
		return e
	case op.Rank, op.DenseRank:
		e.TargetName = plainAggregates[e.Op]
		return e
	case op.PercentRank, op.CumeDist:
		return l.share(e)
	case op.NTile:
		e.TargetName, e.Args[0] = "ntile", count(e.Args[0])
		return e
	case op.Lag, op.Lead:
		return l.neighbour(e)
	case op.FirstValue, op.LastValue, op.NthValue:
		return l.framed(e)
	case op.OraListAgg, op.OraWMConcat:
		return l.listAgg(e)
	case op.OraStdDev, op.OraVariance, op.StdDevPop, op.StdDevSamp, op.VarPop, op.VarSamp, op.OraCovarPop, op.OraCovarSamp, op.OraCorr, op.OraRegression:
		return l.statistic(e)
	case op.OraMedian:
		return l.median(e)
	case op.OraPercentileCont, op.OraPercentileDisc:
		return l.percentile(e)
	case op.OraRatio:
		return l.ratio(e)
	case op.OraGroupID:
		return e // a matter of the grouping sets
	case op.AnyValue:
		e.TargetName = "min"
		if l.p.Features.Has(feature.AnyValue) {
			e.TargetName = "any_value"
		}
		return e
	case op.OraXMLAgg:
		return l.xmlAgg(e)
	case op.OraStatsMode:
		return l.mode(e)
	case op.OraCollect:
		return l.collect(e)
	case op.OraBits:
		return l.bits(e)
	case op.OraBooleans:
		e.TargetName = "bool_and"
		if e.Name == "BOOLEAN_OR_AGG" {
			e.TargetName = "bool_or"
		}
		return l.distinctOver(e)
	}
	return l.refuse(refusedFunction, e, "%s", e.Name)
}

// count: COUNT(DISTINCT x) OVER (...) is told by ranks from both ends.
func (l *lowering) count(e *ir.Aggregate) ir.Expr {
	e.TargetName = "count"
	if len(e.Args) == 1 {
		if b, ok := e.Args[0].(*ir.Number); ok && b.Kind == ir.IntNumber && !e.Distinct {
			return e
		}
	}
	if !e.Distinct || e.Over == nil {
		return e
	}
	if len(e.Over.OrderBy) > 0 || e.Over.Reference || e.Over.Extends != "" {
		return l.refuse(refusedFunction, e, "COUNT(DISTINCT ...) OVER with an order")
	}
	x := e.Args[0]
	rank := func(desc bool) ir.Expr {
		o := &ir.OrderItem{Expr: ir.Clone(x), Desc: desc, Nulls: ir.NullsLast}
		if desc {
			o.Nulls = ir.NullsFirst
		}
		w := &ir.WindowDef{PartitionBy: cloneAll(e.Over.PartitionBy), OrderBy: []*ir.OrderItem{o}}
		return build.Make(&ir.Aggregate{Op: op.DenseRank, Name: "DENSE_RANK", TargetName: "dense_rank", Over: w}, e, e.Type, code)
	}
	sum := build.Make(&ir.Binary{Op: ir.Add, L: rank(false), R: rank(true)}, e, e.Type, code)
	total := build.Make(&ir.Binary{Op: ir.Sub, L: sum, R: build.Int(1)}, e, e.Type, code)
	if l.notNull(x) {
		return total
	}
	null := build.Make(&ir.IsNull{X: ir.Clone(x)}, e, types.Bool{}, code)
	any := build.Make(&ir.Aggregate{Op: op.Max, Name: "MAX", TargetName: "bool_or", Args: []ir.Expr{null}, Over: &ir.WindowDef{PartitionBy: cloneAll(e.Over.PartitionBy)}}, e, types.Bool{}, code)
	return build.Make(&ir.Binary{Op: ir.Sub, L: total, R: build.Make(&ir.BoolValue{X: any}, e, e.Type, code)}, e, e.Type, code)
}

func cloneAll(list []ir.Expr) []ir.Expr {
	out := make([]ir.Expr, len(list))
	for i, x := range list {
		out[i] = ir.Clone(x)
	}
	return out
}

// distinctOver refuses DISTINCT in a window, which the target does not have.
func (l *lowering) distinctOver(e *ir.Aggregate) ir.Expr {
	if e.Distinct && e.Over != nil {
		return l.refuse(refusedFunction, e, "%s(DISTINCT ...) OVER", e.Name)
	}
	return e
}

// average has up to 40 digits in the source: sum divided by count where more than 16 digits can be seen.
func (l *lowering) average(e *ir.Aggregate) ir.Expr {
	e.TargetName = "avg"
	if e.Distinct && e.Over != nil {
		return l.distinctOver(e)
	}
	if isFloat(e) {
		t := e.Type
		e.Type = types.Float{Bits: 64}
		return single(e, t)
	}
	sum, n := ir.Clone(e), ir.Clone(e)
	sum.Op, sum.Name, sum.TargetName = op.Sum, "SUM", "sum"
	n.Op, n.Name, n.TargetName = op.Count, "COUNT", "count"
	// An average of no rows is NULL, and no division by zero.
	divisor := build.Call("nullif", e, e.Type, code, n, build.Int(0))
	h := l.p.Helper("divide", e, sum, divisor)
	l.quotients[h] = e
	return h
}

// share: PERCENT_RANK and CUME_DIST are quotients of ranks and numbers of rows.
func (l *lowering) share(e *ir.Aggregate) ir.Expr {
	if e.Over == nil || e.Over.Reference || e.Over.Extends != "" || len(e.Over.OrderBy) == 0 {
		e.TargetName = map[op.Op]string{op.PercentRank: "percent_rank", op.CumeDist: "cume_dist"}[e.Op]
		l.note(digits, e.Span, "%s has 15 digits", e.Name)
		t := e.Type
		e.Type = types.Float{Bits: 64}
		return build.As(e, "numeric", t, code)
	}
	all := func(o op.Op, name string, w *ir.WindowDef) ir.Expr {
		a := &ir.Aggregate{Op: o, Name: e.Name, TargetName: name, Over: w}
		if o == op.Count {
			a.Args = []ir.Expr{build.Make(&ir.Star{}, e, types.Type(types.Row{}), code)}
		}
		return build.Make(a, e, e.Type, code)
	}
	rows := all(op.Count, "count", &ir.WindowDef{PartitionBy: cloneAll(e.Over.PartitionBy)})
	if e.Op == op.CumeDist {
		return l.p.Helper("divide", e, all(op.Count, "count", e.Over), rows)
	}
	before := build.Make(&ir.Binary{Op: ir.Sub, L: all(op.Rank, "rank", e.Over), R: build.Int(1)}, e, e.Type, code)
	others := build.Make(&ir.Binary{Op: ir.Sub, L: rows, R: build.Int(1)}, e, e.Type, code)
	q := l.p.Helper("divide", e, before, build.Call("nullif", e, e.Type, code, others, build.Int(0)))
	return build.Call("coalesce", e, e.Type, code, q, build.Int(0))
}

// neighbour: LAG and LEAD. Values other than NULL are gathered in an array.
func (l *lowering) neighbour(e *ir.Aggregate) ir.Expr {
	e.TargetName = map[op.Op]string{op.Lag: "lag", op.Lead: "lead"}[e.Op]
	if len(e.Args) > 1 {
		e.Args[1] = count(e.Args[1])
	}
	if len(e.Args) > 2 {
		e.Args[0], e.Args[2] = sameKind(e.Args[0], e.Args[2])
	}
	if !e.IgnoreNulls {
		return e
	}
	n := int64(1)
	if len(e.Args) > 1 {
		v, ok := literalInt(e.Args[1])
		if !ok || v < 1 {
			return l.refuse(refusedFunction, e, "%s IGNORE NULLS with a distance that is no literal", e.Name)
		}
		n = v
	}
	if e.Over == nil || e.Over.Reference || e.Over.Extends != "" {
		return l.refuse(refusedFunction, e, "%s IGNORE NULLS over a named window", e.Name)
	}
	frame := &ir.Frame{Unit: "rows", Start: &ir.FrameBound{Kind: "unbounded preceding"}, End: &ir.FrameBound{Kind: "preceding", Amount: build.Int(1)}}
	if e.Op == op.Lead {
		frame = &ir.Frame{Unit: "rows", Start: &ir.FrameBound{Kind: "following", Amount: build.Int(1)}, End: &ir.FrameBound{Kind: "unbounded following"}}
	}
	w := ir.Clone(e.Over)
	w.Frame = frame
	list := l.gathered(e, w)
	var place ir.Expr = build.Int(n)
	if e.Op == op.Lag {
		place = l.number1(e, w)
		if n > 1 {
			place = build.Make(&ir.Binary{Op: ir.Sub, L: place, R: build.Int(n - 1)}, e, types.Decimal{}, code)
		}
	}
	x := subscript(list, place, e)
	if len(e.Args) > 2 && !isNull(e.Args[2]) {
		return build.Call("coalesce", e, e.Type, code, x, e.Args[2])
	}
	return x
}

// sameKind makes two numbers of one kind: LAG and LEAD take a default of the value's own type.
func sameKind(a, b ir.Expr) (ir.Expr, ir.Expr) {
	if !types.IsNumeric(a.TypeOf()) || !types.IsNumeric(b.TypeOf()) || kindOf(a) == kindOf(b) {
		return a, b
	}
	if kindOf(a) == decimal || isFloat(a) {
		return a, b
	}
	return numeric(a), numeric(b)
}

// gathered are the values other than NULL of a window in an array.
func (l *lowering) gathered(e *ir.Aggregate, w *ir.WindowDef) ir.Expr {
	a := &ir.Aggregate{Name: "ARRAY_AGG", TargetName: "array_agg", Args: []ir.Expr{ir.Clone(e.Args[0])}, Over: ir.Clone(w)}
	if e.IgnoreNulls {
		a.Filter = build.Make(&ir.IsNull{Not: true, X: ir.Clone(e.Args[0])}, e, types.Bool{}, code)
	}
	return build.Make(a, e, types.Array{Elem: e.Type}, code)
}

// number1 is the number of values that gathered gathers.
func (l *lowering) number1(e *ir.Aggregate, w *ir.WindowDef) ir.Expr {
	a := &ir.Aggregate{Op: op.Count, Name: "COUNT", TargetName: "count", Args: []ir.Expr{ir.Clone(e.Args[0])}, Over: ir.Clone(w)}
	if !e.IgnoreNulls {
		a.Args = []ir.Expr{build.Make(&ir.Star{}, e, types.Row{}, code)}
	}
	return build.Make(a, e, types.Decimal{}, code)
}

func subscript(list, place ir.Expr, like ir.Expr) ir.Expr {
	if kindOf(place) == wide || kindOf(place) == unsure {
		place = build.As(place, "integer", types.Int{Bits: 32}, code)
	}
	return build.Make(&ir.Subscript{X: list, Index: place}, like, like.TypeOf(), code)
}

// framed: FIRST_VALUE, LAST_VALUE and NTH_VALUE. IGNORE NULLS and FROM LAST take the value from an array of the frame's.
func (l *lowering) framed(e *ir.Aggregate) ir.Expr {
	e.TargetName = map[op.Op]string{op.FirstValue: "first_value", op.LastValue: "last_value", op.NthValue: "nth_value"}[e.Op]
	if e.Op == op.NthValue {
		e.Args[1] = count(e.Args[1])
	}
	if !e.IgnoreNulls && !e.FromLast {
		return e
	}
	if e.Over == nil {
		return l.refuse(refusedFunction, e, "%s without a window", e.Name)
	}
	list := l.gathered(e, e.Over)
	switch e.Op {
	case op.FirstValue:
		return subscript(list, build.Int(1), e)
	case op.LastValue:
		return subscript(list, l.number1(e, e.Over), e)
	}
	if !e.FromLast {
		return subscript(list, e.Args[1], e)
	}
	n := build.Make(&ir.Binary{Op: ir.Sub, L: l.number1(e, e.Over), R: e.Args[1]}, e, types.Decimal{}, code)
	return subscript(list, build.Make(&ir.Binary{Op: ir.Add, L: n, R: build.Int(1)}, e, types.Decimal{}, code), e)
}

// listAgg becomes string_agg.
func (l *lowering) listAgg(e *ir.Aggregate) ir.Expr {
	x, sep := e.Args[0], ir.Expr(build.Text(""))
	if e.Op == op.OraWMConcat {
		sep = build.Text(",")
	}
	if len(e.Args) > 1 && !isNull(e.Args[1]) {
		sep = e.Args[1]
	}
	if _, literal := sep.(*ir.String); !literal {
		sep = build.Call("coalesce", sep, sep.TypeOf(), code, sep, build.Text(""))
	}
	x = l.blanks(x)
	if e.Distinct {
		if e.Over != nil {
			return l.distinctOver(e)
		}
		if len(e.OrderBy) == 0 {
			e.OrderBy = []*ir.OrderItem{{Expr: x, Nulls: ir.NullsLast}}
		} else {
			if n := numberUnder(e.Args[0]); n != nil && len(e.OrderBy) == 1 && tree.Equal(n, e.OrderBy[0].Expr) {
				return l.distinctNumbers(e, n, sep)
			}
			if !sameValue(e.Args[0], e.OrderBy[0].Expr) || len(e.OrderBy) > 1 {
				return l.refuse(refusedFunction, e, "LISTAGG(DISTINCT ...) in the order of another value")
			}
		}
		x = collated(build.As(x, "text", e.Type, code)) // the target orders distinct values by themselves only
		e.OrderBy[0].Expr = ir.Clone(x)
	}
	e.Within = false
	if o := e.Overflow; o != nil && o.Truncate {
		return l.truncated(e, x, sep)
	}
	e.Overflow = nil
	e.Args, e.TargetName = []ir.Expr{x, sep}, "string_agg"
	if e.Over != nil && len(e.OrderBy) > 0 {
		e.Over = ir.Clone(e.Over)
		e.Over.OrderBy = e.OrderBy
		e.Over.Frame = &ir.Frame{Unit: "rows", Start: &ir.FrameBound{Kind: "unbounded preceding"}, End: &ir.FrameBound{Kind: "unbounded following"}}
		e.OrderBy = nil
	}
	switch {
	case e.Op == op.OraListAgg && l.handlesLong():
		h := l.p.Helper("listagg_checked", e, e)
		h.Type = e.Type
		return h
	case e.Op == op.OraListAgg:
		l.note(joinedLong, e.Span, "LISTAGG")
	}
	return e
}

// handlesLong tells a program that handles errors, and with them a list that is too long.
func (l *lowering) handlesLong() bool {
	return l.p.May(ir.KindBlock) && slices.ContainsFunc(l.p.Unit.Stmts, func(s ir.Stmt) bool {
		return ir.Find(s, func(n ir.Node) bool {
			switch c := n.(type) {
			case *ir.Catch:
				return c.Others || slices.Contains(c.States, "program_limit_exceeded")
			case *ir.ExceptArm: // made of one
				return slices.Contains(c.Conditions, "OTHERS") || slices.Contains(c.Conditions, "program_limit_exceeded")
			}
			return false
		})
	})
}

func sameValue(a, b ir.Expr) bool {
	if c, ok := b.(*ir.Collate); ok {
		b = c.X
	}
	if tree.Equal(a, b) {
		return true
	}
	x, ok := a.(*ir.Name)
	y, ok2 := b.(*ir.Name)
	return ok && ok2 && len(x.Parts) > 0 && len(y.Parts) > 0 && x.Parts[len(x.Parts)-1].Text == y.Parts[len(y.Parts)-1].Text
}

// numberUnder is the number that a text is made of without a format, nil if it is none.
func numberUnder(e ir.Expr) ir.Expr {
	switch x := e.(type) {
	case *ir.HelperCall:
		if x.Name == "to_text" && len(x.Args) == 1 {
			return numberUnder(x.Args[0])
		}
	case *ir.Cast:
		return numberUnder(x.X)
	}
	if types.IsNumeric(e.TypeOf()) && !isFloat(e) {
		return e
	}
	return nil
}

// distinctNumbers is LISTAGG(DISTINCT n) in the order of the numbers: string_agg sorts distinct values as the texts that they are.
func (l *lowering) distinctNumbers(e *ir.Aggregate, n, sep ir.Expr) ir.Expr {
	if e.Overflow != nil && e.Overflow.Truncate {
		return l.refuse(refusedFunction, e, "LISTAGG(DISTINCT ...) ON OVERFLOW TRUNCATE in the order of another value")
	}
	t := e.Type
	x := numeric(n)
	e.OrderBy[0].Expr = ir.Clone(x)
	e.Within, e.Overflow, e.TargetName, e.Args = false, nil, "array_agg", []ir.Expr{x}
	e.Type = types.Array{Elem: types.Decimal{}}
	h := l.p.Helper("listagg_numbers", e, e, sep)
	h.Type = t
	if l.handlesLong() {
		h = l.p.Helper("listagg_checked", h, h)
		h.Type = t
		return h
	}
	l.note(joinedLong, e.Span, "LISTAGG")
	return h
}

// truncated is LISTAGG with ON OVERFLOW TRUNCATE.
func (l *lowering) truncated(e *ir.Aggregate, x, sep ir.Expr) ir.Expr {
	if e.Over != nil {
		return l.refuse(refusedFunction, e, "LISTAGG ... ON OVERFLOW TRUNCATE over a window")
	}
	o := e.Overflow
	var filler ir.Expr = build.Text("...")
	if o.Text != nil {
		filler = o.Text
	}
	e.Overflow = nil
	e.TargetName, e.Args = "array_agg", []ir.Expr{x}
	e.Filter = build.Make(&ir.IsNull{Not: true, X: ir.Clone(x)}, e, types.Bool{}, code)
	t := e.Type
	list := build.As(e, "text[]", types.Array{Elem: t}, code)
	counted := build.Make(&ir.Bool{Value: !o.NoCount}, e, types.Bool{}, code)
	h := l.p.Helper("listagg_truncated", e, list, sep, filler, counted)
	h.Type = t
	return h
}

// spreads are deviations and variances: the helper routine that tells them from sums, and its kind.
var spreads = map[op.Op][2]string{op.OraStdDev: {"stddev"}, op.OraVariance: {"variance"}, op.StdDevPop: {"stddev", "pop"}, op.StdDevSamp: {"stddev", "samp"},
	op.VarPop: {"variance", "pop"}, op.VarSamp: {"variance", "samp"}}

// spread computes a deviation or variance from the sums of the values and their squares, with all digits.
func (l *lowering) spread(e *ir.Aggregate) ir.Expr {
	part := func(o op.Op, name string, x ir.Expr) ir.Expr {
		a := ir.Clone(e)
		a.Op, a.Name, a.TargetName, a.Args = o, strings.ToUpper(name), name, []ir.Expr{x}
		return a
	}
	x := e.Args[0]
	square := build.Make(&ir.Binary{Op: ir.Mul, L: ir.Clone(x), R: ir.Clone(x)}, e, types.Type(types.Decimal{}), code)
	s := spreads[e.Op]
	args := []ir.Expr{part(op.Count, "count", x), part(op.Sum, "sum", ir.Clone(x)), part(op.Sum, "sum", l.binary(square))}
	if s[1] != "" {
		args = append(args, build.Text(s[1]))
	}
	return l.p.Helper(s[0], e, args...)
}

// statistic: deviations and the like. STDDEV and VARIANCE of one value are 0.
func (l *lowering) statistic(e *ir.Aggregate) ir.Expr {
	if e.Distinct && e.Over != nil {
		return l.distinctOver(e)
	}
	if spreads[e.Op][0] != "" && !e.Distinct && !isFloat(e) && build.Repeatable(e.Args[0]) {
		return l.spread(e)
	}
	l.note(digits, e.Span, "%s has 15 to 20 digits", e.Name)
	switch e.Op {
	case op.OraStdDev, op.OraVariance:
		n := ir.Clone(e)
		n.Op, n.Name, n.TargetName = op.Count, "COUNT", "count"
		e.TargetName = map[op.Op]string{op.OraStdDev: "stddev_samp", op.OraVariance: "var_samp"}[e.Op]
		e.Args[0] = l.decimalArg(e.Args[0])
		return build.If(build.Compare(ir.Eq, n, build.Int(1), e, code), build.Int(0), e, e, e.Type, code)
	case op.StdDevPop, op.StdDevSamp, op.VarPop, op.VarSamp:
		e.TargetName = map[op.Op]string{op.StdDevPop: "stddev_pop", op.StdDevSamp: "stddev_samp", op.VarPop: "var_pop", op.VarSamp: "var_samp"}[e.Op]
		e.Args[0] = l.decimalArg(e.Args[0])
		return e
	case op.OraCovarPop, op.OraCovarSamp, op.OraCorr:
		e.TargetName = plainAggregates[e.Op]
	default:
		e.TargetName = map[string]string{"REGR_SLOPE": "regr_slope", "REGR_INTERCEPT": "regr_intercept", "REGR_COUNT": "regr_count", "REGR_R2": "regr_r2", "REGR_AVGX": "regr_avgx",
			"REGR_AVGY": "regr_avgy", "REGR_SXX": "regr_sxx", "REGR_SYY": "regr_syy", "REGR_SXY": "regr_sxy"}[e.Name]
	}
	for i, a := range e.Args {
		if !isFloat(a) {
			e.Args[i] = build.As(a, "double precision", types.Float{Bits: 64}, code)
		}
	}
	if e.Name == "REGR_COUNT" || isFloat(e) {
		return e
	}
	t := e.Type
	e.Type = types.Float{Bits: 64}
	return build.As(e, "numeric", t, code)
}

func (l *lowering) decimalArg(x ir.Expr) ir.Expr {
	if kindOf(x) == unsure {
		return numeric(x)
	}
	return x
}

func (l *lowering) median(e *ir.Aggregate) ir.Expr {
	if e.Distinct {
		return l.refuse(refusedFunction, e, "MEDIAN(DISTINCT ...)")
	}
	x := e.Args[0]
	switch x.TypeOf().(type) {
	case types.Decimal, types.Int, types.Float:
		e.Args[0] = numeric(x)
	case types.DateTime:
	default:
		return l.refuse(refusedFunction, e, "MEDIAN of %s", x.TypeOf())
	}
	e.TargetName = l.helperAggregate("median")
	return e
}

// percentile: PERCENTILE_CONT of numbers is a helper aggregate that computes with decimals, PERCENTILE_DISC the target's own.
func (l *lowering) percentile(e *ir.Aggregate) ir.Expr {
	if e.Over != nil || len(e.OrderBy) != 1 {
		return l.refuse(refusedFunction, e, "%s over a window", e.Name)
	}
	o := e.OrderBy[0]
	if e.Op == op.OraPercentileDisc {
		e.TargetName = "percentile_disc"
		e.Args[0] = build.As(e.Args[0], "double precision", types.Float{Bits: 64}, code)
		return e
	}
	switch o.Expr.TypeOf().(type) {
	case types.Decimal, types.Int, types.Float:
	default:
		return l.refuse(refusedFunction, e, "PERCENTILE_CONT of %s", o.Expr.TypeOf())
	}
	e.Args[0], o.Expr = numeric(e.Args[0]), numeric(o.Expr)
	if o.Desc { // the same place from the other end, and the same value between its neighbours
		rest := build.Op("-", e.Args[0], types.Decimal{}, code, build.Int(1), e.Args[0])
		e.Args[0], o.Desc, o.Nulls = rest, false, ir.NullsAny
	}
	e.TargetName = l.helperAggregate("percentile_cont")
	return e
}

// ratio: RATIO_TO_REPORT is the value divided by the sum over the window.
func (l *lowering) ratio(e *ir.Aggregate) ir.Expr {
	if e.Over == nil {
		return l.refuse(refusedFunction, e, "RATIO_TO_REPORT without OVER")
	}
	x := ir.Clone(e.Args[0])
	e.Op, e.Name, e.TargetName = op.Sum, "SUM", "sum"
	d := build.Make(&ir.Div{Kind: ir.DivExact, Zero: ir.ZeroError, L: x, R: e}, e, e.Type, code)
	return l.divide(d)
}

// keep: KEEP (DENSE_RANK FIRST ORDER BY k). The least and the greatest of the first rows is the first of all in the order of k and the value.
func (l *lowering) keep(e *ir.Aggregate) ir.Expr {
	keys := e.Keep.OrderBy
	l.sortKeys(keys)
	if e.Distinct || e.Filter != nil {
		return l.refuse(refusedFunction, e, "%s with KEEP and DISTINCT or FILTER", e.Name)
	}
	if e.Keep.Last {
		for i, k := range keys {
			r := ir.Clone(k)
			r.Desc = !k.Desc
			r.Nulls = map[ir.NullOrder]ir.NullOrder{ir.NullsFirst: ir.NullsLast, ir.NullsLast: ir.NullsFirst, ir.NullsAny: ir.NullsAny}[k.Nulls]
			keys[i] = r
		}
	}
	x := e.Args[0]
	if isText(x) {
		x = collated(x)
	}
	if e.Op == op.Min || e.Op == op.Max {
		last := &ir.OrderItem{Expr: ir.Clone(x), Desc: e.Op == op.Max, Nulls: ir.NullsLast}
		order := append(keys, last)
		if e.Over != nil {
			if len(e.Over.OrderBy) > 0 || e.Over.Reference {
				return l.refuse(refusedFunction, e, "%s with KEEP over a window with an order", e.Name)
			}
			w := ir.Clone(e.Over)
			w.OrderBy = order
			return build.Make(&ir.Aggregate{Op: op.FirstValue, Name: e.Name, TargetName: "first_value", Args: []ir.Expr{x}, Over: w}, e, e.Type, code)
		}
		a := build.Make(&ir.Aggregate{Name: e.Name, TargetName: "array_agg", Args: []ir.Expr{x}, OrderBy: order}, e, types.Array{Elem: e.Type}, code)
		return subscript(a, build.Int(1), e)
	}
	return l.keptOthers(e, keys)
}

// keptOthers: other aggregates of the first rows, from arrays of the group's keys and values.
func (l *lowering) keptOthers(e *ir.Aggregate, keys []*ir.OrderItem) ir.Expr {
	name := map[op.Op]string{op.Sum: "sum", op.Count: "count", op.Avg: "avg"}[e.Op]
	if name == "" || e.Over != nil || len(keys) != 1 || len(e.Args) != 1 {
		return l.refuse(refusedFunction, e, "%s with KEEP", e.Name)
	}
	x := e.Args[0]
	if _, star := x.(*ir.Star); star {
		x = build.Int(1)
	}
	gather := func(v ir.Expr) ir.Expr {
		return build.Make(&ir.Aggregate{Name: "ARRAY_AGG", TargetName: "array_agg", Args: []ir.Expr{ir.Clone(v)}, OrderBy: []*ir.OrderItem{ir.Clone(keys[0])}}, e, types.Array{Elem: v.TypeOf()}, code)
	}
	key := func(n string) *ir.Name {
		return build.Make(&ir.Name{Parts: []ir.Ident{{Text: "kept"}, {Text: n}}}, e, types.Decimal{}, code)
	}
	k, v := unlike("k", keys[0].Expr), unlike("v", keys[0].Expr) // the condition reads the source's columns beside these
	from := &ir.TableFunc{Call: build.Call("unnest", e, types.Null{}, code, gather(keys[0].Expr), gather(x)), Alias: ir.Ident{Text: "kept"}, Columns: []ir.Ident{{Text: k}, {Text: v}}}
	first := subscript(gather(keys[0].Expr), build.Int(1), keys[0].Expr)
	sel := &ir.Select{
		Items: []*ir.SelectItem{{Expr: build.Make(&ir.Aggregate{Op: e.Op, Name: e.Name, TargetName: name, Args: []ir.Expr{key(v)}}, e, e.Type, code)}},
		From:  []ir.TableExpr{from},
		Where: build.Compare(ir.NullSafeEq, key(k), first, e, code),
	}
	sel.Row = &types.Row{Names: []string{""}, Types: []types.Type{e.Type}}
	return build.Make(&ir.Subquery{Query: sel}, e, e.Type, code)
}

// unlike is a name that an expression does not mention.
func unlike(name string, e ir.Expr) string {
	for ir.Find(e, func(n ir.Node) bool {
		x, ok := n.(*ir.Name)
		return ok && slices.ContainsFunc(x.Parts, func(p ir.Ident) bool { return strings.EqualFold(p.Text, name) })
	}) {
		name += "_"
	}
	return name
}
