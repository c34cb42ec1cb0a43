package resolve

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/op"
	"godwit/ir/types"
)

// maxRounds is how often the number of results of one routine may change: routines that call each other have no more than that
// before it is clear that the number has no end.
const maxRounds = 5

// Facts tells the facts of the catalog's routines over the call graph: of those that have none yet, for rules rewrite a body after that,
// so that its facts could no longer be read off it. All units must be resolved. The facts start at none and grow until they are stable,
// so that recursion is no reason to assume the worst; a routine whose body is not among the units has all of them. Routines that another
// one calls come first; those that call it are looked at again when its facts change.
func (r *Resolver) Facts() {
	fresh := r.fresh
	r.fresh = nil
	callees, callers := map[*catalog.Routine][]*catalog.Routine{}, map[*catalog.Routine][]*catalog.Routine{}
	for _, o := range fresh {
		o.Facts, o.ResultShapes = catalog.Facts{}, nil
		callees[o] = called(r.bodies[o])
		for _, c := range callees[o] {
			callers[c] = append(callers[c], o)
		}
	}
	queue := calleesFirst(fresh, callees)
	waiting, rounds := map[*catalog.Routine]bool{}, map[*catalog.Routine]int{}
	for _, o := range queue {
		waiting[o] = true
	}
	for len(queue) > 0 {
		o := queue[0]
		queue, waiting[o] = queue[1:], false
		f, shapes := r.factsOf(o, rounds)
		if f == o.Facts {
			continue
		}
		o.Facts, o.ResultShapes, r.bodies[o].Facts = f, shapes, f
		for _, c := range callers[o] {
			if !waiting[c] {
				waiting[c] = true
				queue = append(queue, c)
			}
		}
	}
	for _, o := range fresh {
		transactionOf(r.bodies[o])
	}
}

// factsOf are the facts of a routine as those of the routines that it calls stand.
func (r *Resolver) factsOf(o *catalog.Routine, rounds map[*catalog.Routine]int) (catalog.Facts, []types.Row) {
	s := r.bodies[o]
	f := statementFacts(s.Body)
	f.NoRow = noRow(s.Body, true)
	n, shapes := results(s.Body)
	if n != o.Facts.Results {
		rounds[o]++
	}
	if rounds[o] > maxRounds {
		n, shapes = -1, nil
	}
	f.Results = n
	return f, shapes
}

// called lists the routines that a body calls.
func called(s *ir.Routine) []*catalog.Routine {
	seen := map[*catalog.Routine]bool{}
	var out []*catalog.Routine
	note := func(o *catalog.Routine) {
		if o != nil && !seen[o] {
			seen[o] = true
			out = append(out, o)
		}
	}
	if s.Body == nil {
		return nil
	}
	ir.Walk(s.Body, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.CallProc:
			note(n.Routine)
		case *ir.RoutineCall:
			note(n.Routine)
		}
		return true
	})
	return out
}

// calleesFirst orders routines so that those which a routine calls stand before it, but for cycles.
func calleesFirst(list []*catalog.Routine, callees map[*catalog.Routine][]*catalog.Routine) []*catalog.Routine {
	out := make([]*catalog.Routine, 0, len(list))
	seen := map[*catalog.Routine]bool{}
	type step struct {
		o    *catalog.Routine
		rest []*catalog.Routine
	}
	for _, o := range list {
		if seen[o] {
			continue
		}
		seen[o] = true
		stack := []step{{o, callees[o]}}
		for len(stack) > 0 {
			top := &stack[len(stack)-1]
			if len(top.rest) == 0 {
				out = append(out, top.o)
				stack = stack[:len(stack)-1]
				continue
			}
			c := top.rest[0]
			top.rest = top.rest[1:]
			if _, fresh := callees[c]; fresh && !seen[c] {
				seen[c] = true
				stack = append(stack, step{c, callees[c]})
			}
		}
	}
	return out
}

func merge(a *catalog.Facts, b catalog.Facts) {
	a.CanRaise = a.CanRaise || b.CanRaise
	a.Writes = a.Writes || b.Writes
	a.ReadsState = a.ReadsState || b.ReadsState
	a.Transaction = a.Transaction || b.Transaction
}

// statementFacts are the facts of a statement and everything in it but the number of results. Handlers do not take
// away that the statement can raise: what they catch is decided by rules.
func statementFacts(s ir.Node) catalog.Facts {
	var f catalog.Facts
	if s == nil {
		return f
	}
	ir.Walk(s, func(n ir.Node) bool {
		merge(&f, nodeFacts(n))
		return true
	})
	return f
}

// EndsWithNoRow tells that the body of a routine or trigger may end with a condition of the class "no data".
func EndsWithNoRow(body ir.Node) bool { return noRow(body, true) }

