package mysql

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"godwit/runner/change"
)

const (
	probeTables = 100     // tables looked at by one query
	smallBytes  = 4 << 20 // what the server guesses a small table to hold at most
)

// size is what the server guesses of a table.
type size struct{ rows, bytes int64 }

// guess asks for the sizes of all tables at once.
func (sn *Snapshot) guess(ctx context.Context, w int) error {
	if sn.sizes != nil {
		return nil
	}
	var schemas []string
	seen := map[string]bool{}
	for t := range sn.tables {
		if s := t.Catalog.Schema; !seen[s] {
			seen[s] = true
			schemas = append(schemas, textLiteral(s))
		}
	}
	sizes := map[string]size{}
	err := query(ctx, sn.readers[w].conn, "SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_ROWS, DATA_LENGTH FROM information_schema.TABLES WHERE TABLE_SCHEMA IN ("+
		strings.Join(schemas, ", ")+")", func(r row) error {
		n, _ := strconv.ParseInt(r.str(2), 10, 64) // NULL when the server does not know
		b, _ := strconv.ParseInt(r.str(3), 10, 64)
		sizes[change.Key(r.str(0), r.str(1))] = size{n, b}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the sizes of the tables: %w", err)
	}
	sn.sizes = sizes
	return nil
}

// Sizes gives the number of rows that the server guesses for each table, and tells which tables are known to have at most
// rows rows: the guess may be old, so those that it calls small are looked at. It must not run beside other calls.
func (sn *Snapshot) Sizes(ctx context.Context, w int, tables []*change.Table, rows int64) (guess map[*change.Table]int64, small map[*change.Table]bool, err error) {
	if err := sn.guess(ctx, w); err != nil {
		return nil, nil, err
	}
	guess, small = map[*change.Table]int64{}, map[*change.Table]bool{}
	var look []*change.Table
	for _, t := range tables {
		s, ok := sn.sizes[change.Key(t.Catalog.Schema, t.Catalog.Name)]
		if !ok || sn.tables[t] == nil {
			continue // planning the table says what is wrong
		}
		guess[t] = s.rows
		if s.rows <= rows && s.bytes <= smallBytes {
			look = append(look, t)
		}
	}
	for len(look) > 0 {
		part := look[:min(len(look), probeTables)]
		look = look[len(part):]
		if err := sn.probe(ctx, w, part, rows, small); err != nil {
			return nil, nil, fmt.Errorf("look at small tables: %w", err)
		}
	}
	return guess, small, nil
}

// probe asks for the row behind the last that a small table may have.
func (sn *Snapshot) probe(ctx context.Context, w int, tables []*change.Table, rows int64, small map[*change.Table]bool) error {
	parts := make([]string, len(tables))
	for i, t := range tables {
		parts[i] = fmt.Sprintf("(SELECT %d FROM %s LIMIT 1 OFFSET %d)", i, sn.tables[t].from(), rows)
		small[t] = true
	}
	return query(ctx, sn.readers[w].conn, strings.Join(parts, " UNION ALL "), func(r row) error {
		i, err := strconv.Atoi(r.str(0))
		if err == nil && i < len(tables) {
			delete(small, tables[i])
		}
		return err
	})
}
