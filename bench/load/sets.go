package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"

	"godwit/bench/sakila"
)

// set is a source database to move.
type set struct {
	name string
	own  bool // measured for godwit and the target alone
	fill func(ctx context.Context, b *bench, db string) error
	hard map[string]string // how the pipe of clients selects columns that their text form does not carry
}

// database is the source's name; the target's schema has the same.
func (s set) database() string { return "godwit_load_" + s.name }

var sets = map[string]set{
	"employees": {name: "employees", fill: fillEmployees},
	"wide": {name: "wide", fill: fillWide, hard: map[string]string{
		"bits": "LPAD(BIN(bits), 8, '0')", "digest": `CONCAT('\\x', HEX(digest))`, "data": `CONCAT('\\x', HEX(data))`}},
	"small": {name: "small", own: true, fill: fillSmall},
	"one":   {name: "one", own: true, fill: fillOne},
	"big":   {name: "big", own: true, fill: fillBig},
}

// script runs statements in the source database.
func (b *bench) script(ctx context.Context, db string, text io.Reader) error {
	const session = "SET SESSION sql_log_bin=0, unique_checks=0, foreign_key_checks=0, sql_mode='', autocommit=0;\n"
	return sakila.RunScript(ctx, strings.TrimSuffix(b.source, "/")+"/"+db,
		io.MultiReader(strings.NewReader(session), text, strings.NewReader("\nCOMMIT;\n")))
}

