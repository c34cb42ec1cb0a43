package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"godwit/runner/verify"
)

// verifySection is the part of a task file about verification.
type verifySection struct {
	// Continuous makes godwit migrate go on comparing beside the change stream, round after round.
	Continuous bool `yaml:"continuous"`
	// Rate is the number of rows compared per second at most; default 20000. It bounds continuous verification only.
	Rate int64 `yaml:"rate"`
	// Report is a file that holds the last outcome of every table as JSON.
	Report string `yaml:"report"`
	// Metrics is the address of the Prometheus endpoint of godwit verify --watch, such as "127.0.0.1:9188".
	Metrics string `yaml:"metrics"`
}

func (v verifySection) validate() error {
	if v.Rate < 0 {
		return errors.New("verify.rate: must not be negative; 0 is the default")
	}
	return nil
}

// defaultRate of continuous verification, in rows per second.
const defaultRate = 20_000

// roundPause is the least time between the beginnings of two rounds, so that small databases are not compared all the time.
const roundPause = 10 * time.Second

type watchOptions struct {
	rounds  int
	report  string
	metrics string
	json    bool
}

// watchReport is the report file of continuous verification: the last outcome of every table.
type watchReport struct {
	Task    string         `json:"task"`
	Round   int            `json:"round"` // the one that is under way
	Updated time.Time      `json:"updated"`
	Tables  []verify.Table `json:"tables"`
}

// watcher compares all tables round after round.
type watcher struct {
	app  *app
	p    *project
	o    verify.Options
	w    watchOptions
	m    *verifyMetrics
	last map[string]verify.Table
	done int // rounds
}

func (a *app) watchTables(ctx context.Context, p *project, o verify.Options, w watchOptions) error {
	if o.Rate == 0 {
		o.Rate = orNumber(p.task.Verify.Rate, defaultRate)
	}
	if w.report == "" {
		w.report = p.task.Verify.Report
	}
	j, err := verify.OpenJournal(ctx, p.pool, p.task.Name, true)
	if err != nil {
		return err
	}
	x := &watcher{app: a, p: p, o: o, w: w, m: newVerifyMetrics(p.task.Name), last: map[string]verify.Table{}}
	if j != nil {
		x.o.Journal = latest{j}
	}
	stop, err := x.m.serve(ctx, w.metrics)
	if err != nil {
		return err
	}
	defer stop()
	return x.run(ctx)
}

// watchBeside compares beside the change stream that this process runs, until ctx is done.
func (a *app) watchBeside(ctx context.Context, p *project) error {
	own := p.apart()
	fence, closeFence, err := own.fence(ctx, nil)
	if err != nil {
		return err
	}
	defer closeFence()
	quiet := &app{out: io.Discard, err: a.err}
	err = quiet.watchTables(ctx, own, verify.Options{Fence: fence}, watchOptions{metrics: p.task.Verify.Metrics})
	if errors.Is(err, context.Canceled) {
		return nil // the first round was not over
	}
	return err
}

func orNumber(n, d int64) int64 {
	if n == 0 {
		return d
	}
	return n
}

// latest is a journal that keeps what was found, and never goes on where another run stopped.
type latest struct{ *verify.TargetJournal }

// Load implements verify.Journal.
func (latest) Load(context.Context, string) (verify.Mark, error) { return verify.Mark{}, nil }

// Save implements verify.Journal.
func (o latest) Save(ctx context.Context, table string, m verify.Mark) error {
	if !m.Done {
		return nil
	}
	return o.TargetJournal.Save(ctx, table, m)
}

// run goes on until interrupted, or for so many rounds. The outcome is the last one of every table: a difference that a
// later round does not find any more was mended.
func (x *watcher) run(ctx context.Context) error {
	x.o.Parallel = 1 // the rate is what counts, and the servers are used by others
	for {
		began := time.Now()
		err := x.round(ctx)
		if ctx.Err() == nil && err == nil {
			x.done++
			x.m.rounds.Inc()
			fmt.Fprintf(x.app.err, "round %d: %s\n", x.done, x.summary())
		}
		switch {
		case ctx.Err() != nil && x.done > 0:
			return x.conclude()
		case ctx.Err() != nil:
			return fmt.Errorf("interrupted before every table was compared once: %w", ctx.Err())
		case err != nil && x.done == 0:
			return err
		case err != nil:
			fmt.Fprintf(x.app.err, "verification: %v; it goes on\n", err)
		case x.w.rounds > 0 && x.done >= x.w.rounds:
			return x.conclude()
		}
		select {
		case <-ctx.Done():
		case <-time.After(roundPause - time.Since(began)):
		}
	}
}

