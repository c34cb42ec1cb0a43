package godwit

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"

	"godwit/emit/postgres"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/runner/enginetest"
)

// TestCircularTypes holds that types that hold collections of themselves, and what names them, convert and load.
func TestCircularTypes(t *testing.T) {
	const script = `CREATE TYPE t;
/
CREATE TYPE t_list AS TABLE OF t;
/
CREATE TYPE t AS OBJECT (id NUMBER, kids t_list);
/
CREATE TABLE uses (a NUMBER, o t);
INSERT INTO uses (a) VALUES (1);
CREATE FUNCTION f(x t) RETURN NUMBER IS BEGIN RETURN x.id; END;
/
CREATE TYPE el AS OBJECT (a NUMBER, MEMBER FUNCTION m RETURN NUMBER) NOT FINAL;
/
CREATE TYPE el_arr AS TABLE OF el;
/
CREATE TYPE lst UNDER el (data el_arr);
/
CREATE TYPE BODY el AS MEMBER FUNCTION m RETURN NUMBER IS BEGIN RETURN a; END; END;
/
CREATE TYPE holder AS OBJECT (x NUMBER, e el);
/
CREATE TYPE plain AS OBJECT (x NUMBER);
/`
	files := []*source.File{source.NewFile("types.sql", script)}
	opt := Options{From: dialect.Oracle, To: dialect.Postgres, ToVersion: 15}
	for name, f := range map[string]func([]*source.File, Options) (*Conversion, error){"translate": Translate, "convert": Convert} {
		c, err := f(files, opt)
		if err != nil {
			t.Fatal(err)
		}
		for _, u := range c.Units {
			if u.Status == diag.Refused {
				t.Errorf("%s: refused: %s: %v", name, u.Text, u.Findings)
			}
		}
		ctx := context.Background()
		conn, err := pgx.Connect(ctx, enginetest.FreshPostgres(t, 15, "circle"))
		if err != nil {
			t.Fatal(err)
		}
		load := func(sql string) {
			if _, err := conn.Exec(ctx, sql, pgx.QueryExecModeSimpleProtocol); err != nil {
				t.Errorf("%s: %v\n%s", name, err, sql)
			}
		}
		for _, f := range c.Files() {
			if !f.Load {
				continue
			}
			for _, sql := range postgres.Split(f.Text) {
				load(sql)
			}
		}
		if err := conn.Close(ctx); err != nil {
			t.Error(err)
		}
	}
}
