package rewrite

import (
	"strings"

	"godwit/ir"
)

// countRead is a statement that reads how many rows were changed last.
type countRead struct {
	behind ir.Stmt // the statement right before it in its list, if it reads the count once and nothing else; else nil
}

// countReads are the reads of a unit as the rule that is running found it.
type countReads struct {
	known bool
	list  []countRead
}

// Counted tells that the unit may read how many rows a statement changed, which a statement that becomes several does not tell: a count is
// read that does not stand right behind another change.
func (p *Pass) Counted(of ir.Stmt) bool {
	if !p.counts.known {
		p.counts = countReads{known: true, list: findCountReads(p.Unit.Stmts)}
	}
	for _, r := range p.counts.list {
		if r.behind == nil || !otherChange(r.behind, of) {
			return true
		}
	}
	return false
}

func findCountReads(stmts []ir.Stmt) (out []countRead) {
	alone := map[ir.Node]bool{} // the items that are among the reads already
	in := func(list []ir.Stmt) {
		for n, s := range list {
			if g, ok := s.(*ir.GetDiagnostics); ok && n > 0 && readsCount(s) {
				alone[g.Items[0]] = true
				for n--; n > 0 && commits(list[n]); n-- {
				}
				out = append(out, countRead{list[n]})
			}
		}
	}
	in(stmts)
	for _, s := range stmts {
		ir.Walk(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.DiagItem:
				if n.Name == "ROW_COUNT" && !alone[n] {
					out = append(out, countRead{})
				}
			case *ir.Block:
				in(n.Body)
			case *ir.ExceptArm:
				in(n.Body)
			case *ir.Branch:
				in(n.Body)
			case *ir.If:
				in(n.Else)
			case *ir.CaseStmt:
				in(n.Else)
			case *ir.Loop:
				in(n.Body)
			}
			return true
		})
	}
	return out
}

// commits tells the call that commits behind a change, which leaves the count of the change as it is.
func commits(s ir.Stmt) bool {
	r, ok := s.(*ir.RawStmt)
	return ok && strings.HasPrefix(r.Text, "CALL ") && strings.HasSuffix(r.Text, ".autocommit()")
}

// readsCount tells a GET DIAGNOSTICS that reads nothing but the count, once.
func readsCount(s ir.Stmt) bool {
	g, ok := s.(*ir.GetDiagnostics)
	return ok && len(g.Items) == 1 && g.Items[0].Name == "ROW_COUNT"
}

// otherChange tells that a statement is one change or a query into variables, which has a count of its own, with arms that catch its errors or without, and has nothing of another statement.
func otherChange(s, of ir.Stmt) bool {
	for {
		b, ok := s.(*ir.Block)
		if !ok || len(b.Body) != 1 || ir.Find(b, func(n ir.Node) bool { return n.Base().Span == of.Base().Span }) {
			break
		}
		s = b.Body[0]
	}
	switch s.(type) {
	case *ir.Insert, *ir.Update, *ir.Delete, *ir.SelectInto:
		return s.Base().Span != of.Base().Span
	}
	return false
}
