package postgres

import (
	"fmt"
	"slices"
	"strings"

	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/source"
	"godwit/ir/types"
)

// Findings about names.
var (
	NameCollision = &diag.Code{
		ID: "NM0100", Title: "two names become one on the target", Severity: diag.Review, Fidelity: diag.Assumed,
		Doc: "Names of tables may differ in case only on the source; on the target all names are folded to lower case. One of the two gets a " +
			"suffix, in code, definitions and data alike (MySQL Reference Manual, Identifier Case Sensitivity).",
		Next: "Change the name in the application's SQL, or rename one of the tables.",
		Each: 0.25,
	}
	NameShortened = &diag.Code{
		ID: "NM0101", Title: "name longer than 63 bytes", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: "PostgreSQL cuts names at 63 bytes with only a notice, and may so merge two. Longer names are cut here and get a suffix computed from " +
			"the whole name, the same in code, definitions and data (PostgreSQL manual, 4.1.1 Identifiers and Key Words).",
		Next: "Use the new name in SQL that is not converted.",
	}
)

// NameHidden is reported for routines with the name of a function of the server.
var NameHidden = &diag.Code{
	ID: "NM0102", Title: "routine with the name of a function of PostgreSQL", Severity: diag.Review, Fidelity: diag.Assumed,
	Doc: "The server looks for a function without a schema among its own first: money(x), age(d) or initcap(s) may reach that one, " +
		"silently. The routine gets another name in converted code (PostgreSQL manual, 10.3 Functions).",
	Next: "Use the new name in SQL that is not converted, or convert with --schema and call the routine with its schema.",
	Each: 0.1,
}

// AssignNames gives every object of the catalog its name and every column its type on the target. Call it before names are
// resolved: the type of an ENUM column then carries the name of its type everywhere. Names that are already given stay.
func (e *Emitter) AssignNames(cat *catalog.Catalog) diag.List {
	n, tables, routines, sequences := e.NewNames(), cat.Tables(), cat.Routines(), cat.Sequences()
	findings := e.packages(cat)
	n.beside(cat)
	n.count(tables, routines, sequences)
	return append(findings, n.give(tables, routines, sequences)...)
}

type assigner struct {
	e         *Emitter
	relations *space // schema.name of tables, views, sequences, indexes and types: one name space
	routines  *space
	repeated  map[string]int // how many indexes of a schema have that name
	findings  diag.List
}

func key(schema, name string) string { return schema + "\x00" + name }

// free finds a name that nothing in the name space has yet, and takes it.
func free(in interface {
	take(string) bool
	tails() map[string]int
}, schema, name string) string {
	out, base := name, key(schema, name)
	for i := max(2, in.tails()[base]); !in.take(key(schema, out)); i++ {
		out = shorten(fmt.Sprintf("%s_%d", name, i))
		in.tails()[base] = i + 1
	}
	return out
}

func (a *assigner) report(c *diag.Code, object, format string, args ...any) {
	f := c.New(source.Span{}, format, args...)
	f.Object = object
	a.findings.Add(f)
}

func (a *assigner) fold(object, name string) string {
	f := a.e.fold(name)
	if len(name) > maxName {
		a.report(NameShortened, object, "the name %s becomes %s", name, f)
	}
	return f
}

func objectName(kind, schema, name string) string {
	if schema == "" {
		return kind + " " + name
	}
	return kind + " " + schema + "." + name
}

func tableObject(t *catalog.Table) string {
	kind := "table"
	if t.Kind == catalog.ViewTable {
		kind = "view"
	}
	return objectName(kind, t.Schema, t.Name)
}

func (a *assigner) table(t *catalog.Table) {
	if t.Target != "" {
		return
	}
	object := tableObject(t)
	t.TargetSchema = a.e.schema(t.Schema)
	want := a.fold(object, t.Name)
	if t.Kind == catalog.TempTable {
		t.Target = want // hides a table of the same name, as on the source
		return
	}
	t.Target = free(a.relations, t.TargetSchema, want)
	if t.Target != want {
		a.report(NameCollision, object, "%s becomes %s, because another table is called %s", t.Name, t.Target, want)
	}
}

// systemColumns are what every table of the target has already, by key.
var systemColumns = []string{key("", "tableoid"), key("", "xmin"), key("", "cmin"), key("", "xmax"), key("", "cmax"), key("", "ctid")}

func (a *assigner) columns(t *catalog.Table) {
	if slices.ContainsFunc(t.Columns, func(c *catalog.Column) bool { return c.Target == "" }) {
		a.columnNames(t)
	}
	for _, c := range t.Columns {
		a.columnType(t, c)
	}
}

