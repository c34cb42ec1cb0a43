package oracle

import (
	"cmp"
	"slices"
	"strings"

	"godwit/ir"
)

// createTrigger reads TRIGGER behind CREATE, which is the i-th token.
func (p *parser) createTrigger(i int, h *createHead) ir.Stmt {
	p.plsql = true
	p.Expect(kTrigger)
	t := &ir.CreateTrigger{OrReplace: h.orReplace, IfNotExists: p.unless() || h.ifNotExists}
	t.Name = p.qname()
	for p.unitClause() {
	}
	p.triggerTiming(t)
	p.triggerEvents(t)
	p.triggerTable(t)
	for p.triggerClause(t) {
	}
	p.triggerBody(t)
	t.Span = p.SpanFrom(i)
	return t
}

// triggerTiming reads BEFORE, AFTER, INSTEAD OF or FOR.
func (p *parser) triggerTiming(t *ir.CreateTrigger) {
	switch {
	case p.acceptWord("BEFORE"):
		t.Timing = "before"
	case p.acceptWord("AFTER"):
		t.Timing = "after"
	case p.acceptWords("INSTEAD", "OF"):
		t.Timing = "instead of"
	case p.Accept(kFor):
		t.Timing = "compound"
	default:
		p.Fail("BEFORE", "AFTER", "INSTEAD OF", "FOR")
	}
}

// triggerEvents reads the events with OR.
func (p *parser) triggerEvents(t *ir.CreateTrigger) {
	for more := true; more; more = p.Accept(kOr) {
		i := p.Pos
		if !p.isWord() {
			p.Fail("INSERT", "UPDATE", "DELETE", "an event")
		}
		k := p.At(p.Next()).Kind
		for k != kInsert && k != kUpdate && k != kDelete && p.isWord() && p.Kind() != kOr && p.Kind() != kOn { // SET CONTAINER, ASSOCIATE STATISTICS
			p.Next()
		}
		t.Events = append(t.Events, strings.ToLower(p.wordsFrom(i, p.Pos)))
		if k == kUpdate && p.Accept(kOf) {
			t.Columns = append(t.Columns, p.identList()...)
		}
	}
}

// triggerTable reads ON with the table, or with SCHEMA or DATABASE.
func (p *parser) triggerTable(t *ir.CreateTrigger) {
	p.Expect(kOn)
	i := p.Pos
	if p.acceptWords("NESTED", "TABLE") {
		p.ident()
		p.Expect(kOf)
		p.report(codeTriggerKind, p.SpanFrom(i), "a trigger on a nested table is not converted")
	}
	dml := slices.ContainsFunc(t.Events, func(e string) bool { return e == "insert" || e == "update" || e == "delete" })
	switch {
	case !dml && (p.acceptWord("DATABASE") || p.acceptWords("PLUGGABLE", "DATABASE")):
		t.On = "database"
	case !dml:
		q := p.qname()
		if q.Name() != "SCHEMA" || len(q.Parts) > 2 {
			p.FailAt(i, "SCHEMA", "DATABASE")
		}
		t.On = "schema"
	default:
		i = p.Pos
		q := p.qname()
		t.Table = &ir.TableRef{TableMeta: p.sinceTable(i), Name: q}
	}
}

// triggerClause reads one clause between the table and the body; false if there is none.
func (p *parser) triggerClause(t *ir.CreateTrigger) bool {
	i := p.Pos
	switch {
	case p.acceptWord("REFERENCING"):
		p.referencing(t)
	case p.acceptWords("FOR", "EACH", "ROW"):
		t.ForEachRow = true
	case p.acceptWords("FORWARD", "CROSSEDITION"), p.acceptWords("REVERSE", "CROSSEDITION"), p.acceptWord("CROSSEDITION"):
		p.report(codeTriggerKind, p.SpanFrom(i), "a CROSSEDITION trigger is not converted")
	case p.acceptWord("FOLLOWS"):
		t.Follows = p.otherTriggers("FOLLOWS")
	case p.acceptWord("PRECEDES"):
		t.Precedes = p.otherTriggers("PRECEDES")
	case p.acceptWord("ENABLE"):
	case p.acceptWord("DISABLE"):
		t.Disabled = true
	case p.Kind() == kWhen:
		p.Next()
		p.Expect(kLP)
		t.When = p.expr()
		p.Expect(kRP)
		markRows(t)
	default:
		return false
	}
	return true
}

// markRows gives the names of the old and new row in WHEN the colon that they have in the body.
func markRows(t *ir.CreateTrigger) {
	ir.Walk(t.When, func(n ir.Node) bool {
		x, ok := n.(*ir.Name)
		if !ok || len(x.Parts) < 2 {
			return true
		}
		if w := x.Parts[0].Text; w == cmp.Or(t.NewName, "NEW") || w == cmp.Or(t.OldName, "OLD") {
			x.Parts = slices.Clone(x.Parts)
			x.Parts[0].Text = ":" + w
		}
		return true
	})
}

