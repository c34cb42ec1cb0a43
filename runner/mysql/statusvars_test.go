package mysql

import (
	"fmt"
	"strings"
	"testing"

	"godwit/ir/catalog"
	"godwit/runner/change"
)

func TestStatusVars(t *testing.T) {
	b := []byte{varFlags2, 0, 0, 0, 0, varMode, 0x04, 0, 0x30, 0, 0, 0, 0, 0, varCatalog, 3, 's', 't', 'd', varCharset, 45, 0, 8, 0, 8, 0, 99, 1}
	s := readVars(b)
	if got := s.sqlMode(); got != "ANSI_QUOTES,NO_BACKSLASH_ESCAPES,STRICT_TRANS_TABLES" || s.client != 45 {
		t.Errorf("sql_mode %q, client %d", got, s.client)
	}
	for n := range b { // cut anywhere
		readVars(b[:n])
	}
	if !s.readable([]byte("é")) {
		t.Error("utf8mb4 is not readable")
	}
	latin := readVars([]byte{varCharset, 8, 0, 8, 0, 8, 0})
	if latin.readable([]byte("\xe9")) || !latin.readable([]byte("e")) {
		t.Error("latin1 is told wrongly")
	}
}

func TestClassifySchemaChanges(t *testing.T) {
	for sql, want := range map[string]verdict{
		"CREATE TABLE a (x int)":                            verdictCreate,
		"create /* c */ table if not exists `a` (x int)":    verdictCreateIf,
		"CREATE OR REPLACE TABLE a (x int)":                 verdictCreate,
		"CREATE TEMPORARY TABLE a (x int)":                  verdictTemporary,
		"RENAME TABLE a TO b":                               verdictRename,
		"ALTER TABLE a RENAME TO b":                         verdictRename,
		"/*!40000 ALTER TABLE a DISABLE KEYS */":            verdictDDL,
		"CREATE UNIQUE INDEX i ON a (x)":                    verdictDDL,
		"CREATE VIEW v AS SELECT 1":                         verdictIgnore,
		"ANALYZE TABLE a":                                   verdictIgnore,
		"DROP TABLE IF EXISTS a, b":                         verdictDrop,
		"ALTER TABLE a TRUNCATE PARTITION p":                verdictDDL,
		"TRUNCATE a":                                        verdictTruncate,
		"CREATE TABLE a (x int) START TRANSACTION":          verdictCreate,
		"ALTER ONLINE IGNORE TABLE IF EXISTS s.a ADD b int": verdictDDL,
	} {
		if v, names, _ := classify(sql, ranUnder{}); v != want || v >= verdictTruncate && v < verdictRows && len(names) == 0 {
			t.Errorf("%s: verdict %d, names %v; want %d", sql, v, names, want)
		}
	}
}

// What a statement does with rows of other tables than its own is found wherever it stands in an ALTER TABLE.
func TestClassifyRenamings(t *testing.T) {
	for sql, want := range map[string]string{
		"RENAME TABLE a TO tmp, b TO a, s.tmp WAIT 5 TO b":                       "a>tmp b>a s.tmp>b",
		"ALTER TABLE a RENAME b":                                                 "a>b",
		"ALTER TABLE `a b` ADD x INT COMMENT 'RENAME TO c, ', RENAME = s.`c``d`": "a b>s.c`d",
		`ALTER TABLE a COMMENT "it's \" RENAME TO c", RENAME AS b`:               "a>b",
		"ALTER TABLE a RENAME COLUMN b TO c, RENAME INDEX i TO j":                "",
		"ALTER TABLE a ADD CHECK (s <> ' RENAME TO b'), ADD COLUMN exchange int": "",
		"ALTER TABLE a EXCHANGE PARTITION p WITH TABLE b WITHOUT VALIDATION":     "a> b>a >b",
		"ALTER TABLE a CONVERT PARTITION p TO TABLE b":                           "a>b",
		"ALTER TABLE a CONVERT TABLE b TO PARTITION p VALUES LESS THAN (5)":      "b>a",
		"ALTER TABLE a CONVERT TO CHARACTER SET utf8mb4":                         "",
	} {
		var got []string
		_, _, list := classify(sql, ranUnder{})
		for _, r := range list {
			from, to := r.from.name, r.to.name
			if r.from.schema != "" {
				from = r.from.schema + "." + from
			}
			if r.to.schema != "" {
				to = r.to.schema + "." + to
			}
			got = append(got, from+">"+to)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %q, want %q", sql, got, want)
		}
	}
}

// Rows are followed through several renamings to the table that they were in; names are one table's only where the server
// takes them for one.
func TestOrigins(t *testing.T) {
	f := &follower{tables: map[string]map[string]*table{"s": {}}}
	for _, n := range []string{"a", "A"} {
		f.tables["s"][n] = &table{t: &change.Table{Catalog: &catalog.Table{Schema: "s", Name: n}}}
	}
	for sql, want := range map[string]string{
		"RENAME TABLE a TO tmp, b TO a, tmp TO b":         "[{s.a s.b} {s.b s.a}]",
		"RENAME TABLE a TO b, b TO c":                     "[{s.c s.a}]",
		"ALTER TABLE a EXCHANGE PARTITION p WITH TABLE b": "[{s.a s.b} {s.b s.a}]",
	} {
		_, _, list := classify(sql, ranUnder{})
		if got := fmt.Sprint(f.origins(list, "s")); got != want {
			t.Errorf("%s: %s, want %s", sql, got, want)
		}
	}
	for range 20 { // maps have no order
		if f.table(change.Name{Schema: "s", Table: "a"}).Catalog.Name != "a" || f.table(change.Name{Schema: "S", Table: "a"}) != nil {
			t.Fatal("names that differ by case are taken for one")
		}
	}
	f.folds = true
	if f.table(change.Name{Schema: "S", Table: "A"}).Catalog.Name != "A" {
		t.Error("names that differ by case are taken for two")
	}
}
