package resolve

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/op"
	"godwit/ir/types"
)

func itoa(i int) string { return strconv.Itoa(i) }

// value resolves an expression that stands where a value is wanted: predicates become numbers.
func (r *Resolver) value(sc *scope, e ir.Expr) ir.Expr {
	return output(sc, r.asValue(r.foldNull(r.expr(sc, e))))
}

// condition resolves an expression that stands where a predicate is wanted: numbers become predicates.
func (r *Resolver) condition(sc *scope, e ir.Expr) ir.Expr { return r.asCondition(r.expr(sc, e)) }

func (r *Resolver) asValue(e ir.Expr) ir.Expr {
	if _, ok := e.TypeOf().(types.Bool); !ok || !r.sem.NumbersAreConditions {
		return e
	}
	if t, ok := e.(*ir.Truth); ok && isBoolValue(t.X) {
		return t.X
	}
	b := &ir.BoolValue{X: e}
	b.Span, b.Type = e.Base().Span, types.Int{Bits: 32}
	return b
}

func isBoolValue(e ir.Expr) bool { _, ok := e.(*ir.BoolValue); return ok }

func (r *Resolver) asCondition(e ir.Expr) ir.Expr {
	if b, ok := e.(*ir.BoolValue); ok {
		return b.X
	}
	if _, ok := e.TypeOf().(types.Bool); ok {
		return e
	}
	t := &ir.Truth{X: r.number(e)}
	t.Span, t.Type = e.Base().Span, types.Bool{}
	return t
}

// expr resolves an expression: names, types, and the conversions of its operands. Predicates have the type Bool.
func (r *Resolver) expr(sc *scope, e ir.Expr) ir.Expr {
	if n, ok := e.(*ir.Name); ok {
		return r.name(sc, n)
	}
	sc = sc.nested()
	if x, ok := r.literal(e); ok {
		return x
	}
	if x, ok := r.predicate(sc, e); ok {
		return x
	}
	if x, ok := r.arithmetic(sc, e); ok {
		return x
	}
	switch e := e.(type) {
	case *ir.BoolValue:
		e.X = r.condition(sc, e.X)
		e.Type = types.Int{Bits: 32}
	case *ir.Truth:
		return r.condition(sc, e.X)
	case *ir.Case:
		r.caseExpr(sc, e)
		r.noteBits(e)
	case *ir.Concat:
		r.concat(sc, e)
	case *ir.Cast:
		r.cast(sc, e)
	case *ir.Collate:
		r.collate(sc, e)
	case *ir.Call:
		x := r.call(sc, e)
		r.noteBits(x)
		return x
	case *ir.RoutineCall:
		r.routineCall(sc, e)
	case *ir.Aggregate:
		r.aggregate(sc, e)
		if ungroupedAny(sc, e) {
			return e.Args[0]
		}
		r.noteBits(e)
	case *ir.Subquery:
		r.subquery(sc, e)
		r.noteBits(e)
	case *ir.RowExpr:
		for i := range e.Items {
			e.Items[i] = r.value(sc, e.Items[i])
		}
		e.Type = rowType(e.Items)
	default:
		return r.rest(sc, e)
	}
	return e
}

// rest resolves what needs no conversion of operands.
func (r *Resolver) rest(sc *scope, e ir.Expr) ir.Expr {
	switch e := e.(type) {
	case *ir.UserVar:
		e.Type = r.userVar(e)
	case *ir.SysVar:
		e.Type = sysVarType(e.Name)
	case *ir.AssignExpr:
		e.Value = r.value(sc, e.Value)
		t := r.assignUserVar(e.Target, e.Value)
		e.Type, e.Target.Type = t, t
	case *ir.Param:
		e.Type = types.Unknown{Why: parameter}
	case *ir.Star:
		r.star(sc, e)
	case *ir.Default:
		if e.Column == nil {
			e.Type = types.Unknown{Why: "DEFAULT takes the type of its column"}
			return e
		}
		r.target(r.columnScope(sc), e.Column)
		e.Type = e.Column.Type
	case *ir.Inserted:
		r.target(r.columnScope(sc), e.Column)
		e.Type = e.Column.Type
	case *ir.Now:
		e.Type = nowType(e)
	case *ir.NextValue:
		r.nextValue(sc, e)
	case *ir.Match:
		for _, c := range e.Columns {
			r.name(sc, c)
		}
		e.Against = r.value(sc, e.Against)
		e.Type = types.Float{Bits: 64}
	case *ir.UnsupportedExpr:
		e.Type = types.Unknown{Why: "not converted"}
	default:
		r.fail(unknownType, e.Base().Span, "an expression of an unknown kind (%T)", e)
		e.SetType(types.Unknown{Why: "unknown expression"})
	}
	return e
}

// parameter is why a placeholder has no type.
const parameter = "a placeholder"

