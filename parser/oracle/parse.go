package oracle

import (
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode/utf8"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/source"
	"godwit/parser/scan"
)

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
	l.take(f, pos, &piece{start: len(f.Text), first: len(f.Text), command: "none"}, false)
	return l
}

// pieces cuts a file, and the scripts that it calls in their places, and follows the session through it. lead are the comments before
// its first statement, and then those behind the last one.
func pieces(f *source.File, ses *session, o scan.Options, lead *leadComments) iter.Seq[job] {
	return func(yield func(job) bool) {
		pos := scan.TextStart(f.Text)
		if o.Statement {
			j, _ := ses.job(f, piece{start: pos, first: pos, end: statementEnd(f.Text, pos)})
			yield(j)
			return
		}
		var sp splitter
		for {
			p, ok, _ := sp.cut(f.Text, pos, true)
			if !ok {
				*lead = append(*lead, commentsFrom(f, pos)...)
				return
			}
			next := p.next
			j, ok := ses.job(f, p)
			lead.take(f, pos, &j.piece, ok)
			pos = next
			if ok && !withCalled(j, ses, o, lead, yield) {
				return
			}
		}
	}
}

// withCalled yields a piece, or those of the script that it calls.
func withCalled(j job, ses *session, o scan.Options, lead *leadComments, yield func(job) bool) bool {
	if !j.calls() {
		return yield(j)
	}
	f := ses.enter(&j)
	if f == nil {
		return yield(j)
	}
	defer ses.includes.Leave()
	for k := range pieces(f, ses, o, lead) {
		if !yield(k) {
			return false
		}
	}
	return true
}

// statementEnd is the end of a text that is one statement, without the line with "/" that tools put behind it.
func statementEnd(s string, pos int) int {
	end := trimEnd(s, pos, len(s))
	if i := strings.LastIndexByte(s[:end], '\n'); i >= pos && strings.TrimSpace(s[i:end]) == "/" {
		end = trimEnd(s, pos, i)
	}
	return max(end, pos)
}

// leadComments carries the comments before a command to the statement behind it, which they describe.
type leadComments []ir.Comment

// take collects the comments between pos and a command that makes no unit, or hands those collected to a statement.
func (l *leadComments) take(f *source.File, pos int, p *piece, unit bool) {
	if unit && p.command == "" {
		p.lead, *l = *l, nil
		return
	}
	for pos < p.first && pos < len(f.Text) {
		if !isComment(f.Text[pos:]) {
			pos++
			continue
		}
		n, closed := skipComment(f.Text[pos:])
		if !closed && f.Text[pos] == '/' {
			return // what never ends is no comment that could be printed
		}
		end := pos + len(strings.TrimRight(f.Text[pos:pos+n], "\r\n"))
		*l = append(*l, scan.MakeComment(source.Span{File: f, Start: pos, End: end}, true))
		pos += n
	}
}

// streamer cuts an input that is not in memory.
type streamer struct {
	*scan.Input
	sp   splitter
	lead leadComments
}

// rest are the comments behind the last statement.
func (s *streamer) rest() []ir.Comment {
	return append(s.lead, commentsFrom(s.Rest(), 0)...)
}

// next reads until a piece is complete, and hands it to the session.
func (s *streamer) next(ses *session) (job, error) {
	for {
		pos := s.Start()
		p, ok, more := s.sp.cut(s.Text, pos, s.EOF)
		switch {
		case more:
			if err := s.Fill(); err != nil {
				return job{}, err
			}
		case !ok:
			return job{}, io.EOF
		default:
			f := s.File(max(p.end, p.tailEnd))
			j, ok := ses.job(f, p)
			s.lead.take(f, pos, &j.piece, ok)
			s.Pass(p.next)
			if ok {
				return j, nil
			}
		}
	}
}

func newParser(o scan.Options) *parser {
	return &parser{opts: o, words: theWords().list}
}

// unit is a unit of the piece that has no statement yet.
func (j *job) unit(s source.Span) *ir.Unit {
	return &ir.Unit{Span: s, Settings: j.settings, Schema: j.schema, Kind: "other", PLSQL: true}
}

// statementSpan is the place of the tokens without what stands around them.
func statementSpan(ts *scan.Tokens) source.Span { return ts.Span(0, max(0, len(ts.List)-2)) }

// piece makes the units of a piece, and marks those that insert rows of constants.
func (p *parser) piece(j *job) []*ir.Unit {
	units := p.job(j)
	markConstants(j, units)
	return units
}

