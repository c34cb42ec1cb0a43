package mysql

import (
	"strings"

	"github.com/antlr4-go/antlr/v4"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/source"
	"godwit/ir/types"
	g "godwit/parser/mysql/internal/gram"
)

// interval is INTERVAL n unit: no value of its own, only an operand of + and - and an argument of date functions. It never
// stays in a tree; the node that it embeds makes it an expression meanwhile.
type interval struct {
	ir.Null
	amount ir.Expr
	unit   string
}

// exprItem is an element of the grammar's flat expression.
type exprItem struct {
	kind  itemKind
	span  source.Span
	unary []antlr.TerminalNode // prefix operators that are not applied yet
	prim  g.IPrimaryContext    // of an operand
	body  g.IParenBodyContext  // of ANY or ALL
	all   bool
	op    int  // token type of an operator
	not   bool // NOT IN, IS NOT ...
	word  string
}

type itemKind int

const (
	itemOperand itemKind = iota
	itemQuantified
	itemOp
	itemIs
	itemCollate
)

// exprReader folds a flat expression by MySQL's precedence (MySQL Reference Manual, Operator Precedence, and sql_yacc.yy).
type exprReader struct {
	b     *builder
	items []exprItem
	i     int
}

// expr is a value. An interval on its own is none.
func (b *builder) expr(c g.IExprContext) ir.Expr {
	e := b.operandExpr(c)
	if iv, ok := e.(*interval); ok {
		return b.refuseExpr(iv.Span, "an interval as a value of its own")
	}
	return e
}

// operandExpr is an expression that may be an interval.
func (b *builder) operandExpr(c g.IExprContext) ir.Expr {
	ch := c.GetChildren()
	if len(ch) == 1 {
		if o := ch[0].(g.IOperandContext); o.GetChildCount() == 1 {
			return b.primary(o.Primary())
		}
	}
	r := exprReader{b: b, items: b.flatten(ch)}
	e := r.or()
	if r.i < len(r.items) {
		return b.refuseExpr(b.span(c), "the operator "+r.items[r.i].word+" in this place")
	}
	return e
}

func (b *builder) exprs(c g.IExprListContext) []ir.Expr {
	if c == nil {
		return nil
	}
	l := c.AllExpr()
	out := make([]ir.Expr, len(l))
	for i, e := range l {
		out[i] = b.expr(e)
	}
	return out
}

// flatten lists the elements of an expression.
func (b *builder) flatten(ch []antlr.Tree) []exprItem {
	items := make([]exprItem, 0, 2*len(ch))
	for _, c := range ch {
		switch c := c.(type) {
		case g.IOperandContext:
			items = append(items, b.operandItem(c))
		case g.IBinTailContext:
			o := c.BinOp()
			t := o.GetStart()
			it := exprItem{kind: itemOp, span: b.span(o), op: t.GetTokenType(), word: b.text(o)}
			if it.op == g.MySQLParserNOT {
				it.not, it.op = true, o.GetStop().GetTokenType()
			}
			items = append(items, it)
			if c.Operand() != nil {
				items = append(items, b.operandItem(c.Operand()))
			} else {
				items = append(items, exprItem{kind: itemQuantified, span: b.span(c), body: c.ParenBody(), all: c.ALL() != nil})
			}
		case g.IIsTailContext:
			items = append(items, exprItem{kind: itemIs, span: b.span(c), not: c.NOT() != nil, word: strings.ToUpper(c.GetStop().GetText())})
		case g.ICharsetNameContext:
			items = append(items, exprItem{kind: itemCollate, span: b.span(c), word: b.charsetName(c)})
		}
	}
	return items
}

func (b *builder) operandItem(c g.IOperandContext) exprItem {
	it := exprItem{kind: itemOperand, span: b.span(c), prim: c.Primary()}
	for _, u := range c.AllUnaryOp() {
		it.unary = append(it.unary, u.GetChild(0).(antlr.TerminalNode))
	}
	return it
}

