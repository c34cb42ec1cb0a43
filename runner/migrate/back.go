package migrate

import (
	"context"
	"fmt"

	"godwit/ir/catalog"
	"godwit/runner/change"
	"godwit/runner/mysql/sink"
	"godwit/runner/postgres/logical"
)

// PostgresSource makes a Source of a PostgreSQL database whose changes are followed.
func PostgresSource(s *logical.Source) Source { return postgresSource{s} }

// MySQLSink makes a Sink of a MySQL or MariaDB server.
func MySQLSink(s *sink.Sink) Sink { return mysqlSink{s} }

type postgresSource struct{ *logical.Source }

// Snapshot is refused.
func (postgresSource) Snapshot(context.Context, []*change.Table, int) (Snapshot, error) {
	return nil, logical.ErrUnsupported
}

type mysqlSink struct{ *sink.Sink }

// Applier opens an applier.
func (s mysqlSink) Applier(ctx context.Context, tables []*change.Table, single bool) (Applier, error) {
	a, err := s.Sink.Applier(ctx, tables, single)
	if err != nil {
		return nil, err
	}
	return a, nil
}

// ExceptingApplier opens an applier that sets changes aside.
func (s mysqlSink) ExceptingApplier(ctx context.Context, tables []*change.Table) (ExceptingApplier, error) {
	a, err := s.Sink.ExceptingApplier(ctx, tables)
	if err != nil {
		return nil, err
	}
	return a, nil
}

var (
	_ Source   = postgresSource{}
	_ Sink     = mysqlSink{}
	_ Excepter = mysqlSink{}
	_ Applier  = (*sink.Applier)(nil)
)

// Turned returns the tables as seen from the other side: what was the target is the source. The types stay those of the old
// source, in whose canonical form the values flow both ways. They have no foreign keys: what those did at the source is in the
// stream, and the sink neither repeats nor checks it.
func Turned(tables []*catalog.Table) []*catalog.Table {
	out := make([]*catalog.Table, len(tables))
	for i, t := range tables {
		out[i] = turned(t)
	}
	return out
}

func targetSchema(t *catalog.Table) string {
	if t.TargetSchema == "" {
		return "public"
	}
	return t.TargetSchema
}

func turned(t *catalog.Table) *catalog.Table {
	out := &catalog.Table{Schema: targetSchema(t), Name: t.Target, TargetSchema: t.Schema, Target: t.Name, Kind: t.Kind, Engine: t.Engine, Charset: t.Charset}
	names := map[string]string{}
	for _, c := range t.Columns {
		b := *c
		b.Name, b.Target, b.TargetType = c.Target, c.Name, ""
		names[c.Name] = b.Name
		out.Columns = append(out.Columns, &b)
	}
	column := func(name string) string {
		if c := t.Column(name); c != nil {
			return names[c.Name]
		}
		return ""
	}
	for _, k := range t.Keys {
		b := *k
		b.Parts = nil
		for _, p := range k.Parts {
			p.Column = column(p.Column)
			b.Parts = append(b.Parts, p)
		}
		out.Keys = append(out.Keys, &b)
	}
	return out
}

// Begin records on the target that the task follows from a position on, without a full load: both sides hold the same rows
// there. What was recorded under the task's name before is replaced.
func Begin(ctx context.Context, task Task, opts Options, start change.Position) error {
	r, err := newRunner(task, opts)
	if err != nil {
		return err
	}
	src, err := r.opts.OpenSource(ctx)
	if err != nil {
		return err
	}
	defer src.Close()
	identity, err := src.Identity(ctx)
	if err != nil {
		return err
	}
	sink, err := r.opts.OpenSink(ctx)
	if err != nil {
		return err
	}
	defer sink.Close()
	if err := sink.Start(ctx, identity, r.selection, start); err != nil {
		return err
	}
	if err := sink.SetPhase(ctx, change.PhaseConsistent); err != nil {
		return fmt.Errorf("begin at %s: %w", start, err)
	}
	return nil
}
