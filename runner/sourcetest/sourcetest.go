// Package sourcetest is the conformance suite of sources: what every source must do so that a copy of its rows and its
// changes is exact.
package sourcetest

import (
	"context"
	"fmt"
	"sort"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"godwit/ir/catalog"
	"godwit/ir/types"
	"godwit/runner/change"
	"godwit/runner/migrate"
)

// Harness is a source under test with an empty schema.
type Harness struct {
	Family string // as in TypeCase.Only
	Schema string
	// Exec runs a statement, or several, on the source.
	Exec func(sql string) error
	// Open opens the source.
	Open func(ctx context.Context) (migrate.Source, error)
	// Follow makes the source keep the changes of tables from now on; nil: it keeps all changes anyway.
	Follow func(ctx context.Context, src migrate.Source, tables []*change.Table) error
}

// begin is the position from which the changes of tables are followed.
func (h *Harness) begin(ctx context.Context, t testing.TB, src migrate.Source, tables ...*change.Table) change.Position {
	t.Helper()
	if h.Follow != nil {
		if err := h.Follow(ctx, src, tables); err != nil {
			t.Fatal(err)
		}
	}
	return position(ctx, t, src)
}

// Run runs the suite. Each test makes tables of its own.
//
// A source of the family "postgres" only follows changes.
func Run(t *testing.T, h Harness) {
	if h.Family == "postgres" {
		t.Run("types", func(t *testing.T) { testPostgresTypes(t, h) })
		t.Run("refused", func(t *testing.T) { testPostgresRefused(t, h) })
		t.Run("rows", func(t *testing.T) { testPostgresRows(t, h) })
		t.Run("statements", func(t *testing.T) { testPostgresStatements(t, h) })
		t.Run("resume", func(t *testing.T) { testResume(t, h) })
		t.Run("pieces", func(t *testing.T) { testPieces(t, h) })
		t.Run("positions", func(t *testing.T) { testPositions(t, h) })
		return
	}
	t.Run("types", func(t *testing.T) { testTypes(t, h) })
	t.Run("chunks", func(t *testing.T) { testChunks(t, h) })
	t.Run("handoff", func(t *testing.T) { testHandoff(t, h) })
	t.Run("resume", func(t *testing.T) { testResume(t, h) })
	t.Run("pieces", func(t *testing.T) { testPieces(t, h) })
	t.Run("statements", func(t *testing.T) { testStatements(t, h) })
	t.Run("positions", func(t *testing.T) { testPositions(t, h) })
}

func (h *Harness) exec(t testing.TB, format string, args ...any) {
	t.Helper()
	sql := format
	if len(args) > 0 {
		sql = fmt.Sprintf(format, args...)
	}
	if err := h.Exec(sql); err != nil {
		t.Fatalf("%.300s: %v", sql, err)
	}
}

