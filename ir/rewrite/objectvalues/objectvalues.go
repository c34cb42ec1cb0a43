// Package objectvalues holds the rule for expressions with objects.
package objectvalues

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/types"
)

const code = "PK0246"

var (
	notTold = &diag.Code{
		ID: "PK0233", Title: "A test of an object's type that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "TREAT and IS OF look at an object's type by the attribute that names it: not for types without subtypes, for references, and where the object is the result of a call, which would run twice.",
		Next: "Assign the object to a variable before.", Each: 0.2,
	}
	intoObject = &diag.Code{
		ID: "PK0235", Title: "FETCH or RETURNING INTO a variable of an object type", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The target takes the columns of a row for the fields of a composite variable. Objects are converted where SELECT INTO gives them to variables, and in loops over cursors.",
		Next: "Use a loop over the cursor, or select the object afterwards.", Each: 0.2,
	}
	inWindow = &diag.Code{
		ID: "PK0234", Title: "ORDER BY an ORDER method compares each object with all", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc:  "The target orders by values. An object's value is how many objects of the result come before it, for which the method is called for each pair of objects. Assumed: the method orders all objects, and the result is not large.",
		Next: "Write a MAP method instead.", Each: 0.05,
	}
)

// Rule is PK0246.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "object-values",
		Doc: `Expressions with objects (Object-Relational Developer's Guide, "Inheritance in SQL Object Types"): objects of a hierarchy are made with the name of their own type, which TREAT and IS OF look
at. An object is NULL where it is as a whole, not where all of its attributes are.`,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE TYPE p AS OBJECT (x NUMBER) NOT FINAL;\n/\nCREATE TYPE c UNDER p (y NUMBER);\n/\nCREATE TABLE t (id NUMBER, o p);",
			Source: "INSERT INTO t SELECT 1, c(1, 2) FROM t WHERE o IS OF (c) AND TREAT(t.o AS c).y = 3",
			Target: "INSERT INTO t SELECT 1, ('c', 1, 2)::p FROM t WHERE (o).type_name = 'c' AND (CASE WHEN (t.o).type_name = 'c' THEN t.o END).y = 3",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{notTold, intoObject, inWindow},
		After:    map[string]string{"object-types": "methods become routines"},
		Needed: func(p *rewrite.Pass) bool {
			return datatypes.HasFamilies(p) || p.May(ir.KindTreat, ir.KindIsOf, ir.KindIsNull, ir.KindRoutineCall, ir.KindName)
		},
		Run: func(p *rewrite.Pass) {
			r := &run{Pass: p, changed: map[*ir.Name]bool{}}
			for _, s := range p.Unit.Stmts {
				r.changes(s)
			}
			p.Exprs(r.expr)
			r.taken()
			r.checked()
		},
	}
}

type run struct {
	*rewrite.Pass
	changed map[*ir.Name]bool // columns and attributes that UPDATE changes
}

// changes notes what the UPDATEs of a statement change: it stays a name.
func (r *run) changes(s ir.Stmt) {
	ir.Walk(s, func(n ir.Node) bool {
		if a, ok := n.(*ir.Assign); ok {
			for _, c := range append([]*ir.Name{a.Column}, a.Columns...) {
				for c != nil {
					r.changed[c] = true
					ref, ok := c.Ref.(*ir.FieldRef)
					if !ok {
						break
					}
					c, _ = ref.Of.(*ir.Name)
				}
			}
		}
		return true
	})
}

func (r *run) expr(e ir.Expr) ir.Expr {
	switch x := e.(type) {
	case *ir.Treat:
		return r.treat(x)
	case *ir.IsOf:
		return r.isOf(x)
	case *ir.Construct:
		r.construct(x)
	case *ir.Name:
		return r.name(x)
	case *ir.Field:
		if f, o := datatypes.FamilyOfType(r.Pass, x.X.TypeOf()); f != nil {
			x.Name = f.Attribute(declOf(o), x.Name)
		}
	case *ir.IsNull:
		return isNull(x)
	case *ir.RoutineCall:
		r.place(x)
	}
	return e
}

func declOf(o *catalog.ObjectType) *types.ObjectDecl {
	t, _ := o.Type.(types.Object)
	return t.ObjectDecl
}

func isNull(x *ir.IsNull) ir.Expr {
	if _, ok := x.X.TypeOf().(types.Object); !ok {
		return x
	}
	c := build.Compare(ir.NullSafeEq, x.X, build.Null(x, types.Null{}), x, code)
	if x.Not {
		return control.Negate(c)
	}
	return c
}

// name gives attributes the names that they have in the composite type. The target takes a.b.c for a column of a schema: what is no attribute of a variable is
// written with the object in parentheses.
func (r *run) name(n *ir.Name) ir.Expr {
	ref, of := datatypes.FieldOf(n)
	if of == nil {
		return n
	}
	if _, object := of.Type.(types.Object); !object {
		return n
	}
	name := datatypes.Fold(ref.Field)
	if f, o := datatypes.FamilyOfType(r.Pass, of.Type); f != nil {
		name = f.Attribute(declOf(o), ref.Field)
	}
	if !datatypes.IsVariable(of) && !r.changed[n] {
		x := &ir.Field{X: r.name(of), Name: name}
		x.Meta, x.Type = n.Meta, n.Type
		return x
	}
	last := ir.Ident{Text: name, Quoted: true}
	if name == strings.ToLower(name) {
		last = ir.Ident{Text: strings.ToUpper(name)}
	}
	if r.changed[n] {
		r.name(of)
	}
	n.Ref = &ir.FieldRef{Of: of, Field: last.Text}
	n.Parts = append(of.Parts[:len(of.Parts):len(of.Parts)], last)
	return n
}

