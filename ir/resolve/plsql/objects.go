package plsql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/source"
	"godwit/ir/types"
)

// Objects of a schema are looked up in the order: the given owner; without one the schema of the unit, the schema in use, and no schema
// (scripts that name no owner); synonyms of these, public synonyms; and at last the only object of that name, whoever owns it.

// publicSchema holds public synonyms.
const publicSchema = "PUBLIC"

// maxSynonyms is how many synonyms may stand for one another.
const maxSynonyms = 16

// schemas lists where an object with the given owner ("" for none) is looked for.
func (r *Resolver) schemas(owner string) []string {
	if owner != "" {
		if owner == "SYS" || suppliedPackage(owner) {
			return []string{owner}
		}
		return []string{owner, ""}
	}
	out := make([]string, 0, 3)
	for _, s := range []string{r.home(), r.schema} {
		if s != "" && !has(out, s) {
			out = append(out, s)
		}
	}
	return append(out, "")
}

// suppliedPackage tells the name of a package that comes with the server: a routine of it is none of the input that has its name.
func suppliedPackage(name string) bool {
	return suppliedPackages[name] || strings.HasPrefix(name, "DBMS_") || strings.HasPrefix(name, "UTL_")
}

// suppliedPackages are the names in front of the dots in suppliedRoutines and refusedPackages.
var suppliedPackages = func() map[string]bool {
	out := map[string]bool{}
	for name := range suppliedRoutines {
		if p, _, ok := strings.Cut(name, "."); ok {
			out[p] = true
		}
	}
	for _, name := range refusedPackages {
		if p, _, ok := strings.Cut(name, "."); ok {
			out[p] = true
		}
	}
	return out
}()

// home is the schema of the unit that is being resolved.
func (r *Resolver) home() string {
	if r.unit == nil {
		return ""
	}
	return r.unit.Schema
}

