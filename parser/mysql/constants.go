package mysql

import (
	"strings"
	"unicode/utf8"

	"godwit/ir/diag"
	"godwit/ir/source"
	"godwit/parser/scan"
)

// Head is the text of an INSERT up to its first row, with the comment lines in front of it. It is "" where the piece is not a plain list of
// rows: other comments in or around it.
func (p *Piece) Head() string {
	if p.head == nil {
		h := p.findHead()
		p.head = &h
	}
	return *p.head
}

func (p *Piece) findHead() string {
	if p.client != "" || len(p.lead) > 0 || len(p.trail) > 0 || p.tailEnd > 0 || p.unknown != "" {
		return ""
	}
	text := p.file.Text[p.start:p.end]
	p.first = commentLines(text)
	r := rowReader{s: text, i: p.first, mode: p.mode}
	if !r.word("insert") || !r.word("into") || !r.name() {
		return ""
	}
	if r.next('(') {
		for r.ident() && r.next(',') {
		}
		if !r.next(')') {
			return ""
		}
	}
	if !r.word("values") && !r.word("value") {
		return ""
	}
	head := text[p.first:r.i]
	if strings.Contains(head, "--") || strings.Contains(head, "/*") || strings.Contains(head, "#") || !utf8.ValidString(text[:r.i]) {
		return ""
	}
	return text[:r.i]
}

// commentLines is the length of the blanks and comment lines that a text begins with.
func commentLines(s string) int {
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case isSpace(c):
			i++
			continue
		case (c == '#' || c == '-') && isComment(s[i:]):
			n, _ := skipComment(s[i:])
			i += n
			continue
		}
		return i
	}
	return len(s)
}

// Place is the file's name and the line of the statement.
func (p *Piece) Place() (file string, line int) {
	head := p.Head()
	text := p.file.Text[:p.start+len(head)]
	f := &source.File{Name: p.file.Name, Text: text, Base: p.file.Base, Line: p.file.Line, Column: p.file.Column}
	return f.Name, source.Span{File: f, Start: p.start + p.first, End: len(text)}.Line()
}

// Notes are none.
func (p *Piece) Notes() []diag.Finding { return nil }

// Some is the piece with some of its rows, at the same place.
func (p *Piece) Some(rows []scan.RowSpan) scan.Piece {
	head := p.start + len(p.Head())
	var b strings.Builder
	b.WriteString(p.file.Text[:head])
	for i, r := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(p.file.Text[head+r.Start : head+r.End])
	}
	f := &source.File{Name: p.file.Name, Text: b.String(), Base: p.file.Base, Line: p.file.Line, Column: p.file.Column}
	q := &Piece{job: p.job}
	q.file, q.end, q.next = f, len(f.Text), len(f.Text)
	return q
}

// EachRow calls f for the rows as long as it returns true; the list of constants is used again for the next row. It tells whether all rows
// were read: it stops at comments and at constants that have no kind.
func (p *Piece) EachRow(f func(row []scan.Constant, at scan.RowSpan) bool) bool {
	c := constants{s: p.file.Text[p.start+len(p.Head()) : p.end], mode: p.mode}
	var row []scan.Constant
	for {
		c.blank()
		from := c.i
		var ok bool
		if row, ok = c.row(row[:0]); !ok || !f(row, scan.RowSpan{Start: from, End: c.i}) {
			return false
		}
		if c.blank(); c.i == len(c.s) {
			return true
		}
		if !c.byte(',') {
			return false
		}
	}
}

// constants reads rows.
type constants struct {
	s    string
	i    int
	mode Mode
}

func (c *constants) blank() {
	for c.i < len(c.s) && isSpace(c.s[c.i]) {
		c.i++
	}
}

func (c *constants) byte(b byte) bool {
	if c.i < len(c.s) && c.s[c.i] == b {
		c.i++
		return true
	}
	return false
}

func (c *constants) row(row []scan.Constant) ([]scan.Constant, bool) {
	if !c.byte('(') {
		return row, false
	}
	for {
		c.blank()
		k, ok := c.constant()
		if !ok {
			return row, false
		}
		row = append(row, k)
		c.blank()
		if c.byte(')') {
			return row, true
		}
		if !c.byte(',') {
			return row, false
		}
	}
}

