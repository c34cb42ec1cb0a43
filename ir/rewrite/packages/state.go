package packages

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/rewrite/plsql"
	"godwit/ir/types"
)

const stateCode = "PK0230"

var (
	sharedCursor = &diag.Code{
		ID: "PK0231", Title: "A cursor of a package that stays open", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "A cursor of a package that one routine opens and another one fetches from or closes stays open between the calls, and lives through COMMIT. On the target a cursor belongs to the routine and the transaction that opens it.",
		Next: "Open, fetch from and close the cursor in one routine, or use a cursor variable.", Each: 0.5,
	}
	notConverted = &diag.Code{
		ID: "PK0232", Title: "A use of a package's variable that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The variable stands where the target needs a variable of the routine.",
		Next: "Assign the package's variable to a local one first.", Each: 0.2,
	}
)

// State is PK0230.
func State() *rewrite.Rule {
	return &rewrite.Rule{
		Code: stateCode, Name: "package-state",
		Doc: `A variable of a package (PL/SQL Language Reference, "Package State") is read by a call of the function of its name, and assigned by a call of set_ and its name. A constant that is a
literal stands as itself. Where a statement gives values back, they go into a local variable first. Loops over a cursor of a package get a copy of the cursor.`,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE PACKAGE p AS n NUMBER := 1; END;\n/\n", Source: "CREATE PROCEDURE q IS BEGIN p.n := p.n + 1; END;",
			Target: "CREATE OR REPLACE PROCEDURE q()\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  PERFORM p.set_n(p.n() + 1);\nEND;\n$$;",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{sharedCursor, notConverted},
		After: map[string]string{"encoded-attributes": "what changes a part of an object becomes statements", "packages": "routines of packages stand alone", "package-cursors": "cursors of packages are variables of routines", "dynamic-sql": "texts become statements",
			"indexable": "conditions read variables in subqueries"},
		Run: func(p *rewrite.Pass) {
			for i, s := range p.Unit.Stmts {
				if p.Refused() {
					return
				}
				p.Unit.Stmts[i] = references(p, s)
			}
		},
	}
}

type refs struct {
	*rewrite.Pass
	root ir.Stmt
	top  *ir.Block
	// values are the variables that hold a package's variable around a statement.
	values map[*catalog.PackageVar]*ir.VarDecl
	made   map[*catalog.PackageVar]*ir.CursorDecl
}

func references(p *rewrite.Pass, s ir.Stmt) ir.Stmt {
	has := ir.Find(s, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.Name:
			return memberOf(n) != nil
		case *ir.RoutineCall:
			return overloaded(p, n.Routine)
		case *ir.CallProc:
			return overloaded(p, n.Routine)
		}
		return false
	})
	if !has {
		return s
	}
	r := &refs{Pass: p, root: s}
	if control.IsProgram(s) {
		r.program(s)
	}
	return r.reads(s)
}

// memberOf is the variable of a package that a name or the record before its field is; nil if it is none.
func memberOf(n *ir.Name) *ir.PackageRef {
	switch ref := n.Ref.(type) {
	case *ir.PackageRef:
		return ref
	case *ir.FieldRef:
		if b, ok := ref.Of.(*ir.Name); ok {
			return memberOf(b)
		}
	}
	return nil
}

// program rewrites the assignments of a routine and of those that it declares.
func (r *refs) program(owner ir.Stmt) {
	ir.WalkStatements(owner, func(n ir.Node) bool {
		if d, ok := n.(*ir.RoutineDecl); ok && d.Routine != nil && ir.Stmt(d.Routine) != owner {
			if d.Routine.Body != nil {
				in := &refs{Pass: r.Pass, root: r.root}
				in.program(d.Routine)
			}
			return false
		}
		return true
	})
	body := control.Body(owner)
	if body == nil {
		return
	}
	b, ok := body.(*ir.Block)
	if !ok {
		b = &ir.Block{Body: []ir.Stmt{body}}
		b.Span = body.Base().Span
		control.SetBody(owner, b)
	}
	r.top, r.made, r.values = b, map[*catalog.PackageVar]*ir.CursorDecl{}, map[*catalog.PackageVar]*ir.VarDecl{}
	enter := func(n ir.Node) bool {
		_, decl := n.(*ir.RoutineDecl)
		return !decl && ir.HoldsStatements(n)
	}
	_ = ir.MapPre[ir.Stmt](b, enter, func(n ir.Node) ir.Node {
		if s, ok := n.(ir.Stmt); ok {
			return r.stmt(s)
		}
		return n
	})
}

