// Package migrate moves the rows of a database: full load, then the change stream, until told to stop.
//
// Progress is stored on the target, in the same transactions as the rows, so a run may be killed at any moment and
// started again.
package migrate

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"godwit/ir/catalog"
	"godwit/runner/change"
)

// Snapshot is a consistent view of the source, open for a number of readers.
type Snapshot interface {
	// Span is the snapshot's place in the change stream as reader w sees it.
	Span(w int) change.Span
	// Exact tells that all readers see the same moment and that its position is known.
	Exact() bool
	// Plan cuts a table into chunks of about rows rows.
	Plan(ctx context.Context, w int, t *change.Table, rows int64) ([]change.Chunk, error)
	// Read reads a chunk. A batch is valid until the next one is asked for.
	Read(ctx context.Context, w int, c change.Chunk) iter.Seq2[*change.Batch, error]
	Close() error
}

// Source is a database that rows are read from.
type Source interface {
	// Identity names the server's history: positions are valid for the same identity only.
	Identity(ctx context.Context) (string, error)
	// Position is the current end of the change stream.
	Position(ctx context.Context) (change.Position, error)
	ParsePosition(text string) (change.Position, error)
	Snapshot(ctx context.Context, tables []*change.Table, readers int) (Snapshot, error)
	// Stream follows the changes of tables after from. It ends only with an error or when ctx is done.
	Stream(ctx context.Context, from change.Position, tables []*change.Table, out chan<- *change.Tx) error
	// Ack tells the source that everything up to p is safe on the target.
	Ack(ctx context.Context, p change.Position) error
	Close() error
}

// Continuer is a Source that can tell whether its change stream still has the history that a position belongs to.
type Continuer interface {
	Continues(ctx context.Context, at change.Position) error
}

// Sink is a database that rows are written to. Opening one takes the task over from any other run.
type Sink interface {
	State(ctx context.Context) (change.State, error)
	// Start records where the change stream begins, before the first chunk is loaded.
	Start(ctx context.Context, identity, selection string, start change.Position) error
	SetPhase(ctx context.Context, phase string) error
	// Plan records the chunks of a table. It may put off the keys of the table until its rows are there.
	Plan(ctx context.Context, t *change.Table, chunks []change.Chunk) error
	// Reset empties tables and forgets that their chunks were loaded.
	Reset(ctx context.Context, tables []*change.Table) error
	// Load loads a chunk, once.
	Load(ctx context.Context, c change.Chunk, rows iter.Seq2[*change.Batch, error], span func() (change.Span, error)) (change.Loaded, error)
	// PutOff lists the tables, by name, whose keys are put off.
	PutOff(ctx context.Context) (map[string]bool, error)
	// MakeKeys makes the key that locates a table's rows, or, with all, every key that was put off. Done before, it does
	// nothing. beside tells that other work has the server's processors.
	MakeKeys(ctx context.Context, t *change.Table, all, beside bool) error
	// Applier applies changes; with single, row by row.
	Applier(ctx context.Context, tables []*change.Table, single bool) (Applier, error)
	Close() error
}

// Witness is a Sink that can tell whether its tables are still those that the task's rows went into.
type Witness interface {
	// Unchanged tells that tables and their columns are those that were noted; else the error says what is not, and the next step.
	Unchanged(ctx context.Context, tables []*change.Table) error
	// Note notes tables as they are.
	Note(ctx context.Context, tables []*change.Table) error
}

// Applier applies transactions in order.
type Applier interface {
	// Add applies a transaction or a piece of one within the open target transaction.
	Add(ctx context.Context, tx *change.Tx, mode func(*change.Table) change.Mode) error
	// Commit stores the position behind what was added and commits both. The target must still have the position that all of
	// this follows, by its text; otherwise nothing is committed, and the error is change.ErrMoved. When the connection is lost
	// while the target commits, the error is change.ErrUnsure.
	Commit(ctx context.Context, after string, p change.Position, commit time.Time) error
	Close()
}

