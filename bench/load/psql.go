package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// filesTogether is how many definitions are one transaction; more cost the server more.
const filesTogether = 32

// psqlCommand is what the target alone needs: psql makes the tables of the converted folder, copies the rows from files that
// hold them as COPY reads them, and makes the keys and indexes, on one connection. Converting and reading the source are done
// before. A mover that makes a table of its own for each of the source's cannot be far below it, but for what it does side by side.
func psqlCommand(ctx context.Context, r *runner, target string, keys bool) (*exec.Cmd, error) {
	dir, err := r.converted(ctx, keys)
	if err != nil {
		return nil, err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, err
	}
	rows := filepath.Join(dir, "rows")
	if err := r.texts(ctx, rows); err != nil {
		return nil, err
	}
	order, err := os.ReadFile(filepath.Join(dir, "order.txt"))
	if err != nil {
		return nil, fmt.Errorf("read the load order: %w", err)
	}
	var before, after []string
	for _, path := range strings.Fields(string(order)) {
		if kind := strings.Split(path, "/")[1]; kind == "index" || kind == "constraint" {
			after = append(after, path)
		} else {
			before = append(before, path)
		}
	}
	var script strings.Builder
	script.WriteString("\\set ON_ERROR_STOP 1\n")
	together(&script, len(before), func(i int) { fmt.Fprintf(&script, "\\i %s\n", filepath.Join(dir, before[i])) })
	together(&script, len(r.tables), func(i int) {
		fmt.Fprintf(&script, "\\copy %s.%s FROM '%s' WITH (NULL 'NULL')\n", r.set.database(), r.tables[i], filepath.Join(rows, r.tables[i]))
	})
	together(&script, len(after), func(i int) { fmt.Fprintf(&script, "\\i %s\n", filepath.Join(dir, after[i])) })
	path := filepath.Join(dir, "psql.sql")
	if err := os.WriteFile(path, []byte(script.String()), 0o644); err != nil {
		return nil, fmt.Errorf("write psql's script: %w", err)
	}
	return exec.CommandContext(ctx, "psql", "-q", "-X", target, "-f", path), nil
}

// together puts some steps into each transaction.
func together(script *strings.Builder, n int, step func(int)) {
	for i := range n {
		if i%filesTogether == 0 {
			script.WriteString("BEGIN;\n")
		}
		step(i)
		if i%filesTogether == filesTogether-1 || i == n-1 {
			script.WriteString("COMMIT;\n")
		}
	}
}

// texts writes the rows of every table into a file of its own, by the mariadb client's text, which is nearly COPY's.
func (r *runner) texts(ctx context.Context, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the folder of rows: %w", err)
	}
	client, env, err := r.client()
	if err != nil {
		return err
	}
	var script strings.Builder
	script.WriteString("set -e\n")
	for _, t := range r.tables {
		columns, err := r.floorColumns(ctx, t)
		if err != nil {
			return err
		}
		fmt.Fprintf(&script, "%s -e %s %s > %s\n", client, shell("SELECT "+columns+" FROM "+t), r.set.database(), shell(filepath.Join(dir, t)))
	}
	cmd := exec.CommandContext(ctx, "bash")
	cmd.Stdin, cmd.Env = strings.NewReader(script.String()), env
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("write the rows: %w: %s", err, out)
	}
	return nil
}
