package postgres

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// Changes are applied by a few statements per table, prepared once. Their parameters are arrays, one per column, so that
// one statement takes any number of rows.

// verb is what a statement does.
type verb int

const (
	verbInsert    verb = iota
	verbUpdate         // of rows located by key, the key unchanged
	verbMove           // of rows located by key, all columns set
	verbDelete         // of rows located by key
	verbUpdateAny      // of one row located by all its values
	verbDeleteAny      // of one row located by all its values
	verbUpsert         // insert, or replace the row with the same key
	verbEvict          // delete the rows that hold one of the unique keys of a row under another key
	verbs
)

// where a parameter's values come from
type slot struct {
	col    int
	before bool
	typed  bool   // in binary form
	elem   uint32 // type of the array's elements
}

// statement is a prepared statement.
type statement struct {
	name  string
	sql   string
	slots []slot
	oids  []uint32
	// formats of the parameters: all binary, text is the same in both.
}

const (
	oidTextArray  = 1009
	oidByteaArray = 1001
	oidText       = 25
	oidBytea      = 17
)

// build writes the statement for a verb; nil if the table has no use for it.
func (t *table) build(v verb, unique int) *statement {
	s := &statement{name: fmt.Sprintf("godwit_%d_%d_%d", t.id, v, unique)}
	switch v {
	case verbInsert, verbUpsert:
		t.buildInsert(s, v == verbUpsert)
	case verbUpdate, verbMove:
		t.buildUpdate(s, v == verbMove)
	case verbDelete:
		t.buildDelete(s)
	case verbUpdateAny, verbDeleteAny:
		t.buildAny(s, v == verbUpdateAny)
	case verbEvict:
		t.buildEvict(s, t.t.Uniques[unique])
	}
	return s
}

// arrayType is an array type of the target: its name, its number and that of its elements.
type arrayType struct {
	name        string
	oid, elemID uint32
}

// The types whose values are sent in binary form, which spares the target the reading of text. All others are sent as text
// and converted by the column's own input function.
var arrayTypes = map[string]arrayType{
	"smallint":                    {"smallint[]", 1005, 21},
	"integer":                     {"integer[]", 1007, 23},
	"bigint":                      {"bigint[]", 1016, 20},
	"numeric":                     {"numeric[]", 1231, 1700},
	"real":                        {"real[]", 1021, 700},
	"double precision":            {"double precision[]", 1022, 701},
	"date":                        {"date[]", 1182, 1082},
	"timestamp without time zone": {"timestamp without time zone[]", 1115, 1114},
	"timestamp with time zone":    {"timestamp with time zone[]", 1185, 1184},
}

var (
	textArray  = arrayType{"text[]", oidTextArray, oidText}
	byteaArray = arrayType{"bytea[]", oidByteaArray, oidBytea}
)

// array is how a column's values are sent; typed tells that they are in the type's binary form.
func (c *targetColumn) array() (at arrayType, typed bool) {
	if at, typed = arrayTypes[c.base]; typed && c.binary != nil && !c.asIs {
		return at, true
	}
	if c.form == raw {
		return byteaArray, false
	}
	return textArray, false
}

// param adds a parameter for a column and returns its name in the row source u.
func (s *statement) param(t *table, col int, before bool) string {
	at, typed := t.cols[col].array()
	s.slots = append(s.slots, slot{col, before, typed, at.elemID})
	s.oids = append(s.oids, at.oid)
	if typed {
		return fmt.Sprintf("u.p%d", len(s.slots))
	}
	return fmt.Sprintf("u.p%d::%s", len(s.slots), t.cols[col].base)
}

// source is the arrays as rows, in their order.
func (s *statement) source(t *table) string {
	args, names := make([]string, len(s.slots)), make([]string, len(s.slots))
	for i, sl := range s.slots {
		at, _ := t.cols[sl.col].array()
		args[i] = fmt.Sprintf("$%d::%s", i+1, at.name)
		names[i] = fmt.Sprintf("p%d", i+1)
	}
	return "unnest(" + strings.Join(args, ", ") + ") AS u(" + strings.Join(names, ", ") + ")"
}

func (t *table) buildInsert(s *statement, upsert bool) {
	exprs := make([]string, len(t.cols))
	for i := range t.cols {
		exprs[i] = s.param(t, i, false)
	}
	over := ""
	if t.identity {
		over = " OVERRIDING SYSTEM VALUE"
	}
	s.sql = "INSERT INTO " + t.name + " (" + t.columnList() + ")" + over + " SELECT " + strings.Join(exprs, ", ") + " FROM " + s.source(t)
	if !upsert {
		return
	}
	var keys, sets []string
	for _, i := range t.t.Key {
		keys = append(keys, t.cols[i].name)
	}
	for i, c := range t.cols {
		if !t.inKey(i) {
			sets = append(sets, c.name+" = EXCLUDED."+c.name)
		}
	}
	s.sql += " ON CONFLICT (" + strings.Join(keys, ", ") + ") DO "
	if len(sets) == 0 {
		s.sql += "NOTHING"
	} else {
		s.sql += "UPDATE SET " + strings.Join(sets, ", ")
	}
}

