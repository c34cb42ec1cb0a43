package mysql

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/parser/scan"
)

// texts are the source texts of the units.
func texts(us []*ir.Unit) []string {
	var out []string
	for _, u := range us {
		out = append(out, u.Span.Text())
	}
	return out
}

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     []string
	}{
		{"delimiter in strings and comments", "SELECT ';', \"a;b\", `c;d` -- e;\n/* ; */ # ;\n; SELECT 'it''s;', 'a\\';';", []string{"SELECT ';', \"a;b\", `c;d`", "SELECT 'it''s;', 'a\\';'"}},
		{"DELIMITER", "DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; END//\ndelimiter ;\nSELECT 2;", []string{"CREATE PROCEDURE p() BEGIN SELECT 1; END", "SELECT 2"}},
		{"glued delimiter", "DELIMITER $$\nCREATE PROCEDURE p() BEGIN END$$\nDELIMITER ;\nSELECT 2", []string{"CREATE PROCEDURE p() BEGIN END", "SELECT 2"}},
		{"\\G ends a statement", "SELECT 1\\G\nSELECT 2\\g", []string{"SELECT 1", "SELECT 2"}},
		{"no DELIMITER", "CREATE PROCEDURE p() BEGIN IF a THEN SELECT CASE WHEN 1 THEN 2 END; END IF; CASE x WHEN 1 THEN SELECT 1; END CASE; END; SELECT 2;",
			[]string{"CREATE PROCEDURE p() BEGIN IF a THEN SELECT CASE WHEN 1 THEN 2 END; END IF; CASE x WHEN 1 THEN SELECT 1; END CASE; END", "SELECT 2"}},
		{"two statements before a delimiter", "DELIMITER //\nDROP PROCEDURE IF EXISTS p; CREATE PROCEDURE p() BEGIN END//", []string{"DROP PROCEDURE IF EXISTS p", "CREATE PROCEDURE p() BEGIN END"}},
		{"executable comments", "/*!40101 SET NAMES utf8 */;\n/*!50003 CREATE*/ /*!50003 VIEW v AS SELECT 1 */;", []string{"SET NAMES utf8", "CREATE*/ /*!50003 VIEW v AS SELECT 1"}},
		{"byte order mark", "\xEF\xBB\xBFSELECT 1;", []string{"SELECT 1"}},
		{"comments only", "-- nothing\n/* here */;\n;;", nil},
		{"USE needs no delimiter", "USE s\nSELECT 1;", []string{"USE s", "SELECT 1"}},
		{"the end is missing", "SELECT 1; SELECT 'x", []string{"SELECT 1", "SELECT 'x"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := texts(parseText(t, "x.sql", c.in, scan.Options{}))
			if fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
			var streamed []string
			for u, err := range Stream(&slowReader{s: c.in}, "x.sql", scan.Options{}) {
				if err != nil {
					t.Fatal(err)
				}
				streamed = append(streamed, u.Span.Text())
			}
			if fmt.Sprint(streamed) != fmt.Sprint(c.want) {
				t.Errorf("streamed %q, want %q", streamed, c.want)
			}
		})
	}
}

// slowReader gives one byte at a time.
type slowReader struct{ s string }

func (r *slowReader) Read(p []byte) (int, error) {
	if r.s == "" {
		return 0, io.EOF
	}
	p[0] = r.s[0]
	r.s = r.s[1:]
	return 1, nil
}

func TestStreamKeepsPositions(t *testing.T) {
	var b strings.Builder
	for i := range 20000 {
		fmt.Fprintf(&b, "INSERT INTO t VALUES (%d, 'é;\\'');\n", i)
	}
	want := parseText(t, "x.sql", b.String(), scan.Options{})
	i := 0
	for u, err := range Stream(strings.NewReader(b.String()), "x.sql", scan.Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		f := u.Span.File
		if got := f.Base + int64(u.Span.Start); got != int64(want[i].Span.Start) || u.Span.Line() != want[i].Span.Line() {
			t.Fatalf("unit %d at %d, line %d; want %d, line %d", i, got, u.Span.Line(), want[i].Span.Start, want[i].Span.Line())
		}
		if len(f.Text) > 200 {
			t.Fatalf("unit %d holds %d bytes", i, len(f.Text))
		}
		i++
	}
	if i != len(want) || i != 20000 {
		t.Errorf("%d units, want %d", i, len(want))
	}
}

