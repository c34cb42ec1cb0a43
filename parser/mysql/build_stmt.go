package mysql

import (
	"strings"

	"godwit/ir"
	g "godwit/parser/mysql/internal/gram"
	"godwit/parser/scan"
)

// topStmt is a statement of a script.
func (b *builder) topStmt(c g.ITopStmtContext) ir.Stmt {
	if c.Stmt() != nil {
		return b.stmt(c.Stmt())
	}
	t := c.BeginTop()
	if t.StmtList() == nil {
		return &ir.Transaction{StmtMeta: stmt(b.span(t)), Kind: ir.BeginTransaction}
	}
	b.enterRoutine()
	blk := b.block(t.StmtList(), "", b.span(t))
	blk.NotAtomic = true
	return blk
}

// stmt is any statement.
func (b *builder) stmt(c g.IStmtContext) ir.Stmt {
	switch x := c.GetChild(0).(type) {
	case g.IQueryStmtContext:
		return b.queryStmt(x)
	case g.IInsertStmtContext:
		return b.insertStmt(x)
	case g.IReplaceStmtContext:
		return b.replaceStmt(x)
	case g.IUpdateStmtContext:
		return b.updateStmt(x)
	case g.IDeleteStmtContext:
		return b.deleteStmt(x)
	case g.ISetStmtContext:
		return b.setStmt(x)
	case g.ICallStmtContext:
		return b.callStmt(x)
	case g.IDoStmtContext:
		return b.doStmt(x)
	case g.IUseStmtContext:
		return &ir.Use{StmtMeta: stmt(b.span(x)), Schema: b.ident(x.Ident())}
	case g.ICmdStmtContext:
		return b.cmdStmt(x)
	case g.ICreateStmtContext:
		return b.createStmt(x)
	case g.IAlterStmtContext:
		return b.alterStmt(x)
	case g.IDropStmtContext:
		return b.dropStmt(x)
	case g.IRenameStmtContext:
		return b.renameStmt(x)
	case g.ITruncateStmtContext:
		return b.truncateStmt(x)
	case g.IPrepareStmtContext:
		return b.prepareStmt(x)
	case g.IExecuteStmtContext:
		return b.executeStmt(x)
	}
	return b.programStmt(c)
}

// ---- SET ----

func (b *builder) setStmt(c g.ISetStmtContext) ir.Stmt {
	if c.SET_SOUP() != nil {
		return b.setSoup(c)
	}
	s := &ir.SetVar{StmtMeta: stmt(b.span(c))}
	for _, i := range c.AllSetItem() {
		s.Items = append(s.Items, b.setItem(i))
	}
	return s
}

func (b *builder) setItem(c g.ISetItemContext) *ir.SetItem {
	i := &ir.SetItem{PartMeta: part(b.span(c))}
	switch {
	case c.USERVAR() != nil:
		i.Target = &ir.UserVar{ExprMeta: expr(b.tokenSpan(c.USERVAR())), Name: userVarName(c.USERVAR().GetText())}
	case c.SYSVAR() != nil:
		scope, n := sysVarName(c.SYSVAR().GetText())
		i.Target = &ir.SysVar{ExprMeta: expr(b.tokenSpan(c.SYSVAR())), Scope: scope, Name: n}
	default:
		i.Target = b.setTarget(c)
	}
	if _, local := i.Target.(*ir.Name); local {
		b.assigned(func() { i.Value = b.setValue(c.SetValue(), i.Target) })
		return i
	}
	i.Value = b.setValue(c.SetValue(), i.Target)
	return i
}

// setTarget is a local variable, parameter or NEW.column where one of that name is declared, else a system variable.
func (b *builder) setTarget(c g.ISetItemContext) ir.Expr {
	q := b.qname(c.Qname())
	m := expr(q.Span)
	if c.SCOPE() != nil {
		scope := strings.ToLower(c.SCOPE().GetText())
		if scope == "local" {
			scope = "session"
		}
		return &ir.SysVar{ExprMeta: m, Scope: scope, Name: strings.ToLower(q.String())}
	}
	head := strings.ToLower(q.Parts[0].Text)
	if b.locals[head] || len(q.Parts) > 1 && b.routine && (head == "new" || head == "old") {
		return &ir.Name{ExprMeta: m, Parts: q.Parts}
	}
	return &ir.SysVar{ExprMeta: m, Name: strings.ToLower(q.String())}
}

