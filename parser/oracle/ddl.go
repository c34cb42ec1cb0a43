package oracle

import (
	"strings"

	"godwit/ir"
)

// createHead is what stands between CREATE and the kind of the object.
type createHead struct {
	start       int // index of the token CREATE
	orReplace   bool
	ifNotExists bool
	public      bool
	force       bool
}

// createWords reads the words between CREATE and the kind of the object.
func (p *parser) createWords() (h createHead) {
	h.start = max(p.Pos-1, 0)
	for {
		switch {
		case p.acceptWords("OR", "REPLACE"):
			h.orReplace = true
		case p.acceptWord("EDITIONABLE"), p.acceptWord("NONEDITIONABLE"), p.acceptWord("EDITIONING"):
		case p.acceptWords("NO", "FORCE"), p.acceptWord("NOFORCE"):
		case p.acceptWord("FORCE"):
			h.force = true
		case p.is("PUBLIC") && (p.Ahead(1) == kSynonym || p.isAt(p.Pos+1, "DATABASE")):
			p.Next()
			h.public = true
		default:
			return h
		}
	}
}

// ifNotExists reads IF NOT EXISTS behind the kind of an object.
func (p *parser) ifNotExists(h *createHead) {
	h.ifNotExists = p.acceptWords("IF", "NOT", "EXISTS") || h.ifNotExists
}

// createStmt reads CREATE and gives the rest to the part of the parser that knows the object.
func (p *parser) createStmt() ir.Stmt {
	p.Next()
	h := p.createWords()
	switch p.Kind() {
	case kProcedure, kFunction:
		return p.createRoutine(h.start, &h)
	case kPackage:
		return p.createPackage(h.start, &h)
	case kTrigger:
		return p.createTrigger(h.start, &h)
	case kType:
		return p.createType(h.start, &h)
	case kTable:
		return p.createTable(&h, "")
	case kIndex, kUnique:
		return p.createIndex(&h)
	case kView:
		return p.createView(&h)
	case kSynonym:
		return p.createSynonym(&h)
	}
	switch {
	case p.acceptWords("GLOBAL", "TEMPORARY"):
		return p.createTable(&h, "global")
	case p.acceptWords("PRIVATE", "TEMPORARY"):
		return p.createTable(&h, "private")
	case p.is("BITMAP"), p.is("MULTIVALUE"):
		return p.createIndex(&h)
	case p.is("SEQUENCE"):
		return p.createSequence(&h)
	case p.isWords("MATERIALIZED", "VIEW"), p.is("SNAPSHOT"):
		return p.createMaterializedView(&h)
	}
	return p.createOther(&h)
}

// otherObjects are kinds of objects that are not converted, each with the code of its finding: what belongs to the operation of a server,
// and what belongs to a schema.
var otherObjects = []struct {
	words string
	admin bool
}{
	{"USER", true}, {"ROLE", true}, {"TABLESPACE", true}, {"TEMPORARY TABLESPACE", true}, {"UNDO TABLESPACE", true}, {"BIGFILE TABLESPACE", true},
	{"SMALLFILE TABLESPACE", true}, {"DIRECTORY", true}, {"PROFILE", true}, {"DATABASE LINK", true}, {"SHARED DATABASE LINK", true}, {"SHARED PUBLIC DATABASE LINK", true},
	{"PUBLIC DATABASE LINK", true}, {"DATABASE", true}, {"PLUGGABLE DATABASE", true}, {"CONTROLFILE", true}, {"PFILE", true}, {"SPFILE", true}, {"ROLLBACK SEGMENT", true},
	{"AUDIT POLICY", true}, {"EDITION", true}, {"RESTORE POINT", true}, {"DISKGROUP", true}, {"FLASHBACK ARCHIVE", true}, {"LOCKDOWN PROFILE", true}, {"SYSTEM", true},
	{"OUTLINE", true}, {"PUBLIC OUTLINE", true}, {"PRIVATE OUTLINE", true}, {"RESOURCE COST", true}, {"SHARDED TABLE", false}, {"DUPLICATED TABLE", false},
	{"CONTEXT", false}, {"CLUSTER", false}, {"DIMENSION", false}, {"OPERATOR", false}, {"INDEXTYPE", false}, {"LIBRARY", false}, {"JAVA", false}, {"SCHEMA", false},
	{"ATTRIBUTE DIMENSION", false}, {"HIERARCHY", false}, {"ANALYTIC VIEW", false}, {"INMEMORY JOIN GROUP", false}, {"MATERIALIZED ZONEMAP", false},
	{"PROPERTY GRAPH", false}, {"DOMAIN", false}, {"JSON RELATIONAL DUALITY VIEW", false}, {"MLE MODULE", false}, {"MLE ENV", false}, {"VECTOR INDEX", false},
	{"IMMUTABLE TABLE", false}, {"IMMUTABLE BLOCKCHAIN TABLE", false}, {"BLOCKCHAIN TABLE", false}, {"ASSERTION", false},
}

// otherObject is the kind of object that stands here, "" if it is not known.
func (p *parser) otherObject() (words string, admin bool) {
	for _, o := range otherObjects {
		if p.isWords(strings.Fields(o.words)...) {
			return o.words, o.admin
		}
	}
	return "", false
}

// createOther reads CREATE of objects that are not converted.
func (p *parser) createOther(h *createHead) ir.Stmt {
	for _, w := range []string{"AND", "RESOLVE", "COMPILE"} { // of Java
		p.acceptWord(w)
	}
	if n := p.account(h.start, "create"); n != nil {
		return n
	}
	return p.otherStatement(h.start, "CREATE ")
}

