package mysql

import (
	"strings"

	"github.com/antlr4-go/antlr/v4"

	"godwit/ir"
	"godwit/ir/source"
	g "godwit/parser/mysql/internal/gram"
)

// storing builds a part of a statement that changes rows.
func (b *builder) storing(ignore bool, build func()) {
	old := b.stores
	b.stores = !ignore
	build()
	b.stores = old
}

// modifiers takes LOW_PRIORITY and its likes off the direct children; ignore tells that IGNORE is among them.
func modifiers(children []antlr.Tree) (mods []string, ignore bool) {
	for _, c := range children {
		switch c := c.(type) {
		case g.IInsertOptContext:
			m, i := modifiers(c.GetChildren())
			mods, ignore = append(mods, m...), ignore || i
		case antlr.TerminalNode:
			switch c.GetSymbol().GetTokenType() {
			case g.MySQLParserPRIORITY, g.MySQLParserSELECT_OPT:
				mods = append(mods, strings.ToUpper(c.GetText()))
			case g.MySQLParserIGNORE:
				ignore = true
			}
		}
	}
	return mods, ignore
}

func policy(ignore bool) ir.ErrorPolicy {
	if ignore {
		return ir.IgnoreErrors
	}
	return ir.RaiseErrors
}

func (b *builder) target(q g.IQnameContext, p g.IPartitionSelContext) *ir.TableRef {
	t := &ir.TableRef{TableMeta: table(b.span(q)), Name: b.qname(q)}
	if p != nil {
		t.Partitions = b.parenIdents(p.ParenIdents())
	}
	return t
}

func (b *builder) insertStmt(c g.IInsertStmtContext) ir.Stmt {
	i := &ir.Insert{StmtMeta: stmt(b.span(c)), Table: b.target(c.Qname(), c.PartitionSel())}
	mods, ignore := modifiers(c.GetChildren())
	i.Modifiers, i.OnError = mods, policy(ignore)
	b.storing(ignore, func() {
		b.insertBody(i, c.InsertBody())
		if c.OnDuplicate() != nil {
			i.OnDuplicate = b.assigns(c.OnDuplicate().AllAssign())
		}
	})
	if c.Returning() != nil {
		i.Returning = b.returning(c.Returning())
	}
	return i
}

func (b *builder) replaceStmt(c g.IReplaceStmtContext) ir.Stmt {
	i := &ir.Insert{StmtMeta: stmt(b.span(c)), Table: b.target(c.Qname(), c.PartitionSel()), Replace: true}
	i.Modifiers, _ = modifiers(c.GetChildren())
	b.storing(false, func() { b.insertBody(i, c.InsertBody()) })
	if c.Returning() != nil {
		i.Returning = b.returning(c.Returning())
	}
	return i
}

func (b *builder) insertBody(i *ir.Insert, c g.IInsertBodyContext) {
	p := c.InsertParen()
	if p == nil {
		b.insertSource(i, c.InsertSource())
		return
	}
	if p.InsertSource() != nil {
		i.Columns = []*ir.Name{}
		for _, r := range p.AllColRef() {
			i.Columns = append(i.Columns, b.colRef(r))
		}
		if len(i.Columns) == 0 {
			i.Columns = nil
		}
		b.insertSource(i, p.InsertSource())
		return
	}
	rests := p.AllQueryRest()
	q := b.queryRest(b.queryTerm(p.QueryTerm()), rests[0], b.span(p))
	if p.WithClause() != nil {
		q = b.withOn(q, p.WithClause())
	}
	if len(rests) > 1 {
		q = b.queryRest(q, rests[1], b.span(p))
	}
	i.Source = q
}

func (b *builder) insertSource(i *ir.Insert, c g.IInsertSourceContext) {
	switch {
	case c.InsertQuery() != nil:
		i.Source = b.insertQuery(c.InsertQuery())
	case c.SET() != nil:
		row := &ir.RowExpr{ExprMeta: expr(b.span(c))}
		for _, a := range c.AllAssign() {
			x := b.assign(a)
			i.Columns = append(i.Columns, x.Column)
			row.Items = append(row.Items, x.Value)
		}
		i.Source = &ir.Values{QueryMeta: query(b.span(c)), Rows: []*ir.RowExpr{row}}
	default:
		i.Source = b.rowsQuery(c.RowTail(), c.AllRowValue(), b.span(c))
	}
	if a := c.RowAlias(); a != nil {
		i.RowAlias, i.ColumnAliases = b.ident(a.Ident()), b.parenIdents(a.ParenIdents())
	}
}

