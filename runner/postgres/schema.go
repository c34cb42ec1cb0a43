package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"godwit/runner/change"
)

// schemaDDL is the history of the source's schema: what the task began with is number 0, schema changes of the stream
// follow. A run that goes on later reads the schema that its position belongs to from here.
const schemaDDL = `
CREATE TABLE IF NOT EXISTS godwit.schema_changes (
	task       text COLLATE "C" NOT NULL,
	seq        integer NOT NULL,
	position   text,                               -- behind the change
	commit_time timestamptz,                       -- by the source's clock
	db         text NOT NULL,                      -- the session's current schema
	sql_mode   text NOT NULL,
	source     text NOT NULL,                      -- the source's statement or script
	target     text[] NOT NULL,                    -- the statements that were run here
	applied_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (task, seq)
);`

// KeepSchema stores the script that the task's tables come from, unless the task has one.
func (s *Sink) KeepSchema(ctx context.Context, script string) error {
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO godwit.schema_changes (task, seq, db, sql_mode, source, target)
			VALUES ($1, 0, '', '', $2, '{}') ON CONFLICT DO NOTHING`, s.opts.Task, script)
		return err
	})
	if err != nil {
		return fmt.Errorf("keep the schema of task %s: %w", s.opts.Task, err)
	}
	return nil
}

// ChangeSchema applies a schema change and stores it with the position behind it, in one transaction.
func (s *Sink) ChangeSchema(ctx context.Context, step change.SchemaStep) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		if err := s.alter(ctx, tx, step.Statements); err != nil {
			return err
		}
		for _, t := range step.Created {
			if _, err := tx.Exec(ctx, `INSERT INTO godwit.chunks (task, tbl, id, lower, upper, estimate, low_position, high_position,
				rows, bytes, epoch, loaded_at) VALUES ($1, $2, 0, '', '', 0, $3, $3, 0, 0, $4, now())`,
				s.opts.Task, t, step.Position.String(), s.epoch); err != nil {
				return fmt.Errorf("record table %s: %w", t, err)
			}
		}
		if _, err := tx.Exec(ctx, `DELETE FROM godwit.chunks WHERE task = $1 AND tbl = ANY ($2)`, s.opts.Task, step.Dropped); err != nil {
			return fmt.Errorf("forget tables: %w", err)
		}
		kept, err := tx.Exec(ctx, `INSERT INTO godwit.schema_changes (task, seq, position, commit_time, db, sql_mode, source, target)
			SELECT $1, max(seq) + 1, $2, $3, $4, $5, $6, $7 FROM godwit.schema_changes WHERE task = $1
			HAVING max(seq) IS NOT NULL`, s.opts.Task, step.Position.String(), commitTime(step.Commit), step.Schema, step.SQLMode, step.Source,
			step.Statements)
		if err == nil && kept.RowsAffected() != 1 {
			err = errors.New("the task has no schema to add it to: it was started by an older program")
		}
		if err != nil {
			return fmt.Errorf("record the schema change: %w", err)
		}
		tag, err := tx.Exec(ctx, `UPDATE godwit.progress SET selection = $2, position = $3, commit_time = coalesce($4, commit_time),
			transactions = transactions + 1, updated_at = now() WHERE task = $1 AND epoch = $5 AND position = $6`,
			s.opts.Task, step.Selection, step.Position.String(), commitTime(step.Commit), s.epoch, step.After)
		if err == nil && tag.RowsAffected() != 1 {
			err = s.unstored(ctx, step.After)
		}
		return err
	})
}

func commitTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// SchemaHistory reads the schema that a task's position belongs to: the script that it began with and the schema changes
// that were applied, in order. It is empty for a task that was never started.
func SchemaHistory(ctx context.Context, q querier, task string) ([]change.SchemaRecord, error) {
	var exists bool
	if err := q.QueryRow(ctx, `SELECT to_regclass('godwit.schema_changes') IS NOT NULL`).Scan(&exists); err != nil || !exists {
		return nil, err
	}
	rows, err := q.Query(ctx, `SELECT db, sql_mode, source FROM godwit.schema_changes WHERE task = $1 ORDER BY seq`, task)
	if err != nil {
		return nil, fmt.Errorf("read the schema of task %s: %w", task, err)
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[change.SchemaRecord])
	if err != nil {
		return nil, fmt.Errorf("read the schema of task %s: %w", task, err)
	}
	return out, nil
}
