package godwit

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/source"
	"godwit/ir/types"
)

// missingObject refuses what needs an object that is refused itself.
var missingObject = &diag.Code{
	ID: "NM0110", Title: "An object that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "The statement uses a table, view, procedure or function whose own definition is refused. The target would not accept the statement, or would fail when it runs, for the object is not there.",
	Next: "Convert the object that the message names by hand (see its own findings), give its form in --catalog, and convert again.",
	Each: 0.1,
}

// dependents follows which units need objects that are refused.
type dependents struct {
	cat *catalog.Catalog
	// made are the objects that units define; refused those that are not converted, by how messages name them.
	made    map[*Unit]any
	refused map[any]string
	// users are the units by the objects that they need, in order.
	users map[any][]*Unit
	uses  map[*Unit][]any // the same by unit
	// places are where the needs stand first: in which member of a package.
	places map[need]source.Span
	// doomed are the units before a refused one that need it; settled the objects whose users are refused.
	doomed  map[*Unit]bool
	settled map[any]bool
	stubs   map[*catalog.Routine]string // routines of packages that only raise an error
	// calls are the routines that a routine calls which stands alone, callers what other statements call.
	calls       map[*catalog.Routine][]*catalog.Routine
	callers     map[*Unit][]*catalog.Routine
	callerOrder []*Unit
	// columns are those that a unit adds to a table, added the units that add them last.
	columns map[*Unit][]tableColumn
	added   map[tableColumn]*Unit
	left    []any // members of packages that are gone, whose users are not refused yet
}

// need is a unit and an object that it needs.
type need struct {
	unit   *Unit
	object any
}

func newDependents(cat *catalog.Catalog) *dependents {
	return &dependents{cat: cat, made: map[*Unit]any{}, refused: map[any]string{}, users: map[any][]*Unit{}, uses: map[*Unit][]any{}, places: map[need]source.Span{}, stubs: map[*catalog.Routine]string{}, calls: map[*catalog.Routine][]*catalog.Routine{}, callers: map[*Unit][]*catalog.Routine{}, doomed: map[*Unit]bool{}, settled: map[any]bool{}, columns: map[*Unit][]tableColumn{}, added: map[tableColumn]*Unit{}}
}

// declared notes what a unit defines, before it is resolved.
func (d *dependents) declared(u *Unit) {
	if len(u.Stmts) != 1 {
		return
	}
	switch s := u.Stmts[0].(type) {
	case *ir.CreateTable:
		if s.Object != nil && s.Object.Kind != catalog.TempTable {
			d.made[u] = s.Object
		}
	case *ir.CreateView:
		if s.Object != nil {
			d.made[u] = s.Object
		}
	case *ir.MaterializedView:
		if s.Object != nil && !s.Prebuilt {
			d.made[u] = s.Object
		}
	case *ir.Routine:
		if s.Object != nil {
			d.made[u] = s.Object
		}
	case *ir.AlterTable:
		if s.Table != nil && len(d.columns[u]) == 0 {
			d.adds(u, s)
		}
	case *ir.CreateSequence:
		if o := d.cat.Sequence(u.Schema, s.Name.Name()); o != nil && !s.Alter {
			d.made[u] = o
		}
	case *ir.ObjectType:
		if s.Object != nil && s.Kind == ir.ObjectRow {
			d.made[u] = s.Object
		}
	}
}

// missing names an object that the unit needs and that is refused already, "" if there is none. What it needs is noted, for what
// becomes of that later. at is the place of the need, that of the whole unit where it has no members.
func (d *dependents) missing(u *Unit) (why string, at source.Span) {
	own, place := d.made[u], u.Source
	d.forget(u)
	note := func(o any) {
		if o == own {
			return
		}
		if c, ok := o.(tableColumn); ok && d.added[c] == u {
			return
		}
		if name := d.refused[o]; name != "" && why == "" {
			why, at = name, place
		}
		if u.rows {
			return // they come when all definitions are settled
		}
		if list := d.users[o]; len(list) == 0 || list[len(list)-1] != u {
			d.users[o] = append(list, u)
			d.uses[u] = append(d.uses[u], o)
			d.places[need{u, o}] = place
		}
	}
	for _, s := range u.Stmts {
		if in, ok := s.(*ir.Insert); ok && u.rows {
			d.table(in.Table.Table, note)
			continue
		}
		ir.Walk(s, func(n ir.Node) bool {
			if u.tree != nil && n.Base().Span.IsValid() {
				place = n.Base().Span // of the member that needs it
			}
			d.needs(n, note)
			return true
		})
	}
	if why == "" {
		why, at = d.stub(u), u.Source
	}
	return why, at
}

