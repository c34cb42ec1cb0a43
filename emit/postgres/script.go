package postgres

import (
	"fmt"
	"strings"

	"godwit/emit/postgres/helpers"
)

// collations are objects of the helper schema that are no routines: text that compares without regard to case, and to accents.
// ICU's levels: 1 letters, 2 and accents, 3 and case (PostgreSQL manual, 24.2.2.3 Nondeterministic Collations).
var collations = []struct{ name, locale string }{
	{"ai_ci", "und-u-ks-level1"},
	{"as_ci", "und-u-ks-level2"},
}

// composites are types of Oracle's server, in an order in which they can be made; $ stands for the helper schema (Spatial Developer's Guide, "SDO_GEOMETRY Object Type").
var composites = []struct{ name, fields string }{
	{"sdo_point_type", "x numeric, y numeric, z numeric"},
	{"sdo_geometry", "sdo_gtype numeric, sdo_srid numeric, sdo_point $.sdo_point_type, sdo_elem_info numeric[], sdo_ordinates numeric[]"},
}

// knownHelper tells that HelperScript has what creates a helper.
func (e *Emitter) knownHelper(name string) bool {
	switch name {
	case "postgis", "dblink", citext:
		return true
	}
	for _, c := range collations {
		if c.name == name {
			return true
		}
	}
	for _, c := range composites {
		if c.name == name {
			return true
		}
	}
	return helpers.Known(e.opt.Family, name)
}

// HelperScript is the text that creates the helper schema with the named routines and collations and what they need.
// It may run again. No names give no text.
func (e *Emitter) HelperScript(names []string) (string, error) {
	if len(names) == 0 {
		return "", nil
	}
	want := map[string]bool{}
	for _, n := range names {
		want[n] = true
	}
	schema := Quote(e.opt.HelperSchema)
	var b strings.Builder
	if want["postgis"] {
		b.WriteString("CREATE EXTENSION IF NOT EXISTS postgis;\n\n")
		delete(want, "postgis")
	}
	if want["dblink"] {
		b.WriteString("CREATE EXTENSION IF NOT EXISTS dblink;\n\n")
		delete(want, "dblink")
	}
	if want[citext] {
		// Where a session does not look for the extension's operators, texts of its type compare exactly, and nobody is told; every session
		// looks into pg_catalog. The extension is trusted: the owner of a database may create it.
		b.WriteString("CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA pg_catalog;\n\n")
		delete(want, citext)
		if len(want) == 0 {
			return b.String(), nil
		}
	}
	fmt.Fprintf(&b, "CREATE SCHEMA IF NOT EXISTS %s;\n\n", schema)
	for _, c := range collations {
		if want[c.name] {
			fmt.Fprintf(&b, "CREATE COLLATION IF NOT EXISTS %s.%s (provider = icu, locale = '%s', deterministic = false);\n\n", schema, c.name, c.locale)
		}
		delete(want, c.name)
	}
	for _, c := range composites {
		if want[c.name] {
			fmt.Fprintf(&b, "DO $$\nBEGIN\n  CREATE TYPE %s.%s AS (%s);\nEXCEPTION\n  WHEN duplicate_object THEN NULL;\nEND\n$$;\n\n", schema, c.name, strings.ReplaceAll(c.fields, "$", schema))
		}
		delete(want, c.name)
	}
	var routines []string
	for n := range want {
		routines = append(routines, n)
	}
	text, err := helpers.Script(e.opt.Family, schema, routines)
	if err != nil {
		return "", fmt.Errorf("write helper script: %w", err)
	}
	return b.String() + text, nil
}
