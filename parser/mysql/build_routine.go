package mysql

import (
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/source"
	g "godwit/parser/mysql/internal/gram"
)

// enterRoutine begins a stored program.
func (b *builder) enterRoutine() {
	b.routine = true
	if b.locals == nil {
		b.locals = map[string]bool{}
	}
}

func (b *builder) local(id ir.Ident) { b.locals[strings.ToLower(id.Text)] = true }

// programStmt is a statement of stored programs.
func (b *builder) programStmt(c g.IStmtContext) ir.Stmt {
	b.enterRoutine()
	m := stmt(b.span(c))
	switch x := c.GetChild(0).(type) {
	case g.ILabeledStmtContext:
		return b.labeled(x)
	case g.IIfStmtContext:
		return b.ifStmt(x)
	case g.ICaseStmtContext:
		return b.caseStmt(x)
	case g.ILoopStmtContext:
		return &ir.Loop{StmtMeta: m, Kind: ir.InfiniteLoop, Body: b.stmts(x.StmtList())}
	case g.IWhileStmtContext:
		return &ir.Loop{StmtMeta: m, Kind: ir.WhileLoop, Cond: b.expr(x.Expr()), Body: b.stmts(x.StmtList())}
	case g.IRepeatStmtContext:
		return &ir.Loop{StmtMeta: m, Kind: ir.RepeatLoop, Body: b.stmts(x.StmtList()), Cond: b.expr(x.Expr())}
	case g.IForStmtContext:
		return b.forStmt(x)
	case g.ILeaveStmtContext:
		return &ir.Leave{StmtMeta: m, Label: b.ident(x.Ident()).Text}
	case g.IIterateStmtContext:
		return &ir.Iterate{StmtMeta: m, Label: b.ident(x.Ident()).Text}
	case g.IReturnStmtContext:
		n := &ir.Return{StmtMeta: m}
		b.assigned(func() { n.Value = b.expr(x.Expr()) })
		return n
	case g.IOpenStmtContext:
		return &ir.OpenCursor{StmtMeta: m, Name: b.ident(x.Ident()).Text, Args: b.exprs(x.ExprList())}
	case g.IFetchStmtContext:
		return b.fetchStmt(x)
	case g.ICloseStmtContext:
		return &ir.CloseCursor{StmtMeta: m, Name: b.ident(x.Ident()).Text}
	case g.ISignalStmtContext:
		k := b.condition(x.CondValue())
		return &ir.Signal{StmtMeta: m, Condition: &k, Items: b.signalItems(x.SignalSet())}
	case g.IResignalStmtContext:
		s := &ir.Signal{StmtMeta: m, Resignal: true, Items: b.signalItems(x.SignalSet())}
		if x.CondValue() != nil {
			k := b.condition(x.CondValue())
			s.Condition = &k
		}
		return s
	case g.IGetDiagStmtContext:
		return b.getDiag(x)
	case g.IDeclareStmtContext:
		return b.refuse(x, codeSyntax, "a declaration behind the first statement")
	}
	return b.refuse(c, codeConstruct, "this statement")
}

// body is the statement of a routine, trigger, event or handler: a block or any other.
func (b *builder) body(s g.IStmtContext, blk g.IBlockContext) ir.Stmt {
	if blk != nil {
		return b.block(blk.StmtList(), "", b.span(blk))
	}
	return b.stmt(s)
}

// block is BEGIN ... END: declarations first, then statements.
func (b *builder) block(c g.IStmtListContext, label string, s source.Span) *ir.Block {
	out := &ir.Block{StmtMeta: stmt(s), Label: label}
	for _, x := range c.AllStmtInner() {
		if d := declaration(x); d != nil && len(out.Body) == 0 {
			out.Decls = append(out.Decls, b.declare(d)...)
			continue
		}
		out.Body = append(out.Body, b.inner(x))
	}
	return out
}

func declaration(c g.IStmtInnerContext) g.IDeclareStmtContext {
	if c.Stmt() == nil {
		return nil
	}
	return c.Stmt().DeclareStmt()
}

