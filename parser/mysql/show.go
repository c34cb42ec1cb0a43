package mysql

import (
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/source"
	"godwit/parser/scan"
)

var codeShow = &diag.Code{
	ID: "SY0014", Title: "SHOW statement that is not converted", Severity: diag.Error, Fidelity: diag.Refused,
	Doc: `SHOW and DESCRIBE are commands of the source's server (MySQL Reference Manual, "SHOW Syntax"). Those that list databases, tables and the values of known variables are read as the
queries over information_schema that they stand for. The others tell about the server, or give text in the source's language.`,
	Next: "Use the target's own catalog.", Each: 0.2,
}

// showNext is the next step for SHOW statements by their first words.
var showNext = []struct{ words, next string }{
	{"PROCESSLIST", "Query pg_stat_activity on the target."},
	{"FULL PROCESSLIST", "Query pg_stat_activity on the target."},
	{"WARNINGS", "The target sends warnings to the client as they occur; raise an error where one must not be missed (GET DIAGNOSTICS in a handler)."},
	{"ERRORS", "The target raises errors to the client; catch them in a handler."},
	{"COUNT", "The target sends warnings and errors to the client as they occur."},
	{"CREATE", "Use pg_get_viewdef, pg_get_functiondef, pg_get_triggerdef or pg_get_indexdef on the target, or pg_dump for tables."},
	{"COLUMNS", "Query information_schema.COLUMNS for the columns that are needed (COLUMN_NAME, DATA_TYPE, IS_NULLABLE, COLUMN_KEY)."},
	{"FIELDS", "Query information_schema.COLUMNS for the columns that are needed (COLUMN_NAME, DATA_TYPE, IS_NULLABLE, COLUMN_KEY)."},
	{"FULL COLUMNS", "Query information_schema.COLUMNS for the columns that are needed (COLUMN_NAME, DATA_TYPE, IS_NULLABLE, COLUMN_KEY)."},
	{"FULL FIELDS", "Query information_schema.COLUMNS for the columns that are needed (COLUMN_NAME, DATA_TYPE, IS_NULLABLE, COLUMN_KEY)."},
	{"DESCRIBE", "Query information_schema.COLUMNS for the columns that are needed (COLUMN_NAME, DATA_TYPE, IS_NULLABLE, COLUMN_KEY), or use EXPLAIN on the target for a query's plan."},
	{"INDEX", "Query information_schema.STATISTICS for the columns that are needed (INDEX_NAME, NON_UNIQUE, SEQ_IN_INDEX, COLUMN_NAME)."},
	{"INDEXES", "Query information_schema.STATISTICS for the columns that are needed (INDEX_NAME, NON_UNIQUE, SEQ_IN_INDEX, COLUMN_NAME)."},
	{"KEYS", "Query information_schema.STATISTICS for the columns that are needed (INDEX_NAME, NON_UNIQUE, SEQ_IN_INDEX, COLUMN_NAME)."},
	{"TABLE STATUS", "Query pg_stat_user_tables and pg_total_relation_size on the target."},
	{"PROCEDURE STATUS", "Query information_schema.ROUTINES for the columns that are needed (ROUTINE_NAME, ROUTINE_TYPE)."},
	{"FUNCTION STATUS", "Query information_schema.ROUTINES for the columns that are needed (ROUTINE_NAME, ROUTINE_TYPE)."},
	{"TRIGGERS", "Query information_schema.triggers of the target."},
	{"GRANTS", "Query information_schema.role_table_grants on the target."},
	{"STATUS", "Query pg_stat_database and pg_stat_activity on the target."},
	{"GLOBAL STATUS", "Query pg_stat_database and pg_stat_activity on the target."},
	{"SESSION STATUS", "Query pg_stat_database and pg_stat_activity on the target."},
	{"VARIABLES", "Query pg_settings on the target for the setting that plays the variable's part."},
	{"GLOBAL VARIABLES", "Query pg_settings on the target for the setting that plays the variable's part."},
	{"SESSION VARIABLES", "Query pg_settings on the target for the setting that plays the variable's part."},
	{"MASTER", "Query pg_current_wal_lsn() and pg_stat_replication on the target."},
	{"SLAVE", "Query pg_stat_wal_receiver on the target."},
	{"TABLES", "Write the condition in a query over information_schema.TABLES."},
}

