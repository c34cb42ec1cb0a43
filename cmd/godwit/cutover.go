package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"godwit/runner/change"
	"godwit/runner/cutover"
	"godwit/runner/migrate"
	"godwit/runner/mysql"
	"godwit/runner/verify"
)

// cutoverCmd switches from the source to the target.
type cutoverCmd struct {
	app      *app
	readOnly bool
	stopped  bool
	fallback bool
	dryRun   bool
	abort    bool
	quiet    time.Duration
	json     bool
}

func (a *app) cutoverCommand() *cobra.Command {
	c := &cutoverCmd{app: a}
	cmd := &cobra.Command{
		Use:   "cutover TASK.yaml (--read-only | --apps-stopped)",
		Short: "Switch to the target: fence, drain, counters, constraints, final verification, triggers",
		Long: `cutover catches up with the source, fences it, applies the last changes, sets identities and sequences, validates every
constraint, compares all rows, and switches triggers and events on. A run that stopped goes on where it was; until the
triggers are on, --abort takes it back. It takes the change stream over from a running godwit migrate, which then ends.

The fence is either --read-only, which sets read_only on the whole source server, or --apps-stopped, your word that
nobody writes; writes that come nevertheless are found and stop the cutover.

--fallback arms the way back behind the verification, while nobody writes: from the switch on the target keeps its changes,
godwit fallback run brings them to the source, and godwit fallback switch goes back without loss.

--dry-run shows every step with what it would do, how far the stream is behind, and all that would stop the cutover. It
changes nothing.`,
		Example: `  godwit cutover shop.yaml --dry-run --fallback
  godwit cutover shop.yaml --read-only --fallback`,
		Args: oneArgument,
		RunE: func(cmd *cobra.Command, args []string) error { return c.Run(cmd.Context(), args[0]) },
	}
	f := cmd.Flags()
	f.BoolVar(&c.readOnly, "read-only", false, "make the source server read-only")
	f.BoolVar(&c.stopped, "apps-stopped", false, "the applications are stopped")
	f.BoolVar(&c.fallback, "fallback", false, "arm the way back")
	f.BoolVar(&c.dryRun, "dry-run", false, "print the steps and what would stop them, change nothing")
	f.BoolVar(&c.abort, "abort", false, "take the cutover back and open the source")
	f.DurationVar(&c.quiet, "quiet", 0, quietHelp)
	f.BoolVar(&c.json, "json", false, "print the result as JSON")
	return cmd
}

// quietHelp describes --quiet of a cutover and of a fallback.
const quietHelp = "how long nothing may change before the fence is believed (default 2s, with --read-only 500ms)"

// quietFor is how long a fence is watched: a server that refuses writes needs less than a user's word.
func quietFor(given time.Duration, readOnly bool) time.Duration {
	switch {
	case given > 0:
		return given
	case readOnly:
		return 500 * time.Millisecond
	}
	return 2 * time.Second
}

// Run executes the command.
func (c *cutoverCmd) Run(ctx context.Context, path string) error {
	if c.readOnly == c.stopped && !c.dryRun && !c.abort {
		return usage("cutover wants a fence: either --read-only or --apps-stopped")
	}
	p, err := openProject(ctx, path)
	if err != nil {
		return err
	}
	defer p.Close()
	if c.abort {
		return c.takeBack(ctx, p)
	}
	if err := p.convert(ctx); err != nil {
		return err
	}
	if c.dryRun {
		if err := p.haveFolder(); err != nil {
			return err
		}
	}
	m, err := c.app.mover(p, c.json)
	if err != nil {
		return err
	}
	src, err := mysqlSource(ctx, p)
	if err != nil {
		return err
	}
	defer src.Close()
	o := c.options(m, src)
	if c.dryRun {
		return c.dry(ctx, o)
	}
	res, err := cutover.Run(ctx, o)
	return c.finish(res, err)
}

func (c *cutoverCmd) options(m *mover, src *mysql.Source) cutover.Options {
	p := m.p
	o := cutover.Options{
		Task: p.task.Name, Target: p.pool, Quiet: quietFor(c.quiet, c.readOnly), Schemas: p.targetSchemas(),
		Stream:  taskStream{m, src},
		Numbers: cutover.Counters{Source: p.db, Target: p.pool, Tables: p.tables, Sequences: p.sequences()},
		Apply:   m.apply, Plan: m.plan,
		// The stream is drained and nobody writes: every difference is one.
		Verify: func(ctx context.Context) (*verify.Report, error) {
			return p.verify(ctx, verify.Options{Parallel: p.task.Load.Workers})
		},
		Report: func(s cutover.Step) {
			fmt.Fprintf(c.app.err, "%-12s %6.2f s  %s\n", s.State, s.Elapsed.Seconds(), s.Detail)
		},
	}
	if c.readOnly {
		o.Fencer = cutover.ReadOnlySwitch{DB: p.db}
	}
	if c.fallback {
		o.Fallback = m.wayBack()
	}
	return o
}

