package godwit_test

import (
	"strings"
	"testing"

	"godwit"
	"godwit/ir/dialect"
	"godwit/ir/source"
)

// TestUnparsedMembers: text that the target's grammar refuses costs the member of a package that it comes from. Character 0 in a literal is such a text.
func TestUnparsedMembers(t *testing.T) {
	script := "CREATE PACKAGE pk AS PROCEDURE p; PROCEDURE q; END;\n/\nCREATE PACKAGE BODY pk AS\n" +
		"PROCEDURE p IS BEGIN DBMS_OUTPUT.PUT_LINE('a\x00b'); END;\nPROCEDURE q IS BEGIN p; DBMS_OUTPUT.PUT_LINE('fine'); END;\nEND;\n/\n"
	c, err := godwit.Translate([]*source.File{source.NewFile("s.sql", script)}, godwit.Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15})
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, s := range c.Translated()[1].Target {
		text.WriteString(s.SQL + "\n")
	}
	for _, want := range []string{"P is not converted: SY0100", "CALL pk.p()", "'fine'"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the body has no %q:\n%s", want, text.String())
		}
	}
}
