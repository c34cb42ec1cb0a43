package godwit

import (
	"context"
	"strings"
	"testing"
	"time"

	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/runner/enginetest"
	"godwit/runner/enginetest/rows"
)

const routineLeftOut = `CREATE OR REPLACE PROCEDURE careless(x NUMBER, r OUT NUMBER) IS
BEGIN
  r := 1;
  IF x > 0 THEN
    r := f(x);
  END IF;
EXCEPTION WHEN OTHERS THEN
  NULL;
END;
/
CREATE OR REPLACE FUNCTION f(x NUMBER) RETURN NUMBER IS
  h UTL_FILE.FILE_TYPE; -- no files
BEGIN
  RETURN x / 2 + TO_NUMBER(UTL_FILE.GETLINE(h));
END;
/
CREATE OR REPLACE FUNCTION head(x UTL_FILE.FILE_TYPE) RETURN NUMBER IS
BEGIN
  RETURN 1;
END;
/
CREATE TABLE t (a NUMBER);
CREATE VIEW v AS SELECT f(a) AS b FROM t;
DECLARE r NUMBER; BEGIN careless(1, r); END;
/
INSERT INTO t VALUES (1);
`

// A routine that is not converted is there and raises an error that no handler of its callers takes; what would fail whenever it is used is refused.
func TestRoutineThatOnlyRaises(t *testing.T) {
	c, err := Convert([]*source.File{source.NewFile("p.sql", routineLeftOut)}, Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]diag.Fidelity{"function F": diag.Refused, "function HEAD": diag.Refused, "view V": diag.Refused}
	for _, o := range c.Objects() {
		if w, ok := want[o.Kind+" "+o.Name]; ok && o.Status != w {
			t.Errorf("%s %s is %v", o.Kind, o.Name, o.Status)
		}
		if o.Name == "CARELESS" && o.Status == diag.Refused {
			t.Error("the caller is refused")
		}
	}
	if u := c.Units[5]; u.Status != diag.Refused {
		t.Errorf("the block that comes to it is %v", u.Status)
	}
	var statements []rows.Statement
	for _, u := range c.Units {
		for _, o := range u.Outputs {
			statements = append(statements, rows.Statement{SQL: o.SQL})
		}
	}
	all := emittedText(c)
	if strings.Count(all, "FUNCTION head") != 1 || !strings.Contains(all, "-- no files") {
		t.Errorf("a routine without a head, or no source in front of the routine:\n%s", all)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s := rows.Connect(t, ctx, enginetest.FreshPostgres(t, 15, "stubs"))
	defer s.Close(ctx)
	s.Entry(ctx, statements)
	if len(s.Errors) > 0 {
		t.Fatal(s.Errors)
	}
	s.Entry(ctx, []rows.Statement{{SQL: "CALL careless(0, NULL)"}})
	if len(s.Errors) > 0 {
		t.Fatal(s.Errors)
	}
	if !strings.Contains(all, "WHEN OTHERS") {
		t.Errorf("the caller has no handler for the routine that may stand there:\n%s", all)
	}
	s.Entry(ctx, []rows.Statement{{SQL: "CALL careless(1, NULL)"}})
	if all := strings.Join(s.Errors, "\n"); !strings.Contains(all, "F is not converted: ") {
		t.Errorf("the call says %q", all)
	}
}
