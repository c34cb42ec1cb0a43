package migrate

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
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

// errReload ends an attempt because tables are to be loaded again.
var errReload = errors.New("tables are to be loaded again")

// askEvery is how often a running task looks for requests to load a table again.
const askEvery = time.Second

// selectionForm marks a selection that tells its tables one by one: the policies, then a line for each table.
const selectionForm = "tables 1 "

func fingerprint(task *Task, tables []*change.Table) string {
	var b strings.Builder
	b.WriteString(selectionForm + short(fmt.Sprintf("%q %q", task.Values.ZeroDates, task.Values.NUL)))
	for _, t := range tables {
		s := fmt.Sprintf("%q %q\n", t.Catalog.TargetSchema, t.Catalog.Target)
		for _, c := range t.Columns {
			s += fmt.Sprintf("  %q %q %q\n", c.Name, c.Target, c.Type)
		}
		b.WriteString("\n" + short(s) + " " + t.Name())
	}
	return b.String()
}

func short(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:12])
}

// readSelection takes a selection apart; ok is false for one of an older form.
func readSelection(s string) (policies string, tables map[string]string, ok bool) {
	rest, ok := strings.CutPrefix(s, selectionForm)
	if !ok {
		return "", nil, false
	}
	lines := strings.Split(rest, "\n")
	tables = map[string]string{}
	for _, l := range lines[1:] {
		sum, name, _ := strings.Cut(l, " ")
		tables[name] = sum
	}
	return lines[0], tables, true
}

// differs tells how the selection is other than a stored one; an error when a task cannot go on with it.
func (r *runner) differs(stored string) (added, removed []string, err error) {
	if stored == r.selection {
		return nil, nil, nil
	}
	refuse := func(what string) ([]string, []string, error) {
		return nil, nil, fmt.Errorf("%w: %s of task %s changed since it was started; restore them, or give the task a new name and "+
			"empty target tables", ErrOtherTask, what, r.task.Name)
	}
	policies, had, ok := readSelection(stored)
	now, have, _ := readSelection(r.selection)
	switch {
	case !ok:
		return refuse("tables, columns or value policies")
	case policies != now:
		return refuse("the value policies")
	}
	var other []string
	for name, sum := range have {
		switch was, known := had[name]; {
		case !known:
			added = append(added, name)
		case was != sum:
			other = append(other, name)
		}
	}
	for name := range had {
		if _, kept := have[name]; !kept {
			removed = append(removed, name)
		}
	}
	slices.Sort(other)
	if len(other) > 0 {
		return refuse("the columns of " + strings.Join(other, ", "))
	}
	slices.Sort(added)
	slices.Sort(removed)
	return added, removed, nil
}

// adjust adds and drops tables as the selection tells, and prepares those that are to be loaded again. It returns the
// state as it is then.
func (r *runner) adjust(ctx context.Context, sink Sink, st change.State) (change.State, error) {
	if st.Phase == change.PhaseNew {
		return st, nil
	}
	added, removed, err := r.differs(st.Selection)
	if err != nil {
		return st, err
	}
	k, ok := sink.(Reloader)
	if !ok {
		if len(added)+len(removed) > 0 {
			return st, fmt.Errorf("%w: this target cannot add or drop tables of a task that has begun", ErrOtherTask)
		}
		return st, nil
	}
	wanted, err := k.Requested(ctx)
	if err != nil {
		return st, err
	}
	if len(added)+len(removed)+len(wanted) == 0 {
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
	return h
}

// listen runs f until it ends, or until somebody asks for a table to be loaded again.
func (r *runner) listen(ctx context.Context, sink Sink, f func(context.Context) error) error {
	k, ok := sink.(Reloader)
	if !ok {
		return f(ctx)
	}
	ctx, cancel := context.WithCancelCause(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(askEvery):
			}
			// What goes wrong here goes wrong in the stream as well, which tells it.
			if wanted, err := k.Requested(ctx); err == nil && len(wanted) > 0 {
				cancel(errReload)
				return
			}
		}
	}()
	err := f(ctx)
	if err != nil && errors.Is(context.Cause(ctx), errReload) {
		err = errReload
	}
	cancel(nil)
	<-done
	return err
}
