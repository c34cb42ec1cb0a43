package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"text/tabwriter"
	"time"

	"godwit/bench/process"
)

// errMissing says that a tool is not installed.
var errMissing = errors.New("ora2pg is not installed")

// result is what one tool needed for one script.
type result struct {
	tool, set string
	lines     int
	wall, cpu time.Duration
	peak      int64 // resident memory, bytes
}

// converter converts a script.
type converter func(ctx context.Context, s set, in script) (result, error)

// best is the fastest of the rounds.
func (b *bench) best(ctx context.Context, s set, in script, with converter) (result, error) {
	var out result
	for range b.rounds {
		r, err := with(ctx, s, in)
		if err != nil {
			return r, err
		}
		if out.wall == 0 || r.wall < out.wall {
			out = r
		}
	}
	return out, nil
}

func (b *bench) withGodwit(ctx context.Context, s set, in script) (result, error) {
	dir := filepath.Join(b.dir, "godwit")
	if err := os.RemoveAll(dir); err != nil {
		return result{}, fmt.Errorf("empty the folder: %w", err)
	}
	r := result{tool: "godwit", set: s.name, lines: in.lines}
	err := r.add(process.Command(ctx, b.godwit, "convert", in.path, "--from", s.from, "--to", "postgres15", "-o", dir))
	return r, err
}

// kinds are the exports of ora2pg that read definitions and code from a file; each reads the whole file.
var kinds = []string{"TABLE", "SEQUENCE", "VIEW", "TRIGGER", "FUNCTION", "PROCEDURE", "PACKAGE"}

// withOra2pg runs all exports of ora2pg that a script of this kind takes. It reads no rows from a file.
func (b *bench) withOra2pg(ctx context.Context, s set, in script) (result, error) {
	r := result{tool: "ora2pg", set: s.name, lines: in.lines}
	if _, err := exec.LookPath("ora2pg"); err != nil {
		return r, errMissing
	}
	conf := filepath.Join(b.dir, "ora2pg.conf")
	if err := os.WriteFile(conf, []byte("PG_VERSION\t15\n"), 0o644); err != nil {
		return r, fmt.Errorf("write ora2pg's configuration: %w", err)
	}
	dir := filepath.Join(b.dir, "ora2pg")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return r, fmt.Errorf("make the work folder: %w", err)
	}
	for _, kind := range kinds {
		if err := r.add(process.Command(ctx, "ora2pg", "-q", "-c", conf, "-i", in.path, "-t", kind, "-b", dir, "-o", kind+".sql")); err != nil {
			return r, err
		}
	}
	return r, nil
}

// add runs a command and adds what it used.
func (r *result) add(cmd *exec.Cmd) error {
	start := time.Now()
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", r.tool, err, out[max(0, len(out)-2000):])
	}
	r.wall += time.Since(start)
	cpu, peak := process.Used(cmd.ProcessState)
	r.cpu += cpu
	r.peak = max(r.peak, peak)
	return nil
}

// ratio is how many times as many lines godwit converts in a CPU second of the same script; 0 if it was not measured.
func ratio(r result, all []result) float64 {
	for _, g := range all {
		if g.tool == "godwit" && g.set == r.set && g.lines == r.lines {
			return r.cpu.Seconds() / g.cpu.Seconds()
		}
	}
	return 0
}

// print writes the table of results.
func print(w io.Writer, all []result) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "script\ttool\tlines\twall s\tlines/s\tCPU s\tlines/CPU s\tpeak MB\tgodwit needs less CPU by\t")
	for _, r := range all {
		less := ""
		if x := ratio(r, all); x > 0 && r.tool != "godwit" {
			less = fmt.Sprintf("%.0f x", x)
		}
		fmt.Fprintf(tw, "%s\t%s\t%d\t%.1f\t%.0f\t%.1f\t%.0f\t%d\t%s\t\n", r.set, r.tool, r.lines, r.wall.Seconds(), float64(r.lines)/r.wall.Seconds(),
			r.cpu.Seconds(), float64(r.lines)/max(r.cpu.Seconds(), 0.001), r.peak>>20, less)
	}
	tw.Flush()
}