func (r *refs) stmt(s ir.Stmt) ir.Node {
	switch n := s.(type) {
	case *ir.SetVar:
		if len(n.Items) == 1 && n.Items[0].Value != nil {
			if t, ok := n.Items[0].Target.(*ir.Name); ok {
				if ref, ok := t.Ref.(*ir.PackageRef); ok {
					return control.Take(stateCode, n, r.assign(ref, n.Items[0].Value, n))
				}
			}
			if partOfMember(n.Items[0].Target) && ir.Find(n.Items[0].Value, isCall) {
				return r.valueFirst(n)
			}
		}
	case *ir.CallProc:
		chosen(r.Pass, n.Routine, n.Args)
		if list := r.partsHanded(n); len(list) > 1 {
			return control.Take(stateCode, n, list...)
		}
	case *ir.Loop:
		r.loop(n)
		return n
	case *ir.OpenCursor:
		r.cursor(n, &n.Name, &n.X)
	case *ir.FetchCursor:
		r.cursor(n, &n.Name, &n.X)
	case *ir.CloseCursor:
		r.cursor(n, &n.Name, &n.X)
	case *ir.Block, *ir.If, *ir.CaseStmt:
		return n
	}
	var before, after []ir.Stmt
	local := map[*catalog.PackageVar]*ir.VarDecl{}
	swap := func(e ir.Expr) {
		name := control.Root(e)
		if name == nil {
			return
		}
		ref := memberOf(name)
		if ref == nil {
			return
		}
		d := local[ref.Member]
		if d == nil {
			d = r.value(ref.Member, s)
			local[ref.Member] = d
			whole := &ir.Name{Parts: []ir.Ident{{Text: ref.Member.Name}}, Ref: ref}
			whole.Type, whole.Span = ref.Member.Type, name.Span
			if _, field := name.Ref.(*ir.FieldRef); field || ir.Expr(name) != e || !assigns(s) {
				before = append(before, control.Set(control.Var(d), whole))
			}
			after = append(after, r.assign(ref, control.Var(d), s))
		}
		rebase(name, d)
	}
	for _, e := range assigned(s) {
		swap(e)
	}
	if len(local) == 0 {
		return s
	}
	list := append(append(before, s), after...)
	for _, x := range list {
		if !x.Base().Span.IsValid() {
			x.Base().Span = s.Base().Span
		}
	}
	return control.Take(stateCode, s, list...)
}

// partOfMember tells a field or element of a variable of a package.
func partOfMember(e ir.Expr) bool {
	root := control.Root(e)
	if root == nil || memberOf(root) == nil {
		return false
	}
	_, whole := root.Ref.(*ir.PackageRef)
	return !whole || ir.Expr(root) != e
}

func isCall(n ir.Node) bool {
	_, ok := n.(*ir.RoutineCall)
	return ok
}

// valueFirst computes what is assigned to a part of a variable of a package before the variable is read: the call in it may change other
// parts.
func (r *refs) valueFirst(n *ir.SetVar) ir.Node {
	it := n.Items[0]
	d := r.part(it.Target, n)
	first := control.Set(control.Var(d), it.Value)
	it.Value = control.Var(d)
	return control.Take(stateCode, n, first, r.list(n))
}

