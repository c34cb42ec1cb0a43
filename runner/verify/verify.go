// Package verify proves that two databases hold the same rows.
//
// Each server hashes canonical texts of its own rows; the hashes are summed per range of keys and compared; ranges that
// differ are narrowed to buckets and then to rows, which are reported as missing, extraneous or mismatched. While a change
// stream runs, rows that differ are candidates only, and are checked again behind it: see recheck. Nothing here uses the
// mover's readers: a loss in them would otherwise hide itself.
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

// Fence takes the source's position; what it returns waits until the target has applied everything up to there.
type Fence func(ctx context.Context) (reached func(context.Context) error, err error)

// Options tune a run. The zero value is usable.
type Options struct {
	Parallel  int           // ranges at a time, and tables; 2 if 0
	ChunkRows int64         // rows per range; 100,000 if 0
	MaxDiffs  int           // differences listed per table; 1,000 if 0
	Fence     Fence         // nil when no change stream runs: every difference is then final
	Attempts  int           // checks behind the stream before a difference counts; 5 if 0
	Delay     time.Duration // between these checks; 1 s if 0
	Values    Values        // what the mover was told to do with values that the target cannot hold
	Rate      int64         // rows per second at most, so that the servers stay free for others; no limit if 0
	// Checkpoint is the time between two moments at which candidates are settled and the progress is kept; 20 s if 0.
	Checkpoint time.Duration
	Journal    Journal // where the progress is kept, so that a run that stopped goes on; nil: nowhere
	Progress   func(table string, rows int64)
}

func (o *Options) defaults() {
	setDefault(&o.Parallel, 2)
	setDefault(&o.ChunkRows, 100_000)
	setDefault(&o.MaxDiffs, 1000)
	setDefault(&o.Attempts, 5)
	setDefault(&o.Delay, time.Second)
	setDefault(&o.Checkpoint, 20*time.Second)
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
	Finished   time.Time     `json:"finished"`
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
	v := newVerifier(source, targetPool, o)
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
	slots          chan struct{} // one for each range that is being hashed
	pace           pacer
}

func newVerifier(source *sql.DB, targetPool *pgxpool.Pool, o Options) *verifier {
	return &verifier{source: mysqlSide{source}, target: pgSide{targetPool}, pool: targetPool, o: o,
		slots: make(chan struct{}, o.Parallel), pace: pacer{rate: o.Rate, began: time.Now()}}
}

func (v *verifier) table(ctx context.Context, t *catalog.Table) Table {
	start := time.Now()
	out := Table{Source: t.Schema + "." + t.Name, Target: targetSchema(t) + "." + t.Target, State: Verified}
	before, err := v.compare(ctx, t, &out)
	if before {
		return out
	}
	out.Elapsed += time.Since(start)
	out.Finished = time.Now()
	switch {
	case errors.Is(err, ErrUnverifiable):
		out.State, out.Error = Unverifiable, err.Error()
	case err != nil:
		out.State, out.Error = Failed, err.Error()
	default:
		out.settle()
	}
	if err := v.finish(ctx, &out); err != nil && out.Error == "" {
		out.State, out.Error = Failed, err.Error()
	}
	return out
}

// settle derives counts and state from the differences.
func (t *Table) settle() {
	real := false
	t.Missing, t.Extraneous, t.Mismatched = 0, 0, 0
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
