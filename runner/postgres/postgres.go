// Package postgres writes to PostgreSQL: chunks of a full load by COPY, transactions of a change stream, and the
// progress of both in the schema godwit of the target.
//
// Progress is part of the same transaction as the rows it speaks of. A transaction counts only if the task's epoch is
// still the one that this Sink has taken; a newer run of the task takes the next epoch, so an older one that is still
// alive can no longer commit.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"godwit/runner/change"
	"godwit/runner/endpoint"
)

// Options tune a Sink.
type Options struct {
	Task    string
	Policy  Policy
	Writers int          // parallel chunks
	Logger  *slog.Logger // nil: slog.Default()
}

// Sink is a PostgreSQL database.
type Sink struct {
	ep    *endpoint.Endpoint
	opts  Options
	pool  *pgxpool.Pool
	epoch int64
	log   *slog.Logger
}

// Open connects, creates the schema godwit if it is missing, and takes over the task.
func Open(ctx context.Context, ep *endpoint.Endpoint, opts Options) (*Sink, error) {
	s := &Sink{ep: ep, opts: opts, log: opts.Logger}
	if s.log == nil {
		s.log = slog.Default()
	}
	if err := opts.Policy.Validate(); err != nil {
		return nil, err
	}
	pool, err := ep.OpenPostgres(ctx, max(opts.Writers, 1)+1)
	if err != nil {
		return nil, transient(err)
	}
	s.pool = pool
	if err := s.prepare(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return s, nil
}

// Close closes the connections.
func (s *Sink) Close() error {
	s.pool.Close()
	return nil
}

// Epoch is the number of this run among the runs of the task.
func (s *Sink) Epoch() int64 { return s.epoch }

// session pins what may be set otherwise for the role or the database. Only some roles may set session_replication_role, even
// to what it is.
const session = `SET synchronous_commit = on; SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0;
SET search_path = ''; SELECT set_config('session_replication_role', 'origin', false) WHERE current_setting('session_replication_role') <> 'origin'`

// Transient marks an error of the connection or of the server's state for those who work on the target beside a Sink, as
// hooks of a run do: the run tries again. Other errors stay as they are.
func Transient(err error) error { return transient(err) }

// transient marks errors of the connection and of the server's state, which may go away.
func transient(err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch {
		case strings.HasPrefix(pg.Code, "08"), strings.HasPrefix(pg.Code, "53"), strings.HasPrefix(pg.Code, "57P"),
			pg.Code == "40001", pg.Code == "40P01", pg.Code == "55P03", pg.Code == "25006":
			return change.Transient(err)
		}
		return err
	}
	var ne net.Error
	var ce *pgconn.ConnectError
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &ne) || errors.As(err, &ce) ||
		errors.Is(err, net.ErrClosed) || err != nil && strings.Contains(err.Error(), "conn closed") {
		return change.Transient(err)
	}
	return err
}

// inTx runs f in a transaction that is durable when it commits, and that commits only while the epoch is ours.
func (s *Sink) inTx(ctx context.Context, f func(pgx.Tx) error) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return transient(err)
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, session); err != nil {
		return transient(err)
	}
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if err := f(tx); err != nil {
			return err
		}
		return s.checkEpoch(ctx, tx)
	})
	return transient(err)
}

// checkEpoch holds the epoch until the transaction ends: a run that takes over waits for it.
func (s *Sink) checkEpoch(ctx context.Context, tx pgx.Tx) error {
	var epoch int64
	err := tx.QueryRow(ctx, `SELECT epoch FROM godwit.progress WHERE task = $1 FOR SHARE`, s.opts.Task).Scan(&epoch)
	if err != nil {
		return fmt.Errorf("check the epoch of task %s: %w", s.opts.Task, err)
	}
	if epoch != s.epoch {
		return fmt.Errorf("task %s: %w (epoch %d, ours is %d)", s.opts.Task, change.ErrFenced, epoch, s.epoch)
	}
	return nil
}