// columnScope is the nearest scope with columns: VALUES(c) and DEFAULT(c) name columns of the changed table.
func (r *Resolver) columnScope(sc *scope) *scope {
	for s := sc; s != nil; s = s.outer {
		if s.changed != nil {
			return s.changed
		}
		if len(s.items) > 0 {
			return s
		}
	}
	return sc
}

func nowType(n *ir.Now) types.Type {
	switch n.Kind.(type) {
	case types.Date:
		return types.Date{}
	case types.Time:
		return types.Time{Precision: n.Precision, Duration: true}
	}
	return types.DateTime{Precision: n.Precision}
}

func (r *Resolver) nextValue(sc *scope, n *ir.NextValue) {
	n.Type = types.Int{Bits: 64}
	for i, x := range n.Set {
		n.Set[i] = r.integer(r.value(sc, x))
	}
	schema := n.Sequence.Schema()
	if schema == "" {
		schema = r.schema
	}
	n.Ref = r.cat.Sequence(schema, n.Sequence.Name())
	if n.Ref == nil {
		r.fail(unknownTable, spanOr(n.Sequence.Span, n.Span), "sequence %s is not in the catalog", n.Sequence)
	}
}

// literal types literals.
func (r *Resolver) literal(e ir.Expr) (ir.Expr, bool) {
	switch e := e.(type) {
	case *ir.Null:
		e.Type = types.Null{}
	case *ir.Number:
		e.Type = numberType(e)
	case *ir.String:
		if e.Type == nil {
			e.Type = r.stringType(e)
		}
	case *ir.Bytes:
		e.Type = types.Binary{N: len(e.Value)}
		if e.Charset != "" && !strings.EqualFold(e.Charset, "binary") {
			c, _ := r.sem.DefaultOf(e.Charset)
			e.Type = types.Text{N: len(e.Value), Charset: strings.ToLower(e.Charset), Collation: c}
		}
	case *ir.Bool:
		e.Type = types.Bool{}
	case *ir.Temporal:
		r.readLiteral(e)
		e.Type = temporalType(e)
	default:
		return nil, false
	}
	return e, true
}

func numberType(n *ir.Number) types.Type {
	switch n.Kind {
	case ir.FloatNumber:
		return types.Float{Bits: 64}
	case ir.DecimalNumber:
		whole, frac, _ := strings.Cut(n.Text, ".")
		p := len(strings.TrimLeft(whole, "0")) + len(frac)
		return types.Decimal{Precision: max(p, 1), Scale: len(frac)}
	}
	v, ok := new(big.Int).SetString(n.Text, 10)
	switch {
	case !ok:
		return types.Unknown{Why: "not a number: " + n.Text}
	case v.BitLen() <= 31:
		return types.Int{Bits: 32}
	case v.BitLen() <= 63:
		return types.Int{Bits: 64}
	case v.BitLen() == 64:
		return types.Int{Bits: 64, Unsigned: true}
	}
	return types.Decimal{Precision: len(strings.TrimLeft(n.Text, "0"))}
}

func (r *Resolver) stringType(s *ir.String) types.Type {
	c := r.connection()
	charset := r.sem.Charset(c.Name)
	if s.National {
		charset = "utf8mb3"
		c, _ = r.sem.DefaultOf(charset)
	}
	if s.Charset != "" && !strings.EqualFold(s.Charset, charset) {
		charset = strings.ToLower(s.Charset)
		if charset == "binary" {
			return types.Binary{N: len(s.Value)}
		}
		var ok bool
		if c, ok = r.sem.DefaultOf(charset); !ok {
			r.fail(unknownCollation, s.Span, "charset %s is not known", s.Charset)
		}
	}
	return types.Text{N: len([]rune(s.Value)), Charset: charset, Collation: c}
}

func temporalType(t *ir.Temporal) types.Type {
	p := 0
	if i := strings.LastIndexByte(t.Value, '.'); i >= 0 {
		p = min(len(t.Value)-i-1, 6)
	}
	switch k := t.Kind.(type) {
	case types.Date:
		return k
	case types.Time:
		return types.Time{Precision: p, Duration: true}
	case types.Timestamp:
		return types.Timestamp{Precision: p}
	}
	return types.DateTime{Precision: p}
}

