package godwit

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
)

type hostileInput struct {
	text    string
	refused bool // at least one statement is refused
}

// hostile are inputs that no server has written. Each ends with findings that name the line and the next step, or converts; none
// panics, hangs, or passes something on unseen.
var hostile = map[string]hostileInput{
	"truncated dump":         {"CREATE TABLE a (id INT);\nINSERT INTO a VALUES (1),(2),(", true},
	"truncated string":       {"CREATE TABLE a (t TEXT);\nINSERT INTO a VALUES ('never ends\n);\nSELECT 1;\n", true},
	"truncated comment":      {"SELECT 1;\n/* never ends\nSELECT 2;\n", false},
	"truncated routine":      {"DELIMITER //\nCREATE PROCEDURE p() BEGIN IF 1 THEN SELECT 1;\n", true},
	"truncated name":         {"CREATE TABLE `a (id INT);\n", true},
	"latin1 in a literal":    {"CREATE TABLE a (t TEXT);\nINSERT INTO a VALUES ('caf\xe9');\n", true},
	"latin1 in a comment":    {"-- caf\xe9\nCREATE TABLE a (t INT);\n", false},
	"latin1 in a name":       {"CREATE TABLE caf\xe9 (t INT);\n", true},
	"NUL":                    {"SELECT 'a\x00b';\nSELECT 1;\n", true},
	"garbage":                {"\x01\x02\x03\xff\xfe;;;)))(((';\n", true},
	"parentheses":            {"SELECT " + strings.Repeat("(", 10000) + "1" + strings.Repeat(")", 10000) + ";\nSELECT 1;\n", true},
	"open parentheses":       {"SELECT " + strings.Repeat("(", 10000) + ";\nSELECT 1;\n", true},
	"blocks":                 {"DELIMITER //\nCREATE PROCEDURE p()\n" + strings.Repeat("BEGIN ", 10000) + "SELECT 1; " + strings.Repeat("END; ", 9999) + "END//\nDELIMITER ;\nSELECT 1;\n", true},
	"deep IFs":               {"DELIMITER //\nCREATE PROCEDURE p()\nBEGIN " + strings.Repeat("IF 1 THEN ", 10000) + "SELECT 1; " + strings.Repeat("END IF; ", 10000) + "END//\nDELIMITER ;\nSELECT 1;\n", true},
	"blocks in a row":        {"DELIMITER //\nCREATE PROCEDURE p()\nBEGIN " + strings.Repeat("BEGIN SET @a = 1; END; ", 1000) + "END//\n", false},
	"ELSEIFs":                {"DELIMITER //\nCREATE PROCEDURE p()\nBEGIN IF 1 THEN SET @a = 1; " + strings.Repeat("ELSEIF 1 THEN SET @a = 1; ", 2000) + "END IF; END//\n", false},
	"IFs":                    {"DELIMITER //\nCREATE PROCEDURE p()\nBEGIN " + strings.Repeat("IF 1 THEN ", 1000) + "SELECT 1; " + strings.Repeat("END IF; ", 1000) + "END//\nDELIMITER ;\nSELECT 1;\n", false},
	"subqueries":             {"SELECT " + strings.Repeat("(SELECT ", 3000) + "1" + strings.Repeat(")", 3000) + ";\n", true},
	"functions":              {"SELECT " + strings.Repeat("ABS(", 5000) + "1" + strings.Repeat(")", 5000) + ";\n", true},
	"NOT":                    {"SELECT " + strings.Repeat("NOT ", 10000) + "1;\n", true},
	"minus":                  {"SELECT " + strings.Repeat("- ", 10000) + "1;\n", true},
	"long sum":               {"SELECT 1" + strings.Repeat("+1", 2400) + ";\n", false},
	"longer sum":             {"SELECT 1" + strings.Repeat("+1", 20000) + ";\n", true},
	"long AND":               {"SELECT 1 WHERE 1" + strings.Repeat(" AND 1", 10000) + ";\n", false},
	"long OR":                {"SELECT 1 WHERE 1" + strings.Repeat(" OR 1", 10000) + ";\n", false},
	"endless AND":            {"SELECT 1 WHERE 1" + strings.Repeat(" AND 1", 60000) + ";\n", true},
	"long UNION":             {"SELECT 1" + strings.Repeat(" UNION ALL SELECT 1", 2000) + ";\n", false},
	"endless UNION":          {"SELECT 1" + strings.Repeat(" UNION ALL SELECT 1", 20000) + ";\n", true},
	"long list":              {"SELECT 1 IN (1" + strings.Repeat(",1", 10000) + ");\n", false},
	"many columns":           {"CREATE TABLE a (c0 INT" + strings.Repeat(", c0 INT", 2000) + ");\n", false},
	"a word":                 {"hello", true},
	"nothing":                {"", false},
	"only comments":          {"-- a\n# b\n/* c */", false},
	"only a delimiter":       {"DELIMITER //\n", false},
	"delimiter without text": {"DELIMITER\nSELECT 1;\n", false},
	"view of itself":         {"CREATE VIEW v AS SELECT * FROM v;\nSELECT * FROM v;\n", true},
	"endless results":        {"DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; CALL p(); CALL p(); END//\nDELIMITER ;\n", true},
	"doubled variable":       {"CREATE TABLE a (n BIGINT);\nSET @s = 'x';\n" + strings.Repeat("SET @s = CONCAT(@s, @s);\n", 40) + "INSERT INTO a VALUES (LENGTH(@s));\n", false},
	"recursive routine":      {"DELIMITER //\nCREATE PROCEDURE p() BEGIN CALL p(); END//\nDELIMITER ;\n", false},
}

