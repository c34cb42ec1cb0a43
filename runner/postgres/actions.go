package postgres

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"godwit/ir/catalog"
	"godwit/runner/change"
)

// actionsSQL lists the foreign keys of tables: their columns in order, and what they do.
const actionsSQL = `SELECT n.child, n.parent, (SELECT array_agg(a.attname::text ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY k(num, n)
		JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num), c.confdeltype::text, c.confupdtype::text
	FROM unnest($1::text[], $2::text[]) n(child, parent) JOIN pg_catalog.pg_constraint c ON c.contype = 'f' AND c.conrelid = to_regclass(n.child)
		AND c.confrelid = to_regclass(n.parent)`

// acting makes sure that the target has every foreign key that changes rows on the source, with the same action: what it
// changes is not in the source's log, so without it the target would keep those rows in silence.
func acting(ctx context.Context, q querier, tables []*change.Table) error {
	byKey := map[string]*change.Table{}
	for _, t := range tables {
		byKey[change.Key(t.Catalog.Schema, t.Catalog.Name)] = t
	}
	var wanted []actor
	var children, parents []string
	for _, t := range tables {
		for _, fk := range t.Catalog.ForeignKeys {
			schema := fk.RefSchema
			if schema == "" {
				schema = t.Catalog.Schema
			}
			if p := byKey[change.Key(schema, fk.RefTable)]; p != nil && change.HasAction(fk) {
				wanted = append(wanted, actor{t, p, fk})
				children, parents = append(children, targetName(t)), append(parents, targetName(p))
			}
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	rows, err := q.Query(ctx, actionsSQL, children, parents)
	if err != nil {
		return fmt.Errorf("read the foreign keys: %w", err)
	}
	have := map[string]bool{}
	var child, parent, onDelete, onUpdate string
	var cols []string
	_, err = pgx.ForEachRow(rows, []any{&child, &parent, &cols, &onDelete, &onUpdate}, func() error {
		slices.Sort(cols)
		have[strings.Join([]string{child, parent, "d" + onDelete, strings.Join(cols, "\x00")}, "\x00")] = true
		have[strings.Join([]string{child, parent, "u" + onUpdate, strings.Join(cols, "\x00")}, "\x00")] = true
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the foreign keys: %w", err)
	}
	for _, w := range wanted {
		if missing := w.missing(have); missing != "" {
			return fmt.Errorf("%w: %s has no foreign key on (%s) to %s with %s, as %s of the source has: the rows that it changes are not in the "+
				"source's log, and would stay as they are here; make the key here (the referenced columns need a unique key, on the source, too), "+
				"or exclude %s (tables.exclude)", ErrTarget, targetName(w.child), strings.Join(w.columns(), ", "), targetName(w.parent), missing, w.fk.Name, w.child.Name())
		}
	}
	return nil
}

// actor is a foreign key of the source that changes rows.
type actor struct {
	child, parent *change.Table
	fk            *catalog.ForeignKey
}

// columns are the target's names of the columns.
func (w actor) columns() []string {
	var out []string
	for _, name := range w.fk.Columns {
		if c := w.child.Catalog.Column(name); c != nil {
			name = c.Target
		}
		out = append(out, name)
	}
	return out
}

// missing names the first action that no key of the target has. InnoDB takes ON UPDATE actions within one table for RESTRICT.
func (w actor) missing(have map[string]bool) string {
	cols := w.columns()
	slices.Sort(cols)
	for _, a := range []struct{ when, letter, does string }{{"ON DELETE", "d", w.fk.OnDelete}, {"ON UPDATE", "u", w.fk.OnUpdate}} {
		letter := map[string]string{"CASCADE": "c", "SET NULL": "n"}[a.does] // InnoDB does not take SET DEFAULT
		if letter == "" || a.letter == "u" && w.child == w.parent {
			continue
		}
		if !have[strings.Join([]string{targetName(w.child), targetName(w.parent), a.letter + letter, strings.Join(cols, "\x00")}, "\x00")] {
			return a.when + " " + a.does
		}
	}
	return ""
}
