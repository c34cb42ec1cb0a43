package mysql

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"godwit/ir/catalog"
	"godwit/ir/types"
	"godwit/runner/change"
	"godwit/runner/endpoint"
	"godwit/runner/enginetest"
)

// laneCase is a column type with values that must come out of the snapshot and of the stream byte by byte the same,
// and as want.
type laneCase struct {
	ddl  string
	typ  types.Type
	vals []string // SQL expressions
	want []string // canonical; nil: only the equality of the lanes is checked
	only Family   // "" both
}

func text(charset string) types.Text { return types.Text{N: 40, Charset: charset} }

func laneCases() []laneCase {
	ints := func(bits int, u bool) types.Int { return types.Int{Bits: bits, Unsigned: u} }
	return []laneCase{
		{ddl: "tinyint", typ: ints(8, false), vals: []string{"-128", "0", "127", "NULL"}, want: []string{"-128", "0", "127", "NULL"}},
		{ddl: "tinyint unsigned", typ: ints(8, true), vals: []string{"0", "255"}, want: []string{"0", "255"}},
		{ddl: "smallint", typ: ints(16, false), vals: []string{"-32768", "32767"}, want: []string{"-32768", "32767"}},
		{ddl: "smallint unsigned", typ: ints(16, true), vals: []string{"65535"}, want: []string{"65535"}},
		{ddl: "mediumint", typ: ints(24, false), vals: []string{"-8388608", "-1", "8388607"}, want: []string{"-8388608", "-1", "8388607"}},
		{ddl: "mediumint unsigned", typ: ints(24, true), vals: []string{"16777215"}, want: []string{"16777215"}},
		{ddl: "int", typ: ints(32, false), vals: []string{"-2147483648", "2147483647"}, want: []string{"-2147483648", "2147483647"}},
		{ddl: "int unsigned", typ: ints(32, true), vals: []string{"4294967295"}, want: []string{"4294967295"}},
		{ddl: "bigint", typ: ints(64, false), vals: []string{"-9223372036854775808", "9223372036854775807"}, want: []string{"-9223372036854775808", "9223372036854775807"}},
		{ddl: "bigint unsigned", typ: ints(64, true), vals: []string{"18446744073709551615"}, want: []string{"18446744073709551615"}},
		{ddl: "int(8) unsigned zerofill", typ: types.Int{Bits: 32, Unsigned: true, ZeroFill: true, Width: 8}, vals: []string{"0", "42"}, want: []string{"0", "42"}},
		{ddl: "decimal(65,30)", typ: types.Decimal{Precision: 65, Scale: 30},
			vals: []string{"0", "-0.000000000000000000000000000001", "99999999999999999999999999999999999.999999999999999999999999999999", "-12345678901234567890.5"},
			want: []string{"0.000000000000000000000000000000", "-0.000000000000000000000000000001", "99999999999999999999999999999999999.999999999999999999999999999999", "-12345678901234567890.500000000000000000000000000000"}},
		{ddl: "decimal(5,0)", typ: types.Decimal{Precision: 5}, vals: []string{"-99999", "7"}, want: []string{"-99999", "7"}},
		{ddl: "decimal(3,3)", typ: types.Decimal{Precision: 3, Scale: 3}, vals: []string{"0.001", "-0.5"}, want: []string{"0.001", "-0.500"}},
		{ddl: "decimal(10,2) unsigned zerofill", typ: types.Decimal{Precision: 10, Scale: 2, Unsigned: true, ZeroFill: true}, vals: []string{"0", "12.5"}, want: []string{"0.00", "12.50"}},
		{ddl: "float", typ: types.Float{Bits: 32}, vals: []string{"0.1", "8388609", "-3.4028235e38", "1.17549435e-38", "1e10", "123456.7", "-0.0"}, want: []string{"0.1", "8.388609e+06", "-3.4028235e+38", "1.1754944e-38", "1e+10", "123456.7", ""}},
		{ddl: "double", typ: types.Float{Bits: 64}, vals: []string{"0.1", "1.7976931348623157e308", "2.2250738585072014e-308", "-1e15", "123456789012345678", "1/3"}, want: nil},
		{ddl: "float(7,2)", typ: types.Float{Bits: 32, Digits: 7, Decimals: 2}, vals: []string{"0.1", "99999.99", "-1.005", "-0.001"}, want: nil},
		{ddl: "double(10,3)", typ: types.Float{Bits: 64, Digits: 10, Decimals: 3}, vals: []string{"1234567.891", "-0.5"}, want: []string{"1234567.891", "-0.500"}},
		{ddl: "bit(1)", typ: types.Bit{N: 1}, vals: []string{"b'0'", "b'1'"}, want: []string{"0", "1"}},
		{ddl: "bit(10)", typ: types.Bit{N: 10}, vals: []string{"b'1000000001'", "b'11'"}, want: []string{"1000000001", "0000000011"}},
		{ddl: "bit(64)", typ: types.Bit{N: 64}, vals: []string{"~0", "1"}, want: []string{strings.Repeat("1", 64), strings.Repeat("0", 63) + "1"}},
		{ddl: "char(40) character set latin1", typ: types.Text{N: 40, Fixed: true, Charset: "latin1"}, vals: []string{"'caf\u00e9 \u20ac '", "''", "'  x  '"}, want: []string{"caf\u00e9 \u20ac", "", "  x"}},
		{ddl: "varchar(40) character set latin1", typ: text("latin1"), vals: []string{"'\u00fcber '", "_latin1 X'00418081FF'"}, want: []string{"\u00fcber ", "\x00A\u20ac\u0081\u00ff"}},
		{ddl: "varchar(300) character set utf8mb4", typ: text("utf8mb4"), vals: []string{"'\U0001F600 x'", "''", "repeat('\u20ac',300)"}, want: []string{"\U0001F600 x", "", strings.Repeat("\u20ac", 300)}},
		{ddl: "char(60) character set utf8mb4", typ: types.Text{N: 60, Fixed: true, Charset: "utf8mb4"}, vals: []string{"'\u00e9  '", "repeat('\U0001F600',60)"}, want: []string{"\u00e9", strings.Repeat("\U0001F600", 60)}},
		{ddl: "char(255) character set utf8mb4", typ: types.Text{N: 255, Fixed: true, Charset: "utf8mb4"}, vals: []string{"repeat('\u20ac',255)", "'a'"}, want: []string{strings.Repeat("\u20ac", 255), "a"}},
		{ddl: "varchar(40) character set utf16", typ: text("utf16"), vals: []string{"'a\U0001F600'"}, want: []string{"a\U0001F600"}},
		{ddl: "varchar(40) character set utf32", typ: text("utf32"), vals: []string{"'a\U0001F600'"}, want: []string{"a\U0001F600"}},
		{ddl: "varchar(40) character set ucs2", typ: text("ucs2"), vals: []string{"'a\u20ac'"}, want: []string{"a\u20ac"}},
		{ddl: "varchar(40) character set gbk", typ: text("gbk"), vals: []string{"'a\u4f60\u597d'"}, want: []string{"a\u4f60\u597d"}},
		{ddl: "varchar(40) character set sjis", typ: text("sjis"), vals: []string{"'a\u65e5\u672c\uff71'"}, want: []string{"a\u65e5\u672c\uff71"}},
		{ddl: "varchar(40) character set koi8r", typ: text("koi8r"), vals: []string{"'\u0416'"}, want: []string{"\u0416"}},
		{ddl: "text character set latin1", typ: types.Text{Charset: "latin1"}, vals: []string{"'\u00e9'", "repeat('x',60000)"}, want: []string{"\u00e9", strings.Repeat("x", 60000)}},
		{ddl: "longtext character set utf8mb4", typ: types.Text{Charset: "utf8mb4"}, vals: []string{"repeat('\u00e9',200000)"}, want: []string{strings.Repeat("\u00e9", 200000)}},
		{ddl: "binary(8)", typ: types.Binary{N: 8, Fixed: true}, vals: []string{"X'01000200'", "''", "X'0000000000000000'"}, want: []string{"\x01\x00\x02\x00\x00\x00\x00\x00", strings.Repeat("\x00", 8), strings.Repeat("\x00", 8)}},
		{ddl: "varbinary(20)", typ: types.Binary{N: 20}, vals: []string{"X'00FF0D0A5C00'", "''"}, want: []string{"\x00\xff\r\n\\\x00", ""}},
		{ddl: "blob", typ: types.Binary{}, vals: []string{"X'00FFC0'", "''", "NULL"}, want: []string{"\x00\xff\xc0", "", "NULL"}},
		{ddl: "date", typ: types.Date{}, vals: []string{"'1000-01-01'", "'9999-12-31'", "'0000-00-00'", "'2026-06-00'"}, want: []string{"1000-01-01", "9999-12-31", "0000-00-00", "2026-06-00"}},
		{ddl: "datetime", typ: types.DateTime{}, vals: []string{"'2026-02-28 23:59:59'", "'0000-00-00'", "'1000-01-01 00:00:00'"}, want: []string{"2026-02-28 23:59:59", "0000-00-00 00:00:00", "1000-01-01 00:00:00"}},
		{ddl: "datetime(3)", typ: types.DateTime{Precision: 3}, vals: []string{"'2026-02-28 23:59:59.007'"}, want: []string{"2026-02-28 23:59:59.007"}},
		{ddl: "datetime(6)", typ: types.DateTime{Precision: 6}, vals: []string{"'9999-12-31 23:59:59.999999'", "'2026-06-00 00:00:00.5'"}, want: []string{"9999-12-31 23:59:59.999999", "2026-06-00 00:00:00.500000"}},
		{ddl: "timestamp NULL", typ: types.Timestamp{}, vals: []string{"'1970-01-01 00:00:01'", "'2038-01-19 03:14:07'", "'0000-00-00'"}, want: []string{"1970-01-01 00:00:01", "2038-01-19 03:14:07", "0000-00-00 00:00:00"}},
		{ddl: "timestamp(6) NULL", typ: types.Timestamp{Precision: 6}, vals: []string{"'2026-03-29 01:30:00.000001'", "'2026-10-25 02:30:00.5'"}, want: []string{"2026-03-29 01:30:00.000001", "2026-10-25 02:30:00.500000"}},
		{ddl: "timestamp(1) NULL", typ: types.Timestamp{Precision: 1}, vals: []string{"'2026-03-29 01:30:00.7'"}, want: []string{"2026-03-29 01:30:00.7"}},
		{ddl: "time", typ: types.Time{Duration: true}, vals: []string{"'838:59:59'", "'-838:59:59'", "'00:00:00'", "'-00:00:01'"}, want: []string{"838:59:59", "-838:59:59", "00:00:00", "-00:00:01"}},
		{ddl: "time(2)", typ: types.Time{Duration: true, Precision: 2}, vals: []string{"'-00:00:00.99'", "'-00:00:01.10'", "'25:00:00.5'"}, want: []string{"-00:00:00.99", "-00:00:01.10", "25:00:00.50"}},
		{ddl: "time(3)", typ: types.Time{Duration: true, Precision: 3}, vals: []string{"'-10:20:30.123'", "'0:0:0.001'"}, want: []string{"-10:20:30.123", "00:00:00.001"}},
		{ddl: "time(6)", typ: types.Time{Duration: true, Precision: 6}, vals: []string{"'-838:59:58.999999'", "'-0:0:0.000001'"}, want: []string{"-838:59:58.999999", "-00:00:00.000001"}},
		{ddl: "year", typ: types.Year{}, vals: []string{"1901", "2155", "'0000'"}, want: []string{"1901", "2155", "0"}},
		{ddl: "enum('a','\u00e9','c,d') character set latin1", typ: types.Enum{Values: []string{"a", "\u00e9", "c,d"}, Charset: "latin1"}, vals: []string{"'a'", "'\u00e9'", "'c,d'", "NULL"}, want: []string{"a", "\u00e9", "c,d", "NULL"}},
		{ddl: "set('x','\u00fc','z') character set utf8mb4", typ: types.Set{Values: []string{"x", "\u00fc", "z"}, Charset: "utf8mb4"}, vals: []string{"''", "'z,x'", "'x,\u00fc,z'"}, want: []string{"", "x,z", "x,\u00fc,z"}},
		{ddl: "json", typ: types.JSON{Kind: types.JSONText}, only: MariaDB, vals: []string{"'{\"b\":1, \"a\":[1.0,\"\u00e9\"]}'", "NULL"}, want: []string{"{\"b\":1, \"a\":[1.0,\"\u00e9\"]}", "NULL"}},
		{ddl: "json", typ: types.JSON{Kind: types.JSONBinary}, only: MySQL, vals: jsonValues()},
		{ddl: "geometry", typ: types.Geometry{Kind: "GEOMETRY"}, vals: []string{"ST_GeomFromText('POINT(1 2)')", "ST_GeomFromText('LINESTRING(0 0,1 1)', 4326)"}},
	}
}

