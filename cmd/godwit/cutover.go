package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"godwit/runner/change"
	"godwit/runner/cutover"
	"godwit/runner/migrate"
	"godwit/runner/mysql"
)

// cutoverCmd switches from the source to the target.
type cutoverCmd struct {
	app *app
	switchFlags
	fallback bool
	triggers bool
	code     bool
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

Writers wait from the fence to the switch, also for the changes that are not applied yet. The fence goes up once the stream is at
most --max-lag behind; until then the cutover catches up, for at most --wait, while everything goes on. A stream that does not
get nearer, or not in time, ends the cutover in front of the fence. --wait 0s refuses at once, and leaves the stream to the run
that follows it. --dry-run tells the pause to expect.

--fallback arms the way back behind the verification, while nobody writes: from the switch on the target keeps its changes,
godwit fallback run brings them to the source, and godwit fallback switch goes back without loss.

Triggers that the source has made, changed or dropped since the task began stop the cutover, because the converted folder has
the older ones: write what the target is to have in the folder, and say so with --folder-triggers. So do triggers that fire in
another order, and, with --folder-code, views, routines and events.

--dry-run shows every step with what it would do, how far the stream is behind, and all that would stop the cutover. It
changes nothing.`,
		Example: `  godwit cutover shop.yaml --dry-run --fallback
  godwit cutover shop.yaml --read-only --fallback`,
		Args: oneArgument,
		RunE: func(cmd *cobra.Command, args []string) error { return c.Run(cmd.Context(), args[0]) },
	}
	c.add(cmd, "make the source server read-only", "take the cutover back and open the source")
	cmd.Flags().BoolVar(&c.fallback, "fallback", false, "arm the way back")
	cmd.Flags().BoolVar(&c.triggers, "folder-triggers", false, "make the triggers of the converted folder although the source has others since the task began")
	cmd.Flags().BoolVar(&c.code, "folder-code", false, "leave the views, routines and events of the converted folder although the source has others since the task began")
	return cmd
}

// Run executes the command.
func (c *cutoverCmd) Run(ctx context.Context, path string) error {
	if err := c.fenced("cutover"); err != nil {
		return err
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
	o := c.base(c.app, p)
	o.Schemas, o.Stream = p.targetSchemas(), taskStream{m, src}
	o.Numbers = cutover.Counters{Source: p.db, Target: p.pool, Tables: p.tables, Sequences: p.sequences()}
	o.Apply, o.Plan = m.apply, m.plan
	if c.readOnly {
		o.Fencer = cutover.ReadOnlySwitch{DB: p.db}
	}
	if c.fallback {
		o.Fallback = m.wayBack()
	}
	o.Check = p.sameCode(c.triggers, c.code)
	return o
}

func (c *cutoverCmd) dry(ctx context.Context, o cutover.Options) error {
	return c.app.rehearse(ctx, o, c.json)
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
	switch err := cutover.Abort(ctx, o); {
	case errors.Is(err, cutover.ErrNothing):
		fmt.Fprintf(c.app.out, "nothing to do: no cutover of %s is under way; nothing was changed\n", p.task.Name)
		return nil
	case err != nil:
		return err
	}
	fmt.Fprintf(c.app.out, "the cutover of %s is taken back; run godwit migrate to follow the source\n", p.task.Name)
	return nil
}

func (c *cutoverCmd) finish(res *cutover.Result, err error) error {
	err = c.tell(c.app, res, err, "switched")
	if err == nil && c.fallback && !c.json {
		fmt.Fprintln(c.app.out, "the way back is armed: godwit fallback run keeps the source up to date; the target keeps its log until then")
	}
	return err
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
