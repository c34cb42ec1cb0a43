package cutover

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"godwit/ir/catalog"
	"godwit/ir/types"
	"godwit/runner/apply"
	"godwit/runner/change"
	"godwit/runner/endpoint"
	"godwit/runner/enginetest"
	"godwit/runner/verify"
)

type pos int

func (p pos) String() string                { return fmt.Sprint(int(p)) }
func (p pos) Covers(o change.Position) bool { return p >= o.(pos) }

// rig is a cutover whose parts note what they are asked to do.
type rig struct {
	log       []string
	at        pos   // where the source is
	late      int64 // rows that come after the fence
	ro        bool
	failAt    string // a step that fails
	different bool
}

var errPlanted = errors.New("planted")

func (r *rig) note(s string) error {
	r.log = append(r.log, s)
	if r.failAt == s {
		return errPlanted
	}
	return nil
}

func (r *rig) CatchUp(context.Context) error                     { return r.note("catch up") }
func (r *rig) Position(context.Context) (change.Position, error) { return r.at, nil }
func (r *rig) Plan(context.Context) ([]Number, error) {
	return []Number{{Sequence: "s", Next: "5"}}, nil
}
func (r *rig) Set(context.Context, []Number) error    { return r.note("numbers") }
func (r *rig) ReadOnly(context.Context) (bool, error) { return r.ro, nil }
func (r *rig) SetReadOnly(_ context.Context, on bool) error {
	r.ro = on
	return r.note(fmt.Sprintf("read only %v", on))
}
func (r *rig) Drain(_ context.Context, p change.Position) (int64, error) {
	n := int64(0)
	if r.late > 0 {
		if len(r.log) > 0 && r.log[len(r.log)-1] == "drain" {
			n = r.late
		}
		r.at++
	}
	return n, r.note("drain")
}

func (r *rig) options(pool *pgxpool.Pool) Options {
	return Options{
		Task: "t", Target: pool, Stream: r, Numbers: r, Fencer: r, Quiet: time.Millisecond, Schemas: []string{"public"},
		Apply: func(_ context.Context, s ...apply.Stage) (*apply.Report, error) {
			return &apply.Report{}, r.note("apply " + string(s[0]))
		},
		Plan: func(_ context.Context, s ...apply.Stage) (*apply.Report, error) {
			return &apply.Report{Events: []apply.Event{{Outcome: apply.Would}, {Outcome: apply.Already}}}, nil
		},
		Verify: func(context.Context) (*verify.Report, error) {
			st := verify.Verified
			if r.different {
				st = verify.Different
			}
			return &verify.Report{Tables: []verify.Table{{Source: "a.b", State: st}}}, r.note("verify")
		},
	}
}

