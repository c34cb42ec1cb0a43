package godwit

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"godwit/ir/diag"
	"godwit/ir/dialect"
)

// supportRow is a construct with a sample; the support matrix shows what the pipeline makes of the sample.
type supportRow struct {
	construct string
	from      dialect.Name // "" for MySQL
	sample    string
}

// supportGroup is a part of the matrix.
type supportGroup struct {
	title string
	rows  []supportRow
}

const supportSetup = `CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, a INT, b INT, s VARCHAR(20), n DECIMAL(10,2), d DATETIME, u INT, UNIQUE KEY k_u (u));
CREATE TABLE c (id INT PRIMARY KEY, t_id INT, v INT, j JSON);
CREATE VIEW v AS SELECT id, a FROM t;`

var supportGroups = []supportGroup{
	{"Objects", []supportRow{
		{"tables, keys, defaults, comments", "", "CREATE TABLE x (id INT PRIMARY KEY, s VARCHAR(10) NOT NULL DEFAULT 'a' COMMENT 'c', KEY k (s)) COMMENT='t'"},
		{"AUTO_INCREMENT", "", "CREATE TABLE x (id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY)"},
		{"foreign keys with actions", "", "CREATE TABLE x (id INT PRIMARY KEY, t_id INT, CONSTRAINT f FOREIGN KEY (t_id) REFERENCES t (id) ON DELETE CASCADE)"},
		{"ENUM and SET", "", "CREATE TABLE x (e ENUM('a','b'), s SET('p','q'))"},
		{"unsigned, bit, year, time", "", "CREATE TABLE x (a BIGINT UNSIGNED, b BIT(8), c YEAR, d TIME(3))"},
		{"JSON columns (MySQL)", "", "CREATE TABLE x (j JSON)"},
		{"JSON columns (MariaDB)", dialect.MariaDB, "CREATE TABLE x (j JSON)"},
		{"generated columns", "", "CREATE TABLE x (a INT, b INT GENERATED ALWAYS AS (a + 1) STORED)"},
		{"CHECK constraints", "", "CREATE TABLE x (a INT CHECK (a > 0))"},
		{"ON UPDATE CURRENT_TIMESTAMP", "", "CREATE TABLE x (a INT, d TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP)"},
		{"partitions by range, list, hash, key", "", "CREATE TABLE x (a INT NOT NULL) PARTITION BY RANGE (a) (PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN MAXVALUE)"},
		{"prefix and descending indexes", "", "CREATE INDEX i ON t (s(5), a DESC)"},
		{"full text indexes", "", "CREATE FULLTEXT INDEX i ON t (s)"},
		{"spatial columns", "", "CREATE TABLE x (p POINT NOT NULL)"},
		{"views, WITH CHECK OPTION", "", "CREATE VIEW w AS SELECT id, a FROM t WHERE a > 1 WITH CHECK OPTION"},
		{"sequences", dialect.MariaDB, "CREATE SEQUENCE q START WITH 5 INCREMENT BY 2"},
		{"system-versioned tables", dialect.MariaDB, "CREATE TABLE x (a INT) WITH SYSTEM VERSIONING"},
		{"events", "", "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t WHERE a = 1"},
		{"grants", "", "GRANT SELECT ON t TO 'app'@'%'"},
	}},
	{"Queries and changes", []supportRow{
		{"joins, subqueries, set operations", "", "SELECT t.a FROM t LEFT JOIN c ON c.t_id = t.id WHERE EXISTS (SELECT 1 FROM c) UNION SELECT v FROM c"},
		{"common table expressions, windows", "", "WITH q AS (SELECT a FROM t) SELECT a, ROW_NUMBER() OVER (ORDER BY a) FROM q"},
		{"columns outside GROUP BY", "", "SELECT a, s FROM t GROUP BY a"},
		{"WITH ROLLUP", "", "SELECT a, SUM(b) FROM t GROUP BY a WITH ROLLUP"},
		{"GROUP_CONCAT", "", "SELECT GROUP_CONCAT(s ORDER BY a SEPARATOR ';') FROM t"},
		{"division, modulo, DIV", "", "SELECT a / b, a % b, a DIV b FROM t"},
		{"text as number", "", "SELECT s + 1 FROM t"},
		{"case-insensitive comparison", "", "SELECT id FROM t WHERE s = 'X' OR s LIKE 'y%'"},
		{"regular expressions", "", "SELECT id FROM t WHERE s REGEXP '^[a-c]'"},
		{"date arithmetic", "", "SELECT DATE_ADD(d, INTERVAL 1 MONTH), DATEDIFF(d, '2024-01-01') FROM t"},
		{"JSON functions", "", "SELECT JSON_EXTRACT(j, '$.a') FROM c"},
		{"JSON_TABLE", "", "SELECT x.n FROM c, JSON_TABLE(c.j, '$[*]' COLUMNS (n INT PATH '$.n')) AS x"},
		{"full text search", "", "SELECT id FROM t WHERE MATCH (s) AGAINST ('x')"},
		{"INSERT ... ON DUPLICATE KEY UPDATE", "", "INSERT INTO c (id, v) VALUES (1, 2) ON DUPLICATE KEY UPDATE v = v + VALUES(v)"},
		{"the same with several unique keys", "", "INSERT INTO t (a, u) VALUES (1, 2) ON DUPLICATE KEY UPDATE a = a + 1"},
		{"REPLACE", "", "REPLACE INTO c (id, v) VALUES (1, 2)"},
		{"INSERT IGNORE", "", "INSERT IGNORE INTO c (id, v) VALUES (1, 2)"},
		{"UPDATE, assignments in order", "", "UPDATE t SET a = b, b = a"},
		{"UPDATE and DELETE with LIMIT", "", "UPDATE t SET a = 1 ORDER BY b LIMIT 3"},
		{"UPDATE and DELETE of several tables", "", "UPDATE t JOIN c ON c.t_id = t.id SET t.a = c.v"},
		{"RETURNING", dialect.MariaDB, "INSERT INTO c (id, v) VALUES (1, 2) RETURNING id"},
		{"user variables", "", "SET @x = 1"},
		{"transactions, savepoints", "", "SAVEPOINT s"},
		{"LOAD DATA", "", "LOAD DATA INFILE 'x' INTO TABLE t"},
		{"SHOW, DESCRIBE", "", "SHOW TABLES"},
	}},
	{"Procedural code", []supportRow{
		{"procedures with IN, OUT, INOUT", "", "CREATE PROCEDURE p(IN x INT, OUT y INT) BEGIN SET y = x + 1; END"},
		{"functions", "", "CREATE FUNCTION f(x INT) RETURNS INT DETERMINISTIC RETURN x * 2"},
		{"IF, CASE, loops, labels", "", "CREATE PROCEDURE p() BEGIN DECLARE i INT DEFAULT 0; l: WHILE i < 3 DO SET i = i + 1; IF i = 2 THEN ITERATE l; END IF; END WHILE l; END"},
		{"cursors with NOT FOUND handlers", "", "CREATE PROCEDURE p() BEGIN DECLARE d, x INT DEFAULT 0; DECLARE c1 CURSOR FOR SELECT a FROM t; DECLARE CONTINUE HANDLER FOR NOT FOUND SET d = 1; OPEN c1; l: LOOP FETCH c1 INTO x; IF d THEN LEAVE l; END IF; END LOOP; CLOSE c1; END"},
		{"EXIT handlers", "", "CREATE PROCEDURE p() BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION SET @e = 1; INSERT INTO c (id) VALUES (1); INSERT INTO c (id) VALUES (1); END"},
		{"CONTINUE handlers", "", "CREATE PROCEDURE p() BEGIN DECLARE CONTINUE HANDLER FOR 1062 SET @e = 1; INSERT INTO c (id) VALUES (1); INSERT INTO c (id) VALUES (2); END"},
		{"SIGNAL, RESIGNAL", "", "CREATE PROCEDURE p() BEGIN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no'; END"},
		{"one result set", "", "CREATE PROCEDURE p() BEGIN SELECT a FROM t; END"},
		{"several result sets", "", "CREATE PROCEDURE p() BEGIN SELECT a FROM t; SELECT b, s FROM t; END"},
		{"triggers, NEW and OLD", "", "CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = NEW.b"},
		{"prepared statements, constant text", "", "CREATE PROCEDURE p() BEGIN PREPARE q FROM 'DELETE FROM t WHERE a = 1'; EXECUTE q; DEALLOCATE PREPARE q; END"},
		{"prepared statements, built text", "", "CREATE PROCEDURE p(x VARCHAR(20)) BEGIN SET @q = CONCAT('DELETE FROM ', x); PREPARE q FROM @q; EXECUTE q; END"},
		{"transactions in procedures", "", "CREATE PROCEDURE p() BEGIN START TRANSACTION; UPDATE t SET a = 1; COMMIT; END"},
		{"sql_mode=ORACLE", dialect.MariaDB, "SET sql_mode='ORACLE'; DELIMITER //\nCREATE PACKAGE k AS PROCEDURE q; END//"},
	}},
}

