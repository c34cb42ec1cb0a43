package migrate

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/bits"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"godwit/ir/catalog"
	"godwit/runner/change"
	"godwit/runner/enginetest"
)

// small is a table of 3000 rows on both ends, and the options to move it.
func small(r *rig) Options {
	r.my("CREATE TABLE a (id int primary key, n int)")
	r.pg("CREATE TABLE a (id int primary key, n int)")
	digits := "(SELECT 0 d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)"
	r.my("INSERT INTO a SELECT p.d*1000+q.d*100+s.d*10+t.d, 0 FROM %s p, %s q, %s s, %s t WHERE p.d < 3", digits, digits, digits, digits)
	return Options{Tables: []*catalog.Table{r.table("a", []string{"id"}, col("id", tInt), col("n", tInt))}, Until: Until{CaughtUp: true}}
}

func (r *rig) sameSmall() {
	r.t.Helper()
	r.same("SELECT CONCAT(id, ' ', n) FROM a ORDER BY id", "SELECT concat(id, ' ', n) FROM a ORDER BY id")
}

// brokenSink is a sink that fails now and then as a server does whose disk is full.
type brokenSink struct {
	Sink
	calls, fails *atomic.Int64
	now          *atomic.Bool
}

// diskFull is what PostgreSQL says, marked as its sink marks it.
func diskFull() error {
	return change.Transient(&pgconn.PgError{Severity: "ERROR", Code: "53100", Message: "could not extend file: No space left on device"})
}

// full is true of the call after now was set, and of about every third one, without a period: a run that always makes the same calls must not
// fail at the same one for ever.
func (s brokenSink) full() bool {
	if n := s.calls.Add(1); !s.now.Swap(false) && bits.OnesCount64(uint64(n))%3 != 0 {
		return false
	}
	s.fails.Add(1)
	return true
}

// Load reads half of the chunk and fails, now and then.
func (s brokenSink) Load(ctx context.Context, c change.Chunk, rows iter.Seq2[*change.Batch, error], span func() (change.Span, error)) (change.Loaded, error) {
	if !s.full() {
		return s.Sink.Load(ctx, c, rows, span)
	}
	return s.Sink.Load(ctx, c, func(yield func(*change.Batch, error) bool) {
		for b, err := range rows {
			if !yield(b, err) {
				return
			}
			yield(nil, diskFull())
			return
		}
	}, span)
}

func (s brokenSink) Applier(ctx context.Context, tables []*change.Table, single bool) (Applier, error) {
	a, err := s.Sink.Applier(ctx, tables, single)
	if err != nil {
		return nil, err
	}
	return brokenApplier{a, s}, nil
}

type brokenApplier struct {
	Applier
	s brokenSink
}

// Commit fails before it commits, now and then.
func (a brokenApplier) Commit(ctx context.Context, after string, p change.Position, commit time.Time) error {
	if a.s.full() {
		return diskFull()
	}
	return a.Applier.Commit(ctx, after, p, commit)
}

// A full disk interrupts the run; it goes on when there is room, and no row is lost or doubled.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	r := newRig(t, families()[0])
	opts := small(r)
	task := r.task()
	task.Defaults()
	var calls, fails atomic.Int64
	var now atomic.Bool
	now.Store(true)
	opts.OpenSink = func(ctx context.Context) (Sink, error) {
		s, err := OpenSink(ctx, &task, opts.Logger)
		if err != nil {
			return nil, err
		}
		return brokenSink{s, &calls, &fails, &now}, nil
	}
	run(t, task, opts)
	r.sameSmall()
	for range 3 {
		r.my("UPDATE a SET n = n + 1 WHERE id %% 3 = 0")
		r.my("DELETE FROM a WHERE id %% 50 = 7 LIMIT 5")
	}
	before := fails.Load()
	now.Store(true)
	run(t, task, opts)
	r.sameSmall()
	if before == 0 || fails.Load() == before {
		t.Errorf("the disk was full in %d calls of the load and %d of the stream only", before, fails.Load()-before)
	}
}

// Connections that are dropped at both ends, again and again while rows change, interrupt the run and nothing else.
func TestConnectionsDropped(t *testing.T) {
	eachFamily(t, families(), testConnectionsDropped)
}

