package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/olekukonko/tablewriter"
	"github.com/spf13/cobra"

	"godwit/runner/change"
	"godwit/runner/check"
	"godwit/runner/mysql"
	"godwit/runner/postgres"
	"godwit/runner/repair"
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
	resume   bool
	rate     int64
	repair   bool
	dryRun   bool
	watch    bool
	rounds   int
	report   string
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

Progress is kept on the target: --resume goes on with a comparison that was interrupted. --watch compares all tables round
after round at a bounded rate, beside the stream, and keeps a report file and metrics up to date. --repair mends what
differs, also while the stream runs; with --dry-run it only tells what it would do.

It exits with code 4 when a table differs or could not be verified.`,
		Example: `  godwit verify shop.yaml
  godwit verify shop.yaml --repair --dry-run
  godwit verify shop.yaml --watch --rate 50000 --report verify.json`,
		Args: oneArgument,
		RunE: func(cmd *cobra.Command, args []string) error { return c.Run(cmd.Context(), args[0]) },
	}
	f := cmd.Flags()
	f.BoolVar(&c.static, "static", false, "the source does not change and no stream runs: the first look is final")
	f.IntVar(&c.maxDiffs, "max-differences", 1000, "differences listed per table")
	f.Int64Var(&c.chunk, "chunk-rows", 100_000, "rows hashed by one query")
	f.IntVar(&c.parallel, "parallel", 2, "ranges of rows compared at a time")
	f.BoolVar(&c.resume, "resume", false, "go on with a comparison that was interrupted")
	f.Int64Var(&c.rate, "rate", 0, "rows compared per second at most; 0 for no limit")
	f.BoolVar(&c.repair, "repair", false, "mend the rows that differ")
	f.BoolVar(&c.dryRun, "dry-run", false, "with --repair: tell what would be mended, change nothing")
	f.BoolVar(&c.watch, "watch", false, "compare round after round until interrupted")
	f.IntVar(&c.rounds, "rounds", 0, "with --watch: end after so many rounds; 0 for no end")
	f.StringVar(&c.report, "report", "", "write the report as JSON to this file, too")
	f.BoolVar(&c.json, "json", false, "print the report as JSON")
	return cmd
}

// check finds flags that do not go together.
func (c *verifyCmd) check() error {
	switch {
	case c.dryRun && !c.repair:
		return usage("--dry-run belongs to --repair")
	case c.watch && (c.repair || c.resume || c.static):
		return usage("--watch goes neither with --repair nor with --resume nor with --static")
	case c.rounds != 0 && !c.watch:
		return usage("--rounds belongs to --watch")
	case c.rate < 0 || c.rounds < 0:
		return usage("--rate and --rounds must not be negative")
	}
	return nil
}

// Run executes the command.
func (c *verifyCmd) Run(ctx context.Context, path string) error {
	if err := c.check(); err != nil {
		return err
	}
	p, err := openConverted(ctx, path)
	if err != nil {
		return err
	}
	defer p.Close()
	o := verify.Options{MaxDiffs: c.maxDiffs, ChunkRows: c.chunk, Parallel: c.parallel, Rate: c.rate}
	if !c.static {
		fence, closeFence, err := p.fence(ctx, c.app.err)
		if err != nil {
			return err
		}
		defer closeFence()
		o.Fence = fence
	}
	if c.watch {
		return c.app.watchTables(ctx, p, o, watchOptions{rounds: c.rounds, report: c.report, metrics: p.task.Verify.Metrics, json: c.json})
	}
	j, err := verify.OpenJournal(ctx, p.pool, p.task.Name, c.resume)
	if err != nil {
		return err
	}
	if j != nil {
		o.Journal = j
	}
	known := p.known
	rep, err := p.verify(ctx, o)
	if again := p.refresh(ctx); again == nil && p.known != known {
		return errors.Join(err, fmt.Errorf("the source's schema has changed beside the comparison, which says nothing about the tables as they are; run the same command again"))
	}
	if err != nil {
		return err
	}
	return c.conclude(ctx, p, rep, o)
}

// verifyResult is what --json prints.
type verifyResult struct {
	*verify.Report
	// Unseen is what the change stream does not see of the source's columns.
	Unseen string         `json:"columns_unseen,omitempty"`
	Plan   []repairPlan   `json:"repair_plan,omitempty"`
	Repair *repair.Report `json:"repair,omitempty"`
}

// conclude mends if it should, and prints.
func (c *verifyCmd) conclude(ctx context.Context, p *project, rep *verify.Report, o verify.Options) error {
	out := verifyResult{Report: rep}
	var failed error
	if !c.static {
		var err error
		if out.Unseen, err = check.ColumnsUnseen(ctx, p.db); err != nil {
			return err
		}
		if out.Unseen != "" && !c.json {
			fmt.Fprintf(c.app.err, "note: these rows are compared as the task knows the columns; %s\n", out.Unseen)
		}
	}
	if c.repair {
		out.Plan = planRepair(rep)
		if !c.json {
			printRepairPlan(c.app.out, out.Plan)
		}
		if !c.dryRun && len(out.Plan) > 0 {
			out.Report, out.Repair, failed = c.mend(ctx, p, rep, o)
			if failed == nil && o.Journal != nil {
				failed = keep(ctx, o.Journal, out.Report)
			}
		}
	}
	if c.report != "" {
		if err := writeReport(c.report, out); err != nil {
			return err
		}
	}
	var err error
	if c.json {
		err = json.NewEncoder(c.app.out).Encode(out)
	} else {
		err = printVerify(c.app.out, out.Report)
		if out.Repair != nil {
			printRepair(c.app.out, out.Repair)
		}
	}
	if failed != nil || err != nil {
		return errors.Join(failed, err)
	}
	return verifyError(out.Report)
}

// keep puts the outcome of a comparison into the journal.
func keep(ctx context.Context, j verify.Journal, rep *verify.Report) error {
	for _, t := range rep.Tables {
		if err := j.Save(ctx, t.Source, verify.Mark{Done: true, Table: t}); err != nil {
			return fmt.Errorf("keep the journal of the verification: %w", err)
		}
	}
	return nil
}

// writeReport replaces a file as a whole.
func writeReport(path string, v any) error {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	next := path + ".next"
	if err := os.WriteFile(next, append(b, '\n'), 0o644); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	if err := os.Rename(next, path); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// values are the task's policies for values that the target cannot hold.
func (p *project) values() verify.Values {
	return verify.Values(p.task.Values.Policy())
}

// verify compares the task's tables under the task's policies.
func (p *project) verify(ctx context.Context, o verify.Options) (*verify.Report, error) {
	o.Values = p.values()
	rep, err := verify.Run(ctx, p.db, p.pool, p.tables, o)
	if err != nil {
		return nil, err
	}
	rep.Tables = append(rep.Tables, p.unmovedTables()...)
	return rep, nil
}

// unmovedTables reports what the task selects and does not move: that is no success.
func (p *project) unmovedTables() (out []verify.Table) {
	for _, name := range p.unmoved {
		out = append(out, verify.Table{Source: name, State: verify.Unverifiable, Finished: time.Now(),
			Error: "the task selects the table and does not move it: it came after the task began, and the change stream has not brought it; exclude it, or move it by a task of its own"})
	}
	return out
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

const (
	// stillFor is how long the stream may stand still before a wait for it is given up.
	stillFor = 60 * time.Second
	// quietFor is how long it may before somebody is told.
	quietFor = 3 * time.Second
)

// fence makes a wait for the change stream that another process, or this one, runs for the task. told hears of long waits; nil where it runs here.
func (p *project) fence(ctx context.Context, told io.Writer) (verify.Fence, func(), error) {
	src, err := mysqlSource(ctx, p)
	if err != nil {
		return nil, nil, err
	}
	f := &streamFence{p: p, src: src, still: stillFor, told: told}
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
	told  io.Writer

	mu    sync.Mutex
	stuck string // the position at which a wait was given up: the next table need not wait as long
	said  string // the position at which it was told
}

// givenUp tells that the stream stands where it stood for as long as anybody should wait, which is noted if it has now.
func (f *streamFence) givenUp(at string, now bool) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now {
		f.stuck = at
	}
	return f.stuck == at
}

// tell says once for a position that it is waited for the stream.
func (f *streamFence) tell(at string, goal change.Position) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.told == nil || f.said == at {
		return
	}
	f.said = at
	fmt.Fprintf(f.told, "waiting for the change stream, which stands at %s while the source is at %s; is godwit migrate running? giving up after %v\n", at, goal, f.still)
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
		if time.Since(since) > quietFor {
			f.tell(seen, goal)
		}
		if f.givenUp(seen, time.Since(since) > f.still) {
			return fmt.Errorf("the change stream stands at %s for %s, the source is at %s; start godwit migrate, or give --static", at, f.still, goal)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}
