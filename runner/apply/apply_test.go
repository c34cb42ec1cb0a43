package apply

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"godwit/runner/endpoint"
	"godwit/runner/enginetest"
)

// write makes a folder; the order is the order of the pairs.
func write(t *testing.T, dir string, files ...[2]string) {
	t.Helper()
	order := ""
	for _, f := range files {
		p := filepath.Join(dir, filepath.FromSlash(f[0]))
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(f[1]), 0o644); err != nil {
			t.Fatal(err)
		}
		order += f[0] + "\n"
	}
	if err := os.WriteFile(filepath.Join(dir, "order.txt"), []byte(order), 0o644); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, dir string) *Folder {
	t.Helper()
	f, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func pool(t *testing.T) *pgxpool.Pool {
	t.Helper()
	e, err := endpoint.Parse(enginetest.FreshPostgres(t, 15, t.Name()))
	if err != nil {
		t.Fatal(err)
	}
	p, err := e.OpenPostgres(context.Background(), 4)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

var shop = [][2]string{
	{"shop/schema/shop.sql", "CREATE SCHEMA shop;\n"},
	{"shop/type/mood.sql", "CREATE TYPE shop.mood AS ENUM ('a;', 'b');\n"},
	{"shop/table/p.sql", "-- parent\nCREATE TABLE shop.p (id int PRIMARY KEY, m shop.mood);\n\nCOMMENT ON TABLE shop.p IS 'x;y';\n"},
	{"shop/table/c.sql", "CREATE TABLE shop.c (a int NOT NULL, b text NOT NULL, p int, q int);\n"},
	{"shop/data/p.sql", "INSERT INTO shop.p VALUES (1, 'a;');\n"},
	{"shop/function/f.sql", "CREATE FUNCTION shop.f(x int) RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN x; -- ;\nEND $$;\n"},
	{"shop/view/v.sql", "CREATE VIEW shop.v AS SELECT shop.f(id) FROM shop.p;\n"},
	{"shop/index/c.sql", "CREATE INDEX c_a ON shop.c (a);\nCREATE UNIQUE INDEX c_ba ON shop.c (b, a);\nCREATE UNIQUE INDEX c_q ON shop.c (q);\n"},
	{"shop/constraint/c.sql", "ALTER TABLE shop.c ADD CONSTRAINT c_p FOREIGN KEY (p) REFERENCES shop.p (id);\nALTER TABLE shop.c ADD CONSTRAINT c_cascade FOREIGN KEY (q) REFERENCES shop.p (id) ON DELETE CASCADE;\n"},
	{"shop/trigger/t.sql", "CREATE FUNCTION shop.t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';\nCREATE TRIGGER t BEFORE INSERT ON shop.c FOR EACH ROW EXECUTE FUNCTION shop.t();\n"},
}

func stages(f *Folder, path string) (out []Stage) {
	for _, file := range f.Files {
		if file.Path == path {
			for _, s := range file.Statements {
				out = append(out, s.Stage)
			}
		}
	}
	return out
}

func TestStages(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, shop...)
	f := open(t, dir)
	elsewhere := f.Locate(map[string][]string{"shop.c": {"a", "b"}, "shop.p": {"id"}})
	if d := cmp.Diff([]string{"shop.p"}, elsewhere); d != "" {
		t.Error(d)
	}
	for path, want := range map[string][]Stage{
		"shop/table/p.sql":      {Pre, Pre},
		"shop/index/c.sql":      {Indexes, Keys, Indexes},
		"shop/constraint/c.sql": {Foreign, Keys},
		"shop/trigger/t.sql":    {Triggers, Triggers},
	} {
		if d := cmp.Diff(want, stages(f, path)); d != "" {
			t.Errorf("%s: %s", path, d)
		}
	}
}

// count asks the target's catalog what is there: tables, indexes, foreign keys, views, triggers.
func count(t *testing.T, p *pgxpool.Pool) (out [5]int) {
	t.Helper()
	err := p.QueryRow(context.Background(), `SELECT
		(SELECT count(*) FROM pg_tables WHERE schemaname = 'shop'), (SELECT count(*) FROM pg_indexes WHERE schemaname = 'shop'),
		(SELECT count(*) FROM pg_constraint WHERE contype = 'f'), (SELECT count(*) FROM pg_views WHERE schemaname = 'shop'),
		(SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal)`).Scan(&out[0], &out[1], &out[2], &out[3], &out[4])
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestStageByStage(t *testing.T) {
	dir, p := t.TempDir(), pool(t)
	write(t, dir, shop...)
	f := open(t, dir)
	f.Locate(map[string][]string{"shop.c": {"a", "b"}})
	for _, c := range []struct {
		stage Stage
		want  [5]int
	}{
		{Pre, [5]int{2, 1, 0, 0, 0}}, {Keys, [5]int{2, 2, 1, 0, 0}}, {Indexes, [5]int{2, 4, 1, 0, 0}},
		{Foreign, [5]int{2, 4, 2, 0, 0}}, {Code, [5]int{2, 4, 2, 1, 0}}, {Triggers, [5]int{2, 4, 2, 1, 1}},
	} {
		for range 2 { // the second run changes nothing
			if _, err := Run(context.Background(), p, f, Options{Stages: []Stage{c.stage}}); err != nil {
				t.Fatalf("%s: %v", c.stage, err)
			}
		}
		if got := count(t, p); got != c.want {
			t.Errorf("after %s: %v, want %v", c.stage, got, c.want)
		}
	}
	r, err := Run(context.Background(), p, f, Options{})
	if err != nil || r.Applied != 1 || r.Already != 9 {
		t.Errorf("the rest is the data alone: %+v, %v", r, err)
	}
}

func TestResumeAfterError(t *testing.T) {
	dir, p := t.TempDir(), pool(t)
	files := append([][2]string{}, shop...)
	files[6] = [2]string{"shop/view/v.sql", "CREATE VIEW shop.ok AS SELECT 1;\n-- é\nCREATE VIEW shop.v AS\n  SELECT 'é', nosuch\n  FROM shop.p;\n"}
	write(t, dir, files...)
	r, err := Run(context.Background(), p, open(t, dir), Options{})
	var e *Error
	if !errors.As(err, &e) || e.Path != "shop/view/v.sql" || e.Line != 4 || e.SQL.Code != "42703" || r.Applied != 6 {
		t.Fatalf("%v, %+v", err, r)
	}
	if got := count(t, p); got[3] != 0 {
		t.Errorf("half a file stayed: %v", got)
	}
	write(t, dir, shop...)
	if r, err = Run(context.Background(), p, open(t, dir), Options{}); err != nil || r.Applied != 4 || r.Already != 6 {
		t.Fatalf("resume: %v, %+v", err, r)
	}
	if got, want := count(t, p), ([5]int{2, 4, 2, 1, 1}); got != want {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestChangedFile(t *testing.T) {
	dir, p := t.TempDir(), pool(t)
	fn := func(body string) [2]string {
		return [2]string{"public/function/f.sql", "CREATE OR REPLACE FUNCTION f() RETURNS text LANGUAGE sql AS 'SELECT ''" + body + "''';\n"}
	}
	write(t, dir, fn("one"))
	if _, err := Run(context.Background(), p, open(t, dir), Options{}); err != nil {
		t.Fatal(err)
	}
	write(t, dir, fn("two"))
	if _, err := Run(context.Background(), p, open(t, dir), Options{}); !errors.Is(err, ErrChanged) || !strings.Contains(err.Error(), "--replace") {
		t.Errorf("a changed file: %v", err)
	}
	r, err := Run(context.Background(), p, open(t, dir), Options{DryRun: true})
	if err != nil || len(r.Events) != 1 || r.Events[0].Outcome != Changed {
		t.Errorf("dry run: %+v, %v", r, err)
	}
	if _, err := Run(context.Background(), p, open(t, dir), Options{Replace: true}); err != nil {
		t.Fatal(err)
	}
	var got string
	if err := p.QueryRow(context.Background(), "SELECT f()").Scan(&got); err != nil || got != "two" {
		t.Errorf("%q, %v", got, err)
	}
}

// The drops of a script come before all else, and never again: with --replace they would drop the tables that the folder made.
func TestDropsComeFirstAndOnce(t *testing.T) {
	dir, p, ctx := t.TempDir(), pool(t), context.Background()
	if _, err := p.Exec(ctx, "CREATE TABLE a (old int)"); err != nil {
		t.Fatal(err)
	}
	table := [2]string{"public/table/a.sql", "CREATE TABLE a (id int);\nINSERT INTO a VALUES (1);\n"}
	write(t, dir, [2]string{"public/drop/script.sql", "DROP TABLE IF EXISTS a;\n"}, table)
	if _, err := Run(ctx, p, open(t, dir), Options{}); err != nil {
		t.Fatal(err)
	}
	write(t, dir, [2]string{"public/drop/script.sql", "DROP TABLE IF EXISTS a;\nDROP TABLE IF EXISTS b;\n"}, table)
	if _, err := Run(ctx, p, open(t, dir), Options{}); !errors.Is(err, ErrChanged) {
		t.Errorf("changed drops: %v", err)
	}
	for range 2 {
		r, err := Run(ctx, p, open(t, dir), Options{Replace: true})
		if err != nil || r.Already != 2 {
			t.Fatalf("%+v, %v", r, err)
		}
	}
	var id int
	if err := p.QueryRow(ctx, "SELECT id FROM a").Scan(&id); err != nil || id != 1 {
		t.Errorf("the table was dropped again: %d, %v", id, err)
	}
}

// A role called godwit has the ledger's schema first in its path, and makes nothing there.
func TestRoleCalledGodwit(t *testing.T) {
	dir, p, ctx := t.TempDir(), pool(t), context.Background()
	var role string
	if err := p.QueryRow(ctx, "SELECT current_user").Scan(&role); err != nil {
		t.Fatal(err)
	}
	if role != "godwit" {
		t.Skip("the role is " + role)
	}
	write(t, dir, [2]string{"public/table/a.sql", "CREATE TABLE a (id int);\n"}, [2]string{"public/table/b.sql", "CREATE TABLE b (id int);\n"}, [2]string{"public/view/v.sql", "CREATE VIEW v AS SELECT id FROM a;\n"})
	if _, err := Run(ctx, p, open(t, dir), Options{}); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := p.QueryRow(ctx, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace").Scan(&n); err != nil || n != 3 {
		t.Errorf("%d of the folder's objects are in public: %v", n, err)
	}
}

func TestDryRunChangesNothing(t *testing.T) {
	dir, p := t.TempDir(), pool(t)
	write(t, dir, shop...)
	r, err := Run(context.Background(), p, open(t, dir), Options{DryRun: true})
	if err != nil || len(r.Events) != len(shop) || r.Applied != 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	var there bool
	if err := p.QueryRow(context.Background(), "SELECT to_regnamespace('godwit') IS NOT NULL OR to_regnamespace('shop') IS NOT NULL").Scan(&there); err != nil || there {
		t.Errorf("something was made: %v, %v", there, err)
	}
}

func TestFunctionBodyIsChecked(t *testing.T) {
	dir, p := t.TempDir(), pool(t)
	write(t, dir, [2]string{"public/function/f.sql", "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETRN 1;\nEND $$;\n"})
	_, err := Run(context.Background(), p, open(t, dir), Options{})
	var e *Error
	if !errors.As(err, &e) || e.Line != 3 {
		t.Errorf("%v", err)
	}
}

func TestOpenNamesEveryProblem(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, [2]string{"a/table/t.sql", "SELECT 1;"}, [2]string{"a/constraint/t.sql", "ALTER TABEL x;"}, [2]string{"a/wrong/t.sql", ""})
	b, _ := os.ReadFile(filepath.Join(dir, "order.txt"))
	os.WriteFile(filepath.Join(dir, "order.txt"), append(b, "a/table/t.sql\n../x/y.sql\na/table/gone.sql\n"...), 0o644)
	_, err := Open(dir)
	for _, want := range []string{"a/constraint/t.sql:1", `kind "wrong"`, "order.txt:4: a/table/t.sql is listed twice", "../x/y.sql", "gone.sql"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("no %q in %v", want, err)
		}
	}
	if _, err := Open(t.TempDir()); err == nil || !strings.Contains(err.Error(), "godwit convert") {
		t.Errorf("no order.txt: %v", err)
	}
}
