package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"godwit/bench/process"
	"godwit/bench/sakila"
	"godwit/bench/servers"
	"godwit/bench/target"
)

// runner moves one set.
type runner struct {
	*bench
	set    set
	rows   map[string]int64 // of each table
	tables []string
	at     servers.Servers
}

func (r *runner) total() (n int64) {
	for _, c := range r.rows {
		n += c
	}
	return n
}

// prepare makes the source database, unless it is kept from an earlier run.
func (r *runner) prepare(ctx context.Context) error {
	db, err := sakila.Open(r.source, "")
	if err != nil {
		return err
	}
	defer db.Close()
	var there int
	err = db.QueryRowContext(ctx, "SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?", r.set.database()).Scan(&there)
	if err != nil {
		return fmt.Errorf("look at the source: %w", err)
	}
	if there == 0 || !r.keep {
		fmt.Fprintf(os.Stderr, "making the rows of %s\n", r.set.name)
		for _, stmt := range []string{"DROP DATABASE IF EXISTS " + r.set.database(), "CREATE DATABASE " + r.set.database()} {
			if _, err := db.ExecContext(ctx, stmt); err != nil {
				return fmt.Errorf("make the source database: %w", err)
			}
		}
		if err := r.set.fill(ctx, r.bench, r.set.database()); err != nil {
			return fmt.Errorf("make the rows: %w", err)
		}
	}
	r.at = servers.Find(ctx, db, r.target)
	return r.count(ctx, db)
}

// count counts the source's rows.
func (r *runner) count(ctx context.Context, db *sql.DB) error {
	names, err := db.QueryContext(ctx, "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? ORDER BY 1", r.set.database())
	if err != nil {
		return fmt.Errorf("list the tables: %w", err)
	}
	defer names.Close()
	r.rows = map[string]int64{}
	for names.Next() {
		var t string
		if err := names.Scan(&t); err != nil {
			return err
		}
		r.tables = append(r.tables, t)
	}
	for _, t := range r.tables {
		var n int64
		if err := db.QueryRowContext(ctx, "SELECT COUNT(*) FROM "+r.set.database()+"."+t).Scan(&n); err != nil {
			return fmt.Errorf("count %s: %w", t, err)
		}
		r.rows[t] = n
	}
	return names.Err()
}

// drop removes the source database.
func (r *runner) drop(ctx context.Context) {
	db, err := sakila.Open(r.source, "")
	if err != nil {
		return
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, "DROP DATABASE IF EXISTS "+r.set.database()); err != nil {
		fmt.Fprintln(os.Stderr, "load: drop the source database:", err)
	}
}

// best runs a tool some times, each into a database of its own, and returns the fastest run.
func (r *runner) best(ctx context.Context, t tool, keys bool) (best result, err error) {
	if t.missing != nil {
		if err := t.missing(r.bench); err != nil {
			return best, err
		}
	}
	for range max(r.rounds, 1) {
		one, err := r.once(ctx, t, keys)
		if err != nil {
			return best, err
		}
		fmt.Fprintf(os.Stderr, "%s of %s (keys: %v): %.1f s\n", t.name, r.set.name, keys, one.wall.Seconds())
		if best.wall == 0 || one.wall < best.wall {
			best = one
		}
	}
	return best, nil
}

// once runs a tool once. Making the target's tables beforehand is not part of the time.
func (r *runner) once(ctx context.Context, t tool, keys bool) (out result, err error) {
	out = result{tool: t.name, set: r.set.name, keys: keys, rows: r.total()}
	name := "godwit_load_" + t.name
	to, err := target.Replace(ctx, r.target, name)
	if err != nil {
		return out, err
	}
	defer target.Drop(context.WithoutCancel(ctx), r.target, name)
	if err := r.checkpoint(ctx); err != nil {
		return out, err
	}
	cmd, err := t.command(ctx, r, to, keys)
	if err != nil {
		return out, err
	}
	if err := r.measure(cmd, t, keys, &out); err != nil {
		return out, err
	}
	return out, r.arrived(ctx, t, to)
}

// checkpoint writes what earlier runs have left to be written.
func (r *runner) checkpoint(ctx context.Context) error {
	pg, err := pgx.Connect(ctx, r.target)
	if err != nil {
		return fmt.Errorf("connect to the target: %w", err)
	}
	defer pg.Close(context.WithoutCancel(ctx))
	if _, err := pg.Exec(ctx, "CHECKPOINT"); err != nil {
		return fmt.Errorf("write a checkpoint on the target: %w", err)
	}
	return nil
}

// settle is how long servers need to note the time of connections that have ended.
const settle = 200 * time.Millisecond

// measure runs the command; its output goes to a file, whose end is part of an error.
func (r *runner) measure(cmd *exec.Cmd, t tool, keys bool, out *result) error {
	path := filepath.Join(r.dir, fmt.Sprintf("%s-%s-%v.log", r.set.name, t.name, keys))
	log, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("make the log: %w", err)
	}
	defer log.Close()
	source, target := r.at.Time()
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	began := time.Now()
	err = cmd.Run()
	out.wall = time.Since(began)
	out.cpu, out.peak = process.Used(cmd.ProcessState)
	time.Sleep(settle)
	out.source, out.target = r.at.Time()
	out.source, out.target = out.source-source, out.target-target
	if err != nil {
		text, _ := os.ReadFile(path)
		return fmt.Errorf("%w: %s", err, text[max(len(text)-600, 0):])
	}
	return nil
}

