package mysql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/source"
)

// from reads FROM and its tables. FROM DUAL is none.
func (p *parser) from() []ir.TableExpr {
	p.Expect(kFrom)
	l := p.tableRefs()
	if len(l) == 1 {
		if t, ok := l[0].(*ir.TableRef); ok && len(t.Name.Parts) == 1 && !t.Name.Parts[0].Quoted && strings.EqualFold(t.Name.Name(), "dual") {
			return nil
		}
	}
	return l
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
	kind     ir.JoinKind // InnerJoin, LeftJoin or RightJoin
	natural  bool
	straight bool
	table    ir.TableExpr
	conds    []joinCond
	span     source.Span
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
	if !p.atJoin() {
		return cur
	}
	var tails []joinTail
	for p.atJoin() {
		tails = append(tails, p.joinTail())
	}
	return p.foldJoins(cur, tails)
}

// foldJoins makes nodes of a list of joins. Which joins have a condition is told from the right, since each ON belongs to the
// nearest open join.
func (p *parser) foldJoins(cur ir.TableExpr, tails []joinTail) ir.TableExpr {
	conditions := conditioned(tails)
	var open []pendingJoin
	for i := range tails {
		t := &tails[i]
		switch {
		case !conditions[i]:
			cur = join(cur, t, t.table, nil)
			continue
		case len(t.conds) == 0:
			open = append(open, pendingJoin{cur, t})
			cur = t.table
			continue
		}
		cur = join(cur, t, t.table, &t.conds[0])
		for k := range t.conds[1:] {
			c := &t.conds[k+1]
			if len(open) == 0 {
				p.report(codePart, c.span, "a join condition without its join is not converted")
				break
			}
			o := open[len(open)-1]
			open = open[:len(open)-1]
			cur = join(o.left, o.tail, cur, c)
		}
	}
	for i := len(open) - 1; i >= 0; i-- {
		p.report(codePart, open[i].tail.span, "an outer join without condition is not converted")
		cur = join(open[i].left, open[i].tail, cur, nil)
	}
	return cur
}

// conditioned tells for each join whether it has a condition.
func conditioned(tails []joinTail) []bool {
	out := make([]bool, len(tails))
	avail := 0
	for i := len(tails) - 1; i >= 0; i-- {
		avail += len(tails[i].conds)
		switch {
		case tails[i].natural:
		case avail > 0:
			avail--
			out[i] = true
		case tails[i].kind != ir.InnerJoin:
			out[i] = true
		}
	}
	return out
}

func join(l ir.TableExpr, t *joinTail, r ir.TableExpr, cond *joinCond) ir.TableExpr {
	s := source.Cover(l.Base().Span, r.Base().Span)
	j := &ir.Join{L: l, R: r, Kind: t.kind, Natural: t.natural, Straight: t.straight}
	if j.Kind == ir.InnerJoin && cond == nil && !j.Natural {
		j.Kind = ir.CrossJoin
	}
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
	case kJoin, kInner, kCross, kLeft, kRight, kNatural, kStraightJoin:
		return true
	}
	return false
}

func (p *parser) joinTail() joinTail {
	i := p.Pos
	var t joinTail
	p.joinOp(&t)
	t.table = p.tableFactor()
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

// joinOp reads the words of a join.
func (p *parser) joinOp(t *joinTail) {
	if p.Accept(kStraightJoin) {
		t.straight = true
		return
	}
	t.natural = p.Accept(kNatural)
	switch p.Kind() {
	case kLeft, kRight:
		t.kind = ir.LeftJoin
		if p.Kind() == kRight {
			t.kind = ir.RightJoin
		}
		p.Next()
		p.Accept(kOuter)
	case kInner:
		p.Next()
	case kCross:
		if t.natural {
			p.Fail("JOIN")
		}
		p.Next()
	}
	p.Expect(kJoin)
}

// tableFactor reads one item of FROM.
func (p *parser) tableFactor() ir.TableExpr {
	i := p.Pos
	switch p.Kind() {
	case kLP:
		return p.parenTable()
	case kLateral:
		p.Next()
		p.Expect(kLP)
		d := &ir.Derived{Query: p.query(), Lateral: true}
		p.Expect(kRP)
		p.derivedAlias(d)
		d.Span = p.SpanFrom(i)
		return d
	case kJSONTable:
		j := p.jsonTable()
		j.Alias = p.tableAlias()
		j.Span = p.SpanFrom(i)
		return j
	case kLBrace:
		p.Next()
		p.Expect(kIdent)
		p.Enter()
		t := p.tableRef()
		p.Leave()
		p.Expect(kRBrace)
		return t
	}
	return p.namedTable()
}

func (p *parser) namedTable() ir.TableExpr {
	i := p.Pos
	if !p.isName() {
		p.Fail("a table")
	}
	t := &ir.TableRef{Name: p.qname()}
	t.Partitions = p.partitions()
	if p.Kind() == kForSystemTime {
		j := p.Pos
		p.systemTime()
		t.AsOf = p.Source(j)
	}
	p.portionOf()
	t.Alias = p.tableAlias()
	for p.isHint() {
		j := p.Pos
		p.indexHint()
		t.Hints = append(t.Hints, p.Source(j))
	}
	t.Span = p.SpanFrom(i)
	return t
}

// partitions reads PARTITION (p0, p1) if it stands here.
func (p *parser) partitions() []ir.Ident {
	if !p.Accept(kPartition) {
		return nil
	}
	return p.parenIdents()
}

// systemTime reads FOR SYSTEM_TIME ... (MariaDB).
func (p *parser) systemTime() {
	p.Next()
	switch p.Kind() {
	case kAll:
		p.Next()
	case kAs:
		p.Next()
		p.Expect(kOf)
		p.expr()
	case kBetween:
		p.Next()
		p.climb(powerBinary)
		p.Expect(kAnd)
		p.climb(powerBinary)
	case kFrom:
		p.Next()
		p.expr()
		p.Expect(kTo)
		p.expr()
	default:
		p.Fail("ALL", "AS OF", "BETWEEN", "FROM")
	}
}

// portionOf refuses FOR PORTION OF (MariaDB).
func (p *parser) portionOf() {
	i := p.Pos
	if !p.Accept(kForPortionOf) {
		return
	}
	p.ident()
	p.Expect(kFrom)
	p.expr()
	p.Expect(kTo)
	p.expr()
	p.report(codePart, p.SpanFrom(i), "FOR PORTION OF is not converted")
}

// tableAlias reads an alias; its text is "" if there is none.
func (p *parser) tableAlias() ir.Ident {
	switch {
	case p.Accept(kAs):
		if p.Kind() == kString {
			return ir.Ident{Text: p.str(), Quoted: true}
		}
		return p.ident()
	case p.isAlias():
		return p.identAt(p.Next())
	}
	return ir.Ident{}
}

func (p *parser) derivedAlias(d *ir.Derived) {
	switch {
	case p.Accept(kAs):
		d.Alias = p.ident()
	case p.isAlias():
		d.Alias = p.identAt(p.Next())
	default:
		return
	}
	d.Columns = p.maybeParenIdents()
}

// isHint tells that an index hint stands here.
func (p *parser) isHint() bool {
	switch p.Kind() {
	case kUse, kForce, kIgnore:
		return p.Ahead(1) == kIndex || p.Ahead(1) == kKey
	}
	return false
}

func (p *parser) indexHint() {
	p.Next()
	p.Next()
	if p.Accept(kFor) {
		switch p.Kind() {
		case kJoin:
			p.Next()
		case kOrder, kGroup:
			p.Next()
			p.Expect(kBy)
		default:
			p.Fail("JOIN", "ORDER BY", "GROUP BY")
		}
	}
	p.Expect(kLP)
	for p.Kind() != kRP {
		if !p.Accept(kPrimary) {
			p.ident()
		}
		if !p.Accept(kComma) {
			break
		}
	}
	p.Expect(kRP)
}

// parenTable is a derived table, or joins in parentheses. ((SELECT 1) UNION SELECT 2) begins like the latter.
func (p *parser) parenTable() ir.TableExpr {
	i := p.Next()
	switch p.Kind() {
	case kSelect, kWith, kTable, kValues, kValuesRow:
		d := &ir.Derived{Query: p.query()}
		p.Expect(kRP)
		p.derivedAlias(d)
		d.Span = p.SpanFrom(i)
		return d
	}
	return p.parenJoins(i)
}

func (p *parser) parenJoins(i int) ir.TableExpr {
	p.Enter()
	defer p.Leave()
	j := p.Pos
	l := p.tableRefs()
	d, _ := l[0].(*ir.Derived)
	rest := p.atQueryRest()
	if d != nil && len(l) == 1 && (d.Alias.Text == "" || rest) && !d.Lateral {
		x := &ir.Derived{Query: p.queryRest(d.Query, j), Alias: d.Alias, Columns: d.Columns}
		p.Expect(kRP)
		p.derivedAlias(x)
		x.Span = p.SpanFrom(i)
		return x
	}
	if rest {
		p.Fail(`")"`)
	}
	p.Expect(kRP)
	if p.Kind() == kAs || p.isAlias() {
		p.derivedAlias(&ir.Derived{})
		p.report(codePart, p.SpanFrom(i), "joined tables in parentheses with an alias or a query behind them are not converted")
	}
	t := l[0]
	for _, r := range l[1:] {
		t = &ir.Join{TableMeta: table(source.Cover(t.Base().Span, r.Base().Span)), Kind: ir.CrossJoin, L: t, R: r}
	}
	return t
}

// ---- JSON_TABLE ----

func (p *parser) jsonTable() *ir.JSONTable {
	i := p.Next()
	p.Expect(kLP)
	t := &ir.JSONTable{Doc: p.expr()}
	p.Expect(kComma)
	t.Path = p.expr()
	t.Columns = p.jsonColumns()
	p.Expect(kRP)
	t.Span = p.SpanFrom(i)
	return t
}

func (p *parser) jsonColumns() []*ir.JSONColumn {
	p.Enter()
	defer p.Leave()
	var out []*ir.JSONColumn
	p.Expect(kColumns)
	p.Expect(kLP)
	for more := true; more; more = p.Accept(kComma) {
		out = append(out, p.jsonColumn())
	}
	p.Expect(kRP)
	return out
}

func (p *parser) jsonColumn() *ir.JSONColumn {
	i := p.Pos
	c := &ir.JSONColumn{}
	id := p.ident() // NESTED where a path follows
	switch {
	case p.Accept(kFor):
		p.Expect(kIdent)
		c.Name, c.Ordinality = id, true
	case p.Kind() == kString:
		p.nestedColumns(c)
	case p.Kind() == kIdent && p.is("PATH") && p.Ahead(1) == kString:
		p.Next()
		p.nestedColumns(c)
	default:
		c.Name = id
		c.Type, _ = p.dataType()
		c.Exists = p.Accept(kExists)
		p.Expect(kIdent)
		c.Path = p.stringNode(p.Expect(kString))
		for p.isJSONOn() {
			if d, on := p.jsonOn(); on == "EMPTY" {
				c.OnEmpty = d
			} else {
				c.OnError = d
			}
		}
	}
	c.Span = p.SpanFrom(i)
	return c
}

// nestedColumns reads the path and the columns of NESTED.
func (p *parser) nestedColumns(c *ir.JSONColumn) {
	c.Path = p.stringNode(p.Expect(kString))
	c.Nested = p.jsonColumns()
}

func (p *parser) isJSONOn() bool {
	k := p.Kind()
	return k == kNull || k == kIdent || k == kDefault
}

// jsonOn reads NULL, ERROR or DEFAULT value ON EMPTY or ON ERROR, and gives the last word in upper case.
func (p *parser) jsonOn() (*ir.JSONDefault, string) {
	i := p.Pos
	d := &ir.JSONDefault{}
	switch p.Kind() {
	case kDefault:
		p.Next()
		d.Value = p.primary()
	case kNull:
		p.Next()
	default:
		d.Error = true
		p.Next()
	}
	p.Expect(kOn)
	on := p.upper(p.Expect(kIdent))
	d.Span = p.SpanFrom(i)
	return d, on
}
