package godwit

import (
	"strings"
	"testing"

	"godwit/ir/dialect"
	"godwit/ir/source"
)

// TestCleanups holds that blocks which drop what their script makes behind them do not run behind the folder's definitions.
func TestCleanups(t *testing.T) {
	const tables = "CREATE TABLE t (id NUMBER(5));\nCREATE SEQUENCE s;\n"
	for _, c := range []struct{ name, script, want, never, code string }{
		{"known", "BEGIN\n  EXECUTE IMMEDIATE 'DROP TABLE t';\n  EXECUTE IMMEDIATE 'DROP SEQUENCE s';\nEXCEPTION WHEN OTHERS THEN NULL;\nEND;\n/\n" + tables, "CREATE TABLE t (", "DROP ", "NM0781"},
		{"loop", "BEGIN\n  FOR c IN (SELECT table_name FROM user_tables) LOOP\n    EXECUTE IMMEDIATE 'DROP TABLE ' || c.table_name || ' CASCADE CONSTRAINTS';\n    DBMS_OUTPUT.PUT_LINE('gone');\n  END LOOP;\nEND;\n/\n" + tables, "CREATE TABLE t (", "DROP ", "NM0781"},
		{"more", tables + "BEGIN\n  EXECUTE IMMEDIATE 'DROP TABLE u';\n  INSERT INTO t VALUES (1);\nEND;\n/\nCREATE TABLE u (id NUMBER(5));\n", "CREATE TABLE u (", "\n  DROP TABLE u", "NM0782"},
		{"behind", tables + "BEGIN\n  EXECUTE IMMEDIATE 'DROP TABLE t';\nEND;\n/\nCREATE TABLE u (id NUMBER(5));\n", "DROP TABLE t", "DROP SEQUENCE", ""},
		{"another", "BEGIN\n  EXECUTE IMMEDIATE 'DROP TABLE other';\nEXCEPTION WHEN OTHERS THEN NULL;\nEND;\n/\n" + tables, "DROP TABLE other", "DROP TABLE t", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			conv, err := Convert([]*source.File{source.NewFile("a.sql", c.script)}, Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15})
			if err != nil {
				t.Fatal(err)
			}
			var all strings.Builder
			for l := range strings.Lines(filesText(conv)) {
				if !strings.HasPrefix(l, "--") {
					all.WriteString(l)
				}
			}
			if text := all.String(); !strings.Contains(text, c.want) || strings.Contains(text, c.never) {
				t.Errorf("not %q, or %q:\n%s", c.want, c.never, text)
			}
			told := ""
			for _, f := range conv.Findings() {
				if strings.HasPrefix(f.Code, "NM078") {
					told += f.Code
				}
			}
			if told != c.code {
				t.Errorf("told %q, not %q", told, c.code)
			}
		})
	}
}
