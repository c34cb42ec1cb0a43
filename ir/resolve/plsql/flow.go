package plsql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/types"
)

// ownRule resolves the functions whose result type or conversions are their own; nil if name is none of them.
func (r *Resolver) ownRule(sc *scope, inv *ir.Invoke, name string) ir.Expr {
	o, ok := ownRules[name]
	if !ok {
		return nil
	}
	namedBuiltin(inv, name)
	if !r.count(inv, name, o.min, o.max) || !r.plainArgs(inv, name) {
		return r.unknownCall(inv, name)
	}
	r.list(sc, inv.Args)
	for _, a := range inv.Args {
		if u, ok := a.TypeOf().(types.Unknown); ok {
			return typed(call(inv, "", name, nil, inv.Args...), types.Type(u))
		}
	}
	x := o.make(r, inv, name)
	if c, ok := x.(*ir.Call); ok && inv.OnError != nil {
		return r.onError(sc, inv, c)
	}
	return x
}

type own struct {
	min, max int
	make     func(r *Resolver, inv *ir.Invoke, name string) ir.Expr
}

// ownRules are functions with typed arguments that choose, convert or depend on types.
var ownRules = map[string]own{
	"NVL": {2, 2, (*Resolver).nvl}, "NVL2": {3, 3, (*Resolver).nvl2}, "COALESCE": {2, -1, (*Resolver).coalesce}, "NULLIF": {2, 2, (*Resolver).nullif},
	"DECODE": {3, -1, (*Resolver).decode}, "GREATEST": {1, -1, (*Resolver).extreme}, "LEAST": {1, -1, (*Resolver).extreme}, "LNNVL": {1, 1, (*Resolver).lnnvl},
	"ROUND": {1, 2, (*Resolver).round}, "TRUNC": {1, 2, (*Resolver).round}, "TO_CHAR": {1, 3, (*Resolver).toChar}, "TO_NCHAR": {1, 3, (*Resolver).toChar},
	"TO_NUMBER": {1, 3, (*Resolver).toNumber}, "TO_BINARY_DOUBLE": {1, 3, (*Resolver).toBinary}, "TO_BINARY_FLOAT": {1, 3, (*Resolver).toBinary},
	"TO_CLOB": {1, 2, (*Resolver).toCLOB}, "TO_NCLOB": {1, 1, (*Resolver).toCLOB}, "TO_LOB": {1, 1, (*Resolver).toCLOB}, "EMPTY_CLOB": {0, 0, (*Resolver).emptyLOB},
	"TO_BLOB": {1, 2, (*Resolver).toBLOB}, "EMPTY_BLOB": {0, 0, (*Resolver).emptyLOB}, "CONCAT": {2, -1, (*Resolver).concatCall},
	"SYS_CONNECT_BY_PATH": {2, 2, (*Resolver).connectPath}, "REM": {2, 2, (*Resolver).rem},
	"IS NAN": {1, 1, (*Resolver).isNaN}, "IS INFINITE": {1, 1, (*Resolver).isNaN}, "REVERSE": {1, 1, (*Resolver).reverse},
	"BINARY_DOUBLE_NAN": {0, 0, (*Resolver).binaryConstant}, "BINARY_DOUBLE_INFINITY": {0, 0, (*Resolver).binaryConstant},
	"BINARY_FLOAT_NAN": {0, 0, (*Resolver).binaryConstant}, "BINARY_FLOAT_INFINITY": {0, 0, (*Resolver).binaryConstant},
	"JSON_OBJECT_T": {0, 1, (*Resolver).document}, "JSON_ARRAY_T": {0, 1, (*Resolver).document}, "JSON_OBJECT_T.PARSE": {1, 1, (*Resolver).document},
	"JSON_ARRAY_T.PARSE": {1, 1, (*Resolver).document}, "JSON_ELEMENT_T.PARSE": {1, 1, (*Resolver).document},
	"XMLTYPE": {1, 2, (*Resolver).xmlType}, "XMLTYPE.CREATEXML": {1, 4, (*Resolver).xmlType},
	"EXTRACT": {2, 3, (*Resolver).xmlPath}, "EXTRACTVALUE": {2, 3, (*Resolver).xmlPath}, "EXISTSNODE": {2, 3, (*Resolver).xmlPath}, "XMLSEQUENCE": {1, 1, (*Resolver).xmlSequence},
	"XMLTYPE.GETSTRINGVAL": {1, 1, (*Resolver).xmlText}, "XMLTYPE.GETCLOBVAL": {1, 1, (*Resolver).xmlText},
}