// caseExpr converts the results to their common type and the operand and its values to what they compare as.
func (r *Resolver) caseExpr(sc *scope, e *ir.Case) {
	if e.Operand != nil {
		e.Operand = r.value(sc, e.Operand)
	}
	results := make([]ir.Expr, 0, len(e.Whens)+1)
	var conds []ir.Expr
	for _, w := range e.Whens {
		if e.Operand == nil {
			w.Cond = r.condition(sc, w.Cond)
		} else {
			w.Cond = r.value(sc, w.Cond)
			conds = append(conds, w.Cond)
		}
		w.Then = r.value(sc, w.Then)
		results = append(results, w.Then)
	}
	if e.Else != nil {
		e.Else = r.value(sc, e.Else)
		results = append(results, e.Else)
	}
	if e.Operand != nil && isNullValue(e.Operand) { // equal to nothing
		e.Operand = nil
		for _, w := range e.Whens {
			no := &ir.Bool{}
			no.Span, no.Type = w.Span, types.Bool{}
			w.Cond = no
		}
	}
	switch {
	case e.Operand == nil:
	case documentsAmongOthers(append(conds, e.Operand)...):
		r.fail(mixedClasses, e.Span, "CASE compares documents with other values as texts or doubles; write the comparisons as CASE WHEN x = value")
	default:
		r.comparable(e.Operand, conds, func(op ir.Expr, xs []ir.Expr, c types.Collation) {
			e.Operand, e.Collation = op, c
			for i, w := range e.Whens {
				w.Cond = xs[i]
			}
		}, func() { r.searchedCase(e) })
	}
	t := r.commonOf(e, results)
	e.Type = t
	for _, w := range e.Whens {
		w.Then = r.unify(w.Then, t)
	}
	if e.Else != nil {
		e.Else = r.unify(e.Else, t)
	}
}

// searchedCase turns CASE x WHEN a into CASE WHEN x = a where the values compare with x in different ways.
func (r *Resolver) searchedCase(e *ir.Case) {
	for _, w := range e.Whens {
		w.Cond = r.compared(ir.Eq, ir.Clone(e.Operand), w.Cond)
	}
	e.Operand = nil
}

// commonOf is the common type of values, with the collation that wins among them.
func (r *Resolver) commonOf(at ir.Expr, es []ir.Expr) types.Type {
	ts := make([]types.Type, 0, len(es))
	for _, x := range es {
		if isParameter(x.TypeOf()) {
			continue
		}
		ts = append(ts, x.TypeOf())
	}
	if len(ts) == 0 && len(es) > 0 {
		return types.Unknown{Why: parameter}
	}
	t := r.commonType(at.Base().Span, ts)
	return r.collated(at, t, es)
}

func isParameter(t types.Type) bool {
	u, ok := t.(types.Unknown)
	return ok && u.Why == parameter
}

// collated gives a text type the collation that wins among the values it comes from.
func (r *Resolver) collated(at ir.Expr, t types.Type, from []ir.Expr) types.Type {
	x, ok := t.(types.Text)
	if !ok {
		return t
	}
	d := r.combine(at.Base().Span, from)
	if !d.coll.IsZero() {
		x.Collation, x.Charset = d.coll, d.charset
	}
	if x.Collation.IsZero() {
		x.Collation = r.connection()
		x.Charset = r.sem.Charset(x.Collation.Name)
	}
	return x
}

func (r *Resolver) concat(sc *scope, e *ir.Concat) {
	binary := false
	n := 0
	var all []*ir.Expr
	for i := range e.Args {
		e.Args[i] = r.text(r.value(sc, e.Args[i]))
		all = append(all, &e.Args[i])
	}
	r.characters(all...)
	for i := range e.Args {
		if _, ok := e.Args[i].TypeOf().(types.Binary); ok {
			binary = true
		}
		if l := op.TextLen(e.Args[i].TypeOf()); l == 0 || n < 0 {
			if _, null := e.Args[i].TypeOf().(types.Null); !null {
				n = -1
			}
		} else {
			n += l
		}
	}
	n = max(n, 0)
	if binary {
		for i := range e.Args {
			e.Args[i] = r.bytes(e.Args[i])
		}
		e.Type = types.Binary{N: n}
		return
	}
	e.Type = r.collated(e, types.Text{N: n}, e.Args)
}

