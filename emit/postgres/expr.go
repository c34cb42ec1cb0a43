package postgres

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"godwit/emit"
	"godwit/ir"
	"godwit/ir/types"
)

// Levels of precedence, lowest first (PostgreSQL manual, 4.1.6 Operator Precedence).
const (
	precAny = iota
	precOr
	precAnd
	precNot
	precIs      // IS, ISNULL, IS DISTINCT FROM; does not associate
	precCompare // < > = <= >= <>; does not associate
	precLike    // BETWEEN IN LIKE ILIKE SIMILAR; does not associate
	precOther   // any other operator
	precAdd
	precMul
	precPow
	precAt // AT TIME ZONE
	precCollate
	precSign // unary + and -
	precSubscript
	precCast
	precPrimary
)

var operatorPrec = map[string]int{
	"AT TIME ZONE": precAt, "^": precPow, "*": precMul, "/": precMul, "%": precMul, "+": precAdd, "-": precAdd,
	"LIKE": precLike, "ILIKE": precLike, "NOT LIKE": precLike, "NOT ILIKE": precLike, "SIMILAR TO": precLike,
	"NOT SIMILAR TO": precLike, "<": precCompare, ">": precCompare, "=": precCompare, "<=": precCompare,
	">=": precCompare, "<>": precCompare, "!=": precCompare, "IS DISTINCT FROM": precIs, "IS NOT DISTINCT FROM": precIs,
	"AND": precAnd, "OR": precOr,
}

// expr prints a value; it gets parentheses if it binds less than min.
func (p *printer) expr(x ir.Expr, min int) emit.Doc {
	if missing(x) {
		p.fail(nil, "an expression is missing")
		return emit.Text("NULL")
	}
	d, prec := p.value(x)
	d = emit.Mark(x.Base(), d)
	if prec < min {
		return parens(d)
	}
	return d
}

func (p *printer) any(x ir.Expr) emit.Doc { return p.expr(x, precAny) }

func parens(d emit.Doc) emit.Doc { return emit.Enclose("(", d, ")") }

func txt(s string) emit.Doc { return emit.Text(s) }

func txtf(format string, args ...any) emit.Doc { return emit.Text(fmt.Sprintf(format, args...)) }

func (p *printer) exprs(list []ir.Expr) emit.Doc {
	docs := make([]emit.Doc, len(list))
	for i, x := range list {
		docs[i] = p.any(x)
	}
	return emit.List(docs)
}

func call(name string, args emit.Doc) emit.Doc {
	return emit.Cat(emit.Text(name), emit.Enclose("(", args, ")"))
}

