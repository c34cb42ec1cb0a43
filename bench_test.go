package godwit

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"

	"godwit/ir/dialect"
	"godwit/ir/source"
)

// measure converts text b.N times and reports what a thousand units cost.
func measure(b *testing.B, text string, run func([]*source.File, Options) (*Conversion, error)) {
	b.Helper()
	for b.Loop() {
		var before, after runtime.MemStats
		b.StopTimer()
		runtime.GC()
		runtime.ReadMemStats(&before)
		b.StartTimer()
		c, err := run([]*source.File{source.NewFile("bench.sql", text)}, Options{From: dialect.MySQL, To: dialect.Postgres, ToVersion: 15})
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		runtime.GC()
		runtime.ReadMemStats(&after)
		units := float64(len(c.Units))
		b.ReportMetric(units, "units")
		b.ReportMetric(float64(strings.Count(text, "\n")), "lines")
		b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6/units*1000, "MB-held/1000units")
		b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/1e6/units*1000, "MB-alloc/1000units")
		runtime.KeepAlive(c)
		b.StartTimer()
	}
	b.ReportMetric(0, "B/op")
}

// BenchmarkConvert converts the sample database, over and over in one script of about n lines. Its objects are the same in each
// round: each round drops them first.
func BenchmarkConvert(b *testing.B) {
	text, err := os.ReadFile("testdata/sakila/mysql-sakila-schema.sql")
	if err != nil {
		b.Fatal(err)
	}
	one := string(text) + "\n"
	for _, n := range []int{2_000, 20_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			measure(b, strings.Repeat(one, 1+n/strings.Count(one, "\n")), Convert)
		})
	}
}

// BenchmarkTranslateLong translates n statements of a simple kind.
func BenchmarkTranslateLong(b *testing.B) {
	for _, n := range []int{2_000, 20_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { measure(b, longScript(n), Translate) })
	}
}

// BenchmarkConvertLong converts n statements of a simple kind as one script.
func BenchmarkConvertLong(b *testing.B) {
	for _, n := range []int{2_000, 20_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) { measure(b, longScript(n), Convert) })
	}
}

// longScript is a table with n statements on it, half of them INSERT, half SELECT.
func longScript(n int) string {
	var s strings.Builder
	s.WriteString("CREATE TABLE a (id INT, t VARCHAR(40));\n")
	for i := range n / 2 {
		fmt.Fprintf(&s, "INSERT INTO a VALUES (%d, 'a line of a long script'), (2, 'another');\n", i)
		fmt.Fprintf(&s, "SELECT id, t FROM a WHERE id > %d AND t = 'x' ORDER BY id;\n", i)
	}
	return s.String()
}

// BenchmarkManyObjects converts n tables, each with a view, so that the catalog grows with the script.
func BenchmarkManyObjects(b *testing.B) {
	for _, n := range []int{500, 5_000} {
		var s strings.Builder
		for i := range n {
			fmt.Fprintf(&s, "CREATE TABLE t%d (id INT PRIMARY KEY, e ENUM('a','b'), t VARCHAR(40));\n", i)
			fmt.Fprintf(&s, "CREATE VIEW v%d AS SELECT id, t FROM t%d WHERE e = 'a';\n", i, i)
		}
		b.Run(fmt.Sprint("Translate/", n), func(b *testing.B) { measure(b, s.String(), Translate) })
		b.Run(fmt.Sprint("Convert/", n), func(b *testing.B) { measure(b, s.String(), Convert) })
	}
}

