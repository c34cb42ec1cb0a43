package mysql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
)

// createHead is what stands between CREATE and the kind of the object.
type createHead struct {
	orReplace bool
	temporary bool
	kind      catalog.KeyKind
	algorithm string
	definer   string
	security  string
}

// createHead reads the words behind CREATE.
func (p *parser) createHead() *createHead {
	h := &createHead{kind: catalog.Index}
	for {
		switch p.Kind() {
		case kOr:
			p.Next()
			p.Expect(kReplace)
			h.orReplace = true
		case kTemporary:
			p.Next()
			h.temporary = true
		case kUnique:
			p.Next()
			h.kind = catalog.Unique
		case kFulltext:
			p.Next()
			h.kind = catalog.Fulltext
		case kSpatial:
			p.Next()
			h.kind = catalog.Spatial
		case kUndo:
			p.Next()
		default:
			if !p.alterWord(h) {
				return h
			}
		}
	}
}

// alterWord reads a word that may stand behind CREATE and ALTER; false if there is none.
func (p *parser) alterWord(h *createHead) bool {
	switch p.Kind() {
	case kDefiner:
		p.Next()
		p.Expect(kEq)
		h.definer = p.user()
	case kOption:
		p.Next()
		p.Accept(kEq)
		h.algorithm = strings.ToLower(p.ident().Text)
	case kSQLSecurity:
		p.Next()
		h.security = strings.ToLower(p.ident().Text)
	default:
		return false
	}
	return true
}

// user reads a user, and gives it as written but without quotes: name or name@host.
func (p *parser) user() string {
	i := p.Pos
	if p.Kind() != kString {
		p.ident()
	} else {
		p.Next()
	}
	u := p.plain(i)
	if p.Kind() == kUserVar {
		u += "@" + strings.Trim(strings.TrimPrefix(p.TextAt(p.Next()), "@"), "'\"`")
	}
	if p.Accept(kLP) {
		p.Expect(kRP)
	}
	return u
}

