package apply

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"godwit/emit/postgres"
)

// ErrChanged tells that a file is not what was applied under its name.
var ErrChanged = errors.New("the file changed after it was applied")

// Options tune a run. The zero value applies everything that is not yet applied, in load order.
type Options struct {
	// Stages to run, in the order of a migration; nil means whole files in the order of order.txt.
	Stages   []Stage
	Replace  bool // apply changed files again
	DryRun   bool // change nothing, report what would be done
	Parallel int  // indexes built at a time; 2 if 0
	// Together runs the stages Keys, Indexes and Foreign, in place of Stages, side by side.
	Together bool
	Report   func(Event)

	largeBytes int64 // the size of a table from which on its foreign keys are checked beside others; largeBytes if 0
}

// Outcome is what became of a file.
type Outcome string

// The outcomes of a file.
const (
	Applied Outcome = "applied"
	Already Outcome = "already applied"
	Would   Outcome = "to apply" // dry run
	Changed Outcome = "changed"  // dry run: applied before with another text
)

// Event is one file done.
type Event struct {
	Path       string  `json:"path"`
	Stages     []Stage `json:"stages"`
	Outcome    Outcome `json:"outcome"`
	Statements int     `json:"statements"`
}

// Report counts what was done.
type Report struct {
	Applied int     `json:"applied"`
	Already int     `json:"already_applied"`
	Events  []Event `json:"files"`
}

// Error is a statement that the server refused.
type Error struct {
	Path    string
	Line    int
	Stmt    string // the first line of the statement
	SQL     *pgconn.PgError
	Next    string
	wrapped error
}

func (e *Error) Error() string {
	if e.SQL == nil {
		return fmt.Sprintf("%s:%d: %v", e.Path, e.Line, e.wrapped)
	}
	s := fmt.Sprintf("%s:%d: %s (SQLSTATE %s) in: %s", e.Path, e.Line, e.SQL.Message, e.SQL.Code, e.Stmt)
	for _, x := range []struct{ name, text string }{{"detail", e.SQL.Detail}, {"hint", e.SQL.Hint}, {"next", e.Next}} {
		if x.text != "" {
			s += "; " + x.name + ": " + x.text
		}
	}
	return s
}

// Unwrap is the server's error.
func (e *Error) Unwrap() error { return e.wrapped }

// lockKey is the advisory lock that lets one run at a time write to a database; the bytes of "godwit".
const lockKey int64 = 0x676f64776974

const makeLedger = `CREATE SCHEMA IF NOT EXISTS godwit;
CREATE TABLE IF NOT EXISTS godwit.applied (
  path text NOT NULL, stage text NOT NULL, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (path, stage))`

// Run applies the folder. The pool must allow at least two connections. The first error stops it; what was applied stays and is passed over by the next run.
func Run(ctx context.Context, pool *pgxpool.Pool, f *Folder, o Options) (*Report, error) {
	if o.Parallel <= 0 {
		o.Parallel = 2
	}
	if o.largeBytes == 0 {
		o.largeBytes = largeBytes
	}
	if pool.Config().MaxConns < 2 {
		return nil, errors.New("apply needs a pool of at least two connections")
	}
	r := &runner{pool: pool, o: o, out: &Report{}}
	// A connection of its own holds the lock: the work uses the pool.
	lock, err := pool.Acquire(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect to the target: %w", err)
	}
	defer lock.Release()
	if !o.DryRun {
		if _, err := lock.Exec(ctx, "SELECT pg_advisory_lock($1)", lockKey); err != nil {
			return nil, fmt.Errorf("wait for another run of apply: %w", err)
		}
		defer lock.Exec(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", lockKey)
	}
	if err := r.readLedger(ctx, lock.Conn()); err != nil {
		return nil, err
	}
	return r.out, r.run(ctx, f)
}

type runner struct {
	pool *pgxpool.Pool
	o    Options
	mu   sync.Mutex // guards done and out
	done map[string]string
	out  *Report
}

func ledgerKey(path string, s Stage) string { return path + "\x00" + string(s) }

func (r *runner) readLedger(ctx context.Context, c *pgx.Conn) error {
	r.done = map[string]string{}
	if r.o.DryRun {
		var there bool
		if err := c.QueryRow(ctx, "SELECT to_regclass('godwit.applied') IS NOT NULL").Scan(&there); err != nil || !there {
			return err
		}
	} else if _, err := c.Exec(ctx, makeLedger, pgx.QueryExecModeSimpleProtocol); err != nil {
		return fmt.Errorf("make the ledger godwit.applied on the target: %w", err)
	}
	rows, err := c.Query(ctx, "SELECT path, stage, sha256 FROM godwit.applied")
	if err != nil {
		return fmt.Errorf("read the ledger: %w", err)
	}
	var path, stage, sum string
	_, err = pgx.ForEachRow(rows, []any{&path, &stage, &sum}, func() error {
		r.done[ledgerKey(path, Stage(stage))] = sum
		return nil
	})
	if err != nil {
		return fmt.Errorf("read the ledger: %w", err)
	}
	return nil
}

// part is the statements of one file that are applied in one transaction.
type part struct {
	file   *File
	stages []Stage
	stmts  []Statement
}

// partOf picks the statements of the stages; nil stages mean all.
func partOf(f *File, stages []Stage) part {
	p := part{file: f}
	for _, s := range f.Statements {
		if stages != nil && !slices.Contains(stages, s.Stage) {
			continue
		}
		p.stmts = append(p.stmts, s)
		if !slices.Contains(p.stages, s.Stage) {
			p.stages = append(p.stages, s.Stage)
		}
	}
	return p
}

func (r *runner) run(ctx context.Context, f *Folder) error {
	if r.o.Together {
		return r.together(ctx, f)
	}
	if r.o.Stages == nil {
		parts := make([]part, len(f.Files))
		for i, file := range f.Files {
			parts[i] = partOf(file, nil)
		}
		return r.parts(ctx, parts)
	}
	for _, s := range r.o.Stages {
		if err := r.stage(ctx, f, s); err != nil {
			return err
		}
	}
	return nil
}

func (r *runner) stage(ctx context.Context, f *Folder, s Stage) error {
	parts := r.stageParts(f, s)
	switch {
	case r.o.DryRun:
		return r.parts(ctx, parts)
	case s == Keys || s == Foreign:
		return r.constraints(ctx, parts)
	case s != Indexes:
		return r.parts(ctx, parts)
	}
	return r.sideBySide(ctx, len(parts), func(ctx context.Context, i int) error { return r.part(ctx, parts[i]) })
}

// sideBySide calls f for 0 to n-1 on as many connections as the options allow. The first error ends it.
func (r *runner) sideBySide(ctx context.Context, n int, f func(ctx context.Context, i int) error) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(r.o.Parallel)
	for i := range n {
		g.Go(func() error {
			if err := gctx.Err(); err != nil {
				return err
			}
			return f(gctx, i)
		})
	}
	return g.Wait()
}