// otherStatement refuses CREATE, ALTER or DROP of an object that is not converted, by its name.
func (p *parser) otherStatement(i int, verb string) ir.Stmt {
	words, admin := p.otherObject()
	if words == "" {
		p.Fail("the kind of an object")
	}
	p.Pos += strings.Count(words, " ") + 1
	last := p.Pos // behind the name, so that no password is kept
	if p.isWord() && p.Kind() != kDefault {
		p.qname()
		last = p.Pos
	}
	c := codeConstruct
	switch {
	case admin:
		c = codeAdmin
	case words == "CONTEXT" && !p.sharedContext():
		c = codeOption // DBMS_SESSION.SET_CONTEXT needs none on the target
	}
	for words == "JAVA" && verb == "CREATE " && p.Kind() != kEOF {
		p.Next() // its semicolons end nothing
	}
	s := p.refuseRest(i, c, verb+words)
	if u, ok := s.(*ir.Unsupported); ok && admin {
		u.Text = p.Tokens.Span(i, last-1).Text()
	}
	return s
}

// sharedContext tells that the context of CREATE CONTEXT is not one of the session alone.
func (p *parser) sharedContext() bool {
	for k := p.Pos; p.At(k).Kind != kEOF && p.At(k).Kind != kSemi; k++ {
		if w := p.upper(k); w == "ACCESSED" || w == "INITIALIZED" {
			return true
		}
	}
	return false
}

// renameStmt reads RENAME a TO b.
func (p *parser) renameStmt() ir.Stmt {
	i := p.Next()
	from := p.qname()
	p.Expect(kTo)
	to := p.qname()
	return &ir.RenameTables{StmtMeta: p.sinceStmt(i), Pairs: [][2]ir.QName{{from, to}}}
}

// truncateStmt reads TRUNCATE TABLE.
func (p *parser) truncateStmt() ir.Stmt {
	i := p.Next()
	if p.acceptWord("CLUSTER") {
		return p.refuseRest(i, codeConstruct, "TRUNCATE CLUSTER")
	}
	p.Expect(kTable)
	s := &ir.Truncate{Table: p.plainTable()}
	if s.Table.Link.Text != "" {
		p.giveUp(i, codeLink, "TRUNCATE of a table behind a database link")
	}
	for {
		switch {
		case p.acceptWords("PRESERVE", "MATERIALIZED", "VIEW", "LOG"), p.acceptWords("PURGE", "MATERIALIZED", "VIEW", "LOG"), p.acceptWords("DROP", "ALL", "STORAGE"),
			p.acceptWords("DROP", "STORAGE"), p.acceptWords("REUSE", "STORAGE"):
		case p.acceptWord("CASCADE"):
			p.giveUp(i, codeConstruct, "TRUNCATE ... CASCADE, which empties the tables that refer to this one")
		default:
			s.Span = p.SpanFrom(i)
			return s
		}
	}
}

// commentStmt reads COMMENT ON.
func (p *parser) commentStmt() ir.Stmt {
	i := p.Next()
	p.Expect(kOn)
	s := &ir.CommentOn{}
	switch {
	case p.acceptWord("TABLE"):
		s.Kind = "table"
	case p.acceptWord("COLUMN"):
		s.Kind = "column"
	case p.acceptWords("MATERIALIZED", "VIEW"):
		s.Kind = "materialized view"
	default:
		return p.refuseRest(i, codeConstruct, "COMMENT ON "+p.upper(p.Pos))
	}
	s.Name = p.qname()
	if s.Kind == "column" {
		n := len(s.Name.Parts) - 1
		if n < 1 {
			p.Fail(`"."`)
		}
		s.Column = s.Name.Parts[n]
		s.Name.Parts = s.Name.Parts[:n:n]
	}
	p.Expect(kIs)
	s.Text = p.str()
	s.Span = p.SpanFrom(i)
	return s
}

// dropped are the kinds of objects that DROP converts.
var dropped = []string{"TABLE", "VIEW", "MATERIALIZED VIEW", "SNAPSHOT", "INDEX", "SEQUENCE", "SYNONYM", "PUBLIC SYNONYM", "PROCEDURE", "FUNCTION", "PACKAGE BODY", "PACKAGE",
	"TRIGGER", "TYPE BODY", "TYPE"}

// dropStmt reads DROP.
func (p *parser) dropStmt() ir.Stmt {
	i := p.Next()
	if p.isWords("MATERIALIZED", "VIEW", "LOG") {
		return p.refuseRest(i, codeOption, "DROP MATERIALIZED VIEW LOG")
	}
	for _, k := range dropped {
		if !p.acceptWords(strings.Fields(k)...) {
			continue
		}
		s := &ir.Drop{Kind: strings.ToLower(strings.TrimPrefix(k, "PUBLIC "))}
		if k == "SNAPSHOT" {
			s.Kind = "materialized view"
		}
		s.IfExists = p.acceptWords("IF", "EXISTS")
		s.Names = []ir.QName{p.qname()}
		for p.isWord() {
			switch {
			case p.acceptWord("CASCADE"):
				p.acceptWord("CONSTRAINTS")
				s.Cascade = true
			case p.acceptWord("FORCE"):
				s.Cascade = true
			case p.acceptWord("PURGE"), p.acceptWord("ONLINE"), p.acceptWord("VALIDATE"), p.acceptWords("PRESERVE", "TABLE"):
			case p.acceptAny("DEFERRED", "IMMEDIATE") != "":
				p.expectWord("INVALIDATION")
			default:
				p.Fail("end of statement")
			}
		}
		s.Span = p.SpanFrom(i)
		return s
	}
	if n := p.account(i, "drop"); n != nil {
		return n
	}
	return p.otherStatement(i, "DROP ")
}