func (b *builder) stmts(c g.IStmtListContext) []ir.Stmt {
	var out []ir.Stmt
	for _, x := range c.AllStmtInner() {
		out = append(out, b.inner(x))
	}
	return out
}

func (b *builder) inner(c g.IStmtInnerContext) ir.Stmt {
	s := b.body(c.Stmt(), c.Block())
	b.comments(s, c)
	return s
}

func labelText(t string) string {
	return unquoteName(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(t), ":")))
}

func (b *builder) labeled(c g.ILabeledStmtContext) ir.Stmt {
	label := labelText(c.LABEL().GetText())
	m := stmt(b.span(c))
	switch {
	case c.Block() != nil:
		return b.block(c.Block().StmtList(), label, m.Span)
	case c.LoopStmt() != nil:
		return &ir.Loop{StmtMeta: m, Kind: ir.InfiniteLoop, Label: label, Body: b.stmts(c.LoopStmt().StmtList())}
	case c.WhileStmt() != nil:
		w := c.WhileStmt()
		return &ir.Loop{StmtMeta: m, Kind: ir.WhileLoop, Label: label, Cond: b.expr(w.Expr()), Body: b.stmts(w.StmtList())}
	case c.RepeatStmt() != nil:
		r := c.RepeatStmt()
		return &ir.Loop{StmtMeta: m, Kind: ir.RepeatLoop, Label: label, Body: b.stmts(r.StmtList()), Cond: b.expr(r.Expr())}
	}
	s := b.forStmt(c.ForStmt())
	if l, ok := s.(*ir.Loop); ok {
		l.Label, l.Span = label, m.Span
	}
	return s
}

// branches pairs conditions with their statements in IF and CASE.
func (b *builder) branches(exprs []g.IExprContext, lists []g.IStmtListContext) []*ir.Branch {
	var out []*ir.Branch
	for i, e := range exprs {
		out = append(out, &ir.Branch{PartMeta: part(source.Cover(b.span(e), b.listSpan(lists[i]))), Cond: b.expr(e), Body: b.stmts(lists[i])})
	}
	return out
}

// listSpan is the span of a list of statements, unknown when it is empty.
func (b *builder) listSpan(c g.IStmtListContext) source.Span {
	if c.GetChildCount() == 0 {
		return source.Span{}
	}
	return b.span(c)
}

func (b *builder) ifStmt(c g.IIfStmtContext) ir.Stmt {
	e, l := c.AllExpr(), c.AllStmtList()
	s := &ir.If{StmtMeta: stmt(b.span(c)), Branches: b.branches(e, l)}
	if len(l) > len(e) {
		s.Else = append([]ir.Stmt{}, b.stmts(l[len(e)])...)
	}
	return s
}

func (b *builder) caseStmt(c g.ICaseStmtContext) ir.Stmt {
	s := &ir.CaseStmt{StmtMeta: stmt(b.span(c))}
	e, l := c.AllExpr(), c.AllStmtList()
	if _, ok := c.GetChild(1).(g.IExprContext); ok {
		s.Operand = b.expr(e[0])
		e = e[1:]
	}
	s.Branches = b.branches(e, l)
	if len(l) > len(e) {
		s.HasElse = true
		s.Else = append([]ir.Stmt{}, b.stmts(l[len(e)])...)
	}
	return s
}

// forStmt is MariaDB's FOR over a range or a query.
func (b *builder) forStmt(c g.IForStmtContext) ir.Stmt {
	s := &ir.Loop{StmtMeta: stmt(b.span(c)), Reverse: c.REVERSE() != nil}
	id := b.ident(c.Ident())
	b.local(id)
	s.Var = &ir.VarDecl{DeclMeta: decl(b.span(c.Ident())), Name: id}
	e := c.AllExpr()
	if c.DOTDOT() != nil {
		s.Kind, s.Lo, s.Hi = ir.RangeLoop, b.expr(e[0]), b.expr(e[1])
		s.Body = b.stmts(c.StmtList())
		return s
	}
	q, ok := b.expr(e[0]).(*ir.Subquery)
	if !ok {
		return b.refuse(c, codeConstruct, "FOR over a cursor")
	}
	s.Kind, s.Query = ir.QueryLoop, q.Query
	s.Body = b.stmts(c.StmtList())
	return s
}

