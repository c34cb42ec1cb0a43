package godwit

import (
	"strings"
	"testing"

	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
)

// TestSpecificationsWithoutBodies holds that views over routines whose body is not there are refused, which the target refused, and that
// nothing is told of a specification whose body comes in a later file.
func TestSpecificationsWithoutBodies(t *testing.T) {
	files := []*source.File{source.NewFile("a.sql", `CREATE PACKAGE k IS FUNCTION f RETURN NUMBER; END;
/
CREATE PACKAGE l IS FUNCTION f RETURN NUMBER; c CONSTANT NUMBER := 1; END;
/
CREATE PACKAGE m IS FUNCTION f RETURN NUMBER; END;
/
CREATE TYPE o AS OBJECT (a NUMBER, MEMBER FUNCTION f RETURN NUMBER);
/
CREATE VIEW vk AS SELECT k.f AS x FROM dual;
CREATE VIEW vl AS SELECT l.f AS x FROM dual;
CREATE VIEW vm AS SELECT m.f AS x FROM dual;
CREATE VIEW vo AS SELECT o(1).f() AS x FROM dual;
CREATE PROCEDURE p IS n NUMBER; BEGIN n := k.f; END;
/
`), source.NewFile("b.sql", `CREATE PACKAGE BODY l IS FUNCTION f RETURN NUMBER IS BEGIN RETURN 1; END; END;
/
CREATE PACKAGE BODY m IS FUNCTION f RETURN NUMBER IS BEGIN RETURN &none; END; END;
/
`)}
	c, err := Convert(files, Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range c.Findings() {
		if f.Code == withoutBody.ID || f.Outcome == diag.Refused {
			got = append(got, f.Code+" "+f.Message)
		}
	}
	want := "PK0820 K has no body: F; PK0820 M has no body: F; PK0820 O has no body: F; NM0110 it needs K.F, which was refused; " +
		"NM0110 it needs M.F, which was refused; NM0110 it needs O.F, which was refused; SY0310 the substitution variable none has no value"
	if s := strings.Join(got, "; "); s != want {
		t.Errorf("got %s", s)
	}
}
