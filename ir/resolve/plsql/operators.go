package plsql

import (
	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/types"
)

// operator types an operator and makes the conversions of its operands explicit.
func (r *Resolver) operator(sc *scope, e ir.Expr) ir.Expr {
	switch e := e.(type) {
	case *ir.Unary:
		return r.unary(sc, e)
	case *ir.Binary:
		return r.binary(sc, e)
	case *ir.Div:
		e.L, e.R = r.value(sc, e.L), r.numeric(r.value(sc, e.R))
		e.Kind, e.Zero = ir.DivExact, ir.ZeroError
		if t, ok := e.L.TypeOf().(types.Interval); ok && !t.Months {
			return r.spread(typed(e, computedInterval(false)), e.L, e.R)
		}
		e.L, e.Type = r.numeric(e.L), number
		if isFloat(e.L) || isFloat(e.R) {
			e.Kind, e.Type = ir.DivFloat, arithmeticType(e.L, e.R)
		}
		return r.spread(e, e.L, e.R)
	case *ir.Mod:
		c := &ir.Call{Op: op.OraMod, Name: "MOD", Args: []ir.Expr{r.numeric(r.value(sc, e.L)), r.numeric(r.value(sc, e.R))}}
		c.Meta = e.Meta
		c.Type = arithmeticType(c.Args[0], c.Args[1])
		return r.spread(c, c.Args...)
	case *ir.Concat:
		return r.concat(sc, e)
	case *ir.Compare:
		e.L, e.R = r.value(sc, e.L), r.value(sc, e.R)
		if isObject(e.L) && isObject(e.R) {
			return r.compareObjects(e)
		}
		r.pair(&e.L, &e.R)
		return typed(e, types.Bool{})
	case *ir.Between:
		e.X, e.Lo, e.Hi = r.value(sc, e.X), r.value(sc, e.Lo), r.value(sc, e.Hi)
		r.against(&e.X, &e.Lo, &e.Hi)
		return typed(e, types.Bool{})
	case *ir.In:
		return r.in(sc, e)
	case *ir.Like:
		e.X, e.Pattern = r.toText(r.value(sc, e.X)), r.toText(r.value(sc, e.Pattern))
		if e.Escape != nil {
			e.Escape = r.toText(r.value(sc, e.Escape))
		}
		return typed(e, types.Bool{})
	case *ir.IsNull:
		e.X = r.expr(sc, e.X)
		return typed(e, types.Bool{})
	case *ir.IsTruth:
		e.X = r.condition(sc, e.X)
		return typed(e, types.Bool{})
	case *ir.Quantified:
		return r.quantified(sc, e)
	case *ir.Regexp:
		e.X, e.Pattern = r.toText(r.value(sc, e.X)), r.toText(r.value(sc, e.Pattern))
		return typed(e, types.Bool{})
	}
	return e
}

// spread makes the result unknown where an operand is.
func (r *Resolver) spread(e ir.Expr, operands ...ir.Expr) ir.Expr {
	for _, x := range operands {
		if u, ok := x.TypeOf().(types.Unknown); ok {
			e.SetType(u)
		}
	}
	return e
}

func (r *Resolver) unary(sc *scope, e *ir.Unary) ir.Expr {
	if e.Op == ir.Not {
		e.X = r.condition(sc, e.X)
		return typed(e, types.Bool{})
	}
	e.X = r.value(sc, e.X)
	if isInterval(e.X.TypeOf()) {
		return typed(e, e.X.TypeOf())
	}
	e.X = r.numeric(e.X)
	return typed(e, e.X.TypeOf())
}

func (r *Resolver) binary(sc *scope, e *ir.Binary) ir.Expr {
	switch e.Op {
	case ir.And, ir.Or, ir.Xor:
		e.L, e.R = r.condition(sc, e.L), r.condition(sc, e.R)
		return typed(e, types.Bool{})
	}
	e.L, e.R = r.value(sc, e.L), r.value(sc, e.R)
	l, rt := e.L.TypeOf(), e.R.TypeOf()
	if isMoment(l) || isMoment(rt) || isInterval(l) || isInterval(rt) {
		return r.moments(e)
	}
	e.L, e.R = r.numeric(e.L), r.numeric(e.R)
	e.Type = arithmeticType(e.L, e.R)
	if !sc.sql && wholeOperand(e.L) && wholeOperand(e.R) && (isInt(e.L.TypeOf()) || isInt(e.R.TypeOf())) {
		e.Type = types.Int{Bits: 32} // PLS_INTEGER
	}
	return r.spread(e, e.L, e.R)
}

