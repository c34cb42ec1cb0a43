// Package objecttypes holds the rule for types of the schema.
package objecttypes

import (
	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/types"
)

const code = "PK0240"

var (
	incomplete = &diag.Code{
		ID: "PK0241", Title: "An object type that is only declared", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "A type that is declared by name only, or whose supertype is not known, has no equivalent.",
		Next: "Add the type's definition to the input or to the catalog.", Each: 0.2,
	}
	late = &diag.Code{
		ID: "PK0244", Title: "A subtype of a type that was converted without it", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "All types of a hierarchy become one composite type, which has the attributes of all of them. This subtype came after that type had been made.",
		Next: "Convert the subtype together with its supertype, in one script.", Each: 0.5,
	}
	substitutable = &diag.Code{
		ID: "PK0245", Title: "The types of a hierarchy are one type on the target", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: "Composite types of the target do not inherit. The types of a hierarchy become one composite type with the attributes of all of them and the attribute type_name, which tells an object's own type. Assumed: objects " +
			"are made by the source's constructors, and a column or variable of a subtype is given no objects of other types, which the target does not check.",
		Next: "Nothing, or add CHECK constraints on type_name to columns of subtypes.", Each: 0.05,
	}
	noType = &diag.Code{
		ID: "PK0243", Title: "An attribute or element whose type the target lacks", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "An attribute or the elements of the type have a type that is not known or that the target does not have.",
		Next: "Change the type, or convert it by hand.", Each: 0.5,
	}
)

// Rule is PK0240.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "object-types",
		Doc: `CREATE TYPE (PL/SQL Language Reference, "CREATE TYPE Statement"): an object type becomes a composite type; its methods become routines in a schema of the type's name, with the object as the first
parameter of members, as the routines of a package are. A member procedure gives the object back. The types of a hierarchy become one composite type with the attributes of all, and one more that names an object's own
type; where subtypes override a method, the routine of the method's name runs the one of that type, and the method itself has _own behind its name. A nested table or varray needs no type: where it is
used stands an array of its elements.`,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Source: "CREATE TYPE point AS OBJECT (x NUMBER, y NUMBER);",
			Target: "CREATE TYPE point AS (x numeric, y numeric);",
		}, {
			From: dialect.Oracle, Setup: "CREATE TYPE point AS OBJECT (x NUMBER, MEMBER FUNCTION twice RETURN NUMBER);\n/",
			Source: "CREATE TYPE BODY point AS\n  MEMBER FUNCTION twice RETURN NUMBER IS BEGIN RETURN x * 2; END;\nEND;\n/",
			Target: "CREATE OR REPLACE FUNCTION point.twice(self point)\nRETURNS numeric\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  PERFORM godwit_oracle.check_self(self);\n  RETURN self.x * 2;\nEND;\n$$;",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{incomplete, late, substitutable, noType, replaced},
		Looks:    ir.Kinds(ir.KindObjectType, ir.KindTypeBody),
		After:    map[string]string{"unmade-types": "types that cannot be made are refused"},
		Prepare:  prepare,
		Run: func(p *rewrite.Pass) {
			var out []ir.Stmt
			for _, s := range p.Unit.Stmts {
				switch n := s.(type) {
				case *ir.ObjectType:
					out = append(out, objectType(p, n)...)
				case *ir.TypeBody:
					out = append(out, typeBody(p, n)...)
				default:
					out = append(out, s)
				}
				if p.Refused() {
					return
				}
			}
			p.Unit.Stmts = out
		},
	}
}

// prepare names the methods, and notes the types of a hierarchy.
func prepare(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		if n, ok := s.(*ir.ObjectType); ok && n.Object != nil && n.Kind == ir.ObjectRow {
			methodNames(p, n.Object)
			datatypes.NoteFamily(p, n.Object)
			datatypes.ObjectSQL(n.Object.Type)
		}
	}
}