func (c *cutoverCmd) dry(ctx context.Context, o cutover.Options) error {
	return c.app.rehearse(ctx, o, c.json)
}

// rehearse prints what a cutover or a fallback would do, and ends with an error when something stands in its way.
func (a *app) rehearse(ctx context.Context, o cutover.Options, asJSON bool) error {
	d, err := cutover.DryRun(ctx, o)
	if err != nil {
		return err
	}
	steps, blockers := d.Steps, d.Blockers
	texts := make([]string, len(blockers))
	for i, b := range blockers {
		texts[i] = b.Error()
	}
	if asJSON {
		err = json.NewEncoder(a.out).Encode(struct {
			*cutover.Rehearsal
			Lag      float64  `json:"lag_seconds"`
			Blockers []string `json:"blockers"`
		}{d, d.Progress.Lag().Seconds(), texts})
		if err != nil {
			return err
		}
	} else {
		for _, s := range steps {
			fmt.Fprintf(a.out, "%-12s %s\n", s.State, s.Detail)
		}
		for _, b := range texts {
			fmt.Fprintf(a.out, "blocked by: %s\n", b)
		}
	}
	if len(blockers) > 0 {
		return &exitError{exitDiffer, fmt.Errorf("%d things stand in the way", len(blockers))}
	}
	return nil
}

// haveFolder makes sure that the converted folder is there.
func (p *project) haveFolder() error {
	if _, err := os.Stat(filepath.Join(p.task.Convert.Folder, "order.txt")); err != nil {
		return fmt.Errorf("the converted folder is not there; run godwit migrate first: %w", err)
	}
	return nil
}

func (c *cutoverCmd) takeBack(ctx context.Context, p *project) error {
	// The switch is at hand whether or not it was used: the state tells.
	o := cutover.Options{Task: p.task.Name, Target: p.pool, Fencer: cutover.ReadOnlySwitch{DB: p.db}}
	st, err := cutover.Load(ctx, p.pool, p.task.Name)
	if err != nil {
		return err
	}
	if st.Armed {
		if err := p.convert(ctx); err != nil {
			return err
		}
		o.Fallback = p.wayBack(nil, nil)
	}
	if err := cutover.Abort(ctx, o); err != nil {
		return err
	}
	fmt.Fprintf(c.app.out, "the cutover of %s is taken back; run godwit migrate to follow the source\n", p.task.Name)
	return nil
}

func (c *cutoverCmd) finish(res *cutover.Result, err error) error {
	if res.Verify != nil && !res.Verify.OK() && !c.json {
		if e := printVerify(c.app.out, res.Verify); e != nil {
			return e
		}
	}
	if c.json {
		if e := json.NewEncoder(c.app.out).Encode(res); e != nil {
			return e
		}
	}
	if err != nil {
		return err
	}
	if !c.json {
		fmt.Fprintf(c.app.out, "switched; writers paused for %.1f s, from the fence to the switch\n", res.Pause.Seconds())
		if c.fallback {
			fmt.Fprintln(c.app.out, "the way back is armed: godwit fallback run keeps the source up to date; the target keeps its log until then")
		}
	}
	return nil
}

// taskStream applies the stream of a task for the cutover.
type taskStream struct {
	m   *mover
	src *mysql.Source
}

var _ cutover.Stream = taskStream{}

// CatchUp applies what the source has committed until now.
func (s taskStream) CatchUp(ctx context.Context) error {
	ok, err := taskBegun(ctx, s.m.p.pool, s.m.p.task.Name)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("task %s has not begun; run godwit migrate first", s.m.p.task.Name)
	}
	_, err = s.m.run(ctx, migrate.Until{CaughtUp: true})
	return err
}

// Progress reads how far the stream is.
func (s taskStream) Progress(ctx context.Context) (cutover.Progress, error) {
	st, err := s.m.p.status(ctx)
	if err != nil {
		return cutover.Progress{}, err
	}
	out := cutover.Progress{Phase: st.Phase, Applied: st.Applied, End: st.Source, InSync: st.InSync}
	if st.Commit != nil {
		out.Commit = *st.Commit
	}
	return out, nil
}

// Position is the end of the source's log.
func (s taskStream) Position(ctx context.Context) (change.Position, error) {
	return s.src.Position(ctx)
}

// Drain applies everything up to p.
func (s taskStream) Drain(ctx context.Context, p change.Position) (int64, error) {
	res, err := s.m.run(ctx, migrate.Until{Position: p})
	return res.Changes, err
}
