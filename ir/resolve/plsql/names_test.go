package plsql_test

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"godwit/ir"
)

const setup = `
CREATE TABLE emp (id NUMBER(6) PRIMARY KEY, name VARCHAR2(20) NOT NULL, sal NUMBER(8,2), hired DATE DEFAULT SYSDATE, dept NUMBER, note CLOB, hid NUMBER INVISIBLE);
CREATE TABLE dept (id NUMBER, title VARCHAR2(30));
CREATE SEQUENCE s;
CREATE VIEW v AS SELECT e.id AS eid, UPPER(e.name) AS uname, d.title FROM emp e JOIN dept d ON d.id = e.dept;
CREATE SYNONYM staff FOR emp;
CREATE TYPE nums AS TABLE OF NUMBER;
/
CREATE TYPE point AS OBJECT (x NUMBER, y NUMBER, MEMBER FUNCTION dist RETURN NUMBER);
/
CREATE OR REPLACE PACKAGE pk AS
  lim CONSTANT NUMBER := 10;
  cnt PLS_INTEGER := 0;
  e_bad EXCEPTION;
  PRAGMA EXCEPTION_INIT(e_bad, -20007);
  TYPE rec IS RECORD (a NUMBER, b emp.name%TYPE);
  TYPE tab IS TABLE OF rec INDEX BY PLS_INTEGER;
  CURSOR c(p NUMBER DEFAULT 1) IS SELECT id, name FROM emp WHERE dept = p;
  FUNCTION f RETURN NUMBER;
  FUNCTION f(p NUMBER) RETURN VARCHAR2;
  FUNCTION f(p VARCHAR2) RETURN DATE;
  PROCEDURE q(a IN NUMBER, b OUT VARCHAR2, c IN NUMBER DEFAULT 5, d NUMBER DEFAULT 6);
END;
/
`

// bound lists what the names of the last unit stand for, as "NAME kind", sorted.
func bound(u *ir.Unit) string {
	seen := map[string]bool{}
	for _, s := range u.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.Name:
				p := make([]string, len(n.Parts))
				for i, x := range n.Parts {
					p[i] = x.Text
				}
				seen[strings.Join(p, ".")+" "+strings.ToLower(strings.TrimSuffix(strings.TrimPrefix(fmt.Sprintf("%T", n.Ref), "*ir."), "Ref"))] = true
			case *ir.RoutineCall:
				seen[n.Name.String()+" call"] = true
			case *ir.CallProc:
				seen[n.Name.String()+" call"] = true
			case *ir.Element:
				seen["element "+n.Type.String()] = true
			case *ir.CollectionCall:
				seen["method "+n.Method] = true
			case *ir.NextValue:
				seen["next "+n.Sequence.String()] = true
			}
			return true
		})
	}
	var out []string
	for k := range seen {
		out = append(out, k)
	}
	sort.Strings(out)
	return strings.Join(out, ", ")
}

func findings(u *ir.Unit) string {
	var out []string
	for _, f := range u.Findings {
		out = append(out, f.Code+" "+f.Message)
	}
	return strings.Join(out, "; ")
}

