package dialect

import (
	"fmt"
	"slices"
	"strings"
)

// mysqlSettings are the settings of MySQL and MariaDB that change what is converted: variables of a session, and the charset and
// collation of literals.
var mysqlSettings = []string{
	"charset", "character-set-connection", "collation", "collation-connection", "default-week-format", "div-precision-increment",
	"group-concat-max-len", "lc-time-names", "sql-mode",
}

// oracleSettings are those of Oracle: parameters of the session, what SQL*Plus defines, and the first day of the week, which
// follows from the territory.
var oracleSettings = []string{
	"char-semantics", "define", "define.NAME", "nls-calendar", "nls-comp", "nls-date-format", "nls-date-language", "nls-language",
	"nls-length-semantics", "nls-numeric-characters", "nls-sort", "nls-territory", "nls-timestamp-format", "nls-timestamp-tz-format",
	"plsql-ccflags", "week-start",
}

// weekStarts are the first days of the week that territories have.
var weekStarts = []string{"sunday", "monday", "friday", "saturday"}

// CheckSetting tells that nothing is converted by such a setting of a source, naming those that there are: a misspelt one would change
// nothing, and nobody would know.
func CheckSetting(source Name, name, value string) error {
	known := mysqlSettings
	if source == Oracle {
		known = oracleSettings
	}
	switch {
	case source == Oracle && strings.HasPrefix(name, "define.") && len(name) > len("define."):
		return nil
	case !slices.Contains(known, name):
		return fmt.Errorf("nothing of %s is converted by that setting; there are %s", source, strings.Join(known, ", "))
	case name == "week-start" && !slices.Contains(weekStarts, strings.ToLower(value)):
		return fmt.Errorf("want one of %s", strings.Join(weekStarts, ", "))
	}
	return nil
}
