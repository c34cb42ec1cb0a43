package oracle

import (
	"strings"

	"godwit/ir"
)

// xmlFunction reads an XML function that has clauses; nil if the name is none of them.
func (p *parser) xmlFunction(i int, name string) ir.Expr {
	x := &ir.XMLExpr{Name: strings.ToLower(name)}
	var read func(*ir.XMLExpr)
	switch name {
	case "XMLELEMENT":
		read = p.xmlElement
	case "XMLFOREST", "XMLCONCAT", "XMLCDATA", "XMLCOMMENT", "XMLCOLATTVAL":
		read = func(x *ir.XMLExpr) { x.Items = p.xmlItems() }
	case "XMLAGG":
		return p.xmlAgg(i)
	case "XMLSERIALIZE", "XMLPARSE":
		read = p.xmlText
	case "XMLCAST":
		read = func(x *ir.XMLExpr) {
			x.Items = []*ir.SelectItem{p.xmlValue()}
			p.Expect(kAs)
			x.Type = p.castType()
		}
	case "XMLPI":
		read = p.xmlPI
	case "XMLQUERY", "XMLEXISTS":
		read = func(x *ir.XMLExpr) {
			x.Items = []*ir.SelectItem{p.xmlValue()}
			if p.acceptWord("PASSING") {
				x.Items = append(x.Items, p.passing()...)
			}
		}
	case "XMLROOT":
		read = func(x *ir.XMLExpr) { x.Items = []*ir.SelectItem{p.xmlValue()} }
	default:
		return nil
	}
	p.Enter()
	defer p.Leave()
	p.Expect(kLP)
	read(x)
	if j := p.Pos; p.Kind() != kRP {
		p.xmlRest(name)
		x.Text = p.Source(j)
	}
	p.Expect(kRP)
	x.Span = p.SpanFrom(i)
	return x
}

// xmlAgg reads XMLAGG(x [ORDER BY ...]), an aggregate.
func (p *parser) xmlAgg(i int) ir.Expr {
	p.Enter()
	defer p.Leave()
	p.Expect(kLP)
	a := &ir.Aggregate{Name: "XMLAGG", Args: []ir.Expr{p.expr()}}
	if p.Kind() == kOrder {
		a.OrderBy = p.windowOrder()
	}
	p.Expect(kRP)
	a.Span = p.SpanFrom(i)
	return a
}

// xmlRest steps over the clauses that are kept as text.
func (p *parser) xmlRest(name string) {
	switch name {
	case "XMLQUERY", "XMLEXISTS", "XMLROOT", "XMLSERIALIZE", "XMLPARSE":
		p.skipToParen()
	}
}

// xmlItems reads values with or without names.
func (p *parser) xmlItems() []*ir.SelectItem {
	var out []*ir.SelectItem
	for more := true; more; more = p.Accept(kComma) {
		out = append(out, p.xmlValue())
		n := out[len(out)-1]
		if !p.Accept(kAs) {
			continue
		}
		if i := p.Pos; p.acceptWord("EVALNAME") {
			p.expr()
			p.giveUp(i, codePart, "EVALNAME")
		}
		n.Alias = p.anyIdent()
	}
	return out
}

// xmlValue reads a value; a column gives its name to what is made of it.
func (p *parser) xmlValue() *ir.SelectItem {
	i := p.Pos
	n := &ir.SelectItem{Expr: p.expr()}
	if c, ok := n.Expr.(*ir.Name); ok {
		n.Label = c.Parts[len(c.Parts)-1].Text
	}
	n.Span = p.SpanFrom(i)
	return n
}

