package objecttypes

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/types"
)

const unmadeCode = "PK0238"

var (
	circular = &diag.Code{
		ID: "PK0236", Title: "An object type that came to hold collections of itself", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "An attribute of the type, or of a type of its hierarchy, is a collection whose elements hold objects of the same type, which a definition behind the first use of the collection made so. The collection is an array there already, and composite types of the target cannot hold themselves; where the definitions come first, it is kept as jsonb.",
		Next: "Define the types in front of what uses them, or in one script.", Learn: 0.5, Each: 1,
	}
	unmade = &diag.Code{
		ID: "PK0237", Title: "A use of an object type that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The statement names an object type, or a type that holds one, whose definition is not converted.",
		Next: "See the finding at the type's definition.", Each: 0.1,
	}
)

// Unmade is PK0238.
func Unmade() *rewrite.Rule {
	return &rewrite.Rule{
		Code: unmadeCode, Name: "unmade-types",
		Doc: `Object types that the target cannot have (Object-Relational Developer's Guide, "Incomplete Object Types": types that depend on each other) are refused, and with them what names them: tables, views,
variables, parameters and other types.`,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE TYPE leaf AS OBJECT (n NUMBER);\n/\nCREATE TYPE leaves AS TABLE OF leaf;\n/",
			Source: "CREATE TYPE tree AS OBJECT (n NUMBER, parts leaves);", Target: "CREATE TYPE tree AS (n numeric, parts leaf[]);",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{circular, unmade},
		Needed:   func(p *rewrite.Pass) bool { return p.Catalog.HasObjectTypes() },
		Run: func(p *rewrite.Pass) {
			s := &search{pass: p, held: map[any]*diag.Code{}}
			for _, stmt := range p.Unit.Stmts {
				ir.Walk(stmt, func(n ir.Node) bool {
					s.node(n)
					return !p.Refused()
				})
			}
		},
	}
}

const unmadeKey = "objecttypes.unmade"

// refused are the topmost types of the hierarchies whose definitions were refused.
func refused(p *rewrite.Pass) map[*catalog.ObjectType]bool {
	m, _ := p.Session.Values[unmadeKey].(map[*catalog.ObjectType]bool)
	if m == nil {
		m = map[*catalog.ObjectType]bool{}
		p.Session.Values[unmadeKey] = m
	}
	return m
}

// refuseType refuses the definition of a type, and all that names the type behind it.
func refuseType(p *rewrite.Pass, c *diag.Code, n *ir.ObjectType) []ir.Stmt {
	if n.Object != nil && n.Kind == ir.ObjectRow {
		refused(p)[n.Object.Root()] = true
	}
	rewrite.Refuse(p, c, n.Span, "type %s", n.Name)
	return nil
}

// search looks for types that are not converted in one unit.
type search struct {
	pass *rewrite.Pass
	held map[any]*diag.Code // why declarations of types are not converted, nil where they are
}

func (s *search) node(n ir.Node) {
	switch x := n.(type) {
	case *ir.ObjectType:
		if x.Object != nil && x.Kind != ir.Incomplete {
			s.check(n, x.Object.Type)
		}
	case *ir.TypeBody:
		if x.Object != nil {
			s.check(n, x.Object.Type)
		}
	case *ir.Routine:
		s.check(n, x.Returns)
	case *ir.ColumnDef:
		s.check(n, x.Type)
	case *ir.VarDecl:
		s.check(n, x.Type)
	case *ir.ParamDecl:
		s.check(n, x.Type)
	case *ir.TypeDecl:
		s.check(n, x.Defined)
	case *ir.TableRef:
		if x.Table != nil {
			for _, c := range x.Table.Columns {
				s.check(n, c.Type)
			}
		}
	case ir.Expr:
		s.check(n, x.TypeOf())
	}
}

func (s *search) check(n ir.Node, t types.Type) {
	if s.pass.Refused() {
		return
	}
	if c := s.why(t); c != nil {
		rewrite.Refuse(s.pass, c, n.Base().Span, "%s", t)
	}
}

// why tells why a type is not converted, nil if it is.
func (s *search) why(t types.Type) *diag.Code {
	d, parts := datatypes.Parts(t)
	if d == nil {
		return nil
	}
	if c, known := s.held[d]; known {
		return c
	}
	s.held[d] = nil
	if o, ok := d.(*catalog.ObjectType); ok {
		definitionsOf(s.pass).use(s.pass.Unit, o)
	}
	c := s.own(d, parts)
	for i := 0; c == nil && i < len(parts); i++ {
		c = s.why(parts[i])
	}
	s.held[d] = c
	return c
}

// own tells why a type is not converted whose parts may be.
func (s *search) own(d any, parts []types.Type) *diag.Code {
	if c, ok := d.(*types.CollectionDecl); ok && datatypes.InItself(c) && datatypes.FormOf(types.Collection{CollectionDecl: c}) == datatypes.Array {
		return circular
	}
	o, ok := d.(*catalog.ObjectType)
	if !ok {
		return nil
	}
	if refused(s.pass)[o] {
		return unmade
	}
	return nil
}
