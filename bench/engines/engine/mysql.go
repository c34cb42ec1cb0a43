package engine

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	_ "github.com/go-sql-driver/mysql" // the driver of the readiness check
)

// flavour is a product and version of the MySQL family.
type flavour int

const (
	mariaDB flavour = iota
	mySQL80
	mySQL57
)

// mysqlServer runs a server of the MySQL family.
type mysqlServer struct{ flavour flavour }

// installMariaDBFromApt uses the distribution's MariaDB.
func installMariaDBFromApt(ctx context.Context, h *Host) (Install, error) {
	err := h.needPackages(ctx, []string{"/usr/sbin/mariadbd", "/usr/bin/mariadb-install-db", "/usr/bin/mariadb"},
		"mariadb-server", "mariadb-client")
	return Install{Bin: "/usr/sbin"}, err
}

// accounts lets root in from the loopback address; statements of an init file
// are one to a line.
const (
	accountsMySQL = `SET sql_log_bin=0;
CREATE USER IF NOT EXISTS 'root'@'127.0.0.1' IDENTIFIED WITH mysql_native_password BY '';
GRANT ALL PRIVILEGES ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
`
	accountsMariaDB = `SET sql_log_bin=0;
CREATE USER IF NOT EXISTS 'root'@'127.0.0.1' IDENTIFIED BY '';
GRANT ALL PRIVILEGES ON *.* TO 'root'@'127.0.0.1' WITH GRANT OPTION;
`
)

func (s mysqlServer) initialise(ctx context.Context, h *Host, in Install, data string) error {
	for _, dir := range []string{data, temporary(data)} {
		if err := h.privateDir(dir); err != nil {
			return err
		}
	}
	if err := h.asServer(ctx, data, s.initCommand(in, data)...); err != nil {
		return err
	}
	accounts := accountsMySQL
	if s.flavour == mariaDB {
		accounts = accountsMariaDB
	}
	file := filepath.Join(data, "accounts.sql")
	if err := os.WriteFile(file, []byte(accounts), 0o644); err != nil {
		return fmt.Errorf("write accounts: %w", err)
	}
	return h.own(file)
}

// temporary is the folder of a server's temporary tables. It is the server's own: a server that starts deletes what it finds
// there, also what belongs to another one that is at work.
func temporary(data string) string { return filepath.Join(filepath.Dir(data), "tmp") }

func (s mysqlServer) initCommand(in Install, data string) []string {
	if s.flavour != mariaDB {
		return []string{s.binary(in), "--no-defaults", "--initialize-insecure", "--basedir=" + in.Base, "--datadir=" + data, "--tmpdir=" + temporary(data),
			"--lc-messages-dir=" + filepath.Join(in.Base, "share"), "--character-set-server=utf8mb4"}
	}
	script, base := "/usr/bin/mariadb-install-db", "/usr"
	if in.Base != "" {
		script = firstOf(filepath.Join(in.Base, "scripts", "mariadb-install-db"), filepath.Join(in.Base, "bin", "mariadb-install-db"))
		base = in.Base
	}
	// --force: the machine's own name need not resolve, we listen on 127.0.0.1.
	return []string{"sh", script, "--no-defaults", "--force", "--basedir=" + base, "--datadir=" + data, "--tmpdir=" + temporary(data),
		"--auth-root-authentication-method=normal", "--skip-test-db"}
}

func (s mysqlServer) binary(in Install) string {
	if s.flavour == mariaDB {
		return filepath.Join(in.Bin, "mariadbd")
	}
	return filepath.Join(in.Bin, "mysqld")
}

func (s mysqlServer) command(in Install, data string, port int, durable bool) []string {
	argv := []string{s.binary(in), "--no-defaults", "--datadir=" + data, "--tmpdir=" + temporary(data), "--init-file=" + filepath.Join(data, "accounts.sql"),
		// A relative socket path is relative to the data folder and so never too long.
		"--bind-address=127.0.0.1", "--port=" + strconv.Itoa(port), "--socket=s.sock", "--pid-file=server.pid",
		"--skip-name-resolve", "--server-id=" + strconv.Itoa(port), "--log-bin=binlog", "--binlog-format=ROW", "--binlog-row-image=FULL",
		"--log-slave-updates=ON", "--character-set-server=utf8mb4", "--default-time-zone=+00:00", "--local-infile=ON",
		"--max-connections=300", "--max-allowed-packet=64M", "--innodb-buffer-pool-size=128M", "--log-bin-trust-function-creators=ON"}
	if in.Base != "" {
		argv = append(argv, "--basedir="+in.Base, "--lc-messages-dir="+filepath.Join(in.Base, "share"))
	}
	switch s.flavour {
	case mariaDB:
		argv = append(argv, "--binlog-row-metadata=FULL", "--gtid-domain-id=1")
		if in.Base != "" {
			argv = append(argv, "--skip-ssl")
		}
	case mySQL80:
		argv = append(argv, "--binlog-row-metadata=FULL", "--gtid-mode=ON", "--enforce-gtid-consistency=ON", "--mysqlx=OFF")
	case mySQL57:
		argv = append(argv, "--gtid-mode=ON", "--enforce-gtid-consistency=ON")
	}
	if !durable {
		argv = append(argv, "--innodb-flush-log-at-trx-commit=0", "--sync-binlog=0")
	}
	return argv
}

func (s mysqlServer) url(port int) string {
	return fmt.Sprintf("mysql://root@127.0.0.1:%d/", port)
}

func (s mysqlServer) ready(ctx context.Context, port int, data string) error {
	db, err := sql.Open("mysql", fmt.Sprintf("root@tcp(127.0.0.1:%d)/", port))
	if err != nil {
		return err
	}
	defer db.Close()
	var dir string
	if err := db.QueryRowContext(ctx, "SELECT @@datadir").Scan(&dir); err != nil {
		return err
	}
	return sameFolder(dir, data)
}

// stopSignals: orderly shutdown, kill.
func (s mysqlServer) stopSignals() []stopSignal {
	return []stopSignal{{syscall.SIGTERM, 15 * time.Second}, {syscall.SIGKILL, 5 * time.Second}}
}
