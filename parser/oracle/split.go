package oracle

import (
	"strings"

	"godwit/ir"
)

// piece is one statement of a script as SQL*Plus would send it, or one of its commands.
type piece struct {
	start, end int // bytes of the text; leading comments belong to it
	next       int // where the next piece begins
	tailStart  int // a comment behind the delimiter on its line; tailEnd is 0 if there is none
	tailEnd    int
	lead       []ir.Comment // comments before commands that stand before the statement
	trail      []ir.Comment // comments behind the last statement of a file
	command    string       // a command of SQL*Plus in full and in upper case; "" for SQL and PL/SQL
	first      int          // where the command itself begins
	block      bool         // PL/SQL, whose end is a line with "/"
}

// splitter cuts a script the way SQL*Plus does: SQL ends at ";", PL/SQL at a line with nothing but "/".
//
// Scripts of other tools leave out the slash, or all ends: PL/SQL also ends where its blocks are closed and something follows that
// begins a statement, and everything ends where a line begins a definition.
type splitter struct{}

// cut finds the next piece of s from pos. ok is false when there is none; more is true when s has to be longer to tell
// (never when eof is true).
func (sp *splitter) cut(s string, pos int, eof bool) (p piece, ok, more bool) {
	start, done, more := sp.blank(s, pos, eof)
	if more || done {
		return p, false, more
	}
	k, more := sp.kindOf(s, start, eof)
	if more {
		return p, false, true
	}
	if k.command != "" {
		return sp.commandPiece(s, start, k.command, eof)
	}
	return sp.statement(s, pos, start, k, eof)
}

