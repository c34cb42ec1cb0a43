// Package change holds what flows from a source to a target: tables, rows, chunks of a full load, transactions
// of the change stream, and positions in it.
//
// It is a leaf: sources produce these values, sinks consume them, and neither knows the other.
package change

import (
	"time"
)

// Value is one column's value in canonical form, nil for NULL.
//
// The canonical form is the same in the snapshot and in the change stream, byte for byte, and depends on the
// column's ir/types.Type only:
//
//	Int, Year        decimal digits, '-' if negative, no leading zeros
//	Decimal          decimal digits with exactly Scale places
//	Float            shortest decimal that reads back as the same 32 or 64 bit number ("1e+20", "-0", "0.1")
//	Bit              exactly N digits 0 and 1
//	Text, Enum, Set  UTF-8
//	Binary           the bytes themselves, BINARY(n) padded to n
//	Geometry         the bytes themselves: 4 bytes SRID, little endian, then WKB
//	Date             YYYY-MM-DD; a zero date is kept as it is ("0000-00-00", "2026-00-12")
//	DateTime         YYYY-MM-DD HH:MM:SS[.ffffff] with exactly Precision digits of fraction
//	Timestamp        like DateTime, in UTC; zero is "0000-00-00 00:00:00"
//	Time             [-]HH:MM:SS[.ffffff] with exactly Precision digits, hours up to 838
//	JSON             a JSON document in UTF-8: the text as stored for JSONText, MySQL's own spelling otherwise
//
// What a target cannot hold (zero dates, NUL in text) is kept here and decided by the sink's policy.
type Value []byte

// Row is the values of Table.Columns, in that order.
type Row []Value

// Bytes is the size of the values.
func (r Row) Bytes() int {
	n := 0
	for _, v := range r {
		n += len(v)
	}
	return n
}

// Batch is a run of rows of one table read by the full load. Values holds them row after row.
type Batch struct {
	Width  int     // values per row
	Values []Value // len is a multiple of Width
	Bytes  int64   // size of the values
	buf    []byte
}

// Rows is the number of rows.
func (b *Batch) Rows() int {
	if b.Width == 0 {
		return 0
	}
	return len(b.Values) / b.Width
}

// Row is the i-th row; it is valid until the batch is reset.
func (b *Batch) Row(i int) Row { return Row(b.Values[i*b.Width : (i+1)*b.Width]) }

// Reset empties the batch and keeps its memory.
func (b *Batch) Reset(width int) {
	b.Width, b.Values, b.Bytes, b.buf = width, b.Values[:0], 0, b.buf[:0]
}

// Scratch is the batch's own memory, for a source to append values to; hand the grown slice back with Keep.
// Values already cut from it stay valid when it grows.
func (b *Batch) Scratch() []byte { return b.buf }

// Keep stores the grown scratch memory.
func (b *Batch) Keep(buf []byte) { b.buf = buf }

// Kind is the kind of a change.
type Kind int

// Kinds of changes.
const (
	Insert Kind = iota
	Update
	Delete
	Truncate
	DDL
)

// String is the kind's name for messages.
func (k Kind) String() string {
	switch k {
	case Insert:
		return "insert"
	case Update:
		return "update"
	case Delete:
		return "delete"
	case Truncate:
		return "truncate"
	case DDL:
		return "DDL"
	}
	return "unknown"
}

// Change is a set of rows of one table changed the same way, in the source's order, or a statement.
// Rows are always whole: a source whose log holds partial rows is refused.
type Change struct {
	Kind      Kind
	Table     *Table // DDL: the first migrated table that is named; nil if none is
	Before    []Row  // Update, Delete: the rows as they were
	After     []Row  // Insert, Update: the rows as they are, parallel to Before in an Update
	Statement string // DDL, Truncate: the source's text
	Schema    string // DDL: the source's current schema
	SQLMode   string // DDL: the sql_mode that the statement ran under
	Filled    bool   // DDL: rows of a table that the statement makes follow in the same transaction; they were not read
	Names     []Name // DDL: the tables that the statement names; a table without name is a whole schema
	// Zone is the session's time zone as the source names it, "" if it is not told; When is when the statement began, by the source's
	// clock, with Micros to the microsecond.
	Zone   string
	When   time.Time
	Micros bool
	// Origins are the tables that hold the rows of others afterwards: renamed ones, and those that exchange partitions.
	Origins []Origin
}

