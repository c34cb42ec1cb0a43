package mysql

import "testing"

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
		"CREATE TEMPORARY TABLE a (x int)":                  verdictIgnore,
		"RENAME TABLE a TO b":                               verdictRename,
		"ALTER TABLE a RENAME TO b":                         verdictDDL,
		"/*!40000 ALTER TABLE a DISABLE KEYS */":            verdictDDL,
		"CREATE UNIQUE INDEX i ON a (x)":                    verdictDDL,
		"CREATE VIEW v AS SELECT 1":                         verdictIgnore,
		"ANALYZE TABLE a":                                   verdictIgnore,
		"DROP TABLE IF EXISTS a, b":                         verdictDDL,
		"ALTER TABLE a TRUNCATE PARTITION p":                verdictDDL,
		"TRUNCATE a":                                        verdictTruncate,
		"CREATE TABLE a (x int) START TRANSACTION":          verdictCreate,
		"ALTER ONLINE IGNORE TABLE IF EXISTS s.a ADD b int": verdictDDL,
	} {
		if v, names := classify(sql); v != want || v >= verdictTruncate && v < verdictRows && len(names) == 0 {
			t.Errorf("%s: verdict %d, names %v; want %d", sql, v, names, want)
		}
	}
}
