package mysql

import (
	"strings"

	"godwit/ir"
	"godwit/parser/scan"
)

// piece is one statement of a script as the mysql client would send it, without its delimiter.
type piece struct {
	start, end int // bytes of the text; leading comments belong to it
	next       int // where the next piece begins
	tailStart  int // a comment behind the delimiter on its line; tailEnd is 0 if there is none
	tailEnd    int
	lead       []ir.Comment // comments before DELIMITER lines that stand before the statement
	trail      []ir.Comment // comments behind the last statement of a file
	client     string       // a client command in lower case: delimiter, source, ...; "" for SQL
	// lenient tells that the end was found by matching BEGIN and END, because the script sets no DELIMITER.
	lenient bool
}

// splitter cuts a script the way the mysql client does: it knows quotes, comments and DELIMITER, and nothing else.
//
// One thing is added: a routine body that would be cut at its first inner ";" is kept whole when the script sets no
// DELIMITER, since such scripts come from tools that send whole statements.
type splitter struct {
	delim   string
	mode    Mode
	noTrack bool // cut at every delimiter, even within routine bodies
}

func newSplitter(m Mode) splitter { return splitter{delim: ";", mode: m} }

// clientCommands are commands of the mysql client that take the rest of their line (mysql Client Commands).
var clientCommands = []string{"delimiter", "source", "system", "charset", "connect", "prompt", "tee", "notee", "pager", "nopager", "warnings", "nowarning", "status", "quit", "exit", "rehash", "edit", "print"}

// cut finds the next piece of s from pos. ok is false when there is none; more is true when s has to be longer to tell
// (never when eof is true).
func (sp *splitter) cut(s string, pos int, eof bool) (p piece, ok, more bool) {
	start, done, more := sp.blank(s, pos, eof)
	if more {
		return p, false, true
	}
	if done {
		return p, false, false
	}
	if c, isClient := sp.clientCommand(s, start); isClient {
		return sp.clientPiece(s, start, c, eof)
	}
	return sp.statement(s, pos, start, eof)
}

// blank skips blanks, comments and empty statements. It returns the first byte of the next statement.
func (sp *splitter) blank(s string, pos int, eof bool) (at int, done, more bool) {
	for pos < len(s) {
		switch {
		case isSpace(s[pos]):
			pos++
		case strings.HasPrefix(s[pos:], sp.delim):
			pos += len(sp.delim)
		case isComment(s[pos:]):
			n, closed := skipComment(s[pos:])
			if !closed && !eof {
				return 0, false, true
			}
			pos += n
		default:
			if !eof && len(s)-pos < 16 {
				return 0, false, true
			}
			return pos, false, false
		}
	}
	return pos, eof, !eof
}

// isComment tells that s begins with a comment that is not executable.
func isComment(s string) bool {
	switch s[0] {
	case '#':
		return true
	case '-':
		return len(s) >= 2 && s[1] == '-' && (len(s) == 2 || s[2] <= ' ')
	case '/':
		return len(s) >= 2 && s[1] == '*' && !(len(s) >= 3 && s[2] == '!') && !strings.HasPrefix(s, "/*M!")
	}
	return false
}

// skipComment is the length of the comment at the start of s, and whether its end was seen.
func skipComment(s string) (n int, closed bool) {
	end, from := "\n", 0
	if s[0] == '/' {
		end, from = "*/", 2
	}
	i := strings.Index(s[from:], end)
	if i < 0 {
		return len(s), false
	}
	return from + i + len(end), true
}

// clientCommand recognises a client command where a statement may begin.
func (sp *splitter) clientCommand(s string, at int) (string, bool) {
	if sp.statementOnly() {
		return "", false
	}
	if s[at] == '\\' && at+1 < len(s) {
		switch s[at+1] {
		case '.':
			return "source", true
		case 'd':
			return "delimiter", true
		case '!':
			return "system", true
		}
	}
	end := at
	for end < len(s) && isIdentPart(s[end]) {
		end++
	}
	if end < len(s) && !isSpace(s[end]) && s[end] != ';' {
		return "", false
	}
	w := strings.ToLower(s[at:end])
	for _, c := range clientCommands {
		if w == c {
			return c, true
		}
	}
	if w == "use" {
		line := s[at:]
		if i := strings.IndexByte(line, '\n'); i >= 0 {
			line = line[:i]
		}
		if !strings.Contains(line, sp.delim) {
			return "use", true
		}
	}
	return "", false
}

func (sp *splitter) statementOnly() bool { return sp.delim == "" }

