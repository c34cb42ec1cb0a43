package oracle

import (
	"strings"

	"godwit/ir"
	"godwit/ir/source"
)

// queryStmt reads a query as a statement of a script.
func (p *parser) queryStmt() ir.Stmt {
	i := p.Pos
	q := p.query()
	if len(q.Common().Into) > 0 {
		return &ir.SelectInto{StmtMeta: p.sinceStmt(i), Query: q}
	}
	return &ir.QueryStmt{StmtMeta: p.sinceStmt(i), Query: q}
}

// dml reads a statement that changes rows.
func (p *parser) dml() ir.Stmt {
	old := p.inSQL()
	var s ir.Stmt
	switch p.Kind() {
	case kInsert:
		s = p.insertStmt()
	case kUpdate:
		s = p.updateStmt()
	case kDelete:
		s = p.deleteStmt()
	default:
		s = p.mergeStmt()
	}
	p.sql = old
	return s
}

// modifiers takes the hints behind the first word of a statement. Those that let a statement skip rows are no mere hints.
func (p *parser) modifiers(i int) []string {
	hints := p.hints(i)
	for _, h := range hints {
		u := toUpper(h)
		for _, w := range []string{"IGNORE_ROW_ON_DUPKEY_INDEX", "CHANGE_DUPKEY_ERROR_INDEX", "RETRY_ON_ROW_CHANGE"} {
			if strings.Contains(u, w) {
				p.giveUp(i, codeHint, "the hint "+w)
			}
		}
	}
	return hints
}

// target reads the table that a statement changes, with its alias: a name, ONLY (name), TABLE (collection), or a query.
func (p *parser) target() ir.TableExpr {
	i := p.Pos
	switch {
	case p.Kind() == kLP:
		p.Next()
		return p.derived(i, p.query())
	case p.Kind() == kTable && p.Ahead(1) == kLP, p.Kind() == kIdent && p.is("THE") && p.Ahead(1) == kLP:
		p.Next()
		p.parens()
		p.giveUp(i, codePart, "a change of rows of a nested table")
	case p.is("ONLY") && p.Ahead(1) == kLP:
		return p.wordTable(i)
	}
	t := &ir.TableRef{Name: p.qname()}
	if p.Accept(kAt) {
		t.Link = p.dbLink()
	}
	p.partitionOf(t)
	t.Alias = p.tableAlias()
	t.Span = p.SpanFrom(i)
	return t
}

// ---- INSERT ----

// insertStmt reads INSERT of one table or several.
func (p *parser) insertStmt() ir.Stmt {
	i := p.Expect(kInsert)
	if p.Kind() == kAll || p.is("FIRST") {
		p.modifiers(i)
		return p.multiInsert(i)
	}
	mods, ignored := p.ignoredKey(i)
	if ignored == nil {
		mods = p.modifiers(i)
	}
	n := p.insertInto()
	n.Modifiers, n.IgnoredKey = mods, ignored
	switch {
	case p.Kind() == kValues:
		p.insertValues(n)
	case p.Kind() == kSelect || p.Kind() == kWith || p.Kind() == kLP:
		n.Source = p.query()
	case p.Kind() == kSet && n.Columns == nil:
		p.insertSet(n)
	case p.Kind() == kBy && p.isAt(p.Pos+1, "NAME") && n.Columns == nil:
		p.insertByName(n)
	default:
		p.Fail("VALUES", "a query")
	}
	n.Returning, n.Into, n.Bulk = p.returning()
	n.LogErrors = p.logErrors()
	n.Span = p.SpanFrom(i)
	return n
}

// insertInto reads INTO table [(columns)].
func (p *parser) insertInto() *ir.Insert {
	p.Expect(kInto)
	n := &ir.Insert{}
	t := p.target()
	d, view := t.(*ir.Derived)
	if !view {
		n.Table, _ = t.(*ir.TableRef)
	}
	if p.Kind() == kLP && !p.queryBehind(0) {
		n.Columns = p.columnGroup()
	}
	if view {
		p.insertIntoQuery(n, d)
	}
	if n.Table == nil {
		p.giveUpAt(t.Base().Span, "INSERT into a query that is no plain list of a table's columns")
	}
	if n.Table.Alias.Text != "" {
		p.bareColumns(n.Columns)
	}
	return n
}

