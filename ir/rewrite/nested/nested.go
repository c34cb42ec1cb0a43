// Package nested holds the rule for routines that are declared in other routines and blocks.
package nested

import (
	"fmt"
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/plsql"
	"godwit/ir/types"
)

const code = "PL0440"

var (
	shared = &diag.Code{
		ID: "PL0441", Title: "A nested routine shares a variable in a way that arguments cannot", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "A nested routine changes a variable of the block around it, and the call passes the same variable as an argument that the routine changes, or the routine is a function that is called where it may be left out. Captured variables become INOUT parameters, which would lose one of the changes.",
		Next: "Pass the variable as a parameter only.", Each: 0.5,
	}
	onError = &diag.Code{
		ID: "PL0442", Title: "A nested routine changes a variable of the block around it, and may fail", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "Captured variables become INOUT parameters of the routine. Where it ends with an exception that the block handles, the source has the variable's new value, the target the old one.",
		Next: "Check whether the variable is read behind the handler.", Each: 0.2,
	}
	unknownRoutine = &diag.Code{
		ID: "PL0443", Title: "A nested routine without a body", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "A routine is declared ahead and never defined.",
		Next: "Define the routine.", Each: 0.1,
	}
	ownType = &diag.Code{
		ID: "PL0444", Title: "A nested routine over types of the block around it", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The routine has a parameter, result or shared variable of a record without a type on the target.",
		Next: "Declare the type in a package or schema.", Each: 0.5,
	}
)

// Rule is PL0440.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "nested-subprograms",
		Doc: `Procedures and functions that are declared in a routine or block (PL/SQL Language Reference, "Nested Subprograms") become routines of their own: with the name of the routine around in
front, or in the schema for temporary objects where they belong to an anonymous block. Variables of the block around are passed as parameters, INOUT where the routine changes them.`,
		Examples: []rewrite.Example{
			{From: dialect.Oracle, Setup: "CREATE TABLE t (id NUMBER);",
				Source: "CREATE PROCEDURE p AUTHID CURRENT_USER IS\n  n NUMBER := 0;\n  PROCEDURE add(k NUMBER) IS BEGIN n := n + k; END;\nBEGIN\n  add(2);\n  INSERT INTO t VALUES (n);\nEND;\n/",
				Target: "CREATE OR REPLACE PROCEDURE p_add(INOUT n numeric, k numeric)\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  n := n + k;\nEND;\n$$;\nCREATE OR REPLACE PROCEDURE p()\nLANGUAGE plpgsql\nAS $$\nDECLARE\n  n numeric := 0;\nBEGIN\n  CALL p_add(n, 2);\n  INSERT INTO t VALUES (n);\nEND;\n$$;"},
		},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{shared, onError, unknownRoutine, ownType},
		Looks:    ir.Kinds(ir.KindRoutineDecl),
		After:    map[string]string{"json-documents": "variables of the routines around are no parameters yet", "catches": "handlers and cursors add variables, and know what nested routines do"},
		Run: func(p *rewrite.Pass) {
			var out []ir.Stmt
			for _, s := range p.Unit.Stmts {
				if p.Refused() {
					return
				}
				out = append(append(out, lift(p, s)...), s)
			}
			if !p.Refused() {
				p.Unit.Stmts = out
			}
		},
	}
}

// sub is a nested routine.
type sub struct {
	*ir.Routine
	decl    *ir.RoutineDecl
	owner   string
	calls   map[*sub]bool
	reads   map[ir.Node]bool // captured declarations
	writes  map[ir.Node]bool // those that it changes
	order   []ir.Node
	params  map[ir.Node]*ir.ParamDecl
	written bool
}

type run struct {
	*rewrite.Pass
	root    ir.Stmt
	subs    []*sub
	of      map[*catalog.Routine]*sub
	taken   map[string]bool
	rows    map[*ir.VarDecl]string // rows of loops that routines use, with their types
	types   []ir.Stmt              // that create these types
	exposed map[*sub]bool          // called where a handler takes their errors
	cursors map[string][]ir.Node   // of the program, by lower-case name, in order
}

