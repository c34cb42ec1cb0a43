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

	"golang.org/x/tools/txtar"

	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/runner/enginetest"
	"godwit/runner/enginetest/rows"
)

// The tests of this file run whole queries on MariaDB or MySQL, and their conversion on PostgreSQL 15 and 18, and compare the rows.
// testdata/queries/*.txtar hold setup.sql, which goes to both sides, and queries.sql with one query a line. Marks before a query:
//
//	ordered:        the order of the rows counts
//	refused: CODE   no conversion, but a finding of that code
//	finding: CODE   a finding of that code, and the same rows
//	error:          both sides fail
//
// Statements on one line are separated by ";;"; the rows of all of them count. "#" begins a comment. The comment of the archive may
// hold "from: mysql" and "set: name=value".
type queryFile struct {
	setup   string
	queries []queryLine
	opt     Options
}

type queryLine struct {
	line                  int
	text                  string
	ordered, fails        bool
	refusedBy, findingsOf string
}

func readQueries(t *testing.T, path string) queryFile {
	t.Helper()
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f := queryFile{opt: Options{From: dialect.MariaDB, To: dialect.Postgres, Settings: dialect.Settings{
		"collation": "utf8mb4_general_ci", "time-zone": "+00:00", "sql-mode": "STRICT_TRANS_TABLES"}}}
	line := strings.Count(string(a.Comment), "\n")
	for _, l := range strings.Split(string(a.Comment), "\n") {
		if v, ok := strings.CutPrefix(l, "from:"); ok {
			f.opt.From = dialect.Name(strings.TrimSpace(v))
		}
		if v, ok := strings.CutPrefix(l, "set:"); ok {
			name, value, err := dialect.ParseSetting(strings.TrimSpace(v))
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			f.opt.Settings[name] = value
		}
	}
	for _, s := range a.Files {
		line++
		switch s.Name {
		case "setup.sql":
			f.setup = string(s.Data)
		case "queries.sql":
			for i, l := range strings.Split(string(s.Data), "\n") {
				if l = strings.TrimSpace(l); l != "" && !strings.HasPrefix(l, "#") {
					f.queries = append(f.queries, readQuery(line+i+1, l))
				}
			}
		}
		line += strings.Count(string(s.Data), "\n")
	}
	if f.setup == "" || len(f.queries) == 0 {
		t.Fatalf("%s: no setup.sql or no queries.sql", path)
	}
	return f
}

var queryMark = regexp.MustCompile(`^(ordered|error|refused|finding):\s*([A-Z]{2}\d{4})?\s*`)

func readQuery(line int, text string) queryLine {
	q := queryLine{line: line}
	for {
		m := queryMark.FindStringSubmatch(text)
		if m == nil {
			q.text = text
			return q
		}
		text = text[len(m[0]):]
		switch m[1] {
		case "ordered":
			q.ordered = true
		case "error":
			q.fails = true
		case "refused":
			q.refusedBy = m[2]
		case "finding":
			q.findingsOf = m[2]
		}
	}
}

func (q queryLine) statements() string { return strings.ReplaceAll(q.text, ";;", ";\n") + ";" }

func TestQueriesAnswerLikeTheSource(t *testing.T) {
	paths, err := filepath.Glob("testdata/queries/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no queries: %v", err)
	}
	for _, p := range paths {
		f := readQueries(t, p)
		t.Run(strings.TrimSuffix(filepath.Base(p), ".txtar"), func(t *testing.T) {
			answers := f.ask(t)
			for _, v := range []int{15, 18} {
				t.Run(fmt.Sprintf("postgres%d", v), func(t *testing.T) { f.compare(t, v, answers) })
			}
		})
	}
}

