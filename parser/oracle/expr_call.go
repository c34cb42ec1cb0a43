package oracle

import (
	"strings"

	"godwit/ir"
)

// call is what stands in the parentheses of a call, and behind them.
type call struct {
	args     []ir.Expr
	onError  ir.Expr
	distinct bool
	star     bool // the only argument is *
	orderBy  []*ir.OrderItem
	within   bool
	overflow *ir.Overflow
	keep     *ir.Keep
	fromLast bool
	ignore   bool // IGNORE NULLS
	window   bool // something was read that only aggregates and window functions have
	filter   ir.Expr
	over     *ir.WindowDef
}

// invocation reads the arguments behind what is called, and the clauses of aggregates and window functions.
func (p *parser) invocation(i int, x ir.Expr) ir.Expr {
	c := p.callArgs()
	name, simple := x.(*ir.Name)
	if k := p.Kind(); simple && (k == kIdent || k == kOver || k == kFrom) {
		p.callTail(c)
	}
	if c.window && !simple {
		p.giveUp(i, codePart, "an aggregate that is a method")
	}
	if !c.window {
		return &ir.Invoke{ExprMeta: p.sinceExpr(i), X: x, Args: c.args, OnError: c.onError}
	}
	return &ir.Aggregate{
		ExprMeta: p.sinceExpr(i), Name: ir.QName{Parts: name.Parts}.String(), Distinct: c.distinct, Args: c.args, OrderBy: c.orderBy, Within: c.within,
		Keep: c.keep, Overflow: c.overflow, FromLast: c.fromLast, Filter: c.filter, Over: c.over, IgnoreNulls: c.ignore,
	}
}

// callArgs reads the arguments of a call with their parentheses; there may be none.
func (p *parser) callArgs() *call {
	p.Enter()
	defer p.Leave()
	i := p.Expect(kLP)
	c := &call{}
	switch p.Kind() {
	case kRP:
		p.Next()
		return c
	case kDistinct, kUnique:
		p.Next()
		c.distinct, c.window = true, true
	case kAll:
		p.Next()
		c.window = true
	case kStar:
		p.Next()
		c.star, c.window = true, true
		c.args = []ir.Expr{&ir.Star{ExprMeta: expr(p.Span(p.Pos - 1))}}
		p.Expect(kRP)
		return c
	case kSelect, kWith:
		q := p.query()
		c.args = []ir.Expr{&ir.Subquery{ExprMeta: p.sinceExpr(i + 1), Query: q}}
		p.Expect(kRP)
		return c
	}
	base := len(p.exprStack)
	for more := true; more; more = p.Accept(kComma) {
		p.exprStack = append(p.exprStack, p.callArg())
		if p.Kind() != kComma && p.Kind() != kRP {
			p.argTail(c)
		}
	}
	c.args = p.popExprs(base)
	p.Expect(kRP)
	return c
}

// callArg reads a value, name => value or index => value.
func (p *parser) callArg() ir.Expr {
	i := p.Pos
	if p.Ahead(1) == kArrow && p.isWord() {
		n := &ir.NamedArg{Name: p.anyIdent()}
		p.Next()
		n.Value = p.expr()
		n.Span = p.SpanFrom(i)
		return n
	}
	if p.Kind() == kFor {
		p.giveUp(i, codePart, "an iteration that builds a collection")
	}
	e := p.expr()
	switch p.Kind() {
	case kArrow:
		n := &ir.NamedArg{Key: e}
		p.Next()
		n.Value = p.expr()
		n.Span = p.SpanFrom(i)
		return n
	case kBar, kDotDot:
		p.Next()
		p.giveUp(i, codePart, "a list of indexes that get one value")
	}
	return e
}

// argTail reads what may stand behind an argument.
func (p *parser) argTail(c *call) {
	switch {
	case p.Kind() == kDefault:
		p.Next()
		c.onError = p.conversionDefault()
	case p.Kind() == kOrder:
		c.orderBy, c.window = p.windowOrder(), true
	case p.Kind() == kOn && p.isAt(p.Pos+1, "OVERFLOW"):
		c.overflow, c.window = p.overflow(), true
	case p.nullsTreatment(c):
	case p.Kind() == kUsing:
		i := p.Next()
		p.giveUp(i, codePart, "USING among the arguments of a function")
	default:
		p.Fail(kindName(kComma), kindName(kRP))
	}
}

