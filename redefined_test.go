package godwit

import (
	"strings"
	"testing"

	"godwit/ir/dialect"
	"godwit/ir/source"
)

// TestDefinedTwice holds that a code base which has its objects in two files is converted with one definition of each.
func TestDefinedTwice(t *testing.T) {
	first := "CREATE TABLE t (id NUMBER(5));\nCREATE OR REPLACE FUNCTION f RETURN NUMBER IS BEGIN RETURN 1; END;\n/\n" +
		"CREATE TYPE a AS OBJECT (x b);\n/\nCREATE TYPE b AS OBJECT (y NUMBER);\n/\n"
	second := "DROP TABLE gone;\nCREATE TABLE t (id NUMBER(5));\nCREATE OR REPLACE FUNCTION f RETURN VARCHAR2 IS BEGIN RETURN 'two'; END;\n/\n"
	third := "DROP TABLE t;\n"
	files := []*source.File{source.NewFile("1.sql", first), source.NewFile("2.sql", second), source.NewFile("3.sql", third)}
	c, err := Convert(files, Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15})
	if err != nil {
		t.Fatal(err)
	}
	text := filesText(c)
	for want, n := range map[string]int{"CREATE TABLE t (": 1, "FUNCTION f()": 1, "'two'": 1, "DROP TABLE IF EXISTS gone": 1, "DROP TABLE t": 0} {
		if got := strings.Count(text, want); got != n {
			t.Errorf("%q stands there %d times, not %d\n%s", want, got, n, text)
		}
	}
	if strings.Index(text, "TYPE b AS") > strings.Index(text, "TYPE a AS") {
		t.Errorf("type a stands before b, which it is made of\n%s", text)
	}
	codes := map[string]int{}
	for _, f := range c.Findings() {
		codes[f.Code]++
	}
	for _, code := range []string{"NM0370", "NM0371", "NM0372", "NM0373"} {
		if codes[code] != 1 {
			t.Errorf("%s was told %d times", code, codes[code])
		}
	}
}

// TestDroppedBehindConnect holds that a script that connects, or names no schema, and drops what other files make, takes nothing away.
func TestDroppedBehindConnect(t *testing.T) {
	c, err := Convert([]*source.File{
		source.NewFile("a.sql", "CREATE TABLE employees (id NUMBER);\nCREATE TABLE hr.jobs (id NUMBER);\n"),
		source.NewFile("b_drop.sql", "CONNECT hr/hr\nDROP TABLE employees CASCADE CONSTRAINTS;\nDROP TABLE jobs;\n"),
		source.NewFile("c_drop.sql", "DROP TABLE jobs;\n"),
	}, Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15})
	if err != nil {
		t.Fatal(err)
	}
	if text := filesText(c); strings.Count(text, "CREATE TABLE") != 2 || strings.Contains(text, "DROP TABLE IF EXISTS employees") || strings.Contains(text, "DROP TABLE hr.jobs") {
		t.Errorf("a table does not stay\n%s", text)
	}
}

// TestDefinedInTwoSchemas holds that objects of one name in two schemas are two, also where the session's schema alone tells.
func TestDefinedInTwoSchemas(t *testing.T) {
	const one = "CREATE TYPE a AS OBJECT (x NUMBER);\n/\nCREATE TABLE t (o a);\nCREATE FUNCTION f RETURN a IS BEGIN RETURN a(1); END;\n/\n"
	script := "ALTER SESSION SET CURRENT_SCHEMA = s1;\n" + one + "ALTER SESSION SET CURRENT_SCHEMA = s2;\n" + one
	c, err := Convert([]*source.File{source.NewFile("two.sql", script)}, Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15})
	if err != nil {
		t.Fatal(err)
	}
	text := filesText(c)
	for _, want := range []string{"CREATE TYPE s1.a", "CREATE TYPE s2.a", "CREATE TABLE s1.t", "CREATE TABLE s2.t", "FUNCTION s1.f()", "FUNCTION s2.f()"} {
		if strings.Count(text, want) != 1 {
			t.Errorf("%s does not stand once in\n%s", want, text)
		}
	}
}

