package mysql

import (
	"slices"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/source"
)

// enterRoutine begins a stored program.
func (p *parser) enterRoutine() {
	p.routine = true
	if p.locals == nil {
		p.locals = map[string]int{}
	}
}

func (p *parser) local(id ir.Ident) {
	name := strings.ToLower(id.Text)
	p.declared++
	p.locals[name] = p.declared
}

// programStmt reads a statement of stored programs.
func (p *parser) programStmt() ir.Stmt {
	p.enterRoutine()
	i := p.Pos
	switch p.Kind() {
	case kLabel:
		return p.labeled()
	case kIf:
		return p.ifStmt()
	case kCase:
		return p.caseStmt()
	case kLoop, kWhile, kRepeat, kFor:
		return p.loop(i, "")
	case kLeave:
		p.Next()
		id := p.ident()
		return &ir.Leave{StmtMeta: p.sinceStmt(i), Label: id.Text}
	case kIterate:
		p.Next()
		id := p.ident()
		return &ir.Iterate{StmtMeta: p.sinceStmt(i), Label: id.Text}
	case kReturn:
		p.Next()
		v := p.assigned()
		return &ir.Return{StmtMeta: p.sinceStmt(i), Value: v}
	case kDeclare:
		p.declare()
		return p.refuse(i, codeSyntax, "a declaration behind the first statement")
	case kSignal, kResignal:
		return p.signal()
	case kGetDiagnostics:
		return p.getDiagnostics()
	}
	return p.cursorStmt(i)
}

// cursorStmt reads OPEN, FETCH and CLOSE.
func (p *parser) cursorStmt(i int) ir.Stmt {
	switch p.Kind() {
	case kOpen:
		p.Next()
		n := &ir.OpenCursor{Name: p.ident().Text}
		p.opened(n.Name)
		if p.Accept(kLP) {
			n.Args = p.exprList()
			p.Expect(kRP)
		}
		n.Span = p.SpanFrom(i)
		return n
	case kFetch:
		return p.fetchStmt()
	case kClose:
		p.Next()
		id := p.ident()
		p.touched(id.Text)
		return &ir.CloseCursor{StmtMeta: p.sinceStmt(i), Name: id.Text}
	}
	p.Fail("a statement")
	return nil
}

// body reads the statement of a routine, trigger, event or handler: a block or any other.
func (p *parser) body() ir.Stmt {
	p.Enter()
	defer p.Leave()
	if p.Kind() == kBegin {
		return p.block("")
	}
	return p.stmt()
}

// block reads BEGIN ... END.
func (p *parser) block(label string) *ir.Block {
	i := p.Expect(kBegin)
	if p.Accept(kNot) {
		p.Expect(kIdent)
	}
	return p.blockBody(i, label)
}

// blockBody reads what stands behind BEGIN: declarations first, then statements. The block begins at the i-th token.
func (p *parser) blockBody(i int, label string) *ir.Block {
	out := &ir.Block{Label: label}
	var room [8]ir.Stmt
	body := room[:0]
	for p.Kind() != kEnd {
		switch {
		case p.Kind() == kEOF:
			p.Expect(kEnd)
		case p.Kind() == kSemi:
		case p.Kind() == kDeclare && len(body) == 0:
			j := p.Pos
			l := p.declare()
			if len(l) > 0 {
				p.comments(l[0], j)
			}
			out.Decls = append(out.Decls, l...)
		default:
			body = append(body, p.inner())
		}
		p.semicolon()
	}
	p.Expect(kEnd)
	if len(body) > 0 {
		out.Body = slices.Clone(body)
	}
	out.Span = p.SpanFrom(i)
	return out
}

// semicolon ends a statement within a block.
func (p *parser) semicolon() {
	if !p.Accept(kSemi) {
		p.Fail(kindName(kSemi))
	}
}

// stmts reads the statements of a branch or loop, up to a word that ends it.
func (p *parser) stmts() []ir.Stmt {
	var out []ir.Stmt
	for {
		switch p.Kind() {
		case kEnd, kElse, kElseIf, kWhen, kUntil, kEOF:
			return out
		case kSemi:
		default:
			out = append(out, p.inner())
		}
		p.semicolon()
	}
}

// inner reads a statement within a block.
func (p *parser) inner() ir.Stmt {
	i := p.Pos
	s := p.body()
	p.comments(s, i)
	return s
}

