// Package plcursors holds the rule for the cursors of PL/SQL: declared ones, cursor variables, their attributes, and queries INTO variables.
package plcursors

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/types"
)

const code = "PL0420"

var (
	otherCursor = &diag.Code{
		ID: "PL0421", Title: "A cursor that is no variable of the routine", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The cursor is a field of a record, an element, a cursor of a package or a bind variable. Only cursors and cursor variables of the routine itself are converted.",
		Next: "Use a cursor variable of the routine.", Each: 0.5,
	}
	headOnly = &diag.Code{
		ID: "PL0422", Title: "A cursor whose query is not known", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The query of the cursor stands in the body of a package that is not converted with it, or the cursor is not declared.",
		Next: "Convert the declaration of the cursor together with the routine.", Each: 0.2,
	}
	bulkFetch = &diag.Code{
		ID: "PL0423", Title: "A query or FETCH into a collection", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "BULK COLLECT that no rule has converted.",
		Next: "Fetch row by row.", Each: 0.5,
	}
	closedRead = &diag.Code{
		ID: "PL0424", Title: "An attribute of a cursor behind CLOSE", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "%FOUND, %NOTFOUND and %ROWCOUNT of a closed cursor raise INVALID_CURSOR on the source. On the target they tell what they told before CLOSE.",
		Next: "Read the attribute before CLOSE.", Each: 0.1,
	}
	handlerRead = &diag.Code{
		ID: "PL0425", Title: "SQL%ROWCOUNT and its kin in a handler", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "The attributes of the implicit cursor tell the statement that failed on the source. On the target they tell the last one that did not.",
		Next: "Tell by the exception what happened.", Each: 0.1,
	}
	givenCursor = &diag.Code{
		ID: "PL0570", Title: "An attribute of a cursor variable that other routines use as well", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "%FOUND, %NOTFOUND and %ROWCOUNT of a cursor variable tell of all rows fetched from its cursor on the source, in any routine. On the target they count those that the routine itself fetches.",
		Next: "Check that no row is fetched from the cursor in another routine before the attribute is read.", Each: 0.1,
	}
	behindCall = &diag.Code{
		ID: "PL0426", Title: "SQL%ROWCOUNT behind a call", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "The attributes of the implicit cursor tell the last SQL statement of the session: one of the routine that was called in between, if it ran any. On the target they tell the last statement of the routine itself.",
		Next: "Save the attribute in a variable right behind its statement.", Each: 0.1,
	}
)

// Rule is PL0420.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "pl-cursors",
		Doc: `Cursors of PL/SQL (PL/SQL Language Reference, "Cursors Overview"). A query INTO variables needs exactly one row: INTO STRICT. A declared cursor becomes a refcursor whose query stands at OPEN, as
bound cursors of one name disturb one another before PostgreSQL 16; its parameters are replaced by the arguments. FETCH behind the last row keeps the variables, where the target sets them
to NULL: where that can be seen the row is fetched into variables of its own. %FOUND right behind FETCH is FOUND; attributes that are read later are kept in variables.`,
		Examples: []rewrite.Example{
			{From: dialect.Oracle, Setup: "CREATE TABLE t (id NUMBER PRIMARY KEY, v NUMBER);",
				Source: "CREATE PROCEDURE p AUTHID CURRENT_USER IS\n  CURSOR c IS SELECT id FROM t;\n  x NUMBER;\nBEGIN\n  OPEN c;\n  LOOP\n    FETCH c INTO x;\n    EXIT WHEN c%NOTFOUND;\n    UPDATE t SET v = 1 WHERE id = x;\n  END LOOP;\n  CLOSE c;\nEND;\n/",
				Target: "CREATE OR REPLACE PROCEDURE p()\nLANGUAGE plpgsql\nAS $$\nDECLARE\n  c refcursor;\n  x numeric;\nBEGIN\n  OPEN c FOR\n    SELECT id FROM t;\n  LOOP\n    FETCH c INTO x;\n    EXIT WHEN NOT found;\n    UPDATE t SET v = 1 WHERE id = x;\n  END LOOP;\n  CLOSE c;\nEND;\n$$;"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{otherCursor, headOnly, bulkFetch, closedRead, handlerRead, behindCall, givenCursor, currentOfView, ofCaller},
		Looks:    ir.Kinds(ir.KindCursorDecl, ir.KindOpenCursor, ir.KindFetchCursor, ir.KindCloseCursor, ir.KindCursorAttr, ir.KindLoop, ir.KindSelectInto, ir.KindLocking, ir.KindUpdate, ir.KindDelete),
		After:    map[string]string{"unraised": "it looks at what is asked of cursors", "object-values": "objects are selected into records", "gotos": "loops are made of jumps", "pl-triggers": "sections of compound triggers become triggers"},
		Run: func(p *rewrite.Pass) {
			for _, s := range p.Unit.Stmts {
				locks(s)
				currentViews(p, s)
				if control.IsProgram(s) && !p.Refused() {
					program(p, s)
				}
			}
		},
	}
}

