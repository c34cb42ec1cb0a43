package transactions

import (
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
	from  map[string]int // how many of ends stand in front of OPEN, and one more
	again bool           // a loop is followed the second time
}

// cuts are the transactions that a cursor does not outlive.
func cuts(s ir.Stmt) map[*ir.Transaction]string {
	c := &cutting{out: map[*ir.Transaction]string{}, left: map[*ir.Transaction]string{}, later: map[string][]*ir.Transaction{}, from: map[string]int{}}
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

func (c *cutting) follow(s ir.Node) {
	ir.Walk(s, func(n ir.Node) bool {
		if n == s {
			return true
		}
		switch n := n.(type) {
		case *ir.Block:
			if n.Label != "" {
				c.follow(n)
				c.end(n.Label)
				return false
			}
		case *ir.Loop:
			c.loop(n)
			return false
		case *ir.Transaction:
			c.transaction(n)
		case *ir.OpenCursor:
			c.from[strings.ToLower(n.Name)] = len(c.ends) + 1
		case *ir.FetchCursor:
			c.read(n.Name)
		case *ir.CloseCursor:
			c.read(n.Name)
		}
		return true
	})
}

// loop follows a loop twice: what stands at its begin runs behind what stands at its end.
func (c *cutting) loop(n *ir.Loop) {
	c.follow(n)
	if !c.again && control.Transactional(n) {
		c.again = true
		c.follow(n)
		c.again = false
	}
	c.end(n.Label)
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
	if n := c.from[strings.ToLower(name)]; n > 0 && n <= len(c.ends) {
		for _, t := range slices.Clone(c.ends[n-1:]) {
			c.out[t] = name
		}
	}
}
