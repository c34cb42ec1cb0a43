package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"godwit"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/runner/enginetest"
	"godwit/runner/enginetest/rows"
	"godwit/runner/extract"
)

// godwitOK runs a command line that must succeed and returns what it prints.
func godwitOK(t *testing.T, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	var out, errOut bytes.Buffer
	if code := run(ctx, args, strings.NewReader(""), &out, &errOut); code != 0 {
		t.Fatalf("godwit %s: exit code %d\n%s\n%s", strings.Join(args, " "), code, out.String(), errOut.String())
	}
	return out.String() + errOut.String()
}

// calls use every view, routine and trigger of Sakila. One statement a line.
var calls = []string{
	// Payments are from 2005: bring some into last month, where rewards_report looks.
	"UPDATE payment SET payment_date = DATE_SUB(CURRENT_DATE(), INTERVAL 1 MONTH) WHERE payment_id BETWEEN 1 AND 400",
	"CALL rewards_report(1, 5.00, @n)",
	"SELECT @n",
	"CALL rewards_report(30, 500.00, @n)",
	"SELECT @n",
	"CALL rewards_report(0, 5.00, @n)",
	"CALL rewards_report(2, 0.00, @n)",
	"CALL rewards_report(3, 20.00, @n)",
	"CALL film_in_stock(1, 1, @c)",
	"SELECT @c",
	"CALL film_in_stock(1, 99, @c)",
	"SELECT @c",
	"CALL film_not_in_stock(2, 2, @c)",
	"SELECT @c",
	"SELECT customer_id, get_customer_balance(customer_id, '2005-08-01 12:00:00') FROM customer WHERE customer_id < 60 ORDER BY customer_id",
	"SELECT get_customer_balance(148, NULL), get_customer_balance(100000, '2006-01-01 00:00:00')",
	"SELECT inventory_id, inventory_held_by_customer(inventory_id), inventory_in_stock(inventory_id) FROM inventory WHERE inventory_id < 200 ORDER BY inventory_id",
	"SELECT inventory_held_by_customer(-1), inventory_in_stock(-1)",
	"SELECT * FROM actor_info ORDER BY actor_id",
	"SELECT * FROM customer_list ORDER BY id",
	"SELECT * FROM film_list ORDER BY fid, category",
	"SELECT * FROM nicer_but_slower_film_list ORDER BY fid, category",
	"SELECT * FROM staff_list ORDER BY id",
	"SELECT * FROM sales_by_store ORDER BY store",
	"SELECT * FROM sales_by_film_category ORDER BY category",
	// Triggers: film keeps film_text, the others fill in the time.
	"INSERT INTO film (title, description, language_id, rental_rate, rating) VALUES ('NEW FILM', 'about godwits', 1, 2.99, 'PG-13')",
	"SELECT t.title, t.description FROM film_text t JOIN film f ON f.film_id = t.film_id WHERE f.title = 'new film'",
	"UPDATE film SET title = 'NEWER FILM' WHERE title = 'NEW FILM'",
	"UPDATE film SET length = 90 WHERE title = 'NEWER FILM'",
	"SELECT t.title, t.description, f.length FROM film_text t JOIN film f ON f.film_id = t.film_id WHERE f.title = 'NEWER FILM'",
	"SELECT last_update > '2020-01-01' FROM film WHERE title = 'NEWER FILM'",
	"DELETE FROM film WHERE title = 'NEWER FILM'",
	"SELECT COUNT(*) FROM film_text WHERE title LIKE 'NEWER%'",
	"INSERT INTO customer (store_id, first_name, last_name, email, address_id, create_date) VALUES (1, 'Bar', 'Tailed', 'b@example.org', 5, '2001-01-01 00:00:00')",
	"SELECT first_name, active, create_date > NOW() - INTERVAL 1 HOUR FROM customer WHERE last_name = 'Tailed'",
	"INSERT INTO rental (rental_date, inventory_id, customer_id, staff_id) VALUES ('2001-01-01 00:00:00', 10, 1, 1)",
	"SELECT COUNT(*) FROM rental WHERE inventory_id = 10 AND rental_date > NOW() - INTERVAL 1 HOUR",
	"INSERT INTO payment (customer_id, staff_id, rental_id, amount, payment_date) VALUES (1, 1, NULL, 1.25, '2001-01-01 00:00:00')",
	"SELECT amount, rental_id FROM payment WHERE customer_id = 1 AND payment_date > NOW() - INTERVAL 1 HOUR AND amount = 1.25",
	// Keys, foreign keys and their actions.
	"INSERT INTO language (language_id, name) VALUES (1, 'Twice')",
	"INSERT INTO city (city, country_id) VALUES ('Nowhere', 9999)",
	"DELETE FROM country WHERE country_id = 1",
	"UPDATE country SET country_id = 500 WHERE country_id = 1",
	"SELECT COUNT(*) FROM city WHERE country_id = 500",
	"DELETE FROM rental WHERE rental_id = 76",
	"SELECT payment_id, rental_id FROM payment WHERE payment_id = 1",
	"SELECT rating, COUNT(*) FROM film GROUP BY rating ORDER BY rating",
	"SELECT COUNT(*) FROM film WHERE FIND_IN_SET('Trailers', special_features) > 0",
	"SELECT COUNT(*) FROM customer WHERE last_name LIKE 'smi%'",
	"SELECT COUNT(*) FROM customer WHERE last_name = 'smith'",
}

