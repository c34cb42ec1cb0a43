package godwit

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/runner/enginetest"
)

const searchedByKey = `CREATE TABLE t (id NUMBER(10) PRIMARY KEY, k NUMBER(5), n NUMBER);
CREATE INDEX t_k ON t (k);
CREATE OR REPLACE PACKAGE pk AS
  id t.id%TYPE := 20;
  n NUMBER := 21;
  max_id CONSTANT NUMBER := 22;
END;
/
CREATE OR REPLACE PROCEDURE keep(x NUMBER, y NUMBER) IS
  v t.id%TYPE := y;
BEGIN
  UPDATE t SET n = 1 WHERE id = x;
  UPDATE t SET n = 2 WHERE id > x AND id <= y;
  UPDATE t SET n = 3 WHERE k IN (x, y);
  UPDATE t SET n = 4 WHERE id = v;
  UPDATE t SET n = 6 WHERE id = pk.id;
  UPDATE t SET n = 7 WHERE id = pk.n OR id = pk.max_id;
  MERGE INTO t USING (SELECT x AS id FROM dual) s ON (t.id = s.id) WHEN MATCHED THEN UPDATE SET n = 5;
END;
/
`

// Statements that look for keys by NUMBERs read the rows by an index: the server counts how often it reads the table as a whole.
func TestKeysAreFoundByIndexes(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	c, err := Convert([]*source.File{source.NewFile("p.sql", searchedByKey)}, Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(ctx, enginetest.FreshPostgres(t, 15, "indexable"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	run := func(sql string) {
		t.Helper()
		if _, err := conn.Exec(ctx, sql, pgx.QueryExecModeSimpleProtocol); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
	run(c.HelperScript)
	for _, u := range c.Units {
		for _, o := range u.Outputs {
			run(o.SQL)
		}
	}
	run("INSERT INTO t SELECT g, g % 50000, 0 FROM generate_series(1, 200000) AS g")
	run("ANALYZE t")
	run("BEGIN")
	scans := func() (whole, found int) {
		t.Helper()
		if err := conn.QueryRow(ctx, "SELECT seq_scan, idx_scan FROM pg_stat_xact_user_tables WHERE relname = 't'").Scan(&whole, &found); err != nil {
			t.Fatal(err)
		}
		return whole, found
	}
	before, _ := scans() // the view has what earlier transactions did as well, as long as the session has not reported it: it made the indexes
	for range 7 {        // the sixth plan and those after it are for all arguments
		run("CALL keep(17, 19)")
	}
	whole, found := scans()
	whole -= before
	run("COMMIT")
	if whole != 0 || found == 0 {
		t.Errorf("the table was read %d times as a whole, %d times by an index:\n%s", whole, found, emittedText(c))
	}
	var changed string
	if err := conn.QueryRow(ctx, "SELECT string_agg(id || ' ' || n, ', ' ORDER BY id) FROM t WHERE n > 0").Scan(&changed); err != nil {
		t.Fatal(err)
	}
	if want := "17 5, 18 2, 19 4, 20 6, 21 7, 22 7, 50017 3, 50019 3, 100017 3, 100019 3, 150017 3, 150019 3"; changed != want {
		t.Errorf("%s, want %s", changed, want)
	}
}
