package mysql

import (
	"godwit/ir"
	"godwit/ir/source"
	"godwit/parser/scan"
)

// arg is an argument of a call as it was written; functions of their own syntax take it apart.
type arg struct {
	e          ir.Expr   // the value before any keyword; nil in LEADING FROM x. May be an interval.
	trim       scan.Kind // kLeading, kTrailing or kBoth before the value; kEOF for none
	tail       scan.Kind // kAs, kFrom, kFor, kUsing, kReturning or kOn behind the value, kStar for a star; kEOF for none
	array, on  bool      // CAST(... AS type ARRAY); ON EMPTY or ON ERROR
	from, size ir.Expr   // FROM from FOR size
	spec       *typeSpec // AS type, RETURNING type
	charset    string    // USING charset
	text       string    // source of the value
	tailText   string    // source of what stands behind it
	span       source.Span
}

// plain tells that the argument is a value and nothing else.
func (a *arg) plain() bool {
	return a.e != nil && a.trim == kEOF && (a.tail == kEOF || a.tail == kStar)
}

// callArgs are the arguments of a call. Those of the parser's stack are valid while the call is built.
type callArgs struct {
	list      []arg
	distinct  bool
	orderBy   []*ir.OrderItem
	separator *ir.String
	limits    []ir.QueryMeta
}

// args reads the arguments of a call in parentheses, on the parser's stack; the caller takes them off it.
func (p *parser) args() callArgs {
	var a callArgs
	base := len(p.argStack)
	p.Expect(kLP)
	if p.Accept(kRP) {
		return a
	}
	if a.distinct = p.Accept(kDistinct); !a.distinct {
		p.Accept(kAll)
	}
	for more := true; more; more = p.Accept(kComma) {
		x := p.arg()
		p.argStack = append(p.argStack, x)
	}
	if p.Kind() == kOrder {
		a.orderBy = p.orderBy()
	}
	if p.Accept(kSeparator) {
		i := p.Expect(kString)
		a.separator = &ir.String{ExprMeta: expr(p.Span(i)), Value: p.stringAt(i)}
	}
	for p.atLimit() {
		var m ir.QueryMeta
		p.limit(&m)
		a.limits = append(a.limits, m)
	}
	p.Expect(kRP)
	a.list = p.argStack[base:]
	return a
}

// arg reads one argument.
func (p *parser) arg() arg {
	i := p.Pos
	switch k := p.Kind(); k {
	case kStar:
		p.Next()
		return arg{e: &ir.Star{ExprMeta: expr(p.Span(i))}, tail: kStar, text: "*", span: p.Span(i)}
	case kLeading, kTrailing, kBoth:
		p.Next()
		a := arg{trim: k}
		if p.Kind() != kFrom && p.Kind() != kRP {
			a.e = p.operandExpr()
		}
		if p.Accept(kFrom) {
			a.from = p.operandExpr()
		}
		a.span = p.SpanFrom(i)
		return a
	}
	a := arg{e: p.operandExpr()}
	a.span = p.SpanFrom(i)
	a.text = a.span.Text()
	if k := p.Kind(); k != kComma && k != kRP {
		j := p.Pos
		if p.argTail(&a); p.Pos > j {
			a.span = p.SpanFrom(i)
			a.tailText = p.Source(j)
		}
	}
	return a
}

// argTail reads what may stand behind the value of an argument.
func (p *parser) argTail(a *arg) {
	switch k := p.Kind(); k {
	case kAs:
		p.Next()
		t := p.typeSpec()
		a.tail, a.spec, a.array = k, &t, p.Accept(kIdent)
	case kFrom:
		p.Next()
		a.tail, a.from = k, p.operandExpr()
		if p.Accept(kFor) {
			a.size = p.operandExpr()
		}
	case kFor:
		p.Next()
		a.tail, a.size = k, p.operandExpr()
	case kUsing:
		p.Next()
		a.tail, a.charset = k, p.charsetName()
	case kReturning:
		p.Next()
		t := p.typeSpec()
		a.tail, a.spec = k, &t
		a.on = p.jsonOns() > 0
	case kNull, kIdent, kDefault:
		if p.jsonOns() > 0 {
			a.tail, a.on = kOn, true
		}
	}
}

// jsonOns steps over ON EMPTY and ON ERROR, and counts them.
func (p *parser) jsonOns() int {
	n := 0
	for p.Kind() == kNull || p.Kind() == kIdent || p.Kind() == kDefault {
		p.jsonOn()
		n++
	}
	return n
}

// valueOf is a value of an argument; an interval is none.
func (p *parser) valueOf(e ir.Expr) ir.Expr {
	if iv, ok := e.(*interval); ok {
		return p.refuseExpr(iv.Span, "an interval as a value of its own")
	}
	return e
}

// plainArg is a plain argument; any other form is refused.
func (p *parser) plainArg(a *arg) ir.Expr {
	if !a.plain() {
		return p.refuseExpr(a.span, "an argument of this form")
	}
	return p.valueOf(a.e)
}

// values are the plain arguments.
func (p *parser) values(a *callArgs) []ir.Expr {
	if len(a.list) == 0 {
		return []ir.Expr{}
	}
	base := len(p.exprStack)
	for i := range a.list {
		e := p.plainArg(&a.list[i])
		p.exprStack = append(p.exprStack, e)
	}
	return p.popExprs(base)
}