// OffUntilCutover is the comment of triggers on the target that a task's schema changes made: they are off until its cutover.
func OffUntilCutover(task string) string {
	return "godwit: made by a schema change of the source, off until the cutover of task " + task
}

// Origin tells where a table's rows were before a schema change.
type Origin struct{ Table, Was Name }

// Name is a table's name on the source.
type Name struct{ Schema, Table string }

// String is schema.table.
func (n Name) String() string { return n.Schema + "." + n.Table }

// Rows is the number of rows changed.
func (c *Change) Rows() int { return max(len(c.Before), len(c.After)) }

// Row is the i-th row before and after the change; nil where there is none.
func (c *Change) Row(i int) (before, after Row) {
	if c.Before != nil {
		before = c.Before[i]
	}
	if c.After != nil {
		after = c.After[i]
	}
	return before, after
}

// Tx is a source transaction or, when it is too large to be held in memory, a piece of one.
// Pieces of one transaction follow each other directly; all but the last have More set.
// A Tx without changes moves the position only (transactions of other tables, heartbeats).
type Tx struct {
	ID       string    // GTID or binlog coordinates, for messages
	Position Position  // the position after this transaction; nil while More
	At       Position  // the transaction's own place, to be compared with snapshot positions; never nil
	Commit   time.Time // when the source committed it, by the source's clock
	Changes  []Change
	More     bool
	Bytes    int64 // size in the source's log
	// Folded is set when the changes are the net effect of several transactions.
	Folded *Folded
}

// Folded tells what was folded into one transaction.
type Folded struct {
	Transactions int // of the source
	Rows         int // changed by them, one after the other
}

// Transactions is the number of the source's transactions that end with t: none with a piece that is not the last.
func (t *Tx) Transactions() int {
	switch {
	case t.Folded != nil:
		return t.Folded.Transactions
	case t.More:
		return 0
	}
	return 1
}

// Rows is the number of rows changed.
func (t *Tx) Rows() int {
	n := 0
	for i := range t.Changes {
		n += t.Changes[i].Rows()
	}
	return n
}

// Position is a place in a source's change stream. It is opaque: only the source that made it can read its text.
type Position interface {
	// String is the text encoding, read back by the source's ParsePosition.
	String() string
	// Covers tells that everything up to and including other has been passed. It is false for positions that
	// cannot be compared.
	Covers(other Position) bool
}

// Compare orders two positions; ok is false when neither covers the other.
func Compare(a, b Position) (order int, ok bool) {
	ab, ba := a.Covers(b), b.Covers(a)
	switch {
	case ab && ba:
		return 0, true
	case ab:
		return 1, true
	case ba:
		return -1, true
	}
	return 0, false
}

// Chunk is a part of a table that is loaded in one target transaction.
//
// The chunks of a table cover every possible row exactly once at every moment, so the same chunks can be read at
// a later snapshot: the first has no Lower bound, the last no Upper one, and neighbours share a bound.
// Bounds are texts that only the source can read.
type Chunk struct {
	Table        *Table
	ID           int    // from 0, per table
	Lower, Upper string // rows with Lower < key <= Upper; "" is open
	Estimate     int64  // expected number of rows, 0 if unknown
}

// Span is where in the change stream a snapshot was taken: everything up to Low is in it, nothing after High is.
// Low and High are the same position when the snapshot's place is known exactly.
type Span struct{ Low, High Position }

// Exact tells that Low and High are the same position.
func (s Span) Exact() bool {
	o, ok := Compare(s.Low, s.High)
	return ok && o == 0
}