// cast resolves a conversion of the source, whose failure mode depends on what is converted.
func (r *Resolver) cast(sc *scope, e *ir.Cast) {
	call, _ := e.X.(*ir.Call)
	e.X = r.value(sc, e.X)
	if _, whole := e.To.(types.Int); whole && call != nil && call.Op == op.NullIf && kindOf(e.X.TypeOf()) == temporalKind && r.sem.ConstantsAreStored {
		e.X = r.text(e.X) // a NULLIF of dates is a text
	}
	if b, ok := e.X.(*ir.Bytes); ok && types.IsNumeric(e.To) && (b.Bit || !quotedHex(b) || r.sem.BytesAreNumbers) {
		if n := foldNumber(b); n != nil {
			e.X = n
		}
	}
	if _, decimal := e.To.(types.Decimal); decimal {
		if day := r.dayNumber(e.X); day != nil {
			e.X = day
		}
	}
	e.To = r.fill(e.To, r.connection())
	r.nullIfCast(e)
	if j, ok := e.To.(types.JSON); ok && j.Kind == types.JSONBinary {
		if t, ok := truthValue(e.X).(*ir.Truth); ok {
			e.X = r.asValue(t)
		}
		if n, ok := e.X.(*ir.Number); ok && (strings.EqualFold(n.Span.Text(), "true") || strings.EqualFold(n.Span.Text(), "false")) {
			b := &ir.Bool{Value: n.Text == "1"}
			b.Span, b.Type = n.Span, types.Bool{}
			e.X = r.asValue(b)
		}
	}
	e.Type = e.To
	if v, ok := intLiteral(e.X); ok && isTime(e.To) && (v > 8385959 || v < -8385959) && v < 10000000000 {
		r.fail(mixedClasses, e.Span, "the number %s is beyond all times: NULL or the greatest one, by version", e.X.Base().Span.Text())
	}
	if _, ok := e.To.(types.Int); ok && kindOf(e.X.TypeOf()) != temporalKind {
		e.Round = ir.RoundHalfAway
	}
	if b, ok := e.To.(types.Binary); ok && b.N > 0 && r.sem.BinaryCastsCountCharacters && mayHoldLongCharacters(e.X) {
		r.fail(mixedClasses, e.Span, "BINARY(%d) keeps so many characters, not bytes, of a text", b.N)
	}
	if e.Implicit || e.Fail != ir.FailError {
		return
	}
	switch e.To.(type) {
	case types.Int, types.Float:
		e.Fail = ir.FailPrefix
		if types.IsNumeric(e.X.TypeOf()) {
			e.Fail = ir.FailClamp
		}
	case types.Decimal:
		e.Fail = ir.FailPrefix
		if types.IsNumeric(e.X.TypeOf()) {
			e.Fail = ir.FailClamp
		}
	case types.Date, types.Time, types.DateTime, types.Timestamp, types.Year:
		e.Fail = ir.FailNull
	}
}

// orderedRanks are the window functions that take no window without an order.
var orderedRanks = map[op.Op]bool{op.Rank: true, op.DenseRank: true, op.PercentRank: true, op.CumeDist: true, op.NTile: true}

// namedOrder tells that the window of a name has an order, its own or that of the window it extends.
func namedOrder(s *ir.Select, name string) bool {
	for _, w := range s.Windows {
		if strings.EqualFold(w.Name, name) {
			return len(w.OrderBy) > 0 || w.Extends != "" && !strings.EqualFold(w.Extends, name) && namedOrder(s, w.Extends)
		}
	}
	return false
}

// ranks are the window functions that look at the whole partition, whatever the frame.
var ranks = map[op.Op]bool{op.RowNumber: true, op.Rank: true, op.DenseRank: true, op.PercentRank: true, op.CumeDist: true, op.NTile: true, op.Lag: true, op.Lead: true}

// mayHoldLongCharacters tells that a value is text that may hold characters of several bytes.
func mayHoldLongCharacters(e ir.Expr) bool {
	if c, ok := e.(*ir.Cast); ok && kindOf(c.X.TypeOf()) == numberKind {
		return false
	}
	if s, ok := e.(*ir.String); ok {
		return strings.ContainsFunc(s.Value, func(c rune) bool { return c > 127 })
	}
	k := kindOf(e.TypeOf())
	return k == textKind || k == enumKind || k == setKind
}

func (r *Resolver) collate(sc *scope, e *ir.Collate) {
	e.X = r.text(r.value(sc, e.X))
	if kindOf(e.X.TypeOf()) == binaryKind {
		r.fail(mixedClasses, e.Span, "a byte string gets a collation")
	}
	name := e.Collation.Name
	if name == "" {
		name = e.Name.Name()
	}
	c, ok := r.sem.Collation(name)
	if !ok {
		r.fail(unknownCollation, e.Span, "collation %s is not known", name)
		c = types.Collation{Name: name}
	}
	e.Collation = c
	t := op.AsText(e.X.TypeOf())
	t.Collation, t.Charset = c, r.sem.Charset(c.Name)
	e.Type = t
}