// setValue is the value to assign; a bare word stands for itself when a system variable is set.
func (b *builder) setValue(c g.ISetValueContext, target ir.Expr) ir.Expr {
	s := b.span(c)
	if c.Expr() == nil {
		return &ir.String{ExprMeta: expr(s), Value: strings.ToUpper(c.GetText())}
	}
	v := b.expr(c.Expr())
	if d, ok := v.(*ir.Default); ok && d.Column == nil {
		return nil
	}
	_, sys := target.(*ir.SysVar)
	if n, ok := v.(*ir.Name); ok && sys && len(n.Parts) == 1 && !b.locals[strings.ToLower(n.Parts[0].Text)] {
		return &ir.String{ExprMeta: expr(s), Value: n.Parts[0].Text}
	}
	return v
}

// setSoup is SET NAMES, SET CHARACTER SET or SET TRANSACTION; the others belong to administration.
func (b *builder) setSoup(c g.ISetStmtContext) ir.Stmt {
	t := b.tokens(c)[1:]
	w := words(t)
	switch {
	case len(t) >= 2 && (t[0].Word == wNames || t[0].Type == g.MySQLParserCHARSET):
		n := &ir.SetNames{StmtMeta: stmt(b.span(c)), Charset: strings.ToLower(plainText(&t[1]))}
		if len(t) > 3 && t[2].Type == g.MySQLParserCOLLATE {
			n.Collation = strings.ToLower(plainText(&t[3]))
		} else if len(t) > 2 {
			return b.refuse(c, codeConstruct, "SET NAMES followed by more assignments")
		}
		return n
	case strings.Contains(w, "TRANSACTION "):
		return b.setTransaction(c, w)
	case strings.HasPrefix(w, "STATEMENT"):
		return b.refuse(c, codeConstruct, "SET STATEMENT ... FOR")
	}
	return b.refuse(c, codeAdmin, "SET "+strings.SplitN(w, " ", 2)[0])
}

func (b *builder) setTransaction(c tree, w string) ir.Stmt {
	s := &ir.SetTransaction{StmtMeta: stmt(b.span(c))}
	scope, rest, _ := strings.Cut(w, "TRANSACTION ")
	s.Scope = strings.ToLower(strings.TrimSpace(scope))
	if s.Scope == "local" {
		s.Scope = "session"
	}
	for _, p := range strings.Split(rest, ",") {
		p = strings.TrimSpace(p)
		yes, no := true, false
		switch {
		case p == "READ ONLY":
			s.ReadOnly = &yes
		case p == "READ WRITE":
			s.ReadOnly = &no
		case strings.HasPrefix(p, "ISOLATION LEVEL "):
			s.Isolation = strings.ToLower(strings.TrimPrefix(p, "ISOLATION LEVEL "))
		default:
			return b.refuse(c, codeSyntax, "SET TRANSACTION "+p)
		}
	}
	return s
}

// ---- statements that are told by their words ----

func (b *builder) cmdStmt(c g.ICmdStmtContext) ir.Stmt {
	t := b.tokens(c)
	m := stmt(b.span(c))
	w := words(t)
	rest := func(n int) string { return words(t[min(n, len(t)):]) }
	switch strings.ToUpper(t[0].Text) {
	case "START":
		if strings.HasPrefix(w, "START TRANSACTION") {
			return b.startTransaction(c, rest(2))
		}
	case "COMMIT":
		return b.endTransaction(c, ir.CommitTransaction, rest(1))
	case "ROLLBACK":
		return b.rollback(c, t)
	case "SAVEPOINT":
		if len(t) == 2 {
			return &ir.Transaction{StmtMeta: m, Kind: ir.SetSavepoint, Savepoint: identOf(&t[1])}
		}
	case "RELEASE":
		if len(t) == 3 && strings.EqualFold(t[1].Text, "savepoint") {
			return &ir.Transaction{StmtMeta: m, Kind: ir.ReleaseSavepoint, Savepoint: identOf(&t[2])}
		}
	case "LOCK":
		return b.lockTables(c, t)
	case "UNLOCK":
		if w == "UNLOCK TABLES" || w == "UNLOCK TABLE" {
			return &ir.LockTables{StmtMeta: m, Unlock: true}
		}
	case "DEALLOCATE":
		if len(t) == 3 {
			return &ir.Deallocate{StmtMeta: m, Name: identOf(&t[2])}
		}
	case "GRANT", "REVOKE":
		return &ir.Grant{StmtMeta: m, Revoke: strings.EqualFold(t[0].Text, "revoke"), Text: m.Span.Text()}
	case "LOAD":
		return b.refuse(c, codeConstruct, "LOAD "+strings.ToUpper(text(t, 1)))
	case "HANDLER":
		return b.refuse(c, codeConstruct, "HANDLER")
	case "DESC":
		return b.refuse(c, codeAdmin, "DESCRIBE")
	}
	return b.refuse(c, codeAdmin, strings.TrimSpace(strings.ToUpper(t[0].Text)+" "+strings.ToUpper(text(t, 1))))
}

