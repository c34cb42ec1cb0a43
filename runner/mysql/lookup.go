package mysql

import (
	"context"
	"fmt"

	"github.com/go-mysql-org/go-mysql/client"

	"godwit/runner/change"
)

// Lookup reads single rows as they are now, beside the change stream. It must be used by one goroutine at a time.
type Lookup struct {
	conn   *client.Conn
	tables map[*change.Table]*table
}

// Lookup opens a connection for reading rows of tables.
func (s *Source) Lookup(ctx context.Context, tables []*change.Table) (*Lookup, error) {
	c, err := dial(ctx, s.ep, s.tls)
	if err != nil {
		return nil, err
	}
	coded, err := s.codecs(ctx, c, tables)
	if err != nil {
		c.Close()
		return nil, err
	}
	l := &Lookup{conn: c, tables: map[*change.Table]*table{}}
	for _, t := range coded {
		l.tables[t.t] = t
	}
	return l, nil
}

// Rows reads the rows that a condition, in the source's words, selects.
func (l *Lookup) Rows(ctx context.Context, ct *change.Table, where string) ([]change.Row, error) {
	t := l.tables[ct]
	if t == nil {
		return nil, fmt.Errorf("look up rows of %s: the table was not asked for", ct.Name())
	}
	sql, err := t.selectChunk(change.Chunk{Table: ct})
	if err != nil {
		return nil, err
	}
	var out []change.Row
	err = query(ctx, l.conn, sql+" WHERE "+where, func(v row) error {
		r := make(change.Row, len(t.cols))
		for i := range t.cols {
			if v[i] == nil {
				continue
			}
			// Not nil, even if empty.
			x, err := t.cols[i].appendText([]byte{}, v[i])
			if err != nil {
				return fmt.Errorf("column %s of the row %s: %w", t.cols[i].col.Name, t.rawKey(v), err)
			}
			r[i] = x
		}
		out = append(out, r)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look up a row of %s: %w", ct.Name(), err)
	}
	return out, nil
}

// End is a position that covers everything that can be seen on the source now. Position does not promise that: MySQL lets
// a commit be seen a moment before it adds its GTID to the executed set. Its log has it before.
func (s *Source) End(ctx context.Context) (change.Position, error) {
	var p *Position
	err := s.with(ctx, func(c *client.Conn) (err error) {
		p, err = s.end(ctx, c)
		return err
	})
	if err != nil {
		return nil, err
	}
	if s.family == MySQL {
		p.gtids, p.my = false, nil
	}
	return p, nil
}

// Close closes the connection.
func (l *Lookup) Close() error { return l.conn.Close() }
