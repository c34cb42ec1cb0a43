package logical

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"godwit/runner/change"
)

// table is a table with the decoders of its columns, as the server's catalog has it when the stream starts.
type table struct {
	t       *change.Table
	columns map[string]column
	extra   []string        // plain columns that the task does not know
	made    map[string]bool // columns that the server computes
	plan    []int           // the relation's columns as places in t.Columns, -1 for one that is not copied; nil before its message
	told    bool            // that there are extra columns
}

type column struct {
	place int
	oid   uint32
	dec   decoder
}

func qualified(t *change.Table) string {
	schema := t.Catalog.Schema
	if schema == "" {
		schema = "public"
	}
	return pgx.Identifier{schema, t.Catalog.Name}.Sanitize()
}

// columnsSQL follows domains down to the type that they are made of.
const columnsSQL = `SELECT a.attname, a.atttypid, b.typname, n.nspname, b.typtype::text, a.attgenerated::text
	FROM pg_catalog.pg_attribute a
	CROSS JOIN LATERAL (
		WITH RECURSIVE d AS (
			SELECT t.typname, t.typnamespace, t.typtype, t.typbasetype FROM pg_catalog.pg_type t WHERE t.oid = a.atttypid
			UNION ALL
			SELECT t.typname, t.typnamespace, t.typtype, t.typbasetype FROM d JOIN pg_catalog.pg_type t ON t.oid = d.typbasetype WHERE d.typtype = 'd')
		SELECT * FROM d WHERE d.typtype <> 'd') b
	JOIN pg_catalog.pg_namespace n ON n.oid = b.typnamespace
	WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`

// describe reads a table's columns and finds their decoders; all problems are returned at once.
func describe(ctx context.Context, c *pgx.Conn, t *change.Table) (*table, error) {
	name := qualified(t)
	rows, err := c.Query(ctx, columnsSQL, name)
	if err != nil {
		return nil, transient(fmt.Errorf("describe %s: %w", name, err))
	}
	places := map[string]int{}
	for i, col := range t.Columns {
		places[col.Name] = i
	}
	out := &table{t: t, columns: map[string]column{}, made: map[string]bool{}}
	var errs []error
	var col, kind, generated string
	var ty pgType
	found := false
	_, err = pgx.ForEachRow(rows, []any{&col, &ty.oid, &ty.base, &ty.schema, &kind, &generated}, func() error {
		found = true
		place, ok := places[col]
		if generated == "v" {
			// The server then refuses every update of a table whose whole rows are to be kept.
			errs = append(errs, fmt.Errorf("%w: column %s.%s is computed when it is read, and changes of such a table cannot be kept; make the column STORED", ErrSettings, name, col))
		}
		out.made[col] = generated != ""
		switch {
		case !ok && generated == "":
			out.extra = append(out.extra, col)
		case ok && generated != "":
			errs = append(errs, fmt.Errorf("%w: column %s.%s is computed here and stored on the other side", ErrSettings, name, col))
		case ok:
			ty.kind = kind[0]
			dec, err := decoderFor(t.Columns[place].Type, ty)
			if err != nil {
				errs = append(errs, fmt.Errorf("%w: column %s.%s: %w", ErrSettings, name, col, err))
			}
			out.columns[col] = column{place, ty.oid, dec}
		}
		delete(places, col)
		return nil
	})
	if err != nil {
		return nil, transient(fmt.Errorf("describe %s: %w", name, err))
	}
	if !found {
		return nil, fmt.Errorf("%w: table %s does not exist", ErrSettings, name)
	}
	for col := range places {
		errs = append(errs, fmt.Errorf("%w: table %s has no column %q", ErrSettings, name, col))
	}
	return out, errors.Join(errs...)
}

// otherWays are the next steps where changes cannot go back.
const otherWays = "what is in front of it is applied; from here on bring the rows back by other means, or stay with the new side and give the way back up (godwit fallback disarm)"

// learn takes in what the server says of the table from now on. A column that the task does not know is reported once, as
// a change of the schema.
func (t *table) learn(r relation) (added string, err error) {
	if r.identity != 'f' {
		return "", fmt.Errorf("%w: table %s no longer has REPLICA IDENTITY FULL; set it again, disarm, and go back by another way for what was changed since",
			ErrNotWhole, t.t.Name())
	}
	plan := make([]int, len(r.columns))
	seen := 0
	var extra []string
	for i, rc := range r.columns {
		plan[i] = -1
		c, ok := t.columns[rc.name]
		if !ok {
			if !t.made[rc.name] {
				extra = append(extra, rc.name)
			}
			continue
		}
		if c.oid != rc.oid {
			return "", fmt.Errorf("%w: column %s.%s had another type at this place of the log; %s", ErrSchema, t.t.Name(), rc.name, otherWays)
		}
		plan[i] = c.place
		seen++
	}
	if seen != len(t.t.Columns) {
		return "", fmt.Errorf("%w: table %s has %d of the %d columns of the task at this place of the log; %s", ErrSchema, t.t.Name(), seen, len(t.t.Columns), otherWays)
	}
	t.plan = plan
	if len(extra) == 0 || t.told {
		return "", nil
	}
	t.told = true
	return fmt.Sprintf("table %s has columns that the other side lacks: %s", t.t.Name(), strings.Join(extra, ", ")), nil
}
