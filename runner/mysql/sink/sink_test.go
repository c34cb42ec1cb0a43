package sink_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sort"
	"strings"
	"testing"
	"time"

	"godwit/ir/types"
	"godwit/runner/change"
	"godwit/runner/endpoint"
	"godwit/runner/enginetest"
	"godwit/runner/migrate"
	"godwit/runner/mysql"
	"godwit/runner/mysql/sink"
	"godwit/runner/sinktest"
	"godwit/runner/sourcetest"
)

func TestSinkMariaDB(t *testing.T) { suite(t, enginetest.FreshMariaDB) }
func TestSinkMySQL80(t *testing.T) { suite(t, enginetest.FreshMySQL80) }

// onBoth runs a test on a server of each kind.
func onBoth(t *testing.T, test func(*testing.T, *side)) {
	t.Run("mariadb", func(t *testing.T) { test(t, open(t, enginetest.FreshMariaDB)) })
	t.Run("mysql80", func(t *testing.T) { test(t, open(t, enginetest.FreshMySQL80)) })
}

// side is a server with a database of the test's own, which holds the progress, too.
type side struct {
	t  testing.TB
	ep *endpoint.Endpoint
	db *sql.DB
}

func open(t testing.TB, fresh func(testing.TB, string) (string, *sql.DB)) *side {
	t.Helper()
	url, db := fresh(t, "sink")
	ep, err := endpoint.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	return &side{t, ep, db}
}

func (s *side) sink(ctx context.Context, task string) (*sink.Sink, error) {
	return sink.Open(ctx, s.ep, sink.Options{Task: task, Database: s.ep.Database, Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
}

func (s *side) exec(q string) {
	s.t.Helper()
	if _, err := s.db.Exec(q); err != nil {
		s.t.Fatalf("%.200s: %v", q, err)
	}
}

func (s *side) query(q string) ([]string, error) {
	rows, err := s.db.Query(q)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var v sql.NullString
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		if !v.Valid {
			v.String = "NULL"
		}
		out = append(out, v.String)
	}
	return out, rows.Err()
}

func suite(t *testing.T, fresh func(testing.TB, string) (string, *sql.DB)) {
	s := open(t, fresh)
	s.db.SetMaxOpenConns(1)
	sinktest.Run(t, sinktest.Harness{
		Schema: s.ep.Database,
		Exec: func(q string) error {
			_, err := s.db.Exec(q)
			return err
		},
		Query:      s.query,
		Exceptions: "SELECT concat(kind, ' ', coalesce(code, '-'), ' ', tx, ' ', position, ' ', coalesce(after_image, before_image)) FROM exceptions",
		Codes:      [2]string{"1062", "1406"},
		Open: func(ctx context.Context, task string) (migrate.Sink, error) {
			k, err := s.sink(ctx, task)
			if err != nil {
				return nil, err
			}
			return migrate.MySQLSink(k), nil
		},
		Drop: func() error {
			ids, err := s.query("SELECT id FROM information_schema.PROCESSLIST WHERE db = DATABASE() AND id <> CONNECTION_ID()")
			for _, id := range ids {
				if _, e := s.db.Exec("KILL " + id); e != nil && !strings.Contains(e.Error(), "1094") {
					err = e
				}
			}
			return err
		},
	})
}

type at int

func (a at) String() string                { return fmt.Sprint(int(a)) }
func (a at) Covers(o change.Position) bool { return a >= o.(at) }

// begun is a sink whose task has begun.
func (s *side) begun() *sink.Sink {
	s.t.Helper()
	ctx := context.Background()
	k, err := s.sink(ctx, s.t.Name())
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { k.Close() })
	if err := k.Start(ctx, "history", "selection", at(0)); err != nil {
		s.t.Fatal(err)
	}
	return k
}

// apply applies changes of tables strictly, in one transaction.
func apply(k *sink.Sink, tables []*change.Table, changes ...change.Change) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	a, err := k.Applier(ctx, tables, false)
	if err != nil {
		return err
	}
	defer a.Close()
	tx := &change.Tx{ID: "t1", Position: at(1), At: at(1), Changes: changes}
	if err := a.Add(ctx, tx, func(*change.Table) change.Mode { return change.Strict }); err != nil {
		return err
	}
	st, err := k.State(ctx)
	if err != nil {
		return err
	}
	return a.Commit(ctx, st.Position, at(1), time.Time{})
}

