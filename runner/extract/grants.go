package extract

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Grants are the rights of the current user: "" is the global level, another key a pattern of schema names, or
// schema.table.
type Grants map[string][]string

var grantLine = regexp.MustCompile("(?is)^GRANT (.+?) ON (?:(?:TABLE|FUNCTION|PROCEDURE|PACKAGE|PACKAGE BODY) )?((?:\\*|`(?:[^`]|``)+`|[^ .`]+)\\.(?:\\*|`(?:[^`]|``)+`|[^ `]+)) TO ")

// ParseGrants reads the lines of SHOW GRANTS. Column rights are left out: they never give a whole table.
func ParseGrants(lines []string) Grants {
	g := Grants{}
	for _, l := range lines {
		m := grantLine.FindStringSubmatch(l)
		if m == nil {
			continue
		}
		key := unquoteScope(m[2])
		g[key] = append(g[key], splitRights(m[1])...)
	}
	return g
}

// unquoteScope turns `a`.`b` into a.b, `a`.* into a, and *.* into "".
func unquoteScope(s string) string {
	schema, table := s, ""
	if i := scopeDot(s); i >= 0 {
		schema, table = s[:i], s[i+1:]
	}
	out := unquote(schema)
	if out == "*" {
		return ""
	}
	if table != "*" {
		out += "." + unquote(table)
	}
	return out
}

func scopeDot(s string) int {
	in := false
	for i := range len(s) {
		switch {
		case s[i] == '`':
			in = !in
		case s[i] == '.' && !in:
			return i
		}
	}
	return -1
}

func unquote(s string) string {
	if len(s) >= 2 && s[0] == '`' {
		return strings.ReplaceAll(s[1:len(s)-1], "``", "`")
	}
	return s
}

func splitRights(s string) []string {
	var out []string
	depth, start := 0, 0
	add := func(part string) {
		if p := strings.ToUpper(strings.TrimSpace(part)); p != "" && !strings.Contains(p, "(") {
			out = append(out, p)
		}
	}
	for i, c := range s {
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			add(s[start:i])
			start = i + 1
		}
	}
	add(s[start:])
	return out
}

// onlyGlobal are the rights that ALL PRIVILEGES on a schema does not give.
var onlyGlobal = []string{"RELOAD", "REPLICATION SLAVE", "REPLICATION CLIENT", "BINLOG MONITOR", "SUPER", "PROCESS", "BACKUP_ADMIN", "SHOW_ROUTINE", "FILE", "BINLOG ADMIN", "READ_ONLY ADMIN", "CONNECTION ADMIN"}

func (g Grants) at(key, right string) bool {
	rights := g[key]
	if slices.Contains(rights, right) {
		return true
	}
	all := slices.Contains(rights, "ALL PRIVILEGES") || slices.Contains(rights, "ALL")
	return all && (key == "" || !slices.Contains(onlyGlobal, right))
}

// Global tells whether the user has the right on everything.
func (g Grants) Global(right string) bool { return g.at("", right) }

// On tells whether the user has the right on a whole schema. Patterns of schema names (% and _) are followed.
func (g Grants) On(schema, right string) bool {
	if g.Global(right) {
		return true
	}
	for key := range g {
		if key != "" && !strings.Contains(key, ".") && like(key, schema) && g.at(key, right) {
			return true
		}
	}
	return false
}

// like matches a pattern of GRANT: % any text, _ any character, \ takes the next one as it is.
func like(pattern, s string) bool {
	var b strings.Builder
	b.WriteString("(?s)^")
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '%':
			b.WriteString(".*")
		case c == '_':
			b.WriteString(".")
		case c == '\\' && i+1 < len(pattern):
			i++
			b.WriteString(regexp.QuoteMeta(pattern[i : i+1]))
		default:
			b.WriteString(regexp.QuoteMeta(pattern[i : i+1]))
		}
	}
	re, err := regexp.Compile(b.String() + "$")
	return err == nil && re.MatchString(s)
}

// Grants reads the rights of the current user, with those of its active roles.
func (s *Source) Grants(ctx context.Context) (Grants, error) {
	q, err := s.showGrants(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the user's roles: %w", err)
	}
	rows, err := s.texts(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("read the user's rights: %w", err)
	}
	lines := make([]string, len(rows))
	for i, r := range rows {
		lines[i] = r[0].String
	}
	return ParseGrants(lines), nil
}

// showGrants spells the statement: MySQL 8 leaves the rights of roles out unless they are named; MariaDB does not.
func (s *Source) showGrants(ctx context.Context) (string, error) {
	if s.flavor != "mysql" {
		return "SHOW GRANTS", nil
	}
	rows, err := s.texts(ctx, "SELECT CURRENT_ROLE()")
	if errno(err) == 1305 { // before 8.0 there are no roles
		return "SHOW GRANTS", nil
	}
	if err != nil {
		return "", err
	}
	if roles := rows[0][0].String; roles != "" && roles != "NONE" {
		return "SHOW GRANTS FOR CURRENT_USER() USING " + roles, nil
	}
	return "SHOW GRANTS", nil
}

// classRight is the right without which objects of a kind are not even listed.
var classRight = []struct {
	kind   Kind
	rights []string // any of them is enough
	next   string
}{
	{Table, []string{"SELECT"}, "GRANT SELECT ON the schema"},
	{View, []string{"SHOW VIEW"}, "GRANT SHOW VIEW ON the schema"},
	{Procedure, []string{"SHOW_ROUTINE", "SHOW CREATE ROUTINE", "EXECUTE", "ALTER ROUTINE", "CREATE ROUTINE"}, "GRANT SHOW_ROUTINE ON *.* (MySQL 8.0.20), SHOW CREATE ROUTINE (MariaDB 11.3), or EXECUTE ON the schema with SELECT on mysql.proc"},
	{Trigger, []string{"TRIGGER"}, "GRANT TRIGGER ON the schema"},
	{Event, []string{"EVENT"}, "GRANT EVENT ON the schema"},
}

// rights names the kinds of objects that the server may be hiding altogether.
func (s *Source) rights(ctx context.Context, r *Result) error {
	g, err := s.Grants(ctx)
	if err != nil {
		return err
	}
	for _, schema := range r.Schemas {
		for _, c := range classRight {
			if !slices.ContainsFunc(c.rights, func(x string) bool { return g.On(schema, x) }) {
				r.Unseen = append(r.Unseen, Unseen{c.kind, schema, "", "the user's rights do not cover the whole schema, so more of this kind may exist", c.next})
			}
		}
	}
	return nil
}
