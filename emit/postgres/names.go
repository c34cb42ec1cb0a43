package postgres

import (
	"strings"

	"godwit/emit"
	"godwit/ir"
	"godwit/ir/catalog"
)

// schema is the target's schema for a schema of the source, "" for none.
func (e *Emitter) schema(s string) string {
	if s == "" {
		return ""
	}
	f := e.fold(s)
	if to, ok := e.opt.Schemas[f]; ok {
		return to
	}
	return f
}

func (p *printer) join(schema, name string) string {
	if schema == "" {
		return Quote(name)
	}
	return Quote(schema) + "." + Quote(name)
}

// tableName is the name of a table or view: the catalog's if it has one for it, else the folded name.
// Temporary tables have no schema of their own.
func (p *printer) tableName(q ir.QName, t *catalog.Table) string {
	if t != nil && t.Target != "" {
		if t.Kind == catalog.TempTable {
			return Quote(t.Target)
		}
		return p.join(t.TargetSchema, t.Target)
	}
	if t != nil && t.Kind == catalog.TempTable {
		return Quote(p.e.fold(q.Name()))
	}
	return p.qname(q, nil)
}

// qname folds and quotes a name; the schema goes through the schema map.
func (p *printer) qname(q ir.QName, t *catalog.Table) string {
	if t != nil {
		return p.tableName(q, t)
	}
	return p.join(p.e.schema(q.Schema()), p.e.fold(q.Name()))
}

func (p *printer) routineName(q ir.QName, r *catalog.Routine) string {
	schema, name := p.e.schema(q.Schema()), p.e.fold(q.Name())
	if r != nil && r.Target != "" {
		schema, name = r.TargetSchema, r.Target
	}
	if schema == "" {
		return quoteFunction(name)
	}
	return Quote(schema) + "." + quoteFunction(name)
}

// collationName quotes the parts as they are: names of collations are exact on the target.
func (p *printer) collationName(q ir.QName) string {
	parts := make([]string, len(q.Parts))
	for i, x := range q.Parts {
		parts[i] = x.Text
	}
	return quoteAll(parts)
}

func (p *printer) name(x *ir.Name) emit.Doc {
	if p.places != nil {
		if d := p.placed(x); d != nil {
			return d
		}
	}
	return emit.Text(p.nameText(x))
}

func (p *printer) nameText(x *ir.Name) string {
	if len(x.Parts) == 0 {
		p.fail(x, "a name without parts")
		return "NULL"
	}
	before := x.Parts[:len(x.Parts)-1]
	if w := x.Parts[0].Text; len(before) == 0 && x.Ref == nil && (w == "NEW" || w == "OLD") {
		return w // the whole row, in a trigger
	}
	switch r := x.Ref.(type) {
	case *ir.RowRef:
		if r.New {
			return "NEW." + p.columnName(x)
		}
		return "OLD." + p.columnName(x)
	case *ir.VarRef:
		if r.Decl != nil {
			return p.qualified(before, p.varName(r.Decl))
		}
	case *ir.ParamRef:
		if r.Param != nil {
			return p.qualified(before, p.paramName(r.Param))
		}
	case *ir.FieldRef:
		if owner := p.fieldOwner(r.Of); owner != "" {
			return owner + "." + p.columnName(x)
		}
	case *ir.ColumnRef:
		if len(before) > 0 {
			return p.columnQualifier(before, r) + "." + p.columnName(x)
		}
	}
	return p.qualified(before, p.columnName(x))
}

// fieldOwner is the variable, or the field of one, that a field belongs to, by its name on the target; "" for anything else.
func (p *printer) fieldOwner(of ir.Expr) string {
	x, ok := of.(*ir.Name)
	if !ok {
		return ""
	}
	switch r := x.Ref.(type) {
	case *ir.VarRef:
		if r.Decl != nil && r.Decl.TargetName != "" {
			return p.varName(r.Decl)
		}
	case *ir.FieldRef:
		if owner := p.fieldOwner(r.Of); owner != "" {
			return owner + "." + p.columnName(x)
		}
	}
	return ""
}

func (p *printer) qualified(before []ir.Ident, name string) string {
	if len(before) == 0 {
		return name
	}
	return p.qualifier(before) + "." + name
}

// qualifier folds the parts before a column; the first of two is a schema.
func (p *printer) qualifier(parts []ir.Ident) string {
	out := make([]string, len(parts))
	for i, x := range parts {
		out[i] = p.e.fold(x.Text)
		if i == 0 && len(parts) == 2 {
			out[i] = p.e.schema(x.Text)
		}
	}
	return quoteAll(out)
}

// columnQualifier is how the table of a column is called in its query.
func (p *printer) columnQualifier(before []ir.Ident, r *ir.ColumnRef) string {
	t, ok := r.From.(*ir.TableRef)
	if !ok || t.Alias.Text != "" {
		return p.qualifier(before[len(before)-1:])
	}
	if r.Table == nil || r.Table.Target == "" {
		return p.qualifier(before)
	}
	if len(before) == 2 && r.Table.Kind != catalog.TempTable {
		return p.join(r.Table.TargetSchema, r.Table.Target)
	}
	return Quote(r.Table.Target)
}

// columnName is the last part of a name as a column: the catalog's name of it, or the folded word.
func (p *printer) columnName(x *ir.Name) string {
	if x == nil || len(x.Parts) == 0 {
		p.fail(nil, "a column name is missing")
		return "NULL"
	}
	var c *catalog.Column
	switch r := x.Ref.(type) {
	case *ir.ColumnRef:
		c = r.Column
	case *ir.RowRef:
		c = r.Column
	case *ir.OutputRef:
		if r.Of != nil && strings.EqualFold(r.Of.Name, r.Column) {
			c = r.Of
		}
	}
	if c != nil && c.Target != "" {
		return Quote(c.Target)
	}
	return Quote(p.e.fold(x.Parts[len(x.Parts)-1].Text))
}

func (p *printer) varName(d *ir.VarDecl) string {
	if d.TargetName != "" {
		return Quote(shorten(d.TargetName))
	}
	return Quote(p.e.fold(d.Name.Text))
}

func (p *printer) paramName(d *ir.ParamDecl) string {
	if d.TargetName != "" {
		return Quote(shorten(d.TargetName))
	}
	return Quote(p.e.fold(d.Name.Text))
}

func (p *printer) ident(x ir.Ident) string { return Quote(p.e.fold(x.Text)) }

func (p *printer) idents(list []ir.Ident) emit.Doc {
	docs := make([]emit.Doc, len(list))
	for i, x := range list {
		docs[i] = emit.Text(p.ident(x))
	}
	return emit.List(docs)
}
