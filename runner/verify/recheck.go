package verify

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

const (
	pollKeys    = 200                  // rows that are few enough to be read again and again
	pollEvery   = 3 * time.Millisecond // between two looks at them
	pollRounds  = 40                   // looks at both sides once the stream is there
	quietRounds = 10                   // of them, if no row changes meanwhile
)

// look again at candidates behind the stream.
//
// In each round the source's position is taken, then the candidates are read on the source, the stream is waited for,
// and they are read on both sides. The target then holds each row as the source had it at that position or later, so a
// row is fine when the target's form of it is one that the source was seen to have since. A row is a difference when the
// source stood still in two rounds in a row and the target's form was the same and another: one round is not enough,
// since a server may write a change to its log a moment before it shows it. What the source changes all the time is read
// often; if it still is not met in the form that the target has, nothing can be said of it: it is unsettled.
//
// Without a key, the row's whole text stands for its key, and the number of equal rows for its values.
func (v *verifier) recheck(ctx context.Context, p *plan, c cut, pending map[string]found) ([]found, error) {
	var out []found
	open := pending
	last := map[string]glimpse{}
	for try := 0; try < v.o.Attempts && len(open) > 0; try++ {
		if try > 0 {
			if err := v.pause(ctx); err != nil {
				return nil, err
			}
		}
		seen, err := v.round(ctx, p, c, open, try > 0)
		if err != nil {
			return nil, err
		}
		next := map[string]found{}
		for n, f := range open {
			g := seen[n]
			switch {
			case g.met:
			case g.still && last[n].still && last[n].source == g.source && last[n].target == g.target:
				out = append(out, p.final(f, g, false))
			default:
				next[n] = f
			}
		}
		open, last = next, seen
	}
	for n, f := range open {
		// Nothing was the same twice; where only one look is wanted, that one counts.
		out = append(out, p.final(f, last[n], v.o.Attempts > 1 || !last[n].still))
	}
	slices.SortFunc(out, func(a, b found) int { return strings.Compare(a.name, b.name) })
	return out, nil
}

// glimpse is what a round saw of one candidate.
type glimpse struct {
	met            bool // the target's form is one that the source had
	still          bool // the source did not change
	source, target string
	a, b           []row // the last forms on source and target
}

// final is the difference as it was seen last.
func (p *plan) final(f found, g glimpse, unsettled bool) found {
	d, differs := p.compareKey(f.name, g.a, g.b)
	if !differs {
		d = f
	}
	d.Unsettled = unsettled
	if d.row == nil {
		d.row = f.row
	}
	return d
}

// round reads the candidates once behind the stream; with poll those that change are followed closely.
func (v *verifier) round(ctx context.Context, p *plan, c cut, open map[string]found, poll bool) (map[string]glimpse, error) {
	again := p.again(c, open)
	reached, err := v.mark(ctx)
	if err != nil {
		return nil, err
	}
	forms := map[string]map[string]bool{}
	note := func(rows map[string][]row) {
		for n := range open {
			if forms[n] == nil {
				forms[n] = map[string]bool{}
			}
			forms[n][form(p, rows[n])] = true
		}
	}
	rows, err := again(ctx, v.source)
	if err != nil {
		return nil, err
	}
	note(rows)
	poll = poll && len(open) <= pollKeys && len(p.key) > 0
	if err := v.follow(ctx, reached, poll, func() error {
		rows, err := again(ctx, v.source)
		note(rows)
		return err
	}); err != nil {
		return nil, err
	}
	out := map[string]glimpse{}
	targets := map[string]map[string]bool{}
	for i := 0; i == 0 || poll && i < pollRounds; i++ {
		a, b, err := both(ctx, v, again)
		if err != nil {
			return nil, err
		}
		note(a)
		all, quiet := true, true
		for n := range open {
			if targets[n] == nil {
				targets[n] = map[string]bool{}
			}
			t := form(p, b[n])
			targets[n][t] = true
			g := glimpse{still: len(forms[n]) == 1, source: form(p, a[n]), target: t, a: a[n], b: b[n]}
			for t := range targets[n] {
				g.met = g.met || forms[n][t]
			}
			all, quiet = all && g.met, quiet && (g.met || g.still)
			out[n] = g
		}
		if all || quiet && i >= quietRounds {
			break
		}
	}
	return out, nil
}

// follow waits for the stream and, with poll, calls look all the while.
func (v *verifier) follow(ctx context.Context, reached func(context.Context) error, poll bool, look func() error) error {
	if !poll {
		return reached(ctx)
	}
	done := make(chan error, 1)
	go func() { done <- reached(ctx) }()
	for {
		select {
		case err := <-done:
			return err
		case <-time.After(pollEvery):
			if err := look(); err != nil {
				<-done
				return err
			}
		}
	}
}

// form is the rows with one name as a text: "" when there is none.
func form(p *plan, rows []row) string {
	if len(p.key) == 0 {
		return fmt.Sprint(len(rows))
	}
	texts := make([]string, len(rows))
	for i, r := range rows {
		texts[i] = r.bytes(p.canons, nil)
	}
	slices.Sort(texts)
	return strings.Join(texts, "\n")
}

// again makes a reader of the rows that the candidates are about: by key, or by the buckets that they are in.
func (p *plan) again(c cut, open map[string]found) func(context.Context, side) (map[string][]row, error) {
	keys := map[string]row{}
	in := map[string]bool{}
	for n, d := range open {
		keys[n] = d.row
		if len(p.key) == 0 {
			in[d.row.bucket(p, c)] = true
		}
	}
	chosen := slices.Sorted(maps.Keys(in))
	return func(ctx context.Context, s side) (map[string][]row, error) {
		if len(p.key) > 0 {
			return p.readKeys(ctx, s, keys)
		}
		rows, err := p.readBuckets(ctx, s, span{}, c, chosen)
		maps.DeleteFunc(rows, func(n string, _ []row) bool { return keys[n] == nil })
		return rows, err
	}
}
