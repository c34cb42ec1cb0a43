package fold

import (
	"sort"

	"godwit/runner/change"
)

// A node is what one statement kind does to one table, or all the changes that keep their order. Nodes are numbered by
// table and verb; the order that is taken where nothing forces one is: what goes, what changes, what comes.
const (
	verbDelete = iota
	verbUpdate
	verbInsert
	verbs
)

// graph is which nodes come before which others.
type graph struct {
	after map[int][]int
	need  map[int]int
	edges map[[2]int]bool
}

func (g *graph) edge(a, b int) {
	if a == b || g.edges[[2]int{a, b}] {
		return
	}
	g.edges[[2]int{a, b}] = true
	g.after[a] = append(g.after[a], b)
	g.need[b]++
}

// end writes the segment's net changes.
func (s *segment) end(out []change.Change) ([]change.Change, bool) {
	parts := s.sorted()
	g := &graph{after: map[int][]int{}, need: map[int]int{}, edges: map[[2]int]bool{}}
	for _, p := range parts {
		p.net()
		if !s.f.untangle(g, p) {
			return nil, false
		}
	}
	kept := s.f.node(nil, 0)
	held := s.held()
	for _, p := range parts {
		for i := range p.r.parents {
			s.link(g, p, &p.r.parents[i], held, kept)
		}
	}
	for _, r := range s.f.order {
		if h := held[r.t]; h != nil {
			s.heldLinks(g, r, h, kept)
		}
	}
	nodes := map[int]func([]change.Change) []change.Change{}
	for _, p := range parts {
		s.nodes(nodes, p)
	}
	if len(s.ordered) > 0 {
		nodes[kept] = func(out []change.Change) []change.Change { return append(out, s.ordered...) }
	}
	return g.write(out, nodes)
}

func (s *segment) nodes(nodes map[int]func([]change.Change) []change.Change, p *part) {
	for verb, what := range []struct {
		kind change.Kind
		rows []*entry
	}{{change.Delete, p.deletes}, {change.Update, p.updates}, {change.Insert, p.inserts}} {
		if len(what.rows) > 0 {
			nodes[s.f.node(p.r, verb)] = func(out []change.Change) []change.Change { return changes(out, what.kind, p.r.t, what.rows) }
		}
	}
}

// node numbers nodes so that a smaller number comes first where the graph leaves a choice: all that goes, children
// before parents or not as the edges say, then what keeps its order, what changes, what comes.
func (f *Folder) node(r *relation, verb int) int {
	n := len(f.order)
	if r == nil {
		return n
	}
	if verb == verbDelete {
		return r.place
	}
	return 1 + verb*n + r.place
}

// sorted are the parts in the order of their tables.
func (s *segment) sorted() []*part {
	var out []*part
	for _, p := range s.parts {
		out = append(out, p)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].r.place < out[j].r.place })
	return out
}

// write puts the nodes in order; ok is false when there is none.
func (g *graph) write(out []change.Change, nodes map[int]func([]change.Change) []change.Change) ([]change.Change, bool) {
	var ready []int
	for n := range nodes {
		if g.need[n] == 0 {
			ready = append(ready, n)
		}
	}
	written := 0
	for len(ready) > 0 {
		sort.Ints(ready)
		n := ready[0]
		ready = ready[1:]
		out = nodes[n](out)
		written++
		for _, m := range g.after[n] {
			if g.need[m]--; g.need[m] == 0 {
				ready = append(ready, m)
			}
		}
	}
	return out, written == len(nodes)
}

// link orders a foreign key between two folded tables, or one of a folded table to one that keeps its order: a parent
// comes before what refers to it, and goes after it.
func (s *segment) link(g *graph, child *part, l *link, held map[*change.Table]*holds, kept int) {
	moves := false
	for _, e := range child.updates {
		if l.moves(e) {
			moves = true
			break
		}
	}
	f := s.f
	comes, goes := -1, -1 // of the parent
	if h := held[l.parent.t]; h != nil {
		if h.comes {
			comes = kept
		}
		if h.goes {
			goes = kept
		}
	} else if p := s.parts[l.parent.t]; p != nil {
		if len(p.inserts) > 0 {
			comes = f.node(p.r, verbInsert)
		}
		if len(p.deletes) > 0 {
			goes = f.node(p.r, verbDelete)
		}
	}
	order := func(verb int, present bool) {
		if !present {
			return
		}
		n := f.node(child.r, verb)
		if comes >= 0 && verb != verbDelete {
			g.edge(comes, n)
		}
		if goes >= 0 && verb != verbInsert {
			g.edge(n, goes)
		}
	}
	order(verbInsert, len(child.inserts) > 0)
	order(verbUpdate, moves)
	order(verbDelete, len(child.deletes) > 0)
}

// holds tells what the changes that keep their order do to a table's keys.
type holds struct{ comes, goes bool }

// held looks at the changes that keep their order. An update may change a key or a reference.
func (s *segment) held() map[*change.Table]*holds {
	out := map[*change.Table]*holds{}
	for i := range s.ordered {
		c := &s.ordered[i]
		h := out[c.Table]
		if h == nil {
			h = &holds{}
			out[c.Table] = h
		}
		r := s.f.tables[c.Table]
		switch c.Kind {
		case change.Insert:
			h.comes = true
		case change.Delete:
			h.goes = true
		default:
			for k := range c.Before {
				if r.moved(&entry{c.Before[k], c.After[k]}) {
					h.comes, h.goes = true, true
					break
				}
			}
		}
	}
	return out
}

// moved tells that an update changes a key of the row or a reference.
func (r *relation) moved(e *entry) bool {
	if !same(r.t.Key, e.before, e.after) || r.changesReferred(e) {
		return true
	}
	for i := range r.parents {
		if r.parents[i].moves(e) {
			return true
		}
	}
	return false
}

// heldLinks orders foreign keys of a table that keeps its order to folded ones.
func (s *segment) heldLinks(g *graph, r *relation, h *holds, kept int) {
	for i := range r.parents {
		p := s.parts[r.parents[i].parent.t]
		if p == nil {
			continue
		}
		if len(p.inserts) > 0 && h.comes {
			g.edge(s.f.node(p.r, verbInsert), kept)
		}
		if len(p.deletes) > 0 && h.goes {
			g.edge(kept, s.f.node(p.r, verbDelete))
		}
	}
}