func lift(p *rewrite.Pass, s ir.Stmt) []ir.Stmt {
	if !control.IsProgram(s) {
		return nil
	}
	r := &run{Pass: p, root: s, of: map[*catalog.Routine]*sub{}, taken: map[string]bool{}, rows: map[*ir.VarDecl]string{}}
	r.gather(s, ownerName(s))
	if len(r.subs) == 0 {
		return nil
	}
	r.exposed = map[*sub]bool{}
	r.findCursors()
	r.expose(s)
	for _, x := range r.subs {
		r.captures(x)
	}
	r.spread()
	for _, x := range r.subs {
		r.parameters(x)
	}
	for _, x := range r.subs {
		r.rename(x, s)
		r.own(x)
	}
	r.calls(s)
	for _, x := range r.subs {
		r.calls(x.Routine)
	}
	remove(s)
	out := r.types
	_, anonymous := s.(*ir.Block)
	for _, x := range r.subs {
		remove(x.Routine)
		if anonymous {
			out = append(out, r.drop(x)...)
		}
		x.Lead = append(x.decl.Lead, x.Lead...)
		x.Security = "invoker" // that of the routine around, which says so
		out = append(out, x.Routine)
	}
	return out
}

func ownerName(s ir.Stmt) string {
	switch n := s.(type) {
	case *ir.Routine:
		if n.Object != nil && n.Object.Target != "" {
			return n.Object.Package.OwnName(catalog.RoutineSpace, n.Object.Target)
		}
		return strings.ToLower(n.Name.Name())
	case *ir.CreateTrigger:
		return strings.ToLower(n.Name.Name())
	}
	return ""
}

// gather finds the nested routines, outer ones first.
func (r *run) gather(s ir.Node, owner string) {
	ir.WalkStatements(s, func(n ir.Node) bool {
		d, ok := n.(*ir.RoutineDecl)
		if !ok || d.Routine == nil {
			return true
		}
		if d.Forward || d.Routine.Body == nil {
			return false
		}
		x := &sub{Routine: d.Routine, decl: d, owner: owner, calls: map[*sub]bool{}, reads: map[ir.Node]bool{}, writes: map[ir.Node]bool{}, params: map[ir.Node]*ir.ParamDecl{}}
		r.subs = append(r.subs, x)
		if d.Routine.Object != nil {
			r.of[d.Routine.Object] = x
		}
		inner := strings.ToLower(d.Routine.Name.Name())
		if owner != "" {
			inner = owner + "_" + inner
		}
		r.gather(d.Routine.Body, inner)
		return false
	})
}

// expose notes the routines that blocks with exception arms call.
func (r *run) expose(s ir.Node) {
	ir.WalkStatements(s, func(n ir.Node) bool {
		b, ok := n.(*ir.Block)
		if !ok || len(b.Except) == 0 {
			return true
		}
		ir.Walk(&ir.Block{Body: b.Body}, func(n ir.Node) bool {
			if c := r.callee(n); c != nil {
				r.exposed[c] = true
			}
			return true
		})
		return true
	})
}

// callee is the nested routine that a node calls, nil if it is none.
func (r *run) callee(n ir.Node) *sub {
	switch n := n.(type) {
	case *ir.CallProc:
		return r.of[n.Routine]
	case *ir.RoutineCall:
		return r.of[n.Routine]
	}
	return nil
}

