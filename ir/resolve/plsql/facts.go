package plsql

import (
	"slices"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/op"
	"godwit/ir/types"
)

// all are the facts of what is not known.
var all = catalog.Facts{CanRaise: true, NoRow: true, Writes: true, ReadsState: true, Transaction: true}

// unending are the facts of what may do anything but end a transaction. That is so of what refuses the routine that it stands in as well: it raises an
// error wherever it is called.
var unending = catalog.Facts{CanRaise: true, NoRow: true, Writes: true, ReadsState: true}

// Facts tells the facts of the catalog's routines over the call graph: of those that have none yet, for rules rewrite a body after that,
// so that its facts could no longer be read off it. All units must be resolved. The facts start at none and grow until they are stable, so
// that recursion is no reason to assume the worst; a routine whose body is not among the units has all of them.
func (r *Resolver) Facts() {
	fresh := r.fresh
	r.fresh = nil
	known := map[*catalog.Routine]*bodyFacts{}
	callers := map[*catalog.Routine][]*catalog.Routine{}
	fresh = slices.DeleteFunc(fresh, func(o *catalog.Routine) bool {
		again := known[o] != nil
		known[o] = &bodyFacts{}
		return again
	})
	for _, o := range fresh {
		o.Facts = catalog.Facts{}
		known[o] = factsOfBody(r.bodies[o])
		if m := o.Method; m != nil && m.Comparison != nil {
			m.Comparison.Facts = catalog.Facts{}
			m.Comparison.Facts.CanRaise = true
		}
		for _, c := range known[o].callees {
			callers[c] = append(callers[c], o)
		}
	}
	for d, m := range r.dispatches(fresh) {
		known[d] = &bodyFacts{any: true}
		for _, t := range m.Method.Of.Below() {
			if i := m.Implementation(t); !i.Method.Abstract && r.bodies[i] != nil { // a script makes the bodies one after another
				known[d].callees = append(known[d].callees, i)
				callers[i] = append(callers[i], d)
			}
		}
		d.Facts = catalog.Facts{}
		fresh = append(fresh, d)
	}
	queue := append([]*catalog.Routine(nil), fresh...)
	waiting := map[*catalog.Routine]bool{}
	for _, o := range queue {
		waiting[o] = true
	}
	for len(queue) > 0 {
		o := queue[0]
		queue, waiting[o] = queue[1:], false
		f := known[o].now(o.Facts)
		if b := r.bodies[o]; b != nil && b.Autonomous { // a second connection runs it, or it is refused: a call ends no transaction
			f, o.Apart = catalog.Facts{CanRaise: true, Writes: true, NoRow: f.NoRow}, true
		}
		if b := r.bodies[o]; b != nil {
			b.Facts = f
		}
		if f == o.Facts {
			continue
		}
		o.Facts = f
		for _, c := range callers[o] {
			if !waiting[c] {
				waiting[c] = true
				queue = append(queue, c)
			}
		}
	}
}

// bodyFacts are the facts of a routine's body by itself, and the routines that it calls.
type bodyFacts struct {
	body    ir.Stmt
	own     catalog.Facts
	callees []*catalog.Routine
	looked  bool // NoRow has been told once
	any     bool // it is no body, but any of the called routines
}

// dispatches are the calls of overridden methods that run one of the routines, with the method that is overridden.
func (r *Resolver) dispatches(list []*catalog.Routine) map[*catalog.Routine]*catalog.Routine {
	out := map[*catalog.Routine]*catalog.Routine{}
	for _, o := range list {
		if o.Method == nil || o.Method.Dispatch == nil {
			continue
		}
		for t := o.Method.Of; t != nil; t = t.Under {
			for _, m := range t.Methods {
				if m.Name == o.Name && m.Overridden() {
					out[m.Method.Dispatch] = m
				}
			}
		}
	}
	return out
}

// factsOfBody are the facts of a routine by itself.
func factsOfBody(s *ir.Routine) *bodyFacts {
	b := &bodyFacts{body: s.Body, own: all}
	if s.Body == nil {
		return b
	}
	s.FallsOff = s.Kind == catalog.Function && !s.Pipelined && fallsOff(s.Body)
	b.own = catalog.Facts{CanRaise: s.FallsOff}
	seen := map[*catalog.Routine]bool{}
	ir.Walk(s.Body, func(n ir.Node) bool {
		var o *catalog.Routine
		switch n := n.(type) {
		case *ir.RoutineDecl:
			return false
		case *ir.CallProc:
			o, b.own.CanRaise = n.Routine, b.own.CanRaise || backRaises(n.Routine, n.Args)
		case *ir.RoutineCall:
			o, b.own.CanRaise = n.Routine, b.own.CanRaise || backRaises(n.Routine, n.Args)
		default:
			join(&b.own, factsOf(n))
			return true
		}
		if o == nil {
			join(&b.own, unending)
		} else if !seen[o] {
			seen[o] = true
			b.callees = append(b.callees, o)
		}
		return true
	})
	b.own.NoRow = false
	return b
}

