package cutover

import (
	"context"
	"errors"
	"fmt"
	"time"

	"godwit/runner/change"
)

// Writers wait from the fence to the switch for whatever is not applied yet, so the fence goes up only when little is left.
//
// A round of catching up brings what was committed when it began. What is left behind it was written during the round: a
// round that was short leaves little, whatever the clocks of the servers say and however idle the source was.

// defaultMaxLag is how far behind the stream may be when the fence goes up.
const defaultMaxLag = 5 * time.Second

// ErrBehind tells that the stream is too far behind for the fence.
var ErrBehind = errors.New("the change stream is too far behind for the fence")

// Lag is how a run treats a stream that is behind.
type Lag struct {
	// Max is how far behind the stream may be when the fence goes up; 5 s if 0.
	Max time.Duration
	// Wait is how long to catch up at most; 0: as long as the stream gets nearer.
	Wait time.Duration
	// Refuse is not to wait at all.
	Refuse bool
}

func (l Lag) max() time.Duration {
	if l.Max <= 0 {
		return defaultMaxLag
	}
	return l.Max
}

// stuckAfter is how many rounds in a row may take as long as the one before them.
const stuckAfter = 3

// catchUp applies what there is until the fence can go up.
func (r *run) catchUp(ctx context.Context) (string, error) {
	limit := r.o.Lag.max()
	if r.o.Lag.Refuse {
		if err := r.refuse(ctx); err != nil {
			return "", err
		}
	}
	within, cancel := ctx, context.CancelFunc(func() {})
	if r.o.Lag.Wait > 0 {
		within, cancel = context.WithTimeout(ctx, r.o.Lag.Wait)
	}
	defer cancel()
	began, last, stuck := time.Now(), time.Duration(0), 0
	for n := 1; ; n++ {
		start := time.Now()
		err := r.o.Stream.CatchUp(within)
		took := time.Since(start)
		switch {
		case ctx.Err() == nil && within.Err() != nil:
			return "", r.late(ctx)
		case err != nil:
			return "", fmt.Errorf("catch up with the %s: %w", r.side(), err)
		case took <= limit || r.near(ctx, limit):
			return fmt.Sprintf("the stream is in sync: caught up in %.1f s, the last of %d rounds took %.1f s", time.Since(began).Seconds(), n, took.Seconds()), nil
		}
		if stuck++; last == 0 || took < last*9/10 {
			stuck = 0
		}
		if last = took; stuck == stuckAfter {
			return "", fmt.Errorf("%w: it does not get nearer, the last of %d rounds of catching up took %.1f s; %s", ErrBehind, n, took.Seconds(), r.way())
		}
	}
}

// near tells that the stream is near by the source's clock: a round may be long for reasons of its own, such as a log
// that the server has to search.
func (r *run) near(ctx context.Context, limit time.Duration) bool {
	p, err := r.o.Stream.Progress(ctx)
	return err == nil && p.Near(limit)
}

// refuse fails when the stream is too far behind now. It comes before the stream is taken over from the run that follows.
func (r *run) refuse(ctx context.Context) error {
	p, err := r.nowAndThen(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("read how far the stream is: %w", err)
	case p.Near(r.o.Lag.max()):
		return nil
	}
	return fmt.Errorf("%w: %s; let %s follow until %s says less than %s, or wait here with --wait 1h", ErrBehind, p.text(), r.follower(), r.teller(), r.o.Lag.max())
}

// nowAndThen reads the progress until it is near, a moment apart: the first change after an idle hour makes the last
// applied one an hour old.
func (r *run) nowAndThen(ctx context.Context) (p Progress, err error) {
	for range 3 {
		p, err = r.o.Stream.Progress(ctx)
		if err != nil || p.Near(r.o.Lag.max()) {
			return p, err
		}
		if err := pause(ctx, 300*time.Millisecond); err != nil {
			return p, err
		}
	}
	return p, nil
}

// late tells that the time for catching up is over.
func (r *run) late(ctx context.Context) error {
	how := "how far is not known"
	if p, err := r.o.Stream.Progress(ctx); err == nil {
		how = p.text()
	}
	return fmt.Errorf("%w after %s of catching up: %s; %s", ErrBehind, r.o.Lag.Wait, how, r.way())
}