// bareColumns takes the alias of the table off the columns of an INSERT.
func (p *parser) bareColumns(l []*ir.Name) {
	for _, c := range l {
		if len(c.Parts) > 1 {
			c.Parts = c.Parts[len(c.Parts)-1:]
		}
	}
}

// insertIntoQuery makes a query of columns of one table that table with these columns.
func (p *parser) insertIntoQuery(n *ir.Insert, d *ir.Derived) {
	s, ok := d.Query.(*ir.Select)
	if !ok || len(s.From) != 1 || s.With != nil || s.Distinct || s.GroupBy != nil || s.Connect != nil || s.Limit != nil {
		return
	}
	t, ok := s.From[0].(*ir.TableRef)
	if !ok {
		return
	}
	columns := map[string]*ir.Name{}
	var all []*ir.Name
	for _, it := range s.Items {
		c, ok := it.Expr.(*ir.Name)
		if !ok {
			if _, star := it.Expr.(*ir.Star); star && len(s.Items) == 1 {
				n.Table = t
			}
			return
		}
		name := c.Parts[len(c.Parts)-1].Text
		if it.Alias.Text != "" {
			name = it.Alias.Text
		}
		columns[name] = c
		all = append(all, c)
	}
	if n.Columns == nil {
		n.Columns = all
	} else {
		for i, c := range n.Columns {
			if n.Columns[i] = columns[c.Parts[len(c.Parts)-1].Text]; n.Columns[i] == nil {
				return
			}
		}
	}
	p.bareColumns(n.Columns)
	n.Table = t
}

// insertValues reads VALUES (...) [, (...)], or VALUES record.
func (p *parser) insertValues(n *ir.Insert) {
	if p.Ahead(1) == kLP {
		n.Source = p.valuesQuery()
		return
	}
	p.Next()
	n.Record = p.expr()
}

// insertSet reads SET column = value, ... or SET (column = value, ...), (...), which Oracle 23ai has: every row names the same columns.
func (p *parser) insertSet(n *ir.Insert) {
	i := p.Expect(kSet)
	v := &ir.Values{}
	for more := true; more; more = p.Accept(kComma) {
		j, paren := p.Pos, p.Accept(kLP)
		list := p.assigns()
		if paren {
			p.Expect(kRP)
		}
		row := &ir.RowExpr{}
		for k, a := range list {
			switch {
			case len(a.Columns) > 0, len(v.Rows) > 0 && (len(list) != len(n.Columns) || a.Column.Parts[len(a.Column.Parts)-1].Text != n.Columns[k].Parts[0].Text):
				p.giveUp(i, codePart, "INSERT ... SET of rows with other columns")
			case len(v.Rows) == 0:
				n.Columns = append(n.Columns, a.Column)
			}
			row.Items = append(row.Items, a.Value)
		}
		row.Span = p.SpanFrom(j)
		p.bareColumns(n.Columns)
		v.Rows = append(v.Rows, row)
		if !paren {
			break
		}
	}
	v.Span = p.SpanFrom(i)
	n.Source = v
}

// insertByName reads BY NAME query, which Oracle 23ai has: what a column takes has its name, or its alias.
func (p *parser) insertByName(n *ir.Insert) {
	i := p.Next()
	p.Next()
	n.Source = p.query()
	s, ok := n.Source.(*ir.Select)
	if !ok {
		p.giveUp(i, codePart, "INSERT ... BY NAME of a set operation")
	}
	for _, it := range s.Items {
		name := it.Alias
		if x, ok := it.Expr.(*ir.Name); ok && name.Text == "" {
			name = x.Parts[len(x.Parts)-1]
		}
		if name.Text == "" {
			p.giveUp(i, codePart, "INSERT ... BY NAME of a value without a name")
		}
		c := &ir.Name{Parts: []ir.Ident{name}}
		c.Span = it.Span
		n.Columns = append(n.Columns, c)
	}
}

