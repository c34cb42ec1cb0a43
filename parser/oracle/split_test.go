package oracle

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"godwit/ir"
	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/parser/scan"
)

// cuts are the pieces of a script: the first words of each, with the command if it is one.
func cuts(text string) []string {
	var out []string
	var sp splitter
	for pos := 0; ; {
		p, ok, _ := sp.cut(text, pos, true)
		if !ok {
			return out
		}
		s := strings.Join(strings.Fields(text[p.first:p.end]), " ")
		if p.command != "" {
			s = "[" + p.command + "] " + s
		}
		out = append(out, s)
		pos = p.next
	}
}

func TestSplit(t *testing.T) {
	for _, x := range []struct {
		name, text string
		want       []string
	}{
		{"statements", "SELECT 1 FROM dual; SELECT ';' FROM dual;\n", []string{"SELECT 1 FROM dual", "SELECT ';' FROM dual"}},
		{"slash behind a statement", "SELECT 1 FROM dual\n/\nCOMMIT;", []string{"SELECT 1 FROM dual", "COMMIT"}},
		{"division", "SELECT 4 /\n2 FROM dual;", []string{"SELECT 4 / 2 FROM dual"}},
		{"no end", "COMMIT", []string{"COMMIT"}},
		{"block", "BEGIN\n NULL;\nEND;\n/\nSELECT 1 FROM dual;", []string{"BEGIN NULL; END;", "SELECT 1 FROM dual"}},
		{"block with declarations", "DECLARE x NUMBER; PROCEDURE p IS BEGIN NULL; END; BEGIN p; END;\n/\n", []string{
			"DECLARE x NUMBER; PROCEDURE p IS BEGIN NULL; END; BEGIN p; END;"}},
		{"label", "<<a>>\nBEGIN NULL; END;\n/", []string{"<<a>> BEGIN NULL; END;"}},
		{"commands", "PROMPT it's; here\nSET ECHO OFF\nREM don't\nSHOW ERRORS\nexec p(1, -\n 2);\n@@x.sql\n", []string{
			"[PROMPT] PROMPT it's; here", "[SET] SET ECHO OFF", "[REMARK] REM don't", "[SHOW] SHOW ERRORS", "[EXECUTE] exec p(1, - 2);", "[@] @@x.sql"}},
		{"SET of SQL", "SET TRANSACTION READ ONLY;\nSET ROLE r;", []string{"SET TRANSACTION READ ONLY", "SET ROLE r"}},
		{"quotes", "SELECT q'[a;'b]' FROM t;\nSELECT \"a;b\" /* ; */ -- ;\n FROM t;", []string{"SELECT q'[a;'b]' FROM t", `SELECT "a;b" /* ; */ -- ; FROM t`}},
		{"no slash", "CREATE PROCEDURE p IS\n x NUMBER;\nBEGIN\n IF x = 1 THEN NULL; END IF;\nEND p;\nCREATE TABLE t (a NUMBER);\n", []string{
			"CREATE PROCEDURE p IS x NUMBER; BEGIN IF x = 1 THEN NULL; END IF; END p;", "CREATE TABLE t (a NUMBER)"}},
		{"no slash, nested routine", "CREATE PROCEDURE p IS\n FUNCTION f RETURN NUMBER IS BEGIN RETURN CASE WHEN 1 = 1 THEN 1 END; END f;\nBEGIN\n NULL;\nEND;\nSELECT 1 FROM dual;\n",
			[]string{"CREATE PROCEDURE p IS FUNCTION f RETURN NUMBER IS BEGIN RETURN CASE WHEN 1 = 1 THEN 1 END; END f; BEGIN NULL; END;", "SELECT 1 FROM dual"}},
		{"no slash, package", "CREATE OR REPLACE PACKAGE k IS\n x NUMBER;\n PROCEDURE p;\nEND k;\nCREATE OR REPLACE PACKAGE BODY k AS\n PROCEDURE p IS BEGIN NULL; END;\nBEGIN\n x := 1;\nEND;\n" +
			"GRANT EXECUTE ON k TO a;", []string{"CREATE OR REPLACE PACKAGE k IS x NUMBER; PROCEDURE p; END k;",
			"CREATE OR REPLACE PACKAGE BODY k AS PROCEDURE p IS BEGIN NULL; END; BEGIN x := 1; END;", "GRANT EXECUTE ON k TO a"}},
		{"compound trigger", "CREATE TRIGGER g FOR UPDATE ON t COMPOUND TRIGGER\n n NUMBER;\n AFTER STATEMENT IS\n m NUMBER;\n BEGIN NULL; END AFTER STATEMENT;\nEND g;\nCOMMIT;", []string{
			"CREATE TRIGGER g FOR UPDATE ON t COMPOUND TRIGGER n NUMBER; AFTER STATEMENT IS m NUMBER; BEGIN NULL; END AFTER STATEMENT; END g;", "COMMIT"}},
		{"type", "CREATE TYPE o AS OBJECT (x NUMBER, MEMBER FUNCTION f RETURN NUMBER);\n/\nCREATE TYPE BODY o AS MEMBER FUNCTION f RETURN NUMBER IS BEGIN RETURN 1; END; END;\n/\n", []string{
			"CREATE TYPE o AS OBJECT (x NUMBER, MEMBER FUNCTION f RETURN NUMBER);", "CREATE TYPE BODY o AS MEMBER FUNCTION f RETURN NUMBER IS BEGIN RETURN 1; END; END;"}},
		{"external", "CREATE FUNCTION f RETURN NUMBER AS LANGUAGE JAVA NAME 'x';\nCOMMIT;", []string{"CREATE FUNCTION f RETURN NUMBER AS LANGUAGE JAVA NAME 'x';", "COMMIT"}},
		{"java", "CREATE JAVA SOURCE NAMED j AS class J { String s = \"it's\"; }\n/\nCOMMIT;", []string{`CREATE JAVA SOURCE NAMED j AS class J { String s = "it's"; }`, "COMMIT"}},
		{"a branch that is no code", "CREATE PACKAGE BODY k IS\n$IF FALSE $THEN\n<#x>\nCREATE OR REPLACE VIEW ${v} AS\nEND;\n$END\nPROCEDURE p IS BEGIN NULL; END;\nEND k;\n/\nCOMMIT;", []string{
			"CREATE PACKAGE BODY k IS $IF FALSE $THEN <#x> CREATE OR REPLACE VIEW ${v} AS END; $END PROCEDURE p IS BEGIN NULL; END; END k;", "COMMIT"}},
		{"wrapped", "CREATE PACKAGE k wrapped\na000000\nabc'd\n/\nCOMMIT;", []string{"CREATE PACKAGE k wrapped a000000 abc'd", "COMMIT"}},
		{"query with a function", "WITH FUNCTION f RETURN NUMBER IS BEGIN RETURN 1; END;\nSELECT f FROM dual;\nCOMMIT;", []string{
			"WITH FUNCTION f RETURN NUMBER IS BEGIN RETURN 1; END; SELECT f FROM dual;", "COMMIT"}},
		{"definitions without ends", "CREATE TABLE a (x NUMBER)\n\n  ALTER TABLE a ADD CHECK (x > 1) ENABLE\n\n  CREATE UNIQUE INDEX i ON a (x)\n", []string{
			"CREATE TABLE a (x NUMBER)", "ALTER TABLE a ADD CHECK (x > 1) ENABLE", "CREATE UNIQUE INDEX i ON a (x)"}},
		{"rights to create", "GRANT CREATE SESSION,\n CREATE TABLE TO a;", []string{"GRANT CREATE SESSION, CREATE TABLE TO a"}},
		{"open quote", "INSERT INTO t VALUES ('a);\nINSERT INTO t VALUES (1);\nCOMMIT;", []string{"INSERT INTO t VALUES ('a)", "INSERT INTO t VALUES (1)", "COMMIT"}},
		{"open quote in a block", "BEGIN\n x := 'a;\nEND;\n/\nCOMMIT;", []string{"BEGIN x := 'a; END;", "COMMIT"}},
		{"slash again", "INSERT INTO t VALUES (1);\n/\n", []string{"INSERT INTO t VALUES (1)", "[/] /"}},
		{"buffer without a run", "SELECT 1\n FROM dual\n.\nCOMMIT;", []string{"SELECT 1 FROM dual", "COMMIT"}},
		{"conditional compilation", "CREATE PROCEDURE p IS BEGIN\n$IF $$x $THEN\n a;\n$ELSE\n b;\n$END\nEND;\n/\nCOMMIT;", []string{
			"CREATE PROCEDURE p IS BEGIN $IF $$x $THEN a; $ELSE b; $END END;", "COMMIT"}},
	} {
		got := cuts(x.text)
		if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", x.want) {
			t.Errorf("%s:\n got %q\nwant %q", x.name, got, x.want)
		}
	}
}

