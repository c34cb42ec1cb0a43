package oracle

import (
	"godwit/ir"
	"godwit/ir/catalog"
)

// columnDef reads a column, and the foreign keys that stand at it. change tells that it is one of ALTER TABLE ... MODIFY, which names only
// what changes.
func (p *parser) columnDef(change bool) (*ir.ColumnDef, []*ir.ForeignKeyDef) {
	i := p.Pos
	c := &ir.ColumnDef{Name: p.anyIdent()}
	var refs []*ir.ForeignKeyDef
	if p.atColumnType() {
		c.Type = p.dataType()
		c.ByteLength = p.At(p.Pos-1).Kind == kRP && p.upper(p.Pos-2) == "BYTE"
	}
	for {
		from := p.Pos
		switch {
		case p.acceptWord("SORT"), p.acceptWord("VISIBLE"), p.acceptWord("VIRTUAL"), p.acceptWords("NOT", "SUBSTITUTABLE", "AT", "ALL", "LEVELS"):
		case p.acceptWord("INVISIBLE"):
			c.Invisible = true
		case p.acceptWord("COLLATE"):
			c.Collation = p.ident().Text
		case p.acceptWord("ENCRYPT"):
			p.encryption()
		case p.acceptWord("DECRYPT"):
		case p.acceptWord("ANNOTATIONS"):
			p.parens()
		case p.Accept(kDefault):
			p.columnDefault(c)
		case p.isWords("DROP", "IDENTITY"):
			p.Pos += 2
			p.giveUp(from, codeConstruct, "DROP IDENTITY")
		case p.is("GENERATED"), p.Kind() == kAs:
			p.generated(c)
		case p.acceptWords("EVALUATE", "USING"), p.acceptWord("UNUSABLE"):
			p.skipItem()
		case p.atConstraint(), p.Kind() == kNull, p.Kind() == kNot, p.Kind() == kReferences, p.is("SCOPE"), p.isWords("WITH", "ROWID"):
			if f := p.columnConstraint(c); f != nil {
				refs = append(refs, f)
			}
		default:
			c.Span = p.SpanFrom(i)
			p.comments(c, i)
			return c, refs
		}
	}
}

// atColumnType tells that the type of a column follows its name, which virtual columns and changes may leave out.
func (p *parser) atColumnType() bool {
	switch p.Kind() {
	case kComma, kRP, kDefault, kAs, kNot, kNull, kConstraint, kPrimary, kUnique, kCheck, kReferences, kEOF, kSemi:
		return false
	case kIdent:
		for _, w := range []string{"GENERATED", "INVISIBLE", "VISIBLE", "ENCRYPT", "DECRYPT", "COLLATE", "SORT"} {
			if p.is(w) {
				return false
			}
		}
	case kDrop, kWith:
		return false
	}
	return true
}

// encryption reads on behind ENCRYPT.
func (p *parser) encryption() {
	if p.acceptWord("USING") {
		p.str()
	}
	if p.acceptWords("IDENTIFIED", "BY") {
		p.Next()
	}
	if p.Kind() == kString {
		p.Next()
	}
	if p.acceptWord("NO") {
		p.expectWord("SALT")
	} else {
		p.acceptWord("SALT")
	}
}

// columnDefault reads on behind DEFAULT.
func (p *parser) columnDefault(c *ir.ColumnDef) {
	i := p.Pos - 1
	if p.acceptWords("ON", "NULL") {
		c.DefaultOnNull = true
		c.NotNull = true
		if p.acceptWords("FOR", "INSERT", "AND", "UPDATE") {
			p.giveUp(i, codeConstruct, "DEFAULT ON NULL FOR INSERT AND UPDATE")
		}
		p.acceptWords("FOR", "INSERT", "ONLY")
	}
	c.Default = p.bound()
}

