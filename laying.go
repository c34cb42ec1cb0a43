package godwit

import (
	"sync"
	"sync/atomic"
)

// laying lays out what a conversion makes of definitions and rows, in order and beside what makes it.
type laying struct {
	layout *layout // nil: nothing is laid out
	next   laid
	todo   chan laid
	work   sync.WaitGroup // what is handed over and not laid out
	failed atomic.Bool
}

// laid are units or statements that took the short path.
type laid struct {
	units []*Unit
	rows  []*rowText
}

// laidAtOnce is how many units are handed over at a time; of rows it is a batch.
const laidAtOnce = 64

func newLaying(l *layout) *laying {
	q := &laying{layout: l, todo: make(chan laid, 1)}
	if l == nil {
		return q
	}
	go func() {
		for job := range q.todo {
			q.lay(job)
			q.work.Done()
		}
	}()
	return q
}

func (q *laying) lay(job laid) {
	if q.failed.Load() {
		return
	}
	for _, u := range job.units {
		q.layout.unit(u)
	}
	for _, r := range job.rows {
		q.layout.rows(r)
	}
	q.failed.Store(q.layout.err != nil)
}

// now lays out a unit before all that is taken later; others must not wait.
func (q *laying) now(u *Unit) {
	if q.layout != nil {
		q.layout.unit(u)
	}
}

func (q *laying) unit(u *Unit) {
	if q.next.units = append(q.next.units, u); len(q.next.units) == laidAtOnce {
		q.hand()
	}
}

func (q *laying) rows(list []*rowText) {
	if len(list) > 0 {
		q.next.rows = list
		q.hand()
	}
}

func (q *laying) hand() {
	if q.layout == nil {
		q.next = laid{}
		return
	}
	if len(q.next.units) > 0 || len(q.next.rows) > 0 {
		q.work.Add(1)
		q.todo <- q.next
		q.next = laid{}
	}
}

// settle waits until all is laid out that was taken.
func (q *laying) settle() {
	q.hand()
	q.work.Wait()
}

// close settles all and tells what went wrong.
func (q *laying) close() error {
	q.settle()
	close(q.todo)
	if q.layout == nil {
		return nil
	}
	return q.layout.err
}