// labeled reads a label with its block or loop.
func (p *parser) labeled() ir.Stmt {
	i := p.Next()
	label := unquoteName(p.TextAt(i))
	p.labels = append(p.labels, strings.ToLower(label))
	defer func() { p.labels = p.labels[:len(p.labels)-1] }()
	var s ir.Stmt
	switch p.Kind() {
	case kBegin:
		s = p.block(label)
	case kLoop, kWhile, kRepeat, kFor:
		s = p.loop(i, label)
	default:
		p.Fail("BEGIN", "LOOP", "WHILE", "REPEAT", "FOR")
	}
	if p.isName() {
		p.Next()
	}
	if _, refused := s.(*ir.Unsupported); !refused {
		s.Base().Span = p.SpanFrom(i)
	}
	return s
}

// loop reads LOOP, WHILE, REPEAT or FOR. The statement begins at the i-th token, perhaps with its label.
func (p *parser) loop(i int, label string) ir.Stmt {
	l := &ir.Loop{Label: label}
	k := p.Kind()
	switch k {
	case kFor:
		return p.forStmt(i, label)
	case kLoop:
		p.Next()
		l.Kind, l.Body = ir.InfiniteLoop, p.stmts()
	case kWhile:
		p.Next()
		l.Kind, l.Cond = ir.WhileLoop, p.expr()
		p.Expect(kDo)
		l.Body = p.stmts()
	case kRepeat:
		p.Next()
		l.Kind, l.Body = ir.RepeatLoop, p.stmts()
		p.Expect(kUntil)
		l.Cond = p.expr()
	}
	p.Expect(kEnd)
	p.Expect(k)
	l.Span = p.SpanFrom(i)
	return l
}

// forStmt is MariaDB's FOR over a range or a query.
func (p *parser) forStmt(i int, label string) ir.Stmt {
	p.Expect(kFor)
	v := p.Pos
	id := p.ident()
	p.local(id)
	s := &ir.Loop{Label: label, Var: &ir.VarDecl{DeclMeta: decl(p.Span(v)), Name: id}}
	p.Expect(kIn)
	s.Reverse = p.Accept(kReverse)
	e := p.expr()
	if p.Accept(kDotDot) {
		s.Kind, s.Lo, s.Hi = ir.RangeLoop, e, p.expr()
	}
	var cursor *declaredCursor
	if q, ok := e.(*ir.Subquery); ok {
		s.Kind, s.Query = ir.QueryLoop, q.Query
	} else if s.Kind != ir.RangeLoop {
		if cursor = p.rowsOf(e); cursor != nil {
			s.Kind, s.Query = ir.QueryLoop, ir.Clone(cursor.query)
			cursor.open, cursor.touched = true, false
		}
	}
	p.Expect(kDo)
	s.Body = p.stmts()
	p.Expect(kEnd)
	p.Expect(kFor)
	s.Span = p.SpanFrom(i)
	switch {
	case s.Kind == ir.RangeLoop:
	case s.Query == nil:
		return p.refuse(i, codeConstruct, "FOR over a cursor that has parameters, is open or hidden, or whose names have changed")
	case cursor != nil && cursor.touched:
		return p.refuse(i, codeConstruct, "FOR over a cursor that is opened, fetched from or closed inside of the loop")
	case cursor != nil && p.leftOpen(s, cursor):
		return p.refuse(i, codeConstruct, "FOR over a cursor that LEAVE or ITERATE of a label around it keeps open")
	case cursor != nil:
		cursor.open = false
	}
	return s
}

// leftOpen tells that a jump leads out of the loop over a cursor and stays where the cursor is known: MariaDB does not close it then.
func (p *parser) leftOpen(l *ir.Loop, c *declaredCursor) bool {
	around := p.labels[c.labels:]
	if l.Label != "" {
		around = around[:len(around)-1]
	}
	return len(around) > 0 && ir.Find(&ir.Block{Body: l.Body}, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Leave:
			return slices.Contains(around, strings.ToLower(n.Label))
		case *ir.Iterate:
			return slices.Contains(around, strings.ToLower(n.Label))
		}
		return false
	})
}

// rowsOf is the declared cursor that a FOR runs over, nil if its query is not the same at the loop: the cursor has parameters, is opened or run over
// around it, or a variable that was declared since has a name of the query.
func (p *parser) rowsOf(e ir.Expr) *declaredCursor {
	n, ok := e.(*ir.Name)
	if !ok || len(n.Parts) != 1 {
		return nil
	}
	c := p.cursors[strings.ToLower(n.Parts[0].Text)]
	if c == nil || c.open {
		return nil
	}
	if ir.Find(c.query, func(x ir.Node) bool {
		n, ok := x.(*ir.Name)
		return ok && p.locals[strings.ToLower(n.Parts[0].Text)] > c.locals
	}) {
		return nil
	}
	return c
}

// declaredCursor is a cursor of the routine: its query, how many variables stand in front of it, and whether it is open or may be.
type declaredCursor struct {
	query   ir.Query
	locals  int
	labels  int // how many labels are around its block
	open    bool
	touched bool // a statement has opened, fetched from or closed it
}

