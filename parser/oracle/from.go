package oracle

import (
	"godwit/ir"
	"godwit/ir/source"
)

// from reads the tables behind FROM. FROM DUAL is none.
func (p *parser) from() []ir.TableExpr {
	l := p.tableRefs()
	if len(l) == 1 && isDual(l[0]) {
		return nil
	}
	return l
}

// isDual tells that the table is DUAL, of one row, to which nothing is attached.
func isDual(t ir.TableExpr) bool {
	r, ok := t.(*ir.TableRef)
	if !ok || r.Link.Text != "" || r.Alias.Text != "" || r.Sample != nil || r.Flashback != "" {
		return false
	}
	n := r.Name.Parts
	return n[len(n)-1].Text == "DUAL" && (len(n) == 1 || len(n) == 2 && n[0].Text == "SYS")
}

func (p *parser) tableRefs() []ir.TableExpr {
	l := []ir.TableExpr{p.tableRef()}
	for p.Accept(kComma) {
		l = append(l, p.tableRef())
	}
	return l
}

// joinTail is a join as it was written: the operator, the table and the conditions behind it, of which all but the first belong to
// joins before it: a JOIN b JOIN c ON x ON y.
type joinTail struct {
	kind         ir.JoinKind
	natural      bool
	table        ir.TableExpr
	partL, partR []ir.Expr
	conds        []joinCond
	span         source.Span
}

type joinCond struct {
	on    ir.Expr
	using []ir.Ident
	span  source.Span
}

// pendingJoin is a join whose condition stands behind a later table.
type pendingJoin struct {
	left ir.TableExpr
	tail *joinTail
}

// tableRef reads a table with what is joined to it.
func (p *parser) tableRef() ir.TableExpr {
	cur := p.tableFactor()
	part := p.joinPartition()
	if !p.atJoin() {
		return cur
	}
	var room [4]joinTail
	tails := room[:0]
	for p.atJoin() {
		t := p.joinTail()
		t.partL, part = part, nil
		tails = append(tails, t)
	}
	return p.foldJoins(cur, tails)
}

// foldJoins makes nodes of a list of joins. Which joins have a condition is told from the right, since each ON belongs to the
// nearest open join.
func (p *parser) foldJoins(cur ir.TableExpr, tails []joinTail) ir.TableExpr {
	var open []pendingJoin
	for i := range tails {
		t := &tails[i]
		conds := t.conds
		switch {
		case t.natural || t.kind >= ir.CrossJoin:
			cur = join(cur, t, t.table, nil)
		case len(conds) == 0:
			open = append(open, pendingJoin{cur, t})
			cur = t.table
		default:
			cur = join(cur, t, t.table, &conds[0])
			conds = conds[1:]
		}
		for k := range conds {
			if len(open) == 0 {
				p.giveUpAt(conds[k].span, "a join condition without its join")
			}
			o := open[len(open)-1]
			open = open[:len(open)-1]
			cur = join(o.left, o.tail, cur, &conds[k])
		}
	}
	if len(open) > 0 {
		p.giveUpAt(open[0].tail.span, "a join without a condition")
	}
	return cur
}

// giveUpAt refuses the whole unit for what stands at a place.
func (p *parser) giveUpAt(s source.Span, what string) {
	p.refuses = true
	panic(&refusal{code: codePart, what: what, span: s})
}

func join(l ir.TableExpr, t *joinTail, r ir.TableExpr, cond *joinCond) ir.TableExpr {
	s := source.Cover(l.Base().Span, r.Base().Span)
	j := &ir.Join{L: l, R: r, Kind: t.kind, Natural: t.natural, PartitionL: t.partL, PartitionR: t.partR}
	if cond != nil {
		s = source.Cover(s, cond.span)
		j.On, j.Using = cond.on, cond.using
	}
	j.Span = s
	return j
}

