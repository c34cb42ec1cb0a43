package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/olekukonko/tablewriter"
	"github.com/spf13/cobra"

	"godwit/runner/change"
	"godwit/runner/cutover"
	"godwit/runner/postgres"
	"godwit/runner/verify"
)

// statusCmd tells how far a task is.
type statusCmd struct {
	app  *app
	json bool
}

func (a *app) statusCommand() *cobra.Command {
	c := &statusCmd{app: a}
	cmd := &cobra.Command{
		Use:   "status TASK.yaml",
		Short: "Show how far a task is: load, change stream, cutover",
		Long: `status reads the progress that the target holds and the end of the source's log: the phase, how far each table's load is,
the position and how far it is behind, changes that were put aside, tables that wait for being loaded again, the last
verification, and the cutover. It takes no lock, changes nothing, and works without the source, too.`,
		Example: "  godwit status shop.yaml --json",
		Args:    oneArgument,
		RunE:    func(cmd *cobra.Command, args []string) error { return c.Run(cmd.Context(), args[0]) },
	}
	cmd.Flags().BoolVar(&c.json, "json", false, "print the status as JSON")
	return cmd
}

// taskStatus is the status of a task.
type taskStatus struct {
	Task    string        `json:"task"`
	Phase   string        `json:"phase"`
	Active  bool          `json:"active"`            // something was stored for it a moment ago
	Updated *time.Time    `json:"updated,omitempty"` // when
	Silent  *float64      `json:"updated_seconds_ago,omitempty"`
	Runs    int64         `json:"runs"` // how often it was started or tried again
	Tables  []tableStatus `json:"tables"`
	Rows    int64         `json:"rows_loaded"`
	Left    int64         `json:"rows_left_estimate"`
	Bytes   int64         `json:"bytes_loaded"`
	Rate    float64       `json:"rows_per_second,omitempty"` // of the load, over the last half minute
	ETA     float64       `json:"eta_seconds,omitempty"`
	Applied string        `json:"applied_position,omitempty"`
	Source  string        `json:"source_position,omitempty"`
	Unknown string        `json:"source_error,omitempty"` // why the source's position is not known
	InSync  bool          `json:"in_sync"`
	// Lag is the age of the last applied transaction, 0 when nothing is left to apply, null when it is not known.
	Lag        *float64      `json:"lag_seconds"`
	Commit     *time.Time    `json:"last_applied_commit,omitempty"` // by the source's clock
	Changes    int64         `json:"rows_changed"`
	Applies    int64         `json:"transactions_applied"`
	Exceptions int64         `json:"exceptions"`
	Requested  []string      `json:"reload_requested,omitempty"`
	Verify     *verifyStatus `json:"last_verify,omitempty"`
	// Triggers are those by which the source differs from the schema that the task began with, Code the views, routines and events;
	// null when they are not known.
	Triggers *otherObjects `json:"other_triggers,omitempty"`
	Code     *otherObjects `json:"other_code,omitempty"`
	Cutover  cutover.State `json:"cutover"`
	Switched *time.Time    `json:"switched_at,omitempty"`
}

type tableStatus struct {
	Table  string  `json:"table"`
	Chunks int     `json:"chunks"`
	Loaded int     `json:"chunks_loaded"`
	Rows   int64   `json:"rows_loaded"`
	Left   int64   `json:"rows_left_estimate,omitempty"`
	Bytes  int64   `json:"bytes_loaded"`
	Rate   float64 `json:"rows_per_second,omitempty"`
	ETA    float64 `json:"eta_seconds,omitempty"`
}

// verifyStatus is the outcome of the last verification, table by table as far as it came.
type verifyStatus struct {
	Finished    *time.Time           `json:"finished,omitempty"` // of the table that was compared last
	Done        int                  `json:"tables_done"`
	Under       int                  `json:"tables_under_way"`
	States      map[verify.State]int `json:"states"`
	Rows        int64                `json:"rows"`
	Differences int64                `json:"differences"`
}

// activeFor is how long ago something was stored at most for a task that runs: an idle one stores its position every
// few seconds. A chunk of the load takes longer.
const activeFor = 15 * time.Second

// Run executes the command.
func (c *statusCmd) Run(ctx context.Context, path string) error {
	p, err := openStatus(ctx, path)
	if err != nil {
		return err
	}
	defer p.Close()
	s, err := p.status(ctx)
	if err != nil {
		return err
	}
	if c.json {
		return json.NewEncoder(c.app.out).Encode(s)
	}
	return c.print(s)
}

