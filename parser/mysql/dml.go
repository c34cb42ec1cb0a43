package mysql

import (
	"godwit/ir"
	"godwit/ir/source"
)

// storing makes the parser read a part of a statement that changes rows; the result undoes it.
func (p *parser) storing(ignore bool) (old bool) {
	old = p.stores
	p.stores = !ignore
	return old
}

// assigned reads the value of a variable, a parameter or RETURN: like what is stored, it fails where a strict session divides by zero.
// Conditions and values of user variables do not.
func (p *parser) assigned() ir.Expr {
	old := p.storing(false)
	e := p.expr()
	p.stores = old
	return e
}

// modifiers reads LOW_PRIORITY and its likes; ignore tells that IGNORE is among them.
func (p *parser) modifiers() (mods []string, ignore bool) {
	for {
		switch p.Kind() {
		case kPriority, kSelectOpt:
			mods = append(mods, p.upper(p.Pos))
		case kIgnore:
			ignore = true
		default:
			return mods, ignore
		}
		p.Next()
	}
}

func policy(ignore bool) ir.ErrorPolicy {
	if ignore {
		return ir.IgnoreErrors
	}
	return ir.RaiseErrors
}

// target reads the name of a table that a statement changes.
func (p *parser) target() *ir.TableRef {
	q := p.qname()
	return &ir.TableRef{TableMeta: table(q.Span), Name: q}
}

// insertStmt reads INSERT or REPLACE.
func (p *parser) insertStmt() ir.Stmt {
	first := p.Pos
	n := &ir.Insert{Replace: p.Kind() == kReplace}
	p.Next()
	mods, ignore := p.modifiers()
	n.Modifiers = mods
	if n.Replace {
		ignore = false
	}
	n.OnError = policy(ignore)
	p.Accept(kInto)
	n.Table = p.target()
	n.Table.Partitions = p.partitions()
	old := p.storing(ignore)
	p.insertBody(n)
	if !n.Replace && p.Accept(kOnDuplicate) {
		n.OnDuplicate = p.assigns()
	}
	p.stores = old
	n.Returning = p.returning()
	n.Span = p.SpanFrom(first)
	return n
}

func (p *parser) insertBody(n *ir.Insert) {
	if p.Kind() != kLP {
		p.insertSource(n)
		return
	}
	i := p.Next()
	if p.atQuery() {
		q := p.query()
		p.Expect(kRP)
		n.Source = p.queryRest(q, i+1)
		return
	}
	if p.Kind() != kRP {
		for more := true; more; more = p.Accept(kComma) {
			n.Columns = append(n.Columns, p.colRef())
		}
	}
	p.Expect(kRP)
	p.insertSource(n)
}

func (p *parser) insertSource(n *ir.Insert) {
	switch p.Kind() {
	case kValues, kValue, kValuesRow:
		n.Source = p.valuesQuery()
		p.rowAlias(n)
	case kSet:
		i := p.Next()
		row := &ir.RowExpr{}
		for more := true; more; more = p.Accept(kComma) {
			x := p.assign()
			n.Columns, row.Items = append(n.Columns, x.Column), append(row.Items, x.Value)
		}
		s := p.SpanFrom(i)
		row.Span = s
		n.Source = &ir.Values{QueryMeta: query(s), Rows: []*ir.RowExpr{row}}
		p.rowAlias(n)
	default:
		if !p.atQuery() {
			p.Fail("VALUES", "SET", "a query")
		}
		n.Source = p.query()
	}
}

// rowAlias reads AS alias (columns) behind the rows.
func (p *parser) rowAlias(n *ir.Insert) {
	if p.Accept(kAs) {
		n.RowAlias, n.ColumnAliases = p.ident(), p.maybeParenIdents()
	}
}

func (p *parser) assigns() []*ir.Assign {
	var out []*ir.Assign
	for more := true; more; more = p.Accept(kComma) {
		out = append(out, p.assign())
	}
	return out
}

func (p *parser) assign() *ir.Assign {
	i := p.Pos
	a := &ir.Assign{Column: p.colRef()}
	p.eq()
	a.Value = p.expr()
	a.Span = p.SpanFrom(i)
	return a
}

// eq reads = or :=.
func (p *parser) eq() {
	if !p.Accept(kAssign) {
		p.Expect(kEq)
	}
}

// returning reads RETURNING if it stands here.
func (p *parser) returning() []*ir.SelectItem {
	if !p.Accept(kReturning) {
		return nil
	}
	return p.selectItems()
}

func (p *parser) updateStmt() *ir.Update {
	i := p.Expect(kUpdate)
	u := &ir.Update{Order: ir.LeftToRight}
	if p.mode.Simultaneous {
		u.Order = ir.Simultaneous
	}
	mods, ignore := p.modifiers()
	u.Modifiers, u.OnError = mods, policy(ignore)
	old := p.storing(ignore)
	u.Tables = p.tableRefs()
	p.Expect(kSet)
	u.Sets = p.assigns()
	u.Where, u.OrderBy, u.Limit = p.changedRows()
	p.stores = old
	u.Returning = p.returning()
	u.Span = p.SpanFrom(i)
	return u
}

// changedRows reads WHERE, ORDER BY and LIMIT of UPDATE and DELETE. There is no offset.
func (p *parser) changedRows() (where ir.Expr, order []*ir.OrderItem, limit ir.Expr) {
	if p.Accept(kWhere) {
		where = p.expr()
	}
	if p.Kind() == kOrder {
		order = p.orderBy()
	}
	if p.atLimit() {
		i := p.Pos
		var m ir.QueryMeta
		p.limit(&m)
		limit = m.Limit
		if m.Offset != nil || m.Limit == nil {
			limit = p.refuseExpr(p.SpanFrom(i), "an offset in UPDATE or DELETE")
		}
	}
	return where, order, limit
}

