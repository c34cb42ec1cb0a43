package oracle

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"godwit/ir/diag"
	"godwit/ir/source"
	"godwit/parser/scan"
)

// Head is the text of an INSERT up to its first row. It is "" where the piece is not a plain list of rows: comments in or around it.
func (p *Piece) Head() string {
	if !p.looked {
		p.looked, p.head = true, p.findHead()
	}
	return p.head
}

func (p *Piece) findHead() string {
	if len(p.lead) > 0 || len(p.trail) > 0 || p.tailEnd > 0 || p.again || p.exited || !p.Rows() {
		return ""
	}
	for _, c := range p.file.Text[p.start:p.first] {
		if c >= utf8.RuneSelf || !isSpace(byte(c)) {
			return ""
		}
	}
	head := p.file.Text[p.first : p.first+p.from]
	if strings.Contains(head, "--") || strings.Contains(head, "/*") || !utf8.ValidString(head) {
		return ""
	}
	return head
}

// Place is the file's name and the line of the statement.
func (p *Piece) Place() (file string, line int) {
	line, _ = p.file.Position(p.first)
	return p.file.Name, line
}

// Notes tells of ampersands in texts.
func (p *Piece) Notes() []diag.Finding {
	if len(p.open) == 0 {
		return nil
	}
	return []diag.Finding{p.ampersands(source.Span{File: p.file, Start: p.first, End: p.end})}
}

// Some is the piece with some of its rows, at the same place.
func (p *Piece) Some(rows []scan.RowSpan) scan.Piece {
	head := p.first + len(p.Head())
	var b strings.Builder
	b.WriteString(p.file.Text[:head])
	for i, r := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(p.file.Text[head+r.Start : head+r.End])
	}
	q := &Piece{job: p.job}
	q.open = nil
	q.file = &source.File{Name: p.file.Name, Text: b.String(), Base: p.file.Base, Line: p.file.Line, Column: p.file.Column}
	q.end, q.next = b.Len(), b.Len()
	return q
}

// EachRow calls f for the rows as long as it returns true; the list of constants is used again for the next row. It tells whether all rows
// were read: it stops at comments and at constants that have no kind.
func (p *Piece) EachRow(f func(row []scan.Constant, at scan.RowSpan) bool) bool {
	c := constants{rowReader{s: p.file.Text[p.first+len(p.Head()) : p.end]}}
	var row []scan.Constant
	for {
		from := c.space()
		var ok bool
		if row, ok = c.row(row[:0]); !ok || !f(row, scan.RowSpan{Start: from, End: c.i}) {
			return false
		}
		if c.space() == len(c.s) {
			return true
		}
		if !c.byte(',') {
			return false
		}
	}
}

// constants reads rows without comments.
type constants struct{ rowReader }

func (c *constants) space() int {
	for c.i < len(c.s) && isSpace(c.s[c.i]) {
		c.i++
	}
	return c.i
}

func (c *constants) byte(b byte) bool {
	if c.space(); c.i < len(c.s) && c.s[c.i] == b {
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
		k, ok := c.value()
		if !ok {
			return row, false
		}
		if c.space(); c.at('|') {
			if k, ok = c.joined(k); !ok {
				return row, false
			}
		}
		row = append(row, k)
		if c.byte(')') {
			return row, true
		}
		if !c.byte(',') {
			return row, false
		}
	}
}

