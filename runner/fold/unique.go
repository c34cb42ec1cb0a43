package fold

// untangle orders rows that hand unique values to each other: who gives one up goes first. Rows that hand values to each
// other by updates go and come instead, unless others refer to them; then there is no order, and ok is false.
//
// Values are compared byte by byte. A target that takes different bytes for equal, by its collation, may still refuse an
// order that is right otherwise; then the transactions have to be applied as they are.
func (f *Folder) untangle(g *graph, p *part) (ok bool) {
	for _, e := range p.updates {
		if p.r.changesReferred(e) {
			return false
		}
	}
	for _, u := range p.r.t.Uniques {
		if !p.trades(u) {
			continue
		}
		if len(p.r.referred) > 0 {
			return false
		}
		p.split()
		g.edge(f.node(p.r, verbDelete), f.node(p.r, verbInsert))
		break
	}
	for _, u := range p.r.t.Uniques {
		f.hand(g, p, u)
	}
	return true
}

// values is a set of unique values.
type values map[string]struct{}

func (v values) add(cols []int, e *entry, buf []byte) []byte {
	if hasNull(cols, e.before) {
		return buf
	}
	buf = AppendKey(buf[:0], cols, e.before)
	v[string(buf)] = struct{}{}
	return buf
}

// takes tells that a row gets one of the values.
func (v values) takes(cols []int, e *entry, buf []byte) (bool, []byte) {
	if len(v) == 0 || hasNull(cols, e.after) {
		return false, buf
	}
	buf = AppendKey(buf[:0], cols, e.after)
	_, found := v[string(buf)]
	return found, buf
}

func (v values) any(cols []int, rows []*entry, changed bool) bool {
	var buf []byte
	var found bool
	for _, e := range rows {
		if changed && same(cols, e.before, e.after) {
			continue
		}
		if found, buf = v.takes(cols, e, buf); found {
			return true
		}
	}
	return false
}

// given are the unique values that rows give up.
func given(cols []int, rows []*entry, changed bool) values {
	out := values{}
	var buf []byte
	for _, e := range rows {
		if !changed || !same(cols, e.before, e.after) {
			buf = out.add(cols, e, buf)
		}
	}
	return out
}

// trades tells that an updated row gets a value which another updated row gives up.
func (p *part) trades(u []int) bool {
	return given(u, p.updates, true).any(u, p.updates, true)
}

// split makes updates that change a unique key go and come.
func (p *part) split() {
	kept := p.updates[:0]
	for _, e := range p.updates {
		moves := false
		for _, u := range p.r.t.Uniques {
			moves = moves || !same(u, e.before, e.after)
		}
		if !moves {
			kept = append(kept, e)
			continue
		}
		p.deletes = append(p.deletes, e)
		p.inserts = append(p.inserts, e)
	}
	p.updates = kept
}

// hand orders the statements of a table by the values of a unique key.
func (f *Folder) hand(g *graph, p *part, u []int) {
	gone, freed := given(u, p.deletes, false), given(u, p.updates, true)
	if gone.any(u, p.inserts, false) {
		g.edge(f.node(p.r, verbDelete), f.node(p.r, verbInsert))
	}
	if gone.any(u, p.updates, true) {
		g.edge(f.node(p.r, verbDelete), f.node(p.r, verbUpdate))
	}
	if freed.any(u, p.inserts, false) {
		g.edge(f.node(p.r, verbUpdate), f.node(p.r, verbInsert))
	}
}
