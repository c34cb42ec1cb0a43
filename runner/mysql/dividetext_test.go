package mysql_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"godwit/ir/catalog"
	"godwit/ir/types"
	"godwit/runner/change"
	"godwit/runner/endpoint"
	"godwit/runner/enginetest"
	"godwit/runner/mysql"
	"godwit/runner/sourcetest"
)

// TestTextKeys: chunks of keys that begin with text or bytes hold every row once and are about as large as wanted, in whatever order
// the collation puts the values.
func TestTextKeys(t *testing.T) {
	for name, open := range map[string]func(testing.TB, string) (string, *sql.DB){"mariadb": enginetest.FreshMariaDB, "mysql80": enginetest.FreshMySQL80} {
		t.Run(name, func(t *testing.T) { textKeys(t, open) })
	}
}

const textKeyRows = 20000

// textKey is the i-th key of each kind.
var textKeyKinds = []struct {
	name, column string
	typ          types.Type
	value        func(i int, h string) string
	divided      bool // not walked through
}{
	{"hex ci", "VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci", types.Text{N: 40, Charset: "utf8mb4"}, func(_ int, h string) string { return "'" + h[:32] + "'" }, false},
	{"upper and lower bin", "VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin", types.Text{N: 40, Charset: "ascii"}, func(i int, h string) string {
		if i%2 == 0 {
			h = strings.ToUpper(h)
		}
		return "'" + h[:32] + "'"
	}, false},
	{"common beginning", "VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci", types.Text{N: 40, Charset: "utf8mb4"}, func(i int, _ string) string { return fmt.Sprintf("'Customer-%08d'", i) }, false},
	{"skewed", "CHAR(30) CHARACTER SET latin1 COLLATE latin1_swedish_ci", types.Text{N: 30, Charset: "latin1", Fixed: true}, func(i int, h string) string {
		if i%10 == 0 {
			return "'" + h[:10] + "'"
		}
		return fmt.Sprintf("'order_%s'", h[:12])
	}, false},
	{"letters beyond", "VARCHAR(40) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci", types.Text{N: 40, Charset: "utf8mb4"}, func(i int, h string) string {
		return "'" + []string{"", "é", "Ä", "ß", "z", "日"}[i%6] + h[:16] + "'"
	}, false},
	{"ucs2", "VARCHAR(40) CHARACTER SET ucs2 COLLATE ucs2_general_ci", types.Text{N: 40, Charset: "ucs2"}, wideKey, true},
	{"utf16", "VARCHAR(40) CHARACTER SET utf16 COLLATE utf16_unicode_ci", types.Text{N: 40, Charset: "utf16"}, wideKey, true},
	{"utf16le", "VARCHAR(40) CHARACTER SET utf16le COLLATE utf16le_bin", types.Text{N: 40, Charset: "utf16le"}, wideKey, true},
	{"utf32", "CHAR(40) CHARACTER SET utf32 COLLATE utf32_general_ci", types.Text{N: 40, Charset: "utf32", Fixed: true}, wideKey, true},
	{"sjis", "VARCHAR(40) CHARACTER SET sjis COLLATE sjis_japanese_ci", types.Text{N: 40, Charset: "sjis"}, wideKey, true},
	{"gbk", "VARCHAR(40) CHARACTER SET gbk COLLATE gbk_chinese_ci", types.Text{N: 40, Charset: "gbk"}, wideKey, true},
	{"bytes", "BINARY(16)", types.Binary{N: 16, Fixed: true}, func(_ int, h string) string { return "X'" + h[:32] + "'" }, false},
}

// wideKey is a key of which one in a hundred begins with a character beyond ASCII.
func wideKey(i int, h string) string {
	if i%100 == 0 {
		return "'日" + h[:16] + "'"
	}
	return "'" + h[:20] + "'"
}

func textKeys(t *testing.T, open func(testing.TB, string) (string, *sql.DB)) {
	url, db := open(t, "textkeys")
	ep, err := endpoint.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	exec := func(q string) {
		t.Helper()
		if _, err := db.Exec(q); err != nil {
			t.Fatalf("%.200s: %v", q, err)
		}
	}
	exec("SET NAMES utf8mb4")
	var tables []*change.Table
	for n, k := range textKeyKinds {
		name := fmt.Sprintf("k%d", n)
		exec("CREATE TABLE " + name + " (k " + k.column + " PRIMARY KEY, v INT, pad CHAR(60))")
		var rows []string
		for i := range textKeyRows {
			sum := sha256.Sum256([]byte(fmt.Sprint(i)))
			rows = append(rows, fmt.Sprintf("(%s,%d,'')", k.value(i, fmt.Sprintf("%x", sum)), i))
			if len(rows) == 4000 {
				exec("INSERT INTO " + name + " VALUES " + strings.Join(rows, ","))
				rows = nil
			}
		}
		exec("ANALYZE TABLE " + name)
		tables = append(tables, sourcetest.Table(t, ep.Database, name, []string{"k"}, sourcetest.Column("k", k.typ), &catalog.Column{Name: "v", Target: "v", Type: types.Int{Bits: 32}, Nullable: true},
			&catalog.Column{Name: "pad", Target: "pad", Type: types.Text{N: 60, Charset: "utf8mb4", Fixed: true}, Nullable: true}))
	}
	ctx := context.Background()
	src, err := mysql.Open(ctx, ep, mysql.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	sn, err := src.Snapshot(ctx, tables, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer sn.Close()
	for n, ct := range tables {
		const want = 500
		began := time.Now()
		chunks, err := sn.Plan(ctx, 0, ct, want)
		if err != nil {
			t.Fatal(err)
		}
		took := time.Since(began)
		seen := make([]int, textKeyRows)
		most := 0
		for _, c := range chunks {
			rows := 0
			for b, err := range sn.Read(ctx, 0, c) {
				if err != nil {
					t.Fatal(err)
				}
				for i := range b.Rows() {
					rows++
					id := 0
					if _, err := fmt.Sscan(string(b.Row(i)[1]), &id); err != nil {
						t.Fatal(err)
					}
					seen[id]++
				}
			}
			most = max(most, rows)
		}
		for i, times := range seen {
			if times != 1 {
				t.Fatalf("%s: row %d was read %d times", textKeyKinds[n].name, i, times)
			}
		}
		t.Logf("%s: %d chunks of %d rows at most, planned in %s", textKeyKinds[n].name, len(chunks), most, took)
		if most == want && textKeyKinds[n].divided {
			t.Errorf("%s: the chunks are those of a walk through the keys", textKeyKinds[n].name)
		}
		if len(chunks) < textKeyRows/want/3 || most > 4*want {
			t.Errorf("%s: %d chunks of %d rows at most", textKeyKinds[n].name, len(chunks), most)
		}
	}
}