// cursor is what is known of a cursor or cursor variable of the program.
type cursor struct {
	decl   *ir.CursorDecl // nil of a variable
	name   string         // on the target
	at     *ir.Block      // where it is declared; the body of a parameter's routine
	given  bool           // a parameter, or an argument of a call: others open, fetch and close it as well
	opens  int
	portal bool // of a package: the session has it under its name
	// found, count and open are the variables that keep attributes; nil where nobody asks.
	found, count, open *ir.VarDecl
	params             map[*ir.ParamDecl]*ir.VarDecl
	needed             bool // opened by itself
}

type run struct {
	*rewrite.Pass
	root    ir.Stmt
	cursors map[any]*cursor // by *ir.CursorDecl, *ir.VarDecl or *ir.ParamDecl
	rows    *ir.VarDecl     // SQL%ROWCOUNT
	every   bool            // it is noted behind every statement
	next    map[ir.Node]*ir.VarDecl
	scopes  []map[string]any // declared names of the blocks around
	top     *ir.Block        // of the routine at hand
	direct  map[*ir.CursorAttr]bool
	unsure  map[*ir.CursorAttr]bool // read where the cursor may be closed
	asked   map[string]bool         // the names, in lower case, of cursors whose attributes are read
}

func program(p *rewrite.Pass, s ir.Stmt) {
	r := &run{Pass: p, root: s, cursors: map[any]*cursor{}, direct: map[*ir.CursorAttr]bool{}, unsure: map[*ir.CursorAttr]bool{}}
	r.findDirect()
	r.findAsked()
	var walk func(ir.Stmt, ir.Stmt)
	walk = func(owner, body ir.Stmt) {
		if body == nil {
			return
		}
		r.rows, r.every = nil, false
		r.implicit(body)
		r.callers(owner, body)
		top, next := r.top, r.next
		r.next = map[ir.Node]*ir.VarDecl{} // they are declared in the routine at hand
		defer func() { r.top, r.next = top, next }()
		b, ok := body.(*ir.Block)
		if !ok {
			b = &ir.Block{Body: []ir.Stmt{body}}
			b.Span = body.Base().Span
		}
		if owner != nil {
			r.push()
			switch n := owner.(type) {
			case *ir.Routine:
				r.declareParams(n.Params, b)
			}
		}
		own := r.rows
		r.top = b
		r.block(b, walk)
		if own != nil && !slices.Contains(b.Decls, ir.Decl(own)) {
			b.Decls = append(b.Decls, own)
		}
		if owner != nil {
			r.pop()
			if x, ok := owner.(*ir.Routine); ok {
				x.Body = b
				return
			}
			control.SetBody(owner, b)
		}
	}
	if t, ok := s.(*ir.CreateTrigger); ok && len(t.Sections) > 0 {
		return // refused, or taken apart by the rule for triggers
	}
	walk(s, control.Body(s))
}

func (r *run) push() { r.scopes = append(r.scopes, map[string]any{}) }
func (r *run) pop()  { r.scopes = r.scopes[:len(r.scopes)-1] }

func (r *run) declare(name string, what any) { r.scopes[len(r.scopes)-1][strings.ToLower(name)] = what }

// find is what a name of a cursor stands for.
func (r *run) find(name string) any {
	for i := len(r.scopes) - 1; i >= 0; i-- {
		if x, ok := r.scopes[i][strings.ToLower(name)]; ok {
			return x
		}
	}
	return nil
}

func (r *run) declareParams(list []*ir.ParamDecl, body *ir.Block) {
	for _, d := range list {
		if isCursor(d.Type) {
			r.cursors[d] = &cursor{name: d.Name.Text, opens: 1, at: body, given: true}
		}
		r.declare(d.Name.Text, d)
	}
}

