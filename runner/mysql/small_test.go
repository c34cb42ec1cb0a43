package mysql

import (
	"context"
	"fmt"
	"testing"

	"godwit/ir/catalog"
	"godwit/ir/types"
	"godwit/runner/change"
	"godwit/runner/endpoint"
	"godwit/runner/enginetest"
)

// What the server guesses may be old: a table is small only if it has been looked at.
func TestSmallTablesAreCounted(t *testing.T) {
	url, db := enginetest.FreshMariaDB(t, "small")
	ep, err := endpoint.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	rows := map[string]int{"none": 0, "few": 7, "exact": 20, "above": 21, "many": 500}
	var tables []*change.Table
	for name, n := range rows {
		if _, err := db.Exec("CREATE TABLE " + name + " (id int primary key)"); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(fmt.Sprintf("INSERT INTO %s SELECT seq FROM seq_1_to_500 WHERE seq <= %d", name, n)); err != nil {
			t.Fatal(err)
		}
		c := &catalog.Table{Schema: ep.Database, Name: name, Target: name, Columns: []*catalog.Column{{Name: "id", Target: "id", Type: types.Int{Bits: 32}}}}
		ct, err := change.NewTable(c)
		if err != nil {
			t.Fatal(err)
		}
		tables = append(tables, ct)
	}
	src, err := Open(ctx, ep, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	sn, err := src.Snapshot(ctx, tables, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer sn.Close()
	for _, old := range []int64{-1, 0, 20, 1000} { // -1: as the server guesses
		if old >= 0 {
			for k := range sn.sizes {
				sn.sizes[k] = size{rows: old}
			}
		}
		_, small, err := sn.Sizes(ctx, 0, tables, 20)
		if err != nil {
			t.Fatal(err)
		}
		for _, ct := range tables {
			n := rows[ct.Catalog.Name]
			if small[ct] && n > 20 || !small[ct] && n <= 20 && old >= 0 && old <= 20 {
				t.Errorf("guess %d: a table of %d rows: small is %v", old, n, small[ct])
			}
		}
	}
}