// generated reads identities and computed columns: GENERATED ... AS, or AS alone.
func (p *parser) generated(c *ir.ColumnDef) {
	i := p.Pos
	always := true
	if p.acceptWord("GENERATED") {
		if !p.acceptWord("ALWAYS") && p.Kind() != kAs { // ALWAYS is the default
			p.expectWord("BY")
			p.expectWord("DEFAULT")
			always = false
			c.CounterOnNull = p.acceptWords("ON", "NULL")
			if p.acceptWords("FOR", "INSERT", "AND", "UPDATE") {
				p.giveUp(i, codeConstruct, "an identity of updates")
			}
			p.acceptWords("FOR", "INSERT", "ONLY")
		}
	}
	p.Expect(kAs)
	if p.acceptWord("IDENTITY") {
		c.CounterAlways, c.NotNull = always, true
		c.Counter = &ir.CreateSequence{}
		paren := p.Accept(kLP)
		for p.sequenceOption(c.Counter) {
		}
		if paren {
			p.Expect(kRP)
		}
		c.Counter.Span = p.SpanFrom(i)
		return
	}
	p.Expect(kLP)
	c.Generated, c.GenKind = p.expr(), catalog.Virtual
	p.Expect(kRP)
	if p.acceptWord("MATERIALIZED") || p.acceptWord("STORED") {
		c.GenKind = catalog.Stored
	}
}

// constraint is a constraint of a table; one of its definitions is set, or none for what is left out.
type constraint struct {
	key     *ir.KeyDef
	foreign *ir.ForeignKeyDef
	check   *ir.CheckDef
}

// atConstraint tells that a constraint begins here.
func (p *parser) atConstraint() bool {
	switch p.Kind() {
	case kConstraint:
		// A column may be named so: utlexcpt.sql, the script for the table of EXCEPTIONS INTO, has CONSTRAINT VARCHAR2(128).
		k := p.Ahead(2)
		return nameKinds[p.Ahead(1)] != 0 && k != kComma && k != kLP && k != kRP
	case kPrimary, kForeign:
		return p.Ahead(1) == kKey
	case kUnique, kCheck:
		return true
	}
	return false
}

// constraintName reads CONSTRAINT name if it is there.
func (p *parser) constraintName() (id ir.Ident) {
	if p.Accept(kConstraint) {
		return p.anyIdent()
	}
	return id
}

// columnConstraint reads a constraint at a column; the foreign key is nil for all others.
func (p *parser) columnConstraint(c *ir.ColumnDef) *ir.ForeignKeyDef {
	i := p.Pos
	name := p.constraintName()
	switch {
	case p.acceptWords("NOT", "NULL"):
		c.NotNull = true
		c.NullName, c.NullState = name, p.constraintState()
	case p.Accept(kNull):
		c.NullWord = true
		p.constraintState()
	case p.acceptWords("PRIMARY", "KEY"):
		c.Primary, c.KeyName = true, name
		c.KeyState = p.constraintState()
	case p.Accept(kUnique):
		c.Unique, c.KeyName = true, name
		c.KeyState = p.constraintState()
	case p.Accept(kCheck):
		c.Checks = append(c.Checks, p.checkDef(i, name))
	case p.Kind() == kReferences:
		f := &ir.ForeignKeyDef{Name: name, Columns: []ir.Ident{c.Name}}
		p.references(f)
		f.Span = p.SpanFrom(i)
		return f
	default:
		p.skipItem()
		p.giveUp(i, codeType, "REF, a pointer to a row")
	}
	return nil
}

// constraint reads a constraint of a table.
func (p *parser) constraint() *constraint {
	i := p.Pos
	name := p.constraintName()
	switch {
	case p.acceptWords("PRIMARY", "KEY"):
		return &constraint{key: p.keyDef(i, catalog.Primary, name)}
	case p.Accept(kUnique):
		return &constraint{key: p.keyDef(i, catalog.Unique, name)}
	case p.Accept(kCheck):
		return &constraint{check: p.checkDef(i, name)}
	case p.acceptWords("FOREIGN", "KEY"):
		f := &ir.ForeignKeyDef{Name: name, Columns: p.parenIdents()}
		p.references(f)
		f.Span = p.SpanFrom(i)
		p.comments(f, i)
		return &constraint{foreign: f}
	}
	p.Fail("PRIMARY KEY", "UNIQUE", "FOREIGN KEY", "CHECK")
	return nil
}