func jsonValues() []string {
	vals := []string{
		`'{"bb":1,"a":[1.0,"\u00e9"],"":null}'`, `'[true,false,null]'`, `'"a\"\\/\n\t\u0001\b\f"'`, `'-1'`, `'18446744073709551615'`, `'-9223372036854775808'`,
		`'70000'`, `'[65536,-32769,4294967295]'`, `JSON_OBJECT('d', CAST('1.10' AS DECIMAL(10,2)), 'n', CAST('-0.5' AS DECIMAL(20,10)))`,
		`JSON_ARRAY(CAST('2026-01-02' AS DATE), CAST('2026-01-02 03:04:05.678' AS DATETIME(3)), CAST('-25:01:02' AS TIME), X'00FF')`,
		`CONCAT('["', REPEAT('x', 70000), '"]')`, `CONCAT('[', REPEAT('{"k":123456},', 9000), '1]')`, `NULL`, `'{}'`, `'[]'`, `'""'`,
	}
	for _, f := range []string{"1e14", "1e15", "1e16", "123456789012345680", "0.0", "-0.0", "1.5", "1e-5", "1e-14", "1e-15", "1e-16", "1.5e-15", "1.7976931348623157e308",
		"5e-324", "0.1", "100000000000000.5", "999999999999999.9", "1234567890123456.7", "-1e20", "1e100", "-1234567890123456.7", "12345678901234567.8", "1234567890123456", "3.0", "123456.789e3", "0.000123"} {
		vals = append(vals, "'["+f+"]'")
	}
	return vals
}

