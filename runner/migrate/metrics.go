package migrate

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"godwit/runner/change"
)

// metrics are the Prometheus metrics of a run.
type metrics struct {
	registry     *prometheus.Registry
	rowsLoaded   *prometheus.CounterVec
	bytesLoaded  *prometheus.CounterVec
	chunkSeconds prometheus.Histogram
	rowsApplied  prometheus.Counter
	transactions prometheus.Counter
	bytesApplied prometheus.Counter
	lag          prometheus.Gauge
	retries      prometheus.Counter
	batches      *prometheus.CounterVec
	exceptions   prometheus.Counter
}

func newMetrics(extra prometheus.Registerer, task string) *metrics {
	labels := prometheus.Labels{"task": task}
	counter := func(name, help string) prometheus.Counter {
		return prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help, ConstLabels: labels})
	}
	byTable := func(name, help string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help, ConstLabels: labels}, []string{"table"})
	}
	m := &metrics{
		registry:    prometheus.NewRegistry(),
		rowsLoaded:  byTable("godwit_load_rows_total", "Rows loaded by the full load."),
		bytesLoaded: byTable("godwit_load_bytes_total", "Bytes of values loaded by the full load."),
		chunkSeconds: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "godwit_load_chunk_seconds", Help: "Time to load a chunk.",
			ConstLabels: labels, Buckets: prometheus.ExponentialBuckets(0.01, 2, 16)}),
		rowsApplied:  counter("godwit_apply_rows_total", "Rows changed by the change stream."),
		transactions: counter("godwit_apply_transactions_total", "Source transactions applied."),
		bytesApplied: counter("godwit_apply_bytes_total", "Bytes of the source's log applied."),
		lag: prometheus.NewGauge(prometheus.GaugeOpts{Name: "godwit_lag_seconds",
			Help: "Age of the last applied source transaction when it was applied; -1 if unknown.", ConstLabels: labels}),
		retries: counter("godwit_retries_total", "Times that the run started over after an error that may go away."),
		batches: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "godwit_apply_batches_total",
			Help: "Target transactions of the change stream, by how they were applied.", ConstLabels: labels}, []string{"how"}),
		exceptions: counter("godwit_exceptions_total", "Rows of the change stream that were set aside in godwit.exceptions."),
	}
	m.lag.Set(-1)
	for _, c := range []prometheus.Collector{m.rowsLoaded, m.bytesLoaded, m.chunkSeconds, m.rowsApplied, m.transactions, m.bytesApplied, m.lag, m.retries, m.batches, m.exceptions} {
		m.registry.MustRegister(c)
		if extra != nil {
			_ = extra.Register(c) // a second run in the same process keeps the first one's
		}
	}
	return m
}

func (m *metrics) chunk(table string, done change.Loaded, took time.Duration) {
	m.rowsLoaded.WithLabelValues(table).Add(float64(done.Rows))
	m.bytesLoaded.WithLabelValues(table).Add(float64(done.Bytes))
	m.chunkSeconds.Observe(took.Seconds())
}

func (m *metrics) applied(txs, rows int, bytes int64) {
	m.transactions.Add(float64(txs))
	m.rowsApplied.Add(float64(rows))
	m.bytesApplied.Add(float64(bytes))
}

func (m *metrics) lagged(seconds float64) { m.lag.Set(seconds) }

// serve opens the task's metrics address.
func (r *runner) serve(ctx context.Context) (stop func(), err error) {
	if r.task.Metrics == "" {
		return func() {}, nil
	}
	ln, err := (&net.ListenConfig{}).Listen(ctx, "tcp", r.task.Metrics)
	if err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("/metrics", promhttp.HandlerFor(r.metrics.registry, promhttp.HandlerOpts{}))
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := srv.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			r.log.Warn("metrics endpoint ended", "error", err)
		}
	}()
	return func() {
		srv.Close()
		<-done
	}, nil
}

// batch counts a target transaction.
func (m *metrics) batch(folded, beside bool) {
	how := "ordered"
	if folded {
		how = "folded"
	}
	if beside {
		how += " beside others"
	}
	m.batches.WithLabelValues(how).Inc()
}
