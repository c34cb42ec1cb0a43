package postgres

import (
	"math/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"

	pg "github.com/pganalyze/pg_query_go/v6"
	"golang.org/x/tools/txtar"
)

const function = "CREATE FUNCTION f(a integer)\nRETURNS integer\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  "

// Broken text is refused, whatever kind of statement it is in.
func TestCheckRefuses(t *testing.T) {
	for _, sql := range []string{
		"SELEC 2", "SELECT 1 +", "SELECT (1", "SELECT 'a", "SELECT \"a", "SELECT $a$b", "SELECT 1; SELECT FROM WHERE", "SELECT a b c",
		"INSERT INTO t VALUES (1,)", "UPDATE t SET", "DELETE t", "CREATE TABLE t (a)", "CREATE TABLE t (a integer,)", "SELECT 1\x00 +",
		"CREATE VIEW v AS", "ALTER TABLE t ADD", "/* open", "SELECT 1 /* open", "CREATE INDEX ON t", "SELECT CASE WHEN 1 THEN 2",
		function + "RETURN 1\nEND;\n$$",
		function + "RETURN 1 +;\nEND;\n$$",
		function + "x := 1;\n  RETURN 1;\nEND;\n$$",
		function + "IF a THEN RETURN 1; END;\nEND;\n$$",
		function + "RETURN 1;\nEND;\n",
		function + "RETURN 1;\nEND\n$$ nonsense",
		function + "SELEC 1;\nEND;\n$$",
		function + "RETURN (SELECT 1;\nEND;\n$$",
		"-- a comment\n" + function + "RETURN 1 +;\nEND;\n$$",
		"/* a comment */ " + function + "RETURN 1 +;\nEND;\n$$",
		"SELECT 1;\n" + function + "RETURN 1 +;\nEND;\n$$",
		function + "RETURN 1;\nEND;\n$$;\n" + function + "RETURN 1 +;\nEND;\n$$",
		strings.Replace(function, "plpgsql", "'plpgsql'", 1) + "RETURN 1 +;\nEND;\n$$",
		strings.Replace(function, "plpgsql", "PLpgSQL", 1) + "RETURN 1 +;\nEND;\n$$",
		"CREATE FUNCTION begin() RETURNS integer LANGUAGE plpgsql AS 'BEGIN RETURN 1 +; END'",
		"CREATE FUNCTION language() RETURNS integer AS 'BEGIN RETURN 1 +; END' LANGUAGE plpgsql",
		"CREATE OR REPLACE PROCEDURE p(a text DEFAULT 'AS $$') AS $$ BEGIN CALL; END $$ LANGUAGE plpgsql",
		"CREATE PROCEDURE p() LANGUAGE plpgsql AS E'BEGIN \\'; END'",
		"DO $$ BEGIN IF THEN NULL; END IF; END $$", "DO LANGUAGE plpgsql $$ BEGIN x := 1; END $$", "DO 'BEGIN RETURN +; END'", "DO $x$ NULL; $x$",
	} {
		if Parse(sql) == nil {
			t.Errorf("accepted: %s", sql)
		}
		if !strings.Contains(sql, "\x00") && parseTree(sql) == nil {
			t.Errorf("the tree's check accepts: %s", sql)
		}
	}
}

// Forms of routines that are right, and those that the PL/pgSQL parser of the library aborts the process on.
func TestCheckAccepts(t *testing.T) {
	for _, sql := range []string{
		"", "-- nothing", ";", "SELECT", "SELECT 1; SELECT 2;",
		function + "RETURN 1;\nEND;\n$$",
		"/* a /* nested */ comment */\n-- another\n" + function + "RETURN 1;\nEND;\n$$;\nSELECT 1",
		"CREATE FUNCTION f() RETURNS integer LANGUAGE sql BEGIN ATOMIC SELECT 1; END",
		"CREATE FUNCTION f() RETURNS integer LANGUAGE plpgsql BEGIN ATOMIC SELECT 1; END",
		"CREATE FUNCTION f() RETURNS integer RETURN 1",
		"CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'no SQL at all'",
		"CREATE FUNCTION f() RETURNS integer LANGUAGE c AS 'file', 'symbol'",
		"CREATE FUNCTION f() RETURNS integer LANGUAGE 'PLPGSQL' AS 'not the language of that name'",
		"CREATE FUNCTION f() RETURNS integer LANGUAGE plpgsql",
		"DO LANGUAGE plpython3u 'x = 1'",
		"CREATE PROCEDURE p(INOUT c refcursor)\nLANGUAGE plpgsql\nAS $$\nBEGIN\n  OPEN c FOR SELECT 1;\nEND;\n$$",
		"CREATE PROCEDURE p()\nLANGUAGE plpgsql\nAS $$\nDECLARE\n  t varchar(3) COLLATE \"C\" := 'a';\nBEGIN\n  NULL;\nEND;\n$$",
	} {
		if err := Parse(sql); err != nil {
			t.Errorf("%v: %s", err, sql)
		}
	}
}

