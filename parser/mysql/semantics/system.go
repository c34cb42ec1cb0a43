package semantics

import (
	"strings"

	"godwit/ir/catalog"
	"godwit/ir/resolve"
	"godwit/ir/types"
)

// systemTables are the tables of information_schema that describe objects of a schema, with the columns that both MySQL and MariaDB
// have. n marks numbers, d moments, t long texts, ? what may be NULL; the rest are names and words.
var systemTables = map[string]string{
	"SCHEMATA": "CATALOG_NAME SCHEMA_NAME DEFAULT_CHARACTER_SET_NAME DEFAULT_COLLATION_NAME SQL_PATH?",
	"TABLES": `TABLE_CATALOG TABLE_SCHEMA TABLE_NAME TABLE_TYPE ENGINE VERSION:n ROW_FORMAT TABLE_ROWS:n AVG_ROW_LENGTH:n DATA_LENGTH:n MAX_DATA_LENGTH:n INDEX_LENGTH:n
		DATA_FREE:n AUTO_INCREMENT:n CREATE_TIME:d UPDATE_TIME:d CHECK_TIME:d TABLE_COLLATION CHECKSUM:n CREATE_OPTIONS TABLE_COMMENT:t`,
	"COLUMNS": `TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME ORDINAL_POSITION:n COLUMN_DEFAULT:t IS_NULLABLE DATA_TYPE CHARACTER_MAXIMUM_LENGTH:n? CHARACTER_OCTET_LENGTH:n
		NUMERIC_PRECISION:n NUMERIC_SCALE:n DATETIME_PRECISION:n CHARACTER_SET_NAME COLLATION_NAME COLUMN_TYPE:t COLUMN_KEY EXTRA PRIVILEGES COLUMN_COMMENT:t GENERATION_EXPRESSION:t`,
	"KEY_COLUMN_USAGE": `CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME ORDINAL_POSITION:n
		POSITION_IN_UNIQUE_CONSTRAINT:n? REFERENCED_TABLE_SCHEMA? REFERENCED_TABLE_NAME? REFERENCED_COLUMN_NAME?`,
	"TABLE_CONSTRAINTS":       "CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME TABLE_SCHEMA TABLE_NAME CONSTRAINT_TYPE",
	"REFERENTIAL_CONSTRAINTS": "CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME UNIQUE_CONSTRAINT_CATALOG UNIQUE_CONSTRAINT_SCHEMA UNIQUE_CONSTRAINT_NAME? MATCH_OPTION UPDATE_RULE DELETE_RULE TABLE_NAME REFERENCED_TABLE_NAME",
	"STATISTICS": `TABLE_CATALOG TABLE_SCHEMA TABLE_NAME NON_UNIQUE:n INDEX_SCHEMA INDEX_NAME SEQ_IN_INDEX:n COLUMN_NAME? COLLATION CARDINALITY:n SUB_PART:n PACKED NULLABLE
		INDEX_TYPE COMMENT INDEX_COMMENT:t`,
	"ROUTINES": `SPECIFIC_NAME ROUTINE_CATALOG ROUTINE_SCHEMA ROUTINE_NAME ROUTINE_TYPE DATA_TYPE CHARACTER_MAXIMUM_LENGTH:n? CHARACTER_OCTET_LENGTH:n NUMERIC_PRECISION:n NUMERIC_SCALE:n
		DATETIME_PRECISION:n CHARACTER_SET_NAME COLLATION_NAME DTD_IDENTIFIER:t ROUTINE_BODY ROUTINE_DEFINITION:t EXTERNAL_NAME EXTERNAL_LANGUAGE PARAMETER_STYLE IS_DETERMINISTIC
		SQL_DATA_ACCESS SQL_PATH? SECURITY_TYPE CREATED:d LAST_ALTERED:d SQL_MODE:t ROUTINE_COMMENT:t DEFINER CHARACTER_SET_CLIENT COLLATION_CONNECTION DATABASE_COLLATION`,
	"VIEWS": "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME VIEW_DEFINITION:t CHECK_OPTION IS_UPDATABLE DEFINER SECURITY_TYPE CHARACTER_SET_CLIENT COLLATION_CONNECTION",
}

// addSystem enters the schemas that come with the server.
func addSystem(s *resolve.Semantics) {
	s.SystemSchemas = map[string]resolve.SystemSchema{
		"information_schema": resolve.Descriptions, "performance_schema": resolve.Measurements, "mysql": resolve.ServerData,
		"ndbinfo": resolve.Measurements, "sys": resolve.Diagnoses,
	}
	s.SystemTables = map[string]*catalog.Table{}
	// Names of objects are compared in one case by rules, so that the columns are as the target has them.
	exact, _ := s.Collation("utf8mb4_0900_bin")
	for name, columns := range systemTables {
		t := &catalog.Table{Schema: "information_schema", Name: name, Kind: catalog.ViewTable}
		for _, c := range strings.Fields(columns) {
			c, null := strings.CutSuffix(c, "?")
			n, kind, _ := strings.Cut(c, ":")
			col := &catalog.Column{Name: n, Nullable: null, Type: types.Text{N: 64, Charset: "utf8mb4", Collation: exact}}
			switch kind {
			case "n":
				col.Type = types.Int{Bits: 64}
			case "d":
				col.Type = types.DateTime{}
			case "t":
				col.Type = types.Text{Charset: "utf8mb4", Collation: exact}
			}
			t.Columns = append(t.Columns, col)
		}
		s.SystemTables["information_schema."+strings.ToLower(name)] = t
	}
}
