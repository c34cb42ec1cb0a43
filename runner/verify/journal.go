package verify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Mark is how far a table has been compared: everything up to Upto of its leading key column, with the outcome so far.
type Mark struct {
	Upto  string
	Done  bool
	Table Table
}

// Journal keeps the progress of a run.
type Journal interface {
	// Load returns what is known of a source table; the zero Mark if nothing is.
	Load(ctx context.Context, table string) (Mark, error)
	Save(ctx context.Context, table string, m Mark) error
}

// resume takes over what an earlier run had found.
func (v *verifier) resume(ctx context.Context, out *Table) (Mark, error) {
	if v.o.Journal == nil {
		return Mark{}, nil
	}
	m, err := v.o.Journal.Load(ctx, out.Source)
	if err != nil {
		return m, fmt.Errorf("read the journal: %w", err)
	}
	if m.Upto != "" || m.Done {
		*out = m.Table
		if !m.Done {
			out.State = Verified // until settled
		}
	}
	return m, nil
}

func (v *verifier) save(ctx context.Context, m Mark) error {
	if v.o.Journal == nil {
		return nil
	}
	if !m.Done {
		m.Table.settle()
	}
	if err := v.o.Journal.Save(ctx, m.Table.Source, m); err != nil {
		return fmt.Errorf("keep the journal: %w", err)
	}
	return nil
}

// finish keeps the outcome of a table. A comparison that was cut short is not done.
func (v *verifier) finish(ctx context.Context, t *Table) error {
	if ctx.Err() != nil || t.State == Failed {
		return nil
	}
	return v.save(ctx, Mark{Done: true, Table: *t})
}

// TargetJournal keeps the progress in the schema godwit of the target, where status finds it.
type TargetJournal struct {
	Pool *pgxpool.Pool
	Task string
}

const journalDDL = `CREATE TABLE IF NOT EXISTS godwit.verified (
	task       text COLLATE "C" NOT NULL,
	tbl        text COLLATE "C" NOT NULL,
	upto       text NOT NULL,                      -- of the leading key column, while the comparison is under way
	done       boolean NOT NULL,
	report     jsonb NOT NULL,
	updated_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (task, tbl)
)`

// OpenJournal makes the journal's table; nil without an error when the target has no schema godwit, since no task has
// run there. Unless an earlier run is to be continued, what it left is forgotten.
func OpenJournal(ctx context.Context, pool *pgxpool.Pool, task string, resume bool) (*TargetJournal, error) {
	var ok bool
	if err := pool.QueryRow(ctx, "SELECT to_regnamespace('godwit') IS NOT NULL").Scan(&ok); err != nil {
		return nil, fmt.Errorf("look for the schema godwit on the target: %w", err)
	}
	if !ok {
		return nil, nil
	}
	j := &TargetJournal{Pool: pool, Task: task}
	if err := j.open(ctx, resume); err != nil {
		return nil, fmt.Errorf("prepare the journal of the verification: %w", err)
	}
	return j, nil
}

func (j *TargetJournal) open(ctx context.Context, resume bool) error {
	if ok, err := j.exists(ctx); err != nil {
		return err
	} else if !ok {
		if _, err := j.Pool.Exec(ctx, journalDDL); err != nil {
			return err
		}
	}
	if resume {
		return nil
	}
	_, err := j.Pool.Exec(ctx, "DELETE FROM godwit.verified WHERE task = $1", j.Task)
	return err
}

func (j *TargetJournal) exists(ctx context.Context) (ok bool, err error) {
	err = j.Pool.QueryRow(ctx, "SELECT to_regclass('godwit.verified') IS NOT NULL").Scan(&ok)
	return ok, err
}

// Load implements Journal.
func (j *TargetJournal) Load(ctx context.Context, table string) (m Mark, err error) {
	var report []byte
	err = j.Pool.QueryRow(ctx, "SELECT upto, done, report FROM godwit.verified WHERE task = $1 AND tbl = $2", j.Task, table).Scan(&m.Upto, &m.Done, &report)
	if errors.Is(err, pgx.ErrNoRows) {
		return Mark{}, nil
	}
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal(report, &m.Table)
}

// Save implements Journal.
func (j *TargetJournal) Save(ctx context.Context, table string, m Mark) error {
	report, err := json.Marshal(m.Table)
	if err != nil {
		return err
	}
	_, err = j.Pool.Exec(ctx, `INSERT INTO godwit.verified (task, tbl, upto, done, report) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (task, tbl) DO UPDATE SET upto = EXCLUDED.upto, done = EXCLUDED.done, report = EXCLUDED.report, updated_at = now()`,
		j.Task, table, m.Upto, m.Done, report)
	return err
}

// Last reads what the last run found, table by table; nil if none is known.
func (j *TargetJournal) Last(ctx context.Context) ([]Mark, error) {
	if ok, err := j.exists(ctx); err != nil || !ok {
		return nil, err
	}
	rows, err := j.Pool.Query(ctx, "SELECT upto, done, report FROM godwit.verified WHERE task = $1 ORDER BY tbl", j.Task)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(r pgx.CollectableRow) (m Mark, err error) {
		var report []byte
		if err = r.Scan(&m.Upto, &m.Done, &report); err != nil {
			return m, err
		}
		return m, json.Unmarshal(report, &m.Table)
	})
}
