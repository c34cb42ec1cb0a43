package migrate

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/cenkalti/backoff/v5"

	"godwit/runner/change"
)

// patience is how long a run goes on trying without any progress.
const patience = 15 * time.Minute

// Run moves the tables: full load, then the change stream until the options' Until is reached or ctx is done. It
// continues where the last run of the same task stopped. Errors that may go away are tried again; every try starts from
// what is stored on the target.
func Run(ctx context.Context, task Task, opts Options) (Result, error) {
	r, err := newRunner(task, opts)
	if err != nil {
		return Result{}, err
	}
	stop, err := r.serve(ctx)
	if err != nil {
		return Result{}, err
	}
	defer stop()
	err = r.advised(r.retry(ctx))
	r.result.Elapsed = time.Since(r.began)
	return r.result, err
}

// runner is one call of Run.
type runner struct {
	task      Task
	opts      Options
	hooks     Hooks // as given
	log       *slog.Logger
	tables    []*change.Table
	byName    map[string]*change.Table
	selection string
	began     time.Time
	metrics   *metrics
	result    Result
	moved     bool // progress was made since the last error
}

func newRunner(task Task, opts Options) (*runner, error) {
	task.Defaults()
	if err := task.Validate(); err != nil {
		return nil, fmt.Errorf("task %s: %w", task.Name, err)
	}
	r := &runner{task: task, opts: opts, hooks: opts.Hooks, log: opts.Logger, began: time.Now()}
	if r.log == nil {
		r.log = slog.Default()
	}
	if err := r.choose(opts.Tables); err != nil {
		return nil, err
	}
	if err := task.Values.Policy().Fits(task.Tables.Filter(opts.Tables)); err != nil {
		return nil, fmt.Errorf("task %s: %w", task.Name, err)
	}
	if r.opts.Exceptions == "" {
		r.opts.Exceptions = "godwit.exceptions on the target"
	}
	r.metrics = newMetrics(opts.Metrics, task.Name)
	if r.opts.OpenSource == nil {
		r.opts.OpenSource = func(ctx context.Context) (Source, error) { return OpenSource(ctx, &r.task, r.log) }
	}
	if r.opts.OpenSink == nil {
		r.opts.OpenSink = func(ctx context.Context) (Sink, error) { return OpenSink(ctx, &r.task, r.log) }
	}
	return r, nil
}

// retry runs attempts until one ends for good.
func (r *runner) retry(ctx context.Context) error {
	wait := backoff.NewExponentialBackOff()
	last := time.Now()
	for {
		r.moved = false
		err := r.attempt(ctx)
		if err == nil {
			return nil
		}
		if errors.Is(err, errReopen) || errors.Is(err, errReload) {
			continue
		}
		if ended := ctx.Err(); ended != nil && !errors.Is(err, ended) {
			return fmt.Errorf("%w: %w", ended, err) // what a driver says of a call that was cut short is not what ended the run
		}
		if ctx.Err() != nil || !change.IsTransient(err) {
			return err
		}
		if r.moved {
			wait.Reset()
			last = time.Now()
		}
		if time.Since(last) > patience {
			return fmt.Errorf("no progress for %s: %w", patience, err)
		}
		d := wait.NextBackOff()
		r.log.Warn("interrupted, trying again", "error", err, "in", d.Round(time.Millisecond))
		r.metrics.retries.Inc()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(d):
		}
	}
}

// attempt opens both ends and goes on from what the target knows.
func (r *runner) attempt(ctx context.Context) error {
	src, err := r.opts.OpenSource(ctx)
	if err != nil {
		return err
	}
	defer src.Close()
	sink, err := r.opts.OpenSink(ctx)
	if err != nil {
		return err
	}
	defer sink.Close()
	st, err := sink.State(ctx)
	if err != nil {
		return err
	}
	identity, err := src.Identity(ctx)
	if err != nil {
		return err
	}
	if err := r.fits(st, identity); err != nil {
		return err
	}
	if st, err = r.ahead(ctx, src, sink, st); err != nil {
		return err
	}
	if st, err = r.adjust(ctx, sink, st); err != nil {
		return err
	}
	if err := r.witness(ctx, sink); err != nil {
		return err
	}
	r.opts.Hooks = restoring(r.hooks, sink)
	if st.Phase == change.PhaseNew || st.Phase == change.PhaseLoading {
		l := &loader{runner: r, src: src, sink: sink, state: st, identity: identity}
		if err := l.load(ctx); err != nil {
			return err
		}
		if st, err = sink.State(ctx); err != nil {
			return err
		}
		if err := r.unchanged(ctx, sink); err != nil {
			return err
		}
	}
	f := &stream{runner: r, src: src, sink: sink, state: st}
	return r.listen(ctx, sink, f.run)
}

// fits refuses progress that was made on another source.
func (r *runner) fits(st change.State, identity string) error {
	if st.Phase == change.PhaseNew {
		return r.unbegun(st)
	}
	if st.Identity != identity {
		return fmt.Errorf("%w: task %s was started on %q, the source is %q; use a new name and empty target tables", ErrOtherTask, r.task.Name, st.Identity, identity)
	}
	return nil
}

// unbegun refuses rows whose place in the source's stream is gone: what came since they were loaded would never be applied.
func (r *runner) unbegun(st change.State) error {
	for name, chunks := range st.Chunks {
		if slices.ContainsFunc(chunks, func(c change.ChunkState) bool { return c.Loaded }) {
			return fmt.Errorf("%w: the target has rows of %s that task %s loaded, and not the position that belongs to them: its row in godwit.progress was removed; "+
				"use a new name and empty target tables", ErrOtherTask, name, r.task.Name)
		}
	}
	return nil
}

func (r *runner) report(e Event) {
	if r.opts.Reporter == nil {
		return
	}
	e.Time, e.Task = time.Now(), r.task.Name
	r.opts.Reporter.Report(e)
}
