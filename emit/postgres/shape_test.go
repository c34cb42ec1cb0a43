package postgres

import (
	"flag"
	"fmt"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write known_words.txt")

var shapeRounds = flag.Int("rounds", 40, "how often TestShapes changes its texts")

var cString = regexp.MustCompile(`"([A-Za-z_][A-Za-z0-9_]{0,62})(?:\\0)?"`)

// TestKnownWords holds that known_words.txt lists all words in the source of the library's scanners, parsers and what they call.
func TestKnownWords(t *testing.T) {
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/pganalyze/pg_query_go/v6").Output()
	if err != nil {
		t.Skip("the source of the library is not here")
	}
	dir := filepath.Join(strings.TrimSpace(string(out)), "parser")
	words := map[string]bool{}
	for _, pattern := range []string{"src_*.[ch]", "pg_query_parse_plpgsql.c", "include/*.h", "include/postgres/*.h", "include/postgres/*/*.h"} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range cString.FindAllSubmatch(text, -1) {
				words[strings.ToLower(string(m[1]))] = true
			}
		}
	}
	for w := range keywords {
		words[w] = true
	}
	for w := range plWords {
		words[w] = true
	}
	list := make([]string, 0, len(words))
	for w := range words {
		list = append(list, w)
	}
	sort.Strings(list)
	want := strings.Join(list, "\n") + "\n"
	if *update {
		if err := os.WriteFile("known_words.txt", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if want != knownWordsText {
		t.Error("known_words.txt is stale; run go test -run TestKnownWords -update ./emit/postgres")
	}
	for _, w := range []string{"select", "modulus", "refcursor", "unique_violation", "sqlstate", "elsif", "perform", "found", "others", "stored"} {
		if !words[w] {
			t.Errorf("%s is not among the words", w)
		}
	}
}

// shapeTexts have names, constants and signs where the grammar could look at them.
var shapeTexts = []string{
	"CREATE TABLE a (b float(24), c float(54), d numeric(10, 2) DEFAULT 1.5, e interval(3))",
	"ALTER TABLE a ALTER COLUMN b SET STATISTICS 100", "ALTER TABLE a ALTER COLUMN 2 SET STATISTICS 0",
	"CREATE TABLE p PARTITION OF a FOR VALUES WITH (MODULUS 4, REMAINDER 0)", "CREATE TABLE p PARTITION OF a FOR VALUES WITH (modulo 4, rest 0)",
	"CREATE TABLE p (a integer) PARTITION BY RANGE (a)", "CREATE TABLE p (a integer) PARTITION BY ranges (a)",
	"CREATE ROLE r SUPERUSER", "CREATE ROLE r supper", "CREATE POLICY p ON t AS permissive", "CREATE POLICY p ON t AS permitted",
	`SELECT U&'d!0061t' UESCAPE '!', U&"a" UESCAPE 'ab'`, "SELECT E'a\\n', E'\\x', E'\\u12', X'1F', X'zz', B'01', N'a'", "SELECT 'a'\n'b'", "SELECT 'a' 'b'",
	"SELECT 1.5e3, 1e, 1.5.3, .5, 5., 1..2, 12345678901, 1_000, 0x1F, 1a, $1, $1a, a$b", "SELECT 'it''s', '', '''', ''''''",
	`SELECT "a""b", "a b", "", "A", a, A, "select"`, "SELECT a AS b, c d, 1 x, 'y' z", "SELECT x -- a comment\n, y --$\n FROM t", "SELECT x /* it's */, 'a'",
	"INSERT INTO t VALUES (1, 'a', -2.5, NULL), (2, 'b', 3, NULL)", "SELECT JSON_OBJECT('a': 1 RETURNING text FORMAT JSON ENCODING UTF8)",
	"SELECT * FROM XMLTABLE('/a' PASSING b COLUMNS c text PATH 'd' DEFAULT 'e', f text paths 'g')", "SELECT a.b.c, a.*, (a).b, a[1], a[1:2]",
	"COMMENT ON TABLE a IS 'b'", "SET a TO 'b', 5", "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsq AS $$ nonsense $$",
	"CREATE FUNCTION f(a integer, c refcursor) RETURNS SETOF record\nLANGUAGE plpgsql\nAS $$\n<<l>>\nDECLARE\n  x integer := 1;\n  y text;\n  z record;\n  k CURSOR FOR SELECT 1;\n" +
		"BEGIN\n  RAISE EXCEPTION 'a % b', x USING ERRCODE = '45000';\n  RAISE unique_violation;\n  OPEN k;\n  FETCH k INTO x;\n  CLOSE k;\n" +
		"  FOR i IN 1..10 LOOP\n    x := x + i;\n    EXIT l WHEN x > 5;\n  END LOOP;\n  SELECT 1, 2 INTO x, y;\n  RETURN NEXT z;\n  GET DIAGNOSTICS x = ROW_COUNT;\n  IF x = 1 THEN\n    y := 'a' || x;\n  ELSIF y IS NULL THEN\n    PERFORM f(x);\n  END IF;\n  EXECUTE 'SELECT $1' INTO x USING y;\n" +
		"EXCEPTION\n  WHEN unique_violation OR SQLSTATE '23505' THEN\n    y := SQLERRM;\n    GET STACKED DIAGNOSTICS y = MESSAGE_TEXT;\nEND l;\n$$",
	"CREATE FUNCTION g() RETURNS trigger\nLANGUAGE plpgsql\nAS $x$\nBEGIN\n  new.a := old.b;\n  NEW.c := 'it''s';\n  RETURN new;\nEND;\n$x$", "DO $$ BEGIN NULL; END $$",
}

// TestShapes holds that texts of one shape are judged alike: those that rules print, the helper routines and those above, with names,
// constants, words and signs left out, doubled, changed and in other places.
func TestShapes(t *testing.T) {
	r := rand.New(rand.NewSource(2))
	s := newShaper()
	type verdict struct {
		sql      string
		accepted bool
	}
	seen := map[string]verdict{}
	alike, none := [2]int{}, 0
	judge := func(sql string) {
		shape := s.shape(sql)
		if shape == nil {
			none++
			return
		}
		now := verdict{sql, Parse(sql) == nil}
		was, ok := seen[string(shape)]
		switch {
		case !ok:
			seen[string(shape)] = now
		case was.accepted != now.accepted:
			t.Errorf("of one shape, but %v and %v:\n%s\n\n%s", was.accepted, now.accepted, was.sql, now.sql)
		case now.sql == was.sql:
		case now.accepted:
			alike[0]++
		default:
			alike[1]++
		}
	}
	texts := printed(t)
	for range *shapeRounds {
		texts = append(texts, shapeTexts...)
	}
	for _, sql := range texts {
		judge(sql)
		judge(rename(sql, "x_"))
		for range 6 {
			x := mutate(r, sql)
			judge(x)
			judge(rename(x, "y_"))
			judge(exchange(r, x))
			judge(exchange(r, sql))
		}
	}
	t.Logf("%d shapes; %d texts accepted and %d refused as another of the shape; %d have none", len(seen), alike[0], alike[1], none)
	if alike[0] < 1000 || alike[1] < 1000 {
		t.Error("too few texts have the shape of another to tell")
	}
}

// rename gives all names of a text other ones that are of the same shape.
func rename(sql, prefix string) string {
	return nameOrNumber.ReplaceAllStringFunc(sql, func(w string) string {
		lower := []byte(strings.ToLower(w))
		if knownWords().has(lower, hashOf(lower)) || w[0] <= '9' || len(w) == 1 {
			return w
		}
		return prefix + strings.ToLower(w)
	})
}

var nameOrNumber = regexp.MustCompile(`[A-Za-z0-9_]+|'[^']*'`)

// exchange puts another name, number or text in one place.
func exchange(r *rand.Rand, sql string) string {
	at := nameOrNumber.FindAllStringIndex(sql, -1)
	if len(at) == 0 {
		return sql
	}
	x, y := at[r.Intn(len(at))], at[r.Intn(len(at))]
	other := sql[y[0]:y[1]]
	switch c := sql[x[0]]; {
	case r.Intn(3) == 0:
	case c == '\'':
		other = []string{"''", "'a'", "'%'", "'a''b'", "'%%'", "'23505'", "'é'", "'\\'", "'$$'", "'a\nb'"}[r.Intn(10)]
	case c <= '9':
		other = []string{"0", "1", "54", "7.5", "1e9", "2147483648", "99999999", "0x1F", "1a"}[r.Intn(9)]
	case r.Intn(2) == 0:
		other = []string{"a", "b", "x", "A", `"a"`, `"A"`, "found", "record", "refcursor", "select", "select_", "é", "a$b", strings.Repeat("n", 64), "_x", "others", fmt.Sprint("n", r.Intn(9))}[r.Intn(17)]
	}
	return sql[:x[0]] + other + sql[x[1]:]
}

func BenchmarkShape(b *testing.B) {
	s := newShaper()
	text := shapeTexts[len(shapeTexts)-3]
	b.Run("shape", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			if s.shape(text) == nil {
				b.Fatal("no shape")
			}
		}
	})
	b.Run("parse", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			if err := Parse(text); err != nil {
				b.Fatal(err)
			}
		}
	})
}
