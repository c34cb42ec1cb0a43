// Package geometries holds the rule for the types of Oracle Spatial.
package geometries

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/types"
)

const code = "PK0274"

var asAttributes = &diag.Code{
	ID: "PK0275", Title: "A geometry is kept as its attributes", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc:  "SDO_GEOMETRY is an object type of documented attributes (Spatial Developer's Guide, \"SDO_GEOMETRY Object Type\"), and becomes a composite type with the same ones: what is stored and read is the same. Assumed: nothing else is asked of it. Spatial indexes, operators and functions are refused where they stand.",
	Next: "Nothing, or change the column to PostGIS's geometry where the target searches by place.", Each: 0.05,
}

// Rule is PK0274.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "geometries",
		Doc: `SDO_GEOMETRY and SDO_POINT_TYPE, the object types of Oracle Spatial, become composite types of the helper schema with the same attributes; the arrays of numbers in them are arrays. It needs no extension.`,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE TABLE t (id NUMBER(5), g MDSYS.SDO_GEOMETRY);", Source: "SELECT x.g.sdo_point.x FROM t x",
			Target: "SELECT ((x.g).sdo_point).x FROM t AS x",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{asAttributes},
		Prepare:  func(p *rewrite.Pass) { look(p, false) },
		Run:      func(p *rewrite.Pass) { look(p, true) },
	}
}

// look gives supplied types their schema on the target where a unit names them, and notes that they are needed.
func look(p *rewrite.Pass, need bool) {
	seen := false
	for _, s := range p.Unit.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			if note(p, typeOf(n), need) && !seen && need {
				seen = true
				if _, column := n.(*ir.ColumnDef); column {
					p.Report(asAttributes, n.Base().Span, "%s", typeOf(n))
				}
			}
			return true
		})
	}
}

func typeOf(n ir.Node) types.Type {
	switch x := n.(type) {
	case *ir.ColumnDef:
		return x.Type
	case *ir.VarDecl:
		return x.Type
	case *ir.ParamDecl:
		return x.Type
	case *ir.FieldDecl:
		return x.Type
	case *ir.Routine:
		return x.Returns
	case *ir.TypeDecl:
		return x.Elem
	case *ir.ObjectType:
		return x.Elem
	case ir.Expr:
		return x.TypeOf()
	}
	return nil
}

// note marks a supplied type, and those in it, as needed; false if it is none.
func note(p *rewrite.Pass, t types.Type, need bool) bool {
	switch x := t.(type) {
	case types.Collection:
		return x.CollectionDecl != nil && note(p, x.Elem, need)
	case types.Object:
		if x.ObjectDecl == nil {
			return false
		}
		o, ok := x.Of.(*catalog.ObjectType)
		if !ok || !o.Supplied {
			return false
		}
		o.TargetSchema, o.Target = p.HelperSchema(), strings.ToLower(o.Name)
		datatypes.ObjectSQL(x)
		if need {
			p.Unit.NeedHelper(o.Target)
		}
		for _, f := range x.Fields {
			note(p, f.Type, need)
		}
		return true
	}
	return false
}
