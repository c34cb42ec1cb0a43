package engine

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"godwit/bench/process"
)

// stopSignal is a signal and how long its effect is waited for.
type stopSignal struct {
	signal syscall.Signal
	wait   time.Duration
}

// processesIn lists the processes whose working folder is dir. A server works
// in its own data folder, so this identifies it beyond doubt: a process number
// that was given to another program since never matches.
func processesIn(dir string) []int {
	var pids []int
	for pid := range process.IDs() {
		cwd, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid))
		if err == nil && strings.TrimSuffix(cwd, " (deleted)") == dir {
			pids = append(pids, pid)
		}
	}
	return pids
}

// stopIn ends the server that works in data: its main process gets the signals
// in turn until no process is left, and whatever is left is killed. It returns
// the processes that survived even that.
func stopIn(data string, main int, signals []stopSignal) []int {
	for _, s := range signals {
		pids := processesIn(data)
		if len(pids) == 0 {
			return nil
		}
		if s.signal != syscall.SIGKILL && slices.Contains(pids, main) {
			pids = []int{main}
		}
		for _, pid := range pids {
			// A process that ended in between is what we want.
			_ = syscall.Kill(pid, s.signal)
		}
		if waitGone(data, s.wait) {
			return nil
		}
	}
	return processesIn(data)
}

func waitGone(data string, limit time.Duration) bool {
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if len(processesIn(data)) == 0 {
			return true
		}
	}
	return false
}

// parents maps each process that has not ended to its parent.
func parents() map[int]int {
	out := map[int]int{}
	for pid, s := range process.All() {
		if s.State != "Z" {
			out[pid] = s.Parent
		}
	}
	return out
}

// KillDescendants kills every process below this one except the given ones and
// what is below them. Together with AdoptOrphans nothing that a command left
// in the background survives it.
func KillDescendants(except []int) {
	for range 20 {
		up := parents()
		var doomed []int
		for pid := range up {
			if below(pid, os.Getpid(), up) && !slices.ContainsFunc(except, func(e int) bool { return pid == e || below(pid, e, up) }) {
				doomed = append(doomed, pid)
			}
		}
		if len(doomed) == 0 {
			return
		}
		for _, pid := range doomed {
			_ = syscall.Kill(pid, syscall.SIGKILL) // it may have ended by itself
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// below tells whether pid is a descendant of ancestor.
func below(pid, ancestor int, up map[int]int) bool {
	for range 1000 {
		pid = up[pid]
		if pid == ancestor {
			return true
		}
		if pid <= 1 {
			return false
		}
	}
	return false
}

// Options of prctl(2).
const (
	prSetPdeathsig      = 1
	prSetChildSubreaper = 36
)

// EndWithParent sends this process s when its parent ends. The calling
// goroutine must stay locked to its thread.
func EndWithParent(s syscall.Signal) error {
	parent := os.Getppid()
	if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, prSetPdeathsig, uintptr(s), 0); errno != 0 {
		return fmt.Errorf("ask for the parent's death signal: %w", errno)
	}
	if os.Getppid() != parent {
		return errors.New("the calling process has ended")
	}
	return nil
}

// AdoptOrphans makes this process the parent of descendants whose own parent
// ends, so that KillDescendants finds them.
func AdoptOrphans() {
	// Failure (an old kernel) only means that orphans are not found.
	_, _, _ = syscall.RawSyscall(syscall.SYS_PRCTL, prSetChildSubreaper, 1, 0)
}

// ReapOrphans collects adopted processes that have ended, until stop is closed: as long as nobody does, their numbers look
// alive, and a server that was killed cannot be started again in its folder. Processes of our own are left to who waits
// for them.
func ReapOrphans(stop <-chan struct{}, own []int) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
		}
		for _, pid := range ended() {
			if !slices.Contains(own, pid) {
				_, _ = syscall.Wait4(pid, nil, syscall.WNOHANG, nil) // somebody else may have been faster
			}
		}
	}
}

// ended lists the children of this process that have ended and were not waited for.
func ended() (out []int) {
	for pid, s := range process.All() {
		if s.State == "Z" && s.Parent == os.Getpid() {
			out = append(out, pid)
		}
	}
	return out
}

// spawner runs functions on one operating system thread that lives as long as
// the spawner. The kernel ties a child's parent-death signal to the thread
// that forked it, so a child forked elsewhere could die with a Go thread.
type spawner struct{ work chan func() }

func newSpawner() *spawner {
	s := &spawner{work: make(chan func())}
	go func() {
		runtime.LockOSThread()
		for f := range s.work {
			f()
		}
	}()
	return s
}

func (s *spawner) do(f func() error) error {
	done := make(chan error, 1)
	s.work <- func() { done <- f() }
	return <-done
}

// close ends the thread; children with a parent-death signal get it.
func (s *spawner) close() { close(s.work) }
