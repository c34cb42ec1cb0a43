package extract

import (
	"context"
	"database/sql"
	"fmt"
	"sort"
	"strconv"
	"strings"
)

// showWord is what stands after SHOW CREATE for a kind.
var showWord = map[Kind]string{
	Schema: "DATABASE", Sequence: "SEQUENCE", Table: "TABLE", View: "VIEW", Function: "FUNCTION", Procedure: "PROCEDURE",
	Package: "PACKAGE", PackageBody: "PACKAGE BODY", Trigger: "TRIGGER", Event: "EVENT",
}

// denied are the errors that mean a missing right: no access to the schema, the table, the column, the routine, or
// the object hidden as if it were not there.
var denied = map[uint16]bool{1044: true, 1045: true, 1142: true, 1143: true, 1227: true, 1305: true, 1345: true, 1370: true, 1356: true}

// show adds one object by SHOW CREATE; next says how to make it visible when the server refuses.
func (s *Source) show(ctx context.Context, r *Result, o Object, next string) error {
	q := "SHOW CREATE " + showWord[o.Kind] + " " + quote(o.Name)
	a, err := s.named(ctx, q)
	if err != nil && !denied[errno(err)] {
		return fmt.Errorf("%s: %w", q, err)
	}
	s.take(r, o, a, err, next)
	return nil
}

// take adds one object as SHOW CREATE answered, or as one that was not seen.
func (s *Source) take(r *Result, o Object, a answer, err error, next string) {
	why := ""
	switch {
	case err != nil:
		why = err.Error()
	case len(a.rows) != 1:
		why = "the server shows nothing"
	default:
		fill(&o, a.cols, a.rows[0])
		if o.Text == "" {
			why = "the server hides the body"
		}
	}
	if why != "" {
		r.Unseen = append(r.Unseen, Unseen{o.Kind, o.Schema, o.Name, why, next})
		return
	}
	r.Objects = append(r.Objects, o)
}

// showTogether is the most objects that are asked for at a time: their texts are in memory as one answer.
const showTogether = 50

// showAll adds objects, many of them by one question. What the server refuses is asked for one by one, since it answers
// nothing behind the refusal; so is everything behind a proxy that takes single statements only.
func (s *Source) showAll(ctx context.Context, r *Result, objects []Object, next string) error {
	for len(objects) > 0 {
		part := objects[:min(showTogether, len(objects))]
		objects = objects[len(part):]
		questions := make([]string, len(part))
		for i, o := range part {
			questions[i] = "SHOW CREATE " + showWord[o.Kind] + " " + quote(o.Name)
		}
		answers, err := s.several(ctx, strings.Join(questions, "; "))
		if ctx.Err() != nil {
			return ctx.Err()
		}
		together := err == nil && len(answers) == len(part)
		for i, o := range part {
			if together {
				s.take(r, o, answers[i], nil, next)
			} else if err := s.show(ctx, r, o, next); err != nil {
				return err
			}
		}
	}
	return nil
}

// fill takes the columns of SHOW CREATE by name: their order and number differ by server and kind.
func fill(o *Object, cols []string, row []sql.NullString) {
	for i, c := range cols {
		v := row[i].String
		switch strings.ToLower(c) {
		case "sql_mode":
			o.SQLMode = v
		case "character_set_client":
			o.Charset = v
		case "collation_connection":
			o.Collation = v
		case "database collation":
			o.DBCollation = v
		case "time_zone":
			o.TimeZone = v
		default:
			if lc := strings.ToLower(c); strings.HasPrefix(lc, "create ") || lc == "sql original statement" {
				o.Text = v
			}
		}
	}
}

func (s *Source) tables(ctx context.Context, r *Result, schema string) error {
	rows, err := s.texts(ctx, `SELECT TABLE_NAME, TABLE_TYPE, ENGINE, TABLE_ROWS, DATA_LENGTH, INDEX_LENGTH FROM information_schema.TABLES
		WHERE TABLE_SCHEMA = ? AND TABLE_TYPE NOT IN ('VIEW', 'SYSTEM VIEW', 'TEMPORARY') ORDER BY TABLE_TYPE = 'SEQUENCE' DESC, TABLE_NAME`, schema)
	if err != nil {
		return fmt.Errorf("list tables: %w", err)
	}
	objects := make([]Object, 0, len(rows))
	for _, t := range rows {
		o := Object{Kind: Table, Schema: schema, Name: t[0].String}
		if t[1].String == "SEQUENCE" {
			o.Kind = Sequence
		} else {
			r.Sizes = append(r.Sizes, Size{schema, o.Name, t[2].String, number(t[3]), max(number(t[4]), 0), max(number(t[5]), 0)})
		}
		objects = append(objects, o)
	}
	return s.showAll(ctx, r, objects, "GRANT SELECT ON it to the user")
}

func number(v sql.NullString) int64 {
	n, err := strconv.ParseInt(v.String, 10, 64)
	if !v.Valid || err != nil {
		return -1
	}
	return n
}

func (s *Source) views(ctx context.Context, r *Result, schema string) error {
	rows, err := s.texts(ctx, "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_TYPE = 'VIEW' ORDER BY TABLE_NAME", schema)
	if err != nil {
		return fmt.Errorf("list views: %w", err)
	}
	first := len(r.Objects)
	objects := make([]Object, 0, len(rows))
	for _, v := range rows {
		objects = append(objects, Object{Kind: View, Schema: schema, Name: v[0].String})
	}
	if err := s.showAll(ctx, r, objects, "GRANT SELECT, SHOW VIEW ON it to the user, and repair a view whose tables are gone"); err != nil {
		return err
	}
	orderViews(r.Objects[first:])
	return nil
}

