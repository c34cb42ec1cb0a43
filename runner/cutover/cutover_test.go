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
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
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
	phase     string
	problem   error // that keeps the way back from working
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
func (r *rig) Progress(context.Context) (Progress, error) {
	phase := r.phase
	if phase == "" {
		phase = change.PhaseConsistent
	}
	return Progress{Phase: phase, Applied: "3", End: "5", Commit: time.Now().Add(-time.Minute)}, nil
}

// back is the rig as a way back.
type back struct{ *rig }

func (b back) Check(context.Context) ([]error, error) {
	if b.problem != nil {
		return []error{b.problem}, nil
	}
	return nil, nil
}
func (b back) Prepare(context.Context) error       { return b.note("prepare") }
func (b back) Arm(context.Context) (string, error) { return "", b.note("arm") }
func (b back) Disarm(context.Context) error        { return b.note("disarm") }

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
	d, err := DryRun(context.Background(), r.options(pool))
	if err != nil || len(d.Blockers) != 0 || len(d.Steps) != 8 || len(r.log) != 0 {
		t.Fatalf("%v, %+v, %v", err, d, r.log)
	}
	for i, want := range map[int]string{0: "applied up to 3, the end is 5, the last applied commit is 60.", 4: "apply 1 files"} {
		if !strings.Contains(d.Steps[i].Detail, want) {
			t.Errorf("%q lacks %q", d.Steps[i].Detail, want)
		}
	}
	o := r.options(pool)
	r.problem, r.phase, o.Fallback = errPlanted, change.PhaseLoading, back{r}
	if d, err = DryRun(context.Background(), o); err != nil || len(d.Steps) != 9 || len(d.Blockers) != 2 || !errors.Is(errors.Join(d.Blockers...), errPlanted) {
		t.Errorf("%v, %+v", err, d)
	}
	var there bool
	if err := pool.QueryRow(context.Background(), "SELECT to_regnamespace('godwit') IS NOT NULL").Scan(&there); err != nil || there {
		t.Errorf("a dry run made something: %v, %v", there, err)
	}
}

// TestArmed: the way back is armed behind the verification and in front of the triggers, anew by every run, and an abort
// disarms it.
func TestArmed(t *testing.T) {
	ctx, pool := context.Background(), target(t)
	r := &rig{failAt: "apply triggers"}
	o := r.options(pool)
	o.Fallback = back{r}
	if _, err := Run(ctx, o); !errors.Is(err, errPlanted) {
		t.Fatal(err)
	}
	want := []string{"catch up", "read only true", "drain", "numbers", "apply keys", "verify", "arm", "apply triggers"}
	want = append([]string{"prepare"}, want...)
	if d := cmp.Diff(want, r.log); d != "" {
		t.Error(d)
	}
	st, err := Load(ctx, pool, "t")
	if err != nil || st.State != Armed || !st.Armed || !st.Closed {
		t.Errorf("%+v, %v", st, err)
	}
	r.failAt, r.log = "", nil
	without := o
	without.Fallback = nil
	if _, err := Run(ctx, without); err == nil || len(r.log) != 0 {
		t.Errorf("without the way back: %v, %v", err, r.log)
	}
	if err := Abort(ctx, without); err == nil || len(r.log) != 0 {
		t.Errorf("abort without the way back: %v, %v", err, r.log)
	}
	if res, err := Run(ctx, o); err != nil || res.State != Switched {
		t.Fatalf("%v, %+v", err, res)
	}
	if d := cmp.Diff(want[3:], r.log); d != "" {
		t.Error(d)
	}
	r = &rig{failAt: "apply triggers"}
	o = r.options(pool)
	o.Task, o.Fallback = "u", back{r}
	if _, err := Run(ctx, o); !errors.Is(err, errPlanted) {
		t.Fatal(err)
	}
	r.log = nil
	if err := Abort(ctx, o); err != nil || cmp.Diff([]string{"disarm", "read only false"}, r.log) != "" {
		t.Errorf("%v, %v", err, r.log)
	}
	r.log = nil
	if err := Abort(ctx, o); !errors.Is(err, ErrNothing) || len(r.log) != 0 {
		t.Errorf("taken back once more: %v, %v", err, r.log)
	}
	r.problem, r.log = errPlanted, nil
	if _, err := Run(ctx, o); !errors.Is(err, errPlanted) || len(r.log) != 0 {
		t.Errorf("a way back that does not work stops nothing: %v, %v", err, r.log)
	}
}

