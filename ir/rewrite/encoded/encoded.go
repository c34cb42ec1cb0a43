// Package encoded holds the rule for attributes of objects that are kept as jsonb.
package encoded

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/types"
)

const code = "PK0250"

var notReached = &diag.Code{
	ID: "PK0251", Title: "An object inside of an object of its own hierarchy", Severity: diag.Error, Fidelity: diag.Refused,
	Doc: "An attribute whose type is of the same hierarchy is jsonb in the composite type. It is converted where it is read, and where statements of routines change it. It is not converted as a column of an object table, " +
		"and where an UPDATE changes a part of it, or a condition calls a routine that does.",
	Next: "Put the object into a variable, change that, and assign it.", Each: 0.3,
}

// Rule is PK0250.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "encoded-attributes",
		Doc: `Object attributes of the object's own hierarchy (Object-Relational Developer's Guide, "Inheritance in SQL Object Types"): a composite type cannot hold itself, so that such an attribute is jsonb in it,
which holds every attribute exactly. It is made an object where it is read, and jsonb again where it is assigned; a statement that changes a part of it works on a variable.`,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE TYPE step AS OBJECT (n NUMBER) NOT FINAL;\n/\nCREATE TYPE chain UNDER step (next step);\n/\nCREATE TABLE t (c chain);",
			Source: "SELECT t.c.next.n FROM t", Target: "SELECT ((t.c).next ->> 'n')::numeric FROM t",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{notReached},
		After:    map[string]string{"object-values": "attributes have the names of the composite type"},
		Needed:   datatypes.HasFamilies,
		Run: func(p *rewrite.Pass) {
			for i, s := range p.Unit.Stmts {
				if p.Refused() {
					return
				}
				r := &run{Pass: p, root: s}
				p.Unit.Stmts[i] = r.statement(s)
			}
		},
	}
}

type run struct {
	*rewrite.Pass
	root ir.Stmt
	top  *ir.Block
}

func (r *run) statement(s ir.Stmt) ir.Stmt {
	if c, ok := s.(*ir.CreateTable); ok {
		r.objectTable(c)
	}
	if control.IsProgram(s) {
		r.program(s)
	}
	if r.Refused() {
		return s
	}
	r.check(s)
	return ir.MapExprs(s, r.expr)
}

// objectTable refuses tables whose columns are the attributes.
func (r *run) objectTable(c *ir.CreateTable) {
	if c.Object == nil || c.Object.RowType == nil {
		return
	}
	f := datatypes.FamilyOf(r.Pass, c.Object.RowType)
	if f == nil {
		return
	}
	for _, x := range f.Fields {
		if f.Encoded(x.Name) {
			rewrite.Refuse(r.Pass, notReached, c.Span, "the attribute %s of an object table", x.Name)
			return
		}
	}
}

// attribute is the first attribute on the way to a place that is kept as jsonb, as its own place; nil if there is none.
func (r *run) attribute(e *ir.Expr) *ir.Expr {
	var found *ir.Expr
	switch x := (*e).(type) {
	case *ir.Element:
		found = r.attribute(&x.X)
	case *ir.Field:
		found = r.attribute(&x.X)
	case *ir.NamedArg:
		return r.attribute(&x.Value)
	}
	if found == nil && datatypes.EncodedAttribute(r.Pass, *e) {
		return e
	}
	return found
}

