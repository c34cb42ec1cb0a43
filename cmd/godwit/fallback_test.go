package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"godwit/runner/cutover"
	"godwit/runner/enginetest"
	"godwit/runner/migrate"
)

// bank is a source with every kind of column, with foreign keys that act, and with triggers; all of the move is the tool's own.
var bank = []string{
	"CREATE TABLE account (id INT AUTO_INCREMENT PRIMARY KEY, owner VARCHAR(40) NOT NULL, balance DECIMAL(12,2) NOT NULL, changed TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, UNIQUE KEY (owner))",
	"CREATE TABLE transfer (id BIGINT AUTO_INCREMENT PRIMARY KEY, src INT NOT NULL, dst INT NOT NULL, amount DECIMAL(12,2) NOT NULL, FOREIGN KEY (src) REFERENCES account (id) ON DELETE CASCADE ON UPDATE CASCADE, FOREIGN KEY (dst) REFERENCES account (id) ON DELETE CASCADE ON UPDATE CASCADE)",
	"CREATE TABLE note (transfer BIGINT, body TEXT, FOREIGN KEY (transfer) REFERENCES transfer (id) ON DELETE SET NULL)",
	"CREATE TABLE audit (id INT AUTO_INCREMENT PRIMARY KEY, what VARCHAR(60) NOT NULL)",
	"CREATE TRIGGER account_added AFTER INSERT ON account FOR EACH ROW INSERT INTO audit (what) VALUES (CONCAT('new ', NEW.owner))",
	`CREATE TABLE kinds (id INT PRIMARY KEY, t1 TINYINT(1), t TINYINT, tu TINYINT UNSIGNED, s SMALLINT, su SMALLINT UNSIGNED, m MEDIUMINT, i INT, iu INT UNSIGNED, b BIGINT, bu BIGINT UNSIGNED,
		d DECIMAL(20,6), f FLOAT, g DOUBLE, fd FLOAT(7,2), b1 BIT(1), b10 BIT(10), c CHAR(10), v VARCHAR(50) CHARACTER SET latin1, x LONGTEXT, bi BINARY(8), vb VARBINARY(20), bl LONGBLOB,
		da DATE, dt DATETIME, dt6 DATETIME(6), ts TIMESTAMP(3) NULL, ti TIME, ti3 TIME(3), y YEAR, e ENUM('small','large'), st SET('x','y','z'), j JSON, gen INT AS (i + 1) STORED)`,
	`INSERT INTO kinds (id, t1, tu, i, bu, d, f, g, b10, c, v, bi, dt6, ts, ti, e, st) VALUES (1, 1, 255, 7, 18446744073709551615, 1.5, 0.1, 0.1, b'11', 'c', 'é', X'01', '2026-01-01 00:00:00.5', '2026-01-01 00:00:00.125', '-838:59:59', 'large', 'z,x'), (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)`,
}

// kindsOnTarget are values at the ends of the types, as an application writes them on PostgreSQL.
const kindsOnTarget = `INSERT INTO %[1]s.kinds (id, t1, t, tu, s, su, m, i, iu, b, bu, d, f, g, fd, b1, b10, c, v, x, bi, vb, bl, da, dt, dt6, ts, ti, ti3, y, e, st, j) VALUES
	(10, 0, -128, 255, -32768, 65535, -8388608, -2147483648, 4294967295, -9223372036854775808, 18446744073709551615, -99999999999999.999999, 3.4028235e38, 5e-324, -99999.99, B'1', B'1000000001', 'abc', 'ü€ ''x''\', repeat('é', 100000),
		'\x0001000000000000', '\x00ff5c27', decode(repeat('00ff5c270d0a', 50000), 'hex'), '9999-12-31', '9999-12-31 23:59:59', '1000-01-01 00:00:00.000001', '2038-01-19 03:14:07.999+00', '-838:59:59', '838:59:58.999', 2155, 'large', 'x,y,z', '{"b": [1, 2.5, "é\"\\"], "a": null, "c": 18446744073709551615}'),
	(11, 1, 127, 0, 32767, 0, 8388607, 2147483646, 0, 9223372036854775807, 0, 0, -0.0, 1.7976931348623157e308, 0.01, B'0', B'0000000000', '', '', '', '\x0000000000000000', '', '', '1000-01-01', '1970-01-01', '9999-12-31 23:59:59.999999', '1970-01-01 00:00:01+00', '1 day 02:00:00', '-00:00:00.001', 0, 'small', '', '[]')`