// ask runs the queries on the source.
func (f queryFile) ask(t *testing.T) []rows.Block {
	t.Helper()
	fresh := enginetest.FreshMariaDB
	if f.opt.From == dialect.MySQL {
		fresh = enginetest.FreshMySQL80
	}
	_, db := fresh(t, "queries")
	db.SetMaxOpenConns(1)
	opening := "SET time_zone = '+00:00';\nSET NAMES utf8mb4 COLLATE utf8mb4_general_ci;\nSET sql_mode = '" + f.opt.Settings["sql-mode"] + "';\n"
	for _, s := range splitStatements(opening + f.setup) {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	var out []rows.Block
	for _, q := range f.queries {
		var all rows.Block
		for _, s := range splitStatements(q.statements()) {
			got, err := sourceRows(db, s)
			if err != nil {
				all = rows.Block{Failed: true, State: err.Error()}
				break
			}
			all.Rows = append(all.Rows, got...)
		}
		out = append(out, all)
	}
	return out
}

func splitStatements(text string) []string {
	var out []string
	for _, s := range strings.Split(text, ";\n") {
		if s = strings.TrimSuffix(strings.TrimSpace(s), ";"); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func sourceRows(db *sql.DB, query string) ([][]*string, error) {
	rs, err := db.Query(query)
	if err != nil {
		return nil, err
	}
	defer rs.Close()
	cols, err := rs.Columns()
	if err != nil {
		return nil, err
	}
	var out [][]*string
	for rs.Next() {
		row := make([]*string, len(cols))
		ptrs := make([]any, len(cols))
		for i := range row {
			ptrs[i] = &row[i]
		}
		if err := rs.Scan(ptrs...); err != nil {
			return nil, err
		}
		out = append(out, row)
	}
	return out, rs.Err()
}

// compare runs the conversions on one version of PostgreSQL.
func (f queryFile) compare(t *testing.T, version int, answers []rows.Block) {
	ctx := context.Background()
	opt := f.opt
	opt.ToVersion = version
	setup, err := Translate([]*source.File{source.NewFile("setup.sql", f.setup)}, opt)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range messages(setup) {
		if strings.Contains(m, " "+diag.Error.String()+":") {
			t.Fatalf("setup.sql: %s", m)
		}
	}
	s := rows.Connect(t, ctx, enginetest.FreshPostgres(t, version, "queries"))
	defer s.Close(ctx)
	s.Entry(ctx, []rows.Statement{{SQL: "SET TimeZone = 'UTC'"}})
	runAll(ctx, s, setup)
	if len(s.Errors) > 0 {
		t.Fatalf("setup.sql: %s", strings.Join(s.Errors, "\n"))
	}
	opt.Catalog = []*source.File{source.NewFile("setup.sql", f.setup)}
	for i, q := range f.queries {
		s.Errors = nil
		if msg := q.judge(ctx, t, s, opt, answers[i]); msg != "" {
			t.Errorf("queries.sql, line %d: %s\n  %s", q.line, q.text, msg)
		}
	}
}

// judge tells what is wrong with the conversion of a query, "" if nothing is.
func (q queryLine) judge(ctx context.Context, t *testing.T, s *rows.Session, opt Options, want rows.Block) string {
	c, err := Translate([]*source.File{source.NewFile("query.sql", q.statements())}, opt)
	if err != nil {
		return err.Error()
	}
	text, refused := targetText(c)
	found := strings.Join(messages(c), "\n  ")
	switch {
	case q.refusedBy != "":
		if !refused || !strings.Contains(found, q.refusedBy+" "+diag.Error.String()) {
			return fmt.Sprintf("not refused by %s but became %s\n  %s", q.refusedBy, text, found)
		}
		return ""
	case refused:
		return "refused: " + found
	case q.findingsOf != "" && !strings.Contains(found, q.findingsOf):
		return fmt.Sprintf("no finding %s: %s", q.findingsOf, found)
	case q.fails != want.Failed:
		return "the source answers " + want.String()
	}
	var got rows.Block
	for _, b := range runAll(ctx, s, c) {
		if b.Failed {
			got = b
			break
		}
		got.Rows, got.Types, got.Ordered = append(got.Rows, b.Rows...), b.Types, q.ordered
	}
	if want.Failed {
		want.State = ""
	}
	if got.Failed && !want.Failed {
		return fmt.Sprintf("%s\n  fails: %s", text, strings.Join(s.Errors, "; "))
	}
	if len(want.Rows) == 0 && len(got.Rows) == 0 && !want.Failed && !got.Failed {
		return ""
	}
	if d := rows.Compare([]rows.Block{want}, []rows.Block{got}); d != "" {
		return text + "\n  " + d
	}
	return exactScale(want, got, text)
}

// exactScale holds decimals to the source's digits behind the point, which comparing by value does not.
func exactScale(want, got rows.Block, text string) string {
	shown := func(b rows.Block, k int) string {
		var out []string
		for _, r := range b.Rows {
			if k < len(r) && r[k] != nil {
				out = append(out, *r[k])
			}
		}
		sort.Strings(out)
		return strings.Join(out, " ")
	}
	for k, class := range got.Types {
		if w, g := shown(want, k), shown(got, k); class == "number" && w != g {
			return fmt.Sprintf("%s\n  column %d shows %s, not %s", text, k+1, g, w)
		}
	}
	return ""
}

func targetText(c *Conversion) (text string, refused bool) {
	var out []string
	for _, u := range c.Units {
		refused = refused || u.Status == diag.Refused
		for _, o := range u.Outputs {
			out = append(out, o.SQL)
		}
	}
	return strings.Join(out, "; "), refused
}
