// Package process starts the commands that benchmarks measure, and tells what processes use. It knows Linux only.
package process

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"
)

// Main runs a benchmark and ends this process with it: with code 1 behind an error, which is printed under the benchmark's
// name. The context ends when the process is asked to end.
func Main(name string, run func(context.Context) error) {
	ctx, stop := Interruptible()
	err := run(ctx)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
}

// Interruptible is a context that ends when this process is asked to end.
func Interruptible() (context.Context, context.CancelFunc) {
	return signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
}

// Command prepares a command that does not outlive this process. A stop asks first, so that godwit ends at a checkpoint.
func Command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 10 * time.Second
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	return cmd
}

// Used is what a command that has ended took: processor time of it and of its children, and the resident memory of the
// largest of them in bytes.
func Used(s *os.ProcessState) (cpu time.Duration, peak int64) {
	if s == nil {
		return 0, 0
	}
	if u, ok := s.SysUsage().(*syscall.Rusage); ok {
		peak = u.Maxrss << 10
	}
	return s.UserTime() + s.SystemTime(), peak
}
