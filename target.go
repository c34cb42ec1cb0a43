package godwit

import (
	"fmt"
	"strconv"
	"strings"

	"godwit/ir/dialect"
	"godwit/parser"
)

// SourceDialects lists the dialects that can be converted from.
func SourceDialects() []string { return parser.Dialects() }

// ParseTarget splits "postgres16" into dialect and major version (0 if not given).
func ParseTarget(s string) (dialect.Name, int, error) {
	name := strings.TrimRight(s, "0123456789")
	digits := s[len(name):]
	if name == "postgresql" {
		name = "postgres"
	}
	if name != string(dialect.Postgres) {
		return "", 0, fmt.Errorf("target %q is not supported; use postgres, or postgres15 to postgres18", s)
	}
	if digits == "" {
		return dialect.Postgres, 0, nil
	}
	v, err := strconv.Atoi(digits)
	if err != nil {
		return "", 0, fmt.Errorf("target %q: %w", s, err)
	}
	return dialect.Postgres, v, checkVersion(v)
}
