package sink

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"godwit/runner/change"
	"godwit/runner/endpoint"
)

// Names of tasks and tables are bytes: no collation makes two of them one.
const progressDDL = `CREATE TABLE IF NOT EXISTS %s (
  task           varbinary(255) NOT NULL PRIMARY KEY,
  epoch          bigint NOT NULL,
  identity       text,
  selection      text,
  phase          varchar(20) NOT NULL DEFAULT 'new',
  start_position longtext,
  position       longtext,
  commit_time    datetime(6) NULL,
  transactions   bigint NOT NULL DEFAULT 0,
  changes        bigint NOT NULL DEFAULT 0,
  updated_at     datetime(6) NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`

const chunksDDL = `CREATE TABLE IF NOT EXISTS %s (
  task          varbinary(255) NOT NULL,
  tbl           varbinary(600) NOT NULL,
  id            int NOT NULL,
  lower_bound   longtext NOT NULL,
  upper_bound   longtext NOT NULL,
  estimate      bigint NOT NULL,
  low_position  longtext,
  high_position longtext,
  row_count     bigint,
  byte_count    bigint,
  epoch         bigint,
  loaded_at     datetime(6) NULL,
  PRIMARY KEY (task, tbl, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin`

// prepare makes the tables and takes the next epoch. The update waits for transactions of the run before, which hold its
// row, and locks out those that come later.
func (s *Sink) prepare(ctx context.Context) error {
	if err := s.tables(ctx); err != nil {
		return transient(fmt.Errorf("make the tables of the progress in database %s of %s: %w", s.opts.Database, s.ep, err))
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err == nil {
		defer tx.Rollback()
		_, err = tx.ExecContext(ctx, "INSERT INTO "+s.own("progress")+" (task, epoch, updated_at) VALUES ("+quoted(s.opts.Task)+
			", 1, UTC_TIMESTAMP(6)) ON DUPLICATE KEY UPDATE epoch = epoch + 1, updated_at = UTC_TIMESTAMP(6)")
	}
	if err == nil {
		err = tx.QueryRowContext(ctx, "SELECT epoch FROM "+s.own("progress")+" WHERE task = "+quoted(s.opts.Task)).Scan(&s.epoch)
	}
	if err == nil {
		err = tx.Commit()
	}
	if err != nil {
		return transient(fmt.Errorf("take over task %s on %s: %w", s.opts.Task, s.ep, err))
	}
	return nil
}

// tables makes what is missing; an account without the right to make a database may find it made.
func (s *Sink) tables(ctx context.Context) error {
	var n int
	err := s.db.QueryRowContext(ctx, "SELECT count(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = "+quoted(s.opts.Database)).Scan(&n)
	if err != nil {
		return err
	}
	if n == 0 {
		if _, err := s.db.ExecContext(ctx, "CREATE DATABASE IF NOT EXISTS "+ident(s.opts.Database)+" CHARACTER SET utf8mb4"); err != nil {
			return err
		}
	}
	have, err := s.haveTables(ctx)
	if err != nil {
		return err
	}
	for _, t := range []struct{ name, ddl string }{{"progress", progressDDL}, {"chunks", chunksDDL}, {"triggers", triggersDDL}, {"exceptions", exceptionsDDL}} {
		switch engine, ok := have[t.name]; {
		case !ok:
			if _, err := s.db.ExecContext(ctx, fmt.Sprintf(t.ddl, s.own(t.name))); err != nil {
				return err
			}
		case !strings.EqualFold(engine, "InnoDB"):
			return fmt.Errorf("%w: %s is of engine %s, it must be InnoDB", ErrTarget, s.own(t.name), engine)
		}
	}
	return nil
}

func (s *Sink) haveTables(ctx context.Context) (map[string]string, error) {
	rows, err := s.db.QueryContext(ctx, "SELECT TABLE_NAME, COALESCE(ENGINE, '') FROM information_schema.TABLES WHERE TABLE_SCHEMA = "+quoted(s.opts.Database))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var name, engine string
		if err := rows.Scan(&name, &engine); err != nil {
			return nil, err
		}
		out[strings.ToLower(name)] = engine
	}
	return out, rows.Err()
}

// State reads the progress.
func (s *Sink) State(ctx context.Context) (change.State, error) {
	st, _, err := s.read(ctx)
	return st, err
}

// ReadState reads the progress of a task without taking it over; ok is false if the server knows no such task.
func ReadState(ctx context.Context, ep *endpoint.Endpoint, opts Options) (st change.State, ok bool, err error) {
	s, err := connect(ctx, ep, opts)
	if err != nil {
		return st, false, err
	}
	defer s.db.Close()
	have, err := s.haveTables(ctx)
	if err != nil {
		return st, false, transient(err)
	}
	if _, ok := have["progress"]; !ok {
		return change.State{Phase: change.PhaseNew}, false, nil
	}
	return s.read(ctx)
}

// Exceptions counts the rows of a task that were set aside, without taking it over.
func Exceptions(ctx context.Context, ep *endpoint.Endpoint, opts Options) (n int64, err error) {
	s, err := connect(ctx, ep, opts)
	if err != nil {
		return 0, err
	}
	defer s.db.Close()
	have, err := s.haveTables(ctx)
	if _, ok := have["exceptions"]; err == nil && ok {
		err = s.db.QueryRowContext(ctx, "SELECT COUNT(*) FROM "+s.own("exceptions")+" WHERE task = "+quoted(s.opts.Task)).Scan(&n)
	}
	if err != nil {
		return 0, transient(fmt.Errorf("count the exceptions of task %s: %w", s.opts.Task, err))
	}
	return n, nil
}

