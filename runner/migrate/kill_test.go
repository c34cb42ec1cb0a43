package migrate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"godwit/ir/catalog"
	"godwit/ir/types"
	"godwit/runner/change"
)

// The kill test: a process moves a bank while clerks work in it, and is killed again and again. The sum of all balances
// never changes on the source, so it must not change in any state of the target that anyone can see, and in the end
// every row must be the same.

const (
	childEnv   = "GODWIT_MOVER_CHILD"
	kills      = 20
	loadKills  = 11 // of them before the target was consistent for the first time
	leastLoad  = 3  // kills in the load, and in the stream, that show something
	leastAfter = 5
	accounts   = 200
	balance    = 1000
	fillers    = 60_000
)

// bank is the tables of the kill test.
func bank(schema string) []*catalog.Table {
	items := tableOf(schema, "items", []string{"id"}, col("id", tInt), col("o", tInt), col("n", tInt))
	items.ForeignKeys = []*catalog.ForeignKey{{Name: "items_o", Columns: []string{"o"}, RefTable: "orders", RefColumns: []string{"id"}, OnDelete: "CASCADE"}}
	filler := tableOf(schema, "filler", []string{"id"}, col("id", tInt), col("u", tInt), col("s", tText))
	filler.Keys = append(filler.Keys, &catalog.Key{Kind: catalog.Unique, Parts: []catalog.KeyPart{{Column: "u"}}})
	return []*catalog.Table{
		tableOf(schema, "accounts", []string{"id"}, col("id", tInt), col("balance", types.Int{Bits: 64}), col("seen", types.Timestamp{Precision: 6})),
		tableOf(schema, "transfers", []string{"id"}, col("id", types.Int{Bits: 64}), col("a", tInt), col("b", tInt), col("n", tInt)),
		tableOf(schema, "orders", []string{"id"}, col("id", tInt), col("s", tText)),
		items, filler,
		tableOf(schema, "notes", nil, col("s", tText), col("n", tInt)),
	}
}

const bankMy = `CREATE TABLE accounts (id int primary key, balance bigint, seen timestamp(6) null);
CREATE TABLE transfers (id bigint auto_increment primary key, a int, b int, n int);
CREATE TABLE orders (id int primary key, s varchar(100));
CREATE TABLE items (id int primary key, o int, n int, constraint items_o foreign key (o) references orders (id) on delete cascade);
CREATE TABLE filler (id int primary key, u int unique, s varchar(100));
CREATE TABLE notes (s varchar(100), n int)`

const bankPg = `CREATE TABLE accounts (id int primary key, balance bigint, seen timestamptz(6));
CREATE TABLE transfers (id bigint primary key, a int, b int, n int);
CREATE TABLE orders (id int primary key, s varchar(100));
CREATE TABLE items (id int primary key, o int, n int);
CREATE TABLE filler (id int primary key, u int, s varchar(100));
CREATE TABLE notes (s varchar(100), n int)`

// bankHooks make the keys at the moments that Hooks asks for.
func bankHooks(url string) Hooks {
	h := Hooks{
		Loaded: func(context.Context, []*change.Table) error {
			return pgExec(url, `ALTER TABLE items DROP CONSTRAINT IF EXISTS items_o;
				ALTER TABLE items ADD CONSTRAINT items_o FOREIGN KEY (o) REFERENCES orders (id) ON DELETE CASCADE`)
		},
		Consistent: func(context.Context, []*change.Table) error {
			return pgExec(url, `CREATE UNIQUE INDEX IF NOT EXISTS filler_u ON filler (u)`)
		},
	}
	h.Whole = func(ctx context.Context, tables []*change.Table) error {
		return errors.Join(h.Loaded(ctx, tables), h.Consistent(ctx, tables))
	}
	return h
}

func bankTask(src, dst string) Task {
	t := Task{Name: "bank", Source: Endpoint{URL: src}, Target: Endpoint{URL: dst}}
	t.Load.Workers, t.Load.ChunkRows = 3, 100
	return t
}

