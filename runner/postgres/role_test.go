package postgres_test

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"godwit/ir/types"
	"godwit/runner/change"
	"godwit/runner/enginetest"
	"godwit/runner/sinktest"
)

// TestPlainRole loads and applies as a role that has no right but that to create: it may not set session_replication_role.
func TestPlainRole(t *testing.T) {
	ctx := context.Background()
	url := enginetest.FreshPostgres(t, 15, t.Name())
	admin, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { admin.Close(ctx) })
	exec := func(sql string) {
		t.Helper()
		if _, err := admin.Exec(ctx, sql); err != nil {
			t.Fatal(err)
		}
	}
	exec("DROP ROLE IF EXISTS godwit_test_plain")
	exec("CREATE ROLE godwit_test_plain LOGIN")
	t.Cleanup(func() { admin.Exec(ctx, "DROP OWNED BY godwit_test_plain; DROP ROLE godwit_test_plain") })
	exec("DO $$BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO godwit_test_plain', current_database()); END$$")
	exec("CREATE TABLE public.p (id int PRIMARY KEY); ALTER TABLE public.p OWNER TO godwit_test_plain")
	_, rest, ok := strings.Cut(url, "@")
	if !ok {
		t.Fatalf("no user in %q", url)
	}
	s := openSink(ctx, t, "postgres://godwit_test_plain@"+rest)
	table := tableOf(t, "p", []string{"id"}, column("id", types.Int{Bits: 32}))
	chunk := change.Chunk{Table: table, Estimate: 1}
	if err := s.Plan(ctx, table, []change.Chunk{chunk}); err != nil {
		t.Fatal(err)
	}
	span := func() (change.Span, error) { return change.Span{Low: sinktest.At(0), High: sinktest.At(0)}, nil }
	if _, err := s.Load(ctx, chunk, oneBatch(1, "1"), span); err != nil {
		t.Fatal(err)
	}
	a, err := s.Applier(ctx, []*change.Table{table}, false)
	if err != nil {
		t.Fatal(err)
	}
	a.Close()
}
