package main

import (
	"context"
	"encoding/json"
	"fmt"
	"sort"
	"time"

	"github.com/olekukonko/tablewriter"
	"github.com/spf13/cobra"

	"godwit/runner/change"
	"godwit/runner/cutover"
	"godwit/runner/mysql"
	"godwit/runner/postgres"
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
		Long: `status reads the progress that the target holds and the end of the source's log. It changes nothing and does not disturb
a run of the task.`,
		Example: "  godwit status shop.yaml --json",
		Args:    oneArgument,
		RunE:    func(cmd *cobra.Command, args []string) error { return c.Run(cmd.Context(), args[0]) },
	}
	cmd.Flags().BoolVar(&c.json, "json", false, "print the status as JSON")
	return cmd
}

// taskStatus is the status of a task.
type taskStatus struct {
	Task     string        `json:"task"`
	Phase    string        `json:"phase"`
	Tables   []tableStatus `json:"tables"`
	Applied  string        `json:"applied_position,omitempty"`
	Source   string        `json:"source_position"`
	InSync   bool          `json:"in_sync"`
	Commit   *time.Time    `json:"last_applied_commit,omitempty"` // by the source's clock
	Changes  int64         `json:"rows_changed"`
	Cutover  cutover.State `json:"cutover"`
	Switched *time.Time    `json:"switched_at,omitempty"`
}

type tableStatus struct {
	Table  string `json:"table"`
	Chunks int    `json:"chunks"`
	Loaded int    `json:"chunks_loaded"`
	Rows   int64  `json:"rows_loaded"`
}

// Run executes the command.
func (c *statusCmd) Run(ctx context.Context, path string) error {
	p, err := openProject(ctx, path)
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

func (p *project) status(ctx context.Context) (*taskStatus, error) {
	s := &taskStatus{Task: p.task.Name, Phase: change.PhaseNew, Tables: []tableStatus{}}
	src, err := mysqlSource(ctx, p)
	if err != nil {
		return nil, err
	}
	defer src.Close()
	end, err := src.Position(ctx)
	if err != nil {
		return nil, err
	}
	s.Source = end.String()
	c, err := p.pool.Acquire(ctx)
	if err != nil {
		return nil, fmt.Errorf("target: %w", err)
	}
	st, ok, err := postgres.ReadState(ctx, c.Conn(), p.task.Name)
	c.Release()
	if err != nil {
		return nil, fmt.Errorf("read the progress of task %s: %w", p.task.Name, err)
	}
	if ok {
		if err := s.fill(st, src, end); err != nil {
			return nil, err
		}
	}
	cut, err := cutover.Load(ctx, p.pool, p.task.Name)
	if err != nil {
		return nil, err
	}
	s.Cutover = cut.State
	if !cut.SwitchedAt.IsZero() {
		s.Switched = &cut.SwitchedAt
	}
	return s, nil
}

func (s *taskStatus) fill(st change.State, src *mysql.Source, end change.Position) error {
	s.Phase, s.Applied, s.Changes = st.Phase, st.Position, st.Changes
	if !st.CommitTime.IsZero() {
		s.Commit = &st.CommitTime
	}
	if st.Position != "" {
		at, err := src.ParsePosition(st.Position)
		if err != nil {
			return err
		}
		s.InSync = at.Covers(end) && st.Phase == change.PhaseConsistent
	}
	for name, chunks := range st.Chunks {
		t := tableStatus{Table: name, Chunks: len(chunks)}
		for _, ch := range chunks {
			if ch.Loaded {
				t.Loaded++
				t.Rows += ch.Rows
			}
		}
		s.Tables = append(s.Tables, t)
	}
	sort.Slice(s.Tables, func(i, j int) bool { return s.Tables[i].Table < s.Tables[j].Table })
	return nil
}

func (c *statusCmd) print(s *taskStatus) error {
	w := c.app.out
	fmt.Fprintf(w, "task     %s\nphase    %s\n", s.Task, s.Phase)
	if s.Applied != "" {
		fmt.Fprintf(w, "applied  %s\n", s.Applied)
	}
	fmt.Fprintf(w, "source   %s\n", s.Source)
	if s.Applied != "" {
		fmt.Fprintf(w, "in sync  %v, %d rows changed\n", s.InSync, s.Changes)
	}
	fmt.Fprintf(w, "cutover  %s\n", s.Cutover)
	if len(s.Tables) == 0 {
		return nil
	}
	t := tablewriter.NewWriter(w)
	t.Header("table", "chunks", "loaded", "rows")
	for _, x := range s.Tables {
		if err := t.Append(x.Table, x.Chunks, x.Loaded, x.Rows); err != nil {
			return err
		}
	}
	return t.Render()
}
