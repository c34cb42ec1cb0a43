package godwit

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"godwit/emit/postgres/helpers"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/runner/enginetest"
)

// The tests of this file evaluate expressions of dates in a session whose zone is not UTC, on both source engines and on the oldest
// and newest target: testdata/zoned/*.sql, in the form of testdata/expressions. "mysql:" or "mariadb:" before an expression
// limits it to one source.

const (
	datesZone   = "+05:30"
	datesMode   = "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES"
	datesSource = `
CREATE TABLE w (id INT PRIMARY KEY, ts TIMESTAMP NULL, ts6 TIMESTAMP(6) NULL, dt DATETIME, dt6 DATETIME(6), d DATE, tm TIME, tm3 TIME(3), y YEAR, i INT, n DECIMAL(12,3), s VARCHAR(40), nn DATE NOT NULL);
`
	datesRows = `
INSERT INTO w VALUES
 (1, '2024-02-29 13:14:15', '2024-02-29 23:59:59.987654', '2024-01-31 10:11:12', '2024-01-31 10:11:12.123456', '2024-01-31', '10:11:12', '10:11:12.345', 2024, 1, 1.5, '2024-01-31', '2024-01-01'),
 (2, '2023-12-31 23:59:59', '2000-01-01 00:00:00.000001', '2023-12-31 23:59:59', '2023-12-31 23:59:59.999999', '2023-03-31', '-00:00:02', '-120:10:11.500', 1999, -13, -2.5, '2024-1-5 1:2:3', '2023-02-28'),
 (3, '1970-01-02 00:00:00', '2037-06-15 12:00:00.500000', '1969-07-20 20:17:40', '1000-01-01 00:00:00.000000', '2000-02-29', '838:59:59', '00:00:00.001', 1970, 0, 0, '20240105', '2000-02-29'),
 (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '1999-12-31'),
 (5, '2024-03-01 00:00:00', '2024-12-30 00:00:00.000000', '2024-12-30 00:00:00', '2024-12-30 00:00:00.500000', '2024-12-30', '00:00:00', '23:59:59.999', 2155, 100, 99.999, '10:11:12', '2021-01-03'),
 (6, '2021-01-03 12:00:00', '2016-02-29 01:01:01.100000', '2012-02-29 23:59:59', '1999-01-01 12:34:56.789000', '1901-01-01', '-838:59:59', '838:59:59.000', 1901, 45, 0.001, '99-12-31 23:59:59.6', '1999-01-01')
`
	datesTarget = `
CREATE TABLE w (id integer PRIMARY KEY, ts timestamptz(0), ts6 timestamptz(6), dt timestamp(0), dt6 timestamp(6), d date, tm interval(0), tm3 interval(3), y smallint, i integer, n numeric(12,3), s varchar(40), nn date NOT NULL);
`
)

type datesEngines struct {
	dialect dialect.Name
	engines []exprEngines // by target; the source is the same
}

func openDates(t *testing.T, from dialect.Name) datesEngines {
	t.Helper()
	var src exprEngines
	if from == dialect.MySQL {
		_, src.maria = enginetest.FreshMySQL80(t, "dates")
	} else {
		_, src.maria = enginetest.FreshMariaDB(t, "dates")
	}
	ctx := context.Background()
	src.maria.SetMaxOpenConns(1)
	for _, s := range []string{"SET time_zone = '" + datesZone + "'", "SET NAMES utf8mb4 COLLATE utf8mb4_general_ci", "SET sql_mode = '" + datesMode + "'", exprSource, datesSource, exprRows, datesRows} {
		if _, err := src.maria.ExecContext(ctx, s); err != nil {
			t.Fatal(err)
		}
	}
	script, err := helpers.Script(helpers.MySQL, helpers.Schema(helpers.MySQL), helpers.Names(helpers.MySQL))
	if err != nil {
		t.Fatal(err)
	}
	out := datesEngines{dialect: from}
	for _, version := range []int{15, 18} {
		pg, err := pgx.Connect(ctx, enginetest.FreshPostgres(t, version, "dates"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = pg.Close(ctx) })
		zone := "SET TIME ZONE INTERVAL '" + datesZone + "' HOUR TO MINUTE;"
		if _, err := pg.Exec(ctx, zone+exprTarget+script+datesTarget+exprTargetRows+";"+datesRows); err != nil {
			t.Fatal(err)
		}
		out.engines = append(out.engines, exprEngines{src.maria, pg})
	}
	return out
}

