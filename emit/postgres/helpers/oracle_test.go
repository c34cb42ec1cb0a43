package helpers_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"godwit/emit/postgres/helpers"
	"godwit/runner/enginetest"
)

// oracleSettings are those of the session: a zone that has summer time, and one that prints intervals and dates plainly.
const oracleSettings = "CREATE SCHEMA o; SET search_path = pg_catalog; SET TimeZone = 'America/New_York'; SET IntervalStyle = postgres; SET DateStyle = ISO; "

// The files of testdata/oracle hold lines "expression => text of the result": what Oracle's manual gives, NULL as \N, an
// error as "ERROR state" and the beginning of its message. The routines stand in the schema o.
func TestOracleRoutinesAnswerLikeTheManual(t *testing.T) {
	files, err := filepath.Glob("testdata/oracle/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no expressions: %v", err)
	}
	script, err := helpers.Script(helpers.Oracle, "o", helpers.Names(helpers.Oracle))
	if err != nil {
		t.Fatal(err)
	}
	for _, version := range []int{15, 18} {
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			ctx := context.Background()
			conn, err := pgx.Connect(ctx, enginetest.FreshPostgres(t, version, "oracle"))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = conn.Close(ctx) })
			if _, err := conn.Exec(ctx, oracleSettings+script+script); err != nil { // a script may run again
				t.Fatal(err)
			}
			for _, f := range files {
				answersLike(t, conn, f)
			}
		})
	}
}

func TestEveryOracleRoutineIsListed(t *testing.T) {
	list, err := os.ReadFile("oracle/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range helpers.Names(helpers.Oracle) {
		if !strings.Contains(string(list), "`"+n) {
			t.Errorf("oracle/README.md does not name %s: add it to the list that rules are written by", n)
		}
	}
}

func answersLike(t *testing.T, conn *pgx.Conn, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(text), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		expr, want, ok := strings.Cut(line, " => ")
		if !ok {
			t.Fatalf("%s:%d: want expression => result", file, i+1)
		}
		if got := answer(conn, expr); got != want && !(strings.HasPrefix(want, "ERROR ") && strings.HasPrefix(got, want)) {
			t.Errorf("%s:%d: %s: got [%s], want [%s]", filepath.Base(file), i+1, expr, got, want)
		}
	}
}

// answer is the text of an expression's value; line breaks in it are written \n.
func answer(conn *pgx.Conn, expr string) string {
	var v sql.NullString
	err := conn.QueryRow(context.Background(), "SELECT ("+expr+")::text", pgx.QueryExecModeSimpleProtocol).Scan(&v)
	var e *pgconn.PgError
	switch {
	case errors.As(err, &e):
		return "ERROR " + e.Code + " " + e.Message
	case err != nil:
		return err.Error()
	case !v.Valid:
		return `\N`
	}
	return strings.ReplaceAll(strings.ReplaceAll(v.String, "\n", `\n`), "\r", `\r`)
}