func TestSQLModeBelongsToTheStatement(t *testing.T) {
	us := parseText(t, "x.sql", `SELECT "a";
/*!50003 SET @saved = @@sql_mode */;
/*!50003 SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES' */;
SELECT "a", 'b\';
SET sql_mode = CONCAT(@@sql_mode, ',PIPES_AS_CONCAT');
SELECT "a" || 'b';
/*!50003 SET sql_mode = @saved */;
SELECT "a\"" || 'b';
SET sql_mode = (SELECT x FROM y);
SELECT 1;`, scan.Options{})
	var got []string
	for _, u := range us {
		if q, ok := u.Stmts[0].(*ir.QueryStmt); ok {
			e := q.Query.(*ir.Select).Items[0].Expr
			got = append(got, strings.TrimPrefix(fmt.Sprintf("%T", e), "*ir."))
		}
	}
	if w := "[String Name Concat Binary Number]"; fmt.Sprint(got) != w {
		t.Errorf("got %v, want %s", got, w)
	}
	last := us[len(us)-2]
	if len(last.Findings) != 1 || last.Findings[0].Code != codeMode.ID {
		t.Errorf("no finding on an unknown sql_mode: %v", last.Findings)
	}
	if m := us[5].Settings[sqlMode]; m != "ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT" {
		t.Errorf("settings of the concatenation: %q", m)
	}
}

func TestErrorCostsItsOwnStatement(t *testing.T) {
	us := parseText(t, "x.sql", "SELECT 1;\nSELEC 2;\nCREATE TABLE s.t (a INT,);\nSELECT 3 FROM;\nSELECT 4;", scan.Options{Schema: "d"})
	if len(us) != 5 {
		t.Fatalf("%d units", len(us))
	}
	for i, want := range []string{"", "2:1", "3:25", "4:10", ""} {
		f := us[i].Findings
		if want == "" {
			if len(f) > 0 {
				t.Errorf("unit %d: %v", i, f)
			}
			continue
		}
		if len(f) != 1 || f[0].Code != codeSyntax.ID || f[0].Severity != diag.Error || f[0].Span.String() != "x.sql:"+want {
			t.Errorf("unit %d: %v at %s, want %s", i, f, f[0].Span, want)
		}
		if s, ok := us[i].Stmts[0].(*ir.Unsupported); !ok || s.Text != us[i].Span.Text() {
			t.Errorf("unit %d keeps no source", i)
		}
	}
	if us[2].Object != "table s.t" || us[2].Findings[0].Object != "table s.t" {
		t.Errorf("object %q", us[2].Object)
	}
}

func TestCommentsAreKept(t *testing.T) {
	const text = "-- about p\nDELIMITER //\n-- more\nCREATE PROCEDURE p() BEGIN -- in\n SELECT 1; # behind\n END//\nDELIMITER ;\nSELECT 2; -- two\nSELECT 3;\n-- last\n/* of all */\n"
	check := func(us []*ir.Unit) {
		t.Helper()
		var got []string
		for _, u := range us {
			ir.Walk(u.Stmts[0], func(n ir.Node) bool {
				for _, c := range append(n.Base().Lead[:len(n.Base().Lead):len(n.Base().Lead)], n.Base().Trail...) {
					got = append(got, c.Text)
				}
				return true
			})
			got = append(got, "|")
		}
		if w := "[-- about p -- more -- in # behind | -- two | -- last /* of all */ |]"; fmt.Sprint(got) != w {
			t.Errorf("got %v, want %s", got, w)
		}
	}
	check(parseText(t, "x.sql", text, scan.Options{}))
	var us []*ir.Unit
	for u, err := range Stream(strings.NewReader(text), "x.sql", scan.Options{}) {
		if err != nil {
			t.Fatal(err)
		}
		us = append(us, u)
	}
	check(us)
}

