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

// TestRemovals holds that blocks of a folder which drop what other files make do not run behind the folder's definitions.
func TestRemovals(t *testing.T) {
	const made = "CREATE TABLE t (id NUMBER(5));\nCREATE PROCEDURE p IS\nBEGIN\n  NULL;\nEND;\n/\n"
	const dropper = "CREATE PROCEDURE drop_if_exists(k VARCHAR2, n VARCHAR2) IS\nBEGIN\n  EXECUTE IMMEDIATE 'drop ' || k || ' ' || n;\nEXCEPTION WHEN OTHERS THEN NULL;\nEND;\n/\n"
	for _, c := range []struct{ name, a, z, never, codes string }{
		{"all", made, "DECLARE\n  v VARCHAR2(200);\nBEGIN\n  FOR c IN (SELECT object_type k, object_name n FROM user_objects) LOOP\n    v := 'drop ' || c.k || ' ' || c.n;\n    v := v || ' purge';\n    EXECUTE IMMEDIATE v;\n  END LOOP;\nEND;\n/\n", "EXECUTE v", "NM0372"},
		{"more", made, "DECLARE\n  v VARCHAR2(200) := 'drop table ';\nBEGIN\n  EXECUTE IMMEDIATE v || 't';\n  v := 'insert into t values (1)';\n  EXECUTE IMMEDIATE v;\nEND;\n/\n", "EXECUTE v", "NM0843"},
		{"known", made, "BEGIN\n  EXECUTE IMMEDIATE 'DROP TABLE t';\nEND;\n/\n", "DROP TABLE t", "NM0372"},
		{"known and more", made, "BEGIN\n  EXECUTE IMMEDIATE 'DROP TABLE t';\n  p;\nEND;\n/\n", "DROP TABLE t", "NM0843"},
		{"routine", made + dropper, "EXEC drop_if_exists('TABLE', 'T');\n", "CALL drop_if_exists", "NM0372"},
		{"routine before", dropper, "EXEC drop_if_exists('TABLE', 'T')\n" + made, "CALL drop_if_exists", "NM0781"},
		{"other name", made + dropper, "EXEC drop_if_exists('TABLE', 'U');\n", "DROP TABLE t", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			conv, err := Convert([]*source.File{source.NewFile("a.sql", c.a), source.NewFile("z.sql", c.z)}, Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15})
			if err != nil {
				t.Fatal(err)
			}
			for l := range strings.Lines(filesText(conv)) {
				if !strings.HasPrefix(l, "--") && strings.Contains(l, c.never) {
					t.Errorf("%q stands there:\n%s", c.never, filesText(conv))
				}
			}
			told := ""
			for _, f := range conv.Findings() {
				if strings.HasPrefix(f.Code, "NM078") || f.Code == "NM0843" || f.Code == "NM0372" {
					told += f.Code
				}
			}
			if told != c.codes {
				t.Errorf("told %q, not %q:\n%s", told, c.codes, filesText(conv))
			}
		})
	}
}

// TestCommentBehindCommit holds that a comment of several lines behind a statement that becomes one is a comment still.
func TestCommentBehindCommit(t *testing.T) {
	conv, err := Convert([]*source.File{source.NewFile("a.sql", "CREATE TABLE t (a NUMBER);\nCOMMIT;\n\n/* one\n| two\n*/\n")}, Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range conv.Findings() {
		if f.Code == "SY0100" {
			t.Errorf("%s\n%s", f.Message, filesText(conv))
		}
	}
}