func (b *builder) assigns(l []g.IAssignContext) []*ir.Assign {
	out := make([]*ir.Assign, len(l))
	for i, a := range l {
		out[i] = b.assign(a)
	}
	return out
}

func (b *builder) assign(c g.IAssignContext) *ir.Assign {
	return &ir.Assign{PartMeta: part(b.span(c)), Column: b.colRef(c.ColRef()), Value: b.expr(c.Expr())}
}

func (b *builder) returning(c g.IReturningContext) []*ir.SelectItem {
	var out []*ir.SelectItem
	for _, i := range c.AllSelectItem() {
		out = append(out, b.selectItem(i))
	}
	return out
}

func (b *builder) updateStmt(c g.IUpdateStmtContext) *ir.Update {
	u := &ir.Update{StmtMeta: stmt(b.span(c)), Order: ir.LeftToRight}
	if b.mode.Simultaneous {
		u.Order = ir.Simultaneous
	}
	mods, ignore := modifiers(c.GetChildren())
	u.Modifiers, u.OnError = mods, policy(ignore)
	b.storing(ignore, func() {
		u.Tables = b.tableRefs(c.AllTableRef())
		u.Sets = b.assigns(c.AllAssign())
		if c.WhereClause() != nil {
			u.Where = b.expr(c.WhereClause().Expr())
		}
		if c.OrderBy() != nil {
			u.OrderBy = b.orderBy(c.OrderBy())
		}
		u.Limit = b.rowLimit(c.Limit())
	})
	if c.Returning() != nil {
		u.Returning = b.returning(c.Returning())
	}
	return u
}

// rowLimit is the LIMIT of UPDATE and DELETE, which has no offset.
func (b *builder) rowLimit(c g.ILimitContext) ir.Expr {
	if c == nil {
		return nil
	}
	var m ir.QueryMeta
	b.limit(&m, c)
	if m.Offset != nil || m.Limit == nil {
		return b.refuseExpr(b.span(c), "an offset in UPDATE or DELETE")
	}
	return m.Limit
}

func (b *builder) deleteStmt(c g.IDeleteStmtContext) ir.Stmt {
	d := &ir.Delete{StmtMeta: stmt(b.span(c))}
	mods, ignore := modifiers(c.GetChildren())
	d.Modifiers, d.OnError = mods, policy(ignore)
	for _, m := range mods {
		if m == "HISTORY" {
			return b.refuse(c, codeConstruct, "DELETE HISTORY")
		}
	}
	var targets []*ir.TableRef
	for _, t := range c.AllDelTarget() {
		targets = append(targets, b.delTarget(t))
	}
	b.storing(ignore || b.mariadb(), func() { // MariaDB raises no errors in a DELETE's conditions
		switch {
		case c.FromClause() != nil:
			d.Targets, d.From = targets, b.from(c.FromClause())
		case c.USING() != nil:
			d.Targets, d.From = targets, b.tableRefs(c.AllTableRef())
		default:
			for _, t := range targets {
				d.From = append(d.From, t)
			}
			if len(targets) > 1 {
				b.report(codePart, b.span(c), "DELETE FROM of several tables without USING is not converted")
			}
		}
		if c.WhereClause() != nil {
			d.Where = b.expr(c.WhereClause().Expr())
		}
		if c.OrderBy() != nil {
			d.OrderBy = b.orderBy(c.OrderBy())
		}
		d.Limit = b.rowLimit(c.Limit())
	})
	if c.Returning() != nil {
		d.Returning = b.returning(c.Returning())
	}
	return d
}

