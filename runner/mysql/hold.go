package mysql

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/go-mysql-org/go-mysql/client"
	"github.com/go-mysql-org/go-mysql/mysql"
)

// A snapshot is one of rows, not of definitions: the server reads old rows by the names and columns that tables have when a
// transaction touches them first. A table that was renamed, or whose column was, between the snapshot and its first row would be
// read under a wrong name, without an error, and the change stream would then rename it once more. So every reader touches every
// table before schema changes can come in between. They wait until the snapshot is closed, writes do not. Each reader has to do it
// for itself: one that touches a table late waits behind the schema change that waits for the others.

// holdWait is how long, in seconds, a schema change that is under way or waits is waited for.
const holdWait = 15

// touch lets readers touch all tables.
func (sn *Snapshot) touch(ctx context.Context, readers []*reader) error {
	for _, r := range readers {
		if err := touch(ctx, r.conn, sn.coded); err != nil {
			return err
		}
	}
	return nil
}

// hold is a connection that keeps schema changes off until it is closed.
func (s *Source) hold(ctx context.Context, tables []*table) (*client.Conn, error) {
	c, err := dial(ctx, s.ep, s.tls)
	if err != nil {
		return nil, err
	}
	if err = exec(ctx, c, "START TRANSACTION READ ONLY"); err == nil {
		err = touch(ctx, c, tables)
	}
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// touch takes the locks that keep schema changes off until the connection's transaction ends.
func touch(ctx context.Context, c *client.Conn, tables []*table) error {
	if err := exec(ctx, c, fmt.Sprintf("SET SESSION lock_wait_timeout=%d", holdWait)); err != nil {
		return fmt.Errorf("keep schema changes off: %w", err)
	}
	for len(tables) > 0 {
		part := make([]string, min(len(tables), probeTables))
		for i := range part {
			part[i] = "(SELECT 1 FROM " + tables[i].from() + " LIMIT 0)"
		}
		tables = tables[len(part):]
		err := query(ctx, c, strings.Join(part, " UNION ALL "), func(row) error { return nil })
		var my *mysql.MyError
		switch {
		case err == nil:
		case errors.As(err, &my) && my.Code == mysql.ER_NO_SUCH_TABLE:
			return fmt.Errorf("%w: %w", ErrSchema, err)
		default:
			return transient(fmt.Errorf("keep schema changes off: %w", err))
		}
	}
	return nil
}
