package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"godwit/ir/types"
	"godwit/runner/change"
	"godwit/runner/enginetest"
	"godwit/runner/postgres"
	"godwit/runner/sinktest"
)

// binaryCases are the pairs of types that COPY's binary format is used for, with canonical values at their ends.
var binaryCases = []struct {
	ty     types.Type
	target string
	values []string
}{
	{types.Int{Bits: 16}, "smallint", []string{"0", "-32768", "32767"}},
	{types.Int{Bits: 32}, "integer", []string{"0", "-1", "-2147483648", "2147483647"}},
	{types.Int{Bits: 64}, "bigint", []string{"0", "-9223372036854775808", "9223372036854775807", "999999999999999999", "1000000000000000000"}},
	{types.Int{Bits: 64, Unsigned: true}, "numeric(20,0)", []string{"0", "7", "18446744073709551615", "10000", "9999"}},
	{types.Int{Bits: 64, Unsigned: true}, "numeric", []string{"0", "18446744073709551615"}},
	{types.Year{}, "smallint", []string{"0", "1901", "2155"}},
	{types.Decimal{Precision: 10, Scale: 2}, "numeric(10,2)", []string{"0.00", "-0.01", "0.10", "12345678.90", "-99999999.99", "10000.00", "1.05"}},
	{types.Decimal{Precision: 65, Scale: 30}, "numeric(65,30)", []string{"0.000000000000000000000000000000", "-" + strings.Repeat("9", 35) + "." + strings.Repeat("9", 30),
		"1.000000000000000000000000000001", "12345.678901234567890123456789012345"}},
	{types.Decimal{Precision: 5}, "numeric", []string{"0", "-1", "99999", "10000", "100"}},
	{types.Float{Bits: 32}, "real", []string{"0", "-0", "0.1", "1e+20", "3.4028235e+38", "1e-45", "8.388609e+06"}},
	{types.Float{Bits: 64}, "double precision", []string{"0", "-0", "0.1", "1.7976931348623157e+308", "5e-324", "-1.2345678901234567e-05"}},
	{types.Float{Bits: 64, Digits: 10, Decimals: 3}, "numeric(10,3)", []string{"0.000", "-1.500", "9999999.999"}},
	{types.Bit{N: 1}, "bit(1)", []string{"0", "1"}},
	{types.Bit{N: 11}, "bit(11)", []string{"00000000000", "10101010101", "11111111111"}},
	{types.Bit{N: 64}, "bit varying(64)", []string{strings.Repeat("1", 64), strings.Repeat("01", 32)}},
	{types.Text{N: 20}, "varchar(20)", []string{"", "é\t\\N\n", "\\.", "日本", "  blanks  "}},
	{types.Text{}, "text", []string{"", "a\bb\fc\vd\re", "\\x41", "🙂"}},
	{types.Text{N: 5, Fixed: true}, "char(5)", []string{"", "ab", "abcde"}},
	{types.Enum{Values: []string{"a", "b c"}}, "mood", []string{"a", "b c"}},
	{types.Enum{Values: []string{"a", "b c"}}, "text", []string{"a", "b c"}},
	{types.Set{Values: []string{"a", "b"}}, "text", []string{"", "a,b"}},
	{types.JSON{}, "jsonb", []string{`{"a": [1, 2.50, "x\u00e9"]}`, "null"}},
	{types.JSON{}, "json", []string{`{"a" : 1,  "a": 2}`}},
	{types.JSON{}, "text", []string{`{"a" : 1}`}},
	{types.Binary{N: 4}, "bytea", []string{"", "\x00\xff\\x", "\\x4142", "\n\t"}},
	{types.Date{}, "date", []string{"0001-01-01", "0004-02-29", "1582-10-10", "1900-02-28", "1999-12-31", "2000-01-01", "2000-02-29", "2000-03-01", "2024-12-31", "9999-12-31"}},
	{types.DateTime{}, "timestamp(0)", []string{"0001-01-01 00:00:00", "1969-12-31 23:59:59", "2000-01-01 00:00:00", "9999-12-31 23:59:59"}},
	{types.DateTime{Precision: 6}, "timestamp(6)", []string{"0001-01-01 00:00:00.000001", "2026-11-22 01:02:03.999999"}},
	{types.DateTime{Precision: 3}, "timestamp(3)", []string{"1999-12-31 23:59:59.999", "2000-01-01 00:00:00.001"}},
	{types.Timestamp{Precision: 1}, "timestamptz(1)", []string{"1970-01-01 00:00:01.5", "2038-01-19 03:14:07.9"}},
	{types.Time{}, "interval(0)", []string{"00:00:00", "838:59:59", "-838:59:59", "-00:00:01", "99:00:00"}},
	{types.Time{Precision: 6}, "interval(6)", []string{"-838:59:58.999999", "00:00:00.000001"}},
	{types.Time{Precision: 2}, "time(2)", []string{"00:00:00.00", "23:59:59.99", "24:00:00.00"}},
}

