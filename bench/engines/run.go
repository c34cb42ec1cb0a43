package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"godwit/bench/engines/engine"
)

// grace is how long the command may take to end after a signal.
const grace = 10 * time.Second

// runCommand starts servers for one command. They end with it, with this
// process, and with any signal; so does everything that the command left.
func runCommand(o options, argv []string, signals chan os.Signal, logf func(string, ...any)) (int, error) {
	specs, err := o.specs()
	if err != nil {
		return 2, err
	}
	h, err := host(logf)
	if err != nil {
		return 1, err
	}
	engine.AdoptOrphans()
	// The parent-death signal belongs to one thread on either side of it: keep
	// ours for as long as the command runs.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if o.tied {
		if err := engine.EndWithParent(syscall.SIGTERM); err != nil {
			return 1, err
		}
	}
	dir, closeRun, err := runFolder(h, o.dir)
	if err != nil {
		return 1, err
	}
	ctx, cancel := cancelOn(signals)
	fleet, err := engine.Up(ctx, h, specs, engine.Options{Dir: dir, Durable: o.durable, Tied: true})
	cancel()
	if err != nil {
		return failure(errors.Join(err, closeRun()))
	}
	reportSkipped(fleet, logf)
	code, err := supervise(argv, fleet, signals, logf)
	engine.KillDescendants(fleet.PIDs())
	err = errors.Join(err, fleet.Down(), closeRun())
	if err != nil && code == 0 {
		code = 1
	}
	return code, err
}

// runFolder is the named folder, or one of this run's own.
func runFolder(h *engine.Host, named string) (string, func() error, error) {
	if named != "" {
		return named, func() error { return nil }, nil
	}
	r, err := h.NewRun()
	if err != nil {
		return "", nil, err
	}
	return r.Dir, r.Close, nil
}

// supervise runs the command in this process's own group, so that it keeps the
// terminal, and passes signals on to it.
func supervise(argv []string, fleet *engine.Fleet, signals chan os.Signal, logf func(string, ...any)) (int, error) {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(without(os.Environ(), fleet.Names()), fleet.Environ()...)
	if self, err := os.Executable(); err == nil { // for tests that need servers of their own
		cmd.Env = append(cmd.Env, "GODWIT_TEST_ENGINES="+self)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := cmd.Start(); err != nil {
		return 1, fmt.Errorf("run %s: %w", argv[0], err)
	}
	stop := make(chan struct{})
	defer close(stop)
	go engine.ReapOrphans(stop, append(fleet.PIDs(), cmd.Process.Pid))
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	var kill <-chan time.Time
	var got os.Signal
	for {
		select {
		case err := <-done:
			return exitCode(err, got)
		case got = <-signals:
			logf("signal %q: stopping the command and the servers", got)
			_ = cmd.Process.Signal(got) // it may have ended by itself
			if kill == nil {
				kill = time.After(grace)
			}
		case <-kill:
			engine.KillDescendants(fleet.PIDs())
		}
	}
}

// without drops the named variables: the URL of a server that was skipped must
// not come from an outer run.
func without(env, names []string) []string {
	return slices.DeleteFunc(env, func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.Contains(names, name)
	})
}

// exitCode follows the shell: 128 and the signal's number after a signal.
func exitCode(err error, got os.Signal) (int, error) {
	if s, ok := got.(syscall.Signal); ok {
		return 128 + int(s), nil
	}
	if err == nil {
		return 0, nil
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return 1, err
	}
	if ws, ok := exit.Sys().(syscall.WaitStatus); ok && ws.Signaled() {
		return 128 + int(ws.Signal()), nil
	}
	return exit.ExitCode(), nil
}