// peekOp is the type of the operator at hand, 0 if there is none.
func (r *exprReader) peekOp() int {
	if r.i < len(r.items) && r.items[r.i].kind == itemOp {
		return r.items[r.i].op
	}
	return 0
}

func cover(l, rr ir.Expr) source.Span { return source.Cover(l.Base().Span, rr.Base().Span) }

func (r *exprReader) or() ir.Expr {
	l := r.xor()
	for r.peekOp() == g.MySQLParserOR || r.peekOp() == g.MySQLParserOROR {
		r.i++
		x := r.xor()
		l = &ir.Binary{ExprMeta: expr(cover(l, x)), Op: ir.Or, L: l, R: x}
	}
	return l
}

func (r *exprReader) xor() ir.Expr {
	l := r.and()
	for r.peekOp() == g.MySQLParserXOR {
		r.i++
		x := r.and()
		l = &ir.Binary{ExprMeta: expr(cover(l, x)), Op: ir.Xor, L: l, R: x}
	}
	return l
}

func (r *exprReader) and() ir.Expr {
	l := r.not()
	for r.peekOp() == g.MySQLParserAND || r.peekOp() == g.MySQLParserANDAND {
		r.i++
		x := r.not()
		l = &ir.Binary{ExprMeta: expr(cover(l, x)), Op: ir.And, L: l, R: x}
	}
	return l
}

// not applies NOT, which binds more loosely than comparisons unless HIGH_NOT_PRECEDENCE is set.
func (r *exprReader) not() ir.Expr {
	if r.i < len(r.items) && !r.b.mode.HighNotPrecedence {
		it := &r.items[r.i]
		if it.kind == itemOperand && len(it.unary) > 0 && it.unary[0].GetSymbol().GetTokenType() == g.MySQLParserNOT {
			s := r.b.tokenSpan(it.unary[0])
			it.unary = it.unary[1:]
			x := r.not()
			return negate(&ir.Unary{ExprMeta: expr(source.Cover(s, x.Base().Span)), Op: ir.Not, X: x})
		}
	}
	return r.comparison()
}

// negate makes NOT EXISTS one node.
func negate(u *ir.Unary) ir.Expr {
	if e, ok := u.X.(*ir.Exists); ok && !e.Not {
		return &ir.Exists{ExprMeta: expr(u.Span), Not: true, Query: e.Query}
	}
	return u
}

var compareOps = map[int]ir.CompareOp{
	g.MySQLParserEQ: ir.Eq, g.MySQLParserNE: ir.Ne, g.MySQLParserLT: ir.Lt, g.MySQLParserLE: ir.Le,
	g.MySQLParserGT: ir.Gt, g.MySQLParserGE: ir.Ge, g.MySQLParserNSEQ: ir.NullSafeEq,
}

func (r *exprReader) comparison() ir.Expr {
	l := r.predicate()
	for r.i < len(r.items) {
		it := r.items[r.i]
		if it.kind == itemIs {
			r.i++
			l = r.is(l, it)
			continue
		}
		o, ok := compareOps[r.peekOp()]
		if !ok {
			return l
		}
		r.i++
		if r.i < len(r.items) && r.items[r.i].kind == itemQuantified {
			q := r.items[r.i]
			r.i++
			l = &ir.Quantified{ExprMeta: expr(source.Cover(l.Base().Span, q.span)), Op: o, All: q.all, X: l, Query: r.b.parenQuery(q.body)}
			continue
		}
		x := r.predicate()
		l = &ir.Compare{ExprMeta: expr(cover(l, x)), Op: o, L: l, R: x}
	}
	return l
}

