package oracle

import (
	"strings"

	"godwit/ir"
)

// transactionStmt reads COMMIT, ROLLBACK, SAVEPOINT, LOCK TABLE, and SET of transactions, constraints and roles.
func (p *parser) transactionStmt() ir.Stmt {
	i := p.Next()
	switch p.At(i).Kind {
	case kCommit:
		return p.commitStmt(i)
	case kRollback:
		return p.rollbackStmt(i)
	case kSavepoint:
		id := p.ident()
		return &ir.Transaction{StmtMeta: p.sinceStmt(i), Kind: ir.SetSavepoint, Savepoint: id}
	case kLock:
		return p.lockStmt(i)
	}
	switch {
	case p.acceptWord("TRANSACTION"):
		return p.setTransaction(i)
	case p.acceptAny("CONSTRAINT", "CONSTRAINTS") != "":
		return p.setConstraints(i)
	case p.acceptWord("ROLE"):
		return p.refuseRest(i, codeAdmin, "SET ROLE")
	}
	p.Fail("TRANSACTION", "CONSTRAINTS", "ROLE")
	return nil
}

// commitStmt reads on behind COMMIT. How the log is written is left to the target.
func (p *parser) commitStmt(i int) ir.Stmt {
	p.acceptWord("WORK")
	if p.acceptWord("COMMENT") {
		p.str()
	}
	if p.acceptWord("WRITE") {
		for p.acceptAny("WAIT", "NOWAIT", "IMMEDIATE", "BATCH") != "" {
		}
	}
	if p.is("FORCE") {
		return p.refuseRest(i, codeAdmin, "COMMIT FORCE")
	}
	return &ir.Transaction{StmtMeta: p.sinceStmt(i), Kind: ir.CommitTransaction}
}

// rollbackStmt reads on behind ROLLBACK.
func (p *parser) rollbackStmt(i int) ir.Stmt {
	p.acceptWord("WORK")
	if p.is("FORCE") {
		return p.refuseRest(i, codeAdmin, "ROLLBACK FORCE")
	}
	if !p.Accept(kTo) {
		return &ir.Transaction{StmtMeta: p.sinceStmt(i), Kind: ir.RollbackTransaction}
	}
	if p.Kind() == kSavepoint && nameKinds[p.Ahead(1)] != 0 {
		p.Next()
	}
	id := p.ident()
	return &ir.Transaction{StmtMeta: p.sinceStmt(i), Kind: ir.RollbackToSavepoint, Savepoint: id}
}

// setTransaction reads on behind SET TRANSACTION.
func (p *parser) setTransaction(i int) ir.Stmt {
	yes, no := true, false
	s := &ir.SetTransaction{}
	switch {
	case p.acceptWords("READ", "ONLY"):
		s.ReadOnly = &yes
	case p.acceptWords("READ", "WRITE"):
		s.ReadOnly = &no
	case p.acceptWords("ISOLATION", "LEVEL"):
		switch {
		case p.acceptWord("SERIALIZABLE"):
			s.Isolation = "serializable"
		case p.acceptWords("READ", "COMMITTED"):
			s.Isolation = "read committed"
		default:
			p.Fail("SERIALIZABLE", "READ COMMITTED")
		}
	case p.acceptWords("USE", "ROLLBACK", "SEGMENT"):
		p.ident()
	}
	if p.acceptWord("NAME") {
		p.str()
	}
	if s.ReadOnly == nil && s.Isolation == "" {
		return p.refuseRest(i, codeOption, "SET TRANSACTION of a name or rollback segment")
	}
	s.Span = p.SpanFrom(i)
	return s
}

// setConstraints reads on behind SET CONSTRAINTS.
func (p *parser) setConstraints(i int) ir.Stmt {
	s := &ir.SetConstraints{}
	if !p.acceptWord("ALL") {
		for more := true; more; more = p.Accept(kComma) {
			s.Names = append(s.Names, p.qname())
		}
	}
	switch {
	case p.acceptWord("DEFERRED"):
		s.Deferred = true
	case !p.acceptWord("IMMEDIATE"):
		p.Fail("IMMEDIATE", "DEFERRED")
	}
	s.Span = p.SpanFrom(i)
	return s
}

// lockStmt reads on behind LOCK.
func (p *parser) lockStmt(i int) ir.Stmt {
	p.Expect(kTable)
	s := &ir.LockTable{}
	for more := true; more; more = p.Accept(kComma) {
		s.Tables = append(s.Tables, p.plainTable())
		if p.acceptAny("PARTITION", "SUBPARTITION") != "" {
			if p.acceptWord("FOR") || p.Kind() == kLP {
				p.parens()
			}
			p.giveUp(i, codeConstruct, "LOCK TABLE of a partition")
		}
	}
	p.Expect(kIn)
	first := p.Pos
	for !p.isWords("MODE") && p.isWord() {
		p.Next()
	}
	s.Mode = strings.ToLower(p.wordsFrom(first, p.Pos))
	p.expectWord("MODE")
	switch {
	case p.acceptWord("NOWAIT"):
		s.NoWait = true
	case p.acceptWord("WAIT"):
		s.Wait = p.expr()
	}
	s.Span = p.SpanFrom(i)
	return s
}

// plainTable reads the name of a table.
func (p *parser) plainTable() *ir.TableRef {
	i := p.Pos
	t := &ir.TableRef{Name: p.qname()}
	if p.Accept(kAt) {
		t.Link = p.dbLink()
	}
	t.Span = p.SpanFrom(i)
	return t
}

// callStmt reads CALL routine(arguments) [INTO :variable].
func (p *parser) callStmt() ir.Stmt {
	i := p.Next()
	x := p.expr()
	if p.Accept(kInto) {
		return p.refuseRest(i, codeConstruct, "CALL ... INTO")
	}
	return &ir.Invocation{StmtMeta: p.sinceStmt(i), X: x}
}
