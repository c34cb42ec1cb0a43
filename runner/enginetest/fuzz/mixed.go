package fuzz

import (
	"fmt"
	"strings"
)

// Kinds of expressions of the mean grammar, beside those of the plain one.
const (
	Span Kind = iota + 100 // TIME
	Blob                   // bytes and bits
	Doc                    // JSON
)

// Mixed makes the table m, which has a column of every type, with values at the limits of what they hold.
const Mixed = `CREATE TABLE m (
  id INT NOT NULL PRIMARY KEY,
  ti TINYINT, tu TINYINT UNSIGNED, si SMALLINT, mi MEDIUMINT, ii INT, iu INT UNSIGNED, bi BIGINT, bu BIGINT UNSIGNED,
  d2 DECIMAL(10,2), d6 DECIMAL(20,6), d0 DECIMAL(5,0), fl FLOAT, db DOUBLE,
  vs VARCHAR(30), vg VARCHAR(30) COLLATE utf8mb4_general_ci, vb VARCHAR(30) COLLATE utf8mb4_bin, ch CHAR(8), tx TEXT, vn VARCHAR(20),
  vd VARCHAR(30), bb VARBINARY(16), bl BLOB, bt BIT(8), b1 BIT(1),
  da DATE, dm DATETIME, du DATETIME(6), ts TIMESTAMP NULL DEFAULT NULL, tm TIME, t3 TIME(3), yr YEAR,
  en ENUM('small','medium','large'), st SET('a','b','c','d'), js JSON
) DEFAULT CHARSET utf8mb4
`

var mixedColumns = map[Kind][]string{
	Number: {"ti", "tu", "si", "mi", "ii", "iu", "bi", "bu", "d2", "d6", "d0", "fl", "db", "yr", "id"},
	Text:   {"vs", "vg", "vb", "ch", "tx", "vn", "vd", "en", "st"},
	Date:   {"da"},
	Moment: {"dm", "du", "ts"},
	Span:   {"tm", "t3"},
	Blob:   {"bb", "bl", "bt", "b1"},
	Doc:    {"js"},
}

