package oracle

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
)

// alterStmt reads ALTER.
func (p *parser) alterStmt() ir.Stmt {
	i := p.Next()
	switch {
	case p.Accept(kTable):
		return p.alterTable(i)
	case p.acceptWord("SEQUENCE"):
		return p.alterSequence(i)
	case p.acceptWord("SESSION"):
		return p.alterSession(i)
	case p.acceptWord("INDEX"):
		return p.alterIndex(i)
	case p.acceptWords("MATERIALIZED", "VIEW"), p.acceptWord("SNAPSHOT"):
		return p.alterCode(i, "MATERIALIZED VIEW")
	}
	for _, k := range []string{"VIEW", "PROCEDURE", "FUNCTION", "PACKAGE", "TRIGGER", "TYPE", "SYNONYM", "PUBLIC SYNONYM"} {
		if p.acceptWords(strings.Fields(k)...) {
			return p.alterCode(i, k)
		}
	}
	return p.otherStatement(i, "ALTER ")
}

// alterCode reads ALTER of an object with code. Compiling it again changes nothing.
func (p *parser) alterCode(i int, kind string) ir.Stmt {
	p.acceptWords("IF", "EXISTS")
	name := p.qname()
	if kind == "TRIGGER" && (p.is("ENABLE") || p.is("DISABLE")) {
		n := &ir.AlterTrigger{Name: name, Disable: p.is("DISABLE")}
		p.Next()
		n.Span = p.SpanFrom(i)
		return n
	}
	if kind == "TYPE" {
		if n := p.alterType(i, name); n != nil {
			return n
		}
	}
	if p.is("COMPILE") || p.is("EDITIONABLE") || p.is("NONEDITIONABLE") {
		return p.refuseRest(i, codeOption, "ALTER "+kind+" COMPILE")
	}
	what := "ALTER " + kind
	if p.isWord() {
		what += " " + p.upper(p.Pos)
	}
	return p.refuseRest(i, codeConstruct, what)
}

// alterIndex reads on behind ALTER INDEX. What concerns storage changes nothing.
func (p *parser) alterIndex(i int) ir.Stmt {
	p.acceptWords("IF", "EXISTS")
	name := p.qname()
	if p.Accept(kRename) {
		p.Expect(kTo)
		n := &ir.RenameIndex{Name: name, New: p.anyIdent()}
		n.Span = p.SpanFrom(i)
		return n
	}
	switch w := p.upper(p.Pos); w {
	case "RENAME", "ENABLE", "DISABLE", "PARAMETERS", "MODIFY":
		return p.refuseRest(i, codeConstruct, "ALTER INDEX "+w)
	}
	return p.refuseRest(i, codeOption, "ALTER INDEX "+p.upper(p.Pos))
}

// alterSequence reads on behind ALTER SEQUENCE.
func (p *parser) alterSequence(i int) ir.Stmt {
	n := &ir.CreateSequence{Alter: true}
	n.IfExists = p.acceptWords("IF", "EXISTS")
	n.Name = p.qname()
	for p.sequenceOption(n) {
	}
	n.Span = p.SpanFrom(i)
	return n
}

// alterTable reads on behind ALTER TABLE.
func (p *parser) alterTable(i int) ir.Stmt {
	n := &ir.AlterTable{IfExists: p.acceptWords("IF", "EXISTS")}
	n.Table = p.plainTable()
	for p.Kind() != kEOF && p.Kind() != kSemi {
		from := p.Pos
		l := p.alterActions()
		for _, a := range l {
			if !a.Span.IsValid() {
				a.Span = p.SpanFrom(from)
			}
		}
		n.Actions = append(n.Actions, l...)
		if p.Pos == from {
			p.Fail("an action of ALTER TABLE")
		}
	}
	if len(n.Actions) == 0 {
		p.Fail("an action of ALTER TABLE")
	}
	n.Span = p.SpanFrom(i)
	return n
}

