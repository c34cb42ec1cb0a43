package godwit

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/source"
)

// rowColumns are types of columns with constants at the edges of what they hold, and with others, of all kinds.
var rowColumns = []struct {
	column string
	values []string
}{
	{"TINYINT", []string{"0", "1", "-1", "127", "128", "-128", "-129", "-127", "'5'", "007", "1.5", "-0", "TRUE", "''", "1e1", "+3", "- 4"}},
	{"TINYINT UNSIGNED NOT NULL", []string{"0", "255", "256", "-1", "'x'", "12"}},
	{"SMALLINT(5) ZEROFILL", []string{"0", "7", "65535", "65536", "00012"}},
	{"MEDIUMINT", []string{"8388607", "8388608", "-8388608", "-8388607", "0", "42"}},
	{"INT UNSIGNED", []string{"4294967295", "4294967296", "0", "17"}},
	{"INT DEFAULT 3", []string{"2147483647", "-2147483648", "-2147483647", "2147483648", "0", "5", "DEFAULT", "0x41", "b'1'"}},
	{"BIGINT", []string{"9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775807", "0", "3"}},
	{"BIGINT UNSIGNED", []string{"18446744073709551615", "18446744073709551616", "9223372036854775808", "0", "8"}},
	{"DECIMAL(9,2)", []string{"0", "0.00", "1.5", "-1.25", "9999999.99", "9999999.999", "10000000", "-9999999.99", ".5", "5.", "1e3", "'2.50'", "-0.00", "00.5", "7", "-7"}},
	{"DECIMAL(4,4) UNSIGNED", []string{"0.1234", "0.9999", "1", "-0.5", "0", "0.12345"}},
	{"DOUBLE", []string{"0", "1", "-1", "1.5", "-2.25", "1e10", "1.5E-300", "1e400", "-1e5", "123456789012345678901", "'1.5'", "0.1"}},
	{"FLOAT", []string{"0", "1", "1.5", "-2.5", "1e5", "3.4e39", "16777217"}},
	{"FLOAT(7,2)", []string{"1.5", "2", "99999.995"}},
	{"DOUBLE UNSIGNED", []string{"1.5", "-1.5", "0"}},
	{"YEAR", []string{"2024", "1901", "2155", "1900", "2156", "0", "24", "'2024'"}},
	{"VARCHAR(10)", []string{"'a'", "''", "'abcdefghij'", "'abcdefghijk'", "'éèüößäåøñç'", "'it''s'", `'it\'s'`, `'a\\b'`, `'a\nb'`, `'a\rb'`, `'\0'`, `'\Z'`, "'a '", "' '", "'a\nb'", `'\%\_'`, `"q"`, `"q""r"`, "N'x'", "_utf8mb4'x'", "5", "1.50", "0x4142", "'a' 'b'", "'a;b'", "'-- c'", "'日本語'", `'\b\t'`}},
	{"CHAR(4) NOT NULL", []string{"'a'", "'a '", "''", "'abcd'", "'abcde'"}},
	{"TINYTEXT", []string{"'a'", "'" + strings.Repeat("x", 120) + "'", "'" + strings.Repeat("x", 300) + "'", `'one\ntwo\n'`}},
	{"TEXT", []string{"'some text'", "'" + strings.Repeat("long ", 30) + "'", "'\n\n'", `'x\n` + strings.Repeat("y", 110) + "'", "''"}},
	{"VARCHAR(9) COLLATE utf8mb4_bin", []string{"'A'", "'b '"}},
	{"VARCHAR(9) CHARACTER SET latin1", []string{"'A'", "'é'", "'日'"}},
	{"ENUM('x','Y','it''s','a b')", []string{"'x'", "'X'", "'Y'", "'it''s'", "'a b'", "''", "'z'", "1", "0", "'x '", "'1'"}},
	{"ENUM('x','y') NOT NULL", []string{"'x'", "'y'"}},
	{"SET('p','q','R')", []string{"'p'", "'p,q'", "'q,p'", "''", "'P'", "'p,R'", "'p,p'", "'z'", "3"}},
	{"DATE", []string{"'2024-01-01'", "'2024-02-29'", "'2023-02-29'", "'0000-00-00'", "'2024-00-10'", "'0999-01-01'", "'9999-12-31'", "'2024-1-1'", "20240101", "'20240101'", "'2024-01-01 10:00:00'", "'2024-04-31'", "''", "'24-01-01'"}},
	{"DATETIME", []string{"'2024-01-01 00:00:00'", "'2024-01-01 23:59:59'", "'2024-01-01 24:00:00'", "'2024-01-01 10:60:00'", "'2024-01-01'", "'2024-01-01 10:00:00.5'", "'2024-01-01T10:00:00'", "'0000-00-00 00:00:00'", "'2024-01-01 10:00'", "'1000-01-01 00:00:00'"}},
	{"DATETIME(3)", []string{"'2024-01-01 00:00:00.123'", "'2024-01-01 00:00:00.1234'", "'2024-01-01 00:00:00'", "'2024-01-01 00:00:00.'", "'2024-01-01 00:00:00.1'"}},
	{"TIMESTAMP NULL", []string{"'2024-01-01 00:00:00'", "'1970-01-01 00:00:01'", "'1970-01-01 00:00:00'", "'2038-01-19 03:14:07'", "'2038-01-19 03:14:08'", "'2024-03-31 02:30:00'", "'2024-01-01'", "'0000-00-00 00:00:00'", "'2024-01-01 00:00:00+02:00'"}},
	{"TIMESTAMP(6) NULL", []string{"'2024-01-01 00:00:00.123456'", "'2024-01-01 00:00:00'"}},
	{"TIME", []string{"'10:00:00'", "'-10:00:00'", "'838:59:59'", "'24:00:00'", "'10:00'", "'10:00:00.5'", "'23:59:59'", "100000"}},
	{"TIME(3)", []string{"'10:00:00'", "'10:00:00.5'"}},
	{"BLOB", []string{"0x00", "0xABcdEF", "0X41", "0x", "0x414", "x'41'", "0x4g", "'a'", "0x41", "_binary 'a'", "''"}},
	{"BINARY(3)", []string{"'abc'", "'a'", "0x414243", "0x41", "0x41424344"}},
	{"VARBINARY(3)", []string{"0x414243", "0x41", "0x41424344", "'a'"}},
	{"BIT(5)", []string{"b'101'", "5", "0", "b'111111'", "B'0'", "0x1F", "0x20", "_binary '\\0'", `_binary "a"`, "TRUE", "b''", "31", "32", "-1", "'5'", "DEFAULT", "x'1f'"}},
	{"BIT", []string{"b'1'", "b'0'", "1", "_binary '\\0'", "_binary '\x01'", "0x01", "FALSE"}},
	{"BIT(64)", []string{"0xFFFFFFFFFFFFFFFF", "b'1'", "0x7FFFFFFF", "0x80000000", "18446744073709551615"}},
	{"JSON", []string{`'{"a": 1}'`, "'null'", "'{'", `'{\"a\": \"it\'s \\\\ x\"}'`, `'[1, 2.50, \"\\u0000\"]'`, "'[1,\n2]'", "' 1 '", "''", "1", "'{\"k\":1,\"k\":2}'"}},
	{"JSON", []string{`'{"a": 1.50, "b": "2.50", "c": [1e5, -2.0E3, 3.10e-7]}'`, "'[]'", "'true'", "'1.0'", `'"é"'`, `_binary '{}'`, "'" + strings.Repeat(`[1.50,`, 9) + "1" + strings.Repeat("]", 9) + "'", `'{"long": "` + strings.Repeat("text ", 30) + `"}'`}},
	{"BOOLEAN", []string{"0", "1", "TRUE", "2", "false", "True", "DEFAULT"}},
	{"BLOB", []string{`_binary 'a\'b\0\\'`, "_binary '\xff\xfe'", "'\xff\xfe'", "'é'", "_binary 'é'", "'plain'", "_binary ''", "_BINARY\n'x'", `_binary "q""r"`, "X'4142'", "x''", "DEFAULT", "_binary'a' 'b'", "'" + strings.Repeat("b", 100) + "'"}},
	{"VARBINARY(3) NOT NULL", []string{"'abc'", "''", "_binary 'abcd'", "_binary 'a'", "X'41'", "'\xff'"}},
	{"BINARY(3)", []string{"_binary 'abc'", "_binary 'a'", "'\xff\xfe\xfd'", "x'414243'", "''"}},
	{"VARCHAR(9)", []string{"'\xff'", "'a'", "_binary 'a'", "TRUE", "DEFAULT", "x'41'"}},
	{"VARCHAR(9) DEFAULT 'd' NOT NULL", []string{"DEFAULT", "'a'", "DEFAULT(v)"}},
	{"TIMESTAMP DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP", []string{"DEFAULT", "'2024-01-01 00:00:00'", "'0000-00-00 00:00:00'"}},
	{"DATE NOT NULL", []string{"'0000-00-00'", "'2024-01-01'", "'2024-00-00'"}},
	{"DATETIME(3)", []string{"'0000-00-00 00:00:00.000'", "'0000-00-00 00:00:00'", "'2024-01-01 00:00:00.123'"}},
	{"TIME", []string{"'-01:02:03'", "'100:00:00'", "'837:59:59'", "'838:59:59'", "'012:00:00'", "'-0:00:01'", "'10:00:00'", "'1:00:00'"}},
	{"DECIMAL(9,2)", []string{"'0.99'", "'-1.25'", "'7'", "' 7'", "'1e2'", "'0.999'", "'00.5'", "'0.00'", "1.5", "'x'", "'12345678.1'", "TRUE"}},
	{"DOUBLE", []string{"-1e5", "-1.5E-3", "'1.5'", "-1e400", "TRUE", "2e-5"}},
	{"INT", []string{"'5'", "TRUE", "FALSE", "7"}},
	{"GEOMETRY", nil},
}