// value prints a value without regard to what is around it, and tells how tightly it binds.
func (p *printer) value(x ir.Expr) (emit.Doc, int) {
	switch x := x.(type) {
	case *ir.Null:
		return txt("NULL"), precPrimary
	case *ir.Number:
		if strings.HasPrefix(x.Text, "-") {
			return emit.Text(x.Text), precSign
		}
		return emit.Text(x.Text), precPrimary
	case *ir.String:
		return emit.Text(literal(x.Value)), precPrimary
	case *ir.Bytes:
		return p.bytes(x)
	case *ir.Bool:
		return emit.Text(strings.ToUpper(strconv.FormatBool(x.Value))), precPrimary
	case *ir.Temporal:
		return p.temporal(x)
	case *ir.Name:
		return p.name(x), precPrimary
	case *ir.Param:
		return txtf("$%d", x.Index), precPrimary
	case *ir.Star:
		return p.star(x), precPrimary
	case *ir.Default:
		if x.Column == nil {
			return txt("DEFAULT"), precPrimary
		}
	case *ir.Inserted:
		return txtf("excluded.%s", p.columnName(x.Column)), precPrimary
	case *ir.Unary:
		return p.unary(x)
	case *ir.Binary:
		return p.binary(x)
	case *ir.Div:
		if x.Kind == ir.DivTarget {
			return p.infix("/", x.L, x.R, precMul), precMul
		}
	case *ir.Mod:
		if x.Zero == ir.ZeroError {
			return p.infix("%", x.L, x.R, precMul), precMul
		}
	case *ir.Compare:
		return p.compare(x)
	case *ir.Like:
		return p.like(x)
	case *ir.Regexp:
		return p.infix(not(x.Not, "~", "!~"), x.X, x.Pattern, precOther), precOther
	case *ir.Between:
		return p.between(x)
	case *ir.In:
		return p.in(x)
	case *ir.Exists:
		d := emit.Cat(txt("EXISTS "), p.subquery(x.Query))
		if x.Not {
			return emit.Cat(txt("NOT "), d), precNot
		}
		return d, precPrimary
	case *ir.Quantified:
		word := " ANY "
		if x.All {
			word = " ALL "
		}
		return emit.Cat(p.expr(x.X, precOther), txt(" "+compareOps[x.Op]+word), p.subquery(x.Query)), precCompare
	case *ir.IsNull:
		return emit.Cat(p.expr(x.X, precOther), txt(not(x.Not, " IS NULL", " IS NOT NULL"))), precIs
	case *ir.IsTruth:
		word := [...]string{"TRUE", "FALSE", "UNKNOWN"}[x.Value]
		return emit.Cat(p.expr(x.X, precOther), txt(not(x.Not, " IS ", " IS NOT ")+word)), precIs
	case *ir.Truth:
		return p.truth(x)
	case *ir.BoolValue:
		return p.boolValue(x)
	case *ir.Case:
		return p.caseExpr(x), precPrimary
	case *ir.Concat:
		return p.concat(x)
	case *ir.Cast:
		return p.cast(x)
	case *ir.Collate:
		return emit.Cat(p.expr(x.X, precCollate), txt(" COLLATE "+p.collationName(x.Name))), precCollate
	case *ir.Call:
		return p.operation(x)
	case *ir.RoutineCall:
		return call(p.routineName(x.Name, x.Routine), p.exprs(x.Args)), precPrimary
	case *ir.NamedArg:
		return emit.Cat(txt(p.ident(x.Name)+" => "), p.any(x.Value)), precOther
	case *ir.HelperCall:
		return p.helperCall(x), precPrimary
	case *ir.TargetCall:
		return p.targetCall(x), precPrimary
	case *ir.TargetOp:
		return p.targetOp(x)
	case *ir.ArrayExpr:
		return emit.Cat(txt("ARRAY"), emit.Enclose("[", p.exprs(x.Items), "]")), precPrimary
	case *ir.Subscript:
		return emit.Cat(p.subscripted(x.X), txt("["), p.any(x.Index), txt("]")), precSubscript
	case *ir.Field:
		if n, ok := x.X.(*ir.Name); ok && p.pl {
			if v, ok := n.Ref.(*ir.VarRef); ok && p.places != nil {
				return p.place(p.varName(v.Decl)+"."+Quote(p.e.fold(x.Name)), p.declType(x, "", x.Type), nil), precPrimary
			} else if ok {
				return txt(p.varName(v.Decl) + "." + Quote(p.e.fold(x.Name))), precPrimary
			}
		}
		return emit.Cat(parens(p.any(x.X)), txt("."+Quote(x.Name))), precPrimary
	case *ir.Aggregate:
		return p.aggregate(x), precPrimary
	case *ir.Subquery:
		if x.Array {
			return emit.Cat(txt("ARRAY"), p.subquery(x.Query)), precPrimary
		}
		return p.subquery(x.Query), precPrimary
	case *ir.RowExpr:
		return p.row(x), precPrimary
	case *ir.NextValue:
		return p.nextValue(x), precPrimary
	}
	why, _ := p.e.Expressible(x)
	p.fail(x, why)
	return txt("NULL"), precPrimary
}

func not(n bool, yes, no string) string {
	if n {
		return no
	}
	return yes
}

func (p *printer) bytes(x *ir.Bytes) (emit.Doc, int) {
	if x.Bit {
		var b strings.Builder
		for _, c := range x.Value {
			fmt.Fprintf(&b, "%08b", c)
		}
		return txtf("B'%s'", b.String()), precPrimary
	}
	return txtf(`'\x%s'::bytea`, hex.EncodeToString(x.Value)), precCast
}

func (p *printer) temporal(x *ir.Temporal) (emit.Doc, int) {
	kind, ok := p.e.TypeSQL(x.Kind)
	if !ok {
		p.fail(x, "a temporal literal of unknown type")
	}
	switch t := x.Kind.(type) {
	case types.Date:
		kind = "date"
	case types.Time:
		kind = "time"
		if t.Duration {
			kind = "interval"
		}
	case types.DateTime:
		kind = "timestamp"
	case types.Timestamp:
		kind = "timestamptz"
	}
	return txtf("%s %s", kind, literal(x.Value)), precPrimary
}

