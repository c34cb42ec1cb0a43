// Package mysql is the front end of MySQL and MariaDB: a splitter, a lexer and a recursive descent parser that builds the IR.
//
// Lexing follows the sql_mode in force at each statement (MySQL Reference Manual, Server SQL Modes). The parser needs one or two
// tokens of lookahead, because the context pass behind the lexer tells keywords from names and joins words that belong together.
// It accepts more than the server does; what has no meaning is refused by name.
package mysql

import (
	"sort"
	"strings"

	"godwit/ir/dialect"
	"godwit/parser/scan"
)

// Mode is the part of sql_mode that changes how text is read.
type Mode struct {
	ANSIQuotes         bool
	NoBackslashEscapes bool
	PipesAsConcat      bool
	HighNotPrecedence  bool
	IgnoreSpace        bool
	RealAsFloat        bool
	Oracle             bool
	OnlyFullGroupBy    bool
	PadCharToFull      bool
	Strict             bool
	NoZeroDate         bool
	ErrorForDivision   bool
	TruncateFractions  bool
	RoundFractions     bool
	Simultaneous       bool // MariaDB: assignments of UPDATE see the old row
}

// defaultMySQLMode is MySQL 8's default without ONLY_FULL_GROUP_BY, so that lax grouping is seen rather than presumed away.
const defaultMySQLMode = "STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION"

// defaultMariaDBMode is MariaDB 10.2.4's and later.
const defaultMariaDBMode = "STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION"

// comboModes are names that stand for several modes (MySQL Reference Manual, Combination SQL Modes).
var comboModes = map[string]string{
	"ANSI":        "REAL_AS_FLOAT,PIPES_AS_CONCAT,ANSI_QUOTES,IGNORE_SPACE,ONLY_FULL_GROUP_BY,ANSI",
	"TRADITIONAL": "STRICT_TRANS_TABLES,STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,TRADITIONAL,NO_ENGINE_SUBSTITUTION",
	"DB2":         "PIPES_AS_CONCAT,ANSI_QUOTES,IGNORE_SPACE,DB2,NO_KEY_OPTIONS,NO_TABLE_OPTIONS,NO_FIELD_OPTIONS",
	"MAXDB":       "PIPES_AS_CONCAT,ANSI_QUOTES,IGNORE_SPACE,MAXDB,NO_KEY_OPTIONS,NO_TABLE_OPTIONS,NO_FIELD_OPTIONS,NO_AUTO_CREATE_USER",
	"MSSQL":       "PIPES_AS_CONCAT,ANSI_QUOTES,IGNORE_SPACE,MSSQL,NO_KEY_OPTIONS,NO_TABLE_OPTIONS,NO_FIELD_OPTIONS",
	"ORACLE":      "PIPES_AS_CONCAT,ANSI_QUOTES,IGNORE_SPACE,ORACLE,NO_KEY_OPTIONS,NO_TABLE_OPTIONS,NO_FIELD_OPTIONS,NO_AUTO_CREATE_USER,SIMULTANEOUS_ASSIGNMENT",
	"POSTGRESQL":  "PIPES_AS_CONCAT,ANSI_QUOTES,IGNORE_SPACE,POSTGRESQL,NO_KEY_OPTIONS,NO_TABLE_OPTIONS,NO_FIELD_OPTIONS",
}

// expandMode splits a value of sql_mode and expands its combination modes; the result is sorted and in upper case.
func expandMode(value string) []string {
	set := map[string]bool{}
	for _, m := range strings.Split(value, ",") {
		m = strings.ToUpper(strings.TrimSpace(m))
		if m == "" {
			continue
		}
		if c, ok := comboModes[m]; ok {
			for _, x := range strings.Split(c, ",") {
				set[x] = true
			}
			continue
		}
		set[m] = true
	}
	out := make([]string, 0, len(set))
	for m := range set {
		out = append(out, m)
	}
	sort.Strings(out)
	return out
}

// ParseMode reads a value of sql_mode.
func ParseMode(value string) Mode {
	var m Mode
	for _, w := range expandMode(value) {
		switch w {
		case "ANSI_QUOTES":
			m.ANSIQuotes = true
		case "NO_BACKSLASH_ESCAPES":
			m.NoBackslashEscapes = true
		case "PIPES_AS_CONCAT":
			m.PipesAsConcat = true
		case "HIGH_NOT_PRECEDENCE":
			m.HighNotPrecedence = true
		case "IGNORE_SPACE":
			m.IgnoreSpace = true
		case "REAL_AS_FLOAT":
			m.RealAsFloat = true
		case "ORACLE":
			m.Oracle = true
		case "ONLY_FULL_GROUP_BY":
			m.OnlyFullGroupBy = true
		case "PAD_CHAR_TO_FULL_LENGTH":
			m.PadCharToFull = true
		case "STRICT_TRANS_TABLES", "STRICT_ALL_TABLES":
			m.Strict = true
		case "NO_ZERO_DATE":
			m.NoZeroDate = true
		case "TIME_TRUNCATE_FRACTIONAL":
			m.TruncateFractions = true
		case "TIME_ROUND_FRACTIONAL":
			m.RoundFractions = true
		case "SIMULTANEOUS_ASSIGNMENT":
			m.Simultaneous = true
		case "ERROR_FOR_DIVISION_BY_ZERO":
			m.ErrorForDivision = true
		}
	}
	return m
}

// defaultMode is the sql_mode of a server of the dialect.
func defaultMode(d dialect.Name) string {
	if d == dialect.MariaDB {
		return defaultMariaDBMode
	}
	return defaultMySQLMode
}

// versionNumber is the number that executable comments compare with: 80036 for MySQL 8.0.36, 101107 for MariaDB 10.11.7.
func versionNumber(o scan.Options) int {
	v := o.Version
	if v.Major == 0 {
		if o.Dialect == dialect.MariaDB {
			return 119999
		}
		return 99998 // 99999 is what scripts write for "never"
	}
	return v.Major*10000 + v.Minor*100 + v.Patch
}
