package oracle

import (
	"godwit/ir"
	"godwit/ir/types"
)

// decls reads declarations up to BEGIN or END. stop, if it is not nil, tells of other places where they end.
func (p *parser) decls(stop func() bool) []ir.Decl {
	var out []ir.Decl
	for p.Kind() != kBegin && p.Kind() != kEnd && p.Kind() != kEOF && (stop == nil || !stop()) {
		i := p.Pos
		d := p.decl()
		p.comments(d, i)
		p.Expect(kSemi)
		out = append(out, d)
	}
	return out
}

// decl reads one declaration without its semicolon.
func (p *parser) decl() ir.Decl {
	i := p.Pos
	switch p.Kind() {
	case kProcedure, kFunction:
		return p.routineDecl()
	case kPragma:
		return p.pragma()
	case kCursor:
		return p.cursorDecl()
	case kType:
		if p.Ahead(2) == kIs {
			return p.typeDecl()
		}
	case kSubtype:
		if p.Ahead(2) == kIs {
			return p.subtypeDecl()
		}
	}
	if !p.isName() {
		p.Fail("a declaration")
	}
	id := p.ident()
	if p.Kind() == kException {
		p.Next()
		return &ir.ExceptionDecl{DeclMeta: p.sinceDecl(i), Name: id}
	}
	return p.variable(i, id)
}

// variable reads [CONSTANT] type [NOT NULL] [:= value] behind a name.
func (p *parser) variable(i int, id ir.Ident) ir.Decl {
	v := &ir.VarDecl{Name: id}
	if p.is("CONSTANT") && p.Ahead(1) != kPercent && p.Ahead(1) != kSemi && p.Ahead(1) != kAssign && p.Ahead(1) != kDot {
		p.Next()
		v.Constant = true
	}
	v.Type = p.variableType()
	v.NotNull, v.Default = p.notNull(), p.defaultValue()
	v.Span = p.SpanFrom(i)
	return v
}

// variableType reads a type, and the character set that one of text may name: texts of the target have one only.
func (p *parser) variableType() types.Type {
	t := p.dataType()
	if i := p.Pos; p.acceptWords("CHARACTER", "SET") {
		p.qname()
		if p.Accept(kPercent) {
			p.expectWord("CHARSET")
		}
		p.report(codeOption, p.SpanFrom(i), "CHARACTER SET is left out")
	}
	return t
}

// notNull reads [NOT] NULL of a declaration.
func (p *parser) notNull() bool {
	if p.Kind() == kNot {
		p.Next()
		p.Expect(kNull)
		return true
	}
	p.Accept(kNull)
	return false
}

// defaultValue reads := value or DEFAULT value, nil if there is none.
func (p *parser) defaultValue() ir.Expr {
	if p.Kind() != kAssign && p.Kind() != kDefault {
		return nil
	}
	p.Next()
	return p.expr()
}

// pragma reads PRAGMA name [(arguments)].
func (p *parser) pragma() ir.Decl {
	i := p.Expect(kPragma)
	d := &ir.Pragma{Name: p.anyIdent().Text}
	if p.Kind() == kLP {
		d.Args = p.pragmaArgs()
	}
	d.Span = p.SpanFrom(i)
	return d
}

// pragmaArgs reads the arguments of a pragma, which are names, texts and numbers. Words of the language stand for themselves.
func (p *parser) pragmaArgs() []ir.Expr {
	var out []ir.Expr
	p.Expect(kLP)
	for more := true; more; more = p.Accept(kComma) {
		if i := p.Pos; p.isWord() && (p.Ahead(1) == kComma || p.Ahead(1) == kRP) {
			id := p.anyIdent()
			out = append(out, &ir.Name{ExprMeta: p.sinceExpr(i), Parts: p.oneName(id)})
			continue
		}
		out = append(out, p.expr())
	}
	p.Expect(kRP)
	return out
}