// handedOn tells that a cursor variable is an argument of a call.
func (r *run) handedOn(d *ir.VarDecl) bool {
	return ir.Find(r.root, func(n ir.Node) bool {
		var args []ir.Expr
		switch n := n.(type) {
		case *ir.CallProc:
			args = n.Args
		case *ir.RoutineCall:
			args = n.Args
		}
		return slices.ContainsFunc(args, func(a ir.Expr) bool {
			root := control.Root(a)
			return root != nil && control.Target(root) == ir.Node(d)
		})
	})
}

func isCursor(t types.Type) bool {
	_, ok := t.(types.Cursor)
	return ok
}

// block lowers the statements of a block, with what it declares in scope.
func (r *run) block(b *ir.Block, walk func(owner, body ir.Stmt)) {
	r.push()
	defer r.pop()
	for _, d := range b.Decls {
		switch d := d.(type) {
		case *ir.CursorDecl:
			r.cursors[d] = &cursor{decl: d, name: d.Name.Text, at: b, params: map[*ir.ParamDecl]*ir.VarDecl{}}
			r.declare(d.Name.Text, d)
		case *ir.VarDecl:
			if isCursor(d.Type) {
				r.cursors[d] = &cursor{name: d.Name.Text, at: b, given: isPortal(d) || r.handedOn(d), portal: isPortal(d)}
			}
			r.declare(d.Name.Text, d)
		}
	}
	r.attributes(b) // before nested routines, which read them too
	for _, d := range b.Decls {
		if d, ok := d.(*ir.RoutineDecl); ok && !d.Forward && d.Routine != nil {
			rows, every := r.rows, r.every
			walk(d.Routine, d.Routine.Body)
			r.rows, r.every = rows, every
		}
	}
	b.Body = r.list(b.Body, walk)
	for _, c := range b.Catches {
		c.Body = r.list(c.Body, walk)
	}
	for _, a := range b.Except {
		a.Body = r.list(a.Body, walk)
	}
	r.settle(b)
}

// settle gives the declarations of a block their form, and adds the variables for attributes.
func (r *run) settle(b *ir.Block) {
	var out []ir.Decl
	for _, d := range b.Decls {
		c := r.cursors[d]
		if c == nil {
			out = append(out, d)
			continue
		}
		if c.decl == nil {
			out = append(out, d)
		} else if c.needed {
			c.decl.Unbound, c.decl.Query, c.decl.Params = true, nil, nil
			c.decl.Made(code)
			out = append(out, d)
		}
		for _, v := range []*ir.VarDecl{c.found, c.count, c.open} {
			if v != nil {
				out = append(out, v)
			}
		}
		if c.decl != nil {
			for _, x := range c.order() {
				out = append(out, x)
			}
		}
	}
	for _, d := range r.paramCursors(b) {
		c := r.cursors[d]
		for _, v := range []*ir.VarDecl{c.found, c.count} {
			if v != nil {
				out = append(out, v)
			}
		}
	}
	b.Decls = out
}