func has(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// find looks an object up with f, following synonyms. f is given a schema and a name.
func find[T any](r *Resolver, owner, name string, f func(schema, name string) *T) *T {
	for range maxSynonyms {
		for _, s := range r.schemas(owner) {
			if x := f(s, name); x != nil {
				return x
			}
		}
		y := r.synonymOf(owner, name)
		if y == nil || y.Link != "" || y.ForSchema == owner && y.ForName == name {
			return nil
		}
		owner, name = y.ForSchema, y.ForName
	}
	return nil
}

// synonym finds the synonym of a name, nil if it is none.
func (r *Resolver) synonym(q ir.QName) *catalog.Synonym { return r.synonymOf(q.Schema(), q.Name()) }

func (r *Resolver) synonymOf(owner, name string) *catalog.Synonym {
	for _, s := range append(r.schemas(owner), publicSchema) {
		if y := r.cat.Synonym(s, name); y != nil && strings.EqualFold(y.Name, name) {
			return y
		}
	}
	return nil
}

// findTable finds a table or view by its name, nil if it is not known.
func (r *Resolver) findTable(q ir.QName) *catalog.Table {
	owner, name := q.Schema(), q.Name()
	if name == "DUAL" && (owner == "" || owner == "SYS") {
		return r.dual
	}
	if t := find(r, owner, name, r.cat.Table); t != nil {
		return t
	}
	if t := r.dictionaryView(q); t != nil {
		return t
	}
	if owner == "" {
		return r.onlyTable(name)
	}
	return nil
}

// onlyTable is the table of that name if there is exactly one among all owners.
func (r *Resolver) onlyTable(name string) *catalog.Table {
	if r.byName == nil {
		r.byName = map[string][]*catalog.Table{}
		for _, t := range r.cat.Tables() {
			r.byName[t.Name] = append(r.byName[t.Name], t)
		}
	}
	if l := r.byName[name]; len(l) == 1 {
		return l[0]
	}
	return nil
}

// addTable enters a table into the catalog.
func (r *Resolver) addTable(t *catalog.Table) {
	old := r.cat.Table(t.Schema, t.Name)
	r.cat.AddTable(t)
	if r.byName == nil {
		return
	}
	list := r.byName[t.Name][:0:0]
	for _, x := range r.byName[t.Name] {
		if x != old {
			list = append(list, x)
		}
	}
	r.byName[t.Name] = append(list, t)
}

func (r *Resolver) dropTable(t *catalog.Table) {
	r.cat.DropTable(t.Schema, t.Name)
	r.byName = nil
}

// findPackage finds a package, its types and routines' heads being resolved.
func (r *Resolver) findPackage(owner, name string) *catalog.Package {
	p := find(r, owner, name, r.cat.Package)
	if p == nil && owner == "" {
		p = r.onlyPackage(name)
	}
	if p != nil {
		r.settlePackage(p)
	}
	return p
}

func (r *Resolver) onlyPackage(name string) *catalog.Package {
	var one *catalog.Package
	for p := range r.specs {
		if p.Name == name && r.cat.Package(p.Schema, p.Name) == p {
			if one != nil {
				return nil
			}
			one = p
		}
	}
	return one
}

// findSequence finds a sequence.
func (r *Resolver) findSequence(q ir.QName) *catalog.Sequence {
	if s := find(r, q.Schema(), q.Name(), r.cat.Sequence); s != nil || q.Schema() != "" {
		return s
	}
	var one *catalog.Sequence
	for _, s := range r.cat.Sequences() {
		if s.Name == q.Name() {
			if one != nil {
				return nil
			}
			one = s
		}
	}
	return one
}

// findRoutine finds a routine that stands alone: procedures and functions share their names.
func (r *Resolver) findRoutine(owner, name string) *catalog.Routine {
	o := find(r, owner, name, func(schema, name string) *catalog.Routine {
		for _, k := range []catalog.RoutineKind{catalog.Function, catalog.Procedure} {
			if x := r.cat.Routine(k, schema, name); x != nil {
				return x
			}
		}
		return nil
	})
	if o == nil && owner == "" {
		o = r.onlyRoutine(name)
	}
	if o != nil {
		r.settleRoutine(o)
	}
	return o
}

func (r *Resolver) onlyRoutine(name string) *catalog.Routine {
	var one *catalog.Routine
	for _, x := range r.named[name] {
		if r.cat.Routine(x.Kind, x.Schema, x.Name) == x {
			if one != nil {
				return nil
			}
			one = x
		}
	}
	return one
}

// takenForSchema tells that a call X.F means the routine F of the input, which has no schema: X may be a package that the input does not have.
func (r *Resolver) takenForSchema(at source.Span, q ir.QName, o *catalog.Routine) {
	owner := q.Schema()
	if owner == "" || o.Schema != "" || o.Name != q.Name() || owner == r.schema || owner == r.home() || r.usesSchema(owner) {
		return
	}
	r.note(schemaAssumed, at, "%s is taken for routine %s", q, o.Name)
}

// usesSchema tells that a statement of the input makes something in a schema.
func (r *Resolver) usesSchema(name string) bool {
	if r.schemaNames == nil {
		r.schemaNames = map[string]bool{}
		for _, t := range r.cat.Tables() {
			r.schemaNames[t.Schema] = true
		}
		for _, x := range r.cat.Routines() {
			r.schemaNames[x.Schema] = true
		}
	}
	return r.schemaNames[name]
}

// findObjectType finds an object or collection type of a schema.
func (r *Resolver) findObjectType(owner, name string) *catalog.ObjectType {
	o := find(r, owner, name, r.cat.ObjectType)
	if o == nil {
		return r.geometryType(owner, name)
	}
	r.settleObject(o)
	return o
}

// columnsOf are the columns of a table or view as FROM shows them.
func (r *Resolver) columnsOf(t *catalog.Table) []column {
	r.settleTable(t)
	if list, ok := r.columns[t]; ok && len(list) == len(t.Columns) {
		return list
	}
	out := make([]column, len(t.Columns))
	for i, c := range t.Columns {
		out[i] = column{name: c.Name, typ: c.Type, of: c, hidden: c.Hidden()}
	}
	r.columns[t] = out
	return out
}

// rowOfTable is the record that a row of the table is, always the same one.
func (r *Resolver) rowOfTable(t *catalog.Table) types.Record {
	r.settleTable(t)
	if d := r.rows[t]; d != nil {
		return types.Record{RecordDecl: d}
	}
	d := &types.RecordDecl{Name: t.Name + "%ROWTYPE", Of: t}
	for _, c := range t.Columns {
		if !c.Hidden() {
			d.Fields = append(d.Fields, types.Field{Name: c.Name, Type: c.Type, Column: c})
		}
	}
	r.rows[t] = d
	return types.Record{RecordDecl: d}
}
