package migrate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"

	"godwit/ir/catalog"
	"godwit/ir/types"
	"godwit/runner/change"
	"godwit/runner/enginetest"
)

// The tests of modes move a club: accounts that trade money, seats with a unique code that are handed on, orders whose items
// cascade, notes without a key, and a journal that is truncated. Money is neither made nor lost in any state.

const clubMy = `CREATE TABLE accounts (id int primary key, balance bigint not null);
CREATE TABLE seats (id int primary key, code varchar(20) unique, owner int not null, constraint seats_owner foreign key (owner) references accounts (id));
CREATE TABLE orders (id int primary key, s varchar(100));
CREATE TABLE items (id int primary key, o int, n int, constraint items_o foreign key (o) references orders (id) on delete cascade);
CREATE TABLE notes (s varchar(100), n int);
CREATE TABLE journal (id int auto_increment primary key, s varchar(100))`

const clubPg = `CREATE TABLE accounts (id int primary key, balance bigint not null);
CREATE TABLE seats (id int primary key, code varchar(20), owner int not null);
CREATE TABLE orders (id int primary key, s varchar(100));
CREATE TABLE items (id int primary key, o int, n int);
CREATE TABLE notes (s varchar(100), n int);
CREATE TABLE journal (id int primary key, s varchar(100))`

const (
	members = 60
	seats   = 80
)

func club(schema string) []*catalog.Table {
	owned := tableOf(schema, "seats", []string{"id"}, col("id", tInt), col("code", types.Text{N: 20, Charset: "utf8mb4"}), col("owner", tInt))
	owned.Keys = append(owned.Keys, &catalog.Key{Kind: catalog.Unique, Parts: []catalog.KeyPart{{Column: "code"}}})
	owned.ForeignKeys = []*catalog.ForeignKey{{Name: "seats_owner", Columns: []string{"owner"}, RefTable: "accounts", RefColumns: []string{"id"}}}
	items := tableOf(schema, "items", []string{"id"}, col("id", tInt), col("o", tInt), col("n", tInt))
	items.ForeignKeys = []*catalog.ForeignKey{{Name: "items_o", Columns: []string{"o"}, RefTable: "orders", RefColumns: []string{"id"}, OnDelete: "CASCADE"}}
	return []*catalog.Table{
		owned, tableOf(schema, "accounts", []string{"id"}, col("id", tInt), col("balance", types.Int{Bits: 64})),
		items, tableOf(schema, "orders", []string{"id"}, col("id", tInt), col("s", tText)),
		tableOf(schema, "notes", nil, col("s", tText), col("n", tInt)),
		tableOf(schema, "journal", []string{"id"}, col("id", tInt), col("s", tText)),
	}
}

func clubHooks(url string) Hooks {
	return Hooks{
		Loaded: func(context.Context, []*change.Table) error {
			return pgExec(url, `ALTER TABLE items DROP CONSTRAINT IF EXISTS items_o;
				ALTER TABLE items ADD CONSTRAINT items_o FOREIGN KEY (o) REFERENCES orders (id) ON DELETE CASCADE`)
		},
		Consistent: func(context.Context, []*change.Table) error {
			return pgExec(url, `CREATE UNIQUE INDEX IF NOT EXISTS seats_code ON seats (code);
				ALTER TABLE seats DROP CONSTRAINT IF EXISTS seats_owner;
				ALTER TABLE seats ADD CONSTRAINT seats_owner FOREIGN KEY (owner) REFERENCES accounts (id)`)
		},
	}
}

// member does one transaction in the club.
func member(db *sql.DB, rnd *rand.Rand, id int) error {
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
	a, b, s, n := rnd.IntN(members), rnd.IntN(members), rnd.IntN(seats), rnd.IntN(100)
	switch rnd.IntN(12) {
	case 0: // two seats trade their codes
		t := (s + 1) % seats
		do("UPDATE seats SET code = NULL WHERE id = %d", s)
		do("UPDATE seats SET code = 'c%d' WHERE id = %d", s, t)
		do("UPDATE seats SET code = 'c%d' WHERE id = %d", t, s)
	case 1: // a code goes to a new seat
		do("DELETE FROM seats WHERE id = %d", s)
		do("INSERT INTO seats VALUES (%d, 'c%d', %d)", seats+rnd.IntN(seats), s, a)
	case 2: // a new member takes a seat over, and money with it
		do("INSERT INTO accounts VALUES (%d, 0)", 1000+id)
		do("UPDATE seats SET owner = %d WHERE id = %d", 1000+id, s)
		do("UPDATE accounts SET balance = balance - 1 WHERE id = %d", a)
		do("UPDATE accounts SET balance = balance + 1 WHERE id = %d", 1000+id)
	case 3: // and leaves
		do("UPDATE seats SET owner = %d WHERE owner >= 1000 LIMIT 5", a)
		do("UPDATE accounts SET balance = balance + (SELECT * FROM (SELECT COALESCE(SUM(balance), 0) FROM accounts WHERE id >= 1000 AND NOT EXISTS (SELECT 1 FROM seats WHERE owner = accounts.id)) z) WHERE id = %d", a)
		do("DELETE FROM accounts WHERE id >= 1000 AND NOT EXISTS (SELECT 1 FROM seats WHERE owner = accounts.id)")
	case 4: // a key moves
		do("UPDATE seats SET id = %d WHERE id = %d", 3*seats+rnd.IntN(seats), s)
	case 5:
		do("INSERT INTO orders VALUES (%d, 'order')", n)
		do("INSERT INTO items VALUES (%d, %d, 1), (%d, %d, 2)", 2*id, n, 2*id+1, n)
	case 6:
		do("DELETE FROM orders WHERE id = %d", n) // and its items, which the log does not tell
	case 7:
		do("INSERT INTO notes VALUES ('note', %d), ('note', %d)", n%5, n%7)
		do("DELETE FROM notes WHERE n = %d LIMIT 1", n%6)
	case 8:
		do("INSERT INTO journal (s) VALUES ('a'), ('b'), ('c')")
		do("UPDATE journal SET s = CONCAT(s, '!') WHERE id %% 7 = %d AND LENGTH(s) < 90", n%7)
	default:
		do("UPDATE accounts SET balance = balance - %d WHERE id = %d", n, a)
		do("UPDATE accounts SET balance = balance + %d WHERE id = %d", n, b)
	}
	if err != nil {
		return err
	}
	return tx.Commit()
}