// partsHanded passes variables in place of parts of package variables to the parameters that a call may change; the parts are assigned
// behind the call, which may change others of the same variable.
func (r *refs) partsHanded(n *ir.CallProc) []ir.Stmt {
	if n.Routine == nil {
		return nil
	}
	list := []ir.Stmt{n}
	for i, a := range n.Args {
		p, value, named := control.Param(n.Routine, i, a)
		if p == nil || p.Mode == catalog.In || !partOfMember(value) {
			continue
		}
		d := r.part(value, n)
		if p.Mode == catalog.InOut {
			list = append([]ir.Stmt{control.Set(control.Var(d), ir.Clone(value))}, list...)
		}
		if named != nil {
			named.Value = control.Var(d)
		} else {
			n.Args[i] = control.Var(d)
		}
		list = append(list, r.list(control.Set(value, control.Var(d))))
	}
	if len(list) > 1 {
		for i, s := range list {
			if s == ir.Stmt(n) {
				list[i] = r.list(n)
			}
		}
	}
	return list
}

// list is what becomes of a statement.
func (r *refs) list(s ir.Stmt) ir.Stmt {
	out, _ := r.stmt(s).(ir.Stmt)
	return out
}

// part is a variable of the program for a part of a package's variable.
func (r *refs) part(e ir.Expr, at ir.Node) *ir.VarDecl {
	d := &ir.VarDecl{Name: ir.Ident{Text: control.Unused(r.root, "part_value")}, Type: e.TypeOf()}
	d.Span = at.Base().Span
	d.Made(stateCode)
	r.top.Decls = append(r.top.Decls, d)
	return d
}

// value is the variable of the program that holds the value of a package's variable around a statement.
func (r *refs) value(v *catalog.PackageVar, at ir.Node) *ir.VarDecl {
	d := r.values[v]
	if d == nil {
		d = &ir.VarDecl{Name: ir.Ident{Text: control.Unused(r.root, strings.ToLower(v.Name)+"_value")}, Type: v.Type}
		d.Span = at.Base().Span
		d.Made(stateCode)
		r.top.Decls = append(r.top.Decls, d)
		r.values[v] = d
	}
	return d
}

// assigns tells that a statement that does not fail has assigned all its targets. FETCH and RETURNING may meet no row, a call may leave an
// IN OUT parameter as it is.
func assigns(s ir.Stmt) bool {
	switch s.(type) {
	case *ir.SetVar, *ir.SelectInto:
		return true
	}
	return false
}

// assigned lists the places that a statement without statements in it assigns.
func assigned(s ir.Stmt) []ir.Expr {
	var out []ir.Expr
	ir.Walk(s, func(n ir.Node) bool {
		out = append(out, control.Written(n)...)
		return true
	})
	return out
}

// rebase makes a name that begins with a variable of a package begin with a local one.
func rebase(n *ir.Name, d *ir.VarDecl) {
	switch ref := n.Ref.(type) {
	case *ir.PackageRef:
		n.Parts, n.Ref = []ir.Ident{d.Name}, &ir.VarRef{Decl: d}
	case *ir.FieldRef:
		b := ir.Clone(ref.Of.(*ir.Name))
		rebase(b, d)
		n.Parts = append(b.Parts[:len(b.Parts):len(b.Parts)], n.Parts[len(n.Parts)-1])
		n.Ref = &ir.FieldRef{Of: b, Field: ref.Field}
	}
}

// assign is the call that assigns a variable of a package.
func (r *refs) assign(ref *ir.PackageRef, value ir.Expr, at ir.Node) ir.Stmt {
	o := &catalog.Routine{Name: setter(r.Pass, ref.Package, ref.Member), Kind: catalog.Function, TargetSchema: ref.Package.TargetSchema, Facts: r.facts(ref)}
	o.Facts.CanRaise = o.Facts.CanRaise || limited(ref.Member.Type)
	if d, ok := ref.Member.Decl.(*ir.VarDecl); ok && d.NotNull {
		o.Facts.CanRaise = true
	}
	o.Target = o.Name
	if _, row := ref.Member.Type.(types.Record); row { // what is handed over gets the type of the row
		o.Params = []catalog.Param{{Name: "value", Type: ref.Member.Type}}
	}
	_, whole := ref.Member.Type.(types.Int)
	_, number := value.TypeOf().(types.Decimal)
	if whole && (number || fromFloat(value)) && !isInteger(value) || onlyAssigned(value.TypeOf(), ref.Member.Type) { // an argument is not rounded to the parameter by itself
		value = castTo(value, datatypes.Loose(r.Pass, ref.Member.Type))
	}
	c := &ir.RoutineCall{Name: ir.Qualified(o.TargetSchema, o.Target), Routine: o, Args: []ir.Expr{value}}
	c.Span, c.Type = at.Base().Span, types.Null{}
	c.Made(stateCode)
	s := &ir.Perform{Expr: c}
	s.Span = at.Base().Span
	s.Made(stateCode)
	return s
}