// fallsOff tells that control may reach the end of a function's body, which raises ORA-06503.
func fallsOff(s ir.Stmt) bool { return s != nil && !leaves([]ir.Stmt{s}) }

// leaves tells that control never passes the end of a list.
func leaves(list []ir.Stmt) bool {
	if len(list) == 0 {
		return false
	}
	branches := func(list []*ir.Branch) bool {
		return !slices.ContainsFunc(list, func(b *ir.Branch) bool { return !leaves(b.Body) })
	}
	switch n := list[len(list)-1].(type) {
	case *ir.Return, *ir.RaiseNamed:
		return true
	case *ir.Block:
		return leaves(n.Body) && !slices.ContainsFunc(n.Catches, func(c *ir.Catch) bool { return !leaves(c.Body) })
	case *ir.If:
		return branches(n.Branches) && leaves(n.Else)
	case *ir.CaseStmt:
		return branches(n.Branches) && (!n.HasElse || leaves(n.Else))
	case *ir.Loop:
		return n.Kind == ir.InfiniteLoop && !ir.Find(n, func(x ir.Node) bool { _, exit := x.(*ir.Leave); return exit })
	}
	return false
}

// now are the facts as those of the called routines stand; was are the facts before.
func (b *bodyFacts) now(was catalog.Facts) catalog.Facts {
	if b.any {
		var f catalog.Facts
		for _, c := range b.callees {
			join(&f, c.Facts)
			f.NoRow = f.NoRow || c.Facts.NoRow
		}
		return f
	}
	if b.body == nil {
		return all
	}
	f, again := b.own, !b.looked
	for _, c := range b.callees {
		join(&f, c.Facts)
		again = again || c.Facts.NoRow
	}
	f.NoRow = was.NoRow || again && noRow(b.body, false)
	b.looked = true
	return f
}

// noRow tells that a statement or expression may raise NO_DATA_FOUND: what a block handles stays inside. again tells that RAISE alone may
// raise it.
func noRow(s ir.Node, again bool) bool {
	found := false
	ir.Walk(s, func(n ir.Node) bool {
		if found {
			return false
		}
		switch n := n.(type) {
		case *ir.Block:
			found = blockNoRow(n, again)
			return false
		case *ir.RoutineDecl:
			return false
		case *ir.Execute, *ir.Unsupported:
			found = true
		case *ir.Element: // of an array none is missing between the others: its bounds raise other errors
			c, _ := n.X.TypeOf().(types.Collection)
			found = c.CollectionDecl == nil || c.Max == 0
		case *ir.SetVar:
			for _, it := range n.Items {
				found = found || noRow(it.Value, again) || targetNoRow(it.Target)
			}
			return false
		case *ir.SelectInto:
			found = intoNoRow(n.Query)
			return found
		case *ir.Select:
			found = intoNoRow(n)
			return false // a function in SQL gives NULL
		case *ir.Insert, *ir.Update, *ir.Delete, *ir.Merge, *ir.MultiInsert, *ir.SetOp:
			return false
		case *ir.RaiseNamed:
			found = len(n.Name.Parts) == 0 && again || n.Exception != nil && (n.Exception.Code == 100 || n.Exception.Code == -1403)
		case *ir.CallProc:
			found = n.Routine == nil || n.Routine.Facts.NoRow
		case *ir.RoutineCall:
			found = n.Routine == nil || n.Routine.Facts.NoRow
		}
		return !found
	})
	return found
}

// targetNoRow tells that finding the place of an assignment may raise NO_DATA_FOUND: an element that is assigned need not be there.
func targetNoRow(e ir.Expr) bool {
	if x, ok := e.(*ir.Element); ok {
		return noRow(x.X, false) || noRow(x.Index, false)
	}
	return noRow(e, false)
}

