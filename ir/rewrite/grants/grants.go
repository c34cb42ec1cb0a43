// Package grants turns accounts and their rights into roles and grants.
package grants

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite"
)

var roles = &diag.Code{
	ID: "DD0331", Title: "accounts become roles", Severity: diag.Review, Fidelity: diag.Approximate,
	Doc: "An account of the source is a user and a host, and belongs to one server; a role of the target has no host, and belongs to all databases of the server. Accounts of one user become one role. Passwords are not " +
		"converted. Rights of tables, columns and routines are granted as they are, those of a whole database to what is in its schema and, for tables, to what comes later. Rights to change or drop objects belong to the " +
		"owner on the target, and rights of the whole server are listed (MySQL Reference Manual, Privileges Provided by MySQL; PostgreSQL manual, 5.8 Privileges). The statements stand in grants.sql, which is not in order.txt.",
	Next: "Read grants.sql, give the roles passwords, limit their hosts in pg_hba.conf, and run it.", Learn: 1, Each: 0.1,
}

var plainRoles = &diag.Code{
	ID: "DD0463", Title: "rights of users and roles", Severity: diag.Info, Fidelity: diag.Assumed,
	Doc: "Rights are granted to roles of the target of the same name, folded to lower case. Users and roles are not made by the conversion, as they belong to all databases of the server. The statements stand in grants.sql, " +
		"which is not in order.txt.",
	Next: "Make the roles, read grants.sql and run it.", Each: 0.1,
}

// Rule converts what is about accounts.
var Rule = &rewrite.Rule{
	Code: "DD0330",
	Name: "grants",
	Doc: "GRANT, REVOKE, CREATE and DROP of users and roles become the statements about roles that come nearest. In a converted folder they stand in grants.sql; where statements are translated one by one they are comments, " +
		"as roles are there only once for all databases (MySQL Reference Manual, Access Control and Account Management).",
	Examples: []rewrite.Example{{
		Source: "GRANT SELECT (a), UPDATE, DROP ON d.t TO 'u'@'%'",
		Target: "-- GRANT USAGE ON SCHEMA d TO u;\n-- GRANT SELECT (a), UPDATE ON TABLE d.t TO u;\n-- DROP: rights of the owner",
	}},
	Fidelity: diag.Approximate,
	Findings: []*diag.Code{roles, plainRoles},
	Looks:    ir.Kinds(ir.KindGrant),
	Run:      run,
}

func run(p *rewrite.Pass) {
	p.Nodes(func(n ir.Node) ir.Node {
		g, ok := n.(*ir.Grant)
		if !ok {
			return n
		}
		l := &lowering{p: p, g: g}
		l.lower()
		what := strings.ToUpper(g.Kind)
		switch {
		case g.What != "":
			what = g.What
		case g.Revoke:
			what = "REVOKE"
		}
		if names := names(g.Accounts); len(names) > 0 {
			what += ", " + strings.Join(names, ", ")
		}
		if len(l.left) > 0 {
			what += ": " + strings.Join(l.left, "; ")
		}
		if g.Plain && len(l.left) == 0 {
			p.Report(plainRoles, g.Span, "%s", what)
		} else {
			p.Report(roles, g.Span, "%s", what)
		}
		return l.statements()
	})
}

// lowering makes the statements of one of the source.
type lowering struct {
	p    *rewrite.Pass
	g    *ir.Grant
	out  []string
	left []string // what has no counterpart
}

// statements are the results, as comments where roles cannot be told to be there.
func (l *lowering) statements() ir.Node {
	var list []ir.Stmt
	add := func(s ir.Stmt) {
		s.Base().Span = l.g.Span
		s.Base().Made(l.p.Rule.Code)
		list = append(list, s)
	}
	if l.p.Session == nil || l.p.Session.InOrder {
		var lines []string
		for _, s := range l.out {
			lines = append(lines, s+";")
		}
		add(&ir.CommentStmt{Text: strings.Join(append(lines, l.left...), "\n")})
	} else {
		for _, s := range l.out {
			add(&ir.RawStmt{Text: s})
		}
		if len(l.left) > 0 {
			add(&ir.CommentStmt{Text: strings.Join(l.left, "\n")})
		}
	}
	list[0].Base().Lead = l.g.Lead
	if len(list) == 1 {
		return list[0]
	}
	return &ir.Splice{Stmts: list}
}

func names(list []ir.Account) (out []string) {
	for _, a := range list {
		n := a.Name
		if a.Host != "" {
			n += "@" + a.Host
		}
		out = append(out, n)
	}
	return out
}

