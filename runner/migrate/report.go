package migrate

import "time"

// Phase is a part of a run.
type Phase string

// Phases of a run, in order.
const (
	PhasePlan   Phase = "plan"
	PhaseLoad   Phase = "full load"
	PhaseHooks  Phase = "constraints"
	PhaseStream Phase = "change stream"
	PhaseDone   Phase = "done"
)

// Event is a report of progress.
type Event struct {
	Time  time.Time `json:"time"`
	Task  string    `json:"task"`
	Phase Phase     `json:"phase"`
	// Table is set for reports about one table of the full load.
	Table     string  `json:"table,omitempty"`
	Rows      int64   `json:"rows,omitempty"`
	Estimate  int64   `json:"estimate,omitempty"` // expected rows, 0 if unknown
	Bytes     int64   `json:"bytes,omitempty"`
	Rate      float64 `json:"rows_per_second,omitempty"`
	ETA       float64 `json:"eta_seconds,omitempty"`
	TableDone bool    `json:"table_done,omitempty"`
	// The rest is set in the change stream.
	Position     string  `json:"position,omitempty"`
	Lag          float64 `json:"lag_seconds"` // -1 if unknown
	Transactions int64   `json:"transactions,omitempty"`
	Changes      int64   `json:"changes,omitempty"`
	Exceptions   int64   `json:"exceptions,omitempty"` // rows set aside in this run
}

// Reporter receives progress. Report must not block for long and may be called from several goroutines.
type Reporter interface{ Report(Event) }
