// Command cdc measures how fast godwit applies changes: it drains the same backlog once per apply mode, plays it again at a
// steady rate (--replay), which costs the source next to nothing, and then follows a writer of a steady rate. Of both it tells
// how far behind the target is.
//
//	engines run --only mariadb,pg15 -- cdc --godwit bin/godwit
//
// Both servers and godwit share the machine. Figures of one run can be compared with each other; figures of two runs
// only when nothing else used the machine.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"godwit/bench/process"
	"godwit/bench/servers"
)

func main() {
	process.Main("cdc", func(ctx context.Context) error {
		b, err := parse(os.Args[1:])
		if err != nil {
			return err
		}
		return b.run(ctx)
	})
}

// bench is one run.
type bench struct {
	source, target string
	godwit         string
	out            string // folder of tasks and logs
	modes          []string
	rows           int // of the backlog
	bulk           int // of each bulk transaction
	large          int // of one transaction that no mode holds in memory; 0: none
	keys           bool
	rate           int
	replay         int
	lead           time.Duration
	writers        int
	keep, reuse    bool
	repeat         int
}

func parse(args []string) (*bench, error) {
	b := &bench{}
	var modes string
	fs := flag.NewFlagSet("cdc", flag.ContinueOnError)
	fs.StringVar(&b.source, "source", os.Getenv("GODWIT_TEST_MARIADB"), "URL of the MariaDB or MySQL server")
	fs.StringVar(&b.target, "target", os.Getenv("GODWIT_TEST_PG15"), "URL of a PostgreSQL database, beside which databases are made")
	fs.StringVar(&b.godwit, "godwit", "bin/godwit", "the godwit command")
	fs.StringVar(&b.out, "out", "cdc-out", "folder for tasks and logs")
	fs.StringVar(&modes, "modes", "ordered,batch,parallel,auto", "apply modes to measure; default: without an apply section")
	fs.IntVar(&b.rows, "rows", 400_000, "rows changed by the backlog")
	fs.IntVar(&b.bulk, "bulk", 20_000, "rows of a bulk transaction, of which there are two in the backlog; 0: none")
	fs.IntVar(&b.large, "large", 0, "rows of one more transaction at the backlog's end, for the memory it takes")
	fs.BoolVar(&b.keys, "foreign-keys", true, "with foreign keys between the tables")
	fs.IntVar(&b.rate, "rate", 20_000, "one-row transactions a second in the second part; 0: leave it out")
	fs.IntVar(&b.replay, "replay", 0, "transactions a second at which the backlog is played again, first at half of that; 0: not at all")
	fs.DurationVar(&b.lead, "for", 15*time.Second, "how long the second part writes")
	fs.IntVar(&b.writers, "writers", 4, "connections that write")
	fs.BoolVar(&b.keep, "keep", false, "keep the databases")
	fs.BoolVar(&b.reuse, "reuse", false, "drain the backlog that a run with --keep left")
	fs.IntVar(&b.repeat, "repeat", 1, "how often the modes are measured, in turn")
	if err := fs.Parse(args); err != nil {
		return nil, err
	}
	if b.source == "" || b.target == "" {
		return nil, errors.New("name both servers with --source and --target, or run under engines run")
	}
	b.modes = strings.Split(modes, ",")
	return b, os.MkdirAll(b.out, 0o755)
}

// run is both parts.
func (b *bench) run(ctx context.Context) error {
	src, err := b.openSource(ctx)
	if err != nil {
		return err
	}
	defer src.close()
	if !b.keep {
		defer b.dropTargets()
	}
	if !b.reuse {
		if err := b.load(ctx, src); err != nil {
			return err
		}
		did, err := src.backlog(ctx)
		if err != nil {
			return err
		}
		fmt.Printf("backlog: %d transactions, %d rows, written in %.1f s (%.0f transactions/s)\n",
			did.transactions, did.rows, did.took.Seconds(), float64(did.transactions)/did.took.Seconds())
	}
	at := servers.Find(ctx, src.db, b.target)
	for n := range b.repeat {
		for i, m := range b.modes {
			if err := b.measure(ctx, src, at, m, n+i == 0); err != nil {
				return err
			}
		}
	}
	if b.replay > 0 {
		if err := b.play(ctx, src, b.modes[len(b.modes)-1]); err != nil {
			return err
		}
	}
	if b.rate == 0 {
		return nil
	}
	return b.follow(ctx, src, b.modes[len(b.modes)-1])
}

// measure drains the backlog in a mode. What a run takes that finds nothing to do is told and left out of the processor time.
func (b *bench) measure(ctx context.Context, src *source, at servers.Servers, mode string, first bool) error {
	if err := b.clone(ctx, src, mode); err != nil {
		return err
	}
	x0, y0 := at.Time()
	r, err := b.drain(ctx, mode)
	if err != nil {
		return err
	}
	x1, y1 := at.Time()
	idle, err := b.migrate(ctx, mode)
	if err != nil {
		return err
	}
	x2, y2 := at.Time()
	if first {
		fmt.Printf("processor time is in microseconds a row, without the %.2f s that a run takes which finds nothing to do;\n"+
			"limit is the rows/s that two processors could do with it\n", idle.cpu.Seconds())
		fmt.Printf("%-10s %9s %9s %9s %9s %9s %9s %9s\n", "mode", "rows/s", "seconds", "own", "source", "target", "limit", "RSS MB")
	}
	each := func(d time.Duration) float64 { return float64(d.Microseconds()) / float64(r.rows) }
	own, source, target := each(r.cpu-idle.cpu), each(x1-x0-(x2-x1)), each(y1-y0-(y2-y1))
	fmt.Printf("%-10s %9.0f %9.2f %9.2f %9.2f %9.2f %9.0f %9d\n", mode, float64(r.rows)/r.seconds, r.seconds, own, source, target,
		2e6/(own+source+target), r.rss>>20)
	return b.compare(ctx, src, mode)
}
