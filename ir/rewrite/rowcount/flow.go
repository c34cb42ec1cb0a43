package rowcount

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/op"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
)

// flow follows ROW_COUNT() through branches, loops and handlers where the statement that it tells of does not stand right before: one variable keeps
// the count behind every statement whose count may still be read. An error that a handler takes leaves -1.
type flow struct {
	*run
	v *ir.VarDecl
}

// throughout takes all counts of the routine that are left.
func (r *run) throughout() {
	name := "row_count"
	if len(r.vars) > 0 {
		name += "_now"
	}
	f := &flow{run: r, v: r.variable(name)}
	f.v.Made(code)
	body, ok := control.Body(r.root).(*ir.Block)
	if !ok || !f.block(body, false, false) && r.p.Refused() {
		return
	}
	r.vars = append(r.vars, f.v)
}

// goesOn tells that a handler of the routine goes on behind a statement that failed.
func goesOn(s ir.Stmt) bool {
	return ir.Find(s, func(n ir.Node) bool {
		h, ok := n.(*ir.Handler)
		return ok && h.Action == ir.ContinueHandler && forErrors(h)
	})
}

// forErrors tells that the handler takes errors.
func forErrors(h *ir.Handler) bool {
	return slices.ContainsFunc(h.Conditions, func(c ir.Condition) bool {
		switch c.Kind {
		case ir.NotFound, ir.SQLWarning:
			return false
		case ir.ByState:
			return !control.IsNotFound(c.State) && !control.IsWarning(c.State)
		case ir.ByCode:
			return c.Code != 1329
		}
		return true
	})
}

// block follows a block; known tells that the variable has the count in front of it, live that it may be read behind it. It returns known for what
// stands behind.
func (f *flow) block(b *ir.Block, known, live bool) bool {
	inside := readsList(b.Body)
	clear := !f.loses(b.Body)
	all := true
	for _, d := range b.Decls {
		h, ok := d.(*ir.Handler)
		if !ok {
			continue
		}
		errors := forErrors(h)
		fetched, selected := f.missing(h, b.Body)
		within := live || h.Action == ir.ContinueHandler && inside
		list := []ir.Stmt{h.Body}
		if x, ok := h.Body.(*ir.Block); ok && len(x.Decls) == 0 && len(x.Except) == 0 && x.Label == "" {
			list = x.Body
		}
		if !within && !readsList(list) {
			continue
		}
		if selected && (errors || fetched) {
			f.refuse(h)
			return false
		}
		errors = errors || fetched
		list, end := f.list(list, errors, within)
		all = all && (end || !errors && !f.loses(list)) // behind what is no error the count is as the statement left it
		if errors {
			list = append([]ir.Stmt{f.set("-1", h.Body)}, list...)
		}
		body := &ir.Block{Body: list}
		body.Span = h.Body.Base().Span
		h.Body = body
	}
	if !all && inside {
		f.refuse(b)
		return false
	}
	left := b.Label != "" && control.LeavesLabel(b.Body, b.Label)
	var end bool
	b.Body, end = f.list(b.Body, known, live)
	return end && all && (!left || known && clear)
}

// missing tells what may find no row where the handler takes that: FETCH or SIGNAL, which leave -1, and queries, which leave 0.
func (f *flow) missing(h *ir.Handler, list []ir.Stmt) (fetched, selected bool) {
	if !slices.ContainsFunc(h.Conditions, func(c ir.Condition) bool {
		return c.Kind == ir.NotFound || c.Kind == ir.ByName || c.Kind == ir.ByCode && c.Code == 1329 || c.Kind == ir.ByState && control.IsNotFound(c.State)
	}) {
		return false, false
	}
	ir.Walk(&ir.Block{Body: list}, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.FetchCursor:
			fetched = true
		case *ir.Signal:
			c := n.Condition
			fetched = fetched || c != nil && (c.Kind == ir.ByName || c.Kind == ir.ByState && control.IsNotFound(c.State))
		case *ir.SelectInto:
			selected = selected || control.OfStmt(n)&control.NoRow != 0
		case *ir.CallProc:
			selected = selected || n.Routine == nil || n.Routine.Facts.NoRow
		}
		return true
	})
	return fetched, selected
}

// list follows a list of statements.
func (f *flow) list(list []ir.Stmt, known, live bool) ([]ir.Stmt, bool) {
	var out []ir.Stmt
	for i, s := range list {
		if f.p.Refused() {
			return list, false
		}
		var behind []ir.Stmt
		behind, known = f.stmt(s, known, readBehind(list[i+1:], live))
		if f.ahead[s] != nil {
			out = append(out, behind...)
			continue
		}
		out = append(append(out, s), behind...)
	}
	return out, known
}

// readBehind tells that the count is read in the list before a statement of it sets another, or behind the list.
func readBehind(list []ir.Stmt, live bool) bool {
	for _, s := range list {
		if reads(s, op.RowCount) {
			return true
		}
		switch s.(type) {
		case *ir.Insert, *ir.Update, *ir.Delete, *ir.ReturnRows:
			return false
		}
	}
	return live
}

func readsList(list []ir.Stmt) bool {
	return slices.ContainsFunc(list, func(s ir.Stmt) bool { return reads(s, op.RowCount) })
}

