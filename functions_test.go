package godwit

import (
	"fmt"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"

	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/op"
	"godwit/ir/source"
	"godwit/parser/mysql"
	"godwit/parser/mysql/builtins"
)

// TestFunctionsPage holds docs/functions.md to what becomes of a call of each built-in function and operator.
func TestFunctionsPage(t *testing.T) {
	checkGolden(t, "docs/functions.md", functionsPage(t))
}

// TestEveryConvertedFunctionIsListed keeps the list of built-in functions complete.
func TestEveryConvertedFunctionIsListed(t *testing.T) {
	names := builtins.Names()
	for _, n := range mysql.FunctionNames() {
		if !names[n] && !slices.Contains([]string{"JSON_APPEND"}, n) { // of versions before 8
			t.Errorf("%s is converted, but not in the list of built-in functions", n)
		}
	}
}

const functionsTable = `CREATE TABLE t (i INT, n DECIMAL(10,2), x DOUBLE, s VARCHAR(40), b VARBINARY(40), d DATE, dt DATETIME, tm TIME, j JSON, g GEOMETRY) DEFAULT CHARSET utf8mb4;`

// classColumns are the columns of the table by the class of an argument.
var classColumns = map[op.ArgClass]string{op.AnyArg: "s", op.TextArg: "s", op.NumberArg: "n", op.FloatArg: "x", op.IntArg: "i", op.DateTimeArg: "dt", op.DateArg: "d",
	op.TimeArg: "tm", op.BoolArg: "i > 0", op.BytesArg: "s", op.JSONArg: "j", op.JSONValueArg: "i", op.CommonArg: "i"}