// multiInsert reads on behind INSERT: ALL or FIRST with branches, and the query.
func (p *parser) multiInsert(i int) ir.Stmt {
	m := &ir.MultiInsert{First: p.Kind() != kAll}
	p.Next()
	if p.Kind() == kInto {
		m.Branches = []*ir.InsertBranch{p.insertBranch(nil, p.Pos)}
	}
	for p.Kind() == kWhen {
		j := p.Next()
		cond := p.expr()
		p.Expect(kThen)
		m.Branches = append(m.Branches, p.insertBranch(cond, j))
	}
	if j := p.Pos; p.Accept(kElse) {
		b := p.insertBranch(nil, j)
		b.Else = true
		m.Branches = append(m.Branches, b)
	}
	m.Query = p.query()
	m.Span = p.SpanFrom(i)
	return m
}

func (p *parser) insertBranch(when ir.Expr, i int) *ir.InsertBranch {
	b := &ir.InsertBranch{When: when}
	for more := true; more; more = p.Kind() == kInto {
		j := p.Pos
		n := p.insertInto()
		if p.Kind() == kValues {
			p.insertValues(n)
		}
		n.LogErrors = p.logErrors()
		n.Span = p.SpanFrom(j)
		b.Inserts = append(b.Inserts, n)
	}
	b.Span = p.SpanFrom(i)
	return b
}

// returning reads RETURNING values [BULK COLLECT] INTO targets if it stands here.
func (p *parser) returning() (items []*ir.SelectItem, into []ir.Expr, bulk bool) {
	if p.Kind() != kReturning && p.Kind() != kReturn {
		return nil, nil, false
	}
	i := p.Next()
	for more := true; more; more = p.Accept(kComma) {
		j := p.Pos
		if (p.is("OLD") || p.is("NEW")) && (p.Ahead(1) == kIdent || p.Ahead(1) == kQIdent) {
			p.Next()
			p.giveUp(i, codePart, "RETURNING OLD and NEW")
		}
		n := &ir.SelectItem{Expr: p.expr()}
		n.Span = p.SpanFrom(j)
		items = append(items, n)
	}
	if into, bulk = p.intoClause(); into == nil {
		p.Fail("INTO", "BULK COLLECT INTO")
	}
	return items, into, bulk
}

// logErrors reads LOG ERRORS [INTO table] [(tag)] [REJECT LIMIT n] if it stands here.
func (p *parser) logErrors() *ir.LogErrors {
	i := p.Pos
	if !p.acceptWords("LOG", "ERRORS") {
		return nil
	}
	l := &ir.LogErrors{}
	if p.Accept(kInto) {
		l.Into = p.qname()
	}
	if p.Accept(kLP) {
		l.Tag = p.expr()
		p.Expect(kRP)
	}
	if p.acceptWords("REJECT", "LIMIT") {
		l.Limit = p.expr()
	}
	l.Span = p.SpanFrom(i)
	return l
}

// ---- UPDATE and DELETE ----

func (p *parser) updateStmt() ir.Stmt {
	i := p.Expect(kUpdate)
	u := &ir.Update{Order: ir.Simultaneous, Modifiers: p.modifiers(i)}
	u.Tables = []ir.TableExpr{p.target()}
	p.Expect(kSet)
	switch {
	case p.Kind() == kRow && p.Ahead(1) == kEq:
		p.Pos += 2
		u.SetRow = p.expr()
	case p.is("VALUE") && p.Ahead(1) == kLP:
		p.Next()
		p.parens()
		p.giveUp(i, codePart, "UPDATE of an object table")
	default:
		u.Sets = p.assigns()
	}
	if p.Accept(kFrom) {
		u.Tables, u.Once = append(u.Tables, p.from()...), true
	}
	u.Where, u.WhereCurrentOf = p.changedRows()
	u.Returning, u.Into, u.Bulk = p.returning()
	u.LogErrors = p.logErrors()
	u.Span = p.SpanFrom(i)
	return u
}

