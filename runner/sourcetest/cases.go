package sourcetest

import (
	"strings"

	"godwit/ir/types"
)

// TypeCase is a column type with values at its boundaries. Both lanes of a source must give the same canonical value.
type TypeCase struct {
	DDL    string // type on the source
	Type   types.Type
	Values []string // SQL expressions of the source
	Want   []string // canonical values, "NULL" for NULL, "" for not checked; nil: only the equality of lanes is checked
	Only   string   // family of the source, "" for all
	Target string   // type on PostgreSQL
}

func text(charset string) types.Text { return types.Text{N: 40, Charset: charset} }

// MySQLTypes are the types of MySQL and MariaDB.
func MySQLTypes() []TypeCase {
	ints := func(bits int, u bool) types.Int { return types.Int{Bits: bits, Unsigned: u} }
	return []TypeCase{
		{DDL: "tinyint", Target: "smallint", Type: ints(8, false), Values: []string{"-128", "0", "127", "NULL"}, Want: []string{"-128", "0", "127", "NULL"}},
		{DDL: "tinyint unsigned", Target: "smallint", Type: ints(8, true), Values: []string{"0", "255"}, Want: []string{"0", "255"}},
		{DDL: "smallint", Target: "smallint", Type: ints(16, false), Values: []string{"-32768", "32767"}, Want: []string{"-32768", "32767"}},
		{DDL: "smallint unsigned", Target: "integer", Type: ints(16, true), Values: []string{"65535"}, Want: []string{"65535"}},
		{DDL: "mediumint", Target: "integer", Type: ints(24, false), Values: []string{"-8388608", "-1", "8388607"}, Want: []string{"-8388608", "-1", "8388607"}},
		{DDL: "mediumint unsigned", Target: "integer", Type: ints(24, true), Values: []string{"16777215"}, Want: []string{"16777215"}},
		{DDL: "int", Target: "integer", Type: ints(32, false), Values: []string{"-2147483648", "2147483647"}, Want: []string{"-2147483648", "2147483647"}},
		{DDL: "int unsigned", Target: "bigint", Type: ints(32, true), Values: []string{"4294967295"}, Want: []string{"4294967295"}},
		{DDL: "bigint", Target: "bigint", Type: ints(64, false), Values: []string{"-9223372036854775808", "9223372036854775807"}, Want: []string{"-9223372036854775808", "9223372036854775807"}},
		{DDL: "bigint unsigned", Target: "numeric(20)", Type: ints(64, true), Values: []string{"18446744073709551615"}, Want: []string{"18446744073709551615"}},
		{DDL: "int(8) unsigned zerofill", Target: "bigint", Type: types.Int{Bits: 32, Unsigned: true, ZeroFill: true, Width: 8}, Values: []string{"0", "42"}, Want: []string{"0", "42"}},
		{DDL: "decimal(65,30)", Target: "numeric(65,30)", Type: types.Decimal{Precision: 65, Scale: 30},
			Values: []string{"0", "-0.000000000000000000000000000001", "99999999999999999999999999999999999.999999999999999999999999999999", "-12345678901234567890.5"},
			Want:   []string{"0.000000000000000000000000000000", "-0.000000000000000000000000000001", "99999999999999999999999999999999999.999999999999999999999999999999", "-12345678901234567890.500000000000000000000000000000"}},
		{DDL: "decimal(5,0)", Target: "numeric(5,0)", Type: types.Decimal{Precision: 5}, Values: []string{"-99999", "7"}, Want: []string{"-99999", "7"}},
		{DDL: "decimal(3,3)", Target: "numeric(3,3)", Type: types.Decimal{Precision: 3, Scale: 3}, Values: []string{"0.001", "-0.5"}, Want: []string{"0.001", "-0.500"}},
		{DDL: "decimal(10,2) unsigned zerofill", Target: "numeric(10,2)", Type: types.Decimal{Precision: 10, Scale: 2, Unsigned: true, ZeroFill: true}, Values: []string{"0", "12.5"}, Want: []string{"0.00", "12.50"}},
		{DDL: "float", Target: "real", Type: types.Float{Bits: 32}, Values: []string{"0.1", "8388609", "-3.4028235e38", "1.17549435e-38", "1e10", "123456.7", "-0.0"}, Want: []string{"0.1", "8.388609e+06", "-3.4028235e+38", "1.1754944e-38", "1e+10", "123456.7", ""}},
		{DDL: "double", Target: "double precision", Type: types.Float{Bits: 64}, Values: []string{"0.1", "1.7976931348623157e308", "2.2250738585072014e-308", "-1e15", "123456789012345678", "1/3"}, Want: nil},
		{DDL: "float(7,2)", Target: "numeric(7,2)", Type: types.Float{Bits: 32, Digits: 7, Decimals: 2}, Values: []string{"0.1", "99999.99", "-1.005", "-0.001"}, Want: nil},
		{DDL: "double(10,3)", Target: "numeric(10,3)", Type: types.Float{Bits: 64, Digits: 10, Decimals: 3}, Values: []string{"1234567.891", "-0.5"}, Want: []string{"1234567.891", "-0.500"}},
		{DDL: "bit(1)", Target: "bit(1)", Type: types.Bit{N: 1}, Values: []string{"b'0'", "b'1'"}, Want: []string{"0", "1"}},
		{DDL: "bit(10)", Target: "bit(10)", Type: types.Bit{N: 10}, Values: []string{"b'1000000001'", "b'11'"}, Want: []string{"1000000001", "0000000011"}},
		{DDL: "bit(64)", Target: "bit(64)", Type: types.Bit{N: 64}, Values: []string{"~0", "1"}, Want: []string{strings.Repeat("1", 64), strings.Repeat("0", 63) + "1"}},
		{DDL: "char(40) character set latin1", Target: "char(40)", Type: types.Text{N: 40, Fixed: true, Charset: "latin1"}, Values: []string{"'caf\u00e9 \u20ac '", "''", "'  x  '"}, Want: []string{"caf\u00e9 \u20ac", "", "  x"}},
		{DDL: "varchar(40) character set latin1", Target: "varchar(40)", Type: text("latin1"), Values: []string{"'\u00fcber '", "_latin1 X'00418081FF'"}, Want: []string{"\u00fcber ", "\x00A\u20ac\u0081\u00ff"}},
		{DDL: "varchar(300) character set utf8mb4", Target: "varchar(300)", Type: types.Text{N: 300, Charset: "utf8mb4"}, Values: []string{"'\U0001F600 x'", "''", "repeat('\u20ac',300)"}, Want: []string{"\U0001F600 x", "", strings.Repeat("\u20ac", 300)}},
		{DDL: "char(60) character set utf8mb4", Target: "char(60)", Type: types.Text{N: 60, Fixed: true, Charset: "utf8mb4"}, Values: []string{"'\u00e9  '", "repeat('\U0001F600',60)"}, Want: []string{"\u00e9", strings.Repeat("\U0001F600", 60)}},
		{DDL: "char(255) character set utf8mb4", Target: "char(255)", Type: types.Text{N: 255, Fixed: true, Charset: "utf8mb4"}, Values: []string{"repeat('\u20ac',255)", "'a'"}, Want: []string{strings.Repeat("\u20ac", 255), "a"}},
		{DDL: "varchar(40) character set utf16", Target: "varchar(40)", Type: text("utf16"), Values: []string{"'a\U0001F600'"}, Want: []string{"a\U0001F600"}},
		{DDL: "varchar(40) character set utf32", Target: "varchar(40)", Type: text("utf32"), Values: []string{"'a\U0001F600'"}, Want: []string{"a\U0001F600"}},
		{DDL: "varchar(40) character set ucs2", Target: "varchar(40)", Type: text("ucs2"), Values: []string{"'a\u20ac'"}, Want: []string{"a\u20ac"}},
		{DDL: "varchar(40) character set gbk", Target: "varchar(40)", Type: text("gbk"), Values: []string{"'a\u4f60\u597d'"}, Want: []string{"a\u4f60\u597d"}},
		{DDL: "varchar(40) character set sjis", Target: "varchar(40)", Type: text("sjis"), Values: []string{"'a\u65e5\u672c\uff71'"}, Want: []string{"a\u65e5\u672c\uff71"}},
		{DDL: "varchar(40) character set koi8r", Target: "varchar(40)", Type: text("koi8r"), Values: []string{"'\u0416'"}, Want: []string{"\u0416"}},
		{DDL: "text character set latin1", Target: "text", Type: types.Text{Charset: "latin1"}, Values: []string{"'\u00e9'", "repeat('x',60000)"}, Want: []string{"\u00e9", strings.Repeat("x", 60000)}},
		{DDL: "longtext character set utf8mb4", Target: "text", Type: types.Text{MaxBytes: 1<<32 - 1, Charset: "utf8mb4"}, Values: []string{"repeat('\u00e9',200000)"}, Want: []string{strings.Repeat("\u00e9", 200000)}},
		{DDL: "binary(8)", Target: "bytea", Type: types.Binary{N: 8, Fixed: true}, Values: []string{"X'01000200'", "''", "X'0000000000000000'"}, Want: []string{"\x01\x00\x02\x00\x00\x00\x00\x00", strings.Repeat("\x00", 8), strings.Repeat("\x00", 8)}},
		{DDL: "varbinary(20)", Target: "bytea", Type: types.Binary{N: 20}, Values: []string{"X'00FF0D0A5C00'", "''"}, Want: []string{"\x00\xff\r\n\\\x00", ""}},
		{DDL: "blob", Target: "bytea", Type: types.Binary{}, Values: []string{"X'00FFC0'", "''", "NULL"}, Want: []string{"\x00\xff\xc0", "", "NULL"}},
		{DDL: "date", Target: "date", Type: types.Date{}, Values: []string{"'1000-01-01'", "'9999-12-31'", "'0000-00-00'", "'2026-06-00'"}, Want: []string{"1000-01-01", "9999-12-31", "0000-00-00", "2026-06-00"}},
		{DDL: "datetime", Target: "timestamp(0)", Type: types.DateTime{}, Values: []string{"'2026-02-28 23:59:59'", "'0000-00-00'", "'1000-01-01 00:00:00'"}, Want: []string{"2026-02-28 23:59:59", "0000-00-00 00:00:00", "1000-01-01 00:00:00"}},
		{DDL: "datetime(3)", Target: "timestamp(3)", Type: types.DateTime{Precision: 3}, Values: []string{"'2026-02-28 23:59:59.007'"}, Want: []string{"2026-02-28 23:59:59.007"}},
		{DDL: "datetime(6)", Target: "timestamp(6)", Type: types.DateTime{Precision: 6}, Values: []string{"'9999-12-31 23:59:59.999999'", "'2026-06-00 00:00:00.5'"}, Want: []string{"9999-12-31 23:59:59.999999", "2026-06-00 00:00:00.500000"}},
		{DDL: "timestamp NULL", Target: "timestamptz(0)", Type: types.Timestamp{}, Values: []string{"'1970-01-01 00:00:01'", "'2038-01-19 03:14:07'", "'0000-00-00'"}, Want: []string{"1970-01-01 00:00:01", "2038-01-19 03:14:07", "0000-00-00 00:00:00"}},
		{DDL: "timestamp(6) NULL", Target: "timestamptz(6)", Type: types.Timestamp{Precision: 6}, Values: []string{"'2026-03-29 01:30:00.000001'", "'2026-10-25 02:30:00.5'"}, Want: []string{"2026-03-29 01:30:00.000001", "2026-10-25 02:30:00.500000"}},
		{DDL: "timestamp(1) NULL", Target: "timestamptz(1)", Type: types.Timestamp{Precision: 1}, Values: []string{"'2026-03-29 01:30:00.7'"}, Want: []string{"2026-03-29 01:30:00.7"}},
		{DDL: "time", Target: "interval(0)", Type: types.Time{Duration: true}, Values: []string{"'838:59:59'", "'-838:59:59'", "'00:00:00'", "'-00:00:01'"}, Want: []string{"838:59:59", "-838:59:59", "00:00:00", "-00:00:01"}},
		{DDL: "time(2)", Target: "interval(2)", Type: types.Time{Duration: true, Precision: 2}, Values: []string{"'-00:00:00.99'", "'-00:00:01.10'", "'25:00:00.5'"}, Want: []string{"-00:00:00.99", "-00:00:01.10", "25:00:00.50"}},
		{DDL: "time(3)", Target: "interval(3)", Type: types.Time{Duration: true, Precision: 3}, Values: []string{"'-10:20:30.123'", "'0:0:0.001'"}, Want: []string{"-10:20:30.123", "00:00:00.001"}},
		{DDL: "time(6)", Target: "interval(6)", Type: types.Time{Duration: true, Precision: 6}, Values: []string{"'-838:59:58.999999'", "'-0:0:0.000001'"}, Want: []string{"-838:59:58.999999", "-00:00:00.000001"}},
		{DDL: "year", Target: "smallint", Type: types.Year{}, Values: []string{"1901", "2155", "'0000'"}, Want: []string{"1901", "2155", "0"}},
		{DDL: "enum('a','\u00e9','c,d') character set latin1", Target: "text", Type: types.Enum{Values: []string{"a", "\u00e9", "c,d"}, Charset: "latin1"}, Values: []string{"'a'", "'\u00e9'", "'c,d'", "NULL"}, Want: []string{"a", "\u00e9", "c,d", "NULL"}},
		{DDL: "set('x','\u00fc','z') character set utf8mb4", Target: "text", Type: types.Set{Values: []string{"x", "\u00fc", "z"}, Charset: "utf8mb4"}, Values: []string{"''", "'z,x'", "'x,\u00fc,z'"}, Want: []string{"", "x,z", "x,\u00fc,z"}},
		{DDL: "json", Target: "text", Type: types.JSON{Kind: types.JSONText}, Only: "mariadb", Values: []string{"'{\"b\":1, \"a\":[1.0,\"\u00e9\"]}'", "NULL"}, Want: []string{"{\"b\":1, \"a\":[1.0,\"\u00e9\"]}", "NULL"}},
		{DDL: "json", Target: "jsonb", Type: types.JSON{Kind: types.JSONBinary}, Only: "mysql", Values: jsonValues()},
		{DDL: "geometry", Target: "bytea", Type: types.Geometry{Kind: "GEOMETRY"}, Values: []string{"ST_GeomFromText('POINT(1 2)')", "ST_GeomFromText('LINESTRING(0 0,1 1)', 4326)"}},
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