// wholeOperand tells a PLS_INTEGER, or a literal that is one.
func wholeOperand(e ir.Expr) bool {
	if isInt(e.TypeOf()) {
		return true
	}
	switch e := e.(type) {
	case *ir.Number:
		return e.Kind == ir.IntNumber && len(e.Text) < 10
	case *ir.Unary:
		return e.Op == ir.Neg && wholeOperand(e.X)
	}
	return false
}

// arithmeticType is the type of +, - and * of numbers: binary if one operand is, else NUMBER.
func arithmeticType(l, r ir.Expr) types.Type {
	a, af := l.TypeOf().(types.Float)
	b, bf := r.TypeOf().(types.Float)
	switch {
	case af && a.Bits == 64 || bf && b.Bits == 64:
		return types.Float{Bits: 64}
	case af || bf:
		return types.Float{Bits: 32}
	}
	return number
}

// moments types arithmetic with dates and intervals (SQL Language Reference, "Datetime/Interval Arithmetic").
func (r *Resolver) moments(e *ir.Binary) ir.Expr {
	l, rt := e.L.TypeOf(), e.R.TypeOf()
	if types.IsUnknown(l) || types.IsUnknown(rt) {
		return typed(e, unknown("an operand is not known"))
	}
	call := func(o op.Op, t types.Type, word string, args ...ir.Expr) ir.Expr {
		c := &ir.Call{Op: o, Args: args, Word: word}
		c.Meta, c.Type = e.Meta, t
		return c
	}
	sub := ""
	if e.Op == ir.Sub {
		sub = "sub"
	}
	switch {
	case e.Op == ir.Mul && isInterval(l):
		e.R = r.numeric(e.R)
		return typed(e, computedInterval(l.(types.Interval).Months))
	case e.Op == ir.Mul && isInterval(rt):
		e.L = r.numeric(e.L)
		return typed(e, computedInterval(rt.(types.Interval).Months))
	case e.Op != ir.Add && e.Op != ir.Sub:
	case isMoment(l) && isMoment(rt) && e.Op == ir.Sub:
		if isDate(l) && isDate(rt) {
			return call(op.OraDaysBetween, number, "", e.L, e.R)
		}
		return call(op.OraSpan, computedInterval(false), "", e.L, e.R)
	case isInterval(l) && isInterval(rt) && l.(types.Interval).Months == rt.(types.Interval).Months:
		return typed(e, computedInterval(l.(types.Interval).Months))
	case isMoment(l) && isInterval(rt):
		return call(spanOp(rt), spanResult(l), sub, e.L, e.R)
	case isInterval(l) && isMoment(rt) && e.Op == ir.Add:
		return call(spanOp(l), spanResult(rt), "", e.R, e.L)
	case isMoment(l) && nullValue(e.R), isMoment(l) && addable(rt):
		return call(op.OraAddDays, types.DateTime{}, sub, r.toDate(e.L), r.numeric(e.R))
	case isMoment(rt) && e.Op == ir.Add && (nullValue(e.L) || addable(l)):
		return call(op.OraAddDays, types.DateTime{}, "", r.toDate(e.R), r.numeric(e.L))
	case isMoment(rt) && nullValue(e.L):
		return call(op.OraDaysBetween, number, "", r.convert(e.L, types.DateTime{}), e.R)
	case isMoment(rt) && types.IsText(l):
		return call(op.OraDaysBetween, number, "", r.convert(e.L, types.DateTime{}), r.toDate(e.R))
	case isMoment(l) && types.IsText(rt) && e.Op == ir.Add:
		return call(op.OraAddDays, types.DateTime{}, "", r.toDate(e.L), r.numeric(e.R))
	}
	r.fail(noConversion, e.Span, "%s computes with %s and %s", text(e), typeName(l), typeName(rt))
	return typed(e, unknown("the operands do not fit"))
}

// computedInterval is the type of intervals that functions and operators give: nine digits in front, and nine of a second.
func computedInterval(months bool) types.Interval {
	if months {
		return types.Interval{Months: true, Digits: 9}
	}
	return types.Interval{Precision: 9, Digits: 9}
}

func addable(t types.Type) bool { return types.IsNumeric(t) }

func spanOp(t types.Type) op.Op {
	if t.(types.Interval).Months {
		return op.OraAddMonthsSpan
	}
	return op.OraAddInterval
}

func spanResult(moment types.Type) types.Type { return moment }

