package main

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

// result is what one tool needed for one set.
type result struct {
	tool, set string
	keys      bool
	rows      int64
	wall, cpu time.Duration // cpu is of the tool's processes, not of the servers
	source    time.Duration // processor time of the source's server; 0 if it is not known
	target    time.Duration // of the target's
	peak      int64         // resident memory of the tool's largest process, bytes
}

func (r result) rate() float64 { return float64(r.rows) / r.wall.Seconds() }

// ratio is how many times faster godwit was than r with the same rows; 0 if it was not measured.
func ratio(r result, all []result) float64 {
	for _, g := range all {
		if g.tool == "godwit" && g.set == r.set && g.keys == r.keys {
			return r.wall.Seconds() / g.wall.Seconds()
		}
	}
	return 0
}

// print writes the table of results.
func print(w io.Writer, all []result) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(tw, "rows of\tmode\ttool\trows\twall s\trows/s\town CPU s\trows/CPU s\tsource CPU s\ttarget CPU s\tpeak MB\tgodwit is faster by\t")
	for _, r := range all {
		mode := "data only"
		if r.keys {
			mode = "with keys"
		}
		faster := ""
		if x := ratio(r, all); x > 0 && r.tool != "godwit" {
			faster = fmt.Sprintf("%.2f x", x)
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%d\t%.1f\t%.0f\t%.1f\t%.0f\t%.1f\t%.1f\t%d\t%s\t\n", r.set, mode, r.tool, r.rows, r.wall.Seconds(), r.rate(),
			r.cpu.Seconds(), float64(r.rows)/max(r.cpu.Seconds(), 0.001), r.source.Seconds(), r.target.Seconds(), r.peak>>20, faster)
	}
	tw.Flush()
}
