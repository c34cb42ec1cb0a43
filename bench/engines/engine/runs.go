package engine

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// Run is a private folder for one run's servers. Its owner holds a lock that
// the kernel releases when the owner ends, so that a later run can tell
// folders in use from those that a crash left.
type Run struct {
	Dir  string
	lock *os.File
}

// NewRun makes a run folder in the cache, after clearing those of dead runs.
func (h *Host) NewRun() (*Run, error) {
	parent := filepath.Join(h.Cache, "runs")
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return nil, fmt.Errorf("make run folder: %w", err)
	}
	h.clearDead(parent)
	dir, err := os.MkdirTemp(parent, "run-")
	if err != nil {
		return nil, fmt.Errorf("make run folder: %w", err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		return nil, fmt.Errorf("open run folder: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(parent, filepath.Base(dir)+".lock"), os.O_CREATE|os.O_RDWR|syscall.O_CLOEXEC, 0o644)
	if err != nil {
		return nil, fmt.Errorf("lock run folder: %w", err)
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, fmt.Errorf("lock run folder: %w", err)
	}
	return &Run{Dir: dir, lock: lock}, nil
}

// clearDead stops and removes what runs that died left behind.
func (h *Host) clearDead(parent string) {
	locks, err := filepath.Glob(filepath.Join(parent, "run-*.lock"))
	if err != nil {
		return
	}
	for _, path := range locks {
		f, err := os.OpenFile(path, os.O_RDWR|syscall.O_CLOEXEC, 0)
		if err != nil {
			continue
		}
		if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			dir := path[:len(path)-len(".lock")]
			h.Logf("clearing %s, left by a run that died", dir)
			if err := errors.Join(Down(dir), os.RemoveAll(dir), os.Remove(path)); err != nil {
				h.Logf("clear %s: %v", dir, err)
			}
		}
		f.Close()
	}
}

// Close removes the folder and releases the lock.
func (r *Run) Close() error {
	return errors.Join(os.RemoveAll(r.Dir), os.Remove(r.lock.Name()), r.lock.Close())
}
