package plsql

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// What was declared is completed here when it is first asked for: types by name, %TYPE and %ROWTYPE, and the columns of views. Findings are
// not wanted then: the unit that holds the declaration gives them when it is resolved itself.

// view is the query of a view, or of a table made from a query, whose columns are found on demand.
type view struct {
	query  ir.Query
	names  []ir.Ident
	ofType ir.QName // of an object table or view
	unit   *ir.Unit
	schema string
	table  bool // a table made from a query: NOT NULL of columns is kept
}

// settleAll completes everything that was declared since the last time.
func (r *Resolver) settleAll() {
	for len(r.queue) > 0 {
		p := r.queue[0]
		r.queue = r.queue[1:]
		r.settlePackage(p)
	}
	for len(r.typeQueue) > 0 {
		o := r.typeQueue[0]
		r.typeQueue = r.typeQueue[1:]
		r.settleObject(o)
	}
	for len(r.pending) > 0 {
		for _, t := range r.pendingTables() {
			r.settleTable(t)
			delete(r.pending, t)
		}
	}
	for o := range r.open {
		r.settleRoutine(o)
	}
	r.joinKeys()
}

// pendingTables lists the tables that are not complete in a fixed order.
func (r *Resolver) pendingTables() []*catalog.Table {
	var out []*catalog.Table
	for t := range r.pending {
		out = append(out, t)
	}
	catalog.SortTables(out)
	return out
}

// as runs f without findings, in the place of another unit.
func (r *Resolver) as(u *ir.Unit, schema string, f func()) {
	unit, was := r.unit, r.schema
	if u != nil {
		r.unit = u
	}
	r.schema = schema
	r.quietly(f)
	r.unit, r.schema = unit, was
}

// settleTable completes the types of a table's columns, or the columns of a view.
func (r *Resolver) settleTable(t *catalog.Table) {
	schema, ok := r.pending[t]
	if !ok {
		return
	}
	delete(r.pending, t)
	v := r.views[t]
	if v != nil {
		delete(r.views, t)
		r.as(v.unit, v.schema, func() { r.viewColumns(t, v) })
	}
	r.as(nil, schema, func() {
		for _, c := range t.Columns {
			if c.Type == nil && c.Generated != catalog.NotGenerated {
				c.Type = r.formulaType(t, c)
			}
			if c.Type == nil {
				c.Type = r.referredType(t, c)
			}
			c.Type = r.typeOf(nil, c.Type, &ir.ColumnDef{})
		}
	})
}

// referredType is the type of a column without one: that of the column that its foreign key refers to (SQL Language Reference, CREATE TABLE,
// datatype).
func (r *Resolver) referredType(t *catalog.Table, c *catalog.Column) types.Type {
	for _, f := range t.ForeignKeys {
		i := slices.Index(f.Columns, c.Name)
		if i < 0 {
			continue
		}
		if parent := r.cat.Table(f.RefSchema, f.RefTable); parent != nil && parent != t {
			r.settleTable(parent)
		}
		if o := r.referred(f, i); o != nil && o != c {
			return o.Type
		}
	}
	return nil
}

// formulaType is the type of a virtual column without a declared one: that of its expression.
func (r *Resolver) formulaType(t *catalog.Table, c *catalog.Column) types.Type {
	e, ok := c.Formula.(ir.Expr)
	if !ok {
		return nil
	}
	sc := r.top().inSQL()
	cols := []column{}
	for _, o := range t.Columns {
		if o.Type != nil {
			cols = append(cols, column{name: o.Name, typ: r.typeOf(nil, o.Type, &ir.ColumnDef{}), of: o})
		}
	}
	sc.items = []*item{{name: t.Name, table: t, cols: cols}}
	return r.value(sc, ir.Clone(e)).TypeOf()
}

// viewColumns finds the columns of a view by resolving a copy of its query.
func (r *Resolver) viewColumns(t *catalog.Table, v *view) {
	if len(v.ofType.Parts) > 0 {
		if o := r.findObjectType(v.ofType.Schema(), v.ofType.Name()); o != nil {
			t.RowType = o
			for _, f := range fieldsOf(o.Type) {
				t.Columns = append(t.Columns, &catalog.Column{Name: f.Name, Type: f.Type, Nullable: true})
			}
		}
		return
	}
	q := r.query(r.top().inSQL(), ir.Clone(v.query))
	declared := t.Columns
	t.Columns = nil
	for i, c := range outputs(q, v.names) {
		col := &catalog.Column{Name: c.name, Type: c.typ, Nullable: c.of == nil || c.of.Nullable}
		if i < len(declared) {
			col = declared[i]
			if col.Type == nil {
				col.Type = c.typ
			}
		}
		t.Columns = append(t.Columns, col)
	}
}

// settlePackage completes the members of a package.
func (r *Resolver) settlePackage(p *catalog.Package) {
	if r.settled[p] {
		return
	}
	r.settled[p] = true
	f := r.packFrame(p)
	r.as(r.packUnits[p], r.inUse[r.packUnits[p]], func() {
		for _, s := range []*ir.Package{r.specs[p], r.packBodies[p]} {
			if s == nil {
				continue
			}
			for _, d := range s.Decls {
				r.settleMember(f, p, d)
			}
		}
	})
}

