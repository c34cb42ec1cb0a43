package godwit

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/runner/enginetest"
	"godwit/runner/enginetest/fuzz"
	"godwit/runner/enginetest/rows"
)

// oracleMode is how MariaDB runs programs of PL/SQL, as near to Oracle as it gets.
var oracleMode = []string{"SET NAMES utf8mb4 COLLATE utf8mb4_nopad_bin", "SET sql_mode = 'ORACLE,EMPTY_STRING_IS_NULL,STRICT_TRANS_TABLES,STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO'", "SET autocommit = 0"}

// leftByPLSQL drops what a program made on the source.
var leftByPLSQL = []string{"DROP TRIGGER IF EXISTS tra", "DROP PACKAGE IF EXISTS pk", "DROP PROCEDURE IF EXISTS p", "DROP PROCEDURE IF EXISTS q", "DROP FUNCTION IF EXISTS fn", "DROP FUNCTION IF EXISTS ft", "DROP PROCEDURE IF EXISTS qd", "DROP SEQUENCE IF EXISTS sq"}

// openPLSQL makes the tables of fuzz.PLSQL on MariaDB, in the words of Oracle, and on the target as the conversion from Oracle makes them.
func openPLSQL(t *testing.T, version int) *arena {
	t.Helper()
	ctx := context.Background()
	address, db := enginetest.FreshMariaDB(t, "plsql")
	conn, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	a := &arena{t: t, maria: conn, pgURL: enginetest.FreshPostgres(t, version, "plsql")}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range append([]string{"ALTER DATABASE `" + strings.TrimPrefix(u.Path, "/") + "` COLLATE utf8mb4_nopad_bin", "USE `" + strings.TrimPrefix(u.Path, "/") + "`"}, append(oracleMode, fuzz.PLSQLSetup...)...) {
		a.maria1(ctx, q)
	}
	a.opt = Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: version, Settings: dialect.Settings{}}
	setup, err := Translate([]*source.File{source.NewFile("setup.sql", strings.Join(fuzz.PLSQLSetup, ";\n")+";\n")}, a.opt)
	if err != nil {
		t.Fatal(err)
	}
	s := rows.Connect(t, ctx, a.pgURL)
	defer s.Close(ctx)
	runAll(ctx, s, setup)
	if len(s.Errors) > 0 {
		t.Fatal(s.Errors)
	}
	a.opt.Catalog = []*source.File{source.NewFile("setup.sql", strings.Join(fuzz.PLSQLSetup, ";\n")+";\n")}
	return a
}

// dropPackages drops the schemas of packages on the target.
const dropPackages = "DROP SCHEMA IF EXISTS pk CASCADE"

// dropSequences drops the sequence of programs on the target.
const dropSequences = "DROP SEQUENCE IF EXISTS sq"

// dropTypes drops the types of records on the target.
const dropTypes = "DO $$ DECLARE r regtype; BEGIN FOR r IN SELECT t.oid FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid WHERE c.relkind = 'c' AND t.typnamespace = 'public'::regnamespace LOOP EXECUTE 'DROP TYPE ' || r || ' CASCADE'; END LOOP; END $$"

// plsql judges a program. A difference has to show three times where a package has state: the source forgets it when another session
// makes or drops a routine meanwhile.
func (a *arena) plsql(program string) verdict {
	v := a.plsqlOnce(program)
	for range 2 {
		if v.outcome != "wrong" || !strings.Contains(program, "PACKAGE") {
			break
		}
		v = a.plsqlOnce(program)
	}
	return v
}

// plsqlOnce runs a program on both servers, in a new session of the target, and compares what its queries give.
func (a *arena) plsqlOnce(program string) verdict {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	script := strings.Split(program, fuzz.Separator)
	script = slices.DeleteFunc(script, func(q string) bool { return strings.TrimSpace(q) == "" }) // of a shrunk program
	var v verdict
	c, err := Translate([]*source.File{source.NewFile("random.sql", sqlPlus(script))}, a.opt)
	if err != nil {
		return verdict{outcome: "rejected", why: err.Error()}
	}
	refused, flagged := a.findings(c, &v)
	want, invalid := a.onMaria(ctx, script)
	switch {
	case invalid != "":
		v.outcome, v.why = "invalid", invalid
		return v
	case refused != "":
		v.outcome, v.why = "refused", refused
		return v
	}
	s := rows.Connect(a.t, ctx, a.pgURL)
	defer s.Close(ctx)
	fill := []rows.Statement{{SQL: "TRUNCATE trc, item, acc"}}
	for _, q := range fuzz.PLSQLRows {
		fill = append(fill, rows.Statement{SQL: q})
	}
	s.Entry(ctx, fill)
	got := a.onTarget(ctx, s, c)
	errs := append([]string(nil), s.Errors...)
	s.Entry(ctx, []rows.Statement{{SQL: dropRoutines}, {SQL: dropTypes}, {SQL: dropPackages}, {SQL: dropSequences}})
	if v.why = rows.Compare(want, got); v.why != "" && len(a.replies) == len(script) {
		v.why = a.first(script, a.answers, a.replies) + v.why
	}
	v.settle(errs, flagged)
	return v
}

// sqlPlus writes the parts of a program as SQL*Plus reads them: a slash behind blocks and routines.
func sqlPlus(script []string) string {
	var b strings.Builder
	for _, q := range script {
		if strings.HasSuffix(q, ";") {
			fmt.Fprintf(&b, "%s\n/\n", q)
		} else {
			fmt.Fprintf(&b, "%s;\n", q)
		}
	}
	return b.String()
}

// onMaria runs the parts on the source. A part that fails leaves nothing, as in Oracle; what is left is committed, as the target does.
func (a *arena) onMaria(ctx context.Context, script []string) (want []rows.Block, invalid string) {
	a.answers = nil
	a.maria1(ctx, "ROLLBACK")
	for _, q := range leftByPLSQL {
		a.maria1(ctx, q)
	}
	for _, tab := range fuzz.PLSQLTables {
		a.maria1(ctx, "DELETE FROM "+tab)
	}
	for _, q := range append(fuzz.PLSQLRows, "COMMIT") {
		a.maria1(ctx, q)
	}
	for _, q := range script {
		a.maria1(ctx, "SAVEPOINT part")
		b, err := rows.MySQL(ctx, a.maria, fuzz.ForMariaDB(q))
		if err != nil {
			a.t.Fatalf("%v in %s", err, q)
		}
		if len(b) == 1 && b[0].Failed {
			b[0].State = ""
			if a.isInvalid(ctx) || strings.HasPrefix(q, "CREATE") {
				return nil, b[0].Note + " in " + q
			}
			if _, err := a.maria.ExecContext(ctx, "ROLLBACK TO SAVEPOINT part"); err != nil { // the part has committed
				a.maria1(ctx, "ROLLBACK")
			}
		}
		a.maria1(ctx, "COMMIT")
		a.answers = append(a.answers, b)
		want = append(want, b...)
	}
	return want, ""
}

// plsqlHere tells whether the run is one of MariaDB, which alone knows PL/SQL.
func plsqlHere() bool {
	s := os.Getenv("GODWIT_FUZZ_SOURCE")
	return s == "" || s == "mariadb"
}
