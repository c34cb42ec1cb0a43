package oracle

import (
	"strings"

	"godwit/ir"
	"godwit/ir/source"
	"godwit/parser/scan"
)

// topStmt reads a statement of a script.
func (p *parser) topStmt() ir.Stmt {
	switch p.Kind() {
	case kSelect, kWith, kLP:
		return p.queryStmt()
	case kInsert, kUpdate, kDelete, kMerge:
		return p.dml()
	case kBegin, kDeclare, kLabelOpen:
		p.plsql = true
		return p.plsqlBlock()
	case kCreate:
		return p.createStmt()
	case kAlter:
		return p.alterStmt()
	case kDrop:
		return p.dropStmt()
	case kTruncate:
		return p.truncateStmt()
	case kRename:
		return p.renameStmt()
	case kComment:
		return p.commentStmt()
	case kGrant, kRevoke:
		return p.grantStmt()
	case kCall:
		return p.callStmt()
	case kCommit, kRollback, kSavepoint, kSet, kLock:
		return p.transactionStmt()
	}
	return p.otherStmt()
}

// administration are the first words of statements that belong to the operation of a server.
var administration = []string{"ADMINISTER", "ASSOCIATE", "AUDIT", "DISASSOCIATE", "NOAUDIT", "PURGE"}

// otherStmt reads statements that are not converted.
func (p *parser) otherStmt() ir.Stmt {
	i := p.Pos
	for _, w := range administration {
		if p.is(w) {
			return p.refuseRest(i, codeAdmin, w)
		}
	}
	switch {
	case p.is("ANALYZE"):
		return p.analyze(i)
	case p.isWords("EXPLAIN", "PLAN"):
		return p.refuseRest(i, codeAdmin, "EXPLAIN PLAN")
	case p.is("FLASHBACK"):
		return p.refuseRest(i, codeConstruct, "FLASHBACK")
	}
	p.Fail("a statement")
	return nil
}

// analyze reads ANALYZE: the statistics of a table are those that DBMS_STATS gathers.
func (p *parser) analyze(i int) ir.Stmt {
	p.Next()
	if p.Kind() == kTable && (p.isAt(p.Pos+2, "COMPUTE") || p.isAt(p.Pos+2, "ESTIMATE") || p.Ahead(2) == kDot && (p.isAt(p.Pos+4, "COMPUTE") || p.isAt(p.Pos+4, "ESTIMATE"))) {
		p.Next()
		j := p.Pos
		name := p.qname()
		table := &ir.String{ExprMeta: p.sinceExpr(j), Value: `"` + name.Name() + `"`}
		p.Next()
		if p.acceptWord("STATISTICS") && (p.Kind() == kSemi || p.Kind() == kEOF || p.Kind() == kFor || p.is("SAMPLE")) {
			for p.Kind() != kSemi && p.Kind() != kEOF {
				p.Next()
			}
			owner := &ir.Null{ExprMeta: p.sinceExpr(i)}
			f := &ir.Name{ExprMeta: p.sinceExpr(i), Parts: []ir.Ident{{Text: "DBMS_STATS"}, {Text: "GATHER_TABLE_STATS"}}}
			return &ir.Invocation{StmtMeta: p.sinceStmt(i), X: &ir.Invoke{ExprMeta: p.sinceExpr(i), X: f, Args: []ir.Expr{owner, table}}}
		}
	}
	p.Pos = i
	return p.refuseRest(i, codeAdmin, "ANALYZE")
}

// execute makes the unit of EXECUTE statement: SQL*Plus runs it as a block.
func (p *parser) execute(j *job) []*ir.Unit {
	text := j.file.Text[:j.end]
	i := j.first
	for i < len(text) && isIdentPart(text[i]) {
		i++
	}
	f, start := j.file, i
	if strings.ContainsRune(text[i:], '\n') { // lines that a dash continues
		body := []byte(text)
		for k := i; k < len(body); k++ {
			if body[k] == '\n' {
				blankDash(body[i:k])
			}
		}
		f = &source.File{Name: f.Name, Text: string(body), Base: f.Base, Line: f.Line, Column: f.Column}
	}
	whole := source.Span{File: f, Start: j.first, End: len(text)}
	ts := p.lexer.lex(f, start, len(text))
	if at, what, bad := invalidBytes(whole, ts); bad {
		u := refused(j.unit(whole), codeBytes, "invalid bytes", what)
		u.Findings[len(u.Findings)-1].Span = at
		return []*ir.Unit{u}
	}
	if ts.List[0].Kind == kEOF {
		return []*ir.Unit{client(j, whole)}
	}
	if n := len(ts.List); ts.List[n-2].Kind != kSemi {
		ts.List = append(ts.List[:n-1], scan.Token{Kind: kSemi, Start: len(text), End: len(text)}, scan.Token{Start: len(text), End: len(text)})
	}
	units := p.read(j, ts, (*parser).executed)
	for _, u := range units {
		u.Span = whole
	}
	return units
}

// blankDash takes the dash away that ends a line.
func blankDash(line []byte) {
	for k := len(line) - 1; k >= 0; k-- {
		switch {
		case line[k] == '-':
			line[k] = ' '
			return
		case !isSpace(line[k]):
			return
		}
	}
}

// executed reads the statements of EXECUTE.
func (p *parser) executed() ir.Stmt {
	i := p.Pos
	p.plsql = true
	var body []ir.Stmt
	for p.Kind() != kEOF {
		body = append(body, p.plsqlStmt())
	}
	if len(body) == 1 {
		if c, ok := body[0].(*ir.Invocation); ok && !binds(c) {
			return c
		}
	}
	return &ir.Block{StmtMeta: p.sinceStmt(i), Anonymous: true, Body: body}
}

// name describes a unit whose statement could not be built by its first words.
func name(u *ir.Unit, p *parser, ts *scan.Tokens) {
	if ts.List[0].Kind != kCreate {
		return
	}
	p.Reset(ts, kindName, maxNesting)
	p.Next()
	p.createWords()
	kind := ""
	switch {
	case p.isWords("PACKAGE", "BODY"), p.isWords("TYPE", "BODY"):
		kind = strings.ToLower(p.wordsFrom(p.Pos, p.Pos+2))
		p.Pos += 2
	case p.isWords("MATERIALIZED", "VIEW"):
		kind = "materialized view"
		p.Pos += 2
	default:
		for !p.is("TABLE") && !p.is("INDEX") && !p.is("VIEW") && !p.is("SYNONYM") && p.Kind() == kIdent || p.Kind() == kUnique {
			p.Next()
			if p.Pos > 8 {
				return
			}
		}
		switch p.Kind() {
		case kProcedure, kFunction, kPackage, kTrigger, kType, kTable, kView, kIndex, kSynonym:
			kind = strings.ToLower(p.Text())
			p.Next()
		default:
			return
		}
	}
	for p.is("IF") || p.is("NOT") || p.is("EXISTS") {
		p.Next()
	}
	if p.isName() {
		u.Make(kind, p.qname())
	}
}

func firstRune(s string) (r rune, n int) {
	for i, x := range s {
		if i > 0 {
			return r, i
		}
		r = x
	}
	return r, len(s)
}
