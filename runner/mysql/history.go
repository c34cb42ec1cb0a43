package mysql

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/go-mysql-org/go-mysql/client"
	"github.com/go-mysql-org/go-mysql/mysql"

	"godwit/runner/change"
)

// Continues tells that the log still has the history that a position belongs to, as far as the server tells; else the error
// wraps ErrPositionLost.
func (s *Source) Continues(ctx context.Context, at change.Position) error {
	p, ok := at.(*Position)
	if !ok {
		return fmt.Errorf("position %q is not of this source", at)
	}
	_, err := s.resumable(ctx, p)
	return err
}

// begunAnew tells by what a log was found to have begun anew behind a position: RESET MASTER counts the GTIDs from 1 again, and
// as soon as there are as many as before, the position seems to be in the log's past. Only a position in the log of this very
// server can be compared: behind a failover the file belongs to another one. "" tells that nothing speaks against it.
//
// All that is in the log in front of the position's place is in the position, and what is behind it is not. When the file is gone,
// the position is all that is in front of the first one that is left.
func (s *Source) begunAnew(ctx context.Context, c *client.Conn, p *Position) (string, error) {
	if p.file == "" || p.server == "" || p.server != s.server() {
		return "", nil
	}
	if !p.gtids {
		return s.reborn(ctx, p)
	}
	log, err := readLog(ctx, c, p)
	if err != nil {
		return "", err
	}
	of := s.ofMySQL
	if s.family == MariaDB {
		of = s.ofMariaDB
	}
	switch {
	case log.beyond:
		return fmt.Sprintf("its log ends in front of %s:%d", p.file, p.offset), nil
	case log.first == "":
		return "", nil
	case log.gone:
		first, err := of(ctx, c, log.first, 0)
		if err != nil || first == nil || first.Covers(p) {
			return "", err
		}
		return fmt.Sprintf("%s is gone and the oldest file that is left, %s, begins with less", p.file, log.first), nil
	case log.large:
		return "", nil
	case s.family == MariaDB:
		return s.otherDomain(ctx, c, p)
	}
	return s.repeated(ctx, c, p)
}

// logFiles is what a server has of its log.
type logFiles struct {
	first  string // the oldest file
	gone   bool   // the position's file is older than that
	beyond bool   // the log does not reach as far as the position
	large  bool   // the position's file is too large for its offsets to be told
}

func readLog(ctx context.Context, c *client.Conn, p *Position) (l logFiles, err error) {
	base, _, _ := cutNumber(p.file)
	var last uint64
	there := false
	err = query(ctx, c, "SHOW BINARY LOGS", func(r row) error {
		name := r.str(0)
		if b, n, ok := cutNumber(name); !ok || b != base { // the log was given another name: nothing can be told
			return nil
		} else if last = max(last, n); l.first == "" {
			l.first = name
		}
		if name != p.file {
			return nil
		}
		there = true
		size, err := strconv.ParseUint(r.str(1), 10, 64)
		l.large, l.beyond = size > math.MaxUint32, size < p.offset
		return err
	})
	if err != nil {
		return l, fmt.Errorf("list the files of the binary log: %w", err)
	}
	if l.first != "" && !there {
		l.beyond = last < fileNumber(p.file) // the numbers of files only go up
		l.gone = !l.beyond
	}
	return l, nil
}

// cutNumber divides the name of a file of the log.
func cutNumber(file string) (base string, n uint64, ok bool) {
	i := strings.LastIndexByte(file, '.')
	if i < 0 {
		return "", 0, false
	}
	return file[:i], fileNumber(file), true
}

// ofMariaDB is the GTIDs in front of a place of MariaDB's log; nil when the server does not tell.
func (s *Source) ofMariaDB(ctx context.Context, c *client.Conn, file string, offset uint64) (*Position, error) {
	cols, _, err := one(ctx, c, fmt.Sprintf("SELECT IFNULL(BINLOG_GTID_POS('%s', %d), 'none')", file, max(offset, 4)))
	if err != nil {
		return nil, fmt.Errorf("read the GTID of %s:%d: %w", file, offset, err)
	}
	if cols[0] == "none" {
		return nil, nil
	}
	d, err := parseDomains(cols[0])
	return &Position{family: MariaDB, gtids: true, maria: d}, err
}

