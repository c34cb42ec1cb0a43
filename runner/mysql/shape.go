package mysql

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-mysql-org/go-mysql/client"

	"godwit/ir/catalog"
	"godwit/ir/types"
	"godwit/runner/change"
)

// sameShape makes sure that the tables have the columns that they had when the schema was read, of the same types: one that came
// since would not be copied, and values of another type or character set would be read wrongly, or be rounded on the target.
func (s *Source) sameShape(ctx context.Context, c *client.Conn, tables []*change.Table) error {
	var schemas []string
	for _, t := range tables {
		if l := textLiteral(t.Catalog.Schema); !slices.Contains(schemas, l) {
			schemas = append(schemas, l)
		}
	}
	have := map[string][]liveColumn{}
	err := query(ctx, c, "SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, LOWER(DATA_TYPE), COLUMN_TYPE, COALESCE(CHARACTER_SET_NAME, ''), COALESCE(CHARACTER_MAXIMUM_LENGTH, -1), "+
		"COALESCE(NUMERIC_PRECISION, -1), COALESCE(NUMERIC_SCALE, -1), COALESCE(DATETIME_PRECISION, -1) FROM information_schema.COLUMNS WHERE TABLE_SCHEMA IN ("+
		strings.Join(schemas, ", ")+") ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION", func(r row) error {
		k := change.Key(r.str(0), r.str(1))
		l := liveColumn{name: r.str(2), data: r.str(3), full: r.str(4), charset: threeByte(strings.ToLower(r.str(5)))}
		for i, to := range []*int64{&l.length, &l.precision, &l.scale, &l.second} {
			var err error
			if *to, err = strconv.ParseInt(r.str(6+i), 10, 64); err != nil {
				return err
			}
		}
		have[k] = append(have[k], l)
		return nil
	})
	if err != nil {
		return fmt.Errorf("compare the schema: %w", err)
	}
	for _, t := range tables {
		if err := shaped(t, have[change.Key(t.Catalog.Schema, t.Catalog.Name)]); err != nil {
			return fmt.Errorf("%w: %w", ErrSchema, err)
		}
	}
	return nil
}

// liveColumn is a column as the server has it now.
type liveColumn struct {
	name, data, full, charset        string
	length, precision, scale, second int64 // -1 if there is none
}

// shaped compares a table with the columns that it has now.
func shaped(t *change.Table, now []liveColumn) error {
	all := t.Catalog.Columns
	same := len(now) == len(all)
	for i := 0; same && i < len(now); i++ {
		same = strings.EqualFold(now[i].name, all[i].Name)
	}
	if !same {
		names := make([]string, len(now))
		for i, l := range now {
			names[i] = l.name
		}
		return fmt.Errorf("%s has the columns (%s), and had others when the schema was read", t.Name(), strings.Join(names, ", "))
	}
	for i, l := range now {
		c := all[i]
		if c.Generated == catalog.NotGenerated && !l.is(t.Catalog, c.Type) {
			what := l.full
			if l.charset != "" {
				what += " character set " + l.charset
			}
			return fmt.Errorf("column %s of %s is %s, and was %v when the schema was read", c.Name, t.Name(), what, c.Type)
		}
	}
	return nil
}

// is tells that a column has a type; what the server does not tell for sure is taken as equal.
func (l *liveColumn) is(t *catalog.Table, typ types.Type) bool {
	switch ty := typ.(type) {
	case types.Int:
		bits := map[string]int{"tinyint": 8, "smallint": 16, "mediumint": 24, "int": 32, "bigint": 64}[l.data]
		return bits == ty.Bits && strings.Contains(l.full, "unsigned") == ty.Unsigned
	case types.Decimal:
		return l.data == "decimal" && l.precision == int64(ty.Precision) && l.scale == int64(ty.Scale)
	case types.Float:
		return l.data == "float" && ty.Bits == 32 || l.data == "double" && ty.Bits == 64
	case types.Bit:
		return l.data == "bit" && l.precision == int64(ty.N)
	case types.Year:
		return l.data == "year"
	case types.Date:
		return l.data == "date"
	case types.DateTime:
		return l.data == "datetime" && l.second == int64(ty.Precision)
	case types.Timestamp:
		return l.data == "timestamp" && l.second == int64(ty.Precision)
	case types.Time:
		return l.data == "time" && l.second == int64(ty.Precision)
	case types.Text:
		return l.isText(t, ty)
	case types.Binary:
		fixed := l.data == "binary"
		return l.charset == "" && fixed == ty.Fixed && (ty.N == 0 || l.data != "varbinary" && !fixed || l.length == int64(ty.N))
	case types.Enum:
		return l.data == "enum" && l.inCharset(t, ty) && l.labels("enum", ty.Values)
	case types.Set:
		return l.data == "set" && l.inCharset(t, ty) && l.labels("set", ty.Values)
	}
	return true
}

func (l *liveColumn) isText(t *catalog.Table, ty types.Text) bool {
	if !l.inCharset(t, ty) || (l.data == "char") != ty.Fixed || ty.MaxBytes > 0 && !strings.EqualFold(l.data, lobNames[lobBytes(ty.MaxBytes)]+"text") {
		return false
	}
	return ty.N == 0 || l.data != "char" && l.data != "varchar" || l.length == int64(ty.N)
}

// lobNames are the words in front of TEXT and BLOB by the bytes that a length takes.
var lobNames = [...]string{1: "tiny", 2: "", 3: "medium", 4: "long"}

func (l *liveColumn) inCharset(t *catalog.Table, ty types.Type) bool {
	want, err := charsetOf(t, ty)
	return err != nil || l.charset == threeByte(want)
}

// labels compares labels where they are plain, which all servers print alike.
func (l *liveColumn) labels(word string, names []string) bool {
	for _, n := range names {
		if strings.ContainsFunc(n, func(r rune) bool { return r < ' ' || r > '~' || r == '\'' || r == '\\' || r == '?' }) {
			return true
		}
	}
	return l.full == word+"('"+strings.Join(names, "','")+"')"
}
