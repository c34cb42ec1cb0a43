package godwit

import (
	"context"
	"fmt"
	"os"
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

// TestDefinitions holds what becomes of definitions against testdata/definitions, and runs it on the oldest and the
// newest server: every statement must be accepted.
func TestDefinitions(t *testing.T) {
	paths, err := filepath.Glob("testdata/definitions/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, p := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(p), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(p)
			if err != nil {
				t.Fatal(err)
			}
			text := string(a.Files[0].Data)
			for _, version := range []int{15, 18} {
				c := definitions(t, text, version)
				if version == 15 {
					goldenDefinitions(t, p, a, c)
				}
				accepted(t, c, version)
			}
		})
	}
}

func definitions(t *testing.T, text string, version int) *Conversion {
	t.Helper()
	from := dialect.MySQL
	if strings.Contains(text, "-- mariadb") {
		from = dialect.MariaDB
	}
	c, err := Translate([]*source.File{source.NewFile("source.sql", text)}, Options{From: from, To: dialect.Postgres, ToVersion: version})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func goldenDefinitions(t *testing.T, path string, a *txtar.Archive, c *Conversion) {
	t.Helper()
	var target, findings strings.Builder
	for _, u := range c.Units {
		for _, o := range u.Outputs {
			target.WriteString(o.SQL + ";\n")
		}
		for _, f := range u.Findings {
			fmt.Fprintf(&findings, "%s %s, line %d: %s\n", f.Code, f.Severity, f.Span.Line(), f.Message)
		}
	}
	out := &txtar.Archive{Comment: a.Comment, Files: []txtar.File{
		a.Files[0], {Name: "target.sql", Data: []byte(target.String())}, {Name: "findings", Data: []byte(findings.String())},
	}}
	if *update {
		if err := os.WriteFile(path, txtar.Format(out), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got, want := string(txtar.Format(out)), string(txtar.Format(a)); got != want {
		t.Errorf("%s is stale; look at the difference and run `go test -run TestDefinitions -update .`\n%s", path, got)
	}
}

// accepted runs the statements of the units that are not refused.
func accepted(t *testing.T, c *Conversion, version int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s := rows.Connect(t, ctx, enginetest.FreshPostgres(t, version, "definitions"))
	defer s.Close(ctx)
	for _, x := range c.Translated() {
		if x.Status == diag.Refused {
			continue
		}
		var list []rows.Statement
		for _, y := range x.Target {
			list = append(list, rows.Statement{SQL: y.SQL, Rows: y.Rows})
		}
		s.Entry(ctx, list)
	}
	for _, e := range s.Errors {
		t.Errorf("PostgreSQL %d: %s", version, e)
	}
}