// specialCalls are calls with a syntax or with literals of their own.
var specialCalls = map[string]string{
	"CONCAT": "CONCAT(s, i)", "CAST": "CAST(s AS SIGNED)", "CONVERT": "CONVERT(n, CHAR)", "DEFAULT": "DEFAULT(i)", "VALUES": "", "VALUE": "", "MATCH": "MATCH (s) AGAINST ('a')", "JSON_TABLE": "",
	"IF": "IF(i > 0, s, 'a')", "ISNULL": "ISNULL(s)", "MOD": "MOD(i, 3)", "POSITION": "POSITION('a' IN s)", "EXTRACT": "EXTRACT(YEAR FROM dt)", "TRIM": "TRIM(LEADING 'a' FROM s)", "GET_FORMAT": "GET_FORMAT(DATE, 'ISO')",
	"TIMESTAMPDIFF": "TIMESTAMPDIFF(HOUR, dt, dt)", "TIMESTAMPADD": "TIMESTAMPADD(HOUR, i, dt)", "DATE_ADD": "DATE_ADD(d, INTERVAL i DAY)", "DATE_SUB": "DATE_SUB(d, INTERVAL 1 MONTH)", "ADDDATE": "ADDDATE(d, i)", "SUBDATE": "SUBDATE(d, 1)",
	"NOW": "NOW()", "CURRENT_TIMESTAMP": "CURRENT_TIMESTAMP()", "LOCALTIME": "LOCALTIME()", "LOCALTIMESTAMP": "LOCALTIMESTAMP()", "SYSDATE": "SYSDATE()", "CURDATE": "CURDATE()", "CURRENT_DATE": "CURRENT_DATE()", "CURTIME": "CURTIME()",
	"CURRENT_TIME": "CURRENT_TIME()", "UTC_DATE": "UTC_DATE()", "UTC_TIME": "UTC_TIME()", "UTC_TIMESTAMP": "UTC_TIMESTAMP()", "DATE_FORMAT": "DATE_FORMAT(dt, '%d.%m.%Y')", "TIME_FORMAT": "TIME_FORMAT(tm, '%H:%i')",
	"STR_TO_DATE": "STR_TO_DATE(s, '%d.%m.%Y')", "INTERVAL": "INTERVAL(i, 1, 10)", "CHAR": "CHAR(i USING utf8mb4)", "CHR": "CHR(i)", "ADDTIME": "ADDTIME(dt, '1:00:00')", "SUBTIME": "SUBTIME(tm, '1:00:00')", "TIMEDIFF": "TIMEDIFF(dt, dt)",
	"CONVERT_TZ": "CONVERT_TZ(dt, '+00:00', '+02:00')", "REGEXP_INSTR": "REGEXP_INSTR(s, '[a-z]+')", "REGEXP_LIKE": "REGEXP_LIKE(s, '^a')", "REGEXP_REPLACE": "REGEXP_REPLACE(s, '[a-z]+', 'x')", "REGEXP_SUBSTR": "REGEXP_SUBSTR(s, '[a-z]+')",
	"JSON_EXTRACT": "JSON_EXTRACT(j, '$.a')", "JSON_CONTAINS": "JSON_CONTAINS(j, '1', '$.a')", "JSON_CONTAINS_PATH": "JSON_CONTAINS_PATH(j, 'one', '$.a')", "JSON_KEYS": "JSON_KEYS(j)", "JSON_SEARCH": "JSON_SEARCH(j, 'one', 'a')",
	"JSON_VALUE": "JSON_VALUE(j, '$.a')", "JSON_QUERY": "JSON_QUERY(j, '$.a')", "JSON_EXISTS": "JSON_EXISTS(j, '$.a')", "JSON_ARRAY_APPEND": "JSON_ARRAY_APPEND(j, '$.a', i)", "JSON_ARRAY_INSERT": "JSON_ARRAY_INSERT(j, '$[0]', i)",
	"JSON_INSERT": "JSON_INSERT(j, '$.a', i)", "JSON_REPLACE": "JSON_REPLACE(j, '$.a', i)", "JSON_SET": "JSON_SET(j, '$.a', i)", "JSON_REMOVE": "JSON_REMOVE(j, '$.a')", "JSON_OBJECT": "JSON_OBJECT('k', i)", "JSON_ARRAY": "JSON_ARRAY(i, s)",
	"JSON_UNQUOTE": "JSON_UNQUOTE(j)", "JSON_MERGE": "JSON_MERGE(j, j)", "SHA2": "SHA2(s, 256)", "WEIGHT_STRING": "WEIGHT_STRING(s)", "COUNT": "COUNT(*)", "GROUP_CONCAT": "GROUP_CONCAT(s ORDER BY i)", "GROUPING": "", "NTILE": "NTILE(4)",
	"NTH_VALUE": "NTH_VALUE(i, 2)", "PERCENTILE_CONT": "PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY i)", "PERCENTILE_DISC": "PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY i)", "MEDIAN": "MEDIAN(i)", "FORMAT": "FORMAT(n, 2)", "LPAD": "LPAD(s, 5, '*')", "RPAD": "RPAD(s, 5, '*')",
	"REPEAT": "REPEAT(s, 3)", "LEFT": "LEFT(s, 3)", "RIGHT": "RIGHT(s, 3)", "SUBSTRING": "SUBSTRING(s, 2, 3)", "SUBSTR": "SUBSTR(s, 2, 3)", "MID": "MID(s, 2, 3)", "SUBSTRING_INDEX": "SUBSTRING_INDEX(s, ',', 2)", "ELT": "ELT(i, 'a', 'b')",
	"MAKE_SET": "MAKE_SET(i, 'a', 'b')", "EXPORT_SET": "EXPORT_SET(i, 'Y', 'N')", "INSERT": "INSERT(s, 2, 1, 'x')", "CURRENT_USER": "CURRENT_USER()", "CURRENT_ROLE": "CURRENT_ROLE()", "NEXTVAL": "", "LASTVAL": "", "SETVAL": "",
	"UUID_TO_BIN": "UUID_TO_BIN(s)", "NAME_CONST": "NAME_CONST('a', 1)", "GET_LOCK": "GET_LOCK('a', 1)", "UNIX_TIMESTAMP": "UNIX_TIMESTAMP(dt)", "TIMESTAMP": "TIMESTAMP(d)", "TIME": "TIME(dt)", "DATE": "DATE(dt)", "FIELD": "FIELD(s, 'a', 'b')",
	"HEX": "HEX(s)", "COALESCE": "COALESCE(i, 0)", "IFNULL": "IFNULL(i, 0)", "NVL": "NVL(i, 0)", "NULLIF": "NULLIF(i, 0)", "GREATEST": "GREATEST(i, 1)", "LEAST": "LEAST(i, 1)", "NVL2": "NVL2(s, i, 0)", "ROUND": "ROUND(n, 1)", "TRUNCATE": "TRUNCATE(n, 1)",
	"MIN": "MIN(i)", "MAX": "MAX(i)", "LAG": "LAG(i)", "LEAD": "LEAD(i)", "FIRST_VALUE": "FIRST_VALUE(i)", "LAST_VALUE": "LAST_VALUE(i)", "ANY_VALUE": "ANY_VALUE(i)", "JSON_ARRAYAGG": "JSON_ARRAYAGG(i)", "JSON_OBJECTAGG": "JSON_OBJECTAGG(s, i)",
	"WEEK": "WEEK(d)", "YEARWEEK": "YEARWEEK(d)", "RAND": "RAND()", "ATAN": "ATAN(x)", "LOG": "LOG(x)", "BIT_COUNT": "BIT_COUNT(i)", "CONV": "CONV(s, 16, 10)", "LOCATE": "LOCATE('a', s)", "LAST_INSERT_ID": "LAST_INSERT_ID()",
	"AES_ENCRYPT": "AES_ENCRYPT(s, 'k')", "AES_DECRYPT": "AES_DECRYPT(b, 'k')", "CRC32": "CRC32(s)", "MD5": "MD5(s)", "INET6_NTOA": "INET6_NTOA(b)", "FROM_UNIXTIME": "FROM_UNIXTIME(i)", "EXTRACTVALUE": "EXTRACTVALUE(s, '/a')", "UPDATEXML": "UPDATEXML(s, '/a', 'b')",
	"JSON_COMPACT": "JSON_COMPACT(j)", "BIN_TO_UUID": "BIN_TO_UUID(b)", "REPLACE": "REPLACE(s, 'a', 'b')", "DAY": "DAY(d)", "TO_CHAR": "TO_CHAR(dt, 'YYYY')",
}