// child is the process that is killed.
func child() int {
	args := strings.Split(os.Getenv(childEnv), "\n")
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelInfo}))
	_, err := Run(context.Background(), bankTask(args[0], args[1]), Options{Tables: bank(args[2]), Hooks: bankHooks(args[1]), Logger: log})
	fmt.Fprintln(os.Stderr, "child ended:", err)
	return 3
}

func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: kills take half a minute")
	}
	eachFamily(t, families(), testKill)
}

func testKill(t *testing.T, r *rig) {
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("GODWIT_TEST_SEED"); s != "" {
		seed, _ = strconv.ParseUint(s, 10, 64)
	}
	t.Logf("GODWIT_TEST_SEED=%d", seed)
	rnd := rand.New(rand.NewPCG(seed, 1))
	r.my("%s", bankMy)
	fillBank(r)
	r.pg(bankPg)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	clerks := startClerks(ctx, t, r.db, seed)
	watch := startWatch(ctx, t, r.dstURL)

	inLoad, inStream := 0, 0
	few := func() bool { return inLoad < leastLoad || inStream < leastAfter }
	for n := 0; n < kills || few() && n < 3*kills; n++ { // on a slow machine the first ones come before the load begins
		after := time.Duration(250+rnd.IntN(500)) * time.Millisecond
		if inLoad+inStream == 0 {
			after += time.Duration(n) * 50 * time.Millisecond // until one comes behind the beginning of the load
		}
		if n >= loadKills && inLoad >= leastLoad && inStream == 0 {
			after = 0 // run until the target is consistent
		}
		phase, out := killOne(t, r, after)
		t.Logf("kill %2d after %v in phase %s", n, after, phase)
		switch phase {
		case "loading":
			inLoad++
		case "consistent":
			inStream++
		}
		if strings.Contains(out, "child ended") {
			t.Fatalf("the mover ended by itself:\n%s", out)
		}
	}
	if few() {
		t.Errorf("%d kills in the load and %d in the stream: too few to show anything", inLoad, inStream)
	}
	cancel()
	done := clerks.wait()
	run(t, bankTask(r.srcURL, r.dstURL), Options{Tables: bank(r.schema), Hooks: bankHooks(r.dstURL), Until: Until{CaughtUp: true}})
	seen := watch.wait()
	t.Logf("%d transactions on the source, %d states of the target seen", done, seen)
	if done < 500 || seen < 50 {
		t.Errorf("too little happened: %d transactions, %d states seen", done, seen)
	}
	compareBank(r)
}

// mover is the process of a task.
type mover struct {
	cmd  *exec.Cmd
	text *strings.Builder
}

func startMover(t *testing.T, src, dst, schema string) *mover {
	t.Helper()
	m := &mover{cmd: exec.Command(os.Args[0], "-test.run=^$"), text: &strings.Builder{}}
	m.cmd.Env = append(os.Environ(), childEnv+"="+src+"\n"+dst+"\n"+schema)
	m.cmd.Stdout, m.cmd.Stderr = m.text, m.text
	if err := m.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return m
}

// kill ends the process and returns what it said.
func (m *mover) kill(t *testing.T) string {
	t.Helper()
	if err := m.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Fatal(err)
	}
	m.cmd.Wait()
	return m.text.String()
}

// killOne runs the mover for a while, or until the target is consistent, kills it, and tells the phase it was in.
func killOne(t *testing.T, r *rig, after time.Duration) (phase, out string) {
	t.Helper()
	m := startMover(t, r.srcURL, r.dstURL, r.schema)
	phases := pgRow[string](r.dstURL, "SELECT phase FROM godwit.progress WHERE task = 'bank'")
	for end := time.Now().Add(time.Minute); after == 0 && phases() != "consistent" && time.Now().Before(end); {
		time.Sleep(50 * time.Millisecond)
	}
	time.Sleep(after)
	out = m.kill(t)
	return phases(), out
}

// pgRow reads one value from the target again and again, the zero value if there is none.
func pgRow[T any](url, sql string) func() T {
	return func() (v T) {
		ctx := context.Background()
		c, err := pgx.Connect(ctx, url)
		if err != nil {
			return v
		}
		defer c.Close(ctx)
		_ = c.QueryRow(ctx, sql).Scan(&v) // no row, no table: nothing yet
		return v
	}
}

