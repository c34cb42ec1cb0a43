package oracle

import (
	"godwit/ir"
	"godwit/ir/catalog"
)

// createTable reads CREATE TABLE from the word TABLE on. temp is the kind of a temporary table, "" for all others.
func (p *parser) createTable(h *createHead, temp string) ir.Stmt {
	p.Expect(kTable)
	p.ifNotExists(h)
	n := &ir.CreateTable{Name: p.qname(), IfNotExists: h.ifNotExists, OrReplace: h.orReplace, Temporary: temp != "", TempKind: temp}
	switch temp {
	case "global":
		n.OnCommit = "DELETE ROWS"
	case "private":
		n.OnCommit = "DROP"
	}
	if p.acceptWord("SHARING") {
		p.Expect(kEq)
		p.Next()
	}
	if p.Accept(kOf) {
		n.OfType = p.qname()
	}
	if p.Kind() == kLP {
		p.tableParts(n)
	}
	for p.Kind() != kEOF && p.Kind() != kSemi && n.As == nil {
		p.tableOption(n)
	}
	if len(n.Columns) == 0 && n.As == nil && len(n.OfType.Parts) == 0 {
		p.Fail("columns of the table")
	}
	n.Span = p.SpanFrom(h.start)
	return n
}

// tableParts reads the columns and constraints of a table in parentheses.
func (p *parser) tableParts(n *ir.CreateTable) {
	p.Expect(kLP)
	for more := true; more; more = p.Accept(kComma) {
		switch {
		case p.atConstraint():
			p.addConstraint(n, p.constraint())
		case p.acceptWord("SUPPLEMENTAL"):
			p.skipItem()
		case p.isWords("PERIOD", "FOR"):
			i := p.Pos
			p.skipItem()
			p.report(codeBehaviour, p.SpanFrom(i), "PERIOD FOR is left out: queries AS OF PERIOD and rows that are hidden by their time are not converted")
		case p.isWords("SCOPE", "FOR"), p.is("REF") && p.Ahead(1) == kLP:
			i := p.Pos
			p.skipItem()
			p.giveUp(i, codeType, "REF, a pointer to a row")
		default:
			p.tableColumn(n)
		}
	}
	p.Expect(kRP)
}

// skipItem steps over everything up to the comma or parenthesis that ends an item of a list.
func (p *parser) skipItem() {
	for k := p.Kind(); k != kComma && k != kRP && k != kEOF && k != kSemi; k = p.Kind() {
		if k == kLP {
			p.parens()
			continue
		}
		p.Next()
	}
}

// tableColumn reads a column of CREATE TABLE.
func (p *parser) tableColumn(n *ir.CreateTable) {
	c, refs := p.columnDef(false)
	n.Columns = append(n.Columns, c)
	n.ForeignKeys = append(n.ForeignKeys, refs...)
}

// addConstraint puts a constraint into its list.
func (p *parser) addConstraint(n *ir.CreateTable, c *constraint) {
	switch {
	case c.key != nil:
		n.Keys = append(n.Keys, c.key)
	case c.foreign != nil:
		n.ForeignKeys = append(n.ForeignKeys, c.foreign)
	case c.check != nil:
		n.Checks = append(n.Checks, c.check)
	}
}

// tableOption reads a clause behind the columns. What concerns storage is left out: it changes no result.
func (p *parser) tableOption(n *ir.CreateTable) {
	i := p.Pos
	switch {
	case p.Accept(kAs):
		n.As = p.query()
	case p.isWords("ON", "COMMIT"):
		p.onCommit(n)
	case p.isWords("PARTITION", "BY"):
		n.Partition = p.tablePartitions()
	case p.isWords("PARTITIONSET", "BY"):
		p.soup()
		p.giveUp(i, codeConstruct, "PARTITIONSET")
	case p.acceptWord("ORGANIZATION"):
		p.organization(n, i)
	case p.acceptWord("CLUSTER"):
		p.qname()
		p.parens()
		n.Organization, n.Soup = "cluster", p.Source(i)
	case p.acceptWords("READ", "ONLY"):
		n.ReadOnly = true
	case p.acceptWords("ROW", "ARCHIVAL"):
		p.report(codeBehaviour, p.SpanFrom(i), "ROW ARCHIVAL is left out: rows that are archived are not hidden")
	case p.is("ENABLE") || p.is("DISABLE"):
		p.enableClause(n)
	case p.acceptWord("STORE"), p.acceptWord("RETURN"):
		p.acceptWord("AS")
	default:
		p.storageWord()
	}
}

