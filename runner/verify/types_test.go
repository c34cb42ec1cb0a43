package verify

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"godwit/ir/catalog"
	"godwit/ir/types"
	"godwit/runner/endpoint"
	"godwit/runner/enginetest"
)

// typeCase is a pair of column types with values that are equal after a faithful copy and all different from each other.
type typeCase struct {
	name   string
	source string // definition on the source
	typ    types.Type
	target string
	only   string // an engine that alone has the type
	values [][2]string
}

func both2(v ...string) [][2]string {
	out := make([][2]string, len(v))
	for i, x := range v {
		out[i] = [2]string{x, x}
	}
	return out
}

var typeCases = []typeCase{
	{name: "tinyint", source: "TINYINT", typ: types.Int{Bits: 8}, target: "smallint", values: both2("-128", "127", "0", "NULL")},
	{name: "tinyint1", source: "TINYINT(1)", typ: types.Int{Bits: 8, Width: 1}, target: "boolean", values: [][2]string{{"0", "false"}, {"1", "true"}, {"NULL", "NULL"}}},
	{name: "zerofill", source: "INT(8) UNSIGNED ZEROFILL", typ: types.Int{Bits: 32, Unsigned: true, ZeroFill: true, Width: 8}, target: "bigint", values: both2("7", "4294967295", "70")},
	{name: "bigint", source: "BIGINT", typ: types.Int{Bits: 64}, target: "bigint", values: both2("-9223372036854775808", "9223372036854775807", "9007199254740993", "9007199254740992")},
	{name: "ubigint", source: "BIGINT UNSIGNED", typ: types.Int{Bits: 64, Unsigned: true}, target: "numeric(20)", values: both2("18446744073709551615", "18446744073709551614", "0", "100")},
	{name: "decimal", source: "DECIMAL(65,30)", typ: types.Decimal{Precision: 65, Scale: 30}, target: "numeric", values: both2("99999999999999999999999999999999999.999999999999999999999999999999", "-99999999999999999999999999999999999.999999999999999999999999999998", "0", "0.000000000000000000000000000001", "100", "10", "NULL")},
	{name: "decimal0", source: "DECIMAL(20,0)", typ: types.Decimal{Precision: 20}, target: "numeric(20,0)", values: both2("100", "10", "1", "-100", "0")},
	{name: "decimal-zerofill", source: "DECIMAL(10,3) ZEROFILL", typ: types.Decimal{Precision: 10, Scale: 3, Unsigned: true, ZeroFill: true}, target: "numeric(10,3)", values: both2("1.5", "15", "0.001")},
	{name: "float", source: "FLOAT", typ: types.Float{Bits: 32}, target: "real", values: [][2]string{{"8388609", "8388609"}, {"8388610", "8388610"}, {"0.1e0", "0.1"}, {"-0e0", "'-0'"}, {"0", "0"}, {"3.4028234e38", "3.4028234e38"}, {"1.17549435e-38", "1.17549435e-38"}, {"16777216", "16777216"}, {"16777215", "16777215"}}},
	{name: "float-in-double", source: "FLOAT", typ: types.Float{Bits: 32}, target: "double precision", values: [][2]string{{"0.1e0", "0.1"}, {"8388609", "8388609"}}},
	{name: "double", source: "DOUBLE", typ: types.Float{Bits: 64}, target: "double precision", values: [][2]string{{"1e23", "1e23"}, {"1.7976931348623157e308", "1.7976931348623157e308"}, {"2.2250738585072014e-308", "2.2250738585072014e-308"}, {"0.1e0", "0.1"}, {"0.30000000000000004e0", "0.30000000000000004"}, {"0.3e0", "0.3"}, {"-0e0", "'-0'"}, {"9007199254740993e0", "9007199254740992"}, {"NULL", "NULL"}}},
	{name: "bit64", source: "BIT(64)", typ: types.Bit{N: 64}, target: "bit(64)", values: [][2]string{{"b'0'", "B'" + strings.Repeat("0", 64) + "'"}, {"~0", "B'" + strings.Repeat("1", 64) + "'"}, {"1", "B'" + strings.Repeat("0", 63) + "1'"}}},
	{name: "bit1-bool", source: "BIT(1)", typ: types.Bit{N: 1}, target: "boolean", values: [][2]string{{"b'0'", "false"}, {"b'1'", "true"}}},
	{name: "varchar", source: "VARCHAR(50) CHARACTER SET utf8mb4", typ: types.Text{N: 50, Charset: "utf8mb4"}, target: "varchar(50)", values: [][2]string{{"''", "''"}, {"NULL", "NULL"}, {"' '", "' '"}, {"'a'", "'a'"}, {"'a '", "'a '"}, {"'A'", "'A'"}, {"'á'", "'á'"}, {"'a\u0301'", "'a\u0301'"}, {"'😀'", "'😀'"}, {"'~'", "'~'"}, {"'1:a|'", "'1:a|'"}, {`'\\n'`, `'\n'`}, {`'\n'`, `E'\n'`}}},
	{name: "latin1", source: "VARCHAR(50) CHARACTER SET latin1", typ: types.Text{N: 50, Charset: "latin1"}, target: "text", values: both2("'é'", "'€'", "'e'", "''")},
	{name: "utf16", source: "VARCHAR(50) CHARACTER SET utf16", typ: types.Text{N: 50, Charset: "utf16"}, target: "text", values: both2("'é😀'", "'€'", "''")},
	{name: "char", source: "CHAR(5) CHARACTER SET utf8mb4", typ: types.Text{N: 5, Fixed: true, Charset: "utf8mb4"}, target: "char(5)", values: both2("'a'", "'b'", "''", "NULL")},
	{name: "longtext", source: "LONGTEXT CHARACTER SET utf8mb4", typ: types.Text{MaxBytes: 1<<32 - 1, Charset: "utf8mb4"}, target: "text", values: [][2]string{{"''", "''"}, {"NULL", "NULL"}, {"REPEAT('ab', 100000)", "repeat('ab', 100000)"}, {"REPEAT('ab', 100001)", "repeat('ab', 100001)"}, {"'x'", "'x'"}, {"'x '", "'x '"}}},
	{name: "enum", source: "ENUM('a','b','B ''x')", typ: types.Enum{Values: []string{"a", "b", "B 'x"}}, target: "text", values: both2("'a'", "'b'", "'B ''x'", "NULL")},
	{name: "enum-type", source: "ENUM('a','b') CHARACTER SET latin1", typ: types.Enum{Values: []string{"a", "b"}}, target: "mood", values: both2("'a'", "'b'", "NULL")},
	{name: "set", source: "SET('a','b','c')", typ: types.Set{Values: []string{"a", "b", "c"}}, target: "text", values: both2("''", "'a,c'", "'a'", "NULL")},
	{name: "set-array", source: "SET('a','b','c')", typ: types.Set{Values: []string{"a", "b", "c"}}, target: "text[]", values: [][2]string{{"''", "'{}'"}, {"'a,c'", "'{a,c}'"}, {"NULL", "NULL"}}},
	{name: "binary", source: "BINARY(4)", typ: types.Binary{N: 4, Fixed: true}, target: "bytea", values: [][2]string{{"x'00'", `'\x00000000'`}, {"x'61000000'", `'\x61000000'`}, {"x'ffffffff'", `'\xffffffff'`}}},
	{name: "varbinary", source: "VARBINARY(20)", typ: types.Binary{N: 20}, target: "bytea", values: [][2]string{{"''", "''"}, {"NULL", "NULL"}, {"x'00'", `'\x00'`}, {"x'0000'", `'\x0000'`}, {"x'5c78'", `'\x5c78'`}}},
	{name: "blob", source: "LONGBLOB", typ: types.Binary{MaxBytes: 1<<32 - 1}, target: "bytea", values: [][2]string{{"''", "''"}, {"NULL", "NULL"}, {"x'00'", `'\x00'`}, {"REPEAT(x'ff', 100000)", `decode(repeat('ff', 100000), 'hex')`}}},
	{name: "date", source: "DATE", typ: types.Date{}, target: "date", values: both2("'0001-01-01'", "'9999-12-31'", "'2024-02-29'", "NULL")},
	{name: "datetime6", source: "DATETIME(6)", typ: types.DateTime{Precision: 6}, target: "timestamp(6)", values: both2("'0001-01-01 00:00:00'", "'9999-12-31 23:59:59.999999'", "'2026-10-25 02:30:00.100000'", "'2026-10-25 02:30:00.1001'", "'2026-10-25 02:30:10'", "NULL")},
	{name: "datetime", source: "DATETIME", typ: types.DateTime{}, target: "timestamp(0)", values: both2("'1000-01-01 00:00:00'", "'2026-10-25 02:30:00'", "'2026-10-25 02:30:10'")},
	{name: "timestamp3", source: "TIMESTAMP(3) NULL", typ: types.Timestamp{Precision: 3}, target: "timestamptz(3)", values: [][2]string{{"'1970-01-01 00:00:01'", "'1970-01-01 00:00:01+00'"}, {"'2038-01-19 03:14:07.999'", "'2038-01-19 05:14:07.999+02'"}, {"'2026-03-29 01:30:00.5'", "'2026-03-29 01:30:00.5+00'"}, {"NULL", "NULL"}}},
	{name: "time", source: "TIME", typ: types.Time{Duration: true}, target: "interval", values: both2("'838:59:59'", "'-838:59:59'", "'00:00:00'", "'-00:00:01'", "'25:00:00'", "'01:00:10'", "NULL")},
	{name: "time6", source: "TIME(6)", typ: types.Time{Duration: true, Precision: 6}, target: "time(6)", values: both2("'23:59:59.999999'", "'00:00:00'", "'12:00:00.5'", "'12:00:10'")},
	{name: "year", source: "YEAR", typ: types.Year{}, target: "smallint", values: [][2]string{{"0", "0"}, {"1901", "1901"}, {"2155", "2155"}}},
	{name: "json", source: "JSON", typ: types.JSON{}, target: "jsonb", only: "mysql80", values: [][2]string{{`'{"b":1,"a":[1.0,true,null,"x\\"y"]}'`, `'{"a":[1,true,null,"x\"y"],"b":1.00}'`}, {`'{}'`, `'{}'`}, {`'[]'`, `'[]'`}, {`'null'`, `'null'`}, {"NULL", "NULL"}, {`'"1"'`, `'"1"'`}, {`'1'`, `'1'`}, {`'1e20'`, `'100000000000000000000'`}, {`'"\\ud83d\\ude00"'`, `'"😀"'`}, {`'{"":1}'`, `'{"":1}'`}}},
	{name: "json-text", source: "LONGTEXT", typ: types.JSON{Kind: types.JSONText}, target: "json", values: [][2]string{{`'{"a": 1, "b": 2}'`, `'{"b":2,"a":1}'`}, {`'{"a": 1, "a": 2}'`, `'{"a":2, "a":1}'`}, {`'{"a":1,"a":1}'`, `'{"a":1,"a":1}'`}, {`'[]'`, `'[ ]'`}, {"NULL", "NULL"}}},
	{name: "json-text-jsonb", source: "LONGTEXT", typ: types.JSON{Kind: types.JSONText}, target: "jsonb", values: both2(`'{"a": 1, "c": 2}'`, `'[]'`, "NULL")},
	{name: "uuid", source: "UUID", typ: types.UUID{}, target: "uuid", only: "mariadb", values: both2("'123e4567-e89b-12d3-a456-426655440000'", "'00000000-0000-0000-0000-000000000000'", "NULL")},
	{name: "inet6", source: "INET6", typ: types.Inet{}, target: "inet", only: "mariadb", values: both2("'2001:db8::1'", "'::'", "'::ffff:192.0.2.1'", "NULL")},
	{name: "point", source: "POINT", typ: types.Geometry{Kind: "POINT"}, target: "bytea", values: [][2]string{{"POINT(1,2)", `'\x000000000101000000000000000000f03f0000000000000040'`}, {"NULL", "NULL"}}},
}