// delTarget is a table to delete from: t, t.* or s.t.
func (b *builder) delTarget(c g.IDelTargetContext) *ir.TableRef {
	ids := b.idents(c.AllIdent())
	t := &ir.TableRef{TableMeta: table(b.span(c)), Name: ir.QName{Parts: ids, Span: b.span(c)}, Alias: b.tableAlias(c.TableAlias())}
	if c.PartitionSel() != nil {
		t.Partitions = b.parenIdents(c.PartitionSel().ParenIdents())
	}
	if c.PortionOf() != nil {
		b.report(codePart, b.span(c.PortionOf()), "FOR PORTION OF is not converted")
	}
	return t
}

// queryStmt is a query as a statement; WITH may also stand before UPDATE and DELETE.
func (b *builder) queryStmt(c g.IQueryStmtContext) ir.Stmt {
	switch {
	case c.UpdateStmt() != nil:
		u := b.updateStmt(c.UpdateStmt())
		u.With, u.Span = b.with(c.WithClause()), b.span(c)
		return u
	case c.DeleteStmt() != nil:
		s := b.deleteStmt(c.DeleteStmt())
		if d, ok := s.(*ir.Delete); ok {
			d.With, d.Span = b.with(c.WithClause()), b.span(c)
		}
		return s
	}
	q := b.queryBody(c.QueryBody())
	if c.WithClause() != nil {
		q = b.withOn(q, c.WithClause())
	}
	return b.resultOf(q, b.span(c))
}

// resultOf makes the statement of a query: with INTO, as a result set of a routine, or as a plain query.
func (b *builder) resultOf(q ir.Query, s source.Span) ir.Stmt {
	b.hoistInto(q)
	m := meta(q)
	switch {
	case len(m.Into) > 0:
		b.assignedItems(q, m.Into)
		return &ir.SelectInto{StmtMeta: stmt(s), Query: q}
	case b.routine:
		return &ir.ReturnRows{StmtMeta: stmt(s), Query: q}
	}
	return &ir.QueryStmt{StmtMeta: stmt(s), Query: q}
}

// assignedItems lets the columns that go to local variables fail where a strict session divides by zero; conditions of the query do not.
func (b *builder) assignedItems(q ir.Query, into []ir.Expr) {
	s, ok := q.(*ir.Select)
	if !ok || !b.mode.Strict || !b.mode.ErrorForDivision {
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
func (b *builder) hoistInto(q ir.Query) {
	s, ok := q.(*ir.SetOp)
	if !ok || len(s.Into) > 0 {
		return
	}
	b.hoistInto(s.R)
	if len(meta(s.L).Into) > 0 {
		b.report(codePart, s.Span, "INTO before a set operation is not converted")
	}
	if m := meta(s.R); len(m.Into) > 0 {
		s.Into, m.Into = m.Into, nil
	}
}

func (b *builder) doStmt(c g.IDoStmtContext) ir.Stmt {
	return &ir.Do{StmtMeta: stmt(b.span(c)), Items: b.exprs(c.ExprList())}
}

// assigned builds the value of a variable, a parameter or RETURN: like what is stored, it fails where a strict session divides by zero.
// Conditions and values of user variables do not.
func (b *builder) assigned(build func()) { b.storing(false, build) }

func (b *builder) callStmt(c g.ICallStmtContext) ir.Stmt {
	n := &ir.CallProc{StmtMeta: stmt(b.span(c)), Name: b.qname(c.Qname())}
	b.assigned(func() { n.Args = b.exprs(c.ExprList()) })
	return n
}

func (b *builder) prepareStmt(c g.IPrepareStmtContext) ir.Stmt {
	return &ir.Prepare{StmtMeta: stmt(b.span(c)), Name: b.ident(c.Ident()), Text: b.expr(c.Expr())}
}

// executeStmt is EXECUTE name, or MariaDB's EXECUTE IMMEDIATE text.
func (b *builder) executeStmt(c g.IExecuteStmtContext) ir.Stmt {
	e := &ir.Execute{StmtMeta: stmt(b.span(c)), Using: b.exprs(c.ExprList())}
	id := b.ident(c.Ident())
	if c.Expr() == nil {
		e.Name = id
		return e
	}
	if !strings.EqualFold(id.Text, "immediate") {
		return b.refuse(c, codeSyntax, "EXECUTE of this form")
	}
	e.Text = b.expr(c.Expr())
	return e
}
