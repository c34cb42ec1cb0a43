package oracle

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// createRoutine reads PROCEDURE or FUNCTION behind CREATE, which is the i-th token.
func (p *parser) createRoutine(i int, h *createHead) ir.Stmt {
	p.plsql = true
	r := p.routineHead()
	r.OrReplace, r.IfNotExists = h.orReplace, r.IfNotExists || h.ifNotExists
	if p.Kind() == kIs || p.Kind() == kAs {
		p.routineBody(r)
	}
	r.Span = p.SpanFrom(i)
	if r.Body == nil && r.External == "" && !r.Aggregate && len(r.Using.Parts) == 0 {
		p.Fail("IS", "AS")
	}
	return r
}

// routineDecl reads a routine among declarations: its head, or the whole of it.
func (p *parser) routineDecl() ir.Decl {
	i := p.Pos
	d := &ir.RoutineDecl{}
	r := p.routineHead()
	d.Routine = r
	if p.Kind() == kIs || p.Kind() == kAs {
		p.routineBody(r)
	} else {
		d.Forward = true
	}
	r.Span = p.SpanFrom(i)
	d.Span = r.Span
	p.comments(r, i) // it is what is kept when a package is taken apart
	return d
}

// routineHead reads PROCEDURE or FUNCTION with name, parameters, result and clauses.
func (p *parser) routineHead() *ir.Routine {
	r := &ir.Routine{Kind: catalog.Procedure}
	function := p.At(p.Next()).Kind == kFunction
	if function {
		r.Kind = catalog.Function
	}
	r.IfNotExists = p.unless()
	r.Name = p.routineName()
	if p.Kind() == kLP {
		r.Params = p.params()
	}
	if function {
		if p.Kind() == kReturn {
			p.Next()
			r.Returns = p.returned()
		} else if !p.is("AGGREGATE") && !p.is("PIPELINED") {
			p.Fail("RETURN")
		}
	}
	for p.routineClause(r) {
	}
	return r
}

// unless reads IF NOT EXISTS before a name.
func (p *parser) unless() bool { return p.acceptWords("IF", "NOT", "EXISTS") }

// routineName reads the name of a routine, which may be any word.
func (p *parser) routineName() ir.QName {
	if p.isName() {
		return p.qname()
	}
	i := p.Pos
	id := p.anyIdent()
	return ir.QName{Parts: p.oneName(id), Span: p.SpanFrom(i)}
}

// returned reads the type of a result; that of a constructor is SELF AS RESULT.
func (p *parser) returned() types.Type {
	if p.isWords("SELF", "AS", "RESULT") {
		p.Pos += 3
		return types.Ref{Name: "SELF"}
	}
	if p.Kind() == kTable {
		return p.anyTable()
	}
	return p.variableType()
}

// anyTable reads TABLE in place of a type, the rows that polymorphic table functions take and give.
func (p *parser) anyTable() types.Type {
	i := p.Next()
	p.giveUp(i, codeMacro, "a polymorphic table function")
	return types.Unknown{}
}

// params reads parameters in parentheses.
func (p *parser) params() []*ir.ParamDecl {
	var out []*ir.ParamDecl
	p.Expect(kLP)
	for more := true; more; more = p.Accept(kComma) {
		i := p.Pos
		n := p.param()
		p.comments(n, i)
		out = append(out, n)
	}
	p.Expect(kRP)
	return out
}

// param reads name [IN] [OUT] [NOCOPY] type [:= value].
func (p *parser) param() *ir.ParamDecl {
	i := p.Pos
	n := &ir.ParamDecl{Name: p.ident()}
	in := p.Accept(kIn)
	if p.Kind() == kOut {
		p.Next()
		n.Mode = catalog.Out
		if in {
			n.Mode = catalog.InOut
		}
	}
	n.NoCopy = p.acceptWord("NOCOPY")
	if p.Kind() == kTable {
		n.Type = p.anyTable()
		return n
	}
	n.Type = p.variableType()
	if p.Kind() == kNot {
		p.notNull()
		p.report(codePart, p.SpanFrom(i), "NOT NULL of a parameter is not converted")
	}
	n.Default = p.defaultValue()
	n.Span = p.SpanFrom(i)
	return n
}

// routineClause reads one clause behind the head of a routine; false if there is none.
func (p *parser) routineClause(r *ir.Routine) bool {
	i := p.Pos
	switch {
	case p.acceptWord("AUTHID"):
		r.Security = p.authid()
	case p.acceptWord("DETERMINISTIC"):
		r.Deterministic = true
	case p.acceptWord("RESULT_CACHE"):
		r.ResultCache = true
		if p.acceptWord("RELIES_ON") {
			p.parens()
		}
	case p.acceptWord("PARALLEL_ENABLE"):
		p.parallel()
		p.report(codeOption, p.SpanFrom(i), "PARALLEL_ENABLE is left out")
	case r.Pipelined && (p.Kind() == kOrder || p.is("CLUSTER")):
		p.streamed()
		p.report(codeOption, p.SpanFrom(i), "the order of the rows of a parallel call is left out")
	case p.acceptWord("PIPELINED"):
		r.Pipelined = true
		p.implementedBy(r, i)
	case p.acceptWord("AGGREGATE"):
		r.Aggregate = true
		p.implementedBy(r, i)
		p.report(codeAggregate, p.SpanFrom(i), "an aggregate function of an object type is not converted")
	case p.acceptWord("SQL_MACRO"):
		if p.Kind() == kLP {
			p.parens()
		}
		p.report(codeMacro, p.SpanFrom(i), "SQL_MACRO is not converted")
	default:
		return p.unitClause()
	}
	return true
}

