package postgres

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"godwit/ir/types"
	"godwit/runner/change"
)

// ErrTarget tells that a table of the target is not as the move needs it.
var ErrTarget = errors.New("the target's table does not fit")

// table is a table of the target, as it really is there.
type table struct {
	t        *change.Table
	id       int
	name     string // quoted
	cols     []targetColumn
	uniques  []int // those of t.Uniques that the target has, too
	identity bool  // has a column GENERATED ALWAYS AS IDENTITY
	// referrers are queries for rows of other tables that refer to rows of this one by foreign keys.
	referrers []string
	binary    bool // every column has a binary form
	excepts   bool // rows of some values are set aside
}

type targetColumn struct {
	name     string // quoted
	base     string // type without length, as SQL
	form     form
	dateOnly bool
	policy   columnPolicy
	binary   binaryForm // nil if there is none
	asIs     bool       // the binary form is the value itself
}

const columnsSQL = `SELECT n.name, a.attname, format_type(a.atttypid, -1), a.attidentity = 'a', a.attgenerated <> '', t.typtype = 'e'
	FROM unnest($1::text[]) n(name) JOIN pg_catalog.pg_attribute a ON a.attrelid = to_regclass(n.name)
	JOIN pg_catalog.pg_type t ON t.oid = a.atttypid WHERE a.attnum > 0 AND NOT a.attisdropped`

// found is a column of the target.
type found struct {
	base                   string
	always, computed, enum bool
}

// columnsOf reads the columns of tables, given by their quoted names.
func columnsOf(ctx context.Context, q querier, names []string) (map[string]map[string]found, error) {
	out := map[string]map[string]found{}
	rows, err := q.Query(ctx, columnsSQL, names)
	if err != nil {
		return nil, fmt.Errorf("describe %s: %w", strings.Join(names, ", "), err)
	}
	var table, name string
	var f found
	_, err = pgx.ForEachRow(rows, []any{&table, &name, &f.base, &f.always, &f.computed, &f.enum}, func() error {
		if out[table] == nil {
			out[table] = map[string]found{}
		}
		out[table][name] = f
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("describe %s: %w", strings.Join(names, ", "), err)
	}
	return out, nil
}

// describe reads a table of the target.
func describe(ctx context.Context, q querier, t *change.Table, id int, policy *Policy) (*table, error) {
	cols, err := columnsOf(ctx, q, []string{targetName(t)})
	if err != nil {
		return nil, err
	}
	return fit(t, id, cols[targetName(t)], policy)
}

// fit puts a table's columns together with the target's. The base types come from the server, so that a value is converted
// by the column's own input function and its length is checked by assignment, not cut by a cast.
func fit(t *change.Table, id int, cols map[string]found, policy *Policy) (*table, error) {
	out := &table{t: t, id: id, name: targetName(t), binary: true}
	if len(cols) == 0 {
		return nil, fmt.Errorf("%w: %s does not exist: apply the converted schema; behind a schema change that was passed with ddl: ignore, "+
			"make the change on the target, too", ErrTarget, out.name)
	}
	var err error
	for _, c := range t.Columns {
		f, ok := cols[c.Target]
		if !ok || f.computed {
			return nil, fmt.Errorf("%w: %s has no plain column %q, which the source has: make the schema change on the target, too, or exclude the table "+
				"(tables.exclude)", ErrTarget, out.name, c.Target)
		}
		tc := targetColumn{name: pgx.Identifier{c.Target}.Sanitize(), base: f.base, policy: policyOf(policy, t, c)}
		if tc.form, err = formOf(c); err != nil {
			return nil, fmt.Errorf("column %s.%s: %w", t.Name(), c.Name, err)
		}
		if (tc.form == raw) != (f.base == "bytea") {
			return nil, fmt.Errorf("%w: column %s.%s is %v on the source and %s on the target", ErrTarget, t.Name(), c.Name, c.Type, f.base)
		}
		_, tc.dateOnly = c.Type.(types.Date)
		tc.binary, tc.asIs = binaryOf(c.Type, f.base, f.enum)
		out.binary = out.binary && tc.binary != nil
		out.cols = append(out.cols, tc)
		out.excepts = out.excepts || tc.policy.excepts
		out.identity = out.identity || f.always
	}
	return out, nil
}

const uniqueSQL = `SELECT array_agg(a.attname::text) FROM pg_catalog.pg_index i
	JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey[0:i.indnkeyatts - 1])
	WHERE i.indrelid = to_regclass($1) AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
	GROUP BY i.indexrelid`

// keys reads the unique keys of the target's table. The key which locates rows must be one of them: without its index
// every change would read the whole table. The others may be missing until the target is consistent.
func (t *table) keys(ctx context.Context, q querier) error {
	rows, err := q.Query(ctx, uniqueSQL, t.name)
	if err != nil {
		return fmt.Errorf("read the keys of %s: %w", t.name, err)
	}
	found := map[string]bool{}
	var have []string
	_, err = pgx.ForEachRow(rows, []any{&have}, func() error {
		slices.Sort(have)
		found[strings.Join(have, "\x00")] = true
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the keys of %s: %w", t.name, err)
	}
	if want := t.targetNames(t.t.Key); len(want) > 0 && !found[strings.Join(want, "\x00")] {
		return fmt.Errorf("%w: %s has no primary or unique key (%s): create it before changes are applied", ErrTarget, t.name, strings.Join(want, ", "))
	}
	for i, u := range t.t.Uniques {
		if found[strings.Join(t.targetNames(u), "\x00")] {
			t.uniques = append(t.uniques, i)
		}
	}
	return nil
}

// targetNames are the names of columns on the target, sorted.
func (t *table) targetNames(cols []int) []string {
	var out []string
	for _, i := range cols {
		out = append(out, t.t.Columns[i].Target)
	}
	slices.Sort(out)
	return out
}

// copySQL is the statement that reads what copyReader writes.
func (t *table) copySQL() string {
	s := "COPY " + t.name + " (" + t.columnList() + ") FROM STDIN"
	if t.binary {
		s += " WITH (FORMAT binary)"
	}
	return s
}

func (t *table) columnList() string {
	names := make([]string, len(t.cols))
	for i, c := range t.cols {
		names[i] = c.name
	}
	return strings.Join(names, ", ")
}

// valueError names the place of a value that the target cannot hold.
func (t *table) valueError(col int, r change.Row, err error) error {
	key := t.t.KeyOf(r)
	if key == "" {
		key = "without key"
	}
	v := r[col]
	if errors.Is(err, ErrInvalidText) {
		v = v[1:] // without the mark
	}
	return fmt.Errorf("table %s, column %s, row %s, value %.40q: %w", t.t.Name(), t.t.Columns[col].Name, key, []byte(v), err)
}