// call resolves a built-in function, or finds the stored function of that name.
func (r *Resolver) call(sc *scope, e *ir.Call) ir.Expr {
	if e.Op == "" {
		rc := &ir.RoutineCall{Name: ir.Qualified("", e.Name), Args: e.Args}
		rc.Meta = e.Meta
		r.routineCall(sc, rc)
		return rc
	}
	for i := range e.Args {
		if st, ok := e.Args[i].(*ir.Star); ok {
			r.star(sc, st)
			continue
		}
		e.Args[i] = r.value(sc, e.Args[i])
	}
	switch e.Op {
	case op.Round, op.Truncate, op.Floor, op.Ceil:
		if len(e.Args) > 0 && kindOf(e.Args[0].TypeOf()) == temporalKind {
			r.fail(mixedClasses, e.Span, "%s of a date or time is a date or a number, by version", e.Name)
		}
	}
	info := op.Lookup(e.Op)
	if info == nil {
		r.fail(unknownRoutine, e.Span, "function %s is not known", e.Name)
		e.Type = types.Unknown{Why: "function " + e.Name}
		return e
	}
	if f, ok := op.SpatialOf(e.Op); ok && r.Spatial && op.IsSpatial(e.Op) && len(e.Args) >= f.Min && len(e.Args) <= f.Max {
		e.Type = r.collated(e, f.Result, nil)
		return e
	}
	if op.IsSpatial(e.Op) {
		r.fail(spatialFunction, e.Span, "the spatial function %s", e.Name)
		e.Type = types.Unknown{Why: "a spatial function"}
		return e
	}
	if e.Op == op.StrToDate && len(e.Args) > 0 && kindOf(e.Args[0].TypeOf()) == binaryKind {
		r.fail(mixedClasses, e.Span, "%s of a byte string", e.Name)
	}
	if (e.Op == op.AddTime || e.Op == op.SubTime) && len(e.Args) > 0 && r.sem.DatesAddAsTimes {
		if _, date := e.Args[0].TypeOf().(types.Date); date {
			r.fail(mixedClasses, e.Span, "%s takes a date for midnight, and gives a time", e.Name)
		}
	}
	if e.Op == op.Strcmp {
		for _, a := range e.Args {
			if _, year := a.TypeOf().(types.Year); year || kindOf(a.TypeOf()) == temporalKind {
				r.fail(mixedClasses, e.Span, "STRCMP of dates, times and years compares them as such in some versions")
				break
			}
		}
	}
	if e.Op == op.JSONQuote && len(e.Args) == 1 && notQuotable(e.Args[0]) {
		r.fail(mixedClasses, e.Span, "JSON_QUOTE of a value that is no text is an error in MySQL and NULL in MariaDB")
	}
	e.Args = r.arguments(e, info, e.Args)
	switch e.Op {
	case op.Locate, op.Instr, op.Strcmp, op.Replace, op.FindInSet, op.SubstringIndex, op.Trim, op.TextInsert, op.LPad, op.RPad, op.ConcatWS:
		var texts []*ir.Expr
		for i, a := range e.Args {
			if k := kindOf(a.TypeOf()); k == textKind || k == binaryKind {
				texts = append(texts, &e.Args[i])
			}
		}
		r.characters(texts...)
	}
	if e.Word == "" && r.sem.JSON == types.JSONText && op.IsJSON(e.Op) {
		e.Word = "text" // documents are texts
	}
	if e.Op == op.Char && e.Word == "" && (e.Name == "CHR" || plainCharacters(e.Args)) {
		e.Word = r.sem.Charset(r.connection().Name)
	}
	if (e.Op == op.LPad || e.Op == op.RPad) && r.sem.EmptyPaddingEmpties {
		e.Word = "empty"
	}
	e.Type = r.result(e, info, e.Args, e.Unit, e.Word)
	if t, ok := e.Type.(types.Text); ok && op.IsJSON(e.Op) {
		e.Type = r.textOfDocument(e, t)
	}
	r.earlyCall(e)
	switch e.Op {
	case op.StrToDate:
		if s, ok := e.Args[1].(*ir.String); ok && len(e.Args) == 2 {
			e.Type = op.StrToDateType(s.Value)
		}
	case op.Greatest:
		if t, ok := e.Type.(types.Text); ok && r.sem.LastOfEqualTexts && t.Collation.CaseInsensitive {
			slices.Reverse(e.Args)
		}
	case op.NullIf:
		if len(e.Args) == 2 {
			if t := e.Args[1].TypeOf(); r.sem.EarlyErrors && kindOf(e.Args[0].TypeOf()) == textKind && isConstant(e.Args[0]) && wideColumn(e.Args[1], t) {
				r.note(nullIfWhole, e.Span, "%s is assumed to be a number, or to be NULL", e.Span.Text())
			}
			return r.nullIf(e)
		}
	case op.Locate, op.Instr, op.FindInSet, op.Strcmp, op.Field, op.RegexpLike, op.RegexpInstr, op.RegexpSubstr, op.RegexpReplace:
		e.Collation = r.textCollation(e, e.Args...)
	}
	return e
}

// notQuotable tells a value that JSON_QUOTE does not take: a number, a date or time, bits, or a document.
func notQuotable(e ir.Expr) bool {
	if c, ok := e.(*ir.Cast); ok && c.Implicit {
		e = c.X
	}
	switch kindOf(e.TypeOf()) {
	case numberKind, temporalKind, bitKind, binaryKind, jsonKind:
		return true
	}
	return false
}