// onCommit reads what ON COMMIT does with a temporary table.
func (p *parser) onCommit(n *ir.CreateTable) {
	p.Pos += 2
	switch {
	case p.acceptWords("DELETE", "ROWS"):
		n.OnCommit = "DELETE ROWS"
	case p.acceptWords("PRESERVE", "ROWS"), p.acceptWords("PRESERVE", "DEFINITION"):
		n.OnCommit = "PRESERVE ROWS"
	case p.acceptWords("DROP", "DEFINITION"):
		n.OnCommit = "DROP"
	default:
		p.Fail("DELETE", "PRESERVE", "DROP")
	}
}

// organization reads on behind ORGANIZATION, which is the i-th token.
func (p *parser) organization(n *ir.CreateTable, i int) {
	switch {
	case p.acceptWord("HEAP"):
	case p.acceptWord("INDEX"):
		n.Organization = "index"
	case p.acceptWord("EXTERNAL"):
		if p.Kind() == kLP {
			p.parens()
		}
		if p.acceptWords("REJECT", "LIMIT") {
			p.Next()
		}
		n.Organization, n.Soup = "external", p.Source(i)
	default:
		p.Fail("HEAP", "INDEX", "EXTERNAL")
	}
}

// enableClause reads ENABLE and DISABLE of a constraint that stands among the columns, and of other things.
func (p *parser) enableClause(n *ir.CreateTable) {
	off := p.is("DISABLE")
	p.Next()
	noValidate := p.acceptWord("NOVALIDATE")
	if !noValidate {
		p.acceptWord("VALIDATE")
	}
	set := func(s *ir.ConstraintState) { s.Disabled, s.NoValidate = off, noValidate }
	switch {
	case p.acceptWords("ROW", "MOVEMENT"):
		if n.Partition != nil {
			n.Partition.Fixed = off
		}
		return
	case p.acceptWords("PRIMARY", "KEY"):
		for _, k := range n.Keys {
			if k.Kind == catalog.Primary {
				set(&k.State)
			}
		}
		for _, c := range n.Columns {
			if c.Primary {
				set(&c.KeyState)
			}
		}
	case p.acceptWord("UNIQUE"):
		cols := p.parenIdents()
		for _, k := range n.Keys {
			if k.Kind == catalog.Unique && sameColumns(k, cols) {
				set(&k.State)
			}
		}
		for _, c := range n.Columns {
			if c.Unique && len(cols) == 1 && c.Name.Text == cols[0].Text {
				set(&c.KeyState)
			}
		}
	case p.acceptWord("CONSTRAINT"):
		if s := stateOf(n, p.ident()); s != nil {
			set(s)
		}
	}
	p.constraintStorage()
}

func sameColumns(k *ir.KeyDef, cols []ir.Ident) bool {
	if len(k.Parts) != len(cols) {
		return false
	}
	for i := range cols {
		if k.Parts[i].Column.Text != cols[i].Text {
			return false
		}
	}
	return true
}

// stateOf is the state of the table's constraint of a name, nil if there is none.
func stateOf(n *ir.CreateTable, name ir.Ident) *ir.ConstraintState {
	for _, k := range n.Keys {
		if k.Name.Text == name.Text {
			return &k.State
		}
	}
	for _, f := range n.ForeignKeys {
		if f.Name.Text == name.Text {
			return &f.State
		}
	}
	for _, c := range n.Checks {
		if c.Name.Text == name.Text {
			return &c.State
		}
	}
	for _, c := range n.Columns {
		if c.KeyName.Text == name.Text {
			return &c.KeyState
		}
		for _, k := range c.Checks {
			if k.Name.Text == name.Text {
				return &k.State
			}
		}
	}
	return nil
}
