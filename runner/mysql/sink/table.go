package sink

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"godwit/ir/types"
	"godwit/runner/change"
)

// table is a table of the target, as it really is there.
type table struct {
	t    *change.Table
	name string // quoted
	cols []targetColumn
	head string // INSERT INTO ... VALUES
}

// targetColumn is a column of the target.
type targetColumn struct {
	name     string // quoted
	typ      types.Type
	data     string // DATA_TYPE
	nullable bool
	touched  bool // ON UPDATE CURRENT_TIMESTAMP: changes by itself unless it is set
	length   int64
	scale    int64 // -1 if there is none
	second   int64 // digits of the second's fraction, -1 if there is none
}

const columnsSQL = `SELECT COLUMN_NAME, LOWER(DATA_TYPE), IS_NULLABLE = 'YES', LOWER(EXTRA), COLUMN_DEFAULT IS NULL,
	COALESCE(CHARACTER_MAXIMUM_LENGTH, 0), COALESCE(NUMERIC_SCALE, -1), COALESCE(DATETIME_PRECISION, -1)
	FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = %s AND TABLE_NAME = %s ORDER BY ORDINAL_POSITION`

// describe reads a table and pairs its columns with those that come.
func (s *Sink) describe(ctx context.Context, t *change.Table) (*table, error) {
	out := &table{t: t, name: s.name(t)}
	var engine sql.NullString
	err := s.db.QueryRowContext(ctx, "SELECT ENGINE FROM information_schema.TABLES WHERE TABLE_SCHEMA = "+quoted(s.schema(t))+" AND TABLE_NAME = "+quoted(t.Catalog.Target)).Scan(&engine)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil, fmt.Errorf("%w: %s does not exist", ErrTarget, out.name)
	case err != nil:
		return nil, transient(fmt.Errorf("describe %s: %w", out.name, err))
	case !strings.EqualFold(engine.String, "InnoDB"):
		return nil, fmt.Errorf("%w: %s is of engine %s, which has no transactions; run ALTER TABLE %s ENGINE=InnoDB", ErrTarget, out.name, engine.String, out.name)
	}
	have, err := s.columns(ctx, t, out.name)
	if err != nil {
		return nil, err
	}
	return out, out.pair(have)
}

// found is a column of the catalog.
type found struct {
	targetColumn
	generated bool
	needed    bool // has to be given: no default, not NULL
}

func (s *Sink) columns(ctx context.Context, t *change.Table, name string) (map[string]found, error) {
	rows, err := s.db.QueryContext(ctx, fmt.Sprintf(columnsSQL, quoted(s.schema(t)), quoted(t.Catalog.Target)))
	if err != nil {
		return nil, transient(fmt.Errorf("describe %s: %w", name, err))
	}
	defer rows.Close()
	out := map[string]found{}
	for rows.Next() {
		var f found
		var col, extra string
		var noDefault bool
		if err := rows.Scan(&col, &f.data, &f.nullable, &extra, &noDefault, &f.length, &f.scale, &f.second); err != nil {
			return nil, transient(fmt.Errorf("describe %s: %w", name, err))
		}
		f.name = ident(col)
		f.touched = strings.Contains(extra, "on update")
		f.generated = strings.Contains(extra, "virtual generated") || strings.Contains(extra, "stored generated") || extra == "persistent generated"
		f.needed = noDefault && !f.nullable && !f.generated && !strings.Contains(extra, "auto_increment")
		out[strings.ToLower(col)] = f
	}
	if err := rows.Err(); err != nil {
		return nil, transient(fmt.Errorf("describe %s: %w", name, err))
	}
	return out, nil
}

func (t *table) pair(have map[string]found) error {
	var names []string
	for _, c := range t.t.Columns {
		k := strings.ToLower(c.Target)
		f, ok := have[k]
		if !ok || f.generated {
			return fmt.Errorf("%w: %s has no plain column %q", ErrTarget, t.name, c.Target)
		}
		f.typ = c.Type
		if why := f.fits(); why != "" {
			return fmt.Errorf("%w: column %s.%s is %s and gets %v: %s", ErrTarget, t.name, f.name, f.data, c.Type, why)
		}
		t.cols = append(t.cols, f.targetColumn)
		names = append(names, f.name)
		delete(have, k)
	}
	for _, f := range have {
		if f.needed {
			return fmt.Errorf("%w: column %s.%s gets no value and has no default", ErrTarget, t.name, f.name)
		}
	}
	t.head = "INTO " + t.name + " (" + strings.Join(names, ",") + ") VALUES "
	return nil
}

var (
	wholeNumbers = []string{"tinyint", "smallint", "mediumint", "int", "bigint", "decimal"}
	texts        = []string{"char", "varchar", "tinytext", "text", "mediumtext", "longtext"}
	blobs        = []string{"binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob"}
	geometries   = []string{"geometry", "point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon", "geometrycollection", "geomcollection"}
)

const otherType = "the types do not go together"

// fits tells why the column cannot take the values of its type, "" if it can. What strict mode refuses by itself (numbers out of
// range, texts that are too long) is left to it; what the server would round or pad without a word is refused here.
func (c *targetColumn) fits() string {
	var list []string
	switch ty := c.typ.(type) {
	case types.Int:
		list = wholeNumbers
	case types.Year:
		list = append([]string{"year"}, wholeNumbers...)
	case types.Decimal:
		if list = []string{"decimal"}; c.scale < int64(ty.Scale) {
			return "it would be rounded"
		}
	case types.Float:
		return c.fitsFloat(ty)
	case types.Bit:
		list = []string{"bit"}
	case types.Text:
		list = texts
	case types.Enum:
		list = append([]string{"enum"}, texts...)
	case types.Set:
		list = append([]string{"set"}, texts...)
	case types.Binary:
		if list = blobs; c.data == "binary" && (!ty.Fixed || int64(ty.N) != c.length) {
			return "it would be padded"
		}
	case types.Geometry:
		list = geometries
	case types.Date:
		list = []string{"date"}
	case types.DateTime:
		return c.fitsSecond(ty.Precision, "datetime")
	case types.Timestamp:
		return c.fitsSecond(ty.Precision, "timestamp", "datetime")
	case types.Time:
		return c.fitsSecond(ty.Precision, "time")
	case types.JSON:
		list = []string{"json", "longtext", "mediumtext", "text"}
	case types.UUID:
		list = []string{"uuid", "char", "varchar"}
	case types.Inet:
		list = []string{"inet4", "inet6", "char", "varchar"}
	}
	if !slices.Contains(list, c.data) {
		return otherType
	}
	return ""
}

func (c *targetColumn) fitsFloat(ty types.Float) string {
	switch {
	case c.data == "double" || c.data == "float" && ty.Bits == 32:
		if c.scale >= 0 && (ty.Digits == 0 || c.scale < int64(ty.Decimals)) {
			return "it would be rounded"
		}
		return ""
	case c.data == "decimal" && ty.Digits > 0 && c.scale >= int64(ty.Decimals):
		return ""
	}
	return otherType
}

func (c *targetColumn) fitsSecond(precision int, names ...string) string {
	if !slices.Contains(names, c.data) {
		return otherType
	}
	if c.second < int64(precision) {
		return "it would be rounded"
	}
	return ""
}