// xmlElement reads [NAME] tag [, XMLATTRIBUTES(...)] [, values].
func (p *parser) xmlElement(x *ir.XMLExpr) {
	i := p.Pos
	p.acceptAny("ENTITYESCAPING", "NOENTITYESCAPING")
	if p.is("EVALNAME") && p.Ahead(1) != kComma && p.Ahead(1) != kRP {
		p.Next()
		p.expr()
		p.giveUp(i, codePart, "EVALNAME")
	}
	if p.is("NAME") && nameKinds[p.Ahead(1)] != 0 {
		p.Next()
	}
	x.Tag = p.anyIdent()
	if !p.Accept(kComma) {
		return
	}
	if p.is("XMLATTRIBUTES") && p.Ahead(1) == kLP {
		p.Pos += 2
		p.acceptAny("ENTITYESCAPING", "NOENTITYESCAPING", "SCHEMACHECK", "NOSCHEMACHECK")
		x.Attrs = p.xmlItems()
		p.Expect(kRP)
		if !p.Accept(kComma) {
			return
		}
	}
	x.Items = p.xmlItems()
}

// xmlText reads CONTENT or DOCUMENT with a value and a type.
func (p *parser) xmlText(x *ir.XMLExpr) {
	x.Word = strings.ToLower(p.acceptAny("CONTENT", "DOCUMENT"))
	x.Items = []*ir.SelectItem{p.xmlValue()}
	if p.Accept(kAs) {
		x.Type = p.castType()
	}
}

// xmlPI reads [NAME] target [, value].
func (p *parser) xmlPI(x *ir.XMLExpr) {
	if p.is("NAME") && nameKinds[p.Ahead(1)] != 0 {
		p.Next()
	}
	if i := p.Pos; p.is("EVALNAME") {
		p.Next()
		p.expr()
		p.giveUp(i, codePart, "EVALNAME")
	}
	x.Tag = p.anyIdent()
	if p.Accept(kComma) {
		x.Items = []*ir.SelectItem{p.xmlValue()}
	}
}

// ---- XMLTABLE ----

// xmlTable reads XMLTABLE(...) without its alias.
func (p *parser) xmlTable() *ir.XMLTable {
	i := p.Next()
	p.Expect(kLP)
	t := &ir.XMLTable{}
	if p.is("XMLNAMESPACES") && p.Ahead(1) == kLP {
		p.Pos += 2
		t.Namespaces = p.namespaces()
		p.Expect(kRP)
		p.Expect(kComma)
	}
	t.Path = p.expr()
	if p.acceptWord("PASSING") {
		t.Passing = p.passing()
	}
	if j := p.Pos; p.Accept(kReturning) {
		p.expectWords("SEQUENCE", "BY", "REF")
		p.giveUp(j, codePart, "XMLTABLE ... RETURNING SEQUENCE BY REF")
	}
	if p.acceptWord("COLUMNS") {
		for more := true; more; more = p.Accept(kComma) {
			t.Columns = append(t.Columns, p.xmlColumn())
		}
	}
	p.Expect(kRP)
	t.Span = p.SpanFrom(i)
	return t
}

// namespaces reads the namespaces of XMLTABLE; the default one has no alias.
func (p *parser) namespaces() []*ir.SelectItem {
	var out []*ir.SelectItem
	for more := true; more; more = p.Accept(kComma) {
		i := p.Pos
		p.Accept(kDefault)
		n := &ir.SelectItem{Expr: p.text()}
		if p.Accept(kAs) {
			n.Alias = p.anyIdent()
		}
		n.Span = p.SpanFrom(i)
		out = append(out, n)
	}
	return out
}

func (p *parser) xmlColumn() *ir.XMLColumn {
	i := p.Pos
	c := &ir.XMLColumn{Name: p.ident()}
	switch {
	case p.Accept(kFor):
		p.expectWord("ORDINALITY")
		c.Ordinality = true
	case p.Kind() != kComma && p.Kind() != kRP && !p.is("PATH") && p.Kind() != kDefault:
		c.Type = p.castType()
		if p.Accept(kLP) { // XMLTYPE (SEQUENCE) BY REF
			p.expectWord("SEQUENCE")
			p.Expect(kRP)
			p.expectWords("BY", "REF")
		}
	}
	if p.acceptWord("PATH") {
		c.Path = p.expr()
	}
	if p.Accept(kDefault) {
		c.Default = p.expr()
	}
	c.Span = p.SpanFrom(i)
	return c
}
