package godwit

import (
	"strings"
	"testing"

	"godwit/ir/dialect"
	"godwit/ir/source"
)

// TestRefusedLater holds that what converted units call is there, also where the unit that makes it turns out to be refused, in part or whole,
// behind them.
func TestRefusedLater(t *testing.T) {
	for name, c := range map[string]struct {
		files []string
		want  []string
	}{
		"what initialises a package": {
			[]string{
				"CREATE OR REPLACE PACKAGE BODY pk IS\n  c_group CONSTANT VARCHAR2(20) := 'g';\n  g_msg VARCHAR2(20);\n  PROCEDURE initialize IS BEGIN g_msg := c_group; END;\n" +
					"  PROCEDURE show IS BEGIN DBMS_OUTPUT.PUT_LINE(g_msg); END;\n  PROCEDURE gone(m late) IS BEGIN NULL; END;\nBEGIN\n  initialize;\nEND;\n/\n",
				"CREATE OR REPLACE PACKAGE pk IS\n  PROCEDURE show;\n  PROCEDURE gone(m late);\nEND;\n/\n",
				"CREATE TYPE late AS OBJECT (a nowhere);\n/\n",
			},
			[]string{"CALL pk.initialize_package()", "PROCEDURE pk.initialize_package()"},
		},
		"the second form of a routine": {
			[]string{
				"CREATE TABLE res (k NUMBER);\nCREATE OR REPLACE PROCEDURE caller IS\n  n NUMBER;\nBEGIN\n  INSERT INTO res VALUES (1);\n  callee(5, n);\nEXCEPTION\n  WHEN OTHERS THEN INSERT INTO res VALUES (2);\nEND;\n/\n",
				"CREATE OR REPLACE PROCEDURE callee(a NUMBER, n OUT NUMBER) IS\n  s VARCHAR2(100);\nBEGIN\n  INSERT INTO res VALUES (a);\n" +
					"  s := CASE a WHEN 1 THEN 'SELECT ' || a WHEN 2 THEN 'SELECT -' || a END || ' FROM dual';\n  EXECUTE IMMEDIATE s INTO n;\nEND;\n/\n",
			},
			[]string{"PROCEDURE callee(", "CALL callee_try(", "PROCEDURE callee_try("},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var files []*source.File
			for i, text := range c.files {
				files = append(files, source.NewFile(string(rune('a'+i))+".sql", text))
			}
			conv, err := Convert(files, Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15})
			if err != nil {
				t.Fatal(err)
			}
			text := filesText(conv)
			for _, w := range c.want {
				if !strings.Contains(text, w) {
					t.Errorf("no %q:\n%s", w, text)
				}
			}
		})
	}
}