// alterActions reads one clause of ALTER TABLE, which may hold several actions.
func (p *parser) alterActions() []*ir.AlterAction {
	i := p.Pos
	switch {
	case p.acceptWord("ADD"):
		return p.addActions(i)
	case p.acceptWord("MODIFY"):
		return p.modifyActions(i)
	case p.Accept(kDrop):
		return p.dropActions(i)
	case p.acceptWords("SET", "UNUSED"):
		return p.dropColumns()
	case p.Accept(kRename):
		return one(p.renameAction(i))
	case p.is("ENABLE"), p.is("DISABLE"):
		return one(p.enableAction(i))
	case p.acceptAny("TRUNCATE") != "":
		return one(p.partitionNames(i, "truncate partition"))
	case p.acceptWords("SPLIT", "PARTITION"):
		return one(p.splitPartition(i))
	case p.acceptWords("MERGE", "PARTITIONS"):
		return one(p.mergePartitions(i))
	case p.is("SPLIT"), p.is("MERGE"), p.is("EXCHANGE"), p.is("COALESCE"):
		what := "ALTER TABLE " + p.wordsFrom(p.Pos, p.Pos+2)
		p.soup()
		p.giveUp(i, codeConstruct, what)
	case p.acceptWords("READ", "ONLY"):
		return one(&ir.AlterAction{Kind: "read only"})
	case p.acceptWords("READ", "WRITE"):
		return one(&ir.AlterAction{Kind: "read write"})
	case p.acceptWords("ROW", "ARCHIVAL"), p.acceptWords("NO", "ROW", "ARCHIVAL"):
		p.giveUp(i, codeConstruct, "ROW ARCHIVAL")
	}
	return one(p.storageAction(i))
}

func one(a *ir.AlterAction) []*ir.AlterAction { return []*ir.AlterAction{a} }

// storageWords begin clauses of ALTER TABLE about storage and performance.
var storageWords = makeWordSet("PCTFREE PCTUSED INITRANS MAXTRANS STORAGE LOGGING NOLOGGING COMPRESS NOCOMPRESS CACHE NOCACHE PARALLEL NOPARALLEL MONITORING NOMONITORING ALLOCATE DEALLOCATE " +
	"SHRINK MOVE UPGRADE MINIMIZE NOMINIMIZE RESULT_CACHE INMEMORY NO ROW COLUMN INDEXING ILM FLASHBACK RECORDS_PER_BLOCK OVERFLOW PCTTHRESHOLD INCLUDING MAPPING NOMAPPING TABLESPACE " +
	"SUPPLEMENTAL SET UPDATE FORCE MEMOPTIMIZE LOB VARRAY NESTED ONLINE FILESYSTEM_LIKE_LOGGING FOR REJECT DEFAULT ACCESS LOCATION PROJECT BLOCK NOSORT")

// storageAction steps over a clause about storage.
func (p *parser) storageAction(i int) *ir.AlterAction {
	if !p.isWord() || !storageWords[p.upper(p.Pos)] {
		p.Fail("an action of ALTER TABLE")
	}
	p.storageSoup()
	return &ir.AlterAction{Kind: "option", Text: p.Source(i)}
}

// storageSoup steps over clauses about storage, up to one that is about something else.
func (p *parser) storageSoup() {
	if p.is("ILM") {
		p.soup()
		return
	}
	for p.Next(); p.Kind() != kSemi && p.Kind() != kEOF; {
		switch {
		case p.Kind() == kLP:
			p.parens()
		case p.is("ADD"), p.is("MODIFY"), p.is("DROP"), p.is("RENAME"), p.is("TRUNCATE"), p.is("SPLIT"), p.is("MERGE"), p.is("EXCHANGE"), p.isWords("SET", "UNUSED"):
			return
		default:
			p.Next()
		}
	}
}

// addActions reads on behind ADD.
func (p *parser) addActions(i int) []*ir.AlterAction {
	switch {
	case p.acceptWord("SUPPLEMENTAL"), p.acceptWord("OVERFLOW"):
		p.soup()
		return one(&ir.AlterAction{Kind: "option", Text: p.Source(i)})
	case p.isWords("PERIOD", "FOR"):
		p.soup()
		p.giveUp(i, codeConstruct, "PERIOD FOR")
	case p.is("PARTITION"), p.is("SUBPARTITION"):
		a := &ir.AlterAction{Kind: "add partition"}
		for more := true; more; more = p.Accept(kComma) {
			a.Parts = append(a.Parts, p.alterPartition())
		}
		return one(a)
	}
	p.acceptWord("COLUMN")
	if p.is("CONSTRAINTS") && (p.Ahead(2) == kUnique && p.Ahead(3) == kLP || p.Ahead(2) == kForeign || p.Ahead(2) == kPrimary && p.Ahead(4) == kLP) {
		p.At(p.Pos).Kind = kConstraint // the server takes the plural as well
	}
	if p.Kind() != kLP {
		var out []*ir.AlterAction
		for more := true; more; more = p.atConstraint() && len(out) > 0 && isConstraintAction(out[len(out)-1]) {
			out = append(out, p.addItem()...)
		}
		return out
	}
	p.Next()
	var out []*ir.AlterAction
	for more := true; more; more = p.Accept(kComma) {
		out = append(out, p.addItem()...)
	}
	p.Expect(kRP)
	for p.is("LOB") || p.isWords("NESTED", "TABLE") || p.is("VARRAY") || p.is("XMLTYPE") {
		p.storageSoup()
	}
	return out
}

