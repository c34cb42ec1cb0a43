// Package fold turns a run of source transactions into their net effect: per row what it was before all of them and what
// it is behind them, in an order in which a target with unique and foreign keys takes the changes.
//
// The result changes a target from the state before the first transaction to the state behind the last one, and is meant
// for one target transaction: the states between them are never seen, so every state that is seen is one of the source.
//
// What has no net effect by row stays as it is and in its order: changes of tables without a key, of tables that a
// foreign key with an action connects (the target repeats the actions, and they depend on the order), and TRUNCATE, which
// nothing passes. What cannot be ordered is not folded at all: Fold says so, and the transactions have to be applied one
// after the other.
package fold

import (
	"bytes"
	"encoding/binary"

	"godwit/runner/change"
)

// Folder folds transactions of a set of tables. It may be used by several goroutines.
type Folder struct {
	tables map[*change.Table]*relation
	order  []*relation
	hash   hashing
}

// New prepares tables for folding.
func New(tables []*change.Table) *Folder {
	f := &Folder{tables: map[*change.Table]*relation{}}
	for i, t := range tables {
		r := &relation{t: t, place: i, ordered: len(t.Key) == 0}
		f.tables[t] = r
		f.order = append(f.order, r)
	}
	for _, group := range change.Bound(tables) {
		for _, t := range group {
			f.tables[t].ordered = true
		}
	}
	f.relate(tables)
	f.prepareHashing(tables)
	return f
}

// Ordered tells that changes of the table keep their order: it has no key, or foreign keys with actions touch it.
func (f *Folder) Ordered(t *change.Table) bool {
	r := f.tables[t]
	return r == nil || r.ordered
}

// Fold returns the net changes of whole transactions, in an order to apply them in. ok is false when there is no such order
// or when the transactions do not fit each other; they have to be applied as they are then.
func (f *Folder) Fold(txs []*change.Tx) (out []change.Change, ok bool) {
	s := &segment{f: f, parts: map[*change.Table]*part{}}
	for _, tx := range txs {
		for i := range tx.Changes {
			c := &tx.Changes[i]
			switch c.Kind {
			case change.Insert, change.Update, change.Delete:
				if !s.add(c) {
					return nil, false
				}
			case change.Truncate:
				if out, ok = s.end(out); !ok {
					return nil, false
				}
				out = append(out, *c)
				s = &segment{f: f, parts: map[*change.Table]*part{}}
			default:
				return nil, false
			}
		}
	}
	return s.end(out)
}

// segment is the changes between two that nothing passes.
type segment struct {
	f       *Folder
	parts   map[*change.Table]*part
	ordered []change.Change // of tables that keep their order
	key     []byte
}

// part is what happens to one table.
type part struct {
	r       *relation
	rows    map[string]*entry // by the key that locates them
	touched []*entry          // in the order of their first change

	// the net effect
	deletes, inserts []*entry
	updates          []*entry
}

// entry is a row: what it was before and what it is; nil where there is none.
type entry struct{ before, after change.Row }

func (s *segment) add(c *change.Change) bool {
	r := s.f.tables[c.Table]
	if r == nil {
		return false
	}
	if r.ordered {
		s.ordered = append(s.ordered, *c)
		return true
	}
	p := s.parts[c.Table]
	if p == nil {
		p = &part{r: r, rows: map[string]*entry{}}
		s.parts[c.Table] = p
	}
	for i := range c.Rows() {
		before, after := c.Row(i)
		if !s.row(p, before, after) {
			return false
		}
	}
	return true
}

// row adds one change. A row that moves to another key is one that goes and one that comes.
func (s *segment) row(p *part, before, after change.Row) bool {
	if before == nil {
		return s.comes(p, after)
	}
	if after == nil || !same(p.r.t.Key, before, after) {
		return s.goes(p, before) && (after == nil || s.comes(p, after))
	}
	e, known := s.entry(p, before)
	if !known {
		e.before = before
	} else if e.after == nil {
		return false
	}
	e.after = after
	return true
}

func (s *segment) comes(p *part, after change.Row) bool {
	e, _ := s.entry(p, after)
	if e.after != nil {
		return false
	}
	e.after = after
	return true
}

func (s *segment) goes(p *part, before change.Row) bool {
	e, known := s.entry(p, before)
	if !known {
		e.before = before
		return true
	}
	if e.after == nil {
		return false
	}
	e.after = nil
	return true
}

// entry finds or makes the entry of a row's key.
func (s *segment) entry(p *part, row change.Row) (e *entry, known bool) {
	s.key = AppendKey(s.key[:0], p.r.t.Key, row)
	if e = p.rows[string(s.key)]; e != nil {
		return e, true
	}
	e = &entry{}
	p.rows[string(s.key)] = e
	p.touched = append(p.touched, e)
	return e, false
}

// AppendKey appends the values of columns in a form that is the same for the same values only.
func AppendKey(dst []byte, cols []int, row change.Row) []byte {
	for _, i := range cols {
		if row[i] == nil {
			dst = append(dst, 0)
			continue
		}
		dst = binary.AppendUvarint(dst, uint64(len(row[i]))+1)
		dst = append(dst, row[i]...)
	}
	return dst
}

// net sorts the rows by what happens to them in the end.
func (p *part) net() {
	for _, e := range p.touched {
		switch {
		case e.before == nil && e.after == nil:
		case e.before == nil:
			p.inserts = append(p.inserts, e)
		case e.after == nil:
			p.deletes = append(p.deletes, e)
		case !p.r.equal(e.before, e.after):
			p.updates = append(p.updates, e)
		}
	}
	p.rows, p.touched = nil, nil
}

func same(cols []int, a, b change.Row) bool {
	for _, i := range cols {
		if !equal(a[i], b[i]) {
			return false
		}
	}
	return true
}

func equal(a, b change.Value) bool { return bytes.Equal(a, b) && (a == nil) == (b == nil) }

// changes writes rows as one change; none without rows.
func changes(out []change.Change, kind change.Kind, t *change.Table, rows []*entry) []change.Change {
	if len(rows) == 0 {
		return out
	}
	c := change.Change{Kind: kind, Table: t}
	for _, e := range rows {
		if kind != change.Insert {
			c.Before = append(c.Before, e.before)
		}
		if kind != change.Delete {
			c.After = append(c.After, e.after)
		}
	}
	return append(out, c)
}
