package godwit

import (
	"strings"
	"testing"

	"godwit/ir/dialect"
	"godwit/ir/source"
)

// TestTypesOfRows holds that types with rows of tables are made behind the tables, and types of columns in front of them, whatever the names
// of their fields are.
func TestTypesOfRows(t *testing.T) {
	src := "CREATE TYPE place AS OBJECT (city VARCHAR2(10 CHAR));\n/\n" +
		"CREATE TABLE city (id NUMBER, at place);\n" +
		"CREATE PACKAGE pk IS\n  TYPE one IS RECORD (c city%ROWTYPE);\n  TYPE two IS RECORD (o one, n NUMBER);\n  FUNCTION f RETURN two;\nEND;\n/\n" +
		"CREATE PACKAGE BODY pk IS\n  FUNCTION f RETURN two IS v two; BEGIN RETURN v; END;\nEND;\n/\n"
	c, err := Convert([]*source.File{source.NewFile("1.sql", src)}, Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 18})
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, f := range c.Files() {
		if f.Load && (f.kind == "type" || f.kind == "table" || f.kind == "function") {
			order = append(order, f.name)
		}
	}
	if got, want := strings.Join(order, " "), "place city one two f"; got != want {
		t.Errorf("order %q, want %q", got, want)
	}
}
