package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"godwit/runner/apply"
	"godwit/runner/change"
	"godwit/runner/cutover"
	"godwit/runner/migrate"
	"godwit/runner/postgres"
	"godwit/runner/verify"
)

// migrateCmd moves a database: convert, apply, full load, change stream, verify.
type migrateCmd struct {
	app       *app
	until     string
	skipCheck bool
	skipCode  bool
	noVerify  bool
	json      bool
}

func (a *app) migrateCommand() *cobra.Command {
	c := &migrateCmd{app: a}
	cmd := &cobra.Command{
		Use:   "migrate TASK.yaml",
		Short: "Move a database: convert, apply, full load, follow the changes, verify",
		Long: `migrate checks both ends, converts the schema into the task's folder (unless it is there: edits are kept), applies it, loads
all rows, follows the changes, builds keys and indexes, and verifies both sides behind the stream. Then it goes on
following until it is interrupted; godwit cutover makes the switch.

Progress is stored on the target with the rows: after a crash or an interruption the same command goes on.`,
		Example: `  godwit migrate shop.yaml
  godwit migrate shop.yaml --until loaded`,
		Args: oneArgument,
		RunE: func(cmd *cobra.Command, args []string) error { return c.Run(cmd.Context(), args[0]) },
	}
	f := cmd.Flags()
	f.StringVar(&c.until, "until", "", "stop when this is reached: loaded, caught-up, verified; empty: follow until interrupted")
	f.BoolVar(&c.skipCheck, "skip-check", false, "go on although prerequisites fail")
	f.BoolVar(&c.skipCode, "skip-code", false, "leave functions, views and procedures to the cutover")
	f.BoolVar(&c.noVerify, "no-verify", false, "do not compare the rows")
	f.BoolVar(&c.json, "json", false, "print the result as JSON, and progress as one JSON object per line on standard error")
	return cmd
}

// migrateResult is what --json prints.
type migrateResult struct {
	Task     string         `json:"task"`
	Reached  string         `json:"reached"`
	Position string         `json:"position"`
	Rows     int64          `json:"rows_loaded"`
	Changes  int64          `json:"rows_changed"`
	Aside    int64          `json:"exceptions,omitempty"`
	Seconds  float64        `json:"seconds"`
	Verify   *verify.Report `json:"verify,omitempty"`
}

// Run executes the command.
func (c *migrateCmd) Run(ctx context.Context, path string) error {
	switch c.until {
	case "", "loaded", "caught-up", "verified":
	default:
		return usage("--until %s: want loaded, caught-up or verified", c.until)
	}
	p, err := openProject(ctx, path)
	if err != nil {
		return err
	}
	defer p.Close()
	if err := p.notCutOver(ctx); err != nil {
		return err
	}
	if err := c.prepare(ctx, p); err != nil {
		return err
	}
	m, err := c.app.mover(p, c.json)
	if err != nil {
		return err
	}
	if c.until != "loaded" { // a load alone needs no log
		if err := p.acting(ctx); err != nil {
			return err
		}
	}
	if err := m.applyBefore(ctx, c.skipCode); err != nil {
		return err
	}
	return c.move(ctx, m)
}

// prepare checks the ends and converts the schema.
func (c *migrateCmd) prepare(ctx context.Context, p *project) error {
	if c.skipCheck {
		return p.convert(ctx)
	}
	rep, err := p.check(ctx)
	if err != nil {
		return err
	}
	if !rep.OK() {
		fmt.Fprint(c.app.err, rep.Text())
		return checkError(rep)
	}
	fmt.Fprintf(c.app.err, "checked: %d passed, %d warnings (godwit check shows them)\n", rep.Count("passed"), rep.Count("warning"))
	return nil
}

