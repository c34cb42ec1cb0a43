// Package verify proves that two databases hold the same rows.
//
// Each server hashes canonical texts of its own rows; the hashes are summed per range of keys and compared; ranges that
// differ are narrowed to buckets and then to rows, which are reported as missing, extraneous or mismatched. While a change
// stream runs, differences are checked again behind it. Nothing here uses the mover's readers: a loss in them would
// otherwise hide itself.
package verify

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"godwit/ir/catalog"
)

// Fence waits until the target has applied everything that the source had committed when it was called.
type Fence func(ctx context.Context) error

// Options tune a run. The zero value is usable.
type Options struct {
	Parallel  int           // tables at a time; 2 if 0
	ChunkRows int64         // rows per range; 100,000 if 0
	MaxDiffs  int           // differences listed per table; 1,000 if 0
	Fence     Fence         // nil when no change stream runs: every difference is then final
	Attempts  int           // checks behind the stream before a difference counts; 5 if 0
	Delay     time.Duration // between these checks; 1 s if 0
	Values    Values        // what the mover was told to do with values that the target cannot hold
	Progress  func(table string, rows int64)
}

func (o *Options) defaults() {
	setDefault(&o.Parallel, 2)
	setDefault(&o.ChunkRows, 100_000)
	setDefault(&o.MaxDiffs, 1000)
	setDefault(&o.Attempts, 5)
	setDefault(&o.Delay, time.Second)
	if o.Progress == nil {
		o.Progress = func(string, int64) {}
	}
}

func setDefault[T int | int64 | time.Duration](v *T, d T) {
	if *v <= 0 {
		*v = d
	}
}

// Kind is the kind of a difference.
type Kind string

// The kinds of differences.
const (
	Missing    Kind = "missing"    // on the source only
	Extraneous Kind = "extraneous" // on the target only
	Mismatch   Kind = "mismatch"   // the same key, other values
)

// Diff is one row that differs.
type Diff struct {
	Kind    Kind              `json:"kind"`
	Key     map[string]string `json:"key,omitempty"` // canonical values of the key's columns; of all columns without a key
	Columns []string          `json:"columns,omitempty"`
	Count   int64             `json:"count,omitempty"` // how many equal rows, in a table without key
	// Unsettled tells that the row kept changing on the source, so that nothing can be said of it.
	Unsettled bool `json:"unsettled,omitempty"`
}

func (d Diff) String() string {
	var k []string
	for n, v := range d.Key {
		k = append(k, fmt.Sprintf("%s=%.64q", n, v))
	}
	slices.Sort(k)
	s := fmt.Sprintf("%s %s", d.Kind, strings.Join(k, " "))
	if len(d.Columns) > 0 {
		s += ": " + strings.Join(d.Columns, ", ")
	}
	return s
}

// State is the outcome for a table.
type State string

// The outcomes. Only Verified is a success.
const (
	Verified     State = "verified"
	Different    State = "different"
	Unsettled    State = "unsettled"    // only rows that kept changing differ
	Unverifiable State = "unverifiable" // it cannot be compared; Error says why
	Failed       State = "failed"       // the comparison could not be run to its end; Error says why
)

// Table is the report of one table.
type Table struct {
	Source     string        `json:"source"`
	Target     string        `json:"target"`
	State      State         `json:"state"`
	SourceRows int64         `json:"source_rows"`
	TargetRows int64         `json:"target_rows"`
	Missing    int64         `json:"missing"`
	Extraneous int64         `json:"extraneous"`
	Mismatched int64         `json:"mismatched"`
	Diffs      []Diff        `json:"differences,omitempty"`
	Truncated  bool          `json:"truncated,omitempty"` // more differences than are listed and counted
	Keyless    bool          `json:"keyless,omitempty"`
	Error      string        `json:"error,omitempty"`
	Elapsed    time.Duration `json:"elapsed_ns"`
}

// Report is the outcome of a run.
type Report struct {
	Tables []Table `json:"tables"`
}

