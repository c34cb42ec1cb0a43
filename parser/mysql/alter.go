package mysql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
)

func (p *parser) alterStmt() ir.Stmt {
	i := p.Expect(kAlter)
	h := &createHead{}
	ignore := false
	for {
		if p.Accept(kIgnore) {
			ignore = true
			continue
		}
		if !p.alterWord(h) {
			break
		}
	}
	switch p.Kind() {
	case kTable:
		return p.alterTable(i, ignore)
	case kView:
		h.orReplace = true // ALTER VIEW replaces the definition
		return p.createView(i, h)
	case kEvent:
		p.enterRoutine()
		if p.eventHead(h); p.Accept(kDo) {
			p.body()
		}
		return p.refuse(i, codeConstruct, "ALTER EVENT")
	case kDatabase:
		return p.alterDatabase(i)
	case kSequence:
		return p.alterSequence(i)
	case kProcedure, kFunction:
		p.soup()
		return p.refuse(i, codeConstruct, "ALTER PROCEDURE or FUNCTION")
	case kIdent:
		w := p.upper(p.Next())
		if w == "USER" {
			return p.aboutAccounts(i, "ALTER USER")
		}
		p.soup()
		return p.refuse(i, codeAdmin, "ALTER "+w)
	}
	p.Fail("TABLE", "VIEW", "EVENT", "PROCEDURE", "FUNCTION", "DATABASE")
	return nil
}

// alterDatabase reads ALTER DATABASE with a charset or collation; without a name the current one is meant.
func (p *parser) alterDatabase(i int) ir.Stmt {
	p.Next()
	d := &ir.CreateSchema{Alter: true}
	if p.isName() && !p.atOption() {
		d.Name = p.ident()
	}
	p.schemaOptions(d)
	d.Span = p.SpanFrom(i)
	return d
}

// atOption tells that a name here is the word of an option with its value.
func (p *parser) atOption() bool {
	return p.atTableOption() && p.Ahead(1) == kEq
}

// alterSequence is MariaDB's ALTER SEQUENCE.
func (p *parser) alterSequence(i int) ir.Stmt {
	p.Next()
	q := &ir.CreateSequence{Alter: true, IfExists: p.ifExists()}
	q.Name = p.qname()
	p.sequenceOptions(i, q)
	q.Span = p.SpanFrom(i)
	return q
}

func (p *parser) alterTable(i int, ignore bool) ir.Stmt {
	p.Next()
	p.ifExists()
	t := &ir.AlterTable{Table: p.target(), Ignore: ignore}
	wait := false
	if p.Kind() == kIdent && p.Ahead(1) == kNumber && p.is("WAIT") {
		p.Next()
		p.Next()
		wait = true
	}
	if p.Kind() != kSemi && p.Kind() != kEOF {
		for more := true; more; more = p.Accept(kComma) {
			j := p.Pos
			acts := p.alterSpec()
			if len(acts) > 0 {
				p.comments(acts[0], j)
			}
			t.Actions = append(t.Actions, acts...)
		}
	}
	t.Actions = apart(t.Actions)
	t.Span = p.SpanFrom(i)
	if wait {
		p.report(codeOption, t.Span, "WAIT of ALTER TABLE is left out")
	}
	return t
}

// alterSpec reads one action of ALTER TABLE; lists in it give several.
func (p *parser) alterSpec() []*ir.AlterAction {
	i := p.Pos
	n := &ir.AlterAction{}
	if p.Kind() == kAdd {
		return p.alterAdd(i, n)
	}
	if !p.alterColumn(n) {
		if out := p.alterOther(i, n); out != nil {
			return out
		}
	}
	n.Span = p.SpanFrom(i)
	n.Text = n.Span.Text()
	return []*ir.AlterAction{n}
}

// alterColumn reads actions that begin with a word of their own; false if it is none of them.
func (p *parser) alterColumn(n *ir.AlterAction) bool {
	switch p.Kind() {
	case kDrop:
		p.Next()
		p.alterDrop(n)
	case kChange, kModify:
		change := p.At(p.Next()).Kind == kChange
		p.Accept(kColumn)
		n.IfExists = p.ifExists()
		n.Kind = "modify column"
		if change {
			n.Kind, n.Old = "change column", p.ident()
		}
		col := p.columnDef()
		n.Column, n.Position, n.After = col.def, col.position, col.after
		if !change {
			n.Old = col.def.Name
		}
	case kAlter:
		p.Next()
		p.alterAlter(n)
	case kRename:
		p.Next()
		p.alterRename(n)
	case kConvert:
		p.Next()
		p.Expect(kTo)
		p.Expect(kCharset)
		p.Accept(kEq)
		if p.Kind() == kDefault {
			p.Next()
		} else {
			n.Charset = p.charsetName()
		}
		if p.Accept(kCollate) {
			p.Accept(kEq)
			n.Collation = p.charsetName()
		}
		n.Kind = "convert charset"
	case kOrder:
		p.alterOrder()
		n.Kind = "option"
	case kForce:
		p.Next()
		n.Kind = "option"
	case kLock:
		p.Next()
		p.Accept(kEq)
		p.optionValue()
		n.Kind = "option"
	default:
		return false
	}
	return true
}