func (t *table) inKey(col int) bool {
	for _, i := range t.t.Key {
		if i == col {
			return true
		}
	}
	return false
}

func (t *table) byKey(s *statement) string {
	conds := make([]string, len(t.t.Key))
	for n, i := range t.t.Key {
		conds[n] = "t." + t.cols[i].name + " = " + s.param(t, i, true)
	}
	return strings.Join(conds, " AND ")
}

func (t *table) buildUpdate(s *statement, move bool) {
	where := t.byKey(s)
	var sets []string
	for i, c := range t.cols {
		if move || !t.inKey(i) {
			sets = append(sets, c.name+" = "+s.param(t, i, false))
		}
	}
	if len(sets) == 0 { // nothing beside the key: the row must be there all the same
		i := t.t.Key[0]
		sets = append(sets, t.cols[i].name+" = "+s.param(t, i, false))
	}
	s.sql = "UPDATE " + t.name + " AS t SET " + strings.Join(sets, ", ") + " FROM " + s.source(t) + " WHERE " + where
}

func (t *table) buildDelete(s *statement) {
	where := t.byKey(s)
	s.sql = "DELETE FROM " + t.name + " AS t USING " + s.source(t) + " WHERE " + where
}

// buildAny locates one of possibly several equal rows.
func (t *table) buildAny(s *statement, update bool) {
	conds := make([]string, len(t.cols))
	for i, c := range t.cols {
		conds[i] = "x." + c.name + " IS NOT DISTINCT FROM " + s.param(t, i, true)
	}
	var sets []string
	if update {
		for i, c := range t.cols {
			sets = append(sets, c.name+" = "+s.param(t, i, false))
		}
	}
	// The inner query depends on u only, so it runs once and the row is fetched by its place.
	with := "WITH u AS MATERIALIZED (SELECT * FROM " + s.source(t) + ") "
	where := " WHERE t.ctid = ANY (ARRAY(SELECT x.ctid FROM " + t.name + " AS x, u WHERE " + strings.Join(conds, " AND ") + " LIMIT 1))"
	if update {
		s.sql = with + "UPDATE " + t.name + " AS t SET " + strings.Join(sets, ", ") + " FROM u" + where
	} else {
		s.sql = with + "DELETE FROM " + t.name + " AS t" + where
	}
}

func (t *table) buildEvict(s *statement, unique []int) {
	var same, key []string
	for _, i := range unique {
		same = append(same, "t."+t.cols[i].name+" = "+s.param(t, i, false))
	}
	for _, i := range t.t.Key {
		key = append(key, "t."+t.cols[i].name+" = "+s.param(t, i, false))
	}
	s.sql = "DELETE FROM " + t.name + " AS t USING " + s.source(t) + " WHERE " + strings.Join(same, " AND ") + " AND NOT (" + strings.Join(key, " AND ") + ")"
}

// array is a one-dimensional array in PostgreSQL's binary form, built value by value.
type array struct {
	buf  []byte
	n    int
	null bool
}

const arrayHead = 20 // dimensions, has NULLs, element type, length, lower bound

func (a *array) reset() {
	if cap(a.buf) < arrayHead {
		a.buf = make([]byte, arrayHead, 256)
	}
	a.buf, a.n, a.null = a.buf[:arrayHead], 0, false
}

func (a *array) add(v []byte) {
	a.n++
	if v == nil {
		a.null = true
		a.buf = append(a.buf, 0xff, 0xff, 0xff, 0xff)
		return
	}
	a.buf = binary.BigEndian.AppendUint32(a.buf, uint32(len(v)))
	a.buf = append(a.buf, v...)
}

// addBinary adds a value in the binary form of a type; form appends it.
func (a *array) addBinary(v []byte, form binaryForm) error {
	start := len(a.buf)
	buf, err := form(append(a.buf, 0, 0, 0, 0), v)
	if err != nil {
		return err
	}
	binary.BigEndian.PutUint32(buf[start:], uint32(len(buf)-start-4))
	a.buf = buf
	a.n++
	return nil
}

// bytes finishes the array; elem is the type of its elements.
func (a *array) bytes(elem uint32) []byte {
	binary.BigEndian.PutUint32(a.buf, 1)
	var null uint32
	if a.null {
		null = 1
	}
	binary.BigEndian.PutUint32(a.buf[4:], null)
	binary.BigEndian.PutUint32(a.buf[8:], elem)
	binary.BigEndian.PutUint32(a.buf[12:], uint32(a.n))
	binary.BigEndian.PutUint32(a.buf[16:], 1)
	return a.buf
}
