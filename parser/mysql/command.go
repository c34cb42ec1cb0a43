package mysql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/source"
)

// command reads a statement that is told by its words: those of transactions and locks, and those of administration, which are refused
// by name.
func (p *parser) command() ir.Stmt {
	i := p.Pos
	p.soup()
	j := p.Pos
	m := p.sinceStmt(i)
	rest := func(n int) string { return p.wordsFrom(min(i+n, j), j) }
	switch w := p.upper(i); w {
	case "START":
		if strings.HasPrefix(rest(1), "TRANSACTION") {
			return p.startTransaction(i, rest(2))
		}
	case "COMMIT":
		return p.endTransaction(i, ir.CommitTransaction, rest(1))
	case "ROLLBACK":
		return p.rollback(i, j)
	case "SAVEPOINT":
		if j-i == 2 {
			return &ir.Transaction{StmtMeta: m, Kind: ir.SetSavepoint, Savepoint: p.identAt(i + 1)}
		}
	case "RELEASE":
		if j-i == 3 && p.upper(i+1) == "SAVEPOINT" {
			return &ir.Transaction{StmtMeta: m, Kind: ir.ReleaseSavepoint, Savepoint: p.identAt(i + 2)}
		}
	case "LOCK":
		return p.lockTables(i, j)
	case "UNLOCK":
		if r := rest(1); r == "TABLES" || r == "TABLE" {
			return &ir.LockTables{StmtMeta: m, Unlock: true}
		}
	case "DEALLOCATE":
		if j-i == 3 {
			return &ir.Deallocate{StmtMeta: m, Name: p.identAt(i + 2)}
		}
	case "GRANT", "REVOKE":
		return p.grant(i, j)
	case "LOAD":
		return p.load(i, j)
	case "HANDLER":
		return p.refuse(i, codeConstruct, "HANDLER")
	case "SHOW", "DESC", "DESCRIBE", "EXPLAIN":
		return p.show(i, j)
	}
	return p.refuse(i, codeAdmin, strings.TrimSpace(p.upper(i)+" "+p.plainWord(i+1, j)))
}

// plainWord is the text of the i-th token in upper case if it is a word and stands before the j-th, else "".
func (p *parser) plainWord(i, j int) string {
	if i < j && (p.At(i).Kind == kIdent || p.At(i).Kind >= kAdd) {
		return p.upper(i)
	}
	return ""
}

func (p *parser) startTransaction(i int, opts string) ir.Stmt {
	s := &ir.Transaction{StmtMeta: p.sinceStmt(i), Kind: ir.BeginTransaction}
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
			return p.refuse(i, codeSyntax, "START TRANSACTION "+o)
		}
	}
	return s
}

// endTransaction is COMMIT or ROLLBACK [WORK] [AND [NO] CHAIN] [[NO] RELEASE].
func (p *parser) endTransaction(i int, k ir.TransactionKind, opts string) ir.Stmt {
	s := &ir.Transaction{StmtMeta: p.sinceStmt(i), Kind: k}
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
		return p.refuse(i, codeSyntax, "COMMIT or ROLLBACK with"+opts)
	}
	return s
}

func (p *parser) rollback(i, j int) ir.Stmt {
	for k := i; k+1 < j; k++ {
		if p.At(k).Kind == kTo {
			return &ir.Transaction{StmtMeta: p.sinceStmt(i), Kind: ir.RollbackToSavepoint, Savepoint: p.identAt(j - 1)}
		}
	}
	return p.endTransaction(i, ir.RollbackTransaction, p.wordsFrom(i+1, j))
}

// lockTables is LOCK TABLES t [AS a] READ | WRITE, ...
func (p *parser) lockTables(i, j int) ir.Stmt {
	s := &ir.LockTables{StmtMeta: p.sinceStmt(i)}
	if j-i < 2 || p.upper(i+1) != "TABLES" && p.upper(i+1) != "TABLE" {
		return p.refuse(i, codeAdmin, "LOCK "+p.plainWord(i+1, j))
	}
	for from := i + 2; from <= j; {
		to := from
		for to < j && p.At(to).Kind != kComma {
			to++
		}
		n := p.lockItem(from, to)
		if n == nil {
			return p.refuse(i, codeSyntax, "LOCK TABLES of this form")
		}
		s.Items = append(s.Items, n)
		from = to + 1
	}
	return s
}

// lockItem is one table of LOCK TABLES, which stands from the i-th token to the one before the j-th; nil if it is none.
func (p *parser) lockItem(i, j int) *ir.LockItem {
	if j-i < 2 {
		return nil
	}
	sp := source.Cover(p.Span(i), p.Span(j-1))
	n := &ir.LockItem{PartMeta: part(sp), Table: &ir.TableRef{TableMeta: table(sp)}}
	parts, k := []ir.Ident{p.identAt(i)}, i+1
	for k+1 < j && p.At(k).Kind == kDot {
		parts, k = append(parts, p.identAt(k+1)), k+2
	}
	n.Table.Name = ir.QName{Parts: parts, Span: sp}
	if k < j && p.At(k).Kind == kAs {
		k++
	}
	if k+1 < j && !p.lockWord(k) {
		n.Table.Alias, k = p.identAt(k), k+1
	}
	switch p.wordsFrom(min(k, j), j) {
	case "READ", "READ LOCAL":
		return n
	case "WRITE", "LOW_PRIORITY WRITE", "WRITE CONCURRENT":
		n.Write = true
		return n
	}
	return nil
}

func (p *parser) lockWord(i int) bool {
	switch p.upper(i) {
	case "READ", "WRITE", "LOW_PRIORITY":
		return true
	}
	return false
}
