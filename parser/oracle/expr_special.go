package oracle

import (
	"strings"

	"godwit/ir"
	"godwit/ir/types"
)

// special reads a function that has a syntax of its own; the i-th token is its name, and the current one the parenthesis. It is nil if the
// function has none, or is not called in that way.
func (p *parser) special(i int, name string) ir.Expr {
	switch name {
	case "CAST":
		return p.cast(i)
	case "EXTRACT":
		return p.extract(i)
	case "TRIM":
		return p.trim(i)
	case "TREAT":
		return p.treat(i)
	case "TRANSLATE", "CHR":
		return p.charsetCall(i, name)
	case "VALIDATE_CONVERSION":
		return p.validateConversion(i)
	case "CURRENT_TIMESTAMP", "LOCALTIMESTAMP", "SYSTIMESTAMP":
		if p.Ahead(1) == kNumber && p.Ahead(2) == kRP {
			p.Next()
			n := p.number()
			p.Expect(kRP)
			return p.now(i, name, n)
		}
		return nil
	}
	switch {
	case strings.HasPrefix(name, "JSON"):
		return p.jsonFunction(i, name)
	case strings.HasPrefix(name, "XML"):
		return p.xmlFunction(i, name)
	}
	return nil
}

// cast reads CAST(x AS type [DEFAULT value ON CONVERSION ERROR] [, format [, nls]]). A text that is too long is cut.
func (p *parser) cast(i int) ir.Expr {
	p.Enter()
	defer p.Leave()
	p.Expect(kLP)
	c := &ir.Cast{TooLong: ir.CutLong}
	if p.Kind() == kMultiset && p.Ahead(1) == kLP && p.queryBehind(1) {
		j := p.Next()
		q := p.parenQuery()
		c.X = &ir.Multiset{ExprMeta: p.sinceExpr(j), Query: q}
	} else {
		c.X = p.expr()
	}
	p.Expect(kAs)
	c.To = p.castType()
	if p.Accept(kDefault) {
		c.OnError = p.conversionDefault()
	}
	for p.Accept(kComma) {
		c.Format = append(c.Format, p.expr())
	}
	p.Expect(kRP)
	c.Span = p.SpanFrom(i)
	return c
}

// castType reads the type of a cast.
func (p *parser) castType() types.Type { return p.dataType() }

// validateConversion reads VALIDATE_CONVERSION(x AS type [, format [, nls]]): its argument is the cast that is tried.
func (p *parser) validateConversion(i int) ir.Expr {
	c := p.cast(i)
	return &ir.Call{ExprMeta: p.sinceExpr(i), Name: "VALIDATE_CONVERSION", Args: []ir.Expr{c}}
}

// extract reads EXTRACT(unit FROM x); EXTRACT of XML is an ordinary call.
func (p *parser) extract(i int) ir.Expr {
	if p.Ahead(2) != kFrom || nameKinds[p.Ahead(1)] == 0 {
		return nil
	}
	p.Next()
	c := &ir.Call{Name: "EXTRACT", Unit: strings.ToLower(p.anyIdent().Text)}
	p.Expect(kFrom)
	c.Args = []ir.Expr{p.expr()}
	p.Expect(kRP)
	c.Span = p.SpanFrom(i)
	return c
}

// trim reads TRIM([LEADING | TRAILING | BOTH] [x] FROM y) and TRIM(y). The text that is trimmed comes first among the arguments.
func (p *parser) trim(i int) ir.Expr {
	p.Next()
	c := &ir.Call{Name: "TRIM"}
	if k := p.Ahead(1); k == kFrom || isOperandStart(k) {
		c.Word = strings.ToLower(p.acceptAny("LEADING", "TRAILING", "BOTH"))
	}
	if p.Accept(kFrom) {
		c.Args = []ir.Expr{p.expr()}
	} else if x := p.expr(); p.Accept(kFrom) {
		c.Args = []ir.Expr{p.expr(), x}
	} else {
		c.Args = []ir.Expr{x}
	}
	p.Expect(kRP)
	c.Span = p.SpanFrom(i)
	return c
}

// treat reads TREAT(x AS [REF] type). TREAT(x AS JSON) is refused.
func (p *parser) treat(i int) ir.Expr {
	p.Next()
	t := &ir.Treat{X: p.expr()}
	p.Expect(kAs)
	if p.is("REF") && nameKinds[p.Ahead(1)] != 0 {
		p.Next()
		t.Ref = true
	}
	if p.is("JSON") {
		p.giveUp(i, codePart, "TREAT(... AS JSON)")
	}
	t.To = p.dataType()
	p.Expect(kRP)
	t.Span = p.SpanFrom(i)
	return t
}

// charsetCall reads TRANSLATE(x USING charset) and CHR(n USING NCHAR_CS); without USING they are ordinary calls.
func (p *parser) charsetCall(i int, name string) ir.Expr {
	callee := p.nameNode(i, p.oneName(ir.Ident{Text: name}))
	p.Next()
	args := []ir.Expr{p.callArg()}
	if p.Accept(kUsing) {
		w := strings.ToLower(p.anyIdent().Text)
		p.Expect(kRP)
		return &ir.Call{ExprMeta: p.sinceExpr(i), Name: name, Word: w, Args: args}
	}
	for p.Accept(kComma) {
		args = append(args, p.callArg())
	}
	p.Expect(kRP)
	return &ir.Invoke{ExprMeta: p.sinceExpr(i), X: callee, Args: args}
}