func (b *builder) fetchStmt(c g.IFetchStmtContext) ir.Stmt {
	f := &ir.FetchCursor{StmtMeta: stmt(b.span(c))}
	ids := c.AllIdent()
	if len(ids) == 0 || len(ids) == 2 && !strings.EqualFold(b.ident(ids[0]).Text, "next") {
		return b.refuse(c, codeConstruct, "FETCH of this form")
	}
	f.Name = b.ident(ids[len(ids)-1]).Text
	for _, t := range c.AllIntoTarget() {
		f.Into = append(f.Into, b.intoTarget(t))
	}
	return f
}

func (b *builder) signalItems(c g.ISignalSetContext) []*ir.SignalItem {
	if c == nil {
		return nil
	}
	var out []*ir.SignalItem
	for _, i := range c.AllSignalItem() {
		out = append(out, &ir.SignalItem{PartMeta: part(b.span(i)), Name: strings.ToUpper(b.ident(i.Ident()).Text), Value: b.expr(i.Expr())})
	}
	return out
}

func (b *builder) getDiag(c g.IGetDiagStmtContext) ir.Stmt {
	d := &ir.GetDiagnostics{StmtMeta: stmt(b.span(c)), Stacked: strings.Contains(strings.ToUpper(c.GET_DIAGNOSTICS().GetText()), "STACKED")}
	if c.Expr() != nil {
		d.Condition = b.expr(c.Expr())
	}
	for _, i := range c.AllDiagItem() {
		d.Items = append(d.Items, &ir.DiagItem{PartMeta: part(b.span(i)), Target: b.intoTarget(i.IntoTarget()), Name: strings.ToUpper(b.ident(i.Ident()).Text)})
	}
	return d
}

// condition is what a handler is for, or what SIGNAL raises.
func (b *builder) condition(c g.ICondValueContext) ir.Condition {
	switch {
	case c.SQLSTATE() != nil:
		return ir.Condition{Kind: ir.ByState, State: strings.ToUpper(b.stringOf(c.STRING()))}
	case c.NUMBER() != nil:
		n, _ := strconv.Atoi(c.NUMBER().GetText())
		return ir.Condition{Kind: ir.ByCode, Code: n}
	case c.SQLWARNING() != nil:
		return ir.Condition{Kind: ir.SQLWarning}
	case c.SQLEXCEPTION() != nil:
		return ir.Condition{Kind: ir.SQLException}
	case c.NOT() != nil:
		return ir.Condition{Kind: ir.NotFound}
	}
	return ir.Condition{Kind: ir.ByName, Name: b.ident(c.Ident()).Text}
}

// declare is one DECLARE; it may declare several variables.
func (b *builder) declare(c g.IDeclareStmtContext) []ir.Decl {
	out := b.declared(c)
	if len(out) > 0 {
		b.comments(out[0], c)
	}
	return out
}

func (b *builder) declared(c g.IDeclareStmtContext) []ir.Decl {
	m := decl(b.span(c))
	if h := c.DeclareHandler(); h != nil {
		return []ir.Decl{b.handler(h, m)}
	}
	ids := b.idents(c.IdentList().AllIdent())
	switch {
	case c.DeclareCondition() != nil:
		return []ir.Decl{&ir.ConditionDecl{DeclMeta: m, Name: ids[0], Value: b.condition(c.DeclareCondition().CondValue())}}
	case c.DeclareCursor() != nil:
		return []ir.Decl{b.cursor(c.DeclareCursor(), ids[0], m)}
	}
	return b.variables(c.DeclareVar(), ids, m)
}

