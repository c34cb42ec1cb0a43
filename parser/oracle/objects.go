package oracle

import (
	"godwit/ir"
)

// createView reads CREATE VIEW from the word VIEW on.
func (p *parser) createView(h *createHead) ir.Stmt {
	p.Expect(kView)
	p.ifNotExists(h)
	n := &ir.CreateView{Name: p.qname(), OrReplace: h.orReplace, IfNotExists: h.ifNotExists, Force: h.force}
	p.viewHead(n)
	p.Expect(kAs)
	n.Query = p.query()
	if p.Accept(kWith) {
		switch {
		case p.acceptWords("READ", "ONLY"):
			n.ReadOnly = true
		case p.acceptWords("CHECK", "OPTION"):
			n.CheckOption = "cascaded"
		default:
			p.Fail("READ ONLY", "CHECK OPTION")
		}
		p.constraintName()
	}
	p.acceptAny("CONTAINER_MAP", "CONTAINERS_DEFAULT")
	n.Span = p.SpanFrom(h.start)
	return n
}

// viewHead reads what stands between the name of a view and its query.
func (p *parser) viewHead(n *ir.CreateView) {
	if p.Kind() == kLP {
		n.Columns = p.viewColumns()
	}
	for p.Kind() != kAs && p.Kind() != kEOF {
		switch {
		case p.acceptWord("SHARING"):
			p.Expect(kEq)
			p.Next()
		case p.acceptWords("DEFAULT", "COLLATION"):
			p.ident()
		case p.acceptWords("BEQUEATH", "CURRENT_USER"):
			n.Security = "invoker"
		case p.acceptWords("BEQUEATH", "DEFINER"):
			n.Security = "definer"
		case p.Accept(kOf):
			p.objectView(n)
		case p.acceptWord("ANNOTATIONS"):
			p.parens()
		default:
			p.Fail("AS")
		}
	}
}

// objectView reads OF type [WITH OBJECT IDENTIFIER (columns)] or OF type UNDER view.
func (p *parser) objectView(n *ir.CreateView) {
	n.OfType = p.qname()
	switch {
	case p.acceptWord("UNDER"):
		n.Under = p.qname()
	case p.isWords("WITH", "OBJECT"):
		p.Pos += 2
		p.acceptAny("OID", "IDENTIFIER", "ID")
		if p.acceptWord("DEFAULT") {
			break
		}
		p.Expect(kLP)
		for more := true; more; more = p.Accept(kComma) {
			n.ObjectKey = append(n.ObjectKey, p.anyIdent())
		}
		p.Expect(kRP)
	}
	if p.Kind() == kLP {
		p.viewColumns() // constraints, which are never enforced
	}
}

// soupToAs steps over everything up to AS.
func (p *parser) soupToAs() {
	for p.Kind() != kAs && p.Kind() != kEOF {
		if p.Kind() == kLP {
			p.parens()
			continue
		}
		p.Next()
	}
}

// viewColumns reads the names of a view's columns. Constraints of views are never enforced, and are left out.
func (p *parser) viewColumns() []ir.Ident {
	out := []ir.Ident{}
	p.Expect(kLP)
	for more := true; more; more = p.Accept(kComma) {
		if p.atConstraint() {
			p.skipItem()
			continue
		}
		out = append(out, p.anyIdent())
		i := p.Pos
		if p.acceptWord("INVISIBLE") {
			p.giveUp(i, codeConstruct, "an invisible column of a view")
		}
		p.skipItem()
	}
	p.Expect(kRP)
	if len(out) == 0 {
		return nil
	}
	return out
}

// createMaterializedView reads CREATE MATERIALIZED VIEW from the word MATERIALIZED on.
func (p *parser) createMaterializedView(h *createHead) ir.Stmt {
	if !p.acceptWord("SNAPSHOT") {
		p.Pos += 2
	}
	if p.acceptWord("LOG") {
		return p.refuseRest(h.start, codeOption, "CREATE MATERIALIZED VIEW LOG")
	}
	p.ifNotExists(h)
	n := &ir.MaterializedView{Name: p.qname()}
	if p.Accept(kOf) {
		p.soupToAs()
		p.giveUp(h.start, codeConstruct, "a materialized view of objects")
	}
	if p.Kind() == kLP {
		n.Columns = p.viewColumns()
	}
	for !p.Accept(kAs) {
		p.materializedOption(n)
	}
	n.Query = p.query()
	n.Span = p.SpanFrom(h.start)
	return n
}

// materializedOption reads a clause before the query of a materialized view. What concerns storage is left out.
func (p *parser) materializedOption(n *ir.MaterializedView) {
	switch {
	case p.acceptWords("ON", "PREBUILT", "TABLE"):
		n.Prebuilt = true
	case p.acceptWords("BUILD", "DEFERRED"):
		n.BuildDeferred = true
	case p.acceptWords("BUILD", "IMMEDIATE"):
	case p.acceptWords("NEVER", "REFRESH"):
		n.Refresh = "never"
	case p.acceptWord("REFRESH"):
		p.refresh(n)
	case p.acceptWords("ENABLE", "QUERY", "REWRITE"):
		n.Rewrite = true
	case p.isWords("PARTITION", "BY"):
		p.tablePartitions()
	case p.acceptWord("STORE"):
		p.acceptWord("AS")
	case p.Kind() == kLP:
		p.parens()
	case p.Kind() == kEOF, p.Kind() == kSemi:
		p.Fail("AS")
	default:
		p.Next()
	}
}

