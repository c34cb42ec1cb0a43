package mysql

import (
	"io"
	"iter"
	"regexp"
	"strings"
	"sync"

	"godwit/ir"
	"godwit/parser/scan"
)

// Piece is one statement of a script that is read bit by bit. It has a text of its own, which knows where it came from.
type Piece struct {
	job
	head  *string // see Head, nil until it is asked for
	first int     // length of the comment lines in it
	// used are parsers of the script's other pieces that are free again.
	used *sync.Pool
}

// Rows tells that the piece inserts rows of constants.
func (p *Piece) Rows() bool { return p.client == "" && plainRows(p.file.Text[p.start:p.end], p.mode) }

// Size is the length of the piece's text in bytes.
func (p *Piece) Size() int { return p.end - p.start }

// asks finds the functions and variables of scan.Piece.Asks.
var asks = regexp.MustCompile(`(?i)row_count|last_insert_id|found_rows|@@(?:\w+\s*\.\s*)?(?:insert_id|identity)|diagnostics`)

// Asks tells that the statement may ask about the one before it.
func (p *Piece) Asks() bool { return asks.MatchString(p.file.Text[p.start:p.end]) }

// Parse makes the units of the piece. Several pieces may be parsed at the same time.
func (p *Piece) Parse(o scan.Options) []*ir.Unit {
	if p.used == nil {
		return newParser(o).piece(&p.job)
	}
	x, _ := p.used.Get().(*parser)
	if x == nil {
		x = newParser(o)
	}
	units := x.piece(&p.job)
	x.empty()
	p.used.Put(x)
	return units
}

// empty leaves nothing of a parser but its options and room for what the next piece has. Nodes come from blocks of their own, so that
// they live as long as those of their statement.
func (p *parser) empty() {
	tokens, exprs, args, parts := p.lexer.out, p.exprStack, p.argStack, p.idents
	clear(exprs[:cap(exprs)])
	clear(args[:cap(args)])
	clear(parts[:cap(parts)])
	clear(tokens.Comments[:cap(tokens.Comments)])
	tokens.File, tokens.List, tokens.Comments = nil, tokens.List[:0], tokens.Comments[:0]
	*p = *newParser(p.opts)
	p.lexer.out, p.exprStack, p.argStack, p.idents = tokens, exprs[:0], args[:0], parts[:0]
}

// Pieces cuts a script of any size and follows the session through it; memory is bounded by the longest statement. Parsing
// the pieces gives what Parse gives for the whole.
func Pieces(r io.Reader, name string, o scan.Options) iter.Seq2[scan.Piece, error] {
	return func(yield func(scan.Piece, error) bool) {
		ses := newSession(o)
		sp, lead := newSplitter(ses.mode), leadComments(nil)
		st := &streamer{scan.NewInput(r, name, o), &sp, &lead}
		used := new(sync.Pool)
		var last *Piece // the last statement gets the comments behind it, so it is held back until the next is seen
		more, err := st.each(ses, name, func(j job) bool {
			was := last
			last = &Piece{job: j, used: used}
			return was == nil || yield(was, nil)
		})
		switch {
		case err != nil:
			yield(nil, err)
		case more && last != nil:
			last.trail = lead
			yield(last, nil)
		}
	}
}

// piece makes the units of a job, and marks those that insert rows of constants.
func (p *parser) piece(j *job) []*ir.Unit {
	units := p.job(j)
	if len(units) == 1 && j.client == "" && plainRows(j.file.Text[j.start:j.end], j.mode) {
		units[0].Rows = true
	}
	return units
}

// plainRows tells that a statement is INSERT INTO name [(columns)] VALUES with rows of constants, as dumps have it. It is told from
// the text, so that a script's rows can be told from its definitions without parsing them.
func plainRows(s string, m Mode) bool {
	r := rowReader{s: s, mode: m}
	if !r.word("insert") || !r.word("into") || !r.name() {
		return false
	}
	if r.next('(') {
		for r.ident() && r.next(',') {
		}
		if !r.next(')') {
			return false
		}
	}
	if !r.word("values") && !r.word("value") {
		return false
	}
	for {
		if !r.row() {
			return false
		}
		if !r.next(',') {
			return r.blank() == len(r.s)
		}
	}
}