// nvl: the second value takes the type of the first one; numbers become the wider of the two.
func (r *Resolver) nvl(inv *ir.Invoke, name string) ir.Expr {
	a, b := inv.Args[0], inv.Args[1]
	t := r.firstDecides(a.TypeOf(), b.TypeOf())
	if nullValue(a) { // of text, unless the second says otherwise
		t = b.TypeOf()
	}
	args := []ir.Expr{r.convert(a, t), r.convert(b, t)}
	return call(inv, op.Coalesce, name, t, args...)
}

// firstDecides is the type of a choice whose type is that of the first value, with lengths and digits of both.
func (r *Resolver) firstDecides(a, b types.Type) types.Type {
	if t := commonOf(a, b); t != nil {
		if isMoment(a) && isDate(a) {
			return a
		}
		return t
	}
	if t, ok := a.(types.Text); ok {
		t.N = 0
		t.Fixed = false
		return t
	}
	if d, ok := a.(types.Decimal); ok && types.IsText(b) {
		_ = d
		return number
	}
	return a
}

func (r *Resolver) nvl2(inv *ir.Invoke, name string) ir.Expr {
	test, a, b := inv.Args[0], inv.Args[1], inv.Args[2]
	t := r.firstDecides(a.TypeOf(), b.TypeOf())
	if nullValue(a) {
		t = b.TypeOf()
	}
	cond := &ir.IsNull{Not: true, X: test}
	cond.Span, cond.Type = inv.Span, types.Bool{}
	w := &ir.When{Cond: cond, Then: r.blanked(a, t)}
	c := &ir.Case{Whens: []*ir.When{w}, Else: r.blanked(b, t)}
	c.Meta, c.Type = inv.Meta, t
	if nullValue(b) {
		c.Else = nil
	}
	return c
}

func (r *Resolver) coalesce(inv *ir.Invoke, name string) ir.Expr {
	c := call(inv, op.Coalesce, name, nil, inv.Args...)
	ptrs := make([]*ir.Expr, len(c.Args))
	for i := range c.Args {
		ptrs[i] = &c.Args[i]
	}
	c.Type = r.unify(c, ptrs)
	return c
}

func (r *Resolver) nullif(inv *ir.Invoke, name string) ir.Expr {
	r.against(&inv.Args[0], &inv.Args[1])
	return call(inv, op.NullIf, name, inv.Args[0].TypeOf(), inv.Args...)
}

// decode becomes CASE. NULL equals NULL in it, values are compared by the type of the first one that is searched, and the result has the type
// of the first one, VARCHAR2 if that is NULL or CHAR.
func (r *Resolver) decode(inv *ir.Invoke, name string) ir.Expr {
	x, rest := inv.Args[0], inv.Args[1:]
	var searches, results []ir.Expr
	for len(rest) >= 2 {
		searches, results = append(searches, rest[0]), append(results, rest[1])
		rest = rest[2:]
	}
	var other ir.Expr
	if len(rest) == 1 {
		other = rest[0]
	}
	xs := append([]ir.Expr{x}, searches...)
	if t := searchType(xs); t != nil {
		for i := range xs {
			xs[i] = r.convert(xs[i], t)
		}
	}
	r.unpadded(xs)
	c := &ir.Case{}
	c.Meta = inv.Meta
	all := append([]ir.Expr{}, results...)
	if other != nil {
		all = append(all, other)
	}
	c.Type = r.decodeType(all)
	simple := true
	for _, s := range xs[1:] {
		simple = simple && isLiteral(s)
	}
	if simple {
		c.Operand = xs[0]
	}
	for i, s := range xs[1:] {
		w := &ir.When{Cond: s, Then: r.blanked(results[i], c.Type)}
		w.Span = inv.Span
		if !simple {
			w.Cond = decodeMatch(xs[0], s, i > 0)
		}
		c.Whens = append(c.Whens, w)
	}
	if other != nil && !nullValue(other) {
		c.Else = r.blanked(other, c.Type)
	}
	if !simple && len(searches) > 1 && volatile(x) {
		r.fail(unknownOperator, inv.Span, "%s: the value would be computed several times", text(inv))
	}
	return c
}