// TestTypes: every type's values come out as they went in, by INSERT, by UPDATE, and as the place of a row without key.
func TestTypes(t *testing.T) {
	for _, c := range []struct {
		family string
		fresh  func(testing.TB, string) (string, *sql.DB)
	}{{"mariadb", enginetest.FreshMariaDB}, {"mysql", enginetest.FreshMySQL80}} {
		t.Run(c.family, func(t *testing.T) { testTypes(t, open(t, c.fresh), c.family) })
	}
}

func testTypes(t *testing.T, s *side, family string) {
	s.db.SetMaxOpenConns(1)
	s.exec("SET NAMES utf8mb4; SET SESSION sql_mode='NO_BACKSLASH_ESCAPES', time_zone='+00:00'")
	k := s.begun()
	for i, c := range sourcetest.MySQLTypes() {
		if c.Only != "" && c.Only != family {
			continue
		}
		t.Run(c.DDL, func(t *testing.T) {
			s.t = t
			given, keyed, bare := fmt.Sprintf("given_%d", i), fmt.Sprintf("keyed_%d", i), fmt.Sprintf("bare_%d", i)
			for _, n := range []string{given, keyed} {
				s.exec("CREATE TABLE " + n + " (id int primary key, v " + c.DDL + ")")
			}
			s.exec("CREATE TABLE " + bare + " (id int, v " + c.DDL + ")")
			for n, v := range c.Values {
				s.exec(fmt.Sprintf("INSERT INTO %s (id, v) VALUES (%d, %s)", given, n, v))
			}
			table := func(name string, key []string) *change.Table {
				return s.table(name, key, "id", types.Int{Bits: 32}, "v", c.Type)
			}
			tk, tb := table(keyed, []string{"id"}), table(bare, nil)
			rows := s.rows(table(given, []string{"id"}))
			if len(rows) != len(c.Values) {
				t.Fatalf("%d rows, want %d", len(rows), len(c.Values))
			}
			must := func(changes ...change.Change) {
				t.Helper()
				if err := apply(k, []*change.Table{tk, tb}, changes...); err != nil {
					t.Fatal(err)
				}
			}
			must(change.Change{Kind: change.Insert, Table: tk, After: rows}, change.Change{Kind: change.Insert, Table: tb, After: rows})
			same(t, "inserted", s.rows(tk), rows)
			same(t, "inserted without key", s.rows(tb), rows)
			// Every row gets the value of the next one, then its own again.
			for range 2 {
				var turn []change.Row
				for i, r := range rows {
					turn = append(turn, change.Row{r[0], rows[(i+1)%len(rows)][1]})
				}
				must(change.Change{Kind: change.Update, Table: tk, Before: rows, After: turn}, change.Change{Kind: change.Update, Table: tb, Before: rows, After: turn})
				same(t, "updated", s.rows(tk), turn)
				same(t, "updated without key", s.rows(tb), turn)
				rows = turn
			}
			must(change.Change{Kind: change.Delete, Table: tk, Before: rows}, change.Change{Kind: change.Delete, Table: tb, Before: rows})
			same(t, "deleted", append(s.rows(tk), s.rows(tb)...), nil)
		})
	}
}

// rows reads a table in the canonical form, as the source of a move does.
func (s *side) rows(t *change.Table) []change.Row {
	s.t.Helper()
	ctx := context.Background()
	c := *t.Catalog
	c.Schema, c.Name = s.ep.Database, c.Target
	from, err := change.NewTable(&c)
	if err != nil {
		s.t.Fatal(err)
	}
	src, err := mysql.Open(ctx, s.ep, mysql.Options{NoLock: true})
	if err != nil {
		s.t.Fatal(err)
	}
	defer src.Close()
	sn, err := src.Snapshot(ctx, []*change.Table{from}, 1)
	if err != nil {
		s.t.Fatal(err)
	}
	defer sn.Close()
	var out []change.Row
	for b, err := range sn.Read(ctx, 0, change.Chunk{Table: from}) {
		if err != nil {
			s.t.Fatal(err)
		}
		for i := range b.Rows() {
			row := change.Row{}
			for _, v := range b.Row(i) {
				if v != nil {
					v = append(change.Value{}, v...)
				}
				row = append(row, v)
			}
			out = append(out, row)
		}
	}
	sort.Slice(out, func(i, j int) bool { return string(out[i][0]) < string(out[j][0]) })
	return out
}