// ordered puts keys before the foreign keys that need them: in the stage Keys both stand in constraint files.
func ordered(files []*File, s Stage) []*File {
	if s != Keys {
		return files
	}
	rank := func(f *File) int {
		for _, st := range f.Statements {
			if st.Stage == Keys && st.key != nil && st.key.foreign {
				return 1
			}
		}
		return 0
	}
	out := slices.Clone(files)
	slices.SortStableFunc(out, func(a, b *File) int { return rank(a) - rank(b) })
	return out
}

// state tells what the ledger knows of a part: all its stages applied, some with another text, or not all of them.
func (r *runner) state(p part) Outcome {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := Already
	for _, s := range p.stages {
		sum, ok := r.done[ledgerKey(p.file.Path, s)]
		switch {
		case !ok && out == Already:
			out = Would
		case ok && sum != p.file.Sum:
			return Changed
		}
	}
	return out
}

func (r *runner) part(ctx context.Context, p part) error {
	if len(p.stmts) == 0 {
		return nil
	}
	st := r.state(p)
	switch {
	case st == Already || r.o.DryRun:
		r.note(p, st)
		return nil
	case st == Changed && !r.o.Replace:
		return fmt.Errorf("%s: %w; apply it again with --replace if its statements allow that, or drop what it made and remove its rows from godwit.applied", p.file.Path, ErrChanged)
	case st == Changed && p.file.Kind == dropKind:
		return r.passOver(ctx, p)
	case st == Changed:
	default:
		p = r.rest(p)
	}
	if err := r.transaction(ctx, p); err != nil {
		return err
	}
	r.note(p, Applied)
	return nil
}

// passOver notes a part as applied and runs nothing of it: what the drops of a folder would find now is what its other files made,
// and these are not applied again.
func (r *runner) passOver(ctx context.Context, p part) error {
	for _, s := range p.stages {
		if _, err := r.pool.Exec(ctx, noteApplied, p.file.Path, string(s), p.file.Sum); err != nil {
			return fmt.Errorf("apply %s: write the ledger: %w", p.file.Path, err)
		}
	}
	r.note(p, Already)
	return nil
}

// rest leaves out the stages of a part that an earlier run applied.
func (r *runner) rest(p part) part {
	r.mu.Lock()
	defer r.mu.Unlock()
	var open []Stage
	for _, s := range p.stages {
		if _, ok := r.done[ledgerKey(p.file.Path, s)]; !ok {
			open = append(open, s)
		}
	}
	return partOf(p.file, open)
}