func TestHostile(t *testing.T) {
	holdHostile(t, dialect.MySQL, hostile)
}

// hostileOracle are such inputs for Oracle.
var hostileOracle = map[string]hostileInput{
	"truncated insert":       {"CREATE TABLE a (id NUMBER);\nINSERT INTO a VALUES (1, ", true},
	"truncated string":       {"CREATE TABLE a (t VARCHAR2(9));\nINSERT INTO a VALUES ('never ends\n);\nSELECT 1 FROM dual;\n", true},
	"truncated q-string":     {"INSERT INTO a VALUES (q'[never ends);\nSELECT 1 FROM dual;\n", true},
	"truncated comment":      {"SELECT 1 FROM dual;\n/* never ends\nSELECT 2 FROM dual;\n", true},
	"truncated routine":      {"CREATE PROCEDURE p IS BEGIN IF 1 = 1 THEN NULL;\n", true},
	"truncated package":      {"CREATE PACKAGE BODY p IS PROCEDURE q IS BEGIN NULL; END;\n/\nSELECT 1 FROM dual;\n", true},
	"truncated name":         {"CREATE TABLE \"a (id NUMBER);\n", true},
	"no slash":               {"CREATE PROCEDURE p IS BEGIN NULL; END;\nCREATE PROCEDURE q IS BEGIN NULL; END;\n", false},
	"only slashes":           {"/\n/\n/\n", false},
	"latin1 in a literal":    {"CREATE TABLE a (t VARCHAR2(9));\nINSERT INTO a VALUES ('caf\xe9');\n", true},
	"latin1 in a comment":    {"-- caf\xe9\nCREATE TABLE a (t NUMBER);\n", false},
	"latin1 in a name":       {"CREATE TABLE caf\xe9 (t NUMBER);\n", true},
	"NUL":                    {"SELECT 'a\x00b' FROM dual;\nSELECT 1 FROM dual;\n", true},
	"garbage":                {"\x01\x02\x03\xff\xfe;;;)))(((';\n", true},
	"wrapped":                {"CREATE OR REPLACE PACKAGE BODY p wrapped\na000000\n1\nabcd\nabcd\n/\nSELECT 1 FROM dual;\n", true},
	"include of itself":      {"@hostile.sql\n", true},
	"include that is not":    {"@nowhere.sql\nSELECT 1 FROM dual;\n", true},
	"undefined variable":     {"SELECT &nothing FROM dual;\n", true},
	"variable of itself":     {"DEFINE a = &a\nSELECT '&a' FROM dual;\n", false},
	"variable without value": {"DEFINE a =\nCREATE TABLE t&a (x NUMBER);\n", true},
	"variables of variables": {definedTwice(30), true},
	"endless variables":      {"DEFINE a = '" + strings.Repeat("x", 60_000) + "'\nSELECT " + strings.Repeat("&a", 100_000) + " FROM dual;\n", true},
	"parentheses":            {"SELECT " + strings.Repeat("(", 10000) + "1" + strings.Repeat(")", 10000) + " FROM dual;\nSELECT 1 FROM dual;\n", true},
	"open parentheses":       {"SELECT " + strings.Repeat("(", 10000) + ";\nSELECT 1 FROM dual;\n", true},
	"deep blocks":            {"BEGIN\n" + strings.Repeat("BEGIN ", 10000) + "NULL; " + strings.Repeat("END; ", 10000) + "END;\n/\nSELECT 1 FROM dual;\n", true},
	"deep IFs":               {"BEGIN " + strings.Repeat("IF 1 = 1 THEN ", 10000) + "NULL; " + strings.Repeat("END IF; ", 10000) + "END;\n/\n", true},
	"IFs":                    {"BEGIN " + strings.Repeat("IF 1 = 1 THEN ", 1000) + "NULL; " + strings.Repeat("END IF; ", 1000) + "END;\n/\n", false},
	"nested routines":        {"CREATE PROCEDURE p IS\n" + strings.Repeat("PROCEDURE q IS\n", 5000) + strings.Repeat("BEGIN NULL; END;\n", 5000) + "BEGIN NULL; END;\n/\n", true},
	"blocks in a row":        {"CREATE PROCEDURE p IS x NUMBER; BEGIN " + strings.Repeat("BEGIN x := 1; EXCEPTION WHEN OTHERS THEN NULL; END; ", 1000) + "END;\n/\n", false},
	"ELSIFs":                 {"CREATE PROCEDURE p IS x NUMBER; BEGIN IF x = 1 THEN x := 1; " + strings.Repeat("ELSIF x = 2 THEN x := 1; ", 2000) + "END IF; END;\n/\n", false},
	"variables":              {"CREATE PROCEDURE p IS\n" + strings.Repeat("x NUMBER;\n", 2000) + "BEGIN NULL; END;\n/\n", true},
	"long block":             {"CREATE PROCEDURE p IS x NUMBER; BEGIN " + strings.Repeat("x := x + 1;\n", 5000) + "END;\n/\n", false},
	"subqueries":             {"SELECT " + strings.Repeat("(SELECT ", 3000) + "1 FROM dual" + strings.Repeat(" FROM dual)", 3000) + " FROM dual;\n", true},
	"functions":              {"SELECT " + strings.Repeat("ABS(", 5000) + "1" + strings.Repeat(")", 5000) + " FROM dual;\n", true},
	"minus":                  {"SELECT " + strings.Repeat("- ", 10000) + "1 FROM dual;\n", true},
	"long concatenation":     {"SELECT 'a'" + strings.Repeat("||'a'", 2400) + " FROM dual;\n", false},
	"long AND":               {"SELECT 1 FROM dual WHERE 1 = 1" + strings.Repeat(" AND 1 = 1", 10000) + ";\n", false},
	"long UNION":             {"SELECT 1 FROM dual" + strings.Repeat(" UNION ALL SELECT 1 FROM dual", 2000) + ";\n", false},
	"endless UNION":          {"SELECT 1 FROM dual" + strings.Repeat(" UNION ALL SELECT 1 FROM dual", 20000) + ";\n", true},
	"INSERT ALL":             {"CREATE TABLE a (id NUMBER);\nINSERT ALL" + strings.Repeat(" INTO a VALUES (1)", 3000) + " SELECT 1 FROM dual;\n", false},
	"many columns":           {"CREATE TABLE a (c0 NUMBER" + strings.Repeat(", c0 NUMBER", 2000) + ");\n", false},
	"a word":                 {"hello\n", true},
	"nothing":                {"", false},
	"only comments":          {"-- a\nREM b\n/* c */\n", false},
	"view of itself":         {"CREATE VIEW v AS SELECT * FROM v;\nSELECT * FROM v;\n", true},
	"type of itself":         {"CREATE TYPE t AS OBJECT (a t);\n/\n", false},
	"packages of each other": {"CREATE PACKAGE a IS x b.t; SUBTYPE t IS b.t; END;\n/\nCREATE PACKAGE b IS SUBTYPE t IS a.t; END;\n/\n", false},
	"variable of its type":   {"CREATE PROCEDURE p IS x x%TYPE; BEGIN NULL; END;\n/\n", true},
	"cursor of itself":       {"CREATE PROCEDURE p IS CURSOR c IS SELECT 1 AS a FROM dual; r c%ROWTYPE; s r%ROWTYPE; BEGIN NULL; END;\n/\n", false},
	"synonym of itself":      {"CREATE SYNONYM s FOR s;\nSELECT * FROM s;\n", true},
	"recursive routine":      {"CREATE PROCEDURE p IS BEGIN p; END;\n/\n", false},
	"routines that call":     {callChain(20), false},
}