// alterOrder reads ORDER BY columns. A comma may also begin the next action.
func (p *parser) alterOrder() {
	p.Next()
	p.Expect(kBy)
	for {
		p.expr()
		if !p.Accept(kDesc) {
			p.Accept(kAsc)
		}
		if p.Kind() != kComma || !nameKinds[p.Ahead(1)] {
			return
		}
		switch p.Ahead(2) {
		case kComma, kDot, kAsc, kDesc, kSemi, kEOF:
			p.Next()
		default:
			return
		}
	}
}

func (p *parser) alterAdd(i int, n *ir.AlterAction) []*ir.AlterAction {
	p.Next()
	complete := func() []*ir.AlterAction {
		n.Span = p.SpanFrom(i)
		n.Text = n.Span.Text()
		return []*ir.AlterAction{n}
	}
	switch {
	case p.Accept(kPartition):
		n.Kind, n.IfExists = "add partition", p.ifNotExists()
		if p.Kind() == kLP {
			n.Parts = p.partDefs()
		} else {
			p.Expect(kIdent)
			p.Expect(kNumber)
		}
		return complete()
	case p.Accept(kSystemVersioning):
		n.Kind = "other"
		return complete()
	}
	column := p.Accept(kColumn)
	n.IfExists = p.ifNotExists()
	if p.Kind() == kLP {
		return p.alterAddList(i, n)
	}
	if column || n.IfExists {
		p.addColumn(n)
	} else {
		p.addElem(n)
	}
	return complete()
}

// alterAddList reads ADD (a INT, b INT, KEY (a)).
func (p *parser) alterAddList(i int, n *ir.AlterAction) []*ir.AlterAction {
	var out []*ir.AlterAction
	p.Expect(kLP)
	for more := true; more; more = p.Accept(kComma) {
		j := p.Pos
		x := &ir.AlterAction{IfExists: n.IfExists}
		p.addElem(x)
		x.Span = p.SpanFrom(j)
		x.Text = "ADD " + x.Span.Text()
		out = append(out, x)
	}
	p.Expect(kRP)
	if len(out) == 1 {
		out[0].Span = p.SpanFrom(i)
		out[0].Text = out[0].Span.Text()
	}
	return out
}

func (p *parser) addColumn(n *ir.AlterAction) {
	col := p.columnDef()
	n.Kind, n.Column, n.Position, n.After = "add column", col.def, col.position, col.after
}

func (p *parser) addElem(n *ir.AlterAction) {
	switch {
	case p.Kind() == kPeriodFor:
		p.period()
		n.Kind = "other"
	case p.atConstraint():
		k := p.constraint()
		n.IfExists = n.IfExists || p.unless
		switch k := k.(type) {
		case *ir.KeyDef:
			n.Kind, n.Key = "add key", k
			if p.multiValued && k.Kind == catalog.Index {
				p.report(codeArrays, k.Span, "the index %s over the values of an array is left out", k.Name.Text)
				n.Kind, n.Key = "option", nil
			}
		case *ir.ForeignKeyDef:
			n.Kind, n.Foreign = "add foreign", k
		case *ir.CheckDef:
			n.Kind, n.Check = "add check", k
		}
	default:
		p.addColumn(n)
	}
}

func (p *parser) alterDrop(n *ir.AlterAction) {
	switch k := p.Kind(); k {
	case kPrimary:
		p.Next()
		p.Expect(kKey)
		n.Kind = "drop primary"
		return
	case kPartition:
		p.Next()
		n.Kind, n.IfExists = "drop partition", p.ifExists()
		for more := true; more; more = p.Accept(kComma) {
			i := p.Pos
			id := p.ident()
			n.Parts = append(n.Parts, &ir.Partition{PartMeta: part(p.Span(i)), Name: id})
		}
		return
	case kSystemVersioning:
		p.Next()
		n.Kind = "other"
		return
	case kPeriodFor:
		p.Next()
		n.Kind = "other"
	case kForeign:
		p.Next()
		p.Expect(kKey)
		n.Kind = "drop foreign"
	case kIndex, kKey:
		p.Next()
		n.Kind = "drop key"
	case kConstraint:
		p.Next()
		n.Kind = "drop constraint"
	case kCheck:
		p.Next()
		n.Kind = "drop check"
	default:
		p.Accept(kColumn)
		n.Kind = "drop column"
	}
	n.IfExists = p.ifExists()
	n.Old = p.ident()
	if n.Kind == "drop column" && (p.Kind() == kRestrict || p.Kind() == kCascade) {
		p.Next()
	}
}