func target(t *testing.T) *pgxpool.Pool {
	t.Helper()
	e, err := endpoint.Parse(enginetest.FreshPostgres(t, 15, t.Name()))
	if err != nil {
		t.Fatal(err)
	}
	p, err := e.OpenPostgres(context.Background(), 3)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func exec(t *testing.T, p *pgxpool.Pool, q string) {
	t.Helper()
	if _, err := p.Exec(context.Background(), q); err != nil {
		t.Fatalf("%s: %v", q, err)
	}
}

var everything = []string{"catch up", "read only true", "drain", "numbers", "apply keys", "verify", "apply triggers"}

func TestStraight(t *testing.T) {
	pool, r := target(t), &rig{}
	exec(t, pool, "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p int); ALTER TABLE c ADD CONSTRAINT fk FOREIGN KEY (p) REFERENCES p NOT VALID")
	res, err := Run(context.Background(), r.options(pool))
	if err != nil || res.State != Switched || res.Pause <= 0 || len(res.Steps) != 8 {
		t.Fatalf("%v, %+v", err, res)
	}
	if d := cmp.Diff(everything, r.log); d != "" {
		t.Error(d)
	}
	if open, err := notValid(context.Background(), pool, []string{"public"}); err != nil || len(open) != 0 {
		t.Errorf("not validated: %v, %v", open, err)
	}
	if st, err := Load(context.Background(), pool, "t"); err != nil || st.State != Switched || st.SwitchedAt.IsZero() || st.Position != "0" {
		t.Errorf("%+v, %v", st, err)
	}
	again := &rig{}
	if res, err := Run(context.Background(), again.options(pool)); err != nil || res.State != Switched || len(again.log) != 0 {
		t.Errorf("a second run: %v, %+v, %v", err, res, again.log)
	}
	if err := Abort(context.Background(), r.options(pool)); !errors.Is(err, ErrNoWayBack) {
		t.Errorf("abort after the switch: %v", err)
	}
}

// TestResume stops at every step and goes on.
func TestResume(t *testing.T) {
	pool := target(t)
	afterFence := everything[2:]
	for i, at := range everything {
		o := &rig{failAt: at}
		opt := o.options(pool)
		opt.Task = at
		if _, err := Run(context.Background(), opt); !errors.Is(err, errPlanted) {
			t.Fatalf("%s: %v", at, err)
		}
		o.failAt, o.log = "", nil
		res, err := Run(context.Background(), opt)
		if err != nil || res.State != Switched {
			t.Errorf("%s: %v, %+v", at, err, res)
		}
		want := afterFence
		switch i {
		case 0:
			want = everything
		case 1: // the switch was turned although the answer was lost: it is found on
			want = append([]string{"catch up"}, afterFence...)
		}
		if d := cmp.Diff(want, o.log); d != "" {
			t.Errorf("resumed after %s: %s", at, d)
		}
	}
}

func TestWrittenAfterFence(t *testing.T) {
	pool, r := target(t), &rig{late: 3}
	if _, err := Run(context.Background(), r.options(pool)); !errors.Is(err, ErrWritten) {
		t.Fatalf("rows after the fence: %v", err)
	}
	r.late, r.ro = 0, false
	if _, err := Run(context.Background(), r.options(pool)); !errors.Is(err, ErrWritten) {
		t.Errorf("a lifted fence: %v", err)
	}
}

func TestDifferencesAndAbort(t *testing.T) {
	pool, r := target(t), &rig{different: true}
	res, err := Run(context.Background(), r.options(pool))
	if !errors.Is(err, ErrDifferent) || !strings.Contains(err.Error(), "a.b is different") || res.State != Constrained || res.Verify == nil {
		t.Fatalf("%v, %+v", err, res)
	}
	manual := r.options(pool)
	manual.Fencer = nil
	if err := Abort(context.Background(), manual); err == nil || !r.ro {
		t.Errorf("abort without the switch leaves the source closed and says nothing: %v", err)
	}
	if err := Abort(context.Background(), r.options(pool)); err != nil || r.ro {
		t.Fatalf("%v, read only %v", err, r.ro)
	}
	if st, err := Load(context.Background(), pool, "t"); err != nil || st.State != New {
		t.Errorf("%+v, %v", st, err)
	}
}

func TestInvalidConstraintStops(t *testing.T) {
	pool, r := target(t), &rig{}
	exec(t, pool, "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p int); INSERT INTO c VALUES (9); ALTER TABLE c ADD CONSTRAINT fk FOREIGN KEY (p) REFERENCES p NOT VALID")
	if _, err := Run(context.Background(), r.options(pool)); err == nil || !strings.Contains(err.Error(), "constraint fk of c") {
		t.Errorf("%v", err)
	}
}

func TestDryRun(t *testing.T) {
	pool, r := target(t), &rig{}
	steps, blockers, err := DryRun(context.Background(), r.options(pool))
	if err != nil || len(blockers) != 0 || len(steps) != 8 || len(r.log) != 0 {
		t.Fatalf("%v, %v, %v, %v", err, blockers, steps, r.log)
	}
	if !strings.Contains(steps[4].Detail, "apply 1 files") {
		t.Error(steps[4].Detail)
	}
	var there bool
	if err := pool.QueryRow(context.Background(), "SELECT to_regnamespace('godwit') IS NOT NULL").Scan(&there); err != nil || there {
		t.Errorf("a dry run made something: %v, %v", there, err)
	}
}

func TestCounters(t *testing.T) {
	ctx := context.Background()
	pool := target(t)
	u, db := enginetest.FreshMariaDB(t, t.Name())
	p, _ := url.Parse(u)
	schema := strings.TrimPrefix(p.Path, "/")
	for _, q := range []string{
		"CREATE TABLE a (id INT AUTO_INCREMENT PRIMARY KEY) AUTO_INCREMENT = 100", "CREATE TABLE b (id INT AUTO_INCREMENT PRIMARY KEY)",
		"CREATE TABLE e (id INT AUTO_INCREMENT PRIMARY KEY)", "INSERT INTO b VALUES (7)", "CREATE SEQUENCE s START WITH 40 INCREMENT BY 5 NOCACHE", "SELECT NEXTVAL(s)",
	} {
		if _, err := db.Exec(q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
	exec(t, pool, `CREATE TABLE a (id int GENERATED BY DEFAULT AS IDENTITY); CREATE TABLE b (id serial); CREATE TABLE e (id int GENERATED ALWAYS AS IDENTITY);
		CREATE SCHEMA "S"; CREATE SEQUENCE "S".s INCREMENT 5; INSERT INTO b VALUES (7), (12)`)
	table := func(name string) *catalog.Table {
		return &catalog.Table{Schema: schema, Name: name, TargetSchema: "public", Target: name,
			Columns: []*catalog.Column{{Name: "id", Target: "id", Type: types.Int{Bits: 32}, AutoIncrement: true}}}
	}
	c := Counters{Source: db, Target: pool, Tables: []*catalog.Table{table("a"), table("b"), table("e")},
		Sequences: []*catalog.Sequence{{Schema: schema, Name: "s", TargetSchema: "S", Target: "s"}}}
	n, err := c.Plan(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Set(ctx, n); err != nil {
		t.Fatal(err)
	}
	var got [4]int64
	err = pool.QueryRow(ctx, `SELECT nextval('a_id_seq'), nextval('b_id_seq'), nextval('e_id_seq'), nextval('"S".s')`).Scan(&got[0], &got[1], &got[2], &got[3])
	if err != nil || got != [4]int64{100, 13, 1, 45} {
		t.Errorf("%v, %v", got, err)
	}
	exec(t, pool, "ALTER TABLE a ALTER id DROP IDENTITY")
	if _, err := c.Plan(ctx); err == nil || !strings.Contains(err.Error(), `"a"."id"`) {
		t.Errorf("a column without identity: %v", err)
	}
}

func TestReadOnlySwitchReads(t *testing.T) {
	_, db := enginetest.FreshMariaDB(t, t.Name())
	if on, err := (ReadOnlySwitch{db}).ReadOnly(context.Background()); err != nil || on {
		t.Errorf("%v, %v", on, err)
	}
	_, db = enginetest.FreshMySQL80(t, t.Name())
	name, _, err := ReadOnlySwitch{db}.variable(context.Background())
	if err != nil || name != "super_read_only" {
		t.Errorf("%s, %v", name, err)
	}
}