func (a *assigner) columnNames(t *catalog.Table) {
	object := tableObject(t)
	used := names{make(map[string]bool, len(systemColumns)+len(t.Columns)), map[string]int{}}
	for _, x := range systemColumns {
		used.take(x)
	}
	for _, c := range t.Columns {
		if c.Target != "" {
			used.take(key("", c.Target))
		}
	}
	for _, c := range t.Columns {
		if c.Target != "" {
			continue
		}
		if first := t.Column(c.Name); first != c {
			c.Target = first.Target // the source does not take two columns of a name, nor does the target
		}
		if c.Target == "" {
			c.Target = free(used, "", a.fold(object, c.Name))
		}
	}
}

// columnType spells the column's type. An ENUM column of a table gets a type of its own, schema.table_column.
func (a *assigner) columnType(t *catalog.Table, c *catalog.Column) {
	if enum, ok := c.Type.(types.Enum); ok && enum.Name == "" && t.Kind != catalog.ViewTable && t.Kind != catalog.TempTable && labels(enum) {
		if c.TargetType != "" {
			// ALTER TABLE changed the values: the name of the old type is taken until the column has the new one.
			a.relations.take(key(t.TargetSchema, catalog.BaseName(c.TargetType)))
		}
		name := free(a.relations, t.TargetSchema, shorten(t.Target+"_"+c.Target))
		enum.Name = Quote(name)
		if t.TargetSchema != "" {
			enum.Name = Quote(t.TargetSchema) + "." + enum.Name
		}
		c.Type = enum
	}
	c.TargetType, _, _ = a.e.ColumnSQL(c.Type) // again each time: ALTER TABLE may have changed the type
	if c.Wide {
		c.TargetType, _ = a.e.TypeSQL(c.Type)
	}
	// An identity column is of an integer type, and so is what refers to it.
	if i, ok := c.Type.(types.Int); c.Counts() || ok && i.Bits == 64 && (c.AutoIncrement || c.Counter) {
		c.TargetType = "bigint"
	}
}

// labels tells whether the values can be labels of an enum type: 63 bytes at most, no two of them equal.
func labels(t types.Enum) bool {
	seen := map[string]bool{}
	for _, v := range t.Values {
		if len(v) > maxName || seen[v] {
			return false
		}
		seen[v] = true
	}
	return len(t.Values) > 0
}

func (a *assigner) keys(t *catalog.Table) {
	for _, k := range t.Keys {
		if k.Target != "" {
			continue
		}
		name := a.e.fold(k.Name)
		switch {
		case k.Kind == catalog.Primary && (name == "" || strings.EqualFold(name, "primary")):
			name = shorten(t.Target + "_pkey")
			k.Implicit = true
		case name == "":
			own := a.ownKeyName(t, k)
			name = shorten(own)
			k.Implicit = k.Kind == catalog.Unique && name == own && !a.relations.has(key(t.TargetSchema, name))
		case a.repeated[key(t.TargetSchema, name)] > 1 || a.relations.has(key(t.TargetSchema, name)):
			name = shorten(t.Target + "_" + name)
		}
		k.Target = free(a.relations, t.TargetSchema, name)
	}
	for _, f := range t.ForeignKeys {
		if f.Target == "" && f.Name != "" {
			f.Target = a.e.fold(f.Name) // per table on the target
		}
	}
}

// ownKeyName is the name that the target gives a key without one.
func (a *assigner) ownKeyName(t *catalog.Table, k *catalog.Key) string {
	name := t.Target
	for _, part := range k.Parts {
		if part.Column == "" {
			return t.Target + "_key"
		}
		if c := t.Column(part.Column); c != nil && c.Target != "" {
			name += "_" + c.Target
		} else {
			name += "_" + a.e.fold(part.Column)
		}
	}
	return name + "_key"
}

func (a *assigner) routine(r *catalog.Routine) {
	if r.Target != "" {
		return
	}
	r.TargetSchema = a.e.schema(r.Schema)
	kind := "procedure"
	if r.Kind == catalog.Function {
		kind = "function"
	}
	object := objectName(kind, r.Schema, r.Name)
	want := a.fold(object, r.Name)
	if r.TargetSchema == "" && hidden(want, r) {
		a.report(NameHidden, object, "%s becomes %s_fn, because PostgreSQL has a function %s of its own", r.Name, want, want)
		want += "_fn"
	}
	r.Target = free(a.routines, r.TargetSchema, want)
	if r.Target != want {
		a.report(NameCollision, object, "%s becomes %s, because another routine is called %s: functions and procedures share one name space", r.Name, r.Target, want)
	}
}

func (a *assigner) sequence(s *catalog.Sequence) {
	if s.Target != "" {
		return
	}
	s.TargetSchema = a.e.schema(s.Schema)
	s.Target = free(a.relations, s.TargetSchema, a.e.fold(s.Name))
}
