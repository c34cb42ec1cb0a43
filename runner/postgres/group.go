package postgres

import (
	"context"
	"fmt"
	"iter"

	"github.com/jackc/pgx/v5"

	"godwit/runner/change"
)

// PlanSmall records the only chunks of small tables, all at once.
func (s *Sink) PlanSmall(ctx context.Context, chunks []change.Chunk) error {
	if err := s.inTx(ctx, func(tx pgx.Tx) error { return s.record(ctx, tx, chunks) }); err != nil {
		return fmt.Errorf("record the chunks of %d small tables: %w", len(chunks), err)
	}
	return nil
}

// record writes chunks into the ledger.
func (s *Sink) record(ctx context.Context, tx pgx.Tx, chunks []change.Chunk) error {
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"godwit", "chunks"}, []string{"task", "tbl", "id", "lower", "upper", "estimate"},
		pgx.CopyFromSlice(len(chunks), func(i int) ([]any, error) {
			c := chunks[i]
			return []any{s.opts.Task, c.Table.Name(), int32(c.ID), c.Lower, c.Upper, c.Estimate}, nil
		}))
	return err
}

// LoadSmall loads chunks of several tables in one transaction, each with its entry in the ledger. As with Load, a chunk
// that is in the ledger already is left alone.
func (s *Sink) LoadSmall(ctx context.Context, chunks []change.Chunk, rows func(change.Chunk) iter.Seq2[*change.Batch, error], span change.Span) ([]change.Loaded, error) {
	out := make([]change.Loaded, len(chunks))
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		clear(out)
		if err := s.smallLoaded(ctx, tx, chunks, out); err != nil {
			return err
		}
		tables, err := describeAll(ctx, tx, chunks, out, &s.opts.Policy)
		if err != nil {
			return err
		}
		for i, c := range chunks {
			if out[i].Already {
				continue
			}
			aside, err := copyChunk(ctx, tx, tables[i], rows(c), &out[i])
			if err == nil {
				err = s.recordAside(ctx, tx, c.Table, aside, span)
			}
			if err != nil {
				return fmt.Errorf("load %s: %w", c.Table.Name(), err)
			}
		}
		return s.noteSmall(ctx, tx, chunks, out, span)
	})
	if err != nil {
		return nil, fmt.Errorf("load %d small tables: %w", len(chunks), err)
	}
	return out, nil
}

// smallLoaded locks the ledger's entries and marks what is loaded.
func (s *Sink) smallLoaded(ctx context.Context, tx pgx.Tx, chunks []change.Chunk, out []change.Loaded) error {
	at := map[string]int{}
	names, ids := make([]string, len(chunks)), make([]int32, len(chunks))
	for i, c := range chunks {
		names[i], ids[i] = c.Table.Name(), int32(c.ID)
		at[names[i]] = i
	}
	rows, err := tx.Query(ctx, `SELECT c.tbl, c.loaded_at IS NOT NULL FROM godwit.chunks c JOIN unnest($2::text[], $3::int[]) x(tbl, id) ON c.tbl = x.tbl AND c.id = x.id
		WHERE c.task = $1 FOR UPDATE OF c`, s.opts.Task, names, ids)
	if err != nil {
		return fmt.Errorf("read the ledger: %w", err)
	}
	found := 0
	var name string
	var done bool
	_, err = pgx.ForEachRow(rows, []any{&name, &done}, func() error {
		out[at[name]].Already = done
		found++
		return nil
	})
	if err == nil && found != len(chunks) {
		err = fmt.Errorf("it has %d of %d chunks", found, len(chunks))
	}
	if err != nil {
		return fmt.Errorf("read the ledger: %w", err)
	}
	return nil
}

// describeAll reads the tables of chunks that are to be loaded, with one query.
func describeAll(ctx context.Context, tx pgx.Tx, chunks []change.Chunk, out []change.Loaded, policy *Policy) ([]*table, error) {
	var names []string
	for i, c := range chunks {
		if !out[i].Already {
			names = append(names, targetName(c.Table))
		}
	}
	cols, err := columnsOf(ctx, tx, names)
	if err != nil {
		return nil, err
	}
	tables := make([]*table, len(chunks))
	for i, c := range chunks {
		if out[i].Already {
			continue
		}
		if tables[i], err = fit(c.Table, 0, cols[targetName(c.Table)], policy); err != nil {
			return nil, err
		}
	}
	return tables, nil
}

// noteSmall writes the ledger's entries.
func (s *Sink) noteSmall(ctx context.Context, tx pgx.Tx, chunks []change.Chunk, out []change.Loaded, span change.Span) error {
	var names []string
	var ids []int32
	var rows, bytes []int64
	for i, c := range chunks {
		if out[i].Already {
			continue
		}
		names, ids = append(names, c.Table.Name()), append(ids, int32(c.ID))
		rows, bytes = append(rows, out[i].Rows), append(bytes, out[i].Bytes)
	}
	_, err := tx.Exec(ctx, `UPDATE godwit.chunks c SET loaded_at = now(), rows = x.rows, bytes = x.bytes, epoch = $6, low_position = $7, high_position = $8
		FROM unnest($2::text[], $3::int[], $4::bigint[], $5::bigint[]) x(tbl, id, rows, bytes) WHERE c.task = $1 AND c.tbl = x.tbl AND c.id = x.id`,
		s.opts.Task, names, ids, rows, bytes, s.epoch, span.Low.String(), span.High.String())
	return err
}