func blockNoRow(b *ir.Block, again bool) bool {
	for _, d := range b.Decls {
		if noRow(d, again) {
			return true
		}
	}
	handled := false
	for _, c := range b.Catches {
		takes := c.Others || has(c.States, "no_data_found")
		handled = handled || takes
		for _, s := range c.Body {
			if noRow(s, takes) {
				return true
			}
		}
	}
	for _, s := range b.Body {
		if !handled && noRow(s, again) {
			return true
		}
	}
	return false
}

// intoNoRow tells that a query whose row goes into variables may have none: aggregates without groups always have one.
func intoNoRow(q ir.Query) bool {
	c := ir.Common(q)
	if c == nil || len(c.Into) == 0 || c.Bulk {
		return false
	}
	s, ok := q.(*ir.Select)
	if !ok || len(s.GroupBy) > 0 || s.Having != nil || c.Offset != nil || c.Limit != nil {
		return true
	}
	for _, it := range s.Items {
		if ir.Find(it.Expr, func(n ir.Node) bool { a, ok := n.(*ir.Aggregate); return ok && a.Over == nil }) {
			return false
		}
	}
	return len(s.From) > 0
}

// NodeFacts are the facts of a statement or expression and everything in it. Handlers do not take away that it can raise: what they catch
// is decided by rules. Routines that are declared in it count where they are called.
func NodeFacts(s ir.Node) catalog.Facts {
	var f catalog.Facts
	if s == nil {
		return f
	}
	ir.Walk(s, func(n ir.Node) bool {
		if _, nested := n.(*ir.RoutineDecl); nested {
			return false
		}
		join(&f, factsOf(n))
		return true
	})
	return f
}

func join(a *catalog.Facts, b catalog.Facts) {
	a.CanRaise = a.CanRaise || b.CanRaise
	a.NoRow = a.NoRow || b.NoRow
	a.Writes = a.Writes || b.Writes
	a.ReadsState = a.ReadsState || b.ReadsState
	a.Transaction = a.Transaction || b.Transaction
}

// factsOf are the facts of one node without those below it.
func factsOf(n ir.Node) catalog.Facts {
	switch n := n.(type) {
	case *ir.Insert, *ir.Update, *ir.Delete, *ir.Merge, *ir.MultiInsert:
		return catalog.Facts{CanRaise: true, Writes: true}
	case *ir.Truncate, *ir.CreateTable, *ir.AlterTable, *ir.CreateIndex, *ir.CreateView, *ir.Drop, *ir.RenameTables, *ir.CreateSequence, *ir.Grant,
		*ir.Routine, *ir.CreateTrigger, *ir.LockTables, *ir.LockTable:
		return catalog.Facts{CanRaise: true, Writes: true, Transaction: true}
	case *ir.Transaction:
		return catalog.Facts{Transaction: true, CanRaise: n.Kind == ir.RollbackToSavepoint}
	case *ir.SetTransaction:
		return catalog.Facts{Transaction: true}
	case *ir.Execute:
		if len(n.Into)+len(n.Returning) > 0 {
			return unending // a query or a change of rows, neither of which ends a transaction
		}
		return all
	case *ir.Unsupported, *ir.UnsupportedExpr, *ir.UnsupportedTable:
		return unending
	case *ir.CallProc:
		return callingFacts(n.Routine, n.Args)
	case *ir.RoutineCall:
		return callingFacts(n.Routine, n.Args)
	case *ir.Call:
		return callFacts(n)
	case *ir.Aggregate, *ir.Raise:
		return catalog.Facts{CanRaise: true}
	case *ir.Name:
		return nameFacts(n)
	case *ir.NextValue:
		return catalog.Facts{CanRaise: true, Writes: !n.Previous, ReadsState: n.Previous}
	case *ir.SetVar:
		return assignFacts(n)
	case *ir.VarDecl:
		if n.Default == nil {
			return catalog.Facts{}
		}
		name := &ir.Name{Parts: []ir.Ident{n.Name}, Ref: &ir.VarRef{Decl: n}}
		name.Type = n.Type
		return catalog.Facts{CanRaise: storeRaises(name, n.Default)}
	case *ir.Loop:
		return catalog.Facts{CanRaise: n.Kind == ir.RangeLoop && (mayBeNull(n.Lo) || mayBeNull(n.Hi))}
	case *ir.Invoke:
		if _, cursor := n.Type.(types.Cursor); cursor { // the arguments of a cursor
			return catalog.Facts{CanRaise: true}
		}
		return unending
	}
	return raiseFacts(n)
}