// pair is a source schema and a target database.
type pair struct {
	my     *sql.DB
	pg     *pgxpool.Pool
	schema string
}

func newPair(t *testing.T, fresh func(testing.TB, string) (string, *sql.DB)) pair {
	t.Helper()
	ctx := context.Background()
	mu, _ := fresh(t, t.Name())
	me, err := endpoint.Parse(mu)
	if err != nil {
		t.Fatal(err)
	}
	my, err := me.OpenMySQL(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { my.Close() })
	pe, err := endpoint.Parse(enginetest.FreshPostgres(t, 15, t.Name()))
	if err != nil {
		t.Fatal(err)
	}
	pg, err := pe.OpenPostgres(ctx, 6)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pg.Close)
	u, _ := url.Parse(mu)
	return pair{my, pg, strings.TrimPrefix(u.Path, "/")}
}

func (p pair) source(t *testing.T, q string, args ...any) {
	t.Helper()
	if _, err := p.my.Exec(q, args...); err != nil {
		t.Fatalf("source: %.200s: %v", q, err)
	}
}

func (p pair) target(t *testing.T, q string) {
	t.Helper()
	if _, err := p.pg.Exec(context.Background(), q); err != nil {
		t.Fatalf("target: %.200s: %v", q, err)
	}
}

