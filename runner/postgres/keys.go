package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"godwit/runner/change"
)

// Keys of large tables are made after their rows: an index that is built at once costs a third of one that grows row by
// row, and secondary unique keys would refuse rows of several moments, which the change stream is still to mend. What is
// dropped is kept as its definition in the same transaction, so that a run which ends in between leaves nothing out.

const keysDDL = `
CREATE TABLE IF NOT EXISTS godwit.put_off (
	task       text COLLATE "C" NOT NULL,
	tbl        text COLLATE "C" NOT NULL,
	name       text COLLATE "C" NOT NULL,
	definition text NOT NULL,
	locating   boolean NOT NULL,              -- the key that locates rows: needed before changes are applied
	PRIMARY KEY (task, tbl, name)
);`

// putOffRows is the number of rows from which on keys are put off; a table of several chunks has its keys put off always.
const putOffRows = 20_000

// keySession lets an index be built in memory. The limit is of the session, so others on the server keep theirs.
const keySession = "SET LOCAL maintenance_work_mem = '256MB'"

// keysToPutOff leaves alone what could not be made again just as it was: keys that others depend on, and those with
// options, comments or a storage place of their own.
const keysToPutOff = `SELECT c.conname::text, pg_get_constraintdef(c.oid),
	(SELECT array_agg(a.attname::text ORDER BY a.attname::text COLLATE "C") FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey))
	FROM pg_catalog.pg_constraint c JOIN pg_catalog.pg_class t ON t.oid = c.conrelid JOIN pg_catalog.pg_class x ON x.oid = c.conindid
	JOIN pg_catalog.pg_index i ON i.indexrelid = c.conindid
	WHERE c.conrelid = to_regclass($1) AND c.contype IN ('p', 'u') AND t.relkind = 'r' AND NOT t.relispartition AND c.coninhcount = 0
	AND x.reloptions IS NULL AND x.reltablespace = 0 AND NOT i.indisreplident AND NOT i.indisclustered
	AND obj_description(c.oid, 'pg_constraint') IS NULL AND obj_description(x.oid, 'pg_class') IS NULL
	AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint f WHERE f.contype = 'f' AND f.conindid = c.conindid)
	AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.refclassid = 'pg_constraint'::regclass AND d.refobjid = c.oid AND d.deptype = 'n')
	AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = x.oid AND d.deptype = 'n')
	ORDER BY c.contype, c.conname`

// putOff drops the keys of a table that is about to be loaded, and keeps their definitions.
func (s *Sink) putOff(ctx context.Context, tx pgx.Tx, t *change.Table) error {
	rows, err := tx.Query(ctx, keysToPutOff, targetName(t))
	if err != nil {
		return fmt.Errorf("read the keys of %s: %w", targetName(t), err)
	}
	var locating []string
	for _, i := range t.Key {
		locating = append(locating, t.Columns[i].Target)
	}
	slices.Sort(locating)
	var drops []string
	var names, definitions []string
	var locate []bool
	var name, definition string
	var columns []string
	_, err = pgx.ForEachRow(rows, []any{&name, &definition, &columns}, func() error {
		drops = append(drops, "DROP CONSTRAINT "+pgx.Identifier{name}.Sanitize())
		names, definitions = append(names, name), append(definitions, definition)
		slices.Sort(columns)
		locate = append(locate, len(locating) > 0 && slices.Equal(columns, locating))
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the keys of %s: %w", targetName(t), err)
	}
	if len(drops) == 0 {
		return nil
	}
	if _, err := tx.Exec(ctx, "ALTER TABLE "+targetName(t)+" "+strings.Join(drops, ", ")); err != nil {
		return fmt.Errorf("put off the keys of %s: %w", targetName(t), err)
	}
	_, err = tx.Exec(ctx, `INSERT INTO godwit.put_off (task, tbl, name, definition, locating) SELECT $1, $2, * FROM unnest($3::text[], $4::text[], $5::boolean[])`,
		s.opts.Task, t.Name(), names, definitions, locate)
	return err
}

// PutOff lists the tables, by their names on the source, whose keys are put off.
func (s *Sink) PutOff(ctx context.Context) (map[string]bool, error) {
	rows, err := s.pool.Query(ctx, `SELECT DISTINCT tbl FROM godwit.put_off WHERE task = $1`, s.opts.Task)
	if err != nil {
		return nil, transient(fmt.Errorf("read the keys that are put off: %w", err))
	}
	out := map[string]bool{}
	var name string
	if _, err := pgx.ForEachRow(rows, []any{&name}, func() error { out[name] = true; return nil }); err != nil {
		return nil, transient(fmt.Errorf("read the keys that are put off: %w", err))
	}
	return out, nil
}

// MakeKeys makes the key that locates a loaded table's rows, or, with all, every key that was put off. With beside other
// work keeps the server's processors busy, so no more than one of them sorts.
func (s *Sink) MakeKeys(ctx context.Context, t *change.Table, all, beside bool) error {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `DELETE FROM godwit.put_off WHERE task = $1 AND tbl = $2 AND (locating OR $3) RETURNING name, definition`, s.opts.Task, t.Name(), all)
		if err != nil {
			return err
		}
		var adds []string
		var name, definition string
		_, err = pgx.ForEachRow(rows, []any{&name, &definition}, func() error {
			adds = append(adds, "ADD CONSTRAINT "+pgx.Identifier{name}.Sanitize()+" "+definition)
			return nil
		})
		if err != nil || len(adds) == 0 {
			return err
		}
		set := keySession
		if beside {
			set += "; SET LOCAL max_parallel_maintenance_workers = 0"
		}
		if _, err := tx.Exec(ctx, set); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "ALTER TABLE "+targetName(t)+" "+strings.Join(adds, ", "))
		return err
	})
	if err != nil {
		return fmt.Errorf("make the keys of %s: %w", targetName(t), err)
	}
	return nil
}
