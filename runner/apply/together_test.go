package apply

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

// TestTogether applies keys, indexes and foreign keys side by side: a foreign key that needs a unique index comes behind it,
// rows against a key are named with its file and leave nothing unchecked, and a second run goes on.
func TestTogether(t *testing.T) {
	for _, large := range []int64{-1, 1 << 30} { // every table is large, or none
		t.Run(fmt.Sprint(large), func(t *testing.T) { together(t, large) })
	}
}

func together(t *testing.T, large int64) {
	ctx, dir, p := context.Background(), t.TempDir(), pool(t)
	write(t, dir,
		[2]string{"shop/schema/shop.sql", "CREATE SCHEMA shop;"},
		[2]string{"shop/table/p.sql", "CREATE TABLE shop.p (id int NOT NULL, code int NOT NULL);"},
		[2]string{"shop/table/a.sql", "CREATE TABLE shop.a (p int, code int);"},
		[2]string{"shop/table/b.sql", "CREATE TABLE shop.b (p int);"},
		[2]string{"shop/index/p_id.sql", "CREATE UNIQUE INDEX p_id ON shop.p (id);"},
		[2]string{"shop/index/p_code.sql", "CREATE UNIQUE INDEX p_code ON shop.p (code);"},
		[2]string{"shop/index/a_p.sql", "CREATE INDEX a_p ON shop.a (p); -- of a"},
		[2]string{"shop/index/b_p.sql", "CREATE INDEX b_p ON shop.b (p);"},
		[2]string{"shop/constraint/a.sql", "ALTER TABLE shop.a\n  ADD CONSTRAINT a_f FOREIGN KEY (p)\n    REFERENCES shop.p (id)\n    ON DELETE CASCADE;\nALTER TABLE shop.a\n  ADD CONSTRAINT a_code FOREIGN KEY (code)\n    REFERENCES shop.p (code);"},
		[2]string{"shop/constraint/b.sql", "ALTER TABLE shop.b\n  ADD CONSTRAINT b_f FOREIGN KEY (p)\n    REFERENCES shop.p (id);\nALTER TABLE shop.b ADD CONSTRAINT b_check CHECK (p <> 5);"})
	f := open(t, dir)
	f.Locate(map[string][]string{"shop.p": {"id"}})
	if _, err := Run(ctx, p, f, Options{Stages: []Stage{Pre}}); err != nil {
		t.Fatal(err)
	}
	exec := func(sql string) {
		t.Helper()
		if _, err := p.Exec(ctx, sql); err != nil {
			t.Fatal(err)
		}
	}
	made := func() (got string) {
		t.Helper()
		err := p.QueryRow(ctx, `SELECT (SELECT coalesce(string_agg(conname || ' ' || convalidated, ', ' ORDER BY conname), '') FROM pg_constraint WHERE connamespace = 'shop'::regnamespace)
			|| '; ' || (SELECT coalesce(string_agg(indexname, ', ' ORDER BY indexname), '') FROM pg_indexes WHERE schemaname = 'shop')`).Scan(&got)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	run := func() (*Report, error) {
		return Run(ctx, p, f, Options{Together: true, Parallel: 3, largeBytes: large})
	}
	exec("INSERT INTO shop.p SELECT n, n + 100 FROM generate_series(1, 9) n; INSERT INTO shop.a VALUES (1, 101); INSERT INTO shop.b VALUES (77)")
	_, err := run()
	var e *Error
	if !errors.As(err, &e) || e.Path != "shop/constraint/b.sql" || e.SQL.Code != "23503" {
		t.Fatalf("%v", err)
	}
	exec("UPDATE shop.b SET p = 7")
	if _, err := run(); err != nil {
		t.Fatal(err)
	}
	if got, want := made(), "a_code true, a_f true, b_check true, b_f true; a_p, b_p, p_code, p_id"; got != want {
		t.Errorf("%s; want %s", got, want)
	}
	if r, err := run(); err != nil || r.Applied != 0 || r.Already != 7 {
		t.Errorf("again: %+v, %v", r, err)
	}
	var left int
	if err := p.QueryRow(ctx, "SELECT count(*) FROM godwit.applied WHERE stage LIKE '%unchecked'").Scan(&left); err != nil || left != 0 {
		t.Errorf("%d entries are left: %v", left, err)
	}
}