// atJoin tells that a join follows.
func (p *parser) atJoin() bool {
	switch p.Kind() {
	case kJoin, kInner, kCross, kLeft, kRight, kFull, kNatural:
		return true
	case kOuter:
		return p.isAt(p.Pos+1, "APPLY")
	}
	return false
}

func (p *parser) joinTail() joinTail {
	i := p.Pos
	var t joinTail
	p.joinOp(&t)
	t.table = p.tableFactor()
	t.partR = p.joinPartition()
	for p.Kind() == kOn || p.Kind() == kUsing {
		j := p.Pos
		var c joinCond
		if p.Accept(kOn) {
			c.on = p.expr()
		} else {
			p.Next()
			c.using = p.parenIdents()
		}
		c.span = p.SpanFrom(j)
		t.conds = append(t.conds, c)
	}
	t.span = p.SpanFrom(i)
	return t
}

// joinPartition reads PARTITION BY of a partitioned outer join if it stands here.
func (p *parser) joinPartition() []ir.Expr {
	if p.Kind() != kPartition || p.Ahead(1) != kBy {
		return nil
	}
	p.Pos += 2
	return p.partitionBy()
}

// joinOp reads the words of a join.
func (p *parser) joinOp(t *joinTail) {
	t.natural = p.Accept(kNatural)
	switch p.Kind() {
	case kLeft, kRight, kFull:
		switch p.At(p.Next()).Kind {
		case kLeft:
			t.kind = ir.LeftJoin
		case kRight:
			t.kind = ir.RightJoin
		default:
			t.kind = ir.FullJoin
		}
		p.Accept(kOuter)
	case kInner:
		p.Next()
	case kCross:
		p.Next()
		t.kind = ir.CrossJoin
		if p.acceptWord("APPLY") {
			t.kind = ir.CrossApply
			return
		}
	case kOuter:
		p.Pos += 2
		t.kind = ir.OuterApply
		return
	}
	p.Expect(kJoin)
}

// tableFactor reads one item of FROM with PIVOT and UNPIVOT behind it.
func (p *parser) tableFactor() ir.TableExpr {
	t := p.plainFactor()
	for {
		switch k := p.Kind(); {
		case k == kPivot && (p.Ahead(1) == kLP || p.isAt(p.Pos+1, "XML")):
			t = p.pivot(t)
		case k == kUnpivot && (p.Ahead(1) == kLP || p.isAt(p.Pos+2, "NULLS")):
			t = p.unpivot(t)
		case k == kIdent && p.Ahead(1) == kLP && p.is("MATCH_RECOGNIZE"):
			i := p.Next()
			p.parens()
			p.giveUp(i, codePart, "MATCH_RECOGNIZE")
		default:
			return t
		}
	}
}

// plainFactor reads one item of FROM.
func (p *parser) plainFactor() ir.TableExpr {
	i := p.Pos
	switch p.Kind() {
	case kLP:
		return p.parenTable()
	case kTable:
		if p.Ahead(1) == kLP {
			return p.collectionTable()
		}
	case kIdent:
		if p.Ahead(1) == kLP {
			if t := p.wordTable(i); t != nil {
				return t
			}
		}
	}
	return p.namedTable()
}

