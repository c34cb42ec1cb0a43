package migrate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"godwit/runner/change"
)

// countingSink counts the appliers that are opened: each is an attempt.
type countingSink struct {
	Sink
	n *atomic.Int64
}

func (s countingSink) Applier(ctx context.Context, tables []*change.Table, single bool) (Applier, error) {
	s.n.Add(1)
	return s.Sink.Applier(ctx, tables, single)
}

// poisoned is a moved table whose target refuses n = 13 and has lost the row 2000, and a backlog of 900 transactions that
// meets both.
func poisoned(t *testing.T, r *rig, mode string) (Task, Options, *atomic.Int64) {
	opts, task := small(r), r.task()
	task.Apply.Mode = mode
	run(t, task, opts)
	r.pg("ALTER TABLE a ADD CONSTRAINT lucky CHECK (n <> 13); DELETE FROM a WHERE id = 2000")
	for i := range 900 {
		n := i + 100
		if i == 700 {
			n = 13
		}
		r.my("UPDATE a SET n = %d WHERE id = %d", n, i)
		if i == 800 {
			r.my("UPDATE a SET n = n + 100 WHERE id BETWEEN 1990 AND 2010")
		}
	}
	full := task
	full.Defaults()
	var attempts atomic.Int64
	opts.OpenSink = func(ctx context.Context) (Sink, error) {
		s, err := OpenSink(ctx, &full, opts.Logger)
		return countingSink{s, &attempts}, err
	}
	return task, opts, &attempts
}

// A row that the target refuses stops the run by name. All before its transaction is applied, nothing of it and nothing
// behind it; and it is found by halves, not one by one.
func TestPoisonStops(t *testing.T) {
	eachMode(t, families()[0], []string{modeOrdered, modeBatch, modeAuto}, func(t *testing.T, r *rig, mode string) {
		task, opts, attempts := poisoned(t, r, mode)
		_, err := Run(context.Background(), task, opts)
		if err == nil || change.IsTransient(err) || !contained(err.Error(), "lucky", "SQLSTATE 23514") {
			t.Fatalf("error %v, want the constraint", err)
		}
		if got := r.dump("SELECT concat(count(*), ' ', max(id)) FROM a WHERE n > 0"); got != "700 699" {
			t.Errorf("%s rows are changed, want 700 up to 699", got)
		}
		if n := attempts.Load(); n > 40 {
			t.Errorf("%d attempts to find one of 900 transactions", n)
		}
	})
}

func contained(s string, parts ...string) bool {
	for _, p := range parts {
		if !strings.Contains(s, p) {
			return false
		}
	}
	return true
}

// With on_error: except the same rows are set aside, and all others are applied.
func TestPoisonIsSetAside(t *testing.T) {
	eachMode(t, families()[0], []string{modeOrdered, modeBatch, modeParallel, modeAuto}, func(t *testing.T, r *rig, mode string) {
		task, opts, _ := poisoned(t, r, mode)
		opts.OpenSink = nil // the counting one sets nothing aside
		task.Apply.OnError = "except"
		res := run(t, task, opts)
		if res.Exceptions != 2 {
			t.Errorf("%d rows were set aside, want 2", res.Exceptions)
		}
		want := "update 23514 700 {\"id\":\"700\",\"n\":\"13\"}\nupdate - 2000 {\"id\":\"2000\",\"n\":\"100\"}"
		if got := r.dump("SELECT concat(kind, ' ', coalesce(sqlstate, '-'), ' ', after::json ->> 'id', ' ', after) FROM godwit.exceptions ORDER BY id"); got != want {
			t.Errorf("set aside:\n%s\nwant\n%s", got, want)
		}
		r.pg("UPDATE a SET n = 12 WHERE id = 700; INSERT INTO a VALUES (2000, 100)")
		r.my("UPDATE a SET n = 12 WHERE id = 700")
		r.sameSmall()
	})
}

// A transaction too large for memory is read again when it fails, and only its bad rows are set aside.
func TestPoisonInLargeTransaction(t *testing.T) {
	t.Parallel()
	r := newRig(t, families()[0])
	r.my("CREATE TABLE w (id int primary key, s varchar(100))")
	r.pg("CREATE TABLE w (id int primary key, s varchar(100), CHECK (id <> 20013))")
	opts, task := small(r), r.task()
	opts.Tables = append(opts.Tables, r.table("w", []string{"id"}, col("id", tInt), col("s", tText)))
	run(t, task, opts)
	r.my("UPDATE a SET n = 1 WHERE id < 5")
	r.my("INSERT INTO w SELECT x.id * 10 + y.id, REPEAT('x', 90) FROM a x, (SELECT id FROM a WHERE id < 10) y")
	r.my("UPDATE a SET n = 2 WHERE id < 5")
	_, err := Run(context.Background(), task, opts)
	if err == nil || !contained(err.Error(), "23514") {
		t.Errorf("error %v, want the constraint", err)
	}
	if got := r.dump("SELECT concat((SELECT count(*) FROM w), ' ', (SELECT sum(n) FROM a))"); got != "0 5" {
		t.Errorf("%s, want nothing of the transaction and all before it", got)
	}
	task.Apply.OnError = "except"
	if res := run(t, task, opts); res.Exceptions != 1 {
		t.Errorf("%d rows were set aside", res.Exceptions)
	}
	if got := r.dump("SELECT concat((SELECT count(*) FROM w), ' ', (SELECT sum(n) FROM a), ' ', (SELECT string_agg(after, ',') FROM godwit.exceptions))"); got != fmt.Sprintf("29999 10 {\"id\":\"20013\",\"s\":\"%s\"}", strings.Repeat("x", 90)) {
		t.Errorf("the target holds %s", got)
	}
}

// Errors that are not a row's own are never set aside.
func TestOtherErrorsAreNotSetAside(t *testing.T) {
	t.Parallel()
	r := newRig(t, families()[0])
	opts, task := small(r), r.task()
	run(t, task, opts)
	r.pg("ALTER TABLE a RENAME COLUMN n TO m")
	r.my("UPDATE a SET n = 1 WHERE id < 5")
	task.Apply.OnError = "except"
	_, err := Run(context.Background(), task, opts)
	if err == nil || errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want one about the column", err)
	}
	if got := r.dump("SELECT count(*)::text FROM godwit.exceptions"); got != "0" {
		t.Errorf("%s rows were set aside", got)
	}
}