// construct makes an object of a hierarchy with the name of its type, and NULL for what other types have.
func (r *run) construct(c *ir.Construct) {
	f, o := datatypes.FamilyOfType(r.Pass, c.Type)
	if f == nil || f.Decl == nil {
		return
	}
	d := declOf(o)
	given := map[string]ir.Expr{}
	for i, a := range c.Args {
		if n, ok := a.(*ir.NamedArg); ok {
			given[f.Attribute(d, n.Name.Text)] = n.Value
		} else if i < len(d.Fields) {
			given[f.Attribute(d, d.Fields[i].Name)] = a
		}
	}
	args := []ir.Expr{control.Text(datatypes.TypeName(o))}
	for _, x := range f.Fields[1:] {
		a := given[x.Name]
		if a == nil {
			a = build.Null(c, types.Null{})
		}
		args = append(args, a)
	}
	args[0].Base().Span = c.Span
	datatypes.SQL(r.Pass, types.Object{ObjectDecl: f.Decl})
	c.Args, c.Type = args, types.Object{ObjectDecl: f.Decl}
}

// names are those of a type and all types below it.
func names(o *catalog.ObjectType, only bool) []ir.Expr {
	list := o.Below()
	if only {
		list = list[:1]
	}
	var out []ir.Expr
	for _, t := range list {
		if !t.Abstract {
			out = append(out, control.Text(datatypes.TypeName(t)))
		}
	}
	return out
}

// twice tells that an expression can be written twice: it is a variable, a column or an attribute.
func twice(e ir.Expr) bool {
	switch x := e.(type) {
	case *ir.Name:
		return true
	case *ir.Field:
		return twice(x.X)
	case *ir.Element:
		return twice(x.X) && (twice(x.Index) || build.IsConstant(x.Index))
	case *ir.Case: // TREAT of one
		return slices.Contains(x.Origin, code) && len(x.Whens) == 1 && twice(x.Whens[0].Then)
	}
	return false
}

func (r *run) treat(x *ir.Treat) ir.Expr {
	to, ok := x.To.(types.Object)
	if !ok {
		to, ok = x.Type.(types.Object)
	}
	if x.Super {
		return x.X
	}
	f, from := datatypes.FamilyOfType(r.Pass, x.X.TypeOf())
	if !ok || x.Ref || from == nil {
		rewrite.Refuse(r.Pass, notTold, x.Span, "TREAT")
		return x
	}
	o, _ := to.Of.(*catalog.ObjectType)
	for t := from; t != nil; t = t.Under {
		if t == o {
			x.X.SetType(to)
			return x.X
		}
	}
	if f == nil || o == nil || !twice(x.X) {
		rewrite.Refuse(r.Pass, notTold, x.Span, "TREAT")
		return x
	}
	c := build.If(f.IsOneOf(ir.Clone(x.X), names(o, false), x, code), x.X, nil, x, to, code)
	return c
}

func (r *run) isOf(x *ir.IsOf) ir.Expr {
	f, _ := datatypes.FamilyOfType(r.Pass, x.X.TypeOf())
	if f == nil {
		rewrite.Refuse(r.Pass, notTold, x.Span, "IS OF")
		return x
	}
	var list []ir.Expr
	for _, t := range x.List {
		d, ok := t.(types.Object)
		o, known := (*catalog.ObjectType)(nil), false
		if ok && d.ObjectDecl != nil {
			o, known = d.Of.(*catalog.ObjectType)
		}
		if !known {
			rewrite.Refuse(r.Pass, notTold, x.Span, "IS OF")
			return x
		}
		list = append(list, names(o, x.Only)...)
	}
	if len(list) == 0 {
		rewrite.Refuse(r.Pass, notTold, x.Span, "IS OF a type without objects")
		return x
	}
	e := f.IsOneOf(x.X, list, x, code)
	if x.Not {
		return control.Negate(e)
	}
	return e
}

// place gives a call of an ORDER method's place the objects of the result.
func (r *run) place(c *ir.RoutineCall) {
	if c.Routine == nil || c.Routine.Method == nil || c.Routine.Method.Kind != "place" || len(c.Args) != 1 {
		return
	}
	all := &ir.Aggregate{TargetName: "array_agg", Name: "ARRAY_AGG", Args: []ir.Expr{ir.Clone(c.Args[0])}, Over: &ir.WindowDef{}}
	all.Span, all.Type = c.Span, types.Array{Elem: c.Args[0].TypeOf()}
	c.Args = []ir.Expr{all, c.Args[0]}
	r.Report(inWindow, c.Span, "the method %s", c.Name)
}
