package migrate

import (
	"context"
	"time"

	"godwit/runner/change"
)

const (
	// lookEvery is how often a running task looks whether the target's tables are still those that its rows went into.
	lookEvery = 5 * time.Second
	// lookShare is how many times as long as a look took there is none.
	lookShare = 100
)

// witness makes sure that the target's tables are those that the task's rows went into, and notes those that are new to the task.
func (r *runner) witness(ctx context.Context, sink Sink) error {
	w, ok := sink.(Witness)
	if !ok {
		return nil
	}
	if err := w.Unchanged(ctx, r.tables); err != nil {
		return err
	}
	return w.Note(ctx, r.tables)
}

func (r *runner) unchanged(ctx context.Context, sink Sink) error {
	if w, ok := sink.(Witness); ok {
		return w.Unchanged(ctx, r.tables)
	}
	return nil
}

// listen runs f until it ends, until somebody asks for a table to be loaded again, or until a table of the target is another one.
func (r *runner) listen(ctx context.Context, sink Sink, f func(context.Context) error) error {
	inner, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	tables := r.tables // f changes them with the schema
	var ended error
	go func() {
		defer close(done)
		defer cancel()
		ended = r.look(inner, sink, tables)
	}()
	err := f(inner)
	cancel()
	<-done
	switch {
	case err != nil && ended != nil:
		return ended
	case err != nil:
		return err
	}
	return r.unchanged(ctx, sink)
}

// look looks now and then for what ends a stream. What goes wrong here goes wrong in the stream as well, which tells it.
func (r *runner) look(ctx context.Context, sink Sink, tables []*change.Table) error {
	due := time.Now().Add(lookEvery)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(askEvery):
		}
		if k, ok := sink.(Reloader); ok {
			if wanted, err := k.Requested(ctx); err == nil && len(wanted) > 0 {
				return errReload
			}
		}
		w, ok := sink.(Witness)
		if !ok || time.Now().Before(due) {
			continue
		}
		began := time.Now()
		if err := w.Unchanged(ctx, tables); err != nil && ctx.Err() == nil && !change.IsTransient(err) {
			return err
		}
		due = time.Now().Add(max(lookEvery, lookShare*time.Since(began)))
	}
}
