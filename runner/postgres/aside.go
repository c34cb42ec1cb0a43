package postgres

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"godwit/runner/change"
)

// Rows of the full load are set aside where a column's policy says so, in the transaction of the others: a chunk has each of its
// rows in the table or among the exceptions, once.

// maxAside is the memory of the rows of one chunk that are set aside, at most.
const maxAside = 64 << 20

// exceptedRow is a row of the load that is set aside.
type exceptedRow struct {
	key   string
	image []byte
	why   string
}

// setAside collects the rows of a chunk.
type setAside struct {
	rows    []exceptedRow
	size    int
	scratch []byte
}

// take sets a row aside if a value asks for it.
func (a *setAside) take(t *table, row change.Row) (out bool, err error) {
	for i := range t.cols {
		c := &t.cols[i]
		if !c.policy.excepts || row[i] == nil {
			continue
		}
		var cause error
		if _, a.scratch, cause = c.policy.accept(c.form, c.dateOnly, a.scratch[:0], row[i]); cause == nil || !c.policy.covers(cause) {
			continue
		}
		x := exceptedRow{key: t.t.KeyOf(row), image: change.Image(t.t, []change.Row{row}), why: t.valueError(i, row, cause).Error()}
		a.rows = append(a.rows, x)
		if a.size += len(x.key) + len(x.image) + len(x.why); a.size > maxAside {
			return true, fmt.Errorf("table %s: more than %d MB of rows would be set aside in one chunk; set another policy than except, or correct the rows on the source",
				t.t.Name(), maxAside>>20)
		}
		return true, nil
	}
	return false, nil
}

// covers tells that a value of the kind of an error is set aside.
func (p *columnPolicy) covers(err error) bool {
	switch {
	case errors.Is(err, ErrZeroDate):
		return p.zeroDates == change.Except
	case errors.Is(err, ErrNUL):
		return p.nul == change.Except
	}
	return errors.Is(err, ErrInvalidText)
}

// recordAside writes rows that were set aside.
func (s *Sink) recordAside(ctx context.Context, tx pgx.Tx, t *change.Table, rows []exceptedRow, at change.Span) error {
	for len(rows) > 0 {
		n := min(len(rows), 1000)
		keys, images, whys := make([]string, n), make([]string, n), make([]string, n)
		for i, r := range rows[:n] {
			keys[i], images[i], whys[i] = r.key, string(r.image), r.why
		}
		rows = rows[n:]
		_, err := tx.Exec(ctx, `INSERT INTO godwit.exceptions (task, tbl, key, kind, after, message, position, transaction)
			SELECT $1, $2, x.key, 'load', x.image, x.why, $6, 'full load' FROM unnest($3::text[], $4::text[], $5::text[]) WITH ORDINALITY x(key, image, why, n) ORDER BY x.n`,
			s.opts.Task, t.Name(), keys, images, whys, at.Low.String())
		if err != nil {
			return fmt.Errorf("record exceptions: %w", err)
		}
	}
	return nil
}

// forgetAside forgets rows of the load that were set aside, of tables that are emptied and loaded again.
func (s *Sink) forgetAside(ctx context.Context, tx pgx.Tx, tables []string) error {
	_, err := tx.Exec(ctx, `DELETE FROM godwit.exceptions WHERE task = $1 AND tbl = ANY ($2) AND kind = 'load'`, s.opts.Task, tables)
	return err
}
