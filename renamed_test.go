package godwit

import (
	"strings"
	"testing"

	"godwit/ir/dialect"
	"godwit/ir/source"
)

// A folder makes tables with their last names and those of their columns, and does not rename what it made so.
func TestFolderOfRenamedTables(t *testing.T) {
	const script = `CREATE TABLE t (id NUMBER(5) PRIMARY KEY, b VARCHAR2(5));
ALTER TABLE t RENAME TO t2;
CREATE TABLE u (a NUMBER, b NUMBER);
RENAME u TO u2;
ALTER TABLE u2 RENAME COLUMN b TO c;
CREATE VIEW v AS SELECT t2.id, u2.c FROM t2, u2;
`
	whole, err := Convert([]*source.File{source.NewFile("in.sql", script)}, Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15})
	if err != nil {
		t.Fatal(err)
	}
	var text []string
	for _, f := range whole.Files() {
		text = append(text, f.Text)
	}
	all := strings.Join(text, "\n")
	for _, want := range []string{"CREATE TABLE t2 (", "CREATE TABLE u2 (\n  a numeric,\n  c numeric\n)", "SELECT t2.id, u2.c FROM t2, u2"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in\n%s", want, all)
		}
	}
	if strings.Contains(all, "RENAME") {
		t.Errorf("something is renamed:\n%s", all)
	}
}

// Statements between a table and the RENAME of its column have the new name; where another column gets the old one, what may mean either is refused.
func TestFolderOfRenamedColumns(t *testing.T) {
	const script = `CREATE TABLE t (a NUMBER, old VARCHAR2(10) CHECK (old IN ('a', 'b')), CONSTRAINT k CHECK (a > 1 OR old = 'b'), v NUMBER GENERATED ALWAYS AS (LENGTH(old)) VIRTUAL);
CREATE TABLE other (id NUMBER, old NUMBER);
CREATE INDEX i ON t (UPPER(old), old);
ALTER TABLE t ADD CONSTRAINT k2 CHECK (old <> 'c');
INSERT INTO t (a, old) VALUES (1, 'a');
UPDATE t SET old = 'b' WHERE old = 'a';
COMMENT ON COLUMN t.old IS 'x';
INSERT INTO other SELECT a, LENGTH(old) FROM t;
ALTER TABLE t RENAME COLUMN old TO mid;
ALTER TABLE t MODIFY (mid NOT NULL);
ALTER TABLE t RENAME COLUMN mid TO last;
ALTER TABLE t ADD (old NUMBER);
INSERT INTO t (a, last, old) VALUES (2, 'b', 5);
`
	text, codes := loadedText(t, script)
	for _, want := range []string{
		"last varchar(10)", "CHECK (last IN ('a', 'b'))", "CHECK (a > 1 OR last = 'b')", "length(last)", "(upper(last), last)", "CHECK (last <> 'c')", "INSERT INTO t (a, last) VALUES (1, 'a')",
		"UPDATE t SET last = 'b' WHERE last = 'a'", "COMMENT ON COLUMN t.last", "ALTER COLUMN last SET NOT NULL", "ADD COLUMN old numeric", "INSERT INTO t (a, last, old) VALUES (2, 'b', 5)", "CREATE TABLE other (\n  id numeric,\n  old numeric\n)",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "RENAME") || strings.Contains(text, "mid") {
		t.Errorf("something is renamed:\n%s", text)
	}
	if !strings.Contains(codes[8], "NM0681") {
		t.Errorf("a query of two tables means the new column: %s", codes[8])
	}
}

// Programs, views and INSERTs behind a DROP COLUMN know the columns that are left; what gives all columns a value before it is refused.
func TestFolderOfDroppedColumns(t *testing.T) {
	const script = `CREATE TABLE t (a NUMBER, u NUMBER, z NUMBER);
INSERT INTO t VALUES (1, 2, 3);
INSERT INTO t (a, z) VALUES (1, 3);
ALTER TABLE t DROP COLUMN u;
INSERT INTO t VALUES (4, 5);
CREATE SYNONYM s FOR t;
CREATE OR REPLACE PROCEDURE p IS r t%ROWTYPE; BEGIN SELECT * INTO r FROM t WHERE a = 1; INSERT INTO t VALUES r; UPDATE t SET ROW = r WHERE a = 2; END;
/
CREATE TABLE l (id NUMBER, r VARCHAR2(1)) PARTITION BY LIST (r) (PARTITION p1 VALUES ('a'), PARTITION p2 VALUES ('b'));
ALTER TABLE l DROP PARTITION p2;
`
	text, codes := loadedText(t, script)
	for _, want := range []string{"SELECT a, z FROM t", "INSERT INTO t VALUES (r.a, r.z)", "SET a = r.a, z = r.z", "INSERT INTO t VALUES (4, 5)", "INSERT INTO t (a, z) VALUES (1, 3)"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if !strings.Contains(codes[2], "NM0682") {
		t.Errorf("a value of the dropped column: %s", codes[2])
	}
	if strings.Index(text, "DROP TABLE l_p2") < strings.Index(text, "CREATE TABLE l_p2") {
		t.Errorf("a partition is dropped before it is made:\n%s", text)
	}
}
