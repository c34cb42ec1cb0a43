// Command demo moves the Sakila database from MariaDB to PostgreSQL with
// godwit while a writer keeps changing it, and then compares both sides by
// itself. scripts/demo builds what it needs and calls it.
package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"godwit/bench/sakila"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	d, err := parse(os.Args[1:])
	if err == nil {
		err = d.run(ctx)
	}
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		stop()
		os.Exit(1)
	}
}

// demo is one run.
type demo struct {
	source, target string // URLs of the servers
	godwit         string // the binary
	out            string // folder of reports and converted files
	data           string // folder of the Sakila scripts
	rate           float64
	workers        int
	only           string // "all", or "source" to write for a while and stop
	lead           time.Duration
	log            io.Writer
}

func parse(args []string) (*demo, error) {
	d := &demo{log: os.Stdout}
	fs := flag.NewFlagSet("demo", flag.ContinueOnError)
	fs.StringVar(&d.source, "source", os.Getenv("GODWIT_TEST_MARIADB"), "URL of the MariaDB server")
	fs.StringVar(&d.target, "target", os.Getenv("GODWIT_TEST_PG15"), "URL of the PostgreSQL database")
	fs.StringVar(&d.godwit, "godwit", "bin/godwit", "the godwit command")
	fs.StringVar(&d.out, "out", "demo-out", "folder for reports, converted files and the task")
	fs.StringVar(&d.data, "data", "testdata/sakila", "folder of the Sakila scripts")
	fs.Float64Var(&d.rate, "rate", 50, "transactions a second while the database moves")
	fs.IntVar(&d.workers, "writers", 2, "connections that write")
	fs.StringVar(&d.only, "only", "all", "all, or source: load, write and check the source alone")
	fs.DurationVar(&d.lead, "lead", 3*time.Second, "how long to write between the steps")
	if err := fs.Parse(args); err != nil {
		return nil, err
	}
	if d.source == "" || d.target == "" {
		return nil, errors.New("name both servers with --source and --target, or run scripts/demo")
	}
	if d.only != "all" && d.only != "source" {
		return nil, fmt.Errorf("--only %s: say all or source", d.only)
	}
	return d, nil
}

// run is the story of the demonstration.
func (d *demo) run(ctx context.Context) error {
	d.say("Loading Sakila into MariaDB")
	if err := sakila.Load(ctx, d.source, d.data); err != nil {
		return err
	}
	db, err := sakila.Open(d.source, sakila.Name)
	if err != nil {
		return err
	}
	defer db.Close()
	sum, err := sakila.Invariant(ctx, db)
	if err != nil {
		return err
	}
	d.say("The sum of all payments is %s; the writer keeps it in every transaction", sum)
	if err := os.MkdirAll(d.out, 0o755); err != nil {
		return fmt.Errorf("make the folder of results: %w", err)
	}
	if err := d.move(ctx, db); err != nil {
		return err
	}
	return d.check(ctx, db, sum)
}

// move runs the godwit steps; the writer works from the first of them to the
// last before the cutover.
func (d *demo) move(ctx context.Context, db *sql.DB) error {
	w := sakila.NewWriter(db, d.rate, d.workers, 1)
	writing, stop := context.WithCancel(ctx)
	defer stop()
	done := make(chan error, 1)
	go func() { done <- w.Run(writing) }()
	err := d.whileWriting(ctx, w)
	stop()
	if werr := <-done; werr != nil {
		return errors.Join(err, fmt.Errorf("writer: %w", werr))
	}
	if err != nil {
		return err
	}
	s := w.Stats()
	d.say("The writer stopped after %d transactions %v, %d retried", s.Total(), s.Done, s.Retried)
	if d.only == "source" {
		return nil
	}
	return d.step(ctx, "cutover", d.taskFile())
}

func (d *demo) whileWriting(ctx context.Context, w *sakila.Writer) error {
	if err := d.pause(ctx, w); err != nil || d.only == "source" {
		return err
	}
	for _, args := range d.steps() {
		if err := d.step(ctx, args...); err != nil {
			return err
		}
		if err := d.pause(ctx, w); err != nil {
			return err
		}
	}
	return nil
}

// pause lets the writer work for a while and fails when it does not.
func (d *demo) pause(ctx context.Context, w *sakila.Writer) error {
	before := w.Stats().Total()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d.lead):
	}
	now := w.Stats().Total()
	if now == before && d.lead > time.Second {
		return errors.New("the writer does nothing")
	}
	d.say("The writer has made %d transactions", now)
	return nil
}

// check compares both sides without godwit.
func (d *demo) check(ctx context.Context, db *sql.DB, sum string) error {
	after, err := sakila.Invariant(ctx, db)
	if err != nil {
		return err
	}
	if after != sum {
		return fmt.Errorf("the sum of all payments on the source went from %s to %s", sum, after)
	}
	if d.only == "source" {
		d.say("The source kept the sum of %s", after)
		return nil
	}
	tables, err := compare(ctx, db, d.target)
	if err != nil {
		return err
	}
	d.say("Both sides agree in %d tables, and the target's payments sum up to %s", tables, sum)
	return nil
}

func (d *demo) say(format string, args ...any) {
	fmt.Fprintf(d.log, "== "+format+"\n", args...)
}

// database is the source URL with the database in it.
func (d *demo) database() string { return strings.TrimSuffix(d.source, "/") + "/" + sakila.Name }
