package scan

import (
	"strings"

	"godwit/ir/source"
)

// SyntaxError is the first error of a unit. A parser panics with it; the barrier around the unit recovers it.
type SyntaxError struct {
	Tokens   *Tokens
	At       int      // index of the token
	Expected []string // what could have stood there; nil if that is too much to say
	Depth    int      // the limit of nesting that the input exceeds; 0 for all other errors
}

// Error says what was found and what was expected.
func (e *SyntaxError) Error() string {
	t := &e.Tokens.List[e.At]
	near := "end of statement"
	if t.Kind != EOF {
		near = `"` + short(e.Tokens.Text(t)) + `"`
	}
	if len(e.Expected) == 0 {
		return "unexpected " + near
	}
	return "unexpected " + near + ", expected " + strings.Join(e.Expected, " or ")
}

// short cuts a long literal, so that a message stays one line.
func short(s string) string {
	const most = 60
	if i := strings.IndexByte(s, '\n'); i >= 0 {
		s = s[:i] + "..."
	}
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "..."
	}
	return s
}

// Span is the place of the error: its token, or the last one before the end.
func (e *SyntaxError) Span() source.Span {
	i := e.At
	if e.Tokens.List[i].Kind == EOF && i > 0 {
		i--
	}
	return e.Tokens.Span(i, i)
}

// Cursor walks over the tokens of one unit. The zero value is of no use; call Reset.
type Cursor struct {
	Tokens *Tokens
	Pos    int // index of the current token
	list   []Token
	text   string
	names  func(Kind) string
	depth  int
	limit  int
	taken  []bool // comments that belong to a node, by their index
}

// Reset puts the cursor before the first token. names tells what a kind is called in messages; limit is the deepest nesting.
func (c *Cursor) Reset(ts *Tokens, names func(Kind) string, limit int) {
	taken := c.taken
	if cap(taken) < len(ts.Comments) {
		taken = make([]bool, 2*len(ts.Comments))
	}
	taken = taken[:len(ts.Comments)]
	clear(taken)
	*c = Cursor{Tokens: ts, list: ts.List, text: ts.File.Text, names: names, limit: limit, taken: taken}
}

// Kind is the kind of the current token.
func (c *Cursor) Kind() Kind { return c.list[c.Pos].Kind }

// Ahead is the kind of the token k places behind the current one; EOF behind the end.
func (c *Cursor) Ahead(k int) Kind {
	if i := c.Pos + k; i < len(c.list) {
		return c.list[i].Kind
	}
	return EOF
}

// Cur is the current token.
func (c *Cursor) Cur() *Token { return &c.list[c.Pos] }

// At is the i-th token of the unit.
func (c *Cursor) At(i int) *Token { return &c.list[i] }

// Text is the source text of the current token.
func (c *Cursor) Text() string { t := &c.list[c.Pos]; return c.text[t.Start:t.End] }

// TextAt is the source text of the i-th token.
func (c *Cursor) TextAt(i int) string { t := &c.list[i]; return c.text[t.Start:t.End] }

// Next steps over the current token and returns its index. The end of the unit is never passed.
func (c *Cursor) Next() int {
	i := c.Pos
	if i < len(c.list)-1 {
		c.Pos = i + 1
	}
	return i
}

// Accept steps over the current token if it is of the kind.
func (c *Cursor) Accept(k Kind) bool {
	if c.list[c.Pos].Kind != k {
		return false
	}
	c.Next()
	return true
}

// Expect steps over a token of the kind and returns its index; any other token is an error.
func (c *Cursor) Expect(k Kind) int {
	if c.list[c.Pos].Kind != k {
		c.Fail(c.names(k))
	}
	return c.Next()
}

// Fail ends the unit at the current token.
func (c *Cursor) Fail(expected ...string) {
	panic(&SyntaxError{Tokens: c.Tokens, At: c.Pos, Expected: expected})
}

// FailAt ends the unit at the i-th token.
func (c *Cursor) FailAt(i int, expected ...string) {
	c.Pos = i
	c.Fail(expected...)
}

// Enter goes one level deeper; the unit ends when that is too deep. Leave undoes it.
func (c *Cursor) Enter() {
	c.depth++
	if c.depth > c.limit {
		panic(&SyntaxError{Tokens: c.Tokens, At: c.Pos, Depth: c.limit})
	}
}

// Leave undoes Enter.
func (c *Cursor) Leave() { c.depth-- }

// Depth is how deep the parser is nested; SetDepth goes back to it when a part is given up.
func (c *Cursor) Depth() int { return c.depth }

// SetDepth goes back to a depth that Depth gave.
func (c *Cursor) SetDepth(n int) { c.depth = n }

// SpanFrom is the source range from the i-th token to the one before the current token.
func (c *Cursor) SpanFrom(i int) source.Span {
	last := max(c.Pos-1, i)
	return source.Span{File: c.Tokens.File, Start: c.list[i].Start, End: c.list[last].End}
}

// Span is the source range of the i-th token.
func (c *Cursor) Span(i int) source.Span {
	return source.Span{File: c.Tokens.File, Start: c.list[i].Start, End: c.list[i].End}
}

// Source is the text from the i-th token to the one before the current token.
func (c *Cursor) Source(i int) string {
	s := c.SpanFrom(i)
	return c.text[s.Start:s.End]
}
