// Command demo moves the Sakila database from MariaDB to PostgreSQL with
// godwit while a writer keeps changing it, and then compares both sides by
// itself. scripts/demo builds what it needs and calls it.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"time"

	"godwit/bench/process"
)

func main() {
	ctx, stop := process.Interruptible()
	defer stop()
	d, err := parse(os.Args[1:])
	if err == nil {
		err = d.run(ctx)
	}
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return
	case d != nil && ctx.Err() != nil:
		d.screen.bad("interrupted; nothing of the demonstration stays behind but its folder %s", d.out)
		stop()
		os.Exit(130)
	}
	if d != nil {
		d.screen.bad("%v", err)
	} else {
		fmt.Fprintln(os.Stderr, "demo:", err)
	}
	stop()
	os.Exit(1)
}

// demo is one run.
type demo struct {
	source, target string // URLs of the servers; target is the new database once it is made
	godwit         string // the binary
	out            string // folder of reports and converted files
	data           string // folder of the Sakila scripts
	rate           float64
	workers        int
	lead           time.Duration
	screen         *screen
	log            *os.File // everything that godwit prints
}

func parse(args []string) (*demo, error) {
	d := &demo{}
	fs := flag.NewFlagSet("demo", flag.ContinueOnError)
	fs.StringVar(&d.source, "source", os.Getenv("GODWIT_TEST_MARIADB"), "URL of the MariaDB server")
	fs.StringVar(&d.target, "target", os.Getenv("GODWIT_TEST_PG15"), "URL of a PostgreSQL database, beside which the database sakila is made")
	fs.StringVar(&d.godwit, "godwit", "bin/godwit", "the godwit command")
	fs.StringVar(&d.out, "out", "demo-out", "folder for reports, converted files and the task")
	fs.StringVar(&d.data, "data", "testdata/sakila", "folder of the Sakila scripts")
	fs.Float64Var(&d.rate, "rate", 50, "transactions a second while the database moves")
	fs.IntVar(&d.workers, "writers", 2, "connections that write")
	fs.DurationVar(&d.lead, "lead", 4*time.Second, "how long to write before and after the full load")
	if err := fs.Parse(args); err != nil {
		return nil, err
	}
	if d.source == "" || d.target == "" {
		return nil, errors.New("name both servers with --source and --target, or run scripts/demo")
	}
	d.screen = newScreen(os.Stdout)
	return d, nil
}