func TestDepthGuard(t *testing.T) {
	for name, text := range map[string]string{
		"parentheses": "SELECT " + strings.Repeat("(", 10000) + "1" + strings.Repeat(")", 10000),
		"queries":     strings.Repeat("SELECT * FROM (", 10000) + "SELECT 1" + strings.Repeat(") t", 10000),
		"cases":       "SELECT " + strings.Repeat("CASE WHEN 1 THEN ", 10000) + "1" + strings.Repeat(" END", 10000),
		"blocks":      "CREATE PROCEDURE p() " + strings.Repeat("BEGIN ", 10000) + strings.Repeat("END; ", 9999) + "END",
		"calls":       "SELECT " + strings.Repeat("f(", 10000) + strings.Repeat(")", 10000),
		"signs":       "SELECT " + strings.Repeat("- ", 10000) + "1",
		"NOT":         "SELECT " + strings.Repeat("NOT ", 10000) + "1",
		"assignments": "SELECT " + strings.Repeat("@a := ", 10000) + "1",
		"BETWEEN":     "SELECT 1" + strings.Repeat(" BETWEEN 1 AND 1", 10000),
		"joins":       "SELECT * FROM " + strings.Repeat("(a JOIN ", 10000) + "b" + strings.Repeat(")", 10000),
		"braces":      "SELECT * FROM " + strings.Repeat("{oj ", 10000) + "b" + strings.Repeat("}", 10000),
		"IFs":         "CREATE PROCEDURE p() " + strings.Repeat("IF 1 THEN ", 10000) + strings.Repeat("END IF; ", 9999) + "END IF",
		"rows":        "CREATE PROCEDURE p(a " + strings.Repeat("ROW (a ", 10000) + "INT" + strings.Repeat(")", 10000) + ") SELECT 1",
	} {
		us := parseText(t, "x.sql", text+";\nSELECT 1;", scan.Options{})
		if len(us) < 2 {
			t.Fatalf("%s: %d units", name, len(us))
		}
		if f := us[0].Findings; len(f) != 1 || f[0].Code != codeDepth.ID || !strings.Contains(f[0].Message, "3000 levels") {
			t.Errorf("%s: %v", name, f)
		}
		if len(us[len(us)-1].Findings) != 0 {
			t.Errorf("%s: the next statement is lost", name)
		}
	}
	long := "SELECT 1" + strings.Repeat(" + 1", 50000)
	chain := "CREATE PROCEDURE p(a INT) IF a THEN SET a = 1; " + strings.Repeat("ELSEIF a THEN SET a = 1; ", 10000) + "END IF"
	for _, s := range []string{long, chain, "SELECT 1" + strings.Repeat(" UNION SELECT 1", 10000), "SELECT * FROM a" + strings.Repeat(" JOIN a ON 1", 10000)} {
		if us := parseText(t, "x.sql", s, scan.Options{Statement: true}); len(us[0].Findings) != 0 {
			t.Errorf("%.40s is not deep: %v", s, us[0].Findings)
		}
	}
}