// captures finds what a routine itself uses of the blocks around it.
func (r *run) captures(x *sub) {
	local := map[ir.Node]bool{}
	ir.Walk(x.Routine, func(n ir.Node) bool {
		switch n.(type) {
		case *ir.VarDecl, *ir.ParamDecl, *ir.CursorDecl:
			local[n] = true
		case *ir.RoutineDecl:
			return true
		}
		return true
	})
	note := func(d ir.Node, write bool) {
		if v, ok := d.(*ir.VarDecl); ok && special(v) {
			return
		}
		if d == nil || local[d] {
			return
		}
		if !x.reads[d] {
			x.reads[d] = true
			x.order = append(x.order, d)
		}
		x.writes[d] = x.writes[d] || write
	}
	written := map[ir.Node]bool{}
	ir.Walk(x.Routine, func(n ir.Node) bool {
		for _, e := range control.Written(n) {
			if root := control.Root(e); root != nil {
				written[root] = true
			}
		}
		switch n := n.(type) {
		case *ir.RoutineDecl:
			return ir.Stmt(n.Routine) == ir.Stmt(x.Routine)
		case *ir.Name:
			note(control.DeclOf(n), written[n])
		case *ir.OpenCursor:
			r.cursor(n.Name, local, x, note, true)
		case *ir.FetchCursor:
			r.cursor(n.Name, local, x, note, false)
		case *ir.CloseCursor:
			r.cursor(n.Name, local, x, note, false)
		}
		if c := r.callee(n); c != nil && c != x {
			x.calls[c] = true
		}
		return true
	})
}

func special(v *ir.VarDecl) bool {
	switch v.TargetName {
	case "found", "sqlstate", "sqlerrm", "new", "old":
		return true
	}
	return false
}

// findCursors lists the cursors of the program.
func (r *run) findCursors() {
	r.cursors = map[string][]ir.Node{}
	ir.Walk(r.root, func(n ir.Node) bool {
		switch d := n.(type) {
		case *ir.CursorDecl:
			k := strings.ToLower(d.Name.Text)
			r.cursors[k] = append(r.cursors[k], d)
		case *ir.VarDecl:
			if _, ok := d.Type.(types.Cursor); ok {
				k := strings.ToLower(d.Name.Text)
				r.cursors[k] = append(r.cursors[k], d)
			}
		}
		return true
	})
}

// cursor notes the use of a cursor of the blocks around by its name.
func (r *run) cursor(name string, local map[ir.Node]bool, x *sub, note func(ir.Node, bool), write bool) {
	own := ir.Find(x.Routine, func(n ir.Node) bool {
		switch d := n.(type) {
		case *ir.CursorDecl:
			return strings.EqualFold(d.Name.Text, name)
		case *ir.VarDecl:
			return strings.EqualFold(d.Name.Text, name)
		case *ir.ParamDecl:
			return strings.EqualFold(d.Name.Text, name)
		}
		return false
	})
	list := slices.DeleteFunc(slices.Clone(r.cursors[strings.ToLower(name)]), func(d ir.Node) bool { return local[d] })
	if len(list) > 0 && !own {
		note(list[len(list)-1], write)
	}
}

// spread gives routines what those need that they call.
func (r *run) spread() {
	for again := true; again; {
		again = false
		for _, x := range r.subs {
			for c := range x.calls {
				for _, d := range c.order {
					if declaredIn(x.Routine, d) {
						continue
					}
					if !x.reads[d] {
						x.reads[d] = true
						x.order = append(x.order, d)
						again = true
					}
					if c.writes[d] && !x.writes[d] {
						x.writes[d] = true
						again = true
					}
				}
			}
		}
	}
}

func declaredIn(r *ir.Routine, d ir.Node) bool {
	return ir.Find(r, func(n ir.Node) bool { return n == d })
}