// unitClause reads a clause that all units can have: ACCESSIBLE BY, DEFAULT COLLATION, RESETTABLE, SHARING.
func (p *parser) unitClause() bool {
	i := p.Pos
	switch {
	case p.acceptWords("ACCESSIBLE", "BY"):
		p.parens()
		p.report(codeAccess, p.SpanFrom(i), "%s is left out", strings.Join(strings.Fields(p.Source(i)), " "))
	case p.acceptWords("DEFAULT", "COLLATION"):
		if c := p.anyIdent().Text; c != "USING_NLS_COMP" && c != "BINARY" {
			p.report(codePart, p.SpanFrom(i), "DEFAULT COLLATION %s is not converted", c)
		}
	case p.acceptWord("RESETTABLE"):
		p.report(codeOption, p.SpanFrom(i), "RESETTABLE is left out")
	case p.is("SHARING"):
		p.Next()
		p.Expect(kEq)
		p.anyIdent()
		p.report(codeOption, p.SpanFrom(i), "SHARING is left out")
	default:
		return false
	}
	return true
}

// authid reads what stands behind AUTHID.
func (p *parser) authid() string {
	switch p.acceptAny("CURRENT_USER", "DEFINER") {
	case "CURRENT_USER":
		return "invoker"
	case "DEFINER":
		return "definer"
	}
	p.Fail("CURRENT_USER", "DEFINER")
	return ""
}

// parallel reads (PARTITION argument BY ...) [ORDER ... BY ... | CLUSTER ... BY ...] of PARALLEL_ENABLE.
func (p *parser) parallel() {
	for p.Kind() == kLP {
		p.parens()
	}
	p.streamed()
}

// streamed reads ORDER argument BY (columns) and CLUSTER argument BY (columns), which stand within and behind PARALLEL_ENABLE.
func (p *parser) streamed() {
	for p.Kind() == kOrder || p.is("CLUSTER") {
		p.Next()
		p.ident()
		p.Expect(kBy)
		p.parens()
	}
}

// implementedBy reads [USING type] of aggregate, pipelined and polymorphic functions; the clause begins at the i-th token.
func (p *parser) implementedBy(r *ir.Routine, i int) {
	polymorphic := p.acceptWords("ROW", "POLYMORPHIC") || p.acceptWords("TABLE", "POLYMORPHIC")
	if p.Accept(kUsing) {
		r.Using = p.qname()
		if r.Pipelined && !polymorphic {
			p.report(codeMacro, p.SpanFrom(i), "PIPELINED USING is not converted")
		}
	}
	if polymorphic {
		p.report(codeMacro, p.SpanFrom(i), "a polymorphic table function is not converted")
	}
}

// routineBody reads IS declarations BEGIN ... END [name], or the call of code in another language.
func (p *parser) routineBody(r *ir.Routine) {
	p.headComments(&r.Meta)
	p.Enter()
	defer p.Leave()
	if p.external(r) {
		return
	}
	p.bodyOf(r)
}

// headComments steps over IS. Comments before it and those behind it that belong to no declaration stand before the whole then.
func (p *parser) headComments(m *ir.Meta) {
	from, _, to := p.Tokens.CommentsBefore(p.Pos)
	m.Lead = p.Fresh(m.Lead, from, to)
	p.Next()
	from, trail, to := p.Tokens.CommentsBefore(p.Pos)
	if p.Kind() != kBegin {
		to = trail
	}
	m.Lead = p.Fresh(m.Lead, from, to)
}

// external reads LANGUAGE ..., EXTERNAL ... or MLE ... in place of a body; false if none of them stands here.
func (p *parser) external(r *ir.Routine) bool {
	i := p.Pos
	switch {
	case p.isWords("LANGUAGE", "JAVA"), p.isWords("LANGUAGE", "C"), p.isWords("LANGUAGE", "JAVASCRIPT"), p.is("EXTERNAL") && p.Ahead(1) != kAssign:
	case p.isWords("MLE", "MODULE"), p.isWords("MLE", "LANGUAGE"):
	default:
		return false
	}
	for p.Kind() != kSemi && p.Kind() != kEOF && p.Kind() != kComma && p.Kind() != kRP {
		if p.Kind() == kLP {
			p.parens()
			continue
		}
		p.Next()
	}
	r.External = p.Source(i)
	p.report(codeExternal, p.SpanFrom(i), "%s is written in another language", r.Name.Name())
	return true
}
