package cutover

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"godwit/runner/change"
)

// behind is a stream whose rounds of catching up take given times.
type behind struct {
	*rig
	rounds []time.Duration
	moved  time.Duration // of the source's time, while it is looked at
	lag    time.Duration
	looked int
}

func (b *behind) CatchUp(ctx context.Context) error {
	b.note("catch up")
	d := b.rounds[0]
	if len(b.rounds) > 1 {
		b.rounds = b.rounds[1:]
	}
	return pause(ctx, d)
}

func (b *behind) Progress(context.Context) (Progress, error) {
	b.looked++
	at := "3"
	if b.moved != 0 && b.looked > 1 {
		at = "4"
	}
	return Progress{Phase: change.PhaseConsistent, Applied: at, End: "5", Commit: time.Now().Add(-b.lag).Add(time.Duration(b.looked-1) * b.moved)}, nil
}

// TestBehind: the fence goes up only when the stream is near, and never when it does not get there.
func TestBehind(t *testing.T) {
	ctx, pool := context.Background(), target(t)
	const max, hour = 50 * time.Millisecond, time.Hour
	for _, c := range []struct {
		name   string
		rounds []time.Duration
		lag    time.Duration
		policy Lag
		calls  int    // of CatchUp
		err    string // "": it goes on to the switch
	}{
		{"nearer in every round", []time.Duration{200 * time.Millisecond, 100 * time.Millisecond, time.Millisecond}, hour, Lag{Max: max}, 3, ""},
		{"a long round that leaves nothing", []time.Duration{100 * time.Millisecond}, time.Millisecond, Lag{Max: max}, 1, ""},
		{"never nearer", []time.Duration{60 * time.Millisecond, 120 * time.Millisecond, 180 * time.Millisecond, 240 * time.Millisecond}, hour, Lag{Max: max}, 4, "does not get nearer"},
		{"not in time", []time.Duration{hour}, hour, Lag{Max: max, Wait: 100 * time.Millisecond}, 1, "after 100ms of catching up: applied up to 3"},
		{"no waiting", []time.Duration{0}, hour, Lag{Max: max, Refuse: true}, 0, "s old; let godwit migrate follow until godwit status says less than 50ms, or wait here"},
		{"no waiting, and near", []time.Duration{0}, time.Millisecond, Lag{Max: max, Refuse: true}, 1, ""},
	} {
		b := &behind{rig: &rig{}, rounds: c.rounds, lag: c.lag}
		o := b.options(pool)
		o.Task, o.Stream, o.Lag = c.name, b, c.policy
		res, err := Run(ctx, o)
		n := strings.Count(strings.Join(b.log, "\n"), "catch up")
		switch {
		case n != c.calls:
			t.Errorf("%s: %d rounds, want %d", c.name, n, c.calls)
		case c.err == "" && (err != nil || res.State != Switched):
			t.Errorf("%s: %v", c.name, err)
		case c.err != "" && (!errors.Is(err, ErrBehind) || !strings.Contains(err.Error(), c.err) || b.ro || res.State != New):
			t.Errorf("%s: %v, read only %v, %s", c.name, err, b.ro, res.State)
		case c.err != "" && !c.policy.Refuse && !strings.Contains(err.Error(), "run godwit migrate to go on"):
			t.Errorf("%s: the next step is not told: %v", c.name, err)
		}
	}
}

// TestExpectedPause: a dry run tells how long writers will wait, and how soon the fence can go up.
func TestExpectedPause(t *testing.T) {
	ctx, pool := context.Background(), target(t)
	for _, c := range []struct {
		name     string
		moved    time.Duration
		policy   Lag
		compared Comparison
		want     []string
		blocked  string
	}{
		{"nearer", 22 * time.Second, Lag{}, Comparison{Rows: 1000, Elapsed: 4 * time.Second},
			[]string{"in a second, so the fence can go up in about", "about 9.5 s: 5.0 s at most for the last changes, 0.5 s of silence, 4.0 s to compare 1000 rows"}, ""},
		{"slower than the source", -time.Second, Lag{}, Comparison{}, []string{"does not get nearer", "at least 5.5 s", "before the first verification"}, ""},
		{"nobody applies", 0, Lag{Max: time.Minute}, Comparison{}, []string{"nothing was applied within 2s: no run of godwit migrate", "at least 60.5 s"}, ""},
		{"refused", 22 * time.Second, Lag{Refuse: true}, Comparison{}, nil, "too far behind"},
	} {
		b := &behind{rig: &rig{}, lag: time.Hour, moved: c.moved}
		o := b.options(pool)
		o.Stream, o.Lag, o.Quiet = b, c.policy, 500*time.Millisecond
		o.Compared = func(context.Context) (Comparison, error) { return c.compared, nil }
		d, err := DryRun(ctx, o)
		if err != nil || len(b.log) != 0 {
			t.Fatalf("%s: %v, %v", c.name, err, b.log)
		}
		told := d.Steps[0].Detail + "\n" + d.Pause.Detail
		for _, w := range c.want {
			if !strings.Contains(told, w) {
				t.Errorf("%s: %q is not in %q", c.name, w, told)
			}
		}
		if err := errors.Join(d.Blockers...); (err == nil) != (c.blocked == "") || err != nil && !strings.Contains(err.Error(), c.blocked) {
			t.Errorf("%s: blocked by %v", c.name, err)
		}
	}
}
