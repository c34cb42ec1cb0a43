// Package servers tells the processor time that the servers of a benchmark have used; it is known only when they run on this
// machine. Wall time depends on what else the machine does, processor time hardly.
package servers

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"godwit/bench/process"
)

// Servers are the processes of both ends; 0 for one that is not on this machine.
type Servers struct{ source, target int }

// Find finds the processes of a MariaDB or MySQL server and of a PostgreSQL server, given by its URL.
func Find(ctx context.Context, source *sql.DB, target string) Servers {
	var out Servers
	var file, data string
	if err := source.QueryRowContext(ctx, "SELECT @@pid_file, @@datadir").Scan(&file, &data); err == nil {
		if !filepath.IsAbs(file) {
			file = filepath.Join(data, file)
		}
		text, _ := os.ReadFile(file) // not readable: another machine
		out.source, _ = strconv.Atoi(strings.TrimSpace(string(text)))
	}
	pg, err := pgx.Connect(ctx, target)
	if err != nil {
		return out
	}
	defer pg.Close(context.WithoutCancel(ctx))
	if p, ok := process.Read(int(pg.PgConn().PID())); ok && strings.Contains(p.Name, "postgres") {
		out.target = p.Parent
	}
	return out
}

// Time is what both servers have used so far, connections that have ended included.
func (s Servers) Time() (source, target time.Duration) {
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

// used is a process's own processor time, and that of its children which have ended.
func used(pid int) time.Duration {
	s, _ := process.Read(pid)
	return s.CPU
}