func fillEmployees(ctx context.Context, b *bench, db string) error {
	dir := filepath.Join(b.dir, "dumps")
	if out, err := exec.CommandContext(ctx, b.generator, "--employees", fmt.Sprint(b.employees), dir).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", b.generator, err, out)
	}
	defer os.RemoveAll(dir)
	text, err := os.ReadFile(b.definitions)
	if err != nil {
		return fmt.Errorf("read the definitions: %w", err)
	}
	_, rest, ok1 := strings.Cut(string(text), "CREATE TABLE employees")
	tables, _, ok2 := strings.Cut(rest, "CREATE OR REPLACE VIEW")
	if !ok1 || !ok2 {
		return fmt.Errorf("%s is not as expected", b.definitions)
	}
	// Without its foreign keys a target cannot do what those with actions do, so godwit would refuse to load it.
	tables = strings.ReplaceAll(tables, "ON DELETE CASCADE", "")
	if err := b.script(ctx, db, strings.NewReader("CREATE TABLE employees"+tables)); err != nil {
		return err
	}
	dumps, err := filepath.Glob(filepath.Join(dir, "*.dump"))
	if err != nil {
		return err
	}
	sort.Strings(dumps)
	for _, name := range dumps {
		f, err := os.Open(name)
		if err != nil {
			return fmt.Errorf("read the rows: %w", err)
		}
		err = b.script(ctx, db, f)
		f.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// wideTable has a column of nearly every type, a third of them often empty.
const wideTable = `CREATE TABLE wide (
	id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, tiny TINYINT, small SMALLINT UNSIGNED, medium MEDIUMINT, n INT NOT NULL, big BIGINT,
	flag TINYINT(1) NOT NULL, price DECIMAL(12,2) NOT NULL, rate DECIMAL(20,8), f FLOAT, d DOUBLE, born DATE, made DATETIME NOT NULL, made6 DATETIME(6),
	stamp TIMESTAMP NULL, at TIME, y YEAR, code CHAR(8) NOT NULL, name VARCHAR(60) NOT NULL, email VARCHAR(120), city VARCHAR(40), note TEXT,
	body MEDIUMTEXT, latin VARCHAR(40) CHARACTER SET latin1, doc JSON, digest BINARY(16), data BLOB, state ENUM('new','paid','sent','closed') NOT NULL,
	bits BIT(8), none1 INT, none2 VARCHAR(20), none3 DATETIME, KEY (state, made), KEY (email), KEY (n)
) DEFAULT CHARSET utf8mb4`

func fillWide(ctx context.Context, b *bench, db string) error {
	if err := b.script(ctx, db, strings.NewReader(wideTable+";")); err != nil {
		return err
	}
	// The values depend on the row's number alone.
	rows := `INSERT INTO wide SELECT seq, CAST(seq AS SIGNED) MOD 250 - 125, seq MOD 65000, CAST(seq AS SIGNED) MOD 1000000 - 500000, seq * 7919 MOD 1000000007, IF(seq MOD 3, seq * 1000003, NULL), seq MOD 2,
		seq MOD 9999999 / 100, IF(seq MOD 4, seq / 7, NULL), seq / 3, IF(seq MOD 5, seq / 11, NULL), IF(seq MOD 6, '1960-01-01' + INTERVAL seq MOD 20000 DAY, NULL),
		'2001-01-01' + INTERVAL seq SECOND, IF(seq MOD 3, '2011-01-01' + INTERVAL seq * 1237 MICROSECOND, NULL), '2015-05-05 05:05:05' + INTERVAL seq SECOND,
		SEC_TO_TIME(seq MOD 80000), 1980 + seq MOD 100, LPAD(seq MOD 99999999, 8, 'A'), CONCAT('Naïve name of ', seq), CONCAT('user', seq, '@example.org'),
		ELT(1 + seq MOD 5, 'Łódź', 'Paris', 'São Paulo', '東京', 'Reno'), IF(seq MOD 4, REPEAT('a note with words and	tabs ', seq MOD 6), NULL),
		IF(seq MOD 8, NULL, REPEAT('Longer text.\nOf lines. ', 20)), IF(seq MOD 3, 'Déjà vu', NULL), CONCAT('{"id": ', seq, ', "tags": ["a", "b"], "of": {"x": ', seq MOD 10, '}}'),
		UNHEX(MD5(seq)), IF(seq MOD 4, NULL, UNHEX(REPEAT(MD5(seq), 4))), ELT(1 + seq MOD 4, 'new', 'paid', 'sent', 'closed'), seq MOD 256,
		IF(seq MOD 50, NULL, seq), IF(seq MOD 40, NULL, 'seldom'), NULL FROM seq_%d_to_%d;COMMIT;`
	const step = 50_000
	var text bytes.Buffer
	for from := 1; from <= b.wide; from += step {
		fmt.Fprintf(&text, rows, from, min(from+step-1, b.wide))
	}
	return b.script(ctx, db, &text)
}

const (
	smallColumns = "(id INT NOT NULL PRIMARY KEY, n INT NOT NULL, name VARCHAR(40) NOT NULL, made DATETIME NOT NULL, price DECIMAL(10,2))"
	smallRows    = "SELECT seq, seq * 7, CONCAT('row ', seq), '2020-01-01' + INTERVAL seq SECOND, seq / 8 FROM seq_1_to_%d;\n"
	rowsPerSmall = 100
)

// fillSmall makes many small tables.
func fillSmall(ctx context.Context, b *bench, db string) error {
	var text bytes.Buffer
	for i := range b.small {
		fmt.Fprintf(&text, "CREATE TABLE small%04d %s; INSERT INTO small%04d "+smallRows, i, smallColumns, i, rowsPerSmall)
	}
	return b.script(ctx, db, &text)
}

// fillOne makes one table with the rows of all small ones.
func fillOne(ctx context.Context, b *bench, db string) error {
	return b.script(ctx, db, strings.NewReader(fmt.Sprintf("CREATE TABLE one %s; INSERT INTO one "+smallRows, smallColumns, b.small*rowsPerSmall)))
}

// fillBig makes a table of one very large value among small ones.
func fillBig(ctx context.Context, b *bench, db string) error {
	return b.script(ctx, db, strings.NewReader(fmt.Sprintf(`CREATE TABLE big (id INT NOT NULL PRIMARY KEY, data LONGBLOB, text LONGTEXT);
		INSERT INTO big SELECT seq, REPEAT('b', 1000), 't' FROM seq_1_to_1000; INSERT INTO big VALUES (5000, REPEAT('x', %d), NULL), (5001, NULL, REPEAT('y', %d));`, b.big, b.big)))
}