func TestNames(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{"CREATE PROCEDURE p(sal NUMBER) IS name VARCHAR2(10); x NUMBER; BEGIN x := sal; UPDATE emp SET sal = p.sal WHERE name = p.name AND dept = x; END;\n/",
			"DEPT column, NAME column, P.NAME var, P.SAL param, SAL column, SAL param, X var"},
		{"DECLARE n NUMBER; BEGIN n := pk.lim + pk.f; n := s.NEXTVAL; SELECT s.CURRVAL INTO n FROM dual; END;\n/",
			"N var, PK.F call, PK.LIM package, next S"},
		{"BEGIN FOR r IN (SELECT id, name FROM emp) LOOP INSERT INTO dept VALUES (r.id, r.name); END LOOP; END;\n/",
			"ID column, NAME column, R.ID field, R.NAME field"},
		{"BEGIN FOR r IN pk.c(2) LOOP dbms_output.put_line(r.name); END LOOP; END;\n/",
			"PK.C package, R.NAME field"},
		{"DECLARE t pk.tab; n NUMBER; BEGIN t(1).b := 'x'; n := t(1).a + t.COUNT; IF t.EXISTS(2) THEN t.DELETE(2); END IF; END;\n/",
			"N var, T var, element record PK.REC, method COUNT, method DELETE, method EXISTS"},
		{"DECLARE l nums := nums(1, 2); BEGIN l.EXTEND; l(3) := 4; FOR i IN 1 .. l.COUNT LOOP INSERT INTO dept (id) SELECT COLUMN_VALUE FROM TABLE(l); END LOOP; END;\n/",
			"COLUMN_VALUE output, ID column, L var, element decimal, method COUNT, method EXTEND"},
		{"DECLARE r emp%ROWTYPE; BEGIN SELECT * INTO r FROM emp WHERE id = 1; r.sal := r.sal * 2; END;\n/", "ID column, R var, R.SAL field"},
		{"CREATE TRIGGER tr BEFORE UPDATE OF sal ON emp FOR EACH ROW WHEN (NEW.sal > OLD.sal) BEGIN IF UPDATING('SAL') THEN :NEW.dept := :OLD.dept; END IF; END;\n/",
			":NEW.DEPT row, :NEW.SAL row, :OLD.DEPT row, :OLD.SAL row"},
		{"SELECT v.uname, (SELECT MAX(sal) FROM emp WHERE id = v.eid) m FROM v ORDER BY m", "ID column, M alias, SAL column, V.EID column, V.UNAME column"},
		{"SELECT e.id, ROWNUM FROM staff e WHERE e.ROWID IS NOT NULL", "E.ID column"},
		{"WITH x (a, b) AS (SELECT id, name FROM emp) SELECT a FROM x WHERE b LIKE 'A%'", "A output, B output, ID column, NAME column"},
		{"SELECT id, e.name FROM emp e JOIN dept d USING (id)", "E.NAME column, ID column"},
		{"DECLARE p point := point(1, 2); n NUMBER; BEGIN n := p.x + p.dist(); n := p.dist; END;\n/", "N var, P var, P.X field, POINT.DIST call"},
		{"<<outer>> DECLARE x NUMBER := 1; BEGIN DECLARE x NUMBER := 2; BEGIN outer.x := x; END; END;\n/", "OUTER.X var, X var"},
		{"DECLARE FUNCTION twice(n NUMBER) RETURN NUMBER IS BEGIN RETURN n * 2; END; x NUMBER; BEGIN x := twice(n => 4); END;\n/", "N param, TWICE call, X var"},
		{"DECLARE b VARCHAR2(9); BEGIN pk.q(1, b, d => 7); pk.cnt := pk.cnt + 1; END;\n/", "B var, PK.CNT package, PK.Q call"},
		{"MERGE INTO dept d USING emp e ON (d.id = e.dept) WHEN MATCHED THEN UPDATE SET d.title = e.name WHEN NOT MATCHED THEN INSERT (id, title) VALUES (e.dept, e.name)",
			"D.ID column, D.TITLE column, E.DEPT column, E.NAME column, ID column, TITLE column"},
	} {
		units, _ := load(t, "names.sql", setup+c.source+"\n")
		u := units[len(units)-1]
		if got := bound(u); got != c.want {
			t.Errorf("%s\n got %s\nwant %s\nfindings %s", c.source, got, c.want, findings(u))
		}
		for _, f := range u.Findings {
			if f.Severity >= 2 {
				t.Errorf("%s: %s %s", c.source, f.Code, f.Message)
			}
		}
	}
}

func TestUnresolved(t *testing.T) {
	for source, code := range map[string]string{
		"CREATE VIEW w AS SELECT nope FROM emp":                                      "NM0300",
		"CREATE VIEW w AS SELECT x.a FROM emp":                                       "NM0300",
		"CREATE VIEW w AS SELECT 1 a FROM nope":                                      "NM0301",
		"CREATE VIEW w AS SELECT nope(1) a FROM emp":                                 "NM0302",
		"CREATE VIEW w AS SELECT id FROM emp, dept":                                  "NM0303",
		"CREATE PROCEDURE p IS BEGIN pk.q(1); END;":                                  "NM0304",
		"CREATE PROCEDURE p IS x nope%TYPE; BEGIN NULL; END;":                        "TY0501",
		"CREATE PROCEDURE p IS BEGIN NULL; EXCEPTION WHEN nope THEN NULL; END;":      "NM0300",
		"CREATE PROCEDURE p IS n NUMBER; BEGIN SELECT id, sal INTO n FROM emp; END;": "NM0304",
		"CREATE VIEW w AS SELECT id FROM emp@remote":                                 "NM0305",
		"CREATE PACKAGE BODY none AS PROCEDURE p IS BEGIN NULL; END; END;":           "PK0200",
	} {
		units, _ := load(t, "names.sql", setup+source+"\n/\n")
		var u *ir.Unit
		for _, x := range units {
			if len(x.Findings) > 0 {
				u = x
			}
		}
		if u == nil {
			t.Errorf("%s: no findings", source)
			continue
		}
		if _, ok := u.Stmts[0].(*ir.Unsupported); !ok || !strings.Contains(findings(u), code) {
			t.Errorf("%s: %T, findings %q, want %s", source, u.Stmts[0], findings(u), code)
		}
	}
}

