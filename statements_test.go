package godwit

import (
	"bufio"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/runner/enginetest"
	"godwit/runner/enginetest/rows"
)

// TestStatementsAnswerLikeMySQL runs the lists of testdata/statements on MySQL 8.0 and, converted, on PostgreSQL. A list begins with
// the tables, then a line "----", then one statement a line; "refused:" before it tells that it is refused by name, "flagged:" that
// a finding explains why the rows differ, "#" begins a comment. GODWIT_STATEMENTS names another list, of which all outcomes are printed.
func TestStatementsAnswerLikeMySQL(t *testing.T) {
	files, err := filepath.Glob("testdata/statements/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no statements: %v", err)
	}
	other := os.Getenv("GODWIT_STATEMENTS")
	if other != "" {
		files = []string{other}
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".sql"), func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			setup, list, ok := strings.Cut(string(text), "\n----\n")
			if !ok {
				t.Fatalf("%s has no line ---- behind its tables", name)
			}
			a := openTables(t, setup)
			count := map[string]int{}
			first := strings.Count(setup, "\n") + 3
			sc := bufio.NewScanner(strings.NewReader(list))
			sc.Buffer(nil, 1<<20)
			for line := first; sc.Scan(); line++ {
				q := strings.TrimSuffix(strings.TrimSpace(sc.Text()), ";")
				if q == "" || strings.HasPrefix(q, "#") {
					continue
				}
				want := "right"
				for _, w := range []string{"refused", "flagged"} {
					if rest, ok := strings.CutPrefix(q, w+":"); ok {
						want, q = w, strings.TrimSpace(rest)
					}
				}
				v := a.query(q)
				count[v.outcome]++
				if v.outcome == want && (other == "" || v.outcome == "right" && v.noise == "") {
					continue
				}
				report := t.Errorf
				if other != "" && v.outcome != "wrong" && v.outcome != "rejected" {
					report = t.Logf
				}
				report("%s:%d: %s, not %s: %s\n%s\nbecame\n%snoise %s", filepath.Base(name), line, v.outcome, want, v.why, q, v.target, v.noise)
			}
			t.Log(counts(count))
		})
	}
}

// openTables makes an arena whose tables are the ones of a script.
func openTables(t *testing.T, setup string) *arena {
	t.Helper()
	ctx := context.Background()
	_, db := enginetest.FreshMySQL80(t, "statements")
	conn, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	a := &arena{t: t, maria: conn, pgURL: enginetest.FreshPostgres(t, 15, "statements")}
	a.opt = Options{From: dialect.MySQL, To: dialect.Postgres, ToVersion: 15, Settings: dialect.Settings{}}
	a.opt.Policy.Autocommit = "auto"
	for _, q := range []string{"SET NAMES utf8mb4 COLLATE " + mysqlCollation, "SET time_zone = '+00:00'"} {
		a.maria1(ctx, q)
	}
	for _, q := range splitScript(setup) {
		a.maria1(ctx, strings.TrimSuffix(q, ";"))
	}
	c, err := Translate([]*source.File{source.NewFile("setup.sql", setup)}, a.opt)
	if err != nil {
		t.Fatal(err)
	}
	s := rows.Connect(t, ctx, a.pgURL)
	defer s.Close(ctx)
	runAll(ctx, s, c)
	if len(s.Errors) > 0 {
		t.Fatal(s.Errors)
	}
	a.opt.Catalog = []*source.File{source.NewFile("setup.sql", setup)}
	return a
}