// parameters adds a parameter for each captured declaration, in front of the routine's own.
func (r *run) parameters(x *sub) {
	var list []*ir.ParamDecl
	used := map[string]bool{"result": x.Kind == catalog.Function} // the column of the result keeps its name
	for _, p := range x.Params {
		used[strings.ToLower(p.Name.Text)] = true
	}
	ir.Walk(x.Body, func(n ir.Node) bool {
		if v, ok := n.(*ir.VarDecl); ok {
			used[strings.ToLower(v.Name.Text)] = true
		}
		return true
	})
	for _, d := range x.order {
		p := &ir.ParamDecl{}
		switch d := d.(type) {
		case *ir.VarDecl:
			p.Name, p.Type, p.TypeSQL, p.Span = d.Name, d.Type, bare(d.TypeSQL), d.Span
			if p.TypeSQL == "" {
				if sql, ok := r.Lower.TypeSQL(d.Type); ok {
					p.TypeSQL = bare(sql)
				}
			}
			if p.TypeSQL == "record" && !r.row(d, x) {
				rewrite.Refuse(r.Pass, ownType, x.Span, "routine %s uses the record %s", x.Name, d.Name.Text)
			}
			if t := r.rows[d]; t != "" {
				p.TypeSQL = t
			}
		case *ir.ParamDecl:
			p.Name, p.Type, p.TypeSQL, p.Span = d.Name, d.Type, d.TypeSQL, d.Span
			if p.TypeSQL == "" {
				p.TypeSQL, _ = plsql.ParamType(d.Mode, d.Type, r.Lower.TypeSQL)
			}
		case *ir.CursorDecl:
			p.Name, p.Type, p.Span = d.Name, types.Cursor{}, d.Span
		}
		p.Type = plsql.Unlimited(p.Type)
		p.Made(code)
		for i := 2; used[strings.ToLower(p.Name.Text)]; i++ {
			p.Name = ir.Ident{Text: fmt.Sprintf("%s_%d", strings.TrimRight(p.Name.Text, "_0123456789"), i)}
		}
		used[strings.ToLower(p.Name.Text)] = true
		if x.writes[d] {
			p.Mode = catalog.InOut
			x.written = true
		}
		x.params[d] = p
		list = append(list, p)
	}
	x.Params = append(list, x.Params...)
	if x.Object != nil {
		var cp []catalog.Param
		for _, p := range list {
			cp = append(cp, catalog.Param{Name: p.Name.Text, Mode: p.Mode, Type: p.Type})
		}
		x.Object.Params = append(cp, x.Object.Params...)
	}
	if x.written && r.exposed[x] {
		r.Report(onError, x.Span, "%s changes a variable of the block around it", x.Name)
	}
}

// bare is a type without length and digits.
func bare(sql string) string {
	if i := strings.IndexByte(sql, '('); i >= 0 && strings.HasSuffix(sql, ")") {
		return sql[:i]
	}
	return strings.TrimSuffix(sql, "%ROWTYPE")
}

// rename gives a routine its name.
func (r *run) rename(x *sub, s ir.Stmt) {
	base := strings.ToLower(x.Name.Name())
	name, schema, of := base, "", ""
	switch n := s.(type) {
	case *ir.Block:
		schema = "pg_temp"
	case *ir.Routine:
		schema, of = n.Name.Schema(), x.owner
		if n.Object != nil && n.Object.TargetSchema != "" {
			schema = n.Object.TargetSchema
		}
	case *ir.CreateTrigger:
		schema, of = n.Name.Schema(), x.owner
	}
	if of != "" {
		name = of + "_" + base
	}
	full := inPackage(s, catalog.RoutineSpace, r.Lower.Fold(name)) // the target cuts longer names, and would take two for one
	for i := 2; r.taken[full] || len(of) > 0 && (r.exists(schema, full, x.Object) || r.others(schema, full)); i++ {
		full = inPackage(s, catalog.RoutineSpace, r.Lower.Fold(fmt.Sprintf("%s_%d", name, i)))
	}
	r.taken[full] = true
	if of != "" {
		made(r.Pass)[schema+"."+full] = identity(s)
	}
	x.Name = ir.Qualified(schema, full)
	if x.Object == nil {
		x.Object = &catalog.Routine{Kind: x.Kind}
	}
	x.Object.TargetSchema, x.Object.Target = schema, full
}

// inPackage is the name of what is made for a routine, which stands where the routine's package does.
func inPackage(s ir.Stmt, space catalog.Space, name string) string {
	if x, ok := s.(*ir.Routine); ok && x.Object != nil {
		return x.Object.Package.TargetName(space, name)
	}
	return name
}