func (p *parser) alterAlter(n *ir.AlterAction) {
	n.Kind = "other"
	switch p.Kind() {
	case kIndex:
		p.Next()
		n.IfExists = p.ifExists()
		n.Old = p.ident()
		p.Accept(kNot)
		p.Expect(kIdent)
		return
	case kConstraint, kCheck:
		p.Next()
		n.Old = p.ident()
		if !p.Accept(kNotEnforced) {
			p.Expect(kIdent)
		}
		return
	}
	p.Accept(kColumn)
	n.IfExists = p.ifExists()
	n.Old = p.ident()
	if p.Accept(kDrop) {
		p.Expect(kDefault)
		n.Kind = "alter default"
		return
	}
	p.Expect(kSet)
	if p.Accept(kDefault) {
		n.Kind, n.Expr = "alter default", p.defaultValue()
		return
	}
	p.Expect(kIdent) // VISIBLE or INVISIBLE
}

func (p *parser) alterRename(n *ir.AlterAction) {
	switch p.Kind() {
	case kColumn:
		n.Kind = "rename column"
	case kIndex, kKey:
		n.Kind = "rename key"
	default:
		if p.Kind() == kTo || p.Kind() == kAs {
			p.Next()
		}
		n.Kind, n.New = "rename", p.qname()
		return
	}
	p.Next()
	n.IfExists = p.ifExists()
	n.Old = p.ident()
	p.Expect(kTo)
	i := p.Pos
	id := p.ident()
	n.New = ir.QName{Parts: []ir.Ident{id}, Span: p.Span(i)}
}

// alterOther reads actions that are told by their words: table options, keys on and off, partition maintenance. The result is nil if
// they are the one action n.
func (p *parser) alterOther(i int, n *ir.AlterAction) []*ir.AlterAction {
	switch k := p.Kind(); {
	case k == kIdent && p.Ahead(1) == kPartition && p.is("REORGANIZE"):
		p.reorganize(n)
		return nil
	case p.Ahead(1) == kPartition && (k == kTruncate || k == kCheck || k == kIdent):
		p.partitionAction(k == kTruncate, n)
		return nil
	case k == kPartition:
		p.partitionBy()
		n.Kind = "other"
		return nil
	case k == kWith && p.Ahead(1) == kIdent:
		p.Next()
		p.Next()
		n.Kind = "other"
		return nil
	case !p.atTableOption():
		p.Fail("an action of ALTER TABLE")
	}
	var out []*ir.AlterAction
	for p.atTableOption() {
		o := p.option()
		x := &ir.AlterAction{PartMeta: p.sincePart(o.first), Kind: "option", Text: p.Source(o.first)}
		switch o.name {
		case "CHARSET":
			x.Charset = o.value
		case "COLLATE":
			x.Collation = o.value
		}
		if o.name == "WITH SYSTEM VERSIONING" || o.name == "UNION" {
			x.Kind = "other"
		}
		out = append(out, x)
	}
	n.Kind = "other"
	if p.Kind() == kPartition {
		p.partitionBy()
		return nil
	}
	switch w := p.wordsFrom(i, p.Pos); {
	case w == "DISABLE KEYS":
		n.Kind = "disable keys"
		return nil
	case w == "ENABLE KEYS":
		n.Kind = "enable keys"
		return nil
	case strings.HasPrefix(w, "REMOVE"), strings.HasPrefix(w, "DISCARD"), strings.HasPrefix(w, "IMPORT"):
		return nil
	}
	return out
}

// reorganize reads REORGANIZE PARTITION a, b INTO (definitions). Without names all partitions of a hash are meant.
func (p *parser) reorganize(n *ir.AlterAction) {
	p.Next()
	p.Next()
	n.Kind = "other"
	if p.isName() {
		n.Kind = "reorganize partition"
		n.Names = p.identList()
		p.Expect(kInto)
		n.Parts = p.partDefs()
	}
}

// partitionAction reads TRUNCATE PARTITION and the maintenance of partitions.
func (p *parser) partitionAction(truncate bool, n *ir.AlterAction) {
	p.Next()
	p.Next()
	n.Kind = "other"
	if truncate {
		n.Kind = "truncate partition"
	}
	for p.Kind() != kSemi && p.Kind() != kEOF {
		i := p.Next()
		if k := p.At(i).Kind; truncate && (k == kIdent || k == kQIdent) {
			n.Parts = append(n.Parts, &ir.Partition{PartMeta: part(p.Span(i)), Name: p.identAt(i)})
		}
	}
}