// show reads SHOW, DESCRIBE and EXPLAIN of the tokens from i to j: as a query where there is one that means the same, else it is refused.
func (p *parser) show(i, j int) ir.Stmt {
	if q := p.shownQuery(i+1, j); q != "" && p.upper(i) == "SHOW" {
		if s := p.standsFor(q, p.sinceStmt(i)); s != nil {
			return s
		}
	}
	words := p.wordsFrom(min(i+1, j), j)
	what := "SHOW " + p.plainWord(i+1, j)
	if w := p.upper(i); w != "SHOW" {
		words, what = "DESCRIBE", "DESCRIBE"
		if w == "EXPLAIN" {
			what = w
		}
	} else if second := p.plainWord(i+2, j); second == "PROCESSLIST" || second == "STATUS" || second == "VARIABLES" || second == "COLUMNS" || second == "TABLES" {
		what += " " + second
	}
	f := codeShow.New(p.SpanFrom(i), "%s is not converted", what)
	for _, s := range showNext {
		if words == s.words || strings.HasPrefix(words, s.words+" ") {
			f.Next = s.next
			break
		}
	}
	p.unit.Report(f)
	sp := p.SpanFrom(i)
	return &ir.Unsupported{StmtMeta: stmt(sp), Text: sp.Text(), Code: codeShow.ID, What: what}
}

// standsFor parses the query that a statement stands for; nil if that fails.
func (p *parser) standsFor(query string, m ir.StmtMeta) ir.Stmt {
	us, err := Parse(source.NewFile("SHOW", query), scan.Options{Dialect: p.opts.Dialect, Schema: p.state.schema, Settings: p.state.settings, Statement: true})
	if err != nil || len(us) != 1 || len(us[0].Stmts) != 1 || len(us[0].Findings) > 0 {
		return nil
	}
	s, ok := us[0].Stmts[0].(*ir.QueryStmt)
	if !ok {
		return nil
	}
	ir.Walk(s, func(n ir.Node) bool {
		n.Base().Span = m.Span
		return true
	})
	if p.routine {
		return &ir.ReturnRows{StmtMeta: m, Query: s.Query}
	}
	s.StmtMeta = m
	return s
}

// shownQuery is the query that SHOW of the tokens from i to j stands for; "" if there is none.
func (p *parser) shownQuery(i, j int) string {
	full := false
	if p.plainWord(i, j) == "FULL" {
		full = true
		i++
	}
	switch p.plainWord(i, j) {
	case "TABLES":
		return p.shownTables(i+1, j, full)
	case "DATABASES", "SCHEMAS":
		if like, ok := p.shownLike(i+1, j); ok && !full {
			return "SELECT SCHEMA_NAME AS `Database` FROM information_schema.SCHEMATA" + condition(" WHERE SCHEMA_NAME LIKE ", like) + " ORDER BY SCHEMA_NAME"
		}
	case "SESSION", "LOCAL":
		if p.plainWord(i+1, j) == "VARIABLES" {
			return p.shownVariable(i+2, j)
		}
	case "VARIABLES":
		return p.shownVariable(i+1, j)
	}
	return ""
}

func condition(word, like string) string {
	if like == "" {
		return ""
	}
	return word + like
}

// shownLike reads [LIKE 'pattern'] up to j, and gives the literal.
func (p *parser) shownLike(i, j int) (string, bool) {
	switch {
	case i == j:
		return "", true
	case i+2 == j && p.upper(i) == "LIKE" && p.At(i+1).Kind == kString:
		return p.TextAt(i + 1), true
	}
	return "", false
}

// shownTables is the query of SHOW [FULL] TABLES [FROM database] [LIKE 'pattern'].
func (p *parser) shownTables(i, j int, full bool) string {
	schema, label := "DATABASE()", p.state.schema
	if i+1 < j && (p.upper(i) == "FROM" || p.upper(i) == "IN") {
		label = p.identAt(i + 1).Text
		schema = "'" + strings.ReplaceAll(strings.ReplaceAll(label, `\`, `\\`), "'", "''") + "'"
		i += 2
	}
	like, ok := p.shownLike(i, j)
	if !ok {
		return ""
	}
	q := "SELECT TABLE_NAME AS `" + strings.ReplaceAll("Tables_in_"+label, "`", "``") + "`"
	if full {
		q += ", TABLE_TYPE AS Table_type"
	}
	return q + " FROM information_schema.TABLES WHERE TABLE_SCHEMA = " + schema + condition(" AND TABLE_NAME LIKE ", like) + " ORDER BY TABLE_NAME"
}

// shownVariable is the query of SHOW VARIABLES LIKE 'name' for variables whose values are known.
func (p *parser) shownVariable(i, j int) string {
	like, ok := p.shownLike(i, j)
	name := strings.ToLower(strings.Trim(like, `'"`))
	if !ok || name == "" {
		return ""
	}
	value := ""
	switch name {
	case "autocommit", "foreign_key_checks", "unique_checks":
		value = "IF(@@" + name + ", 'ON', 'OFF')"
	case "version":
		value = "VERSION()"
	case "sql_mode", "time_zone":
		value = "@@" + name
	default:
		return ""
	}
	return "SELECT '" + name + "' AS Variable_name, " + value + " AS Value"
}
