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

const partlyConverted = `CREATE TABLE t (id NUMBER);
CREATE OR REPLACE PACKAGE BODY p AS
  FUNCTION f(x NUMBER) RETURN NUMBER IS BEGIN RETURN x + 1; END;
  PROCEDURE w(x VARCHAR2) IS
    h UTL_FILE.FILE_TYPE;
  BEGIN
    h := UTL_FILE.FOPEN('A', x, 'r');
    UTL_FILE.FCLOSE(h);
  END;
  PROCEDURE c IS BEGIN INSERT INTO t VALUES (1); w('a'); END;
END p;
/
CREATE OR REPLACE PACKAGE p AS
  FUNCTION f(x NUMBER) RETURN NUMBER;
  PROCEDURE w(x VARCHAR2);
  PROCEDURE c;
END p;
/
`

// What cannot be converted in a package costs the routine in which it stands: the others work, and that one raises an error that names
// the reason.
func TestPackageWithoutAMember(t *testing.T) {
	c, err := Convert([]*source.File{source.NewFile("p.sql", partlyConverted)}, Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15})
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]diag.Fidelity{}
	var statements []rows.Statement
	for _, u := range c.Units {
		for _, f := range u.Findings {
			said[f.Code] = max(said[f.Code], f.Fidelity)
		}
	}
	for _, kind := range []string{"table", "package", "package body"} {
		for _, u := range c.Units {
			if u.Kind == kind {
				for _, o := range u.Outputs {
					statements = append(statements, rows.Statement{SQL: o.SQL})
				}
			}
		}
	}
	if said["PK0210"] != diag.Approximate || said["FN0500"] != diag.Approximate {
		t.Errorf("findings %v, want PK0210 and FN0500, approximate", said)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s := rows.Connect(t, ctx, enginetest.FreshPostgres(t, 15, "members"))
	defer s.Close(ctx)
	s.Entry(ctx, statements)
	if len(s.Errors) > 0 {
		t.Fatal(s.Errors)
	}
	if got := s.Entry(ctx, []rows.Statement{{SQL: "SELECT p.f(41)", Rows: true}}); len(got) != 1 || len(got[0].Rows) != 1 || got[0].Rows[0][0] == nil || *got[0].Rows[0][0] != "42" {
		t.Errorf("p.f(41) gives %v", got)
	}
	s.Entry(ctx, []rows.Statement{{SQL: "CALL p.c()"}})
	if all := strings.Join(s.Errors, "\n"); !strings.Contains(all, "W is not converted: ") {
		t.Errorf("p.c() says %q", all)
	}
}

// The routines of a package are objects of their own in an assessment, and each file has the findings of its own object.
func TestPackageRoutinesAreObjects(t *testing.T) {
	c, err := Convert([]*source.File{source.NewFile("p.sql", partlyConverted)}, Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15})
	if err != nil {
		t.Fatal(err)
	}
	status := map[string]diag.Fidelity{}
	for _, o := range c.Objects() {
		status[o.Kind+" "+o.Name] = o.Status
		if o.Name == "P.W" && (o.SourceLines != 6 || o.Line != 4 || o.TargetLines == 0) {
			t.Errorf("P.W is %d lines from line %d, and %d lines on the target", o.SourceLines, o.Line, o.TargetLines)
		}
	}
	for name, want := range map[string]diag.Fidelity{"package routine P.F": diag.Assumed, "package routine P.W": diag.Refused,
		"package routine P.C": diag.Assumed, "package body P": diag.Exact, "package P": diag.Exact} {
		if got, ok := status[name]; !ok || got != want {
			t.Errorf("%s is %v, want %v (%v)", name, got, want, status)
		}
	}
	for _, f := range c.Files() {
		if strings.HasSuffix(f.Path, "/f.sql") && strings.Contains(f.Text, "PK0210") || strings.HasSuffix(f.Path, "/w.sql") && !strings.Contains(f.Text, "PK0210") {
			t.Errorf("%s has the findings of another object, or lacks its own:\n%s", f.Path, f.Text)
		}
	}
}