// arrived compares the numbers of rows with the source's.
func (r *runner) arrived(ctx context.Context, t tool, target string) error {
	pg, err := pgx.Connect(ctx, target)
	if err != nil {
		return fmt.Errorf("connect to the target: %w", err)
	}
	defer pg.Close(context.WithoutCancel(ctx))
	schema := r.set.database()
	var errs []error
	for _, name := range r.tables {
		var n int64
		if err := pg.QueryRow(ctx, "SELECT count(*) FROM "+pgx.Identifier{schema, name}.Sanitize()).Scan(&n); err != nil {
			errs = append(errs, err)
		} else if n != r.rows[name] {
			errs = append(errs, fmt.Errorf("%d of %d rows of %s arrived", n, r.rows[name], name))
		}
	}
	return errors.Join(errs...)
}

// sourceURL is the URL of the set's database.
func (r *runner) sourceURL() string {
	return strings.TrimSuffix(r.source, "/") + "/" + r.set.database()
}

// converted writes the converted folder, as godwit makes it or with the tables alone, and returns it.
func (r *runner) converted(ctx context.Context, keys bool) (string, error) {
	dir := filepath.Join(r.dir, fmt.Sprintf("%s-%v", r.set.name, keys))
	if err := os.RemoveAll(dir); err != nil {
		return "", err
	}
	if out, err := exec.CommandContext(ctx, r.godwit, "convert", r.sourceURL(), "--to", "postgres", "-o", dir).CombinedOutput(); err != nil {
		return "", fmt.Errorf("convert: %w: %s", err, out)
	}
	if keys {
		return dir, nil
	}
	return dir, tablesOnly(dir)
}

// tablesOnly leaves nothing in a converted folder but tables and what they need, and no key in a table.
func tablesOnly(dir string) error {
	order, err := os.ReadFile(filepath.Join(dir, "order.txt"))
	if err != nil {
		return fmt.Errorf("read the load order: %w", err)
	}
	var kept []string
	for _, path := range strings.Fields(string(order)) {
		kind := strings.Split(path, "/")[1]
		if kind == "index" || kind == "constraint" {
			continue
		}
		kept = append(kept, path)
		if kind != "table" {
			continue
		}
		name := filepath.Join(dir, path)
		text, err := os.ReadFile(name)
		if err != nil {
			return fmt.Errorf("read a table: %w", err)
		}
		if err := os.WriteFile(name, withoutKeys(text), 0o644); err != nil {
			return fmt.Errorf("write a table: %w", err)
		}
	}
	return os.WriteFile(filepath.Join(dir, "order.txt"), []byte(strings.Join(kept, "\n")+"\n"), 0o644)
}

// withoutKeys drops primary and unique keys and checks from a CREATE TABLE of the converter, which has one column or constraint a line.
func withoutKeys(text []byte) []byte {
	lines := bytes.Split(text, []byte("\n"))
	var kept [][]byte
	for _, l := range lines {
		t := bytes.TrimSpace(l)
		if bytes.HasPrefix(t, []byte("CONSTRAINT ")) || bytes.HasPrefix(t, []byte("PRIMARY KEY ")) || bytes.HasPrefix(t, []byte("UNIQUE ")) {
			if n := len(kept); !bytes.HasSuffix(t, []byte(",")) && n > 0 { // it was the last
				kept[n-1] = bytes.TrimSuffix(kept[n-1], []byte(","))
			}
			continue
		}
		comma := bytes.HasSuffix(t, []byte(","))
		if i := bytes.Index(l, []byte(" CONSTRAINT ")); i > 0 {
			l = l[:i]
		} else if i := bytes.Index(l, []byte(" CHECK (")); i > 0 {
			l = l[:i]
		}
		l = bytes.Replace(l, []byte(" PRIMARY KEY"), []byte(" NOT NULL"), 1)
		if comma && !bytes.HasSuffix(l, []byte(",")) {
			l = append(bytes.Clone(l), ',')
		}
		kept = append(kept, l)
	}
	return bytes.Join(kept, []byte("\n"))
}

// tablesFirst makes the target's tables.
func (r *runner) tablesFirst(ctx context.Context, target string) error {
	dir, err := r.converted(ctx, false)
	if err != nil {
		return err
	}
	order, err := os.ReadFile(filepath.Join(dir, "order.txt"))
	if err != nil {
		return fmt.Errorf("read the load order: %w", err)
	}
	pg, err := pgx.Connect(ctx, target)
	if err != nil {
		return fmt.Errorf("connect to the target: %w", err)
	}
	defer pg.Close(context.WithoutCancel(ctx))
	for _, path := range strings.Fields(string(order)) {
		text, err := os.ReadFile(filepath.Join(dir, path))
		if err != nil {
			return fmt.Errorf("read the definitions: %w", err)
		}
		if _, err := pg.Exec(ctx, string(text)); err != nil {
			return fmt.Errorf("make the tables: %s: %w", path, err)
		}
	}
	return nil
}
