package sink

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"godwit/runner/change"
	"godwit/runner/endpoint"
)

// Check tells all that would keep the sink from applying changes to tables, each with the next step. Nothing is changed, and
// no task is taken over.
func Check(ctx context.Context, ep *endpoint.Endpoint, opts Options, tables []*change.Table) ([]error, error) {
	s, err := connect(ctx, ep, opts)
	if err != nil {
		return nil, err
	}
	defer s.db.Close()
	var problems []error
	for _, t := range tables {
		if _, err := s.describe(ctx, t); err != nil {
			if change.IsTransient(err) {
				return nil, err
			}
			problems = append(problems, err)
		}
	}
	if opts.ParkTriggers {
		return problems, nil
	}
	bad, err := s.triggers(ctx, tables)
	return append(problems, bad...), err
}

// Trigger is a trigger of a table; while there is one, no change is applied.
type Trigger struct {
	Schema, Name, Table string
}

// String is the trigger's quoted name.
func (t Trigger) String() string { return ident(t.Schema, t.Name) }

// Triggers lists the triggers of tables, those of a table in the order in which they fire.
func (s *Sink) Triggers(ctx context.Context, tables []*change.Table) ([]Trigger, error) {
	of := map[string]bool{}
	schemas := []string{}
	for _, t := range tables {
		of[change.Key(s.schema(t), t.Catalog.Target)] = true
		if q := quoted(s.schema(t)); !slices.Contains(schemas, q) {
			schemas = append(schemas, q)
		}
	}
	if len(schemas) == 0 {
		return nil, nil
	}
	rows, err := s.db.QueryContext(ctx, "SELECT TRIGGER_SCHEMA, TRIGGER_NAME, EVENT_OBJECT_SCHEMA, EVENT_OBJECT_TABLE FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA IN ("+
		strings.Join(schemas, ", ")+") ORDER BY EVENT_OBJECT_SCHEMA, EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER, TRIGGER_NAME")
	if err != nil {
		return nil, transient(fmt.Errorf("list triggers: %w", err))
	}
	defer rows.Close()
	var out []Trigger
	for rows.Next() {
		var t Trigger
		var schema string
		if err := rows.Scan(&t.Schema, &t.Name, &schema, &t.Table); err != nil {
			return nil, transient(fmt.Errorf("list triggers: %w", err))
		}
		if of[change.Key(schema, t.Table)] {
			out = append(out, t)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, transient(fmt.Errorf("list triggers: %w", err))
	}
	return out, nil
}

func (s *Sink) triggers(ctx context.Context, tables []*change.Table) (problems []error, err error) {
	list, err := s.Triggers(ctx, tables)
	if err != nil {
		return nil, err
	}
	for _, t := range list {
		problems = append(problems, fmt.Errorf("%w: trigger %s of table %s would fire for every row that is applied; have it put aside with fallback.triggers: park in the task file, "+
			"or drop it and create it again after the switch", ErrTarget, t, ident(t.Table)))
	}
	return problems, nil
}

// Triggers that are put aside are kept as the server spells them, with the settings that they were made under.
const triggersDDL = `CREATE TABLE IF NOT EXISTS %s (
  task            varbinary(255) NOT NULL,
  place           int NOT NULL,
  db              varchar(64) NOT NULL,
  name            varchar(64) NOT NULL,
  statement       longtext NOT NULL,
  sql_mode        text NOT NULL,
  charset         varchar(64) NOT NULL,
  collation       varchar(64) NOT NULL,
  PRIMARY KEY (task, db, name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`

// Park puts the triggers of tables aside: each is recorded in the progress database and dropped then. A repetition goes on
// behind what was put aside before.
func (s *Sink) Park(ctx context.Context, tables []*change.Table) (int, error) {
	list, err := s.Triggers(ctx, tables)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	var first int
	err = s.db.QueryRowContext(ctx, "SELECT COALESCE(MAX(place), 0) FROM "+s.own("triggers")+" WHERE task = "+quoted(s.opts.Task)).Scan(&first)
	if err != nil {
		return 0, transient(fmt.Errorf("read the triggers that were put aside: %w", err))
	}
	for i, t := range list {
		if err := s.park(ctx, t, first+1+i); err != nil {
			return i, transient(fmt.Errorf("put trigger %s aside: %w", t, err))
		}
	}
	return len(list), nil
}

func (s *Sink) park(ctx context.Context, t Trigger, place int) error {
	rows, err := s.db.QueryContext(ctx, "SHOW CREATE TRIGGER "+t.String())
	if err != nil {
		return err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	// Servers differ in the columns at the end.
	values := make([]sql.NullString, len(names))
	into := make([]any, len(names))
	for i := range values {
		into[i] = &values[i]
	}
	if !rows.Next() {
		return errors.Join(rows.Err(), errors.New("the server does not show it"))
	}
	if err := rows.Scan(into...); err != nil {
		return err
	}
	rows.Close()
	column := func(name string) string {
		for i, n := range names {
			if strings.EqualFold(n, name) {
				return values[i].String
			}
		}
		return ""
	}
	text := column("SQL Original Statement")
	if text == "" {
		return errors.New("the account may not see its text; grant it TRIGGER on the table")
	}
	_, err = s.db.ExecContext(ctx, "REPLACE INTO "+s.own("triggers")+" (task, place, db, name, statement, sql_mode, charset, collation) VALUES ("+strings.Join([]string{
		quoted(s.opts.Task), fmt.Sprint(place), quoted(t.Schema), quoted(t.Name), quoted(text), quoted(column("sql_mode")),
		quoted(column("character_set_client")), quoted(column("collation_connection"))}, ", ")+")")
	if err != nil {
		return err
	}
	_, err = s.db.ExecContext(ctx, "DROP TRIGGER "+t.String())
	return err
}

// Unpark makes the triggers again that Park put aside, in their order, and forgets them.
func (s *Sink) Unpark(ctx context.Context) (int, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT db, name, statement, sql_mode, charset, collation FROM "+s.own("triggers")+" WHERE task = "+quoted(s.opts.Task)+" ORDER BY place")
	if err != nil {
		return 0, transient(fmt.Errorf("read the triggers that were put aside: %w", err))
	}
	defer rows.Close()
	var list [][6]string
	for rows.Next() {
		var t [6]string
		if err := rows.Scan(&t[0], &t[1], &t[2], &t[3], &t[4], &t[5]); err != nil {
			return 0, transient(fmt.Errorf("read the triggers that were put aside: %w", err))
		}
		list = append(list, t)
	}
	if err := rows.Err(); err != nil {
		return 0, transient(fmt.Errorf("read the triggers that were put aside: %w", err))
	}
	for i, t := range list {
		if err := s.unpark(ctx, t); err != nil {
			return i, transient(fmt.Errorf("create trigger %s again: %w", ident(t[0], t[1]), err))
		}
	}
	return len(list), nil
}

func (s *Sink) unpark(ctx context.Context, t [6]string) error {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer discard(conn) // its settings are those of the trigger
	var there int
	err = conn.QueryRowContext(ctx, "SELECT COUNT(*) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = "+quoted(t[0])+" AND TRIGGER_NAME = "+quoted(t[1])).Scan(&there)
	if err != nil {
		return err
	}
	if there == 0 { // else the run before was interrupted behind it
		if _, err := conn.ExecContext(ctx, "USE "+ident(t[0])); err != nil {
			return err
		}
		// The text comes in utf8mb4 whatever the trigger was written in; its collation belongs to it.
		set := "SET sql_mode = " + quoted(t[3])
		if t[4] == "utf8mb4" || t[4] == "utf8" || t[4] == "utf8mb3" {
			set += ", character_set_client = " + t[4] + ", collation_connection = " + t[5]
		}
		if _, err := conn.ExecContext(ctx, set); err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, t[2]); err != nil {
			return err
		}
	}
	_, err = s.db.ExecContext(ctx, "DELETE FROM "+s.own("triggers")+" WHERE task = "+quoted(s.opts.Task)+" AND db = "+quoted(t[0])+" AND name = "+quoted(t[1]))
	return err
}