// grantees are the roles of accounts; accounts without a name are left out.
func (l *lowering) grantees(list []ir.Account) (out []string) {
	seen := map[string]bool{}
	for _, a := range list {
		switch {
		case a.Name == "":
			l.left = append(l.left, "an account without a name has no counterpart: PUBLIC would be every role")
		case !seen[a.Name]:
			seen[a.Name] = true
			out = append(out, quoted(a.Name))
		}
	}
	return out
}

func (l *lowering) lower() {
	g := l.g
	if g.Plain && g.Schema == "" && g.Object != "" {
		g.Schema = l.p.Unit.Schema // the session's (SQL Language Reference, Schema Object Names and Qualifiers)
	}
	switch g.Kind {
	case "create user", "create role":
		l.create()
	case "drop user", "drop role":
		l.drop()
	case "grant role":
		from, to := l.grantees(g.Roles), l.grantees(g.Accounts)
		if len(from) == 0 || len(to) == 0 {
			l.left = append(l.left, "no role is left")
			return
		}
		if g.Revoke {
			l.out = append(l.out, "REVOKE "+when(g.Option, "ADMIN OPTION FOR ")+strings.Join(from, ", ")+" FROM "+strings.Join(to, ", "))
			return
		}
		l.out = append(l.out, "GRANT "+strings.Join(from, ", ")+" TO "+strings.Join(to, ", ")+when(g.Option, " WITH ADMIN OPTION"))
	case "grant":
		l.grant()
	default:
		l.left = append(l.left, g.What+": not converted")
	}
	if len(l.out)+len(l.left) == 0 {
		l.left = append(l.left, "nothing to grant")
	}
}

func when(b bool, s string) string {
	if b {
		return s
	}
	return ""
}

// made are the roles that the script has made, with the number of their accounts, and what was granted once ("schema role").
func (l *lowering) made() map[string]int {
	if l.p.Session == nil {
		return map[string]int{}
	}
	m, _ := l.p.Session.Values["grants:made"].(map[string]int)
	if m == nil {
		m = map[string]int{}
		l.p.Session.Values["grants:made"] = m
	}
	return m
}

func (l *lowering) drop() {
	made := l.made()
	for _, a := range l.g.Accounts {
		r := quoted(a.Name)
		if made[r]--; made[r] > 0 {
			l.left = append(l.left, "role "+r+" stays for its other hosts")
			continue
		}
		delete(made, r)
		if a.Name != "" {
			l.out = append(l.out, "DROP ROLE "+when(l.g.Exists, "IF EXISTS ")+r)
		}
	}
}

func (l *lowering) create() {
	made := l.made()
	for _, a := range l.g.Accounts {
		r := quoted(a.Name)
		if a.Name == "" {
			l.grantees([]ir.Account{a})
			continue
		}
		if made[r]++; made[r] > 1 {
			l.left = append(l.left, "role "+r+" is made once for all of its hosts")
			continue
		}
		login := when(l.g.Kind == "create user", " LOGIN")
		if l.g.Locked {
			login = " NOLOGIN"
		}
		l.out = append(l.out, "CREATE ROLE "+r+login)
	}
}

// rights are the privileges of tables that both servers have.
var rights = map[string]bool{"SELECT": true, "INSERT": true, "UPDATE": true, "DELETE": true, "REFERENCES": true, "TRIGGER": true}

// owned are the privileges that belong to the owner of an object on the target.
var owned = map[string]bool{"DROP": true, "ALTER": true, "INDEX": true, "ALTER ROUTINE": true, "EVENT": true, "DELETE HISTORY": true, "DELETE VERSIONING ROWS": true}

// free are privileges that need no grant on the target.
var free = map[string]bool{"USAGE": true, "SHOW VIEW": true, "SHOW DATABASES": true, "LOCK TABLES": true, "CREATE TEMPORARY TABLES": true, "SHOW CREATE ROUTINE": true}