// conversionDefault reads on behind DEFAULT: value ON CONVERSION ERROR.
func (p *parser) conversionDefault() ir.Expr {
	e := p.expr()
	p.Expect(kOn)
	p.expectWord("CONVERSION")
	p.expectWord("ERROR")
	return e
}

// nullsTreatment reads IGNORE NULLS or RESPECT NULLS if it stands here.
func (p *parser) nullsTreatment(c *call) bool {
	if p.Kind() != kIdent || !p.isAt(p.Pos+1, "NULLS") {
		return false
	}
	switch {
	case p.is("IGNORE"):
		c.ignore = true
	case !p.is("RESPECT"):
		return false
	}
	c.window = true
	p.Pos += 2
	return true
}

// overflow reads ON OVERFLOW ERROR | TRUNCATE [text] [WITH | WITHOUT COUNT].
func (p *parser) overflow() *ir.Overflow {
	i := p.Pos
	p.Pos += 2
	o := &ir.Overflow{}
	if !p.acceptWord("ERROR") {
		o.Truncate = p.Accept(kTruncate)
		if !o.Truncate {
			p.Fail("ERROR", "TRUNCATE")
		}
		if p.Kind() != kRP && p.Kind() != kWith && !p.is("WITHOUT") {
			o.Text = p.expr()
		}
		if o.NoCount = p.acceptWord("WITHOUT"); o.NoCount || p.Accept(kWith) {
			p.expectWord("COUNT")
		}
	}
	o.Span = p.SpanFrom(i)
	return o
}

// callTail reads the clauses of aggregates and window functions behind the parentheses.
func (p *parser) callTail(c *call) {
	for {
		switch k := p.Kind(); {
		case k == kOver && (p.Ahead(1) == kLP || nameKinds[p.Ahead(1)] != 0):
			p.Next()
			c.over, c.window = p.over(), true
			return
		case k == kFrom && p.fromFirstLast():
			c.fromLast, c.window = p.isAt(p.Pos+1, "LAST"), true
			p.Pos += 2
		case k != kIdent || !p.aggregateClause(c):
			return
		}
	}
}

// fromFirstLast tells that FROM FIRST or FROM LAST of NTH_VALUE stands here, and no FROM of a query.
func (p *parser) fromFirstLast() bool {
	if !p.isAt(p.Pos+1, "LAST") && !p.isAt(p.Pos+1, "FIRST") {
		return false
	}
	return p.Ahead(2) == kOver && p.Ahead(3) == kLP || p.isAt(p.Pos+3, "NULLS") && (p.isAt(p.Pos+2, "IGNORE") || p.isAt(p.Pos+2, "RESPECT"))
}

// aggregateClause reads a clause that begins with a word; false if there is none.
func (p *parser) aggregateClause(c *call) bool {
	switch t := p.Cur(); t.End - t.Start {
	case 4:
		if p.is("KEEP") && p.Ahead(1) == kLP {
			c.keep, c.window = p.keep(), true
			return true
		}
	case 6:
		switch {
		case p.is("WITHIN") && p.Ahead(1) == kGroup:
			p.Pos += 2
			p.Expect(kLP)
			c.orderBy, c.within, c.window = p.windowOrder(), true, true
			p.Expect(kRP)
			return true
		case p.is("FILTER") && p.Ahead(1) == kLP && p.Ahead(2) == kWhere:
			p.Pos += 3
			c.filter, c.window = p.expr(), true
			p.Expect(kRP)
			return true
		}
		return p.nullsTreatment(c)
	case 7:
		return p.nullsTreatment(c)
	}
	return false
}

// keep reads KEEP (DENSE_RANK FIRST | LAST ORDER BY ...).
func (p *parser) keep() *ir.Keep {
	i := p.Next()
	p.Expect(kLP)
	p.expectWord("DENSE_RANK")
	k := &ir.Keep{}
	switch p.acceptAny("FIRST", "LAST") {
	case "LAST":
		k.Last = true
	case "":
		p.Fail("FIRST", "LAST")
	}
	k.OrderBy = p.windowOrder()
	p.Expect(kRP)
	k.Span = p.SpanFrom(i)
	return k
}