// mixedRows are the rows of m: each list holds the values of one column, a row takes its number's from each.
var mixedRows = [][]string{
	{"0", "1", "-1", "127", "-128", "NULL", "5", "-7", "100", "3"},
	{"0", "1", "255", "128", "NULL", "7", "200", "2", "10", "9"},
	{"0", "32767", "-32768", "NULL", "12", "-3", "1", "300", "-1", "7"},
	{"0", "8388607", "-8388608", "1", "NULL", "-99", "1000", "65536", "-5", "42"},
	{"0", "2147483647", "-2147483648", "NULL", "1", "-17", "1000000", "46341", "-1", "99"},
	{"0", "4294967295", "2147483648", "1", "NULL", "3", "65536", "10", "7", "1000"},
	{"0", "9223372036854775807", "-9223372036854775808", "NULL", "1", "-1", "5000000000", "9007199254740993", "-42", "20240229"},
	{"0", "18446744073709551615", "9223372036854775808", "1", "NULL", "2", "20240229123456", "9007199254740993", "10", "4"},
	{"0.00", "99999999.99", "-99999999.99", "NULL", "0.05", "-0.05", "1.50", "2.50", "-7.25", "12.34"},
	{"0.000000", "99999999999999.999999", "-1.500000", "0.000001", "NULL", "2.500000", "123.456789", "-0.000001", "10.000000", "-3.141593"},
	{"0", "99999", "-99999", "1", "NULL", "5", "-5", "10", "2", "17"},
	{"0", "1.5", "-2.5", "0.5", "NULL", "1e10", "0.1", "3.14159", "-0.25", "16777216"},
	{"0", "1.5", "-2.5", "0.1", "NULL", "1e20", "123456.789", "0.000001", "-3.5", "2.5"},
	{"''", "'abc'", "'ABC'", "'äbc'", "NULL", "'été'", "'12abc'", "' pad '", "'Zebra x'", "'naïve Straße'"},
	{"'abc'", "''", "'Äbc'", "NULL", "'x,y,z'", "'ABC'", "'-3.5'", "'日本語'", "'b'", "'a_b%c'"},
	{"'abc'", "'ABC'", "''", "'x'", "NULL", "'äbc'", "'Abc'", "'12'", "'été'", "'aa'"},
	{"'abc'", "''", "'x'", "'ABC'", "'12'", "NULL", "'äöü'", "'1e3'", "'z'", "'q w'"},
	{"'long text with words'", "''", "NULL", "'a'", "'B'", "'c,d'", "'1.50'", "'été'", "'100%'", "'o''neil'"},
	{"'12'", "'-3.5'", "'12abc'", "''", "NULL", "'1e2'", "' 7 '", "'abc'", "'007'", "'99999999999999999999'"},
	{"'2024-02-29'", "'2023-12-31 23:59:59'", "'20240131'", "'not a date'", "NULL", "'12:34:56'", "'2024-02-30'", "'99-1-2'", "''", "'2000-01-01 00:00:00.5'"},
	{"X''", "X'616263'", "X'00FF'", "NULL", "X'414243'", "X'31'", "X'7F'", "X'61'", "X'C3A9'", "X'20'"},
	{"X'616263'", "X''", "NULL", "X'FF'", "X'3132'", "X'41'", "X'62'", "X'00'", "X'DEADBEEF'", "X'78'"},
	{"b'0'", "b'11111111'", "b'1'", "NULL", "b'10000000'", "b'1010'", "b'11'", "b'1000001'", "b'110'", "b'1111'"},
	{"b'0'", "b'1'", "NULL", "b'1'", "b'0'", "b'1'", "b'0'", "b'1'", "b'0'", "b'1'"},
	{"'2024-02-29'", "'2023-12-31'", "'1000-01-01'", "'9999-12-31'", "NULL", "'2024-01-31'", "'1970-01-01'", "'2000-01-01'", "'2024-12-30'", "'1999-03-15'"},
	{"'2024-02-29 13:14:15'", "'1999-12-31 23:59:59'", "'1000-01-01 00:00:00'", "'9999-12-31 23:59:59'", "'2024-03-10 02:30:00'", "NULL", "'1970-01-01 00:00:01'", "'2000-01-01 12:00:00'", "'2024-01-31 00:00:00'", "'2023-06-30 07:08:09'"},
	{"'2024-02-29 13:14:15.123456'", "'1999-12-31 23:59:59.999999'", "'2000-01-01 00:00:00.500000'", "NULL", "'2024-01-31 12:00:00'", "'9999-12-31 23:59:59.000001'", "'1999-01-01 00:00:00.500000'", "'2023-12-31 23:59:59.500000'", "'2024-06-30 00:00:00.000001'", "'1970-01-01 00:00:00'"},
	{"'2024-02-29 13:14:15'", "NULL", "'1970-01-02 00:00:01'", "'2038-01-19 03:14:07'", "'2024-03-10 02:30:00'", "'2000-01-01 00:00:00'", "'2023-12-31 23:59:59'", "'2024-01-31 12:34:56'", "'1999-12-31 00:00:00'", "'2024-07-15 07:08:09'"},
	{"'10:11:12'", "'838:59:59'", "'-838:59:59'", "'00:00:00'", "NULL", "'-00:30:01'", "'24:00:00'", "'12:34:56'", "'100:00:01'", "'23:59:59'"},
	{"'10:11:12.345'", "'00:00:00.999'", "'-01:00:00.500'", "NULL", "'25:00:00.001'", "'00:00:00'", "'12:00:00.5'", "'23:59:59.999'", "'-10:00:00'", "'07:08:09.100'"},
	{"2024", "1999", "1901", "2155", "NULL", "2000", "1970", "2069", "2023", "2001"},
	{"'small'", "'medium'", "'large'", "NULL", "'small'", "'large'", "'medium'", "'small'", "NULL", "'large'"},
	{"''", "'a'", "'a,c'", "'b'", "NULL", "'a,b,c,d'", "'d'", "'b,d'", "'a'", "'c'"},
	{`'{"a": 1, "b": [1, 2, {"c": "x"}], "s": "text"}'`, `'[1, "two", null, true, 2.5]'`, `'"str"'`, `'{}'`, "NULL", `'[]'`, `'12'`, `'null'`, `'{"a": {"b": "Abc"}, "n": -1.50, "t": true}'`, `'[[1, 2], [3, [4]]]'`},
}

// MixedRows are the statements that fill m, in the source's language.
func MixedRows() string {
	var b strings.Builder
	for i := range mixedRows[0] {
		vals := []string{fmt.Sprint(i + 1)}
		for _, c := range mixedRows {
			vals = append(vals, c[i])
		}
		fmt.Fprintf(&b, "INSERT INTO m VALUES (%s);\n", strings.Join(vals, ", "))
	}
	return b.String()
}