func (l *lowering) grant() {
	to := l.grantees(l.g.Accounts)
	if len(to) == 0 {
		return
	}
	var tables, routines, make, gone, all []string
	for _, x := range l.g.Privileges {
		switch n := x.Name; {
		case n == "ALL" || n == "ALL PRIVILEGES":
			all = append(all, "ALL")
		case rights[n]:
			tables = append(tables, n+l.columns(x))
		case n == "READ": // SELECT without locks
			tables = append(tables, "SELECT"+l.columns(x))
		case n == "EXECUTE":
			routines = append(routines, n)
		case n == "CREATE" || n == "CREATE VIEW" || n == "CREATE ROUTINE":
			make = append(make, n)
		case n == "GRANT OPTION":
			l.g.Option = true
		case owned[n]:
			gone = append(gone, n)
		case !free[n]:
			l.left = append(l.left, n+": no counterpart")
		}
	}
	if len(gone) > 0 {
		l.left = append(l.left, strings.Join(gone, ", ")+": rights of the owner")
	}
	switch schema := l.schema(); {
	case l.g.Schema == "*":
		for _, x := range append(append(append(all, tables...), routines...), make...) {
			l.left = append(l.left, x+": a right of the whole server; grant it for the schemas that are meant")
		}
	case schema == "":
		l.left = append(l.left, "the pattern "+l.g.Schema+" stands for several databases")
	case l.g.On == "procedure" || l.g.On == "function":
		if len(append(all, routines...)) > 0 {
			l.usage(schema, to)
			l.say("EXECUTE", "ROUTINE "+l.routine(schema), to)
		}
	case l.g.On == "package":
		l.left = append(l.left, "packages have no counterpart")
	case l.g.Object == "*":
		l.whole(schema, all, tables, routines, make, to)
	case l.other(append(all, append(tables, routines...)...), to):
	default:
		if len(all) > 0 {
			tables = all
		}
		if len(make) > 0 {
			l.left = append(l.left, strings.Join(make, ", ")+": a right of the schema")
		}
		if len(tables) > 0 && l.g.Plain && l.object() == nil {
			l.left = append(l.left, strings.Join(tables, ", ")+": the input has no "+l.g.Object)
			return
		}
		if len(tables) > 0 {
			l.usage(schema, to)
			l.say(strings.Join(tables, ", "), "TABLE "+l.table(schema), to)
		}
	}
}

// other grants rights of a sequence, routine or package that the catalog knows; false if the object is none. Who may run a routine is
// told by its grants: what the target gives PUBLIC is revoked first.
func (l *lowering) other(rights, to []string) bool {
	if !l.g.Plain || len(rights) == 0 {
		return false
	}
	cat := l.p.Catalog
	if q := cat.Sequence(l.g.Schema, l.g.Object); q != nil && q.Target != "" {
		l.say("USAGE, SELECT", "SEQUENCE "+quoted(q.TargetSchema, q.Target), to)
		return true
	}
	if k := cat.Package(l.g.Schema, l.g.Object); k.Prefixed() {
		l.packaged(k, to)
		return true
	} else if k != nil && k.TargetSchema != "" {
		l.usage(k.TargetSchema, to)
		l.execute("ALL ROUTINES IN SCHEMA "+quoted(k.TargetSchema), to)
		return true
	}
	for _, kind := range []catalog.RoutineKind{catalog.Procedure, catalog.Function} {
		if r := cat.Routine(kind, l.g.Schema, l.g.Object); r != nil && r.Target != "" {
			l.execute("ROUTINE "+quoted(r.TargetSchema, r.Target), to)
			return true
		}
	}
	return false
}

func (l *lowering) execute(on string, to []string) {
	if made := l.made(); !l.g.Revoke && made[on] == 0 {
		made[on] = 1
		l.out = append(l.out, "REVOKE EXECUTE ON "+on+" FROM PUBLIC")
	}
	l.say("EXECUTE", on, to)
}

// usage grants the use of a schema, which rights of what is in it imply on the source.
func (l *lowering) usage(schema string, to []string) {
	if l.g.Revoke || schema == "public" {
		return
	}
	made := l.made()
	var more []string
	for _, r := range to {
		if key := schema + " " + r; made[key] == 0 {
			made[key] = 1
			more = append(more, r)
		}
	}
	if len(more) > 0 {
		l.out = append(l.out, "GRANT USAGE ON SCHEMA "+quoted(schema)+" TO "+strings.Join(more, ", "))
	}
}

// whole grants rights of a database: to what is in its schema, and to the tables that come later.
func (l *lowering) whole(schema string, all, tables, routines, make, to []string) {
	s := quoted(schema)
	if len(all) > 0 {
		tables, routines, make = []string{"ALL"}, []string{"ALL"}, []string{"CREATE"}
		l.left = append(l.left, "ALTER, DROP, INDEX and the like: rights of the owner")
	}
	on := "USAGE"
	if len(make) > 0 {
		on = "USAGE, CREATE"
	}
	if !l.g.Revoke && len(tables)+len(routines)+len(make) > 0 {
		l.say(on, "SCHEMA "+s, to)
	} else if len(make) > 0 {
		l.say("CREATE", "SCHEMA "+s, to)
	}
	if len(tables) > 0 {
		list := strings.Join(tables, ", ")
		l.say(list, "ALL TABLES IN SCHEMA "+s, to)
		l.out = append(l.out, "ALTER DEFAULT PRIVILEGES IN SCHEMA "+s+" "+l.text(list, "TABLES", to))
		if len(all) > 0 || strings.Contains(list, "INSERT") {
			l.say("USAGE", "ALL SEQUENCES IN SCHEMA "+s, to)
		}
	}
	if len(routines) > 0 {
		l.say("EXECUTE", "ALL ROUTINES IN SCHEMA "+s, to)
	}
}

