package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"godwit/bench/process"
)

// replay stands between godwit and the source and hands on what the source sends at a steady rate: a log that was written before
// comes as if it were being written. The source has only to read it. The lag of a tick is the time from its coming by here until
// it is seen on the target.
type replay struct {
	to   string  // address of the source
	rate float64 // bytes a second; 0: as fast as it goes

	mu          sync.Mutex
	sent        map[int64]time.Time
	first, last time.Time // of the ticks
	bytes       int64     // until the last tick
	lags        []time.Duration
}

// replayStep is how often something is handed on, and how often the target is looked at.
const replayStep = 2 * time.Millisecond

// opening is the time at the log's beginning that is not counted: godwit opens its connections to the target.
const opening = 2 * time.Second

// play drains the backlog through a replay to see how long it is, and then again at half of the rate and at the whole of it.
func (b *bench) play(ctx context.Context, s *source, mode string) error {
	all, transactions, _, err := b.playAt(ctx, s, mode, 0)
	if err != nil {
		return err
	}
	fmt.Printf("%-10s %12s %12s %9s %9s %9s %9s\n", "replay", "wanted tx/s", "played tx/s", "p50 ms", "p99 ms", "worst ms", "own CPU s")
	for _, rate := range []int{b.replay / 2, b.replay} {
		r, n, cpu, err := b.playAt(ctx, s, mode, float64(rate)*float64(all.bytes)/float64(transactions))
		if err != nil {
			return err
		}
		if len(r.lags) == 0 {
			return errors.New("no tick came by")
		}
		slices.Sort(r.lags)
		fmt.Printf("%-10s %12d %12.0f %9.0f %9.0f %9.0f %9.2f\n", "", rate, float64(n)/r.last.Sub(r.first).Seconds(),
			quantile(r.lags, 0.5), quantile(r.lags, 0.99), quantile(r.lags, 1), cpu.Seconds())
	}
	return nil
}

// playAt drains the backlog into a new target at a rate of bytes, and tells how many transactions it had.
func (b *bench) playAt(ctx context.Context, s *source, mode string, rate float64) (r *replay, transactions int64, cpu time.Duration, err error) {
	if err := b.clone(ctx, s, mode); err != nil {
		return nil, 0, 0, err
	}
	u, err := url.Parse(s.url)
	if err != nil {
		return nil, 0, 0, err
	}
	r = &replay{to: u.Host, rate: rate, sent: map[int64]time.Time{}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, 0, 0, err
	}
	defer l.Close()
	go r.serve(l)
	u.Host = l.Addr().String()
	if err := b.writeTaskFrom(u.String(), mode); err != nil {
		return nil, 0, 0, err
	}
	m, err := b.newMeter(ctx, s, mode)
	if err != nil {
		return nil, 0, 0, err
	}
	defer m.pg.Close(context.WithoutCancel(ctx))
	if cpu, err = r.run(ctx, b, mode, m.pg); err != nil {
		return nil, 0, 0, err
	}
	if err := m.pg.QueryRow(ctx, "SELECT sum(transactions)::bigint FROM godwit.progress").Scan(&transactions); err != nil {
		return nil, 0, 0, fmt.Errorf("target: read the progress: %w", err)
	}
	return r, transactions, cpu, b.compare(ctx, s, mode)
}

// run runs godwit until the backlog is applied.
func (r *replay) run(ctx context.Context, b *bench, mode string, pg *pgx.Conn) (cpu time.Duration, err error) {
	cmd := process.Command(ctx, b.godwit, "migrate", b.taskFile(mode), "--until", "caught-up", "--no-verify", "--json", "--skip-check")
	var log bytes.Buffer
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		return 0, fmt.Errorf("start godwit: %w", err)
	}
	over := make(chan error, 1)
	go func() { over <- cmd.Wait() }()
	for {
		select {
		case err := <-over:
			if err != nil {
				return 0, fmt.Errorf("godwit: %w\n%s", err, log.String())
			}
			cpu, _ = process.Used(cmd.ProcessState)
			return cpu, r.look(ctx, pg)
		case <-time.After(replayStep):
			if err := r.look(ctx, pg); err != nil {
				return 0, err
			}
		}
	}
}

// look reads which ticks have arrived.
func (r *replay) look(ctx context.Context, pg *pgx.Conn) error {
	var seen int64
	if err := pg.QueryRow(ctx, "SELECT max(id) FROM ticks").Scan(&seen); err != nil {
		return fmt.Errorf("target: read the last tick: %w", err)
	}
	now := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, at := range r.sent {
		if id > seen {
			continue
		}
		if at.Sub(r.first) > opening {
			r.lags = append(r.lags, now.Sub(at))
		}
		delete(r.sent, id)
	}
	return nil
}

// serve takes connections until the listener is closed.
func (r *replay) serve(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go r.join(c)
	}
}

func (r *replay) join(c net.Conn) {
	defer c.Close()
	up, err := net.Dial("tcp", r.to)
	if err != nil {
		return // godwit tells that it got no connection
	}
	defer up.Close()
	go func() {
		_, _ = io.Copy(up, c) // the other direction ends with an error too
		up.Close()
	}()
	r.pace(c, up)
}

// pace copies at the rate. What stood still for longer than a moment is not made up for.
func (r *replay) pace(to io.Writer, from io.Reader) {
	const moment = 20 * time.Millisecond
	var kept []byte
	var copied int64
	buf := make([]byte, 1<<20)
	due := time.Now() // when the next byte is
	for {
		n := len(buf)
		if r.rate > 0 {
			if early := time.Since(due) - moment; early > 0 {
				due = due.Add(early)
			}
			n = max(min(n, int(r.rate*time.Since(due).Seconds())), 1)
		}
		n, err := from.Read(buf[:n])
		copied += int64(n)
		kept = r.note(append(kept, buf[:n]...), copied)
		if _, failed := to.Write(buf[:n]); failed != nil || err != nil {
			return
		}
		if r.rate > 0 {
			due = due.Add(time.Duration(float64(n) / r.rate * float64(time.Second)))
			time.Sleep(time.Until(due) + replayStep)
		}
	}
}

// note takes the time of the ticks in what comes by, and returns what may be the beginning of another.
func (r *replay) note(b []byte, copied int64) []byte {
	const digits = 10
	r.mu.Lock()
	defer r.mu.Unlock()
	for {
		at := bytes.Index(b, []byte(mark))
		if at < 0 || len(b) < at+len(mark)+digits {
			break
		}
		b = b[at+len(mark):]
		if id, err := strconv.ParseInt(string(b[:digits]), 10, 64); err == nil {
			now := time.Now()
			if r.first.IsZero() {
				r.first = now
			}
			r.sent[id], r.last, r.bytes = now, now, copied
		}
	}
	return append([]byte(nil), b[max(0, len(b)-len(mark)-digits):]...)
}

// quantile is one of sorted lags, in milliseconds.
func quantile(lags []time.Duration, q float64) float64 {
	i := min(int(q*float64(len(lags))), len(lags)-1)
	return float64(lags[i].Microseconds()) / 1000
}
