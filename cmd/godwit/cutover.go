package main

import (
	"context"
	"encoding/json"
	"fmt"
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
nobody writes; writes that come nevertheless are found and stop the cutover.`,
		Example: `  godwit cutover shop.yaml --dry-run
  godwit cutover shop.yaml --read-only`,
		Args: oneArgument,
		RunE: func(cmd *cobra.Command, args []string) error { return c.Run(cmd.Context(), args[0]) },
	}
	f := cmd.Flags()
	f.BoolVar(&c.readOnly, "read-only", false, "make the source server read-only")
	f.BoolVar(&c.stopped, "apps-stopped", false, "the applications are stopped")
	f.BoolVar(&c.dryRun, "dry-run", false, "print the steps, change nothing")
	f.BoolVar(&c.abort, "abort", false, "take the cutover back and open the source")
	f.DurationVar(&c.quiet, "quiet", 2*time.Second, "how long the source must be silent before the fence is believed")
	f.BoolVar(&c.json, "json", false, "print the result as JSON")
	return cmd
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
		Task: p.task.Name, Target: p.pool, Quiet: c.quiet, Schemas: p.targetSchemas(),
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
	return o
}

func (c *cutoverCmd) dry(ctx context.Context, o cutover.Options) error {
	steps, blockers, err := cutover.DryRun(ctx, o)
	if err != nil {
		return err
	}
	texts := make([]string, len(blockers))
	for i, b := range blockers {
		texts[i] = b.Error()
	}
	if c.json {
		err = json.NewEncoder(c.app.out).Encode(struct {
			Steps    []cutover.Step `json:"steps"`
			Blockers []string       `json:"blockers"`
		}{steps, texts})
		if err != nil {
			return err
		}
	} else {
		for _, s := range steps {
			fmt.Fprintf(c.app.out, "%-12s %s\n", s.State, s.Detail)
		}
		for _, b := range texts {
			fmt.Fprintf(c.app.out, "blocked by: %s\n", b)
		}
	}
	if len(blockers) > 0 {
		return &exitError{exitDiffer, fmt.Errorf("%d things stand in the way of the cutover", len(blockers))}
	}
	return nil
}

func (c *cutoverCmd) takeBack(ctx context.Context, p *project) error {
	// The switch is at hand whether or not it was used: the state tells.
	o := cutover.Options{Task: p.task.Name, Target: p.pool, Fencer: cutover.ReadOnlySwitch{DB: p.db}}
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
		fmt.Fprintf(c.app.out, "switched; the source took no writes for %.1f s\n", res.Pause.Seconds())
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

// Position is the end of the source's log.
func (s taskStream) Position(ctx context.Context) (change.Position, error) {
	return s.src.Position(ctx)
}

// Drain applies everything up to p.
func (s taskStream) Drain(ctx context.Context, p change.Position) (int64, error) {
	res, err := s.m.run(ctx, migrate.Until{Position: p})
	return res.Changes, err
}
