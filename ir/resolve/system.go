package resolve

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/source"
	"godwit/ir/types"
)

// Codes about objects of the source server itself.
var (
	measuredTable = &diag.Code{
		ID: "NM0006", Title: "a table of the source's performance_schema", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "performance_schema shows what the source's server measures of itself: threads, waits, statements, memory, instruments (MySQL Reference Manual, \"MySQL Performance Schema\"). The target's server is another program with other measures, so that no query over these tables has the same meaning there.",
		Next:  "Rewrite the query on the target's own views: pg_stat_activity (threads and sessions), pg_stat_statements (statement digests), pg_locks (locks), pg_stat_user_tables and pg_stat_user_indexes (tables and indexes), pg_stat_io and pg_statio_user_tables (file input and output), pg_settings (variables).",
		Learn: 0.5, Each: 0.5,
	}
	serverTable = &diag.Code{
		ID: "NM0007", Title: "a table of the source's schema mysql", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "The schema mysql holds accounts, rights, routines, time zones and logs of the source's server in a form of its own (MySQL Reference Manual, \"The mysql System Schema\").",
		Next:  "Rewrite the statement on the target's own catalog: pg_roles and pg_auth_members (accounts), information_schema.role_table_grants (rights), pg_proc (routines), pg_timezone_names (time zones).",
		Learn: 0.5, Each: 0.5,
	}
	describingTable = &diag.Code{
		ID: "NM0008", Title: "a table of information_schema without a counterpart", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "The table or column describes the source's server, storage engine or privileges in terms that the target does not have (MySQL Reference Manual, \"INFORMATION_SCHEMA Tables\").",
		Next:  "Rewrite the query on the target's information_schema, which the SQL standard defines, or on pg_catalog.",
		Learn: 0.3, Each: 0.3,
	}
	diagnosingObject = &diag.Code{
		ID: "NM0009", Title: "an object of the source's schema sys", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:   "The schema sys holds views and routines over performance_schema that come with the source's server (MySQL Reference Manual, \"MySQL sys Schema\").",
		Next:  "Rewrite the statement on the target's own views: pg_stat_activity, pg_stat_statements, pg_locks, pg_stat_user_tables.",
		Learn: 0.3, Each: 0.3,
	}
	unknownOutput = &diag.Code{
		ID: "NM0010", Title: "a column of a view that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
		Doc:  "The query of the view has parts that are not known, so that the column has no type.",
		Next: "Convert the view first: see its own findings.", Each: 0.1,
	}
)

// systemCode is the code for a table or routine of a schema that comes with the source's server; nil for other schemas.
func (r *Resolver) systemCode(schema string) *diag.Code {
	if _, own := r.schemas[strings.ToLower(schema)]; own {
		return nil // the script makes it
	}
	return map[SystemSchema]*diag.Code{
		Measurements: measuredTable, ServerData: serverTable, Descriptions: describingTable, Diagnoses: diagnosingObject,
	}[r.sem.SystemSchemas[strings.ToLower(schema)]]
}

// systemTable is a table of the source's server that the rules know, by name; nil if it is none.
func (r *Resolver) systemTable(q ir.QName) *catalog.Table {
	schema := q.Schema()
	if schema == "" {
		schema = r.schema
	}
	return r.sem.SystemTables[strings.ToLower(schema+"."+q.Name())]
}

// isSystem tells that a table comes with the source's server: case does not count in its name.
func (r *Resolver) isSystem(t *catalog.Table) bool {
	return t != nil && r.sem.SystemSchemas[strings.ToLower(t.Schema)] == Descriptions && r.systemTable(ir.Qualified(t.Schema, t.Name)) == t
}

// missingTable reports a table that is not known, once per unit.
func (r *Resolver) missingTable(q ir.QName, at source.Span) {
	schema := q.Schema()
	if schema == "" {
		schema = r.schema
	}
	c := r.systemCode(schema)
	switch c {
	case nil:
		r.fail(unknownTable, at, "table %s is not in the catalog", q)
	default:
		r.failOnce(c.New(at, "table %s.%s belongs to the source's server and has no counterpart on the target", schema, q.Name()), c)
	}
}

// missingRoutine reports a routine that is not known.
func (r *Resolver) missingRoutine(kind, schema string, name ir.QName, at source.Span) {
	switch c := r.systemCode(schema); {
	case c != nil:
		r.failOnce(c.New(at, "%s %s.%s belongs to the source's server and has no counterpart on the target", kind, schema, name.Name()), c)
	case kind == "function" && schema == r.schema && r.sem.Builtins[strings.ToUpper(name.Name())]:
		r.fail(unconvertedBuiltin, at, "the built-in function %s has no counterpart", strings.ToUpper(name.Name()))
	case kind == "function":
		r.fail(unknownRoutine, at, "function %s is neither built in nor in the catalog", name)
	default:
		r.fail(unknownRoutine, at, "%s %s is not in the catalog", kind, name)
	}
}

// failOnce reports a finding that refuses the unit unless the unit has the same already.
func (r *Resolver) failOnce(f diag.Finding, c *diag.Code) {
	for _, o := range r.unit.Findings {
		if o.Code == f.Code && o.Message == f.Message {
			return
		}
	}
	r.unit.Report(f)
	if r.refusal == nil {
		r.refusal = c
	}
}

// hasOpen tells that a name could be a column of a table that is not known: then that table's finding is enough.
func (r *Resolver) hasOpen(sc *scope, n *ir.Name) bool {
	q := ""
	if len(n.Parts) > 1 {
		q = n.Parts[len(n.Parts)-2].Text
	}
	for s := sc; s != nil; s = s.outer {
		for _, it := range s.items {
			if it.open && (q == "" || r.sameTable(it.name, q)) {
				return true
			}
		}
	}
	return false
}

// takeOpen tells that a star of the query before stood for columns that are not known.
func (r *Resolver) takeOpen() bool {
	open := r.openStar
	r.openStar = false
	return open
}

// anyOpen tells that a star over these items does not give all their columns.
func anyOpen(items []*item) bool {
	for _, it := range items {
		if it.open {
			return true
		}
	}
	return false
}

// unknownColumn reports a column without a type: of a view whose query is not known, once for the view.
func (r *Resolver) unknownColumn(n *ir.Name, f found) {
	c := f.column()
	if t := f.item.table; t != nil && t.Kind == catalog.ViewTable {
		if r.refusal == nil || r.refusal == unknownOutput {
			r.failOnce(unknownOutput.New(n.Span, "view %s is not converted, so that its columns have no types", strings.TrimPrefix(t.Schema+"."+t.Name, ".")), unknownOutput)
		}
		return
	}
	r.fail(unknownType, n.Span, "the type of %s is not known: %s", n.Dotted(), why(c.typ))
}

// openName binds a name to nothing without a finding of its own.
func openName(n *ir.Name) {
	n.Ref, n.Type = &ir.Unresolved{}, types.Unknown{Why: "its table is not known"}
}
