// Package cutover switches from the source to the target: a state machine whose state lies on the target, so that a
// run that stopped goes on where it was.
//
//	ready → fenced → drained → numbered → constrained → verified → triggered → switched
//
// Triggers come after the final verification: until they are on, the way back is to lift the fence and let the change
// stream go on.
package cutover

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"godwit/runner/apply"
	"godwit/runner/change"
	"godwit/runner/verify"
)

// State is how far a cutover has come.
type State string

// The states, in order.
const (
	New         State = "new"
	Ready       State = "ready"       // the stream is in sync and nothing stands in the way
	Fenced      State = "fenced"      // the source takes no more writes
	Drained     State = "drained"     // all of the source's changes are applied
	Numbered    State = "numbered"    // identities and sequences go on where the source's stopped
	Constrained State = "constrained" // every constraint is there and valid
	Verified    State = "verified"    // both sides hold the same rows
	Triggered   State = "triggered"   // triggers are on; there is no way back but the fallback
	Switched    State = "switched"
)

var order = []State{New, Ready, Fenced, Drained, Numbered, Constrained, Verified, Triggered, Switched}

func (s State) before(t State) bool { return slices.Index(order, s) < slices.Index(order, t) }

// Errors that callers tell apart.
var (
	// ErrWritten tells that the source was written to after the fence.
	ErrWritten = errors.New("the source was written to after it was fenced")
	// ErrDifferent tells that the final verification failed; the report holds the differences.
	ErrDifferent = errors.New("source and target differ")
	// ErrNoWayBack tells that an abort came too late.
	ErrNoWayBack = errors.New("the triggers are on, the cutover cannot be taken back")
)

// Stream is the change stream of the task. Its methods apply changes themselves, taking over from a run that follows
// the stream elsewhere.
type Stream interface {
	// CatchUp applies what the source has committed until now, so that little is left when the source is fenced.
	CatchUp(ctx context.Context) error
	Position(ctx context.Context) (change.Position, error)
	// Drain applies everything up to p and returns the number of changed rows.
	Drain(ctx context.Context, p change.Position) (rows int64, err error)
}

// Fencer stops writes on the source.
type Fencer interface {
	ReadOnly(ctx context.Context) (bool, error)
	SetReadOnly(ctx context.Context, on bool) error
}

// Numberer brings counters from the source to the target.
type Numberer interface {
	Plan(ctx context.Context) ([]Number, error)
	Set(ctx context.Context, n []Number) error
}

// Options are the parts of a cutover.
type Options struct {
	Task    string
	Target  *pgxpool.Pool
	Stream  Stream
	Numbers Numberer
	// Fencer makes the source read-only. nil: the user stopped the applications, and Quiet proves it.
	Fencer Fencer
	// Quiet is how long the source must not change before the fence is believed; 2 s if 0.
	Quiet time.Duration
	// Apply applies stages of the converted folder.
	Apply func(ctx context.Context, stages ...apply.Stage) (*apply.Report, error)
	// Plan tells what Apply would do.
	Plan func(ctx context.Context, stages ...apply.Stage) (*apply.Report, error)
	// Verify compares all rows.
	Verify func(ctx context.Context) (*verify.Report, error)
	// Schemas are the target's schemas whose constraints must be valid.
	Schemas []string
	Report  func(Step)
}

// Step is a step done, or one that a dry run would do.
type Step struct {
	State   State         `json:"state"`
	Detail  string        `json:"detail"`
	Elapsed time.Duration `json:"elapsed_ns"`
}

// Result is what a cutover did.
type Result struct {
	State  State          `json:"state"`
	Steps  []Step         `json:"steps"`
	Pause  time.Duration  `json:"pause_ns"` // from the fence to the switch
	Verify *verify.Report `json:"verify,omitempty"`
}

type run struct {
	o      Options
	rec    record
	result *Result
}

// Run performs the cutover, or goes on with one.
func Run(ctx context.Context, o Options) (*Result, error) {
	r := &run{o: o, result: &Result{}}
	if r.o.Quiet <= 0 {
		r.o.Quiet = 2 * time.Second
	}
	if r.o.Report == nil {
		r.o.Report = func(Step) {}
	}
	if err := r.load(ctx); err != nil {
		return r.result, err
	}
	err := r.steps(ctx)
	r.result.State = r.rec.State
	if !r.rec.FencedAt.IsZero() {
		r.result.Pause = time.Since(r.rec.FencedAt)
		if !r.rec.SwitchedAt.IsZero() {
			r.result.Pause = r.rec.SwitchedAt.Sub(r.rec.FencedAt)
		}
	}
	return r.result, err
}

