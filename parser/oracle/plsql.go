package oracle

import (
	"slices"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// bareStmt reads a statement of a block without its semicolon.
func (p *parser) bareStmt() ir.Stmt {
	i := p.Pos
	if p.isCallOrTarget() {
		return p.callOrAssignment()
	}
	switch p.Kind() {
	case kBegin, kDeclare:
		return p.block(i, "")
	case kIf:
		return p.ifStmt()
	case kCase:
		return p.caseStmt()
	case kLoop, kWhile, kFor:
		return p.loop(i, "")
	case kForall:
		return p.forall()
	case kExit, kContinue:
		return p.leaveStmt()
	case kGoto:
		p.Next()
		id := p.anyIdent()
		return &ir.Goto{StmtMeta: p.sinceStmt(i), Label: id.Text}
	case kNull:
		p.Next()
		return &ir.Nothing{StmtMeta: p.sinceStmt(i)}
	case kReturn:
		return p.returnStmt()
	case kRaise:
		return p.raiseStmt()
	case kOpen:
		return p.openStmt()
	case kFetch:
		return p.fetchStmt()
	case kClose:
		return p.closeStmt()
	case kExecute:
		return p.executeImmediate()
	}
	return p.sqlInBlock()
}

// sqlInBlock reads the statements of SQL that may stand in a block, PIPE ROW, and all that begin with a name.
func (p *parser) sqlInBlock() ir.Stmt {
	switch p.Kind() {
	case kSelect, kWith:
		return p.selectInto()
	case kInsert, kUpdate, kDelete, kMerge:
		return p.dml()
	case kCommit, kRollback, kSavepoint, kSet, kLock:
		return p.transactionStmt()
	case kBind, kParam, kLP:
		return p.callOrAssignment()
	}
	switch {
	case p.isWords("PIPE", "ROW"):
		return p.pipeRow()
	case !p.isName():
		p.Fail("a statement")
	}
	return p.callOrAssignment()
}

// isCallOrTarget tells that a word begins an assignment or a call, although it begins another statement elsewhere.
func (p *parser) isCallOrTarget() bool {
	k := p.Kind()
	if k < kAll || nameKinds[k]&asName == 0 {
		return false
	}
	switch p.Ahead(1) {
	case kAssign, kDot, kPercent, kAt:
		return true
	case kLP:
		switch k { // these are followed by parentheses as statements
		case kReturn, kSelect, kWith, kUpdate, kIf, kWhile, kCase, kMerge, kFetch, kOpen, kClose:
			return false
		}
		return !p.isWords("PIPE", "ROW")
	}
	return false
}

// callOrAssignment reads target := value, or the call of a procedure.
func (p *parser) callOrAssignment() ir.Stmt {
	i := p.Pos
	x := p.designator()
	if p.Accept(kAssign) {
		item := &ir.SetItem{Target: x}
		item.Value = p.expr()
		item.Span = p.SpanFrom(i)
		return &ir.SetVar{StmtMeta: p.sinceStmt(i), Items: []*ir.SetItem{item}}
	}
	switch x.(type) {
	case *ir.Name, *ir.Invoke, *ir.Field:
		if p.Kind() == kSemi || p.Kind() == kEOF {
			return &ir.Invocation{StmtMeta: p.sinceStmt(i), X: x}
		}
	}
	p.Fail(kindName(kAssign), kindName(kSemi))
	return nil
}

// designator reads what can be assigned to or called: a name with fields, elements and arguments, or a bind variable.
func (p *parser) designator() ir.Expr {
	i := p.Pos
	switch p.Kind() {
	case kBind, kParam:
		return p.bindTarget()
	case kLP:
		p.Next()
		return p.selectors(i, p.supertypeCall(i, p.expr()))
	}
	if p.is("TREAT") && p.Ahead(1) == kLP {
		p.Next()
		return p.selectors(i, p.treat(i))
	}
	var x ir.Expr = &ir.Name{Parts: p.nameParts(), ExprMeta: p.sinceExpr(i)}
	return p.selectors(i, x)
}

// supertypeCall reads AS type) behind (x, which began at the i-th token: the method that follows is that of the type itself.
func (p *parser) supertypeCall(i int, x ir.Expr) ir.Expr {
	p.Expect(kAs)
	q := p.qname()
	p.Expect(kRP)
	return &ir.Treat{ExprMeta: p.sinceExpr(i), X: x, To: types.Ref{Name: q.String()}, Super: true}
}

// selectors reads the fields, elements and arguments behind what began at the i-th token.
func (p *parser) selectors(i int, x ir.Expr) ir.Expr {
	for {
		switch p.Kind() {
		case kLP:
			args := p.arguments()
			x = &ir.Invoke{ExprMeta: p.sinceExpr(i), X: x, Args: args}
		case kDot:
			p.Next()
			id := p.anyIdent()
			x = &ir.Field{ExprMeta: p.sinceExpr(i), X: x, Name: id.Text}
		case kAt:
			p.Next()
			x = p.remoteCall(i, x)
		default:
			return x
		}
	}
}

// remoteCall reads the link behind @ and the arguments of a call.
func (p *parser) remoteCall(i int, x ir.Expr) ir.Expr {
	call := &ir.Invoke{X: x, Link: p.dbLink()}
	if p.Kind() == kLP {
		call.Args = p.arguments()
	}
	call.Span = p.SpanFrom(i)
	return call
}

// arguments reads the arguments of a call in parentheses; there may be none.
func (p *parser) arguments() []ir.Expr {
	i := p.Pos
	c := p.callArgs()
	if c.window || c.onError != nil {
		p.FailAt(i+1, "the arguments of a procedure")
	}
	return c.args
}

// targets reads the variables behind INTO.
func (p *parser) targets() []ir.Expr {
	out := []ir.Expr{p.designator()}
	for p.Accept(kComma) {
		out = append(out, p.designator())
	}
	return out
}

// selectInto reads a query of a block, whose rows go into variables.
func (p *parser) selectInto() ir.Stmt {
	i := p.Pos
	q := p.query()
	s := &ir.SelectInto{StmtMeta: p.sinceStmt(i), Query: q}
	if m := ir.Common(q); m == nil || len(m.Into) == 0 {
		return p.refuse(i, codeNoInto, "a query without INTO in a block")
	}
	return s
}

// returnStmt reads RETURN [value].
func (p *parser) returnStmt() ir.Stmt {
	i := p.Next()
	s := &ir.Return{}
	if p.Kind() != kSemi {
		s.Value = p.expr()
	}
	s.Span = p.SpanFrom(i)
	return s
}

// raiseStmt reads RAISE [exception].
func (p *parser) raiseStmt() ir.Stmt {
	i := p.Next()
	s := &ir.RaiseNamed{}
	if p.Kind() != kSemi {
		s.Name = p.qname()
	}
	s.Span = p.SpanFrom(i)
	return s
}

// pipeRow reads PIPE ROW (value).
func (p *parser) pipeRow() ir.Stmt {
	i := p.Next()
	p.Next()
	p.Expect(kLP)
	v := p.expr()
	p.Expect(kRP)
	return &ir.PipeRow{StmtMeta: p.sinceStmt(i), Value: v}
}

// ifStmt reads IF ... THEN ... [ELSIF ...] [ELSE ...] END IF.
func (p *parser) ifStmt() ir.Stmt {
	p.Enter()
	defer p.Leave()
	i := p.Next()
	s := &ir.If{}
	for more := true; more; more = p.Accept(kElsif) {
		j := p.Pos
		s.Branches = append(s.Branches, p.branch(j, p.expr()))
	}
	if p.Accept(kElse) {
		s.Else = p.stmts()
	}
	p.Expect(kEnd)
	p.Expect(kIf)
	s.Span = p.SpanFrom(i)
	return s
}

// branch reads THEN statements behind a condition that began at the i-th token.
func (p *parser) branch(i int, cond ir.Expr) *ir.Branch {
	p.Expect(kThen)
	b := &ir.Branch{Cond: cond, Body: p.stmts()}
	b.Span = p.SpanFrom(i)
	return b
}

// caseStmt reads CASE [operand] WHEN ... THEN ... [ELSE ...] END CASE [label].
func (p *parser) caseStmt() ir.Stmt {
	p.Enter()
	defer p.Leave()
	i := p.Next()
	s := &ir.CaseStmt{}
	if p.Kind() != kWhen {
		s.Operand = p.expr()
	}
	p.Expect(kWhen)
	searched := make([]bool, 0, 8)
	for more := true; more; more = p.Accept(kWhen) {
		j := p.Pos
		c, whole := p.caseChoice(s.Operand)
		searched = append(searched, whole)
		s.Branches = append(s.Branches, p.branch(j, c))
	}
	if p.Accept(kElse) {
		s.HasElse = true
		s.Else = p.stmts()
	}
	p.Expect(kEnd)
	p.Expect(kCase)
	if p.isName() { // a label that stands before the statement
		p.Next()
	}
	s.Span = p.SpanFrom(i)
	if p.becomesSearched(s.Operand, searched) {
		for j, b := range s.Branches {
			if !searched[j] {
				b.Cond = equal(s.Operand, b.Cond)
			}
		}
		s.Operand = nil
	}
	return s
}

// caseChoice reads what stands behind WHEN: a condition, or with an operand a value. Several values, or comparisons without their left
// side, make a condition of the operand; whole is true then.
func (p *parser) caseChoice(operand ir.Expr) (cond ir.Expr, whole bool) {
	if operand == nil {
		return p.expr(), true
	}
	for more := true; more; more = p.Accept(kComma) {
		var c ir.Expr
		if p.danglingPredicate() {
			c, whole = p.operator(p.Kind(), kEOF, powerCompare, ir.Clone(operand)), true
		} else {
			c = p.expr()
			if !whole && cond == nil && p.Kind() != kComma {
				return c, false
			}
			c, whole = equal(operand, c), true
		}
		if cond == nil {
			cond = c
		} else {
			cond = p.binary(ir.Or, cond, c)
		}
	}
	return cond, whole
}

// equal compares the operand of a CASE with a value.
func equal(operand, v ir.Expr) ir.Expr {
	return &ir.Compare{ExprMeta: expr(v.Base().Span), Op: ir.Eq, L: ir.Clone(operand), R: v}
}

// becomesSearched tells that a CASE with an operand holds conditions of it, so that all its choices become conditions. The operand is
// written several times then and has to be a variable or a constant.
func (p *parser) becomesSearched(operand ir.Expr, whole []bool) bool {
	if operand == nil || !slices.Contains(whole, true) {
		return false
	}
	switch operand.(type) {
	case *ir.Name, *ir.Number, *ir.String, *ir.Bool, *ir.Null:
	default:
		p.report(codePart, operand.Base().Span, "CASE with lists of choices or comparisons is converted for variables only, which this operand is not")
	}
	return true
}

// danglingPredicate tells that a comparison without its left side stands here.
func (p *parser) danglingPredicate() bool {
	switch p.Kind() {
	case kEq, kNE, kLT, kGT, kLE, kGE, kLike, kIn, kBetween, kIs:
		return true
	case kNot:
		k := p.Ahead(1)
		return k == kIn || k == kBetween || k == kLike
	}
	return false
}

// executeImmediate reads EXECUTE IMMEDIATE text [INTO ...] [USING ...] [RETURNING INTO ...].
func (p *parser) executeImmediate() ir.Stmt {
	i := p.Next()
	p.expectWord("IMMEDIATE")
	s := &ir.Execute{Text: p.expr()}
	s.Into, s.Bulk = p.intoClause()
	if p.Accept(kUsing) {
		s.Using, s.Modes = p.usingList()
	}
	if p.Accept(kReturning) || p.Accept(kReturn) {
		var bulk bool
		s.Returning, bulk = p.intoClause()
		s.Bulk = s.Bulk || bulk
		if s.Returning == nil {
			p.Fail("INTO", "BULK COLLECT INTO")
		}
	}
	s.Span = p.SpanFrom(i)
	return s
}

// intoClause reads [BULK COLLECT] INTO targets if it stands here.
func (p *parser) intoClause() (into []ir.Expr, bulk bool) {
	if p.Kind() == kBulk {
		p.Next()
		p.expectWord("COLLECT")
		bulk = true
	} else if p.Kind() != kInto {
		return nil, false
	}
	p.Expect(kInto)
	return p.targets(), bulk
}

// usingList reads the values of USING. The modes are nil where all are IN.
func (p *parser) usingList() (values []ir.Expr, modes []catalog.ParamMode) {
	other := false
	for more := true; more; more = p.Accept(kComma) {
		m := catalog.In
		in := p.Accept(kIn)
		if p.Kind() == kOut && p.Ahead(1) != kComma && p.Ahead(1) != kSemi {
			p.Next()
			m = catalog.Out
			if in {
				m = catalog.InOut
			}
		}
		other = other || m != catalog.In
		values, modes = append(values, p.expr()), append(modes, m)
	}
	if !other {
		modes = nil
	}
	return values, modes
}