func isConstraintAction(a *ir.AlterAction) bool { return a.Kind != "add column" }

// alterPartition reads a partition of ALTER TABLE, which no parenthesis ends.
func (p *parser) alterPartition() *ir.Partition {
	i := p.Next()
	n := &ir.Partition{}
	if p.isName() && !p.is("VALUES") {
		n.Name = p.ident()
	}
	if p.Accept(kValues) {
		p.partitionValues(n)
	}
	for p.Kind() != kComma && p.Kind() != kEOF && p.Kind() != kSemi {
		switch {
		case p.Kind() == kLP && p.isAt(p.Pos+1, "SUBPARTITION"):
			n.Subs = p.partitions("SUBPARTITION")
		case p.Kind() == kLP:
			p.parens()
		default:
			p.Next()
		}
	}
	n.Span = p.SpanFrom(i)
	return n
}

// addItem reads a column or constraint of ADD.
func (p *parser) addItem() []*ir.AlterAction {
	i := p.Pos
	if p.atConstraint() {
		c := p.constraint()
		a := &ir.AlterAction{Key: c.key, Foreign: c.foreign, Check: c.check}
		switch {
		case c.key != nil:
			a.Kind = "add key"
		case c.foreign != nil:
			a.Kind = "add foreign"
		default:
			a.Kind = "add check"
		}
		a.Span = p.SpanFrom(i)
		return one(a)
	}
	c, refs := p.columnDef(false)
	out := one(&ir.AlterAction{PartMeta: p.sincePart(i), Kind: "add column", Column: c})
	for _, f := range refs {
		out = append(out, &ir.AlterAction{PartMeta: part(f.Span), Kind: "add foreign", Foreign: f})
	}
	return out
}

// modifyActions reads on behind MODIFY.
func (p *parser) modifyActions(i int) []*ir.AlterAction {
	switch {
	case p.acceptWords("CONSTRAINT"), p.isWords("PRIMARY", "KEY"), p.is("UNIQUE") && p.Ahead(1) == kLP:
		return one(p.constraintChange(i))
	case p.is("PARTITION"), p.is("SUBPARTITION"), p.isWords("DEFAULT", "ATTRIBUTES"), p.is("LOB"), p.isWords("NESTED", "TABLE"), p.is("VARRAY"), p.is("OPAQUE"):
		what := p.wordsFrom(p.Pos, p.Pos+1)
		p.soup()
		if what == "LOB" || what == "DEFAULT" {
			return one(&ir.AlterAction{Kind: "option", Text: p.Source(i)})
		}
		p.giveUp(i, codeConstruct, "ALTER TABLE MODIFY "+what)
	}
	p.acceptWord("COLUMN")
	if !p.Accept(kLP) {
		return p.modifyColumn()
	}
	var out []*ir.AlterAction
	for more := true; more; more = p.Accept(kComma) {
		out = append(out, p.modifyColumn()...)
	}
	p.Expect(kRP)
	return out
}

// modifyColumn reads a column of MODIFY: what is not named stays as it is.
func (p *parser) modifyColumn() []*ir.AlterAction {
	i := p.Pos
	visible := p.isAt(i+1, "VISIBLE")
	c, refs := p.columnDef(true)
	if c.Invisible || visible {
		p.giveUp(i, codeConstruct, "a change of a column's visibility")
	}
	out := one(&ir.AlterAction{PartMeta: p.sincePart(i), Kind: "alter column", Column: c, Old: c.Name})
	for _, f := range refs {
		out = append(out, &ir.AlterAction{PartMeta: part(f.Span), Kind: "add foreign", Foreign: f})
	}
	return out
}

// constraintOf reads which constraint is meant: a name (CONSTRAINT was read), PRIMARY KEY, or UNIQUE (columns), which are in Key.
func (p *parser) constraintOf() *ir.AlterAction {
	a := &ir.AlterAction{}
	switch {
	case p.acceptWords("PRIMARY", "KEY"):
		a.Key = &ir.KeyDef{Kind: catalog.Primary}
	case p.acceptWord("UNIQUE"):
		a.Key = &ir.KeyDef{Kind: catalog.Unique}
		for _, id := range p.parenIdents() {
			a.Key.Parts = append(a.Key.Parts, &ir.KeyPart{Column: id, Nulls: ir.NullsLast})
		}
	default:
		a.Old = p.ident()
	}
	return a
}