// unpadded gives CHARs their blanks, which count where DECODE compares (SQL Language Reference, "DECODE"), unless nothing else can be equal.
func (r *Resolver) unpadded(xs []ir.Expr) {
	char, ok := xs[0].TypeOf().(types.Text)
	same := ok && char.Fixed
	for _, x := range xs[1:] {
		s, literal := ir.Bare(x).(*ir.String)
		t, text := x.TypeOf().(types.Text)
		switch {
		case nullValue(x):
		case literal:
			same = same && len([]rune(s.Value)) == char.N
		default:
			same = same && text && t.Fixed && t.N == char.N
		}
	}
	if same {
		return
	}
	for i, x := range xs {
		if types.IsText(x.TypeOf()) {
			xs[i] = r.blanked(x, varchar(0))
		}
	}
}

// decodeMatch compares as DECODE does.
func decodeMatch(x, s ir.Expr, again bool) ir.Expr {
	if again {
		x = ir.Clone(x)
	}
	if nullValue(s) {
		n := &ir.IsNull{X: x}
		n.Span, n.Type = s.Base().Span, types.Bool{}
		return n
	}
	c := &ir.Compare{Op: ir.NullSafeEq, L: x, R: s}
	if isLiteral(s) {
		c.Op = ir.Eq
	}
	c.Span, c.Type = s.Base().Span, types.Bool{}
	return c
}

func volatile(e ir.Expr) bool {
	return ir.Find(e, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Call:
			i := op.Lookup(n.Op)
			return i == nil || i.Volatility == op.Volatile
		case *ir.RoutineCall, *ir.NextValue, *ir.Subquery:
			return true
		}
		return false
	})
}

// searchType is the type in which DECODE compares: that of the first searched value, or the wider one of numbers; nil to leave all as they are.
func searchType(xs []ir.Expr) types.Type {
	same := true
	t := xs[0].TypeOf()
	for _, x := range xs[1:] {
		c := commonOf(t, x.TypeOf())
		if c == nil {
			same = false
			break
		}
		t = c
	}
	if same {
		return nil
	}
	for _, x := range xs[1:] {
		if !nullValue(x) {
			return widest(x.TypeOf())
		}
	}
	return nil
}

func (r *Resolver) decodeType(results []ir.Expr) types.Type {
	first := results[0].TypeOf()
	t := first
	for _, x := range results[1:] {
		if c := commonOf(t, x.TypeOf()); c != nil && sameClass(c, first) {
			t = c
		}
	}
	if isNullType(first) {
		all := make([]types.Type, len(results))
		for i, x := range results {
			all[i] = x.TypeOf()
			if isNullType(all[i]) {
				continue
			}
		}
		if c := r.commonType(all); types.IsText(c) {
			return c
		}
		return varchar(0)
	}
	switch x := t.(type) {
	case types.Text:
		x.Fixed = false
		for _, v := range results {
			if y, ok := v.TypeOf().(types.Text); !ok && !nullValue(v) || ok && y.N == 0 {
				x.N = 0
			}
		}
		return x
	case types.Decimal:
		for _, v := range results {
			if !sameClass(v.TypeOf(), first) && !nullValue(v) {
				return number
			}
		}
	}
	return t
}