func (h *Harness) open(ctx context.Context, t testing.TB) migrate.Source {
	t.Helper()
	s, err := h.Open(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func limited(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// Column makes a column of a test table.
func Column(name string, ty types.Type) *catalog.Column {
	return &catalog.Column{Name: name, Target: name, Type: ty, Nullable: true}
}

// Table makes a test table whose primary key is pk; no key if it is empty.
func Table(t testing.TB, schema, name string, pk []string, cols ...*catalog.Column) *change.Table {
	t.Helper()
	c := &catalog.Table{Schema: schema, Name: name, Target: name, TargetSchema: "public", Charset: "utf8mb4", Columns: cols}
	if len(pk) > 0 {
		k := &catalog.Key{Kind: catalog.Primary}
		for _, p := range pk {
			k.Parts = append(k.Parts, catalog.KeyPart{Column: p})
		}
		c.Keys = append(c.Keys, k)
	}
	out, err := change.NewTable(c)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// tInt is the type of most test columns.
var tInt = types.Int{Bits: 32}

// show writes a value for comparing and for messages.
func show(v change.Value) string {
	if v == nil {
		return "NULL"
	}
	return string(v)
}

func showRow(r change.Row) string {
	s := make([]string, len(r))
	for i, v := range r {
		s[i] = show(v)
	}
	return strings.Join(s, "|")
}

// readAll reads chunks of a table with a reader.
func readAll(ctx context.Context, t testing.TB, sn migrate.Snapshot, w int, chunks ...change.Chunk) (rows []change.Row) {
	t.Helper()
	for _, c := range chunks {
		for b, err := range sn.Read(ctx, w, c) {
			if err != nil {
				t.Fatal(err)
			}
			for i := range b.Rows() {
				row := make(change.Row, b.Width)
				for j, v := range b.Row(i) {
					if v != nil {
						row[j] = append(change.Value{}, v...)
					}
				}
				rows = append(rows, row)
			}
		}
	}
	return rows
}

// Collect follows the stream from one position to another and returns its transactions.
func Collect(ctx context.Context, src migrate.Source, from, to change.Position, tables []*change.Table) ([]*change.Tx, error) {
	ctx, cancel := context.WithCancel(ctx)
	out := make(chan *change.Tx)
	done := make(chan error, 1)
	go func() { done <- src.Stream(ctx, from, tables, out) }()
	defer cancel()
	var txs []*change.Tx
	for {
		select {
		case tx := <-out:
			txs = append(txs, tx)
			if tx.Position != nil && tx.Position.Covers(to) {
				cancel()
				<-done
				return txs, nil
			}
		case err := <-done:
			return txs, err
		}
	}
}

func position(ctx context.Context, t testing.TB, src migrate.Source) change.Position {
	t.Helper()
	p, err := src.Position(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func collect(ctx context.Context, t testing.TB, src migrate.Source, from change.Position, tables ...*change.Table) []*change.Tx {
	t.Helper()
	txs, err := Collect(ctx, src, from, position(ctx, t, src), tables)
	if err != nil {
		t.Fatal(err)
	}
	return txs
}

// testTypes: for every type, both lanes give the same canonical value, the expected one, whatever the host's time zone.
func testTypes(t *testing.T, h Harness) {
	ctx := limited(t)
	local := time.Local
	time.Local = time.FixedZone("test", 5*3600+1800)
	defer func() { time.Local = local }()
	var tables []*change.Table
	var cases []TypeCase
	for _, c := range MySQLTypes() {
		if c.Only != "" && c.Only != h.Family {
			continue
		}
		name := fmt.Sprintf("types_%02d", len(cases))
		h.exec(t, "CREATE TABLE %s (id int primary key, gen int as (id+1) virtual, st int as (id*2) stored, v %s)", name, c.DDL)
		gen, st := Column("gen", tInt), Column("st", tInt)
		gen.Generated, st.Generated = catalog.Virtual, catalog.Stored
		tables = append(tables, Table(t, h.Schema, name, []string{"id"}, Column("id", tInt), gen, st, Column("v", c.Type)))
		cases = append(cases, c)
	}
	src := h.open(ctx, t)
	start := h.begin(ctx, t, src, tables...)
	for i, c := range cases {
		for n, v := range c.Values {
			h.exec(t, "INSERT INTO types_%02d (id, v) VALUES (%d, %s)", i, n, v)
		}
	}
	sn, err := src.Snapshot(ctx, tables, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer sn.Close()
	stream := map[*change.Table][]change.Row{}
	for _, tx := range collect(ctx, t, src, start, tables...) {
		for _, c := range tx.Changes {
			stream[c.Table] = append(stream[c.Table], c.After...)
		}
	}
	for i, c := range cases {
		t.Run(c.DDL, func(t *testing.T) {
			compareLanes(t, c, readAll(ctx, t, sn, 1, change.Chunk{Table: tables[i]}), stream[tables[i]])
		})
	}
}

func compareLanes(t *testing.T, c TypeCase, snapshot, stream []change.Row) {
	if len(snapshot) != len(c.Values) || len(stream) != len(c.Values) {
		t.Fatalf("%d rows in the snapshot, %d in the stream, want %d", len(snapshot), len(stream), len(c.Values))
	}
	for n, v := range c.Values {
		a, b := show(snapshot[n][1]), show(stream[n][1])
		if c.Want != nil && c.Want[n] != "" && a != c.Want[n] {
			t.Errorf("%.60s: the snapshot gives %.100q, want %.100q", v, a, c.Want[n])
		}
		if a != b {
			t.Errorf("%.60s: the snapshot gives %.100q, the stream %.100q", v, a, b)
		}
	}
}

// chunkTables are keys of many shapes. Collations that ignore case and padding, gaps and one value that is everywhere
// are where rows fall between chunks.
var chunkTables = []struct{ name, ddl, rows string }{
	{"c_dense", "id int primary key, k1 int", "SELECT n, n FROM %s"},
	{"c_sparse", "id bigint primary key, k1 int", "SELECT n * n * 1000 - 5000000, n FROM %s"},
	{"c_negative", "id int primary key, k1 int", "SELECT n - 1500, n FROM %s"},
	{"c_unsigned", "id bigint unsigned primary key, k1 int", "SELECT 18446744073709551615 - n, n FROM %s"},
	{"c_text", "id varchar(40) character set utf8mb4 collate utf8mb4_general_ci primary key, k1 int", "SELECT CONCAT(CHAR(97 + n MOD 26 - 32 * (n MOD 2)), n, ' '), n FROM %s"},
	{"c_latin", "id char(20) character set latin1 collate latin1_german1_ci primary key, k1 int", "SELECT CONCAT(CHAR(192 + n MOD 60 USING latin1), n), n FROM %s"},
	{"c_pair", "id varchar(40) character set utf8mb4 collate utf8mb4_unicode_ci, k1 int, primary key (id, k1)", "SELECT CONCAT(IF(n MOD 2, 'A', 'a'), n DIV 700), n FROM %s"},
	{"c_lumps", "id int, k1 int, primary key (id, k1)", "SELECT n DIV 30 * IF(n < 1500, 1, 1000), n FROM %s"},
	{"c_one", "id int, k1 int, primary key (id, k1)", "SELECT 7, n FROM %s"},
	{"c_bin", "id varbinary(20) primary key, k1 int", "SELECT UNHEX(MD5(n)), n FROM %s"},
	{"c_dec", "id decimal(20,4) primary key, k1 int", "SELECT n / 3, n FROM %s"},
	{"c_time", "id datetime(6) primary key, k1 int", "SELECT '2026-01-01' + INTERVAL n * 37 SECOND + INTERVAL n MICROSECOND, n FROM %s"},
	{"c_empty", "id int primary key, k1 int", "SELECT n, n FROM %s WHERE n < 0"},
}

var chunkTypes = map[string]types.Type{
	"c_sparse": types.Int{Bits: 64}, "c_unsigned": types.Int{Bits: 64, Unsigned: true}, "c_text": text("utf8mb4"), "c_latin": types.Text{N: 20, Fixed: true, Charset: "latin1"},
	"c_pair": text("utf8mb4"), "c_bin": types.Binary{N: 20}, "c_dec": types.Decimal{Precision: 20, Scale: 4}, "c_time": types.DateTime{Precision: 6},
}

// Numbers is a table expression with n from 0 to 2999.
const Numbers = "(SELECT a.d * 1000 + b.d * 100 + c.d * 10 + d.d n FROM " + digit + " a, " + digit + " b, " + digit + " c, " + digit + " d WHERE a.d < 3) numbers"

const digit = "(SELECT 0 d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 " +
	"UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)"

// testChunks: the chunks of a table hold every row exactly once, also rows that come after the plan.
func testChunks(t *testing.T, h Harness) {
	ctx := limited(t)
	src := h.open(ctx, t)
	for _, c := range chunkTables {
		t.Run(c.name, func(t *testing.T) {
			h.exec(t, "CREATE TABLE %s (%s)", c.name, c.ddl)
			h.exec(t, "INSERT INTO %s %s", c.name, fmt.Sprintf(c.rows, Numbers))
			h.exec(t, "ANALYZE TABLE %s", c.name)
			ty := chunkTypes[c.name]
			if ty == nil {
				ty = tInt
			}
			pk := []string{"id"}
			if strings.Contains(c.ddl, "(id, k1)") {
				pk = append(pk, "k1")
			}
			ct := Table(t, h.Schema, c.name, pk, Column("id", ty), Column("k1", tInt))
			first, err := src.Snapshot(ctx, []*change.Table{ct}, 1)
			if err != nil {
				t.Fatal(err)
			}
			chunks, err := first.Plan(ctx, 0, ct, 400)
			first.Close()
			if err != nil {
				t.Fatal(err)
			}
			if c.name != "c_empty" && (len(chunks) < 4 || len(chunks) > 40) {
				t.Errorf("%d chunks of 3000 rows with 400 rows each", len(chunks))
			}
			h.exec(t, "DELETE FROM %s WHERE k1 MOD 5 = 1", c.name)
			later, err := src.Snapshot(ctx, []*change.Table{ct}, 1)
			if err != nil {
				t.Fatal(err)
			}
			defer later.Close()
			whole := readAll(ctx, t, later, 0, change.Chunk{Table: ct})
			parts := readAll(ctx, t, later, 0, chunks...)
			if a, b := sorted(whole), sorted(parts); a != b {
				t.Errorf("%d rows in the table, %d in its chunks, or other ones", len(whole), len(parts))
			}
		})
	}
}

func sorted(rows []change.Row) string {
	s := make([]string, len(rows))
	for i, r := range rows {
		s[i] = showRow(r)
	}
	sort.Strings(s)
	return strings.Join(s, "\n")
}

// testHandoff: while a writer commits, a row is in the snapshot exactly if its change is not after the snapshot's span,
// and all readers agree.
func testHandoff(t *testing.T, h Harness) {
	ctx := limited(t)
	h.exec(t, "CREATE TABLE handoff (id int primary key)")
	ct := Table(t, h.Schema, "handoff", []string{"id"}, Column("id", tInt))
	src := h.open(ctx, t)
	start := position(ctx, t, src)
	var last atomic.Int64
	stop, stopped := make(chan struct{}), make(chan error, 1)
	go func() {
		for i := 1; ; i++ {
			select {
			case <-stop:
				stopped <- nil
				return
			default:
			}
			if err := h.Exec(fmt.Sprintf("INSERT INTO handoff VALUES (%d)", i)); err != nil {
				stopped <- err
				return
			}
			last.Store(int64(i))
		}
	}()
	type view struct {
		rows int
		span change.Span
	}
	var views []view
	for range 8 {
		time.Sleep(15 * time.Millisecond)
		sn, err := src.Snapshot(ctx, []*change.Table{ct}, 3)
		if err != nil {
			t.Fatal(err)
		}
		for w := range 3 {
			views = append(views, view{len(readAll(ctx, t, sn, w, change.Chunk{Table: ct})), sn.Span(w)})
		}
		sn.Close()
	}
	close(stop)
	if err := <-stopped; err != nil {
		t.Fatal(err)
	}
	if last.Load() < 20 {
		t.Fatalf("the writer wrote %d rows only", last.Load())
	}
	txs := collect(ctx, t, src, start, ct)
	for _, v := range views {
		low, high := 0, 0
		for _, tx := range txs {
			if v.span.Low.Covers(tx.At) {
				low += tx.Rows()
			}
			if v.span.High.Covers(tx.At) {
				high += tx.Rows()
			}
		}
		if v.rows < low || v.rows > high {
			t.Errorf("a snapshot with %d rows has %d to %d changes before its span's ends", v.rows, low, high)
		}
		if v.span.Exact() && low != high {
			t.Errorf("an exact span covers %d and %d changes", low, high)
		}
	}
}

// testResume: following again from any transaction's position, read back from its text, gives exactly the rest.
func testResume(t *testing.T, h Harness) {
	ctx := limited(t)
	h.exec(t, "CREATE TABLE resume (id int primary key, n int)")
	h.exec(t, "CREATE TABLE resume_other (id int primary key)")
	ct := Table(t, h.Schema, "resume", []string{"id"}, Column("id", tInt), Column("n", tInt))
	src := h.open(ctx, t)
	start := h.begin(ctx, t, src, ct)
	for i := range 6 {
		h.exec(t, "START TRANSACTION; INSERT INTO resume VALUES (%d, 0), (%d, 1); UPDATE resume SET n = n + 1 WHERE id = %d; COMMIT", 2*i, 2*i+1, 2*i)
		h.exec(t, "INSERT INTO resume_other VALUES (%d)", i)
		h.exec(t, "START TRANSACTION; DELETE FROM resume WHERE id = %d; ROLLBACK", 2*i)
	}
	all := collect(ctx, t, src, start, ct)
	for i, tx := range all {
		p, err := src.ParsePosition(tx.Position.String())
		if err != nil {
			t.Fatal(err)
		}
		if o, ok := change.Compare(p, tx.Position); !ok || o != 0 {
			t.Errorf("position %s reads back as %s", tx.Position, p)
		}
		if i == len(all)-1 {
			break
		}
		rest := collect(ctx, t, src, p, ct)
		if a, b := showTxs(all[i+1:]), showTxs(rest); a != b {
			t.Fatalf("following from %s gives\n%s\nwant\n%s", p, b, a)
		}
	}
	if n := strings.Count(showTxs(all), "update"); n != 6 {
		t.Errorf("%d updates seen, want 6:\n%s", n, showTxs(all))
	}
}

func showTxs(txs []*change.Tx) string {
	var b strings.Builder
	for _, tx := range txs {
		if len(tx.Changes) == 0 {
			continue
		}
		fmt.Fprintf(&b, "%s more=%v\n", tx.ID, tx.More)
		for _, c := range tx.Changes {
			fmt.Fprintf(&b, "  %s %s", c.Kind, c.Table.Name())
			for _, r := range c.Before {
				fmt.Fprintf(&b, " -%s", showRow(r))
			}
			for _, r := range c.After {
				fmt.Fprintf(&b, " +%s", showRow(r))
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// testPieces: a transaction that is too large to be held comes in pieces, all but the last without position.
func testPieces(t *testing.T, h Harness) {
	ctx := limited(t)
	h.exec(t, "CREATE TABLE pieces (id int primary key, s varchar(2000))")
	ct := Table(t, h.Schema, "pieces", []string{"id"}, Column("id", tInt), Column("s", types.Text{N: 2000, Charset: "utf8mb4"}))
	src := h.open(ctx, t)
	start := h.begin(ctx, t, src, ct)
	h.exec(t, "INSERT INTO pieces SELECT n, REPEAT('x', 2000) FROM %s", Numbers)
	rows, pieces := 0, 0
	for _, tx := range collect(ctx, t, src, start, ct) {
		if tx.Rows() == 0 && !tx.More && pieces == 0 {
			continue // something else on the server
		}
		rows += tx.Rows()
		pieces++
		if tx.More != (tx.Position == nil) {
			t.Errorf("piece %d: more=%v with position %v", pieces, tx.More, tx.Position)
		}
		if !tx.More {
			break
		}
	}
	if rows != 3000 || pieces < 4 {
		t.Errorf("%d rows in %d pieces, want 3000 in several", rows, pieces)
	}
}

// testStatements: TRUNCATE and DDL of a migrated table are seen through comments and quoting, and so is every new table of
// a migrated schema; other statements are not.
func testStatements(t *testing.T, h Harness) {
	ctx := limited(t)
	h.exec(t, "CREATE TABLE `st ``1` (id int primary key)")
	h.exec(t, "CREATE TABLE st2 (id int primary key)")
	ct := Table(t, h.Schema, "st `1", []string{"id"}, Column("id", tInt))
	src := h.open(ctx, t)
	start := h.begin(ctx, t, src, ct)
	h.exec(t, "/* a */ TRUNCATE -- b\n TABLE `st ``1`")
	h.exec(t, "TRUNCATE st2")
	h.exec(t, "ALTER TABLE st2 ADD COLUMN x int")
	h.exec(t, "CREATE TABLE st3 (a int)")
	h.exec(t, "CREATE VIEW st4 AS SELECT id FROM `st ``1`")
	h.exec(t, "ALTER /* c */ TABLE `%s`.`st ``1` ADD COLUMN x int", h.Schema)
	h.exec(t, "DROP TABLE st2, `st ``1`")
	var got []string
	for _, tx := range collect(ctx, t, src, start, ct) {
		for _, c := range tx.Changes {
			text := c.Kind.String()
			for _, n := range c.Names {
				text += " " + n.Table
			}
			if (c.Table == ct) == strings.Contains(text, "st3") {
				t.Errorf("%s: table %v", c.Statement, c.Table)
			}
			got = append(got, text)
		}
	}
	if s, want := strings.Join(got, ", "), "truncate st `1, DDL st3, DDL st `1, DDL st2 st `1"; s != want {
		t.Errorf("changes seen: %s, want %s", s, want)
	}
}

// testPositions: the end of the log covers what was committed before, and not what comes after.
func testPositions(t *testing.T, h Harness) {
	ctx := limited(t)
	h.exec(t, "CREATE TABLE positions (id int primary key)")
	src := h.open(ctx, t)
	a := position(ctx, t, src)
	h.exec(t, "INSERT INTO positions VALUES (1)")
	b := position(ctx, t, src)
	if o, ok := change.Compare(a, b); !ok || o != -1 {
		t.Errorf("%s before a commit and %s after it compare %d %v", a, b, o, ok)
	}
	if _, err := src.ParsePosition("nonsense"); err == nil {
		t.Error("a position that is none is read")
	}
}