// unorderedLists are queries whose GROUP_CONCAT has no order of its own.
func unorderedLists(stmt string) bool { return strings.Contains(stmt, "film_list") }

func sortLists(bs []rows.Block) {
	for _, b := range bs {
		for _, r := range b.Rows {
			for i, c := range r {
				if c == nil || !strings.Contains(*c, ", ") {
					continue
				}
				l := strings.Split(*c, ", ")
				sort.Strings(l)
				s := strings.Join(l, ", ")
				r[i] = &s
			}
		}
	}
}

func TestSakila(t *testing.T) {
	for _, v := range enginetest.PostgresVersions(t) {
		if v != 15 && v != 18 {
			continue
		}
		t.Run(fmt.Sprintf("postgres%d", v), func(t *testing.T) { sakilaOn(t, v, "icu") })
	}
	t.Run("citext", func(t *testing.T) { sakilaOn(t, 15, "citext") })
}

func sakilaOn(t *testing.T, version int, collations string) {
	src, db := enginetest.FreshSakila(t, "sakila")
	dst := enginetest.FreshPostgres(t, version, "sakila")
	dir := t.TempDir()
	task := filepath.Join(dir, "task.yaml")
	text := fmt.Sprintf("name: sakila\nsource:\n  url: %s\ntarget:\n  url: %s\nconvert:\n  to: postgres%d\n  collations: %s\n", src, dst, version, collations)
	if err := os.WriteFile(task, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	godwitOK(t, "check", task)
	godwitOK(t, "migrate", task, "--until", "caught-up")
	if out := godwitOK(t, "verify", task, "--static"); strings.Contains(out, "mismatch: ") {
		t.Errorf("verify: %s", out)
	}
	godwitOK(t, "cutover", task, "--apps-stopped", "--quiet", "0s")
	schema := schemaOf(t, src)
	countObjects(t, dst, schema)
	if version == 15 {
		plpgsqlCheck(t, dst, schema)
	}
	callEverything(t, src, db, dst, version, collations)
}

func schemaOf(t *testing.T, address string) string {
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(u.Path, "/")
}

// countObjects holds the target to what Sakila consists of.
func countObjects(t *testing.T, dst, schema string) {
	t.Helper()
	ctx := context.Background()
	c, err := pgx.Connect(ctx, dst)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	const q = `SELECT
		(SELECT count(*) FROM pg_class WHERE relnamespace = n.oid AND relkind = 'r'),
		(SELECT count(*) FROM pg_class WHERE relnamespace = n.oid AND relkind = 'v'),
		(SELECT count(*) FROM pg_proc WHERE pronamespace = n.oid AND prorettype <> 'trigger'::regtype),
		(SELECT count(*) FROM pg_trigger g JOIN pg_class c ON c.oid = tgrelid WHERE c.relnamespace = n.oid AND NOT tgisinternal AND tgname NOT LIKE '%on_update%'),
		(SELECT count(*) FROM pg_constraint WHERE connamespace = n.oid AND contype = 'f' AND convalidated)
		FROM pg_namespace n WHERE nspname = $1`
	var tables, views, routines, triggers, foreign int
	if err := c.QueryRow(ctx, q, schema).Scan(&tables, &views, &routines, &triggers, &foreign); err != nil {
		t.Fatal(err)
	}
	if tables != 16 || views != 7 || routines != 6 || triggers != 6 || foreign != 22 {
		t.Errorf("%d tables, %d views, %d routines, %d triggers, %d valid foreign keys; want 16, 7, 6, 6, 22", tables, views, routines, triggers, foreign)
	}
}

// plpgsqlCheck holds every function of the schema to the extension's checks. Temporary tables that a routine makes
// itself are made first: the extension looks them up while it reads the body.
func plpgsqlCheck(t *testing.T, dst, schema string) {
	t.Helper()
	ctx := context.Background()
	c, err := pgx.Connect(ctx, dst)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	if _, err := c.Exec(ctx, "CREATE EXTENSION IF NOT EXISTS plpgsql_check; CREATE TEMPORARY TABLE tmpcustomer (customer_id bigint)"); err != nil {
		t.Fatal(err)
	}
	const q = `SELECT p.proname, m FROM pg_proc p
		JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname IN ($1, 'godwit_mysql')
		JOIN pg_language l ON l.oid = p.prolang AND l.lanname = 'plpgsql'
		LEFT JOIN pg_trigger g ON g.tgfoid = p.oid,
		plpgsql_check_function(p.oid, coalesce(g.tgrelid, 0)) m`
	rs, err := c.Query(ctx, q, schema)
	if err != nil {
		t.Fatal(err)
	}
	for rs.Next() {
		var name, message string
		if err := rs.Scan(&name, &message); err != nil {
			t.Fatal(err)
		}
		t.Errorf("plpgsql_check on %s: %s", name, message)
	}
	if err := rs.Err(); err != nil {
		t.Fatal(err)
	}
}

// callEverything runs the calls on both servers and compares the rows.
func callEverything(t *testing.T, src string, db *sql.DB, dst string, version int, collations string) {
	t.Helper()
	ctx := context.Background()
	conv := translateCalls(t, src, version, collations)
	mine, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer mine.Close()
	if _, err := mine.ExecContext(ctx, "SET time_zone = '+00:00'"); err != nil {
		t.Fatal(err)
	}
	theirs := rows.Connect(t, ctx, dst)
	defer theirs.Close(ctx)
	entries := conv.Translated()
	if len(entries) != len(calls) {
		t.Fatalf("%d statements became %d entries", len(calls), len(entries))
	}
	for i, e := range entries {
		if e.Status == diag.Refused {
			t.Errorf("%s: refused: %v", calls[i], e.Findings)
			continue
		}
		var list []rows.Statement
		for _, s := range e.Target {
			list = append(list, rows.Statement{SQL: s.SQL, Rows: s.Rows})
		}
		want, err := rows.MySQL(ctx, mine, calls[i])
		if err != nil {
			t.Fatalf("%s: %v", calls[i], err)
		}
		got := theirs.Entry(ctx, list)
		if unorderedLists(calls[i]) {
			sortLists(want)
			sortLists(got)
		}
		if d := rows.Compare(want, got); d != "" {
			t.Errorf("%s\n%s\n%v\ntarget: %v", calls[i], d, theirs.Errors, e.Target)
		}
		theirs.Errors = nil
	}
}

func translateCalls(t *testing.T, src string, version int, collations string) *godwit.Conversion {
	t.Helper()
	ctx := context.Background()
	x, err := extract.Open(ctx, src)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	schema := schemaOf(t, src)
	r, err := x.Read(ctx, schema)
	if err != nil {
		t.Fatal(err)
	}
	opt := godwit.Options{From: dialect.Name(r.Flavor), To: dialect.Postgres, ToVersion: version, Schema: schema, Settings: dialect.Settings{}}
	opt.Policy.Collations = collations
	for k, v := range r.Settings {
		opt.Settings[dialect.NormalizeSetting(k)] = v
	}
	opt.Catalog = []*source.File{source.NewFile("sakila", r.Script())}
	c, err := godwit.Translate([]*source.File{source.NewFile("calls", strings.Join(calls, ";\n")+";\n")}, opt)
	if err != nil {
		t.Fatal(err)
	}
	return c
}
