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
