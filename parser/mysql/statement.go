package mysql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/op"
)

// topStmt reads a statement of a script.
func (p *parser) topStmt() ir.Stmt {
	if p.Kind() != kBegin {
		return p.stmt()
	}
	i := p.Next()
	switch {
	case p.Kind() == kNot:
		p.Next()
		p.Expect(kIdent)
		p.enterRoutine()
		blk := p.blockBody(i, "")
		blk.NotAtomic = true
		return blk
	case p.Kind() == kIdent:
		p.Next()
	}
	return &ir.Transaction{StmtMeta: p.sinceStmt(i), Kind: ir.BeginTransaction}
}

// stmt reads any statement but a block.
func (p *parser) stmt() ir.Stmt {
	i := p.Pos
	switch p.Kind() {
	case kSelect, kWith, kLP, kTable, kValues, kValuesRow:
		return p.queryStmt()
	case kInsert, kReplace:
		return p.insertStmt()
	case kUpdate:
		return p.updateStmt()
	case kDelete:
		return p.deleteStmt()
	case kSet:
		return p.setStmt()
	case kSetSoup:
		return p.setSoup()
	case kCall:
		return p.callStmt()
	case kDo:
		p.Next()
		l := p.exprList()
		return &ir.Do{StmtMeta: p.sinceStmt(i), Items: l}
	case kUse:
		p.Next()
		id := p.ident()
		return &ir.Use{StmtMeta: p.sinceStmt(i), Schema: id}
	case kCommand, kDesc, kCheck, kLock, kHandler, kChange:
		return p.command()
	}
	return p.definition()
}

// definition reads statements that make, change or drop objects, and all that stand in stored programs only.
func (p *parser) definition() ir.Stmt {
	switch p.Kind() {
	case kCreate:
		return p.createStmt()
	case kAlter:
		return p.alterStmt()
	case kDrop:
		return p.dropStmt()
	case kRename:
		return p.renameStmt()
	case kTruncate:
		return p.truncateStmt()
	case kPrepare:
		return p.prepareStmt()
	case kExecute:
		return p.executeStmt()
	}
	return p.programStmt()
}

func (p *parser) callStmt() ir.Stmt {
	i := p.Next()
	n := &ir.CallProc{Name: p.qname()}
	if p.Kind() == kLP {
		old := p.storing(false)
		n.Args = p.parenExprs()
		p.stores = old
	}
	n.Span = p.SpanFrom(i)
	return n
}

func (p *parser) prepareStmt() ir.Stmt {
	i := p.Next()
	n := &ir.Prepare{Name: p.ident()}
	p.Expect(kFrom)
	n.Text = p.expr()
	n.Span = p.SpanFrom(i)
	return n
}

// executeStmt is EXECUTE name, or MariaDB's EXECUTE IMMEDIATE text.
func (p *parser) executeStmt() ir.Stmt {
	i := p.Next()
	e := &ir.Execute{}
	id := p.ident()
	if k := p.Kind(); k == kUsing || k == kSemi || k == kEOF {
		e.Name = id
	} else {
		if !strings.EqualFold(id.Text, "immediate") {
			p.Fail("USING", "end of statement")
		}
		e.Text = p.expr()
	}
	if p.Accept(kUsing) {
		e.Using = p.exprList()
	}
	e.Span = p.SpanFrom(i)
	return e
}

// ---- SET ----

func (p *parser) setStmt() ir.Stmt {
	i := p.Next()
	s := &ir.SetVar{}
	for more := true; more; more = p.Accept(kComma) {
		s.Items = append(s.Items, p.setItem())
	}
	s.Span = p.SpanFrom(i)
	return s
}

func (p *parser) setItem() *ir.SetItem {
	i := p.Pos
	n := &ir.SetItem{}
	switch p.Kind() {
	case kUserVar:
		n.Target = p.userVar(p.Next())
	case kSysVar:
		p.Next()
		scope, name := sysVarName(p.TextAt(i))
		n.Target = &ir.SysVar{ExprMeta: expr(p.Span(i)), Scope: scope, Name: name}
	default:
		n.Target = p.setTarget()
	}
	p.eq()
	if _, local := n.Target.(*ir.Name); local {
		old := p.storing(false)
		n.Value = p.setValue(n.Target)
		p.stores = old
	} else {
		n.Value = p.setValue(n.Target)
	}
	n.Span = p.SpanFrom(i)
	return n
}

