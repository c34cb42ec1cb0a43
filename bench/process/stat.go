package process

import (
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Stat is what the kernel tells of a process; see proc_pid_stat(5).
type Stat struct {
	Name   string
	State  string // one letter; Z is one that has ended and was not waited for
	Parent int
	CPU    time.Duration // its own processor time, and that of its children which have ended
}

// tick is the unit of times: USER_HZ is 100 on every Linux that Go runs on.
const tick = 10 * time.Millisecond

// Read looks at a process; ok is false when there is none.
func Read(pid int) (s Stat, ok bool) {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return s, false
	}
	return parse(string(text))
}

// parse reads "PID (NAME) STATE PARENT ...". The name may hold anything.
func parse(text string) (s Stat, ok bool) {
	from, to := strings.IndexByte(text, '('), strings.LastIndexByte(text, ')')
	if from < 0 || to < from {
		return s, false
	}
	f := strings.Fields(text[to+1:])
	if len(f) < 15 {
		return s, false
	}
	s.Name, s.State = text[from+1:to], f[0]
	var err error
	if s.Parent, err = strconv.Atoi(f[1]); err != nil {
		return s, false
	}
	for _, x := range f[11:15] {
		n, err := strconv.Atoi(x)
		if err != nil {
			return s, false
		}
		s.CPU += time.Duration(n) * tick
	}
	return s, true
}

// IDs are the numbers of all processes.
func IDs() iter.Seq[int] {
	return func(yield func(int) bool) {
		entries, err := os.ReadDir("/proc")
		if err != nil {
			return
		}
		for _, e := range entries {
			if pid, err := strconv.Atoi(e.Name()); err == nil && !yield(pid) {
				return
			}
		}
	}
}

// All looks at all processes.
func All() iter.Seq2[int, Stat] {
	return func(yield func(int, Stat) bool) {
		for pid := range IDs() {
			if s, ok := Read(pid); ok && !yield(pid, s) {
				return
			}
		}
	}
}