// notCutOver refuses to go on behind a cutover.
func (p *project) notCutOver(ctx context.Context) error {
	st, err := cutover.Load(ctx, p.pool, p.task.Name)
	if err != nil {
		return err
	}
	switch st.State {
	case cutover.New, cutover.Ready:
		return nil
	case cutover.Triggered, cutover.Switched:
		back, err := cutover.LoadBack(ctx, p.pool, p.task.Name)
		if err == nil && back.State == cutover.Switched {
			err = fmt.Errorf("task %s was cut over and went back; to move again, give the task a new name and empty target tables", p.task.Name)
		}
		return orElse(err, fmt.Errorf("task %s was cut over; the target takes the writes now", p.task.Name))
	}
	return fmt.Errorf("a cutover of task %s is under way (%s); go on with godwit cutover, or take it back with godwit cutover --abort", p.task.Name, st.State)
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// cutoverRuns tells that a cutover has begun, which is why another run has the task now.
func (p *project) cutoverRuns(ctx context.Context) bool {
	st, err := cutover.Load(ctx, p.pool, p.task.Name)
	return err == nil && st.State != cutover.New
}

// move loads, follows and verifies.
func (c *migrateCmd) move(ctx context.Context, m *mover) error {
	until := migrate.Until{CaughtUp: true}
	if c.until == "loaded" {
		until = migrate.Until{Loaded: true}
	}
	res, err := m.run(ctx, until)
	if err != nil {
		return err
	}
	out := migrateResult{Task: m.p.task.Name, Reached: "caught up"}
	if c.until == "loaded" {
		out.Reached = "loaded"
	}
	if err := m.again(ctx, func() error { return m.p.refresh(ctx) }); err != nil {
		return err
	}
	if c.until == "" || c.until == "verified" {
		if err := c.follow(ctx, m, &res, &out); err != nil {
			return err
		}
	}
	out.Position, out.Rows, out.Changes, out.Aside, out.Seconds = res.Position.String(), res.Rows, res.Changes, res.Exceptions, res.Elapsed.Seconds()
	return c.finish(out)
}

// follow runs the stream and verifies behind it; without --until it goes on until interrupted.
func (c *migrateCmd) follow(ctx context.Context, m *mover, res *migrate.Result, out *migrateResult) error {
	streamCtx, stop := context.WithCancel(ctx)
	defer stop()
	type end struct {
		res migrate.Result
		err error
	}
	ended := make(chan end, 1)
	own := m.p.apart()
	go func() {
		r, err := m.run(streamCtx, migrate.Until{})
		stop() // a verification that waits for the stream ends with it
		ended <- end{r, err}
	}()
	var bad error
	if !c.noVerify {
		rep, err := m.verifyBehind(streamCtx, own)
		switch {
		case err == nil:
			out.Verify, out.Reached, bad = rep, "verified", verifyError(rep)
		case streamCtx.Err() == nil:
			bad = err
		}
		if rep != nil && !c.json {
			if err := printVerify(c.app.out, rep); err != nil {
				return err
			}
		}
	}
	if c.until == "" && bad == nil && streamCtx.Err() == nil {
		fmt.Fprintf(c.app.err, "following the source; ready for cutover: godwit cutover %s.yaml, or interrupt and run migrate again\n", m.p.task.Name)
		if m.p.task.Verify.Continuous {
			bad = c.app.watchBeside(streamCtx, m.p)
		}
		<-streamCtx.Done()
	}
	stop()
	e := <-ended
	res.Changes += e.res.Changes
	res.Elapsed += e.res.Elapsed
	if e.res.Position != nil {
		res.Position = e.res.Position
	}
	if errors.Is(e.err, change.ErrFenced) && m.p.cutoverRuns(ctx) {
		fmt.Fprintln(c.app.err, "godwit cutover has taken the change stream over; this run is done")
		out.Reached = "handed over"
		return nil
	}
	if e.err != nil && !errors.Is(e.err, context.Canceled) {
		return errors.Join(e.err, bad)
	}
	if bad == nil && ctx.Err() != nil {
		return fmt.Errorf("interrupted at %s; run the same command to go on: %w", res.Position, ctx.Err())
	}
	return bad
}

func (c *migrateCmd) finish(out migrateResult) error {
	if c.json {
		return json.NewEncoder(c.app.out).Encode(out)
	}
	fmt.Fprintf(c.app.out, "%s: %s at %s, %d rows loaded, %d rows changed, %.1f s\n", out.Task, out.Reached, out.Position, out.Rows, out.Changes, out.Seconds)
	return nil
}

// mover is a project with its converted folder, ready to run.
type mover struct {
	p      *project
	folder *apply.Folder
	log    *slog.Logger
	report migrate.Reporter
	err    io.Writer
}

func (a *app) mover(p *project, asJSON bool) (*mover, error) {
	f, written, err := p.folder()
	if err != nil {
		return nil, err
	}
	if written {
		fmt.Fprintf(a.err, "converted the schema into %s\n", p.task.Convert.Folder)
	} else {
		fmt.Fprintf(a.err, "using the converted schema in %s as it is\n", p.task.Convert.Folder)
	}
	m := &mover{p: p, folder: f, err: a.err}
	m.log, m.report = a.progress(asJSON)
	return m, nil
}

// progress makes logger and reporter of a run.
func (a *app) progress(asJSON bool) (*slog.Logger, migrate.Reporter) {
	if asJSON {
		return slog.New(slog.NewJSONHandler(a.err, nil)), &jsonProgress{enc: json.NewEncoder(a.err)}
	}
	return slog.New(slog.NewTextHandler(a.err, nil)), &textProgress{w: a.err}
}

// apply applies stages of the folder; done before, it does nothing.
func (m *mover) apply(ctx context.Context, stages ...apply.Stage) (*apply.Report, error) {
	if slices.Contains(stages, apply.Triggers) { // behind the last schema change
		if err := m.p.refresh(ctx); err != nil {
			return nil, err
		}
	}
	f, left, err := m.current(ctx)
	if err != nil {
		return nil, err
	}
	if len(left) > 0 && slices.Contains(stages, apply.Triggers) {
		fmt.Fprintf(m.err, "left out, superseded by schema changes of the source: %s\n", strings.Join(left, ", "))
	}
	return apply.Run(ctx, m.p.pool, f, apply.Options{Stages: stages, Parallel: m.p.task.Load.Workers})
}

// plan tells what apply would do.
func (m *mover) plan(ctx context.Context, stages ...apply.Stage) (*apply.Report, error) {
	f, _, err := m.current(ctx)
	if err != nil {
		return nil, err
	}
	return apply.Run(ctx, m.p.pool, f, apply.Options{Stages: stages, DryRun: true})
}

// applyBefore makes what rows need. Code comes before the rows, too: what is wrong with it shows before hours of load.
func (m *mover) applyBefore(ctx context.Context, skipCode bool) error {
	stages := []apply.Stage{apply.Pre}
	if !skipCode {
		stages = append(stages, apply.Code)
	}
	rep, err := m.apply(ctx, stages...)
	if err != nil {
		return fmt.Errorf("apply the converted schema: %w; correct the file in %s and run again, or leave code to the cutover with --skip-code", err, m.folder.Dir)
	}
	fmt.Fprintf(m.err, "applied %d files, %d were applied before\n", rep.Applied, rep.Already)
	return nil
}

// run moves rows until the goal.
func (m *mover) run(ctx context.Context, until migrate.Until) (migrate.Result, error) {
	on := func(o apply.Options) func(context.Context, []*change.Table) error {
		o.Parallel = m.p.task.Load.Workers
		return func(ctx context.Context, _ []*change.Table) error {
			rep, err := apply.Run(ctx, m.p.pool, m.folder, o)
			if err == nil && rep.Applied > 0 {
				fmt.Fprintf(m.err, "applied %d files with keys and indexes\n", rep.Applied)
			}
			return postgres.Transient(err) // the next attempt goes on behind the last file
		}
	}
	return migrate.Run(ctx, m.p.task.Task, migrate.Options{
		Tables: m.p.tables, Schema: m.p.read.Script(), Until: until, Logger: m.log, Reporter: m.report,
		Hooks: migrate.Hooks{
			Loaded:     on(apply.Options{Stages: []apply.Stage{apply.Keys}}),
			Consistent: on(apply.Options{Stages: []apply.Stage{apply.Indexes, apply.Foreign}}),
			Whole:      on(apply.Options{Together: true}),
			Schema:     m.p.schemaChange,
		},
	})
}

// again calls f until no connection is lost: between load, stream and verification, too, a server that restarts costs time only.
func (m *mover) again(ctx context.Context, f func() error) error {
	return verify.Again(ctx, func(err error, wait time.Duration) {
		m.log.Warn("interrupted, trying again", "error", err, "in", wait)
	}, f)
}

// verifyBehind compares all rows behind the stream, again where the stream has brought schema changes meanwhile: what was compared then was not the
// tables as they are. The project is one apart from the stream's.
func (m *mover) verifyBehind(ctx context.Context, own *project) (*verify.Report, error) {
	var fence verify.Fence
	var done func()
	if err := m.again(ctx, func() (err error) {
		fence, done, err = own.fence(ctx, nil)
		return err
	}); err != nil {
		return nil, err
	}
	defer done()
	var rep *verify.Report
	for n := 1; ; n++ {
		r, bad := own.verify(ctx, verify.Options{Fence: fence, Parallel: m.p.task.Load.Workers})
		if ctx.Err() != nil {
			return nil, errors.Join(bad, ctx.Err())
		}
		moved, err := m.changedSince(ctx, own, fence)
		if err := errors.Join(bad, err); err != nil && !moved {
			return nil, err
		}
		if rep = r; !moved {
			break
		}
		if n == maxComparisons {
			return nil, fmt.Errorf("the source's schema has changed beside each of %d comparisons; when it rests: godwit verify %s.yaml", n, m.p.task.Name)
		}
		fmt.Fprintln(m.err, "the source's schema has changed beside the comparison: the tables are compared again")
	}
	// The status shows it, and a dry run of the cutover tells by it how long the last comparison will take.
	return rep, m.again(ctx, func() error {
		j, err := verify.OpenJournal(ctx, m.p.pool, m.p.task.Name, false)
		if err != nil || j == nil {
			return err
		}
		return keep(ctx, j, rep)
	})
}

// maxComparisons is how often tables are compared whose schema changes meanwhile.
const maxComparisons = 5

// changedSince waits until the target has what the source has now, and tells that schema changes were among it since p knew the tables, which are
// brought up to them.
func (m *mover) changedSince(ctx context.Context, p *project, fence verify.Fence) (bool, error) {
	known := p.known
	err := m.again(ctx, func() error {
		reached, err := fence(ctx)
		if err != nil {
			return err
		}
		if err := reached(ctx); err != nil {
			return err
		}
		return p.refresh(ctx)
	})
	return p.known != known, err
}

// textProgress prints tables as they are done, and the stream now and then.
type textProgress struct {
	mu   sync.Mutex
	w    io.Writer
	last time.Time
}

// progressEvery is the time between two lines of progress.
const progressEvery = 5 * time.Second

// Report prints an event.
func (p *textProgress) Report(e migrate.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case e.TableDone:
		fmt.Fprintf(p.w, "loaded %s: %d rows\n", e.Table, e.Rows)
	case e.Phase == migrate.PhaseDone || time.Since(p.last) < progressEvery:
		return
	case e.Phase == migrate.PhaseLoad:
		fmt.Fprintf(p.w, "loading %s: %d of about %d rows, %.0f rows/s\n", e.Table, e.Rows, e.Estimate, e.Rate)
	case e.Phase == migrate.PhaseStream && e.Lag < 0:
		fmt.Fprintf(p.w, "following: %d rows changed, lag unknown\n", e.Changes)
	case e.Phase == migrate.PhaseStream:
		fmt.Fprintf(p.w, "following: %d rows changed, lag %.1f s\n", e.Changes, e.Lag)
	}
	p.last = time.Now()
}

// jsonProgress prints every event as one line.
type jsonProgress struct {
	mu  sync.Mutex
	enc *json.Encoder
}

// Report prints an event.
func (p *jsonProgress) Report(e migrate.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.enc.Encode(e) // standard error may be closed; the migration goes on
}
