// Package rowcount holds the rule for ROW_COUNT() and FOUND_ROWS() in routines.
package rowcount

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

const code = "PL0401"

var (
	unclear = &diag.Code{
		ID: "PL0402", Title: "A count of rows whose statement is not clear", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "ROW_COUNT() and FOUND_ROWS() tell of the statement before. The converter follows them to the statements before, through branches, loops and handlers; REPLACE, calls, ON DUPLICATE KEY UPDATE and SQL_CALC_FOUND_ROWS count in ways that the target does not.",
		Next: "Assign the count to a variable right behind the statement, or convert the routine by hand.", Each: 0.5,
	}
	matched = &diag.Code{
		ID: "PL0403", Title: "ROW_COUNT() of an UPDATE", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "The source counts the rows that an UPDATE really changed, the target the rows that matched.",
		Next: "Exclude unchanged rows in WHERE if the number matters.", Each: 0.2,
	}
)

// Rule is PL0401.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "row-count",
		Doc: `ROW_COUNT() and FOUND_ROWS() (MySQL Reference Manual, "Information Functions") tell how many rows the statement before changed or
returned. GET DIAGNOSTICS takes the count right behind that statement; a result that goes through a cursor is run to its end and
back. Only counts that are read are taken.`,
		Examples: []rewrite.Example{{
			Setup:  "CREATE TABLE t (id INT PRIMARY KEY, v INT);",
			Source: "DELIMITER //\nCREATE PROCEDURE p(OUT n INT) SQL SECURITY INVOKER BEGIN DELETE FROM t; SET n = ROW_COUNT(); END//",
			Target: "CREATE OR REPLACE PROCEDURE p(OUT n integer)\nLANGUAGE plpgsql\nAS $$\nDECLARE\n  row_count bigint;\nBEGIN\n  DELETE FROM t;\n  GET DIAGNOSTICS row_count = ROW_COUNT;\n  n := row_count;\nEND;\n$$;",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{unclear, matched},
		After:    map[string]string{"resultsets": "a result through a cursor is counted by moving it"},
		Looks:    ir.Kinds(ir.CallsInfo),
		Run: func(p *rewrite.Pass) {
			for _, s := range p.Unit.Stmts {
				if control.IsProgram(s) && !p.Refused() {
					program(p, s)
				}
			}
		},
	}
}

type run struct {
	p    *rewrite.Pass
	root ir.Stmt
	vars []*ir.VarDecl
	// names are those of the program and of the variables that are made, nil before the first one.
	names *control.Names
	// flows tells that ROW_COUNT() has to be followed through handlers that go on.
	flows bool
	// ahead are the counts of UPDATEs with triggers, which are taken in front of them.
	ahead map[ir.Stmt]ir.Expr
}

func program(p *rewrite.Pass, s ir.Stmt) {
	if !reads(s, op.RowCount) && !reads(s, op.FoundRows) {
		return
	}
	r := &run{p: p, root: s}
	r.flows = reads(s, op.RowCount) && goesOn(s)
	if body, ok := control.Body(s).(*ir.Block); ok {
		r.block(body)
	}
	if reads(s, op.RowCount) && !p.Refused() {
		r.throughout()
	}
	if reads(s, op.RowCount) || reads(s, op.FoundRows) {
		if !p.Refused() {
			rewrite.Refuse(p, unclear, s.Base().Span, "ROW_COUNT() or FOUND_ROWS() with no statement before it in the same list")
		}
		return
	}
	declare(s, r.vars)
}

func reads(n ir.Node, o op.Op) bool {
	return ir.Find(n, func(x ir.Node) bool {
		c, ok := x.(*ir.Call)
		return ok && c.Op == o
	})
}

func declare(s ir.Stmt, vars []*ir.VarDecl) {
	b, ok := control.Body(s).(*ir.Block)
	if !ok {
		return
	}
	for i := len(vars) - 1; i >= 0; i-- {
		b.Decls = append([]ir.Decl{vars[i]}, b.Decls...)
	}
}

// block rewrites the statement lists at and below a block, and those of its handlers.
func (r *run) block(b *ir.Block) {
	for _, d := range b.Decls {
		h, ok := d.(*ir.Handler)
		if !ok {
			continue
		}
		if inner, ok := h.Body.(*ir.Block); ok {
			r.block(inner)
			continue
		}
		r.below(h.Body)
	}
	b.Body = r.list(b.Body)
}

func (r *run) list(list []ir.Stmt) []ir.Stmt {
	var out []ir.Stmt
	for _, s := range list {
		r.below(s)
		for _, o := range []op.Op{op.RowCount, op.FoundRows} {
			if own(s, o) && !(o == op.RowCount && r.flows) {
				out = r.take(out, s, o)
			}
		}
		out = append(out, s)
	}
	return out
}

func (r *run) below(s ir.Stmt) {
	if b, ok := s.(*ir.Block); ok {
		r.block(b)
		return
	}
	control.Below(s, r.list)
}

// own tells that the statement itself reads the count: a simple statement, or the first condition of an IF.
func own(s ir.Stmt, o op.Op) bool {
	switch n := s.(type) {
	case *ir.If:
		return reads(n.Branches[0].Cond, o)
	case *ir.Block, *ir.Loop, *ir.CaseStmt:
		return false
	}
	return reads(s, o)
}