func TestColumnTypes(t *testing.T) {
	for q, want := range map[string]string{
		"SELECT * FROM emp":         "decimal(6,0), text(20) collate BINARY, decimal(8,2), datetime(0), decimal, text collate BINARY",
		"SELECT * FROM v":           "decimal(6,0), text(20) collate BINARY, text(30) collate BINARY",
		"SELECT hid, dept FROM emp": "decimal, decimal",
		"SELECT e.*, d.title FROM emp e CROSS JOIN dept d WHERE e.id = 1": "decimal(6,0), text(20) collate BINARY, decimal(8,2), datetime(0), decimal, text collate BINARY, text(30) collate BINARY",
	} {
		units, _ := load(t, "names.sql", setup+q+";\n")
		u := units[len(units)-1]
		s, ok := u.Stmts[0].(*ir.QueryStmt)
		if !ok {
			t.Errorf("%s: %T, %s", q, u.Stmts[0], findings(u))
			continue
		}
		var got []string
		for _, x := range s.Query.Columns().Types {
			got = append(got, x.String())
		}
		if g := strings.Join(got, ", "); g != want || !s.Rows {
			t.Errorf("%s\n got %s\nwant %s", q, g, want)
		}
	}
}

func TestStatesOfHandlers(t *testing.T) {
	units, _ := load(t, "names.sql", setup+`
CREATE PROCEDURE p IS
  e_own EXCEPTION;
  e_fk EXCEPTION;
  PRAGMA EXCEPTION_INIT(e_fk, -2291);
  e_odd EXCEPTION;
  PRAGMA EXCEPTION_INIT(e_odd, -24381);
BEGIN
  RAISE e_own;
EXCEPTION
  WHEN NO_DATA_FOUND OR TOO_MANY_ROWS THEN RAISE;
  WHEN e_own THEN RAISE pk.e_bad;
  WHEN e_fk THEN NULL;
  WHEN e_odd THEN NULL;
  WHEN pk.e_bad THEN RAISE NO_DATA_FOUND;
  WHEN SUBSCRIPT_BEYOND_COUNT THEN NULL;
  WHEN OTHERS THEN NULL;
END;
/
`)
	u := units[len(units)-1]
	b, ok := u.Stmts[0].(*ir.Routine).Body.(*ir.Block)
	if !ok {
		t.Fatalf("%T %s", u.Stmts[0], findings(u))
	}
	var got []string
	for _, c := range b.Catches {
		got = append(got, strings.Join(c.States, "+"))
	}
	want := "no_data_found+too_many_rows ZY002 foreign_key_violation ZZIT9 ZX007 ZZ51H "
	if g := strings.Join(got, " "); g != want {
		t.Errorf("got %q, want %q", g, want)
	}
	if x := b.Body[0].(*ir.RaiseNamed).Exception; x == nil || x.State != "ZY002" {
		t.Errorf("RAISE e_own: %+v", x)
	}
}

func TestFacts(t *testing.T) {
	units, _ := load(t, "names.sql", setup+`
CREATE FUNCTION pure(a NUMBER) RETURN NUMBER IS BEGIN RETURN a; END;
/
CREATE PROCEDURE writes IS BEGIN DELETE FROM emp; END;
/
CREATE PROCEDURE calls IS BEGIN writes; COMMIT; END;
/
CREATE FUNCTION reads RETURN NUMBER IS BEGIN RETURN pk.cnt; END;
/
CREATE FUNCTION even(n NUMBER) RETURN BOOLEAN IS BEGIN RETURN NOT even(n); END;
/
CREATE PROCEDURE dyn IS BEGIN EXECUTE IMMEDIATE 'x'; END;
/
`)
	got := map[string]string{}
	for _, u := range units {
		if s, ok := u.Stmts[0].(*ir.Routine); ok {
			f := s.Object.Facts
			got[s.Name.Name()] = fmt.Sprint(f.CanRaise, f.Writes, f.Transaction, f.ReadsState)
		}
	}
	for name, want := range map[string]string{
		"PURE": "false false false false", "WRITES": "true true false false", "CALLS": "true true true false",
		"READS": "false false false true", "EVEN": "false false false false", "DYN": "true true true true",
	} {
		if got[name] != want {
			t.Errorf("%s: %s, want %s", name, got[name], want)
		}
	}
}