// forget takes back what a unit needed before it was converted again.
func (d *dependents) forget(u *Unit) {
	for _, o := range d.uses[u] {
		d.users[o] = slices.DeleteFunc(d.users[o], func(x *Unit) bool { return x == u })
		delete(d.places, need{u, o})
	}
	delete(d.uses, u)
}

// failsWith notes that a unit needs something that is refused. A routine is there nevertheless (see stubs.go), unless that turns out wrong.
func (d *dependents) failsWith(x *Unit) {
	if x.standsAlone() == nil {
		d.fails(x)
	}
}

func (d *dependents) table(t *catalog.Table, note func(any)) {
	if t != nil && t.Kind != catalog.TempTable {
		note(t)
	}
}

// needs tells the objects that a node needs on the target.
func (d *dependents) needs(n ir.Node, note func(any)) {
	if e, ok := n.(ir.Expr); ok {
		d.object(e.TypeOf(), note)
	}
	switch n := n.(type) {
	case *ir.TypeBody:
		if n.Object != nil {
			note(n.Object)
		}
	case *ir.ColumnDef:
		d.row(n.Type, note)
	case *ir.TypeDecl:
		d.row(n.Defined, note)
	case *ir.TableRef:
		d.table(n.Table, note)
	case *ir.VarDecl:
		d.row(n.Type, note)
	case *ir.ParamDecl:
		d.row(n.Type, note)
	case *ir.Routine:
		d.row(n.Returns, note)
	case *ir.Name:
		switch r := n.Ref.(type) {
		case *ir.PackageRef:
			if r.Member != nil {
				note(r.Member)
			}
		case *ir.ColumnRef:
			if r.Column != nil {
				d.column(r.Table, r.Column.Name, note)
			}
		}
	case *ir.CreateIndex:
		if n.Table != nil {
			d.keyColumns(n.Table.Table, n.Key, note)
		}
	case *ir.CommentOn:
		d.table(n.Table, note)
	case *ir.Grant:
		d.granted(n, note)
	case *ir.AlterTable:
		for _, a := range n.Actions {
			if a.Foreign != nil && n.Table.Table != nil {
				d.named(n.Table.Table.Schema, a.Foreign.RefTable, note)
			}
			if n.Table != nil {
				d.altered(n.Table.Table, a, note)
			}
		}
	case *ir.CreateTable:
		schema := ""
		if n.Object != nil {
			schema = n.Object.Schema
		}
		for _, k := range n.ForeignKeys {
			d.named(schema, k.RefTable, note)
		}
		if n.Like != nil {
			d.named(schema, *n.Like, note)
		}
	case *ir.CallProc:
		if n.Routine != nil {
			note(n.Routine)
		}
	case *ir.RoutineCall:
		if n.Routine != nil {
			note(n.Routine)
		}
	case *ir.NextValue:
		if n.Ref != nil {
			note(n.Ref)
		}
	case *ir.Drop:
		for _, t := range n.Tables {
			if !n.IfExists {
				d.table(t, note)
			}
		}
	}
}

// row notes the table whose row a type is, and types of packages.
func (d *dependents) row(t types.Type, note func(any)) {
	d.object(t, note)
	if o := declOf(t); o != nil {
		note(o)
	}
	if c, ok := t.(types.Collection); ok && c.CollectionDecl != nil {
		d.row(c.Elem, note)
	}
	if r, ok := t.(types.Record); ok && r.RecordDecl != nil {
		if t, ok := r.Of.(*catalog.Table); ok {
			d.table(t, note)
		}
	}
}

