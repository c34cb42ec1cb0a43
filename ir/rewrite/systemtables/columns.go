package systemtables

import (
	"strings"

	"godwit/ir/catalog"
)

// kind is what a column of a system table holds on the target.
type kind int

const (
	missing  kind = iota // the target does not have it
	plain                // numbers and free text
	name                 // a name in lower case
	word                 // a word in upper case
	lowWord              // a word in lower case
	ownName              // a name that may differ on the target
	ownWord              // a word in upper case that may differ on the target
	ownLow               // a word in lower case that may differ on the target
	ownValue             // another value that may differ on the target
)

// tables lists the columns that the helper views have.
var tables = map[string]string{
	"schemata": "catalog_name:l schema_name sql_path:p",
	"tables":   "table_catalog:l table_schema table_name table_type:w table_comment:p",
	"columns": `table_catalog:l table_schema table_name column_name ordinal_position:p is_nullable:w data_type:o character_maximum_length:p column_key:W extra:o
		column_comment:p`,
	"key_column_usage": `constraint_catalog:l constraint_schema constraint_name:O table_catalog:l table_schema table_name column_name ordinal_position:p
		position_in_unique_constraint:p referenced_table_schema referenced_table_name referenced_column_name`,
	"table_constraints":       "constraint_catalog:l constraint_schema constraint_name:O table_schema table_name constraint_type:w",
	"referential_constraints": "constraint_catalog:l constraint_schema constraint_name:O unique_constraint_catalog:l unique_constraint_schema unique_constraint_name:O update_rule:w delete_rule:w table_name referenced_table_name",
	"statistics":              "table_catalog:l table_schema table_name non_unique:p index_schema index_name:O seq_in_index:p column_name sub_part:V index_type:w index_comment:p",
	"routines":                "specific_name routine_catalog:l routine_schema routine_name routine_type:W routine_comment:p",
	"views":                   "table_catalog:l table_schema table_name",
}

// columns are the columns of a system table that the target has; nil if it does not have the table.
func columns(table string) map[string]kind {
	list, ok := tables[table]
	if !ok {
		return nil
	}
	out := map[string]kind{}
	for _, c := range strings.Fields(list) {
		n, k, _ := strings.Cut(c, ":")
		out[n] = map[string]kind{"": name, "p": plain, "w": word, "l": lowWord, "O": ownName, "W": ownWord, "o": ownLow, "V": ownValue}[k]
	}
	return out
}

// Name gives system tables the names of their views on the target, which are in the helper schema.
func Name(list map[string]*catalog.Table, schema string) {
	for _, t := range list {
		if t.Target != "" { // it is known already
			t.TargetSchema = schema
			continue
		}
		if columns(strings.ToLower(t.Name)) == nil {
			continue
		}
		t.TargetSchema, t.Target = schema, "information_"+strings.ToLower(t.Name)
		for _, c := range t.Columns {
			c.Target = strings.ToLower(c.Name)
		}
	}
}