// TestDroppedByTheSchemaInUse holds that a DROP behind CONNECT means the schema that the definitions are in, that a trigger which its script drops
// again is not left, and that a DROP of what is refused may find nothing.
func TestDroppedByTheSchemaInUse(t *testing.T) {
	const made = "CREATE TABLE tt (a NUMBER);\nCREATE FUNCTION okf RETURN NUMBER IS BEGIN RETURN 1; END;\n/\nCREATE VIEW vv AS SELECT okf x FROM dual;\n" +
		"CREATE TRIGGER trg BEFORE INSERT ON tt FOR EACH ROW BEGIN :new.a := 1; END;\n/\nCREATE FUNCTION badf RETURN VARCHAR2 IS BEGIN RETURN ora_invoking_user; END;\n/\n" +
		"DROP VIEW vv;\nDROP FUNCTION okf;\nDROP TRIGGER trg;\nDROP FUNCTION badf;\n"
	for _, connect := range []string{"", "CONNECT hr/hr\n"} {
		c, err := Convert([]*source.File{source.NewFile("a.sql", connect+made)}, Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15})
		if err != nil {
			t.Fatal(err)
		}
		text := filesText(c)
		for _, gone := range []string{"VIEW", "okf", "TRIGGER trg", "DROP ROUTINE badf", "DROP ROUTINE hr.badf"} {
			if strings.Contains(text, gone) {
				t.Errorf("%q stands in\n%s", gone, text)
			}
		}
	}
}

// TestSecondUnderAName holds that what Oracle refuses because of its name or of the table's primary key is not converted beside the first, and that a
// function in the place of a procedure that was dropped is there alone, without what called the procedure.
func TestSecondUnderAName(t *testing.T) {
	script := "CREATE PROCEDURE gd IS BEGIN NULL; END;\n/\nBEGIN gd; END;\n/\nDROP PROCEDURE gd;\nCREATE FUNCTION gd RETURN NUMBER IS BEGIN RETURN 1; END;\n/\n" +
		"CREATE TABLE s (id NUMBER(5) CONSTRAINT s_pk PRIMARY KEY, x NUMBER CONSTRAINT s_ck CHECK (x > 0));\nALTER TABLE s ADD CONSTRAINT s_ck CHECK (x > 0);\n" +
		"ALTER TABLE s ADD CONSTRAINT s_pk2 PRIMARY KEY (id);\nCREATE VIEW s AS SELECT 1 a FROM dual;\nCREATE TYPE s AS OBJECT (x NUMBER);\n/\nCREATE SEQUENCE s;\n" +
		"CREATE TABLE r (id NUMBER(5) PRIMARY KEY);\nALTER TABLE r DROP PRIMARY KEY;\nALTER TABLE r ADD PRIMARY KEY (id);\n" +
		"CREATE TABLE p (id NUMBER(5));\nCREATE MATERIALIZED VIEW p ON PREBUILT TABLE AS SELECT 1 id FROM dual;\n"
	c, err := Convert([]*source.File{source.NewFile("a.sql", script)}, Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15})
	if err != nil {
		t.Fatal(err)
	}
	text := filesText(c)
	for want, n := range map[string]int{"CREATE OR REPLACE PROCEDURE gd": 0, "CREATE OR REPLACE FUNCTION gd": 1, "CALL gd": 0, "s_ck": 1, "s_pk": 1, "VIEW s": 0, "TYPE s": 0, "SEQUENCE s": 0} {
		if got := strings.Count(text, want); got != n {
			t.Errorf("%q stands there %d times, not %d\n%s", want, got, n, text)
		}
	}
	codes := map[string]int{}
	for _, f := range c.Findings() {
		codes[f.Code]++
	}
	for code, n := range map[string]int{"NM0370": 1, "NM0371": 5, "NM0762": 1} {
		if codes[code] != n {
			t.Errorf("%s was told %d times, not %d", code, codes[code], n)
		}
	}
}