// refresh reads on behind REFRESH.
func (p *parser) refresh(n *ir.MaterializedView) {
	for {
		i := p.Pos
		switch {
		case p.acceptWord("FAST"):
			n.Refresh = "fast"
		case p.acceptWord("COMPLETE"):
			n.Refresh = "complete"
		case p.acceptWord("FORCE"):
			n.Refresh = "force"
		case p.acceptWords("ON", "DEMAND"):
		case p.acceptWords("ON", "COMMIT"), p.acceptWords("ON", "STATEMENT"):
			n.OnCommit = true
		case p.acceptWords("START", "WITH"), p.acceptWord("NEXT"):
			p.expr()
			n.Schedule = joined(n.Schedule, p.Source(i))
		case p.acceptWords("WITH", "PRIMARY", "KEY"), p.acceptWords("WITH", "ROWID"):
		case p.acceptWord("USING"):
			for p.isWord() && !p.is("REFRESH") && p.Kind() != kAs {
				p.Next()
			}
		default:
			if n.Refresh == "" {
				n.Refresh = "force"
			}
			return
		}
	}
}

func joined(a, b string) string {
	if a == "" {
		return b
	}
	return a + " " + b
}

// createSequence reads CREATE SEQUENCE from the word SEQUENCE on.
func (p *parser) createSequence(h *createHead) ir.Stmt {
	p.Next()
	p.ifNotExists(h)
	n := &ir.CreateSequence{Name: p.qname(), IfNotExists: h.ifNotExists, OrReplace: h.orReplace}
	if p.acceptWord("SHARING") {
		p.Expect(kEq)
		p.Next()
	}
	for p.sequenceOption(n) {
	}
	n.Span = p.SpanFrom(h.start)
	return n
}

// sequenceOption reads an option of a sequence or an identity; false if there is none.
func (p *parser) sequenceOption(n *ir.CreateSequence) bool {
	i := p.Pos
	switch {
	case p.acceptWords("START", "WITH"):
		if p.acceptWords("LIMIT", "VALUE") {
			p.giveUp(i, codeConstruct, "START WITH LIMIT VALUE")
		}
		n.Start = p.integer()
	case p.acceptWords("INCREMENT", "BY"):
		n.Increment = p.integer()
	case p.acceptWord("MAXVALUE"):
		n.Max = p.integer()
	case p.acceptWord("MINVALUE"):
		n.Min = p.integer()
	case p.acceptWord("NOMAXVALUE"):
		n.NoMax, n.Max = true, ""
	case p.acceptWord("NOMINVALUE"):
		n.NoMin, n.Min = true, ""
	case p.acceptWord("CYCLE"):
		n.Cycle = true
	case p.acceptWord("NOCYCLE"):
		n.NoCycle = true
	case p.acceptWord("CACHE"):
		n.Cache = p.integer()
	case p.acceptWord("NOCACHE"):
		n.NoCache = true
	case p.Accept(kOrder):
		n.Ordered = true
	case p.acceptAny("NOORDER", "KEEP", "NOKEEP", "NOSCALE", "GLOBAL", "NOPARTITION") != "":
	case p.acceptWord("SCALE"), p.acceptWord("SHARD"):
		p.giveUp(i, codeConstruct, "a sequence whose numbers hold those of instance and session")
	case p.acceptWord("SESSION"):
		p.giveUp(i, codeConstruct, "a sequence of sessions")
	case p.acceptWord("RESTART"):
		n.Restart = "start"
		if p.acceptWords("START", "WITH") || p.acceptWord("WITH") {
			n.Restart = p.integer()
		}
	default:
		return false
	}
	return true
}

// integer reads a number of any size with its sign.
func (p *parser) integer() string {
	sign := ""
	if p.Accept(kMinus) {
		sign = "-"
	} else {
		p.Accept(kPlus)
	}
	return sign + p.TextAt(p.Expect(kNumber))
}

// createSynonym reads CREATE SYNONYM from the word SYNONYM on.
func (p *parser) createSynonym(h *createHead) ir.Stmt {
	p.Expect(kSynonym)
	p.ifNotExists(h)
	n := &ir.Synonym{Name: p.qname(), OrReplace: h.orReplace, Public: h.public}
	if p.acceptWord("SHARING") {
		p.Expect(kEq)
		p.Next()
	}
	p.Expect(kFor)
	n.For = p.qname()
	if p.Accept(kAt) {
		n.Link = p.dbLink()
	}
	n.Span = p.SpanFrom(h.start)
	return n
}
