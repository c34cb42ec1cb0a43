package verify

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"sync/atomic"

	"github.com/jackc/pgx/v5/pgxpool"

	"godwit/ir/catalog"
	"godwit/ir/types"
)

// ErrUnverifiable marks a table that cannot be compared; it counts as a failure of its own, never as verified.
var ErrUnverifiable = errors.New("the table cannot be verified")

// plan is all that is known of one table before any row is read.
type plan struct {
	source         *catalog.Table
	schema, name   string // on the target
	columns        []string
	canons         []canon
	key            []int       // places in columns, empty without a key
	rangeColumn    int         // place of a whole-number column that leads the key, -1 if there is none
	client         bool        // some column can only be normalised here
	quick          []canon     // with the hash of a document's text instead of the document
	wide           bool        // the range column is a numeric on the target
	low, high      *big.Int    // of the range column on the source; nil when unknown
	slow           atomic.Bool // documents are spelled differently by the two servers: the quick form is of no use
	mysqlCol, pgCo []string
}

// newPlan pairs the columns of the source with those that the target really has.
func newPlan(ctx context.Context, pool *pgxpool.Pool, t *catalog.Table, v Values) (*plan, error) {
	if t.Target == "" {
		return nil, fmt.Errorf("%w: it has no name on the target; convert the schema first", ErrUnverifiable)
	}
	schema := targetSchema(t)
	have, err := targetColumns(ctx, pool, schema, t.Target)
	if err != nil {
		return nil, err
	}
	p := &plan{source: t, schema: schema, name: t.Target, rangeColumn: -1}
	key := keyColumns(t)
	for _, c := range t.Columns {
		if err := p.add(c, have, key[c.Name], v); err != nil {
			return nil, err
		}
	}
	return p, p.setKey(t, have)
}

// targetSchema is where the table lies on the target: public when the conversion named no schema.
func targetSchema(t *catalog.Table) string {
	if t.TargetSchema == "" {
		return "public"
	}
	return t.TargetSchema
}

func (p *plan) add(c *catalog.Column, have map[string]target, key bool, v Values) error {
	t, ok := have[c.Target]
	if !ok {
		return fmt.Errorf("%w: column %s has no column %q on the target", ErrUnverifiable, c.Name, c.Target)
	}
	v = v.Of(p.source, c.Name)
	cn, err := v.canonOf(quoteMySQL(c.Name), withCharset(p.source, c.Type), t, key)
	if err != nil {
		return fmt.Errorf("%w: column %s: %w", ErrUnverifiable, c.Name, err)
	}
	p.columns = append(p.columns, c.Name)
	p.canons = append(p.canons, cn)
	p.mysqlCol = append(p.mysqlCol, quoteMySQL(c.Name))
	p.pgCo = append(p.pgCo, ident(c.Target))
	p.client = p.client || cn.json || cn.invalid != nil
	switch {
	case cn.invalid != nil:
		cn = *cn.invalid.quick
	case cn.json:
		cn = canon{mysql: "MD5(CAST(" + cn.mysql + " AS BINARY))", pg: "md5(" + cn.pg + ")", digest: true}
	}
	p.quick = append(p.quick, cn)
	return nil
}

// usableKey is the first unique key that names every row: whole columns that are never NULL.
func usableKey(t *catalog.Table) *catalog.Key {
	for _, k := range t.UniqueKeys() {
		ok := len(k.Parts) > 0
		for _, part := range k.Parts {
			c := t.Column(part.Column)
			if c == nil || part.Column == "" || part.Prefix > 0 || c.Nullable && k.Kind != catalog.Primary || !comparable(c.Type) {
				ok = false
			}
		}
		if ok {
			return k
		}
	}
	return nil
}

// comparable tells whether a canonical text of the type can stand as a key.
func comparable(t types.Type) bool {
	switch t.(type) {
	case types.JSON, types.Geometry, types.Float:
		return false
	}
	return true
}

func keyColumns(t *catalog.Table) map[string]bool {
	out := map[string]bool{}
	if k := usableKey(t); k != nil {
		for _, part := range k.Parts {
			out[t.Column(part.Column).Name] = true
		}
	}
	return out
}

func (p *plan) setKey(t *catalog.Table, have map[string]target) error {
	k := usableKey(t)
	if k == nil {
		return nil
	}
	for n, part := range k.Parts {
		c := t.Column(part.Column)
		for i, name := range p.columns {
			if name == c.Name {
				p.key = append(p.key, i)
			}
		}
		if _, whole := c.Type.(types.Int); whole && n == 0 && have[c.Target].integer() {
			p.rangeColumn = p.key[0]
			p.wide = have[c.Target].is("numeric")
		}
	}
	return nil
}

// targetColumns reads the columns of a table from the target's catalog, domains resolved to their base type.
func targetColumns(ctx context.Context, pool *pgxpool.Pool, schema, table string) (map[string]target, error) {
	rows, err := pool.Query(ctx, `
		WITH RECURSIVE col AS (
		  SELECT a.attname, a.atttypid AS typ FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
		  WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped
		), base AS (
		  SELECT attname, typ FROM col
		  UNION ALL SELECT b.attname, t.typbasetype FROM base b JOIN pg_type t ON t.oid = b.typ WHERE t.typtype = 'd'
		)
		SELECT b.attname, t.typname, t.typtype::text, n.nspname FROM base b JOIN pg_type t ON t.oid = b.typ JOIN pg_namespace n ON n.oid = t.typnamespace
		WHERE t.typtype <> 'd'`, schema, table)
	if err != nil {
		return nil, fmt.Errorf("read the columns of %s.%s on the target: %w", schema, table, err)
	}
	defer rows.Close()
	out := map[string]target{}
	for rows.Next() {
		var t target
		var kind string
		if err := rows.Scan(&t.name, &t.base, &kind, &t.schema); err != nil {
			return nil, err
		}
		t.kind = kind[0]
		out[t.name] = t
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read the columns of %s.%s on the target: %w", schema, table, err)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%w: table %s.%s is not on the target; run godwit apply first", ErrUnverifiable, schema, table)
	}
	return out, nil
}
