package oracle

import (
	"strings"

	"godwit/ir"
	"godwit/ir/source"
	"godwit/parser/scan"
)

// Binding powers of the operators, from the loosest (SQL Language Reference, Operator Precedence and Condition Precedence; PL/SQL
// Language Reference, Operator Precedence). NOT as a prefix stands between AND and comparisons.
const (
	powerOr uint8 = iota + 1
	powerAnd
	powerNot
	powerCompare
	powerAdd // and above
	powerMul
	powerPower // of PL/SQL
)

// powers are the binding powers of the operators between and behind operands; 0 for all other kinds.
var powers = [len(kindNames)]uint8{
	kOr: powerOr, kAnd: powerAnd,
	kIs: powerCompare, kEq: powerCompare, kNE: powerCompare, kLT: powerCompare, kLE: powerCompare, kGT: powerCompare, kGE: powerCompare,
	kIn: powerCompare, kBetween: powerCompare, kLike: powerCompare,
	kNot:  powerCompare, // NOT IN and its likes
	kPlus: powerAdd, kMinus: powerAdd, kConcat: powerAdd, kMultiset: powerAdd,
	kStar: powerMul, kSlash: powerMul, kPower: powerPower,
}

// expr reads a value or a condition.
func (p *parser) expr() ir.Expr {
	if k := p.Kind(); k == kNumber || k == kString || k == kNull {
		if next := p.Ahead(1); next == kComma || next == kRP {
			return p.literal() // the short way for rows of constants
		}
	}
	return p.exprAbove(powerOr)
}

// exprAbove reads an expression of operators that bind at least as tightly as min.
func (p *parser) exprAbove(min uint8) ir.Expr {
	p.Enter()
	e := p.climb(min)
	p.Leave()
	return e
}

// bound reads an operand of BETWEEN: it ends before AND.
func (p *parser) bound() ir.Expr { return p.exprAbove(powerAdd) }

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

// parenExprs reads values in parentheses.
func (p *parser) parenExprs() []ir.Expr {
	p.Expect(kLP)
	out := p.exprList()
	p.Expect(kRP)
	return out
}

func cover(l, r ir.Expr) source.Span { return source.Cover(l.Base().Span, r.Base().Span) }

func (p *parser) binary(o ir.BinaryOp, l, r ir.Expr) ir.Expr {
	b := p.pool.binaries.New()
	b.Span, b.Op, b.L, b.R = cover(l, r), o, l, r
	return b
}

// climb reads an operand, and operators that bind at least as tightly as min with their right operands. What was folded by an operator
// is no operand of one that binds more tightly: a IN (1) + 2 is no expression.
func (p *parser) climb(min uint8) ir.Expr {
	var l ir.Expr
	most, last := uint8(powerPower), kEOF
	if p.Kind() == kNot {
		l, most = p.negation(), powerNot
	} else {
		l = p.unary()
	}
	for {
		k := p.Kind()
		power := powers[k]
		switch k {
		case kIdent:
			power = p.wordPower()
		case kNot:
			if !p.negatable() {
				return l
			}
		}
		if power < min || power > most || power == 0 {
			return l
		}
		l = p.operator(k, last, power, l)
		most, last = power, k
	}
}

// negatable tells that NOT here makes a predicate of what stands before it.
func (p *parser) negatable() bool {
	switch p.Ahead(1) {
	case kIn, kBetween, kLike:
		return true
	case kIdent:
		return p.predicateWord(p.Pos+1) != ""
	}
	return false
}

// wordPower is the binding power of an operator that is no keyword, 0 if none stands here.
func (p *parser) wordPower() uint8 {
	if p.predicateWord(p.Pos) != "" {
		return powerCompare
	}
	if p.plsql && !p.sql && (p.is("MOD") || p.is("REM")) {
		return powerMul
	}
	return 0
}

// predicateWord is the operator that the i-th token is, "" if it is none: it may be the name of an alias.
func (p *parser) predicateWord(i int) string {
	switch t := p.At(i); t.End - t.Start {
	case 5:
		switch w := p.upper(i); w {
		case "LIKEC", "LIKE2", "LIKE4":
			return w
		}
	case 6:
		if p.isAt(i, "MEMBER") && p.operandAt(i+1) {
			return "MEMBER"
		}
	case 11:
		if p.isAt(i, "SUBMULTISET") && p.operandAt(i+1) {
			return "SUBMULTISET"
		}
	}
	return ""
}

// operandAt tells that OF or a name stands at the i-th token.
func (p *parser) operandAt(i int) bool {
	k := p.Ahead(i - p.Pos)
	return k == kOf || k == kIdent || k == kQIdent || k == kBind
}

// operator reads what stands behind the left operand, beginning with the operator; last is the operator that made the operand, if it was
// made here.
func (p *parser) operator(k, last scan.Kind, power uint8, l ir.Expr) ir.Expr {
	i := p.Next()
	switch power {
	case powerOr:
		return p.binary(ir.Or, l, p.climb(powerAnd))
	case powerAnd:
		return p.binary(ir.And, l, p.climb(powerNot))
	case powerCompare:
		return p.predicate(i, k, l)
	case powerPower:
		if last == kPower {
			return p.refuseExpr(cover(l, p.climb(powerPower+1)), "a power of a power without parentheses")
		}
	}
	switch k {
	case kMultiset:
		return p.multisetOp(l, last == kMultiset)
	case kConcat:
		return concat(l, p.climb(power+1), last == kConcat)
	}
	return p.arithmetic(i, k, l, p.climb(power+1))
}

