package plsql

import "strings"

// ResultName is the name of the column, or parameter, that holds the result of a function that gives values back through parameters as well.
func ResultName(params []string) string {
	for _, p := range params {
		if strings.EqualFold(p, "result") {
			return "function_result"
		}
	}
	return "result"
}
