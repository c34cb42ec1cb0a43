package oracle

import (
	"strings"

	"godwit/ir"
	"godwit/parser/scan"
)

// markConstants marks the unit of a piece that inserts rows of constants.
func markConstants(j *job, units []*ir.Unit) {
	if len(units) != 1 || !j.rows() {
		return
	}
	if _, ok := units[0].Stmts[0].(*ir.Insert); ok {
		units[0].Rows = true
	}
}

// rows tells that the piece inserts rows of constants. It is told from the text, so that a script's rows can be told from its definitions
// without parsing them.
func (j *job) rows() bool {
	return j.rowsFrom() > 0
}

// rowsFrom is where the first row stands in a statement that inserts rows of constants, 0 for others.
func (j *job) rowsFrom() int {
	if j.command != "" || j.block || len(j.missing) > 0 {
		return 0
	}
	return plainRows(j.file.Text[j.first:j.end])
}

// plainRows is where the first row stands in INSERT INTO name [(columns)] VALUES (constants), ...; 0 for other statements.
func plainRows(s string) int {
	r := rowReader{s: s}
	if !r.head() {
		return 0
	}
	from := r.i
	for more := true; more; more = r.next(',') {
		if !r.row() {
			return 0
		}
	}
	if r.blank() < len(s) {
		return 0
	}
	return from
}

// rowReader reads over an INSERT.
type rowReader struct {
	s string
	i int
}

// head reads INSERT INTO name [(columns)] VALUES.
func (r *rowReader) head() bool {
	if !r.is("INSERT") || !r.is("INTO") || !r.name() {
		return false
	}
	if r.next('(') {
		for more := true; more; more = r.next(',') {
			if !r.name() {
				return false
			}
		}
		if !r.next(')') {
			return false
		}
	}
	return r.is("VALUES")
}

// row reads (constant, ...).
func (r *rowReader) row() bool {
	if !r.next('(') {
		return false
	}
	for more := true; more; more = r.next(',') {
		if !r.constant(0) {
			return false
		}
	}
	return r.next(')')
}

// is steps over a word, which is given in upper case.
func (r *rowReader) is(word string) bool {
	i := r.blank()
	if len(r.s)-i < len(word) || !scan.SameWord(word, r.s[i:i+len(word)]) || i+len(word) < len(r.s) && isIdentPart(r.s[i+len(word)]) {
		return false
	}
	r.i += len(word)
	return true
}

// blank skips blanks and comments.
func (r *rowReader) blank() int {
	for r.i < len(r.s) {
		switch {
		case isSpace(r.s[r.i]):
			r.i++
		case isComment(r.s[r.i:]):
			n, _ := skipComment(r.s[r.i:])
			r.i += n
		default:
			return r.i
		}
	}
	return r.i
}

func (r *rowReader) next(c byte) bool {
	if i := r.blank(); i < len(r.s) && r.s[i] == c {
		r.i++
		return true
	}
	return false
}

// word reads a word; "" if none stands here.
func (r *rowReader) word() string {
	i := r.blank()
	for r.i < len(r.s) && isIdentPart(r.s[r.i]) {
		r.i++
	}
	return r.s[i:r.i]
}

// name reads a name with its qualifiers.
func (r *rowReader) name() bool {
	for more := true; more; more = r.next('.') {
		switch i := r.blank(); {
		case i < len(r.s) && r.s[i] == '"':
			n, closed := skipQuoted(r.s[i:])
			if !closed {
				return false
			}
			r.i += n
		case r.word() == "":
			return false
		}
	}
	return true
}

// pureFunctions give the same for the same constants.
var pureFunctions = makeWordSet("TO_DATE TO_TIMESTAMP TO_TIMESTAMP_TZ TO_NUMBER TO_CHAR TO_CLOB TO_NCLOB TO_BLOB HEXTORAW UNISTR CHR NCHR EMPTY_CLOB EMPTY_BLOB TO_DSINTERVAL TO_YMINTERVAL")

// longestPure is the length of the longest of them.
const longestPure = len("TO_TIMESTAMP_TZ")

// upper appends a word in upper case; nothing where it is longer than all that are looked for.
func upper(buf []byte, word string) []byte {
	if len(word) > longestPure {
		return buf
	}
	for i := range len(word) {
		c := word[i]
		if 'a' <= c && c <= 'z' {
			c -= 'a' - 'A'
		}
		buf = append(buf, c)
	}
	return buf
}

// constant reads a constant, a call of a pure function with constants, or several of them joined by ||.
func (r *rowReader) constant(depth int) bool {
	for {
		if !r.operand(depth) {
			return false
		}
		if i := r.blank(); !strings.HasPrefix(r.s[i:], "||") {
			return true
		}
		r.i += 2
	}
}

func (r *rowReader) operand(depth int) bool {
	i := r.blank()
	if i < len(r.s) && (r.s[i] == '-' || r.s[i] == '+') {
		r.i++
		if i = r.blank(); i < len(r.s) && !isDigit(r.s[i]) && r.s[i] != '.' {
			return false
		}
	}
	if i >= len(r.s) {
		return false
	}
	switch c := r.s[i]; {
	case c == '\'':
		return r.text()
	case isDigit(c) || c == '.':
		for r.i < len(r.s) && (isIdentPart(r.s[r.i]) || r.s[r.i] == '.' || (r.s[r.i] == '-' || r.s[r.i] == '+') && r.s[r.i-1]|0x20 == 'e') {
			r.i++
		}
		return true
	}
	var buf [longestPure]byte
	w := upper(buf[:0], r.word())
	switch string(w) {
	case "NULL", "DEFAULT":
		return true
	case "N", "DATE", "TIMESTAMP":
		if i := r.blank(); i < len(r.s) && r.s[i] == '\'' {
			return r.text()
		}
		return false
	case "Q", "NQ":
		n := -1
		if r.i < len(r.s) && r.s[r.i] == '\'' {
			n = alternativeQuote(r.s[r.i:])
		}
		r.i += max(n, 0)
		return n > 0
	}
	if !pureFunctions[string(w)] || depth > 4 || !r.next('(') {
		return false
	}
	if r.next(')') {
		return true
	}
	for more := true; more; more = r.next(',') {
		if !r.constant(depth + 1) {
			return false
		}
	}
	return r.next(')')
}

// text reads a text in quotes; a quote in it is doubled.
func (r *rowReader) text() bool {
	for r.i < len(r.s) && r.s[r.i] == '\'' {
		n, closed := skipQuoted(r.s[r.i:])
		r.i += n
		if !closed {
			return false
		}
	}
	return true
}
