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
// that still differs after the last attempt is a difference; one that kept changing is unsettled.
func (v *verifier) recheck(ctx context.Context, p *plan, diffs []found) ([]found, error) {
	if len(p.key) == 0 {
		return diffs, nil // the whole chunk is looked at again
	}
	for try := 0; try < v.o.Attempts && len(diffs) > 0; try++ {
		keys := map[string]row{}
		for _, d := range diffs {
			keys[d.name] = d.row
		}
		before, err := p.readKeys(ctx, v.source, keys)
		if err != nil {
			return nil, err
		}
		if err := v.wait(ctx); err != nil {
			return nil, err
		}
		there, err := p.readKeys(ctx, v.target, keys)
		if err != nil {
			return nil, err
		}
		after, err := p.readKeys(ctx, v.source, keys)
		if err != nil {
			return nil, err
		}
		diffs = p.remaining(diffs, before, there, after)
	}
	return diffs, nil
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