// wordTable reads an item of FROM that begins with a word and a parenthesis; nil for the call of a function.
func (p *parser) wordTable(i int) ir.TableExpr {
	switch w := p.upper(i); w {
	case "LATERAL":
		p.Next()
		d := &ir.Derived{Query: p.parenQuery(), Lateral: true}
		d.Alias = p.tableAlias()
		d.Span = p.SpanFrom(i)
		return d
	case "ONLY":
		p.Pos += 2
		t := &ir.TableRef{Name: p.qname(), Only: true}
		p.Expect(kRP)
		t.Alias = p.tableAlias()
		t.Span = p.SpanFrom(i)
		return t
	case "THE":
		if !p.queryBehind(1) {
			return nil
		}
		p.Next()
		j := p.Pos
		q := p.parenQuery()
		c := &ir.CollectionTable{X: &ir.Subquery{ExprMeta: p.sinceExpr(j), Query: q}}
		c.Alias = p.tableAlias()
		c.Span = p.SpanFrom(i)
		return c
	case "JSON_TABLE":
		t := p.jsonTable()
		if j := p.Pos; p.Accept(kPlusMark) {
			p.giveUp(j, codePart, "JSON_TABLE(...)(+)")
		}
		t.Alias = p.tableAlias()
		t.Span = p.SpanFrom(i)
		return t
	case "XMLTABLE":
		t := p.xmlTable()
		if j := p.Pos; p.Accept(kPlusMark) {
			p.giveUp(j, codePart, "XMLTABLE(...)(+)")
		}
		t.Alias = p.tableAlias()
		t.Span = p.SpanFrom(i)
		return t
	case "CONTAINERS", "SHARDS", "GRAPH_TABLE", "HIERARCHIES", "EXTERNAL", "VECTOR_CHUNKS":
		p.Next()
		p.parens()
		p.giveUp(i, codePart, w+"(...) in FROM")
	}
	return nil
}

// collectionTable reads TABLE(collection)[(+)].
func (p *parser) collectionTable() ir.TableExpr {
	i := p.Next()
	j := p.Expect(kLP)
	c := &ir.CollectionTable{}
	q, list := p.parenBody()
	p.Expect(kRP)
	switch {
	case q != nil:
		c.X = &ir.Subquery{ExprMeta: p.sinceExpr(j), Query: q}
	case len(list) == 1:
		c.X = list[0]
	default:
		p.FailAt(j, "a collection")
	}
	c.Outer = p.Accept(kPlusMark)
	c.Alias = p.tableAlias()
	c.Span = p.SpanFrom(i)
	return c
}

// namedTable reads a table or view by name, or a table function.
func (p *parser) namedTable() ir.TableExpr {
	i := p.Pos
	if !p.isName() {
		p.Fail("a table")
	}
	t := &ir.TableRef{Name: p.qname()}
	if p.Kind() == kLP {
		x := p.selected(i, p.nameNode(i, t.Name.Parts))
		c := &ir.CollectionTable{X: x, Outer: p.Accept(kPlusMark)}
		c.Alias = p.tableAlias()
		c.Span = p.SpanFrom(i)
		return c
	}
	p.tableClauses(t)
	t.Alias = p.tableAlias()
	if t.Alias.Text != "" {
		p.flashback(t)
	}
	t.Span = p.SpanFrom(i)
	return t
}

// tableClauses reads what may stand between the name of a table and its alias.
func (p *parser) tableClauses(t *ir.TableRef) {
	if p.Accept(kAt) {
		t.Link = p.dbLink()
	}
	p.partitionOf(t)
	p.flashback(t)
	if k := p.Ahead(1); p.Kind() == kIdent && (k == kLP || k == kIdent) && p.is("SAMPLE") && (k == kLP || p.isAt(p.Pos+1, "BLOCK") && p.Ahead(2) == kLP) {
		t.Sample = p.sample()
	}
	p.flashback(t)
}

// partitionOf reads PARTITION (name), PARTITION FOR (values) and the same of subpartitions.
func (p *parser) partitionOf(t *ir.TableRef) {
	sub := p.Kind() == kIdent && p.is("SUBPARTITION")
	if p.Kind() != kPartition && !sub || p.Ahead(1) != kLP && !(p.Ahead(1) == kFor && p.Ahead(2) == kLP) {
		return
	}
	p.Next()
	t.Subpartitions = sub
	if p.Accept(kFor) {
		t.PartitionFor = p.parenExprs()
		return
	}
	t.Partitions = p.parenIdents()
}

func (p *parser) sample() *ir.Sample {
	i := p.Next()
	s := &ir.Sample{Block: p.acceptWord("BLOCK")}
	p.Expect(kLP)
	s.Percent = p.expr()
	if p.Accept(kComma) {
		p.expr()
		p.giveUp(i, codePart, "SAMPLE of groups of blocks")
	}
	p.Expect(kRP)
	if p.is("SEED") && p.Ahead(1) == kLP {
		p.Pos += 2
		s.Seed = p.expr()
		p.Expect(kRP)
	}
	s.Span = p.SpanFrom(i)
	return s
}