// way is a move with its way back.
type way struct {
	mySource
	ctx  context.Context
	path string
	dst  string
	out  bytes.Buffer
	err  bytes.Buffer
}

func newWay(t *testing.T, version int, fresh freshSource) *way {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	t.Cleanup(cancel)
	w := &way{mySource: newMySource(t, fresh, "back"), ctx: ctx, dst: enginetest.FreshPostgres(t, version, "back")}
	for _, q := range bank {
		w.source(q)
	}
	for i := 1; i <= 20; i++ {
		w.source("INSERT INTO account (owner, balance) VALUES (?, 1000)", fmt.Sprintf("owner %d", i))
	}
	// The progress of the way back lies in a database of the test's own.
	state := w.schema + "_g"
	t.Cleanup(func() { w.my.Exec("DROP DATABASE IF EXISTS `" + state + "`") })
	w.path = filepath.Join(t.TempDir(), "bank.yaml")
	text := fmt.Sprintf("name: bank\nsource: {url: %q}\ntarget: {url: %q}\nload: {workers: 2}\nfallback: {database: %s, triggers: park}\n", w.url, w.dst, state)
	if err := os.WriteFile(w.path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return w
}

// godwit runs a command line and returns its output.
func (w *way) godwit(code int, args ...string) string {
	w.t.Helper()
	w.out.Reset()
	w.err.Reset()
	if got := run(w.ctx, args, strings.NewReader(""), &w.out, &w.err); got != code {
		w.t.Fatalf("godwit %s: code %d\n%s%s", strings.Join(args, " "), got, w.out.String(), w.err.String())
	}
	return w.out.String()
}

// writer works on one side until it is stopped or kept out.
type writer struct {
	stop  context.CancelFunc
	wg    sync.WaitGroup
	done  int
	ended error // other than by stop
}

func (w *way) writer(one func(ctx context.Context, r *rand.Rand, n int) error) *writer {
	ctx, cancel := context.WithCancel(w.ctx)
	x := &writer{stop: cancel}
	x.wg.Add(1)
	go func() {
		defer x.wg.Done()
		r := rand.New(rand.NewPCG(1, uint64(os.Getpid())))
		for ; ctx.Err() == nil; x.done++ {
			if err := one(ctx, r, x.done); err != nil {
				if ctx.Err() == nil {
					x.ended = err
				}
				return
			}
			time.Sleep(2 * time.Millisecond)
		}
	}()
	w.t.Cleanup(func() { x.halt() })
	return x
}

func (x *writer) halt() int {
	x.stop()
	x.wg.Wait()
	return x.done
}

// onSource moves money on MySQL.
func (w *way) onSource(ctx context.Context, r *rand.Rand, n int) error {
	tx, err := w.my.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	a, b := 1+r.IntN(20), 1+r.IntN(20)
	for _, q := range []string{
		fmt.Sprintf("UPDATE account SET balance = balance - 1 WHERE id = %d", a), fmt.Sprintf("UPDATE account SET balance = balance + 1 WHERE id = %d", b),
		fmt.Sprintf("INSERT INTO transfer (src, dst, amount) VALUES (%d, %d, 1)", a, b), fmt.Sprintf("INSERT INTO note VALUES (LAST_INSERT_ID(), 'n%d')", n%5),
	} {
		if _, err := tx.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// onTarget moves money on PostgreSQL, opens and closes accounts, renumbers them, and changes values of all kinds.
func (w *way) onTarget(pool interface {
	BeginTx(context.Context, pgx.TxOptions) (pgx.Tx, error)
}) func(context.Context, *rand.Rand, int) error {
	return func(ctx context.Context, r *rand.Rand, n int) error {
		a, b := 1+r.IntN(20), 1+r.IntN(20)
		list := []string{
			fmt.Sprintf("UPDATE $.account SET balance = balance - 1 WHERE id = %d", a), fmt.Sprintf("UPDATE $.account SET balance = balance + 1 WHERE id = %d", b),
			fmt.Sprintf("WITH t AS (INSERT INTO $.transfer (src, dst, amount) VALUES (%d, %d, 1) RETURNING id) INSERT INTO $.note SELECT id, 'p%d' FROM t", a, b, n%3),
		}
		switch n % 10 {
		case 1:
			list = append(list, fmt.Sprintf("INSERT INTO $.account (owner, balance) VALUES ('late %d', 0)", n),
				fmt.Sprintf("INSERT INTO $.transfer (src, dst, amount) SELECT id, %d, 0 FROM $.account WHERE owner = 'late %d'", a, n))
		case 3:
			list = append(list, fmt.Sprintf("UPDATE $.account SET id = id + 100000, owner = owner || '!' WHERE owner = 'late %d'", n-2))
		case 5:
			list = append(list, fmt.Sprintf("DELETE FROM $.account WHERE owner = 'late %d!'", n-4), "DELETE FROM $.note WHERE transfer IS NULL AND body = 'p1'")
		case 7:
			list = append(list, fmt.Sprintf("UPDATE $.kinds SET i = %d, x = NULL, dt6 = now(), j = jsonb_build_object('n', %d) WHERE id = 1 + %d", n, n, n%2), "UPDATE $.note SET body = body || '.' WHERE body = 'p2'")
		case 9:
			list = append(list, fmt.Sprintf("UPDATE $.kinds SET f = %d / 7.0, ti = make_interval(secs => %d), v = 'ü%d' WHERE id >= 10", n, n%800000, n))
		}
		if n%50 == 49 {
			list = append(list, "TRUNCATE $.audit")
		}
		tx, err := pool.BeginTx(ctx, pgx.TxOptions{})
		if err != nil {
			return err
		}
		defer tx.Rollback(context.Background())
		for _, q := range list {
			if _, err := tx.Exec(ctx, strings.ReplaceAll(q, "$.", pgx.Identifier{w.schema}.Sanitize()+".")); err != nil {
				return fmt.Errorf("%s: %w", q, err)
			}
		}
		return tx.Commit(ctx)
	}
}

// stopper is a fence: asked, it stops the applications and says that the source is closed. The tests' servers serve others.
type stopper struct{ *writer }

// ReadOnly implements cutover.Fencer.
func (s stopper) ReadOnly(context.Context) (bool, error) {
	s.halt()
	return true, nil
}

// SetReadOnly implements cutover.Fencer.
func (stopper) SetReadOnly(context.Context, bool) error {
	return errors.New("the source is closed already")
}

// TestFallback moves, cuts over under a running writer, lets a writer work on the target, goes back under that writer, and
// compares both sides.
func TestFallback(t *testing.T) {
	eachWay(t, func(t *testing.T, version int, fresh freshSource) {
		w := newWay(t, version, fresh)
		w.there()
		w.back()
	})
}

// eachWay runs a test from each kind of source to one version of the target.
func eachWay(t *testing.T, test func(t *testing.T, version int, fresh freshSource)) {
	for _, c := range []struct {
		name    string
		version int
		fresh   freshSource
	}{{"mariadb to 15", 15, enginetest.FreshMariaDB}, {"mysql80 to 18", 18, enginetest.FreshMySQL80}} {
		t.Run(c.name, func(t *testing.T) {
			enginetest.Postgres(t, c.version)
			test(t, c.version, c.fresh)
		})
	}
}

// there moves to PostgreSQL and arms the way back.
func (w *way) there() {
	t := w.t
	w.godwit(0, "migrate", w.path, "--until", "verified")
	before := w.writer(w.onSource)
	if text := w.godwit(0, "cutover", w.path, "--dry-run", "--fallback"); !strings.Contains(text, "keep the target's changes") || !strings.Contains(text, "catch up with the source: ") {
		t.Errorf("dry run:\n%s", text)
	}
	p, err := openProject(w.ctx, w.path)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if err := p.convert(w.ctx); err != nil {
		t.Fatal(err)
	}
	m, err := (&app{out: &w.out, err: &w.err}).mover(p, false)
	if err != nil {
		t.Fatal(err)
	}
	src, err := mysqlSource(w.ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	o := (&cutoverCmd{app: &app{out: &w.out, err: &w.err}, fallback: true, switchFlags: switchFlags{quiet: 100 * time.Millisecond}}).options(m, src)
	o.Fencer = stopper{before}
	res, err := cutover.Run(w.ctx, o)
	if err != nil || res.State != cutover.Switched || res.Pause <= 0 || before.ended != nil || before.done < 20 {
		t.Fatalf("%v, %+v, %d transactions, %v\n%s", err, res, before.done, before.ended, w.err.String())
	}
	t.Logf("cutover: writers paused for %s", res.Pause)
	// Triggers of the source are put aside: the rows that they make come from the target.
	if n := w.count("SELECT COUNT(*) FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()"); n != 0 {
		t.Errorf("%d triggers are left", n)
	}
}

func (w *way) count(q string) (n int) {
	w.t.Helper()
	if err := w.my.QueryRow(q).Scan(&n); err != nil {
		w.t.Fatalf("%s: %v", q, err)
	}
	return n
}

// back works on PostgreSQL, streams back with interruptions, and switches.
func (w *way) back() {
	t := w.t
	// The application's sessions are not the project's, which a fence leaves alone.
	config, err := pgx.ParseConfig(w.dst)
	if err != nil {
		t.Fatal(err)
	}
	config.RuntimeParams["application_name"] = "bank"
	conn, err := pgx.ConnectConfig(w.ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(w.ctx, fmt.Sprintf(kindsOnTarget, pgx.Identifier{w.schema}.Sanitize())); err != nil {
		t.Fatal(err)
	}
	after := w.writer(w.onTarget(conn))
	w.interrupted()
	if text := w.godwit(0, "fallback", "status", w.path); !strings.Contains(text, "applied") || !strings.Contains(text, "lag ") {
		t.Errorf("status:\n%s", text)
	}
	if text := w.godwit(0, "fallback", "switch", w.path, "--dry-run"); !strings.Contains(text, "let the old source take writes again") {
		t.Errorf("dry run:\n%s", text)
	}
	if after.ended != nil {
		t.Fatal(after.ended)
	}
	text := w.godwit(0, "fallback", "switch", w.path, "--read-only", "--quiet", "100ms")
	if !strings.Contains(text, "writers paused for") {
		t.Error(text)
	}
	t.Logf("fallback: %s%s", text, w.err.String())
	n := after.halt()
	if after.ended == nil || n < 50 {
		t.Errorf("the writer was not kept out: %d transactions, %v", n, after.ended)
	}
	w.compare()
}

// interrupted streams back in runs that end at any moment, while the sum of all balances must be right in every state.
func (w *way) interrupted() {
	w.t.Helper()
	p, err := openConverted(w.ctx, w.path)
	if err != nil {
		w.t.Fatal(err)
	}
	defer p.Close()
	x := p.wayBack((&app{err: &w.err}).progress(false))
	for i := range 8 {
		ctx, cancel := context.WithTimeout(w.ctx, time.Duration(40+60*i)*time.Millisecond)
		_, err := x.Run(ctx, migrate.Until{})
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) {
			w.t.Fatalf("run %d: %v", i, err)
		}
		if n := w.count("SELECT CAST(SUM(balance) AS SIGNED) FROM account WHERE id <= 20"); n != 20000 {
			w.t.Errorf("after run %d the balances make %d", i, n)
		}
	}
	for i := range 6 {
		w.killed(time.Duration(500+150*i) * time.Millisecond)
		if n := w.count("SELECT CAST(SUM(balance) AS SIGNED) FROM account WHERE id <= 20"); n != 20000 {
			w.t.Errorf("after kill %d the balances make %d", i, n)
		}
	}
	w.godwit(0, "fallback", "run", w.path, "--until-caught-up")
}

// childEnv names the task of the process that is killed.
const childEnv = "GODWIT_TEST_FALLBACK_CHILD"

// killed streams back in a process of its own and kills it.
func (w *way) killed(after time.Duration) {
	w.t.Helper()
	self, err := os.Executable()
	if err != nil {
		w.t.Fatal(err)
	}
	c := exec.Command(self, "-test.run", "^TestFallbackChild$")
	c.Env = append(os.Environ(), childEnv+"="+w.path)
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	if err := c.Start(); err != nil {
		w.t.Fatal(err)
	}
	time.Sleep(after)
	if err := c.Process.Kill(); err != nil {
		w.t.Errorf("the child had ended: %v", err)
	}
	if err := c.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		w.t.Errorf("the child ended by itself: %v\n%s", err, out.String())
	}
}

// TestFallbackChild is the process that TestFallback kills.
func TestFallbackChild(t *testing.T) {
	path := os.Getenv(childEnv)
	if path == "" {
		t.Skip("skipped: it is the process that TestFallback kills")
	}
	if code := run(context.Background(), []string{"fallback", "run", path}, strings.NewReader(""), os.Stdout, os.Stderr); code != 0 {
		t.Errorf("code %d", code)
	}
}

// compare checks that both sides are equal, and that the source is as it was beside its rows.
func (w *way) compare() {
	t := w.t
	w.godwit(0, "verify", w.path, "--static")
	if n := w.count("SELECT CAST(SUM(balance) AS SIGNED) FROM account WHERE id <= 20"); n != 20000 {
		t.Errorf("the balances make %d", n)
	}
	if n := w.count("SELECT COUNT(*) FROM kinds WHERE gen = i + 1 AND id >= 10 AND bl IS NOT NULL"); n != 2 {
		t.Errorf("%d rows of all kinds", n)
	}
	var last int64
	conn, err := pgx.Connect(w.ctx, w.dst)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if err := conn.QueryRow(w.ctx, "SELECT last_value FROM pg_sequences WHERE schemaname = $1 AND sequencename LIKE 'transfer%'", w.schema).Scan(&last); err != nil {
		t.Fatal(err)
	}
	res, err := w.my.Exec("INSERT INTO transfer (src, dst, amount) VALUES (1, 2, 0)")
	if err != nil {
		t.Fatal(err)
	}
	if id, _ := res.LastInsertId(); id != last+1 {
		t.Errorf("the source's counter goes on at %d, the target's stopped at %d", id, last)
	}
	w.source("INSERT INTO account (owner, balance) VALUES ('again', 0)")
	if n := w.count("SELECT COUNT(*) FROM audit WHERE what = 'new again'"); n != 1 {
		t.Error("the trigger is not there again")
	}
	var slots int
	if err := conn.QueryRow(w.ctx, "SELECT count(*) FROM pg_replication_slots WHERE database = current_database()").Scan(&slots); err != nil || slots != 0 {
		t.Errorf("%d slots are left, %v", slots, err)
	}
	if text := w.godwit(exitFailed, "fallback", "run", w.path); text != "" {
		t.Error(text)
	}
}
