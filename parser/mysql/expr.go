package mysql

import (
	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/source"
	"godwit/ir/types"
	"godwit/parser/scan"
)

// interval is INTERVAL n unit: no value of its own, only an operand of + and - and an argument of date functions. It never
// stays in a tree; the node that it embeds makes it an expression meanwhile.
type interval struct {
	ir.Null
	amount ir.Expr
	unit   string
}

// Binding powers of the operators, from the loosest (Operator Precedence, and sql_yacc.yy). NOT as a prefix stands between AND and
// comparisons, unless HIGH_NOT_PRECEDENCE is set.
const (
	powerOr uint8 = iota + 1
	powerXor
	powerAnd
	powerNot
	powerCompare
	powerPredicate
	powerBinary // and above
)

// powers are the binding powers of the operators between and behind operands; 0 for all other kinds.
var powers = [len(kindNames)]uint8{
	kOr: powerOr, kOrOr: powerOr, kXor: powerXor, kAnd: powerAnd, kAndAnd: powerAnd,
	kIs: powerCompare, kEq: powerCompare, kNE: powerCompare, kLT: powerCompare, kLE: powerCompare, kGT: powerCompare, kGE: powerCompare, kNSEq: powerCompare,
	kIn: powerPredicate, kBetween: powerPredicate, kLike: powerPredicate, kRegexp: powerPredicate, kSoundsLike: powerPredicate, kMemberOf: powerPredicate,
	kNot:  powerPredicate, // NOT IN and its likes
	kPipe: powerBinary, kAmp: powerBinary + 1, kShl: powerBinary + 2, kShr: powerBinary + 2, kPlus: powerBinary + 3, kMinus: powerBinary + 3,
	kStar: powerBinary + 4, kSlash: powerBinary + 4, kDiv: powerBinary + 4, kPercent: powerBinary + 4, kMod: powerBinary + 4,
	kCaret: powerBinary + 5, kConcat: powerBinary + 6,
}

// expr reads a value. An interval on its own is none.
func (p *parser) expr() ir.Expr {
	if k := p.Kind(); k == kNumber || k == kString || k == kNull {
		if next := p.Ahead(1); next == kComma || next == kRP {
			return p.literal() // the short way for rows of constants
		}
	}
	e := p.operandExpr()
	if iv, ok := e.(*interval); ok {
		return p.refuseExpr(iv.Span, "an interval as a value of its own")
	}
	return e
}

// operandExpr reads an expression that may be an interval.
func (p *parser) operandExpr() ir.Expr {
	p.Enter()
	e := p.climb(powerOr)
	p.Leave()
	return e
}

// exprList reads values with commas. There is at least one.
func (p *parser) exprList() []ir.Expr {
	base := len(p.exprStack)
	for {
		e := p.expr()
		p.exprStack = append(p.exprStack, e)
		if !p.Accept(kComma) {
			return p.popExprs(base)
		}
	}
}

// popExprs takes what stands on the stack above base.
func (p *parser) popExprs(base int) []ir.Expr {
	out := p.pool.exprs.Slice(p.exprStack[base:])
	clear(p.exprStack[base:])
	p.exprStack = p.exprStack[:base]
	return out
}

// parenExprs reads values in parentheses; there may be none.
func (p *parser) parenExprs() []ir.Expr {
	p.Expect(kLP)
	var out []ir.Expr
	if p.Kind() != kRP {
		out = p.exprList()
	}
	p.Expect(kRP)
	return out
}

func cover(l, r ir.Expr) source.Span { return source.Cover(l.Base().Span, r.Base().Span) }

func (p *parser) binary(o ir.BinaryOp, l, r ir.Expr, bits int) ir.Expr {
	b := p.pool.binaries.New()
	b.Span, b.Op, b.L, b.R, b.Bits = cover(l, r), o, l, r, bits
	return b
}