func (r *runner) note(p part, o Outcome) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := Event{p.file.Path, p.stages, o, len(p.stmts)}
	r.out.Events = append(r.out.Events, e)
	switch o {
	case Applied:
		r.out.Applied++
		for _, s := range p.stages {
			r.done[ledgerKey(p.file.Path, s)] = p.file.Sum
		}
	case Already:
		r.out.Already++
	}
	if r.o.Report != nil {
		r.o.Report(e)
	}
}

// session are the settings of a transaction that applies a file: bodies are checked, nothing is cut off by a
// timeout, a commit that was reported is on disk, and an index is built in memory. The query that checks a foreign key is
// compiled by the server at a cost that it does not get back. The schema of the ledger is the first in the path of a role that is
// called godwit; what has no schema of its own would be made there.
const session = `SET LOCAL check_function_bodies = on; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;
SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL synchronous_commit = on; SET LOCAL client_min_messages = warning;
SET LOCAL maintenance_work_mem = '256MB'; SET LOCAL jit = off;
SELECT set_config('search_path', coalesce((SELECT string_agg(quote_ident(s), ', ') FROM unnest(current_schemas(false)) AS s WHERE s <> 'godwit'), 'public'), true)
WHERE current_schema() = 'godwit'`

const noteApplied = `INSERT INTO godwit.applied (path, stage, sha256) VALUES ($1, $2, $3)
ON CONFLICT (path, stage) DO UPDATE SET sha256 = excluded.sha256, applied_at = now()`

func (r *runner) transaction(ctx context.Context, p part) error {
	return r.transact(ctx, p, func(s Statement) string { return s.Text }, func(ctx context.Context, tx pgx.Tx) error {
		for _, s := range p.stages {
			if _, err := tx.Exec(ctx, noteApplied, p.file.Path, string(s), p.file.Sum); err != nil {
				return err
			}
		}
		return nil
	})
}

// transact runs one statement for each of a part, and what notes it in the ledger, in one transaction.
func (r *runner) transact(ctx context.Context, p part, text func(Statement) string, note func(context.Context, pgx.Tx) error) error {
	tx, err := r.pool.Begin(ctx)
	if err != nil {
		return fmt.Errorf("apply %s: begin: %w", p.file.Path, err)
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	if _, err := tx.Exec(ctx, session, pgx.QueryExecModeSimpleProtocol); err != nil {
		return fmt.Errorf("apply %s: %w", p.file.Path, err)
	}
	for _, s := range p.stmts {
		if _, err := tx.Exec(ctx, text(s), pgx.QueryExecModeSimpleProtocol); err != nil {
			return p.file.failed(s, err)
		}
	}
	if err := note(ctx, tx); err != nil {
		return fmt.Errorf("apply %s: write the ledger: %w", p.file.Path, err)
	}
	if err := tx.Commit(ctx); err != nil {
		return p.file.failed(p.stmts[len(p.stmts)-1], err)
	}
	return nil
}

// failed places a server's error in the file.
func (f *File) failed(s Statement, err error) error {
	e := &Error{Path: f.Path, Line: s.Line, wrapped: err}
	e.Stmt, _, _ = strings.Cut(strings.TrimSpace(s.Text[postgres.FirstWord(s.Text):]), "\n")
	if errors.As(err, &e.SQL) {
		if e.SQL.Position > 0 {
			e.Line = f.line(s.Offset + byteOffset(s.Text, int(e.SQL.Position)-1))
		}
		e.Next = nextSteps[e.SQL.Code]
		if e.Next == "" {
			e.Next = nextSteps[e.SQL.Code[:2]]
		}
	}
	return e
}

// byteOffset turns the server's count of characters into bytes.
func byteOffset(s string, chars int) int {
	at := 0
	for range chars {
		if at >= len(s) {
			break
		}
		_, n := utf8.DecodeRuneInString(s[at:])
		at += n
	}
	return at
}

// nextSteps says what to do about an error, by SQLSTATE or its class.
var nextSteps = map[string]string{
	"42P07": "the object exists already and was not made by this folder; drop or rename it, or convert into another schema",
	"42P06": "the schema exists already and was not made by this folder; drop or rename it, or convert into another schema",
	"42710": "the object exists already and was not made by this folder; drop or rename it",
	"42723": "the function exists already and was not made by this folder; drop or rename it",
	"42501": "give the user the right, see godwit check",
	"23505": "the rows on the target are not unique; run godwit verify",
	"23503": "rows on the target refer to rows that are not there; run godwit verify",
	"23514": "rows on the target break the check; run godwit verify",
	"2BP01": "other objects depend on it; drop them first, and apply their files again",
	"42883": "the object that it needs was not converted, see findings.json",
	"42P01": "the object that it needs was not converted, see findings.json",
	"53100": "free space on the target's disk and run apply again",
	"40":    "run apply again; it goes on where it stopped",
	"57":    "run apply again; it goes on where it stopped",
	"08":    "run apply again; it goes on where it stopped",
}