func (s *Sink) read(ctx context.Context) (change.State, bool, error) {
	st := change.State{Phase: change.PhaseNew, Chunks: map[string][]change.ChunkState{}}
	fail := func(err error) (change.State, bool, error) {
		return st, false, transient(fmt.Errorf("read progress of task %s: %w", s.opts.Task, err))
	}
	var commit sql.NullString
	err := s.db.QueryRowContext(ctx, `SELECT COALESCE(identity, ''), COALESCE(selection, ''), phase, COALESCE(start_position, ''),
		COALESCE(position, ''), commit_time, transactions, changes FROM `+s.own("progress")+" WHERE task = "+quoted(s.opts.Task)).
		Scan(&st.Identity, &st.Selection, &st.Phase, &st.Start, &st.Position, &commit, &st.Transactions, &st.Changes)
	if errors.Is(err, sql.ErrNoRows) {
		return st, false, nil
	}
	if err != nil {
		return fail(err)
	}
	if commit.Valid {
		if st.CommitTime, err = time.Parse("2006-01-02 15:04:05.999999", commit.String); err != nil {
			return fail(err)
		}
	}
	rows, err := s.db.QueryContext(ctx, `SELECT tbl, id, lower_bound, upper_bound, estimate, loaded_at IS NOT NULL, COALESCE(low_position, ''),
		COALESCE(high_position, ''), COALESCE(row_count, 0), COALESCE(byte_count, 0) FROM `+s.own("chunks")+" WHERE task = "+quoted(s.opts.Task)+" ORDER BY tbl, id")
	if err != nil {
		return fail(err)
	}
	defer rows.Close()
	for rows.Next() {
		var tbl string
		var c change.ChunkState
		if err := rows.Scan(&tbl, &c.ID, &c.Lower, &c.Upper, &c.Estimate, &c.Loaded, &c.Low, &c.High, &c.Rows, &c.Bytes); err != nil {
			return fail(err)
		}
		st.Chunks[tbl] = append(st.Chunks[tbl], c)
	}
	if err := rows.Err(); err != nil {
		return fail(err)
	}
	return st, true, nil
}

// Start records where the change stream begins, before the first chunk is loaded.
func (s *Sink) Start(ctx context.Context, identity, selection string, start change.Position) error {
	err := s.update(ctx, fmt.Sprintf("identity = %s, selection = %s, start_position = %s, position = %s, phase = 'loading'",
		quoted(identity), quoted(selection), quoted(start.String()), quoted(start.String())))
	if err != nil {
		return fmt.Errorf("record the start of task %s: %w", s.opts.Task, err)
	}
	return nil
}

// SetPhase records a phase.
func (s *Sink) SetPhase(ctx context.Context, phase string) error {
	if err := s.update(ctx, "phase = "+quoted(phase)); err != nil {
		return fmt.Errorf("record phase %s of task %s: %w", phase, s.opts.Task, err)
	}
	return nil
}

func (s *Sink) update(ctx context.Context, set string) error {
	return s.inTx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE "+s.own("progress")+" SET "+set+", updated_at = UTC_TIMESTAMP(6) WHERE task = "+quoted(s.opts.Task))
		return err
	})
}

// Forget removes what is known of the task.
func (s *Sink) Forget(ctx context.Context) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return transient(err)
	}
	defer tx.Rollback()
	if err := s.checkEpoch(ctx, tx); err != nil {
		return transient(err)
	}
	for _, t := range []string{"chunks", "progress"} {
		if _, err := tx.ExecContext(ctx, "DELETE FROM "+s.own(t)+" WHERE task = "+quoted(s.opts.Task)); err != nil {
			return transient(fmt.Errorf("forget task %s: %w", s.opts.Task, err))
		}
	}
	return transient(tx.Commit())
}

// Plan records the chunks of a table, all at once.
func (s *Sink) Plan(ctx context.Context, t *change.Table, chunks []change.Chunk) error {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		for len(chunks) > 0 {
			n := min(len(chunks), 500)
			var values []string
			for _, c := range chunks[:n] {
				values = append(values, fmt.Sprintf("(%s, %s, %d, %s, %s, %d)", quoted(s.opts.Task), quoted(t.Name()), c.ID, quoted(c.Lower), quoted(c.Upper), c.Estimate))
			}
			chunks = chunks[n:]
			if _, err := tx.ExecContext(ctx, "INSERT INTO "+s.own("chunks")+" (task, tbl, id, lower_bound, upper_bound, estimate) VALUES "+strings.Join(values, ", ")); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("record the chunks of %s: %w", t.Name(), err)
	}
	return nil
}

// Reset empties tables and forgets that their chunks were loaded.
func (s *Sink) Reset(ctx context.Context, tables []*change.Table) error {
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		for _, t := range tables {
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+s.name(t)); err != nil {
				return fmt.Errorf("empty %s: %w", s.name(t), err)
			}
			if _, err := tx.ExecContext(ctx, "UPDATE "+s.own("chunks")+` SET loaded_at = NULL, low_position = NULL, high_position = NULL,
				row_count = NULL, byte_count = NULL, epoch = NULL WHERE task = `+quoted(s.opts.Task)+" AND tbl = "+quoted(t.Name())); err != nil {
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

// name is the quoted name of a table on the target.
func (s *Sink) name(t *change.Table) string { return ident(s.schema(t), t.Catalog.Target) }

func (s *Sink) schema(t *change.Table) string {
	if t.Catalog.TargetSchema == "" {
		return s.ep.Database
	}
	return t.Catalog.TargetSchema
}

// chunkWhere locates a chunk in the ledger.
func (s *Sink) chunkWhere(c change.Chunk) string {
	return " WHERE task = " + quoted(s.opts.Task) + " AND tbl = " + quoted(c.Table.Name()) + " AND id = " + strconv.Itoa(c.ID)
}
