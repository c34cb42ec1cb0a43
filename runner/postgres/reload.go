package postgres

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"godwit/runner/change"
)

// reloadDDL is what people ask of a task, and what a reload has taken off tables for a while.
const reloadDDL = `
CREATE TABLE IF NOT EXISTS godwit.requests (
	task         text COLLATE "C" NOT NULL,
	tbl          text COLLATE "C" NOT NULL,        -- to be loaded again
	requested_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (task, tbl)
);
CREATE TABLE IF NOT EXISTS godwit.dropped_keys (
	task    text COLLATE "C" NOT NULL,
	seq     integer NOT NULL,                      -- the order to make them again
	tbl     text NOT NULL,
	name    text NOT NULL,
	early   boolean NOT NULL,                      -- before changes are applied: a foreign key with an action
	sql     text NOT NULL,
	PRIMARY KEY (task, seq)
);`

// Request asks a task to load a table again; the run that follows the task, or the next one, does it.
func Request(ctx context.Context, conn *pgx.Conn, task string, tables []string) error {
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(7236279481)`); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, reloadDDL); err != nil {
			return err
		}
		for _, t := range tables {
			if _, err := tx.Exec(ctx, `INSERT INTO godwit.requests (task, tbl) VALUES ($1, $2) ON CONFLICT DO NOTHING`, task, t); err != nil {
				return err
			}
		}
		return nil
	})
}

// TakenOff lists the statements that make keys again which a reload has taken off tables for a while.
func TakenOff(ctx context.Context, pool *pgxpool.Pool, task string) ([]string, error) {
	var exists bool
	if err := pool.QueryRow(ctx, `SELECT to_regclass('godwit.dropped_keys') IS NOT NULL`).Scan(&exists); err != nil || !exists {
		return nil, err
	}
	rows, err := pool.Query(ctx, `SELECT sql FROM godwit.dropped_keys WHERE task = $1 ORDER BY seq`, task)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// Requested lists the tables that are to be loaded again.
func (s *Sink) Requested(ctx context.Context) ([]string, error) {
	var exists bool
	if err := s.pool.QueryRow(ctx, `SELECT to_regclass('godwit.requests') IS NOT NULL`).Scan(&exists); err != nil || !exists {
		return nil, transient(err)
	}
	rows, err := s.pool.Query(ctx, `SELECT tbl FROM godwit.requests WHERE task = $1 ORDER BY tbl`, s.opts.Task)
	if err != nil {
		return nil, transient(err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	return out, transient(err)
}

// Reload prepares tables for being loaded and brings the task back to the phase of loading, in one transaction: keys that
// are in the way are dropped and kept, tables that are loaded again are emptied, chunks are forgotten.
func (s *Sink) Reload(ctx context.Context, r change.Reload) error {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, reloadDDL); err != nil {
			return err
		}
		for _, t := range r.Added {
			if err := mustBeEmpty(ctx, tx, t); err != nil {
				return err
			}
		}
		all := append(r.Tables[:len(r.Tables):len(r.Tables)], r.Added...)
		for _, t := range all {
			if err := s.dropKeys(ctx, tx, t); err != nil {
				return fmt.Errorf("drop the keys of %s: %w", targetName(t), err)
			}
		}
		if err := s.forget(ctx, tx, all); err != nil {
			return err
		}
		gone := r.Removed
		for _, t := range all {
			gone = append(gone[:len(gone):len(gone)], t.Name())
		}
		for _, t := range r.Tables {
			if _, err := tx.Exec(ctx, `TRUNCATE TABLE `+targetName(t)); err != nil {
				return fmt.Errorf("empty %s: %w", targetName(t), err)
			}
		}
		if _, err := tx.Exec(ctx, `DELETE FROM godwit.chunks WHERE task = $1 AND tbl = ANY ($2)`, s.opts.Task, gone); err != nil {
			return err
		}
		if err := s.forgetAside(ctx, tx, gone); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM godwit.requests WHERE task = $1 AND tbl = ANY ($2)`, s.opts.Task, r.Requested); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE godwit.progress SET selection = $2, phase = CASE WHEN $3 THEN 'loading' ELSE phase END,
			updated_at = now() WHERE task = $1`, s.opts.Task, r.Selection, len(all) > 0)
		return err
	})
	if err != nil {
		return fmt.Errorf("prepare tables to be loaded: %w", err)
	}
	return nil
}

func mustBeEmpty(ctx context.Context, tx pgx.Tx, t *change.Table) error {
	var exists, filled bool
	if err := tx.QueryRow(ctx, `SELECT to_regclass($1) IS NOT NULL`, targetName(t)).Scan(&exists); err != nil {
		return err
	}
	if !exists {
		return fmt.Errorf("%w: %s, which was added to the task, does not exist: apply its converted definition first", ErrTarget, targetName(t))
	}
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM `+targetName(t)+`)`).Scan(&filled); err != nil {
		return err
	}
	if filled {
		return fmt.Errorf("%w: %s, which was added to the task, has rows already: empty it first", ErrTarget, targetName(t))
	}
	return nil
}