func (p *parser) createStmt() ir.Stmt {
	i := p.Expect(kCreate)
	h := p.createHead()
	switch p.Kind() {
	case kTable:
		return p.createTable(i, h)
	case kIndex:
		return p.createIndex(i, h)
	case kView:
		return p.createView(i, h)
	case kDatabase:
		return p.createDatabase(i, h)
	case kSequence:
		return p.createSequence(i, h)
	case kTrigger:
		return p.createTrigger(i, h)
	case kEvent:
		return p.createEvent(i, h)
	case kProcedure:
		return p.createRoutine(i, h, catalog.Procedure)
	case kFunction:
		return p.createRoutine(i, h, catalog.Function)
	case kIdent:
		w := p.upper(p.Next())
		p.soup()
		if w == "AGGREGATE" {
			return p.refuse(i, codeConstruct, "CREATE AGGREGATE FUNCTION")
		}
		if w == "USER" || w == "ROLE" {
			return p.accounts(i, "create "+strings.ToLower(w), h.orReplace)
		}
		if w == "PACKAGE" {
			return p.refuse(i, codeOracle, "CREATE PACKAGE")
		}
		return p.refuse(i, codeAdmin, "CREATE "+w)
	}
	p.Fail("TABLE", "VIEW", "INDEX", "PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "DATABASE")
	return nil
}

func (p *parser) createIndex(i int, h *createHead) ir.Stmt {
	p.Next()
	n := &ir.CreateIndex{OrReplace: h.orReplace, IfNotExists: p.ifNotExists()}
	n.Key = &ir.KeyDef{Kind: h.kind, Name: p.ident()}
	using := ""
	if p.Accept(kUsing) {
		using = strings.ToUpper(p.ident().Text)
	}
	p.Expect(kOn)
	n.Table = p.target()
	p.keyBody(n.Key)
	if n.Key.Using == "" {
		n.Key.Using = using
	}
	n.Span = p.SpanFrom(i)
	n.Key.Span = n.Span
	if p.multiValued && n.Key.Kind == catalog.Index {
		p.report(codeArrays, n.Span, "the index %s over the values of an array is left out", n.Key.Name.Text)
		c := &ir.CommentStmt{StmtMeta: n.StmtMeta}
		c.Text = c.Span.Text()
		return c
	}
	return n
}

// createView reads what stands behind CREATE or ALTER VIEW.
func (p *parser) createView(i int, h *createHead) ir.Stmt {
	p.Next()
	v := &ir.CreateView{OrReplace: h.orReplace, IfNotExists: p.ifNotExists(), Algorithm: h.algorithm, Definer: h.definer, Security: h.security}
	v.Name = p.qname()
	v.Columns = p.maybeParenIdents()
	p.Expect(kAs)
	v.Query = p.query()
	if p.Accept(kWith) {
		v.CheckOption = "cascaded"
		if p.Kind() == kIdent {
			v.CheckOption = strings.ToLower(p.TextAt(p.Next()))
		}
		p.Expect(kCheck)
		p.Expect(kIdent)
	}
	v.Span = p.SpanFrom(i)
	return v
}

func (p *parser) createDatabase(i int, h *createHead) ir.Stmt {
	p.Next()
	d := &ir.CreateSchema{OrReplace: h.orReplace, IfNotExists: p.ifNotExists()}
	d.Name = p.ident()
	p.schemaOptions(d)
	d.Span = p.SpanFrom(i)
	return d
}

func (p *parser) schemaOptions(d *ir.CreateSchema) {
	for p.atTableOption() {
		switch o := p.option(); o.name {
		case "CHARSET":
			d.Charset = o.value
		case "COLLATE":
			d.Collation = o.value
		}
		p.Accept(kComma)
	}
}

// createSequence is MariaDB's CREATE SEQUENCE; its options are words in any order.
func (p *parser) createSequence(i int, h *createHead) ir.Stmt {
	p.Next()
	q := &ir.CreateSequence{OrReplace: h.orReplace, IfNotExists: p.ifNotExists(), Temp: h.temporary}
	q.Name = p.qname()
	p.sequenceOptions(i, q)
	q.Span = p.SpanFrom(i)
	return q
}

// sequenceOptions reads the options of a sequence, whose statement begins at the i-th token.
func (p *parser) sequenceOptions(i int, q *ir.CreateSequence) {
	if p.Kind() == kLP {
		p.Fail("end of statement")
	}
	for p.Kind() != kSemi && p.Kind() != kEOF {
		if w := p.upper(p.Next()); !p.sequenceOption(q, w) {
			p.soup()
			p.report(codePart, p.SpanFrom(i), "the option %s of a sequence is not converted", w)
		}
	}
}

// sequenceOption reads what stands behind the word of an option; false if it is not known.
func (p *parser) sequenceOption(q *ir.CreateSequence, w string) bool {
	switch w {
	case "START":
		q.Start = p.sequenceNumber()
	case "INCREMENT":
		q.Increment = p.sequenceNumber()
	case "MINVALUE":
		q.Min = p.sequenceNumber()
	case "MAXVALUE":
		q.Max = p.sequenceNumber()
	case "CACHE":
		q.Cache = p.sequenceNumber()
	case "NOCACHE":
		q.NoCache = true
	case "CYCLE":
		q.Cycle = true
	case "NO":
		if p.Kind() != kSemi && p.Kind() != kEOF {
			noOption(q, p.upper(p.Next()))
		}
	case "NOCYCLE", "NOMINVALUE", "NOMAXVALUE":
		noOption(q, strings.TrimPrefix(w, "NO"))
	case "RESTART":
		if q.Restart = p.sequenceNumber(); q.Restart == "" {
			q.Restart = "start"
		}
	case "ENGINE", "COMMENT":
		p.Accept(kEq)
		if p.Kind() != kSemi {
			p.Next()
		}
	default:
		return false
	}
	return true
}

func noOption(q *ir.CreateSequence, w string) {
	switch w {
	case "CACHE":
		q.NoCache = true
	case "CYCLE":
		q.NoCycle = true
	case "MINVALUE":
		q.NoMin = true
	case "MAXVALUE":
		q.NoMax = true
	}
}

// sequenceNumber is the number behind an option, perhaps with WITH, BY or = before it.
func (p *parser) sequenceNumber() string {
	for p.Kind() == kWith || p.Kind() == kBy || p.Kind() == kEq {
		p.Next()
	}
	v := ""
	for p.Kind() == kMinus || p.Kind() == kNumber {
		v += p.TextAt(p.Next())
	}
	return v
}

// ---- DROP, RENAME, TRUNCATE ----

func (p *parser) dropStmt() ir.Stmt {
	i := p.Expect(kDrop)
	d := &ir.Drop{Temporary: p.Accept(kTemporary)}
	k := p.Kind()
	switch k {
	case kTable, kView:
		p.dropNames(d, strings.ToLower(kindName(k)))
		p.dropTail(d)
	case kDatabase:
		p.Next()
		d.Kind, d.IfExists = "schema", p.ifExists()
		p.dropOne(d)
	case kIndex:
		p.Next()
		d.Kind, d.IfExists = "index", p.ifExists()
		p.dropOne(d)
		p.Expect(kOn)
		d.On = p.target()
		for p.Kind() == kLock || p.Kind() == kOption {
			p.Next()
			p.Accept(kEq)
			p.optionValue()
		}
	case kProcedure, kFunction, kTrigger, kEvent, kSequence:
		p.dropNames(d, strings.ToLower(kindName(k)))
	case kPrepare:
		p.Next()
		id := p.ident()
		return &ir.Deallocate{StmtMeta: p.sinceStmt(i), Name: id}
	case kIdent:
		w := p.upper(p.Next())
		p.soup()
		if w == "USER" || w == "ROLE" {
			return p.accounts(i, "drop "+strings.ToLower(w), false)
		}
		return p.refuse(i, codeAdmin, "DROP "+w)
	default:
		p.Fail("TABLE", "VIEW", "INDEX", "PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "DATABASE")
	}
	d.Span = p.SpanFrom(i)
	return d
}

func (p *parser) dropNames(d *ir.Drop, kind string) {
	p.Next()
	d.Kind, d.IfExists = kind, p.ifExists()
	for more := true; more; more = p.Accept(kComma) {
		d.Names = append(d.Names, p.qname())
	}
}

func (p *parser) dropOne(d *ir.Drop) {
	i := p.Pos
	id := p.ident()
	d.Names = []ir.QName{{Parts: []ir.Ident{id}, Span: p.Span(i)}}
}

// dropTail is RESTRICT, CASCADE, or MariaDB's WAIT n.
func (p *parser) dropTail(d *ir.Drop) {
	switch p.Kind() {
	case kRestrict:
		p.Next()
	case kCascade:
		p.Next()
		d.Cascade = true
	case kIdent:
		p.Next()
		p.Accept(kNumber)
	}
}

func (p *parser) renameStmt() ir.Stmt {
	i := p.Expect(kRename)
	if !p.Accept(kTable) {
		w := p.upper(p.Expect(kIdent))
		if w == "USER" {
			return p.aboutAccounts(i, "RENAME USER")
		}
		p.soup()
		return p.refuse(i, codeAdmin, "RENAME "+w)
	}
	r := &ir.RenameTables{IfExists: p.ifExists()}
	for more := true; more; more = p.Accept(kComma) {
		a := p.qname()
		p.Expect(kTo)
		r.Pairs = append(r.Pairs, [2]ir.QName{a, p.qname()})
	}
	r.Span = p.SpanFrom(i)
	return r
}

// truncateStmt empties a table; its AUTO_INCREMENT starts again (TRUNCATE TABLE Statement).
func (p *parser) truncateStmt() ir.Stmt {
	i := p.Expect(kTruncate)
	p.Accept(kTable)
	t := p.target()
	p.soupTail()
	return &ir.Truncate{StmtMeta: p.sinceStmt(i), Table: t, RestartIdentity: true}
}

// ---- what a unit makes ----

// describe names the object of a unit and its kind.
func describe(u *ir.Unit, s ir.Stmt) {
	switch s := s.(type) {
	case *ir.CreateTable:
		u.Make("table", s.Name)
	case *ir.CreateView:
		u.Make("view", s.Name)
	case *ir.CreateIndex:
		u.Make("index", ir.QName{Parts: append(s.Table.Name.Parts[:len(s.Table.Name.Parts)-1:len(s.Table.Name.Parts)-1], s.Key.Name)})
	case *ir.CreateSequence:
		u.Make("sequence", s.Name)
	case *ir.Do:
		if n, ok := s.Items[0].(*ir.NextValue); ok && len(n.Set) > 0 && len(s.Items) == 1 {
			u.Make("sequence", n.Sequence) // the start of a sequence, as dumps have it
		}
	case *ir.Grant:
		u.Kind, u.Name, u.Object = "grants", "grants", "grants"
	case *ir.CreateTrigger:
		u.Make("trigger", s.Name)
	case *ir.CreateEvent:
		u.Make("event", s.Name)
	case *ir.Routine:
		if s.Kind == catalog.Function {
			u.Make("function", s.Name)
		} else {
			u.Make("procedure", s.Name)
		}
	case *ir.CreateSchema:
		u.Kind, u.Name, u.Object = "schema", s.Name.Text, "schema "+s.Name.Text
	case *ir.AlterTable:
		u.Make("table", s.Table.Name)
		u.Kind = "alter"
	case *ir.Insert, *ir.Update, *ir.Delete, *ir.Truncate:
		u.Kind = "data"
	case *ir.QueryStmt, *ir.SelectInto:
		u.Kind = "query"
	}
}