// typeName tells a type in the source's words.
func typeName(t types.Type) string {
	switch t := t.(type) {
	case types.Decimal:
		return "a number"
	case types.Int:
		return "PLS_INTEGER"
	case types.Float:
		return "a binary number"
	case types.Text:
		return "a text"
	case types.DateTime:
		if t.Precision == 0 {
			return "a date"
		}
		return "a timestamp"
	case types.Timestamp:
		return "a timestamp with zone"
	case types.Interval:
		return "an interval"
	case types.Bool:
		return "a BOOLEAN"
	case types.Binary:
		return "a RAW"
	}
	return t.String()
}

// concat makes text of the operands. NULL counts as nothing.
func (r *Resolver) concat(sc *scope, e *ir.Concat) ir.Expr {
	r.list(sc, e.Args)
	return r.joined(e)
}

// joined makes text of the operands, which are resolved.
func (r *Resolver) joined(e *ir.Concat) ir.Expr {
	e.Null = ir.NullSkipped
	n, clob, raw := 0, false, len(e.Args) > 0
	for _, x := range e.Args {
		if _, ok := x.TypeOf().(types.Binary); !ok {
			raw = false
		}
	}
	if raw {
		return typed(e, types.Binary{})
	}
	for i := range e.Args {
		e.Args[i] = r.toText(e.Args[i])
		t, ok := e.Args[i].TypeOf().(types.Text)
		clob = clob || isCLOB(e.Args[i].TypeOf())
		if !ok || t.N == 0 || n < 0 {
			if !nullValue(e.Args[i]) {
				n = -1
			}
			continue
		}
		n += t.N
	}
	e.Type = varchar(max(n, 0))
	if clob {
		e.Type = types.Text{}
	}
	return r.spread(e, e.Args...)
}

// in resolves x IN (list) and x IN (query).
func (r *Resolver) in(sc *scope, e *ir.In) ir.Expr {
	e.X = r.value(sc, e.X)
	if e.Query != nil {
		e.Query = r.query(sc, e.Query)
		r.withQuery(&e.X, e.Query)
		return typed(e, types.Bool{})
	}
	r.list(sc, e.List)
	if row, ok := e.X.(*ir.RowExpr); ok {
		r.compareRows(row, e.List)
		return typed(e, types.Bool{})
	}
	ops := make([]*ir.Expr, len(e.List))
	for i := range e.List {
		ops[i] = &e.List[i]
	}
	r.against(&e.X, ops...)
	return typed(e, types.Bool{})
}

// compareRows converts the items of rows that are compared.
func (r *Resolver) compareRows(x *ir.RowExpr, list []ir.Expr) {
	for i := range x.Items {
		var ops []*ir.Expr
		for _, v := range list {
			if row, ok := v.(*ir.RowExpr); ok && i < len(row.Items) {
				ops = append(ops, &row.Items[i])
			}
		}
		r.against(&x.Items[i], ops...)
	}
}

// withQuery converts a value that is looked for among those of a query.
func (r *Resolver) withQuery(x *ir.Expr, q ir.Query) {
	row := q.Columns()
	if row == nil {
		return
	}
	if v, ok := (*x).(*ir.RowExpr); ok {
		for i := range v.Items {
			if i < len(row.Types) {
				r.withType(&v.Items[i], row.Types[i])
			}
		}
		return
	}
	if len(row.Types) == 1 {
		r.withType(x, row.Types[0])
		r.withBlanks(x, q, row)
	}
}

// withBlanks gives a CHAR its blanks where it is looked for among VARCHAR2s, or they among CHARs.
func (r *Resolver) withBlanks(x *ir.Expr, q ir.Query, row *types.Row) {
	s, plain := q.(*ir.Select)
	if plain && len(s.Items) == 1 {
		if _, literal := ir.Bare(s.Items[0].Expr).(*ir.String); literal {
			return
		}
	}
	if losesBlanks((*x).TypeOf(), row.Types[0]) {
		*x = r.blanked(*x, row.Types[0])
		return
	}
	if _, literal := ir.Bare(*x).(*ir.String); !literal && types.IsText((*x).TypeOf()) {
		r.blankedColumns(q, &types.Row{Types: []types.Type{(*x).TypeOf()}})
	}
}

func (r *Resolver) withType(x *ir.Expr, t types.Type) {
	to := comparisonType((*x).TypeOf(), t)
	switch {
	case to == nil:
		r.fail(noConversion, (*x).Base().Span, "%s is compared with %s", text(*x), typeName(t))
	case !sameClass(t, to):
		r.fail(noConversion, (*x).Base().Span, "%s is compared with %s of a query, which would have to be converted", text(*x), typeName(t))
	default:
		*x = r.convert(*x, to)
	}
}