// widest is NUMBER for its kinds with few digits.
func widest(t types.Type) types.Type {
	switch t.(type) {
	case types.Decimal, types.Int:
		return number
	case types.Text:
		return varchar(0)
	}
	return t
}

// isLiteral tells a literal other than NULL, as converted.
func isLiteral(e ir.Expr) bool {
	switch e := e.(type) {
	case *ir.Number, *ir.String, *ir.Temporal, *ir.Bool, *ir.IntervalLit:
		return true
	case *ir.Unary:
		return e.Op == ir.Neg && isLiteral(e.X)
	case *ir.Cast:
		return e.Implicit && isLiteral(e.X)
	}
	return false
}

// extreme: GREATEST and LEAST compare by the type of the first argument; numbers by the widest.
func (r *Resolver) extreme(inv *ir.Invoke, name string) ir.Expr {
	o := op.OraGreatest
	if name == "LEAST" {
		o = op.OraLeast
	}
	t := inv.Args[0].TypeOf()
	for _, a := range inv.Args[1:] {
		t = r.firstDecides(t, a.TypeOf())
		if isNullType(t) {
			t = a.TypeOf()
		}
	}
	for i := range inv.Args {
		inv.Args[i] = r.convert(inv.Args[i], t)
	}
	return call(inv, o, name, t, inv.Args...)
}

// lnnvl: true unless the condition is true.
func (r *Resolver) lnnvl(inv *ir.Invoke, name string) ir.Expr {
	if _, ok := inv.Args[0].TypeOf().(types.Bool); !ok {
		r.fail(notCondition, inv.Span, "%s is no condition", text(inv.Args[0]))
	}
	t := &ir.IsTruth{Not: true, Value: ir.IsTrue, X: inv.Args[0]}
	t.Meta, t.Type = inv.Meta, types.Bool{}
	return t
}

// round: ROUND and TRUNC of numbers and of dates.
func (r *Resolver) round(inv *ir.Invoke, name string) ir.Expr {
	x := inv.Args[0]
	if isMoment(x.TypeOf()) || len(inv.Args) == 2 && nullValue(x) && types.IsText(inv.Args[1].TypeOf()) {
		o := op.OraTruncDate
		if name == "ROUND" {
			o = op.OraRoundDate
		}
		if len(inv.Args) == 2 {
			inv.Args[1] = r.toText(inv.Args[1])
		}
		return call(inv, o, name, types.DateTime{}, inv.Args...)
	}
	o := op.OraTrunc
	if name == "ROUND" {
		o = op.OraRound
	}
	for i := range inv.Args {
		inv.Args[i] = r.numeric(inv.Args[i])
	}
	t := number
	if isFloat(inv.Args[0]) && len(inv.Args) == 1 {
		t = inv.Args[0].TypeOf()
	}
	return call(inv, o, name, t, inv.Args...)
}

// toChar: TO_CHAR of a number, moment, interval or text.
func (r *Resolver) toChar(inv *ir.Invoke, name string) ir.Expr {
	x := inv.Args[0]
	for i := 1; i < len(inv.Args); i++ {
		inv.Args[i] = r.toText(inv.Args[i])
	}
	t := x.TypeOf()
	switch {
	case types.IsText(t) && len(inv.Args) > 1:
		inv.Args[0] = r.numeric(x) // TO_CHAR('12', '99') reads a number
	case types.IsText(t), isNullType(t) && len(inv.Args) == 1:
		return r.cast(typedNull(x), varchar(0))
	case len(inv.Args) == 1 && castable(t, types.Text{}):
		return r.cast(x, varchar(textLength(t)))
	case types.IsNumeric(t), isMoment(t), isInterval(t), isNullType(t):
	default:
		r.fail(noConversion, inv.Span, "TO_CHAR of %s", typeName(t))
	}
	c := call(inv, op.OraToChar, name, varchar(0), inv.Args...)
	return c
}

