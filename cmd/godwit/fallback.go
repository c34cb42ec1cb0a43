package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/cobra"

	"godwit/runner/change"
	"godwit/runner/cutover"
	"godwit/runner/fallback"
	"godwit/runner/migrate"
)

// fallbackSection tunes the way back.
type fallbackSection struct {
	// Database of the old source holds the progress of the way back; default godwit.
	Database string `yaml:"database"`
	// Triggers of the old source would fire for every row that comes back: "refuse" (default) arms nothing while there are any,
	// "park" puts them aside when the way back is armed and creates them again when the applications go back.
	Triggers string `yaml:"triggers"`
	// OnError says what becomes of a change on the way back that the old source refuses for its values, or whose row is missing
	// there: "stop" (default), or "except", which writes it to the table exceptions of that database and goes on.
	OnError string `yaml:"on_error"`
	// AddedColumns says what becomes of columns that the target's tables get while the way back is armed: "stop" (default) ends the
	// stream at the first row that has one, "leave" brings all other columns back and leaves the values of these on the target.
	AddedColumns string `yaml:"added_columns"`
}

func (f fallbackSection) validate() error {
	var errs []error
	switch f.Triggers {
	case "", "refuse", "park":
	default:
		errs = append(errs, errors.New("fallback.triggers: must be refuse or park"))
	}
	switch f.OnError {
	case "", "stop", "except":
	default:
		errs = append(errs, errors.New("fallback.on_error: must be stop or except"))
	}
	switch f.AddedColumns {
	case "", "stop", "leave":
	default:
		errs = append(errs, errors.New("fallback.added_columns: must be stop or leave"))
	}
	return errors.Join(errs...)
}

// wayBack is the way back of the task.
func (p *project) wayBack(log *slog.Logger, rep migrate.Reporter) *fallback.Way {
	return &fallback.Way{Task: p.task.Task, From: p.target, To: p.source, Tables: p.tables, Database: p.task.Fallback.Database,
		ParkTriggers: p.task.Fallback.Triggers == "park", OnError: p.task.Fallback.OnError,
		LeaveColumns: p.task.Fallback.AddedColumns == "leave", Logger: log, Reporter: rep}
}

func (m *mover) wayBack() *fallback.Way { return m.p.wayBack(m.log, m.report) }

func (a *app) fallbackCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "fallback",
		Short: "Go back behind a cutover without loss: bring the target's changes to the source",
		Long: `fallback is the way back behind a cutover that was done with --fallback: godwit fallback run brings what applications write
on the target to the source, as godwit migrate did the other way, and godwit fallback switch is the cutover in reverse.

When the move is final, godwit fallback disarm gives the way back up; until then the target keeps its log for it.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.fallbackRunCommand(), a.fallbackStatusCommand(), a.fallbackSwitchCommand(), a.fallbackDisarmCommand())
	return cmd
}

// switched refuses what is of use behind a cutover with an armed way back only.
func (p *project) switched(ctx context.Context) (back cutover.Status, err error) {
	st, err := cutover.Load(ctx, p.pool, p.task.Name)
	switch {
	case err != nil:
		return back, err
	case st.State != cutover.Switched:
		return back, fmt.Errorf("task %s is not cut over (%s); the way back begins at the switch", p.task.Name, st.State)
	case !st.Armed:
		return back, fmt.Errorf("task %s was cut over without --fallback; there is no way back without loss", p.task.Name)
	}
	return cutover.LoadBack(ctx, p.pool, p.task.Name)
}

// fallbackRunCmd streams back.
type fallbackRunCmd struct {
	app      *app
	caughtUp bool
	json     bool
}

func (a *app) fallbackRunCommand() *cobra.Command {
	c := &fallbackRunCmd{app: a}
	cmd := &cobra.Command{
		Use:   "run TASK.yaml",
		Short: "Bring the target's changes to the source until interrupted",
		Long: `run follows the target's changes and applies them to the source. Progress is stored on the source with the rows: after a crash