// plainCharacters tells that CHAR makes line breaks, quotes and the like, which mean the same as text and as bytes: the literals are
// numbers of ASCII characters that are no letters.
func plainCharacters(args []ir.Expr) bool {
	for _, a := range args {
		v, ok := intLiteral(a)
		if !ok || v < 1 || v > 127 || v >= 'A' && v <= 'Z' || v >= 'a' && v <= 'z' {
			return false
		}
	}
	return len(args) > 0
}

// arguments converts the arguments of an operation to its argument classes.
func (r *Resolver) arguments(at ir.Expr, info *op.Info, args []ir.Expr) []ir.Expr {
	var common []ir.Expr
	for i, a := range args {
		if info.Arg(i) == op.CommonArg {
			common = append(common, a)
		}
	}
	var t types.Type
	if len(common) > 0 {
		t = r.commonOf(at, common)
	}
	if (info.Op == op.Greatest || info.Op == op.Least) && bytesAmongOthers(args) {
		r.fail(mixedClasses, at.Base().Span, "byte strings are compared with numbers or dates")
		return args
	}
	if (info.Op == op.Greatest || info.Op == op.Least) && !r.sem.ExtremesCompareAsText && timesAmongTexts(args) {
		r.fail(mixedClasses, at.Base().Span, "texts are compared with times")
		return args
	}
	if (info.Op == op.Greatest || info.Op == op.Least) && numbersAmongOthers(args) {
		if r.sem.ExtremesCompareAsText && textsAndNumbers(args) {
			for i, a := range args {
				args[i] = r.text(a)
			}
			if c, ok := at.(*ir.Call); ok {
				c.Word = "text"
			}
		}
		return args // versions differ in how they compare them: a rule decides
	}
	if (info.Op == op.Greatest || info.Op == op.Least) && r.sem.ExtremesCompareAsText {
		writtenOut(args)
	}
	for i, a := range args {
		if _, star := a.(*ir.Star); !star {
			class := info.Arg(i)
			if info.Op == op.JSONObject && i%2 == 1 {
				class = op.JSONValueArg
			}
			args[i] = r.argument(a, class, t)
			if info.Op == op.Coalesce || info.Op == op.IfNull {
				args[i] = scaled(args[i], t)
			}
		}
	}
	return args
}

// writtenOut gives literals beside moments of one type the form in which the moments are written: the source compares them as moments, and the
// result is a text.
func writtenOut(args []ir.Expr) {
	digits := -1
	var literals []*ir.String
	for _, a := range args {
		switch a.TypeOf().(type) {
		case types.DateTime, types.Timestamp:
			p := op.Precision(a.TypeOf())
			if digits >= 0 && digits != p {
				return
			}
			digits = p
			continue
		}
		s, ok := a.(*ir.String)
		if !ok {
			return
		}
		literals = append(literals, s)
	}
	if digits < 0 {
		return
	}
	texts := make([]string, len(literals))
	for i, s := range literals {
		t, err := time.Parse(time.DateTime, s.Value)
		if err != nil {
			t, err = time.Parse(time.DateOnly, s.Value)
		}
		if err != nil || t.Year() < 1000 {
			return
		}
		if texts[i] = t.Format(time.DateTime); digits > 0 {
			texts[i] += "." + strings.Repeat("0", digits)
		}
		if strings.Contains(s.Value, ".") {
			return // parts of a second may be more than the moments have
		}
	}
	for i, s := range literals {
		s.Value = texts[i]
	}
}

// textsAndNumbers tells that there are no values but texts, numbers, times and NULLs.
func textsAndNumbers(args []ir.Expr) bool {
	for _, a := range args {
		switch kindOf(a.TypeOf()) {
		case textKind, enumKind, setKind, numberKind, noKind:
			if _, year := a.TypeOf().(types.Year); year {
				return false
			}
		case temporalKind:
			if !isTime(a.TypeOf()) {
				return false // compared as dates
			}
		default:
			return false
		}
	}
	return true
}

// timesAmongTexts tells that texts stand beside times of a day: MariaDB compares them as times.
func timesAmongTexts(args []ir.Expr) bool {
	times, texts := false, false
	for _, a := range args {
		switch kindOf(a.TypeOf()) {
		case textKind:
			texts = true
		case temporalKind:
			times = times || isTime(a.TypeOf())
		}
	}
	return times && texts
}

// bytesAmongOthers tells that byte strings stand beside numbers or dates.
func bytesAmongOthers(args []ir.Expr) bool {
	bytes, others := false, false
	for _, a := range args {
		switch kindOf(a.TypeOf()) {
		case binaryKind:
			bytes = true
		case numberKind, temporalKind, bitKind:
			others = true
		}
	}
	return bytes && others
}

func numbersAmongOthers(args []ir.Expr) bool {
	number, other := false, false
	for _, a := range args {
		switch kindOf(a.TypeOf()) {
		case numberKind, bitKind:
			number = true
		case noKind:
		default:
			other = true
		}
	}
	return number && other
}

