package mysql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
)

// paramList reads parameters with commas. There is at least one.
func (p *parser) paramList() []*ir.ParamDecl {
	var out []*ir.ParamDecl
	for more := true; more; more = p.Accept(kComma) {
		out = append(out, p.param())
	}
	return out
}

func (p *parser) param() *ir.ParamDecl {
	i := p.Pos
	n := &ir.ParamDecl{}
	switch p.Kind() {
	case kIn:
		p.Next()
	case kOut:
		p.Next()
		n.Mode = catalog.Out
	case kInOut:
		p.Next()
		n.Mode = catalog.InOut
	}
	if !p.isName() {
		p.Fail("a parameter")
	}
	n.Name = p.ident()
	t, spec := p.dataType()
	n.Type, n.TypeOf = t, spec.typeOf
	hasDefault := p.Kind() == kDefault || p.Kind() == kAssign
	if hasDefault {
		p.Next()
		p.expr()
	}
	n.Span = p.SpanFrom(i)
	if spec.rowOf != nil {
		p.report(codePart, n.Span, "a parameter of ROW TYPE OF is not converted")
	}
	if hasDefault {
		p.report(codePart, n.Span, "the default value of a parameter is not converted")
	}
	p.local(n.Name)
	return n
}

// createRoutine reads what stands behind CREATE: a procedure or function.
func (p *parser) createRoutine(i int, h *createHead, kind catalog.RoutineKind) ir.Stmt {
	p.Next()
	r := &ir.Routine{Kind: kind, OrReplace: h.orReplace, Definer: h.definer, Security: h.security, IfNotExists: p.ifNotExists()}
	r.Name = p.qname()
	if kind == catalog.Function && p.Accept(kReturns) { // of a loadable function
		p.Expect(kIdent)
		p.soup()
		return p.refuse(i, codeAdmin, "CREATE FUNCTION ... SONAME")
	}
	p.enterRoutine()
	p.Expect(kLP)
	if p.Kind() != kRP {
		r.Params = p.paramList()
	}
	p.Expect(kRP)
	if kind == catalog.Function {
		p.Expect(kReturns)
		p.returns(r)
	}
	unknown := p.routineChars(r)
	r.Body = p.body()
	r.Span = p.SpanFrom(i)
	if unknown != "" {
		p.report(codePart, r.Span, "the characteristic %s of the routine is not converted", unknown)
	}
	return r
}

func (p *parser) returns(r *ir.Routine) {
	i := p.Pos
	t, spec := p.dataType()
	r.Returns = t
	if spec.typeOf != nil || spec.rowOf != nil {
		s := p.SpanFrom(i)
		p.report(codePart, s, "RETURNS %s is not converted", s.Text())
	}
}

// routineChars reads the characteristics of a routine, which are words in any order, and gives those that are not known.
func (p *parser) routineChars(r *ir.Routine) (unknown string) {
	var w []string
	for {
		switch p.Kind() {
		case kComment:
			p.Next()
			r.Comment = p.str()
			continue
		case kSQLSecurity:
			p.Next()
			r.Security = strings.ToLower(p.ident().Text)
			continue
		case kNot:
			p.Next()
			w = append(w, "NOT "+p.upper(p.Expect(kIdent)))
			continue
		case kIdent:
			w = append(w, p.upper(p.Next()))
			continue
		}
		break
	}
	text := strings.Join(w, " ")
	for _, k := range []string{"CONTAINS SQL", "NO SQL", "READS SQL DATA", "MODIFIES SQL DATA"} {
		if strings.Contains(text, k) {
			r.DataAccess = strings.ToLower(k)
			text = strings.Replace(text, k, "", 1)
		}
	}
	if strings.Contains(text, "NOT DETERMINISTIC") {
		text = strings.Replace(text, "NOT DETERMINISTIC", "", 1)
	} else if strings.Contains(text, "DETERMINISTIC") {
		r.Deterministic = true
		text = strings.Replace(text, "DETERMINISTIC", "", 1)
	}
	return strings.TrimSpace(strings.Replace(text, "LANGUAGE SQL", "", 1))
}

// createTrigger reads what stands behind CREATE TRIGGER.
func (p *parser) createTrigger(i int, h *createHead) ir.Stmt {
	p.Next()
	p.enterRoutine()
	t := &ir.CreateTrigger{OrReplace: h.orReplace, IfNotExists: p.ifNotExists(), Definer: h.definer, ForEachRow: true, Timing: "before"}
	t.Name = p.qname()
	if !p.Accept(kBefore) {
		if p.Kind() != kAfter {
			p.Fail("BEFORE", "AFTER")
		}
		p.Next()
		t.Timing = "after"
	}
	switch k := p.Kind(); k {
	case kInsert, kUpdate, kDelete:
		p.Next()
		t.Events = []string{strings.ToLower(kindName(k))}
	default:
		p.Fail("INSERT", "UPDATE", "DELETE")
	}
	p.Expect(kOn)
	t.Table = p.target()
	p.Expect(kFor)
	p.Expect(kIdent)
	p.Expect(kRow)
	if p.Kind() == kIdent {
		if w := p.upper(p.Next()); w == "FOLLOWS" {
			t.Follows = p.ident().Text
		} else {
			t.Precedes = p.ident().Text
		}
	}
	t.Body = p.body()
	t.Span = p.SpanFrom(i)
	return t
}

// createEvent reads what stands behind CREATE EVENT.
func (p *parser) createEvent(i int, h *createHead) ir.Stmt {
	p.enterRoutine()
	e := p.eventHead(h)
	if !p.Accept(kDo) {
		return p.refuse(i, codeSyntax, "CREATE EVENT without a body")
	}
	e.Body = p.body()
	e.Span = p.SpanFrom(i)
	return e
}

// eventHead reads the name of an event with the clauses up to its body.
func (p *parser) eventHead(h *createHead) *ir.CreateEvent {
	p.Next()
	e := &ir.CreateEvent{OrReplace: h.orReplace, IfNotExists: p.ifNotExists(), Definer: h.definer, Status: "enable"}
	e.Name = p.qname()
	for p.eventClause(e) {
	}
	return e
}

// eventClause reads one clause; false if there is none.
func (p *parser) eventClause(e *ir.CreateEvent) bool {
	i := p.Pos
	switch p.Kind() {
	case kOnSchedule:
		p.Next()
		p.schedule(e)
	case kOnCompletion:
		p.Next()
		e.Preserve = !p.Accept(kNot)
		p.Expect(kIdent)
	case kComment:
		p.Next()
		e.Comment = p.str()
	case kRename:
		p.Next()
		p.Expect(kTo)
		p.qname()
		p.report(codePart, p.SpanFrom(i), "RENAME in CREATE EVENT is not converted")
	case kIdent:
		p.Next()
		if p.Accept(kOn) {
			p.Expect(kIdent)
		}
		e.Status = strings.ToLower(p.wordsFrom(i, p.Pos))
	default:
		return false
	}
	return true
}

// schedule reads EVERY n unit or AT time, with STARTS and ENDS.
func (p *parser) schedule(e *ir.CreateEvent) {
	i := p.Pos
	every := p.is("EVERY")
	p.Expect(kIdent)
	p.expr()
	if every {
		p.Accept(kIdent)
	}
	for p.Accept(kEventBound) {
		p.expr()
	}
	e.Schedule = p.Source(i)
}
