// Package fallback is the way back behind a cutover: what applications write on PostgreSQL flows to the MySQL or MariaDB
// server that the rows came from, until the move is final or the applications go back.
//
// The way back is armed by the cutover, behind the fence and the last verification and in front of the switch: only there do
// both sides hold the same rows while nobody writes. From then on PostgreSQL keeps its changes in a replication slot, so the
// stream may start at any time later and loses nothing; the log that it keeps meanwhile takes room on the server.
//
// The stream is the one of package migrate with both ends exchanged, so the same promises hold: transactions whole and in
// order, the position in the transaction of the rows, one run at a time.
package fallback

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"godwit/ir/catalog"
	"godwit/runner/change"
	"godwit/runner/cutover"
	"godwit/runner/endpoint"
	"godwit/runner/migrate"
	"godwit/runner/mysql/sink"
	"godwit/runner/postgres/logical"
)

// Way is the way back of a task.
type Way struct {
	Task     migrate.Task       // of the way there
	From     *endpoint.Endpoint // PostgreSQL
	To       *endpoint.Endpoint // MySQL or MariaDB
	Tables   []*catalog.Table   // as the way there moves them
	Database string             // of the progress on MySQL; "": sink.DefaultDatabase
	// ParkTriggers has the triggers of the old source put aside while changes flow there.
	ParkTriggers bool
	// OnError is what becomes of a row that the old source refuses or does not have: "stop" ("" is the same), or "except", which
	// writes it to the table exceptions beside the progress.
	OnError string
	// LeaveColumns has columns that PostgreSQL's tables get meanwhile left there; without it the first row with one ends the stream.
	LeaveColumns bool
	Logger       *slog.Logger
	Reporter     migrate.Reporter
}

var (
	_ cutover.Fallback = (*Way)(nil)
	_ cutover.Stream   = (*Way)(nil)
)

// Exceptions names the table of rows that the old source refused.
func (w *Way) Exceptions() string {
	return cmp.Or(w.Database, sink.DefaultDatabase) + ".exceptions on the old source"
}

func (w *Way) sinkOptions() sink.Options {
	return sink.Options{Task: w.Task.Name, Database: w.Database, ParkTriggers: w.ParkTriggers, Logger: w.Logger}
}

// turned is the task as the stream back sees it. Its tables are chosen already, by names of the other side; a change of the
// schema stops it, and a row that the old source refuses, unless the way back says otherwise. Target transactions go one after the other: InnoDB locks more
// than the rows that are changed, so those side by side would wait for each other.
func (w *Way) turned() (migrate.Task, migrate.Options) {
	t := w.Task
	t.Tables, t.DDL, t.Apply.OnError, t.Apply.Lanes = migrate.Selection{}, "stop", cmp.Or(w.OnError, "stop"), 1
	tables := migrate.Turned(w.Tables)
	if w.LeaveColumns {
		t.DDL = "ignore" // new columns are all that comes as a change of the schema
	}
	t.Values = turnedValues(t.Values, tables)
	return t, migrate.Options{
		Tables: tables, Back: true, Logger: w.Logger, Reporter: w.Reporter, Exceptions: w.Exceptions(),
		OpenSource: func(ctx context.Context) (migrate.Source, error) {
			s, err := w.source(ctx)
			if err != nil {
				return nil, err
			}
			return migrate.PostgresSource(s), nil
		},
		OpenSink: func(ctx context.Context) (migrate.Sink, error) {
			s, err := sink.Open(ctx, w.To, w.sinkOptions())
			if err != nil {
				return nil, err
			}
			return migrate.MySQLSink(s), nil
		},
	}
}

// turnedValues are the policies of the way there as far as the way back can state them; nothing there depends on them. Columns have
// other names here, and rows are not set aside for the values of the way there.
func turnedValues(v migrate.Values, tables []*catalog.Table) migrate.Values {
	known := map[string]bool{}
	for _, t := range tables {
		for _, c := range t.Columns {
			known[change.ColumnName(t, c.Name)] = true
		}
	}
	stop := func(policies ...*string) {
		for _, p := range policies {
			if *p == change.Except {
				*p = change.Stop
			}
		}
	}
	columns := map[string]migrate.ColumnValues{}
	for name, c := range v.Columns {
		if known[name] {
			stop(&c.ZeroDates, &c.NUL, &c.InvalidText)
			columns[name] = c
		}
	}
	v.Columns = columns
	stop(&v.ZeroDates, &v.NUL, &v.InvalidText)
	return v
}

