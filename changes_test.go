package godwit

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/runner/enginetest"
	"godwit/runner/enginetest/rows"
)

// The tests of this file run scripts of INSERT, REPLACE, UPDATE and DELETE on the source and their conversion on PostgreSQL 15 and
// 18, and compare after each statement the rows that it returned, whether it failed, and the rows of all tables.
//
// A script of testdata/changes is an archive: a head (engine: mariadb or mysql80, assume: settings), setup.sql, and one or more
// parts (any other *.sql), each of which starts anew from setup.sql. The comment "-- refused" or "-- refused CODE" in front of a
// statement tells that it is refused by name; neither server runs it then. "-- differs CODE" tells that the target fails where
// the source goes on, which a finding of that code names; the script ends there for that part.

type changeScript struct {
	name     string
	engine   string
	settings dialect.Settings
	setup    string
	parts    []txtar.File
}

func readChanges(t *testing.T, path string) changeScript {
	t.Helper()
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	s := changeScript{name: strings.TrimSuffix(filepath.Base(path), ".txtar"), engine: "mariadb", settings: dialect.Settings{}}
	for _, l := range strings.Split(string(a.Comment), "\n") {
		k, v, ok := strings.Cut(l, ":")
		if !ok || strings.HasPrefix(l, "#") {
			continue
		}
		switch v = strings.TrimSpace(v); k {
		case "engine":
			s.engine = v
		case "assume":
			n, val, err := dialect.ParseSetting(v)
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			s.settings[n] = val
		}
	}
	for _, f := range a.Files {
		if f.Name == "setup.sql" {
			s.setup = string(f.Data)
		} else {
			s.parts = append(s.parts, f)
		}
	}
	if s.setup == "" || len(s.parts) == 0 {
		t.Fatalf("%s: no setup.sql or no parts", path)
	}
	return s
}

func (s changeScript) dialect() dialect.Name {
	if s.engine == "mysql80" {
		return dialect.MySQL
	}
	return dialect.MariaDB
}

func TestChangesLeaveTheSameRows(t *testing.T) {
	paths, err := filepath.Glob("testdata/changes/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no scripts: %v", err)
	}
	for _, path := range paths {
		s := readChanges(t, path)
		t.Run(s.name, func(t *testing.T) {
			for _, p := range s.parts {
				t.Run(strings.TrimSuffix(p.Name, ".sql"), func(t *testing.T) {
					want := s.onSource(t, string(p.Data))
					for _, v := range []int{15, 18} {
						s.onTarget(t, v, string(p.Data), want)
					}
				})
			}
		})
	}
}

// changeStep is what the source did with one statement, and the rows of all tables behind it.
type changeStep struct {
	mark   string // "", "refused", "differs"
	code   string
	text   string
	result []rows.Block
	tables map[string][][]string
}

func (s changeScript) convert(t *testing.T, version int, part string) []*Unit {
	t.Helper()
	c, err := Translate([]*source.File{source.NewFile("setup.sql", s.setup), source.NewFile("part.sql", part)},
		Options{From: s.dialect(), To: dialect.Postgres, ToVersion: version, Settings: s.settings})
	if err != nil {
		t.Fatal(err)
	}
	return c.Units
}

// markOf reads the mark in front of a statement.
func markOf(u *Unit) (mark, code string) {
	text := u.Source.File.Text[:u.Source.Start]
	if i := strings.LastIndex(text, ";"); i >= 0 {
		text = text[i+1:]
	}
	text += u.Text
	for _, l := range strings.Split(text, "\n") {
		f := strings.Fields(l)
		if len(f) >= 2 && f[0] == "--" && (f[1] == "refused" || f[1] == "differs") {
			if len(f) > 2 {
				code = f[2]
			}
			return f[1], code
		}
	}
	return "", ""
}

func (s changeScript) onSource(t *testing.T, part string) []changeStep {
	t.Helper()
	var db *sql.DB
	if s.engine == "mysql80" {
		_, db = enginetest.FreshMySQL80(t, "changes")
	} else {
		_, db = enginetest.FreshMariaDB(t, "changes")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	conn, err := db.Conn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	mode := "STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION"
	if m, ok := s.settings["sql-mode"]; ok {
		mode = m
	}
	for _, q := range []string{"SET time_zone = '+00:00'", "SET NAMES utf8mb4", "SET sql_mode = '" + mode + "'"} {
		if _, err := conn.ExecContext(ctx, q); err != nil {
			t.Fatal(err)
		}
	}
	var out []changeStep
	for _, u := range s.convert(t, 15, part) {
		st := changeStep{text: u.Text}
		if st.mark, st.code = markOf(u); st.mark != "refused" {
			if st.result, err = rows.MySQL(ctx, conn, u.Text); err != nil {
				t.Fatalf("%s: %v", u.Text, err)
			}
		}
		if u.Source.File.Name == "setup.sql" && len(st.result) > 0 && st.result[0].Failed {
			t.Fatalf("%s fails on the source", u.Text)
		}
		st.tables = sourceTables(t, ctx, conn)
		out = append(out, st)
	}
	return out
}

func (s changeScript) onTarget(t *testing.T, version int, part string, want []changeStep) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	pg := rows.Connect(t, ctx, enginetest.FreshPostgres(t, version, "changes"))
	defer pg.Close(ctx)
	c, err := Translate([]*source.File{source.NewFile("setup.sql", s.setup), source.NewFile("part.sql", part)},
		Options{From: s.dialect(), To: dialect.Postgres, ToVersion: version, Settings: s.settings})
	if err != nil {
		t.Fatal(err)
	}
	for i, tr := range c.Translated() {
		if i >= len(want) {
			t.Fatalf("PostgreSQL %d: more statements than on the source", version)
		}
		u, w := c.Units[i], want[i]
		if u.Status == diag.Refused || w.mark == "refused" {
			if msg := refusal(u, w); msg != "" {
				t.Errorf("PostgreSQL %d: %s\n  %s", version, u.Text, msg)
				return
			}
			continue
		}
		var list []rows.Statement
		var text []string
		for _, x := range tr.Target {
			list = append(list, rows.Statement{SQL: x.SQL, Rows: x.Rows})
		}
		for _, o := range u.Outputs {
			text = append(text, o.SQL)
		}
		got := pg.Entry(ctx, list)
		if w.mark == "differs" {
			if len(got) == 0 || !got[0].Failed || !hasCode(u, w.code) {
				t.Errorf("PostgreSQL %d: %s\n  became %s\n  should fail with a finding %s", version, u.Text, strings.Join(text, "; "), w.code)
			}
			return
		}
		diff := rows.Compare(w.result, got)
		if diff == "" {
			diff = compareTables(w.tables, targetTables(t, ctx, pg, w.tables))
		}
		if diff != "" {
			t.Errorf("PostgreSQL %d: %s\n  became %s\n  %s\n  %s", version, u.Text, strings.Join(text, "; "), diff, lastOf(pg.Errors))
			return
		}
	}
}

