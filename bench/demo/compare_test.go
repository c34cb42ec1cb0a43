package main

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"godwit/bench/sakila"
)

// The comparison of the demonstration must see every kind of difference, or
// its "both sides agree" says nothing.
func TestCompare(t *testing.T) {
	source, target := os.Getenv("GODWIT_TEST_MARIADB"), os.Getenv("GODWIT_TEST_PG15")
	if source == "" || target == "" {
		if os.Getenv("GODWIT_TEST_REQUIRE") == "1" {
			t.Fatal("GODWIT_TEST_MARIADB or GODWIT_TEST_PG15 is not set; run the tests with scripts/test")
		}
		t.Skip("skipped: mariadb, pg15: their URLs are not set")
	}
	ctx := context.Background()
	script := `DROP DATABASE IF EXISTS sakila; CREATE DATABASE sakila; USE sakila;
		CREATE TABLE demo_compare (id int PRIMARY KEY, flag tinyint(1), amount decimal(5,2), name varchar(20), kind enum('a','b'),
			tags set('x','y'), at datetime, day date, stamp timestamp NULL, born year, picture blob) CHARSET utf8mb4;
		INSERT INTO demo_compare VALUES (1, 1, 1.10, 'é ', 'a', 'x,y', '2001-02-03 04:05:06', '1969-12-31', '2020-01-01 00:00:00', 1999, x'00ff'),
			(2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);`
	if err := sakila.RunScript(ctx, source, strings.NewReader(script)); err != nil {
		t.Fatal(err)
	}
	db, err := sakila.Open(source, sakila.Name)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	defer db.Exec("DROP DATABASE sakila")
	pg, err := pgx.Connect(ctx, target)
	if err != nil {
		t.Fatal(err)
	}
	defer pg.Close(ctx)
	defer pg.Exec(ctx, "DROP SCHEMA IF EXISTS demo_compare CASCADE")
	exec := func(query string) {
		t.Helper()
		if _, err := pg.Exec(ctx, query); err != nil {
			t.Fatal(err)
		}
	}
	same := func() error {
		_, _, err := compare(ctx, db, target)
		return err
	}
	if err := same(); err == nil || !strings.Contains(err.Error(), "missing on the target") {
		t.Errorf("without the table: %v", err)
	}
	exec(`DROP SCHEMA IF EXISTS demo_compare CASCADE; CREATE SCHEMA demo_compare;
		CREATE TABLE demo_compare.demo_compare (id int PRIMARY KEY, flag boolean, amount numeric(5,2), name text, kind text,
			tags text[], at timestamp(0), day date, stamp timestamptz(0), born smallint, picture bytea);
		INSERT INTO demo_compare.demo_compare VALUES (1, true, 1.10, 'é ', 'a', '{x,y}', '2001-02-03 04:05:06', '1969-12-31', '2020-01-01 00:00:00+00', 1999, '\x00ff'); INSERT INTO demo_compare.demo_compare (id) VALUES (2)`)
	if err := same(); err != nil {
		t.Fatalf("equal tables: %v", err)
	}
	for _, wrong := range []string{"flag = false", "amount = 1.11", "name = 'é'", "name = 'e '", "kind = 'b'", "tags = '{x}'", "at = '2001-02-03 05:05:06'",
		"day = '1970-01-01'", "stamp = '2020-01-01 00:00:00+01'", "born = 2000", `picture = '\x00'`, "name = NULL", "id = 3"} {
		exec("BEGIN; CREATE TEMP TABLE kept AS TABLE demo_compare.demo_compare; UPDATE demo_compare.demo_compare SET " + wrong + " WHERE id = 1; COMMIT")
		column, _, _ := strings.Cut(wrong, " ")
		if err := same(); err == nil || !strings.Contains(err.Error(), column) {
			t.Errorf("%s is not seen: %v", wrong, err)
		}
		exec("DELETE FROM demo_compare.demo_compare; INSERT INTO demo_compare.demo_compare SELECT * FROM kept; DROP TABLE kept")
	}
	exec("DELETE FROM demo_compare.demo_compare WHERE id = 2")
	if err := same(); err == nil || !strings.Contains(err.Error(), "rows") {
		t.Errorf("a missing row of nothing but NULL is not seen: %v", err)
	}
}