func TestLanesAgree(t *testing.T) {
	for _, server := range []struct {
		family Family
		open   func(testing.TB, string) (string, *sql.DB)
	}{{MariaDB, enginetest.FreshMariaDB}, {MySQL, enginetest.FreshMySQL80}} {
		t.Run(string(server.family), func(t *testing.T) {
			u, db := server.open(t, "lanes")
			testLanes(t, server.family, u, db)
		})
	}
}

func testLanes(t *testing.T, family Family, u string, db *sql.DB) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	t.Setenv("TZ", "Asia/Kolkata")
	time.Local = time.FixedZone("test", 19800)
	defer func() { time.Local = time.UTC }()
	ep := must(endpoint.Parse(u))(t)
	conn := must(db.Conn(ctx))(t)
	run := func(sql string) {
		t.Helper()
		if _, err := conn.ExecContext(ctx, sql); err != nil {
			t.Fatalf("%.300s: %v", sql, err)
		}
	}
	run("SET sql_mode='NO_BACKSLASH_ESCAPES', time_zone='+00:00'")
	run("SET NAMES utf8mb4")
	var tables []*change.Table
	var cases []laneCase
	for _, c := range laneCases() {
		if c.only != "" && c.only != family {
			continue
		}
		name := fmt.Sprintf("t%02d", len(cases))
		run("CREATE TABLE " + name + " (id int primary key, gen int as (id+1) virtual, st int as (id*2) stored, v " + c.ddl + ")")
		ct := &catalog.Table{Schema: ep.Database, Name: name, Target: name, Columns: []*catalog.Column{
			{Name: "id", Type: types.Int{Bits: 32}, Target: "id"},
			{Name: "gen", Type: types.Int{Bits: 32}, Target: "gen", Generated: catalog.Virtual},
			{Name: "st", Type: types.Int{Bits: 32}, Target: "st", Generated: catalog.Stored},
			{Name: "v", Type: c.typ, Target: "v", Nullable: true}},
			Keys: []*catalog.Key{{Kind: catalog.Primary, Parts: []catalog.KeyPart{{Column: "id"}}}}}
		tables = append(tables, must(change.NewTable(ct))(t))
		cases = append(cases, c)
	}
	src := must(Open(ctx, ep, Options{}))(t)
	defer src.Close()
	start := must(src.Position(ctx))(t)
	for i, c := range cases {
		for n, v := range c.vals {
			run(fmt.Sprintf("INSERT INTO t%02d (id, v) VALUES (%d, %s)", i, n, v))
		}
	}
	snap := must(src.Snapshot(ctx, tables, 2))(t)
	defer snap.Close()
	stream := collect(ctx, t, src, start, must(src.Position(ctx))(t), tables)
	for i, c := range cases {
		t.Run(c.ddl, func(t *testing.T) {
			var got []string
			for b, err := range snap.Read(ctx, 1, change.Chunk{Table: tables[i]}) {
				if err != nil {
					t.Fatal(err)
				}
				for r := range b.Rows() {
					got = append(got, show(b.Row(r)[1]))
				}
			}
			if len(got) != len(c.vals) {
				t.Fatalf("%d rows of %d", len(got), len(c.vals))
			}
			for n := range c.vals {
				if c.want != nil && c.want[n] != "" && got[n] != c.want[n] {
					t.Errorf("snapshot: %s gives %.100q, want %.100q", c.vals[n], got[n], c.want[n])
				}
				if s := show(stream[tables[i]][n][1]); s != got[n] {
					t.Errorf("%.60s: stream %.100q, snapshot %.100q", c.vals[n], s, got[n])
				}
			}
		})
	}
}

func show(v change.Value) string {
	if v == nil {
		return "NULL"
	}
	return string(v)
}

// collect follows the stream from one position to another and returns the inserted rows.
func collect(ctx context.Context, t *testing.T, src *Source, from, to change.Position, tables []*change.Table) map[*change.Table][]change.Row {
	t.Helper()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	out := make(chan *change.Tx, 16)
	done := make(chan error, 1)
	go func() { done <- src.Stream(ctx, from, tables, out) }()
	rows := map[*change.Table][]change.Row{}
	for {
		select {
		case tx := <-out:
			for _, c := range tx.Changes {
				rows[c.Table] = append(rows[c.Table], c.After...)
			}
			if !tx.More && tx.Position.Covers(to) {
				cancel()
				<-done
				return rows
			}
		case err := <-done:
			t.Fatalf("stream: %v", err)
		}
	}
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