// orderViews puts a view behind the views that its text names. The server quotes every name it prints, so a name
// in backquotes is enough; a name that is only a column's makes an order that is stricter than needed.
func orderViews(v []Object) {
	uses := func(a, b Object) bool { return a.Name != b.Name && strings.Contains(a.Text, quote(b.Name)) }
	depth := make(map[string]int, len(v))
	for range v {
		changed := false
		for _, a := range v {
			for _, b := range v {
				if uses(a, b) && depth[a.Name] <= depth[b.Name] && depth[b.Name] < len(v) {
					depth[a.Name], changed = depth[b.Name]+1, true
				}
			}
		}
		if !changed {
			break
		}
	}
	sort.SliceStable(v, func(i, j int) bool { return depth[v[i].Name] < depth[v[j].Name] })
}

var routineKinds = map[string]Kind{"FUNCTION": Function, "PROCEDURE": Procedure, "PACKAGE": Package, "PACKAGE BODY": PackageBody}

func (s *Source) routines(ctx context.Context, r *Result, schema string) error {
	rows, err := s.texts(ctx, `SELECT ROUTINE_TYPE, ROUTINE_NAME FROM information_schema.ROUTINES
		WHERE ROUTINE_SCHEMA = ? ORDER BY ROUTINE_TYPE, ROUTINE_NAME`, schema)
	if err != nil {
		return fmt.Errorf("list routines: %w", err)
	}
	next := "GRANT SHOW_ROUTINE ON *.* (MySQL 8.0.20), GRANT SHOW CREATE ROUTINE ON the schema (MariaDB 11.3), or SELECT on mysql.proc (older servers)"
	var objects []Object
	for _, t := range rows {
		kind, ok := routineKinds[t[0].String]
		if !ok {
			r.Unseen = append(r.Unseen, Unseen{Kind(strings.ToLower(t[0].String)), schema, t[1].String, "this kind of routine is not known", "report it with the server's version"})
			continue
		}
		objects = append(objects, Object{Kind: kind, Schema: schema, Name: t[1].String})
	}
	return s.showAll(ctx, r, objects, next)
}

func (s *Source) triggers(ctx context.Context, r *Result, schema string) error {
	rows, err := s.texts(ctx, `SELECT TRIGGER_NAME, EVENT_OBJECT_TABLE, ACTION_ORDER FROM information_schema.TRIGGERS
		WHERE TRIGGER_SCHEMA = ? ORDER BY EVENT_OBJECT_TABLE, ACTION_TIMING DESC, EVENT_MANIPULATION, ACTION_ORDER, CREATED, TRIGGER_NAME`, schema)
	if err != nil {
		return fmt.Errorf("list triggers: %w", err)
	}
	objects := make([]Object, 0, len(rows))
	for _, t := range rows {
		objects = append(objects, Object{Kind: Trigger, Schema: schema, Name: t[0].String, Table: t[1].String, Order: int(number(t[2]))})
	}
	return s.showAll(ctx, r, objects, "GRANT TRIGGER ON its table to the user")
}

func (s *Source) events(ctx context.Context, r *Result, schema string) error {
	rows, err := s.texts(ctx, "SELECT EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = ? ORDER BY EVENT_NAME", schema)
	if err != nil {
		return fmt.Errorf("list events: %w", err)
	}
	for _, t := range rows {
		if err := s.show(ctx, r, Object{Kind: Event, Schema: schema, Name: t[0].String}, "GRANT EVENT ON the schema to the user"); err != nil {
			return err
		}
	}
	return nil
}

// settingNames are the global variables that change what schema or code means.
var settingNames = []string{
	"sql_mode", "lower_case_table_names", "time_zone", "system_time_zone", "character_set_server", "collation_server",
	"character_set_collations", "default_collation_for_utf8mb4", "default_storage_engine", "explicit_defaults_for_timestamp",
	"group_concat_max_len", "div_precision_increment", "default_week_format", "lc_time_names", "auto_increment_increment",
	"auto_increment_offset", "transaction_isolation", "tx_isolation", "autocommit", "completion_type", "event_scheduler",
	"max_sp_recursion_depth", "cte_max_recursion_depth", "max_recursive_iterations", "sql_auto_is_null", "block_encryption_mode",
	"innodb_autoinc_lock_mode", "innodb_rollback_on_timeout", "max_sort_length", "log_bin_trust_function_creators", "old_mode",
	"show_gipk_in_create_table_and_information_schema", "sql_generate_invisible_primary_key", "system_versioning_alter_history",
}

func (s *Source) settings(ctx context.Context) (map[string]string, error) {
	rows, err := s.texts(ctx, "SHOW GLOBAL VARIABLES")
	if err != nil {
		return nil, fmt.Errorf("read the server's settings: %w", err)
	}
	all := map[string]string{}
	for _, v := range rows {
		all[strings.ToLower(v[0].String)] = v[1].String
	}
	out := map[string]string{"version": s.version, "flavor": s.flavor}
	for _, n := range settingNames {
		if v, ok := all[n]; ok {
			out[strings.ReplaceAll(n, "_", "-")] = v
		}
	}
	if tx, ok := out["tx-isolation"]; ok {
		if _, both := out["transaction-isolation"]; !both {
			out["transaction-isolation"] = tx
		}
		delete(out, "tx-isolation")
	}
	return out, nil
}
