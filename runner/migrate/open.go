package migrate

import (
	"context"
	"log/slog"

	"godwit/runner/change"
	"godwit/runner/mysql"
	"godwit/runner/postgres"
)

// OpenSource opens the database that the task's source URL names.
func OpenSource(ctx context.Context, task *Task, log *slog.Logger) (Source, error) {
	ep, err := task.Source.Open()
	if err != nil {
		return nil, err
	}
	s, err := mysql.Open(ctx, ep, mysql.Options{NoLock: task.Load.Lock == "never", Logger: log, Policy: task.Values.Policy()})
	if err != nil {
		return nil, err
	}
	return mysqlSource{s}, nil
}

// OpenSink opens the database that the task's target URL names, and takes the task over from any other run.
func OpenSink(ctx context.Context, task *Task, log *slog.Logger) (Sink, error) {
	ep, err := task.Target.Open()
	if err != nil {
		return nil, err
	}
	s, err := postgres.Open(ctx, ep, postgres.Options{
		Task: task.Name, Writers: task.Load.Workers, Logger: log,
		Policy: task.Values.Policy(),
	})
	if err != nil {
		return nil, err
	}
	return postgresSink{s}, nil
}

// mysqlSource and postgresSink only turn concrete results into this package's interfaces.
type mysqlSource struct{ *mysql.Source }

// Snapshot opens a snapshot.
func (s mysqlSource) Snapshot(ctx context.Context, tables []*change.Table, readers int) (Snapshot, error) {
	sn, err := s.Source.Snapshot(ctx, tables, readers)
	if err != nil {
		return nil, err
	}
	return sn, nil
}

type postgresSink struct{ *postgres.Sink }

// Applier opens an applier.
func (s postgresSink) Applier(ctx context.Context, tables []*change.Table, single bool) (Applier, error) {
	a, err := s.Sink.Applier(ctx, tables, single)
	if err != nil {
		return nil, err
	}
	return a, nil
}

// ExceptingApplier opens an applier that sets changes aside.
func (s postgresSink) ExceptingApplier(ctx context.Context, tables []*change.Table) (ExceptingApplier, error) {
	a, err := s.Sink.ExceptingApplier(ctx, tables)
	if err != nil {
		return nil, err
	}
	return a, nil
}

var (
	_ Excepter = postgresSink{}
	_ Source   = mysqlSource{}
	_ Snapshot = (*mysql.Snapshot)(nil)
	_ Sink     = postgresSink{}
	_ Applier  = (*postgres.Applier)(nil)

	_ SchemaKeeper  = postgresSink{}
	_ SizedSnapshot = (*mysql.Snapshot)(nil)
	_ GroupSink     = postgresSink{}
	_ Witness       = postgresSink{}
)