func TestInvalidBytes(t *testing.T) {
	us := parseText(t, "x.sql", "SELECT 1;\nSELECT 'a\xE9';\nINSERT INTO t VALUES (_binary 'a\xE9\\'\xFF');", scan.Options{})
	if f := us[1].Findings; len(f) != 1 || f[0].Code != codeBytes.ID || f[0].Span.String() != "x.sql:2:10" || !strings.Contains(f[0].Message, "offset 19") {
		t.Errorf("got %v", f)
	}
	if len(us[2].Findings) != 0 {
		t.Errorf("binary data: %v", us[2].Findings)
	}
	v := us[2].Stmts[0].(*ir.Insert).Source.(*ir.Values).Rows[0].Items[0].(*ir.Bytes).Value
	if string(v) != "a\xE9'\xFF" {
		t.Errorf("binary data %q", v)
	}
	us = parseText(t, "x.sql", "INSERT INTO t VALUES ('a\xE9\\'\xFF', 'é');", scan.Options{})
	row := us[0].Stmts[0].(*ir.Insert).Source.(*ir.Values).Rows[0].Items
	if b, ok := row[0].(*ir.Bytes); !ok || string(b.Value) != "a\xE9'\xFF" || len(us[0].Findings) != 0 {
		t.Errorf("bytes of a dump: %#v, %v", row[0], us[0].Findings)
	}
	if _, ok := row[1].(*ir.String); !ok {
		t.Errorf("text beside bytes: %#v", row[1])
	}
	us = parseText(t, "x.sql", "SELECT 'a\xE9';", scan.Options{Charset: "latin1"})
	if s := us[0].Stmts[0].(*ir.QueryStmt).Query.(*ir.Select).Items[0].Expr.(*ir.String).Value; s != "aé" {
		t.Errorf("latin1: %q", s)
	}
}

func TestStrings(t *testing.T) {
	for in, want := range map[string]string{
		`'a\nb\t\0\\\'\"\Z\%\_\x'`: "a\nb\t\x00\\'\"\x1a\\%\\_x", `'it''s' "a""b"`: `it'sa"b`, `N'x'`: "x", `_utf8mb4'é'`: "é",
	} {
		us := parseText(t, "x.sql", "SELECT "+in, scan.Options{})
		s, ok := us[0].Stmts[0].(*ir.QueryStmt).Query.(*ir.Select).Items[0].Expr.(*ir.String)
		if !ok || s.Value != want {
			t.Errorf("%s: got %q, want %q", in, s.Value, want)
		}
	}
}

func TestExecutableCommentsByVersion(t *testing.T) {
	for _, c := range []struct {
		d    dialect.Name
		v    dialect.Version
		in   string
		want string
	}{
		{dialect.MySQL, dialect.Version{Major: 8}, "SELECT 1 /*!80000 + 1 */ /*!90000 + 2 */", "Binary"},
		{dialect.MySQL, dialect.Version{Major: 5, Minor: 7}, "SELECT 1 /*!80000 + 1 */", "Number"},
		{dialect.MariaDB, dialect.Version{Major: 10, Minor: 11}, "SELECT 1 /*!80000 + 1 */", "Number"},
		{dialect.MariaDB, dialect.Version{Major: 10, Minor: 11}, "SELECT 1 /*M!100200 + 1 */", "Binary"},
		{dialect.MySQL, dialect.Version{}, "SELECT 1 /*M!100200 + 1 */", "Number"},
		{dialect.MySQL, dialect.Version{}, "SELECT 1 /*! + 1 */", "Binary"},
		{dialect.MySQL, dialect.Version{Major: 5, Minor: 6}, "SELECT 1 /*!80000 + /* nested */ 1 */", "Number"},
	} {
		us := parseText(t, "x.sql", c.in, scan.Options{Dialect: c.d, Version: c.v})
		e := us[0].Stmts[0].(*ir.QueryStmt).Query.(*ir.Select).Items[0].Expr
		if got := strings.TrimPrefix(fmt.Sprintf("%T", e), "*ir."); got != c.want {
			t.Errorf("%s %s %s: %s, want %s", c.d, c.v, c.in, got, c.want)
		}
	}
}

func TestWholeTextIsOneStatement(t *testing.T) {
	us := parseText(t, "live", "CREATE PROCEDURE `p`()\nIF 1 THEN SELECT 1; SELECT 2; END IF", scan.Options{Statement: true, Schema: "s"})
	if len(us) != 1 || us[0].Object != "procedure s.p" || len(us[0].Findings) != 0 {
		t.Errorf("%d units, %v", len(us), us[0].Findings)
	}
}