func (c *constants) constant() (scan.Constant, bool) {
	if c.i >= len(c.s) {
		return scan.Constant{}, false
	}
	switch b := c.s[c.i]; {
	case b == '\'' || b == '"' && !c.mode.ANSIQuotes:
		return c.text(b)
	case b == '0' && c.i+1 < len(c.s) && c.s[c.i+1] == 'x':
		c.i += 2
		return c.bytes()
	case b == '-' || isDigit(b):
		return c.number()
	case (b == 'x' || b == 'X') && c.quote(1, "'"):
		c.i += 2
		k, ok := c.bytes()
		return k, c.byte('\'') && ok
	case (b == 'b' || b == 'B') && c.quote(1, "'"):
		return c.bits()
	case b == '_' && c.word("_binary"):
		c.blank()
		if c.quote(0, "'") || c.quote(0, `"`) && !c.mode.ANSIQuotes {
			k, ok := c.text(c.s[c.i])
			k.Kind = scan.BinaryConstant
			return k, ok
		}
	case c.word("null"):
		return scan.Constant{Kind: scan.NullConstant}, true
	case c.word("true"):
		return scan.Constant{Kind: scan.TruthConstant, Text: "1"}, true
	case c.word("false"):
		return scan.Constant{Kind: scan.TruthConstant, Text: "0"}, true
	case c.word("default"):
		return scan.Constant{Kind: scan.DefaultConstant}, true
	}
	return scan.Constant{}, false
}

// quote tells that a quote stands n bytes ahead.
func (c *constants) quote(n int, q string) bool {
	return strings.HasPrefix(c.s[min(len(c.s), c.i+n):], q)
}

// word takes a word if it is the next.
func (c *constants) word(w string) bool {
	n := len(w)
	if len(c.s)-c.i <= n || !strings.EqualFold(c.s[c.i:c.i+n], w) || isIdentPart(c.s[c.i+n]) {
		return false
	}
	c.i += n
	return true
}

// bits reads b'101'.
func (c *constants) bits() (scan.Constant, bool) {
	c.i += 2
	from := c.i
	for c.i < len(c.s) && (c.s[c.i] == '0' || c.s[c.i] == '1') {
		c.i++
	}
	k := scan.Constant{Kind: scan.BitsConstant, Text: c.s[from:c.i]}
	return k, c.byte('\'') && k.Text != ""
}

// text reads a text in quotes.
func (c *constants) text(q byte) (scan.Constant, bool) {
	plain := true
	for i := c.i + 1; i < len(c.s); i++ {
		switch b := c.s[i]; {
		case b == '\\' && !c.mode.NoBackslashEscapes:
			plain = false
			i++
		case b != q:
		case i+1 < len(c.s) && c.s[i+1] == q:
			plain = false
			i++
		default:
			v := c.s[c.i+1 : i]
			if !plain {
				v = decodeString(c.s[c.i:i+1], c.mode)
			}
			c.i = i + 1
			return scan.Constant{Kind: scan.TextConstant, Text: v}, true
		}
	}
	return scan.Constant{}, false
}

// bytes reads an even number of digits.
func (c *constants) bytes() (scan.Constant, bool) {
	from := c.i
	for c.i < len(c.s) && (isDigit(c.s[c.i]) || isHexLetter(c.s[c.i])) {
		c.i++
	}
	n := c.i - from
	return scan.Constant{Kind: scan.BytesConstant, Text: c.s[from:c.i]}, n > 0 && n%2 == 0
}

// number reads digits, a fraction and an exponent; what stands behind it tells whether that was all.
func (c *constants) number() (scan.Constant, bool) {
	from := c.i
	c.byte('-')
	n := c.digits()
	if c.byte('.') {
		n = min(n, c.digits())
	}
	if c.byte('e') || c.byte('E') {
		if !c.byte('-') {
			c.byte('+')
		}
		n = min(n, c.digits())
	}
	return scan.Constant{Kind: scan.NumberConstant, Text: c.s[from:c.i]}, n > 0
}

func (c *constants) digits() int {
	from := c.i
	for c.i < len(c.s) && isDigit(c.s[c.i]) {
		c.i++
	}
	return c.i - from
}
