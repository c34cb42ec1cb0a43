package godwit

import (
	"strings"
	"testing"

	"godwit/ir/dialect"
	"godwit/ir/source"
)

// TestBodiesUseTheirDatabase holds that the body of a routine, trigger or event uses the database that it is stored in, and not the one that
// was in use when it was made (MySQL Reference Manual, "Stored Routine Syntax"; run on MySQL 8.0), and that events of two databases,
// or an event and a routine, do not become one procedure.
func TestBodiesUseTheirDatabase(t *testing.T) {
	f := source.NewFile("a.sql", `CREATE DATABASE a1;
USE a1;
CREATE TABLE t (id INT);
CREATE TABLE u (id INT);
CREATE PROCEDURE ev_event() DELETE FROM t WHERE id = 9;
CREATE EVENT ev ON SCHEDULE EVERY 1 DAY DO DELETE FROM t WHERE id = 1;
CREATE DATABASE a2;
USE a2;
CREATE TABLE t (id INT);
CREATE TABLE u (id INT);
CREATE EVENT ev ON SCHEDULE EVERY 1 DAY DO DELETE FROM t WHERE id = 2;
CREATE PROCEDURE a1.p() DELETE FROM t WHERE id = 3;
CREATE FUNCTION a1.f() RETURNS INT DETERMINISTIC RETURN (SELECT COUNT(*) FROM t WHERE id = 4);
CREATE TRIGGER a1.r AFTER INSERT ON a1.u FOR EACH ROW DELETE FROM t WHERE id = 5;
CREATE EVENT a1.e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t WHERE id = 6;
CREATE VIEW a1.v AS SELECT id FROM t WHERE id = 7;
CREATE TRIGGER s AFTER INSERT ON u FOR EACH ROW DELETE FROM t WHERE id = 8;
`)
	c, err := Convert([]*source.File{f}, Options{From: dialect.MySQL, To: dialect.Postgres, ToVersion: 15})
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range c.Files() {
		files[f.Path] = f.Text
	}
	for path, want := range map[string]string{
		"a1/procedure/ev_event.sql":  "FROM a1.t WHERE id = 9",
		"a1/procedure/ev_event2.sql": "FROM a1.t WHERE id = 1",
		"a2/procedure/ev_event.sql":  "FROM a2.t WHERE id = 2",
		"a1/procedure/p.sql":         "FROM a1.t WHERE id = 3",
		"a1/function/f.sql":          "FROM a1.t WHERE id = 4",
		"a1/trigger/u.r.sql":         "FROM a1.t WHERE id = 5",
		"a1/procedure/e_event.sql":   "FROM a1.t WHERE id = 6",
		"a1/view/v.sql":              "FROM a2.t WHERE id = 7", // a view is bound where it is made
		"a2/trigger/u.s.sql":         "FROM a2.t WHERE id = 8",
	} {
		if text := files[path]; strings.Count(text, "FROM a") != 1 || !strings.Contains(text, want) {
			t.Errorf("%s: want %s\n%s", path, want, text)
		}
	}
}