func (r *run) exists(schema, name string, own *catalog.Routine) bool {
	for _, k := range []catalog.RoutineKind{catalog.Procedure, catalog.Function} {
		for _, n := range []string{name, strings.ToUpper(name)} {
			if o := r.Catalog.Routine(k, schema, n); o != nil && o != own {
				return true
			}
		}
	}
	return false
}

const droppedKey = "nested.temporary"

// drop removes a temporary routine of the same name that an earlier block of the session has made.
func (r *run) drop(x *sub) []ir.Stmt {
	m, _ := r.Session.State[droppedKey].(map[string]bool)
	if m == nil {
		m = map[string]bool{}
		r.Session.State[droppedKey] = m
	}
	name := x.Object.Target
	if !m[name] {
		m[name] = true
		return nil
	}
	d := &ir.RawStmt{Text: "DROP ROUTINE IF EXISTS pg_temp." + quote(name)}
	d.Span = x.Span
	d.Made(code)
	return []ir.Stmt{d}
}

func quote(name string) string {
	for _, c := range name {
		if !(c >= 'a' && c <= 'z' || c == '_' || c >= '0' && c <= '9') {
			return `"` + strings.ReplaceAll(name, `"`, `""`) + `"`
		}
	}
	return name
}

// own makes the names in a routine that stand for captured declarations stand for its parameters.
func (r *run) own(x *sub) {
	ir.Walk(x.Routine, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.RoutineDecl:
			return false
		case *ir.Name:
			r.bind(n, x)
		case *ir.OpenCursor:
			n.Name = x.cursorName(n.Name)
		case *ir.FetchCursor:
			n.Name = x.cursorName(n.Name)
		case *ir.CloseCursor:
			n.Name = x.cursorName(n.Name)
		}
		return true
	})
}

func (r *run) bind(n *ir.Name, x *sub) {
	if f, ok := n.Ref.(*ir.FieldRef); ok {
		if b, ok := f.Of.(*ir.Name); ok {
			c := *b
			r.bind(&c, x)
			n.Ref = &ir.FieldRef{Of: &c, Field: f.Field}
		}
		return
	}
	if p := x.params[control.Target(n)]; p != nil {
		n.Parts = []ir.Ident{p.Name}
		n.Ref = &ir.ParamRef{Param: p}
	}
}

func (x *sub) cursorName(name string) string {
	for d, p := range x.params {
		switch d := d.(type) {
		case *ir.CursorDecl:
			if strings.EqualFold(d.Name.Text, name) {
				return p.Name.Text
			}
		case *ir.VarDecl:
			if strings.EqualFold(d.Name.Text, name) {
				return p.Name.Text
			}
		}
	}
	return name
}