func fillBank(r *rig) {
	values := func(n int, row func(i int) string) {
		const step = 5000
		for i := 0; i < n; i += step {
			var b strings.Builder
			for k := i; k < min(i+step, n); k++ {
				if k > i {
					b.WriteByte(',')
				}
				b.WriteString(row(k))
			}
			r.my("%s", strings.Replace(b.String(), "(", "INSERT INTO "+strings.SplitN(row(-1), "(", 2)[0]+" VALUES (", 1))
		}
	}
	named := func(table string, row func(i int) string) func(int) string {
		return func(i int) string {
			if i < 0 {
				return table + "("
			}
			return row(i)
		}
	}
	values(accounts, named("accounts", func(i int) string { return fmt.Sprintf("(%d,%d,NULL)", i, balance) }))
	values(fillers, named("filler", func(i int) string { return fmt.Sprintf("(%d,%d,'filler %d')", i*10, i, i) }))
	values(500, named("orders", func(i int) string { return fmt.Sprintf("(%d,'order')", i) }))
	values(2000, named("items", func(i int) string { return fmt.Sprintf("(%d,%d,1)", i, i%500) }))
	values(300, named("notes", func(i int) string { return fmt.Sprintf("('note',%d)", i%7) }))
}

// group is goroutines that count until their context ends.
type group struct {
	wg      sync.WaitGroup
	n       atomic.Int64
	patient atomic.Bool  // errors are expected
	gate    sync.RWMutex // held by who wants no transaction to run
}

func (g *group) wait() int64 {
	g.wg.Wait()
	return g.n.Load()
}

func startClerks(ctx context.Context, t *testing.T, db *sql.DB, seed uint64) *group {
	g := &group{}
	for w := range 3 {
		g.wg.Add(1)
		go func() {
			defer g.wg.Done()
			rnd := rand.New(rand.NewPCG(seed, uint64(100+w)))
			for i := 0; ctx.Err() == nil; i++ {
				g.gate.RLock()
				err := clerk(db, rnd, w, i)
				g.gate.RUnlock()
				if err != nil && g.patient.Load() {
					time.Sleep(50 * time.Millisecond) // the server is away
					continue
				}
				if err != nil && !strings.Contains(err.Error(), "1213") && !strings.Contains(err.Error(), "1205") && !strings.Contains(err.Error(), "1062") {
					t.Errorf("clerk %d: %v", w, err)
					return
				}
				g.n.Add(1)
				time.Sleep(time.Duration(rnd.IntN(3)) * time.Millisecond)
			}
		}()
	}
	return g
}

// clerk does one transaction.
func clerk(db *sql.DB, rnd *rand.Rand, w, i int) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	do := func(format string, args ...any) {
		if err == nil {
			_, err = tx.Exec(fmt.Sprintf(format, args...))
		}
	}
	a, b, n := rnd.IntN(accounts), rnd.IntN(accounts), rnd.IntN(50)
	do("UPDATE accounts SET balance = balance - %d, seen = NOW(6) WHERE id = %d", n, a)
	do("UPDATE accounts SET balance = balance + %d WHERE id = %d", n, b)
	do("INSERT INTO transfers (a, b, n) VALUES (%d, %d, %d)", a, b, n)
	id := rnd.IntN(fillers) * 10
	switch rnd.IntN(9) {
	case 0: // a row moves to another chunk
		do("UPDATE filler SET id = %d WHERE id = %d", rnd.IntN(fillers)*10+1+rnd.IntN(8), id)
	case 1:
		do("DELETE FROM filler WHERE id BETWEEN %d AND %d", id, id+20)
	case 2:
		do("UPDATE filler SET s = CONCAT(LEFT(s, 50), '!') WHERE id BETWEEN %d AND %d", id, id+300)
	case 3: // a unique value goes from one row to another
		do("UPDATE filler SET u = NULL WHERE id = %d", id)
		do("INSERT IGNORE INTO filler VALUES (%d, %d, 'new')", rnd.IntN(fillers)*10+9, id/10)
	case 4:
		do("DELETE FROM orders WHERE id = %d", rnd.IntN(500)) // and its items, which the log does not tell
	case 5:
		o := rnd.IntN(500)
		do("INSERT IGNORE INTO orders VALUES (%d, 'again')", o)
		do("INSERT IGNORE INTO items VALUES (%d, %d, %d)", 10000+w*1_000_000+i, o, i)
	case 6:
		do("INSERT INTO notes VALUES ('more', %d)", rnd.IntN(7))
		do("UPDATE notes SET s = 'seen' WHERE n = %d LIMIT 1", rnd.IntN(7))
	case 7:
		do("DELETE FROM notes WHERE n = %d LIMIT 1", rnd.IntN(7))
	}
	if err != nil || rnd.IntN(20) == 0 {
		return err
	}
	return tx.Commit()
}

