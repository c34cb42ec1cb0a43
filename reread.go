package godwit

import (
	"errors"
	"reflect"
	"slices"

	"godwit/parser/scan"
)

// secondReading lays out definitions, which are converted, between the rows, which are not.
type secondReading struct {
	*streaming
	waiting []scan.Piece // rows
	size    int          // of their text
	at      int          // the definition that comes next
}

// pieces goes over the script again: over what the first reading has held, or else over its text.
func (w *secondReading) pieces() error {
	if w.held.many {
		return w.told(w.ahead, func(piece scan.Piece, rows bool) error {
			if rows {
				return w.row(piece)
			}
			return w.definition()
		})
	}
	last, done := len(w.kept), 0
	for i, h := range w.held.list {
		for ; done < h.behind; done++ {
			if err := w.definition(); err != nil {
				return err
			}
		}
		if err := w.row(h.piece); err != nil {
			return err
		}
		w.held.list[i].piece = nil
	}
	for ; done < last; done++ {
		if err := w.definition(); err != nil {
			return err
		}
	}
	return nil
}

func (w *secondReading) row(piece scan.Piece) error {
	if w.size > 0 && (w.size+piece.Size() > readBytes || len(w.waiting) == maxRead) {
		if err := w.flush(); err != nil {
			return err
		}
	}
	w.waiting, w.size = append(w.waiting, piece), w.size+piece.Size()
	return nil
}

func (w *secondReading) flush() error {
	err := w.batch(w.waiting)
	clear(w.waiting)
	w.waiting, w.size = w.waiting[:0], 0
	return err
}

func (w *secondReading) definition() error {
	if err := w.flush(); err != nil {
		return err
	}
	if len(w.kept) == 0 {
		return errChanged
	}
	if w.run != nil {
		w.steps(w.kept[0])
		w.kept = w.kept[1:]
		w.short.reset()
		return w.going()
	}
	quiet := true
	for _, u := range w.kept[0] {
		w.c.Units = append(w.c.Units, u)
		w.laying.unit(u)
		quiet = quiet && u.commits
		w.at++
	}
	w.kept = w.kept[1:]
	was := w.p.session.State
	w.begin(w.at)
	if !quiet || !reflect.DeepEqual(was, w.p.session.State) {
		w.short.reset()
	}
	return w.going()
}

// steps converts definitions of a script that is kept in its order: the next ones among those of the piece, which leaves programs for later that may
// wait; nil stands for all that are left.
func (w *secondReading) steps(piece []*Unit) {
	w.laying.settle() // what is laid out names tables that are changed now
	for ; w.at < len(w.units) && (piece == nil || slices.Contains(piece, w.units[w.at])); w.at++ {
		w.run.step(w.at)
		w.c.Units = append(w.c.Units, w.units[w.at])
		w.laying.unit(w.units[w.at])
	}
}

// going tells whether the folder still takes what is made.
func (w *secondReading) going() error {
	if w.laying.failed.Load() {
		return errStopped
	}
	return nil
}

// heldBytes is how much text of rows the first reading keeps for the second: a script that has no more is read once.
const heldBytes = 32 << 20

// heldRows are rows in the order of the script, each with the number of definitions before it; none if there are too many of them.
type heldRows struct {
	list []heldRow
	size int
	many bool
}

type heldRow struct {
	piece  scan.Piece
	behind int
}

func (h *heldRows) add(piece scan.Piece, behind int) {
	h.size += piece.Size()
	if h.many = h.many || h.size > heldBytes; h.many {
		h.list = nil
		return
	}
	h.list = append(h.list, heldRow{piece, behind})
}

// ahead is each, with the script read ahead of what f has done; what waits for f is at most a few times readBytes.
func (s *streaming) ahead(f func(scan.Piece) error) error {
	const most = maxRead / 4
	read, stop := make(chan []scan.Piece, 1), make(chan struct{})
	var failed error
	go func() {
		defer close(read)
		var next []scan.Piece
		size := 0
		hand := func() error {
			select {
			case read <- next:
				next, size = nil, 0
				return nil
			case <-stop:
				return errStopped
			}
		}
		err := s.each(func(piece scan.Piece) error {
			next, size = append(next, piece), size+piece.Size()
			if len(next) < most && size < readBytes {
				return nil
			}
			return hand()
		})
		if err == nil {
			err = hand()
		}
		failed = err
	}()
	for pieces := range read {
		for _, piece := range pieces {
			if err := f(piece); err != nil {
				close(stop)
				for range read { // until the script is closed
				}
				return err
			}
		}
	}
	return failed
}

// errChanged tells that the second reading has found other definitions than the first.
var errChanged = errors.New("a script has changed while it was read: convert again")

// errStopped ends a reading whose pieces nobody wants any more.
var errStopped = errors.New("reading was stopped")
