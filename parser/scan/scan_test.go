package scan

import (
	"testing"

	"godwit/ir/source"
)

const (
	kName Kind = iota + 1
	kComma
)

func names(k Kind) string { return [...]string{"end of statement", "a name", `","`}[k] }

// cursorOver makes a cursor over "a, b" with a comment before b.
func cursorOver() *Cursor {
	f := source.NewFile("x", "a, /* c */ b")
	ts := &Tokens{File: f, List: []Token{{Kind: kName, Start: 0, End: 1}, {Kind: kComma, Start: 1, End: 2}, {Kind: kName, Start: 11, End: 12}, {Start: 12, End: 12}},
		Comments: []Comment{{Start: 3, End: 10, Before: 2}}}
	c := &Cursor{}
	c.Reset(ts, names, 3)
	return c
}

// failure is the error that f ends the unit with.
func failure(f func()) (e *SyntaxError) {
	defer func() { e, _ = recover().(*SyntaxError) }()
	f()
	return nil
}

func TestCursor(t *testing.T) {
	c := cursorOver()
	if c.Expect(kName) != 0 || c.Accept(kName) || !c.Accept(kComma) || c.Text() != "b" || c.Ahead(1) != EOF || c.Ahead(9) != EOF {
		t.Errorf("at token %d", c.Pos)
	}
	c.Next()
	c.Next()
	if c.Kind() != EOF || c.Source(0) != "a, /* c */ b" || c.SpanFrom(2).Text() != "b" || c.SpanFrom(3).Text() != "" {
		t.Errorf("at the end: %d, %q", c.Pos, c.Source(0))
	}
}

func TestErrorsNameWhatWasFoundAndExpected(t *testing.T) {
	c := cursorOver()
	c.Next()
	e := failure(func() { c.Expect(kName) })
	if e == nil || e.Error() != `unexpected ",", expected a name` || e.Span().Start != 1 {
		t.Errorf("got %v", e)
	}
	c.Pos = 3
	e = failure(func() { c.Fail("this", "that") })
	if e == nil || e.Error() != "unexpected end of statement, expected this or that" || e.Span().Text() != "b" {
		t.Errorf("got %v", e)
	}
}

func TestDepthIsLimited(t *testing.T) {
	c := cursorOver()
	deeper := func(n int) func() {
		return func() {
			for range n {
				c.Enter()
			}
			for range n {
				c.Leave()
			}
		}
	}
	if e := failure(deeper(3)); e != nil {
		t.Errorf("three levels: %v", e)
	}
	if e := failure(deeper(4)); e == nil || e.Depth != 3 {
		t.Errorf("four levels: %v", e)
	}
}

func TestCommentsBefore(t *testing.T) {
	ts := cursorOver().Tokens
	if from, trail, to := ts.CommentsBefore(2); from != 0 || trail != 1 || to != 1 || ts.Comment(0).Text != "/* c */" {
		t.Errorf("%d %d %d", from, trail, to)
	}
	if from, _, to := ts.CommentsBefore(1); from != to {
		t.Errorf("%d to %d before the comma", from, to)
	}
}

func TestSlabsAreDisjoint(t *testing.T) {
	var s Slab[int]
	a, b := s.Slice([]int{1, 2}), s.Slice([]int{3})
	c := append(a, 9)
	long := s.Slice(make([]int, 100))
	x, y := s.New(), s.New()
	*x = 5
	if b[0] != 3 || c[2] != 9 || len(long) != 100 || *y != 0 || s.Slice(nil) != nil {
		t.Errorf("%v %v %v %d %d", a, b, c, *x, *y)
	}
}