// startWatch looks at the target all the time: once it is consistent, money is neither made nor lost.
func startWatch(ctx context.Context, t *testing.T, url string) *group {
	g := &group{}
	g.wg.Add(1)
	go func() {
		defer g.wg.Done()
		var c *pgx.Conn
		defer func() {
			if c != nil {
				c.Close(context.Background())
			}
		}()
		for ctx.Err() == nil {
			time.Sleep(5 * time.Millisecond)
			if c == nil || c.IsClosed() {
				var err error
				if c, err = pgx.Connect(ctx, url); err != nil {
					continue // the server is away
				}
			}
			var sum, moved, n int64
			err := c.QueryRow(context.Background(), `SELECT (SELECT sum(balance) FROM accounts), (SELECT count(*) FROM accounts),
				(SELECT count(*) FROM transfers) FROM godwit.progress WHERE phase = 'consistent'`).Scan(&sum, &n, &moved)
			if err != nil {
				continue // not there yet, or not consistent yet
			}
			g.n.Add(1)
			if sum != accounts*balance || n != accounts {
				t.Errorf("the target shows %d accounts with %d in all, after %d transfers", n, sum, moved)
				return
			}
		}
	}()
	return g
}

// orphans counts the rows of the source that break its own foreign key: a server that lost half of a transaction is no
// measure of the mover.
func (r *rig) orphans() string {
	r.t.Helper()
	return r.dumpMy("SELECT CONVERT(COUNT(*), CHAR) FROM items WHERE NOT EXISTS (SELECT 1 FROM orders WHERE orders.id = items.o)")
}

func compareBank(r *rig) {
	r.t.Helper()
	if n := r.orphans(); n != "0" {
		r.t.Errorf("the source has %s items without an order", n)
	}
	for _, c := range [][2]string{
		{"SELECT CONCAT_WS('|', id, balance, IFNULL(seen, '')) FROM accounts ORDER BY id",
			"SELECT concat_ws('|', id, balance, coalesce(to_char(seen at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), '')) FROM accounts ORDER BY id"},
		{"SELECT CONCAT_WS('|', id, a, b, n) FROM transfers ORDER BY id", "SELECT concat_ws('|', id, a, b, n) FROM transfers ORDER BY id"},
		{"SELECT CONCAT_WS('|', id, s) FROM orders ORDER BY id", "SELECT concat_ws('|', id, s) FROM orders ORDER BY id"},
		{"SELECT CONCAT_WS('|', id, o, n) FROM items ORDER BY id", "SELECT concat_ws('|', id, o, n) FROM items ORDER BY id"},
		{"SELECT CONCAT_WS('|', id, IFNULL(u, 'NULL'), s) FROM filler ORDER BY id", "SELECT concat_ws('|', id, coalesce(u::text, 'NULL'), s) FROM filler ORDER BY id"},
		{"SELECT CONCAT_WS('|', s, n) v FROM notes ORDER BY BINARY v", `SELECT concat_ws('|', s, n) COLLATE "C" v FROM notes ORDER BY v`},
	} {
		r.same(c[0], c[1])
	}
}
