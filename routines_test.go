package godwit

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/runner/enginetest"
	"godwit/runner/enginetest/rows"
)

// routineCase is one file of testdata/routines: routines, and calls of them that are made on the source and on the target.
// The comment may hold "refused: CODE ..." (these codes must refuse statements, and no others may be refused).
// A line "autocommit: commit" there sets the policy.
type routineCase struct {
	setup, run, autocommit string
	refused                map[string]bool
}

func readRoutineCase(t *testing.T, path string) routineCase {
	t.Helper()
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	c := routineCase{refused: map[string]bool{}}
	for _, l := range strings.Split(string(a.Comment), "\n") {
		if v, ok := strings.CutPrefix(l, "autocommit:"); ok {
			c.autocommit = strings.TrimSpace(v)
		}
		if v, ok := strings.CutPrefix(l, "refused:"); ok {
			for _, code := range strings.Fields(v) {
				c.refused[code] = true
			}
		}
	}
	for _, f := range a.Files {
		switch f.Name {
		case "setup.sql":
			c.setup = string(f.Data)
		case "run.sql":
			c.run = string(f.Data)
		}
	}
	return c
}

// TestRoutinesAnswerLikeTheSource calls the routines of testdata/routines on MariaDB and on PostgreSQL 15 and 18 and compares
// every result set and failure.
func TestRoutinesAnswerLikeTheSource(t *testing.T) {
	paths, err := filepath.Glob("testdata/routines/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no routines: %v", err)
	}
	enginetest.MariaDB(t)
	for _, p := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(p), ".txtar"), func(t *testing.T) {
			c := readRoutineCase(t, p)
			for _, v := range []int{15, 18} {
				c.compare(t, v)
			}
		})
	}
}

func (c routineCase) compare(t *testing.T, version int) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	opt := Options{From: dialect.MariaDB, To: dialect.Postgres, ToVersion: version, Settings: dialect.Settings{"collation": "utf8mb4_general_ci", "sql-mode": "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO"}}
	opt.Policy.Autocommit = c.autocommit
	setup := c.translate(t, c.setup, opt)
	opt.Catalog = []*source.File{source.NewFile("setup.sql", c.setup)}
	run := c.translate(t, c.run, opt)
	want := c.onSource(t, ctx, setup, run)
	url := enginetest.FreshPostgres(t, version, "routine")
	for _, conv := range []*Conversion{setup, run} {
		s := rows.Connect(t, ctx, url)
		before := len(s.Errors)
		for i, e := range conv.Translated() {
			if conv.Units[i].Status == diag.Refused {
				continue
			}
			got := s.Entry(ctx, entryStatements(e))
			if d := rows.Compare(want[conv.Units[i]], got); d != "" {
				t.Errorf("PostgreSQL %d: %s\n  %s\n  %s\n  target: %s", version, e.Source, d, strings.Join(s.Errors[before:], "; "), entryText(e))
			}
			before = len(s.Errors)
		}
		s.Close(ctx)
	}
}

func entryStatements(e Translated) []rows.Statement {
	var list []rows.Statement
	for _, x := range e.Target {
		list = append(list, rows.Statement{SQL: x.SQL, Rows: x.Rows})
	}
	return list
}

func entryText(e Translated) string {
	var b strings.Builder
	for _, x := range e.Target {
		if !strings.Contains(x.SQL, "FUNCTION godwit_mysql.") {
			fmt.Fprintf(&b, "%s;\n", x.SQL)
		}
	}
	return b.String()
}

// translate converts a script; whatever is refused must be among the codes that the case names, and is otherwise an error.
func (c routineCase) translate(t *testing.T, text string, opt Options) *Conversion {
	t.Helper()
	conv, err := Translate([]*source.File{source.NewFile("routines.sql", text)}, opt)
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range conv.Units {
		for _, f := range u.Findings {
			if f.Fidelity == diag.Refused && !c.refused[f.Code] {
				t.Errorf("%s: refused by %s: %s", u.Text, f.Code, f.Message)
			}
		}
	}
	return conv
}

// onSource runs the statements of both scripts on MariaDB, each script in a session of its own.
func (c routineCase) onSource(t *testing.T, ctx context.Context, scripts ...*Conversion) map[*Unit][]rows.Block {
	t.Helper()
	_, db := enginetest.FreshMariaDB(t, "routine")
	out := map[*Unit][]rows.Block{}
	for i, conv := range scripts {
		conn, err := db.Conn(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{"SET sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO'", "SET time_zone = '+00:00'", "SET NAMES utf8mb4 COLLATE utf8mb4_general_ci"} {
			if _, err := conn.ExecContext(ctx, s); err != nil {
				t.Fatal(err)
			}
		}
		for _, u := range conv.Units {
			if u.Status == diag.Refused {
				continue
			}
			b, err := rows.MySQL(ctx, conn, u.Text)
			if err != nil {
				t.Fatalf("source: %s: %v", u.Text, err)
			}
			if i == 0 && len(b) == 1 && b[0].Failed {
				t.Fatalf("source: %s fails", u.Text)
			}
			out[u] = b
		}
		_ = conn.Close()
	}
	return out
}