func (b *builder) handler(h g.IDeclareHandlerContext, m ir.DeclMeta) ir.Decl {
	d := &ir.Handler{DeclMeta: m, Action: ir.ContinueHandler}
	switch {
	case h.EXIT() != nil:
		d.Action = ir.ExitHandler
	case h.UNDO() != nil:
		d.Action = ir.UndoHandler
	}
	for _, k := range h.AllCondValue() {
		d.Conditions = append(d.Conditions, b.condition(k))
	}
	d.Body = b.body(h.Stmt(), h.Block())
	return d
}

func (b *builder) cursor(c g.IDeclareCursorContext, id ir.Ident, m ir.DeclMeta) ir.Decl {
	d := &ir.CursorDecl{DeclMeta: m, Name: id}
	for _, p := range c.AllParam() {
		d.Params = append(d.Params, b.param(p))
	}
	if c.Query() != nil {
		d.Query = b.query(c.Query())
	} else {
		d.Prepared = b.ident(c.Ident()).Text
	}
	return d
}

func (b *builder) variables(c g.IDeclareVarContext, ids []ir.Ident, m ir.DeclMeta) []ir.Decl {
	var out []ir.Decl
	for _, id := range ids {
		t, spec := b.dataType(c.DataType())
		v := &ir.VarDecl{DeclMeta: m, Name: id, Type: t, TypeOf: spec.typeOf, RowOf: spec.rowOf}
		if c.Expr() != nil {
			b.assigned(func() { v.Default = b.expr(c.Expr()) })
		}
		out = append(out, v)
	}
	for _, id := range ids {
		b.local(id)
	}
	return out
}

// ---- CREATE ----

func (b *builder) param(c g.IParamContext) *ir.ParamDecl {
	p := &ir.ParamDecl{PartMeta: part(b.span(c)), Name: b.ident(c.Ident())}
	switch {
	case c.OUT() != nil:
		p.Mode = catalog.Out
	case c.INOUT() != nil:
		p.Mode = catalog.InOut
	}
	t, spec := b.dataType(c.DataType())
	p.Type, p.TypeOf = t, spec.typeOf
	if spec.rowOf != nil {
		b.report(codePart, b.span(c), "a parameter of ROW TYPE OF is not converted")
	}
	if c.Expr() != nil {
		b.report(codePart, b.span(c), "the default value of a parameter is not converted")
	}
	b.local(p.Name)
	return p
}

func (b *builder) params0(l []g.IParamContext) []*ir.ParamDecl {
	var out []*ir.ParamDecl
	for _, p := range l {
		out = append(out, b.param(p))
	}
	return out
}

func (b *builder) createProcedure(c g.ICreateProcedureContext, h *createHead, s source.Span) ir.Stmt {
	b.enterRoutine()
	r := h.routine(catalog.Procedure, s)
	r.Name, r.IfNotExists = b.qname(c.Qname()), c.IfNotExists() != nil
	r.Params = b.params0(c.AllParam())
	b.routineChars(r, c.AllRoutineChar())
	r.Body = b.body(c.Stmt(), c.Block())
	return r
}

func (b *builder) createFunction(c g.ICreateFunctionContext, h *createHead, s source.Span) ir.Stmt {
	if c.DataType() == nil {
		return b.refuse(c, codeAdmin, "CREATE FUNCTION ... SONAME")
	}
	b.enterRoutine()
	r := h.routine(catalog.Function, s)
	r.Name, r.IfNotExists = b.qname(c.Qname()), c.IfNotExists() != nil
	r.Params = b.params0(c.AllParam())
	t, spec := b.dataType(c.DataType())
	r.Returns = t
	if spec.typeOf != nil || spec.rowOf != nil {
		b.report(codePart, b.span(c.DataType()), "RETURNS %s is not converted", b.text(c.DataType()))
	}
	b.routineChars(r, c.AllRoutineChar())
	r.Body = b.body(c.Stmt(), c.Block())
	return r
}

