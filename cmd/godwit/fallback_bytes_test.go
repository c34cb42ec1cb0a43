package main

import (
	"slices"
	"strings"
	"testing"
)

// TestFallbackRefusedBytes: bytes and geometries that the old source cannot hold are set aside like other values. They have no form
// that could be told from a good value, so it is the old source itself that refuses them.
func TestFallbackRefusedBytes(t *testing.T) {
	eachWay(t, func(t *testing.T, version int, fresh freshSource) {
		w := newErrandOf(t, version, fresh, []string{
			"CREATE TABLE place (id INT PRIMARY KEY, g GEOMETRY, p POINT, q POLYGON, b BINARY(4), vb VARBINARY(4), tb TINYBLOB, note VARCHAR(20))",
			"CREATE TABLE spot (p POINT NOT NULL, note VARCHAR(20), SPATIAL KEY (p))",
			"INSERT INTO place VALUES (1, ST_GeomFromText('POINT(1 2)'), ST_GeomFromText('POINT(1 2)'), ST_GeomFromText('POLYGON((0 0, 1 0, 1 1, 0 0))'), 'a', 'b', 'c', 'd')",
			"INSERT INTO spot VALUES (ST_GeomFromText('POINT(1 2)'), 'x')",
		})
		w.policy("except")
		// An administrator may widen a column on the target that the old source still has as it was.
		w.target("DO $$ DECLARE n text; BEGIN FOR n IN SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = 'place'::regclass LOOP EXECUTE format('ALTER TABLE place DROP CONSTRAINT %I', n); END LOOP; END $$")
		for i, bad := range []string{
			`g) VALUES (%, '\x')`, `g) VALUES (%, '\x00')`, `g) VALUES (%, '\x0000000001')`, `g) VALUES (%, '\x0000000001010000000000000000')`, `g) VALUES (%, '\x00000000ffffffffffffffff')`,
			`g) SELECT %, g || '\x00' FROM place WHERE id = 1`, `p) VALUES (%, '\x0000000001630000000000000000000000')`, `p) SELECT %, q FROM place WHERE id = 1`, `q) SELECT %, p FROM place WHERE id = 1`,
			`g) SELECT %, '\x3f3f3f3f' || substr(g, 5) FROM place WHERE id = 1`, `g) SELECT %, '\xe6100000' || substr(g, 5, 5) || '\x0000000000408f400000000000408f40' FROM place WHERE id = 1`,
			`b) VALUES (%, '\x0102030405')`, `vb) VALUES (%, '\x0102030405')`, `tb) VALUES (%, decode(repeat('00', 256), 'hex'))`,
		} {
			w.target("INSERT INTO place (id, " + strings.Replace(bad, "%", "100 + "+strings.Repeat("1 + ", i)+"0", 1))
		}
		w.target(`INSERT INTO spot VALUES ('\x0102', 'bad')`, `INSERT INTO spot SELECT p, 'good' FROM spot WHERE note = 'x'`, "INSERT INTO place (id, note, g, vb) SELECT 99, 'last', g, vb FROM place WHERE id = 1")
		w.godwit(0, "fallback", "run", w.path, "--until-caught-up")
		refused := []string{"100", "101", "102", "103", "104", "105", "106", "107", "108", "111", "112", "113", "spot"}
		kept := []string{"1", "99", "109", "110"}
		if version == 15 { // MariaDB takes bytes behind a geometry; verify says so
			refused, kept = slices.Delete(refused, 5, 6), slices.Insert(kept, 2, "105")
		}
		if got := w.lines("SELECT CASE WHEN row_key = '' THEN 'spot' ELSE SUBSTRING(row_key, 5, 3) END FROM `" + w.schema + "_g`.exceptions ORDER BY id"); got != strings.Join(refused, "\n") {
			t.Errorf("set aside:\n%s\nwant\n%s", got, refused)
		}
		if got := w.lines("SELECT id FROM place ORDER BY id"); got != strings.Join(kept, "\n") {
			t.Errorf("the source has\n%s\nwant\n%s", got, kept)
		}
		if got := w.lines("SELECT note FROM spot ORDER BY note"); got != "good\nx" {
			t.Errorf("the source has the spots %q", got)
		}
		// What was taken is there byte for byte.
		same := w.lines("SELECT CONCAT_WS(' ', id, HEX(g), HEX(vb)) FROM place WHERE id IN (99, 109) ORDER BY id")
		if same != "99 000000000101000000000000000000F03F0000000000000040 62\n109 3F3F3F3F0101000000000000000000F03F0000000000000040" {
			t.Errorf("the source has\n%s", same)
		}
	})
}
