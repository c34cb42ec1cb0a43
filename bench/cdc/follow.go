package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"godwit/bench/process"
)

// slice is how long a writer's call is meant to take; the rate is kept from one to the next.
const slice = 50 * time.Millisecond

// follow runs godwit behind a writer of a steady rate and measures how long a committed row takes to the target: first
// at half of the rate, then at the whole of it.
func (b *bench) follow(ctx context.Context, s *source, mode string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := process.Command(ctx, b.godwit, "migrate", b.taskFile(mode), "--no-verify", "--json", "--skip-check")
	var log bytes.Buffer
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start godwit: %w", err)
	}
	fmt.Printf("%-10s %12s %12s %9s %9s %9s\n", mode, "wanted tx/s", "written tx/s", "p50 ms", "p99 ms", "worst ms")
	m, err := b.newMeter(ctx, s, mode)
	if err != nil {
		return err
	}
	defer m.pg.Close(context.WithoutCancel(ctx))
	if err := m.settle(ctx); err != nil {
		return fmt.Errorf("godwit does not follow: %w\n%s", err, log.String())
	}
	for i, rate := range []int{b.rate / 20, b.rate / 2, b.rate} {
		rows, took, err := m.phase(ctx, rate, i+1)
		if err != nil {
			return fmt.Errorf("%w\n%s", err, log.String())
		}
		slices.Sort(m.lags)
		fmt.Printf("%-10s %12d %12.0f %9.0f %9.0f %9.0f\n", "", rate, float64(rows)/took.Seconds(), quantile(m.lags, 0.5), quantile(m.lags, 0.99), quantile(m.lags, 1))
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	_ = cmd.Wait() // it was told to end
	st := cmd.ProcessState
	fmt.Printf("%-10s own CPU %.2f s\n", "", (st.UserTime() + st.SystemTime()).Seconds())
	return nil
}

// meter measures how long rows of table ticks take.
type meter struct {
	b    *bench
	s    *source
	pg   *pgx.Conn
	id   atomic.Int64
	mu   sync.Mutex
	sent map[int64]time.Time
	lags []time.Duration
	rows atomic.Int64
}

func (b *bench) newMeter(ctx context.Context, s *source, mode string) (*meter, error) {
	to, err := b.targetURL(mode)
	if err != nil {
		return nil, err
	}
	pg, err := pgx.Connect(ctx, to)
	if err != nil {
		return nil, err
	}
	if _, err := pg.Exec(ctx, "SET search_path = "+database+", public"); err != nil {
		return nil, err
	}
	m := &meter{b: b, s: s, pg: pg, sent: map[int64]time.Time{}}
	var last int64
	if err := s.db.QueryRowContext(ctx, "SELECT max(id) FROM ticks").Scan(&last); err != nil {
		return nil, fmt.Errorf("source: read the last tick: %w", err)
	}
	m.id.Store(last)
	return m, nil
}

// settle waits until ticks come at once: what was written while godwit did not run, or went over from catching up to
// following, is no lag of the stream.
func (m *meter) settle(ctx context.Context) error {
	for quick, n := 0, 0; quick < 10; n++ {
		began := time.Now()
		if err := m.wait(ctx); err != nil {
			return err
		}
		if quick++; time.Since(began) > time.Second && n < 100 {
			quick = 0
		}
		time.Sleep(300 * time.Millisecond)
	}
	return nil
}

// wait writes a tick and waits until it is seen.
func (m *meter) wait(ctx context.Context) error {
	if err := m.tick(ctx); err != nil {
		return err
	}
	want := m.id.Load()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		seen, err := m.look(ctx)
		if err != nil || seen >= want {
			return err
		}
	}
	return errors.New("a row did not arrive in two minutes")
}

func (m *meter) tick(ctx context.Context) error {
	id := m.id.Add(1)
	if err := m.s.exec(ctx, tickText(id)); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sent[id] = time.Now()
	return nil
}

// look reads what has arrived.
func (m *meter) look(ctx context.Context) (int64, error) {
	var seen int64
	if err := m.pg.QueryRow(ctx, "SELECT max(id) FROM ticks").Scan(&seen); err != nil {
		return 0, err
	}
	now := time.Now()
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, at := range m.sent {
		if id <= seen {
			m.lags = append(m.lags, now.Sub(at))
			delete(m.sent, id)
		}
	}
	return seen, nil
}

// phase writes at a rate for a while.
func (m *meter) phase(ctx context.Context, rate, number int) (rows int64, took time.Duration, err error) {
	m.lags = nil
	m.rows.Store(0)
	writing, stop := context.WithTimeout(ctx, m.b.lead)
	defer stop()
	began := time.Now()
	var wg sync.WaitGroup
	errs := make([]error, m.b.writers+1)
	for w := range m.b.writers {
		wg.Go(func() { errs[w] = m.write(writing, w+number*100, float64(rate)/float64(m.b.writers)) })
	}
	wg.Go(func() { errs[m.b.writers] = m.ticks(writing) })
	var seeing error
	for writing.Err() == nil && seeing == nil {
		_, seeing = m.look(ctx)
		time.Sleep(2 * time.Millisecond)
	}
	wg.Wait()
	took = time.Since(began)
	errs = append(errs, seeing, m.wait(ctx))
	return m.rows.Load(), took, errors.Join(errs...)
}

func (m *meter) ticks(ctx context.Context) error {
	for ctx.Err() == nil {
		if err := m.tick(context.WithoutCancel(ctx)); err != nil {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
	return nil
}

// write calls the shop in slices. A writer that cannot keep the rate does not catch up later: the rate is a ceiling.
func (m *meter) write(ctx context.Context, w int, rate float64) error {
	n := max(int(rate*slice.Seconds()), 1)
	every := time.Duration(float64(n) / rate * float64(time.Second))
	for first := 0; ctx.Err() == nil; first += n {
		next := time.Now().Add(every)
		if err := m.s.exec(context.WithoutCancel(ctx), fmt.Sprintf("CALL shop(%d, %d, %d)", w, first, n)); err != nil {
			return err
		}
		m.rows.Add(int64(n))
		time.Sleep(time.Until(next))
	}
	return nil
}
