package migrate

import (
	"context"
	"time"

	"godwit/runner/change"
	"godwit/runner/fold"
)

const (
	batchBytes = 16 << 20 // memory of the transactions of one target transaction at most, about
	foldRows   = 100      // in the mode auto, smaller batches are applied as they are
)

// batch is source transactions that become one target transaction.
type batch struct {
	txs   []*change.Tx // without those that change nothing
	after string       // the position before the batch, as it stands on the target
	last  *change.Tx   // the position behind the batch, and the source's time of it
	whole int          // source transactions
	rows  int
	bytes int64 // of the source's log
	mem   int64
	began time.Time
	how   how

	// for lanes
	earlier []*batch       // under way when this one began, in order
	known   chan struct{}  // closed when set may be read
	set     *fold.WriteSet // nil when nothing may be applied beside the batch
	done    chan struct{}  // closed when err may be read: it has committed, or will not
	err     error
	beside  bool // others were under way when it began
	lane    *lane
	cancel  context.CancelFunc
	flew    time.Time
	landed  bool // its end has been noted
}

// how is a way to apply a batch.
type how struct {
	fold bool // the net effect
	set  bool // beside others: collect the write-set
}

func newBatch() *batch {
	return &batch{began: time.Now(), known: make(chan struct{}), done: make(chan struct{})}
}

func (b *batch) add(tx *change.Tx) {
	if len(tx.Changes) > 0 {
		b.txs = append(b.txs, tx)
		b.rows += tx.Rows()
		b.whole++
	}
	b.bytes += tx.Bytes
	b.mem += weight(tx)
	b.last = tx
}

// part is a batch of some of the transactions of another, which follows a position.
func (b *batch) part(after string, txs []*change.Tx) *batch {
	p := newBatch()
	p.after = after
	p.how = how{fold: b.how.fold}
	for _, tx := range txs {
		p.add(tx)
	}
	if n := len(b.txs); n > 0 && len(txs) > 0 && txs[len(txs)-1] == b.txs[n-1] {
		p.last = b.last
	}
	return p
}

// prepare is what an Applier gets: one transaction with the net effect, or the transactions as they are.
func (b *batch) prepare(f *fold.Folder) (txs []*change.Tx, folded bool) {
	if !b.how.fold || len(b.txs) < 2 {
		return b.txs, false
	}
	changes, ok := f.Fold(b.txs)
	if !ok {
		return b.txs, false
	}
	first, last := b.txs[0], b.txs[len(b.txs)-1]
	return []*change.Tx{{
		ID: first.ID + " to " + last.ID, Position: last.Position, At: last.At, Commit: last.Commit, Bytes: b.bytes,
		Changes: changes, Folded: &change.Folded{Transactions: b.whole, Rows: b.rows},
	}}, true
}
