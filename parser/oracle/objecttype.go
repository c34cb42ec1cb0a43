package oracle

import (
	"strings"

	"godwit/ir"
	"godwit/ir/types"
)

// createType reads TYPE [BODY] behind CREATE, which is the i-th token.
func (p *parser) createType(i int, h *createHead) ir.Stmt {
	p.plsql = true
	p.Expect(kType)
	if p.acceptWord("BODY") {
		return p.typeBody(i, h)
	}
	t := &ir.ObjectType{OrReplace: h.orReplace, Kind: ir.Incomplete}
	t.IfNotExists = p.unless() || h.ifNotExists
	t.Name = p.qname()
	for p.typeClause(t) {
	}
	switch {
	case p.acceptWord("UNDER"):
		q := p.qname()
		t.Kind, t.Under = ir.ObjectRow, &q
		p.objectElements(t)
	case p.Accept(kIs), p.Accept(kAs):
		p.typeDefinition(t)
	case p.Kind() != kSemi && p.Kind() != kEOF:
		p.Fail("IS", "AS", "UNDER")
	}
	t.Span = p.SpanFrom(i)
	return t
}

// typeClause reads one clause between the name and the definition; false if there is none.
func (p *parser) typeClause(t *ir.ObjectType) bool {
	i := p.Pos
	switch {
	case p.acceptWord("FORCE"):
	case p.acceptWord("OID"):
		p.str()
		p.report(codeOption, p.SpanFrom(i), "OID is left out")
	case p.acceptWord("AUTHID"):
		t.Security = p.authid()
	default:
		return p.unitClause()
	}
	return true
}

// typeDefinition reads what stands behind IS.
func (p *parser) typeDefinition(t *ir.ObjectType) {
	i := p.Pos
	switch {
	case p.acceptWord("OBJECT"):
		t.Kind = ir.ObjectRow
		p.objectElements(t)
	case p.Kind() == kTable:
		p.Next()
		t.Kind = ir.ObjectTable
		p.objectElems(t)
	case p.arrayWord():
		t.Kind, t.Max = ir.ObjectArray, p.arrayLimit()
		p.objectElems(t)
	case p.is("OPAQUE"):
		p.soup()
		p.report(codeTypeKind, p.SpanFrom(i), "an opaque type is not converted")
	default:
		p.Fail("OBJECT", "TABLE OF", "VARRAY")
	}
}

// objectElems reads OF type [NOT NULL] of a collection.
func (p *parser) objectElems(t *ir.ObjectType) {
	var d ir.TypeDecl
	p.elements(&d)
	t.Elem, t.NotNull = d.Elem, d.NotNull
	if i := p.Pos; p.acceptWords("NOT", "PERSISTABLE") || p.acceptWord("PERSISTABLE") {
		p.report(codeOption, p.SpanFrom(i), "PERSISTABLE is left out")
	}
}

// objectElements reads the attributes and methods of an object type, and what follows them.
func (p *parser) objectElements(t *ir.ObjectType) {
	if i := p.Pos; p.acceptWords("EXTERNAL", "NAME") {
		p.soup()
		p.report(codeTypeKind, p.SpanFrom(i), "a type that is a class of Java is not converted")
		return
	}
	if p.Accept(kLP) {
		for more := true; more; more = p.Accept(kComma) {
			p.objectElement(t)
		}
		p.Expect(kRP)
	}
	for p.objectTail(t) {
	}
}

// objectTail reads [NOT] FINAL, [NOT] INSTANTIABLE or [NOT] PERSISTABLE; false if there is none.
func (p *parser) objectTail(t *ir.ObjectType) bool {
	i := p.Pos
	not := p.Accept(kNot)
	switch p.acceptAny("FINAL", "INSTANTIABLE", "PERSISTABLE") {
	case "FINAL":
		t.NotFinal = not
	case "INSTANTIABLE":
		t.NotInstantiable = not
	case "PERSISTABLE":
		p.report(codeOption, p.SpanFrom(i), "PERSISTABLE is left out")
	default:
		if not {
			p.Fail("FINAL", "INSTANTIABLE")
		}
		return false
	}
	return true
}

