package migrate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"godwit/runner/change"
)

// A table of a task that has begun can be loaded again, and tables can be added to its selection and taken from it. The
// stream waits meanwhile: the tables are emptied and read at a snapshot of now, while the stream stands at an earlier
// position. From there on their changes are treated by their own spans, as after an interrupted load: what their rows
// have already is skipped. All other tables go on strictly, since the position has passed their spans.
//
// Foreign keys from and to such tables, and their unique keys other than the one that locates rows, are in the way of a
// load and of changes that come late. They are dropped and kept in the schema godwit, and made again at the moments at
// which Hooks asks for them.

// Reloader is a sink whose tables may be loaded again, added and dropped.
type Reloader interface {
	// Requested lists the tables, by the source's names, that are to be loaded again.
	Requested(ctx context.Context) ([]string, error)
	// Reload prepares tables for being loaded and brings the task back to the phase of loading, in one transaction.
	Reload(ctx context.Context, r change.Reload) error
	// Restore makes the keys again that Reload dropped: foreign keys with actions only, or all of them.
	Restore(ctx context.Context, all bool) error
}

// ahead follows the source up to now before tables are loaded again. A load reads the source as it is, so a change of the
// schema that the stream has not passed yet would stand between the two; the stream passes it here, and then the tables are
// loaded again as they are now. A stream that cannot go on is why tables are loaded again: then they are, from where it
// stands, unless a schema change is in its way, which a load cannot mend.
func (r *runner) ahead(ctx context.Context, src Source, sink Sink, st change.State) (change.State, error) {
	k, ok := sink.(Reloader)
	if !ok || st.Phase != change.PhaseConsistent || st.Selection != r.selection {
		return st, nil
	}
	wanted, err := k.Requested(ctx)
	if err != nil || len(wanted) == 0 {
		return st, err
	}
	f := &stream{runner: r, src: src, sink: sink, state: st}
	if f.upTo, err = src.Position(ctx); err != nil {
		return st, err
	}
	r.log.Info("following the source up to now before tables are loaded again", "tables", strings.Join(wanted, ", "), "position", f.upTo.String())
	err = f.run(ctx)
	switch {
	case err == nil:
	case ctx.Err() != nil || change.IsTransient(err) || errors.Is(err, errReopen) || errors.Is(err, change.ErrFenced):
		return st, err
	case errors.Is(err, ErrSchemaChange):
		return st, fmt.Errorf("before %s can be loaded again: %w", strings.Join(wanted, ", "), err)
	default:
		r.log.Warn("the change stream cannot go on; the tables are loaded again first", "tables", strings.Join(wanted, ", "), "reason", err)
	}
	return sink.State(ctx)
}

// errReload ends an attempt because tables are to be loaded again.
var errReload = errors.New("tables are to be loaded again")

// askEvery is how often a running task looks for requests to load a table again.
const askEvery = time.Second

// adjust adds and drops tables as the selection tells, and prepares those that are to be loaded again. It returns the
// state as it is then.
func (r *runner) adjust(ctx context.Context, sink Sink, st change.State) (change.State, error) {
	if st.Phase == change.PhaseNew {
		return st, nil
	}
	added, removed, err := r.differs(st.Selection, untouched(st))
	if err != nil {
		return st, err
	}
	k, ok := sink.(Reloader)
	if !ok {
		if st.Selection != r.selection {
			return st, fmt.Errorf("%w: this target cannot add or drop tables of a task that has begun, nor change its policies", ErrOtherTask)
		}
		return st, nil
	}
	wanted, err := k.Requested(ctx)
	if err != nil {
		return st, err
	}
	if len(added)+len(removed)+len(wanted) == 0 && st.Selection == r.selection {
		return st, nil
	}
	step := change.Reload{Requested: wanted, Removed: removed, Selection: r.selection}
	load := map[string]bool{}
	for _, name := range append(slices.Clone(added), wanted...) {
		load[name] = true
	}
	r.withBound(load)
	for _, t := range r.tables {
		switch {
		case !load[t.Name()]:
		case slices.Contains(added, t.Name()):
			step.Added = append(step.Added, t)
		default:
			step.Tables = append(step.Tables, t)
		}
	}
	if err := k.Reload(ctx, step); err != nil {
		return st, err
	}
	if len(added)+len(removed)+len(wanted) == 0 {
		if samePolicies(st.Selection, r.selection) {
			return sink.State(ctx)
		}
		r.log.Info("the task goes on under its changed value policies, which nothing on the target depends on so far")
		return sink.State(ctx)
	}
	r.log.Info("the task's tables change", "added", strings.Join(added, ", "), "dropped", strings.Join(removed, ", "), "loaded again", names(step.Tables))
	return sink.State(ctx)
}

// withBound adds the tables that foreign keys with actions bind to those in the set: they must be of one moment.
func (r *runner) withBound(load map[string]bool) {
	for _, group := range change.Bound(r.tables) {
		if slices.ContainsFunc(group, func(t *change.Table) bool { return load[t.Name()] }) {
			for _, t := range group {
				load[t.Name()] = true
			}
		}
	}
}

// restoring are the hooks, with the keys made again that a reload dropped.
func restoring(h Hooks, sink Sink) Hooks {
	k, ok := sink.(Reloader)
	if !ok {
		return h
	}
	with := func(hook func(context.Context, []*change.Table) error, all bool) func(context.Context, []*change.Table) error {
		return func(ctx context.Context, tables []*change.Table) error {
			if hook != nil {
				if err := hook(ctx, tables); err != nil {
					return err
				}
			}
			return k.Restore(ctx, all)
		}
	}
	h.Loaded, h.Consistent = with(h.Loaded, false), with(h.Consistent, true)
	if h.Whole != nil {
		h.Whole = with(h.Whole, true)
	}
	return h
}