// nullIf converts the operands of NULLIF as = does. Where the first one has to be converted for it, a CASE keeps the
// value itself as the result.
func (r *Resolver) nullIf(e *ir.Call) ir.Expr {
	if isTime(e.Args[1].TypeOf()) && kindOf(e.Args[0].TypeOf()) == numberKind && r.sem.EarlyErrors {
		r.fail(mixedClasses, e.Span, "NULLIF of a number and a time, of which early versions make another number")
	}
	c := r.compared(ir.Eq, ir.Clone(e.Args[0]), e.Args[1])
	if isNullValue(e.Args[0]) || isNullValue(e.Args[1]) {
		r.nullIfMoment(e) // what it is used for is not known here
		return r.unify(e.Args[0], e.Type)
	}
	if cmp, ok := c.(*ir.Compare); ok && !mixedNumbers(e.Args[0], e.Args[1]) && cmp.L.TypeOf().String() == e.Args[0].TypeOf().String() {
		e.Args[1], e.Collation = cmp.R, cmp.Collation
		if kindOf(e.Args[0].TypeOf()) == enumKind { // the result is its text
			e.Type = e.Args[0].TypeOf()
			return r.text(e)
		}
		return e
	}
	w := &ir.When{Cond: c, Then: &ir.Null{}}
	w.Span, w.Then.Base().Span = e.Span, e.Span
	w.Then.SetType(types.Null{})
	out := &ir.Case{Whens: []*ir.When{w}, Else: r.unify(e.Args[0], e.Type)}
	out.Meta = e.Meta
	out.Type = e.Type
	return out
}

// truthValue is the predicate behind a number that a document holds as true or false; other values stay.
func truthValue(e ir.Expr) ir.Expr {
	switch x := e.(type) {
	case *ir.BoolValue:
		return x.X
	case *ir.Call:
		switch x.Op {
		case op.IsIPv4, op.IsIPv6, op.IsUUID, op.JSONValid, op.JSONContains, op.JSONContainsPath, op.RegexpLike:
			t := &ir.Truth{X: x}
			t.Span, t.Type = x.Span, types.Bool{}
			return t
		}
	}
	return e
}

// mixedNumbers tells a column or literal that is compared with a number of another kind: the target's NULLIF would be of that kind.
func mixedNumbers(a, b ir.Expr) bool {
	switch a.(type) {
	case *ir.Name, *ir.Number, *ir.Unary:
	default:
		return false
	}
	_, ia := asInt(a.TypeOf())
	_, ib := asInt(b.TypeOf())
	return kindOf(a.TypeOf()) == numberKind && kindOf(b.TypeOf()) == numberKind && (ia != ib || floatLiteral(a) || isFloat(a.TypeOf()) != isFloat(b.TypeOf()))
}

func (r *Resolver) argument(a ir.Expr, class op.ArgClass, common types.Type) ir.Expr {
	switch class {
	case op.TextArg:
		return r.text(a)
	case op.NumberArg:
		return r.operand(a)
	case op.FloatArg:
		return r.float(a)
	case op.IntArg:
		if r.hasFraction(a) {
			return r.bits(a)
		}
		return r.integer(a)
	case op.DateTimeArg, op.DateArg:
		r.nullIfMoment(a)
		return r.dateTime(a)
	case op.TimeArg:
		r.nullIfMoment(a)
		return r.time(a)
	case op.BoolArg:
		return r.asCondition(a)
	case op.BytesArg:
		return r.text(a)
	case op.JSONArg:
		return r.json(a)
	case op.JSONValueArg:
		return truthValue(a)
	case op.CommonArg:
		return r.unify(a, common)
	}
	return a
}

// result is the type of a call, with the collation that wins among its arguments.
func (r *Resolver) result(at ir.Expr, info *op.Info, args []ir.Expr, unit, word string) types.Type {
	c := op.Call{Unit: unit, Word: word}
	for _, a := range args {
		t := a.TypeOf()
		if _, ok := t.(types.Row); ok {
			t = types.Null{}
		}
		c.Types = append(c.Types, t)
		v, known := intLiteral(a)
		c.Consts = append(c.Consts, op.Const{Known: known, Int: v})
	}
	t := info.ResultOf(c)
	if u, ok := t.(types.Unknown); ok {
		if !anyParameter(args) {
			r.fail(unknownType, at.Base().Span, "the result of %s has no known type: %s", info.Op, u.Why)
		}
		return t
	}
	if makesText(info.Op) {
		return r.collated(at, t, nil)
	}
	return r.collated(at, t, args)
}

func anyParameter(args []ir.Expr) bool {
	for _, a := range args {
		if types.IsUnknown(a.TypeOf()) {
			return true
		}
	}
	return false
}

