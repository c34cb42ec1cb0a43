package cursorloop

import (
	"strings"

	"godwit/ir"
	"godwit/ir/rewrite/control"
)

// prime turns FETCH; WHILE NOT done DO ...; FETCH; END WHILE into loops with one FETCH at their heads. The function that it
// returns turns all of them back.
func (c *candidate) prime() (back func()) {
	var undo []func()
	if !isNull(c.flag.Default) {
		control.Lists(&c.block.Body, func(list *[]ir.Stmt) {
			for i := 0; i+1 < len(*list); i++ {
				if u := c.primed(list, i); u != nil {
					undo = append(undo, u)
				}
			}
		})
	}
	return func() {
		for i := len(undo) - 1; i >= 0; i-- {
			undo[i]()
		}
	}
}

// primed turns one such loop, nil if there is none at the place.
func (c *candidate) primed(list *[]ir.Stmt, i int) (back func()) {
	first, ok := (*list)[i].(*ir.FetchCursor)
	if !ok || len(first.Lead)+len(first.Trail) > 0 {
		return nil
	}
	loop, ok := (*list)[i+1].(*ir.Loop)
	if !ok || loop.Kind != ir.WhileLoop || tests(loop.Cond, c.flag) != no || len(loop.Body) == 0 || iterates(loop) {
		return nil
	}
	last, ok := loop.Body[len(loop.Body)-1].(*ir.FetchCursor)
	if !ok || !sameFetch(first, last) || len(last.Lead)+len(last.Trail) > 0 {
		return nil
	}
	old, oldLoop := *list, *loop
	leave := &ir.Leave{Label: loop.Label}
	leave.Span = loop.Cond.Base().Span
	test := control.When(control.Negate(loop.Cond), leave)
	test.Span = leave.Span
	loop.Kind, loop.Cond = ir.InfiniteLoop, nil
	loop.Body = append([]ir.Stmt{last, test}, oldLoop.Body[:len(oldLoop.Body)-1]...)
	*list = append(append([]ir.Stmt(nil), old[:i]...), old[i+1:]...)
	return func() { *list, *loop = old, oldLoop }
}

// iterates tells that a statement goes on with the next pass of the loop by itself: from there the source reads no row.
func iterates(loop *ir.Loop) bool {
	return ir.Find(loop, func(n ir.Node) bool {
		x, ok := n.(*ir.Iterate)
		return ok && strings.EqualFold(x.Label, loop.Label)
	})
}

func sameFetch(a, b *ir.FetchCursor) bool {
	if !strings.EqualFold(a.Name, b.Name) || len(a.Into) != len(b.Into) || a.All || b.All {
		return false
	}
	for i, e := range a.Into {
		if d := control.Target(e); d == nil || d != control.Target(b.Into[i]) {
			return false
		}
	}
	return true
}

// direct notes where the variables of a FETCH at the head of a loop are read by nobody once no row is left, although other
// statements set the flag as well: the flag leaves the loop in both cases.
func (c *candidate) direct(list []ir.Stmt) {
	for _, s := range list {
		switch n := s.(type) {
		case *ir.Block:
			if !handlesNoRow(n) {
				c.direct(n.Body)
			}
		case *ir.If:
			for _, b := range n.Branches {
				c.direct(b.Body)
			}
			c.direct(n.Else)
		case *ir.CaseStmt:
			for _, b := range n.Branches {
				c.direct(b.Body)
			}
			c.direct(n.Else)
		case *ir.Loop:
			id := c.match(n)
			if id == nil {
				c.direct(n.Body)
				continue
			}
			id.fetch.Direct = !c.outliving(id)
			c.direct(id.rest())
		}
	}
}

// handlesNoRow tells that a block has a handler of its own that may take what a FETCH raises.
func handlesNoRow(b *ir.Block) bool {
	for _, d := range b.Decls {
		if _, ok := d.(*ir.Handler); ok {
			return true
		}
	}
	return false
}

func (c *candidate) outliving(id *idiom) bool {
	for _, e := range id.fetch.Into {
		if c.outlives(control.Target(e), id) {
			return true
		}
	}
	return false
}