var mixedLiterals = map[Kind][]string{
	Number: {"0", "1", "2", "-1", "3", "7", "10", "-7", "100", "255", "2147483647", "2147483648", "-2147483648", "4294967295", "9223372036854775807", "-9223372036854775808",
		"18446744073709551615", "1.5", "-0.5", "2.50", "0.1", "0.05", "-1.005", "123.456", "99999999999999999999", "1e2", "1.5e0", "-2.5e-1", "1e20", "0.0", "20240229", "20240229123456"},
	Text: {"''", "'a'", "'abc'", "'ABC'", "'äbc'", "'Été'", "' a '", "'a '", "'12'", "'12abc'", "'-3.5'", "'1e2'", "' 7'", "'0'", "'.5'", "'abc,def,ghi'", "'日本'", "'100%'", "'a_b'", "'o''neil'",
		"'2024-02-29'", "'2024-02-30'", "'20240131'", "'2024-1-5 1:2:3'", "'12:34:56'", "'small'", "'a,c'", "'straße'", "'STRASSE'", "'ﬀ'", "'true'"},
	Date:   {"DATE '2024-02-29'", "DATE '2023-12-31'", "DATE '2000-01-01'", "DATE '1999-12-31'", "DATE '9999-12-31'", "DATE '1000-01-01'", "'2024-01-31'"},
	Moment: {"TIMESTAMP '2024-02-29 23:59:59'", "TIMESTAMP '1999-12-31 00:00:00'", "TIMESTAMP '2023-06-30 12:34:56.789'", "TIMESTAMP '1970-01-01 00:00:00'", "'2024-01-31 10:11:12'"},
	Span:   {"TIME '10:11:12'", "TIME '-01:30:00'", "TIME '100:00:00'", "TIME '00:00:00.500'", "TIME '838:59:59'", "'12:30:00'"},
	Blob:   {"X'616263'", "X'00'", "0x41", "b'1010'", "X'7F'", "BINARY 'abc'", "_binary 'x'"},
	Doc: {`JSON_ARRAY(1, 'a', NULL)`, `JSON_OBJECT('a', 1, 'b', 'x')`, `CAST('{"a": [1, 2]}' AS JSON)`, `CAST('[3, "b"]' AS JSON)`, `CAST('1' AS JSON)`,
		`CAST('"abc"' AS JSON)`},
	Cond: {"1 = 1", "TRUE", "FALSE", "NULL IS NULL", "1 > 2", "NULL"},
}

// kinds are the kinds of values, those that come more often more than once.
var kinds = []Kind{Number, Number, Number, Number, Number, Number, Text, Text, Text, Text, Text, Date, Date, Moment, Moment, Span, Blob, Doc}

// mixed is an expression of a kind of the mean grammar; loosely is how often of a hundred another kind stands there.
func (g *Generator) mixed(k Kind, loosely int) *Node {
	if g.chance(loosely) {
		k = kinds[g.r.IntN(len(kinds))]
	}
	if g.chance(3) {
		return leaf(k, "NULL")
	}
	if g.depth <= 0 || g.chance(25) {
		cols := g.scope[k]
		if len(cols) > 0 && g.chance(70) {
			return leaf(k, cols[g.r.IntN(len(cols))])
		}
		l := mixedLiterals[k]
		return leaf(k, l[g.r.IntN(len(l))])
	}
	g.depth--
	defer func() { g.depth++ }()
	p := formsOf[k]
	return g.fill(k, p[g.r.IntN(len(p))])
}

// letters are the kinds that letters behind $ stand for.
var letters = map[byte]Kind{'n': Number, 's': Text, 'd': Date, 'm': Moment, 't': Span, 'b': Blob, 'j': Doc, 'c': Cond}

// fill makes the expressions that a form names: $n a number, $a any value, $x values of one kind; {a|b} is a choice of text.
func (g *Generator) fill(k Kind, pattern string) *Node {
	var text strings.Builder
	out := &Node{Kind: k}
	same := kinds[g.r.IntN(len(kinds))]
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; {
		case c == '{':
			end := i + strings.IndexByte(pattern[i:], '}')
			text.WriteString(g.pick(strings.Split(pattern[i+1:end], "|")...))
			i = end
		case c == '$' && i+1 < len(pattern) && (i == 0 || pattern[i-1] != '\'') && strings.IndexByte("akxnsdmtbjc", pattern[i+1]) >= 0:
			i++
			loosely := 8
			kind, ok := letters[pattern[i]]
			switch {
			case pattern[i] == 'x':
				kind = same
			case pattern[i] == 'k':
				kind = k
			case !ok:
				loosely = 100
			}
			var n *Node
			if kind == Cond {
				n = g.mixedCond()
			} else {
				n = g.mixed(kind, loosely)
			}
			out.Text = append(out.Text, text.String())
			out.Kids = append(out.Kids, n)
			text.Reset()
		default:
			text.WriteByte(c)
		}
	}
	out.Text = append(out.Text, text.String())
	return out
}

func (g *Generator) mixedCond() *Node {
	if g.depth <= 0 || g.chance(10) {
		return g.fill(Cond, "$n {=|<>|<|>=} $n")
	}
	g.depth--
	defer func() { g.depth++ }()
	p := formsOf[Cond]
	if g.inner { // of a query around: no truth tests of outer joins
		p = p[:len(p)-3]
	}
	return g.fill(Cond, p[g.r.IntN(len(p))])
}
