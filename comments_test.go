package godwit

import (
	"strings"
	"testing"
	"unicode/utf8"

	pg "github.com/pganalyze/pg_query_go/v6"

	"godwit/ir/dialect"
	"godwit/ir/source"
)

// A carriage return alone ends a comment for PostgreSQL and not for the sources, and a file with bytes that are no characters is not read at all:
// what stands in comments, that of refused statements too, must stay there.
func TestCommentsStayComments(t *testing.T) {
	for from, script := range map[dialect.Name]string{
		dialect.MySQL: "-- note\rDROP TABLE x;\nCREATE TABLE t (a INT); # tail \xfc\rDELETE FROM y;\n/* block\rDROP TABLE x; \x00 */ CREATE TABLE t2 (a INT);\nDELIMITER //\n" +
			"CREATE PROCEDURE p() BEGIN\n-- in\rDELETE FROM z;\nUPDATE t SET a = 1; END//\nDELIMITER ;\nCREATE TABLE u (a INT) FOO = \rDROP TABLE x;\nINSERT INTO t VALUES ('M\xfcller\rDROP TABLE x;');\n",
		dialect.Oracle: "-- note\rDROP TABLE x;\nCREATE TABLE t (a NUMBER, b VARCHAR2(20)); -- tail \xfc\rDELETE FROM y;\n/* block\rDROP TABLE x; \x00 */ CREATE TABLE t2 (a NUMBER);\n" +
			"CREATE PROCEDURE p IS BEGIN\n-- in\rDELETE FROM z;\nUPDATE t SET a = 1; END;\n/\nCREATE TABLE u (a NUMBER) FOO\rDROP TABLE x;\nCREATE PROCEDURE q IS BEGIN\n-- in \xe9\rDELETE FROM z;\n" +
			"UTL_FILE.FCLOSE_ALL; b := 'M\xfcller'; END;\n/\n",
	} {
		for _, convert := range []func([]*source.File, Options) (*Conversion, error){Convert, Translate} {
			c, err := convert([]*source.File{source.NewFile("in.sql", script)}, Options{From: from, To: dialect.Postgres, ToVersion: 15})
			if err != nil {
				t.Fatal(err)
			}
			var all strings.Builder
			for _, f := range c.Files() {
				all.WriteString(f.Text + "\n")
			}
			for _, u := range c.Units {
				for _, o := range u.Outputs {
					all.WriteString(o.SQL + ";\n")
				}
			}
			text := all.String()
			if !utf8.ValidString(text) || strings.Contains(text, "\x00") {
				t.Errorf("%s: the output is no text: %q", from, text)
			}
			tree, err := pg.Parse(text)
			if err != nil {
				t.Fatalf("%s: %v in %q", from, err, text)
			}
			for _, s := range tree.Stmts {
				if s.Stmt.GetDropStmt() != nil || s.Stmt.GetDeleteStmt() != nil {
					t.Errorf("%s: a comment became a statement: %q", from, text)
				}
			}
			for l := range strings.Lines(text) {
				if strings.HasPrefix(strings.TrimSpace(l), "--") && strings.Contains(strings.TrimRight(l, "\r\n"), "\r") {
					t.Errorf("%s: a comment that ends early: %q", from, l)
				}
			}
		}
	}
}