// intLiteral reads an integer literal with its sign.
func intLiteral(e ir.Expr) (int64, bool) {
	switch e := e.(type) {
	case *ir.Number:
		if e.Kind == ir.IntNumber {
			v, err := strconv.ParseInt(e.Text, 10, 64)
			return v, err == nil
		}
	case *ir.Unary:
		if v, ok := intLiteral(e.X); ok && e.Op == ir.Neg {
			return -v, true
		}
	}
	return 0, false
}

func (r *Resolver) routineCall(sc *scope, e *ir.RoutineCall) {
	for i := range e.Args {
		e.Args[i] = r.value(sc, e.Args[i])
	}
	schema := e.Name.Schema()
	if schema == "" {
		schema = r.schema
	}
	e.Routine = r.cat.Routine(catalog.Function, schema, e.Name.Name())
	if e.Routine == nil {
		e.Type = types.Unknown{Why: "function " + e.Name.String()}
		r.missingRoutine("function", schema, e.Name, spanOr(e.Name.Span, e.Span))
		return
	}
	e.Type = e.Routine.Returns
	if e.Type == nil {
		e.Type = types.Unknown{Why: "function " + e.Name.String() + " has no result type"}
		r.fail(unknownType, e.Span, "the result type of function %s is not known", e.Name)
	}
	if len(e.Args) != len(e.Routine.Params) {
		r.fail(wrongArguments, e.Span, "function %s takes %d arguments, not %d", e.Name, len(e.Routine.Params), len(e.Args))
		return
	}
	for i, p := range e.Routine.Params {
		e.Args[i] = r.pass(e.Args[i], p.Type)
	}
}

func (r *Resolver) aggregate(sc *scope, e *ir.Aggregate) {
	in := sc.aggregate()
	for i := range e.Args {
		if st, ok := e.Args[i].(*ir.Star); ok {
			st.Type = types.Row{}
			continue
		}
		e.Args[i] = r.value(in, e.Args[i])
	}
	for _, o := range e.OrderBy {
		o.Expr = r.value(in, o.Expr)
	}
	for _, x := range []*ir.Expr{&e.Separator, &e.Limit} {
		if *x != nil {
			*x = r.value(in, *x)
		}
	}
	if e.Filter != nil {
		e.Filter = r.condition(in, e.Filter)
	}
	if e.Over != nil && !e.Over.Reference {
		r.window(sc, e.Over)
		if o := e.Over; o.Extends != "" && len(o.OrderBy) == 0 && o.Frame == nil && r.sem.ExtendedWindowsWhole && !ranks[e.Op] {
			o.Frame = &ir.Frame{Unit: "range", Start: &ir.FrameBound{Kind: "unbounded preceding"}, End: &ir.FrameBound{Kind: "unbounded following"}}
		}
		if o := e.Over; o.Extends != "" && len(o.OrderBy) == 0 && r.sem.RanksTakeNoFrame && orderedRanks[e.Op] && sc.sel != nil && !namedOrder(sc.sel, o.Extends) {
			r.fail(mixedClasses, o.Span, "%s needs a window with ORDER BY", e.Name)
		}
		if e.Over.Frame != nil && r.sem.RanksTakeNoFrame && ranks[e.Op] {
			r.fail(mixedClasses, e.Over.Frame.Span, "%s takes no window frame", e.Name)
		}
	}
	info := op.Lookup(e.Op)
	if info == nil {
		r.fail(unknownRoutine, e.Span, "aggregate %s is not known", e.Name)
		e.Type = types.Unknown{Why: "aggregate " + e.Name}
		return
	}
	for i, a := range e.Args {
		if r.dayNumber(a) != nil && info.Arg(i) != op.TextArg && info.Arg(i) != op.AnyArg {
			r.fail(mixedClasses, a.Base().Span, "%s of the name of a day, which counts as a number or as a text by the place where it stands", e.Name)
		}
	}
	if e.Distinct && (e.Op == op.Sum || e.Op == op.Avg) && len(e.Args) == 1 {
		if b, ok := e.Args[0].(*ir.Bytes); ok {
			r.fail(mixedClasses, b.Span, "%s(DISTINCT ...) of a byte string of hexadecimal digits, of which the source keeps some digits only", e.Name)
		}
	}
	e.Args = r.arguments(e, info, e.Args)
	e.Type = r.result(e, info, e.Args, "", "")
	r.ownAggregate(sc, e)
	r.noteRank(e)
	r.keptAverage(e)
	r.noteAnyValue(sc, e)
	r.partSums(e)
}

func (r *Resolver) subquery(sc *scope, e *ir.Subquery) {
	row := r.query(sc.inner(), e.Query)
	if len(row.Types) == 1 {
		e.Type = row.Types[0]
		return
	}
	e.Type = *row
}
