package handlers

import (
	"slices"

	"godwit/ir"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

// failedStore lets the arms of an assignment do what the source does with a variable whose new value fails: it is NULL then, and behind a query
// with too many rows it has the first row's value.
func (r *run) failedStore(leaf ir.Stmt, arms []*ir.ExceptArm) []*ir.ExceptArm {
	switch n := leaf.(type) {
	case *ir.SetVar:
		if len(n.Items) == 1 && n.Items[0].Value != nil && isLocal(n.Items[0].Target) && !isNull(n.Items[0].Value) {
			becomesNull(arms, n.Items[0].Target)
		}
	case *ir.SelectInto:
		return r.failedQuery(n, arms)
	}
	return arms
}

func isNull(e ir.Expr) bool {
	_, ok := ir.Bare(e).(*ir.Null)
	return ok
}

func isLocal(e ir.Expr) bool {
	switch control.Target(e).(type) {
	case *ir.VarDecl, *ir.ParamDecl:
		return true
	}
	return false
}

// becomesNull puts v := NULL in front of the arms that do not raise at once.
func becomesNull(arms []*ir.ExceptArm, target ir.Expr) {
	for _, a := range arms {
		if raisesFirst(a) {
			continue
		}
		n := &ir.Null{}
		n.Type = types.Null{}
		set := control.Set(ir.Clone(target), n)
		set.Base().Span = a.Span
		set.Base().Made(code)
		a.Body = append([]ir.Stmt{set}, withoutNothing(a.Body)...)
	}
}

func withoutNothing(list []ir.Stmt) []ir.Stmt {
	if len(list) == 1 {
		if n, ok := list[0].(*ir.Nothing); ok && len(n.Lead)+len(n.Trail) == 0 {
			return nil
		}
	}
	return list
}

func raisesFirst(a *ir.ExceptArm) bool {
	if len(a.Body) == 0 {
		return false
	}
	switch a.Body[0].(type) {
	case *ir.Raise, *ir.Signal:
		return true
	}
	return false
}

// failedQuery is failedStore of SELECT ... INTO.
func (r *run) failedQuery(n *ir.SelectInto, arms []*ir.ExceptArm) []*ir.ExceptArm {
	into := control.Into(n.Query)
	for _, e := range into {
		if !isLocal(e) {
			return arms
		}
	}
	many := n.Strict && !control.AtMostOne(n.Query)
	var out []*ir.ExceptArm
	for _, a := range arms {
		named, others := slices.Contains(a.Conditions, "too_many_rows"), slices.Contains(a.Conditions, "OTHERS")
		switch {
		case raisesFirst(a) || !many || !named && !others:
		case named && len(a.Conditions) == 1:
			a.Body = append([]ir.Stmt{first(n)}, withoutNothing(a.Body)...)
		default:
			own := &ir.ExceptArm{Conditions: []string{"too_many_rows"}, Body: []ir.Stmt{first(n)}}
			own.Span = a.Span
			own.Made(code)
			for _, s := range withoutNothing(a.Body) {
				own.Body = append(own.Body, control.Copy(s))
			}
			out = append(out, own)
		}
		out = append(out, a)
	}
	if fails := control.OfStmt(n) &^ control.NoRow; fails == 0 || many && fails == control.Data && control.OfQuery(n.Query) == 0 {
		return out
	}
	if len(into) > 1 {
		r.tell(keptByZero, n, "when a value does not fit, the source has set the variables before it, and makes its own NULL; the target leaves all as they were")
		return out
	}
	if aggregatesCalls(n.Query) {
		r.tell(keptByZero, n, "when a function of the query fails, the source keeps the variable, as the target does; when the value does not fit, the source makes it NULL")
		return out
	}
	var rest []*ir.ExceptArm
	for _, a := range out {
		if !slices.Contains(a.Conditions, "too_many_rows") {
			rest = append(rest, a)
		}
	}
	becomesNull(rest, into[0])
	return out
}

// aggregatesCalls tells a query that calls routines while it reads the rows of an aggregate, before there is anything to store.
func aggregatesCalls(q ir.Query) bool {
	return ir.Find(q, func(n ir.Node) bool {
		a, ok := n.(*ir.Aggregate)
		return ok && ir.Find(a, func(x ir.Node) bool {
			_, call := x.(*ir.RoutineCall)
			return call
		})
	})
}

// first stores the first row of a query that has several.
func first(n *ir.SelectInto) ir.Stmt {
	c := control.Copy(n).(*ir.SelectInto)
	c.Strict = false
	c.Lead, c.Trail = nil, nil
	c.Made(code)
	return c
}

// ignores tells that the statement was one with IGNORE.
func ignores(s ir.Stmt) bool {
	return ir.Find(s, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Insert:
			return n.OnError == ir.IgnoreErrors || n.Conflict != nil && n.Conflict.Nothing
		case *ir.Update:
			return n.OnError == ir.IgnoreErrors || slices.Contains(n.Origin, "QY0015")
		case *ir.Delete:
			return n.OnError == ir.IgnoreErrors || slices.Contains(n.Origin, "QY0015")
		}
		return false
	})
}

// takesNumbers tells that a handler around looks for an error by its number or SQLSTATE.
func (sc *scope) takesNumbers() bool {
	for s := sc; s != nil; s = s.parent {
		for _, h := range s.own {
			if slices.ContainsFunc(h.conds, func(c condition) bool { return c.rank < 2 && c.kinds&control.Errors != 0 }) {
				return true
			}
		}
	}
	return false
}