func (r *Resolver) settleMember(f *frame, p *catalog.Package, d ir.Decl) {
	switch d := d.(type) {
	case *ir.VarDecl:
		if v := p.Var(d.Name.Text); v != nil {
			v.Type = r.typeOf(f, d.Type, d)
		}
	case *ir.CursorDecl:
		if v := p.Var(d.Name.Text); v != nil && v.Decl == ir.Decl(d) {
			v.Type = types.Cursor{Row: r.cursorRow(f, d)}
		}
	case *ir.TypeDecl:
		p.Types[strings.ToUpper(d.Name.Text)] = r.settleType(f, d)
	case *ir.RoutineDecl:
		if o := r.linked[d.Routine]; o != nil {
			r.settleRoutine(o)
		}
	}
}

// settleType completes a declared type and returns it.
func (r *Resolver) settleType(f *frame, d *ir.TypeDecl) types.Type {
	switch t := d.Defined.(type) {
	case types.Record:
		if d.Kind != ir.RecordType {
			break
		}
		for _, x := range d.Fields {
			if field := t.Field(x.Name.Text); field != nil { // one may be left out since
				field.Type = r.typeOf(f, x.Type, x)
			}
		}
		return t
	case types.Collection:
		if d.Kind == ir.Subtype {
			break
		}
		t.Elem = r.typeOf(f, d.Elem, d)
		if d.Key != nil {
			t.Key = r.typeOf(f, d.Key, d)
		}
		return t
	}
	switch d.Kind {
	case ir.CursorType:
		if d.Elem != nil {
			if rec, ok := r.typeOf(f, d.Elem, d).(types.Record); ok {
				d.Defined = types.Cursor{Row: rec.RecordDecl}
			}
		}
	case ir.Subtype:
		d.Defined = r.typeOf(f, d.Elem, d)
	}
	return d.Defined
}

// cursorRow is the record that a declared cursor yields, nil if it is not known.
func (r *Resolver) cursorRow(f *frame, d *ir.CursorDecl) *types.RecordDecl {
	if row, ok := r.cursors[d]; ok {
		return row
	}
	r.cursors[d] = nil
	if d.Row != nil {
		if rec, ok := r.typeOf(f, d.Row, d).(types.Record); ok {
			r.cursors[d] = rec.RecordDecl
			return rec.RecordDecl
		}
	}
	if d.Query == nil {
		return nil
	}
	in := newFrame(f)
	in.label = d.Name.Text
	for _, p := range d.Params {
		x := *p
		x.Type = r.typeOf(f, p.Type, p)
		in.names[p.Name.Text] = &entity{param: &x}
	}
	r.quietly(func() {
		q := r.query(in.plain().inSQL(), ir.Clone(d.Query))
		r.cursors[d] = recordOf(d.Name.Text+"%ROWTYPE", q)
	})
	return r.cursors[d]
}

// recordOf is the record of a query's rows.
func recordOf(name string, q ir.Query) *types.RecordDecl {
	rec := &types.RecordDecl{Name: name}
	for _, c := range outputs(q, nil) {
		f := types.Field{Name: c.name, Type: c.typ}
		if c.of != nil {
			f.Column = c.of
		}
		rec.Fields = append(rec.Fields, f)
	}
	return rec
}

// settleRoutine completes the types of a routine's parameters and result.
func (r *Resolver) settleRoutine(o *catalog.Routine) {
	if !r.open[o] {
		return
	}
	delete(r.open, o)
	s, f := r.heads[o], r.frames[o]
	if f == nil {
		f = newFrame(nil)
	}
	r.quietly(func() {
		for i, p := range s.Params {
			if i < len(o.Params) {
				o.Params[i].Type = formal(r.typeOf(f, p.Type, p))
			}
		}
		if s.Returns != nil {
			o.Returns = formal(r.typeOf(f, s.Returns, s))
		}
	})
	if m := o.Method; m != nil {
		for _, x := range []*catalog.Routine{m.Dispatch, m.Comparison} {
			if x != nil {
				x.Params, x.Returns = o.Params, o.Returns
			}
		}
	}
}

// settleObject completes the attributes or elements of a type of a schema.
func (r *Resolver) settleObject(o *catalog.ObjectType) {
	s := r.typeDecls[o]
	if s == nil || r.settledTypes[o] {
		return
	}
	r.settledTypes[o] = true
	r.as(r.typeUnits[o], r.inUse[r.typeUnits[o]], func() {
		switch t := o.Type.(type) {
		case types.Collection:
			t.Elem = r.typeOf(nil, s.Elem, s)
		case types.Object:
			r.settleAttributes(t.ObjectDecl, s)
		}
		for _, m := range o.Methods {
			r.settleRoutine(m)
		}
	})
}

func (r *Resolver) settleAttributes(d *types.ObjectDecl, s *ir.ObjectType) {
	d.Fields = nil
	if s.Under != nil {
		if super := r.findObjectType(s.Under.Schema(), s.Under.Name()); super != nil {
			if t, ok := super.Type.(types.Object); ok {
				if o := r.objects[d]; o != nil {
					o.PlaceUnder(super)
				}
				d.Super = t.ObjectDecl
				d.Fields = append(d.Fields, t.Fields...)
			}
		}
	}
	for _, a := range s.Attributes {
		d.Fields = append(d.Fields, types.Field{Name: a.Name.Text, Type: r.typeOf(nil, a.Type, a), NotNull: a.NotNull})
	}
}