// definedTwice are n variables, each of which holds the one before ten times.
func definedTwice(n int) string {
	var b strings.Builder
	b.WriteString("DEFINE a0 = x\n")
	for i := range n {
		fmt.Fprintf(&b, "DEFINE a%d = \"%s\"\n", i+1, strings.Repeat(fmt.Sprintf("&a%d.", i), 10))
	}
	fmt.Fprintf(&b, "SELECT '&a%d' AS a, &a%[1]d FROM dual;\n", n)
	return b.String()
}

// callChain are n procedures of which each calls the next one several times.
func callChain(n int) string {
	var b strings.Builder
	b.WriteString("CREATE TABLE t (a NUMBER);\n")
	fmt.Fprintf(&b, "CREATE PROCEDURE p%d IS BEGIN INSERT INTO t VALUES (1); END;\n/\n", n)
	for i := n - 1; i >= 0; i-- {
		fmt.Fprintf(&b, "CREATE PROCEDURE p%d IS BEGIN p%[2]d; p%[2]d; EXCEPTION WHEN NO_DATA_FOUND THEN p%[2]d; END;\n/\n", i, i+1)
	}
	return b.String()
}

func TestHostileOracle(t *testing.T) {
	holdHostile(t, dialect.Oracle, hostileOracle)
}