// BenchmarkFiles converts scripts and writes the folder: the sample database over and over, and a schema of many objects.
func BenchmarkFiles(b *testing.B) {
	text, err := os.ReadFile("testdata/sakila/mysql-sakila-schema.sql")
	if err != nil {
		b.Fatal(err)
	}
	one := string(text) + "\n"
	for _, d := range []struct{ name, text string }{
		{"sakila", strings.Repeat(one, 1+20_000/strings.Count(one, "\n"))},
		{"objects", objectScript(500)},
	} {
		b.Run(d.name, func(b *testing.B) {
			lines := strings.Count(d.text, "\n")
			for b.Loop() {
				c, err := Convert([]*source.File{source.NewFile("bench.sql", d.text)}, Options{From: dialect.MySQL, To: dialect.Postgres, ToVersion: 15})
				if err != nil {
					b.Fatal(err)
				}
				if err := c.WriteFolder(b.TempDir()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(lines), "lines")
			b.ReportMetric(float64(lines)*float64(b.N)/b.Elapsed().Seconds(), "lines/s")
		})
	}
}

// objectScript is a schema of n tables, each with a view, a trigger and a procedure on it.
func objectScript(n int) string {
	const object = `CREATE TABLE customer_%[1]d (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  name VARCHAR(40) NOT NULL,
  balance DECIMAL(10,2) NOT NULL DEFAULT 0.00,
  state ENUM('new','active','gone') NOT NULL DEFAULT 'new',
  changed DATETIME DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (id),
  KEY idx_name (name)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
CREATE VIEW active_%[1]d AS
SELECT c.id, UPPER(c.name) AS name, c.balance
FROM customer_%[1]d AS c
WHERE c.state = 'active' AND c.balance > 10;
DELIMITER //
CREATE TRIGGER trim_%[1]d BEFORE INSERT ON customer_%[1]d FOR EACH ROW
BEGIN
  SET NEW.name = TRIM(NEW.name);
  IF NEW.balance < 0 THEN
    SET NEW.balance = 0;
  END IF;
END//
CREATE PROCEDURE pay_%[1]d(IN customer INT, IN amount DECIMAL(10,2), OUT total DECIMAL(10,2))
BEGIN
  DECLARE old DECIMAL(10,2);
  SELECT balance INTO old FROM customer_%[1]d WHERE id = customer;
  IF old IS NULL THEN
    SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no such customer';
  END IF;
  UPDATE customer_%[1]d SET balance = balance + amount, changed = NOW() WHERE id = customer;
  SET total = old + amount;
END//
DELIMITER ;
`
	var s strings.Builder
	for i := range n {
		fmt.Fprintf(&s, object, i)
	}
	return s.String()
}

// BenchmarkDeep converts statements that are deep or long in one direction.
func BenchmarkDeep(b *testing.B) {
	rep := strings.Repeat
	for _, n := range []int{250, 1_000, 2_000, 10_000} {
		for _, d := range []struct{ name, text string }{
			{"sum", "SELECT 1" + rep("+1", n) + ";\n"},
			{"and", "SELECT 1 WHERE 1=1" + rep(" AND 1=1", n) + ";\n"},
			{"or", "SELECT 1 WHERE 1=1" + rep(" OR 1=1", n) + ";\n"},
			{"concat", "SELECT CONCAT('a'" + rep(", 'b'", n) + ");\n"},
			{"in", "SELECT 1 IN (1" + rep(",1", n) + ");\n"},
			{"union", "SELECT 1" + rep(" UNION ALL SELECT 1", n) + ";\n"},
			{"parentheses", "SELECT " + rep("(", n) + "1" + rep(")", n) + ";\n"},
			{"functions", "SELECT " + rep("ABS(", n) + "1" + rep(")", n) + ";\n"},
			{"not", "SELECT " + rep("NOT ", n) + "1;\n"},
			{"ifs", "DELIMITER //\nCREATE PROCEDURE p()\nBEGIN " + rep("IF 1 THEN ", n) + "SELECT 1; " + rep("END IF; ", n) + "END//\n"},
			{"elseifs", "DELIMITER //\nCREATE PROCEDURE p()\nBEGIN IF 1 THEN SET @a=1; " + rep("ELSEIF 1 THEN SET @a=1; ", n) + "END IF; END//\n"},
			{"blocks", "DELIMITER //\nCREATE PROCEDURE p()\n" + rep("BEGIN ", n) + "SELECT 1; " + rep("END; ", n-1) + "END//\n"},
			{"body", "DELIMITER //\nCREATE PROCEDURE p()\nBEGIN DECLARE x INT; " + rep("SET x = x + 1;\n", n) + "END//\n"},
			{"values", "CREATE TABLE a (b INT, c TEXT); INSERT INTO a VALUES (1, 'a')" + rep(", (2, 'b')", n) + ";\n"},
			{"columns", "CREATE TABLE a (c INT" + cols(n) + ");\n"},
			{"case", "SELECT CASE 1" + rep(" WHEN 2 THEN 3", n) + " END;\n"},
		} {
			b.Run(fmt.Sprint(d.name, "/", n), func(b *testing.B) { measure(b, d.text, Translate) })
		}
	}
}

func cols(n int) string {
	var s strings.Builder
	for i := range n {
		fmt.Fprintf(&s, ", c%d INT", i)
	}
	return s.String()
}
