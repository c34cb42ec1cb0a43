package godwit

import (
	"strings"
	"testing"

	"godwit/ir/dialect"
	"godwit/ir/source"
)

// TestPackageTypesInFront holds that statements in front of a package use the types that the package makes.
func TestPackageTypesInFront(t *testing.T) {
	src := "DECLARE\n  q pk.query;\nBEGIN\n  pk.add(q, 'x');\nEND;\n/\n" +
		"CREATE PACKAGE pk IS\n  TYPE query IS RECORD (a VARCHAR2(20 CHAR), n NUMBER);\n  PROCEDURE add(q IN OUT query, v VARCHAR2);\nEND;\n/\n" +
		"CREATE PACKAGE BODY pk IS\n  PROCEDURE add(q IN OUT query, v VARCHAR2) IS BEGIN q.a := v; END;\nEND;\n/\n"
	c, err := Convert([]*source.File{source.NewFile("1.sql", src)}, Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 18})
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, f := range c.Files() {
		all.WriteString(f.Text)
	}
	for _, want := range []string{"CREATE TYPE pk.query AS", "q pk.query%ROWTYPE", "add(INOUT q pk.query, v text)"} {
		if !strings.Contains(all.String(), want) {
			t.Errorf("%q does not stand there\n%s", want, all.String())
		}
	}
}