// OK tells that every table is verified, and that there was one.
func (r *Report) OK() bool {
	return len(r.Tables) > 0 && !slices.ContainsFunc(r.Tables, func(t Table) bool { return t.State != Verified })
}

// Run compares the tables. The pools must come from the endpoint package, which pins time zone and output formats.
// The error is only for a run that could not be done; what is wrong with a table is in its report.
func Run(ctx context.Context, source *sql.DB, targetPool *pgxpool.Pool, tables []*catalog.Table, o Options) (*Report, error) {
	o.defaults()
	if err := o.Values.validate(); err != nil {
		return nil, err
	}
	v := &verifier{source: mysqlSide{source}, target: pgSide{targetPool}, pool: targetPool, o: o}
	out := &Report{Tables: make([]Table, len(tables))}
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(o.Parallel)
	for i, t := range tables {
		g.Go(func() error {
			out.Tables[i] = v.table(gctx, t)
			return gctx.Err()
		})
	}
	if err := g.Wait(); err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	return out, nil
}

type verifier struct {
	source, target side
	pool           *pgxpool.Pool
	o              Options
}

func (v *verifier) table(ctx context.Context, t *catalog.Table) Table {
	start := time.Now()
	out := Table{Source: t.Schema + "." + t.Name, Target: targetSchema(t) + "." + t.Target, State: Verified}
	p, err := newPlan(ctx, v.pool, t, v.o.Values)
	if err == nil {
		out.Keyless = len(p.key) == 0
		err = v.chunks(ctx, p, &out)
	}
	out.Elapsed = time.Since(start)
	switch {
	case errors.Is(err, ErrUnverifiable):
		out.State, out.Error = Unverifiable, err.Error()
	case err != nil:
		out.State, out.Error = Failed, err.Error()
	default:
		out.settle()
	}
	return out
}

// settle derives counts and state from the differences.
func (t *Table) settle() {
	real := false
	for _, d := range t.Diffs {
		n := max(d.Count, 1)
		switch d.Kind {
		case Missing:
			t.Missing += n
		case Extraneous:
			t.Extraneous += n
		case Mismatch:
			t.Mismatched += n
		}
		real = real || !d.Unsettled
	}
	switch {
	case real:
		t.State = Different
	case len(t.Diffs) > 0 || t.Truncated:
		t.State = Unsettled
	}
}

// chunks goes through the ranges of a table until there are more differences than may be listed.
func (v *verifier) chunks(ctx context.Context, p *plan, out *Table) error {
	if err := v.fence(ctx); err != nil {
		return err
	}
	r := span{}
	for {
		if err := v.nextBound(ctx, p, &r); err != nil {
			return err
		}
		if err := v.chunk(ctx, p, r, out); err != nil {
			return err
		}
		v.o.Progress(out.Source, out.SourceRows)
		if r.upto == "" || len(out.Diffs) >= v.o.MaxDiffs {
			out.Truncated = out.Truncated || r.upto != ""
			return nil
		}
		r.after = r.upto
	}
}

// nextBound finds the end of the range that starts at r.after by walking the source's key.
func (v *verifier) nextBound(ctx context.Context, p *plan, r *span) error {
	r.upto = ""
	if p.rangeColumn < 0 {
		return nil
	}
	col := p.mysqlCol[p.rangeColumn]
	q := fmt.Sprintf("SELECT CAST(%s + 0 AS CHAR) FROM %s%s ORDER BY %s LIMIT 1 OFFSET %d", col, v.source.from(p), r.where(col), col, v.o.ChunkRows-1)
	return v.source.query(ctx, q, nil, func(c []*string) error {
		r.upto = text(c[0])
		return nil
	})
}

// both runs f for the two sides at the same time.
func both[T any](ctx context.Context, v *verifier, f func(context.Context, side) (T, error)) (a, b T, err error) {
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) { a, err = f(gctx, v.source); return })
	g.Go(func() (err error) { b, err = f(gctx, v.target); return })
	return a, b, g.Wait()
}

