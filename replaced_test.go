package godwit

import (
	"strings"
	"testing"
)

// A column that is dropped and added again is the new one, and what stands before that and names it is refused.
func TestFolderOfReplacedColumns(t *testing.T) {
	const script = `CREATE TABLE t (id NUMBER PRIMARY KEY, code VARCHAR2(10), n NUMBER(5));
INSERT INTO t VALUES (1, 'a', 5);
INSERT INTO t (id, code) VALUES (2, 'b');
INSERT INTO t (id, n) VALUES (3, 1);
UPDATE t SET n = 2 WHERE code = 'a';
CREATE INDEX i ON t (code);
ALTER TABLE t DROP COLUMN code;
ALTER TABLE t ADD code NUMBER(3);
UPDATE t SET code = 7;
CREATE FUNCTION f RETURN NUMBER IS
  x t.code%TYPE;
BEGIN
  SELECT MAX(code) + 1 INTO x FROM t;
  RETURN x;
END;
/
INSERT INTO t VALUES (4, 1, 8);
`
	text, codes := loadedText(t, script)
	for _, want := range []string{"ADD COLUMN code smallint", "INSERT INTO t (id, n) VALUES (3, 1)", "UPDATE t SET code = 7", "max(code) + 1", "INSERT INTO t VALUES (4, 1, 8)"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	for _, line := range []int{2, 3, 5, 6} {
		if !strings.Contains(codes[line], "NM0682") {
			t.Errorf("line %d: %s", line, codes[line])
		}
	}
	for _, line := range []int{4, 9, 17} {
		if codes[line] != "" {
			t.Errorf("line %d: %s", line, codes[line])
		}
	}
}

// A materialized view of a folder holds the rows that stand before it in the script, which runs behind the views.
func TestFolderOfRefreshedViews(t *testing.T) {
	const script = `CREATE TABLE t (id NUMBER);
CREATE MATERIALIZED VIEW empty AS SELECT id FROM t;
INSERT INTO t VALUES (1);
UPDATE t SET id = 2;
CREATE MATERIALIZED VIEW m (a) BUILD IMMEDIATE REFRESH COMPLETE ON DEMAND AS SELECT id FROM t;
INSERT INTO t VALUES (3);
CREATE MATERIALIZED VIEW later BUILD DEFERRED AS SELECT id FROM t;
`
	text, _ := loadedText(t, script)
	if strings.Count(text, "REFRESH MATERIALIZED VIEW") != 1 || !strings.Contains(text, "UPDATE t SET id = 2;\n\nREFRESH MATERIALIZED VIEW m;\n\nINSERT INTO t (id) VALUES (3)") &&
		!strings.Contains(text, "UPDATE t SET id = 2;\n\nREFRESH MATERIALIZED VIEW m;\n\nINSERT INTO t VALUES (3)") {
		t.Error(text)
	}
}