// job makes the units of a piece: one, or none for a piece of comments only.
func (p *parser) job(j *job) (units []*ir.Unit) {
	whole := source.Span{File: j.file, Start: j.first, End: j.end}
	switch {
	case j.cursor:
		return []*ir.Unit{refused(j.unit(whole), codeCommand, "bind variable", "a bind variable of type REFCURSOR is not converted")}
	case len(j.missing) > 0 && j.command != "@" && j.command != "START":
		return []*ir.Unit{refused(j.unit(whole), codeVariable, "substitution variable", "the substitution variable "+strings.Join(j.missing, ", ")+" has no value")}
	case j.command == "EXECUTE":
		return p.execute(j)
	case j.command != "":
		return []*ir.Unit{client(j, whole)}
	}
	ts := p.lexer.lex(j.file, j.start, j.end)
	if at, what, bad := invalidBytes(whole, ts); bad {
		u := refused(j.unit(whole), codeBytes, "invalid bytes", what)
		u.Findings[len(u.Findings)-1].Span = at
		return []*ir.Unit{u}
	}
	if ts.List[0].Kind == kEOF {
		return nil
	}
	units = p.read(j, ts, (*parser).topStmt)
	if !endsInDash(whole.Text()) || len(units) != 1 {
		return units
	}
	return p.dashes(j, units)
}

// endsInDash tells that a line of the text may end in a dash.
func endsInDash(s string) bool { return strings.Contains(s, "-\n") || strings.Contains(s, "-\r\n") }

// dashes reads a statement again whose lines end in dashes. SQL*Plus takes these for marks that the line goes on, and all others for
// subtractions: what is a statement only without them was written for SQL*Plus.
func (p *parser) dashes(j *job, units []*ir.Unit) []*ir.Unit {
	ts := &p.lexer.out
	var at []int
	sign := false // a dash that cannot subtract; nobody parts a sign from its number by the end of a line
	for i := range ts.List {
		t := &ts.List[i]
		if t.Kind == kMinus && strings.HasPrefix(strings.TrimLeft(j.file.Text[t.End:j.end], " \t\r"), "\n") {
			at = append(at, t.Start)
			sign = sign || i == 0 || !endsOperand(ts.List[i-1].Kind)
		}
	}
	if len(at) == 0 {
		return units
	}
	if !sign && !failedToRead(units) {
		units[0].Report(codeDash.New(units[0].Span, "a dash at the end of a line is taken for a subtraction"))
		return units
	}
	text := []byte(j.file.Text[j.start:max(j.end, j.tailEnd)])
	for _, x := range at {
		text[x-j.start] = ' '
	}
	k := *j
	k.file = derived(j.file, j.start, j.end, string(text))
	k.start, k.first, k.end = 0, j.first-j.start, j.end-j.start
	k.tailStart, k.tailEnd = moved(j.tailStart, -j.start), moved(j.tailEnd, -j.start)
	if again := p.read(&k, p.lexer.lex(k.file, k.start, k.end), (*parser).topStmt); !failedToRead(again) {
		return again
	}
	return units
}

// endsOperand tells that a value may end with the kind.
func endsOperand(k scan.Kind) bool {
	switch k {
	case kIdent, kQIdent, kString, kNumber, kBind, kParam, kInquiry, kPlusMark, kRP, kEnd, kNull:
		return true
	}
	return false
}

// failedToRead tells that a unit has a syntax error.
func failedToRead(units []*ir.Unit) bool {
	for _, u := range units {
		for i := range u.Findings {
			if u.Findings[i].Code == codeSyntax.ID {
				return true
			}
		}
	}
	return false
}

// read makes the unit of the tokens; f reads its statement.
func (p *parser) read(j *job, ts *scan.Tokens, f func(*parser) ir.Stmt) (units []*ir.Unit) {
	if wrapped(ts) {
		u := j.unit(statementSpan(ts))
		name(u, p, ts)
		return []*ir.Unit{refused(u, codeWrapped, "wrapped code", "the source is wrapped")}
	}
	defer func() {
		if r := recover(); r != nil {
			units = []*ir.Unit{p.failed(j.unit(statementSpan(ts)), ts, r)}
		}
	}()
	if p.lexer.directives {
		if c, span, message := compile(ts, j.settings, p.opts.Version, p.opts.Static); c != nil {
			u := j.unit(statementSpan(ts))
			name(u, p, ts)
			u = refused(u, c, "conditional compilation", message)
			u.Findings[len(u.Findings)-1].Span = span
			return []*ir.Unit{u}
		}
	}
	if p.lexer.inquiries {
		p.here = p.placeOf(j, ts)
	}
	p.Reset(ts, kindName, maxNesting)
	return []*ir.Unit{p.statement(j, f)}
}