// cursorDecl reads CURSOR name [(parameters)] [RETURN row] [IS query].
func (p *parser) cursorDecl() ir.Decl {
	i := p.Expect(kCursor)
	d := &ir.CursorDecl{Name: p.ident()}
	if p.Kind() == kLP {
		d.Params = p.params()
	}
	if p.Accept(kReturn) {
		d.Row = p.dataType()
	}
	if p.Accept(kIs) || p.Accept(kAs) {
		d.Query = p.query()
	}
	d.Span = p.SpanFrom(i)
	return d
}

// ---- types ----

// typeDecl reads TYPE name IS ...
func (p *parser) typeDecl() ir.Decl {
	i := p.Expect(kType)
	d := &ir.TypeDecl{Name: p.anyIdent()}
	p.Expect(kIs)
	switch {
	case p.acceptWord("RECORD"):
		d.Kind, d.Fields = ir.RecordType, p.recordFields()
	case p.is("REF"):
		p.Next()
		p.Expect(kCursor)
		d.Kind = ir.CursorType
		if p.Accept(kReturn) {
			d.Elem = p.dataType()
		}
	case p.Kind() == kTable:
		p.Next()
		d.Kind = ir.NestedTable
		p.elements(d)
		if p.Accept(kIndex) {
			p.Expect(kBy)
			d.Kind, d.Key = ir.AssociateArray, p.dataType()
		}
	case p.arrayWord():
		d.Kind, d.Max = ir.VaryingArray, p.arrayLimit()
		p.elements(d)
	default:
		return p.enumeration(d, i)
	}
	d.Span = p.SpanFrom(i)
	return d
}

// enumeration fails: what stands behind TYPE name IS is no type that is known.
func (p *parser) enumeration(d *ir.TypeDecl, i int) ir.Decl {
	if p.Kind() != kLP {
		p.Fail("RECORD", "TABLE OF", "VARRAY", "REF CURSOR")
	}
	p.parens()
	d.Span = p.SpanFrom(i)
	d.Kind, d.Elem = ir.Subtype, types.Unknown{Why: "an enumeration"}
	p.report(codePart, d.Span, "a type that enumerates names is not converted")
	return d
}

// arrayWord steps over VARRAY or [VARYING] ARRAY.
func (p *parser) arrayWord() bool {
	return p.acceptWord("VARRAY") || p.acceptWords("VARYING", "ARRAY") || p.acceptWord("ARRAY")
}

// arrayLimit reads (n) of an array.
func (p *parser) arrayLimit() ir.Expr {
	p.Expect(kLP)
	x := p.expr()
	p.Expect(kRP)
	return x
}

// elements reads OF type [NOT NULL].
func (p *parser) elements(d *ir.TypeDecl) {
	p.Expect(kOf)
	paren := p.Accept(kLP)
	d.Elem = p.dataType()
	d.NotNull = p.notNull()
	if paren {
		p.Expect(kRP)
	}
}

// recordFields reads (name type [NOT NULL] [:= value], ...).
func (p *parser) recordFields() []*ir.FieldDecl {
	var out []*ir.FieldDecl
	p.Expect(kLP)
	for more := true; more; more = p.Accept(kComma) {
		i := p.Pos
		f := &ir.FieldDecl{Name: p.anyIdent()}
		f.Type = p.variableType()
		f.NotNull, f.Default = p.notNull(), p.defaultValue()
		f.Span = p.SpanFrom(i)
		p.comments(f, i)
		out = append(out, f)
	}
	p.Expect(kRP)
	return out
}

// subtypeDecl reads SUBTYPE name IS base [RANGE lo .. hi] [NOT NULL].
func (p *parser) subtypeDecl() ir.Decl {
	i := p.Expect(kSubtype)
	d := &ir.TypeDecl{Name: p.anyIdent(), Kind: ir.Subtype}
	p.Expect(kIs)
	d.Elem = p.dataType()
	if p.acceptWord("RANGE") {
		d.Lo = p.expr()
		p.Expect(kDotDot)
		d.Hi = p.expr()
	}
	d.NotNull = p.notNull()
	d.Span = p.SpanFrom(i)
	return d
}