// otherTriggers reads the names behind FOLLOWS or PRECEDES.
func (p *parser) otherTriggers(word string) string {
	i := p.Pos
	q := p.qname()
	if p.Kind() == kComma {
		for p.Accept(kComma) {
			p.qname()
		}
		p.report(codePart, p.SpanFrom(i), "%s with several triggers is not converted", word)
	}
	return q.Name()
}

// referencing reads OLD [AS] name, NEW [AS] name and PARENT [AS] name.
func (p *parser) referencing(t *ir.CreateTrigger) {
	for {
		i := p.Pos
		switch p.acceptAny("OLD", "NEW", "PARENT") {
		case "OLD":
			p.Accept(kAs)
			t.OldName = otherName(p.ident(), "OLD")
		case "NEW":
			p.Accept(kAs)
			t.NewName = otherName(p.ident(), "NEW")
		case "PARENT":
			p.Accept(kAs)
			p.ident()
			p.report(codeTriggerKind, p.SpanFrom(i), "REFERENCING PARENT is not converted")
		default:
			return
		}
	}
}

// otherName is a name unless it is the usual one.
func otherName(id ir.Ident, usual string) string {
	if id.Text == usual {
		return ""
	}
	return id.Text
}

// triggerBody reads the block, the sections of a compound trigger, or CALL.
func (p *parser) triggerBody(t *ir.CreateTrigger) {
	i := p.Pos
	switch {
	case p.acceptWords("COMPOUND", "TRIGGER"):
		t.Timing = "compound"
		p.compound(t)
	case p.Kind() == kCall:
		p.Next()
		x := p.designator()
		t.Body = &ir.Invocation{StmtMeta: p.sinceStmt(i), X: x}
	default:
		label := ""
		for p.Kind() == kLabelOpen {
			label = p.labelName()
		}
		if p.Kind() != kBegin && p.Kind() != kDeclare {
			p.Fail("DECLARE", "BEGIN", "CALL", "COMPOUND TRIGGER")
		}
		t.Body = p.bodyBlock(i, label)
	}
}

// bodyBlock reads the block of a trigger: behind its END any name may stand.
func (p *parser) bodyBlock(i int, label string) *ir.Block {
	p.Enter()
	defer p.Leave()
	b := &ir.Block{Label: label}
	if p.Accept(kDeclare) {
		b.Decls = p.decls(nil)
	}
	p.blockBody(b)
	b.Span = p.SpanFrom(i)
	if p.isWord() {
		p.Next() // the server compares it with nothing, as behind any block that is no routine's
	}
	return b
}

// compound reads the declarations and sections of a compound trigger.
func (p *parser) compound(t *ir.CreateTrigger) {
	t.Decls = p.decls(p.atSection)
	for p.Kind() != kEnd {
		t.Sections = append(t.Sections, p.section())
	}
	p.Expect(kEnd)
	p.endName(t.Name.Name())
}

// atSection tells that a section of a compound trigger begins here.
func (p *parser) atSection() bool {
	return (p.is("BEFORE") || p.is("AFTER")) && (p.isAt(p.Pos+1, "STATEMENT") || p.isAt(p.Pos+1, "EACH")) || p.isWords("INSTEAD", "OF")
}

// timingPoint reads the name of a section, in lower case.
func (p *parser) timingPoint() string {
	i := p.Pos
	switch p.acceptAny("BEFORE", "AFTER", "INSTEAD") {
	case "":
		p.Fail("BEFORE", "AFTER", "INSTEAD OF")
	case "INSTEAD":
		p.Expect(kOf)
		p.expectWords("EACH", "ROW")
	default:
		if !p.acceptWord("STATEMENT") {
			p.expectWords("EACH", "ROW")
		}
	}
	return strings.ToLower(p.wordsFrom(i, p.Pos))
}

// section reads one section: its name, IS, a block, END, and the name again.
func (p *parser) section() *ir.TriggerSection {
	i := p.Pos
	s := &ir.TriggerSection{Timing: p.timingPoint()}
	if p.Kind() != kIs && p.Kind() != kAs {
		p.Fail("IS")
	}
	p.Next()
	j := p.Pos
	s.Body = &ir.Block{}
	s.Body.Decls = p.decls(nil)
	p.blockBody(s.Body)
	s.Body.Span = p.SpanFrom(j)
	p.comments(s.Body, j)
	if j = p.Pos; p.timingPoint() != s.Timing {
		p.FailAt(j, strings.ToUpper(s.Timing))
	}
	s.Span = p.SpanFrom(i)
	p.comments(s, i)
	p.Expect(kSemi)
	return s
}