// noRow tells that a body may end with a condition of the class "no data": what a block with a handler for all of them raises stays inside.
// resignal tells that RESIGNAL may raise one.
func noRow(s ir.Node, resignal bool) bool {
	if s == nil {
		return false
	}
	found := false
	ir.Walk(s, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Block:
			for _, d := range n.Decls {
				found = found || noRow(d, resignal)
			}
			for i := 0; i < len(n.Body) && !found && !takesNoRow(n); i++ {
				found = noRow(n.Body[i], resignal)
			}
			return false
		case *ir.Handler:
			found = found || noRow(n.Body, slices.ContainsFunc(n.Conditions, isNoRow))
			return false
		case *ir.FetchCursor, *ir.Execute, *ir.Unsupported:
			found = true
		case *ir.Signal:
			found = found || n.Condition == nil && resignal || n.Condition != nil && n.Condition.Kind != ir.ByCode && isNoRow(*n.Condition)
		case *ir.CallProc:
			found = found || n.Routine == nil || n.Routine.Facts.NoRow
		case *ir.RoutineCall:
			found = found || n.Routine == nil || n.Routine.Facts.NoRow
		}
		return !found
	})
	return found
}

// isNoRow tells that the condition is, or may be, of the class "no data".
func isNoRow(c ir.Condition) bool {
	return c.Kind == ir.NotFound || c.Kind == ir.ByName || c.Kind == ir.ByCode && c.Code == 1329 || c.Kind == ir.ByState && strings.HasPrefix(c.State, "02")
}

func takesNoRow(b *ir.Block) bool {
	for _, d := range b.Decls {
		if h, ok := d.(*ir.Handler); ok && slices.ContainsFunc(h.Conditions, func(c ir.Condition) bool { return c.Kind == ir.NotFound }) {
			return true
		}
	}
	return false
}

func nodeFacts(n ir.Node) catalog.Facts {
	switch n := n.(type) {
	case *ir.Insert, *ir.Update, *ir.Delete, *ir.Truncate:
		return catalog.Facts{CanRaise: true, Writes: true}
	case *ir.CreateTable, *ir.AlterTable, *ir.CreateIndex, *ir.CreateView, *ir.Drop, *ir.RenameTables, *ir.CreateSchema, *ir.CreateSequence, *ir.Grant,
		*ir.Routine, *ir.CreateTrigger, *ir.CreateEvent, *ir.LockTables:
		return catalog.Facts{CanRaise: true, Writes: true, Transaction: true}
	case *ir.Transaction:
		return catalog.Facts{Transaction: true, CanRaise: n.Kind == ir.RollbackToSavepoint || n.Kind == ir.ReleaseSavepoint}
	case *ir.SetTransaction:
		return catalog.Facts{Transaction: true}
	case *ir.SetItem:
		return catalog.Facts{Transaction: autocommitItem(n)}
	case *ir.Prepare, *ir.Execute, *ir.Unsupported, *ir.UnsupportedExpr:
		return catalog.Facts{CanRaise: true, Writes: true, ReadsState: true, Transaction: true}
	case *ir.CallProc:
		return calleeFacts(n.Routine)
	case *ir.RoutineCall:
		return calleeFacts(n.Routine)
	case *ir.Call:
		return callFacts(n.Op)
	case *ir.Aggregate:
		return callFacts(n.Op)
	case *ir.UserVar:
		return catalog.Facts{ReadsState: true}
	case *ir.AssignExpr:
		return catalog.Facts{Writes: true, ReadsState: true}
	case *ir.SysVar:
		return catalog.Facts{ReadsState: true}
	case *ir.NextValue:
		return catalog.Facts{CanRaise: true, Writes: !n.Previous, ReadsState: n.Previous}
	}
	return raiseFacts(n)
}

// raiseFacts tells of operators and statements without effects whether they may raise.
func raiseFacts(n ir.Node) catalog.Facts {
	switch n := n.(type) {
	case *ir.Cast:
		return catalog.Facts{CanRaise: n.Fail == ir.FailError || n.TooLong == ir.ErrorLong}
	case *ir.Binary:
		return catalog.Facts{CanRaise: n.Op == ir.Add || n.Op == ir.Sub || n.Op == ir.Mul}
	case *ir.Div:
		return catalog.Facts{CanRaise: n.Kind == ir.DivInt || n.Zero == ir.ZeroError}
	case *ir.Mod:
		return catalog.Facts{CanRaise: n.Zero == ir.ZeroError}
	case *ir.Subquery:
		return catalog.Facts{CanRaise: true} // more than one row
	case *ir.Regexp, *ir.SelectInto, *ir.Signal, *ir.OpenCursor, *ir.FetchCursor, *ir.CloseCursor, *ir.CaseStmt, *ir.GetDiagnostics:
		return catalog.Facts{CanRaise: true}
	}
	return catalog.Facts{}
}

