package oracle

import (
	"godwit/ir"
)

// createHead is what stands between CREATE and the kind of the object.
type createHead struct {
	start       int // index of the token CREATE
	orReplace   bool
	ifNotExists bool // IF NOT EXISTS
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
		case p.acceptWords("IF", "NOT", "EXISTS"):
			h.ifNotExists = true
		default:
			return h
		}
	}
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
	}
	return p.refuseRest(h.start, codeConstruct, "CREATE "+p.upper(p.Pos))
}

func (p *parser) alterStmt() ir.Stmt    { return p.refuseRest(p.Next(), codeConstruct, "ALTER") }
func (p *parser) dropStmt() ir.Stmt     { return p.refuseRest(p.Next(), codeConstruct, "DROP") }
func (p *parser) truncateStmt() ir.Stmt { return p.refuseRest(p.Next(), codeConstruct, "TRUNCATE") }
func (p *parser) renameStmt() ir.Stmt   { return p.refuseRest(p.Next(), codeConstruct, "RENAME") }
func (p *parser) commentStmt() ir.Stmt  { return p.refuseRest(p.Next(), codeConstruct, "COMMENT") }
func (p *parser) grantStmt() ir.Stmt    { return p.refuseRest(p.Next(), codeConstruct, "GRANT") }
