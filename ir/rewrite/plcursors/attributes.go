package plcursors

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/returnedaggregates"
	"godwit/ir/types"
)

// findDirect finds the attributes that are read in a condition right behind the statement that they tell about: there they are FOUND.
func (r *run) findDirect() {
	control.EachList(r.root, func(list []ir.Stmt) []ir.Stmt {
		for i := 0; i+1 < len(list); i++ {
			switch n := list[i].(type) {
			case *ir.FetchCursor:
				r.mark(list[i+1], func(a *ir.CursorAttr) bool { return a.Cursor != nil && names(a, n.Name) })
			case *ir.Insert, *ir.Update, *ir.Delete, *ir.Merge:
				if returnedaggregates.Aggregates(n) { // they become a query of one row
					continue
				}
				r.mark(list[i+1], func(a *ir.CursorAttr) bool { return a.Cursor == nil })
			}
		}
		return list
	})
}

// names tells that an attribute is that of a cursor with a plain name.
func names(a *ir.CursorAttr, name string) bool {
	n, ok := a.Cursor.(*ir.Name)
	return ok && name != "" && n.Parts[len(n.Parts)-1].Text == name
}

func (r *run) mark(s ir.Stmt, hit func(*ir.CursorAttr) bool) {
	var cond ir.Expr
	switch n := s.(type) {
	case *ir.Leave:
		cond = n.When
	case *ir.Iterate:
		cond = n.When
	case *ir.If:
		cond = n.Branches[0].Cond
	}
	if cond == nil {
		return
	}
	ir.Walk(cond, func(n ir.Node) bool {
		if a, ok := n.(*ir.CursorAttr); ok && (a.Name == "FOUND" || a.Name == "NOTFOUND") && hit(a) {
			r.direct[a] = true
		}
		return true
	})
}

// attrCursor is the cursor whose attribute is read, nil if it is none of the program.
func (r *run) attrCursor(a *ir.CursorAttr) *cursor {
	n, ok := a.Cursor.(*ir.Name)
	if !ok {
		return nil
	}
	switch ref := n.Ref.(type) {
	case *ir.CursorRef:
		return r.cursors[ref.Decl]
	case *ir.VarRef:
		return r.cursors[ref.Decl]
	case *ir.ParamRef:
		return r.cursors[ref.Param]
	}
	return r.cursors[r.find(n.Parts[len(n.Parts)-1].Text)]
}

// attributes makes the variables for attributes of the cursors that a block declares, where they are read.
func (r *run) attributes(b *ir.Block) {
	any := false
	for _, c := range r.cursors {
		if c.at == b {
			any = true
			r.closedReads(b, c)
		}
	}
	if !any {
		return
	}
	ir.Walk(b, func(n ir.Node) bool {
		a, ok := n.(*ir.CursorAttr)
		if !ok || a.Cursor == nil || r.direct[a] {
			return true
		}
		c := r.attrCursor(a)
		if c == nil || c.at != b {
			return true
		}
		if c.given && a.Name != "ISOPEN" {
			r.Report(givenCursor, a.Span, "%s%%%s", c.name, a.Name)
		}
		if r.unsure[a] && c.open == nil {
			c.open = r.kept(c, "open", types.Bool{}, truth(false))
		}
		switch a.Name {
		case "FOUND", "NOTFOUND":
			if c.found == nil {
				c.found = r.kept(c, "found", types.Bool{}, nil)
			}
		case "ROWCOUNT":
			if c.count == nil {
				c.count = r.kept(c, "rowcount", types.Int{Bits: 32}, nil)
				if c.decl == nil { // another routine may open it
					c.count.Default = control.Int("0")
				}
			}
		case "ISOPEN":
			if c.open == nil && !c.given {
				c.open = r.kept(c, "open", types.Bool{}, truth(false))
			}
		}
		return true
	})
}

func (r *run) kept(c *cursor, what string, t types.Type, value ir.Expr) *ir.VarDecl {
	v := &ir.VarDecl{Name: ir.Ident{Text: control.Unused(r.root, strings.ToLower(c.name)+"_"+what)}, Type: t, TypeSQL: "boolean", Default: value}
	if _, ok := t.(types.Int); ok {
		v.TypeSQL = "integer"
	}
	v.Span = c.at.Span
	v.Made(code)
	return v
}

