// Command load measures how fast rows move from MariaDB to PostgreSQL on one
// machine: godwit beside pgloader, dlt with connectorx, the two clients joined
// by a pipe, and what the target alone needs, in one run on the same rows. scripts/bench-load builds what
// it needs and calls it.
//
// Figures of one machine say little; the ratios of one run say more. Every tool
// starts with empty tables, and what arrives is counted table by table.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"

	"godwit/bench/process"
)

func main() {
	process.Main("load", func(ctx context.Context) error {
		b, err := parse(os.Args[1:])
		if err != nil {
			return err
		}
		return b.run(ctx)
	})
}

// bench is one run.
type bench struct {
	source, target string // URLs of the servers
	godwit         string // the binary
	generator      string // the binary of bench/employees
	python         string // an interpreter that has dlt and connectorx; "" for none
	definitions    string // testdata/employees/employees.sql
	dir            string // converted folders, tasks, logs, dumps
	employees      int
	wide, small    int
	big            int64 // bytes of the one large value
	tools, sets    []string
	rounds         int
	keep           bool
}

func parse(args []string) (*bench, error) {
	b := &bench{}
	fs := flag.NewFlagSet("load", flag.ContinueOnError)
	fs.StringVar(&b.source, "source", os.Getenv("GODWIT_TEST_MARIADB"), "URL of the MariaDB server")
	fs.StringVar(&b.target, "target", os.Getenv("GODWIT_TEST_PG15"), "URL of a PostgreSQL database, beside which databases are made")
	fs.StringVar(&b.godwit, "godwit", "bin/godwit", "the godwit command")
	fs.StringVar(&b.generator, "generator", ".engines/bin/employees", "the command of bench/employees")
	fs.StringVar(&b.python, "python", ".engines/load/bin/python", "a Python that has dlt and connectorx")
	fs.StringVar(&b.definitions, "definitions", "testdata/employees/employees.sql", "the definitions of the employees database")
	fs.StringVar(&b.dir, "dir", ".engines/load/work", "folder for dumps, tasks and logs")
	fs.IntVar(&b.employees, "employees", 300_024, "employees; about 13 rows each")
	fs.IntVar(&b.wide, "wide", 400_000, "rows of the wide table")
	fs.IntVar(&b.small, "small", 1000, "small tables of 100 rows each")
	fs.Int64Var(&b.big, "big", 100<<20, "bytes of the one large value")
	tools := fs.String("tools", "godwit,psql,floor,pgloader,dlt", "what to measure, in this order")
	sets := fs.String("sets", "employees,wide,small,one", "rows to move: employees, wide, small, one, big")
	fs.IntVar(&b.rounds, "rounds", 1, "runs of each tool; the fastest counts")
	fs.BoolVar(&b.keep, "keep", false, "leave the source databases for the next run, and use those that are there")
	if err := fs.Parse(args); err != nil {
		return nil, err
	}
	if b.source == "" || b.target == "" {
		return nil, errors.New("name both servers with --source and --target, or run scripts/bench-load")
	}
	b.tools, b.sets = strings.Split(*tools, ","), strings.Split(*sets, ",")
	return b, nil
}

func (b *bench) run(ctx context.Context) error {
	if err := os.MkdirAll(b.dir, 0o755); err != nil {
		return fmt.Errorf("make the work folder: %w", err)
	}
	var all []result
	for _, name := range b.sets {
		s, ok := sets[name]
		if !ok {
			return fmt.Errorf("--sets %s: say employees, wide, small, one or big", name)
		}
		results, err := b.set(ctx, s)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, results...)
	}
	fmt.Println()
	print(os.Stdout, all)
	return nil
}

// set makes the rows of one set and moves them with every tool.
func (b *bench) set(ctx context.Context, s set) ([]result, error) {
	r := &runner{bench: b, set: s}
	if err := r.prepare(ctx); err != nil {
		return nil, err
	}
	if !b.keep {
		defer r.drop(context.WithoutCancel(ctx))
	}
	var out []result
	for _, keys := range []bool{false, true} {
		for _, name := range b.tools {
			t, ok := tools[name]
			if !ok {
				return nil, fmt.Errorf("--tools %s: say godwit, psql, floor, pgloader or dlt", name)
			}
			if keys && !t.keys || s.own && !t.own {
				continue
			}
			best, err := r.best(ctx, t, keys)
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if err != nil {
				fmt.Fprintf(os.Stderr, "left out: %s of %s: %v\n", t.name, s.name, err)
				continue
			}
			out = append(out, best)
		}
	}
	return out, nil
}