func (r *exprReader) is(l ir.Expr, it exprItem) ir.Expr {
	m := expr(source.Cover(l.Base().Span, it.span))
	switch it.word {
	case "NULL":
		return &ir.IsNull{ExprMeta: m, Not: it.not, X: l}
	case "TRUE":
		return &ir.IsTruth{ExprMeta: m, Not: it.not, Value: ir.IsTrue, X: l}
	case "FALSE":
		return &ir.IsTruth{ExprMeta: m, Not: it.not, Value: ir.IsFalse, X: l}
	case "UNKNOWN":
		return &ir.IsTruth{ExprMeta: m, Not: it.not, Value: ir.IsUnknown, X: l}
	}
	return r.b.refuseExpr(m.Span, "IS "+it.word)
}

func (r *exprReader) predicate() ir.Expr {
	l := r.binary(1)
	for {
		switch r.peekOp() {
		case g.MySQLParserIN:
			l = r.in(l)
		case g.MySQLParserBETWEEN:
			l = r.between(l)
		case g.MySQLParserLIKE:
			l = r.like(l)
		case g.MySQLParserREGEXP:
			it := r.items[r.i]
			r.i++
			x := r.binary(1)
			l = &ir.Regexp{ExprMeta: expr(cover(l, x)), Not: it.not, X: l, Pattern: x, Flavor: r.b.regexpFlavor()}
		case g.MySQLParserSOUNDS_LIKE:
			r.i++
			x := r.binary(1)
			l = &ir.Compare{ExprMeta: expr(cover(l, x)), Op: ir.Eq, L: soundex(l), R: soundex(x)}
		case g.MySQLParserMEMBER_OF:
			r.i++
			x := r.binary(1)
			l = &ir.Call{ExprMeta: expr(cover(l, x)), Op: op.JSONMemberOf, Name: "MEMBER OF", Args: []ir.Expr{l, x}}
		default:
			return l
		}
	}
}

func soundex(x ir.Expr) ir.Expr {
	return &ir.Call{ExprMeta: expr(x.Base().Span), Op: op.Soundex, Name: "SOUNDEX", Args: []ir.Expr{x}}
}

func (r *exprReader) in(l ir.Expr) ir.Expr {
	it := r.items[r.i]
	r.i++
	if r.i >= len(r.items) || r.items[r.i].kind != itemOperand {
		return r.b.refuseExpr(it.span, "IN without a list")
	}
	o := r.items[r.i]
	body := o.prim.ParenBody()
	if body == nil || o.prim.EXISTS() != nil || len(o.unary) > 0 {
		return r.b.refuseExpr(source.Cover(l.Base().Span, o.span), "IN without a list in parentheses")
	}
	r.i++
	e := &ir.In{ExprMeta: expr(source.Cover(l.Base().Span, o.span)), Not: it.not, X: l}
	q, list := r.b.parenBody(body)
	if q != nil {
		e.Query = q
		return e
	}
	e.List = list
	return e
}

func (r *exprReader) between(l ir.Expr) ir.Expr {
	it := r.items[r.i]
	r.i++
	lo := r.binary(1)
	if r.peekOp() != g.MySQLParserAND {
		return r.b.refuseExpr(source.Cover(l.Base().Span, lo.Base().Span), "BETWEEN without AND")
	}
	r.i++
	hi := r.predicate()
	return &ir.Between{ExprMeta: expr(cover(l, hi)), Not: it.not, X: l, Lo: lo, Hi: hi}
}

func (r *exprReader) like(l ir.Expr) ir.Expr {
	it := r.items[r.i]
	r.i++
	x := r.binary(1)
	e := &ir.Like{ExprMeta: expr(cover(l, x)), Not: it.not, X: l, Pattern: x, EscapeRune: '\\'}
	if r.b.mode.NoBackslashEscapes {
		e.EscapeRune = 0
	}
	if r.peekOp() == g.MySQLParserESCAPE {
		r.i++
		e.Escape = r.binary(1)
		e.Span = source.Cover(e.Span, e.Escape.Base().Span)
		e.EscapeRune = 0
	}
	return e
}

