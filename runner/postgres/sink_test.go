package postgres_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"testing"

	"github.com/jackc/pgx/v5"

	"godwit/runner/enginetest"
	"godwit/runner/migrate"
	"godwit/runner/sinktest"
)

func TestSink(t *testing.T) {
	for _, v := range enginetest.PostgresVersions(t) {
		t.Run(fmt.Sprint(v), func(t *testing.T) { suite(t, v) })
	}
}

func suite(t *testing.T, version int) {
	ctx := context.Background()
	url := enginetest.FreshPostgres(t, version, "sink")
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(ctx)
	exec := func(sql string) error {
		_, err := c.Exec(ctx, sql)
		return err
	}
	sinktest.Run(t, sinktest.Harness{
		Schema: "public",
		Exec:   exec,
		Query: func(sql string) ([]string, error) {
			rows, err := c.Query(ctx, sql)
			if err != nil {
				return nil, err
			}
			return pgx.CollectRows(rows, pgx.RowTo[string])
		},
		Open: func(ctx context.Context, task string) (migrate.Sink, error) {
			mt := migrate.Task{Name: task, Target: migrate.Endpoint{URL: url}}
			mt.Defaults()
			return migrate.OpenSink(ctx, &mt, slog.New(slog.NewTextHandler(io.Discard, nil)))
		},
		Drop: func() error {
			return exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
		},
	})
}