// onlyAssigned tells that the target converts the types where a value is assigned, but not for an argument.
func onlyAssigned(from, to types.Type) bool {
	switch from.(type) {
	case types.Timestamp:
		_, plain := to.(types.DateTime)
		return plain
	case types.Float:
		_, exact := to.(types.Decimal)
		_, whole := to.(types.Int)
		return exact || whole
	}
	return false
}

// fromFloat tells a binary number that is converted by the assignment: it goes through numeric, which rounds as the source does.
func fromFloat(e ir.Expr) bool {
	c, ok := e.(*ir.Cast)
	if !ok || !c.Implicit {
		return false
	}
	_, float := c.X.TypeOf().(types.Float)
	return float
}

// isInteger tells an integer literal.
func isInteger(e ir.Expr) bool {
	_, ok := build.IntLiteral(e)
	return ok
}

// limited tells that a variable of the type does not take every value that may be assigned to it.
func limited(t types.Type) bool {
	switch t := t.(type) {
	case types.Decimal:
		return t.Precision > 0
	case types.Text:
		return t.N > 0
	case types.Bool:
		return false
	}
	return true
}

// facts are those of the functions for a variable: they initialise the package, which a routine of the package has done by then.
func (r *refs) facts(ref *ir.PackageRef) catalog.Facts {
	i := infoOf(r.Pass, ref.Package)
	f := catalog.Facts{ReadsState: true}
	x, routine := r.root.(*ir.Routine)
	inside := routine && x.Object != nil && x.Object.Package == ref.Package
	if i.block && !inside {
		f.CanRaise, f.Writes = true, i.writes
	}
	return f
}

// loop gives a loop over a cursor of a package a cursor of the routine.
func (r *refs) loop(n *ir.Loop) {
	switch c := n.Cursor.(type) {
	case *ir.Name:
		r.own(c)
	case *ir.Invoke:
		if x, ok := c.X.(*ir.Name); ok {
			r.own(x)
		}
	}
}

// own makes a name stand for a copy of a package's cursor that the routine declares; false if it names none.
func (r *refs) own(n *ir.Name) bool {
	ref, ok := n.Ref.(*ir.PackageRef)
	if !ok {
		return false
	}
	d, ok := ref.Member.Decl.(*ir.CursorDecl)
	if !ok || d.Query == nil {
		rewrite.Refuse(r.Pass, sharedCursor, n.Span, "cursor %s", ref.Member.Name)
		return false
	}
	c := r.made[ref.Member]
	if c == nil {
		c = ir.Clone(d)
		c.Name = ir.Ident{Text: strings.ToUpper(control.Unused(r.root, strings.ToLower(d.Name.Text)))}
		again(d, c)
		r.made[ref.Member] = c
		r.top.Decls = append(r.top.Decls, c)
		for _, h := range helpersOf(c) {
			r.Unit.NeedHelper(h)
		}
	}
	n.Parts, n.Ref = []ir.Ident{c.Name}, &ir.CursorRef{Decl: c}
	return true
}