// A tree that is deeper than the library hands over is an error; a long list is none.
func TestCheckRefusesWhatIsTooDeep(t *testing.T) {
	for _, sql := range []string{
		"SELECT " + strings.Repeat("(1 + ", 6_000) + "1" + strings.Repeat(")", 6_000),
		"SELECT 1" + strings.Repeat("+1", 6_000),
		"SELECT 2, " + strings.Repeat("f(1, ", 6_000) + "1" + strings.Repeat(")", 6_000),
	} {
		if Parse(sql) == nil {
			t.Errorf("accepted: %.40s", sql)
		}
	}
	for _, sql := range []string{
		"SELECT 1" + strings.Repeat(", 1 + 1", 20_000),
		"INSERT INTO t VALUES (1, 'a')" + strings.Repeat(", (1 + 1, 'a')", 20_000),
		"SELECT 1 WHERE a" + strings.Repeat(" AND a", 20_000),
	} {
		if err := Parse(sql); err != nil {
			t.Errorf("%v: %.40s", err, sql)
		}
	}
}

// The check judges as the tree does: what rules print, the helper routines, and the same texts with words left out, doubled and in other places.
func TestCheckJudgesAsTheTree(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	texts := printed(t)
	accepted, refused := 0, 0
	for _, sql := range texts {
		for range 12 {
			x := mutate(r, sql)
			err, want := Parse(x), parseTree(x)
			if (err == nil) != (want == nil) {
				t.Errorf("check: %v; tree: %v\n%s", err, want, x)
			}
			if err == nil {
				accepted++
			} else {
				refused++
			}
		}
	}
	if accepted < 100 || refused < 100 {
		t.Errorf("%d accepted and %d refused of the changes to %d texts: too few to tell", accepted, refused, len(texts))
	}
}

// printed are the texts that the rules' cases expect, and the helper routines.
func printed(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../../ir/rewrite/*/testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range txtar.Parse(text).Files {
			if strings.HasPrefix(s.Name, "postgres") {
				list = append(list, Split(string(s.Data))...)
			}
		}
	}
	files, err = filepath.Glob("helpers/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("helpers/*/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range append(files, more...) {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, Split(string(text))...)
	}
	return list
}

func mutate(r *rand.Rand, sql string) string {
	s := words{text: sql}
	var tokens []string
	for from := 0; ; from = s.at {
		w := s.token()
		if w.kind == wordString && r.Intn(3) > 0 && strings.ContainsRune(w.text, ';') { // inside of a body
			tokens = append(tokens, strings.Replace(sql[from:s.at], w.text, mutate(r, w.text), 1))
			continue
		}
		tokens = append(tokens, sql[from:s.at])
		if w.kind == wordEnd {
			break
		}
	}
	at, other := r.Intn(len(tokens)), r.Intn(len(tokens))
	switch r.Intn(4) {
	case 0:
		tokens[at] = ""
	case 1:
		tokens[at] += " " + tokens[at]
	case 2:
		tokens[at], tokens[other] = tokens[other], tokens[at]
	case 3:
		tokens[at] = tokens[other]
	}
	return strings.Join(tokens, "")
}

// Bodies are read with other line breaks than theirs, which changes nothing, and texts of routines are judged as they stand.
func TestLineBreaksOfBodies(t *testing.T) {
	r := rand.New(rand.NewSource(3))
	texts := append(printed(t), function+"-- it's a comment\n  RETURN 'a'\n  'b';\nEND;\n$$", function+"RETURN 1; -- $ RETURN 1 +;\n  -- END;\nEND;\n$$")
	routines := 0
	for _, sql := range texts {
		if h := headOf(sql); h.body != plBody || !h.single {
			continue
		}
		routines++
		for range 12 {
			x := forPLParser(mutate(r, sql))
			if h := headOf(x); h.body != plBody {
				continue
			}
			_, want := pg.ParsePlPgSqlToJSON(x)
			if _, err := pg.ParsePlPgSqlToJSON(strings.ReplaceAll(x, "\n", "\r")); (err == nil) != (want == nil) {
				t.Errorf("%v with other line breaks, %v without:\n%s", err, want, x)
			}
		}
	}
	if routines < 50 {
		t.Errorf("%d routines: too few to tell", routines)
	}
}

func TestWithoutDomains(t *testing.T) {
	for in, want := range map[string]string{
		"":                                     "",
		"a int_unsigned":                       "a int_unsigned",
		"a godwit_mysql.int_unsigned;":         "a integer;",
		"a \"My\".tinyint_unsigned NOT NULL":   "a integer NOT NULL",
		"a x.smallint":                         "a integer",
		"a x.smallint_unsigned, b y.mediumint": "a integer, b integer",
		"a x.bigint_unsignedx y.hugeint":       "a x.bigint_unsignedx y.hugeint",
		"(x.tinyint)":                          "(x.tinyint)",
		"a x.y.tinyint":                        "a x.y.tinyint",
		"a .tinyint x.tinyint.y":               "a .tinyint integer.y",
		"x.tinyint":                            "x.tinyint",
	} {
		if got := withoutDomains(in); got != want {
			t.Errorf("withoutDomains(%q) = %q, want %q", in, got, want)
		}
	}
}
