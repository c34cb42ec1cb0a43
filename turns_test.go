package godwit

import (
	"strings"
	"testing"

	"godwit/ir/dialect"
	"godwit/ir/source"
)

// TestScriptsInTurn tells which scripts are kept in their order.
func TestScriptsInTurn(t *testing.T) {
	for _, x := range []struct{ name, script, why string }{
		{"dump", "DROP TABLE IF EXISTS t; CREATE TABLE t (a INT); INSERT INTO t VALUES (1); ALTER TABLE t ADD PRIMARY KEY (a); ALTER TABLE t MODIFY a INT NOT NULL AUTO_INCREMENT;", ""},
		{"definitions", "CREATE TABLE t (a INT); ALTER TABLE t ADD b INT, ADD KEY (b); ALTER TABLE t DROP COLUMN a; INSERT INTO t VALUES (1);", ""},
		{"another table", "CREATE TABLE t (a INT); CREATE TABLE u (a INT); UPDATE u SET a = 1; ALTER TABLE t ADD b INT;", ""},
		{"programs", "CREATE TABLE t (a INT); CREATE PROCEDURE p() UPDATE t SET b = 1; ALTER TABLE t ADD b INT;", ""},
		{"view that was a table", "CREATE TABLE v (a INT); DROP TABLE v; CREATE VIEW v AS SELECT 1 AS a;", ""},
		{"view that was a table with rows", "CREATE TABLE v (a INT); INSERT INTO v VALUES (1); CREATE TABLE w AS SELECT * FROM v; DROP TABLE v; CREATE VIEW v AS SELECT a FROM w;", "in the place of a table"},
		{"rows deleted that are not there", "CREATE TABLE t (a INT); DELETE FROM t; INSERT INTO t VALUES (1);", ""},
		{"databases", "DROP DATABASE IF EXISTS x; CREATE DATABASE x; USE x; CREATE TABLE t (a INT); INSERT INTO t VALUES (1);", ""},
		{"database made again", "CREATE DATABASE x; USE x; CREATE TABLE t (a INT); INSERT INTO t VALUES (1); DROP DATABASE x; CREATE DATABASE x; USE x; CREATE TABLE t (a INT, b INT); INSERT INTO t VALUES (1, 2);", "a database that is dropped"},
		{"column behind rows", "CREATE TABLE t (a INT); INSERT INTO t VALUES (1); ALTER TABLE t ADD b INT;", "columns of a table with rows"},
		{"column behind a view", "CREATE TABLE t (a INT); CREATE VIEW v AS SELECT * FROM t; ALTER TABLE t ADD b INT;", "columns of a table with rows"},
		{"other values", "CREATE TABLE t (a INT); INSERT INTO t VALUES ('007'); ALTER TABLE t MODIFY a VARCHAR(5);", "a column of a table with rows"},
		{"other place", "CREATE TABLE t (a INT, b INT); INSERT INTO t VALUES (1, 2); ALTER TABLE t MODIFY b INT FIRST;", "a column of a table with rows"},
		{"name of a column", "CREATE TABLE t (a INT); ALTER TABLE t CHANGE a b INT;", "another name"},
		{"name of a table", "CREATE TABLE t (a INT); RENAME TABLE t TO u;", "RENAME TABLE"},
		{"copy", "CREATE TABLE t (a INT); CREATE TABLE u LIKE t; ALTER TABLE t ADD KEY (a);", "copied"},
		{"made again", "CREATE TABLE t (a INT); INSERT INTO t VALUES (1); DROP TABLE t; CREATE TABLE t (b INT);", "made again"},
		{"rows of another table", "CREATE TABLE t (a INT); CREATE TABLE u (a INT); INSERT INTO u VALUES (1); ALTER TABLE t ADD b INT;", ""},
		{"rows of the table", "CREATE TABLE t (a INT); CREATE TABLE u (a INT); INSERT INTO u VALUES (1); INSERT INTO t VALUES (1); ALTER TABLE t ADD b INT;", "columns of a table with rows"},
		{"rows in another form", "CREATE TABLE t (a INT); INSERT LOW_PRIORITY INTO `t` (a) VALUES (1); ALTER TABLE t ADD b INT;", "columns of a table with rows"},
		{"replaced", "CREATE TABLE t (a INT); CREATE OR REPLACE TABLE t (b INT);", "made again"},
	} {
		t.Run(x.name, func(t *testing.T) {
			for _, folder := range []bool{false, true} {
				var c *Conversion
				var err error
				opt := Options{From: dialect.MariaDB, To: dialect.Postgres, ToVersion: 15}
				if folder {
					c, err = ConvertFolder([]Script{textScript("x.sql", x.script)}, opt, t.TempDir())
				} else {
					c, err = Convert([]*source.File{source.NewFile("x.sql", x.script)}, opt)
				}
				if err != nil {
					t.Fatal(err)
				}
				why := ""
				for _, f := range c.General {
					if f.Code == takenInTurn.ID {
						why = f.Message
					}
				}
				if (why == "") != (x.why == "") || !strings.Contains(why, x.why) {
					t.Errorf("told %q, not %q", why, x.why)
				}
			}
		})
	}
}

// TestProgramsOfScriptsInTurn puts programs behind the tables that they need, unless the script calls them.
func TestProgramsOfScriptsInTurn(t *testing.T) {
	c, err := Convert([]*source.File{source.NewFile("x.sql", `CREATE TABLE t (a INT);
DELIMITER //
CREATE PROCEDURE later() UPDATE t SET b = 1//
CREATE PROCEDURE inner_one() UPDATE t SET a = a + 1//
CREATE PROCEDURE called() CALL inner_one()//
DELIMITER ;
INSERT INTO t VALUES (1);
CALL called();
ALTER TABLE t CHANGE a b INT;`)}, Options{From: dialect.MySQL, To: dialect.Postgres, ToVersion: 15})
	if err != nil {
		t.Fatal(err)
	}
	files := c.Files()
	text := files[len(files)-1].Text
	at := 0
	for _, want := range []string{"CREATE TABLE t", "PROCEDURE inner_one", "PROCEDURE called", "INSERT INTO t", "CALL called", "RENAME COLUMN a TO b", "PROCEDURE later"} {
		i := strings.Index(text[at:], want)
		if i < 0 {
			t.Fatalf("%q is not behind what should be before it:\n%s", want, text)
		}
		at += i
	}
}