// program rewrites the statements of a routine, and of those that it declares, which change such attributes.
func (r *run) program(owner ir.Stmt) {
	ir.WalkStatements(owner, func(n ir.Node) bool {
		if d, ok := n.(*ir.RoutineDecl); ok && d.Routine != nil && ir.Stmt(d.Routine) != owner {
			if d.Routine.Body != nil {
				r.program(d.Routine)
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
	}
	r.top = b
	enter := func(n ir.Node) bool {
		_, decl := n.(*ir.RoutineDecl)
		return !decl && ir.HoldsStatements(n)
	}
	_ = ir.MapPre[ir.Stmt](b, enter, func(n ir.Node) ir.Node {
		s, ok := n.(ir.Stmt)
		if !ok || holds(s) {
			return n
		}
		list := r.stmt(s)
		if len(list) == 1 {
			return list[0]
		}
		return control.Take(code, s, list...)
	})
	if !ok && len(b.Decls)+len(b.Body) > 1 {
		control.SetBody(owner, b)
	}
}

// holds tells a statement that has others in it: what its conditions change is refused.
func holds(s ir.Stmt) bool {
	switch s.(type) {
	case *ir.Block, *ir.If, *ir.CaseStmt, *ir.Loop:
		return true
	}
	return false
}

// stmt is a statement that changes such attributes, or parts of them: it changes a variable, which is assigned as jsonb behind it.
func (r *run) stmt(s ir.Stmt) []ir.Stmt {
	if set, ok := s.(*ir.SetVar); ok && len(set.Items) == 1 && set.Items[0].Value != nil {
		it := set.Items[0]
		if at := r.attribute(&it.Target); at != nil && *at == it.Target {
			it.Value = toJSON(it.Value)
			it.Target.SetType(types.JSON{})
			return []ir.Stmt{s}
		}
	}
	at := r.written(s)
	if at == nil {
		return []ir.Stmt{s}
	}
	place := *at
	d := &ir.VarDecl{Name: ir.Ident{Text: control.Unused(r.root, "part")}, Type: place.TypeOf()}
	d.Span = s.Base().Span
	d.Made(code)
	r.top.Decls = append(r.top.Decls, d)
	before := control.Set(control.Var(d), ir.Clone(place))
	after := control.Set(place, control.Var(d))
	*at = control.Var(d)
	for _, x := range []*ir.SetVar{before, after} {
		x.Span = s.Base().Span
		x.Items[0].Span = s.Base().Span
		x.Made(code)
	}
	return append(append([]ir.Stmt{before}, r.stmt(s)...), r.stmt(after)...)
}

// written is the first such attribute that a statement changes or changes a part of.
func (r *run) written(s ir.Stmt) *ir.Expr {
	var found *ir.Expr
	ir.Walk(s, func(n ir.Node) bool {
		for _, place := range places(n) {
			if found == nil {
				found = r.attribute(place)
			}
		}
		return found == nil
	})
	return found
}

// places are the places that a node changes.
func places(n ir.Node) []*ir.Expr {
	changed := map[ir.Expr]bool{}
	for _, e := range control.Written(n) {
		if a, ok := e.(*ir.NamedArg); ok {
			e = a.Value
		}
		changed[e] = true
	}
	if len(changed) == 0 {
		return nil
	}
	var out []*ir.Expr
	for _, list := range lists(n) {
		for i := range list {
			e := &list[i]
			if a, ok := (*e).(*ir.NamedArg); ok {
				e = &a.Value
			}
			if changed[*e] {
				out = append(out, e)
			}
		}
	}
	switch n := n.(type) {
	case *ir.SetItem:
		out = append(out, &n.Target)
	case *ir.Invocation:
		if c, ok := n.X.(*ir.CollectionCall); ok {
			out = append(out, &c.X)
		}
	}
	return out
}

// lists are the lists of expressions among which a node has places.
func lists(n ir.Node) [][]ir.Expr {
	switch n := n.(type) {
	case *ir.FetchCursor:
		return [][]ir.Expr{n.Into}
	case *ir.Execute:
		return [][]ir.Expr{n.Into, n.Returning, n.Using}
	case *ir.Insert:
		return [][]ir.Expr{n.Into}
	case *ir.Update:
		return [][]ir.Expr{n.Into}
	case *ir.Delete:
		return [][]ir.Expr{n.Into}
	case *ir.Select:
		return [][]ir.Expr{n.Into}
	case *ir.Loop:
		return [][]ir.Expr{n.Targets}
	case *ir.CallProc:
		return [][]ir.Expr{n.Args}
	case *ir.RoutineCall:
		return [][]ir.Expr{n.Args}
	}
	return nil
}

// check refuses what changes such an attribute in other ways, and gives UPDATEs of one its value.
func (r *run) check(s ir.Stmt) {
	ir.Walk(s, func(n ir.Node) bool {
		for _, place := range places(n) {
			if r.attribute(place) != nil {
				rewrite.Refuse(r.Pass, notReached, (*place).Base().Span, "a change of an attribute here")
			}
		}
		if a, ok := n.(*ir.Assign); ok {
			r.update(a)
		}
		return !r.Refused()
	})
}

func (r *run) update(a *ir.Assign) {
	for _, c := range append([]*ir.Name{a.Column}, a.Columns...) {
		if c == nil {
			continue
		}
		whole := datatypes.EncodedAttribute(r.Pass, c)
		if whole && len(a.Columns) == 0 && a.Value != nil {
			a.Value = toJSON(a.Value)
			c.SetType(types.JSON{})
			continue
		}
		for n := c; n != nil && !whole; {
			ref, ok := n.Ref.(*ir.FieldRef)
			if !ok {
				break
			}
			n, _ = ref.Of.(*ir.Name)
			whole = n != nil && datatypes.EncodedAttribute(r.Pass, n)
		}
		if whole {
			rewrite.Refuse(r.Pass, notReached, c.Span, "UPDATE of a part of %s", c.Parts[len(c.Parts)-1].Text)
		}
	}
}

// expr makes objects of attributes that are read, and jsonb of those that constructors are given.
func (r *run) expr(e ir.Expr) ir.Expr {
	switch x := e.(type) {
	case *ir.Name:
		if datatypes.EncodedAttribute(r.Pass, x) || r.column(x) {
			return r.object(x)
		}
	case *ir.Field:
		if datatypes.EncodedAttribute(r.Pass, x) {
			return r.object(x)
		}
	case *ir.Construct:
		r.construct(x)
	case *ir.TargetCall:
		if j := jsonOf(x); j != nil {
			return j
		}
	}
	return e
}

// column tells a column of the rows that a collection of objects gives a query.
func (r *run) column(n *ir.Name) bool {
	ref, ok := n.Ref.(*ir.OutputRef)
	if !ok {
		return false
	}
	t, ok := ref.From.(*ir.CollectionTable)
	if !ok {
		return false
	}
	c, ok := t.X.TypeOf().(types.Collection)
	if _, object := n.Type.(types.Object); !ok || !object || c.CollectionDecl == nil {
		return false
	}
	f, _ := datatypes.FamilyOfType(r.Pass, c.Elem)
	return f != nil && f.Encoded(datatypes.Fold(ref.Column))
}

// object is an attribute as the object that it holds.
func (r *run) object(e ir.Expr) ir.Expr {
	t := e.TypeOf()
	e.SetType(types.JSON{})
	null := build.As(build.Null(e, types.Null{}), datatypes.SQL(r.Pass, t), t, code)
	return build.Call("jsonb_populate_record", e, t, code, null, e)
}

func (r *run) construct(c *ir.Construct) {
	f, _ := datatypes.FamilyOfType(r.Pass, c.Type)
	if f == nil || f.Decl == nil {
		return
	}
	for i, a := range c.Args {
		if i < len(f.Fields) && f.Encoded(f.Fields[i].Name) {
			c.Args[i] = toJSON(a)
		}
	}
}

// toJSON is an object as jsonb.
func toJSON(e ir.Expr) ir.Expr {
	if _, null := e.(*ir.Null); null {
		return e
	}
	c := build.Call("to_jsonb", e, types.JSON{}, code, e)
	if j := jsonOf(c); j != nil {
		return j
	}
	return c
}

// jsonOf is the attribute that is made an object and jsonb again, nil for other calls.
func jsonOf(c *ir.TargetCall) ir.Expr {
	if c.Name != "to_jsonb" || len(c.Args) != 1 {
		return nil
	}
	in, ok := c.Args[0].(*ir.TargetCall)
	if !ok || in.Name != "jsonb_populate_record" || len(in.Args) != 2 {
		return nil
	}
	if _, json := in.Args[1].TypeOf().(types.JSON); !json {
		return nil
	}
	return in.Args[1]
}