// table describes a table with an INT key id (unless keyless) and further columns.
func (p pair) table(name string, key bool, cols ...*catalog.Column) *catalog.Table {
	t := &catalog.Table{Schema: p.schema, Name: name, TargetSchema: "public", Target: name}
	t.Columns = append([]*catalog.Column{{Name: "id", Type: types.Int{Bits: 32}, Target: "id"}}, cols...)
	if key {
		t.Keys = []*catalog.Key{{Kind: catalog.Primary, Parts: []catalog.KeyPart{{Column: "id"}}}}
	}
	return t
}

func (p pair) run(t *testing.T, o Options, tables ...*catalog.Table) []Table {
	t.Helper()
	r, err := Run(context.Background(), p.my, p.pg, tables, o)
	if err != nil {
		t.Fatal(err)
	}
	return r.Tables
}

func eachSource(t *testing.T, f func(t *testing.T, engine string, p pair)) {
	t.Run("mariadb", func(t *testing.T) { f(t, "mariadb", newPair(t, enginetest.FreshMariaDB)) })
	t.Run("mysql80", func(t *testing.T) { f(t, "mysql80", newPair(t, enginetest.FreshMySQL80)) })
}

// TestTypes stores every value on both sides: all must be equal. Then each value meets its neighbour: all must differ.
func TestTypes(t *testing.T) {
	eachSource(t, func(t *testing.T, engine string, p pair) {
		p.target(t, "CREATE TYPE mood AS ENUM ('a', 'b')")
		for n, c := range typeCases {
			if c.only != "" && c.only != engine {
				continue
			}
			t.Run(c.name, func(t *testing.T) {
				name := fmt.Sprintf("t%d", n)
				p.source(t, fmt.Sprintf("CREATE TABLE %s (id INT PRIMARY KEY, c %s)", name, c.source))
				p.target(t, fmt.Sprintf("CREATE TABLE %s (id int, c %s)", name, c.target))
				for i, v := range c.values {
					if engine == "mariadb" && v[0] == "-0e0" {
						v = [2]string{"-3e0", "-3"} // MariaDB has no negative zero
					}
					p.source(t, fmt.Sprintf("INSERT INTO %s VALUES (%d, %s)", name, i, v[0]))
					p.target(t, fmt.Sprintf("INSERT INTO %s VALUES (%d, %s)", name, i, v[1]))
				}
				tab := p.table(name, true, &catalog.Column{Name: "c", Type: c.typ, Target: "c", Nullable: true})
				if r := p.run(t, Options{}, tab)[0]; r.State != Verified || r.SourceRows != int64(len(c.values)) || r.TargetRows != r.SourceRows {
					t.Fatalf("equal values: %+v", r)
				}
				p.target(t, fmt.Sprintf("UPDATE %s SET id = (id + 1) %% %d", name, len(c.values)))
				r := p.run(t, Options{}, tab)[0]
				if r.State != Different || r.Mismatched != int64(len(c.values)) || r.Missing+r.Extraneous != 0 {
					t.Errorf("each value against its neighbour: %+v", r)
				}
			})
		}
	})
}

func TestUnknownPairsAreUnverifiable(t *testing.T) {
	p := newPair(t, enginetest.FreshMariaDB)
	p.source(t, "CREATE TABLE a (id INT PRIMARY KEY, c INT)")
	p.target(t, "CREATE TABLE a (id int, c point)")
	unknown := p.table("a", true, &catalog.Column{Name: "c", Type: types.Int{Bits: 32}, Target: "c"})
	absent := p.table("b", true)
	column := p.table("a", true, &catalog.Column{Name: "d", Type: types.Int{Bits: 32}, Target: "d"})
	unnamed := &catalog.Table{Schema: p.schema, Name: "a"}
	rep, err := Run(context.Background(), p.my, p.pg, []*catalog.Table{unknown, absent, column, unnamed}, Options{})
	if err != nil || rep.OK() {
		t.Fatalf("%v, %+v", err, rep)
	}
	for _, r := range rep.Tables {
		if r.State != Unverifiable || r.Error == "" {
			t.Errorf("%+v", r)
		}
	}
	if (&Report{}).OK() {
		t.Error("a report without a table is not a proof")
	}
}