// flashback reads AS OF and VERSIONS, which are kept as text.
func (p *parser) flashback(t *ir.TableRef) {
	i := p.Pos
	for {
		switch {
		case p.Kind() == kAs && p.Ahead(1) == kOf:
			p.Pos += 2
			if p.acceptWords("PERIOD", "FOR") {
				p.ident()
			} else if p.acceptAny("SCN", "TIMESTAMP", "SNAPSHOT") == "" {
				p.Fail("SCN", "TIMESTAMP")
			}
			p.bound()
		case p.Kind() == kIdent && p.is("VERSIONS") && (p.Ahead(1) == kBetween || p.isAt(p.Pos+1, "PERIOD")):
			p.Next()
			if p.acceptWords("PERIOD", "FOR") {
				p.ident()
			}
			p.Expect(kBetween)
			p.acceptAny("SCN", "TIMESTAMP")
			p.bound()
			p.Expect(kAnd)
			p.bound()
		default:
			if p.Pos > i {
				t.Flashback = p.Source(i)
			}
			return
		}
	}
}

// tableAlias reads an alias; its text is "" if there is none.
func (p *parser) tableAlias() ir.Ident {
	switch {
	case p.Kind() == kAs && p.Ahead(1) != kOf:
		p.Next()
		return p.ident()
	case p.isAlias() && !p.clauseWord():
		return p.identAt(p.Next())
	}
	return ir.Ident{}
}

// clauseWord tells that the word at hand begins a clause and is no alias.
func (p *parser) clauseWord() bool {
	if p.Kind() != kIdent {
		return false
	}
	switch t := p.Cur(); t.End - t.Start {
	case 3:
		return p.is("LOG") && p.isAt(p.Pos+1, "ERRORS")
	case 6:
		return p.is("OFFSET") && p.atOffset() || p.is("WINDOW") && p.Ahead(2) == kAs && p.Ahead(3) == kLP || p.is("SAMPLE") && p.Ahead(1) == kLP
	case 7:
		return p.is("QUALIFY") && p.clauseBehind()
	case 8:
		return p.is("VERSIONS") && p.Ahead(1) == kBetween
	case 15:
		return p.is("MATCH_RECOGNIZE") && p.Ahead(1) == kLP
	}
	return false
}

// parenTable is a derived table, or joins in parentheses. ((SELECT ...) UNION SELECT ...) begins like the latter.
func (p *parser) parenTable() ir.TableExpr {
	i := p.Next()
	switch p.Kind() {
	case kSelect, kWith, kValues:
		return p.derived(i, p.query())
	}
	p.Enter()
	defer p.Leave()
	j := p.Pos
	t := p.tableRef()
	if d, ok := t.(*ir.Derived); ok && !d.Lateral && d.Columns == nil && d.Alias.Text == "" {
		return p.derived(i, p.queryRest(d.Query, j))
	}
	p.Expect(kRP)
	if r, ok := t.(*ir.TableRef); ok && r.Alias.Text == "" {
		r.Alias = p.tableAlias()
		r.Span = p.SpanFrom(i)
		return t
	}
	if k := p.Kind(); k == kAs || p.isAlias() && !p.clauseWord() {
		p.tableAlias()
		p.giveUp(i, codePart, "joined tables in parentheses with an alias")
	}
	return t
}

// derived reads on behind a query in parentheses, which begin at the i-th token.
func (p *parser) derived(i int, q ir.Query) ir.TableExpr {
	d := &ir.Derived{Query: q}
	p.restriction(i)
	p.Expect(kRP)
	d.Alias = p.tableAlias()
	if d.Alias.Text != "" && p.Kind() == kLP {
		d.Columns = p.parenIdents()
	}
	d.Span = p.SpanFrom(i)
	return d
}