// keyDef reads on behind PRIMARY KEY or UNIQUE.
func (p *parser) keyDef(i int, kind catalog.KeyKind, name ir.Ident) *ir.KeyDef {
	k := &ir.KeyDef{Kind: kind, Name: name, PartNulls: kind == catalog.Unique}
	p.Expect(kLP)
	for more := true; more; more = p.Accept(kComma) {
		from := p.Pos
		part := &ir.KeyPart{Column: p.ident(), Nulls: ir.NullsLast}
		part.PartMeta = p.sincePart(from)
		k.Parts = append(k.Parts, part)
	}
	p.Expect(kRP)
	k.State = p.constraintState()
	k.Span = p.SpanFrom(i)
	p.comments(k, i)
	return k
}

// checkDef reads on behind CHECK.
func (p *parser) checkDef(i int, name ir.Ident) *ir.CheckDef {
	p.Expect(kLP)
	c := &ir.CheckDef{Name: name, Expr: p.expr()}
	p.Expect(kRP)
	p.acceptAny("PRECHECK", "NOPRECHECK")
	c.State = p.constraintState()
	c.Span = p.SpanFrom(i)
	p.comments(c, i)
	return c
}

// references reads REFERENCES table (columns) ON DELETE ...
func (p *parser) references(f *ir.ForeignKeyDef) {
	p.Expect(kReferences)
	f.RefTable = p.qname()
	f.RefColumns = p.maybeParenIdents()
	if p.acceptWords("ON", "DELETE") {
		switch {
		case p.acceptWord("CASCADE"):
			f.OnDelete = "CASCADE"
		case p.acceptWords("SET", "NULL"):
			f.OnDelete = "SET NULL"
		case p.acceptWords("NO", "ACTION"):
			f.OnDelete = "NO ACTION"
		default:
			p.Fail("CASCADE", "SET NULL")
		}
	}
	f.State = p.constraintState()
}

// constraintState reads the state of a constraint, and what concerns its index.
func (p *parser) constraintState() (s ir.ConstraintState) {
	for {
		switch {
		case p.acceptWords("NOT", "DEFERRABLE"), p.acceptWords("INITIALLY", "IMMEDIATE"), p.acceptWord("VALIDATE"), p.acceptWord("NORELY"):
		case p.acceptWord("ENABLE"):
			s.Disabled = false
		case p.acceptWord("DEFERRABLE"):
			s.Deferrable = true
		case p.acceptWords("INITIALLY", "DEFERRED"):
			s.Deferrable, s.Deferred = true, true
		case p.acceptWord("DISABLE"):
			s.Disabled = true
		case p.acceptWord("NOVALIDATE"):
			s.NoValidate = true
		case p.acceptWord("RELY"):
			s.Rely = true
		case p.constraintStorage():
		default:
			return s
		}
	}
}

// constraintStorage reads USING INDEX and EXCEPTIONS INTO; false if neither stands here.
func (p *parser) constraintStorage() bool {
	switch {
	case p.isWords("EXCEPTIONS", "INTO"):
		p.giveUp(p.Pos, codeConstruct, "EXCEPTIONS INTO, a table of the rows that break a constraint,")
	case p.acceptWords("CASCADE"), p.acceptWords("KEEP", "INDEX"), p.acceptWords("DROP", "INDEX"):
		return true
	case !p.acceptWords("USING", "INDEX"):
		return false
	}
	if p.Kind() == kLP {
		p.parens()
		return true
	}
	if p.isName() && !p.atIndexOption() {
		p.qname()
	}
	for p.atIndexOption() {
		p.indexOption()
	}
	return true
}