func (p *printer) star(x *ir.Star) emit.Doc {
	if len(x.Qualifier) == 0 {
		return txt("*")
	}
	return emit.Text(p.qualifier(x.Qualifier) + ".*")
}

func (p *printer) unary(x *ir.Unary) (emit.Doc, int) {
	switch x.Op {
	case ir.Neg:
		d, prec := p.value(x.X)
		d = emit.Mark(x.X.Base(), d)
		if prec <= precSign { // two signs in a row would begin a comment
			d = parens(d)
		}
		return emit.Cat(txt("-"), d), precSign
	case ir.Not:
		if c, ok := x.X.(*ir.Compare); ok && c.Op == ir.NullSafeEq {
			return emit.Mark(c.Base(), p.comparison(c, "IS DISTINCT FROM")), precIs
		}
		return emit.Cat(txt("NOT "), p.expr(x.X, precNot)), precNot
	}
	return emit.Cat(txt("~ "), p.expr(x.X, precOther+1)), precOther
}

var binaryOps = map[ir.BinaryOp]string{
	ir.Add: "+", ir.Sub: "-", ir.Mul: "*", ir.BitAnd: "&", ir.BitOr: "|", ir.BitXor: "#",
	ir.ShiftLeft: "<<", ir.ShiftRight: ">>", ir.And: "AND", ir.Or: "OR",
}

func (p *printer) binary(x *ir.Binary) (emit.Doc, int) {
	switch x.Op {
	case ir.And:
		return emit.Group(p.chain(x, ir.And, "AND", precAnd)), precAnd
	case ir.Or:
		return emit.Group(p.chain(x, ir.Or, "OR", precOr)), precOr
	case ir.Add, ir.Sub:
		return p.infix(binaryOps[x.Op], x.L, x.R, precAdd), precAdd
	case ir.Mul:
		return p.infix("*", x.L, x.R, precMul), precMul
	}
	// The operands get parentheses unless they bind tighter than every operator of this level: nobody knows the order of these.
	return emit.Group(p.expr(x.L, precAdd), txt(" "+binaryOps[x.Op]), emit.Nest(emit.Line), p.expr(x.R, precAdd)), precOther
}

// chain prints a AND b AND c as one list, which breaks before each word.
func (p *printer) chain(x *ir.Binary, o ir.BinaryOp, word string, prec int) emit.Doc {
	var docs []emit.Doc
	var add func(e ir.Expr, right bool)
	add = func(e ir.Expr, right bool) {
		b, same := e.(*ir.Binary)
		if !same || b.Op != o || right || b.L == nil || b.R == nil {
			docs = append(docs, p.operand(e, prec, right))
			return
		}
		add(b.L, false)
		n := len(docs)
		add(b.R, true)
		docs[n] = emit.Mark(b.Base(), emit.Cat(txt(word+" "), docs[n]))
	}
	add(x.L, false)
	docs = append(docs, emit.Cat(txt(word+" "), p.operand(x.R, prec, true)))
	return emit.Join(emit.Line, docs)
}

// operand prints an operand of AND or OR; AND and OR in one another always get parentheses, for the reader.
func (p *printer) operand(e ir.Expr, prec int, right bool) emit.Doc {
	if b, ok := e.(*ir.Binary); ok && (b.Op == ir.And || b.Op == ir.Or) && (right || prec != operatorPrec[binaryOps[b.Op]]) {
		return p.expr(e, precNot)
	}
	return p.expr(e, prec)
}

// infix prints a left-associative operator.
func (p *printer) infix(o string, l, r ir.Expr, prec int) emit.Doc {
	return emit.Group(p.expr(l, prec), txt(" "+o), emit.Nest(emit.Line, p.expr(r, prec+1)))
}

var compareOps = map[ir.CompareOp]string{
	ir.Eq: "=", ir.Ne: "<>", ir.Lt: "<", ir.Le: "<=", ir.Gt: ">", ir.Ge: ">=", ir.NullSafeEq: "IS NOT DISTINCT FROM",
}

func (p *printer) compare(x *ir.Compare) (emit.Doc, int) {
	prec := precCompare
	if x.Op == ir.NullSafeEq {
		prec = precIs
	}
	return p.comparison(x, compareOps[x.Op]), prec
}

func (p *printer) comparison(x *ir.Compare, operator string) emit.Doc {
	return emit.Group(p.expr(x.L, precOther), txt(" "+operator), emit.Nest(emit.Line, p.expr(x.R, precOther)))
}

