package control

import "strings"

// Error is an error of the source: its number, its SQLSTATE, and the target's conditions that stand for it.
type Error struct {
	Code  int
	State string
	Kind  Kinds
	// Conditions are names of conditions, or SQLSTATEs of five characters where the target has no name.
	Conditions []string
	// Shared tells that the conditions stand for other errors of the source as well.
	Shared bool
}

// Errors of the server, from "Server Error Message Reference"; those that routines handle.
var serverErrors = []Error{
	{1022, "23000", Constraint, []string{"unique_violation"}, true},
	{1048, "23000", Constraint, []string{"not_null_violation"}, true},
	{1050, "42S01", Missing, []string{"duplicate_table"}, false},
	{1051, "42S02", Missing, []string{"undefined_table"}, true},
	{1054, "42S22", Missing, []string{"undefined_column"}, false},
	{1060, "42S21", Missing, []string{"duplicate_column"}, false},
	{1062, "23000", Constraint, []string{"unique_violation"}, true},
	{1064, "42000", Missing, []string{"syntax_error"}, false},
	{1091, "42000", Missing, []string{"undefined_object", "undefined_column"}, false},
	{1142, "42000", Missing, []string{"insufficient_privilege"}, true},
	{1146, "42S02", Missing, []string{"undefined_table"}, true},
	{1169, "23000", Constraint, []string{"unique_violation"}, true},
	{1172, "42000", Data, []string{"too_many_rows"}, false},
	{1205, "HY000", Concurrency, []string{"lock_not_available"}, false},
	{1213, "40001", Concurrency, []string{"deadlock_detected", "serialization_failure"}, false},
	{1216, "23000", Constraint, []string{"foreign_key_violation"}, true},
	{1217, "23000", Constraint, []string{"foreign_key_violation", "restrict_violation"}, true},
	{1242, "21000", Data, []string{"cardinality_violation"}, false},
	{1264, "22003", Data | Constraint, []string{"numeric_value_out_of_range", "check_violation"}, true},
	{1265, "01000", Data, []string{"invalid_text_representation"}, true},
	{1292, "22007", Data, []string{"invalid_datetime_format", "datetime_field_overflow", "invalid_text_representation"}, true},
	{1304, "42000", Missing, []string{"duplicate_function"}, false},
	{1305, "42000", Missing, []string{"undefined_function"}, false},
	{1317, "70100", Concurrency, []string{"query_canceled"}, false},
	{1321, "2F005", Declared, []string{"function_executed_no_return_statement"}, false},
	{1325, "24000", Cursor, []string{"duplicate_cursor"}, false},
	{1326, "24000", Cursor, []string{"invalid_cursor_name", "null_value_not_allowed"}, false},
	{1329, "02000", NoRow, []string{"SQLSTATE '02000'"}, false},
	{1339, "20000", Declared, []string{"case_not_found"}, false},
	{1364, "HY000", Constraint, []string{"not_null_violation"}, true},
	{1365, "22012", Data, []string{"division_by_zero"}, false},
	{1366, "HY000", Data, []string{"invalid_text_representation", "character_not_in_repertoire", "untranslatable_character"}, true},
	{1370, "42000", Missing, []string{"insufficient_privilege"}, true},
	{1406, "22001", Data, []string{"string_data_right_truncation"}, false},
	{1451, "23000", Constraint, []string{"foreign_key_violation", "restrict_violation"}, true},
	{1452, "23000", Constraint, []string{"foreign_key_violation"}, true},
	{1526, "HY000", Constraint, []string{"check_violation"}, true},
	{1586, "23000", Constraint, []string{"unique_violation"}, true},
	{1690, "22003", Data, []string{"numeric_value_out_of_range"}, true},
	{3572, "HY000", Concurrency, []string{"lock_not_available"}, false},
	{3819, "HY000", Constraint, []string{"check_violation"}, true},
	{4025, "23000", Constraint, []string{"check_violation"}, true},
}

// ErrorByCode finds an error of the source by its number.
func ErrorByCode(code int) (Error, bool) {
	for _, e := range serverErrors {
		if e.Code == code {
			return e, true
		}
	}
	return Error{}, false
}

// ByState gathers the target's conditions for an SQLSTATE of the source: those of the server's errors with that state.
func ByState(state string) (kinds Kinds, conditions []string) {
	seen := map[string]bool{}
	for _, e := range serverErrors {
		if e.State != state {
			continue
		}
		kinds |= e.Kind
		for _, c := range e.Conditions {
			if !seen[c] && !(c == "check_violation" && state == "23000") {
				seen[c] = true
				conditions = append(conditions, c)
			}
		}
	}
	return kinds, conditions
}

// IsNotFound tells that a state is of the class "no data".
func IsNotFound(state string) bool { return strings.HasPrefix(state, "02") }

// IsWarning tells that a state is of the class "warning".
func IsWarning(state string) bool { return strings.HasPrefix(state, "01") }

// IsClass tells that the target takes the state as a whole class in WHEN SQLSTATE.
func IsClass(state string) bool { return strings.HasSuffix(state, "000") }

// ValidState tells that the target can raise the state: five digits or upper-case letters, not of the class "success".
func ValidState(state string) bool {
	if len(state) != 5 || strings.HasPrefix(state, "00") {
		return false
	}
	for _, c := range state {
		if !(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z') {
			return false
		}
	}
	return true
}
