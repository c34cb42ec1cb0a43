package sakila

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/go-sql-driver/mysql"
)

// Kinds of transactions that the writer makes.
const (
	Transfer = "transfer" // moves money between two payments
	Rent     = "rent"     // a rental and its payment, which another payment pays for
	Return   = "return"   // dates a rental's return
	Customer = "customer" // changes a customer's address or state
	Cancel   = "cancel"   // deletes a rental and its payments; another payment gets the money
	Forget   = "forget"   // deletes a rental; its payments stay, the foreign key unsets their rental
)

// Kinds are all kinds, each as often as its share.
var Kinds = []Share{{Transfer, 35}, {Rent, 30}, {Return, 10}, {Customer, 15}, {Cancel, 6}, {Forget, 4}}

// Share is how many of a hundred transactions are of a kind.
type Share struct {
	Kind    string
	Percent int
}

// Stats count what a writer did.
type Stats struct {
	// Done are committed transactions by kind.
	Done map[string]int
	// Retried are transactions that the server rolled back: deadlock, lock
	// wait, or the unique key of rental.
	Retried int
	// Idle are transactions that found nothing to change.
	Idle int
}

// Total is the number of committed transactions.
func (s Stats) Total() int {
	n := 0
	for _, d := range s.Done {
		n += d
	}
	return n
}

// Writer changes a Sakila database in transactions, at a steady rate. Each
// transaction keeps Invariant, so that a copy that shows another sum has torn,
// lost or repeated one.
type Writer struct {
	db      *sql.DB
	rate    float64
	workers int
	seed    uint64

	mu    sync.Mutex
	stats Stats
}

// NewWriter makes a writer of rate transactions a second over several
// connections. The seed decides what is chosen; what the server answers
// depends on timing too.
func NewWriter(db *sql.DB, rate float64, workers int, seed uint64) *Writer {
	return &Writer{db: db, rate: rate, workers: workers, seed: seed, stats: Stats{Done: map[string]int{}}}
}

// Invariant is the sum of all payments, which no transaction of a writer changes.
func Invariant(ctx context.Context, db *sql.DB) (string, error) {
	var sum string
	if err := db.QueryRowContext(ctx, "SELECT CAST(SUM(amount) AS CHAR) FROM payment").Scan(&sum); err != nil {
		return "", fmt.Errorf("sum payments: %w", err)
	}
	return sum, nil
}

// Stats returns a copy of the counts so far.
func (w *Writer) Stats() Stats {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.stats
	s.Done = map[string]int{}
	for k, n := range w.stats.Done {
		s.Done[k] = n
	}
	return s
}

// Run writes until ctx ends; transactions that have begun are finished. It
// returns the first error that is not one of a busy database.
func (w *Writer) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	errs := make([]error, w.workers)
	for i := range w.workers {
		wg.Go(func() {
			if errs[i] = w.work(ctx, rand.New(rand.NewPCG(w.seed, uint64(i)))); errs[i] != nil {
				cancel(errs[i])
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

func (w *Writer) work(ctx context.Context, rnd *rand.Rand) error {
	tick := time.NewTicker(time.Duration(float64(w.workers) / w.rate * float64(time.Second)))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		kind := pick(rnd.IntN(100))
		// A stop must not tear a transaction off: only its start is cancelled.
		once, done := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
		err := w.once(once, rnd, kind)
		done()
		if err := w.count(kind, err); err != nil {
			return fmt.Errorf("write %s: %w", kind, err)
		}
	}
}

// pick maps a number below 100 to a kind by the shares.
func pick(n int) string {
	for _, s := range Kinds {
		if n < s.Percent {
			return s.Kind
		}
		n -= s.Percent
	}
	return Transfer
}

// errNothing means that the rows chosen cannot take the change.
var errNothing = errors.New("nothing to change")

// count notes the outcome and returns errors that end the writer.
func (w *Writer) count(kind string, err error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var refused *mysql.MySQLError
	switch {
	case err == nil:
		w.stats.Done[kind]++
	case errors.Is(err, errNothing) || errors.Is(err, sql.ErrNoRows):
		w.stats.Idle++
	case errors.As(err, &refused) && (refused.Number == 1062 || refused.Number == 1205 || refused.Number == 1213):
		w.stats.Retried++
	default:
		return err
	}
	return nil
}

// once runs one transaction.
func (w *Writer) once(ctx context.Context, rnd *rand.Rand, kind string) error {
	tx, err := w.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	t := &transaction{ctx: ctx, tx: tx, rnd: rnd}
	steps := map[string]func() error{
		Transfer: t.transfer, Rent: t.rent, Return: t.giveBack, Customer: t.customer, Cancel: t.cancel, Forget: t.forget,
	}
	if err := steps[kind](); err != nil {
		// The error that matters is the first; a lost connection rolls back too.
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}