// openStatus opens the target only: the source may be away when one wants to know most.
func openStatus(ctx context.Context, path string) (*project, error) {
	p := &project{}
	var err error
	if p.task, err = readTaskFile(path); err != nil {
		return nil, err
	}
	if p.source, err = p.task.Source.Open(); err != nil {
		return nil, fmt.Errorf("source: %w", err)
	}
	if p.target, err = p.task.Target.Open(); err != nil {
		return nil, fmt.Errorf("target: %w", err)
	}
	if p.pool, err = p.target.OpenPostgres(ctx, 2); err != nil {
		return nil, fmt.Errorf("target: %w", err)
	}
	return p, nil
}

func (p *project) status(ctx context.Context) (*taskStatus, error) {
	st, err := postgres.ReadStatus(ctx, p.pool, p.task.Name)
	if err != nil {
		return nil, fmt.Errorf("read the progress of task %s: %w", p.task.Name, err)
	}
	s := &taskStatus{Task: p.task.Name, Phase: st.Phase, Tables: []tableStatus{}}
	s.fill(st)
	if err := p.compareEnds(ctx, s, st); err != nil {
		s.Unknown = err.Error()
	}
	last, err := (&verify.TargetJournal{Pool: p.pool, Task: p.task.Name}).Last(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the last verification: %w", err)
	}
	s.Verify = verifyOutcome(last)
	cut, err := cutover.Load(ctx, p.pool, p.task.Name)
	if err != nil {
		return nil, err
	}
	s.Cutover = cut.State
	if s.Unknown == "" && (cut.State == cutover.New || cut.State == cutover.Ready) {
		p.compareCodeFor(ctx, s)
	}
	if !cut.SwitchedAt.IsZero() {
		s.Switched = &cut.SwitchedAt
	}
	return s, nil
}

// compareCodeFor finds triggers, views, routines and events that the source has changed; where they cannot be read nothing is told.
func (p *project) compareCodeFor(ctx context.Context, s *taskStatus) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	triggers, code, err := p.others(ctx)
	if err != nil {
		return
	}
	if triggers.any() {
		s.Triggers = triggers
	}
	if code.any() {
		s.Code = code
	}
}

// compareEnds finds how far the target is behind the source.
func (p *project) compareEnds(ctx context.Context, s *taskStatus, st postgres.Status) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	src, err := mysqlSource(ctx, p)
	if err != nil {
		return err
	}
	defer src.Close()
	end, err := src.Position(ctx)
	if err != nil {
		return err
	}
	s.Source = end.String()
	if st.Position == "" {
		return nil
	}
	at, err := src.ParsePosition(st.Position)
	if err != nil {
		return err
	}
	covered := at.Covers(end)
	s.InSync = covered && st.Phase == change.PhaseConsistent
	switch {
	case covered:
		s.Lag = new(float64)
	case !st.CommitTime.IsZero():
		lag := max(st.Now.Sub(st.CommitTime).Seconds(), 0)
		s.Lag = &lag
	}
	return nil
}

func (s *taskStatus) fill(st postgres.Status) {
	s.Applied, s.Changes, s.Applies, s.Exceptions, s.Requested, s.Runs = st.Position, st.Changes, st.Transactions, st.Exceptions, st.Requested, st.Epoch
	latest := st.Updated
	for _, t := range st.Tables {
		x := tableStatus{Table: t.Table, Chunks: t.Chunks, Loaded: t.Loaded, Rows: t.Rows, Left: t.Left, Bytes: t.Bytes}
		if t.Loaded < t.Chunks {
			x.Rate = rate(t.Recent, st.Now.Sub(st.Created))
			x.ETA = eta(t.Left, x.Rate)
		}
		if t.Last.After(latest) {
			latest = t.Last
		}
		s.Rows, s.Left, s.Bytes, s.Rate = s.Rows+t.Rows, s.Left+t.Left, s.Bytes+t.Bytes, s.Rate+x.Rate
		s.Tables = append(s.Tables, x)
	}
	s.ETA = eta(s.Left, s.Rate)
	if !latest.IsZero() {
		s.Updated = &latest
		silent := max(st.Now.Sub(latest), 0)
		s.Active = silent < activeFor
		s.Silent = new(float64)
		*s.Silent = silent.Seconds()
	}
	if !st.CommitTime.IsZero() {
		s.Commit = &st.CommitTime
	}
}

// rate is rows per second over the last half minute, or since the task began.
func rate(rows int64, age time.Duration) float64 {
	over := min(age, postgres.RateWindow).Seconds()
	if over <= 0 {
		return 0
	}
	return float64(rows) / over
}

func eta(left int64, rate float64) float64 {
	if rate <= 0 {
		return 0
	}
	return float64(left) / rate
}

