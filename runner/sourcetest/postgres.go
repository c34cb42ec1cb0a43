package sourcetest

import (
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"godwit/ir/catalog"
	"godwit/ir/types"
	"godwit/runner/change"
)

// PostgresTypes are the types of MySQL and MariaDB as PostgreSQL holds them: the canonical values of MySQLTypes, as far as
// PostgreSQL can hold them, and spellings of its own. Values with no place in the other database are in PostgresRefused.
func PostgresTypes() []TypeCase {
	var out []TypeCase
	for _, c := range MySQLTypes() {
		p := TypeCase{DDL: c.Target, Type: c.Type}
		for _, want := range c.Want {
			if v, ok := postgresLiteral(c.Type, want); ok {
				p.Values, p.Want = append(p.Values, v), append(p.Want, want)
			}
		}
		if len(p.Values) > 0 && c.Target != "" {
			out = append(out, p)
		}
	}
	tiny, set := types.Int{Bits: 8}, types.Set{Values: []string{"x", "ü", "z"}}
	return append(out, []TypeCase{
		{DDL: "boolean", Type: tiny, Values: []string{"true", "false", "NULL"}, Want: []string{"1", "0", "NULL"}},
		{DDL: "boolean", Type: types.Bit{N: 1}, Values: []string{"true", "false"}, Want: []string{"1", "0"}},
		{DDL: "smallint", Type: types.Bit{N: 9}, Values: []string{"0", "257"}, Want: []string{"000000000", "100000001"}},
		{DDL: "numeric(20)", Type: types.Bit{N: 64}, Values: []string{"18446744073709551615"}, Want: []string{strings.Repeat("1", 64)}},
		{DDL: "bytea", Type: types.Bit{N: 10}, Values: []string{`'\x0203'`}, Want: []string{"1000000011"}},
		{DDL: "numeric", Type: types.Decimal{Precision: 10, Scale: 2}, Values: []string{"1.5", "7", "-2.500", "0.00"}, Want: []string{"1.50", "7.00", "-2.50", "0.00"}},
		{DDL: "numeric(20,3)", Type: types.Int{Bits: 64}, Values: []string{"5.000"}, Want: []string{"5"}},
		{DDL: "double precision", Type: types.Float{Bits: 64}, Values: []string{"0.1", "1.7976931348623157e308", "5e-324", "'-0'", "123456789012345678", "1e15"},
			Want: []string{"0.1", "1.7976931348623157e+308", "5e-324", "-0", "1.2345678901234568e+17", "1e+15"}},
		{DDL: "real", Type: types.Float{Bits: 32}, Values: []string{"'-0'", "16777217", "3.4028235e38"}, Want: []string{"-0", "1.6777216e+07", "3.4028235e+38"}},
		{DDL: "interval", Type: types.Time{Duration: true}, Values: []string{"'1 day 02:00:00'", "'-1 day 01:00:00'", "'-3 days'", "'34 days 22:59:59'", "'1 day -25:00:00'"},
			Want: []string{"26:00:00", "-23:00:00", "-72:00:00", "838:59:59", "-01:00:00"}},
		{DDL: "time(3)", Type: types.Time{Precision: 3}, Values: []string{"'01:02:03.4'"}, Want: []string{"01:02:03.400"}},
		{DDL: "text[]", Type: set, Values: []string{"'{}'", "ARRAY['z','x']", "ARRAY['ü']"}, Want: []string{"", "x,z", "ü"}},
		{DDL: "text[]", Type: types.Set{Values: []string{"a b", `"q\`, "", "NULL"}}, Values: []string{`ARRAY['NULL','a b','"q\']`}, Want: []string{`a b,"q\,NULL`}},
		{DDL: "text", Type: set, Values: []string{"'z,x'", "''"}, Want: []string{"x,z", ""}},
		{DDL: "uuid", Type: types.Binary{N: 16, Fixed: true}, Values: []string{"'00ff0000-0000-0000-0000-00000000005c'"}, Want: []string{"\x00\xff" + strings.Repeat("\x00", 13) + "\\"}},
		{DDL: "uuid", Type: types.UUID{}, Values: []string{"'00FF0000-0000-0000-0000-00000000005c'"}, Want: []string{"00ff0000-0000-0000-0000-00000000005c"}},
		{DDL: "inet", Type: types.Inet{}, Values: []string{"'10.0.0.1'", "'::1'"}, Want: []string{"10.0.0.1", "::1"}},
		{DDL: "bytea", Type: types.Binary{N: 4, Fixed: true}, Values: []string{`'\x01'`}, Want: []string{"\x01\x00\x00\x00"}},
		{DDL: "jsonb", Type: types.JSON{}, Values: []string{`'{"b":1,"a":[1.0,"é"]}'`, "'null'"}, Want: []string{`{"a": [1.0, "é"], "b": 1}`, "null"}},
		{DDL: "json", Type: types.JSON{Kind: types.JSONText}, Values: []string{`'{"b":1, "a":2}'`}, Want: []string{`{"b":1, "a":2}`}},
		{DDL: "char(5)", Type: types.Text{N: 5}, Values: []string{"'a'"}, Want: []string{"a"}},
		{DDL: "timestamp(0)", Type: types.Timestamp{}, Values: []string{"'2026-03-29 01:30:00'"}, Want: []string{"2026-03-29 01:30:00"}},
	}...)
}

// PostgresRefused are values of PostgreSQL that the type of the other database cannot hold.
func PostgresRefused() []TypeCase {
	return []TypeCase{
		{DDL: "numeric", Type: types.Int{Bits: 64}, Values: []string{"1.5", "'NaN'"}},
		{DDL: "numeric", Type: types.Decimal{Precision: 10, Scale: 2}, Values: []string{"1.505", "'NaN'"}},
		{DDL: "double precision", Type: types.Float{Bits: 64}, Values: []string{"'NaN'", "'Infinity'"}},
		{DDL: "double precision", Type: types.Float{Bits: 32}, Values: []string{"0.1"}},
		{DDL: "date", Type: types.Date{}, Values: []string{"'infinity'", "'0044-03-15 BC'", "'10000-01-01'"}},
		{DDL: "timestamp", Type: types.DateTime{}, Values: []string{"'-infinity'", "'2026-01-01 00:00:00.5'", "'0044-03-15 00:00:00 BC'"}},
		{DDL: "timestamptz", Type: types.Timestamp{}, Values: []string{"'infinity'", "'0044-03-15 00:00:00 BC'"}},
		{DDL: "interval", Type: types.Time{Duration: true}, Values: []string{"'1 month'", "'839:00:00'", "'35 days'", "'00:00:00.5'"}},
		{DDL: "text", Type: types.Enum{Values: []string{"a"}}, Values: []string{"'A'", "''"}},
		{DDL: "text", Type: types.Set{Values: []string{"a", "b"}}, Values: []string{"'a,c'"}},
		{DDL: "text[]", Type: types.Set{Values: []string{"a", "b"}}, Values: []string{"ARRAY['a',NULL]", "ARRAY[['a'],['b']]"}},
		{DDL: "integer", Type: types.Bit{N: 3}, Values: []string{"8", "-1"}},
	}
}

// postgresLiteral writes a canonical value as PostgreSQL takes it; ok is false for one that it cannot hold or that is not known.
func postgresLiteral(ty types.Type, want string) (sql string, ok bool) {
	switch {
	case want == "NULL":
		return want, true
	case want == "" && !types.IsText(ty):
		if _, bytes := ty.(types.Binary); !bytes {
			return "", false // not checked
		}
	}
	switch ty := ty.(type) {
	case types.Binary, types.Geometry:
		return `'\x` + hex.EncodeToString([]byte(want)) + "'", true
	case types.Date, types.DateTime, types.Timestamp:
		if strings.HasPrefix(want, "0000") || strings.Contains(want[:10], "-00") {
			return "", false
		}
		if _, utc := ty.(types.Timestamp); utc {
			want += "+00"
		}
	}
	if strings.Contains(want, "\x00") {
		return "", false
	}
	return "'" + strings.ReplaceAll(want, "'", "''") + "'", true
}

// testPostgresTypes: every value comes out of the stream in the canonical form of the other database's type.
func testPostgresTypes(t *testing.T, h Harness) {
	ctx := limited(t)
	cases := PostgresTypes()
	tables := postgresTables(t, h, "types", cases)
	src := h.open(ctx, t)
	start := h.begin(ctx, t, src, tables...)
	for i, c := range cases {
		for n, v := range c.Values {
			h.exec(t, "INSERT INTO types_%02d (id, v) VALUES (%d, %s)", i, n, v)
		}
	}
	stream := rowsOf(collect(ctx, t, src, start, tables...))
	for i, c := range cases {
		t.Run(c.DDL+" to "+c.Type.String(), func(t *testing.T) {
			got := stream[tables[i]]
			if len(got) != len(c.Values) {
				t.Fatalf("%d rows, want %d", len(got), len(c.Values))
			}
			for n, v := range c.Values {
				if a := show(got[n][1]); a != c.Want[n] {
					t.Errorf("%.60s: the stream gives %.100q, want %.100q", v, a, c.Want[n])
				}
			}
		})
	}
}

// testPostgresRefused: a value with no place in the other database ends the stream and is named.
func testPostgresRefused(t *testing.T, h Harness) {
	ctx := limited(t)
	for i, c := range PostgresRefused() {
		one := c
		for n, v := range c.Values {
			one.Values = []string{v}
			tables := postgresTables(t, h, "refused"+string(rune('a'+i))+string(rune('a'+n)), []TypeCase{one})
			src := h.open(ctx, t)
			start := h.begin(ctx, t, src, tables...)
			h.exec(t, "INSERT INTO %s (id, v) VALUES (77, %s)", tables[0].Catalog.Name, v)
			_, err := Collect(ctx, src, start, position(ctx, t, src), tables)
			if err == nil || !strings.Contains(err.Error(), tables[0].Name()+", column v, row id=\"77\"") {
				t.Errorf("%s %s to %v: %v", c.DDL, v, c.Type, err)
			}
		}
	}
}

func postgresTables(t *testing.T, h Harness, name string, cases []TypeCase) (tables []*change.Table) {
	for i, c := range cases {
		n := fmt.Sprintf("%s_%02d", name, i)
		h.exec(t, "CREATE TABLE %s (id int primary key, st int GENERATED ALWAYS AS (id*2) STORED, v %s)", n, c.DDL)
		st := Column("st", tInt)
		st.Generated = catalog.Stored
		tables = append(tables, Table(t, h.Schema, n, []string{"id"}, Column("id", tInt), st, Column("v", c.Type)))
	}
	return tables
}

func rowsOf(txs []*change.Tx) map[*change.Table][]change.Row {
	out := map[*change.Table][]change.Row{}
	for _, tx := range txs {
		for _, c := range tx.Changes {
			out[c.Table] = append(out[c.Table], c.After...)
		}
	}
	return out
}

// testPostgresStatements: TRUNCATE is seen for each of its tables, in its place; a column that the task does not know is told
// as a change of the schema; other tables are not seen.
func testPostgresStatements(t *testing.T, h Harness) {
	ctx := limited(t)
	h.exec(t, `CREATE TABLE "st "" 1" (id int primary key); CREATE TABLE st2 (id int primary key REFERENCES "st "" 1"); CREATE TABLE st3 (id int)`)
	one := Table(t, h.Schema, `st " 1`, []string{"id"}, Column("id", tInt))
	two := Table(t, h.Schema, "st2", []string{"id"}, Column("id", tInt))
	src := h.open(ctx, t)
	start := h.begin(ctx, t, src, one, two)
	h.exec(t, `INSERT INTO "st "" 1" VALUES (1); TRUNCATE "st "" 1" CASCADE; INSERT INTO st3 VALUES (1); TRUNCATE st3`)
	h.exec(t, `INSERT INTO "st "" 1" VALUES (2); ALTER TABLE "st "" 1" ADD COLUMN x int; INSERT INTO "st "" 1" VALUES (3)`)
	h.exec(t, `INSERT INTO "st "" 1" VALUES (4)`)
	var got []string
	for _, tx := range collect(ctx, t, src, start, one, two) {
		for _, c := range tx.Changes {
			got = append(got, fmt.Sprintf("%s %s %d", c.Kind, c.Table.Catalog.Name, len(c.After)))
		}
	}
	want := `insert st " 1 1,truncate st " 1 0,truncate st2 0,insert st " 1 1,DDL st " 1 0,insert st " 1 1,insert st " 1 1`
	if s := strings.Join(got, ","); s != want {
		t.Errorf("changes seen:\n%s\nwant\n%s", s, want)
	}
}

// testPostgresRows: old and new rows are whole, also where a long value did not change; NULL stays NULL.
func testPostgresRows(t *testing.T, h Harness) {
	ctx := limited(t)
	h.exec(t, "CREATE TABLE long (id int primary key, n int, a text, b text); ALTER TABLE long ALTER a SET STORAGE EXTERNAL")
	h.exec(t, "CREATE TABLE bare (n int, a text); ALTER TABLE bare ALTER a SET STORAGE EXTERNAL")
	text := types.Text{Charset: "utf8mb4"}
	long := Table(t, h.Schema, "long", []string{"id"}, Column("id", tInt), Column("n", tInt), Column("a", text), Column("b", text))
	bare := Table(t, h.Schema, "bare", nil, Column("n", tInt), Column("a", text))
	src := h.open(ctx, t)
	start := h.begin(ctx, t, src, long, bare)
	big := strings.Repeat("x", 20000)
	h.exec(t, "INSERT INTO long VALUES (1, 1, '%s', NULL); UPDATE long SET n = 2; UPDATE long SET id = 3; DELETE FROM long", big)
	h.exec(t, "INSERT INTO bare VALUES (1, '%s'); UPDATE bare SET n = 2; DELETE FROM bare", big)
	got := strings.ReplaceAll(showTxs(collect(ctx, t, src, start, long, bare)), big, "BIG")
	var lines []string
	for _, l := range strings.Split(got, "\n") {
		if strings.HasPrefix(l, "  ") {
			lines = append(lines, strings.ReplaceAll(strings.TrimSpace(l), h.Schema+".", ""))
		}
	}
	want := []string{"insert long +1|1|BIG|NULL", "update long -1|1|BIG|NULL +1|2|BIG|NULL", "update long -1|2|BIG|NULL +3|2|BIG|NULL", "delete long -3|2|BIG|NULL",
		"insert bare +1|BIG", "update bare -1|BIG +2|BIG", "delete bare -2|BIG"}
	// Rows changed the same way, one behind the other, are one change.
	want = append(append(want[:1:1], "update long -1|1|BIG|NULL -1|2|BIG|NULL +1|2|BIG|NULL +3|2|BIG|NULL"), want[3:]...)
	if a, b := strings.Join(lines, "\n"), strings.Join(want, "\n"); a != b {
		t.Errorf("changes seen:\n%s\nwant\n%s", a, b)
	}
}