func calleeFacts(o *catalog.Routine) catalog.Facts {
	if o == nil {
		return catalog.Facts{CanRaise: true, Writes: true, ReadsState: true, Transaction: true}
	}
	f := o.Facts
	f.Results = 0
	return f
}

func callFacts(o op.Op) catalog.Facts {
	info := op.Lookup(o)
	if info == nil {
		return catalog.Facts{CanRaise: true, Writes: true, ReadsState: true, Transaction: true}
	}
	f := catalog.Facts{CanRaise: info.CanRaise}
	switch o {
	case op.LastInsertID, op.RowCount, op.FoundRows:
		f.ReadsState = true
	}
	return f
}

// results tells how many result sets a statement returns on every path, -1 when that varies, with their shapes.
func results(s ir.Stmt) (int, []types.Row) {
	switch s := s.(type) {
	case *ir.ReturnRows:
		return 1, shape(s.Query)
	case *ir.QueryStmt:
		if c := common(s.Query); c != nil && len(c.Into) > 0 {
			return 0, nil
		}
		return 1, shape(s.Query)
	case *ir.Block:
		return blockResults(s)
	case *ir.If:
		return branchResults(s.Branches, s.Else)
	case *ir.CaseStmt:
		if !s.HasElse && s.Else == nil {
			return branchResults(s.Branches, nil, true)
		}
		return branchResults(s.Branches, s.Else)
	case *ir.Loop:
		if n, _ := listResults(s.Body); n != 0 {
			return -1, nil
		}
	case *ir.CallProc:
		if s.Routine == nil {
			return -1, nil
		}
		return s.Routine.Facts.Results, s.Routine.ResultShapes
	case *ir.Execute:
		return -1, nil
	case *ir.Insert:
		return returning(s.Returning)
	case *ir.Delete:
		return returning(s.Returning)
	}
	return 0, nil
}

func returning(items []*ir.SelectItem) (int, []types.Row) {
	if len(items) == 0 {
		return 0, nil
	}
	row := types.Row{}
	for _, it := range items {
		if st, ok := it.Expr.TypeOf().(types.Row); ok {
			row.Names = append(row.Names, st.Names...)
			row.Types = append(row.Types, st.Types...)
			continue
		}
		row.Names = append(row.Names, itemName(it))
		row.Types = append(row.Types, it.Expr.TypeOf())
	}
	return 1, []types.Row{row}
}

func shape(q ir.Query) []types.Row {
	if q == nil || q.Columns() == nil {
		return nil
	}
	return []types.Row{*q.Columns()}
}

func sum(a, b int) int {
	if a < 0 || b < 0 {
		return -1
	}
	return a + b
}

// listResults: a statement that may leave early makes the results behind it vary.
func listResults(list []ir.Stmt) (int, []types.Row) {
	n, checked := 0, 0
	var shapes []types.Row
	for i, s := range list {
		k, sh := results(s)
		if k == 0 {
			continue
		}
		for ; checked < i; checked++ {
			if leaves(list[checked]) {
				return -1, nil
			}
		}
		n = sum(n, k)
		shapes = append(shapes, sh...)
	}
	return n, shapes
}

func leaves(s ir.Stmt) bool {
	return ir.Find(s, func(n ir.Node) bool {
		switch n.(type) {
		case *ir.Leave, *ir.Iterate, *ir.Return:
			return true
		}
		return false
	})
}

// blockResults: a handler that leaves the block makes the number vary, unless nothing returns rows.
func blockResults(b *ir.Block) (int, []types.Row) {
	n, shapes := listResults(b.Body)
	for _, d := range b.Decls {
		h, ok := d.(*ir.Handler)
		if !ok {
			continue
		}
		if k, _ := results(h.Body); k != 0 || n != 0 && h.Action == ir.ExitHandler && !raises(h.Body) {
			return -1, nil
		}
	}
	return n, shapes
}

// raises tells that a handler ends by raising again, so that no call returns normally through it.
func raises(s ir.Stmt) bool {
	switch s := s.(type) {
	case *ir.Signal:
		return true
	case *ir.Block:
		return len(s.Body) > 0 && raises(s.Body[len(s.Body)-1])
	}
	return false
}

// branchResults: every branch must return the same number of rows sets of the same shape; without ELSE the empty branch counts,
// unless it raises.
func branchResults(bs []*ir.Branch, other []ir.Stmt, elseRaises ...bool) (int, []types.Row) {
	n, shapes := 0, []types.Row(nil)
	if len(elseRaises) == 0 {
		n, shapes = listResults(other)
	}
	for i, b := range bs {
		k, sh := listResults(b.Body)
		if i == 0 && len(elseRaises) > 0 {
			n, shapes = k, sh
		}
		if k != n || !sameShapes(sh, shapes) {
			return -1, nil
		}
	}
	return n, shapes
}

func sameShapes(a, b []types.Row) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].String() != b[i].String() {
			return false
		}
	}
	return true
}