// blank skips blanks, comments and empty statements. It returns the first byte of the next statement.
func (sp *splitter) blank(s string, pos int, eof bool) (at int, done, more bool) {
	for pos < len(s) {
		switch {
		case isSpace(s[pos]) || s[pos] == ';':
			pos++
		case isComment(s[pos:]):
			n, closed := skipComment(s[pos:])
			if !closed {
				if !eof {
					return 0, false, true
				}
				if s[pos] == '/' {
					return pos, false, false // what never ends is an error
				}
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

// isComment tells that s begins with a comment.
func isComment(s string) bool {
	return len(s) >= 2 && (s[0] == '-' && s[1] == '-' || s[0] == '/' && s[1] == '*')
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

// statementKind is what the first words of a statement tell about its end.
type statementKind struct {
	command string // a command of SQL*Plus
	block   bool   // PL/SQL
	// with is WITH FUNCTION, which a query follows; opaque is text that is not PL/SQL: Java, or wrapped code.
	with, opaque bool
	// closed tells that definitions within are part of the statement: rights to create, CREATE SCHEMA.
	closed bool
}

// words reads the words at the start of a text, over blanks and comments.
type words struct {
	s   string
	i   int
	eof bool
	cut bool // the text ended before the word did
}

// next is the next word in upper case, or the next character if no word stands there.
func (w *words) next() string {
	for w.i < len(w.s) {
		switch {
		case isSpace(w.s[w.i]):
			w.i++
		case isComment(w.s[w.i:]):
			n, closed := skipComment(w.s[w.i:])
			w.i += n
			w.cut = w.cut || !closed && !w.eof
		default:
			return w.word()
		}
	}
	w.cut = w.cut || !w.eof
	return ""
}

func (w *words) word() string {
	from := w.i
	if w.s[from] == '"' {
		if n := strings.IndexByte(w.s[from+1:], '"'); n >= 0 {
			w.i = from + n + 2
			return w.s[from:w.i]
		}
	}
	for w.i < len(w.s) && isIdentPart(w.s[w.i]) && w.i-from < 128 {
		w.i++
	}
	if w.i == from {
		w.i++
	}
	w.cut = w.cut || w.i == len(w.s) && !w.eof
	return strings.ToUpper(w.s[from:w.i])
}

// kindOf looks at the first words of a statement; more is true when s has to be longer to tell.
func (sp *splitter) kindOf(s string, at int, eof bool) (k statementKind, more bool) {
	w := words{s: s, i: at, eof: eof}
	if c := s[at]; c == '@' || c == '!' || c == '/' && !strings.HasPrefix(s[at:], "/*") || c == '.' || c == '$' || c == '#' {
		return statementKind{command: string(c)}, false
	}
	first := w.next()
	switch first {
	case "DECLARE", "BEGIN":
		k.block = true
	case "<":
		k.block = w.next() == "<"
	case "WITH":
		x := w.next()
		k.with = x == "FUNCTION" || x == "PROCEDURE"
		k.block = k.with
	case "CREATE":
		k = createKind(&w)
	case "GRANT", "REVOKE", "AUDIT", "NOAUDIT":
		k.closed = true
	default:
		k.command = commandName(first, &w)
	}
	return k, w.cut && !eof
}

// createKind reads on behind CREATE.
func createKind(w *words) (k statementKind) {
	for range 12 {
		switch x := w.next(); x {
		case "OR", "REPLACE", "AND", "RESOLVE", "COMPILE", "NOFORCE", "EDITIONABLE", "NONEDITIONABLE", "IF", "NOT", "EXISTS":
		case "PROCEDURE", "FUNCTION", "PACKAGE", "TRIGGER", "TYPE", "LIBRARY":
			k.block = true
			k.opaque = wrappedHead(w)
			return k
		case "JAVA":
			k.block, k.opaque = true, true
			return k
		case "SCHEMA", "AUDIT":
			k.closed = true
			return k
		case "VIEW":
			k.with = declaresRoutines(w)
			k.block = k.with
			return k
		case "MATERIALIZED", "FORCE", "NO", "EDITIONING":
		default:
			return k
		}
	}
	return k
}

// mostColumns is how many words of a view's list of columns are read to find what it begins with.
const mostColumns = 4096

// declaresRoutines tells that a view's query begins with routines of its own: name [(columns)] AS WITH FUNCTION.
func declaresRoutines(w *words) bool {
	depth := 0
	for range mostColumns {
		switch w.next() {
		case "":
			return false
		case "(":
			depth++
		case ")":
			depth--
		case "SELECT", ";":
			return false
		case "AS", "IS":
			if depth > 0 {
				continue
			}
			if w.next() != "WITH" {
				return false
			}
			x := w.next()
			return x == "FUNCTION" || x == "PROCEDURE"
		}
	}
	return false
}

// wrappedHead tells that the name of the object is followed by WRAPPED.
func wrappedHead(w *words) bool {
	for range 12 {
		switch x := w.next(); x {
		case "WRAPPED":
			return true
		case "", "(", "IS", "AS", "RETURN", "BEGIN", ";":
			return false
		}
	}
	return false
}

// longestText is how long a text or quoted name may be before its quote is taken for a mistake.
const longestText = 1 << 18

// statement finds the end of the statement that begins at first; the piece begins at pos with its comments.
func (sp *splitter) statement(s string, pos, first int, k statementKind, eof bool) (p piece, ok, more bool) {
	p = piece{start: skipBlanks(s, pos), first: first, block: k.block}
	t := tracker{with: k.with}
	i := first
	for i < len(s) {
		if i = plain(s, i, k.block && !k.opaque); i >= len(s) {
			break
		}
		switch c := s[i]; {
		case c == '\n':
			here := k
			here.closed = k.closed || t.choices > 0 // what is not compiled may be anything
			end, wait := lineEnd(s, i+1, here, eof)
			if wait {
				return p, false, true
			}
			if end >= 0 {
				p.end, p.next = trimEnd(s, first, i), end
				return p, true, false
			}
			i++
		case k.opaque:
			i++
		case c == ';':
			if !eof && len(s)-i < 4 {
				return p, false, true
			}
			i++
			if !k.block {
				p.end, p.next = i-1, i
				more = p.takeTail(s, eof)
				return p, !more, more
			}
			done, wait := t.semicolon(s, i, eof)
			if wait {
				return p, false, true
			}
			if done {
				p.end, p.next = i, i
				more = p.takeTail(s, eof)
				return p, !more, more
			}
		default:
			n, closed := skip(s, i, &t)
			if !closed {
				if eof || n > longestText && s[i] != '/' && s[i] != '-' {
					return sp.bluntly(s, p, k, eof)
				}
				return p, false, true
			}
			i += n
		}
	}
	if !eof {
		return p, false, true
	}
	p.end, p.next = max(trimEnd(s, first, len(s)), first), len(s)
	return p, true, false
}

// bluntly cuts a statement with a quote that is never closed by its lines, so that the mistake costs one statement.
func (sp *splitter) bluntly(s string, p piece, k statementKind, eof bool) (piece, bool, bool) {
	k.opaque = true
	for i := p.first; ; {
		n := strings.IndexByte(s[i:], '\n')
		if n < 0 {
			if !eof {
				return p, false, true
			}
			p.end, p.next = max(trimEnd(s, p.first, len(s)), p.first), len(s)
			return p, true, false
		}
		end, wait := lineEnd(s, i+n+1, k, eof)
		if wait {
			return p, false, true
		}
		stop := trimEnd(s, p.first, i+n)
		if !k.block && s[stop-1] == ';' {
			p.end, p.next = stop-1, i+n+1
			return p, true, false
		}
		if end >= 0 {
			p.end, p.next = stop, end
			return p, true, false
		}
		i += n + 1
	}
}

// plain steps over bytes that mean nothing to the splitter: all that begin no literal, comment or delimiter, and words unless blocks
// are counted.
func plain(s string, i int, words bool) int {
	skip := uint8(classStart | classDigit | classMark | classSpace | classPlain)
	if words {
		skip = classSpace
	}
	for i < len(s) && classes[s[i]]&skip != 0 && s[i] != '\n' {
		i++
	}
	return i
}

// lineEnd tells whether a line ends the statement before it: where the next piece begins, -1 if it does not.
func lineEnd(s string, i int, k statementKind, eof bool) (next int, more bool) {
	for i < len(s) && isSpace(s[i]) && s[i] != '\n' {
		i++
	}
	if i >= len(s) {
		return -1, false
	}
	switch c := s[i]; c {
	case '/', '.':
		j := i + 1
		for j < len(s) && isSpace(s[j]) && s[j] != '\n' {
			j++
		}
		switch {
		case j >= len(s) && !eof:
			return 0, true
		case j >= len(s):
			return j, false
		case s[j] == '\n':
			return j + 1, false
		}
	case 'c', 'C', 'a', 'A', 'g', 'G':
		if k.closed {
			return -1, false
		}
		if !eof && len(s)-i < 64 {
			return 0, true
		}
		if definition(s[i:], k.block) {
			return i, false
		}
	}
	return -1, false
}

// definition tells that s begins with the words of a definition, which no statement holds at the start of a line.
func definition(s string, create bool) bool {
	w := words{s: s[:min(len(s), 200)], eof: true}
	switch w.next() {
	case "CREATE":
		switch w.next() {
		case "OR":
			return w.next() == "REPLACE"
		case "TABLE", "UNIQUE", "BITMAP", "INDEX", "SEQUENCE", "VIEW", "FORCE", "NOFORCE", "EDITIONABLE", "NONEDITIONABLE", "MATERIALIZED", "SYNONYM", "PUBLIC", "GLOBAL",
			"PRIVATE", "TYPE", "PACKAGE", "PROCEDURE", "FUNCTION", "TRIGGER", "USER", "ROLE", "DIRECTORY", "TABLESPACE", "CLUSTER", "CONTEXT":
			x := w.next()
			return x != "ON" && x != "," && x != "TO" && x != "OR"
		}
	case "ALTER":
		switch w.next() {
		case "TABLE", "INDEX", "TRIGGER", "VIEW", "SEQUENCE", "PACKAGE", "PROCEDURE", "FUNCTION", "TYPE", "SESSION", "MATERIALIZED":
			return !create
		}
	case "COMMENT":
		return !create && w.next() == "ON"
	case "GRANT":
		return !create && w.next() != "OPTION"
	}
	return false
}

// trimEnd is where the text from first to end ends without its blanks.
func trimEnd(s string, first, end int) int {
	for end > first+1 && isSpace(s[end-1]) {
		end--
	}
	return end
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
func skipBlanks(s string, pos int) int {
	for pos < len(s) && (isSpace(s[pos]) || s[pos] == ';') {
		pos++
	}
	return pos
}

// skip is the length of the lexical element at i, and whether it is complete.
func skip(s string, i int, t *tracker) (n int, closed bool) {
	c := s[i]
	switch {
	case c == '\'':
		if alternative(s, i) {
			n = alternativeQuote(s[i:])
			if n < 0 {
				return len(s) - i, false
			}
			return n, true
		}
		return skipQuoted(s[i:])
	case c == '"':
		return skipQuoted(s[i:])
	case isComment(s[i:]):
		if c == '-' { // the end of its line may end the statement
			n = strings.IndexByte(s[i:], '\n')
			if n < 0 {
				return len(s) - i, true
			}
			return n, true
		}
		return skipComment(s[i:])
	case isIdentStart(c):
		n = 1
		for i+n < len(s) && isIdentPart(s[i+n]) {
			n++
		}
		if i == 0 || s[i-1] != '.' && s[i-1] != '$' && s[i-1] != ':' {
			t.word(s[i : i+n])
		}
		return n, true
	case isIdentPart(c):
		n = 1
		for i+n < len(s) && isIdentPart(s[i+n]) {
			n++
		}
		if c == '$' {
			t.directive(s[i+1 : i+n])
		}
		return n, true
	}
	t.other(c)
	return 1, true
}

// alternative tells that the quote at i belongs to q'..'.
func alternative(s string, i int) bool {
	if i == 0 || s[i-1]|0x20 != 'q' {
		return false
	}
	j := i - 1
	if j > 0 && s[j-1]|0x20 == 'n' {
		j--
	}
	return j == 0 || !isIdentPart(s[j-1])
}

// skipQuoted is the length of a quoted text, and whether it ends.
func skipQuoted(s string) (n int, closed bool) {
	i := strings.IndexByte(s[1:], s[0])
	if i < 0 {
		return len(s), false
	}
	return i + 2, true
}