// attr replaces an attribute.
func (r *run) attr(e ir.Expr) ir.Expr {
	a, ok := e.(*ir.CursorAttr)
	if !ok {
		return e
	}
	if a.Cursor == nil {
		return r.implicitAttr(a)
	}
	c := r.attrCursor(a)
	if c == nil {
		return e
	}
	var out ir.Expr = e
	switch {
	case r.direct[a] && a.Name == "FOUND":
		out = control.Found()
	case r.direct[a]:
		out = control.Negate(control.Found())
	case a.Name == "FOUND" && c.found != nil:
		out = r.ofOpen(c, a, control.Var(c.found))
	case a.Name == "NOTFOUND" && c.found != nil:
		out = control.Negate(r.ofOpen(c, a, control.Var(c.found)))
	case a.Name == "ROWCOUNT" && c.count != nil:
		out = r.ofOpen(c, a, control.Var(c.count))
	case a.Name == "ISOPEN" && c.given:
		out = r.Helper("cursor_is_open", a, a.Cursor)
	case a.Name == "ISOPEN" && c.open != nil:
		out = control.Var(c.open)
	}
	out.Base().Span = a.Span
	return out
}

// ofOpen is an attribute that raises INVALID_CURSOR where the cursor is not open.
func (r *run) ofOpen(c *cursor, a *ir.CursorAttr, value ir.Expr) ir.Expr {
	if !r.unsure[a] || c.open == nil {
		return value
	}
	return r.Helper("of_open", value, control.Var(c.open), value)
}

// implicitAttr is an attribute of the last statement.
func (r *run) implicitAttr(a *ir.CursorAttr) ir.Expr {
	var out ir.Expr = a
	switch {
	case a.Name == "ISOPEN":
		out = truth(false)
	case r.direct[a] && r.rows == nil && a.Name == "FOUND":
		out = control.Found()
	case r.direct[a] && r.rows == nil && a.Name == "NOTFOUND":
		out = control.Negate(control.Found())
	case r.rows == nil:
	case a.Name == "ROWCOUNT":
		out = control.Var(r.rows)
	case a.Name == "FOUND":
		out = build.Compare(ir.Gt, control.Var(r.rows), control.Int("0"), a, code)
	case a.Name == "NOTFOUND":
		out = build.Compare(ir.Eq, control.Var(r.rows), control.Int("0"), a, code)
	}
	out.Base().Span = a.Span
	return out
}

// implicit finds out whether the number of rows of a routine's statements has to be kept.
func (r *run) implicit(body ir.Stmt) {
	needed := false
	var walk func(n ir.Node, caught bool)
	walk = func(n ir.Node, caught bool) {
		switch x := n.(type) {
		case *ir.RoutineDecl:
			return
		case *ir.Catch:
			caught = true
		case *ir.CursorAttr:
			if x.Cursor == nil && (x.Name == "ROWCOUNT" || x.Name == "FOUND" || x.Name == "NOTFOUND") && !r.direct[x] {
				needed = true
				if caught && !r.countedIn(body, x) {
					r.Report(handlerRead, x.Span, "SQL%%%s in a handler", x.Name)
				}
			}
		}
		ir.Children(n, func(c ir.Node) { walk(c, caught) })
	}
	walk(body, false)
	if r.rows = control.Rows(body); r.rows == nil && !needed {
		return
	}
	r.every = r.rows != nil // bulk statements set it as well
	if r.rows == nil {
		r.rows = &ir.VarDecl{Name: ir.Ident{Text: control.Unused(r.root, "sql_rowcount")}, Type: types.Int{Bits: 32}, TypeSQL: "integer"}
		r.rows.Span = body.Base().Span
		r.rows.Made(code)
	}
	control.EachList(body, func(list []ir.Stmt) []ir.Stmt {
		called := false
		for i, s := range list {
			if _, ok := s.(*ir.Transaction); ok {
				called = false
			}
			if reads(s) {
				if i == 0 || !counts(list[i-1]) {
					r.every = true
				}
				if called {
					r.Report(behindCall, s.Base().Span, "a call stands between the statement and its attribute")
				}
			}
			_, call := s.(*ir.CallProc)
			called = call || called && !counts(s)
		}
		return list
	})
}

