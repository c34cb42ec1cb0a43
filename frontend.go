package godwit

import (
	"fmt"
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/dialect"
	"godwit/ir/diag"
	"godwit/ir/resolve"
	"godwit/ir/source"
	"godwit/parser"
	"godwit/parser/mysql/semantics"
	"godwit/parser/scan"
)

// frontEnd is what the pipeline needs of a family of source dialects.
type frontEnd interface {
	dialects() []dialect.Name
	parse(d dialect.Name, f *source.File, schema string, s dialect.Settings) ([]*ir.Unit, error)
	semantics(d dialect.Name, s dialect.Settings) *resolve.Semantics
	codes() []*diag.Code
}

// frontEnds lists the front ends; deleting a dialect is deleting its folders and its line here.
func frontEnds() []frontEnd { return []frontEnd{mysqlFrontEnd{}} }

func findFrontEnd(d dialect.Name) (frontEnd, error) {
	for _, f := range frontEnds() {
		for _, n := range f.dialects() {
			if n == d {
				return f, nil
			}
		}
	}
	return nil, fmt.Errorf("source dialect %q is not supported; use one of %s", d, strings.Join(SourceDialects(), ", "))
}

// SourceDialects lists the dialects that can be converted from.
func SourceDialects() []string {
	var out []string
	for _, f := range frontEnds() {
		for _, n := range f.dialects() {
			out = append(out, string(n))
		}
	}
	return out
}

// ParseTarget splits "postgres16" into dialect and major version (0 if not given).
func ParseTarget(s string) (dialect.Name, int, error) {
	name := strings.TrimRight(s, "0123456789")
	if name == "postgresql" {
		name = "postgres"
	}
	if name != string(dialect.Postgres) {
		return "", 0, fmt.Errorf("target %q is not supported; use postgres, or postgres15 to postgres18", s)
	}
	digits := s[len(strings.TrimRight(s, "0123456789")):]
	if digits == "" {
		return dialect.Postgres, 0, nil
	}
	v, err := strconv.Atoi(digits)
	if err != nil {
		return "", 0, fmt.Errorf("target %q: %w", s, err)
	}
	return dialect.Postgres, v, checkVersion(v)
}

// mysqlFrontEnd reads MySQL and MariaDB.
type mysqlFrontEnd struct{}

func (mysqlFrontEnd) dialects() []dialect.Name {
	return []dialect.Name{dialect.MySQL, dialect.MariaDB}
}

func (mysqlFrontEnd) parse(d dialect.Name, f *source.File, schema string, s dialect.Settings) ([]*ir.Unit, error) {
	return parser.Parse(f, scan.Options{Dialect: d, Schema: schema, Settings: s})
}

func (mysqlFrontEnd) semantics(d dialect.Name, s dialect.Settings) *resolve.Semantics {
	if d == dialect.MariaDB {
		return semantics.MariaDB()
	}
	return semantics.MySQL()
}

func (mysqlFrontEnd) codes() []*diag.Code { return parser.Codes() }
