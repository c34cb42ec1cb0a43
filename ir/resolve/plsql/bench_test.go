package plsql_test

import (
	"fmt"
	"strings"
	"testing"

	"godwit/ir/catalog"
	"godwit/ir/dialect"
	"godwit/ir/resolve/plsql"
	"godwit/ir/source"
	"godwit/parser/oracle"
	"godwit/parser/scan"
)

// BenchmarkResolve declares and resolves a schema with many packages of procedures.
func BenchmarkResolve(b *testing.B) {
	var text strings.Builder
	text.WriteString(setup)
	for i := range 200 {
		fmt.Fprintf(&text, `CREATE OR REPLACE PROCEDURE p%d(p_id NUMBER, p_name OUT VARCHAR2) IS
  v_sal emp.sal%%TYPE;
  r emp%%ROWTYPE;
BEGIN
  SELECT sal, name INTO v_sal, p_name FROM emp WHERE id = p_id;
  FOR e IN (SELECT e.id, d.title FROM emp e JOIN dept d ON d.id = e.dept WHERE e.sal > v_sal) LOOP
    UPDATE emp SET sal = sal * 1.1, hired = SYSDATE WHERE id = e.id;
    IF e.title = 'X' AND v_sal > 10 THEN
      INSERT INTO dept (id, title) VALUES (s.NEXTVAL, e.title || v_sal);
    END IF;
  END LOOP;
  SELECT * INTO r FROM emp WHERE id = p_id;
EXCEPTION
  WHEN NO_DATA_FOUND THEN p_name := NULL;
END;
/
`, i)
	}
	lines := strings.Count(text.String(), "\n")
	for b.Loop() {
		b.StopTimer()
		units, err := oracle.Parse(source.NewFile("b.sql", text.String()), scan.Options{Dialect: dialect.Oracle})
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		r := plsql.New(catalog.New(""))
		for _, u := range units {
			r.Declare(u)
		}
		for _, u := range units {
			r.Resolve(u)
		}
		r.Facts()
	}
	b.ReportMetric(float64(lines)*float64(b.N)/b.Elapsed().Seconds(), "lines/s")
}