// way is what to do about a stream that stays behind.
func (r *run) way() string {
	return fmt.Sprintf("what was applied is kept. The %s was not fenced and nobody follows it now: run %s to go on, then %s again when fewer writes come, with a longer --wait, or with a --max-lag that allows for the pause",
		r.side(), r.follower(), r.name())
}

func (r *run) follower() string {
	if r.o.Back != nil {
		return "godwit fallback run"
	}
	return "godwit migrate"
}

func (r *run) teller() string {
	if r.o.Back != nil {
		return "godwit fallback status"
	}
	return "godwit status"
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// Comparison is how long a verification of all rows takes, as far as that is known.
type Comparison struct {
	Rows    int64
	Elapsed time.Duration
}

// Pause is how long writers are expected to wait, from the fence to the switch. Constraints that are not validated yet come
// on top: how long they take shows only when they are.
type Pause struct {
	Drain   time.Duration `json:"drain_ns"` // at most
	Quiet   time.Duration `json:"quiet_ns"`
	Compare time.Duration `json:"compare_ns"`
	Rows    int64         `json:"rows_compared"`
	Known   bool          `json:"known"` // Compare is known
	Detail  string        `json:"detail"`
}

// measure is how long the stream is watched to see how fast it is.
const measure = 2 * time.Second

// expect tells how long the stream needs to be near, and how long the pause will be.
func (d *rehearsal) expect(ctx context.Context) {
	limit := d.o.Lag.max()
	if p := d.Progress; p.Applied != "" && !p.Near(limit) && d.rec.State.before(Fenced) {
		if d.o.Lag.Refuse {
			d.note(d.refuse(ctx))
		}
		d.CatchUp = d.speed(ctx)
		if n := len(d.Steps); n > 0 && d.CatchUp != "" {
			d.Steps[n-1].Detail += "; " + d.CatchUp
		}
	}
	e := &d.Pause
	e.Drain, e.Quiet = limit, quiet(d.o.Quiet)
	if d.Progress.Near(limit) {
		e.Drain = d.Progress.Lag()
	}
	e.Detail = fmt.Sprintf("%.1f s at most for the last changes, %.1f s of silence", e.Drain.Seconds(), e.Quiet.Seconds())
	if d.o.Compared != nil {
		c, err := d.o.Compared(ctx)
		d.note(err)
		e.Compare, e.Rows, e.Known = c.Elapsed, c.Rows, err == nil && c.Elapsed > 0
	}
	if !e.Known {
		e.Detail = fmt.Sprintf("at least %.1f s: %s, and the comparison of all rows, whose time is not known before the first verification", (e.Drain + e.Quiet).Seconds(), e.Detail)
		return
	}
	e.Detail = fmt.Sprintf("about %.1f s: %s, %.1f s to compare %d rows as the last verification did", (e.Drain + e.Quiet + e.Compare).Seconds(), e.Detail, e.Compare.Seconds(), e.Rows)
}

// speed watches the stream for a moment.
func (d *rehearsal) speed(ctx context.Context) string {
	start := time.Now()
	if pause(ctx, measure) != nil {
		return ""
	}
	p, err := d.o.Stream.Progress(ctx)
	if err != nil || p.Phase != change.PhaseConsistent {
		return ""
	}
	took, before := time.Since(start), d.Progress
	per := p.Commit.Sub(before.Commit).Seconds() / took.Seconds()
	switch {
	case p.InSync:
		return "it has caught up meanwhile"
	case p.Applied == before.Applied:
		return fmt.Sprintf("nothing was applied within %s: no run of %s is at it, or one is in a large transaction", measure, d.follower())
	case before.Commit.IsZero():
		return "how fast it is shows when the first change is applied"
	case per <= 1.05:
		return fmt.Sprintf("it does not get nearer: it applies %.1f s of the %s's changes in a second", max(per, 0), d.side())
	}
	return fmt.Sprintf("it applies %.1f s of the %s's changes in a second, so the fence can go up in about %s", per, d.side(),
		time.Duration(p.Lag().Seconds()/(per-1)*float64(time.Second)).Round(time.Second))
}
