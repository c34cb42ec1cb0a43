package migrate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"godwit/ir/catalog"
	"godwit/runner/change"
)

// Policies for schema changes in the change stream.
const (
	ddlStop   = "stop"
	ddlIgnore = "ignore"
	ddlApply  = "apply"
)

// SchemaChange is what a schema change of the source means on the target.
type SchemaChange struct {
	Statements []string         // of the target, in order; they run in one transaction with the position
	Tables     []*catalog.Table // all that the schema has afterwards; the task's selection is taken from them
	Refused    error            // why it is not converted; Statements is empty then
	Renamed    []Renamed        // columns of the source with another name
}

// Renamed is a column that got another name, both as change.ColumnName writes them.
type Renamed struct{ Was, Is string }

// SchemaKeeper is a sink that can follow schema changes: it keeps the schema that the positions belong to beside them,
// because a run that goes on later finds the source with a newer one.
type SchemaKeeper interface {
	// KeepSchema stores the script that the task's tables come from, unless the task has one.
	KeepSchema(ctx context.Context, script string) error
	// ChangeSchema applies a schema change and stores it with the position behind it, in one transaction.
	ChangeSchema(ctx context.Context, step change.SchemaStep) error
}

// errReopen ends an attempt after a schema change: the next one goes on with the new tables.
var errReopen = errors.New("the schema changed")

// keepSchema stores the schema that the task begins with.
func (r *runner) keepSchema(ctx context.Context, sink Sink) error {
	k, ok := sink.(SchemaKeeper)
	switch {
	case !ok && r.task.DDL == ddlApply:
		return errors.New("ddl: apply is not possible with this target; use stop or ignore")
	case !ok || r.opts.Schema == "":
		return nil
	}
	return k.KeepSchema(ctx, r.opts.Schema)
}

// choose sets the tables that are moved.
func (r *runner) choose(tables []*catalog.Table) error {
	r.tables, r.byName = nil, map[string]*change.Table{}
	for _, t := range r.task.Tables.Filter(tables) {
		ct, err := change.NewTable(t)
		if err != nil {
			return err
		}
		r.tables = append(r.tables, ct)
		r.byName[ct.Name()] = ct
	}
	if len(r.tables) == 0 {
		return errors.New("no table is selected: check tables.schemas, tables.include and tables.exclude")
	}
	r.selection = fingerprint(&r.task, r.tables)
	return nil
}

// schema handles the schema changes of a transaction by the task's policy. What came before is committed first. When one
// was applied, the error is errReopen.
func (s *stream) schema(ctx context.Context, tx *change.Tx) error {
	if !slices.ContainsFunc(tx.Changes, func(c change.Change) bool { return c.Kind == change.DDL }) {
		return nil
	}
	kept := tx.Changes[:0:0]
	for _, c := range tx.Changes {
		switch {
		case c.Kind != change.DDL:
			kept = append(kept, c)
		case !s.selected(&c): // of a table that the task leaves out
		case s.task.DDL == ddlIgnore && s.opts.Hooks.Schema == nil:
			if s.opts.Back {
				s.log.Warn("new columns stay on this side: their values do not go back", "what", c.Statement, "transaction", tx.ID)
				continue
			}
			s.log.Warn("schema change on the source ignored", "table", named(&c), "transaction", tx.ID, "statement", c.Statement)
		default:
			if err := s.before(ctx); err != nil {
				return err
			}
			if s.opts.Back {
				return fmt.Errorf("%w at %s: %.300s; what is written into them cannot go back, and the log has them from here on, also if they are dropped now. All in front of it "+
					"is applied: set fallback.added_columns: leave and run the same command again, and all other columns go back while the values of these stay here; or "+
					"bring the rows back by other means; or stay with the new side and give the way back up (godwit fallback disarm)", ErrSchemaBack, tx.ID, c.Statement)
			}
			if s.task.DDL == ddlStop {
				return fmt.Errorf("%w %s at %s: %.300s; set ddl: apply, and the task makes the change on the target; or make it there by hand, "+
					"set ddl: ignore, and start the task again to pass it", ErrSchemaChange, named(&c), tx.ID, c.Statement)
			}
			return s.applySchema(ctx, tx, &c)
		}
	}
	tx.Changes = kept
	return nil
}

// before commits all that was taken, so that a schema change comes behind it.
func (s *stream) before(ctx context.Context) error {
	if s.big != nil {
		return nil
	}
	return s.drain(ctx)
}

