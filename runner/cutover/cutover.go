// Package cutover switches from the source to the target: a state machine whose state lies on the target, so that a
// run that stopped goes on where it was.
//
//	ready → fenced → drained → numbered → constrained → verified → [armed] → triggered → switched
//
// Triggers come after the final verification: until they are on, the way back is to lift the fence and let the change
// stream go on. Armed is there when the way back behind the switch is wanted: from there on the target keeps its changes,
// which can flow to the source. A fallback is the same machine in reverse, with a state of its own.
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
	Armed       State = "armed"       // the target keeps its changes for the way back
	Triggered   State = "triggered"   // triggers are on; there is no way back but the fallback
	Switched    State = "switched"
)

var order = []State{New, Ready, Fenced, Drained, Numbered, Constrained, Verified, Armed, Triggered, Switched}

func (s State) before(t State) bool { return slices.Index(order, s) < slices.Index(order, t) }

// Errors that callers tell apart.
var (
	// ErrWritten tells that the source was written to after the fence.
	ErrWritten = errors.New("the source was written to after it was fenced")
	// ErrDifferent tells that the final verification failed; the report holds the differences.
	ErrDifferent = errors.New("source and target differ")
	// ErrNothing tells that there is nothing to abort.
	ErrNothing = errors.New("nothing is under way that could be taken back")
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
	// Progress tells how far the stream is, and disturbs no run of it.
	Progress(ctx context.Context) (Progress, error)
}

// Progress is how far the change stream of a task is.
type Progress struct {
	Phase   string    `json:"phase"`
	Applied string    `json:"applied_position"`
	End     string    `json:"source_position"`
	InSync  bool      `json:"in_sync"`
	Commit  time.Time `json:"last_applied_commit,omitzero"` // by the source's clock
}

// Near tells that the stream is at most that far behind. What is not known is not near.
func (p Progress) Near(limit time.Duration) bool {
	return p.InSync || !p.Commit.IsZero() && p.Lag() <= limit
}

// Lag is the age of the last transaction that was applied, 0 when there is nothing to apply or its age is not known.
func (p Progress) Lag() time.Duration {
	if p.InSync || p.Commit.IsZero() {
		return 0
	}
	return max(time.Since(p.Commit), 0)
}

// Fallback is the way back behind a switch.
type Fallback interface {
	// Check tells all that would keep the way back from working, and changes nothing.
	Check(ctx context.Context) ([]error, error)
	// Prepare makes on the source what the way back needs, while it still takes writes.
	Prepare(ctx context.Context) error
	// Arm makes the target keep its changes from now on. Nobody writes to either side. It may be called again.
	Arm(ctx context.Context) (detail string, err error)
	// Disarm undoes Arm.
	Disarm(ctx context.Context) error
}

