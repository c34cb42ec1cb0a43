package handlers

import (
	"reflect"
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

// A FETCH that fails under a handler that goes on neither finds a row nor the end of the rows: what stands behind it for either must not run. PL/pgSQL's
// FOUND keeps its value from before then.

// fetched takes the test of FOUND behind a FETCH into account, which the rule for FETCH put there; made is what the FETCH has become. It returns the
// statements for both, nil if they are not such a pair.
func (r *run) fetched(made, s, next ir.Stmt, sc *scope, tail bool) []ir.Stmt {
	b, ok := made.(*ir.Block)
	if !ok || len(b.Except) == 0 || len(b.Body) != 1 || b.Body[0] != s {
		return nil
	}
	f, ok := s.(*ir.FetchCursor)
	if !ok {
		return nil
	}
	test, ok := next.(*ir.If)
	if !ok || !slices.Contains(test.Origin, fetchCode) {
		return nil
	}
	if !slices.ContainsFunc(b.Except, func(a *ir.ExceptArm) bool { return !control.Leaves(a.Body) }) {
		return nil
	}
	if r.mayNotFit(f) {
		r.tell(failedFetch, f, "where a value does not fit into its variable, the source skips a row at the next FETCH, and the variable is NULL")
	}
	list := r.stmt(test, sc, tail)
	if quiet(list) {
		b.Body = append(b.Body, list...)
		return []ir.Stmt{b}
	}
	r.flagged(b, test)
	return append([]ir.Stmt{b}, list...)
}

const fetchCode = "PL0103"

// quiet tells that statements fit into the block of the FETCH: its arms take nothing of them.
func quiet(list []ir.Stmt) bool {
	n := listNode(list)
	return control.OfList(list)&control.Anything == 0 && !control.Transactional(n) && !control.Writes(n)
}

// flagged keeps FOUND in a variable, which is NULL where the FETCH fails, for a test whose statements must not stand in the block of the FETCH.
func (r *run) flagged(b *ir.Block, test *ir.If) {
	if r.found == nil {
		r.found = r.truth("fetched", r.root)
	}
	v := r.found
	keep := control.Set(control.Var(v), control.Found())
	keep.Base().Span = b.Span
	keep.Base().Made(code)
	b.Body = append(b.Body, keep)
	becomesNull(b.Except, control.Var(v))
	branch := test.Branches[0]
	if isFound(branch.Cond) {
		none := &ir.Branch{Cond: control.Negate(control.Var(v)), Body: test.Else}
		none.Span = test.Span
		branch.Cond = control.Var(v)
		if len(test.Else) > 0 {
			test.Branches, test.Else = append(test.Branches, none), nil
		}
	} else {
		branch.Cond = control.Negate(control.Var(v))
	}
}

func isFound(e ir.Expr) bool {
	_, not := e.(*ir.Unary)
	return !not
}

// mayNotFit tells that a value that the FETCH reads may be none of its variable's.
func (r *run) mayNotFit(f *ir.FetchCursor) bool {
	known, fits := false, true
	query := func(name string, q ir.Query) {
		if q != nil && strings.EqualFold(name, f.Name) {
			known, fits = true, fits && takesAll(f.Into, q)
		}
	}
	ir.Walk(r.top, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.CursorDecl:
			query(n.Name.Text, n.Query)
		case *ir.OpenCursor:
			query(n.Name, n.Query)
		}
		return true
	})
	return !known || !fits
}

// takesAll tells that variables take every row of a query.
func takesAll(into []ir.Expr, q ir.Query) bool {
	sel, ok := q.(*ir.Select)
	if !ok || len(sel.Items) != len(into) {
		return false
	}
	for i, e := range into {
		if !takes(e.TypeOf(), sel.Items[i].Expr) {
			return false
		}
	}
	return true
}

// takes tells that a variable of the type takes every value of the expression.
func takes(to types.Type, e ir.Expr) bool {
	from := e.TypeOf()
	if control.Widens(from, to) || reflect.DeepEqual(from, to) {
		return true
	}
	switch t := to.(type) {
	case types.Int:
		return control.FitsInt(e, t)
	case types.Text:
		return t.N == 0
	case types.Float:
		return types.IsNumeric(from)
	case types.DateTime:
		_, date := from.(types.Date)
		_, time := from.(types.DateTime)
		return date || time
	case types.Date:
		_, time := from.(types.DateTime)
		return time
	}
	return false
}