func typedNull(e ir.Expr) ir.Expr {
	if nullValue(e) {
		e.SetType(varchar(0))
	}
	return e
}

func (r *Resolver) toNumber(inv *ir.Invoke, name string) ir.Expr {
	x := inv.Args[0]
	if types.IsNumeric(x.TypeOf()) && len(inv.Args) == 1 {
		c := &ir.Cast{X: x, To: number}
		c.Meta, c.Type = inv.Meta, number
		return c
	}
	for i := range inv.Args {
		inv.Args[i] = r.toText(inv.Args[i])
	}
	return call(inv, op.OraToNumber, name, number, inv.Args...)
}

func (r *Resolver) toBinary(inv *ir.Invoke, name string) ir.Expr {
	t := types.Float{Bits: 64}
	if name == "TO_BINARY_FLOAT" {
		t.Bits = 32
	}
	if len(inv.Args) > 1 {
		r.fail(unknownFunction, inv.Span, "%s with a format model", name)
	}
	x := inv.Args[0]
	if !types.IsNumeric(x.TypeOf()) {
		x = r.toText(x)
	}
	c := &ir.Cast{X: x, To: t, OnError: inv.OnError}
	c.Meta, c.Type = inv.Meta, t
	if inv.OnError != nil {
		r.fail(unknownOperator, inv.Span, "%s: DEFAULT ... ON CONVERSION ERROR", text(inv))
	}
	return c
}

func (r *Resolver) toCLOB(inv *ir.Invoke, name string) ir.Expr {
	if _, raw := inv.Args[0].TypeOf().(types.Binary); raw || len(inv.Args) > 1 {
		r.fail(unknownFunction, inv.Span, "%s of bytes", name)
	}
	x := r.toText(inv.Args[0])
	c := &ir.Cast{X: x, To: types.Text{}, Implicit: true}
	c.Meta, c.Type = inv.Meta, types.Text{}
	return c
}

func (r *Resolver) toBLOB(inv *ir.Invoke, name string) ir.Expr {
	x := inv.Args[0]
	if _, raw := x.TypeOf().(types.Binary); !raw || len(inv.Args) > 1 {
		r.fail(unknownFunction, inv.Span, "%s of a text", name)
	}
	return x
}

// emptyLOB is a text or bytes of no length, which is not NULL.
func (r *Resolver) emptyLOB(inv *ir.Invoke, name string) ir.Expr {
	if name == "EMPTY_BLOB" {
		b := &ir.Bytes{}
		b.Meta, b.Type = inv.Meta, types.Binary{}
		return b
	}
	s := &ir.String{}
	s.Meta, s.Type = inv.Meta, types.Text{}
	return s
}

func (r *Resolver) concatCall(inv *ir.Invoke, name string) ir.Expr {
	c := &ir.Concat{Args: inv.Args}
	c.Meta = inv.Meta
	return r.joined(c)
}

// validate: VALIDATE_CONVERSION(x AS type, format, nls); the parser makes a Cast of the argument.
func (r *Resolver) validate(sc *scope, e *ir.Call) ir.Expr {
	c, ok := e.Args[0].(*ir.Cast)
	if !ok || len(e.Args) != 1 {
		r.fail(wrongCount, e.Span, "%s without a type", e.Name)
		return typed(e, unknown("no type"))
	}
	c.X, c.To = r.value(sc, c.X), r.typeOf(sc.block, c.To, c)
	c.Type = c.To
	for _, f := range c.Format {
		e.Args = append(e.Args, r.toText(r.value(sc, f)))
	}
	c.Format = nil
	r.masked(c)
	e.Op, e.Type = op.OraIsValid, number
	return r.spread(e, c.X)
}