// take saves the count behind the statement that it belongs to and lets s read the saved one.
func (r *run) take(before []ir.Stmt, s ir.Stmt, o op.Op) []ir.Stmt {
	at := len(before) - 1
	for at >= 0 && passes(before[at]) && !(o == op.RowCount && ofSession(before[at])) {
		at--
	}
	if at < 0 || !r.counts(before[at], o) {
		return before
	}
	v := r.variable(strings.TrimPrefix(string(o), "info."))
	v.Made(code)
	r.vars = append(r.vars, v)
	replace := func(n ir.Node) ir.Node {
		if c, ok := n.(*ir.Call); ok && c.Op == o {
			x := control.Var(v)
			x.Span = c.Span
			return x
		}
		return n
	}
	if f, ok := s.(*ir.If); ok {
		f.Branches[0].Cond = ir.Map(f.Branches[0].Cond, replace)
	} else {
		ir.Map(s, replace)
	}
	out := append([]ir.Stmt(nil), before[:at]...)
	out = append(out, r.saved(before[at], v)...)
	return append(out, before[at+1:]...)
}

// variable makes a variable under a name that the program has not yet.
func (r *run) variable(name string) *ir.VarDecl {
	if r.names == nil {
		r.names = control.NamesOf(r.root)
	}
	return &ir.VarDecl{Name: ir.Ident{Text: r.names.Take(name)}, Type: types.Int{Bits: 64}}
}

// passes tells that the statement leaves both counts as they are.
func passes(s ir.Stmt) bool {
	switch n := s.(type) {
	case *ir.SetVar:
		return !ir.Find(n, func(x ir.Node) bool {
			switch x.(type) {
			case *ir.Subquery, *ir.RoutineCall:
				return true
			}
			return false
		})
	case *ir.GetDiagnostics, *ir.Nothing:
		return true
	case *ir.RawStmt:
		return strings.HasPrefix(n.Text, "MOVE ")
	}
	return false
}

// ofSession tells a SET that sets something of the session: it is a statement of its own on the source, which counts no rows, while SET of a variable
// of the routine is none.
func ofSession(s ir.Stmt) bool {
	n, ok := s.(*ir.SetVar)
	return ok && !n.Diagnostics && slices.ContainsFunc(n.Items, func(i *ir.SetItem) bool {
		switch i.Target.(type) {
		case *ir.UserVar, *ir.SysVar:
			return true
		}
		return false
	})
}

// counts tells that the statement is one whose rows can be counted.
func (r *run) counts(s ir.Stmt, o op.Op) bool {
	if o == op.FoundRows {
		switch n := s.(type) {
		case *ir.ReturnRows:
			return (n.Append || n.Cursor != "") && !calc(n.Query) && !control.IsEmptyResult(n)
		case *ir.SelectInto:
			return !calc(n.Query)
		}
		return false
	}
	switch n := s.(type) {
	case *ir.Insert:
		return !n.Replace && len(n.OnDuplicate) == 0 && n.With == nil && (n.Conflict == nil || n.Conflict.Nothing)
	case *ir.Delete:
		return len(n.Targets) == 0
	case *ir.Update:
		if triggered(r.p, n) {
			if c := Changes(r.p, n); c != nil {
				if r.ahead == nil {
					r.ahead = map[ir.Stmt]ir.Expr{}
				}
				r.ahead[n] = c
				return true
			}
		}
		if !ChangedOnly(r.p, n) {
			r.p.Report(matched, n.Span, "ROW_COUNT() behind this UPDATE counts rows that matched, not rows that changed")
		}
		return len(n.Tables) == 1
	}
	return false
}

func calc(q ir.Query) bool {
	s, ok := q.(*ir.Select)
	if !ok {
		return false
	}
	for _, h := range s.Hints {
		if strings.EqualFold(h, "SQL_CALC_FOUND_ROWS") {
			return true
		}
	}
	return false
}

// saved is a statement with what takes its count.
func (r *run) saved(s ir.Stmt, v *ir.VarDecl) []ir.Stmt {
	n := r.ahead[s]
	if n == nil {
		return append([]ir.Stmt{s}, r.save(s, v)...)
	}
	set := control.Set(control.Var(v), n)
	set.Base().Span = s.Base().Span
	set.Base().Made(code)
	return []ir.Stmt{set, s}
}

// save takes the count behind a statement.
func (r *run) save(s ir.Stmt, v *ir.VarDecl) []ir.Stmt {
	item := &ir.DiagItem{Target: control.Var(v), Name: "ROW_COUNT"}
	get := &ir.GetDiagnostics{Items: []*ir.DiagItem{item}}
	list := []ir.Stmt{get}
	if q, ok := s.(*ir.ReturnRows); ok && q.Cursor != "" {
		q.Scroll = true
		list = []ir.Stmt{&ir.RawStmt{Text: "MOVE FORWARD ALL FROM " + q.Cursor}, get, &ir.RawStmt{Text: "MOVE ABSOLUTE 0 FROM " + q.Cursor}}
	}
	for _, x := range list {
		x.Base().Span = s.Base().Span
		x.Base().Made(code)
	}
	return list
}
