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
	inheritance = &diag.Code{
		ID: "PK0241", Title: "An object type that inherits, or is only declared", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "Types UNDER other types, NOT INSTANTIABLE types and types that are declared by name only have no equivalent: composite types of the target do not inherit.",
		Next: "Write the attributes of the supertype into the type, or convert it by hand.", Each: 1,
	}
	methods = &diag.Code{
		ID: "PK0242", Title: "Methods of an object type", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "Methods, constructors, and MAP and ORDER functions of object types are not converted.",
		Next: "Write the methods as functions with the object as the first parameter.", Each: 1,
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
		Doc: `CREATE TYPE (PL/SQL Language Reference, "CREATE TYPE Statement"): an object type without methods becomes a composite type. A nested table or varray needs no type: where it is used
stands an array of its elements.`,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Source: "CREATE TYPE point AS OBJECT (x NUMBER, y NUMBER);",
			Target: "CREATE TYPE point AS (x numeric, y numeric);",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{inheritance, methods, noType},
		Looks:    ir.Kinds(ir.KindObjectType, ir.KindTypeBody),
		Run: func(p *rewrite.Pass) {
			for i, s := range p.Unit.Stmts {
				switch n := s.(type) {
				case *ir.ObjectType:
					p.Unit.Stmts[i] = objectType(p, n)
				case *ir.TypeBody:
					rewrite.Refuse(p, methods, n.Span, "type body %s", n.Name)
				}
				if p.Refused() {
					return
				}
			}
		},
	}
}

func objectType(p *rewrite.Pass, n *ir.ObjectType) ir.Stmt {
	if n.Under != nil || n.NotInstantiable || n.Kind == ir.Incomplete || n.Object == nil {
		rewrite.Refuse(p, inheritance, n.Span, "type %s", n.Name)
		return n
	}
	if len(n.Methods) > 0 {
		rewrite.Refuse(p, methods, n.Span, "type %s has methods", n.Name)
		return n
	}
	switch t := n.Object.Type.(type) {
	case types.Collection:
		if sql := datatypes.SQL(p, t); sql == "" || datatypes.FormOf(t) != datatypes.Array {
			rewrite.Refuse(p, noType, n.Span, "type %s", n.Name)
			return n
		}
		c := &ir.CommentStmt{Text: "type " + n.Name.String() + " is " + t.Target}
		c.Meta = n.Meta
		c.Made(code)
		return c
	case types.Object:
		rec := &types.RecordDecl{Name: t.Name, Fields: t.Fields}
		c := datatypes.Composite(p, rec, n.Object.TargetSchema, n.Object.Target, code, n)
		if c == nil || len(c.Fields) == 0 {
			rewrite.Refuse(p, noType, n.Span, "type %s", n.Name)
			return n
		}
		t.Target = rec.Target
		c.Meta = n.Meta
		c.Made(code)
		return c
	}
	rewrite.Refuse(p, noType, n.Span, "type %s", n.Name)
	return n
}
