package logical_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"godwit/ir/types"
	"godwit/runner/change"
	"godwit/runner/endpoint"
	"godwit/runner/enginetest"
	"godwit/runner/migrate"
	"godwit/runner/postgres/logical"
	"godwit/runner/sourcetest"
)

// server is a database of the test's own.
type server struct {
	t   testing.TB
	ep  *endpoint.Endpoint
	con *pgx.Conn
}

func open(t testing.TB, version int) *server {
	t.Helper()
	url := enginetest.FreshPostgres(t, version, "logical")
	ep, err := endpoint.Parse(url)
	if err != nil {
		t.Fatal(err)
	}
	c, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(context.Background()) })
	return &server{t, ep, c}
}

func (s *server) exec(q string) error {
	_, err := s.con.Exec(context.Background(), q, pgx.QueryExecModeSimpleProtocol)
	return err
}

func (s *server) must(q string) {
	s.t.Helper()
	if err := s.exec(q); err != nil {
		s.t.Fatalf("%s: %v", q, err)
	}
}

func (s *server) source() *logical.Source {
	s.t.Helper()
	src, err := logical.Open(context.Background(), s.ep, logical.Options{Task: s.t.Name(), Logger: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { src.Close() })
	return src
}

func TestSource(t *testing.T) {
	versions := enginetest.PostgresVersions(t)
	if n := len(versions); n > 2 {
		versions = []int{versions[0], versions[n-1]}
	}
	for _, v := range versions {
		t.Run(fmt.Sprint(v), func(t *testing.T) { suite(t, v) })
	}
}

func suite(t *testing.T, version int) {
	s := open(t, version)
	// What a server may be set to must not change values.
	s.must(`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET bytea_output = escape', current_database());
		EXECUTE format('ALTER DATABASE %I SET extra_float_digits = 0', current_database());
		EXECUTE format('ALTER DATABASE %I SET DateStyle = ''German''', current_database());
		EXECUTE format('ALTER DATABASE %I SET IntervalStyle = ''iso_8601''', current_database());
		EXECUTE format('ALTER DATABASE %I SET TimeZone = ''Asia/Kolkata''', current_database()); END $$`)
	var last *logical.Source
	sourcetest.Run(t, sourcetest.Harness{
		Family: "postgres", Schema: "public", Exec: s.exec,
		Open: func(ctx context.Context) (migrate.Source, error) {
			src, err := logical.Open(ctx, s.ep, logical.Options{Task: "suite"})
			if err != nil {
				return nil, err
			}
			last = src
			return migrate.PostgresSource(src), nil
		},
		Follow: func(ctx context.Context, _ migrate.Source, tables []*change.Table) error {
			_, err := last.Arm(ctx, tables)
			return err
		},
	})
}

func intTable(t testing.TB, name string) *change.Table {
	return sourcetest.Table(t, "public", name, []string{"id"}, sourcetest.Column("id", types.Int{Bits: 32}), sourcetest.Column("n", types.Int{Bits: 32}))
}

func limited(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func TestSnapshotIsRefused(t *testing.T) {
	src := migrate.PostgresSource(open(t, 15).source())
	if _, err := src.Snapshot(limited(t), nil, 1); !errors.Is(err, logical.ErrUnsupported) {
		t.Errorf("%v", err)
	}
}

// TestPositionLost: a slot that is gone, or that has moved past the position, ends the stream; nothing is passed over.
func TestPositionLost(t *testing.T) {
	ctx, s := limited(t), open(t, 15)
	s.must("CREATE TABLE t (id int PRIMARY KEY, n int)")
	src, table := s.source(), intTable(t, "t")
	tables := []*change.Table{table}
	follow := func(from change.Position) error {
		to, err := src.Position(ctx)
		if err != nil {
			t.Fatal(err)
		}
		_, err = sourcetest.Collect(ctx, migrate.PostgresSource(src), from, to, tables)
		return err
	}
	if err := follow(logical.LSN(1)); !errors.Is(err, logical.ErrNotArmed) {
		t.Errorf("without slot: %v", err)
	}
	start, err := src.Arm(ctx, tables)
	if err != nil {
		t.Fatal(err)
	}
	s.must("INSERT INTO t VALUES (1, 1)")
	if err := follow(start.(logical.LSN) - 1); !errors.Is(err, logical.ErrPositionLost) {
		t.Errorf("before the slot: %v", err)
	}
	if err := follow(start); err != nil {
		t.Errorf("from the slot: %v", err)
	}
	s.must("ALTER TABLE t REPLICA IDENTITY DEFAULT; UPDATE t SET n = 2")
	if err := follow(start); !errors.Is(err, logical.ErrNotWhole) {
		t.Errorf("without whole rows: %v", err)
	}
	if err := src.Disarm(ctx); err != nil {
		t.Fatal(err)
	}
	if err := follow(start); !errors.Is(err, logical.ErrNotArmed) {
		t.Errorf("disarmed: %v", err)
	}
}

// TestArm: it is made anew each time, and Disarm leaves things as they were.
func TestArm(t *testing.T) {
	ctx, s := limited(t), open(t, 15)
	s.must(`CREATE TABLE a (id int PRIMARY KEY, n int); CREATE TABLE b (id int, n int); ALTER TABLE b REPLICA IDENTITY FULL;
		CREATE TABLE p (id int PRIMARY KEY, n int) PARTITION BY RANGE (id); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)`)
	src := s.source()
	tables := []*change.Table{intTable(t, "a"), intTable(t, "b"), intTable(t, "p")}
	identities := func() string {
		var out string
		if err := s.con.QueryRow(ctx, "SELECT string_agg(relname || '=' || relreplident::text, ' ' ORDER BY relname) FROM pg_class WHERE relname IN ('a','b','p','p1')").Scan(&out); err != nil {
			t.Fatal(err)
		}
		return out
	}
	var before change.Position
	for range 2 {
		at, err := src.Arm(ctx, tables)
		if err != nil {
			t.Fatal(err)
		}
		if before != nil && (!at.Covers(before) || before.Covers(at)) {
			t.Errorf("armed at %s, then at %s", before, at)
		}
		before = at
		s.must("INSERT INTO a VALUES (1, 1); DELETE FROM a")
	}
	if got := identities(); got != "a=f b=f p=f p1=f" {
		t.Error(got)
	}
	s.must("INSERT INTO p VALUES (1, 1); UPDATE p SET n = 2")
	to, err := src.Position(ctx)
	if err != nil {
		t.Fatal(err)
	}
	txs, err := sourcetest.Collect(ctx, migrate.PostgresSource(src), before, to, tables)
	rows := 0
	for _, tx := range txs {
		rows += tx.Rows()
	}
	if err != nil || rows != 4 {
		t.Errorf("%d rows since the second arming, %v", rows, err)
	}
	if st, err := src.Slot(ctx); err != nil || !st.There || st.Lost {
		t.Errorf("%+v, %v", st, err)
	}
	for range 2 {
		if err := src.Disarm(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if got := identities(); got != "a=d b=f p=d p1=d" {
		t.Error(got)
	}
}

// TestCheck names what stands in the way.
func TestCheck(t *testing.T) {
	ctx, s := limited(t), open(t, 15)
	s.must("CREATE TABLE a (id int PRIMARY KEY, n int); CREATE UNLOGGED TABLE b (id int PRIMARY KEY, n int, x int); CREATE TABLE c (id int PRIMARY KEY, n point)")
	src := s.source()
	if p, err := src.Check(ctx, []*change.Table{intTable(t, "a")}); err != nil || len(p) != 0 {
		t.Errorf("%v, %v", p, err)
	}
	p, err := src.Check(ctx, []*change.Table{intTable(t, "b"), intTable(t, "c"), intTable(t, "none")})
	if err != nil {
		t.Fatal(err)
	}
	text := ""
	for _, e := range p {
		text += e.Error() + "\n"
	}
	for _, want := range []string{"columns that the other side lacks (x)", "SET LOGGED", `"c".n: values of type point`, `"none" does not exist`} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

// TestComputedColumns: a table with stored computed columns can still be written to; one with others is refused.
func TestComputedColumns(t *testing.T) {
	versions := enginetest.PostgresVersions(t)
	ctx, s := limited(t), open(t, versions[len(versions)-1])
	s.must("CREATE TABLE a (id int PRIMARY KEY, n int, g int GENERATED ALWAYS AS (n + 1) STORED)")
	src, tables := s.source(), []*change.Table{intTable(t, "a")}
	start, err := src.Arm(ctx, tables)
	if err != nil {
		t.Fatal(err)
	}
	s.must("INSERT INTO a VALUES (1, 1); UPDATE a SET n = 2; DELETE FROM a")
	to, err := src.Position(ctx)
	if err != nil {
		t.Fatal(err)
	}
	txs, err := sourcetest.Collect(ctx, migrate.PostgresSource(src), start, to, tables)
	kinds := ""
	for _, tx := range txs {
		for _, c := range tx.Changes {
			kinds += c.Kind.String() + " "
		}
	}
	if err != nil || kinds != "insert update delete " {
		t.Errorf("%q, %v", kinds, err)
	}
	if versions[len(versions)-1] < 18 {
		return
	}
	s.must("CREATE TABLE b (id int PRIMARY KEY, n int, g int GENERATED ALWAYS AS (n + 1) VIRTUAL)")
	b := []*change.Table{intTable(t, "b")}
	if p, err := src.Check(ctx, b); err != nil || len(p) != 1 || !strings.Contains(p[0].Error(), "make the column STORED") {
		t.Errorf("%v, %v", p, err)
	}
	if _, err := src.Arm(ctx, b); !errors.Is(err, logical.ErrSettings) {
		t.Errorf("armed: %v", err)
	}
	s.must("UPDATE b SET n = 1")
}

func TestParseLSN(t *testing.T) {
	l, err := logical.ParseLSN("16/B374D848")
	if err != nil || l.String() != "16/B374D848" || uint64(l) != 0x16B374D848 {
		t.Errorf("%v, %v", l, err)
	}
	for _, bad := range []string{"", "16", "x/1", "1/1/1", "1/100000000"} {
		if _, err := logical.ParseLSN(bad); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

// TestSlotGivenUp: a slot whose log the server has thrown away (max_slot_wal_keep_size) ends the stream; nothing is passed over.
func TestSlotGivenUp(t *testing.T) {
	ctx := limited(t)
	own := enginetest.Private(t, "pg15")[0]
	ep, err := endpoint.Parse(own.URL)
	if err != nil {
		t.Fatal(err)
	}
	c, err := pgx.Connect(ctx, own.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(context.Background()) })
	s := &server{t, ep, c}
	s.must("CREATE TABLE t (id int PRIMARY KEY, n int)")
	s.must("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'")
	s.must("SELECT pg_reload_conf()")
	src, tables := s.source(), []*change.Table{intTable(t, "t")}
	start, err := src.Arm(ctx, tables)
	if err != nil {
		t.Fatal(err)
	}
	s.must("INSERT INTO t VALUES (1, 1)")
	for range 4 {
		s.must("CREATE TABLE gone AS SELECT 1; DROP TABLE gone; SELECT pg_switch_wal()")
	}
	s.must("CHECKPOINT")
	if slot, err := src.Slot(ctx); err != nil || !slot.Lost {
		t.Fatalf("the slot is %+v, %v", slot, err)
	}
	to, err := src.Position(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if txs, err := sourcetest.Collect(ctx, migrate.PostgresSource(src), start, to, tables); !errors.Is(err, logical.ErrPositionLost) || len(txs) > 0 {
		t.Errorf("%d transactions, %v", len(txs), err)
	}
}
