package godwit

import (
	"strings"
	"testing"
)

// Functions that virtual columns call are made before the tables, and their own defaults' functions before them; what reads tables stays behind.
func TestFunctionsOfVirtualColumns(t *testing.T) {
	text, codes := loadedText(t, `CREATE TABLE t (id NUMBER(5), k VARCHAR2(20) GENERATED ALWAYS AS (f(id)) VIRTUAL);
CREATE INDEX i ON t (h(id));
CREATE TABLE u (id NUMBER(5), k NUMBER GENERATED ALWAYS AS (h(id)) VIRTUAL);
CREATE TABLE w (id NUMBER(5));
CREATE INDEX j ON w (pk.twice(id));
CREATE FUNCTION g(n NUMBER) RETURN NUMBER DETERMINISTIC IS BEGIN RETURN n + 1; END;
/
CREATE FUNCTION f(n NUMBER, m NUMBER DEFAULT g(1)) RETURN VARCHAR2 DETERMINISTIC IS BEGIN RETURN LPAD(g(n), 5, '0') || m; END;
/
CREATE FUNCTION h(n NUMBER) RETURN NUMBER DETERMINISTIC IS r NUMBER; BEGIN SELECT MAX(id) INTO r FROM t; RETURN r + n; END;
/
CREATE PACKAGE pk IS FUNCTION twice(n NUMBER) RETURN NUMBER DETERMINISTIC; END;
/
CREATE PACKAGE BODY pk IS
  k NUMBER;
  FUNCTION twice(n NUMBER) RETURN NUMBER DETERMINISTIC IS BEGIN RETURN n * 2; END;
BEGIN
  SELECT MAX(id) INTO k FROM t;
END;
/
`)
	place := func(s string) int { return strings.Index(text, s) }
	if f, g, table, h := place("function/f.sql"), place("function/g.sql"), place("table/t.sql"), place("function/h.sql"); g < 0 || f < g || table < f || h < table {
		t.Errorf("want g, f, t, h in this order:\n%s", text)
	}
	for _, line := range []int{2, 3, 5} {
		if !strings.Contains(codes[line], "DD0148") {
			t.Errorf("line %d: a function that reads a table, or initialises its package, is taken: %s", line, codes[line])
		}
	}
}