// routineChars reads the characteristics of a routine; they are words in any order.
func (b *builder) routineChars(r *ir.Routine, l []g.IRoutineCharContext) {
	var w []string
	for _, c := range l {
		switch {
		case c.COMMENT() != nil:
			r.Comment = b.stringOf(c.STRING())
		case c.SQL_SECURITY() != nil:
			r.Security = strings.ToLower(b.ident(c.Ident()).Text)
		case c.NOT() != nil:
			w = append(w, "NOT "+strings.ToUpper(c.IDENT().GetText()))
		default:
			w = append(w, strings.ToUpper(c.IDENT().GetText()))
		}
	}
	text := strings.Join(w, " ")
	for _, k := range []string{"CONTAINS SQL", "NO SQL", "READS SQL DATA", "MODIFIES SQL DATA"} {
		if strings.Contains(text, k) {
			r.DataAccess = strings.ToLower(k)
			text = strings.Replace(text, k, "", 1)
		}
	}
	if strings.Contains(text, "NOT DETERMINISTIC") {
		text = strings.Replace(text, "NOT DETERMINISTIC", "", 1)
	} else if strings.Contains(text, "DETERMINISTIC") {
		r.Deterministic = true
		text = strings.Replace(text, "DETERMINISTIC", "", 1)
	}
	text = strings.TrimSpace(strings.Replace(text, "LANGUAGE SQL", "", 1))
	if text != "" {
		b.report(codePart, r.Span, "the characteristic %s of the routine is not converted", text)
	}
}

func (b *builder) createTrigger(c g.ICreateTriggerContext, h *createHead, s source.Span) ir.Stmt {
	b.enterRoutine()
	t := &ir.CreateTrigger{StmtMeta: stmt(s), Name: b.qname(c.Qname(0)), OrReplace: h.orReplace, IfNotExists: c.IfNotExists() != nil, Definer: h.definer, ForEachRow: true, Timing: "before"}
	if c.AFTER() != nil {
		t.Timing = "after"
	}
	switch {
	case c.INSERT() != nil:
		t.Events = []string{"insert"}
	case c.UPDATE() != nil:
		t.Events = []string{"update"}
	default:
		t.Events = []string{"delete"}
	}
	t.Table = b.target(c.Qname(1), nil)
	if id := c.Ident(); id != nil {
		w := c.AllIDENT()
		if strings.EqualFold(w[len(w)-1].GetText(), "follows") {
			t.Follows = b.ident(id).Text
		} else {
			t.Precedes = b.ident(id).Text
		}
	}
	t.Body = b.body(c.Stmt(), c.Block())
	return t
}

func (b *builder) createEvent(c g.ICreateEventContext, h *createHead, s source.Span) ir.Stmt {
	b.enterRoutine()
	e := &ir.CreateEvent{StmtMeta: stmt(s), Name: b.qname(c.Qname()), IfNotExists: c.IfNotExists() != nil, OrReplace: h.orReplace, Definer: h.definer, Status: "enable"}
	for _, k := range c.AllEventClause() {
		b.eventClause(e, k)
	}
	if c.DO() == nil {
		return b.refuse(c, codeSyntax, "CREATE EVENT without a body")
	}
	e.Body = b.body(c.Stmt(), c.Block())
	return e
}

func (b *builder) eventClause(e *ir.CreateEvent, k g.IEventClauseContext) {
	switch {
	case k.ON_SCHEDULE() != nil:
		// the text behind ON SCHEDULE
		e.Schedule = b.ts.Span(first(k)+1, last(k)).Text()
	case k.ON_COMPLETION() != nil:
		e.Preserve = k.NOT() == nil
	case k.COMMENT() != nil:
		e.Comment = b.stringOf(k.STRING())
	case k.RENAME() != nil:
		b.report(codePart, b.span(k), "RENAME in CREATE EVENT is not converted")
	default:
		e.Status = strings.ToLower(strings.Join(strings.Fields(words(b.tokens(k))), " "))
	}
}
