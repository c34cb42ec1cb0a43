package mysql

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/parser/scan"
)

// snapshot is the part of a session that the units of one piece see.
type snapshot struct {
	settings dialect.Settings
	schema   string
	dumped   string // the database of a dump that names none: what it qualifies by this is not qualified
	mode     Mode
	unknown  string // value of sql_mode that could not be told, set by the statement itself
}

// job is one piece with what it needs to be parsed on its own.
type job struct {
	file *source.File
	piece
	snapshot
	unread string // why the script that it calls is not read
}

// Parse reads a script into units, one per statement, in order. It never fails: what cannot be read is a unit with a finding.
func Parse(f *source.File, o scan.Options) ([]*ir.Unit, error) {
	f, err := scan.Decode(f, o.Charset)
	if err != nil {
		return nil, err
	}
	ses := newSession(o)
	jobs := make([]job, 0, len(f.Text)/250+4)
	var lead leadComments
	for j := range pieces(f, ses, o, &lead) {
		jobs = append(jobs, j)
	}
	if n := len(jobs); n > 0 {
		jobs[n-1].trail = lead
	}
	return scan.Parallel(jobs, o.Workers, func() func(*job) []*ir.Unit { return newParser(o).piece }), nil
}

// commentsFrom are the comments behind the last statement of a file, which describe nothing that follows.
func commentsFrom(f *source.File, pos int) []ir.Comment {
	if pos >= len(f.Text) {
		return nil
	}
	var l leadComments
	l.take(f, pos, &piece{start: len(f.Text), client: "none"})
	return l
}

// pieces cuts a file, and the scripts that it calls in their places, and follows the session through it. lead are the comments before its
// first statement, and then those behind the last one.
func pieces(f *source.File, ses *session, o scan.Options, lead *leadComments) iter.Seq[job] {
	return func(yield func(job) bool) {
		if o.Statement {
			yield(ses.job(f, piece{start: scan.TextStart(f.Text), end: len(f.Text)}))
			return
		}
		sp := newSplitter(ses.mode)
		piecesOf(f, ses, &sp, lead, yield)
	}
}

// piecesOf cuts one file; scripts share the delimiter with those that they call. It is false when yield wants no more.
func piecesOf(f *source.File, ses *session, sp *splitter, lead *leadComments, yield func(job) bool) bool {
	pos := scan.TextStart(f.Text)
	for {
		p, ok, _ := sp.cut(f.Text, pos, true)
		if !ok {
			*lead = append(*lead, commentsFrom(f, pos)...)
			return true
		}
		lead.take(f, pos, &p)
		pos = p.next
		if p.client == "delimiter" {
			continue
		}
		j := ses.job(f, p)
		called, dumped := ses.called(&j)
		switch {
		case called == nil:
			ok = yield(j)
		default:
			ok = piecesOf(called, ses, sp, lead, yield)
			ses.leave(dumped)
		}
		if !ok {
			return false
		}
		sp.mode = ses.mode
	}
}

// job notes the state before the piece, and carries out SET and USE for what follows.
func (s *session) job(f *source.File, p piece) job {
	if !s.begun {
		s.begun, s.dumped = true, dumpedDatabase(f.Text[:p.end])
	}
	j := job{file: f, piece: p, snapshot: snapshot{settings: s.settings, schema: s.schema, dumped: s.dumped, mode: s.mode}}
	if p.client == "" && matters(f.Text[p.start:p.end]) {
		s.observe(s.lexer.lex(f, p.start, p.end, s.mode, s.opts.Dialect == dialect.MariaDB, versionNumber(s.opts)))
		j.unknown = s.unknown
	}
	return j
}

// addTrail gives comments to the last unit.
func addTrail(units []*ir.Unit, l []ir.Comment) {
	if len(units) > 0 && len(l) > 0 {
		m := units[len(units)-1].Stmts[0].Base()
		m.Trail = append(m.Trail, l...)
	}
}

// streamer cuts an input that is not in memory.
type streamer struct {
	*scan.Input
	sp   *splitter
	lead *leadComments
}