// object is the definition of an object type.
func (d *dependents) object(t types.Type, note func(any)) {
	o, ok := t.(types.Object)
	if !ok || o.ObjectDecl == nil {
		return
	}
	for x := o.ObjectDecl; x != nil; x = x.Super {
		if def, ok := x.Of.(*catalog.ObjectType); ok && def != nil {
			note(def)
		}
	}
}

func (d *dependents) named(schema string, q ir.QName, note func(any)) {
	if q.Schema() != "" {
		schema = q.Schema()
	}
	d.table(d.cat.Table(schema, q.Name()), note)
}

// granted is the object that rights are granted on.
func (d *dependents) granted(g *ir.Grant, note func(any)) {
	if !g.Plain || g.Object == "" || g.Object == "*" {
		return
	}
	d.table(d.cat.Table(g.Schema, g.Object), note)
	if q := d.cat.Sequence(g.Schema, g.Object); q != nil {
		note(q)
	}
	for _, kind := range []catalog.RoutineKind{catalog.Procedure, catalog.Function} {
		if r := d.cat.Routine(kind, g.Schema, g.Object); r != nil {
			note(r)
		}
	}
}

// fails notes that a unit is refused before it is printed, so that the units behind it that need its object are refused as well.
// Those before it, whose text may be in the making, are refused when all is printed (see settle).
func (d *dependents) fails(u *Unit) {
	for _, c := range d.columns[u] {
		if d.added[c] == u {
			d.failed(u, c)
		}
	}
	if o := d.made[u]; o != nil {
		d.failed(u, o)
	}
}

// failed notes that an object which a unit makes is refused.
func (d *dependents) failed(u *Unit, o any) {
	if d.refused[o] != "" {
		return
	}
	d.refused[o] = objectName(o)
	for _, x := range d.users[o] {
		if x != u && !d.doomed[x] {
			d.doomed[x] = true
			d.failsWith(x)
		}
	}
}

// settle refuses the units that need what a refused unit does not make.
func (d *dependents) settle(p *pipeline, u *Unit) {
	d.fails(u)
	if u.Status != diag.Refused {
		return
	}
	for _, c := range d.columns[u] {
		if d.added[c] == u && !d.settled[c] {
			d.refuseUsers(p, c, u)
		}
	}
	if o := d.made[u]; o != nil && !d.settled[o] {
		d.refuseUsers(p, o, u)
	}
}

// refuseUsers refuses the units that need an object, but not the one that makes it.
func (d *dependents) refuseUsers(p *pipeline, o any, u *Unit) {
	d.settled[o] = true
	for _, x := range slices.Clone(d.users[o]) {
		if x != u && !isRefused(x.Unit) && len(x.Outputs) > 0 {
			p.refuseFor(x, d.refused[o], d.places[need{x, o}])
			if p.hollowOut(x) {
				continue
			}
			x.Findings = x.Findings.Sort()
			x.Status = diag.Refused
			d.settle(p, x)
		}
	}
}

func objectName(o any) string {
	kind, schema, name := "", "", ""
	switch o := o.(type) {
	case tableColumn:
		kind, schema, name = "column", o.table.Name, o.name
	case *catalog.Table:
		kind, schema, name = "table", o.Schema, o.Name
		if o.Kind == catalog.ViewTable {
			kind = "view"
		}
	case *catalog.Routine:
		kind, schema, name = "procedure", o.Schema, o.Name
		if o.Kind == catalog.Function {
			kind = "function"
		}
	case *catalog.Sequence:
		kind, schema, name = "sequence", o.Schema, o.Name
	case *catalog.ObjectType:
		kind, schema, name = "type", o.Schema, o.Name
	}
	return kind + " " + strings.TrimPrefix(schema+"."+name, ".")
}

// refuseFor refuses a unit because an object is not converted.
func (p *pipeline) refuseFor(u *Unit, object string, at source.Span) {
	u.Report(missingObject.New(at, "it needs %s, which was refused", object))
	p.refuse(u, missingObject.ID, "needs "+object)
}