func (p *printer) like(x *ir.Like) (emit.Doc, int) {
	d := []emit.Doc{p.expr(x.X, precOther), txt(not(x.Not, " LIKE ", " NOT LIKE ")), p.expr(x.Pattern, precOther)}
	switch {
	case x.Escape != nil:
		d = append(d, txt(" ESCAPE "), p.expr(x.Escape, precOther))
	case x.EscapeRune == 0:
		d = append(d, txt(" ESCAPE ''"))
	case x.EscapeRune != '\\':
		d = append(d, txt(" ESCAPE "+literal(string(x.EscapeRune))))
	}
	return emit.Cat(d...), precLike
}

func (p *printer) between(x *ir.Between) (emit.Doc, int) {
	// The lower bound is a b_expr in the grammar: no COLLATE and no AT TIME ZONE without parentheses.
	lo := p.expr(x.Lo, precOther)
	if ir.Find(x.Lo, restricted) && !atomic(x.Lo) {
		lo = parens(p.any(x.Lo))
	}
	return emit.Group(p.expr(x.X, precOther), txt(not(x.Not, " BETWEEN ", " NOT BETWEEN ")), lo,
		emit.Nest(emit.Line, txt("AND "), p.expr(x.Hi, precOther))), precLike
}

func restricted(n ir.Node) bool {
	switch n := n.(type) {
	case *ir.Collate:
		return true
	case *ir.TargetOp:
		return strings.ContainsAny(n.Op, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	}
	return false
}

// atomic tells whether a value prints as one closed piece, whatever is in it.
func atomic(x ir.Expr) bool {
	switch x.(type) {
	case *ir.Null, *ir.Number, *ir.String, *ir.Bool, *ir.Name, *ir.Call, *ir.RoutineCall, *ir.HelperCall, *ir.TargetCall,
		*ir.Subquery, *ir.RowExpr, *ir.Aggregate, *ir.ArrayExpr, *ir.Temporal, *ir.Bytes, *ir.Case:
		return true
	}
	return false
}

func (p *printer) in(x *ir.In) (emit.Doc, int) {
	d := emit.Cat(p.expr(x.X, precOther), txt(not(x.Not, " IN ", " NOT IN ")))
	if x.Query != nil {
		return emit.Cat(d, p.subquery(x.Query)), precLike
	}
	if len(x.List) == 0 {
		p.fail(x, "an empty IN list")
	}
	return emit.Cat(d, emit.Enclose("(", p.exprs(x.List), ")")), precLike
}

// truth is x <> 0, or x itself if x is a predicate made into a number.
func (p *printer) truth(x *ir.Truth) (emit.Doc, int) {
	if b, ok := x.X.(*ir.BoolValue); ok {
		return p.value(b.X)
	}
	switch x.X.TypeOf().(type) {
	case types.Bool:
		return p.value(x.X)
	case types.Int, types.Decimal, types.Float, types.Year:
		return emit.Cat(p.expr(x.X, precOther), txt(" <> 0")), precCompare
	}
	p.fail(x, "the truth of a value that is no number")
	return txt("NULL"), precPrimary
}

// boolValue is p::integer, the cast of a predicate that gives 1, 0 or NULL.
func (p *printer) boolValue(x *ir.BoolValue) (emit.Doc, int) {
	if b, ok := x.X.(*ir.Bool); ok {
		return emit.Text(not(b.Value, "0", "1")), precPrimary
	}
	return emit.Cat(p.expr(x.X, precCast), txt("::integer")), precCast
}

func (p *printer) caseExpr(x *ir.Case) emit.Doc {
	head := txt("CASE")
	if x.Operand != nil {
		head = emit.Cat(txt("CASE "), p.any(x.Operand))
	}
	var arms []emit.Doc
	for _, w := range x.Whens {
		arms = append(arms, emit.Line, emit.Mark(w.Base(),
			emit.Group(txt("WHEN "), emit.Nest(p.any(w.Cond), emit.Line, txt("THEN "), p.any(w.Then)))))
	}
	if x.Else != nil {
		arms = append(arms, emit.Line, txt("ELSE "), p.any(x.Else))
	}
	return emit.Group(head, emit.Nest(arms...), emit.Line, txt("END"))
}

// maxArguments is how many arguments a function may have (PostgreSQL manual, "PostgreSQL Limits").
const maxArguments = 100

func (p *printer) concatCall(args []ir.Expr) emit.Doc {
	if len(args) <= maxArguments {
		return call("concat", p.exprs(args))
	}
	part := &ir.Concat{Args: args[:maxArguments], Null: ir.NullSkipped}
	part.Type = types.Text{}
	return p.concatCall(append([]ir.Expr{part}, args[maxArguments:]...))
}

func (p *printer) concat(x *ir.Concat) (emit.Doc, int) {
	switch {
	case len(x.Args) == 0:
		return txt("''"), precPrimary
	case x.Null == ir.NullSkipped:
		return p.concatCall(x.Args), precPrimary
	case len(x.Args) == 1:
		return p.value(x.Args[0])
	}
	docs := []emit.Doc{p.expr(x.Args[0], precOther)}
	for _, a := range x.Args[1:] {
		docs = append(docs, emit.Cat(txt("|| "), p.expr(a, precOther+1)))
	}
	return emit.Group(docs[0], emit.Nest(emit.Line, emit.Join(emit.Line, docs[1:]))), precOther
}

func (p *printer) cast(x *ir.Cast) (emit.Doc, int) {
	to, ok := p.e.TypeSQL(x.To)
	if !ok || !x.Target {
		p.fail(x, "a cast with the source's meaning to "+typeName(x.To))
	}
	return emit.Cat(p.expr(x.X, precCast), txt("::"+to)), precCast
}

func typeName(t types.Type) string {
	if t == nil {
		return "an unknown type"
	}
	return t.String()
}

func (p *printer) subscripted(x ir.Expr) emit.Doc {
	if n, ok := x.(*ir.Name); ok {
		return p.any(n)
	}
	return parens(p.any(x))
}

func (p *printer) helperCall(x *ir.HelperCall) emit.Doc {
	args := make([]emit.Doc, len(x.Args))
	for i, a := range x.Args {
		args[i] = p.any(a)
		if x.Variadic && i == len(x.Args)-1 {
			args[i] = emit.Cat(txt("VARIADIC "), args[i])
		}
	}
	return call(Quote(p.e.opt.HelperSchema)+"."+quoteFunction(x.Name), emit.List(args))
}

// bareCalls are functions of the grammar that take no parentheses.
var bareCalls = map[string]bool{
	"current_date": true, "current_time": true, "current_timestamp": true, "localtime": true, "localtimestamp": true,
	"current_user": true, "session_user": true, "current_role": true, "current_catalog": true, "current_schema": true, "user": true,
}

func (p *printer) targetCall(x *ir.TargetCall) emit.Doc {
	low := strings.ToLower(x.Name)
	if bareCalls[low] && len(x.Args) == 0 {
		return emit.Text(low)
	}
	return call(x.Name, p.exprs(x.Args))
}

func (p *printer) targetOp(x *ir.TargetOp) (emit.Doc, int) {
	prec, known := operatorPrec[strings.ToUpper(x.Op)]
	if !known {
		prec = precOther
	}
	switch {
	case missing(x.L) && x.Op == "-":
		return p.unary(&ir.Unary{Op: ir.Neg, X: x.R})
	case missing(x.L):
		return emit.Cat(txt(x.Op+" "), p.expr(x.R, prec+1)), prec
	case missing(x.R): // IS JSON and its like
		return emit.Cat(p.expr(x.L, precOther), txt(" "+x.Op)), precIs
	case prec <= precLike && prec >= precIs:
		return emit.Group(p.expr(x.L, precOther), txt(" "+x.Op), emit.Nest(emit.Line, p.expr(x.R, precOther))), prec
	}
	return p.infix(x.Op, x.L, x.R, prec), prec
}

func (p *printer) row(x *ir.RowExpr) emit.Doc {
	if len(x.Items) < 2 {
		return call("ROW", p.exprs(x.Items))
	}
	return emit.Enclose("(", p.exprs(x.Items), ")")
}

func (p *printer) nextValue(x *ir.NextValue) emit.Doc {
	name := p.qname(x.Sequence, nil)
	if x.Ref != nil && x.Ref.Target != "" {
		name = p.join(x.Ref.TargetSchema, x.Ref.Target)
	}
	if x.Previous {
		return txtf("currval(%s)", literal(name))
	}
	return txtf("nextval(%s)", literal(name))
}

func (p *printer) aggregate(x *ir.Aggregate) emit.Doc {
	name, ok := p.aggregateName(x)
	if !ok {
		p.fail(x, "the aggregate "+x.Name)
	}
	var in []emit.Doc
	if x.Distinct {
		in = append(in, txt("DISTINCT"))
	}
	if len(x.Args) > 0 {
		in = append(in, p.exprs(x.Args))
	}
	if len(x.OrderBy) > 0 && !x.Within {
		in = append(in, p.orderBy(x.OrderBy))
	}
	d := call(name, emit.Words(in...))
	if x.Within {
		d = emit.Cat(d, txt(" WITHIN GROUP ("), p.orderBy(x.OrderBy), txt(")"))
	}
	if x.Filter != nil {
		d = emit.Group(d, emit.Nest(emit.Line, txt("FILTER (WHERE "), p.any(x.Filter), txt(")")))
	}
	if x.Over != nil {
		d = emit.Cat(d, txt(" OVER "), p.window(x.Over))
	}
	return d
}

func (p *printer) window(w *ir.WindowDef) emit.Doc {
	if w.Reference {
		return emit.Text(Quote(p.e.fold(w.Name)))
	}
	return emit.Mark(w.Base(), p.windowBody(w))
}

func (p *printer) windowBody(w *ir.WindowDef) emit.Doc {
	var parts []emit.Doc
	if w.Extends != "" {
		parts = append(parts, emit.Text(Quote(p.e.fold(w.Extends))))
	}
	if len(w.PartitionBy) > 0 {
		parts = append(parts, emit.Group(txt("PARTITION BY "), p.exprs(w.PartitionBy)))
	}
	if len(w.OrderBy) > 0 {
		parts = append(parts, p.orderBy(w.OrderBy))
	}
	if w.Frame != nil {
		parts = append(parts, p.frame(w.Frame))
	}
	return emit.Enclose("(", emit.Join(emit.Line, parts), ")")
}

func (p *printer) frame(f *ir.Frame) emit.Doc {
	d := []emit.Doc{txt(strings.ToUpper(f.Unit))}
	if f.End == nil {
		d = append(d, p.bound(f.Start))
	} else {
		d = append(d, txt("BETWEEN"), p.bound(f.Start), txt("AND"), p.bound(f.End))
	}
	if f.Exclude != "" {
		d = append(d, txt("EXCLUDE "+strings.ToUpper(f.Exclude)))
	}
	return emit.Mark(f.Base(), emit.Words(d...))
}

func (p *printer) bound(b *ir.FrameBound) emit.Doc {
	kind := txt(strings.ToUpper(b.Kind))
	if b.Amount == nil {
		return kind
	}
	if b.Unit != "" {
		p.fail(b, "a frame bound with the unit "+b.Unit)
	}
	return emit.Words(p.any(b.Amount), kind)
}

func (p *printer) orderBy(list []*ir.OrderItem) emit.Doc {
	return emit.Group(txt("ORDER BY"), emit.Nest(emit.Line, emit.List(p.orderItems(list))))
}

func (p *printer) orderItems(list []*ir.OrderItem) []emit.Doc {
	docs := make([]emit.Doc, len(list))
	for i, o := range list {
		docs[i] = emit.Mark(o.Base(), p.orderItem(o))
	}
	return docs
}

// sorted is an expression of ORDER BY or GROUP BY: a literal there would name a place of the select list, or be an error.
func (p *printer) sorted(e ir.Expr) emit.Doc {
	switch x := e.(type) {
	case *ir.Unary:
		if n, ok := x.X.(*ir.Number); ok && x.Op == ir.Neg && n.Kind == ir.IntNumber {
			if t, ok := p.e.TypeSQL(e.TypeOf()); ok {
				return emit.Cat(txt("("), p.any(e), txt(")::"+t))
			}
		}
	case *ir.Number, *ir.String:
		if t, ok := p.e.TypeSQL(e.TypeOf()); ok {
			return emit.Cat(p.any(e), txt("::"+t))
		}
	case *ir.Null:
		return emit.Cat(p.any(e), txt("::text"))
	}
	return p.any(e)
}

func (p *printer) orderItem(o *ir.OrderItem) emit.Doc {
	d := []emit.Doc{nil}
	if o.Position > 0 {
		d[0] = txtf("%d", o.Position)
	} else {
		d[0] = p.sorted(o.Expr)
	}
	if o.Desc {
		d = append(d, txt("DESC"))
	}
	// NULLs sort as if larger than every value unless told otherwise.
	switch {
	case o.Nulls == ir.NullsFirst && !o.Desc:
		d = append(d, txt("NULLS FIRST"))
	case o.Nulls == ir.NullsLast && o.Desc:
		d = append(d, txt("NULLS LAST"))
	}
	return emit.Words(d...)
}
