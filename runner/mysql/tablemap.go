package mysql

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-mysql-org/go-mysql/client"
	"github.com/go-mysql-org/go-mysql/mysql"
	"github.com/go-mysql-org/go-mysql/replication"

	"godwit/ir/types"
	"godwit/runner/change"
)

// A schema change that the log does not hold (sql_log_bin=0, or made while the server was down) is seen by its rows only: the
// table map in front of them tells the number of the columns, the type and the length of each. Where it differs in anything from
// the schema, the stream stops. What it does not tell unless binlog_row_metadata is FULL are names and labels: columns of one
// type that change places are not seen without.

// tableMap is a table of the log: how its columns are stored.
type tableMap struct {
	t    *table // nil: not migrated
	as   *replication.TableMapEvent
	cols []logValue
	slot []int // place of each column of the log in the row, -1 if it is not copied
}

func (f *follower) tableMap(e *replication.BinlogEvent, ev *replication.TableMapEvent) error {
	f.mapped = append(f.mapped, ev.TableID)
	if m := f.maps[ev.TableID]; m != nil && (m.as == ev || sameMap(m.as, ev)) {
		return nil
	}
	m := &tableMap{as: ev}
	if s := f.tables[string(ev.Schema)]; s != nil {
		m.t = s[string(ev.Table)]
	}
	if m.t != nil {
		if err := m.fit(ev, f); err != nil {
			return fmt.Errorf("%w: table %s at %s: %w; the binary log was written under another definition of the table than "+
				"the task knows, by a schema change that the log does not hold (sql_log_bin=0), or that came before the task began: start the task anew, or %s",
				ErrSchema, m.t.t.Name(), f.place(e), err, change.MoveApart)
		}
	}
	f.maps[ev.TableID] = m
	return nil
}

// sameMap tells that two events describe the same columns of the same table.
func sameMap(a, b *replication.TableMapEvent) bool {
	labels := func(x, y [][][]byte) bool {
		return slices.EqualFunc(x, y, func(x, y [][]byte) bool { return slices.EqualFunc(x, y, bytes.Equal) })
	}
	return bytes.Equal(a.Schema, b.Schema) && bytes.Equal(a.Table, b.Table) && bytes.Equal(a.ColumnType, b.ColumnType) && slices.Equal(a.ColumnMeta, b.ColumnMeta) &&
		bytes.Equal(a.SignednessBitmap, b.SignednessBitmap) && slices.Equal(a.DefaultCharset, b.DefaultCharset) && slices.Equal(a.ColumnCharset, b.ColumnCharset) &&
		slices.Equal(a.EnumSetDefaultCharset, b.EnumSetDefaultCharset) && slices.Equal(a.EnumSetColumnCharset, b.EnumSetColumnCharset) &&
		slices.EqualFunc(a.ColumnName, b.ColumnName, bytes.Equal) && labels(a.EnumStrValue, b.EnumStrValue) && labels(a.SetStrValue, b.SetStrValue)
}

// fit checks the columns of the log against the catalog's and finds their places in the row.
func (m *tableMap) fit(ev *replication.TableMapEvent, f *follower) error {
	all := m.t.t.Catalog.Columns
	if int(ev.ColumnCount) != len(all) {
		return fmt.Errorf("the log has %d columns, the schema %d", ev.ColumnCount, len(all))
	}
	place := map[int]int{}
	for i, o := range m.t.t.Ordinals {
		place[o] = i
	}
	logged := optional(ev, f)
	for i, col := range all {
		if len(ev.ColumnName) > 0 && !strings.EqualFold(string(ev.ColumnName[i]), col.Name) {
			return fmt.Errorf("column %d is %s in the log and %s in the schema", i+1, ev.ColumnName[i], col.Name)
		}
		at, copied := place[i]
		var c *column
		if copied {
			c = &m.t.cols[at]
		} else {
			at = -1
		}
		v, err := newLogValue(c, ev.ColumnType[i], ev.ColumnMeta[i])
		if err == nil && copied {
			err = logged.fits(&v, i)
		}
		if err != nil {
			return fmt.Errorf("column %s: %w", col.Name, err)
		}
		m.cols = append(m.cols, v)
		m.slot = append(m.slot, at)
	}
	return nil
}

// metadata is what the log may tell of columns beside their types, by their places.
type metadata struct {
	signs     bool
	unsigned  map[int]bool
	labels    map[int][][]byte
	collation map[int]uint64
	charsets  map[uint64]string // by the numbers of collations, as far as they are known
}

// threeByte gives the old name of a character set its new one.
func threeByte(charset string) string {
	if charset == "utf8" {
		return "utf8mb3"
	}
	return charset
}