func (c *constants) value() (scan.Constant, bool) {
	i := c.space()
	if i >= len(c.s) {
		return scan.Constant{}, false
	}
	switch b := c.s[i]; {
	case b == '\'':
		return c.quoted(scan.TextConstant)
	case b == '-' || b == '.' || isDigit(b):
		return c.number()
	}
	for c.i < len(c.s) && isIdentPart(c.s[c.i]) {
		c.i++
	}
	switch w := c.s[i:c.i]; {
	case strings.EqualFold(w, "NULL"):
		return scan.Constant{Kind: scan.NullConstant}, true
	case strings.EqualFold(w, "DEFAULT"):
		return scan.Constant{Kind: scan.DefaultConstant}, true
	case strings.EqualFold(w, "N") && c.at('\''):
		return c.quoted(scan.TextConstant)
	case (strings.EqualFold(w, "Q") || strings.EqualFold(w, "NQ")) && c.at('\''):
		n := alternativeQuote(c.s[c.i:])
		if n < 0 {
			return scan.Constant{}, false
		}
		c.i += n
		return scan.Constant{Kind: scan.TextConstant, Text: decodeString(c.s[i:c.i])}, true
	case strings.EqualFold(w, "DATE"):
		c.space()
		return c.quoted(scan.DateConstant)
	case strings.EqualFold(w, "TIMESTAMP"):
		c.space()
		return c.quoted(scan.TimestampConstant)
	case strings.EqualFold(w, "CHR"):
		return c.character()
	case strings.EqualFold(w, "TO_DATE"):
		return c.read(scan.ReadDateConstant)
	case strings.EqualFold(w, "TO_TIMESTAMP"):
		return c.read(scan.ReadTimestampConstant)
	}
	return scan.Constant{}, false
}

// character reads (code); it is no constant by itself.
func (c *constants) character() (scan.Constant, bool) {
	if !c.byte('(') {
		return scan.Constant{}, false
	}
	from := c.space()
	n := c.digits()
	code, err := strconv.Atoi(c.s[from:c.i])
	k := scan.Constant{Kind: scan.JoinedConstant, Parts: []scan.ConstantPart{{Code: code}}}
	return k, err == nil && n <= 3 && c.s[from] != '0' && code < utf8.RuneSelf && c.byte(')')
}

// joined reads on behind the first part of a text: parts in turn are texts and characters.
func (c *constants) joined(first scan.Constant) (scan.Constant, bool) {
	out := scan.Constant{Kind: scan.JoinedConstant}
	add := func(k scan.Constant) bool {
		var p scan.ConstantPart
		switch k.Kind {
		case scan.TextConstant:
			if p.Text = k.Text; p.Text == "" {
				return true // nothing is joined
			}
		case scan.JoinedConstant:
			p = k.Parts[0]
		}
		if p == (scan.ConstantPart{}) || len(out.Parts) > 0 && (out.Parts[len(out.Parts)-1].Code > 0) == (p.Code > 0) {
			return false
		}
		out.Parts = append(out.Parts, p)
		return true
	}
	for k := first; ; {
		if !add(k) {
			return out, false
		}
		if c.space(); !strings.HasPrefix(c.s[c.i:], "||") {
			return out, true
		}
		c.i += 2
		var ok bool
		if k, ok = c.value(); !ok {
			return out, false
		}
	}
}

// read reads (text, model).
func (c *constants) read(kind scan.ConstantKind) (scan.Constant, bool) {
	if !c.byte('(') {
		return scan.Constant{}, false
	}
	c.space()
	k, ok := c.quoted(kind)
	if !ok || !c.byte(',') {
		return k, false
	}
	c.space()
	model, ok := c.quoted(scan.TextConstant)
	k.Model = model.Text
	return k, ok && c.byte(')')
}

func (c *constants) at(b byte) bool { return c.i < len(c.s) && c.s[c.i] == b }

// quoted reads a text in quotes.
func (c *constants) quoted(kind scan.ConstantKind) (scan.Constant, bool) {
	if from := c.i; c.at('\'') && c.text() {
		v := c.s[from+1 : c.i-1]
		if strings.IndexByte(v, '\'') >= 0 {
			v = decodeString(c.s[from:c.i])
		}
		return scan.Constant{Kind: kind, Text: v}, true
	}
	return scan.Constant{}, false
}

// number reads digits and a fraction; what stands behind it tells whether that was all.
func (c *constants) number() (scan.Constant, bool) {
	from := c.i
	if c.at('-') {
		c.i++
	}
	n := c.digits()
	if c.at('.') {
		c.i++
		n += c.digits()
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