// arithmetic makes the node of the operator at the i-th token.
func (p *parser) arithmetic(i int, k scan.Kind, l, r ir.Expr) ir.Expr {
	switch k {
	case kPlus:
		return p.binary(ir.Add, l, r)
	case kMinus:
		return p.binary(ir.Sub, l, r)
	case kStar:
		return p.binary(ir.Mul, l, r)
	}
	m := expr(cover(l, r))
	switch k {
	case kSlash:
		return &ir.Div{ExprMeta: m, Kind: ir.DivExact, Zero: ir.ZeroError, L: l, R: r}
	case kPower:
		return &ir.Call{ExprMeta: m, Name: "POWER", Args: []ir.Expr{l, r}}
	}
	name := "MOD"
	if p.isAt(i, "REM") {
		name = "REM"
	}
	return &ir.Call{ExprMeta: m, Name: name, Args: []ir.Expr{l, r}}
}

// concat joins texts; open tells that the left one was joined here and may take one more.
func concat(l, r ir.Expr, open bool) ir.Expr {
	if c, ok := l.(*ir.Concat); ok && open {
		c.Args = append(c.Args, r)
		c.Span = cover(l, r)
		return c
	}
	return &ir.Concat{ExprMeta: expr(cover(l, r)), Args: []ir.Expr{l, r}, Null: ir.NullSkipped}
}

// multisetOp reads on behind MULTISET; chained tells that the left operand is such an operation without parentheses.
func (p *parser) multisetOp(l ir.Expr, chained bool) ir.Expr {
	m := &ir.MultisetOp{L: l}
	switch {
	case p.Accept(kUnion):
	case p.Accept(kExcept):
		m.Op = ir.Except
	case p.Accept(kIntersect):
		m.Op = ir.Intersect
	default:
		p.Fail("UNION", "EXCEPT", "INTERSECT")
	}
	if !p.Accept(kAll) {
		m.Distinct = p.Accept(kDistinct)
	}
	m.R = p.climb(powerAdd + 1)
	m.Span = cover(l, m.R)
	if x, ok := l.(*ir.MultisetOp); ok && chained && x.Op != m.Op {
		return p.refuseExpr(m.Span, "a chain of different MULTISET operators without parentheses")
	}
	return m
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

// unary reads an operand with its prefix operators and what binds tighter than they do.
func (p *parser) unary() ir.Expr {
	switch k := p.Kind(); k {
	case kNot:
		return p.negation()
	case kMinus, kPlus:
		return p.sign(k)
	case kPrior:
		s := p.Span(p.Next())
		x := p.nested()
		return &ir.Prior{ExprMeta: expr(source.Cover(s, x.Base().Span)), X: x}
	case kIdent:
		if p.Cur().End-p.Cur().Start == len("CONNECT_BY_ROOT") && p.is("CONNECT_BY_ROOT") && p.sql {
			s := p.Span(p.Next())
			x := p.nested()
			return &ir.RootOf{ExprMeta: expr(source.Cover(s, x.Base().Span)), X: x}
		}
	}
	return p.postfix()
}

// sign reads + or - with its operand.
func (p *parser) sign(k scan.Kind) ir.Expr {
	s := p.Span(p.Next())
	p.Enter()
	x := p.climb(powerPower)
	p.Leave()
	m := expr(source.Cover(s, x.Base().Span))
	if k == kMinus {
		return &ir.Unary{ExprMeta: m, Op: ir.Neg, X: x}
	}
	if _, text := x.(*ir.String); text {
		return p.refuseExpr(m.Span, "a text with a plus sign")
	}
	return x
}

// nested reads the operand of a prefix operator.
func (p *parser) nested() ir.Expr {
	p.Enter()
	x := p.unary()
	p.Leave()
	return x
}

// postfix reads a primary with what stands behind it: zones, collations, and what makes an interval of it.
func (p *parser) postfix() ir.Expr {
	e := p.primary()
	for p.Kind() == kIdent {
		x := p.suffix(e)
		if x == nil {
			return e
		}
		e = x
	}
	return e
}

// suffix reads AT TIME ZONE, AT LOCAL or COLLATE behind a value, nil if none of them stands here.
func (p *parser) suffix(e ir.Expr) ir.Expr {
	t := p.Cur()
	switch t.End - t.Start {
	case 2:
		if p.is("AT") {
			return p.atZone(e)
		}
	case 7:
		if p.is("COLLATE") && (p.Ahead(1) == kIdent || p.Ahead(1) == kQIdent) {
			p.Next()
			i := p.Pos
			id := p.ident()
			if strings.EqualFold(id.Text, "BINARY") {
				id = ir.Ident{Text: "C", Quoted: true} // the target's name of the order of bytes
			} else {
				p.giveUp(i, codeConstruct, "COLLATE "+id.Text)
			}
			n := &ir.Collate{X: e, Name: ir.QName{Parts: p.oneName(id), Span: p.Span(i)}}
			n.Collation.Name = id.Text
			n.Span = source.Cover(e.Base().Span, p.Span(i))
			return n
		}
	}
	return nil
}

func (p *parser) atZone(e ir.Expr) ir.Expr {
	n := &ir.AtZone{X: e}
	switch {
	case p.isAt(p.Pos+1, "LOCAL"):
		p.Pos += 2
	case p.isAt(p.Pos+1, "TIME") && p.isAt(p.Pos+2, "ZONE"):
		p.Pos += 3
		n.Zone = p.primary()
	default:
		return nil
	}
	n.Span = source.Cover(e.Base().Span, p.Span(p.Pos-1))
	return n
}