// A JSON document that comes as text has no decimals and, beside a zero, no negative one.
var jsonNumbers = strings.NewReplacer("-0.0]", "0.0]", "1.10,", "1.1,", "-0.5000000000}", "-0.5}")

func same(t *testing.T, what string, got, want []change.Row) {
	t.Helper()
	show := func(rows []change.Row) string {
		var lines []string
		for _, r := range rows {
			line := ""
			for _, v := range r {
				if v == nil {
					line += "|NULL"
				} else {
					line += fmt.Sprintf("|%.100q", jsonNumbers.Replace(string(v)))
				}
			}
			lines = append(lines, line)
		}
		sort.Strings(lines)
		return strings.Join(lines, "\n")
	}
	if a, b := show(got), show(want); a != b {
		t.Errorf("%s:\n%s\nwant\n%s", what, a, b)
	}
}

func TestTriggersAreRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, s *side) {
		s.exec("CREATE TABLE t (id int primary key); CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET NEW.id = NEW.id + 1")
		tables := []*change.Table{s.table("t", []string{"id"}, "id", types.Int{Bits: 32})}
		err := apply(s.begun(), tables)
		if err == nil || !strings.Contains(err.Error(), "trigger `"+s.ep.Database+"`.`tr` of table `t`") {
			t.Errorf("%v", err)
		}
		problems, err := sink.Check(context.Background(), s.ep, sink.Options{Task: "x"}, tables)
		if err != nil || len(problems) != 1 {
			t.Errorf("%v, %v", problems, err)
		}
	})
}