func (r *Resolver) quantified(sc *scope, e *ir.Quantified) ir.Expr {
	e.X = r.value(sc, e.X)
	if e.Query != nil {
		e.Query = r.query(sc, e.Query)
		r.withQuery(&e.X, e.Query)
		return typed(e, types.Bool{})
	}
	r.list(sc, e.List)
	ops := make([]*ir.Expr, len(e.List))
	for i := range e.List {
		ops[i] = &e.List[i]
	}
	r.against(&e.X, ops...)
	return typed(e, types.Bool{})
}

// pair converts two values that are compared.
func (r *Resolver) pair(a, b *ir.Expr) {
	if x, ok := (*a).(*ir.RowExpr); ok {
		switch y := (*b).(type) {
		case *ir.RowExpr:
			r.compareRows(x, []ir.Expr{y})
		case *ir.Subquery:
			r.withQuery(a, y.Query)
		}
		return
	}
	r.against(a, b)
}

// against converts a value and those that it is compared with, each with each. A conversion of the first stands once for all.
func (r *Resolver) against(x *ir.Expr, list ...*ir.Expr) {
	if isObject(*x) {
		r.mapAll(append([]*ir.Expr{x}, list...))
	}
	to := (*x).TypeOf()
	for _, v := range list {
		if t := comparisonType(to, (*v).TypeOf()); t != nil {
			to = t
			continue
		}
		r.fail(noConversion, (*v).Base().Span, "%s (%s) is compared with %s (%s)", text(*x), typeName((*x).TypeOf()), text(*v), typeName((*v).TypeOf()))
		return
	}
	*x = r.convert(*x, to)
	for _, v := range list {
		if t := comparisonType((*v).TypeOf(), to); t != nil {
			*v = r.convert(*v, t)
		}
	}
}

// comparisonType is the type in which two values compare, nil if they do not (SQL Language Reference, "Implicit Data Conversion").
func comparisonType(a, b types.Type) types.Type {
	switch {
	case a == nil || b == nil:
		return unknown("an operand is not known")
	case isNullType(a):
		return b
	case isNullType(b), sameClass(a, b):
		return a
	case types.IsUnknown(a), types.IsUnknown(b):
		return unknown("an operand is not known")
	case types.IsText(a) && !types.IsText(b):
		return otherThanText(b)
	case types.IsText(b):
		return otherThanText(a)
	case types.IsNumeric(a) && types.IsNumeric(b):
		if _, ok := a.(types.Float); ok {
			return a
		}
		return b
	case isMoment(a) && isMoment(b):
		return moreExact(a, b)
	}
	return nil
}

// otherThanText is what a text becomes when it is compared with a value of the type.
func otherThanText(t types.Type) types.Type {
	switch t := t.(type) {
	case types.Int:
		return number
	case types.Decimal:
		return number
	case types.Float, types.DateTime, types.Timestamp, types.Interval, types.Binary:
		return t
	case types.Named, types.XML, types.JSON, types.Object, types.Collection, types.Record, types.Array, types.Row, types.Cursor:
		return nil
	}
	return nil
}

// moreExact is the one of two types of moments that keeps more.
func moreExact(a, b types.Type) types.Type {
	if _, ok := a.(types.Timestamp); ok {
		return a
	}
	if _, ok := b.(types.Timestamp); ok {
		return b
	}
	if a.(types.DateTime).Precision >= b.(types.DateTime).Precision {
		return a
	}
	return b
}

// sameClass tells that values of the types compare, and are kept, without a conversion.
func sameClass(a, b types.Type) bool {
	switch x := a.(type) {
	case types.Text:
		return types.IsText(b)
	case types.Decimal, types.Int:
		switch b.(type) {
		case types.Decimal, types.Int:
			return true
		}
		return false
	case types.Float:
		_, ok := b.(types.Float)
		return ok
	case types.DateTime:
		_, ok := b.(types.DateTime)
		return ok && isDate(a) == isDate(b)
	case types.Timestamp:
		_, ok := b.(types.Timestamp)
		return ok
	case types.Interval:
		y, ok := b.(types.Interval)
		return ok && x.Months == y.Months
	case types.Bool:
		_, ok := b.(types.Bool)
		return ok
	case types.Binary:
		_, ok := b.(types.Binary)
		return ok
	case types.XML:
		_, ok := b.(types.XML)
		return ok
	case types.JSON:
		_, ok := b.(types.JSON)
		return ok
	case types.Record:
		y, ok := b.(types.Record)
		return ok && x.RecordDecl == y.RecordDecl
	case types.Collection:
		y, ok := b.(types.Collection)
		return ok && x.CollectionDecl == y.CollectionDecl
	case types.Object:
		y, ok := b.(types.Object)
		return ok && (x.ObjectDecl == y.ObjectDecl || below(x.ObjectDecl, y.ObjectDecl) || below(y.ObjectDecl, x.ObjectDecl))
	case types.Cursor:
		_, ok := b.(types.Cursor)
		return ok
	case types.Named:
		y, ok := b.(types.Named)
		return ok && x == y
	case types.Row:
		_, ok := b.(types.Row)
		return ok
	}
	return false
}