// otherDomain compares MariaDB's GTIDs at the place of the position with the position's.
func (s *Source) otherDomain(ctx context.Context, c *client.Conn, p *Position) (string, error) {
	at, err := s.ofMariaDB(ctx, c, p.file, p.offset)
	switch {
	case err != nil:
		return "", err
	case at == nil:
		return s.repeatedMariaDB(ctx, c, p)
	case at.Covers(p) && p.Covers(at):
		return "", nil
	}
	return fmt.Sprintf("it has %s at %s:%d", cmp.Or(at.maria.String(), "no transaction"), p.file, p.offset), nil
}

// repeatedMariaDB looks at what MariaDB's log has in front of the file of the position, and at the first transaction behind its
// place: it does not tell the GTIDs of the place itself where a large event stands before it (see gtidsAt).
func (s *Source) repeatedMariaDB(ctx context.Context, c *client.Conn, p *Position) (string, error) {
	before, err := s.ofMariaDB(ctx, c, p.file, 0)
	switch {
	case err != nil:
		return "", err
	case before == nil:
		return fmt.Sprintf("it has no transaction at %s:%d", p.file, p.offset), nil
	case !p.Covers(before):
		return fmt.Sprintf("it has %s in front of %s", before.maria, p.file), nil
	}
	next, why, err := nextGTID(ctx, c, p)
	if err != nil || why != "" {
		return why, err
	}
	g, err := parseDomains(next)
	if err != nil || next == "" || !p.maria.covers(g) { // the log ends there, or the place is where the position says
		return "", nil
	}
	return fmt.Sprintf("it has %s behind %s:%d", next, p.file, p.offset), nil
}

// nextGTID is that of the first transaction behind the position's place, "" where the server does not tell one; why says that no event
// begins there.
func nextGTID(ctx context.Context, c *client.Conn, p *Position) (next, why string, err error) {
	err = query(ctx, c, fmt.Sprintf("SHOW BINLOG EVENTS IN '%s' FROM %d LIMIT 3", p.file, max(p.offset, 4)), func(r row) error {
		if next != "" || r.str(2) != "Gtid" {
			return nil
		}
		if _, g, ok := strings.Cut(r.str(5), "GTID_NEXT= '"); ok { // MySQL
			next = strings.TrimSuffix(g, "'")
		} else if _, g, ok := strings.Cut(r.str(5), "GTID "); ok { // MariaDB: [BEGIN ]GTID 0-1-2[ cid=7]
			next, _, _ = strings.Cut(g, " ")
		}
		return nil
	})
	var my *mysql.MyError
	if !errors.As(err, &my) {
		return next, "", err
	}
	if my.Code == mysql.ER_ERROR_WHEN_EXECUTING_COMMAND {
		why = fmt.Sprintf("it has no event that begins at %s:%d (%s)", p.file, p.offset, my.Message)
	}
	return "", why, nil
}

// ofMySQL is the GTIDs in front of a file of MySQL's log; nil when the server does not tell.
func (s *Source) ofMySQL(ctx context.Context, c *client.Conn, file string, _ uint64) (*Position, error) {
	var at *Position
	err := query(ctx, c, fmt.Sprintf("SHOW BINLOG EVENTS IN '%s' LIMIT 3", file), func(r row) error {
		if r.str(2) != "Previous_gtids" || at != nil {
			return nil
		}
		at = &Position{family: MySQL}
		return at.parseSet(r.str(5))
	})
	var my *mysql.MyError
	if errors.As(err, &my) {
		return nil, nil // purged just now, or the right is missing
	}
	return at, err
}

// repeated looks at what MySQL's log has in front of the file of the position, and at the first transaction behind its place.
func (s *Source) repeated(ctx context.Context, c *client.Conn, p *Position) (string, error) {
	before, err := s.ofMySQL(ctx, c, p.file, 0)
	if err != nil || before == nil {
		return "", err
	}
	if !p.Covers(before) {
		return fmt.Sprintf("it has more in front of %s than the position", p.file), nil
	}
	next, why, err := nextGTID(ctx, c, p)
	if err != nil || why != "" || next == "" {
		return why, err
	}
	set, err := mysql.ParseMysqlGTIDSet(next)
	if err != nil || !p.my.Contain(set) {
		return "", nil // a GTID that cannot be read stops the stream
	}
	return fmt.Sprintf("it has %s behind %s:%d", next, p.file, p.offset), nil
}
