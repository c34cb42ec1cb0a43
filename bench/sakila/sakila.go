// Package sakila loads the Sakila sample database into a server of the MySQL
// family and changes it the way a shop would while it is being moved.
package sakila

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/go-sql-driver/mysql"
)

// Name is the database that the scripts create, replacing one of that name.
const Name = "sakila"

// Load runs the schema and the data scripts of dir, normally testdata/sakila,
// with the server's own client: it knows DELIMITER and version comments. The
// rows fit MariaDB; MySQL 5.7 and later read a spatial column in the data
// script's version comments that the schema script does not have.
func Load(ctx context.Context, address, dir string) error {
	schema, err := os.Open(filepath.Join(dir, "mysql-sakila-schema.sql"))
	if err != nil {
		return fmt.Errorf("load Sakila: %w", err)
	}
	defer schema.Close()
	packed, err := os.Open(filepath.Join(dir, "mysql-sakila-data.sql.gz"))
	if err != nil {
		return fmt.Errorf("load Sakila: %w", err)
	}
	defer packed.Close()
	data, err := gzip.NewReader(packed)
	if err != nil {
		return fmt.Errorf("load Sakila: %w", err)
	}
	if err := RunScript(ctx, address, io.MultiReader(schema, data)); err != nil {
		return fmt.Errorf("load Sakila: %w", err)
	}
	return nil
}

// RunScript feeds a script to the mariadb (or mysql) client and stops at the
// first error.
func RunScript(ctx context.Context, address string, script io.Reader) error {
	u, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("read URL: %w", err)
	}
	client, err := exec.LookPath("mariadb")
	if err != nil {
		if client, err = exec.LookPath("mysql"); err != nil {
			return errors.New("there is no mariadb client: install mariadb-client")
		}
	}
	host, port, err := net.SplitHostPort(u.Host)
	if err != nil {
		return fmt.Errorf("read URL: %w", err)
	}
	cmd := exec.CommandContext(ctx, client, "--no-defaults", "--protocol=tcp", "--host="+host, "--port="+port,
		"--user="+u.User.Username(), "--default-character-set=utf8mb4", "--database="+strings.TrimPrefix(u.Path, "/"))
	if password, ok := u.User.Password(); ok {
		cmd.Env = append(os.Environ(), "MYSQL_PWD="+password)
	}
	var stderr bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = script, io.Discard, &stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w: %s", filepath.Base(client), err, lastLine(stderr.String()))
	}
	return nil
}

// lastLine is where the client names the error; the statement stands before it.
func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	line := lines[len(lines)-1]
	if len(line) > 500 {
		line = line[:500] + "..."
	}
	return line
}

// Open opens a database on the server at a mysql:// URL; the session
// time zone is UTC.
func Open(address, database string) (*sql.DB, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("read URL: %w", err)
	}
	cfg := mysql.NewConfig()
	cfg.Net, cfg.Addr, cfg.DBName = "tcp", u.Host, database
	cfg.User = u.User.Username()
	cfg.Passwd, _ = u.User.Password()
	cfg.Params = map[string]string{"time_zone": "'+00:00'"}
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", u.Redacted(), err)
	}
	return sql.OpenDB(connector), nil
}