// clientPiece takes the line of a client command and carries out DELIMITER.
func (sp *splitter) clientPiece(s string, start int, cmd string, eof bool) (p piece, ok, more bool) {
	nl := strings.IndexByte(s[start:], '\n')
	if nl < 0 && !eof {
		return p, false, true
	}
	end, next := len(s), len(s)
	if nl >= 0 {
		end, next = start+nl, start+nl+1
	}
	text := strings.TrimRight(s[start:end], " \t\r")
	p = piece{start: start, end: start + len(text), next: next, client: cmd}
	if cmd == "delimiter" {
		arg := strings.Fields(text)
		if len(arg) > 1 {
			d := strings.Trim(arg[1], `'"`+"`")
			if i := strings.Index(d, "--"); i > 0 {
				d = d[:i] // files were joined whose last line has no end: a comment of the next one follows
			}
			if d != "" {
				sp.delim = d
			}
		}
		return p, true, false
	}
	if cmd == "use" {
		p.client = ""
	}
	return p, true, false
}

// statement finds the end of the SQL statement that begins at first; the piece begins at pos with its comments.
func (sp *splitter) statement(s string, pos, first int, eof bool) (p piece, ok, more bool) {
	tr := newTracker(s[first:], sp.delim == ";" && !sp.noTrack)
	inner := sp.delim[0] != ';' && isLoose(s[first:])
	i := first
	for i < len(s) {
		if i = sp.plain(s, i, tr.on, inner); i >= len(s) {
			break
		}
		if tr.used && i-first > longestRoutine {
			return sp.untracked(s, pos, first, eof)
		}
		if !eof && len(s)-i < len(sp.delim)+2 {
			return p, false, true
		}
		if inner && s[i] == ';' {
			p = piece{start: skipBlanks(s, pos, sp.delim), end: i, next: i + 1}
			more = p.takeTail(s, eof)
			return p, !more, more
		}
		if strings.HasPrefix(s[i:], sp.delim) {
			if tr.depth == 0 {
				p = piece{start: skipBlanks(s, pos, sp.delim), end: i, next: i + len(sp.delim), lenient: tr.used}
				more = p.takeTail(s, eof)
				return p, !more, more
			}
			i += len(sp.delim)
			tr.boundary()
			continue
		}
		n, closed := sp.skip(s[i:], &tr)
		if !closed && !eof {
			return p, false, true
		}
		if n == gTerminator {
			return piece{start: skipBlanks(s, pos, sp.delim), end: i, next: i + 2}, true, false
		}
		i += n
	}
	if !eof {
		return p, false, true
	}
	if tr.depth > 0 && tr.used {
		return sp.untracked(s, pos, first, eof)
	}
	end := len(strings.TrimRight(s, " \t\r\n"))
	return piece{start: skipBlanks(s, pos, sp.delim), end: max(end, first), next: len(s), lenient: tr.used}, true, false
}

// longestRoutine is how far the end of a routine is looked for where the script sets no DELIMITER. What does not end there has a block
// that is never closed, and looking further for each of them would take the square of the script's length.
const longestRoutine = 1 << 20

// untracked cuts a statement whose blocks do not match like the client does, so that the error costs one statement.
func (sp *splitter) untracked(s string, pos, first int, eof bool) (p piece, ok, more bool) {
	sp.noTrack = true
	p, ok, more = sp.statement(s, pos, first, eof)
	sp.noTrack = false
	return p, ok, more
}

// plain steps over bytes that mean nothing to the splitter: all that begin no literal, comment or delimiter, and words unless blocks
// are counted. inner tells that a semicolon is one.
func (sp *splitter) plain(s string, i int, words, inner bool) int {
	d := sp.delim[0]
	skip := uint8(classStart | classDigit | classSpace | classPlain)
	if words {
		skip = classSpace
	}
	for i < len(s) && classes[s[i]]&skip != 0 && s[i] != d && !(inner && s[i] == ';') {
		i++
	}
	return i
}

// looseWords begin statements without a body.
var looseWords = map[string]bool{"SET": true, "USE": true, "INSERT": true, "REPLACE": true, "UPDATE": true, "DELETE": true, "DROP": true,
	"SELECT": true, "TRUNCATE": true, "CALL": true, "COMMIT": true, "START": true}

// isLoose tells that the semicolon behind a statement ends it, though another delimiter is set: the client sends all up to that one, and the server runs
// one statement after the other, each with the sql_mode that those before it have set.
func isLoose(s string) bool {
	n := 0
	for n < len(s) && n < 9 && isIdentPart(s[n]) {
		n++
	}
	if looseWords[strings.ToUpper(s[:n])] {
		return true
	}
	if !strings.EqualFold(s[:n], "create") {
		return false
	}
	head := strings.Fields(s[n:min(len(s), 100)])
	if len(head) > 1 && strings.EqualFold(head[0], "temporary") {
		head = head[1:]
	}
	return len(head) > 0 && strings.EqualFold(head[0], "table")
}

// takeTail adds the line comment that follows the delimiter on the same line; more is true when s has to be longer to tell.
func (p *piece) takeTail(s string, eof bool) (more bool) {
	i := p.next
	for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
		i++
	}
	if len(s)-i < 3 && !eof {
		return true
	}
	if i >= len(s) || !isComment(s[i:]) || s[i] == '/' {
		return false
	}
	n, closed := skipComment(s[i:])
	if !closed && !eof {
		return true
	}
	p.tailStart, p.tailEnd, p.next = i, i+len(strings.TrimRight(s[i:i+n], "\r\n")), i+n
	return false
}