// paramCursors are the cursor parameters of the routine that a block is the body of, in order.
func (r *run) paramCursors(b *ir.Block) []*ir.ParamDecl {
	var out []*ir.ParamDecl
	for d, c := range r.cursors {
		if p, ok := d.(*ir.ParamDecl); ok && c.at == b {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(x, y *ir.ParamDecl) int { return x.Span.Start - y.Span.Start })
	return out
}

// order are the variables of a cursor's parameters in order.
func (c *cursor) order() []*ir.VarDecl {
	var out []*ir.VarDecl
	seen := map[*ir.VarDecl]bool{}
	for i := 0; i < len(c.params); i++ {
		var least *ir.VarDecl
		for _, v := range c.params {
			if !seen[v] && (least == nil || v.Name.Text < least.Name.Text) {
				least = v
			}
		}
		seen[least] = true
		out = append(out, least)
	}
	return out
}

// list lowers the statements of a list.
func (r *run) list(list []ir.Stmt, walk func(owner, body ir.Stmt)) []ir.Stmt {
	var out []ir.Stmt
	for i := 0; i < len(list); i++ {
		if r.Refused() {
			return list
		}
		s := list[i]
		switch n := s.(type) {
		case *ir.Block:
			r.block(n, walk)
		case *ir.If:
			for _, b := range n.Branches {
				b.Cond = r.expr(b.Cond)
				b.Body = r.list(b.Body, walk)
			}
			if n.Else != nil {
				n.Else = r.list(n.Else, walk)
			}
		case *ir.CaseStmt:
			n.Operand = r.maybe(n.Operand)
			for _, b := range n.Branches {
				b.Cond = r.expr(b.Cond)
				b.Body = r.list(b.Body, walk)
			}
			if n.Else != nil {
				n.Else = r.list(n.Else, walk)
			}
		case *ir.Loop:
			out = append(out, r.loop(n, walk)...)
			continue
		case *ir.OpenCursor:
			out = append(out, r.open(n)...)
			continue
		case *ir.FetchCursor:
			var following ir.Stmt
			if i+1 < len(list) {
				following = list[i+1]
			}
			more, took := r.fetch(n, following)
			out = append(out, more...)
			if took {
				i++
			}
			continue
		case *ir.CloseCursor:
			out = append(out, r.shut(n)...)
			continue
		case *ir.SelectInto:
			r.selectInto(n)
			out = append(out, r.noted(r.plainStmt(s), following(list, i))...)
			continue
		default:
			out = append(out, r.noted(r.returning(r.plainStmt(s)), following(list, i))...)
			out = append(append(out, r.renewed(s)...), r.ended(s)...)
			continue
		}
		out = append(out, s)
	}
	return out
}

func following(list []ir.Stmt, i int) ir.Stmt {
	if i+1 < len(list) {
		return list[i+1]
	}
	return nil
}

func (r *run) maybe(e ir.Expr) ir.Expr {
	if e == nil {
		return nil
	}
	return r.expr(e)
}

// plainStmt replaces attributes in a statement without statements in it.
func (r *run) plainStmt(s ir.Stmt) ir.Stmt { return ir.MapExprs(s, r.attr) }

func (r *run) expr(e ir.Expr) ir.Expr { return ir.MapExprs(e, r.attr) }

// selectInto needs exactly one row.
func (r *run) selectInto(n *ir.SelectInto) {
	if n.Query.Common().Bulk {
		rewrite.Refuse(r.Pass, bulkFetch, n.Span, "BULK COLLECT INTO is not converted here")
		return
	}
	n.Strict = !control.ExactlyOne(n.Query)
}

// cursorOf is the cursor that a statement names.
func (r *run) cursorOf(name string, x ir.Expr, at ir.Node) *cursor {
	var d any
	if x == nil {
		d = r.find(name)
	} else if n, ok := x.(*ir.Name); ok {
		switch ref := n.Ref.(type) {
		case *ir.CursorRef:
			d = ref.Decl
		case *ir.VarRef:
			d = ref.Decl
		case *ir.ParamRef:
			d = ref.Param
		}
	}
	if c := r.cursors[d]; c != nil {
		return c
	}
	rewrite.Refuse(r.Pass, otherCursor, at.Base().Span, "the cursor %s is no variable of the routine", name)
	return nil
}

// locks makes FOR UPDATE OF column the table of the column.
func locks(s ir.Stmt) {
	ir.Walk(s, func(n ir.Node) bool {
		q, ok := n.(*ir.Select)
		if !ok {
			return true
		}
		for _, l := range q.Lock {
			l.Of = tablesOf(q, l.Of)
		}
		return true
	})
}

func tablesOf(q *ir.Select, columns []ir.Ident) []ir.Ident {
	var out []ir.Ident
	seen := map[string]bool{}
	var tables []*ir.TableRef
	for _, f := range q.From {
		ir.Walk(f, func(n ir.Node) bool {
			if t, ok := n.(*ir.TableRef); ok {
				tables = append(tables, t)
			}
			_, derived := n.(*ir.Derived)
			return !derived
		})
	}
	for _, c := range columns {
		hit := c
		for _, t := range tables {
			if t.Table != nil && t.Table.Column(c.Text) != nil {
				hit = t.Alias
				if hit.Text == "" {
					hit = t.Name.Parts[len(t.Name.Parts)-1]
				}
			}
		}
		if !seen[hit.Text] {
			seen[hit.Text] = true
			out = append(out, hit)
		}
	}
	return out
}