// again makes the parameters in a copied cursor stand for those of the copy.
func again(old, c *ir.CursorDecl) {
	of := map[*ir.ParamDecl]*ir.ParamDecl{}
	for i, p := range old.Params {
		of[p] = c.Params[i]
	}
	ir.Walk(c, func(n ir.Node) bool {
		if x, ok := n.(*ir.Name); ok {
			if ref, ok := x.Ref.(*ir.ParamRef); ok && of[ref.Param] != nil {
				x.Ref = &ir.ParamRef{Param: of[ref.Param]}
			}
		}
		return true
	})
}

func helpersOf(n ir.Node) []string {
	var out []string
	ir.Walk(n, func(x ir.Node) bool {
		if h, ok := x.(*ir.HelperCall); ok {
			out = append(out, h.Name)
		}
		return true
	})
	return out
}

// cursor is OPEN, FETCH or CLOSE of a cursor of a package: all of them have to stand in one routine.
func (r *refs) cursor(s ir.Stmt, name *string, x *ir.Expr) {
	n, ok := (*x).(*ir.Name)
	if !ok {
		return
	}
	ref, ok := n.Ref.(*ir.PackageRef)
	if !ok {
		return
	}
	if !r.opens(ref.Member) || !r.own(n) {
		rewrite.Refuse(r.Pass, sharedCursor, s.Base().Span, "cursor %s", ref.Member.Name)
		return
	}
	*name, *x = n.Parts[0].Text, nil
}

// opens tells that the routine opens and closes a cursor of a package.
func (r *refs) opens(v *catalog.PackageVar) bool {
	if r.made[v] != nil {
		return true
	}
	is := func(e ir.Expr) bool {
		n, ok := e.(*ir.Name)
		if !ok {
			return false
		}
		ref, ok := n.Ref.(*ir.PackageRef)
		return ok && ref.Member == v
	}
	open, closed := false, false
	ir.Walk(r.top, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.OpenCursor:
			open = open || is(n.X)
		case *ir.CloseCursor:
			closed = closed || is(n.X)
		}
		return true
	})
	return open && closed
}

// reads puts calls in place of the variables and constants of packages.
func (r *refs) reads(s ir.Stmt) ir.Stmt { return ir.MapExprs(s, r.lowered) }

func (r *refs) lowered(e ir.Expr) ir.Expr {
	switch x := e.(type) {
	case *ir.RoutineCall:
		chosen(r.Pass, x.Routine, x.Args)
	case *ir.Name:
		if _, field := x.Ref.(*ir.FieldRef); field && memberOf(x) != nil {
			return r.field(x)
		}
		if ref, ok := x.Ref.(*ir.PackageRef); ok {
			return r.read(ref, x)
		}
	}
	return e
}

func (r *refs) field(n *ir.Name) ir.Expr {
	ref := n.Ref.(*ir.FieldRef)
	b := ref.Of.(*ir.Name)
	f := &ir.Field{Name: datatypes.Fold(ref.Field)}
	f.Span, f.Type = n.Span, n.Type
	if inner, ok := b.Ref.(*ir.PackageRef); ok {
		f.X = r.read(inner, b)
	} else {
		f.X = r.field(b)
	}
	return f
}

func (r *refs) read(ref *ir.PackageRef, n *ir.Name) ir.Expr {
	d, ok := ref.Member.Decl.(*ir.VarDecl)
	if !ok {
		return n // a cursor
	}
	if t, _ := d.Type.(types.Text); d.Constant && (d.Default == nil || ir.IsLiteral(d.Default)) && !t.Fixed {
		x := ir.Clone(d.Default)
		x.Base().Span = n.Span
		return x
	}
	o := &catalog.Routine{Name: ref.Member.Name, Kind: catalog.Function, Returns: ref.Member.Type, TargetSchema: ref.Package.TargetSchema, Target: ref.Member.Target}
	if d.Constant {
		o.Constant = d
	}
	if !d.Constant || !plsql.Fixed(d) {
		o.Facts = r.facts(ref)
	}
	c := &ir.RoutineCall{Name: ir.Qualified(o.TargetSchema, o.Target), Routine: o}
	c.Span, c.Type = n.Span, n.Type
	c.Made(stateCode)
	return c
}
