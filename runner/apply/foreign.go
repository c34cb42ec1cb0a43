package apply

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Adding a foreign key locks both tables against any other that refers to one of them, for as long as the rows are compared.
// So keys are added without looking at rows, one file after the other, and then the rows of several tables are checked at a
// time. In between the ledger has the file's stage with this ending; a run that goes on checks the rows of what is added.
const unchecked = ":unchecked"

// largeBytes is the size of a table from which on its rows are checked beside those of others. A small one is checked before
// two more transactions have begun.
const largeBytes = 8 << 20

// large gives the sizes of the large ones among the tables of keys, by their quoted names.
func (r *runner) large(ctx context.Context, parts []part) (map[string]int64, error) {
	var names []string
	for _, p := range parts {
		for _, s := range p.stmts {
			if s.key != nil && s.key.quoted != "" {
				names = append(names, s.key.quoted)
			}
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	rows, err := r.pool.Query(ctx, `SELECT * FROM (SELECT DISTINCT name, pg_relation_size(to_regclass(name)) AS bytes FROM unnest($1::text[]) t(name)) s WHERE bytes >= $2`, names, r.o.largeBytes)
	if err != nil {
		return nil, fmt.Errorf("read the sizes of tables: %w", err)
	}
	out := map[string]int64{}
	var name string
	var bytes int64
	if _, err := pgx.ForEachRow(rows, []any{&name, &bytes}, func() error { out[name] = max(bytes, 1); return nil }); err != nil {
		return nil, fmt.Errorf("read the sizes of tables: %w", err)
	}
	return out, nil
}

// begun tells that the keys of a part were added and not checked.
func (r *runner) begun(p part) (sum string, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	sum, ok = r.done[ledgerKey(p.file.Path, p.stages[0]+unchecked)]
	return sum, ok
}

// alone tells that a part makes nothing but foreign keys that can be checked after they were added, and is not applied,
// and that one of them is of a large table or was added before.
func (r *runner) alone(p part, large map[string]int64) bool {
	_, worth := r.begun(p)
	for _, s := range p.stmts {
		if s.key == nil || s.key.validate == "" {
			return false
		}
		worth = worth || large[s.key.quoted] > 0
	}
	return worth && len(p.stages) == 1 && r.state(p) == Would
}

// constraints applies keys, and then foreign keys that were put behind them.
func (r *runner) constraints(ctx context.Context, parts []part) error {
	large, err := r.large(ctx, parts)
	if err != nil {
		return err
	}
	var foreign []part
	for _, p := range parts {
		if r.alone(p, large) {
			foreign = append(foreign, p)
			continue
		}
		if err := r.part(ctx, p); err != nil {
			return err
		}
	}
	var added []part
	for _, p := range foreign {
		ok, err := r.addUnchecked(ctx, p)
		switch {
		case err != nil:
			return err
		case ok:
			added = append(added, p)
		default: // the server does not take it this way, as of a partitioned table, or not at all
			if err := r.part(ctx, p); err != nil {
				return err
			}
		}
	}
	return r.sideBySide(ctx, len(added), func(ctx context.Context, i int) error {
		if err := r.check(ctx, added[i]); err != nil {
			return err
		}
		r.note(added[i], Applied)
		return nil
	})
}

// addUnchecked adds the foreign keys of a part for new rows only. ok is false if the server refused it; nothing is added then.
func (r *runner) addUnchecked(ctx context.Context, p part) (ok bool, err error) {
	stage := string(p.stages[0]) + unchecked
	sum, begun := r.begun(p)
	switch {
	case begun && sum == p.file.Sum:
		return true, nil
	case begun:
		return false, fmt.Errorf("%s: %w while its foreign keys were checked; drop them and remove its rows from godwit.applied", p.file.Path, ErrChanged)
	}
	err = r.transact(ctx, p, func(s Statement) string { return s.Text + "\nNOT VALID" }, func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, noteApplied, p.file.Path, stage, p.file.Sum)
		return err
	})
	if refusedWhole(err) {
		return false, nil
	}
	return err == nil, err
}

// check looks at the rows of foreign keys that were added without. If rows are against them, they are taken away again: what
// is wrong may be corrected in the rows or in the file.
func (r *runner) check(ctx context.Context, p part) error {
	stage := string(p.stages[0])
	forget := func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM godwit.applied WHERE path = $1 AND stage = $2`, p.file.Path, stage+unchecked)
		return err
	}
	err := r.transact(ctx, p, func(s Statement) string { return s.key.validate }, func(ctx context.Context, tx pgx.Tx) error {
		if err := forget(ctx, tx); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, noteApplied, p.file.Path, stage, p.file.Sum)
		return err
	})
	if refusedWhole(err) {
		undone := r.transact(context.WithoutCancel(ctx), p, func(s Statement) string { return s.key.drop }, forget)
		if undone != nil {
			return fmt.Errorf("%w; and they stay, unchecked: %w", err, undone)
		}
	}
	return err
}
