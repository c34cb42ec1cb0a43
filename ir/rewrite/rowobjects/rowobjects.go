// Package rowobjects holds the rule for tables whose rows are objects of a type with subtypes.
package rowobjects

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/types"
)

const code = "PK0271"

var notMade = &diag.Code{
	ID: "PK0276", Title: "An object table whose rows are not told", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "Rows of an object table of a type with subtypes are stored with the name of their own type, which must be known where they are inserted.",
	Next: "Insert objects by their constructors.", Each: 0.2,
}

// Rule is PK0271.
func Rule() *rewrite.Rule {
	return &rewrite.Rule{
		Code: code, Name: "row-objects",
		Doc: `Object tables (Object-Relational Developer's Guide, "Object Tables", "Substitutability"): a table of objects is a table with the attributes as its columns. Where the type has subtypes, it has the
attributes of all of them and the name of a row's own type, as the composite type of the hierarchy has; the columns of subtypes are seen by no asterisk.`,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE TYPE p AS OBJECT (id NUMBER(3), x VARCHAR2(5));\n/",
			Source: "CREATE TABLE t OF p (id PRIMARY KEY);", Target: "CREATE TABLE t (\n  id smallint PRIMARY KEY CHECK (id BETWEEN -999 AND 999),\n  x varchar(5)\n);",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{notMade},
		Looks:    ir.Kinds(ir.KindCreateTable),
		Prepare:  prepare,
		Run: func(p *rewrite.Pass) {
			for _, s := range p.Unit.Stmts {
				if n, ok := s.(*ir.CreateTable); ok {
					table(p, n)
				}
			}
		},
	}
}

// Inserted is PK0277.
func Inserted() *rewrite.Rule {
	return &rewrite.Rule{
		Code: "PK0277", Name: "inserted-objects",
		Doc: `INSERT INTO an object table of a type with subtypes VALUES (object) lists the attributes of the object, and the name of its type.`,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE TYPE p AS OBJECT (x NUMBER) NOT FINAL;\n/\nCREATE TYPE c UNDER p (y NUMBER);\n/\nCREATE TABLE t OF p;",
			Source: "INSERT INTO t VALUES (c(1, 2))", Target: "INSERT INTO t (type_name, x, y) VALUES ('c', 1, 2)",
		}},
		Fidelity: diag.Exact,
		After:    map[string]string{"object-values": "objects of a hierarchy are made with the name of their type"},
		Looks:    ir.Kinds(ir.KindInsert),
		Run: func(p *rewrite.Pass) {
			for _, s := range p.Unit.Stmts {
				if n, ok := s.(*ir.Insert); ok {
					insert(p, n)
				}
			}
		},
	}
}

const key = "rowobjects.hidden"

// families are the object tables of hierarchies.
func families(p *rewrite.Pass) map[*catalog.Table]*datatypes.Family {
	m, _ := p.Session.Values[key].(map[*catalog.Table]*datatypes.Family)
	if m == nil {
		m = map[*catalog.Table]*datatypes.Family{}
		p.Session.Values[key] = m
	}
	return m
}

// family is the hierarchy of an object table's rows, nil if the type has no subtypes.
func family(p *rewrite.Pass, t *catalog.Table) *datatypes.Family {
	if t == nil || t.RowType == nil || t.Kind == catalog.ViewTable {
		return nil
	}
	if f := datatypes.FamilyOf(p, t.RowType); f != nil && f.Decl != nil {
		return f
	}
	return nil
}

// prepare enters the columns that the source does not show, so that asterisks and lists of columns leave them out.
func prepare(p *rewrite.Pass) {
	for _, s := range p.Unit.Stmts {
		n, ok := s.(*ir.CreateTable)
		if !ok || n.Object == nil || families(p)[n.Object] != nil {
			continue
		}
		f := family(p, n.Object)
		if f == nil {
			continue
		}
		families(p)[n.Object] = f
		shown := shownBy(f, n.Object)
		for _, x := range f.Fields {
			if !shown[x.Name] {
				n.Object.Columns = append(n.Object.Columns, &catalog.Column{Name: strings.ToUpper(x.Name), Type: x.Type, Nullable: true, Invisible: true})
			}
		}
	}
}

// shownBy are the columns, by their names on the target, that the source shows of an object table.
func shownBy(f *datatypes.Family, t *catalog.Table) map[string]bool {
	out := map[string]bool{}
	d, _ := t.RowType.Type.(types.Object)
	for _, x := range d.Fields {
		out[f.Attribute(d.ObjectDecl, x.Name)] = true
	}
	return out
}

// table adds the columns of subtypes, and the one of the type's name.
func table(p *rewrite.Pass, n *ir.CreateTable) {
	f := families(p)[n.Object]
	if f == nil {
		return
	}
	shown := shownBy(f, n.Object)
	var before, behind []*ir.ColumnDef
	for i, x := range f.Fields {
		if shown[x.Name] {
			continue
		}
		c := &ir.ColumnDef{Name: ir.Ident{Text: strings.ToUpper(x.Name), Quoted: true}, Type: x.Type, Object: n.Object.Column(strings.ToUpper(x.Name))}
		c.Span = n.Span
		c.Made(code)
		if i > 0 {
			behind = append(behind, c)
			continue
		}
		c.NotNull = true
		if o := n.Object.RowType; !o.Abstract {
			c.Default = control.Text(datatypes.TypeName(o))
			c.Default.Base().Span = n.Span
		}
		before = append(before, c)
	}
	n.Columns = append(append(before, n.Columns...), behind...)
}

// insert lists the attributes of the objects that it inserts.
func insert(p *rewrite.Pass, n *ir.Insert) {
	if n.Table == nil || n.Table.Table == nil {
		return
	}
	f := families(p)[n.Table.Table]
	if f == nil {
		return
	}
	o := n.Table.Table.RowType
	if !n.Objects {
		if o.Abstract {
			rewrite.Refuse(p, notMade, n.Span, "table %s", n.Table.Name)
		}
		return
	}
	v, ok := n.Source.(*ir.Values)
	if !ok {
		return
	}
	var rows [][]ir.Expr
	filled := make([]bool, len(f.Fields))
	for _, r := range v.Rows {
		c, made := r.Items[0].(*ir.Construct)
		if !made || len(c.Args) != len(f.Fields) {
			rewrite.Refuse(p, notMade, n.Span, "table %s", n.Table.Name)
			return
		}
		for i, a := range c.Args {
			if _, null := a.(*ir.Null); !null {
				filled[i] = true
			}
		}
		rows = append(rows, c.Args)
	}
	for i, x := range f.Fields {
		if !filled[i] {
			continue
		}
		col := &ir.Name{Parts: []ir.Ident{{Text: strings.ToUpper(x.Name), Quoted: true}}, Ref: &ir.ColumnRef{Table: n.Table.Table, Column: n.Table.Table.Column(strings.ToUpper(x.Name))}}
		col.Span, col.Type = n.Table.Span, x.Type
		n.Columns = append(n.Columns, col)
	}
	for k, r := range v.Rows {
		r.Items = nil
		for i, a := range rows[k] {
			if filled[i] {
				r.Items = append(r.Items, a)
			}
		}
	}
	n.Objects = false
}