// text is the text of a token that is a plain word, "" if it is none.
func text(t []scan.Token, i int) string {
	if i < len(t) && (t[i].Type == g.MySQLParserIDENT || t[i].Type >= g.MySQLParserADD) {
		return t[i].Text
	}
	return ""
}

func (b *builder) startTransaction(c tree, opts string) ir.Stmt {
	s := &ir.Transaction{StmtMeta: stmt(b.span(c)), Kind: ir.BeginTransaction}
	yes, no := true, false
	for _, o := range strings.Split(opts, ",") {
		switch o = strings.TrimSpace(o); o {
		case "":
		case "READ ONLY":
			s.ReadOnly = &yes
		case "READ WRITE":
			s.ReadOnly = &no
		case "WITH CONSISTENT SNAPSHOT":
			s.Snapshot = true
		default:
			return b.refuse(c, codeSyntax, "START TRANSACTION "+o)
		}
	}
	return s
}

// endTransaction is COMMIT or ROLLBACK [WORK] [AND [NO] CHAIN] [[NO] RELEASE].
func (b *builder) endTransaction(c tree, k ir.TransactionKind, opts string) ir.Stmt {
	s := &ir.Transaction{StmtMeta: stmt(b.span(c)), Kind: k}
	opts = " " + opts + " "
	opts = strings.Replace(opts, " WORK ", " ", 1)
	switch {
	case strings.Contains(opts, " AND NO CHAIN "):
		opts = strings.Replace(opts, " AND NO CHAIN ", " ", 1)
	case strings.Contains(opts, " AND CHAIN "):
		s.Chain = true
		opts = strings.Replace(opts, " AND CHAIN ", " ", 1)
	}
	switch strings.TrimSpace(opts) {
	case "", "NO RELEASE":
	case "RELEASE":
		s.Release = true
	default:
		return b.refuse(c, codeSyntax, "COMMIT or ROLLBACK with"+opts)
	}
	return s
}

func (b *builder) rollback(c tree, t []scan.Token) ir.Stmt {
	for i := range t {
		if t[i].Type == g.MySQLParserTO && i+1 < len(t) {
			return &ir.Transaction{StmtMeta: stmt(b.span(c)), Kind: ir.RollbackToSavepoint, Savepoint: identOf(&t[len(t)-1])}
		}
	}
	return b.endTransaction(c, ir.RollbackTransaction, words(t[1:]))
}

// lockTables is LOCK TABLES t [AS a] READ | WRITE, ...
func (b *builder) lockTables(c tree, t []scan.Token) ir.Stmt {
	s := &ir.LockTables{StmtMeta: stmt(b.span(c))}
	if len(t) < 2 || !strings.EqualFold(t[1].Text, "tables") && !strings.EqualFold(t[1].Text, "table") {
		return b.refuse(c, codeAdmin, "LOCK "+strings.ToUpper(text(t, 1)))
	}
	for _, p := range splitArgs(t[2:]) {
		i := b.lockItem(p)
		if i == nil {
			return b.refuse(c, codeSyntax, "LOCK TABLES of this form")
		}
		s.Items = append(s.Items, i)
	}
	return s
}

func (b *builder) lockItem(t []scan.Token) *ir.LockItem {
	if len(t) < 2 {
		return nil
	}
	sp := b.ts.Span(t[0].Index(), t[len(t)-1].Index())
	i := &ir.LockItem{PartMeta: part(sp), Table: &ir.TableRef{TableMeta: table(sp)}}
	parts, k := []ir.Ident{identOf(&t[0])}, 1
	for k+1 < len(t) && t[k].Type == g.MySQLParserDOT {
		parts, k = append(parts, identOf(&t[k+1])), k+2
	}
	i.Table.Name = ir.QName{Parts: parts, Span: sp}
	if k < len(t) && t[k].Type == g.MySQLParserAS {
		k++
	}
	if k+1 < len(t) && !lockWord(&t[k]) {
		i.Table.Alias, k = identOf(&t[k]), k+1
	}
	switch words(t[min(k, len(t)):]) {
	case "READ", "READ LOCAL":
		return i
	case "WRITE", "LOW_PRIORITY WRITE", "WRITE CONCURRENT":
		i.Write = true
		return i
	}
	return nil
}

func lockWord(t *scan.Token) bool {
	switch strings.ToUpper(t.Text) {
	case "READ", "WRITE", "LOW_PRIORITY":
		return true
	}
	return false
}