// stmt follows a statement and gives what has to stand behind it.
func (f *flow) stmt(s ir.Stmt, known, live bool) ([]ir.Stmt, bool) {
	switch n := s.(type) {
	case *ir.Block:
		return nil, f.block(n, known, live)
	case *ir.If:
		f.conditions(n.Branches, nil, known)
		return nil, f.branches(n.Branches, &n.Else, known, live, true)
	case *ir.CaseStmt:
		f.conditions(n.Branches, n.Operand, known)
		return nil, f.branches(n.Branches, &n.Else, known, live, n.HasElse)
	case *ir.Loop:
		clear := !f.loses(n.Body)
		if reads(s, op.RowCount) {
			known, live = known && clear, true
		}
		if n.Cond != nil {
			n.Cond = f.replace(n.Cond, known && clear).(ir.Expr)
		}
		n.Body, _ = f.list(n.Body, known, live)
		return nil, known && clear
	}
	f.replace(s, known)
	if f.keeps(s) {
		return nil, known
	}
	if !live {
		return nil, true // nobody asks
	}
	if ofSession(s) && !runs(s) {
		return []ir.Stmt{f.set("0", s)}, true
	}
	switch n := s.(type) {
	case *ir.Insert, *ir.Update, *ir.Delete:
		if f.counts(s, op.RowCount) {
			if f.ahead[s] != nil {
				return f.saved(s, f.v), true
			}
			return f.save(s, f.v), true
		}
	case *ir.ReturnRows:
		return []ir.Stmt{f.set("-1", s)}, true
	case *ir.SelectInto:
		if !n.Strict {
			return f.save(s, f.v), true
		}
	case *ir.Signal:
		return []ir.Stmt{f.set("0", s)}, true
	case *ir.Transaction:
		return []ir.Stmt{f.set("0", s)}, true
	}
	return nil, false
}

func (f *flow) conditions(list []*ir.Branch, operand ir.Expr, known bool) {
	if operand != nil && reads(operand, op.RowCount) {
		f.refuse(operand)
		return
	}
	for _, b := range list {
		if b.Cond != nil {
			b.Cond = f.replace(b.Cond, known).(ir.Expr)
		}
	}
}

// branches follows the branches of a statement; complete tells that the ELSE is one of them even where it is empty.
func (f *flow) branches(list []*ir.Branch, rest *[]ir.Stmt, known, live, complete bool) bool {
	calls := slices.ContainsFunc(list, func(b *ir.Branch) bool { return b.Cond != nil && runs(b.Cond) })
	known = known && !calls
	all := true
	for _, b := range list {
		leaves := control.Leaves(b.Body)
		var end bool
		b.Body, end = f.list(b.Body, known, live)
		all = all && (end || leaves)
	}
	if len(*rest) == 0 {
		return all && (known || !complete)
	}
	leaves := control.Leaves(*rest)
	var end bool
	*rest, end = f.list(*rest, known, live)
	return all && (end || leaves)
}

// runs tells that a routine runs, which may change rows.
func runs(n ir.Node) bool {
	return ir.Find(n, func(x ir.Node) bool { _, ok := x.(*ir.RoutineCall); return ok })
}

// keeps tells that the statement leaves the count as it is.
func (f *flow) keeps(s ir.Stmt) bool {
	switch n := s.(type) {
	case *ir.SetVar:
		return !runs(n) && !ofSession(n)
	case *ir.Signal: // one that leaves a warning is a statement that changes no rows
		return n.Condition == nil || n.Condition.Kind != ir.ByState || !control.IsWarning(n.Condition.State)
	case *ir.GetDiagnostics, *ir.Nothing, *ir.CommentStmt, *ir.Leave, *ir.Iterate, *ir.Return, *ir.OpenCursor, *ir.FetchCursor, *ir.CloseCursor:
		return true
	case *ir.ReturnRows:
		return control.IsEmptyResult(n)
	case *ir.RawStmt:
		return strings.HasPrefix(n.Text, "MOVE ")
	}
	return false
}

// loses tells that behind a statement in the list the count is not known.
func (f *flow) loses(list []ir.Stmt) bool {
	return slices.ContainsFunc(list, func(s ir.Stmt) bool {
		return ir.Find(s, func(x ir.Node) bool {
			switch n := x.(type) {
			case *ir.Block:
				return len(n.Except) > 0
			case *ir.If, *ir.CaseStmt, *ir.Loop, *ir.Delete, *ir.ReturnRows, *ir.Transaction, *ir.SetVar:
				return runs(x)
			case *ir.Insert:
				return n.Replace || len(n.OnDuplicate) > 0 || n.With != nil
			case *ir.Update:
				return len(n.Tables) != 1
			case *ir.SelectInto:
				return n.Strict
			case ir.Stmt:
				return !f.keeps(n)
			}
			return false
		})
	})
}

// replace makes the variable of the counts in a node.
func (f *flow) replace(n ir.Node, known bool) ir.Node {
	if !reads(n, op.RowCount) {
		return n
	}
	if !known {
		f.refuse(n)
		return n
	}
	return ir.Map(n, func(x ir.Node) ir.Node {
		c, ok := x.(*ir.Call)
		if !ok || c.Op != op.RowCount {
			return x
		}
		v := control.Var(f.v)
		v.Span = c.Span
		return v
	})
}

func (f *flow) set(n string, at ir.Stmt) ir.Stmt {
	s := control.Set(control.Var(f.v), number(n))
	s.Span = at.Base().Span
	s.Made(code)
	return s
}

func (f *flow) refuse(at ir.Node) {
	if !f.p.Refused() {
		rewrite.Refuse(f.p, unclear, at.Base().Span, "ROW_COUNT() behind statements of which not all are counted")
	}
}