// each is piecesOf for an input. An error is of the input, whose name it tells.
func (s *streamer) each(ses *session, name string, yield func(job) bool) (more bool, err error) {
	for {
		f, p, err := s.next()
		if errors.Is(err, io.EOF) {
			*s.lead = append(*s.lead, commentsFrom(s.Rest(), 0)...)
			return true, nil
		}
		if err != nil {
			return false, fmt.Errorf("read %s: %w", name, err)
		}
		j := ses.job(f, p)
		called, dumped := ses.called(&j)
		if called == nil {
			more = yield(j)
		} else {
			in := &streamer{scan.NewInput(strings.NewReader(called.Text), called.Name, scan.Options{Chunk: ses.opts.Chunk}), s.sp, s.lead}
			more, err = in.each(ses, called.Name, yield)
			ses.leave(dumped)
		}
		if !more {
			return false, err
		}
		s.sp.mode = ses.mode
	}
}

// next reads until a piece is complete.
func (s *streamer) next() (*source.File, piece, error) {
	for {
		pos := s.Start()
		delim := s.sp.delim
		p, ok, more := s.sp.cut(s.Text, pos, s.EOF)
		switch {
		case more:
			s.sp.delim = delim
			if err := s.Fill(); err != nil {
				return nil, p, err
			}
		case !ok:
			return nil, p, io.EOF
		default:
			f := s.File(max(p.end, p.tailEnd))
			s.lead.take(f, pos, &p)
			s.Pass(p.next)
			if p.client == "delimiter" {
				continue
			}
			return f, p, nil
		}
	}
}

// leadComments carries the comments before a DELIMITER line to the statement behind it, which they describe.
type leadComments []ir.Comment

// take collects the comments between pos and a client command, or hands those collected to a statement.
func (l *leadComments) take(f *source.File, pos int, p *piece) {
	if p.client == "" {
		p.lead, *l = *l, nil
		return
	}
	for pos < p.start {
		if !isComment(f.Text[pos:]) {
			pos++
			continue
		}
		n, closed := skipComment(f.Text[pos:])
		if !closed && f.Text[pos] == '/' {
			return // what never ends is no comment that could be printed
		}
		end := pos + len(strings.TrimRight(f.Text[pos:pos+n], "\r\n"))
		s := source.Span{File: f, Start: pos, End: end}
		*l = append(*l, scan.MakeComment(s, true))
		pos += n
	}
}

func newParser(o scan.Options) *parser {
	return &parser{opts: o, words: theWords().list}
}

// job makes the units of a piece: one per statement in it, none for a piece of comments only.
func (p *parser) job(j *job) (units []*ir.Unit) {
	whole := source.Span{File: j.file, Start: j.start, End: j.end}
	if j.client != "" {
		if j.calls() {
			return []*ir.Unit{j.sourced(j.unit(whole))}
		}
		return []*ir.Unit{refused(j.unit(whole), codeClient, j.client, "the client command "+strings.ToUpper(j.client)+" is not carried out")}
	}
	ts := p.lexer.lex(j.file, j.start, j.end, j.mode, p.mariadb(), versionNumber(p.opts))
	s, what, bad, data := invalidBytes(whole, ts)
	if p.rawTexts = data; bad {
		u := refused(j.unit(trimmed(whole)), codeBytes, "invalid bytes", what)
		u.Findings[len(u.Findings)-1].Span = s
		return []*ir.Unit{u}
	}
	if ts.List[0].Kind == kEOF {
		return nil
	}
	defer func() {
		if r := recover(); r != nil {
			units = []*ir.Unit{failed(j.unit(statementSpan(ts)), ts, r)}
		}
	}()
	if j.mode.Oracle && oracleRoutine(ts) {
		u := j.unit(statementSpan(ts))
		name(u, ts)
		return []*ir.Unit{refused(u, codeOracle, "routine in sql_mode=ORACLE", u.Object+" is written for sql_mode=ORACLE and is not converted")}
	}
	p.Reset(ts, kindName, maxNesting)
	p.exprStack, p.argStack = p.exprStack[:0], p.argStack[:0]
	return p.statements(j)
}

