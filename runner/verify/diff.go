package verify

import (
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

// hashMark stands before the hash of a value that is too long.
const hashMark = "hash "

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
			out[p.columns[i]] = hashMark + *w[i]
		default:
			out[p.columns[i]] = *w[i]
		}
	}
	return out
}