// dropActions reads on behind DROP.
func (p *parser) dropActions(i int) []*ir.AlterAction {
	switch {
	case p.acceptWord("COLUMN"), p.Kind() == kLP:
		return p.dropColumns()
	case p.acceptWords("UNUSED", "COLUMNS"), p.acceptWords("COLUMNS", "CONTINUE"), p.acceptWord("SUPPLEMENTAL"):
		p.soup()
		return one(&ir.AlterAction{Kind: "option", Text: p.Source(i)})
	case p.acceptWord("CONSTRAINT"):
		a := &ir.AlterAction{Kind: "drop constraint"}
		a.IfExists = p.acceptWords("IF", "EXISTS")
		a.Old = p.ident()
		p.dropTail(a)
		return one(a)
	case p.acceptWords("PRIMARY", "KEY"):
		a := &ir.AlterAction{Kind: "drop primary"}
		p.dropTail(a)
		return one(a)
	case p.is("UNIQUE"):
		a := p.constraintOf()
		a.Kind = "drop unique"
		p.dropTail(a)
		return one(a)
	case p.is("PARTITION"), p.is("PARTITIONS"):
		return one(p.partitionNames(i, "drop partition"))
	}
	p.soup()
	p.giveUp(i, codeConstruct, "ALTER TABLE DROP of this kind")
	return nil
}

// dropTail reads CASCADE and what becomes of the index.
func (p *parser) dropTail(a *ir.AlterAction) {
	for {
		switch {
		case p.acceptWord("CASCADE"):
			a.Text = "cascade"
		case p.acceptWords("KEEP", "INDEX"), p.acceptWords("DROP", "INDEX"), p.acceptWord("ONLINE"):
		default:
			return
		}
	}
}

// dropColumns reads the columns that are dropped or set unused.
func (p *parser) dropColumns() []*ir.AlterAction {
	p.acceptWord("COLUMN")
	var ids []ir.Ident
	if p.Kind() == kLP {
		ids = p.parenIdents()
	} else {
		ids = []ir.Ident{p.anyIdent()}
	}
	a := ""
	for {
		switch {
		case p.acceptWords("CASCADE", "CONSTRAINTS"):
			a = "cascade"
			continue
		case p.acceptWord("INVALIDATE"), p.acceptWord("ONLINE"):
			continue
		case p.acceptWord("CHECKPOINT"):
			p.Accept(kNumber)
			continue
		}
		break
	}
	var out []*ir.AlterAction
	for _, id := range ids {
		out = append(out, &ir.AlterAction{Kind: "drop column", Old: id, Text: a})
	}
	return out
}

// partitionNames reads PARTITION names, and how indexes are kept.
func (p *parser) partitionNames(i int, kind string) *ir.AlterAction {
	if p.acceptAny("PARTITION", "PARTITIONS") == "" {
		p.soup()
		p.giveUp(i, codeConstruct, "a change of subpartitions")
	}
	if p.is("FOR") {
		p.soup()
		p.giveUp(i, codeConstruct, "a change of the partition for a value")
	}
	a := &ir.AlterAction{Kind: kind, Names: append([]ir.Ident(nil), p.identList()...)}
	for p.isWord() {
		switch {
		case p.acceptWords("UPDATE", "GLOBAL", "INDEXES"), p.acceptWords("UPDATE", "INDEXES"), p.acceptWords("INVALIDATE", "GLOBAL", "INDEXES"):
		case p.acceptWords("DROP", "ALL", "STORAGE"), p.acceptWords("DROP", "STORAGE"), p.acceptWords("REUSE", "STORAGE"):
		case p.acceptWord("CASCADE"):
			p.giveUp(i, codeConstruct, "a change of partitions with CASCADE")
		default:
			return a
		}
	}
	return a
}

// renameAction reads on behind RENAME.
func (p *parser) renameAction(i int) *ir.AlterAction {
	switch {
	case p.Accept(kTo):
		return &ir.AlterAction{Kind: "rename", New: p.qname()}
	case p.acceptWord("COLUMN"):
		a := &ir.AlterAction{Kind: "rename column", Old: p.anyIdent()}
		p.Expect(kTo)
		from := p.Pos
		id := p.anyIdent()
		a.New = ir.QName{Parts: p.oneName(id), Span: p.SpanFrom(from)}
		return a
	case p.acceptWord("CONSTRAINT"):
		a := &ir.AlterAction{Kind: "rename constraint", Old: p.ident()}
		p.Expect(kTo)
		a.New = p.qname()
		return a
	}
	if p.is("PARTITION") && !p.isWords("PARTITION", "FOR") {
		p.Next()
		a := &ir.AlterAction{Kind: "rename partition", Old: p.ident()}
		p.Expect(kTo)
		a.New = p.qname()
		return a
	}
	p.soup()
	p.giveUp(i, codeConstruct, "ALTER TABLE RENAME of a partition")
	return nil
}