// table is a table of the target; columns are names and types in turns.
func (s *side) table(name string, key []string, columns ...any) *change.Table {
	s.t.Helper()
	t := sourcetest.Table(s.t, "src", name, nil, sourcetest.Column("x", types.Int{Bits: 32})).Catalog
	t.TargetSchema, t.Columns = s.ep.Database, nil
	for i := 0; i < len(columns); i += 2 {
		t.Columns = append(t.Columns, sourcetest.Column(columns[i].(string), columns[i+1].(types.Type)))
	}
	if key != nil {
		keyed := sourcetest.Table(s.t, "src", name, key, t.Columns...)
		t.Keys = keyed.Catalog.Keys
	}
	out, err := change.NewTable(t)
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

// refused applies rows and wants an error of a kind that names the place.
func refused(t *testing.T, k *sink.Sink, table *change.Table, want error, words string, row ...string) {
	t.Helper()
	r := make(change.Row, len(row))
	for i, v := range row {
		if v != "-" {
			r[i] = change.Value(v)
		}
	}
	err := apply(k, []*change.Table{table}, change.Change{Kind: change.Insert, Table: table, After: []change.Row{r}})
	if !errors.Is(err, want) || !strings.Contains(err.Error(), words) {
		t.Errorf("%q: %v, want %v with %q", row, err, want, words)
	}
}

// TestValuesThatDoNotFit: what the server would change without a word is an error that names the row.
func TestValuesThatDoNotFit(t *testing.T) {
	s := open(t, enginetest.FreshMySQL80)
	s.exec("CREATE TABLE t (id int primary key, v timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP)")
	s.exec("CREATE TABLE e (id int primary key, v enum('b', 'a'))")
	s.exec("CREATE TABLE j (id int primary key, v json)")
	s.exec("CREATE TABLE c (id int primary key, v char(4))")
	s.exec("CREATE TABLE n (id int primary key, v smallint)")
	s.exec("CREATE TABLE d (id int primary key, v decimal(10,1))")
	s.exec("CREATE TABLE m (id int primary key, v int) ENGINE=MyISAM")
	k := s.begun()
	table := func(name string, ty types.Type) *change.Table {
		return s.table(name, []string{"id"}, "id", types.Int{Bits: 32}, "v", ty)
	}
	refused(t, k, table("t", types.Timestamp{}), sink.ErrValue, `row id="1"`, "1", "-")
	refused(t, k, table("t", types.Timestamp{Precision: 3}), sink.ErrTarget, "rounded", "1", "2026-01-01 00:00:00.500")
	refused(t, k, table("e", types.Enum{Values: []string{"b", "a"}}), sink.ErrValue, "none of the column's values", "1", "2")
	for _, doc := range []string{"[12345678901234567890123]", "[0.1234567890123456789]", `{"a":1,"a":2}`, "[1,]", "[1] 2"} {
		refused(t, k, table("j", types.JSON{}), sink.ErrValue, `row id="1"`, "1", doc)
	}
	refused(t, k, table("c", types.Text{N: 4}), sink.ErrValue, "no blanks", "1", "ab ")
	refused(t, k, table("d", types.Decimal{Precision: 10, Scale: 2}), sink.ErrTarget, "rounded", "1", "1.25")
	refused(t, k, table("m", types.Int{Bits: 32}), sink.ErrTarget, "InnoDB", "1", "1")
	n := table("n", types.Int{Bits: 32})
	err := apply(k, []*change.Table{n}, change.Change{Kind: change.Insert, Table: n, After: []change.Row{{change.Value("7"), change.Value("70000")}}})
	if err == nil || !strings.Contains(err.Error(), `table src.n, id="7", transaction t1`) {
		t.Errorf("a number out of range: %v", err)
	}
}

// TestForeignKeysDoNotAct: the changes that foreign keys made at the source come in the stream; the target's keys make none.
func TestForeignKeysDoNotAct(t *testing.T) {
	onBoth(t, func(t *testing.T, s *side) {
		s.exec("CREATE TABLE p (id int primary key); CREATE TABLE c (id int primary key, v int, FOREIGN KEY (v) REFERENCES p (id) ON DELETE CASCADE ON UPDATE CASCADE)")
		k := s.begun()
		p, c := s.table("p", []string{"id"}, "id", types.Int{Bits: 32}), s.table("c", []string{"id"}, "id", types.Int{Bits: 32}, "v", types.Int{Bits: 32})
		row := func(v ...string) change.Row {
			var r change.Row
			for _, x := range v {
				r = append(r, change.Value(x))
			}
			return r
		}
		err := apply(k, []*change.Table{p, c},
			change.Change{Kind: change.Insert, Table: p, After: []change.Row{row("1"), row("2")}},
			change.Change{Kind: change.Insert, Table: c, After: []change.Row{row("10", "1"), row("20", "2")}},
			change.Change{Kind: change.Update, Table: p, Before: []change.Row{row("1")}, After: []change.Row{row("3")}},
			change.Change{Kind: change.Update, Table: c, Before: []change.Row{row("10", "1")}, After: []change.Row{row("10", "3")}},
			change.Change{Kind: change.Delete, Table: p, Before: []change.Row{row("2")}},
			change.Change{Kind: change.Delete, Table: c, Before: []change.Row{row("20", "2")}})
		got, err2 := s.query("SELECT concat(p.id, ' ', c.id, ' ', c.v) FROM p, c")
		if err != nil || err2 != nil || len(got) != 1 || got[0] != "3 10 3" {
			t.Errorf("%v, %v, %v", got, err, err2)
		}
	})
}

// TestLargeRows: rows that fill packets by themselves, bytes of all kinds, and a column that changes by itself.
func TestLargeRows(t *testing.T) {
	s := open(t, enginetest.FreshMariaDB)
	s.exec("CREATE TABLE t (id int primary key, b longblob, at timestamp NULL ON UPDATE CURRENT_TIMESTAMP)")
	k := s.begun()
	table := s.table("t", []string{"id"}, "id", types.Int{Bits: 32}, "b", types.Binary{}, "at", types.Timestamp{})
	var all []byte
	for i := range 256 {
		all = append(all, byte(i), '\'', '\\', byte(255-i))
	}
	var rows []change.Row
	for i := range 40 {
		rows = append(rows, change.Row{change.Value(fmt.Sprint(100 + i)), bytes.Repeat(all, 1+i*i), change.Value("2020-01-01 00:00:00")})
	}
	turned := make([]change.Row, len(rows))
	for i, r := range rows {
		turned[i] = change.Row{r[0], rows[len(rows)-1-i][1], r[2]}
	}
	err := apply(k, []*change.Table{table}, change.Change{Kind: change.Insert, Table: table, After: rows}, change.Change{Kind: change.Update, Table: table, Before: rows, After: turned})
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range s.rows(table) {
		if !bytes.Equal(r[1], turned[i][1]) || string(r[2]) != "2020-01-01 00:00:00" {
			t.Errorf("row %s: %d bytes, at %s", r[0], len(r[1]), r[2])
		}
	}
}
