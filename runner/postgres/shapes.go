package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"godwit/runner/change"
)

// shapesDDL is which tables the task's rows went into, and under which numbers the target keeps their columns. A column that is
// dropped and added again, or a table that is made anew, has another number under the same name: statements find it, and what
// was in it is gone.
const shapesDDL = `
CREATE TABLE IF NOT EXISTS godwit.shapes (
	task    text COLLATE "C" NOT NULL,
	nsp     text COLLATE "C" NOT NULL,            -- the target's names
	tbl     text COLLATE "C" NOT NULL,
	rel     oid NOT NULL,
	columns text[] NOT NULL,
	numbers smallint[] NOT NULL,                  -- of the columns
	home    oid NOT NULL,                         -- of this table: a database that was restored from a dump has other numbers everywhere
	PRIMARY KEY (task, nsp, tbl)
);`

// changedSQL lists the columns that are not what they were. A table or column that is not there at all is left to those who
// want to use it. One statement sees one moment of the catalogs and of the numbers, which schema changes of the stream change together.
const changedSQL = `SELECT s.nsp, s.tbl, col.name, c.oid <> s.rel
	FROM godwit.shapes s JOIN pg_catalog.pg_namespace n ON n.nspname = s.nsp
	JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = s.tbl AND c.relkind NOT IN ('i', 'I', 't')
	CROSS JOIN unnest(s.columns, s.numbers) col(name, num)
	JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = col.name AND NOT a.attisdropped
	WHERE s.task = $1 AND s.home = 'godwit.shapes'::regclass AND (c.oid <> s.rel OR a.attnum <> col.num)
	ORDER BY s.nsp, s.tbl, col.num`

// Unchanged tells that tables are those that the task's rows went into, with their columns; else the error wraps ErrTarget and
// says the next step.
func (s *Sink) Unchanged(ctx context.Context, tables []*change.Table) error {
	rows, err := s.pool.Query(ctx, changedSQL, s.opts.Task)
	if err != nil {
		return transient(fmt.Errorf("look at the target's tables: %w", err))
	}
	byName := map[[2]string]*change.Table{}
	for _, t := range tables {
		byName[[2]string{targetSchema(t), t.Catalog.Target}] = t
	}
	var found []string
	var first *change.Table
	var nsp, tbl, column string
	var anew bool
	_, err = pgx.ForEachRow(rows, []any{&nsp, &tbl, &column, &anew}, func() error {
		t := byName[[2]string{nsp, tbl}]
		if t == nil || !hasTarget(t, column) {
			return nil
		}
		what := "column " + pgx.Identifier{nsp, tbl, column}.Sanitize() + " was dropped and added again"
		if anew {
			what = "table " + targetName(t) + " was made anew"
		}
		if !slices.Contains(found, what) {
			found = append(found, what)
		}
		if first == nil {
			first = t
		}
		return nil
	})
	if err != nil {
		return transient(fmt.Errorf("look at the target's tables: %w", err))
	}
	if len(found) == 0 {
		return nil
	}
	if n := len(found) - 5; n > 0 {
		found = append(found[:5], fmt.Sprintf("%d more", n))
	}
	return fmt.Errorf("%w: %s on the target since task %s began, not by the task: what it had written there is gone; have it loaded again (godwit reload TASK.yaml %s), "+
		"and start the task again; or, if everything is there all the same, let the task take the table as it is: "+
		"DELETE FROM godwit.shapes WHERE task = %s AND nsp = %s AND tbl = %s", ErrTarget, strings.Join(found, ", "), s.opts.Task, first.Name(),
		literal(s.opts.Task), literal(targetSchema(first)), literal(first.Catalog.Target))
}

func hasTarget(t *change.Table, column string) bool {
	for _, c := range t.Columns {
		if c.Target == column {
			return true
		}
	}
	return false
}