// unit is a unit of the piece that has no statement yet.
func (j *job) unit(s source.Span) *ir.Unit {
	return &ir.Unit{Span: s, Settings: j.settings, Schema: j.schema, Kind: "other"}
}

// statementSpan is the place of the tokens without what stands around them.
func statementSpan(ts *scan.Tokens) source.Span { return ts.Span(0, max(0, len(ts.List)-2)) }

// statements makes a unit of each statement of a piece.
func (p *parser) statements(j *job) []*ir.Unit {
	var out []*ir.Unit
	for p.Accept(kSemi) {
	}
	for p.Kind() != kEOF {
		out = append(out, p.statement(j))
		if p.Kind() != kEOF && p.Kind() != kSemi {
			p.Fail("end of statement")
		}
		for p.Accept(kSemi) {
		}
	}
	if len(out) == 0 {
		return out
	}
	if len(j.lead) > 0 {
		m := out[0].Stmts[0].Base()
		m.Lead = append(j.lead[:len(j.lead):len(j.lead)], m.Lead...)
	}
	if j.tailEnd > 0 {
		s := source.Span{File: j.file, Start: j.tailStart, End: j.tailEnd}
		addTrail(out, []ir.Comment{scan.MakeComment(s, false)})
	}
	addTrail(out, j.trail)
	return out
}

// statement makes the unit of the statement at hand.
func (p *parser) statement(j *job) *ir.Unit {
	u := j.unit(source.Span{})
	p.begin(j, u)
	i := p.Pos
	s := p.topStmt()
	u.Span = p.SpanFrom(i)
	p.comments(s, i)
	u.Stmts = []ir.Stmt{s}
	describe(u, s)
	if j.unknown != "" {
		p.report(codeMode, u.Span, "sql_mode is set to %s, whose value is not known here", j.unknown)
	}
	for i := range u.Findings {
		f := &u.Findings[i]
		if f.Object == "" {
			f.Object = u.Object
		}
		if !f.Span.IsValid() {
			f.Span = u.Span
		}
	}
	return u
}

// refused is a unit that is kept as text.
func refused(u *ir.Unit, c *diag.Code, what, message string) *ir.Unit {
	u.Stmts = []ir.Stmt{&ir.Unsupported{StmtMeta: stmt(u.Span), Text: u.Span.Text(), Code: c.ID, What: what}}
	u.Report(c.New(u.Span, "%s", message))
	return u
}

// failed turns a panic of the parser into a finding of its unit.
func failed(u *ir.Unit, ts *scan.Tokens, r any) *ir.Unit {
	name(u, ts)
	e, ok := r.(*scan.SyntaxError)
	switch {
	case !ok:
		return refused(u, codeInternal, "internal error", fmt.Sprintf("the front end failed: %v", r))
	case e.Depth > 0:
		u = refused(u, codeDepth, "nesting", fmt.Sprintf("the statement is nested too deeply to be read: more than %d levels", e.Depth))
	default:
		u = refused(u, codeSyntax, "syntax error", "syntax error: "+e.Error())
	}
	u.Findings[len(u.Findings)-1].Span = e.Span()
	return u
}

// trimmed is the span without blanks at its ends.
func trimmed(s source.Span) source.Span {
	t := s.Text()
	s.Start += len(t) - len(strings.TrimLeft(t, " \t\r\n"))
	s.End = s.Start + len(strings.TrimSpace(t))
	return s
}