// wholeStatements are statements for functions that stand in no select list.
var wholeStatements = map[string]string{
	"VALUES": "INSERT INTO u VALUES (1, 2) ON DUPLICATE KEY UPDATE v = VALUES(v)", "VALUE": "INSERT INTO u VALUES (1, 2) ON DUPLICATE KEY UPDATE v = VALUE(v)",
	"JSON_TABLE": "SELECT k.a FROM t, JSON_TABLE(t.j, '$[*]' COLUMNS (a INT PATH '$.a')) k", "GROUPING": "SELECT i, GROUPING(i) FROM t GROUP BY i WITH ROLLUP",
	"NEXTVAL": "SELECT NEXTVAL(q)", "LASTVAL": "SELECT LASTVAL(q)", "SETVAL": "SELECT SETVAL(q, 5)",
}

// operators are samples of the operators, and of what is written like none.
var operators = [][2]string{
	{"+, -, *", "i + n * 2 - 1"}, {"/", "i / 3"}, {"DIV", "i DIV 3"}, {"%, MOD", "i % 3"}, {"- (unary)", "-i"}, {"&", "i & 4"}, {"\\|", "i | 4"}, {"^", "i ^ 4"}, {"~", "~i"}, {"<<", "i << 1"}, {">>", "i >> 1"},
	{"=, <>, !=, <, <=, >, >=", "i >= 3"}, {"= of texts", "s = 'a'"}, {"= of a text and a number", "s = 1"}, {"<=>", "s <=> NULL"}, {"AND, &&", "i > 1 AND n > 1"}, {"OR", "i > 1 OR n > 1"}, {"XOR", "i > 1 XOR n > 1"}, {"NOT, !", "NOT i"},
	{"IS NULL, IS NOT NULL", "s IS NULL"}, {"IS TRUE, IS FALSE, IS UNKNOWN", "(i > 1) IS TRUE"}, {"BETWEEN, NOT BETWEEN", "i BETWEEN 1 AND 2"}, {"IN, NOT IN", "i IN (1, 2)"}, {"IN (query)", "i IN (SELECT k.i FROM t k)"},
	{"EXISTS", "EXISTS (SELECT 1 FROM t k WHERE k.i = t.i)"}, {"ANY, SOME, ALL", "i > ALL (SELECT k.i FROM t k)"}, {"LIKE, NOT LIKE", "s LIKE 'a%'"}, {"REGEXP, RLIKE", "s REGEXP '^a'"}, {"SOUNDS LIKE", "s SOUNDS LIKE 'a'"},
	{"CASE", "CASE i WHEN 1 THEN 'a' ELSE 'b' END"}, {"COLLATE", "s COLLATE utf8mb4_bin"}, {"BINARY", "BINARY s"}, {"INTERVAL", "d + INTERVAL 1 DAY"}, {"->", "j -> '$.a'"}, {"->>", "j ->> '$.a'"}, {"MEMBER OF", "i MEMBER OF (j)"}, {":=", "@a := i"},
	{"(a, b) = (c, d)", "(i, s) = (1, 'a')"},
}

