// Package mysql reads MySQL and MariaDB: consistent snapshots for the full load, and the binary log as the stream
// of changes.
//
// Both lanes decode the same bytes with the same code into the canonical form of change.Value: text is fetched in the
// column's own character set, never converted by the server.
//
// What the binary log does not hold: the changes that foreign keys with an action (CASCADE, SET NULL) make to child
// rows. The target must have the same foreign keys while changes are applied.
package mysql

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"

	"github.com/go-mysql-org/go-mysql/client"
	"github.com/go-mysql-org/go-mysql/mysql"

	"godwit/runner/change"
	"godwit/runner/endpoint"
)

// Errors that a caller tells apart.
var (
	// ErrSettings tells that the server's settings do not allow to follow its changes.
	ErrSettings = errors.New("the source's settings do not allow to follow its changes")
	// ErrPositionLost tells that the server no longer has the log from a position on.
	ErrPositionLost = errors.New("the source no longer has its binary log from the position on")
	// ErrSchema tells that the log does not fit the schema that the task was started with.
	ErrSchema = change.ErrSchema
	// ErrRefused tells that the log holds something that cannot be applied exactly.
	ErrRefused = errors.New("the source's binary log holds a change that cannot be followed")
	// ErrLock tells that the short global read lock could not be had and is needed.
	ErrLock = errors.New("the snapshot needs a short global read lock")
)

// Options tune a Source.
type Options struct {
	NoLock   bool         // never take the global read lock
	ServerID uint32       // the id as a replica; 0: a random one
	Logger   *slog.Logger // nil: slog.Default()
	Policy   change.Policy
}

// Source is a MySQL or MariaDB server.
type Source struct {
	ep     *endpoint.Endpoint
	opts   Options
	log    *slog.Logger
	tls    *tls.Config // nil: plain connections
	vars   map[string]string
	family Family
	gtids  bool

	mu      sync.Mutex
	control *client.Conn
}

// Open connects and checks the settings that following changes depends on.
func Open(ctx context.Context, ep *endpoint.Endpoint, opts Options) (*Source, error) {
	s := &Source{ep: ep, opts: opts, log: opts.Logger}
	if s.log == nil {
		s.log = slog.Default()
	}
	if s.opts.ServerID == 0 {
		s.opts.ServerID = randomID()
	}
	var err error
	if s.tls, err = chooseTLS(ctx, ep); err != nil {
		return nil, err
	}
	c, err := dial(ctx, ep, s.tls)
	if err != nil {
		return nil, err
	}
	s.control = c
	if err := s.settings(ctx, c); err != nil {
		c.Close()
		return nil, err
	}
	return s, nil
}

// randomID is a server's number that no replica is likely to have.
func randomID() uint32 { return 1<<30 + rand.Uint32N(1<<30) }

// Family tells MySQL from MariaDB.
func (s *Source) Family() Family { return s.family }