func (w *Way) source(ctx context.Context) (*logical.Source, error) {
	return logical.Open(ctx, w.From, logical.Options{Task: w.Task.Name, Logger: w.Logger, Mark: w.OnError == change.Except})
}

// tables are those of the stream back.
func (w *Way) tables() (out []*change.Table, err error) {
	for _, t := range migrate.Turned(w.Tables) {
		ct, err := change.NewTable(t)
		if err != nil {
			return nil, err
		}
		out = append(out, ct)
	}
	return out, nil
}

// withSource runs f on an open source.
func (w *Way) withSource(ctx context.Context, f func(*logical.Source, []*change.Table) error) error {
	tables, err := w.tables()
	if err != nil {
		return err
	}
	s, err := w.source(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	return f(s, tables)
}

// Check tells all that would keep the way back from working, and changes nothing.
func (w *Way) Check(ctx context.Context) (problems []error, err error) {
	err = w.withSource(ctx, func(s *logical.Source, tables []*change.Table) error {
		var err error
		if problems, err = s.Check(ctx, tables); err != nil {
			return err
		}
		more, err := sink.Check(ctx, w.To, w.sinkOptions(), tables)
		problems = append(problems, more...)
		return err
	})
	return problems, err
}

// Prepare makes the tables of the progress on the old source while it still takes writes: it tries the account's rights before
// anything is fenced.
func (w *Way) Prepare(ctx context.Context) error {
	s, err := sink.Open(ctx, w.To, w.sinkOptions())
	if err != nil {
		return err
	}
	return s.Close()
}

// Arm puts triggers aside, makes PostgreSQL keep its changes, and records where the stream back begins.
func (w *Way) Arm(ctx context.Context) (string, error) {
	detail := ""
	err := w.withSource(ctx, func(s *logical.Source, tables []*change.Table) error {
		parked, err := w.park(ctx, tables)
		if err != nil {
			return err
		}
		at, err := s.Arm(ctx, tables)
		if err != nil {
			return err
		}
		detail = fmt.Sprintf("the target keeps its changes from %s on", at)
		if parked > 0 {
			detail += fmt.Sprintf(", %d triggers of the source are put aside", parked)
		}
		task, o := w.turned()
		return migrate.Begin(ctx, task, o, at)
	})
	return detail, err
}

func (w *Way) park(ctx context.Context, tables []*change.Table) (int, error) {
	if !w.ParkTriggers {
		return 0, nil
	}
	s, err := sink.Open(ctx, w.To, w.sinkOptions())
	if err != nil {
		return 0, err
	}
	defer s.Close()
	return s.Park(ctx, tables)
}

// Disarm gives the way back up: PostgreSQL keeps no more changes, and the old source's triggers are made again.
func (w *Way) Disarm(ctx context.Context) error {
	_, err := w.GiveUp(ctx)
	return err
}

// GiveUp is Disarm, and tells whether there was anything of a way back.
func (w *Way) GiveUp(ctx context.Context) (found bool, err error) {
	err = w.withSource(ctx, func(s *logical.Source, _ []*change.Table) error {
		var err error
		if found, err = s.Armed(ctx); err != nil {
			return err
		}
		return s.Disarm(ctx)
	})
	if err != nil {
		return found, err
	}
	n, err := w.Unpark(ctx)
	return found || n > 0, err
}

// Drop makes PostgreSQL keep no more changes. What was kept and not applied is lost.
func (w *Way) Drop(ctx context.Context) error {
	return w.withSource(ctx, func(s *logical.Source, _ []*change.Table) error { return s.Disarm(ctx) })
}

// Unpark makes the triggers again that were put aside.
func (w *Way) Unpark(ctx context.Context) (int, error) {
	s, err := sink.Open(ctx, w.To, w.sinkOptions())
	if err != nil {
		return 0, err
	}
	defer s.Close()
	return s.Unpark(ctx)
}

// Run streams back until the goal is reached or ctx is done.
func (w *Way) Run(ctx context.Context, until migrate.Until) (migrate.Result, error) {
	task, o := w.turned()
	o.Until = until
	return migrate.Run(ctx, task, o)
}

// CatchUp applies what PostgreSQL has committed until now.
func (w *Way) CatchUp(ctx context.Context) error {
	if err := w.begun(ctx); err != nil {
		return err
	}
	_, err := w.Run(ctx, migrate.Until{CaughtUp: true})
	return err
}

// begun fails when nothing was armed: a stream without a beginning would start with a full load.
func (w *Way) begun(ctx context.Context) error {
	st, _, err := sink.ReadState(ctx, w.To, w.sinkOptions())
	if err == nil && st.Phase != change.PhaseConsistent {
		err = fmt.Errorf("%w: the old source has no record of it", logical.ErrNotArmed)
	}
	return err
}

// Position is the end of PostgreSQL's log.
func (w *Way) Position(ctx context.Context) (p change.Position, err error) {
	err = w.withSource(ctx, func(s *logical.Source, _ []*change.Table) error {
		p, err = s.Position(ctx)
		return err
	})
	return p, err
}

// Drain applies everything up to p.
func (w *Way) Drain(ctx context.Context, p change.Position) (int64, error) {
	res, err := w.Run(ctx, migrate.Until{Position: p})
	return res.Changes, err
}

// Status is the state of a way back.
type Status struct {
	cutover.Progress
	Slot     string `json:"slot"`
	Armed    bool   `json:"armed"`
	Running  bool   `json:"stream_connected"`
	Lost     bool   `json:"lost"`                 // the server gave the slot up
	Retained int64  `json:"retained_bytes"`       // log that PostgreSQL keeps for the way back
	Missing  int64  `json:"bytes_to_apply"`       // log between the applied position and the end
	Changes  int64  `json:"rows_changed"`         // since it was armed
	Aside    int64  `json:"exceptions"`           // rows that were set aside on the old source
	Lag      string `json:"lag_seconds,omitzero"` // age of the last commit that was applied; "" when nothing was
}

// idleLag is how old the last position is at most while a stream runs and has nothing to apply.
const idleLag = 5 * time.Second

// Status reads how far the way back is and disturbs no run of it.
func (w *Way) Status(ctx context.Context) (Status, error) {
	var out Status
	err := w.withSource(ctx, func(s *logical.Source, _ []*change.Table) error {
		slot, err := s.Slot(ctx)
		if err != nil {
			return err
		}
		out = Status{Slot: s.Name(), Armed: slot.There, Running: slot.Active, Lost: slot.Lost, Retained: slot.Retained}
		end, err := s.Position(ctx)
		if err != nil {
			return err
		}
		st, _, err := sink.ReadState(ctx, w.To, w.sinkOptions())
		if err != nil {
			return err
		}
		out.Phase, out.Applied, out.End, out.Commit, out.Changes = st.Phase, st.Position, end.String(), st.CommitTime, st.Changes
		if out.Aside, err = sink.Exceptions(ctx, w.To, w.sinkOptions()); err != nil {
			return err
		}
		if st.Position == "" {
			return nil
		}
		at, err := logical.ParseLSN(st.Position)
		if err != nil {
			return err
		}
		out.InSync = at.Covers(end)
		if e, ok := end.(logical.LSN); ok && e > at {
			out.Missing = int64(e - at)
		}
		if !st.CommitTime.IsZero() {
			// An idle stream stores its position every few seconds.
			lag := time.Since(st.CommitTime)
			out.InSync = out.InSync || slot.Active && lag < idleLag
			out.Lag = fmt.Sprintf("%.1f", max(lag, 0).Seconds())
		}
		return nil
	})
	return out, err
}

// Progress tells how far the stream back is.
func (w *Way) Progress(ctx context.Context) (cutover.Progress, error) {
	st, err := w.Status(ctx)
	switch {
	case err != nil:
		return st.Progress, err
	case !st.Armed:
		return st.Progress, fmt.Errorf("%w: there is no slot %s", logical.ErrNotArmed, st.Slot)
	case st.Lost:
		return st.Progress, fmt.Errorf("%w: slot %s was given up by the server", logical.ErrPositionLost, st.Slot)
	}
	return st.Progress, nil
}

// errTriggers tells of triggers that somebody made on the old source meanwhile.
var errTriggers = errors.New("the old source cannot take changes")

// CheckBack fails when something stands in the way of going back.
func (w *Way) CheckBack(ctx context.Context) error {
	if _, err := w.Progress(ctx); err != nil {
		return err
	}
	if err := w.begun(ctx); err != nil {
		return err
	}
	tables, err := w.tables()
	if err != nil {
		return err
	}
	o := w.sinkOptions()
	o.ParkTriggers = false
	problems, err := sink.Check(ctx, w.To, o, tables)
	if len(problems) > 0 {
		return fmt.Errorf("%w: %w", errTriggers, errors.Join(problems...))
	}
	return err
}
