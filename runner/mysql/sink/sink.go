// Package sink writes to MySQL and MariaDB: chunks of a full load by INSERTs of many rows, transactions of a change stream,
// and the progress of both in tables of a database of its own, godwit unless told otherwise.
//
// Progress is part of the same transaction as the rows it speaks of, so every table must be InnoDB; others are refused. A
// transaction counts only if the task's epoch is still the one that this Sink has taken.
//
// foreign_key_checks is off while changes are applied. The streams that come here hold the rows that foreign keys with an
// action have changed at the source; with the checks on, this server would repeat the actions, and the changes that follow
// in the stream would not find their rows. Triggers would do the same and cannot be switched off by a session, so tables with
// triggers are refused.
//
// Statements are texts with literals, many in one packet: each answers with the number of rows that it found, which a
// statement over many rows cannot tell row by row, and the network is crossed once per megabyte.
package sink

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"

	"github.com/go-sql-driver/mysql"

	"godwit/runner/change"
	"godwit/runner/endpoint"
)

// Errors that callers tell apart; the others are in package change.
var (
	// ErrTarget tells that a table of the target is not as the move needs it.
	ErrTarget = errors.New("the target's table does not fit")
	// ErrValue tells of a value that the target's column cannot hold exactly.
	ErrValue = errors.New("the target cannot hold the value")
	// ErrReadOnly tells that the server takes no writes from this account.
	ErrReadOnly = errors.New("the server is read-only: turn super_read_only off, and give the account the right to write in spite of read_only " +
		"(CONNECTION_ADMIN on MySQL, READ ONLY ADMIN on MariaDB)")
)

// DefaultDatabase holds the progress unless Options.Database names another.
const DefaultDatabase = "godwit"

// Options tune a Sink.
type Options struct {
	Task     string
	Database string       // where the progress is stored; "": DefaultDatabase
	Logger   *slog.Logger // nil: slog.Default()
	// ParkTriggers tells that triggers are put aside by Park, so that Check does not refuse them.
	ParkTriggers bool
}

// Sink is a MySQL or MariaDB server.
type Sink struct {
	ep     *endpoint.Endpoint
	opts   Options
	db     *sql.DB
	epoch  int64
	packet int // the longest statement that the server takes
	log    *slog.Logger
}

// Open connects, makes the tables of the progress if they are missing, and takes over the task.
func Open(ctx context.Context, ep *endpoint.Endpoint, opts Options) (*Sink, error) {
	s, err := connect(ctx, ep, opts)
	if err != nil {
		return nil, err
	}
	if err := s.prepare(ctx); err != nil {
		s.db.Close()
		return nil, err
	}
	return s, nil
}

// connect opens the sink without taking the task over.
func connect(ctx context.Context, ep *endpoint.Endpoint, opts Options) (*Sink, error) {
	if opts.Database == "" {
		opts.Database = DefaultDatabase
	}
	s := &Sink{ep: ep, opts: opts, log: opts.Logger}
	if s.log == nil {
		s.log = slog.Default()
	}
	db, err := ep.OpenMySQLWith(ctx, func(c *mysql.Config) {
		c.ClientFoundRows, c.MultiStatements = true, true
		c.Logger = &mysql.NopLogger{} // what it would say is in the errors
		c.MaxAllowedPacket = 1 << 30  // checked against the server's own limit, with the row's name
		for k, v := range session {
			c.Params[k] = v
		}
	})
	if err != nil {
		return nil, transient(err)
	}
	s.db = db
	if err := db.QueryRowContext(ctx, "SELECT @@max_allowed_packet").Scan(&s.packet); err != nil {
		db.Close()
		return nil, transient(fmt.Errorf("read the settings of %s: %w", ep, err))
	}
	return s, nil
}

// session pins what changes the meaning of a statement. Zero dates pass, as the source may have them; everything else that
// does not fit is an error.
var session = map[string]string{
	"sql_mode":           "'STRICT_ALL_TABLES,NO_BACKSLASH_ESCAPES,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION'",
	"time_zone":          "'+00:00'",
	"foreign_key_checks": "0",
	"unique_checks":      "1",
	"autocommit":         "1",
	"net_write_timeout":  "3600",
	"net_read_timeout":   "3600",
	"wait_timeout":       "28800",
}

// Close closes the connections.
func (s *Sink) Close() error { return s.db.Close() }

// Epoch is the number of this run among the runs of the task.
func (s *Sink) Epoch() int64 { return s.epoch }

// Numbers of errors that are told apart.
const (
	errReadOnlyOption = 1290 // ER_OPTION_PREVENTS_STATEMENT
	errReadOnlyMode   = 1836 // ER_READ_ONLY_MODE
)

// transient marks errors of the connection and of the server's state, which may go away.
func transient(err error) error {
	var my *mysql.MySQLError
	if errors.As(err, &my) {
		switch my.Number {
		case 1040, 1053, 1158, 1159, 1160, 1161, 1203, 1205, 1213, 1021, 1041, 1114, 1152, 1184, 1226, 1317, 1927, 3168, 3169:
			return change.Transient(err)
		case errReadOnlyOption, errReadOnlyMode:
			return fmt.Errorf("%w: %w", ErrReadOnly, err)
		}
		return err
	}
	var ne net.Error
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, mysql.ErrInvalidConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, sql.ErrConnDone) || errors.Is(err, net.ErrClosed) || errors.As(err, &ne) {
		return change.Transient(err)
	}
	return err
}

// inTx runs f in a transaction that commits only while the epoch is ours.
func (s *Sink) inTx(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := s.db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		return transient(err)
	}
	defer tx.Rollback()
	if err := f(tx); err != nil {
		return transient(err)
	}
	if err := s.checkEpoch(ctx, tx); err != nil {
		return transient(err)
	}
	return transient(tx.Commit())
}

// checkEpoch holds the epoch until the transaction ends: a run that takes over waits for it.
func (s *Sink) checkEpoch(ctx context.Context, tx *sql.Tx) error {
	var epoch int64
	err := tx.QueryRowContext(ctx, "SELECT epoch FROM "+s.own("progress")+" WHERE task = "+quoted(s.opts.Task)+" LOCK IN SHARE MODE").Scan(&epoch)
	if err != nil {
		return fmt.Errorf("check the epoch of task %s: %w", s.opts.Task, err)
	}
	if epoch != s.epoch {
		return fmt.Errorf("task %s: %w (epoch %d, ours is %d)", s.opts.Task, change.ErrFenced, epoch, s.epoch)
	}
	return nil
}

// own is the name of a table of the progress.
func (s *Sink) own(table string) string { return ident(s.opts.Database, table) }

// ident quotes names, joined by dots.
func ident(names ...string) string {
	for i, n := range names {
		names[i] = "`" + strings.ReplaceAll(n, "`", "``") + "`"
	}
	return strings.Join(names, ".")
}

// quoted is a text as a literal, under NO_BACKSLASH_ESCAPES.
func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }
