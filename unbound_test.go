package godwit

import (
	"strings"
	"testing"

	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
)

// TestUnbound holds that statements with bind variables that have no value are refused, which the target refused, and those of VARIABLE and
// of routines are not.
func TestUnbound(t *testing.T) {
	f := source.NewFile("a.sql", `CREATE TABLE t (a NUMBER);
VARIABLE x NUMBER
EXEC :x := 1
SELECT :x FROM dual;
SELECT a FROM t WHERE a = :y;
INSERT INTO t VALUES (:z);
CREATE OR REPLACE PROCEDURE p IS BEGIN EXECUTE IMMEDIATE 'INSERT INTO t VALUES (:a)' USING 1; END;
/
BEGIN EXECUTE IMMEDIATE 'INSERT INTO t VALUES (:a)' USING 1; END;
/
`)
	c, err := Convert([]*source.File{f}, Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range c.Findings() {
		if f.Outcome == diag.Refused {
			got = append(got, f.Code+" "+f.Message)
		}
	}
	if s := strings.Join(got, "; "); s != "SY0820 :Y has no value; SY0820 :Z has no value" {
		t.Errorf("got %s", s)
	}
}