// objectElement reads an attribute, the head of a method, or a pragma.
func (p *parser) objectElement(t *ir.ObjectType) {
	i := p.Pos
	if p.Kind() == kPragma {
		d := p.pragma()
		p.report(codeOption, d.Base().Span, "PRAGMA %s is left out", d.(*ir.Pragma).Name)
		return
	}
	if p.atMethod() {
		m := p.method(t.Name)
		if p.Accept(kIs) || p.Accept(kAs) {
			if !p.external(m.Routine) {
				p.Fail("LANGUAGE", "EXTERNAL")
			}
		}
		m.Routine.Span = p.SpanFrom(i)
		m.Span = m.Routine.Span
		p.comments(m.Routine, i)
		t.Methods = append(t.Methods, m)
		return
	}
	f := &ir.FieldDecl{Name: p.anyIdent()}
	f.Type = p.dataType()
	f.Span = p.SpanFrom(i)
	if p.acceptWords("EXTERNAL", "NAME") {
		p.str()
		p.report(codeTypeKind, p.SpanFrom(i), "an attribute of a class of Java is not converted")
	}
	p.comments(f, i)
	t.Attributes = append(t.Attributes, f)
}

// atMethod tells that a method begins here.
func (p *parser) atMethod() bool {
	from := p.Pos
	defer func() { p.Pos = from }()
	for p.Kind() == kNot || (p.is("OVERRIDING") || p.is("FINAL") || p.is("INSTANTIABLE") || p.is("MAP") || p.is("ORDER")) && p.isWordAhead(1) {
		p.Next()
	}
	if p.acceptAny("MEMBER", "STATIC", "CONSTRUCTOR") == "" {
		return false
	}
	return p.Kind() == kProcedure || p.Kind() == kFunction
}

// isWordAhead tells that the token k places behind the current one is a word.
func (p *parser) isWordAhead(k int) bool { x := p.Ahead(k); return x == kIdent || x >= kAll }

// method reads the words before a method and its head. of is the type.
func (p *parser) method(of ir.QName) *ir.Method {
	m := &ir.Method{}
	for {
		not := p.Accept(kNot)
		switch p.acceptAny("OVERRIDING", "FINAL", "INSTANTIABLE") {
		case "OVERRIDING":
			m.Overriding = !not
			continue
		case "FINAL":
			m.Final = !not
			continue
		case "INSTANTIABLE":
			m.NotInstantiable = not
			continue
		}
		break
	}
	i := p.Pos
	p.acceptAny("MAP", "ORDER")
	p.acceptAny("MEMBER", "STATIC", "CONSTRUCTOR")
	m.Kind = strings.ToLower(p.wordsFrom(i, p.Pos))
	m.Routine = p.routineHead()
	if r, ok := m.Routine.Returns.(types.Ref); ok && r.Name == "SELF" {
		m.Routine.Returns = types.Ref{Name: of.String()}
	}
	return m
}

// typeBody reads what stands behind CREATE TYPE BODY.
func (p *parser) typeBody(i int, h *createHead) ir.Stmt {
	t := &ir.TypeBody{OrReplace: h.orReplace}
	t.IfNotExists = p.unless() || h.ifNotExists
	t.Name = p.qname()
	for p.unitClause() {
	}
	if p.Kind() != kIs && p.Kind() != kAs {
		p.Fail("IS", "AS")
	}
	p.Next()
	for p.Kind() != kEnd {
		t.Methods = append(t.Methods, p.methodBody(t.Name))
	}
	p.Expect(kEnd)
	p.endName(t.Name.Name())
	t.Span = p.SpanFrom(i)
	return t
}

// methodBody reads a method with its body.
func (p *parser) methodBody(of ir.QName) *ir.Method {
	i := p.Pos
	if !p.atMethod() {
		p.Fail("MEMBER", "STATIC", "CONSTRUCTOR", "MAP", "ORDER", "END")
	}
	m := p.method(of)
	if p.Kind() != kIs && p.Kind() != kAs {
		p.Fail("IS", "AS")
	}
	p.routineBody(m.Routine)
	m.Routine.Span = p.SpanFrom(i)
	m.Span = m.Routine.Span
	p.comments(m.Routine, i)
	p.Expect(kSemi)
	return m
}
