package main

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"godwit/bench/process"
)

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
	if p, ok := process.Read(int(pg.PgConn().PID())); ok && strings.Contains(p.Name, "postgres") {
		out.target = p.Parent
	}
	return out
}

// used is a process's own processor time, and that of its children which have ended.
func used(pid int) time.Duration {
	s, _ := process.Read(pid)
	return s.CPU
}

// time is what both servers have used so far.
func (s servers) time() (source, target time.Duration) {
	source, target = used(s.source), used(s.target)
	if s.target == 0 {
		return source, 0
	}
	for _, p := range process.All() {
		if p.Parent == s.target {
			target += p.CPU
		}
	}
	return source, target
}