or an interruption the same command goes on.`,
		Example: "  godwit fallback run shop.yaml",
		Args:    oneArgument,
		RunE:    func(cmd *cobra.Command, args []string) error { return c.Run(cmd.Context(), args[0]) },
	}
	f := cmd.Flags()
	f.BoolVar(&c.caughtUp, "until-caught-up", false, "stop when everything that was committed until now is applied")
	f.BoolVar(&c.json, "json", false, "print the result as JSON, and progress as one JSON object per line on standard error")
	return cmd
}

// Run executes the command.
func (c *fallbackRunCmd) Run(ctx context.Context, path string) error {
	p, err := openConverted(ctx, path)
	if err != nil {
		return err
	}
	defer p.Close()
	back, err := p.switched(ctx)
	if err != nil {
		return err
	}
	if back.State != cutover.New && back.State != cutover.Ready {
		return fmt.Errorf("a fallback of task %s is %s; go on with godwit fallback switch, or take it back with --abort", p.task.Name, back.State)
	}
	w := p.wayBack(c.app.progress(c.json))
	if err := w.CheckBack(ctx); err != nil {
		return err
	}
	res, err := w.Run(ctx, migrate.Until{CaughtUp: c.caughtUp})
	if errors.Is(err, change.ErrFenced) {
		if st, e := cutover.LoadBack(ctx, p.pool, p.task.Name); e == nil && st.State != cutover.New {
			fmt.Fprintln(c.app.err, "godwit fallback switch has taken the change stream over; this run is done")
			err = nil
		}
	}
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("interrupted at %v; run the same command to go on: %w", res.Position, ctx.Err())
	}
	if err != nil {
		return err
	}
	if c.json {
		return json.NewEncoder(c.app.out).Encode(migrateResult{Task: p.task.Name, Reached: "caught up", Position: res.Position.String(), Changes: res.Changes, Aside: res.Exceptions, Seconds: res.Elapsed.Seconds()})
	}
	fmt.Fprintf(c.app.out, "%s: the source has everything up to %s, %d rows changed, %.1f s\n", p.task.Name, res.Position, res.Changes, res.Elapsed.Seconds())
	if res.Exceptions > 0 {
		fmt.Fprintf(c.app.out, "%d rows were set aside in the table %s\n", res.Exceptions, w.Exceptions())
	}
	return nil
}

// fallbackStatusCmd tells how far the way back is.
type fallbackStatusCmd struct {
	app  *app
	json bool
}

func (a *app) fallbackStatusCommand() *cobra.Command {
	c := &fallbackStatusCmd{app: a}
	cmd := &cobra.Command{
		Use:     "status TASK.yaml",
		Short:   "Show how far the way back is, and the log that the target keeps for it",
		Example: "  godwit fallback status shop.yaml --json",
		Args:    oneArgument,
		RunE:    func(cmd *cobra.Command, args []string) error { return c.Run(cmd.Context(), args[0]) },
	}
	cmd.Flags().BoolVar(&c.json, "json", false, "print the status as JSON")
	return cmd
}

// Run executes the command.
func (c *fallbackStatusCmd) Run(ctx context.Context, path string) error {
	p, err := openConverted(ctx, path)
	if err != nil {
		return err
	}
	defer p.Close()
	st, err := p.wayBack(nil, nil).Status(ctx)
	if err != nil {
		return err
	}
	back, err := cutover.LoadBack(ctx, p.pool, p.task.Name)
	if err != nil {
		return err
	}
	if c.json {
		return json.NewEncoder(c.app.out).Encode(struct {
			fallback.Status
			Switch cutover.State `json:"switch"`
		}{st, back.State})
	}
	printBack(c.app.out, p.task.Name, p.wayBack(nil, nil).Exceptions(), st, back.State)
	return nil
}

func printBack(w io.Writer, task, exceptions string, st fallback.Status, state cutover.State) {
	fmt.Fprintf(w, "task     %s\n", task)
	switch {
	case st.Lost:
		fmt.Fprintf(w, "slot     %s: lost, the target gave up its log; there is no way back without loss\n", st.Slot)
	case !st.Armed:
		fmt.Fprintf(w, "slot     none: the way back is not armed\n")
	default:
		fmt.Fprintf(w, "slot     %s, stream connected: %v, the target keeps %.1f MB of log\n", st.Slot, st.Running, float64(st.Retained)/1e6)
	}
	if st.Applied != "" {
		fmt.Fprintf(w, "applied  %s, %d rows changed\ntarget   %s, %.1f MB of log to apply\n", st.Applied, st.Changes, st.End, float64(st.Missing)/1e6)
		fmt.Fprintf(w, "in sync  %v\n", st.InSync)
		if st.Lag != "" {
			fmt.Fprintf(w, "lag      %s s since the last applied commit\n", st.Lag)
		}
	}
	if st.Aside > 0 {
		fmt.Fprintf(w, "aside    %d rows, see the table %s\n", st.Aside, exceptions)
	}
	fmt.Fprintf(w, "switch   %s\n", state)
}

// fallbackSwitchCmd is the cutover in reverse.
type fallbackSwitchCmd struct {
	app *app
	switchFlags
}

func (a *app) fallbackSwitchCommand() *cobra.Command {
	c := &fallbackSwitchCmd{app: a}
	cmd := &cobra.Command{
		Use:   "switch TASK.yaml (--read-only | --apps-stopped)",
		Short: "Go back to the source: fence the target, drain, counters, foreign keys, final verification, triggers",
		Long: `switch catches up with the target, fences it, applies the last changes to the source, sets its counters, proves its foreign keys,
compares all rows, creates triggers again that were put aside, and opens the source. A run that stopped goes on where it was;
until the triggers are there, --abort takes it back. It takes the stream over from a running godwit fallback run, which then ends.

