// Package logical reads the changes of a PostgreSQL database by logical decoding (the plugin pgoutput, a publication and a
// replication slot per task), with every value in the canonical form of another database's column type.
//
// It is the source of the way back: after a cutover, what applications write on PostgreSQL flows to the database that they
// came from. Such a stream needs no snapshot, and this source has none: Snapshot is refused.
//
// Rows are always whole: arming sets REPLICA IDENTITY FULL, with which the server logs the whole old row, values that are
// stored out of line included. An unchanged value of that kind is taken from the old row; where there is none, because
// the setting was taken away, the stream stops. A value that was not sent never becomes NULL.
//
// What the way there has written does not come back: the slot is made behind the fence, after its last transaction, and
// that applier cannot commit any more. Changes are not filtered by replication origin, on purpose: a transaction that
// came to PostgreSQL by a subscription of its own is a change like any other.
package logical

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"godwit/runner/change"
	"godwit/runner/endpoint"
)

// Errors that callers tell apart.
var (
	// ErrUnsupported tells that this source cannot do what was asked.
	ErrUnsupported = errors.New("a PostgreSQL source follows changes only: it takes no snapshot")
	// ErrNotArmed tells that the task has no replication slot.
	ErrNotArmed = errors.New("the way back is not armed")
	// ErrPositionLost tells that the server no longer has the changes from a position on.
	ErrPositionLost = errors.New("the server no longer has its log from the position on")
	// ErrSettings tells that the server, the role or a table does not allow to follow changes.
	ErrSettings = errors.New("the changes of this PostgreSQL database cannot be followed")
	// ErrNotWhole tells that the server sent a part of a row only.
	ErrNotWhole = errors.New("the server sent a part of a row only")
	// ErrSchema tells that a table is no longer as the task knows it.
	ErrSchema = errors.New("the table changed on PostgreSQL")
)

// Options tune a Source.
type Options struct {
	Task   string       // names the publication and the slot
	Logger *slog.Logger // nil: slog.Default()
	// Mark hands values that the other database's type cannot hold on behind change.InvalidMark, so that the other end sets their
	// rows aside; without it they end the stream.
	Mark bool
}

// Source is a PostgreSQL database whose changes are followed.
type Source struct {
	ep   *endpoint.Endpoint
	name string // of slot and publication
	log  *slog.Logger
	mark bool

	mu      sync.Mutex
	control *pgx.Conn

	acked atomic.Uint64 // everything up to here is safe at the other end
	poke  chan struct{} // acked was raised
}

// Open connects. Nothing is made on the server before Arm.
func Open(ctx context.Context, ep *endpoint.Endpoint, opts Options) (*Source, error) {
	s := &Source{ep: ep, name: SlotName(opts.Task, ep.Database), log: opts.Logger, mark: opts.Mark, poke: make(chan struct{}, 1)}
	if s.log == nil {
		s.log = slog.Default()
	}
	var err error
	if s.control, err = ep.ConnectPostgres(ctx); err != nil {
		return nil, transient(err)
	}
	return s, nil
}

var plain = regexp.MustCompile(`[^a-z0-9]+`)

// SlotName is the name of a task's slot and publication: slots of all databases of a server share one name space.
func SlotName(task, database string) string {
	h := sha256.Sum256([]byte(task + "\x00" + database))
	base := strings.Trim(plain.ReplaceAllString(strings.ToLower(task), "_"), "_")
	return "godwit_" + base[:min(len(base), 40)] + "_" + hex.EncodeToString(h[:4])
}

// Name is the name of the slot and of the publication.
func (s *Source) Name() string { return s.name }

// Close closes the connection; a stream that runs has one of its own.
func (s *Source) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.control.Close(context.Background())
}

// Identity is the server's history: the system identifier, the timeline, which changes when a standby takes over, and
// the database.
func (s *Source) Identity(ctx context.Context) (string, error) {
	conn, err := s.replication(ctx)
	if err != nil {
		return "", err
	}
	defer conn.Close(context.Background())
	res, err := conn.Exec(ctx, "IDENTIFY_SYSTEM").ReadAll()
	if err != nil || len(res) != 1 || len(res[0].Rows) != 1 || len(res[0].Rows[0]) < 4 {
		return "", transient(fmt.Errorf("identify %s: %w", s.ep, orMalformed(err)))
	}
	row := res[0].Rows[0]
	return fmt.Sprintf("postgres system %s timeline %s database %s", row[0], row[1], row[3]), nil
}

func orMalformed(err error) error {
	if err == nil {
		return errMessage
	}
	return err
}

// Position is a place behind everything that is committed now. An empty transactional message is written behind it, so that
// the stream passes it also on a server that nobody writes to.
func (s *Source) Position(ctx context.Context) (change.Position, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var text string
	if err := s.control.QueryRow(ctx, "SELECT pg_current_wal_insert_lsn()::text").Scan(&text); err != nil {
		return nil, transient(fmt.Errorf("read the position of %s: %w", s.ep, err))
	}
	// A role without the right leaves the server's own records, every 15 s, to move the stream.
	_, err := s.control.Exec(ctx, "SELECT pg_logical_emit_message(true, 'godwit', '')")
	var pg *pgconn.PgError
	if err != nil && !errors.As(err, &pg) {
		return nil, transient(fmt.Errorf("mark the position of %s: %w", s.ep, err))
	}
	return ParseLSN(text)
}

// ParsePosition reads a position's text.
func (s *Source) ParsePosition(text string) (change.Position, error) { return ParseLSN(text) }

// Ack tells the server that everything up to p is safe at the other end, so that it may drop its log.
func (s *Source) Ack(_ context.Context, p change.Position) error {
	l, ok := p.(LSN)
	if !ok {
		return fmt.Errorf("acknowledge %s: it is no position of PostgreSQL", p)
	}
	if uint64(l) > s.acked.Load() {
		s.acked.Store(uint64(l))
		select {
		case s.poke <- struct{}{}:
		default:
		}
	}
	return nil
}

// replication opens a connection for replication commands. The pinned session settings hold there, too: the server's
// sender prints the values.
func (s *Source) replication(ctx context.Context) (*pgconn.PgConn, error) {
	c, err := s.ep.PostgresConfig()
	if err != nil {
		return nil, err
	}
	c.RuntimeParams["replication"] = "database"
	c.RuntimeParams["application_name"] = s.name
	conn, err := pgconn.ConnectConfig(ctx, &c.Config)
	if err != nil {
		return nil, fmt.Errorf("connect to %s for replication: %w", s.ep, transient(err))
	}
	return conn, nil
}

// transient marks errors of the connection and of the server's state, which may go away. A slot that is in use is
// released when the server notices that the run before is gone.
func transient(err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch {
		case strings.HasPrefix(pg.Code, "08"), strings.HasPrefix(pg.Code, "53"), strings.HasPrefix(pg.Code, "57P"),
			pg.Code == "40001", pg.Code == "40P01", pg.Code == "55P03", pg.Code == inUse:
			return change.Transient(err)
		}
		return err
	}
	var ne net.Error
	var ce *pgconn.ConnectError
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &ne) || errors.As(err, &ce) || errors.Is(err, net.ErrClosed) {
		return change.Transient(err)
	}
	return err
}