// TestBack: the machine in reverse, with a state of its own.
func TestBack(t *testing.T) {
	ctx, pool, r := context.Background(), target(t), &rig{failAt: "open"}
	o := r.options(pool)
	say := func(what string) func(context.Context) (string, error) {
		return func(context.Context) (string, error) { return what, r.note(what) }
	}
	o.Back = &Back{Check: func(context.Context) error { return r.note("check") }, Constrain: say("constrain"), Triggers: say("triggers"), Open: say("open")}
	if d, err := DryRun(ctx, o); err != nil || len(d.Steps) != 8 || len(d.Blockers) != 0 {
		t.Errorf("%v, %+v", err, d)
	}
	r.log = nil
	if _, err := Run(ctx, o); !errors.Is(err, errPlanted) {
		t.Fatal(err)
	}
	want := []string{"check", "catch up", "read only true", "drain", "numbers", "constrain", "verify", "triggers", "open"}
	if d := cmp.Diff(want, r.log); d != "" {
		t.Error(d)
	}
	r.failAt, r.log = "", nil
	res, err := Run(ctx, o)
	if err != nil || res.State != Switched || res.Pause <= 0 || cmp.Diff([]string{"open"}, r.log) != "" {
		t.Errorf("%v, %+v, %v", err, res, r.log)
	}
	if st, err := LoadBack(ctx, pool, "t"); err != nil || st.State != Switched {
		t.Errorf("%+v, %v", st, err)
	}
	if st, err := Load(ctx, pool, "t"); err != nil || st.State != New {
		t.Errorf("the cutover of the task: %+v, %v", st, err)
	}
}

// TestDatabaseSwitch: a closed database ends the sessions of others and refuses new writes, and the state is written all the same.
func TestDatabaseSwitch(t *testing.T) {
	ctx, pool, r := context.Background(), target(t), &rig{}
	exec(t, pool, "CREATE TABLE w (id int)")
	c := pool.Config().ConnConfig.Copy()
	c.RuntimeParams["application_name"] = "shop"
	delete(c.RuntimeParams, "default_transaction_read_only")
	connect := func() *pgx.Conn {
		t.Helper()
		conn, err := pgx.ConnectConfig(ctx, c)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close(ctx) })
		return conn
	}
	writer, s := connect(), DatabaseSwitch{pool}
	if err := s.Check(ctx); err != nil {
		t.Error(err)
	}
	if err := s.SetReadOnly(ctx, true); err != nil {
		t.Fatal(err)
	}
	if on, err := s.ReadOnly(ctx); err != nil || !on {
		t.Errorf("%v, %v", on, err)
	}
	if _, err := writer.Exec(ctx, "INSERT INTO w VALUES (1)"); err == nil {
		t.Error("a session of before the fence writes")
	}
	var pg *pgconn.PgError
	if _, err := connect().Exec(ctx, "INSERT INTO w VALUES (1)"); !errors.As(err, &pg) || pg.Code != "25006" {
		t.Errorf("a new session: %v", err)
	}
	pool.Reset()
	o := r.options(pool)
	o.Fencer, o.Back = s, &Back{}
	run := &run{o: o, rec: record{State: Fenced}, result: &Result{}}
	if err := run.load(ctx); err != nil {
		t.Error(err)
	}
	if err := run.save(ctx); err != nil {
		t.Error(err)
	}
	if err := s.SetReadOnly(ctx, false); err != nil {
		t.Fatal(err)
	}
	if on, err := s.ReadOnly(ctx); err != nil || on {
		t.Errorf("%v, %v", on, err)
	}
	if _, err := connect().Exec(ctx, "INSERT INTO w VALUES (1)"); err != nil {
		t.Error(err)
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