// settings reads the variables that matter and refuses what would lose changes.
func (s *Source) settings(ctx context.Context, c *client.Conn) error {
	s.vars = map[string]string{}
	err := query(ctx, c, "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('version','log_bin','binlog_format','binlog_row_image',"+
		"'binlog_row_value_options','gtid_mode','server_uuid','server_id','hostname','port','lower_case_table_names')", func(r row) error {
		s.vars[strings.ToLower(r.str(0))] = r.str(1)
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the settings of %s: %w", s.ep, err)
	}
	s.family = MySQL
	if strings.Contains(s.vars["version"], "MariaDB") {
		s.family = MariaDB
	}
	s.gtids = s.family == MariaDB || s.vars["gtid_mode"] == "ON"
	return s.checkSettings()
}

// server tells the server from others whose logs may have files of the same names: by its UUID on MySQL; MariaDB has none, and the
// nodes of a cluster may share a number.
func (s *Source) server() string {
	if s.family == MySQL {
		return s.vars["server_uuid"]
	}
	return s.vars["server_id"] + "-" + s.vars["hostname"] + "-" + s.vars["port"]
}

// json is how the server spells JSON.
func (s *Source) json() jsonText {
	major, _, _ := strings.Cut(s.vars["version"], ".")
	return jsonText{noPoint: s.family == MySQL && major == "5"}
}

func (s *Source) checkSettings() error {
	var errs []error
	refuse := func(name, want, why string) {
		errs = append(errs, fmt.Errorf("%w: %s is %q, it must be %s (%s)", ErrSettings, name, s.vars[name], want, why))
	}
	if s.vars["log_bin"] != "ON" {
		refuse("log_bin", "ON", "start the server with --log-bin")
	}
	if s.vars["binlog_format"] != "ROW" {
		refuse("binlog_format", "ROW", "SET GLOBAL binlog_format=ROW, then reconnect the applications")
	}
	if v, ok := s.vars["binlog_row_image"]; ok && v != "FULL" {
		refuse("binlog_row_image", "FULL", "SET GLOBAL binlog_row_image=FULL, then reconnect the applications")
	}
	if v := s.vars["binlog_row_value_options"]; v != "" {
		refuse("binlog_row_value_options", "empty", "SET GLOBAL binlog_row_value_options='', then reconnect the applications")
	}
	return errors.Join(errs...)
}

// Identity names the history that positions belong to. With GTIDs any server of the same replication topology can
// take over, so only the family counts, and Stream checks that the server has passed the position.
func (s *Source) Identity(context.Context) (string, error) {
	if s.gtids {
		return string(s.family) + " with GTIDs", nil
	}
	return "mysql server " + s.vars["server_uuid"], nil
}

// with runs f with the control connection, which is opened again when it broke.
func (s *Source) with(ctx context.Context, f func(*client.Conn) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.control != nil {
		err := f(s.control)
		var my *mysql.MyError
		if err == nil || errors.As(err, &my) || ctx.Err() != nil {
			return err
		}
		s.control.Close()
		s.control = nil
	}
	c, err := dial(ctx, s.ep, s.tls)
	if err != nil {
		return err
	}
	s.control = c
	return f(c)
}

// Position is the end of the binary log.
func (s *Source) Position(ctx context.Context) (change.Position, error) {
	var p *Position
	err := s.with(ctx, func(c *client.Conn) (err error) {
		p, err = s.end(ctx, c)
		return err
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// end reads the end of the log. All that a client has been told is committed is covered. What is being committed
// right now may be covered before it is visible, so the end is a snapshot's position only under the global read lock.
func (s *Source) end(ctx context.Context, c *client.Conn) (*Position, error) {
	cols, ok, err := one(ctx, c, "SHOW MASTER STATUS")
	if err != nil {
		cols, ok, err = one(ctx, c, "SHOW BINARY LOG STATUS") // MySQL 8.4 and later
	}
	if err != nil {
		return nil, fmt.Errorf("read the end of the binary log (the user needs REPLICATION CLIENT): %w", err)
	}
	if !ok || len(cols) < 2 {
		return nil, fmt.Errorf("%w: the server writes no binary log", ErrSettings)
	}
	p := &Position{family: s.family, file: cols[0], server: s.server()}
	if _, err := fmt.Sscan(cols[1], &p.offset); err != nil {
		return nil, fmt.Errorf("read the end of the binary log: %w", err)
	}
	if !s.gtids {
		return p, nil
	}
	if s.family == MySQL {
		if len(cols) < 5 {
			return nil, fmt.Errorf("read the end of the binary log: no GTID set in the answer")
		}
		return p, p.parseSet(cols[4])
	}
	told, err := s.gtidsAt(ctx, c, p)
	if err != nil || told {
		return p, err
	}
	return p, s.gtidsNow(ctx, c, p)
}

// gtidsAt asks MariaDB for the GTIDs at a place of its log. It does not tell them behind an event that is larger than its
// max_allowed_packet, such as an UPDATE of a large row, until the log's next file.
func (s *Source) gtidsAt(ctx context.Context, c *client.Conn, p *Position) (told bool, err error) {
	at, err := s.ofMariaDB(ctx, c, p.file, p.offset)
	if err != nil || at == nil {
		return false, err
	}
	p.gtids, p.maria = true, at.maria
	return true, nil
}

// gtidsNow takes the last GTIDs that MariaDB has written. While nothing keeps it from writing, they may be of transactions behind
// the position's place, which is that of no server then: none that it could be compared at later.
func (s *Source) gtidsNow(ctx context.Context, c *client.Conn, p *Position) error {
	cols, _, err := one(ctx, c, "SELECT @@GLOBAL.gtid_binlog_pos")
	if err != nil {
		return fmt.Errorf("read the GTIDs of the binary log: %w", err)
	}
	p.server = ""
	return p.parseSet(cols[0])
}

// ParsePosition reads the text of a position of this family.
func (s *Source) ParsePosition(text string) (change.Position, error) {
	p, err := ParsePosition(text)
	if err != nil {
		return nil, err
	}
	if p.family != s.family {
		return nil, fmt.Errorf("position %q is of another kind of server than %s", text, s.family)
	}
	return p, nil
}

// Ack does nothing: the server keeps its log by time, not by what a reader has stored.
func (s *Source) Ack(context.Context, change.Position) error { return nil }

// Close closes the connection.
func (s *Source) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.control != nil {
		s.control.Close()
		s.control = nil
	}
	return nil
}
