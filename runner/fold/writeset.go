package fold

import (
	"hash/maphash"

	"godwit/ir/types"
	"godwit/runner/change"
)

// WriteSet is what transactions write, and what the target's foreign keys read for them, as hashes. Transactions whose
// sets do not meet may be applied side by side: they touch no row, no unique value and no reference in common.
//
// Text is hashed without case and without blanks at its end, since most collations take such values for equal. Collations
// know more equal values than that; a target then refuses what comes too early, and whoever applied it waits and tries it
// again. Nothing wrong can come of it, because values of one row are always the same bytes.
type WriteSet struct {
	writes, reads map[uint64]struct{}
	all           bool
}

// hashing holds the numbers of a folder's tables and keys.
type hashing struct {
	seed  maphash.Seed
	group map[*change.Table]uint64 // of tables that foreign keys connect to one that keeps its order
}

func (f *Folder) prepareHashing(tables []*change.Table) {
	f.hash = hashing{seed: maphash.MakeSeed(), group: map[*change.Table]uint64{}}
	root := map[*relation]*relation{}
	var find func(r *relation) *relation
	find = func(r *relation) *relation {
		if p := root[r]; p != nil && p != r {
			return find(p)
		}
		return r
	}
	for _, r := range f.order {
		for _, l := range r.parents {
			if a, b := find(r), find(l.parent); a != b {
				root[a] = b
			}
		}
	}
	touched := map[*relation]bool{}
	for _, r := range f.order {
		if r.ordered {
			touched[find(r)] = true
		}
	}
	for _, t := range tables {
		if r := find(f.tables[t]); touched[r] {
			f.hash.group[t] = uint64(r.place) + 1
		}
	}
	for _, r := range f.order {
		r.keys = nil
		if len(r.t.Key) > 0 {
			r.keys = append(r.keys, r.t.Key)
		}
		r.keys = append(r.keys, r.t.Uniques...)
		r.keys = append(r.keys, r.referred...) // as often as foreign keys name it: they are few
	}
}

// WriteSet collects what transactions write.
func (f *Folder) WriteSet(txs []*change.Tx) *WriteSet {
	s := &WriteSet{writes: map[uint64]struct{}{}, reads: map[uint64]struct{}{}}
	h := &hasher{f: f}
	h.h.SetSeed(f.hash.seed)
	for _, tx := range txs {
		for i := range tx.Changes {
			h.change(s, &tx.Changes[i])
		}
	}
	return s
}

// Meets tells that the transactions of two sets may depend on each other.
func (s *WriteSet) Meets(o *WriteSet) bool {
	return s.all || o.all || meet(s.writes, o.writes) || meet(s.writes, o.reads) || meet(s.reads, o.writes)
}

func meet(a, b map[uint64]struct{}) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	for x := range a {
		if _, ok := b[x]; ok {
			return true
		}
	}
	return false
}

type hasher struct {
	f   *Folder
	h   maphash.Hash
	buf []byte
}

func (h *hasher) change(s *WriteSet, c *change.Change) {
	r := h.f.tables[c.Table]
	if r == nil || c.Kind == change.Truncate || c.Kind == change.DDL {
		s.all = true
		return
	}
	if g := h.f.hash.group[c.Table]; g != 0 {
		if r.ordered {
			s.writes[g] = struct{}{}
		} else {
			s.reads[g] = struct{}{}
		}
	}
	for i := range c.Rows() {
		before, after := c.Row(i)
		h.row(s, r, before, after)
	}
}

// row adds the row itself, the key values that come or go, and the values of other tables that it begins or ceases to
// refer to.
func (h *hasher) row(s *WriteSet, r *relation, before, after change.Row) {
	for _, image := range []change.Row{before, after} {
		if image != nil && len(r.t.Key) > 0 {
			s.writes[h.sum(r, r.t.Key, r.t.Key, 'r', image)] = struct{}{}
		}
	}
	for _, k := range r.keys {
		h.moved(s.writes, r, k, k, before, after)
	}
	for i := range r.parents {
		l := &r.parents[i]
		h.moved(s.reads, l.parent, l.referred, l.columns, before, after)
	}
}

// moved adds the values of columns before and after if they are not the same.
func (h *hasher) moved(set map[uint64]struct{}, of *relation, key, cols []int, before, after change.Row) {
	if before != nil && after != nil && same(cols, before, after) {
		return
	}
	for _, image := range []change.Row{before, after} {
		if image != nil && !hasNull(cols, image) {
			set[h.sum(of, key, cols, 'k', image)] = struct{}{}
		}
	}
}

// sum hashes the values of cols in a row as values of the columns key of a table, whatever the order of the columns.
func (h *hasher) sum(of *relation, key, cols []int, kind byte, row change.Row) uint64 {
	var all uint64
	for n, i := range cols {
		h.buf = append(h.buf[:0], kind, byte(of.place), byte(of.place>>8), byte(of.place>>16), byte(key[n]), byte(key[n]>>8))
		h.buf = append(h.buf, row[i]...)
		if _, ok := of.t.Columns[key[n]].Type.(types.Text); ok {
			h.buf = lower(h.buf, 6)
		}
		h.h.Reset()
		h.h.Write(h.buf)
		all += h.h.Sum64()
	}
	return all
}

// lower drops case and the blanks at the end, from a place on.
func lower(b []byte, from int) []byte {
	for i := from; i < len(b); i++ {
		if c := b[i]; c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	for len(b) > from && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	return b
}
