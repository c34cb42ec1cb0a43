package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"godwit/runner/change"
)

// Status is what the target tells of a task to whoever looks on. Reading it takes no lock and changes nothing.
type Status struct {
	Phase, Position       string
	CommitTime            time.Time // of the last applied transaction, by the source's clock; zero if unknown
	Created, Updated      time.Time
	Transactions, Changes int64
	Epoch                 int64
	Tables                []TableStatus
	Requested             []string // tables that wait for being loaded again
	Exceptions            int64    // changes that were put aside
	Now                   time.Time
}

// TableStatus is how far the load of a table is.
type TableStatus struct {
	Table          string
	Chunks, Loaded int
	Rows, Bytes    int64
	Left           int64 // rows that chunks not yet loaded are expected to have
	Recent         int64 // rows loaded within the last RateWindow
	First, Last    time.Time
}

// RateWindow is the time over which the rate of a load is taken.
const RateWindow = 30 * time.Second

const statusSQL = `SELECT tbl, count(*), count(loaded_at), coalesce(sum(rows), 0)::bigint, coalesce(sum(bytes), 0)::bigint,
	coalesce(sum(estimate) FILTER (WHERE loaded_at IS NULL), 0)::bigint,
	coalesce(sum(rows) FILTER (WHERE loaded_at > now() - make_interval(secs => $2)), 0)::bigint, min(loaded_at), max(loaded_at)
	FROM godwit.chunks WHERE task = $1 GROUP BY tbl ORDER BY tbl`

// ReadStatus reads the status of a task. Of a task that the target does not know the phase is PhaseNew.
func ReadStatus(ctx context.Context, q querier, task string) (Status, error) {
	s := Status{Phase: change.PhaseNew}
	var progress, requests, exceptions bool
	err := q.QueryRow(ctx, `SELECT to_regclass('godwit.progress') IS NOT NULL AND to_regclass('godwit.chunks') IS NOT NULL,
		to_regclass('godwit.requests') IS NOT NULL,
		EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass('godwit.exceptions') AND attname = 'task'), now()`).
		Scan(&progress, &requests, &exceptions, &s.Now)
	if err != nil || !progress {
		return s, err
	}
	var commit *time.Time
	err = q.QueryRow(ctx, `SELECT phase, coalesce(position, ''), commit_time, created_at, updated_at, transactions, changes, epoch
		FROM godwit.progress WHERE task = $1`, task).
		Scan(&s.Phase, &s.Position, &commit, &s.Created, &s.Updated, &s.Transactions, &s.Changes, &s.Epoch)
	if errors.Is(err, pgx.ErrNoRows) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	if commit != nil {
		s.CommitTime = *commit
	}
	if s.Tables, err = tableStatus(ctx, q, task); err != nil {
		return s, fmt.Errorf("read the ledger: %w", err)
	}
	if requests {
		rows, err := q.Query(ctx, `SELECT tbl FROM godwit.requests WHERE task = $1 ORDER BY tbl`, task)
		if err != nil {
			return s, err
		}
		if s.Requested, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
			return s, err
		}
	}
	if exceptions {
		err = q.QueryRow(ctx, `SELECT count(*) FROM godwit.exceptions WHERE task = $1`, task).Scan(&s.Exceptions)
	}
	return s, err
}

func tableStatus(ctx context.Context, q querier, task string) ([]TableStatus, error) {
	rows, err := q.Query(ctx, statusSQL, task, RateWindow.Seconds())
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(r pgx.CollectableRow) (t TableStatus, err error) {
		var first, last *time.Time
		err = r.Scan(&t.Table, &t.Chunks, &t.Loaded, &t.Rows, &t.Bytes, &t.Left, &t.Recent, &first, &last)
		if first != nil {
			t.First, t.Last = *first, *last
		}
		return t, err
	})
}