func testConnectionsDropped(t *testing.T, r *rig) {
	opts := small(r)
	opts.Until = Until{}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		_, err := Run(ctx, r.task(), opts)
		ended <- err
	}()
	drops := 0
	for i := 0; i < 60 || drops < 4 && i < 600; i++ { // on a busy machine the task is seldom connected
		r.my("UPDATE a SET n = n + 1 WHERE id BETWEEN %d AND %d", i*50, i*50+200)
		r.my("INSERT INTO a VALUES (%d, 1)", 10000+i)
		if i%4 == 3 {
			var n int
			if _, err := fmt.Sscan(r.dump("SELECT count(pg_terminate_backend(pid))::text FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"), &n); err != nil {
				t.Fatal(err)
			}
			drops += n
		}
		if i%10 == 9 {
			drops += r.dropSource()
		}
		time.Sleep(50 * time.Millisecond)
	}
	cancel()
	if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	opts.Until = Until{CaughtUp: true}
	run(t, r.task(), opts)
	r.sameSmall()
	if drops < 4 {
		t.Errorf("only %d connections were dropped", drops)
	}
}

// dropSource ends the mover's connections to the source's test database, and those that stream its log.
func (r *rig) dropSource() (n int) {
	r.t.Helper()
	ids := r.dumpMy("SELECT CONVERT(id, CHAR) FROM information_schema.processlist WHERE id <> CONNECTION_ID() AND db = DATABASE() AND time < 1000 AND command <> 'Sleep'")
	for _, id := range strings.Fields(ids) {
		if _, err := r.db.Exec("KILL " + id); err == nil {
			n++
		}
	}
	return n
}

// A statement that the source logged as text, not as rows, stops the run by name: it cannot be followed exactly. The servers
// are the test's own: the statement stops every task that reads the same log.
func TestStatementFormat(t *testing.T) {
	t.Parallel()
	for _, source := range []string{"mariadb", "mysql80"} {
		t.Run(source, func(t *testing.T) {
			t.Parallel()
			testStatementFormat(t, rigOn(t, enginetest.Private(t, source)[0].URL, "statements", enginetest.FreshPostgres(t, 15, "mover")))
		})
	}
}

func testStatementFormat(t *testing.T, r *rig) {
	opts := small(r)
	run(t, r.task(), opts)
	r.db.SetMaxOpenConns(1)
	r.my("SET SESSION binlog_format = 'STATEMENT'")
	r.my("UPDATE a SET n = 5 WHERE id = 1")
	r.my("SET SESSION binlog_format = 'ROW'")
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	_, err := Run(ctx, r.task(), opts)
	if err == nil || !strings.Contains(err.Error(), "binlog_format") {
		t.Errorf("error %v, want one that names binlog_format", err)
	}
	if got := r.dump("SELECT n::text FROM a WHERE id = 1"); got != "0" {
		t.Errorf("the statement was applied: n = %s", got)
	}
}

// A wrong password ends the run at once, with the end that refused it, and without the password.
func TestWrongPassword(t *testing.T) {
	for _, f := range families() {
		t.Run(f.name, func(t *testing.T) {
			r := newRig(t, f)
			opts, task := small(r), r.task()
			t.Setenv("GODWIT_WRONG", "sesame-0-open")
			task.Source.Password = "env:GODWIT_WRONG"
			ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
			defer cancel()
			_, err := Run(ctx, task, opts)
			if err == nil || ctx.Err() != nil || !strings.Contains(strings.ToLower(err.Error()), "access denied") || strings.Contains(err.Error(), "sesame") {
				t.Errorf("error %v", err)
			}
		})
	}
}

// TestWrongPasswordOfTarget: so does one that PostgreSQL refuses, in whatever form it is sent.
func TestWrongPasswordOfTarget(t *testing.T) {
	dst := enginetest.Private(t, "pg15")[0]
	r := &rig{t: t, dstURL: dst.URL}
	r.pg("CREATE ROLE mover LOGIN SUPERUSER PASSWORD 'right'")
	src := newRig(t, families()[0])
	for _, method := range []string{"scram-sha-256", "password"} {
		dst.Restart(map[string][]byte{"pg_hba.conf": []byte("host all mover 127.0.0.1/32 " + method + "\nhost all all 127.0.0.1/32 trust\n")})
		u, err := url.Parse(dst.URL)
		if err != nil {
			t.Fatal(err)
		}
		u.User = url.User("mover")
		t.Setenv("GODWIT_WRONG", "sesame-0-open")
		task := src.task()
		task.Target = Endpoint{URL: u.String(), Password: "env:GODWIT_WRONG"}
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		_, err = Run(ctx, task, Options{Tables: []*catalog.Table{src.table("a", []string{"id"}, col("id", tInt))}, Until: Until{Loaded: true}})
		if err == nil || ctx.Err() != nil || !strings.Contains(err.Error(), "28P01") || strings.Contains(err.Error(), "sesame") {
			t.Errorf("%s: error %v", method, err)
		}
		cancel()
	}
}