// bucketRows is the number of rows a bucket is meant to have: what is read whole when one of them differs.
const bucketRows = 256

// chunk compares one range. Sums that differ although no row does mean that rows changed between two looks; without a
// stream the range is then looked at again, and never passed over. Behind a stream, one look suffices in which every
// row was equal or was settled: sums of a source that is being written to never stand still.
func (v *verifier) chunk(ctx context.Context, p *plan, r span, out *Table) error {
	for try := 1; ; try++ {
		a, b, err := both(ctx, v, func(ctx context.Context, s side) (sums, error) { return p.summarise(ctx, s, r, 1) })
		if err != nil {
			return err
		}
		done := len(a.differing(b)) == 0
		if !done {
			if done, err = v.inspect(ctx, p, r, max(a.rows(), b.rows()), try, out); err != nil {
				return err
			}
		}
		if done {
			out.SourceRows += a.rows()
			out.TargetRows += b.rows()
			return nil
		}
		if err := v.wait(ctx); err != nil {
			return err
		}
	}
}

// candidates is how many rows may differ for a moment while a stream runs.
const candidates = 50_000

// inspect narrows a range that differs; done tells that its differences, if any, are final and noted.
func (v *verifier) inspect(ctx context.Context, p *plan, r span, rows int64, try int, out *Table) (done bool, err error) {
	limit, stream := v.o.MaxDiffs-len(out.Diffs), v.o.Fence != nil
	buckets := max(rows/bucketRows, 1)
	most := limit
	if stream {
		most = max(limit, candidates)
	}
	diffs, more, err := v.narrow(ctx, p, r, buckets, most)
	if err == nil && stream {
		diffs, err = v.recheck(ctx, p, r, buckets, diffs)
	}
	if err != nil {
		return false, err
	}
	switch lastTry := try >= v.o.Attempts; {
	case len(diffs) > 0:
		if len(diffs) > limit {
			diffs, more = diffs[:limit], true
		}
		out.add(diffs)
		out.Truncated = out.Truncated || more
		return true, nil
	case stream && !more:
		return true, nil
	case lastTry && stream:
		out.Truncated = true
		return true, nil
	case lastTry:
		return false, fmt.Errorf("the hashes of range (%s, %s] differ, and no row does: rows change while they are compared; stop the writers or verify behind the stream", r.after, r.upto)
	}
	return false, nil
}

func (t *Table) add(found []found) {
	for _, f := range found {
		t.Diffs = append(t.Diffs, f.Diff)
	}
}

// wait pauses, then waits for the stream.
func (v *verifier) wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(v.o.Delay):
	}
	return v.fence(ctx)
}

// fence waits for the stream, if one runs.
func (v *verifier) fence(ctx context.Context) error {
	if v.o.Fence == nil {
		return nil
	}
	if err := v.o.Fence(ctx); err != nil {
		return fmt.Errorf("wait for the change stream: %w", err)
	}
	return nil
}

// narrow finds the rows that differ in a range: buckets first, then the rows of those that differ.
func (v *verifier) narrow(ctx context.Context, p *plan, r span, n int64, limit int) (out []found, more bool, err error) {
	a, b, err := both(ctx, v, func(ctx context.Context, s side) (sums, error) { return p.summarise(ctx, s, r, n) })
	if err != nil {
		return nil, false, err
	}
	chosen := a.differing(b)
	// Every bucket that differs holds at least one difference.
	if most := max(limit, 1); len(chosen) > most {
		chosen, more = chosen[:most], true
	}
	for part := range slices.Chunk(chosen, 64) {
		x, y, err := both(ctx, v, func(ctx context.Context, s side) (map[string][]row, error) { return p.readBuckets(ctx, s, r, n, part) })
		if err != nil {
			return nil, false, err
		}
		out = append(out, p.compare(x, y)...)
		if len(out) > limit {
			return out[:limit], true, nil
		}
	}
	return out, more, nil
}
