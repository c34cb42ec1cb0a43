package godwit_test

import (
	"strings"
	"testing"

	"godwit"
	"godwit/ir/dialect"
	"godwit/ir/source"
)

// TestUsersOfRefusedTypes: what needs an object type that is refused is refused as well, also where it stands in front of the type, as files in the order of their names do.
func TestUsersOfRefusedTypes(t *testing.T) {
	script := "CREATE TYPE BODY o AS MEMBER FUNCTION g RETURN NUMBER IS BEGIN RETURN nothing(1); END; END;\n/\n" +
		"CREATE PROCEDURE p(x o) IS BEGIN NULL; END;\n/\nCREATE TABLE t (a o);\n" +
		"CREATE TYPE o AS OBJECT (a ANYTYPE, b NUMBER, MEMBER FUNCTION g RETURN NUMBER);\n/\n"
	c, err := godwit.Convert([]*source.File{source.NewFile("s.sql", script)}, godwit.Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range c.Translated() {
		for _, s := range x.Target {
			if !strings.HasPrefix(s.SQL, "-- ") {
				t.Errorf("got %s", s.SQL)
			}
		}
	}
}