// Excepter is a Sink that can set changes aside which it refuses. Tasks with apply.on_error: except need one.
type Excepter interface {
	// ExceptingApplier is an Applier that records changes which the target refuses for their values, and changes whose row is
	// missing, in the transaction of the others, and goes on. Errors that are not a row's own are returned.
	ExceptingApplier(ctx context.Context, tables []*change.Table) (ExceptingApplier, error)
}

// ExceptingApplier is an Applier that sets changes aside.
type ExceptingApplier interface {
	Applier
	// Excepted is the number of rows that were set aside.
	Excepted() int64
}

// Hooks are called at the seams of a run. Each must be idempotent: a restart may call it again. A run tries again behind the
// error of a hook that is marked as transient, as errors of a sink are.
type Hooks struct {
	// Loaded is called after the full load and before the first change is applied. The target must then have, for
	// every table, the key that locates rows (change.Table.Key), and every foreign key with an action (CASCADE,
	// SET NULL, SET DEFAULT): the source's log does not hold the changes that such actions make, the target makes
	// them itself. Other foreign keys and other unique keys must not be created yet.
	Loaded func(ctx context.Context, tables []*change.Table) error
	// Consistent is called once the target is a consistent copy of one moment of the source: at once after Loaded
	// unless the load was interrupted. Unique keys, indexes and the other foreign keys may be created now.
	Consistent func(ctx context.Context, tables []*change.Table) error
	// Whole, if it is there, is called in place of both where the target is a consistent copy at once: what they do may be
	// done side by side then.
	Whole func(ctx context.Context, tables []*change.Table) error
	// Schema converts a schema change of the source, for the policy ddl: apply. It is called in the source's order, once
	// the changes before it are committed; nothing of it counts until the sink has taken it.
	Schema func(ctx context.Context, c *change.Change) (SchemaChange, error)
}

// Until says when a run ends without being cancelled.
type Until struct {
	Loaded   bool            // after the full load
	CaughtUp bool            // when the position that the source had at some moment after the load is applied
	Position change.Position // when this position is applied (drain)
}

// Options are what a run needs beside its task.
type Options struct {
	// Tables are the tables to move, with their target names and types set.
	Tables []*catalog.Table
	// Schema is the source's script that Tables come from; it is kept on the target for ddl: apply.
	Schema   string
	Hooks    Hooks
	Until    Until
	Reporter Reporter              // nil: none
	Logger   *slog.Logger          // nil: slog.Default()
	Metrics  prometheus.Registerer // nil: none; Task.Metrics serves them by itself
	// Back tells that changes go back to the old source of a task: a change of the schema always stops them.
	Back bool
	// Exceptions names the table of rows that are set aside, for messages; "": godwit.exceptions on the target.
	Exceptions string
	// OpenSource and OpenSink replace the databases that the task's URLs name; nil: open those.
	OpenSource func(ctx context.Context) (Source, error)
	OpenSink   func(ctx context.Context) (Sink, error)
}

// Result is what a run achieved.
type Result struct {
	Position     change.Position // applied on the target
	Rows         int64           // loaded in this run
	Transactions int64           // applied in this run
	Changes      int64           // rows changed in this run
	Exceptions   int64           // rows set aside in this run
	Elapsed      time.Duration
}

// Errors that callers tell apart; the others are in package change.
var (
	// ErrSchemaChange tells that the source changed the schema of a migrated table.
	ErrSchemaChange = errors.New("the source changed the schema of a migrated table")
	// ErrSchemaBack tells that the schema of a table whose changes go back was changed.
	ErrSchemaBack = errors.New("the schema of a table was changed whose changes go back to the old source")
	// ErrOtherTask tells that the stored progress is of other tables, settings or another source.
	ErrOtherTask = errors.New("the progress stored under this task's name does not fit")
)