// Back are the parts of a fallback that a cutover does not have. Its source is the cutover's target.
type Back struct {
	// Check fails when something stands in the way.
	Check func(ctx context.Context) error
	// Constrain proves that the rows keep the constraints of the side that takes over.
	Constrain func(ctx context.Context) (detail string, err error)
	// Triggers makes that side's triggers again.
	Triggers func(ctx context.Context) (detail string, err error)
	// Open lets that side take writes.
	Open func(ctx context.Context) (detail string, err error)
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
	// Fallback is the way back, nil if none is wanted.
	Fallback Fallback
	// Back makes the run a fallback: the machine in reverse. Apply, Plan, Schemas and Fallback are not used then.
	Back *Back
	// Quiet is how long the source must not change before the fence is believed; 2 s if 0.
	Quiet time.Duration
	// Apply applies stages of the converted folder.
	Apply func(ctx context.Context, stages ...apply.Stage) (*apply.Report, error)
	// Plan tells what Apply would do.
	Plan func(ctx context.Context, stages ...apply.Stage) (*apply.Report, error)
	// Verify compares all rows.
	Verify func(ctx context.Context) (*verify.Report, error)
	// Check fails when something else stands in the way of the fence. nil: nothing does.
	Check func(ctx context.Context) error
	// Lag says what becomes of a stream that is behind.
	Lag Lag
	// Compared tells how long the last verification of all rows took; zero when there was none. nil: it is not known.
	Compared func(ctx context.Context) (Comparison, error)
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
	r.o.Quiet = quiet(r.o.Quiet)
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

func quiet(d time.Duration) time.Duration {
	if d <= 0 {
		return 2 * time.Second
	}
	return d
}

type step struct {
	to State
	do func(context.Context) (string, error)
}

// plan are the steps in their order.
func (r *run) plan() []step {
	if b := r.o.Back; b != nil {
		return []step{
			{Ready, r.precheckBack}, {Fenced, r.fence}, {Drained, r.drain}, {Numbered, r.number}, {Constrained, b.Constrain},
			{Verified, r.verify}, {Triggered, b.Triggers}, {Switched, r.switchBack},
		}
	}
	all := []step{
		{Ready, r.precheck}, {Fenced, r.fence}, {Drained, r.drain}, {Numbered, r.number}, {Constrained, r.constrain}, {Verified, r.verify},
	}
	if r.o.Fallback != nil {
		all = append(all, step{Armed, r.arm})
	}
	return append(all, step{Triggered, r.trigger}, step{Switched, r.switchOver})
}

// steps runs what is left. Everything between the fence and the triggers is done again after an interruption: it is
// idempotent, and what was true before may no longer be.
func (r *run) steps(ctx context.Context) error {
	from := Ready
	switch s := r.rec.State; {
	case s == Switched:
		return nil
	case s == Triggered:
		from = Switched
	case !s.before(Fenced):
		if err := r.stillFenced(ctx); err != nil {
			return err
		}
		if r.rec.Armed && r.o.Fallback == nil {
			return errors.New("this cutover has armed the way back; give --fallback again, or take it back with --abort --fallback")
		}
		from = Drained
	}
	for _, s := range r.plan() {
		if s.to.before(from) {
			continue
		}
		start := time.Now()
		detail, err := s.do(ctx)
		if err != nil {
			return fmt.Errorf("%s of task %s, on the way from %s to %s: %w", r.name(), r.o.Task, r.rec.State, s.to, err)
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

// name is the run in messages, side the database that is fenced.
func (r *run) name() string {
	if r.o.Back != nil {
		return "fallback"
	}
	return "cutover"
}

func (r *run) side() string {
	if r.o.Back != nil {
		return "target"
	}
	return "source"
}

func (r *run) precheckBack(ctx context.Context) (string, error) {
	if err := r.o.Back.Check(ctx); err != nil {
		return "", err
	}
	if err := r.checkFence(ctx); err != nil {
		return "", err
	}
	if _, err := r.o.Numbers.Plan(ctx); err != nil {
		return "", err
	}
	return r.catchUp(ctx)
}

func (r *run) switchBack(ctx context.Context) (string, error) {
	detail, err := r.o.Back.Open(ctx)
	r.rec.SwitchedAt = time.Now()
	return detail, err
}

// checkFence fails when the fence could not be put up.
func (r *run) checkFence(ctx context.Context) error {
	c, ok := r.o.Fencer.(interface{ Check(context.Context) error })
	if !ok {
		return nil
	}
	if err := c.Check(ctx); err != nil {
		return fmt.Errorf("the %s cannot be made read-only: %w", r.side(), err)
	}
	return nil
}

// checkBack fails when the way back would not work.
func (r *run) checkBack(ctx context.Context) error {
	if r.o.Fallback == nil {
		return nil
	}
	problems, err := r.o.Fallback.Check(ctx)
	return errors.Join(append(problems, err)...)
}

// Admitter is a Fencer that can let administrators write while all others cannot: the way back writes to the closed source.
type Admitter interface {
	Admit(ctx context.Context) error
	// Admitting tells that all but administrators are kept out.
	Admitting(ctx context.Context) (bool, error)
}

// arm lets the target keep its changes from now on. A repeated run arms again: meanwhile the stream may have brought rows, and
// they must not flow back.
func (r *run) arm(ctx context.Context) (string, error) {
	r.rec.Armed = true
	// Recorded before it is done: an abort must know of it.
	if err := r.save(ctx); err != nil {
		return "", err
	}
	if a, ok := r.o.Fencer.(Admitter); ok {
		if err := a.Admit(ctx); err != nil {
			return "", fmt.Errorf("let the way back write to the source: %w", err)
		}
	}
	return r.o.Fallback.Arm(ctx)
}

func (r *run) precheck(ctx context.Context) (string, error) {
	if bad, err := invalidIndexes(ctx, r.o.Target, r.o.Schemas); err != nil || len(bad) > 0 {
		return "", orNamed(err, "indexes are not valid; drop and rebuild them", bad)
	}
	if _, err := r.o.Numbers.Plan(ctx); err != nil {
		return "", err
	}
	if err := r.checkFence(ctx); err != nil {
		return "", err
	}
	if r.o.Check != nil {
		if err := r.o.Check(ctx); err != nil {
			return "", err
		}
	}
	if err := r.checkBack(ctx); err != nil {
		return "", fmt.Errorf("the way back: %w", err)
	}
	if r.o.Fallback != nil {
		if err := r.o.Fallback.Prepare(ctx); err != nil {
			return "", fmt.Errorf("prepare the way back: %w", err)
		}
	}
	return r.catchUp(ctx)
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
		return "", fmt.Errorf("ask whether the %s is read-only: %w", r.side(), err)
	}
	r.rec.Fence = fenceOwn
	if was {
		r.rec.Fence = fenceFound
		return "the " + r.side() + " was read-only already", nil
	}
	// Recorded before it is done: an abort must know who closed the source.
	if err := r.save(ctx); err != nil {
		return "", err
	}
	if err := r.o.Fencer.SetReadOnly(ctx, true); err != nil {
		return "", fmt.Errorf("make the %s read-only: %w", r.side(), err)
	}
	return "the " + r.side() + " is read-only", nil
}

func (r *run) stillFenced(ctx context.Context) error {
	if r.o.Fencer == nil {
		return nil
	}
	ask := r.o.Fencer.ReadOnly
	if a, ok := r.o.Fencer.(Admitter); ok && r.rec.Armed {
		ask = a.Admitting
	}
	on, err := ask(ctx)
	if err != nil {
		return fmt.Errorf("ask whether the %s is read-only: %w", r.side(), err)
	}
	if !on {
		return fmt.Errorf("%w: it is no longer read-only; take the %s back with --abort and begin again", ErrWritten, r.name())
	}
	return nil
}

// drain applies the rest, waits, and makes sure that nothing more came for the tables of the task.
func (r *run) drain(ctx context.Context) (string, error) {
	p, err := r.o.Stream.Position(ctx)
	if err != nil {
		return "", fmt.Errorf("read the %s's position: %w", r.side(), err)
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
		return "", fmt.Errorf("read the %s's position: %w", r.side(), err)
	}
	if !p.Covers(q) {
		more, err := r.o.Stream.Drain(ctx, q)
		if err != nil {
			return "", fmt.Errorf("drain to %s: %w", q, err)
		}
		if more > 0 {
			return "", fmt.Errorf("%w: %d rows of the task's tables changed within %s; stop the applications (and the %s's scheduled jobs), then run %s again", ErrWritten, more, r.o.Quiet, r.side(), r.name())
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
		return "", fmt.Errorf("%w: %s; run godwit verify for the rows, or take the %s back with --abort to let the %s go on", ErrDifferent, summary(rep), r.name(), r.side())
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
	n, err := r.switchOn(ctx)
	if err != nil {
		return "", err
	}
	if n == 0 {
		return fmt.Sprintf("%d trigger files applied", rep.Applied), nil
	}
	return fmt.Sprintf("%d trigger files applied, %d triggers of schema changes switched on", rep.Applied, n), nil
}

// switchOn switches triggers on that schema changes of the source made while rows were moved.
func (r *run) switchOn(ctx context.Context) (n int, err error) {
	err = pgx.BeginFunc(ctx, r.o.Target, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT format('ALTER TABLE %1$s ENABLE TRIGGER %2$I; COMMENT ON TRIGGER %2$I ON %1$s IS NULL', tgrelid::regclass, tgname)
			FROM pg_catalog.pg_trigger WHERE tgparentid = 0 AND obj_description(oid, 'pg_trigger') = $1 ORDER BY tgrelid, tgname`, change.OffUntilCutover(r.o.Task))
		if err != nil {
			return err
		}
		list, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			return err
		}
		n = len(list)
		for _, sql := range list {
			if _, err := tx.Exec(ctx, sql, pgx.QueryExecModeSimpleProtocol); err != nil {
				return fmt.Errorf("%s: %w", sql, err)
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("switch the triggers of schema changes on: %w", err)
	}
	return n, nil
}

func (r *run) switchOver(context.Context) (string, error) {
	r.rec.SwitchedAt = time.Now()
	return "point the applications to the target; the source stays as it is", nil
}

// Rehearsal is what a dry run tells.
type Rehearsal struct {
	State    State    `json:"state"` // where the run would begin
	Steps    []Step   `json:"steps"`
	Progress Progress `json:"progress"`
	CatchUp  string   `json:"catch_up,omitempty"` // how fast the stream comes nearer, when it is behind
	Pause    Pause    `json:"pause"`
	Blockers []error  `json:"-"` // what Run would stop at
}

// DryRun tells the steps with what each would do, and changes nothing.
func DryRun(ctx context.Context, o Options) (*Rehearsal, error) {
	r := &run{o: o, result: &Result{}}
	if err := r.peek(ctx); err != nil {
		return nil, err
	}
	d := &rehearsal{run: r, Rehearsal: &Rehearsal{State: r.rec.State}}
	var err error
	d.Progress, err = o.Stream.Progress(ctx)
	d.note(err)
	if err == nil && d.Progress.Phase != change.PhaseConsistent && d.Progress.Phase != change.PhaseLoaded {
		d.note(fmt.Errorf("the change stream is not there yet: the task is %q", d.Progress.Phase))
	}
	d.add(Ready, "catch up with the %s: %s", r.side(), d.Progress.text())
	d.expect(ctx)
	d.note(r.checkFence(ctx))
	if o.Check != nil && r.rec.State.before(Fenced) {
		d.note(o.Check(ctx))
	}
	d.add(Fenced, "%s", r.fenceText())
	d.add(Drained, "apply the rest and wait %s for silence", quiet(o.Quiet))
	n, err := o.Numbers.Plan(ctx)
	d.note(err)
	d.add(Numbered, "set %d counters: %s", len(n), numberText(n))
	if o.Back != nil {
		d.back(ctx)
	} else {
		d.forth(ctx)
	}
	return d.Rehearsal, nil
}

type rehearsal struct {
	*run
	*Rehearsal
}

func (d *rehearsal) note(err error) {
	if err != nil {
		d.Blockers = append(d.Blockers, err)
	}
}

func (d *rehearsal) add(s State, format string, args ...any) {
	if d.rec.State.before(s) {
		d.Steps = append(d.Steps, Step{State: s, Detail: fmt.Sprintf(format, args...)})
	}
}

func (d *rehearsal) forth(ctx context.Context) {
	bad, err := invalidIndexes(ctx, d.o.Target, d.o.Schemas)
	if err != nil || len(bad) > 0 {
		d.note(orNamed(err, "indexes are not valid; drop and rebuild them", bad))
	}
	open, err := notValid(ctx, d.o.Target, d.o.Schemas)
	d.note(err)
	rep, err := d.o.Plan(ctx, structure...)
	d.note(err)
	d.add(Constrained, "apply %d files, validate %d constraints", todo(rep), len(open))
	d.add(Verified, "compare all rows")
	if d.o.Fallback != nil {
		d.note(d.checkBack(ctx))
		d.add(Armed, "keep the target's changes for the way back")
	}
	rep, err = d.o.Plan(ctx, apply.Triggers)
	d.note(err)
	d.add(Triggered, "apply %d trigger files", todo(rep))
	d.add(Switched, "record the switch")
}

func (d *rehearsal) back(ctx context.Context) {
	d.note(d.o.Back.Check(ctx))
	d.add(Constrained, "prove that the rows keep the foreign keys")
	d.add(Verified, "compare all rows")
	d.add(Triggered, "create the triggers again that were put aside")
	d.add(Switched, "let the old source take writes again")
}

func (p Progress) text() string {
	switch {
	case p.Applied == "":
		return "nothing is applied yet"
	case p.InSync:
		return "in sync at " + p.Applied
	case p.Commit.IsZero():
		return fmt.Sprintf("applied up to %s, the end is %s, no change was applied since the load", p.Applied, p.End)
	}
	return fmt.Sprintf("applied up to %s, the end is %s, the last applied commit is %.1f s old", p.Applied, p.End, p.Lag().Seconds())
}

func (r *run) fenceText() string {
	if r.o.Fencer == nil {
		return "believe that the applications are stopped"
	}
	return "make the " + r.side() + " read-only"
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
	if r.rec.State == New && !r.rec.Armed && r.rec.Fence == "" {
		return ErrNothing
	}
	if r.rec.Armed {
		if o.Fallback == nil {
			return errors.New("this cutover has armed the way back; give --fallback to abort")
		}
		if err := o.Fallback.Disarm(ctx); err != nil {
			return fmt.Errorf("disarm the way back: %w", err)
		}
	}
	if r.rec.Fence == fenceOwn {
		if o.Fencer == nil {
			return fmt.Errorf("the %s was made read-only by the %s; give the same --read-only switch to abort", r.side(), r.name())
		}
		if err := o.Fencer.SetReadOnly(ctx, false); err != nil {
			return fmt.Errorf("open the %s again: %w", r.side(), err)
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

// record is a row of godwit.tasks, or of godwit.fallbacks.
type record struct {
	State      State     `json:"-"`
	Fence      string    `json:"fence,omitempty"`
	Armed      bool      `json:"armed,omitempty"`
	Position   string    `json:"position,omitempty"`
	FencedAt   time.Time `json:"fenced_at,omitzero"`
	SwitchedAt time.Time `json:"switched_at,omitzero"`
}

const makeTasks = `CREATE SCHEMA IF NOT EXISTS godwit;
CREATE TABLE IF NOT EXISTS %s (
  task text COLLATE "C" PRIMARY KEY, state text NOT NULL, details jsonb NOT NULL, updated_at timestamptz NOT NULL DEFAULT now())`

// A fallback closes the target by its default for new transactions; the state must be written all the same.
var readWrite = pgx.TxOptions{AccessMode: pgx.ReadWrite}

// table holds the state of the run.
func (r *run) table() string {
	if r.o.Back != nil {
		return "godwit.fallbacks"
	}
	return "godwit.tasks"
}

// cutoverLock serialises the making of the table; the bytes of "cutovr".
const cutoverLock int64 = 0x6375746f7672

func (r *run) load(ctx context.Context) error {
	err := pgx.BeginTxFunc(ctx, r.o.Target, readWrite, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", cutoverLock); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, fmt.Sprintf(makeTasks, r.table()), pgx.QueryExecModeSimpleProtocol)
		return err
	})
	if err != nil {
		return fmt.Errorf("make the table %s on the target: %w", r.table(), err)
	}
	return r.peek(ctx)
}

// peek reads the state without making anything.
func (r *run) peek(ctx context.Context) error {
	rec, err := load(ctx, r.o.Target, r.table(), r.o.Task)
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
	// Armed tells that the way back is armed, Closed that the run itself made its source read-only.
	Armed  bool `json:"armed,omitempty"`
	Closed bool `json:"closed,omitempty"`

	record record
}

// Load reads the state of a task's cutover; a task without one is New.
func Load(ctx context.Context, pool *pgxpool.Pool, task string) (Status, error) {
	return load(ctx, pool, "godwit.tasks", task)
}

// LoadBack reads the state of a task's fallback; a task without one is New.
func LoadBack(ctx context.Context, pool *pgxpool.Pool, task string) (Status, error) {
	return load(ctx, pool, "godwit.fallbacks", task)
}

func load(ctx context.Context, pool *pgxpool.Pool, table, task string) (Status, error) {
	s := Status{Task: task, State: New, record: record{State: New}}
	var there bool
	if err := pool.QueryRow(ctx, "SELECT to_regclass($1) IS NOT NULL", table).Scan(&there); err != nil {
		return s, fmt.Errorf("look for %s: %w", table, err)
	}
	if !there {
		return s, nil
	}
	var details []byte
	err := pool.QueryRow(ctx, "SELECT state, details::text FROM "+table+" WHERE task = $1", task).Scan(&s.State, &details)
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
	s.Armed, s.Closed = s.record.Armed, s.record.Fence == fenceOwn
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
	err = pgx.BeginTxFunc(ctx, r.o.Target, readWrite, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, "SET LOCAL synchronous_commit = on"); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "INSERT INTO "+r.table()+` (task, state, details) VALUES ($1, $2, $3::text::jsonb)
			ON CONFLICT (task) DO UPDATE SET state = excluded.state, details = excluded.details, updated_at = now()`, r.o.Task, string(r.rec.State), string(b))
		return err
	})
	if err != nil {
		return fmt.Errorf("record state %s: %w", r.rec.State, err)
	}
	return nil
}
