package godwit

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"godwit/ir/dialect"
	"godwit/ir/source"
)

// growing are scripts of n parts in which each part could be looked for among all the others.
var growing = []struct {
	name string
	from dialect.Name
	text func(n int) string
}{
	{"a table made again and again", dialect.Oracle, repeated("", "CREATE TABLE t (a NUMBER);\nDROP TABLE t;\n", "")},
	{"tables renamed", dialect.Oracle, repeated("", "CREATE TABLE t%[1]d (a NUMBER);\nRENAME t%[1]d TO u%[1]d;\nINSERT INTO u%[1]d SELECT 1 FROM dual;\n", "")},
	{"a table renamed again and again", dialect.Oracle, repeated("CREATE TABLE t (a NUMBER);\n", "ALTER TABLE t RENAME TO u;\nALTER TABLE u RENAME TO t;\n", "")},
	{"columns renamed", dialect.Oracle, repeated("", "CREATE TABLE t%[1]d (a NUMBER);\nALTER TABLE t%[1]d RENAME COLUMN a TO b;\n", "")},
	{"a table swapped for another", dialect.Oracle, repeated("CREATE TABLE t (a NUMBER);\n", "CREATE TABLE n (a NUMBER, b%d NUMBER);\nINSERT INTO n (a) SELECT a FROM t;\nDROP TABLE t;\nRENAME n TO t;\n", "")},
	{"constraints switched", dialect.Oracle, repeated("", "CREATE TABLE t%[1]d (a NUMBER, CONSTRAINT c%[1]d CHECK (a > 0));\nALTER TABLE t%[1]d DISABLE CONSTRAINT c%[1]d;\nALTER TABLE t%[1]d ENABLE CONSTRAINT c%[1]d;\n", "")},
	{"changes of a column", dialect.Oracle, repeated("CREATE TABLE t (a NUMBER);\n", "ALTER TABLE t MODIFY a NUMBER(30);\n", "")},
	{"triggers of a table", dialect.Oracle, repeated("CREATE TABLE t (a NUMBER);\n", "CREATE TRIGGER g%d BEFORE INSERT ON t FOR EACH ROW BEGIN :NEW.a := 1; END;\n/\n", "")},
	{"statements of a routine", dialect.Oracle, repeated("CREATE TABLE t (a NUMBER PRIMARY KEY);\nCREATE PROCEDURE p IS\nBEGIN\n", "UPDATE t SET a = %[1]d;\nBEGIN\nDELETE FROM t WHERE a = %[1]d;\nEXCEPTION WHEN OTHERS THEN NULL;\nEND;\n", "END;\n/\n")},
	{"nested routines", dialect.Oracle, repeated("CREATE PROCEDURE p IS\nz NUMBER;\n", "PROCEDURE n%[1]d IS BEGIN z := %[1]d; END;\n", "BEGIN\nNULL;\nEND;\n/\n")},
	{"members of a package", dialect.Oracle, func(n int) string {
		return repeated("CREATE PACKAGE p IS\n", "PROCEDURE q%d;\n", "END;\n/\n")(n) + repeated("CREATE PACKAGE BODY p IS\n", "PROCEDURE q%d IS BEGIN q0; END;\n", "END;\n/\n")(n)
	}},
	{"variables of a package", dialect.Oracle, repeated("CREATE PACKAGE p IS\n", "v%[1]d NUMBER := %[1]d;\n", "END;\n/\n")},
	{"routines that call each other", dialect.Oracle, repeated("CREATE PROCEDURE p0 IS BEGIN NULL; END;\n/\n", "CREATE PROCEDURE q%[1]d IS BEGIN p0; EXCEPTION WHEN OTHERS THEN NULL; END;\n/\n", "")},
	{"user variables", dialect.MySQL, repeated("", "SET @v%[1]d = %[1]d;\nSELECT @v%[1]d + 1;\n", "")},
	{"changes in a routine", dialect.MySQL, repeated("CREATE TABLE t (a INT PRIMARY KEY);\nDELIMITER //\nCREATE PROCEDURE p()\nBEGIN\nDECLARE CONTINUE HANDLER FOR SQLEXCEPTION SET @x = 1;\n", "UPDATE t SET a = %[1]d;\nINSERT IGNORE INTO t VALUES (%[1]d);\n", "END//\n")},
	{"changes of tables with triggers", dialect.MySQL, repeated("", "CREATE TABLE t%[1]d (a INT PRIMARY KEY, b INT);\nCREATE TRIGGER g%[1]d BEFORE UPDATE ON t%[1]d FOR EACH ROW SET NEW.b = 1;\nUPDATE t%[1]d SET a = a + 1;\n", "")},
	{"cursors of a routine", dialect.Oracle, func(n int) string {
		return repeated("CREATE TABLE t (a NUMBER);\nCREATE PROCEDURE p IS\n", "CURSOR c%[1]d IS SELECT a FROM t WHERE a = %[1]d;\n", "x NUMBER;\nBEGIN\n")(n) + repeated("", "OPEN c%[1]d; FETCH c%[1]d INTO x; CLOSE c%[1]d;\n", "END;\n/\n")(n)
	}},
	{"labels of a routine", dialect.Oracle, repeated("CREATE PROCEDURE p IS x NUMBER := 0;\nBEGIN\n", "<<l%[1]d>>\nx := x + %[1]d;\n", "END;\n/\n")},
	{"a database made again and again with its foreign keys off", dialect.MySQL, repeated("", "SET @old = @@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS = 0;\nDROP DATABASE IF EXISTS d;\nCREATE DATABASE d;\nUSE d;\n"+
		"CREATE TABLE t (a INT PRIMARY KEY, b INT, FOREIGN KEY (b) REFERENCES t (a));\nINSERT INTO t SELECT 1, 1;\nSET FOREIGN_KEY_CHECKS = @old;\n", "")},
	{"views of views", dialect.MySQL, repeated("CREATE TABLE t (a INT);\n", "CREATE VIEW v%[1]d AS SELECT a FROM t WHERE a > %[1]d;\nCREATE VIEW w%[1]d AS SELECT a FROM v%[1]d;\n", "")},
}

