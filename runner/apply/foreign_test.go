package apply

import (
	"context"
	"errors"
	"testing"
)

// TestForeignKeysSideBySide adds foreign keys without looking at rows and checks these behind: rows against a key take it
// away again, and a run that ended between the two goes on.
func TestForeignKeysSideBySide(t *testing.T) {
	ctx, dir, p := context.Background(), t.TempDir(), pool(t)
	child := func(name string) [2]string {
		return [2]string{"shop/constraint/" + name + ".sql", "ALTER TABLE shop." + name + "\n  ADD CONSTRAINT " + name + "_p FOREIGN KEY (p)\n    REFERENCES shop.p (id) -- of p\n;\n"}
	}
	write(t, dir,
		[2]string{"shop/schema/shop.sql", "CREATE SCHEMA shop;"},
		[2]string{"shop/table/p.sql", "CREATE TABLE shop.p (id int PRIMARY KEY);"},
		[2]string{"shop/table/a.sql", "CREATE TABLE shop.a (p int);"},
		[2]string{"shop/table/b.sql", "CREATE TABLE shop.b (p int);"},
		[2]string{"shop/table/c.sql", "CREATE TABLE shop.c (p int) PARTITION BY LIST (p);"},
		child("a"), child("b"), child("c"))
	f := open(t, dir)
	run := func() (*Report, error) {
		return Run(ctx, p, f, Options{Stages: []Stage{Pre, Foreign}, Parallel: 2, largeBytes: -1})
	}
	if _, err := Run(ctx, p, f, Options{Stages: []Stage{Pre}}); err != nil {
		t.Fatal(err)
	}
	exec := func(sql string) {
		t.Helper()
		if _, err := p.Exec(ctx, sql); err != nil {
			t.Fatal(err)
		}
	}
	valid := func(want string) {
		t.Helper()
		var got string
		err := p.QueryRow(ctx, `SELECT coalesce(string_agg(conname || ' ' || convalidated, ', ' ORDER BY conname), '') FROM pg_constraint WHERE contype = 'f' AND conparentid = 0`).Scan(&got)
		if err != nil || got != want {
			t.Errorf("%q, want %q: %v", got, want, err)
		}
	}
	exec("INSERT INTO shop.b VALUES (7)")
	_, err := run()
	var e *Error
	if !errors.As(err, &e) || e.Path != "shop/constraint/b.sql" || e.SQL.Code != "23503" || e.Line != 1 {
		t.Fatalf("%v", err)
	}
	exec("INSERT INTO shop.p VALUES (7)")
	// As if the run had ended between adding a key and looking at its rows.
	exec("DELETE FROM godwit.applied WHERE path ~ '^shop/constraint/[ab]'; ALTER TABLE shop.a DROP CONSTRAINT IF EXISTS a_p; ALTER TABLE shop.a ADD CONSTRAINT a_p FOREIGN KEY (p) REFERENCES shop.p (id) NOT VALID")
	exec("INSERT INTO godwit.applied (path, stage, sha256) SELECT 'shop/constraint/a.sql', 'foreign:unchecked', '" + sumOf(f, "shop/constraint/a.sql") + "'")
	valid("a_p false, c_p true")
	if r, err := run(); err != nil || r.Applied != 2 {
		t.Fatalf("%+v, %v", r, err)
	}
	valid("a_p true, b_p true, c_p true")
	var left int
	if err := p.QueryRow(ctx, "SELECT count(*) FROM godwit.applied WHERE stage LIKE '%unchecked'").Scan(&left); err != nil || left != 0 {
		t.Errorf("%d entries are left: %v", left, err)
	}
}

func sumOf(f *Folder, path string) string {
	for _, file := range f.Files {
		if file.Path == path {
			return file.Sum
		}
	}
	return ""
}