// climb reads an operand, and operators that bind at least as tightly as min with their right operands. What was folded by an operator
// is no operand of one that binds more tightly: a IN (1) + 2 is no expression.
func (p *parser) climb(min uint8) ir.Expr {
	var l ir.Expr
	most := uint8(powerBinary + 6)
	if p.Kind() == kNot && !p.mode.HighNotPrecedence {
		l, most = p.negation(), powerNot
	} else {
		l = p.simple()
	}
	for {
		k := p.Kind()
		power := powers[k]
		if power < min || power > most || k == kNot && !negatable(p.Ahead(1)) {
			return l
		}
		l, most = p.operator(k, power, l), power
	}
}

// negatable tells that NOT before the kind makes a predicate.
func negatable(k scan.Kind) bool { return k == kIn || k == kBetween || k == kLike || k == kRegexp }

// operator reads what stands behind the left operand, beginning with the operator.
func (p *parser) operator(k scan.Kind, power uint8, l ir.Expr) ir.Expr {
	p.Next()
	switch {
	case power >= powerBinary:
		return p.binaryNode(k, l, p.climb(power+1))
	case power == powerCompare:
		return p.comparison(k, l)
	case power == powerPredicate:
		not := k == kNot
		if not {
			k = p.Kind()
			p.Next()
		}
		return p.predicate(k, not, l)
	case power == powerAnd:
		return p.binary(ir.And, l, p.climb(powerNot), 0)
	case power == powerXor:
		return p.binary(ir.Xor, l, p.climb(powerAnd), 0)
	}
	return p.binary(ir.Or, l, p.climb(powerXor), 0)
}

// negation is NOT with all that it applies to.
func (p *parser) negation() ir.Expr {
	s := p.Span(p.Next())
	p.Enter()
	x := p.climb(powerNot)
	p.Leave()
	s = source.Cover(s, x.Base().Span)
	if e, ok := x.(*ir.Exists); ok && !e.Not {
		return &ir.Exists{ExprMeta: expr(s), Not: true, Query: e.Query}
	}
	return &ir.Unary{ExprMeta: expr(s), Op: ir.Not, X: x}
}

// compareOp is the comparison of a token.
func compareOp(k scan.Kind) (ir.CompareOp, bool) {
	switch k {
	case kEq:
		return ir.Eq, true
	case kNE:
		return ir.Ne, true
	case kLT:
		return ir.Lt, true
	case kLE:
		return ir.Le, true
	case kGT:
		return ir.Gt, true
	case kGE:
		return ir.Ge, true
	case kNSEq:
		return ir.NullSafeEq, true
	}
	return 0, false
}

// comparison reads what stands behind IS or a comparison.
func (p *parser) comparison(k scan.Kind, l ir.Expr) ir.Expr {
	if k == kIs {
		return p.isTest(l)
	}
	o, _ := compareOp(k)
	if next := p.Kind(); next == kAny || next == kAll {
		return p.quantified(o, l)
	}
	c := p.pool.compares.New()
	c.Op, c.L, c.R = o, l, p.climb(powerPredicate)
	c.Span = cover(l, c.R)
	return c
}

// quantified is = ANY (query) or = ALL (query).
func (p *parser) quantified(o ir.CompareOp, l ir.Expr) ir.Expr {
	all := p.Kind() == kAll
	p.Next()
	p.Expect(kLP)
	q := p.parenQuery()
	end := p.Expect(kRP)
	return &ir.Quantified{ExprMeta: expr(source.Cover(l.Base().Span, p.Span(end))), Op: o, All: all, X: l, Query: q}
}

// isTest is IS [NOT] NULL, TRUE, FALSE or UNKNOWN.
func (p *parser) isTest(l ir.Expr) ir.Expr {
	not := p.Accept(kNot)
	m := expr(source.Cover(l.Base().Span, p.Span(p.Pos)))
	switch p.Kind() {
	case kNull:
		p.Next()
		return &ir.IsNull{ExprMeta: m, Not: not, X: l}
	case kTrue:
		p.Next()
		return &ir.IsTruth{ExprMeta: m, Not: not, Value: ir.IsTrue, X: l}
	case kFalse:
		p.Next()
		return &ir.IsTruth{ExprMeta: m, Not: not, Value: ir.IsFalse, X: l}
	case kIdent:
		w := p.upper(p.Next())
		if w == "UNKNOWN" {
			return &ir.IsTruth{ExprMeta: m, Not: not, Value: ir.IsUnknown, X: l}
		}
		return p.refuseExpr(m.Span, "IS "+w)
	}
	p.Fail("NULL", "TRUE", "FALSE", "UNKNOWN")
	return nil
}

