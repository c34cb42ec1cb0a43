package repair

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"

	"godwit/ir/catalog"
	"godwit/ir/types"
	"godwit/runner/change"
	"godwit/runner/postgres"
	"godwit/runner/verify"
)

// watch reads the source's log and notes where the rows in question were changed last.
type watch struct {
	mu      sync.Mutex
	moved   chan struct{} // closed and replaced when the position moves
	at      change.Position
	err     error
	wanted  map[*change.Table]map[string]bool // keys in question
	rows    map[*change.Table]map[string]change.Position
	whole   map[*change.Table]change.Position // every row of the table
	bound   map[*change.Table][]*change.Table // tables whose rows change along with this one's
	keys    map[*change.Table][]int           // places of the key's columns in a row; nil when they cannot be compared
	keyType map[*change.Table][]types.Type
}

// follow starts the watch and waits until it has come to the end of the log.
func (r *runner) follow(ctx context.Context, tables []*table, items []*item) (stop func(), err error) {
	var from change.Position
	err = r.o.Mender.Hold(ctx, func(h *postgres.Held) error {
		from, err = r.position(h)
		return err
	})
	if err != nil {
		return nil, err
	}
	w := newWatch(tables, items, r.o.Values)
	followed, err := w.bind(r.o.Tables, tables)
	if err != nil {
		return nil, err
	}
	r.watch = w
	end, err := r.o.Source.End(ctx)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	in := make(chan *change.Tx, 64)
	done := make(chan struct{})
	go func() {
		err := r.o.Source.Stream(ctx, from, followed, in)
		if err == nil {
			err = errors.New("the source's log ended")
		}
		w.fail(err)
		close(done)
	}()
	go func() {
		for {
			select {
			case tx := <-in:
				w.take(tx)
			case <-done:
				return
			}
		}
	}()
	stop = func() { cancel(); <-done }
	first, ended := context.WithTimeout(ctx, catchUp)
	defer ended()
	if err := w.wait(first, end); err != nil {
		stop()
		return nil, fmt.Errorf("follow the source's log: %w", err)
	}
	return stop, nil
}

func newWatch(tables []*table, items []*item, v verify.Values) *watch {
	w := &watch{moved: make(chan struct{}), wanted: map[*change.Table]map[string]bool{}, rows: map[*change.Table]map[string]change.Position{},
		whole: map[*change.Table]change.Position{}, bound: map[*change.Table][]*change.Table{}, keys: map[*change.Table][]int{}, keyType: map[*change.Table][]types.Type{}}
	for _, t := range tables {
		w.wanted[t.Table], w.rows[t.Table] = map[string]bool{}, map[string]change.Position{}
		var places []int
		var typed []types.Type
		for _, k := range t.finder.Key() {
			for i, c := range t.Columns {
				if c.Name == k.Column && !k.Hashed && plain(k.Type, v.Of(t.Catalog, k.Column)) {
					places, typed = append(places, i), append(typed, k.Type)
				}
			}
		}
		if len(places) == len(t.finder.Key()) {
			w.keys[t.Table], w.keyType[t.Table] = places, typed
		}
	}
	for _, it := range items {
		w.wanted[it.table.Table][it.key] = true
	}
	return w
}

// bind finds the tables that foreign keys with actions connect with those in question, which must be watched, too.
func (w *watch) bind(all []*catalog.Table, tables []*table) ([]*change.Table, error) {
	known := map[string]*change.Table{}
	followed := changeTables(tables)
	for _, t := range followed {
		known[t.Name()] = t
	}
	var every []*change.Table
	for _, t := range all {
		ct := known[t.Schema+"."+t.Name]
		if ct == nil {
			var err error
			if ct, err = change.NewTable(t); err != nil {
				return nil, err
			}
		}
		every = append(every, ct)
	}
	for _, group := range change.Bound(every) {
		concerned := false
		for _, t := range group {
			concerned = concerned || w.wanted[t] != nil
		}
		if !concerned {
			continue
		}
		for _, t := range group {
			if w.wanted[t] == nil {
				followed = append(followed, t)
			}
			for _, other := range group {
				if other != t && w.wanted[other] != nil {
					w.bound[t] = append(w.bound[t], other)
				}
			}
		}
	}
	return followed, nil
}

func (w *watch) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.err = err
	w.wake()
}

func (w *watch) wake() {
	close(w.moved)
	w.moved = make(chan struct{})
}

// take notes the changes of a transaction.
func (w *watch) take(tx *change.Tx) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range tx.Changes {
		w.change(&tx.Changes[i], tx.At)
	}
	if tx.Position != nil {
		w.at = tx.Position
		w.wake()
	}
}

func (w *watch) change(c *change.Change, at change.Position) {
	t := c.Table
	if t == nil {
		return
	}
	if c.Kind != change.Insert {
		for _, other := range w.bound[t] {
			w.whole[other] = at
		}
	}
	if w.wanted[t] == nil {
		return
	}
	if c.Kind == change.Truncate || c.Kind == change.DDL || w.keys[t] == nil {
		w.whole[t] = at
		return
	}
	for _, rows := range [][]change.Row{c.Before, c.After} {
		for _, r := range rows {
			if k := w.keyOf(t, r); w.wanted[t][k] {
				w.rows[t][k] = at
			}
		}
	}
}

func (w *watch) keyOf(t *change.Table, r change.Row) string {
	var b strings.Builder
	for n, i := range w.keys[t] {
		s := logText(w.keyType[t][n], r[i])
		fmt.Fprintf(&b, "%d:%s|", len(s), s)
	}
	return b.String()
}

// touchedBehind tells that the row of an item was changed, or may have been, behind a position.
func (w *watch) touchedBehind(it *item, at change.Position) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := it.table.Table
	if p := w.whole[t]; p != nil && !at.Covers(p) {
		return true
	}
	p := w.rows[t][it.key]
	return p != nil && !at.Covers(p)
}

// wait waits until the log has been read up to a position.
func (w *watch) wait(ctx context.Context, end change.Position) error {
	for {
		w.mu.Lock()
		at, err, moved := w.at, w.err, w.moved
		w.mu.Unlock()
		switch {
		case err != nil:
			return err
		case at != nil && at.Covers(end):
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-moved:
		}
	}
}

// plain tells that the log's form of a key column with policies v and the one of verification can be compared with certainty.
func plain(t types.Type, v verify.Values) bool {
	switch t.(type) {
	case types.Int, types.Year, types.Decimal, types.Binary:
		return true
	case types.Text, types.Enum:
		return v.NUL == change.Stop && v.InvalidText == change.Stop
	case types.Date, types.DateTime, types.Timestamp, types.Time:
		return v.ZeroDates == change.Stop
	}
	return false
}

// keyOf is the key of a difference as the watch knows it.
func keyOf(f *verify.Finder, d verify.Diff, v verify.Values) string {
	var b strings.Builder
	for _, k := range f.Key() {
		s := d.Key[k.Column]
		if _, ok := k.Type.(types.Binary); ok {
			s = strings.ToUpper(s)
		}
		fmt.Fprintf(&b, "%d:%s|", len(s), s)
	}
	return b.String()
}

// logText turns the log's form of a key's value into the one of verification.
func logText(t types.Type, v change.Value) string {
	s := string(v)
	switch t.(type) {
	case types.Binary:
		return strings.ToUpper(hex.EncodeToString(v))
	case types.Decimal:
		if strings.Contains(s, ".") {
			s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
		}
		if s == "-0" {
			return "0"
		}
	case types.DateTime, types.Timestamp, types.Time:
		if strings.Contains(s, ".") {
			s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
		}
	}
	return s
}
