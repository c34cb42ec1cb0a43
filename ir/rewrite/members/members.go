// Package members spells statements about all routines of a package that is no schema of its own.
package members

import (
	"strings"

	"godwit/ir/catalog"
)

// Each is a statement that executes texts for each routine of a package that is there, whatever its parameters; %s in a text is the routine.
func Each(k *catalog.Package, texts ...string) string {
	names := given(k, catalog.RoutineSpace)
	if names == "" {
		return ""
	}
	var b strings.Builder
	b.WriteString("DO $each$\nDECLARE\n  routine text;\nBEGIN\n  FOR routine IN\n    SELECT p.oid::regprocedure FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace\n")
	b.WriteString("    WHERE n.nspname = " + schemaOf(k) + " AND p.proname IN (" + names + ")\n  LOOP\n")
	for _, t := range texts {
		b.WriteString("    EXECUTE pg_catalog.format(" + literal(t) + ", routine);\n")
	}
	b.WriteString("  END LOOP;\nEND\n$each$")
	return b.String()
}

// Emptied is a statement that drops the routines and composite types of a package, and nothing that stands elsewhere; "" where the package
// has none. Where it is a schema of its own, it is emptied whole.
func Emptied(k *catalog.Package) string {
	in := "(SELECT n.oid FROM pg_catalog.pg_namespace AS n WHERE n.nspname = " + schemaOf(k) + ")"
	routines, types := "p.pronamespace = "+in, "c.relkind = 'c' AND c.relnamespace = "+in
	if k.Prefixed() {
		r, t := given(k, catalog.RoutineSpace), given(k, catalog.RelationSpace)
		if r+t == "" {
			return ""
		}
		routines, types = routines+among("p.proname", r), types+among("c.relname", t)
	}
	return "DO $drop$\nDECLARE\n  list text;\nBEGIN\n" +
		"  SELECT string_agg(p.oid::regprocedure::text, ', ') INTO list FROM pg_catalog.pg_proc AS p WHERE " + routines + ";\n" +
		"  IF list IS NOT NULL THEN\n    EXECUTE 'DROP ROUTINE ' || list;\n  END IF;\n" +
		"  SELECT string_agg(c.oid::regclass::text, ', ') INTO list FROM pg_catalog.pg_class AS c WHERE " + types + ";\n" +
		"  IF list IS NOT NULL THEN\n    EXECUTE 'DROP TYPE ' || list;\n  END IF;\nEND\n$drop$"
}

// among is a condition that a name is in a list; none is in an empty one.
func among(column, list string) string {
	if list == "" {
		return " AND false"
	}
	return " AND " + column + " IN (" + list + ")"
}

// given are the names of a package's members in a name space, as literals.
func given(k *catalog.Package, space catalog.Space) string {
	var names []string
	for _, n := range k.Given(space) {
		names = append(names, literal(n))
	}
	return strings.Join(names, ", ")
}

func schemaOf(k *catalog.Package) string {
	if k.TargetSchema == "" {
		return "pg_catalog.current_schema()"
	}
	return literal(k.TargetSchema)
}

func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
