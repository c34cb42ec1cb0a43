// Package scan is the kit that front ends of all dialects share: tokens with byte offsets, comments kept aside, a cursor that a
// recursive descent parser walks over the tokens of one unit, and memory for its nodes.
package scan

import (
	"strings"

	"godwit/ir"
	"godwit/ir/source"
)

// Kind is the kind of a token; each dialect numbers its own, from 1.
type Kind uint16

// EOF is the kind of the last token of a unit.
const EOF Kind = 0

// Token is one token. Start and End are byte offsets into the file of the unit; a token that stands for several words covers all of them.
type Token struct {
	Kind       Kind
	Word       uint16 // a dialect's own number of a word that it knows, or a mark of a literal; 0 if none
	Start, End int
}

// Comment is a comment that was kept aside.
type Comment struct {
	Start, End int
	Before     int  // index of the token that follows it
	OwnLine    bool // nothing but blanks stood before it on its line
	Hint       bool // an optimizer hint
}

// Tokens is the result of scanning one unit.
type Tokens struct {
	File     *source.File
	List     []Token // ends with a token of kind EOF
	Comments []Comment
}

// Text is the source text of a token.
func (ts *Tokens) Text(t *Token) string { return ts.File.Text[t.Start:t.End] }

// Span is the source range of the tokens from first to last, both included.
func (ts *Tokens) Span(first, last int) source.Span {
	if len(ts.List) == 0 || first < 0 || first >= len(ts.List) {
		return source.Span{}
	}
	if last < first {
		last = first
	}
	last = min(last, len(ts.List)-1)
	return source.Span{File: ts.File, Start: ts.List[first].Start, End: ts.List[last].End}
}

// CommentsBefore is the range of comments that stand before the token and behind the one before it. The first trail comments of
// them are on the line of the token before; the others belong to the token.
func (ts *Tokens) CommentsBefore(token int) (from, trail, to int) {
	lo, hi := 0, len(ts.Comments)
	for lo < hi {
		m := (lo + hi) / 2
		if ts.Comments[m].Before < token {
			lo = m + 1
		} else {
			hi = m
		}
	}
	from, trail, to = lo, lo, lo
	for to < len(ts.Comments) && ts.Comments[to].Before == token {
		to++
	}
	for trail < to && !ts.Comments[trail].OwnLine {
		trail++
	}
	return from, trail, to
}

// Comment is the IR's form of a comment.
func (ts *Tokens) Comment(i int) ir.Comment {
	c := &ts.Comments[i]
	return MakeComment(source.Span{File: ts.File, Start: c.Start, End: c.End}, c.OwnLine)
}

// MakeComment makes a comment of a place in the source. Bytes that are no characters are replaced: they change nothing here.
func MakeComment(s source.Span, ownLine bool) ir.Comment {
	return ir.Comment{Text: strings.ToValidUTF8(s.Text(), "\uFFFD"), Span: s, OwnLine: ownLine}
}
