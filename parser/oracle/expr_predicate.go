package oracle

import (
	"godwit/ir"
	"godwit/ir/source"
	"godwit/ir/types"
	"godwit/parser/scan"
)

// compareOps are the comparisons.
var compareOps = map[scan.Kind]ir.CompareOp{kEq: ir.Eq, kNE: ir.Ne, kLT: ir.Lt, kLE: ir.Le, kGT: ir.Gt, kGE: ir.Ge}

// predicate reads what stands behind the operator of a condition, which is the i-th token.
func (p *parser) predicate(i int, k scan.Kind, l ir.Expr) ir.Expr {
	not := k == kNot
	if not {
		i = p.Next()
		k = p.At(i).Kind
	}
	switch k {
	case kIs:
		return p.isTest(l)
	case kIn:
		return p.in(l, not)
	case kBetween:
		return p.between(l, not)
	case kLike:
		return p.like(l, not)
	case kIdent:
		return p.wordPredicate(i, l, not)
	}
	return p.comparison(k, l)
}

// wordPredicate reads on behind LIKEC and its likes, MEMBER and SUBMULTISET.
func (p *parser) wordPredicate(i int, l ir.Expr, not bool) ir.Expr {
	w := p.upper(i)
	switch w {
	case "LIKE4":
		return p.like(l, not)
	case "LIKEC", "LIKE2":
		e := p.like(l, not)
		p.report(codeLikeUnits, e.Base().Span, "%s is read as LIKE", w)
		return e
	}
	p.Accept(kOf)
	r := p.climb(powerAdd)
	kind := "member"
	if w == "SUBMULTISET" {
		kind = "submultiset"
	}
	return &ir.CollectionTest{ExprMeta: expr(cover(l, r)), Not: not, Kind: kind, X: l, Of: r}
}

// comparison reads what stands behind a comparison.
func (p *parser) comparison(k scan.Kind, l ir.Expr) ir.Expr {
	o := compareOps[k]
	switch next := p.Kind(); {
	case next == kAny, next == kAll, next == kIdent && p.Ahead(1) == kLP && p.is("SOME"):
		return p.quantified(o, l)
	}
	c := p.pool.compares.New()
	c.Op, c.L, c.R = o, l, p.climb(powerAdd)
	c.Span = cover(l, c.R)
	return c
}

// quantified is = ANY or = ALL of a query or a list. = ANY is IN, and <> ALL is NOT IN.
func (p *parser) quantified(o ir.CompareOp, l ir.Expr) ir.Expr {
	all := p.Kind() == kAll
	p.Next()
	p.Expect(kLP)
	q, list := p.parenBody()
	end := p.Expect(kRP)
	q, list = asQuery(q, list)
	m := expr(source.Cover(l.Base().Span, p.Span(end)))
	if list != nil && (o == ir.Eq && !all || o == ir.Ne && all) {
		return &ir.In{ExprMeta: m, Not: all, X: l, List: list}
	}
	return &ir.Quantified{ExprMeta: m, Op: o, All: all, X: l, Query: q, List: list}
}

// asQuery makes the query of a list that is one query in parentheses of its own.
func asQuery(q ir.Query, list []ir.Expr) (ir.Query, []ir.Expr) {
	if len(list) == 1 {
		if s, ok := list[0].(*ir.Subquery); ok {
			return s.Query, nil
		}
	}
	return q, list
}

func (p *parser) in(l ir.Expr, not bool) ir.Expr {
	e := &ir.In{Not: not, X: l}
	if p.Accept(kLP) {
		e.Query, e.List = asQuery(p.parenBody())
		e.Span = source.Cover(l.Base().Span, p.Span(p.Expect(kRP)))
		return e
	}
	x := p.climb(powerAdd)
	e.List, e.Span = []ir.Expr{x}, cover(l, x)
	return e
}

func (p *parser) between(l ir.Expr, not bool) ir.Expr {
	lo := p.climb(powerAdd)
	p.Expect(kAnd)
	hi := p.climb(powerAdd)
	return &ir.Between{ExprMeta: expr(cover(l, hi)), Not: not, X: l, Lo: lo, Hi: hi}
}

// like reads a pattern. Without ESCAPE no character is one (SQL Language Reference, LIKE Condition).
func (p *parser) like(l ir.Expr, not bool) ir.Expr {
	x := p.climb(powerAdd)
	e := &ir.Like{ExprMeta: expr(cover(l, x)), Not: not, X: l, Pattern: x}
	if p.Accept(kEscape) {
		e.Escape = p.climb(powerAdd)
		e.Span = source.Cover(e.Span, e.Escape.Base().Span)
	}
	return e
}

// isTest reads on behind IS.
func (p *parser) isTest(l ir.Expr) ir.Expr {
	not := p.Accept(kNot)
	i := p.Pos
	m := expr(source.Cover(l.Base().Span, p.Span(i)))
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
	case kOf:
		return p.isOf(l, not)
	case kIdent:
		return p.isWordTest(l, not)
	}
	p.Fail("NULL", "NAN", "INFINITE", "EMPTY", "A SET", "OF", "JSON", "TRUE", "FALSE")
	return nil
}

// isWordTest reads on behind IS [NOT] before a word that is no keyword.
func (p *parser) isWordTest(l ir.Expr, not bool) ir.Expr {
	i := p.Pos
	w := p.upper(p.Next())
	m := expr(source.Cover(l.Base().Span, p.Span(i)))
	switch w {
	case "NAN", "INFINITE":
		return negated(&ir.Call{ExprMeta: m, Name: "IS " + w, Args: []ir.Expr{l}}, not)
	case "EMPTY":
		return &ir.CollectionTest{ExprMeta: m, Not: not, Kind: "empty", X: l}
	case "A":
		m.Span = source.Cover(m.Span, p.Span(p.Expect(kSet)))
		return &ir.CollectionTest{ExprMeta: m, Not: not, Kind: "set", X: l}
	case "UNKNOWN":
		return &ir.IsTruth{ExprMeta: m, Not: not, Value: ir.IsUnknown, X: l}
	case "JSON":
		return p.isJSON(l, not)
	case "DANGLING", "PRESENT", "LABELED", "SOURCE", "DESTINATION":
		p.giveUp(i, codePart, "IS "+w)
	}
	p.FailAt(i, "NULL", "NAN", "INFINITE", "EMPTY", "A SET", "OF", "JSON")
	return nil
}

// negated is the condition, or its negation.
func negated(e ir.Expr, not bool) ir.Expr {
	if !not {
		return e
	}
	return &ir.Unary{ExprMeta: expr(e.Base().Span), Op: ir.Not, X: e}
}

// isOf reads OF [TYPE] ([ONLY] type, ...).
func (p *parser) isOf(l ir.Expr, not bool) ir.Expr {
	i := p.Next()
	p.acceptWord("TYPE")
	p.Expect(kLP)
	e := &ir.IsOf{Not: not, X: l}
	var list []types.Type
	only := 0
	for more := true; more; more = p.Accept(kComma) {
		if p.is("ONLY") && p.Ahead(1) != kComma && p.Ahead(1) != kRP {
			p.Next()
			only++
		}
		list = append(list, p.dataType())
	}
	p.Expect(kRP)
	if only != 0 && only != len(list) {
		p.giveUp(i, codePart, "IS OF with ONLY for some of its types")
	}
	e.Only, e.List = only > 0, list
	e.Span = source.Cover(l.Base().Span, p.SpanFrom(i))
	return e
}