// restriction reads WITH READ ONLY and WITH CHECK OPTION of a query in place of a table.
func (p *parser) restriction(i int) {
	if p.Kind() != kWith {
		return
	}
	p.Next()
	if p.acceptWords("READ", "ONLY") {
		return
	}
	p.Expect(kCheck)
	p.Expect(kOption)
	p.giveUp(i, codePart, "WITH CHECK OPTION of a query in place of a table")
}

// ---- PIVOT ----

// pivot reads PIVOT [XML] (aggregates FOR columns IN (values)).
func (p *parser) pivot(x ir.TableExpr) ir.TableExpr {
	i := p.Next()
	t := &ir.Pivot{X: x, XML: p.acceptWord("XML")}
	p.Expect(kLP)
	for more := true; more; more = p.Accept(kComma) {
		t.Items = append(t.Items, p.aliased())
	}
	p.Expect(kFor)
	t.For = p.columnGroup()
	p.Expect(kIn)
	p.Expect(kLP)
	if k := p.Kind(); k == kAny || k == kSelect {
		p.skipToParen()
		p.giveUp(i, codePart, "PIVOT whose columns are found when the query runs")
	}
	for more := true; more; more = p.Accept(kComma) {
		t.In = append(t.In, p.aliased())
	}
	p.Expect(kRP)
	p.Expect(kRP)
	t.Alias = p.tableAlias()
	t.Span = source.Cover(x.Base().Span, p.SpanFrom(i))
	return t
}

// aliased reads a value with its alias.
func (p *parser) aliased() *ir.SelectItem {
	i := p.Pos
	n := &ir.SelectItem{Expr: p.expr()}
	switch {
	case p.Accept(kAs):
		n.Alias = p.anyIdent()
	case p.isAlias():
		n.Alias = p.identAt(p.Next())
	}
	n.Span = p.SpanFrom(i)
	return n
}

// columnGroup reads a column, or several in parentheses.
func (p *parser) columnGroup() []*ir.Name {
	if !p.Accept(kLP) {
		return []*ir.Name{p.colRef()}
	}
	var out []*ir.Name
	for more := true; more; more = p.Accept(kComma) {
		out = append(out, p.colRef())
	}
	p.Expect(kRP)
	return out
}

// identGroup reads a name, or several in parentheses.
func (p *parser) identGroup() []ir.Ident {
	if p.Kind() == kLP {
		return p.parenIdents()
	}
	return p.oneName(p.ident())
}

// unpivot reads UNPIVOT [INCLUDE | EXCLUDE NULLS] (columns FOR names IN (columns [AS values])).
func (p *parser) unpivot(x ir.TableExpr) ir.TableExpr {
	i := p.Next()
	t := &ir.Unpivot{X: x}
	if p.Kind() != kLP {
		t.IncludeNulls = p.is("INCLUDE")
		if p.acceptAny("INCLUDE", "EXCLUDE") == "" {
			p.Fail("INCLUDE", "EXCLUDE")
		}
		p.expectWord("NULLS")
	}
	p.Expect(kLP)
	t.Columns = p.identGroup()
	p.Expect(kFor)
	t.For = p.identGroup()
	p.Expect(kIn)
	p.Expect(kLP)
	for more := true; more; more = p.Accept(kComma) {
		j := p.Pos
		n := &ir.UnpivotItem{Columns: p.columnGroup()}
		if p.Accept(kAs) {
			n.Values = p.valueGroup()
		}
		n.Span = p.SpanFrom(j)
		t.In = append(t.In, n)
	}
	p.Expect(kRP)
	p.Expect(kRP)
	t.Alias = p.tableAlias()
	t.Span = source.Cover(x.Base().Span, p.SpanFrom(i))
	return t
}

// valueGroup reads a value, or several in parentheses.
func (p *parser) valueGroup() []ir.Expr {
	e := p.expr()
	if r, ok := e.(*ir.RowExpr); ok {
		return r.Items
	}
	return []ir.Expr{e}
}
