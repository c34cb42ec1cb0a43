package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/olekukonko/tablewriter"
	"github.com/spf13/cobra"

	"godwit/runner/change"
	"godwit/runner/mysql"
	"godwit/runner/postgres"
	"godwit/runner/verify"
)

// verifyCmd proves that both sides hold the same rows.
type verifyCmd struct {
	app      *app
	static   bool
	maxDiffs int
	chunk    int64
	parallel int
	json     bool
}

func (a *app) verifyCommand() *cobra.Command {
	c := &verifyCmd{app: a}
	cmd := &cobra.Command{
		Use:   "verify TASK.yaml",
		Short: "Prove that source and target hold the same rows",
		Long: `verify lets each server hash its own rows, compares the hashes range by range, and narrows what differs down to rows:
missing (on the source only), extraneous (on the target only), mismatch (other values, with the columns).

While godwit migrate follows the source, differences are checked again behind the change stream, so that rows on their way
are no differences. --static leaves that out: for a source that nobody writes to.

It exits with code 4 when a table differs or could not be verified.`,
		Example: "  godwit verify shop.yaml",
		Args:    oneArgument,
		RunE:    func(cmd *cobra.Command, args []string) error { return c.Run(cmd.Context(), args[0]) },
	}
	f := cmd.Flags()
	f.BoolVar(&c.static, "static", false, "the source does not change and no stream runs: the first look is final")
	f.IntVar(&c.maxDiffs, "max-differences", 1000, "differences listed per table")
	f.Int64Var(&c.chunk, "chunk-rows", 100_000, "rows hashed by one query")
	f.IntVar(&c.parallel, "parallel", 2, "tables compared at a time")
	f.BoolVar(&c.json, "json", false, "print the report as JSON")
	return cmd
}

// Run executes the command.
func (c *verifyCmd) Run(ctx context.Context, path string) error {
	p, err := openProject(ctx, path)
	if err != nil {
		return err
	}
	defer p.Close()
	if err := p.convert(ctx); err != nil {
		return err
	}
	o := verify.Options{MaxDiffs: c.maxDiffs, ChunkRows: c.chunk, Parallel: c.parallel}
	if !c.static {
		fence, closeFence, err := p.fence(ctx)
		if err != nil {
			return err
		}
		defer closeFence()
		o.Fence = fence
	}
	rep, err := p.verify(ctx, o)
	if err != nil {
		return err
	}
	if c.json {
		err = json.NewEncoder(c.app.out).Encode(rep)
	} else {
		err = printVerify(c.app.out, rep)
	}
	if err != nil {
		return err
	}
	return verifyError(rep)
}

// verify compares the task's tables under the task's policies.
func (p *project) verify(ctx context.Context, o verify.Options) (*verify.Report, error) {
	o.Values = verify.Values{ZeroDates: p.task.Values.ZeroDates, NUL: p.task.Values.NUL}
	return verify.Run(ctx, p.db, p.pool, p.tables, o)
}

// verifyError is exit code 4 when not everything is verified.
func verifyError(rep *verify.Report) error {
	if rep.OK() {
		return nil
	}
	n := 0
	for _, t := range rep.Tables {
		if t.State != verify.Verified {
			n++
		}
	}
	return &exitError{exitDiffer, fmt.Errorf("%d of %d tables are not verified", n, len(rep.Tables))}
}

func printVerify(w io.Writer, rep *verify.Report) error {
	t := tablewriter.NewWriter(w)
	t.Header("table", "state", "source rows", "target rows", "missing", "extraneous", "mismatch", "seconds")
	for _, x := range rep.Tables {
		if err := t.Append(x.Source, string(x.State), x.SourceRows, x.TargetRows, x.Missing, x.Extraneous, x.Mismatched, fmt.Sprintf("%.1f", x.Elapsed.Seconds())); err != nil {
			return err
		}
	}
	if err := t.Render(); err != nil {
		return err
	}
	if rep.OK() {
		var rows int64
		for _, x := range rep.Tables {
			rows += x.TargetRows
		}
		what := "tables"
		if len(rep.Tables) == 1 {
			what = "table"
		}
		_, err := fmt.Fprintf(w, "%d %s verified: %d rows, the same on both sides\n", len(rep.Tables), what, rows)
		return err
	}
	for _, x := range rep.Tables {
		if x.Error != "" {
			fmt.Fprintf(w, "%s: %s\n", x.Source, x.Error)
		}
		for i, d := range x.Diffs {
			if i == 20 {
				fmt.Fprintf(w, "%s: ... and %d more, see --json\n", x.Source, len(x.Diffs)-i)
				break
			}
			fmt.Fprintf(w, "%s: %s\n", x.Source, d)
		}
		if x.Truncated {
			fmt.Fprintf(w, "%s: the comparison stopped there; more rows differ\n", x.Source)
		}
	}
	return nil
}

// stillFor is how long the stream may stand still before a wait for it is given up.
const stillFor = 60 * time.Second

// fence makes a wait for the change stream that another process, or this one, runs for the task.
func (p *project) fence(ctx context.Context) (verify.Fence, func(), error) {
	src, err := mysqlSource(ctx, p)
	if err != nil {
		return nil, nil, err
	}
	f := &streamFence{p: p, src: src, still: stillFor}
	if _, err := f.applied(ctx); err != nil {
		src.Close()
		return nil, nil, err
	}
	return f.mark, func() { src.Close() }, nil
}

type streamFence struct {
	p     *project
	src   *mysql.Source
	still time.Duration
}

// applied reads the position that the target has reached.
func (f *streamFence) applied(ctx context.Context) (change.Position, error) {
	phase, position, err := postgres.ReadProgress(ctx, f.p.pool, f.p.task.Name)
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the progress of task %s: %w", f.p.task.Name, err)
	case phase == change.PhaseNew || phase == change.PhaseLoading:
		return nil, fmt.Errorf("task %s has not finished its full load; run godwit migrate, or give --static for rows that were copied otherwise", f.p.task.Name)
	}
	return f.src.ParsePosition(position)
}

// mark takes the source's position; what it returns waits until the target has it.
func (f *streamFence) mark(ctx context.Context) (func(context.Context) error, error) {
	goal, err := f.src.Position(ctx)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) error { return f.wait(ctx, goal) }, nil
}

func (f *streamFence) wait(ctx context.Context, goal change.Position) error {
	seen, since := "", time.Now()
	for {
		at, err := f.applied(ctx)
		if err != nil || at.Covers(goal) {
			return err
		}
		if s := at.String(); s != seen {
			seen, since = s, time.Now()
		}
		if time.Since(since) > f.still {
			return fmt.Errorf("the change stream stands at %s for %s, the source is at %s; start godwit migrate, or give --static", at, f.still, goal)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}
