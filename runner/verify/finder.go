package verify

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgxpool"

	"godwit/ir/catalog"
	"godwit/ir/types"
)

// Finder spells the conditions that find the row of a difference on either side, for whoever mends it.
type Finder struct{ p *plan }

// NewFinder prepares a table.
func NewFinder(ctx context.Context, pool *pgxpool.Pool, t *catalog.Table, v Values) (*Finder, error) {
	p, err := newPlan(ctx, pool, t, v)
	if err != nil {
		return nil, err
	}
	return &Finder{p}, nil
}

// Keyed tells that the table has a key that names its rows.
func (f *Finder) Keyed() bool { return len(f.p.key) > 0 }

// KeyPart is a column of the key that names rows.
type KeyPart struct {
	Column string // on the source
	Target string
	Type   types.Type
	Hashed bool // differences hold a hash of the value, not the value
}

// Key is the key that names rows.
func (f *Finder) Key() []KeyPart {
	var out []KeyPart
	for _, i := range f.p.key {
		c := f.p.source.Column(f.p.columns[i])
		out = append(out, KeyPart{c.Name, c.Target, c.Type, f.p.canons[i].digest})
	}
	return out
}

// Where are the conditions for a difference, in the words of the source and of the target. They hold for the very key
// only, whatever collations say, and use its index where there is one.
func (f *Finder) Where(d Diff) (source, target string, err error) {
	var my, pg []string
	for _, i := range f.p.key {
		v, ok := d.Key[f.p.columns[i]]
		if !ok {
			return "", "", fmt.Errorf("the difference %s does not name its row", d)
		}
		c := f.p.canons[i]
		if c.digest {
			v = strings.TrimPrefix(v, hashMark)
		}
		bytes := "X'" + hex.EncodeToString([]byte(v)) + "'"
		text := "'" + strings.ReplaceAll(v, "'", "''") + "'"
		if c.find != nil {
			my = append(my, f.p.mysqlCol[i]+" = "+fmt.Sprintf(c.find.mysql, "_utf8mb4 "+bytes))
			pg = append(pg, f.p.pgCo[i]+" = "+fmt.Sprintf(c.find.pg, text))
		}
		my = append(my, "CAST("+c.mysql+" AS BINARY) = "+bytes)
		pg = append(pg, "("+c.pg+`) COLLATE "C" = `+text)
	}
	return strings.Join(my, " AND "), strings.Join(pg, " AND "), nil
}
