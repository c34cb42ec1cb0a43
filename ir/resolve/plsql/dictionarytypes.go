package plsql

import (
	"strings"

	"godwit/ir/types"
)

// dictionaryTypes are the lengths of columns of views of the data dictionary that no query may read on the target, for variables that are declared by
// %TYPE of them (Database Reference; those since 12.2): by the name behind ALL_, DBA_ and USER_. 0 is a number.
var dictionaryTypes = map[string]map[string]int{
	"SOURCE":                 {"OWNER": 128, "NAME": 128, "TYPE": 12, "LINE": 0, "TEXT": 4000},
	"ARGUMENTS":              {"OWNER": 128, "OBJECT_NAME": 128, "PACKAGE_NAME": 128, "ARGUMENT_NAME": 128, "DATA_TYPE": 30, "POSITION": 0, "SEQUENCE": 0, "DATA_LEVEL": 0, "IN_OUT": 9},
	"DIRECTORIES":            {"OWNER": 128, "DIRECTORY_NAME": 128, "DIRECTORY_PATH": 4000},
	"TAB_PRIVS":              {"GRANTEE": 128, "OWNER": 128, "TABLE_NAME": 128, "GRANTOR": 128, "PRIVILEGE": 40},
	"ROLE_PRIVS":             {"GRANTEE": 128, "USERNAME": 128, "GRANTED_ROLE": 128},
	"SCHEDULER_JOBS":         {"OWNER": 128, "JOB_NAME": 128},
	"CONTEXT":                {"NAMESPACE": 128, "SCHEMA": 128, "PACKAGE": 128},
	"SESSION_CONTEXT":        {"NAMESPACE": 128, "ATTRIBUTE": 128, "VALUE": 4000},
	"NLS_SESSION_PARAMETERS": {"PARAMETER": 128, "VALUE": 64},
	"V$MYSTAT":               {"SID": 0, "STATISTIC#": 0, "VALUE": 0},
	"V_$MYSTAT":              {"SID": 0, "STATISTIC#": 0, "VALUE": 0},
}

// dictionaryType is the type of view.column or SYS.view.column, nil if it is not known.
func dictionaryType(parts []string) types.Type {
	if len(parts) == 3 && parts[0] == "SYS" {
		parts = parts[1:]
	}
	if len(parts) != 2 {
		return nil
	}
	view := parts[0]
	for _, p := range []string{"ALL_", "DBA_", "USER_"} {
		view = strings.TrimPrefix(view, p)
	}
	n, ok := dictionaryTypes[view][parts[1]]
	switch {
	case !ok:
		return nil
	case n == 0:
		return types.Decimal{}
	}
	return textOf(n)
}
