package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"godwit/runner/change"
	"godwit/runner/postgres"
)

// reloadCmd has tables of a task loaded again.
type reloadCmd struct {
	app  *app
	wait bool
}

func (a *app) reloadCommand() *cobra.Command {
	c := &reloadCmd{app: a}
	cmd := &cobra.Command{
		Use:   "reload TASK.yaml TABLE...",
		Short: "Load tables of a task again, without starting the task anew",
		Long: `reload has tables emptied on the target and loaded again at a new snapshot. A godwit migrate that follows the source takes
it up within a second: it follows the changes up to now, so that no schema change is left between the two, and loads the tables
while the change stream waits; without one, the next godwit migrate does it first. Tables that
foreign keys with actions (CASCADE, SET NULL) bind to them are loaded again as well, since their rows must be of one moment.

A table is named as on the source, with its schema or, if that is clear, without.

A table that is to be added to a task needs no command of its own: select it in the task file and run godwit migrate
again. A table that is no longer selected is let go in the same way; its rows stay on the target.`,
		Example: `  godwit reload shop.yaml orders
  godwit reload shop.yaml shop.orders shop.items --wait`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) < 2 {
				return usage("%s wants a task file and tables, got %d arguments; see `%s --help`", cmd.CommandPath(), len(args), cmd.CommandPath())
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return c.Run(cmd.Context(), args[0], args[1:]) },
	}
	cmd.Flags().BoolVar(&c.wait, "wait", false, "wait until the tables are loaded and the target is a consistent copy again")
	return cmd
}

// Run executes the command.
func (c *reloadCmd) Run(ctx context.Context, path string, names []string) error {
	p, err := openConverted(ctx, path)
	if err != nil {
		return err
	}
	defer p.Close()
	return c.ask(ctx, p, names)
}

func (c *reloadCmd) ask(ctx context.Context, p *project, names []string) error {
	tables, err := p.find(names)
	if err != nil {
		return err
	}
	if err := p.notCutOver(ctx); err != nil {
		return err
	}
	phase, _, err := postgres.ReadProgress(ctx, p.pool, p.task.Name)
	if err != nil {
		return fmt.Errorf("read the progress of task %s: %w", p.task.Name, err)
	}
	if phase == change.PhaseNew {
		return fmt.Errorf("task %s has not begun; godwit migrate loads all of its tables", p.task.Name)
	}
	conn, err := p.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("target: %w", err)
	}
	err = postgres.Request(ctx, conn.Conn(), p.task.Name, tables)
	conn.Release()
	if err != nil {
		return fmt.Errorf("ask for %s to be loaded again: %w", strings.Join(tables, ", "), err)
	}
	if !c.wait {
		fmt.Fprintf(c.app.out, "%s: to be loaded again by godwit migrate; godwit status tells how far it is\n", strings.Join(tables, ", "))
		return nil
	}
	return c.await(ctx, p, tables)
}

// find gives the full names of tables of the task.
func (p *project) find(names []string) (out []string, err error) {
	for _, n := range names {
		var found []string
		for _, t := range p.tables {
			if n == t.Name || n == t.Schema+"."+t.Name {
				found = append(found, t.Schema+"."+t.Name)
			}
		}
		switch len(found) {
		case 0:
			return nil, usage("task %s moves no table %s", p.task.Name, n)
		case 1:
			out = append(out, found[0])
		default:
			return nil, usage("table %s may be %s: name its schema", n, strings.Join(found, " or "))
		}
	}
	return out, nil
}

// await waits for the run that loads the tables.
func (c *reloadCmd) await(ctx context.Context, p *project, tables []string) error {
	began := time.Now()
	for {
		s, err := postgres.ReadStatus(ctx, p.pool, p.task.Name)
		if err != nil {
			return fmt.Errorf("read the progress of task %s: %w", p.task.Name, err)
		}
		if len(s.Requested) == 0 && s.Phase == change.PhaseConsistent {
			fmt.Fprintf(c.app.out, "%s: loaded again in %.1f s\n", strings.Join(tables, ", "), time.Since(began).Seconds())
			return nil
		}
		if len(s.Requested) > 0 && time.Since(began) > stillFor {
			return fmt.Errorf("no godwit migrate of task %s takes the request; start it", p.task.Name)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(200 * time.Millisecond):
		}
	}
}