// rowReader reads over an INSERT.
type rowReader struct {
	s    string
	i    int
	mode Mode
}

// blank skips blanks, and comments in front of the statement.
func (r *rowReader) blank() int {
	for r.i < len(r.s) {
		switch {
		case isSpace(r.s[r.i]):
			r.i++
		case r.s[r.i] <= '/' && isComment(r.s[r.i:]):
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

func (r *rowReader) word(w string) bool {
	i := r.blank()
	if len(r.s)-i <= len(w) || !strings.EqualFold(r.s[i:i+len(w)], w) || isIdentPart(r.s[i+len(w)]) {
		return false
	}
	r.i += len(w)
	return true
}

func (r *rowReader) name() bool {
	return r.ident() && (!r.next('.') || r.ident())
}

func (r *rowReader) ident() bool {
	i := r.blank()
	if i >= len(r.s) {
		return false
	}
	switch c := r.s[i]; {
	case c == '`' || c == '"' && r.mode.ANSIQuotes:
		return r.quoted()
	case isIdentPart(c):
		for r.i < len(r.s) && isIdentPart(r.s[r.i]) {
			r.i++
		}
		return true
	}
	return false
}

// quoted reads a quoted text; a quote in it may be doubled.
func (r *rowReader) quoted() bool {
	q := r.s[r.i]
	sp := splitter{mode: r.mode}
	for {
		n, closed := sp.skipQuoted(r.s[r.i:])
		r.i += n
		if !closed || r.i >= len(r.s) || r.s[r.i] != q {
			return closed
		}
	}
}

// row reads (constant, ...).
func (r *rowReader) row() bool {
	if !r.next('(') {
		return false
	}
	for r.constant() {
		if r.next(')') {
			return true
		}
		if !r.next(',') {
			return false
		}
	}
	return false
}

// introducers are words that may stand before a quoted constant.
var introducers = map[string]bool{"n": true, "x": true, "b": true, "_binary": true, "_utf8": true, "_utf8mb3": true, "_utf8mb4": true, "_latin1": true, "_ascii": true}

// constant reads a literal: a text, a number with its sign, NULL, TRUE or FALSE.
func (r *rowReader) constant() bool {
	i := r.blank()
	if i < len(r.s) && (r.s[i] == '-' || r.s[i] == '+') {
		r.i++
		i = r.blank()
		if i >= len(r.s) || (r.s[i] < '0' || r.s[i] > '9') && r.s[i] != '.' {
			return false
		}
	}
	if i >= len(r.s) {
		return false
	}
	switch c := r.s[i]; {
	case c == '\'' || c == '"' && !r.mode.ANSIQuotes:
		return r.quoted()
	case c >= '0' && c <= '9' || c == '.':
		return r.number()
	case isIdentPart(c):
		for r.i < len(r.s) && isIdentPart(r.s[r.i]) {
			r.i++
		}
		w := strings.ToLower(r.s[i:r.i])
		if w == "null" || w == "true" || w == "false" {
			return true
		}
		if !introducers[w] {
			return false
		}
		i = r.blank()
		return i < len(r.s) && (r.s[i] == '\'' && r.quoted() || r.s[i] == '0' && w[0] == '_' && r.number())
	}
	return false
}

// number reads digits with a point and an exponent, or 0x and 0b; what follows tells whether it was one.
func (r *rowReader) number() bool {
	for r.i < len(r.s) {
		c := r.s[r.i]
		if !isIdentPart(c) && c != '.' && !((c == '-' || c == '+') && (r.s[r.i-1] == 'e' || r.s[r.i-1] == 'E')) {
			break
		}
		r.i++
	}
	return true
}

// Stream reads units from a script of any size, one after another.
func Stream(r io.Reader, name string, o scan.Options) iter.Seq2[*ir.Unit, error] {
	return func(yield func(*ir.Unit, error) bool) {
		for p, err := range Pieces(r, name, o) {
			if err != nil {
				yield(nil, err)
				return
			}
			for _, u := range p.Parse(o) {
				if !yield(u, nil) {
					return
				}
			}
		}
	}
}