func sampleCall(name string) string {
	if s, ok := specialCalls[name]; ok {
		return s
	}
	if o, ok := mysql.LookupFunction(name, 1); ok {
		if op.IsSpatial(o) {
			return name + "(g)"
		}
		info := op.Lookup(o)
		var args []string
		for i := range info.Min {
			args = append(args, classColumns[info.Arg(i)])
		}
		return name + "(" + strings.Join(args, ", ") + ")"
	}
	return name + "(s)"
}

var usedHelper = regexp.MustCompile(`godwit_mysql\.(\w+)`)

// functionOutcome translates a statement and tells what became of it.
func functionOutcome(t *testing.T, from dialect.Name, statement string) string {
	t.Helper()
	tables := functionsTable + "\nCREATE TABLE u (id INT PRIMARY KEY, v INT);\n"
	if from == dialect.MariaDB {
		tables += "CREATE SEQUENCE q;\n"
	}
	c, err := Translate([]*source.File{source.NewFile("f.sql", statement+";")}, Options{From: from, To: dialect.Postgres, Catalog: []*source.File{source.NewFile("t.sql", tables)}})
	if err != nil {
		t.Fatal(err)
	}
	worst, codes, out := diag.Exact, map[string]bool{}, ""
	for _, u := range c.Units {
		for _, f := range u.Findings {
			if f.Fidelity > worst {
				worst, codes = f.Fidelity, map[string]bool{}
			}
			if f.Fidelity == worst && worst > diag.Exact {
				codes[f.Code] = true
			}
		}
		for _, o := range u.Outputs {
			if o.Rows || !strings.HasPrefix(o.SQL, "CREATE ") {
				out += o.SQL
			}
		}
	}
	if worst == diag.Refused {
		return "refused: " + list(codes)
	}
	helpers := map[string]bool{}
	for _, m := range usedHelper.FindAllStringSubmatch(out, -1) {
		if m[1] != "ai_ci" && m[1] != "as_ci" {
			helpers["`"+m[1]+"`"] = true
		}
	}
	text := "exact"
	if len(helpers) > 0 {
		text = "by " + list(helpers)
	}
	switch worst {
	case diag.Assumed:
		text += "; assumed: " + list(codes)
	case diag.Approximate:
		text += "; approximate: " + list(codes)
	}
	return text
}

func list(m map[string]bool) string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return strings.Join(out, ", ")
}

func functionsPage(t *testing.T) string {
	var b strings.Builder
	b.WriteString(`# Functions and operators

Generated by ` + "`go test -run TestFunctionsPage -update .`" + `: what becomes of one call of each built-in function and operator of MySQL 8.0 and 8.4 and of MariaDB 10.11 on PostgreSQL 15.
Other arguments may need other routines or have findings of their own; ` + "`godwit explain CODE`" + ` and [rules.md](rules.md) say what a code means.

* exact: the same values, by what PostgreSQL has;
* by a name: the same values, by routines of the schema ` + "`godwit_mysql`" + `, which are created where they are used;
* assumed: the same values under an assumption, which the finding states;
* approximate: other values in cases that the finding names;
* refused: not converted, by the finding.

## Operators

| Operator | Sample | Conversion |
|---|---|---|
`)
	for _, o := range operators {
		from := dialect.MySQL
		fmt.Fprintf(&b, "| `%s` | `%s` | %s |\n", o[0], strings.ReplaceAll(o[1], "|", "\\|"), functionOutcome(t, from, "SELECT "+o[1]+" FROM t"))
	}
	group := ""
	for _, f := range builtins.All() {
		if f.Group != group {
			group = f.Group
			fmt.Fprintf(&b, "\n## %s\n\n| Function | In | Sample | Conversion |\n|---|---|---|---|\n", group)
		}
		in := map[builtins.Dialect]string{builtins.Both: "both", builtins.MySQL: "MySQL", builtins.MariaDB: "MariaDB"}[f.In]
		from := dialect.MySQL
		if f.In == builtins.MariaDB {
			from = dialect.MariaDB
		}
		sample := sampleCall(f.Name)
		if o, ok := mysql.LookupFunction(f.Name, 1); ok && op.Lookup(o) != nil && op.Lookup(o).Kind == op.WindowFunction {
			sample += " OVER (ORDER BY i)"
		}
		statement := "SELECT " + sample + " FROM t"
		if s, ok := wholeStatements[f.Name]; ok {
			statement, sample = s, s
		}
		fmt.Fprintf(&b, "| `%s` | %s | `%s` | %s |\n", f.Name, in, sample, functionOutcome(t, from, statement))
	}
	return b.String()
}