The fence is either --read-only, which makes new transactions of the target database read-only and ends the sessions of others,
or --apps-stopped, your word that nobody writes; writes that come nevertheless are found and stop the switch.`,
		Example: `  godwit fallback switch shop.yaml --dry-run
  godwit fallback switch shop.yaml --read-only`,
		Args: oneArgument,
		RunE: func(cmd *cobra.Command, args []string) error { return c.Run(cmd.Context(), args[0]) },
	}
	c.add(cmd, "make the target database read-only", "take the fallback back and open the target")
	return cmd
}

// Run executes the command.
func (c *fallbackSwitchCmd) Run(ctx context.Context, path string) error {
	if err := c.fenced("fallback switch"); err != nil {
		return err
	}
	p, err := openConverted(ctx, path)
	if err != nil {
		return err
	}
	defer p.Close()
	if _, err := p.switched(ctx); err != nil {
		return err
	}
	w := p.wayBack(c.app.progress(c.json))
	o := c.options(p, w)
	switch {
	case c.abort:
		o.Fencer = cutover.DatabaseSwitch{Pool: p.pool}
		switch err := cutover.Abort(ctx, o); {
		case errors.Is(err, cutover.ErrNothing):
			fmt.Fprintf(c.app.out, "nothing to do: no fallback of %s is under way; nothing was changed\n", p.task.Name)
			return nil
		case err != nil:
			return err
		}
		fmt.Fprintf(c.app.out, "the fallback of %s is taken back; run godwit fallback run to follow the target\n", p.task.Name)
		return nil
	case c.dryRun:
		return c.app.rehearse(ctx, o, c.json)
	}
	res, err := cutover.Run(ctx, o)
	if err == nil {
		// The rows are back; what is left on the target is of no use any more.
		err = w.Drop(ctx)
	}
	if errors.Is(err, cutover.ErrDifferent) {
		if st, e := w.Status(ctx); e == nil && st.Aside > 0 {
			err = fmt.Errorf("%w; %d rows were set aside in the table %s: bring what is missing to the old source by hand, or change it on the target", err, st.Aside, w.Exceptions())
		}
	}
	return c.tell(c.app, res, err, "switched back")
}

func (c *fallbackSwitchCmd) options(p *project, w *fallback.Way) cutover.Options {
	o := c.base(c.app, p)
	o.Stream = w
	o.Numbers = fallback.Counters{Source: p.pool, Target: p.db, Tables: p.tables, Sequences: p.sequences()}
	o.Back = &cutover.Back{
		Check: w.CheckBack,
		Constrain: func(ctx context.Context) (string, error) {
			n, err := fallback.ForeignKeys(ctx, p.db, p.tables)
			return fmt.Sprintf("%d foreign keys proved", n), err
		},
		Triggers: func(ctx context.Context) (string, error) {
			n, err := w.Unpark(ctx)
			return fmt.Sprintf("%d triggers created again", n), err
		},
		Open: p.openSource,
	}
	if c.readOnly {
		o.Fencer = cutover.DatabaseSwitch{Pool: p.pool}
	}
	return o
}

// openSource lets the source take writes, if it was the cutover that closed it.
func (p *project) openSource(ctx context.Context) (string, error) {
	st, err := cutover.Load(ctx, p.pool, p.task.Name)
	if err != nil {
		return "", err
	}
	const text = "point the applications to the source; the target stays as it is"
	if !st.Closed {
		return text, nil
	}
	if err := (cutover.ReadOnlySwitch{DB: p.db}).SetReadOnly(ctx, false); err != nil {
		return "", fmt.Errorf("open the source: %w", err)
	}
	return "the source takes writes again; " + text, nil
}

// fallbackDisarmCmd gives the way back up.
type fallbackDisarmCmd struct{ app *app }

func (a *app) fallbackDisarmCommand() *cobra.Command {
	c := &fallbackDisarmCmd{app: a}
	return &cobra.Command{
		Use:   "disarm TASK.yaml",
		Short: "Give the way back up: the target keeps its changes no longer",
		Long: `disarm drops the replication slot and the publication on the target and gives its tables the replica identity back that they
had. What was written on the target and not brought to the source stays on the target only. Triggers that were put aside are
created again on the source.`,
		Example: "  godwit fallback disarm shop.yaml",
		Args:    oneArgument,
		RunE:    func(cmd *cobra.Command, args []string) error { return c.Run(cmd.Context(), args[0]) },
	}
}

// Run executes the command.
func (c *fallbackDisarmCmd) Run(ctx context.Context, path string) error {
	p, err := openConverted(ctx, path)
	if err != nil {
		return err
	}
	defer p.Close()
	back, err := cutover.LoadBack(ctx, p.pool, p.task.Name)
	if err != nil {
		return err
	}
	switch back.State {
	case cutover.New, cutover.Ready, cutover.Switched:
	default:
		return fmt.Errorf("a fallback of task %s is %s; go on with godwit fallback switch, or take it back with --abort first", p.task.Name, back.State)
	}
	found, err := p.wayBack(nil, nil).GiveUp(ctx)
	if err != nil {
		return err
	}
	if !found {
		fmt.Fprintf(c.app.out, "nothing to do: the way back of %s is not armed\n", p.task.Name)
		return nil
	}
	fmt.Fprintf(c.app.out, "the way back of %s is given up\n", p.task.Name)
	return nil
}