// The binary format gives what the target itself reads from the text of a value.
func TestBinaryIsTheText(t *testing.T) {
	for _, v := range enginetest.PostgresVersions(t) {
		t.Run(fmt.Sprint(v), func(t *testing.T) {
			ctx := context.Background()
			url := enginetest.FreshPostgres(t, v, "binary")
			c, err := pgx.Connect(ctx, url)
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close(ctx)
			if _, err := c.Exec(ctx, "SET search_path = public; SET timezone = 'UTC'; CREATE TYPE mood AS ENUM ('a', 'b c')"); err != nil {
				t.Fatal(err)
			}
			s := openSink(ctx, t, url)
			for i, x := range binaryCases {
				name := fmt.Sprintf("b%02d", i)
				if _, err := c.Exec(ctx, fmt.Sprintf("CREATE TABLE %s (n int, v %s)", name, x.target)); err != nil {
					t.Fatal(err)
				}
				ct := tableOf(t, name, nil, column("n", types.Int{Bits: 32}), column("v", x.ty))
				if err := s.Plan(ctx, ct, []change.Chunk{{Table: ct}}); err != nil {
					t.Fatal(err)
				}
				flat := []string{"0", "-"}
				for n, v := range x.values {
					flat = append(flat, fmt.Sprint(n+1), v)
				}
				span := func() (change.Span, error) { return change.Span{Low: sinktest.At(1), High: sinktest.At(1)}, nil }
				if _, err := s.Load(ctx, change.Chunk{Table: ct}, oneBatch(2, flat...), span); err != nil {
					t.Errorf("%v to %s: %v", x.ty, x.target, err)
					continue
				}
				got := texts(t, c, "SELECT coalesce(v::text, 'NULL') FROM "+name+" ORDER BY n")
				for n, v := range append([]string{"NULL"}, x.values...) {
					want := "NULL"
					if n > 0 {
						want = asText(t, c, x.target, v)
					}
					if got[n] != want {
						t.Errorf("%v to %s: %q became %q, want %q", x.ty, x.target, v, got[n], want)
					}
				}
			}
		})
	}
}

// asText is what the target makes of a text by itself.
func asText(t *testing.T, c *pgx.Conn, target, v string) string {
	t.Helper()
	from := "$1::text"
	if target == "bytea" {
		from = "'\\x" + fmt.Sprintf("%x", v) + "' || $1::text"
		v = ""
	}
	if _, err := c.Exec(context.Background(), "DROP TABLE IF EXISTS one; CREATE TABLE one (v "+target+")"); err != nil {
		t.Fatal(err)
	}
	stmt := fmt.Sprintf("DO $do$ BEGIN EXECUTE format('INSERT INTO one VALUES (%%L)', current_setting('test.v')); END $do$")
	if _, err := c.Exec(context.Background(), "SELECT set_config('test.v', "+from+", false)", v); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Exec(context.Background(), stmt); err != nil {
		t.Fatalf("%s from %q: %v", target, v, err)
	}
	return texts(t, c, "SELECT v::text FROM one")[0]
}

// What is not of the target's type is an error that names the row, never another value.
func TestValuesThatDoNotFit(t *testing.T) {
	ctx := context.Background()
	url := enginetest.FreshPostgres(t, 15, "binary")
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	if _, err := c.Exec(ctx, "SET search_path = public"); err != nil { // a role named godwit would see the progress first
		t.Fatal(err)
	}
	s := openSink(ctx, t, url)
	for i, x := range []struct {
		ty            types.Type
		target, value string
	}{
		{types.Int{Bits: 32}, "smallint", "32768"}, {types.Int{Bits: 32}, "smallint", "-32769"}, {types.Int{Bits: 64}, "integer", "2147483648"},
		{types.Int{Bits: 64, Unsigned: true}, "bigint", "9223372036854775808"}, {types.Int{Bits: 32}, "integer", "12x"}, {types.Int{Bits: 32}, "integer", ""}, {types.Int{Bits: 32}, "integer", "--"},
		{types.Decimal{Precision: 9, Scale: 2}, "numeric(5,2)", "1000.00"}, {types.Decimal{Precision: 9, Scale: 2}, "numeric", "1.2.3"}, {types.Decimal{Precision: 9, Scale: 2}, "numeric", "."},
		{types.Text{N: 9}, "varchar(3)", "abcd"}, {types.Date{}, "date", "2026-02-30"}, {types.Date{}, "date", "1900-02-29"}, {types.Date{}, "date", "2026-13-01"},
		{types.Date{}, "date", "0000-00-00"}, {types.DateTime{}, "timestamp", "2026-01-01 24:00:00"}, {types.DateTime{}, "timestamp", "2026-01-01T10:00:00"}, {types.DateTime{}, "timestamp", "2026-00-01 10:00:00"},
		{types.Time{}, "time", "25:00:00"}, {types.Time{}, "time", "-01:00:00"}, {types.Time{}, "interval", "10:60:00"}, {types.Bit{N: 3}, "bit(2)", "101"}, {types.Bit{N: 3}, "bit(3)", "102"},
		{types.Text{}, "text", "a\x00b"}, {types.Float{Bits: 64}, "real", "1e+300"},
	} {
		name := fmt.Sprintf("f%02d", i)
		if _, err := c.Exec(ctx, fmt.Sprintf("CREATE TABLE %s (n int, v %s)", name, x.target)); err != nil {
			t.Fatal(err)
		}
		ct := tableOf(t, name, nil, column("n", types.Int{Bits: 32}), column("v", x.ty))
		if err := s.Plan(ctx, ct, []change.Chunk{{Table: ct}}); err != nil {
			t.Fatal(err)
		}
		span := func() (change.Span, error) { return change.Span{Low: sinktest.At(1), High: sinktest.At(1)}, nil }
		_, err := s.Load(ctx, change.Chunk{Table: ct}, oneBatch(2, "1", "-", "2", x.value), span)
		if err == nil {
			t.Errorf("%v %q was loaded into %s as %q", x.ty, x.value, x.target, texts(t, c, "SELECT coalesce(v::text, 'NULL') FROM "+name))
		} else if !strings.Contains(err.Error(), name) || errors.Is(err, postgres.ErrTarget) {
			t.Errorf("the error does not name the table: %v", err)
		}
	}
}
