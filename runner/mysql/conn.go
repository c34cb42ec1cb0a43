package mysql

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/go-mysql-org/go-mysql/client"
	"github.com/go-mysql-org/go-mysql/mysql"

	"godwit/runner/change"
	"godwit/runner/endpoint"
)

const dialTimeout = 15 * time.Second

// session pins what changes the meaning or the look of values. character_set_results=NULL makes the server send text
// in the column's own character set: a conversion by the server would turn what it cannot convert into question
// marks, and the binary log carries the column's bytes as well, so both lanes decode the same bytes.
const session = "SET NAMES utf8mb4, character_set_results=NULL, time_zone='+00:00', sql_mode='NO_BACKSLASH_ESCAPES', " +
	"net_write_timeout=3600, net_read_timeout=3600, wait_timeout=28800, autocommit=1"

// chooseTLS opens a first connection and returns the protection that every further one must use.
func chooseTLS(ctx context.Context, ep *endpoint.Endpoint) (*tls.Config, error) {
	conf, err := ep.Config()
	if err != nil || conf == nil || ep.TLS.Mode != "prefer" {
		return conf, err
	}
	c, err := connect(ctx, ep, conf)
	if err != nil {
		if tlsFailed(err) {
			return nil, nil
		}
		return nil, fmt.Errorf("connect to %s: %w", ep, transient(err))
	}
	c.Close()
	return conf, nil
}

// dial opens a connection with the session pinned.
func dial(ctx context.Context, ep *endpoint.Endpoint, conf *tls.Config) (*client.Conn, error) {
	c, err := connect(ctx, ep, conf)
	if err != nil {
		return nil, fmt.Errorf("connect to %s: %w", ep, transient(err))
	}
	stop := interrupt(ctx, c)
	defer stop()
	if _, err := c.Execute(session); err != nil {
		c.Close()
		return nil, fmt.Errorf("prepare the session on %s: %w", ep, transient(err))
	}
	return c, nil
}

// tlsFailed tells a server without usable TLS from a refused login.
func tlsFailed(err error) bool {
	var my *mysql.MyError
	return !errors.As(err, &my) && !errors.Is(err, context.Canceled)
}

func connect(ctx context.Context, ep *endpoint.Endpoint, conf *tls.Config) (*client.Conn, error) {
	d := net.Dialer{Timeout: dialTimeout}
	return client.ConnectWithDialer(ctx, "", ep.Address(), ep.User, ep.Password(), "", d.DialContext, func(c *client.Conn) error {
		if conf != nil {
			c.SetTLSConfig(conf)
		}
		c.UnsetCapability(mysql.CLIENT_QUERY_ATTRIBUTES)
		c.UnsetCapability(mysql.CLIENT_DEPRECATE_EOF)
		return nil
	})
}

// transient marks what may go away: a broken connection, a server that restarts or is full, a lock.
func transient(err error) error {
	var my *mysql.MyError
	if !errors.As(err, &my) {
		return change.Transient(err)
	}
	switch my.Code {
	case mysql.ER_CON_COUNT_ERROR, mysql.ER_SERVER_SHUTDOWN, mysql.ER_LOCK_WAIT_TIMEOUT, mysql.ER_LOCK_DEADLOCK, mysql.ER_TOO_MANY_USER_CONNECTIONS,
		mysql.ER_NEW_ABORTING_CONNECTION, mysql.ER_NET_READ_ERROR, mysql.ER_NET_READ_INTERRUPTED, mysql.ER_NET_ERROR_ON_WRITE,
		mysql.ER_NET_WRITE_INTERRUPTED, mysql.ER_OUT_OF_RESOURCES, 1927: // 1927: MariaDB's "connection was killed"
		return change.Transient(err)
	}
	return err
}

// interrupt ends reads of the connection when ctx is done; the connection is useless afterwards.
func interrupt(ctx context.Context, c *client.Conn) (stop func() bool) {
	return context.AfterFunc(ctx, func() { c.SetDeadline(time.Unix(1, 0)) })
}

// row is one row of a result, columns in the server's text form, nil for NULL.
type row [][]byte

func (r row) str(i int) string { return string(r[i]) }

// query runs a statement and calls each for every row; the row's memory is reused. It is the one path for results of
// any size: no value is parsed into numbers on the way.
func query(ctx context.Context, c *client.Conn, sql string, each func(row) error) error {
	stop := interrupt(ctx, c)
	defer stop()
	err := runQuery(c, sql, each)
	if err != nil && ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

func runQuery(c *client.Conn, sql string, each func(row) error) error {
	c.ResetSequence()
	packet := make([]byte, 5+len(sql))
	packet[4] = mysql.COM_QUERY
	copy(packet[5:], sql)
	if err := c.WritePacket(packet); err != nil {
		return transient(err)
	}
	first, err := c.ReadPacket()
	if err != nil {
		return transient(err)
	}
	switch first[0] {
	case mysql.OK_HEADER:
		return nil
	case mysql.ERR_HEADER:
		return transient(c.HandleErrorPacket(first))
	case mysql.LocalInFile_HEADER:
		return mysql.ErrMalformPacket
	}
	n, _, _ := mysql.LengthEncodedInt(first)
	for range n + 1 { // column definitions and an EOF packet
		if _, err := c.ReadPacket(); err != nil {
			return transient(err)
		}
	}
	return readRows(c, int(n), each)
}

func readRows(c *client.Conn, n int, each func(row) error) error {
	cols := make(row, n)
	var data []byte
	var failed error
	for {
		var err error
		data, err = c.ReadPacketReuseMem(data[:0])
		if err != nil {
			return transient(err)
		}
		if len(data) == 0 {
			return mysql.ErrMalformPacket
		}
		if data[0] == mysql.EOF_HEADER && len(data) < 9 {
			return failed
		}
		if data[0] == mysql.ERR_HEADER {
			return transient(c.HandleErrorPacket(bytes.Clone(data)))
		}
		if failed != nil {
			continue // drain, so that the connection stays usable
		}
		if err := split(data, cols); err != nil {
			return err
		}
		failed = each(cols)
	}
}

// errStop tells that the reader wants no more rows.
var errStop = errors.New("stop reading")

// split cuts a text row into its columns.
func split(data []byte, cols row) error {
	pos := 0
	for i := range cols {
		if pos >= len(data) {
			return mysql.ErrMalformPacket
		}
		b := data[pos]
		switch {
		case b < 0xfb:
			end := pos + 1 + int(b)
			if end > len(data) {
				return mysql.ErrMalformPacket
			}
			cols[i] = data[pos+1 : end : end]
			pos = end
		case b == 0xfb:
			cols[i] = nil
			pos++
		default:
			v, _, n, err := mysql.LengthEncodedString(data[pos:])
			if err != nil {
				return err
			}
			cols[i] = v
			pos += n
		}
	}
	return nil
}

// one runs a query for a single row of n columns; ok is false when there is none.
func one(ctx context.Context, c *client.Conn, sql string) (cols []string, ok bool, err error) {
	err = query(ctx, c, sql, func(r row) error {
		if ok {
			return nil
		}
		ok = true
		for _, v := range r {
			cols = append(cols, string(v))
		}
		return nil
	})
	return cols, ok, err
}

// exec runs a statement without a result.
func exec(ctx context.Context, c *client.Conn, sql string) error {
	return query(ctx, c, sql, func(row) error { return nil })
}

// quote writes an identifier.
func quote(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }
