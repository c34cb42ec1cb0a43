package transactions

import (
	"maps"
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/rewrite/control"
)

// cutting follows a routine as it runs, for the transactions that end between OPEN of a cursor and what still fetches from it or closes it.
type cutting struct {
	out map[*ir.Transaction]string // with the cursor's name
	// left are the transactions behind which their list leaves the routine or a block or loop, by its label; "" is the routine.
	left  map[*ir.Transaction]string
	later map[string][]*ir.Transaction // left, until their label ends
	ends  []*ir.Transaction
	open  cursors
	seen  cursors            // open at any place of the block
	jumps map[string]cursors // where LEAVE and ITERATE of a label stand
	again bool               // a loop is followed the second time
}

// cursors are those that may be open at a place, each with how many of the ends stood in front of its OPEN, and one more;
// nil where no path leads.
type cursors map[string]int

func (o cursors) clone() cursors { return maps.Clone(o) }

// with is where two paths meet: a cursor may be open if it is on one of them, since the earlier OPEN.
func (o cursors) with(other cursors) cursors {
	if o == nil {
		return other.clone()
	}
	out := o.clone()
	for name, n := range other {
		if at, ok := out[name]; !ok || n < at {
			out[name] = n
		}
	}
	return out
}

// cuts are the transactions that a cursor does not outlive.
func cuts(s ir.Stmt) map[*ir.Transaction]string {
	c := &cutting{out: map[*ir.Transaction]string{}, left: map[*ir.Transaction]string{}, later: map[string][]*ir.Transaction{}, open: cursors{}, jumps: map[string]cursors{}}
	control.EachList(s, func(list []ir.Stmt) []ir.Stmt {
		for i, x := range list {
			if t, ok := x.(*ir.Transaction); ok {
				if label, ok := leaves(list[i+1:]); ok {
					c.left[t] = label
				}
			}
		}
		return list
	})
	c.follow(s)
	return c.out
}

// leaves tells that the list leaves the routine, or the block or loop of the label.
func leaves(list []ir.Stmt) (label string, ok bool) {
	if !control.Leaves(list) {
		return "", false
	}
	switch n := list[len(list)-1].(type) {
	case *ir.Return, *ir.Signal, *ir.Raise:
		return "", true
	case *ir.Leave:
		return strings.ToLower(n.Label), n.Label != ""
	}
	return "", false
}

// follow goes through a statement as it runs.
func (c *cutting) follow(s ir.Node) {
	switch n := s.(type) {
	case *ir.Block:
		c.block(n)
	case *ir.Handler:
		c.perhaps(n.Body)
	case *ir.Catch:
		c.perhaps(n.Body...)
	case *ir.If:
		c.choice(n.Branches, n.Else, true)
	case *ir.CaseStmt:
		c.choice(n.Branches, n.Else, n.HasElse)
	case *ir.Loop:
		c.loop(n)
	case *ir.Transaction:
		c.transaction(n)
	case *ir.OpenCursor:
		c.read(n.Name) // it fails on the source if the cursor is open, and not on the target, where the transaction's end has closed it
		if c.open != nil {
			c.open[strings.ToLower(n.Name)] = len(c.ends) + 1
			c.seen = c.seen.with(c.open)
		}
	case *ir.FetchCursor:
		c.read(n.Name)
	case *ir.CloseCursor:
		c.read(n.Name)
		delete(c.open, strings.ToLower(n.Name))
	case *ir.Leave:
		c.jump(n.Label, n.When)
	case *ir.Iterate:
		c.jump(n.Label, n.When)
	case *ir.Return:
		c.open = nil // behind SIGNAL a CONTINUE handler may go on
	default:
		ir.Children(s, c.follow)
	}
}