func TestDatesAnswerLikeMariaDB(t *testing.T) { testDates(t, dialect.MariaDB) }

func TestDatesAnswerLikeMySQL(t *testing.T) { testDates(t, dialect.MySQL) }

func testDates(t *testing.T, from dialect.Name) {
	e := openDates(t, from)
	// The general expressions, but those whose value depends on the zone.
	e.file(t, "testdata/expressions/dates.sql", "v")
	e.file(t, "testdata/zoned/dates.sql", "w")
}

func (e datesEngines) file(t *testing.T, name, table string) {
	t.Run(table, func(t *testing.T) {
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		sc := bufio.NewScanner(f)
		for line := 1; sc.Scan(); line++ {
			l := strings.TrimSpace(sc.Text())
			if l == "" || strings.HasPrefix(l, "#") {
				continue
			}
			for _, d := range []dialect.Name{dialect.MySQL, dialect.MariaDB} {
				if rest, ok := strings.CutPrefix(l, string(d)+":"); ok {
					l = rest
					if d != e.dialect {
						l = ""
					}
				}
			}
			if l == "" {
				continue
			}
			if msg := e.check(t, strings.TrimSpace(l), table); msg != "" {
				t.Errorf("%s:%d: %s\n  %s", name, line, l, msg)
			}
		}
	})
}

func (e datesEngines) check(t *testing.T, expr, table string) string {
	t.Helper()
	expr, refused := strings.CutPrefix(expr, "refused:")
	query := "SELECT id, " + expr + " AS x FROM " + table + " ORDER BY id"
	if rest, ok := strings.CutPrefix(strings.TrimSpace(expr), "query:"); ok {
		query = rest
	}
	c, err := Translate([]*source.File{source.NewFile("source.sql", query+";")}, Options{
		From: e.dialect, To: dialect.Postgres, Catalog: []*source.File{source.NewFile("setup.sql", exprSource+datesSource)},
		Settings: dialect.Settings{"collation": "utf8mb4_general_ci", "sql-mode": datesMode},
	})
	if err != nil {
		t.Fatal(err)
	}
	u := c.Units[len(c.Units)-1]
	was := u.Status == diag.Refused || len(u.Outputs) == 0
	if refused || was {
		switch {
		case refused && !was:
			return "should be refused, but became " + u.Outputs[len(u.Outputs)-1].SQL
		case !refused || len(messages(c)) == 0:
			return "refused: " + fmt.Sprint(messages(c))
		}
		return ""
	}
	text := u.Outputs[len(u.Outputs)-1].SQL
	for _, x := range e.engines {
		want, err := x.mariaRows(query)
		got, err2 := x.pgRows(text)
		switch {
		case err != nil && err2 != nil:
			continue
		case err != nil:
			return fmt.Sprintf("%s\n  source fails: %v\n  target %v", text, err, got)
		case err2 != nil:
			return fmt.Sprintf("%s\n  fails: %v", text, err2)
		}
		for i := range want {
			if i >= len(got) || !sameCells(want[i], withoutZone(got[i])) {
				return fmt.Sprintf("%s\n  source %v\n  target %v", text, want, got)
			}
		}
	}
	return ""
}

// withoutZone takes the zone off instants, which the source does not show.
func withoutZone(cells []string) []string {
	for i, c := range cells {
		cells[i] = strings.TrimSuffix(c, datesZone)
	}
	return cells
}
