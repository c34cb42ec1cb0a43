package change

import (
	"fmt"
	"time"
)

// Phases of a task, as stored on the target.
const (
	PhaseNew        = "new"        // nothing recorded
	PhaseLoading    = "loading"    // start position recorded, chunks being loaded
	PhaseLoaded     = "loaded"     // all chunks loaded, keys made
	PhaseConsistent = "consistent" // the change stream has passed every snapshot: the target equals the source at one moment
)

// State is the progress of a task, as stored on the target. Positions are texts of the source's.
type State struct {
	Identity   string // the source's history that the positions belong to
	Selection  string // fingerprint of tables, columns and policies
	Phase      string
	Start      string // where the change stream begins; "" if not recorded
	Position   string // all source transactions up to here are applied
	CommitTime time.Time
	// Transactions and Changes count what was applied since the start.
	Transactions, Changes int64
	Chunks                map[string][]ChunkState // by the source table's name, in order
}

// ChunkState is a chunk of the ledger.
type ChunkState struct {
	ID           int
	Lower, Upper string
	Estimate     int64
	Loaded       bool
	Low, High    string // span of the snapshot that it was read from; "" until loaded
	Rows, Bytes  int64
}

// Loaded is the result of loading a chunk.
type Loaded struct {
	Rows, Bytes int64
	Excepted    int64 // rows that were set aside; they are not among Rows
	Already     bool  // the chunk had been loaded before, nothing was done
}

// Mode says how the changes of a table are applied at a place of the change stream.
type Mode int

// Modes of applying.
const (
	// Strict is the rule: every row that is changed must be there, every row that is inserted must not.
	Strict Mode = iota
	// Idempotent is for changes that the table's rows may or may not contain already: inserts and updates replace the row
	// with the same key, deletes of missing rows do nothing. The table must have a key.
	Idempotent
	// Skip is for changes that the table's rows contain already.
	Skip
)

// Applicable refuses what no sink applies row by row: changes that are not of rows, and idempotent ones of a table without a
// key. tx names the transaction.
func (m Mode) Applicable(c *Change, tx string) error {
	switch c.Kind {
	case Insert, Update, Delete:
	default:
		return fmt.Errorf("transaction %s: %w: %s of %s", tx, ErrRefused, c.Kind, c.Table.Name())
	}
	if m == Idempotent && len(c.Table.Key) == 0 {
		return fmt.Errorf("transaction %s: %w: table %s has no key and was read at an unknown moment", tx, ErrRefused, c.Table.Name())
	}
	return nil
}

// Errors that sinks return and callers tell apart.
const (
	// ErrFenced tells that another run of the task has taken over.
	ErrFenced = sentinel("another run of this task has taken over")
	// ErrMoved tells that the target is not at the position that a transaction follows: another one, whose outcome was not
	// known, has committed after all. Sinks mark it as transient: a new attempt begins with the position that is stored.
	ErrMoved = sentinel("the target's position has moved")
	// ErrUnsure tells that the connection was lost while a transaction was being committed: it may be on the target. Nothing
	// of it may be applied again before the stored position has been read by a new attempt.
	ErrUnsure = sentinel("it is not known whether the transaction was committed")
	// ErrRowMissing tells that a change found no row, or more than one: the target is not a copy of the source.
	ErrRowMissing = sentinel("the row to change is not on the target")
	// ErrSchema tells that a table of the source is no longer as the task knows it.
	ErrSchema = sentinel("the source's schema changed")
	// ErrRefused tells of a change that is not applied.
	ErrRefused = sentinel("the change is not applied")
)

// MoveApart is the next step where a task cannot go on with one of its tables: a task knows its tables as they were when it began.
const MoveApart = "exclude the table (tables.exclude), start the task again, and move the table by a task of its own"

type sentinel string

// Error is the message.
func (s sentinel) Error() string { return string(s) }

// SchemaStep is a schema change of the source together with what it does on the target.
type SchemaStep struct {
	Source     string   // the source's statement
	Schema     string   // the source's current schema
	SQLMode    string   // that it ran under
	Statements []string // of the target, in order
	Selection  string   // fingerprint of tables, columns and policies afterwards
	After      string   // the position that the target has stored before it
	Position   Position // behind it
	Commit     time.Time
	// Created and Dropped are tables, by the source's names, that the task begins and ends to move. A created one has no
	// rows yet.
	Created, Dropped []string
}

// Reload is a change of what a task that has begun moves.
type Reload struct {
	Tables    []*Table // to be emptied and loaded again
	Added     []*Table // to be loaded; they must be empty
	Removed   []string // no longer moved, by the source's names
	Requested []string // the requests that this answers
	Selection string   // afterwards
}

// SchemaRecord is an entry of the kept schema: the script that a task began with, or a schema change that followed.
type SchemaRecord struct {
	Schema, SQLMode, Text string
}