// calls adds the captured variables to the calls of nested routines in a program, outside of those routines.
func (r *run) calls(s ir.Stmt) {
	body := control.Body(s)
	if body == nil {
		return
	}
	var in *sub
	for _, x := range r.subs {
		if ir.Stmt(x.Routine) == s {
			in = x
		}
	}
	top, ok := body.(*ir.Block)
	if !ok {
		top = &ir.Block{Body: []ir.Stmt{body}}
		top.Span = body.Base().Span
		control.SetBody(s, top)
	}
	h := &plsql.Hoist{
		Picks: func(c *ir.RoutineCall) bool {
			x := r.of[c.Routine]
			return x != nil && x.written && x.Kind == catalog.Function
		},
		Take: func(c *ir.RoutineCall, into ir.Expr) ([]ir.Stmt, ir.Expr) {
			return r.take(c, into, top)
		},
		Refuse: func(n ir.Node) {
			rewrite.Refuse(r.Pass, shared, n.Base().Span, "the call of a nested function that changes variables around it")
		},
		Temp: func(t types.Type, like ir.Node) *ir.VarDecl {
			v := &ir.VarDecl{Name: ir.Ident{Text: control.Unused(r.root, "condition")}, Type: t}
			v.Span = like.Base().Span
			v.Made(code)
			top.Decls = append(top.Decls, v)
			return v
		},
	}
	enter := func(n ir.Node) bool {
		_, decl := n.(*ir.RoutineDecl)
		return !decl
	}
	add := func(c *sub, args []ir.Expr, at ir.Node) []ir.Expr {
		var out []ir.Expr
		for _, d := range c.order {
			var e ir.Expr
			for _, a := range args {
				if c.writes[d] && control.Target(bareArg(a)) == d && d != nil && r.givesBack(c, args, a) {
					rewrite.Refuse(r.Pass, shared, at.Base().Span, "the call passes a variable that %s changes by itself", c.Name)
				}
			}
			e = r.argument(d)
			if in != nil && in.params[d] != nil {
				p := in.params[d]
				n := &ir.Name{Parts: []ir.Ident{p.Name}, Ref: &ir.ParamRef{Param: p}}
				n.Type = p.Type
				e = n
			}
			e.Base().Span = at.Base().Span
			out = append(out, e)
		}
		return append(out, args...)
	}
	out := ir.MapPre[ir.Stmt](top, enter, func(n ir.Node) ir.Node {
		switch n := n.(type) {
		case *ir.RoutineCall:
			if c := r.of[n.Routine]; c != nil {
				n.Args = add(c, n.Args, n)
				n.Name = c.Name
			}
			return n
		case *ir.CallProc:
			if c := r.of[n.Routine]; c != nil {
				n.Args = add(c, n.Args, n)
				n.Name = c.Name
			}
		case *ir.SelectInto:
			return r.fetched(n, top)
		}
		if ir.HoldsStatements(n) {
			return h.Statements(n)
		}
		return n
	})
	_ = out
}

func bareArg(a ir.Expr) ir.Expr {
	if n, ok := a.(*ir.NamedArg); ok {
		return n.Value
	}
	return a
}

// givesBack tells that an argument takes a value back.
func (r *run) givesBack(c *sub, args []ir.Expr, a ir.Expr) bool {
	own := c.Params[len(c.order):]
	for i, x := range args {
		if x != a {
			continue
		}
		if n, ok := a.(*ir.NamedArg); ok {
			for _, p := range own {
				if strings.EqualFold(p.Name.Text, n.Name.Text) {
					return p.Mode != catalog.In
				}
			}
		}
		return i < len(own) && own[i].Mode != catalog.In
	}
	return false
}

func name(d ir.Node) ir.Expr {
	n := &ir.Name{}
	switch d := d.(type) {
	case *ir.VarDecl:
		n.Parts, n.Ref, n.Type = []ir.Ident{d.Name}, &ir.VarRef{Decl: d}, d.Type
	case *ir.ParamDecl:
		n.Parts, n.Ref, n.Type = []ir.Ident{d.Name}, &ir.ParamRef{Param: d}, d.Type
	case *ir.CursorDecl:
		n.Parts, n.Ref, n.Type = []ir.Ident{d.Name}, &ir.CursorRef{Decl: d}, types.Cursor{}
	}
	return n
}