// predicate reads what stands behind the operator of a predicate.
func (p *parser) predicate(k scan.Kind, not bool, l ir.Expr) ir.Expr {
	switch k {
	case kIn:
		return p.in(l, not)
	case kBetween:
		return p.between(l, not)
	case kLike:
		return p.like(l, not)
	}
	x := p.climb(powerBinary)
	m := expr(cover(l, x))
	switch k {
	case kRegexp:
		return &ir.Regexp{ExprMeta: m, Not: not, X: l, Pattern: x, Flavor: p.regexpFlavor()}
	case kSoundsLike:
		return &ir.Compare{ExprMeta: m, Op: ir.Eq, L: soundex(l), R: soundex(x)}
	}
	return &ir.Call{ExprMeta: m, Op: op.JSONMemberOf, Name: "MEMBER OF", Args: []ir.Expr{l, x}}
}

func soundex(x ir.Expr) ir.Expr {
	return &ir.Call{ExprMeta: expr(x.Base().Span), Op: op.Soundex, Name: "SOUNDEX", Args: []ir.Expr{x}}
}

func (p *parser) in(l ir.Expr, not bool) ir.Expr {
	p.Expect(kLP)
	q, list := p.parenBody()
	end := p.Expect(kRP)
	return &ir.In{ExprMeta: expr(source.Cover(l.Base().Span, p.Span(end))), Not: not, X: l, List: list, Query: q}
}

func (p *parser) between(l ir.Expr, not bool) ir.Expr {
	lo := p.climb(powerBinary)
	p.Expect(kAnd)
	p.Enter()
	hi := p.climb(powerPredicate)
	p.Leave()
	return &ir.Between{ExprMeta: expr(cover(l, hi)), Not: not, X: l, Lo: lo, Hi: hi}
}

func (p *parser) like(l ir.Expr, not bool) ir.Expr {
	x := p.climb(powerBinary)
	e := &ir.Like{ExprMeta: expr(cover(l, x)), Not: not, X: l, Pattern: x, EscapeRune: '\\'}
	if p.mode.NoBackslashEscapes {
		e.EscapeRune = 0
	}
	if p.Accept(kEscape) {
		e.Escape = p.climb(powerBinary)
		e.Span = source.Cover(e.Span, e.Escape.Base().Span)
		e.EscapeRune = 0
	}
	return e
}

// regexpFlavor is the library that matches regular expressions on the source.
func (p *parser) regexpFlavor() string {
	switch {
	case p.mariadb():
		return "pcre"
	case p.opts.Version.Major > 0 && p.opts.Version.Major < 8:
		return "henry-spencer"
	}
	return "icu"
}

// binaryNode makes the node of an operator; date arithmetic is not addition.
func (p *parser) binaryNode(k scan.Kind, l, r ir.Expr) ir.Expr {
	li, _ := l.(*interval)
	ri, _ := r.(*interval)
	if li != nil || ri != nil {
		return p.dateArithmetic(k, l, r, li, ri)
	}
	switch k {
	case kPlus:
		return p.binary(ir.Add, l, r, 0)
	case kMinus:
		return p.binary(ir.Sub, l, r, 0)
	case kStar:
		return p.binary(ir.Mul, l, r, 0)
	case kPipe:
		return p.binary(ir.BitOr, l, r, 64)
	case kAmp:
		return p.binary(ir.BitAnd, l, r, 64)
	case kCaret:
		return p.binary(ir.BitXor, l, r, 64)
	case kShl:
		return p.binary(ir.ShiftLeft, l, r, 64)
	case kShr:
		return p.binary(ir.ShiftRight, l, r, 64)
	}
	m := expr(cover(l, r))
	switch k {
	case kSlash:
		return &ir.Div{ExprMeta: m, Kind: ir.DivExact, ScaleIncrement: p.divInc, Zero: p.zero(), L: l, R: r}
	case kDiv:
		return &ir.Div{ExprMeta: m, Kind: ir.DivInt, Zero: p.zero(), L: l, R: r}
	case kPercent, kMod:
		return &ir.Mod{ExprMeta: m, Zero: p.zero(), L: l, R: r}
	}
	if c, ok := l.(*ir.Concat); ok {
		return &ir.Concat{ExprMeta: m, Args: append(c.Args[:len(c.Args):len(c.Args)], r), Null: ir.NullPropagates}
	}
	return &ir.Concat{ExprMeta: m, Args: []ir.Expr{l, r}, Null: ir.NullPropagates}
}

