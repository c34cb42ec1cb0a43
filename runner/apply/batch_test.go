package apply

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

// crowd are many tables, of which some cannot be made beside the others: each fourth is made like the first, which may be in
// another batch.
func crowd(n int) [][2]string {
	files := [][2]string{{"shop/schema/shop.sql", "CREATE SCHEMA shop;\n"}}
	for i := range n {
		text := fmt.Sprintf("-- table %d\nCREATE TABLE shop.t%03d (id int PRIMARY KEY); -- no line behind it", i, i)
		if i%4 == 3 {
			text = fmt.Sprintf("CREATE TABLE shop.t%03d (LIKE shop.t000 INCLUDING ALL);\nCOMMENT ON TABLE shop.t%03d IS 'x;y';", i, i)
		}
		files = append(files, [2]string{fmt.Sprintf("shop/table/t%03d.sql", i), text})
	}
	return files
}

// TestBatches applies files many at a time: an error names its file and line, the files before it stay, those that need
// another file are applied behind it, and the next run goes on.
func TestBatches(t *testing.T) {
	dir, p := t.TempDir(), pool(t)
	const n, wrong = 3*batchFiles + 5, batchFiles + 7
	files := crowd(n)
	good := files[1+wrong]
	files[1+wrong] = [2]string{good[0], "CREATE TABLE shop.ok ();\n\nCREATE TABLE shop.bad (x nosuch);\n"}
	write(t, dir, files...)
	for _, o := range []Options{{Stages: []Stage{Pre}, Parallel: 3}, {}} {
		_, err := Run(context.Background(), p, open(t, dir), o)
		var e *Error
		if !errors.As(err, &e) || e.Path != good[0] || e.Line != 3 || e.SQL.Code != "42704" {
			t.Fatalf("%+v: %v", o, err)
		}
		var half bool
		if err := p.QueryRow(context.Background(), "SELECT to_regclass('shop.ok') IS NOT NULL").Scan(&half); err != nil || half {
			t.Errorf("half a file stayed: %v, %v", half, err)
		}
	}
	files[1+wrong] = good
	write(t, dir, files...)
	r, err := Run(context.Background(), p, open(t, dir), Options{Stages: []Stage{Pre}, Parallel: 3})
	if err != nil || r.Applied+r.Already != n+1 || r.Already < wrong {
		t.Fatalf("%+v, %v", r, err)
	}
	for i, e := range r.Events {
		if e.Path != files[i][0] {
			t.Fatalf("event %d is of %s, want %s", i, e.Path, files[i][0])
		}
	}
	var tables, noted int
	if err := p.QueryRow(context.Background(), "SELECT (SELECT count(*) FROM pg_tables WHERE schemaname = 'shop'), (SELECT count(*) FROM godwit.applied)").Scan(&tables, &noted); err != nil || tables != n || noted != n+1 {
		t.Errorf("%d tables and %d entries, want %d and %d: %v", tables, noted, n, n+1, err)
	}
}
