package postgres

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"godwit/runner/change"
)

// Commit stores the position behind what was added and commits, if the target still has the position that it follows. Nothing
// of it is on the target before.
func (a *Applier) Commit(ctx context.Context, after string, p change.Position, commit time.Time) error {
	err := a.store(ctx, after, p, commit)
	switch {
	case errors.Is(err, errUnstored):
		return a.s.unstored(ctx, after)
	case err != nil:
		return transient(err)
	}
	a.pipe.SendQueryParams("COMMIT", nil, nil, nil, nil)
	a.sent = append(a.sent, sent{what: "commit", expect: -1})
	if err = a.read(); err == nil {
		err = a.pipe.Close()
	}
	if err != nil {
		return unsure(err)
	}
	a.pipe = nil
	a.txs, a.changes = 0, 0
	return nil
}

// progressSent marks the statement that stores the position; it finds no row when another run has the next epoch, or when the
// position is not the one that the transaction follows.
const progressSent = "progress"

// errUnstored tells that the position was not stored.
var errUnstored = errors.New("the position was not stored")

// unstored tells why the position was not stored.
func (s *Sink) unstored(ctx context.Context, after string) error {
	var epoch int64
	var position string
	err := s.pool.QueryRow(ctx, `SELECT epoch, coalesce(position, '') FROM godwit.progress WHERE task = $1`, s.opts.Task).Scan(&epoch, &position)
	switch {
	case err != nil && !errors.Is(err, pgx.ErrNoRows): // none: the task was forgotten
		return transient(fmt.Errorf("read the progress of task %s: %w", s.opts.Task, err))
	case err == nil && epoch == s.epoch:
		return change.Transient(fmt.Errorf("task %s: %w: it is %q, the transaction follows %q", s.opts.Task, change.ErrMoved, position, after))
	}
	return fmt.Errorf("task %s: %w", s.opts.Task, change.ErrFenced)
}

// unsure marks an error that came while the server committed, unless the server says that it did not.
func unsure(err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Severity == "ERROR" {
		return transient(err)
	}
	return change.Transient(fmt.Errorf("%w: %w", change.ErrUnsure, err))
}

const progressSQL = `UPDATE godwit.progress SET position = $2, commit_time = $3, transactions = transactions + $4,
	changes = changes + $5, updated_at = now() WHERE task = $1 AND epoch = $6 AND position = $7`

// store sends all that was added and the position, and waits for the answers.
func (a *Applier) store(ctx context.Context, after string, p change.Position, commit time.Time) error {
	a.begin(ctx)
	if err := a.endRun(); err != nil {
		return err
	}
	params := [][]byte{[]byte(a.s.opts.Task), []byte(p.String()), []byte(commit.UTC().Format("2006-01-02 15:04:05.999999Z07:00")),
		strconv.AppendInt(nil, a.txs, 10), strconv.AppendInt(nil, a.changes, 10), strconv.AppendInt(nil, a.s.epoch, 10), []byte(after)}
	if commit.IsZero() {
		params[2] = nil
	}
	a.pipe.SendQueryParams(progressSQL, params, nil, nil, nil)
	a.sent = append(a.sent, sent{what: progressSent, expect: 1})
	return a.read()
}