// objectType makes the type, and what goes with its methods.
func objectType(p *rewrite.Pass, n *ir.ObjectType) []ir.Stmt {
	o := n.Object
	if n.Kind == ir.Incomplete && completed(p, n) {
		return []ir.Stmt{comment(n, "type "+n.Name.String()+" is made below")}
	}
	if n.Kind == ir.Incomplete || o == nil || n.Under != nil && o.Under == nil {
		return refuseType(p, incomplete, n)
	}
	switch t := o.Type.(type) {
	case types.Collection:
		if sql := datatypes.SQL(p, t); sql == "" || datatypes.FormOf(t) != datatypes.Array && datatypes.FormOf(t) != datatypes.Places {
			return refuseType(p, noType, n)
		}
		return []ir.Stmt{comment(n, "type "+n.Name.String()+" is "+t.Target)}
	case types.Object:
		if f := datatypes.FamilyOf(p, o); f != nil {
			if !f.Has(o) {
				return refuseType(p, late, n)
			}
			return append(inHierarchy(p, n, f), extras(p, n)...)
		}
		c := datatypes.Composite(p, &types.RecordDecl{Name: t.Name, Fields: t.Fields}, o.TargetSchema, o.Target, code, n)
		if c == nil || len(c.Fields) == 0 {
			return refuseType(p, noType, n)
		}
		before, free := definitionsOf(p).replace(p, n)
		if !free {
			return refuseType(p, replaced, n)
		}
		c.Meta = n.Meta
		c.Made(code)
		return append(append(before, c), extras(p, n)...)
	}
	return refuseType(p, noType, n)
}

// completed tells that the script defines a type that is declared only.
func completed(p *rewrite.Pass, n *ir.ObjectType) bool {
	for _, u := range p.Session.Script {
		for _, s := range u.Stmts {
			if t, ok := s.(*ir.ObjectType); ok && t.Kind != ir.Incomplete && t.Name.Name() == n.Name.Name() {
				return true
			}
		}
	}
	return false
}

// inHierarchy makes the type of a hierarchy, where its topmost type stands.
func inHierarchy(p *rewrite.Pass, n *ir.ObjectType, f *datatypes.Family) []ir.Stmt {
	o := n.Object
	if o.Under != nil {
		return []ir.Stmt{comment(n, "type "+n.Name.String()+" is "+datatypes.Qualified(f.Root.TargetSchema, f.Root.Target)+" with type_name = '"+datatypes.TypeName(o)+"'")}
	}
	if before, free := definitionsOf(p).replace(p, n); !free || before != nil {
		return refuseType(p, replaced, n)
	}
	p.Report(substitutable, n.Span, "type %s and its subtypes", n.Name)
	c := datatypes.Composite(p, &types.RecordDecl{Name: o.Name, Fields: f.Fields}, o.TargetSchema, o.Target, code, n)
	if c == nil {
		return refuseType(p, noType, n)
	}
	for _, x := range c.Fields {
		if f.Encoded(x.Name.Text) {
			x.TypeSQL = datatypes.JSON
		}
	}
	c.Meta = n.Meta
	c.Made(code)
	return []ir.Stmt{c}
}

func comment(n *ir.ObjectType, text string) ir.Stmt {
	c := &ir.CommentStmt{Text: text}
	c.Meta = n.Meta
	c.Lead, c.Trail = append(c.Lead, c.Trail...), nil // nothing stands behind a comment on its line
	c.Made(code)
	return c
}

// extras are the schema of the methods, where they have one of their own, and the routines that the server needs to choose and compare by methods.
func extras(p *rewrite.Pass, n *ir.ObjectType) []ir.Stmt {
	if len(n.Methods) == 0 {
		return nil
	}
	var out []ir.Stmt
	if k := n.Object.Members; !k.Prefixed() {
		s := &ir.CreateSchema{Name: ir.Ident{Text: k.TargetSchema, Quoted: true}, IfNotExists: true}
		s.Span = n.Span
		s.Made(code)
		out = append(out, s)
	}
	for _, m := range n.Methods {
		x := m.Routine.Object
		if x == nil || x.Method == nil {
			continue
		}
		if x.Overridden() {
			out = append(out, dispatcher(p, m))
		}
		if x.Method.Comparison != nil {
			out = append(out, comparison(m))
		}
		if x.Method.Place != nil {
			out = append(out, place(m))
		}
	}
	return out
}
