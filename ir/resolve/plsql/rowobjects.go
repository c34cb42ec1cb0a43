package plsql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/types"
)

// Tables and views whose rows are objects (Object-Relational Developer's Guide, "Object Tables", "Applying an Object Model to Relational Data"): their columns are the
// attributes of the type, VALUE(alias) is the row as an object, REF(alias) points to it.

var (
	noReference = &diag.Code{
		ID: "PK0272", Title: "A pointer to a row that is not made", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "REF(alias) and MAKE_REF(view, keys) become a text of the name and the key of a row. That needs an object table with a primary key or an object view with its identifier in the input, and keys that are whole numbers, or one that is a text.",
		Next: "Give the table its primary key, or use the key in place of the pointer.", Learn: 0.2, Each: 0.2,
	}
	rowsOfObjects = &diag.Code{
		ID: "PK0273", Title: "Rows of an object table that are not made in place", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "Rows of object tables are inserted as columns. That is done where the object is made by the constructor in VALUES, not where it comes from a query, a variable or a function.",
		Next: "Insert the attributes as columns.", Each: 0.2,
	}
	underView = &diag.Code{
		ID: "PK0278", Title: "A view of objects under another view", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The rows of a view UNDER another one are rows of that one too, as objects of a subtype (Object-Relational Developer's Guide, \"Object View Hierarchies\"). Views of the target have no hierarchies.",
		Next: "Join both by UNION ALL in a view of another name.", Learn: 0.2, Each: 0.5,
	}
	superView = &diag.Code{
		ID: "PK0279", Title: "A view of objects without the rows of the views under it", Severity: diag.Review, Fidelity: diag.Approximate,
		Doc:  "A view of objects has the rows of the views UNDER it too. These are not converted, and what the view gives on the target are its own rows, as FROM ONLY (view) gives on the source.",
		Next: "Check which rows the programs that read the view expect.", Each: 0.3,
	}
)

func attributeNames(o *catalog.ObjectType) []ir.Ident {
	var out []ir.Ident
	for _, f := range fieldsOf(o.Type) {
		out = append(out, ir.Ident{Text: f.Name, Quoted: true})
	}
	return out
}

// objectColumns makes columns of the attributes of an object table's type, with what the table says of them. Nothing is done where the type is not known.
func (r *Resolver) objectColumns(t *catalog.Table, s *ir.CreateTable) {
	if len(s.OfType.Parts) == 0 {
		return
	}
	o := r.findObjectType(s.OfType.Schema(), s.OfType.Name())
	if o == nil {
		return
	}
	if _, ok := o.Type.(types.Object); !ok {
		return
	}
	said := map[string]*ir.ColumnDef{}
	for _, c := range s.Columns {
		said[c.Name.Text] = c
	}
	t.RowType, s.Columns, s.OfType = o, nil, ir.QName{}
	for i, f := range fieldsOf(o.Type) {
		c := said[f.Name]
		if c == nil {
			c = &ir.ColumnDef{Name: attributeNames(o)[i]}
			c.Span = s.Span
		}
		c.Type = f.Type
		s.Columns = append(s.Columns, c)
	}
}

// rowObjectType is the type of a table's rows where a row is exactly an object of it; nil for others.
func (r *Resolver) rowObjectType(t *catalog.Table) types.Type {
	if t.RowType == nil {
		return nil
	}
	if o, ok := t.RowType.Type.(types.Object); ok && r.alone(o) {
		return o
	}
	return nil
}

// objectView makes a view with the attributes as its columns of a view of objects.
func (r *Resolver) objectView(s *ir.CreateView) {
	if len(s.OfType.Parts) == 0 {
		return
	}
	o := r.findObjectType(s.OfType.Schema(), s.OfType.Name())
	if o == nil {
		r.fail(unknownTypeName, s.OfType.Span, "type %s is not in the catalog", s.OfType)
		return
	}
	if len(s.Under.Parts) > 0 {
		r.fail(underView, s.Under.Span, "view %s, whose rows are missing in view %s", s.Name, s.Under)
		return
	}
	if list := r.superviews[s.Object]; len(list) > 0 {
		r.note(superView, s.Name.Span, "the rows of %s", strings.Join(list, ", "))
	}
	fields := fieldsOf(o.Type)
	q, ok := s.Query.(*ir.Select)
	if !ok || hasStar(q) || len(q.Items) != len(fields) {
		return // refused as a view of objects
	}
	for i, it := range q.Items {
		it.Expr = r.store(it.Expr, fields[i].Type)
		if isNull(it.Expr) {
			it.Expr = r.cast(it.Expr, fields[i].Type)
		}
		it.Alias = ir.Ident{}
	}
	q.Row = rowOf(q.Items)
	s.Columns, s.OfType = attributeNames(o), ir.QName{}
}

// multisetOf makes objects of the rows of MULTISET(query) where the collection is one of objects.
func (r *Resolver) multisetOf(m *ir.Multiset, to types.Type) {
	c, ok := to.(types.Collection)
	if !ok {
		return
	}
	q, ok := m.Query.(*ir.Select)
	if !ok || hasStar(q) || q.Distinct || len(q.OrderBy) > 0 {
		return
	}
	o, ok := c.Elem.(types.Object)
	if !ok {
		if len(q.Items) == 1 {
			q.Items[0].Expr = r.store(q.Items[0].Expr, c.Elem)
		}
		return
	}
	if len(q.Items) != len(o.Fields) || len(q.Items) == 1 && isObject(q.Items[0].Expr) {
		return
	}
	x := &ir.Construct{Name: ir.Qualified("", o.String())}
	x.Span, x.Type = m.Span, o
	for i, it := range q.Items {
		x.Args = append(x.Args, r.store(it.Expr, o.Fields[i].Type))
	}
	one := &ir.SelectItem{Expr: x}
	one.Span = m.Span
	q.Items = []*ir.SelectItem{one}
	q.Row = rowOf(q.Items)
}

// insertObjects resolves an INSERT of whole objects; false if it is none.
func (r *Resolver) insertObjects(sc *scope, s *ir.Insert, it *item, columns []types.Type) bool {
	if it.table == nil || it.table.RowType == nil || len(s.Columns) > 0 || s.Record != nil || s.Source == nil {
		return false
	}
	v, ok := s.Source.(*ir.Values)
	if !ok {
		if q, ok := s.Source.(*ir.Select); ok && len(q.Items) != len(columns) {
			r.fail(rowsOfObjects, s.Span, "INSERT into %s", s.Table.Name)
			return true
		}
		return false
	}
	for _, x := range v.Rows {
		if len(x.Items) != 1 {
			return false
		}
	}
	o, _ := it.table.RowType.Type.(types.Object)
	v.Row = &types.Row{}
	for _, x := range v.Rows {
		e := r.value(sc, x.Items[0])
		t, object := e.TypeOf().(types.Object)
		c, made := e.(*ir.Construct)
		switch {
		case types.IsUnknown(e.TypeOf()):
			x.Items[0] = e
			continue
		case !object && len(columns) == 1:
			e = r.store(e, columns[0])
		case !object || !below(t.ObjectDecl, o.ObjectDecl) || !made:
			r.fail(rowsOfObjects, s.Span, "INSERT into %s", s.Table.Name)
			return true
		case r.alone(o):
			x.Items = c.Args
			continue
		}
		x.Items[0], s.Objects = e, object
	}
	for i, x := range v.Rows {
		row := types.Row{}
		for _, e := range x.Items {
			row.Names, row.Types = append(row.Names, ""), append(row.Types, e.TypeOf())
		}
		if x.Type = row; i == 0 {
			v.Row = &row
		}
	}
	return true
}

// reference is REF(alias) or MAKE_REF(view, keys); nil for all else.
func (r *Resolver) reference(sc *scope, inv *ir.Invoke, name string) ir.Expr {
	if name != "REF" && name != "MAKE_REF" || !sc.sql || len(inv.Args) == 0 {
		return nil
	}
	n, ok := inv.Args[0].(*ir.Name)
	if !ok {
		return nil
	}
	var t *catalog.Table
	keys := inv.Args[1:]
	if name == "REF" {
		if t = tableOf(sc, n); t != nil && len(keys) == 0 {
			for _, k := range keyOf(t) {
				x := &ir.Name{Parts: []ir.Ident{n.Parts[0], {Text: k, Quoted: true}}}
				x.Span = inv.Span
				keys = append(keys, x)
			}
		}
	} else {
		t = r.findTable(ir.QName{Parts: n.Parts, Span: n.Span})
	}
	for i := range keys {
		keys[i] = r.value(sc, keys[i])
	}
	if t == nil || len(keys) == 0 || len(keys) != len(keyOf(t)) || !referable(keys) {
		r.fail(noReference, inv.Span, "%s", text(inv))
		return r.unknownCall(inv, name)
	}
	return r.pointer(inv, t, keys)
}

// tableOf is the object table or view that an alias stands for, nil if there is none.
func tableOf(sc *scope, n *ir.Name) *catalog.Table {
	if len(n.Parts) != 1 {
		return nil
	}
	for ; sc != nil; sc = sc.outer {
		for _, it := range sc.items {
			if it.name == n.Parts[0].Text && it.table != nil && it.table.RowType != nil {
				return it.table
			}
		}
	}
	return nil
}

// keyOf are the columns that identify a row of an object table or view.
func keyOf(t *catalog.Table) []string {
	if len(t.ObjectKey) > 0 {
		return t.ObjectKey
	}
	var out []string
	if k := t.PrimaryKey(); k != nil {
		for _, p := range k.Parts {
			out = append(out, p.Column)
		}
	}
	return out
}

// referable tells that equal keys give equal texts, and different ones different texts.
func referable(keys []ir.Expr) bool {
	for _, k := range keys {
		switch t := k.TypeOf().(type) {
		case types.Int:
		case types.Decimal:
			if t.Precision == 0 || t.Scale > 0 {
				return false
			}
		case types.Text:
			if t.Fixed || len(keys) > 1 {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// pointer is the text of a table's name and a key: TABLE/key.
func (r *Resolver) pointer(inv *ir.Invoke, t *catalog.Table, keys []ir.Expr) ir.Expr {
	c := &ir.Concat{Null: ir.NullSkipped}
	c.Meta = inv.Meta
	lead := ir.Qualified(t.Schema, t.Name).String() + "/"
	for i, k := range keys {
		if i > 0 {
			lead = ","
		}
		s := &ir.String{Value: lead}
		s.Span, s.Type = inv.Span, varchar(len(lead))
		c.Args = append(c.Args, s, r.toText(k))
	}
	c.Type = types.Text{EmptyIsNull: true, Collation: binaryText}
	return c
}