// oracleScripts are the scripts of the folders that GODWIT_CORPUS names, and those of testdata.
func oracleScripts(t testing.TB) []string {
	var out []string
	roots := []string{"testdata"}
	if dir := os.Getenv("GODWIT_CORPUS"); dir != "" {
		roots = append(roots, dir)
	}
	for _, root := range roots {
		err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(path, ".sql") && (root == "testdata" || strings.Contains(strings.ToLower(path), "oracle")) {
				out = append(out, path)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// TestNothingIsLost checks that pieces and what stands between them make up the whole script, and that streaming cuts the same.
func TestNothingIsLost(t *testing.T) {
	for _, path := range oracleScripts(t) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		checkSplit(t, path, string(b))
	}
}

func checkSplit(t *testing.T, name, text string) {
	var sp splitter
	for pos := 0; ; {
		p, ok, more := sp.cut(text, pos, true)
		if more {
			t.Errorf("%s: more is asked for at the end", name)
			return
		}
		if !ok {
			if rest := strings.TrimSpace(text[pos:]); rest != "" && !onlyComments(rest) {
				t.Errorf("%s: lost at the end: %.80q", name, rest)
			}
			return
		}
		if p.start < pos || p.first < p.start || p.end < p.first || p.next < p.end || p.next <= pos || p.next > len(text) {
			t.Errorf("%s: at %d: bad piece %+v", name, pos, p)
			return
		}
		between := strings.TrimFunc(text[p.end:p.next], func(r rune) bool { return r <= ' ' || r == ';' || r == '/' || r == '.' })
		if between != "" && (p.tailEnd == 0 || !strings.HasPrefix(between, "--")) {
			t.Errorf("%s: lost behind %d: %.80q", name, p.end, between)
		}
		pos = p.next
	}
}

func onlyComments(s string) bool {
	for s != "" {
		switch {
		case isSpace(s[0]) || s[0] == ';':
			s = s[1:]
		case isComment(s):
			n, _ := skipComment(s)
			s = s[n:]
		default:
			return false
		}
	}
	return true
}

func parse(t testing.TB, text string, set ...string) []*ir.Unit {
	o := scan.Options{Dialect: dialect.Oracle, Settings: dialect.Settings{}}
	for _, s := range set {
		n, v, err := dialect.ParseSetting(s)
		if err != nil {
			t.Fatal(err)
		}
		o.Settings[n] = v
	}
	us, err := Parse(source.NewFile("x.sql", text), o)
	if err != nil {
		t.Fatal(err)
	}
	return us
}

// TestStreamingIsParsing checks that a script that is read bit by bit gives the same units.
func TestStreamingIsParsing(t *testing.T) {
	for _, path := range oracleScripts(t) {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if len(b) > 1<<20 {
			continue
		}
		for _, chunk := range []int{7, 4096} {
			if chunk == 7 && len(b) > 20000 {
				continue
			}
			var got, want []string
			for _, u := range parse(t, string(b)) {
				want = append(want, digest(u))
			}
			o := scan.Options{Dialect: dialect.Oracle, Chunk: chunk}
			for p, err := range Pieces(strings.NewReader(string(b)), "x.sql", o) {
				if err != nil {
					t.Fatal(err)
				}
				for _, u := range p.Parse(o) {
					got = append(got, digest(u))
				}
			}
			if a, b := strings.Join(got, "\n"), strings.Join(want, "\n"); a != b {
				t.Errorf("%s in pieces of %d: %d units, not %d", path, chunk, len(got), len(want))
				for i := range min(len(got), len(want)) {
					if got[i] != want[i] {
						t.Errorf("unit %d:\n%s\n%s", i, got[i], want[i])
						break
					}
				}
			}
		}
	}
}

func digest(u *ir.Unit) string {
	s := fmt.Sprintf("%s %s line %d %q", u.Kind, u.Object, u.Span.Line(), u.Span.Text())
	for _, f := range u.Findings {
		s += fmt.Sprintf("\n  %s %s %s", f.Code, f.Message, f.Span)
	}
	for _, x := range u.Stmts {
		for _, c := range append(x.Base().Lead, x.Base().Trail...) {
			s += "\n  " + c.Text
		}
	}
	return s
}