// nameFacts: variables of packages are state of the session.
func nameFacts(n *ir.Name) catalog.Facts {
	if p, ok := n.Ref.(*ir.PackageRef); ok && !p.Member.Constant {
		return catalog.Facts{ReadsState: true}
	}
	return catalog.Facts{}
}

// assignFacts: to assign to a variable of a package is a change of state, which ROLLBACK leaves. An assignment may raise where the
// variable limits its values.
func assignFacts(s *ir.SetVar) catalog.Facts {
	f := catalog.Facts{}
	for _, it := range s.Items {
		ir.Walk(it.Target, func(n ir.Node) bool {
			if x, ok := n.(*ir.Name); ok {
				if of, ok := x.Ref.(*ir.FieldRef); ok {
					join(&f, targetFacts(of.Of))
				}
				join(&f, targetFacts(x))
			}
			return true
		})
		switch it.Value.(type) {
		case nil:
		case *ir.Name, *ir.Number, *ir.String, *ir.Null, *ir.Bool:
			f.CanRaise = f.CanRaise || storeRaises(it.Target, it.Value)
		default:
			f.CanRaise = true
		}
	}
	return f
}

func targetFacts(e ir.Expr) catalog.Facts {
	n, ok := e.(*ir.Name)
	if !ok {
		return catalog.Facts{}
	}
	if _, ok := n.Ref.(*ir.PackageRef); ok {
		return catalog.Facts{Writes: true, ReadsState: true}
	}
	if of, ok := n.Ref.(*ir.FieldRef); ok {
		return targetFacts(of.Of)
	}
	return catalog.Facts{}
}

// raiseFacts tells of operators and statements without effects whether they may raise.
func raiseFacts(n ir.Node) catalog.Facts {
	switch n := n.(type) {
	case *ir.Cast:
		return catalog.Facts{CanRaise: n.Fail == ir.FailError || n.TooLong == ir.ErrorLong}
	case *ir.Binary:
		return catalog.Facts{CanRaise: n.Op == ir.Add || n.Op == ir.Sub || n.Op == ir.Mul}
	case *ir.Div:
		return catalog.Facts{CanRaise: true}
	case *ir.Select:
		if len(n.Into) > 0 && !n.Bulk {
			return catalog.Facts{CanRaise: true, NoRow: true}
		}
		return catalog.Facts{CanRaise: true}
	case *ir.SelectInto:
		return catalog.Facts{CanRaise: true, NoRow: n.Query == nil || !ir.Common(n.Query).Bulk}
	case *ir.Element, *ir.RaiseNamed:
		return catalog.Facts{CanRaise: true, NoRow: true}
	case *ir.Subquery, *ir.Regexp, *ir.DateAdd, *ir.Construct, *ir.CollectionCall, *ir.OpenCursor, *ir.FetchCursor, *ir.CloseCursor, *ir.CaseStmt, *ir.JSONExpr, *ir.XMLExpr:
		return catalog.Facts{CanRaise: true}
	}
	return catalog.Facts{}
}

func calleeFacts(o *catalog.Routine) catalog.Facts {
	if o == nil {
		return all
	}
	return o.Facts
}

// callingFacts adds to the facts of the callee what the values raise that it gives back.
func callingFacts(o *catalog.Routine, args []ir.Expr) catalog.Facts {
	f := calleeFacts(o)
	f.CanRaise = f.CanRaise || backRaises(o, args)
	return f
}

// backRaises tells that values which a call gives back may not fit the variables that they are given to.
func backRaises(o *catalog.Routine, args []ir.Expr) bool {
	for i, a := range args {
		if n, ok := a.(*ir.NamedArg); ok && o != nil {
			i, a = slices.IndexFunc(o.Params, func(p catalog.Param) bool { return p.Name == n.Name.Text }), n.Value
		}
		if o == nil || a == nil || i < 0 || i >= len(o.Params) || o.Params[i].Mode == catalog.In {
			continue
		}
		if declaredNotNull(a) || narrower(o.Params[i].Type, a.TypeOf()) {
			return true
		}
	}
	return false
}

// callFacts: a routine of a supplied package may do anything but end the transaction; what is only printed or computed does not write.
func callFacts(c *ir.Call) catalog.Facts {
	if c.Op == op.OraSupplied {
		return catalog.Facts{CanRaise: true, Writes: true, ReadsState: true}
	}
	info := op.Lookup(c.Op)
	if info == nil {
		return unending
	}
	return catalog.Facts{CanRaise: info.CanRaise, ReadsState: c.Op == op.OraSQLCode || c.Op == op.OraSQLErrM}
}
