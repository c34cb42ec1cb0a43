// Package gotos holds the rule for GOTO and labels.
package gotos

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
)

const code = "PL0430"

var crossing = &diag.Code{
	ID: "PL0431", Title: "GOTO that blocks and loops cannot express", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "A jump forward is a block that is left, a jump back a loop that begins again. Here the stretches of several jumps overlap, or the label is not found in the lists of statements around the jump.",
	Next: "Write the jump with loops and IF.", Each: 1,
}

// Rule is PL0430.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "gotos",
		Doc: `GOTO label (PL/SQL Language Reference, "GOTO Statement"). A jump forward leaves a block around the statements in front of the label; a jump back begins a loop anew that is left behind its last
statement. A label without GOTO falls away.`,
		Examples: []rewrite.Example{
			{From: dialect.Oracle, Setup: "CREATE TABLE t (id NUMBER);",
				Source: "CREATE PROCEDURE p(n NUMBER) AUTHID CURRENT_USER IS\nBEGIN\n  IF n = 1 THEN\n    GOTO done;\n  END IF;\n  INSERT INTO t VALUES (n);\n  <<done>>\n  NULL;\nEND;\n/",
				Target: "CREATE OR REPLACE PROCEDURE p(n numeric)\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  <<done>>\n  BEGIN\n    IF n = 1 THEN\n      EXIT done;\n    END IF;\n    INSERT INTO t VALUES (n);\n  END done;\n  NULL;\nEND;\n$$;"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{crossing},
		After:    map[string]string{"dynamic-sql": "texts become statements", "package-state": "variables of packages become calls", "collections": "bulk statements become loops"},
		Looks:    ir.Kinds(ir.KindGoto, ir.KindLabelStmt),
		Run: func(p *rewrite.Pass) {
			for _, s := range p.Unit.Stmts {
				if control.IsProgram(s) {
					program(p, s)
				}
			}
		},
	}
}

func program(p *rewrite.Pass, s ir.Stmt) {
	wanted := map[string]bool{}
	ir.WalkStatements(s, func(n ir.Node) bool {
		if g, ok := n.(*ir.Goto); ok {
			wanted[strings.ToLower(g.Label)] = true
		}
		return true
	})
	control.EachList(s, func(stmts []ir.Stmt) []ir.Stmt { return list(stmts, wanted) })
	ir.WalkStatements(s, func(n ir.Node) bool {
		if g, ok := n.(*ir.Goto); ok && !p.Refused() {
			rewrite.Refuse(p, crossing, g.Span, "GOTO %s", g.Label)
		}
		return true
	})
}

// list makes blocks and loops of the jumps to labels of a list of statements; wanted are the labels, in lower case, that the
// program jumps to.
func list(stmts []ir.Stmt, wanted map[string]bool) []ir.Stmt {
	for i := 0; i < len(stmts); i++ {
		label := labelOf(stmts[i])
		if label == "" {
			continue
		}
		first, last := -1, -1
		for k, s := range stmts {
			if !wanted[strings.ToLower(label)] {
				break
			}
			if !jumps(s, label) {
				continue
			}
			if k < i && first < 0 {
				first = k
			}
			if k >= i {
				last = k
			}
		}
		_, bare := stmts[i].(*ir.LabelStmt)
		name := label
		if !bare {
			name += "_START"
		}
		if last >= 0 {
			stmts = back(stmts, i, last, label, name)
		}
		if first >= 0 {
			forward := name
			if last >= 0 {
				forward += "_BEFORE"
			}
			stmts, i = ahead(stmts, first, i, label, forward)
		}
		if bare {
			if l, ok := stmts[i].(*ir.LabelStmt); ok {
				stmts = drop(stmts, i, l)
				i--
			}
		}
	}
	return stmts
}

// drop takes a label away; its comments go to the next statement.
func drop(stmts []ir.Stmt, i int, l *ir.LabelStmt) []ir.Stmt {
	if i+1 < len(stmts) {
		m := stmts[i+1].Base()
		m.Lead = append(append([]ir.Comment(nil), l.Lead...), m.Lead...)
	}
	out := append([]ir.Stmt(nil), stmts[:i]...)
	return append(out, stmts[i+1:]...)
}

func labelOf(s ir.Stmt) string {
	switch n := s.(type) {
	case *ir.LabelStmt:
		return n.Name
	case *ir.Block:
		return n.Label
	case *ir.Loop:
		return n.Label
	}
	return ""
}

func jumps(s ir.Stmt, label string) bool {
	return ir.Find(s, func(n ir.Node) bool {
		g, ok := n.(*ir.Goto)
		return ok && strings.EqualFold(g.Label, label)
	})
}

// replace puts another jump in place of the jumps to a label.
func replace(s ir.Stmt, label string, make func(*ir.Goto) ir.Stmt) ir.Stmt {
	return ir.Map(s, func(n ir.Node) ir.Node {
		g, ok := n.(*ir.Goto)
		if !ok || !strings.EqualFold(g.Label, label) {
			return n
		}
		x := make(g)
		x.Base().Span, x.Base().Lead, x.Base().Trail = g.Span, g.Lead, g.Trail
		x.Base().Made(code)
		return x
	})
}

// back makes a loop of the statements from the label to the last jump back to it.
func back(stmts []ir.Stmt, at, last int, label, name string) []ir.Stmt {
	for _, s := range stmts[at : last+1] {
		if freeExit(s) {
			return stmts
		}
	}
	var body []ir.Stmt
	for _, s := range stmts[at : last+1] {
		body = append(body, replace(s, label, func(*ir.Goto) ir.Stmt { return &ir.Iterate{Label: name} }))
	}
	if l, ok := body[0].(*ir.LabelStmt); ok {
		body = drop(body, 0, l)
	}
	if !control.Leaves(body) {
		leave := &ir.Leave{Label: name}
		leave.Span = stmts[last].Base().Span
		body = append(body, leave)
	}
	l := &ir.Loop{Kind: ir.InfiniteLoop, Label: name, Body: body}
	l.Span = stmts[at].Base().Span
	l.Made(code)
	out := append([]ir.Stmt(nil), stmts[:at]...)
	return append(append(out, l), stmts[last+1:]...)
}

// ahead makes a block of the statements from the first jump to the label; it gives the label's new place.
func ahead(stmts []ir.Stmt, first, at int, label, name string) ([]ir.Stmt, int) {
	var body []ir.Stmt
	for _, s := range stmts[first:at] {
		body = append(body, replace(s, label, func(*ir.Goto) ir.Stmt { return &ir.Leave{Label: name} }))
	}
	b := &ir.Block{Label: name, Body: body}
	b.Span = stmts[first].Base().Span
	b.Made(code)
	out := append([]ir.Stmt(nil), stmts[:first]...)
	out = append(out, b)
	return append(out, stmts[at:]...), first + 1
}

// freeExit tells that a statement leaves a loop around it without naming it.
func freeExit(s ir.Node) bool {
	switch n := s.(type) {
	case *ir.Leave:
		return n.Label == ""
	case *ir.Iterate:
		return n.Label == ""
	case *ir.Loop:
		return false
	}
	found := false
	ir.Children(s, func(c ir.Node) {
		if ir.HoldsStatements(c) {
			found = found || freeExit(c)
		}
	})
	return found
}
