// Package fuzz makes random statements of MySQL and MariaDB for differential tests: they run on the source, their
// conversion runs on the target, and the rows are compared. The same seed gives the same statements. What fails is shrunk.
package fuzz

import (
	"math/rand/v2"
	"strings"
)

// Kind is what a piece of a statement is.
type Kind int

// The kinds of expressions, and of other pieces.
const (
	Other Kind = iota
	Number
	Text
	Date
	Moment // DATETIME
	Cond
	Stmt // a statement of a script or of a body; it can be left out
	Item // an element of a list that can be left out together with its comma
)

// Node is a piece of a statement: text with nodes between. The text has one element more than there are nodes.
type Node struct {
	Kind Kind
	Text []string
	Kids []*Node
}

// leaf is text without nodes.
func leaf(k Kind, s string) *Node { return &Node{Kind: k, Text: []string{s}} }

// form puts nodes in the places of "$" in a pattern.
func form(k Kind, pattern string, kids ...*Node) *Node {
	return &Node{Kind: k, Text: strings.Split(pattern, "$"), Kids: kids}
}

// join is a list of nodes with a separator.
func join(k Kind, kids []*Node, sep string) *Node {
	n := &Node{Kind: k, Text: []string{""}, Kids: kids}
	for i := range kids {
		if i < len(kids)-1 {
			n.Text = append(n.Text, sep)
		} else {
			n.Text = append(n.Text, "")
		}
	}
	return n
}

// String is the statement's text.
func (n *Node) String() string {
	var b strings.Builder
	n.write(&b)
	return b.String()
}

func (n *Node) write(b *strings.Builder) {
	for i, k := range n.Kids {
		b.WriteString(n.Text[i])
		k.write(b)
	}
	b.WriteString(n.Text[len(n.Kids)])
}

// size counts nodes and characters, so that what shrinks gets smaller.
func (n *Node) size() int {
	s := 1
	for _, t := range n.Text {
		s += len(t)
	}
	for _, k := range n.Kids {
		s += k.size()
	}
	return s
}

// Generator makes statements.
type Generator struct {
	r *rand.Rand
	// columns in scope, by kind
	scope map[Kind][]string
	// depth limits nesting
	depth int
	// outer tells that the query is an outer join
	outer bool
	// inner tells that a subquery is being made
	inner bool
	names int
	// unit is the routine that is being made, writes and calls tell whether it may call f2 and q
	unit          string
	writes, calls bool
}

// New makes a generator; the same seed gives the same statements.
func New(seed uint64) *Generator {
	return &Generator{r: rand.New(rand.NewPCG(seed, 0x676f64776974))}
}

// chance is true p times of a hundred.
func (g *Generator) chance(p int) bool { return g.r.IntN(100) < p }

func (g *Generator) pick(s ...string) string { return s[g.r.IntN(len(s))] }

// one calls one of the functions.
func (g *Generator) one(f ...func() *Node) *Node { return f[g.r.IntN(len(f))]() }

// Shrink gives the smallest variant of a failing node that still fails. tries limits how often fails is called.
func Shrink(n *Node, tries int, fails func(*Node) bool) *Node {
	for {
		smaller := step(n, &tries, fails)
		if smaller == nil || tries <= 0 {
			return n
		}
		n = smaller
	}
}

// step looks for one replacement that makes the node smaller and keeps it failing.
func step(root *Node, tries *int, fails func(*Node) bool) *Node {
	var found *Node
	visit(root, func(at *Node) bool {
		for _, c := range candidates(at) {
			if *tries <= 0 {
				return false
			}
			saved := *at
			before := root.size()
			*at = *c
			if root.size() < before {
				*tries--
				if copied := root.clone(); fails(copied) {
					found = copied
					*at = saved
					return false
				}
			}
			*at = saved
		}
		return true
	})
	return found
}

func visit(n *Node, f func(*Node) bool) bool {
	if !f(n) {
		return false
	}
	for _, k := range n.Kids {
		if !visit(k, f) {
			return false
		}
	}
	return true
}

func (n *Node) clone() *Node {
	c := &Node{Kind: n.Kind, Text: n.Text}
	for _, k := range n.Kids {
		c.Kids = append(c.Kids, k.clone())
	}
	return c
}

// candidates are smaller nodes that may stand in the place of a node.
func candidates(n *Node) []*Node {
	var out []*Node
	visit(n, func(k *Node) bool {
		if k != n && k.Kind == n.Kind && n.Kind != Other {
			out = append(out, k)
		}
		return true
	})
	switch n.Kind {
	case Number:
		out = append(out, leaf(Number, "1"))
	case Text:
		out = append(out, leaf(Text, "'a'"))
	case Cond:
		out = append(out, leaf(Cond, "1 = 1"))
	case Date:
		out = append(out, leaf(Date, "DATE '2024-01-31'"))
	case Stmt, Item:
		if n.Kind == Stmt {
			out = append(out, leaf(Stmt, ""))
		}
	}
	// lists lose elements
	if len(n.Kids) > 1 && (n.Kids[0].Kind == Stmt || n.Kids[0].Kind == Item) {
		for i := range n.Kids {
			c := &Node{Kind: n.Kind, Kids: append(append([]*Node(nil), n.Kids[:i]...), n.Kids[i+1:]...)}
			sep := n.Text[1]
			c.Text = []string{n.Text[0]}
			for j := range c.Kids {
				if j < len(c.Kids)-1 {
					c.Text = append(c.Text, sep)
				} else {
					c.Text = append(c.Text, n.Text[len(n.Kids)])
				}
			}
			out = append(out, c)
		}
	}
	return out
}
