package catalog

import "strings"

// BaseName is the last part of a quoted name of the target, without its quotes.
func BaseName(name string) string {
	start, quoted := 0, false
	for i := 0; i < len(name); i++ {
		switch {
		case name[i] == '"':
			quoted = !quoted
		case name[i] == '.' && !quoted:
			start = i + 1
		}
	}
	name = name[start:]
	if strings.HasPrefix(name, `"`) {
		return strings.ReplaceAll(name[1:len(name)-1], `""`, `"`)
	}
	return name
}
