package engine

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// postgresServer runs PostgreSQL 15 or later.
type postgresServer struct{}

// installPostgres15FromApt uses Debian's packages, which bring plpgsql_check.
func installPostgres15FromApt(ctx context.Context, h *Host) (Install, error) {
	bin := "/usr/lib/postgresql/15/bin"
	err := h.needPackages(ctx, []string{
		filepath.Join(bin, "postgres"), filepath.Join(bin, "initdb"), "/usr/share/postgresql/15/extension/plpgsql_check.control",
	}, "postgresql-15", "postgresql-15-plpgsql-check")
	return Install{Bin: bin}, err
}

// initialise makes a UTF-8 cluster whose collation comes from ICU, so that it
// needs no locale of the operating system. C.UTF-8 is built into glibc 2.35
// and later; older ones fall back to C for character classes.
func (postgresServer) initialise(ctx context.Context, h *Host, in Install, data string) error {
	var err error
	for _, locale := range []string{"C.UTF-8", "C"} {
		if err = h.privateDir(data); err != nil {
			return err
		}
		err = h.asServer(ctx, data, filepath.Join(in.Bin, "initdb"), "--pgdata="+data, "--username=godwit", "--auth=trust",
			"--encoding=UTF8", "--locale-provider=icu", "--icu-locale=und", "--locale="+locale, "--no-sync", "--no-instructions")
		if err == nil || ctx.Err() != nil {
			break
		}
	}
	if err != nil {
		return err
	}
	return trustLoopback(data)
}

// trustLoopback restricts the cluster to its superuser's and test accounts'
// connections from this machine, replication included.
func trustLoopback(data string) error {
	rules := "host all all 127.0.0.1/32 trust\nhost replication all 127.0.0.1/32 trust\n"
	if err := os.WriteFile(filepath.Join(data, "pg_hba.conf"), []byte(rules), 0o600); err != nil {
		return fmt.Errorf("write pg_hba.conf: %w", err)
	}
	return nil
}

func (postgresServer) command(in Install, data string, port int, durable bool) []string {
	settings := []string{
		"listen_addresses=127.0.0.1", "port=" + strconv.Itoa(port), "unix_socket_directories=",
		"wal_level=logical", "max_wal_senders=20", "max_replication_slots=20", "max_connections=200",
		"timezone=UTC", "log_timezone=UTC", "log_line_prefix=%m [%p] %d ", "shared_buffers=128MB", "max_wal_size=2GB",
	}
	if !durable {
		settings = append(settings, "fsync=off", "full_page_writes=off")
	}
	argv := []string{filepath.Join(in.Bin, "postgres"), "-D", data}
	for _, s := range settings {
		argv = append(argv, "-c", s)
	}
	return argv
}

func (postgresServer) url(port int) string {
	return fmt.Sprintf("postgres://godwit@127.0.0.1:%d/postgres", port)
}

func (s postgresServer) ready(ctx context.Context, port int, data string) error {
	conn, err := pgx.Connect(ctx, s.url(port))
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var dir string
	if err := conn.QueryRow(ctx, "SHOW data_directory").Scan(&dir); err != nil {
		return err
	}
	return sameFolder(dir, data)
}

// stopSignals: fast shutdown, immediate shutdown, kill.
func (postgresServer) stopSignals() []stopSignal {
	return []stopSignal{{syscall.SIGINT, 10 * time.Second}, {syscall.SIGQUIT, 5 * time.Second}, {syscall.SIGKILL, 5 * time.Second}}
}
