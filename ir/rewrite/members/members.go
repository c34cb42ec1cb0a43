// Package members spells statements about all routines of a package that is no schema of its own.
package members

import (
	"strings"

	"godwit/ir/catalog"
)

// Each is a statement that executes texts for each routine of a package that is there, whatever its parameters; %s in a text is the routine.
func Each(k *catalog.Package, texts ...string) string {
	var names []string
	for _, n := range k.Given(catalog.RoutineSpace) {
		names = append(names, literal(n))
	}
	if len(names) == 0 {
		return ""
	}
	schema := "pg_catalog.current_schema()"
	if k.TargetSchema != "" {
		schema = literal(k.TargetSchema)
	}
	var b strings.Builder
	b.WriteString("DO $each$\nDECLARE\n  routine text;\nBEGIN\n  FOR routine IN\n    SELECT p.oid::regprocedure FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace\n")
	b.WriteString("    WHERE n.nspname = " + schema + " AND p.proname IN (" + strings.Join(names, ", ") + ")\n  LOOP\n")
	for _, t := range texts {
		b.WriteString("    EXECUTE pg_catalog.format(" + literal(t) + ", routine);\n")
	}
	b.WriteString("  END LOOP;\nEND\n$each$")
	return b.String()
}

func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
