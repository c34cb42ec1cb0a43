// Package scan is the kit that token sources of all dialects share: tokens with byte offsets, a token stream over a
// slice, comments kept aside, and an error strategy that stops at the first error of a unit.
//
// The runtime's own token stream counts runes and its TokenSource interface cannot be implemented outside its package;
// a stream over a slice is faster and keeps byte offsets.
package scan

import (
	"github.com/antlr4-go/antlr/v4"

	"godwit/ir"
	"godwit/ir/source"
)

// Token is one token. Start and End are byte offsets into the file of the stream.
type Token struct {
	Type       int
	Start, End int
	Text       string // the source text of the token; merged tokens hold everything from the first word to the last
	Word       int    // a dialect's own mark for words that are keywords in some places only; 0 if none
	index      int
}

// Index is the position of the token in its stream.
func (t *Token) Index() int { return t.index }

// The methods below make Token an antlr.Token; the parser uses the type, the text and the index only.

// GetSource is not used.
func (t *Token) GetSource() *antlr.TokenSourceCharStreamPair { return nil }

// GetTokenType is the type.
func (t *Token) GetTokenType() int { return t.Type }

// GetChannel is the default channel: comments never become tokens.
func (t *Token) GetChannel() int { return antlr.TokenDefaultChannel }

// GetStart is the byte offset of the first byte.
func (t *Token) GetStart() int { return t.Start }

// GetStop is the byte offset of the last byte.
func (t *Token) GetStop() int { return t.End - 1 }

// GetLine is not used: lines are computed from offsets by source.File.
func (t *Token) GetLine() int { return 0 }

// GetColumn is not used.
func (t *Token) GetColumn() int { return 0 }

// GetText is the source text.
func (t *Token) GetText() string { return t.Text }

// SetText replaces the text.
func (t *Token) SetText(s string) { t.Text = s }

// GetTokenIndex is the position in the stream.
func (t *Token) GetTokenIndex() int { return t.index }

// SetTokenIndex sets the position in the stream.
func (t *Token) SetTokenIndex(v int) { t.index = v }

// GetTokenSource is not used.
func (t *Token) GetTokenSource() antlr.TokenSource { return nil }

// GetInputStream is not used.
func (t *Token) GetInputStream() antlr.CharStream { return nil }

// String is the text.
func (t *Token) String() string { return t.Text }

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
	List     []Token // ends with a token of type antlr.TokenEOF
	Comments []Comment
}

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

// Finish numbers the tokens after the last change of the list.
func (ts *Tokens) Finish() {
	for i := range ts.List {
		ts.List[i].index = i
	}
}

// CommentNodes returns the comments that stand directly before the token.
func (ts *Tokens) CommentNodes(before int) []ir.Comment {
	i, j := ts.commentRange(before)
	return ts.comments(i, j)
}

// TrailingComments returns the comments that follow the token on the same line.
func (ts *Tokens) TrailingComments(after int) []ir.Comment {
	i, j := ts.commentRange(after + 1)
	end := i
	for end < j && !ts.Comments[end].OwnLine {
		end++
	}
	return ts.comments(i, end)
}

// LeadingComments returns the comments before the token without those that trail the token before it.
func (ts *Tokens) LeadingComments(before int) []ir.Comment {
	i, j := ts.commentRange(before)
	if before > 0 {
		for i < j && !ts.Comments[i].OwnLine {
			i++
		}
	}
	return ts.comments(i, j)
}

// commentRange is the range of comments that stand before the token and behind the one before it.
func (ts *Tokens) commentRange(before int) (int, int) {
	lo, hi := 0, len(ts.Comments)
	for lo < hi {
		m := (lo + hi) / 2
		if ts.Comments[m].Before < before {
			lo = m + 1
		} else {
			hi = m
		}
	}
	end := lo
	for end < len(ts.Comments) && ts.Comments[end].Before == before {
		end++
	}
	return lo, end
}

func (ts *Tokens) comments(i, j int) []ir.Comment {
	var out []ir.Comment
	for ; i < j; i++ {
		c := ts.Comments[i]
		if c.Hint {
			continue
		}
		out = append(out, ir.Comment{Text: ts.File.Text[c.Start:c.End], Span: source.Span{File: ts.File, Start: c.Start, End: c.End}, OwnLine: c.OwnLine})
	}
	return out
}