func (l *lowering) say(rights, on string, to []string) {
	l.out = append(l.out, l.text(rights, on, to))
}

func (l *lowering) text(rights, on string, to []string) string {
	if l.g.Revoke {
		return "REVOKE " + when(l.g.Option, "GRANT OPTION FOR ") + rights + " ON " + on + " FROM " + strings.Join(to, ", ")
	}
	return "GRANT " + rights + " ON " + on + " TO " + strings.Join(to, ", ") + when(l.g.Option, " WITH GRANT OPTION")
}

// schema is the schema of the rights: "public" for names without one, "" for a pattern that several databases may match.
func (l *lowering) schema() string {
	s := l.g.Schema
	if s == "" {
		if s = l.p.Unit.Schema; s == "" || s == "*" {
			return "public"
		}
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
		case s[i] == '%' && l.g.Object == "*":
			return ""
		}
		b.WriteByte(s[i])
	}
	return strings.ToLower(b.String())
}

// object is the table of the rights in the catalog, nil if it is not known.
func (l *lowering) object() *catalog.Table {
	return l.p.Catalog.Table(l.g.Schema, l.g.Object)
}

func (l *lowering) table(schema string) string {
	if t := l.object(); t != nil && t.Target != "" {
		return quoted(t.TargetSchema, t.Target)
	}
	return quoted(when(l.g.Schema != "", schema), strings.ToLower(l.g.Object))
}

func (l *lowering) routine(schema string) string {
	kind := catalog.Procedure
	if l.g.On == "function" {
		kind = catalog.Function
	}
	if r := l.p.Catalog.Routine(kind, l.g.Schema, l.g.Object); r != nil && r.Target != "" {
		return quoted(r.TargetSchema, r.Target)
	}
	return quoted(when(l.g.Schema != "", schema), strings.ToLower(l.g.Object))
}

func (l *lowering) columns(x ir.Privilege) string {
	if len(x.Columns) == 0 {
		return ""
	}
	t := l.object()
	var out []string
	for _, n := range x.Columns {
		name := strings.ToLower(n)
		if t != nil {
			if c := t.Column(n); c != nil && c.Target != "" {
				name = c.Target
			}
		}
		out = append(out, quoted(name))
	}
	return " (" + strings.Join(out, ", ") + ")"
}

// quoted writes names with dots, in quotes where they are no plain words.
func quoted(parts ...string) string {
	var out []string
	for _, s := range parts {
		if s == "" {
			continue
		}
		plain := !reserved[s]
		for i, r := range s {
			plain = plain && (r == '_' || r >= 'a' && r <= 'z' || i > 0 && r >= '0' && r <= '9')
		}
		if !plain {
			s = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
		}
		out = append(out, s)
	}
	return strings.Join(out, ".")
}

// reserved are words that are likely names of roles and tables and cannot stand without quotes.
var reserved = map[string]bool{
	"user": true, "order": true, "group": true, "table": true, "all": true, "public": false, "none": true, "select": true, "session_user": true, "current_user": true, "current_role": true,
	"end": true, "offset": true, "limit": true, "check": true, "column": true, "desc": true, "default": true, "primary": true, "references": true, "analyse": true, "analyze": true, "window": true, "grant": true, "to": true,
	"from": true, "where": true, "when": true, "then": true, "else": true, "case": true, "in": true, "on": true, "or": true, "and": true, "not": true, "null": true, "as": true, "asc": true, "array": true, "both": true,
	"cast": true, "collate": true, "constraint": true, "create": true, "distinct": true, "do": true, "except": true, "false": true, "true": true, "fetch": true, "for": true, "foreign": true, "having": true, "initially": true,
	"intersect": true, "into": true, "lateral": true, "leading": true, "localtime": true, "only": true, "placing": true, "returning": true, "some": true, "symmetric": true, "trailing": true, "union": true, "unique": true,
	"using": true, "variadic": true, "with": true, "any": true, "asymmetric": true, "deferrable": true, "current_date": true, "current_time": true, "current_timestamp": true, "current_catalog": true, "localtimestamp": true,
}