func lastOf(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[len(list)-1]
}

func hasCode(u *Unit, code string) bool {
	for _, f := range u.Findings {
		if f.Code == code {
			return true
		}
	}
	return false
}

// refusal tells what is wrong about a statement that is refused or should be.
func refusal(u *Unit, w changeStep) string {
	switch {
	case u.Status != diag.Refused:
		return "should be refused"
	case w.mark != "refused":
		return "refused: " + fmt.Sprint(u.Findings)
	case w.code != "" && !hasCode(u, w.code):
		return "refused without " + w.code + ": " + fmt.Sprint(u.Findings)
	}
	return ""
}

// sourceTables reads all base tables, by "table(columns)".
func sourceTables(t *testing.T, ctx context.Context, c *sql.Conn) map[string][][]string {
	t.Helper()
	bs, err := rows.MySQL(ctx, c, `SELECT c.table_name, c.column_name,
 IF(c.data_type = 'bit', CONCAT('LPAD(BIN(', c.column_name, ' + 0), ', c.numeric_precision, ', 0)'), c.column_name) FROM information_schema.columns c JOIN information_schema.tables t
 ON t.table_schema = c.table_schema AND t.table_name = c.table_name
 WHERE c.table_schema = DATABASE() AND t.table_type = 'BASE TABLE' ORDER BY c.table_name, c.ordinal_position`)
	if err != nil || len(bs) != 1 {
		t.Fatalf("list columns: %v %v", err, bs)
	}
	columns, values := map[string][]string{}, map[string][]string{}
	for _, r := range bs[0].Rows {
		columns[*r[0]] = append(columns[*r[0]], *r[1])
		values[*r[0]] = append(values[*r[0]], *r[2])
	}
	out := map[string][][]string{}
	for name, cols := range columns {
		bs, err := rows.MySQL(ctx, c, "SELECT "+strings.Join(values[name], ", ")+" FROM `"+name+"`")
		if err != nil || len(bs) != 1 || bs[0].Failed {
			t.Fatalf("read %s: %v", name, err)
		}
		out[strings.ToLower(name+"("+strings.Join(cols, ", ")+")")] = texts(bs[0].Rows)
	}
	return out
}

func texts(list [][]*string) [][]string {
	out := make([][]string, 0, len(list))
	for _, r := range list {
		line := make([]string, len(r))
		for i, c := range r {
			line[i] = `\N`
			if c != nil {
				line[i] = *c
			}
		}
		out = append(out, line)
	}
	return out
}

func targetTables(t *testing.T, ctx context.Context, pg *rows.Session, like map[string][][]string) map[string][][]string {
	t.Helper()
	out := map[string][][]string{}
	for key := range like {
		name, cols, _ := strings.Cut(strings.TrimSuffix(key, ")"), "(")
		cols = `"` + strings.Join(strings.Split(cols, ", "), `", "`) + `"`
		bs := pg.Entry(ctx, []rows.Statement{{SQL: `SELECT ` + cols + ` FROM "` + name + `"`, Rows: true}})
		if len(bs) != 1 || bs[0].Failed {
			out[key] = [][]string{{"unreadable: " + lastOf(pg.Errors)}}
			continue
		}
		list := texts(bs[0].Rows)
		for _, r := range list {
			for i, c := range r {
				r[i] = utcRE.ReplaceAllString(c, "$1")
			}
		}
		out[key] = list
	}
	return out
}

// utcRE is a moment with the zone of the session, which the source does not print.
var utcRE = regexp.MustCompile(`^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?)\+00$`)

// compareTables compares rows without regard to their order.
func compareTables(want, got map[string][][]string) string {
	names := make([]string, 0, len(want))
	for n := range want {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		rest := append([][]string(nil), got[n]...)
		same := len(want[n]) == len(rest)
		for _, r := range want[n] {
			found := false
			for i, x := range rest {
				if sameCells(r, x) {
					rest = append(rest[:i], rest[i+1:]...)
					found = true
					break
				}
			}
			same = same && found
		}
		if !same {
			return fmt.Sprintf("%s: %v on the source, %v on the target", n, want[n], got[n])
		}
	}
	return ""
}
