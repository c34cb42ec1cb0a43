package objecttypes

import (
	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/members"
)

var replaced = &diag.Code{
	ID: "PK0239", Title: "An object type that is replaced while it is in use", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "CREATE OR REPLACE TYPE defines a type anew that tables, routines or types in front of it name, or that has subtypes. The target cannot replace a type: it is dropped and made again, which these stand in the way of.",
	Next: "Leave the last definition of the type in the script only.", Each: 0.2,
}

// definitions are what the script has done with the topmost types of hierarchies: made tells how many methods those that exist have, used those
// that other statements name.
type definitions struct {
	made map[*catalog.ObjectType]int
	used map[*catalog.ObjectType]bool
}

const definitionsKey = "objecttypes.definitions"

func definitionsOf(p *rewrite.Pass) *definitions {
	d, _ := p.Session.Values[definitionsKey].(*definitions)
	if d == nil {
		d = &definitions{map[*catalog.ObjectType]int{}, map[*catalog.ObjectType]bool{}}
		p.Session.Values[definitionsKey] = d
	}
	return d
}

// use notes that a unit names a type of another unit.
func (d *definitions) use(u *ir.Unit, o *catalog.ObjectType) {
	for _, s := range u.Stmts {
		switch x := s.(type) {
		case *ir.ObjectType:
			if x.Object == o {
				return
			}
		case *ir.TypeBody:
			if x.Object == o {
				return
			}
		}
	}
	d.used[o] = true
}

// replace makes the statements that take a type away which the script has made before; ok is false if others name it.
func (d *definitions) replace(p *rewrite.Pass, n *ir.ObjectType) (out []ir.Stmt, ok bool) {
	methods, again := d.made[n.Object]
	d.made[n.Object] = len(n.Methods)
	if !again || !p.Session.InOrder || !n.OrReplace {
		return nil, true
	}
	if d.used[n.Object] {
		return nil, false
	}
	if k := n.Object.Members; methods > 0 && k.Prefixed() {
		out = append(out, &ir.RawStmt{Text: members.Each(k, "DROP ROUTINE %s CASCADE")})
	} else if methods > 0 {
		out = append(out, &ir.Drop{Kind: "schema", IfExists: true, Cascade: true, Names: []ir.QName{ir.Qualified("", n.Object.Members.TargetSchema)}})
	}
	out = append(out, &ir.Drop{Kind: "type", IfExists: true, Names: []ir.QName{ir.Qualified(n.Object.TargetSchema, n.Object.Target)}})
	for _, s := range out {
		s.Base().Span = n.Span
		s.Base().Made(code)
	}
	return out, true
}