// keysSQL lists what is in the way of loading a table, in the order to drop it: foreign keys from and to it, then unique
// keys. The columns of a unique key tell the one that locates rows, which stays.
const keysSQL = `SELECT c.conrelid::regclass::text, c.conname::text, c.confdeltype IN ('c', 'n', 'd') OR c.confupdtype IN ('c', 'n', 'd'),
		format('ALTER TABLE %s ADD CONSTRAINT %I %s', c.conrelid::regclass, c.conname, pg_get_constraintdef(c.oid)),
		format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid::regclass, c.conname), NULL::text[], 0 AS place
	FROM pg_constraint c WHERE c.contype = 'f' AND c.conparentid = 0 AND to_regclass($1) IN (c.conrelid, c.confrelid)
UNION ALL
SELECT i.indrelid::regclass::text, x.relname::text, false,
		CASE WHEN c.oid IS NULL THEN regexp_replace(pg_get_indexdef(i.indexrelid), '^(CREATE UNIQUE INDEX .* ON) ONLY ', '\1 ')
			ELSE format('ALTER TABLE %s ADD CONSTRAINT %I %s', i.indrelid::regclass, c.conname, pg_get_constraintdef(c.oid)) END,
		CASE WHEN c.oid IS NULL THEN format('DROP INDEX %s', i.indexrelid::regclass)
			ELSE format('ALTER TABLE %s DROP CONSTRAINT %I', i.indrelid::regclass, c.conname) END,
		CASE WHEN i.indpred IS NULL AND i.indexprs IS NULL AND i.indisvalid THEN
			(SELECT array_agg(a.attname::text ORDER BY a.attname::text COLLATE "C") FROM pg_attribute a
				WHERE a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey[0:i.indnkeyatts - 1])) END, 1
	FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype IN ('u', 'x')
	WHERE i.indrelid = to_regclass($1) AND i.indisunique AND NOT i.indisprimary
ORDER BY place`

type droppedKey struct {
	table, name string
	early       bool
	make, drop  string
	columns     []string
	place       int
}

func (s *Sink) dropKeys(ctx context.Context, tx pgx.Tx, t *change.Table) error {
	rows, err := tx.Query(ctx, keysSQL, targetName(t))
	if err != nil {
		return err
	}
	keys, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (k droppedKey, err error) {
		err = r.Scan(&k.table, &k.name, &k.early, &k.make, &k.drop, &k.columns, &k.place)
		return k, err
	})
	if err != nil {
		return err
	}
	names := make([]string, 0, len(t.Key))
	for _, i := range t.Key {
		names = append(names, t.Columns[i].Target)
	}
	for _, k := range keys {
		if k.place == 1 && k.columns != nil && sameSet(k.columns, names) {
			continue
		}
		if _, err := tx.Exec(ctx, k.drop); err != nil {
			return fmt.Errorf("%s: %w", k.drop, err)
		}
		// Unique keys are made before the foreign keys that refer to them.
		if _, err := tx.Exec(ctx, `INSERT INTO godwit.dropped_keys (task, seq, tbl, name, early, sql)
			SELECT $1, coalesce(max(seq), 0) + 1, $2, $3, $4, $5 FROM godwit.dropped_keys WHERE task = $1`,
			s.opts.Task, k.table, k.name, k.early, k.make); err != nil {
			return err
		}
	}
	return nil
}

func sameSet(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	return subset(a, b) && subset(b, a)
}

// Restore makes the keys again that Reload dropped, each in a transaction of its own: foreign keys with actions only, or
// all of them. One that the converted folder has made meanwhile is only forgotten.
func (s *Sink) Restore(ctx context.Context, all bool) error {
	var exists bool
	if err := s.pool.QueryRow(ctx, `SELECT to_regclass('godwit.dropped_keys') IS NOT NULL`).Scan(&exists); err != nil || !exists {
		return transient(err)
	}
	rows, err := s.pool.Query(ctx, `SELECT seq, tbl, name, sql FROM godwit.dropped_keys WHERE task = $1 AND (early OR $2)
		ORDER BY sql LIKE '%FOREIGN KEY%', seq`, s.opts.Task, all)
	if err != nil {
		return transient(err)
	}
	type kept struct {
		seq            int
		tbl, name, sql string
	}
	list, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (k kept, err error) {
		err = r.Scan(&k.seq, &k.tbl, &k.name, &k.sql)
		return k, err
	})
	if err != nil {
		return transient(err)
	}
	for _, k := range list {
		err := s.inTx(ctx, func(tx pgx.Tx) error {
			var there bool
			if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM pg_constraint WHERE conrelid = to_regclass($1) AND conname = $2)
				OR EXISTS (SELECT 1 FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid WHERE i.indrelid = to_regclass($1) AND x.relname = $2)`,
				k.tbl, k.name).Scan(&there); err != nil {
				return err
			}
			if !there {
				if _, err := tx.Exec(ctx, k.sql); err != nil {
					return fmt.Errorf("%s: %w", strings.TrimSpace(k.sql), err)
				}
			}
			_, err := tx.Exec(ctx, `DELETE FROM godwit.dropped_keys WHERE task = $1 AND seq = $2`, s.opts.Task, k.seq)
			return err
		})
		if err != nil {
			return fmt.Errorf("make a key again that was dropped for a reload: %w", err)
		}
	}
	return nil
}