// levels are the binding strengths of the operators between operands, above comparisons.
var levels = map[int]int{
	g.MySQLParserPIPE: 1, g.MySQLParserAMP: 2, g.MySQLParserSHL: 3, g.MySQLParserSHR: 3, g.MySQLParserPLUS: 4, g.MySQLParserMINUS: 4,
	g.MySQLParserSTAR: 5, g.MySQLParserSLASH: 5, g.MySQLParserDIV: 5, g.MySQLParserPCT: 5, g.MySQLParserMOD: 5, g.MySQLParserCARET: 6, g.MySQLParserCONCAT: 7,
}

// binary folds the operators of at least the given level.
func (r *exprReader) binary(level int) ir.Expr {
	l := r.simple()
	for {
		lv := levels[r.peekOp()]
		if lv < level || lv == 0 {
			return l
		}
		o := r.peekOp()
		r.i++
		x := r.binary(lv + 1)
		l = r.b.binaryNode(o, l, x)
	}
}

// binaryNode makes the node of an operator; date arithmetic is not addition.
func (b *builder) binaryNode(o int, l, x ir.Expr) ir.Expr {
	m := expr(cover(l, x))
	li, _ := l.(*interval)
	xi, _ := x.(*interval)
	switch {
	case xi != nil && li == nil && (o == g.MySQLParserPLUS || o == g.MySQLParserMINUS):
		return &ir.DateAdd{ExprMeta: m, X: l, Amount: xi.amount, Unit: xi.unit, Sub: o == g.MySQLParserMINUS}
	case li != nil && xi == nil && o == g.MySQLParserPLUS:
		return &ir.DateAdd{ExprMeta: m, X: x, Amount: li.amount, Unit: li.unit}
	case li != nil || xi != nil:
		return b.refuseExpr(m.Span, "an interval as an operand of this operator")
	}
	bin := func(op ir.BinaryOp, bits int) ir.Expr { return &ir.Binary{ExprMeta: m, Op: op, L: l, R: x, Bits: bits} }
	switch o {
	case g.MySQLParserPLUS:
		return bin(ir.Add, 0)
	case g.MySQLParserMINUS:
		return bin(ir.Sub, 0)
	case g.MySQLParserSTAR:
		return bin(ir.Mul, 0)
	case g.MySQLParserPIPE:
		return bin(ir.BitOr, 64)
	case g.MySQLParserAMP:
		return bin(ir.BitAnd, 64)
	case g.MySQLParserCARET:
		return bin(ir.BitXor, 64)
	case g.MySQLParserSHL:
		return bin(ir.ShiftLeft, 64)
	case g.MySQLParserSHR:
		return bin(ir.ShiftRight, 64)
	case g.MySQLParserSLASH:
		return &ir.Div{ExprMeta: m, Kind: ir.DivExact, ScaleIncrement: b.divInc, Zero: b.zero(), L: l, R: x}
	case g.MySQLParserDIV:
		return &ir.Div{ExprMeta: m, Kind: ir.DivInt, Zero: b.zero(), L: l, R: x}
	case g.MySQLParserPCT, g.MySQLParserMOD:
		return &ir.Mod{ExprMeta: m, Zero: b.zero(), L: l, R: x}
	case g.MySQLParserCONCAT:
		if c, ok := l.(*ir.Concat); ok {
			return &ir.Concat{ExprMeta: m, Args: append(c.Args[:len(c.Args):len(c.Args)], x), Null: ir.NullPropagates}
		}
		return &ir.Concat{ExprMeta: m, Args: []ir.Expr{l, x}, Null: ir.NullPropagates}
	}
	return b.refuseExpr(m.Span, "this operator")
}

// zero is what a zero divisor gives: NULL, but an error in strict stores (Server SQL Modes, ERROR_FOR_DIVISION_BY_ZERO).
func (b *builder) zero() ir.ZeroDivide {
	if b.stores && b.mode.Strict && b.mode.ErrorForDivision {
		return ir.ZeroError
	}
	return ir.ZeroNull
}