// noteCursor keeps a cursor for FOR loops; the second one of a name hides the first.
func (p *parser) noteCursor(d *ir.CursorDecl) {
	if p.cursors == nil {
		p.cursors = map[string]*declaredCursor{}
	}
	name := strings.ToLower(d.Name.Text)
	c := &declaredCursor{query: d.Query, locals: p.declared, labels: len(p.labels)}
	c.open = p.cursors[name] != nil || len(d.Params) > 0 || d.Query == nil
	p.cursors[name] = c
}

// opened notes that a cursor may be open from here on.
func (p *parser) opened(name string) {
	if c := p.touched(name); c != nil {
		c.open = true
	}
}

// touched notes that a statement uses a cursor by its name.
func (p *parser) touched(name string) *declaredCursor {
	c := p.cursors[strings.ToLower(name)]
	if c != nil {
		c.touched = true
	}
	return c
}

// branch reads THEN statements behind a condition that began at the i-th token.
func (p *parser) branch(i int, cond ir.Expr) *ir.Branch {
	s := p.SpanFrom(i)
	p.Expect(kThen)
	j := p.Pos
	b := &ir.Branch{Cond: cond, Body: p.stmts()}
	if p.Pos > j {
		s = source.Cover(s, p.SpanFrom(j))
	}
	b.Span = s
	return b
}

func (p *parser) ifStmt() ir.Stmt {
	i := p.Next()
	s := &ir.If{}
	for more := true; more; more = p.Accept(kElseIf) {
		j := p.Pos
		s.Branches = append(s.Branches, p.branch(j, p.expr()))
	}
	if p.Accept(kElse) {
		s.Else = append([]ir.Stmt{}, p.stmts()...)
	}
	p.Expect(kEnd)
	p.Expect(kIf)
	s.Span = p.SpanFrom(i)
	return s
}

func (p *parser) caseStmt() ir.Stmt {
	i := p.Next()
	s := &ir.CaseStmt{}
	if p.Kind() != kWhen {
		s.Operand = p.expr()
	}
	p.Expect(kWhen)
	for more := true; more; more = p.Accept(kWhen) {
		j := p.Pos
		s.Branches = append(s.Branches, p.branch(j, p.expr()))
	}
	if p.Accept(kElse) {
		s.HasElse = true
		s.Else = append([]ir.Stmt{}, p.stmts()...)
	}
	p.Expect(kEnd)
	p.Expect(kCase)
	s.Span = p.SpanFrom(i)
	return s
}

// fetchStmt is FETCH [[NEXT] FROM] cursor INTO targets.
func (p *parser) fetchStmt() ir.Stmt {
	i := p.Next()
	f := &ir.FetchCursor{}
	bad := false
	if p.Kind() != kFrom {
		f.Name = p.ident().Text
	}
	if p.Accept(kFrom) {
		bad = f.Name != "" && !strings.EqualFold(f.Name, "next")
		f.Name = p.ident().Text
	}
	p.touched(f.Name)
	p.Expect(kInto)
	f.Into = p.intoTargets()
	f.Span = p.SpanFrom(i)
	if bad {
		return p.refuse(i, codeConstruct, "FETCH of this form")
	}
	return f
}

// signal is SIGNAL or RESIGNAL.
func (p *parser) signal() ir.Stmt {
	i := p.Next()
	s := &ir.Signal{Resignal: p.At(i).Kind == kResignal}
	switch k := p.Kind(); {
	case s.Resignal && (k == kSet || k == kSemi || k == kEOF):
	default:
		c := p.condition()
		s.Condition = &c
	}
	if p.Accept(kSet) {
		for more := true; more; more = p.Accept(kComma) {
			j := p.Pos
			n := &ir.SignalItem{Name: strings.ToUpper(p.ident().Text)}
			p.Expect(kEq)
			n.Value = p.expr()
			n.Span = p.SpanFrom(j)
			s.Items = append(s.Items, n)
		}
	}
	s.Span = p.SpanFrom(i)
	return s
}

// getDiagnostics is GET [CURRENT | STACKED] DIAGNOSTICS.
func (p *parser) getDiagnostics() ir.Stmt {
	i := p.Next()
	d := &ir.GetDiagnostics{Stacked: strings.Contains(p.upper(i), "STACKED")}
	d.Cleared = !d.Stacked && !p.mariadb()
	if p.Accept(kCondition) {
		d.Condition = p.expr()
	}
	for more := true; more; more = p.Accept(kComma) {
		j := p.Pos
		n := &ir.DiagItem{Target: p.intoTarget()}
		p.Expect(kEq)
		n.Name = strings.ToUpper(p.ident().Text)
		n.Span = p.SpanFrom(j)
		d.Items = append(d.Items, n)
	}
	d.Span = p.SpanFrom(i)
	return p.rowCounts(d)
}