func holdHostile(t *testing.T, from dialect.Name, inputs map[string]hostileInput) {
	t.Helper()
	opt := Options{From: from, To: dialect.Postgres, ToVersion: 15}
	start := processorTime(t)
	text := strings.Repeat("SELECT a.id, CONCAT(a.t, 'x') FROM a JOIN a b ON a.id = b.id + 1 WHERE a.t LIKE 'b%' AND b.id > 3;\n", 1000)
	for _, run := range []func([]*source.File, Options) (*Conversion, error){Translate, Convert} {
		if _, err := run([]*source.File{source.NewFile("ordinary.sql", "CREATE TABLE a (id INT, t VARCHAR(40));\n"+text)}, opt); err != nil {
			t.Fatal(err)
		}
	}
	ordinary := processorTime(t) - start
	t.Logf("1,000 ordinary statements: %v", ordinary)
	for name, h := range inputs {
		t.Run(name, func(t *testing.T) {
			start := processorTime(t)
			for _, run := range []func([]*source.File, Options) (*Conversion, error){Translate, Convert} {
				c, err := run([]*source.File{source.NewFile("hostile.sql", h.text)}, opt)
				if err != nil {
					if !h.refused || !strings.Contains(err.Error(), "hostile.sql") {
						t.Errorf("error without need or place: %v", err)
					}
					continue
				}
				if got := refusals(t, c); (got > 0) != h.refused {
					t.Errorf("%d statements are refused: %v", got, messages(c))
				}
			}
			// The hardest of them needs twice as much.
			if d := processorTime(t) - start; d > 8*ordinary {
				t.Errorf("took %v of processor time, %v is enough for 1,000 ordinary statements", d, ordinary)
			} else {
				t.Logf("%.2f times 1,000 ordinary statements", d.Seconds()/ordinary.Seconds())
			}
		})
	}
}

