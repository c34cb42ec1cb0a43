package godwit

import (
	"fmt"

	"godwit/ir"
	"godwit/ir/diag"
)

// Limits of what is converted. The target's server has a stack of 2 MB (max_stack_depth) unless it was changed: it takes some 4,000
// operators in one another and some 7,000 branches of a UNION, and what is converted may be deeper than the source.
const (
	maxDepth    = 2_500
	maxBranches = 5_000
	// maxTerms is the number of terms of one AND or OR, which are a list on the target.
	maxTerms = 50_000
)

// tooDeep is a statement that the target's parser or this one would run out of stack on.
var tooDeep = &diag.Code{
	ID: "SY0202", Title: "Statement too deep for the target", Severity: diag.Error, Fidelity: diag.Refused,
	Doc: "Operators, calls, queries or blocks stand in one another more deeply than PostgreSQL's stack takes with its default settings: " +
		"2,500 levels are converted (a long sum has a level for each operator; AND and OR are lists of up to 50,000 terms), and 5,000 branches of a UNION " +
		"(PostgreSQL manual, 20.4.1 Memory, max_stack_depth).",
	Next: "Split the statement: sum a table of values rather than a list of operands, put inner blocks into routines of their own, insert the branches of a UNION in several statements.",
	Each: 1,
}

// limit refuses a unit that is too deep.
func (p *pipeline) limit(u *Unit) {
	for _, s := range u.Stmts {
		if why := excess(s); why != "" {
			u.Report(tooDeep.New(u.Source, "%s", why))
			p.refuse(u, tooDeep.ID, "too deep")
			return
		}
	}
}

// excess tells what is too deep in a statement, "" if nothing is.
func excess(s ir.Stmt) string {
	if n := 0; !ir.Find(s, func(ir.Node) bool { n++; return n > maxDepth }) {
		return "" // it has not that many nodes
	}
	d := depths{}
	d.node(s, 1)
	return d.why
}

type depths struct{ why string }

func (d *depths) node(n ir.Node, level int) {
	if n == nil || d.why != "" {
		return
	}
	if level > maxDepth {
		d.why = fmt.Sprintf("the statement is more than %d levels deep", maxDepth)
		return
	}
	switch x := n.(type) {
	case *ir.Binary:
		if x.Op == ir.And || x.Op == ir.Or {
			d.terms(x, level)
			return
		}
	case *ir.SetOp:
		d.branches(x, level)
		return
	}
	ir.Children(n, func(c ir.Node) { d.node(c, level+1) })
}

// terms follows a chain of one operator, which is one level.
func (d *depths) terms(b *ir.Binary, level int) {
	for n := 1; ; n++ {
		if n > maxTerms {
			d.why = fmt.Sprintf("a condition has more than %d terms", maxTerms)
			return
		}
		d.node(b.R, level+1)
		left, ok := b.L.(*ir.Binary)
		if !ok || left.Op != b.Op {
			d.node(b.L, level+1)
			return
		}
		b = left
	}
}

// branches follows a chain of set operations to the left.
func (d *depths) branches(s *ir.SetOp, level int) {
	for n := 1; ; n++ {
		if n > maxBranches {
			d.why = fmt.Sprintf("a query has more than %d branches", maxBranches)
			return
		}
		left, ok := s.L.(*ir.SetOp)
		ir.Children(s, func(c ir.Node) {
			if !ok || c != ir.Node(left) {
				d.node(c, level+1)
			}
		})
		if !ok {
			return
		}
		s = left
	}
}