var outcomeMarks = map[diag.Fidelity]string{diag.Exact: "exact", diag.Assumed: "exact, assumption recorded", diag.Approximate: "approximate, with finding", diag.Refused: "refused by name"}

func supportMatrix(t *testing.T) string {
	var b strings.Builder
	for _, g := range supportGroups {
		fmt.Fprintf(&b, "| %s | |\n|---|---|\n", g.title)
		for _, r := range g.rows {
			text := r.sample
			if strings.HasPrefix(text, "CREATE PROCEDURE") || strings.HasPrefix(text, "CREATE FUNCTION") || strings.HasPrefix(text, "CREATE TRIGGER") {
				text = "DELIMITER //\n" + text + "//\nDELIMITER ;\n"
			}
			_, c := translateText(t, supportSetup, text, Options{From: r.from, ToVersion: 15})
			worst := diag.Exact
			for _, u := range c.Units {
				worst = max(worst, u.Status)
			}
			fmt.Fprintf(&b, "| %s | %s |\n", r.construct, outcomeMarks[worst])
		}
		b.WriteString("\n")
	}
	return b.String()
}

const (
	supportBegin = "<!-- support: generated by go test -run TestSupportMatrix -update . -->\n"
	supportEnd   = "<!-- end of support -->"
)

// TestSupportMatrix holds the matrix of README.md to what the pipeline makes of the samples.
func TestSupportMatrix(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(readme), supportBegin)
	_, after, ok2 := strings.Cut(rest, supportEnd)
	if !ok || !ok2 {
		t.Fatal("README.md has no place for the support matrix")
	}
	checkGolden(t, "README.md", before+supportBegin+supportMatrix(t)+supportEnd+after)
}
