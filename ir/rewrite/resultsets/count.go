package resultsets

import (
	"sort"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite/control"
)

// counts is a set of numbers of result sets, in order. nil means that the place is never reached.
type counts []int

func one(n int) counts { return counts{n} }

func union(a, b counts) counts {
	seen := map[int]bool{}
	var out counts
	for _, n := range append(append(counts(nil), a...), b...) {
		if !seen[n] {
			seen[n] = true
			out = append(out, n)
		}
	}
	sort.Ints(out)
	return out
}

func (c counts) within(d counts) bool { return len(union(c, d)) == len(d) }

// add is the set after n more results.
func (c counts) add(n int) counts {
	var out counts
	for _, x := range c {
		out = append(out, x+n)
	}
	return out
}

// counter follows the paths through a routine and counts the result sets on each.
type counter struct {
	// of tells the form of a called procedure.
	of func(*catalog.Routine) *Form
	// before is the set of counts in front of each statement that returns rows, in textual order.
	before map[ir.Stmt]counts
	order  []ir.Stmt
	// out are the counts with which a label is left; "" is RETURN.
	out map[string]counts
	// again are the counts with which a loop's next pass is started by ITERATE.
	again map[string]counts
	// grows tells that a loop returns more results with every pass, or that a callee returns an unknown number.
	grows bool
	seen  []*counts // sets of counts inside blocks with EXIT handlers
	loops []string  // labels of the loops around
	// goesOn counts the blocks around whose CONTINUE handlers let control go on behind a SIGNAL.
	goesOn int
}

func newCounter(of func(*catalog.Routine) *Form) *counter {
	return &counter{of: of, before: map[ir.Stmt]counts{}, out: map[string]counts{}, again: map[string]counts{}}
}

// routine counts the result sets of a body.
func (c *counter) routine(body ir.Stmt) counts {
	return union(c.stmt(body, one(0)), c.out[""])
}

func (c *counter) list(list []ir.Stmt, in counts) counts {
	for _, s := range list {
		in = c.stmt(s, in)
	}
	return in
}

func (c *counter) stmt(s ir.Stmt, in counts) counts {
	if len(in) == 0 || s == nil {
		return nil
	}
	for _, x := range c.seen {
		*x = union(*x, in)
	}
	switch n := s.(type) {
	case *ir.ReturnRows:
		return c.result(n, in, 1)
	case *ir.CallProc:
		return c.call(n, in)
	case *ir.Block:
		return c.block(n, in)
	case *ir.If:
		return c.branches(n.Branches, n.Else, in)
	case *ir.CaseStmt:
		if !n.HasElse {
			var out counts
			for _, b := range n.Branches {
				out = union(out, c.list(b.Body, in))
			}
			if c.goesOn > 0 {
				return union(out, in)
			}
			return out
		}
		return c.branches(n.Branches, n.Else, in)
	case *ir.Loop:
		return c.loop(n, in)
	case *ir.Leave:
		l := c.label(n.Label)
		c.out[l] = union(c.out[l], in)
		if n.When != nil {
			return in
		}
		return nil
	case *ir.Iterate:
		l := c.label(n.Label)
		c.again[l] = union(c.again[l], in)
		return nil
	case *ir.Return:
		c.out[""] = union(c.out[""], in)
		return nil
	case *ir.Signal:
		if c.goesOn > 0 {
			return in
		}
		if n.Condition == nil || n.Condition.Kind != ir.ByState || !control.IsWarning(n.Condition.State) {
			return nil
		}
	}
	return in
}

func (c *counter) result(s ir.Stmt, in counts, n int) counts {
	if _, known := c.before[s]; !known {
		c.order = append(c.order, s)
	}
	c.before[s] = union(c.before[s], in)
	return in.add(n)
}

func (c *counter) call(n *ir.CallProc, in counts) counts {
	f := c.of(n.Routine)
	switch {
	case f == nil:
		return in
	case f.Kind == None, f.Kind == Notices: // messages come by themselves
		return in
	case f.Kind == Function, f.Kind == OutRow, f.Kind == Cursors && len(f.Slots) == 1 && !f.Varying:
		return c.result(n, in, 1)
	}
	c.grows = true
	return c.result(n, in, 1)
}

func (c *counter) branches(list []*ir.Branch, other []ir.Stmt, in counts) counts {
	out := c.list(other, in)
	for _, b := range list {
		out = union(out, c.list(b.Body, in))
	}
	return out
}

func (c *counter) block(b *ir.Block, in counts) counts {
	seen := &counts{}
	c.seen = append(c.seen, seen)
	on := continues(b)
	if on {
		c.goesOn++
	}
	out := c.list(b.Body, in)
	if on {
		c.goesOn--
	}
	c.seen = c.seen[:len(c.seen)-1]
	for _, d := range b.Decls {
		h, ok := d.(*ir.Handler)
		if !ok {
			continue
		}
		after := c.stmt(h.Body, *seen)
		if h.Action == ir.ExitHandler {
			out = union(out, after)
		} else if !after.within(*seen) {
			c.grows = true
		}
	}
	return union(out, c.leave(b.Label))
}

// continues tells that a CONTINUE handler of the block may run for an error.
func continues(b *ir.Block) bool {
	for _, d := range b.Decls {
		h, ok := d.(*ir.Handler)
		if !ok || h.Action != ir.ContinueHandler {
			continue
		}
		for _, k := range h.Conditions {
			if k.Kind != ir.NotFound && k.Kind != ir.SQLWarning {
				return true
			}
		}
	}
	return false
}

func (c *counter) leave(label string) counts {
	if label == "" {
		return nil
	}
	l := strings.ToLower(label)
	out := c.out[l]
	delete(c.out, l)
	return out
}

// label is the label that a statement leaves or goes on with: without one, the loop around.
func (c *counter) label(label string) string {
	if label == "" && len(c.loops) > 0 {
		return c.loops[len(c.loops)-1]
	}
	return strings.ToLower(label)
}

func (c *counter) loop(n *ir.Loop, in counts) counts {
	l := strings.ToLower(n.Label)
	if l == "" {
		l = "loop " + strconv.Itoa(len(c.loops))
	}
	c.loops = append(c.loops, l)
	defer func() { c.loops = c.loops[:len(c.loops)-1] }()
	end := c.list(n.Body, in)
	end = union(end, c.again[l])
	delete(c.again, l)
	if !end.within(in) {
		c.grows = true
	}
	out := c.leave(l)
	if n.Kind != ir.InfiniteLoop {
		out = union(out, union(in, end))
	}
	return out
}
