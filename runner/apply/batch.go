package apply

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"godwit/emit/postgres"
)

// batchFiles is the most files that are applied in one transaction. A commit and five round trips cost more than a small
// table; far more files to a transaction gain nothing and hold a lock on each table.
const batchFiles = 32

// batchable are the kinds of files whose objects seldom need each other. Where one does, its batch fails, and its files are
// applied one by one in their order.
var batchable = map[string]bool{"type": true, "sequence": true, "table": true}

// plainWords begin statements that leave no setting behind for the file that follows in the transaction.
var plainWords = map[string]bool{"create": true, "comment": true, "alter": true}

// many tells that a part may share its transaction with others: nothing of it is applied, and all of it makes objects.
func (r *runner) many(p part) bool {
	if r.o.DryRun || len(p.stmts) == 0 || !batchable[p.file.Kind] || len(p.stages) != 1 || p.stages[0] != Pre || r.state(p) != Would {
		return false
	}
	return plain(p)
}

// plain tells that all statements of a part begin with words that leave no setting behind.
func plain(p part) bool {
	for _, s := range p.stmts {
		word := s.Text[postgres.FirstWord(s.Text):]
		if end := strings.IndexAny(word, " \t\r\n"); end > 0 {
			word = word[:end]
		}
		if !plainWords[strings.ToLower(word)] {
			return false
		}
	}
	return true
}

// parts applies parts in order; runs of files that may share a transaction are applied many at a time.
func (r *runner) parts(ctx context.Context, parts []part) error {
	for i := 0; i < len(parts); {
		n := i
		for n < len(parts) && parts[n].file.Kind == parts[i].file.Kind && r.many(parts[n]) {
			n++
		}
		var err error
		if n-i > 1 {
			err = r.batches(ctx, parts[i:n])
		} else {
			n = i + 1
			err = r.part(ctx, parts[i])
		}
		if err != nil {
			return err
		}
		i = n
	}
	return nil
}

// batches applies files of one kind in transactions of many files, several at a time. The files of a batch that the server
// refuses are applied one by one afterwards: a file may need one of another batch, and an error must name its file and line.
func (r *runner) batches(ctx context.Context, parts []part) error {
	var cut [][]part
	for len(parts) > 0 {
		n := min(batchFiles, len(parts))
		cut, parts = append(cut, parts[:n]), parts[n:]
	}
	refused := make([]bool, len(cut))
	err := r.sideBySide(ctx, len(cut), func(ctx context.Context, i int) error {
		err := r.batch(ctx, cut[i])
		if refused[i] = refusedWhole(err); refused[i] {
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	for i, b := range cut {
		for _, p := range b {
			if !refused[i] {
				r.note(p, Applied)
			} else if err := r.part(ctx, p); err != nil {
				return err
			}
		}
	}
	return nil
}

// refusedWhole tells that the server refused a batch and that nothing of it was applied. Of a connection that broke nobody
// knows it: the next run reads it from the ledger.
func refusedWhole(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Severity == "ERROR" && pg.Code != "57014" // query_canceled: the run ends
}

const noteBatch = `INSERT INTO godwit.applied (path, stage, sha256) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
ON CONFLICT (path, stage) DO UPDATE SET sha256 = excluded.sha256, applied_at = now()`

// batch applies parts of one stage each in one transaction with three round trips.
func (r *runner) batch(ctx context.Context, parts []part) error {
	var text strings.Builder
	text.WriteString("BEGIN;" + session)
	paths, stages, sums := make([]string, len(parts)), make([]string, len(parts)), make([]string, len(parts))
	for i, p := range parts {
		paths[i], stages[i], sums[i] = p.file.Path, string(p.stages[0]), p.file.Sum
		for _, s := range p.stmts {
			text.WriteString(";\n" + s.Text + "\n") // the line break ends a comment behind the statement
		}
	}
	conn, err := r.pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("apply %s: begin: %w", parts[0].file.Path, err)
	}
	defer conn.Release()
	for _, step := range []func() error{
		func() error { _, err := conn.Exec(ctx, text.String(), pgx.QueryExecModeSimpleProtocol); return err },
		func() error { _, err := conn.Exec(ctx, noteBatch, paths, stages, sums); return err },
		func() error { _, err := conn.Exec(ctx, "COMMIT", pgx.QueryExecModeSimpleProtocol); return err },
	} {
		if err := step(); err != nil {
			if _, undone := conn.Exec(context.WithoutCancel(ctx), "ROLLBACK", pgx.QueryExecModeSimpleProtocol); undone != nil {
				conn.Conn().Close(context.WithoutCancel(ctx))
			}
			return fmt.Errorf("apply %s and %d more: %w", parts[0].file.Path, len(parts)-1, err)
		}
	}
	return nil
}