// ---- windows ----

// over reads on behind OVER.
func (p *parser) over() *ir.WindowDef {
	if p.Kind() == kLP {
		return p.windowSpec()
	}
	i := p.Pos
	id := p.ident()
	return &ir.WindowDef{PartMeta: p.sincePart(i), Name: id.Text, Reference: true}
}

// windowDefs reads on behind WINDOW.
func (p *parser) windowDefs() []*ir.WindowDef {
	var out []*ir.WindowDef
	for more := true; more; more = p.Accept(kComma) {
		i := p.Pos
		id := p.ident()
		p.Expect(kAs)
		w := p.windowSpec()
		w.Name, w.Span = id.Text, p.SpanFrom(i)
		out = append(out, w)
	}
	return out
}

func (p *parser) windowSpec() *ir.WindowDef {
	i := p.Expect(kLP)
	w := &ir.WindowDef{}
	if k := p.Kind(); (k == kIdent || k == kQIdent) && !p.atFrame() {
		w.Extends = p.ident().Text
	}
	if p.Kind() == kPartition {
		p.Next()
		p.Expect(kBy)
		w.PartitionBy = p.partitionBy()
	}
	if p.Kind() == kOrder {
		w.OrderBy = p.windowOrder()
	}
	if p.Kind() == kRows || p.atFrame() {
		w.Frame = p.frame()
	}
	p.Expect(kRP)
	w.Span = p.SpanFrom(i)
	return w
}

// partitionBy reads expressions with commas, of which all together may stand in parentheses.
func (p *parser) partitionBy() []ir.Expr {
	l := p.exprList()
	if len(l) == 1 {
		if r, ok := l[0].(*ir.RowExpr); ok {
			return r.Items
		}
	}
	return l
}

// atFrame tells that RANGE or GROUPS stands here.
func (p *parser) atFrame() bool {
	return (p.is("RANGE") || p.is("GROUPS")) && p.Ahead(1) != kPartition && p.Ahead(1) != kOrder && p.Ahead(1) != kRP
}

// windowOrder is ORDER BY where a number is a constant.
func (p *parser) windowOrder() []*ir.OrderItem {
	l := p.orderBy()
	for _, o := range l {
		o.Position = 0
	}
	return l
}

func (p *parser) frame() *ir.Frame {
	i := p.Pos
	f := &ir.Frame{Unit: strings.ToLower(p.TextAt(p.Next()))}
	if p.Accept(kBetween) {
		f.Start = p.frameBound()
		p.Expect(kAnd)
		f.End = p.frameBound()
	} else {
		f.Start = p.frameBound()
	}
	if p.acceptWord("EXCLUDE") {
		f.Exclude = p.exclusion()
	}
	f.Span = p.SpanFrom(i)
	return f
}

func (p *parser) exclusion() string {
	switch {
	case p.Kind() == kCurrent && p.Ahead(1) == kRow:
		p.Pos += 2
		return "current row"
	case p.Accept(kGroup):
		return "group"
	case p.acceptWord("TIES"):
		return "ties"
	case p.acceptWords("NO", "OTHERS"):
		return "no others"
	}
	p.Fail("CURRENT ROW", "GROUP", "TIES", "NO OTHERS")
	return ""
}

// frameBound is UNBOUNDED PRECEDING, CURRENT ROW or n FOLLOWING.
func (p *parser) frameBound() *ir.FrameBound {
	i := p.Pos
	f := &ir.FrameBound{}
	if p.Kind() == kCurrent && p.Ahead(1) == kRow {
		p.Pos += 2
		f.Kind, f.Span = "current row", p.SpanFrom(i)
		return f
	}
	unbounded := p.is("UNBOUNDED") && p.Ahead(1) == kIdent
	if unbounded {
		p.Next()
	} else {
		f.Amount = p.bound()
	}
	switch p.acceptAny("PRECEDING", "FOLLOWING") {
	case "PRECEDING":
		f.Kind = "preceding"
	case "FOLLOWING":
		f.Kind = "following"
	default:
		p.Fail("PRECEDING", "FOLLOWING")
	}
	if unbounded {
		f.Kind = "unbounded " + f.Kind
	}
	f.Span = p.SpanFrom(i)
	return f
}