func (p *parser) dateArithmetic(k scan.Kind, l, r ir.Expr, li, ri *interval) ir.Expr {
	m := expr(cover(l, r))
	switch {
	case li == nil && (k == kPlus || k == kMinus):
		return &ir.DateAdd{ExprMeta: m, X: l, Amount: ri.amount, Unit: ri.unit, Sub: k == kMinus}
	case ri == nil && k == kPlus:
		return &ir.DateAdd{ExprMeta: m, X: r, Amount: li.amount, Unit: li.unit}
	}
	return p.refuseExpr(m.Span, "an interval as an operand of this operator")
}

// zero is what a zero divisor gives: NULL, but an error in strict stores (Server SQL Modes, ERROR_FOR_DIVISION_BY_ZERO).
func (p *parser) zero() ir.ZeroDivide {
	if p.stores && p.mode.Strict && p.mode.ErrorForDivision {
		return ir.ZeroError
	}
	return ir.ZeroNull
}

// simple reads an operand with its prefix operators and what binds tighter than they do.
func (p *parser) simple() ir.Expr {
	switch p.Kind() {
	case kNot, kBang, kMinus, kPlus, kTilde, kBinary:
		return p.prefixed()
	}
	return p.postfix()
}

func (p *parser) prefixed() ir.Expr {
	k := p.Kind()
	if k == kNot && !p.mode.HighNotPrecedence {
		return p.negation()
	}
	s := p.Span(p.Next())
	p.Enter()
	x := p.simple()
	p.Leave()
	m := expr(source.Cover(s, x.Base().Span))
	switch k {
	case kNot, kBang:
		return &ir.Unary{ExprMeta: m, Op: ir.Not, X: x}
	case kMinus:
		return &ir.Unary{ExprMeta: m, Op: ir.Neg, X: x}
	case kTilde:
		return &ir.Unary{ExprMeta: m, Op: ir.BitNot, X: x, Bits: 64}
	case kBinary:
		return &ir.Cast{ExprMeta: m, X: x, To: types.Binary{}, TooLong: ir.CutLong, Fail: ir.FailPrefix}
	}
	return x // unary plus
}

// postfix reads a primary with COLLATE, JSON paths and assignment.
func (p *parser) postfix() ir.Expr {
	e := p.primary()
	for {
		switch k := p.Kind(); k {
		case kCollate:
			p.Next()
			i := p.Pos
			n := p.charsetName()
			s := p.Span(i)
			e = &ir.Collate{ExprMeta: expr(source.Cover(e.Base().Span, s)), X: e, Name: ir.QName{Parts: p.oneName(ir.Ident{Text: n}), Span: s}, Collation: types.Collation{Name: n}}
		case kArrow, kArrow2:
			p.Next()
			o, name := op.JSONExtract, "->"
			if k == kArrow2 {
				o, name = op.JSONExtractText, "->>"
			}
			path := p.primary()
			e = &ir.Call{ExprMeta: expr(cover(e, path)), Op: o, Name: name, Args: []ir.Expr{e, path}}
		case kAssign:
			return p.assignment(e)
		default:
			return e
		}
	}
}

// assignment is @v := value; it takes all that follows.
func (p *parser) assignment(e ir.Expr) ir.Expr {
	p.Next()
	p.Enter()
	v := p.climb(powerOr)
	p.Leave()
	u, ok := e.(*ir.UserVar)
	if !ok {
		return p.refuseExpr(cover(e, v), "an assignment to something else than a user variable")
	}
	return &ir.AssignExpr{ExprMeta: expr(cover(e, v)), Target: u, Value: v}
}