// comments are what stands in front of statements.
var comments = []string{"", "", "", "", "\n--\n-- Dumping data for table `t`, VALUES\n--\n\n", "# a comment\n", "/* a comment */ ", "-- é\n\n-- b\n"}

// TestRowsShort compares what the short path writes with what the pipeline writes, and counts that it is taken: for each type of column
// statements of one constant alone, and of many rows, with the constants in any order.
func TestRowsShort(t *testing.T) {
	random := rand.New(rand.NewSource(5))
	for i, mode := range []string{"", "SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO';\n", "SET sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES';\n"} {
		taken := 0
		policy := rewrite.Policy{ZeroDates: []string{"", "0001-01-01", "null"}[i]}
		for _, c := range rowColumns {
			var b strings.Builder
			fmt.Fprintf(&b, "%sCREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v %s, note VARCHAR(200), `Select` INT);\n", mode, c.column)
			values := append([]string{"NULL"}, c.values...)
			row := func(v string) string {
				note := []string{"'x'", "NULL", "'" + strings.Repeat("n", random.Intn(120)) + "'", "'a\nb'"}[random.Intn(4)]
				return fmt.Sprintf("(%d,%s,%s,%d)", 1+random.Intn(9), v, note, random.Intn(3))
			}
			for _, v := range values {
				fmt.Fprintf(&b, "INSERT INTO t VALUES %s;\n", row(v))
				fmt.Fprintf(&b, "%sINSERT INTO `t` (v) VALUES (%s),\n (%s), (%s);\n", comments[random.Intn(len(comments))], v, v, v)
				fmt.Fprintf(&b, "INSERT INTO t (v, id) VALUES (%s, %s);\n", v, []string{"0", "NULL", "5", "-5"}[random.Intn(4)])
			}
			for range 20 {
				list := make([]string, 1+random.Intn(6))
				for i := range list {
					list[i] = row(values[random.Intn(len(values))])
				}
				fmt.Fprintf(&b, "%sINSERT INTO `t` VALUES %s;\n", comments[random.Intn(len(comments))], strings.Join(list, ","))
			}
			taken += shortAndLong(t, c.column+" "+mode, b.String(), Options{From: dialect.MySQL, To: dialect.Postgres, ToVersion: 15, Policy: policy})
		}
		if taken < 500 {
			t.Errorf("%q: %d statements took the short path", mode, taken)
		}
		t.Logf("%q: %d statements took the short path", mode, taken)
	}
}

// shortAndLong compares both paths, and counts the statements that took the short one.
func shortAndLong(t *testing.T, name, text string, opt Options) int {
	t.Helper()
	long, short := t.TempDir(), t.TempDir()
	c, err := Convert([]*source.File{source.NewFile("x.sql", text)}, opt)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.WriteFolder(long); err != nil {
		t.Fatal(err)
	}
	n := 0
	opt.shortFrom, opt.tookShort = 1, &n
	if _, err := ConvertFolder([]Script{textScript("x.sql", text)}, opt, short); err != nil {
		t.Fatal(err)
	}
	want, got := folderText(t, long), folderText(t, short)
	for file, w := range want {
		if g := got[file]; g != w {
			t.Errorf("%s: %s differs:\n%s\nwant:\n%s", name, file, firstDifference(g, w), firstDifference(w, g))
		}
	}
	return n
}
