// Command compile measures how fast scripts are converted for PostgreSQL, from
// parsing to files: godwit on scripts of about a million lines, made of the
// sample databases in testdata over and over, each round in a schema of its own,
// and ora2pg on a slice of the same script. scripts/bench-compile builds what it
// needs and calls it.
//
// Figures of one machine say little; the ratios of one run say more. Lines per
// CPU second do not depend on what else the machine does.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"godwit/bench/process"
)

func main() {
	process.Main("compile", func(ctx context.Context) error {
		b, err := parse(os.Args[1:])
		if err != nil {
			return err
		}
		return b.run(ctx)
	})
}

// bench is one run.
type bench struct {
	godwit   string // the binary
	testdata string
	dir      string // scripts and what they are converted to
	lines    int    // of the scripts for godwit
	slice    int    // of the script for ora2pg
	sets     []string
	rounds   int
}

func parse(args []string) (*bench, error) {
	b := &bench{}
	fs := flag.NewFlagSet("compile", flag.ContinueOnError)
	fs.StringVar(&b.godwit, "godwit", "bin/godwit", "the godwit command")
	fs.StringVar(&b.testdata, "testdata", "testdata", "the folder of the sample databases")
	fs.StringVar(&b.dir, "dir", ".engines/compile", "folder for scripts and what they become")
	fs.IntVar(&b.lines, "lines", 1_000_000, "lines of a script")
	fs.IntVar(&b.slice, "slice", 20_000, "lines of the script for ora2pg")
	list := fs.String("sets", strings.Join(names(), ","), "scripts to convert")
	fs.IntVar(&b.rounds, "rounds", 1, "runs of each; the fastest counts")
	if err := fs.Parse(args); err != nil {
		return nil, err
	}
	b.sets = strings.Split(*list, ",")
	if b.lines < 1 || b.slice < 1 || b.rounds < 1 {
		return nil, errors.New("--lines, --slice and --rounds want numbers above 0")
	}
	return b, nil
}

func (b *bench) run(ctx context.Context) error {
	if err := os.MkdirAll(b.dir, 0o755); err != nil {
		return fmt.Errorf("make the work folder: %w", err)
	}
	var all []result
	for _, name := range b.sets {
		s, ok := find(name)
		if !ok {
			return fmt.Errorf("--sets %s: say one of %s", name, strings.Join(names(), ", "))
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

// set converts one script with godwit, and a slice of it with both where ora2pg takes part.
func (b *bench) set(ctx context.Context, s set) ([]result, error) {
	whole, err := b.script(s, b.lines)
	if err != nil {
		return nil, err
	}
	r, err := b.best(ctx, s, whole, b.withGodwit)
	if err != nil {
		return nil, err
	}
	out := []result{r}
	if !s.compared {
		return out, nil
	}
	slice, err := b.script(s, b.slice)
	if err != nil {
		return nil, err
	}
	for _, with := range []converter{b.withGodwit, b.withOra2pg} {
		r, err := b.best(ctx, s, slice, with)
		if errors.Is(err, errMissing) {
			fmt.Fprintf(os.Stderr, "left out: %v\n", err)
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

// script writes the script of a set with so many lines at least.
func (b *bench) script(s set, lines int) (script, error) {
	path := filepath.Join(b.dir, fmt.Sprintf("%s-%d.sql", s.name, lines))
	f, err := os.Create(path)
	if err != nil {
		return script{}, fmt.Errorf("write the script: %w", err)
	}
	defer f.Close()
	n, err := s.write(f, b.testdata, lines)
	if err != nil {
		return script{}, err
	}
	return script{path: path, lines: n}, f.Close()
}