// invalidBytes finds bytes that are not UTF-8, outside of _binary'...' literals, where they are data, and of comments. In the texts of
// INSERT they are data as well, of columns of bytes: data tells that there are some.
func invalidBytes(s source.Span, ts *scan.Tokens) (at source.Span, what string, bad, data bool) {
	t := s.Text()
	if utf8.ValidString(t) {
		return s, "", false, false
	}
	insert := ts.List[0].Kind == kInsert || ts.List[0].Kind == kReplace
	next := 0
	for i := 0; i < len(t); {
		r, n := utf8.DecodeRuneInString(t[i:])
		switch {
		case t[i] == '_' && binaryLiteral(t[i:]) > 0:
			n = binaryLiteral(t[i:])
		case r == utf8.RuneError && n == 1:
			at := s.Start + i
			if end := commentAt(ts.Comments, at); end > 0 {
				n = end - at
				break
			}
			for next < len(ts.List)-1 && ts.List[next].End <= at {
				next++
			}
			if k := ts.List[next]; insert && k.Kind == kString && k.Start < at {
				data, n = true, k.End-at
				break
			}
			msg := fmt.Sprintf("byte 0x%02X at offset %d is not valid UTF-8", t[i], s.File.Base+int64(at))
			return source.Span{File: s.File, Start: at, End: at + 1}, msg, true, false
		}
		i += n
	}
	return s, "", false, data
}

// commentAt is the end of the comment that a byte stands in, 0 if it stands in none.
func commentAt(comments []scan.Comment, at int) int {
	i := sort.Search(len(comments), func(i int) bool { return comments[i].End > at })
	if i < len(comments) && comments[i].Start <= at {
		return comments[i].End
	}
	return 0
}

// binaryLiteral is the length of a literal _binary'...' at the start of t, 0 if there is none.
func binaryLiteral(t string) int {
	const word = "_binary"
	if len(t) < len(word) || !strings.EqualFold(t[:len(word)], word) {
		return 0
	}
	i := len(word)
	for i < len(t) && isSpace(t[i]) {
		i++
	}
	if i >= len(t) || t[i] != '\'' {
		return 0
	}
	n, _ := (&splitter{}).skipQuoted(t[i:])
	return i + n
}

// oracleRoutine tells that the statement is one whose body is PL/SQL under sql_mode=ORACLE.
func oracleRoutine(ts *scan.Tokens) bool {
	switch ts.List[0].Kind {
	case kBegin, kDeclare:
		return len(ts.List) > 3
	case kCreate:
		for i := 1; i < min(len(ts.List), 12); i++ {
			t := &ts.List[i]
			switch {
			case t.Kind == kProcedure, t.Kind == kFunction, t.Kind == kTrigger, t.Kind == kEvent:
				return true
			case strings.EqualFold(ts.Text(t), "package"):
				return true
			case t.Kind == kTable, t.Kind == kView, t.Kind == kIndex, t.Kind == kLP:
				return false
			}
		}
	}
	return false
}

// name describes a unit whose statement could not be built by its first words.
func name(u *ir.Unit, ts *scan.Tokens) {
	if ts.List[0].Kind != kCreate {
		return
	}
	for i := 1; i < min(len(ts.List)-1, 16); i++ {
		t := &ts.List[i]
		kind := strings.ToLower(ts.Text(t))
		switch {
		case kind == "package", t.Kind == kProcedure, t.Kind == kFunction, t.Kind == kTrigger, t.Kind == kEvent,
			t.Kind == kTable, t.Kind == kView, t.Kind == kIndex, t.Kind == kSequence:
			i++
			for i < len(ts.List)-1 && (ts.List[i].Kind == kIf || ts.List[i].Kind == kNot || ts.List[i].Kind == kExists ||
				kind == "package" && strings.EqualFold(ts.Text(&ts.List[i]), "body")) {
				i++
			}
			parts := []ir.Ident{identOf(&ts.List[i], ts.File.Text)}
			for i+2 < len(ts.List) && ts.List[i+1].Kind == kDot {
				i += 2
				parts = append(parts, identOf(&ts.List[i], ts.File.Text))
			}
			u.Make(kind, ir.QName{Parts: parts})
			return
		}
	}
}

func divIncrement(s dialect.Settings) int {
	if v := s["div-precision-increment"]; v != "" {
		if n, err := strconv.Atoi(strings.TrimSpace(v)); err == nil && n >= 0 && n <= 30 {
			return n
		}
	}
	return 4
}
