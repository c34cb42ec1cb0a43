package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"godwit/runner/apply"
	"godwit/runner/endpoint"
)

// applyCmd applies a converted folder.
type applyCmd struct {
	app      *app
	target   string
	stages   []string
	replace  bool
	dryRun   bool
	sql      bool
	parallel int
	json     bool
}

func (a *app) applyCommand() *cobra.Command {
	c := &applyCmd{app: a}
	cmd := &cobra.Command{
		Use:   "apply DIR --target URL",
		Short: "Apply a converted folder to PostgreSQL, each file once",
		Long: `apply runs the files of a folder that godwit convert wrote, in the order of order.txt, one transaction for each. What was
applied is noted on the target (godwit.applied), so a run that stopped goes on where it was. A file that changed after it
was applied is an error unless --replace is given.

Stages: ` + stageNames() + `. Without --stage all files are applied whole.`,
		Example: `  godwit apply out --target postgres://app@db2/shop?password=env:PGPASSWORD --dry-run
  godwit apply out --target postgres://app@db2/shop`,
		Args: oneArgument,
		RunE: func(cmd *cobra.Command, args []string) error { return c.Run(cmd.Context(), args[0]) },
	}
	f := cmd.Flags()
	f.StringVar(&c.target, "target", "", "URL of the database to apply to")
	f.StringSliceVar(&c.stages, "stage", nil, "apply only these stages, in the order of a migration")
	f.BoolVar(&c.replace, "replace", false, "apply files again that changed after they were applied")
	f.BoolVar(&c.dryRun, "dry-run", false, "print what would be done, change nothing")
	f.BoolVar(&c.sql, "sql", false, "with --dry-run: print the statements, too")
	f.IntVar(&c.parallel, "parallel", 2, "indexes built at a time, with --stage indexes")
	f.BoolVar(&c.json, "json", false, "print the result as JSON")
	return cmd
}

func stageNames() string {
	var out []string
	for _, s := range apply.Stages() {
		out = append(out, string(s))
	}
	return strings.Join(out, ", ")
}

// Run executes the command.
func (c *applyCmd) Run(ctx context.Context, dir string) error {
	if c.target == "" {
		return usage("apply wants a target: --target URL")
	}
	o := apply.Options{Replace: c.replace, DryRun: c.dryRun, Parallel: c.parallel}
	for _, s := range apply.Stages() {
		if slices.Contains(c.stages, string(s)) {
			o.Stages = append(o.Stages, s)
		}
	}
	if len(o.Stages) != len(c.stages) {
		return usage("--stage %s: want some of %s, each once", strings.Join(c.stages, ","), stageNames())
	}
	e, err := endpoint.Parse(c.target)
	if err != nil {
		return usage("--target: %v", err)
	}
	f, err := apply.Open(dir)
	if err != nil {
		return err
	}
	pool, err := e.OpenPostgres(ctx, c.parallel+2)
	if err != nil {
		return err
	}
	defer pool.Close()
	if !c.json {
		o.Report = func(ev apply.Event) { c.event(f, ev) }
	}
	rep, err := apply.Run(ctx, pool, f, o)
	if err != nil {
		return err
	}
	if c.json {
		return json.NewEncoder(c.app.out).Encode(rep)
	}
	fmt.Fprintf(c.app.out, "%d files applied, %d applied before\n", rep.Applied, rep.Already)
	return nil
}

// event prints a file; in a dry run that is the result, otherwise progress.
func (c *applyCmd) event(f *apply.Folder, ev apply.Event) {
	if !c.dryRun {
		if ev.Outcome == apply.Applied {
			fmt.Fprintf(c.app.err, "%s %s\n", ev.Outcome, ev.Path)
		}
		return
	}
	fmt.Fprintf(c.app.out, "%s %s (%d statements)\n", ev.Outcome, ev.Path, ev.Statements)
	if !c.sql || ev.Outcome == apply.Already {
		return
	}
	for _, file := range f.Files {
		if file.Path == ev.Path {
			fmt.Fprintln(c.app.out, file.Text)
		}
	}
}
