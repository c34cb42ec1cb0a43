package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"time"

	"godwit/bench/process"
)

// follower is "godwit migrate" running in the background.
type follower struct {
	d     *demo
	args  []string
	cmd   *exec.Cmd
	ready chan struct{} // closed when it follows the source
	done  chan struct{} // closed when it has ended
	err   error         // of its end

	mu     sync.Mutex
	output []string
	tables int // loaded and not yet told
	rows   int64
}

// follow starts godwit migrate.
func (d *demo) follow(ctx context.Context) (*follower, error) {
	f := &follower{d: d, args: []string{"migrate", d.taskFile()}, ready: make(chan struct{}), done: make(chan struct{})}
	d.screen.command("godwit " + strings.Join(f.args, " ") + " &")
	f.cmd = process.Command(ctx, d.godwit, f.args...)
	r, w := io.Pipe()
	f.cmd.Stdout, f.cmd.Stderr = w, w
	if err := f.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start godwit migrate: %w", err)
	}
	read := make(chan struct{})
	go func() {
		defer close(read)
		for s := bufio.NewScanner(r); s.Scan(); {
			f.line(s.Text())
		}
	}()
	go func() {
		f.err = f.cmd.Wait()
		w.Close()
		<-read
		close(f.done)
	}()
	return f, nil
}

// line takes a line of output: all go to the log, some to the screen.
func (f *follower) line(l string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	fmt.Fprintln(f.d.log, l)
	f.output = append(f.output, l)
	if n, ok := loadedRows(l); ok {
		f.tables++
		f.rows += n
		return
	}
	if f.tables > 0 {
		f.d.screen.say("loaded %d tables: %s rows", f.tables, thousands(f.rows))
		f.tables = 0
	}
	switch {
	case strings.HasPrefix(l, "applied "), strings.Contains(l, " tables verified: "):
		f.d.screen.say("%s", l)
	case strings.Contains(l, "the target is a consistent copy"):
		f.d.screen.say("the target is a consistent copy; following the changes")
	case strings.HasPrefix(l, "following the source"):
		close(f.ready)
	}
}

// loadedRows reads "loaded TABLE: N rows".
func loadedRows(l string) (int64, bool) {
	rest, ok := strings.CutPrefix(l, "loaded ")
	if !ok {
		return 0, false
	}
	_, rest, ok = strings.Cut(rest, ": ")
	number, _, _ := strings.Cut(rest, " ")
	n, err := strconv.ParseInt(number, 10, 64)
	return n, ok && err == nil
}

// wait waits until it follows the source.
func (f *follower) wait(ctx context.Context) error {
	select {
	case <-f.ready:
		return nil
	case <-f.done:
		return f.failure()
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(2 * time.Minute):
		return fmt.Errorf("godwit migrate does not follow after two minutes; see %s", f.d.log.Name())
	}
}

// failure is what its unexpected end means.
func (f *follower) failure() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	err := f.err
	if err == nil {
		err = errors.New("it ended before it was told to")
	}
	return failed(f.args, err, strings.Join(f.output, "\n"))
}

// alive fails when it has ended.
func (f *follower) alive() error {
	select {
	case <-f.done:
		return f.failure()
	default:
		return nil
	}
}

// handOver waits for the end after a cutover has taken the change stream over; nothing else is a good end.
func (f *follower) handOver(ctx context.Context) error {
	select {
	case <-f.done:
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(20 * time.Second):
		return errors.New("godwit migrate still runs after the cutover")
	}
	if f.err != nil {
		return f.failure()
	}
	return nil
}
