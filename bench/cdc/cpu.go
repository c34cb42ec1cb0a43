package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// tick is the unit of /proc's times: USER_HZ is 100 on every Linux that Go runs on.
const tick = 10 * time.Millisecond

// servers tells the processor time that the two servers have used; it is known only when they run on this machine.
// Wall time depends on what else the machine does, processor time hardly.
type servers struct{ source, target int }

// findServers finds the servers' processes.
func (b *bench) findServers(ctx context.Context, s *source) servers {
	var out servers
	var file, data string
	if err := s.db.QueryRowContext(ctx, "SELECT @@pid_file, @@datadir").Scan(&file, &data); err == nil {
		if !filepath.IsAbs(file) {
			file = filepath.Join(data, file)
		}
		text, _ := os.ReadFile(file) // not readable: another machine
		out.source, _ = strconv.Atoi(strings.TrimSpace(string(text)))
	}
	pg, err := pgx.Connect(ctx, b.target)
	if err != nil {
		return out
	}
	defer pg.Close(ctx)
	if f := stat(int(pg.PgConn().PID())); len(f) > 1 && strings.Contains(f[0], "postgres") {
		out.target, _ = strconv.Atoi(f[2])
	}
	return out
}

// stat is the fields of a process, the first one its name.
func stat(pid int) []string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil || pid == 0 {
		return nil
	}
	name, rest, ok := strings.Cut(string(text), ") ")
	if !ok {
		return nil
	}
	return append([]string{name}, strings.Fields(rest)...)
}

// used is a process's own processor time, and that of its children which have ended.
func used(pid int) time.Duration {
	f := stat(pid)
	if len(f) < 16 {
		return 0
	}
	sum := 0
	for _, x := range f[12:16] {
		n, _ := strconv.Atoi(x)
		sum += n
	}
	return time.Duration(sum) * tick
}

// time is what both servers have used so far.
func (s servers) time() (source, target time.Duration) {
	source, target = used(s.source), used(s.target)
	if s.target == 0 {
		return source, 0
	}
	all, _ := filepath.Glob("/proc/[0-9]*")
	for _, p := range all {
		pid, _ := strconv.Atoi(filepath.Base(p))
		if f := stat(pid); len(f) > 2 && f[2] == strconv.Itoa(s.target) {
			target += used(pid)
		}
	}
	return source, target
}
