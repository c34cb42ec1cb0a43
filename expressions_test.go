package godwit

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"godwit/emit/postgres/helpers"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/runner/enginetest"
)

// The tests of this file evaluate expressions on MariaDB and their conversion on PostgreSQL, over rows with NULLs, zeros, negative
// numbers, ends of months and letters outside ASCII. testdata/expressions/*.sql hold one expression a line; "refused:" before it
// tells that it is refused by name, "#" begins a comment.

const exprSource = `
CREATE TABLE v (id INT PRIMARY KEY, i INT, u INT UNSIGNED, s SMALLINT, big BIGINT, ub BIGINT UNSIGNED, n DECIMAL(10,2), f DOUBLE, r FLOAT,
 t VARCHAR(40) COLLATE utf8mb4_general_ci, tb VARCHAR(40) COLLATE utf8mb4_bin, c CHAR(5), d DATE, dt DATETIME, dt6 DATETIME(6), tm TIME, y YEAR,
 e ENUM('small','medium','large'), st SET('a','b','c'), b VARBINARY(20), bt BIT(8), j TEXT) DEFAULT CHARSET utf8mb4 COLLATE utf8mb4_general_ci;
`

const exprRows = `
INSERT INTO v VALUES
 (1, 5, 7, 3, 5000000000, 18446744073709551615, 12.34, 1.5, 2.5, 'Hello World', 'Hello', 'ab', '2024-02-29', '2024-02-29 13:14:15', '2024-02-29 13:14:15.123456', '10:11:12', 2024, 'small', 'a,c', 'abc', 5, '{"a": 1, "b": [1, 2, {"c": "x"}], "s": "text"}'),
 (2, -7, 0, -3, -1, 0, -0.05, -0.25, -1.25, 'äpfel', 'Äpfel', 'xyz', '2023-12-31', '2023-12-31 00:00:00', '2023-12-31 00:00:00', '-35:10:07', 1999, 'large', '', 'x', 255, '[1, "two", null, true]'),
 (3, 0, 4294967295, 0, 0, 1, 0, 0, 0, '12abc', '', '', '2000-01-01', '1999-12-31 23:59:59', '1999-12-31 23:59:59.999999', '00:00:00', 2000, 'medium', 'b', '', 0, '"str"'),
 (4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
 (5, 100, 1, 100, 9007199254740993, 42, 99999.99, 123456.789, 3.14159, 'a,b,c', 'www.example.com', 'q', '2024-12-31', '2024-12-31 23:59:59', '2024-12-31 23:59:59.500000', '838:59:59', 1970, 'small', 'a,b,c', 'zz', 128, '{}')
`

const exprTarget = `
CREATE SCHEMA godwit_mysql;
CREATE COLLATION godwit_mysql.ai_ci (provider = icu, locale = 'und-u-ks-level1', deterministic = false);
CREATE COLLATION godwit_mysql.as_ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
CREATE TYPE v_e AS ENUM ('small','medium','large');
CREATE TABLE v (id integer PRIMARY KEY, i integer, u bigint, s smallint, big bigint, ub numeric(20), n numeric(10,2), f double precision, r real,
 t varchar(40) COLLATE godwit_mysql.ai_ci, tb varchar(40) COLLATE "C", c varchar(5) COLLATE godwit_mysql.ai_ci, d date, dt timestamp(0), dt6 timestamp(6), tm interval(0), y smallint,
 e v_e, st text COLLATE godwit_mysql.ai_ci, b bytea, bt bit(8), j text COLLATE godwit_mysql.ai_ci);
`

// exprTargetRows are the rows as the target holds them.
var exprTargetRows = strings.NewReplacer("'abc', 5,", `'\x616263', B'00000101',`, "'x', 255,", `'\x78', B'11111111',`, "'', 0,", `'', B'00000000',`, "'zz', 128,", `'\x7a7a', B'10000000',`).Replace(exprRows)

type exprEngines struct {
	maria *sql.DB
	pg    *pgx.Conn
}

func openExprEngines(t *testing.T) exprEngines {
	t.Helper()
	_, maria := enginetest.FreshMariaDB(t, "expressions")
	ctx := context.Background()
	maria.SetMaxOpenConns(1)
	for _, s := range []string{"SET time_zone = '+00:00'", "SET NAMES utf8mb4 COLLATE utf8mb4_general_ci", exprSource, exprRows} {
		if _, err := maria.ExecContext(ctx, s); err != nil {
			t.Fatal(err)
		}
	}
	pg, err := pgx.Connect(ctx, enginetest.FreshPostgres(t, 15, "expressions"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pg.Close(ctx) })
	script, err := helpers.Script(helpers.MySQL, helpers.Schema(helpers.MySQL), helpers.Names(helpers.MySQL))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := pg.Exec(ctx, "SET TimeZone = 'UTC';"+exprTarget+script+exprTargetRows); err != nil {
		t.Fatal(err)
	}
	return exprEngines{maria, pg}
}