// take calls a function that changes captured variables in a statement of its own.
func (r *run) take(c *ir.RoutineCall, into ir.Expr, top *ir.Block) ([]ir.Stmt, ir.Expr) {
	x := r.of[c.Routine]
	var outs []ir.Expr
	var columns, names []string
	for i, p := range x.Params {
		names = append(names, p.Name.Text)
		if i < len(x.order) && p.Mode != catalog.In {
			outs, columns = append(outs, ir.Clone(c.Args[i])), append(columns, p.Name.Text)
		}
	}
	result := into
	if into == nil || control.Target(into) == nil || slices.ContainsFunc(outs, func(e ir.Expr) bool { return control.Target(e) == control.Target(into) }) {
		into = nil
		v := &ir.VarDecl{Name: ir.Ident{Text: control.Unused(r.root, x.Object.Target+"_result")}, Type: plsql.Unlimited(x.Returns)}
		v.Span = c.Span
		v.Made(code)
		top.Decls = append(top.Decls, v)
		result = control.Var(v)
	}
	star := &ir.Star{}
	star.Type = types.Null{}
	q := &ir.Select{Items: []*ir.SelectItem{{Expr: star}}, From: []ir.TableExpr{&ir.TableFunc{Call: c}}}
	q.Span = c.Span
	q.Into = append(outs, result)
	s := &ir.SelectInto{Query: q}
	s.Span = c.Span
	s.Made(code)
	list := []ir.Stmt{s}
	if d, sets := plsql.ByRow(r.root, q, append(columns, plsql.ResultName(names)), c); d != nil {
		d.Made(code)
		top.Decls = append(top.Decls, d)
		list = append(list, sets...)
	}
	if into != nil && result == into {
		return list, nil
	}
	return list, ir.Clone(result)
}

// fetched gives the captured variables back where a function with parameters of its own that give values back has been called in a statement of its own before: its columns
// begin with theirs.
func (r *run) fetched(s *ir.SelectInto, top *ir.Block) ir.Node {
	q, ok := s.Query.(*ir.Select)
	if !ok || len(q.From) != 1 {
		return s
	}
	f, ok := q.From[0].(*ir.TableFunc)
	if !ok {
		return s
	}
	c, ok := f.Call.(*ir.RoutineCall)
	if !ok || r.of[c.Routine] == nil || !r.of[c.Routine].written {
		return s
	}
	x := r.of[c.Routine]
	var outs []ir.Expr
	var columns, names []string
	for i, p := range x.Params {
		names = append(names, p.Name.Text)
		if p.Mode == catalog.In {
			continue
		}
		columns = append(columns, p.Name.Text)
		if i < len(x.order) {
			outs = append(outs, ir.Clone(c.Args[i]))
		}
	}
	for _, o := range outs {
		if slices.ContainsFunc(q.Into, func(e ir.Expr) bool { return control.Target(e) == control.Target(o) }) {
			rewrite.Refuse(r.Pass, shared, c.Span, "the call passes a variable that %s changes by itself", c.Name)
			return s
		}
	}
	if row := control.Target(q.Into[0]); len(q.Into) == 1 && len(columns) > len(outs) {
		return &ir.Splice{StmtMeta: s.StmtMeta, Stmts: append([]ir.Stmt{s}, fields(row, outs, columns, c)...)}
	}
	q.Into = append(outs, q.Into...)
	d, sets := plsql.ByRow(r.root, q, append(columns, plsql.ResultName(names)), c)
	if d == nil {
		return s
	}
	d.Made(code)
	top.Decls = append(top.Decls, d)
	return &ir.Splice{StmtMeta: s.StmtMeta, Stmts: append([]ir.Stmt{s}, sets...)}
}

// fields assigns variables from the columns of a row that has been fetched.
func fields(row ir.Node, into []ir.Expr, columns []string, at ir.Node) []ir.Stmt {
	var sets []ir.Stmt
	d, ok := row.(*ir.VarDecl)
	if !ok {
		return nil
	}
	for i, o := range into {
		n := &ir.Name{Parts: []ir.Ident{d.Name, {Text: columns[i]}}, Ref: &ir.FieldRef{Of: control.Var(d), Field: columns[i]}}
		n.Span, n.Type = at.Base().Span, o.TypeOf()
		sets = append(sets, control.Set(o, n))
	}
	return sets
}

// remove takes the declarations of nested routines out of a program.
func remove(s ir.Stmt) {
	ir.WalkStatements(s, func(n ir.Node) bool {
		b, ok := n.(*ir.Block)
		if !ok {
			return true
		}
		var keep []ir.Decl
		for _, d := range b.Decls {
			if _, is := d.(*ir.RoutineDecl); !is {
				keep = append(keep, d)
			}
		}
		b.Decls = keep
		return true
	})
}