func (p *parser) deleteStmt() ir.Stmt {
	i := p.Expect(kDelete)
	d := &ir.Delete{}
	mods, ignore := p.modifiers()
	d.Modifiers, d.OnError = mods, policy(ignore)
	old := p.storing(ignore || p.mariadb()) // MariaDB raises no errors in a DELETE's conditions
	single := p.deleteFrom(d)
	d.Where, d.OrderBy, d.Limit = p.changedRows()
	p.stores = old
	d.Returning = p.returning()
	d.Span = p.SpanFrom(i)
	for _, m := range mods {
		if m == "HISTORY" {
			return p.deleteHistory(i)
		}
	}
	if single && len(d.From) > 1 {
		p.report(codePart, d.Span, "DELETE FROM of several tables without USING is not converted")
	}
	return d
}

// deleteHistory reads the rest of MariaDB's DELETE HISTORY, which removes what is not kept on any target.
func (p *parser) deleteHistory(i int) ir.Stmt {
	p.soup()
	c := &ir.CommentStmt{StmtMeta: p.sinceStmt(i)}
	c.Text = "no history is kept: " + c.Span.Text()
	p.report(codeOption, c.Span, "DELETE HISTORY has nothing to delete")
	return c
}

// deleteFrom reads the tables of a DELETE; single tells that it has neither USING nor tables before FROM.
func (p *parser) deleteFrom(d *ir.Delete) (single bool) {
	from := p.Accept(kFrom)
	var targets []*ir.TableRef
	for more := true; more; more = p.Accept(kComma) {
		targets = append(targets, p.delTarget())
	}
	switch {
	case !from:
		if p.Kind() != kFrom {
			p.Fail("FROM")
		}
		d.Targets, d.From = targets, p.from()
	case p.Accept(kUsing):
		d.Targets, d.From = targets, p.tableRefs()
	default:
		for _, t := range targets {
			d.From = append(d.From, t)
		}
		return true
	}
	return false
}

// delTarget is a table to delete from: t, t.* or s.t.
func (p *parser) delTarget() *ir.TableRef {
	i := p.Pos
	t := &ir.TableRef{}
	ids := []ir.Ident{p.ident()}
	for p.Accept(kDot) {
		if !p.Accept(kStar) {
			ids = append(ids, p.ident())
		}
	}
	t.Partitions = p.partitions()
	p.portionOf()
	t.Alias = p.tableAlias()
	t.Span = p.SpanFrom(i)
	t.Name = ir.QName{Parts: ids, Span: t.Span}
	return t
}

// queryStmt is a query as a statement; WITH may also stand before UPDATE and DELETE.
func (p *parser) queryStmt() ir.Stmt {
	i := p.Pos
	if p.Kind() != kWith {
		q := p.queryBody()
		return p.resultOf(q, p.SpanFrom(i))
	}
	w := p.with()
	switch p.Kind() {
	case kUpdate:
		u := p.updateStmt()
		u.With, u.Span = w, p.SpanFrom(i)
		return u
	case kDelete:
		s := p.deleteStmt()
		if d, ok := s.(*ir.Delete); ok {
			d.With, d.Span = w, p.SpanFrom(i)
		}
		return s
	}
	q := withOn(p.queryBody(), w)
	return p.resultOf(q, p.SpanFrom(i))
}

// resultOf makes the statement of a query: with INTO, as a result set of a routine, or as a plain query.
func (p *parser) resultOf(q ir.Query, s source.Span) ir.Stmt {
	p.hoistInto(q)
	m := q.Common()
	switch {
	case len(m.Into) > 0:
		p.assignedItems(q, m.Into)
		return &ir.SelectInto{StmtMeta: stmt(s), Query: q}
	case p.routine:
		return &ir.ReturnRows{StmtMeta: stmt(s), Query: q}
	}
	return &ir.QueryStmt{StmtMeta: stmt(s), Query: q}
}

// assignedItems lets the columns that go to local variables fail where a strict session divides by zero; conditions of the query do not.
func (p *parser) assignedItems(q ir.Query, into []ir.Expr) {
	s, ok := q.(*ir.Select)
	if !ok || !p.mode.Strict || !p.mode.ErrorForDivision {
		return
	}
	for i, it := range s.Items {
		if i >= len(into) {
			return
		}
		if _, local := into[i].(*ir.Name); !local || it.Expr == nil {
			continue
		}
		ir.Walk(it.Expr, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Div:
				n.Zero = ir.ZeroError
			case *ir.Mod:
				n.Zero = ir.ZeroError
			}
			return true
		})
	}
}

// hoistInto moves INTO from the last term of a set operation to the whole query, which it belongs to.
func (p *parser) hoistInto(q ir.Query) {
	var chain []*ir.SetOp
	for {
		s, ok := q.(*ir.SetOp)
		if !ok || len(s.Into) > 0 {
			break
		}
		chain, q = append(chain, s), s.R
	}
	for i := len(chain) - 1; i >= 0; i-- {
		s := chain[i]
		if len(s.L.Common().Into) > 0 {
			p.report(codePart, s.Span, "INTO before a set operation is not converted")
		}
		if m := s.R.Common(); len(m.Into) > 0 {
			s.Into, m.Into = m.Into, nil
		}
	}
}
