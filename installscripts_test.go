package godwit

import (
	"strings"
	"testing"

	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/source"
)

// scriptFolder converts a script as godwit convert does, and tells the text of a file, and the codes of the refusals by line.
func scriptFolder(t *testing.T, policy rewrite.Policy, script string) (file func(path string) string, refused map[int]string) {
	t.Helper()
	c, err := Convert([]*source.File{source.NewFile("install.sql", script)}, Options{From: dialect.MySQL, To: dialect.Postgres, ToVersion: 15, Policy: policy})
	if err != nil {
		t.Fatal(err)
	}
	refused = map[int]string{}
	for _, f := range c.Findings() {
		if f.Outcome == diag.Refused {
			refused[f.Line] = f.Code
		}
	}
	return func(path string) string {
		for _, f := range c.Files() {
			if f.Path == path {
				return f.Text
			}
		}
		return ""
	}, refused
}

// Install scripts insert a row and name it by LAST_INSERT_ID() in those that follow: the rows that generate numbers stand with the readers in one
// file, and keep the number. Rows with numbers of their own stay with the rows of their table.
func TestLastInsertIDOfScripts(t *testing.T) {
	file, refused := scriptFolder(t, rewrite.Policy{}, `CREATE TABLE a (id INT AUTO_INCREMENT PRIMARY KEY, n VARCHAR(10));
CREATE TABLE b (aid INT, k VARCHAR(10));
INSERT INTO a (id, n) VALUES (7, 'x'), (8, 'y');
INSERT INTO a (n) VALUES ('z');
SET @id = LAST_INSERT_ID();
INSERT INTO b VALUES (@id, 'k');
INSERT INTO a (n) VALUES ('behind');
`)
	if len(refused) > 0 {
		t.Errorf("refused: %v", refused)
	}
	if rows := file("public/data/a.sql"); !strings.Contains(rows, "(7, 'x'), (8, 'y')") || strings.Contains(rows, "'z'") {
		t.Errorf("rows of a:\n%s", rows)
	}
	script := file("public/other/script.sql")
	at := 0
	for _, want := range []string{"INSERT INTO a (n) VALUES ('z') RETURNING godwit_mysql.set_last_insert_id(id);", "godwit_mysql.last_insert_id()", "INSERT INTO b", "INSERT INTO a (n) VALUES ('behind');"} {
		i := strings.Index(script[at:], want)
		if i < 0 {
			t.Fatalf("no %q in its place:\n%s", want, script)
		}
		at += i
	}
}

// What reads a variable that a refused statement sets would go on with NULL.
func TestVariablesOfRefusedStatements(t *testing.T) {
	_, refused := scriptFolder(t, rewrite.Policy{}, "CREATE TABLE t (a INT);\n"+
		"SET @r = ROW_COUNT(), @`ok then` = 1;\n"+
		"INSERT INTO t VALUES (@R);\n"+
		"SELECT COUNT(*) INTO @c FROM mysql.user;\n"+
		"SELECT @c, @other;\n"+
		"SET @r = @r + 1;\n"+
		"SET @r = 1;\n"+
		"INSERT INTO t VALUES (@r);\n"+
		"CREATE PROCEDURE p() INSERT INTO t VALUES (@c);\n"+
		"UPDATE t SET a = 1 WHERE a = @other;\n")
	for line, want := range map[int]string{2: "SY0201", 3: "NM0810", 4: "NM0007", 5: "NM0810", 6: "NM0810", 7: "", 8: "", 9: "", 10: ""} {
		if got := refused[line]; got != want {
			t.Errorf("line %d: refused by %q, want %q", line, got, want)
		}
	}
}

// A row that takes the zero date from its column's default stores it, too.
func TestZeroDatesOfDefaults(t *testing.T) {
	const script = `SET sql_mode = ''; CREATE TABLE t (id INT, d DATETIME DEFAULT '0000-00-00 00:00:00', e DATE NOT NULL DEFAULT 0);
INSERT INTO t (id, d) VALUES (1, NULL);
INSERT INTO t (id, e) VALUES (1, '2024-01-01');
INSERT INTO t VALUES (1, DEFAULT, '2024-01-01');
UPDATE t SET e = DEFAULT;
INSERT INTO t VALUES (1, NULL, '2024-01-01');
INSERT INTO t VALUES (1, NULL, '0000-00-00');
`
	for policy, want := range map[string][]int{"stop": {2, 3, 4, 5, 7}, "null": {2, 5, 7}, "0001-01-01": nil} {
		_, refused := scriptFolder(t, rewrite.Policy{ZeroDates: policy}, script)
		if len(refused) != len(want) {
			t.Errorf("%s: refused %v, want %v", policy, refused, want)
		}
		for _, line := range want {
			if refused[line] != "EX0351" {
				t.Errorf("%s: line %d is not refused: %v", policy, line, refused)
			}
		}
	}
}

// Under another delimiter the client sends many statements at once; the server runs one after the other, in the mode and the database that those
// before it have set.
func TestSettingsUnderOtherDelimiters(t *testing.T) {
	file, refused := scriptFolder(t, rewrite.Policy{}, `DELIMITER //
SET @mode = ""; SET SESSION sql_mode = @mode;
CREATE TABLE a.t (n INT NOT NULL); USE b; CREATE TABLE u (n INT); -- of b
SET sql_mode = 'ANSI_QUOTES'; CREATE PROCEDURE p() BEGIN INSERT INTO u SELECT "n" FROM a.t; END;
//
INSERT INTO a.t VALUES ('') //
`)
	if len(refused) > 0 {
		t.Errorf("refused: %v", refused)
	}
	for path, want := range map[string]string{"public/other/script.sql": "INSERT INTO a.t VALUES (0)", "b/table/u.sql": "CREATE TABLE b.u", "b/procedure/p.sql": "SELECT n FROM a.t"} {
		if !strings.Contains(file(path), want) {
			t.Errorf("no %q in %s:\n%s", want, path, file(path))
		}
	}
}
