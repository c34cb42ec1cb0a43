package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"godwit/runner/cutover"
	"godwit/runner/verify"
)

// switchFlags are what a cutover and the fallback behind it have in common.
type switchFlags struct {
	readOnly bool
	stopped  bool
	dryRun   bool
	abort    bool
	quiet    time.Duration
	maxLag   time.Duration
	wait     time.Duration
	waits    func() bool // --wait was given
	json     bool
}

// add adds the flags to a command, with what --read-only and --abort do there.
func (s *switchFlags) add(cmd *cobra.Command, readOnly, abort string) {
	f := cmd.Flags()
	f.BoolVar(&s.readOnly, "read-only", false, readOnly)
	f.BoolVar(&s.stopped, "apps-stopped", false, "the applications are stopped")
	f.BoolVar(&s.dryRun, "dry-run", false, "print the steps and what would stop them, change nothing")
	f.BoolVar(&s.abort, "abort", false, abort)
	f.DurationVar(&s.quiet, "quiet", 0, "how long nothing may change before the fence is believed (default 2s, with --read-only 500ms)")
	f.DurationVar(&s.maxLag, "max-lag", 5*time.Second, "how far behind the change stream may be when the fence goes up: what is left is applied while writers wait")
	f.DurationVar(&s.wait, "wait", 0, "how long to catch up at most until then; 0s refuses at once (default: as long as the stream gets nearer)")
	s.waits = func() bool { return f.Changed("wait") }
	f.BoolVar(&s.json, "json", false, "print the result as JSON")
}

// lag is what becomes of a stream that is behind.
func (s *switchFlags) lag() cutover.Lag {
	return cutover.Lag{Max: s.maxLag, Wait: s.wait, Refuse: s.waits != nil && s.waits() && s.wait <= 0}
}

// fenced refuses a command that would change something without a fence.
func (s *switchFlags) fenced(command string) error {
	if s.readOnly == s.stopped && !s.dryRun && !s.abort {
		return usage("%s wants a fence: either --read-only or --apps-stopped", command)
	}
	return nil
}

// quietFor is how long a fence is watched: a server that refuses writes needs less than a user's word.
func (s *switchFlags) quietFor() time.Duration {
	switch {
	case s.quiet > 0:
		return s.quiet
	case s.readOnly:
		return 500 * time.Millisecond
	}
	return 2 * time.Second
}

// base is the options of a switch in either direction.
func (s *switchFlags) base(a *app, p *project) cutover.Options {
	return cutover.Options{
		Task: p.task.Name, Target: p.pool, Quiet: s.quietFor(), Lag: s.lag(), Compared: p.compared,
		// The stream is drained and nobody writes: every difference is one. It may have brought schema changes at its end.
		Verify: func(ctx context.Context) (*verify.Report, error) {
			if err := p.refresh(ctx); err != nil {
				return nil, err
			}
			return p.verify(ctx, verify.Options{Parallel: p.task.Load.Workers})
		},
		Report: func(s cutover.Step) {
			fmt.Fprintf(a.err, "%-12s %6.2f s  %s\n", s.State, s.Elapsed.Seconds(), s.Detail)
		},
	}
}

// compared tells how long the last verification took that came to its end for every table.
func (p *project) compared(ctx context.Context) (out cutover.Comparison, err error) {
	last, err := (&verify.TargetJournal{Pool: p.pool, Task: p.task.Name}).Last(ctx)
	if err != nil {
		return out, fmt.Errorf("read the last verification: %w", err)
	}
	var sum, longest time.Duration
	for _, m := range last {
		if !m.Done {
			return cutover.Comparison{}, nil
		}
		sum, longest = sum+m.Table.Elapsed, max(longest, m.Table.Elapsed)
		out.Rows += m.Table.TargetRows
	}
	out.Elapsed = max(sum/time.Duration(max(p.task.Load.Workers, 1)), longest)
	return out, nil
}

// tell prints the outcome of a switch, which done is the word for, and returns its error.
func (s *switchFlags) tell(a *app, res *cutover.Result, err error, done string) error {
	if res.Verify != nil && !res.Verify.OK() && !s.json {
		if e := printVerify(a.out, res.Verify); e != nil {
			return e
		}
	}
	if s.json {
		if e := json.NewEncoder(a.out).Encode(res); e != nil {
			return e
		}
	}
	if err == nil && !s.json {
		fmt.Fprintf(a.out, "%s; writers paused for %.1f s, from the fence to the switch\n", done, res.Pause.Seconds())
	}
	return err
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
		var lag *float64 // null: not known
		if p := d.Progress; p.InSync || !p.Commit.IsZero() {
			lag = new(float64)
			*lag = p.Lag().Seconds()
		}
		err = json.NewEncoder(a.out).Encode(struct {
			*cutover.Rehearsal
			Lag      *float64 `json:"lag_seconds"`
			Blockers []string `json:"blockers"`
		}{d, lag, texts})
		if err != nil {
			return err
		}
	} else {
		for _, s := range steps {
			fmt.Fprintf(a.out, "%-12s %s\n", s.State, s.Detail)
		}
		fmt.Fprintf(a.out, "%-12s %s\n", "pause", d.Pause.Detail)
		for _, b := range texts {
			fmt.Fprintf(a.out, "blocked by: %s\n", b)
		}
	}
	if len(blockers) > 0 {
		return &exitError{exitDiffer, fmt.Errorf("%d things stand in the way", len(blockers))}
	}
	return nil
}