func TestExpressionsAnswerLikeTheSource(t *testing.T) {
	files, err := filepath.Glob("testdata/expressions/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no expressions: %v", err)
	}
	e := openExprEngines(t)
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".sql"), func(t *testing.T) {
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
				if msg := e.check(t, l); msg != "" {
					t.Errorf("%s:%d: %s\n  %s", filepath.Base(name), line, l, msg)
				}
			}
		})
	}
}

// check compares one expression and returns what is wrong with its conversion.
func (e exprEngines) check(t *testing.T, expr string) string {
	t.Helper()
	expr, refused := strings.CutPrefix(expr, "refused:")
	query := "SELECT id, " + expr + " AS x FROM v ORDER BY id"
	if rest, ok := strings.CutPrefix(strings.TrimSpace(expr), "query:"); ok {
		query = rest
	}
	text, c, why := convertExpr(t, query)
	if refused {
		if text != "" {
			return "should be refused, but became " + text
		}
		if len(messages(c)) == 0 {
			return "refused without a finding"
		}
		return ""
	}
	if text == "" {
		return "refused: " + why
	}
	want, err := e.mariaRows(query)
	if err != nil {
		want = [][]string{{"ERROR"}}
	}
	got, err2 := e.pgRows(text)
	if err2 != nil {
		if err != nil {
			return ""
		}
		return fmt.Sprintf("%s\n  fails: %v", text, err2)
	}
	for i := range want {
		if i >= len(got) || !sameCells(want[i], got[i]) {
			return fmt.Sprintf("%s\n  source %v\n  target %v (%v)", text, want, got, err)
		}
	}
	return ""
}

func convertExpr(t *testing.T, query string) (string, *Conversion, string) {
	t.Helper()
	c, err := Translate([]*source.File{source.NewFile("source.sql", query+";")}, Options{
		From: dialect.MariaDB, To: dialect.Postgres, Catalog: []*source.File{source.NewFile("setup.sql", exprSource)},
		Settings: dialect.Settings{"collation": "utf8mb4_general_ci", "sql-mode": "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES"},
	})
	if err != nil {
		t.Fatal(err)
	}
	u := c.Units[len(c.Units)-1]
	if u.Status == diag.Refused || len(u.Outputs) == 0 {
		return "", c, fmt.Sprint(messages(c))
	}
	return u.Outputs[len(u.Outputs)-1].SQL, c, ""
}

func (e exprEngines) mariaRows(query string) ([][]string, error) {
	rows, err := e.maria.Query(query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	var out [][]string
	for rows.Next() {
		cells := make([]sql.NullString, len(cols))
		ptrs := make([]any, len(cols))
		for i := range cells {
			ptrs[i] = &cells[i]
		}
		if err := rows.Scan(ptrs...); err != nil {
			return nil, err
		}
		line := make([]string, len(cols))
		for i, c := range cells {
			line[i] = `\N`
			if c.Valid {
				line[i] = c.String
			}
		}
		out = append(out, line)
	}
	return out, rows.Err()
}

func (e exprEngines) pgRows(query string) ([][]string, error) {
	res := e.pg.PgConn().ExecParams(context.Background(), query, nil, nil, nil, nil).Read()
	if res.Err != nil {
		return nil, res.Err
	}
	var out [][]string
	for _, row := range res.Rows {
		line := make([]string, len(row))
		for i, c := range row {
			line[i] = `\N`
			if c != nil {
				line[i] = string(c)
			}
		}
		out = append(out, line)
	}
	return out, nil
}

func sameCells(a, b []string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !sameCell(a[i], b[i]) {
			return false
		}
	}
	return true
}

var trailingZeros = regexp.MustCompile(`(\.\d*?)0+$`)

// sameCell compares numbers by value (floats to 14 digits), moments without trailing zeros, spans in either notation, bytes by content.
func sameCell(a, b string) bool {
	if a == b {
		return true
	}
	x, ok := new(big.Float).SetString(a)
	y, ok2 := new(big.Float).SetString(b)
	if ok && ok2 {
		if x.Cmp(y) == 0 {
			return true
		}
		if strings.ContainsAny(a+b, "eE.") && len(a)+len(b) > 24 {
			d := new(big.Float).Sub(x, y)
			d.Quo(d, y)
			v, _ := d.Float64()
			return v < 1e-14 && v > -1e-14
		}
		return false
	}
	if strings.HasPrefix(b, `\x`) && fmt.Sprintf(`\x%x`, a) == b {
		return true
	}
	return plainMoment(a) == plainMoment(b)
}

func plainMoment(s string) string {
	if !strings.ContainsAny(s, ":") {
		return strings.TrimSuffix(s, " 00:00:00")
	}
	s = strings.TrimSuffix(trailingZeros.ReplaceAllString(s, "$1"), ".")
	return strings.TrimSuffix(s, " 00:00:00")
}
