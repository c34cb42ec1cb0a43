package godwit

import (
	"context"
	"testing"
	"time"

	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/source"
	"godwit/runner/enginetest"
	"godwit/runner/enginetest/rows"
)

// TestSpatialByPostGIS runs geometries on a server that has PostGIS; the rows that are wanted are those of MariaDB 10.11.
func TestSpatialByPostGIS(t *testing.T) {
	const text = `
CREATE TABLE geo (id INT PRIMARY KEY, p POINT NOT NULL, g GEOMETRY, SPATIAL INDEX sp (p)) ENGINE=InnoDB;
INSERT INTO geo VALUES (1, ST_GeomFromText('POINT(1 2)'), NULL), (2, POINT(4, 6), ST_GeomFromText('LINESTRING(0 0,3 4)'));
SELECT id, ST_X(p), ST_Y(p) FROM geo ORDER BY id;
SELECT ST_Distance(a.p, b.p) FROM geo a JOIN geo b ON a.id = 1 AND b.id = 2;
SELECT id, ST_AsText(p) FROM geo ORDER BY id;
SELECT ST_Length(g), ST_NumPoints(g), ST_AsText(ST_EndPoint(g)) FROM geo WHERE g IS NOT NULL;
SELECT id FROM geo WHERE ST_Within(p, ST_GeomFromText('POLYGON((0 0,0 5,5 5,5 0,0 0))'));
SELECT ST_Contains(ST_GeomFromText('POLYGON((0 0,0 5,5 5,5 0,0 0))'), p) FROM geo ORDER BY id;
SELECT ST_Buffer(p, 1) FROM geo;
SELECT ST_AsText(ST_GeomFromText('POINT(1 2)', 4326));`
	want := []string{"1|1|2\n2|4|6", "5", "1|POINT(1 2)\n2|POINT(4 6)", "5|2|POINT(3 4)", "1", "1\n0"}
	c, err := Translate([]*source.File{source.NewFile("geo.sql", text)}, Options{From: dialect.MySQL, To: dialect.Postgres, ToVersion: 15, Policy: rewrite.Policy{Spatial: "postgis"}})
	if err != nil {
		t.Fatal(err)
	}
	axis := false
	for _, f := range c.Units[len(c.Units)-1].Findings {
		axis = axis || f.Code == "TY0462" && f.Severity == diag.Warning
	}
	if !axis {
		t.Error("the axis order of reference system 4326 is not told")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	s := rows.Connect(t, ctx, enginetest.FreshPostgres(t, 15, "spatial"))
	defer s.Close(ctx)
	there := s.Entry(ctx, []rows.Statement{{SQL: "SELECT name FROM pg_available_extensions WHERE name = 'postgis'", Rows: true}})
	if len(there) != 1 || len(there[0].Rows) == 0 {
		t.Skip("the server has no PostGIS")
	}
	for i, x := range c.Translated() {
		if refused := i == 8; refused != (x.Status == diag.Refused) {
			t.Errorf("%s is %s", x.Source, x.Status)
		}
		if x.Status == diag.Refused {
			continue
		}
		var list []rows.Statement
		for _, y := range x.Target {
			list = append(list, rows.Statement{SQL: y.SQL, Rows: y.Rows})
		}
		got := s.Entry(ctx, list)
		if i < 2 || i-2 >= len(want) {
			continue
		}
		if diff := rows.Compare(rows.ParseWant(want[i-2]), got); diff != "" {
			t.Errorf("%s: %s", x.Source, diff)
		}
	}
	for _, e := range s.Errors {
		t.Error(e)
	}
}