func (p *parser) assigns() []*ir.Assign {
	var out []*ir.Assign
	for more := true; more; more = p.Accept(kComma) {
		out = append(out, p.assign())
	}
	return out
}

// assign reads column = value, or (columns) = (query).
func (p *parser) assign() *ir.Assign {
	i := p.Pos
	a := &ir.Assign{}
	if p.Kind() == kLP {
		a.Columns = p.columnGroup()
		a.Column = a.Columns[0]
	} else {
		a.Column = p.colRef()
	}
	p.Expect(kEq)
	a.Value = p.expr()
	if len(a.Columns) == 1 {
		a.Columns = nil
	}
	a.Span = p.SpanFrom(i)
	p.comments(a, i)
	return a
}

// changedRows reads WHERE of UPDATE and DELETE.
func (p *parser) changedRows() (where ir.Expr, cursor string) {
	if !p.Accept(kWhere) {
		return nil, ""
	}
	if p.Kind() == kCurrent && p.Ahead(1) == kOf {
		p.Pos += 2
		return nil, p.qname().String()
	}
	return p.expr(), ""
}

func (p *parser) deleteStmt() ir.Stmt {
	i := p.Expect(kDelete)
	d := &ir.Delete{Modifiers: p.modifiers(i)}
	p.Accept(kFrom)
	d.From = []ir.TableExpr{p.target()}
	if p.Accept(kFrom) {
		if _, table := d.From[0].(*ir.TableRef); !table {
			p.giveUp(i, codePart, "DELETE from a query with a second FROM")
		}
		d.From, d.Once = append(d.From, p.from()...), true
	}
	d.Where, d.WhereCurrentOf = p.changedRows()
	d.Returning, d.Into, d.Bulk = p.returning()
	d.LogErrors = p.logErrors()
	d.Span = p.SpanFrom(i)
	return d
}

// ---- MERGE ----

func (p *parser) mergeStmt() ir.Stmt {
	i := p.Expect(kMerge)
	p.modifiers(i)
	p.Expect(kInto)
	m := &ir.Merge{Into: p.target()}
	p.Expect(kUsing)
	m.Using = p.tableFactor()
	p.Expect(kOn)
	m.On = p.expr()
	for p.Kind() == kWhen {
		j := p.Next()
		switch {
		case p.acceptWord("MATCHED") && m.Update == nil:
			m.Update = p.mergeUpdate(j)
		case p.Accept(kNot) && m.Insert == nil:
			m.Insert = p.mergeInsert(j)
		default:
			p.Fail("MATCHED", "NOT MATCHED")
		}
	}
	if j := p.Pos; p.Kind() == kReturning || p.Kind() == kReturn {
		p.Next()
		p.giveUp(j, codePart, "MERGE ... RETURNING")
	}
	m.LogErrors = p.logErrors()
	m.Span = p.SpanFrom(i)
	return m
}

// mergeUpdate reads on behind WHEN MATCHED.
func (p *parser) mergeUpdate(i int) *ir.MergeUpdate {
	p.Expect(kThen)
	p.Expect(kUpdate)
	p.Expect(kSet)
	u := &ir.MergeUpdate{Sets: p.assigns()}
	if p.Accept(kWhere) {
		u.Where = p.expr()
	}
	if p.Accept(kDelete) {
		p.Expect(kWhere)
		u.DeleteWhere = p.expr()
	}
	u.Span = p.SpanFrom(i)
	return u
}

// mergeInsert reads on behind WHEN NOT.
func (p *parser) mergeInsert(i int) *ir.MergeInsert {
	p.expectWord("MATCHED")
	p.Expect(kThen)
	p.Expect(kInsert)
	n := &ir.MergeInsert{}
	if p.Kind() == kLP {
		n.Columns = p.columnGroup()
	}
	p.Expect(kValues)
	n.Values = p.parenExprs()
	if p.Accept(kWhere) {
		n.Where = p.expr()
	}
	n.Span = source.Cover(p.Span(i), p.SpanFrom(i))
	return n
}
