package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"godwit/bench/sakila"
)

// tool is something that moves rows.
type tool struct {
	name    string
	keys    bool               // can make keys and indexes, too
	own     bool               // measured with every set
	missing func(*bench) error // why it cannot run; nil if it always can
	command func(ctx context.Context, r *runner, target string, keys bool) (*exec.Cmd, error)
}

var tools = map[string]tool{
	"godwit":   {name: "godwit", keys: true, own: true, command: godwitCommand},
	"psql":     {name: "psql", keys: true, own: true, missing: needs("mariadb", "psql"), command: psqlCommand},
	"floor":    {name: "floor", missing: needs("mariadb", "psql"), command: floorCommand},
	"pgloader": {name: "pgloader", keys: true, missing: needs("pgloader"), command: pgloaderCommand},
	"dlt":      {name: "dlt", missing: needsPython, command: dltCommand},
}

func needs(names ...string) func(*bench) error {
	return func(*bench) error {
		for _, n := range names {
			if _, err := exec.LookPath(n); err != nil {
				return fmt.Errorf("%s is not installed", n)
			}
		}
		return nil
	}
}

func needsPython(b *bench) error {
	if out, err := exec.Command(b.python, "-c", "import dlt, connectorx, psycopg2, pymysql").CombinedOutput(); err != nil {
		return fmt.Errorf("%s has no dlt and connectorx: %w: %s", b.python, err, out)
	}
	return nil
}

// godwitCommand is the whole command: it checks both ends, converts, makes the tables and loads. The converted folder is
// there already, so that it may be the one without keys.
func godwitCommand(ctx context.Context, r *runner, target string, keys bool) (*exec.Cmd, error) {
	dir, err := r.converted(ctx, keys)
	if err != nil {
		return nil, err
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	task := filepath.Join(r.dir, fmt.Sprintf("%s-%v.yaml", r.set.name, keys))
	text := fmt.Sprintf("name: load\nsource:\n  url: %s\ntarget:\n  url: %s\nconvert:\n  folder: %s\n", r.sourceURL(), target, dir)
	if err := os.WriteFile(task, []byte(text), 0o644); err != nil {
		return nil, fmt.Errorf("write the task: %w", err)
	}
	return exec.CommandContext(ctx, r.godwit, "migrate", task, "--until", "loaded"), nil
}

// floorCommand joins the two clients by a pipe, a table after the other. The mariadb client's text is nearly COPY's: NULL
// is a word, which no text column of the sets holds, and escapes are the same.
func floorCommand(ctx context.Context, r *runner, target string, _ bool) (*exec.Cmd, error) {
	if err := r.tablesFirst(ctx, target); err != nil {
		return nil, err
	}
	var script strings.Builder
	script.WriteString("set -e -o pipefail\n")
	client, env, err := r.client()
	if err != nil {
		return nil, err
	}
	for _, t := range r.tables {
		columns, err := r.floorColumns(ctx, t)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&script, "%s -e %s %s |\n  psql -q -X %s -c %s\n", client, shell("SELECT "+columns+" FROM "+t), r.set.database(), shell(target),
			shell(`\copy `+r.set.database()+"."+t+` FROM STDIN WITH (NULL 'NULL')`))
	}
	cmd := exec.CommandContext(ctx, "bash", "-c", script.String())
	cmd.Env = env
	return cmd, nil
}

// client is the mariadb client's call, without the statement, and the environment that it needs.
func (r *runner) client() (command string, env []string, err error) {
	u, err := url.Parse(r.source)
	if err != nil {
		return "", nil, fmt.Errorf("read URL: %w", err)
	}
	if password, ok := u.User.Password(); ok {
		env = append(os.Environ(), "MYSQL_PWD="+password)
	}
	return fmt.Sprintf("mariadb --no-defaults --protocol=tcp -h %s -P %s -u %s --default-character-set=utf8mb4 -q --batch -N",
		u.Hostname(), u.Port(), u.User.Username()), env, nil
}

func (r *runner) floorColumns(ctx context.Context, table string) (string, error) {
	if len(r.set.hard) == 0 {
		return "*", nil
	}
	db, err := sakila.Open(r.source, r.set.database())
	if err != nil {
		return "", err
	}
	defer db.Close()
	rows, err := db.QueryContext(ctx, "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION", r.set.database(), table)
	if err != nil {
		return "", fmt.Errorf("list the columns: %w", err)
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var c string
		if err := rows.Scan(&c); err != nil {
			return "", err
		}
		if e := r.set.hard[c]; e != "" {
			c = e
		}
		list = append(list, c)
	}
	return strings.Join(list, ", "), rows.Err()
}

func shell(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// pgloaderCommand loads into tables that are there, or makes everything itself, as its manual has it.
func pgloaderCommand(ctx context.Context, r *runner, target string, keys bool) (*exec.Cmd, error) {
	options := "data only, workers = 2, concurrency = 1"
	if keys {
		options = "create tables, create indexes, foreign keys, workers = 2, concurrency = 1"
	} else if err := r.tablesFirst(ctx, target); err != nil {
		return nil, err
	}
	text := fmt.Sprintf("LOAD DATABASE FROM %s INTO %s WITH %s CAST type datetime to timestamp drop default drop not null using zero-dates-to-null;\n",
		strings.Replace(r.sourceURL(), "mariadb://", "mysql://", 1), strings.Replace(target, "postgres://", "postgresql://", 1), options)
	path := filepath.Join(r.dir, fmt.Sprintf("%s-%v.load", r.set.name, keys))
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		return nil, fmt.Errorf("write pgloader's script: %w", err)
	}
	return exec.CommandContext(ctx, "pgloader", "--on-error-stop", path), nil
}

//go:embed dlt_load.py
var dltProgram string

// dltCommand reads by connectorx, and loads files of CSV by COPY, the fastest way that dlt has for PostgreSQL.
func dltCommand(ctx context.Context, r *runner, target string, _ bool) (*exec.Cmd, error) {
	if len(r.tables) == 0 {
		return nil, errors.New("no tables")
	}
	dir, err := filepath.Abs(filepath.Join(r.dir, "dlt"))
	if err != nil {
		return nil, err
	}
	if err := os.RemoveAll(dir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "load.py")
	if err := os.WriteFile(path, []byte(dltProgram), 0o644); err != nil {
		return nil, fmt.Errorf("write dlt's program: %w", err)
	}
	python, err := filepath.Abs(r.python) // the program runs in a folder of its own
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, python, append([]string{path, r.sourceURL(), target, r.set.database()}, r.tables...)...)
	cmd.Env = append(os.Environ(), "DLT_DATA_DIR="+dir, "RUNTIME__DLTHUB_TELEMETRY=false", "RUNTIME__LOG_LEVEL=ERROR")
	cmd.Dir = dir
	return cmd, nil
}