func repeated(before, each, behind string) func(n int) string {
	return func(n int) string {
		var b strings.Builder
		b.WriteString(before)
		for i := range n {
			if strings.Contains(each, "%") {
				fmt.Fprintf(&b, each, i)
			} else {
				b.WriteString(each)
			}
		}
		b.WriteString(behind)
		return b.String()
	}
}

// TestConversionTakesLinearTime checks that a script four times as long takes about four times the processor's time.
func TestConversionTakesLinearTime(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector's own time is not that of the conversion")
	}
	for _, g := range growing {
		t.Run(g.name, func(t *testing.T) {
			const n, times = 600, 4
			small, large := conversionTime(t, g.from, g.text(n)), conversionTime(t, g.from, g.text(times*n))
			if large > 2.5*times*small {
				t.Errorf("%d times as much takes %.1f times as long: %.2f s and %.2f s", times, large/small, small, large)
			}
		})
	}
}

// conversionTime is the processor's time in seconds, the least of three runs. What is less than a collection of garbage takes says nothing.
func conversionTime(t *testing.T, from dialect.Name, text string) float64 {
	least := 0.0
	for range 3 {
		runtime.GC()
		before := processorTime(t)
		c, err := Convert([]*source.File{source.NewFile("big.sql", text)}, Options{From: from, To: dialect.Postgres, ToVersion: 15})
		if err != nil {
			t.Fatal(err)
		}
		c.Objects()
		c.Files()
		if d := (processorTime(t) - before).Seconds(); least == 0 || d < least {
			least = d
		}
	}
	return max(least, 0.08)
}
