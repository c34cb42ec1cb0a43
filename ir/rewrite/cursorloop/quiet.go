package cursorloop

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

// quiet notes that OPEN, FETCH and CLOSE of a loop cannot fail, so that no handler for errors is needed around them: the cursor is
// used for this loop alone, which runs once, its query reads columns and computes nothing that can fail, and the variables
// take what the columns hold.
func (c *candidate) quiet(id *idiom) {
	if id.nested || id.at == 0 || id.inverted {
		return
	}
	open, ok := id.list[id.at-1].(*ir.OpenCursor)
	if !ok || !strings.EqualFold(open.Name, id.fetch.Name) || len(open.Args) > 0 {
		return
	}
	var ends []*ir.CloseCursor
	uses := 0
	ir.Walk(c.root, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.OpenCursor:
			uses += count(n.Name, open.Name)
		case *ir.FetchCursor:
			uses += count(n.Name, open.Name)
		case *ir.CloseCursor:
			if count(n.Name, open.Name) == 1 {
				ends = append(ends, n)
			}
		}
		return true
	})
	if uses != 2 || len(ends) > 1 || len(ends) == 1 && !id.ends(ends[0]) {
		return
	}
	if q := c.query(open.Name); q == nil || !takes(id.fetch.Into, q) {
		return
	}
	open.Safe, id.fetch.Safe = true, true
	for _, e := range ends {
		e.Safe = true
	}
}

func count(a, b string) int {
	if strings.EqualFold(a, b) {
		return 1
	}
	return 0
}

// ends tells that the cursor is closed right behind the loop, or where it is left.
func (id *idiom) ends(e *ir.CloseCursor) bool {
	if id.at+1 < len(id.list) && id.list[id.at+1] == ir.Stmt(e) {
		return len(id.test.Branches[0].Body) == 1
	}
	return slices.Contains(id.test.Branches[0].Body, ir.Stmt(e)) && !control.LeavesLabel(id.rest(), id.loop.Label)
}

// query is the query of the cursor, nil if it can fail or more than one cursor has the name.
func (c *candidate) query(name string) *ir.Select {
	var found []*ir.CursorDecl
	ir.Walk(c.root, func(n ir.Node) bool {
		if d, ok := n.(*ir.CursorDecl); ok && strings.EqualFold(d.Name.Text, name) {
			found = append(found, d)
		}
		return true
	})
	if len(found) != 1 || len(found[0].Params) > 0 {
		return nil
	}
	q, ok := found[0].Query.(*ir.Select)
	if !ok || control.OfQuery(q) != 0 {
		return nil
	}
	return q
}

// takes tells that each variable holds every value of its column.
func takes(into []ir.Expr, q *ir.Select) bool {
	if len(into) != len(q.Items) {
		return false
	}
	for i, it := range q.Items {
		n, ok := it.Expr.(*ir.Name)
		if !ok {
			return false
		}
		if _, column := n.Ref.(*ir.ColumnRef); !column || !holds(into[i].TypeOf(), n.TypeOf()) {
			return false
		}
	}
	return true
}

func holds(to, from types.Type) bool {
	switch f := from.(type) {
	case types.Int:
		t, ok := to.(types.Int)
		return ok && t.Bits >= f.Bits && t.Unsigned == f.Unsigned
	case types.Text:
		t, ok := to.(types.Text)
		return ok && t.Charset == f.Charset && t.MaxBytes == f.MaxBytes && !t.Fixed && !f.Fixed && (t.N == 0 || f.N > 0 && t.N >= f.N)
	case types.Date:
		_, ok := to.(types.Date)
		return ok
	}
	return false
}