func (x *watcher) round(ctx context.Context) error {
	if err := x.p.refresh(ctx); err != nil {
		return err
	}
	for _, t := range x.p.unmovedTables() {
		x.m.table(t)
	}
	for i := range x.p.tables {
		one := *x.p
		one.tables, one.unmoved = x.p.tables[i:i+1], nil
		o := x.o
		seen := int64(0)
		o.Progress = func(_ string, rows int64) {
			x.m.rows.Add(float64(rows - seen))
			seen = rows
		}
		rep, err := one.verify(ctx, o)
		if err != nil {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err() // a table that was cut short says nothing
		}
		x.take(rep.Tables[0])
	}
	return nil
}

func (x *watcher) take(t verify.Table) {
	was, known := x.last[t.Source]
	x.last[t.Source] = t
	x.m.table(t)
	if t.State != verify.Verified && (!known || was.State != t.State || len(was.Diffs) != len(t.Diffs)) {
		_ = printVerify(x.app.err, &verify.Report{Tables: []verify.Table{t}})
	}
	if known && was.State != verify.Verified && t.State == verify.Verified {
		fmt.Fprintf(x.app.err, "%s: verified again\n", t.Source)
	}
	if x.w.report != "" {
		if err := writeReport(x.w.report, x.report()); err != nil {
			fmt.Fprintln(x.app.err, err)
		}
	}
}

func (x *watcher) report() watchReport {
	r := watchReport{Task: x.p.task.Name, Round: x.done + 1, Updated: time.Now()}
	for _, t := range x.p.tables {
		if last, ok := x.last[t.Schema+"."+t.Name]; ok {
			r.Tables = append(r.Tables, last)
		}
	}
	r.Tables = append(r.Tables, x.p.unmovedTables()...)
	return r
}

func (x *watcher) summary() string {
	n := map[verify.State]int{}
	for _, t := range x.last {
		n[t.State]++
	}
	s := fmt.Sprintf("%d of %d tables verified", n[verify.Verified], len(x.p.tables))
	for _, st := range []verify.State{verify.Different, verify.Unsettled, verify.Unverifiable, verify.Failed} {
		if n[st] > 0 {
			s += fmt.Sprintf(", %d %s", n[st], st)
		}
	}
	return s
}

// conclude prints the last outcome of every table; it is an error when one is not verified.
func (x *watcher) conclude() error {
	rep := &verify.Report{Tables: x.report().Tables}
	var err error
	if x.w.json {
		err = json.NewEncoder(x.app.out).Encode(rep)
	} else {
		err = printVerify(x.app.out, rep)
	}
	if err != nil {
		return err
	}
	return verifyError(rep)
}

// verifyMetrics are the Prometheus metrics of continuous verification.
type verifyMetrics struct {
	registry    *prometheus.Registry
	rows        prometheus.Counter
	rounds      prometheus.Counter
	differences *prometheus.GaugeVec
	state       *prometheus.GaugeVec
	checked     *prometheus.GaugeVec
}

func newVerifyMetrics(task string) *verifyMetrics {
	labels := prometheus.Labels{"task": task}
	gauge := func(name, help string, by ...string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}, by)
	}
	m := &verifyMetrics{
		registry:    prometheus.NewRegistry(),
		rows:        prometheus.NewCounter(prometheus.CounterOpts{Name: "godwit_verify_rows_total", Help: "Rows of the source compared.", ConstLabels: labels}),
		rounds:      prometheus.NewCounter(prometheus.CounterOpts{Name: "godwit_verify_rounds_total", Help: "Times that all tables were compared.", ConstLabels: labels}),
		differences: gauge("godwit_verify_differences", "Rows that differed when the table was compared last.", "table", "kind"),
		state:       gauge("godwit_verify_state", "1 for the state that the table was found in last; only verified is a success.", "table", "state"),
		checked:     gauge("godwit_verify_finished_seconds", "When the table was compared last, in seconds since 1970.", "table"),
	}
	m.registry.MustRegister(m.rows, m.rounds, m.differences, m.state, m.checked)
	return m
}

func (m *verifyMetrics) table(t verify.Table) {
	for _, s := range []verify.State{verify.Verified, verify.Different, verify.Unsettled, verify.Unverifiable, verify.Failed} {
		v := 0.0
		if s == t.State {
			v = 1
		}
		m.state.WithLabelValues(t.Source, string(s)).Set(v)
	}
	m.differences.WithLabelValues(t.Source, string(verify.Missing)).Set(float64(t.Missing))
	m.differences.WithLabelValues(t.Source, string(verify.Extraneous)).Set(float64(t.Extraneous))
	m.differences.WithLabelValues(t.Source, string(verify.Mismatch)).Set(float64(t.Mismatched))
	m.checked.WithLabelValues(t.Source).Set(float64(t.Finished.UnixMilli()) / 1000)
}

func (m *verifyMetrics) serve(ctx context.Context, address string) (stop func(), err error) {
	if address == "" {
		return func() {}, nil
	}
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("metrics of the verification: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := srv.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			return
		}
	}()
	return func() { srv.Close(); <-done }, nil
}