// setTarget is a local variable, parameter or NEW.column where one of that name is declared, else a system variable.
func (p *parser) setTarget() ir.Expr {
	if p.Kind() == kScope && p.Ahead(1) != kEq && p.Ahead(1) != kAssign && p.Ahead(1) != kDot {
		scope := strings.ToLower(p.TextAt(p.Next()))
		if scope == "local" {
			scope = "session"
		}
		q := p.qname()
		return &ir.SysVar{ExprMeta: expr(q.Span), Scope: scope, Name: strings.ToLower(q.String())}
	}
	if !p.isName() {
		p.Fail("a variable")
	}
	i := p.Pos
	q := ir.QName{Parts: p.nameParts()}
	q.Span = p.SpanFrom(i)
	m := expr(q.Span)
	head := strings.ToLower(q.Parts[0].Text)
	if p.locals[head] > 0 || len(q.Parts) > 1 && p.routine && (head == "new" || head == "old") {
		return &ir.Name{ExprMeta: m, Parts: q.Parts}
	}
	return &ir.SysVar{ExprMeta: m, Name: strings.ToLower(q.String())}
}

// setValue is the value to assign; a bare word stands for itself when a system variable is set.
func (p *parser) setValue(target ir.Expr) ir.Expr {
	i := p.Pos
	switch k := p.Kind(); {
	case k == kOn, k == kAll, k == kRow && p.Ahead(1) != kLP:
		p.Next()
		return &ir.String{ExprMeta: expr(p.Span(i)), Value: p.upper(i)}
	}
	v := p.expr()
	if d, ok := v.(*ir.Default); ok && d.Column == nil {
		return nil
	}
	_, sys := target.(*ir.SysVar)
	if old := savedOr(v); sys && old != nil {
		return old
	}
	if n, ok := v.(*ir.Name); ok && sys && len(n.Parts) == 1 && p.locals[strings.ToLower(n.Parts[0].Text)] == 0 {
		return &ir.String{ExprMeta: p.sinceExpr(i), Value: n.Parts[0].Text}
	}
	return v
}

// savedOr is the variable of IFNULL(@old, constant), with which dumps of HeidiSQL give a setting back. It is told later whether it holds the setting.
func savedOr(v ir.Expr) ir.Expr {
	c, ok := v.(*ir.Call)
	if !ok || c.Op != op.IfNull || len(c.Args) != 2 {
		return nil
	}
	old, ok := c.Args[0].(*ir.UserVar)
	if !ok {
		return nil
	}
	switch c.Args[1].(type) {
	case *ir.Number, *ir.String:
		return old
	}
	return nil
}

// setSoup is SET NAMES, SET CHARACTER SET or SET TRANSACTION; the others belong to administration.
func (p *parser) setSoup() ir.Stmt {
	i := p.Next()
	p.soup()
	j := p.Pos
	w := p.wordsFrom(i+1, j)
	switch {
	case j-i > 2 && (p.words[p.At(i+1).Word].mark == wNames || p.At(i+1).Kind == kCharset):
		n := &ir.SetNames{StmtMeta: p.sinceStmt(i), Charset: strings.ToLower(p.plain(i + 2))}
		if j-i > 4 && p.At(i+3).Kind == kCollate {
			n.Collation = strings.ToLower(p.plain(i + 4))
		} else if j-i > 3 {
			return p.refuse(i, codeConstruct, "SET NAMES followed by more assignments")
		}
		return n
	case strings.Contains(w, "TRANSACTION "):
		return p.setTransaction(i, w)
	case strings.HasPrefix(w, "STATEMENT"):
		return p.refuse(i, codeConstruct, "SET STATEMENT ... FOR")
	}
	if strings.HasPrefix(w, "PASSWORD") || strings.HasPrefix(w, "DEFAULT ROLE") {
		return p.aboutAccounts(i, "SET "+strings.TrimRight(strings.Join(strings.Fields(w)[:min(2, len(strings.Fields(w)))], " "), "=( "))
	}
	return p.refuse(i, codeAdmin, "SET "+strings.SplitN(w, " ", 2)[0])
}

func (p *parser) setTransaction(i int, w string) ir.Stmt {
	s := &ir.SetTransaction{StmtMeta: p.sinceStmt(i)}
	scope, rest, _ := strings.Cut(w, "TRANSACTION ")
	s.Scope = strings.ToLower(strings.TrimSpace(scope))
	if s.Scope == "local" {
		s.Scope = "session"
	}
	for _, o := range strings.Split(rest, ",") {
		o = strings.TrimSpace(o)
		yes, no := true, false
		switch {
		case o == "READ ONLY":
			s.ReadOnly = &yes
		case o == "READ WRITE":
			s.ReadOnly = &no
		case strings.HasPrefix(o, "ISOLATION LEVEL "):
			s.Isolation = strings.ToLower(strings.TrimPrefix(o, "ISOLATION LEVEL "))
		default:
			return p.refuse(i, codeSyntax, "SET TRANSACTION "+o)
		}
	}
	return s
}
