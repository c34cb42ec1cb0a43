package verify

import (
	"context"
	"errors"
	"testing"
	"time"

	"godwit/runner/enginetest"
)

// notes is a journal that breaks after some entries.
type notes struct {
	marks map[string]Mark
	left  int
}

func (n *notes) Load(_ context.Context, table string) (Mark, error) { return n.marks[table], nil }

func (n *notes) Save(_ context.Context, table string, m Mark) error {
	if n.left--; n.left < 0 {
		return errors.New("the disk is full")
	}
	n.marks[table] = m
	return nil
}

// TestResume goes on where a run stopped: nothing is compared twice, and what was found before is kept.
func TestResume(t *testing.T) {
	p := newPair(t, enginetest.FreshMariaDB)
	tab := p.wide(t, "r", true, false, 3000)
	p.target(t, "UPDATE r SET v = 'x' WHERE id IN (5, 2995)")
	n := &notes{marks: map[string]Mark{}, left: 3}
	o := Options{ChunkRows: 100, Parallel: 1, Journal: n, Checkpoint: time.Nanosecond}
	// A checkpoint that is due at once still lets one range through.
	first := p.run(t, o, tab)[0]
	mark := n.marks[first.Source]
	if first.State != Failed || mark.Done || mark.Upto == "" || len(mark.Table.Diffs) != 1 {
		t.Fatalf("%+v, the journal has %+v", first, mark)
	}
	// What lies before the mark is not looked at again.
	p.target(t, "UPDATE r SET v = 'y' WHERE id = 6")
	n.left = 1000
	r := p.run(t, o, tab)[0]
	if r.State != Different || r.SourceRows != 3000 || r.Mismatched != 2 {
		t.Errorf("%+v", r)
	}
	if again := p.run(t, o, tab)[0]; again.Mismatched != 2 || !again.Finished.Equal(r.Finished) {
		t.Errorf("a table that is done is compared again: %+v", again)
	}
	n.marks = map[string]Mark{}
	if fresh := p.run(t, o, tab)[0]; fresh.Mismatched != 3 {
		t.Errorf("anew: %+v", fresh)
	}
}