// busy does transactions; those that the keys refuse are left out.
func busy(ctx context.Context, t *testing.T, r *rig, seed uint64, from, n int) {
	t.Helper()
	rnd := rand.New(rand.NewPCG(seed, 3))
	for i := from; i < from+n && ctx.Err() == nil; i++ {
		err := member(r.db, rnd, i)
		var refused *mysql.MySQLError
		if err != nil && !(errors.As(err, &refused) && strings.Contains(" 1062 1205 1213 1451 1452 ", fmt.Sprintf(" %d ", refused.Number))) {
			t.Error(err)
			return
		}
		if i%200 == 150 {
			r.my("TRUNCATE TABLE journal")
		}
	}
}

// In every mode the target goes through states of the source only, and ends with its rows: first behind a backlog, then
// beside a writer.
func TestModes(t *testing.T) {
	eachFamily(t, families(), testModes)
}

func fillClub(r *rig) {
	r.my("%s", clubMy)
	for i := range members {
		r.my("INSERT INTO accounts VALUES (%d, %d)", i, balance)
	}
	for i := range seats {
		r.my("INSERT INTO seats VALUES (%d, 'c%d', %d)", i, i, i%members)
	}
}

func testModes(t *testing.T, r *rig) {
	fillClub(r)
	type moved struct {
		mode string
		rig  rig
		task Task
		opts Options
	}
	var all []moved
	for _, mode := range []string{modeOrdered, modeBatch, modeParallel, modeAuto} {
		m := moved{mode: mode, rig: *r}
		if mode != modeOrdered {
			m.rig.dstURL = enginetest.FreshPostgres(t, 15, "mover")
		}
		m.rig.pg(clubPg)
		m.task = m.rig.task()
		m.task.Apply.Mode, m.task.Apply.Rows, m.task.Apply.Lanes, m.task.Apply.Wait = mode, 150, 4, 5*time.Millisecond
		m.opts = Options{Tables: club(r.schema), Hooks: clubHooks(m.rig.dstURL), Until: Until{CaughtUp: true}}
		run(t, m.task, m.opts)
		all = append(all, m)
	}
	ctx := context.Background()
	busy(ctx, t, r, 1, 0, 600)
	for i, m := range all {
		t.Run(m.mode, func(t *testing.T) {
			m.rig.t = t
			watching, stop := context.WithCancel(ctx)
			defer stop()
			seen := watchMoney(watching, t, m.rig.dstURL)
			run(t, m.task, m.opts) // the backlog
			following, end := context.WithCancel(ctx)
			ended := make(chan error, 1)
			go func() {
				_, err := Run(following, m.task, Options{Tables: m.opts.Tables, Hooks: m.opts.Hooks})
				ended <- err
			}()
			busy(ctx, t, &m.rig, uint64(i+2), 1000*(i+1), 100)
			end()
			if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			run(t, m.task, m.opts)
			stop()
			if n := seen.wait(); n < 3 {
				t.Errorf("only %d states were seen", n)
			}
			sameClub(&m.rig)
		})
	}
}

// watchMoney looks at the target all the time: the sum of all balances never changes.
func watchMoney(ctx context.Context, t *testing.T, url string) *group {
	g := &group{}
	g.wg.Add(1)
	go func() {
		defer g.wg.Done()
		sum := pgRow[int64](url, "SELECT sum(balance)::bigint FROM accounts")
		for ctx.Err() == nil {
			if got := sum(); got != members*balance {
				t.Errorf("the target shows %d in all accounts, not %d", got, members*balance)
				return
			}
			g.n.Add(1)
			time.Sleep(3 * time.Millisecond)
		}
	}()
	return g
}

func sameClub(r *rig) {
	r.t.Helper()
	for _, q := range []string{"SELECT concat(id, ' ', balance) FROM accounts ORDER BY id", "SELECT concat(id, ' ', coalesce(code, '-'), ' ', owner) FROM seats ORDER BY id",
		"SELECT concat(id, ' ', s) FROM orders ORDER BY id", "SELECT concat(id, ' ', o, ' ', n) FROM items ORDER BY id",
		"SELECT concat(n, ' ', s) FROM notes ORDER BY n", "SELECT concat(id, ' ', s) FROM journal ORDER BY id"} {
		r.same(q, q)
	}
}