// Tokens stand in order, within the text, and end with EOF; comments stand between them.
func FuzzLex(f *testing.F) {
	for _, s := range []string{"SELECT 1;", "/*!50003 a */ b", "a.b.1c 'x' 'y' @`z` @@global.x", "x'1' b'2' _utf8 'x' 1e5 .5 1..2", "/*!99999 /* */ */ -- x", "l: LOOP"} {
		f.Add(s, uint8(0))
	}
	f.Fuzz(func(t *testing.T, s string, flags uint8) {
		m := Mode{ANSIQuotes: flags&1 != 0, NoBackslashEscapes: flags&2 != 0, PipesAsConcat: flags&4 != 0}
		ts := lex(source.NewFile("x", s), 0, len(s), m, flags&8 != 0, 100000)
		at := 0
		for i := range ts.List {
			k := &ts.List[i]
			if k.Start < at || k.End < k.Start || k.End > len(s) || (k.Kind == kEOF) != (i == len(ts.List)-1) {
				t.Fatalf("%q: token %d is %+v behind %d", s, i, *k, at)
			}
			at = k.End
		}
		for i := range ts.Comments {
			if c := &ts.Comments[i]; c.Before >= len(ts.List) || c.End < c.Start || c.End > len(s) {
				t.Fatalf("%q: comment %d is %+v", s, i, *c)
			}
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"SELECT 1;", "SELECT 'a\\'", "/*!50003 SELECT", "DELIMITER //\nx//", "CREATE PROCEDURE p() BEGIN IF", "SELECT a -> '$.x', x'1', b'1', 1..2, @`", "SELECT INTERVAL(1,2", "a:"} {
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, s string, maria bool) {
		o := scan.Options{Dialect: dialect.MySQL, Workers: 1}
		if maria {
			o.Dialect = dialect.MariaDB
		}
		us, err := Parse(source.NewFile("x", s), o)
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range us {
			for _, x := range u.Findings {
				if x.Code == codeInternal.ID {
					t.Fatalf("%q: %s", s, x.Message)
				}
			}
		}
		for u, err := range Stream(strings.NewReader(s), "x", o) {
			if err != nil || len(u.Stmts) != 1 {
				t.Fatalf("%q: %v, %v", s, u, err)
			}
		}
	})
}

// TestForOverCursors holds that FOR over a declared cursor is read where the cursor is the loop's alone, and refused where it is not.
func TestForOverCursors(t *testing.T) {
	const declares = "DELIMITER //\nCREATE PROCEDURE p() top: BEGIN DECLARE x INT; DECLARE c CURSOR FOR SELECT a FROM t; "
	for body, refused := range map[string]bool{
		"FOR r IN c DO SET x = r.a; END FOR; FOR r IN c DO SET x = r.a; END FOR;":                           false,
		"FOR r IN c DO FETCH c INTO x; END FOR;":                                                            true,
		"FOR r IN c DO CLOSE c; END FOR;":                                                                   true,
		"FOR r IN c DO OPEN c; END FOR;":                                                                    true,
		"FOR r IN c DO FOR s IN c DO SET x = 1; END FOR; END FOR;":                                          true,
		"FOR r IN c DO BEGIN DECLARE c CURSOR FOR SELECT 1; OPEN c; FETCH c INTO x; CLOSE c; END; END FOR;": false,
		"FOR r IN c DO LEAVE top; END FOR;":                                                                 false,
		"l: FOR r IN c DO ITERATE l; END FOR;":                                                              false,
		"o: LOOP FOR r IN c DO LEAVE o; END FOR; END LOOP;":                                                 true,
		"o: LOOP FOR r IN c DO ITERATE O; END FOR; END LOOP;":                                               true,
		"o: LOOP BEGIN DECLARE d CURSOR FOR SELECT 1; FOR r IN d DO LEAVE o; END FOR; END; END LOOP;":       false,
		"BEGIN DECLARE a INT; FOR r IN c DO SET x = 1; END FOR; END;":                                       true,
		"OPEN c; FOR r IN c DO SET x = 1; END FOR;":                                                         true,
	} {
		us := parseText(t, "for.sql", declares+body+" END//", scan.Options{Dialect: dialect.MariaDB})
		if got := us[0].Findings.Worst() == diag.Refused; got != refused {
			t.Errorf("%s: refused %t, %v", body, got, us[0].Findings)
		}
	}
}