// countedIn tells that a handler itself runs a statement that an attribute in it tells about.
func (r *run) countedIn(body ir.Stmt, a *ir.CursorAttr) bool {
	return ir.Find(body, func(n ir.Node) bool {
		c, ok := n.(*ir.Catch)
		if !ok {
			return false
		}
		seen, hit := false, false
		ir.Walk(c, func(x ir.Node) bool {
			if s, ok := x.(ir.Stmt); ok && counts(s) {
				seen = true
			}
			if x == ir.Node(a) {
				hit = seen
			}
			return true
		})
		return hit
	})
}

// reads tells that a statement itself reads an attribute of the last statement; of compound ones only the first condition counts.
func reads(s ir.Stmt) bool {
	var root ir.Node = s
	switch n := s.(type) {
	case *ir.If:
		root = n.Branches[0].Cond
	case *ir.Block, *ir.CaseStmt:
		return false
	case *ir.Loop:
		if n.Cond == nil {
			return false
		}
		root = n.Cond
	}
	return ir.Find(root, func(n ir.Node) bool {
		a, ok := n.(*ir.CursorAttr)
		return ok && a.Cursor == nil && a.Name != "ISOPEN"
	})
}

// counts tells that a statement is one that SQL%ROWCOUNT tells about.
func counts(s ir.Stmt) bool {
	switch s.(type) {
	case *ir.Insert, *ir.Update, *ir.Delete, *ir.Merge, *ir.SelectInto, *ir.MultiInsert, *ir.Execute:
		return true
	}
	return false
}

// noted puts the number of rows into its variable behind a statement.
func (r *run) noted(s, following ir.Stmt) []ir.Stmt {
	if r.rows == nil || !counts(s) || !r.every && (following == nil || !reads(following)) {
		return []ir.Stmt{s}
	}
	it := &ir.DiagItem{Target: control.Var(r.rows), Name: "ROW_COUNT"}
	it.Span = s.Base().Span
	g := &ir.GetDiagnostics{Items: []*ir.DiagItem{it}}
	g.Span = s.Base().Span
	g.Made(code)
	return []ir.Stmt{s, g}
}

// ended forgets the number of rows: COMMIT and ROLLBACK are statements without rows.
func (r *run) ended(s ir.Stmt) []ir.Stmt {
	t, ok := s.(*ir.Transaction)
	if !ok || r.rows == nil || !r.every || t.Kind != ir.CommitTransaction && t.Kind != ir.RollbackTransaction {
		return nil
	}
	zero := control.Set(control.Var(r.rows), control.Int("0"))
	zero.Span = t.Span
	zero.Items[0].Span = t.Span
	zero.Made(code)
	return []ir.Stmt{zero}
}

// renewed sets the attributes of a cursor variable that gets another cursor.
func (r *run) renewed(s ir.Stmt) []ir.Stmt {
	var out []ir.Stmt
	renew := func(e ir.Expr) {
		c := r.cursors[control.Target(e)]
		if c == nil || control.Target(e) == nil {
			return
		}
		if c.count != nil {
			out = append(out, control.Set(control.Var(c.count), control.Int("0")))
		}
		if c.found != nil {
			out = append(out, control.Set(control.Var(c.found), null(s)))
		}
		if c.open != nil {
			not := &ir.IsNull{Not: true, X: ir.Clone(e)}
			not.Type = types.Bool{}
			out = append(out, control.Set(control.Var(c.open), not))
		}
	}
	switch n := s.(type) {
	case *ir.SetVar:
		for _, it := range n.Items {
			renew(it.Target)
		}
	case *ir.CallProc:
		for i, a := range n.Args {
			if n.Routine == nil || i < len(n.Routine.Params) && n.Routine.Params[i].Mode != catalog.In {
				renew(a)
			}
		}
	}
	for _, x := range out {
		x.Base().Span = s.Base().Span
		x.Base().Made(code)
	}
	return out
}
