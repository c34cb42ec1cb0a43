package oracle

import (
	"errors"
	"fmt"
	"io"
	"iter"

	"godwit/ir"
	"godwit/parser/scan"
)

// Piece is one statement of a script that is read bit by bit. It has a text of its own, which knows where it came from.
type Piece struct {
	job
	head   string // see Head, when looked is set
	looked bool
	from   int // where the first row stands, 0 for none, when told is set
	told   bool
}

// Rows tells that the piece inserts rows of constants.
func (p *Piece) Rows() bool {
	if !p.told {
		p.told, p.from = true, p.rowsFrom()
	}
	return p.from > 0
}

// Size is the length of the piece's text in bytes.
func (p *Piece) Size() int { return p.end - p.start }

// Asks is false: SQL%ROWCOUNT is of the block that reads it.
func (p *Piece) Asks() bool { return false }

// Parse makes the units of the piece. Several pieces may be parsed at the same time.
func (p *Piece) Parse(o scan.Options) []*ir.Unit { return newParser(o).piece(&p.job) }

// Pieces cuts a script of any size and follows the session through it; memory is bounded by the longest statement. Parsing
// the pieces gives what Parse gives for the whole.
func Pieces(r io.Reader, name string, o scan.Options) iter.Seq2[scan.Piece, error] {
	return func(yield func(scan.Piece, error) bool) {
		ses := newSession(o)
		st := &streamer{Input: scan.NewInput(r, name, o)}
		var last *Piece // the last statement gets the comments behind it, so it is held back until the next is seen
		for {
			j, err := st.next(ses)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				yield(nil, fmt.Errorf("read %s: %w", name, err))
				return
			}
			if !withCalled(j, ses, o, &st.lead, func(k job) bool {
				if last != nil && !yield(last, nil) {
					return false
				}
				last = &Piece{job: k}
				return true
			}) {
				return
			}
		}
		if last != nil {
			last.trail = st.rest()
			yield(last, nil)
		}
	}
}
