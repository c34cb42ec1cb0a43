package mysql

import (
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
	return s.resumable(ctx, p)
}

// begunAnew tells by what a log was found to have begun anew behind a position: RESET MASTER counts the GTIDs from 1 again, and
// as soon as there are as many as before, the position seems to be in the log's past. Only a position in the log of this very
// server can be compared: behind a failover the file belongs to another one. "" tells that nothing speaks against it.
func (s *Source) begunAnew(ctx context.Context, c *client.Conn, p *Position) (string, error) {
	own, err := s.wroteLast(ctx, c, p)
	if err != nil || !own {
		return "", err
	}
	file, err := s.logFile(ctx, c, p)
	switch {
	case err != nil || file.gone:
		return "", err
	case file.beyond:
		return fmt.Sprintf("its log ends in front of %s:%d", p.file, p.offset), nil
	}
	if s.family == MariaDB {
		return s.otherDomain(ctx, c, p)
	}
	return s.repeated(ctx, c, p)
}

// wroteLast tells that the last transaction in front of a position was this server's own, so that the file most likely is.
func (s *Source) wroteLast(ctx context.Context, c *client.Conn, p *Position) (bool, error) {
	if !p.gtids {
		return false, nil
	}
	if p.family == MariaDB {
		cols, _, err := one(ctx, c, "SELECT @@global.gtid_domain_id")
		if err != nil {
			return false, fmt.Errorf("read the GTID domain: %w", err)
		}
		last, there := p.own(cols[0])
		return there && strconv.FormatUint(uint64(last.server), 10) == s.vars["server_id"], nil
	}
	if p.my == nil || p.my.Sets[s.vars["server_uuid"]] == nil {
		return false, nil
	}
	cols, _, err := one(ctx, c, "SELECT @@global.gtid_purged = ''") // a log that was reset has lost nothing of what it counts
	if err != nil {
		return false, fmt.Errorf("read what was purged of the log: %w", err)
	}
	return cols[0] == "1", nil
}

// own is the last GTID of a domain.
func (p *Position) own(domain string) (domainGTID, bool) {
	id, err := strconv.ParseUint(domain, 10, 32)
	if err != nil {
		return domainGTID{}, false
	}
	g, ok := p.maria[uint32(id)]
	return g, ok
}

// logFile is what a server has of the file of a position.
type logFile struct {
	gone   bool // purged, of another name, or too large for its offsets to be told
	beyond bool // it does not reach that far
}

func (s *Source) logFile(ctx context.Context, c *client.Conn, p *Position) (f logFile, err error) {
	f.gone = true
	var last uint64
	err = query(ctx, c, "SHOW BINARY LOGS", func(r row) error {
		last = max(last, fileNumber(r.str(0)))
		if r.str(0) != p.file {
			return nil
		}
		size, err := strconv.ParseUint(r.str(1), 10, 64)
		f.gone, f.beyond = size > math.MaxUint32, size < p.offset
		return err
	})
	if err != nil {
		return f, fmt.Errorf("list the files of the binary log: %w", err)
	}
	if last < fileNumber(p.file) { // the numbers of files only go up
		f.gone, f.beyond = false, true
	}
	return f, nil
}

// otherDomain compares MariaDB's own GTIDs at the place of the position.
func (s *Source) otherDomain(ctx context.Context, c *client.Conn, p *Position) (string, error) {
	cols, _, err := one(ctx, c, fmt.Sprintf("SELECT @@global.gtid_domain_id, IFNULL(BINLOG_GTID_POS('%s', %d), 'none')", p.file, p.offset))
	if err != nil {
		return "", fmt.Errorf("read the GTID of %s:%d: %w", p.file, p.offset, err)
	}
	there := cols[1]
	if there != "none" {
		d, err := parseDomains(there)
		if err != nil {
			return "", err
		}
		at, _ := (&Position{maria: d}).own(cols[0])
		if was, _ := p.own(cols[0]); at.seq == was.seq {
			return "", nil
		}
	}
	return fmt.Sprintf("it has %s at %s:%d", orNone(there), p.file, p.offset), nil
}

func orNone(gtids string) string {
	if gtids == "none" || gtids == "" {
		return "no transaction"
	}
	return gtids
}

// repeated looks at MySQL's first transaction behind the place of the position: the position must not have it.
func (s *Source) repeated(ctx context.Context, c *client.Conn, p *Position) (string, error) {
	var next string
	err := query(ctx, c, fmt.Sprintf("SHOW BINLOG EVENTS IN '%s' FROM %d LIMIT 3", p.file, max(p.offset, 4)), func(r row) error {
		if _, g, ok := strings.Cut(r.str(5), "GTID_NEXT= '"); ok && next == "" && r.str(2) == "Gtid" {
			next = strings.TrimSuffix(g, "'")
		}
		return nil
	})
	var my *mysql.MyError
	if errors.As(err, &my) || next == "" {
		return "", nil // it does not tell, or there is none
	}
	if err != nil {
		return "", fmt.Errorf("read the binary log at %s:%d: %w", p.file, p.offset, err)
	}
	set, err := mysql.ParseMysqlGTIDSet(next)
	if err != nil || !p.my.Contain(set) {
		return "", nil // a GTID that cannot be read stops the stream
	}
	return fmt.Sprintf("it has %s behind %s:%d", next, p.file, p.offset), nil
}
