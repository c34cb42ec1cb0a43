package postgres

import (
	"fmt"

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

// AssignNames gives every object of the catalog its name and every column its type on the target. Call it before names are
// resolved: the type of an ENUM column then carries the name of its type everywhere. Names that are already given stay.
func (e *Emitter) AssignNames(cat *catalog.Catalog) diag.List {
	a := &assigner{e: e, relations: map[string]bool{}, routines: map[string]bool{}}
	a.taken(cat)
	for _, t := range cat.Tables() {
		a.table(t)
	}
	a.shared(cat)
	for _, t := range cat.Tables() {
		a.columns(t)
		a.keys(t)
	}
	for _, r := range cat.Routines() {
		a.routine(r)
	}
	for _, s := range cat.Sequences() {
		a.sequence(s)
	}
	return a.findings
}

type assigner struct {
	e         *Emitter
	relations map[string]bool // schema.name of tables, views, sequences, indexes and types: one name space
	routines  map[string]bool
	repeated  map[string]int // how many tables of a schema have an index of that name
	findings  diag.List
}

func key(schema, name string) string { return schema + "\x00" + name }

// taken notes the names that were given in an earlier call.
func (a *assigner) taken(cat *catalog.Catalog) {
	for _, t := range cat.Tables() {
		if t.Target == "" {
			continue
		}
		a.relations[key(t.TargetSchema, t.Target)] = true
		for _, k := range t.Keys {
			if k.Target != "" {
				a.relations[key(t.TargetSchema, k.Target)] = true
			}
		}
	}
	for _, r := range cat.Routines() {
		if r.Target != "" {
			a.routines[key(r.TargetSchema, r.Target)] = true
		}
	}
	for _, s := range cat.Sequences() {
		if s.Target != "" {
			a.relations[key(s.TargetSchema, s.Target)] = true
		}
	}
}

// free finds a name that nothing in the name space has yet, and takes it.
func free(space map[string]bool, schema, name string) string {
	out := name
	for i := 2; space[key(schema, out)]; i++ {
		out = shorten(fmt.Sprintf("%s_%d", name, i))
	}
	space[key(schema, out)] = true
	return out
}

func (a *assigner) report(c *diag.Code, object, format string, args ...any) {
	f := c.New(source.Span{}, format, args...)
	f.Object = object
	a.findings.Add(f)
}

func (a *assigner) fold(object, name string) string {
	f := Fold(name)
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

// shared counts for each schema how many tables use the name of an index: names of indexes are unique per schema on the target.
func (a *assigner) shared(cat *catalog.Catalog) {
	a.repeated = map[string]int{}
	for _, t := range cat.Tables() {
		for _, k := range t.Keys {
			a.repeated[key(t.TargetSchema, Fold(k.Name))]++
		}
	}
}

func (a *assigner) columns(t *catalog.Table) {
	object := tableObject(t)
	used := map[string]bool{}
	for _, c := range t.Columns {
		if c.Target != "" {
			used[key("", c.Target)] = true
		}
	}
	for _, c := range t.Columns {
		if c.Target == "" {
			c.Target = free(used, "", a.fold(object, c.Name))
		}
		a.columnType(t, c)
	}
}

// columnType spells the column's type. An ENUM column of a table gets a type of its own, schema.table_column.
func (a *assigner) columnType(t *catalog.Table, c *catalog.Column) {
	if enum, ok := c.Type.(types.Enum); ok && enum.Name == "" && t.Kind != catalog.ViewTable && t.Kind != catalog.TempTable && labels(enum) {
		if c.TargetType != "" {
			// ALTER TABLE changed the values: the type of that name is taken by the old ones.
			a.relations[key(t.TargetSchema, shorten(t.Target+"_"+c.Target))] = true
		}
		name := free(a.relations, t.TargetSchema, shorten(t.Target+"_"+c.Target))
		enum.Name = Quote(name)
		if t.TargetSchema != "" {
			enum.Name = Quote(t.TargetSchema) + "." + enum.Name
		}
		c.Type = enum
	}
	c.TargetType, _ = a.e.TypeSQL(c.Type) // again each time: ALTER TABLE may have changed the type
	if i, ok := c.Type.(types.Int); ok && i.Bits == 64 && c.AutoIncrement {
		c.TargetType = "bigint" // an identity column is of an integer type
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
		name := Fold(k.Name)
		switch {
		case k.Kind == catalog.Primary:
			name = shorten(t.Target + "_pkey")
		case name == "":
			name = shorten(t.Target + "_key")
		case a.repeated[key(t.TargetSchema, name)] > 1 || a.relations[key(t.TargetSchema, name)]:
			name = shorten(t.Target + "_" + name)
		}
		k.Target = free(a.relations, t.TargetSchema, name)
	}
	for _, f := range t.ForeignKeys {
		if f.Target == "" && f.Name != "" {
			f.Target = Fold(f.Name) // per table on the target
		}
	}
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
	s.Target = free(a.relations, s.TargetSchema, Fold(s.Name))
}