func (r *Resolver) connectPath(inv *ir.Invoke, name string) ir.Expr {
	inv.Args[0], inv.Args[1] = r.toText(inv.Args[0]), r.toText(inv.Args[1])
	return call(inv, op.OraConnectPath, name, varchar(0), inv.Args...)
}

// rem is REM of PL/SQL: REMAINDER.
func (r *Resolver) rem(inv *ir.Invoke, name string) ir.Expr {
	a, b := r.numeric(inv.Args[0]), r.numeric(inv.Args[1])
	return call(inv, op.OraRemainder, "REMAINDER", arithmeticType(a, b), a, b)
}

func (r *Resolver) isNaN(inv *ir.Invoke, name string) ir.Expr {
	o := op.OraIsNaN
	if name == "IS INFINITE" {
		o = op.OraIsInfinite
	}
	return call(inv, o, name, types.Bool{}, r.numeric(inv.Args[0]))
}

func (r *Resolver) reverse(inv *ir.Invoke, name string) ir.Expr {
	return call(inv, op.Reverse, name, varchar(0), r.toText(inv.Args[0]))
}

// binaryConstant is a named value of BINARY_FLOAT or BINARY_DOUBLE.
func (r *Resolver) binaryConstant(inv *ir.Invoke, name string) ir.Expr {
	t := types.Float{Bits: 64}
	if strings.HasPrefix(name, "BINARY_FLOAT") {
		t.Bits = 32
	}
	s := &ir.String{Value: "NaN"}
	if strings.HasSuffix(name, "INFINITY") {
		s.Value = "Infinity"
	}
	s.Span, s.Type = inv.Span, varchar(8)
	c := &ir.Cast{X: s, To: t, Target: true}
	c.Meta, c.Type = inv.Meta, t
	return c
}

// special resolves a function with a syntax of its own, of which the parser made a Call.
func (r *Resolver) special(sc *scope, e *ir.Call) ir.Expr {
	if e.Op != "" {
		return e // resolved before
	}
	switch e.Name {
	case "EXTRACT":
		return r.extract(sc, e)
	case "VALIDATE_CONVERSION":
		return r.validate(sc, e)
	case "TRANSLATE", "CHR":
		if e.Word != "" {
			r.list(sc, e.Args)
			if e.Name == "TRANSLATE" && (e.Word == "nchar_cs" || e.Word == "char_cs") && len(e.Args) == 1 {
				return r.toText(e.Args[0]) // the target has one charset, which holds all characters of both
			}
			r.fail(unknownFunction, e.Span, "%s ... USING is not converted", e.Name)
			return typed(e, unknown("not converted"))
		}
	case "TRIM":
		r.convertArgs(sc, e.Args, "t")
		r.rawArgs(e.Args, e.Name, "t")
		e.Op = op.OraTrim
		e.Type = r.result(e, 'T')
		return r.spread(e, e.Args...)
	}
	inv := &ir.Invoke{ExprMeta: e.ExprMeta, Args: e.Args}
	if x := r.builtin(sc, inv, e.Name); x != nil {
		if c, ok := x.(*ir.Call); ok && c.Word == "" {
			c.Word, c.Unit = e.Word, e.Unit
		}
		return x
	}
	r.fail(unknownFunction, e.Span, "the function %s is not converted", e.Name)
	return r.unknownCall(inv, e.Name)
}

// extract: EXTRACT(part FROM x).
func (r *Resolver) extract(sc *scope, e *ir.Call) ir.Expr {
	r.list(sc, e.Args)
	x := e.Args[0]
	e.Op, e.Type = op.OraExtract, number
	e.Unit = strings.ToLower(e.Unit)
	switch t := x.TypeOf().(type) {
	case types.Interval, types.Null, types.Timestamp, types.Unknown:
		_ = t
	case types.DateTime:
	case types.Text:
		e.Args[0] = r.toDate(x)
	default:
		r.fail(noConversion, e.Span, "EXTRACT from %s", typeName(t))
	}
	return r.spread(e, e.Args...)
}