// simple is an operand with its prefix operators and what binds tighter than they do.
func (r *exprReader) simple() ir.Expr {
	if r.i >= len(r.items) {
		return r.b.refuseExpr(r.items[len(r.items)-1].span, "an operator without operand")
	}
	it := &r.items[r.i]
	if it.kind != itemOperand {
		r.i++
		return r.b.refuseExpr(it.span, "ANY or ALL in this place")
	}
	if len(it.unary) == 0 {
		return r.postfix()
	}
	u := it.unary[0]
	it.unary = it.unary[1:]
	s := r.b.tokenSpan(u)
	switch u.GetSymbol().GetTokenType() {
	case g.MySQLParserNOT:
		if !r.b.mode.HighNotPrecedence {
			x := r.not()
			return negate(&ir.Unary{ExprMeta: expr(source.Cover(s, x.Base().Span)), Op: ir.Not, X: x})
		}
		fallthrough
	case g.MySQLParserBANG:
		x := r.simple()
		return &ir.Unary{ExprMeta: expr(source.Cover(s, x.Base().Span)), Op: ir.Not, X: x}
	case g.MySQLParserMINUS:
		x := r.simple()
		return &ir.Unary{ExprMeta: expr(source.Cover(s, x.Base().Span)), Op: ir.Neg, X: x}
	case g.MySQLParserTILDE:
		x := r.simple()
		return &ir.Unary{ExprMeta: expr(source.Cover(s, x.Base().Span)), Op: ir.BitNot, X: x, Bits: 64}
	case g.MySQLParserBINARY:
		x := r.simple()
		return &ir.Cast{ExprMeta: expr(source.Cover(s, x.Base().Span)), X: x, To: types.Binary{}, TooLong: ir.CutLong, Fail: ir.FailPrefix}
	}
	return r.simple() // unary plus
}

// postfix is a primary with COLLATE, JSON paths and assignment.
func (r *exprReader) postfix() ir.Expr {
	it := r.items[r.i]
	r.i++
	e := r.b.primary(it.prim)
	for r.i < len(r.items) {
		next := r.items[r.i]
		switch {
		case next.kind == itemCollate:
			r.i++
			s := source.Cover(e.Base().Span, next.span)
			e = &ir.Collate{ExprMeta: expr(s), X: e, Name: ir.QName{Parts: []ir.Ident{{Text: next.word}}, Span: next.span}, Collation: types.Collation{Name: next.word}}
		case r.peekOp() == g.MySQLParserARROW || r.peekOp() == g.MySQLParserARROW2:
			e = r.jsonPath(e, next)
		case r.peekOp() == g.MySQLParserASSIGN:
			r.i++
			v := r.or()
			u, ok := e.(*ir.UserVar)
			if !ok {
				return r.b.refuseExpr(cover(e, v), "an assignment to something else than a user variable")
			}
			return &ir.AssignExpr{ExprMeta: expr(cover(e, v)), Target: u, Value: v}
		default:
			return e
		}
	}
	return e
}

func (r *exprReader) jsonPath(e ir.Expr, it exprItem) ir.Expr {
	r.i++
	o, name := op.JSONExtract, "->"
	if it.op == g.MySQLParserARROW2 {
		o, name = op.JSONExtractText, "->>"
	}
	if r.i >= len(r.items) || r.items[r.i].kind != itemOperand {
		return r.b.refuseExpr(it.span, "a JSON path of this form")
	}
	p := r.b.primary(r.items[r.i].prim)
	r.i++
	return &ir.Call{ExprMeta: expr(cover(e, p)), Op: o, Name: name, Args: []ir.Expr{e, p}}
}

// regexpFlavor is the library that matches regular expressions on the source.
func (b *builder) regexpFlavor() string {
	switch {
	case b.mariadb():
		return "pcre"
	case b.opts.Version.Major > 0 && b.opts.Version.Major < 8:
		return "henry-spencer"
	}
	return "icu"
}