// statement makes the unit of the statement at hand.
func (p *parser) statement(j *job, f func(*parser) ir.Stmt) *ir.Unit {
	u := j.unit(source.Span{})
	p.begin(j, u)
	s := f(p)
	for p.Accept(kSemi) {
	}
	if p.Kind() != kEOF {
		p.Fail("end of statement")
	}
	u.Span = statementSpan(p.Tokens)
	p.comments(s, 0)
	u.Stmts = []ir.Stmt{s}
	describe(u, s)
	m := s.Base()
	if len(j.lead) > 0 {
		m.Lead = append(j.lead[:len(j.lead):len(j.lead)], m.Lead...)
	}
	if j.tailEnd > 0 {
		m.Trail = append(m.Trail, scan.MakeComment(source.Span{File: j.file, Start: j.tailStart, End: j.tailEnd}, false))
	}
	m.Trail = append(m.Trail, j.trail...)
	p.notes(j)
	for i := range u.Findings {
		x := &u.Findings[i]
		if x.Object == "" {
			x.Object = u.Object
		}
		if !x.Span.IsValid() {
			x.Span = u.Span
		}
	}
	return u
}

// notes reports what the way of the statement through the script tells.
func (p *parser) notes(j *job) {
	if len(j.open) > 0 {
		p.unit.Report(j.ampersands(p.unit.Span))
	}
	if j.again {
		p.report(codeRepeat, p.unit.Span, "the line / behind the statement runs it again")
	}
	if j.exited {
		p.report(codeExit, p.unit.Span, "the statement stands behind EXIT")
	}
}

// ampersands is the finding about substitution variables in texts.
func (j *job) ampersands(at source.Span) diag.Finding {
	return codeAmpersand.New(at, "&%s is taken as it stands", strings.Join(j.open, ", &"))
}

// refused is a unit that is kept as text.
func refused(u *ir.Unit, c *diag.Code, what, message string) *ir.Unit {
	u.Stmts = []ir.Stmt{&ir.Unsupported{StmtMeta: stmt(u.Span), Text: u.Span.Text(), Code: c.ID, What: what}}
	u.Report(c.New(u.Span, "%s", message))
	return u
}

// failed turns a panic of the parser into a finding of its unit.
func (p *parser) failed(u *ir.Unit, ts *scan.Tokens, r any) *ir.Unit {
	name(u, p, ts)
	e, ok := r.(*scan.SyntaxError)
	x, gaveUp := r.(*refusal)
	switch {
	case gaveUp:
		u = refused(u, x.code, x.what, x.what+" is not converted")
		u.Findings[len(u.Findings)-1].Span = x.span
		return u
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

// client is the unit of a command that is not carried out.
func client(j *job, s source.Span) *ir.Unit {
	u := j.unit(s)
	switch j.command {
	case "@", "START":
		what := scan.Called(includedFile(s.Text()))
		if j.unread != "" {
			return refused(u, codeNotRead, what, what+" is called here and cannot be read: "+j.unread)
		}
		return refused(u, codeInclude, what, what+" is called here")
	case "CONNECT":
		u = refused(u, codeConnect, "CONNECT", "what follows is read as statements of another user")
		hidePassword(u)
		return u
	case "!", "$":
		return refused(u, codeCommand, "HOST", "the command HOST of SQL*Plus is not carried out")
	}
	return refused(u, codeCommand, j.command, "the command "+j.command+" of SQL*Plus is not carried out")
}

// hidePassword keeps the text of CONNECT out of the result.
func hidePassword(u *ir.Unit) {
	for _, s := range u.Stmts {
		if x, ok := s.(*ir.Unsupported); ok {
			x.Text = "CONNECT " + userOf(argument(x.Text))
		}
	}
}

// invalidBytes finds bytes that are not UTF-8 outside of comments.
func invalidBytes(s source.Span, ts *scan.Tokens) (at source.Span, what string, bad bool) {
	t := s.Text()
	if utf8.ValidString(t) {
		return s, "", false
	}
	for i := range ts.List {
		k := &ts.List[i]
		x := ts.Text(k)
		if utf8.ValidString(x) {
			continue
		}
		n := 0
		for {
			r, size := utf8.DecodeRuneInString(x[n:])
			if r == utf8.RuneError && size <= 1 {
				break
			}
			n += size
		}
		off := k.Start + n
		what = fmt.Sprintf("byte 0x%02X at offset %d is not valid UTF-8", s.File.Text[off], s.File.Base+int64(off))
		return source.Span{File: s.File, Start: off, End: off + 1}, what, true
	}
	return s, "", false
}

// wrapped tells that the statement makes an object whose source is hidden.
func wrapped(ts *scan.Tokens) bool {
	if ts.List[0].Kind != kCreate {
		return false
	}
	for i := 1; i < min(len(ts.List), 14); i++ {
		switch t := &ts.List[i]; {
		case t.Kind == kIdent && strings.EqualFold(ts.Text(t), "wrapped"):
			k := ts.List[i-1].Kind
			return k == kIdent || k == kQIdent
		case t.Kind == kLP, t.Kind == kIs, t.Kind == kAs:
			return false
		}
	}
	return false
}
