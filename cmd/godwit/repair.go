package main

import (
	"context"
	"fmt"
	"io"
	"slices"

	"godwit/runner/change"
	"godwit/runner/mysql"
	"godwit/runner/postgres"
	"godwit/runner/repair"
	"godwit/runner/verify"
)

// repairRounds is how often what is left is looked for again: a comparison lists so many differences at most.
const repairRounds = 20

// repairPlan is what --dry-run prints.
type repairPlan struct {
	Table  string   `json:"table"`
	Insert int      `json:"insert"`
	Update int      `json:"update"`
	Delete int      `json:"delete"`
	Rows   []string `json:"rows"`
	More   bool     `json:"more,omitempty"` // the comparison stopped at its limit
}

func planRepair(rep *verify.Report) (out []repairPlan) {
	for _, t := range rep.Tables {
		if len(t.Diffs) == 0 {
			continue
		}
		p := repairPlan{Table: t.Target, More: t.Truncated}
		for _, d := range t.Diffs {
			word := "update"
			switch d.Kind {
			case verify.Missing:
				word = "insert"
				p.Insert++
			case verify.Extraneous:
				word = "delete"
				p.Delete++
			default:
				p.Update++
			}
			p.Rows = append(p.Rows, word+" "+d.String())
		}
		out = append(out, p)
	}
	return out
}

func printRepairPlan(w io.Writer, plans []repairPlan) {
	for _, p := range plans {
		fmt.Fprintf(w, "%s: %d rows to insert, %d to update, %d to delete\n", p.Table, p.Insert, p.Update, p.Delete)
		for i, r := range p.Rows {
			if i == 20 {
				fmt.Fprintf(w, "  ... and %d more, see --json\n", len(p.Rows)-i)
				break
			}
			fmt.Fprintf(w, "  %s\n", r)
		}
		if p.More {
			fmt.Fprintln(w, "  more rows differ than are listed; a repair goes on until none is left, or reload the table")
		}
	}
}

// mend repairs what a report lists and compares again, until nothing is left or nothing gets better.
func (c *verifyCmd) mend(ctx context.Context, p *project, rep *verify.Report, o verify.Options) (*verify.Report, *repair.Report, error) {
	if err := p.notCutOver(ctx); err != nil {
		return rep, nil, fmt.Errorf("repair: %w", err)
	}
	ro, done, err := p.repairOptions(ctx, o, !c.static)
	if err != nil {
		return rep, nil, err
	}
	defer done()
	if !c.json {
		ro.Log = func(format string, args ...any) { fmt.Fprintf(c.app.err, "repair "+format+"\n", args...) }
	}
	all := &repair.Report{}
	for range repairRounds {
		if !slices.ContainsFunc(rep.Tables, func(t verify.Table) bool { return len(t.Diffs) > 0 }) {
			break
		}
		res, err := repair.Run(ctx, rep, ro)
		if res != nil {
			all.Mended, all.Held = all.Mended+res.Mended, all.Held+res.Held
			all.Rows, all.Left = append(all.Rows, res.Rows...), res.Left
		}
		if err != nil {
			return rep, all, err
		}
		if rep, err = p.verifyAgain(ctx, rep, o); err != nil {
			return rep, all, err
		}
		if res.Mended == 0 {
			break
		}
	}
	return rep, all, nil
}

// verifyAgain compares the tables that differed.
func (p *project) verifyAgain(ctx context.Context, rep *verify.Report, o verify.Options) (*verify.Report, error) {
	o.Journal = nil
	again := *p
	again.tables, again.unmoved = nil, nil
	for i, t := range p.tables {
		if rep.Tables[i].State != verify.Verified {
			again.tables = append(again.tables, t)
		}
	}
	part, err := again.verify(ctx, o)
	if err != nil {
		return rep, err
	}
	out := &verify.Report{Tables: slices.Clone(rep.Tables)}
	for i := range out.Tables {
		for _, t := range part.Tables {
			if t.Source == out.Tables[i].Source {
				out.Tables[i] = t
			}
		}
	}
	return out, nil
}

// repairOptions opens what a repair needs.
func (p *project) repairOptions(ctx context.Context, o verify.Options, task bool) (repair.Options, func(), error) {
	src, err := mysqlSource(ctx, p)
	if err != nil {
		return repair.Options{}, nil, err
	}
	name := ""
	if task {
		name = p.task.Name
	}
	m, err := postgres.OpenMender(ctx, p.target, name, p.task.Values.Policy())
	if err != nil {
		src.Close()
		return repair.Options{}, nil, err
	}
	ro := repair.Options{Source: src, Lookup: lookupOf(src), Target: p.pool, Mender: m, Tables: p.tables, Values: p.values(), Task: task}
	return ro, func() { m.Close(); src.Close() }, nil
}

func lookupOf(src *mysql.Source) func(context.Context, []*change.Table) (repair.Lookup, error) {
	return func(ctx context.Context, tables []*change.Table) (repair.Lookup, error) {
		l, err := src.Lookup(ctx, tables)
		if err != nil {
			return nil, err
		}
		return l, nil
	}
}

func printRepair(w io.Writer, r *repair.Report) {
	fmt.Fprintf(w, "repaired %d rows; the change stream was held for %d ms in all\n", r.Mended, r.Held.Milliseconds())
	for i, row := range r.Rows {
		if row.Error != "" && i < 1000 {
			fmt.Fprintf(w, "%s: not repaired: %s %v: %s\n", row.Table, row.Kind, row.Key, row.Error)
		}
	}
}