// caseExpr resolves CASE. Its type is that of the results together.
func (r *Resolver) caseExpr(sc *scope, e *ir.Case) ir.Expr {
	var results []*ir.Expr
	if e.Operand != nil {
		e.Operand = r.value(sc, e.Operand)
	}
	var conds []*ir.Expr
	for _, w := range e.Whens {
		if e.Operand != nil {
			w.Cond = r.value(sc, w.Cond)
			conds = append(conds, &w.Cond)
		} else {
			w.Cond = r.condition(sc, w.Cond)
		}
		w.Then = r.expr(sc, w.Then)
		results = append(results, &w.Then)
	}
	if e.Operand != nil {
		r.against(&e.Operand, conds...)
	}
	if e.Else != nil {
		e.Else = r.expr(sc, e.Else)
		results = append(results, &e.Else)
	}
	e.Type = r.unify(e, results)
	return e
}

// unify converts values to their common type, which it returns.
func (r *Resolver) unify(at ir.Expr, list []*ir.Expr) types.Type {
	ts := make([]types.Type, len(list))
	for i, x := range list {
		ts[i] = (*x).TypeOf()
	}
	t := r.commonType(ts)
	if u, ok := t.(types.Unknown); ok {
		for _, x := range ts {
			if types.IsUnknown(x) {
				return u
			}
		}
		r.fail(noConversion, at.Base().Span, "%s has results of types that do not fit", text(at))
		return u
	}
	for _, x := range list {
		*x = r.blanked(*x, t)
	}
	return t
}

// commonType is the type that the values of a column of a set operation, of CASE and the like have together.
func (r *Resolver) commonType(list []types.Type) types.Type {
	var t types.Type = types.Null{}
	for _, x := range list {
		if t = commonOf(t, x); t == nil {
			return unknown("the types do not fit")
		}
	}
	return t
}

// commonOf is the common type of two, nil if they have none.
func commonOf(a, b types.Type) types.Type {
	switch {
	case isNullType(a):
		return b
	case isNullType(b):
		return a
	case types.IsUnknown(a):
		return a
	case types.IsUnknown(b):
		return b
	}
	switch x := a.(type) {
	case types.Text:
		y, ok := b.(types.Text)
		if !ok {
			return nil
		}
		return commonText(x, y)
	case types.Decimal, types.Int, types.Float:
		if !types.IsNumeric(b) {
			return nil
		}
		return commonNumber(a, b)
	case types.DateTime, types.Timestamp:
		if !isMoment(b) {
			return nil
		}
		return moreExact(a, b)
	case types.Binary:
		if y, ok := b.(types.Binary); ok {
			if x.N == 0 || y.N == 0 {
				return types.Binary{}
			}
			return types.Binary{N: max(x.N, y.N)}
		}
		return nil
	}
	if sameClass(a, b) {
		return a
	}
	return nil
}

func commonText(a, b types.Text) types.Text {
	if isCLOB(a) || isCLOB(b) {
		return types.Text{}
	}
	t := varchar(max(a.N, b.N))
	if a.N == 0 || b.N == 0 {
		t.N = 0
	}
	t.Fixed = a.Fixed && b.Fixed && a.N == b.N
	return t
}

func commonNumber(a, b types.Type) types.Type {
	x, xf := a.(types.Float)
	y, yf := b.(types.Float)
	switch {
	case xf && x.Bits == 64 || yf && y.Bits == 64:
		return types.Float{Bits: 64}
	case xf || yf:
		return types.Float{Bits: 32}
	case a == b:
		return a
	}
	p, ok := a.(types.Decimal)
	q, ok2 := b.(types.Decimal)
	if ok && ok2 && p.Precision > 0 && q.Precision > 0 && p.Scale >= 0 && q.Scale >= 0 {
		scale := max(p.Scale, q.Scale)
		if precision := max(p.Precision-p.Scale, q.Precision-q.Scale) + scale; precision <= 38 {
			return types.Decimal{Precision: precision, Scale: scale}
		}
	}
	return number
}