// block follows a block. Its EXIT handlers may leave it at any statement: with the cursors that are open there, less those that they close.
func (c *cutting) block(n *ir.Block) {
	before, outer := c.open.clone(), c.seen
	c.seen = nil
	ir.Children(n, c.follow)
	if closed, leaves := exits(n); leaves {
		late := before.with(c.seen)
		for name := range closed {
			delete(late, name)
		}
		c.open = c.open.with(late)
	}
	c.seen = outer.with(c.seen)
	if n.Label != "" {
		c.join(n.Label)
		c.end(n.Label)
	}
	for _, d := range n.Decls { // the end of their block closes them
		if k, ok := d.(*ir.CursorDecl); ok && c.open != nil {
			name := strings.ToLower(k.Name.Text)
			if at, ok := before[name]; ok {
				c.open[name] = at
			} else {
				delete(c.open, name)
			}
		}
	}
}

// exits tells that handlers of a block leave it, and the cursors that they close.
func exits(n *ir.Block) (closed map[string]bool, leaves bool) {
	closed = map[string]bool{}
	note := func(x ir.Node) {
		leaves = true
		ir.Walk(x, func(x ir.Node) bool {
			if k, ok := x.(*ir.CloseCursor); ok {
				closed[strings.ToLower(k.Name)] = true
			}
			return true
		})
	}
	for _, d := range n.Decls {
		if h, ok := d.(*ir.Handler); ok && h.Action == ir.ExitHandler {
			note(h.Body)
		}
	}
	for _, k := range n.Catches {
		note(k)
	}
	return closed, leaves
}

// choice follows each branch from where the statement begins; whole tells that one of them runs.
func (c *cutting) choice(branches []*ir.Branch, otherwise []ir.Stmt, whole bool) {
	before, after := c.open, cursors(nil)
	for _, b := range branches {
		c.open = before.clone()
		for _, s := range b.Body {
			c.follow(s)
		}
		after = after.with(c.open)
	}
	c.open = before.clone()
	for _, s := range otherwise {
		c.follow(s)
	}
	if whole {
		after = after.with(c.open)
	}
	c.open = after
}

// perhaps follows statements that may run or not.
func (c *cutting) perhaps(list ...ir.Stmt) {
	before := c.open.clone()
	for _, s := range list {
		c.follow(s)
	}
	c.open = before.with(c.open)
}

// loop follows a loop twice: what stands at its begin runs behind what stands at its end.
func (c *cutting) loop(n *ir.Loop) {
	before := c.open.clone()
	pass := func() {
		for _, s := range n.Body {
			c.follow(s)
		}
	}
	pass()
	if !c.again && control.Transactional(n) {
		c.again = true
		c.open = before.with(c.open).with(c.jumps[strings.ToLower(n.Label)])
		pass()
		c.again = false
	}
	switch n.Kind {
	case ir.InfiniteLoop:
		c.open = nil
	case ir.RepeatLoop:
	default:
		c.open = before.with(c.open)
	}
	c.join(n.Label)
	c.end(n.Label)
}

// jump is LEAVE or ITERATE.
func (c *cutting) jump(label string, when ir.Expr) {
	label = strings.ToLower(label)
	c.jumps[label] = c.jumps[label].with(c.open)
	if when == nil {
		c.open = nil
	}
}

// join is where a block or loop of the label ends: what has left it goes on there.
func (c *cutting) join(label string) {
	label = strings.ToLower(label)
	c.open = c.open.with(c.jumps[label])
	delete(c.jumps, label)
}

func (c *cutting) transaction(n *ir.Transaction) {
	if n.Kind != ir.BeginTransaction && n.Kind != ir.CommitTransaction && n.Kind != ir.RollbackTransaction {
		return
	}
	label, left := c.left[n]
	switch {
	case !left:
		c.ends = append(c.ends, n)
	case label != "":
		c.later[label] = append(c.later[label], n)
	}
}

// end is where a block or loop of the label ends.
func (c *cutting) end(label string) {
	if label = strings.ToLower(label); label != "" {
		c.ends = append(c.ends, c.later[label]...)
		delete(c.later, label)
	}
}

// read is a statement that needs the cursor open.
func (c *cutting) read(name string) {
	if n := c.open[strings.ToLower(name)]; n > 0 && n <= len(c.ends) {
		for _, t := range slices.Clone(c.ends[n-1:]) {
			c.out[t] = name
		}
	}
}