// skipBlanks steps over blanks and stray delimiters before the comments of a statement.
func skipBlanks(s string, pos int, delim string) int {
	for pos < len(s) {
		switch {
		case isSpace(s[pos]):
			pos++
		case strings.HasPrefix(s[pos:], delim):
			pos += len(delim)
		default:
			return pos
		}
	}
	return pos
}

// gTerminator is what skip returns at \G and \g.
const gTerminator = -1

// skip is the length of the lexical element at the start of s, and whether it is complete.
func (sp *splitter) skip(s string, tr *tracker) (n int, closed bool) {
	c := s[0]
	switch {
	case c == '\'' || c == '"' || c == '`':
		return sp.skipQuoted(s)
	case isComment(s):
		return skipComment(s)
	case c == '\\' && len(s) > 1 && (s[1] == 'G' || s[1] == 'g'):
		return gTerminator, true
	case isIdentPart(c):
		n = 1
		for n < len(s) && isIdentPart(s[n]) && !(isIdentPart(sp.delim[0]) && strings.HasPrefix(s[n:], sp.delim)) {
			n++
		}
		tr.word(s[:n])
		return n, n < len(s)
	}
	if !isSpace(c) {
		tr.other()
	}
	return 1, true
}

func (sp *splitter) skipQuoted(s string) (n int, closed bool) {
	q := s[0]
	escapes := !sp.mode.NoBackslashEscapes && q != '`' && !(q == '"' && sp.mode.ANSIQuotes)
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && escapes:
			i++
		case s[i] == q:
			return i + 1, true
		}
	}
	return len(s), false
}

// tracker counts the blocks of a routine body.
type tracker struct {
	on    bool // the statement makes a routine, trigger or event
	used  bool // a block was seen
	depth int
	last  string
	// closed tells that the last END closed a block that was counted.
	closed bool
}

// newTracker looks at the first words of a statement.
func newTracker(s string, enabled bool) tracker {
	if !enabled || len(s) < 6 {
		return tracker{}
	}
	switch {
	case s[0]|0x20 == 'b':
		return tracker{on: anonymousBlock(s)}
	case !strings.EqualFold(s[:6], "create") && !strings.HasPrefix(s, "/*!"):
		return tracker{}
	}
	head := s[:min(len(s), 400)]
	for i := 0; i < len(head); {
		from := i
		for i < len(head) && !wordBreak(head[i]) {
			i++
		}
		if makes, known := makesRoutine(head[from:i]); known {
			return tracker{on: makes}
		}
		i++
	}
	return tracker{}
}

func wordBreak(c byte) bool {
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '(' || c == '`'
}

// makesRoutine tells by a word of a CREATE statement whether it makes something with a body; known is false for other words.
func makesRoutine(w string) (makes, known bool) {
	if len(w) < 3 || len(w) > 9 {
		return false, false
	}
	for _, x := range [...]string{"PROCEDURE", "FUNCTION", "TRIGGER", "EVENT"} {
		if scan.SameWord(x, w) {
			return true, true
		}
	}
	for _, x := range [...]string{"TABLE", "VIEW", "INDEX", "DATABASE", "SCHEMA", "USER", "SERVER", "SELECT", "INSERT", "SET"} {
		if scan.SameWord(x, w) {
			return false, true
		}
	}
	return false, false
}

// anonymousBlock tells MariaDB's BEGIN NOT ATOMIC.
func anonymousBlock(s string) bool {
	w := strings.Fields(s[:min(len(s), 100)])
	return len(w) > 2 && strings.EqualFold(w[0], "begin") && strings.EqualFold(w[1], "not") && strings.EqualFold(w[2], "atomic")
}

// word notes a word of the statement.
func (t *tracker) word(w string) {
	if !t.on || len(w) > 6 {
		t.last = ""
		return
	}
	u := blockWord(w)
	switch u {
	case "BEGIN":
		t.depth++
		t.used = true
	case "CASE":
		if t.last != "END" {
			t.depth++
		}
	case "END":
		t.closed = t.depth > 0
		if t.closed {
			t.depth--
		}
	case "IF", "LOOP", "WHILE", "REPEAT", "FOR":
		if t.last == "END" && t.closed {
			t.depth++ // END IF closes what was not counted
		}
	}
	t.last = u
}

// blockWord is the word in upper case if it begins or ends a block, else "".
func blockWord(w string) string {
	x := ""
	switch w[0] | 0x20 {
	case 'b':
		x = "BEGIN"
	case 'c':
		x = "CASE"
	case 'e':
		x = "END"
	case 'i':
		x = "IF"
	case 'l':
		x = "LOOP"
	case 'w':
		x = "WHILE"
	case 'r':
		x = "REPEAT"
	case 'f':
		x = "FOR"
	}
	if scan.SameWord(x, w) {
		return x
	}
	return ""
}

func (t *tracker) other()    { t.last = "" }
func (t *tracker) boundary() { t.last = "" }