type step struct {
	to State
	do func(context.Context) (string, error)
}

// steps runs what is left. Everything between the fence and the triggers is done again after an interruption: it is
// idempotent, and what was true before may no longer be.
func (r *run) steps(ctx context.Context) error {
	all := []step{
		{Ready, r.precheck}, {Fenced, r.fence}, {Drained, r.drain}, {Numbered, r.number}, {Constrained, r.constrain},
		{Verified, r.verify}, {Triggered, r.trigger}, {Switched, r.switchOver},
	}
	from := 0
	switch s := r.rec.State; {
	case s == Switched:
		return nil
	case s == Triggered:
		from = 7
	case !s.before(Fenced):
		if err := r.stillFenced(ctx); err != nil {
			return err
		}
		from = 2
	}
	for _, s := range all[from:] {
		start := time.Now()
		detail, err := s.do(ctx)
		if err != nil {
			return fmt.Errorf("cutover of task %s, on the way from %s to %s: %w", r.o.Task, r.rec.State, s.to, err)
		}
		if err := r.advance(ctx, s.to); err != nil {
			return err
		}
		done := Step{s.to, detail, time.Since(start)}
		r.result.Steps = append(r.result.Steps, done)
		r.o.Report(done)
	}
	return nil
}

func (r *run) precheck(ctx context.Context) (string, error) {
	if bad, err := invalidIndexes(ctx, r.o.Target, r.o.Schemas); err != nil || len(bad) > 0 {
		return "", orNamed(err, "indexes are not valid; drop and rebuild them", bad)
	}
	if _, err := r.o.Numbers.Plan(ctx); err != nil {
		return "", err
	}
	if err := r.o.Stream.CatchUp(ctx); err != nil {
		return "", fmt.Errorf("catch up with the source: %w", err)
	}
	return "the stream is in sync", nil
}

func orNamed(err error, what string, names []string) error {
	if err != nil {
		return err
	}
	return fmt.Errorf("%s: %s", what, strings.Join(names, ", "))
}

func (r *run) fence(ctx context.Context) (string, error) {
	r.rec.FencedAt = time.Now()
	if r.o.Fencer == nil {
		return "the applications are stopped, as the user says", nil
	}
	was, err := r.o.Fencer.ReadOnly(ctx)
	if err != nil {
		return "", fmt.Errorf("read the source's read_only: %w", err)
	}
	r.rec.Fence = fenceOwn
	if was {
		r.rec.Fence = fenceFound
		return "the source was read-only already", nil
	}
	// Recorded before it is done: an abort must know who closed the source.
	if err := r.save(ctx); err != nil {
		return "", err
	}
	if err := r.o.Fencer.SetReadOnly(ctx, true); err != nil {
		return "", fmt.Errorf("make the source read-only: %w", err)
	}
	return "the source is read-only", nil
}

func (r *run) stillFenced(ctx context.Context) error {
	if r.o.Fencer == nil {
		return nil
	}
	on, err := r.o.Fencer.ReadOnly(ctx)
	if err != nil {
		return fmt.Errorf("read the source's read_only: %w", err)
	}
	if !on {
		return fmt.Errorf("%w: it is no longer read-only; run godwit cutover --abort and begin again", ErrWritten)
	}
	return nil
}

// drain applies the rest, waits, and makes sure that nothing more came for the tables of the task.
func (r *run) drain(ctx context.Context) (string, error) {
	p, err := r.o.Stream.Position(ctx)
	if err != nil {
		return "", fmt.Errorf("read the source's position: %w", err)
	}
	rows, err := r.o.Stream.Drain(ctx, p)
	if err != nil {
		return "", fmt.Errorf("drain to %s: %w", p, err)
	}
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case <-time.After(r.o.Quiet):
	}
	q, err := r.o.Stream.Position(ctx)
	if err != nil {
		return "", fmt.Errorf("read the source's position: %w", err)
	}
	if !p.Covers(q) {
		more, err := r.o.Stream.Drain(ctx, q)
		if err != nil {
			return "", fmt.Errorf("drain to %s: %w", q, err)
		}
		if more > 0 {
			return "", fmt.Errorf("%w: %d rows of the task's tables changed within %s; stop the applications (and the source's events), then run cutover again", ErrWritten, more, r.o.Quiet)
		}
	}
	r.rec.Position = q.String()
	return fmt.Sprintf("%d rows applied, position %s", rows, q), nil
}

func (r *run) number(ctx context.Context) (string, error) {
	n, err := r.o.Numbers.Plan(ctx)
	if err != nil {
		return "", err
	}
	if err := r.o.Numbers.Set(ctx, n); err != nil {
		return "", err
	}
	return fmt.Sprintf("%d identities and sequences set", len(n)), nil
}

// structure are the stages whose objects must be there before the switch; what is applied already is passed over.
var structure = []apply.Stage{apply.Keys, apply.Indexes, apply.Foreign, apply.Code}

func (r *run) constrain(ctx context.Context) (string, error) {
	rep, err := r.o.Apply(ctx, structure...)
	if err != nil {
		return "", err
	}
	n, err := validate(ctx, r.o.Target, r.o.Schemas)
	if err != nil {
		return "", err
	}
	if bad, err := invalidIndexes(ctx, r.o.Target, r.o.Schemas); err != nil || len(bad) > 0 {
		return "", orNamed(err, "indexes are not valid; drop and rebuild them", bad)
	}
	return fmt.Sprintf("%d files applied, %d constraints validated", rep.Applied, n), nil
}

func (r *run) verify(ctx context.Context) (string, error) {
	rep, err := r.o.Verify(ctx)
	if err != nil {
		return "", err
	}
	r.result.Verify = rep
	if !rep.OK() {
		return "", fmt.Errorf("%w: %s; run godwit verify for the rows, or godwit cutover --abort to let the source go on", ErrDifferent, summary(rep))
	}
	return fmt.Sprintf("%d tables verified", len(rep.Tables)), nil
}

func summary(rep *verify.Report) string {
	if len(rep.Tables) == 0 {
		return "no table was compared"
	}
	var out []string
	for _, t := range rep.Tables {
		if t.State != verify.Verified {
			out = append(out, t.Source+" is "+string(t.State))
		}
	}
	return strings.Join(out, ", ")
}

func (r *run) trigger(ctx context.Context) (string, error) {
	rep, err := r.o.Apply(ctx, apply.Triggers)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%d trigger files applied", rep.Applied), nil
}

func (r *run) switchOver(context.Context) (string, error) {
	r.rec.SwitchedAt = time.Now()
	return "point the applications to the target; the source stays as it is", nil
}

// DryRun tells the steps with what each would do, and changes nothing. Blockers are what Run would stop at.
func DryRun(ctx context.Context, o Options) (steps []Step, blockers []error, err error) {
	r := &run{o: o, result: &Result{}}
	if err := r.peek(ctx); err != nil {
		return nil, nil, err
	}
	note := func(e error) {
		if e != nil {
			blockers = append(blockers, e)
		}
	}
	add := func(s State, format string, args ...any) {
		if r.rec.State.before(s) {
			steps = append(steps, Step{State: s, Detail: fmt.Sprintf(format, args...)})
		}
	}
	bad, e := invalidIndexes(ctx, o.Target, o.Schemas)
	if e != nil || len(bad) > 0 {
		note(orNamed(e, "indexes are not valid; drop and rebuild them", bad))
	}
	p, e := o.Stream.Position(ctx)
	note(e)
	add(Ready, "catch up with the source, which is at %v", p)
	add(Fenced, "%s", fenceText(o.Fencer))
	add(Drained, "apply the rest and wait %s for silence", max(o.Quiet, 2*time.Second))
	n, e := o.Numbers.Plan(ctx)
	note(e)
	add(Numbered, "set %d identities and sequences: %s", len(n), numberText(n))
	open, e := notValid(ctx, o.Target, o.Schemas)
	note(e)
	rep, e := o.Plan(ctx, structure...)
	note(e)
	add(Constrained, "apply %d files, validate %d constraints", todo(rep), len(open))
	add(Verified, "compare all rows")
	rep, e = o.Plan(ctx, apply.Triggers)
	note(e)
	add(Triggered, "apply %d trigger files", todo(rep))
	add(Switched, "record the switch")
	return steps, blockers, nil
}

func fenceText(f Fencer) string {
	if f == nil {
		return "believe that the applications are stopped"
	}
	return "make the source read-only"
}

func todo(r *apply.Report) int {
	n := 0
	if r != nil {
		for _, e := range r.Events {
			if e.Outcome == apply.Would || e.Outcome == apply.Changed {
				n++
			}
		}
	}
	return n
}

// Abort lifts the fence and forgets the cutover, as long as triggers are not on.
func Abort(ctx context.Context, o Options) error {
	r := &run{o: o, result: &Result{}}
	if err := r.load(ctx); err != nil {
		return err
	}
	if !r.rec.State.before(Triggered) {
		return fmt.Errorf("%w: task %s is %s", ErrNoWayBack, o.Task, r.rec.State)
	}
	if r.rec.Fence == fenceOwn {
		if o.Fencer == nil {
			return errors.New("the source was made read-only by the cutover; give the same --read-only switch to abort")
		}
		if err := o.Fencer.SetReadOnly(ctx, false); err != nil {
			return fmt.Errorf("open the source again: %w", err)
		}
	}
	r.rec = record{State: New}
	return r.save(ctx)
}

// Who closed the source.
const (
	fenceOwn   = "own"   // the cutover did
	fenceFound = "found" // it was closed before
)

// record is a row of godwit.tasks.
type record struct {
	State      State     `json:"-"`
	Fence      string    `json:"fence,omitempty"`
	Position   string    `json:"position,omitempty"`
	FencedAt   time.Time `json:"fenced_at,omitzero"`
	SwitchedAt time.Time `json:"switched_at,omitzero"`
}

const makeTasks = `CREATE SCHEMA IF NOT EXISTS godwit;
CREATE TABLE IF NOT EXISTS godwit.tasks (
  task text COLLATE "C" PRIMARY KEY, state text NOT NULL, details jsonb NOT NULL, updated_at timestamptz NOT NULL DEFAULT now())`

// cutoverLock serialises the making of the table; the bytes of "cutovr".
const cutoverLock int64 = 0x6375746f7672

func (r *run) load(ctx context.Context) error {
	err := pgx.BeginFunc(ctx, r.o.Target, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", cutoverLock); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, makeTasks, pgx.QueryExecModeSimpleProtocol)
		return err
	})
	if err != nil {
		return fmt.Errorf("make the table godwit.tasks on the target: %w", err)
	}
	return r.peek(ctx)
}

// peek reads the state without making anything.
func (r *run) peek(ctx context.Context) error {
	rec, err := Load(ctx, r.o.Target, r.o.Task)
	if err != nil {
		return err
	}
	r.rec = rec.record
	return nil
}

// Status is the recorded state of a task's cutover.
type Status struct {
	Task       string    `json:"task"`
	State      State     `json:"state"`
	Position   string    `json:"position,omitempty"`
	FencedAt   time.Time `json:"fenced_at,omitzero"`
	SwitchedAt time.Time `json:"switched_at,omitzero"`

	record record
}

// Load reads the state of a task's cutover; a task without one is New.
func Load(ctx context.Context, pool *pgxpool.Pool, task string) (Status, error) {
	s := Status{Task: task, State: New, record: record{State: New}}
	var there bool
	if err := pool.QueryRow(ctx, "SELECT to_regclass('godwit.tasks') IS NOT NULL").Scan(&there); err != nil {
		return s, fmt.Errorf("look for godwit.tasks: %w", err)
	}
	if !there {
		return s, nil
	}
	var details []byte
	err := pool.QueryRow(ctx, "SELECT state, details::text FROM godwit.tasks WHERE task = $1", task).Scan(&s.State, &details)
	if errors.Is(err, pgx.ErrNoRows) {
		return s, nil
	}
	if err == nil {
		err = json.Unmarshal(details, &s.record)
	}
	if err != nil {
		return s, fmt.Errorf("read the cutover of task %s: %w", task, err)
	}
	if !slices.Contains(order, s.State) {
		return s, fmt.Errorf("the cutover of task %s is in state %q, which this version does not know", task, s.State)
	}
	s.record.State = s.State
	s.Position, s.FencedAt, s.SwitchedAt = s.record.Position, s.record.FencedAt, s.record.SwitchedAt
	return s, nil
}

func (r *run) advance(ctx context.Context, to State) error {
	r.rec.State = to
	return r.save(ctx)
}

func (r *run) save(ctx context.Context) error {
	b, err := json.Marshal(r.rec)
	if err != nil {
		return fmt.Errorf("record state %s: %w", r.rec.State, err)
	}
	err = pgx.BeginFunc(ctx, r.o.Target, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SET LOCAL synchronous_commit = on"); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO godwit.tasks (task, state, details) VALUES ($1, $2, $3::text::jsonb)
			ON CONFLICT (task) DO UPDATE SET state = excluded.state, details = excluded.details, updated_at = now()`, r.o.Task, string(r.rec.State), string(b))
		return err
	})
	if err != nil {
		return fmt.Errorf("record state %s: %w", r.rec.State, err)
	}
	return nil
}
