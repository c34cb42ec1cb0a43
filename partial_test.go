package godwit

import (
	"strings"
	"testing"

	"godwit/ir/dialect"
	"godwit/ir/source"
)

// A record that lacks a field has no positions: whatever goes by them is refused, and what names its fields is not.
func TestRecordsWithoutAField(t *testing.T) {
	const head = `CREATE TABLE t (a NUMBER, b VARCHAR2(10));
CREATE OR REPLACE PACKAGE pk AS
  TYPE r IS RECORD (a NUMBER, f UTL_FILE.FILE_TYPE, b VARCHAR2(10));
  TYPE rs IS TABLE OF r;
  PROCEDURE p(q VARCHAR2);
END;
/
CREATE OR REPLACE PACKAGE BODY pk AS
  PROCEDURE p(q VARCHAR2) IS
    v r; l rs := rs(); w t%ROWTYPE; c SYS_REFCURSOR;
  BEGIN
    `
	for _, c := range []struct {
		body string
		good bool
	}{
		{"v.a := 1; l.EXTEND; l(1) := v; v := l(1);", true},
		{"UPDATE t SET b = v.b WHERE a = l(1).a;", true},
		{"SELECT a, b INTO v FROM t;", false},
		{"SELECT a, b BULK COLLECT INTO l FROM t;", false},
		{"INSERT INTO t VALUES v;", false},
		{"FORALL i IN 1 .. l.COUNT INSERT INTO t VALUES l(i);", false},
		{"UPDATE t SET ROW = v;", false},
		{"DELETE FROM t RETURNING a, b BULK COLLECT INTO l;", false},
		{"v := w;", false},
		{"w := v;", false},
		{"l(1) := w;", false},
		{"EXECUTE IMMEDIATE q INTO v;", false},
		{"OPEN c FOR q; FETCH c INTO v;", false},
		{"OPEN c FOR q; FETCH c BULK COLLECT INTO l;", false},
		{"v := r(1, NULL, 'x');", false},
	} {
		text := head + c.body + "\n  END;\nEND;\n/\n"
		conv, err := Convert([]*source.File{source.NewFile("a.sql", text)}, Options{From: dialect.Oracle, To: dialect.Postgres})
		if err != nil {
			t.Fatal(err)
		}
		stubbed := false
		for _, u := range conv.Units {
			for _, o := range u.Outputs {
				stubbed = stubbed || strings.Contains(o.SQL, "P "+stubMark)
			}
		}
		if stubbed == c.good {
			t.Errorf("%s: converted is %t", c.body, !stubbed)
		}
	}
}