// readCollations reads the character sets of collations by their numbers.
func readCollations(ctx context.Context, c *client.Conn, family Family) (map[uint64]string, error) {
	out := map[uint64]string{}
	from := []string{"COLLATIONS"}
	if family == MariaDB {
		from = append(from, "COLLATION_CHARACTER_SET_APPLICABILITY") // has the numbers of collations of several character sets, if any
	}
	for _, table := range from {
		err := query(ctx, c, "SELECT ID, CHARACTER_SET_NAME FROM information_schema."+table+" WHERE ID IS NOT NULL AND CHARACTER_SET_NAME IS NOT NULL", func(r row) error {
			id, err := strconv.ParseUint(r.str(0), 10, 64)
			if err == nil {
				out[id] = r.str(1)
			}
			return err
		})
		var my *mysql.MyError
		if errors.As(err, &my) && my.Code == mysql.ER_BAD_FIELD_ERROR {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read the collations: %w", err)
		}
	}
	return out, nil
}

func optional(ev *replication.TableMapEvent, f *follower) metadata {
	family := f.pos.family
	out := metadata{charsets: f.charsets, signs: len(ev.SignednessBitmap) > 0, unsigned: unsignedColumns(ev, family), labels: map[int][][]byte{}, collation: map[int]uint64{}}
	enums, sets := 0, 0
	for i := range ev.ColumnType {
		switch {
		case ev.IsEnumColumn(i):
			if enums < len(ev.EnumStrValue) {
				out.labels[i] = ev.EnumStrValue[enums]
			}
			enums++
		case ev.IsSetColumn(i):
			if sets < len(ev.SetStrValue) {
				out.labels[i] = ev.SetStrValue[sets]
			}
			sets++
		}
	}
	for i, id := range ev.CollationMap() {
		out.collation[i] = id
	}
	for i, id := range ev.EnumSetCollationMap() {
		out.collation[i] = id
	}
	return out
}

// fits compares what is told of the i-th column with the schema; a column whose labels are told knows them then.
func (l *metadata) fits(v *logValue, i int) error {
	if l.signs && !signFits(v.c.col.Type, l.unsigned, i) {
		return fmt.Errorf("signed in one place and unsigned in the other")
	}
	if set := l.charsets[l.collation[i]]; set != "" && v.c.charset != "" && threeByte(set) != threeByte(v.c.charset) {
		return fmt.Errorf("the log has the character set %s and the schema %s", set, v.c.charset)
	}
	if names, told := l.labels[i]; told && valuesOf(v.c.col.Type) != nil {
		c, err := v.c.logLabels(names)
		if err != nil {
			return err
		}
		v.c = c
	}
	return nil
}

// unsignedColumns tells which columns the log says to be unsigned. The client library does not know that MariaDB has a bit
// for YEAR, too (is_numeric_type in MariaDB's sql/log_event.h).
func unsignedColumns(ev *replication.TableMapEvent, family Family) map[int]bool {
	out := map[int]bool{}
	n := 0
	for i, ty := range ev.ColumnType {
		if !ev.IsNumericColumn(i) && !(family == MariaDB && ty == mysql.MYSQL_TYPE_YEAR) {
			continue
		}
		if n/8 < len(ev.SignednessBitmap) {
			out[i] = ev.SignednessBitmap[n/8]&(0x80>>(n%8)) != 0
		}
		n++
	}
	return out
}

// signFits compares a number's sign in the log with the schema's.
func signFits(ty types.Type, unsigned map[int]bool, i int) bool {
	switch ty := ty.(type) {
	case types.Int:
		return ty.Unsigned == unsigned[i]
	case types.Decimal:
		return ty.Unsigned == unsigned[i]
	}
	return true
}

// lengthFits compares the length of a text or of bytes in the log with the schema's: in bytes, or for a LOB the bytes of its
// length.
func (v *logValue) lengthFits() bool {
	var n int
	var limit int64
	fixed, wide := false, 1
	switch ty := v.c.col.Type.(type) {
	case types.Text:
		n, limit, fixed, wide = ty.N, ty.MaxBytes, ty.Fixed, v.c.widest
	case types.Binary:
		n, limit, fixed = ty.N, ty.MaxBytes, ty.Fixed
	case types.Enum:
		return len(ty.Values) < 256 && v.length == 1 || len(ty.Values) >= 256 && v.length == 2
	case types.Set:
		size := (len(ty.Values) + 7) / 8
		return v.length == size || v.length == 8 && size > 4
	default:
		return true
	}
	switch {
	case v.kind == mysql.MYSQL_TYPE_BLOB:
		return !fixed && int(v.meta) == lobBytes(limit)
	case limit > 0:
		return false
	case v.kind == mysql.MYSQL_TYPE_STRING:
		return fixed && v.length == n*wide
	}
	return !fixed && int(v.meta) == n*wide
}

// lobBytes is how many bytes the length of a LOB takes; one of no limit that is told is TEXT or BLOB.
func lobBytes(limit int64) int {
	switch {
	case limit == 0:
		return 2
	case limit < 1<<8:
		return 1
	case limit < 1<<16:
		return 2
	case limit < 1<<24:
		return 3
	}
	return 4
}

// widestCharacter is how many bytes a character of a set takes at most, for which servers make room.
func widestCharacter(charset string) int {
	switch charset {
	case "utf8mb4", "utf16", "utf16le", "utf32", "gb18030":
		return 4
	case "utf8mb3", "utf8", "ujis", "eucjpms":
		return 3
	case "ucs2", "sjis", "cp932", "gbk", "gb2312", "big5", "euckr":
		return 2
	}
	return 1
}