// rowCounts takes ROW_COUNT out of GET DIAGNOSTICS, which is what the function of that name gives.
func (p *parser) rowCounts(d *ir.GetDiagnostics) ir.Stmt {
	if d.Stacked || d.Condition != nil {
		return d
	}
	s := &ir.SetVar{Diagnostics: true}
	s.Span = d.Span
	d.Items = slices.DeleteFunc(d.Items, func(i *ir.DiagItem) bool {
		if i.Name != "ROW_COUNT" {
			return false
		}
		c := &ir.Call{Op: op.RowCount}
		c.Span = i.Span
		x := &ir.SetItem{Target: i.Target, Value: c}
		x.Span = i.Span
		s.Items = append(s.Items, x)
		return true
	})
	switch {
	case len(s.Items) == 0:
		return d
	case len(d.Items) == 0:
		return s
	}
	b := &ir.Block{Body: []ir.Stmt{d, s}}
	b.Span = d.Span
	return b
}

// condition is what a handler is for, or what SIGNAL raises.
func (p *parser) condition() ir.Condition {
	switch p.Kind() {
	case kSQLState:
		p.Next()
		p.Accept(kValue)
		return ir.Condition{Kind: ir.ByState, State: strings.ToUpper(p.str())}
	case kNumber:
		n, _ := strconv.Atoi(p.TextAt(p.Next()))
		return ir.Condition{Kind: ir.ByCode, Code: n}
	case kSQLWarning:
		p.Next()
		return ir.Condition{Kind: ir.SQLWarning}
	case kSQLException:
		p.Next()
		return ir.Condition{Kind: ir.SQLException}
	case kNot:
		p.Next()
		p.Expect(kIdent)
		return ir.Condition{Kind: ir.NotFound}
	}
	if !p.isName() {
		p.Fail("a condition")
	}
	return ir.Condition{Kind: ir.ByName, Name: p.ident().Text}
}

// ---- declarations ----

// declare reads one DECLARE; it may declare several variables.
func (p *parser) declare() []ir.Decl {
	i := p.Expect(kDeclare)
	switch p.Kind() {
	case kContinue, kExit, kUndo:
		return []ir.Decl{p.handler(i)}
	}
	ids := p.identList()
	switch p.Kind() {
	case kCondition:
		p.Next()
		p.Expect(kFor)
		c := p.condition()
		return []ir.Decl{&ir.ConditionDecl{DeclMeta: decl(p.SpanFrom(i)), Name: ids[0], Value: c}}
	case kCursor:
		return []ir.Decl{p.cursor(i, ids[0])}
	}
	return p.variables(i, ids)
}

func (p *parser) handler(i int) ir.Decl {
	d := &ir.Handler{Action: ir.ContinueHandler}
	switch p.At(p.Next()).Kind {
	case kExit:
		d.Action = ir.ExitHandler
	case kUndo:
		d.Action = ir.UndoHandler
	}
	p.Expect(kHandler)
	p.Expect(kFor)
	for more := true; more; more = p.Accept(kComma) {
		d.Conditions = append(d.Conditions, p.condition())
	}
	d.Body = p.body()
	d.Span = p.SpanFrom(i)
	return d
}

func (p *parser) cursor(i int, id ir.Ident) ir.Decl {
	d := &ir.CursorDecl{Name: id}
	p.Next()
	if p.Accept(kLP) {
		d.Params = p.paramList()
		p.Expect(kRP)
	}
	p.Expect(kFor)
	if p.atQuery() {
		d.Query = p.query()
	} else {
		d.Prepared = p.ident().Text
	}
	p.noteCursor(d)
	d.Span = p.SpanFrom(i)
	return d
}

// variables reads the type and the default that the names share. Each has nodes of its own, so the default is read once for each.
func (p *parser) variables(i int, ids []ir.Ident) []ir.Decl {
	from := p.Pos
	var out []ir.Decl
	for n, id := range ids {
		params := p.params
		p.Pos = from
		t, spec := p.dataType()
		v := &ir.VarDecl{Name: id, Type: t, TypeOf: spec.typeOf, RowOf: spec.rowOf}
		if p.Kind() == kDefault || p.Kind() == kAssign {
			p.Next()
			v.Default = p.assigned()
		}
		if n < len(ids)-1 {
			p.params = params
		}
		v.Span = p.SpanFrom(i)
		out = append(out, v)
	}
	for _, id := range ids {
		p.local(id)
	}
	return out
}
