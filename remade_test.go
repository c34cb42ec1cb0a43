package godwit

import (
	"strings"
	"testing"
)

// What a script makes, drops and makes again is there once in a folder, and what uses the first one is told.
func TestFolderOfRemadeObjects(t *testing.T) {
	const script = `CREATE TABLE emp (id NUMBER, x NUMBER);
CREATE TABLE emp_new (id NUMBER, y NUMBER);
CREATE INDEX emp_i ON emp (x);
ALTER TABLE emp ADD CHECK (x > 0);
COMMENT ON TABLE emp IS 'old';
INSERT INTO emp_new SELECT id, x + 1 FROM emp;
DROP TABLE emp;
RENAME emp_new TO emp;
CREATE SEQUENCE s;
DROP SEQUENCE s;
CREATE SEQUENCE s START WITH 10;
CREATE TABLE x (id NUMBER);
DROP TABLE x;
CREATE VIEW x AS SELECT 1 AS id FROM dual;
CREATE INDEX xi ON emp (id);
DROP INDEX xi;
CREATE INDEX xi ON emp (y);
SELECT y FROM emp;
`
	text, codes := loadedText(t, script)
	for _, want := range []string{"CREATE TABLE emp (\n  id numeric,\n  y numeric\n)", "CREATE SEQUENCE s START WITH 10", "CREATE VIEW x", "CREATE INDEX xi ON emp (y)", "SELECT y FROM emp"} {
		if strings.Count(text, want) != 1 {
			t.Errorf("%q is not there once in\n%s", want, text)
		}
	}
	for _, not := range []string{"DROP ", "emp_i", "CREATE TABLE x", "RENAME", "COMMENT"} {
		if strings.Contains(text, not) {
			t.Errorf("%q in\n%s", not, text)
		}
	}
	for line, code := range map[int]string{1: "NM0761", 6: "NM0762", 9: "NM0761", 12: "NM0761", 15: "NM0370"} {
		if !strings.Contains(codes[line], code) {
			t.Errorf("line %d: %s", line, codes[line])
		}
	}
}

// What names a column that is dropped behind it is not converted in a folder; what does not stays.
func TestFolderOfColumnsDroppedLater(t *testing.T) {
	const script = `CREATE TABLE t (id NUMBER PRIMARY KEY, old_c NUMBER, n NUMBER);
CREATE INDEX t_i ON t (old_c);
UPDATE t SET n = old_c WHERE old_c = 2;
UPDATE t SET n = 7 WHERE id = 2;
DELETE FROM t WHERE old_c = 7;
CREATE VIEW v AS SELECT id, old_c FROM t;
ALTER TABLE t DROP COLUMN old_c;
`
	text, codes := loadedText(t, script)
	for _, line := range []int{2, 3, 5, 6} {
		if !strings.Contains(codes[line], "NM0682") {
			t.Errorf("line %d: %s", line, codes[line])
		}
	}
	if codes[4] != "" || !strings.Contains(text, "UPDATE t SET n = 7 WHERE id = 2") {
		t.Errorf("line 4: %s\n%s", codes[4], text)
	}
}

// A table that got another name before is not the one that is dropped.
func TestFolderOfRemadeAfterRename(t *testing.T) {
	const script = `CREATE TABLE emp (id NUMBER, a NUMBER);
INSERT INTO emp SELECT 1, 2 FROM dual;
RENAME emp TO emp_old;
CREATE TABLE emp (id NUMBER, b NUMBER);
DROP TABLE emp;
CREATE TABLE emp (id NUMBER, c NUMBER);
ALTER TABLE emp RENAME TO emp_mid;
ALTER TABLE emp_mid RENAME TO emp_last;
ALTER TABLE emp_last RENAME COLUMN c TO d;
INSERT INTO emp_last (id, d) SELECT 1, 3 FROM dual;
`
	text, _ := loadedText(t, script)
	for want, n := range map[string]int{
		"CREATE TABLE emp_old (\n  id numeric,\n  a numeric\n)": 1, "INSERT INTO emp_old": 1, "CREATE TABLE emp_last (\n  id numeric,\n  d numeric\n)": 1, "INSERT INTO emp_last": 1, "RENAME": 0, "DROP": 0,
	} {
		if got := strings.Count(text, want); got != n {
			t.Errorf("%q stands %d times, want %d, in\n%s", want, got, n, text)
		}
	}
}