// selected tells that a schema change concerns a migrated table, or makes one that the task selects.
func (s *stream) selected(c *change.Change) bool {
	if c.Table != nil {
		return true
	}
	return slices.ContainsFunc(c.Names, func(n change.Name) bool { return s.task.Tables.Match(n.Schema, n.Table) })
}

// named lists the tables of a schema change for messages.
func named(c *change.Change) string {
	var list []string
	for _, n := range c.Names {
		list = append(list, n.String())
	}
	return strings.Join(list, ", ")
}

func (s *stream) applySchema(ctx context.Context, tx *change.Tx, c *change.Change) error {
	fail := func(why string, next string) error {
		return fmt.Errorf("%w %s at %s: %s: %.300s; %s", ErrSchemaChange, named(c), tx.ID, why, c.Statement, next)
	}
	const byHand = "make the change on the target by hand, and start the task once with ddl: ignore to pass it"
	keeper, ok := s.sink.(SchemaKeeper)
	switch {
	case !ok || s.opts.Hooks.Schema == nil:
		return fail("this run cannot convert it", byHand)
	case c.Filled:
		return fail("the new table is filled by the same statement, whose rows are not in the stream as rows of a known table",
			change.MoveApart)
	case s.foreignRows(c) != "":
		return fail(s.foreignRows(c), change.MoveApart)
	case s.state.Phase != change.PhaseConsistent:
		return fail("it came before the target was a consistent copy", "start the task anew under another name, with empty target tables")
	case s.big != nil || tx.More || len(tx.Changes) > 1 || tx.Position == nil:
		return fail("it stands inside a transaction with other changes", byHand)
	}
	to, err := s.opts.Hooks.Schema(ctx, c)
	if err == nil && s.task.DDL == ddlIgnore { // the target has it already, by hand
		to.Statements, to.Refused = []string{}, nil
	}
	if err == nil {
		err = to.Refused
	}
	if err != nil {
		return fail(err.Error(), byHand)
	}
	old := s.runner.names()
	tables, byName, selection := s.tables, s.byName, s.selection
	was := s.runner.columns()
	back := func() { s.tables, s.byName, s.selection = tables, byName, selection }
	if err := s.choose(to.Tables); err != nil {
		back()
		return fail(err.Error(), byHand)
	}
	err = s.policiesKept(was)
	if err == nil {
		err = s.policiesFollow(to.Renamed)
	}
	if err != nil {
		back()
		return fail(err.Error(), change.MoveApart+", with values.columns as its columns are then")
	}
	step := change.SchemaStep{
		Source: c.Statement, Schema: c.Schema, SQLMode: c.SQLMode, Statements: to.Statements,
		Selection: s.selection, After: s.text, Position: tx.Position, Commit: tx.Commit,
	}
	now := s.runner.names()
	for _, n := range now {
		if !slices.Contains(old, n) {
			step.Created = append(step.Created, n)
		}
	}
	for _, n := range old {
		if !slices.Contains(now, n) {
			step.Dropped = append(step.Dropped, n)
		}
	}
	if err := keeper.ChangeSchema(ctx, step); err != nil {
		back()
		if change.IsTransient(err) || errors.Is(err, change.ErrFenced) {
			return err
		}
		return fail(err.Error(), byHand)
	}
	said := "schema change applied"
	if s.task.DDL == ddlIgnore {
		said = "schema change passed: the target must have it"
	}
	s.log.Info(said, "tables", named(c), "transaction", tx.ID, "source", c.Statement, "target", strings.Join(to.Statements, "; "))
	s.moved = true
	return errReopen
}

// foreignRows tells why a table holds rows behind the change that are not on the target, "" if none does: it gets the name
// or a partition of a table that the task does not move.
func (s *stream) foreignRows(c *change.Change) string {
	for _, o := range c.Origins {
		if s.task.Tables.Match(o.Table.Schema, o.Table.Table) && s.byName[o.Was.String()] == nil {
			return fmt.Sprintf("it brings the rows of %s, which the task does not move, to %s", o.Was, o.Table)
		}
	}
	return ""
}

// names are the names of the tables that are moved.
func (r *runner) names() []string {
	out := make([]string, 0, len(r.tables))
	for _, t := range r.tables {
		out = append(out, t.Name())
	}
	return out
}
