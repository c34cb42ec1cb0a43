package migrate

import (
	"context"
	"sync"

	"godwit/runner/change"
)

// backlogBytes bounds the memory of what was read from the source and is not being applied yet.
const backlogBytes = 32 << 20

// backlog holds transactions between the source, which reads ahead, and the applying.
type backlog struct {
	mu     sync.Mutex
	txs    []*change.Tx
	bytes  int64
	err    error         // why no more will come
	ended  bool          // no more will come
	filled chan struct{} // has an element when there is something new
	room   chan struct{} // has an element when there may be room
	source chan error    // why the source ended
	over   chan struct{} // closed when the source and feed have ended
}

func newBacklog() *backlog {
	return &backlog{filled: make(chan struct{}, 1), room: make(chan struct{}, 1), source: make(chan error, 1), over: make(chan struct{})}
}

// feed moves what the source sends into the backlog until in is closed.
func (q *backlog) feed(ctx context.Context, in <-chan *change.Tx) {
	defer func() {
		q.end(<-q.source)
		close(q.over)
	}()
	for tx := range in {
		for !q.put(tx) {
			select {
			case <-q.room:
			case <-ctx.Done():
				for range in { // the source may be about to send
				}
				return
			}
		}
	}
}

func (q *backlog) put(tx *change.Tx) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.bytes >= backlogBytes {
		return false
	}
	q.txs = append(q.txs, tx)
	q.bytes += weight(tx)
	signal(q.filled)
	return true
}

// end tells that no more will come.
func (q *backlog) end(err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.err, q.ended = err, true
	signal(q.filled)
}

// next takes the first transaction; nil when there is none now. done is true when there will be no other, and err says why.
func (q *backlog) next() (tx *change.Tx, done bool, err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.txs) == 0 {
		q.txs = nil
		return nil, q.ended, q.err
	}
	tx = q.txs[0]
	q.txs[0] = nil
	q.txs = q.txs[1:]
	q.bytes -= weight(tx)
	signal(q.room)
	return tx, false, nil
}

func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// weight is about the memory that a transaction takes.
func weight(tx *change.Tx) int64 {
	n := int64(400)
	for i := range tx.Changes {
		c := &tx.Changes[i]
		if c.Table == nil {
			continue
		}
		n += 150 + int64(len(c.Before)+len(c.After))*(24+24*int64(len(c.Table.Columns)))
	}
	return n + 2*tx.Bytes
}