func verifyOutcome(marks []verify.Mark) *verifyStatus {
	if len(marks) == 0 {
		return nil
	}
	v := &verifyStatus{States: map[verify.State]int{}}
	for _, m := range marks {
		v.Rows += m.Table.TargetRows
		v.Differences += m.Table.Missing + m.Table.Extraneous + m.Table.Mismatched
		if !m.Done {
			v.Under++
			continue
		}
		v.Done++
		v.States[m.Table.State]++
		if f := m.Table.Finished; v.Finished == nil || f.After(*v.Finished) {
			v.Finished = &f
		}
	}
	return v
}

func (v *verifyStatus) String() string {
	s := fmt.Sprintf("%d tables, %d rows", v.Done, v.Rows)
	for _, st := range []verify.State{verify.Verified, verify.Different, verify.Unsettled, verify.Unverifiable} {
		if n := v.States[st]; n > 0 {
			s += fmt.Sprintf(", %d %s", n, st)
		}
	}
	if v.Differences > 0 {
		s += fmt.Sprintf(", %d differences", v.Differences)
	}
	if v.Under > 0 {
		s += fmt.Sprintf(", %d under way", v.Under)
	}
	if v.Finished != nil {
		s += v.Finished.Local().Format(" (2006-01-02 15:04:05)")
	}
	return s
}

func (c *statusCmd) print(s *taskStatus) error {
	w := c.app.out
	fmt.Fprintf(w, "task        %s\nphase       %s%s\n", s.Task, s.Phase, s.sign())
	if s.Phase == change.PhaseLoading {
		fmt.Fprintf(w, "load        %d rows, about %d left, %.0f rows/s, about %s to go\n", s.Rows, s.Left, s.Rate, about(s.ETA))
	}
	if s.Applied != "" {
		fmt.Fprintf(w, "applied     %s\n", s.Applied)
	}
	if s.Unknown != "" {
		fmt.Fprintf(w, "source      unknown: %s\n", s.Unknown)
	} else {
		fmt.Fprintf(w, "source      %s\n", s.Source)
	}
	if s.Applied != "" {
		lag := "unknown"
		if s.Lag != nil {
			lag = fmt.Sprintf("%.1f s", *s.Lag)
		}
		fmt.Fprintf(w, "lag         %s, in sync: %v; %d transactions, %d rows changed\n", lag, s.InSync, s.Applies, s.Changes)
	}
	if s.Exceptions > 0 {
		fmt.Fprintf(w, "exceptions  %d, see the table godwit.exceptions on the target\n", s.Exceptions)
	}
	if len(s.Requested) > 0 {
		fmt.Fprintf(w, "to reload   %s\n", strings.Join(s.Requested, ", "))
	}
	if s.Triggers != nil {
		fmt.Fprintf(w, "triggers    the source has %s since the task began: the stream does not bring them, and the cutover stops until that is decided\n", s.Triggers)
	}
	if s.Code != nil {
		fmt.Fprintf(w, "code        the source has %s since the task began: the stream does not bring it, and the cutover stops until that is decided\n", s.Code)
	}
	if s.Verify != nil {
		fmt.Fprintf(w, "verified    %s\n", s.Verify)
	}
	fmt.Fprintf(w, "cutover     %s\n", s.Cutover)
	if len(s.Tables) == 0 {
		return nil
	}
	t := tablewriter.NewWriter(w)
	t.Header("table", "chunks", "loaded", "rows", "about left", "MB", "rows/s", "to go")
	for _, x := range s.Tables {
		if err := t.Append(x.Table, x.Chunks, x.Loaded, x.Rows, x.Left, fmt.Sprintf("%.1f", float64(x.Bytes)/1e6), fmt.Sprintf("%.0f", x.Rate), about(x.ETA)); err != nil {
			return err
		}
	}
	return t.Render()
}

// sign is the last sign of life. A run that has died is told from one that lives by its age only: an idle one stores its position
// every few seconds.
func (s *taskStatus) sign() string {
	switch {
	case s.Updated == nil || s.Silent == nil:
		return ""
	case s.Active:
		return fmt.Sprintf(" (last sign of life %.0f s ago)", *s.Silent)
	}
	return fmt.Sprintf(" (not active: nothing stored since %s, %s ago)", s.Updated.Local().Format("2006-01-02 15:04:05"), about(*s.Silent))
}

// about is a time for people.
func about(seconds float64) string {
	if seconds <= 0 {
		return "-"
	}
	return time.Duration(seconds * float64(time.Second)).Round(time.Second).String()
}