func literal(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// noteSQL notes tables as they are.
const noteSQL = `INSERT INTO godwit.shapes AS s (task, nsp, tbl, rel, columns, numbers, home)
	SELECT $1, n.nspname, c.relname, c.oid, array_agg(a.attname::text ORDER BY a.attnum), array_agg(a.attnum ORDER BY a.attnum), 'godwit.shapes'::regclass
	FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
	JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped `

const noteNamed = noteSQL + `JOIN unnest($2::text[], $3::text[]) w(nsp, tbl) ON w.nsp = n.nspname AND w.tbl = c.relname
	WHERE c.relkind NOT IN ('i', 'I', 't') GROUP BY n.nspname, c.relname, c.oid
	ON CONFLICT (task, nsp, tbl) DO UPDATE SET rel = EXCLUDED.rel, columns = EXCLUDED.columns, numbers = EXCLUDED.numbers, home = EXCLUDED.home
	WHERE (s.rel, s.columns, s.numbers, s.home) IS DISTINCT FROM (EXCLUDED.rel, EXCLUDED.columns, EXCLUDED.numbers, EXCLUDED.home)`

// Note notes tables as they are. Who calls it has asked whether they are Unchanged.
func (s *Sink) Note(ctx context.Context, tables []*change.Table) error {
	schemas, names := make([]string, len(tables)), make([]string, len(tables))
	for i, t := range tables {
		schemas[i], names[i] = targetSchema(t), t.Catalog.Target
	}
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, noteNamed, s.opts.Task, schemas, names)
		return err
	})
	if err != nil {
		return fmt.Errorf("note the target's tables: %w", err)
	}
	return nil
}

// forget lets tables be noted anew, because they are loaded again.
func (s *Sink) forget(ctx context.Context, tx pgx.Tx, tables []*change.Table) error {
	for _, t := range tables {
		if _, err := tx.Exec(ctx, `DELETE FROM godwit.shapes WHERE task = $1 AND nsp = $2 AND tbl = $3`, s.opts.Task, targetSchema(t), t.Catalog.Target); err != nil {
			return fmt.Errorf("forget how %s was: %w", targetName(t), err)
		}
	}
	return nil
}

// sameSQL lists the tables that are what they were; one without a table under its name was renamed.
const sameSQL = `SELECT s.rel::bigint FROM godwit.shapes s LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = s.nsp
	LEFT JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = s.tbl
	WHERE s.task = $1 AND s.home = 'godwit.shapes'::regclass AND coalesce(c.oid = s.rel, true)
	AND NOT EXISTS (SELECT FROM unnest(s.columns, s.numbers) col(name, num) JOIN pg_catalog.pg_attribute a ON a.attrelid = s.rel AND a.attname = col.name
		WHERE a.attnum <> col.num)`

// alter runs statements of the task's own, and notes the tables as they are then; those that were not what they had been before stay
// as they were noted.
func (s *Sink) alter(ctx context.Context, tx pgx.Tx, statements []string) error {
	if len(statements) == 0 {
		return nil
	}
	rows, err := tx.Query(ctx, sameSQL, s.opts.Task)
	if err != nil {
		return fmt.Errorf("look at the target's tables: %w", err)
	}
	same, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return fmt.Errorf("look at the target's tables: %w", err)
	}
	for _, sql := range statements {
		if _, err := tx.Exec(ctx, sql, pgx.QueryExecModeSimpleProtocol); err != nil {
			return fmt.Errorf("run %.300s: %w", sql, err)
		}
	}
	if _, err := tx.Exec(ctx, session); err != nil { // a converted script sets its own search_path
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM godwit.shapes WHERE task = $1 AND rel::bigint = ANY ($2)`, s.opts.Task, same); err != nil {
		return fmt.Errorf("note the target's tables: %w", err)
	}
	_, err = tx.Exec(ctx, noteSQL+`WHERE c.oid::bigint = ANY ($2) GROUP BY n.nspname, c.relname, c.oid ON CONFLICT DO NOTHING`, s.opts.Task, same)
	if err != nil {
		return fmt.Errorf("note the target's tables: %w", err)
	}
	return nil
}

func targetSchema(t *change.Table) string {
	if t.Catalog.TargetSchema == "" {
		return "public"
	}
	return t.Catalog.TargetSchema
}
