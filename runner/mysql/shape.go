package mysql

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/go-mysql-org/go-mysql/client"

	"godwit/runner/change"
)

// sameShape makes sure that the tables have the columns that they had when the schema was read: one that came since
// would not be copied.
func (s *Source) sameShape(ctx context.Context, c *client.Conn, tables []*change.Table) error {
	var schemas []string
	for _, t := range tables {
		if l := textLiteral(t.Catalog.Schema); !slices.Contains(schemas, l) {
			schemas = append(schemas, l)
		}
	}
	have := map[string][]string{}
	err := query(ctx, c, "SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA IN ("+
		strings.Join(schemas, ", ")+") ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION", func(r row) error {
		k := change.Key(r.str(0), r.str(1))
		have[k] = append(have[k], r.str(2))
		return nil
	})
	if err != nil {
		return fmt.Errorf("compare the schema: %w", err)
	}
	for _, t := range tables {
		cols := have[change.Key(t.Catalog.Schema, t.Catalog.Name)]
		same := len(cols) == len(t.Catalog.Columns)
		for i := 0; same && i < len(cols); i++ {
			same = strings.EqualFold(cols[i], t.Catalog.Columns[i].Name)
		}
		if !same {
			return fmt.Errorf("%w: %s has the columns (%s), and had others when the schema was read; run the same command again, and keep "+
				"schema changes off until the tables are loaded", ErrSchema, t.Name(), strings.Join(cols, ", "))
		}
	}
	return nil
}
