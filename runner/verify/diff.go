package verify

import (
	"context"
	"maps"
	"slices"
)

// found is a difference with what is needed to look at it again.
type found struct {
	Diff
	name string
	row  row // a row with the key
}

// compare pairs the rows of the two sides by key, or counts equal rows in a table without key.
func (p *plan) compare(a, b map[string][]row) []found {
	names := slices.Sorted(maps.Keys(a))
	for n := range b {
		if _, ok := a[n]; !ok {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	var out []found
	for _, n := range names {
		if f, differs := p.compareKey(n, a[n], b[n]); differs {
			out = append(out, f)
		}
	}
	return out
}

func (p *plan) compareKey(name string, a, b []row) (found, bool) {
	f := found{name: name}
	if len(a) > 0 {
		f.row = a[0]
	} else if len(b) > 0 {
		f.row = b[0]
	}
	switch surplus := int64(len(a) - len(b)); {
	case surplus > 0:
		f.Kind, f.Count = Missing, surplus
	case surplus < 0:
		f.Kind, f.Count = Extraneous, -surplus
	case len(p.key) == 0 || len(a) == 0:
		return f, false // without a key the name is the whole row
	default:
		f.Columns = p.differing(a[0], b[0])
		if len(f.Columns) == 0 {
			return f, false
		}
		f.Kind = Mismatch
	}
	if len(p.key) > 0 && f.Count == 1 {
		f.Count = 0
	}
	f.Key = p.show(f.row)
	return f, true
}

func (p *plan) differing(a, b row) []string {
	var out []string
	for i, c := range p.columns {
		if !same(a[i], b[i]) {
			out = append(out, c)
		}
	}
	return out
}

func same(a, b *string) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}

// show gives the values that name a row; a hash stands for a value that is too long.
func (p *plan) show(w row) map[string]string {
	places := p.key
	if len(places) == 0 {
		places = make([]int, len(p.columns))
		for i := range places {
			places[i] = i
		}
	}
	out := map[string]string{}
	for _, i := range places {
		switch {
		case w[i] == nil:
			out[p.columns[i]] = "NULL"
		case p.canons[i].digest:
			out[p.columns[i]] = "hash " + *w[i]
		default:
			out[p.columns[i]] = *w[i]
		}
	}
	return out
}

// recheck looks at differences again behind the stream. A row is fine as soon as the target, having applied all that
// the source had committed, equals what the source held before or after that wait. A row whose source stood still and
// that still differs after the last attempt is a difference; one that kept changing is unsettled. Without a key, the
// row's whole text stands for its key, and the number of equal rows for its values.
func (v *verifier) recheck(ctx context.Context, p *plan, r span, buckets int64, diffs []found) ([]found, error) {
	for try := 0; try < v.o.Attempts && len(diffs) > 0; try++ {
		again := p.again(r, buckets, diffs)
		before, err := again(ctx, v.source)
		if err != nil {
			return nil, err
		}
		if err := v.wait(ctx); err != nil {
			return nil, err
		}
		there, after, err := swapped(both(ctx, v, again))
		if err != nil {
			return nil, err
		}
		diffs = p.remaining(diffs, before, there, after)
	}
	return diffs, nil
}

// swapped puts the target's rows first.
func swapped[T any](source, target T, err error) (T, T, error) { return target, source, err }

// again makes a reader of the rows that the differences are about: by key, or by the buckets that they are in.
func (p *plan) again(r span, buckets int64, diffs []found) func(context.Context, side) (map[string][]row, error) {
	keys := map[string]row{}
	in := map[int64]bool{}
	for _, d := range diffs {
		keys[d.name] = d.row
		in[d.row.bucket(p, buckets)] = true
	}
	chosen := slices.Collect(maps.Keys(in))
	return func(ctx context.Context, s side) (map[string][]row, error) {
		if len(p.key) > 0 {
			return p.readKeys(ctx, s, keys)
		}
		rows, err := p.readBuckets(ctx, s, r, buckets, chosen)
		maps.DeleteFunc(rows, func(n string, _ []row) bool { return keys[n] == nil })
		return rows, err
	}
}

func (p *plan) remaining(diffs []found, before, there, after map[string][]row) []found {
	var out []found
	for _, d := range diffs {
		if _, differs := p.compareKey(d.name, before[d.name], there[d.name]); !differs {
			continue
		}
		f, differs := p.compareKey(d.name, after[d.name], there[d.name])
		if !differs {
			continue
		}
		_, moved := p.compareKey(d.name, before[d.name], after[d.name])
		f.Unsettled = moved
		if f.row == nil {
			f.row = d.row
		}
		out = append(out, f)
	}
	return out
}