// processorTime is what the process has used so far. Unlike the clock on the wall it does not know what else the machine does.
func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// refusals counts the refused units; each must have an error with a place and a next step, and no unit may have met a panic.
func refusals(t *testing.T, c *Conversion) int {
	t.Helper()
	n := 0
	for _, u := range c.Units {
		why := false
		for _, f := range u.Findings {
			if f.Code == internalError.ID {
				t.Errorf("internal error: %s", f.Message)
			}
			if f.Severity == diag.Error {
				why = true
				if f.Next == "" || !f.Span.IsValid() || f.Span.Line() < 1 {
					t.Errorf("%s has no place or no next step: %s", f.Code, f.Message)
				}
			}
		}
		if u.Status == diag.Refused || slices.ContainsFunc(u.Findings, func(f diag.Finding) bool { return f.Code == routineLeft.ID }) {
			n++
			if !why {
				t.Errorf("refused without an error at line %d: %.80q", u.Source.Line(), u.Text)
			}
		}
	}
	return n
}

// TestLongScript holds the memory of a long script to what its units need.
func TestLongScript(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a while")
	}
	const lines = 20_000
	text := "CREATE TABLE a (id INT, t VARCHAR(40));\n" + strings.Repeat("INSERT INTO a VALUES (1, 'a line of a long script'), (2, 'another');\n", lines)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	c, err := Translate([]*source.File{source.NewFile("long.sql", text)}, Options{From: dialect.MySQL, To: dialect.Postgres, ToVersion: 15})
	if err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if len(c.Units) != lines+1 {
		t.Errorf("%d units, want %d", len(c.Units), lines+1)
	}
	perLine := (after.HeapAlloc - before.HeapAlloc) / lines
	t.Logf("%d bytes a line", perLine)
	if perLine > 20_000 {
		t.Errorf("the conversion of a line holds %d bytes", perLine)
	}
	runtime.KeepAlive(c)
}

// FuzzTranslate looks for panics and for refusals without a reason.
func FuzzTranslate(f *testing.F) {
	for _, h := range hostile {
		if len(h.text) < 300 {
			f.Add(h.text)
		}
	}
	paths, _ := filepath.Glob("testdata/cases/mysql/0[0-2]*.txtar")
	more, _ := filepath.Glob("testdata/definitions/*.txtar")
	for _, p := range append(paths, more...) {
		b, err := os.ReadFile(p)
		if err != nil {
			f.Fatal(err)
		}
		for _, x := range txtar.Parse(b).Files {
			if strings.HasSuffix(x.Name, ".sql") && x.Name != "target.sql" {
				f.Add(string(x.Data))
			}
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Translate([]*source.File{source.NewFile("fuzz.sql", text)}, Options{From: dialect.MariaDB, To: dialect.Postgres, ToVersion: 15})
		if err != nil {
			if !strings.Contains(err.Error(), "fuzz.sql") {
				t.Errorf("error without a place: %v", err)
			}
			return
		}
		refusals(t, c)
	})
}
