package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"godwit/runner/change"
)

// ddl creates the schema of the project on the target. Names of tasks and tables compare byte by byte.
const ddl = `
CREATE SCHEMA IF NOT EXISTS godwit;
CREATE TABLE IF NOT EXISTS godwit.progress (
	task           text COLLATE "C" PRIMARY KEY,
	epoch          bigint NOT NULL,
	identity       text,                          -- history of the source that the positions belong to
	selection      text,                          -- fingerprint of tables, columns and policies
	phase          text NOT NULL DEFAULT 'new',   -- new, loading, loaded, consistent
	start_position text,                          -- the change stream begins here
	position       text,                          -- all source transactions up to here are applied
	commit_time    timestamptz,                   -- of the last one, by the source's clock
	transactions   bigint NOT NULL DEFAULT 0,
	changes        bigint NOT NULL DEFAULT 0,
	created_at     timestamptz NOT NULL DEFAULT now(),
	updated_at     timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);
CREATE TABLE IF NOT EXISTS godwit.chunks (
	task          text COLLATE "C" NOT NULL,
	tbl           text COLLATE "C" NOT NULL,
	id            integer NOT NULL,
	lower         text NOT NULL,
	upper         text NOT NULL,
	estimate      bigint NOT NULL,
	low_position  text,                           -- the snapshot that the rows were read from lies between the two
	high_position text,
	rows          bigint,
	bytes         bigint,
	epoch         bigint,
	loaded_at     timestamptz,                    -- NULL: not loaded
	PRIMARY KEY (task, tbl, id)
);` + exceptionsDDL

// prepare creates the schema and takes the next epoch. The update waits for transactions of the run before, which hold
// its row, and locks out those that come later.
func (s *Sink) prepare(ctx context.Context) error {
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(7236279481)`); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, ddl+schemaDDL+keysDDL+shapesDDL); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `INSERT INTO godwit.progress AS p (task, epoch) VALUES ($1, 1)
			ON CONFLICT (task) DO UPDATE SET epoch = p.epoch + 1, updated_at = now() RETURNING epoch`, s.opts.Task).Scan(&s.epoch)
	})
	if err != nil {
		return transient(fmt.Errorf("take over task %s on %s: %w", s.opts.Task, s.ep, err))
	}
	return nil
}

// State reads the progress.
func (s *Sink) State(ctx context.Context) (change.State, error) {
	st, err := readState(ctx, s.pool, s.opts.Task)
	if err != nil {
		return st, transient(fmt.Errorf("read progress of task %s: %w", s.opts.Task, err))
	}
	return st, nil
}

type querier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

// ReadState reads the progress of a task without taking it over; ok is false if the target knows no such task.
func ReadState(ctx context.Context, conn *pgx.Conn, task string) (st change.State, ok bool, err error) {
	var exists bool
	err = conn.QueryRow(ctx, `SELECT to_regclass('godwit.progress') IS NOT NULL AND to_regclass('godwit.chunks') IS NOT NULL`).Scan(&exists)
	if err != nil || !exists {
		return st, false, err
	}
	st, err = readState(ctx, conn, task)
	if err == pgx.ErrNoRows {
		return st, false, nil
	}
	return st, err == nil, err
}

func readState(ctx context.Context, q querier, task string) (change.State, error) {
	st := change.State{Chunks: map[string][]change.ChunkState{}}
	var commit *time.Time
	err := q.QueryRow(ctx, `SELECT coalesce(identity, ''), coalesce(selection, ''), phase, coalesce(start_position, ''),
		coalesce(position, ''), commit_time, transactions, changes FROM godwit.progress WHERE task = $1`, task).
		Scan(&st.Identity, &st.Selection, &st.Phase, &st.Start, &st.Position, &commit, &st.Transactions, &st.Changes)
	if err != nil {
		return st, err
	}
	if commit != nil {
		st.CommitTime = *commit
	}
	rows, err := q.Query(ctx, `SELECT tbl, id, lower, upper, estimate, loaded_at IS NOT NULL, coalesce(low_position, ''),
		coalesce(high_position, ''), coalesce(rows, 0), coalesce(bytes, 0) FROM godwit.chunks WHERE task = $1 ORDER BY tbl, id`, task)
	if err != nil {
		return st, err
	}
	defer rows.Close()
	for rows.Next() {
		var tbl string
		var c change.ChunkState
		if err := rows.Scan(&tbl, &c.ID, &c.Lower, &c.Upper, &c.Estimate, &c.Loaded, &c.Low, &c.High, &c.Rows, &c.Bytes); err != nil {
			return st, err
		}
		st.Chunks[tbl] = append(st.Chunks[tbl], c)
	}
	return st, rows.Err()
}

// Start records where the change stream begins, before the first chunk is loaded.
func (s *Sink) Start(ctx context.Context, identity, selection string, start change.Position) error {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE godwit.progress SET identity = $2, selection = $3, start_position = $4, position = $4,
			phase = 'loading', updated_at = now() WHERE task = $1`, s.opts.Task, identity, selection, start.String())
		return err
	})
	if err != nil {
		return fmt.Errorf("record the start of task %s: %w", s.opts.Task, err)
	}
	return nil
}

// SetPhase records a phase.
func (s *Sink) SetPhase(ctx context.Context, phase string) error {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE godwit.progress SET phase = $2, updated_at = now() WHERE task = $1`, s.opts.Task, phase)
		return err
	})
	if err != nil {
		return fmt.Errorf("record phase %s of task %s: %w", phase, s.opts.Task, err)
	}
	return nil
}

// Plan records the chunks of a table, all at once, and puts off the keys of a large one.
func (s *Sink) Plan(ctx context.Context, t *change.Table, chunks []change.Chunk) error {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		if err := s.record(ctx, tx, chunks); err != nil {
			return err
		}
		rows := int64(0)
		for _, c := range chunks {
			rows += c.Estimate
		}
		if len(chunks) == 1 && rows < putOffRows {
			return nil
		}
		return s.putOff(ctx, tx, t)
	})
	if err != nil {
		return fmt.Errorf("record the chunks of %s: %w", t.Name(), err)
	}
	return nil
}

// Reset empties tables on the target and forgets that their chunks were loaded.
func (s *Sink) Reset(ctx context.Context, tables []*change.Table) error {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		for _, t := range tables {
			if _, err := tx.Exec(ctx, `DELETE FROM `+targetName(t)); err != nil {
				return fmt.Errorf("empty %s: %w", targetName(t), err)
			}
			if err := s.forgetAside(ctx, tx, []string{t.Name()}); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `UPDATE godwit.chunks SET loaded_at = NULL, low_position = NULL, high_position = NULL,
				rows = NULL, bytes = NULL, epoch = NULL WHERE task = $1 AND tbl = $2`, s.opts.Task, t.Name()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("reset tables: %w", err)
	}
	return nil
}

func targetName(t *change.Table) string {
	return pgx.Identifier{targetSchema(t), t.Catalog.Target}.Sanitize()
}
