package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"godwit/bench/process"
	"godwit/bench/target"
)

// taskText is a task file: source, target, apply section.
const taskText = `# Written by the benchmark.
name: cdc
source:
  url: %s
target:
  url: %s
convert:
  folder: cdc-base
%s`

func (b *bench) taskFile(mode string) string { return filepath.Join(b.out, "cdc-"+mode+".yaml") }

func (b *bench) targetName(mode string) string { return database + "_" + mode }

func (b *bench) targetURL(mode string) (string, error) {
	return target.URL(b.target, b.targetName(mode))
}

// base is the target that is loaded before the backlog is written; the modes get copies of it.
const base = "base"

// load makes the first target database and loads it.
func (b *bench) load(ctx context.Context, s *source) error {
	if _, err := target.Replace(ctx, b.target, b.targetName(base)); err != nil {
		return err
	}
	if err := os.RemoveAll(filepath.Join(b.out, "cdc-base")); err != nil {
		return err
	}
	if err := b.writeTask(s, base); err != nil {
		return err
	}
	_, err := b.migrate(ctx, base)
	return err
}

// clone makes the target of a mode.
func (b *bench) clone(ctx context.Context, s *source, mode string) error {
	if _, err := target.Copy(ctx, b.target, b.targetName(mode), b.targetName(base)); err != nil {
		return err
	}
	return b.writeTask(s, mode)
}

func (b *bench) writeTask(s *source, mode string) error { return b.writeTaskFrom(s.url, mode) }

// writeTaskFrom writes the task file of a mode with the source at a URL.
func (b *bench) writeTaskFrom(url, mode string) error {
	to, err := b.targetURL(mode)
	if err != nil {
		return err
	}
	apply := ""
	if mode != "default" && mode != base {
		apply = "apply:\n  mode: " + mode + "\n"
	}
	return os.WriteFile(b.taskFile(mode), fmt.Appendf(nil, taskText, url, to, apply), 0o644)
}

func (b *bench) dropTargets() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var names []string
	for _, m := range append([]string{base}, b.modes...) {
		names = append(names, b.targetName(m))
	}
	_ = target.Drop(ctx, b.target, names...) // a server that is gone needs none
}

// result is what a run of godwit took.
type result struct {
	rows    int64
	seconds float64
	cpu     time.Duration
	rss     int64 // bytes at most
}

// migrate runs until the source's end is applied.
func (b *bench) migrate(ctx context.Context, mode string) (result, error) {
	cmd := process.Command(ctx, b.godwit, "migrate", b.taskFile(mode), "--until", "caught-up", "--no-verify", "--json", "--skip-check")
	var out, log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &log
	if err := cmd.Run(); err != nil {
		text := log.String()
		return result{}, fmt.Errorf("godwit migrate, mode %s: %w\n%s", mode, err, text[max(0, len(text)-2000):])
	}
	if n := strings.Count(log.String(), `"level":"WARN"`); n > 0 {
		fmt.Printf("%s: %d warnings in the log\n%s", mode, n, log.String())
	}
	var printed struct {
		Rows    int64   `json:"rows_changed"`
		Seconds float64 `json:"seconds"`
	}
	if err := json.Unmarshal(out.Bytes(), &printed); err != nil {
		return result{}, fmt.Errorf("read what godwit printed: %w", err)
	}
	r := result{rows: printed.Rows, seconds: printed.Seconds}
	r.cpu, r.rss = process.Used(cmd.ProcessState)
	return r, nil
}

// drain applies the backlog.
func (b *bench) drain(ctx context.Context, mode string) (result, error) {
	r, err := b.migrate(ctx, mode)
	if err == nil && r.rows < int64(b.rows)/2 {
		err = fmt.Errorf("mode %s applied %d rows of a backlog of about %d", mode, r.rows, b.rows)
	}
	return r, err
}

// sums are queries that mean the same on both sides.
var sums = []string{
	"SELECT CONCAT(COUNT(*), ' ', SUM(balance)) FROM accounts",
	"SELECT CONCAT(COUNT(*), ' ', SUM(total), ' ', SUM(id), ' ', COUNT(CASE WHEN state = 'sent' THEN 1 END)) FROM orders",
	"SELECT CONCAT(COUNT(*), ' ', SUM(quantity), ' ', SUM(price), ' ', SUM(id)) FROM items",
	"SELECT CONCAT(COUNT(*), ' ', SUM(id), ' ', SUM(amount)) FROM transfers",
	"SELECT CONCAT(COUNT(*), ' ', SUM(id), ' ', SUM(ref)) FROM history",
}

// compare fails when the sides differ: a figure for wrong rows is worth nothing.
func (b *bench) compare(ctx context.Context, s *source, mode string) error {
	to, err := b.targetURL(mode)
	if err != nil {
		return err
	}
	pg, err := pgx.Connect(ctx, to)
	if err != nil {
		return err
	}
	defer pg.Close(context.WithoutCancel(ctx))
	for _, q := range sums {
		var x, y string
		if err := s.db.QueryRowContext(ctx, q).Scan(&x); err != nil {
			return fmt.Errorf("compare: source: %w", err)
		}
		if _, err := pg.Exec(ctx, "SET search_path = "+database+", public"); err != nil {
			return err
		}
		if err := pg.QueryRow(ctx, q).Scan(&y); err != nil {
			return fmt.Errorf("compare: target: %w", err)
		}
		if x != y {
			return fmt.Errorf("mode %s: %s gives %q on the source and %q on the target", mode, q, x, y)
		}
	}
	return nil
}
