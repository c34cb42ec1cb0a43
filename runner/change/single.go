package change

import (
	"context"
	"fmt"
)

const (
	// groupRows is how many rows are tried together before they are tried in halves.
	groupRows = 256
	// groupBytes is how much they are at most.
	groupBytes = 1 << 20
)

// Single is the change of one row, with what a sink knows of its table.
type Single[T any] struct {
	Table  T
	Change Change
	Mode   Mode
	Tx     *Tx
}

// Row is the row by which messages name the change: as it was, or as it is when it is new.
func (s *Single[T]) Row() Row {
	if s.Change.Before != nil {
		return s.Change.Before[0]
	}
	return s.Change.After[0]
}

// Setter is a sink that can set changes of single rows aside.
type Setter[T any] interface {
	// Try applies changes behind a savepoint. If they fail by themselves it goes back to the savepoint and returns why as cause;
	// err is any other error.
	Try(ctx context.Context, list []Single[T]) (cause, err error)
	// SetAside records a change that failed by itself, in the transaction of the others.
	SetAside(ctx context.Context, s *Single[T], cause error) error
	// Alone applies a change that is not of rows.
	Alone(ctx context.Context, t T, c *Change, m Mode, tx *Tx) error
}

// Group takes changes apart into those of one row each and has them tried together, and a group that fails in halves: one bad
// row costs a few statements. The zero value is empty.
type Group[T any] struct {
	list  []Single[T]
	bytes int
}

// Add adds a change, and tries what is enough for a group.
func (g *Group[T]) Add(ctx context.Context, to Setter[T], t T, c *Change, m Mode, tx *Tx) error {
	switch c.Kind {
	case Insert, Update, Delete:
	default:
		if err := g.Flush(ctx, to); err != nil {
			return err
		}
		return to.Alone(ctx, t, c, m, tx)
	}
	if err := m.Applicable(c, tx.ID); err != nil {
		return err
	}
	for i := range c.Rows() {
		one := Change{Kind: c.Kind, Table: c.Table}
		if c.Before != nil {
			one.Before = c.Before[i : i+1]
			g.bytes += one.Before[0].Bytes()
		}
		if c.After != nil {
			one.After = c.After[i : i+1]
			g.bytes += one.After[0].Bytes()
		}
		g.list = append(g.list, Single[T]{t, one, m, tx})
		if len(g.list) < groupRows && g.bytes < groupBytes {
			continue
		}
		if err := g.Flush(ctx, to); err != nil {
			return err
		}
	}
	return nil
}

// Flush tries what has been added.
func (g *Group[T]) Flush(ctx context.Context, to Setter[T]) error {
	list := g.list
	g.list, g.bytes = nil, 0
	return halves(ctx, to, list)
}

func halves[T any](ctx context.Context, to Setter[T], list []Single[T]) error {
	if len(list) == 0 {
		return nil
	}
	cause, err := to.Try(ctx, list)
	switch {
	case err != nil || cause == nil:
		return err
	case len(list) == 1:
		return to.SetAside(ctx, &list[0], cause)
	}
	if err := halves(ctx, to, list[:len(list)/2]); err != nil {
		return err
	}
	return halves(ctx, to, list[len(list)/2:])
}

// Each hands over a transaction's changes that are not to be skipped, with what the sink knows of their tables, and counts their
// rows. A table that is not among them is an error: its rows would be missing.
func Each[T any](tx *Tx, tables map[*Table]T, mode func(*Table) Mode, do func(T, *Change, Mode) error) (rows int, err error) {
	for i := range tx.Changes {
		c := &tx.Changes[i]
		t, ok := tables[c.Table]
		if !ok {
			return rows, fmt.Errorf("transaction %s: %w: %s of a table that is not migrated", tx.ID, ErrRefused, c.Kind)
		}
		m := mode(c.Table)
		if m == Skip {
			continue
		}
		if err := do(t, c, m); err != nil {
			return rows, err
		}
		rows += c.Rows()
	}
	return rows, nil
}
